//! A made-up patient with everything that is said of treatment.

use myoguide::catalog::{Burden, Mark};
use myoguide::eval::Status;
use myoguide::explain::{
    AdviceShown, AdviceVerdict, AgainstShown, Because, BranchShown, CitationShown, ConclusionShown, CourseShown,
    EndShown, Explanation, Flowchart, LadderShown, LineShown, Lit, Missing, OptionShown, OverrideShown, Possible,
    RegimenShown, Silent, Standing, StepShown, SuspicionShown, TargetShown,
};
use myoguide::render::text::Look;
use myoguide::render::{json, markdown, schema, text};

use super::{answer, because, choice, explanation};

fn yes_no(yes: bool, no: bool) -> Possible {
    Possible::YesNo { yes, no }
}

fn stands(possible: Possible, open: &[Because]) -> Standing {
    let status = if open.is_empty() { Status::Decided } else { Status::Open };
    Standing { status, possible, exact: true, because: open.to_vec(), presuming: None }
}

fn cited(key: &str) -> Vec<CitationShown> {
    vec![CitationShown { key: key.to_owned(), place: None, mark: Mark::Unverified }]
}

fn option(id: &str, verdicts: &[&str], open: &[Because]) -> OptionShown {
    OptionShown {
        id: id.to_owned(),
        label: id.replace('_', " "),
        text: None,
        how: None,
        strength: None,
        only_when: None,
        requires: Vec::new(),
        verdict: stands(choice(verdicts), open),
        also: Vec::new(),
        against: Vec::new(),
        cautions: Vec::new(),
        monitor: Vec::new(),
        taking: yes_no(false, true),
        judge_on: None,
        judge_after: None,
        statuses: Vec::new(),
        citations: cited("somebody_2020"),
    }
}

fn against(id: &str, kind: &'static str, text: &str, when: &str, possible: Possible, open: &[Because]) -> AgainstShown {
    AgainstShown {
        id: id.to_owned(),
        kind,
        text: text.to_owned(),
        when: when.to_owned(),
        standing: stands(possible, open),
        local: false,
        citations: cited("somebody_2020"),
    }
}

fn advice(id: &str, verdict: AdviceVerdict, level: &str, text: &str) -> AdviceShown {
    AdviceShown {
        id: id.to_owned(),
        verdict,
        text: text.to_owned(),
        level: (!level.is_empty()).then(|| level.to_owned()),
        rank: (!level.is_empty()).then_some((u32::from(level == "course"), 2)),
        strength: None,
        grade: None,
        because: Vec::new(),
        possible: if verdict == AdviceVerdict::Open { vec!["stands", "not_given"] } else { vec![verdict.word()] },
        beaten_by: None,
        stop: None,
        local: false,
        citations: cited("somebody_2020"),
    }
}

fn first_line(pregnant: &[Because]) -> LineShown {
    let drug_a = OptionShown {
        taking: yes_no(true, false),
        against: vec![against("a_pregnant", "contraindicated", "", "pregnant", yes_no(true, true), pregnant)],
        monitor: vec!["FBC, LFT, every 4 weeks".to_owned()],
        ..option("drug_a", &["contraindicated", "failed"], pregnant)
    };
    let drug_b = OptionShown {
        verdict: stands(choice(&["not_tolerated"]), &[]),
        also: vec!["failed"],
        ..option("drug_b", &[], &[])
    };
    LineShown {
        id: "first".to_owned(),
        title: "First line".to_owned(),
        state: stands(choice(&["passed"]), &[]),
        options: vec![drug_a, drug_b],
    }
}

