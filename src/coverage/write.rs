use crate::cases::PROPOSED;
use crate::explore::Patient;
use crate::source::SourceMap;
use crate::yaml::{self, Tree};

/// A patient as a case that nobody has accepted.
pub(super) fn case(name: &str, said: &[&str], id: &str, patient: &Patient, expect: Tree) -> Option<Tree> {
    let story = format!("A patient who {}.", said.join("; who "));
    Some(Tree::group([
        ("case", Tree::text(name)),
        ("status", Tree::text(PROPOSED)),
        ("story", Tree::text(story)),
        ("record", record(id, patient)?),
        ("expect", expect),
    ]))
}

fn record(id: &str, patient: &Patient) -> Option<Tree> {
    let mut sources = SourceMap::default();
    let file = sources.add("patient", patient.yaml());
    let mut tree = Tree::from(&yaml::read(&sources, file).ok()?.pop()?);
    tree.set("id", Tree::text(id));
    Some(tree)
}

/// A file of proposed cases.
pub(super) fn file(release: &str, cases: Vec<Tree>) -> String {
    let cases = yaml::write(&Tree::group([("cases", Tree::List(cases))]));
    format!(
        "\
# Patients that `myoguide test --generate` proposes for {release}. What is expected of them is what the rules
# say now, not what is right: nobody has accepted it. For each, work out from the source what the guideline must
# say, correct what is expected, tell the story, and take the line `status: {PROPOSED}` away. `myoguide test` runs
# them beside the others and counts them apart; `test --coverage` and `test --mutate` leave them out.
{cases}"
    )
}
