//! A page for a case conference: one file that needs no other, on a screen and on paper.

mod guideline;
mod page;
mod tail;
mod trace;
mod treatment;

use super::answer::Room;
use super::escape::escaped;
use super::{VERSION, overview, words};
use crate::explain::{Explanation, NOTICE};
use page::Page;

/// How a page looks, on a screen and on paper.
pub(crate) const STYLE: &str = include_str!("html/style.css");

/// The page of some records: an article for each, with what each guideline says of it. `trace` shows the traces
/// opened; without it they are closed.
pub fn render<Shown: AsRef<[Explanation]>>(records: &[Shown], trace: bool) -> String {
    let mut page = Page::default();
    let names: Vec<&str> =
        records.iter().filter_map(|shown| Some(shown.as_ref().first()?.record.id.as_str())).collect();
    let title = match names.as_slice() {
        [only] => (*only).to_owned(),
        several => format!("{} records", several.len()),
    };
    page.raw(&format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\">\n<meta name=\"generator\" content=\"myoguide {VERSION}\">\n\
         <title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        escaped(&title)
    ));
    for shown in records {
        article(&mut page, shown.as_ref(), trace);
    }
    page.raw("</body>\n</html>\n");
    page.finish()
}

fn article(page: &mut Page, explanations: &[Explanation], trace: bool) {
    let Some(first) = explanations.first() else { return };
    let record = &first.record;
    page.open("article", "");
    page.open("header", "");
    page.element("h1", "", &record.id);
    page.paragraph("about", &words::capital(&record.about.join(", ")));
    let newest = if record.as_of_given { "" } else { ", the newest date in the record" };
    page.paragraph("soft", &format!("As of {}{newest}", words::day(record.as_of)));
    page.paragraph("notice small", NOTICE);
    page.close("header");
    let overview = overview::overview(explanations);
    for explanation in overview.full.iter().copied() {
        page.open("section", "");
        guideline::guideline(page, explanation);
        page.close("section");
    }
    let beside = overview.beside(Room::Full);
    if !beside.is_empty() {
        page.open("section", "");
        page.element("h2", "", "Also");
        page.paragraph("soft small", "Other guidelines; each in full: `--guideline NAME`");
        for line in &beside {
            page.paragraph("", line);
        }
        page.close("section");
    }
    page.open("section", "");
    page.element("h2", "", "For all of these answers");
    tail::missing(page, explanations);
    tail::granted(page, explanations);
    tail::notices(page, explanations);
    tail::silent(page, explanations);
    tail::sources(page, explanations);
    tail::identity(page, explanations);
    for explanation in explanations {
        trace::trace(page, explanation, trace);
    }
    page.close("section");
    page.close("article");
}
