//! Mistakes in how a release builds on another.

use super::FlatBlock;
use crate::catalog::{GuidelineInfo, Release};
use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{Block, Construct, Withdrawal};

const CANNOT_BUILD: Code = Code {
    id: "B001",
    title: "a release that cannot be built on",
    explanation: "`builds_on: 2018.1.0` in guideline.yaml names one earlier release of the same guideline; `builds_on: 2018.1` \
                  the newest of that number, so that a correction of it flows on. No release can build on itself, or on one that \
                  builds on it. The blocks of another guideline come with `uses`.",
};

const DOES_NOT_RISE: Code = Code {
    id: "B002",
    title: "a release that is not later than the one it builds on",
    explanation: "A release that builds on another has a higher number and a later first day, `effective_from`: by that day \
                  the release in force is found.",
};

const BUILDS_ON_NONE: Code = Code {
    id: "B003",
    title: "a change where there is nothing to change",
    explanation: "`new`, `replaces`, `withdraws` and `because` stand in a release that builds on another. A release without \
                  `builds_on` holds whole blocks: `finding weak \"Weakness\"`.",
};

const SAYS_NO_CHANGE: Code = Code {
    id: "B004",
    title: "a block does not say what it changes",
    explanation: "In a release that builds on another every block begins with `new`, `replaces` or `withdraws` and says why, so \
                  that a reader sees what changed: `replaces finding weak \"Weakness\" because \"a new limit\" [key]`.",
};

const CHANGES_NOTHING: Code = Code {
    id: "B005",
    title: "nothing of that name to change",
    explanation: "`replaces` and `withdraws` name a block of the release that is built on, as that release has it after all its own \
                  changes. A block that was not there is `new`. Blocks that come with `uses` are changed in their own guideline.",
};

const HIDES: Code = Code {
    id: "B006",
    title: "a block that is there already",
    explanation: "`new` is for a block that the release built on does not have: else a reader of the old release would not \
                  learn that it is gone. Write `replaces`, or give the block another name. A release changes a block once.",
};

const STILL_USED: Code = Code {
    id: "B007",
    title: "a withdrawn block is still used",
    explanation: "Nothing that stays may name a block that is withdrawn. Replace the blocks that use it, and answers and \
                  sentences of guideline.yaml with them, or replace the block where it was to be withdrawn.",
};

const ANSWERED_AND_SILENT: Code = Code {
    id: "B008",
    title: "an answer on which the release is silent",
    explanation: "`silent_on` is for answers that a release has no question for; those it has stand under `answers`. A release \
                  that builds on another takes over both, and an answer it gives ends the silence.",
};

const TAKES_NOTHING_OVER: Code = Code {
    id: "B009",
    title: "nothing is left of the release that is built on",
    explanation: "A release of which every block is its own does not build on another. Leave out `builds_on`, and with it \
                  `new`, `replaces` and `because`.",
};

const SHEET: Code = Code {
    id: "B010",
    title: "a local sheet may only add",
    explanation: "A hospital's sheet adds `avoid`, `caution`, `prefer` and `advice` to a release, each marked as local wherever \
                  it is printed. What is not available is a caution in words: `caution no_drug: drug_name \"not available here\"`. It \
                  replaces and withdraws nothing, and has no answers of its own.",
};

const LOCK: Code = Code {
    id: "B011",
    title: "a release has changed since it was locked",
    explanation: "`releases.lock` holds the hash of each flat release. A release in use whose hash has moved gets a new patch \
                  number, so that nobody answers differently under one name: rename its folder and its `release`. A draft may move: \
                  `myoguide check --lock`, with the folder of the rules, writes its hash anew.",
};

const UNKNOWN_SOURCE: Code = Code {
    id: "B012",
    title: "a withdrawal rests on a source that is not known",
    explanation: "What stands in brackets behind a withdrawal is an entry of `evidence/`, as with any block: \
                  `withdraws finding weak because \"superseded\" [key]`.",
};

/// Every kind of mistake this room reports.
pub const CODES: &[Code] = &[
    CANNOT_BUILD,
    DOES_NOT_RISE,
    BUILDS_ON_NONE,
    SAYS_NO_CHANGE,
    CHANGES_NOTHING,
    HIDES,
    STILL_USED,
    ANSWERED_AND_SILENT,
    TAKES_NOTHING_OVER,
    SHEET,
    LOCK,
    UNKNOWN_SOURCE,
];

