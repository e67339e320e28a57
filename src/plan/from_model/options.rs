use std::collections::BTreeSet;

use crate::catalog::TreatmentId;
use crate::model::{BlockId, BlockKind, CourseState, Item, LadderOption, OptionPlace, Prefer, TherapyId, Verdict};
use crate::plan::{CoursePart, RowPolicy, TruthRegister};
use crate::syntax::tree::AgainstKind;
use crate::value::Choices;

use super::courses::of_course;
use super::{Lowering, OptionRegisters};

/// An option of a ladder or a regimen with what is known of it alone.
pub(super) struct OptionAlone {
    pub(super) place: OptionPlace,
    pub(super) therapy: TherapyId,
    /// It is for this patient.
    pub(super) fits: Option<TruthRegister>,
    contraindicated: Option<TruthRegister>,
    declined: TruthRegister,
    avoid: Option<TruthRegister>,
    /// It could be begun; where some preference is for it.
    available: Option<TruthRegister>,
    /// Its line comes after the current one.
    pub(super) later: Option<TruthRegister>,
    /// Its line is passed, though this option is left.
    pub(super) passed: Option<TruthRegister>,
}

impl OptionAlone {
    /// The line of a ladder it stands on; none beside the lines and in a regimen.
    fn line(&self) -> Option<u32> {
        match self.place {
            OptionPlace::Line(line, _) => Some(line),
            OptionPlace::Beside(_) | OptionPlace::Give(_) | OptionPlace::Of(_) => None,
        }
    }
}

impl<'a> Lowering<'a> {
    /// What is known of an option alone. `patients`: whether the ladder is for this patient.
    pub(super) fn option_alone(
        &mut self,
        ladder: BlockId,
        patients: Option<TruthRegister>,
        place: OptionPlace,
        option: &LadderOption,
    ) -> OptionAlone {
        let own = option.when.as_ref().map(|when| self.condition(when));
        let fits: Vec<TruthRegister> = patients.into_iter().chain(own).collect();
        let mut alone = OptionAlone {
            place,
            therapy: option.therapy,
            fits: (!fits.is_empty()).then(|| self.builder.all(fits)),
            contraindicated: self.any_against(ladder, option.therapy, AgainstKind::Contraindicated),
            declined: self.builder.truth_slot(of_course(option.therapy, CoursePart::Declined)),
            avoid: self.any_against(ladder, option.therapy, AgainstKind::Avoid),
            available: None,
            later: None,
            passed: None,
        };
        let mut preferences = self.preferences(ladder, option.therapy);
        if preferences.any(|(_, prefer)| self.guideline.is_preferred(prefer, option.therapy)) {
            drop(preferences);
            let out = self.is_out(&alone, of_states(&UNAVAILABLE));
            alone.available = Some(self.builder.not(out));
        }
        alone
    }

