use std::io::{self, IsTerminal};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::super::output;
use crate::cohort::input::Meter;
use crate::cohort::run::Tally;

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
    pub(super) fn tell(&mut self, tally: &Tally) {
        let often = if self.terminal { ON_A_TERMINAL } else { IN_A_LOG };
        if self.quiet || self.told.elapsed() < often {
            return;
        }
        self.told = Instant::now();
        let line = self.line(tally);
        output::progress(&if self.terminal { format!("\r\u{1b}[K{line}") } else { format!("{line}\n") });
    }

    fn line(&self, tally: &Tally) -> String {
        let seconds = self.began.elapsed().as_secs_f64();
        let counted = format!(
            "{} records, {} a second",
            grouped(tally.records),
            grouped(rate(tally.records - self.before, seconds))
        );
        let refused = match tally.refused {
            0 => String::new(),
            refused => format!(", {} cannot be read", grouped(refused)),
        };
        let Some((read, size)) = self.read() else { return format!("{counted}{refused}") };
        let done = (read * BAR).checked_div(size).unwrap_or(BAR).min(BAR);
        let bar: String = (0..BAR).map(|at| if at < done { '=' } else { ' ' }).collect();
        #[expect(clippy::cast_precision_loss, reason = "for a person")]
        let left = seconds * (size.saturating_sub(read) as f64) / (read.max(1) as f64);
        let percent = (read * 100).checked_div(size).unwrap_or(100);
        format!("[{bar}] {percent} %, {counted}{refused}, {} left", lasting(left))
    }

    /// Bytes read and bytes there are, where that is known.
    fn read(&self) -> Option<(u64, u64)> {
        let size = self.meters.iter().map(|meter| meter.size).sum::<Option<u64>>()?;
        Some((self.meters.iter().map(|meter| meter.bytes()).sum(), size))
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
        let refused = match tally.refused {
            0 => "all of them answered".to_owned(),
            refused => format!("{} of them cannot be read", grouped(refused)),
        };
        let (records, rate) = (grouped(tally.records), grouped(rate(tally.records - self.before, seconds)));
        output::progress(&format!("{records} records, {refused}, in {seconds:.1} s ({rate} a second)\n"));
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

/// `1,234,567`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `40 s`, `3 min`, `2 h 10 min`
fn lasting(seconds: f64) -> String {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "for a person")]
    let seconds = seconds as u64;
    match seconds {
        0..90 => format!("{seconds} s"),
        90..5400 => format!("{} min", seconds / 60),
        _ => format!("{} h {} min", seconds / 3600, seconds % 3600 / 60),
    }
}
