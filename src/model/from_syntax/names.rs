use crate::catalog::FactId;
use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{BlockId, CourseWord};
use crate::source::Span;
use crate::syntax::tree::{Block, Body, Construct, Name};

use super::codes;
use super::courses::Scope;
use super::{Resolver, State};

/// The deepest chain of blocks that read one another.
const DEPTH: usize = 50;

/// How many steps of a circle are named.
const LISTED: usize = 6;

/// What a name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    Fact(FactId),
    Block(BlockId),
    /// A conclusion of an algorithm, by its place.
    Conclusion(BlockId, u8),
    /// Within the rules of `course`: the course at hand.
    Word(CourseWord),
    /// It has a meaning, but its block is at fault, which has been said.
    Unusable,
}

impl<'a> Resolver<'a> {
    /// Notes every block's name; a name that is taken is a mistake.
    pub(super) fn index_names(&mut self) {
        for (at, tree) in self.trees.clone().into_iter().enumerate() {
            let name = tree.name.value.as_str();
            if let Some(first) = self.by_name.get(name).and_then(|first| self.trees.get(*first)) {
                let diagnostic = taken(tree, first);
                self.report(diagnostic);
                self.set_state(at, State::Done(None));
                self.duplicates.push(at);
                continue;
            }
            if self.catalog.find(name).is_some() {
                let diagnostic = Diagnostic::error(
                    codes::TAKEN_NAME,
                    tree.name.span,
                    format!("`{name}` is a fact of the dictionary"),
                )
                .note("give the block another name, so that a reader knows which is meant");
                self.report(diagnostic);
            }
            self.by_name.insert(name, at);
        }
        self.index_conclusions();
    }

    /// Notes the conclusions of the algorithms, which rules read as they read findings.
    fn index_conclusions(&mut self) {
        for (at, tree) in self.trees.clone().into_iter().enumerate() {
            let Body::Algorithm(algorithm) = &tree.body else { continue };
            if self.duplicates.contains(&at) {
                continue;
            }
            for (place, line) in (0..).zip(&algorithm.conclusions) {
                let name = &line.value.name;
                let earlier = self.conclusions.get(name.value.as_str()).copied();
                // Twice in one algorithm is told where that is resolved.
                if earlier.is_some_and(|(block, _)| block == at) {
                    continue;
                }
                let first = earlier.map(|(block, _)| block).or_else(|| self.by_name.get(name.value.as_str()).copied());
                if let Some(first) = first.and_then(|first| self.trees.get(first)) {
                    let message = format!("`{}` is the name of two things", name.value);
                    let diagnostic = Diagnostic::error(codes::TAKEN_NAME, name.span, message)
                        .also(first.name.span, "another is here")
                        .note("rules read a conclusion by its name; give it another one");
                    self.report(diagnostic);
                    continue;
                }
                if self.catalog.find(&name.value).is_some() {
                    let message = format!("`{}` is a fact of the dictionary", name.value);
                    let diagnostic = Diagnostic::error(codes::TAKEN_NAME, name.span, message)
                        .note("give the conclusion another name, so that a reader knows which is meant");
                    self.report(diagnostic);
                    continue;
                }
                self.conclusions.insert(&name.value, (at, place));
            }
        }
    }

