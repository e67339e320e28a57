use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::output::{self, Stop};
use super::{Ending, library, refuse_mistakes};
use crate::engine::Engine;
use crate::record;
use crate::render::schema;

const EXAMPLES: &str = "\
Examples:
  myoguide schema record > record.schema.json
  myoguide schema --rules rules record > record.schema.json
  myoguide schema result > result.schema.json";

/// Print a JSON Schema (draft 2020-12)
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Schema {
    /// Of what
    #[arg(value_enum)]
    of: Of,
    /// Use the dictionary of this folder in the place of the one shipped
    #[arg(long, value_name = "DIR")]
    rules: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Of {
    /// What a record may hold
    Record,
    /// What `evaluate --format json` prints on a line
    Result,
}

impl Schema {
    pub(super) fn run(&self) -> Result<Ending, Stop> {
        let schema = match self.of {
            Of::Result => schema::result(),
            Of::Record => {
                let mut engine = Engine::open(&library(self.rules.as_ref())?);
                engine.load_dictionary();
                refuse_mistakes(&engine)?;
                record::schema(engine.catalog())
            }
        };
        output::result(&format!("{schema:#}\n"))?;
        Ok(Ending::Well)
    }
}
