//! Configurations read from files and written to them, with `serde`. Needs the feature `serde`.
//!
//! Every configuration of the suite can be read from any format that has maps and strings. It is
//! read through its builder, field by field, and is checked as the builder checks it:
//!
//! - What is left out is as the builder begins with it.
//! - Times are words with their unit: `"250ms"`, `"30s"`, `"2m"`, `"1h 30m"`. A bare number is
//!   refused: nobody can tell what it counts.
//! - A field that does not exist, or is there twice, is an error.
//! - Errors name the field, and say in words what is expected: "a whole number of bytes, 1 KiB to 1 GiB".
//!   What a builder would refuse is refused in the builder's words.
//!
//! Functions, observers and what a budget holds at the moment can't be written down: a
//! configuration with a function can't be written, and an observer is left out.
//!
//! ```
//! use buttress_core::{Backoff, Jitter};
//! use std::time::Duration;
//!
//! let backoff: Backoff = toml::from_str("base = '1s'\njitter = 'equal'")?;
//! assert_eq!(backoff.base(), Duration::from_secs(1));
//! assert_eq!(backoff.cap(), Duration::from_secs(20)); // as by default
//!
//! let error = toml::from_str::<Backoff>("base = '1s'\ncap = 5").unwrap_err();
//! assert!(error.to_string().contains("line 2"));
//! assert!(error.to_string().contains(
//!     "`cap`: invalid type: integer `5`, expected a time with its unit, such as \"30s\" or \"2m\""
//! ));
//! # Ok::<(), toml::de::Error>(())
//! ```
//!
//! | type | what it looks like |
//! |---|---|
//! | [`Backoff`](crate::Backoff) | `{ base = "250ms", cap = "20s", jitter = "full" }`, or `"none"` |
//! | [`Jitter`](crate::Jitter) | `"full"`, `"equal"`, `"decorrelated"`, `"none"` |
//! | [`RetryBudget`](crate::RetryBudget) | `{ ratio = 0.2, reserve = 100, min_per_second = 1.0 }`: a new one each time it is read |
//!
//! The rest of the module is for those who write a layer: a builder that implements [`Settings`]
//! is read by [`read`].

mod backoff;
mod budget;
mod plain;
mod time;

pub use self::plain::{count, flag, number};
pub use self::time::HumanTime;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, Unexpected, Visitor};
use serde::ser::{Serialize, SerializeStruct};
use std::fmt;
use std::marker::PhantomData;

/// A builder whose fields can be read one by one.
///
/// ```
/// use buttress_core::settings::{HumanTime, Settings, read};
/// use serde::{Deserialize, Deserializer};
/// use std::time::Duration;
///
/// #[derive(Debug, Default)]
/// struct Limits {
///     patience: Duration,
/// }
///
/// impl Settings for Limits {
///     const FIELDS: &'static [&'static str] = &["patience"];
///
///     fn set<'de, D: Deserializer<'de>>(self, _: &str, value: D) -> Result<Self, D::Error> {
///         let HumanTime(patience) = HumanTime::deserialize(value)?;
///         Ok(Limits { patience })
///     }
/// }
///
/// let mut json = serde_json::Deserializer::from_str(r#"{"patience": "2m"}"#);
/// assert_eq!(read(Limits::default(), &mut json)?.patience, Duration::from_secs(120));
///
/// let mut json = serde_json::Deserializer::from_str(r#"{"patients": "2m"}"#);
/// let error = read(Limits::default(), &mut json).unwrap_err();
/// assert!(error.to_string().starts_with("unknown field `patients`, expected `patience`"));
/// # Ok::<(), serde_json::Error>(())
/// ```
pub trait Settings: Sized {
    /// The names of all fields, which are those of the builder's methods.
    const FIELDS: &'static [&'static str];

    /// Sets `field`, which is one of [`FIELDS`](Settings::FIELDS).
    ///
    /// # Errors
    ///
    /// Those of the deserializer. [`read`] puts the field's name before them.
    fn set<'de, D: Deserializer<'de>>(self, field: &str, value: D) -> Result<Self, D::Error>;

    /// What the word `"none"` instead of the fields stands for. Nothing, unless overridden.
    #[must_use]
    fn none() -> Option<Self> {
        None
    }
}

