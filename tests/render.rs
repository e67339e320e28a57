//! Pages of what the shipped examples do not show: silence, faults, the usual taken for granted, open ends, roots.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod treatment;

use myoguide::catalog::{Burden, Mark};
use myoguide::eval::Status;
use myoguide::explain::{
    AnswerShown, Because, Explanation, GuidelineShown, LocalShown, Missing, Operand, OverrideShown, Possible,
    PresumingShown, RecordShown, Silent, SourceShown, Statement,
};
use myoguide::render::text::Look;
use myoguide::render::{json, markdown, schema, text};
use myoguide::value::{Bound, Interval, Number, NumberSet};

fn explanation(answers: Vec<AnswerShown>) -> Explanation {
    Explanation {
        guideline: GuidelineShown {
            id: "demo".to_owned(),
            release: "1.0.0".to_owned(),
            title: "A made-up guideline".to_owned(),
            hash: format!("sha256:{}", "0".repeat(64)),
        },
        record: RecordShown {
            id: "made-up | one".to_owned(),
            as_of: "2026-03-01".parse().unwrap(),
            as_of_given: false,
            hash: format!("sha256:{}", "1".repeat(64)),
            about: Vec::new(),
            undated: Vec::new(),
            visits: None,
        },
        answers,
        conclusions: Vec::new(),
        flowcharts: Vec::new(),
        ladders: Vec::new(),
        regimens: Vec::new(),
        advice: Vec::new(),
        suspicions: Vec::new(),
        courses: Vec::new(),
        missing: Vec::new(),
        silent: Vec::new(),
        notices: Vec::new(),
        assumed: Vec::new(),
        trace: Vec::new(),
        sources: Vec::new(),
        local_choices: Vec::new(),
        overrides: Vec::new(),
    }
}

fn answer(id: &str, status: Status, possible: Possible) -> AnswerShown {
    AnswerShown {
        id: id.to_owned(),
        title: format!("The {}", id.replace('_', " ")),
        status,
        possible,
        unit: None,
        exact: true,
        as_recorded: false,
        says: None,
        because: Vec::new(),
        presuming: None,
        fault: None,
        silence: None,
    }
}

fn choice(values: &[&str]) -> Possible {
    Possible::Choice(values.iter().map(|value| (*value).to_owned()).collect())
}

fn because(fact: &str, why: &str) -> Because {
    Because { fact: fact.to_owned(), label: fact.replace('_', " "), when: String::new(), why: why.to_owned() }
}

pub(crate) fn everything() -> Explanation {
    let third = Number::fraction(1, 3).unwrap();
    let narrow = NumberSet::between(third, third.plus(Number::fraction(1, 10_i128.pow(15)).unwrap()).unwrap());
    let half_line = Interval { low: Bound::Open(Number::whole(20)), high: Bound::Unbounded };
    let presuming = PresumingShown {
        possible: choice(&["definite"]),
        facts: vec![("better_explanation".to_owned(), "no".to_owned())],
    };
    let mut shown = explanation(vec![
        AnswerShown {
            because: vec![because("better_explanation", "not recorded")],
            presuming: Some(presuming),
            exact: false,
            ..answer("classification", Status::Open, choice(&["definite", "not_applicable"]))
        },
        answer("probability", Status::Decided, Possible::Number(narrow.marked_approximate())),
        answer("third", Status::Decided, Possible::Number(NumberSet::point(third))),
        AnswerShown {
            unit: Some("U/L".to_owned()),
            because: (0..5).map(|at| because(&format!("fact_{at}"), "outside the assay's range")).collect(),
            ..answer("enzyme", Status::Open, Possible::Number(NumberSet::from_interval(half_line)))
        },
        AnswerShown {
            fault: Some("no row of `activity` fits this patient (demo.rules:7)".to_owned()),
            ..answer("activity", Status::Fault, Possible::Nothing)
        },
        AnswerShown {
            because: vec![because("overlap_disease", "clinician's judgement")],
            ..answer(
                "pointers",
                Status::Open,
                Possible::Several { certain: vec!["early_onset".to_owned()], perhaps: vec!["calf_atrophy".to_owned()] },
            )
        },
        AnswerShown {
            says: Some("Not enough improvement to call it a response.".to_owned()),
            ..answer("response", Status::Decided, choice(&["none"]))
        },
    ]);
    shown.overrides = vec![OverrideShown {
        answer: "response".to_owned(),
        mine: "minimal".to_owned(),
        reason: "she walks again".to_owned(),
        by: "Dr M".to_owned(),
    }];
    shown.missing = [("biopsy_seen", Burden::Biopsy), ("better_explanation", Burden::History)]
        .map(|(fact, burden)| Missing {
            fact: fact.to_owned(),
            label: fact.replace('_', " "),
            question: "Well?".to_owned(),
            burden,
            usual: false,
            when: String::new(),
            why: "not recorded".to_owned(),
            settles: vec!["classification".to_owned()],
        })
        .into();
    shown.notices = vec!["two values of CK on one day, 300 and 400 U/L; both are kept".to_owned()];
    shown.assumed = vec!["CMAS not measured at baseline".to_owned(), "second biopsy not done".to_owned()];
    shown.local_choices = vec![LocalShown { name: "enzyme_cutoff".to_owned(), reason: "As | usual".to_owned() }];
    shown.sources = vec![SourceShown {
        key: "somebody_2020".to_owned(),
        reference: "Somebody A. A title. A journal".to_owned(),
        doi: None,
        mark: Mark::Unverified,
    }];
    shown.trace = vec![Statement {
        id: "activity".to_owned(),
        kind: "table",
        title: "Activity".to_owned(),
        outcome: Possible::Nothing,
        unit: None,
        why: Some("no row fits".to_owned()),
        place: "demo.rules:7".to_owned(),
        citations: Vec::new(),
        operands: Vec::new(),
        parts: Vec::new(),
    }];
    shown
}

