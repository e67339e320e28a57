//! Blocks to many workers, their output in order.
//!
//! Each worker reads a block, answers it, and writes what has its turn ([`turns`]): so there are as many busy threads as
//! workers, and a block stays in the cache of one processor. One that is far ahead waits: nothing piles up, and memory is that
//! of the blocks under way.

mod chosen;
mod evaluating;
mod tally;
mod turns;

pub(crate) use chosen::answers;
pub use chosen::{Chosen, SelectError, select};
pub use evaluating::{Evaluating, Shape, Task};
pub use tally::Tally;

use std::panic;
use std::sync::Arc;
use std::thread;

use super::input::{Counted, Input, InputError, Meter, Refusal};
use super::output::{Sink, SinkError, State};
use turns::Turns;

/// What a worker does with a block: the ordinary way is [`Evaluating`].
pub trait Work<B>: Send {
    /// Answers every record of a block.
    fn block(&mut self, block: &B, out: &mut Out, tally: &mut Tally);
}

/// What is written of a block.
#[derive(Debug, Default)]
pub struct Out {
    /// Whole lines.
    pub lines: Vec<u8>,
    /// Whole lines of the table of traces.
    pub trace: Vec<u8>,
    /// By what the records are known as one patient's.
    pub persons: Vec<u8>,
    /// Nothing that comes after is to be written: where it ends.
    pub stopped: Option<Ended>,
}

impl Out {
    fn bytes(&self) -> usize {
        self.lines.len() + self.trace.len() + self.persons.len()
    }
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// At the end of the input.
    Whole,
    /// At a record that cannot be read, as was wished: why.
    Stopped(Box<Refusal>),
    /// At a code that the mapping does not explain: elsewhere the same code would pass for a value.
    Unexplained(Box<Refusal>),
}

/// Why a run ended early.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The input cannot be read on.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The output cannot be written on.
    #[error(transparent)]
    Sink(#[from] SinkError),
    /// The input is not what it was when the run was interrupted.
    #[error(
        "`{name}` has changed since the run was interrupted; remove what that left (`.partial`), and begin anew without `--resume`"
    )]
    Changed {
        /// The file.
        name: String,
    },
    /// A record got lost.
    #[error("of {read} records {answered} were answered: this is a mistake of the program, please report it")]
    Lost {
        /// As counted while reading.
        read: u64,
        /// As counted by the workers.
        answered: u64,
    },
}

/// The stack of a worker: as much as that of a program.
const STACK: usize = 8 * 1024 * 1024;
/// Is told how far a run is.
pub type Watch<'w> = dyn FnMut(&Tally, Counted) + Send + 'w;

/// Runs every block of the input through the workers into the sink. `from` is where an interrupted run stopped; `watch` is
/// told after each block what was answered so far, and what had been read when it was.
pub fn run<I: Input + Send, W: Work<I::Block>>(
    input: &mut I,
    meters: &[Arc<Meter>],
    workers: Vec<W>,
    sink: &mut Sink,
    from: Option<State>,
    watch: &mut Watch<'_>,
) -> Result<(Ended, Tally), RunError> {
    let done_before = from.as_ref().map_or(0, |state| state.blocks);
    let tally = match from {
        Some(state) => passed_over(input, meters, state)?,
        None => Tally::default(),
    };
    let turns = Turns::new(input, meters, (sink, watch), (done_before, tally), workers.len());
    let mut workers = workers.into_iter();
    let own = workers.next();
    thread::scope(|scope| {
        for worker in workers {
            let turns = &turns;
            let named = thread::Builder::new().stack_size(STACK);
            // Where the system gives no further thread, those that run do the work.
            if named.spawn_scoped(scope, move || turns.serve(worker)).is_err() {
                break;
            }
        }
        // This thread works too.
        if let Some(worker) = own {
            turns.serve(worker);
        }
    });
    let (ended, tally) = turns.end();
    let ended = ended.unwrap_or_else(|broken| panic::resume_unwind(broken))?;
    let read = input.counted().records;
    if ended == Ended::Whole && read != tally.records {
        return Err(RunError::Lost { read, answered: tally.records });
    }
    Ok((ended, tally))
}

/// Goes on to where an interrupted run stopped: the same bytes must lie before it.
fn passed_over<I: Input>(input: &mut I, meters: &[Arc<Meter>], state: State) -> Result<Tally, RunError> {
    for _ in 0..state.blocks {
        input.next_block()?;
    }
    for (meter, read) in meters.iter().zip(&state.read) {
        if meter.digest() != *read {
            return Err(RunError::Changed { name: meter.name.clone() });
        }
    }
    Ok(state.tally)
}
