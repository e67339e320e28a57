//! Workers side by side: each reads, answers and writes, and what they write keeps its order.

use std::collections::BTreeMap;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use super::{Ended, Out, RunError, Tally, Watch, Work};
use crate::cohort::input::{Counted, Input, Meter};
use crate::cohort::output::Sink;

/// How many bytes may wait for their turn before no more blocks are read.
const WAITING: usize = 64 * 1024 * 1024;
/// How many blocks may wait for their turn, for each worker.
const AHEAD: usize = 3;

/// How a run ended, or with what a worker broke off.
type How = thread::Result<Result<Ended, RunError>>;

/// What the workers share.
pub(super) struct Turns<'r, I> {
    reading: Mutex<Reading<'r, I>>,
    writing: Mutex<Writing<'r>>,
    /// Whoever is far ahead waits for this.
    written: Condvar,
    /// How many blocks may wait for their turn.
    most: usize,
}

struct Reading<'r, I> {
    input: &'r mut I,
    meters: &'r [Arc<Meter>],
    /// The hashes of what was read are wanted.
    hashed: bool,
    /// The number of the block that is read next.
    next: u64,
    /// Nothing can be read on.
    at_end: bool,
}

struct Writing<'r> {
    sink: &'r mut Sink,
    watch: &'r mut Watch<'r>,
    /// The number of the block that is written next.
    next: u64,
    /// What was done before its turn.
    early: BTreeMap<u64, Made>,
    /// The bytes of that.
    bytes: usize,
    tally: Tally,
    ended: Option<How>,
}

/// What stands where a block begins.
enum Read<B> {
    Block(B, Upto),
    /// The end of the input, or why it cannot be read on.
    End(Result<Ended, RunError>),
}

/// What was made of that.
enum Made {
    Block(Out, Tally, Upto),
    End(Result<Ended, RunError>),
}

/// What had been read when a block was.
struct Upto {
    hashes: Vec<String>,
    counted: Counted,
}

impl<'r, I: Input> Turns<'r, I> {
    pub(super) fn new(
        input: &'r mut I,
        meters: &'r [Arc<Meter>],
        (sink, watch): (&'r mut Sink, &'r mut Watch<'r>),
        (next, tally): (u64, Tally),
        workers: usize,
    ) -> Self {
        let reading = Reading { input, meters, hashed: sink.keeps_state(), next, at_end: false };
        let writing = Writing { sink, watch, next, early: BTreeMap::new(), bytes: 0, tally, ended: None };
        Turns {
            reading: Mutex::new(reading),
            writing: Mutex::new(writing),
            written: Condvar::new(),
            most: workers * AHEAD,
        }
    }

    /// Reads, answers and writes until there is nothing left.
    pub(super) fn serve<W: Work<I::Block>>(&self, mut worker: W) {
        let served = panic::catch_unwind(AssertUnwindSafe(|| self.serve_on(&mut worker)));
        if let Err(broken) = served {
            let mut writing = locked(&self.writing);
            writing.ended.get_or_insert(Err(broken));
            self.written.notify_all();
        }
    }

    fn serve_on<W: Work<I::Block>>(&self, worker: &mut W) {
        // A block mostly comes to as many bytes as the one before.
        let mut room = 0;
        loop {
            // Let go of before the work begins.
            let read = locked(&self.reading).next();
            let Some((number, read)) = read else { return };
            let made = match read {
                Read::Block(block, upto) => {
                    let mut out = Out { lines: Vec::with_capacity(room), ..Out::default() };
                    let mut tally = Tally::default();
                    worker.block(&block, &mut out, &mut tally);
                    room = out.lines.len() + out.lines.len() / 16;
                    Made::Block(out, tally, upto)
                }
                Read::End(end) => Made::End(end),
            };
            if !self.hand_in(number, made) {
                return;
            }
        }
    }

    /// Writes what has its turn. Whoever is far ahead then waits: the block whose turn it is, is with a worker that does not.
    /// False once the run has ended.
    fn hand_in(&self, number: u64, made: Made) -> bool {
        let mut writing = locked(&self.writing);
        writing.take(number, made);
        self.written.notify_all();
        while writing.ended.is_none() && (writing.early.len() >= self.most || writing.bytes >= WAITING) {
            writing = self.written.wait(writing).unwrap_or_else(PoisonError::into_inner);
        }
        writing.ended.is_none()
    }

    /// How the run ended, or with what a worker broke off; and what was counted.
    pub(super) fn end(self) -> (How, Tally) {
        let Writing { ended, tally, .. } = self.writing.into_inner().unwrap_or_else(PoisonError::into_inner);
        let Some(ended) = ended else { unreachable!("the end of the input has its turn, too") };
        (ended, tally)
    }
}

impl<I: Input> Reading<'_, I> {
    /// The next block and its number, at last the end; then nothing.
    fn next(&mut self) -> Option<(u64, Read<I::Block>)> {
        if self.at_end {
            return None;
        }
        // Where reading breaks off, nobody goes on with it.
        self.at_end = true;
        let read = match self.input.next_block() {
            Ok(Some(block)) => {
                let hashes =
                    if self.hashed { self.meters.iter().map(|meter| meter.digest()).collect() } else { Vec::new() };
                self.at_end = false;
                Read::Block(block, Upto { hashes, counted: self.input.counted() })
            }
            Ok(None) => Read::End(Ok(Ended::Whole)),
            Err(error) => Read::End(Err(error.into())),
        };
        let number = self.next;
        self.next += 1;
        Some((number, read))
    }
}

impl Writing<'_> {
    /// Takes what was made of a block, and writes all that has its turn.
    fn take(&mut self, number: u64, made: Made) {
        self.bytes += made.bytes();
        self.early.insert(number, made);
        while self.ended.is_none()
            && let Some(made) = self.early.remove(&self.next)
        {
            self.next += 1;
            self.bytes -= made.bytes();
            self.ended = self.write(made).transpose().map(Ok);
        }
    }

    /// Writes what was made of the next block; how the run ended, if it did.
    fn write(&mut self, made: Made) -> Result<Option<Ended>, RunError> {
        let (out, tally, upto) = match made {
            Made::Block(out, tally, upto) => (out, tally, upto),
            Made::End(end) => return end.map(Some),
        };
        self.tally.add(&tally);
        self.sink.write(&out)?;
        if out.stopped.is_some() {
            return Ok(out.stopped);
        }
        self.sink.keep(self.next, upto.hashes, &self.tally)?;
        (self.watch)(&self.tally, upto.counted);
        Ok(None)
    }
}

impl Made {
    fn bytes(&self) -> usize {
        match self {
            Made::Block(out, ..) => out.bytes(),
            Made::End(_) => 0,
        }
    }
}

/// What a worker that broke off leaves locked is in order: it says so by [`Writing::ended`].
fn locked<T>(shared: &Mutex<T>) -> MutexGuard<'_, T> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}