/// How a block is named in the rules: `course failed`, `finding weak`.
fn said(construct: Construct, name: &str) -> String {
    let keyword = construct.keyword();
    if matches!(construct, Construct::Covers | Construct::Precedence) {
        return keyword.to_owned();
    }
    format!("{keyword} {}", name.strip_prefix(&prefix(construct)).unwrap_or(name))
}

/// What stands before the name of a block in the tree, where its keyword does.
fn prefix(construct: Construct) -> String {
    let composed = matches!(construct, Construct::Course | Construct::Source);
    if composed { format!("{}_", construct.keyword()) } else { String::new() }
}

fn block_said(block: &Block) -> String {
    said(block.body.construct(), &block.name.value)
}

/// A release under `builds_on` that is not there.
pub fn nothing_to_build_on(wanted: &Spanned<String>, id: &str, releases: &[&str]) -> Diagnostic {
    let message = format!("`{id}` has no release `{}` that could be built on", wanted.value);
    let mistake = Diagnostic::error(CANNOT_BUILD, wanted.span, message);
    if let Some(near) = suggest::nearest(&wanted.value, releases.iter().copied()) {
        return mistake.fix(format!("did you mean `{near}`?"), wanted.span, near);
    }
    match releases {
        [] => mistake.note("there is no other release of it; without `builds_on` the release stands alone"),
        _ => mistake.note(format!("there is {}", listed(releases))),
    }
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// A release that builds on one of another guideline.
pub fn another_guideline(wanted: &Spanned<String>, own: &str) -> Diagnostic {
    let message = format!("a release of `{own}` builds on another release of `{own}`");
    Diagnostic::error(CANNOT_BUILD, wanted.span, message).note(format!(
        "write the release alone, as in `builds_on: 2018.1.0`; for the blocks of another guideline write `uses: [{}]`",
        wanted.value
    ))
}

/// A release that builds on itself in the end; `circle` is the releases on the way.
pub fn circle(wanted: &Spanned<String>, again: &str, circle: &[String]) -> Diagnostic {
    let message = match circle {
        [] | [_] => format!("the release `{again}` builds on itself"),
        [first, rest @ ..] => {
            let steps: Vec<String> = rest.iter().map(|name| format!("builds on `{name}`, which ")).collect();
            format!("a circle: `{first}` {}builds on `{again}`", steps.concat())
        }
    };
    Diagnostic::error(CANNOT_BUILD, wanted.span, message)
        .note("a release builds on an earlier one; the first builds on none")
}

/// The number and the first day of a release are later than those of the release it builds on.
pub(super) fn does_not_rise(earlier: &GuidelineInfo, info: &GuidelineInfo) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    if info.release.value <= earlier.release.value {
        let message = format!("the release `{}` is not higher than `{}`", info.release.value, earlier.release.value);
        let mistake = Diagnostic::error(DOES_NOT_RISE, info.release.span, message);
        mistakes.push(mistake.note("it builds on that release, so its number is a higher one"));
    }
    match (&info.effective_from, &earlier.effective_from) {
        (None, _) => {
            let message = "a release that builds on another has a first day";
            let mistake = Diagnostic::error(DOES_NOT_RISE, info.release.span, message);
            mistakes.push(mistake.note("give it, as in `effective_from: 2021-08-01`"));
        }
        (Some(own), Some(before)) if own.value <= before.value => {
            let message =
                format!("the first day is not later than that of `{}`, {}", earlier.release.value, before.value);
            let mistake =
                Diagnostic::error(DOES_NOT_RISE, own.span, message).also(before.span, "the first day of that release");
            mistakes.push(mistake.note("a release comes into force after the one it builds on"));
        }
        (Some(_), _) => {}
    }
    mistakes
}

fn in_root(at: Span, word: &str, info: &GuidelineInfo) -> Diagnostic {
    let message =
        format!("`{word}` stands in a release that builds on another, and `{}` builds on none", info.full_name());
    Diagnostic::error(BUILDS_ON_NONE, at, message)
}

