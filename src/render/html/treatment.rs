//! Treatment: each drug once with its verdict, the lines of the ladders, regimens, and the courses as read.

use super::page::{Cell, Page, cell};
use crate::eval::Status;
use crate::explain::{
    AgainstShown, Explanation, LadderShown, LineShown, OptionShown, Possible, RegimenShown, Standing,
};
use crate::render::text::trace as told;
use crate::render::{text, words};

/// Words of verdicts that come before all others, whatever another ladder says; the strictest first.
const STRICT: [&str; 7] =
    ["contraindicated", "not_tolerated", "declined", "failed", "avoid", "inadequate_trial", "running"];
/// The others, the best first.
const LOOSE: [&str; 5] = ["option_now", "worked_before", "alternative", "later_line", "not_for_this_patient"];

/// A drug over all ladders and regimens: where it stands, the weightiest first.
struct Drug<'a> {
    label: &'a str,
    options: Vec<(String, &'a OptionShown)>,
}

/// The treatment section.
pub(super) fn treatment(page: &mut Page, explanation: &Explanation) {
    let drugs = drugs(explanation);
    if drugs.is_empty() && explanation.ladders.is_empty() {
        return;
    }
    page.element("h3", "", "Treatment");
    table(page, explanation, &drugs);
    for ladder in &explanation.ladders {
        lines(page, explanation, ladder);
    }
    for regimen in &explanation.regimens {
        self::regimen(page, explanation, regimen);
    }
}

/// Each drug once. A ladder that is not for the patient says nothing of a drug.
fn drugs(explanation: &Explanation) -> Vec<Drug<'_>> {
    let mut drugs: Vec<(&str, Drug<'_>)> = Vec::new();
    let mut note = |place: String, option| match drugs.iter_mut().find(|(id, _)| *id == option_id(option)) {
        Some((_, drug)) => drug.options.push((place, option)),
        None => drugs.push((option_id(option), Drug { label: &option.label, options: vec![(place, option)] })),
    };
    for ladder in explanation.ladders.iter().filter(|ladder| is_for(&ladder.patients)) {
        for option in ladder.throughout.iter().chain(&ladder.optional).chain(&ladder.alongside) {
            note(ladder.title.clone(), option);
        }
        for line in &ladder.lines {
            line.options.iter().for_each(|option| note(format!("{}, {}", ladder.title, line.title), option));
        }
    }
    for regimen in explanation.regimens.iter().filter(|regimen| is_for(&regimen.patients)) {
        regimen.options().for_each(|option| note(regimen.title.clone(), option));
    }
    let mut drugs: Vec<Drug<'_>> = drugs.into_iter().map(|(_, drug)| drug).collect();
    for drug in &mut drugs {
        drug.options.sort_by_key(|(_, option)| weight(option));
    }
    drugs.sort_by_key(|drug| drug.options.first().map(|(_, option)| group(option)));
    drugs
}

fn option_id(option: &OptionShown) -> &str {
    &option.id
}

fn is_for(patients: &Standing) -> bool {
    match &patients.possible {
        Possible::YesNo { yes, .. } => *yes,
        Possible::Nothing => patients.status != Status::Silent,
        Possible::Choice(_) | Possible::Several { .. } | Possible::Number(_) => true,
    }
}

fn verdicts(option: &OptionShown) -> &[String] {
    match &option.verdict.possible {
        Possible::Choice(words) => words,
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => &[],
    }
}

/// Where a verdict stands among the words, the strictest first.
fn weight(option: &OptionShown) -> usize {
    let place = |word: &String| STRICT.iter().chain(&LOOSE).position(|known| known == word);
    verdicts(option).iter().filter_map(place).min().unwrap_or(usize::MAX)
}

/// The groups of the table, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Group {
    Now,
    Question,
    Alternative,
    Tried,
    Later,
    Against,
    NotFor,
}

impl Group {
    fn title(self) -> &'static str {
        match self {
            Group::Now => "Options now",
            Group::Question => "Options, once a question is answered",
            Group::Alternative => "Alternatives",
            Group::Tried => "Taken or tried",
            Group::Later => "Later lines",
            Group::Against => "Against",
            Group::NotFor => "Not for this patient",
        }
    }
}

