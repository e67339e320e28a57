//! Rows of registries' exports, with a mapping, as records.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use myoguide::cohort::input::{Files, Input, InputError, Mapped, MappedReader, OpenError, Taken, stops_the_load};
use myoguide::cohort::mapping::{self, Mapping};
use myoguide::diagnostics::draw::draw;
use myoguide::engine::Engine;
use myoguide::library::Library;

/// A folder with files of its own.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (name, bytes) in files {
            fs::write(folder.path().join(name), bytes).unwrap();
        }
        Folder(folder)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }
}

fn engine() -> Engine {
    let mut engine = Engine::open(&Library::embedded());
    engine.load_dictionary();
    engine
}

/// Every corpus file with what is wrong with it; below a line `# file NAME` stand the files it is used with.
#[test]
fn mappings_with_mistakes() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::glob!("corpus/cohort/bad/*.yaml", |path| {
            let text = fs::read_to_string(path).unwrap();
            let mut files = vec![("mapping.yaml", String::new())];
            for line in text.split_inclusive('\n') {
                match line.strip_prefix("# file ") {
                    Some(name) => files.push((name.trim(), String::new())),
                    None => files.iter_mut().next_back().unwrap().1.push_str(line),
                }
            }
            let bytes: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
            insta::assert_snapshot!("bad_mapping", mistakes_of(&Folder::new(&bytes), files.len() > 1));
        });
    });
}

fn mistakes_of(folder: &Folder, open: bool) -> String {
    let mut engine = engine();
    let path = folder.path("mapping.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let found = match mapping::read(&mut engine, &path.display().to_string(), text) {
        Err(mistakes) => draw(engine.sources(), &mistakes, false),
        Ok(_) if !open => panic!("it has no mistake"),
        Ok(mapping) => {
            let files = Files { main: folder.path("main"), others: BTreeMap::new() };
            match Mapped::open(&mapping, &files, true) {
                Err(OpenError::Mistakes(mistakes)) => draw(engine.sources(), &mistakes, false),
                Err(OpenError::Input(error)) => format!("{error}\n"),
                Ok(mut mapped) => {
                    let mut text = draw(engine.sources(), mapped.notices(), false);
                    match taken_or_error(&mut engine, &mut mapped) {
                        Ok(all) => all.iter().for_each(|taken| {
                            let _ = writeln!(text, "{}", mistakes(taken).join("\n"));
                        }),
                        Err(error) => {
                            let _ = writeln!(text, "{error}");
                        }
                    }
                    text
                }
            }
        }
    };
    found.replace(&format!("{}/", folder.0.path().display()), "")
}

fn mapping_at(engine: &mut Engine, path: &Path) -> Mapping {
    let text = fs::read_to_string(path).unwrap();
    mapping::read(engine, &path.display().to_string(), text)
        .unwrap_or_else(|mistakes| panic!("{}", draw(engine.sources(), &mistakes, false)))
}

fn opened(engine: &mut Engine, mapping: &Path, main: &Path) -> Mapped {
    let mapping = mapping_at(engine, mapping);
    let files = Files { main: main.to_path_buf(), others: BTreeMap::new() };
    match Mapped::open(&mapping, &files, true) {
        Ok(mapped) => mapped,
        Err(OpenError::Mistakes(mistakes)) => panic!("{}", draw(engine.sources(), &mistakes, false)),
        Err(error @ OpenError::Input(_)) => panic!("{error}"),
    }
}

fn taken(engine: &mut Engine, mapped: &mut Mapped) -> Vec<Taken> {
    taken_or_error(engine, mapped).unwrap()
}

fn taken_or_error(engine: &mut Engine, mapped: &mut Mapped) -> Result<Vec<Taken>, InputError> {
    let mut reader: MappedReader = mapped.reader(engine);
    let mut all = Vec::new();
    while let Some(block) = mapped.next_block()? {
        let texts = engine.texts();
        Mapped::take(&mut reader, engine, &block, &mut |_, taken| all.push(taken));
        assert_eq!(engine.texts(), texts, "a text of a record is left");
    }
    Ok(all)
}

/// Rows by their records, or their mistakes.
fn run(folder: &Folder) -> Vec<Taken> {
    let mut engine = engine();
    let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
    taken(&mut engine, &mut mapped)
}

