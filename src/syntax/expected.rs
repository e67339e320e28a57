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
    // A condition begins with a name, and a formula too: the larger word says it all.
    if words.iter().any(|word| word == "a condition") {
        words.retain(|word| word != "a fact or a number");
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

/// The words for a rule; `None` for what need not be said.
fn said(rule: Rule) -> Option<String> {
    if let Some(word) = keyword(rule) {
        return unsaid_keyword(&word).then(|| format!("`{word}`"));
    }
    #[expect(clippy::wildcard_enum_match_arm, reason = "what is not named here is never shown")]
    let text = match rule {
        Rule::EOI => "the end of the line",
        Rule::name | Rule::any_word => "a name",
        Rule::title | Rule::quoted => "a text in quotes",
        Rule::condition | Rule::clause | Rule::test => "a condition",
        Rule::connective => "`and`, `or`",
        Rule::count_rule => "`all of`, `at least 2 of`",
        Rule::is_value => "`is`",
        Rule::value => "a value",
        Rule::range => "a range",
        Rule::amount | Rule::term => "a fact or a number",
        Rule::reading => "a fact",
        Rule::number | Rule::signed_number | Rule::quantity | Rule::count => "a number",
        Rule::unit => "a unit",
        Rule::period_unit => "`days`, `weeks`, `months`, `years`",
        Rule::arrow => "`->`",
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
