//! The trace of what is said of treatment: ladders, regimens, algorithms, advice, what speaks against a therapy.

use super::Teller;
use super::treatments::verdicts;
use super::words;
use crate::eval::Held;
use crate::explain::{Possible, Statement};
use crate::model::{
    Algorithm, Block, BlockId, BlockKind, Cited, Condition, Item, Ladder, LadderOption, NextLine, OptionPlace, Regimen,
    Rule, Suspect, Test, Verdict,
};
use crate::source::Span;
use crate::syntax::tree::{AgainstKind, CountRule};
use crate::value::{Choices, Truth};

impl Teller<'_> {
    /// The parts of a block about treatment. Parts with ids of their own keep them.
    pub(super) fn treatment_parts(&self, id: BlockId, block: &Block) -> Vec<Statement> {
        match &block.kind {
            BlockKind::Ladder(ladder) => self.ladder_parts(id, block, ladder),
            BlockKind::Regimen(regimen) => self.regimen_parts(id, block, regimen),
            BlockKind::Algorithm(algorithm) => self.algorithm_parts(id, block, algorithm),
            BlockKind::Against(against) => self.rule_parts(against.when.as_ref(), id),
            BlockKind::Prefer(prefer) => self.rule_parts(prefer.when.as_ref(), id),
            BlockKind::Monitor(monitor) => self.rule_parts(monitor.when.as_ref(), id),
            BlockKind::Suspect(suspect) => self.suspect_parts(suspect),
            BlockKind::Advice(advice) => advice.when.iter().map(|when| self.line("line", when, &[])).collect(),
            BlockKind::Promise(promise) => vec![self.line("line", &promise.when, &[])],
            BlockKind::SourceCovers(_, condition) => vec![self.line("line", condition, &[])],
            BlockKind::Precedence(levels) => levels
                .iter()
                .map(|(name, cited)| {
                    self.part("level", String::new(), name.value.clone(), Possible::Nothing, name.span, cited)
                })
                .collect(),
            BlockKind::Course(_)
            | BlockKind::Finding(_)
            | BlockKind::Number(_)
            | BlockKind::Measure(_)
            | BlockKind::Score(_)
            | BlockKind::Bands(_)
            | BlockKind::Table(_)
            | BlockKind::Covers(_)
            | BlockKind::Impossible(_)
            | BlockKind::Judgement(_) => Vec::new(),
        }
    }

    /// A part without values of its own.
    fn part(
        &self,
        kind: &'static str,
        id: String,
        title: String,
        outcome: Possible,
        span: Span,
        cited: &[Cited],
    ) -> Statement {
        Statement {
            id,
            kind,
            title,
            outcome,
            unit: None,
            why: None,
            place: self.sources.place(span),
            citations: Self::citations(cited),
            operands: Vec::new(),
            parts: Vec::new(),
        }
    }

    fn rule_parts(&self, rule: Option<&Rule>, id: BlockId) -> Vec<Statement> {
        rule.map(|rule| self.rule_lines(rule, id)).unwrap_or_default()
    }

    /// The lines of a rule, as the block counts them.
    pub(super) fn rule_lines(&self, rule: &Rule, id: BlockId) -> Vec<Statement> {
        let own: Vec<(&Condition, &[Cited])> = match &rule.test {
            Test::One(condition, cited) => vec![(condition, cited.as_slice())],
            Test::List(_, items) => items.iter().map(|(item, cited)| (item, cited.as_slice())).collect(),
        };
        let count = own.len();
        let unless = rule.unless.iter().map(|unless| (&unless.condition, unless.citations.as_slice()));
        let rows = self.subject.lowered.block(id).map_or(&[][..], |planned| planned.rows.as_slice());
        own.into_iter()
            .chain(unless)
            .enumerate()
            .map(|(at, (condition, cited))| {
                let kind = if at < count { "line" } else { "unless" };
                let mut statement = self.line(kind, condition, cited);
                if let Some(row) = rows.get(at) {
                    statement.outcome = words::of_truth(self.truth(*row));
                }
                statement
            })
            .collect()
    }

    /// Whether the lines of a rule hold, its `unless` aside.
    pub(super) fn test_held(&self, test: &Test) -> Truth {
        let (how, items) = match test {
            Test::One(condition, _) => return self.condition_truth(condition),
            Test::List(how, items) => (how, items),
        };
        let truths: Vec<Truth> = items.iter().map(|(item, _)| self.condition_truth(item)).collect();
        let certain = truths.iter().filter(|truth| **truth == Truth::YES).count();
        let possible = truths.iter().filter(|truth| truth.can_be_yes()).count();
        let within = |low: usize, high: usize| {
            Truth::possible(possible >= low && certain <= high, certain < low || possible > high)
        };
        let number = |count: &u32| usize::try_from(*count).unwrap_or(usize::MAX);
        match how {
            CountRule::All => within(truths.len(), truths.len()),
            CountRule::Any => within(1, usize::MAX),
            CountRule::None => within(0, 0),
            CountRule::AtLeast(count) => within(number(count), usize::MAX),
            CountRule::Exactly(count) => within(number(count), number(count)),
            CountRule::AtMost(count) => within(0, number(count)),
        }
    }

    fn suspect_parts(&self, suspect: &Suspect) -> Vec<Statement> {
        let pointing = suspect.pointing.iter().map(|(condition, cited)| self.line("for", condition, cited));
        let against = suspect.against.iter().map(|(condition, cited)| self.line("against", condition, cited));
        pointing.chain(against).collect()
    }

    fn patients_line(&self, patients: Option<&(Condition, Vec<Cited>)>) -> Option<Statement> {
        patients.map(|(condition, cited)| self.line("patients", condition, cited))
    }

    fn ladder_parts(&self, id: BlockId, block: &Block, ladder: &Ladder) -> Vec<Statement> {
        let name = &block.name.value;
        let mut parts: Vec<Statement> = self.patients_line(ladder.patients.as_ref()).into_iter().collect();
        for (at, (beside, option)) in (0_u32..).zip(&ladder.beside) {
            use crate::syntax::tree::Beside;
            let word = match beside {
                Beside::Throughout => "throughout",
                Beside::Optional => "optional",
                Beside::Alongside => "alongside",
            };
            parts.push(self.option_statement(id, OptionPlace::Beside(at), &format!("{name}.{word}"), option));
        }
        for (at, line) in (0_u32..).zip(&ladder.lines) {
            let own = format!("{name}.{}", line.name.value);
            let mut inner: Vec<Statement> = line.next.iter().map(|next| self.next_statement(&own, next)).collect();
            inner.extend(
                (0_u32..)
                    .zip(&line.options)
                    .map(|(place, option)| self.option_statement(id, OptionPlace::Line(at, place), &own, option)),
            );
            let state = self.line_possible(id, at);
            let part = self.part("treatment line", own, line.title.clone(), state, line.name.span, &line.citations);
            parts.push(Statement { parts: inner, ..part });
        }
        parts
    }

    fn next_statement(&self, line: &str, next: &NextLine) -> Statement {
        let title = self.text(next.span);
        let part = self.part("next line", format!("{line}.next"), title, Possible::Nothing, next.span, &next.citations);
        match &next.when {
            Some((condition, _)) => {
                let line = self.line("line", condition, &[]);
                Statement { outcome: line.outcome, why: line.why, operands: line.operands, ..part }
            }
            None => part,
        }
    }

    fn regimen_parts(&self, id: BlockId, block: &Block, regimen: &Regimen) -> Vec<Statement> {
        let name = &block.name.value;
        let mut parts: Vec<Statement> = self.patients_line(regimen.patients.as_ref()).into_iter().collect();
        for (at, option) in (0_u32..).zip(&regimen.give) {
            parts.push(self.option_statement(id, OptionPlace::Give(at), &format!("{name}.give"), option));
        }
        let chosen = self.item_choices(Item::Plus(id));
        for (at, plus) in (0_u8..).zip(&regimen.plus) {
            let count = if plus.least == plus.most {
                plus.least.to_string()
            } else {
                format!("{} to {}", plus.least, plus.most)
            };
            let holds = Truth::possible(chosen.contains(at), !chosen.within(Choices::only(at)));
            let part = match &plus.when {
                Some(when) => self.line("plus", when, &plus.citations),
                None => self.part(
                    "plus",
                    String::new(),
                    "otherwise".to_owned(),
                    Possible::Nothing,
                    block.head,
                    &plus.citations,
                ),
            };
            let title = format!("plus {count} of these: {}", part.title);
            let id = format!("{name}.plus.{}", at.saturating_add(1));
            parts.push(Statement { id, title, outcome: words::of_truth(holds), ..part });
        }
        for (at, option) in (0_u32..).zip(&regimen.of) {
            parts.push(self.option_statement(id, OptionPlace::Of(at), name, option));
        }
        parts
    }

    /// An option with each test of its verdict, up to the first that certainly holds.
    fn option_statement(&self, id: BlockId, place: OptionPlace, above: &str, option: &LadderOption) -> Statement {
        let own = format!("{above}.{}", self.therapy_name(option.therapy));
        let verdict = self.item_choices(Item::Verdict(id, place));
        let mut parts = Vec::new();
        let planned = self.subject.lowered.options.get(&(id, place));
        for (test, register) in planned.into_iter().flat_map(|planned| &planned.tests) {
            let held = self.evaluation.registers.truth(*register);
            parts.push(self.test_statement(&own, id, place, option, *test, held));
            if held == Truth::YES {
                break;
            }
        }
        let label = self.therapy_label(option.therapy);
        let part = self.part("option", own, label, verdicts(verdict), option.span, &option.citations);
        Statement { parts, ..part }
    }

    fn test_statement(
        &self,
        above: &str,
        id: BlockId,
        place: OptionPlace,
        option: &LadderOption,
        test: Verdict,
        held: Truth,
    ) -> Statement {
        let title = test.word().replace('_', " ");
        let own = format!("{above}.{}", test.word());
        let mut part = self.part("test", own, title, words::of_truth(held), option.span, &[]);
        let spoken = self.subject.lowered.options.get(&(id, place)).map_or(&[][..], |planned| &planned.spoken_of);
        let rules = |wanted: AgainstKind| {
            spoken.iter().filter(move |block| match self.subject.guideline.block(**block).map(|block| &block.kind) {
                Some(BlockKind::Against(rule)) => rule.kind == wanted,
                Some(_) | None => false,
            })
        };
        match test {
            Verdict::NotForThisPatient => {
                part.operands = option.when.iter().flat_map(|when| self.operands_of(when)).collect();
            }
            Verdict::Contraindicated => {
                part.operands =
                    rules(AgainstKind::Contraindicated).filter_map(|rule| self.rule_operand(*rule)).collect();
            }
            Verdict::Avoid => {
                part.operands = rules(AgainstKind::Avoid).filter_map(|rule| self.rule_operand(*rule)).collect();
            }
            Verdict::OptionNow | Verdict::Alternative => {
                let prefer = spoken.iter().filter(|block| {
                    matches!(self.subject.guideline.block(**block).map(|block| &block.kind), Some(BlockKind::Prefer(_)))
                });
                part.operands = prefer.filter_map(|rule| self.rule_operand(*rule)).collect();
            }
            Verdict::NotTolerated
            | Verdict::Failed
            | Verdict::Running
            | Verdict::InadequateTrial
            | Verdict::WorkedBefore => part.operands = self.course_operand(option.therapy).into_iter().collect(),
            Verdict::Declined | Verdict::LaterLine => {}
        }
        part
    }

    fn algorithm_parts(&self, id: BlockId, block: &Block, algorithm: &Algorithm) -> Vec<Statement> {
        let name = &block.name.value;
        let mut parts = Vec::new();
        for (at, step) in (0_u32..).zip(&algorithm.steps) {
            let own = format!("{name}.{}", step.name.value);
            let mut branches = Vec::new();
            for (place, branch) in (0_u32..).zip(&step.branches) {
                let taken = words::of_truth(self.item_truth(Item::Branch(id, at, place)));
                let mut part = if let Some(when) = &branch.when {
                    self.line("branch", when, &branch.citations)
                } else {
                    let title = "otherwise".to_owned();
                    self.part("branch", String::new(), title, Possible::Nothing, branch.span, &branch.citations)
                };
                part.id = format!("{own}.{}", place + 1);
                part.title = self.text(branch.span);
                part.outcome = taken;
                branches.push(part);
            }
            let reached = words::of_truth(self.item_truth(Item::Step(id, at)));
            let part = self.part("step", own, step.title.clone(), reached, step.name.span, &step.citations);
            parts.push(Statement { parts: branches, ..part });
        }
        for (at, end) in (0_u8..).zip(&algorithm.conclusions) {
            let reached = words::of_truth(self.item_truth(Item::Conclusion(id, at)));
            let own = format!("{name}.{}", end.name.value);
            parts.push(self.part("conclusion", own, end.title.clone(), reached, end.name.span, &end.citations));
        }
        parts
    }

    /// What a block about treatment came to.
    pub(super) fn treatment_outcome(&self, id: BlockId, block: &Block) -> Possible {
        match self.evaluation.items.get(&Item::Holds(id)).and_then(|answer| answer.held.first()) {
            Some(Held::Truth(truth)) if !matches!(block.kind, BlockKind::Ladder(_)) => words::of_truth(*truth),
            Some(Held::Truth(_) | Held::Choices(_) | Held::Number(_)) | None => match self.narrowed(id) {
                [] => Possible::Nothing,
                held => words::of_block(held, &block.gives),
            },
        }
    }
}