fn mistakes(taken: &Taken) -> Vec<String> {
    let refusals = taken.record.as_ref().err().map(Vec::as_slice).unwrap_or_default();
    refusals
        .iter()
        .map(|refusal| {
            format!(
                "line {} {}: {} {} ({})",
                refusal.line,
                refusal.column.as_deref().unwrap_or("-"),
                refusal.code,
                refusal.message,
                refusal.value.as_deref().unwrap_or("-")
            )
        })
        .collect()
}

fn snapshot(name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_snapshot_path("snapshots/cohort_input");
    settings.bind(|| insta::assert_snapshot!(name, text));
}

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

#[test]
fn four_files_become_records() {
    let mut engine = engine();
    let mapping = root("examples/cohort/registry.yaml");
    let mut shown = String::new();
    for line in 2..=4 {
        let mut mapped = opened(&mut engine, &mapping, &root("examples/cohort/patients.csv"));
        let record = mapped.show(&mut engine, line).unwrap().unwrap();
        let _ = writeln!(shown, "{}---", record.unwrap_or_else(|refusals| format!("{refusals:#?}\n")));
    }
    snapshot("four_files", &shown);
}

/// A mapping that says a format is right whatever the name of the file.
#[test]
fn the_name_of_a_file_says_its_format_where_the_mapping_does_not() {
    let mapping = "id: id\nas_of: 2026-01-01\ncolumns: {age: age}\n";
    let said = mapping.to_owned() + "format: csv\n";
    let (json, csv) = (b"{\"id\": 1, \"age\": 44}\n".as_slice(), b"id,age\n1,44\n".as_slice());
    let files = [("a.ndjson", json), ("a.JSONL", json), ("a.csv", csv), ("a.txt", csv), ("said.ndjson", csv)];
    let folder = Folder::new(&[("plain.yaml", mapping.as_bytes()), ("said.yaml", said.as_bytes())]);
    for (name, text) in files {
        fs::write(folder.path(name), text).unwrap();
        let mapping = if name.starts_with("said") { "said.yaml" } else { "plain.yaml" };
        let mut engine = engine();
        let mut mapped = opened(&mut engine, &folder.path(mapping), &folder.path(name));
        let all = taken(&mut engine, &mut mapped);
        assert_eq!(all.iter().map(mistakes).collect::<Vec<_>>(), [Vec::<String>::new()], "{name}");
    }
}

/// What each row comes to: the record, or what is wrong.
fn shown(mapping: &str, main: &[u8]) -> String {
    let folder = Folder::new(&[("mapping.yaml", mapping.as_bytes()), ("main", main)]);
    shown_of(&folder)
}

fn shown_of(folder: &Folder) -> String {
    let mut engine = engine();
    let mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
    let lines: Vec<u64> = run(folder).iter().map(|taken| taken.line).collect();
    drop(mapped);
    let mut text = String::new();
    for (line, taken) in lines.into_iter().zip(run(folder)) {
        let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
        match mapped.show(&mut engine, line).unwrap().unwrap() {
            Ok(record) => {
                assert!(taken.record.is_ok(), "{:?}", taken.record);
                text.push_str(&record);
            }
            Err(_) => {
                let _ = writeln!(text, "{}", mistakes(&taken).join("\n"));
            }
        }
        text.push_str("---\n");
    }
    text
}

const PLAIN: &str = "\
id: id
as_of: 2026-01-01
visits: {only: {date: 2025-06-01}}
columns:
  age: age
  ck: {fact: ck, visit: only}
";

#[test]
fn decimal_marks_and_thousands_are_those_that_the_mapping_names() {
    let mapping = format!("delimiter: \";\"\ndecimal: comma\nthousands: point\n{PLAIN}");
    let main = "id;age;ck\n1;40;1.234,5\n2;40;1234,5\n3;40;1.23\n4;40;12.345.678\n5;40;,5\n6;40;1,234.5\n7;40;<20 U/L\n8;40;+7\n\
                9;40;above 1.234\n10;40;below 7,5\n11;40;0.850\n12;40;012.345\n";
    snapshot("decimals", &shown(&mapping, main.as_bytes()));
    // A number of JSON has a point, whatever the texts have.
    let json = b"{\"id\": 1, \"age\": 40.5, \"ck\": 24.125}\n{\"id\": 2, \"ck\": \"24.125\"}\n";
    snapshot("decimals_of_json", &shown(&mapping.replace("delimiter: \";\"", "format: ndjson"), json));
}

