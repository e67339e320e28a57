//! The kinds of mistakes of meaning, each with its explanation.

use crate::diagnostics::Code;

macro_rules! codes {
    ($($name:ident $id:literal $title:literal $explanation:literal)*) => {
        $(pub(super) const $name: Code = Code { id: $id, title: $title, explanation: $explanation };)*
        /// Every kind of mistake that this pass reports.
        pub const CODES: &[Code] = &[$($name),*];
    };
}

codes! {
    UNKNOWN_NAME "M001" "a name that means nothing" "A rule may name facts of the dictionary and blocks of its own guideline. The nearest known name is offered; `myoguide facts` lists the facts.\n\nWrong: `heliotrop`\n\nRight: `heliotrope`"
    TAKEN_NAME "M002" "one name for two things" "Every block has a name of its own within a guideline, and none is called as a fact is: a reader, a trace and a case must know which is meant."
    CYCLE "M003" "a block that needs itself" "A block is worked out from facts and other blocks, never from itself, however long the way round. Follow the places shown and break the circle."
    TOO_DEEP "M004" "a chain that is too long" "Blocks may read one another through at most 50 steps, and in their formulas at most 200 amounts may stand one inside the other. No guideline needs more; a chain this long is a mistake of a program that wrote the file. A long sum is a list under `sum of`."
    UNKNOWN_SOURCE "M005" "a source that is not in the evidence" "What stands first in an entry of the brackets is the key of an evidence entry, then where in it: `[aggarwal_2017 table 3]`. Several are separated by `;`. Add the source to a file under `evidence`."
    UNEXPLAINED_LOCAL "M006" "a local choice without a reason" "A number that no source gives is a choice of your own and has a name: `[local weakness_cutoff]`. Say under `local_choices` of guideline.yaml why it is what it is, so that a committee can read the list."
    UNUSED_LOCAL "M007" "a local choice that no line names" "guideline.yaml explains a local choice that no line of the rules carries. It was renamed or is no longer needed."
    UNCITED "M008" "a block without a source" "Every block names where it comes from: at its head, or on its lines and rows. What comes from nowhere but your own clinic is `[local name]`."
    NO_TIME "M010" "a dated fact without a time" "A fact that is recorded at visits has a value for each. Say which is meant: `latest ck`, `ck at baseline`, `highest ck ever`.\n\nWrong: `ck is above 500 U/L`\n\nRight: `latest ck is above 500 U/L`"
    NEEDLESS_TIME "M011" "a time where there is none" "A fact that is recorded once, and a block, have no time of their own.\n\nWrong: `latest subtype is DM`\n\nRight: `subtype is DM`"
    NOT_A_NUMBER "M012" "something that is not a number" "Formulas, comparisons and bands take numbers: a fact that is a number, a number block or a score. Of a measure only its change is a number: `change in strength`. `ck ever` is a value for each visit; `highest ck ever` is one number."
    NOT_YES_NO "M013" "something that is not a yes/no" "A name alone is a condition only when it is a yes/no. Anything else is compared.\n\nWrong: `any of subtype, heliotrope`\n\nRight: `subtype is DM`"
    NO_SUCH_VALUE "M014" "a value that does not exist" "A choice, bands and a table have the values that the dictionary, or their rows, name. `not done` exists only where the dictionary says that an examination may be not done."
    UNCLEAR_NOT "M015" "`not` of an examination" "Of an examination that may be *not done*, `not F` does not say whether that is meant too. Write `F is no`, or `F is one of no, not done`."
    CAGE "M016" "a question about the record outside its cage" "Whether a fact was recorded, and what an unknown counts as, may be said only in blocks that begin with `as recorded`, and only such blocks may read them. Everywhere else an answer that is decided must not be overturned when a missing fact is filled in."
    UNKNOWN_UNIT "M017" "a unit that is not known" "Units are written as laboratories write them, without blanks: `U/L`, `mg/dL`, `mg/kg/day`. The nearest known spelling is offered. Where a name was read as a unit, an `and` or a sign is missing before it."
    UNLIKE_UNITS "M018" "units that do not go together" "Quantities are compared, added and subtracted only when they measure the same thing. `crp in mg/L` is the bare number in that unit, for formulas and functions.\n\nWrong: `0.36 * ln(latest crp + 1)`\n\nRight: `0.36 * ln(latest crp in mg/L + 1)`"
    LIMIT_ALONE "M019" "an upper limit without its value" "`x upper limit` is the upper limit of the laboratory that measured the value before it, so it stands in a comparison of that value, or as the range of an instrument.\n\nRight: `latest ck is above 1.3 x upper limit`"
    WHICH_LIMIT "M020" "which upper limit?" "The highest value over time may come from a laboratory with a higher limit. `ck ever is above upper limit` compares every value with its own."
    SCALE_ALONE "M021" "a scale without its fact" "`142 of 150` is a number on the scale that ends at 150, in a comparison with a fact that is recorded on several scales."
    UNKNOWN_SCALE "M022" "a scale that does not exist" "The dictionary lists the scales on which a fact is recorded, by their ends. A value on another scale is not converted: the line is then not known."
    PLAIN_RANGE "M023" "a range whose upper end is unclear" "`17 to 25` includes both ends and leaves out 25.4. It is allowed for whole numbers and counts. For others write `17 to below 26` or `17 to at most 25`."
    EMPTY_RANGE "M024" "a range with nothing in it" "The lower end stands first, and something must lie between.\n\nWrong: `40 to below 18`\n\nRight: `18 to below 40`"
    EVER_BETWEEN "M025" "`ever` with two ends" "`F ever is above A` asks for the highest value, `F ever is below B` for the lowest. Both ends at once could be met by two visits; write two lines."
    EVER_NOT "M026" "`ever is not`" "`F ever is not above A` would hold as soon as one visit was not above. `not F ever is above A` says: at no visit."
    NO_CHANGE "M027" "a change of something that is not measured at visits" "Change, improvement and worsening are worked out from the baseline visit and a later one, of a number that is recorded at visits, or of a measure."
    CHANGE_END "M028" "a change without a clear amount" "A change is `by at least` or `by above` a number above 0: a share of the baseline (`20 % of baseline`), or a step in the unit of the fact (`2 cm`)."
    TOO_FEW_ITEMS "M029" "a list that can never hold" "`at least 4 of` needs four items."
    NO_ROWS "M030" "a table without rows" "A score, bands and a table need rows: one line each, between `|`."
    ROW_SUBJECT "M031" "a row that is not about a measure" "Under `improvement as % of range` each row begins with the name of a fact that is measured at visits, or of a measure, and nothing else."
    COLUMN_NAMES "M032" "columns and headings that do not match" "Each column of points or ranges has a line `column \"heading\" when …` above the table that says for whom it is; the words are the same in both places. Bands with one column for everybody need none; its heading is the name of the number."
    HEADING_NAME "M033" "a heading that is not the answer's name" "The first heading of bands is the name of the block itself: it is what the rows answer."
    MIXED_OUTPUT "M034" "rows that give different kinds of things" "The rows of a table give all words, or all numbers. `sum of the rows that fit` adds numbers; `every row that fits` lists words."
    TOO_MANY_VALUES "M035" "too many values" "A block has at most 63 values."
    NOT_SHARED "M036" "a table that cannot be taken over" "`points as in` names a score, `ranges as in` names bands, of the same guideline, with a table of their own."
    INSTRUMENT_RANGE "M037" "a range of an instrument that is not a number" "The full range of an instrument stands in the dictionary. Where there is none, as for laboratory values, the line gives it: `- ck, range 15 x upper limit`."
    INSTRUMENT_ABSENT "M038" "an instrument that is open when it is absent" "A measure uses the first instrument that was measured at baseline. Whether an instrument that the record does not name was measured is not known, unless the dictionary says `absent_means: not measured`; without that, the measure of a patient who was examined with another instrument stays open."
    NO_DIRECTION "M041" "which way is better?" "Improvement is towards the better end of a measure, which the dictionary names with `better: higher` or `better: lower`. Without it ask whether the value `rises` or `falls`."
    NO_FULL_RANGE "M042" "a laboratory value has no full range" "`improvement as % of range` divides by the full range of the instrument. A laboratory value has none of its own; a measure gives it one: `- ck, range 15 x upper limit`."
    OVERLAP "M043" "two bands hold one number" "Each number lies in one band of a column. Where one band ends, the next begins: of the two ends at that number one is included and the other is not.\n\nWrong: `20 to 40`, `40 to 60`\n\nRight: `20 to below 40`, `40 to below 60`"
    HOLE "M044" "a number that no band holds" "Between the lowest and the highest band of a column nothing is left out, and a patient whose number lies in a hole would get no answer. Below and above all bands, where the dictionary or the score says that the number can lie there, it is a warning.\n\nWrong: `below 20`, `above 20 to 40`\n\nRight: `below 20`, `20 to 40`"
    NO_ANSWER "M039" "an answer without a value" "The answers of a guideline are findings, numbers, scores, bands and tables: blocks that give a value."
    TWO_COVERS "M040" "two lines that say whom a guideline covers" "A guideline has one `covers patients when …`. Join the conditions with `and`, or in a finding of their own."
    UNKNOWN_THERAPY "M045" "a therapy that is not in the formulary" "Rules speak of the treatments of the formulary and of its classes, by the names they have there. The nearest known name is offered. Names that only records use, such as a preparation, are not used in rules, because a dose of a preparation is another dose."
    ONE_THERAPY "M046" "a class where one therapy is meant" "An option of a ladder, a part of a combination and `course of …` are about one therapy, which a class is not. Of a class ask `at least 1 course of CLASS is …`. The parts of a combination are different."
    LEFT_OUT "M047" "something left out that does not belong" "`courses of CLASS other than A` leaves A out of the count. If A does not belong to the class, the line says less than it seems to."
    LISTED_TWICE "M048" "a therapy that is listed twice" "Each therapy stands once on a ladder or in a regimen, so that it has one verdict. For whom it is can be said with `when`."
    OVER_ITSELF "M049" "a therapy before itself" "`prefer A over B` names two different therapies. If A belongs to the class B, it comes before the other members."
    NO_LADDER "M050" "a ladder that does not exist" "`on NAME` lets a rule hold on one ladder, or in one regimen, of the guideline alone."
    NO_LEVEL "M051" "a level that does not exist" "`at LEVEL` names a level of the block `precedence`, which lists all levels, the highest first.\n\n```rules\nprecedence \"Which advice wins\" [local precedence]\n  1 safety\n  2 emergency\n```"
    NO_CONFLICT "M052" "a conflict with nothing" "`conflicts with NAME` names another piece of advice, or a rule that speaks against a therapy."
    SAID_TWICE "M053" "something that a guideline says once" "A guideline has one block of each kind of `course`, one `precedence`, and one `source KEY covers patients when …` for each source."
    LEVEL_TWICE "M054" "one name for two levels" "The levels of a precedence stand in one order, the highest first, each with a name of its own and once."
    COURSE_WORD "M055" "a word about a course that has no meaning here" "In the rules of `course` some words are about the course at hand. `gap` is the time between two courses: it stands in `course joined` alone, and that looks at nothing else. `course outcome` comes before the others, and cannot look at `adequate` or `outcome`."
    COURSE_CIRCLE "M056" "a course that needs itself" "The rules of `course` say what the record makes of a course. They may read facts and findings, but nothing that asks on any way for the courses of a therapy, or reads a ladder: that rests on these rules."
    NO_FAIR_TRIAL "M057" "an option without a fair trial" "`course adequate` says what a fair trial is of each drug. A therapy without a row has had one with the first dose, and may then count as failed. A row with `any` in its cells says that this is meant. What stands `alongside` needs none."
    NO_TARGET "M058" "a way that leads nowhere" "A branch leads to a step or a conclusion of its own algorithm, by name: `-> step NAME`, `-> conclude NAME`. A promise names a conclusion of one of the algorithms."
    STEP_CIRCLE "M059" "steps that lead in a circle" "Each branch leads on. A patient who could come back to a step would never come to a conclusion."
    NEVER_REACHED "M060" "a step or a conclusion that is never reached" "Every step but the first is led to by some branch, and every conclusion is concluded by one. What nobody can reach was forgotten, or is no longer needed."
    NO_BRANCH "M061" "a patient without a branch" "A step ends with `otherwise`, or its branches name every value of one choice, both `yes` and `no` of one question, or every number. A patient for whom none of them holds would come to no conclusion."
}
