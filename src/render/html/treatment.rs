//! Treatment: each drug once with its verdict, the lines of the ladders, regimens, and the courses as read.

use super::page::{Cell, Page, cell};
use crate::explain::{Explanation, LadderShown, LineShown, OptionShown, Possible};
use crate::render::answer::Room;
use crate::render::options;
use crate::render::text::trace as told;
use crate::render::{today, words};

/// The treatment section.
pub(super) fn treatment(page: &mut Page, explanation: &Explanation) {
    if explanation.ladders.is_empty() && explanation.regimens.is_empty() {
        return;
    }
    page.element("h3", "", "Treatment");
    for standing in options::standing(explanation, Room::Full) {
        page.paragraph("said", &standing);
    }
    drugs(page, explanation);
    let regimens = options::regimens(explanation, Room::Full);
    if !regimens.is_empty() {
        page.element("h3", "", "Together");
        for regimen in &regimens {
            page.paragraph("", regimen);
        }
    }
    for ladder in &explanation.ladders {
        lines(page, ladder);
    }
}

fn drugs(page: &mut Page, explanation: &Explanation) {
    let mut rows: Vec<Vec<Cell>> = Vec::new();
    let mut last = String::new();
    for drug in options::options(explanation, Room::Full) {
        if last != drug.heading {
            last.clone_from(&drug.heading);
            rows.push(vec![cell(drug.heading.as_str())]);
        }
        let more = drug.more.iter().map(|text| ("", words::capital(text))).collect();
        rows.push(vec![cell(drug.what), cell(words::capital(&drug.words)), more]);
    }
    let headings = ["treatment", "verdict", "when it is judged, and what to mind"];
    page.table("Each treatment once, over all ladders", &headings, &rows);
}

/// A ladder from the first line to the last, with the sources of each option.
fn lines(page: &mut Page, ladder: &LadderShown) {
    if !options::is_for(ladder) {
        page.paragraph("soft", &format!("{}: not for this patient.", ladder.title));
        return;
    }
    page.element("h3", "", &format!("{}, line by line", ladder.title));
    page.open("ol", "lines");
    for line in &ladder.lines {
        page.open("li", "");
        page.element("strong", "", &format!("{}: {}", line.title, state(line)));
        page.list("small", line.options.iter().map(sourced).collect::<Vec<_>>().iter().map(String::as_str));
        page.close("li");
    }
    page.close("ol");
    let beside = [("Throughout", &ladder.throughout), ("Optional", &ladder.optional), ("Alongside", &ladder.alongside)];
    for (what, options) in beside.iter().filter(|(_, options)| !options.is_empty()) {
        let labels: Vec<String> = options.iter().map(sourced).collect();
        page.paragraph("small", &format!("{what}: {}", labels.join("; ")));
    }
    page.paragraph("soft small", told::sources(&ladder.citations).trim());
}

/// What the line is; on what that depends stands above its treatments.
fn state(line: &LineShown) -> String {
    match &line.state.possible {
        Possible::Choice(found) => words::any_of(&found.iter().map(|word| words::spoken(word)).collect::<Vec<_>>()),
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => {
            words::possible(&line.state.possible, None)
        }
    }
}

fn sourced(option: &OptionShown) -> String {
    format!("{} {}", option.label, told::sources(&option.citations).trim()).trim_end().to_owned()
}

/// When to look again.
pub(super) fn again(page: &mut Page, explanation: &Explanation) {
    let lines = today::again(explanation);
    if !lines.is_empty() {
        page.element("h3", "", "When to look again");
        page.list("", lines.iter().map(String::as_str));
    }
}

/// The therapies of the record, as the rules read them.
pub(super) fn courses(page: &mut Page, explanation: &Explanation) {
    let rows: Vec<Vec<Cell>> = explanation
        .courses
        .iter()
        .map(|course| {
            let texts = |texts: &[String]| texts.iter().map(|text| ("", text.clone())).collect::<Cell>();
            vec![
                cell(course.label.as_str()),
                cell(states(&course.state)),
                texts(&course.courses),
                texts(&course.why),
                cell(course.judge_on.map(words::day).unwrap_or_default()),
                cell(told::sources(&course.citations).trim()),
            ]
        })
        .collect();
    if !rows.is_empty() {
        page.element("h3", "", "Courses as read");
        let headings = ["therapy", "counts as", "taken", "because", "judge on", "source"];
        page.table("What the rules make of the therapies in the record", &headings, &rows);
    }
}

fn states(state: &Possible) -> String {
    match state {
        Possible::Choice(found) => words::any_of(&found.iter().map(|word| course_state(word)).collect::<Vec<_>>()),
        Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => {
            words::possible(state, None)
        }
    }
}

fn course_state(word: &str) -> String {
    match word {
        "failed" => "inadequate response".to_owned(),
        "inadequate" => "not a fair trial".to_owned(),
        "running" => "running, not yet judged".to_owned(),
        other => words::spoken(other),
    }
}
