use super::*;
use crate::collect::collect;
use crate::content::{Content, Events};
use crate::service::ScriptedBody;
use buttress_core::{Failure, FailureKind};
use http::{HeaderMap, Method};
use proptest::prelude::*;
use std::io;
use std::time::Duration;

const CUT: FailureKind = FailureKind::StreamTruncated;
const SECOND: Duration = Duration::from_secs(1);

/// Two versions of a content, and what may become of it.
fn two(content: Content) -> Rules {
    Rules::of(Original::content(content))
        .or(Original::content(content.with_version(content.version + 1)))
        .announced(content.len)
        .may_fail_with([CUT])
}

fn judge(rules: &Rules, delivered: Delivered) -> Result<(), Violation> {
    check(rules, &Run::of(delivered))
}

/// Contents of which at least 32 bytes lie around every place `at`.
fn content_and_place() -> impl Strategy<Value = (Content, usize)> {
    (any::<u64>(), any::<u32>(), 64..5_000_u64).prop_flat_map(|(seed, version, len)| {
        let content = Content::new(seed, u64::from(version), len);
        (Just(content), 32..len as usize - 31)
    })
}

fn both_ends(bytes: &[u8]) -> [Delivered; 2] {
    let bytes = bytes.to_vec();
    [
        Delivered::clean(bytes.clone()),
        Delivered::failed(bytes, CUT),
    ]
}

proptest! {
    #[test]
    fn an_honest_delivery_passes((content, at) in content_and_place()) {
        let rules = two(content);
        for version in [content, content.with_version(content.version + 1)] {
            let whole = version.whole();
            prop_assert_eq!(judge(&rules, Delivered::clean(whole.clone())), Ok(()));
            for len in [0, at, whole.len()] {
                let cut = Delivered::failed(whole.slice(..len), CUT);
                prop_assert_eq!(judge(&rules, cut), Ok(()));
            }
        }
    }

    #[test]
    fn a_repeated_stretch_is_caught((content, at) in content_and_place(), n in 1..32_usize) {
        let whole = content.whole();
        let bytes = [&whole[..at], &whole[at - n..whole.len() - n]].concat();
        for delivered in both_ends(&bytes) {
            let verdict = judge(&two(content), delivered);
            let caught = matches!(verdict, Err(Violation::Foreign { at: found }) if found >= at as u64);
            prop_assert!(caught, "{verdict:?}");
        }
    }

    #[test]
    fn a_missing_stretch_is_caught((content, at) in content_and_place(), n in 1..16_usize) {
        let whole = content.whole();
        let bytes = [&whole[..at], &whole[at + n..]].concat();
        for delivered in both_ends(&bytes) {
            let verdict = judge(&two(content), delivered);
            let caught = matches!(verdict, Err(Violation::Foreign { at: found }) if found >= at as u64);
            prop_assert!(caught, "{verdict:?}");
        }
    }

    #[test]
    fn a_changed_byte_is_caught((content, at) in content_and_place(), flip in 1..=255_u8) {
        let mut bytes = content.whole().to_vec();
        bytes[at] ^= flip;
        for delivered in both_ends(&bytes) {
            let expected = Violation::Foreign { at: at as u64 };
            prop_assert_eq!(judge(&two(content), delivered), Err(expected));
        }
    }

    #[test]
    fn a_splice_is_caught((content, at) in content_and_place()) {
        let other = content.with_version(content.version + 1).whole();
        let bytes = [&content.whole()[..at], &other[at..]].concat();
        for delivered in both_ends(&bytes) {
            let verdict = judge(&two(content), delivered);
            let caught = matches!(
                verdict,
                Err(Violation::Splice { at: found, from: 0, to: 1 }) if found >= at as u64
            );
            prop_assert!(caught, "{verdict:?}");
        }
    }

    #[test]
    fn an_early_clean_end_is_caught((content, at) in content_and_place()) {
        let torso = Delivered::clean(content.whole().slice(..at));
        let (delivered, whole) = (at as u64, content.len);
        let expected = Violation::Incomplete { delivered, whole };
        prop_assert_eq!(judge(&two(content), torso), Err(expected));
    }

    #[test]
    fn over_delivery_is_caught((content, at) in content_and_place(), more in 1..100_u64) {
        let mut bytes = vec![0; (content.len + more) as usize];
        content.fill(0, &mut bytes);
        let expected = Violation::OverDelivered {
            delivered: content.len + more,
            announced: content.len,
        };
        let unannounced = Rules::of(Original::content(content)).may_fail_with([CUT]);
        for rules in [two(content), unannounced] {
            for delivered in both_ends(&bytes) {
                prop_assert_eq!(judge(&rules, delivered), Err(expected.clone()));
            }
        }
        // A part that goes past the end of the range that was asked for.
        let part = Rules::of(Original::part(content, 5..at as u64)).may_fail_with([CUT]);
        for delivered in both_ends(&content.bytes(5..at as u64 + 1)) {
            let verdict = judge(&part, delivered);
            let caught = matches!(verdict, Err(Violation::OverDelivered { .. }));
            prop_assert!(caught, "{verdict:?}");
        }
    }

    #[test]
    fn events_are_judged_like_bytes(seed: u64, count in 3..30_usize, place: prop::sample::Index) {
        let events = Events::new(seed, 1, count).ending_with("[DONE]");
        let rules = Rules::of(Original::events(&events))
            .or(Original::events(&events.with_version(2)))
            .may_fail_with([CUT])
            .whole_events();
        let pieces = events.pieces(0);
        let at = 1 + place.index(count - 1);
        prop_assert_eq!(judge(&rules, Delivered::clean(events.whole())), Ok(()));
        let cut = Delivered::failed(pieces[..at].concat(), CUT);
        prop_assert_eq!(judge(&rules, cut), Ok(()));

        let repeated = [&pieces[..at], &pieces[at - 1..]].concat().concat();
        let missing = [&pieces[..at - 1], &pieces[at..]].concat().concat();
        for delivered in [repeated, missing].iter().flat_map(|bytes| both_ends(bytes)) {
            let verdict = judge(&rules, delivered);
            prop_assert!(matches!(verdict, Err(Violation::Foreign { .. })), "{verdict:?}");
        }
        let other = events.with_version(2).pieces(at).concat();
        let spliced = Delivered::clean([pieces[..at].concat(), other].concat());
        prop_assert!(judge(&rules, spliced).is_err());

        let without_end = Delivered::clean(pieces[..count].concat());
        let verdict = judge(&rules, without_end);
        prop_assert!(matches!(verdict, Err(Violation::Incomplete { .. })), "{verdict:?}");

        let torn = pieces[..at].concat().len() - 1;
        let verdict = judge(&rules, Delivered::failed(events.whole().slice(..torn), CUT));
        let expected = Violation::TornEvent { delivered: torn as u64 };
        prop_assert_eq!(verdict, Err(expected));
    }
}

