use crate::catalog::TreatmentId;
use crate::source::{Span, Spanned};
use crate::syntax::tree::{AgainstKind, Beside, How, Strength};
use crate::value::Period;

use super::{Block, BlockId, BlockKind, Cited, Condition, Guideline, Rule};

/// A therapy some rule speaks of, by its place in [`super::Guideline::therapies`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TherapyId(pub u32);

/// A treatment of the formulary, or several together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Therapy {
    /// The treatments, in the order of the formulary; one for a single therapy.
    pub parts: Box<[TreatmentId]>,
}

/// A ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct Ladder {
    /// For whom; `None` for everybody the guideline covers.
    pub patients: Option<(Condition, Vec<Cited>)>,
    /// What stands beside the lines.
    pub beside: Vec<(Beside, LadderOption)>,
    /// The lines, in order.
    pub lines: Vec<LadderLine>,
}

/// A line of a ladder.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderLine {
    /// Its name.
    pub name: Spanned<String>,
    /// What a person reads.
    pub title: String,
    /// Its sources.
    pub citations: Vec<Cited>,
    /// Its options.
    pub options: Vec<LadderOption>,
    /// When the next line comes; of the ladder, where the line has none of its own. `None`: never.
    pub next: Option<NextLine>,
}

/// An option of a ladder or a regimen.
#[derive(Debug, Clone, PartialEq)]
pub struct LadderOption {
    /// The therapy.
    pub therapy: TherapyId,
    /// The option.
    pub span: Span,
    /// A word about it, in place of the usual dose.
    pub text: Option<String>,
    /// For whom.
    pub when: Option<Condition>,
    /// What it requires.
    pub requires: Vec<String>,
    /// How it joins what is taken.
    pub how: Option<How>,
    /// How strongly it is recommended.
    pub strength: Option<Strength>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// When the next line of a ladder comes.
#[derive(Debug, Clone, PartialEq)]
pub struct NextLine {
    /// Where it is written.
    pub span: Span,
    /// One option of the line has failed.
    pub one_failed: bool,
    /// None is left.
    pub none_left: bool,
    /// Any other condition, and for how long the patient must have been on the line.
    pub when: Option<(Condition, Option<Period>)>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// What speaks against a therapy.
#[derive(Debug, Clone, PartialEq)]
pub struct Against {
    /// How.
    pub kind: AgainstKind,
    /// The treatments it reaches; a therapy is reached when one of its parts is, or when it is one of `together`.
    pub treatments: Vec<TreatmentId>,
    /// Combinations it names, of which the parts alone are not reached.
    pub together: Vec<TherapyId>,
    /// The therapies as written.
    pub written: String,
    /// A word of advice.
    pub text: Option<String>,
    /// On this ladder only.
    pub ladder: Option<BlockId>,
    /// Its level in the precedence, 0 the highest.
    pub level: Option<u32>,
    /// When; always where it is `None`.
    pub when: Option<Rule>,
}

/// One therapy before others.
#[derive(Debug, Clone, PartialEq)]
pub struct Prefer {
    /// The treatments preferred; a therapy is one of them when all its parts are among them. None for a combination.
    pub preferred: Vec<TreatmentId>,
    /// The combination preferred.
    pub preferred_together: Option<TherapyId>,
    /// Over these: a therapy is reached when one of its parts is, or when it is one of `together`.
    pub over: Vec<TreatmentId>,
    /// Over these combinations, of which the parts alone are not reached.
    pub together: Vec<TherapyId>,
    /// Both as written.
    pub written: (String, String),
    /// On this ladder only.
    pub ladder: Option<BlockId>,
    /// When; always where it is `None`.
    pub when: Option<Rule>,
}

/// What to look at while a therapy is taken.
#[derive(Debug, Clone, PartialEq)]
pub struct Monitor {
    /// The treatments it reaches.
    pub treatments: Vec<TreatmentId>,
    /// Combinations it names, of which the parts alone are not reached.
    pub together: Vec<TherapyId>,
    /// The therapies as written.
    pub written: String,
    /// What.
    pub text: String,
    /// How often.
    pub every: Option<Period>,
    /// For how long.
    pub during: Option<Period>,
    /// When; always where it is `None`.
    pub when: Option<Rule>,
}

/// Some of a list, together.
#[derive(Debug, Clone, PartialEq)]
pub struct Regimen {
    /// For whom.
    pub patients: Option<(Condition, Vec<Cited>)>,
    /// What is always given.
    pub give: Vec<LadderOption>,
    /// How many of the list: the first whose condition holds; the last may have none.
    pub plus: Vec<Plus>,
    /// The list.
    pub of: Vec<LadderOption>,
}

/// How many of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Plus {
    /// At least.
    pub least: u32,
    /// At most.
    pub most: u32,
    /// For whom; `None` for all others.
    pub when: Option<Condition>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// A disease that may be there instead: it holds when enough points to it, and never diagnoses.
#[derive(Debug, Clone, PartialEq)]
pub struct Suspect {
    /// How many pointers.
    pub least: u32,
    /// What points to it.
    pub pointing: Vec<(Condition, Vec<Cited>)>,
    /// What speaks against it.
    pub against: Vec<(Condition, Vec<Cited>)>,
    /// What would settle it, in words.
    pub tests: Vec<String>,
    /// The sources of the tests.
    pub test_citations: Vec<Cited>,
}

/// A piece of advice.
#[derive(Debug, Clone, PartialEq)]
pub struct Advice {
    /// Its text.
    pub text: String,
    /// Its level in the precedence, 0 the highest.
    pub level: Option<u32>,
    /// When; always where it is `None`.
    pub when: Option<Condition>,
    /// How strongly.
    pub strength: Option<Strength>,
    /// The grade of its evidence, as the source has it.
    pub grade: Option<String>,
    /// The blocks, advice or what speaks against a therapy, with which it cannot be followed together.
    pub conflicts: Vec<BlockId>,
}

/// Steps that lead to conclusions.
#[derive(Debug, Clone, PartialEq)]
pub struct Algorithm {
    /// The conclusions, the highest-ranking first.
    pub conclusions: Vec<Conclusion>,
    /// The steps, in the order written: the first is where it begins, and each leads only to later ones in some order
    /// without a circle.
    pub steps: Vec<AlgorithmStep>,
}

/// An end of an algorithm.
#[derive(Debug, Clone, PartialEq)]
pub struct Conclusion {
    /// Its name.
    pub name: Spanned<String>,
    /// What a person reads.
    pub title: String,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// A step of an algorithm.
#[derive(Debug, Clone, PartialEq)]
pub struct AlgorithmStep {
    /// Its name.
    pub name: Spanned<String>,
    /// What a person reads.
    pub title: String,
    /// Its sources.
    pub citations: Vec<Cited>,
    /// Its branches: the first that holds is taken.
    pub branches: Vec<AlgorithmBranch>,
}

/// A branch of a step.
#[derive(Debug, Clone, PartialEq)]
pub struct AlgorithmBranch {
    /// When; `None` for `otherwise`.
    pub when: Option<Condition>,
    /// The line.
    pub span: Span,
    /// Where it leads.
    pub targets: Vec<Target>,
    /// Its sources.
    pub citations: Vec<Cited>,
}

/// Where a branch leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A step, by its place.
    Step(u32),
    /// A conclusion, by its place.
    Conclusion(u8),
}

/// What the authors claim of their own guideline.
#[derive(Debug, Clone, PartialEq)]
pub struct Promise {
    /// Always; else never.
    pub always: bool,
    /// What.
    pub what: Promised,
    /// When.
    pub when: Condition,
}

/// What a promise speaks of.
#[derive(Debug, Clone, PartialEq)]
pub enum Promised {
    /// Some option with one of these treatments is an option now.
    Offer(Vec<TreatmentId>),
    /// Some option with all parts of this combination is an option now.
    OfferTogether(TherapyId),
    /// Any option is.
    OfferSomething,
    /// A conclusion of an algorithm.
    Conclude(BlockId, u8),
}

impl Therapy {
    /// It has every part of another.
    pub fn contains(&self, other: &Therapy) -> bool {
        other.parts.iter().all(|part| self.parts.contains(part))
    }

