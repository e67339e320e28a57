use super::{Reader, codes};
use crate::diagnostics::{Diagnostic, suggest};
use crate::source::{Span, Spanned};
use crate::yaml::{Node, NodeKind};

impl Reader<'_> {
    /// The `key: value` lines of a node; none where nothing stands there, an error where something else does.
    pub(super) fn expect_parts<'n>(
        &mut self,
        node: &'n Node,
        what: &str,
        example: &str,
    ) -> &'n [(Spanned<String>, Node)] {
        match &node.kind {
            NodeKind::Mapping(entries) => entries,
            NodeKind::Scalar { .. } if node.is_null() => &[],
            NodeKind::Scalar { .. } | NodeKind::Sequence(_) => {
                self.wrong_shape(node, &format!("{what} is written as `key: value` lines"), example);
                &[]
            }
        }
    }

    /// The items of a list; none where nothing stands there, an error where something else does.
    pub(super) fn expect_items<'n>(&mut self, node: &'n Node, what: &str, example: &str) -> &'n [Node] {
        match &node.kind {
            NodeKind::Sequence(items) => items,
            NodeKind::Scalar { .. } if node.is_null() => &[],
            NodeKind::Scalar { .. } | NodeKind::Mapping(_) => {
                self.wrong_shape(node, &format!("{what} is a list"), example);
                &[]
            }
        }
    }

    /// A text that is there; an error where it is not.
    pub(super) fn expect_words(&mut self, node: &Node, what: &str, example: &str) -> Option<Spanned<String>> {
        let text = node.text().map(str::trim).filter(|text| !text.is_empty() && !node.is_null());
        if text.is_none() {
            self.one_value_expected(node, what, example);
        }
        text.map(|text| Spanned::new(text.to_owned(), node.span))
    }

    /// A value under a key that must be there.
    pub(super) fn required<'n>(&mut self, owner: &'n Node, key: &str, what: &str, example: &str) -> Option<&'n Node> {
        let found = owner.get(key);
        // What is no entry at all has been told already.
        if found.is_none() && (owner.entries().is_some() || owner.is_null()) {
            let start = Span { end: owner.span.end.min(owner.span.start.saturating_add(1)), ..owner.span };
            let missing = Diagnostic::error(codes::MISSING_KEY, start, format!("{what} has no `{key}`"));
            self.error(missing.note(format!("write for example `{example}`")));
        }
        found
    }

    pub(super) fn one_value_expected(&mut self, node: &Node, what: &str, example: &str) {
        self.wrong_shape(node, &format!("{what} is one value"), example);
    }

    fn wrong_shape(&mut self, node: &Node, expected: &str, example: &str) {
        let stands = if node.entries().is_some() { "stand" } else { "stands" };
        let message = format!("{expected}, and {} {stands} here", node.shape());
        self.error(Diagnostic::error(codes::SHAPE, node.span, message).note(format!("write for example `{example}`")));
    }

    /// Reports the keys that are not among those an entry has.
    pub(super) fn only_keys(&mut self, entries: &[(Spanned<String>, Node)], what: &str, known: &[&str]) {
        for (key, _) in entries {
            if known.contains(&key.value.as_str()) {
                continue;
            }
            if let Some(comma) = comma_in_braces(key) {
                self.error(comma);
                continue;
            }
            let message = format!("`{}` is not a key of {what}", super::shortened(&key.value));
            let error = Diagnostic::error(codes::UNKNOWN_KEY, key.span, message);
            self.error(match suggest::nearest(&key.value, known.iter().copied()) {
                Some(meant) => error.fix(format!("did you mean `{meant}`?"), key.span, meant),
                None => error.note(format!("its keys are {}", in_words(known.iter().copied()))),
            });
        }
    }

    /// One of a few fixed words; nothing where it is not known.
    pub(super) fn word<T: Copy>(&mut self, node: &Node, what: &str, words: &[(&'static str, T)]) -> Option<T> {
        if node.is_null() || node.text() == Some("unknown") {
            return None;
        }
        let written = self.expect_words(node, what, words.first().map_or("", |(word, _)| word))?;
        let found = words.iter().find(|(word, _)| *word == written.value).map(|(_, value)| *value);
        if found.is_none() {
            let message = format!("`{}` is not a word for {what}", super::shortened(&written.value));
            let error = Diagnostic::error(codes::WORD, node.span, message);
            let known = words.iter().map(|(word, _)| *word);
            self.error(match suggest::nearest(&written.value.replace([' ', '-'], "_"), known.clone()) {
                Some(meant) => self.rewrite(error, node, meant),
                None if words.len() == 1 => error.note(format!("the only one is {}", in_words(known))),
                None => error.note(format!("it is one of {}", in_words(known))),
            });
        }
        found
    }
}

/// `{ck: 1,3}`: the comma ends the value, and what follows it is taken for a key.
pub(super) fn comma_in_braces(key: &Spanned<String>) -> Option<Diagnostic> {
    let number = key.value.starts_with(|first: char| first.is_ascii_digit());
    let message = format!("`{}` stands where a key is expected", super::shortened(&key.value));
    number.then(|| {
        Diagnostic::error(codes::COMMA, key.span, message)
            .note("a comma between braces begins a new entry: the decimal mark is a point, and thousands have no mark")
    })
}

/// `a`, `b` and `c`, each in backticks.
pub(super) fn in_words<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{name}`")).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}
