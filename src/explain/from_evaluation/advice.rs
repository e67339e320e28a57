//! Advice that holds or may hold: of two that cannot be followed together the higher level wins.

use super::Teller;
use super::ladders::{strength, titled};
use super::treatments::Shape;
use crate::catalog::TreatmentId;
use crate::explain::{AdviceShown, AdviceVerdict, Because, CitationShown, Possible, SuspicionShown};
use crate::model::{Advice, Against, Block, BlockId, BlockKind, Cited, Item, Suspect};
use crate::source::Spanned;
use crate::syntax::tree::AgainstKind;
use crate::value::Truth;

/// A piece of advice before conflicts are resolved.
struct Candidate {
    shown: AdviceShown,
    /// Certainly, or perhaps.
    certain: bool,
    /// 0 is the highest; none comes after all.
    rank: u32,
    /// The blocks it stands for.
    blocks: Vec<BlockId>,
    /// The blocks it cannot be followed together with.
    conflicts: Vec<BlockId>,
    /// It is told of.
    is_told: bool,
    /// Where it is given, another of a higher level wins over it.
    is_beaten: Truth,
    /// It is given, and none of a higher level wins over it.
    is_left: Truth,
    /// What keeps that open.
    keeps_open: Vec<Because>,
}

impl Candidate {
    fn of(shown: AdviceShown, certain: bool, rank: u32, block: BlockId, conflicts: Vec<BlockId>) -> Candidate {
        let (is_beaten, is_left) = (Truth::NO, Truth::possible(true, !certain));
        let (blocks, keeps_open) = (vec![block], Vec::new());
        Candidate { shown, certain, rank, blocks, conflicts, is_told: true, is_beaten, is_left, keeps_open }
    }

    fn is_against(&self, other: &Candidate) -> bool {
        let named = |one: &Candidate, two: &Candidate| two.blocks.iter().any(|block| one.conflicts.contains(block));
        named(self, other) || named(other, self)
    }
}

