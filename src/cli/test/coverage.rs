use std::fs;
use std::path::Path;

use super::{Asked, Ending, Stop, chosen, output, plural};
use crate::coverage::{self, Count, Covered, Proposed};
use crate::engine::Engine;

/// Tells what no case reaches of the rules that were named.
pub(super) fn covered(asked: &Asked, engine: &mut Engine, all: bool) -> Result<Ending, Stop> {
    let mut ending = Ending::Well;
    for (at, _) in chosen(asked, engine)? {
        let Some(covered) = coverage::run(engine, at, |path| asked.holds(path), all) else { continue };
        output::diagnostics(engine.sources(), &covered.found);
        output::result(&counted(&covered))?;
        if !covered.is_complete() {
            ending = Ending::Found;
        }
    }
    Ok(ending)
}

fn counted(covered: &Covered) -> String {
    let of = |count: Count| format!("{} of {}", count.reached, plural(count.all, "part"));
    let taken_over = match covered.taken_over.all {
        0 => String::new(),
        _ => format!("; of blocks taken over, {}", of(covered.taken_over)),
    };
    let Covered { guideline, release, own, .. } = covered;
    let is = if own.reached == 1 { "is" } else { "are" };
    format!("{guideline} {release}: {} {is} reached by some case{taken_over}\n", of(*own))
}

/// Writes patients for an expert to accept or correct, to standard output or into a folder.
pub(super) fn generated(asked: &Asked, engine: &mut Engine, all: bool, folder: Option<&Path>) -> Result<Ending, Stop> {
    for (at, name) in chosen(asked, engine)? {
        let Some(proposed) = coverage::propose(engine, at, |path| asked.holds(path), all) else { continue };
        match folder {
            None if proposed.cases == 0 => output::result(&format!("# {name}: there is nothing to propose\n"))?,
            None => output::result(&proposed.text)?,
            Some(folder) => written(&proposed, &name, folder)?,
        }
    }
    Ok(Ending::Well)
}

/// Writes a file that is not there yet: what an expert has corrected is never written over.
fn written(proposed: &Proposed, name: &str, folder: &Path) -> Result<(), Stop> {
    if proposed.cases == 0 {
        return output::result(&format!("{name}: there is nothing to propose\n"));
    }
    let own = folder.join(&proposed.guideline).join(&proposed.release).join("cases");
    let file = own.join("proposed.yaml");
    let shown = file.display().to_string().replace('\\', "/");
    if file.exists() {
        return Err(Stop::Refused(format!("`{shown}` is there already; accept its cases, or move it away")));
    }
    let refused = |error: std::io::Error| Stop::Refused(format!("`{shown}` cannot be written: {error}"));
    fs::create_dir_all(&own).map_err(refused)?;
    fs::write(&file, &proposed.text).map_err(refused)?;
    output::result(&format!("{name}: {} proposed, in `{shown}`\n", plural(proposed.cases, "case")))
}
