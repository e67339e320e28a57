use super::{Day, Reader, codes};
use crate::catalog::{AppliesWhen, Derivation, Fact, FactKind, Moment};
use crate::diagnostics::Diagnostic;
use crate::record::{Entry, Given, NoticeKind, Record};
use crate::source::Span;
use crate::value::{Date, DateRange, Number, NumberSet, Reason};
use crate::yaml::Node;

impl Reader<'_> {
    /// The day the record speaks of: given, else the newest date in it. What is dated later is an error.
    pub(super) fn place_in_time(&mut self, tree: &Node, given: Option<Date>) -> Option<Date> {
        let newest = |days: &[Day], all: bool| {
            days.iter().filter(|day| all || day.places_record).map(|day| day.range.earliest).max()
        };
        let said = tree.get("as_of").filter(|node| !node.is_null());
        let (Some(as_of), Some(said)) = (given, said) else {
            let unreadable = self.errors.iter().any(|error| error.code == codes::DATE);
            if newest(&self.days, false).is_none() && said.is_none() && !unreadable {
                let start = Span { end: tree.span.start, ..tree.span };
                let error = Diagnostic::error(codes::NO_AS_OF, start, "the record has no date");
                self.error(error.note("say of which day it speaks: `as_of: 2026-03-01`"));
            }
            return newest(&self.days, false).and(newest(&self.days, true));
        };
        let late: Vec<Diagnostic> = self
            .days
            .iter()
            .filter(|day| day.range.earliest > as_of)
            .map(|day| {
                let message = format!("{}, {}, lies after the record's own `as_of`, {as_of}", day.what, day.range);
                let error = Diagnostic::error(codes::AFTER_AS_OF, day.span, message);
                error.also(said.span, "the day the record speaks of").note("one of the two dates is wrong")
            })
            .collect();
        self.errors.extend(late);
        Some(as_of)
    }

    /// What cannot all be true is kept, with a notice.
    pub(super) fn contradictions(&mut self, record: &mut Record) {
        if let Some(born) = record.born {
            self.before_birth(born);
            self.ages(born, record);
        }
        let undated = record.undated.clone();
        self.not_applicable(&mut record.undated, &undated);
        for visit in &mut record.visits {
            self.not_applicable(&mut visit.entries, &undated);
        }
    }

    fn before_birth(&mut self, born: DateRange) {
        let early: Vec<(Span, String)> = self
            .days
            .iter()
            .filter(|day| day.range.latest < born.earliest)
            .map(|day| (day.span, format!("{}, {}, lies before the date of birth, {born}", day.what, day.range)))
            .collect();
        for (span, text) in early {
            self.notice(NoticeKind::BeforeBirth, span, text);
        }
    }

    /// Recorded ages against those worked out from the date of birth.
    fn ages(&mut self, born: DateRange, record: &Record) {
        for entry in &record.undated {
            let Some(fact) = self.definition(entry.fact) else { continue };
            let (Given::Number(recorded), Some(Derivation::AgeAt(moment))) = (&entry.given, fact.derived) else {
                continue;
            };
            let day = match moment {
                Moment::AsOf => Some(DateRange::exact(record.as_of)),
                Moment::Fact(id) => record.undated.iter().find(|other| other.fact == id).and_then(recorded_date),
            };
            let Some(day) = day else { continue };
            let youngest = day.earliest.completed_years_since(born.latest);
            let oldest = day.latest.completed_years_since(born.earliest);
            let near = NumberSet::between(Number::whole(youngest - 1), Number::whole(oldest + 1));
            if oldest >= 0 && recorded.intersection(&near).is_empty() {
                let worked_out =
                    if youngest == oldest { oldest.to_string() } else { format!("{youngest} to {oldest}") };
                let text = format!(
                    "`{}` is recorded as {}, and is {worked_out} by the date of birth",
                    fact.id.value, entry.written
                );
                self.notice(NoticeKind::Age, entry.span, text);
            }
        }
    }

    /// A value of a fact that means nothing for this patient, other than the one the dictionary then gives.
    fn not_applicable(&mut self, entries: &mut [Entry], undated: &[Entry]) {
        let beside = entries.to_vec();
        for entry in entries {
            let Some(fact) = self.definition(entry.fact) else { continue };
            let Some(applies) = &fact.applies_when else { continue };
            let decider = beside.iter().chain(undated).find(|other| other.fact == applies.fact);
            let Some(Given::Choices(told)) = decider.map(|decider| &decider.given) else { continue };
            let Some(both) =
                (!told.intersects(applies.is)).then(|| with_otherwise(fact, applies, &entry.given)).flatten()
            else {
                continue;
            };
            let decider = self.catalog.name(applies.fact);
            let text = format!(
                "`{}` is recorded as {}, though `{decider}` is {}: both are kept as possible",
                fact.id.value,
                entry.written,
                self.value_names(applies.fact, *told),
            );
            entry.given = both;
            entry.reason = Reason::Conflicting;
            self.notice(NoticeKind::NotApplicable, entry.span, text);
        }
    }
}

fn recorded_date(entry: &Entry) -> Option<DateRange> {
    match entry.given {
        Given::Date(range) => Some(range),
        Given::Choices(_) | Given::Number(_) | Given::Missing => None,
    }
}

/// What was recorded together with what the dictionary says of patients for whom the fact means nothing; `None`
/// where that is the same.
fn with_otherwise(fact: &Fact, applies: &AppliesWhen, given: &Given) -> Option<Given> {
    match (&fact.kind, given) {
        (FactKind::Choice { .. }, Given::Choices(recorded)) => {
            let otherwise = applies.otherwise_choice?;
            (!recorded.within(otherwise)).then(|| Given::Choices(recorded.union(otherwise)))
        }
        (FactKind::Number(_), Given::Number(recorded)) => {
            let otherwise = NumberSet::point(applies.otherwise_number?);
            (!recorded.is_subset_of(&otherwise)).then(|| Given::Number(recorded.union(&otherwise)))
        }
        (FactKind::Choice { .. } | FactKind::Number(_) | FactKind::Date, _) => None,
    }
}
