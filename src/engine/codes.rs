//! Mistakes in how the folders of guidelines are laid out.

use super::WantedError;
use crate::catalog::GuidelineInfo;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::{Span, Spanned};

const NO_INFO: Code = Code {
    id: "E001",
    title: "a guideline without guideline.yaml",
    explanation: "Each release of a guideline is a folder `NAME/RELEASE` with a file `guideline.yaml` that says what it is: \
                  id, release, language, title, status, answers. Without it the rules beside it belong to nothing.",
};

const OTHER_FOLDER: Code = Code {
    id: "E002",
    title: "a guideline in the folder of another",
    explanation: "The folders are named as the guideline and its release are: `acr_eular_response/2016.1.0`. A reader, and \
                  whoever asks for a release, finds it by that name.",
};

const STRAY: Code = Code {
    id: "E003",
    title: "a file that belongs to nothing",
    explanation: "A folder of rules holds `dictionary/*.yaml`, `formulary/*.yaml`, `evidence/*.yaml` and for each release of a guideline \
                  `NAME/RELEASE/guideline.yaml`, its `*.rules` and `cases/*.yaml`. A file elsewhere is not read, which is \
                  seldom what was meant.",
};

const CANNOT_USE: Code = Code {
    id: "E004",
    title: "a guideline that cannot be used",
    explanation: "`uses: [NAME@RELEASE]` in guideline.yaml makes the blocks of another guideline's release those of this one, \
                  all but its `covers` and its promises. There must be such a release, and no guideline can use itself, \
                  another release of itself, or one that uses it.",
};

const TWO_REASONS: Code = Code {
    id: "E005",
    title: "a local choice with two reasons",
    explanation: "A guideline that uses another takes over the local choices that its blocks name. A choice that both have \
                  under one name must have the same words, since a reader could not tell which of them is meant.",
};

/// Every kind of mistake this room reports.
pub(super) const CODES: &[Code] = &[NO_INFO, OTHER_FOLDER, STRAY, CANNOT_USE, TWO_REASONS];

/// A name under `uses` that is no guideline, or has no such release.
pub(super) fn not_there(wanted: &Spanned<String>, error: &WantedError) -> Diagnostic {
    match error {
        WantedError::Unknown { name, near } => {
            let mistake = Diagnostic::error(
                CANNOT_USE,
                wanted.span,
                format!("there is no guideline `{name}` that could be used"),
            );
            match near {
                Some(near) => {
                    let meant = wanted.value.replacen(name.as_str(), near, 1);
                    mistake.fix(format!("did you mean `{meant}`?"), wanted.span, meant)
                }
                None => {
                    mistake.note("name the folder of a guideline of these rules, as in `uses: [other_guideline@1.0]`")
                }
            }
        }
        WantedError::NoRelease { name, release, releases } => {
            let message = format!("`{name}` has no release `{release}` that could be used");
            let names: Vec<String> = releases.iter().map(|release| format!("`{name}@{release}`")).collect();
            Diagnostic::error(CANNOT_USE, wanted.span, message).note(format!("there is {}", names.join(", ")))
        }
    }
}

/// A name under `uses` that leads back; `circle` is the guidelines on the way, the one that is used again first.
pub(super) fn uses_itself(wanted: &Spanned<String>, again: &str, circle: &[&str]) -> Diagnostic {
    let message = match circle {
        [] | [_] => format!("`{again}` uses itself"),
        [first, rest @ ..] => {
            let steps: Vec<String> = rest.iter().map(|name| format!("uses `{name}`, which ")).collect();
            format!("a circle: `{first}` {}uses `{again}`", steps.concat())
        }
    };
    Diagnostic::error(CANNOT_USE, wanted.span, message)
        .note("take it out of `uses`, or move the blocks that both need to a guideline of their own")
}

/// A local choice of a used guideline whose name means something else here.
pub(super) fn two_reasons(first: &Spanned<String>, second: &Spanned<String>) -> Diagnostic {
    let message = format!("the local choice `{}` is explained in two ways", first.value);
    Diagnostic::error(TWO_REASONS, first.span, message)
        .label("here")
        .also(second.span, "and otherwise here, in a guideline that is used")
        .note("give one of them another name, or write the same words")
}

pub(super) fn stray(path: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(STRAY, span, format!("`{path}` belongs to no guideline and is not read"))
        .note("rules stand in the folder of a release, `NAME/RELEASE/`; facts in `dictionary/`, treatments in `formulary/`, sources in `evidence/`")
}

pub(super) fn no_info(id: &str, release: &str, span: Span) -> Diagnostic {
    Diagnostic::error(NO_INFO, span, format!("the folder `{id}/{release}` has no guideline.yaml"))
        .note("add one that names id, release, language, title, status and answers")
}

pub(super) fn other_folder(info: &GuidelineInfo, id: &str, release: &str) -> Diagnostic {
    let own = format!("{}/{}", info.id.value, info.release.value);
    Diagnostic::error(
        OTHER_FOLDER,
        info.id.span,
        format!("this is `{own}`, and it stands in the folder `{id}/{release}`"),
    )
    .note("rename the folder, or correct id and release")
}
