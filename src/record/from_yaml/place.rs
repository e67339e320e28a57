use super::shape::comma_in_braces;
use super::{KEYS, Reader, SCALE_SUFFIX, codes};
use crate::catalog::{Derivation, Fact, FactId, FactKind, Moment, RecordedIn};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::Spanned;

/// Other names of the date of birth.
const BIRTH: [&str; 8] =
    ["dob", "date_of_birth", "birth_date", "birthdate", "birthday", "birth", "year_of_birth", "birth_year"];

/// Where in a record a name stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// In column 1.
    Record,
    /// Under `patient`.
    Patient,
    /// Under `facts`.
    Facts,
    /// In a visit.
    Visit,
}

impl Place {
    /// The names that are not facts.
    pub(super) fn keys(self) -> &'static [&'static str] {
        match self {
            Place::Record => &KEYS,
            Place::Patient => &["born"],
            Place::Facts => &[],
            Place::Visit => &["date", "role"],
        }
    }

    fn words(self) -> &'static str {
        match self {
            Place::Record => "in column 1",
            Place::Patient => "under `patient`",
            Place::Facts => "under `facts`",
            Place::Visit => "in a visit, which has a `date`",
        }
    }

    pub(super) fn of(recorded: RecordedIn) -> Place {
        match recorded {
            RecordedIn::Patient => Place::Patient,
            RecordedIn::Facts => Place::Facts,
            RecordedIn::Visits => Place::Visit,
        }
    }
}

impl Reader<'_> {
    /// The fact of a name, when it is one and may stand there.
    pub(super) fn expect_fact(&mut self, name: &Spanned<String>, place: Place) -> Option<FactId> {
        let Some(id) = self.catalog.find(&name.value) else {
            self.unknown_name(name, place);
            return None;
        };
        match self.definition(id) {
            Some(fact) if may_stand(fact, place) => return Some(id),
            Some(_) => self.unknown_name(name, place),
            None => {
                let message = format!("`{}` has no entry in the dictionary that could be read", name.value);
                self.error(Diagnostic::error(codes::UNKNOWN_KEY, name.span, message));
            }
        }
        None
    }

    /// Reports a name that does not belong where it stands: misplaced, renamed or unknown.
    pub(super) fn unknown_name(&mut self, name: &Spanned<String>, place: Place) {
        let word = name.value.as_str();
        let error = if let Some(right) = self.right_place(word) {
            let message = format!("`{word}` does not stand {}", place.short());
            Diagnostic::error(codes::WRONG_PLACE, name.span, message).note(format!("it stands {}", right.words()))
        } else if let Some(new) = self.catalog.renamed(word) {
            let new = self.catalog.name(new);
            let message = format!("`{word}` is now called `{new}`");
            Diagnostic::error(codes::EARLIER_NAME, name.span, message).fix(format!("write `{new}`"), name.span, new)
        } else {
            self.not_a_name(name, place)
        };
        self.error(error);
    }

    fn not_a_name(&self, name: &Spanned<String>, place: Place) -> Diagnostic {
        if let Some(comma) = comma_in_braces(name) {
            return comma;
        }
        let word = super::shortened(&name.value);
        if BIRTH.contains(&word.to_lowercase().as_str()) {
            let error = Diagnostic::error(codes::UNKNOWN_KEY, name.span, format!("`{word}` is written `born`"));
            return if place == Place::Patient {
                error.fix("did you mean `born`?", name.span, "born")
            } else {
                error.note("it stands under `patient`: `patient: {born: 1981-05-02}`")
            };
        }
        if self.scaled_fact(&name.value).is_some() {
            let message = format!("`{word}` does not stand {}", place.short());
            let error = Diagnostic::error(codes::WRONG_PLACE, name.span, message);
            return error.note("it stands in a visit, or under `facts` for all visits");
        }
        if let Some(fact) = name.value.strip_suffix(SCALE_SUFFIX).filter(|fact| self.catalog.find(fact).is_some()) {
            let message = format!("`{fact}` is recorded on one scale only");
            return Diagnostic::error(codes::SCALE, name.span, message).note(format!("leave `{word}` out"));
        }
        let what = if place == Place::Record { "is not a key of a record" } else { "is not a fact of the dictionary" };
        let error = Diagnostic::error(codes::UNKNOWN_KEY, name.span, format!("`{word}` {what}"));
        let keys = place.keys().iter().copied();
        let candidates = keys.chain((place != Place::Record).then(|| self.catalog.names()).into_iter().flatten());
        match suggest::nearest(&name.value, candidates) {
            Some(meant) => error.fix(format!("did you mean `{meant}`?"), name.span, meant),
            None if place == Place::Facts => {
                error.note("`myoguide facts` lists all facts; a clinician's judgement stands under `judgements`")
            }
            None if place == Place::Record => error.note(format!("its keys are {}", super::shape::in_words(KEYS))),
            None => error.note("`myoguide facts` lists all facts"),
        }
    }

    /// Where a known name stands.
    fn right_place(&self, name: &str) -> Option<Place> {
        let own = [Place::Record, Place::Patient, Place::Visit].into_iter().find(|place| place.keys().contains(&name));
        let fact = || Some(Place::of(self.definition(self.catalog.find(name)?)?.recorded));
        own.or_else(fact).or_else(|| self.report_place(name))
    }
}

impl Place {
    fn short(self) -> &'static str {
        match self {
            Place::Visit => "in a visit",
            Place::Record | Place::Patient | Place::Facts => self.words(),
        }
    }
}

/// A fact stands where the dictionary says. What is measured of the person (weight) may also be dated in a visit;
/// what changes with the calendar alone (age) may not.
fn may_stand(fact: &Fact, place: Place) -> bool {
    let counts_on = matches!(fact.derived, Some(Derivation::AgeAt(Moment::AsOf)));
    let measured = matches!(fact.kind, FactKind::Number(_)) && !counts_on;
    match (fact.recorded, place) {
        (RecordedIn::Patient, Place::Patient)
        | (RecordedIn::Facts, Place::Facts)
        | (RecordedIn::Visits, Place::Visit) => true,
        (RecordedIn::Patient, Place::Visit) => measured,
        (RecordedIn::Patient, Place::Record | Place::Facts)
        | (RecordedIn::Facts, Place::Record | Place::Patient | Place::Visit)
        | (RecordedIn::Visits, Place::Record | Place::Patient | Place::Facts) => false,
    }
}
