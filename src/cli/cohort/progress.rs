use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::output;
use crate::cohort::input::{Counted, Meter};
use crate::cohort::run::Tally;
use crate::cohort::summary::grouped;

/// How often a terminal is told.
const ON_A_TERMINAL: Duration = Duration::from_millis(200);
/// How often a log is told.
const IN_A_LOG: Duration = Duration::from_secs(30);
/// How long the bar is, in characters.
const BAR: u64 = 24;

/// How far a run is, on standard error: a bar that is written over on a terminal, else a line now and then.
pub(super) struct Progress {
    quiet: bool,
    terminal: bool,
    began: Instant,
    told: Instant,
    meters: Vec<Arc<Meter>>,
    /// How many records an interrupted run had answered.
    before: u64,
}

impl Progress {
    pub(super) fn begin(quiet: bool, meters: &[Arc<Meter>], before: u64) -> Self {
        let (began, terminal) = (Instant::now(), io::stderr().is_terminal());
        Progress { quiet, terminal, began, told: began, meters: meters.to_vec(), before }
    }

    /// So much is done.
    pub(super) fn tell(&mut self, tally: &Tally, counted: Counted) {
        let often = if self.terminal { ON_A_TERMINAL } else { IN_A_LOG };
        if self.quiet || self.told.elapsed() < often {
            return;
        }
        self.told = Instant::now();
        let line = self.line(tally, counted);
        output::progress(&if self.terminal { format!("\r\u{1b}[K{line}") } else { format!("{line}\n") });
    }

    fn line(&self, tally: &Tally, counted: Counted) -> String {
        let rate = rate(tally.records - self.before, self.began.elapsed().as_secs_f64());
        let refused = match tally.refused {
            0 => String::new(),
            refused => format!(", {} cannot be read", grouped(refused)),
        };
        let so_far = format!("{} records, {} a second{refused}", grouped(tally.records), grouped(rate));
        let Some((answered, size)) = self.answered(tally, counted) else { return so_far };
        let done = (answered * BAR).checked_div(size).unwrap_or(BAR).min(BAR);
        let bar: String = (0..BAR).map(|at| if at < done { '=' } else { ' ' }).collect();
        let percent = (answered * 100).checked_div(size).unwrap_or(100).min(100);
        let records_left =
            u128::from(tally.records) * u128::from(size.saturating_sub(answered)) / u128::from(answered.max(1));
        let left = lasting(u64::try_from(records_left).unwrap_or(u64::MAX) / rate.max(1));
        format!("[{bar}] {percent} %, {so_far}, {left} left")
    }

    /// The bytes of what was answered and all there are, where that is known.
    fn answered(&self, tally: &Tally, counted: Counted) -> Option<(u64, u64)> {
        let size = self.meters.iter().map(|meter| meter.size).sum::<Option<u64>>()?;
        let records = u128::from(counted.records.max(1));
        let answered = u128::from(counted.bytes) * u128::from(tally.records) / records;
        Some((u64::try_from(answered).unwrap_or(counted.bytes), size))
    }

    /// Clears the bar.
    pub(super) fn clear(&self) {
        if self.terminal && !self.quiet {
            output::progress("\r\u{1b}[K");
        }
    }

    /// What it came to.
    pub(super) fn end(&self, tally: &Tally) {
        if self.quiet {
            return;
        }
        let seconds = self.began.elapsed().as_secs_f64();
        let (records, rate) = (grouped(tally.records), grouped(rate(tally.records - self.before, seconds)));
        let came_to = match (tally.records, tally.refused) {
            (0, _) => "0 records".to_owned(),
            (1, 0) => "1 record, answered".to_owned(),
            (1, _) => "1 record, which cannot be read".to_owned(),
            (_, 0) => format!("{records} records, all of them answered"),
            (_, refused) => format!("{records} records, {} of them cannot be read", grouped(refused)),
        };
        output::progress(&format!("{came_to}, in {seconds:.1} s ({rate} a second)\n"));
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "for a person"
)]
fn rate(records: u64, seconds: f64) -> u64 {
    (records as f64 / seconds.max(0.001)) as u64
}

/// `40 s`, `3 min`, `2 h 10 min`
fn lasting(seconds: u64) -> String {
    match seconds {
        0..90 => format!("{seconds} s"),
        90..5400 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
