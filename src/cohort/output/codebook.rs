//! What each column of a table means, and which values it can have: a table too.

use std::path::Path;

use super::cells::{BETWEEN, Line};
use super::columnar::NUMBERED;
use super::sink::{SinkError, write_whole};
use super::table::{OF_ANSWER, Table};
use crate::engine::{Engine, Loaded, Ready};
use crate::model::{Block, Type};

/// Writes the codebook of a table; of one in columns, with what each holds.
pub fn write(path: &Path, table: &Table, columnar: bool, engine: &Engine, ready: &[Ready]) -> Result<(), SinkError> {
    write_whole(path, &String::from_utf8_lossy(&of_table(table, columnar, engine, ready)))
}

/// The codebook of a table.
pub fn of_table(table: &Table, columnar: bool, engine: &Engine, ready: &[Ready]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut write = |cells: [&str; 4]| {
        let mut line = Line::begin(&mut out);
        line.cells(cells);
        if columnar {
            line.cell(match cells {
                ["column", "meaning", ..] => "type",
                [NUMBERED, ..] => "whole number",
                _ => "text",
            });
        }
        line.end();
    };
    write(["column", "meaning", "values", "unit"]);
    for name in table.head() {
        let is_carried = table.carried.iter().any(|carried| carried == name);
        write([name, if is_carried { "carried through from the input" } else { of_head(name) }, "", ""]);
    }
    for name in &table.answers {
        let blocks = blocks(table, engine, ready, name);
        let title = titles(&blocks);
        let (values, unit) = (values(&blocks), unit(&blocks));
        for of in OF_ANSWER {
            let (meaning, values, unit) = match of {
                "status" => (
                    "how the answer stands: `decided` cannot be changed by what is missing, `open` depends on it, \
                              `silent` is not about this patient, `fault` is a mistake of the guideline",
                    "decided|open|silent|fault",
                    "",
                ),
                "value" => ("the value of a settled answer; else empty", values.as_str(), unit.as_str()),
                "granted" => (
                    "the value of an open answer once the usual normals that nobody recorded are taken for granted, where that \
                               settles it; else empty",
                    values.as_str(),
                    unit.as_str(),
                ),
                "possible" => (
                    "every value that is possible, with `|` between; numbers as `[40, 57.5]`, with a round bracket \
                                where the end is not reached; `?` after what may hold beside others",
                    values.as_str(),
                    unit.as_str(),
                ),
                _ => ("the facts that keep it open, with `|` between, each with the reason", "", ""),
            };
            write([&format!("{name}_{of}"), &format!("{title}: {meaning}"), values, unit]);
        }
    }
    out
}

/// What a column before the answers means.
fn of_head(name: &str) -> &'static str {
    match name {
        "id" => "the record",
        "line" => "the line of the input that it begins on, as an editor counts them: a header is line 1",
        "visit" => "the day that is answered for, from what was known on it",
        "guideline" => "the guideline that answers",
        "release" => "the release of it that answers",
        "error" => {
            "for a record that cannot be read: the codes of what is wrong, which `myoguide explain` explains; else empty"
        }
        "error_file" => "the file in which each of it stands, of an export of several",
        "error_line" => "the line of it",
        "error_column" => "where in the record, or in which column",
        _ => "what is wrong",
    }
}

/// The blocks that give an answer, in every release that may answer.
fn blocks<'e>(table: &Table, engine: &'e Engine, ready: &[Ready], name: &str) -> Vec<&'e Block> {
    let chosen = table.chosen.iter().flatten().find(|one| one.name == name);
    let answer = chosen.map_or(name, |one| one.answer.as_str());
    let asked = ready.iter().enumerate().filter(|(at, _)| chosen.is_none_or(|one| one.guideline == *at));
    let releases = asked.flat_map(|(_, one)| one.releases()).filter_map(|at| engine.guidelines().get(at));
    let own = |loaded: &'e Loaded| {
        let blocks = loaded.guideline.answers.iter().filter_map(|id| loaded.guideline.block(*id));
        blocks.filter(|block| block.name.value == answer).collect::<Vec<_>>()
    };
    releases.flat_map(own).collect()
}

fn titles(blocks: &[&Block]) -> String {
    each_once(blocks.iter().map(|block| block.title.clone())).join(" / ")
}

fn values(blocks: &[&Block]) -> String {
    let of = |block: &&Block| match &block.gives {
        Type::YesNo => vec!["yes".to_owned(), "no".to_owned()],
        Type::Choice(names) | Type::Several(names) => names.clone(),
        Type::Number(_) | Type::Points => vec!["a number".to_owned()],
        Type::Measure | Type::Nothing => Vec::new(),
    };
    each_once(blocks.iter().flat_map(of)).join(BETWEEN)
}

fn unit(blocks: &[&Block]) -> String {
    let of = |block: &&Block| match &block.gives {
        Type::Points => Some("points".to_owned()),
        Type::Number(unit) => unit.map(|unit| unit.symbol().to_owned()),
        Type::YesNo | Type::Choice(_) | Type::Several(_) | Type::Measure | Type::Nothing => None,
    };
    each_once(blocks.iter().filter_map(of)).join(" / ")
}

fn each_once(texts: impl Iterator<Item = String>) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for text in texts {
        if !found.contains(&text) {
            found.push(text);
        }
    }
    found
}