/// Rows of a patient agree where they write one value in several ways.
#[test]
fn one_value_written_in_several_ways_is_one() {
    let mapping = "\
id: id
as_of: 2026-01-01
visit: {date: day}
columns: {age: age, sign: gottron_sign, mmt: mmt8}
";
    let main = "id,age,sign,day,mmt\n1,40,yes,2025-01-01,100\n1,40.0,yes,2025-02-01,101\n\
                2,40,yes,2025-01-01,100\n2,40.5,yes,2025-02-01,101\n3,40,yes,2025-01-01,100\n3,40,no,2025-02-01,101\n";
    let folder = Folder::new(&[("mapping.yaml", mapping.as_bytes()), ("main", main.as_bytes())]);
    let taken = run(&folder);
    assert!(taken[0].record.is_ok(), "{:?}", mistakes(&taken[0]));
    assert_eq!(mistakes(&taken[1]), ["line 5 age: I026 two values of one thing (40.5)"]);
    assert_eq!(mistakes(&taken[2]), ["line 7 sign: I026 two values of one thing (no)"]);
}

/// The first thousand lines of JSON are looked at for their keys, however many blocks those are.
#[test]
fn a_key_of_the_first_thousand_lines_is_none_that_is_missing() {
    let mapping = "format: ndjson\nid: id\nas_of: 2026-01-01\ncolumns: {jo: anti_jo1}\nignore: [note, jo1]\n";
    let note = "x".repeat(1000);
    let line = |at: usize| {
        let late = if at > 300 { ", \"jo\": \"yes\"" } else { "" };
        format!("{{\"id\": {at}, \"jo1\": 1, \"note\": \"{note}\"{late}}}\n")
    };
    let main: String = (1..=400).map(line).collect();
    let folder = Folder::new(&[("mapping.yaml", mapping.as_bytes()), ("main", main.as_bytes())]);
    let mut engine = engine();
    let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
    assert!(mapped.notices().is_empty(), "{}", draw(engine.sources(), mapped.notices(), false));
    let taken = taken(&mut engine, &mut mapped);
    let lines: Vec<u64> = taken.iter().map(|taken| taken.line).collect();
    assert_eq!(lines, (1..=400).collect::<Vec<u64>>());
}

#[test]
fn latin_1_a_mark_of_byte_order_line_ends_and_quotes() {
    let mapping = "\
encoding: windows-1252
id: id
as_of: 2026-01-01
columns: {größe: {fact: height, visit: only}}
visits: {only: {date: 2025-06-01}}
carry: [Ort, note]
";
    let text = "id,größe,Ort,note\r\n1,171,Köln,\"two\r\nlines, one field\"\r\n2,\"1\"\"\",Łódź,\r\n\r\n3,165,,";
    let (bytes, _, _) = encoding_rs::WINDOWS_1252.encode(text);
    let folder = Folder::new(&[("mapping.yaml", mapping.as_bytes()), ("main", &bytes)]);
    let taken = run(&folder);
    let lines: Vec<u64> = taken.iter().map(|taken| taken.line).collect();
    assert_eq!(lines, [2, 4, 6]);
    assert_eq!(
        taken[0].carried,
        [("Ort".to_owned(), "Köln".to_owned()), ("note".to_owned(), "two\r\nlines, one field".to_owned())]
    );
    assert!(taken[0].record.is_ok());
    assert_eq!(mistakes(&taken[1]), ["line 4 größe: D009 a number is expected (1\")"]);
    assert!(taken[2].record.is_ok());

    let marked = Folder::new(&[
        ("mapping.yaml", mapping.replace("encoding: windows-1252", "encoding: utf-8").as_bytes()),
        ("main", b"\xef\xbb\xbfid,gr\xc3\xb6\xc3\x9fe,Ort,note\n1,170,a,b\n2,170,\xe4,b\n"),
    ]);
    let taken = run(&marked);
    assert!(taken[0].record.is_ok());
    assert_eq!(mistakes(&taken[1]), ["line 3 Ort: I022 the text is not in the encoding of the mapping (\u{fffd})"]);
}

