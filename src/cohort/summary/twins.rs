//! Records that are probably one patient: born on one day, of one sex, with one onset or first visit. They are listed, never
//! merged.
//!
//! A record leaves a short key for each of its dates in a file beside the list; at the end that file is sorted on disk, so
//! memory does not grow with the records.

use std::fs::File;
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::Path;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::catalog::{Catalog, FactKind, RecordedIn};
use crate::cohort::input::{Sorter, TemporaryFolder};
use crate::cohort::output::row;
use crate::record::{Given, Record};
use crate::value::DateRange;

/// The names of the columns.
const HEADING: [&str; 5] = ["line", "id", "other_line", "other_id", "same"];

/// How many bytes of a hash tell records apart.
const KEY: usize = 16;
/// With how many earlier records of one key a record is compared.
const COMPARED: usize = 1000;
/// The first visit, in the place of the name of a fact.
const FIRST_VISIT: &str = "first visit";

/// What was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Twins {
    /// Pairs of records.
    pub pairs: u64,
}

/// A month, of a date that is known so far.
fn month(of: DateRange) -> Option<String> {
    let (first, last) = (of.earliest, of.latest);
    let same = first.year() == last.year() && first.month() == last.month();
    same.then(|| format!("{}-{}", first.year(), first.month()))
}

/// What a record leaves of itself: nothing where it does not say when the patient was born.
pub(in crate::cohort) fn persons(catalog: &Catalog, record: &Record, line: u64, id: Option<&str>, out: &mut Vec<u8>) {
    let Some((born, month_born)) = record.born.and_then(|born| Some((born, month(born)?))) else { return };
    let (mut who, mut dates) = (vec![month_born], Vec::new());
    for entry in &record.undated {
        let Some(fact) = catalog.fact(entry.fact) else { continue };
        match (&entry.given, &fact.kind) {
            (Given::Choices(choices), FactKind::Choice { .. }) if fact.recorded == RecordedIn::Patient => {
                who.extend(choices.settled().map(|value| format!("{} {value}", fact.id.value)));
            }
            (Given::Date(date), FactKind::Date) => {
                dates.extend(month(*date).map(|month| (fact.id.value.clone(), month)));
            }
            (Given::Choices(_) | Given::Date(_) | Given::Number(_) | Given::Missing, _) => {}
        }
    }
    dates.extend(record.visits.first().map(|visit| (FIRST_VISIT.to_owned(), visit.date.to_string())));
    who.sort();
    let day = if born.is_exact() { u8::try_from(born.earliest.day()).unwrap_or(0) } else { 0 };
    for (what, date) in dates {
        let hash = Sha256::digest(format!("{}|{what}|{date}", who.join("|")).as_bytes());
        out.extend(hash.iter().take(KEY));
        put(out, &[day]);
        put(out, what.as_bytes());
        put(out, &line.to_be_bytes());
        put(out, id.unwrap_or_default().as_bytes());
    }
}

/// Bytes with their length before them.
fn put(out: &mut Vec<u8>, bytes: &[u8]) {
    let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend(length.to_be_bytes());
    out.extend(bytes.iter().take(length as usize));
}

fn get(from: &mut impl Read) -> io::Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let mut bytes = Vec::new();
    from.take(u64::from(u32::from_be_bytes(length))).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte))
}

/// A record of some key.
struct Person {
    day: u8,
    line: Vec<u8>,
    id: Vec<u8>,
}

/// Writes the list of what is probably one patient, from the keys that the records left.
pub fn write(keys: &Path, list: &Path) -> io::Result<Twins> {
    let folder = TemporaryFolder::new()?;
    let mut by_key = Sorter::new(&folder, "persons");
    let mut from = BufReader::new(File::open(keys)?);
    loop {
        let mut key = [0; KEY];
        match from.read_exact(&mut key) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => break,
            Err(error) => return Err(error),
        }
        let mut rest = Vec::new();
        for _ in 0..4 {
            put(&mut rest, &get(&mut from)?);
        }
        by_key.push(&key, &rest)?;
    }
    let mut sorted = by_key.finish()?;
    let mut pairs = Sorter::new(&folder, "pairs");
    let mut known: (Vec<u8>, Vec<Person>) = (Vec::new(), Vec::new());
    while let Some((key, rest)) = sorted.take()? {
        let mut rest = rest.as_slice();
        let [day, what, line, id] = [get(&mut rest)?, get(&mut rest)?, get(&mut rest)?, get(&mut rest)?];
        let person = Person { day: day.first().copied().unwrap_or(0), line, id };
        if known.0 != key {
            known = (key, Vec::new());
        }
        let is_like = |other: &&Person| other.day == person.day || other.day == 0 || person.day == 0;
        if let Some(other) = known.1.iter().find(is_like) {
            let ends = [other.line.as_slice(), &person.line].concat();
            let mut about = Vec::new();
            for bytes in [&other.id, &person.id, &what] {
                put(&mut about, bytes);
            }
            pairs.push(&ends, &about)?;
        }
        if known.1.len() < COMPARED {
            known.1.push(person);
        }
    }
    listed(pairs, list)
}

/// The pairs by their lines, each once with all that is the same.
fn listed(pairs: Sorter, list: &Path) -> io::Result<Twins> {
    let mut out = BufWriter::new(File::create(list)?);
    out.write_all(&row(HEADING))?;
    let mut sorted = pairs.finish()?;
    let mut found = Twins { pairs: 0 };
    while let Some((ends, about)) = sorted.take()? {
        let mut about = about.as_slice();
        let [other_id, id, what] = [get(&mut about)?, get(&mut about)?, get(&mut about)?];
        let mut same = vec![text(&what)];
        while let Some(more) = sorted.take_of(&ends)? {
            let mut more = more.as_slice();
            let [_, _, what] = [get(&mut more)?, get(&mut more)?, get(&mut more)?];
            same.push(text(&what));
        }
        same.sort();
        let (first, second) = ends.split_at(ends.len() / 2);
        let lines = [number(second).to_string(), number(first).to_string()];
        let same = format!("born|{}", same.join("|"));
        let [line, other_line] = &lines;
        out.write_all(&row([line.as_str(), &text(&id), other_line, &text(&other_id), &same]))?;
        found.pairs += 1;
    }
    out.flush()?;
    Ok(found)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
