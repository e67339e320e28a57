use crate::catalog::TreatmentId;
use crate::diagnostics::Diagnostic;
use crate::model::{
    BlockKind, Cited, Condition, CourseRule, Ladder, LadderLine, LadderOption, NextLine, Plus, Regimen, TherapyId, Type,
};
use crate::source::Span;
use crate::syntax::tree::{self, AgainstKind, Beside, Body, Line, Name};

use super::codes;
use super::{Resolver, Told};

/// What a ladder says where all of its lines are passed.
const AFTER_LAST: &str = "after_last";
/// What a ladder says of a patient it is not for.
const NOT_FOR_THIS_PATIENT: &str = "not_for_this_patient";

impl<'a> Resolver<'a> {
    /// `ladder`: its value is the line the patient is on.
    pub(super) fn ladder(&mut self, tree: &'a tree::Ladder, block: &tree::Block) -> Option<(Type, BlockKind)> {
        let beside = tree.beside.iter().map(|(_, line)| line);
        let written = beside.chain(tree.lines.iter().flat_map(|line| &line.options));
        self.resolve_what_reaches(written, &block.name);
        let patients = self.patients(tree.patients.as_ref());
        let beside: Vec<Option<(Beside, LadderOption)>> =
            tree.beside.iter().map(|(kind, line)| Some((*kind, self.option(line)?))).collect();
        let shared = tree.next.as_ref().map(|next| self.next_line(next).ok_or(Told)).transpose();
        let lines: Vec<Option<LadderLine>> = tree
            .lines
            .iter()
            .map(|line| self.ladder_line(line, shared.as_ref().ok().and_then(Option::as_ref)))
            .collect();
        let values = self.ladder_values(tree, block)?;
        shared.ok()?;
        let beside: Vec<(Beside, LadderOption)> = beside.into_iter().collect::<Option<_>>()?;
        let lines: Vec<LadderLine> = lines.into_iter().collect::<Option<_>>()?;
        let ladder = Ladder { patients: patients.ok()?, beside, lines };
        self.check_ladder_options(&ladder, block)?;
        Some((Type::Choice(values), BlockKind::Ladder(ladder)))
    }

    fn ladder_values(&mut self, tree: &tree::Ladder, block: &tree::Block) -> Option<Vec<String>> {
        for name in tree.lines.iter().map(|line| &line.name) {
            if [AFTER_LAST, NOT_FOR_THIS_PATIENT].contains(&name.value.as_str()) {
                let message = format!("`{}` is what every ladder says where no line is the patient's", name.value);
                self.report(
                    Diagnostic::error(codes::TAKEN_NAME, name.span, message).note("give the line another name"),
                );
                return None;
            }
        }
        let own = [AFTER_LAST, NOT_FOR_THIS_PATIENT].map(str::to_owned);
        let values: Vec<String> = tree.lines.iter().map(|line| line.name.value.clone()).chain(own).collect();
        self.expect_few_values(&values, block.name.span)?;
        Some(values)
    }

    /// `for patients when …`
    fn patients(&mut self, tree: Option<&Line<tree::Condition>>) -> Result<Option<(Condition, Vec<Cited>)>, Told> {
        let Some(line) = tree else { return Ok(None) };
        let citations = self.cited(&line.citations);
        Ok(Some((self.condition(&line.value).ok_or(Told)?, citations)))
    }

    fn ladder_line(&mut self, line: &tree::LadderLine, shared: Option<&NextLine>) -> Option<LadderLine> {
        let citations = self.cited(&line.citations);
        let options = self.options(&line.options);
        let own = line.next.as_ref().map(|next| self.next_line(next).ok_or(Told)).transpose();
        let title = line.title.as_ref().unwrap_or(&line.name).value.clone();
        Some(LadderLine {
            name: line.name.clone(),
            title,
            citations,
            options: options?,
            next: own.ok()?.or_else(|| shared.cloned()),
        })
    }

    fn options(&mut self, lines: &[Line<tree::LadderOption>]) -> Option<Vec<LadderOption>> {
        let options: Vec<Option<LadderOption>> = lines.iter().map(|line| self.option(line)).collect();
        options.into_iter().collect()
    }

    fn option(&mut self, line: &Line<tree::LadderOption>) -> Option<LadderOption> {
        let option = &line.value;
        let citations = self.cited(&line.citations);
        let therapy =
            self.one_therapy(&option.therapy, "an option is one therapy", "write an option for each that is meant");
        let when = self.optional_condition(option.when.as_ref());
        if let (Some(tree::How::Trial), Some(strength)) = (option.how.as_ref().map(|how| how.value), &option.strength) {
            let message = "an option in a trial only has no strength: a trial is offered, not recommended";
            let diagnostic = Diagnostic::error(codes::TRIAL_STRENGTH, strength.span, message);
            self.report(diagnostic.note("leave out `strength`, or say how it joins what is taken: `how add`"));
        }
        Some(LadderOption {
            therapy: therapy?,
            span: option.therapy.span,
            text: option.text.as_ref().map(|text| text.value.clone()),
            when: when.ok()?,
            requires: option.requires.iter().map(|text| text.value.clone()).collect(),
            how: option.how.map(|how| how.value),
            strength: option.strength.map(|strength| strength.value),
            citations,
        })
    }

