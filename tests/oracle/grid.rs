//! Random small guidelines over every kind of fact, with patients on a fine grid: the values at, between and beyond
//! each threshold. What a proof must find is read off all of them.
//!
//! Numbers are held in quarters. Thresholds are whole, so that between any two lines of a plane a quarter is left.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::Dice;

/// A finding: its code and the line of the rules it stands at.
pub(crate) type Finding = (String, usize);

/// A number is that many quarters; a word its place.
type Patient = [i32; VARIABLES];

const VARIABLES: usize = 14;
const EXAM: usize = 2;
const KIND: usize = 3;
const COUNT: usize = 4;
const SIZE: usize = 5;
const WIDTH: usize = 6;
const PAIN_FIRST: usize = 7;
const PAIN_BETWEEN: usize = 8;
const PAIN_LATEST: usize = 9;
const ENZYME: usize = 10;
const LIMIT: usize = 11;
const DOSE: usize = 12;
const GRIP: usize = 13;

const NAMES: [&str; VARIABLES] = [
    "sign_a",
    "sign_b",
    "exam",
    "sort",
    "number_of_joints",
    "size",
    "width",
    "pain at baseline",
    "",
    "latest pain",
    "latest enzyme",
    "",
    "dose",
    "latest grip",
];
const SORTS: [&str; 3] = ["red", "green", "blue"];
const EXAMS: [&str; 3] = ["yes", "no", "not done"];
/// What stands for a grip that was not measured.
const NOT_MEASURED: i32 = -1;

pub(crate) const DICTIONARY: &str = "\
sign_a: {label: sign a, question: Sign a?, type: yes or no, recorded: facts, burden: history}
sign_b: {label: sign b, question: Sign b?, type: yes or no, recorded: facts, burden: history}
exam: {label: exam, question: Exam?, type: yes or no, may_be_not_done: yes, recorded: facts, burden: history}
sort: {label: sort, question: Which sort?, type: choice, values: [red, green, blue], recorded: facts, burden: history}
number_of_joints: {label: joints, question: How many?, type: whole number, range: 0 to 10, recorded: facts, burden: history}
size: {label: size, question: Which size?, type: number, range: 0 to 4, recorded: facts, burden: history}
width: {label: width, question: Which width?, type: number, range: 0 to 4, recorded: facts, burden: history}
pain: {label: pain, question: How much?, type: number, range: 0 to 4, better: lower, recorded: visits, burden: history}
enzyme: {label: enzyme, question: How much?, type: number, range: 0 to 20, upper_limit: yes, better: lower, recorded: visits, burden: history}
dose: {label: dose, question: How much?, type: number, range: 0 to 4, recorded: facts, applies_when: {fact: sign_a, is: yes, otherwise: 0}, burden: history}
grip: {label: grip, question: How much?, type: number, range: 0 to 4, better: higher, absent_means: not measured, recorded: visits, burden: history}
";

/// A sum of variables within a range; a value that was not measured is in none.
#[derive(Debug, Clone)]
struct Linear {
    terms: Vec<(i32, usize)>,
    /// In quarters; whether the end belongs to it.
    low: Option<(i32, bool)>,
    high: Option<(i32, bool)>,
}

#[derive(Debug, Clone)]
enum Condition {
    Is(usize, Vec<i32>),
    /// All of one of these, in the words of the rules.
    Worded(String, Vec<Vec<Linear>>),
    /// An earlier finding.
    Found(usize),
    Not(Box<Condition>),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

impl Linear {
    fn holds(&self, patient: &Patient) -> bool {
        if self.terms.iter().any(|(_, variable)| *variable == GRIP && patient[GRIP] == NOT_MEASURED) {
            return false;
        }
        let of = |variable: usize| if variable == DOSE && patient[0] == 1 { 0 } else { patient[variable] };
        let sum: i32 = self.terms.iter().map(|(factor, variable)| factor * of(*variable)).sum();
        self.low.is_none_or(|(low, included)| sum > low || (included && sum == low))
            && self.high.is_none_or(|(high, included)| sum < high || (included && sum == high))
    }

    fn variables(&self) -> impl Iterator<Item = usize> + '_ {
        let controlled = self.terms.iter().any(|(_, variable)| *variable == DOSE).then_some(0);
        self.terms.iter().map(|(_, variable)| *variable).chain(controlled)
    }