    /// The preferences that speak of an option.
    fn preferences(
        &self,
        ladder: BlockId,
        therapy: TherapyId,
    ) -> impl Iterator<Item = (BlockId, &'a Prefer)> + use<'a> {
        let guideline = self.guideline;
        let spoken_of = self.spoken_of(ladder, therapy).into_iter();
        spoken_of.filter_map(|block| {
            let BlockKind::Prefer(prefer) = &guideline.block(block)?.kind else { return None };
            Some((block, prefer))
        })
    }

    /// Some rule of a kind that reaches an option holds; none where no rule reaches it.
    fn any_against(&mut self, ladder: BlockId, therapy: TherapyId, kind: AgainstKind) -> Option<TruthRegister> {
        let mut held = Vec::new();
        for block in self.spoken_of(ladder, therapy) {
            let Some(BlockKind::Against(against)) = self.guideline.block(block).map(|block| &block.kind) else {
                continue;
            };
            if against.kind == kind {
                held.push(self.block_truth(block));
            }
        }
        (!held.is_empty()).then(|| self.builder.any(held))
    }

    /// It was not tolerated, or a part of the combination was not.
    fn is_not_tolerated(&mut self, therapy: TherapyId) -> TruthRegister {
        let guideline = self.guideline;
        let parts = guideline.therapy(therapy).map_or(&[][..], |therapy| &therapy.parts);
        let alone = |part: &TreatmentId| guideline.therapies.iter().position(|other| *other.parts == [*part]);
        let alone = parts.iter().filter_map(alone).filter_map(|at| u32::try_from(at).ok()).map(TherapyId);
        let each: BTreeSet<TherapyId> = alone.chain([therapy]).collect();
        let each = each.into_iter().map(|one| self.state_is(one, CourseState::NotTolerated.only())).collect();
        self.builder.any(each)
    }

    /// The option has failed, and is for this patient.
    pub(super) fn has_failed(&mut self, option: &OptionAlone) -> TruthRegister {
        let failed = self.state_is(option.therapy, CourseState::Failed.only());
        self.builder.all(option.fits.into_iter().chain([failed]).collect())
    }

    /// It is not for this patient, contraindicated, declined or to be avoided, or its course is in one of some states.
    pub(super) fn is_out(&mut self, option: &OptionAlone, states: Choices) -> TruthRegister {
        let mut reasons: Vec<TruthRegister> = option.fits.iter().map(|fits| self.builder.not(*fits)).collect();
        reasons.extend(option.contraindicated);
        reasons.push(self.state_is(option.therapy, states));
        reasons.push(self.is_not_tolerated(option.therapy));
        reasons.push(option.declined);
        reasons.extend(option.avoid);
        self.builder.any(reasons)
    }

    /// The verdict of an option: the first of its tests that holds.
    pub(super) fn verdict(&mut self, ladder: BlockId, all: &[OptionAlone], option: &OptionAlone) {
        let never = self.builder.never();
        let always = self.builder.always();
        let mut tests = Vec::new();
        for verdict in Verdict::ALL {
            let test = match verdict {
                Verdict::NotForThisPatient => option.fits.map(|fits| self.builder.not(fits)),
                Verdict::Contraindicated => option.contraindicated,
                Verdict::NotTolerated => Some(self.is_not_tolerated(option.therapy)),
                Verdict::Declined => Some(option.declined),
                Verdict::Failed => Some(self.state_is(option.therapy, CourseState::Failed.only())),
                Verdict::Running => Some(self.state_is(option.therapy, CourseState::Running.only())),
                Verdict::InadequateTrial => Some(self.state_is(option.therapy, CourseState::Inadequate.only())),
                Verdict::Avoid => option.avoid,
                Verdict::LaterLine => option.later,
                Verdict::WorkedBefore => Some(self.state_is(option.therapy, CourseState::Worked.only())),
                Verdict::OptionNow => Some(self.is_option_now(ladder, all, option)),
                Verdict::Alternative => Some(always),
            };
            tests.push((verdict, test.unwrap_or(never)));
        }
        let rows = tests.iter().filter(|(_, test)| *test != never).map(|(verdict, test)| (*test, verdict.position()));
        let rows = rows.collect();
        let verdict = self.builder.rows(RowPolicy::First, rows);
        self.note_item(Item::Verdict(ladder, option.place), verdict);
        self.offers.push((option.therapy, verdict));
        let spoken_of = self.spoken_of(ladder, option.therapy);
        self.options.insert((ladder, option.place), OptionRegisters { tests, spoken_of });
    }

    /// Where nothing before holds: its line is not passed, and nothing is preferred over it.
    fn is_option_now(&mut self, ladder: BlockId, all: &[OptionAlone], option: &OptionAlone) -> TruthRegister {
        let mut hindered: Vec<TruthRegister> = option.passed.into_iter().collect();
        for (block, prefer) in self.preferences(ladder, option.therapy) {
            let beneath = self.guideline.is_reached(option.therapy, &prefer.over, &prefer.together);
            if beneath && !self.guideline.is_preferred(prefer, option.therapy) {
                hindered.extend(self.is_beaten(block, prefer, all, option));
            }
        }
        let hindered = self.builder.any(hindered);
        self.builder.not(hindered)
    }

    /// A preference holds, and some option made of what is preferred could be begun.
    fn is_beaten(
        &mut self,
        block: BlockId,
        prefer: &Prefer,
        all: &[OptionAlone],
        option: &OptionAlone,
    ) -> Option<TruthRegister> {
        let mut better = Vec::new();
        for other in all {
            let Some(available) = other.available.filter(|_| self.guideline.is_preferred(prefer, other.therapy)) else {
                continue;
            };
            match (option.line(), other.line()) {
                (_, None) => better.push(available),
                // When this option's line is the current one, no later line is reached, and every earlier one is.
                (Some(own), Some(theirs)) if theirs <= own => better.push(available),
                (Some(_), Some(_)) => {}
                (None, Some(_)) => {
                    let reached = other.later.map(|later| self.builder.not(later));
                    better.push(self.builder.all(reached.into_iter().chain([available]).collect()));
                }
            }
        }
        if better.is_empty() {
            return None;
        }
        let holds = self.block_truth(block);
        let some = self.builder.any(better);
        Some(self.builder.all(vec![holds, some]))
    }
}

/// In one of these states a therapy is not begun in place of another.
const UNAVAILABLE: [CourseState; 4] =
    [CourseState::NotTolerated, CourseState::Failed, CourseState::Running, CourseState::Inadequate];

/// Any of some states.
pub(super) fn of_states(states: &[CourseState]) -> Choices {
    states.iter().fold(Choices::NONE, |all, state| all.union(state.only()))
}
