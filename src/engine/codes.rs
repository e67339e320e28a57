//! Mistakes in how the folders of guidelines are laid out.

use crate::catalog::GuidelineInfo;
use crate::diagnostics::{Code, Diagnostic};
use crate::source::Span;

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

/// Every kind of mistake this room reports.
pub(super) const CODES: &[Code] = &[NO_INFO, OTHER_FOLDER, STRAY];

pub(super) fn stray(path: &str, span: Span) -> Diagnostic {
    Diagnostic::warning(STRAY, span, format!("`{path}` belongs to no guideline and is not read"))
        .note("rules stand in the folder of a release, `NAME/RELEASE/`; facts in `dictionary/`, treatments in `formulary/`, sources in `evidence/`")
}

pub(super) fn no_info(id: &str, release: &str, span: Span) -> Diagnostic {
    Diagnostic::error(NO_INFO, span, format!("the folder `{id}/{release}` has no guideline.yaml"))
        .note("add one that names id, release, language, title, status and answers")
}

pub(super) fn other_folder(info: &GuidelineInfo, id: &str, release: &str) -> Diagnostic {
    let own = format!("{}/{}", info.id.value, info.release);
    Diagnostic::error(
        OTHER_FOLDER,
        info.id.span,
        format!("this is `{own}`, and it stands in the folder `{id}/{release}`"),
    )
    .note("rename the folder, or correct id and release")
}
