//! A flat row of NDJSON into cells.

use super::TICKS;
use super::pattern::Pattern;
use crate::catalog::FactKind;
use crate::cohort::mapping::{Cell as Place, Mapping, Means, Reading};
use crate::engine::Engine;
use crate::eval::HIGHEST;
use crate::value::{Bound, Choices, NumberSet};

/// The cells of a row.
#[derive(Debug, Clone)]
pub(super) struct Cells {
    /// The key of the name of a row, with its quotes and colon.
    id: Pattern,
    pub(super) columns: Vec<Column>,
    /// What each column holds: ticks of a number, the place of a word.
    pub(super) values: Vec<i64>,
    /// 1 for each column that the row has.
    pub(super) present: Vec<u8>,
    /// Rows with a blank before a key were met.
    spaced: bool,
}

/// A column that is read.
#[derive(Debug, Clone)]
pub(super) struct Column {
    pub(super) name: String,
    key: Pattern,
    pub(super) kind: Kind,
}

#[derive(Debug, Clone)]
pub(super) enum Kind {
    Number(Numbers),
    /// The words that were found out, and what each leaves possible.
    Words(Vec<(Pattern, Choices)>),
}

/// Which numbers are plain; ends in ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Numbers {
    pub(super) low: i64,
    pub(super) high: i64,
    pub(super) whole: bool,
    /// Numbers that are codes or words, and whether what looks like a code is refused.
    codes: Vec<i64>,
    guarded: bool,
}

impl Cells {
    /// The columns of a mapping; `None` where one is neither a number nor a choice.
    pub(super) fn of(engine: &Engine, mapping: &Mapping) -> Option<Self> {
        let main = &mapping.main;
        let mut columns: Vec<Option<Column>> = vec![None; main.slots.len()];
        let mut put = |slot: usize, kind: Kind| {
            let name = main.column_name(slot).to_owned();
            let place = columns.get_mut(slot)?;
            // One column that says two things, or is read in two ways, is left to the ordinary way.
            let is_read_alike = match (&*place, &kind) {
                (None, _) => true,
                (Some(Column { kind: Kind::Number(one), .. }), Kind::Number(other)) => one == other,
                (Some(_), _) => false,
            };
            (is_read_alike && slot != main.id).then_some(())?;
            *place = Some(Column { key: key(&name)?, name, kind });
            Some(())
        };
        for column in &main.columns {
            let Means::Fact(fact) = column.means else { return None };
            let kind = match &engine.catalog().fact(fact)?.kind {
                FactKind::Number(number) => Kind::Number(Numbers::of(&number.range, number.whole, &column.reading)?),
                FactKind::Choice { .. } => Kind::Words(Vec::new()),
                FactKind::Date => return None,
            };
            put(column.slot, kind)?;
            if let Some(Place::Column(limit)) = column.upper_limit {
                put(limit, Kind::Number(Numbers::of_limits(&column.reading)))?;
            }
        }
        let id = key(main.column_name(main.id))?;
        let others = columns.iter().enumerate().any(|(slot, column)| column.is_none() && slot != main.id);
        let columns: Vec<Column> = columns.into_iter().flatten().collect();
        (!others).then_some(())?;
        Some(Cells { id, values: vec![0; columns.len()], present: vec![0; columns.len()], columns, spaced: false })
    }

    /// The place of a column.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.columns.iter().position(|column| column.name == name)
    }

    /// Reads a row, and gives the bytes of its name; `None` where something in it is not plain.
    #[inline]
    pub(super) fn read<'r>(&mut self, row: &'r [u8]) -> Option<&'r [u8]> {
        let Cells { id: id_key, columns, values, present, spaced } = self;
        present.fill(0);
        let mut id: Option<&[u8]> = None;
        let mut rest = row.strip_prefix(b"{")?;
        // Keys come in the order of the row before, with some left out.
        let mut next = 0;
        loop {
            let after = if id.is_none()
                && let Some(value) = id_key.strip(rest)
            {
                let (name, after) = name(without_blank(value))?;
                id = Some(name);
                after
            } else {
                let ahead =
                    (next..).zip(columns.get(next..)?).find_map(|(at, column)| Some((at, column.key.strip(rest)?)));
                let any = || (0..).zip(columns.iter()).find_map(|(at, column)| Some((at, column.key.strip(rest)?)));
                let Some((at, text)) = ahead.or_else(any) else {
                    // A blank after a comma: many programs write one, and then always.
                    rest = rest.strip_prefix(b" ")?;
                    *spaced = true;
                    continue;
                };
                let column = columns.get(at)?;
                let (value, after) = column.value(without_blank(text))?;
                let seen = present.get_mut(at)?;
                (*seen == 0).then_some(())?;
                (*seen, *values.get_mut(at)?) = (1, value);
                next = at + 1;
                after
            };
            match after.split_first()? {
                (b',', after) if *spaced => rest = without_blank(after),
                (b',', after) => rest = after,
                (b'}', []) => return id,
                _ => return None,
            }
        }
    }
}

