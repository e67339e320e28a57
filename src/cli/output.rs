use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use crate::diagnostics::{Diagnostic, draw};
use crate::source::SourceMap;

/// Why a command ended early.
#[derive(Debug)]
pub(super) enum Stop {
    /// Whoever reads the output has closed it, as `head` does.
    Closed,
    /// A sentence for standard error.
    Refused(String),
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Stop::Closed;
        }
        Stop::Refused(format!("the output cannot be written: {error}"))
    }
}

/// Prints a result.
pub(super) fn result(text: &str) -> Result<(), Stop> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

/// Prints diagnostics to standard error.
pub(super) fn diagnostics(sources: &SourceMap, diagnostics: &[Diagnostic]) {
    let color = is_coloured(io::stderr().is_terminal());
    if !diagnostics.is_empty() {
        complain(&format!("{}\n", draw::draw(sources, diagnostics, color)));
    }
}

/// Prints one sentence to standard error.
pub(super) fn message(text: &str) {
    complain(&format!("error: {text}\n"));
}

/// Prints one sentence that ends nothing to standard error.
pub(super) fn warning(text: &str) {
    complain(&format!("warning: {text}\n"));
}

/// Says on standard error how far a long work is.
pub(super) fn progress(text: &str) {
    complain(text);
}

fn complain(text: &str) {
    // Nobody is left to be told that standard error is closed.
    let _ = io::stderr().write_all(text.as_bytes());
}

/// Results are coloured: on a terminal, unless `NO_COLOR` is set.
pub(super) fn results_coloured() -> bool {
    is_coloured(io::stdout().is_terminal())
}

fn is_coloured(terminal: bool) -> bool {
    let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let plain = std::env::var_os("TERM").is_some_and(|value| value == "dumb");
    terminal && !unwanted && !plain
}

/// How the process ends after a stop.
pub(super) fn stopped(stop: &Stop) -> ExitCode {
    match stop {
        Stop::Closed => ExitCode::SUCCESS,
        Stop::Refused(text) => {
            message(text);
            ExitCode::from(2)
        }
    }
}

/// How far a long work is, on a line of standard error that is written over; nothing where nobody watches.
pub(super) struct Progress {
    name: String,
    watched: bool,
}

impl Progress {
    pub(super) fn new(name: String) -> Self {
        Progress { name, watched: io::stderr().is_terminal() }
    }

    /// So many blocks of all are done.
    pub(super) fn tell(&self, done: usize, all: usize) {
        if self.watched {
            complain(&format!("\r{}: {done} of {all} blocks", self.name));
        }
    }

    /// Clears the line.
    pub(super) fn end(&self) {
        if self.watched {
            complain("\r\u{1b}[K");
        }
    }
}
