//! Delays said in words, for answers that have no header for them.

use super::Hint;
use super::value::{Decimal, SECONDS, is_unit_letter, take_while, unit};
use std::time::Duration;

/// How much of a text is read.
const CAP: usize = 16 * 1024;

/// How long clients pause by themselves.
const BACKOFF: Duration = Duration::from_secs(60);

/// Before "retrying": not what somebody does, but what to do.
const ADVICE: [&str; 6] = [
    "consider",
    "recommend",
    "recommended",
    "suggest",
    "suggested",
    "try",
];

/// The delay that a text asks for: the longest, if it names several.
///
/// Understands prose ("Please try again in 6m0s", "retry after 20 seconds", "Please wait 2 minutes
/// and 30 seconds"), JSON (`"retryDelay":"34.4s"`, `"retry_after":120`) and header lines
/// (`Retry-After: 30`). A bare number is in seconds, and counts only where a delay was announced as
/// one. When a limit resets ("your quota will reset after 3h20m10s") counts only if nothing else
/// is said. That somebody is "retrying in 3s" is a client's own pause, unless it is longer than a
/// minute, for that long a client waits only where it was told to, or the text advises it ("consider
/// retrying in 30 seconds"). Dates are not read: a text does not come with a clock.
///
/// Reads at most the first 16 KiB, in one pass, without allocating.
///
/// ```
/// use buttress_core::hint::in_text;
/// use std::time::Duration;
///
/// assert_eq!(
///     in_text("Please retry in 59.906331105s."),
///     Some(Duration::new(59, 906_331_105))
/// );
/// assert_eq!(in_text(r#"{"retry_after":120}"#), Some(Duration::from_secs(120)));
/// assert_eq!(in_text("Please try again later."), None);
/// ```
#[must_use]
pub fn in_text(text: &str) -> Option<Duration> {
    let text = text.as_bytes();
    let mut rest = text.get(..CAP).unwrap_or(text);
    let mut asked = None;
    let mut resets = None;
    let (mut earlier, mut previous): (&[u8], &[u8]) = (&[], &[]);
    let mut is_advised = false;
    while let Some((gap, word, after)) = take_word(rest) {
        let joined = gap.len() <= 1 && gap.iter().all(|b| b" -_\n".contains(b));
        let first = previous.is_empty() || gap.iter().any(|b| b".!;,".contains(b));
        let lead = match () {
            () if joined && !previous.is_empty() => lead(earlier, previous, word),
            () if first && word.eq_ignore_ascii_case(b"wait") && after.starts_with(b" ") => {
                Some(Lead::In)
            }
            () => None,
        };
        match lead {
            Some(Lead::Reset) => resets = resets.or_else(|| delay(after, None)),
            Some(Lead::In) => asked = asked.max(delay(after, None)),
            Some(Lead::After) => asked = asked.max(delay(after, Some(SECONDS))),
            Some(Lead::Own) => {
                let bare = is(word, &["after"]).then_some(SECONDS);
                let own = delay(after, bare).filter(|own| *own > BACKOFF || is_advised);
                asked = asked.max(own);
            }
            None => {}
        }
        // Of the next pair of words, this is the first.
        is_advised = joined && is(previous, &ADVICE);
        (earlier, previous) = (previous, word);
        rest = after;
    }
    asked.or(resets)
}

/// Whether a word is one of these.
fn is(word: &[u8], any: &[&str]) -> bool {
    any.iter().any(|a| word.eq_ignore_ascii_case(a.as_bytes()))
}

/// What announces a delay.
enum Lead {
    /// A moment to come back: needs a unit to be told from a count.
    In,
    /// A delay: a bare number is in seconds.
    After,
    /// The end of a limit, which is less than an invitation.
    Reset,
    /// What a client does.
    Own,
}

/// Whether two words next to each other announce a delay. `retryDelay` is two words too; the AWS SDK
/// sums up what it waited in `totalRetryDelay`.
fn lead(before: &[u8], first: &[u8], second: &[u8]) -> Option<Lead> {
    let (come_back, reset) = (["again", "retry"], ["reset", "resets"]);
    if is(before, &["total"]) {
        None
    } else if is(first, &["retrying"]) && is(second, &["in", "after"]) {
        Some(Lead::Own)
    } else if is(first, &come_back) && is(second, &["in"])
        || is(before, &["expected"]) && is(first, &["available"]) && is(second, &["in"])
        || is(before, &["request"]) && is(first, &["allowed"]) && is(second, &["in"])
        || is(before, &["come", "check", "be", "try"])
            && is(first, &["back"])
            && is(second, &["in"])
        || is(first, &["please", "or"]) && is(second, &["wait"])
    {
        Some(Lead::In)
    } else if is(first, &come_back) && is(second, &["after", "delay"])
        // Hugging Face: until a model is loaded.
        || is(first, &["estimated"]) && is(second, &["time"])
    {
        Some(Lead::After)
    } else if is(first, &reset) && is(second, &["in", "after"]) {
        Some(Lead::Reset)
    } else {
        None
    }
}

