//! What a case expects beside the answers: conclusions, verdicts, lines, advice, courses, the path through an algorithm.

use std::collections::BTreeSet;

use super::codes::NOT_A_VALUE;
use super::from_yaml::{Reader, ValueKind, Values, entries};
use super::{Case, Expected, Member};
use crate::diagnostics::Diagnostic;
use crate::explain::{AdviceVerdict, Explanation, LadderShown, Lit, OptionShown, Possible, RegimenShown};
use crate::model::{Algorithm, Block, BlockKind, CourseState, Ladder, LadderOption, LineState, TherapyId, Verdict};
use crate::source::Spanned;
use crate::syntax::tree::AgainstKind;
use crate::yaml::{self, Node, expect_text};

/// The keys of `expect` that are read here.
pub(super) const KEYS: [&str; 8] =
    ["conclusions", "verdicts", "lines", "advice", "courses", "cautions", "against", "path"];

/// Advice that is not given.
const NOT_GIVEN: &str = "not_given";

/// Something beside the answers for which a case expects a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// `conclusions: {change_therapy: yes}`
    Conclusion(String),
    /// `verdicts: {immunosuppression: {drug_a: failed}}`; of a ladder or a regimen.
    Verdict(String, String),
    /// `lines: {immunosuppression: {first: passed}}`
    Line(String, String),
    /// `advice: {treat_at_once: stands}`; `not_given` where it does not hold.
    Advice(String),
    /// `courses: {drug_a: failed}`
    Course(String),
    /// `cautions: {reduced_kidney: [drug_a, drug_b]}`: the options, of every ladder and regimen, that it certainly stands at.
    Caution(String),
    /// `against: {other_disease: [rash]}`: the lines, as the rules have them, that certainly speak against a suspicion.
    Against(String),
    /// `path: {disposition: [organ_threat_check, treatment_check]}`: the steps the patient certainly comes to, and no
    /// other.
    Path(String),
}

impl Part {
    /// As a message names it.
    pub(super) fn name(&self) -> String {
        match self {
            Part::Conclusion(name) | Part::Advice(name) | Part::Course(name) | Part::Caution(name) => name.clone(),
            Part::Verdict(ladder, of) | Part::Line(ladder, of) => format!("{ladder}.{of}"),
            Part::Against(name) => format!("what speaks against {name}"),
            Part::Path(algorithm) => format!("the path through {algorithm}"),
        }
    }

    /// It is of a block of that name.
    pub fn is_of(&self, block: &str) -> bool {
        match self {
            Part::Conclusion(name)
            | Part::Advice(name)
            | Part::Course(name)
            | Part::Caution(name)
            | Part::Against(name)
            | Part::Path(name) => name == block,
            Part::Verdict(above, _) | Part::Line(above, _) => above == block,
        }
    }

    /// What it is for this patient; `None` where the explanation does not speak of it.
    pub(crate) fn found(&self, explanation: &Explanation) -> Option<Possible> {
        match self {
            Part::Conclusion(name) => {
                let found = explanation.conclusions.iter().find(|one| one.id == *name)?;
                Some(found.standing.possible.clone())
            }
            Part::Verdict(block, option) => {
                let mut own = options(explanation).filter(|(above, _)| above == block).map(|(_, option)| option);
                own.find(|one| one.id == *option).map(|one| one.verdict.possible.clone())
            }
            Part::Line(ladder, line) => {
                let ladder = explanation.ladders.iter().find(|one| one.id == *ladder)?;
                let line = ladder.lines.iter().find(|one| one.id == *line)?;
                Some(line.state.possible.clone())
            }
            Part::Advice(name) => {
                let given = explanation.advice.iter().find(|one| one.id == *name);
                let word = given.map_or(NOT_GIVEN, |one| one.verdict.word());
                Some(Possible::Choice(vec![word.to_owned()]))
            }
            Part::Course(name) => explanation.courses.iter().find(|one| one.id == *name).map(|one| one.state.clone()),
            Part::Caution(name) => {
                let stands = |option: &OptionShown| {
                    let own = option.cautions.iter().filter(|caution| caution.id == *name);
                    own.map(|caution| &caution.standing.possible).any(is_certain)
                };
                let at = options(explanation).filter(|(_, option)| stands(option)).map(|(_, option)| option.id.clone());
                let certain: BTreeSet<String> = at.collect();
                Some(several(certain.into_iter()))
            }
            Part::Against(name) => {
                let suspicion = explanation.suspicions.iter().find(|one| one.id == *name)?;
                let lines = suspicion.against.iter().filter(|(_, held)| is_certain(held));
                Some(several(lines.map(|(line, _)| line.clone())))
            }
            Part::Path(name) => {
                let chart = explanation.flowcharts.iter().find(|chart| chart.id == *name)?;
                let steps = chart.steps.iter().filter(|step| step.reached == Lit::Yes);
                Some(several(steps.map(|step| step.id.clone())))
            }
        }
    }
}

