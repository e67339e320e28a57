use crate::catalog::{Fact, FactId, FactKind};
use crate::diagnostics::{Diagnostic, suggest};
use crate::model::Time;
use crate::model::{Amount, AmountKind, BlockId, Change, Condition, ConditionKind, FactReading, Tested, Type};
use crate::source::Span;
use crate::syntax::tree::{self, Name, Reading, Value};
use crate::value::{Choices, Number};

use super::Resolver;
use super::amounts::{COMPARE_NUMBERS, choice_note, listed, number_kind, values_note};
use super::codes;
use super::names::Meaning;

impl Resolver<'_> {
    /// A condition.
    pub(super) fn condition(&mut self, tree: &tree::Condition) -> Option<Condition> {
        let kind = match &tree.kind {
            tree::ConditionKind::All(items) => ConditionKind::All(self.conditions(items)?),
            tree::ConditionKind::Any(items) => ConditionKind::Any(self.conditions(items)?),
            tree::ConditionKind::Not(inner) => {
                self.expect_clear_not(inner)?;
                ConditionKind::Not(Box::new(self.condition(inner)?))
            }
            tree::ConditionKind::Count { how, items } => {
                self.expect_reachable(*how, items.len(), tree.span);
                ConditionKind::Count { how: *how, items: self.conditions(items)? }
            }
            tree::ConditionKind::Holds(reading) => self.holds(reading)?,
            tree::ConditionKind::Is { subject, values, negated } => {
                let kind = self.is(subject, values, *negated, tree.span)?;
                self.negated_if(*negated, kind, tree.span)
            }
            tree::ConditionKind::Compares { subject, range, negated } => {
                let subject = self.amount_or_ever(subject)?;
                if *negated {
                    self.expect_no_ever(&subject, tree.span)?;
                }
                let kind = self.compares(subject, range)?;
                self.negated_if(*negated, kind, tree.span)
            }
            tree::ConditionKind::Changes { subject, direction, by, of_baseline } => {
                self.changes(subject, *direction, by, *of_baseline)?
            }
            tree::ConditionKind::IsRecorded(amount) => self.is_recorded(amount, tree.span)?,
            tree::ConditionKind::Course(test) => self.course_test(test, tree.span)?,
            tree::ConditionKind::Status(test) => {
                let kind = self.status_test(test)?;
                self.negated_if(test.negated, kind, tree.span)
            }
        };
        Some(self.made(kind, tree.span))
    }

    pub(super) fn made(&mut self, kind: ConditionKind, span: Span) -> Condition {
        Condition { id: self.node(), span, kind }
    }

    pub(super) fn negated_if(&mut self, negated: bool, kind: ConditionKind, span: Span) -> ConditionKind {
        if negated { ConditionKind::Not(Box::new(self.made(kind, span))) } else { kind }
    }

    /// All of them, every mistake reported.
    fn conditions(&mut self, items: &[tree::Condition]) -> Option<Vec<Condition>> {
        let resolved: Vec<Option<Condition>> = items.iter().map(|item| self.condition(item)).collect();
        resolved.into_iter().collect()
    }

    fn holds(&mut self, reading: &Reading) -> Option<ConditionKind> {
        match self.meaning(&reading.name)? {
            Meaning::Unusable => None,
            Meaning::Block(block) => {
                self.expect_readable(block, reading.name.span)?;
                let gives = self.resolved(block).map(|block| block.gives.clone())?;
                if gives == Type::YesNo {
                    self.expect_no_time(reading)?;
                    return Some(ConditionKind::Holds(block));
                }
                self.report(
                    Diagnostic::error(
                        codes::NOT_YES_NO,
                        reading.name.span,
                        format!("`{}` is not a yes/no", reading.name.value),
                    )
                    .note(type_note(&gives)),
                );
                None
            }
            Meaning::Conclusion(block, place) => {
                self.expect_readable(block, reading.name.span)?;
                self.expect_no_time(reading)?;
                Some(ConditionKind::Concludes(block, place))
            }
            Meaning::Word(word) => self.word_holds(word, reading),
            Meaning::Fact(fact) => {
                let known = self.catalog.fact(fact)?;
                let FactKind::Choice { yes_no: true, .. } = known.kind else {
                    self.report(
                        Diagnostic::error(
                            codes::NOT_YES_NO,
                            reading.name.span,
                            format!("`{}` is not a yes/no", reading.name.value),
                        )
                        .note(values_note(known)),
                    );
                    return None;
                };
                let reading = self.fact_reading(fact, known, reading)?;
                Some(ConditionKind::Is { subject: Tested::Fact(reading), values: Choices::only(0) })
            }
        }
    }

    /// `not F` of a fact that may be *not done* does not say what is meant.
    fn expect_clear_not(&mut self, inner: &tree::Condition) -> Option<()> {
        let tree::ConditionKind::Holds(reading) = &inner.kind else { return Some(()) };
        if self.is_own(&reading.name.value) {
            return Some(());
        }
        let fact = self.catalog.find(&reading.name.value).and_then(|fact| self.catalog.fact(fact));
        if fact.is_none_or(|fact| fact.kind.position(FactKind::NOT_DONE).is_none()) {
            return Some(());
        }
        let text = self.text(reading.span);
        self.report(
            Diagnostic::error(
                codes::UNCLEAR_NOT,
                inner.span,
                format!("`{}` may be *not done*: does `not` include that?", reading.name.value),
            )
            .note(format!("write `{text} is no`, or `{text} is one of no, not done`")),
        );
        None
    }

    fn is(&mut self, subject: &Reading, values: &[Value], negated: bool, span: Span) -> Option<ConditionKind> {
        match self.meaning(&subject.name)? {
            Meaning::Unusable => None,
            Meaning::Block(block) => {
                self.expect_readable(block, subject.name.span)?;
                self.block_is(block, subject, values)
            }
            Meaning::Conclusion(block, place) => {
                self.expect_readable(block, subject.name.span)?;
                self.expect_no_time(subject)?;
                self.yes_no_is(ConditionKind::Concludes(block, place), &subject.name.value, values)
            }
            Meaning::Word(word) => self.word_is(word, subject, values),
            Meaning::Fact(fact) => {
                let known = self.catalog.fact(fact)?;
                if negated && matches!(subject.when, tree::When::Ever) {
                    self.report_ever_not(span);
                    return None;
                }
                if number_kind(known).is_some() {
                    return self.number_is(fact, known, subject, values);
                }
                let reading = self.fact_reading(fact, known, subject)?;
                let mask = self.values_of_fact(known, values)?;
                Some(ConditionKind::Is { subject: Tested::Fact(reading), values: mask })
            }
        }
    }

    /// `latest ck is not measured`, or a number that is another.
    fn number_is(&mut self, fact: FactId, known: &Fact, subject: &Reading, values: &[Value]) -> Option<ConditionKind> {
        match values {
            [Value::NotMeasured(_)] => {
                let reading = self.fact_reading(fact, known, subject)?;
                Some(ConditionKind::IsNotMeasured(reading))
            }
            [Value::Named(name)] if self.may_be_a_name(&name.value) => {
                let other = tree::Reading { span: name.span, name: name.clone(), when: tree::When::Unstated };
                let amount = tree::Amount { span: name.span, kind: tree::AmountKind::Read(other) };
                let end = tree::End { amount, included: true };
                let range = tree::Range { span: name.span, low: Some(end.clone()), high: Some(end), plain: false };
                let read = tree::Amount { span: subject.span, kind: tree::AmountKind::Read(subject.clone()) };
                let subject = self.amount(&read)?;
                self.compares(subject, &range)
            }
            _ => {
                self.report_number_is(&known.id.value, values);
                None
            }
        }
    }

    /// `ck is raised`: of a number no word is true.
    pub(super) fn report_number_is(&mut self, name: &str, values: &[Value]) {
        let Some(value) = values.first() else { return };
        let message = format!("`{name}` is a number, and `{}` is none", value_word(value));
        self.report(Diagnostic::error(codes::NO_SUCH_VALUE, value_span(value), message).note(COMPARE_NUMBERS));
    }

    /// A word is a name, or so near to one that it was meant as one.
    fn may_be_a_name(&self, word: &str) -> bool {
        let known = self.own_names().into_iter().chain(self.catalog.names());
        self.is_own(word)
            || self.catalog.find(word).is_some()
            || self.catalog.renamed(word).is_some()
            || suggest::nearest(word, known).is_some()
    }

    fn block_is(&mut self, block: BlockId, subject: &Reading, values: &[Value]) -> Option<ConditionKind> {
        let gives = self.resolved(block).map(|block| block.gives.clone())?;
        let name = &subject.name.value;
        let kind = match gives {
            Type::YesNo => self.yes_no_is(ConditionKind::Holds(block), name, values)?,
            Type::Choice(names) | Type::Several(names) => {
                let mask = self.values_among(name, &names, values)?;
                ConditionKind::Is { subject: Tested::Block(block), values: mask }
            }
            Type::Number(_) | Type::Points => {
                self.report_number_is(name, values);
                return None;
            }
            Type::Measure | Type::Nothing => {
                self.report(
                    Diagnostic::error(
                        codes::NO_SUCH_VALUE,
                        subject.name.span,
                        format!("`{name}` has no values to be compared with `is`"),
                    )
                    .note(type_note(&gives)),
                );
                return None;
            }
        };
        self.expect_no_time(subject)?;
        Some(kind)
    }

    /// `weak is yes`, `weak is no`, of something that holds or does not.
    pub(super) fn yes_no_is(&mut self, holds: ConditionKind, name: &str, values: &[Value]) -> Option<ConditionKind> {
        let names = [String::from("yes"), String::from("no")];
        let mask = self.values_among(name, &names, values)?;
        let span = values.first().map(value_span)?;
        Some(match (mask.contains(0), mask.contains(1)) {
            (true, false) => holds,
            (false, _) => ConditionKind::Not(Box::new(self.made(holds, span))),
            (true, true) => ConditionKind::All(Vec::new()),
        })
    }

    /// The values of a fact that some words name.
    pub(super) fn values_of_fact(&mut self, fact: &Fact, values: &[Value]) -> Option<Choices> {
        let names: Vec<String> = match &fact.kind {
            FactKind::Choice { values, .. } => values.iter().map(|value| value.name.clone()).collect(),
            FactKind::Number(_) | FactKind::Date => {
                let span = values.first().map(value_span)?;
                let message = format!("`{}` has no values of that kind", fact.id.value);
                self.report(Diagnostic::error(codes::NO_SUCH_VALUE, span, message).note(values_note(fact)));
                return None;
            }
        };
        self.values_among(&fact.id.value, &names, values)
    }

    /// Every word that is no value is reported.
    pub(super) fn values_among(&mut self, of: &str, names: &[String], values: &[Value]) -> Option<Choices> {
        let mut mask = Choices::NONE;
        let mut whole = true;
        for value in values {
            let word = value_word(value);
            let position = names.iter().position(|name| name == word).and_then(|at| u8::try_from(at).ok());
            if let Some(at) = position {
                mask = mask.union(Choices::only(at));
            } else {
                whole = false;
                self.report_no_value(of, value_span(value), word, names);
            }
        }
        whole.then_some(mask)
    }

    pub(super) fn report_no_value(&mut self, of: &str, span: Span, word: &str, names: &[String]) {
        let message = format!("`{of}` has no value `{word}`");
        let mut diagnostic =
            Diagnostic::error(codes::NO_SUCH_VALUE, span, message).note(format!("its values are {}", listed(names)));
        if let Some(near) = suggest::nearest(word, names.iter().map(String::as_str)) {
            diagnostic = diagnostic.fix(format!("did you mean `{near}`?"), span, near);
        } else if word == FactKind::NOT_DONE {
            diagnostic = diagnostic.note("an examination has it where the dictionary says `may_be_not_done: yes`");
        }
        self.report(diagnostic);
    }

    fn expect_no_ever(&mut self, subject: &Amount, span: Span) -> Option<()> {
        let ever = matches!(subject.kind, AmountKind::Fact(FactReading { when: Time::Ever, .. }));
        if ever {
            self.report_ever_not(span);
            return None;
        }
        Some(())
    }

    fn report_ever_not(&mut self, span: Span) {
        let text = self.text(span).replacen(" is not ", " is ", 1);
        self.report(
            Diagnostic::error(codes::EVER_NOT, span, "`ever is not` would hold as soon as one visit was different")
                .fix("put `not` in front: at no visit", span, format!("not {text}")),
        );
    }

    fn changes(
        &mut self,
        subject: &Name,
        direction: tree::Direction,
        by: &tree::Range,
        of_baseline: bool,
    ) -> Option<ConditionKind> {
        let subject_id = self.subject(subject)?;
        if matches!(direction, tree::Direction::Improves | tree::Direction::Worsens) {
            self.expect_improvable(subject_id, tree::Share::Baseline, subject.span)?;
        }
        let (Some(low), None) = (&by.low, &by.high) else {
            self.report(
                Diagnostic::error(codes::CHANGE_END, by.span, "a change is `by at least` or `by above` an amount")
                    .note("as in `mmt8 improves by at least 20 % of baseline`"),
            );
            return None;
        };
        let tree::AmountKind::Literal(literal) = &low.amount.kind else {
            self.report(
                Diagnostic::error(codes::CHANGE_END, low.amount.span, "a change is by a number that is written out")
                    .note("to hold it against another value, write `change in` or `improvement of` in a comparison"),
            );
            return None;
        };
        let percent = literal.unit.as_ref().is_some_and(|unit| unit.value == "%");
        if of_baseline != percent {
            self.report(
                Diagnostic::error(codes::CHANGE_END, by.span, "a share of the baseline is written `20 % of baseline`")
                    .note("a step of the scale itself has no `%`: `worsens by at least 2 cm`"),
            );
            return None;
        }
        let by = if of_baseline {
            literal.number.value.over(Number::whole(100)).ok()?
        } else {
            let unit = match subject_id {
                crate::model::Subject::Fact(fact) => self.catalog.fact(fact).and_then(number_kind)?.unit,
                crate::model::Subject::Measure(_) => None,
            };
            self.constant_in(literal.number, literal.unit.as_ref(), unit)?
        };
        if by.sign() <= 0 {
            self.report(
                Diagnostic::error(codes::CHANGE_END, low.amount.span, "a change is by more than 0")
                    .note("the direction stands before it: `improves`, `worsens`, `rises`, `falls`"),
            );
            return None;
        }
        Some(ConditionKind::Changes(Change { subject: subject_id, direction, by, included: low.included, of_baseline }))
    }

    fn is_recorded(&mut self, amount: &tree::Amount, span: Span) -> Option<ConditionKind> {
        if !self.as_recorded {
            self.report(
                Diagnostic::error(
                    codes::CAGE,
                    span,
                    "whether a fact was recorded may be asked only in a block that begins with `as recorded`",
                )
                .note("elsewhere an answer must not change when a missing fact is filled in"),
            );
            return None;
        }
        if let tree::AmountKind::Read(reading) = &amount.kind
            && let Some(fact) = self.catalog.find(&reading.name.value)
            && !self.is_own(&reading.name.value)
            && let Some(known) = self.catalog.fact(fact)
        {
            return Some(ConditionKind::FactIsRecorded(self.fact_reading(fact, known, reading)?));
        }
        Some(ConditionKind::IsRecorded(self.amount_or_ever(amount)?))
    }

    /// `at least 4 of` three items never holds.
    pub(super) fn expect_reachable(&mut self, how: tree::CountRule, items: usize, span: Span) {
        use tree::CountRule;
        let wanted = match how {
            CountRule::AtLeast(count) | CountRule::Exactly(count) => count,
            CountRule::All | CountRule::Any | CountRule::None | CountRule::AtMost(_) => return,
        };
        if usize::try_from(wanted).unwrap_or(usize::MAX) > items {
            self.report(
                Diagnostic::error(codes::TOO_FEW_ITEMS, span, format!("{wanted} of {items} items can never hold"))
                    .note("is an item missing, or the number too high?"),
            );
        }
    }
}

/// Where a value stands.
pub(super) fn value_span(value: &Value) -> Span {
    match value {
        Value::Named(name) => name.span,
        Value::NotDone(span) | Value::NotMeasured(span) => *span,
    }
}

/// The word of a value.
fn value_word(value: &Value) -> &str {
    match value {
        Value::Named(name) => name.value.as_str(),
        Value::NotDone(_) => FactKind::NOT_DONE,
        Value::NotMeasured(_) => "not measured",
    }
}

/// What a block of some type can be asked.
pub(super) fn type_note(gives: &Type) -> String {
    match gives {
        Type::YesNo => String::from("it is a yes/no"),
        Type::Choice(names) | Type::Several(names) => choice_note(names),
        Type::Number(_) | Type::Points => format!("it is a number: {COMPARE_NUMBERS}"),
        Type::Measure => String::from("of a measure only its change can be asked: `improves by`, `worsens by`"),
        Type::Nothing => String::from("it cannot be read by other blocks"),
    }
}
