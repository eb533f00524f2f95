//! Reading and writing the configuration: see [`buttress_core::settings`].

use crate::gate::Opens;
use crate::{Consent, Gate, RetryConfig, RetryConfigBuilder};
use buttress_core::settings::{HumanTime, Settings, choice, count, flag, read, write_some};
use buttress_core::{Backoff, RetryBudget};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{self, Serialize, SerializeStruct, Serializer};

impl Settings for RetryConfigBuilder {
    const FIELDS: &'static [&'static str] = &[
        "attempts",
        "elapsed",
        "backoff",
        "consent",
        "gate",
        "budget",
        "idempotency_key",
    ];

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        Ok(match field {
            "attempts" => self.attempts(count("a whole number of attempts, 1 to 100", value)?),
            "elapsed" => self.elapsed(HumanTime::deserialize(value)?.0),
            "backoff" => self.backoff(Backoff::deserialize(value)?),
            "consent" => self.consent(Consent::deserialize(value)?),
            "gate" => self.gate(Gate::deserialize(value)?),
            "budget" => self.budget(RetryBudget::deserialize(value)?),
            _ => self.idempotency_key(flag(value)?),
        })
    }
}

/// Needs the feature `serde`. See [`buttress_core::settings`] for the rules.
impl<'de> Deserialize<'de> for RetryConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let builder = read(RetryConfig::builder(), deserializer)?;
        builder.build().map_err(D::Error::custom)
    }
}

/// Needs the feature `serde`. Everything but the observer. Fails where there is a function.
impl Serialize for RetryConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("RetryConfig", 7)?;
        out.serialize_field("attempts", &self.attempts())?;
        out.serialize_field("elapsed", &HumanTime(self.elapsed()))?;
        out.serialize_field("backoff", self.backoff())?;
        out.serialize_field("consent", self.consent())?;
        write_some(&mut out, "gate", self.gate())?;
        write_some(&mut out, "budget", self.budget())?;
        out.serialize_field("idempotency_key", &self.idempotency_key())?;
        out.end()
    }
}

/// Needs the feature `serde`: `"standard"`, `"always"` or `"never"`.
impl<'de> Deserialize<'de> for Consent {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let choices = [
            ("standard", Consent::Standard),
            ("always", Consent::Always),
            ("never", Consent::Never),
        ];
        choice(&choices, deserializer)
    }
}

/// Needs the feature `serde`. Fails for a function.
impl Serialize for Consent {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Consent::Standard => "standard",
            Consent::Always => "always",
            Consent::Never => "never",
            Consent::Custom(_) => return Err(is_function("consent")),
        })
    }
}

impl Settings for Gate {
    const FIELDS: &'static [&'static str] = &["until", "max_bytes", "max_wait"];

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        Ok(match field {
            "until" => Gate {
                opens: choice(&[("first_frame", Opens::FirstFrame)], value)?,
                ..self
            },
            "max_bytes" => {
                self.max_bytes(count("a whole number of bytes, 1 byte to 16 MiB", value)?)
            }
            _ => self.max_wait(HumanTime::deserialize(value)?.0),
        })
    }
}

/// Needs the feature `serde`: `{ until = "first_frame", max_bytes = 65536, max_wait = "30s" }`.
/// Checked with the [`RetryConfig`] that it becomes a part of.
impl<'de> Deserialize<'de> for Gate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read(Gate::first_frame(), deserializer)
    }
}

/// Needs the feature `serde`. Fails for a function.
impl Serialize for Gate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Opens::FirstFrame = self.opens else {
            return Err(is_function("gate"));
        };
        let mut out = serializer.serialize_struct("Gate", 3)?;
        out.serialize_field("until", "first_frame")?;
        out.serialize_field("max_bytes", &self.max_bytes)?;
        out.serialize_field("max_wait", &HumanTime(self.max_wait))?;
        out.end()
    }
}

