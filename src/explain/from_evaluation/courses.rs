//! What the exposure history makes of each therapy: its courses, how the rules of `course` saw them, and why.

use std::collections::{BTreeMap, BTreeSet};

use super::Teller;
use super::treatments::states;
use super::words;
use crate::eval::{CourseFound, CourseSeen, Evaluation, RowSeen, Subject};
use crate::explain::{CitationShown, CourseShown, Operand, Possible, Statement};
use crate::model::{
    Amount, AmountKind, Block, BlockId, BlockKind, Condition, ConditionKind, CourseRule, CourseTest, CourseWord,
    Expression, FairTrialRow, Item, Rule, TherapyId, Unless,
};
use crate::plan::SlotSource;
use crate::record::{Outcome, Stop, StopReason, Therapy};
use crate::syntax::tree::{JudgedAfter, TrialLength};
use crate::value::{Choices, Date, Truth};

impl Teller<'_> {
    /// The therapies that were taken, and those that some rule asks for.
    pub(super) fn courses(&self) -> Vec<CourseShown> {
        let asked = self.asked_for();
        let courses = self.evaluation.inputs.courses.iter();
        let shown = courses.filter(|found| !found.courses.is_empty() || asked.contains(&found.therapy));
        shown.map(|found| self.course(found)).collect()
    }

    /// The therapies that a condition names.
    fn asked_for(&self) -> BTreeSet<TherapyId> {
        let mut asked = BTreeSet::new();
        let blocks = self.subject.guideline.blocks.iter();
        for block in blocks.filter(|block| !matches!(block.kind, BlockKind::Course(_))) {
            block.each_expression(&mut |expression| match expression {
                Expression::Condition(condition) => in_condition(condition, &mut asked),
                Expression::Amount(amount) => in_amount(amount, &mut asked),
            });
        }
        asked
    }

    fn course(&self, found: &CourseFound) -> CourseShown {
        let mut citations: Vec<CitationShown> = Vec::new();
        let mut why: Vec<String> = Vec::new();
        for seen in &found.courses {
            for (text, cited) in self.course_why(found.therapy, seen) {
                if !why.contains(&text) {
                    why.push(text);
                }
                let new: Vec<CitationShown> = cited.into_iter().filter(|one| !citations.contains(one)).collect();
                citations.extend(new);
            }
        }
        CourseShown {
            id: self.therapy_name(found.therapy),
            label: self.therapy_label(found.therapy),
            state: states(self.state_of(found)),
            taking: words::of_truth(found.taking),
            working: words::of_truth(found.working),
            courses: found.courses.iter().map(|seen| self.course_line(seen)).collect(),
            why,
            judge_on: found.judge_on.map(|day| day.latest),
            judge_from: found.judge_on.filter(|day| !day.is_exact()).map(|day| day.earliest),
            citations,
        }
    }

    /// The state of a therapy, as narrow as an answer where it is one.
    fn state_of(&self, found: &CourseFound) -> Choices {
        let narrowed = self.item_choices(Item::Course(found.therapy));
        if narrowed.is_empty() { found.state } else { narrowed }
    }

    /// `10 Jun 2025 to now, 20 mg/week, 37 weeks`
    fn course_line(&self, seen: &CourseSeen) -> String {
        let mut parts: Vec<String> = Vec::new();
        let from = seen.from.map_or_else(|| String::from("begin not recorded"), words::days);
        let is_open = seen.until.is_some() && self.entries(seen).any(|entry| entry.stop == Stop::Unknown);
        let until = match seen.until {
            Some(_) if is_open => String::from("a day that is not known"),
            Some(until) => words::days(until),
            None => String::from("now"),
        };
        parts.push(format!("{from} to {until}"));
        parts.extend(self.doses(seen));
        let given: usize = self.entries(seen).map(|entry| entry.given.len()).sum();
        if given > 0 {
            parts.push(format!("given {given} {}", if given == 1 { "time" } else { "times" }));
        }
        parts.extend(self.weeks(seen));
        parts.extend(self.entries(seen).filter_map(|entry| entry.outcome).next_back().map(outcome_words));
        parts.join(", ")
    }

    fn entries<'a>(&'a self, seen: &'a CourseSeen) -> impl DoubleEndedIterator<Item = &'a Therapy> {
        let all = self.record.therapies.as_ref().map_or(&[][..], |therapies| therapies.courses.as_slice());
        seen.entries.iter().filter_map(move |at| all.get(*at))
    }

    /// `20 mg/week`, `60 to 25 mg/day`
    fn doses(&self, seen: &CourseSeen) -> Option<String> {
        let doses: Vec<String> =
            self.entries(seen).flat_map(|entry| &entry.doses).map(|dose| dose.dose.value.to_string()).collect();
        match (doses.first(), doses.last()) {
            (Some(first), Some(last)) if first != last => Some(format!("{first}, then {last}")),
            (Some(only), _) => Some(only.clone()),
            (None, _) => None,
        }
    }

    fn weeks(&self, seen: &CourseSeen) -> Option<String> {
        let from = seen.from.filter(|from| from.is_exact())?.earliest;
        let until: Date = match seen.until {
            Some(until) => until.is_exact().then_some(until.earliest)?,
            None => self.record.as_of,
        };
        let weeks = until.days_since(from).checked_add(1)?.div_euclid(7);
        (weeks > 0).then(|| format!("{weeks} {}", if weeks == 1 { "week" } else { "weeks" }))
    }

    /// Why a course counts as it does, in a line each with its sources.
    fn course_why(&self, therapy: TherapyId, seen: &CourseSeen) -> Vec<(String, Vec<CitationShown>)> {
        let mut told = Vec::new();
        // The row that was met, else each that was not.
        let met = seen.rows.iter().find(|row| all(row) == Truth::YES);
        for row in met.map_or_else(|| seen.rows.iter().collect::<Vec<_>>(), |row| vec![row]) {
            let Some(rule) = self.row(row) else { continue };
            let text = match all(row) {
                held if held == Truth::YES => format!("a fair trial: {}", asked(rule)),
                held if held.can_be_yes() => format!("a fair trial if {}", lacks(rule, row, false).join(", ")),
                _ => format!("not a fair trial: that takes {}", lacks(rule, row, true).join(", ")),
            };
            told.push((text, Self::citations(&rule.citations)));
        }
        for (text, truth, cited) in self.rules_of_course(therapy, seen) {
            if truth == Truth::YES {
                told.push((text, cited));
            }
        }
        if seen.outcome_worked_out && seen.outcome.len() == 1 {
            let words = words::chosen(seen.outcome, Outcome::WORDS.iter().map(|(word, _)| (*word).to_owned()));
            told.push((format!("outcome worked out from the visits: {}", words.join("")), Vec::new()));
        }
        told
    }

    fn row(&self, seen: &RowSeen) -> Option<&FairTrialRow> {
        let BlockKind::Course(CourseRule::FairTrial(rows)) = &self.subject.guideline.block(seen.block)?.kind else {
            return None;
        };
        rows.get(seen.row)
    }

    /// The rules `failed`, `worked` and `not_tolerated` with what came of them.
    fn rules_of_course(&self, _therapy: TherapyId, seen: &CourseSeen) -> Vec<(String, Truth, Vec<CitationShown>)> {
        let mut told = Vec::new();
        let Some(lowered) = &self.subject.lowered.course else { return told };
        for block in &self.subject.guideline.blocks {
            let BlockKind::Course(rule) = &block.kind else { continue };
            let (register, word, rule) = match rule {
                CourseRule::Failed(rule) => (lowered.failed, "inadequate response", rule),
                CourseRule::Worked(rule) => (lowered.worked, "it worked", rule),
                CourseRule::NotTolerated(rule) => (lowered.not_tolerated, "not tolerated", rule),
                CourseRule::FairTrial(_) | CourseRule::Outcome(_) | CourseRule::Joined(_) => continue,
            };
            let Some(register) = register else { continue };
            let text = format!("{word}: {}", self.rule_written(rule));
            told.push((text, seen.registers.truth(register), Self::citations(&block.citations)));
        }
        told
    }

    /// A rule in the author's words, on one line.
    fn rule_written(&self, rule: &Rule) -> String {
        use crate::model::Test;
        let own = match &rule.test {
            Test::One(condition, _) => self.text(condition.span),
            Test::List(_, items) => items.iter().map(|(item, _)| self.text(item.span)).collect::<Vec<_>>().join(", "),
        };
        let unless: Vec<String> = rule.unless.iter().map(|unless| self.text(unless.condition.span)).collect();
        if unless.is_empty() { own } else { format!("{own}, unless {}", unless.join(" or ")) }
    }

    /// A statement for each therapy that was taken: its courses, each with the rows and rules that were looked at.
    pub(super) fn course_statements(&self) -> Vec<Statement> {
        let courses = self.evaluation.inputs.courses.iter();
        courses.filter(|found| !found.courses.is_empty()).map(|found| self.course_statement(found)).collect()
    }

    fn course_statement(&self, found: &CourseFound) -> Statement {
        let id = format!("course.{}", self.therapy_name(found.therapy));
        let place = self.first_course_rule().map(|block| self.sources.place(block.head)).unwrap_or_default();
        let mut parts = Vec::new();
        for (at, seen) in found.courses.iter().enumerate() {
            parts.push(self.seen_statement(&format!("{id}.{}", at + 1), found.therapy, seen));
        }
        Statement {
            id,
            kind: "course",
            title: format!("Courses of {}", self.therapy_label(found.therapy)),
            outcome: states(self.state_of(found)),
            unit: None,
            why: None,
            place,
            citations: Vec::new(),
            operands: Vec::new(),
            parts,
        }
    }

    fn first_course_rule(&self) -> Option<&Block> {
        self.subject.guideline.blocks.iter().find(|block| matches!(block.kind, BlockKind::Course(_)))
    }

    fn seen_statement(&self, id: &str, therapy: TherapyId, seen: &CourseSeen) -> Statement {
        let mut parts: Vec<Statement> = seen.rows.iter().filter_map(|row| self.row_statement(row)).collect();
        if let Some(lowered) = &self.subject.lowered.course {
            let evaluation = Evaluation {
                inputs: seen.inputs.clone(),
                registers: seen.registers.clone(),
                covers: Truth::YES,
                covers_because: Vec::new(),
                answers: Vec::new(),
                items: BTreeMap::new(),
                impossible: Vec::new(),
                refined: BTreeMap::new(),
            };
            let subject = Subject { lowered: &lowered.lowered, ..self.subject };
            let inner = Teller::of_course(subject, self.record, &evaluation, self.sources, self.therapy_name(therapy));
            parts.extend(inner.rule_statements());
        }
        for (at, part) in parts.iter_mut().enumerate() {
            part.id = format!("{id}.{}", at + 1);
            for (inner, line) in part.parts.iter_mut().enumerate() {
                line.id = format!("{id}.{}.{}", at + 1, inner + 1);
            }
        }
        let place = self.entries(seen).next().map(|entry| self.sources.place(entry.span)).unwrap_or_default();
        Statement {
            id: id.to_owned(),
            kind: "course",
            title: self.course_line(seen),
            outcome: states(seen.state),
            unit: None,
            why: None,
            place,
            citations: Vec::new(),
            operands: Vec::new(),
            parts,
        }
    }

    fn row_statement(&self, seen: &RowSeen) -> Option<Statement> {
        let rule = self.row(seen)?;
        let held = all(seen);
        let place = self.sources.place(rule.span);
        let cells = cells(rule, seen).into_iter().map(|(title, truth)| Statement {
            id: String::new(),
            kind: "cell",
            title,
            outcome: words::of_truth(truth),
            unit: None,
            why: None,
            place: place.clone(),
            citations: Vec::new(),
            operands: Vec::new(),
            parts: Vec::new(),
        });
        let parts: Vec<Statement> = cells.collect();
        Some(Statement {
            id: String::new(),
            kind: "row",
            title: format!("a fair trial of {}", rule.written.replace('_', " ")),
            outcome: words::of_truth(held),
            unit: None,
            why: seen.stretch.as_ref().filter(|_| held != Truth::YES).map(|(from, until)| {
                format!("the longest stretch at that dose is {} to {}", words::days(*from), words::days(*until))
            }),
            place,
            citations: Self::citations(&rule.citations),
            operands: Vec::new(),
            parts,
        })
    }

    /// The rules of `course` for the course at hand.
    fn rule_statements(&self) -> Vec<Statement> {
        let mut statements = Vec::new();
        for (id, block) in self.every_block() {
            let BlockKind::Course(rule) = &block.kind else { continue };
            let lines: Vec<Statement> = match rule {
                CourseRule::Failed(rule) | CourseRule::Worked(rule) | CourseRule::NotTolerated(rule) => {
                    self.rule_lines(rule, id)
                }
                CourseRule::Outcome(lines) => lines
                    .iter()
                    .map(|(at, condition, cited)| {
                        let word = Outcome::WORDS.get(usize::from(*at)).map_or("", |(word, _)| word);
                        let line = self.line("line", condition, cited);
                        Statement { title: format!("{word}: {}", line.title), ..line }
                    })
                    .collect(),
                CourseRule::FairTrial(_) | CourseRule::Joined(_) => continue,
            };
            let held = match rule {
                CourseRule::Outcome(_) => Possible::Choice(words::chosen(
                    self.word_choices(CourseWord::Outcome),
                    Outcome::WORDS.iter().map(|(word, _)| (*word).to_owned()),
                )),
                CourseRule::Failed(_) | CourseRule::Worked(_) | CourseRule::NotTolerated(_) => {
                    words::of_truth(self.rule_held(rule))
                }
                CourseRule::FairTrial(_) | CourseRule::Joined(_) => continue,
            };
            statements.push(Statement {
                id: String::new(),
                kind: "rule",
                title: super::ladders::titled(block),
                outcome: held,
                unit: None,
                why: None,
                place: self.sources.place(block.head),
                citations: Self::citations(&block.citations),
                operands: Vec::new(),
                parts: lines,
            });
        }
        statements
    }

    /// Whether one of the rules holds for the course at hand, from its lines.
    fn rule_held(&self, rule: &CourseRule) -> Truth {
        let rule = match rule {
            CourseRule::Failed(rule) | CourseRule::Worked(rule) | CourseRule::NotTolerated(rule) => rule,
            CourseRule::FairTrial(_) | CourseRule::Outcome(_) | CourseRule::Joined(_) => return Truth::EITHER,
        };
        let own = self.test_held(&rule.test);
        let stops = |unless: &Unless| self.condition_truth(&unless.condition);
        rule.unless.iter().map(stops).fold(own, |held, stopped| held & !stopped)
    }

    fn word_choices(&self, word: CourseWord) -> Choices {
        match self.input(SlotSource::Word(word)).map(|input| &input.held) {
            Some(crate::eval::Held::Choices(choices)) => *choices,
            Some(crate::eval::Held::Truth(_) | crate::eval::Held::Number(_)) | None => Choices::NONE,
        }
    }

    /// A word of the course at hand.
    pub(super) fn word_operand(&self, word: CourseWord) -> Option<Operand> {
        let input = self.input(SlotSource::Word(word))?;
        let (key, label, unit) = course_word(word);
        let possible = match &input.held {
            crate::eval::Held::Truth(truth) => words::of_truth(*truth),
            crate::eval::Held::Number(number) => Possible::Number(number.clone()),
            crate::eval::Held::Choices(choices) => Possible::Choice(words::chosen(*choices, word_values(word))),
        };
        let therapy = self.course_of.as_deref().unwrap_or("course");
        Some(Operand {
            id: format!("{therapy}.{key}"),
            label: label.to_owned(),
            when: String::new(),
            possible,
            written: input.written.clone(),
            unit: unit.map(str::to_owned),
            date: input.date,
            provenance: input.reason.words().to_owned(),
            upper_limit: None,
            scale: None,
            place: input.span.map(|span| self.sources.place(span)),
        })
    }
}