/// `new` or `because` in a release that builds on none.
pub(super) fn builds_on_none(block: &Block, info: &GuidelineInfo) -> Option<Diagnostic> {
    let help = "leave it out, or name the release in guideline.yaml: `builds_on: 2018.1.0`";
    if let Some(change) = &block.change {
        let word = match change.value {
            crate::syntax::tree::Change::New => "new",
            crate::syntax::tree::Change::Replaces => "replaces",
        };
        return Some(in_root(change.span, word, info).note(help));
    }
    block.reason.as_ref().map(|reason| in_root(reason.span, "because", info).note(help))
}

/// `withdraws` in a release that builds on none.
pub(super) fn withdraws_from_none(withdrawal: &Withdrawal, info: &GuidelineInfo) -> Diagnostic {
    in_root(withdrawal.span, "withdraws", info)
        .note("take the block itself out, or name the release in guideline.yaml: `builds_on: 2018.1.0`")
}

/// A block that begins with its keyword in a release that builds on another.
pub(super) fn says_no_change(block: &Block, is_there: bool, earlier: &GuidelineInfo) -> Diagnostic {
    let what = block_said(block);
    let release = earlier.full_name();
    let (word, known) = if is_there { ("replaces", "has") } else { ("new", "does not have") };
    let message = format!("`{what}` does not say what it is to the release that is built on");
    let start = Span { end: block.head.start, ..block.head };
    let mistake = Diagnostic::error(SAYS_NO_CHANGE, block.head, message);
    let mistake = mistake.fix(format!("`{release}` {known} it"), start, format!("{word} "));
    if block.reason.is_some() {
        mistake
    } else {
        mistake.note("and end the head with why: `because \"…\"`, before the sources")
    }
}

fn nothing(
    word: &str,
    construct: Construct,
    name: &Spanned<String>,
    known: &[&str],
    earlier: &GuidelineInfo,
) -> (Diagnostic, bool) {
    let what = said(construct, &name.value);
    let message = format!("`{what}` {word} nothing: `{}` has no such block", earlier.full_name());
    let mistake = Diagnostic::error(CHANGES_NOTHING, name.span, message);
    let prefix = prefix(construct);
    let own = name.value.strip_prefix(&prefix).unwrap_or(&name.value);
    let near = suggest::nearest(own, known.iter().filter_map(|name| name.strip_prefix(prefix.as_str())));
    let found = near.is_some();
    let mistake = match near {
        Some(near) => mistake.fix(format!("did you mean `{near}`?"), name.span, near),
        None => mistake.note(format!("`myoguide show {}` lists its blocks", earlier.full_name())),
    };
    (mistake, found)
}

/// A withdrawal of what is not there.
pub(super) fn withdraws_nothing(withdrawal: &Withdrawal, known: &[&str], earlier: &GuidelineInfo) -> Diagnostic {
    nothing("withdraws", withdrawal.construct, &withdrawal.name, known, earlier).0
}

/// A replacement of what is not there.
pub(super) fn replaces_nothing(block: &Block, known: &[&str], earlier: &GuidelineInfo) -> Diagnostic {
    let (mistake, near) = nothing("replaces", block.body.construct(), &block.name, known, earlier);
    match &block.change {
        Some(change) if !near => mistake.fix("if it was not there before, write `new`", change.span, "new"),
        Some(_) | None => mistake,
    }
}

/// A withdrawal by the keyword of another kind of block.
pub(super) fn withdraws_another_kind(withdrawal: &Withdrawal, found: Construct) -> Diagnostic {
    let right = found.keyword();
    let message = format!("`{}` is a block of another kind: `{right}`", withdrawal.name.value);
    Diagnostic::error(CHANGES_NOTHING, withdrawal.keyword, message).fix(
        format!("write `{right}`"),
        withdrawal.keyword,
        right,
    )
}

/// A new block under a name that is taken.
pub(super) fn hides(block: &Block, found: &FlatBlock) -> Diagnostic {
    let message = format!("`{}` is not new: `{}` has it", block_said(block), found.from);
    let mistake = Diagnostic::error(HIDES, block.name.span, message).also(found.block.name.span, "it is here");
    match &block.change {
        Some(change) => mistake.fix("to put this in its place, write `replaces`", change.span, "replaces"),
        None => mistake,
    }
}

