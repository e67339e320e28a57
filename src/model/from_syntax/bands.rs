use crate::diagnostics::Diagnostic;
use crate::model::{Amount, BandRow, Bands, BlockKind, Instead, Range, Type};
use crate::syntax::tree::{self, Body};

use super::Resolver;
use super::codes;

impl<'a> Resolver<'a> {
    /// The tree of bands whose ranges others take over.
    fn bands_tree(&mut self, name: &tree::Name) -> Option<&'a tree::Bands> {
        let found = self.by_name.get(name.value.as_str()).and_then(|at| self.trees.get(*at)).copied()?;
        if let Body::Bands(bands) = &found.body { Some(bands).filter(|bands| bands.as_in.is_none()) } else { None }
    }

    pub(super) fn bands(&mut self, tree: &'a tree::Bands, block: &tree::Block) -> Option<(Type, BlockKind)> {
        let source = match &tree.as_in {
            Some(name) => match self.bands_tree(name) {
                Some(source) => self.expect_takeable(name).map(|()| source)?,
                None => return self.report_not_shared(name, "a block of bands with ranges of its own"),
            },
            None => tree,
        };
        let read = tree::Amount { span: tree.of.span, kind: tree::AmountKind::Read(tree.of.clone()) };
        let of = self.amount(&read);
        let columns = self.columns(&source.columns);
        let mut instead = Vec::new();
        for line in &source.instead {
            let citations = self.cited(&line.when.citations);
            let when = self.condition(&line.when.value);
            instead.push(when.map(|when| Instead { value: line.value.clone(), when, citations }));
        }
        if tree.as_in.is_none() {
            self.check_headings(tree, block);
        }
        let order = self.column_order(&source.headings, &source.columns);
        // Without the columns the ranges are looked at all the same.
        let looked_at = order.clone().unwrap_or_else(|| (0..source.headings.len()).collect());
        let of = of?;
        let rows = self.band_rows(&source.rows, &looked_at, &of);
        let instead: Option<Vec<Instead>> = instead.into_iter().collect();
        self.expect_rows(source.rows.len(), block)?;
        let (columns, _, rows, instead) = (columns?, order?, rows?, instead?);
        if tree.as_in.is_none() {
            self.check_cover(&rows, &of, block.name.span);
        }
        let mut values: Vec<String> = Vec::new();
        for value in rows.iter().map(|row| &row.value).chain(instead.iter().map(|line| &line.value)) {
            if !values.contains(&value.value) {
                values.push(value.value.clone());
            }
        }
        self.expect_few_values(&values, block.name.span)?;
        Some((Type::Choice(values), BlockKind::Bands(Bands { of, columns, rows, instead })))
    }

    /// The first heading is the answer, the only other one the number.
    fn check_headings(&mut self, tree: &tree::Bands, block: &tree::Block) {
        if tree.answer.value != block.name.value {
            self.report(
                Diagnostic::error(
                    codes::HEADING_NAME,
                    tree.answer.span,
                    format!("the first heading is the name of the answer, `{}`", block.name.value),
                )
                .fix("write its name", tree.answer.span, block.name.value.clone()),
            );
        }
        let ([heading], []) = (tree.headings.as_slice(), tree.columns.as_slice()) else { return };
        let whole = self.text(tree.of.span);
        if heading.value != tree.of.name.value && heading.value != whole {
            self.report(
                Diagnostic::error(
                    codes::COLUMN_NAMES,
                    heading.span,
                    format!("the heading is `{}`, and the bands are of `{whole}`", heading.value),
                )
                .fix("write the name of the number", heading.span, tree.of.name.value.clone()),
            );
        }
    }

    fn band_rows(&mut self, rows: &[tree::BandRow], order: &[usize], of: &Amount) -> Option<Vec<BandRow>> {
        let mut resolved = Vec::new();
        for row in rows {
            let citations = self.cited(&row.citations);
            let mut ranges = Vec::new();
            for at in order {
                ranges.push(row.ranges.get(*at).and_then(|range| self.range(range, of)));
            }
            let ranges: Option<Vec<Range>> = ranges.into_iter().collect();
            resolved.push(ranges.map(|ranges| BandRow { value: row.value.clone(), ranges, citations }));
        }
        resolved.into_iter().collect()
    }
}
