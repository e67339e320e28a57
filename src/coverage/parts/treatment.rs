use crate::model::{
    BlockId, BlockKind, CourseRule, Item, Ladder, LadderOption, LineState, OptionPlace, Regimen, Rule, Verdict,
};
use crate::plan::{CoursePart, Register, SlotSource};
use crate::render::words::spoken;

use super::super::part::{Reach, Shows, Way, choice, truth};
use super::{List, Of, as_choice};

impl List<'_> {
    /// A rule for, against or of therapies holds, and does not.
    pub(super) fn spoken(&mut self, of: Of<'_>, when: Option<&Rule>) {
        let shows = self.shown_by(of);
        self.result(of, &shows);
        if let Some(rule) = when {
            self.rule(of, rule);
        }
    }

    /// What of the results shows whether a rule holds: of one about therapies the verdicts of the options it speaks of.
    pub(super) fn shown_by(&self, of: Of<'_>) -> Shows {
        match &of.block.kind {
            BlockKind::Against(_) | BlockKind::Prefer(_) | BlockKind::Monitor(_) => {
                let options = self.subject.lowered.options.iter();
                let spoken = options.filter(|(_, option)| option.spoken_of.contains(&of.id));
                Shows::Verdicts(spoken.map(|(place, _)| *place).collect())
            }
            BlockKind::Advice(_) => Shows::Advice,
            BlockKind::Finding(_)
            | BlockKind::Number(_)
            | BlockKind::Measure(_)
            | BlockKind::Score(_)
            | BlockKind::Bands(_)
            | BlockKind::Table(_)
            | BlockKind::Covers(_)
            | BlockKind::Impossible(_)
            | BlockKind::Judgement(_)
            | BlockKind::Course(_)
            | BlockKind::Ladder(_)
            | BlockKind::Regimen(_)
            | BlockKind::Suspect(_)
            | BlockKind::Precedence(_)
            | BlockKind::Algorithm(_)
            | BlockKind::Promise(_)
            | BlockKind::SourceCovers(..) => Shows::Block,
        }
    }

    /// For whom it is; each line is the current one; each option is offered; each verdict is given.
    pub(super) fn ladder(&mut self, of: Of<'_>, ladder: &Ladder) {
        if let Some((when, _)) = &ladder.patients {
            self.patients(of, when.span);
        }
        for (number, line) in (0..).zip(&ladder.lines) {
            let Some(at) = as_choice(self.item(Item::Line(of.id, number))) else { continue };
            let said = format!("is on the line `{}` of `{}`", line.name.value, of.name());
            let way = vec![choice(at, LineState::Current.position())];
            if let Some(part) = self.add(of, line.name.span, said, vec![way]) {
                part.shows = Shows::Line(line.name.value.clone());
            }
        }
        self.after_last(of, ladder);
        let beside = (0..).map(OptionPlace::Beside).zip(ladder.beside.iter().map(|(_, option)| option));
        let lines = (0..).zip(&ladder.lines).flat_map(|(line, known)| {
            (0..).zip(&known.options).map(move |(at, option)| (OptionPlace::Line(line, at), option))
        });
        self.options(of, beside.chain(lines).collect());
    }

    fn after_last(&mut self, of: Of<'_>, ladder: &Ladder) {
        let (Some(last), Some(at)) = (ladder.lines.last(), as_choice(of.registers.results.first().copied())) else {
            return;
        };
        let Ok(after) = u8::try_from(ladder.lines.len()) else { return };
        if last.next.is_some() {
            let said = format!("has passed every line of `{}`", of.name());
            if let Some(part) = self.add(of, last.name.span, said, vec![vec![choice(at, after)]]) {
                part.shows = Shows::Line(last.name.value.clone());
            }
        }
    }

    /// For whom it is; each option is offered; each verdict is given; each number of the list is the patient's.
    pub(super) fn regimen(&mut self, of: Of<'_>, regimen: &Regimen) {
        if let Some((when, _)) = &regimen.patients {
            self.patients(of, when.span);
        }
        self.options(of, of.block.placed_options());
        let Some(at) = as_choice(self.item(Item::Plus(of.id))) else { return };
        for (number, plus) in (0..).zip(&regimen.plus) {
            let said = format!("gets number {} of the list of `{}`", number + 1, of.name());
            let span = plus.when.as_ref().map_or(of.block.name.span, |when| when.span);
            let places = options_of(of.id, regimen.of.len());
            if let Some(part) = self.add(of, span, said, vec![vec![choice(at, number)]]) {
                part.shows = Shows::Verdicts(places);
            }
        }
    }

    fn patients(&mut self, of: Of<'_>, span: crate::source::Span) {
        let Some(at) = self.item_truth(Item::Holds(of.id)) else { return };
        let options = self.subject.lowered.options.keys().filter(|(block, _)| *block == of.id);
        let first = options.take(1).copied().collect::<Vec<_>>();
        for (so, is) in [(true, "is"), (false, "is not")] {
            let said = format!("{is} one of those for whom `{}` is", of.name());
            if self.can_be(&truth(at, so))
                && let Some(part) = self.add(of, span, said, vec![vec![truth(at, so)]])
            {
                part.shows = Shows::Verdicts(first.clone());
            }
        }
    }

    fn options(&mut self, of: Of<'_>, options: Vec<(OptionPlace, &LadderOption)>) {
        let subject = self.subject;
        let mut by_verdict: Vec<(Verdict, Vec<Way>)> = Verdict::ALL.into_iter().map(|one| (one, Vec::new())).collect();
        let mut places = Vec::new();
        for (place, option) in options {
            let Some(at) = as_choice(self.item(Item::Verdict(of.id, place))) else { continue };
            places.push((of.id, place));
            for (verdict, ways) in &mut by_verdict {
                let wanted = choice(at, verdict.position());
                if self.can_be(&wanted) {
                    ways.push(vec![wanted]);
                }
            }
            let offered = [Verdict::OptionNow, Verdict::Alternative].map(|verdict| choice(at, verdict.position()));
            if offered.iter().any(|wanted| self.can_be(wanted)) {
                let therapy = subject.guideline.therapy_name(option.therapy, subject.catalog);
                let said = format!("is offered `{therapy}` in `{}`", of.name());
                if let Some(part) = self.add(of, option.span, said, offered.map(|wanted| vec![wanted]).to_vec()) {
                    part.shows = Shows::Verdicts(vec![(of.id, place)]);
                }
            }
        }
        for (verdict, ways) in by_verdict.into_iter().filter(|(_, ways)| !ways.is_empty()) {
            let said = format!("gets the verdict `{}` for an option of `{}`", spoken(verdict.word()), of.name());
            if let Some(part) = self.add(of, of.block.name.span, said, ways) {
                part.shows = Shows::Verdicts(places.clone());
            }
        }
    }

    /// Some course is a fair trial by each row.
    pub(super) fn course(&mut self, of: Of<'_>, rule: &CourseRule) {
        let CourseRule::FairTrial(rows) = rule else { return };
        for (at, row) in rows.iter().enumerate() {
            let fair = |slot: &crate::plan::Slot| match (slot.source, slot.register) {
                (SlotSource::Course { therapy, part: CoursePart::FairTrial }, Register::Truth(fair)) => {
                    row.therapies.contains(&therapy).then(|| vec![truth(fair, true)])
                }
                (SlotSource::Course { therapy, part: CoursePart::State }, Register::Choice(state)) => {
                    let failed = crate::model::CourseState::Failed.position();
                    row.therapies.contains(&therapy).then(|| vec![choice(state, failed)])
                }
                _ => None,
            };
            let ways: Vec<Way> = self.subject.lowered.plan.slots.iter().filter_map(fair).collect();
            let said = format!("has had a fair trial by row {} of `{}`", at + 1, of.name());
            self.push(of, row.span, said, Reach::FairTrial(at, ways));
        }
    }
}

fn options_of(block: BlockId, count: usize) -> Vec<(BlockId, OptionPlace)> {
    (0..).map(OptionPlace::Of).take(count).map(|place| (block, place)).collect()
}
