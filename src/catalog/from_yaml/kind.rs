use super::super::mistakes::{self, BAD_NUMBER, BAD_VALUES, DOES_NOT_GO, UNKNOWN_UNIT};
use super::super::{ChoiceValue, Conversion, FactKind, Grade, NumberKind};
use super::words::{number, one_of, range};
use crate::diagnostics::Diagnostic;
use crate::source::{Span, Spanned};
use crate::value::{Choices, Number, NumberSet, Unit};
use crate::yaml::{Fields, Node, NodeKind, expect_text};

#[derive(Clone, Copy, PartialEq, Eq)]
enum Type {
    YesNo,
    Choice,
    Number,
    WholeNumber,
    Date,
}

const TYPES: [(&str, Type); 5] = [
    ("yes or no", Type::YesNo),
    ("choice", Type::Choice),
    ("number", Type::Number),
    ("whole number", Type::WholeNumber),
    ("date", Type::Date),
];

const OF_CHOICES: [&str; 3] = ["values", "may_be_not_done", "presume"];
const OF_NUMBERS: [&str; 7] = ["unit", "range", "usual", "upper_limit", "scales", "conversions", "grades"];

/// The values of a fact, by its `type` and the keys that go with it.
pub(super) fn kind(fields: &mut Fields<'_, '_>) -> Option<FactKind> {
    let Some(word) = fields.text("type") else {
        pass_over(fields);
        return None;
    };
    let Some(kind) = one_of("type", word, &TYPES, fields.mistakes()) else {
        pass_over(fields);
        return None;
    };
    match kind {
        Type::YesNo => {
            refuse(fields, word, &["values"]);
            refuse(fields, word, &OF_NUMBERS);
            let values = ["yes", "no"].map(|name| ChoiceValue { name: name.to_owned(), label: name.to_owned() });
            Some(choice(fields, values.to_vec(), true))
        }
        Type::Choice => {
            refuse(fields, word, &OF_NUMBERS);
            let values = choice_values(fields)?;
            Some(choice(fields, values, false))
        }
        Type::Number | Type::WholeNumber => {
            refuse(fields, word, &OF_CHOICES);
            number_kind(fields, kind == Type::WholeNumber).map(FactKind::Number)
        }
        Type::Date => {
            refuse(fields, word, &OF_CHOICES);
            refuse(fields, word, &OF_NUMBERS);
            Some(FactKind::Date)
        }
    }
}

/// Without a type, nothing is said of the keys that go with one.
fn pass_over(fields: &mut Fields<'_, '_>) {
    for key in OF_NUMBERS.into_iter().chain(OF_CHOICES) {
        fields.given(key);
    }
}