fn second_line(pregnant: &[Because]) -> LineShown {
    let not_pregnant = against("c_pregnant", "contraindicated", "", "pregnant", yes_no(true, true), pregnant);
    let hbv = because("hbsag", "not recorded");
    let not_hbv =
        against("c_hbv", "contraindicated", "", "hbsag is positive", yes_no(true, true), std::slice::from_ref(&hbv));
    let drug_c = OptionShown {
        how: Some("add"),
        text: Some("10 mg daily".to_owned()),
        against: vec![not_pregnant, not_hbv],
        cautions: vec![against("c_kidney", "caution", "half the dose", "egfr is below 60", yes_no(true, false), &[])],
        only_when: None,
        requires: vec!["MDT discussion".to_owned()],
        monitor: vec!["FBC, every 2 weeks for 6 weeks".to_owned()],
        judge_on: Some("2026-06-21".parse().unwrap()),
        judge_after: Some("16 weeks".to_owned()),
        ..option("drug_c", &["contraindicated", "option_now"], &[pregnant.to_vec(), vec![hbv]].concat())
    };
    let preferred = against("c_first", "prefer", "drug c first", "", yes_no(true, false), &[]);
    let drug_d = OptionShown { against: vec![preferred], ..option("drug_d", &["alternative"], &[]) };
    let drug_e = OptionShown { strength: Some("strong"), ..option("drug_e", &["option_now"], &[]) };
    let worked = option("drug_f", &["worked_before"], &[]);
    let declined = option("drug_g", &["declined"], &[]);
    let lungs = against("h_lungs", "avoid", "stiff lungs", "fvc is below 60", yes_no(true, false), &[]);
    let drug_h = OptionShown { against: vec![lungs], ..option("drug_h", &["avoid"], &[]) };
    let other = option("drug_i", &["not_for_this_patient"], &[]);
    LineShown {
        id: "second".to_owned(),
        title: "Second line".to_owned(),
        state: stands(choice(&["current"]), &[]),
        options: vec![drug_c, drug_d, drug_e, worked, declined, drug_h, other],
    }
}

fn ladders(pregnant: &[Because]) -> Vec<LadderShown> {
    let trial = [because("drug_j.adherence", "not recorded")];
    let third = LineShown {
        id: "third".to_owned(),
        title: "Third line".to_owned(),
        state: stands(choice(&["later"]), &[]),
        options: vec![
            option("drug_j", &["inadequate_trial", "later_line"], &trial),
            option("drug_k", &["later_line"], &[]),
            option("drug_l", &["later_line"], &[]),
        ],
    };
    let running = OptionShown {
        taking: yes_no(true, false),
        judge_on: Some("2026-05-12".parse().unwrap()),
        ..option("steroid", &["running"], &[])
    };
    let muscle = LadderShown {
        id: "muscle".to_owned(),
        title: "Treatment of muscle".to_owned(),
        place: "demo.rules:40".to_owned(),
        patients: stands(yes_no(true, false), &[]),
        current: stands(choice(&["second"]), &[]),
        lines: vec![first_line(pregnant), second_line(pregnant), third],
        throughout: vec![running],
        optional: Vec::new(),
        alongside: vec![option("exercise", &["option_now"], &[])],
        citations: cited("somebody_2020"),
    };
    let lung = LadderShown {
        id: "lung".to_owned(),
        title: "Treatment of lung".to_owned(),
        current: stands(choice(&["first"]), &[]),
        lines: vec![LineShown {
            id: "first".to_owned(),
            title: "First line".to_owned(),
            state: stands(choice(&["current"]), &[]),
            options: vec![option("drug_h", &["option_now"], &[]), option("drug_k", &["option_now"], &[])],
        }],
        throughout: Vec::new(),
        alongside: Vec::new(),
        ..muscle.clone()
    };
    vec![muscle, lung]
}

fn flowchart() -> Flowchart {
    let branch = |label: &str, taken, targets: &[TargetShown]| BranchShown {
        label: label.to_owned(),
        taken,
        targets: targets.to_vec(),
    };
    let end = |id: &str, reached| EndShown { id: id.to_owned(), title: id.replace('_', " "), reached };
    Flowchart {
        id: "disposition".to_owned(),
        title: "What to do".to_owned(),
        place: "demo.rules:80".to_owned(),
        lit: true,
        steps: vec![
            StepShown {
                id: "threat".to_owned(),
                title: "Is an organ threatened?".to_owned(),
                reached: Lit::Yes,
                branches: vec![
                    branch("yes", Lit::Perhaps, &[TargetShown::Conclusion(0), TargetShown::Step(1)]),
                    branch("otherwise", Lit::Perhaps, &[TargetShown::Step(1)]),
                ],
                waits_for: vec!["troponin (not recorded)".to_owned()],
                seen: Vec::new(),
            },
            StepShown {
                id: "active".to_owned(),
                title: "Is it active?".to_owned(),
                reached: Lit::Yes,
                branches: vec![
                    branch("active", Lit::Yes, &[TargetShown::Conclusion(1)]),
                    branch("otherwise", Lit::No, &[TargetShown::Conclusion(2)]),
                ],
                waits_for: Vec::new(),
                seen: vec!["CK 1210 U/L, 01 Mar 2026".to_owned()],
            },
        ],
        conclusions: vec![end("urgent", Lit::Perhaps), end("change", Lit::Yes), end("look_again", Lit::No)],
    }
}

