use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fs::{self, DirEntry};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{FILE_LIMIT, FILES_LIMIT, LOCK, LibraryError, has_ending, without_mark};

const DEPTH_LIMIT: usize = 8;

type Files = BTreeMap<String, Cow<'static, str>>;

/// Reads the `.yaml` and `.rules` files of a folder and the folders in it; hidden ones are passed over.
pub(super) fn read(folder: &Path) -> Result<Files, LibraryError> {
    let root = fs::canonicalize(folder).map_err(|error| refused(folder, error))?;
    if !root.is_dir() {
        return Err(LibraryError::NotAFolder { path: folder.to_owned() });
    }
    let mut files = Files::new();
    let mut waiting = vec![(folder.to_owned(), String::new(), 0)];
    while let Some((folder, prefix, depth)) = waiting.pop() {
        if depth > DEPTH_LIMIT || files.len() > FILES_LIMIT {
            return Err(LibraryError::TooMany { path: root });
        }
        for entry in fs::read_dir(&folder).map_err(|error| refused(&folder, error))? {
            let entry = entry.map_err(|error| refused(&folder, error))?;
            let path = entry.path();
            let Some(name) = path.file_name().and_then(|name| name.to_str()) else {
                return Err(LibraryError::OddName { path });
            };
            if name.starts_with('.') {
                continue;
            }
            let inside = format!("{prefix}{name}");
            match what(&entry, &path, &root)? {
                What::Folder => waiting.push((path, format!("{inside}/"), depth + 1)),
                What::File => {
                    if has_ending(&inside, "yml") {
                        return Err(LibraryError::OtherEnding { path });
                    }
                    if has_ending(&inside, "yaml") || has_ending(&inside, "rules") || inside == LOCK {
                        files.insert(inside, without_mark(text_of(&path)?.into()));
                    }
                }
                What::Other => {}
            }
        }
    }
    Ok(files)
}

enum What {
    File,
    Folder,
    /// A device, or a link to a folder that is read anyway.
    Other,
}

fn what(entry: &DirEntry, path: &Path, root: &Path) -> Result<What, LibraryError> {
    let kind = entry.file_type().map_err(|error| refused(path, error))?;
    if kind.is_dir() {
        return Ok(What::Folder);
    }
    if kind.is_symlink() {
        let target = fs::canonicalize(path).map_err(|error| refused(path, error))?;
        if !target.starts_with(root) {
            return Err(LibraryError::LinkLeadsOut { path: path.to_owned() });
        }
        return Ok(if target.is_file() { What::File } else { What::Other });
    }
    Ok(if kind.is_file() { What::File } else { What::Other })
}

fn text_of(path: &Path) -> Result<String, LibraryError> {
    let file = fs::File::open(path).map_err(|error| refused(path, error))?;
    // With room for one byte more than it has, a file is read at once.
    let size = file.metadata().map_or(0, |about| about.len()).min(FILE_LIMIT);
    let mut bytes = Vec::with_capacity(usize::try_from(size).map_or(0, |size| size + 1));
    file.take(FILE_LIMIT + 1).read_to_end(&mut bytes).map_err(|error| refused(path, error))?;
    let size = bytes.len() as u64;
    if size > FILE_LIMIT {
        return Err(LibraryError::TooLarge { path: path.to_owned(), size });
    }
    String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        LibraryError::NotText { path: path.to_owned(), offset }
    })
}

fn refused(path: &Path, error: io::Error) -> LibraryError {
    let path: PathBuf = path.to_owned();
    if error.kind() == io::ErrorKind::NotFound {
        return LibraryError::NotFound { path };
    }
    LibraryError::Unreadable { path, error }
}
