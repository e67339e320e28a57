use super::Teller;
use super::{answers, treatment_statements, words};
use crate::eval::Held;
use crate::explain::{Operand, Possible, Statement};
use crate::model::{
    Amount, AmountKind, Bands, Block, BlockId, BlockKind, Cited, Column, Condition, ConditionKind, Formula, Item,
    Measure, Output, Rule, Score, ScoreTable, Table, Test, Type,
};
use crate::plan::Register;
use crate::plan::from_model::BlockRegisters;
use crate::source::Span;
use crate::value::{Bound, Interval, Number, NumberSet, Truth};

impl Teller<'_> {
    /// A statement for each block that the answers are worked out from, answers first.
    pub(super) fn trace(&self) -> Vec<Statement> {
        let blocks = self.blocks.iter().filter_map(|id| self.statement(*id));
        blocks.chain(self.course_statements()).collect()
    }

    fn statement(&self, id: BlockId) -> Option<Statement> {
        let block = self.subject.guideline.block(id)?;
        let planned = self.subject.lowered.block(id)?;
        let outcome = self.outcome(id, block);
        let mut parts = match &block.kind {
            // Told of each therapy that was taken.
            BlockKind::Course(_) => return None,
            BlockKind::Ladder(_)
            | BlockKind::Against(_)
            | BlockKind::Prefer(_)
            | BlockKind::Monitor(_)
            | BlockKind::Regimen(_)
            | BlockKind::Suspect(_)
            | BlockKind::Advice(_)
            | BlockKind::Precedence(_)
            | BlockKind::Algorithm(_)
            | BlockKind::Promise(_)
            | BlockKind::SourceCovers(..) => self.treatment_parts(id, block),
            BlockKind::Finding(rule) => self.lines(rule, planned),
            BlockKind::Number(formula) => self.formula(formula, planned),
            BlockKind::Measure(measure) => self.instruments(measure, planned),
            BlockKind::Score(score) => self.score(score, planned),
            BlockKind::Bands(bands) => self.bands(bands, &outcome),
            BlockKind::Table(table) => self.rows(block, table, planned, &outcome),
            BlockKind::Covers(condition) | BlockKind::Impossible(condition) => {
                vec![self.line("line", condition, &[])]
            }
            BlockKind::Judgement(_) => Vec::new(),
        };
        let operands = if let BlockKind::Number(Formula::Amount(amount, _)) = &block.kind {
            self.operands_of_amount(amount)
        } else if let BlockKind::Bands(bands) = &block.kind {
            self.operands_of_amount(&bands.of)
        } else {
            Vec::new()
        };
        let unnamed = parts.iter_mut().enumerate().filter(|(_, part)| part.id.is_empty());
        unnamed.for_each(|(at, part)| part.id = format!("{}.{}", block.name.value, at + 1));
        Some(Statement {
            id: block.name.value.clone(),
            kind: treatment_statements::kind(&block.kind),
            title: block.title.clone(),
            outcome,
            unit: answers::unit(&block.gives),
            why: None,
            place: self.sources.place(block.head),
            citations: Self::citations(&block.citations),
            operands,
            parts,
        })
    }

    /// What came of a block.
    fn outcome(&self, id: BlockId, block: &Block) -> Possible {
        if let BlockKind::Measure(_) = block.kind {
            let facts = self.instruments_used(id).into_iter();
            let names = facts.filter_map(|fact| self.subject.catalog.fact(fact)).map(|fact| fact.id.value.clone());
            return Possible::Choice(names.collect());
        }
        if self.evaluation.items.contains_key(&Item::Holds(id)) || matches!(block.gives, Type::Nothing) {
            return self.treatment_outcome(id, block);
        }
        words::of_block(self.narrowed(id), &block.gives)
    }

    fn lines(&self, rule: &Rule, planned: &BlockRegisters) -> Vec<Statement> {
        let own: Vec<(&Condition, &[Cited])> = match &rule.test {
            Test::One(condition, cited) => vec![(condition, cited.as_slice())],
            Test::List(_, items) => items.iter().map(|(item, cited)| (item, cited.as_slice())).collect(),
        };
        let unless = rule.unless.iter().map(|unless| (&unless.condition, unless.citations.as_slice()));
        let count = own.len();
        own.into_iter()
            .chain(unless)
            .zip(&planned.rows)
            .enumerate()
            .map(|(at, ((condition, cited), row))| {
                let kind = if at < count { "line" } else { "unless" };
                let mut statement = self.line(kind, condition, cited);
                // As the block counts it, where it reads what was recorded.
                statement.outcome = words::of_truth(self.truth(*row));
                statement
            })
            .collect()
    }

    /// A line, with what it looked at and, where it does not hold, what it lacked.
    pub(super) fn line(&self, kind: &'static str, condition: &Condition, cited: &[Cited]) -> Statement {
        let held = self.condition_truth(condition);
        Statement {
            id: String::new(),
            kind,
            title: self.text(condition.span),
            outcome: words::of_truth(held),
            unit: None,
            why: if held == Truth::YES { None } else { self.why(condition) },
            place: self.sources.place(condition.span),
            citations: Self::citations(cited),
            operands: self.operands_of(condition),
            parts: Vec::new(),
        }
    }

    pub(super) fn condition_truth(&self, condition: &Condition) -> Truth {
        self.subject.lowered.node(condition.id).map_or(Truth::EITHER, |register| self.truth(register))
    }

    /// What a condition that does not certainly hold lacked: of a conjunction its first part that failed.
    pub(super) fn why(&self, condition: &Condition) -> Option<String> {
        match &condition.kind {
            ConditionKind::All(items) => {
                let failed = items.iter().find(|item| self.condition_truth(item) == Truth::NO);
                let open = || items.iter().find(|item| self.condition_truth(item) == Truth::EITHER);
                failed.or_else(open).and_then(|item| self.why(item))
            }
            ConditionKind::Any(_)
            | ConditionKind::Course(_)
            | ConditionKind::Status(..)
            | ConditionKind::Concludes(..)
            | ConditionKind::Count { .. }
            | ConditionKind::Not(_)
            | ConditionKind::Holds(_)
            | ConditionKind::Is { .. }
            | ConditionKind::Compares { .. }
            | ConditionKind::Changes(_)
            | ConditionKind::IsNotMeasured(_)
            | ConditionKind::FactIsRecorded(_)
            | ConditionKind::IsRecorded(_) => {
                let operands = self.operands_of(condition);
                let told: Vec<String> = operands.iter().map(told).collect();
                (!told.is_empty()).then(|| told.join(", "))
            }
        }
    }

    fn amount_statement(
        &self,
        kind: &'static str,
        title: String,
        amount: &Amount,
        span: Span,
        cited: &[Cited],
    ) -> Statement {
        let number = self.number(amount);
        Statement {
            id: String::new(),
            kind,
            title,
            outcome: Possible::Number(number),
            unit: amount.unit.map(|unit| unit.symbol().to_owned()),
            why: None,
            place: self.sources.place(span),
            citations: Self::citations(cited),
            operands: self.operands_of_amount(amount),
            parts: Vec::new(),
        }
    }

    fn formula(&self, formula: &Formula, planned: &BlockRegisters) -> Vec<Statement> {
        match formula {
            Formula::Amount(..) => Vec::new(),
            Formula::Aggregate(_, items) => items
                .iter()
                .map(|(amount, cited)| {
                    self.amount_statement("term", self.text(amount.span), amount, amount.span, cited)
                })
                .collect(),
            Formula::Count(items) => items
                .iter()
                .zip(&planned.rows)
                .map(|((condition, cited), row)| {
                    let mut statement = self.line("line", condition, cited);
                    statement.outcome = words::of_truth(self.truth(*row));
                    statement
                })
                .collect(),
        }
    }

    fn instruments(&self, measure: &Measure, planned: &BlockRegisters) -> Vec<Statement> {
        let mut statements = Vec::new();
        for (instrument, row) in measure.instruments.iter().zip(&planned.rows) {
            let Some(fact) = self.subject.catalog.fact(instrument.fact) else { continue };
            let chosen = self.truth(*row);
            let operands = self.instrument_operands(instrument.fact);
            let why = (chosen != Truth::YES).then(|| operands.iter().map(told).collect::<Vec<_>>().join(", "));
            statements.push(Statement {
                id: String::new(),
                kind: "instrument",
                title: match &instrument.when {
                    Some(when) => format!("{}, when {}", fact.label, self.text(when.span)),
                    None => fact.label.clone(),
                },
                outcome: words::of_truth(chosen),
                unit: None,
                why: why.filter(|why| !why.is_empty()),
                place: self.sources.place(instrument.span),
                citations: Self::citations(&instrument.citations),
                operands,
                parts: Vec::new(),
            });
        }
        statements
    }

    fn score(&self, score: &Score, planned: &BlockRegisters) -> Vec<Statement> {
        let mut statements: Vec<Statement> = self.columns(&score.columns);
        let mut rows = planned.rows.iter();
        for table in &score.tables {
            match table {
                ScoreTable::Banded { rows: own, .. } => {
                    for row in own {
                        let title = self.row_title(&row.amount, &row.title);
                        let statement = self.amount_statement("row", title, &row.amount, row.span, &row.citations);
                        statements.push(self.with_points(statement, rows.next()));
                    }
                }
                ScoreTable::Items(own) => {
                    for row in own {
                        let statement = self.line("row", &row.condition, &row.citations);
                        statements.push(self.with_points(statement, rows.next()));
                    }
                }
            }
        }
        statements
    }

    /// The title of the measure or the label of the fact that a row is about.
    fn row_title(&self, amount: &Amount, written: &str) -> String {
        use crate::model::Subject;
        let of_fact = |fact| self.subject.catalog.fact(fact).map(|fact| fact.label.clone());
        let title = match &amount.kind {
            AmountKind::Improvement(Subject::Fact(fact), _) => of_fact(*fact),
            AmountKind::Improvement(Subject::Measure(block), _) | AmountKind::Block(block) => {
                self.subject.guideline.block(*block).map(|block| block.title.clone())
            }
            AmountKind::Fact(reading) => of_fact(reading.fact),
            AmountKind::Constant(_)
            | AmountKind::SinceLastDose(_)
            | AmountKind::CourseWord(_)
            | AmountKind::OnScale(..)
            | AmountKind::Multiple(_)
            | AmountKind::InUnit(..)
            | AmountKind::ChangeIn(_)
            | AmountKind::Negative(_)
            | AmountKind::Arithmetic(..)
            | AmountKind::Call(..) => None,
        };
        title.unwrap_or_else(|| written.to_owned())
    }

    fn with_points(&self, statement: Statement, row: Option<&Register>) -> Statement {
        let outcome = match row {
            Some(Register::Number(at)) => Possible::Number(self.evaluation.registers.number(*at).clone()),
            Some(Register::Truth(_) | Register::Choice(_)) | None => statement.outcome.clone(),
        };
        Statement { outcome, unit: Some(String::from("points")), ..statement }
    }

    fn columns(&self, columns: &[Column]) -> Vec<Statement> {
        columns
            .iter()
            .map(|column| {
                let line = self.line("column", &column.when, &column.citations);
                Statement { title: format!("{}: {}", column.name, line.title), ..line }
            })
            .collect()
    }

    fn bands(&self, bands: &Bands, outcome: &Possible) -> Vec<Statement> {
        let mut statements = self.columns(&bands.columns);
        let held: Vec<Truth> = bands.columns.iter().map(|column| self.condition_truth(&column.when)).collect();
        let number = self.number(&bands.of);
        for instead in &bands.instead {
            let line = self.line("instead", &instead.when, &instead.citations);
            statements.push(Statement { title: format!("{}: {}", instead.value.value, line.title), ..line });
        }
        for row in &bands.rows {
            let mut fits = Truth::NO;
            let mut ranges = Vec::new();
            for (at, range) in row.ranges.iter().enumerate() {
                let own = held.get(at).copied().unwrap_or(Truth::YES);
                let within = range.constant().map_or(Truth::EITHER, |set| number.is_within(&set));
                fits = fits | (own & within);
                if own.can_be_yes() {
                    ranges.push(self.text(range.span));
                }
            }
            statements.push(Statement {
                id: String::new(),
                kind: "band",
                title: format!("{}: {}", row.value.value, ranges.join(" / ")),
                outcome: words::of_truth(among(outcome, &row.value.value, fits)),
                unit: None,
                why: None,
                place: self.sources.place(row.value.span),
                citations: Self::citations(&row.citations),
                operands: Vec::new(),
                parts: Vec::new(),
            });
        }
        statements
    }

    fn rows(&self, block: &Block, table: &Table, planned: &BlockRegisters, outcome: &Possible) -> Vec<Statement> {
        let names = match &block.gives {
            Type::Choice(names) | Type::Several(names) => names.as_slice(),
            Type::YesNo | Type::Number(_) | Type::Points | Type::Measure | Type::Nothing => &[],
        };
        let mut statements = Vec::new();
        for (row, fits) in table.rows.iter().zip(&planned.rows) {
            let output = match &row.output {
                Output::Value(at) => names.get(usize::from(*at)).cloned().unwrap_or_default(),
                Output::Number(number) => Number::to_string(number),
            };
            let held = among(outcome, &output, self.truth(*fits));
            let failed = row.cells.iter().find(|cell| self.condition_truth(cell) == Truth::NO);
            let open = || row.cells.iter().find(|cell| self.condition_truth(cell) == Truth::EITHER);
            let why = failed.or_else(open).and_then(|cell| self.cell_why(cell));
            let mut operands: Vec<Operand> = Vec::new();
            for operand in row.cells.iter().flat_map(|cell| self.operands_of(cell)) {
                if !operands.contains(&operand) {
                    operands.push(operand);
                }
            }
            statements.push(Statement {
                id: String::new(),
                kind: "row",
                title: output,
                outcome: words::of_truth(held),
                unit: None,
                why: why.filter(|_| held != Truth::YES),
                place: self.sources.place(row.span),
                citations: Self::citations(&row.citations),
                operands,
                parts: Vec::new(),
            });
        }
        statements
    }

    fn cell_why(&self, cell: &Condition) -> Option<String> {
        let told = self.why(cell)?;
        Some(format!("{told}; the row asks for {}", self.text(cell.span)))
    }

    /// What an amount can be: of a block, as narrow as an answer.
    fn number(&self, amount: &Amount) -> NumberSet {
        if let AmountKind::Block(id) = amount.kind
            && let [Held::Number(number)] = self.narrowed(id)
        {
            return number.clone();
        }
        match self.subject.lowered.node(amount.id) {
            Some(Register::Number(at)) => self.evaluation.registers.number(at).clone(),
            Some(Register::Truth(_) | Register::Choice(_)) | None => NumberSet::everything(),
        }
    }

    /// The values that the choice of an instrument looked at.
    fn instrument_operands(&self, fact: crate::catalog::FactId) -> Vec<Operand> {
        use crate::model::FactReading;
        use crate::model::Time;
        let reading = FactReading { fact, when: Time::Baseline };
        let id = crate::model::NodeId(u32::MAX);
        let span = Span { start: 0, end: 0, ..self.subject.guideline.info.span };
        [AmountKind::Fact(reading), AmountKind::Multiple(reading)]
            .into_iter()
            .flat_map(|kind| self.operands_of_amount(&Amount { id, span, unit: None, kind }))
            .collect()
    }
}

