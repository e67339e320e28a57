//! Random small guidelines: judgements, therapies, and what is said of them.

use myoguide::catalog::TreatmentId;
use myoguide::model::{
    Advice, Against, Algorithm, AlgorithmBranch, AlgorithmStep, Block, BlockId, BlockKind, Conclusion, Condition,
    ConditionKind, CourseState, CourseTest, Guideline, Item, Ladder, LadderLine, LadderOption, NextLine, Plus, Prefer,
    Promise, Promised, Regimen, Rule, Suspect, Target, Test, Tested, TherapyId, Type, Unless,
};
use myoguide::syntax::tree::{AgainstKind, Beside, CountRule};
use myoguide::value::{Choices, Period, PeriodUnit};

use super::by_hand::{Nodes, block, guideline as by_hand, source, span, spanned};
use crate::oracle::Dice;

const JUDGEMENTS: u32 = 4;
const SUSPECT: BlockId = BlockId(4);
const LADDER: BlockId = BlockId(5);
const REGIMEN: BlockId = BlockId(6);
const ALGORITHM: BlockId = BlockId(7);
/// Three treatments, and two of them together.
const THERAPIES: [&[u32]; 4] = [&[0], &[1], &[0, 1], &[2]];

struct Generate<'a> {
    dice: &'a mut Dice,
    nodes: Nodes,
}

/// The block an item is part of.
pub(super) fn block_of(item: Item) -> Option<u32> {
    match item {
        Item::Holds(block) | Item::Conclusion(block, _) | Item::Step(block, _) | Item::Branch(block, _, _) => {
            Some(block.0)
        }
        Item::Line(block, _) | Item::Verdict(block, _) | Item::Plus(block) => Some(block.0),
        Item::Course(_) => None,
    }
}

pub(super) fn guideline(dice: &mut Dice) -> Guideline {
    let mut generate = Generate { dice, nodes: Nodes::default() };
    let mut blocks: Vec<Block> =
        (0..JUDGEMENTS).map(|at| block(&format!("judgement_{at}"), Type::YesNo, BlockKind::Judgement(at))).collect();
    blocks.push(block("suspicion", Type::YesNo, generate.suspect()));
    blocks.push(block("ladder", Type::Nothing, generate.ladder()));
    blocks.push(block("regimen", Type::Nothing, generate.regimen()));
    blocks.push(block("algorithm", Type::Nothing, generate.algorithm()));
    // What a ladder needs may stand after it.
    for number in 0..generate.dice.below(4) {
        blocks.push(block(&format!("against_{number}"), Type::Nothing, generate.against()));
    }
    for number in 0..=generate.dice.below(2) {
        blocks.push(block(&format!("prefer_{number}"), Type::Nothing, generate.prefer()));
    }
    let mut advice = block("advice", Type::Nothing, generate.advice());
    let cited = [&["one"][..], &["one", "two"], &["two"], &[]];
    advice.citations = generate.dice.pick(&cited).iter().map(|key| source(key)).collect();
    blocks.push(advice);
    blocks.push(block("promise", Type::Nothing, generate.promise()));
    let when = generate.simple();
    blocks.push(block("source_one", Type::Nothing, BlockKind::SourceCovers("one".to_owned(), when)));
    by_hand(blocks, vec![SUSPECT, LADDER, ALGORITHM], &THERAPIES, &generate.nodes)
}

