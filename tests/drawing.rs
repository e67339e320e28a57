//! Algorithms as drawings, and pages for a browser: what small ones look like, and what holds of any.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use crate::render::{everything, silent};
use myoguide::catalog::{Burden, Mark};
use myoguide::eval::Status;
use myoguide::explain::{
    AdviceShown, AdviceVerdict, AgainstShown, Because, BranchShown, CitationShown, ConclusionShown, CourseShown,
    EndShown, Explanation, Flowchart, LadderShown, LineShown, Lit, Missing, OptionShown, Possible, PresumingShown,
    RegimenShown, Standing, StepShown, SuspicionShown, TargetShown,
};
use myoguide::render::graph::layout::{Layout, Part, Placed, Point, layout};
use myoguide::render::graph::{dot, mermaid, svg};
use myoguide::render::html;
use proptest::prelude::*;

/// A branch: its words, whether it is taken, where it leads.
type Branch<'a> = (&'a str, Lit, &'a [TargetShown]);

fn step(title: &str, reached: Lit, branches: &[Branch<'_>]) -> StepShown {
    let branches = branches.iter().map(|(label, taken, targets)| BranchShown {
        label: (*label).to_owned(),
        taken: *taken,
        targets: targets.to_vec(),
    });
    StepShown {
        id: title.to_lowercase().replace(' ', "_"),
        title: title.to_owned(),
        reached,
        branches: branches.collect(),
        waits_for: Vec::new(),
        seen: Vec::new(),
    }
}

fn end(title: &str, reached: Lit) -> EndShown {
    EndShown { id: title.to_lowercase().replace(' ', "_"), title: title.to_owned(), reached }
}

fn chart(id: &str, title: &str, steps: Vec<StepShown>, conclusions: Vec<EndShown>) -> Flowchart {
    Flowchart {
        id: id.to_owned(),
        title: title.to_owned(),
        place: "rules/demo/1.0.0/demo.rules:7".to_owned(),
        lit: true,
        steps,
        conclusions,
    }
}

fn unlit(mut chart: Flowchart) -> Flowchart {
    chart.lit = false;
    for step in &mut chart.steps {
        step.reached = Lit::No;
        (step.seen, step.waits_for) = (Vec::new(), Vec::new());
        step.branches.iter_mut().for_each(|branch| branch.taken = Lit::No);
    }
    chart.conclusions.iter_mut().for_each(|end| end.reached = Lit::No);
    chart
}

use Lit::{No, Perhaps, Yes};
use TargetShown::{Conclusion as C, Step as S};

/// A chart of the size that guidelines have: weakness despite treatment.
pub(crate) fn weakness() -> Flowchart {
    let mut steps = vec![
        step(
            "Is an organ or life threatened?",
            Yes,
            &[("organ threat", Perhaps, &[C(0), S(1)]), ("otherwise", Perhaps, &[S(1)])],
        ),
        step(
            "Was the treatment so far a fair trial?",
            Yes,
            &[("still running, or not yet adequate", No, &[C(1)]), ("otherwise", Yes, &[S(2)])],
        ),
        step(
            "Is there objective weakness?",
            Yes,
            &[("no weakness now, strength as before", No, &[C(2)]), ("objective weakness", Yes, &[S(3)])],
        ),
        step(
            "Activity, damage, or something else?",
            Yes,
            &[
                ("active, probably active", Perhaps, &[S(4)]),
                ("active with damage", Perhaps, &[S(4)]),
                ("damage", No, &[C(8)]),
                ("cause outside the muscle", No, &[C(9)]),
                ("indeterminate", No, &[C(3)]),
                ("another disease", No, &[C(4)]),
            ],
        ),
        step(
            "Does the diagnosis still hold?",
            Perhaps,
            &[
                ("features of inclusion body myositis", No, &[C(5)]),
                ("a clue to a mimic", No, &[C(4)]),
                ("consistent", Perhaps, &[S(5)]),
            ],
        ),
        step(
            "Refractory?",
            Perhaps,
            &[
                ("refractory, active with damage", Perhaps, &[C(7)]),
                ("refractory", Perhaps, &[C(6)]),
                ("otherwise", No, &[C(10)]),
            ],
        ),
    ];
    steps[0].waits_for = vec!["troponin".to_owned(), "forced vital capacity".to_owned()];
    steps[2].seen = vec!["MMT8 122 of 150, 01 Mar 2026".to_owned(), "CK 7.1 × upper limit, 01 Mar 2026".to_owned()];
    steps[3].waits_for = vec!["STIR oedema (not recorded)".to_owned()];
    let ends = [
        ("Treat at once, in hospital", Perhaps),
        ("Complete the trial first", No),
        ("No objective weakness: look for another cause of fatigue", No),
        ("Examine again", No),
        ("Work up a mimic", No),
        ("Treat as inclusion body myositis", No),
        ("Change treatment", Perhaps),
        ("Change treatment and rehabilitate", Perhaps),
        ("Rehabilitation, no escalation", No),
        ("Treat the cause that is not inflammation", No),
        ("Continue", No),
    ];
    let ends = ends.into_iter().map(|(title, lit)| end(title, lit)).collect();
    chart("disposition", "Weakness despite treatment", steps, ends)
}

fn small() -> Flowchart {
    let mut first = step("Is it active?", Yes, &[("active", Yes, &[S(1)]), ("otherwise", No, &[C(1)])]);
    first.seen = vec!["CK 1210 U/L, 01 Mar 2026".to_owned()];
    let mut second = step(
        "Is an organ <threatened> & \"urgent\"?",
        Yes,
        &[("yes", Perhaps, &[C(0), C(1)]), ("no", Perhaps, &[C(1)])],
    );
    second.waits_for = vec!["troponin".to_owned()];
    chart("small", "A small chart", vec![first, second], vec![end("Treat", Perhaps), end("Wait", Perhaps)])
}

/// One step with as many branches as anybody writes, and conclusions for all of them.
fn wide() -> Flowchart {
    let labels: Vec<String> = (1..=8).map(|at| format!("class {at} of the eight that the table has")).collect();
    let targets: Vec<[TargetShown; 1]> = (0..8).map(|at| [C(at)]).collect();
    let branches: Vec<Branch<'_>> =
        labels.iter().zip(&targets).map(|(label, target)| (label.as_str(), No, target.as_slice())).collect();
    let long = "A question that goes on and on, as the questions of committees do when nobody cuts them. ".repeat(4);
    let ends = (1..=8).map(|at| end(&format!("What is done in class {at}"), No)).collect();
    unlit(chart("wide", "Eight classes", vec![step(&long, No, &branches)], ends))
}

fn forty() -> Flowchart {
    let steps = (0..40)
        .map(|at| {
            let next: Vec<TargetShown> = if at < 39 { vec![S(at + 1)] } else { vec![C(19)] };
            let far: Vec<TargetShown> = if at % 5 == 0 && at < 30 { vec![S(at + 7)] } else { vec![C(at / 2)] };
            step(&format!("Question number {at}?"), Yes, &[("yes", No, &far), ("otherwise", Yes, &next)])
        })
        .collect();
    let ends = (0..20).map(|at| end(&format!("Conclusion {at}"), if at == 19 { Yes } else { No })).collect();
    chart("forty", "Forty steps", steps, ends)
}

#[test]
fn small_charts() {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("drawing_mermaid", mermaid::render(&small()));
        insta::assert_snapshot!("drawing_mermaid_unlit", mermaid::render(&unlit(small())));
        insta::assert_snapshot!("drawing_dot", dot::render(&small()));
        insta::assert_snapshot!("drawing_dot_unlit", dot::render(&unlit(small())));
        insta::assert_snapshot!("drawing_svg", svg::render(&small(), ""));
        insta::assert_snapshot!("drawing_svg_unlit", svg::render(&unlit(small()), ""));
        insta::assert_snapshot!("drawing_svg_weakness", svg::render(&weakness(), ""));
    });
}

