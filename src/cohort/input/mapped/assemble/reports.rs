use super::value::{self, Said};
use super::{Assembly, Entries, Placed, group_node, is_alike, text_node};
use crate::cohort::mapping::codes::RowMistake;
use crate::cohort::mapping::{FileMapping, ReportMapping, TextKind};
use crate::source::{Span, Spanned};
use crate::yaml::{Node, NodeKind};

impl<'a> Assembly<'a> {
    /// A report: all that it found stands in one cell.
    pub(super) fn report(&mut self, at: Placed<'a>, file: &'a FileMapping, report: &'a ReportMapping) {
        let text = at.row.get(report.slot);
        let span = at.span(Some(report.slot));
        let names: Vec<String> = match &report.split {
            Some(mark) => text.split(mark.as_str()).map(|name| name.trim().to_lowercase()).collect(),
            None => vec![text.to_lowercase()],
        };
        let mut found = Vec::new();
        for name in names {
            match report.facts.iter().find(|(word, _)| *word == name) {
                Some((_, Some(id))) => found.push(text_node(self.catalog.name(id.value).to_owned(), span)),
                Some((_, None)) => {}
                None => match value::read(text, report.reading.of_value(TextKind::Word), &file.dialect) {
                    Ok(Said::Absent(_)) => return,
                    Ok(Said::Text(_)) => return self.wrong(RowMistake::NoFinding, at, Some(report.slot)),
                    Err(mistake) => return self.wrong(mistake, at, Some(report.slot)),
                },
            }
        }
        let key = |key: &str, span: Span| Spanned::new(key.to_owned(), span);
        let mut entries = Entries::new();
        if let Some(date) = report.date.as_ref().and_then(|cell| self.day(at, file, cell)) {
            entries.push((key("date", date.span), text_node(date.value, date.span)));
        }
        entries.push((key(&report.list, span), Node { kind: NodeKind::Sequence(found), span }));
        let node = group_node(entries, span);
        let known = self.facts.iter().find(|(known, _)| known.value == report.report.value);
        match known.map(|(_, known)| is_alike(known, &node)) {
            None => self.facts.push((key(&report.report.value, span), node)),
            Some(true) => {}
            Some(false) => self.wrong(RowMistake::TwoValues, at, Some(report.slot)),
        }
    }
}
