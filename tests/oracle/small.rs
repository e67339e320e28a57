//! Random small guidelines over small facts, with what they mean: few enough patients to try them all.
//!
//! The meaning is the plain one of a complete patient: a yes/no is a truth, a number a fraction. What the program makes
//! of sets of patients must be the set of what it makes of each.

pub(crate) mod claims;

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::{Dice, Fraction};

/// The facts, with how many values each has. Numbers are whole, from 0.
pub(crate) const FACTS: [(&str, Kind); 14] = [
    ("sign_a", Kind::YesNo),
    ("sign_b", Kind::YesNo),
    ("sign_c", Kind::YesNo),
    ("sign_d", Kind::YesNo),
    ("exam_e", Kind::Exam),
    ("kind_k", Kind::Choice),
    ("kind_l", Kind::Choice),
    ("size_n", Kind::Whole),
    ("size_m", Kind::Whole),
    ("size_p", Kind::Whole),
    ("pain_v at baseline", Kind::Whole),
    ("latest pain_v", Kind::Whole),
    ("force_w at baseline", Kind::Whole),
    ("latest force_w", Kind::Whole),
];
const BEFORE_V: usize = 10;
const BEFORE_W: usize = 12;
/// After the facts: the clinician's judgement.
pub(crate) const JUDGEMENT: usize = 14;
pub(crate) const VARIABLES: usize = 15;
const WORDS: [&str; 3] = ["red", "green", "blue"];
const VERBS: [&str; 4] = ["improves", "worsens", "rises", "falls"];
const EXAM: [&str; 3] = ["yes", "no", "not done"];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    YesNo,
    Exam,
    Choice,
    Whole,
}

/// How many values a variable has; for a yes/no 0 is yes.
pub(crate) fn sides(variable: usize) -> u8 {
    match FACTS.get(variable).map(|fact| fact.1) {
        Some(Kind::YesNo) | None => 2,
        Some(Kind::Exam | Kind::Choice) => 3,
        Some(Kind::Whole) => 4,
    }
}

fn word(kind: Kind, value: u8) -> &'static str {
    match kind {
        Kind::YesNo | Kind::Exam => EXAM[usize::from(value)],
        Kind::Choice => WORDS[usize::from(value)],
        Kind::Whole => ["0", "1", "2", "3"][usize::from(value)],
    }
}

/// A value for every variable.
pub(crate) type Patient = [u8; VARIABLES];

/// What a block gives for a patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Value {
    Truth(bool),
    Number(Fraction),
    Word(String),
    /// Every row that fits.
    Words(BTreeSet<String>),
    /// No row, or two, where there must be one.
    Fault,
}

#[derive(Debug, Clone)]
enum Number {
    Fact(usize),
    Block(usize),
    Constant(i128),
    /// `(left + right)`, `-`, `*`.
    Join(Box<Number>, char, Box<Number>),
    /// `change in pain_v`: from which variable.
    Change(usize),
    /// `improvement of pain_v as % of range`
    Improvement(usize),
}

/// From, to; whether the ends belong to it.
#[derive(Debug, Clone)]
struct Range {
    low: Option<(Fraction, bool)>,
    high: Option<(Fraction, bool)>,
}

#[derive(Debug, Clone)]
enum Condition {
    /// A fact is one of some of its values.
    Is {
        fact: usize,
        values: Vec<u8>,
        not: bool,
    },
    Judgement,
    Within(Number, Range),
    /// Below, above, at most, at least another number.
    Compare(Number, &'static str, Number),
    Finding(usize),
    BlockIs {
        block: usize,
        words: Vec<String>,
        not: bool,
    },
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
    /// A rule over a comma list.
    Listed(Rule, Vec<Condition>),
    /// A change since baseline: which measure, `improves`, by how much, of baseline, or above rather than at least.
    Change {
        before: usize,
        verb: &'static str,
        by: i128,
        of_baseline: bool,
        above: bool,
    },
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    All,
    Any,
    None,
    AtLeast(usize),
    Exactly(usize),
    AtMost(usize),
}

#[derive(Debug, Clone)]
enum Body {
    Finding {
        rule: Option<Rule>,
        lines: Vec<Condition>,
        unless: Option<Condition>,
    },
    Formula(Number),
    Aggregate(&'static str, Vec<Number>),
    Count(Vec<Condition>),
    /// Edges of each column, the words, and those to whom it does not apply.
    Bands {
        of: Number,
        columns: Option<Condition>,
        edges: Vec<Vec<(Fraction, bool)>>,
        instead: Option<Condition>,
    },
    /// Conditions with points for each column; `None` where the item does not exist.
    Score {
        columns: Option<Condition>,
        items: Vec<(Condition, Vec<Option<i128>>)>,
    },
    /// Numbers looked up in bands.
    Lookup {
        edges: Vec<(i128, bool)>,
        rows: Vec<(Number, Vec<i128>)>,
    },
    Table {
        policy: Policy,
        columns: Vec<Column>,
        rows: Vec<(Vec<Cell>, String)>,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Policy {
    ExactlyOne,
    First,
    Every,
    Sum,
}

#[derive(Debug, Clone)]
enum Column {
    Fact(usize),
    Finding(usize),
    Words(usize),
    Number(usize),
}

#[derive(Debug, Clone)]
enum Cell {
    Any,
    Values(Vec<u8>, bool),
    Range(Range),
}

/// What a block gives, for those that read it.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Gives {
    Truth,
    Number,
    Words(Vec<String>),
    /// May be at fault, or several words: nobody reads it.
    Last,
}

#[derive(Debug, Clone)]
struct Block {
    name: String,
    body: Body,
    gives: Gives,
}

/// A guideline.
#[derive(Debug, Clone)]
pub(crate) struct Guideline {
    blocks: Vec<Block>,
    impossible: Option<Condition>,
    covers: Option<Condition>,
}

fn half(value: i128) -> Fraction {
    Fraction::new(value, 2)
}

impl Range {
    fn holds(&self, value: Fraction) -> bool {
        self.low.is_none_or(|(low, included)| value > low || (included && value == low))
            && self.high.is_none_or(|(high, included)| value < high || (included && value == high))
    }

    fn written(&self) -> String {
        match (self.low, self.high) {
            (Some((low, true)), None) => format!("at least {low}"),
            (Some((low, false)), None) => format!("above {low}"),
            (None, Some((high, true))) => format!("at most {high}"),
            (None, Some((high, false))) => format!("below {high}"),
            (Some((low, true)), Some((high, false))) => format!("{low} to below {high}"),
            (Some((low, true)), Some((high, true))) => format!("{low} to at most {high}"),
            (Some((low, false)), Some((high, true))) => format!("above {low} to {high}"),
            (Some((low, false)), Some((high, false))) => format!("above {low} to below {high}"),
            (None, None) => unreachable!("a range without ends"),
        }
    }
}

/// What stands for a patient: the facts and the blocks worked out so far.
struct Chart<'a> {
    patient: &'a Patient,
    values: Vec<Value>,
}

impl Chart<'_> {
    fn fact(&self, variable: usize) -> Fraction {
        Fraction::whole(self.patient[variable].into())
    }

