//! The catalog and the YAML under it: a corpus of files with their messages, the shipped dictionary, and texts that
//! try to break the reader.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::path::Path;

use insta::{assert_snapshot, glob, with_settings};
use myoguide::catalog::{Catalog, FactKind, Mark, RecordedIn, read_guideline_info};
use myoguide::diagnostics::Diagnostic;
use myoguide::engine::{Engine, Wanted};
use myoguide::library::{Library, LibraryError};
use myoguide::source::SourceMap;
use myoguide::value::Number;
use myoguide::yaml::{self, Node, NodeKind, Style};
use proptest::prelude::*;

/// Begins the text of a further file in a corpus file.
const FURTHER_FILE: &str = "# file ";

/// A corpus file as a library: the folder is the first word of its name.
fn library_of(name: &str, text: &str) -> Library {
    let folder = name.split('_').next().unwrap_or(name);
    let mut files = vec![(format!("{folder}/{name}.yaml"), String::new())];
    for line in text.split_inclusive('\n') {
        if let Some(path) = line.strip_prefix(FURTHER_FILE) {
            files.push((path.trim().to_owned(), String::new()));
        } else if let Some((_, text)) = files.last_mut() {
            text.push_str(line);
        }
    }
    Library::of_texts(files)
}

/// Every file with numbered lines, what was read of it, and the messages.
fn report(name: &str, text: &str) -> String {
    let mut sources = SourceMap::default();
    let mut read = String::new();
    let mistakes = if name.starts_with("yaml") {
        let file = sources.add(format!("{name}.yaml"), text);
        yaml::read(&sources, file).map_or_else(
            |mistakes| mistakes,
            |documents| {
                for document in &documents {
                    tree(&sources, document, 0, &mut read);
                }
                Vec::new()
            },
        )
    } else if name.starts_with("guideline") {
        let file = sources.add(format!("{name}.yaml"), text);
        let (info, mistakes) = read_guideline_info(&sources, file);
        if let Some(info) = info {
            read.push_str(&without_places(&format!("{info:#?}")));
        }
        mistakes
    } else {
        let library = library_of(name, text);
        let (mut catalog, mut mistakes) = Catalog::open(&library, &mut sources);
        mistakes.extend(catalog.load_all(&sources));
        if mistakes.is_empty() {
            describe(&catalog, &mut read);
        }
        mistakes
    };
    let mut whole = String::new();
    for file in sources.files() {
        let _ = writeln!(whole, "{}", sources.path(file));
        for (number, line) in sources.text(file).lines().enumerate() {
            let odd = line.contains(char::is_control);
            let shown = if odd { line.escape_debug().to_string() } else { line.to_owned() };
            let _ = writeln!(whole, "{:>3} {shown}", number + 1);
        }
    }
    for mistake in &mistakes {
        whole.push('\n');
        message(&sources, mistake, &mut whole);
    }
    if !read.is_empty() {
        let _ = write!(whole, "\n{read}");
    }
    whole
}

fn message(sources: &SourceMap, mistake: &Diagnostic, text: &mut String) {
    for (at, label) in mistake.labels.iter().enumerate() {
        let position = sources.position(label.span);
        let place = format!("{}:{}:{}", sources.path(label.span.file), position.line, position.column);
        let part = sources.slice(label.span).lines().next().unwrap_or("").to_owned();
        if at == 0 {
            let _ = writeln!(text, "{} {place} {}", mistake.code.id, mistake.message);
        }
        let _ = writeln!(text, "     {place} «{part}» {}", label.text);
    }
    for note in &mistake.notes {
        let _ = writeln!(text, "     note: {note}");
    }
    if let Some(fix) = &mistake.fix {
        let _ = writeln!(text, "     fix: {}", fix.text);
    }
}

fn tree(sources: &SourceMap, node: &Node, depth: usize, text: &mut String) {
    let indent = "  ".repeat(depth);
    match &node.kind {
        NodeKind::Scalar { text: value, style } => {
            let _ = writeln!(text, "{indent}{style:?} {value:?} «{}»", sources.slice(node.span).escape_debug());
        }
        NodeKind::Sequence(items) => {
            let _ = writeln!(text, "{indent}list of {}", items.len());
            for item in items {
                tree(sources, item, depth + 1, text);
            }
        }
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                let _ = writeln!(text, "{indent}{:?} «{}»", key.value, sources.slice(key.span));
                tree(sources, value, depth + 1, text);
            }
        }
    }
}