/// What is expected is all of a list.
fn expect_all(part: Part, name: &Spanned<String>, named: Option<Vec<Spanned<String>>>, node: &Node, case: &mut Case) {
    let Some(named) = named else { return };
    let members = named.into_iter().map(|one| Member::Word(one.value)).collect();
    case.parts.push((Spanned::new(part, name.span), Spanned::new(Expected::Possible(members), node.span)));
}

fn is_certain(held: &Possible) -> bool {
    *held == Possible::YesNo { yes: true, no: false }
}

fn several(certain: impl Iterator<Item = String>) -> Possible {
    Possible::Several { certain: certain.collect(), perhaps: Vec::new() }
}

/// The options of the ladders and regimens, each with the name of its own.
fn options<'e>(explanation: &'e Explanation) -> impl Iterator<Item = (&'e str, &'e OptionShown)> {
    let of_ladder = |one: &'e LadderShown| one.options().map(move |option| (one.id.as_str(), option));
    let of_regimen = |one: &'e RegimenShown| one.options().map(move |option| (one.id.as_str(), option));
    explanation.ladders.iter().flat_map(of_ladder).chain(explanation.regimens.iter().flat_map(of_regimen))
}

impl<'a> Reader<'a> {
    /// What stands under one of [`KEYS`].
    pub(super) fn parts(&mut self, key: &str, node: Option<&Node>, case: &mut Case) {
        for (name, value) in node.into_iter().flat_map(entries) {
            match key {
                "conclusions" => self.conclusion(name, value, case),
                "verdicts" => self.verdicts(name, value, case),
                "lines" => self.lines(name, value, case),
                "advice" => self.advice(name, value, case),
                "courses" => self.course(name, value, case),
                "cautions" => self.caution(name, value, case),
                "against" => self.against(name, value, case),
                _ => self.path(name, value, case),
            }
        }
    }

    fn conclusion(&mut self, name: &Spanned<String>, value: &Node, case: &mut Case) {
        let conclusions = self.guideline.blocks.iter().filter_map(algorithm_of).flat_map(|one| &one.conclusions);
        let known: Vec<String> = conclusions.map(|one| one.name.value.clone()).collect();
        if self.is_known(name, "conclusion", &known) {
            self.part(Part::Conclusion(name.value.clone()), name, ValueKind::YesNo, value, case);
        }
    }

    fn verdicts(&mut self, name: &Spanned<String>, node: &Node, case: &mut Case) {
        let (guideline, catalog) = (self.guideline, self.catalog);
        let Some(own) = self.block_with(name, "ladder or regimen", options_of) else { return };
        let known: Vec<String> = own.iter().map(|option| guideline.therapy_name(option.therapy, catalog)).collect();
        self.expect_names(name, node, "OPTION: VERDICT");
        for (option, value) in entries(node) {
            let meant = Spanned::new(in_order(&option.value, &known), option.span);
            if self.is_known(&meant, "option", &known) {
                let words = Verdict::ALL.map(Verdict::word);
                let part = Part::Verdict(name.value.clone(), meant.value.clone());
                self.part(part, option, in_words(&words), value, case);
            }
        }
    }