/// The word of rules, what a person reads, and the unit.
fn course_word(word: CourseWord) -> (&'static str, &'static str, Option<&'static str>) {
    match word {
        CourseWord::Adequate => ("adequate", "a fair trial", None),
        CourseWord::Ongoing => ("ongoing", "ongoing", None),
        CourseWord::Outcome => ("outcome", "outcome", None),
        CourseWord::OutcomeRecorded => ("outcome_recorded", "outcome as recorded", None),
        CourseWord::StoppedFor => ("stopped_for", "stopped for", None),
        CourseWord::DoseLimitedBy => ("dose_limited_by", "dose limited by", None),
        CourseWord::Adherence => ("adherence", "adherence", Some("%")),
        CourseWord::Duration => ("duration", "duration", Some("weeks")),
        CourseWord::Cycles => ("cycles", "cycles", None),
        CourseWord::Gap => ("gap", "gap", Some("weeks")),
    }
}

fn word_values(word: CourseWord) -> impl Iterator<Item = String> {
    let words: Vec<&'static str> = match word {
        CourseWord::Outcome | CourseWord::OutcomeRecorded => Outcome::WORDS.iter().map(|(word, _)| *word).collect(),
        CourseWord::StoppedFor => {
            StopReason::WORDS.iter().map(|(word, _)| *word).chain(std::iter::once("not_stopped")).collect()
        }
        CourseWord::DoseLimitedBy => vec!["intolerance", "other", "nothing"],
        CourseWord::Adequate
        | CourseWord::Ongoing
        | CourseWord::Adherence
        | CourseWord::Duration
        | CourseWord::Cycles
        | CourseWord::Gap => Vec::new(),
    };
    words.into_iter().map(str::to_owned)
}