fn group(option: &OptionShown) -> Group {
    let words = verdicts(option);
    let is_open = |word: &String| ["option_now", "alternative", "worked_before"].contains(&word.as_str());
    if words.len() > 1 && words.iter().any(is_open) {
        return Group::Question;
    }
    match words.first().map_or("", String::as_str) {
        "option_now" => Group::Now,
        "alternative" | "worked_before" => Group::Alternative,
        "later_line" => Group::Later,
        "contraindicated" | "avoid" => Group::Against,
        "not_for_this_patient" => Group::NotFor,
        _ => Group::Tried,
    }
}

fn table(page: &mut Page, explanation: &Explanation, drugs: &[Drug<'_>]) {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut last: Option<Group> = None;
    for drug in drugs {
        let Some((_, first)) = drug.options.first() else { continue };
        let group = group(first);
        if last != Some(group) {
            last = Some(group);
            rows.push(vec![cell(group.title())]);
        }
        rows.push(row(explanation, drug));
    }
    let headings = ["treatment", "verdict", "why, and what to mind", "judge", "source"];
    page.table("Each treatment once, over all ladders", &headings, &rows);
}

fn row(explanation: &Explanation, drug: &Drug<'_>) -> Vec<Cell> {
    let mut name: Cell = cell(drug.label);
    let mut verdict: Cell = Vec::new();
    let mut why: Cell = Vec::new();
    let mut judge: Cell = Vec::new();
    let mut source: Cell = Vec::new();
    let add = |cell: &mut Cell, class: &'static str, text: String| {
        if !text.is_empty() && !cell.iter().any(|(_, known)| *known == text) {
            cell.push((class, text));
        }
    };
    let several = drug.options.len() > 1;
    for (place, option) in &drug.options {
        add(&mut name, "soft small", option.text.clone().unwrap_or_default());
        let how = option
            .how
            .map(str::to_owned)
            .into_iter()
            .chain(option.requires.iter().map(|what| format!("requires {what}")));
        add(&mut name, "soft small", how.collect::<Vec<_>>().join("; "));
        let said = words::capital(&in_words(option));
        add(&mut verdict, "", if several { format!("{said} ({place})") } else { said });
        for against in &option.against {
            add(&mut why, "", told_against(explanation, against));
        }
        let named: Vec<&str> = option.against.iter().chain(&option.cautions).map(|one| one.kind).collect();
        if option.verdict.status == Status::Open && named.is_empty() {
            let on = text::depends_on(explanation, &option.verdict.because);
            add(&mut why, "", format!("Depends on {on}"));
        }
        for caution in &option.cautions {
            add(&mut why, "", told_against(explanation, caution));
        }
        add(
            &mut why,
            "soft small",
            option.monitor.iter().map(|what| format!("Look at: {what}")).collect::<Vec<_>>().join("; "),
        );
        let on = option.judge_on.map(words::day).unwrap_or_default();
        let after = option.judge_after.as_ref().map(|after| format!("after {after}")).unwrap_or_default();
        add(&mut judge, "", [on, after].into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "));
        add(&mut source, "small", told::sources(&option.citations).trim().to_owned());
    }
    vec![name, verdict, why, judge, source]
}

/// The verdict as a colleague says it.
fn in_words(option: &OptionShown) -> String {
    if let Some(presuming) = option.verdict.presuming.as_ref() {
        let facts: Vec<String> =
            presuming.facts.iter().map(|(fact, value)| format!("{} {value}", words::spoken(fact))).collect();
        let then = match &presuming.possible {
            Possible::Choice(found) => words::any_of(&found.iter().map(|word| said(word, option)).collect::<Vec<_>>()),
            other => words::possible(other, None),
        };
        return format!("{then}, taking for granted: {}", facts.join(", "));
    }
    let also = option.also.iter().map(|word| said(word, option));
    let found: Vec<String> = verdicts(option).iter().map(|word| said(word, option)).collect();
    let first = words::any_of(&found);
    let also: Vec<String> = also.filter(|word| !found.contains(word)).collect();
    if also.is_empty() { first } else { format!("{first}; also {}", words::all_of(&also)) }
}

fn said(word: &str, option: &OptionShown) -> String {
    let judged = option.judge_on.map(|day| format!(", judge on {}", words::day(day))).unwrap_or_default();
    match word {
        "not_for_this_patient" => "not for this disease".to_owned(),
        "declined" => "patient declined".to_owned(),
        "failed" => "inadequate response".to_owned(),
        "running" => format!("taking now{judged}"),
        "inadequate_trial" => "not yet a fair trial: optimise first".to_owned(),
        "worked_before" => "worked before: consider again".to_owned(),
        "option_now" if option.strength == Some("strong") => "option now, recommended".to_owned(),
        other => words::spoken(other),
    }
}

fn told_against(explanation: &Explanation, against: &AgainstShown) -> String {
    let when = if against.when.is_empty() { String::new() } else { format!(" when {}", words::spoken(&against.when)) };
    let told = format!("{}: {}{when}", words::capital(against.kind), against.text);
    match against.standing.status {
        Status::Open => format!("{told}; depends on {}", text::depends_on(explanation, &against.standing.because)),
        Status::Decided | Status::Silent | Status::Fault => {
            let sources = told::sources(&against.citations);
            format!("{told}{}", sources.replace("  ", " "))
        }
    }
}

fn lines(page: &mut Page, explanation: &Explanation, ladder: &LadderShown) {
    if !is_for(&ladder.patients) {
        page.paragraph("soft", &format!("{}: not for this patient.", ladder.title));
        return;
    }
    page.element("h4", "", &ladder.title);
    page.open("ol", "lines");
    for line in &ladder.lines {
        let state = match &line.state.possible {
            Possible::Choice(found) => words::any_of(&found.iter().map(|word| words::spoken(word)).collect::<Vec<_>>()),
            other => words::possible(other, None),
        };
        let on = if line.state.status == Status::Open {
            format!(", depending on {}", text::depends_on(explanation, &line.state.because))
        } else {
            String::new()
        };
        page.open("li", if state == "current" { "current" } else { "" });
        page.element("strong", "", &format!("{} ({state}{on}):", line.title));
        page.element("span", "", &labels(line));
        page.close("li");
    }
    page.close("ol");
    let beside = [("Throughout", &ladder.throughout), ("Optional", &ladder.optional), ("Alongside", &ladder.alongside)];
    for (what, options) in beside.iter().filter(|(_, options)| !options.is_empty()) {
        let labels: Vec<&str> = options.iter().map(|option| option.label.as_str()).collect();
        page.paragraph("", &format!("{what}: {}", labels.join(", ")));
    }
}

fn labels(line: &LineShown) -> String {
    let told = |option: &OptionShown| format!("{} – {}", option.label, in_words(option));
    line.options.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn regimen(page: &mut Page, explanation: &Explanation, regimen: &RegimenShown) {
    if !is_for(&regimen.patients) {
        return;
    }
    page.element("h4", "", &regimen.title);
    if regimen.patients.status == Status::Open {
        page.paragraph("", &format!("Depends on {}", text::depends_on(explanation, &regimen.patients.because)));
    }
    let told = |option: &OptionShown| format!("{} – {}", option.label, in_words(option));
    let give: Vec<String> = regimen.give.iter().map(told).collect();
    if !give.is_empty() {
        page.paragraph("", &format!("Give: {}", give.join("; ")));
    }
    let many: Vec<String> = regimen
        .plus
        .iter()
        .map(|(least, most)| if least == most { least.to_string() } else { format!("{least} to {most}") })
        .collect();
    if !regimen.of.is_empty() {
        page.paragraph("", &format!("Plus {} of these:", words::any_of(&many)));
        let of: Vec<String> = regimen.of.iter().map(told).collect();
        page.list("", of.iter().map(String::as_str));
    }
    page.paragraph("", regimen.short.as_deref().unwrap_or_default());
}

/// The therapies of the record, as the rules read them.
pub(super) fn courses(page: &mut Page, explanation: &Explanation) {
    let rows: Vec<Vec<Cell>> = explanation
        .courses
        .iter()
        .map(|course| {
            let texts = |texts: &[String]| texts.iter().map(|text| ("", text.clone())).collect::<Cell>();
            vec![
                cell(course.label.as_str()),
                cell(states(&course.state)),
                texts(&course.courses),
                texts(&course.why),
                cell(course.judge_on.map(words::day).unwrap_or_default()),
                cell(told::sources(&course.citations).trim()),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.element("h3", "", "Courses as read");
        let headings = ["therapy", "counts as", "taken", "because", "judge on", "source"];
        page.table("What the rules make of the therapies in the record", &headings, &rows);
    }
}

fn states(state: &Possible) -> String {
    match state {
        Possible::Choice(found) => words::any_of(&found.iter().map(|word| course_state(word)).collect::<Vec<_>>()),
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => {
            words::possible(state, None)
        }
    }
}

fn course_state(word: &str) -> String {
    match word {
        "failed" => "inadequate response".to_owned(),
        "inadequate" => "not a fair trial".to_owned(),
        "running" => "running, not yet judged".to_owned(),
        other => words::spoken(other),
    }
}
