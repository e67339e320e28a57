//! What is told of a therapy.

use crate::catalog::{Catalog, TreatmentId};

/// The name of a therapy.
pub(super) fn name(catalog: &Catalog, parts: &[TreatmentId]) -> String {
    parts.iter().map(|part| catalog.treatment_name(*part)).collect::<Vec<_>>().join(" + ")
}