impl Teller<'_> {
    /// Advice, what stands at the highest level first.
    pub(super) fn advice(&self) -> Vec<AdviceShown> {
        let mut candidates: Vec<Candidate> = self.stops();
        for (id, block) in self.every_block() {
            if let BlockKind::Advice(advice) = &block.kind {
                candidates.extend(self.candidate(id, block, advice));
            }
        }
        candidates.sort_by_key(|candidate| candidate.rank);
        resolve(&mut candidates);
        candidates.sort_by_key(|candidate| {
            let place = match candidate.shown.verdict {
                AdviceVerdict::Open if candidate.shown.is_given() => 0,
                AdviceVerdict::Stands => 0,
                AdviceVerdict::Unresolved => 1,
                AdviceVerdict::Open => 2,
                AdviceVerdict::Beaten => 3,
            };
            (place, candidate.rank)
        });
        candidates.into_iter().filter(|candidate| candidate.is_told).map(|candidate| candidate.shown).collect()
    }

    fn candidate(&self, id: BlockId, block: &Block, advice: &Advice) -> Option<Candidate> {
        let held = self.holds(id);
        if !held.can_be_yes() {
            return None;
        }
        let certain = held == Truth::YES;
        let shown = AdviceShown {
            id: block.name.value.clone(),
            verdict: if certain { AdviceVerdict::Stands } else { AdviceVerdict::Open },
            text: self.said_by(block, advice.text.clone()),
            local: self.is_local(block),
            level: self.level(advice.level),
            rank: self.rank(advice.level),
            strength: advice.strength.map(strength),
            grade: advice.grade.clone(),
            because: self.holds_standing(id).because,
            possible: Vec::new(),
            beaten_by: None,
            stop: None,
            citations: Self::citations(&block.citations),
        };
        let rank = advice.level.unwrap_or(u32::MAX);
        Some(Candidate::of(shown, certain, rank, id, advice.conflicts.clone()))
    }

    /// The name of a level.
    fn level(&self, level: Option<u32>) -> Option<String> {
        self.levels()?.get(level? as usize).map(|(name, _)| name.value.clone())
    }

    /// The place of a level, and how many there are.
    fn rank(&self, level: Option<u32>) -> Option<(u32, u32)> {
        Some((level?, u32::try_from(self.levels()?.len()).ok()?))
    }

    /// The levels of the precedence.
    fn levels(&self) -> Option<&[(Spanned<String>, Vec<Cited>)]> {
        self.subject.guideline.blocks.iter().find_map(|block| {
            let BlockKind::Precedence(levels) = &block.kind else { return None };
            Some(levels.as_slice())
        })
    }

    /// What is, or may be, taken and speaks for its end: each therapy once, with the rule that is surest.
    fn stops(&self) -> Vec<Candidate> {
        let mut stops: Vec<Candidate> = Vec::new();
        for (id, block) in self.every_block() {
            let BlockKind::Against(rule) = &block.kind else { continue };
            let held = self.holds(id);
            if !ends(rule.kind) || !held.can_be_yes() || !self.is_asked(rule) {
                continue;
            }
            for (name, label, taken) in self.taken(rule) {
                // Of what may be taken, and may have to end, there is too much to be told; it may win all the same.
                let is_told = taken == Truth::YES || held == Truth::YES;
                let certain = taken == Truth::YES && held == Truth::YES;
                let stop = self.stop(id, block, rule, &name, &label, taken, certain);
                note(&mut stops, Candidate { is_told, ..stop });
            }
        }
        stops
    }

    /// The rule speaks of a ladder that is, or may be, the patient's.
    fn is_asked(&self, rule: &Against) -> bool {
        rule.ladder.is_none_or(|ladder| {
            let item = Item::Holds(ladder);
            !self.evaluation.items.contains_key(&item) || self.item_truth(item).can_be_yes()
        })
    }

    #[expect(clippy::too_many_arguments, reason = "each is said once")]
    fn stop(
        &self,
        id: BlockId,
        block: &Block,
        rule: &Against,
        name: &str,
        label: &str,
        taken: Truth,
        certain: bool,
    ) -> Candidate {
        let shown = self.against(id, block, rule);
        let why = match (&rule.text, shown.when.is_empty()) {
            (Some(text), _) => format!(": {text}"),
            (None, true) => String::new(),
            (None, false) => format!(": {}", titled(block)),
        };
        let mut because: Vec<Because> = shown.standing.because;
        if taken != Truth::YES {
            because.push(Because {
                fact: format!("{name}.taken"),
                label: format!("whether {label} is taken"),
                when: String::new(),
                why: crate::value::Reason::NotRecorded.words().to_owned(),
            });
        }
        Candidate::of(
            AdviceShown {
                id: format!("stop_{}", name.replace(" + ", "_and_")),
                verdict: if certain { AdviceVerdict::Stands } else { AdviceVerdict::Open },
                text: self.said_by(block, format!("Stop {label}{why}")),
                level: self.level(rule.level),
                rank: self.rank(rule.level),
                strength: None,
                grade: None,
                because: if certain { Vec::new() } else { because },
                possible: Vec::new(),
                beaten_by: None,
                stop: Some(name.to_owned()),
                local: shown.local,
                citations: shown.citations,
            },
            certain,
            rule.level.unwrap_or(u32::MAX),
            id,
            Vec::new(),
        )
    }

    /// The treatments and combinations of a rule that are, or may be, taken: name, label, whether.
    fn taken(&self, rule: &Against) -> Vec<(String, String, Truth)> {
        let mut taken = Vec::new();
        for treatment in &rule.treatments {
            let now = self.is_taken(*treatment);
            if now.can_be_yes() {
                let name = self.subject.catalog.treatment_name(*treatment).to_owned();
                taken.push((name, self.treatment_label(*treatment), now));
            }
        }
        for therapy in &rule.together {
            let now = self.found(*therapy).map_or(Truth::NO, |found| found.taking);
            if now.can_be_yes() {
                taken.push((self.therapy_name(*therapy), self.therapy_label(*therapy), now));
            }
        }
        taken
    }

    /// A treatment is taken, alone or as a part of a combination.
    fn is_taken(&self, treatment: TreatmentId) -> Truth {
        let mut courses = self.evaluation.inputs.courses.iter();
        courses.find(|found| self.parts(found.therapy) == [treatment]).map_or(Truth::NO, |found| found.taking)
    }

    pub(super) fn suspicions(&self) -> Vec<SuspicionShown> {
        let mut shown = Vec::new();
        for (id, block) in self.every_block() {
            let BlockKind::Suspect(suspect) = &block.kind else { continue };
            if self.item_truth(Item::Holds(id)).can_be_yes() {
                shown.push(self.suspicion(id, block, suspect));
            }
        }
        shown
    }

    fn suspicion(&self, id: BlockId, block: &Block, suspect: &Suspect) -> SuspicionShown {
        let mut citations: Vec<CitationShown> = Self::citations(&block.citations);
        let mut lines = |items: &[(crate::model::Condition, Vec<crate::model::Cited>)]| -> Vec<(String, Possible)> {
            let mut told = Vec::new();
            for (condition, cited) in items {
                let truth = self.condition_truth(condition);
                told.push((self.text(condition.span), super::words::of_truth(truth)));
                if truth.can_be_yes() {
                    let new = Self::citations(cited).into_iter().filter(|one| !citations.contains(one));
                    citations = citations.iter().cloned().chain(new).collect();
                }
            }
            told
        };
        let pointing = lines(&suspect.pointing);
        let against = lines(&suspect.against);
        SuspicionShown {
            id: block.name.value.clone(),
            title: block.title.clone(),
            standing: self.item(Item::Holds(id), Shape::YesNo),
            pointing,
            against,
            tests: suspect.tests.clone(),
            citations,
        }
    }
}

