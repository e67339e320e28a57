//! Pieces of work in as many threads as the machine has processors. What comes of them does not hang on how the threads run.

use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

/// Works on each piece, each thread with a tool of its own; what comes of them, in order of the pieces. A panic of one ends all.
pub fn side_by_side<Piece: Sync, Tool, Done: Send>(
    pieces: &[Piece],
    tool: impl Fn() -> Tool + Sync,
    work: impl Fn(&mut Tool, &Piece) -> Done + Sync,
) -> Vec<Done> {
    work_on(pieces, pieces.len(), || (), tool, work).1
}

/// The same, and something else beside it, which the thread that asks does before it takes a piece.
pub fn side_by_side_with<First, Piece: Sync, Done: Send>(
    first: impl FnOnce() -> First,
    pieces: &[Piece],
    work: impl Fn(&Piece) -> Done + Sync,
) -> (First, Vec<Done>) {
    work_on(pieces, pieces.len() + 1, first, || (), |(), piece| work(piece))
}

fn work_on<First, Piece: Sync, Tool, Done: Send>(
    pieces: &[Piece],
    at_most: usize,
    first: impl FnOnce() -> First,
    tool: impl Fn() -> Tool + Sync,
    work: impl Fn(&mut Tool, &Piece) -> Done + Sync,
) -> (First, Vec<Done>) {
    let next = AtomicUsize::new(0);
    let worker = || {
        let mut done = Vec::new();
        let mut own = None;
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(piece) = pieces.get(at) else { return done };
            done.push((at, work(own.get_or_insert_with(&tool), piece)));
        }
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(at_most);
    let (first, mut done) = thread::scope(|scope| {
        // This thread works too.
        let running: Vec<_> = (1..threads).map(|_| scope.spawn(worker)).collect();
        let first = first();
        let own = worker();
        let joined = running.into_iter().map(|one| one.join().unwrap_or_else(|panic| resume_unwind(panic)));
        (first, joined.flatten().chain(own).collect::<Vec<_>>())
    });
    done.sort_by_key(|(at, _)| *at);
    (first, done.into_iter().map(|(_, result)| result).collect())
}

#[cfg(test)]
mod tests {
    use super::{side_by_side, side_by_side_with};

    #[test]
    fn every_piece_is_done_once_and_stands_in_its_place() {
        for count in [0, 1, 2, 100] {
            let pieces: Vec<usize> = (0..count).collect();
            let squares = side_by_side(&pieces, Vec::new, |met: &mut Vec<usize>, piece| {
                assert!(!met.contains(piece));
                met.push(*piece);
                piece * piece
            });
            let expected: Vec<usize> = pieces.iter().map(|piece| piece * piece).collect();
            assert_eq!(squares, expected);
            let with = side_by_side_with(|| pieces.len(), &pieces, |piece| piece * piece);
            assert_eq!(with, (count, expected));
        }
    }

    #[test]
    #[should_panic(expected = "the third")]
    fn a_piece_that_breaks_off_is_not_lost() {
        side_by_side(&[1, 2, 3, 4], || (), |(), piece| assert!(*piece != 3, "the third"));
    }
}
