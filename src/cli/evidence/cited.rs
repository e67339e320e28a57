use crate::engine::{Engine, Loaded};
use crate::model::Cited;

/// A block that cites a source.
#[derive(Debug, Clone)]
pub(super) struct Citing {
    /// The guideline the block is written in: `acr_eular_response@2016.1.0`.
    pub(super) guideline: String,
    /// The block.
    pub(super) block: String,
    /// The places in the source that it names.
    pub(super) places: Vec<String>,
}

/// A local choice and where it is used.
#[derive(Debug)]
pub(super) struct Choice {
    /// Its name.
    pub(super) name: String,
    /// Why it is what it is.
    pub(super) reason: String,
    /// The blocks that name it, by guideline.
    pub(super) used: Vec<(String, Vec<String>)>,
}

/// The blocks that cite a source, each once.
pub(super) fn citing(engine: &Engine, key: &str) -> Vec<Citing> {
    let mut found: Vec<Citing> = Vec::new();
    each_citation(engine, &mut |guideline, block, cited| {
        let Cited::Source { key: cited, place, .. } = cited else { return };
        if cited != key {
            return;
        }
        let known = found.iter().position(|one| one.guideline == guideline && one.block == block);
        let at = known.unwrap_or_else(|| {
            found.push(Citing { guideline: guideline.to_owned(), block: block.to_owned(), places: Vec::new() });
            found.len() - 1
        });
        let Some(one) = found.get_mut(at) else { return };
        if let Some(place) = place.as_ref().filter(|place| !one.places.contains(place)) {
            one.places.push(place.clone());
        }
    });
    found.sort_by(|left, right| left.guideline.cmp(&right.guideline));
    found
}

/// The local choices of all guidelines, by their names; the same name with other words is another choice.
pub(super) fn choices(engine: &Engine) -> Vec<Choice> {
    let mut found: Vec<Choice> = Vec::new();
    each_citation(engine, &mut |guideline, block, cited| {
        let Cited::Local { name, .. } = cited else { return };
        let loaded = engine.guidelines().iter().filter(|loaded| loaded.guideline.find(block).is_some());
        let all = loaded.flat_map(|loaded| &loaded.guideline.info.local_choices);
        let written = |choice: &&crate::catalog::LocalChoice| choice.name.value == *name;
        let own = engine.guidelines().iter().find(|loaded| loaded.guideline.info.full_name() == guideline);
        let own = own.and_then(|loaded| loaded.guideline.info.local_choices.iter().find(written));
        let Some(choice) = own.or_else(|| all.into_iter().find(written)) else { return };
        let known = found.iter().position(|one| one.name == *name && one.reason == choice.reason);
        let at = known.unwrap_or_else(|| {
            found.push(Choice { name: name.clone(), reason: choice.reason.clone(), used: Vec::new() });
            found.len() - 1
        });
        let Some(one) = found.get_mut(at) else { return };
        match one.used.iter_mut().find(|(known, _)| known == guideline) {
            None => one.used.push((guideline.to_owned(), vec![block.to_owned()])),
            Some((_, blocks)) if blocks.iter().any(|known| known == block) => {}
            Some((_, blocks)) => blocks.push(block.to_owned()),
        }
    });
    found.sort_by(|left, right| left.name.cmp(&right.name));
    found
}

/// Calls `each` with every citation of every guideline, and the guideline and block it is written in.
fn each_citation<'a>(engine: &'a Engine, each: &mut dyn FnMut(&'a str, &'a str, &'a Cited)) {
    for loaded in engine.guidelines() {
        for text in &loaded.texts {
            let Some(block) = loaded.guideline.find(&text.name.value) else { continue };
            if is_told_elsewhere(engine, loaded, &text.from) {
                continue;
            }
            block.each_citation(&mut |cited| each(&text.from, &block.name.value, cited));
        }
    }
}

/// The block comes from a guideline that is loaded for itself too.
fn is_told_elsewhere(engine: &Engine, loaded: &Loaded, from: &str) -> bool {
    let own = loaded.guideline.info.full_name();
    own != from && engine.guidelines().iter().any(|other| other.guideline.info.full_name() == from)
}
