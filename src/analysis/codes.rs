//! What a proof finds, each kind with its explanation.

use crate::diagnostics::Code;

macro_rules! codes {
    ($($name:ident $id:literal $title:literal $explanation:literal)*) => {
        $(pub(super) const $name: Code = Code { id: $id, title: $title, explanation: $explanation };)*
        /// Every kind of finding of a proof.
        pub const CODES: &[Code] = &[$($name),*];
    };
}

codes! {
    GAP "P001" "a patient no row fits" "A table gives each patient a row: `exactly one row fits`, or `first row that fits`. For the patient shown, none does, and the answer would be a fault. Add a row for such patients, or let a row be wider; with `first row that fits`, a last row of `any` takes everyone who is left. The patient is a record: evaluate it and look at the trace."
    OVERLAP "P002" "a patient two rows fit" "Under `exactly one row fits` the rows of a table must keep patients apart, or the answer depends on nothing that is written. For the patient shown, both rows fit. Make one of them narrower, or say `first row that fits` and put the more important row first."
    DEAD_ROW "P003" "a row nobody comes to" "No patient, whatever is recorded, is given the value of this row: its cells contradict one another or what the dictionary allows, or rows before it take all it would fit. Remove the row, or mend the cell that is meant otherwise."
    NEVER "P004" "a line that never holds" "No patient, whatever is recorded, fulfils this line: its parts contradict one another, or the values a fact can have at all. What cannot happen needs no rule; most often a number, a unit or an `and` is not what was meant."
    ALWAYS "P005" "a line that always holds" "Every patient, whatever is recorded, fulfils this line, so it tests nothing. Most often a number, a unit, a `not` or an `or` is not what was meant."
    UNREACHED "P006" "a part of an algorithm that nobody reaches" "No patient, whatever is recorded, comes to this step, branch or conclusion: the branches before it take everybody, or its own condition never holds there. Remove it, or change the order of the branches: the first that holds is taken."
    BROKEN_PROMISE "P007" "a promise that is broken" "A promise is what the authors claim of their own guideline, for every patient. For the patient shown it is not kept. Either a rule is missing, or the promise says more than was meant: give it a narrower `when`."
    NO_BAND "P008" "a patient no band holds" "Bands put each number into one category, in each column. For the patient shown, the number lies in none, or in two, and the answer would be a fault. Let one band begin where the other ends: `40 to below 60`, then `at least 60`."
    COLUMNS "P009" "a patient with no column, or two" "Of the columns of a score or of bands exactly one is each patient's. The patient shown has none, or two. Let their conditions divide the patients: `when adult`, `when juvenile`."
    NO_BRANCH "P010" "a patient for whom no branch holds" "Whoever comes to a step of an algorithm must find a branch there. For the patient shown none holds, so the path ends without a conclusion: the answer is a fault, or rests on what another path concluded. Let the step end in `otherwise`, or a branch be wider."
    NO_OPTION "P011" "an option that nobody is offered" "No patient, whatever is recorded, is ever given this option, now or as an alternative: its `when` contradicts that of its ladder, or what speaks against it always holds, or no one comes to its line."
    NOT_PROVED "P013" "a claim that was not proved" "The search for a patient ended at its bound, or came to conditions that it cannot decide exactly: products of unknown numbers, the highest of several, roots. Nothing is known to be wrong here, and nothing is shown to be right. Fewer facts in one table, or a number given a name and bands of its own, most often help."
    DEAD_VALUE "P012" "a category nobody is in" "No patient, whatever is recorded, falls into this band: the number it is made from never lies there. Remove the band, or mend its ends."
    NO_RANGE "P014" "a number that no range of a score holds" "The ranges in the heading of a score give each number its points. For the patient shown, the number of this row lies in none of them, or in two, and its points may be anything. Let one range begin where the other ends: `at most 5`, then `above 5 to 15`."
    DEAD_TRIAL "P015" "a fair trial that another row takes already" "Several rows of one drug in `course adequate` are alternatives: a course is a fair trial by the most lenient of them. Another row for the same drug, or for its class, asks for no more than this one, so this one changes nothing. Where the drug is meant to need more than its class, write the members of the class apart."
}
