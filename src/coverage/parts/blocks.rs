use crate::model::{
    Algorithm, AlgorithmStep, Bands, BlockKind, Condition, Formula, Item, Rule, Score, ScoreTable, Table, Test, Type,
};
use crate::plan::{Register, TruthRegister};
use crate::syntax::tree::Policy;
use crate::value::NumberSet;

use super::super::part::{Reach, Shows, Sort, Way, choice, number, truth};
use super::{List, Of, as_choice, as_truth};

impl List<'_> {
    pub(super) fn block(&mut self, of: Of<'_>) {
        match &of.block.kind {
            BlockKind::Finding(rule) => {
                self.result(of, &Shows::Block);
                self.rule(of, rule);
            }
            BlockKind::Number(Formula::Count(items)) => {
                let lines: Vec<&Condition> = items.iter().map(|(item, _)| item).collect();
                self.lines(of, "line", &lines, &Shows::Block);
            }
            BlockKind::Measure(measure) => {
                for (instrument, row) in measure.instruments.iter().zip(&of.registers.rows) {
                    let Register::Truth(row) = row else { continue };
                    let fact = self.subject.catalog.name(instrument.fact);
                    let said = format!("is followed by `{fact}` in `{}`", of.name());
                    self.add(of, instrument.span, said, vec![vec![truth(*row, true)]]);
                }
            }
            BlockKind::Score(score) => self.score(of, score),
            BlockKind::Bands(bands) => self.bands(of, bands),
            BlockKind::Table(table) => self.table(of, table),
            BlockKind::Covers(_) => self.coverage(of),
            BlockKind::Algorithm(algorithm) => self.algorithm(of, algorithm),
            BlockKind::Ladder(ladder) => self.ladder(of, ladder),
            BlockKind::Regimen(regimen) => self.regimen(of, regimen),
            BlockKind::Against(against) => self.spoken(of, against.when.as_ref()),
            BlockKind::Prefer(prefer) => self.spoken(of, prefer.when.as_ref()),
            BlockKind::Monitor(monitor) => self.spoken(of, monitor.when.as_ref()),
            BlockKind::Suspect(suspect) => {
                self.result(of, &Shows::Block);
                let pointing = suspect.pointing.iter().map(|(line, _)| line);
                let lines: Vec<&Condition> = pointing.chain(suspect.against.iter().map(|(line, _)| line)).collect();
                self.lines(of, "line", &lines, &Shows::Block);
            }
            BlockKind::Advice(_) => self.result(of, &Shows::Advice),
            BlockKind::SourceCovers(..) => self.result(of, &Shows::Block),
            BlockKind::Course(rule) => self.course(of, rule),
            // What never happens, what the record answers itself, and what is worked out from other blocks.
            BlockKind::Impossible(_)
            | BlockKind::Judgement(_)
            | BlockKind::Number(Formula::Amount(..) | Formula::Aggregate(..))
            | BlockKind::Precedence(_)
            | BlockKind::Promise(_) => {}
        }
    }

    /// The block holds, and does not.
    pub(super) fn result(&mut self, of: Of<'_>, shows: &Shows) {
        if let Some(at) = as_truth(of.registers.results.first().copied()) {
            self.add_both(of, of.block.name.span, at, &format!("`{}`", of.name()), shows);
        }
    }

    /// Whom the guideline covers, and whom not.
    fn coverage(&mut self, of: Of<'_>) {
        let Some(at) = as_truth(of.registers.results.first().copied()) else { return };
        for (so, said) in [(true, "is covered by the guideline"), (false, "is not covered by the guideline")] {
            let wanted = truth(at, so);
            if self.can_be(&wanted) {
                self.push(of, of.block.name.span, said.to_owned(), Reach::Any(vec![vec![wanted]]));
            }
        }
    }

    /// Each line and each exception of a rule holds, and does not; of a rule that is one line only, the block says it.
    pub(super) fn rule(&mut self, of: Of<'_>, rule: &Rule) {
        let shows = self.shown_by(of);
        let lines: Vec<&Condition> = match &rule.test {
            Test::One(..) if rule.unless.is_empty() => Vec::new(),
            Test::One(condition, _) => vec![condition],
            Test::List(_, items) => items.iter().map(|(item, _)| item).collect(),
        };
        self.lines(of, "line", &lines, &shows);
        let exceptions: Vec<&Condition> = rule.unless.iter().map(|unless| &unless.condition).collect();
        self.lines(of, "exception", &exceptions, &shows);
    }

    fn lines(&mut self, of: Of<'_>, what: &str, lines: &[&Condition], shows: &Shows) {
        for (turn, line) in (1..).zip(lines) {
            if let Some(at) = self.node(line) {
                self.add_both(of, line.span, at, &format!("{what} {turn} of `{}`", of.name()), shows);
            }
        }
    }

    pub(super) fn node(&self, condition: &Condition) -> Option<TruthRegister> {
        as_truth(self.subject.lowered.node(condition.id))
    }

    /// Each points column of each row, and each item with and without its points.
    fn score(&mut self, of: Of<'_>, score: &Score) {
        self.columns(of, &score.columns);
        let mut turn = 0;
        for table in &score.tables {
            match table {
                ScoreTable::Banded { bands, rows, .. } => {
                    let sets: Vec<NumberSet> = bands.iter().filter_map(crate::model::Range::constant).collect();
                    for row in rows {
                        let Some(Register::Number(at)) = self.subject.lowered.node(row.amount.id) else { continue };
                        for (column, set) in (1..).zip(&sets) {
                            let said = format!("falls into column {column} of `{}` in `{}`", row.title, of.name());
                            self.leaf(of, row.span, said, vec![number(at, set.clone())]);
                        }
                    }
                }
                ScoreTable::Items(rows) => {
                    for row in rows {
                        turn += 1;
                        if let Some(at) = self.node(&row.condition) {
                            let what = format!("item {turn} of `{}`", of.name());
                            self.add_both(of, row.condition.span, at, &what, &Shows::Block);
                        }
                    }
                }
            }
        }
    }

    fn columns(&mut self, of: Of<'_>, columns: &[crate::model::Column]) {
        for (column, at) in columns.iter().zip(&of.registers.columns) {
            let said = format!("belongs to the column `{}` of `{}`", column.name, of.name());
            self.add(of, column.when.span, said, vec![vec![truth(*at, true)]]);
        }
    }

    /// Each band of each column, and each value that stands in place of a band.
    fn bands(&mut self, of: Of<'_>, bands: &Bands) {
        let (Type::Choice(values), Some(result)) = (&of.block.gives, as_choice(of.registers.results.first().copied()))
        else {
            return;
        };
        let place = |value: &str| values.iter().position(|one| one == value).and_then(|at| u8::try_from(at).ok());
        let instead: Vec<TruthRegister> = bands.instead.iter().filter_map(|one| self.node(&one.when)).collect();
        let columns: Vec<(Option<TruthRegister>, String)> = match bands.columns.as_slice() {
            [] => vec![(None, String::new())],
            columns => columns
                .iter()
                .zip(&of.registers.columns)
                .map(|(column, at)| (Some(*at), format!(" in the column `{}`", column.name)))
                .collect(),
        };
        for row in &bands.rows {
            let Some(at) = place(&row.value.value) else { continue };
            for (column, name) in &columns {
                let mut way = vec![choice(result, at)];
                way.extend(column.map(|column| truth(column, true)));
                way.extend(instead.iter().map(|other| truth(*other, false)));
                let said = format!("falls into the band `{}` of `{}`{name}", row.value.value, of.name());
                self.leaf(of, row.value.span, said, way);
            }
        }
        for (turn, (one, own)) in bands.instead.iter().zip(&instead).enumerate() {
            let mut way = vec![truth(*own, true)];
            way.extend(instead.iter().take(turn).map(|earlier| truth(*earlier, false)));
            let said = format!("is `{}` in `{}` whatever the number", one.value.value, of.name());
            self.leaf(of, one.value.span, said, way);
        }
    }

    /// Each row is the one that gives the value.
    fn table(&mut self, of: Of<'_>, table: &Table) {
        let fits: Vec<TruthRegister> = of.registers.rows.iter().filter_map(|row| as_truth(Some(*row))).collect();
        for (turn, (row, own)) in table.rows.iter().zip(&fits).enumerate() {
            let mut way = vec![truth(*own, true)];
            match table.policy {
                Policy::First => way.extend(fits.iter().take(turn).map(|earlier| truth(*earlier, false))),
                Policy::ExactlyOne | Policy::Every | Policy::Sum => {}
            }
            let said = format!("comes to row {} of `{}`", turn + 1, of.name());
            self.leaf(of, row.span, said, way);
        }
    }

    /// Each step is reached, each branch taken, each conclusion come to.
    fn algorithm(&mut self, of: Of<'_>, algorithm: &Algorithm) {
        for (at, step) in (0..).zip(&algorithm.steps) {
            if let Some(reached) = self.item_truth(Item::Step(of.id, at)).filter(|_| at > 0) {
                let said = format!("comes to the step `{}` of `{}`", step.name.value, of.name());
                if let Some(part) = self.add(of, step.name.span, said, vec![vec![truth(reached, true)]]) {
                    part.shows = Shows::Path;
                }
            }
            self.branches(of, at, step);
        }
        for (at, conclusion) in (0..).zip(&algorithm.conclusions) {
            let Some(held) = self.item_truth(Item::Conclusion(of.id, at)) else { continue };
            let said = format!("comes to the conclusion `{}` of `{}`", conclusion.name.value, of.name());
            if let Some(part) = self.leaf(of, conclusion.name.span, said, vec![truth(held, true)]) {
                part.shows = Shows::Conclusion(conclusion.name.value.clone());
            }
        }
    }

    fn branches(&mut self, of: Of<'_>, at: u32, step: &AlgorithmStep) {
        for (number, branch) in (0..).zip(&step.branches) {
            let Some(taken) = self.item_truth(Item::Branch(of.id, at, number)) else { continue };
            let said = format!("takes branch {} of the step `{}` of `{}`", number + 1, step.name.value, of.name());
            if let Some(part) = self.add(of, branch.span, said, vec![vec![truth(taken, true)]]) {
                part.shows = Shows::Path;
            }
        }
    }

    /// Adds where a table, bands or an algorithm end.
    fn leaf(&mut self, of: Of<'_>, span: crate::source::Span, said: String, way: Way) -> Option<&mut super::Part> {
        let part = self.add(of, span, said, vec![way])?;
        part.sort = Sort::Leaf;
        Some(part)
    }
}