fn conclusions(troponin: &Because) -> Vec<ConclusionShown> {
    let conclusion = |id: &str, title: &str, standing| ConclusionShown {
        algorithm: "disposition".to_owned(),
        id: id.to_owned(),
        title: title.to_owned(),
        standing,
        citations: cited("somebody_2020"),
    };
    vec![
        conclusion("urgent", "Treat at once", stands(yes_no(true, true), std::slice::from_ref(troponin))),
        conclusion("change", "Change treatment", stands(yes_no(true, false), &[])),
        conclusion("look_again", "Look again", stands(yes_no(false, true), &[])),
    ]
}

fn all_advice(pregnant: &[Because]) -> Vec<AdviceShown> {
    let stop = AdviceShown {
        because: pregnant.to_vec(),
        stop: Some("drug_a".to_owned()),
        ..advice("stop_drug_a", AdviceVerdict::Open, "safety", "Stop drug a")
    };
    vec![
        AdviceShown {
            strength: Some("strong"),
            grade: Some("1B".to_owned()),
            ..advice("pulse", AdviceVerdict::Stands, "emergency", "Give a pulse of steroid")
        },
        advice("sun", AdviceVerdict::Stands, "", "Protect the skin from the sun"),
        AdviceShown {
            beaten_by: Some("less".to_owned()),
            ..advice("more", AdviceVerdict::Unresolved, "course", "More of drug b")
        },
        AdviceShown {
            beaten_by: Some("more".to_owned()),
            ..advice("less", AdviceVerdict::Unresolved, "course", "Less of drug b")
        },
        stop,
        AdviceShown {
            beaten_by: Some("pulse".to_owned()),
            ..advice("taper", AdviceVerdict::Beaten, "course", "Taper the steroid")
        },
    ]
}

fn courses() -> Vec<CourseShown> {
    vec![
        CourseShown {
            id: "drug_a".to_owned(),
            label: "drug a".to_owned(),
            state: choice(&["failed"]),
            taking: yes_no(true, false),
            working: yes_no(false, true),
            courses: vec!["10 Jun 2025 to now, 20 mg/week, 37 weeks, no response".to_owned()],
            why: vec!["a fair trial: at least 15 mg/week, for at least 12 weeks".to_owned()],
            judge_on: None,
            judge_from: None,
            citations: cited("somebody_2020"),
        },
        CourseShown {
            id: "steroid".to_owned(),
            label: "steroid".to_owned(),
            state: choice(&["running"]),
            taking: yes_no(true, false),
            working: yes_no(false, true),
            courses: vec!["Feb 2026 to now, 60 mg/day".to_owned()],
            why: Vec::new(),
            judge_on: Some("2026-05-12".parse().unwrap()),
            judge_from: None,
            citations: Vec::new(),
        },
    ]
}

fn missing(fact: &str, burden: Burden, settles: &[&str]) -> Missing {
    Missing {
        fact: fact.to_owned(),
        label: fact.replace('_', " "),
        question: format!("What of {}?", fact.replace('_', " ")),
        burden,
        usual: false,
        when: String::new(),
        why: "not recorded".to_owned(),
        settles: settles.iter().map(|id| (*id).to_owned()).collect(),
    }
}

fn taken(drug: &str) -> Missing {
    let fact = format!("{drug}.taken");
    let label = format!("whether {} was taken", drug.replace('_', " "));
    Missing { label, ..missing(&fact, Burden::History, &["muscle.drug_j"]) }
}