    fn number(&self, number: &Number) -> Fraction {
        match number {
            Number::Fact(variable) => self.fact(*variable),
            Number::Block(block) => match &self.values[*block] {
                Value::Number(value) => *value,
                other => unreachable!("block {block} is read as a number and is {other:?}"),
            },
            Number::Constant(value) => Fraction::whole(*value),
            Number::Join(left, sign, right) => {
                let (left, right) = (self.number(left), self.number(right));
                match sign {
                    '+' => left + right,
                    '-' => left - right,
                    _ => left * right,
                }
            }
            Number::Change(before) => self.fact(before + 1) - self.fact(*before),
            Number::Improvement(before) => self.gain(*before) * Fraction::whole(100) / Fraction::whole(3),
        }
    }

    fn gain(&self, before: usize) -> Fraction {
        let rise = self.fact(before + 1) - self.fact(before);
        if before == BEFORE_V { -rise } else { rise }
    }

    fn count(&self, of: &[Condition]) -> usize {
        of.iter().filter(|condition| self.holds(condition)).count()
    }

    fn rule(&self, rule: Rule, of: &[Condition]) -> bool {
        let count = self.count(of);
        match rule {
            Rule::All => count == of.len(),
            Rule::Any => count > 0,
            Rule::None => count == 0,
            Rule::AtLeast(least) => count >= least,
            Rule::Exactly(exactly) => count == exactly,
            Rule::AtMost(most) => count <= most,
        }
    }

    fn holds(&self, condition: &Condition) -> bool {
        match condition {
            Condition::Is { fact, values, not } => values.contains(&self.patient[*fact]) != *not,
            Condition::Judgement => self.patient[JUDGEMENT] == 0,
            Condition::Within(number, range) => range.holds(self.number(number)),
            Condition::Compare(left, relation, right) => {
                let (left, right) = (self.number(left), self.number(right));
                match *relation {
                    "below" => left < right,
                    "at most" => left <= right,
                    "above" => left > right,
                    _ => left >= right,
                }
            }
            Condition::Finding(block) => self.values[*block] == Value::Truth(true),
            Condition::BlockIs { block, words, not } => {
                let held = match &self.values[*block] {
                    Value::Word(word) => words.contains(word),
                    other => unreachable!("block {block} is read as a word and is {other:?}"),
                };
                held != *not
            }
            Condition::Not(inner) => !self.holds(inner),
            Condition::All(of) => self.rule(Rule::All, of),
            Condition::Any(of) => self.rule(Rule::Any, of),
            Condition::Listed(rule, of) => self.rule(*rule, of),
            Condition::Change { before, verb, by, of_baseline, above } => {
                let rise = self.fact(before + 1) - self.fact(*before);
                let gain = self.gain(*before);
                let step = match *verb {
                    "improves" => gain,
                    "worsens" => -gain,
                    "rises" => rise,
                    _ => -rise,
                };
                let need = Fraction::whole(*by);
                let (step, need) =
                    if *of_baseline { (step * Fraction::whole(100), need * self.fact(*before)) } else { (step, need) };
                (step > need || (!above && step == need)) && (!of_baseline || step.top() > 0)
            }
        }
    }

    fn cell(&self, column: &Column, cell: &Cell) -> bool {
        let value = match column {
            Column::Fact(variable) => self.patient[*variable],
            Column::Finding(block) => u8::from(self.values[*block] != Value::Truth(true)),
            Column::Number(block) => match (&self.values[*block], cell) {
                (_, Cell::Any) => return true,
                (Value::Number(number), Cell::Range(range)) => return range.holds(*number),
                (other, _) => unreachable!("block {block} is read as a number and is {other:?}"),
            },
            Column::Words(block) => match &self.values[*block] {
                Value::Word(word) => word_place(word),
                other => unreachable!("block {block} is read as a word and is {other:?}"),
            },
        };
        match cell {
            Cell::Any => true,
            Cell::Values(values, not) => values.contains(&value) != *not,
            Cell::Range(range) => range.holds(Fraction::whole(value.into())),
        }
    }

