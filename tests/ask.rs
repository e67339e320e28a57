//! Interviews: replies, mistakes, the way back; and how many questions it takes, beside an order by lot.

use myoguide::ask::{Done, Interview, Next, Numbers, Order, Question, Taken};
use myoguide::catalog::FactKind;
use myoguide::engine::{Engine, Options};
use myoguide::eval::Status;
use myoguide::library::Library;
use myoguide::record::Draft;

fn begun(engine: &mut Engine, guideline: &str, answers: &[&str], order: Order) -> Interview {
    let asked = engine.ask(&[guideline.to_owned()]).unwrap().remove(0);
    let mut draft = Draft::new("interview");
    draft.set_as_of("2026-03-01".parse().unwrap());
    let file = engine.add_text("the record", draft.text());
    let record = engine.read_records(file).remove(0).unwrap();
    let names: Vec<String> = answers.iter().map(|name| (*name).to_owned()).collect();
    Interview::begin(asked, &names, draft, Some(record), Options::default()).in_order(order)
}

fn question(interview: &mut Interview, engine: &mut Engine) -> Question {
    match interview.next(engine).unwrap() {
        Next::Ask(question) => question,
        Next::Done(done) => panic!("{done:?}"),
    }
}

/// Replies by name, `unknown` to all else, until nothing more is asked.
fn held(guideline: &str, answers: &[&str], replies: &[(&str, &str)]) -> (Interview, Engine, Done) {
    let mut engine = Engine::open(&Library::embedded());
    let mut interview = begun(&mut engine, guideline, answers, Order::Best);
    loop {
        let question = match interview.next(&mut engine).unwrap() {
            Next::Ask(question) => question,
            Next::Done(done) => return (interview, engine, done),
        };
        let reply = replies.iter().find(|(name, _)| question.keys.iter().any(|key| key == name));
        let reply = reply.map_or("unknown", |(_, reply)| reply);
        let taken = interview.reply(&mut engine, reply);
        assert!(matches!(taken, Taken::Accepted | Taken::Unknown), "{}: {reply}: {taken:?}", question.key());
    }
}

#[test]
fn a_mistake_is_told_at_once_with_a_way_out() {
    let mut engine = Engine::open(&Library::embedded());
    let mut interview = begun(&mut engine, "eular_acr_classification", &["classification"], Order::Best);
    let first = question(&mut interview, &mut engine);
    assert_eq!(first.key(), "better_explanation");
    let told = |taken: Taken| match taken {
        Taken::Mistake(mistake) => mistake,
        other => panic!("{other:?}"),
    };
    let mistake = told(interview.reply(&mut engine, "Y"));
    assert!(mistake.contains("`yes` or `no`, not `Y`") && mistake.contains("write `yes`"), "{mistake}");
    assert!(told(interview.reply(&mut engine, "")).contains("`unknown`"));
    assert_eq!(interview.reply(&mut engine, "back"), Taken::Back(false));
    assert_eq!(interview.reply(&mut engine, "why"), Taken::Why);
    assert_eq!(question(&mut interview, &mut engine), first);
    assert_eq!(interview.reply(&mut engine, "no"), Taken::Accepted);
    let second = question(&mut interview, &mut engine);
    assert_ne!(second.key(), first.key());
    assert_eq!(interview.reply(&mut engine, "unknown"), Taken::Unknown);
    assert_ne!(question(&mut interview, &mut engine).key(), second.key(), "what is not known is not asked again");
    assert_eq!(interview.reply(&mut engine, "back"), Taken::Back(true));
    assert_eq!(question(&mut interview, &mut engine), second);
    assert!(interview.draft().text().contains("better_explanation: no"));
    assert_eq!(interview.reply(&mut engine, "stop"), Taken::Stopped);
    assert_eq!(interview.next(&mut engine), Ok(Next::Done(Done::Stopped)));
}

#[test]
fn replies_have_units_limits_scales_and_days() {
    let replies = [
        ("baseline", "2025-06-01"),
        ("mmt8 at baseline", "60 of 80"),
        ("mmt8", "70 of 80 on 2026-02-20"),
        ("ck at baseline", "1450 U/L, upper limit 170 U/L"),
        ("ck", "310 U/L (upper limit 170 U/L)"),
        ("aldolase at baseline", "not measured"),
        ("subtype", "DM"),
    ];
    let (interview, _, done) = held("acr_eular_response", &["response"], &replies);
    assert_eq!(done, Done::NothingLeft);
    insta::assert_snapshot!(interview.draft().text());
}

#[test]
fn treatment_is_told_one_line_a_course() {
    let mut engine = Engine::open(&Library::embedded());
    let mut interview = begun(&mut engine, "refractory_iim", &["refractory"], Order::Best);
    for _ in 0..60 {
        let asked = question(&mut interview, &mut engine);
        if asked.key() == "therapies" {
            break;
        }
        interview.reply(&mut engine, "unknown");
    }
    let mistake = interview.reply(&mut engine, "methotrexate, fom 2025-06-10");
    let Taken::Mistake(mistake) = mistake else { panic!("{mistake:?}") };
    assert!(mistake.contains("did you mean `from`?"), "{mistake}");
    let mistake = interview.reply(&mut engine, "methotrexat, 20 mg/week");
    let Taken::Mistake(mistake) = mistake else { panic!("{mistake:?}") };
    assert!(mistake.contains("methotrexate"), "{mistake}");
    let course = "methotrexate, 20 mg/week, from 2025-02-01 to 2025-06-01, adherence 95 %, outcome no response on \
                  2025-06-01, stopped for inefficacy";
    assert_eq!(interview.reply(&mut engine, course), Taken::Accepted);
    let text = interview.draft().text();
    assert!(text.contains("therapies_complete: no"), "{text}");
    insta::assert_snapshot!(text);
}

