//! What a run was: written beside its output, so that the same can be done again.

use std::path::Path;
use std::sync::Arc;

use serde::Serialize;
use serde_json::{Value, json};

use super::sink::{SinkError, write_whole};
use crate::cohort::input::{Counted, FileCount, Meter};
use crate::cohort::run::Tally;
use crate::engine::{Engine, Ready};
use crate::explain::NOTICE;
use crate::render::{VERSION, json::line};

/// The mapping of an input, where there is one.
#[derive(Debug, Clone, Serialize)]
pub struct MappingUsed {
    /// The file.
    pub file: String,
    /// `sha256:…`
    pub hash: String,
}

/// The run, before anything was read.
#[derive(Debug, Clone)]
pub struct Meta {
    /// The command, word by word, without what changes no byte of what is written.
    pub command: Vec<String>,
    /// The releases that may answer, each with its hash.
    pub guidelines: Vec<Value>,
    /// How columns became facts.
    pub mapping: Option<MappingUsed>,
}

impl Meta {
    /// A run of the guidelines that are asked.
    pub fn of(engine: &Engine, ready: &[Ready], command: Vec<String>, mapping: Option<MappingUsed>) -> Self {
        let loaded = ready.iter().flat_map(Ready::releases).filter_map(|at| engine.guidelines().get(at));
        let guideline = |loaded: &crate::engine::Loaded| {
            let info = &loaded.guideline.info;
            let from = info.effective_from.as_ref().map(|day| day.value.to_string());
            let (id, release) = (&info.id.value, info.release.value.to_string());
            json!({ "id": id, "release": release, "in_force_from": from, "hash": format!("sha256:{}", loaded.hash) })
        };
        Meta { command, guidelines: loaded.map(guideline).collect(), mapping }
    }

    /// What must be the same when an interrupted run goes on; `inputs` says what each file is, as far as that is known.
    pub fn run(&self, inputs: &[Value]) -> Value {
        json!({
            "myoguide": VERSION,
            "command": self.command,
            "guidelines": self.guidelines,
            "mapping": self.mapping,
            "input": inputs,
        })
    }

    /// Writes it, with what was read and what came of it.
    pub fn write(
        &self,
        path: &Path,
        meters: &[Arc<Meter>],
        counted: Counted,
        files: &[FileCount],
        tally: &Tally,
    ) -> Result<(), SinkError> {
        let input = |meter: &Arc<Meter>| json!({ "file": meter.name, "bytes": meter.bytes(), "hash": meter.digest() });
        let whole = json!({
            "myoguide": VERSION,
            "notice": NOTICE,
            "command": self.command,
            "guidelines": self.guidelines,
            "mapping": self.mapping,
            "input": meters.iter().map(input).collect::<Vec<_>>(),
            "records": {
                "read": tally.records,
                "answered": tally.records - tally.refused,
                "refused": tally.refused,
                "empty_lines": counted.empty_lines,
            },
            "files": (!files.is_empty()).then_some(files),
            "rows": tally.rows,
            "trace_rows": tally.trace_rows,
        });
        write_whole(path, &line(&whole))
    }
}