    fn block(&self, body: &Body) -> Value {
        let column = |columns: &Option<Condition>| match columns {
            Some(first) if !self.holds(first) => 1,
            _ => 0,
        };
        match body {
            Body::Finding { rule, lines, unless } => {
                let held = self.rule(rule.unwrap_or(Rule::All), lines);
                Value::Truth(held && !unless.as_ref().is_some_and(|unless| self.holds(unless)))
            }
            Body::Formula(number) => Value::Number(self.number(number)),
            Body::Aggregate(how, of) => {
                let numbers: Vec<Fraction> = of.iter().map(|number| self.number(number)).collect();
                let sum = numbers.iter().fold(Fraction::ZERO, |sum, number| sum + *number);
                Value::Number(match *how {
                    "sum of" => sum,
                    "average of" => sum / Fraction::whole(numbers.len() as i128),
                    "highest of" => numbers.into_iter().max().unwrap_or(Fraction::ZERO),
                    _ => numbers.into_iter().min().unwrap_or(Fraction::ZERO),
                })
            }
            Body::Count(of) => Value::Number(Fraction::whole(self.count(of) as i128)),
            Body::Bands { of, columns, edges, instead } => {
                if instead.as_ref().is_some_and(|instead| self.holds(instead)) {
                    return Value::Word("beside".to_owned());
                }
                Value::Word(band_word(place(self.number(of), &edges[column(columns)])))
            }
            Body::Score { columns, items } => {
                let at = column(columns);
                let held = items.iter().filter(|(condition, _)| self.holds(condition));
                let points = held.filter_map(|(_, points)| points[at]).sum::<i128>();
                Value::Number(half(points))
            }
            Body::Lookup { edges, rows } => {
                let edges: Vec<(Fraction, bool)> =
                    edges.iter().map(|(edge, below)| (Fraction::whole(*edge), *below)).collect();
                let points: i128 = rows.iter().map(|(number, points)| points[place(self.number(number), &edges)]).sum();
                Value::Number(half(points))
            }
            Body::Table { policy, columns, rows } => {
                let fits = |cells: &[Cell]| columns.iter().zip(cells).all(|(column, cell)| self.cell(column, cell));
                let mut fitting = rows.iter().filter(|(cells, _)| fits(cells)).map(|(_, output)| output);
                match policy {
                    Policy::First => fitting.next().map_or(Value::Fault, |word| Value::Word(word.clone())),
                    Policy::ExactlyOne => match (fitting.next(), fitting.next()) {
                        (Some(word), None) => Value::Word(word.clone()),
                        _ => Value::Fault,
                    },
                    Policy::Every => Value::Words(fitting.cloned().collect()),
                    Policy::Sum => Value::Number(
                        fitting.fold(Fraction::ZERO, |sum, points| sum + Fraction::whole(points.parse().unwrap_or(0))),
                    ),
                }
            }
        }
    }
}

/// Which band: an edge belongs to the band below it where the flag says so.
fn place(value: Fraction, edges: &[(Fraction, bool)]) -> usize {
    edges.iter().filter(|(edge, below)| value > *edge || (!below && value == *edge)).count()
}

fn band_word(at: usize) -> String {
    ["little", "some", "much", "most"][at].to_owned()
}

/// The place of a word among those that tables and bands give.
const OUTPUTS: [&str; 8] = ["little", "some", "much", "most", "beside", "one", "two", "three"];

fn word_place(word: &str) -> u8 {
    let at = OUTPUTS.iter().position(|known| *known == word);
    at.and_then(|at| u8::try_from(at).ok()).unwrap_or_else(|| unreachable!("a word of no table: {word}"))
}

impl Guideline {
    /// What every block gives for a patient; `None` for a patient whom nobody has.
    pub(crate) fn of(&self, patient: &Patient) -> Option<Vec<Value>> {
        let chart = self.chart(patient);
        match &self.impossible {
            Some(impossible) if chart.holds(impossible) => None,
            _ => Some(chart.values),
        }
    }

    /// It speaks of a patient.
    pub(crate) fn speaks_of(&self, patient: &Patient) -> bool {
        self.covers.as_ref().is_none_or(|covers| self.chart(patient).holds(covers))
    }

    /// The same guideline, of some patients only.
    pub(crate) fn of_some(mut self, dice: &mut Dice) -> Self {
        let mut maker = Maker { dice, blocks: self.blocks };
        self.covers = Some(maker.condition(2));
        self.blocks = maker.blocks;
        self
    }