fn outcome_words(outcome: Outcome) -> String {
    outcome.word().replace('_', " ")
}

/// Every cell of a row.
fn all(row: &RowSeen) -> Truth {
    row.dose & row.length & row.adherence & row.level
}

/// The cells of a row that ask for something, with what came of each.
fn cells(rule: &FairTrialRow, seen: &RowSeen) -> Vec<(String, Truth)> {
    let mut cells = Vec::new();
    if let Some((dose, or_highest)) = &rule.dose {
        let or_highest = if *or_highest { " or the highest tolerated" } else { "" };
        cells.push((format!("at least {dose}{or_highest}"), seen.dose));
    }
    if let Some(length) = rule.length {
        cells.push((length_words(length), seen.length));
    }
    if let Some(adherence) = rule.adherence {
        cells.push((format!("adherence at least {adherence} %"), seen.adherence));
    }
    if let Some(level) = &rule.level {
        cells.push((format!("level at least {level}"), seen.level));
    }
    cells
}

fn length_words(length: TrialLength) -> String {
    match length {
        TrialLength::Time(period) => format!("for at least {period}"),
        TrialLength::Occasions(count) => format!("given at least {count} times"),
    }
}

/// `at least 15 mg/week for at least 12 weeks, adherence at least 80 %, judged after 12 weeks`
fn asked(rule: &FairTrialRow) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some((dose, or_highest)) = &rule.dose {
        let or_highest = if *or_highest { " or the highest tolerated" } else { "" };
        words.push(format!("at least {dose}{or_highest}"));
    }
    words.extend(rule.length.map(length_words));
    words.extend(rule.adherence.map(|adherence| format!("adherence at least {adherence} %")));
    words.extend(rule.level.as_ref().map(|level| format!("level at least {level}")));
    words.extend(rule.judged.map(|JudgedAfter { period, from_last_dose }| {
        let from = if from_last_dose { " after the last dose" } else { "" };
        format!("judged after {period}{from}")
    }));
    if words.is_empty() { String::from("every course counts") } else { words.join(", ") }
}

