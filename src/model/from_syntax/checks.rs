//! What is looked at once every block is resolved.

use crate::catalog::GuidelineInfo;
use crate::diagnostics::{Diagnostic, Severity, suggest};
use crate::model::{Block, BlockId, BlockKind, Guideline, Output, ScoreTable, Type};
use crate::value::Number;

use super::Resolver;
use super::codes;

impl Resolver<'_> {
    /// The guideline, its answers found, its sources and shared lines checked.
    pub(super) fn finish(mut self) -> (Guideline, Vec<Diagnostic>) {
        let info = self.info;
        let answers = self.answers(info);
        self.check_values_said(info);
        self.check_cited();
        self.check_covers();
        self.check_locals_used();
        let covers = self.position(|block| matches!(block.kind, BlockKind::Covers(_)));
        let mut diagnostics = self.diagnostics;
        diagnostics.sort_by_key(Diagnostic::span);
        let guideline = Guideline {
            info: info.clone(),
            blocks: self.blocks,
            covers,
            answers,
            judgements: self.judgements,
            nodes: self.next_node,
        };
        (guideline, diagnostics)
    }

    fn position(&self, wanted: impl Fn(&Block) -> bool) -> Option<BlockId> {
        self.blocks.iter().position(wanted).and_then(|at| u32::try_from(at).ok()).map(BlockId)
    }

    /// The blocks that guideline.yaml names as answers.
    fn answers(&mut self, info: &GuidelineInfo) -> Vec<BlockId> {
        let mut answers = Vec::new();
        for name in &info.answers {
            let Some(at) = self.by_name.get(name.value.as_str()).copied() else {
                let mut diagnostic =
                    Diagnostic::error(codes::UNKNOWN_NAME, name.span, format!("no block is called `{}`", name.value));
                let mut known: Vec<&str> = self.by_name.keys().copied().collect();
                known.sort_unstable();
                if let Some(near) = suggest::nearest(&name.value, known) {
                    diagnostic = diagnostic.fix(format!("did you mean `{near}`?"), name.span, near);
                }
                self.report(diagnostic);
                continue;
            };
            let Some(id) = self.block_at(at) else { continue };
            let unreadable =
                self.resolved(id).is_some_and(|block| matches!(block.gives, Type::Measure | Type::Nothing));
            if unreadable {
                let text = format!("`{}` gives no value, so it cannot be an answer", name.value);
                self.report(
                    Diagnostic::error(codes::NO_ANSWER, name.span, text)
                        .note("an answer is a finding, a number, a score, bands or a table"),
                );
                continue;
            }
            answers.push(id);
        }
        answers
    }

    /// What a colleague would say is said of values that exist.
    fn check_values_said(&mut self, info: &GuidelineInfo) {
        for (answer, sentences) in &info.says {
            let Some(at) = self.by_name.get(answer.value.as_str()).copied() else {
                self.report(Diagnostic::error(
                    codes::UNKNOWN_NAME,
                    answer.span,
                    format!("no block is called `{}`", answer.value),
                ));
                continue;
            };
            let names = match self.block_at(at).and_then(|id| self.resolved(id)).map(|block| &block.gives) {
                Some(Type::Choice(names) | Type::Several(names)) => names.clone(),
                Some(Type::YesNo) => vec![String::from("yes"), String::from("no")],
                _ => continue,
            };
            for (value, _) in sentences {
                if !names.contains(&value.value) {
                    self.report(
                        Diagnostic::error(
                            codes::NO_SUCH_VALUE,
                            value.span,
                            format!("`{}` has no value `{}`", answer.value, value.value),
                        )
                        .note(format!("its values are {}", names.join(", "))),
                    );
                }
            }
        }
    }

    /// A block without any source, its own or on its lines, says so.
    fn check_cited(&mut self) {
        let mut warnings = Vec::new();
        for block in &self.blocks {
            let needs = !matches!(block.kind, BlockKind::Judgement(_));
            let mut cited = false;
            block.each_citation(&mut |_| cited = true);
            if needs && !cited {
                warnings.push(
                    Diagnostic::warning(codes::UNCITED, block.name.span, format!("`{}` names no source", block.name.value))
                        .note("write the evidence key in brackets at the end of the line, `[aggarwal_2017 table 3]`, or `[local name]` for a choice of your own"),
                );
            }
        }
        self.diagnostics.extend(warnings);
    }

    fn check_covers(&mut self) {
        let mut covers = self.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Covers(_)));
        if let (Some(first), Some(second)) = (covers.next(), covers.next()) {
            let diagnostic = Diagnostic::error(codes::TWO_COVERS, second.head, "a guideline says once whom it covers")
                .also(first.head, "it is said here")
                .note("join the two conditions");
            self.diagnostics.push(diagnostic);
        }
    }

    /// A local choice that no line names was renamed or forgotten. Without this check a mistake elsewhere would
    /// raise it too, so it waits until the rest is right.
    fn check_locals_used(&mut self) {
        if self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return;
        }
        let unused: Vec<_> = self
            .info
            .local_choices
            .iter()
            .filter(|choice| !self.locals_used.contains(&choice.name.value))
            .map(|choice| {
                Diagnostic::warning(
                    codes::UNUSED_LOCAL,
                    choice.name.span,
                    format!("no line names the local choice `{}`", choice.name.value),
                )
                .note("take it out, or write `[local name]` on the line of the number")
            })
            .collect();
        self.diagnostics.extend(unused);
    }
}

impl Block {
    /// Its points are whole numbers, so `A to B` leaves nothing between.
    pub(super) fn has_whole_points(&self) -> bool {
        let whole = |points: &[Number]| points.iter().all(|points| points.is_whole());
        match &self.kind {
            BlockKind::Score(score) => score.tables.iter().all(|table| match table {
                ScoreTable::Banded { rows, .. } => rows.iter().all(|row| whole(&row.points)),
                ScoreTable::Items(rows) => rows.iter().all(|row| whole(&row.points)),
            }),
            BlockKind::Table(table) => table.rows.iter().all(|row| match &row.output {
                Output::Number(number) => number.is_whole(),
                Output::Value(_) => false,
            }),
            BlockKind::Finding(_)
            | BlockKind::Number(_)
            | BlockKind::Measure(_)
            | BlockKind::Bands(_)
            | BlockKind::Covers(_)
            | BlockKind::Impossible(_)
            | BlockKind::Judgement(_) => false,
        }
    }
}