    fn chart<'a>(&self, patient: &'a Patient) -> Chart<'a> {
        let mut chart = Chart { patient, values: Vec::new() };
        for block in &self.blocks {
            let value = chart.block(&block.body);
            chart.values.push(value);
        }
        chart
    }

    /// The names of the blocks, in order.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.blocks.iter().map(|block| block.name.as_str()).collect()
    }

    /// The files of a folder of rules.
    pub(crate) fn files(&self) -> [(String, String); 3] {
        let answers = self.names().join(", ");
        let info = format!(
            "id: small\nrelease: 1.0.0\nlanguage: 1\ntitle: Small\nabout: A guideline made up by a test.\nstatus: \
             draft\neffective_from: 2020-01-01\nauthors: [test]\nanswers: [{answers}]\nchanges: [First \
             release.]\nlocal_choices:\n  example: Made up.\n"
        );
        [
            ("dictionary/small.yaml".to_owned(), dictionary()),
            ("small/1.0.0/guideline.yaml".to_owned(), info),
            ("small/1.0.0/small.rules".to_owned(), self.rules()),
        ]
    }

    /// The rules as text.
    pub(crate) fn rules(&self) -> String {
        let mut text = String::from("judgement doubt_j \"In doubt?\" [local example]\n");
        if let Some(impossible) = &self.impossible {
            let _ = writeln!(text, "\nimpossible never_so \"nobody has this\" when {}", self.line(impossible));
        }
        for block in &self.blocks {
            text.push('\n');
            self.write(&mut text, block);
        }
        if let Some(covers) = &self.covers {
            let _ = writeln!(text, "\ncovers patients when {}", self.line(covers));
        }
        text
    }

    fn write(&self, text: &mut String, block: &Block) {
        let name = &block.name;
        match &block.body {
            Body::Finding { rule, lines, unless } => {
                let _ = writeln!(text, "finding {name} \"{name}\" [local example]");
                match rule {
                    None => lines.iter().for_each(|line| {
                        let _ = writeln!(text, "  {}", self.line(line));
                    }),
                    Some(rule) => {
                        let _ = writeln!(text, "  {}", rule_words(*rule));
                        self.items(text, lines);
                    }
                }
                if let Some(unless) = unless {
                    let _ = writeln!(text, "  unless {}", self.line(unless));
                }
            }
            Body::Formula(number) => {
                let _ = writeln!(text, "number {name} \"{name}\" [local example]\n  {}", self.amount(number, true));
            }
            Body::Aggregate(how, of) => {
                let _ = writeln!(text, "number {name} \"{name}\" [local example]\n  {how}");
                for number in of {
                    let _ = writeln!(text, "  - {}", self.amount(number, true));
                }
            }
            Body::Count(of) => {
                let _ = writeln!(text, "number {name} \"{name}\" [local example]\n  count of");
                self.items(text, of);
            }
            Body::Bands { of, columns, edges, instead } => {
                let of = self.amount(of, true);
                let _ = writeln!(text, "bands {name} \"{name}\" of {of} [local example]");
                self.columns(text, columns.as_ref());
                if let Some(instead) = instead {
                    let _ = writeln!(text, "  beside when {}", self.line(instead));
                }
                let heads: Vec<&str> = if columns.is_some() { vec!["these", "others"] } else { vec![of.as_str()] };
                let _ = writeln!(text, "  | {name} | {} |", heads.join(" | "));
                let _ = writeln!(text, "  |---|{}", "---|".repeat(heads.len()));
                for at in 0..=edges[0].len() {
                    let cells: Vec<String> = edges.iter().map(|edges| band(edges, at).written()).collect();
                    let _ = writeln!(text, "  | {} | {} |", band_word(at), cells.join(" | "));
                }
            }
            Body::Score { columns, items } => {
                let _ = writeln!(text, "score {name} \"{name}\" [local example]");
                self.columns(text, columns.as_ref());
                let heads = if columns.is_some() { "these | others" } else { "points" };
                let _ = writeln!(
                    text,
                    "  | if present | {heads} |\n  |---|{}",
                    if columns.is_some() { "---|---|" } else { "---|" }
                );
                for (condition, points) in items {
                    let cells: Vec<String> = points
                        .iter()
                        .map(|points| points.map_or("none".to_owned(), |points| half(points).to_string()))
                        .collect();
                    let _ = writeln!(text, "  | {} | {} |", self.line(condition), cells.join(" | "));
                }
            }
            Body::Lookup { edges, rows } => {
                let _ = writeln!(text, "score {name} \"{name}\" [local example]");
                let edges: Vec<(Fraction, bool)> =
                    edges.iter().map(|(edge, below)| (Fraction::whole(*edge), *below)).collect();
                let heads: Vec<String> = (0..=edges.len()).map(|at| band(&edges, at).written()).collect();
                let _ = writeln!(text, "  | value | {} |\n  |---|{}", heads.join(" | "), "---|".repeat(heads.len()));
                for (number, points) in rows {
                    let cells: Vec<String> = points.iter().map(|points| half(*points).to_string()).collect();
                    let _ = writeln!(text, "  | {} | {} |", self.amount(number, true), cells.join(" | "));
                }
            }
            Body::Table { policy, columns, rows } => {
                let policy = match policy {
                    Policy::ExactlyOne => "exactly one row fits",
                    Policy::First => "first row that fits",
                    Policy::Every => "every row that fits",
                    Policy::Sum => "sum of the rows that fit",
                };
                let _ = writeln!(text, "table {name} \"{name}\" [local example]\n  {policy}");
                let heads: Vec<String> = columns
                    .iter()
                    .map(|column| match column {
                        Column::Fact(variable) => FACTS[*variable].0.to_owned(),
                        Column::Finding(block) | Column::Words(block) | Column::Number(block) => {
                            self.blocks[*block].name.clone()
                        }
                    })
                    .collect();
                let _ =
                    writeln!(text, "  | {} | -> {name} |\n  |{}", heads.join(" | "), "---|".repeat(heads.len() + 1));
                for (cells, output) in rows {
                    let cells: Vec<String> =
                        columns.iter().zip(cells).map(|(column, cell)| Self::cell(column, cell)).collect();
                    let _ = writeln!(text, "  | {} | {output} |", cells.join(" | "));
                }
            }
        }
    }

    fn cell(column: &Column, cell: &Cell) -> String {
        let words = |values: &[u8]| -> Vec<&'static str> {
            let of = |value: &u8| match column {
                Column::Fact(variable) => word(FACTS[*variable].1, *value),
                Column::Finding(_) => word(Kind::YesNo, *value),
                Column::Words(_) | Column::Number(_) => OUTPUTS[usize::from(*value)],
            };
            values.iter().map(of).collect()
        };
        match cell {
            Cell::Any => "any".to_owned(),
            Cell::Values(values, false) => words(values).join(" or "),
            Cell::Values(values, true) => format!("not {}", words(values).join(" or ")),
            Cell::Range(range) => range.written(),
        }
    }

    fn columns(&self, text: &mut String, first: Option<&Condition>) {
        let Some(first) = first else { return };
        let other = self.line(&Condition::Not(Box::new(first.clone())));
        let _ = writeln!(text, "  column these when {}\n  column others when {other}", self.line(first));
    }

    fn items(&self, text: &mut String, items: &[Condition]) {
        for item in items {
            let _ = writeln!(text, "  - {}", self.line(item));
        }
    }

    fn amount(&self, number: &Number, outermost: bool) -> String {
        match number {
            Number::Fact(variable) => FACTS[*variable].0.to_owned(),
            Number::Block(block) => self.blocks[*block].name.clone(),
            Number::Constant(value) => value.to_string(),
            Number::Join(left, sign, right) => {
                let joined = format!("{} {sign} {}", self.amount(left, false), self.amount(right, false));
                if outermost { joined } else { format!("({joined})") }
            }
            Number::Change(before) => format!("change in {}", measure(*before)),
            Number::Improvement(before) => format!("improvement of {} as % of range", measure(*before)),
        }
    }

    fn line(&self, condition: &Condition) -> String {
        match condition {
            Condition::Is { fact, values, not } => {
                let (name, kind) = FACTS[*fact];
                let words: Vec<&str> = values.iter().map(|value| word(kind, *value)).collect();
                match (kind, words.as_slice(), not) {
                    (Kind::YesNo, ["yes"], false) => name.to_owned(),
                    (Kind::YesNo, ["yes"], true) => format!("not {name}"),
                    (_, [word], false) => format!("{name} is {word}"),
                    (_, [word], true) => format!("{name} is not {word}"),
                    (_, words, false) => format!("{name} is one of {}", words.join(", ")),
                    (_, words, true) => format!("{name} is not one of {}", words.join(", ")),
                }
            }
            Condition::Judgement => "doubt_j".to_owned(),
            Condition::Within(number, range) => format!("{} is {}", self.amount(number, false), range.written()),
            Condition::Compare(left, relation, right) => {
                format!("{} is {relation} {}", self.amount(left, false), self.amount(right, false))
            }
            Condition::Finding(block) => self.blocks[*block].name.clone(),
            Condition::BlockIs { block, words, not } => {
                let name = &self.blocks[*block].name;
                let not = if *not { "not " } else { "" };
                match words.as_slice() {
                    [word] => format!("{name} is {not}{word}"),
                    words => format!("{name} is {not}one of {}", words.join(", ")),
                }
            }
            Condition::Not(inner) => match inner.as_ref() {
                Condition::Finding(block) => format!("not {}", self.blocks[*block].name),
                Condition::Is { fact, values, not } => {
                    self.line(&Condition::Is { fact: *fact, values: values.clone(), not: !not })
                }
                other => format!("not {}", self.line(other)),
            },
            Condition::All(of) => self.joined(of, " and "),
            Condition::Any(of) => self.joined(of, " or "),
            Condition::Listed(rule, of) => format!("{} {}", rule_words(*rule), self.joined(of, ", ")),
            Condition::Change { before, verb, by, of_baseline, above } => {
                let of_baseline = if *of_baseline { " % of baseline" } else { "" };
                let bound = if *above { "above" } else { "at least" };
                format!("{} {verb} by {bound} {by}{of_baseline}", measure(*before))
            }
        }
    }

    fn joined(&self, of: &[Condition], with: &str) -> String {
        of.iter().map(|one| self.line(one)).collect::<Vec<_>>().join(with)
    }
}