/// Lines are those of an editor, whichever way they end; the empty ones are counted and are no rows.
#[test]
fn lines_are_counted_as_an_editor_shows_them() {
    let rows = "id,age,ck\n\n1,40,170\n2,40,\"1\n7\"\n\n\n3,40,170\n\n";
    for end in ["\n", "\r\n", "\r"] {
        let main = rows.replace('\n', end);
        let folder = Folder::new(&[("mapping.yaml", PLAIN.as_bytes()), ("main", main.as_bytes())]);
        let mut engine = engine();
        let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
        let lines: Vec<u64> = taken(&mut engine, &mut mapped).iter().map(|taken| taken.line).collect();
        assert_eq!(lines, [3, 4, 8], "{end:?}");
        assert_eq!(mapped.lines(), Some((3, 8)));
        let counted = mapped.counted();
        assert_eq!((counted.records, counted.empty_lines), (3, 4), "{end:?}");
    }
}

#[test]
fn a_row_with_other_fields_than_the_header_is_refused_and_the_next_is_read() {
    let main = b"id,age,ck\n1,40\n2,40,170,9\n3,40,170\n,40,170\n";
    snapshot("fields", &shown(PLAIN, main));
}

/// A quote that is not closed swallows no row: neither those up to the next quote, nor those up to the end.
#[test]
fn a_quote_that_is_not_closed_is_a_row_and_the_next_is_read() {
    let mapping = format!("{PLAIN}carry: [note]\n");
    let rows = "id,age,ck,note\n1,40,170,\"two\nlines\"\n2,40,170,\"late\n3,40,170,\n4,40,170,\"early, \"\"\"\n5,40,170,\n6,40,170,\"\n7,40,170,none\n8,\"40\n";
    for end in ["\n", "\r\n"] {
        let main = rows.replace('\n', end);
        let folder = Folder::new(&[("mapping.yaml", mapping.as_bytes()), ("main", main.as_bytes())]);
        let taken = run(&folder);
        let lines: Vec<(u64, bool)> = taken.iter().map(|taken| (taken.line, taken.record.is_ok())).collect();
        assert_eq!(
            lines,
            [(2, true), (4, false), (5, true), (6, true), (7, true), (8, false), (9, true), (10, false)],
            "{end:?}"
        );
        assert_eq!(mistakes(&taken[1]), ["line 4 -: I033 a quote is not closed (-)"]);
        assert_eq!(taken[3].carried, [("note".to_owned(), "early, \"".to_owned())]);
    }
    // Whose row it is that cannot be taken apart nobody knows, where rows are joined.
    let long = "id: id\nvisit: {date: day}\ncolumns: {ck: ck}\n";
    let folder = Folder::new(&[("mapping.yaml", long.as_bytes()), ("main", b"id,day,ck\n1,2025-01-01,\"170\n2,,\n")]);
    let mapping = mapping_at(&mut engine(), &folder.path("mapping.yaml"));
    let files = Files { main: folder.path("main"), others: BTreeMap::new() };
    assert!(matches!(
        Mapped::open(&mapping, &files, false),
        Err(OpenError::Input(InputError::QuoteNotClosed { line: 2, .. }))
    ));
}

