//! Ranges of the caller's own and answers of every kind, drawn from seeds: what comes out are the
//! bytes that were asked for, from the first one on, and all of them where it ends well.

use super::*;
use http::{HeaderValue, StatusCode};
use std::ops::Range;

const LEN: u64 = 1000;
const SEEDS: u64 = 3000;

/// Numbers that follow from a seed: `SplitMix`, by Steele and others.
#[derive(Clone)]
struct Draw(u64);

impl Draw {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % end
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }
}

/// What the range of these headers asks for.
fn asked(parts: &Parts) -> Option<Range<u64>> {
    let range = parts.headers.get("range")?.to_str().unwrap();
    let (first, last) = range
        .strip_prefix("bytes=")
        .unwrap()
        .split_once('-')
        .unwrap();
    let last = last.parse().unwrap_or(LEN - 1).min(LEN - 1);
    Some(match first.parse() {
        Ok(first) => first..last + 1,
        Err(_) => LEN - last..LEN,
    })
}

/// An answer that may be odd, but never says of its bytes what is not so.
fn answer(draw: &mut Draw, parts: &Parts, is_first: bool, is_prefix: bool) -> Step<Empty1> {
    let version = if !is_first && draw.one_in(20) { 2 } else { 1 };
    let content = Content::new(7, version, LEN);
    if !is_first {
        match draw.below(16) {
            0 => return Step::status(503),
            1 => return Step::io(io::ErrorKind::ConnectionRefused),
            2 if draw.one_in(8) => return Step::status(404),
            3 if draw.one_in(8) => {
                return Step::status(416).header("content-range", format!("bytes */{LEN}"));
            }
            _ => {}
        }
    }
    let range = asked(parts).filter(|_| !draw.one_in(4));
    let has_place = range.is_some();
    if range.as_ref().is_some_and(|range| range.start == LEN) {
        return Step::status(416).header("content-range", format!("bytes */{LEN}"));
    }
    let mut range = range.unwrap_or(0..LEN);
    assert!(range.start < range.end && range.end <= LEN, "{range:?}");
    if has_place && !is_prefix {
        // Less or more than was asked for, or another place.
        match draw.below(12) {
            0..3 => range.end = range.start + 1 + draw.below(range.end - range.start),
            3 if !is_first => range.end = range.end + draw.below(LEN + 1 - range.end),
            4 if !is_first => range.start = draw.below(range.start + 1),
            _ => {}
        }
    }
    let has_length = !draw.one_in(4);
    // Where nothing says how long it is, a clean end is believed, and not a lie.
    let is_known = has_length || has_place || !(is_first || is_prefix);
    let mut body = ScriptedBody::new();
    let cut = match draw.below(4) {
        0 => range.end,
        1 => range.start,
        _ => range.start + draw.below(range.end - range.start),
    };
    let mut at = range.start;
    while at < cut {
        let end = (at + 1 + draw.below(300)).min(cut);
        body = body.data(content.bytes(at..end));
        at = end;
    }
    match draw.below(3) {
        0 if cut == range.end || is_known => {}
        1 if cut == range.end || is_known => body = body.trailers(HeaderMap::new()),
        _ => body = reset(body),
    }
    let mut response = Response::new(body);
    if has_place {
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    let mut step = Step::respond(response);
    if !is_prefix {
        step = step.header("etag", format!("\"v{version}\""));
    }
    if has_length {
        step = step.header("content-length", (range.end - range.start).to_string());
    }
    if has_place {
        let complete = if draw.one_in(4) {
            "*".to_owned()
        } else {
            LEN.to_string()
        };
        let (first, last) = (range.start, range.end - 1);
        step = step.header("content-range", format!("bytes {first}-{last}/{complete}"));
    }
    step
}

#[tokio::test(start_paused = true)]
async fn what_was_asked_for_comes_out_whatever_is_answered() {
    let (mut whole, mut failed) = (0, 0);
    for seed in 0..SEEDS {
        let mut draw = Draw(seed);
        let mut builder = config().to_builder().tries(20);
        let is_prefix = draw.one_in(5);
        if is_prefix {
            builder = builder.prefix_replay(true);
        } else if draw.one_in(3) {
            builder = builder.overlap(draw.below(500) as usize);
        }
        let config = builder.build().unwrap();
        let mut request = get();
        let (first, second) = (draw.below(LEN), draw.below(LEN));
        let (first, last) = (first.min(second), first.max(second));
        let range = match draw.below(4) {
            0 => format!("bytes={first}-"),
            1 => format!("bytes=-{}", first + 1),
            2 => format!("bytes={first}-{last}"),
            _ => String::new(),
        };
        if !range.is_empty() {
            let range = HeaderValue::from_str(&range).unwrap();
            request.headers_mut().insert("range", range);
        }
        let mut answers = draw.clone();
        let mut count = 0;
        let inner = Inner::new([]).then(move |parts: &Parts| {
            count += 1;
            answer(&mut answers, parts, count == 1, is_prefix)
        });
        let service = ResumeLayer::new(config).layer(inner.clone());
        let response = service.oneshot(request).await.expect("a head");
        // What is asked for is what the first answer says that it brings.
        let range = match response.headers().get("content-range") {
            None => 0..LEN,
            Some(range) => {
                let range = range.to_str().unwrap().strip_prefix("bytes ").unwrap();
                let (first, rest) = range.split_once('-').unwrap();
                let (last, _) = rest.split_once('/').unwrap();
                first.parse().unwrap()..last.parse::<u64>().unwrap() + 1
            }
        };
        let expected = CONTENT.bytes(range.clone());
        // Of which nothing had come when it became another one.
        let other = CONTENT.with_version(2).bytes(range);
        let collected = collect(response.into_body()).await;
        assert_eq!(collected.lies, [], "seed {seed}");
        assert_eq!((inner.in_flight(), inner.bodies_alive()), (0, 0));
        let is_other = is_prefix && other.starts_with(&collected.bytes);
        assert!(
            expected.starts_with(&collected.bytes) || is_other,
            "seed {seed}"
        );
        if collected.error.is_none() {
            whole += 1;
            assert_eq!(collected.bytes.len(), expected.len(), "seed {seed}");
        } else {
            failed += 1;
        }
    }
    assert!(whole > SEEDS / 3 && failed > SEEDS / 20);
}