/// What a block is called in the trace.
pub(super) fn kind(kind: &BlockKind) -> &'static str {
    match kind {
        BlockKind::Course(_) => "course",
        BlockKind::Ladder(_) => "ladder",
        BlockKind::Against(against) => match against.kind {
            AgainstKind::Contraindicated => "contraindicated",
            AgainstKind::Avoid => "avoid",
            AgainstKind::Caution => "caution",
            AgainstKind::Stop => "stop",
        },
        BlockKind::Prefer(_) => "prefer",
        BlockKind::Monitor(_) => "monitor",
        BlockKind::Regimen(_) => "regimen",
        BlockKind::Suspect(_) => "suspect",
        BlockKind::Advice(_) => "advice",
        BlockKind::Precedence(_) => "precedence",
        BlockKind::Algorithm(_) => "algorithm",
        BlockKind::Promise(_) => "promise",
        BlockKind::SourceCovers(..) => "source",
        BlockKind::Finding(_) => "finding",
        BlockKind::Number(_) => "number",
        BlockKind::Measure(_) => "measure",
        BlockKind::Score(_) => "score",
        BlockKind::Bands(_) => "bands",
        BlockKind::Table(_) => "table",
        BlockKind::Covers(_) => "covers",
        BlockKind::Impossible(_) => "impossible",
        BlockKind::Judgement(_) => "judgement",
    }
}