/// The answers that are settled in the interview are settled for the record it wrote.
#[test]
fn it_ends_when_nothing_missing_can_change_the_answers() {
    let replies = [
        ("better_explanation", "no"),
        ("heliotrope", "yes"),
        ("gottron_papules", "yes"),
        ("gottron_sign", "yes"),
        ("age_at_onset", "45"),
        ("biopsy_done", "no"),
    ];
    let (interview, mut engine, done) = held("eular_acr_classification", &["classification"], &replies);
    assert_eq!(done, Done::Settled);
    let asked = engine.ask(&["eular_acr_classification".to_owned()]).unwrap();
    let record = interview.record().unwrap().clone();
    let evaluated = engine.evaluate_asked(&asked, &record, Options::default());
    let answer = evaluated[0].explanation.answers.iter().find(|answer| answer.id == "classification").unwrap();
    assert_eq!(answer.status, Status::Decided);
}

/// What a patient would reply, every value being as likely: always the same, whatever the order of the questions.
fn reply(engine: &Engine, patient: u64, question: &Question) -> String {
    let mut lot = question.key().bytes().fold((patient + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15), |lot, byte| {
        let lot = (lot ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        lot ^ (lot >> 29)
    });
    lot = lot.wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 33;
    let name = question.key().split(' ').next().unwrap();
    let fact = engine.catalog().find(name).and_then(|fact| engine.catalog().fact(fact));
    match fact.map(|fact| &fact.kind) {
        Some(FactKind::Choice { values, yes_no: false }) => {
            values[usize::try_from(lot).unwrap() % values.len()].name.clone()
        }
        Some(FactKind::Number(kind)) if kind.upper_limit => match lot % 5 {
            0 | 1 => "not measured".to_owned(),
            _ => format!("{}, upper limit 170", 50 + lot % 2000),
        },
        Some(FactKind::Number(kind)) => {
            let range = kind.range.hull().unwrap();
            let high = kind.scales.first().copied().or(range.high.number()).unwrap().floor();
            (range.low.number().unwrap().floor() + high * i128::from(lot % 101) / 100).to_string()
        }
        Some(FactKind::Choice { .. }) | None => if lot % 2 == 0 { "yes" } else { "no" }.to_owned(),
        Some(FactKind::Date) => "2025-06-01".to_owned(),
    }
}

/// A guideline, the answer that is wanted, what every patient replies alike, and how many questions of a hundred of a
/// questionnaire are enough.
type Asked = (&'static str, &'static str, &'static [(&'static str, &'static str)], usize);

fn questions(engine: &mut Engine, (guideline, answer, fixed, _): Asked, patient: u64, order: Order) -> usize {
    let mut interview = begun(engine, guideline, &[answer], order);
    while let Next::Ask(question) = interview.next(engine).unwrap() {
        let known = fixed.iter().find(|(name, _)| *name == question.key()).map(|(_, reply)| (*reply).to_owned());
        let reply = known.unwrap_or_else(|| reply(engine, patient, &question));
        assert_eq!(interview.reply(engine, &reply), Taken::Accepted, "{}: {reply}", question.key());
    }
    interview.asked()
}

/// Beside questions in an order by lot, and beside a questionnaire in an order by lot that asks what no longer matters
/// as well. `MYOGUIDE_PATIENTS` takes another number of patients.
#[test]
fn it_needs_clearly_fewer_questions_than_an_order_by_lot() {
    let patients: u64 = std::env::var("MYOGUIDE_PATIENTS").ok().and_then(|text| text.parse().ok()).unwrap_or(6);
    let asked: [Asked; 3] = [
        ("acr_eular_response", "response", &[("baseline", "2025-06-01")], 75),
        ("eular_acr_classification", "classification", &[], 75),
        // Whom the criteria are asked of in earnest: many are near a threshold, and then most facts matter.
        ("eular_acr_classification", "classification", &[("better_explanation", "no")], 75),
    ];
    for one in asked {
        let mut engine = Engine::open(&Library::embedded());
        let mut counted = |order: &dyn Fn(u64) -> Order| -> usize {
            (0..patients).map(|patient| questions(&mut engine, one, patient, order(patient))).sum()
        };
        let best = counted(&|_| Order::Best);
        let lot = counted(&|patient| Order::Lot(Numbers::from(patient)));
        let questionnaire = counted(&|patient| Order::Questionnaire(Numbers::from(patient)));
        println!("{one:?}: {patients} patients, {best} questions, by lot {lot}, of a questionnaire {questionnaire}");
        assert!(best < lot, "{one:?}: {best} questions, {lot} by lot");
        assert!(best * 100 <= questionnaire * one.3, "{one:?}: {best} questions, {questionnaire} of a questionnaire");
    }
}