    /// `at least 2`
    fn range(&self) -> String {
        let end = |quarters: i32| {
            let (whole, part) = (quarters / 4, quarters % 4);
            ["", ".25", ".5", ".75"]
                .get(usize::try_from(part).unwrap_or(0))
                .map(|part| format!("{whole}{part}"))
                .unwrap()
        };
        match (self.low, self.high) {
            (Some((low, true)), None) => format!("at least {}", end(low)),
            (Some((low, false)), None) => format!("above {}", end(low)),
            (None, Some((high, true))) => format!("at most {}", end(high)),
            (None, Some((high, false))) => format!("below {}", end(high)),
            (Some((low, true)), Some((high, true))) => format!("{} to at most {}", end(low), end(high)),
            (Some((low, true)), Some((high, false))) => format!("{} to below {}", end(low), end(high)),
            (Some((low, false)), Some((high, true))) => format!("above {} to {}", end(low), end(high)),
            (Some((low, false)), Some((high, false))) => format!("above {} to below {}", end(low), end(high)),
            (None, None) => unreachable!("a range without ends"),
        }
    }
}

/// What is claimed, with its line.
#[derive(Debug, Clone)]
enum Claim {
    /// A line, or a cell of which nothing smaller is told.
    Line(usize, Condition),
    /// A finding as a whole, unless one of its lines was told.
    Finding(usize, usize, Vec<(usize, Condition)>),
    /// Rows that fit in turn or each alone.
    Table { head: usize, first: bool, rows: Vec<Vec<Condition>> },
    /// Conditions of which exactly one holds.
    OneOf(usize, Vec<Condition>),
    /// Steps: each branch with its line, its condition, and the step or conclusion it leads to.
    Algorithm { steps: Vec<(usize, Vec<Branch>)>, conclusions: Vec<usize> },
    /// A condition that nobody fulfils.
    Broken(usize, Condition),
}

#[derive(Debug, Clone)]
struct Branch {
    line: usize,
    when: Option<Condition>,
    to: Target,
}

#[derive(Debug, Clone, Copy)]
enum Target {
    Step(usize),
    Conclusion(usize),
}

/// A guideline as text, and what is claimed of it.
#[derive(Debug, Default)]
pub(crate) struct Guideline {
    pub(crate) rules: String,
    line: usize,
    findings: Vec<Condition>,
    claims: Vec<Claim>,
    impossible: Option<Condition>,
    names: Vec<(usize, String)>,
}

impl Guideline {
    /// The block a line belongs to.
    pub(crate) fn block_at(&self, line: usize) -> Option<&str> {
        self.names.iter().rfind(|(first, _)| *first <= line).map(|(_, name)| name.as_str())
    }

    /// The files of a folder of rules.
    pub(crate) fn files(&self) -> [(String, String); 4] {
        let answers: Vec<&str> =
            self.names.iter().map(|(_, name)| name.as_str()).filter(|name| !name.starts_with("silent_")).collect();
        let info = format!(
            "id: grid\nrelease: 1.0.0\nlanguage: 1\ntitle: Grid\nabout: A guideline made up by a test.\nstatus: \
             draft\neffective_from: 2020-01-01\nauthors: [test]\nanswers: [{}]\nchanges: [First \
             release.]\nlocal_choices:\n  example: Made up.\n",
            answers.join(", ")
        );
        [
            ("dictionary/grid.yaml".to_owned(), DICTIONARY.to_owned()),
            ("formulary/grid.yaml".to_owned(), "drug_x: {label: drug x}\ndrug_y: {label: drug y}\n".to_owned()),
            ("grid/1.0.0/guideline.yaml".to_owned(), info),
            ("grid/1.0.0/grid.rules".to_owned(), self.rules.clone()),
        ]
    }

