//! Values for `Idempotency-Key`: unique, not secret.

use crate::IDEMPOTENCY_KEY;
use crate::consent::is_idempotent;
use buttress_core::time;
use http::{HeaderValue, Method, Request};
use std::hash::{BuildHasher, RandomState};

/// Gives the request a key, unless it has one or needs none. Whether it did.
pub(crate) fn ensure<B>(request: &mut Request<B>) -> bool {
    let method = request.method();
    if is_idempotent(method)
        || *method == Method::CONNECT
        || request.headers().contains_key(IDEMPOTENCY_KEY)
    {
        return false;
    }
    // Headers beyond what a map can hold are the one thing that can go wrong: then the request goes
    // without, and is not repeatable.
    HeaderValue::try_from(uuid(random())).is_ok_and(|key| {
        let added = request.headers_mut().try_insert(IDEMPOTENCY_KEY, key);
        added.is_ok()
    })
}

/// 128 bits of the standard library's keyed hash. Its keys come from the operating system's
/// randomness, once a thread, and differ for every `RandomState`. The clock is hashed with them for
/// the sake of copies of a process, such as machines started from one snapshot.
fn random() -> u128 {
    let keyed = RandomState::new();
    let now = time::wall_clock();
    let [high, low] = [0_u8, 1].map(|half| u128::from(keyed.hash_one((half, now))));
    high << 64 | low
}

/// These bits as a UUID of version 4 (RFC 9562, section 5.4), without the quotes that the header's
/// draft asks for: servers in use take the bare text, some of them only that.
fn uuid(bits: u128) -> String {
    const VERSION: u128 = 0xf000 << 64;
    const VARIANT: u128 = 0xc000 << 48;
    let bits = (bits & !(VERSION | VARIANT)) | (0x4000 << 64) | (0x8000 << 48);
    let part = |from: u32| (bits >> from) & 0xffff;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        bits >> 96,
        part(80),
        part(64),
        part(48),
        bits & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;
    use std::thread;

    fn keyed(method: &str, had: Option<&'static str>) -> Option<String> {
        let mut request = Request::builder().method(method);
        if let Some(key) = had {
            request = request.header("Idempotency-Key", key);
        }
        let mut request = request.body(()).unwrap();
        let added = ensure(&mut request);
        let mut keys = request.headers().get_all(IDEMPOTENCY_KEY).iter();
        let key = keys.next().map(|key| key.to_str().unwrap().to_owned());
        assert_eq!(keys.next(), None);
        assert_eq!(added, had.is_none() && key.is_some());
        key
    }

    #[test]
    fn only_what_needs_a_key_gets_one() {
        for method in ["POST", "PATCH", "PURGE"] {
            assert!(keyed(method, None).is_some(), "{method}");
            assert_eq!(keyed(method, Some("own")).as_deref(), Some("own"));
            // Whoever wrote an empty one must have had a reason.
            assert_eq!(keyed(method, Some("")).as_deref(), Some(""));
        }
        for method in [
            "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE", "QUERY", "CONNECT",
        ] {
            assert_eq!(keyed(method, None), None, "{method}");
        }
    }

    #[test]
    fn a_key_is_a_uuid_of_version_4() {
        assert_eq!(uuid(0), "00000000-0000-4000-8000-000000000000");
        assert_eq!(uuid(u128::MAX), "ffffffff-ffff-4fff-bfff-ffffffffffff");
        assert_eq!(
            uuid(0x0123_4567_89ab_cdef_0123_4567_89ab_cdef),
            "01234567-89ab-4def-8123-456789abcdef"
        );
    }

    #[test]
    fn no_two_keys_are_alike_on_any_thread() {
        let make = || (0..5_000).map(|_| uuid(random())).collect::<Vec<_>>();
        let keys: Vec<String> = thread::scope(|scope| {
            let threads: Vec<_> = (0..4).map(|_| scope.spawn(make)).collect();
            let keys = threads.into_iter().map(|thread| thread.join().unwrap());
            keys.flatten().collect()
        });
        let distinct: HashSet<_> = keys.iter().collect();
        assert_eq!(distinct.len(), 20_000);
        // Every place but the fixed ones takes every digit.
        for place in 0..36 {
            let digits: HashSet<_> = keys.iter().map(|key| key.as_bytes()[place]).collect();
            let expected = match place {
                8 | 13 | 14 | 18 | 23 => 1,
                19 => 4,
                _ => 16,
            };
            assert_eq!(digits.len(), expected, "{place}");
        }
    }
}
