//! Blocks to many workers, their output back in order.
//!
//! The thread that reads also writes: it hands blocks out until so many are under way, then waits for the next in order.
//! So nothing piles up on either side, and memory is that of the blocks under way.

mod chosen;
mod evaluating;
mod tally;

pub(crate) use chosen::answers;
pub use chosen::{Chosen, SelectError, select};
pub use evaluating::{Evaluating, Shape, Task};
pub use tally::Tally;

use std::any::Any;
use std::collections::{BTreeMap, VecDeque};
use std::panic::{self, AssertUnwindSafe};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use super::input::{Counted, Input, InputError, Meter, Refusal};
use super::output::{Sink, SinkError, State};

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
    /// At a record that cannot be read, as was wished: the line of the input.
    Stopped(u64),
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
    #[error("`{name}` has changed since the run was interrupted; begin anew, without `--resume`")]
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
/// How many bytes may wait for their turn before no more blocks are handed out.
const WAITING: usize = 64 * 1024 * 1024;
/// How many blocks are under way for each worker: one at hand, two that wait, one that is done before its turn.
const UNDER_WAY: usize = 4;

/// What a worker made of a block, or with what it broke off.
type Done = (u64, Result<(Out, Tally), Box<dyn Any + Send>>);

/// Runs every block of the input through the workers into the sink. `from` is where an interrupted run stopped; `watch` is
/// told after each block what was answered and what was handed out so far.
pub fn run<I: Input, W: Work<I::Block>>(
    input: &mut I,
    meters: &[Arc<Meter>],
    workers: Vec<W>,
    sink: &mut Sink,
    from: Option<State>,
    watch: &mut dyn FnMut(&Tally, Option<Counted>),
) -> Result<(Ended, Tally), RunError> {
    let done_before = from.as_ref().map_or(0, |state| state.blocks);
    let tally = match from {
        Some(state) => passed_over(input, meters, state)?,
        None => Tally::default(),
    };
    let most = workers.len() * UNDER_WAY;
    let (blocks, waiting) = mpsc::channel();
    let waiting = Mutex::new(waiting);
    let (done, finished) = mpsc::channel();
    thread::scope(|scope| {
        for worker in workers {
            let (waiting, done) = (&waiting, done.clone());
            let named = thread::Builder::new().stack_size(STACK);
            let started = named.spawn_scoped(scope, move || serve(worker, waiting, &done));
            #[expect(clippy::expect_used, reason = "without a thread nothing can be done")]
            started.expect("the system gives the program a thread");
        }
        drop(done);
        // When this ends, `blocks` is dropped, and the workers end.
        let mut order = Order { blocks, finished, next: done_before, early: BTreeMap::new(), bytes: 0, tally };
        let ended = order.run(input, meters, sink, most, watch)?;
        Ok((ended, order.tally))
    })
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

/// A worker takes blocks until there are none.
fn serve<B, W: Work<B>>(mut worker: W, waiting: &Mutex<Receiver<(u64, B)>>, done: &Sender<Done>) {
    // A block mostly comes to as many bytes as the one before.
    let mut room = 0;
    loop {
        let next = waiting.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((number, block)) = next else { return };
        let work = AssertUnwindSafe(|| {
            let mut out = Out { lines: Vec::with_capacity(room), ..Out::default() };
            let mut tally = Tally::default();
            worker.block(&block, &mut out, &mut tally);
            (out, tally)
        });
        let made = panic::catch_unwind(work);
        let broken = made.is_err();
        room = made.as_ref().map_or(0, |(out, _)| out.lines.len() + out.lines.len() / 16);
        if done.send((number, made)).is_err() || broken {
            return;
        }
    }
}

/// Hands blocks out and takes what was made of them in their order.
struct Order<B> {
    blocks: Sender<(u64, B)>,
    finished: Receiver<Done>,
    /// The number of the block that is written next.
    next: u64,
    /// What was done before its turn.
    early: BTreeMap<u64, (Out, Tally)>,
    /// The bytes of that.
    bytes: usize,
    tally: Tally,
}

impl<B> Order<B> {
    fn run<I: Input<Block = B>>(
        &mut self,
        input: &mut I,
        meters: &[Arc<Meter>],
        sink: &mut Sink,
        most: usize,
        watch: &mut dyn FnMut(&Tally, Option<Counted>),
    ) -> Result<Ended, RunError> {
        // Of each block under way, the hashes of what was read up to its end.
        let mut under_way: VecDeque<Vec<String>> = VecDeque::new();
        let mut number = self.next;
        let mut at_end = false;
        loop {
            while !at_end && under_way.len() < most && self.bytes < WAITING {
                let Some(block) = input.next_block()? else {
                    at_end = true;
                    break;
                };
                let read =
                    if sink.keeps_state() { meters.iter().map(|meter| meter.digest()).collect() } else { Vec::new() };
                under_way.push_back(read);
                // A worker that broke off has said so, and is heard below.
                let _ = self.blocks.send((number, block));
                number += 1;
            }
            let Some(read) = under_way.pop_front() else { break };
            let (out, tally) = self.in_turn();
            self.next += 1;
            self.tally.add(&tally);
            sink.write(&out)?;
            if let Some(ended) = out.stopped {
                return Ok(ended);
            }
            sink.keep(self.next, read, &self.tally)?;
            watch(&self.tally, input.counted());
        }
        let answered = self.tally.records;
        match input.counted() {
            Some(counted) if counted.records != answered => Err(RunError::Lost { read: counted.records, answered }),
            Some(_) | None => Ok(Ended::Whole),
        }
    }

    /// What was made of the block that is written next.
    fn in_turn(&mut self) -> (Out, Tally) {
        loop {
            if let Some((out, tally)) = self.early.remove(&self.next) {
                self.bytes -= out.bytes();
                return (out, tally);
            }
            #[expect(clippy::expect_used, reason = "a worker that breaks off says so before it ends")]
            let (number, made) = self.finished.recv().expect("a worker has the block");
            match made {
                Ok((out, tally)) => {
                    self.bytes += out.bytes();
                    self.early.insert(number, (out, tally));
                }
                Err(broken) => panic::resume_unwind(broken),
            }
        }
    }
}