    /// Every patient of the grid whom somebody has; `None` where they are too many.
    fn patients(&self, most: usize) -> Option<Vec<Patient>> {
        let mut used = BTreeSet::new();
        for claim in &self.claims {
            claim.each_condition(&mut |condition| self.used(condition, &mut used));
        }
        self.impossible.iter().for_each(|condition| self.used(condition, &mut used));
        let values = |variable: usize| -> Vec<i32> {
            if !used.contains(&variable) {
                return vec![if variable == LIMIT { 4 } else { 0 }];
            }
            match variable {
                0 | 1 => vec![0, 1],
                EXAM | KIND => vec![0, 1, 2],
                COUNT => (0..=10).map(|whole| whole * 4).collect(),
                ENZYME => [0, 1, 4, 5, 28, 31, 32, 33, 36, 80].to_vec(),
                LIMIT => [1, 2, 4, 10, 14, 15, 16, 17, 18, 31, 32, 33, 80, 100].to_vec(),
                GRIP => [NOT_MEASURED].into_iter().chain(0..=16).collect(),
                _ => (0..=16).collect(),
            }
        };
        let count: usize = (0..VARIABLES).map(|variable| values(variable).len()).product();
        if count > most {
            return None;
        }
        let mut all: Vec<Patient> = vec![[0; VARIABLES]];
        for variable in 0..VARIABLES {
            let values = values(variable);
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
        // A dose of somebody without the sign is none, however it is written.
        all.retain(|patient| patient[DOSE] == 0 || !used.contains(&DOSE) || patient[0] == 0);
        all.retain(|patient| self.impossible.as_ref().is_none_or(|condition| !self.holds(condition, patient)));
        Some(all)
    }

    fn used(&self, condition: &Condition, used: &mut BTreeSet<usize>) {
        match condition {
            Condition::Is(variable, _) => drop(used.insert(*variable)),
            Condition::Worded(_, any) => used.extend(any.iter().flatten().flat_map(Linear::variables)),
            Condition::Found(at) => self.used(&self.findings[*at], used),
            Condition::Not(part) => self.used(part, used),
            Condition::All(parts) | Condition::Any(parts) => parts.iter().for_each(|part| self.used(part, used)),
        }
    }

    fn holds(&self, condition: &Condition, patient: &Patient) -> bool {
        match condition {
            Condition::Is(variable, values) => values.contains(&patient[*variable]),
            Condition::Worded(_, any) => any.iter().any(|all| all.iter().all(|one| one.holds(patient))),
            Condition::Found(at) => self.holds(&self.findings[*at], patient),
            Condition::Not(part) => !self.holds(part, patient),
            Condition::All(parts) => parts.iter().all(|part| self.holds(part, patient)),
            Condition::Any(parts) => parts.iter().any(|part| self.holds(part, patient)),
        }
    }

    /// What a proof must find, in order; `None` where the patients are too many.
    pub(crate) fn findings(&self, most: usize) -> Option<Vec<Finding>> {
        let patients = self.patients(most).filter(|patients| !patients.is_empty())?;
        let mut all = Everybody { guideline: self, patients, found: Vec::new() };
        self.claims.iter().for_each(|claim| all.claim(claim));
        all.found.sort();
        Some(all.found)
    }
}

impl Claim {
    fn each_condition(&self, each: &mut dyn FnMut(&Condition)) {
        match self {
            Claim::Line(_, condition) | Claim::Broken(_, condition) => each(condition),
            Claim::Finding(_, _, lines) => lines.iter().for_each(|(_, condition)| each(condition)),
            Claim::Table { rows, .. } => rows.iter().flatten().for_each(each),
            Claim::OneOf(_, of) => of.iter().for_each(each),
            Claim::Algorithm { steps, .. } => {
                steps
                    .iter()
                    .flat_map(|(_, branches)| branches)
                    .filter_map(|branch| branch.when.as_ref())
                    .for_each(each);
            }
        }
    }
}

/// All patients of a guideline.
struct Everybody<'a> {
    guideline: &'a Guideline,
    patients: Vec<Patient>,
    found: Vec<Finding>,
}

