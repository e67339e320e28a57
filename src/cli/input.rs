use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// How many bytes a file of records may have.
const SIZE_LIMIT: u64 = 64 * 1024 * 1024;

/// What a message calls standard input.
pub(super) const STANDARD_INPUT: &str = "standard input";

/// The path that stands for standard input.
pub(super) const DASH: &str = "-";

/// The file that is written; `-` is standard output, like none.
pub(super) fn written_to(output: Option<&Path>) -> Option<&Path> {
    output.filter(|path| path.as_os_str() != DASH)
}

/// The text of a file or of standard input, or a sentence that says why there is none.
pub(super) fn read(path: &Path) -> Result<(String, String), String> {
    if path.as_os_str() == DASH {
        let text = text_of(io::stdin().lock(), STANDARD_INPUT)?;
        return Ok((STANDARD_INPUT.to_owned(), text));
    }
    let name = path.display().to_string();
    let about = fs::metadata(path).map_err(|error| refused(&name, &error))?;
    if about.is_dir() {
        return Err(format!("`{name}` is a folder; name the files in it, as in `{name}/*.yaml`"));
    }
    if about.len() > SIZE_LIMIT {
        return Err(too_large(&name));
    }
    let file = File::open(path).map_err(|error| refused(&name, &error))?;
    let text = text_of(file, &name)?;
    Ok((name, text))
}

fn text_of(reader: impl Read, name: &str) -> Result<String, String> {
    let mut bytes = Vec::new();
    reader.take(SIZE_LIMIT + 1).read_to_end(&mut bytes).map_err(|error| refused(name, &error))?;
    if bytes.len() as u64 > SIZE_LIMIT {
        return Err(too_large(name));
    }
    let text = String::from_utf8(bytes).map_err(|error| {
        let offset = error.utf8_error().valid_up_to();
        format!("`{name}` is not UTF-8 text: byte {offset} begins no character; save it as UTF-8")
    })?;
    if text.trim_start_matches('\u{feff}').trim().is_empty() {
        return Err(format!("`{name}` is empty; it should begin with `id: `"));
    }
    Ok(text)
}

fn too_large(name: &str) -> String {
    let limit = SIZE_LIMIT / 1024 / 1024;
    format!("`{name}` is larger than {limit} MiB, the most that is read at once; split it into several files")
}

fn refused(name: &str, error: &io::Error) -> String {
    let kind = error.kind();
    if kind == io::ErrorKind::NotFound {
        format!("`{name}` does not exist")
    } else if kind == io::ErrorKind::PermissionDenied {
        format!("`{name}` may not be read: permission denied")
    } else {
        format!("`{name}` cannot be read: {error}")
    }
}