/// What a row lacks, or what is open in it.
fn lacks(rule: &FairTrialRow, seen: &RowSeen, certainly: bool) -> Vec<String> {
    let lacking = |truth: Truth| if certainly { !truth.can_be_yes() } else { truth == Truth::EITHER };
    cells(rule, seen).into_iter().filter(|(_, truth)| lacking(*truth)).map(|(title, _)| title).collect()
}

fn in_condition(condition: &Condition, asked: &mut BTreeSet<TherapyId>) {
    match &condition.kind {
        ConditionKind::All(items) | ConditionKind::Any(items) | ConditionKind::Count { items, .. } => {
            for item in items {
                in_condition(item, asked);
            }
        }
        ConditionKind::Not(inner) => in_condition(inner, asked),
        ConditionKind::Compares { subject, range } => {
            in_amount(subject, asked);
            for end in [&range.low, &range.high].into_iter().flatten() {
                in_amount(&end.amount, asked);
            }
        }
        ConditionKind::IsRecorded(amount) => in_amount(amount, asked),
        ConditionKind::Course(CourseTest::State(therapy, _) | CourseTest::Taking(therapy)) => {
            asked.insert(*therapy);
        }
        ConditionKind::Course(CourseTest::Count { .. } | CourseTest::Word(_) | CourseTest::WordIs(..))
        | ConditionKind::Status(..)
        | ConditionKind::Holds(_)
        | ConditionKind::Is { .. }
        | ConditionKind::Changes(_)
        | ConditionKind::IsNotMeasured(_)
        | ConditionKind::FactIsRecorded(_)
        | ConditionKind::Concludes(..) => {}
    }
}

fn in_amount(amount: &Amount, asked: &mut BTreeSet<TherapyId>) {
    match &amount.kind {
        AmountKind::SinceLastDose(therapy) => {
            asked.insert(*therapy);
        }
        AmountKind::InUnit(inner, _) | AmountKind::Negative(inner) | AmountKind::Call(_, inner) => {
            in_amount(inner, asked);
        }
        AmountKind::Arithmetic(left, _, right) => {
            in_amount(left, asked);
            in_amount(right, asked);
        }
        AmountKind::Constant(_)
        | AmountKind::Fact(_)
        | AmountKind::OnScale(..)
        | AmountKind::Multiple(_)
        | AmountKind::Block(_)
        | AmountKind::CourseWord(_)
        | AmountKind::ChangeIn(_)
        | AmountKind::Improvement(..) => {}
    }
}

/// The course blocks, for the sources they cite.
pub(super) fn course_blocks(blocks: &[Block]) -> impl Iterator<Item = BlockId> {
    (0..).zip(blocks).filter(|(_, block)| matches!(block.kind, BlockKind::Course(_))).map(|(at, _)| BlockId(at))
}
