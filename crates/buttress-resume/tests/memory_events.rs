//! What an event stream costs in memory at its peak: a program of its own, because it counts
//! everything that is allocated. One test, for the same reason.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "test code: a surprise ends the test"
)]

mod parts;

use self::parts::{MIB, Part, Peak, Whole};
use buttress_core::{Failure, FailureKind, StopReason};
use buttress_resume::event::EventStream;
use buttress_resume::{ResumeConfig, ResumeConfigBuilder, ResumeLayer};
use bytes::Bytes;
use futures_util::StreamExt;
use http::{Request, Response};
use http_body_util::{BodyExt, Empty};
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use tower::{Layer, ServiceExt, service_fn};

/// What comes at once. Prime, so that events end at every place of it.
const FRAME: usize = 16_381;

/// Events of one size: `id: 17`, padded to eight digits, and a line of data.
#[derive(Clone)]
struct Stream {
    events: u64,
    size: usize,
    filler: Bytes,
}

impl Stream {
    fn new(total: u64, size: usize) -> Self {
        Stream {
            events: total.div_ceil(size as u64),
            size,
            filler: vec![b'x'; FRAME].into(),
        }
    }
}

impl Whole for Stream {
    fn len(&self) -> u64 {
        self.events * self.size as u64
    }

    /// No more than one allocation of a few bytes.
    fn at(&self, at: u64) -> Bytes {
        let (event, within) = (at / self.size as u64, (at % self.size as u64) as usize);
        let head = format!("id: {event:08}\ndata: ");
        let tail = self.size - 2;
        if within < head.len() {
            return Bytes::from(head).slice(within..);
        }
        if within < tail {
            let len = (tail - within).min(FRAME);
            return self.filler.slice(..len);
        }
        Bytes::from_static(b"\n\n").slice(within - tail..)
    }
}

/// What a stream cost and brought.
#[derive(Debug)]
struct Cost {
    peak: u64,
    delivered: u64,
    connections: u64,
    failure: Option<Failure>,
}

/// Reads the stream over connections that each break after `step` bytes more.
async fn read(stream: &Stream, step: u64, knows_ids: bool, config: ResumeConfigBuilder) -> Cost {
    let calls = Arc::new(AtomicU64::new(0));
    let (counter, origin) = (calls.clone(), stream.clone());
    let service = service_fn(move |request: Request<Empty<Bytes>>| {
        let call = counter.fetch_add(1, Ordering::Relaxed) + 1;
        let id = request.headers().get("last-event-id").filter(|_| knows_ids);
        let next = id.map_or(0, |id| id.to_str().unwrap().parse::<u64>().unwrap() + 1);
        let body = Part::of(&origin, next * origin.size as u64, call * step);
        let response = Response::builder().header("content-type", "text/event-stream");
        let response = response.body(body).unwrap();
        async { Ok::<_, Infallible>(response) }
    });
    let layer = ResumeLayer::new(config.build().unwrap());
    let peak = Peak::begin();
    let request = Request::get("http://example.com/events").body(Empty::new());
    let response = layer.layer(service).oneshot(request.unwrap()).await;
    let mut body = response.unwrap().into_body();
    let (mut delivered, mut failure) = (0, None);
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => delivered = stream.check(delivered, &frame.into_data().unwrap()),
            Err(error) => failure = Some(error),
        }
    }
    Cost {
        peak: peak.bytes(),
        delivered,
        connections: calls.load(Ordering::Relaxed),
        failure,
    }
}

type Config<'a> = &'a dyn Fn(&Stream) -> ResumeConfigBuilder;

/// However long the stream, no more than an unfinished event is held, in a buffer that grows by
/// doubling, next to the finished one that goes out.
async fn no_more_than_an_event_is_held() {
    let by_ids = |_: &Stream| ResumeConfig::builder();
    let by_the_last_event = |stream: &Stream| {
        let last = format!("{:08}", stream.events - 1);
        ResumeConfig::builder().terminal(move |event| event.id() == Some(last.as_bytes()))
    };
    let cases: [(_, _, _, _, _, Config<'_>); 4] = [
        ("small events", 64 * MIB, 300, 5, true, &by_ids),
        ("large events", 256 * MIB, 40_000, 9, true, &by_ids),
        (
            "events that are watched",
            64 * MIB,
            40_000,
            5,
            true,
            &by_the_last_event,
        ),
        (
            "a server that begins again",
            12 * MIB,
            40_000,
            2,
            false,
            &by_ids,
        ),
    ];
    for (name, total, size, connections, knows_ids, config) in cases {
        let stream = Stream::new(total, size);
        let step = stream.len() / connections + 1;
        let cost = read(&stream, step, knows_ids, config(&stream)).await;
        println!("{name}: {} bytes at the peak", cost.peak);
        assert_eq!(cost.delivered, stream.len(), "{name}: {cost:?}");
        assert_eq!(cost.connections, connections, "{name}");
        assert!(cost.peak < 8 * size as u64 + (32 << 10), "{name}: {cost:?}");
    }
}

/// An event over the cap is passed on as it comes; a cut within it is a failure that says so.
async fn no_more_than_the_cap_is_held() {
    let cap = MIB;
    let stream = Stream::new(256 * MIB, 128 * MIB as usize);
    let cost = read(&stream, u64::MAX, true, ResumeConfig::builder()).await;
    println!("events over the cap: {} bytes at the peak", cost.peak);
    assert_eq!(cost.delivered, 256 * MIB);
    assert!(cost.failure.is_none());
    assert!(cost.peak < 4 * cap, "{cost:?}");

    let cost = read(&stream, 200 * MIB, true, ResumeConfig::builder()).await;
    assert!(cost.peak < 4 * cap, "{cost:?}");
    let failure = cost.failure.unwrap();
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    assert_eq!((cost.delivered, cost.connections), (200 * MIB, 1));
}

/// A reader of events holds as little, and has an error for an event over its cap.
async fn a_reader_of_events_holds_no_more_than_the_cap() {
    let whole = |stream: &Stream| Part::of(stream, 0, stream.len());
    let stream = Stream::new(64 * MIB, 40_000);
    let peak = Peak::begin();
    let mut events = EventStream::new(whole(&stream));
    let mut count = 0;
    while let Some(event) = events.next().await {
        assert_eq!(event.unwrap().id(), format!("{count:08}"));
        count += 1;
    }
    let peak = peak.bytes();
    println!("a reader of events: {peak} bytes at the peak");
    assert_eq!(count, stream.events);
    assert!(peak < 8 * 40_000 + (32 << 10), "{peak} bytes");

    let stream = Stream::new(64 * MIB, 64 * MIB as usize);
    let peak = Peak::begin();
    let mut events = EventStream::new(whole(&stream));
    let failure = events.next().await.unwrap().unwrap_err();
    let peak = peak.bytes();
    assert_eq!(failure.kind(), FailureKind::Protocol);
    assert!(!failure.is_transient());
    assert!(events.next().await.is_none());
    assert!(peak < 4 * MIB, "{peak} bytes");
}

#[tokio::test(start_paused = true)]
async fn an_event_stream_holds_at_most_one_unfinished_event() {
    no_more_than_an_event_is_held().await;
    no_more_than_the_cap_is_held().await;
    a_reader_of_events_holds_no_more_than_the_cap().await;
}
