//! Moments that are none (RFC 3339, section 5.6).

use super::*;

fn until(moment: &str) -> Option<Duration> {
    after(&[&format!("anthropic-ratelimit-tokens-reset: {moment}")])
}

#[test]
fn each_field_of_a_moment_ends_where_the_calendar_does() {
    for (moment, beyond, seconds) in [
        ("2027-01-31T08:00:00Z", "2027-01-32T08:00:00Z", 16 * 86_400),
        ("2027-01-15T23:00:00Z", "2027-01-15T24:00:00Z", 15 * 3600),
        ("2027-01-15T08:59:00Z", "2027-01-15T08:60:00Z", 59 * 60),
        ("2027-01-15T08:00:60Z", "2027-01-15T08:00:61Z", 60),
        ("2027-01-15T08:01:00+00:00", "2027-01-16T08:01:00+24:00", 60),
        (
            "2027-01-15T08:00:00-00:59",
            "2027-01-15T08:00:00-00:60",
            59 * 60,
        ),
    ] {
        assert_eq!(until(moment), secs(seconds), "{moment}");
        assert_eq!(until(beyond), None, "{beyond}");
    }
    // A sign is no digit.
    assert_eq!(until("2027-01-+6T08:00:00Z"), None);
}