fn rule_words(rule: Rule) -> String {
    match rule {
        Rule::All => "all of".to_owned(),
        Rule::Any => "any of".to_owned(),
        Rule::None => "none of".to_owned(),
        Rule::AtLeast(count) => format!("at least {count} of"),
        Rule::Exactly(count) => format!("exactly {count} of"),
        Rule::AtMost(count) => format!("at most {count} of"),
    }
}

fn measure(before: usize) -> &'static str {
    if before == BEFORE_V { "pain_v" } else { "force_w" }
}

fn band(edges: &[(Fraction, bool)], at: usize) -> Range {
    Range {
        low: at.checked_sub(1).and_then(|below| edges.get(below)).map(|(edge, below)| (*edge, !below)),
        high: edges.get(at).copied(),
    }
}

fn dictionary() -> String {
    let mut text = String::new();
    for (name, kind) in FACTS {
        let (key, recorded) = match name.split_once(' ') {
            Some(("latest", key)) => (key, "visits"),
            Some(_) => continue,
            None => (name, "facts"),
        };
        let _ = writeln!(text, "{key}:\n  label: {key}\n  question: What is {key}?\n  recorded: {recorded}");
        text.push_str(match kind {
            Kind::YesNo => "  type: yes or no\n",
            Kind::Exam => "  type: yes or no\n  may_be_not_done: yes\n",
            Kind::Choice => "  type: choice\n  values: [red, green, blue]\n",
            Kind::Whole => "  type: whole number\n  range: 0 to 3\n",
        });
        match key {
            "pain_v" => text.push_str("  better: lower\n"),
            "force_w" => text.push_str("  better: higher\n"),
            _ => {}
        }
    }
    text
}

/// A record: what each variable may be.
pub(crate) type Record = [Vec<u8>; VARIABLES];

/// A record as YAML; a stretch of numbers is written as `above` or `below`.
pub(crate) fn yaml(record: &Record) -> String {
    let mut parts: [Vec<String>; 3] = [Vec::new(), Vec::new(), Vec::new()];
    for (variable, (name, kind)) in FACTS.iter().enumerate() {
        let (key, part) = match name.split_once(' ') {
            Some(("latest", key)) => (key, 2),
            Some((key, _)) => (key, 1),
            None => (*name, 0),
        };
        let values = &record[variable];
        let text = match (values.as_slice(), kind) {
            ([value], _) => word(*kind, *value).to_owned(),
            ([0, .., last], Kind::Whole) if *last < 3 => format!("below {}", last + 1),
            ([first, .., 3], Kind::Whole) if *first > 0 => format!("above {}", first - 1),
            _ => "unknown".to_owned(),
        };
        parts[part].push(format!("{key}: {text}"));
    }
    let [facts, first, later] = parts.map(|part| part.join(", "));
    let judgement = match record[JUDGEMENT].as_slice() {
        [0] => "judgements: {doubt_j: yes}\n",
        [1] => "judgements: {doubt_j: no}\n",
        _ => "",
    };
    format!(
        "id: small\nas_of: 2024-07-10\nfacts: {{{facts}}}\n{judgement}visits:\n  - {{date: 2024-01-10, role: baseline, \
         {first}}}\n  - {{date: 2024-07-10, {later}}}\n"
    )
}

