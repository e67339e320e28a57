//! What is so of a small guideline among all its patients: where a proof must find something, and where nothing.

use std::collections::BTreeSet;

use super::{Body, Cell, Chart, Column, Condition, FACTS, Guideline, JUDGEMENT, Number, Patient, Policy, Value, sides};

/// A finding: its code and the line of the rules it stands at.
pub(crate) type Finding = (String, usize);

/// All patients of a guideline, each with what comes of the blocks.
struct Everybody<'a> {
    charts: Vec<Chart<'a>>,
    text: String,
    found: Vec<Finding>,
}

impl Guideline {
    /// Every patient there can be, as far as the rules look at them; `None` where they are too many to be tried.
    pub(crate) fn everybody(&self, most: usize) -> Option<Vec<Patient>> {
        let mut used = BTreeSet::new();
        self.impossible.iter().for_each(|condition| of_condition(condition, &mut used));
        for block in &self.blocks {
            of_body(&block.body, &mut used);
        }
        let count: usize = used.iter().map(|variable| usize::from(sides(*variable))).product();
        (count <= most).then(|| {
            let one = |variable: usize| if used.contains(&variable) { (0..sides(variable)).collect() } else { vec![0] };
            super::patients(&std::array::from_fn(one))
        })
    }

    /// What a proof must find, in order; `None` where nobody is left.
    pub(crate) fn findings(&self, patients: &[Patient]) -> Option<Vec<Finding>> {
        let chart = |patient| {
            let mut chart = Chart { patient, values: Vec::new() };
            for block in &self.blocks {
                let value = chart.block(&block.body);
                chart.values.push(value);
            }
            chart
        };
        let charts = patients.iter().map(chart);
        let real = |chart: &Chart<'_>| self.impossible.as_ref().is_none_or(|impossible| !chart.holds(impossible));
        let mut all = Everybody { charts: charts.filter(real).collect(), text: self.rules(), found: Vec::new() };
        for (at, block) in self.blocks.iter().enumerate() {
            all.block(at, &block.name, &block.body);
        }
        all.found.sort();
        (!all.charts.is_empty()).then_some(all.found)
    }

    /// The block whose text holds a line, with its first line.
    pub(crate) fn block_at(&self, line: usize) -> Option<&str> {
        let text = self.rules();
        let before = |name: &&str| start(&text, name) <= line;
        self.names().into_iter().rfind(before)
    }
}

/// The line a block begins at.
fn start(text: &str, name: &str) -> usize {
    let head = format!(" {name} \"{name}\"");
    let at = text.lines().position(|line| line.contains(&head));
    at.map_or_else(|| unreachable!("{name} is not in its own text"), |at| at + 1)
}