/// Reads the fields that are there into `start`.
///
/// # Errors
///
/// Those of the deserializer; a field that does not exist, or is there twice.
pub fn read<'de, T, D>(start: T, deserializer: D) -> Result<T, D::Error>
where
    T: Settings,
    D: Deserializer<'de>,
{
    deserializer.deserialize_any(Fields(start))
}

/// Reads a word that stands for one of the `choices`.
///
/// # Errors
///
/// Those of the deserializer; any other word.
pub fn choice<'de, T, D>(choices: &[(&str, T)], deserializer: D) -> Result<T, D::Error>
where
    T: Clone,
    D: Deserializer<'de>,
{
    deserializer.deserialize_str(Choice(choices))
}

/// Writes a field that need not be there.
///
/// # Errors
///
/// Those of the serializer.
pub fn write_some<S: SerializeStruct>(
    out: &mut S,
    field: &'static str,
    value: Option<&(impl Serialize + ?Sized)>,
) -> Result<(), S::Error> {
    match value {
        Some(value) => out.serialize_field(field, value),
        None => out.skip_field(field),
    }
}

struct Fields<T>(T);

impl<'de, T: Settings> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("fields")?;
        let mut separator = " ";
        for field in T::FIELDS {
            write!(f, "{separator}`{field}`")?;
            separator = ", ";
        }
        if T::none().is_some() {
            f.write_str(", or \"none\"")?;
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
        let none = Some(word).filter(|word| *word == "none");
        none.and_then(|_| T::none())
            .ok_or_else(|| E::invalid_value(Unexpected::Str(word), &self))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut settings = self.0;
        let mut seen = Vec::new();
        while let Some(field) = map.next_key_seed(Name::<T>(PhantomData))? {
            if seen.contains(&field) {
                return Err(A::Error::duplicate_field(field));
            }
            seen.push(field);
            settings = map.next_value_seed(Field(settings, field))?;
        }
        Ok(settings)
    }
}

/// One of the names.
struct Name<T>(PhantomData<T>);

impl<'de, T: Settings> DeserializeSeed<'de> for Name<T> {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, name: D) -> Result<&'static str, D::Error> {
        name.deserialize_identifier(self)
    }
}

impl<T: Settings> Visitor<'_> for Name<T> {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<&'static str, E> {
        let mut fields = T::FIELDS.iter();
        fields
            .find(|field| **field == name)
            .copied()
            .ok_or_else(|| E::unknown_field(name, T::FIELDS))
    }
}

/// The value of a field, whose errors begin with its name.
struct Field<T>(T, &'static str);

impl<'de, T: Settings> DeserializeSeed<'de> for Field<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, value: D) -> Result<T, D::Error> {
        let Field(settings, field) = self;
        settings.set(field, value).map_err(|error| {
            let error = error.to_string();
            D::Error::custom(format_args!("`{field}`: {}", error.trim_end()))
        })
    }
}

struct Choice<'a, T>(&'a [(&'a str, T)]);

impl<T: Clone> Visitor<'_> for Choice<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (word, _)) in self.0.iter().enumerate() {
            let separator = match index {
                0 => "",
                _ if index + 1 == self.0.len() => " or ",
                _ => ", ",
            };
            write!(f, "{separator}{word:?}")?;
        }
        Ok(())
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<T, E> {
        let found = self.0.iter().find(|(choice, _)| *choice == word);
        found
            .map(|(_, choice)| choice.clone())
            .ok_or_else(|| E::invalid_value(Unexpected::Str(word), &self))
    }
}

#[cfg(test)]
mod tests;
