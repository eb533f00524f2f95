//! Numbers and answers of yes or no, whose errors say in words what is expected: `serde`'s own name
//! types of Rust, which a file has none of.

use serde::de::{Deserializer, Error, Unexpected, Visitor};
use std::fmt;
use std::marker::PhantomData;

/// Reads a whole number. `expected` says what it counts and which are allowed, as in "a whole number of
/// bytes, 1 KiB to 1 GiB".
///
/// ```
/// use buttress_core::settings::count;
///
/// let mut json = serde_json::Deserializer::from_str("-1");
/// let error = count::<u32, _>("a whole number of tries, 1 to 100", &mut json).unwrap_err();
/// assert!(error.to_string().starts_with(
///     "invalid value: integer `-1`, expected a whole number of tries, 1 to 100"
/// ));
/// ```
///
/// # Errors
///
/// Those of the deserializer; what is no whole number, or not one that `T` holds.
pub fn count<'de, T, D>(expected: &str, deserializer: D) -> Result<T, D::Error>
where
    T: TryFrom<u64>,
    D: Deserializer<'de>,
{
    deserializer.deserialize_u64(Count(expected, PhantomData))
}

/// Reads a number that need not be whole. `expected` says what it is of and which are allowed.
///
/// # Errors
///
/// Those of the deserializer; what is no number.
pub fn number<'de, D: Deserializer<'de>>(expected: &str, deserializer: D) -> Result<f64, D::Error> {
    deserializer.deserialize_f64(Number(expected))
}

/// Reads `true` or `false`.
///
/// # Errors
///
/// Those of the deserializer; anything else.
pub fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    deserializer.deserialize_bool(Flag)
}

struct Count<'a, T>(&'a str, PhantomData<T>);

impl<T: TryFrom<u64>> Visitor<'_> for Count<'_, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_u64<E: Error>(self, n: u64) -> Result<T, E> {
        T::try_from(n).map_err(|_| E::invalid_value(Unexpected::Unsigned(n), &self))
    }

    fn visit_i64<E: Error>(self, n: i64) -> Result<T, E> {
        match u64::try_from(n) {
            Ok(n) => self.visit_u64(n),
            Err(_) => Err(E::invalid_value(Unexpected::Signed(n), &self)),
        }
    }
}

struct Number<'a>(&'a str);

impl Visitor<'_> for Number<'_> {
    type Value = f64;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }

    fn visit_f64<E: Error>(self, n: f64) -> Result<f64, E> {
        Ok(n)
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "what a builder allows is far below"
    )]
    fn visit_u64<E: Error>(self, n: u64) -> Result<f64, E> {
        Ok(n as f64)
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "what a builder allows is far below"
    )]
    fn visit_i64<E: Error>(self, n: i64) -> Result<f64, E> {
        Ok(n as f64)
    }
}

struct Flag;

impl Visitor<'_> for Flag {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("true or false")
    }

    fn visit_bool<E: Error>(self, flag: bool) -> Result<bool, E> {
        Ok(flag)
    }
}
