use crate::catalog::FactId;

use super::{
    Algorithm, Amount, AmountKind, Bands, Block, BlockId, BlockKind, Cited, Condition, ConditionKind, CourseRule,
    CourseTest, CourseWord, Expression, Formula, Ladder, LadderOption, NextLine, Regimen, Rule, Score, ScoreTable,
    Subject, Suspect, Test, Tested, TherapyId,
};

/// A piece of a block: something that is worked out, or the sources of a line or row.
#[derive(Debug, Clone, Copy)]
pub enum Part<'a> {
    /// A condition or an amount.
    Expression(Expression<'a>),
    /// Sources.
    Citations(&'a [Cited]),
}

/// What a condition or an amount looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Read {
    /// A fact.
    Fact(FactId),
    /// Another block.
    Block(BlockId),
    /// The courses of a therapy.
    Courses(TherapyId),
    /// The status of a treatment, by its place in [`super::Guideline::statuses`].
    Status(u32),
    /// Within the rules of `course`: the course at hand.
    Word(CourseWord),
}

type Each<'e, 'a> = &'e mut dyn FnMut(Part<'a>);

impl Block {
    /// Calls `each` with every piece of the block: the sources at its head, then its lines and rows in order.
    pub fn each_part<'a>(&'a self, each: &mut dyn FnMut(Part<'a>)) {
        each(Part::Citations(&self.citations));
        match &self.kind {
            BlockKind::Finding(rule) => rule.each_part(each),
            BlockKind::Number(formula) => formula.each_part(each),
            BlockKind::Measure(measure) => {
                for one in &measure.instruments {
                    optional(one.when.as_ref(), each);
                    each(Part::Citations(&one.citations));
                }
            }
            BlockKind::Score(score) => score.each_part(each),
            BlockKind::Bands(bands) => bands.each_part(each),
            BlockKind::Table(table) => {
                for row in &table.rows {
                    row.cells.iter().for_each(|cell| each(cell.part()));
                    each(Part::Citations(&row.citations));
                }
            }
            BlockKind::Covers(condition) | BlockKind::Impossible(condition) | BlockKind::SourceCovers(_, condition) => {
                each(condition.part());
            }
            BlockKind::Judgement(_) => {}
            BlockKind::Course(rule) => rule.each_part(each),
            BlockKind::Ladder(ladder) => ladder.each_part(each),
            BlockKind::Against(against) => optional_rule(against.when.as_ref(), each),
            BlockKind::Prefer(prefer) => optional_rule(prefer.when.as_ref(), each),
            BlockKind::Monitor(monitor) => optional_rule(monitor.when.as_ref(), each),
            BlockKind::Regimen(regimen) => regimen.each_part(each),
            BlockKind::Suspect(suspect) => suspect.each_part(each),
            BlockKind::Advice(advice) => optional(advice.when.as_ref(), each),
            BlockKind::Precedence(levels) => {
                for (_, citations) in levels {
                    each(Part::Citations(citations));
                }
            }
            BlockKind::Algorithm(algorithm) => algorithm.each_part(each),
            BlockKind::Promise(promise) => each(promise.when.part()),
        }
    }

    /// Calls `each` with every condition and amount of its lines and rows, in order.
    pub fn each_expression<'a>(&'a self, each: &mut dyn FnMut(Expression<'a>)) {
        self.each_part(&mut |part| {
            if let Part::Expression(expression) = part {
                each(expression);
            }
        });
    }

    /// Calls `each` with every source of the block: at its head, then on its lines and rows.
    pub fn each_citation<'a>(&'a self, each: &mut dyn FnMut(&'a Cited)) {
        self.each_part(&mut |part| {
            if let Part::Citations(citations) = part {
                citations.iter().for_each(&mut *each);
            }
        });
    }

    /// Calls `each` with everything its conditions and amounts look at.
    pub fn each_read(&self, each: &mut dyn FnMut(Read)) {
        self.each_expression(&mut |expression| match expression {
            Expression::Condition(condition) => condition.each_read(each),
            Expression::Amount(amount) => amount.each_read(each),
        });
        if let BlockKind::Measure(measure) = &self.kind {
            measure.instruments.iter().for_each(|instrument| each(Read::Fact(instrument.fact)));
        }
    }

