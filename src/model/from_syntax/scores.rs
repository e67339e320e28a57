use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{Amount, AmountKind, BandedRow, Column, ItemRow, Range, Score, ScoreTable};
use crate::syntax::tree::{self, Body, Name, Points};
use crate::value::Number;

use super::Resolver;
use super::amounts::listed;
use super::codes;

impl<'a> Resolver<'a> {
    pub(super) fn score(&mut self, tree: &'a tree::Score, block: &tree::Block) -> Option<Score> {
        let source = match &tree.as_in {
            Some(name) => match self.score_tree(name) {
                Some(source) => self.expect_takeable(name).map(|()| source)?,
                None => return self.report_not_shared(name, "a score with a table of its own"),
            },
            None => tree,
        };
        let columns = self.columns(&source.columns);
        self.expect_columns_of_points(source)?;
        let mut tables = Vec::new();
        for table in &source.tables {
            tables.push(self.score_table(table, &source.columns));
        }
        let points = tree.points.as_ref().or(source.points.as_ref()).map(|points| points.value);
        let rows = source.tables.iter().map(|table| match table {
            tree::ScoreTable::Banded(banded) => banded.rows.len(),
            tree::ScoreTable::Items(items) => items.rows.len(),
        });
        self.expect_rows(rows.min().unwrap_or(0), block)?;
        Some(Score { points, columns: columns?, tables: tables.into_iter().collect::<Option<_>>()? })
    }