    fn lines(&mut self, name: &Spanned<String>, node: &Node, case: &mut Case) {
        let Some(ladder) = self.block_with(name, "ladder", ladder_of) else { return };
        let own: Vec<String> = ladder.lines.iter().map(|line| line.name.value.clone()).collect();
        self.expect_names(name, node, "LINE: STATE");
        for (line, value) in entries(node) {
            if self.is_known(line, "line", &own) {
                let words = LineState::ALL.map(LineState::word);
                let part = Part::Line(name.value.clone(), line.value.clone());
                self.part(part, line, in_words(&words), value, case);
            }
        }
    }

    fn advice(&mut self, name: &Spanned<String>, value: &Node, case: &mut Case) {
        let advice = self.guideline.blocks.iter().filter(|block| matches!(block.kind, BlockKind::Advice(_)));
        let mut known: Vec<String> = advice.map(|block| block.name.value.clone()).collect();
        known.extend(self.treatments().into_iter().map(|treatment| format!("stop_{treatment}")));
        if self.is_known(name, "advice", &known) {
            let all = [AdviceVerdict::Stands, AdviceVerdict::Beaten, AdviceVerdict::Unresolved, AdviceVerdict::Open];
            let mut words = all.map(AdviceVerdict::word).to_vec();
            words.push(NOT_GIVEN);
            self.part(Part::Advice(name.value.clone()), name, in_words(&words), value, case);
        }
    }

    fn course(&mut self, name: &Spanned<String>, value: &Node, case: &mut Case) {
        let known = self.treatments();
        let meant = Spanned::new(in_order(&name.value, &known), name.span);
        if self.is_known(&meant, "therapy", &known) {
            let words = CourseState::ALL.map(CourseState::word);
            self.part(Part::Course(meant.value.clone()), name, in_words(&words), value, case);
        }
    }

    fn caution(&mut self, name: &Spanned<String>, node: &Node, case: &mut Case) {
        let (guideline, catalog) = (self.guideline, self.catalog);
        if self.block_with(name, "caution", caution_of).is_none() {
            return;
        }
        let options = guideline.blocks.iter().filter_map(options_of).flatten();
        let known: Vec<String> = options.map(|option| guideline.therapy_name(option.therapy, catalog)).collect();
        let named = self.names(node, "the options it stands at", "option", Some(&known));
        expect_all(Part::Caution(name.value.clone()), name, named, node, case);
    }

    fn against(&mut self, name: &Spanned<String>, node: &Node, case: &mut Case) {
        if self.block_with(name, "suspicion", suspicion_of).is_some() {
            let named = self.names(node, "the lines that speak against it", "line", None);
            expect_all(Part::Against(name.value.clone()), name, named, node, case);
        }
    }

    fn path(&mut self, name: &Spanned<String>, node: &Node, case: &mut Case) {
        let Some(algorithm) = self.block_with(name, "algorithm", algorithm_of) else { return };
        let own: Vec<String> = algorithm.steps.iter().map(|step| step.name.value.clone()).collect();
        let named = self.names(node, "the steps of a path", "step", Some(&own)).filter(|named| !named.is_empty());
        expect_all(Part::Path(name.value.clone()), name, named, node, case);
    }

    /// A list of names; nothing where one of them is none of those that are known, or it is no list.
    fn names(&mut self, node: &Node, all: &str, each: &str, known: Option<&[String]>) -> Option<Vec<Spanned<String>>> {
        let mut mistakes = Vec::new();
        let items = yaml::expect_sequence(node, all, &mut mistakes);
        let named: Option<Vec<Spanned<String>>> = items.and_then(|items| {
            let text = |item| expect_text(item, &format!("each {each}"), &mut mistakes);
            let meant = |name: &str| known.map_or_else(|| name.to_owned(), |known| in_order(name, known));
            items.iter().map(text).map(|text| Some(text?.map(meant))).collect()
        });
        self.mistakes.append(&mut mistakes);
        let named = named?;
        let is_unknown = |name: &&Spanned<String>| known.is_some_and(|known| !self.is_known(name, each, known));
        let unknown = named.iter().filter(is_unknown).count();
        (unknown == 0).then_some(named)
    }

