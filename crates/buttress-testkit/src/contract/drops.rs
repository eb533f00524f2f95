//! Dropping a call after every number of polls.

use super::drive::{Ran, run};
use super::{Breach, Inner, Rule};
use crate::collect::collect;
use crate::service::{Readiness, ScriptedBody, ScriptedService, Step};
use buttress_core::BoxError;
use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use std::future::poll_fn;
use std::io;
use std::time::Duration;
use tokio::runtime::Handle;
use tower_service::Service;

const SECOND: Duration = Duration::from_secs(1);

/// The most polls after which a call is dropped.
const CAP: usize = 200;

/// What the service at the bottom does, and a name for it.
pub type Scene<B> = (&'static str, fn() -> ScriptedService<B>);

/// What the inner service does, by name.
pub(super) const SCENES: [Scene<String>; 9] = [
    ("a slow answer", || {
        let body = ScriptedBody::new()
            .data("ab")
            .yields()
            .wait(SECOND)
            .data("c");
        Inner::new([Step::ok(body).after(SECOND)])
    }),
    ("an error, then an answer", || {
        Inner::new([
            Step::io(io::ErrorKind::ConnectionReset).after(SECOND),
            Step::ok("abc").after(SECOND),
        ])
    }),
    ("a busy server", || {
        Inner::new([
            Step::status(503).header("retry-after", "1"),
            Step::status(503),
            Step::ok("abc"),
        ])
    }),
    ("a request that is read", || {
        Inner::new([
            Step::io(io::ErrorKind::ConnectionReset).reading(),
            Step::ok("abc").reading(),
        ])
    }),
    ("a body that breaks twice", || {
        let (first, rest) = (
            ScriptedBody::new().data("ab"),
            ScriptedBody::new().wait(SECOND),
        );
        let broken = io::ErrorKind::UnexpectedEof;
        Inner::new([
            Step::ok(first.yields().io(broken))
                .header("etag", "\"a\"")
                .header("accept-ranges", "bytes")
                .header("content-length", "6"),
            part("bytes 2-5/6", rest.data("cd").io(broken)),
            Step::io(io::ErrorKind::ConnectionReset).after(SECOND),
            part("bytes 4-5/6", ScriptedBody::new().yields().data("ef")),
        ])
    }),
    ("an event stream that breaks", || {
        let stream = |body| Step::ok(body).header("content-type", "text/event-stream");
        let first = ScriptedBody::new().data("id: 1\ndata: a\n\nid: 2\nda");
        Inner::new([
            stream(first.io(io::ErrorKind::ConnectionReset)),
            stream(ScriptedBody::new().wait(SECOND).data("id: 2\ndata: b\n\n")),
        ])
        .then(|_| Step::status(204))
    }),
    ("no answer", || Inner::new([]).then(|_| Step::hang())),
    ("a body that stops", || {
        Inner::new([]).then(|_| Step::ok(ScriptedBody::new().data("ab").hang()))
    }),
    ("a service that gets ready late", || {
        let late = || Readiness::After(SECOND);
        Inner::new([Step::io(io::ErrorKind::ConnectionReset), Step::ok("abc")]).readiness([
            late(),
            late(),
            late(),
        ])
    }),
];

fn part(range: &str, body: ScriptedBody) -> Step<String> {
    let mut response = Response::new(body);
    *response.status_mut() = http::StatusCode::PARTIAL_CONTENT;
    Step::respond(response)
        .header("etag", "\"a\"")
        .header("content-range", range)
}

/// The call of [`SCENES`].
pub(super) fn request() -> Request<String> {
    Request::get("http://origin/bytes")
        .body("x".to_owned())
        .expect("a request")
}

/// Like [`check_drops`](super::check_drops), for layers that are about calls of another kind: drops `request` after
/// every number of polls, in each of these scenes.
///
/// ```
/// use buttress_testkit::contract::{self, Scene};
/// use buttress_testkit::{ScriptedBody, ScriptedService, Step};
/// use http::Request;
/// use std::time::Duration;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let slow: Scene<String> = ("a slow body", || {
///     let body = ScriptedBody::new().wait(Duration::from_secs(1)).data("late");
///     ScriptedService::new([Step::ok(body)])
/// });
/// let request = || Request::put("/").body(String::new()).expect("a request");
/// let drops = contract::check_scenes(&[slow], request, |inner| inner, |_| Ok(())).await?;
/// assert!(drops >= 2);
/// # Ok::<(), contract::Breach>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub async fn check_scenes<S, B, I, RB>(
    scenes: &[Scene<I>],
    request: impl Fn() -> Request<B>,
    make: impl Fn(ScriptedService<I>) -> S,
    quiet: impl Fn(&ScriptedService<I>) -> Result<(), String>,
) -> Result<usize, Breach>
where
    S: Service<Request<B>, Response = Response<RB>>,
    S::Error: Into<BoxError>,
    RB: Body<Data = Bytes>,
    RB::Error: Into<BoxError>,
{
    let tasks = Handle::current().metrics().num_alive_tasks();
    let mut drops = 0;
    for (name, scene) in scenes {
        let breach = |what: String| Breach::new(Rule::DropAnywhere, format!("{name}: {what}"));
        let inner = scene();
        let all = match run(call(make(inner.clone()), request()), usize::MAX).await {
            Ran::Over(_, polls) | Ran::Hung(polls) => polls,
            Ran::Panicked(panic) => return Err(breach(panic)),
            Ran::Dropped => unreachable!("no limit was set"),
        };
        for polls in 0..all.min(CAP) {
            let inner = scene();
            if let Ran::Panicked(panic) = run(call(make(inner.clone()), request()), polls).await {
                return Err(breach(format!("{panic}, after {polls} polls")));
            }
            drops += 1;
            // What was aborted ends at its next turn.
            tokio::task::yield_now().await;
            let left = (inner.in_flight(), inner.bodies_alive());
            let more = Handle::current().metrics().num_alive_tasks() - tasks;
            if left != (0, 0) || more != 0 {
                let what = format!("dropped after {polls} of {all} polls it leaves");
                let (calls, bodies) = left;
                return Err(breach(format!(
                    "{what} {calls} calls, {bodies} bodies, {more} tasks"
                )));
            }
            quiet(&inner)
                .map_err(|what| breach(format!("after {polls} of {all} polls: {what}")))?;
        }
    }
    Ok(drops)
}

async fn call<S, B, RB>(mut service: S, request: Request<B>)
where
    S: Service<Request<B>, Response = Response<RB>>,
    RB: Body<Data = Bytes>,
    RB::Error: Into<BoxError>,
{
    if poll_fn(|cx| service.poll_ready(cx)).await.is_err() {
        return;
    }
    let answer = service.call(request);
    // The service may go before its answer is there.
    drop(service);
    if let Ok(answer) = answer.await {
        drop(collect(answer.into_body()).await);
    }
}
