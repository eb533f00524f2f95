//! The built-in wording.

mod fluent;
mod kinds;
mod language;
mod numbers;
mod scene;

#[cfg(test)]
#[cfg(feature = "languages")]
mod tests;

pub(crate) use self::language::Labels;
pub use self::language::Language;

use crate::{Call, Catalog, Explanation};
use buttress_core::Failure;

/// The built-in wording in English, for somebody whose work was just interrupted.
///
/// Every [`FailureKind`](buttress_core::FailureKind) has its own texts, and they differ where the
/// situation does: before or in the middle of an answer, after one attempt or many, with or without
/// the danger of doing something twice, with or without a pause the server asked for. Other
/// languages have the same texts: see [`Language`].
///
/// ```
/// use buttress_core::{Delivery, Failure, FailureKind, Phase};
/// use buttress_humanize::{Call, Catalog, English};
///
/// let call = Call::to("api.example.com");
/// let failure = Failure::new(FailureKind::ConnectionClosed);
/// assert_eq!(
///     English.explain(&failure, &call).to_string(),
///     "The connection to api.example.com was closed before an answer came."
/// );
///
/// let failure = failure
///     .with_phase(Phase::Body)
///     .with_delivery(Delivery::Partial { bytes: 12_345 });
/// assert_eq!(
///     English.explain(&failure, &call).to_string(),
///     "The connection to api.example.com was closed in the middle of the answer, after 12 kB."
/// );
/// ```
#[derive(Clone, Copy, Debug, Default)]
#[allow(
    clippy::exhaustive_structs,
    reason = "it is written `English`, and has nothing to configure"
)]
pub struct English;

impl Catalog for English {
    fn explain(&self, failure: &Failure, call: &Call<'_>) -> Explanation {
        Language::English.explain(failure, call)
    }
}