impl Everybody<'_> {
    fn some(&self, is: impl Fn(&Patient) -> bool) -> bool {
        self.patients.iter().any(is)
    }

    fn holds(&self, condition: &Condition, patient: &Patient) -> bool {
        self.guideline.holds(condition, patient)
    }

    fn tell(&mut self, code: &str, line: usize) {
        self.found.push((code.to_owned(), line));
    }

    fn both(&self, condition: &Condition) -> (bool, bool) {
        (self.some(|patient| self.holds(condition, patient)), self.some(|patient| !self.holds(condition, patient)))
    }

    fn constant(&mut self, line: usize, condition: &Condition) -> bool {
        match self.both(condition) {
            (false, _) => self.tell("P004", line),
            (_, false) => self.tell("P005", line),
            (true, true) => return false,
        }
        true
    }

    fn line(&mut self, line: usize, condition: &Condition) -> bool {
        let mut told = false;
        match condition {
            Condition::All(parts) | Condition::Any(parts) => {
                for part in parts {
                    told |= self.line(line, part);
                }
            }
            Condition::Not(part) if matches!(**part, Condition::Found(_)) => return self.line(line, part),
            Condition::Found(_) => return self.both(condition) != (true, true),
            Condition::Not(_) | Condition::Is(..) | Condition::Worded(..) => {}
        }
        told || self.constant(line, condition)
    }

    fn claim(&mut self, claim: &Claim) {
        match claim {
            Claim::Line(line, condition) => drop(self.line(*line, condition)),
            Claim::Finding(head, at, lines) => {
                let mut told = false;
                for (line, condition) in lines {
                    told |= self.line(*line, condition);
                }
                if !told && lines.len() > 1 {
                    self.constant(*head, &Condition::Found(*at));
                }
            }
            Claim::Table { head, first, rows } => self.table(*head, *first, rows),
            Claim::OneOf(line, of) => {
                let wrong =
                    |patient: &Patient| of.iter().filter(|condition| self.holds(condition, patient)).count() != 1;
                if self.some(wrong) {
                    self.tell("P009", *line);
                }
            }
            Claim::Algorithm { steps, conclusions } => self.algorithm(steps, conclusions),
            Claim::Broken(line, condition) => {
                if self.some(|patient| self.holds(condition, patient)) {
                    self.tell("P007", *line);
                }
            }
        }
    }

    fn table(&mut self, head: usize, first: bool, rows: &[Vec<Condition>]) {
        let fits = |row: usize, patient: &Patient| rows[row].iter().all(|cell| self.holds(cell, patient));
        let mut told = Vec::new();
        if self.some(|patient| (0..rows.len()).all(|row| !fits(row, patient))) {
            told.push(("P001", head));
        }
        for (row, cells) in rows.iter().enumerate() {
            let line = head + 4 + row;
            let mut constant = false;
            for cell in cells {
                let own = self.both(cell);
                constant |= own != (true, true);
                let of_finding = matches!(cell, Condition::Found(_))
                    || matches!(cell, Condition::Not(part) if matches!(**part, Condition::Found(_)));
                match own {
                    _ if of_finding => {}
                    (false, _) => told.push(("P004", line)),
                    (_, false) => told.push(("P005", line)),
                    (true, true) => {}
                }
            }
            for earlier in (0..row).filter(|_| !first) {
                if self.some(|patient| fits(row, patient) && fits(earlier, patient)) {
                    told.push(("P002", line));
                }
            }
            let comes =
                |patient: &Patient| fits(row, patient) && !(first && (0..row).any(|earlier| fits(earlier, patient)));
            if !constant && !self.some(comes) {
                told.push(("P003", line));
            }
        }
        for (code, line) in told {
            self.tell(code, line);
        }
    }

    /// The steps and branches a patient comes to, and the conclusion; else the step at which no branch holds.
    fn way(&self, steps: &[(usize, Vec<Branch>)], patient: &Patient) -> (Vec<(usize, usize)>, Result<usize, usize>) {
        let (mut way, mut step) = (Vec::new(), 0);
        loop {
            let holds = |branch: &Branch| branch.when.as_ref().is_none_or(|when| self.holds(when, patient));
            let Some(at) = steps[step].1.iter().position(holds) else { return (way, Err(step)) };
            way.push((step, at));
            match steps[step].1[at].to {
                Target::Step(next) => step = next,
                Target::Conclusion(at) => return (way, Ok(at)),
            }
        }
    }

    fn algorithm(&mut self, steps: &[(usize, Vec<Branch>)], conclusions: &[usize]) {
        let ways: Vec<_> = self.patients.iter().map(|patient| self.way(steps, patient)).collect();
        for (at, (line, branches)) in steps.iter().enumerate() {
            if ways.iter().any(|(_, end)| *end == Err(at)) {
                self.tell("P010", *line);
            }
            let leads_here =
                |(step, branch): &(usize, usize)| matches!(steps[*step].1[*branch].to, Target::Step(to) if to == at);
            if at > 0 && !ways.iter().any(|(way, _)| way.iter().any(leads_here)) {
                self.tell("P006", *line);
                continue;
            }
            for (number, branch) in branches.iter().enumerate() {
                let constant = branch.when.as_ref().is_some_and(|when| self.both(when) != (true, true));
                if !constant && !ways.iter().any(|(way, _)| way.contains(&(at, number))) {
                    self.tell("P006", branch.line);
                }
            }
        }
        for (at, line) in conclusions.iter().enumerate() {
            if !ways.iter().any(|(_, end)| *end == Ok(at)) {
                self.tell("P006", *line);
            }
        }
    }
}

