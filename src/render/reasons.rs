//! Why an answer is what it is, in rows that text and Markdown print: the answer's own parts, then in a line each the
//! findings and numbers these look at.

use std::collections::BTreeSet;

use super::{granted, table, unknown, words};
use crate::eval::Status;
use crate::explain::{AnswerShown, CitationShown, Explanation, Flowchart, Lit, Operand, Possible, Statement};
use crate::value::{Date, Number, Reason as Provenance};

/// The reasons of one block.
#[derive(Debug, Default)]
pub(super) struct Reason {
    /// `Total improvement score: 42.5 points`
    pub(super) heading: String,
    /// Its rows have values, shares and points to be read down the columns.
    pub(super) is_table: bool,
    /// The two days that its changes are between, unless a row says otherwise; where said before, nothing.
    pub(super) days: Option<(Date, Date)>,
    /// Each row is a sentence.
    pub(super) in_sentences: bool,
    /// What the shares are shares of: `% of range`.
    pub(super) unit: Option<String>,
    /// Its rows.
    pub(super) rows: Vec<Row>,
}

/// A row: what, its values, what came of it, and a word on the source of a number where one is due.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) what: String,
    pub(super) values: String,
    pub(super) share: String,
    pub(super) outcome: String,
    pub(super) remark: String,
    /// A row of a table that only may fit.
    pub(super) is_maybe: bool,
}

/// The reasons of all answers that do not read what was recorded, in order, each block once.
pub(super) fn reasons(explanation: &Explanation) -> Vec<Reason> {
    let days = common_days(&explanation.trace);
    let teller = Teller { trace: &explanation.trace, days };
    let mut told: Vec<Reason> = Vec::new();
    let mut seen: BTreeSet<&str> = BTreeSet::new();
    for answer in explanation.answers.iter().filter(|answer| !answer.as_recorded) {
        let Some(statement) = teller.block(&answer.id).filter(|statement| seen.insert(&statement.id)) else { continue };
        // A ladder is told with its options.
        if statement.kind == "ladder" {
            continue;
        }
        let chart = explanation.flowcharts.iter().find(|chart| chart.id == answer.id);
        if let Some(reason) = chart.and_then(path) {
            told.push(reason);
            continue;
        }
        let mut reason = teller.reason(statement, &mut seen);
        if words::is_brief(explanation) {
            shorten(statement, answer, &mut reason);
            if reason.rows.is_empty() {
                continue;
            }
        }
        reason.days = days.filter(|_| told.is_empty());
        told.push(reason);
    }
    told.extend(treatment(explanation));
    told
}

/// How many rows of an answer are told among others on treatment.
const ROWS: usize = 6;
/// How many values of a row are told.
const SHOWN: usize = 3;

/// Of an answer that depends on something only what is known: not the rows that may fit, nor lines that tell no value.
fn shorten(statement: &Statement, answer: &AnswerShown, reason: &mut Reason) {
    let lines = answer.status == Status::Decided && statement.kind != "table";
    reason.rows.retain(|row| !row.is_maybe && (!row.values.is_empty() || lines));
    let open = answer.status == Status::Open;
    if open {
        reason.heading = match &answer.presuming {
            Some(presuming) => {
                let then = words::possible(&presuming.possible, answer.unit.as_deref());
                let colon = if statement.title.ends_with('?') { "" } else { ":" };
                let then = if colon.is_empty() { words::capital(&then) } else { then };
                format!("{}{colon} {then}, taken for granted", statement.title)
            }
            None => statement.title.clone(),
        };
    }
    for row in &mut reason.rows {
        let values: Vec<String> = row.values.split("; ").map(str::to_owned).collect();
        let known =
            |value: &&String| lines || !(value.contains(WAITS) || UNKNOWN.iter().any(|word| value.contains(word)));
        let mut values: Vec<String> = values.iter().filter(known).cloned().collect();
        values.dedup();
        let more = values.len().saturating_sub(SHOWN);
        values.truncate(SHOWN);
        values.extend((more > 0).then(|| format!("+{more}")));
        row.values = values.join("; ");
    }
    reason.rows.retain(|row| !row.values.is_empty() || lines);
    reason.rows.truncate(ROWS);
}

