//! Sorting more than fits into memory: runs in a temporary folder, merged.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// How many bytes are held before they are written as a run.
const HELD: usize = 32 * 1024 * 1024;

/// The most runs of one sorter, which are files that are open at once.
const RUNS: usize = 64;

/// A folder that is gone when nobody needs it any more.
#[derive(Debug)]
pub(in crate::cohort) struct TemporaryFolder(PathBuf);

static FOLDERS: AtomicU64 = AtomicU64::new(0);

impl TemporaryFolder {
    pub(in crate::cohort) fn new() -> io::Result<Arc<Self>> {
        loop {
            let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
            let path = std::env::temp_dir().join(format!("myoguide-{}-{number}", std::process::id()));
            match own_folder(&path) {
                // Another program's, or one left behind: what is in it is not ours.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                made => return made.map(|()| Arc::new(TemporaryFolder(path))),
            }
        }
    }

    pub(in crate::cohort) fn path(&self) -> &Path {
        &self.0
    }
}

/// A new folder that nobody else can look into.
#[cfg(unix)]
fn own_folder(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().mode(0o700).create(path)
}

#[cfg(not(unix))]
fn own_folder(path: &Path) -> io::Result<()> {
    fs::create_dir(path)
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A key, and what belongs to it.
pub(in crate::cohort) type Pair = (Vec<u8>, Vec<u8>);

/// Takes pairs in any order.
pub(in crate::cohort) struct Sorter {
    folder: Arc<TemporaryFolder>,
    name: &'static str,
    limit: usize,
    most_runs: usize,
    held: Vec<Pair>,
    bytes: usize,
    runs: Vec<PathBuf>,
}

impl Sorter {
    pub(in crate::cohort) fn new(folder: &Arc<TemporaryFolder>, name: &'static str) -> Self {
        Sorter::with_limits(folder, name, (HELD, RUNS))
    }

    /// One that holds so many bytes, and has at most so many runs.
    fn with_limits(folder: &Arc<TemporaryFolder>, name: &'static str, (limit, most_runs): (usize, usize)) -> Self {
        Sorter { folder: Arc::clone(folder), name, limit, most_runs, held: Vec::new(), bytes: 0, runs: Vec::new() }
    }

    pub(in crate::cohort) fn push(&mut self, key: &[u8], value: &[u8]) -> io::Result<()> {
        self.held.push((key.to_vec(), value.to_vec()));
        self.bytes += key.len() + value.len() + size_of::<Pair>();
        if self.bytes > self.limit { self.write_run() } else { Ok(()) }
    }

    fn write_run(&mut self) -> io::Result<()> {
        let mut held = std::mem::take(&mut self.held);
        self.bytes = 0;
        held.sort_by(|left, right| left.0.cmp(&right.0));
        let path = self.new_run();
        let mut file = BufWriter::new(File::create(&path)?);
        for (key, value) in &held {
            write_pair(&mut file, key, value)?;
        }
        file.flush()?;
        self.runs.push(path);
        if self.runs.len() < self.most_runs { Ok(()) } else { self.merge_runs() }
    }

    /// Makes one run of all: only so many files can be open at once.
    fn merge_runs(&mut self) -> io::Result<()> {
        let path = self.new_run();
        let mut file = BufWriter::new(File::create(&path)?);
        let runs = std::mem::replace(&mut self.runs, vec![path]);
        let mut merged = Sorted::of(&self.folder, Vec::new(), &runs)?;
        while let Some((key, value)) = merged.take()? {
            write_pair(&mut file, &key, &value)?;
        }
        file.flush()?;
        runs.iter().try_for_each(fs::remove_file)
    }

    fn new_run(&self) -> PathBuf {
        let number = FOLDERS.fetch_add(1, Ordering::Relaxed);
        self.folder.path().join(format!("{}-{number}", self.name))
    }

    /// The pairs by key; of one key, in the order they came.
    pub(in crate::cohort) fn finish(mut self) -> io::Result<Sorted> {
        if !self.runs.is_empty() && !self.held.is_empty() {
            self.write_run()?;
        }
        let mut held = std::mem::take(&mut self.held);
        held.sort_by(|left, right| left.0.cmp(&right.0));
        Sorted::of(&self.folder, held, &self.runs)
    }
}

/// The next pair of a run, with the run's number between.
type Head = (Vec<u8>, usize, Vec<u8>);

/// Pairs in order, one ahead.
pub(in crate::cohort) struct Sorted {
    _folder: Arc<TemporaryFolder>,
    held: std::vec::IntoIter<Pair>,
    runs: Vec<BufReader<File>>,
    /// The next key of each run, with the run's number: equal keys come in the order of the runs.
    heads: BinaryHeap<Reverse<Head>>,
    next: Option<Pair>,
}

impl Sorted {
    /// Pairs that are held in order, and runs.
    fn of(folder: &Arc<TemporaryFolder>, held: Vec<Pair>, runs: &[PathBuf]) -> io::Result<Self> {
        let runs = runs.iter().map(|path| File::open(path).map(BufReader::new)).collect::<io::Result<Vec<_>>>()?;
        let (folder, held) = (Arc::clone(folder), held.into_iter());
        let mut sorted = Sorted { _folder: folder, held, runs, heads: BinaryHeap::new(), next: None };
        for run in 0..sorted.runs.len() {
            sorted.refill(run)?;
        }
        sorted.next = sorted.pull()?;
        Ok(sorted)
    }

    /// The key that comes next.
    pub(in crate::cohort) fn key(&self) -> Option<&[u8]> {
        self.next.as_ref().map(|(key, _)| key.as_slice())
    }

    /// The next pair.
    pub(in crate::cohort) fn take(&mut self) -> io::Result<Option<Pair>> {
        let after = self.pull()?;
        Ok(std::mem::replace(&mut self.next, after))
    }

    /// The next pair, if its key is this one.
    pub(in crate::cohort) fn take_of(&mut self, key: &[u8]) -> io::Result<Option<Vec<u8>>> {
        if self.key() == Some(key) { Ok(self.take()?.map(|(_, value)| value)) } else { Ok(None) }
    }

    fn pull(&mut self) -> io::Result<Option<Pair>> {
        let Some(Reverse((key, run, value))) = self.heads.pop() else { return Ok(self.held.next()) };
        self.refill(run)?;
        Ok(Some((key, value)))
    }

    fn refill(&mut self, run: usize) -> io::Result<()> {
        let Some(file) = self.runs.get_mut(run) else { return Ok(()) };
        if let Some(key) = read_bytes(file)? {
            let value = read_bytes(file)?.unwrap_or_default();
            self.heads.push(Reverse((key, run, value)));
        }
        Ok(())
    }
}

fn write_pair(file: &mut impl Write, key: &[u8], value: &[u8]) -> io::Result<()> {
    write_bytes(file, key)?;
    write_bytes(file, value)
}

fn write_bytes(file: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
    file.write_all(&(bytes.len() as u64).to_le_bytes())?;
    file.write_all(bytes)
}

fn read_bytes(file: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 8];
    match file.read_exact(&mut length) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Err(error) => return Err(error),
    }
    let mut bytes = Vec::new();
    file.take(u64::from_le_bytes(length)).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(test)]