pub(crate) fn silent() -> Explanation {
    let mut shown = explanation(vec![answer("response", Status::Silent, Possible::Nothing)]);
    shown.silent = vec![Silent { source: "demo".to_owned(), because: "it covers adults, and she is 9".to_owned() }];
    shown
}

#[test]
fn every_kind_of_answer() {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        let look = Look { trace: true, color: false };
        let page = text::render(&[everything()], look) + "\n" + &text::render(&[silent()], look);
        insta::assert_snapshot!("render_text", page);
        let page = markdown::render(&[everything()], true) + "\n" + &markdown::render(&[silent()], true);
        insta::assert_snapshot!("render_markdown", page);
        insta::assert_snapshot!("render_json", json::render(&everything(), true) + &json::render(&silent(), false));
    });
}

#[test]
fn of_several_guidelines_those_with_treatment_in_full() {
    let named = |id: &str, shown: Explanation| Explanation {
        guideline: GuidelineShown { id: id.to_owned(), title: format!("Guideline of {id}"), ..shown.guideline.clone() },
        ..shown
    };
    let waits = explanation(vec![AnswerShown {
        because: vec![because("biopsy_done", "not recorded")],
        ..answer("class", Status::Open, choice(&["one", "two"]))
    }]);
    let all =
        [named("criteria", everything()), treatment::patient(), named("waits", waits), named("children", silent())];
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("render_several_text", text::render(&all, Look::default()));
        insta::assert_snapshot!("render_several_markdown", markdown::render(&all, false));
    });
}

#[test]
fn every_kind_of_answer_keeps_the_schema() {
    let validator = jsonschema::draft202012::new(&schema::result()).unwrap();
    for line in [json::render(&everything(), true), json::render(&silent(), false)] {
        let result = serde_json::from_str(&line).unwrap();
        let wrong: Vec<String> = validator.iter_errors(&result).map(|error| error.to_string()).collect();
        assert!(wrong.is_empty(), "{wrong:?}");
    }
}