/// What is told of a course that depends on something.
const WAITS: &str = " depends on ";
/// Values that tell nothing.
const UNKNOWN: [&str; 4] = ["not recorded", "not measured", "not done", "no later visit"];

/// The way through an algorithm: each step the patient certainly comes to, what was seen there, and the branch; the
/// steps that may follow in one row.
fn path(chart: &Flowchart) -> Option<Reason> {
    let mut rows = Vec::new();
    for step in chart.steps.iter().filter(|step| step.reached == Lit::Yes) {
        let taken = |lit: Lit| -> Vec<String> {
            let branches = step.branches.iter().filter(|branch| branch.taken == lit);
            branches.map(|branch| branch.label.clone()).collect()
        };
        let (certain, perhaps) = (taken(Lit::Yes), taken(Lit::Perhaps));
        let values = if certain.is_empty() && !step.waits_for.is_empty() {
            format!("waits for {}", few(&step.waits_for))
        } else {
            step.seen.iter().take(NEXT).cloned().collect::<Vec<_>>().join("; ")
        };
        let outcome = match (certain.is_empty(), perhaps.is_empty()) {
            (false, _) => words::all_of(&certain),
            (true, false) => "not settled".to_owned(),
            (true, true) => String::new(),
        };
        rows.push(Row { what: step.title.clone(), values, outcome, ..Row::default() });
    }
    rows.truncate(STEPS);
    let perhaps = chart.steps.iter().filter(|step| step.reached == Lit::Perhaps);
    let perhaps: Vec<String> = perhaps.map(|step| step.title.clone()).collect();
    if !perhaps.is_empty() {
        let more = perhaps.len().saturating_sub(NEXT);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let what = format!("{}{more}", perhaps.iter().take(NEXT).cloned().collect::<Vec<_>>().join(" "));
        rows.push(Row { what, outcome: "then, perhaps".to_owned(), ..Row::default() });
    }
    (!rows.is_empty()).then(|| Reason { heading: chart.title.clone(), rows, ..Reason::default() })
}

/// How many of the steps that may follow are named.
const NEXT: usize = 2;
/// How many steps of an algorithm are told.
const STEPS: usize = 6;

/// Some of a list, and how many more; that something is not recorded goes without saying.
fn few(list: &[String]) -> String {
    let mut told: Vec<String> = Vec::new();
    for one in list.iter().map(|one| one.trim_end_matches(" (not recorded)")) {
        let one = if one.starts_with("whether ") && one.ends_with(" was taken") { granted::TAKEN } else { one };
        if !told.iter().any(|known| known == one) {
            told.push(one.to_owned());
        }
    }
    words::some(&told, 1)
}

/// How many letters are told of a therapy before its reason is cut.
const LETTERS: usize = 150;
/// How many courses of a therapy are told, the last ones.
const COURSES: usize = 2;

