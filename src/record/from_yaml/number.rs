use super::entry::Value;
use super::{Reader, codes, shortened};
use crate::catalog::{Fact, NumberKind};
use crate::diagnostics::{Diagnostic, suggest};
use crate::record::Given;
use crate::source::{SourceMap, Span};
use crate::value::{Bound, Interval, Number, NumberError, NumberSet, Reason, Unit};
use crate::yaml::Node;

/// Which numbers a text speaks of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    /// `1450 U/L`
    Exactly,
    /// `above 8000 U/L`
    Above,
    /// `below 20 U/L`
    Below,
}

/// Words and signs people write instead of `above` and `below`; longer ones first.
const OTHER_WORDS: [(&str, &str); 17] = [
    (">=", "above"),
    ("=>", "above"),
    (">", "above"),
    ("≥", "above"),
    ("<=", "below"),
    ("=<", "below"),
    ("<", "below"),
    ("≤", "below"),
    ("at least ", "above"),
    ("more than ", "above"),
    ("greater than ", "above"),
    ("over ", "above"),
    ("at most ", "below"),
    ("less than ", "below"),
    ("lower than ", "below"),
    ("under ", "below"),
    ("up to ", "below"),
];

const NO_RANGE: &str = "a range is not a recorded value: write the value, or `unknown`; two values of one day stand in \
                        two visits of that day";

/// A number with its unit, as written.
struct Written<'t> {
    side: Side,
    number: Number,
    unit: Option<&'t str>,
}

/// A number in the unit of its fact.
struct InUnit {
    side: Side,
    number: Number,
    spelled: UnitSpelled,
}

/// Whether a number was written with a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UnitSpelled {
    /// `1450`
    Not,
    /// In the dictionary's unit.
    Own,
    /// In another, and converted.
    Other,
}

