use std::fmt;

use crate::source::{Span, Spanned};
use crate::value::Date;

/// What a guideline says of itself, from its `guideline.yaml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuidelineInfo {
    /// `acr_eular_response`
    pub id: Spanned<String>,
    /// `2016.1.0`
    pub release: Spanned<Release>,
    /// The language it is written in: 1.
    pub language: u32,
    /// The title.
    pub title: String,
    /// One or two sentences for whom and for what.
    pub about: String,
    /// Draft, in use or retired.
    pub status: Status,
    /// The first day it holds.
    pub effective_from: Option<Spanned<Date>>,
    /// The release it builds on: `2018.1.0`, `2018.1`; of a local sheet `refractory_iim@2018.1`.
    pub builds_on: Option<Spanned<String>>,
    /// It is a hospital's own sheet, which may only add.
    pub local_sheet: bool,
    /// The answers it exists for, in the order they are shown; `None` where it takes over those it builds on.
    pub own_answers: Option<Vec<Spanned<String>>>,
    /// Answers that it has no question for, and what it says of each.
    pub silent_on: Vec<(Spanned<String>, String)>,
    /// Who wrote it down.
    pub authors: Vec<String>,
    /// What changed, in words.
    pub changes: Vec<String>,
    /// The releases of other guidelines whose blocks become its own: `acr_eular_response@2016.1`; `None` where it takes
    /// over those it builds on.
    pub own_uses: Option<Vec<Spanned<String>>>,
    /// Its local choices: a name for each number that no source gives, and why it is what it is.
    pub local_choices: Vec<LocalChoice>,
    /// What a colleague would say: a sentence for a value of an answer.
    pub says: Vec<(Spanned<String>, Sentences)>,
    /// The file.
    pub span: Span,
}

/// A sentence for each of some values of an answer.
pub type Sentences = Vec<(Spanned<String>, String)>;

impl GuidelineInfo {
    /// The answers it exists for, in the order they are shown.
    pub fn answers(&self) -> &[Spanned<String>] {
        self.own_answers.as_deref().unwrap_or_default()
    }

    /// The releases of other guidelines whose blocks become its own.
    pub fn uses(&self) -> &[Spanned<String>] {
        self.own_uses.as_deref().unwrap_or_default()
    }

    /// Name and release: `acr_eular_response@2016.1.0`.
    pub fn full_name(&self) -> String {
        format!("{}@{}", self.id.value, self.release.value)
    }
}

/// A number that no source gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalChoice {
    /// `weakness_cutoff`
    pub name: Spanned<String>,
    /// Why it is what it is.
    pub reason: String,
}

/// Three numbers: `2016.1.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Release(pub u32, pub u32, pub u32);

impl Release {
    /// Reads three numbers with points between them.
    pub fn read(text: &str) -> Option<Release> {
        let mut numbers = text.split('.').map(|part| {
            let plain = part.bytes().all(|byte| byte.is_ascii_digit()) && (part == "0" || !part.starts_with('0'));
            part.parse().ok().filter(|_| plain)
        });
        let release = Release(numbers.next()??, numbers.next()??, numbers.next()??);
        numbers.next().is_none().then_some(release)
    }
}

impl fmt::Display for Release {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}.{}", self.0, self.1, self.2)
    }
}

/// Whether a guideline is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `status: draft`
    Draft,
    /// `status: in use`
    InUse,
    /// `status: retired`
    Retired,
}