fn describe(catalog: &Catalog, text: &mut String) {
    for (_, fact) in catalog.facts() {
        let _ = writeln!(text, "{}", without_places(&format!("{fact:#?}")));
    }
    for name in catalog.report_names() {
        let Some(id) = catalog.find_report(name) else { continue };
        let listed: Vec<&str> = catalog.facts_of_report(id).iter().map(|fact| catalog.name(*fact)).collect();
        let _ = writeln!(text, "{}", without_places(&format!("{:#?} lists {listed:?}", catalog.report(id))));
    }
    for name in catalog.class_names() {
        let members: Vec<&str> = catalog.members(name).iter().map(|member| catalog.treatment_name(*member)).collect();
        let _ = writeln!(text, "{}", without_places(&format!("{:#?} has {members:?}", catalog.class(name))));
    }
    for id in catalog.treatment_names().filter_map(|name| catalog.find_treatment(name)) {
        let _ = writeln!(text, "{}", without_places(&format!("{:#?}", catalog.treatment(id))));
    }
    for key in catalog.evidence_keys() {
        let _ = writeln!(text, "{}", without_places(&format!("{:#?}", catalog.evidence(key))));
    }
    for (_, history) in catalog.statuses() {
        let _ = writeln!(text, "{}", without_places(&format!("{history:#?}")));
    }
}

/// A debug text without the places, which the messages show better.
fn without_places(debug: &str) -> String {
    let mut lines: Vec<&str> = Vec::new();
    let mut inside: Option<usize> = None;
    for line in debug.lines() {
        let indent = line.len() - line.trim_start().len();
        match inside {
            Some(depth) if indent > depth || line.trim_start().starts_with('}') && indent == depth => {
                if indent == depth {
                    inside = None;
                }
            }
            _ if line.trim_start().starts_with("span: Span {") => inside = Some(indent),
            _ => lines.push(line),
        }
    }
    lines.join("\n") + "\n"
}

#[test]
fn good_files_are_read() {
    glob!("corpus/catalog/good/*.yaml", |path| snapshot(path, true));
}

#[test]
fn bad_files_get_their_messages() {
    glob!("corpus/catalog/bad/*.yaml", |path| snapshot(path, false));
}

fn snapshot(path: &Path, good: bool) {
    let name = path.file_stem().and_then(|name| name.to_str()).unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let report = report(name, &text);
    let has_message = report.lines().any(|line| line.starts_with(['C', 'Y']) && line.contains(".yaml:"));
    assert_eq!(has_message, !good, "{name} stands in the wrong folder\n{report}");
    with_settings!({
        snapshot_path => path.parent().unwrap(),
        snapshot_suffix => "",
        prepend_module_to_snapshot => false,
        omit_expression => true,
    }, { assert_snapshot!(name, report) });
}

/// Every kind of mistake of the two rooms has a bad file whose snapshot shows it.
#[test]
fn every_code_has_a_bad_file() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus/catalog/bad");
    let mut shown = String::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|ending| ending == "yaml") {
            let name = path.file_stem().and_then(|name| name.to_str()).unwrap();
            shown.push_str(&report(name, &std::fs::read_to_string(&path).unwrap()));
        }
    }
    for code in yaml::CODES.iter().chain(myoguide::catalog::CODES) {
        assert!(shown.contains(&format!("\n{} ", code.id)), "no bad file shows {}: {}", code.id, code.title);
    }
}

fn shipped() -> (Catalog, SourceMap) {
    let mut sources = SourceMap::default();
    let (mut catalog, mut mistakes) = Catalog::open(&Library::embedded(), &mut sources);
    mistakes.extend(catalog.load_all(&sources));
    let mut text = String::new();
    for mistake in &mistakes {
        message(&sources, mistake, &mut text);
    }
    assert!(mistakes.is_empty(), "{text}");
    (catalog, sources)
}

