//! Exact values, and the sets of values a fact could still have.
//!
//! A fact is never "null": it is the set of values it could have given what was recorded. [`Truth`] holds that
//! set for a yes/no in two bits, [`Choices`] for a choice in a mask, [`NumberSet`] for a number as one pair of
//! ends (a point when they meet) or, for the few that need it, as a union. [`Number`] is an exact fraction;
//! nothing here is a binary float.
//!
//! ```
//! use myoguide::value::{Number, NumberSet, Truth};
//! let recorded = NumberSet::point(Number::whole(42));
//! let missing = NumberSet::between(Number::whole(0), Number::whole(10));
//! let total = recorded.plus(&missing);
//! assert_eq!(total.is_at_least(&NumberSet::point(Number::whole(40))), Truth::YES);
//! assert_eq!(total.is_at_least(&NumberSet::point(Number::whole(50))), Truth::EITHER);
//! ```

mod choices;
mod date;
mod enclosure;
mod interval;
mod number;
mod number_set;
mod reason;
mod truth;
mod unit;

pub use choices::Choices;
pub use date::{Date, DateError, DateRange, Period, PeriodUnit};
pub use enclosure::Precision;
pub use interval::{Bound, Interval};
pub use number::{Number, NumberError};
pub use number_set::{Intervals, NumberSet};
pub use reason::Reason;
pub use truth::Truth;
pub use unit::{Quantity, Unit, UnitError, UnitKind};