    /// One of its parts is among some treatments.
    pub fn has_one_of(&self, treatments: &[TreatmentId]) -> bool {
        self.parts.iter().any(|part| treatments.contains(part))
    }
}

impl Guideline {
    /// What a rule for or against therapies (`contraindicated`, `avoid`, `caution`, `stop`, `monitor`, and of `prefer`
    /// those that come after) says of a therapy on a ladder or in a regimen.
    pub fn speaks_of(&self, rule: &Block, ladder: BlockId, therapy: TherapyId) -> bool {
        let (treatments, together, on) = if let BlockKind::Against(against) = &rule.kind {
            (&against.treatments, &against.together, against.ladder)
        } else if let BlockKind::Prefer(prefer) = &rule.kind {
            (&prefer.over, &prefer.together, prefer.ladder)
        } else if let BlockKind::Monitor(monitor) = &rule.kind {
            (&monitor.treatments, &monitor.together, None)
        } else {
            return false;
        };
        on.is_none_or(|on| on == ladder) && self.is_reached(therapy, treatments, together)
    }

    /// A therapy has one of some treatments, or all parts of one of some combinations.
    pub fn is_reached(&self, therapy: TherapyId, treatments: &[TreatmentId], together: &[TherapyId]) -> bool {
        let Some(therapy) = self.therapy(therapy) else { return false };
        let all_of = |other: &TherapyId| self.therapy(*other).is_some_and(|other| therapy.contains(other));
        therapy.has_one_of(treatments) || together.iter().any(all_of)
    }

    /// A therapy is the one, or made of those, that a rule prefers.
    pub fn is_preferred(&self, prefer: &Prefer, therapy: TherapyId) -> bool {
        let Some(known) = self.therapy(therapy) else { return false };
        let made_of = known.parts.iter().all(|part| prefer.preferred.contains(part));
        let all_of = |other: TherapyId| self.therapy(other).is_some_and(|other| known.contains(other));
        made_of || prefer.preferred_together.is_some_and(all_of)
    }

    /// A promise speaks of a therapy.
    pub fn is_promised(&self, what: &Promised, therapy: TherapyId) -> bool {
        match what {
            Promised::Offer(treatments) => self.is_reached(therapy, treatments, &[]),
            Promised::OfferTogether(together) => self.is_reached(therapy, &[], &[*together]),
            Promised::OfferSomething => true,
            Promised::Conclude(..) => false,
        }
    }
}
