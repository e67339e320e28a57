use super::shape::in_words;
use super::{Reader, codes};
use crate::catalog::TreatmentId;
use crate::diagnostics::{Diagnostic, suggest};
use crate::record::{Dose, NoticeKind, Outcome, Stop, StopReason, Therapies, Therapy};
use crate::source::Spanned;
use crate::value::{Number, Quantity, Unit, UnitError, UnitKind};
use crate::yaml::Node;

/// A treatment, and how much of it one unit of what is written is.
type Part = (TreatmentId, Number);

const EXAMPLE: &str = "- {drug: drug_name, start: 2025-06-10, dose: 20 mg/week}";

const KEYS: [&str; 12] = [
    "drug",
    "start",
    "stop",
    "dose",
    "doses",
    "given",
    "adherence",
    "level",
    "outcome",
    "outcome_on",
    "dose_limited_by",
    "stopped_for",
];

impl Reader<'_> {
    /// The exposure history; `None` where the record does not speak of it.
    pub(super) fn therapies(&mut self, node: Option<&Node>, complete: Option<&Node>) -> Option<Therapies> {
        // Not to know whether the list is complete is no more than to know that it is not.
        let complete = complete.filter(|node| !node.is_null()).and_then(|node| match node.text() {
            Some("unknown") => Some(false),
            Some(_) | None => self.yes_no(node, "`therapies_complete`"),
        });
        let node = node.filter(|node| !node.is_null() && node.text() != Some("unknown"))?;
        let items = self.expect_items(node, "`therapies`", EXAMPLE);
        let courses = items.iter().filter_map(|item| self.course(item)).collect();
        Some(Therapies { complete: complete.unwrap_or(true), courses })
    }

    fn course(&mut self, node: &Node) -> Option<Therapy> {
        let lines = self.expect_parts(node, "a course of treatment", EXAMPLE);
        self.only_keys(lines, "a course of treatment", &KEYS);
        let drug = self.required(node, "drug", "the course", "drug: drug_name").and_then(|drug| self.drug(drug));
        let name = drug.as_ref().map_or_else(|| "the course".to_owned(), |(drug, _)| drug.value.clone());
        let part = |key: &str| node.get(key);
        let start = part("start").and_then(|day| self.period_of_days(day, &format!("the start of {name}")));
        let stop = part("stop").map_or(Stop::Runs, |day| self.stop(day, &name));
        let stopped_for =
            part("stopped_for").and_then(|word| self.word(word, "why it was stopped", &StopReason::WORDS));
        if let (Some(_), Stop::Runs, Some(reason)) = (stopped_for, stop, part("stopped_for")) {
            let error =
                Diagnostic::error(codes::COURSE, reason.span, format!("{name} was stopped, and `stop` is not said"));
            self.error(
                error.note("without `stop` it would count as still running; a month, a year or `unknown` is enough"),
            );
        }
        let (drug, parts) = drug.unzip();
        let course = Therapy {
            start,
            stop,
            doses: self.doses(node, &name),
            given: self.days_given(node, &name, start),
            adherence: self.adherence(node, &name),
            level: part("level").and_then(|level| self.level(level)),
            outcome: part("outcome").and_then(|word| self.word(word, "an outcome", &Outcome::WORDS)),
            outcome_on: part("outcome_on").and_then(|day| self.period_of_days(day, &format!("the outcome of {name}"))),
            outcome_is_open: false,
            dose_limited_by: match part("dose_limited_by") {
                Some(word) => self.limited_by(word),
                None => Some(Therapy::NOTHING.to_owned()),
            },
            stopped_for,
            span: node.span,
            drug: drug?,
            parts: parts.unwrap_or_default(),
        };
        self.check_order(&course);
        self.check_doses(&course, &name);
        Some(course)
    }

    /// The last day; a word for what is not known is not the same as no word.
    fn stop(&mut self, node: &Node, name: &str) -> Stop {
        if node.is_null() || matches!(node.text(), Some("unknown" | "pending" | "refused")) {
            return Stop::Unknown;
        }
        self.period_of_days(node, &format!("the stop of {name}")).map_or(Stop::Runs, Stop::On)
    }

    /// A drug, or a combination with its parts joined by ` + `, and the treatments it names.
    pub(super) fn drug(&mut self, node: &Node) -> Option<(Spanned<String>, Vec<Part>)> {
        let written = self.expect_words(node, "a drug", "drug_name")?;
        let parts: Vec<&str> = written.value.split('+').map(str::trim).collect();
        if parts.contains(&"") {
            let error =
                Diagnostic::error(codes::COURSE, node.span, format!("`{}` names no drug beside `+`", written.value));
            self.error(error.note("a combination is written `drug_name + other_drug`"));
            return None;
        }
        let treatments = self.treatments(node, &parts);
        Some((Spanned::new(parts.join(" + "), node.span), treatments))
    }

    /// The treatments of the formulary with these names; none where one of them is not known.
    fn treatments(&mut self, node: &Node, names: &[&str]) -> Vec<Part> {
        // Rules without a formulary look at no drug at all.
        if self.catalog.treatment_names().next().is_none() {
            return Vec::new();
        }
        let mut treatments: Vec<Part> = Vec::new();
        for name in names {
            let Some((treatment, factor)) = self.catalog.preparation(name) else {
                self.unknown_drug(node, names, name);
                continue;
            };
            if treatments.iter().any(|(other, _)| *other == treatment) {
                let message = format!("`{}` stands twice in one combination", self.catalog.treatment_name(treatment));
                let error = Diagnostic::error(codes::COURSE, node.span, message);
                self.error(error.note("name each drug once; two preparations of one drug are two courses"));
            } else {
                treatments.push((treatment, factor));
            }
        }
        if treatments.len() < names.len() {
            return Vec::new();
        }
        treatments.sort_by_key(|(treatment, _)| *treatment);
        treatments
    }

    /// Names of drugs resemble each other in their endings; a slip of the pen seldom changes the first letter.
    fn near_drug(&self, name: &str) -> Option<&str> {
        let first = |name: &str| name.chars().next().map(|letter| letter.to_ascii_lowercase());
        self.catalog.nearest_treatment(name).filter(|near| first(near) == first(name))
    }

    fn unknown_drug(&mut self, node: &Node, names: &[&str], name: &str) {
        let shown = super::shortened(name);
        let near = self.near_drug(name);
        let class = self.catalog.nearest_class(name).filter(|class| near.is_none() || *class == name);
        if let Some(class) = class {
            let message = format!("`{shown}` is a class of drugs, not a drug");
            let members = self.catalog.members(class).into_iter().map(|member| self.catalog.treatment_name(member));
            let which = format!("say which was taken: {}", in_words(members));
            self.error(Diagnostic::error(codes::DRUG, node.span, message).note(which));
        } else if let Some(near) = near {
            let others = names.iter().map(|other| if *other == name { near } else { other });
            let words = others.collect::<Vec<_>>().join(" + ");
            let error = Diagnostic::error(codes::DRUG, node.span, format!("`{shown}` is not in the formulary"));
            let error = self.rewrite(error, node, &words);
            self.error(
                error.note(format!("if another drug is meant, say more than its name, as in `{shown} of a trial`")),
            );
        } else {
            self.notice(
                NoticeKind::UnknownDrug,
                node.span,
                format!("`{shown}` is not in the formulary, so no rule looks at it"),
            );
        }
    }

    /// A trough level: a number with a unit of concentration.
    fn level(&mut self, node: &Node) -> Option<Spanned<Quantity>> {
        if node.is_null() || node.text() == Some("unknown") {
            return None;
        }
        let written = self.expect_words(node, "a level", "6 ng/mL")?;
        let shown = super::shortened(&written.value);
        let refuse = |code, message: String| Diagnostic::error(code, node.span, message);
        let error = match Quantity::parse(&written.value) {
            Ok(level) if level.value.sign() < 0 => refuse(codes::RANGE, "a level is not below zero".to_owned()),
            Ok(level) => match level.unit.map(Unit::kind) {
                Some(
                    UnitKind::MassConcentration
                    | UnitKind::AmountConcentration
                    | UnitKind::InternationalUnitConcentration,
                ) => return Some(Spanned::new(level, node.span)),
                None => refuse(codes::UNIT, format!("the level `{shown}` has no unit")),
                Some(_) => refuse(codes::UNIT, format!("`{shown}` is not a level")),
            },
            Err(UnitError::NotAUnit { text }) => {
                refuse(codes::UNIT, format!("`{}` is not a unit", super::shortened(&text)))
            }
            Err(
                UnitError::NotANumber { .. }
                | UnitError::NoUnit { .. }
                | UnitError::NotComparable { .. }
                | UnitError::Conversion { .. },
            ) => refuse(codes::NUMBER, format!("`{shown}` is not a level")),
        };
        self.error(error.note("write a number and a unit of concentration, as in `6 ng/mL`"));
        None
    }

    fn doses(&mut self, node: &Node, name: &str) -> Vec<Dose> {
        let whole = node.get("dose").filter(|dose| !dose.is_null() && dose.text() != Some("unknown"));
        let steps = node.get("doses").filter(|doses| !doses.is_null());
        match (whole, steps) {
            (Some(dose), None) => self.dose(dose).map(|dose| Dose { from: None, dose }).into_iter().collect(),
            (None, Some(steps)) => self.dose_steps(steps, name),
            (None, None) => Vec::new(),
            (Some(dose), Some(_)) => {
                let error = Diagnostic::error(codes::COURSE, dose.span, format!("{name} has a `dose` and `doses`"));
                self.error(
                    error.note("write `dose` for one that never changed, `doses` for several, each with `from`"),
                );
                Vec::new()
            }
        }
    }

    fn dose_steps(&mut self, steps: &Node, name: &str) -> Vec<Dose> {
        const STEP: &str = "- {from: 2024-08-01, dose: 50 mg/day}";
        let mut doses = Vec::new();
        for step in self.expect_items(steps, "`doses`", STEP) {
            let lines = self.expect_parts(step, "an entry of `doses`", STEP);
            self.only_keys(lines, "an entry of `doses`", &["from", "dose"]);
            let from = self
                .required(step, "from", "the dose", STEP)
                .and_then(|day| self.period_of_days(day, &format!("a dose of {name}")));
            let dose = self.required(step, "dose", "the entry", STEP).and_then(|dose| self.dose(dose));
            doses.extend(dose.filter(|_| from.is_some()).map(|dose| Dose { from, dose }));
        }
        doses.sort_by_key(|dose| dose.from.map(|from| from.earliest));
        doses
    }

    fn dose(&mut self, node: &Node) -> Option<Spanned<Quantity>> {
        let written = self.expect_words(node, "a dose", "20 mg/week")?;
        let refuse = |message: String| Diagnostic::error(codes::UNIT, node.span, message);
        let example = "write for example `20 mg/week`, `1.5 mg/kg/day` or `2 g/kg per cycle`";
        let error = match Quantity::parse(&written.value) {
            Ok(dose) if dose.value.sign() < 0 => Diagnostic::error(codes::RANGE, node.span, "a dose is not below zero"),
            Ok(dose) if dose.unit.is_some() => return Some(Spanned::new(dose, node.span)),
            Ok(_) => refuse(format!("the dose `{}` has no unit", super::shortened(&written.value))).note(example),
            Err(UnitError::NotAUnit { text }) => {
                let error = refuse(format!("`{}` is not a unit of a dose", super::shortened(&text)));
                match suggest::nearest(&text, Unit::spellings()) {
                    Some(meant) => error.note(format!("did you mean `{meant}`?")),
                    None => error.note(example),
                }
            }
            Err(
                UnitError::NotANumber { .. }
                | UnitError::NoUnit { .. }
                | UnitError::NotComparable { .. }
                | UnitError::Conversion { .. },
            ) => {
                let message = format!("`{}` is not a dose", super::shortened(&written.value));
                Diagnostic::error(codes::NUMBER, node.span, message).note(example)
            }
        };
        self.error(error);
        None
    }
}
