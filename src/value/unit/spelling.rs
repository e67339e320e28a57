use std::collections::BTreeMap;
use std::sync::LazyLock;

use super::table::TABLE;

/// Every spelling, as it is and in one form for all its variants, with the position of its unit in the table.
static POSITIONS: LazyLock<BTreeMap<String, u8>> = LazyLock::new(|| {
    let mut positions = BTreeMap::new();
    for (row, position) in TABLE.iter().zip(0..) {
        for spelling in row.aliases.iter().chain([&row.symbol, &row.ucum]) {
            positions.insert((*spelling).to_owned(), position);
            positions.insert(one_form(spelling), position);
        }
    }
    positions
});

/// The position in the table of the unit that is spelled so.
pub(super) fn find(text: &str) -> Option<u8> {
    let text = text.trim();
    POSITIONS.get(text).or_else(|| POSITIONS.get(&one_form(text))).copied()
}

/// The same text for all variants of a spelling: each part between strokes in the form of [`one_part`].
pub(super) fn one_form(text: &str) -> String {
    let plain = text.trim().replace(['µ', 'μ'], "u").replace('²', "2").replace(" per ", "/");
    let parts: Vec<&str> = plain.split('/').map(|part| one_part(part.trim())).collect();
    parts.join("/")
}

fn one_part(part: &str) -> &str {
    match part {
        "l" => "L",
        "ml" => "mL",
        "dl" => "dL",
        "ul" => "uL",
        "mcg" => "ug",
        "microkat" => "ukat",
        "nanokat" => "nkat",
        "[IU]" | "iU" | "[iU]" => "IU",
        "m[IU]" | "m[iU]" => "mIU",
        "u[IU]" | "u[iU]" => "uIU",
        "k[IU]" | "k[iU]" => "kIU",
        "G" | "x10^9" | "×10^9" | "x10*9" | "×10⁹" | "10^9" | "10⁹" => "10*9",
        "T" | "x10^12" | "×10^12" | "x10*12" | "×10¹²" | "10^12" | "10¹²" => "10*12",
        "x10^3" | "×10^3" | "x10*3" | "×10³" | "10^3" | "10³" => "10*3",
        "x10^6" | "×10^6" | "x10*6" | "×10⁶" | "10^6" | "10⁶" => "10*6",
        "m^2" => "m2",
        "mm^3" | "mm³" => "mm3",
        "1.73m2" | "1.73 m2" | "1.73 m^2" | "1.73m^2" => "{1.73_m2}",
        "sec" | "second" | "seconds" => "s",
        "minute" | "minutes" => "min",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "d" | "days" => "day",
        "w" | "wk" | "wks" | "weeks" => "week",
        "mo" | "mos" | "mth" | "mths" | "months" => "month",
        "a" | "y" | "yr" | "yrs" | "years" => "year",
        "doses" => "dose",
        "cycles" => "cycle",
        _ => part,
    }
}