#[test]
fn the_shipped_catalog_has_every_fixed_name() {
    let (catalog, _) = shipped();
    let fixed = "physician_global patient_global extramuscular_global mmt8 cmas haq chaq ck aldolase ldh ast alt subtype \
        age_at_onset weakness_upper weakness_lower neck_flexors_weaker legs_proximal_weaker heliotrope gottron_papules \
        gottron_sign dysphagia anti_jo1 biopsy_done endomysial_infiltrate perimysial_infiltrate perifascicular_atrophy \
        rimmed_vacuoles finger_flexor_weakness treatment_response better_explanation weakness_duration finger_flexion \
        shoulder_abduction knee_extension hip_flexion mhc1_upregulation protein_accumulation \
        invasion_nonnecrotic_fibres quadriceps_weakness proximal_weakness necrotizing_biopsy anti_srp anti_hmgcr \
        anti_mi2 anti_tif1g anti_nxp2 anti_sae1 anti_mda5 anti_pl7 anti_pl12 anti_ej anti_oj anti_ks anti_zo anti_ha \
        anti_pmscl anti_ku anti_rnp anti_ssa anti_ssb anti_cn1a years_onset_to_diagnosis persistent_high_activity \
        moderate_severe_dysphagia cutaneous_necrosis raynaud inflammatory_arthropathy interstitial_lung_disease age sex \
        onset diagnosis_date weight height";
    for name in fixed.split_whitespace() {
        let fact = catalog.find(name).and_then(|id| catalog.fact(id));
        assert!(fact.is_some(), "{name} is missing");
        assert!(fact.unwrap().source.is_some(), "{name} does not say where it was read");
    }
    let panel = catalog.find_report("antibody_panel").unwrap();
    assert_eq!(catalog.facts_of_report(panel).len(), 21);
    let enzyme = catalog.fact(catalog.find("ck").unwrap()).unwrap();
    assert!(matches!(&enzyme.kind, FactKind::Number(kind) if kind.upper_limit && kind.unit.is_some()));
    assert_eq!(enzyme.recorded, RecordedIn::Visits);
}

#[test]
fn the_shipped_evidence_marks_its_parts() {
    let (catalog, _) = shipped();
    let paper = catalog.evidence("aggarwal_2017").unwrap();
    assert_eq!(paper.mark_of(Some("table 3")), Mark::Verified);
    assert_eq!(paper.mark_of(Some("enzyme ranges")), Mark::Unverified);
    assert_eq!(paper.mark_of(None), Mark::Verified);
}

const FORMULARY: &str = include_str!("corpus/catalog/good/formulary_whole.yaml");

#[test]
fn treatments_are_found_by_all_their_names() {
    let library = Library::of_texts([("formulary/drugs.yaml", FORMULARY)]);
    let mut sources = SourceMap::default();
    let (mut catalog, mistakes) = Catalog::open(&library, &mut sources);
    assert_eq!(mistakes, []);
    let own = catalog.find_treatment("methotrexate").unwrap();
    assert_eq!((catalog.treatment(own), catalog.find_treatment("mtx")), (None, None));
    assert_eq!(catalog.load_formulary(&sources), []);
    assert_eq!(catalog.load_formulary(&sources), []);
    for name in ["methotrexate", "Methotrexate", "mtx", "MTX", " methotrexate "] {
        assert_eq!(catalog.preparation(name), Some((own, Number::ONE)), "{name}");
    }
    let glucocorticoid = catalog.find_treatment("prednisone").unwrap();
    for name in ["methylprednisolone", "Methylprednisolone"] {
        assert_eq!(catalog.preparation(name), Some((glucocorticoid, "1.25".parse().unwrap())));
    }
    assert_eq!(catalog.find_treatment("Intravenous Immuno-Globulin"), catalog.find_treatment("ivig"));
    assert_eq!(catalog.find_treatment("immunosuppressant"), None);
    assert_eq!(catalog.nearest_treatment("Methotrexat"), Some("methotrexate"));
    assert_eq!(catalog.nearest_treatment("methylprednisolon"), Some("methylprednisolone"));
    assert_eq!(catalog.nearest_treatment("tofacitinib"), None);
    assert!(catalog.is_class("immunosuppressant") && catalog.class("immunosuppressant").is_some());
}

