use crate::catalog::{Burden, Fact, FactKind};
use crate::eval::{CourseNeed, Held};
use crate::explain::Possible;
use crate::model::Time;
use crate::model::Type;
use crate::plan::FAULT;
use crate::value::{Choices, Date, DateRange, Period, PeriodUnit, Truth};

/// When a fact is read, in words; empty for an undated fact.
pub(super) fn time(when: Time) -> String {
    match when {
        Time::Undated => String::new(),
        Time::Baseline => String::from("at baseline"),
        Time::Latest { within: None } => String::from("latest"),
        Time::Latest { within: Some(period) } => format!("latest within {period}"),
        Time::Since => String::from("after the baseline"),
        Time::Ever => String::from("ever"),
        Time::Highest => String::from("highest ever"),
        Time::Lowest => String::from("lowest ever"),
    }
}

/// What a fact can be.
pub(super) fn of_fact(held: &Held, fact: &Fact) -> Possible {
    match (held, &fact.kind) {
        (Held::Truth(truth), _) => of_truth(*truth),
        (Held::Number(number), _) => Possible::Number(number.clone()),
        (Held::Choices(choices), FactKind::Choice { values, .. }) => {
            let names = values.iter().map(|value| value.name.clone());
            Possible::Choice(chosen(*choices, names))
        }
        (Held::Choices(_), FactKind::Number(_) | FactKind::Date) => Possible::Nothing,
    }
}

/// What a block's result can be.
pub(super) fn of_block(held: &[Held], gives: &Type) -> Possible {
    if let Type::Several(names) = gives {
        return several(held, names);
    }
    match (held.first(), gives) {
        (Some(Held::Truth(truth)), _) => of_truth(*truth),
        (Some(Held::Number(number)), _) => Possible::Number(number.clone()),
        (Some(Held::Choices(choices)), Type::Choice(names)) => {
            Possible::Choice(chosen(choices.without(Choices::only(FAULT)), names.iter().cloned()))
        }
        (Some(Held::Choices(_)) | None, _) => Possible::Nothing,
    }
}

pub(super) fn of_truth(truth: Truth) -> Possible {
    Possible::YesNo { yes: truth.can_be_yes(), no: truth.can_be_no() }
}

/// The names of the values of a set.
pub(super) fn chosen(choices: Choices, names: impl Iterator<Item = String>) -> Vec<String> {
    (0_u8..).zip(names).filter(|(at, _)| choices.contains(*at)).map(|(_, name)| name).collect()
}

fn several(held: &[Held], names: &[String]) -> Possible {
    let mut certain = Vec::new();
    let mut perhaps = Vec::new();
    for (held, name) in held.iter().zip(names) {
        match held {
            Held::Truth(truth) if *truth == Truth::YES => certain.push(name.clone()),
            Held::Truth(truth) if truth.can_be_yes() => perhaps.push(name.clone()),
            Held::Truth(_) | Held::Choices(_) | Held::Number(_) => {}
        }
    }
    Possible::Several { certain, perhaps }
}

/// Something a record could say of a therapy, and how one asks for it.
pub(super) struct Need {
    /// What.
    pub(super) what: CourseNeed,
    /// Its name after the therapy's.
    pub(super) key: &'static str,
    /// What a person reads; `{}` is the therapy.
    pub(super) label: &'static str,
    /// The question.
    pub(super) question: &'static str,
    /// What it costs the patient.
    pub(super) burden: Burden,
}

/// All but facts of the dictionary.
pub(super) const NEEDS: [Need; 11] = [
    need(CourseNeed::Taken, "taken", "whether {} was taken", "Was {} ever taken, and from when to when?"),
    need(CourseNeed::Start, "start", "start of {}", "When was {} begun?"),
    need(CourseNeed::Stop, "stop", "end of {}", "Is {} still taken? If not, when was it stopped?"),
    need(CourseNeed::Dose, "dose", "dose of {}", "What was the dose of {}, and from when?"),
    need(
        CourseNeed::DoseLimitedBy,
        "dose_limited_by",
        "what limited the dose of {}",
        "Was the dose of {} kept low because more was not tolerated, for another reason, or for none?",
    ),
    need(CourseNeed::Given, "given", "days on which {} was given", "On which days was {} given?"),
    need(CourseNeed::Declined, "declined", "whether {} was declined", "Did the patient decline {}?"),
    need(CourseNeed::Adherence, "adherence", "adherence to {}", "Was {} taken as prescribed: what share of the doses?"),
    Need {
        burden: Burden::BloodTest,
        ..need(CourseNeed::Level, "level", "level of {}", "What was the trough level of {}?")
    },
    need(
        CourseNeed::Outcome,
        "outcome",
        "outcome of {}",
        "What came of {}: no response, partial, response, relapse or worse?",
    ),
    need(
        CourseNeed::StoppedFor,
        "stopped_for",
        "why {} was stopped",
        "Why was {} stopped: no effect, not tolerated, remission, pregnancy or something else?",
    ),
];

const fn need(what: CourseNeed, key: &'static str, label: &'static str, question: &'static str) -> Need {
    Need { what, key, label, question, burden: Burden::History }
}

const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// `01 Jun 2025`
pub(crate) fn day(date: Date) -> String {
    let month = usize::try_from(date.month() - 1).ok().and_then(|at| MONTHS.get(at)).copied().unwrap_or("?");
    format!("{:02} {month} {}", date.day(), date.year())
}

/// `01 Jun 2025`, `Jun 2025`, `2025`, `01 Jun to 15 Aug 2025`: a day as far as it is known.
pub(crate) fn days(range: DateRange) -> String {
    let DateRange { earliest, latest } = range;
    if range.is_exact() {
        return day(earliest);
    }
    let first = earliest.day() == 1;
    let month_ends = latest.plus(Period { count: 1, unit: PeriodUnit::Day }).is_ok_and(|next| next.day() == 1);
    let same_year = earliest.year() == latest.year();
    if first && month_ends && same_year && earliest.month() == latest.month() {
        return day(earliest).get(3..).unwrap_or_default().to_owned();
    }
    if first && month_ends && same_year && earliest.month() == 1 && latest.month() == 12 {
        return earliest.year().to_string();
    }
    format!("between {} and {}", day(earliest), day(latest))
}
