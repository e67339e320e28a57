//! Rules on treatment that can have no effect, or leave something out.

use crate::diagnostics::Diagnostic;
use crate::model::{Block, BlockKind, CourseRule, FairTrialRow, LadderOption, Prefer, TherapyId};
use crate::syntax::tree::TrialLength;
use crate::value::{Period, PeriodUnit};

use super::{Resolver, codes};

/// One side of a preference: a treatment, or a combination.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Treatment(crate::catalog::TreatmentId),
    Together(TherapyId),
}

impl Resolver<'_> {
    /// What is wrong with rules on treatment as a whole.
    pub(super) fn check_treatment(&mut self) {
        let idle = self.idle_preferences();
        let circle = self.circle_of_preferences();
        let regimens = self.blocks.iter().filter_map(without_otherwise);
        let rows = self.blocks.iter().flat_map(too_early);
        let found: Vec<Diagnostic> = idle.into_iter().chain(circle).chain(regimens).chain(rows).collect();
        for diagnostic in found {
            self.report(diagnostic);
        }
    }

    fn preferences(&self) -> impl Iterator<Item = (&Block, &Prefer)> {
        self.blocks.iter().filter_map(|block| {
            let BlockKind::Prefer(prefer) = &block.kind else { return None };
            Some((block, prefer))
        })
    }

    /// Preferences between therapies that no ladder and no regimen has side by side.
    fn idle_preferences(&self) -> Vec<Diagnostic> {
        let parts = |option: &LadderOption| {
            self.therapies.get(option.therapy.0 as usize).map(|therapy| therapy.parts.to_vec()).unwrap_or_default()
        };
        let is_first = |prefer: &Prefer, option: &LadderOption| {
            let parts = parts(option);
            prefer.preferred_together == Some(option.therapy)
                || (!parts.is_empty() && parts.iter().all(|part| prefer.preferred.contains(part)))
        };
        let is_second = |prefer: &Prefer, option: &LadderOption| {
            prefer.together.contains(&option.therapy) || parts(option).iter().any(|part| prefer.over.contains(part))
        };
        let mut found = Vec::new();
        for (block, prefer) in self.preferences() {
            let meets = (0..).map(crate::model::BlockId).zip(&self.blocks).any(|(id, other)| {
                let options: Vec<&LadderOption> = other.options();
                let asked = prefer.ladder.is_none_or(|ladder| ladder == id);
                let first = |one: &&LadderOption| is_first(prefer, one);
                let beside = |one: &&LadderOption| {
                    options.iter().any(|next| next.therapy != one.therapy && is_second(prefer, next))
                };
                asked && options.iter().copied().filter(first).any(|one| beside(&one))
            });
            if !meets {
                let (first, second) = &prefer.written;
                let message = format!("no ladder has `{first}` and `{second}` side by side");
                found.push(
                    Diagnostic::warning(codes::IDLE_PREFERENCE, block.head, message)
                        .note("a preference is between options of one ladder: add the option, or take the rule out"),
                );
            }
        }
        found
    }

    /// Preferences that always hold, and lead back to where they began.
    fn circle_of_preferences(&self) -> Option<Diagnostic> {
        let always: Vec<(&Block, &Prefer)> = self.preferences().filter(|(_, prefer)| prefer.when.is_none()).collect();
        always.iter().find_map(|(block, prefer)| {
            let meets = |other: &Prefer| match (prefer.ladder, other.ladder) {
                (Some(own), Some(others)) => own == others,
                (None, _) | (_, None) => true,
            };
            let mut reached = seconds(prefer);
            let mut known = 0;
            while known < reached.len() {
                known = reached.len();
                for (_, other) in always.iter().filter(|(_, other)| meets(other)) {
                    if firsts(other).iter().any(|side| reached.contains(side)) {
                        let new: Vec<Side> =
                            seconds(other).into_iter().filter(|side| !reached.contains(side)).collect();
                        reached.extend(new);
                    }
                }
            }
            let back = firsts(prefer).iter().any(|side| reached.contains(side));
            back.then(|| {
                let message = format!("what `{}` is preferred over is preferred over it", prefer.written.0);
                Diagnostic::warning(codes::PREFERENCE_CIRCLE, block.head, message)
                    .note("none of them is then offered first: take one of the rules out, or say `when` it holds")
            })
        })
    }
}

fn firsts(prefer: &Prefer) -> Vec<Side> {
    let together = prefer.preferred_together.map(Side::Together);
    prefer.preferred.iter().copied().map(Side::Treatment).chain(together).collect()
}

fn seconds(prefer: &Prefer) -> Vec<Side> {
    let together = prefer.together.iter().copied().map(Side::Together);
    prefer.over.iter().copied().map(Side::Treatment).chain(together).collect()
}

/// A regimen of which no `plus` may hold.
fn without_otherwise(block: &Block) -> Option<Diagnostic> {
    let BlockKind::Regimen(regimen) = &block.kind else { return None };
    regimen.plus.last().filter(|last| last.when.is_some())?;
    let message = format!("of `{}` a patient may have no `plus`", block.name.value);
    let note = "end them with `plus N of these otherwise`";
    Some(Diagnostic::warning(codes::NO_OTHERWISE, block.head, message).note(note))
}

/// Rows of fair trials that are judged before the trial can be over.
fn too_early(block: &Block) -> Vec<Diagnostic> {
    let BlockKind::Course(CourseRule::FairTrial(rows)) = &block.kind else { return Vec::new() };
    let early = |row: &&FairTrialRow| match (row.length, row.judged) {
        (Some(TrialLength::Time(length)), Some(judged)) => {
            !judged.from_last_dose && days(length).0 > days(judged.period).1
        }
        (Some(TrialLength::Occasions(_) | TrialLength::Time(_)) | None, _) => false,
    };
    let told = rows.iter().filter(early).map(|row| {
        let message = format!("a trial of {} is judged before it can be long enough", row.written.replace('_', " "));
        Diagnostic::warning(codes::JUDGED_EARLY, row.span, message).note(
            "`judged after` is no shorter than `for at least`: until then a course that runs is not called too short",
        )
    });
    told.collect()
}

/// The fewest and the most days of a period.
fn days(period: Period) -> (u64, u64) {
    let (least, most) = match period.unit {
        PeriodUnit::Day => (1, 1),
        PeriodUnit::Week => (7, 7),
        PeriodUnit::Month => (28, 31),
        PeriodUnit::Year => (365, 366),
    };
    (u64::from(period.count) * least, u64::from(period.count) * most)
}
