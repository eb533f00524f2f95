//! `RetryBudget` and its builder.

use super::{Settings, count, number, read};
use crate::{RetryBudget, RetryBudgetBuilder};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeStruct, Serializer};

impl Settings for RetryBudgetBuilder {
    const FIELDS: &'static [&'static str] = &["ratio", "reserve", "min_per_second"];

    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error> {
        Ok(match field {
            "ratio" => self.ratio(number("a number of tries for each call, 0 to 10", value)?),
            "reserve" => self.reserve(count("a whole number of tries, 2 to 1000000", value)?),
            _ => self.min_per_second(number("a number of tries, 0 to 1000", value)?),
        })
    }
}

/// A full budget of its own: one that is to be shared is read once and cloned.
impl<'de> Deserialize<'de> for RetryBudget {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let builder = read(RetryBudget::builder(), deserializer)?;
        builder.build().map_err(D::Error::custom)
    }
}

/// How it was set, not what it holds at the moment.
impl Serialize for RetryBudget {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut out = serializer.serialize_struct("RetryBudget", 3)?;
        out.serialize_field("ratio", &self.ratio())?;
        out.serialize_field("reserve", &self.reserve())?;
        out.serialize_field("min_per_second", &self.min_per_second())?;
        out.end()
    }
}