/// What is longer than a row may be is passed over, with a quote that is not closed and without one.
#[test]
fn a_row_that_is_too_long_is_a_row_and_the_next_is_read() {
    const LONG: usize = 17 * 1024 * 1024;
    let mapping = format!("{PLAIN}carry: [note]\nduplicates: once\n");
    let json = mapping.replace("id: id", "format: ndjson\nid: id");
    let before = "id,age,ck,note\n1,40,170,\n";
    let line = format!("{before}2,40,170,{}\r\n3,40,170,\n4,40,170,", "x".repeat(LONG));
    let quoted = format!("{before}2,40,170,\"{}\r\n3,40,170,\"\n4,40,170,", "x".repeat(LONG));
    let at_the_end = format!("{before}2,40,170,\n3,40,170,\n4,40,170,{}", "x".repeat(LONG));
    for (main, wrong) in [(&line, [3].as_slice()), (&quoted, &[3, 4]), (&at_the_end, &[5])] {
        let folder = Folder::new(&[("mapping.yaml", mapping.as_bytes()), ("main", main.as_bytes())]);
        let taken = run(&folder);
        assert_eq!(taken.iter().map(|taken| taken.line).collect::<Vec<_>>(), [2, 3, 4, 5]);
        let refused: Vec<&Taken> = taken.iter().filter(|taken| taken.record.is_err()).collect();
        assert_eq!(refused.iter().map(|taken| taken.line).collect::<Vec<_>>(), wrong);
        assert!(
            mistakes(refused[0])[0].ends_with("I034 a row that is longer than 16 MiB (-)"),
            "{:?}",
            mistakes(refused[0])
        );
    }
    let main = format!("{{\"id\":1}}\n{{\"id\":2,\"note\":\"{}\"}}\n{{\"id\":3}}\n", "x".repeat(LONG));
    let folder = Folder::new(&[("mapping.yaml", json.as_bytes()), ("main", main.as_bytes())]);
    let lines: Vec<(u64, bool)> = run(&folder).iter().map(|taken| (taken.line, taken.record.is_ok())).collect();
    assert_eq!(lines, [(1, true), (2, false), (3, true)]);

    // 20 MiB of rows swallowed by a quote: only the first is lost, and lines without an end of their own go by at once.
    let mut main = format!("{before}2,40,170,\"late\n");
    let (rows, row) = (200_000, format!(",,,{}\n", "x".repeat(100)));
    (0..rows).for_each(|_| main.push_str(&row));
    let folder = Folder::new(&[("mapping.yaml", mapping.as_bytes()), ("main", main.as_bytes())]);
    let mut engine = engine();
    let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
    let mut blocks = 0;
    while mapped.next_block().unwrap().is_some() {
        blocks += 1;
    }
    assert!(blocks < 1_000);
    assert_eq!(mapped.counted().records, rows + 2);
}

#[test]
fn a_file_that_is_written_to_while_it_is_read_ends_the_run() {
    // More than is read with the header.
    let before = "id,age,ck\n".to_owned() + &"1,40,170\n".repeat(20_000);
    let folder = Folder::new(&[("mapping.yaml", PLAIN.as_bytes()), ("main", before.as_bytes())]);
    let mut engine = engine();
    let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
    fs::write(folder.path("main"), before + "1,40,170\n").unwrap();
    assert!(matches!(taken_or_error(&mut engine, &mut mapped), Err(InputError::Changed { .. })));
}

#[test]
fn a_code_that_nobody_explained_stops_the_load() {
    let main = b"id,age,ck\n1,40,999\n2,-9,170\n3,99,170\n4,40,9\n5,40,-9.0\n6,40,9999.0\n7,40,99.9\n8,40,>999\n";
    let folder = Folder::new(&[("mapping.yaml", PLAIN.as_bytes()), ("main", main)]);
    let found: Vec<String> = run(&folder).iter().flat_map(mistakes).collect();
    snapshot("codes", &found.join("\n"));
    let stops = |taken: &Taken| taken.record.as_ref().err().is_some_and(|refusals| refusals.iter().any(stops_the_load));
    let stopping: Vec<u64> = run(&folder).iter().filter(|taken| stops(taken)).map(|taken| taken.line).collect();
    assert_eq!(stopping, [2, 3, 4, 6, 7]);

    let explained = PLAIN
        .replace("age: age", "age: {fact: age, codes: {99: a value}}")
        .replace("visit: only}", "visit: only, values: as they are}")
        + "codes: {-9: unknown, 999: not done}\n";
    snapshot("codes_explained", &shown(&explained, main));
}

#[test]
fn dates_are_read_in_the_form_of_the_mapping() {
    let with =
        |form: &str| format!("dates: {form}\nid: id\nvisit: {{date: day}}\ncolumns: {{born: born, mmt8: mmt8}}\n");
    let rows = |born: &[&str], day: &str| {
        let rows = born.iter().enumerate().map(|(at, born)| format!("{at},{born},{day},100\n"));
        format!("id,born,day,mmt8\n{}", rows.collect::<String>())
    };
    let born = |text: String| {
        let kept = text.lines().filter(|line| line.contains("born") || line.contains(" I0") || line.contains(" D0"));
        kept.map(|line| line.trim().to_owned()).collect::<Vec<_>>().join("\n")
    };
    let german = rows(
        &[
            "1.2.1960",
            "02.1960",
            "1960",
            "00.02.1960",
            "02.01.60",
            "1960-01-02",
            "30.02.1960",
            "01.02.1960 00:00",
            "1.2.1960 8:30 PM",
            "1.2.1960T08:30:00.5+01:00",
            "06.1960 - 08.1960",
            "1960 or 1961",
            "1.2.1960Tuesday",
        ],
        "01.06.2025",
    );
    snapshot("dates_german", &born(shown(&with("dd.mm.yyyy"), german.as_bytes())));
    let american = rows(&["12/31/1960", "31/12/1960"], "06/01/2025");
    snapshot("dates_american", &born(shown(&with("mm/dd/yyyy"), american.as_bytes())));
    let packed = rows(&["19601231", "1960", "1960123"], "20250601");
    snapshot("dates_packed", &born(shown(&with("yyyymmdd"), packed.as_bytes())));
    let serial = rows(&["22281", "22281.75", "60", "61", "1960-01-01"], "45809");
    snapshot("dates_excel", &born(shown(&with("excel"), serial.as_bytes())));
    let serial = rows(&["0", "20819", "-", "."], "44347");
    snapshot("dates_excel_1904", &born(shown(&with("excel 1904"), serial.as_bytes())));
}