    fn part(&mut self, part: Part, name: &Spanned<String>, kind: ValueKind, value: &Node, case: &mut Case) {
        let of = Values { name: part.name(), kind };
        if let Some(expected) = self.expected(&of, value) {
            case.parts.push((Spanned::new(part, name.span), expected));
        }
    }

    /// What stands under a ladder's name is names again.
    fn expect_names(&mut self, name: &Spanned<String>, node: &Node, example: &str) {
        if node.entries().is_none() {
            let message = format!("what is expected of `{}` is not said", name.value);
            let mistake = Diagnostic::error(NOT_A_VALUE, node.span, message);
            self.mistakes.push(mistake.note(format!("write `{}: {{{example}}}`", name.value)));
        }
    }

    /// What the block of a name is, where it is of the right kind.
    fn block_with<T>(&mut self, name: &Spanned<String>, what: &str, take: fn(&'a Block) -> Option<T>) -> Option<T> {
        let guideline = self.guideline;
        let found = guideline.find(&name.value).and_then(take);
        if found.is_none() {
            let known = guideline.blocks.iter().filter(|block| take(block).is_some());
            let known: Vec<String> = known.map(|block| block.name.value.clone()).collect();
            self.is_known(name, what, &known);
        }
        found
    }

    /// The therapies some rule speaks of.
    fn treatments(&self) -> Vec<String> {
        (0..)
            .zip(&self.guideline.therapies)
            .map(|(at, _)| self.guideline.therapy_name(TherapyId(at), self.catalog))
            .collect()
    }

    fn is_known(&mut self, name: &Spanned<String>, what: &str, known: &[String]) -> bool {
        let is_known = known.contains(&name.value);
        if !is_known {
            let message = format!("`{}` is no {what} of `{}`", name.value, self.guideline.info.id.value);
            let known: Vec<&str> = known.iter().map(String::as_str).collect();
            self.unknown(name, message, &known);
        }
        is_known
    }

    /// `drug_a.adherence`: something about a therapy of the guideline.
    pub(super) fn is_of_a_course(&self, name: &str) -> bool {
        name.rsplit_once('.').is_some_and(|(therapy, _)| self.treatments().iter().any(|known| known == therapy))
    }
}

fn ladder_of(block: &Block) -> Option<&Ladder> {
    if let BlockKind::Ladder(ladder) = &block.kind { Some(ladder) } else { None }
}

fn caution_of(block: &Block) -> Option<()> {
    matches!(&block.kind, BlockKind::Against(rule) if rule.kind == AgainstKind::Caution).then_some(())
}

fn suspicion_of(block: &Block) -> Option<()> {
    matches!(block.kind, BlockKind::Suspect(_)).then_some(())
}

fn algorithm_of(block: &Block) -> Option<&Algorithm> {
    if let BlockKind::Algorithm(algorithm) = &block.kind { Some(algorithm) } else { None }
}

/// The options of a ladder or a regimen.
fn options_of(block: &Block) -> Option<Vec<&LadderOption>> {
    Some(block.options()).filter(|options| !options.is_empty())
}

fn in_words(words: &[&str]) -> ValueKind {
    ValueKind::Words(words.iter().map(|word| (*word).to_owned()).collect())
}

/// A combination as the guideline orders it.
fn in_order(written: &str, known: &[String]) -> String {
    let sorted = |name: &str| {
        let mut parts: Vec<String> = name.split('+').map(|part| part.trim().to_owned()).collect();
        parts.sort_unstable();
        parts
    };
    let wanted = sorted(written);
    known.iter().find(|name| sorted(name) == wanted).cloned().unwrap_or_else(|| written.to_owned())
}
