use std::sync::Arc;

use super::{Answering, Asked, Engine, Loaded, Ready};
use crate::catalog::Status;
use crate::diagnostics::{Diagnostic, suggest};
use crate::eval::{self, Baseline, Evaluation, Selection, Subject};
use crate::explain::{self, Explanation, Silent};
use crate::model::BlockId;
use crate::record::{self, Document, LeftOut, Record};
use crate::source::FileId;
use crate::source::Spanned;
use crate::value::Date;

/// A record, or its mistakes.
pub type ReadRecord = Result<Record, Vec<Diagnostic>>;

/// How a record is evaluated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// As of this day: what is later is left out.
    pub as_of: Option<Date>,
    /// Which visit is the baseline.
    pub baseline: Baseline,
}

/// One guideline's evaluation of one record.
#[derive(Debug)]
pub struct Evaluated {
    /// Sets, registers, answers.
    pub evaluation: Evaluation,
    /// The same in statements.
    pub explanation: Explanation,
}

impl Engine {
    /// Takes the text of a file of records in.
    pub fn add_text(&mut self, path: &str, text: String) -> FileId {
        self.sources.add(path, text)
    }

    /// Reads the records of a file: of the dictionary, what they name is read first.
    pub fn read_records(&mut self, file: FileId) -> Vec<ReadRecord> {
        let documents = record::documents(&self.sources, file);
        for document in &documents {
            self.load_named(document);
        }
        documents.iter().map(|document| document.read(&self.sources, &self.catalog)).collect()
    }

    /// Reads one record that is a line of a longer text, once every fact and the formulary are loaded. Its text is taken
    /// in until [`Engine::forget_texts`].
    pub fn read_line(&mut self, path: &str, line: u32, text: &str) -> Document {
        let file = self.sources.add_part(path, text, line);
        Document::of_line(&self.sources, file)
    }

    /// Takes a part of a longer text in that begins at a line of it, until [`Engine::forget_texts`].
    pub fn add_part(&mut self, path: &str, line: u32, text: &str) -> FileId {
        self.sources.add_part(path, text, line)
    }

    /// The record of a document, once every fact and the formulary are loaded.
    pub fn record_of(&self, document: &Document) -> ReadRecord {
        document.read(&self.sources, &self.catalog)
    }

    /// How many texts were taken in, for [`Engine::forget_texts`].
    pub fn texts(&self) -> usize {
        self.sources.len()
    }

    /// Takes the newest texts off again, until so many are left: those of records that were answered.
    pub fn forget_texts(&mut self, texts: usize) {
        self.sources.truncate(texts);
    }

    /// Takes a file of the library in, by its path there.
    pub fn add_file(&mut self, path: &str) -> Option<FileId> {
        self.library.add_to(&mut self.sources, path)
    }

    /// Reads a record that stands inside another document.
    pub fn read_document(&mut self, document: &Document) -> ReadRecord {
        self.load_named(document);
        document.read(&self.sources, &self.catalog)
    }

    /// Reads what a record names of the dictionary, and the formulary where it names drugs.
    fn load_named(&mut self, document: &Document) {
        let names = document.names();
        if names.contains("therapies") || names.contains("declined") {
            self.load_formulary();
        }
        let mistakes = Arc::make_mut(&mut self.catalog).load_facts(&self.sources, names);
        self.diagnostics.extend(mistakes);
    }

    /// Evaluates what answers on the record's day, or on the one given, for each guideline that is asked. Where none of its
    /// releases is in force yet every answer is silent. A guideline with mistakes is left out.
    pub fn evaluate_asked(&mut self, asked: &[Asked], record: &Record, options: Options) -> Vec<Evaluated> {
        let day = options.as_of.unwrap_or(record.as_of);
        let answering: Vec<Answering> = asked.iter().filter_map(|one| self.answering(one, day)).collect();
        self.evaluate_answering(&answering, record, options)
    }

    /// The same once everything that may answer is loaded: one for each guideline that is asked, in their order.
    pub fn evaluate_ready(&self, ready: &[Ready], record: &Record, options: Options) -> Vec<Evaluated> {
        let day = options.as_of.unwrap_or(record.as_of);
        let answering: Vec<Answering> = ready.iter().map(|one| one.on(day)).collect();
        self.evaluate_answering(&answering, record, options)
    }

    fn evaluate_answering(&self, answering: &[Answering], record: &Record, options: Options) -> Vec<Evaluated> {
        let all: Vec<&Loaded> = answering.iter().filter_map(|one| self.guidelines.get(one.release())).collect();
        let evaluate = |(loaded, answering): (&&Loaded, &Answering)| {
            let first = match answering {
                Answering::Release(_) => None,
                Answering::NotYet(_, first) => Some(*first),
            };
            self.evaluated(loaded, record, options, first, &all)
        };
        all.iter().zip(answering).map(evaluate).collect()
    }

