//! Each drug once over all ladders, with what a person is told of it: now, later, earlier, against, beside the rest.

mod lines;
mod statuses;

use super::granted::{self, Sure};
use super::{today, words};
use crate::explain::{AgainstShown, Because, Explanation, LadderShown, LineShown, OptionShown, Possible, Standing};
use crate::model::Verdict;
use crate::value::Date;
use lines::Heading;

/// Where a drug stands on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Group {
    /// It can be begun.
    Now,
    /// Of a later line.
    Later,
    /// It was or is taken.
    Earlier,
    /// It is not to be begun.
    Against,
    /// It goes with every line.
    With,
}

/// A drug in words.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Told {
    pub(super) group: Group,
    /// Under what it stands: `SECOND LINE, now`
    pub(super) heading: String,
    /// It is of no line.
    pub(super) is_beside: bool,
    /// `drug name, add: 10 mg daily`
    pub(super) what: String,
    /// `option now if not: pregnant`
    pub(super) words: String,
    /// When it is judged, cautions, what it requires, what is looked at.
    pub(super) more: Vec<String>,
}

/// How many facts a drug that depends on some names.
const NAMED: usize = 2;
/// How many reasons against a drug, or labels of cautions, are named.
const REASONS: usize = 3;
/// How many letters are told of a drug, that it may fill two lines of a page.
const LETTERS: usize = 165;

/// A drug where one ladder has it.
#[derive(Clone, Copy)]
struct Place<'a> {
    ladder: &'a LadderShown,
    /// Its line; `None` beside the lines.
    line: Option<&'a LineShown>,
    /// Part of every line.
    with: bool,
    option: &'a OptionShown,
    /// The mildest verdict that is possible.
    mildest: Verdict,
}

/// Every drug of every ladder that is, or may be, the patient's, each once, in the order of the page.
pub(super) fn options(explanation: &Explanation) -> Vec<Told> {
    let mut drugs: Vec<Vec<Place<'_>>> = Vec::new();
    for place in explanation.ladders.iter().filter(|ladder| is_for(ladder)).flat_map(places) {
        match drugs.iter_mut().find(|drug| drug.first().is_some_and(|known| known.option.id == place.option.id)) {
            Some(drug) => drug.push(place),
            None => drugs.push(vec![place]),
        }
    }
    let several = explanation.ladders.iter().filter(|ladder| is_for(ladder)).count() > 1;
    let headings = lines::headings(explanation);
    let mut told: Vec<(usize, Told)> =
        drugs.iter_mut().filter_map(|drug| tell(explanation, drug, several, &headings)).collect();
    told.sort_by_key(|(at, one)| (one.group, *at));
    told.into_iter().map(|(_, one)| one).collect()
}

/// The drugs of which the same is told, together: the words, and the drugs.
pub(super) fn alike(drugs: &[&Told]) -> Vec<(String, Vec<String>)> {
    let mut groups: Vec<(String, Vec<String>)> = Vec::new();
    for drug in drugs {
        let mut words = drug.words.clone();
        for more in drug.more.iter().filter(|more| !more.is_empty()) {
            let joint = if words.is_empty() { "" } else { "; " };
            if words.is_empty() || (drug.what.len() + words.len() + more.len()) < LETTERS {
                words = format!("{words}{joint}{more}");
            }
        }
        match groups.iter_mut().find(|(known, _)| *known == words) {
            Some((_, whats)) => whats.push(drug.what.clone()),
            None => groups.push((words, vec![drug.what.clone()])),
        }
    }
    groups
}

