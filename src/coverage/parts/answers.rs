use crate::model::{BlockId, Type};
use crate::plan::Register;
use crate::value::{Bound, Number, NumberSet};

use super::super::part::{Reach, Sort, Way, choice, number, truth};
use super::{List, Of};

impl List<'_> {
    /// Each value of each answer, and that it is open.
    pub(super) fn answers(&mut self) {
        let subject = self.subject;
        for id in &subject.guideline.answers {
            let (Some(block), Some(registers)) = (subject.guideline.block(*id), subject.lowered.block(*id)) else {
                continue;
            };
            let of = Of { id: *id, block, registers };
            match &block.gives {
                Type::YesNo => self.yes_no(of),
                Type::Choice(values) => self.values(of, values),
                Type::Several(values) => self.several(of, values),
                Type::Number(_) | Type::Points => self.any_number(of),
                Type::Measure | Type::Nothing => {}
            }
            if block.as_recorded.is_none() && self.may_be_open(*id) {
                let said = format!("leaves the answer `{}` open", of.name());
                self.push(of, block.name.span, said, Reach::Open(*id));
            }
        }
    }

    /// It hangs on something that a record may leave out.
    fn may_be_open(&self, id: BlockId) -> bool {
        self.subject.lowered.slice(id).is_some_and(|slice| !slice.slots.is_empty())
    }

    fn fault(of: Of<'_>) -> Vec<crate::explore::Wanted> {
        of.registers.fault.map(|fault| truth(fault, false)).into_iter().collect()
    }

    fn answer(&mut self, of: Of<'_>, said: String, ways: Vec<Way>) {
        if let Some(part) = self.add(of, of.block.name.span, said, ways) {
            part.sort = Sort::Answer;
        }
    }

    fn yes_no(&mut self, of: Of<'_>) {
        let Some(Register::Truth(at)) = of.registers.results.first().copied() else { return };
        for (so, word) in [(true, "yes"), (false, "no")] {
            let said = format!("has the answer `{word}` to `{}`", of.name());
            self.answer(of, said, vec![vec![truth(at, so)]]);
        }
    }

    fn values(&mut self, of: Of<'_>, values: &[String]) {
        let Some(Register::Choice(at)) = of.registers.results.first().copied() else { return };
        for (place, value) in (0..).zip(values) {
            let mut way = vec![choice(at, place)];
            way.extend(Self::fault(of));
            let said = format!("has the answer `{value}` to `{}`", of.name());
            self.answer(of, said, vec![way]);
        }
    }

    fn several(&mut self, of: Of<'_>, values: &[String]) {
        for (register, value) in of.registers.results.iter().zip(values) {
            let Register::Truth(at) = register else { continue };
            let said = format!("has the answer `{value}` among those to `{}`", of.name());
            self.answer(of, said, vec![vec![truth(*at, true)]]);
        }
    }

    /// Any one number: of which, the bands and points of the rules tell.
    fn any_number(&mut self, of: Of<'_>) {
        let Some(Register::Number(at)) = of.registers.results.first().copied() else { return };
        let hull = self.widest.number(at).hull();
        let ends = hull.into_iter().flat_map(|hull| [hull.low, hull.high]).filter_map(Bound::number);
        let some = ends.chain([Number::ZERO, Number::ONE]);
        let way = |value: Number| {
            let mut way = vec![number(at, NumberSet::point(value))];
            way.extend(Self::fault(of));
            way.extend(self.covers.map(|covers| truth(covers, true)));
            way
        };
        let ways = some.map(way).collect();
        let said = format!("has a number as the answer to `{}`", of.name());
        self.push(of, of.block.name.span, said, Reach::Decided(of.id, ways));
    }
}
