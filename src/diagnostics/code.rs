/// The kind of a mistake. Each pass declares its own, beside the place that raises them, and lists them in a
/// `CODES` table of its room; `myoguide explain CODE` prints the explanation.
#[derive(Debug, Clone, Copy)]
pub struct Code {
    /// A letter for the room and a number that never changes its meaning: `S003`.
    pub id: &'static str,
    /// The rule that was broken, in a few words.
    pub title: &'static str,
    /// What it means, why it matters and how to mend it, with an example. Markdown.
    pub explanation: &'static str,
}

impl PartialEq for Code {
    fn eq(&self, other: &Self) -> bool {
        self.id == other.id
    }
}

impl Eq for Code {}