impl Everybody<'_> {
    /// Who is so: anybody, and anybody not.
    fn both(&self, is: impl Fn(&Chart<'_>) -> bool) -> (bool, bool) {
        (self.charts.iter().any(&is), self.charts.iter().any(|chart| !is(chart)))
    }

    fn tell(&mut self, code: &str, line: usize) {
        self.found.push((code.to_owned(), line));
    }

    fn constant(&mut self, line: usize, is: impl Fn(&Chart<'_>) -> bool) -> bool {
        match self.both(is) {
            (false, _) => self.tell("P004", line),
            (_, false) => self.tell("P005", line),
            (true, true) => return false,
        }
        true
    }

    /// A line: the smallest parts of it that are always or never so.
    fn line(&mut self, line: usize, condition: &Condition) -> bool {
        let mut told = false;
        match condition {
            Condition::All(parts) | Condition::Any(parts) | Condition::Listed(_, parts) => {
                for part in parts {
                    told |= self.line(line, part);
                }
            }
            Condition::Not(part) => match part.as_ref() {
                Condition::Is { .. }
                | Condition::BlockIs { .. }
                | Condition::Within(..)
                | Condition::Compare(..)
                | Condition::Change { .. } => {}
                _ => told |= self.line(line, part),
            },
            Condition::Finding(_) | Condition::Judgement => {
                return self.both(|chart| chart.holds(condition)) != (true, true);
            }
            _ => {}
        }
        told || self.constant(line, |chart| chart.holds(condition))
    }

    fn block(&mut self, at: usize, name: &str, body: &Body) {
        let head = start(&self.text, name);
        match body {
            Body::Finding { rule, lines, unless } => {
                let first = head + if rule.is_some() { 2 } else { 1 };
                let all: Vec<&Condition> = lines.iter().chain(unless).collect();
                let mut told = false;
                for (condition, line) in all.into_iter().zip(first..) {
                    told |= self.line(line, condition);
                }
                let is_its_line = rule.is_none() && unless.is_none();
                if !told && !is_its_line {
                    self.constant(head, |chart| chart.values[at] == Value::Truth(true));
                }
            }
            Body::Count(of) => {
                for (condition, line) in of.iter().zip(head + 2..) {
                    self.line(line, condition);
                }
            }
            Body::Formula(_) | Body::Aggregate(..) | Body::Lookup { .. } => {}
            Body::Bands { columns, edges, instead, .. } => {
                let mut line = self.columns(head, columns.as_ref());
                if let Some(instead) = instead {
                    self.line(line, instead);
                    line += 1;
                }
                for place in 0..=edges[0].len() {
                    let word = super::band_word(place);
                    if !self.both(|chart| chart.values[at] == Value::Word(word.clone())).0 {
                        self.tell("P012", line + 2 + place);
                    }
                }
            }
            Body::Score { columns, items } => {
                let first = self.columns(head, columns.as_ref()) + 2;
                for ((condition, _), line) in items.iter().zip(first..) {
                    self.line(line, condition);
                }
            }
            Body::Table { policy, columns, rows } => self.table(head, *policy, columns, rows),
        }
    }

    /// The lines of the columns; the line after them.
    fn columns(&mut self, head: usize, first: Option<&Condition>) -> usize {
        let Some(first) = first else { return head + 1 };
        self.line(head + 1, first);
        self.line(head + 2, &Condition::Not(Box::new(first.clone())));
        head + 3
    }

    fn table(&mut self, head: usize, policy: Policy, columns: &[Column], rows: &[(Vec<Cell>, String)]) {
        let fits = |chart: &Chart<'_>, row: usize| {
            columns.iter().zip(&rows[row].0).all(|(column, cell)| chart.cell(column, cell))
        };
        let one = matches!(policy, Policy::ExactlyOne | Policy::First);
        if one && self.charts.iter().any(|chart| (0..rows.len()).all(|row| !fits(chart, row))) {
            self.tell("P001", head);
        }
        for (row, (cells, _)) in rows.iter().enumerate() {
            let line = head + 4 + row;
            let mut constant = false;
            for (column, cell) in columns.iter().zip(cells).filter(|(_, cell)| !matches!(cell, Cell::Any)) {
                let own = self.both(|chart| chart.cell(column, cell));
                constant |= own != (true, true);
                match own {
                    _ if matches!(column, Column::Finding(_)) => {}
                    (false, _) => self.tell("P004", line),
                    (_, false) => self.tell("P005", line),
                    (true, true) => {}
                }
            }
            if policy == Policy::ExactlyOne {
                for earlier in 0..row {
                    if self.charts.iter().any(|chart| fits(chart, row) && fits(chart, earlier)) {
                        self.tell("P002", line);
                    }
                }
            }
            let comes = |chart: &Chart<'_>| {
                fits(chart, row) && (policy != Policy::First || (0..row).all(|earlier| !fits(chart, earlier)))
            };
            if !constant && !self.charts.iter().any(comes) {
                self.tell("P003", line);
            }
        }
    }
}

fn of_body(body: &Body, used: &mut BTreeSet<usize>) {
    match body {
        Body::Finding { lines, unless, .. } => lines.iter().chain(unless).for_each(|one| of_condition(one, used)),
        Body::Formula(number) => of_number(number, used),
        Body::Aggregate(_, of) => of.iter().for_each(|number| of_number(number, used)),
        Body::Count(of) => of.iter().for_each(|one| of_condition(one, used)),
        Body::Bands { of, columns, instead, .. } => {
            of_number(of, used);
            columns.iter().chain(instead).for_each(|one| of_condition(one, used));
        }
        Body::Score { columns, items } => {
            columns.iter().chain(items.iter().map(|(one, _)| one)).for_each(|one| of_condition(one, used));
        }
        Body::Lookup { rows, .. } => rows.iter().for_each(|(number, _)| of_number(number, used)),
        Body::Table { columns, .. } => used.extend(columns.iter().filter_map(|column| match column {
            Column::Fact(fact) => Some(*fact),
            _ => None,
        })),
    }
}

fn of_number(number: &Number, used: &mut BTreeSet<usize>) {
    match number {
        Number::Fact(fact) => {
            used.insert(*fact);
        }
        Number::Block(_) | Number::Constant(_) => {}
        Number::Join(left, _, right) => {
            of_number(left, used);
            of_number(right, used);
        }
        Number::Change(before) | Number::Improvement(before) => used.extend([*before, before + 1]),
    }
}

fn of_condition(condition: &Condition, used: &mut BTreeSet<usize>) {
    match condition {
        Condition::Is { fact, .. } => {
            used.insert(*fact);
        }
        Condition::Judgement => {
            used.insert(JUDGEMENT);
        }
        Condition::Within(number, _) => of_number(number, used),
        Condition::Compare(left, _, right) => {
            of_number(left, used);
            of_number(right, used);
        }
        Condition::Finding(_) | Condition::BlockIs { .. } => {}
        Condition::Not(inner) => of_condition(inner, used),
        Condition::All(of) | Condition::Any(of) | Condition::Listed(_, of) => {
            for one in of {
                of_condition(one, used);
            }
        }
        Condition::Change { before, .. } => used.extend([*before, before + 1]),
    }
    debug_assert!(used.iter().all(|variable| *variable <= FACTS.len()), "a variable beyond the facts");
}