    fn next_line(&mut self, line: &Line<tree::NextLine>) -> Option<NextLine> {
        let citations = self.cited(&line.citations);
        let next = &line.value;
        let when = match &next.when {
            Some((condition, period)) => Some((self.condition(condition)?, *period)),
            None => None,
        };
        Some(NextLine { span: next.span, one_failed: next.one_failed, none_left: next.none_left, when, citations })
    }

    /// Each option once; and the record can tell when its trial was fair.
    fn check_ladder_options(&mut self, ladder: &Ladder, block: &tree::Block) -> Option<()> {
        let beside = ladder.beside.iter().map(|(_, option)| option);
        let options: Vec<(TherapyId, Span)> = beside
            .chain(ladder.lines.iter().flat_map(|line| &line.options))
            .map(|option| (option.therapy, option.span))
            .collect();
        let once = self.expect_listed_once(&options, &format!("`{}`", block.name.value));
        let judged = ladder.beside.iter().filter(|(beside, _)| *beside != Beside::Alongside).map(|(_, option)| option);
        let judged: Vec<(TherapyId, Span)> = judged
            .chain(ladder.lines.iter().flat_map(|line| &line.options))
            .map(|option| (option.therapy, option.span))
            .collect();
        self.check_fair_trials(&judged);
        once
    }

    /// A therapy without a row in `course adequate` has had a fair trial after one day.
    fn check_fair_trials(&mut self, options: &[(TherapyId, Span)]) {
        let rows = self.blocks.iter().find_map(|block| {
            if let BlockKind::Course(CourseRule::FairTrial(rows)) = &block.kind { Some(rows) } else { None }
        });
        let Some(rows) = rows else { return };
        let known: Vec<TherapyId> = rows.iter().flat_map(|row| row.therapies.iter().copied()).collect();
        for (therapy, span) in options {
            if known.contains(therapy) || !self.without_trial.insert(*therapy) {
                continue;
            }
            let name = self.therapy_name(*therapy);
            let message = format!("`course adequate` has no row for `{name}`, so any course of it is a fair trial");
            self.report(
                Diagnostic::warning(codes::NO_FAIR_TRIAL, *span, message)
                    .note(format!("add the row `| {name} | … |`; where it is meant so, write `any` in its cells")),
            );
        }
    }

    /// `regimen`: some of a list, together.
    pub(super) fn regimen(&mut self, tree: &'a tree::Regimen, block: &tree::Block) -> Option<Regimen> {
        self.resolve_what_reaches(tree.give.iter().chain(&tree.of), &block.name);
        let patients = self.patients(tree.patients.as_ref());
        let give = self.options(&tree.give);
        let plus: Vec<Option<Plus>> =
            tree.plus.iter().map(|line| self.plus(line, tree.of.len(), block.name.span)).collect();
        let of = self.options(&tree.of);
        let (give, of) = (give?, of?);
        let options: Vec<(TherapyId, Span)> =
            give.iter().chain(&of).map(|option| (option.therapy, option.span)).collect();
        self.expect_listed_once(&options, &format!("`{}`", block.name.value))?;
        Some(Regimen { patients: patients.ok()?, give, plus: plus.into_iter().collect::<Option<_>>()?, of })
    }

    fn plus(&mut self, line: &Line<tree::Plus>, listed: usize, head: Span) -> Option<Plus> {
        let plus = &line.value;
        let citations = self.cited(&line.citations);
        let when = self.optional_condition(plus.when.as_ref()).ok()?;
        let span = plus.when.as_ref().map_or(head, |when| when.span);
        if usize::try_from(plus.most).unwrap_or(usize::MAX) > listed {
            let message = format!("{} of {listed} on the list can never be given", plus.most);
            self.report(
                Diagnostic::error(codes::TOO_FEW_ITEMS, span, message)
                    .note("is a line of the list missing, or the number too high?"),
            );
        }
        Some(Plus { least: plus.least, most: plus.most, when, citations })
    }

    /// What speaks against the options of a ladder, or for others, is resolved before the ladder, which rests on it.
    fn resolve_what_reaches<'t>(
        &mut self,
        options: impl IntoIterator<Item = &'t Line<tree::LadderOption>>,
        ladder: &Name,
    ) {
        let treatments = self.treatments_named(options.into_iter().map(|line| &line.value.therapy));
        let mut reaching = Vec::new();
        for (at, tree) in self.trees.iter().enumerate() {
            if let Some(span) = self.reaches(&tree.body, &treatments, ladder) {
                reaching.push((at, span));
            }
        }
        for (at, span) in reaching {
            self.read_block(at, span);
        }
    }

    /// Where a block names one of some treatments, and so may change the verdict on it.
    fn reaches(&self, body: &tree::Body, treatments: &[TreatmentId], ladder: &Name) -> Option<Span> {
        let (therapies, on) = if let Body::Against(against) = body {
            match against.kind {
                AgainstKind::Contraindicated | AgainstKind::Avoid => (&against.therapies, &against.ladder),
                // They are shown, and change no verdict.
                AgainstKind::Caution | AgainstKind::Stop => return None,
            }
        } else if let Body::Prefer(prefer) = body {
            (&prefer.over, &prefer.ladder)
        } else {
            return None;
        };
        if on.as_ref().is_some_and(|on| on.value != ladder.value) {
            return None;
        }
        let named = |therapy: &&tree::Therapy| {
            self.treatments_named([*therapy]).iter().any(|treatment| treatments.contains(treatment))
        };
        therapies.iter().find(named).map(|therapy| therapy.span)
    }
}