/// Every patient that a record may be of.
pub(crate) fn patients(record: &Record) -> Vec<Patient> {
    let mut all = vec![[0; VARIABLES]];
    for (variable, values) in record.iter().enumerate() {
        all = all
            .into_iter()
            .flat_map(|patient| {
                values.iter().map(move |value| {
                    let mut next = patient;
                    next[variable] = *value;
                    next
                })
            })
            .collect();
    }
    all
}

/// A record with at most so many patients.
pub(crate) fn record(most: usize, dice: &mut Dice) -> Record {
    let mut record: Record =
        std::array::from_fn(|variable| vec![u8::try_from(dice.below(sides(variable).into())).unwrap_or(0)]);
    let mut order: Vec<usize> = (0..VARIABLES).collect();
    dice.shuffle(&mut order);
    let mut count = 1;
    let wanted = dice.below(8) + 1;
    for variable in order.into_iter().take(wanted) {
        let whole = FACTS.get(variable).is_some_and(|fact| fact.1 == Kind::Whole);
        let values: Vec<u8> = match dice.below(4) {
            0 if whole => (0..2 + u8::try_from(dice.below(2)).unwrap_or(0)).collect(),
            1 if whole => (1 + u8::try_from(dice.below(2)).unwrap_or(0)..4).collect(),
            _ => (0..sides(variable)).collect(),
        };
        if count * values.len() <= most {
            count *= values.len();
            record[variable] = values;
        }
    }
    record
}

/// `kind_k is red`
fn ends_in_a_word(condition: &Condition) -> bool {
    match condition {
        Condition::Is { fact, values, not } => {
            FACTS[*fact].1 != Kind::YesNo || (values.as_slice(), not) == (&[1], &false)
        }
        Condition::BlockIs { .. } => true,
        Condition::Not(inner) => ends_in_a_word(inner),
        _ => false,
    }
}

/// Makes guidelines.
struct Maker<'a> {
    dice: &'a mut Dice,
    blocks: Vec<Block>,
}

/// A guideline of some blocks.
pub(crate) fn guideline(dice: &mut Dice) -> Guideline {
    let count = 4 + dice.below(8);
    of_blocks(count, dice)
}

/// A guideline of so many blocks.
pub(crate) fn of_blocks(count: usize, dice: &mut Dice) -> Guideline {
    let mut maker = Maker { dice, blocks: Vec::new() };
    for at in 0..count {
        let (body, gives) = maker.body();
        maker.blocks.push(Block { name: format!("block_{at}"), body, gives });
    }
    let facts_only = Maker { dice: maker.dice, blocks: Vec::new() }.condition(1);
    let impossible = Some(facts_only).filter(|_| maker.dice.once_in(6));
    Guideline { blocks: maker.blocks, impossible, covers: None }
}