impl Reader<'_> {
    /// The value of a fact that is a number.
    pub(super) fn number(
        &mut self,
        fact: &Fact,
        kind: &NumberKind,
        scale: Option<Number>,
        node: &Node,
    ) -> Option<Value> {
        let name = fact.id.value.as_str();
        let InUnit { side, number, spelled } = self.number_in_unit(name, kind, node)?;
        if kind.whole && !number.is_whole() {
            let message = format!("`{name}` is a whole number, not {number}");
            self.error(Diagnostic::error(codes::WHOLE, node.span, message));
            return None;
        }
        let allowed = scale.map_or_else(|| kind.range.clone(), |end| kind.range.intersection(&up_to(end)));
        let said = match side {
            Side::Exactly => NumberSet::point(number),
            Side::Above => above(number),
            Side::Below => below(number),
        };
        let possible = said.intersection(&allowed);
        if possible.is_empty() {
            self.error(outside_range(fact, kind, &allowed, node, scale));
            return None;
        }
        if let Some(usual) = kind.usual.as_ref().filter(|usual| possible.intersection(usual).is_empty()) {
            let text =
                format!("`{name}` {} is unusual: it is mostly {}", written(node), range_in_words(usual, kind.unit));
            self.notice(node.span, text);
        }
        let reason = if side == Side::Exactly { Reason::Recorded } else { Reason::OutsideAssay };
        let possible = if kind.whole { possible.whole_only() } else { possible };
        Some(Value { given: Given::Number(possible), reason, spelled })
    }

    /// The laboratory's upper limit, beside a value whose unit was `spelled` so.
    pub(super) fn upper_limit(
        &mut self,
        fact: &Fact,
        kind: &NumberKind,
        node: &Node,
        spelled: Option<UnitSpelled>,
    ) -> Option<NumberSet> {
        if node.is_null() || node.text() == Some("unknown") {
            return None;
        }
        let limit = self.number_in_unit("upper_limit", kind, node)?;
        let refuse = |message: String, note: &str| {
            Some(Diagnostic::error(codes::UPPER_LIMIT, node.span, message).note(note.to_owned()))
        };
        let mistake = if limit.side != Side::Exactly {
            refuse("the upper limit is one number".to_owned(), "write for example `upper_limit: 170 U/L`")
        } else if limit.number.sign() <= 0 {
            refuse(format!("an upper limit is above zero, not {}", limit.number), "without it, leave `upper_limit` out")
        } else if matches!(
            (spelled, limit.spelled),
            (Some(UnitSpelled::Not), UnitSpelled::Other) | (Some(UnitSpelled::Other), UnitSpelled::Not)
        ) {
            let unit = kind.unit.map_or("", Unit::symbol);
            let message = format!("only one of `{}` and its upper limit says its unit", fact.id.value);
            refuse(message, &format!("a bare number would be read in {unit}: write the unit of both"))
        } else {
            None
        };
        match mistake {
            Some(mistake) => {
                self.error(mistake);
                None
            }
            None => Some(NumberSet::point(limit.number)),
        }
    }

    /// A number for what no dictionary describes: the end of a scale.
    pub(super) fn bare_number(&mut self, name: &str, node: &Node) -> Option<Number> {
        let written = self.written_number(name, node)?;
        if written.side == Side::Exactly && written.unit.is_none() {
            return Some(written.number);
        }
        self.error(Diagnostic::error(codes::NUMBER, node.span, format!("`{name}` is one number without a unit")));
        None
    }

    /// A share in per cent, from 0 to 100.
    pub(super) fn percentage(&mut self, name: &str, node: &Node) -> Option<Number> {
        let percent = Unit::parse("%").ok()?;
        let range = NumberSet::between(Number::ZERO, Number::whole(100));
        let kind = NumberKind {
            unit: Some(percent),
            whole: false,
            range: range.clone(),
            usual: None,
            upper_limit: false,
            scales: Vec::new(),
            conversions: Vec::new(),
        };
        let share = self.number_in_unit(name, &kind, node)?;
        if share.side == Side::Exactly && range.contains(share.number) {
            return Some(share.number);
        }
        let message = format!("`{name}` is a share from 0 to 100 %, not `{}`", written(node));
        self.error(Diagnostic::error(codes::RANGE, node.span, message));
        None
    }

    fn number_in_unit(&mut self, name: &str, kind: &NumberKind, node: &Node) -> Option<InUnit> {
        let Written { side, number, unit } = self.written_number(name, node)?;
        let (number, spelled) = match unit {
            None => (number, UnitSpelled::Not),
            Some(unit) => self.converted(name, kind, node, number, unit)?,
        };
        Some(InUnit { side, number, spelled })
    }

    /// The number in the unit of the fact.
    fn converted(
        &mut self,
        name: &str,
        kind: &NumberKind,
        node: &Node,
        number: Number,
        unit: &str,
    ) -> Option<(Number, UnitSpelled)> {
        let refuse = |message: String| Diagnostic::error(codes::UNIT, node.span, message);
        let Some(own) = kind.unit else {
            let error = refuse(format!("`{name}` has no unit"));
            self.error(self.rewrite(error, node, &number.to_string()));
            return None;
        };
        let usual = format!("`{name}` is recorded in {own}");
        let Ok(unit) = Unit::parse(unit) else {
            let error = refuse(format!("`{}` is not a unit", shortened(unit))).note(usual);
            let spelling = suggest::nearest(unit, Unit::spellings().filter(|known| is_usable(known, kind)));
            self.error(match spelling {
                Some(meant) => self.rewrite(error, node, &format!("{number} {meant}")),
                None => error,
            });
            return None;
        };
        let own_factor =
            kind.conversions.iter().find(|other| !unit.is_comparable(own) && other.from.is_comparable(unit));
        let result = match own_factor {
            Some(other) => Unit::convert(number, unit, other.from).map(|value| value.times(other.factor)),
            None => Unit::convert(number, unit, own).map(Ok),
        };
        let error = match result {
            Ok(Ok(number)) if unit == own => return Some((number, UnitSpelled::Own)),
            Ok(Ok(number)) => return Some((number, UnitSpelled::Other)),
            Ok(Err(_)) => refuse(format!("`{}` has too many digits to convert exactly", written(node))),
            Err(error) => refuse(error.to_string()).note(usual),
        };
        self.error(error);
        None
    }

    fn written_number<'n>(&mut self, name: &str, node: &'n Node) -> Option<Written<'n>> {
        let Some(text) = node.text() else {
            self.one_value_expected(node, &format!("`{name}`"), "118");
            return None;
        };
        let text = text.trim();
        if let Some((sign, word)) = OTHER_WORDS.iter().find(|(sign, _)| text.starts_with(sign)) {
            self.error(self.other_word(name, node, text, sign, word));
            return None;
        }
        let (side, rest) = match (text.strip_prefix("above "), text.strip_prefix("below ")) {
            (Some(rest), _) => (Side::Above, rest.trim_start()),
            (_, Some(rest)) => (Side::Below, rest.trim_start()),
            (None, None) => (Side::Exactly, text),
        };
        let (digits, unit) = rest.split_once(' ').map_or((rest, None), |(digits, unit)| (digits, Some(unit.trim())));
        let unit = unit.filter(|unit| !unit.is_empty());
        let number = match digits.parse::<Number>() {
            Ok(number) if unit.is_none_or(|unit| !is_second_number(unit)) => number,
            Ok(_) => {
                self.error(self.not_one_number(name, node, text));
                return None;
            }
            Err(error) => {
                self.error(self.not_a_number(name, node, digits, rest, error));
                return None;
            }
        };
        Some(Written { side, number, unit })
    }

    fn other_word(&self, name: &str, node: &Node, text: &str, sign: &str, word: &str) -> Diagnostic {
        let rest = text.strip_prefix(sign).unwrap_or(text).trim();
        let code = if sign.ends_with(' ') { codes::NUMBER } else { codes::SIGN };
        let message = format!("`{name}` cannot be read from `{}`", shortened(text));
        let error = Diagnostic::error(code, node.span, message);
        let error = self.rewrite(error, node, &format!("{word} {rest}"));
        error.note("`above` and `below` say that the value lies beyond the reach of the assay")
    }

    fn not_one_number(&self, name: &str, node: &Node, text: &str) -> Diagnostic {
        let error =
            Diagnostic::error(codes::NUMBER, node.span, format!("`{name}` is one number, not `{}`", shortened(text)));
        let groups: Vec<&str> = text.split(' ').collect();
        let thousands = groups.iter().skip(1).all(|group| group.len() == 3 && begins_with_digit(group));
        match groups.concat().parse::<Number>() {
            Ok(_) if thousands => {
                self.rewrite(error, node, &groups.concat()).note("thousands have no mark between them")
            }
            Ok(_) | Err(_) => error.note(NO_RANGE),
        }
    }

    fn not_a_number(&self, name: &str, node: &Node, digits: &str, text: &str, error: NumberError) -> Diagnostic {
        let at = |code, message: String| Diagnostic::error(code, node.span, message);
        let starts = digits.trim_start_matches('-').starts_with(|first: char| first.is_ascii_digit());
        if error == NumberError::TooManyDigits {
            return at(codes::NUMBER, format!("`{name}` has more than {} digits", Number::DIGITS));
        }
        if error == NumberError::Comma || (starts && digits.contains(',')) {
            let error = at(codes::COMMA, format!("`{name}` has a comma in its number: `{}`", shortened(text)));
            return error
                .note(format!("the decimal mark is a point, and thousands have no mark: {}", without_comma(digits)));
        }
        let end =
            digits.find(|part: char| !part.is_ascii_digit() && part != '.' && part != '-').unwrap_or(digits.len());
        let (number, unit) = digits.split_at(end);
        if number.parse::<Number>().is_ok() && Unit::parse(unit).is_ok() {
            let error = at(codes::UNIT, format!("a blank is missing between number and unit in `{}`", shortened(text)));
            return self.rewrite(error, node, &format!("{number} {unit}"));
        }
        let message = if text.is_empty() {
            format!("`{name}` has no number")
        } else {
            format!("`{name}` is a number, not `{}`", shortened(text))
        };
        let error = at(codes::NUMBER, message);
        if digits.get(1..).is_some_and(|rest| rest.contains(['-', '–'])) || text.contains(" to ") {
            return error.note(NO_RANGE);
        }
        let words = ["unknown", "pending", "refused", "not measured"];
        match suggest::nearest(text, words) {
            Some(meant) => self.rewrite(error, node, meant),
            None if text.contains(|part: char| part.is_ascii_digit()) => {
                error.note("write digits, with a point as decimal mark, then a blank and a unit: `0.5`, `1450 U/L`")
            }
            None => error.note("where it is not known, write `unknown`; where nothing was measured, `not measured`"),
        }
    }
}