/// What was taken, and what came of it.
fn treatment(explanation: &Explanation) -> Option<Reason> {
    let mut rows = Vec::new();
    for course in explanation.courses.iter().filter(|course| !course.courses.is_empty()) {
        let why = course.why.first().map(|why| format!(" ({})", words::spoken(why))).unwrap_or_default();
        let letters = why.chars().count()
            + course.label.chars().count()
            + course.courses.last().map_or(0, |line| line.chars().count());
        let why = match why.split_once(", ") {
            Some((first, _)) if letters > LETTERS => format!("{first}, …)"),
            Some(_) | None => why,
        };
        let more = course.courses.len().saturating_sub(COURSES);
        let mut courses: Vec<String> = course.courses.iter().rev().take(COURSES).rev().cloned().collect();
        if more > 0 {
            courses.insert(0, format!("{more} before"));
        }
        let taking = course.taking == (Possible::YesNo { yes: true, no: false });
        let state = |word: &String| match word.as_str() {
            "failed" => "inadequate response".to_owned(),
            "running" => "too early to judge".to_owned(),
            "worked" => "it worked".to_owned(),
            "inadequate" if taking => "not yet a fair trial".to_owned(),
            "inadequate" => "no fair trial".to_owned(),
            word => words::spoken(word),
        };
        let outcome = match &course.state {
            Possible::Choice(values) if values.len() > 1 && !why.is_empty() => String::new(),
            Possible::Choice(values) => words::any_of(&values.iter().map(state).collect::<Vec<_>>()),
            Possible::YesNo { .. } | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => {
                String::new()
            }
        };
        rows.push(Row {
            what: words::capital(&course.label),
            values: format!("{}{why}", courses.join("; ")),
            outcome,
            remark: remark(&course.citations),
            ..Row::default()
        });
    }
    let heading = "Treatment so far".to_owned();
    (!rows.is_empty()).then(|| Reason { heading, in_sentences: true, rows, ..Reason::default() })
}

struct Teller<'a> {
    trace: &'a [Statement],
    /// The two days that most changes are between.
    days: Option<(Date, Date)>,
}