    /// The names that rules of this guideline may read beside facts.
    pub(super) fn own_names(&self) -> Vec<&'a str> {
        self.by_name.keys().chain(self.conclusions.keys()).copied().collect()
    }

    /// The name is of this guideline and not of the dictionary.
    pub(super) fn is_own(&self, name: &str) -> bool {
        let word = self.scope.is_some() && CourseWord::find(name).is_some();
        word || self.by_name.contains_key(name) || self.conclusions.contains_key(name)
    }

    /// What a name stands for; a name without a meaning is reported.
    pub(super) fn meaning(&mut self, name: &Name) -> Option<Meaning> {
        if let Some(scope) = self.scope
            && let Some(meaning) = self.meaning_in_course(name, scope)
        {
            return Some(meaning);
        }
        if let Some(at) = self.by_name.get(name.value.as_str()).copied() {
            if self.states.get(at) == Some(&State::Open) && self.catalog.find(&name.value).is_some() {
                // A block called as the fact it reads: that its name is taken has been told.
                return Some(Meaning::Unusable);
            }
            return Some(match self.read_block(at, name.span) {
                Some(block) => Meaning::Block(block),
                None => Meaning::Unusable,
            });
        }
        if let Some((at, place)) = self.conclusions.get(name.value.as_str()).copied() {
            return Some(match self.read_block(at, name.span) {
                Some(block) => Meaning::Conclusion(block, place),
                None => Meaning::Unusable,
            });
        }
        if let Some(fact) = self.catalog.find(&name.value) {
            // A fact whose entry is at fault has been reported with the dictionary.
            return Some(if self.catalog.fact(fact).is_some() { Meaning::Fact(fact) } else { Meaning::Unusable });
        }
        let mut diagnostic = Diagnostic::error(
            codes::UNKNOWN_NAME,
            name.span,
            format!("`{}` is neither a fact nor a block of this guideline", name.value),
        );
        if let Some(new) = self.catalog.renamed(&name.value).map(|fact| self.catalog.name(fact)) {
            diagnostic = diagnostic.fix(format!("it is called `{new}` now"), name.span, new);
        } else {
            let mut known = self.own_names();
            known.extend(self.catalog.names());
            if self.scope.is_some() {
                known.extend(CourseWord::ALL.map(CourseWord::word));
            }
            match suggest::nearest(&name.value, sorted(known)) {
                Some(near) => diagnostic = diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
                None => diagnostic = diagnostic.note("`myoguide facts` lists the facts"),
            }
        }
        self.report(diagnostic);
        None
    }

    /// The block at a place, resolved now if it was not; `None` where it is at fault.
    pub(super) fn read_block(&mut self, at: usize, from: Span) -> Option<BlockId> {
        if self.states.get(at) == Some(&State::Open) {
            self.report_cycle(at, from);
            return None;
        }
        self.block_at(at)
    }

    pub(super) fn block_at(&mut self, at: usize) -> Option<BlockId> {
        match self.states.get(at).copied()? {
            State::Done(block) => return block,
            State::Open => return None,
            State::Unseen => {}
        }
        let tree = self.trees.get(at).copied()?;
        if self.open.len() >= DEPTH {
            let message = format!("`{}` stands at the end of a chain of more than {DEPTH} blocks", tree.name.value);
            self.report_too_deep(tree.name.span, &message);
            self.set_state(at, State::Done(None));
            return None;
        }
        self.set_state(at, State::Open);
        self.open.push(at);
        let outer = std::mem::replace(&mut self.as_recorded, tree.as_recorded.is_some());
        let outer_scope = std::mem::replace(&mut self.scope, Scope::of(tree));
        let block = self.resolve_block(tree);
        self.scope = outer_scope;
        self.as_recorded = outer;
        self.open.pop();
        let id = block.map(|mut block| {
            block.place = u32::try_from(at).unwrap_or(u32::MAX);
            self.blocks.push(block);
            BlockId(u32::try_from(self.blocks.len() - 1).unwrap_or(u32::MAX))
        });
        self.set_state(at, State::Done(id));
        id
    }

    /// Looks at the blocks whose name is taken: nobody can read them, and what is wrong in them is told all the same.
    pub(super) fn look_at_duplicates(&mut self) {
        for at in std::mem::take(&mut self.duplicates) {
            let Some(tree) = self.trees.get(at).copied() else { continue };
            self.as_recorded = tree.as_recorded.is_some();
            self.scope = Scope::of(tree);
            self.resolve_block(tree);
            self.scope = None;
            self.as_recorded = false;
        }
    }

    fn set_state(&mut self, at: usize, state: State) {
        if let Some(place) = self.states.get_mut(at) {
            *place = state;
        }
    }

    /// Said once: what is read on the way would say it again.
    pub(super) fn report_too_deep(&mut self, span: Span, message: &str) {
        if self.diagnostics.iter().any(|diagnostic| diagnostic.code == codes::TOO_DEEP) {
            return;
        }
        let first = self.open.first().and_then(|at| self.trees.get(*at));
        let mut diagnostic = Diagnostic::error(codes::TOO_DEEP, span, message);
        if let Some(first) = first {
            diagnostic = diagnostic.also(first.name.span, "it begins here");
        }
        self.report(diagnostic.note(
            "make it flatter: let a block read what it needs directly, and write long sums as `sum of` and a list",
        ));
    }

    /// Names the whole circle: "`a` reads `b`, `b` reads `c`, and `c` reads `a`".
    fn report_cycle(&mut self, at: usize, from: Span) {
        let circle: Vec<&Name> = self
            .open
            .iter()
            .skip_while(|open| **open != at)
            .filter_map(|open| self.trees.get(*open))
            .map(|tree| &tree.name)
            .collect();
        let Some(first) = circle.first().copied() else { return };
        let next = circle.iter().skip(1).copied().chain([first]);
        let mut steps: Vec<String> =
            circle.iter().zip(next).map(|(name, next)| format!("`{}` reads `{}`", name.value, next.value)).collect();
        let last = steps.pop().unwrap_or_default();
        if steps.len() > LISTED {
            steps.truncate(LISTED);
            steps.push(String::from("…"));
        }
        let message = if steps.is_empty() {
            format!("`{}` reads itself", first.value)
        } else {
            format!("a circle: {}, and {last}", steps.join(", "))
        };
        let mut diagnostic = Diagnostic::error(codes::CYCLE, from, message);
        for name in circle.iter().take(LISTED) {
            diagnostic = diagnostic.also(name.span, format!("`{}` is worked out here", name.value));
        }
        self.report(diagnostic.note("break the circle: one of these blocks must not read the next"));
    }
}