/// Whether a band or a row fits, given what its block can still be.
fn among(outcome: &Possible, value: &str, fits: Truth) -> Truth {
    match outcome {
        Possible::Choice(values) if !values.iter().any(|possible| possible == value) => Truth::NO,
        Possible::Choice(_)
        | Possible::YesNo { .. }
        | Possible::Several { .. }
        | Possible::Number(_)
        | Possible::Nothing => fits,
    }
}

/// An operand in a few words: `CK latest: 1210 U/L`, `MMT8 at baseline: not recorded`.
fn told(operand: &Operand) -> String {
    let when = if operand.when.is_empty() { String::new() } else { format!(" {}", operand.when) };
    let value = match (&operand.written, &operand.possible) {
        (Some(written), _) if !written.is_empty() => written.clone(),
        (_, Possible::Number(number)) => match (number.single(), number.hull()) {
            (Some(value), _) => value.to_string(),
            (None, Some(Interval { low: Bound::Closed(low), high: Bound::Closed(high) }))
                if operand.place.is_some() =>
            {
                format!("{low} to {high}")
            }
            _ => operand.provenance.clone(),
        },
        (_, Possible::YesNo { yes: true, no: false }) => String::from("yes"),
        (_, Possible::YesNo { yes: false, no: true }) => String::from("no"),
        (_, Possible::Choice(values)) if values.len() == 1 => values.join(""),
        (_, Possible::YesNo { .. } | Possible::Choice(_) | Possible::Several { .. } | Possible::Nothing) => {
            operand.provenance.clone()
        }
    };
    format!("{}{when}: {value}", operand.label)
}
