use super::output::Stop;
use crate::engine::Engine;
use crate::eval::Baseline;

/// How `--baseline` is written.
pub(super) const WRITTEN: &str = "first|DATE|course:DRUG";

/// The visit that changes are counted from, as asked for.
#[derive(Debug, Clone)]
pub(super) enum Asked {
    /// `first`, or a day.
    Known(Baseline),
    /// `course:DRUG`: the first visit on or after the start of its newest course.
    Course(String),
}

/// Reads what stands behind `--baseline`.
pub(super) fn read(text: &str) -> Result<Asked, String> {
    if text == "first" {
        return Ok(Asked::Known(Baseline::First));
    }
    if let Some(drug) = text.strip_prefix("course:").map(str::trim).filter(|drug| !drug.is_empty()) {
        return Ok(Asked::Course(drug.to_owned()));
    }
    let day = text.parse().map(|day| Asked::Known(Baseline::On(day)));
    day.map_err(|_| "write `first`, a day as 2025-06-01, or `course:` and a drug".to_owned())
}

/// What was asked for, the drug looked up in the formulary.
pub(super) fn resolved(asked: Option<&Asked>, engine: &mut Engine) -> Result<Baseline, Stop> {
    match asked {
        None => Ok(Baseline::default()),
        Some(Asked::Known(baseline)) => Ok(*baseline),
        Some(Asked::Course(drug)) => engine.treatment(drug).map(Baseline::Course).map_err(|near| {
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            Stop::Refused(format!("`{drug}` is not in the formulary{near}"))
        }),
    }
}
