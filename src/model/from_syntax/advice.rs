use crate::catalog::TreatmentId;
use crate::diagnostics::{Diagnostic, suggest};
use crate::model::{Advice, Against, BlockKind, Cited, Monitor, Prefer, Promise, Promised, Suspect};
use crate::source::Spanned;
use crate::syntax::tree::{self, AgainstKind, Body, Construct, Name, TestNamed};

use super::amounts::listed;
use super::codes;
use super::names::{Meaning, sorted, source_key};
use super::therapies::{Written, in_words};
use super::{Resolver, Told};

impl Resolver<'_> {
    /// `contraindicated`, `avoid`, `caution`, `stop`. The ladder is bound later.
    pub(super) fn against(&mut self, tree: &tree::Against) -> Option<Against> {
        let reached = self.reached(&tree.therapies);
        let ladder = self.expect_ladder(tree.ladder.as_ref());
        let level = self.level(tree.level.as_ref());
        let when = self.optional_rule(tree.when.as_ref());
        let reached = reached?;
        ladder?;
        if matches!(tree.kind, AgainstKind::Contraindicated | AgainstKind::Stop) {
            // Whether one of them is taken is asked of each.
            self.intern_each(&reached.treatments);
        }
        Some(Against {
            kind: tree.kind,
            treatments: reached.treatments,
            together: reached.together,
            written: in_words(&tree.therapies),
            text: tree.text.as_ref().map(|text| text.value.clone()),
            ladder: None,
            level: level.ok()?,
            when: when.ok()?,
        })
    }

    /// `prefer`. The ladder is bound later.
    pub(super) fn prefer(&mut self, tree: &tree::Prefer) -> Option<Prefer> {
        let preferred = self.written(&tree.preferred);
        let over = self.reached(&tree.over);
        let ladder = self.expect_ladder(tree.ladder.as_ref());
        let when = self.optional_rule(tree.when.as_ref());
        let (preferred, preferred_together): (Vec<TreatmentId>, _) = match preferred? {
            Written::One(treatment) => (vec![treatment], None),
            Written::Class(members) => (members, None),
            Written::Together(therapy) => (Vec::new(), Some(therapy)),
        };
        self.intern_each(&preferred);
        let mut over = over?;
        ladder?;
        // Of a class it belongs to, it is preferred over the others.
        over.treatments.retain(|treatment| !preferred.contains(treatment));
        over.together.retain(|therapy| Some(*therapy) != preferred_together);
        if over.treatments.is_empty() && over.together.is_empty() {
            let message = format!("`{}` is preferred over itself", in_words(std::slice::from_ref(&tree.preferred)));
            self.report(
                Diagnostic::error(codes::OVER_ITSELF, tree.preferred.span, message)
                    .note("name after `over` the therapies that come after it"),
            );
            return None;
        }
        Some(Prefer {
            preferred,
            preferred_together,
            over: over.treatments,
            together: over.together,
            written: (in_words(std::slice::from_ref(&tree.preferred)), in_words(&tree.over)),
            ladder: None,
            when: when.ok()?,
        })
    }

    /// `monitor`
    pub(super) fn monitor(&mut self, tree: &tree::Monitor) -> Option<Monitor> {
        let reached = self.reached(&tree.therapies);
        let when = self.optional_rule(tree.when.as_ref());
        let reached = reached?;
        Some(Monitor {
            treatments: reached.treatments,
            together: reached.together,
            written: in_words(&tree.therapies),
            text: tree.text.value.clone(),
            every: tree.every,
            during: tree.during,
            when: when.ok()?,
        })
    }

    /// `suspect`
    pub(super) fn suspect(&mut self, tree: &tree::Suspect) -> Option<Suspect> {
        if let Some(least) = tree.least {
            self.expect_reachable(tree::CountRule::AtLeast(least.value), tree.pointing.len(), least.span);
        }
        let pointing = self.condition_lines(&tree.pointing);
        let against = self.condition_lines(&tree.against);
        let mut tests = Vec::new();
        let mut test_citations = Vec::new();
        for line in &tree.tests {
            test_citations.extend(self.cited(&line.citations));
            tests.push(self.test_named(&line.value));
        }
        Some(Suspect {
            least: tree.least.map_or(1, |least| least.value),
            pointing: pointing?,
            against: against?,
            tests: tests.into_iter().collect::<Option<_>>()?,
            test_citations,
        })
    }

    /// What would settle a suspicion, in words.
    fn test_named(&mut self, test: &TestNamed) -> Option<String> {
        let name = match test {
            TestNamed::Text(words) => return Some(words.value.clone()),
            TestNamed::Fact(name) => name,
        };
        match self.meaning(name)? {
            Meaning::Fact(fact) => self.catalog.fact(fact).map(|fact| fact.label.clone()),
            Meaning::Unusable => None,
            Meaning::Block(_) | Meaning::Conclusion(..) | Meaning::Word(_) => {
                let message = format!("`{}` is worked out by this guideline, and a test is done", name.value);
                self.report(
                    Diagnostic::error(codes::UNKNOWN_NAME, name.span, message)
                        .note("name a fact of the dictionary, or say in quotes what is to be done"),
                );
                None
            }
        }
    }

    /// `advice`. What it conflicts with is bound later.
    pub(super) fn advice(&mut self, tree: &tree::Advice, block: &tree::Block) -> Option<Advice> {
        let level = self.level(tree.level.as_ref());
        let when = self.optional_condition(tree.when.as_ref());
        let known: Vec<Option<()>> = tree.conflicts.iter().map(|name| self.expect_advice(name, &block.name)).collect();
        known.into_iter().collect::<Option<Vec<()>>>()?;
        Some(Advice {
            text: block.title.as_ref().unwrap_or(&block.name).value.clone(),
            level: level.ok()?,
            when: when.ok()?,
            strength: tree.strength.map(|strength| strength.value),
            grade: tree.grade.as_ref().map(|grade| grade.value.clone()),
            conflicts: Vec::new(),
        })
    }

    /// `precedence`: the names of the levels, the highest first.
    pub(super) fn precedence(&mut self, tree: &tree::Precedence) -> Option<Vec<(Spanned<String>, Vec<Cited>)>> {
        self.expect_own_levels(tree)?;
        Some(tree.iter().map(|line| (line.value.clone(), self.cited(&line.citations))).collect())
    }

    /// `at LEVEL`
    fn level(&mut self, name: Option<&Name>) -> Result<Option<u32>, Told> {
        let Some(name) = name else { return Ok(None) };
        let declared = self
            .trees
            .iter()
            .find_map(|tree| if let Body::Precedence(levels) = &tree.body { Some(levels.as_slice()) } else { None });
        let unread = self.trees.iter().any(|tree| matches!(tree.body, Body::Unreadable(Construct::Precedence)));
        let Some(levels) = declared else {
            if !unread {
                let message = format!("`{}` is a level, and no `precedence` says which levels there are", name.value);
                self.report(
                    Diagnostic::error(codes::NO_LEVEL, name.span, message).note(
                        "add a block `precedence` with a line for each level, the highest first, or leave `at` out",
                    ),
                );
            }
            return Err(Told);
        };
        let names: Vec<&str> = levels.iter().map(|line| line.value.value.as_str()).collect();
        if let Some(at) = names.iter().position(|level| *level == name.value) {
            return Ok(u32::try_from(at).ok());
        }
        let diagnostic =
            Diagnostic::error(codes::NO_LEVEL, name.span, format!("`precedence` has no level `{}`", name.value))
                .note(format!("its levels are {}", listed(&names)));
        self.report(match suggest::nearest(&name.value, names) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
            None => diagnostic,
        });
        Err(Told)
    }

    /// `promise`
    pub(super) fn promise(&mut self, tree: &tree::Promise) -> Option<Promise> {
        let what = match &tree.what {
            tree::Promised::OfferSomething => Some(Promised::OfferSomething),
            tree::Promised::Offer(therapy) => self.written(therapy).map(|written| match written {
                Written::One(treatment) => {
                    self.intern(vec![treatment]);
                    Promised::Offer(vec![treatment])
                }
                Written::Class(members) => Promised::Offer(members),
                Written::Together(therapy) => Promised::OfferTogether(therapy),
            }),
            tree::Promised::Conclude(name) => self.promised_conclusion(name),
        };
        let when = self.condition(&tree.when);
        Some(Promise { always: tree.always, what: what?, when: when? })
    }

    fn promised_conclusion(&mut self, name: &Name) -> Option<Promised> {
        if let Some((at, place)) = self.conclusions.get(name.value.as_str()).copied() {
            return self.read_block(at, name.span).map(|block| Promised::Conclude(block, place));
        }
        let message = format!("no algorithm of this guideline has a conclusion `{}`", name.value);
        let diagnostic = Diagnostic::error(codes::NO_TARGET, name.span, message);
        let known = sorted(self.conclusions.keys().copied());
        self.report(match suggest::nearest(&name.value, known) {
            Some(near) => diagnostic.fix(format!("did you mean `{near}`?"), name.span, near),
            None => diagnostic.note("name a conclusion as its algorithm declares it: `conclusion NAME`"),
        });
        None
    }

    /// `source KEY covers patients when …`
    pub(super) fn source_covers(&mut self, tree: &tree::Condition, name: &Name) -> Option<BlockKind> {
        let key = Spanned::new(source_key(&name.value).to_owned(), name.span);
        let known = self.catalog.evidence_place(&key.value).is_some();
        if !known {
            self.report_unknown_source(&key);
        }
        let condition = self.condition(tree)?;
        known.then_some(BlockKind::SourceCovers(key.value, condition))
    }

    /// Each level stands once.
    fn expect_own_levels(&mut self, levels: &tree::Precedence) -> Option<()> {
        let mut whole = Some(());
        for (at, line) in levels.iter().enumerate() {
            let name = &line.value;
            if let Some(first) = levels.iter().take(at).find(|first| first.value == *name) {
                let message = format!("`{}` is two levels", name.value);
                self.report(
                    Diagnostic::error(codes::LEVEL_TWICE, name.span, message)
                        .also(first.value.span, "the first is here")
                        .note("take one of the two out, or give it another name"),
                );
                whole = None;
            }
        }
        whole
    }
}
