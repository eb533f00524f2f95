use super::*;
use crate::{Backoff, Jitter, RetryBudget};
use serde::de::DeserializeOwned;
use std::fmt::Debug;
use std::time::Duration;

const SECOND: Duration = Duration::from_secs(1);

fn error<T: DeserializeOwned + Debug>(json: &str) -> String {
    serde_json::from_str::<T>(json).unwrap_err().to_string()
}

/// Written and read again; both as JSON, to see the former.
#[track_caller]
fn there_and_back<T: Serialize + DeserializeOwned>(value: &T, json: &str) -> T {
    let written = serde_json::to_string(value).unwrap();
    assert_eq!(written, json);
    serde_json::from_str(&written).unwrap()
}

#[test]
fn times_are_words() {
    for (words, time) in [
        ("250ms", Duration::from_millis(250)),
        ("30s", 30 * SECOND),
        ("2m", 120 * SECOND),
        ("1h 30m", 5400 * SECOND),
        ("0s", Duration::ZERO),
        ("1s 1ns", Duration::new(1, 1)),
    ] {
        let json = format!("{words:?}");
        let HumanTime(read) = serde_json::from_str(&json).unwrap();
        assert_eq!(read, time);
        assert_eq!(there_and_back(&HumanTime(time), &json), HumanTime(time));
    }
}

