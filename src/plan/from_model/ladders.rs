use crate::model::{BlockId, CourseState, Item, Ladder, LadderLine, LineState, NextLine, OptionPlace};
use crate::plan::{ChoiceRegister, CoursePart, Register, RowPolicy, TruthRegister};

use super::courses::of_course;
use super::options::{OptionAlone, of_states};
use super::{BlockRegisters, Lowering};

/// After these states nothing is left of an option.
const GONE: [CourseState; 2] = [CourseState::NotTolerated, CourseState::Failed];

/// What leads from a line of a ladder to the next; any of them does.
#[derive(Default)]
struct Ways {
    /// For each option: it has failed.
    failed: Vec<TruthRegister>,
    none_left: Option<TruthRegister>,
    condition: Option<TruthRegister>,
}

impl Ways {
    /// Tells the options of the line where they stand. Past an option that is left, and has not failed, lead only the
    /// others and the condition.
    fn tell(&self, lowering: &mut Lowering<'_>, later: Option<TruthRegister>, options: &mut [OptionAlone]) {
        for (place, option) in options.iter_mut().enumerate() {
            let others = self.failed.iter().enumerate().filter(|(other, _)| *other != place).map(|(_, failed)| *failed);
            let ways: Vec<TruthRegister> = others.chain(self.condition).collect();
            option.later = later;
            option.passed = (!ways.is_empty()).then(|| lowering.builder.any(ways));
        }
    }
}

impl Lowering<'_> {
    /// The lines one after the other: the current one is the first that is not passed.
    pub(super) fn ladder(&mut self, id: BlockId, ladder: &Ladder) -> BlockRegisters {
        let patients = ladder.patients.as_ref().map(|(when, _)| self.condition(when));
        self.for_patients(id, patients);
        let mut options = Vec::new();
        for (place, (_, option)) in (0..).zip(&ladder.beside) {
            options.push(self.option_alone(id, patients, OptionPlace::Beside(place), option));
        }
        let mut passed: Vec<TruthRegister> = Vec::new();
        for (number, line) in (0..).zip(&ladder.lines) {
            let before = (!passed.is_empty()).then(|| self.builder.all(passed.clone()));
            let later = before.map(|before| self.builder.not(before));
            let mut own = self.line_options(id, patients, number, line);
            let ways = self.ways_past(line.next.as_ref(), &own);
            ways.tell(self, later, &mut own);
            options.extend(own);
            let all = ways.failed.into_iter().chain(ways.condition).chain(ways.none_left).collect();
            let own = self.builder.any(all);
            let state = self.line_state(patients, later, own);
            self.note_item(Item::Line(id, number), state);
            passed.push(own);
        }
        for option in &options {
            self.verdict(id, &options, option);
        }
        let current = self.current(patients, &passed);
        let rows = passed.into_iter().map(Register::Truth).collect();
        BlockRegisters { results: vec![current], rows, ..BlockRegisters::default() }
    }

    /// Notes whether a ladder or a regimen is for this patient.
    pub(super) fn for_patients(&mut self, id: BlockId, patients: Option<TruthRegister>) {
        let held = patients.unwrap_or_else(|| self.builder.always());
        self.note_item(Item::Holds(id), held);
    }

    fn line_options(
        &mut self,
        id: BlockId,
        patients: Option<TruthRegister>,
        number: u32,
        line: &LadderLine,
    ) -> Vec<OptionAlone> {
        let places = (0..).map(|place| OptionPlace::Line(number, place));
        places.zip(&line.options).map(|(place, option)| self.option_alone(id, patients, place, option)).collect()
    }

    /// What leads from a line to the next.
    fn ways_past(&mut self, next: Option<&NextLine>, options: &[OptionAlone]) -> Ways {
        let Some(next) = next else { return Ways::default() };
        let mut ways = Ways { condition: self.long_enough(next, options), ..Ways::default() };
        if next.one_failed {
            ways.failed = options.iter().map(|option| self.has_failed(option)).collect();
        }
        if next.none_left {
            let gone = options.iter().map(|option| self.is_out(option, of_states(&GONE))).collect();
            ways.none_left = Some(self.builder.all(gone));
        }
        ways
    }

    /// The condition of a `next line`, and that some option was begun so long ago.
    fn long_enough(&mut self, next: &NextLine, options: &[OptionAlone]) -> Option<TruthRegister> {
        let (when, period) = next.when.as_ref()?;
        let held = self.condition_once(when);
        let Some(period) = period else { return Some(held) };
        let begun = |option: &OptionAlone| of_course(option.therapy, CoursePart::BegunFor(*period));
        let begun = options.iter().map(|option| self.builder.truth_slot(begun(option))).collect();
        let begun = self.builder.any(begun);
        Some(self.builder.all(vec![held, begun]))
    }

    fn line_state(
        &mut self,
        patients: Option<TruthRegister>,
        later: Option<TruthRegister>,
        passed: TruthRegister,
    ) -> ChoiceRegister {
        let mut rows = Vec::new();
        rows.extend(patients.map(|patients| (self.builder.not(patients), LineState::NotForThisPatient.position())));
        rows.extend(later.map(|later| (later, LineState::Later.position())));
        rows.push((passed, LineState::Passed.position()));
        rows.push((self.builder.always(), LineState::Current.position()));
        self.builder.rows(RowPolicy::First, rows)
    }

    /// The first line that is not passed; then `after_last`, then `not_for_this_patient`.
    fn current(&mut self, patients: Option<TruthRegister>, passed: &[TruthRegister]) -> Register {
        let lines = u8::try_from(passed.len()).unwrap_or(u8::MAX);
        let mut rows = Vec::new();
        rows.extend(patients.map(|patients| (self.builder.not(patients), lines.saturating_add(1))));
        for (at, passed) in (0..).zip(passed) {
            rows.push((self.builder.not(*passed), at));
        }
        rows.push((self.builder.always(), lines));
        Register::Choice(self.builder.rows(RowPolicy::First, rows))
    }
}
