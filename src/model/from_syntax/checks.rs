//! What is looked at once every block is resolved.

use std::collections::BTreeSet;

use crate::catalog::GuidelineInfo;
use crate::diagnostics::{Diagnostic, Severity, suggest};
use crate::model::{Block, BlockId, BlockKind, Guideline, Output, ScoreTable, Type};
use crate::source::{Span, Spanned};
use crate::value::Number;

use super::Resolver;
use super::codes;

impl Resolver<'_> {
    /// The guideline, its answers found, its sources and shared lines checked.
    pub(super) fn finish(mut self) -> (Guideline, Vec<Diagnostic>) {
        let info = self.info;
        let answers = self.answers(info);
        self.check_values_said(info);
        self.check_course_circles();
        self.check_treatment();
        self.check_cited();
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
            therapies: self.therapies,
            statuses: self.statuses,
            nodes: self.next_node,
            local: BTreeSet::new(),
        };
        (guideline, diagnostics)
    }

    fn position(&self, wanted: impl Fn(&Block) -> bool) -> Option<BlockId> {
        self.blocks.iter().position(wanted).and_then(|at| u32::try_from(at).ok()).map(BlockId)
    }

    /// The blocks that guideline.yaml names as answers.
    fn answers(&mut self, info: &GuidelineInfo) -> Vec<BlockId> {
        let mut answers = Vec::new();
        for name in info.answers() {
            let Some(at) = self.by_name.get(name.value.as_str()).copied() else {
                self.report_no_block(name);
                continue;
            };
            let Some(id) = self.block_at(at) else { continue };
            let unreadable =
                self.resolved(id).is_some_and(|block| matches!(block.gives, Type::Measure | Type::Nothing));
            if unreadable {
                let text = format!("`{}` gives no value, so it cannot be an answer", name.value);
                self.report(Diagnostic::error(codes::NO_ANSWER, name.span, text).note(
                    "an answer is a finding, a number, a score, bands, a table, a ladder, an algorithm or a suspicion",
                ));
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
                self.report_no_block(answer);
                continue;
            };
            let names = match self.block_at(at).and_then(|id| self.resolved(id)).map(|block| &block.gives) {
                // It is at fault itself, which has been said.
                None => continue,
                Some(Type::Choice(names) | Type::Several(names)) => names.clone(),
                Some(Type::YesNo) => vec![String::from("yes"), String::from("no")],
                Some(Type::Number(_) | Type::Points | Type::Measure | Type::Nothing) => {
                    let message = format!("`{}` has no words of which something could be said", answer.value);
                    self.report(
                        Diagnostic::error(codes::NO_SUCH_VALUE, answer.span, message)
                            .note("under `says` stand findings, bands and tables, each with its values"),
                    );
                    continue;
                }
            };
            for (value, _) in sentences.iter().filter(|(value, _)| !names.contains(&value.value)) {
                self.report_no_value(&answer.value, value.span, &value.value, &names);
            }
        }
    }

    /// A name in guideline.yaml that no block has.
    fn report_no_block(&mut self, name: &Spanned<String>) {
        let mut diagnostic =
            Diagnostic::error(codes::UNKNOWN_NAME, name.span, format!("no block is called `{}`", name.value));
        let mut known: Vec<&str> = self.by_name.keys().copied().collect();
        known.sort_unstable();
        let algorithm = self.conclusions.get(name.value.as_str()).and_then(|(at, _)| self.trees.get(*at));
        diagnostic = if let Some(algorithm) = algorithm {
            let own = &algorithm.name.value;
            diagnostic.note("a conclusion is shown with its algorithm, of which it is a value").fix(
                format!("name the algorithm, `{own}`"),
                name.span,
                own.clone(),
            )
        } else if let Some(near) = suggest::nearest(&name.value, known) {
            diagnostic.fix(format!("did you mean `{near}`?"), name.span, near)
        } else if self.catalog.find(&name.value).is_some() {
            diagnostic.note("it is a fact of the dictionary; an answer is worked out by a block")
        } else {
            diagnostic.note("write the name of a block of this guideline, or add the block to its rules")
        };
        self.report(diagnostic);
    }

    /// A block without any source, its own or on its lines, says so.
    fn check_cited(&mut self) {
        let mut uncited = Vec::new();
        for block in &self.blocks {
            // A promise is about the guideline itself.
            let needs = !matches!(block.kind, BlockKind::Judgement(_) | BlockKind::Promise(_));
            let mut cited = false;
            block.each_citation(&mut |_| cited = true);
            if needs && !cited && !self.has_lost_source(block) {
                uncited.push((block.spoken(), block.name.span));
            }
        }
        for (name, span) in uncited {
            let message = format!("`{name}` names no source");
            self.report(Diagnostic::warning(codes::UNCITED, span, message).note(
                "write the evidence key in brackets at the end of the line, `[aggarwal_2017 table 3]`, or \
                 `[local name]` for a choice of your own",
            ));
        }
    }

    /// It names a source that is not known, or a line of it could not be read: that has been told.
    fn has_lost_source(&self, block: &Block) -> bool {
        let tree = self.by_name.get(block.name.value.as_str()).and_then(|at| self.trees.get(*at));
        tree.is_some_and(|tree| {
            let inside =
                |lost: &Span| lost.file == tree.span.file && (tree.span.start..tree.span.end).contains(&lost.start);
            self.is_told_within(tree.span) || self.lost_sources.iter().any(inside)
        })
    }

    /// A local choice that no line names was renamed or forgotten. Without this check a mistake elsewhere would
    /// raise it too, so it waits until the rest is right.
    fn check_locals_used(&mut self) {
        let unread = !self.told.is_empty();
        if unread || self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
            return;
        }
        let info = self.info;
        for name in info.local_choices.iter().map(|choice| &choice.name) {
            if !self.locals_used.contains(&name.value) {
                let message = format!("no line names the local choice `{}`", name.value);
                let note = format!("take it out, or write `[local {}]` on the line of the number", name.value);
                self.report(Diagnostic::warning(codes::UNUSED_LOCAL, name.span, message).note(note));
            }
        }
    }
}