/// A block that one release changes twice.
pub(super) fn changed_twice(block: &Block, found: &FlatBlock) -> Diagnostic {
    let message = format!("`{}` is changed twice in one release", block_said(block));
    Diagnostic::error(HIDES, block.name.span, message)
        .also(found.block.name.span, "it stands here already")
        .note("a release says of a block once what it is; leave one of them out")
}

/// What stays names a block that is withdrawn: `uses` are the places, each with who uses it.
pub fn still_used(name: &Spanned<String>, uses: &[(Span, String)]) -> Diagnostic {
    let mut named: Vec<&str> = uses.iter().map(|(_, user)| user.as_str()).collect();
    named.dedup();
    let message = format!("`{}` is withdrawn and still used by {}", name.value, listed(&named));
    let mistake = Diagnostic::error(STILL_USED, name.span, message);
    let mistake = uses.iter().fold(mistake, |mistake, (at, user)| mistake.also(*at, format!("`{user}` uses it")));
    mistake.note("replace what uses it, or write `replaces` in the place of `withdraws`")
}

/// An answer under `answers` and under `silent_on`.
pub(super) fn answered_and_silent(name: &Spanned<String>, answer: &Spanned<String>) -> Diagnostic {
    let message = format!("the release answers `{}`, and is silent on it", name.value);
    Diagnostic::error(ANSWERED_AND_SILENT, name.span, message)
        .also(answer.span, "it is an answer here")
        .note("take it out of `silent_on` or of `answers`; a release that builds on another lists its own answers where they differ")
}

/// A release of which nothing comes from the one it builds on.
pub(super) fn takes_nothing_over(builds_on: &Spanned<String>) -> Diagnostic {
    let message = format!("nothing is left of `{}`: every block is this release's own", builds_on.value);
    Diagnostic::warning(TAKES_NOTHING_OVER, builds_on.span, message)
        .note("leave out `builds_on`, and `new`, `replaces` and `because` with it")
}

/// A source of a withdrawal that no evidence entry has.
pub fn unknown_source<'a>(key: &Spanned<String>, known: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = format!("no evidence entry is called `{}`", key.value);
    let mistake = Diagnostic::error(UNKNOWN_SOURCE, key.span, message);
    match suggest::nearest(&key.value, known) {
        Some(near) => mistake.fix(format!("did you mean `{near}`?"), key.span, near),
        None => mistake.note("add it to a file in `evidence/`, or cite another"),
    }
}

/// A block that a local sheet must not have.
pub(super) fn not_in_a_sheet(at: Span, what: &str) -> Diagnostic {
    Diagnostic::error(SHEET, at, format!("{what} in a local sheet, which may only add"))
        .note("a local sheet has `avoid`, `caution`, `prefer` and `advice`")
}

/// A local sheet that says what only a release can.
pub(super) fn sheet_info(at: Span, message: &str, help: &str) -> Diagnostic {
    Diagnostic::error(SHEET, at, message).note(help)
}

/// The mistake is about `releases.lock`.
pub fn is_of_lock(mistake: &Diagnostic) -> bool {
    mistake.code == LOCK
}

/// A release in use whose hash has moved.
pub(super) fn patch_needed(info: &GuidelineInfo, next: Release) -> Diagnostic {
    let id = &info.id.value;
    let release = info.release.value;
    let message = format!("`{id}@{release}` is in use and its rules have changed");
    Diagnostic::error(LOCK, info.release.span, message).note(format!(
        "rename the folder `{id}/{release}` to `{id}/{next}` and write `release: {next}`, then run `myoguide check --lock`"
    ))
}

/// A release that the lock does not hold as it is.
pub(super) fn renew_lock(info: &GuidelineInfo, is_known: bool) -> Diagnostic {
    let how = if is_known { "has changed since it was written into" } else { "is not in" };
    let message = format!("`{}` {how} releases.lock", info.full_name());
    Diagnostic::warning(LOCK, info.release.span, message)
        .note("`myoguide check --lock`, with the folder of the rules, writes it")
}