/// `ck: >8000` and `ck: >= 5`, which YAML takes for the begin of a block of text, so that no tree comes of it:
/// what to say instead of the mistake at that place.
pub(in crate::record) fn sign_before_number(sources: &SourceMap, place: Span) -> Option<Diagnostic> {
    let text = sources.text(place.file);
    let start = text.get(..place.start as usize)?.rfind('\n').map_or(0, |end| end + 1);
    let line = text.get(start..)?.lines().next()?.trim_end();
    let sign = line.find(": ").map(|colon| colon + 2)?;
    let value = line.get(sign..)?;
    let number = value.trim_start_matches(['>', '=', ' ']);
    if !value.trim_start().starts_with('>') || !begins_with_digit(number) {
        return None;
    }
    let from = start + line.len() - value.trim_start().len();
    Some(block_sign(sources.span(place.file, from, start + line.len()), number))
}

fn block_sign(span: Span, number: &str) -> Diagnostic {
    Diagnostic::error(codes::SIGN, span, "a `>` begins a block of text in YAML, so the number after it would be lost")
        .fix(format!("write `above {number}`"), span, format!("above {number}"))
}

/// A value that stands as a block of text: almost always a `>` that was meant as a sign.
pub(super) fn block_of_text(sources: &SourceMap, name: &str, node: &Node) -> Diagnostic {
    let written = sources.slice(node.span);
    let line = written.lines().next().unwrap_or("").trim_end();
    let number = line.trim_start_matches(['>', '=', ' ']);
    if written.starts_with('>') && begins_with_digit(number) {
        let start = node.span.start as usize;
        return block_sign(sources.span(node.span.file, start, start + line.len()), number);
    }
    Diagnostic::error(codes::SHAPE, node.span, format!("`{name}` is one value, and a block of text stands here"))
        .note("a `>` or `|` begins a block of text; beyond the reach of an assay write `above 8000 U/L`")
}