impl Generate<'_> {
    fn therapy(&mut self) -> TherapyId {
        TherapyId(u32::try_from(self.dice.below(THERAPIES.len())).unwrap())
    }

    fn treatments(&mut self) -> Vec<TreatmentId> {
        (0..3).filter(|_| self.dice.once_in(2)).map(TreatmentId).collect()
    }

    fn judgement(&mut self) -> Condition {
        let at = u32::try_from(self.dice.below(JUDGEMENTS as usize)).unwrap();
        self.nodes.of(ConditionKind::Holds(BlockId(at)))
    }

    fn course(&mut self) -> Condition {
        let states = CourseState::ALL.into_iter().filter(|_| self.dice.once_in(3));
        let states = states.fold(Choices::NONE, |all, state| all.union(state.only()));
        let test = match self.dice.below(3) {
            0 => CourseTest::Taking(self.therapy()),
            1 => CourseTest::State(self.therapy(), states),
            _ => {
                let how = *self.dice.pick(&[CountRule::AtLeast(2), CountRule::Exactly(1), CountRule::AtMost(1)]);
                CourseTest::Count { how, therapies: vec![TherapyId(0), TherapyId(1), TherapyId(3)], states }
            }
        };
        self.nodes.of(ConditionKind::Course(test))
    }

    /// A condition of judgements and courses.
    fn simple(&mut self) -> Condition {
        match self.dice.below(6) {
            0 => {
                let inner = self.judgement();
                self.nodes.of(ConditionKind::Not(Box::new(inner)))
            }
            1 => {
                let items = vec![self.judgement(), self.judgement()];
                self.nodes.of(ConditionKind::Any(items))
            }
            2 => {
                let items = vec![self.judgement(), self.course()];
                self.nodes.of(ConditionKind::All(items))
            }
            3 => self.course(),
            _ => self.judgement(),
        }
    }

    fn sometimes(&mut self, of: usize) -> Option<Condition> {
        self.dice.once_in(of).then(|| self.simple())
    }

    fn rule(&mut self) -> Option<Rule> {
        let unless = self.sometimes(4).map(|condition| Unless { condition, citations: Vec::new() });
        self.sometimes(1).map(|when| Rule { test: Test::One(when, Vec::new()), unless: unless.into_iter().collect() })
    }

    fn suspect(&mut self) -> BlockKind {
        let pointing = (0..3).map(|_| (self.simple(), Vec::new())).collect();
        let against = vec![(self.judgement(), Vec::new())];
        let least = u32::try_from(1 + self.dice.below(2)).unwrap();
        BlockKind::Suspect(Suspect { least, pointing, against, tests: Vec::new(), test_citations: Vec::new() })
    }

    fn option(&mut self) -> LadderOption {
        LadderOption {
            therapy: self.therapy(),
            span: span(),
            text: None,
            when: self.sometimes(4),
            requires: Vec::new(),
            how: None,
            strength: None,
            citations: Vec::new(),
        }
    }

    fn options(&mut self, most: usize) -> Vec<LadderOption> {
        (0..=self.dice.below(most)).map(|_| self.option()).collect()
    }

    fn ladder(&mut self) -> BlockKind {
        let patients = self.sometimes(2).map(|when| (when, Vec::new()));
        let beside = (0..self.dice.below(2)).map(|_| (Beside::Optional, self.option())).collect();
        let lines = (0..=self.dice.below(3)).map(|number| self.line(number)).collect();
        BlockKind::Ladder(Ladder { patients, beside, lines })
    }

    fn line(&mut self, number: usize) -> LadderLine {
        let options = self.options(3);
        let period = Period { count: 6, unit: PeriodUnit::Month };
        let when = self.sometimes(3).map(|when| (when, self.dice.once_in(2).then_some(period)));
        let next = NextLine {
            span: span(),
            one_failed: self.dice.once_in(2),
            none_left: self.dice.once_in(2),
            when,
            citations: Vec::new(),
        };
        LadderLine {
            name: spanned(&format!("line_{number}")),
            title: String::new(),
            citations: Vec::new(),
            options,
            next: (!self.dice.once_in(8)).then_some(next),
        }
    }

    fn regimen(&mut self) -> BlockKind {
        let patients = self.sometimes(3).map(|when| (when, Vec::new()));
        let plus = |when| Plus { least: 1, most: 2, when, citations: Vec::new() };
        let mut plus: Vec<Plus> = (0..self.dice.below(3)).map(|_| plus(Some(self.simple()))).collect();
        if self.dice.once_in(2) {
            plus.push(Plus { least: 2, most: 2, when: None, citations: Vec::new() });
        }
        BlockKind::Regimen(Regimen { patients, give: self.options(1), plus, of: self.options(3) })
    }

    fn on(&mut self) -> Option<BlockId> {
        *self.dice.pick(&[None, None, Some(LADDER), Some(REGIMEN)])
    }

    fn against(&mut self) -> BlockKind {
        use AgainstKind::{Avoid, Caution, Contraindicated, Stop};
        let kind = *self.dice.pick(&[Contraindicated, Contraindicated, Avoid, Avoid, Caution, Stop]);
        BlockKind::Against(Against {
            kind,
            treatments: self.treatments(),
            together: if self.dice.once_in(3) { vec![TherapyId(2)] } else { Vec::new() },
            written: String::new(),
            text: None,
            ladder: self.on(),
            level: None,
            when: if self.dice.once_in(8) { None } else { self.rule() },
        })
    }

    fn prefer(&mut self) -> BlockKind {
        let first = u32::try_from(self.dice.below(3)).unwrap();
        BlockKind::Prefer(Prefer {
            preferred: [TreatmentId(first), TreatmentId((first + 2) % 3)][..=usize::from(self.dice.once_in(4))]
                .to_vec(),
            over: if self.dice.once_in(4) { self.treatments() } else { vec![TreatmentId((first + 1) % 3)] },
            preferred_together: self.dice.once_in(6).then_some(TherapyId(2)),
            together: if self.dice.once_in(6) { vec![TherapyId(2)] } else { Vec::new() },
            written: (String::new(), String::new()),
            ladder: self.on(),
            when: if self.dice.once_in(2) { None } else { self.rule() },
        })
    }

    fn advice(&mut self) -> BlockKind {
        let when = self.sometimes(2);
        let text = String::new();
        BlockKind::Advice(Advice { text, level: None, when, strength: None, grade: None, conflicts: Vec::new() })
    }

    fn promise(&mut self) -> BlockKind {
        let what = match self.dice.below(4) {
            0 => Promised::Conclude(ALGORITHM, 0),
            1 => Promised::OfferSomething,
            2 => Promised::OfferTogether(TherapyId(2)),
            _ => Promised::Offer(self.treatments()),
        };
        BlockKind::Promise(Promise { always: self.dice.once_in(2), what, when: self.simple() })
    }

    /// A condition of an algorithm may also read the ladder and the suspicion.
    fn branch_condition(&mut self) -> Condition {
        match self.dice.below(5) {
            0 => self.nodes.of(ConditionKind::Holds(SUSPECT)),
            1 => {
                let values = Choices::only(u8::try_from(self.dice.below(3)).unwrap());
                self.nodes.of(ConditionKind::Is { subject: Tested::Block(LADDER), values })
            }
            _ => self.simple(),
        }
    }

    fn algorithm(&mut self) -> BlockKind {
        let conclusions = (0..3).map(|at| Conclusion {
            name: spanned(&format!("conclusion_{at}")),
            title: String::new(),
            citations: Vec::new(),
        });
        let conclusions = conclusions.collect();
        // The first step comes first; the others are written in any order, and lead upwards in another.
        let mut order = vec![1, 2, 3];
        self.dice.shuffle(&mut order);
        order.insert(0, 0);
        let mut steps: Vec<Option<AlgorithmStep>> = vec![None; order.len()];
        for (place, at) in order.iter().enumerate() {
            let later = order[place + 1..].to_vec();
            steps[*at as usize] = Some(self.step(*at, &later));
        }
        BlockKind::Algorithm(Algorithm { conclusions, steps: steps.into_iter().flatten().collect() })
    }

    fn step(&mut self, at: u32, later: &[u32]) -> AlgorithmStep {
        let mut branches = Vec::new();
        for _ in 0..=self.dice.below(2) {
            let when = self.branch_condition();
            branches.push(self.branch(Some(when), later));
        }
        if !self.dice.once_in(4) {
            branches.push(self.branch(None, later));
        }
        let name = spanned(&format!("step_{at}"));
        AlgorithmStep { name, title: String::new(), citations: Vec::new(), branches }
    }

    fn branch(&mut self, when: Option<Condition>, later: &[u32]) -> AlgorithmBranch {
        let mut targets = Vec::new();
        for _ in 0..=self.dice.below(2) {
            targets.push(match later {
                [_, ..] if !self.dice.once_in(3) => Target::Step(*self.dice.pick(later)),
                _ => Target::Conclusion(u8::try_from(self.dice.below(3)).unwrap()),
            });
        }
        AlgorithmBranch { when, span: span(), targets, citations: Vec::new() }
    }
}
