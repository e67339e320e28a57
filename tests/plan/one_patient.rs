//! The language once more, for one patient of whom everything is known: as its page says it, in the order it says it.

use std::collections::HashMap;

use myoguide::model::{
    Against, Algorithm, BlockId, BlockKind, Cited, Condition, ConditionKind, CourseState, CourseTest, Guideline, Item,
    Ladder, LadderOption, LineState, OptionPlace, Prefer, Promised, Rule, Target, Test, Tested, TherapyId, Verdict,
};
use myoguide::plan::{CoursePart, FAULT, SlotSource};
use myoguide::syntax::tree::{AgainstKind, CountRule};

/// What a slot holds for one patient.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Value {
    Truth(bool),
    State(CourseState),
}

pub(super) struct OnePatient<'a> {
    pub(super) guideline: &'a Guideline,
    pub(super) slots: HashMap<SlotSource, Value>,
}

impl OnePatient<'_> {
    /// What was never taken is not taken now and was never begun; what runs is taken.
    pub(super) fn is_possible(&self) -> bool {
        self.slots.iter().all(|(source, value)| {
            let SlotSource::Course { therapy, part } = *source else { return true };
            let state = self.slots.get(&SlotSource::Course { therapy, part: CoursePart::State });
            match (part, state, value) {
                (CoursePart::Taking | CoursePart::BegunFor(_), Some(Value::State(CourseState::Never)), value) => {
                    *value == Value::Truth(false)
                }
                (CoursePart::Taking, Some(Value::State(CourseState::Running)), value) => *value == Value::Truth(true),
                _ => true,
            }
        })
    }

    pub(super) fn answer(&self, block: BlockId) -> u8 {
        match self.kind(block) {
            BlockKind::Ladder(ladder) => self.current(block, ladder),
            BlockKind::Algorithm(algorithm) => {
                let conclusions = 0..u8::try_from(algorithm.conclusions.len()).unwrap();
                conclusions.into_iter().find(|at| self.concludes(algorithm, *at)).unwrap_or(FAULT)
            }
            _ => u8::from(self.holds(block)),
        }
    }

    pub(super) fn item(&self, item: Item) -> u8 {
        match item {
            Item::Holds(block) => u8::from(self.holds(block)),
            Item::Conclusion(block, at) => u8::from(self.concludes(self.algorithm(block), at)),
            Item::Step(block, at) => u8::from(self.reaches(self.algorithm(block), at)),
            Item::Branch(block, step, branch) => u8::from(self.takes(self.algorithm(block), step, branch)),
            Item::Line(block, line) => self.line_state(block, line).position(),
            Item::Verdict(block, place) => self.verdict(block, place).position(),
            Item::Plus(block) => {
                let BlockKind::Regimen(regimen) = self.kind(block) else { panic!("no regimen") };
                let holds = |when: &Option<Condition>| when.as_ref().is_none_or(|when| self.condition(when));
                let first = regimen.plus.iter().position(|plus| holds(&plus.when));
                u8::try_from(first.unwrap_or(regimen.plus.len())).unwrap()
            }
            Item::Course(therapy) => self.state(therapy).position(),
        }
    }

    fn kind(&self, block: BlockId) -> &BlockKind {
        &self.guideline.blocks[block.0 as usize].kind
    }

    fn algorithm(&self, block: BlockId) -> &Algorithm {
        let BlockKind::Algorithm(algorithm) = self.kind(block) else { panic!("no algorithm") };
        algorithm
    }

    fn truth(&self, source: SlotSource) -> bool {
        match self.slots.get(&source) {
            Some(Value::Truth(value)) => *value,
            other => panic!("{source:?} is {other:?}"),
        }
    }

    fn course(&self, therapy: TherapyId, part: CoursePart) -> bool {
        self.truth(SlotSource::Course { therapy, part })
    }

    fn state(&self, therapy: TherapyId) -> CourseState {
        match self.slots.get(&SlotSource::Course { therapy, part: CoursePart::State }) {
            Some(Value::State(state)) => *state,
            other => panic!("the state of {therapy:?} is {other:?}"),
        }
    }

    fn condition(&self, condition: &Condition) -> bool {
        match &condition.kind {
            ConditionKind::All(items) => items.iter().all(|item| self.condition(item)),
            ConditionKind::Any(items) => items.iter().any(|item| self.condition(item)),
            ConditionKind::Not(inner) => !self.condition(inner),
            ConditionKind::Holds(block) => self.holds(*block),
            ConditionKind::Is { subject: Tested::Block(block), values } => values.contains(self.answer(*block)),
            ConditionKind::Concludes(block, at) => self.concludes(self.algorithm(*block), *at),
            ConditionKind::Course(CourseTest::State(therapy, states)) => {
                states.contains(self.state(*therapy).position())
            }
            ConditionKind::Course(CourseTest::Taking(therapy)) => self.course(*therapy, CoursePart::Taking),
            ConditionKind::Course(CourseTest::Count { how, therapies, states }) => {
                let fits = |therapy: &&TherapyId| states.contains(self.state(**therapy).position());
                let count = u32::try_from(therapies.iter().filter(fits).count()).unwrap();
                match how {
                    CountRule::AtLeast(least) => count >= *least,
                    CountRule::AtMost(most) => count <= *most,
                    CountRule::Exactly(exactly) => count == *exactly,
                    other => panic!("courses are not counted so: {other:?}"),
                }
            }
            other => panic!("not built by hand: {other:?}"),
        }
    }

    fn rule(&self, rule: Option<&Rule>) -> bool {
        rule.is_none_or(|rule| match &rule.test {
            Test::One(condition, _) => {
                self.condition(condition) && !rule.unless.iter().any(|unless| self.condition(&unless.condition))
            }
            Test::List(..) => panic!("not built by hand"),
        })
    }

    fn holds(&self, block: BlockId) -> bool {
        match self.kind(block) {
            BlockKind::Judgement(at) => self.truth(SlotSource::Judgement(*at)),
            BlockKind::Suspect(suspect) => {
                let pointing = suspect.pointing.iter().filter(|(when, _)| self.condition(when)).count();
                pointing >= suspect.least as usize
            }
            BlockKind::SourceCovers(_, when) => self.condition(when),
            BlockKind::Against(against) => self.rule(against.when.as_ref()),
            BlockKind::Prefer(prefer) => self.rule(prefer.when.as_ref()),
            BlockKind::Monitor(monitor) => self.rule(monitor.when.as_ref()),
            BlockKind::Advice(advice) => {
                let cited = &self.guideline.blocks[block.0 as usize].citations;
                let silent = !cited.is_empty() && cited.iter().all(|cited| self.excludes(cited));
                advice.when.as_ref().is_none_or(|when| self.condition(when)) && !silent
            }
            BlockKind::Ladder(ladder) => ladder.patients.as_ref().is_none_or(|(when, _)| self.condition(when)),
            BlockKind::Regimen(regimen) => regimen.patients.as_ref().is_none_or(|(when, _)| self.condition(when)),
            BlockKind::Promise(promise) => {
                let what = match &promise.what {
                    Promised::Conclude(block, at) => self.concludes(self.algorithm(*block), *at),
                    Promised::OfferTogether(together) => self.offers(|therapy| self.has_all_of(therapy, *together)),
                    Promised::OfferSomething => self.offers(|_| true),
                    Promised::Offer(treatments) => self.offers(|therapy| {
                        self.guideline.therapies[therapy.0 as usize].parts.iter().any(|part| treatments.contains(part))
                    }),
                };
                self.condition(&promise.when) && what != promise.always
            }
            other => panic!("nothing that holds: {other:?}"),
        }
    }

    /// The source says whom it covers, and this patient is none of them.
    fn excludes(&self, cited: &Cited) -> bool {
        let Cited::Source { key, .. } = cited else { return true };
        self.guideline.blocks.iter().any(|block| match &block.kind {
            BlockKind::SourceCovers(source, when) => source == key && !self.condition(when),
            _ => false,
        })
    }

    fn offers(&self, wanted: impl Fn(TherapyId) -> bool) -> bool {
        (0..).zip(&self.guideline.blocks).any(|(at, _)| {
            let options = self.options(BlockId(at));
            options.iter().any(|(place, option)| {
                wanted(option.therapy) && self.verdict(BlockId(at), *place) == Verdict::OptionNow
            })
        })
    }

    fn options(&self, block: BlockId) -> Vec<(OptionPlace, &LadderOption)> {
        let mut options = Vec::new();
        match self.kind(block) {
            BlockKind::Ladder(ladder) => {
                options.extend((0..).map(OptionPlace::Beside).zip(ladder.beside.iter().map(|(_, option)| option)));
                for (line, lines) in (0..).zip(&ladder.lines) {
                    options.extend((0..).map(|at| OptionPlace::Line(line, at)).zip(&lines.options));
                }
            }
            BlockKind::Regimen(regimen) => {
                options.extend((0..).map(OptionPlace::Give).zip(&regimen.give));
                options.extend((0..).map(OptionPlace::Of).zip(&regimen.of));
            }
            _ => {}
        }
        options
    }

    fn fits(&self, block: BlockId, option: &LadderOption) -> bool {
        self.holds(block) && option.when.as_ref().is_none_or(|when| self.condition(when))
    }

    fn has_all_of(&self, therapy: TherapyId, together: TherapyId) -> bool {
        let [own, theirs] = [therapy, together].map(|at| &self.guideline.therapies[at.0 as usize].parts);
        theirs.iter().all(|part| own.contains(part))
    }

    fn is_against(&self, block: BlockId, therapy: TherapyId, kind: AgainstKind) -> bool {
        let parts = &self.guideline.therapies[therapy.0 as usize].parts;
        let reaches = |against: &Against| {
            against.ladder.is_none_or(|ladder| ladder == block)
                && (parts.iter().any(|part| against.treatments.contains(part))
                    || against.together.iter().any(|together| self.has_all_of(therapy, *together)))
        };
        self.guideline.blocks.iter().any(|own| match &own.kind {
            BlockKind::Against(against) => against.kind == kind && reaches(against) && self.rule(against.when.as_ref()),
            _ => false,
        })
    }

    /// Not for this patient, contraindicated, not tolerated, declined, failed or to be avoided.
    /// The therapy, or a part of the combination, was not tolerated.
    fn is_not_tolerated(&self, therapy: TherapyId) -> bool {
        let parts = &self.guideline.therapies[therapy.0 as usize].parts;
        let of_it = |at: &usize| {
            let other = &self.guideline.therapies[*at].parts;
            *at == therapy.0 as usize || (other.len() == 1 && parts.contains(&other[0]))
        };
        let mut ids = (0..self.guideline.therapies.len()).filter(of_it);
        ids.any(|at| self.state(TherapyId(u32::try_from(at).unwrap())) == CourseState::NotTolerated)
    }

    fn is_gone(&self, block: BlockId, option: &LadderOption) -> bool {
        !self.fits(block, option)
            || self.is_against(block, option.therapy, AgainstKind::Contraindicated)
            || self.state(option.therapy) == CourseState::Failed
            || self.is_not_tolerated(option.therapy)
            || self.course(option.therapy, CoursePart::Declined)
            || self.is_against(block, option.therapy, AgainstKind::Avoid)
    }

    fn is_passed(&self, block: BlockId, ladder: &Ladder, line: usize) -> bool {
        let line = &ladder.lines[line];
        let Some(next) = &line.next else { return false };
        let failed =
            |option: &LadderOption| self.state(option.therapy) == CourseState::Failed && self.fits(block, option);
        let long_enough = next.when.as_ref().is_some_and(|(when, period)| {
            let begun = |option: &LadderOption| {
                period.is_none_or(|period| self.course(option.therapy, CoursePart::BegunFor(period)))
            };
            self.condition(when) && (period.is_none() || line.options.iter().any(begun))
        });
        next.one_failed && line.options.iter().any(failed)
            || next.none_left && line.options.iter().all(|option| self.is_gone(block, option))
            || long_enough
    }

    fn current(&self, block: BlockId, ladder: &Ladder) -> u8 {
        let lines = ladder.lines.len();
        let first = (0..lines).find(|line| !self.is_passed(block, ladder, *line));
        u8::try_from(if self.holds(block) { first.unwrap_or(lines) } else { lines + 1 }).unwrap()
    }

    fn line_state(&self, block: BlockId, line: u32) -> LineState {
        let BlockKind::Ladder(ladder) = self.kind(block) else { panic!("no ladder") };
        let current = u32::from(self.current(block, ladder));
        match () {
            () if !self.holds(block) => LineState::NotForThisPatient,
            () if line < current => LineState::Passed,
            () if line == current => LineState::Current,
            () => LineState::Later,
        }
    }

    fn line_of(&self, block: BlockId, place: OptionPlace) -> Option<LineState> {
        match place {
            OptionPlace::Line(line, _) => Some(self.line_state(block, line)),
            _ => None,
        }
    }

    fn verdict(&self, block: BlockId, place: OptionPlace) -> Verdict {
        let options = self.options(block);
        let (_, option) = *options.iter().find(|(at, _)| *at == place).expect("it is there");
        let line = self.line_of(block, place);
        let state = self.state(option.therapy);
        match () {
            () if !self.fits(block, option) => Verdict::NotForThisPatient,
            () if self.is_against(block, option.therapy, AgainstKind::Contraindicated) => Verdict::Contraindicated,
            () if self.is_not_tolerated(option.therapy) => Verdict::NotTolerated,
            () if self.course(option.therapy, CoursePart::Declined) => Verdict::Declined,
            () if state == CourseState::Failed => Verdict::Failed,
            () if state == CourseState::Running => Verdict::Running,
            () if state == CourseState::Inadequate => Verdict::InadequateTrial,
            () if self.is_against(block, option.therapy, AgainstKind::Avoid) => Verdict::Avoid,
            () if line == Some(LineState::Later) => Verdict::LaterLine,
            () if state == CourseState::Worked => Verdict::WorkedBefore,
            () if line.is_none_or(|line| line == LineState::Current) && !self.is_beaten(block, option) => {
                Verdict::OptionNow
            }
            () => Verdict::Alternative,
        }
    }

    fn is_beaten(&self, block: BlockId, option: &LadderOption) -> bool {
        let parts = |therapy: TherapyId| &self.guideline.therapies[therapy.0 as usize].parts;
        let made_of = |prefer: &Prefer, therapy| {
            parts(therapy).iter().all(|part| prefer.preferred.contains(part))
                || prefer.preferred_together.is_some_and(|together| self.has_all_of(therapy, together))
        };
        self.guideline.blocks.iter().any(|own| {
            let BlockKind::Prefer(prefer) = &own.kind else { return false };
            let over = parts(option.therapy).iter().any(|part| prefer.over.contains(part))
                || prefer.together.iter().any(|together| self.has_all_of(option.therapy, *together));
            let better = |(place, other): &(OptionPlace, &LadderOption)| {
                let begins = matches!(self.state(other.therapy), CourseState::Never | CourseState::Worked);
                made_of(prefer, other.therapy)
                    && self.line_of(block, *place) != Some(LineState::Later)
                    && begins
                    && !self.is_gone(block, other)
            };
            prefer.ladder.is_none_or(|ladder| ladder == block)
                && over
                && !made_of(prefer, option.therapy)
                && self.rule(prefer.when.as_ref())
                && self.options(block).iter().any(better)
        })
    }

    fn reaches(&self, algorithm: &Algorithm, step: u32) -> bool {
        step == 0 || self.is_led_to(algorithm, Target::Step(step))
    }

    fn concludes(&self, algorithm: &Algorithm, at: u8) -> bool {
        self.is_led_to(algorithm, Target::Conclusion(at))
    }

    fn is_led_to(&self, algorithm: &Algorithm, target: Target) -> bool {
        (0..).zip(&algorithm.steps).any(|(step, own)| {
            (0..)
                .zip(&own.branches)
                .any(|(branch, own)| own.targets.contains(&target) && self.takes(algorithm, step, branch))
        })
    }

    fn takes(&self, algorithm: &Algorithm, step: u32, branch: u32) -> bool {
        let mut branches = algorithm.steps[step as usize].branches.iter();
        let first = branches.position(|own| own.when.as_ref().is_none_or(|when| self.condition(when)));
        first == usize::try_from(branch).ok() && self.reaches(algorithm, step)
    }
}