/// Makes guidelines.
struct Maker<'a> {
    dice: &'a mut Dice,
    made: Guideline,
    /// The variables this guideline speaks of: a few, that meet again.
    subjects: Vec<usize>,
}

/// A guideline of a few blocks over a few facts.
pub(crate) fn guideline(dice: &mut Dice) -> Guideline {
    let mut subjects = vec![0, 1, EXAM, KIND, COUNT, SIZE, WIDTH, PAIN_FIRST, PAIN_LATEST, ENZYME, DOSE, GRIP];
    dice.shuffle(&mut subjects);
    subjects.truncate(2 + dice.below(3));
    let mut maker = Maker { dice, made: Guideline::default(), subjects };
    if maker.dice.once_in(4) {
        let condition = maker.condition();
        let text = Maker::words(&condition);
        maker.begin(&format!("impossible silent_never \"nobody has this\" when {text}"), "silent_never");
        maker.made.impossible = Some(condition);
    }
    for _ in 0..maker.dice.below(3) {
        maker.finding();
    }
    // A rule that speaks against a drug speaks of it in every ladder: there is one.
    let mut kinds = vec![maker.dice.below(8)];
    kinds.extend(maker.dice.once_in(2).then(|| maker.dice.below(7)));
    for (at, kind) in kinds.into_iter().enumerate() {
        match kind {
            0..=3 => maker.table(at),
            4 => maker.score(at),
            5 | 6 => maker.algorithm(at),
            _ => maker.promise(at),
        }
    }
    maker.made
}

