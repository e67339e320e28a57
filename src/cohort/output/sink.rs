//! Where lines are written: standard output, or a file that has its name only once it is whole.
//!
//! ```text
//! answers.ndjson.partial        while it grows, and after an interruption
//! answers.ndjson.partial.json   how far it is whole, and of which run it is
//! answers.ndjson                the end
//! ```

use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use serde_json::Value;
use thiserror::Error;

use super::columnar;
use crate::cohort::run::{Out, Tally};

/// How often it is written down how far the output is whole.
const OFTEN: Duration = Duration::from_secs(1);

/// What is written, and where: nothing stands for standard output, or for no table at all.
#[derive(Debug, Default)]
pub struct Streams {
    /// The lines.
    pub output: Option<PathBuf>,
    /// Their heading.
    pub heading: Vec<u8>,
    /// At the end the lines, a table, are turned into columns.
    pub columnar: bool,
    /// The table of traces.
    pub trace: Option<PathBuf>,
    /// Its heading.
    pub trace_heading: Vec<u8>,
    /// The keys by which records that are one patient are found, until they are.
    pub persons: Option<PathBuf>,
}

/// What to do about an output that an interrupted run left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Partial {
    /// It is not to be lost by mistake.
    Refuse,
    /// Go on where it ends.
    Resume,
}

/// How far an output is whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct State {
    /// Of which run it is: what is the same when it goes on.
    pub run: Value,
    /// How many blocks of the input were answered.
    pub blocks: u64,
    /// The hash of what had been read of each file when the last of them was handed out.
    pub read: Vec<String>,
    /// Bytes of the output.
    pub output: u64,
    /// Bytes of the table of traces.
    pub trace: u64,
    /// Bytes of the keys of persons.
    #[serde(default)]
    pub persons: u64,
    /// Bytes that the output had when it was interrupted, past those that are whole.
    #[serde(default)]
    pub reached: u64,
    /// What was counted.
    pub tally: Tally,
}

/// Why an output cannot be written.
#[derive(Debug, Error)]
pub enum SinkError {
    /// Whoever reads it has closed it.
    #[error("the output is closed")]
    Closed,
    /// The system refused.
    #[error("`{name}` cannot be written: {error}")]
    Write {
        /// The file.
        name: String,
        /// What the system says.
        #[source]
        error: io::Error,
    },
    /// An interrupted run left it.
    #[error("`{name}` was left by a run that was interrupted; go on with `--resume`, or remove it")]
    Unfinished {
        /// The file.
        name: String,
    },
    /// It is of another run.
    #[error("`{name}` cannot be gone on with: {why}; remove it to begin anew")]
    OfAnother {
        /// The file.
        name: String,
        /// What differs.
        why: String,
    },
    /// The input came to its end before the place at which it had been before.
    #[error(
        "the input ended before the interrupted run did: it was cut off, or is another; give all of it with `--resume`, or \
         remove `{name}` to begin anew"
    )]
    Shorter {
        /// The file.
        name: String,
    },
}

/// Takes the lines of each block, in order.
#[derive(Debug)]
pub struct Sink {
    output: Stream,
    trace: Option<Stream>,
    persons: Option<Stream>,
    kept: Option<Kept>,
    columnar: bool,
}

/// Where it is written down how far the output is whole.
#[derive(Debug)]
struct Kept {
    path: PathBuf,
    run: Value,
    last: Option<Instant>,
    /// Bytes of the output at which an interrupted run was. The same input gives at least as many.
    reached: u64,
}

#[derive(Debug)]
struct Stream {
    name: String,
    to: To,
    bytes: u64,
}

#[derive(Debug)]
enum To {
    Standard(io::Stdout),
    /// A device or a pipe, which has no other name while it is written.
    Special(File),
    /// A file, the name it has while it grows, and the one it gets.
    File(File, PathBuf, PathBuf),
}

