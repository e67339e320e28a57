use super::from_yaml::{self, Draft};
use super::shelf::Shelf;
use super::{Catalog, Derivation, FactId, Moment, Prepared, ReportId, TreatmentId, mistakes, normal_form};
use crate::diagnostics::Diagnostic;
use crate::library::Library;
use crate::source::{FileId, SourceMap, Span, Spanned};
use crate::yaml::{self, Node};

/// How the key of a report begins.
const REPORT_PREFIX: &str = "report ";
/// How the key of a class of treatments begins.
const CLASS_PREFIX: &str = "class ";
/// How the key of a history of statuses begins, and those of what it speaks of.
const STATUS_PREFIX: &str = "status ";
const INDICATION_PREFIX: &str = "indication ";
const REGION_PREFIX: &str = "region ";

/// Finds all names.
pub(super) fn open(library: &Library, sources: &mut SourceMap) -> (Catalog, Vec<Diagnostic>) {
    let mut catalog = Catalog::default();
    let mut mistakes = Vec::new();
    for path in library.yaml_under("dictionary") {
        let Some(file) = library.add_to(sources, path) else { continue };
        for (key, stretch) in outermost(sources, file, &mut mistakes) {
            put_definition(&mut catalog, sources, key, stretch, &mut mistakes);
        }
    }
    for path in library.yaml_under("formulary") {
        let Some(file) = library.add_to(sources, path) else { continue };
        for (key, stretch) in outermost(sources, file, &mut mistakes) {
            put_treatment(&mut catalog, key, stretch, &mut mistakes);
        }
    }
    for path in library.yaml_under("evidence") {
        let Some(file) = library.add_to(sources, path) else { continue };
        for (key, stretch) in outermost(sources, file, &mut mistakes) {
            put_evidence(&mut catalog, key, stretch, &mut mistakes);
        }
    }
    check_former_names(&catalog, &mut mistakes);
    (catalog, mistakes)
}

/// The outermost keys of a file, each with the stretch that is YAML by itself.
fn outermost(sources: &SourceMap, file: FileId, mistakes: &mut Vec<Diagnostic>) -> Vec<(Spanned<String>, Span)> {
    if let Some(entries) = yaml::entries(sources.text(file)) {
        let span = |range: std::ops::Range<usize>| sources.span(file, range.start, range.end);
        return entries
            .into_iter()
            .map(|entry| (Spanned::new(entry.key, span(entry.key_range)), span(entry.range)))
            .collect();
    }
    match yaml::read(sources, file) {
        Ok(documents) => {
            let mut found = Vec::new();
            for document in documents.iter().filter(|document| !document.is_null()) {
                let Some(mut fields) = yaml::Fields::of(document, "a file of the catalog", mistakes) else { continue };
                found.extend(fields.rest().map(|(key, value)| (key.clone(), key.span.to(value.span))));
            }
            found
        }
        Err(wrong) => {
            mistakes.extend(wrong);
            Vec::new()
        }
    }
}

fn put_definition(
    catalog: &mut Catalog,
    sources: &SourceMap,
    key: Spanned<String>,
    stretch: Span,
    mistakes: &mut Vec<Diagnostic>,
) {
    let report = key.value.strip_prefix(REPORT_PREFIX).map(|name| Spanned::new(name.trim().to_owned(), key.span));
    let name = report.clone().unwrap_or(key);
    from_yaml::check_name(&name, if report.is_some() { "a report" } else { "a fact" }, mistakes);
    let other = if report.is_some() {
        catalog.find(&name.value).and_then(|id| catalog.place(id))
    } else {
        catalog.find_report(&name.value).and_then(|id| catalog.reports.place(id.0))
    };
    if let Some(earlier) = other {
        mistakes.push(mistakes::defined_twice(&name, earlier));
    }
    if report.is_some() {
        if let Err(earlier) = catalog.reports.put(name.clone(), stretch) {
            mistakes.push(mistakes::defined_twice(&name, earlier));
        }
        return;
    }
    match catalog.facts.put(name.clone(), stretch) {
        Err(earlier) => mistakes.push(mistakes::defined_twice(&name, earlier)),
        Ok(position) => note_links(catalog, sources, FactId(position), stretch),
    }
}

fn put_treatment(catalog: &mut Catalog, key: Spanned<String>, stretch: Span, mistakes: &mut Vec<Diagnostic>) {
    let class = key.value.strip_prefix(CLASS_PREFIX).map(|name| Spanned::new(name.trim().to_owned(), key.span));
    let is_class = class.is_some();
    let name = class.unwrap_or(key);
    from_yaml::check_name(&name, if is_class { "a class" } else { "a treatment" }, mistakes);
    let word = name.value.as_str();
    let fact = catalog.find(word).and_then(|id| catalog.place(id));
    let report = catalog.find_report(word).and_then(|id| catalog.reports.place(id.0));
    let other = if is_class { catalog.treatment_place(word) } else { catalog.class_place(word) };
    let put = if is_class {
        catalog.classes.put(name.clone(), stretch)
    } else {
        catalog.treatments.put(name.clone(), stretch)
    };
    if let Some(earlier) = fact.or(report).or(other).or(put.err()) {
        mistakes.push(mistakes::defined_twice(&name, earlier));
    }
}

