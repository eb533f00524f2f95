//! Reading the stack's limits from a file: see [`buttress_core::settings`].

use super::{ClientBuilder, ClientLayer};
use buttress_core::RetryBudget;
use buttress_core::budget::RetryBudgetBuilder;
use buttress_core::settings::{HumanTime, Settings, read};
use buttress_resume::ResumeConfig;
use buttress_retry::RetryConfig;
use buttress_timeout::TimeoutConfig;
use serde::de::{Deserialize, Deserializer, Error};

impl Settings for ClientBuilder {
    const FIELDS: &'static [&'static str] = &["total", "resume", "retry", "attempt", "budget"];

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        Ok(match field {
            "total" => self.total(HumanTime::deserialize(value)?.0),
            "resume" => self.resume(ResumeConfig::deserialize(value)?),
            "retry" => self.retry(RetryConfig::deserialize(value)?),
            "attempt" => self.attempt(TimeoutConfig::deserialize(value)?),
            _ => {
                let MaybeBudget(budget) = read(MaybeBudget::default(), value)?;
                let budget = budget.map(RetryBudgetBuilder::build).transpose();
                self.budget(budget.map_err(D::Error::custom)?)
            }
        })
    }
}

/// A budget or none.
struct MaybeBudget(Option<RetryBudgetBuilder>);

impl Default for MaybeBudget {
    fn default() -> Self {
        MaybeBudget(Some(RetryBudget::builder()))
    }
}

impl Settings for MaybeBudget {
    const FIELDS: &'static [&'static str] = RetryBudgetBuilder::FIELDS;

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        let builder = self.0.map(|builder| builder.set(field, value));
        builder.transpose().map(MaybeBudget)
    }

    fn none() -> Option<Self> {
        Some(MaybeBudget(None))
    }
}

/// Needs the feature `serde`. What is left out is as [`ClientLayer::builder`] begins with it;
/// `budget = "none"` is for no budget.
///
/// ```
/// use buttress::ClientLayer;
///
/// let client: ClientLayer = serde_json::from_str(
///     r#"{
///         "total": "10m",
///         "retry": { "attempts": 3, "elapsed": "2m" },
///         "attempt": { "head": "30s", "idle": "20s" }
///     }"#,
/// )?;
/// # let _: ClientLayer = client;
///
/// let json = r#"{ "total": "30s", "attempt": { "head": "1m" } }"#;
/// let error = serde_json::from_str::<ClientLayer>(json).unwrap_err();
/// assert!(error.to_string().starts_with(
///     "`attempt.head` is 60s, but must be at most `total` (30s)"
/// ));
/// # Ok::<(), serde_json::Error>(())
/// ```
impl<'de> Deserialize<'de> for ClientLayer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let builder = read(ClientLayer::builder(), deserializer)?;
        builder.build().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn error(json: &str) -> String {
        let error = serde_json::from_str::<ClientLayer>(json).unwrap_err();
        let text = error.to_string();
        text.split(" at line").next().unwrap().to_owned()
    }

    #[test]
    fn a_stack_that_is_read_is_the_one_that_is_built() {
        let second = Duration::from_secs(1);
        let attempt = TimeoutConfig::builder().head(9 * second).build().unwrap();
        let builder = ClientLayer::builder;
        for (json, built) in [
            ("{}", builder()),
            (r#"{"budget":{}}"#, builder()),
            (r#"{"total":"9s"}"#, builder().total(9 * second)),
            (r#"{"budget":"none"}"#, builder().budget(None)),
            (
                r#"{"budget":{"reserve":9}}"#,
                builder().budget(RetryBudget::builder().reserve(9).build().unwrap()),
            ),
            (
                r#"{"total":"9s","attempt":{"head":"9s"}}"#,
                builder().total(9 * second).attempt(attempt),
            ),
            (
                r#"{"retry":{"attempts":9}}"#,
                builder().retry(RetryConfig::builder().attempts(9).build().unwrap()),
            ),
            (
                r#"{"resume":{"tries":9}}"#,
                builder().resume(ResumeConfig::builder().tries(9).build().unwrap()),
            ),
        ] {
            let read: ClientLayer = serde_json::from_str(json).unwrap();
            let built = built.build().unwrap();
            assert_eq!(format!("{read:?}"), format!("{built:?}"), "{json}");
        }
    }

    #[test]
    fn errors_name_the_field() {
        for (json, expected) in [
            (
                r#"{"total":"5s","attempt":{"idle":"6s"}}"#,
                "`attempt.idle` is 6s, but must be at most `total` (5s)",
            ),
            (
                r#"{"total":"0s"}"#,
                "`total` is 0ns, but must be more than zero (leave it out for no limit)",
            ),
            (
                r#"{"retry":{"attempts":0}}"#,
                "`retry`: `attempts` is 0, but must be 1 to 100 (1 means no retry)",
            ),
            (
                r#"{"budget":{"reserve":0}}"#,
                "`budget`: `reserve` is 0, but must be 2 to 1000000",
            ),
            (
                r#"{"budget":"big"}"#,
                "`budget`: invalid value: string \"big\", expected fields `ratio`, `reserve`, \
                 `min_per_second`, or \"none\"",
            ),
            (
                r#"{"timeout":{}}"#,
                "unknown field `timeout`, expected one of `total`, `resume`, `retry`, `attempt`, \
                 `budget`",
            ),
        ] {
            assert_eq!(error(json), expected, "{json}");
        }
    }
}
