use super::codes::{NO_CASES, NOT_A_VALUE, SAME_NAME, UNKNOWN_NAME};
use super::{Case, Equivalent, Expected, Member, Suite, item};
use crate::catalog::Catalog;
use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{Block, BlockKind, Guideline, Type};
use crate::record::Document;
use crate::source::{FileId, SourceMap, Span, Spanned};
use crate::value::Number;
use crate::yaml::{self, Fields, Node, YesNo, expect_text};

/// The status of a case whose expectations are the program's own.
pub(crate) const PROPOSED: &str = "proposed";

/// Reads a file of worked patients of a guideline.
pub fn read(sources: &SourceMap, file: FileId, guideline: &Guideline, catalog: &Catalog) -> Suite {
    let documents = match yaml::read(sources, file) {
        Ok(documents) => documents,
        Err(mistakes) => return Suite { mistakes, ..Suite::default() },
    };
    let [document] = documents.as_slice() else {
        let place = documents.get(1).map_or(sources.span(file, 0, 0), |second| second.span);
        let mistake = Diagnostic::error(NO_CASES, place, "a file of cases holds one list, `cases`");
        return Suite { mistakes: vec![mistake], ..Suite::default() };
    };
    let mut reader = Reader { guideline, catalog, unread: 0, mistakes: Vec::new() };
    let (cases, equivalent) = reader.cases(document);
    Suite { cases, equivalent, unread: reader.unread, mistakes: reader.mistakes }
}

pub(super) struct Reader<'a> {
    pub(super) guideline: &'a Guideline,
    pub(super) catalog: &'a Catalog,
    unread: usize,
    pub(super) mistakes: Vec<Diagnostic>,
}

impl Reader<'_> {
    fn cases(&mut self, document: &Node) -> (Vec<Case>, Vec<Equivalent>) {
        let mut mistakes = Vec::new();
        let (items, listed): (&[Node], &[Node]) = match Fields::of(document, "a file of cases", &mut mistakes) {
            Some(mut fields) => {
                let listed = fields.list("equivalent");
                if listed.is_empty() {
                    fields.required("cases");
                }
                let items = fields.list("cases");
                fields.finish();
                (items, listed)
            }
            None => (&[], &[]),
        };
        self.mistakes.append(&mut mistakes);
        let mut cases: Vec<Case> = Vec::new();
        for item in items {
            let Some(case) = self.case(item) else {
                self.unread += 1;
                continue;
            };
            if let Some(earlier) = cases.iter().find(|earlier| earlier.name == case.name) {
                let message = format!("two cases are called `{}`", case.name.value);
                let mistake = Diagnostic::error(SAME_NAME, case.name.span, message);
                self.mistakes.push(mistake.also(earlier.name.span, "the first"));
            }
            cases.push(case);
        }
        let equivalent = listed.iter().filter_map(|entry| self.equivalent(entry)).collect();
        (cases, equivalent)
    }

    fn case(&mut self, node: &Node) -> Option<Case> {
        let mut mistakes = Vec::new();
        let mut fields = Fields::of(node, "a case", &mut mistakes);
        let read = fields.as_mut().and_then(|fields| {
            let name = fields.text("case").map(|name| name.map(str::to_owned));
            let status = fields.optional_text("status");
            fields.optional_text("story");
            let record = fields.required("record");
            let expect = fields.required("expect");
            Some((name?, status, record?, expect?))
        });
        if let Some(fields) = fields {
            fields.finish();
        }
        self.mistakes.append(&mut mistakes);
        let (name, status, record, expect) = read?;
        let told = self.mistakes.len();
        let mut case = Case {
            name,
            proposed: status.is_some_and(|status| self.is_proposed(&status)),
            record: Document::of_node(record.clone()),
            answers: Vec::new(),
            open_because: Vec::new(),
            steps: Vec::new(),
            parts: Vec::new(),
            whole: true,
        };
        self.expect(expect, &mut case);
        case.whole = self.mistakes.len() == told;
        Some(case)
    }

    fn is_proposed(&mut self, status: &Spanned<&str>) -> bool {
        if !["accepted", PROPOSED].contains(&status.value) {
            let message = format!("`{}` is no status of a case", status.value);
            let mistake = Diagnostic::error(NOT_A_VALUE, status.span, message);
            self.mistakes.push(mistake.note(format!(
                "write `{PROPOSED}` while nobody has worked out from the source what is right, and nothing once somebody has"
            )));
        }
        status.value == PROPOSED
    }

    fn expect(&mut self, node: &Node, case: &mut Case) {
        let mut mistakes = Vec::new();
        if let Some(mut fields) = Fields::of(node, "`expect`", &mut mistakes) {
            let [answers, because, steps] = ["answers", "open_because", "steps"].map(|key| fields.optional(key));
            let parts = item::KEYS.map(|key| fields.optional(key));
            fields.finish();
            // A misspelt key was told above.
            let nothing = [answers, because, steps].iter().chain(&parts).all(Option::is_none);
            if mistakes.is_empty() && nothing {
                let message = "nothing is expected of this case";
                let mistake = Diagnostic::error(NO_CASES, node.span, message);
                mistakes.push(mistake.note("write `answers: {NAME: VALUE}` below `expect`"));
            }
            let named = [("answers", answers), ("open_because", because), ("steps", steps)];
            for (key, node) in named.into_iter().chain(item::KEYS.into_iter().zip(parts)) {
                if let Some(node) = node.filter(|node| node.entries().is_none()) {
                    let message = format!("`{key}` is a list of names, each with what is expected of it");
                    let mistake = Diagnostic::error(NOT_A_VALUE, node.span, message);
                    mistakes.push(mistake.note(format!("write `{key}: {{NAME: VALUE}}`")));
                }
            }
            for (name, value) in answers.into_iter().flat_map(entries) {
                if self.guideline.info.silent_on.iter().any(|(silent, _)| silent.value == name.value) {
                    if value.text() == Some("silent") {
                        case.answers.push((name.clone(), Spanned::new(Expected::Silent, value.span)));
                    } else {
                        let message = format!("the release is silent on `{}`", name.value);
                        let mistake = Diagnostic::error(NOT_A_VALUE, value.span, message);
                        mistakes.push(mistake.note("write `silent`, or take it out of `silent_on`"));
                    }
                    continue;
                }
                if let Some(values) = self.answer(name).map(|block| self.values_of(block))
                    && let Some(expected) = self.expected(&values, value)
                {
                    case.answers.push((name.clone(), expected));
                }
            }
            for (name, value) in because.into_iter().flat_map(entries) {
                if self.answer(name).is_some() {
                    let facts = self.facts(value);
                    case.open_because.push((name.clone(), Spanned::new(facts, value.span)));
                }
            }
            for (name, value) in steps.into_iter().flat_map(entries) {
                if let Some(values) = self.step(name).map(|block| self.values_of(block))
                    && let Some(expected) = self.expected(&values, value)
                {
                    case.steps.push((name.clone(), expected));
                }
            }
            for (key, node) in item::KEYS.into_iter().zip(parts) {
                self.parts(key, node, case);
            }
        }
        self.mistakes.append(&mut mistakes);
    }
}

