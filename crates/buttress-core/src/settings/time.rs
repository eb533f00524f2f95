use serde::de::{Deserialize, Deserializer, Error, Unexpected, Visitor};
use serde::ser::{Serialize, Serializer};
use std::fmt;
use std::time::Duration;

/// A time in words: `"250ms"`, `"30s"`, `"1h 30m"`.
///
/// The words are those of the [`humantime`](https://docs.rs/humantime) crate. Whatever is written
/// is read back to the nanosecond.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(
    clippy::exhaustive_structs,
    reason = "it is a way to write a time down, and nothing else"
)]
pub struct HumanTime(pub Duration);

impl<'de> Deserialize<'de> for HumanTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(Words)
    }
}

impl Serialize for HumanTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&humantime::format_duration(self.0))
    }
}

struct Words;

impl Visitor<'_> for Words {
    type Value = HumanTime;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a time with its unit, such as \"30s\" or \"2m\"")
    }

    fn visit_str<E: Error>(self, words: &str) -> Result<HumanTime, E> {
        humantime::parse_duration(words)
            .map(HumanTime)
            .map_err(|_| E::invalid_value(Unexpected::Str(words), &self))
    }
}