fn put_evidence(catalog: &mut Catalog, key: Spanned<String>, stretch: Span, mistakes: &mut Vec<Diagnostic>) {
    let after = |prefix: &str| {
        let rest = key.value.strip_prefix(prefix)?;
        Some(Spanned::new(rest.split_whitespace().collect::<Vec<_>>().join(" "), key.span))
    };
    let (name, put) = if let Some(name) = after(STATUS_PREFIX) {
        if name.value.split(' ').count() != 3 || !name.value.contains(" in ") {
            mistakes.push(mistakes::status_key(&name));
            return;
        }
        (name.clone(), catalog.statuses.put(name, stretch))
    } else if let Some(name) = after(INDICATION_PREFIX) {
        from_yaml::check_name(&name, "an indication", mistakes);
        (name.clone(), catalog.indications.put(name, stretch))
    } else if let Some(name) = after(REGION_PREFIX) {
        from_yaml::check_region(&name, mistakes);
        (name.clone(), catalog.regions.put(name, stretch))
    } else {
        from_yaml::check_name(&key, "a source", mistakes);
        (key.clone(), catalog.evidence.put(key, stretch))
    };
    if let Err(earlier) = put {
        mistakes.push(mistakes::defined_twice(&name, earlier));
    }
}

/// Notes on whose list a fact stands and what it was called, which must be known before it is read.
fn note_links(catalog: &mut Catalog, sources: &SourceMap, fact: FactId, stretch: Span) {
    let text = sources.slice(stretch);
    if let Some(report) = report_line(text) {
        catalog.listed.entry(report.to_owned()).or_default().push(fact);
    }
    let odd_report = text.contains("report:") && report_line(text).is_none();
    if !odd_report && !text.contains("formerly") {
        return;
    }
    // Mistakes in it are told when the fact is read.
    let Some(node) = entry(sources, stretch, &mut Vec::new()).and_then(value) else { return };
    let former = node.get("formerly").and_then(Node::items).unwrap_or(&[]);
    for name in former.iter().filter_map(Node::text) {
        catalog.renamed.entry(name.to_owned()).or_insert(fact);
    }
    if let Some(report) = node.get("report").and_then(Node::text).filter(|_| odd_report) {
        catalog.listed.entry(report.to_owned()).or_default().push(fact);
    }
}

/// The name in a line `report: antibody_panel`.
fn report_line(text: &str) -> Option<&str> {
    let (before, value) = text.split_once("report: ")?;
    let indent = before.rsplit('\n').next().unwrap_or(before);
    let value = value.lines().next().unwrap_or("");
    let value = value.split(" #").next().unwrap_or(value).trim();
    if !indent.bytes().all(|byte| byte == b' ') {
        return None;
    }
    value.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_').then_some(value)
}

fn check_former_names(catalog: &Catalog, mistakes: &mut Vec<Diagnostic>) {
    for (former, fact) in &catalog.renamed {
        let now = catalog.find(former);
        if let Some((place, other)) = catalog.place(*fact).zip(now.and_then(|id| catalog.place(id))) {
            mistakes.push(mistakes::former_name_in_use(place, former, other));
        }
    }
}

/// The entry of a stretch with its key.
fn entry(sources: &SourceMap, stretch: Span, mistakes: &mut Vec<Diagnostic>) -> Option<Node> {
    match yaml::read_stretch(sources, stretch) {
        Ok(documents) => documents.into_iter().next(),
        Err(wrong) => {
            mistakes.extend(wrong);
            None
        }
    }
}

/// The value of its only key.
fn value(entry: Node) -> Option<Node> {
    entry.into_entries()?.into_iter().next().map(|(_, value)| value)
}

/// The name and the value of an entry nobody asked for yet; its normal form is kept.
fn asked<T>(
    shelf: &mut Shelf<T>,
    position: u32,
    sources: &SourceMap,
    mistakes: &mut Vec<Diagnostic>,
) -> Option<(Spanned<String>, Node)> {
    let (name, stretch) = shelf.ask(position)?;
    let entry = entry(sources, stretch, mistakes)?;
    shelf.note(position, normal_form::of(&entry));
    Some((name, value(entry)?))
}

/// Reads facts and reports and what they reach: first all texts, then what one fact says by the values of another.
pub(super) fn facts(
    catalog: &mut Catalog,
    sources: &SourceMap,
    mut facts: Vec<FactId>,
    mut reports: Vec<ReportId>,
) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    let mut drafts: Vec<(FactId, Draft)> = Vec::new();
    let mut carried: Vec<(FactId, Span)> = Vec::new();
    while !facts.is_empty() || !reports.is_empty() {
        for id in std::mem::take(&mut facts) {
            let Some((name, node)) = asked(&mut catalog.facts, id.0, sources, &mut mistakes) else { continue };
            let Some(draft) = from_yaml::fact(&name, &node, catalog, &mut mistakes) else { continue };
            facts.extend(draft.reaches());
            if let Some(Derivation::AgeAt(Moment::Fact(_))) = draft.fact.derived {
                facts.extend(of_today(catalog, sources));
            }
            reports.extend(draft.fact.report);
            drafts.push((id, draft));
        }
        for id in std::mem::take(&mut reports) {
            let Some((name, node)) = asked(&mut catalog.reports, id.0, sources, &mut mistakes) else { continue };
            let Some((report, places)) = from_yaml::report(&name, &node, catalog, &mut mistakes) else { continue };
            facts.extend(report.carries.iter().copied());
            carried.extend(report.carries.iter().copied().zip(places));
            catalog.reports.set(id.0, report);
            facts.extend(catalog.facts_of_report(id));
        }
    }
    finish(catalog, drafts, carried, &mut mistakes);
    mistakes.sort_by_key(Diagnostic::span);
    mistakes
}