#[test]
fn words_of_a_country_codes_and_absent_values() {
    let mapping = "\
id: id
as_of: 2026-01-01
words: {ja: yes, nein: no, oui: yes, ano: yes}
codes: {-9: unknown, -8: not applicable, -7: not done, -6: pending, -5: refused}
visits: {only: {date: 2025-06-01}}
columns:
  jo1: anti_jo1
  mmt8: {fact: mmt8, visit: only}
  emg: emg_spontaneous_activity
";
    let main = "id,jo1,mmt8,emg\n1,Ja,-9,nein\n2,ano,-8,-8\n3,OUI,-7,-7\n4,-6,-5,-6\n5,,,\n6,vielleicht,null,NA\n7,1,100,yes\n";
    snapshot("words", &shown(mapping, main.as_bytes()));
}

#[test]
fn ndjson_keeps_numbers_as_they_are_written() {
    let mapping = format!("format: ndjson\n{PLAIN}");
    let main = b"{\"id\": 1, \"age\": 40, \"ck\": 170.10}\n\n{\"id\":\"b\",\"ck\":null}\n{\"id\":\"c\",\"ck\":[1]}\nnonsense\n{\"id\":\"d\",\"ck\":12345678901234567.5}\n{\"id\":\"e\",\"ck\":1e3}\n{\"id\":\"f\",\"age\":true}\n{\"id\":\"g\",\"id\":\"h\"}\n";
    snapshot("ndjson", &shown(&mapping, main));
}

#[test]
fn every_mistake_of_a_mapping_is_shown() {
    let folder = root("tests/snapshots");
    let mut text = fs::read_to_string(root("tests/cohort_input.rs")).unwrap();
    for folder in [folder.join("cohort_input"), folder] {
        for entry in fs::read_dir(folder).unwrap().flatten().filter(|entry| entry.path().is_file()) {
            text.push_str(&fs::read_to_string(entry.path()).unwrap());
        }
    }
    for code in mapping::CODES {
        assert!(text.contains(code.id), "{} is shown nowhere", code.id);
        assert!(!code.explanation.is_empty());
    }
}

const LONG: &str = "\
id: pat
duplicates: once
files:
  visits:
    path: visits.csv
    visit: {date: day, baseline: {column: nr, is: [0]}}
    columns: {mmt8: mmt8, kg: weight, sub: subtype}
columns: {sex: sex}
";

#[test]
fn unsorted_rows_are_joined_and_nothing_is_lost() {
    let visits = "pat,nr,day,mmt8,kg,sub\nb,0,2025-01-01,100,70,DM\na,1,2025-07-01,120,,\nx,0,2025-01-01,90,,\nb,1,2025-01-01,101,,DM\na,0,2025-02-01,110,,PM\na,0,2025-02-01,110,,PM\n";
    let folder = Folder::new(&[
        ("mapping.yaml", LONG.as_bytes()),
        ("main", b"pat,sex\nb,female\na,male\nb,female\na,female\nc,other\n"),
        ("visits.csv", visits.as_bytes()),
    ]);
    snapshot("joined", &shown_of(&folder));
    let mut engine = engine();
    let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
    let unmatched = mapped.next_unmatched().unwrap().unwrap();
    assert_eq!((unmatched.line, unmatched.id.as_str()), (4, "x"));
    assert_eq!(mapped.next_unmatched().unwrap(), None);
    let _ = taken(&mut engine, &mut mapped);
    let counts: Vec<[u64; 5]> = mapped
        .files()
        .iter()
        .map(|count| [count.rows, count.used, count.duplicates, count.without_patient, count.same_id])
        .collect();
    assert_eq!(counts, [[5, 4, 1, 0, 1], [6, 4, 1, 1, 0]]);
    for [rows, used, duplicates, without_patient, _] in counts {
        assert_eq!(rows, used + duplicates + without_patient);
    }
}

