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
#[derive(Default)]
struct Parts {
    base: Option<Duration>,
    cap: Option<Duration>,
    jitter: Jitter,
    none: bool,
}

impl Settings for Parts {
    const FIELDS: &'static [&'static str] = &["base", "cap", "jitter"];

    fn set<'de, D: Deserializer<'de>>(mut self, field: &str, value: D) -> Result<Self, D::Error> {
        match field {
            "base" => self.base = Some(HumanTime::deserialize(value)?.0),
            "cap" => self.cap = Some(HumanTime::deserialize(value)?.0),
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

impl Parts {
    /// The first delay and the longest. One that was left out is as by default, or as the other one
    /// where it would not fit that.
    fn delays(&self) -> (Duration, Duration) {
        let default = Backoff::default();
        match (self.base, self.cap) {
            (Some(base), Some(cap)) => (base, cap),
            (base, None) => {
                let base = base.unwrap_or(default.base());
                (base, base.max(default.cap()))
            }
            (None, Some(cap)) if cap.is_zero() => (default.base(), cap),
            (None, Some(cap)) => (cap.min(default.base()), cap),
        }
    }
}

/// `"none"`, or fields, each as by default if it is left out. A `base` alone that is above the default cap
/// is the cap too, and a `cap` alone that is below the default base is the base too.
impl<'de> Deserialize<'de> for Backoff {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let parts = read(Parts::default(), deserializer)?;
        if parts.none {
            return Ok(Backoff::none());
        }
        let (base, cap) = parts.delays();
        let backoff = Backoff::exponential(base, cap).map_err(D::Error::custom)?;
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
