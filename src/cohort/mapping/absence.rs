use crate::catalog::FactKind;
use crate::value::Number;

/// What a code of a registry says of a value that is not there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// `unknown`
    Unknown,
    /// `not done`, `not measured`
    NotDone,
    /// `pending`
    Pending,
    /// `refused`
    Refused,
    /// `not applicable`
    NotApplicable,
    /// `left out`: the record does not speak of it.
    LeftOut,
    /// `a value`: it is no code in this column.
    Value,
}

impl Absence {
    /// The record does not speak of it.
    pub const LEFT_OUT: &'static str = "left out";

    /// The words of a mapping.
    pub const WORDS: [(&'static str, Absence); 8] = [
        ("unknown", Absence::Unknown),
        ("not done", Absence::NotDone),
        ("not measured", Absence::NotDone),
        ("pending", Absence::Pending),
        ("refused", Absence::Refused),
        ("not applicable", Absence::NotApplicable),
        (Absence::LEFT_OUT, Absence::LeftOut),
        ("a value", Absence::Value),
    ];

    /// What a record says of a fact of that kind: `None` where it does not speak of it. A record has no word for *not
    /// applicable*, since the dictionary says for whom a fact means anything.
    pub fn in_record(self, kind: Option<&FactKind>) -> Option<&'static str> {
        match self {
            Absence::Unknown | Absence::NotApplicable | Absence::Value => Some("unknown"),
            Absence::Pending => Some("pending"),
            Absence::Refused => Some("refused"),
            Absence::LeftOut => None,
            Absence::NotDone => match kind {
                Some(FactKind::Number(_)) => Some("not measured"),
                Some(kind @ FactKind::Choice { .. }) if kind.position(FactKind::NOT_DONE).is_some() => {
                    Some(FactKind::NOT_DONE)
                }
                Some(FactKind::Choice { .. } | FactKind::Date) | None => Some("unknown"),
            },
        }
    }
}

/// Codes and what they say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Codes {
    /// What an empty cell says.
    pub empty: Absence,
    /// The codes as written, each with its number where it is one, so that `-9` is also `-9.0`.
    pub codes: Vec<(String, Option<Number>, Absence)>,
}

impl Default for Codes {
    fn default() -> Self {
        Codes { empty: Absence::Unknown, codes: Vec::new() }
    }
}

impl Codes {
    /// What a cell says, where it is a code; the number is that of the cell.
    pub fn find(&self, text: &str, number: Option<Number>) -> Option<Absence> {
        if text.is_empty() {
            return Some(self.empty);
        }
        let mut codes = self.codes.iter();
        let as_written = codes.clone().find(|(code, ..)| code == text);
        let found = as_written.or_else(|| codes.find(|(_, own, _)| number.is_some() && *own == number));
        found.map(|(_, _, absence)| *absence)
    }
}