fn is_function<E: ser::Error>(field: &str) -> E {
    E::custom(format_args!(
        "`{field}` is a function, which can't be written"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn error(json: &str) -> String {
        let error = serde_json::from_str::<RetryConfig>(json).unwrap_err();
        let text = error.to_string();
        text.split(" at line").next().unwrap().to_owned()
    }

    #[test]
    fn every_field_comes_back_as_it_was() {
        let json = r#"{"attempts":3,"elapsed":"30s","backoff":{"base":"1s","cap":"9s","jitter":"equal"},"consent":"always","gate":{"until":"first_frame","max_bytes":1024,"max_wait":"5s"},"budget":{"ratio":0.5,"reserve":7,"min_per_second":0.0},"idempotency_key":true}"#;
        let config: RetryConfig = serde_json::from_str(json).unwrap();
        assert_eq!(config.attempts(), 3);
        assert_eq!(config.elapsed(), Duration::from_secs(30));
        assert_eq!(config.backoff().base(), Duration::from_secs(1));
        assert!(matches!(config.consent(), Consent::Always));
        let gate = config.gate().unwrap();
        assert_eq!(gate.max_bytes, 1024);
        assert_eq!(gate.max_wait, Duration::from_secs(5));
        assert_eq!(config.budget().unwrap().balance(), 7.0);
        assert!(config.idempotency_key());
        assert_eq!(serde_json::to_string(&config).unwrap(), json);
    }

    #[test]
    fn what_is_left_out_is_as_by_default() {
        let read: RetryConfig = serde_json::from_str("{}").unwrap();
        let written = serde_json::to_string(&read).unwrap();
        assert_eq!(
            written,
            serde_json::to_string(&RetryConfig::default()).unwrap()
        );
        assert!(!written.contains("gate") && !written.contains("budget"));
        let read: Consent = serde_json::from_str(r#""standard""#).unwrap();
        assert!(matches!(read, Consent::Standard));
        let read: Consent = serde_json::from_str(r#""never""#).unwrap();
        assert!(matches!(read, Consent::Never));
        assert_eq!(serde_json::to_string(&read).unwrap(), r#""never""#);
    }

    /// The builder's own words for what it would refuse.
    #[test]
    fn what_the_builder_refuses_is_refused_in_its_words() {
        let builder = RetryConfig::builder;
        for (json, built) in [
            (r#"{"attempts":0}"#, builder().attempts(0)),
            (r#"{"attempts":101}"#, builder().attempts(101)),
            (r#"{"elapsed":"0s"}"#, builder().elapsed(Duration::ZERO)),
            (
                r#"{"elapsed":"2days"}"#,
                builder().elapsed(Duration::from_secs(2 * 86_400)),
            ),
            (
                r#"{"gate":{"max_bytes":0}}"#,
                builder().gate(Gate::first_frame().max_bytes(0)),
            ),
            (
                r#"{"gate":{"max_wait":"0s"}}"#,
                builder().gate(Gate::first_frame().max_wait(Duration::ZERO)),
            ),
        ] {
            assert_eq!(error(json), built.build().unwrap_err().to_string());
        }
    }

    #[test]
    fn errors_name_the_field() {
        for (json, expected) in [
            (
                r#"{"elapsed":30}"#,
                "`elapsed`: invalid type: integer `30`, expected a time with its unit, \
                 such as \"30s\" or \"2m\"",
            ),
            (
                r#"{"attempts":"3"}"#,
                "`attempts`: invalid type: string \"3\", expected a whole number of attempts, 1 to 100",
            ),
            (
                r#"{"attempts":-1}"#,
                "`attempts`: invalid value: integer `-1`, expected a whole number of attempts, 1 to 100",
            ),
            (
                r#"{"attempts":1.5}"#,
                "`attempts`: invalid type: floating point `1.5`, expected a whole number of \
                 attempts, 1 to 100",
            ),
            (
                r#"{"attempts":5000000000}"#,
                "`attempts`: invalid value: integer `5000000000`, expected a whole number of \
                 attempts, 1 to 100",
            ),
            (
                r#"{"gate":{"max_bytes":"64k"}}"#,
                "`gate`: `max_bytes`: invalid type: string \"64k\", expected a whole number of \
                 bytes, 1 byte to 16 MiB",
            ),
            (
                r#"{"gate":{"max_wait":30}}"#,
                "`gate`: `max_wait`: invalid type: integer `30`, expected a time with its unit, \
                 such as \"30s\" or \"2m\"",
            ),
            (
                r#"{"consent":"custom"}"#,
                "`consent`: invalid value: string \"custom\", expected \"standard\", \"always\" \
                 or \"never\"",
            ),
            (
                r#"{"backoff":{"base":"250ms","cap":"1ms"}}"#,
                "`backoff`: `cap` is 1ms, but must be at least `base` (250ms)",
            ),
            (
                r#"{"gate":{"until":"data"}}"#,
                "`gate`: `until`: invalid value: string \"data\", expected \"first_frame\"",
            ),
            (
                r#"{"budget":{"reserve":1}}"#,
                "`budget`: `reserve` is 1, but must be 2 to 1000000",
            ),
            (
                r#"{"idempotency_key":"yes"}"#,
                "`idempotency_key`: invalid type: string \"yes\", expected true or false",
            ),
            (
                r#"{"retries":3}"#,
                "unknown field `retries`, expected one of `attempts`, `elapsed`, `backoff`, \
                 `consent`, `gate`, `budget`, `idempotency_key`",
            ),
            (
                r#"{"attempts":3,"attempts":4}"#,
                "duplicate field `attempts`",
            ),
        ] {
            assert_eq!(error(json), expected, "{json}");
        }
    }

    #[test]
    fn functions_cannot_be_written() {
        let consent = RetryConfig::builder().consent(Consent::custom(|_, _| true));
        let gate = RetryConfig::builder().gate(Gate::until(|_: &[u8]| true));
        for (builder, field) in [(consent, "consent"), (gate, "gate")] {
            let error = serde_json::to_string(&builder.build().unwrap()).unwrap_err();
            let expected = format!("`{field}` is a function, which can't be written");
            assert_eq!(error.to_string(), expected);
        }
    }
}