impl Sink {
    /// An interrupted run has left nothing at that output, which would be lost.
    pub fn demand_none_left(output: &Path) -> Result<(), SinkError> {
        match growing(output).filter(|left| left.exists()) {
            Some(left) => Err(SinkError::Unfinished { name: shown(&left) }),
            None => Ok(()),
        }
    }

    /// Opens everything that is written. `run` is what must be the same when an interrupted run goes on; where it does, how
    /// far it had come is given back.
    pub fn open(streams: &Streams, run: Value, partial: Partial) -> Result<(Self, Option<State>), SinkError> {
        let growing = streams.output.as_deref().and_then(growing);
        let state_path = growing.as_deref().map(|growing| with_ending(growing, ".json"));
        let left = growing.filter(|left| left.exists());
        let mut state = match (&left, &state_path, partial) {
            (Some(left), _, Partial::Refuse) => return Err(SinkError::Unfinished { name: shown(left) }),
            (Some(left), Some(state), Partial::Resume) => state_of(left, state, &run)?,
            (..) => None,
        };
        if let (Some(state), Some(left), Some(path)) = (&mut state, &left, &state_path) {
            // Written down before the output is cut to what is whole.
            state.reached = state.reached.max(fs::metadata(left).map_or(0, |about| about.len()));
            write_whole(path, &crate::render::json::line(state))?;
        }
        let output = match &streams.output {
            None => Stream { name: "standard output".to_owned(), to: To::Standard(io::stdout()), bytes: 0 },
            Some(path) => Stream::open(path, state.as_ref().map(|state| state.output))?,
        };
        let trace = streams.trace.as_deref();
        let trace = trace.map(|path| Stream::open(path, state.as_ref().map(|state| state.trace))).transpose()?;
        let persons = streams.persons.as_deref();
        let persons = persons.map(|path| Stream::open(path, state.as_ref().map(|state| state.persons))).transpose()?;
        let reached = state.as_ref().map_or(0, |state| state.reached);
        let kept = state_path.map(|path| Kept { path, run, last: None, reached });
        let mut sink = Sink { output, trace, persons, kept, columnar: streams.columnar };
        if state.is_none() {
            sink.write(&Out {
                lines: streams.heading.clone(),
                trace: if sink.trace.is_some() { streams.trace_heading.clone() } else { Vec::new() },
                ..Out::default()
            })?;
        }
        Ok((sink, state))
    }

    /// Writes what was made of the next block, and hands it on at once.
    pub fn write(&mut self, out: &Out) -> Result<(), SinkError> {
        self.output.write(&out.lines)?;
        if let Some(trace) = &mut self.trace {
            trace.write(&out.trace)?;
        }
        if let Some(persons) = &mut self.persons {
            persons.write(&out.persons)?;
        }
        Ok(())
    }

    /// It is written down how far the output is whole.
    pub fn keeps_state(&self) -> bool {
        self.kept.is_some()
    }

    /// Writes down, now and then, that the output is whole up to a block.
    pub fn keep(&mut self, blocks: u64, read: Vec<String>, tally: &Tally) -> Result<(), SinkError> {
        let Some(kept) = &mut self.kept else { return Ok(()) };
        if kept.last.is_some_and(|last| last.elapsed() < OFTEN) {
            return Ok(());
        }
        kept.last = Some(Instant::now());
        self.output.settle()?;
        if let Some(trace) = &mut self.trace {
            trace.settle()?;
        }
        if let Some(persons) = &mut self.persons {
            persons.settle()?;
        }
        let bytes = |stream: &Option<Stream>| stream.as_ref().map_or(0, |stream| stream.bytes);
        let (run, output, reached, tally) = (kept.run.clone(), self.output.bytes, kept.reached, tally.clone());
        let (trace, persons) = (bytes(&self.trace), bytes(&self.persons));
        let state = State { run, blocks, read, output, trace, persons, reached, tally };
        write_whole(&kept.path, &crate::render::json::line(&state))
    }

