use crate::diagnostics::Diagnostic;
use crate::model::{
    AmountKind, BlockId, BlockKind, ConditionKind, CourseRule, CourseState, CourseTest, CourseWord, FairTrialRow, Read,
    TherapyId, Type,
};
use crate::source::{Span, Spanned};
use crate::syntax::tree::{self, Body, Name, Reading, Value};
use crate::value::{Choices, Quantity, Unit, UnitKind};

use super::Resolver;
use super::codes;
use super::conditions::type_note;
use super::names::Meaning;
use super::therapies::{Written, in_words};

/// Which rule about a course is being resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// `course joined`, which looks at the gap between two courses.
    Joined,
    /// `course outcome`, which the others may read.
    Outcome,
    /// `course failed`, `course worked`, `course not_tolerated`.
    State,
}

impl Scope {
    /// The scope of a block; `None` for one that is not about a course.
    pub(super) fn of(tree: &tree::Block) -> Option<Scope> {
        let Body::Course(_) = &tree.body else { return None };
        Some(match course_word(tree) {
            "joined" => Scope::Joined,
            "outcome" => Scope::Outcome,
            _ => Scope::State,
        })
    }
}

/// The word after `course`.
fn course_word(tree: &tree::Block) -> &str {
    tree.name.value.strip_prefix("course_").unwrap_or(&tree.name.value)
}

