//! The interview as lines for a person.

use anstyle::{Effects, Style};

use super::{Done, Prospect, Question};
use crate::catalog::Burden;
use crate::render::words;

/// How wide the lines are.
const WIDTH: usize = 100;

/// The most answers that are named one by one.
const NAMED: usize = 3;

/// A question, with what hangs on it and what the replies would lead to.
pub fn question(question: &Question, number: usize, color: bool) -> String {
    let burden = match question.burden {
        Burden::History => "",
        Burden::BloodTest => " [blood test]",
        Burden::Imaging => " [imaging]",
        Burden::Biopsy => " [biopsy]",
    };
    let bold = if color { Style::new().effects(Effects::BOLD) } else { Style::new() };
    let mut text = format!("\n{bold}{number}. {}{bold:#}{burden}\n", words::capital(&question.text));
    let mut line = |label: &str, said: &str| wrapped(&mut text, label, said);
    line("reply", &question.how);
    if !question.because.is_empty() {
        line("because", &because(question));
    }
    for prospect in &question.prospects {
        line(&format!("{} →", words::any_of(&prospect.replies)), &leads_to(prospect));
    }
    text
}

/// ``because `response` could still be minimal or moderate``
fn because(question: &Question) -> String {
    let told = |(title, possible): &(String, String)| format!("“{title}” could still be {possible}");
    let named: Vec<String> = question.because.iter().take(NAMED).map(told).collect();
    match question.because.len().saturating_sub(NAMED) {
        0 => named.join("; "),
        more => format!("{}; and {more} more", named.join("; ")),
    }
}

fn leads_to(prospect: &Prospect) -> String {
    if prospect.silent {
        return "the guideline does not speak of this patient".to_owned();
    }
    let told = |(title, possible): &(String, String)| format!("{title}: {possible}");
    let named: Vec<String> = prospect.answers.iter().take(NAMED).map(told).collect();
    let more = prospect.answers.len().saturating_sub(NAMED);
    let more = if more == 0 { String::new() } else { format!("; and {more} more") };
    match (named.is_empty(), prospect.settles) {
        (true, _) => "nothing yet".to_owned(),
        (false, true) => format!("settled. {}{more}", named.join("; ")),
        (false, false) => format!("{}{more}", named.join("; ")),
    }
}

/// What hangs on a question, in full: the reply to `why`.
pub fn why(question: &Question) -> String {
    let mut text = String::new();
    if question.because.is_empty() {
        wrapped(&mut text, "why", "everything else waits for it");
    }
    for (title, possible) in &question.because {
        wrapped(&mut text, "why", &format!("“{title}” could still be {possible}"));
    }
    for prospect in &question.prospects {
        let replies = words::any_of(&prospect.replies);
        for (title, possible) in &prospect.answers {
            wrapped(&mut text, &format!("{replies} →"), &format!("{title}: {possible}"));
        }
    }
    wrapped(&mut text, "in a file", &format!("`{}: …`", question.key()));
    text
}

/// What is wrong with a reply.
pub fn mistake(mistake: &str) -> String {
    let mut text = String::new();
    for line in mistake.lines() {
        wrapped(&mut text, "mistake:", line);
    }
    text
}

/// Why nothing more is asked.
pub fn done(done: Done, asked: usize) -> String {
    let count = if asked == 1 { "1 question".to_owned() } else { format!("{asked} questions") };
    let why = match done {
        Done::Settled => "no missing fact can change the answers",
        Done::Silent => "the guideline does not speak of this patient",
        Done::NothingLeft => "what keeps the answers open is not known, or cannot be asked for in one line",
        Done::Stopped => "stopped before the answers were settled",
    };
    format!("\nAfter {count}: {why}.\n")
}

/// A label and what it says, over lines of one width.
fn wrapped(text: &mut String, label: &str, said: &str) {
    const INDENT: &str = "     ";
    let mut line = format!("   {label}");
    for word in said.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > WIDTH {
            text.push_str(&line);
            text.push('\n');
            line = format!("{INDENT}{word}");
        } else {
            line.push(' ');
            line.push_str(word);
        }
    }
    text.push_str(&line);
    text.push('\n');
}