    /// At the end: an output that was gone on with came at least as far as before.
    pub fn demand_no_less(&self) -> Result<(), SinkError> {
        let reached = self.kept.as_ref().map_or(0, |kept| kept.reached);
        match self.unfinished() {
            Some(name) if self.output.bytes < reached => Err(SinkError::Shorter { name }),
            Some(_) | None => Ok(()),
        }
    }

    /// Leaves nothing of what was written to files: nobody can go on with it.
    pub fn remove(self) {
        let Sink { output, trace, persons, kept, .. } = self;
        let _ = output.remove();
        let _ = trace.map(Stream::remove);
        let _ = persons.map(Stream::remove);
        let _ = kept.map(|kept| fs::remove_file(kept.path));
    }

    /// Gives everything its own name.
    pub fn finish(self) -> Result<(), SinkError> {
        let Sink { output, trace, persons, kept, columnar } = self;
        let trace = || trace.map_or(Ok(()), Stream::finish);
        if columnar {
            // What takes long may fail: until then all is there to go on with.
            output.finish_in_columns()?;
            trace()?;
        } else {
            trace()?;
            output.finish()?;
        }
        // Nothing reads these once the output has its name.
        let _ = kept.map(|kept| fs::remove_file(kept.path));
        let _ = persons.map(Stream::remove);
        Ok(())
    }

    /// The keys of persons that were written.
    pub fn persons(&self) -> Option<&Path> {
        match &self.persons.as_ref()?.to {
            To::File(_, partial, _) => Some(partial),
            To::Standard(_) | To::Special(_) => None,
        }
    }

    /// The name of the output while it is not whole.
    pub fn unfinished(&self) -> Option<String> {
        match &self.output.to {
            To::File(_, partial, _) => Some(shown(partial)),
            To::Standard(_) | To::Special(_) => None,
        }
    }
}

impl Stream {
    /// Opens a file; one that is gone on with is cut where it was whole.
    fn open(path: &Path, whole: Option<u64>) -> Result<Self, SinkError> {
        let refused = |path: &Path| {
            let name = shown(path);
            move |error| SinkError::Write { name, error }
        };
        if !is_file(path) {
            let file = OpenOptions::new().write(true).open(path).map_err(refused(path))?;
            return Ok(Stream { name: shown(path), to: To::Special(file), bytes: 0 });
        }
        let partial = with_ending(path, ".partial");
        let bytes = whole.unwrap_or(0);
        let mut file = match whole {
            None => File::create(&partial).map_err(refused(&partial))?,
            Some(_) => OpenOptions::new().write(true).open(&partial).map_err(refused(&partial))?,
        };
        let about = file.metadata().map_err(refused(&partial))?;
        if about.len() < bytes {
            let why = "it is shorter than it was".to_owned();
            return Err(SinkError::OfAnother { name: shown(&partial), why });
        }
        file.set_len(bytes).map_err(refused(&partial))?;
        file.seek(SeekFrom::Start(bytes)).map_err(refused(&partial))?;
        Ok(Stream { name: shown(path), to: To::File(file, partial, path.to_owned()), bytes })
    }

    fn write(&mut self, lines: &[u8]) -> Result<(), SinkError> {
        if lines.is_empty() {
            return Ok(());
        }
        let written = match &mut self.to {
            To::Standard(out) => out.write_all(lines).and_then(|()| out.flush()),
            To::Special(file) | To::File(file, ..) => file.write_all(lines),
        };
        self.bytes += lines.len() as u64;
        written.map_err(|error| self.refused(error))
    }

    /// What was written is on the disk.
    fn settle(&mut self) -> Result<(), SinkError> {
        let settled = match &mut self.to {
            To::Standard(_) | To::Special(_) => Ok(()),
            To::File(file, ..) => file.sync_data(),
        };
        settled.map_err(|error| self.refused(error))
    }

    fn finish(mut self) -> Result<(), SinkError> {
        self.settle()?;
        match &self.to {
            To::Standard(_) | To::Special(_) => Ok(()),
            To::File(_, partial, path) => fs::rename(partial, path).map_err(|error| self.refused(error)),
        }
    }