/// Keys that belong to another type.
fn refuse(fields: &mut Fields<'_, '_>, kind: Spanned<&str>, keys: &[&'static str]) {
    for key in keys {
        if fields.optional(key).is_some() {
            let span = fields.place_of(key);
            let message = format!("`{key}` does not go with `type: {}`", kind.value);
            let mistake = Diagnostic::error(DOES_NOT_GO, span, message).also(kind.span, "the type");
            fields.mistakes().push(mistake.note("remove the line, or change the type"));
        }
    }
}

fn choice(fields: &mut Fields<'_, '_>, mut values: Vec<ChoiceValue>, yes_no: bool) -> FactKind {
    if fields.optional_yes_no("may_be_not_done") == Some(true) {
        let name = FactKind::NOT_DONE;
        values.push(ChoiceValue { name: name.to_owned(), label: name.to_owned() });
    }
    if values.len() > Choices::LIMIT {
        let span = fields.place_of("values");
        let message = format!("{} values; a choice has at most {}", values.len(), Choices::LIMIT);
        fields.mistakes().push(Diagnostic::error(BAD_VALUES, span, message).note("divide it into several facts"));
        values.truncate(Choices::LIMIT);
    }
    FactKind::Choice { values, yes_no }
}

fn choice_values(fields: &mut Fields<'_, '_>) -> Option<Vec<ChoiceValue>> {
    let node = fields.required("values")?;
    let mut values: Vec<(Spanned<String>, String)> = Vec::new();
    match &node.kind {
        NodeKind::Mapping(entries) => {
            for (name, label) in entries {
                let label = expect_text(label, "a label", fields.mistakes()).map_or("", |text| text.value.trim());
                values.push((name.clone(), if label.is_empty() { name.value.clone() } else { label.to_owned() }));
            }
        }
        NodeKind::Sequence(items) => {
            for item in items {
                let Some(name) = expect_text(item, "each item of `values`", fields.mistakes()) else { continue };
                values.push((name.map(str::to_owned), name.value.to_owned()));
            }
        }
        NodeKind::Scalar { .. } => {
            let message = format!("`values` must be a list or `name: label` lines, found {}", node.shape());
            let mistake = Diagnostic::error(BAD_VALUES, node.span, message);
            fields.mistakes().push(mistake.note("write `values: [a, b]`"));
            return None;
        }
    }
    check_values(&values, node.span, fields.mistakes());
    Some(values.into_iter().map(|(name, label)| ChoiceValue { name: name.value, label }).collect())
}

fn check_values(values: &[(Spanned<String>, String)], span: Span, mistakes: &mut Vec<Diagnostic>) {
    if values.len() < 2 {
        let mistake = Diagnostic::error(BAD_VALUES, span, "a choice has at least two values");
        mistakes.push(mistake.note("for a single thing that is there or not, write `type: yes or no`"));
    }
    for (at, (name, _)) in values.iter().enumerate() {
        let text = name.value.as_str();
        if values.iter().take(at).any(|(earlier, _)| earlier == name) {
            let mistake = Diagnostic::error(BAD_VALUES, name.span, format!("the value `{text}` stands twice"));
            mistakes.push(mistake.note("remove one of the two"));
        }
        if matches!(text, "yes" | "no" | "any" | "unknown" | "pending" | "refused" | "null" | "not") {
            let message = format!("`{text}` cannot be a value of a choice: records and rules use the word otherwise");
            mistakes
                .push(Diagnostic::error(BAD_VALUES, name.span, message).note("say more: `not_tested`, `yes_partly`"));
        } else if text == FactKind::NOT_DONE {
            let mistake = Diagnostic::error(BAD_VALUES, name.span, "`not done` is not written as a value");
            mistakes.push(mistake.note("write `may_be_not_done: yes`"));
        } else if !is_word(text) {
            let message = format!("`{text}` cannot be a value: write it as one word");
            let mistake = Diagnostic::error(BAD_VALUES, name.span, message);
            mistakes.push(
                mistake.note("a value is letters, digits and `_`, beginning with a letter; the label says the rest"),
            );
        }
    }
}

fn is_word(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn number_kind(fields: &mut Fields<'_, '_>, whole: bool) -> Option<NumberKind> {
    let unit = fields.optional_text("unit").and_then(|text| self::unit(text, fields.mistakes()));
    let written = fields.text("range");
    let ends = written.and_then(|text| range("range", text, fields.mistakes()));
    let usual = usual(fields, ends);
    let upper_limit = fields.optional_yes_no("upper_limit").unwrap_or(false);
    let scales = scales(fields, ends.map(|(_, high)| high));
    let conversions = conversions(fields, unit);
    let grades = grades(fields, ends);
    let (low, high) = ends?;
    if whole && [low, high].into_iter().any(|end| !is_whole(end)) {
        let span = fields.place_of("range");
        let mistake = Diagnostic::error(BAD_NUMBER, span, "the range of a whole number begins and ends with one");
        fields.mistakes().push(mistake.note("leave out the decimals, or write `type: number`"));
    }
    let range = NumberSet::between(low, high);
    Some(NumberKind { unit, whole, range, usual, upper_limit, scales, conversions, grades })
}

fn unit(text: Spanned<&str>, mistakes: &mut Vec<Diagnostic>) -> Option<Unit> {
    if let Ok(unit) = Unit::parse(text.value) {
        return Some(unit);
    }
    let mistake = Diagnostic::error(UNKNOWN_UNIT, text.span, format!("`{}` is not a unit", text.value));
    let otherwise = "leave `unit` out for a bare number";
    mistakes.push(mistakes::with_nearest(mistake, text, Unit::spellings(), otherwise));
    None
}

fn usual(fields: &mut Fields<'_, '_>, ends: Option<(Number, Number)>) -> Option<NumberSet> {
    let text = fields.optional_text("usual")?;
    let (low, high) = range("usual", text, fields.mistakes())?;
    if let Some((lowest, highest)) = ends
        && (low < lowest || high > highest)
    {
        let message = format!("`usual` goes beyond the range, {lowest} to {highest}");
        let mistake = Diagnostic::error(BAD_NUMBER, text.span, message);
        fields.mistakes().push(mistake.note("what is usual must be possible"));
    }
    Some(NumberSet::between(low, high))
}

fn scales(fields: &mut Fields<'_, '_>, highest: Option<Number>) -> Vec<Number> {
    let mut scales: Vec<Number> = Vec::new();
    for text in fields.texts("scales") {
        let Some(end) = number("scales", text, fields.mistakes()) else { continue };
        if scales.contains(&end) || end <= Number::ZERO {
            let message = format!("`{}` cannot be the end of a further scale", text.value);
            let mistake = Diagnostic::error(BAD_NUMBER, text.span, message);
            fields.mistakes().push(mistake.note("each scale is named once, by its highest value"));
        } else if scales.is_empty() && highest.is_some_and(|highest| highest != end) {
            let message = format!("the first scale ends at {end}, the range does not");
            let mistake = Diagnostic::error(BAD_NUMBER, text.span, message);
            fields
                .mistakes()
                .push(mistake.note("the scale a bare number is on comes first, and its end is that of `range`"));
        }
        scales.push(end);
    }
    scales
}

fn conversions(fields: &mut Fields<'_, '_>, to: Option<Unit>) -> Vec<Conversion> {
    let place = fields.place_of("conversions");
    let Some(mut group) = fields.group("conversions") else { return Vec::new() };
    let entries: Vec<&(Spanned<String>, Node)> = group.rest().collect();
    let mistakes = group.mistakes();
    let mut conversions = Vec::new();
    for (from, factor) in entries {
        let from_unit = unit(Spanned::new(&from.value, from.span), mistakes);
        let Some(text) = expect_text(factor, "a factor", mistakes) else { continue };
        let Some((factor, from_unit)) = number("conversions", text, mistakes).zip(from_unit) else { continue };
        if factor <= Number::ZERO {
            mistakes.push(
                Diagnostic::error(BAD_NUMBER, text.span, "a factor is above 0")
                    .note("a value times the factor is in the fact's own unit"),
            );
        } else if to.is_some_and(|to| to.is_comparable(from_unit)) {
            let message = format!("`{}` is converted without a factor of its own", from.value);
            mistakes.push(Diagnostic::error(BAD_NUMBER, from.span, message).note("remove the line"));
        } else {
            conversions.push(Conversion { from: from_unit, factor });
        }
    }
    if to.is_none() && !conversions.is_empty() {
        mistakes.push(mistakes::no_unit_to_convert_to(place));
    }
    conversions
}

fn is_whole(number: Number) -> bool {
    number.exact_decimal().is_some_and(|text| !text.contains('.'))
}

/// Words that stand for a number: `grades: {4- MRC: 7}`.
fn grades(fields: &mut Fields<'_, '_>, ends: Option<(Number, Number)>) -> Vec<Grade> {
    let Some(mut group) = fields.group("grades") else { return Vec::new() };
    let entries: Vec<&(Spanned<String>, Node)> = group.rest().collect();
    let mistakes = group.mistakes();
    let mut grades = Vec::new();
    for (written, counts_as) in entries {
        let Some(text) = expect_text(counts_as, "what the grade counts as", mistakes) else { continue };
        let Some(number) = number("grades", text, mistakes) else { continue };
        if written.value.parse::<Number>().is_ok() {
            let message = format!("`{}` is a number already", written.value);
            let mistake = Diagnostic::error(BAD_NUMBER, written.span, message);
            mistakes.push(mistake.note("name the scale with the grade, as in `4 MRC`"));
        } else if ends.is_some_and(|(low, high)| number < low || number > high) {
            let message = format!("`{}` counts as {number}, which is outside the range", written.value);
            mistakes.push(Diagnostic::error(BAD_NUMBER, text.span, message).note("a grade counts as a possible value"));
        } else {
            grades.push(Grade { written: written.value.clone(), number });
        }
    }
    grades
}