impl<'a> Teller<'a> {
    fn block(&self, id: &str) -> Option<&'a Statement> {
        self.trace.iter().find(|statement| statement.id == id)
    }

    fn reason(&self, statement: &'a Statement, seen: &mut BTreeSet<&'a str>) -> Reason {
        let mut heading =
            format!("{}: {}", statement.title, words::possible(&statement.outcome, statement.unit.as_deref()));
        let mut rows = Vec::new();
        if statement.kind == "bands" {
            rows = bands(statement);
            if let Some(only) = rows.pop_if(|_| is_settled(&statement.outcome)) {
                heading.push_str(format!(", {} {}", only.values, only.remark).trim_end());
            }
        } else if statement.kind == "table" {
            rows = table::fitting(statement).into_iter().map(|(fit, row)| self.table_row(fit, row)).collect();
        } else {
            for part in statement.parts.iter().filter(|part| part.kind != "column") {
                match self.referred(part) {
                    Some(block) if seen.insert(&block.id) => rows.push(self.summary(block, part)),
                    Some(_) | None => rows.push(self.part(part)),
                }
            }
        }
        self.looked_at(statement, seen, &mut rows);
        let unit = rows.iter().find_map(|row| row.share.split_once(" % ").map(|(_, of)| format!("% {of}")));
        for row in &mut rows {
            row.share = row.share.replace(" of range", "").replace(" of baseline", "");
        }
        Reason { heading, is_table: statement.kind == "score", unit, rows, ..Reason::default() }
    }

    /// The findings and numbers that a statement's lines look at, in a row each, depth first.
    fn looked_at(&self, statement: &'a Statement, seen: &mut BTreeSet<&'a str>, rows: &mut Vec<Row>) {
        let is_table = statement.kind == "table";
        let parts: Vec<&Statement> = if is_table {
            table::fitting(statement).into_iter().map(|(_, row)| row).collect()
        } else {
            statement.parts.iter().collect()
        };
        let operands = statement.operands.iter().chain(parts.into_iter().flat_map(|part| &part.operands));
        for operand in operands {
            let Some(read) = self.block(&operand.id) else { continue };
            // A judgement was told in the rows of its table.
            if matches!(read.kind, "measure" | "course")
                || (is_table && read.kind == "judgement")
                || !seen.insert(&read.id)
            {
                continue;
            }
            rows.push(self.summary(read, read));
            self.looked_at(read, seen, rows);
        }
    }

    /// The block that a line is only the name of.
    fn referred(&self, part: &Statement) -> Option<&'a Statement> {
        self.block(part.title.trim_start_matches("not "))
    }

    /// A block in one row: what it came to, and which of its lines hold. `cited` carries the sources of the line.
    fn summary(&self, statement: &Statement, cited: &Statement) -> Row {
        let parts = || statement.parts.iter();
        let holding: Vec<&Statement> = parts().filter(|part| holds(part)).collect();
        let values = if statement.kind == "number" && parts().all(is_yes_no) {
            holding.iter().map(|part| subject(part)).collect::<Vec<_>>().join(", ")
        } else if holding.is_empty() || !parts().all(is_yes_no) {
            let own = facts(&statement.operands, self.days, "");
            let of_parts = parts().map(|part| looked_up(part, self.days, ""));
            once(std::iter::once(own).chain(of_parts))
        } else {
            once(holding.iter().map(|part| looked_up(part, self.days, "")))
        };
        Row {
            what: statement.title.clone(),
            values,
            // The line's own points, where it is a row of a score.
            outcome: came_to(if matches!(cited.outcome, Possible::Number(_)) { cited } else { statement }),
            remark: remark(parts().flat_map(|part| &part.citations).chain(&cited.citations)),
            ..Row::default()
        }
    }

    fn part(&self, part: &Statement) -> Row {
        let chosen = self.instrument(part);
        let citations = part.citations.iter().chain(chosen.into_iter().flat_map(|chosen| &chosen.citations));
        let (what, values) = match change(part) {
            Some(change) if part.kind == "row" => (change.before.label.clone(), change.in_words(self.days)),
            _ => {
                let what = in_words(part);
                let values = looked_up(part, self.days, &what);
                (what, values)
            }
        };
        let unless = if part.kind == "unless" { "unless " } else { "" };
        Row {
            what: words::capital(&format!("{unless}{what}")),
            values,
            share: share(part),
            outcome: came_to(part),
            remark: remark(citations),
            is_maybe: false,
        }
    }

    /// A row of a decision table: what it gives, and what its cells looked at.
    fn table_row(&self, fit: table::Fit, row: &Statement) -> Row {
        let asked = row.why.as_ref().and_then(|why| why.split_once("; the row asks for "));
        let cells = row.operands.iter().map(|operand| {
            let told = fact(operand, self.days);
            match asked.filter(|(of, _)| of.starts_with(&operand.label)) {
                Some((_, asked)) => format!("{told} (asked for: {asked})"),
                None => told,
            }
        });
        Row {
            what: words::capital(&words::spoken(&row.title)),
            values: once(cells),
            outcome: fit.word().to_owned(),
            is_maybe: fit != table::Fit::Certain,
            remark: remark(&row.citations),
            ..Row::default()
        }
    }

    /// The instrument that a row about a measure was worked out from, where it is one.
    fn instrument(&self, row: &Statement) -> Option<&'a Statement> {
        let measure =
            self.trace.iter().find(|statement| statement.kind == "measure" && statement.title == row.title)?;
        let mut may_be = measure.parts.iter().filter(|part| holds(part));
        may_be.next().filter(|_| may_be.next().is_none())
    }
}

fn holds(part: &Statement) -> bool {
    part.outcome == Possible::YesNo { yes: true, no: false }
}

/// What came of a line, in a word or two.
fn came_to(statement: &Statement) -> String {
    if statement.outcome == (Possible::YesNo { yes: true, no: true }) {
        return "perhaps".to_owned();
    }
    words::brief(&statement.outcome, statement.unit.as_deref())
}

fn is_yes_no(part: &Statement) -> bool {
    matches!(part.outcome, Possible::YesNo { .. })
}

fn is_settled(possible: &Possible) -> bool {
    match possible {
        Possible::Number(set) => words::one_number(set).is_some(),
        Possible::Choice(values) => values.len() == 1,
        Possible::YesNo { yes, no } => yes != no,
        Possible::Several { perhaps, .. } => perhaps.is_empty(),
        Possible::Nothing => false,
    }
}

/// The values a line looked at: a change, or facts; without a label that was `said`.
fn looked_up(part: &Statement, days: Option<(Date, Date)>, said: &str) -> String {
    match change(part) {
        Some(change) => format!("{} {}", change.before.label, change.in_words(days)),
        None => facts(&part.operands, days, said),
    }
}

