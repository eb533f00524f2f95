//! Durations and sizes as a person would say them, in each language.

use super::Language;
use super::fluent::Value;
use std::time::Duration;

/// A duration in at most two units: `0.3 s`, `1.5 s`, `2 min`, `6 h 20 min`, `3 days`.
///
/// Rounded to what matters at that length; a wait is never rounded to nothing.
pub(super) fn time(language: Language, time: Duration) -> String {
    let millis = time.as_millis();
    let one = |id, n| quantity(language, id, n, &n.to_string());
    let two = |big: String, id, n| match n {
        0 => big,
        n => {
            let small = one(id, n);
            let args = [("big", Value::Text(&big)), ("small", Value::Text(&small))];
            language.say("time-two", &args)
        }
    };
    match millis {
        0 if time.is_zero() => one("time-seconds", 0),
        0..9_950 => {
            let tenths = ((millis + 50) / 100).max(1);
            quantity(
                language,
                "time-seconds",
                tenths / 10,
                &decimal(language, tenths),
            )
        }
        9_950..59_500 => one("time-seconds", (millis + 500) / 1_000),
        59_500..3_599_500 => {
            let seconds = (millis + 500) / 1_000;
            two(
                one("time-minutes", seconds / 60),
                "time-seconds",
                seconds % 60,
            )
        }
        3_599_500..86_370_000 => {
            let minutes = (millis + 30_000) / 60_000;
            two(
                one("time-hours", minutes / 60),
                "time-minutes",
                minutes % 60,
            )
        }
        _ => {
            let hours = (millis + 1_800_000) / 3_600_000;
            two(one("time-days", hours / 24), "time-hours", hours % 24)
        }
    }
}

/// A count of bytes, in decimal units: `1 byte`, `512 bytes`, `1.5 kB`, `12 kB`, `3.2 GB`.
pub(super) fn size(language: Language, bytes: u64) -> String {
    let bytes = u128::from(bytes);
    let (unit, id) = match bytes {
        0..1_000 => return quantity(language, "size-bytes", bytes, &bytes.to_string()),
        1_000..999_500 => (1_000, "size-kilobytes"),
        999_500..999_500_000 => (1_000_000, "size-megabytes"),
        _ => (1_000_000_000, "size-gigabytes"),
    };
    let tenths = (bytes * 10 + unit / 2) / unit;
    let whole = (bytes + unit / 2) / unit;
    let text = if tenths < 100 {
        decimal(language, tenths)
    } else {
        whole.to_string()
    };
    quantity(language, id, whole, &text)
}

fn quantity(language: Language, id: &str, count: u128, text: &str) -> String {
    let count = Value::Number(u64::try_from(count).unwrap_or(u64::MAX));
    language.say(id, &[("n", Value::Text(text)), ("count", count)])
}

fn decimal(language: Language, tenths: u128) -> String {
    match tenths % 10 {
        0 => (tenths / 10).to_string(),
        part => format!("{}{}{part}", tenths / 10, language.point()),
    }
}
