//! `Backoff` and `Jitter`.

use super::{HumanTime, Settings, choice, read};
use crate::{Backoff, Jitter};
use serde::de::{Deserialize, Deserializer, Error};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::time::Duration;

const JITTERS: [(&str, Jitter); 4] = [
    ("full", Jitter::Full),
    ("equal", Jitter::Equal),
    ("decorrelated", Jitter::Decorrelated),
    ("none", Jitter::None),
];

impl<'de> Deserialize<'de> for Jitter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        choice(&JITTERS, deserializer)
    }
}

impl Serialize for Jitter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Jitter::Full => "full",
            Jitter::Equal => "equal",
            Jitter::Decorrelated => "decorrelated",
            Jitter::None => "none",
        })
    }
}

/// What has been read of a backoff.
struct Parts {
    base: Duration,
    cap: Duration,
    jitter: Jitter,
    none: bool,
}

impl Settings for Parts {
    const FIELDS: &'static [&'static str] = &["base", "cap", "jitter"];

    fn set<'de, D: Deserializer<'de>>(mut self, field: &str, value: D) -> Result<Self, D::Error> {
        match field {
            "base" => HumanTime(self.base) = HumanTime::deserialize(value)?,
            "cap" => HumanTime(self.cap) = HumanTime::deserialize(value)?,
            _ => self.jitter = Jitter::deserialize(value)?,
        }
        Ok(self)
    }

    fn none() -> Option<Self> {
        Some(Parts {
            none: true,
            ..Parts::default()
        })
    }
}

impl Default for Parts {
    fn default() -> Self {
        let backoff = Backoff::default();
        Parts {
            base: backoff.base(),
            cap: backoff.cap(),
            jitter: Jitter::default(),
            none: false,
        }
    }
}

/// `"none"`, or fields, each as by default if it is left out.
impl<'de> Deserialize<'de> for Backoff {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = read(Parts::default(), deserializer)?;
        if parts.none {
            return Ok(Backoff::none());
        }
        let backoff = Backoff::exponential(parts.base, parts.cap).map_err(D::Error::custom)?;
        Ok(backoff.jitter(parts.jitter))
    }
}

/// Everything but a seed, which is for tests.
impl Serialize for Backoff {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.cap().is_zero() {
            return serializer.serialize_str("none");
        }
        let mut out = serializer.serialize_struct("Backoff", 3)?;
        out.serialize_field("base", &HumanTime(self.base()))?;
        out.serialize_field("cap", &HumanTime(self.cap()))?;
        out.serialize_field("jitter", &self.kind())?;
        out.end()
    }
}
