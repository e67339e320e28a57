//! Very many patients: a file of records, or of rows with a mapping, in; an answer a line out.

pub mod input;
pub mod mapping;
