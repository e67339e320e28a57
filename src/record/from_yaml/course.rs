use super::Reader;
use crate::record::{NoticeKind, Therapy};
use crate::value::{DateRange, Number, Unit, UnitKind};
use crate::yaml::Node;

impl Reader<'_> {
    /// Why the dose was not higher; nothing where that is not known.
    pub(super) fn limited_by(&mut self, node: &Node) -> Option<String> {
        let words = Therapy::LIMITS.map(|word| (word, word));
        self.word(node, "what limited the dose", &words).map(str::to_owned)
    }

    /// How much of it was taken, in per cent.
    pub(super) fn adherence(&mut self, course: &Node, name: &str) -> Option<Number> {
        let node = course.get("adherence").filter(|share| !share.is_null() && share.text() != Some("unknown"))?;
        let share = self.percentage("adherence", node)?;
        let bare = node.text().is_some_and(|text| !text.contains('%'));
        if bare && share > Number::ZERO && share <= Number::ONE {
            let text = format!("{share} % was read for the adherence to {name}: a share of 1 is written `100 %`");
            self.notice(NoticeKind::Adherence, node.span, text);
        }
        Some(share)
    }

    /// The days of infusions or cycles, each once.
    pub(super) fn days_given(&mut self, course: &Node, name: &str, start: Option<DateRange>) -> Vec<DateRange> {
        let Some(days) = course.get("given") else { return Vec::new() };
        let items = self.expect_items(days, "`given`", "given: [2025-09-01, 2025-10-01]");
        let what = format!("a dose of {name}");
        let mut days: Vec<DateRange> = Vec::new();
        for item in items {
            let Some(day) = self.period_of_days(item, &what) else { continue };
            // Of a month or a year, two entries are two days of it.
            if day.is_exact() && days.contains(&day) {
                self.notice(
                    NoticeKind::TwiceGiven,
                    item.span,
                    format!("{name} stands twice as given on {day}: it is counted once"),
                );
                continue;
            }
            if let Some(start) = start.filter(|start| day.latest < start.earliest) {
                self.notice(
                    NoticeKind::BeforeStart,
                    item.span,
                    format!("{name} was given on {day}, before it began on {start}"),
                );
            }
            days.push(day);
        }
        days.sort_by_key(|day| (day.earliest, day.latest));
        days
    }

    /// A course that ends, or is judged, before it begins is kept, with a notice.
    pub(super) fn check_order(&mut self, course: &Therapy) {
        let Some(begins) = course.begins() else { return };
        let drug = &course.drug.value;
        for (what, day) in [("stopped", course.stop.day()), ("judged", course.outcome_on)] {
            if let Some(day) = day.filter(|day| day.latest < begins) {
                self.notice(
                    NoticeKind::BeforeStart,
                    course.span,
                    format!("{drug} was {what} on {day}, before it began on {begins}"),
                );
            }
        }
    }

    /// Doses that no rule can look at, or that begin too early, are kept, with a notice.
    pub(super) fn check_doses(&mut self, course: &Therapy, name: &str) {
        if let (true, Some(dose)) = (course.parts.len() > 1, course.doses.first()) {
            let text =
                format!("the dose of {name} is that of neither drug, so no rule looks at it: record each by itself");
            self.notice(NoticeKind::Dose, dose.dose.span, text);
        }
        for step in &course.doses {
            let (dose, span) = (step.dose.value, step.dose.span);
            if let Some((from, start)) =
                step.from.zip(course.start).filter(|(from, start)| from.latest < start.earliest)
            {
                self.notice(
                    NoticeKind::BeforeStart,
                    span,
                    format!("{dose} of {name} is from {from} on, before it began on {start}"),
                );
            }
            if course.parts.len() <= 1 && course.given.is_empty() && dose.unit.is_some_and(is_without_time) {
                let text = format!(
                    "the dose {dose} of {name} says no time, so it cannot be compared: write for example `{dose}/day`, \
                     or the days on which it was given"
                );
                self.notice(NoticeKind::Dose, span, text);
            }
        }
    }
}

/// An amount that does not say in what time, or on what occasion, it is taken.
fn is_without_time(unit: Unit) -> bool {
    const AMOUNTS: [UnitKind; 4] =
        [UnitKind::Mass, UnitKind::DoseByWeight, UnitKind::DoseBySurface, UnitKind::InternationalUnits];
    AMOUNTS.contains(&unit.kind())
}