/// The rule is a reason to end what is taken.
fn ends(kind: AgainstKind) -> bool {
    match kind {
        AgainstKind::Contraindicated | AgainstKind::Stop => true,
        AgainstKind::Avoid | AgainstKind::Caution => false,
    }
}

/// Of several rules that say to stop a therapy the surest, then the highest.
fn note(stops: &mut Vec<Candidate>, stop: Candidate) {
    let Some(known) = stops.iter_mut().find(|known| known.shown.id == stop.shown.id) else {
        return stops.push(stop);
    };
    let mut blocks = known.blocks.clone();
    blocks.extend(&stop.blocks);
    if (!stop.is_told, !stop.certain, stop.rank) < (!known.is_told, !known.certain, known.rank) {
        *known = stop;
    } else if !known.certain && !stop.certain && known.is_told == stop.is_told {
        let new: Vec<Because> =
            stop.shown.because.into_iter().filter(|one| !known.shown.because.contains(one)).collect();
        known.shown.because.extend(new);
    }
    known.blocks = blocks;
}

/// The higher level wins over what it conflicts with; at one level neither does. What is beaten beats nothing. What
/// may be given, or may be beaten, may win and may not: a verdict that hangs on it is open. `all` has the highest level
/// first.
fn resolve(all: &mut [Candidate]) {
    for at in 0..all.len() {
        let Some(own) = all.get(at) else { continue };
        let higher = rivals(all, at).filter(|one| one.rank < own.rank);
        let (mut beaten, mut perhaps) = (Truth::NO, Vec::new());
        for rival in higher.filter(|one| one.is_left.can_be_yes()) {
            beaten = beaten | rival.is_left;
            perhaps.extend(rival.keeps_open.iter().cloned());
        }
        if let Some(own) = all.get_mut(at) {
            own.is_left = Truth::possible(beaten.can_be_no(), !own.certain || beaten.can_be_yes());
            own.is_beaten = beaten;
            own.keeps_open = joined(own.shown.because.clone(), perhaps);
        }
    }
    for at in 0..all.len() {
        let Some((own, shown)) = all.get(at).map(|own| (own, resolved(all, at, own))) else { continue };
        let shown = if own.certain { shown } else { AdviceShown { possible: shown.possible, ..own.shown.clone() } };
        if let Some(own) = all.get_mut(at) {
            own.shown = shown;
        }
    }
}

/// What a candidate cannot be followed together with.
fn rivals(all: &[Candidate], at: usize) -> impl Iterator<Item = &Candidate> {
    let own = all.get(at);
    let others = all.iter().enumerate().filter(move |(other, _)| *other != at).map(|(_, one)| one);
    others.filter(move |one| own.is_some_and(|own| one.is_against(own)))
}

/// What becomes of a candidate that is given.
fn resolved(all: &[Candidate], at: usize, own: &Candidate) -> AdviceShown {
    let left = || rivals(all, at).filter(|one| one.is_left.can_be_yes());
    let equals = || left().filter(|one| one.rank == own.rank);
    let higher = || left().filter(|one| one.rank < own.rank);
    let tied = Truth::any(equals().map(|one| one.is_left));
    let not_beaten = own.is_beaten.can_be_no();
    let verdicts = [
        (AdviceVerdict::Stands, not_beaten && tied.can_be_no()),
        (AdviceVerdict::Beaten, own.is_beaten.can_be_yes()),
        (AdviceVerdict::Unresolved, not_beaten && tied.can_be_yes()),
    ];
    let possible: Vec<AdviceVerdict> = verdicts.iter().filter(|(_, may)| *may).map(|(verdict, _)| *verdict).collect();
    let surest = |one: &&Candidate| one.is_left == Truth::YES;
    let mut words: Vec<&'static str> = possible.iter().map(|verdict| verdict.word()).collect();
    words.extend((!own.certain).then_some(AdviceShown::NOT_GIVEN));
    let (verdict, by, because) = match possible.as_slice() {
        [AdviceVerdict::Stands] => (AdviceVerdict::Stands, None, Vec::new()),
        [AdviceVerdict::Beaten] => (AdviceVerdict::Beaten, higher().find(surest), Vec::new()),
        [AdviceVerdict::Unresolved] => (AdviceVerdict::Unresolved, equals().find(surest), Vec::new()),
        _ => {
            let open = || higher().chain(equals()).filter(|one| one.is_left == Truth::EITHER);
            let because = open().flat_map(|one| one.keeps_open.iter().cloned());
            (AdviceVerdict::Open, open().next(), joined(Vec::new(), because.collect()))
        }
    };
    let beaten_by = by.map(|one| one.shown.id.clone());
    AdviceShown { verdict, possible: words, beaten_by, because, ..own.shown.clone() }
}

fn joined(mut because: Vec<Because>, more: Vec<Because>) -> Vec<Because> {
    for one in more {
        if !because.contains(&one) {
            because.push(one);
        }
    }
    because
}
