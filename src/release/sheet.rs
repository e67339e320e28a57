use super::begins_with;
use super::codes;
use crate::catalog::GuidelineInfo;
use crate::diagnostics::Diagnostic;
use crate::syntax::Module;
use crate::syntax::tree::{Body, Construct};

/// What a hospital's own sheet says that it must not: anything but additions.
pub fn check_sheet(info: &GuidelineInfo, modules: &[Module]) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    if let Some(answer) = info.answers().first() {
        let help = "leave `answers` out: those of the release stay as they are";
        mistakes.push(codes::sheet_info(answer.span, "a local sheet has no answers of its own", help));
    }
    if let Some(used) = info.uses().first() {
        mistakes.push(codes::sheet_info(used.span, "a local sheet uses no other guideline", "leave `uses` out"));
    }
    if let Some((name, _)) = info.silent_on.first() {
        mistakes.push(codes::sheet_info(name.span, "a local sheet silences nothing", "leave `silent_on` out"));
    }
    for module in modules {
        for block in &module.blocks {
            if let Some(change) = &block.change {
                mistakes.push(codes::not_in_a_sheet(change.span, "a change of the release"));
            } else if let Some(reason) = &block.reason {
                mistakes.push(codes::not_in_a_sheet(reason.span, "`because`"));
            } else if !may_add(block.body.construct()) {
                let what = format!("`{}`", block.body.construct().keyword());
                mistakes.push(codes::not_in_a_sheet(block.head, &what));
            } else if let Body::Advice(advice) = &block.body
                && let Some(first) = advice.conflicts.first()
            {
                mistakes.push(codes::not_in_a_sheet(
                    first.span,
                    "`conflicts with`, which could beat what the release says,",
                ));
            }
        }
        mistakes.extend(module.withdrawals.iter().map(|one| codes::not_in_a_sheet(one.span, "`withdraws`")));
    }
    mistakes
}

/// A sheet among the releases, or a release among the sheets.
pub fn misplaced_sheet(info: &GuidelineInfo, is_sheet: bool) -> Option<Diagnostic> {
    let at = info.id.span;
    let builds = info.builds_on.as_ref();
    match (info.local_sheet, is_sheet) {
        (true, false) => {
            let help = "put it in a folder of its own and name that with `--local`";
            Some(codes::sheet_info(at, "a local sheet stands outside the folder of the rules", help))
        }
        (false, true) => {
            let help = "write `local_sheet: yes`, and what it builds on: `builds_on: guideline@2021.1`";
            Some(codes::sheet_info(at, "what is given with `--local` is a local sheet", help))
        }
        (true, true) if builds.is_none_or(|name| !name.value.contains('@')) => {
            let at = builds.map_or(at, |name| name.span);
            let help = "name both, as in `builds_on: guideline@2021.1`";
            Some(codes::sheet_info(at, "a local sheet builds on a release of a guideline", help))
        }
        (true | false, _) => None,
    }
}

fn may_add(construct: Construct) -> bool {
    matches!(construct, Construct::Avoid | Construct::Caution | Construct::Prefer | Construct::Advice)
}

/// The sheet is made for that release.
pub fn is_sheet_for(sheet: &GuidelineInfo, guideline: &GuidelineInfo) -> bool {
    let Some((id, release)) = sheet.builds_on.as_ref().and_then(|name| name.value.split_once('@')) else {
        return false;
    };
    id == guideline.id.value && begins_with(&guideline.release.value.to_string(), release)
}
