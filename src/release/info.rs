use std::collections::BTreeSet;

use super::{FlatBlock, codes};
use crate::catalog::{GuidelineInfo, LocalChoice, Sentences};
use crate::diagnostics::Diagnostic;
use crate::source::{SourceMap, Spanned};

/// What a release says of itself, while those it builds on are laid under it.
pub(super) struct Merging {
    /// The release, with what it takes over.
    pub(super) info: GuidelineInfo,
    /// Sentences for values of blocks, taken over.
    says: Vec<(Spanned<String>, Sentences)>,
    /// Local choices, taken over.
    choices: Vec<LocalChoice>,
}

impl Merging {
    /// The first release of a chain.
    pub(super) fn of(info: GuidelineInfo, mistakes: &mut Vec<Diagnostic>) -> Self {
        check_silence(&info, mistakes);
        Merging { info, says: Vec::new(), choices: Vec::new() }
    }

    /// The next release, laid over this one: what it gives itself wins.
    pub(super) fn overlaid(self, mut info: GuidelineInfo, mistakes: &mut Vec<Diagnostic>) -> Self {
        let earlier = self.info;
        mistakes.extend(codes::does_not_rise(&earlier, &info));
        if info.own_answers.is_none() {
            info.own_answers.clone_from(&earlier.own_answers);
        }
        if info.own_uses.is_none() {
            info.own_uses.clone_from(&earlier.own_uses);
        }
        check_silence(&info, mistakes);
        let answered = |name: &str| info.answers().iter().any(|answer| answer.value == name);
        let said = |name: &str| info.silent_on.iter().any(|(own, _)| own.value == name);
        let kept: Vec<_> =
            earlier.silent_on.into_iter().filter(|(name, _)| !answered(&name.value) && !said(&name.value)).collect();
        info.silent_on.extend(kept);
        let mut says = earlier.says;
        says.extend(self.says);
        says.retain(|(name, _)| info.says.iter().all(|(own, _)| own.value != name.value));
        let mut choices = earlier.local_choices;
        choices.extend(self.choices);
        choices.retain(|choice| info.local_choices.iter().all(|own| own.name.value != choice.name.value));
        Merging { info, says, choices }
    }

    /// The whole, without what nothing in the flat release asks for any more.
    pub(super) fn finish(self, sources: &SourceMap, blocks: &[FlatBlock]) -> GuidelineInfo {
        let Merging { mut info, says, choices } = self;
        let is_there = |name: &str| blocks.iter().any(|flat| flat.block.name.value == name);
        info.says.extend(says.into_iter().filter(|(name, _)| is_there(&name.value)));
        if !choices.is_empty() {
            let named = locals_named(blocks.iter().map(|flat| sources.slice(flat.block.span)));
            info.local_choices.extend(choices.into_iter().filter(|choice| named.contains(choice.name.value.as_str())));
        }
        info
    }
}

/// An answer is given, or the release is silent on it.
fn check_silence(info: &GuidelineInfo, mistakes: &mut Vec<Diagnostic>) {
    for (name, _) in &info.silent_on {
        if let Some(answer) = info.answers().iter().find(|answer| answer.value == name.value) {
            mistakes.push(codes::answered_and_silent(name, answer));
        }
    }
}

/// The local choices that texts of blocks name: `[local NAME]`.
pub fn locals_named<'a>(texts: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut named = BTreeSet::new();
    for text in texts {
        let mut words = text
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .filter(|word| !word.is_empty())
            .peekable();
        while let Some(word) = words.next() {
            if let Some(next) = words.peek().filter(|_| word == "local") {
                named.insert(*next);
            }
        }
    }
    named
}