/// The hash of the guideline `a`, that uses `b`, in rules in which a text is replaced.
fn hash_with(text: &str, other: &str) -> String {
    let info = |id: &str, more: &str| {
        format!("id: {id}\nrelease: 1.0.0\nlanguage: 1\ntitle: T\nabout: A.\nstatus: draft\nanswers: []\n{more}")
    };
    let source =
        "authors: A\ntitle: T\npublished: J\nkind: trial\nreadable: all\nmark: verified\n".replace('\n', "\n  ");
    let files = [
        ("a/1.0.0/guideline.yaml", info("a", "uses: [b]\n")),
        ("a/1.0.0/a.rules", "finding weak \"Weak\"  [paper]\n  strong\n".to_owned()),
        ("b/1.0.0/guideline.yaml", info("b", "local_choices: {cutoff: the middle, other: not named}\n")),
        (
            "b/1.0.0/b.rules",
            "finding strong \"Strong\"  [local cutoff]\n  latest power is above 5  # a comment\n".to_owned(),
        ),
        ("b/1.0.0/c.rules", "covers patients when latest power is above 5  [local other]\n".to_owned()),
        (
            "dictionary/a.yaml",
            "power: {label: power, question: How much?, type: number, range: 0 to 10, recorded: visits}\n".to_owned(),
        ),
        ("evidence/a.yaml", format!("paper:\n  {}\n", source.trim())),
    ];
    let files = files.map(|(path, file)| (path, file.replace(text, other)));
    let mut engine = Engine::open(&Library::of_texts(files));
    engine.load(&Wanted::named("a")).unwrap();
    let mistakes: Vec<&str> = engine.diagnostics().iter().map(|mistake| mistake.message.as_str()).collect();
    assert!(mistakes.is_empty(), "{mistakes:?}");
    engine.guidelines()[0].hash.clone()
}

#[test]
fn the_hash_covers_what_is_reached_and_what_is_used() {
    let hash = hash_with("", "");
    for (text, other) in [
        ("above 5", "above 6"),
        ("0 to 10", "0 to 20"),
        ("readable: all", "readable: abstract"),
        ("the middle", "half of it"),
        ("Strong", "Strength"),
    ] {
        assert_ne!(hash, hash_with(text, other), "{text}");
    }
    for (text, other) in
        [("a comment", "another"), ("not named", "whatever"), ("covers patients when", "covers patients when not")]
    {
        assert_eq!(hash, hash_with(text, other), "{text}");
    }
}

#[test]
fn only_what_is_reached_is_read() {
    let mut sources = SourceMap::default();
    let (mut catalog, _) = Catalog::open(&Library::embedded(), &mut sources);
    assert_eq!(catalog.facts().count(), 0);
    assert_eq!(catalog.load_facts(&sources, ["mmt8", "age_at_onset", "no_such_fact"]), []);
    let read: Vec<&str> = catalog.facts().map(|(_, fact)| fact.id.value.as_str()).collect();
    // An age at onset is not above that of today.
    assert_eq!(read, ["mmt8", "age", "onset", "age_at_onset"]);
}

#[test]
fn numbers_of_facts_do_not_depend_on_what_is_read() {
    let (whole, _) = shipped();
    let mut sources = SourceMap::default();
    let (catalog, _) = Catalog::open(&Library::embedded(), &mut sources);
    assert!(whole.names().eq(catalog.names()));
    for name in whole.names() {
        assert_eq!(whole.find(name), catalog.find(name));
    }
}

#[test]
fn the_program_carries_the_folder_it_was_built_from() {
    let folder = Library::open(Path::new(env!("CARGO_MANIFEST_DIR")).join("rules")).unwrap();
    assert!(folder.files().eq(Library::embedded().files()));
}

#[test]
fn a_folder_that_cannot_be_read_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    assert!(matches!(Library::open(path("none")), Err(LibraryError::NotFound { .. })));
    std::fs::create_dir_all(path("rules/dictionary/.hidden")).unwrap();
    std::fs::write(path("rules/dictionary/.hidden/x.yaml"), "x").unwrap();
    std::fs::write(path("rules/dictionary/notes.txt"), [0xff]).unwrap();
    std::fs::write(path("rules/dictionary/a.yaml"), "\u{feff}a: 1\n").unwrap();
    let library = Library::open(path("rules")).unwrap();
    assert_eq!(library.files().collect::<Vec<_>>(), [("dictionary/a.yaml", "a: 1\n")]);
    assert!(matches!(Library::open(path("rules/dictionary/a.yaml")), Err(LibraryError::NotAFolder { .. })));
    std::fs::write(path("rules/b.yaml"), b"ab\xffc").unwrap();
    assert!(matches!(Library::open(path("rules")), Err(LibraryError::NotText { offset: 2, .. })));
    std::fs::remove_file(path("rules/b.yaml")).unwrap();
    std::fs::write(path("rules/b.yml"), "b: 1").unwrap();
    assert!(matches!(Library::open(path("rules")), Err(LibraryError::OtherEnding { .. })));
}

