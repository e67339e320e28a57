use crate::diagnostics::{Code, Diagnostic, suggest};
use crate::source::{Span, Spanned};

pub(super) const BAD_NAME: Code = Code {
    id: "C001",
    title: "a name that cannot be used",
    explanation: "Names of facts, reports, treatments, sources and guidelines are small letters, digits and `_`, beginning with a \
                  letter: `antibody_a`. Words of the rules language (`is`, `of`, `yes`, `latest`, …) and keys of a record \
                  (`date`, `role`, …) cannot be names, since a rule or a record could then be read in two ways.",
};
pub(super) const DEFINED_TWICE: Code = Code {
    id: "C002",
    title: "a name is defined twice",
    explanation: "Each fact, report, treatment, class and source is defined once in all files of the catalog; which of two \
                  definitions holds must not depend on the order of files. Remove or rename one. An earlier name \
                  (`formerly`) must not be the name of another fact, another name of a treatment (`names`, \
                  `preparations`) not that of a second one.",
};
pub(super) const UNKNOWN_WORD: Code = Code {
    id: "C003",
    title: "not one of the words that can stand here",
    explanation: "Some keys take one of a few words: `type` is `yes or no`, `choice`, `number`, `whole number` or \
                  `date`; `recorded` is `visits`, `facts` or `patient`; `better` is `higher` or `lower`.",
};
pub(super) const BAD_NUMBER: Code = Code {
    id: "C004",
    title: "not a number or range as it is written here",
    explanation: "A number is digits with a point as decimal mark; a range is two of them, the lower first: \
                  `range: 0 to 150`. `usual` lies inside `range`, and the first of `scales` is the end of the range. How \
                  much of a treatment one unit of a preparation is, is above zero.",
};
pub(super) const UNKNOWN_UNIT: Code = Code {
    id: "C005",
    title: "a unit that is not known",
    explanation: "Units come from a closed list, so that every conversion is exact: `U/L`, `mg/L`, `cm`, `%`, `years`, \
                  … A fact without a unit is a bare number.",
};
pub(super) const BAD_VALUES: Code = Code {
    id: "C006",
    title: "the values of a choice cannot be used",
    explanation: "A choice has at least two and at most 64 values, each once, written as one word (`DM`, \
                  `not_improved`). Write `values: [a, b]`, or `name: label` lines where a person needs other words.",
};
pub(super) const DOES_NOT_GO: Code = Code {
    id: "C007",
    title: "a key that does not go with this kind of fact",
    explanation: "`values` belongs to choices; `unit`, `range`, `usual`, `upper_limit`, `scales`, `conversions` and `grades` to \
                  numbers; `may_be_not_done`, `presume` and `report` to yes/no facts and choices. A number is never \
                  taken for granted.",
};
pub(super) const UNKNOWN_REFERENCE: Code = Code {
    id: "C008",
    title: "a name of nothing in the catalog",
    explanation: "`report`, `carries`, `applies_when` and `derived` name facts and reports of the dictionary, the `classes` \
                  of a treatment those of the formulary: `class NAME:`. A dated status names a treatment of the formulary, \
                  and an indication, a source and a region of the evidence: `indication NAME:`, `region NAME:`.",
};
pub(super) const BAD_APPLIES_WHEN: Code = Code {
    id: "C009",
    title: "`applies_when` cannot be used as it stands",
    explanation: "`applies_when: {fact: ever_smoked, is: yes, otherwise: 0}` names a choice or yes/no, one or more of \
                  its values, and the value this fact has for everybody else.",
};
pub(super) const BAD_DERIVED: Code = Code {
    id: "C010",
    title: "`derived` cannot be read",
    explanation: "A number can be worked out from dates: `age at onset`, `years from onset to diagnosis_date`, \
                  `months from onset to as_of`. The moments are facts that are dates, and `as_of`, the day of the \
                  evaluation.",
};
pub(super) const BAD_CODE: Code = Code {
    id: "C011",
    title: "not a code of a terminology",
    explanation: "Codes are written with their terminology: `LOINC 2157-6`, `SNOMED CT 68962001`.",
};
pub(super) const BAD_LANGUAGE: Code = Code {
    id: "C012",
    title: "a version of the rules language that this program does not know",
    explanation: "This program reads language 1: `language: 1`.",
};
pub(super) const BAD_RELEASE: Code = Code {
    id: "C013",
    title: "not a release",
    explanation: "A release is three numbers with points, `2016.1.0`, and the name of its folder.",
};
pub(super) const BAD_TIME: Code = Code {
    id: "C014",
    title: "not a date or a length of time",
    explanation: "Dates are year, month and day (`2024-03-05`); lengths of time a number and a word (`3 months`).",
};
pub(super) const BAD_SOURCE: Code = Code {
    id: "C015",
    title: "a source is not described as it should be",
    explanation: "`year` is four digits, `doi` begins with `10.` and has no `https://doi.org/` before it. The `source` of \
                  a treatment begins with its mark: `verified: `, `secondary: `, `unverified: `, …",
};
pub(super) const NOT_YES_NO: Code = Code {
    id: "C016",
    title: "a fact of a report that is not a yes/no",
    explanation: "A report says of everything on its list that it was found or not; what is on the list, or carried by \
                  the report as a key of its own, is a yes/no.",
};
pub(super) const BAD_STATUS: Code = Code {
    id: "C020",
    title: "a dated status that cannot be read",
    explanation: "\
What a treatment counts as in an indication stands in a file under `evidence`, in the order in which it came about:

    status drug_name in disease_name:
      - from: 2024-03
        status: investigational_active
        event: phase 2 met its primary endpoint
        source: author_2024 abstract
        mark: verified
      - {from: 2024-09-02, claim: listed as in the pipeline, source: report_2024, mark: verified}
      - {from: 2025-06-11, status: approved, region: US, event: approved for adults, source: label_2025, mark: secondary}

`from` is a day, or the month or year where no more is known: within it the status before and the new one are both
possible. Before the first event the status is unknown. A `claim` is what a report said on that day, a `constraint`
restricts the use; neither changes the status. An event with a `region` holds there alone.",
};

