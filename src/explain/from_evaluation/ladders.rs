//! Ladders and regimens: each option with its one verdict, what speaks against it, and when it is judged.

use super::Teller;
use super::treatments::{Shape, settled};
use crate::catalog::TreatmentId;
use crate::eval::Status;
use crate::explain::{AgainstShown, Because, LadderShown, LineShown, OptionShown, Possible, RegimenShown, Standing};
use crate::model::{
    Against, Block, BlockId, BlockKind, CourseRule, Item, Ladder, LadderOption, LineState, Monitor, OptionPlace,
    Prefer, Regimen, Rule, TherapyId, Verdict,
};
use crate::syntax::tree::{AgainstKind, Beside, How, JudgedAfter, Strength};
use crate::value::{Choices, Date, Truth};

/// The verdicts after which an option is not left.
const GONE: [Verdict; 6] = [
    Verdict::NotForThisPatient,
    Verdict::Contraindicated,
    Verdict::NotTolerated,
    Verdict::Declined,
    Verdict::Failed,
    Verdict::Avoid,
];
/// The verdicts of what could begin.
const BEGINS: [Verdict; 4] = [Verdict::LaterLine, Verdict::WorkedBefore, Verdict::OptionNow, Verdict::Alternative];

impl Teller<'_> {
    pub(super) fn ladders(&self) -> Vec<LadderShown> {
        let mut shown = Vec::new();
        for (id, block) in self.every_block() {
            if let BlockKind::Ladder(ladder) = &block.kind {
                shown.push(self.ladder(id, block, ladder));
            }
        }
        shown
    }

    /// The blocks in the order of the rules files.
    pub(super) fn every_block(&self) -> Vec<(BlockId, &Block)> {
        let mut blocks: Vec<(BlockId, &Block)> =
            (0..).zip(&self.subject.guideline.blocks).map(|(at, block)| (BlockId(at), block)).collect();
        blocks.sort_by_key(|(_, block)| block.place);
        blocks
    }

    fn ladder(&self, id: BlockId, block: &Block, ladder: &Ladder) -> LadderShown {
        let beside = |wanted: Beside| -> Vec<OptionShown> {
            let options = (0..).zip(&ladder.beside).filter(|(_, (beside, _))| *beside == wanted);
            options.map(|(at, (_, option))| self.option(id, OptionPlace::Beside(at), option)).collect()
        };
        let lines = (0..).zip(&ladder.lines).map(|(at, line): (u32, _)| LineShown {
            id: line.name.value.clone(),
            title: line.title.clone(),
            state: self.item(Item::Line(id, at), Shape::Line),
            options: (0..)
                .zip(&line.options)
                .map(|(place, option)| self.option(id, OptionPlace::Line(at, place), option))
                .collect(),
        });
        LadderShown {
            id: block.name.value.clone(),
            title: block.title.clone(),
            place: self.sources.place(block.head),
            patients: self.patients(id, ladder.patients.is_some()),
            current: self.current(id, block, ladder),
            lines: lines.collect(),
            throughout: beside(Beside::Throughout),
            optional: beside(Beside::Optional),
            alongside: beside(Beside::Alongside),
            citations: Self::citations(&block.citations),
        }
    }

    /// Whether a ladder or a regimen is for the patient.
    pub(super) fn patients(&self, id: BlockId, asked: bool) -> Standing {
        if asked || self.evaluation.items.contains_key(&Item::Holds(id)) {
            return self.item(Item::Holds(id), Shape::YesNo);
        }
        settled(Possible::YesNo { yes: true, no: false }, Status::Decided)
    }

    /// The line the patient is on.
    fn current(&self, id: BlockId, block: &Block, ladder: &Ladder) -> Standing {
        if let Some(answer) = self.evaluation.answers.iter().find(|answer| answer.block == id) {
            let mut standing = self.standing(answer, Shape::Line);
            standing.possible = super::words::of_block(&answer.held, &block.gives);
            return standing;
        }
        let possible = match self.narrowed(id) {
            [] => Possible::Nothing,
            held => super::words::of_block(held, &block.gives),
        };
        let lines: Vec<_> =
            (0..).zip(&ladder.lines).filter_map(|(at, _)| self.evaluation.items.get(&Item::Line(id, at))).collect();
        let mut because: Vec<Because> = Vec::new();
        for one in lines.iter().flat_map(|answer| self.because(&answer.because)) {
            if !because.contains(&one) {
                because.push(one);
            }
        }
        let status = match &possible {
            Possible::Choice(values) if values.len() == 1 => Status::Decided,
            Possible::Choice(values) if values.len() > 1 => Status::Open,
            Possible::Choice(_)
            | Possible::YesNo { .. }
            | Possible::Several { .. }
            | Possible::Number(_)
            | Possible::Nothing => Status::Silent,
        };
        let because = if status == Status::Open { because } else { Vec::new() };
        let exact = lines.iter().all(|answer| answer.exact);
        Standing { exact, because, ..settled(possible, status) }
    }

    /// Something preferred may stand before an option: it may be on the current line, and no option now.
    fn may_be_beaten(&self, id: BlockId, place: OptionPlace) -> bool {
        let planned = self.subject.lowered.options.get(&(id, place));
        let tests = planned.into_iter().flat_map(|planned| &planned.tests);
        let beaten = tests
            .filter(|(verdict, _)| *verdict == Verdict::OptionNow)
            .any(|(_, test)| self.evaluation.registers.truth(*test).can_be_no());
        let current = match place {
            OptionPlace::Line(line, _) => {
                self.item_choices(Item::Line(id, line)).contains(LineState::Current.position())
            }
            OptionPlace::Beside(_) | OptionPlace::Give(_) | OptionPlace::Of(_) => true,
        };
        beaten && current
    }

    pub(super) fn option(&self, id: BlockId, place: OptionPlace, option: &LadderOption) -> OptionShown {
        let therapy = option.therapy;
        let verdict = self.item(Item::Verdict(id, place), Shape::Verdict);
        let choices = self.item_choices(Item::Verdict(id, place));
        let parts = self.parts(therapy);
        let mut against = Vec::new();
        let mut cautions = Vec::new();
        let mut monitor: Vec<String> = Vec::new();
        let planned = self.subject.lowered.options.get(&(id, place));
        let may_be_beaten = self.may_be_beaten(id, place);
        for spoken in planned.into_iter().flat_map(|planned| &planned.spoken_of) {
            let Some(block) = self.subject.guideline.block(*spoken) else { continue };
            if !self.holds(*spoken).can_be_yes() {
                continue;
            }
            match &block.kind {
                BlockKind::Against(rule) => match rule.kind {
                    AgainstKind::Contraindicated | AgainstKind::Avoid => {
                        against.push(self.against(*spoken, block, rule));
                    }
                    AgainstKind::Caution => cautions.push(self.against(*spoken, block, rule)),
                    AgainstKind::Stop => {}
                },
                BlockKind::Prefer(prefer) => {
                    let over = !self.subject.guideline.is_preferred(prefer, therapy);
                    let takes_effect = over && may_be_beaten;
                    against.extend(takes_effect.then(|| self.preferred(*spoken, block, prefer)));
                }
                BlockKind::Monitor(rule) => {
                    let text = monitored(rule);
                    if !monitor.contains(&text) {
                        monitor.push(text);
                    }
                }
                BlockKind::Finding(_)
                | BlockKind::Number(_)
                | BlockKind::Measure(_)
                | BlockKind::Score(_)
                | BlockKind::Bands(_)
                | BlockKind::Table(_)
                | BlockKind::Covers(_)
                | BlockKind::Impossible(_)
                | BlockKind::Judgement(_)
                | BlockKind::Course(_)
                | BlockKind::Ladder(_)
                | BlockKind::Regimen(_)
                | BlockKind::Suspect(_)
                | BlockKind::Advice(_)
                | BlockKind::Precedence(_)
                | BlockKind::Algorithm(_)
                | BlockKind::Promise(_)
                | BlockKind::SourceCovers(..) => {}
            }
        }
        OptionShown {
            id: self.therapy_name(therapy),
            label: self.therapy_label(therapy),
            text: option.text.clone().or_else(|| self.usual_dose(&parts)),
            how: option.how.map(how),
            strength: option.strength.map(strength),
            requires: option.requires.clone(),
            only_when: option
                .when
                .as_ref()
                .filter(|when| self.condition_truth(when).can_be_no())
                .map(|when| self.text(when.span)),
            verdict,
            also: self.also(id, place, choices),
            against,
            cautions,
            monitor,
            taking: self.taking_possible(therapy),
            judge_on: self.judge_on(therapy, choices),
            judge_after: self.judge_after(therapy),
            statuses: self.statuses_on_day(therapy),
            citations: Self::citations(&option.citations),
        }
    }

    fn usual_dose(&self, parts: &[TreatmentId]) -> Option<String> {
        match parts {
            [only] => self.subject.catalog.treatment(*only)?.usual_dose.clone(),
            _ => None,
        }
    }

    fn taking_possible(&self, therapy: TherapyId) -> Possible {
        super::words::of_truth(self.found(therapy).map_or(Truth::NO, |found| found.taking))
    }

    /// The other verdicts that certainly hold, by their words.
    fn also(&self, id: BlockId, place: OptionPlace, verdict: Choices) -> Vec<&'static str> {
        let Some(planned) = self.subject.lowered.options.get(&(id, place)) else { return Vec::new() };
        if verdict.is_empty() {
            return Vec::new();
        }
        planned
            .tests
            .iter()
            .filter(|(test, _)| !matches!(test, Verdict::OptionNow | Verdict::Alternative))
            .filter(|(test, _)| !verdict.contains(test.position()))
            .filter(|(_, register)| self.evaluation.registers.truth(*register) == Truth::YES)
            .map(|(test, _)| test.word())
            .collect()
    }

    /// The day on which a therapy is judged: of the course that runs, else where it would begin on the day of the
    /// record.
    fn judge_on(&self, therapy: TherapyId, verdict: Choices) -> Option<Date> {
        let found = self.found(therapy);
        if let Some(found) = found
            && found.taking.can_be_yes()
            && let Some(day) = found.judge_on
        {
            return Some(day.latest);
        }
        if found.is_some_and(|found| found.taking == Truth::YES) {
            return None;
        }
        let begins = BEGINS.iter().any(|begin| verdict.contains(begin.position()));
        let period = match self.judged(therapy) {
            Some(JudgedAfter { from_last_dose: true, .. }) => return None,
            Some(JudgedAfter { period, .. }) => Some(period),
            None => self.usually_judged(therapy),
        };
        period.filter(|_| begins).and_then(|period| self.record.as_of.plus(period).ok())
    }

    fn judge_after(&self, therapy: TherapyId) -> Option<String> {
        match self.judged(therapy) {
            Some(JudgedAfter { period, from_last_dose: true }) => Some(format!("{period} after the last dose")),
            Some(JudgedAfter { period, .. }) => Some(period.to_string()),
            None => self.usually_judged(therapy).map(|period| period.to_string()),
        }
    }

    /// When the guideline judges a course of the therapy.
    fn judged(&self, therapy: TherapyId) -> Option<JudgedAfter> {
        self.subject.guideline.blocks.iter().find_map(|block| {
            let BlockKind::Course(CourseRule::FairTrial(rows)) = &block.kind else { return None };
            rows.iter().filter(|row| row.therapies.contains(&therapy)).find_map(|row| row.judged)
        })
    }

    /// When the formulary does; of a combination the longest.
    fn usually_judged(&self, therapy: TherapyId) -> Option<crate::value::Period> {
        let parts = self.parts(therapy);
        let periods = parts.iter().filter_map(|part| self.subject.catalog.treatment(*part)?.judge_after);
        periods.max_by_key(|period| self.record.as_of.plus(*period).ok())
    }

    /// The block comes from a hospital's own sheet.
    pub(super) fn is_local(&self, block: &Block) -> bool {
        self.subject.guideline.local.contains(&block.name.value)
    }

    /// A text of a block; that of a hospital's own sheet says so.
    pub(super) fn said_by(&self, block: &Block, text: String) -> String {
        if self.is_local(block) { format!("local: {text}") } else { text }
    }

    pub(super) fn against(&self, id: BlockId, block: &Block, rule: &Against) -> AgainstShown {
        AgainstShown {
            id: block.name.value.clone(),
            kind: match rule.kind {
                AgainstKind::Contraindicated => "contraindicated",
                AgainstKind::Avoid => "avoid",
                AgainstKind::Caution => "caution",
                AgainstKind::Stop => "stop",
            },
            text: self.said_by(block, rule.text.clone().unwrap_or_else(|| titled(block))),
            local: self.is_local(block),
            when: rule.when.as_ref().map(|when| self.rule_in_words(when)).unwrap_or_default(),
            standing: self.holds_standing(id),
            citations: self.rule_citations(block, rule.when.as_ref()),
        }
    }

    fn preferred(&self, id: BlockId, block: &Block, prefer: &Prefer) -> AgainstShown {
        let mut labels: Vec<String> = prefer.preferred.iter().map(|part| self.treatment_label(*part)).collect();
        labels.extend(prefer.preferred_together.map(|together| self.therapy_label(together)));
        AgainstShown {
            id: block.name.value.clone(),
            kind: "prefer",
            text: self.said_by(block, format!("{} first", labels.join(", "))),
            local: self.is_local(block),
            when: prefer.when.as_ref().map(|when| self.rule_in_words(when)).unwrap_or_default(),
            standing: self.holds_standing(id),
            citations: self.rule_citations(block, prefer.when.as_ref()),
        }
    }

    pub(super) fn regimens(&self) -> Vec<RegimenShown> {
        let mut shown = Vec::new();
        for (id, block) in self.every_block() {
            let BlockKind::Regimen(regimen) = &block.kind else { continue };
            let patients = self.patients(id, regimen.patients.is_some());
            if let Possible::YesNo { yes: true, .. } = patients.possible {
                shown.push(self.regimen(id, block, regimen, patients));
            }
        }
        shown
    }

    fn regimen(&self, id: BlockId, block: &Block, regimen: &Regimen, patients: Standing) -> RegimenShown {
        let options = |options: &[LadderOption], place: fn(u32) -> OptionPlace| -> Vec<OptionShown> {
            (0..).zip(options).map(|(at, option)| self.option(id, place(at), option)).collect()
        };
        let plus = self.plus(id, regimen);
        let left = (0..).zip(&regimen.of).filter(|(at, _)| {
            let verdict = self.item_choices(Item::Verdict(id, OptionPlace::Of(*at)));
            let gone = GONE.iter().fold(Choices::NONE, |gone, verdict| gone.union(Choices::only(verdict.position())));
            !verdict.is_empty() && !verdict.within(gone)
        });
        let left = u32::try_from(left.count()).unwrap_or(u32::MAX);
        let wanted = plus.iter().map(|(least, _)| *least).min().unwrap_or(0);
        let verb = |count: u32| if count == 1 { "is" } else { "are" };
        RegimenShown {
            id: block.name.value.clone(),
            title: block.title.clone(),
            place: self.sources.place(block.head),
            patients,
            give: options(&regimen.give, OptionPlace::Give),
            plus,
            of: options(&regimen.of, OptionPlace::Of),
            short: (left < wanted).then(|| {
                let left_words = if left == 0 { String::from("none") } else { left.to_string() };
                format!("{wanted} {} wanted and {left_words} {} left", verb(wanted), verb(left.max(1)))
            }),
            citations: Self::citations(&block.citations),
        }
    }

    /// How many of the list, for each case that is still possible.
    fn plus(&self, id: BlockId, regimen: &Regimen) -> Vec<(u32, u32)> {
        let possible = self.item_choices(Item::Plus(id));
        let mut plus: Vec<(u32, u32)> = Vec::new();
        for (at, one) in (0..).zip(&regimen.plus) {
            let may_be = possible.contains(at) || (possible.is_empty() && one.when.is_none());
            if may_be && !plus.contains(&(one.least, one.most)) {
                plus.push((one.least, one.most));
            }
        }
        plus
    }

    /// Where a line stands, for the trace.
    pub(super) fn line_possible(&self, id: BlockId, line: u32) -> Possible {
        let choices = self.item_choices(Item::Line(id, line));
        let words = LineState::ALL.iter().map(|state| state.word().to_owned());
        Possible::Choice(super::words::chosen(choices, words))
    }
}