impl Maker<'_> {
    fn of_kind(&mut self, wanted: impl Fn(&Gives) -> bool) -> Option<usize> {
        let fitting: Vec<usize> = (0..self.blocks.len()).filter(|at| wanted(&self.blocks[*at].gives)).collect();
        if fitting.is_empty() { None } else { Some(*self.dice.pick(&fitting)) }
    }

    fn fact(&mut self, wanted: impl Fn(Kind) -> bool) -> usize {
        let fitting: Vec<usize> = (0..FACTS.len()).filter(|at| wanted(FACTS[*at].1)).collect();
        *self.dice.pick(&fitting)
    }

    fn before(&mut self) -> usize {
        *self.dice.pick(&[BEFORE_V, BEFORE_W])
    }

    fn number(&mut self, depth: usize) -> Number {
        match self.dice.below(if depth == 0 { 4 } else { 9 }) {
            0..=2 => Number::Fact(self.fact(|kind| kind == Kind::Whole)),
            3 => match self.of_kind(|gives| *gives == Gives::Number) {
                Some(block) => Number::Block(block),
                None => Number::Fact(self.fact(|kind| kind == Kind::Whole)),
            },
            4 => Number::Change(self.before()),
            5 if self.dice.once_in(2) => Number::Improvement(self.before()),
            6 => {
                let factor = Number::Constant(self.dice.between(2, 3));
                Number::Join(Box::new(self.number(depth - 1)), '*', Box::new(factor))
            }
            _ => {
                let sign = *self.dice.pick(&['+', '-', '-', '+', '+', '*']);
                let (left, right) = (self.number(depth - 1), self.number(depth - 1));
                Number::Join(Box::new(left), sign, Box::new(right))
            }
        }
    }

    fn range(&mut self) -> Range {
        let low = half(self.dice.between(-1, 6));
        let mut end = |value: Fraction| Some((value, self.dice.once_in(2)));
        match (end(low), end(low)) {
            (first, None) | (None, first) => Range { low: first, high: None },
            (first, second) => match self.dice.below(3) {
                0 => Range { low: first, high: None },
                1 => Range { low: None, high: second },
                _ => Range { low: first, high: second.map(|(_, included)| (low + half(2), included)) },
            },
        }
        .positive()
    }

    fn values(&mut self, sides: u8) -> Vec<u8> {
        let mut values: Vec<u8> = (0..sides).collect();
        self.dice.shuffle(&mut values);
        values.truncate(1 + self.dice.below(usize::from(sides) - 1));
        values.sort_unstable();
        values
    }

    /// One thing that is looked at.
    fn clause(&mut self) -> Condition {
        match self.dice.below(16) {
            0..=2 => {
                let not = self.dice.once_in(3);
                Condition::Is { fact: self.fact(|kind| kind == Kind::YesNo), values: vec![0], not }
            }
            3 | 4 => {
                let fact = self.fact(|kind| matches!(kind, Kind::Choice | Kind::Exam));
                let not = self.dice.once_in(3);
                Condition::Is { fact, values: vec![*self.dice.pick(&[0, 1, 2])], not }
            }
            5 | 6 => {
                let range = self.range();
                Condition::Within(Number::Fact(self.fact(|kind| kind == Kind::Whole)), range)
            }
            7 | 8 => {
                let relation = *self.dice.pick(&["below", "at most", "above", "at least"]);
                Condition::Compare(self.number(0), relation, self.number(0))
            }
            9 | 10 => match self.of_kind(|gives| *gives == Gives::Truth) {
                Some(block) if self.dice.once_in(3) => Condition::Not(Box::new(Condition::Finding(block))),
                Some(block) => Condition::Finding(block),
                None => Condition::Judgement,
            },
            11 => match self.of_kind(|gives| matches!(gives, Gives::Words(_))) {
                Some(block) => {
                    let words = self.words(block);
                    let not = self.dice.once_in(3);
                    Condition::BlockIs { block, words: vec![self.dice.pick(&words).clone()], not }
                }
                None => Condition::Judgement,
            },
            12 => match self.of_kind(|gives| *gives == Gives::Number) {
                Some(block) => {
                    let range = self.range();
                    Condition::Within(Number::Block(block), range)
                }
                None => Condition::Judgement,
            },
            13 | 14 => {
                let of_baseline = self.dice.once_in(2);
                Condition::Change {
                    before: self.before(),
                    verb: VERBS[self.dice.below(VERBS.len())],
                    by: if of_baseline { *self.dice.pick(&[20, 50, 100]) } else { self.dice.between(1, 2) },
                    of_baseline,
                    above: self.dice.once_in(3),
                }
            }
            _ => Condition::Judgement,
        }
    }

    fn words(&self, block: usize) -> Vec<String> {
        match &self.blocks[block].gives {
            Gives::Words(words) => words.clone(),
            other => unreachable!("block {block} gives {other:?}"),
        }
    }

    fn condition(&mut self, depth: usize) -> Condition {
        if depth == 0 {
            return self.clause();
        }
        match self.dice.below(8) {
            0 | 1 => Condition::All(self.clauses(2)),
            2 | 3 => Condition::Any(self.clauses(2)),
            4 => {
                let items = self.clauses(3);
                let rule = self.rule(items.len());
                Condition::Listed(rule, items)
            }
            5 => {
                let fact = self.fact(|kind| matches!(kind, Kind::Choice | Kind::Exam));
                let not = self.dice.once_in(3);
                let values = self.values(3);
                Condition::Is { fact, values, not }
            }
            6 => {
                let relation = *self.dice.pick(&["below", "at most", "above", "at least"]);
                Condition::Compare(self.number(1), relation, self.number(1))
            }
            _ => self.clause(),
        }
    }

    fn clauses(&mut self, least: usize) -> Vec<Condition> {
        let count = least + self.dice.below(2);
        let mut clauses: Vec<Condition> = Vec::new();
        while clauses.len() < count {
            let clause = self.clause();
            let is_a_word = ends_in_a_word(&clause);
            if is_a_word && clauses.last().is_some_and(ends_in_a_word) {
                continue;
            }
            // What begins with `,` or `or` behind a value would read as another value.
            let at = if is_a_word { clauses.len() } else { 0 };
            clauses.insert(at, clause);
        }
        clauses
    }

    fn rule(&mut self, of: usize) -> Rule {
        let count = 1 + self.dice.below(of.max(2) - 1);
        match self.dice.below(6) {
            0 => Rule::All,
            1 => Rule::Any,
            2 => Rule::None,
            3 => Rule::AtLeast(count),
            4 => Rule::Exactly(count),
            _ => Rule::AtMost(count),
        }
    }

    /// One line, as a column or a band asks for it.
    fn finding_or_fact(&mut self) -> Condition {
        match self.of_kind(|gives| *gives == Gives::Truth) {
            Some(block) if !self.dice.once_in(3) => Condition::Finding(block),
            _ => Condition::Is { fact: self.fact(|kind| kind == Kind::YesNo), values: vec![0], not: false },
        }
    }

    fn edges(&mut self, count: usize) -> Vec<(Fraction, bool)> {
        let mut at = self.dice.between(-2, 4);
        let mut edges = Vec::new();
        for _ in 0..count {
            at += self.dice.between(1, 4);
            edges.push((half(at.max(0) + edges.len() as i128), self.dice.once_in(2)));
            at = at.max(0);
        }
        edges
    }

    fn body(&mut self) -> (Body, Gives) {
        match self.dice.below(14) {
            0..=2 => {
                let unless = self.dice.once_in(4).then(|| self.condition(1));
                if self.dice.once_in(2) {
                    let lines = vec![self.condition(1)];
                    return (Body::Finding { rule: None, lines, unless }, Gives::Truth);
                }
                let count = 2 + self.dice.below(3);
                let lines: Vec<Condition> = (0..count).map(|_| self.condition(1)).collect();
                let rule = Some(self.rule(lines.len()));
                (Body::Finding { rule, lines, unless }, Gives::Truth)
            }
            3 | 4 => (Body::Formula(self.number(2)), Gives::Number),
            5 => {
                let how = *self.dice.pick(&["sum of", "average of", "highest of", "lowest of"]);
                let count = 2 + self.dice.below(2);
                (Body::Aggregate(how, (0..count).map(|_| self.number(1)).collect()), Gives::Number)
            }
            6 => {
                let count = 2 + self.dice.below(3);
                (Body::Count((0..count).map(|_| self.condition(1)).collect()), Gives::Number)
            }
            7 | 8 => {
                let columns = self.dice.once_in(2).then(|| self.finding_or_fact());
                let count = 1 + self.dice.below(3);
                let edges = (0..if columns.is_some() { 2 } else { 1 }).map(|_| self.edges(count)).collect();
                let instead = self.dice.once_in(4).then(|| self.condition(1));
                let of = match self.of_kind(|gives| *gives == Gives::Number) {
                    Some(block) => Number::Block(block),
                    None => Number::Fact(self.fact(|kind| kind == Kind::Whole)),
                };
                let mut words: Vec<String> = (0..=count).map(band_word).collect();
                words.extend(instead.is_some().then(|| "beside".to_owned()));
                (Body::Bands { of, columns, edges, instead }, Gives::Words(words))
            }
            9 => {
                let columns = self.dice.once_in(2).then(|| self.finding_or_fact());
                let width = if columns.is_some() { 2 } else { 1 };
                let count = 2 + self.dice.below(3);
                let items = (0..count)
                    .map(|_| {
                        let points = (0..width)
                            .map(|_| (width == 1 || !self.dice.once_in(4)).then(|| self.dice.between(0, 7)))
                            .collect();
                        (self.clause(), points)
                    })
                    .collect();
                (Body::Score { columns, items }, Gives::Number)
            }
            10 => {
                let first = self.dice.between(0, 1);
                let edges =
                    vec![(first, self.dice.once_in(2)), (first + self.dice.between(1, 2), self.dice.once_in(2))];
                let count = 1 + self.dice.below(3);
                let rows =
                    (0..count).map(|_| (self.number(0), (0..3).map(|_| self.dice.between(0, 8)).collect())).collect();
                (Body::Lookup { edges, rows }, Gives::Number)
            }
            _ => self.table(),
        }
    }

    fn column(&mut self) -> Column {
        match self.dice.below(5) {
            0 => self.of_kind(|gives| *gives == Gives::Truth).map(Column::Finding),
            1 => self.of_kind(|gives| matches!(gives, Gives::Words(_))).map(Column::Words),
            2 => self.of_kind(|gives| *gives == Gives::Number).map(Column::Number),
            _ => None,
        }
        .unwrap_or_else(|| Column::Fact(self.fact(|_| true)))
    }

    fn table(&mut self) -> (Body, Gives) {
        let policy = *self.dice.pick(&[Policy::First, Policy::ExactlyOne, Policy::Every, Policy::Sum]);
        let width = 1 + self.dice.below(3);
        let mut columns: Vec<Column> = (0..width).map(|_| self.column()).collect();
        let height = 2 + self.dice.below(3);
        let output = |at: usize| match policy {
            Policy::Sum => (at as i128 * 2 - 1).to_string(),
            _ => ["one", "two", "three"][at % 3].to_owned(),
        };
        if policy == Policy::ExactlyOne && self.dice.once_in(2) {
            // Rows that leave nothing out and do not overlap: a fact and its opposite, then another fact and its own.
            let (first, second) = (self.fact(|kind| kind == Kind::YesNo), self.fact(|kind| kind == Kind::Choice));
            columns = vec![Column::Fact(first), Column::Fact(second)];
            let values = vec![*self.dice.pick(&[0, 1, 2])];
            let rows = vec![
                (vec![Cell::Values(vec![0], false), Cell::Any], output(0)),
                (vec![Cell::Values(vec![1], false), Cell::Values(values.clone(), false)], output(1)),
                (vec![Cell::Values(vec![1], false), Cell::Values(values, true)], output(2)),
            ];
            let words = ["one", "two", "three"].map(str::to_owned).to_vec();
            return (Body::Table { policy, columns, rows }, Gives::Words(words));
        }
        let mut rows: Vec<(Vec<Cell>, String)> =
            (0..height).map(|at| (columns.iter().map(|column| self.cell(column)).collect(), output(at))).collect();
        let gives = match policy {
            Policy::Sum => Gives::Number,
            Policy::First if !self.dice.once_in(4) => {
                rows.push((columns.iter().map(|_| Cell::Any).collect(), output(height)));
                let mut words: Vec<String> = Vec::new();
                for (_, word) in &rows {
                    if !words.contains(word) {
                        words.push(word.clone());
                    }
                }
                Gives::Words(words)
            }
            _ => Gives::Last,
        };
        (Body::Table { policy, columns, rows }, gives)
    }

    fn cell(&mut self, column: &Column) -> Cell {
        if self.dice.once_in(4) {
            return Cell::Any;
        }
        match column {
            Column::Number(_) => Cell::Range(self.range()),
            Column::Finding(_) => Cell::Values(vec![*self.dice.pick(&[0, 1])], false),
            Column::Words(block) => {
                let words = self.words(*block);
                let place = word_place(self.dice.pick(&words[..]).as_str());
                Cell::Values(vec![place], self.dice.once_in(3))
            }
            Column::Fact(variable) => match FACTS[*variable].1 {
                Kind::Whole => Cell::Range(self.range()),
                Kind::YesNo => Cell::Values(vec![*self.dice.pick(&[0, 1])], false),
                Kind::Exam | Kind::Choice => {
                    let values = self.values(3);
                    let not = values.len() == 1 && self.dice.once_in(2);
                    Cell::Values(values, not)
                }
            },
        }
    }
}

impl Range {
    /// The language writes no number below zero in a range.
    fn positive(self) -> Range {
        let up = |end: Option<(Fraction, bool)>| end.map(|(value, included)| (value.max(Fraction::ZERO), included));
        let (low, high) = (up(self.low), up(self.high));
        match (low, high) {
            (Some((from, _)), Some((to, _))) if from >= to => Range { low, high: None },
            _ => Range { low, high },
        }
    }
}