/// The kinds of mistakes in a catalog.
pub const CODES: &[Code] = &[
    BAD_NAME,
    DEFINED_TWICE,
    UNKNOWN_WORD,
    BAD_NUMBER,
    UNKNOWN_UNIT,
    BAD_VALUES,
    DOES_NOT_GO,
    UNKNOWN_REFERENCE,
    BAD_APPLIES_WHEN,
    BAD_DERIVED,
    BAD_CODE,
    BAD_LANGUAGE,
    BAD_RELEASE,
    BAD_TIME,
    BAD_SOURCE,
    NOT_YES_NO,
    BAD_STATUS,
];

pub(super) fn defined_twice(name: &Spanned<String>, earlier: Span) -> Diagnostic {
    Diagnostic::error(DEFINED_TWICE, name.span, format!("`{}` is defined twice", name.value))
        .label("here again")
        .also(earlier, "first here")
        .note("remove or rename one of the two")
}

pub(super) fn former_name_in_use(span: Span, former: &str, other: Span) -> Diagnostic {
    Diagnostic::error(DEFINED_TWICE, span, format!("its earlier name `{former}` is now the name of another fact"))
        .also(other, "defined here")
        .note("remove it from `formerly`: a record that uses the name means the other fact")
}

/// A word that is none of a few.
pub(super) fn unknown_word(key: &str, word: Spanned<&str>, words: &[&str]) -> Diagnostic {
    let mistake = Diagnostic::error(UNKNOWN_WORD, word.span, format!("`{key}` cannot be `{}`", word.value));
    let otherwise = format!("it is one of {}", listed(words.iter().copied()));
    with_nearest(mistake, word, words.iter().copied(), &otherwise)
}

/// A name of nothing.
pub(super) fn unknown_reference<'a>(
    what: &str,
    name: Spanned<&str>,
    names: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("no {what} is called `{}`", name.value);
    let mistake = Diagnostic::error(UNKNOWN_REFERENCE, name.span, message);
    with_nearest(mistake, name, names, &format!("define the {what} in the dictionary, or correct the name"))
}

/// A class that the formulary does not have.
pub(super) fn unknown_class<'a>(name: Spanned<&str>, names: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = format!("no class of treatments is called `{}`", name.value);
    let mistake = Diagnostic::error(UNKNOWN_REFERENCE, name.span, message);
    let otherwise = format!("define it in the formulary as `class {}:` with a `label`", name.value);
    with_nearest(mistake, name, names, &otherwise)
}

/// A name in the evidence that is that of nothing.
pub(super) fn unknown_in_key<'a>(
    what: &str,
    name: &Spanned<String>,
    names: impl Iterator<Item = &'a str>,
) -> Diagnostic {
    let message = format!("no {what} is called `{}`", name.value);
    let mistake = Diagnostic::error(UNKNOWN_REFERENCE, name.span, message);
    match suggest::nearest(&name.value, names) {
        Some(meant) => mistake.note(format!("did you mean `{meant}`?")),
        None => mistake.note("add it there, or correct the name"),
    }
}

/// A formulary of one's own may lack a treatment that the evidence speaks of.
pub(super) fn status_of_nothing<'a>(name: &Spanned<String>, names: impl Iterator<Item = &'a str>) -> Diagnostic {
    let message = format!("no treatment of the formulary is called `{}`: its status is left out", name.value);
    let mistake = Diagnostic::warning(UNKNOWN_REFERENCE, name.span, message);
    match suggest::nearest(&name.value, names) {
        Some(meant) => mistake.note(format!("did you mean `{meant}`?")),
        None => mistake.note("add it there, or remove the status"),
    }
}

pub(super) fn status_key(name: &Spanned<String>) -> Diagnostic {
    let message = format!("`status {}` does not say of what, and in which indication", name.value);
    Diagnostic::error(BAD_STATUS, name.span, message).note("write `status drug_name in disease_name:`")
}

/// Another name of a treatment that is a name already.
pub(super) fn name_taken(name: &Spanned<String>, earlier: Span) -> Diagnostic {
    Diagnostic::error(DEFINED_TWICE, name.span, format!("`{}` is a name of the formulary already", name.value))
        .label("here again")
        .also(earlier, "first here")
        .note("a record that uses it must mean one treatment: remove one of the two")
}

/// The mistake with "did you mean", or with another way out where no word is near.
pub(super) fn with_nearest<'a>(
    mistake: Diagnostic,
    word: Spanned<&str>,
    words: impl Iterator<Item = &'a str>,
    otherwise: &str,
) -> Diagnostic {
    match suggest::nearest(word.value, words) {
        Some(meant) => mistake.fix(format!("did you mean `{meant}`?"), word.span, meant),
        None => mistake.note(otherwise),
    }
}

/// `` `a`, `b` or `c` ``
pub(super) fn listed<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    match words.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

pub(super) fn no_unit_to_convert_to(span: Span) -> Diagnostic {
    Diagnostic::error(DOES_NOT_GO, span, "`conversions` needs the fact's own `unit`").note("add a line `unit: …`")
}