/// What lies before the next word, the word, and what follows it.
///
/// A word is a run of letters that ends where a small letter meets a capital.
fn take_word(text: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (gap, text) = take_while(text, |b| !b.is_ascii_alphabetic());
    let letters = text.windows(2).take_while(|pair| match pair {
        [one, two] => {
            two.is_ascii_alphabetic() && !(one.is_ascii_lowercase() && two.is_ascii_uppercase())
        }
        _ => false,
    });
    let end = (1 + letters.count()).min(text.len());
    let (word, rest) = text.split_at_checked(end)?;
    (!word.is_empty()).then_some((gap, word, rest))
}

/// The delay at the front of what follows its announcement. `bare` is the unit of a bare number.
fn delay(text: &[u8], bare: Option<u64>) -> Option<Duration> {
    // The key itself may go on with a unit, as in `retry_after_ms`.
    const FILLERS: [&str; 7] = [
        "about",
        "another",
        "approximately",
        "around",
        "at",
        "for",
        "least",
    ];
    /// How many words may stand between the announcement and the number.
    const BETWEEN: usize = 3;

    let mut bare = bare;
    let mut text = text;
    for _ in 0..=BETWEEN {
        let rest = skip_separators(text);
        if let Some((number, rest)) = Decimal::take(rest) {
            return counted(number, rest, bare);
        }
        let (gap, word, rest) = take_word(rest)?;
        if !gap.is_empty() {
            return None;
        }
        if let Some(unit) = unit(word) {
            bare = Some(unit);
        } else if !FILLERS
            .iter()
            .any(|f| word.eq_ignore_ascii_case(f.as_bytes()))
        {
            return None;
        }
        text = rest;
    }
    None
}

/// Skips what may stand between a key or a phrase and its number.
fn skip_separators(text: &[u8]) -> &[u8] {
    let mut text = text;
    while let Some((first, rest)) = text.split_first() {
        let joins = match first {
            b'-' | b'_' => rest.first().is_some_and(u8::is_ascii_alphabetic),
            _ => b" \t\r\n\"'`:=~([{\\".contains(first),
        };
        if !joins {
            break;
        }
        text = rest;
    }
    text
}

/// A number with its unit and the smaller units that follow it, or a bare number.
fn counted(number: Decimal, rest: &[u8], bare: Option<u64>) -> Option<Duration> {
    let Some((mut smallest, mut rest)) = take_unit(rest) else {
        return (ends_number(rest)).then_some(number.times(bare?));
    };
    let mut sum = number.times(smallest);
    // `2 minutes and 30 seconds`, `1h2m3.5s`.
    while let Some((number, after)) = Decimal::take(skip_list(rest)) {
        match take_unit(after) {
            Some((unit, after)) if unit < smallest => {
                sum = sum.saturating_add(number.times(unit)).min(Hint::LONGEST);
                (smallest, rest) = (unit, after);
            }
            _ => break,
        }
    }
    Some(sum)
}

fn take_unit(text: &[u8]) -> Option<(u64, &[u8])> {
    let (_, text) = take_while(text, |b| *b == b' ');
    let (name, rest) = take_while(text, is_unit_letter);
    Some((unit(name)?, rest))
}

/// Skips a comma, an "and" and the spaces around them.
fn skip_list(text: &[u8]) -> &[u8] {
    let (_, rest) = take_while(text, |b| b" ,".contains(b));
    let (word, after) = take_while(rest, u8::is_ascii_alphabetic);
    if word.eq_ignore_ascii_case(b"and") {
        take_while(after, |b| *b == b' ').1
    } else {
        rest
    }
}

/// Whether a bare number ends here, rather than going on as a date, a count or a grouped number.
fn ends_number(rest: &[u8]) -> bool {
    let (_, rest) = take_while(rest, |b| b" \t".contains(b));
    match rest {
        [] => true,
        [b'.' | b',' | b':' | b'-' | b'/', next, ..] => !next.is_ascii_digit(),
        [first, ..] => first.is_ascii() && !first.is_ascii_alphanumeric() && *first != b'%',
    }
}

#[cfg(test)]
mod tests;
