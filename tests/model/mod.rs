//! Names, types, units, sources, cycles: what a guideline means, and what its author is told.

#![expect(clippy::expect_used, reason = "a test that fails says where")]

mod small;

use std::fmt::Write as _;

use myoguide::diagnostics::draw::draw;

use crate::support::run_corpus;
use small::{Small, messages, numbered};

#[test]
fn good_files_mean_what_they_say() -> Result<(), String> {
    let count = run_corpus("model/good", |name, text| {
        let small = Small::new(name, text);
        let mut engine = small.load();
        if !engine.diagnostics().is_empty() {
            return Err(draw(engine.sources(), engine.diagnostics(), false));
        }
        Ok(format!("{}\nno messages\n\n{}", numbered(text), small.answers(&mut engine)?))
    })?;
    assert!(count >= 20, "only {count} good files");
    Ok(())
}

#[test]
fn bad_files_have_their_messages() -> Result<(), String> {
    let count = run_corpus("model/bad", |name, text| {
        let (engine, messages) = messages(name, text);
        if messages.is_empty() {
            return Err("no message".to_owned());
        }
        let mut report = numbered(text);
        let _ = write!(report, "\n{}", draw(engine.sources(), &messages, false));
        Ok(report)
    })?;
    assert!(count >= 50, "only {count} bad files");
    Ok(())
}
