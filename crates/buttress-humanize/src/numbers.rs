//! Durations and sizes as a person would say them.

use std::fmt;
use std::time::Duration;

/// A duration in at most two units: `0.3 s`, `1.5 s`, `2 min`, `6 h 20 min`, `3 days`.
///
/// Rounded to what matters at that length; a wait is never rounded to nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Time(pub(crate) Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = self.0.as_millis();
        match millis {
            0 if self.0.is_zero() => f.write_str("0 s"),
            0..100 => f.write_str("0.1 s"),
            100..9_950 => tenths(f, (millis + 50) / 100, "s"),
            9_950..59_500 => write!(f, "{} s", (millis + 500) / 1_000),
            59_500..3_599_500 => {
                let seconds = (millis + 500) / 1_000;
                two(f, (seconds / 60, "min"), (seconds % 60, "s"))
            }
            3_599_500..86_370_000 => {
                let minutes = (millis + 30_000) / 60_000;
                two(f, (minutes / 60, "h"), (minutes % 60, "min"))
            }
            _ => {
                let hours = (millis + 1_800_000) / 3_600_000;
                let days = hours / 24;
                let unit = if days == 1 { "day" } else { "days" };
                two(f, (days, unit), (hours % 24, "h"))
            }
        }
    }
}

/// A count of bytes, in decimal units: `1 byte`, `512 bytes`, `1.5 kB`, `12 kB`, `3.2 GB`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Size(pub(crate) u64);

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bytes = u128::from(self.0);
        match bytes {
            1 => f.write_str("1 byte"),
            0..1_000 => write!(f, "{bytes} bytes"),
            1_000..999_500 => scaled(f, bytes, 1_000, "kB"),
            999_500..999_500_000 => scaled(f, bytes, 1_000_000, "MB"),
            _ => scaled(f, bytes, 1_000_000_000, "GB"),
        }
    }
}

/// How often: `once`, `twice`, `3 times`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times(pub(crate) usize);

impl fmt::Display for Times {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            1 => f.write_str("once"),
            2 => f.write_str("twice"),
            n => write!(f, "{n} times"),
        }
    }
}

fn scaled(f: &mut fmt::Formatter<'_>, bytes: u128, unit: u128, name: &str) -> fmt::Result {
    let ten_times = (bytes * 10 + unit / 2) / unit;
    if ten_times < 100 {
        tenths(f, ten_times, name)
    } else {
        write!(f, "{} {name}", (bytes + unit / 2) / unit)
    }
}

fn tenths(f: &mut fmt::Formatter<'_>, tenths: u128, unit: &str) -> fmt::Result {
    match tenths % 10 {
        0 => write!(f, "{} {unit}", tenths / 10),
        part => write!(f, "{}.{part} {unit}", tenths / 10),
    }
}

fn two(f: &mut fmt::Formatter<'_>, big: (u128, &str), small: (u128, &str)) -> fmt::Result {
    write!(f, "{} {}", big.0, big.1)?;
    if small.0 > 0 {
        write!(f, " {} {}", small.0, small.1)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_read_as_a_person_says_them() {
        for (millis, said) in [
            (0, "0 s"),
            (3, "0.1 s"),
            (100, "0.1 s"),
            (250, "0.3 s"),
            (999, "1 s"),
            (1_500, "1.5 s"),
            (2_000, "2 s"),
            (9_949, "9.9 s"),
            (9_950, "10 s"),
            (30_400, "30 s"),
            (59_499, "59 s"),
            (59_500, "1 min"),
            (60_000, "1 min"),
            (90_000, "1 min 30 s"),
            (120_000, "2 min"),
            (3_599_499, "59 min 59 s"),
            (3_599_500, "1 h"),
            (7_200_000, "2 h"),
            (22_800_000, "6 h 20 min"),
            (86_369_999, "23 h 59 min"),
            (86_370_000, "1 day"),
            (259_200_000, "3 days"),
            (1_209_600_000 + 7_200_000, "14 days 2 h"),
        ] {
            assert_eq!(
                Time(Duration::from_millis(millis)).to_string(),
                said,
                "{millis} ms"
            );
        }
        assert_eq!(Time(Duration::from_nanos(1)).to_string(), "0.1 s");
        assert!(Time(Duration::MAX).to_string().ends_with('h'));
    }

    #[test]
    fn sizes_read_as_a_person_says_them() {
        for (bytes, said) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1 kB"),
            (1_549, "1.5 kB"),
            (9_949, "9.9 kB"),
            (9_950, "10 kB"),
            (12_345, "12 kB"),
            (999_499, "999 kB"),
            (999_500, "1 MB"),
            (3_200_000_000, "3.2 GB"),
            (u64::MAX, "18446744074 GB"),
        ] {
            assert_eq!(Size(bytes).to_string(), said, "{bytes} bytes");
        }
    }

    #[test]
    fn counts_read_as_a_person_says_them() {
        assert_eq!(Times(1).to_string(), "once");
        assert_eq!(Times(2).to_string(), "twice");
        assert_eq!(Times(7).to_string(), "7 times");
    }
}