#[test]
fn large_charts_stay_on_the_page() {
    for chart in [small(), weakness(), unlit(weakness()), wide(), forty(), chart("none", "", Vec::new(), Vec::new())] {
        holds(&chart).unwrap();
    }
    let wide = layout(&wide());
    assert!(wide.width < 1650, "{} pixels wide", wide.width);
}

#[test]
fn branches_are_read_from_the_left() {
    let layout = layout(&weakness());
    let lefts = |step: usize| -> Vec<i32> {
        (0..8).filter_map(|branch| find(&layout, Part::Branch(step, branch))).map(|placed| placed.corner.x).collect()
    };
    for step in 0..6 {
        assert!(lefts(step).is_sorted(), "{:?}", lefts(step));
    }
}

#[test]
fn words_of_authors_stand_for_themselves() {
    let title = "<script>alert(1)</script> \"]; drop & 'go'";
    let mut sly = small();
    title.clone_into(&mut sly.title);
    title.clone_into(&mut sly.id);
    title.clone_into(&mut sly.steps[0].title);
    sly.steps[0].seen = vec![format!("{title}\u{0}")];
    sly.steps[1].waits_for = vec![title.to_owned()];
    title.clone_into(&mut sly.steps[0].branches[0].label);
    title.clone_into(&mut sly.conclusions[0].title);
    let svg = svg::render(&sly, "");
    assert!(!svg.contains("<script") && !svg.contains('\u{0}'), "{svg}");
    well_formed(&svg).unwrap();
    assert!(!mermaid::render(&sly).lines().skip(3).any(|line| line.contains("<script")));
    assert!(dot::render(&sly).contains(r#"\"]; drop & 'go'""#));
}

fn find(layout: &Layout, part: Part) -> Option<&Placed> {
    layout.boxes.iter().find(|placed| placed.part == part)
}

/// What holds of every drawing, else what does not.
fn holds(chart: &Flowchart) -> Result<(), String> {
    let shown = layout(chart);
    for (place, one) in shown.boxes.iter().enumerate() {
        if let Some(other) = shown.boxes[..place].iter().find(|other| overlap(one, other)) {
            return Err(format!("{:?} lies on {:?}", one.part, other.part));
        }
        if one.corner.x < 0 || one.corner.y < 0 || right(one) > shown.width || below(one) > shown.height {
            return Err(format!("{:?} is off the page", one.part));
        }
    }
    let branches = || chart.steps.iter().flat_map(|step| &step.branches);
    let lines = branches().count() + branches().map(|branch| branch.targets.len()).sum::<usize>();
    if shown.wires.len() != lines
        || shown.boxes.len() != chart.steps.len() + chart.conclusions.len() + branches().count()
    {
        return Err("something is not drawn".to_owned());
    }
    for wire in &shown.wires {
        let ends = (find(&shown, wire.from).map(Placed::bottom), find(&shown, wire.to).map(Placed::top));
        if (wire.points.first().copied(), wire.points.last().copied()) != ends {
            return Err(format!("{:?} to {:?} hangs in the air", wire.from, wire.to));
        }
        for stretch in wire.points.windows(2) {
            if stretch[0].x != stretch[1].x && stretch[0].y != stretch[1].y {
                return Err(format!("{:?} to {:?} goes aslant", wire.from, wire.to));
            }
            if stretch[0].y > stretch[1].y {
                return Err(format!("{:?} to {:?} goes upward", wire.from, wire.to));
            }
            if let Some(met) = shown.boxes.iter().find(|one| crosses(stretch, one)) {
                return Err(format!("{:?} to {:?} crosses {:?}", wire.from, wire.to, met.part));
            }
            if stretch.iter().any(|point| point.x < 0 || point.x > shown.width || point.y > shown.height) {
                return Err(format!("{:?} to {:?} leaves the page", wire.from, wire.to));
            }
        }
    }
    let drawn = svg::render(chart, "");
    if drawn != svg::render(&chart.clone(), "") {
        return Err("two drawings of one chart differ".to_owned());
    }
    well_formed(&drawn)
}

fn right(placed: &Placed) -> i32 {
    placed.corner.x + placed.width
}

fn below(placed: &Placed) -> i32 {
    placed.corner.y + placed.height
}

fn overlap(one: &Placed, other: &Placed) -> bool {
    one.corner.x < right(other)
        && other.corner.x < right(one)
        && one.corner.y < below(other)
        && other.corner.y < below(one)
}

/// A stretch passes through the inside of a box.
fn crosses(stretch: &[Point], placed: &Placed) -> bool {
    let (x, y) = ([stretch[0].x, stretch[1].x], [stretch[0].y, stretch[1].y]);
    let (left, right_end) = (x[0].min(x[1]), x[0].max(x[1]));
    let (top, bottom) = (y[0].min(y[1]), y[0].max(y[1]));
    left < right(placed) && right_end > placed.corner.x && top < below(placed) && bottom > placed.corner.y
}

/// Every element that begins ends, attributes are quoted, and no sign stands that must be written out.
pub(crate) fn well_formed(document: &str) -> Result<(), String> {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = document;
    while let Some(at) = rest.find('<') {
        check_text(&rest[..at])?;
        let end = rest[at..].find('>').ok_or("a tag without an end")? + at;
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            if open.pop() != Some(name) {
                return Err(format!("`</{name}>` ends nothing"));
            }
            continue;
        }
        let name = tag.split([' ', '/']).next().unwrap_or_default();
        check_attributes(tag[name.len()..].trim_end_matches('/'))?;
        if !tag.ends_with('/') && !tag.starts_with('!') && !["meta", "br", "link"].contains(&name) {
            open.push(name);
        }
    }
    check_text(rest)?;
    if open.is_empty() { Ok(()) } else { Err(format!("not ended: {open:?}")) }
}

fn check_text(text: &str) -> Result<(), String> {
    let entity = |rest: &str| ["amp;", "lt;", "gt;", "quot;", "#39;"].iter().any(|entity| rest.starts_with(entity));
    let bare = text.contains('>') || text.split('&').skip(1).any(|rest| !entity(rest));
    if bare { Err(format!("a sign stands bare in `{text}`")) } else { Ok(()) }
}

fn check_attributes(attributes: &str) -> Result<(), String> {
    let pieces: Vec<&str> = attributes.split('"').collect();
    let (names, values): (Vec<_>, Vec<_>) = pieces.iter().enumerate().partition(|(at, _)| at % 2 == 0);
    let are_named = names.iter().take(values.len()).all(|(_, name)| name.starts_with(' ') && name.ends_with('='));
    values.iter().try_for_each(|(_, value)| check_text(value))?;
    let plain = attributes.trim().split(' ').all(|word| word.chars().all(char::is_alphanumeric));
    if are_named && pieces.len() % 2 == 1 || plain { Ok(()) } else { Err(format!("attributes `{attributes}`")) }
}

fn a_lit() -> impl Strategy<Value = Lit> {
    prop_oneof![Just(Yes), Just(Perhaps), Just(No)]
}

prop_compose! {
    fn a_chart()(steps in 1_usize..14, ends in 1_usize..9)(
        lit in any::<bool>(),
        branches in prop::collection::vec(prop::collection::vec(
            ("[a-z ]{0,40}", a_lit(), prop::collection::vec((any::<bool>(), 0_usize..1000), 1..3)), 1..6), steps),
        titles in prop::collection::vec("[a-zA-Z ]{1,160}", steps),
        conclusions in prop::collection::vec(("[a-zA-Z ]{1,60}", a_lit()), ends),
        small in prop::collection::vec((prop::collection::vec("[a-z ]{1,30}", 0..3), a_lit()), steps),
    ) -> Flowchart {
        let count = titles.len();
        let steps = titles.iter().zip(branches).zip(small).enumerate().map(|(at, ((title, branches), (more, reached)))| {
            let target = |(step, place): (bool, usize)| {
                if step && at + 1 < count { S(at + 1 + place % (count - at - 1)) } else { C(place % conclusions.len()) }
            };
            let branches = branches.into_iter().map(|(label, taken, targets)| BranchShown {
                label,
                taken,
                targets: targets.into_iter().map(target).collect(),
            });
            StepShown { waits_for: more.clone(), seen: more, ..step(title, reached, &[]) }.with(branches.collect())
        });
        let steps = steps.collect();
        let ends = conclusions.iter().map(|(title, lit)| end(title, *lit)).collect();
        Flowchart { lit, ..chart("any", "Any chart", steps, ends) }
    }
}

trait With {
    fn with(self, branches: Vec<BranchShown>) -> Self;
}

impl With for StepShown {
    fn with(mut self, branches: Vec<BranchShown>) -> Self {
        self.branches = branches;
        self
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn any_chart(chart in a_chart()) {
        let held = holds(&chart);
        prop_assert!(held.is_ok(), "{held:?}");
    }
}

fn words(values: &[&str]) -> Possible {
    Possible::Choice(values.iter().map(|value| (*value).to_owned()).collect())
}

fn yes_no(yes: bool, no: bool) -> Possible {
    Possible::YesNo { yes, no }
}

fn because(label: &str) -> Because {
    Because {
        fact: label.replace(' ', "_"),
        label: label.to_owned(),
        when: String::new(),
        why: "not recorded".to_owned(),
    }
}

fn standing(possible: Possible, because: Vec<Because>) -> Standing {
    let status = if because.is_empty() { Status::Decided } else { Status::Open };
    Standing { status, possible, exact: true, because, presuming: None }
}

fn citation(key: &str, mark: Mark) -> Vec<CitationShown> {
    vec![CitationShown { key: key.to_owned(), place: Some("table 2".to_owned()), mark }]
}

fn option(label: &str, verdict: Standing) -> OptionShown {
    OptionShown {
        id: label.to_lowercase().replace(' ', "_"),
        label: label.to_owned(),
        text: Some("the usual dose".to_owned()),
        how: None,
        strength: None,
        only_when: None,
        requires: Vec::new(),
        verdict,
        also: Vec::new(),
        against: Vec::new(),
        cautions: Vec::new(),
        monitor: Vec::new(),
        taking: yes_no(false, true),
        judge_on: None,
        judge_after: Some("16 weeks".to_owned()),
        statuses: Vec::new(),
        citations: citation("somebody_2020", Mark::Unverified),
    }
}

fn against(kind: &'static str, text: &str, when: &str, standing: Standing) -> AgainstShown {
    AgainstShown {
        id: "rule".to_owned(),
        kind,
        text: text.to_owned(),
        when: when.to_owned(),
        standing,
        local: false,
        citations: citation("somebody_2020", Mark::Secondary),
    }
}

fn ladder(id: &str, title: &str, first: Vec<OptionShown>, second: Vec<OptionShown>) -> LadderShown {
    let line = |id: &str, title: &str, state: &str, options| LineShown {
        id: id.to_owned(),
        title: title.to_owned(),
        state: standing(words(&[state]), Vec::new()),
        options,
    };
    LadderShown {
        id: id.to_owned(),
        title: title.to_owned(),
        place: "demo.rules:70".to_owned(),
        patients: standing(yes_no(true, false), Vec::new()),
        current: standing(words(&["second"]), Vec::new()),
        lines: vec![line("first", "First line", "passed", first), line("second", "Second line", "current", second)],
        throughout: vec![OptionShown {
            taking: yes_no(true, false),
            judge_on: Some("2026-05-12".parse().unwrap()),
            ..option("Drug A", standing(words(&["running"]), Vec::new()))
        }],
        optional: Vec::new(),
        alongside: Vec::new(),
        citations: Vec::new(),
    }
}

/// Treatment as a case conference has it, with made-up drugs.
#[expect(clippy::too_many_lines, reason = "one patient, written out")]
fn treated() -> Explanation {
    let mut shown = everything();
    "demo-44".clone_into(&mut shown.record.id);
    shown.record.about = vec!["woman, 44".to_owned(), "dermatomyositis".to_owned(), "onset 9 months ago".to_owned()];
    shown.record.visits = Some(("2025-06-01".parse().unwrap(), "2026-03-01".parse().unwrap()));
    shown.flowcharts = vec![weakness()];
    shown.conclusions = vec![
        ConclusionShown {
            algorithm: "disposition".to_owned(),
            id: "urgent".to_owned(),
            title: "Treat at once, in hospital".to_owned(),
            standing: standing(yes_no(true, true), vec![because("troponin"), because("ECG")]),
            citations: Vec::new(),
        },
        ConclusionShown {
            algorithm: "disposition".to_owned(),
            id: "change".to_owned(),
            title: "Change treatment".to_owned(),
            standing: Standing {
                presuming: Some(PresumingShown {
                    possible: yes_no(true, false),
                    facts: vec![("second_biopsy".to_owned(), "not done".to_owned())],
                }),
                ..standing(yes_no(true, true), vec![because("second biopsy")])
            },
            citations: citation("somebody_2020", Mark::Unverified),
        },
        ConclusionShown {
            algorithm: "disposition".to_owned(),
            id: "continue".to_owned(),
            title: "Continue".to_owned(),
            standing: standing(yes_no(false, true), Vec::new()),
            citations: Vec::new(),
        },
    ];
    let unclear = against("contraindicated", "Harms the unborn", "could_be_pregnant", {
        standing(yes_no(true, true), vec![because("pregnancy")])
    });
    let caution = against("caution", "slow rate, hydrate", "kidney_disease", standing(yes_no(true, false), Vec::new()));
    let failed = option("Drug B", standing(words(&["failed"]), Vec::new()));
    let now = OptionShown {
        how: Some("add"),
        strength: Some("strong"),
        cautions: vec![caution],
        monitor: vec!["full blood count every 2 weeks for 6 weeks".to_owned()],
        ..option("Drug C", standing(words(&["option_now"]), Vec::new()))
    };
    let open = OptionShown {
        against: vec![unclear],
        only_when: None,
        requires: vec!["MDT discussion".to_owned()],
        ..option("Drug D", standing(words(&["contraindicated", "option_now"]), vec![because("pregnancy")]))
    };
    let avoid = OptionShown {
        against: vec![against("avoid", "Lung disease", "lung_disease", standing(yes_no(true, false), Vec::new()))],
        ..option("Drug C", standing(words(&["avoid"]), Vec::new()))
    };
    let later = option("Drug E", standing(words(&["later_line"]), Vec::new()));
    shown.ladders = vec![
        ladder("muscle", "Muscle", vec![failed], vec![now.clone(), open, later]),
        ladder("lung", "Lung", vec![avoid], Vec::new()),
    ];
    shown.regimens = vec![RegimenShown {
        id: "upfront".to_owned(),
        title: "Upfront combination".to_owned(),
        place: "demo.rules:90".to_owned(),
        patients: standing(yes_no(true, true), vec![because("chest CT")]),
        give: vec![now],
        plus: vec![(2, 2), (1, 2)],
        of: vec![option("Drug F", standing(words(&["option_now"]), Vec::new()))],
        short: Some("Only 1 of the 2 wanted is left".to_owned()),
        citations: Vec::new(),
    }];
    let advice = |id: &str, verdict: AdviceVerdict, text: &str| AdviceShown {
        id: id.to_owned(),
        verdict,
        text: text.to_owned(),
        level: None,
        rank: None,
        strength: Some("conditional"),
        grade: Some("1B".to_owned()),
        possible: if verdict == AdviceVerdict::Open { vec!["stands", "not_given"] } else { vec![verdict.word()] },
        because: Vec::new(),
        beaten_by: None,
        stop: None,
        local: false,
        citations: citation("somebody_2020", Mark::Verified),
    };
    shown.advice = vec![
        AdviceShown {
            stop: Some("drug_b".to_owned()),
            level: Some("safety".to_owned()),
            rank: Some((0, 2)),
            because: vec![because("pregnancy")],
            ..advice("stop_drug_b", AdviceVerdict::Open, "Stop Drug B: harms the unborn")
        },
        advice("exercise", AdviceVerdict::Stands, "Exercise, led by a physiotherapist"),
        AdviceShown { beaten_by: Some("exercise".to_owned()), ..advice("rest", AdviceVerdict::Beaten, "Rest in bed") },
        AdviceShown {
            beaten_by: Some("rest".to_owned()),
            ..advice("sun", AdviceVerdict::Unresolved, "Protection from the sun")
        },
    ];
    shown.suspicions = vec![SuspicionShown {
        id: "mimic".to_owned(),
        title: "A muscular dystrophy".to_owned(),
        standing: standing(yes_no(true, true), vec![because("calf atrophy")]),
        pointing: vec![
            ("onset before 26".to_owned(), yes_no(true, false)),
            ("calf atrophy".to_owned(), yes_no(true, true)),
        ],
        against: vec![("skin rash".to_owned(), yes_no(true, false))],
        tests: vec!["gene panel".to_owned()],
        citations: Vec::new(),
    }];
    shown.courses = vec![CourseShown {
        id: "drug_b".to_owned(),
        label: "Drug B".to_owned(),
        state: words(&["failed"]),
        taking: yes_no(true, false),
        working: yes_no(false, true),
        courses: vec!["10 Jun 2025 to now, 20 mg/week, 37 weeks".to_owned()],
        why: vec!["fair trial: at least 15 mg/week for 12 weeks".to_owned()],
        judge_on: Some("2025-09-02".parse().unwrap()),
        judge_from: None,
        citations: Vec::new(),
    }];
    shown.missing.push(Missing {
        fact: "troponin".to_owned(),
        label: "troponin".to_owned(),
        question: "What is the troponin?".to_owned(),
        burden: Burden::BloodTest,
        usual: false,
        when: "latest".to_owned(),
        why: "not recorded".to_owned(),
        settles: vec!["activity".to_owned()],
    });
    shown
}

/// A page without the style, whose signs are not those of XML.
fn without_style(page: &str) -> String {
    let (head, rest) = page.split_once("<style>").unwrap();
    let (_, body) = rest.split_once("</style>").unwrap();
    format!("{head}{body}")
}

#[test]
fn pages_for_a_conference() {
    let page = html::render(&[vec![treated()], vec![everything()], vec![silent()]], false);
    assert_eq!(page.matches("<article>").count(), 3);
    assert!(!page.contains("<script") && !page.contains("http-equiv") && !page.contains("url("), "self-contained");
    let body = without_style(&page);
    well_formed(&body).unwrap();
    let ids: Vec<&str> = body.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(ids.iter().all(|id| ids.iter().filter(|other| other == &id).count() == 1), "{ids:?}");
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("page_html", body);
    });
}

#[test]
fn words_on_a_page_stand_for_themselves() {
    let sly = "<script>alert('x')</script> & \"quoted\"";
    let mut shown = treated();
    sly.clone_into(&mut shown.record.id);
    shown.record.about = vec![sly.to_owned()];
    shown.notices.push(sly.to_owned());
    sly.clone_into(&mut shown.guideline.title);
    sly.clone_into(&mut shown.conclusions[0].title);
    sly.clone_into(&mut shown.advice[0].text);
    sly.clone_into(&mut shown.missing[0].question);
    sly.clone_into(&mut shown.ladders[0].lines[0].options[0].label);
    sly.clone_into(&mut shown.ladders[0].title);
    sly.clone_into(&mut shown.flowcharts[0].title);
    sly.clone_into(&mut shown.flowcharts[0].id);
    sly.clone_into(&mut shown.trace[0].title);
    sly.clone_into(&mut shown.courses[0].label);
    sly.clone_into(&mut shown.suspicions[0].title);
    shown.sources[0].doi = Some(sly.to_owned());
    let page = html::render(&[vec![shown]], true);
    assert!(!page.contains("<script"), "{page}");
    assert!(page.contains("&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;"));
    well_formed(&without_style(&page)).unwrap();
}
