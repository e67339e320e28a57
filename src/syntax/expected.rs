//! Rules of the grammar in an author's words.

use super::grammar::Rule;

/// `` `and`, `or` or the end of the line ``
pub(super) fn list(rules: &[Rule]) -> String {
    let mut words: Vec<String> = Vec::new();
    for word in rules.iter().filter_map(|rule| said(*rule)) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    // Where everything else is filtered out, a keyword that is seldom worth naming is.
    if words.is_empty() {
        words = rules.iter().filter_map(|rule| keyword(*rule)).map(|word| format!("`{word}`")).collect();
        words.dedup();
    }
    // A condition begins with a name, and a formula too: the larger word says it all.
    if words.iter().any(|word| word == "a condition") {
        words.retain(|word| word != "a fact or a number");
    }
    // What may follow any number or any fact is noise beside what ends or joins it.
    if words.len() > 1 {
        words.retain(|word| word != "`at`");
    }
    if words.len() > 2 {
        words.retain(|word| !matches!(word.as_str(), "`upper`" | "a unit"));
    }
    if words.len() > 2 {
        words.retain(|word| word != "`of`");
    }
    words.sort_by_key(|word| word.as_str() == "the end of the line");
    join(&words)
}

fn join(words: &[String]) -> String {
    match words {
        [] => "something else".to_owned(),
        [one] => one.clone(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

/// The keyword a rule stands for: `kw_when` is `when`.
pub(super) fn keyword(rule: Rule) -> Option<String> {
    format!("{rule:?}").strip_prefix("kw_").map(str::to_owned)
}

/// The keywords that a rule may begin with, to find a misspelt one.
pub(super) fn keywords(rule: Rule) -> Vec<String> {
    #[expect(clippy::wildcard_enum_match_arm, reason = "most rules begin with one keyword or with none")]
    let words: &[&str] = match rule {
        Rule::changes => &["improves", "worsens", "rises", "falls"],
        Rule::connective => &["and", "or"],
        Rule::bound | Rule::range => &["above", "below"],
        Rule::policy_exactly_one => &["exactly"],
        Rule::policy_every => &["every"],
        Rule::limit => &["upper"],
        Rule::condition_clause | Rule::advice_clause => &["when"],
        Rule::option_clause => &["when", "requires", "how", "strength"],
        Rule::against_clause => &["when", "on"],
        Rule::monitor_clause => &["every", "for", "when"],
        Rule::therapy_joint => &["and"],
        Rule::after_on_line | Rule::after_last_dose => &["after"],
        Rule::of_these => &["of"],
        Rule::highest_tolerated => &["or"],
        other => return keyword(other).into_iter().collect(),
    };
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// The words for a rule; `None` for what need not be said.
fn said(rule: Rule) -> Option<String> {
    if let Some(word) = keyword(rule) {
        return unsaid_keyword(&word).then(|| format!("`{word}`"));
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not named here is never shown")]
    let text = match rule {
        Rule::EOI => "the end of the line",
        Rule::name | Rule::any_word | Rule::entry_name | Rule::entry_instrument => "a name",
        Rule::title | Rule::quoted | Rule::text => "a text in quotes",
        Rule::condition | Rule::clause | Rule::test | Rule::entry_condition | Rule::entry_finding_line => "a condition",
        Rule::entry_points => "a number or `none`",
        Rule::entry_cell => "a value, a range or `any`",
        Rule::entry_output => "a value or points",
        Rule::changes => "`improves by`",
        Rule::connective => "`and`, `or`",
        Rule::count_rule => "`all of`, `at least 2 of`",
        Rule::is_value => "`is`",
        Rule::value => "a value",
        Rule::range | Rule::entry_range => "a range",
        Rule::amount | Rule::term | Rule::entry_amount => "a fact or a number",
        Rule::reading => "a fact",
        Rule::number | Rule::signed_number | Rule::quantity | Rule::count => "a number",
        Rule::unit => "a unit",
        Rule::period_unit => "`days`, `weeks`, `months`, `years`",
        Rule::arrow | Rule::branch_mark => "`->`",
        Rule::comma => "`,`",
        Rule::close => "`)`",
        Rule::open => "`(`",
        Rule::percent => "`%`",
        Rule::share => "`range`, `baseline`",
        Rule::limit => "`upper limit`",
        Rule::policy_exactly_one => "`exactly one row fits`",
        Rule::policy_first => "`first row that fits`",
        Rule::policy_every => "`every row that fits`",
        Rule::policy_sum => "`sum of the rows that fit`",
        Rule::sum_of => "`sum of`",
        Rule::average_of => "`average of`",
        Rule::highest_of => "`highest of`",
        Rule::lowest_of => "`lowest of`",
        Rule::count_of => "`count of`",
        Rule::first_with_baseline => "`the first with a baseline value`",
        Rule::most_above_limit => "`the one most above its upper limit at baseline`",
        Rule::alternatives => "an instrument",
        Rule::improvement_heading => "`improvement as % of range`",
        Rule::value_heading => "`value`",
        Rule::present_heading => "`if present`",
        Rule::key => "a source",
        Rule::therapy | Rule::therapies | Rule::entry_option => "a therapy",
        Rule::condition_clause => "`when`",
        Rule::option_clause => "`when`, `requires`, `how`, `strength`, a text in quotes",
        Rule::against_clause => "`on`, `at`, `when`, a text in quotes",
        Rule::monitor_clause => "`every`, `for`, `when`, a text in quotes",
        Rule::advice_clause => "`at`, `when`",
        Rule::next_part | Rule::next_condition => "`one option of the line has failed`, `none is left`, a condition",
        Rule::next_or => "`, or`",
        Rule::after_on_line => "`after`",
        Rule::of_these => "`of these`",
        Rule::target => "`step`, `conclude`",
        Rule::target_joint => "`and also`",
        Rule::promised => "`offer`, `conclude`",
        Rule::preferred_over => "`over`",
        Rule::dose => "a dose",
        Rule::entry_dose_floor => "a number with its unit, or `any`",
        Rule::entry_trial_length => "a period, `3 cycles`, `2 doses` or `any`",
        Rule::entry_adherence => "a percentage or `any`",
        Rule::entry_judged => "a period or `any`",
        Rule::highest_tolerated => "`or highest tolerated`",
        Rule::after_last_dose => "`after the last dose`",
        Rule::course_test => "a question about courses",
        Rule::status_test => "a question about a status",
        Rule::status_in => "`in`",
        _ => return None,
    };
    Some(text.to_owned())
}

/// Keywords that are worth naming: not those that are only understood to be refused.
fn unsaid_keyword(word: &str) -> bool {
    let refused = [
        "now", "more", "less", "than", "higher", "lower", "greater", "fewer", "smaller", "under", "over", "minimum",
        "maximum", "from", "up", "between", "mean", "ULN", "times", "normal", "the", "ever", "within", "in", "x",
    ];
    !refused.contains(&word)
}