/// The entries of a mapping; a mistake in its shape is told by who reads it.
pub(super) fn entries(node: &Node) -> &[(Spanned<String>, Node)] {
    node.entries().unwrap_or(&[])
}

impl<'a> Reader<'a> {
    fn answer(&mut self, name: &Spanned<String>) -> Option<&'a Block> {
        let guideline = self.guideline;
        let answers = || guideline.answers.iter().filter_map(|id| guideline.block(*id));
        let found = answers().find(|block| block.name.value == name.value);
        if found.is_none() {
            let message = format!("`{}` is no answer of `{}`", name.value, guideline.info.id.value);
            let names: Vec<&str> = answers().map(|block| block.name.value.as_str()).collect();
            self.unknown(name, message, &names);
        }
        found
    }

    pub(super) fn step(&mut self, name: &Spanned<String>) -> Option<&'a Block> {
        let guideline = self.guideline;
        let found = guideline.find(&name.value);
        if found.is_none() {
            let message = format!("`{}` has no block `{}`", guideline.info.id.value, name.value);
            let names: Vec<&str> = guideline.blocks.iter().map(|block| block.name.value.as_str()).collect();
            self.unknown(name, message, &names);
        }
        found
    }

    pub(super) fn unknown(&mut self, name: &Spanned<String>, message: String, names: &[&str]) {
        let mistake = Diagnostic::error(UNKNOWN_NAME, name.span, message);
        self.mistakes.push(match suggest::nearest(&name.value, names.iter().copied()) {
            Some(near) => mistake.fix(format!("did you mean `{near}`?"), name.span, near),
            None => mistake.note(format!("it has {}", names.join(", "))),
        });
    }

    fn facts(&mut self, node: &Node) -> Vec<String> {
        let mut mistakes = Vec::new();
        let items = yaml::expect_sequence(node, "the facts that keep it open", &mut mistakes).unwrap_or(&[]);
        let names: Vec<_> =
            items.iter().filter_map(|item| expect_text(item, "each of the facts", &mut mistakes)).collect();
        self.mistakes.append(&mut mistakes);
        for name in &names {
            let judgement = self.guideline.judgements.iter().any(|judgement| judgement == name.value);
            if self.catalog.find(name.value).is_none() && !judgement && !self.is_of_a_course(name.value) {
                let message = format!("`{}` is no fact of the dictionary", name.value);
                let mistake = Diagnostic::error(UNKNOWN_NAME, name.span, message);
                self.mistakes.push(match self.catalog.nearest(name.value) {
                    Some(near) => mistake.fix(format!("did you mean `{near}`?"), name.span, near),
                    None => mistake.note("`myoguide facts` lists them"),
                });
            }
        }
        names.into_iter().map(|name| name.value.to_owned()).collect()
    }

    pub(super) fn expected(&mut self, of: &Values, node: &Node) -> Option<Spanned<Expected>> {
        let expected = match node.text() {
            Some("silent") => Some(Expected::Silent),
            Some("fault") => Some(Expected::Fault),
            Some(_) => self.member(of, node).map(Expected::Value),
            None => self.set(of, node),
        };
        expected.map(|expected| Spanned::new(expected, node.span))
    }

    fn set(&mut self, of: &Values, node: &Node) -> Option<Expected> {
        let mut mistakes = Vec::new();
        let mut fields = Fields::of(node, format!("what is expected of `{}`", of.name), &mut mistakes)?;
        let possible = fields.optional("possible");
        let items = fields.list("possible");
        let (min, max) = (fields.optional("min"), fields.optional("max"));
        if possible.is_none() && min.is_none() && max.is_none() {
            let message = format!("what `{}` must be is not said", of.name);
            let mistake = Diagnostic::error(NOT_A_VALUE, node.span, message);
            fields.mistakes().push(mistake.note("write a value, `{possible: [a, b]}` or `{min: 0, max: 10}`"));
        }
        fields.finish();
        self.mistakes.append(&mut mistakes);
        if let Some(list) = possible {
            if items.is_empty() && list.items().is_some() {
                let message = format!("no value is possible for `{}` here", of.name);
                let mistake = Diagnostic::error(NOT_A_VALUE, list.span, message);
                self.mistakes.push(mistake.note("write the values it may have, `fault`, or `silent`"));
            }
            let members: Vec<Member> = items.iter().filter_map(|item| self.member(of, item)).collect();
            // What could not be read was told; the rest of it is not what the case expects.
            return (!items.is_empty() && members.len() == items.len()).then_some(Expected::Possible(members));
        }
        let read = |reader: &mut Self, end: Option<&Node>| end.map(|node| reader.member(of, node));
        let (min, max) = (read(self, min), read(self, max));
        if min == Some(None) || max == Some(None) || (min.is_none() && max.is_none()) {
            return None;
        }
        Some(Expected::Range { min: min.flatten(), max: max.flatten() })
    }

    fn member(&mut self, of: &Values, node: &Node) -> Option<Member> {
        let subject = format!("a value of `{}`", of.name);
        let text = expect_text(node, &subject, &mut self.mistakes)?;
        let found = match &of.kind {
            ValueKind::YesNo => match YesNo::read(text.value) {
                YesNo::Yes => Some(Member::Word("yes".to_owned())),
                YesNo::No => Some(Member::Word("no".to_owned())),
                YesNo::Meant(_) | YesNo::Other => None,
            },
            ValueKind::Words(words) => word(text.value, words),
            ValueKind::Number => {
                let decimals = text.value.split_once('.').map_or(0, |(_, decimals)| decimals.len());
                text.value.parse::<Number>().ok().map(|number| Member::Number(number, decimals))
            }
        };
        if found.is_none() {
            self.mistakes.push(not_a_value(of, text.value, text.span));
        }
        found
    }

    fn values_of(&self, block: &Block) -> Values {
        let kind = match (&block.gives, &block.kind) {
            (Type::YesNo, _) => ValueKind::YesNo,
            (Type::Choice(values) | Type::Several(values), _) => ValueKind::Words(values.clone()),
            (Type::Measure, BlockKind::Measure(measure)) => {
                let instruments = measure.instruments.iter();
                ValueKind::Words(instruments.map(|one| self.catalog.name(one.fact).to_owned()).collect())
            }
            (Type::Number(_) | Type::Points, _) => ValueKind::Number,
            (Type::Nothing | Type::Measure, _) => ValueKind::Words(Vec::new()),
        };
        Values { name: block.name.value.clone(), kind }
    }
}

/// What something may be, for which a case expects a value.
pub(super) struct Values {
    pub(super) name: String,
    pub(super) kind: ValueKind,
}

pub(super) enum ValueKind {
    YesNo,
    Words(Vec<String>),
    Number,
}

fn not_a_value(of: &Values, text: &str, span: Span) -> Diagnostic {
    let yes_no = ["yes", "no"].map(str::to_owned);
    let values: &[String] = match &of.kind {
        ValueKind::YesNo => &yes_no,
        ValueKind::Words(words) => words,
        ValueKind::Number => &[],
    };
    let mistake = Diagnostic::error(NOT_A_VALUE, span, format!("`{text}` is no value of `{}`", of.name));
    match (&of.kind, suggest::nearest(text, values.iter().map(String::as_str))) {
        (ValueKind::Number, _) => mistake.note("it is a number, written without a unit"),
        (_, Some(near)) => mistake.fix(format!("did you mean `{near}`?"), span, near),
        (_, None) if values.is_empty() => mistake.note("it has no value of its own"),
        (_, None) => mistake.note(format!("its values are {}", values.join(", "))),
    }
}

fn word(text: &str, values: &[String]) -> Option<Member> {
    values.iter().any(|value| value == text).then(|| Member::Word(text.to_owned()))
}