    /// Calls `each` with every fact the block itself reads.
    pub fn each_fact(&self, each: &mut dyn FnMut(FactId)) {
        self.each_read(&mut |read| {
            if let Read::Fact(fact) = read {
                each(fact);
            }
        });
    }

    /// Calls `each` with every block the block itself reads.
    pub fn each_block(&self, each: &mut dyn FnMut(BlockId)) {
        self.each_read(&mut |read| {
            if let Read::Block(block) = read {
                each(block);
            }
        });
    }
}

fn optional<'a>(condition: Option<&'a Condition>, each: Each<'_, 'a>) {
    if let Some(condition) = condition {
        each(condition.part());
    }
}

fn optional_rule<'a>(rule: Option<&'a Rule>, each: Each<'_, 'a>) {
    if let Some(rule) = rule {
        rule.each_part(each);
    }
}

fn lines<'a>(lines: &'a [(Condition, Vec<Cited>)], each: Each<'_, 'a>) {
    for (condition, citations) in lines {
        each(condition.part());
        each(Part::Citations(citations));
    }
}

impl Rule {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        match &self.test {
            Test::One(condition, citations) => {
                each(condition.part());
                each(Part::Citations(citations));
            }
            Test::List(_, items) => lines(items, each),
        }
        for unless in &self.unless {
            each(unless.condition.part());
            each(Part::Citations(&unless.citations));
        }
    }
}

impl Formula {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        match self {
            Formula::Amount(amount, citations) => {
                each(amount.part());
                each(Part::Citations(citations));
            }
            Formula::Aggregate(_, items) => {
                for (amount, citations) in items {
                    each(amount.part());
                    each(Part::Citations(citations));
                }
            }
            Formula::Count(items) => lines(items, each),
        }
    }
}

impl Score {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        for column in &self.columns {
            each(column.when.part());
            each(Part::Citations(&column.citations));
        }
        for table in &self.tables {
            match table {
                ScoreTable::Banded { rows, .. } => {
                    for row in rows {
                        each(row.amount.part());
                        each(Part::Citations(&row.citations));
                    }
                }
                ScoreTable::Items(rows) => {
                    for row in rows {
                        each(row.condition.part());
                        each(Part::Citations(&row.citations));
                    }
                }
            }
        }
    }
}

impl Bands {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        each(self.of.part());
        for column in &self.columns {
            each(column.when.part());
            each(Part::Citations(&column.citations));
        }
        self.rows.iter().for_each(|row| each(Part::Citations(&row.citations)));
        for instead in &self.instead {
            each(instead.when.part());
            each(Part::Citations(&instead.citations));
        }
    }
}

impl CourseRule {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        match self {
            CourseRule::FairTrial(rows) => rows.iter().for_each(|row| each(Part::Citations(&row.citations))),
            CourseRule::Outcome(lines) => {
                for (_, condition, citations) in lines {
                    each(condition.part());
                    each(Part::Citations(citations));
                }
            }
            CourseRule::Joined(rule)
            | CourseRule::Failed(rule)
            | CourseRule::Worked(rule)
            | CourseRule::NotTolerated(rule) => rule.each_part(each),
        }
    }
}

impl Ladder {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        self.patients.iter().for_each(|(condition, citations)| {
            each(condition.part());
            each(Part::Citations(citations));
        });
        self.beside.iter().for_each(|(_, option)| option.each_part(each));
        let mut seen = Vec::new();
        for line in &self.lines {
            each(Part::Citations(&line.citations));
            line.options.iter().for_each(|option| option.each_part(each));
            // The one of the ladder stands on every line that has none of its own.
            if let Some(next) = line.next.as_ref().filter(|next| !seen.contains(&next.span)) {
                seen.push(next.span);
                next.each_part(each);
            }
        }
    }
}

impl LadderOption {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        optional(self.when.as_ref(), each);
        each(Part::Citations(&self.citations));
    }
}

impl NextLine {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        optional(self.when.as_ref().map(|(condition, _)| condition), each);
        each(Part::Citations(&self.citations));
    }
}