#[test]
fn a_splice_of_two_streams_is_named() {
    let one = Events::new(1, 1, 4).without_ids();
    let two = one.with_version(2);
    let rules = Rules::of(Original::bytes("aaaa")).or(Original::bytes("aabb"));
    let spliced = Delivered::clean("aaab");
    let expected = Violation::Splice {
        at: 3,
        from: 0,
        to: 1,
    };
    assert_eq!(judge(&rules, spliced), Err(expected));
    let rest = Original::events_from(&two, 2);
    assert_eq!(rest.mismatch(0, &two.pieces(2).concat()), None);
    assert_eq!(rest.mismatch(0, &one.pieces(2).concat()), Some(6));
    assert!(Original::bytes("").is_empty() && !rest.is_empty());
}

#[test]
fn trailers_belong_to_a_clean_end() {
    let trailers = |value: &str| -> HeaderMap {
        [("x-sum".parse().unwrap(), value.parse().unwrap())]
            .into_iter()
            .collect()
    };
    let rules = Rules::of(Original::bytes("abc").trailers(trailers("1"))).may_fail_with([CUT]);
    let clean = Delivered::clean("abc");
    assert_eq!(judge(&rules, clean.clone()), Err(Violation::WrongTrailers));
    let wrong = clean.clone().with_trailers(trailers("2"));
    assert_eq!(judge(&rules, wrong), Err(Violation::WrongTrailers));
    assert_eq!(
        judge(&rules, clean.clone().with_trailers(trailers("1"))),
        Ok(())
    );
    assert_eq!(judge(&rules, Delivered::failed("abc", CUT)), Ok(()));
    let none = Rules::of(Original::bytes("abc"));
    let invented = clean.with_trailers(trailers("1"));
    assert_eq!(judge(&none, invented), Err(Violation::WrongTrailers));
}

#[test]
fn failures_must_be_classified_and_explained() {
    let rules = Rules::of(Original::bytes("abc")).may_fail_with([CUT]);
    let other = Delivered::failed("a", FailureKind::Protocol);
    assert_eq!(
        judge(&rules, other),
        Err(Violation::WrongFailure("protocol"))
    );
    let cut = Delivered::failed("a", CUT);
    assert_eq!(judge(&rules, cut.clone()), Ok(()));
    let strict = rules.clone().must_succeed();
    let expected = Violation::NotRecovered("stream_truncated");
    assert_eq!(judge(&strict, cut), Err(expected));
    let raw = Delivered::new("a", End::Unclassified("x".to_owned()));
    assert_eq!(
        judge(&rules, raw),
        Err(Violation::Unclassified("x".to_owned()))
    );
    assert_eq!(judge(&strict, Delivered::new("a", End::Abandoned)), Ok(()));
}

#[tokio::test]
async fn the_failure_is_found_wherever_it_hides() {
    let hidden = io::Error::other(Failure::new(CUT));
    let body = ScriptedBody::new().data("a").fail(hidden);
    let delivered = Delivered::from(collect(body).await);
    assert_eq!(delivered, Delivered::failed("a", CUT));
    let body = ScriptedBody::new().fail("naked");
    let delivered = Delivered::from(collect(body).await);
    assert_eq!(delivered.end, End::Unclassified("naked".to_owned()));
}