    /// Some answers of a release that is loaded, to be asked of many records.
    pub fn selection(&self, release: usize, wanted: Vec<BlockId>) -> Option<Selection> {
        Some(Selection::of(self.subject(self.guidelines.get(release)?), wanted))
    }

    /// The selected answers of what answers on a day, and nothing beside them; `record` is the record as it was known on
    /// that day.
    pub fn answers_of(
        &self,
        answering: Answering,
        record: &Record,
        baseline: Baseline,
        selection: &Selection,
    ) -> Option<Evaluation> {
        let subject = self.subject(self.guidelines.get(answering.release())?);
        let speaks = matches!(answering, Answering::Release(_));
        Some(selection.evaluate(subject, record, baseline, speaks))
    }

    /// Evaluates one loaded guideline for one record, whatever the day.
    pub fn evaluate(&self, loaded: &Loaded, record: &Record, options: Options) -> Evaluated {
        let all: Vec<&Loaded> = self.guidelines.iter().collect();
        self.evaluated(loaded, record, options, None, &all)
    }

    /// `not_yet` is the first day of a guideline that is not in force; `all` are those that answer beside it.
    fn evaluated(
        &self,
        loaded: &Loaded,
        record: &Record,
        options: Options,
        not_yet: Option<Date>,
        all: &[&Loaded],
    ) -> Evaluated {
        let earlier: Option<(Record, LeftOut)> = options.as_of.map(|day| record::until(record, day, &self.catalog));
        let (record, left_out) = match &earlier {
            Some((record, left_out)) => (record, Some(left_out)),
            None => (record, None),
        };
        let subject = self.subject(loaded);
        let evaluation = match not_yet {
            None => eval::evaluate(subject, record, options.baseline),
            Some(_) => eval::evaluate_unspoken(subject, record, options.baseline),
        };
        let mut explanation = explain::explain(subject, record, &evaluation, &self.sources);
        if let Some(first) = not_yet {
            let because = format!("it is first in force on {first}");
            explanation.silent = vec![Silent { source: loaded.guideline.info.id.value.clone(), because }];
        } else if loaded.guideline.info.status == Status::Retired {
            explanation.notices.push(format!("`{}` is retired", loaded.guideline.info.full_name()));
        }
        explanation.guideline.hash = format!("sha256:{}", loaded.hash);
        if let Some(left_out) = left_out.filter(|left_out| !left_out.is_nothing()) {
            explanation
                .notices
                .insert(0, format!("left out, being later than {}: {}", record.as_of, left_out.in_words()));
        }
        explanation.notices.extend(idle_judgements(record, all));
        Evaluated { evaluation, explanation }
    }

    /// The record answers a judgement that none of those who are asked on a day asks for.
    pub fn answers_idly(&self, ready: &[Ready], record: &Record, day: Date) -> bool {
        let releases = ready.iter().map(|one| one.on(day).release());
        let asked: Vec<&Loaded> = releases.filter_map(|at| self.guidelines.get(at)).collect();
        idle(record, &asked).next().is_some()
    }

    /// A loaded guideline with the dictionary, ready to be evaluated.
    pub fn subject<'a>(&'a self, loaded: &'a Loaded) -> Subject<'a> {
        Subject { guideline: &loaded.guideline, lowered: &loaded.lowered, catalog: &self.catalog }
    }
}

/// Those that are told of: one asked for by name answers even if only to say that it does not speak of the patient, and so do
/// all of them where none covers the patient.
pub fn speaking(all: Vec<Evaluated>, named: bool) -> Vec<Evaluated> {
    let covers = |evaluated: &Evaluated| evaluated.evaluation.covers.can_be_yes();
    let every = named || !all.iter().any(covers);
    all.into_iter().filter(|evaluated| every || covers(evaluated)).collect()
}

/// Judgements that no guideline asks for: misspelt, most likely.
fn idle_judgements(record: &Record, guidelines: &[&Loaded]) -> Vec<String> {
    let asked = || guidelines.iter().flat_map(|loaded| &loaded.guideline.judgements).map(String::as_str);
    let told = |name: &Spanned<String>| {
        let told = format!("no guideline that is asked asks for the judgement `{}`", name.value);
        suggest::nearest(&name.value, asked()).map_or(told.clone(), |near| format!("{told}; did you mean `{near}`?"))
    };
    idle(record, guidelines).map(told).collect()
}

/// The judgements of a record that none of these guidelines asks for.
fn idle<'r>(record: &'r Record, guidelines: &'r [&Loaded]) -> impl Iterator<Item = &'r Spanned<String>> {
    let is_asked =
        |name: &str| guidelines.iter().any(|loaded| loaded.guideline.judgements.iter().any(|own| own == name));
    record.judgements.iter().map(|(name, _)| name).filter(move |name| !is_asked(&name.value))
}
