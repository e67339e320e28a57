//! What a case expects beside the answers: conclusions, verdicts, lines, advice, courses, the path through an algorithm.

use super::codes::NOT_A_VALUE;
use super::from_yaml::{Reader, ValueKind, Values, entries};
use super::{Case, Expected, Member};
use crate::diagnostics::Diagnostic;
use crate::explain::{AdviceVerdict, Explanation, LadderShown, Lit, OptionShown, Possible, RegimenShown};
use crate::model::{Algorithm, Block, BlockKind, CourseState, Ladder, LadderOption, LineState, TherapyId, Verdict};
use crate::source::Spanned;
use crate::yaml::{self, Node, expect_text};

/// The keys of `expect` that are read here.
pub(super) const KEYS: [&str; 6] = ["conclusions", "verdicts", "lines", "advice", "courses", "path"];

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
    /// `path: {disposition: [organ_threat_check, treatment_check]}`: the steps the patient certainly comes to, and no
    /// other.
    Path(String),
}

impl Part {
    /// As a message names it.
    pub(super) fn name(&self) -> String {
        match self {
            Part::Conclusion(name) | Part::Advice(name) | Part::Course(name) => name.clone(),
            Part::Verdict(ladder, of) | Part::Line(ladder, of) => format!("{ladder}.{of}"),
            Part::Path(algorithm) => format!("the path through {algorithm}"),
        }
    }

    /// It is of a block of that name.
    pub fn is_of(&self, block: &str) -> bool {
        match self {
            Part::Conclusion(name) | Part::Advice(name) | Part::Course(name) | Part::Path(name) => name == block,
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
                options(explanation, block).find(|one| one.id == *option).map(|one| one.verdict.possible.clone())
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
            Part::Path(name) => {
                let chart = explanation.flowcharts.iter().find(|chart| chart.id == *name)?;
                let steps = chart.steps.iter().filter(|step| step.reached == Lit::Yes);
                Some(Possible::Choice(steps.map(|step| step.id.clone()).collect()))
            }
        }
    }
}

/// The options of a ladder or a regimen.
fn options<'a>(explanation: &'a Explanation, block: &str) -> impl Iterator<Item = &'a OptionShown> {
    let ladders = explanation.ladders.iter().filter(move |one| one.id == block).flat_map(LadderShown::options);
    let regimens = explanation.regimens.iter().filter(move |one| one.id == block).flat_map(RegimenShown::options);
    ladders.chain(regimens)
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

    fn path(&mut self, name: &Spanned<String>, node: &Node, case: &mut Case) {
        let Some(algorithm) = self.block_with(name, "algorithm", algorithm_of) else { return };
        let own: Vec<String> = algorithm.steps.iter().map(|step| step.name.value.clone()).collect();
        let mut mistakes = Vec::new();
        let items = yaml::expect_sequence(node, "the steps of a path", &mut mistakes).unwrap_or(&[]);
        let named: Vec<Spanned<String>> = items
            .iter()
            .filter_map(|item| expect_text(item, "each step", &mut mistakes).map(|text| text.map(str::to_owned)))
            .collect();
        self.mistakes.append(&mut mistakes);
        let known = named.iter().filter(|step| self.is_known(step, "step", &own)).count();
        if known == named.len() && !named.is_empty() {
            let members = named.into_iter().map(|step| Member::Word(step.value)).collect();
            let expected = Spanned::new(Expected::Possible(members), node.span);
            case.parts.push((Spanned::new(Part::Path(name.value.clone()), name.span), expected));
        }
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
