/// Why the set of a fact's possible values is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Reason {
    /// A value was recorded: the set is that value.
    Recorded,
    /// Nothing was recorded, or `unknown`.
    NotRecorded,
    /// The dictionary takes an absent value for *not measured*.
    NotMeasured,
    /// The examination was not done, or the dictionary takes an absent one for *not done*.
    NotDone,
    /// A report that closes its own list does not name it, so it is *no*.
    ByReport,
    /// `above 8000 U/L`, `below 20 U/L`.
    OutsideAssay,
    /// A date known to the month or the year only.
    Imprecise,
    /// Two values on one day, or a value that contradicts another.
    Conflicting,
    /// The latest value is older than the dictionary lets it count.
    Stale,
    /// Not meaningful for this patient; the dictionary says which value then holds.
    NotApplicable,
    /// A result is awaited.
    Pending,
    /// The patient refused the examination.
    Refused,
    /// Measured on different scales at the two visits, so no change can be worked out.
    DifferentScales,
    /// Recorded on another scale than the one the rule speaks of.
    OtherScale,
    /// There is no visit after the baseline.
    NoLaterVisit,
    /// A clinician's judgement that the record does not hold.
    Judgement,
    /// Worked out from other facts of the record, as an age from a date of birth.
    Derived,
    /// Too close to a threshold for the digits that were computed, or too many digits to compute with.
    TooClose,
}

impl Reason {
    /// The words a person, and the JSON, reads.
    pub fn words(self) -> &'static str {
        match self {
            Reason::Recorded => "recorded",
            Reason::NotRecorded => "not recorded",
            Reason::NotMeasured => "not measured",
            Reason::NotDone => "not done",
            Reason::ByReport => "by report",
            Reason::OutsideAssay => "outside the assay's range",
            Reason::Imprecise => "imprecise",
            Reason::Conflicting => "conflicting",
            Reason::Stale => "stale",
            Reason::NotApplicable => "not applicable",
            Reason::Pending => "pending",
            Reason::Refused => "refused",
            Reason::DifferentScales => "different scales at the two visits",
            Reason::OtherScale => "recorded on another scale",
            Reason::NoLaterVisit => "no later visit",
            Reason::Judgement => "clinician's judgement",
            Reason::Derived => "worked out from the record",
            Reason::TooClose => "too close to decide",
        }
    }
}