#[test]
fn numbers_are_printed_digit_by_digit() {
    let long: Number = "0.123456789012345678".parse().unwrap();
    let line = json::render(
        &explanation(vec![answer("long", Status::Decided, Possible::Number(NumberSet::point(long)))]),
        false,
    );
    assert!(line.contains(r#""value":0.123456789012345678,"possible""#), "{line}");
    let third = NumberSet::point(Number::fraction(1, 3).unwrap());
    let line = json::render(&explanation(vec![answer("third", Status::Decided, Possible::Number(third))]), false);
    assert!(line.contains(r#""value":0.333333333333,"approximate":true"#), "{line}");
}

#[test]
fn colour_only_where_wanted() {
    let escape = '\u{1b}';
    let page = |color| text::render(&[everything()], Look { trace: false, color });
    assert!(page(true).contains(escape));
    assert!(!page(false).contains(escape));
    let plain: String = page(true)
        .split(escape)
        .enumerate()
        .map(|(at, piece)| match at {
            0 => piece,
            _ => piece.split_once('m').unwrap().1,
        })
        .collect();
    assert_eq!(plain, page(false), "colour moves nothing");
}

fn block(id: &str, kind: &'static str, outcome: Possible, parts: Vec<Statement>) -> Statement {
    Statement {
        id: id.to_owned(),
        kind,
        title: id.to_owned(),
        outcome,
        unit: None,
        why: None,
        place: "demo.rules:7".to_owned(),
        citations: Vec::new(),
        operands: Vec::new(),
        parts,
    }
}

/// The page of a table of four rows: two may fit, one below them does, and so does one below that.
fn page_of_table(outcome: Possible, trace: bool) -> String {
    let row = |title: &str, yes, no, why: Option<&str>| Statement {
        why: why.map(str::to_owned),
        operands: vec![age(None, "worked out from the record", &["74.2", "75.1"])],
        ..block(title, "row", Possible::YesNo { yes, no }, Vec::new())
    };
    let rows = vec![
        row("home", false, true, Some("Age: 74; the row asks for below 60")),
        row("intensive", true, true, Some("Age: 74; the row asks for at least 75")),
        row("ward", true, false, None),
        row("short_stay", true, false, None),
    ];
    let mut shown = explanation(vec![answer("place", Status::Open, outcome.clone())]);
    shown.trace = vec![block("place", "table", outcome, rows)];
    text::render(&[shown], Look { trace, color: false })
}

fn age(written: Option<&str>, provenance: &str, ends: &[&str]) -> Operand {
    let end = |text: Option<&&str>| -> Number { text.unwrap().parse().unwrap() };
    Operand {
        id: "age".to_owned(),
        label: "Age".to_owned(),
        when: String::new(),
        possible: Possible::Number(NumberSet::between(end(ends.first()), end(ends.last()))),
        written: written.map(str::to_owned),
        unit: Some("years".to_owned()),
        date: None,
        provenance: provenance.to_owned(),
        upper_limit: None,
        scale: None,
        place: None,
    }
}

#[test]
fn of_a_table_the_rows_that_may_fit() {
    let page = page_of_table(choice(&["intensive", "ward"]), false);
    let why: Vec<&str> = page.lines().filter(|line| line.contains("Age")).map(str::trim).collect();
    assert_eq!(
        why,
        [
            "perhaps  Intensive: Age known only in part: 74 or 75 (asked for: at least 75)",
            "else     Ward: Age known only in part: 74 or 75",
        ]
    );
    let every = Possible::Several { certain: vec!["ward".to_owned(), "short_stay".to_owned()], perhaps: Vec::new() };
    let page = page_of_table(every, false);
    assert!(page.contains("yes      Ward") && page.contains("yes      Short stay"), "{page}");
    let trace = page_of_table(choice(&["intensive", "ward"]), true);
    for told in
        ["home: does not fit", "the row asks for below 60", "ward: fits ", "short_stay: fits, as a row above does"]
    {
        assert!(trace.contains(told), "`{told}` is not in\n{trace}");
    }
}

#[test]
fn ages_are_cut_not_rounded() {
    let line = Statement {
        operands: vec![age(None, "worked out from the record", &["74.97"])],
        ..block("age is at least 75", "line", Possible::YesNo { yes: false, no: true }, Vec::new())
    };
    let no = Possible::YesNo { yes: false, no: true };
    let mut shown = explanation(vec![answer("old", Status::Decided, no.clone())]);
    shown.trace = vec![block("old", "finding", no, vec![line])];
    let page = text::render(&[shown], Look::default());
    assert!(page.contains("Age is at least 75: 74.9 years"), "{page}");
}

#[test]
fn bands_have_no_rows() {
    let mut shown = explanation(vec![AnswerShown {
        fault: Some("no band of `risk` fits this patient, or two do (demo.rules:7)".to_owned()),
        ..answer("risk", Status::Fault, Possible::Nothing)
    }]);
    shown.trace = vec![block("risk", "bands", Possible::Nothing, Vec::new())];
    let page = text::render(&[shown], Look::default());
    let words = page.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("no band of `risk` fits this patient, or two do (demo.rules:7)."), "{page}");
}
