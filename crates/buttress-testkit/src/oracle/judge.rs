//! The judgement itself.

use super::{Delivered, End, Original, Rules, Run, Try, Violation};
use http::Method;

/// Checks a call against its rules: the first promise it broke, if it broke one.
pub fn check(rules: &Rules, run: &Run) -> Result<(), Violation> {
    delivery(rules, &run.delivered)?;
    end(rules, &run.delivered.end)?;
    bounds(rules, run)?;
    effects(rules, &run.tries)
}

/// S1, S2, S3.
fn delivery(rules: &Rules, delivered: &Delivered) -> Result<(), Violation> {
    let len = delivered.bytes.len() as u64;
    if let Some(announced) = rules.announced.filter(|announced| len > *announced) {
        let delivered = len;
        return Err(Violation::OverDelivered {
            delivered,
            announced,
        });
    }
    let fits = |version: &&Original| version.mismatch(0, &delivered.bytes).is_none();
    let fitting: Vec<&Original> = rules.versions.iter().filter(fits).collect();
    if fitting.is_empty() {
        return Err(misfit(&rules.versions, &delivered.bytes));
    }
    match delivered.end {
        End::Clean => {
            let mut whole = fitting
                .iter()
                .filter(|version| version.len() == len)
                .peekable();
            if whole.peek().is_none() {
                let whole = fitting.iter().map(|version| version.len()).min();
                return Err(Violation::Incomplete {
                    delivered: len,
                    whole: whole.unwrap_or(0),
                });
            }
            if !whole.any(|version| version.trailers == delivered.trailers) {
                return Err(Violation::WrongTrailers);
            }
        }
        End::Failed(_) | End::Unclassified(_) => {
            let torn = !fitting.iter().any(|version| version.is_boundary(len));
            if rules.whole_events && torn {
                return Err(Violation::TornEvent { delivered: len });
            }
        }
        End::Abandoned => {}
    }
    Ok(())
}

/// Why bytes are the prefix of no version.
fn misfit(versions: &[Original], bytes: &[u8]) -> Violation {
    let fits = |version: &Original| version.mismatch(0, bytes).unwrap_or(u64::MAX);
    let (from, at) = versions
        .iter()
        .map(fits)
        .enumerate()
        .max_by_key(|(_, at)| *at)
        .unwrap_or((0, 0));
    let rest = &bytes[at as usize..];
    if versions
        .get(from)
        .is_some_and(|version| version.len() == at)
    {
        return Violation::OverDelivered {
            delivered: bytes.len() as u64,
            announced: at,
        };
    }
    let other = |version: &Original| version.mismatch(at, rest).is_none();
    match versions.iter().position(other) {
        Some(to) => Violation::Splice { at, from, to },
        None => Violation::Foreign { at },
    }
}

/// S4, L1.
fn end(rules: &Rules, end: &End) -> Result<(), Violation> {
    match end {
        End::Unclassified(text) => Err(Violation::Unclassified(text.clone())),
        End::Failed(kind) if rules.must_succeed => Err(Violation::NotRecovered(kind.code())),
        End::Failed(kind) if !rules.allowed.contains(kind) => {
            Err(Violation::WrongFailure(kind.code()))
        }
        End::Clean | End::Failed(_) | End::Abandoned => Ok(()),
    }
}

/// S5.
fn bounds(rules: &Rules, run: &Run) -> Result<(), Violation> {
    let attempts = run.tries.len();
    if let Some(allowed) = rules.max_attempts.filter(|allowed| attempts > *allowed) {
        return Err(Violation::TooManyAttempts { attempts, allowed });
    }
    for (n, pair) in run.tries.windows(2).enumerate() {
        let attempt = n + 1;
        let waited = pair[1].at.saturating_sub(pair[0].ended);
        if let Some(hint) = pair[0].hint.filter(|hint| waited < *hint) {
            return Err(Violation::WaitTooShort {
                attempt,
                waited,
                hint,
            });
        }
        if let Some(cap) = rules.wait_cap.filter(|cap| waited > *cap + rules.tick) {
            return Err(Violation::WaitTooLong {
                attempt,
                waited,
                cap,
            });
        }
    }
    let elapsed = run.elapsed;
    if let Some(deadline) = rules.deadline.filter(|end| elapsed > *end + rules.tick) {
        return Err(Violation::TooLate { elapsed, deadline });
    }
    if run.peak_in_flight > 1 {
        let in_flight = run.peak_in_flight;
        return Err(Violation::Concurrent { in_flight });
    }
    let sent: u64 = run.tries.iter().map(|attempt| attempt.sent).sum();
    let resent = sent.saturating_sub(run.delivered.bytes.len() as u64);
    if let Some(allowed) = rules.max_resent.filter(|allowed| resent > *allowed) {
        return Err(Violation::ResentTooMuch { resent, allowed });
    }
    Ok(())
}

/// S6.
fn effects(rules: &Rules, tries: &[Try]) -> Result<(), Violation> {
    if tries.windows(2).any(|pair| pair[0].key != pair[1].key) {
        return Err(Violation::SeveralKeys);
    }
    let may_repeat = |attempt: &Try| {
        rules.consent || attempt.refused || attempt.key.is_some() || idempotent(&attempt.method)
    };
    // A request with another method asks for something else, such as the rest of an answer.
    let is_repeated = |(n, attempt): (usize, &Try)| {
        tries
            .iter()
            .skip(n + 1)
            .any(|later| later.method == attempt.method)
    };
    let bound = tries
        .iter()
        .enumerate()
        .filter(|(n, attempt)| !may_repeat(attempt) && is_repeated((*n, attempt)))
        .count();
    if bound > 0 {
        return Err(Violation::RepeatedEffect { sends: bound + 1 });
    }
    Ok(())
}

/// RFC 9110, section 9.2.2; `QUERY` is safe too (draft-ietf-httpbis-safe-method-w-body).
fn idempotent(method: &Method) -> bool {
    method.is_idempotent() || method.as_str() == "QUERY"
}