mod tests {
    use super::{FOLDERS, Sorter, TemporaryFolder};
    use std::fs;
    use std::sync::atomic::Ordering;

    #[test]
    fn a_folder_that_is_there_is_left_alone() -> std::io::Result<()> {
        // Other tests count on meanwhile: one of the next numbers is taken.
        let next = FOLDERS.load(Ordering::Relaxed);
        let taken: Vec<_> = (next..next + 20)
            .map(|number| std::env::temp_dir().join(format!("myoguide-{}-{number}", std::process::id())))
            .filter(|path| fs::create_dir(path).is_ok())
            .collect();
        let own = TemporaryFolder::new()?;
        assert!(!taken.iter().any(|path| path == own.path()));
        drop(own);
        for path in &taken {
            assert!(path.is_dir());
            fs::remove_dir(path)?;
        }
        Ok(())
    }

    #[test]
    fn runs_are_merged_and_equal_keys_keep_their_order() -> std::io::Result<()> {
        let folder = TemporaryFolder::new()?;
        let mut sorter = Sorter::with_limits(&folder, "test", (400, 6));
        for number in 0_u32..100 {
            let key = format!("{:02}", (number * 37) % 50);
            sorter.push(key.as_bytes(), &number.to_be_bytes())?;
        }
        assert!((2..6).contains(&sorter.runs.len()), "{}", sorter.runs.len());
        let mut merged = sorter.finish()?;
        let mut seen: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        while let Some(pair) = merged.take()? {
            seen.push(pair);
        }
        assert_eq!(seen.len(), 100);
        assert!(seen.is_sorted());
        Ok(())
    }
}