impl Block {
    /// Its name as an author says it: `course failed`.
    pub(super) fn spoken(&self) -> String {
        match &self.kind {
            BlockKind::Course(rule) => format!("course {}", rule.word()),
            BlockKind::SourceCovers(key, _) => format!("source {key}"),
            BlockKind::Finding(_)
            | BlockKind::Number(_)
            | BlockKind::Measure(_)
            | BlockKind::Score(_)
            | BlockKind::Bands(_)
            | BlockKind::Table(_)
            | BlockKind::Covers(_)
            | BlockKind::Impossible(_)
            | BlockKind::Judgement(_)
            | BlockKind::Ladder(_)
            | BlockKind::Against(_)
            | BlockKind::Prefer(_)
            | BlockKind::Monitor(_)
            | BlockKind::Regimen(_)
            | BlockKind::Suspect(_)
            | BlockKind::Advice(_)
            | BlockKind::Precedence(_)
            | BlockKind::Algorithm(_)
            | BlockKind::Promise(_) => self.name.value.clone(),
        }
    }

    /// Its points are whole numbers, so `A to B` leaves nothing between.
    pub(super) fn has_whole_points(&self) -> bool {
        let whole = |points: &[Number]| points.iter().all(|points| points.is_whole());
        if let BlockKind::Score(score) = &self.kind {
            score.tables.iter().all(|table| match table {
                ScoreTable::Banded { rows, .. } => rows.iter().all(|row| whole(&row.points)),
                ScoreTable::Items(rows) => rows.iter().all(|row| whole(&row.points)),
            })
        } else if let BlockKind::Table(table) = &self.kind {
            table.rows.iter().all(|row| match &row.output {
                Output::Number(number) => number.is_whole(),
                Output::Value(_) => false,
            })
        } else {
            false
        }
    }
}