fn outside_range(
    fact: &Fact,
    kind: &NumberKind,
    allowed: &NumberSet,
    node: &Node,
    scale: Option<Number>,
) -> Diagnostic {
    let name = &fact.id.value;
    let range = range_in_words(allowed, kind.unit);
    let message = format!("`{name}` is {range}, not `{}`", written(node));
    let error = Diagnostic::error(codes::RANGE, node.span, message);
    match (scale, kind.unit) {
        (Some(end), _) => {
            error.note(format!("this is its scale to {end}; `{name}{}` names another", super::SCALE_SUFFIX))
        }
        (None, Some(unit)) if !written(node).contains(' ') => error.note(format!("a bare number is in {unit}")),
        (None, _) => error,
    }
}

/// `0 to 150`, `0 to 10 cm`, `at least 0 U/L`
pub(super) fn range_in_words(range: &NumberSet, unit: Option<Unit>) -> String {
    let unit = unit.map(|unit| format!(" {unit}")).unwrap_or_default();
    let words = |interval: &Interval| match (interval.low, interval.high) {
        (Bound::Unbounded, Bound::Unbounded) => "any number".to_owned(),
        (Bound::Closed(low), Bound::Unbounded) => format!("at least {low}{unit}"),
        (Bound::Open(low), Bound::Unbounded) => format!("above {low}{unit}"),
        (Bound::Unbounded, Bound::Closed(high)) => format!("at most {high}{unit}"),
        (Bound::Unbounded, Bound::Open(high)) => format!("below {high}{unit}"),
        (Bound::Closed(low), Bound::Closed(high)) => format!("{low} to {high}{unit}"),
        (Bound::Closed(low), Bound::Open(high)) => format!("{low} to below {high}{unit}"),
        (Bound::Open(low), Bound::Closed(high)) => format!("above {low} to {high}{unit}"),
        (Bound::Open(low), Bound::Open(high)) => format!("above {low} to below {high}{unit}"),
    };
    range.intervals().iter().map(words).collect::<Vec<_>>().join(" or ")
}

/// Units of a kind that the fact can be converted from.
fn is_usable(spelling: &str, kind: &NumberKind) -> bool {
    let Ok(unit) = Unit::parse(spelling) else { return false };
    kind.unit.is_some_and(|own| own.is_comparable(unit))
        || kind.conversions.iter().any(|other| other.from.is_comparable(unit))
}

fn written(node: &Node) -> String {
    shortened(node.text().unwrap_or_default().trim())
}

/// What stands in the place of a unit is a further number: `1 450`, `2 to 3`, `2 - 3`.
fn is_second_number(text: &str) -> bool {
    begins_with_digit(text.strip_prefix("to ").unwrap_or(text).trim_start_matches(['-', '–', ' ']))
}

fn begins_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// Both things a number with a comma may mean.
fn without_comma(digits: &str) -> String {
    let point = digits.replacen(',', ".", 1);
    let joined: String = digits.split(',').collect();
    let thousands = digits.rsplit(',').next().is_some_and(|last| last.len() == 3 || last.contains('.'));
    match (point.parse::<Number>().is_ok(), thousands) {
        (true, true) => format!("write `{point}` or `{joined}`"),
        (true, false) => format!("write `{point}`"),
        (false, _) => format!("write `{joined}`"),
    }
}

fn up_to(end: Number) -> NumberSet {
    NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Closed(end) })
}

fn above(number: Number) -> NumberSet {
    NumberSet::from_interval(Interval { low: Bound::Open(number), high: Bound::Unbounded })
}

fn below(number: Number) -> NumberSet {
    NumberSet::from_interval(Interval { low: Bound::Unbounded, high: Bound::Open(number) })
}