impl Maker<'_> {
    fn write(&mut self, text: &str) -> usize {
        let _ = writeln!(self.made.rules, "{text}");
        self.made.line += 1;
        self.made.line
    }

    /// The head of a block; its line.
    fn begin(&mut self, text: &str, name: &str) -> usize {
        self.write("");
        let line = self.write(&format!("{text} [local example]"));
        self.made.names.push((line, name.to_owned()));
        line
    }

    fn subject(&mut self) -> usize {
        let subjects = self.subjects.clone();
        *self.dice.pick(&subjects)
    }

    fn range(&mut self, terms: Vec<(i32, usize)>, most: i32) -> Linear {
        let low = i32::try_from(self.dice.between(0, most.into())).unwrap_or(0) * 4;
        let low = if low == 0 { 4 } else { low };
        let included = self.dice.once_in(2);
        let high_included = self.dice.once_in(2);
        match self.dice.below(3) {
            0 => Linear { terms, low: Some((low, included)), high: None },
            1 => Linear { terms, low: None, high: Some((low, included)) },
            _ => Linear { terms, low: Some((low, included)), high: Some((low + 4, high_included)) },
        }
    }

    fn plain(&mut self, variable: usize) -> Linear {
        let most = match variable {
            COUNT | ENZYME => 8,
            _ => 3,
        };
        let mut range = self.range(vec![(1, variable)], most);
        if variable == ENZYME {
            range = Linear { terms: range.terms, low: Some((32, self.dice.once_in(2))), high: None };
        }
        range
    }

    fn worded(name: &str, range: Linear) -> Condition {
        Condition::Worded(format!("{name} is {}", range.range()), vec![vec![range]])
    }

    /// One thing that is looked at.
    fn clause(&mut self) -> Condition {
        if !self.made.findings.is_empty() && self.dice.once_in(5) {
            let found = Condition::Found(self.dice.below(self.made.findings.len()));
            return if self.dice.once_in(3) { Condition::Not(Box::new(found)) } else { found };
        }
        let variable = self.subject();
        let apart = self.dice.below(6);
        match variable {
            0 | 1 => {
                let is = Condition::Is(variable, vec![0]);
                if self.dice.once_in(3) { Condition::Not(Box::new(is)) } else { is }
            }
            EXAM | KIND => Condition::Is(variable, vec![*self.dice.pick(&[0, 1, 2])]),
            SIZE | WIDTH if apart == 0 => self.against(SIZE, WIDTH, "size", "width"),
            SIZE | WIDTH if apart == 1 => {
                let sum = self.range(vec![(1, SIZE), (1, WIDTH)], 5);
                Self::worded("(size + width)", sum)
            }
            SIZE | WIDTH if apart == 2 => {
                let difference = self.range(vec![(1, SIZE), (-1, WIDTH)], 2);
                Self::worded("(size - width)", difference)
            }
            PAIN_FIRST | PAIN_LATEST if apart < 2 => {
                self.against(PAIN_LATEST, PAIN_FIRST, "latest pain", "pain at baseline")
            }
            PAIN_FIRST | PAIN_LATEST if apart == 2 => {
                let by = i32::try_from(self.dice.between(1, 2)).unwrap_or(1);
                let gain =
                    Linear { terms: vec![(1, PAIN_FIRST), (-1, PAIN_LATEST)], low: Some((by * 4, true)), high: None };
                Condition::Worded(format!("pain improves by at least {by}"), vec![vec![gain]])
            }
            PAIN_FIRST | PAIN_LATEST if apart == 3 => {
                let half = Linear { terms: vec![(1, PAIN_FIRST), (-2, PAIN_LATEST)], low: Some((0, true)), high: None };
                let some =
                    Linear { terms: vec![(1, PAIN_FIRST), (-1, PAIN_LATEST)], low: Some((0, false)), high: None };
                Condition::Worded("pain improves by at least 50 % of baseline".to_owned(), vec![vec![half, some]])
            }
            PAIN_FIRST | PAIN_LATEST if apart == 4 && self.dice.once_in(2) => {
                let over = i32::try_from(self.dice.between(1, 3)).unwrap_or(1);
                let of =
                    |variable| vec![Linear { terms: vec![(1, variable)], low: Some((over * 4, false)), high: None }];
                let any = [PAIN_FIRST, PAIN_BETWEEN, PAIN_LATEST].map(of).to_vec();
                let how = *self.dice.pick(&["pain ever", "highest pain ever"]);
                Condition::Worded(format!("{how} is above {over}"), any)
            }
            ENZYME if apart < 4 => {
                let times = *self.dice.pick(&[1, 2]);
                let range = Linear { terms: vec![(1, ENZYME), (-times, LIMIT)], low: None, high: None };
                let (word, range) = match self.dice.below(3) {
                    0 => ("above", Linear { low: Some((0, false)), ..range }),
                    1 => ("at most", Linear { high: Some((0, true)), ..range }),
                    _ => ("below", Linear { high: Some((0, false)), ..range }),
                };
                Condition::Worded(format!("latest enzyme is {word} {times} x upper limit"), vec![vec![range]])
            }
            _ => {
                let range = self.plain(variable);
                Self::worded(NAMES[variable], range)
            }
        }
    }

    fn against(&mut self, left: usize, right: usize, first: &str, second: &str) -> Condition {
        let terms = vec![(1, left), (-1, right)];
        let (word, low, high) = *self.dice.pick(&[
            ("below", None, Some((0, false))),
            ("at most", None, Some((0, true))),
            ("above", Some((0, false)), None),
            ("at least", Some((0, true)), None),
        ]);
        Condition::Worded(format!("{first} is {word} {second}"), vec![vec![Linear { terms, low, high }]])
    }

    fn condition(&mut self) -> Condition {
        if self.dice.once_in(2) {
            return self.clause();
        }
        let mut parts = vec![self.clause(), self.clause()];
        let is_word = |part: &Condition| matches!(part, Condition::Is(EXAM | KIND, _));
        parts.sort_by_key(is_word);
        if parts.iter().all(is_word) {
            parts[0] = Condition::Is(1, vec![0]);
        }
        if self.dice.once_in(2) { Condition::All(parts) } else { Condition::Any(parts) }
    }

    fn words(condition: &Condition) -> String {
        match condition {
            Condition::Is(variable @ (0 | 1), _) => NAMES[*variable].to_owned(),
            Condition::Is(variable, values) => {
                let of = if *variable == EXAM { EXAMS } else { SORTS };
                format!("{} is {}", NAMES[*variable], of[usize::try_from(values[0]).unwrap_or(0)])
            }
            Condition::Worded(text, _) => text.clone(),
            Condition::Found(at) => format!("found_{at}"),
            Condition::Not(part) => format!("not {}", Self::words(part)),
            Condition::All(parts) => parts.iter().map(Self::words).collect::<Vec<_>>().join(" and "),
            Condition::Any(parts) => parts.iter().map(Self::words).collect::<Vec<_>>().join(" or "),
        }
    }

    fn finding(&mut self) {
        let at = self.made.findings.len();
        let name = format!("found_{at}");
        let head = self.begin(&format!("finding {name} \"{name}\""), &name);
        let count = 1 + self.dice.below(3);
        let all = self.dice.once_in(2);
        if count > 1 {
            self.write(if all { "  all of" } else { "  any of" });
        }
        let mut lines = Vec::new();
        for _ in 0..count {
            let condition = self.condition();
            let mark = if count > 1 { "- " } else { "" };
            let line = self.write(&format!("  {mark}{}", Self::words(&condition)));
            lines.push((line, condition));
        }
        let parts: Vec<Condition> = lines.iter().map(|(_, condition)| condition.clone()).collect();
        self.made.findings.push(if all || count == 1 { Condition::All(parts) } else { Condition::Any(parts) });
        self.made.claims.push(Claim::Finding(head, at, lines));
    }

    fn cell(&mut self, column: usize) -> Option<(String, Condition)> {
        if self.dice.once_in(4) {
            return None;
        }
        Some(match column {
            0 | 1 => {
                let no = i32::from(self.dice.once_in(2));
                (EXAMS[usize::from(no == 1)].to_owned(), Condition::Is(column, vec![no]))
            }
            EXAM | KIND => {
                let value = self.dice.below(3);
                let of = if column == EXAM { EXAMS } else { SORTS };
                let own = i32::try_from(value).unwrap_or(0);
                if self.dice.once_in(3) {
                    let others = (0..3).filter(|other| *other != own).collect();
                    (format!("not {}", of[value]), Condition::Is(column, others))
                } else {
                    (of[value].to_owned(), Condition::Is(column, vec![own]))
                }
            }
            variable => {
                let range = self.plain(variable);
                (range.range(), Condition::Worded(String::new(), vec![vec![range]]))
            }
        })
    }

    fn table(&mut self, at: usize) {
        let name = format!("table_{at}");
        let first = self.dice.once_in(2);
        let head = self.begin(&format!("table {name} \"{name}\""), &name);
        self.write(if first { "  first row that fits" } else { "  exactly one row fits" });
        let found =
            (!self.made.findings.is_empty() && self.dice.once_in(2)).then(|| self.dice.below(self.made.findings.len()));
        let mut columns: Vec<usize> = self.subjects.clone();
        columns.truncate(1 + self.dice.below(3));
        let heads: Vec<String> = found
            .iter()
            .map(|at| format!("found_{at}"))
            .chain(columns.iter().map(|at| NAMES[*at].to_owned()))
            .collect();
        self.write(&format!("  | {} | -> {name} |", heads.join(" | ")));
        self.write(&format!("  |{}", "---|".repeat(heads.len() + 1)));
        // Rows that meet: a threshold, then what is beside it.
        let mut rows: Vec<Vec<Condition>> = Vec::new();
        let is_number = !matches!(columns[0], 0..=KIND | ENZYME);
        let partition = !first && found.is_none() && is_number && self.dice.once_in(2);
        let written = if partition { self.partition(columns[0], columns.len()) } else { Vec::new() };
        let count = if partition { written.len() } else { 2 + self.dice.below(3) };
        for row in 0..count {
            let (mut texts, mut cells) = (Vec::new(), Vec::new());
            if let Some((text, cell)) = written.get(row) {
                texts.extend(text.iter().cloned());
                cells.extend(cell.iter().cloned());
            } else {
                if let Some(found) = found {
                    let is = Condition::Found(found);
                    match self.dice.below(3) {
                        0 => texts.push("any".to_owned()),
                        1 => {
                            texts.push("yes".to_owned());
                            cells.push(is);
                        }
                        _ => {
                            texts.push("no".to_owned());
                            cells.push(Condition::Not(Box::new(is)));
                        }
                    }
                }
                for column in &columns {
                    match self.cell(*column) {
                        Some((text, cell)) => {
                            texts.push(text);
                            cells.push(cell);
                        }
                        None => texts.push("any".to_owned()),
                    }
                }
            }
            self.write(&format!("  | {} | {} |", texts.join(" | "), ["one", "two", "three"][row % 3]));
            rows.push(cells);
        }
        self.made.claims.push(Claim::Table { head, first, rows });
    }

    /// Rows over a number that divide it, but perhaps for a point.
    fn partition(&mut self, column: usize, width: usize) -> Vec<(Vec<String>, Vec<Condition>)> {
        let at = i32::try_from(self.dice.between(1, 2)).unwrap_or(1) * 4;
        let (first, second) = (self.dice.once_in(2), self.dice.once_in(2));
        let (third, fourth) = (self.dice.once_in(2), self.dice.once_in(2));
        let ranges =
            [(None, Some((at, first))), (Some((at, second)), Some((at + 4, third))), (Some((at + 4, fourth)), None)];
        let row = |(low, high)| {
            let range = Linear { terms: vec![(1, column)], low, high };
            let mut texts = vec![range.range()];
            texts.resize(width, "any".to_owned());
            (texts, vec![Condition::Worded(String::new(), vec![vec![range]])])
        };
        ranges.map(row).to_vec()
    }

    fn score(&mut self, at: usize) {
        let name = format!("score_{at}");
        let head = self.begin(&format!("score {name} \"{name}\""), &name);
        let (first, second) = (self.condition(), self.condition());
        for (name, condition) in [("these", &first), ("others", &second)] {
            let line = self.write(&format!("  column {name} when {}", Self::words(condition)));
            self.made.claims.push(Claim::Line(line, condition.clone()));
        }
        self.write("  | if present | these | others |");
        self.write("  |---|---|---|");
        for _ in 0..2 {
            let condition = self.clause();
            let line = self.write(&format!("  | {} | 1 | 2 |", Self::words(&condition)));
            self.made.claims.push(Claim::Line(line, condition));
        }
        self.made.claims.push(Claim::OneOf(head, vec![first, second]));
    }

    fn algorithm(&mut self, at: usize) {
        let name = format!("way_{at}");
        self.begin(&format!("algorithm {name} \"{name}\""), &name);
        let conclusions = vec![
            self.write(&format!("  conclusion end_a_{at} \"a\"")),
            self.write(&format!("  conclusion end_b_{at} \"b\"")),
        ];
        let mut steps = Vec::new();
        for step in 0..2 {
            let line = self.write(&format!("  step step_{at}_{step} \"step\""));
            let mut branches = Vec::new();
            let count = 1 + self.dice.below(2);
            for branch in 0..=count {
                let otherwise = branch == count;
                let when = if otherwise { None } else { Some(self.condition()) };
                let to = match (step, branch) {
                    (0, 0) => Target::Step(1),
                    (1, branch) => Target::Conclusion(branch % 2),
                    _ => Target::Conclusion(self.dice.below(2)),
                };
                if otherwise && self.dice.once_in(3) && count > 1 {
                    break;
                }
                let words = when.as_ref().map_or("otherwise".to_owned(), |when| format!("when {}", Self::words(when)));
                let target = match to {
                    Target::Step(to) => format!("step step_{at}_{to}"),
                    Target::Conclusion(to) => format!("conclude end_{}_{at}", ["a", "b"][to]),
                };
                let line = self.write(&format!("    {words} -> {target}"));
                if let Some(when) = &when {
                    self.made.claims.push(Claim::Line(line, when.clone()));
                }
                branches.push(Branch { line, when, to });
            }
            steps.push((line, branches));
        }
        self.made.claims.push(Claim::Algorithm { steps, conclusions });
    }

    fn promise(&mut self, at: usize) {
        let name = format!("silent_ladder_{at}");
        self.begin(&format!("ladder {name} \"{name}\""), &name);
        self.write("  line first \"First\"");
        self.write("    option drug_x");
        self.write("    option drug_y");
        let against = self.condition();
        let text = format!("contraindicated silent_against_{at}: drug_x when {}", Self::words(&against));
        let own = self.begin(&text, &format!("silent_against_{at}"));
        self.made.claims.push(Claim::Line(own, against.clone()));
        let when = if self.dice.once_in(3) { against.clone() } else { self.condition() };
        self.write("");
        let words = Self::words(&when);
        let own = self.write(&format!("promise silent_promise_{at} \"never so\": never offer drug_x when {words}"));
        self.made.names.push((own, format!("silent_promise_{at}")));
        self.made.claims.push(Claim::Line(own, when.clone()));
        self.made.claims.push(Claim::Broken(own, Condition::All(vec![when, Condition::Not(Box::new(against))])));
    }
}