impl Regimen {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        self.patients.iter().for_each(|(condition, citations)| {
            each(condition.part());
            each(Part::Citations(citations));
        });
        self.give.iter().for_each(|option| option.each_part(each));
        for plus in &self.plus {
            optional(plus.when.as_ref(), each);
            each(Part::Citations(&plus.citations));
        }
        self.of.iter().for_each(|option| option.each_part(each));
    }
}

impl Suspect {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        lines(&self.pointing, each);
        lines(&self.against, each);
        each(Part::Citations(&self.test_citations));
    }
}

impl Algorithm {
    fn each_part<'a>(&'a self, each: Each<'_, 'a>) {
        self.conclusions.iter().for_each(|conclusion| each(Part::Citations(&conclusion.citations)));
        for step in &self.steps {
            each(Part::Citations(&step.citations));
            for branch in &step.branches {
                optional(branch.when.as_ref(), each);
                each(Part::Citations(&branch.citations));
            }
        }
    }
}

impl Condition {
    fn part(&self) -> Part<'_> {
        Part::Expression(Expression::Condition(self))
    }

    /// Calls `each` with everything it looks at; what the blocks it reads look at is theirs.
    pub fn each_read(&self, each: &mut dyn FnMut(Read)) {
        match &self.kind {
            ConditionKind::All(items) | ConditionKind::Any(items) | ConditionKind::Count { items, .. } => {
                for item in items {
                    item.each_read(each);
                }
            }
            ConditionKind::Not(inner) => inner.each_read(each),
            ConditionKind::Holds(block)
            | ConditionKind::Concludes(block, _)
            | ConditionKind::Is { subject: Tested::Block(block), .. } => each(Read::Block(*block)),
            ConditionKind::Is { subject: Tested::Fact(reading), .. }
            | ConditionKind::IsNotMeasured(reading)
            | ConditionKind::FactIsRecorded(reading) => each(Read::Fact(reading.fact)),
            ConditionKind::Compares { subject, range } => {
                subject.each_read(each);
                [&range.low, &range.high].into_iter().flatten().for_each(|end| end.amount.each_read(each));
            }
            ConditionKind::Changes(change) => each(change.subject.read()),
            ConditionKind::IsRecorded(amount) => amount.each_read(each),
            ConditionKind::Course(test) => test.each_read(each),
            ConditionKind::Status(asked, _) => each(Read::Status(*asked)),
        }
    }
}

impl CourseTest {
    fn each_read(&self, each: &mut dyn FnMut(Read)) {
        match self {
            CourseTest::State(therapy, _) | CourseTest::Taking(therapy) => each(Read::Courses(*therapy)),
            CourseTest::Count { therapies, .. } => {
                for therapy in therapies {
                    each(Read::Courses(*therapy));
                }
            }
            CourseTest::Word(word) | CourseTest::WordIs(word, _) => each(Read::Word(*word)),
        }
    }
}

impl Subject {
    fn read(self) -> Read {
        match self {
            Subject::Fact(fact) => Read::Fact(fact),
            Subject::Measure(block) => Read::Block(block),
        }
    }
}

impl Amount {
    fn part(&self) -> Part<'_> {
        Part::Expression(Expression::Amount(self))
    }

    /// Calls `each` with everything it looks at; what the blocks it reads look at is theirs.
    pub fn each_read(&self, each: &mut dyn FnMut(Read)) {
        match &self.kind {
            AmountKind::Constant(_) => {}
            AmountKind::Block(block) => each(Read::Block(*block)),
            AmountKind::Fact(reading) | AmountKind::OnScale(reading, _) | AmountKind::Multiple(reading) => {
                each(Read::Fact(reading.fact));
            }
            AmountKind::SinceLastDose(therapy) => each(Read::Courses(*therapy)),
            AmountKind::CourseWord(word) => each(Read::Word(*word)),
            AmountKind::InUnit(inner, _) | AmountKind::Negative(inner) | AmountKind::Call(_, inner) => {
                inner.each_read(each);
            }
            AmountKind::ChangeIn(subject) | AmountKind::Improvement(subject, _) => each(subject.read()),
            AmountKind::Arithmetic(left, _, right) => {
                left.each_read(each);
                right.each_read(each);
            }
        }
    }
}