#[cfg(unix)]
#[test]
fn links_out_of_the_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    std::fs::create_dir_all(path("rules/dictionary")).unwrap();
    std::fs::write(path("rules/dictionary/a.yaml"), "a: 1").unwrap();
    std::os::unix::fs::symlink(path("rules"), path("rules/again")).unwrap();
    std::os::unix::fs::symlink(path("rules/dictionary/a.yaml"), path("rules/dictionary/b.yaml")).unwrap();
    let library = Library::open(path("rules")).unwrap();
    assert_eq!(library.files().count(), 2);
    std::fs::write(path("secret.yaml"), "s: 1").unwrap();
    std::os::unix::fs::symlink(path("secret.yaml"), path("rules/s.yaml")).unwrap();
    assert!(matches!(Library::open(path("rules")), Err(LibraryError::LinkLeadsOut { .. })));
}

#[test]
fn guidelines_are_listed_by_folder_and_release() {
    let library = Library::of_texts([
        ("dictionary/a.yaml", ""),
        ("b/10.0.0/guideline.yaml", ""),
        ("b/9.1.0/guideline.yaml", ""),
        ("b/9.1.0/x.rules", ""),
        ("b/9.1.0/cases/one.yaml", ""),
        ("b/readme.yaml", ""),
    ]);
    let found = library.guidelines();
    assert_eq!(found.iter().map(|folder| folder.release).collect::<Vec<_>>(), ["9.1.0", "10.0.0"]);
    assert_eq!(found[0].rules, ["b/9.1.0/x.rules"]);
    assert_eq!(found[0].cases, ["b/9.1.0/cases/one.yaml"]);
    assert_eq!(found[0].info, Some("b/9.1.0/guideline.yaml"));
}

fn first_mistake(text: &str) -> String {
    let mut sources = SourceMap::default();
    let file = sources.add("x.yaml", text);
    match yaml::read(&sources, file) {
        Ok(_) => String::new(),
        Err(mistakes) => mistakes[0].message.clone(),
    }
}

#[test]
fn hostile_texts_end_in_a_message() {
    let deep = "lists and groups stand more than 64 deep inside each other";
    assert_eq!(first_mistake(&"[".repeat(100_000)), deep);
    assert_eq!(first_mistake(&"{a: ".repeat(100_000)), deep);
    assert_eq!(first_mistake(&"- ".repeat(100_000)), deep);
    assert_eq!(first_mistake(&format!("[{}]", "1,".repeat(500_001))), "more than 500000 values in one text");
    assert_eq!(first_mistake(&" ".repeat(17 << 20)), "the text has 17 MiB, at most 16 are read");
    assert_eq!(first_mistake(&format!("a: {}", "x".repeat(1_000_000))), "");
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let before = format!("*a{}, ", level - 1).repeat(9);
        let _ = writeln!(bomb, "a{level}: &a{level} [{}]", before.trim_end_matches(", "));
    }
    assert_eq!(first_mistake(&bomb), "`&a0` is an anchor, and anchors are not taken");
    assert_eq!(first_mistake(&"a: 1\n".repeat(100_000)), "`a` stands twice");
}