/// Where each ladder stands: `Title: second line`; where it depends, the lines say on what.
pub(super) fn standing(explanation: &Explanation) -> Vec<String> {
    let told = explanation.ladders.iter().filter(|ladder| is_for(ladder)).map(|ladder| {
        let title = |id: &String| match id.as_str() {
            "after_last" => "after the last line".to_owned(),
            id => {
                let line = ladder.lines.iter().find(|line| line.id == id);
                line.map_or_else(|| words::spoken(id), |line| first_small(&line.title))
            }
        };
        let (current, _) = granted::taken(&ladder.current);
        let current = match current {
            Possible::Choice(values) => {
                let values = values.iter().filter(|id| id.as_str() != Verdict::NotForThisPatient.word());
                let values: Vec<String> = values.map(title).collect();
                if values.len() > 2 { String::new() } else { words::any_of(&values) }
            }
            Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => {
                String::new()
            }
        };
        let current = if current.is_empty() { String::new() } else { format!(": {current}") };
        format!("{}{}{current}.", ladder.title, if_for(explanation, &ladder.patients))
    });
    told.collect()
}

/// `, if for this patient (depends on fact A)`
fn if_for(explanation: &Explanation, patients: &Standing) -> String {
    if granted::taken(patients).0 != &(Possible::YesNo { yes: true, no: true }) {
        return String::new();
    }
    let left = granted::left(explanation, &patients.because);
    if left.iter().all(|one| granted::is_granted(explanation, one)) && !left.is_empty() {
        return ", if for this patient (see what is taken for granted)".to_owned();
    }
    let on = granted::named(&left, REASONS);
    if on.is_empty() { ", if for this patient".to_owned() } else { format!(", if for this patient (depends on {on})") }
}

/// The ladder is, or may be, the patient's.
pub(super) fn is_for(ladder: &LadderShown) -> bool {
    !matches!(&ladder.patients.possible, Possible::YesNo { yes: false, .. })
}

fn places(ladder: &LadderShown) -> Vec<Place<'_>> {
    let place = |line, with| {
        move |option| {
            let mildest = possible(option).last().copied()?;
            Some(Place { ladder, line, with, option, mildest })
        }
    };
    let throughout = ladder.throughout.iter().chain(&ladder.alongside).filter_map(place(None, true));
    let optional = ladder.optional.iter().filter_map(place(None, false));
    let lines = ladder
        .lines
        .iter()
        .flat_map(|line| line.options.iter().filter_map(place(Some(line), false)).collect::<Vec<_>>());
    throughout.chain(optional).chain(lines).collect()
}

/// The verdicts that are possible, the strictest first.
fn possible(option: &OptionShown) -> Vec<Verdict> {
    let Possible::Choice(values) = &option.verdict.possible else { return Vec::new() };
    Verdict::ALL.into_iter().filter(|verdict| values.iter().any(|value| value == verdict.word())).collect()
}

fn group(place: &Place<'_>) -> Group {
    match place.mildest {
        Verdict::NotForThisPatient | Verdict::Contraindicated | Verdict::Declined | Verdict::Avoid => Group::Against,
        Verdict::NotTolerated | Verdict::Failed | Verdict::Running | Verdict::InadequateTrial => Group::Earlier,
        Verdict::LaterLine => Group::Later,
        Verdict::WorkedBefore | Verdict::OptionNow | Verdict::Alternative => {
            if place.with {
                Group::With
            } else {
                Group::Now
            }
        }
    }
}

