//! An algorithm as a drawing: steps, branches, conclusions, and the patient's path through them.

/// An algorithm, with or without a patient.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flowchart {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Where in the rules.
    pub place: String,
    /// A patient's path is lit in it.
    pub lit: bool,
    /// The steps, in the order written; the first is where it begins.
    pub steps: Vec<StepShown>,
    /// The conclusions, the highest-ranking first.
    pub conclusions: Vec<EndShown>,
}

/// A step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepShown {
    /// Its name.
    pub id: String,
    /// Its question.
    pub title: String,
    /// The patient comes here.
    pub reached: Lit,
    /// The branches, in order.
    pub branches: Vec<BranchShown>,
    /// What the branch depends on, where the patient comes here and it is open: labels of facts, with why.
    pub waits_for: Vec<String>,
    /// The values that decided the branch: `MMT8 122 of 150, 1 Mar 2026`.
    pub seen: Vec<String>,
}

/// A branch of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchShown {
    /// When, in a few words: `active`, `otherwise`.
    pub label: String,
    /// It is taken.
    pub taken: Lit,
    /// Where it leads.
    pub targets: Vec<TargetShown>,
}

/// Where a branch leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TargetShown {
    /// A step, by its place.
    Step(usize),
    /// A conclusion, by its place.
    Conclusion(usize),
}

/// An end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndShown {
    /// Its name.
    pub id: String,
    /// Its title.
    pub title: String,
    /// The patient comes here.
    pub reached: Lit,
}

/// Whether a patient's path goes through a part of an algorithm.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lit {
    /// It does.
    Yes,
    /// It may.
    Perhaps,
    /// It does not, or there is no patient.
    No,
}