#[test]
fn json_is_read_like_yaml() {
    let mut sources = SourceMap::default();
    let file = sources.add("x.json", r#"{"a":1.50,"b":[null,"é\/\ud83d\ude00"],"c":{"d":"\t\"\\"}}"#);
    let documents = yaml::read(&sources, file).unwrap();
    let root = &documents[0];
    assert_eq!(root.get("a").and_then(Node::text), Some("1.50"));
    let items = root.get("b").and_then(Node::items).unwrap();
    assert!(items[0].is_null());
    assert_eq!(items[1].text(), Some("é/😀"));
    assert_eq!(root.get("c").and_then(|node| node.get("d")).and_then(Node::text), Some("\t\"\\"));
}

#[test]
fn the_line_scan_finds_the_keys_that_reading_finds() {
    let library = Library::embedded();
    for path in ["dictionary", "formulary", "evidence"].into_iter().flat_map(|shelf| library.yaml_under(shelf)) {
        let text = library.get(path).unwrap();
        let mut sources = SourceMap::default();
        let file = sources.add(path, text);
        let documents = yaml::read(&sources, file).unwrap();
        let read: Vec<&str> = documents[0].entries().unwrap().iter().map(|(key, _)| key.value.as_str()).collect();
        let scanned = yaml::entries(text).unwrap();
        assert_eq!(scanned.iter().map(|entry| entry.key.as_str()).collect::<Vec<_>>(), read);
        for (entry, (_, value)) in scanned.iter().zip(documents[0].entries().unwrap()) {
            assert_eq!(&text[entry.key_range.clone()], entry.key);
            let span = sources.span(file, entry.range.start, entry.range.end);
            let alone = yaml::read_stretch(&sources, span).unwrap();
            assert_eq!(alone[0].get(&entry.key), Some(value));
        }
    }
}

/// Every span lies in its text, on the borders of characters, and inside that of its parent; a plain scalar on one line
/// is the text it spans.
fn check_spans(sources: &SourceMap, node: &Node, parent: (u32, u32)) {
    let span = node.span;
    assert!(span.start <= span.end && span.start >= parent.0 && span.end <= parent.1, "{span:?} in {parent:?}");
    let slice = sources.text(span.file).get(span.start as usize..span.end as usize).unwrap();
    match &node.kind {
        NodeKind::Scalar { text, style } => match style {
            Style::Plain if !slice.contains(['\n', '\r']) => assert_eq!(text, slice),
            Style::Quoted => assert!(slice.starts_with(['"', '\'']) && slice.ends_with(['"', '\'']), "{slice:?}"),
            Style::Block => assert!(slice.starts_with(['|', '>']), "{slice:?}"),
            Style::Plain => {}
        },
        NodeKind::Sequence(items) => items.iter().for_each(|item| check_spans(sources, item, (span.start, span.end))),
        NodeKind::Mapping(entries) => {
            for (key, value) in entries {
                assert!(sources.text(span.file).get(key.span.start as usize..key.span.end as usize).is_some());
                check_spans(sources, value, (span.start, span.end));
            }
        }
    }
}

fn read_anything(text: &str) {
    let mut sources = SourceMap::default();
    let file = sources.add("x.yaml", text);
    let whole = u32::try_from(text.len()).unwrap();
    match yaml::read(&sources, file) {
        Ok(documents) => documents.iter().for_each(|document| check_spans(&sources, document, (0, whole))),
        Err(mistakes) => {
            assert!(!mistakes.is_empty());
            for mistake in &mistakes {
                let span = mistake.span().unwrap();
                assert!(text.get(span.start as usize..span.end as usize).is_some(), "{span:?} of {}", mistake.message);
                assert!(!mistake.message.ends_with('.'));
                assert!(mistake.fix.is_some() || !mistake.notes.is_empty(), "no way out of: {}", mistake.message);
            }
        }
    }
    let _ = yaml::entries(text);
}

const SEED: &str = "mmt8: 118 # of 150\nck: {value: 1450 U/L, 'upper_limit': \"170 U/L\"}\nlist:\n  - a\n  - [b, c: d]\n  \
                    -\ntext: |\n  one\n\n  two\nfolded: >-\n  thr\u{e9}e\n  four\n\"q\\u00e9\": ~\n---\nsecond: -1.50\n";

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn changed_texts_never_break_the_reader(
        edits in prop::collection::vec((0..SEED.len(), 0_usize..4, r#"[\[\]{}:,#&*!|>'"%@`?\- \n\t\\a0<~é\r]{0,3}"#), 1..5),
    ) {
        let mut text = SEED.to_owned();
        for (at, removed, put) in edits {
            let border = |at: usize| (0..=at.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap();
            let (start, end) = (border(at), border(at + removed));
            text.replace_range(start..end.max(start), &put);
        }
        read_anything(&text);
    }

    #[test]
    fn any_text_is_read_or_refused(text in r#"([\[\]{}:,#&*!|>'"%?\- \n\t\\a-c0-9<~é\r]|\PC){0,60}"#) {
        read_anything(&text);
    }

    #[test]
    fn any_text_as_a_dictionary_is_read_or_refused(
        text in r"(a|fact|label|type|number|range|report|class|names|preparations|[:,\[\]{} \n-]|0 to 5){0,40}",
    ) {
        let library = Library::of_texts([("dictionary/a.yaml", text.clone()), ("formulary/a.yaml", text)]);
        let mut sources = SourceMap::default();
        let (mut catalog, _) = Catalog::open(&library, &mut sources);
        let _ = catalog.load_all(&sources);
    }
}