fn once(texts: impl Iterator<Item = String>) -> String {
    let mut told: Vec<String> = Vec::new();
    for text in texts.filter(|text| !text.is_empty()) {
        if !told.contains(&text) {
            told.push(text);
        }
    }
    told.join("; ")
}

/// Of bands only those that may fit, and for whom the column is.
fn bands(statement: &Statement) -> Vec<Row> {
    let may_hold = |part: &&Statement| match part.outcome {
        Possible::YesNo { yes, .. } => yes,
        Possible::Choice(_) | Possible::Several { .. } | Possible::Number(_) | Possible::Nothing => false,
    };
    let column = |part: &Statement| part.title.split(": ").next().unwrap_or_default().to_owned();
    let columns: Vec<String> =
        statement.parts.iter().filter(|part| part.kind == "column").filter(may_hold).map(column).collect();
    let for_whom = words::any_of(&columns);
    let perhaps = if is_settled(&statement.outcome) { "" } else { "perhaps" };
    statement
        .parts
        .iter()
        .filter(|part| part.kind != "column")
        .filter(may_hold)
        .map(|part| {
            let (value, range) = part.title.split_once(": ").unwrap_or((&part.title, ""));
            Row {
                what: words::capital(&words::spoken(value)),
                values: if for_whom.is_empty() { range.to_owned() } else { format!("{range} ({for_whom})") },
                outcome: perhaps.to_owned(),
                remark: remark(&part.citations),
                ..Row::default()
            }
        })
        .collect()
}

/// What changed between two visits, where the lines looks at one fact only.
struct Change<'a> {
    before: &'a Operand,
    after: &'a Operand,
}

const BASELINE: &str = "at baseline";
const LATER: &str = "after the baseline";

fn change(part: &Statement) -> Option<Change<'_>> {
    let mut facts = part.operands.iter().filter(|operand| !operand.when.is_empty());
    let change = Change { before: facts.next()?, after: facts.next()? };
    let one = change.before.id == change.after.id && change.before.when == BASELINE && change.after.when == LATER;
    (one && facts.next().is_none()).then_some(change)
}

impl Change<'_> {
    fn days(&self) -> Option<(Date, Date)> {
        self.before.date.zip(self.after.date)
    }

    fn in_words(&self, common: Option<(Date, Date)>) -> String {
        let number = |operand: &Operand| value(operand, None);
        let unit = self.after.unit.as_deref().or(self.before.unit.as_deref());
        let after = words::with_unit(
            &number(self.after),
            unit.filter(|_| is_settled(&self.after.possible)).unwrap_or_default(),
        );
        let before = words::with_unit(
            &number(self.before),
            unit.filter(|_| is_settled(&self.before.possible) && !is_settled(&self.after.possible)).unwrap_or_default(),
        );
        let after =
            match self.after.scale.or(self.before.scale).filter(|_| unit.is_none() && is_settled(&self.after.possible))
            {
                Some(end) => format!("{after} of {}", words::number(end)),
                None => after,
            };
        if before == after && !is_settled(&self.before.possible) {
            return before;
        }
        match self.days() {
            Some(days) if Some(days) != common => {
                format!("{before} → {after} ({} → {})", words::day(days.0), words::day(days.1))
            }
            _ => format!("{before} → {after}"),
        }
    }
}

/// A value in words; where it is not known, why.
fn value(operand: &Operand, unit: Option<&str>) -> String {
    let is_age = operand.provenance == Provenance::Derived.words() && unit == Some(unknown::YEARS);
    if let Possible::Number(set) = &operand.possible
        && is_age
    {
        let known = set.single().map(|age| words::with_unit(&tenths(age), unknown::YEARS));
        return known.unwrap_or_else(|| unknown::of_operand(operand));
    }
    if is_settled(&operand.possible) || operand.provenance == WORKED_OUT {
        return words::brief(&operand.possible, unit);
    }
    unknown::of_operand(operand)
}