pub(super) fn patient() -> Explanation {
    let pregnant = [because("pregnant", "not recorded")];
    let troponin = because("troponin", "not recorded");
    let mut shown = explanation(vec![
        answer("activity", Status::Decided, choice(&["active"])),
        super::AnswerShown {
            because: vec![troponin.clone()],
            ..answer("disposition", Status::Open, choice(&["urgent", "change"]))
        },
    ]);
    shown.conclusions = conclusions(&troponin);
    shown.flowcharts = vec![flowchart()];
    shown.ladders = ladders(&pregnant);
    shown.regimens = vec![RegimenShown {
        id: "rapid".to_owned(),
        title: "Upfront combination".to_owned(),
        place: "demo.rules:70".to_owned(),
        patients: stands(yes_no(true, false), &[]),
        give: vec![option("steroid", &["running"], &[])],
        plus: vec![(2, 2)],
        of: vec![option("drug_c", &["option_now"], &[]), option("drug_h", &["avoid"], &[])],
        short: Some("2 are wanted and 1 is left".to_owned()),
        citations: cited("somebody_2020"),
    }];
    shown.advice = all_advice(&pregnant);
    shown.suspicions = vec![SuspicionShown {
        id: "mimic".to_owned(),
        title: "A mimic".to_owned(),
        standing: stands(yes_no(true, true), &[because("family_history", "not recorded")]),
        pointing: vec![
            ("age_at_onset is below 26".to_owned(), yes_no(true, false)),
            ("family_history".to_owned(), yes_no(true, true)),
        ],
        against: vec![("dysphagia".to_owned(), yes_no(true, false))],
        tests: vec!["gene panel".to_owned()],
        citations: Vec::new(),
    }];
    shown.courses = courses();
    shown.missing = vec![
        missing("pregnant", Burden::History, &["muscle.drug_a", "muscle.drug_c", "stop_drug_a"]),
        taken("drug_j"),
        taken("drug_k"),
        missing("troponin", Burden::BloodTest, &["disposition", "urgent"]),
        missing("hbsag", Burden::BloodTest, &["muscle.drug_c"]),
    ];
    shown.silent = vec![Silent { source: "other_2022".to_owned(), because: "it covers children".to_owned() }];
    shown.assumed = vec!["second biopsy not done".to_owned()];
    shown.overrides = vec![OverrideShown {
        answer: "muscle.drug_e".to_owned(),
        mine: "not now".to_owned(),
        reason: "not stocked".to_owned(),
        by: "Dr M".to_owned(),
    }];
    let block = |id: &str, kind, title: &str| super::Statement {
        id: id.to_owned(),
        kind,
        title: title.to_owned(),
        outcome: choice(&["active"]),
        unit: None,
        why: None,
        place: "demo.rules:7".to_owned(),
        citations: cited("somebody_2020"),
        operands: Vec::new(),
        parts: Vec::new(),
    };
    shown.trace = vec![
        block("activity", "finding", "Activity"),
        block("disposition", "algorithm", "What to do"),
        block("muscle", "ladder", "Treatment of muscle"),
    ];
    shown
}

#[test]
fn a_patient_with_treatment() {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true, snapshot_path => "../snapshots" }, {
        let page = text::render(&[patient()], Look { trace: false, color: false });
        insta::assert_snapshot!("render_treatment_text", page);
        insta::assert_snapshot!("render_treatment_markdown", markdown::render(&[patient()], false));
        let line = json::render(&patient(), false);
        let result: serde_json::Value = serde_json::from_str(&line).unwrap();
        insta::assert_snapshot!("render_treatment_json", serde_json::to_string_pretty(&result).unwrap());
    });
}

#[test]
fn a_page_with_treatment_is_a_page() {
    let page = text::render(&[patient()], Look { trace: false, color: false });
    assert!(page.lines().count() <= 90, "{} lines", page.lines().count());
    for word in ["open", "verdict", "fault", "decided"] {
        assert!(!page.split(|letter: char| !letter.is_alphanumeric()).any(|known| known == word), "{word}:\n{page}");
    }
    for drug in ["drug b", "drug c", "drug d", "drug e", "drug g", "drug i", "drug l", "exercise"] {
        let options = page.split("TOGETHER").next().unwrap();
        let told = options.split("\nOPTIONS").nth(1).unwrap();
        let named = told.matches(drug).count() - told.matches(&format!("({drug} first)")).count();
        assert_eq!(named, 1, "{drug}:\n{page}");
    }
}

#[test]
fn treatment_keeps_the_schema() {
    let validator = jsonschema::draft202012::new(&schema::result()).unwrap();
    let result = serde_json::from_str(&json::render(&patient(), true)).unwrap();
    let wrong: Vec<String> = validator.iter_errors(&result).map(|error| error.to_string()).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
}