fn run(tries: impl IntoIterator<Item = Try>) -> Run {
    Run::of(Delivered::clean("abc")).tries(tries)
}

fn rules() -> Rules {
    Rules::of(Original::bytes("abc"))
}

fn get(at: Duration) -> Try {
    Try::new(Method::GET, at)
}

fn post(at: Duration) -> Try {
    Try::new(Method::POST, at)
}

#[test]
fn attempts_waits_and_time_have_bounds() {
    let three = run([0, 1, 2].map(|n| get(n * SECOND)));
    assert_eq!(check(&rules().max_attempts(3), &three), Ok(()));
    let (attempts, allowed) = (3, 2);
    let expected = Violation::TooManyAttempts { attempts, allowed };
    assert_eq!(check(&rules().max_attempts(2), &three), Err(expected));

    let hinted = |hint| run([get(SECOND).ended(2 * SECOND).hint(hint), get(4 * SECOND)]);
    assert_eq!(check(&rules(), &hinted(2 * SECOND)), Ok(()));
    let hint = 2 * SECOND + Duration::from_nanos(1);
    let (attempt, waited) = (1, 2 * SECOND);
    let expected = Violation::WaitTooShort {
        attempt,
        waited,
        hint,
    };
    assert_eq!(check(&rules(), &hinted(hint)), Err(expected));

    let capped = |cap| check(&rules().wait_cap(cap), &hinted(SECOND));
    assert_eq!(capped(2 * SECOND - Duration::from_millis(1)), Ok(()));
    let cap = 2 * SECOND - Duration::from_millis(2);
    assert_eq!(
        capped(cap),
        Err(Violation::WaitTooLong {
            attempt,
            waited,
            cap
        })
    );

    let late = run([get(SECOND)]).elapsed(5 * SECOND);
    assert_eq!(check(&rules().deadline(5 * SECOND), &late), Ok(()));
    let (elapsed, deadline) = (5 * SECOND, 4 * SECOND);
    let expected = Violation::TooLate { elapsed, deadline };
    assert_eq!(check(&rules().deadline(deadline), &late), Err(expected));
    assert_eq!(
        check(&rules().deadline(deadline).tick(SECOND), &late),
        Ok(())
    );
}

#[test]
fn one_request_at_a_time_and_few_bytes_again() {
    let two_at_once = run([]).peak_in_flight(2);
    let expected = Violation::Concurrent { in_flight: 2 };
    assert_eq!(check(&rules(), &two_at_once), Err(expected));
    assert_eq!(check(&rules(), &run([]).peak_in_flight(1)), Ok(()));

    let resent = run([get(SECOND).sent(2), get(SECOND).sent(3)]);
    assert_eq!(check(&rules().max_resent(2), &resent), Ok(()));
    let (resent_bytes, allowed) = (2, 1);
    let expected = Violation::ResentTooMuch {
        resent: resent_bytes,
        allowed,
    };
    assert_eq!(check(&rules().max_resent(1), &resent), Err(expected));
}

#[test]
fn effects_happen_once_without_consent() {
    let repeated = |sends| Err(Violation::RepeatedEffect { sends });
    let twice = run([post(SECOND), post(SECOND)]);
    assert_eq!(check(&rules(), &twice), repeated(2));
    assert_eq!(check(&rules().consent(), &twice), Ok(()));
    assert_eq!(check(&rules(), &run([post(SECOND)])), Ok(()));
    assert_eq!(check(&rules(), &run([get(SECOND), get(SECOND)])), Ok(()));
    // The rest of an answer to a POST may be fetched in another way, but not by it.
    assert_eq!(check(&rules(), &run([post(SECOND), get(SECOND)])), Ok(()));
    let again = run([post(SECOND), get(SECOND), post(SECOND)]);
    assert_eq!(check(&rules(), &again), repeated(2));

    let refused = run([post(SECOND).refused(), post(SECOND)]);
    assert_eq!(check(&rules(), &refused), Ok(()));
    let refused = run([post(SECOND), post(SECOND).refused(), post(SECOND)]);
    assert_eq!(check(&rules(), &refused), repeated(2));

    let keyed = |keys: [&str; 2]| run(keys.map(|key| post(SECOND).key(key)));
    assert_eq!(check(&rules(), &keyed(["a", "a"])), Ok(()));
    assert_eq!(
        check(&rules(), &keyed(["a", "b"])),
        Err(Violation::SeveralKeys)
    );
    let dropped = run([post(SECOND).key("a"), post(SECOND)]);
    assert_eq!(check(&rules(), &dropped), Err(Violation::SeveralKeys));
    let query = Method::from_bytes(b"QUERY").unwrap();
    let queries = run([0, 1].map(|n| Try::new(query.clone(), n * SECOND)));
    assert_eq!(check(&rules(), &queries), Ok(()));
}
