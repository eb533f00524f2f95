//! Reading and writing the configuration: see [`buttress_core::settings`].

use crate::{ResumeConfig, ResumeConfigBuilder};
use buttress_core::settings::{HumanTime, Settings, count, flag, read, write_some};
use buttress_core::{Backoff, RetryBudget};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeStruct, Serializer};

impl Settings for ResumeConfigBuilder {
    const FIELDS: &'static [&'static str] = &[
        "tries",
        "total",
        "backoff",
        "max_wait",
        "max_reread",
        "max_event",
        "window",
        "any_method",
        "prefix_replay",
        "overlap",
        "overlap_alone",
        "report",
        "budget",
    ];

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        Ok(match field {
            "tries" => self.tries(count("a whole number of tries, 1 to 100", value)?),
            "total" => self.total(count("a whole number of tries, 1 to 1000000", value)?),
            "backoff" => self.backoff(Backoff::deserialize(value)?),
            "max_wait" => self.max_wait(HumanTime::deserialize(value)?.0),
            "max_reread" => self.max_reread(count("a whole number of bytes", value)?),
            "max_event" => self.max_event(count("a whole number of bytes, 1 KiB to 1 GiB", value)?),
            "window" => self.window(count("a whole number of ids, at most 100000", value)?),
            "any_method" => self.any_method(flag(value)?),
            "prefix_replay" => self.prefix_replay(flag(value)?),
            "overlap" => self.overlap(count("a whole number of bytes, at most 16 MiB", value)?),
            "overlap_alone" => self.overlap_alone(flag(value)?),
            "report" => self.report(flag(value)?),
            _ => self.budget(RetryBudget::deserialize(value)?),
        })
    }
}

/// Needs the feature `serde`. See [`buttress_core::settings`] for the rules.
impl<'de> Deserialize<'de> for ResumeConfig {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let builder = read(ResumeConfig::builder(), deserializer)?;
        builder.build().map_err(D::Error::custom)
    }
}

/// Needs the feature `serde`. Everything but the observer and the
/// predicate of the last event.
impl Serialize for ResumeConfig {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("ResumeConfig", 13)?;
        out.serialize_field("tries", &self.tries())?;
        out.serialize_field("total", &self.total())?;
        out.serialize_field("backoff", self.backoff())?;
        out.serialize_field("max_wait", &HumanTime(self.max_wait()))?;
        out.serialize_field("max_reread", &self.max_reread())?;
        out.serialize_field("max_event", &self.max_event())?;
        out.serialize_field("window", &self.window())?;
        out.serialize_field("any_method", &self.any_method())?;
        out.serialize_field("prefix_replay", &self.prefix_replay())?;
        out.serialize_field("overlap", &self.overlap())?;
        out.serialize_field("overlap_alone", &self.overlap_alone())?;
        out.serialize_field("report", &self.report())?;
        write_some(&mut out, "budget", self.budget())?;
        out.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    fn error(json: &str) -> String {
        let error = serde_json::from_str::<ResumeConfig>(json).unwrap_err();
        let text = error.to_string();
        text.split(" at line").next().unwrap().to_owned()
    }

    #[test]
    fn every_field_comes_back_as_it_was() {
        let json = r#"{"tries":3,"total":30,"backoff":"none","max_wait":"2m","max_reread":0,"max_event":2048,"window":7,"any_method":true,"prefix_replay":true,"overlap":9,"overlap_alone":true,"report":true,"budget":{"ratio":0.5,"reserve":7,"min_per_second":0.0}}"#;
        let config: ResumeConfig = serde_json::from_str(json).unwrap();
        assert_eq!((config.tries(), config.total()), (3, 30));
        assert_eq!(*config.backoff(), Backoff::none());
        assert_eq!(config.max_wait(), Duration::from_secs(120));
        assert_eq!((config.max_reread(), config.max_event()), (0, 2048));
        assert_eq!((config.window(), config.overlap()), (7, 9));
        assert!(config.any_method() && config.prefix_replay());
        assert!(config.overlap_alone() && config.report());
        assert_eq!(config.budget().unwrap().balance(), 7.0);
        assert_eq!(serde_json::to_string(&config).unwrap(), json);

        let read: ResumeConfig = serde_json::from_str("{}").unwrap();
        let written = |config: &ResumeConfig| serde_json::to_string(config).unwrap();
        assert_eq!(written(&read), written(&ResumeConfig::default()));
    }

    #[test]
    fn what_the_builder_refuses_is_refused_in_its_words() {
        let builder = ResumeConfig::builder;
        for (json, built) in [
            (r#"{"tries":0}"#, builder().tries(0)),
            (r#"{"total":0}"#, builder().total(0)),
            (
                r#"{"max_wait":"2days"}"#,
                builder().max_wait(Duration::from_secs(2 * 86_400)),
            ),
            (r#"{"max_event":1}"#, builder().max_event(1)),
        ] {
            assert_eq!(error(json), built.build().unwrap_err().to_string());
        }
    }

    #[test]
    fn errors_name_the_field() {
        for (json, expected) in [
            (
                r#"{"max_wait":60}"#,
                "`max_wait`: invalid type: integer `60`, expected a time with its unit, \
                 such as \"30s\" or \"2m\"",
            ),
            (
                r#"{"max_reread":-1}"#,
                "`max_reread`: invalid value: integer `-1`, expected a whole number of bytes",
            ),
            (
                r#"{"tries":"3"}"#,
                "`tries`: invalid type: string \"3\", expected a whole number of tries, 1 to 100",
            ),
            (
                r#"{"total":1e9}"#,
                "`total`: invalid type: floating point `1000000000.0`, expected a whole number of tries, 1 to 1000000",
            ),
            (
                r#"{"max_event":"1MiB"}"#,
                "`max_event`: invalid type: string \"1MiB\", expected a whole number of bytes, 1 KiB to 1 GiB",
            ),
            (
                r#"{"window":true}"#,
                "`window`: invalid type: boolean `true`, expected a whole number of ids, at most 100000",
            ),
            (
                r#"{"overlap":{}}"#,
                "`overlap`: invalid type: map, expected a whole number of bytes, at most 16 MiB",
            ),
            (
                r#"{"any_method":1}"#,
                "`any_method`: invalid type: integer `1`, expected true or false",
            ),
            (
                r#"{"prefix_replay":1}"#,
                "`prefix_replay`: invalid type: integer `1`, expected true or false",
            ),
            (
                r#"{"overlap_alone":1}"#,
                "`overlap_alone`: invalid type: integer `1`, expected true or false",
            ),
            (
                r#"{"report":1}"#,
                "`report`: invalid type: integer `1`, expected true or false",
            ),
            (
                r#"{"budget":{"ratio":-1}}"#,
                "`budget`: `ratio` is -1, but must be 0 to 10",
            ),
            (
                r#"{"attempts":3}"#,
                "unknown field `attempts`, expected one of `tries`, `total`, `backoff`, \
                 `max_wait`, `max_reread`, `max_event`, `window`, `any_method`, `prefix_replay`, \
                 `overlap`, `overlap_alone`, `report`, \
                 `budget`",
            ),
        ] {
            assert_eq!(error(json), expected, "{json}");
        }
    }
}
