use super::mistakes;
use super::{Node, YesNo};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::{Span, Spanned};

type Entries<'a> = &'a [(Spanned<String>, Node)];

/// A mapping being taken apart: each key is asked for by name, and everything that is wrong is collected.
///
/// An optional key that stands without a value (`unit:`, `unit: null`) counts as not given.
#[derive(Debug)]
pub struct Fields<'a, 'm> {
    owner: String,
    span: Span,
    /// Where a missing key is told.
    place: Span,
    entries: Entries<'a>,
    asked: Vec<&'static str>,
    taken: Vec<bool>,
    mistakes: &'m mut Vec<Diagnostic>,
}

impl<'a, 'm> Fields<'a, 'm> {
    /// Begins with a node that must be a mapping; `owner` names it in messages: ``the fact `mmt8` ``.
    pub fn of(node: &'a Node, owner: impl Into<String>, mistakes: &'m mut Vec<Diagnostic>) -> Option<Self> {
        let owner = owner.into();
        if let Some(entries) = node.entries() {
            return Some(Fields::over(entries, node.span, owner, mistakes));
        }
        let mistake = mistakes::wrong_shape(node.span, &owner, "`key: value` lines", node.shape());
        mistakes.push(mistake.note("write each key on a line of its own below, indented by two blanks"));
        None
    }

    /// Begins with the entries of a mapping; a missing key is told at the first of them.
    pub fn over(entries: Entries<'a>, span: Span, owner: impl Into<String>, mistakes: &'m mut Vec<Diagnostic>) -> Self {
        let place = entries.first().map_or(span, |(name, _)| name.span);
        let taken = vec![false; entries.len()];
        Fields { owner: owner.into(), span, place, entries, asked: Vec::new(), taken, mistakes }
    }

    /// Missing keys are told at this place: the name above the mapping.
    #[must_use]
    pub fn told_at(mut self, place: Span) -> Self {
        self.place = place;
        self
    }

    /// Where the mapping stands.
    pub fn span(&self) -> Span {
        self.span
    }

    /// The list of mistakes, for what the caller finds, and for mappings inside this one.
    pub fn mistakes(&mut self) -> &mut Vec<Diagnostic> {
        self.mistakes
    }