#[test]
fn what_is_no_time_in_words_is_refused() {
    let expected = "expected a time with its unit, such as \"30s\" or \"2m\"";
    for (json, problem) in [
        ("30", "invalid type: integer `30`"),
        ("1.5", "invalid type: floating point `1.5`"),
        ("-1", "invalid type: integer `-1`"),
        ("null", "invalid type: null"),
        ("true", "invalid type: boolean `true`"),
        ("{}", "invalid type: map"),
        (r#""30""#, r#"invalid value: string "30""#),
        (r#""""#, r#"invalid value: string """#),
        (r#""soon""#, r#"invalid value: string "soon""#),
        (r#""-30s""#, r#"invalid value: string "-30s""#),
        (r#""99999999999999999999s""#, "invalid value: string"),
    ] {
        let error = error::<HumanTime>(json);
        assert!(error.starts_with(problem), "{json}: {error}");
        assert!(error.contains(expected), "{json}: {error}");
    }
}

#[test]
fn backoffs_come_back_as_they_were() {
    let exponential = Backoff::exponential(SECOND, 5 * SECOND).unwrap();
    for (backoff, json) in [
        (
            Backoff::default(),
            r#"{"base":"250ms","cap":"20s","jitter":"full"}"#,
        ),
        (
            exponential.jitter(Jitter::Equal),
            r#"{"base":"1s","cap":"5s","jitter":"equal"}"#,
        ),
        (
            exponential.jitter(Jitter::Decorrelated),
            r#"{"base":"1s","cap":"5s","jitter":"decorrelated"}"#,
        ),
        (
            Backoff::constant(SECOND),
            r#"{"base":"1s","cap":"1s","jitter":"none"}"#,
        ),
        (Backoff::none(), r#""none""#),
    ] {
        assert_eq!(there_and_back(&backoff, json), backoff);
    }
    // What is left out is as by default.
    for json in ["{}", r#"{"jitter":"full"}"#, r#"{"cap":"20s"}"#] {
        let backoff: Backoff = serde_json::from_str(json).unwrap();
        assert_eq!(backoff, Backoff::default());
    }
}

#[test]
fn half_a_backoff_fits_what_was_said_of_it() {
    let millis = Duration::from_millis;
    for (json, base, cap) in [
        (r#"{"base":"30s"}"#, 30_000, 30_000),
        (r#"{"base":"20s"}"#, 20_000, 20_000),
        (r#"{"base":"1s"}"#, 1_000, 20_000),
        (r#"{"cap":"100ms"}"#, 100, 100),
        (r#"{"cap":"2s"}"#, 250, 2_000),
    ] {
        let backoff: Backoff = serde_json::from_str(json).unwrap();
        let delays = (backoff.base(), backoff.cap());
        assert_eq!(delays, (millis(base), millis(cap)), "{json}");
    }
}

#[test]
fn a_backoff_that_cannot_be_is_refused_by_name() {
    for (json, expected) in [
        // The builder's own words.
        (
            r#"{"base":"9s","cap":"1s"}"#,
            "`cap` is 1s, but must be at least `base` (9s)",
        ),
        (
            r#"{"cap":"0s"}"#,
            "`cap` is 0ns, but must be at least `base` (250ms)",
        ),
        (r#"{"base":"0s"}"#, "`base` is 0s, but must be more than 0s"),
        (
            r#"{"base":1}"#,
            "`base`: invalid type: integer `1`, expected a time with its unit",
        ),
        (
            r#"{"jitter":"some"}"#,
            "`jitter`: invalid value: string \"some\", expected \"full\", \"equal\", \
             \"decorrelated\" or \"none\"",
        ),
        (
            r#"{"jiter":"full"}"#,
            "unknown field `jiter`, expected one of `base`, `cap`, `jitter`",
        ),
        (r#"{"cap":"9s","cap":"9s"}"#, "duplicate field `cap`"),
        (
            r#""never""#,
            "invalid value: string \"never\", expected fields `base`, `cap`, `jitter`, or \"none\"",
        ),
        ("3", "invalid type: integer `3`, expected fields `base`"),
    ] {
        let error = error::<Backoff>(json);
        assert!(error.starts_with(expected), "{json}: {error}");
    }
}

#[test]
fn budgets() {
    let json = r#"{"ratio":0.25,"reserve":20,"min_per_second":3.0}"#;
    let budget: RetryBudget = serde_json::from_str(json).unwrap();
    assert_eq!(budget.balance(), 20.0);
    assert_eq!(there_and_back(&budget, json).ratio(), 0.25);

    let budget: RetryBudget = serde_json::from_str(r#"{"min_per_second":0}"#).unwrap();
    assert_eq!(budget.min_per_second(), 0.0);
    assert_eq!(budget.reserve(), RetryBudget::DEFAULT_RESERVE);
    for (json, expected) in [
        (r#"{"ratio":11}"#, "`ratio` is 11, but must be 0 to 10"),
        (
            r#"{"reserve":1}"#,
            "`reserve` is 1, but must be 2 to 1000000",
        ),
        (
            r#"{"reserve":-1}"#,
            "`reserve`: invalid value: integer `-1`, expected a whole number of tries, 2 to 1000000",
        ),
        (
            r#"{"reserve":"2s"}"#,
            "`reserve`: invalid type: string \"2s\", expected a whole number of tries, 2 to 1000000",
        ),
        (
            r#"{"ratio":"20%"}"#,
            "`ratio`: invalid type: string \"20%\", expected a number of tries for each call, 0 to 10",
        ),
        (
            r#"{"min_per_second":null}"#,
            "`min_per_second`: invalid type: null, expected a number of tries, 0 to 1000",
        ),
        (r#"{"ratio":-1}"#, "`ratio` is -1, but must be 0 to 10"),
        (
            r#"{"min_per_second":1001}"#,
            "`min_per_second` is 1001, but must be 0 to 1000",
        ),
        (r#"{"rate":1}"#, "unknown field `rate`"),
        (r#""none""#, "invalid value: string \"none\""),
    ] {
        let error = error::<RetryBudget>(json);
        assert!(error.starts_with(expected), "{json}: {error}");
    }
}

#[test]
fn errors_point_at_the_line_and_name_the_field_once() {
    let toml = "base = '1s'\n\ncap = 20\n";
    let error = toml::from_str::<Backoff>(toml).unwrap_err();
    assert_eq!(error.span(), Some(19..21));
    assert_eq!(
        error.message(),
        "`cap`: invalid type: integer `20`, expected a time with its unit, such as \"30s\" or \"2m\""
    );
    let error = serde_json::from_str::<Backoff>("{\n\"cap\": 20}").unwrap_err();
    assert_eq!((error.line(), error.column()), (2, 9));
    assert_eq!(error.to_string().matches("at line").count(), 1);
}
