//! Reading and writing the configuration: see [`buttress_core::settings`].

use crate::{MinRate, Progress, TimeoutConfig, TimeoutConfigBuilder};
use buttress_core::settings::{HumanTime, Settings, choice, count, read, write_some};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{self, Serialize, SerializeStruct, Serializer};
use std::time::Duration;

impl Settings for TimeoutConfigBuilder {
    const FIELDS: &'static [&'static str] = &[
        "head",
        "first_frame",
        "idle",
        "total",
        "min_rate",
        "progress",
    ];

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        let time = |value| HumanTime::deserialize(value).map(|HumanTime(time)| time);
        Ok(match field {
            "head" => self.head(time(value)?),
            "first_frame" => self.first_frame(time(value)?),
            "idle" => self.idle(time(value)?),
            "total" => self.total(time(value)?),
            "min_rate" => {
                let rate = MinRate::deserialize(value)?;
                self.min_rate(rate.bytes(), rate.per())
            }
            _ => self.progress(Progress::deserialize(value)?),
        })
    }
}

/// Needs the feature `serde`. Like the builder it begins without any limit: what is left out has
/// none. See [`buttress_core::settings`] for the rules.
impl<'de> Deserialize<'de> for TimeoutConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let builder = read(TimeoutConfig::builder(), deserializer)?;
        builder.build().map_err(D::Error::custom)
    }
}

/// Needs the feature `serde`. Fails where progress is a function.
impl Serialize for TimeoutConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let time = |limit: Option<Duration>| limit.map(HumanTime);
        let mut out = serializer.serialize_struct("TimeoutConfig", 6)?;
        write_some(&mut out, "head", time(self.head()).as_ref())?;
        write_some(&mut out, "first_frame", time(self.first_frame()).as_ref())?;
        write_some(&mut out, "idle", time(self.idle()).as_ref())?;
        write_some(&mut out, "total", time(self.total()).as_ref())?;
        write_some(&mut out, "min_rate", self.min_rate().as_ref())?;
        out.serialize_field("progress", self.progress())?;
        out.end()
    }
}

/// What has been read of a rate.
#[derive(Default)]
struct Rate {
    bytes: Option<u64>,
    per: Option<Duration>,
}

impl Settings for Rate {
    const FIELDS: &'static [&'static str] = &["bytes", "per"];

    fn set<'de, D: Deserializer<'de>>(mut self, field: &str, value: D) -> Result<Self, D::Error> {
        match field {
            "bytes" => self.bytes = Some(count("a whole number of bytes, more than zero", value)?),
            _ => self.per = Some(HumanTime::deserialize(value)?.0),
        }
        Ok(self)
    }
}

/// Needs the feature `serde`: `{ bytes = 4096, per = "30s" }`. Checked with the [`TimeoutConfig`]
/// that it becomes a part of.
impl<'de> Deserialize<'de> for MinRate {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let rate = read(Rate::default(), deserializer)?;
        let missing = D::Error::missing_field;
        let bytes = rate.bytes.ok_or_else(|| missing("bytes"))?;
        let per = rate.per.ok_or_else(|| missing("per"))?;
        Ok(MinRate::new(bytes, per))
    }
}

/// Needs the feature `serde`.
impl Serialize for MinRate {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("MinRate", 2)?;
        out.serialize_field("bytes", &self.bytes())?;
        out.serialize_field("per", &HumanTime(self.per()))?;
        out.end()
    }
}

/// Needs the feature `serde`: `"every_frame"` or `"events"`.
impl<'de> Deserialize<'de> for Progress {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let choices = [
            ("every_frame", Progress::EveryFrame),
            ("events", Progress::Events),
        ];
        choice(&choices, deserializer)
    }
}

