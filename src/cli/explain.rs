use clap::Args;

use super::Ending;
use super::output::{self, Stop};
use crate::cases;
use crate::cohort;
use crate::coverage;
use crate::diagnostics::{Code, suggest};
use crate::engine::Engine;
use crate::mutate;

const EXAMPLES: &str = "\
Examples:
  myoguide explain D002
  myoguide explain";

/// Explain the code of a message
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Explain {
    /// The code in brackets after `error` or `warning`; without it, all codes are listed
    #[arg(value_name = "CODE")]
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let mut codes = Engine::codes();
        codes.extend(cases::CODES);
        codes.extend(cohort::input::CODES);
        codes.extend(cohort::mapping::CODES);
        codes.extend(coverage::CODES);
        codes.extend(mutate::CODES);
        let Some(wanted) = &self.code else {
            output::result(&list(&codes))?;
            return Ok(Ending::Well);
        };
        let Some(code) = codes.iter().find(|code| code.id.eq_ignore_ascii_case(wanted)) else {
            let near = suggest::nearest(&wanted.to_uppercase(), codes.iter().map(|code| code.id));
            let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
            let text = format!("no message has the code `{wanted}`{near}\nthe codes are\n{}", list(&codes));
            return Err(Stop::Refused(text.trim_end().to_owned()));
        };
        output::result(&format!("{}: {}\n\n{}\n", code.id, code.title, code.explanation.trim_end()))?;
        Ok(Ending::Well)
    }
}

fn list(codes: &[&Code]) -> String {
    let lines: Vec<String> = codes.iter().map(|code| format!("{}  {}", code.id, code.title)).collect();
    lines.join("\n") + "\n"
}