/// What a block came to.
const WORKED_OUT: &str = "worked out";

/// At most one decimal, cut and not rounded: nobody is 75 the day before.
fn tenths(number: Number) -> String {
    let ten = Number::whole(10);
    let cut = number.times(ten).and_then(|tenths| Number::fraction(tenths.floor(), 10));
    cut.map_or_else(|_| words::number(number), words::number)
}

/// The two days that most changes are between.
fn common_days(trace: &[Statement]) -> Option<(Date, Date)> {
    let changes = trace.iter().flat_map(|statement| &statement.parts);
    let days: Vec<(Date, Date)> = changes.filter_map(|part| change(part)?.days()).collect();
    let count = |wanted: &(Date, Date)| days.iter().filter(|days| *days == wanted).count();
    days.iter().copied().max_by_key(|days| (count(days), *days))
}

fn share(part: &Statement) -> String {
    let improvement = part.operands.iter().find(|operand| operand.id == "improvement");
    let Some(improvement) = improvement else { return String::new() };
    let unit = improvement.unit.as_deref().unwrap_or_default();
    let Possible::Number(set) = &improvement.possible else { return String::new() };
    let hull = set.hull().map(|hull| (hull.low.number(), hull.high.number()));
    match hull {
        // Worse without bound: how much worse is of no use.
        Some((low, Some(high))) if low.is_none_or(|low| low < Number::whole(-100)) => {
            words::with_unit(&format!("at most {}", words::number(high)), unit)
        }
        Some(_) | None => words::brief(&improvement.possible, Some(unit)),
    }
}

/// Facts with their values, each once: `age at onset 45`, `CK 1450 U/L, 01 Jun 2025`; a label that was `said` is not
/// said again where it is the only one.
fn facts(operands: &[Operand], days: Option<(Date, Date)>, said: &str) -> String {
    let told: Vec<&Operand> = operands.iter().filter(|operand| operand.provenance != WORKED_OUT).collect();
    let heard = |label: &str| format!(" {} ", said.to_lowercase()).contains(&format!(" {} ", label.to_lowercase()));
    match told.as_slice() {
        [only] if heard(&only.label) => dated(only, days),
        told => once(told.iter().map(|operand| fact(operand, days))),
    }
}

fn fact(operand: &Operand, days: Option<(Date, Date)>) -> String {
    format!("{} {}", operand.label, dated(operand, days))
}

/// A value with its day, unless that was said.
fn dated(operand: &Operand, days: Option<(Date, Date)>) -> String {
    let of_change = |day: &Date| days.is_some_and(|days| *day == days.0 || *day == days.1);
    let day = operand.date.filter(|day| !of_change(day) && !unknown::is_stale(operand));
    let day = day.map(|day| format!(", {}", words::day(day))).unwrap_or_default();
    format!("{}{day}", value(operand, operand.unit.as_deref()))
}

/// What a line is about, where that is one fact; else the line.
fn subject(part: &Statement) -> String {
    change(part).map_or_else(|| in_words(part), |change| change.before.label.clone())
}

/// A line of the rules with the labels of facts and the titles of blocks in the place of their names.
fn in_words(part: &Statement) -> String {
    let label = |word: &str| {
        part.operands.iter().find(|operand| operand.id == word).map(|operand| match operand.provenance.as_str() {
            WORKED_OUT => format!("“{}”", operand.label),
            _ => operand.label.clone(),
        })
    };
    let words: Vec<String> =
        part.title.split(' ').map(|word| label(word).unwrap_or_else(|| words::spoken(word))).collect();
    words.join(" ")
}

/// The least verified of some sources, where a reader must know.
fn remark<'a>(citations: impl IntoIterator<Item = &'a CitationShown>) -> String {
    let least = citations.into_iter().map(|citation| citation.mark).min();
    least.and_then(words::doubt).map(|doubt| format!("[{doubt}]")).unwrap_or_default()
}
