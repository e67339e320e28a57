//! Each drug once over all ladders, with what a person is told of it: now, later, earlier, against, beside the rest.

mod lines;
mod perhaps;
mod regimens;
mod statuses;
mod verdict;

use super::answer::Room;
use super::{granted, today, words};
use crate::explain::{AgainstShown, Explanation, LadderShown, LineShown, OptionShown, Possible, Standing};
use crate::model::Verdict;
use lines::Heading;
pub(super) use perhaps::perhaps;
pub(super) use regimens::regimens;
use verdict::{in_words, is_open, more_of, spoken};

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
    /// Its line is far: on a page it is only named.
    pub(super) is_far: bool,
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
/// How many where its ladder may not be for the patient, that it may fill one.
const LINE: usize = 76;

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
    /// How much is told.
    room: Room,
}

/// Every drug of every ladder that is told in full, each once, in the order of the page.
pub(super) fn options(explanation: &Explanation, room: Room) -> Vec<Told> {
    let mut drugs: Vec<Vec<Place<'_>>> = Vec::new();
    let ladders = perhaps::in_full(explanation, room);
    for place in ladders.iter().flat_map(|ladder| places(ladder, room)) {
        match drugs.iter_mut().find(|drug| drug.first().is_some_and(|known| known.option.id == place.option.id)) {
            Some(drug) => drug.push(place),
            None => drugs.push(vec![place]),
        }
    }
    let headings = lines::headings(explanation, &ladders, room);
    let mut told: Vec<(usize, Told)> =
        drugs.iter_mut().filter_map(|drug| tell(explanation, drug, &ladders, &headings)).collect();
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
pub(super) fn standing(explanation: &Explanation, room: Room) -> Vec<String> {
    let told = perhaps::in_full(explanation, room).into_iter().map(|ladder| {
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
        format!("{}{}{current}.", ladder.title, if_for(explanation, &ladder.patients, room))
    });
    told.collect()
}

/// `, if for this patient (depends on fact A)`
fn if_for(explanation: &Explanation, patients: &Standing, room: Room) -> String {
    if granted::taken(patients).0 != &(Possible::YesNo { yes: true, no: true }) {
        return String::new();
    }
    let left = granted::left(explanation, &patients.because);
    if left.iter().all(|one| granted::is_granted(explanation, one)) && !left.is_empty() {
        return ", if for this patient (see what is taken for granted)".to_owned();
    }
    let on = granted::named(&granted::weightiest(explanation, &left), room.most(1));
    if on.is_empty() { ", if for this patient".to_owned() } else { format!(", if for this patient (depends on {on})") }
}

/// The ladder is, or may be, the patient's.
pub(super) fn is_for(ladder: &LadderShown) -> bool {
    !matches!(&ladder.patients.possible, Possible::YesNo { yes: false, .. })
}

impl Place<'_> {
    /// Its dose is told: there is room, or its ladder certainly is for the patient, taking some usual normals for
    /// granted.
    fn is_dosed(&self) -> bool {
        self.room == Room::Full
            || granted::taken(&self.ladder.patients).0 == &(Possible::YesNo { yes: true, no: false })
    }

    /// How many letters are told of it.
    fn letters(&self) -> usize {
        match (self.room, self.is_dosed()) {
            (Room::Full, _) => usize::MAX,
            (Room::Short, true) => LETTERS,
            (Room::Short, false) => LINE,
        }
    }
}