impl Column {
    #[inline]
    fn value<'r>(&self, text: &'r [u8]) -> Option<(i64, &'r [u8])> {
        match &self.kind {
            Kind::Number(numbers) => {
                let (ticks, rest) = ticks(text)?;
                numbers.is_plain(ticks).then_some((ticks, rest))
            }
            Kind::Words(words) => {
                let mut found = (0..).zip(words);
                found.find_map(|(at, (word, _))| Some((at, word.strip(text)?)))
            }
        }
    }
}

impl Numbers {
    fn of(range: &NumberSet, whole: bool, reading: &Reading) -> Option<Self> {
        let mut intervals = range.intervals().into_iter();
        let only = intervals.next()?;
        intervals.next().is_none().then_some(())?;
        let end = |bound: Bound, inward: i64| {
            let number = bound.number()?;
            let ticks = i64::try_from(number.numerator()).ok()?.checked_mul(TICKS)?;
            let per = i64::try_from(number.denominator()).ok()?;
            (ticks % per == 0).then_some(ticks / per + if bound.is_closed() { 0 } else { inward })
        };
        // Nothing is reckoned with that is higher, and what is below 0 over an unknown limit is below 0 again.
        let (low, high) = (end(only.low, 1)?.max(0), end(only.high, -1)?.min(HIGHEST * TICKS));
        Some(Numbers { low, high, whole, ..Numbers::of_limits(reading) })
    }

    /// Upper limits: above 0.
    fn of_limits(reading: &Reading) -> Self {
        // Of a text that is a number by any decimal mark.
        let number = |text: &str| text.replace(',', ".").parse().ok();
        let words = reading.words.iter().filter_map(|(word, _)| number(word));
        let codes = reading.codes.codes.iter().filter_map(|(text, known, _)| known.or_else(|| number(text)));
        let numbers = codes.chain(words);
        let of = |number: crate::value::Number| {
            let ticks = i64::try_from(number.numerator()).ok()?.checked_mul(TICKS)?;
            Some(ticks / i64::try_from(number.denominator()).ok()?)
        };
        let codes = numbers.filter_map(of).collect();
        Numbers { low: 1, high: 100_000 * TICKS, whole: false, codes, guarded: reading.guarded }
    }

    #[inline]
    pub(super) fn is_plain(&self, ticks: i64) -> bool {
        (self.low..=self.high).contains(&ticks)
            && (!self.whole || ticks % TICKS == 0)
            && !self.codes.contains(&ticks)
            && !(self.guarded && looks_like_a_code(ticks))
    }
}

/// Below 0, or nines alone, two of them or more.
#[inline]
fn looks_like_a_code(ticks: i64) -> bool {
    let mut nines = 99 * TICKS;
    while nines < ticks {
        nines = nines * 10 + 9 * TICKS;
    }
    ticks < 0 || ticks == nines
}

/// A key with its quotes and colon; `None` of one that JSON writes in several ways.
fn key(name: &str) -> Option<Pattern> {
    let plain = name.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
    plain.then(|| Pattern::of(format!("\"{name}\":").as_bytes()))
}

/// What follows a blank, where there is one.
#[inline]
fn without_blank(text: &[u8]) -> &[u8] {
    match text {
        [b' ', after @ ..] => after,
        _ => text,
    }
}

/// A number in ticks; `None` of one with more digits, an exponent, or a 0 before other digits, which JSON does not know.
#[inline]
fn ticks(text: &[u8]) -> Option<(i64, &[u8])> {
    let negative = text.first() == Some(&b'-');
    let first = usize::from(negative);
    let (whole, end) = digits(text, first, 0);
    let is_plain = (1..=12).contains(&(end - first)) && !begins_with_0(text, first, end);
    is_plain.then_some(())?;
    let (ticks, end) = if text.get(end) == Some(&b'.') {
        let first = end + 1;
        let (all, end) = digits(text, first, whole);
        let scale = match end - first {
            1 => 1_000,
            2 => 100,
            3 => 10,
            4 => 1,
            _ => return None,
        };
        (all * scale, end)
    } else {
        (whole * TICKS, end)
    };
    Some((if negative { -ticks } else { ticks }, text.get(end..)?))
}

/// A number goes on with the digits at a place: what it then is, and where they end. Of very many digits it is any number.
#[inline]
fn digits(text: &[u8], mut at: usize, mut value: i64) -> (i64, usize) {
    while let Some(byte @ b'0'..=b'9') = text.get(at) {
        value = value.wrapping_mul(10).wrapping_add(i64::from(byte - b'0'));
        at += 1;
    }
    (value, at)
}

/// Several digits, the first of them 0.
#[inline]
fn begins_with_0(text: &[u8], first: usize, end: usize) -> bool {
    text.get(first) == Some(&b'0') && end > first + 1
}

/// The name of a row: the digits of a number, or a text without anything that is written in several ways.
#[inline]
fn name(text: &[u8]) -> Option<(&[u8], &[u8])> {
    if let Some(quoted) = text.strip_prefix(b"\"") {
        let end = quoted.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..=0x20 | 0x7f..))?;
        (end > 0 && quoted.get(end) == Some(&b'"')).then_some(())?;
        return Some((quoted.get(..end)?, quoted.get(end + 1..)?));
    }
    let (_, end) = digits(text, 0, 0);
    (end > 0 && !begins_with_0(text, 0, end)).then_some(())?;
    text.split_at_checked(end)
}