    /// The value of a key as it stands, `null` included.
    pub fn given(&mut self, key: &'static str) -> Option<&'a Node> {
        self.asked.push(key);
        let at = self.entries.iter().position(|(name, _)| name.value == key)?;
        if let Some(taken) = self.taken.get_mut(at) {
            *taken = true;
        }
        self.entries.get(at).map(|(_, node)| node)
    }

    /// The value of a key that may be missing.
    pub fn optional(&mut self, key: &'static str) -> Option<&'a Node> {
        self.given(key).filter(|node| !node.is_null())
    }

    /// The value of a key that must be there.
    pub fn required(&mut self, key: &'static str) -> Option<&'a Node> {
        let node = self.optional(key);
        if node.is_none() {
            let mistake = mistakes::missing_key(self.place_of(key), &self.owner, key);
            self.mistakes.push(mistake);
        }
        node
    }

    /// The text of a key that must be there.
    pub fn text(&mut self, key: &'static str) -> Option<Spanned<&'a str>> {
        let node = self.required(key)?;
        expect_text(node, &format!("`{key}`"), self.mistakes)
    }

    /// The text of a key that may be missing.
    pub fn optional_text(&mut self, key: &'static str) -> Option<Spanned<&'a str>> {
        let node = self.optional(key)?;
        expect_text(node, &format!("`{key}`"), self.mistakes)
    }

    /// The yes/no of a key that may be missing.
    pub fn optional_yes_no(&mut self, key: &'static str) -> Option<bool> {
        let node = self.optional(key)?;
        expect_yes_no(node, &format!("`{key}`"), self.mistakes)
    }

    /// The items of a list that may be missing; an empty slice then.
    pub fn list(&mut self, key: &'static str) -> &'a [Node] {
        let Some(node) = self.optional(key) else { return &[] };
        expect_sequence(node, &format!("`{key}`"), self.mistakes).unwrap_or(&[])
    }

    /// The texts of a list that may be missing.
    pub fn texts(&mut self, key: &'static str) -> Vec<Spanned<&'a str>> {
        let subject = format!("each item of `{key}`");
        let items = self.list(key);
        items.iter().filter_map(|item| expect_text(item, &subject, self.mistakes)).collect()
    }

    /// The mapping of a key that may be missing.
    pub fn group(&mut self, key: &'static str) -> Option<Fields<'a, '_>> {
        let node = self.optional(key)?;
        Fields::of(node, format!("`{key}`"), self.mistakes)
    }

    /// All entries nobody asked for; they count as taken.
    pub fn rest(&mut self) -> impl Iterator<Item = &'a (Spanned<String>, Node)> + use<'a> {
        let taken = std::mem::replace(&mut self.taken, vec![true; self.entries.len()]);
        let entries = self.entries;
        entries.iter().zip(taken).filter(|(_, taken)| !taken).map(|(entry, _)| entry)
    }

    /// Reports every key that nobody asked for. A key that was missed and stands there misspelt is told once.
    pub fn finish(self) {
        for ((key, _), taken) in self.entries.iter().zip(&self.taken) {
            if *taken {
                continue;
            }
            let mistake = mistakes::unknown_key(key.span, &self.owner, &key.value);
            let absent = |name: &&str| self.entries.iter().all(|(key, _)| key.value != **name);
            let free = self.asked.iter().filter(|name| absent(name)).copied();
            let Some(meant) = suggest::nearest(&key.value, free) else {
                self.mistakes.push(mistake.note(format!("its keys are {}", listed(&self.asked))));
                continue;
            };
            let missed = mistakes::missing_key(self.place, &self.owner, meant);
            self.mistakes.retain(|other| other.message != missed.message || other.span() != Some(self.place));
            self.mistakes.push(mistake.fix(format!("did you mean `{meant}`?"), key.span, meant));
        }
    }

    /// Where a key stands, or where it is missed.
    pub fn place_of(&self, key: &str) -> Span {
        self.entries.iter().find(|(name, _)| name.value == key).map_or(self.place, |(name, _)| name.span)
    }
}

fn listed(keys: &[&str]) -> String {
    let mut names: Vec<String> = Vec::new();
    for name in keys.iter().map(|key| format!("`{key}`")) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names.join(", ")
}

/// A text, or a mistake; `subject` begins the message: `` `label` ``.
pub fn expect_text<'a>(node: &'a Node, subject: &str, mistakes: &mut Vec<Diagnostic>) -> Option<Spanned<&'a str>> {
    let text = node.text();
    if text.is_none() {
        let mistake = mistakes::wrong_shape(node.span, subject, "a text", node.shape());
        mistakes.push(mistake.note("put it in quotes if the `: `, `, ` or brackets belong to the text"));
    }
    text.map(|text| Spanned::new(text, node.span))
}

/// The items of a list, or a mistake.
pub fn expect_sequence<'a>(node: &'a Node, subject: &str, mistakes: &mut Vec<Diagnostic>) -> Option<&'a [Node]> {
    let items = node.items();
    if items.is_none() {
        let mistake = mistakes::wrong_shape(node.span, subject, "a list", node.shape());
        mistakes.push(mistake.note("write `[a, b]`, or one line beginning with `-` for each"));
    }
    items
}

/// Yes or no, or a mistake.
pub fn expect_yes_no(node: &Node, subject: &str, mistakes: &mut Vec<Diagnostic>) -> Option<bool> {
    let Some(text) = node.text() else {
        let mistake = mistakes::wrong_shape(node.span, subject, "yes or no", node.shape());
        mistakes.push(mistake.note("write `yes` or `no`"));
        return None;
    };
    match YesNo::read(text) {
        YesNo::Yes => Some(true),
        YesNo::No => Some(false),
        YesNo::Meant(word) => {
            let mistake = mistakes::not_yes_no(node.span, subject, text);
            mistakes.push(mistake.fix(format!("did you mean `{word}`?"), node.span, word));
            None
        }
        YesNo::Other => {
            mistakes.push(mistakes::not_yes_no(node.span, subject, text));
            None
        }
    }
}