/// A block whose name another has: some a guideline has only once.
fn taken(tree: &Block, first: &Block) -> Diagnostic {
    let name = &tree.name.value;
    let once = |code, said: String, way_out: &str| {
        Diagnostic::error(code, tree.head, said).also(first.head, "it is said here").note(way_out)
    };
    let both = |kind: fn(&Block) -> bool| kind(tree) && kind(first);
    if both(is_covers) {
        let said = String::from("a guideline says once whom it covers");
        once(codes::TWO_COVERS, said, "join the two conditions with `and`, or in a finding of their own")
    } else if both(|tree| matches!(tree.body, Body::Course(_) | Body::Unreadable(Construct::Course))) {
        let said = format!("a guideline has one `{}`", name.replacen('_', " ", 1));
        let way_out = "join the two: rows into one table, conditions with `or` or under `any of`";
        once(codes::SAID_TWICE, said, way_out)
    } else if both(|tree| matches!(tree.body, Body::Precedence(_) | Body::Unreadable(Construct::Precedence))) {
        let said = String::from("a guideline has one `precedence`");
        once(codes::SAID_TWICE, said, "write all levels into one list")
    } else if both(|tree| matches!(tree.body, Body::SourceCovers(_) | Body::Unreadable(Construct::Source))) {
        let said = format!("whom `{}` covers is said twice", source_key(name));
        once(codes::SAID_TWICE, said, "join the two conditions with `and`, or in a finding of their own")
    } else {
        Diagnostic::error(codes::TAKEN_NAME, tree.name.span, format!("`{name}` is the name of two blocks"))
            .also(first.name.span, "the first is here")
            .note("give one of them another name")
    }
}

/// The key of `source KEY covers patients when …`, by the name of the block.
pub(super) fn source_key(name: &str) -> &str {
    name.strip_prefix("source_").unwrap_or(name)
}

/// `covers patients when …`
fn is_covers(tree: &Block) -> bool {
    matches!(tree.body, Body::Covers(_) | Body::Unreadable(Construct::Covers))
}

/// Candidates in order, so that of two equally near names always the same is offered.
pub(super) fn sorted<'a>(names: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let mut names: Vec<&str> = names.into_iter().collect();
    names.sort_unstable();
    names
}