    /// The tree of a score whose points another takes over.
    fn score_tree(&mut self, name: &tree::Name) -> Option<&'a tree::Score> {
        let found = self.by_name.get(name.value.as_str()).and_then(|at| self.trees.get(*at)).copied()?;
        if let Body::Score(score) = &found.body { Some(score).filter(|score| score.as_in.is_none()) } else { None }
    }

    /// What reads the record is taken over only by what does so too.
    pub(super) fn expect_takeable(&mut self, name: &tree::Name) -> Option<()> {
        let found = self.by_name.get(name.value.as_str()).and_then(|at| self.trees.get(*at));
        if self.as_recorded || found.is_none_or(|block| block.as_recorded.is_none()) {
            return Some(());
        }
        self.report_cage(&name.value, name.span);
        None
    }

    /// Says why nothing can be taken over from a name.
    pub(super) fn report_not_shared<T>(&mut self, name: &tree::Name, wanted: &str) -> Option<T> {
        let found = self.by_name.get(name.value.as_str()).and_then(|at| self.trees.get(*at));
        if found.is_some_and(|block| matches!(block.body, Body::Unreadable(_))) {
            return None;
        }
        let is_fact = self.catalog.find(&name.value).is_some();
        if found.is_none() && !is_fact {
            self.meaning(name)?;
        }
        self.report(
            Diagnostic::error(codes::NOT_SHARED, name.span, format!("`{}` is not {wanted}", name.value))
                .note("name the block in which the table itself is written"),
        );
        None
    }

    /// A table, or a score, without rows says nothing; where a row could not be read that has been told.
    pub(super) fn expect_rows(&mut self, rows: usize, block: &tree::Block) -> Option<()> {
        if rows > 0 {
            return Some(());
        }
        if !self.is_told_within(block.span) {
            let message = format!("the table of `{}` has no rows", block.name.value);
            self.report(
                Diagnostic::error(codes::NO_ROWS, block.name.span, message)
                    .note("write one line for each row under the heading, between `|`"),
            );
        }
        None
    }

    /// Only a table of conditions has columns for different patients.
    fn expect_columns_of_points(&mut self, source: &tree::Score) -> Option<()> {
        let Some(column) = source.columns.first() else { return Some(()) };
        if source.tables.is_empty() || source.tables.iter().any(|table| matches!(table, tree::ScoreTable::Items(_))) {
            return Some(());
        }
        let message = format!("the table has no column `{}`: its headings are ranges", column.name.value);
        self.report(
            Diagnostic::error(codes::COLUMN_NAMES, column.name.span, message)
                .note("leave the `column` lines out; only a table that begins with `if present` has columns"),
        );
        None
    }

    pub(super) fn columns(&mut self, trees: &[tree::Column]) -> Option<Vec<Column>> {
        let mut columns = Vec::new();
        for (at, tree) in trees.iter().enumerate() {
            let same = |other: &&tree::Column| other.name == tree.name;
            if let Some(first) = trees.iter().take(at).find(same) {
                let message = format!("the column `{}` is described twice", tree.name.value);
                self.report(
                    Diagnostic::error(codes::COLUMN_NAMES, tree.name.span, message)
                        .also(first.name.span, "the first is here")
                        .note("each column has one line; was another heading meant?"),
                );
                columns.push(None);
                continue;
            }
            let citations = self.cited(&tree.when.citations);
            let when = self.condition(&tree.when.value);
            columns.push(when.map(|when| Column { name: tree.name.value.clone(), when, citations }));
        }
        columns.into_iter().collect()
    }

    fn score_table(&mut self, table: &tree::ScoreTable, columns: &[tree::Column]) -> Option<ScoreTable> {
        match table {
            tree::ScoreTable::Banded(banded) => self.banded(banded),
            tree::ScoreTable::Items(items) => self.items(items, columns),
        }
    }

    fn banded(&mut self, banded: &tree::BandedPoints) -> Option<ScoreTable> {
        let mut bands: Vec<Option<Range>> = Vec::new();
        for band in &banded.bands {
            bands.push(self.percent_range(band, banded.by.span));
        }
        let mut rows = Vec::new();
        for row in &banded.rows {
            rows.push(self.banded_row(row, &banded.by.value));
        }
        let bands: Vec<Range> = bands.into_iter().collect::<Option<_>>()?;
        let share = match banded.by.value {
            tree::BandedBy::Improvement(share) => Some(share),
            tree::BandedBy::Value(_) => None,
        };
        Some(ScoreTable::Banded { bands, share, rows: rows.into_iter().collect::<Option<_>>()? })
    }

    fn banded_row(&mut self, row: &tree::BandedRow, by: &tree::BandedBy) -> Option<BandedRow> {
        let citations = self.cited(&row.citations);
        let span = row.subject.span;
        let amount = match by {
            tree::BandedBy::Improvement(share) => {
                let tree::AmountKind::Read(tree::Reading { name, when: tree::When::Unstated, .. }) = &row.subject.kind
                else {
                    self.report(
                        Diagnostic::error(
                            codes::ROW_SUBJECT,
                            span,
                            "a row of improvements begins with the name of a fact or a measure",
                        )
                        .note("write the bare name; which values are compared the heading says"),
                    );
                    return None;
                };
                let subject = self.subject(name)?;
                self.expect_improvable(subject, *share, name.span)?;
                Amount { id: self.node(), span, unit: None, kind: AmountKind::Improvement(subject, *share) }
            }
            tree::BandedBy::Value(None) => self.amount(&row.subject)?,
            tree::BandedBy::Value(Some(unit)) => {
                let kind = tree::AmountKind::InUnit(Box::new(row.subject.clone()), unit.clone());
                self.amount(&tree::Amount { span, kind })?
            }
        };
        let points = row.points.iter().map(points_of).collect();
        Some(BandedRow { title: self.text(span).to_owned(), amount, points, citations, span })
    }

    fn items(&mut self, items: &tree::ItemPoints, columns: &[tree::Column]) -> Option<ScoreTable> {
        let order = self.column_order(&items.headings, columns);
        let mut rows = Vec::new();
        for row in &items.rows {
            let citations = self.cited(&row.citations);
            let points = order.iter().flatten().filter_map(|at| row.points.get(*at)).map(points_of).collect();
            rows.push(self.condition(&row.condition).map(|condition| ItemRow { condition, points, citations }));
        }
        order?;
        Some(ScoreTable::Items(rows.into_iter().collect::<Option<_>>()?))
    }

    /// For each column, which heading is its.
    pub(super) fn column_order(&mut self, headings: &[Name], columns: &[tree::Column]) -> Option<Vec<usize>> {
        if columns.is_empty() {
            let Some(second) = headings.get(1) else { return Some(vec![0]) };
            self.report(
                Diagnostic::error(
                    codes::COLUMN_NAMES,
                    second.span,
                    "a second column, and no line that says for whom it is",
                )
                .note(format!("write `column \"{}\" when …` above the table, one line for each column", second.value)),
            );
            return None;
        }
        if columns.iter().enumerate().any(|(at, column)| columns.iter().take(at).any(|other| other.name == column.name))
        {
            // That has been told where the columns are read.
            return None;
        }
        let mut order = Vec::new();
        for column in columns {
            let Some(at) = headings.iter().position(|heading| heading.value == column.name.value) else {
                self.report_no_heading(column, headings);
                return None;
            };
            order.push(at);
        }
        let unexplained = |(at, heading): &(usize, &Name)| {
            columns.iter().all(|column| column.name.value != heading.value)
                || headings.iter().take(*at).any(|other| other.value == heading.value)
        };
        if let Some((_, extra)) = headings.iter().enumerate().find(unexplained) {
            let message = if columns.iter().any(|column| column.name.value == extra.value) {
                format!("two columns are called `{}`", extra.value)
            } else {
                format!("no line says for whom the column `{}` is", extra.value)
            };
            self.report(
                Diagnostic::error(codes::COLUMN_NAMES, extra.span, message)
                    .note(format!("write `column \"{}\" when …` above the table", extra.value)),
            );
            return None;
        }
        Some(order)
    }

    fn report_no_heading(&mut self, column: &tree::Column, headings: &[Name]) {
        let name = &column.name;
        let known: Vec<&str> = headings.iter().map(|heading| heading.value.as_str()).collect();
        let mut diagnostic =
            Diagnostic::error(codes::COLUMN_NAMES, name.span, format!("no heading of the table is `{}`", name.value))
                .note(format!("the headings are {}", listed(&known)));
        let near = suggest::nearest(&name.value, known.iter().copied());
        if let Some(heading) = headings.iter().find(|heading| Some(heading.value.as_str()) == near) {
            diagnostic = diagnostic.also(heading.span, "is this the one?");
        }
        self.report(diagnostic);
    }
}

fn points_of(points: &Points) -> Number {
    points.value.unwrap_or(Number::ZERO)
}
