use super::Document;
use super::from_yaml::KEYS;
use crate::value::Date;
use crate::yaml::{self, Tree};

/// A record as a document that is being written: what is set is added, and what stood there is kept.
///
/// Layout and comments of the file it came from are lost. Only a record that was read without a mistake is worth
/// amending: what has the wrong shape is written anew.
///
/// ```
/// use myoguide::record::Draft;
/// let mut draft = Draft::new("demo-01");
/// draft.set_at("2026-03-01".parse().unwrap(), "mmt8", "118".into());
/// draft.set_as_of("2026-03-01".parse().unwrap());
/// assert_eq!(draft.text(), "id: demo-01\nas_of: 2026-03-01\nvisits:\n  - {date: 2026-03-01, mmt8: 118}\n");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    tree: Tree,
}

impl Draft {
    /// A record of which nothing is known.
    pub fn new(id: &str) -> Self {
        Draft { tree: Tree::group([("id", Tree::text(id))]) }
    }

    /// A record as written; `None` where the document is none.
    pub fn of(document: &Document) -> Option<Self> {
        document.tree().map(|node| Draft { tree: Tree::from(node) })
    }

    /// The document in YAML.
    pub fn text(&self) -> String {
        yaml::write(&self.tree)
    }

    /// The day the record speaks of.
    pub fn set_as_of(&mut self, day: Date) {
        *self.part("as_of") = Tree::text(day.to_string());
    }

    /// What is so of the person: `born`, `sex`.
    pub fn set_patient(&mut self, key: &str, value: Tree) {
        amend(self.part("patient"), key, value);
    }

    /// An undated fact, a report, or the scale of all visits.
    pub fn set_fact(&mut self, key: &str, value: Tree) {
        amend(self.part("facts"), key, value);
    }

    /// A fact as found on a day: in a visit of that day, which is added where there is none.
    pub fn set_at(&mut self, day: Date, key: &str, value: Tree) {
        amend(self.visit(day, key), key, value);
    }

    /// Makes the visit of a day the one that changes are counted from; no other is then.
    pub fn set_baseline(&mut self, day: Date) {
        for visit in self.part("visits").items() {
            if visit.get("role").and_then(Tree::as_text) == Some("baseline") {
                visit.entries().retain(|(key, _)| key != "role");
            }
        }
        let visit = self.visit(day, "role").entries();
        let after_date = visit.iter().position(|(key, _)| key == "date").map_or(0, |at| at + 1);
        visit.insert(after_date, ("role".to_owned(), Tree::text("baseline")));
    }

    /// A judgement of the clinician's.
    pub fn set_judgement(&mut self, name: &str, value: Tree) {
        amend(self.part("judgements"), name, value);
    }

    /// Adds a course of a treatment; its place among the entries. `None` stands for a record of no treatment.
    pub fn add_therapy(&mut self, entry: Option<Tree>) -> usize {
        let therapies = self.part("therapies").items();
        therapies.extend(entry);
        therapies.len().saturating_sub(1)
    }

    /// A part of the course at a place; nothing is done where there is no such course.
    pub fn set_therapy(&mut self, at: usize, key: &str, value: Tree) {
        if let Some(entry) = self.part("therapies").items().get_mut(at) {
            amend(entry, key, value);
        }
    }

    /// The courses as they are written, in order.
    pub fn therapies(&self) -> &[Tree] {
        match self.tree.get("therapies") {
            Some(Tree::List(entries)) => entries,
            Some(Tree::Text(_) | Tree::Nothing | Tree::Group(_)) | None => &[],
        }
    }

    /// Whether the list of courses is all there is: `no` where others may have been.
    pub fn set_therapies_complete(&mut self, complete: bool) {
        *self.part("therapies_complete") = Tree::text(if complete { "yes" } else { "no" });
    }

    /// Adds what the patient declined; an empty list where there is nothing to add.
    pub fn add_declined(&mut self, entry: Option<Tree>) {
        self.part("declined").items().extend(entry);
    }

    /// What stands behind a key of the record, added in the order in which a person writes them.
    fn part(&mut self, key: &str) -> &mut Tree {
        let rank = |key: &str| KEYS.iter().position(|known| *known == key).unwrap_or(KEYS.len());
        let entries = self.tree.entries();
        let known = entries.iter().position(|(name, _)| name == key);
        let at = known.unwrap_or_else(|| {
            let at = entries.iter().position(|(name, _)| rank(name) > rank(key)).unwrap_or(entries.len());
            entries.insert(at, (key.to_owned(), Tree::Nothing));
            at
        });
        match entries.get_mut(at) {
            Some((_, value)) => value,
            None => unreachable!("the key was found or has been added"),
        }
    }

    /// The visit of a day, the one that names the key where there are several; added in the order of days.
    fn visit(&mut self, day: Date, key: &str) -> &mut Tree {
        let visits = self.part("visits").items();
        let is_of_day = |visit: &Tree| day_of(visit) == Some(day);
        let known = visits.iter().position(|visit| is_of_day(visit) && visit.get(key).is_some());
        let at = known.or_else(|| visits.iter().position(is_of_day)).unwrap_or_else(|| {
            let later = |visit: &Tree| day_of(visit).is_some_and(|date| date > day);
            let at = visits.iter().position(later).unwrap_or(visits.len());
            visits.insert(at, Tree::group([("date", Tree::text(day.to_string()))]));
            at
        });
        match visits.get_mut(at) {
            Some(visit) => visit,
            None => unreachable!("the visit was found or has been added"),
        }
    }
}

fn day_of(visit: &Tree) -> Option<Date> {
    visit.get("date")?.as_text()?.trim().parse().ok()
}

/// Sets a key of a group. Where a value has parts (`value`, `upper_limit`, `known_since`), those that are not given
/// anew stay; a value that stands there already stays beside a limit that is added.
fn amend(group: &mut Tree, key: &str, given: Tree) {
    let merged = match (group.get(key).cloned(), given) {
        (Some(mut before @ Tree::Group(_)), Tree::Group(parts)) => {
            for (part, value) in parts {
                before.set(&part, value);
            }
            before
        }
        (Some(mut before @ Tree::Group(_)), value) if before.get("value").is_some() => {
            before.set("value", value);
            before
        }
        (Some(before @ Tree::Text(_)), Tree::Group(parts)) if parts.iter().all(|(part, _)| part != "value") => {
            let mut with = Tree::group([("value", before)]);
            with.entries().extend(parts);
            with
        }
        (_, given) => given,
    };
    group.set(key, merged);
}
