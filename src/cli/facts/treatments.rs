use std::fmt::Write;

use super::spoken;
use crate::catalog::{Catalog, Treatment, TreatmentId};
use crate::value::Number;

/// The classes and the treatments of the formulary that a word is a name of.
pub(super) fn spoken_of(catalog: &Catalog, word: &str) -> Vec<String> {
    let called = |name: &str| format!(" {} ", spoken(name)).contains(&format!(" {word} "));
    let classes = catalog.class_names().filter_map(|name| catalog.class(name));
    let classes = classes.filter(|class| called(&class.id.value) || called(&class.label)).map(|class| {
        let members: Vec<&str> =
            catalog.members(&class.id.value).into_iter().map(|member| catalog.treatment_name(member)).collect();
        let members = if members.is_empty() { "nothing in the formulary".to_owned() } else { members.join(", ") };
        format!("{}  {}\n    a class of treatments: {members}\n", class.id.value, class.label)
    });
    let names = |treatment: &Treatment| {
        let others = treatment.preparations.iter().any(|preparation| called(&preparation.name.value));
        others || called(&treatment.id.value) || called(&treatment.label)
    };
    let treatments = catalog.treatment_names().filter_map(|name| catalog.find_treatment(name));
    let treatments = treatments.filter_map(|id: TreatmentId| catalog.treatment(id)).filter(|one| names(one));
    classes.chain(treatments.map(entry)).collect()
}

fn entry(treatment: &Treatment) -> String {
    let mut text = format!("{}  {}\n", treatment.id.value, treatment.label);
    let classes = if treatment.classes.is_empty() {
        String::new()
    } else {
        format!("; of the class {}", treatment.classes.join(", "))
    };
    let _ = writeln!(text, "    a treatment, named under `therapies` and `declined`{classes}");
    let mut more: Vec<String> = treatment.route.iter().cloned().collect();
    more.extend(treatment.usual_dose.as_ref().map(|dose| format!("usually {dose}")));
    more.extend(treatment.judge_after.map(|period| format!("judged after {period}")));
    if !more.is_empty() {
        let _ = writeln!(text, "    {}", more.join("; "));
    }
    for (label, line) in [("monitoring", &treatment.monitoring), ("source", &treatment.source)] {
        if let Some(line) = line {
            let _ = writeln!(text, "    {label}: {line}");
        }
    }
    let names: Vec<String> = treatment
        .preparations
        .iter()
        .map(|preparation| {
            let (name, factor) = (&preparation.name.value, preparation.factor);
            if factor == Number::ONE { name.clone() } else { format!("{name} (1 counts as {factor})") }
        })
        .collect();
    if !names.is_empty() {
        let _ = writeln!(text, "    also: {}", names.join(", "));
    }
    text
}