    /// Gives the name to the same table in columns.
    fn finish_in_columns(mut self) -> Result<(), SinkError> {
        self.settle()?;
        match &self.to {
            To::Standard(_) | To::Special(_) => Ok(()),
            To::File(_, partial, path) => {
                let new = with_ending(path, ".new");
                columnar::write(partial, &new)?;
                let named = fs::rename(&new, path).and_then(|()| fs::remove_file(partial));
                named.map_err(|error| self.refused(error))
            }
        }
    }

    fn remove(self) -> io::Result<()> {
        match self.to {
            To::File(_, partial, _) => fs::remove_file(partial),
            To::Standard(_) | To::Special(_) => Ok(()),
        }
    }

    fn refused(&self, error: io::Error) -> SinkError {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return SinkError::Closed;
        }
        SinkError::Write { name: self.name.clone(), error }
    }
}

/// How far an unfinished output of the same run is whole; nothing where that was never written down.
fn state_of(left: &Path, path: &Path, run: &Value) -> Result<Option<State>, SinkError> {
    let of_another = |why: String| SinkError::OfAnother { name: shown(left), why };
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(of_another(format!("`{}` cannot be read: {error}", shown(path)))),
    };
    let state: State = serde_json::from_str(&text)
        .map_err(|_| of_another(format!("`{}` does not say how far it is whole", shown(path))))?;
    if state.run == *run {
        return Ok(Some(state));
    }
    let keys = run.as_object().into_iter().flat_map(|keys| keys.iter());
    let differs: Vec<&str> =
        keys.filter(|(key, value)| state.run.get(key.as_str()) != Some(value)).map(|(key, _)| key.as_str()).collect();
    if differs == ["input"] {
        return Err(of_another(format!("{} since the run was interrupted", changed(&state.run, run))));
    }
    Err(of_another(format!("it is of another run ({} differs)", differs.join(", "))))
}

/// Which of the inputs are not what they were.
fn changed(before: &Value, now: &Value) -> String {
    let of = |run: &Value| run.get("input").and_then(Value::as_array).cloned().unwrap_or_default();
    let before = of(before);
    let other = of(now).into_iter().filter(|input| !before.contains(input));
    let names: Vec<String> = other.filter_map(|input| Some(format!("`{}`", input.get("file")?.as_str()?))).collect();
    format!("{} {} changed", names.join(", "), if names.len() == 1 { "has" } else { "have" })
}

/// Writes a small file so that it is either the old or the new one.
pub(crate) fn write_whole(path: &Path, text: &str) -> Result<(), SinkError> {
    let new = new_name(path);
    let written = fs::write(&new, text).and_then(|()| give_name(&new, path));
    written.map_err(|error| SinkError::Write { name: shown(path), error })
}

/// The name that a file has until it is written whole; a device or a pipe has no other.
pub(super) fn new_name(path: &Path) -> PathBuf {
    if is_file(path) { with_ending(path, ".new") } else { path.to_owned() }
}

/// Gives a file that is whole its own name.
pub(super) fn give_name(new: &Path, path: &Path) -> io::Result<()> {
    if new == path { Ok(()) } else { fs::rename(new, path) }
}

/// The path with something after its name.
pub(crate) fn with_ending(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(ending);
    PathBuf::from(name)
}

/// The name that an output has while it grows; a device or a pipe has no other.
fn growing(output: &Path) -> Option<PathBuf> {
    is_file(output).then(|| with_ending(output, ".partial"))
}

/// It is a file, or nothing yet: no device and no pipe, nor what the system calls a file that is open already.
pub(crate) fn is_file(path: &Path) -> bool {
    let of_open_files = ["/dev/fd", "/dev/stdout", "/dev/stderr", "/proc"];
    let is_open = of_open_files.iter().any(|name| path.starts_with(name));
    !is_open && fs::metadata(path).map_or(true, |about| about.is_file())
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}
