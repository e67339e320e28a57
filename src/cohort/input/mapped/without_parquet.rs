//! In the place of `columnar`, where the program is built without Parquet: no such file is ever open.

use std::path::Path;

use super::stretch::Stretch;
use crate::cohort::input::{InputError, Source};
use crate::cohort::mapping::{Dialect, Duplicates, FileMapping};
use crate::diagnostics::Diagnostic;

/// There is none.
#[derive(Debug)]
pub(super) enum Columnar {}

impl Columnar {
    pub(super) fn open(path: &Path, name: &str, _: &Dialect) -> Result<Self, InputError> {
        // A file that is not there is the first thing to say.
        Source::open_as(path, name)?;
        Err(InputError::NoParquet { name: name.to_owned() })
    }

    pub(super) fn source(&self) -> &Source {
        match *self {}
    }

    pub(super) fn names(&self) -> Vec<String> {
        match *self {}
    }

    pub(super) fn choose(&mut self, _: &FileMapping, _: Duplicates, _: &mut Vec<Diagnostic>) {
        match *self {}
    }

    pub(super) fn bytes_of(&self, _: u64) -> u64 {
        match *self {}
    }

    pub(super) fn next(&mut self) -> Result<Option<Stretch>, InputError> {
        match *self {}
    }
}