impl Resolver<'_> {
    /// What a name stands for within a rule about a course; `None` where it is as everywhere.
    pub(super) fn meaning_in_course(&mut self, name: &Name, scope: Scope) -> Option<Meaning> {
        let word = CourseWord::find(&name.value);
        let (message, note) = match (scope, word) {
            (Scope::Joined, Some(CourseWord::Gap)) => return word.map(Meaning::Word),
            (Scope::Joined, _) => (
                format!("`course joined` looks at `gap` alone, not at `{}`", name.value),
                "whether two courses are one is a matter of the time between them: `gap is at most …`",
            ),
            (Scope::Outcome | Scope::State, None) => return None,
            (Scope::Outcome | Scope::State, Some(CourseWord::Gap)) => (
                String::from("`gap` is the time between two courses, and stands in `course joined` alone"),
                "leave it out, or ask for `duration`: how long the course lasted",
            ),
            (Scope::Outcome, Some(CourseWord::Adequate | CourseWord::Outcome)) => (
                format!("`course outcome` comes first, and cannot look at `{}`", name.value),
                "the outcome is worked out from the visits of the course; `outcome_recorded` is what the record says",
            ),
            (Scope::Outcome | Scope::State, Some(word)) => return Some(Meaning::Word(word)),
        };
        self.report(Diagnostic::error(codes::COURSE_WORD, name.span, message).note(note));
        Some(Meaning::Unusable)
    }

    /// `adequate`, `ongoing`
    pub(super) fn word_holds(&mut self, word: CourseWord, reading: &Reading) -> Option<ConditionKind> {
        let gives = word.gives();
        if gives != Type::YesNo {
            let message = format!("`{}` is not a yes/no", word.word());
            self.report(Diagnostic::error(codes::NOT_YES_NO, reading.name.span, message).note(type_note(&gives)));
            return None;
        }
        self.expect_no_time(reading)?;
        Some(ConditionKind::Course(CourseTest::Word(word)))
    }

    /// `outcome is one of no_response, worse`
    pub(super) fn word_is(&mut self, word: CourseWord, subject: &Reading, values: &[Value]) -> Option<ConditionKind> {
        self.expect_no_time(subject)?;
        match word.gives() {
            Type::YesNo => self.yes_no_is(ConditionKind::Course(CourseTest::Word(word)), word.word(), values),
            Type::Choice(names) => {
                let mask = self.values_among(word.word(), &names, values)?;
                Some(ConditionKind::Course(CourseTest::WordIs(word, mask)))
            }
            Type::Several(_) | Type::Number(_) | Type::Points | Type::Measure | Type::Nothing => {
                self.report_number_is(word.word(), values);
                None
            }
        }
    }

    /// `course failed when …` and the other rules about a course.
    pub(super) fn course(&mut self, tree: &tree::Course, block: &tree::Block) -> Option<CourseRule> {
        match tree {
            tree::Course::FairTrial(rows) => {
                self.expect_rows(rows.len(), block)?;
                let rows: Vec<Option<FairTrialRow>> = rows.iter().map(|row| self.fair_trial_row(row)).collect();
                Some(CourseRule::FairTrial(rows.into_iter().collect::<Option<_>>()?))
            }
            tree::Course::Outcome(lines) => {
                let mut resolved = Vec::new();
                for line in lines {
                    let citations = self.cited(&line.citations);
                    let (name, condition) = &line.value;
                    let value = self.outcome(name);
                    let condition = self.condition(condition);
                    resolved.push(value.zip(condition).map(|(value, condition)| (value, condition, citations)));
                }
                Some(CourseRule::Outcome(resolved.into_iter().collect::<Option<_>>()?))
            }
            tree::Course::State(rule) => {
                let rule = self.rule(rule)?;
                match course_word(block) {
                    "joined" => Some(CourseRule::Joined(rule)),
                    "failed" => Some(CourseRule::Failed(rule)),
                    "worked" => Some(CourseRule::Worked(rule)),
                    "not_tolerated" => Some(CourseRule::NotTolerated(rule)),
                    // The names are a closed list, and any other has been told.
                    _ => None,
                }
            }
        }
    }

    fn outcome(&mut self, name: &Name) -> Option<u8> {
        let Type::Choice(names) = CourseWord::Outcome.gives() else { return None };
        self.values_among("outcome", &names, &[Value::Named(name.clone())])?.settled()
    }

    fn fair_trial_row(&mut self, row: &tree::FairTrialRow) -> Option<FairTrialRow> {
        let citations = self.cited(&row.citations);
        let therapies = self.written(&row.therapy).map(|written| match written {
            Written::One(treatment) => vec![self.intern(vec![treatment])],
            Written::Class(members) => self.intern_each(&members),
            Written::Together(therapy) => vec![therapy],
        });
        let dose = match &row.dose {
            Some(floor) => Some((self.dose(floor.dose)?, floor.or_highest_tolerated)),
            None => None,
        };
        Some(FairTrialRow {
            span: row.span,
            therapies: therapies?,
            written: in_words(std::slice::from_ref(&row.therapy)),
            dose,
            length: row.length,
            adherence: row.adherence.map(|adherence| adherence.value),
            level: row.level.map(|level| level.value),
            judged: row.judged,
            citations,
        })
    }

    /// A dose says over which time, or on which occasion.
    fn dose(&mut self, dose: Spanned<Quantity>) -> Option<Quantity> {
        if dose.value.unit.is_some_and(is_dose) {
            return Some(dose.value);
        }
        let message = match dose.value.unit {
            Some(unit) => format!("`{}` is not the unit of a dose", unit.symbol()),
            None => String::from("a dose has a unit"),
        };
        self.report(Diagnostic::error(codes::UNLIKE_UNITS, dose.span, message).note(
            "a dose is over a time or on an occasion: `mg/day`, `mg/week`, `mg/kg/day`, `g per dose`, `g/kg per cycle`",
        ));
        None
    }

    /// `course of …`, `at least 2 courses of …`, `taking …`
    pub(super) fn course_test(&mut self, test: &tree::CourseTest, span: Span) -> Option<ConditionKind> {
        self.expect_outside_course(span)?;
        match test {
            tree::CourseTest::State { therapy, states, negated } => {
                let of = format!("course of {}", in_words(std::slice::from_ref(therapy)));
                let states = self.states(&of, states);
                let therapy = self.one_therapy(
                    therapy,
                    "`course of` asks of one therapy",
                    "write `at least 1 course of` before it, or name one",
                );
                let kind = ConditionKind::Course(CourseTest::State(therapy?, states?));
                Some(self.negated_if(*negated, kind, span))
            }
            tree::CourseTest::Count { how, class, except, states } => {
                let states = self.states(&format!("courses of {}", class.value), states);
                let therapies = self.counted(class, except)?;
                self.expect_reachable(*how, therapies.len(), span);
                Some(ConditionKind::Course(CourseTest::Count { how: *how, therapies, states: states? }))
            }
            tree::CourseTest::Taking(therapy) => {
                let taking = |therapy| ConditionKind::Course(CourseTest::Taking(therapy));
                match self.written(therapy)? {
                    Written::One(treatment) => Some(taking(self.intern(vec![treatment]))),
                    Written::Together(therapy) => Some(taking(therapy)),
                    Written::Class(members) => {
                        let members = self.intern_each(&members);
                        let any = members.into_iter().map(|member| self.made(taking(member), span)).collect();
                        Some(ConditionKind::Any(any))
                    }
                }
            }
        }
    }

    /// The therapies that `courses of CLASS other than …` counts.
    fn counted(&mut self, class: &Name, except: &[Name]) -> Option<Vec<TherapyId>> {
        let alone = |name: &Name| tree::Therapy { span: name.span, parts: vec![name.clone()] };
        let members = self.reached(&[alone(class)]);
        let left_out: Vec<_> = except.iter().map(|name| self.reached(&[alone(name)])).collect();
        let mut members = members?.treatments;
        for (name, left_out) in except.iter().zip(left_out) {
            let left_out = left_out?.treatments;
            if !left_out.iter().any(|treatment| members.contains(treatment)) {
                let message = format!("`{}` does not belong to `{}`, or is left out already", name.value, class.value);
                self.report(
                    Diagnostic::warning(codes::LEFT_OUT, name.span, message)
                        .note("leave it out of the list, or say in the formulary that it belongs to the class"),
                );
            }
            members.retain(|treatment| !left_out.contains(treatment));
        }
        Some(self.intern_each(&members))
    }

    /// The states of a course that some words name.
    fn states(&mut self, of: &str, words: &[Name]) -> Option<Choices> {
        let states = CourseState::ALL.iter().map(|state| state.word());
        let names: Vec<String> = states.chain(CourseState::BESIDE.map(|(word, _)| word)).map(str::to_owned).collect();
        let values: Vec<Value> = words.iter().map(|word| Value::Named(word.clone())).collect();
        self.values_among(of, &names, &values)
    }

    /// `time since last dose of …`
    pub(super) fn since_last_dose(&mut self, therapy: &tree::Therapy) -> Option<(AmountKind, Option<Unit>)> {
        self.expect_outside_course(therapy.span)?;
        let therapy = self.one_therapy(therapy, "a last dose is that of one therapy", "name one of them")?;
        Some((AmountKind::SinceLastDose(therapy), Unit::parse("weeks").ok()))
    }

    /// A rule about a course cannot ask what has become of one.
    fn expect_outside_course(&mut self, span: Span) -> Option<()> {
        if self.scope.is_none() {
            return Some(());
        }
        let message = "a rule about a course cannot ask what the record makes of courses: that is what it says";
        self.report(Diagnostic::error(codes::COURSE_CIRCLE, span, message).note(
            "of the course at hand ask `adequate`, `ongoing`, `outcome`, `stopped_for`, `adherence`, `duration`",
        ));
        None
    }

    /// What a rule about a course reads must not ask, on any way, what has become of courses.
    pub(super) fn check_course_circles(&mut self) {
        let rules: Vec<(BlockId, Span)> = (0..)
            .zip(&self.blocks)
            .filter(|(_, block)| matches!(block.kind, BlockKind::Course(_)))
            .map(|(at, block)| (BlockId(at), block.name.span))
            .collect();
        for (rule, span) in rules {
            let mut seen = vec![false; self.blocks.len()];
            let Some(chain) = self.way_to_courses(rule, &mut seen) else { continue };
            let names: Vec<String> =
                chain.iter().filter_map(|id| self.resolved(*id)).map(|block| format!("`{}`", block.spoken())).collect();
            let steps: Vec<String> =
                names.iter().zip(names.iter().skip(1)).map(|(one, other)| format!("{one} reads {other}")).collect();
            let last = names.last().map_or("", String::as_str);
            let message = format!("a circle: {}, and {last} asks what has become of courses", steps.join(", "));
            let mut diagnostic = Diagnostic::error(codes::COURSE_CIRCLE, span, message);
            for id in chain.iter().skip(1) {
                if let Some(block) = self.resolved(*id) {
                    diagnostic = diagnostic.also(block.name.span, format!("`{}` is worked out here", block.name.value));
                }
            }
            self.report(
                diagnostic.note("let the rule about a course read facts, or blocks that do not ask for courses"),
            );
        }
    }

    /// The blocks from one to another that asks for courses, both included.
    fn way_to_courses(&self, from: BlockId, seen: &mut [bool]) -> Option<Vec<BlockId>> {
        if std::mem::replace(seen.get_mut(from.0 as usize)?, true) {
            return None;
        }
        let block = self.resolved(from)?;
        let mut asks = matches!(block.kind, BlockKind::Ladder(_) | BlockKind::Regimen(_));
        let mut reads = Vec::new();
        block.each_read(&mut |read| match read {
            Read::Courses(_) => asks = true,
            Read::Block(block) => reads.push(block),
            Read::Fact(_) | Read::Word(_) | Read::Status(_) => {}
        });
        if asks {
            return Some(vec![from]);
        }
        reads.into_iter().find_map(|read| {
            let mut way = self.way_to_courses(read, seen)?;
            way.insert(0, from);
            Some(way)
        })
    }
}

/// Something that is given: over a time, on an occasion, or in all.
fn is_dose(unit: Unit) -> bool {
    matches!(
        unit.kind(),
        UnitKind::Dose
            | UnitKind::DosePerOccasion
            | UnitKind::DosePerCycle
            | UnitKind::DoseInAll
            | UnitKind::DoseByWeight
            | UnitKind::DoseByWeightOverTime
            | UnitKind::DoseByWeightPerOccasion
            | UnitKind::DoseByWeightPerCycle
            | UnitKind::DoseBySurface
            | UnitKind::DoseBySurfaceOverTime
            | UnitKind::DoseBySurfacePerOccasion
            | UnitKind::InternationalUnits
            | UnitKind::InternationalUnitsOverTime
            | UnitKind::UnitsOverTime
    )
}
