//! Colours that a colour-blind reader tells apart, and with each a line of its own for black and white.

use std::fmt::Write;

use crate::explain::Lit;

/// How a part of a drawing looks.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// The colour of lines and frames.
    pub(super) line: &'static str,
    /// The width of lines and frames.
    pub(super) thick: &'static str,
    /// The width of the frame of a branch's words.
    pub(super) thin: &'static str,
    /// Long and short of a dashed line.
    dash: &'static str,
    /// The height of an arrow's head.
    pub(super) head: i32,
    /// Inside a step.
    pub(super) fill: &'static str,
    /// The words of a step.
    pub(super) words: &'static str,
    /// Inside a conclusion.
    pub(super) end_fill: &'static str,
    /// The words of a conclusion.
    pub(super) end_words: &'static str,
}

/// Of a drawing without a patient.
pub(super) static NEUTRAL: Look = Look {
    line: "#3b424d",
    thick: "1.5",
    thin: "1",
    dash: "",
    head: 9,
    fill: "#f4f7fb",
    words: "#111418",
    end_fill: "#e3e7ed",
    end_words: "#111418",
};

static TAKEN: Look = Look {
    line: "#0b4f9e",
    thick: "3.5",
    thin: "2",
    dash: "",
    head: 12,
    fill: "#e1edfa",
    words: "#111418",
    end_fill: "#0b4f9e",
    end_words: "#ffffff",
};

static PERHAPS: Look = Look {
    line: "#a85a00",
    thick: "2.5",
    thin: "1.5",
    dash: "7 4",
    head: 11,
    fill: "#fff7e6",
    words: "#111418",
    end_fill: "#fff7e6",
    end_words: "#111418",
};

static NOT: Look = Look {
    line: "#a3aab4",
    thick: "1.2",
    thin: "1",
    dash: "",
    head: 8,
    fill: "#ffffff",
    words: "#5f6672",
    end_fill: "#f5f6f8",
    end_words: "#5f6672",
};

/// The looks of a patient's drawing, with what each says.
pub(super) static LEGEND: [(&Look, &str); 3] =
    [(&TAKEN, "the patient’s path"), (&PERHAPS, "perhaps: something is not known"), (&NOT, "not taken")];

impl Look {
    pub(super) fn of(lit: bool, part: Lit) -> &'static Look {
        match (lit, part) {
            (false, _) => &NEUTRAL,
            (true, Lit::Yes) => &TAKEN,
            (true, Lit::Perhaps) => &PERHAPS,
            (true, Lit::No) => &NOT,
        }
    }

    /// The attribute of a dashed line.
    pub(super) fn dashes(&self) -> String {
        let mut dashes = String::new();
        if !self.dash.is_empty() {
            let _ = write!(dashes, " stroke-dasharray=\"{}\"", self.dash);
        }
        dashes
    }
}
