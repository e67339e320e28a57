//! A line of JSON for each record.

use serde::Serialize;

use super::Row;
use crate::cohort::input::Refusal;
use crate::cohort::run::Chosen;
use crate::engine::{Answering, Engine, Evaluated};
use crate::eval::{Answer, Evaluation, Status};
use crate::explain::{self, Possible, PresumingShown};
use crate::render::json;

/// An object that is written key by key.
struct Object<'o> {
    out: &'o mut Vec<u8>,
    empty: bool,
}

impl<'o> Object<'o> {
    fn begin(out: &'o mut Vec<u8>) -> Self {
        out.push(b'{');
        Object { out, empty: true }
    }

    /// The key; the value is to follow.
    fn key(&mut self, name: &str) {
        if !std::mem::replace(&mut self.empty, false) {
            self.out.push(b',');
        }
        value(self.out, name);
        self.out.push(b':');
    }

    fn put<T: Serialize + ?Sized>(&mut self, name: &str, of: &T) {
        self.key(name);
        value(self.out, of);
    }

    /// The visit and the columns carried through, where there are any.
    fn put_head(&mut self, row: &Row<'_>) {
        if let Some(visit) = row.visit {
            self.put("visit", &visit.to_string());
        }
        if !row.carried.is_empty() {
            self.key("carried");
            let mut inner = Object::begin(self.out);
            for (name, text) in row.carried {
                inner.put(name, text);
            }
            inner.end();
        }
    }

    fn put_record(&mut self, row: &Row<'_>) {
        self.put("record", &RecordObject { id: row.id, line: row.line });
    }

    fn end(self) {
        self.out.push(b'}');
    }

    fn end_line(self) {
        self.out.extend_from_slice(b"}\n");
    }
}

#[derive(Serialize)]
struct RecordObject<'a> {
    id: Option<&'a str>,
    line: u64,
}

#[derive(Serialize)]
struct ErrorObject<'a> {
    #[serde(flatten)]
    first: Option<&'a Refusal>,
    /// What else is wrong with it.
    #[serde(skip_serializing_if = "<[Refusal]>::is_empty")]
    more: &'a [Refusal],
}

fn value<T: Serialize + ?Sized>(out: &mut Vec<u8>, of: &T) {
    #[expect(clippy::expect_used, reason = "texts, lists and numbers, written to memory")]
    serde_json::to_writer(out, of).expect("there is nothing in it that JSON cannot say");
}

/// The object that `evaluate` prints, with the visit and what is carried through before it; unless exactly one guideline was
/// asked by name, a list of such objects.
pub(crate) fn objects(row: &Row<'_>, told: &[Evaluated], single: bool, out: &mut Vec<u8>) {
    let rendered = |one: &Evaluated| json::render(&one.explanation, false);
    let mut line = Object::begin(out);
    if single && let Some(only) = told.first() {
        line.put_head(row);
        let text = rendered(only);
        let keys = text.strip_prefix('{').unwrap_or(&text);
        if !line.empty {
            line.out.push(b',');
        }
        line.out.extend_from_slice(keys.as_bytes());
        return;
    }
    line.put_record(row);
    line.put_head(row);
    line.key("results");
    for (at, one) in told.iter().enumerate() {
        line.out.push(if at == 0 { b'[' } else { b',' });
        line.out.extend_from_slice(rendered(one).trim_end().as_bytes());
    }
    line.out.extend_from_slice(if told.is_empty() { b"[]" } else { b"]" });
    line.end_line();
}

/// A selected answer.
pub(crate) struct Answered {
    status: Status,
    possible: Possible,
    exact: bool,
    presuming: Option<PresumingShown>,
}

impl Answered {
    /// The answer of the release that answers; nothing where it has no such answer.
    pub(crate) fn of(engine: &Engine, answering: Answering, chosen: &Chosen, evaluation: &Evaluation) -> Option<Self> {
        let loaded = engine.guidelines().get(answering.release())?;
        let id = chosen.block(answering.release())?;
        let block = loaded.guideline.block(id)?;
        let answer = evaluation.answers.iter().find(|answer| answer.block == id)?;
        let (possible, _) = explain::possible(block, answer);
        let presuming = explain::presuming(engine.subject(loaded), block, answer);
        Some(Answered { status: answer.status, possible, exact: answer.exact, presuming })
    }
}

/// The selected answers, each as short as it can be.
pub(crate) fn brief<'a>(row: &Row<'_>, answers: impl Iterator<Item = (&'a str, Option<Answered>)>, out: &mut Vec<u8>) {
    let mut line = Object::begin(out);
    line.put("id", &row.id);
    line.put_head(row);
    for (name, answered) in answers {
        match &answered {
            Some(Answered { status, possible, exact, presuming }) => {
                line.put(name, &json::brief(*status, possible, *exact, presuming.as_ref()));
            }
            None => line.put(name, &json::brief(Status::Silent, &Possible::Nothing, true, None)),
        }
    }
    line.end_line();
}

/// The beginning of such a line, of a name that JSON writes as it is.
#[inline]
pub(crate) fn brief_start(id: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"{\"id\":\"");
    out.extend_from_slice(id);
    out.push(b'"');
}

/// What stands before an answer.
pub(crate) fn brief_key(name: &str) -> Vec<u8> {
    let mut key = vec![b','];
    value(&mut key, name);
    key.push(b':');
    key
}

/// An answer, that nothing is taken for granted in.
pub(crate) fn brief_value(engine: &Engine, release: usize, answer: &Answer) -> Option<Vec<u8>> {
    let block = engine.guidelines().get(release)?.guideline.block(answer.block)?;
    let (possible, _) = explain::possible(block, answer);
    let mut written = Vec::new();
    value(&mut written, &json::brief(answer.status, &possible, answer.exact, None));
    Some(written)
}

/// The end of such a line.
#[inline]
pub(crate) fn brief_end(out: &mut Vec<u8>) {
    out.extend_from_slice(b"}\n");
}

/// A record that cannot be read.
pub(crate) fn refused(row: &Row<'_>, refusals: &[Refusal], out: &mut Vec<u8>) {
    let mut line = Object::begin(out);
    line.put_record(row);
    line.put_head(row);
    let more = refusals.get(1..).unwrap_or_default();
    line.put("error", &ErrorObject { first: refusals.first(), more });
    line.end_line();
}