impl Teller<'_> {
    /// When a rule holds, in the author's words; of a list of which one will do, only what holds or may hold.
    pub(super) fn rule_in_words(&self, rule: &Rule) -> String {
        use crate::model::Test;
        use crate::syntax::tree::CountRule;
        let own = match &rule.test {
            Test::One(condition, _) => self.text(condition.span),
            Test::List(how, items) => {
                let every = || items.iter().map(|(item, _)| item);
                let may_hold = || every().filter(|item| self.condition_truth(item).can_be_yes());
                let told = |words: Vec<String>, joint: &str| words.join(joint);
                let any = matches!(how, CountRule::Any | CountRule::AtLeast(1));
                match how {
                    CountRule::Any | CountRule::AtLeast(1) if any && may_hold().count() > 0 => {
                        told(may_hold().map(|item| self.text(item.span)).collect(), " or ")
                    }
                    CountRule::Any | CountRule::AtLeast(1) => {
                        told(every().map(|item| self.text(item.span)).collect(), " or ")
                    }
                    CountRule::All => told(every().map(|item| self.text(item.span)).collect(), " and "),
                    CountRule::None => {
                        format!("none of {}", told(every().map(|item| self.text(item.span)).collect(), ", "))
                    }
                    CountRule::AtLeast(count) => {
                        format!(
                            "at least {count} of {}",
                            told(every().map(|item| self.text(item.span)).collect(), ", ")
                        )
                    }
                    CountRule::Exactly(count) => {
                        format!("exactly {count} of {}", told(every().map(|item| self.text(item.span)).collect(), ", "))
                    }
                    CountRule::AtMost(count) => {
                        format!("at most {count} of {}", told(every().map(|item| self.text(item.span)).collect(), ", "))
                    }
                }
            }
        };
        let unless: Vec<String> = rule.unless.iter().map(|unless| self.text(unless.condition.span)).collect();
        if unless.is_empty() { own } else { format!("{own}, unless {}", unless.join(" or ")) }
    }

    /// The sources of a rule: at its head and on the lines that hold or may hold.
    fn rule_citations(&self, block: &Block, rule: Option<&Rule>) -> Vec<crate::explain::CitationShown> {
        use crate::model::Test;
        let mut cited = block.citations.clone();
        match rule.map(|rule| &rule.test) {
            Some(Test::One(_, own)) => cited.extend(own.iter().cloned()),
            Some(Test::List(_, items)) => {
                let may_hold = items.iter().filter(|(item, _)| self.condition_truth(item).can_be_yes());
                cited.extend(may_hold.flat_map(|(_, own)| own.iter().cloned()));
            }
            None => {}
        }
        let mut once: Vec<crate::explain::CitationShown> = Vec::new();
        for citation in Self::citations(&cited) {
            if !once.contains(&citation) {
                once.push(citation);
            }
        }
        once
    }
}

/// The title, or the name in words where there is none.
pub(super) fn titled(block: &Block) -> String {
    if block.title == block.name.value { block.title.replace('_', " ") } else { block.title.clone() }
}

/// `FBC, every 2 weeks for 6 weeks`
fn monitored(rule: &Monitor) -> String {
    let every = rule.every.map(|period| format!(", every {}", each(period))).unwrap_or_default();
    let during = rule.during.map(|period| format!(" for {period}")).unwrap_or_default();
    format!("{}{every}{during}", rule.text)
}

/// `week`, `2 weeks`
fn each(period: crate::value::Period) -> String {
    if period.count == 1 { period.unit.word().to_owned() } else { period.to_string() }
}

pub(super) fn how(how: How) -> &'static str {
    match how {
        How::Add => "add",
        How::Replace => "replace",
        How::Bridge => "bridge",
        How::Trial => "trial",
    }
}

pub(super) fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Strong => "strong",
        Strength::Conditional => "conditional",
    }
}
