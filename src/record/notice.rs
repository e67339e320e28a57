use crate::source::Span;

/// Something in a record that looks wrong and was kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// What is wrong.
    pub kind: NoticeKind,
    /// A sentence.
    pub text: String,
    /// Where.
    pub span: Span,
}

/// What looks wrong in a record that was kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeKind {
    /// A day before the date of birth.
    BeforeBirth,
    /// An age that is not the one by the date of birth.
    Age,
    /// A value of a fact that means nothing for this patient.
    NotApplicable,
    /// A fact that is recorded in two ways.
    TwoValues,
    /// A number that is unusual.
    Unusual,
    /// A drug that is not in the formulary.
    UnknownDrug,
    /// A drug given, stopped or judged before it began.
    BeforeStart,
    /// A day of a drug that stands twice.
    TwiceGiven,
    /// A dose that no rule can look at.
    Dose,
    /// An adherence of 1 % or less.
    Adherence,
    /// A judgement that no guideline that is asked asks for: known once guidelines are.
    UnknownJudgement,
}

impl NoticeKind {
    /// All there are.
    pub const ALL: [NoticeKind; 11] = [
        NoticeKind::BeforeBirth,
        NoticeKind::Age,
        NoticeKind::NotApplicable,
        NoticeKind::TwoValues,
        NoticeKind::Unusual,
        NoticeKind::UnknownDrug,
        NoticeKind::BeforeStart,
        NoticeKind::TwiceGiven,
        NoticeKind::Dose,
        NoticeKind::Adherence,
        NoticeKind::UnknownJudgement,
    ];

    /// The word for programs.
    pub fn word(self) -> &'static str {
        match self {
            NoticeKind::BeforeBirth => "before_birth",
            NoticeKind::Age => "age",
            NoticeKind::NotApplicable => "not_applicable",
            NoticeKind::TwoValues => "two_values",
            NoticeKind::Unusual => "unusual",
            NoticeKind::UnknownDrug => "unknown_drug",
            NoticeKind::BeforeStart => "before_start",
            NoticeKind::TwiceGiven => "twice_given",
            NoticeKind::Dose => "dose",
            NoticeKind::Adherence => "adherence",
            NoticeKind::UnknownJudgement => "unknown_judgement",
        }
    }

    /// What a person reads of several records.
    pub fn title(self) -> &'static str {
        match self {
            NoticeKind::BeforeBirth => "a day before the date of birth",
            NoticeKind::Age => "an age that is not the one by the date of birth",
            NoticeKind::NotApplicable => "a value of what means nothing for this patient",
            NoticeKind::TwoValues => "a fact recorded one way and reported another",
            NoticeKind::Unusual => "an unusual number",
            NoticeKind::UnknownDrug => "a drug that is not in the formulary",
            NoticeKind::BeforeStart => "a drug given, stopped or judged before it began",
            NoticeKind::TwiceGiven => "a day of a drug that stands twice",
            NoticeKind::Dose => "a dose that cannot be compared",
            NoticeKind::Adherence => "an adherence of 1 % or less",
            NoticeKind::UnknownJudgement => "a judgement that no guideline that is asked asks for",
        }
    }
}
