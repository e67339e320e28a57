use super::{Day, Reader, codes, shortened};
use crate::diagnostics::Diagnostic;
use crate::value::{Date, DateRange};
use crate::yaml::Node;

/// No date in a record is earlier.
const FIRST_YEAR: i16 = 1900;

impl Reader<'_> {
    /// The day the record speaks of.
    pub(super) fn as_of(&mut self, node: &Node) -> Option<Date> {
        let range = self.date_text(node, "`as_of`", true)?;
        self.full_day(range, node, "`as_of`")
    }

    /// A full day. `what` names it in messages: `the visit`.
    pub(super) fn day(&mut self, node: &Node, what: &str) -> Option<Date> {
        let range = self.dated(node, what, true, true)?;
        self.full_day(range, node, what)
    }

    /// A day, a month or a year of something that was recorded; nothing where it is not known.
    pub(super) fn period_of_days(&mut self, node: &Node, what: &str) -> Option<DateRange> {
        self.dated(node, what, true, false)
    }

    /// As [`Self::period_of_days`], for a date that does not make the record newer.
    pub(super) fn moment(&mut self, node: &Node, what: &str) -> Option<DateRange> {
        self.dated(node, what, false, false)
    }

    fn dated(&mut self, node: &Node, what: &str, places_record: bool, full: bool) -> Option<DateRange> {
        if node.is_null() || node.text() == Some("unknown") {
            return None;
        }
        let range = self.date_text(node, what, full)?;
        self.days.push(Day { range, span: node.span, what: what.to_owned(), places_record });
        Some(range)
    }

    fn full_day(&mut self, range: DateRange, node: &Node, what: &str) -> Option<Date> {
        if range.is_exact() {
            return Some(range.earliest);
        }
        let message = format!("{what} needs a full day, not `{}`", shortened(node.text().unwrap_or_default()));
        self.error(
            Diagnostic::error(codes::FULL_DAY, node.span, message)
                .note(format!("write for example `{}`", range.earliest)),
        );
        None
    }

    fn date_text(&mut self, node: &Node, what: &str, full: bool) -> Option<DateRange> {
        let Some(text) = node.text().map(str::trim) else {
            self.one_value_expected(node, what, "2025-06-01");
            return None;
        };
        match text.parse::<DateRange>() {
            Ok(range) if range.earliest.year() >= FIRST_YEAR => Some(range),
            Ok(_) => {
                let message = format!("`{text}` lies before {FIRST_YEAR}");
                self.error(Diagnostic::error(codes::DATE, node.span, message));
                None
            }
            Err(error) => {
                let day = text.parse::<Date>().err().filter(|_| full);
                let message = match day {
                    _ if text.is_empty() => format!("{what} has no date"),
                    _ if text.len() > 40 => format!("`{}` is not a date", shortened(text)),
                    Some(error) => error.to_string(),
                    None => error.to_string(),
                };
                let error = Diagnostic::error(codes::DATE, node.span, message);
                self.error(match likely_date(text) {
                    Some(meant) => self.rewrite(error, node, &meant.to_string()),
                    None => error,
                });
                None
            }
        }
    }
}

/// A date in another notation, when it can mean only one day: `1.6.2025`, `2025/6/1`, `2025-06-01T09:30`.
fn likely_date(text: &str) -> Option<Date> {
    let text = text.split(['T', ' ']).next().unwrap_or(text);
    let parts: Vec<&str> = text.split(['.', '/', '-']).collect();
    let small = |text: &str| text.parse::<i8>().ok();
    let year = |text: &str| text.parse::<i16>().ok().filter(|_| text.len() == 4);
    match parts.as_slice() {
        [first, month, day] if first.len() == 4 => Date::new(year(first)?, small(month)?, small(day)?).ok(),
        [whole] if whole.len() == 8 => {
            Date::new(year(whole.get(..4)?)?, small(whole.get(4..6)?)?, small(whole.get(6..)?)?).ok()
        }
        [day, month, last] if text.contains('.') => Date::new(year(last)?, small(month)?, small(day)?).ok(),
        _ => None,
    }
}