fn places(ladder: &LadderShown, room: Room) -> Vec<Place<'_>> {
    let place = |line, with| {
        move |option| {
            let mildest = possible(option).last().copied()?;
            Some(Place { ladder, line, with, option, mildest, room })
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
    ladders: &[&LadderShown],
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
    let several = ladders.len() > 1;
    let main = ladders.first().map(|ladder| ladder.id.as_str());
    let group = if group == Group::Later && first.line.is_some_and(may_be_now) { Group::Now } else { group };
    let heading = headings.iter().enumerate().find(|(_, heading)| {
        first.line.is_some_and(|line| heading.ladder.id == first.ladder.id && heading.line.id == line.id)
    });
    let heading = heading.filter(|_| matches!(group, Group::Now | Group::Later));
    let in_heading = several && heading.is_some();
    if several && !in_heading && group != Group::With && (differ || main != Some(first.ladder.id.as_str())) {
        words = format!("{words} ({})", first_small(&first.ladder.title));
    }
    let far = first.room == Room::Short && heading.is_some_and(|(_, heading)| heading.far);
    let mut more = Vec::new();
    let room = if far { Room::Short } else { Room::Full };
    if let Some(status) = statuses::told(first.option, room) {
        // What is offered in a trial only never stands without what is known of it.
        if first.option.in_trial_only() {
            let joint = if words.is_empty() { "" } else { "; " };
            words = format!("{words}{joint}{status}");
        } else {
            more.push(status);
        }
    }
    more.extend(elsewhere(explanation, first, others, group));
    let only_named = far || !first.is_dosed();
    more.extend(beside(explanation, first, only_named, far));
    let what = match group {
        Group::Now | Group::With if only_named => named(first.option),
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
    Some((at, Told { group, heading, is_beside, is_far: far, what, words, more }))
}

/// What is told of a drug on other ladders, each time said once for all of which it is the same.
fn elsewhere(explanation: &Explanation, first: &Place<'_>, others: &[Place<'_>], group: Group) -> Vec<String> {
    let own = spoken(explanation, first);
    let mut told: Vec<(String, Vec<String>)> = Vec::new();
    for other in others.iter().filter(|other| other.ladder.id != first.ladder.id && other.mildest != first.mildest) {
        let option = matches!(other.mildest, Verdict::OptionNow | Verdict::Alternative | Verdict::WorkedBefore);
        let words = match spoken(explanation, other) {
            _ if option && group == Group::Against => "otherwise option".to_owned(),
            words if words.is_empty() => "later line".to_owned(),
            words if words == own => "the same".to_owned(),
            words => words,
        };
        let title = first_small(&other.ladder.title);
        match told.iter_mut().find(|(known, _)| *known == words) {
            Some((_, titles)) => titles.push(title),
            None => told.push((words, vec![title])),
        }
    }
    told.into_iter().map(|(words, titles)| format!("{words} for {}", words::all_of(&titles))).collect()
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

/// What goes with a drug that may be begun or is taken, the weightiest first: what it requires, cautions that hold,
/// when it is judged; cautions that may hold in a few words where nothing else is said against it.
fn beside(explanation: &Explanation, place: &Place<'_>, far: bool, is_named: bool) -> Vec<String> {
    let option = place.option;
    let begun = option.taking == (Possible::YesNo { yes: true, no: false });
    let starts = matches!(group(place), Group::Now | Group::With);
    let mut more = Vec::new();
    if starts && !is_named {
        more.extend(option.requires.iter().map(|requires| format!("requires {requires}")));
    }
    if (starts || begun) && !is_named && place.is_dosed() {
        let holds = |caution: &&AgainstShown| caution.standing.possible == (Possible::YesNo { yes: true, no: false });
        let certain = option.cautions.iter().filter(holds);
        more.extend(certain.map(|caution| {
            let when =
                if caution.when.is_empty() { String::new() } else { format!(" ({})", in_words(explanation, caution)) };
            match place.room {
                Room::Full => format!("caution{when}: {}", caution.text),
                Room::Short => format!("caution: {}", today::clause(&caution.text)),
            }
        }));
    }
    if starts && !begun && !far {
        more.extend(option.judge_after.as_ref().map(|after| {
            // `24 weeks after the last dose`
            let said = if after.contains(" after ") { "" } else { "after " };
            format!("judge {said}{after}")
        }));
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