/// The facts that are worked out from the day of the record: an age at a past moment is not above that of today.
fn of_today(catalog: &Catalog, sources: &SourceMap) -> Vec<FactId> {
    let says_so = |at: &u32| catalog.facts.stretch(*at).is_some_and(|entry| sources.slice(entry).contains("as_of"));
    catalog.facts.positions().filter(says_so).map(FactId).collect()
}

/// What one fact says by the values of another, now that all texts are read.
fn finish(
    catalog: &mut Catalog,
    drafts: Vec<(FactId, Draft)>,
    carried: Vec<(FactId, Span)>,
    mistakes: &mut Vec<Diagnostic>,
) {
    let mut later = Vec::new();
    for (id, draft) in drafts {
        catalog.facts.set(id.0, draft.fact);
        later.push((id, draft.applies, draft.moments));
    }
    for (id, applies, moments) in later {
        for moment in &moments {
            from_yaml::check_moment(catalog, moment, mistakes);
        }
        let applies = applies.and_then(|applies| from_yaml::applies_when(catalog, id, &applies, mistakes));
        if let Some(fact) = catalog.facts.get_mut(id.0) {
            fact.applies_when = applies;
        }
    }
    for (fact, place) in carried {
        from_yaml::check_carried(catalog, fact, place, mistakes);
    }
}

/// Reads the formulary, and notes by which other names records call a treatment.
pub(super) fn formulary(catalog: &mut Catalog, sources: &SourceMap) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    for position in catalog.classes.positions() {
        let Some((name, node)) = asked(&mut catalog.classes, position, sources, &mut mistakes) else { continue };
        if let Some(class) = from_yaml::class(&name, &node, &mut mistakes) {
            catalog.classes.set(position, class);
        }
    }
    for position in catalog.treatments.positions() {
        let Some((name, node)) = asked(&mut catalog.treatments, position, sources, &mut mistakes) else { continue };
        let Some(treatment) = from_yaml::treatment(&name, &node, catalog, &mut mistakes) else { continue };
        for preparation in &treatment.preparations {
            let spoken = from_yaml::spoken(&preparation.name.value).into_owned();
            let earlier = catalog.treatment_place(&spoken).or_else(|| catalog.class_place(&spoken));
            if let Some(earlier) = earlier.or_else(|| catalog.preparations.get(&spoken).map(|known| known.place)) {
                mistakes.push(mistakes::name_taken(&preparation.name, earlier));
                continue;
            }
            let (treatment, factor, place) = (TreatmentId(position), preparation.factor, preparation.name.span);
            catalog.preparations.insert(spoken, Prepared { treatment, factor, place });
        }
        catalog.treatments.set(position, treatment);
    }
    mistakes.sort_by_key(Diagnostic::span);
    mistakes
}

/// Reads what treatments count as in indications, dated; treatments must have been read.
pub(super) fn statuses(catalog: &mut Catalog, sources: &SourceMap) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    for position in catalog.indications.positions() {
        let Some((name, node)) = asked(&mut catalog.indications, position, sources, &mut mistakes) else { continue };
        if let Some(label) = from_yaml::label("indication", &name, &node, &mut mistakes) {
            catalog.indications.set(position, label);
        }
    }
    for position in catalog.regions.positions() {
        let Some((name, node)) = asked(&mut catalog.regions, position, sources, &mut mistakes) else { continue };
        if let Some(label) = from_yaml::label("region", &name, &node, &mut mistakes) {
            catalog.regions.set(position, label);
        }
    }
    if catalog.treatments.names().next().is_none() {
        return mistakes;
    }
    for position in catalog.statuses.positions() {
        let Some((name, node)) = asked(&mut catalog.statuses, position, sources, &mut mistakes) else { continue };
        if let Some(history) = from_yaml::history(&name, &node, catalog, &mut mistakes) {
            catalog.statuses.set(position, history);
        }
    }
    mistakes
}

/// Reads sources.
pub(super) fn evidence(catalog: &mut Catalog, sources: &SourceMap, wanted: Vec<u32>) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    for position in wanted {
        let Some((key, node)) = asked(&mut catalog.evidence, position, sources, &mut mistakes) else { continue };
        if let Some(evidence) = from_yaml::evidence(&key, &node, &mut mistakes) {
            catalog.evidence.set(position, evidence);
        }
    }
    mistakes
}