#[test]
fn one_file_may_hold_several_rows_of_a_patient() {
    let mapping = "id: pat\nvisit: {date: day}\ncolumns: {sex: sex, mmt8: mmt8, sub: subtype}\n";
    let main = b"pat,sex,day,mmt8,sub\na,male,2025-07-01,120,\nb,male,2025-01-01,100,DM\na,male,2025-01-01,110,PM\nb,female,2025-02-01,100,DM\nc,male,,100,\nd,male,2027-13-01,100,\ne,male,,,\n";
    snapshot("long", &shown(mapping, main));
}

#[test]
fn findings_and_reports() {
    let mapping = "\
id: pat
as_of: 2026-01-01
codes: {-4: left out}
reports:
  - {report: antibody_panel, found: ab, split: \"/\", words: {jo1: anti_jo1, mi2: anti_mi2, none: nothing}, date: 2025-05-20}
files:
  tests:
    path: tests.csv
    finding:
      fact: test
      words: {CK: ck, Jo-1: anti_jo1, Na: left out}
      value: value
      results: {pos: yes, neg: no}
      date: day
      unit: {by: unit, values: {U/l: U/L, empty: U/L}}
";
    let tests = "pat,test,day,value,unit\na,ck,2025-01-01,1450,U/l\na,CK,2025-01-01,1440,U/l\nb,jo-1,2024-01-01,pos,\nb,CK,2022-01-01,-4,\nb,jo-1,2023-01-01,pos,\nc,jo-1,2024-01-01,pos,\nc,jo-1,2023-01-01,neg,\nd,LDH,2023-01-01,3,\nd,CK,,3,mmol\nd,Na,,3,mmol\n";
    let folder = Folder::new(&[
        ("mapping.yaml", mapping.as_bytes()),
        ("main", b"pat,ab\na,JO1 / mi2\nb,\nc,none\nd,xyz\n"),
        ("tests.csv", tests.as_bytes()),
    ]);
    snapshot("findings", &shown_of(&folder));
}

/// `docs/cohort.md`: a mapping, its files, and what the rows come to.
#[test]
fn the_examples_of_the_chapter_come_out_as_they_say() {
    let text = fs::read_to_string(root("docs/cohort.md")).unwrap();
    let mut folder = Folder::new(&[]);
    let mut engine = engine();
    let (mut examples, mut wrong) = (0, String::new());
    for block in text.split("\n```").skip(1).step_by(2) {
        let (words, body) = block.split_once('\n').unwrap();
        let body = format!("{body}\n");
        match words.split(' ').collect::<Vec<_>>().as_slice() {
            ["yaml", "mapping"] => folder = Folder::new(&[("mapping.yaml", body.as_bytes())]),
            ["csv" | "ndjson", name] => fs::write(folder.path(name), body).unwrap(),
            ["yaml" | "text", kind, line] => {
                examples += 1;
                let mut mapped = opened(&mut engine, &folder.path("mapping.yaml"), &folder.path("main"));
                let line: u64 = line.parse().unwrap();
                let shown = mapped.show(&mut engine, line).unwrap().unwrap();
                let shown = match (*kind, shown) {
                    ("record", Ok(record)) => record,
                    (_, Ok(record)) => format!("it is a record\n{record}"),
                    (_, Err(_)) => {
                        let all = run(&folder);
                        let taken = all.iter().find(|taken| taken.line == line).unwrap();
                        let told = mistakes(taken).into_iter().map(|told| told.split(" (").next().unwrap().to_owned());
                        told.collect::<Vec<_>>().join("\n") + "\n"
                    }
                };
                if shown != body && !shown.starts_with(&body) {
                    let _ = writeln!(wrong, "{words}\n{shown}");
                }
            }
            // `tests/spark.rs` holds it against the example.
            ["python"] => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    assert!(examples >= 14);
}