/// Needs the feature `serde`. Fails for a function.
impl Serialize for Progress {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Progress::EveryFrame => "every_frame",
            Progress::Events => "events",
            Progress::Custom(_) => {
                let problem = "`progress` is a function, which can't be written";
                return Err(<S::Error as ser::Error>::custom(problem));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(json: &str) -> String {
        let error = serde_json::from_str::<TimeoutConfig>(json).unwrap_err();
        let text = error.to_string();
        text.split(" at line").next().unwrap().to_owned()
    }

    #[test]
    fn every_field_comes_back_as_it_was() {
        let json = r#"{"head":"30s","first_frame":"1m","idle":"10s","total":"1h 30m","min_rate":{"bytes":4096,"per":"5s"},"progress":"events"}"#;
        let config: TimeoutConfig = serde_json::from_str(json).unwrap();
        let built = TimeoutConfig::builder()
            .head(Duration::from_secs(30))
            .first_frame(Duration::from_secs(60))
            .idle(Duration::from_secs(10))
            .total(Duration::from_secs(5400))
            .min_rate(4096, Duration::from_secs(5))
            .progress(Progress::Events);
        assert_eq!(config, built.build().unwrap());
        assert_eq!(serde_json::to_string(&config).unwrap(), json);

        let default = serde_json::to_string(&TimeoutConfig::default()).unwrap();
        assert_eq!(
            default,
            r#"{"head":"1m","idle":"1m","progress":"every_frame"}"#
        );
        let read: TimeoutConfig = serde_json::from_str(&default).unwrap();
        assert_eq!(read, TimeoutConfig::default());
    }

    #[test]
    fn what_is_left_out_has_no_limit() {
        let read: TimeoutConfig = serde_json::from_str("{}").unwrap();
        assert_eq!(read, TimeoutConfig::none());
    }

    #[test]
    fn what_the_builder_refuses_is_refused_in_its_words() {
        let builder = TimeoutConfig::builder;
        let second = Duration::from_secs(1);
        for (json, built) in [
            (r#"{"head":"0s"}"#, builder().head(Duration::ZERO)),
            (
                r#"{"first_frame":"0ms"}"#,
                builder().first_frame(Duration::ZERO),
            ),
            (r#"{"idle":"0s"}"#, builder().idle(Duration::ZERO)),
            (r#"{"total":"0s"}"#, builder().total(Duration::ZERO)),
            (
                r#"{"min_rate":{"bytes":0,"per":"1s"}}"#,
                builder().min_rate(0, second),
            ),
            (
                r#"{"min_rate":{"bytes":1,"per":"0s"}}"#,
                builder().min_rate(1, Duration::ZERO),
            ),
        ] {
            assert_eq!(error(json), built.build().unwrap_err().to_string());
        }
    }

    #[test]
    fn errors_name_the_field() {
        for (json, expected) in [
            (
                r#"{"total":300}"#,
                "`total`: invalid type: integer `300`, expected a time with its unit, \
                 such as \"30s\" or \"2m\"",
            ),
            (
                r#"{"idle":null}"#,
                "`idle`: invalid type: null, expected a time with its unit, \
                 such as \"30s\" or \"2m\"",
            ),
            (
                r#"{"min_rate":{"bytes":9}}"#,
                "`min_rate`: missing field `per`",
            ),
            (
                r#"{"min_rate":{"per":"9s"}}"#,
                "`min_rate`: missing field `bytes`",
            ),
            (
                r#"{"min_rate":{"bytes":"4k","per":"9s"}}"#,
                "`min_rate`: `bytes`: invalid type: string \"4k\", expected a whole number of bytes, \
                 more than zero",
            ),
            (
                r#"{"min_rate":4096}"#,
                "`min_rate`: invalid type: integer `4096`, expected fields `bytes`, `per`",
            ),
            (
                r#"{"progress":"bytes"}"#,
                "`progress`: invalid value: string \"bytes\", expected \"every_frame\" or \"events\"",
            ),
            (
                r#"{"connect":"9s"}"#,
                "unknown field `connect`, expected one of `head`, `first_frame`, `idle`, \
                 `total`, `min_rate`, `progress`",
            ),
        ] {
            assert_eq!(error(json), expected, "{json}");
        }
    }

    #[test]
    fn functions_cannot_be_written() {
        let progress = Progress::custom(|| |_: &[u8]| true);
        let config = TimeoutConfig::builder().progress(progress).build().unwrap();
        let error = serde_json::to_string(&config).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`progress` is a function, which can't be written"
        );
    }
}