/// The strictest place first; what only one ladder does not have for this patient says nothing beside the others.
fn tell(
    explanation: &Explanation,
    drug: &mut Vec<Place<'_>>,
    several: bool,
    headings: &[Heading<'_>],
) -> Option<(usize, Told)> {
    if drug.iter().any(|place| place.mildest != Verdict::NotForThisPatient) {
        drug.retain(|place| place.mildest != Verdict::NotForThisPatient);
    }
    // On one ladder a drug that is an option of the current line is of no later one.
    let now = drug.iter().any(|place| place.mildest > Verdict::LaterLine);
    drug.sort_by_key(|place| (now && place.mildest == Verdict::LaterLine, place.mildest));
    let (first, others) = drug.split_first()?;
    let group = group(first);
    let mut words = spoken(explanation, first);
    let differ = others.iter().any(|other| other.ladder.id != first.ladder.id && other.mildest != first.mildest);
    let main = explanation.ladders.iter().find(|ladder| is_for(ladder)).map(|ladder| ladder.id.as_str());
    let group = if group == Group::Later && first.line.is_some_and(may_be_now) { Group::Now } else { group };
    let heading = headings.iter().enumerate().find(|(_, heading)| {
        first.line.is_some_and(|line| heading.ladder.id == first.ladder.id && heading.line.id == line.id)
    });
    let heading = heading.filter(|_| matches!(group, Group::Now | Group::Later));
    let in_heading = several && heading.is_some();
    if several && !in_heading && group != Group::With && (differ || main != Some(first.ladder.id.as_str())) {
        words = format!("{words} ({})", first_small(&first.ladder.title));
    }
    let mut more = Vec::new();
    if let Some(status) = statuses::told(first.option) {
        // What is offered in a trial only never stands without what is known of it.
        if first.option.in_trial_only() {
            let joint = if words.is_empty() { "" } else { "; " };
            words = format!("{words}{joint}{status}");
        } else {
            more.push(status);
        }
    }
    for other in others.iter().filter(|other| other.ladder.id != first.ladder.id && other.mildest != first.mildest) {
        let title = first_small(&other.ladder.title);
        let option = matches!(other.mildest, Verdict::OptionNow | Verdict::Alternative | Verdict::WorkedBefore);
        more.push(if option && group == Group::Against {
            format!("otherwise option for {title}")
        } else {
            let words = spoken(explanation, other);
            format!("{} for {title}", if words.is_empty() { "later line".to_owned() } else { words })
        });
    }
    let far = heading.is_some_and(|(_, heading)| heading.far);
    more.extend(beside(explanation, first, far));
    let what = match group {
        Group::Now if far => named(first.option),
        Group::Now | Group::With => dosed(first.option),
        Group::Later | Group::Earlier | Group::Against => named(first.option),
    };
    let is_beside = heading.is_none();
    let (at, heading) = match (heading, group) {
        (Some((at, heading)), _) if several => {
            (at + 1, format!("{} ({})", heading.text, first_small(&heading.ladder.title)))
        }
        (Some((at, heading)), _) => (at + 1, heading.text.clone()),
        (None, Group::Now | Group::Later) => (0, "BESIDE THE LINES".to_owned()),
        (None, Group::Earlier) => (0, "TAKEN NOW, OR TRIED".to_owned()),
        (None, Group::Against) => (0, "AGAINST".to_owned()),
        (None, Group::With) => (0, "WITH EVERY LINE".to_owned()),
    };
    Some((at, Told { group, heading, is_beside, what, words, more }))
}

/// It is not known to be a later line.
fn may_be_now(line: &LineShown) -> bool {
    let (possible, _) = granted::taken(&line.state);
    !matches!(possible, Possible::Choice(values) if values.iter().all(|value| value == "later"))
}

/// `drug name, add: 10 mg daily`
fn dosed(option: &OptionShown) -> String {
    let how = option.how.filter(|_| !option.in_trial_only()).map(|how| format!(", {how}")).unwrap_or_default();
    let text = option.text.as_ref().map(|text| format!(": {text}")).unwrap_or_default();
    format!("{}{how}{text}", named(option))
}

/// The drug; one that is offered in a trial only says so wherever it stands.
fn named(option: &OptionShown) -> String {
    if option.in_trial_only() { format!("{}, in a trial only", option.label) } else { option.label.clone() }
}

/// What is told of a drug that is offered in a trial only, in the place of `option now`.
const TRIAL: &str = "if a trial is open";

/// What a person is told of the verdict. What the heading of its line says is not said again.
fn spoken(explanation: &Explanation, place: &Place<'_>) -> String {
    let option = place.option;
    let for_patient = granted::taken(&place.ladder.patients).0 == &(Possible::YesNo { yes: true, no: true });
    let line_open = place.line.is_some_and(|line| granted::taken(&line.state).1 == Sure::Depends);
    let mut all = possible(option);
    let is_later = place.mildest == Verdict::LaterLine;
    let begins = |verdict: &Verdict| matches!(verdict, Verdict::OptionNow | Verdict::Alternative);
    // A later line is the heading's to say, unless the drug is something else in it.
    let barring_or_later = |verdict: &Verdict| {
        matches!(verdict, Verdict::LaterLine | Verdict::Contraindicated | Verdict::Avoid | Verdict::NotForThisPatient)
    };
    let line_may_be = |state: &str| {
        let of = |line: &LineShown| matches!(granted::taken(&line.state).0, Possible::Choice(states) if states.iter().any(|one| one == state));
        place.line.is_some_and(of)
    };
    let heading_says = if is_later {
        line_may_be("later") && all.iter().all(barring_or_later)
    } else {
        line_open && all.iter().any(begins)
    };
    let told = |verdict: Verdict| {
        (for_patient && verdict == Verdict::NotForThisPatient) || (verdict == Verdict::LaterLine && heading_says)
    };
    let narrowed: Vec<Verdict> = all.iter().filter(|verdict| !told(**verdict)).copied().collect();
    if !narrowed.is_empty() || is_later {
        all = narrowed;
    }
    let barred =
        |verdict: &Verdict| matches!(verdict, Verdict::Contraindicated | Verdict::Avoid | Verdict::NotForThisPatient);
    let own: Vec<Verdict> = all.iter().filter(|verdict| !barred(verdict)).copied().collect();
    if own.is_empty() && !is_later {
        return any_of(explanation, option, &all);
    }
    // Where it is not known whether it was ever taken, what may have come of it is left out.
    let unknown = option.taking == (Possible::YesNo { yes: true, no: true }) && own.contains(&Verdict::Running);
    let beginning: Vec<Verdict> = own.iter().filter(|verdict| begins(verdict)).copied().collect();
    let own = if unknown && !beginning.is_empty() { beginning } else { own };
    let only_begins = !own.is_empty() && own.iter().all(begins) && (own.len() > 1 || line_open || unknown);
    let strong = option.strength == Some("strong");
    let conditions = conditions(explanation, option);
    let mut text = match (only_begins, strong) {
        (true, false) if own.as_slice() == [Verdict::Alternative] => any_of(explanation, option, &own),
        (true, false) if !conditions.is_empty() => String::new(),
        (true, false) if option.in_trial_only() => TRIAL.to_owned(),
        (true, false) => "option".to_owned(),
        (true, true) => "option (recommended)".to_owned(),
        (false, _) => any_of(explanation, option, &own),
    };
    if unknown && only_begins {
        let comma = if text.is_empty() { "" } else { ", " };
        text = format!("{text}{comma}if never taken");
    }
    let barring = all.iter().any(barred) && !conditions.is_empty();
    if (own.len() > 1 && !only_begins) || (all.len() > 1 && conditions.is_empty()) {
        text.push_str(&depends(&hangs_on(explanation, place, line_open)));
    }
    if barring {
        let room = LETTERS.saturating_sub(dosed(option).chars().count() + text.chars().count());
        let conditions = more_of(&conditions, room);
        text = match group(place) {
            Group::Now | Group::With | Group::Later => {
                let and = if text.ends_with("if never taken") { " and" } else { "" };
                format!("{text}{and} if not: {conditions}").trim_start().to_owned()
            }
            Group::Earlier | Group::Against => {
                let kind = option.against.iter().find(|one| is_open(one)).map_or("contraindicated", |one| one.kind);
                format!("{text}; {kind} if: {conditions}")
            }
        };
    }
    text
}

/// What the verdict hangs on, besides what speaks against the option, and what the heading of its line says.
fn hangs_on(explanation: &Explanation, place: &Place<'_>, line_open: bool) -> Vec<Because> {
    let option = place.option;
    let rules = || option.against.iter().filter(|one| is_open(one)).flat_map(|one| &one.standing.because);
    let line = || place.line.into_iter().flat_map(|line| &line.state.because).chain(&place.ladder.patients.because);
    let told = line_open && place.mildest > Verdict::LaterLine;
    let left = granted::left(explanation, &option.verdict.because);
    let other = left.into_iter().filter(|one| !rules().any(|known| known == *one));
    let of_patients = |one: &Because| place.ladder.patients.because.contains(one);
    let own = format!("{}.taken", option.id);
    other
        .filter(|one| one.fact != own && !of_patients(one) && (!told || !line().any(|known| known == *one)))
        .cloned()
        .collect()
}

/// It may hold, and speaks against the option by itself.
fn is_open(against: &AgainstShown) -> bool {
    against.kind != "prefer" && against.standing.possible == (Possible::YesNo { yes: true, no: true })
}

/// What may speak against an option: what can be asked first, else in the author's order; alternatives one by one.
fn conditions(explanation: &Explanation, option: &OptionShown) -> Vec<String> {
    let burden = |against: &&AgainstShown| {
        let of = |one: &Because| explanation.missing.iter().find(|missing| missing.fact == one.fact);
        against.standing.because.iter().filter_map(of).map(|missing| missing.burden).max()
    };
    let mut rules: Vec<&AgainstShown> = option.against.iter().filter(|one| is_open(one)).collect();
    rules.sort_by_key(burden);
    let mut conditions: Vec<String> = Vec::new();
    for rule in rules {
        let when = in_words(explanation, rule);
        let whole = when.contains(" and ");
        for one in when.split(" or ").filter(|_| !whole).chain(whole.then_some(when.as_str())) {
            let is_title = explanation.trace.iter().any(|block| block.title.starts_with(one));
            let one = if is_title { first_small(one.trim()) } else { one.trim().to_owned() };
            if !conditions.contains(&one) {
                conditions.push(one);
            }
        }
    }
    conditions
}

/// `A, B, C (+4)`: as many as there is room for.
fn more_of(texts: &[String], room: usize) -> String {
    let told = |most: usize| {
        let named: Vec<&str> = texts.iter().take(most).map(String::as_str).collect();
        match texts.len().saturating_sub(most) {
            0 => named.join(", "),
            more => format!("{} (+{more})", named.join(", ")),
        }
    };
    let mut fits = (1..=REASONS).rev().map(told).skip_while(|text| text.chars().count() > room);
    fits.next().unwrap_or_else(|| told(1))
}

/// `, depending on A, B and 3 more`
fn depends(because: &[Because]) -> String {
    let labels: Vec<String> = because.iter().map(|one| one.label.clone()).collect();
    let mut once: Vec<String> = Vec::new();
    for label in labels {
        if !once.contains(&label) {
            once.push(label);
        }
    }
    let more = once.len().saturating_sub(NAMED);
    once.truncate(NAMED);
    match (once.is_empty(), more) {
        (true, _) => String::new(),
        (false, 0) => format!(", depending on {}", words::all_of(&once)),
        (false, more) => format!(", depending on {} and {more} more", once.join(", ")),
    }
}

/// Verdicts in words, the mildest first; that it is taken now is said once. Where it is not known whether it was ever
/// taken, what may have come of it is left out.
fn any_of(explanation: &Explanation, option: &OptionShown, verdicts: &[Verdict]) -> String {
    let of_course = |verdict: &Verdict| {
        matches!(
            verdict,
            Verdict::NotTolerated
                | Verdict::Failed
                | Verdict::Running
                | Verdict::InadequateTrial
                | Verdict::WorkedBefore
        )
    };
    let unknown = option.taking == (Possible::YesNo { yes: true, no: true }) && verdicts.contains(&Verdict::Running);
    let others: Vec<Verdict> = verdicts.iter().filter(|verdict| !of_course(verdict)).copied().collect();
    if unknown && !others.is_empty() {
        return format!("{}, if never taken", any_of(explanation, option, &others));
    }
    let words: Vec<String> = verdicts.iter().rev().map(|verdict| word(explanation, option, *verdict)).collect();
    let taking = option.taking == (Possible::YesNo { yes: true, no: false });
    let words = match words.as_slice() {
        [] if taking => return "taking now".to_owned(),
        words => words::any_of(&words.iter().filter(|word| !word.is_empty()).cloned().collect::<Vec<_>>()),
    };
    match (taking, words.is_empty()) {
        (true, true) => "taking now".to_owned(),
        (true, false) => format!("taking now, {words}"),
        (false, _) => words,
    }
}

/// The day on which what is taken is to be judged, where that is known.
fn judged_on(explanation: &Explanation, option: &OptionShown) -> Option<Date> {
    let only = matches!(&option.verdict.possible, Possible::Choice(values) if values.len() == 1);
    match explanation.courses.iter().find(|course| course.id == option.id) {
        Some(course) => today::judged_on(explanation, course),
        None => option.judge_on.filter(|_| only && option.taking == (Possible::YesNo { yes: true, no: false })),
    }
}

fn word(explanation: &Explanation, option: &OptionShown, verdict: Verdict) -> String {
    match verdict {
        Verdict::NotForThisPatient => "not for this disease".to_owned(),
        Verdict::Contraindicated => said(explanation, option, "contraindicated"),
        Verdict::NotTolerated => "not tolerated".to_owned(),
        Verdict::Declined => "declined by the patient".to_owned(),
        Verdict::Failed => "inadequate response".to_owned(),
        Verdict::Running => match judged_on(explanation, option) {
            Some(day) => format!("judge on {}", words::day(day)),
            None => "too early to judge".to_owned(),
        },
        Verdict::InadequateTrial => "not yet a fair trial: optimise first".to_owned(),
        Verdict::Avoid => said(explanation, option, "avoid"),
        Verdict::LaterLine => "later line".to_owned(),
        Verdict::WorkedBefore => "worked before: consider again".to_owned(),
        Verdict::OptionNow if option.in_trial_only() => TRIAL.to_owned(),
        Verdict::OptionNow if option.strength == Some("strong") => "option now (recommended)".to_owned(),
        Verdict::OptionNow => "option now".to_owned(),
        Verdict::Alternative => {
            let first = option.against.iter().find(|against| against.kind == "prefer");
            first.map_or_else(|| "alternative".to_owned(), |first| format!("alternative ({})", first.text))
        }
    }
}

/// `contraindicated: pregnant`, with the reasons that hold.
fn said(explanation: &Explanation, option: &OptionShown, kind: &'static str) -> String {
    let holding = option.against.iter().filter(|against| {
        against.kind == kind && against.standing.possible == (Possible::YesNo { yes: true, no: false })
    });
    let reasons: Vec<String> = holding
        .map(|against| match (against.text.is_empty(), against.when.is_empty()) {
            (false, _) => against.text.clone(),
            (true, false) => in_words(explanation, against),
            (true, true) => words::spoken(&against.id),
        })
        .collect();
    if reasons.is_empty() { kind.to_owned() } else { format!("{kind}: {}", reasons.join("; ")) }
}

/// When a rule holds, with labels in the place of names.
fn in_words(explanation: &Explanation, against: &AgainstShown) -> String {
    if against.when.is_empty() {
        return against.text.clone();
    }
    words::labelled(explanation, &against.when).replace("latest ", "")
}

/// What goes with a drug that may be begun or is taken, the weightiest first: what it requires, cautions that hold,
/// when it is judged; cautions that may hold in a few words where nothing else is said against it.
fn beside(explanation: &Explanation, place: &Place<'_>, far: bool) -> Vec<String> {
    let option = place.option;
    let begun = option.taking == (Possible::YesNo { yes: true, no: false });
    let starts = matches!(group(place), Group::Now | Group::With);
    let mut more = Vec::new();
    if starts {
        more.extend(option.requires.iter().map(|requires| format!("requires {requires}")));
    }
    if starts || begun {
        let holds = |caution: &&AgainstShown| caution.standing.possible == (Possible::YesNo { yes: true, no: false });
        let certain = option.cautions.iter().filter(holds);
        more.extend(certain.map(|caution| {
            let when =
                if caution.when.is_empty() { String::new() } else { format!(" ({})", in_words(explanation, caution)) };
            format!("caution{when}: {}", caution.text)
        }));
    }
    if starts && !begun && !far {
        more.extend(option.judge_after.as_ref().map(|after| format!("judge after {after}")));
        if !option.against.iter().any(is_open) && !option.cautions.is_empty() {
            let mut minds: Vec<String> = Vec::new();
            for one in option.cautions.iter().filter_map(|caution| caution.standing.because.first()) {
                if !minds.contains(&one.label) {
                    minds.push(one.label.clone());
                }
            }
            more.extend((!minds.is_empty()).then(|| format!("mind: {}", more_of(&minds, LETTERS))));
        }
    }
    let id = format!("{}.{}", place.ladder.id, option.id);
    more.extend(words::clinic_says(explanation, &id));
    more
}

/// A title within a sentence.
pub(super) fn first_small(title: &str) -> String {
    let mut letters = title.chars();
    let Some(first) = letters.next() else { return title.to_owned() };
    let word = letters.as_str().split([' ', ',']).next().unwrap_or_default();
    if word.chars().any(|letter| letter.is_uppercase() || letter.is_ascii_digit()) || word.is_empty() {
        return title.to_owned();
    }
    format!("{}{}", first.to_lowercase(), letters.as_str())
}

/// A regimen in a sentence or two.
pub(super) fn regimens(explanation: &Explanation) -> Vec<String> {
    let told = explanation.regimens.iter().map(|regimen| {
        let perhaps = match regimen.patients.possible {
            Possible::YesNo { yes: true, no: true } => {
                format!(" (if for this patient{})", depends(&regimen.patients.because))
            }
            Possible::YesNo { .. }
            | Possible::Choice(_)
            | Possible::Several { .. }
            | Possible::Number(_)
            | Possible::Nothing => String::new(),
        };
        let list = |options: &[OptionShown]| -> Vec<String> {
            options.iter().map(|option| in_regimen(explanation, !perhaps.is_empty(), option)).collect()
        };
        let mut text = format!("{}{perhaps}: ", regimen.title);
        let count = |(least, most): &(u32, u32)| {
            if least == most { least.to_string() } else { format!("{least} to {most}") }
        };
        let plus: Vec<String> = regimen.plus.iter().map(count).collect();
        text.push_str(&list(&regimen.give).join(" and "));
        if !plus.is_empty() && !regimen.of.is_empty() {
            let joint = if regimen.give.is_empty() { "" } else { ", plus " };
            let _ = std::fmt::Write::write_fmt(
                &mut text,
                format_args!("{joint}{} of these: {}", words::any_of(&plus), list(&regimen.of).join("; ")),
            );
        }
        let short = regimen.short.as_ref().map(|short| format!(". {}", words::capital(short))).unwrap_or_default();
        format!("{text}{short}.")
    });
    told.collect()
}

/// What is told of an option of a regimen; `perhaps` the regimen itself is not for the patient.
fn in_regimen(explanation: &Explanation, perhaps: bool, option: &OptionShown) -> String {
    let mut all = possible(option);
    all.retain(|verdict| !perhaps || *verdict != Verdict::NotForThisPatient);
    if all.is_empty() || all == [Verdict::OptionNow] {
        return dosed(option);
    }
    format!("{} ({})", option.label, any_of(explanation, option, &all))
}
