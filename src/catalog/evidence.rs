use crate::source::Spanned;

/// A source: a paper, a guideline, a label, a report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// `aggarwal_2017`
    pub key: Spanned<String>,
    /// `Aggarwal R, Rider LG, Ruperto N, et al.`
    pub authors: String,
    /// The title.
    pub title: String,
    /// Journal, volume, pages.
    pub published: String,
    /// Year of publication.
    pub year: Option<u16>,
    /// Digital object identifier, without `https://doi.org/`.
    pub doi: Option<String>,
    /// `criteria`, `guideline`, `trial`, `review`, `label`, `meeting report`.
    pub kind: String,
    /// What of it could be read when it was encoded: `abstract and table 3`.
    pub readable: String,
    /// How far what is cited from it was verified.
    pub mark: Mark,
    /// Places in it whose mark differs, or that need a word.
    pub parts: Vec<EvidencePart>,
    /// What a trial did and found.
    pub trial: Option<Trial>,
}

/// What a trial did and found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Trial {
    /// `phase 3, randomised, placebo-controlled`
    pub design: String,
    /// How many were randomised or enrolled.
    pub n: Option<u32>,
    /// Who they were.
    pub population: Option<String>,
    /// What was compared.
    pub comparison: Option<String>,
    /// The primary endpoint.
    pub endpoint: String,
    /// What came of it.
    pub result: String,
    /// Its step on the scale of evidence: `1b+`.
    pub level: Option<&'static str>,
    /// Its numbers in registers of trials.
    pub registry: Vec<String>,
}

/// A place in a source with a mark of its own: `enzyme ranges: unverified`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EvidencePart {
    /// As a citation names it, after the key.
    pub place: String,
    /// Its mark.
    pub mark: Mark,
    /// A word about it.
    pub note: Option<String>,
}

/// How far a statement was verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Mark {
    /// Our own choice: no source gives it.
    LocalDefault,
    /// Carried from memory; no copy could be opened.
    Unverified,
    /// One of the two meeting reports the project started from.
    FoundingReport,
    /// Read in another source that reports it.
    Secondary,
    /// Read in a copy of the source itself.
    Verified,
}

impl Mark {
    /// The words a person reads.
    pub fn words(self) -> &'static str {
        match self {
            Mark::LocalDefault => "local default",
            Mark::Unverified => "unverified",
            Mark::FoundingReport => "founding report",
            Mark::Secondary => "secondary",
            Mark::Verified => "verified",
        }
    }
}

impl Evidence {
    /// The mark of a place in it: that of the part it names, else that of the whole.
    pub fn mark_of(&self, place: Option<&str>) -> Mark {
        self.parts.iter().find(|part| Some(part.place.as_str()) == place).map_or(self.mark, |part| part.mark)
    }
}
