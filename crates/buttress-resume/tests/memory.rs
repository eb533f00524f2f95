//! What resuming costs in memory at its peak: a program of its own, because it counts everything
//! that is allocated.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod parts;

use self::parts::{MIB, Part, Peak, Whole};
use buttress_core::Failure;
use buttress_resume::{ResumeConfig, ResumeConfigBuilder, ResumeLayer};
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tower::{Layer, ServiceExt, service_fn};

const FRAME: u64 = 16 << 10;

/// Content of any length that needs no memory of its own: one block again and again. Its length is
/// prime, so that no other place reads the same.
#[derive(Clone)]
struct Content {
    block: Bytes,
    len: u64,
}

impl Content {
    const PERIOD: u64 = 1_048_573;

    fn new(len: u64) -> Self {
        let mut state = 1_u32;
        let block: Vec<u8> = (0..Self::PERIOD + FRAME)
            .map(|at| {
                if at == Self::PERIOD {
                    state = 1;
                }
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (state >> 24) as u8
            })
            .collect();
        Content {
            block: block.into(),
            len,
        }
    }
}

impl Whole for Content {
    fn len(&self) -> u64 {
        self.len
    }

    fn at(&self, at: u64) -> Bytes {
        let from = (at % Self::PERIOD) as usize;
        self.block.slice(from..from + FRAME as usize)
    }
}

/// How the server answers.
#[derive(Clone, Copy)]
struct Server {
    knows_ranges: bool,
    has_tag: bool,
}

/// Fetches the content over connections that each bring so much more: how far memory rises, and
/// how many connections it took.
async fn fetch(
    content: Content,
    step: u64,
    server: Server,
    config: ResumeConfigBuilder,
) -> (u64, u64) {
    let calls = Arc::new(AtomicU64::new(0));
    let counter = calls.clone();
    let origin = content.clone();
    let service = service_fn(move |request: Request<Empty<Bytes>>| {
        let call = counter.fetch_add(1, Ordering::Relaxed) + 1;
        let range = request
            .headers()
            .get("range")
            .filter(|_| server.knows_ranges);
        let at = range.map_or(0, |range| {
            let range = range.to_str().unwrap();
            range["bytes=".len()..range.len() - 1].parse().unwrap()
        });
        let len = origin.len;
        let body = Part::of(&origin, at, call * step);
        let mut response = Response::builder().header("content-length", len - at);
        if server.has_tag {
            response = response.header("etag", "\"v1\"");
        }
        if range.is_some() {
            let range = format!("bytes {at}-{}/{len}", len - 1);
            response = response.status(206).header("content-range", range);
        }
        let response = response.body(body).unwrap();
        async { Ok::<_, Infallible>(response) }
    });

    let layer = ResumeLayer::new(config.build().unwrap());
    let peak = Peak::begin();
    let request = Request::get("http://example.com/file")
        .body(Empty::new())
        .unwrap();
    let mut body = layer
        .layer(service)
        .oneshot(request)
        .await
        .unwrap()
        .into_body();
    let mut at = 0;
    while let Some(frame) = body.frame().await {
        let data = frame.unwrap().into_data().unwrap();
        at = content.check(at, &data);
    }
    assert_eq!(at, content.len);
    (peak.bytes(), calls.load(Ordering::Relaxed))
}

#[tokio::test(start_paused = true)]
async fn resuming_holds_little_whatever_the_length() -> Result<(), Failure> {
    let proper = Server {
        knows_ranges: true,
        has_tag: true,
    };
    let ignorant = Server {
        knows_ranges: false,
        ..proper
    };
    let untagged = Server {
        knows_ranges: false,
        has_tag: false,
    };
    let builder = || ResumeConfig::builder().max_reread(u64::MAX);
    for (name, len, parts, server, config) in [
        ("ranges", 1024 * MIB, 9, proper, builder()),
        (
            "ranges with an overlap",
            1024 * MIB,
            9,
            proper,
            builder().overlap(64 << 10),
        ),
        ("a server without ranges", 128 * MIB, 5, ignorant, builder()),
        (
            "the same request again",
            16 * MIB,
            3,
            untagged,
            builder().prefix_replay(true),
        ),
    ] {
        let step = len / parts + 1;
        let (peak, calls) = fetch(Content::new(len), step, server, config).await;
        assert_eq!(calls, parts, "{name}");
        println!("{name}: {peak} bytes at the peak over {calls} connections");
        assert!(peak <= MIB, "{name}: {peak} bytes");
    }
    Ok(())
}
