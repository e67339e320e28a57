use crate::catalog::FactKind;
use crate::diagnostics::Diagnostic;
use crate::model::MOST_VALUES;
use crate::model::{Amount, BlockKind, Condition, ConditionKind, Output, Row, Table, Type};
use crate::source::Span;
use crate::syntax::tree::{self, CellKind, Policy, Value};

use super::Resolver;
use super::codes;
use super::names::Meaning;

impl Resolver<'_> {
    /// A decision table.
    pub(super) fn table(&mut self, tree: &tree::Table, block: &tree::Block) -> Option<(Type, BlockKind)> {
        let policy = tree.policy.map_or(Policy::ExactlyOne, |policy| policy.value);
        self.expect_rows(tree.rows.len(), block)?;
        let outputs = self.outputs(tree, policy, block.name.span);
        let inputs: Vec<Option<&tree::Amount>> = tree.inputs.iter().map(|input| self.heading_is_known(input)).collect();
        let values = outputs.as_ref().map_or(&[] as &[String], |(_, values)| values);
        let mut rows = Vec::new();
        for row in &tree.rows {
            rows.push(self.row(row, &inputs, values));
        }
        let (gives, _) = outputs?;
        inputs.iter().all(Option::is_some).then_some(())?;
        let rows: Vec<Row> = rows.into_iter().collect::<Option<_>>()?;
        let headings = tree
            .inputs
            .iter()
            .map(|input| crate::source::Spanned::new(self.text(input.span).to_owned(), input.span))
            .collect();
        Some((gives, BlockKind::Table(Table { policy, headings, rows })))
    }

    /// What the rows give: all words, or all numbers.
    fn outputs(&mut self, tree: &tree::Table, policy: Policy, head: Span) -> Option<(Type, Vec<String>)> {
        let mut values: Vec<String> = Vec::new();
        let mut numbers = 0_usize;
        let mut distinct: Vec<String> = Vec::new();
        for row in &tree.rows {
            match &row.output {
                tree::Output::Points(points) => {
                    numbers += 1;
                    let shown = points.value.to_string();
                    if policy != Policy::Sum && !distinct.contains(&shown) {
                        distinct.push(shown);
                    }
                }
                tree::Output::Value(name) if !values.contains(&name.value) => values.push(name.value.clone()),
                tree::Output::Value(_) => {}
            }
        }
        let all_numbers = numbers == tree.rows.len();
        if numbers > 0 && !all_numbers {
            self.report(
                Diagnostic::error(codes::MIXED_OUTPUT, tree.output.span, "some rows give a number and some a word")
                    .note("the rows of one table give the same kind of thing"),
            );
            return None;
        }
        let gives = match (policy, all_numbers) {
            (Policy::Sum, true) => Type::Points,
            (Policy::ExactlyOne | Policy::First, true) => Type::Number(None),
            (Policy::Sum, false) | (Policy::Every, true) => {
                let (text, note) = if all_numbers {
                    (
                        "`every row that fits` lists words, and these rows give numbers",
                        "to add them up write `sum of the rows that fit`",
                    )
                } else {
                    (
                        "`sum of the rows that fit` adds numbers, and these rows give words",
                        "to list them write `every row that fits`",
                    )
                };
                self.report(Diagnostic::error(codes::MIXED_OUTPUT, tree.output.span, text).note(note));
                return None;
            }
            (Policy::Every, false) => Type::Several(values.clone()),
            (Policy::ExactlyOne | Policy::First, false) => Type::Choice(values.clone()),
        };
        self.expect_few_values(&distinct, head)?;
        self.expect_few_values(&values, head)?;
        Some((gives, values))
    }

    pub(super) fn expect_few_values(&mut self, values: &[String], head: Span) -> Option<()> {
        if values.len() <= usize::from(MOST_VALUES) {
            return Some(());
        }
        let message = format!("{} values, and a block has at most {MOST_VALUES}", values.len());
        self.report(
            Diagnostic::error(codes::TOO_MANY_VALUES, head, message)
                .note("give some rows the same value, or divide the question into two blocks"),
        );
        None
    }

    /// `None` for an input whose heading is at fault: its cells say nothing further.
    fn row(&mut self, row: &tree::TableRow, inputs: &[Option<&tree::Amount>], values: &[String]) -> Option<Row> {
        let citations = self.cited(&row.citations);
        let mut cells = Vec::new();
        for (cell, input) in row.cells.iter().zip(inputs) {
            if let Some(input) = input.filter(|_| cell.kind != CellKind::Any) {
                cells.push(self.cell(cell, input));
            }
        }
        let cells: Vec<Condition> = cells.into_iter().collect::<Option<_>>()?;
        let output = match &row.output {
            tree::Output::Points(points) => Output::Number(points.value),
            tree::Output::Value(name) => {
                let at = values.iter().position(|value| *value == name.value)?;
                Output::Value(u8::try_from(at).ok()?)
            }
        };
        Some(Row { cells, output, citations, span: row.span })
    }

    /// A heading means something, whatever stands under it; else that is said once, not for each row.
    fn heading_is_known<'t>(&mut self, input: &'t tree::Amount) -> Option<&'t tree::Amount> {
        let tree::AmountKind::Read(reading) = &input.kind else { return self.amount(input).map(|_| input) };
        match self.meaning(&reading.name)? {
            Meaning::Unusable => return None,
            Meaning::Word(_) => {}
            Meaning::Block(block) | Meaning::Conclusion(block, _) => {
                self.expect_readable(block, reading.name.span)?;
            }
            Meaning::Fact(fact) => {
                let known = self.catalog.fact(fact)?;
                self.fact_reading(fact, known, reading)?;
            }
        }
        Some(input)
    }

    fn cell(&mut self, cell: &tree::Cell, input: &tree::Amount) -> Option<Condition> {
        let kind = match &cell.kind {
            CellKind::Any => return None,
            CellKind::OneOf(values) => self.cell_is(input, values, cell.span)?,
            CellKind::Not(value) => {
                let is = self.cell_is(input, std::slice::from_ref(value), cell.span)?;
                let inner = Condition { id: self.node(), span: cell.span, kind: is };
                ConditionKind::Not(Box::new(inner))
            }
            CellKind::Within(range) => {
                let subject = self.numeric_heading(input, cell.span)?;
                self.compares(subject, range)?
            }
        };
        Some(Condition { id: self.node(), span: cell.span, kind })
    }

    fn numeric_heading(&mut self, input: &tree::Amount, cell: Span) -> Option<Amount> {
        if let tree::AmountKind::Read(reading) = &input.kind
            && let Meaning::Fact(fact) = self.meaning(&reading.name)?
            && let Some(known) = self.catalog.fact(fact)
            && matches!(known.kind, FactKind::Choice { .. })
        {
            self.report(
                Diagnostic::error(codes::NO_SUCH_VALUE, cell, format!("`{}` is not a number", known.id.value))
                    .note(super::amounts::values_note(known)),
            );
            return None;
        }
        self.amount_or_ever(input)
    }

    /// `yes`, `DM or PM`, `not done`: the heading is one of these.
    fn cell_is(&mut self, input: &tree::Amount, values: &[Value], cell: Span) -> Option<ConditionKind> {
        let tree::AmountKind::Read(reading) = &input.kind else {
            self.report(
                Diagnostic::error(codes::NO_SUCH_VALUE, cell, "this column holds numbers")
                    .note("write a comparison or a range: `at least 5`, `5 to below 10`, `any`"),
            );
            return None;
        };
        let tree = tree::Condition {
            span: cell,
            kind: tree::ConditionKind::Is { subject: reading.clone(), values: values.to_vec(), negated: false },
        };
        self.condition(&tree).map(|condition| condition.kind)
    }
}
