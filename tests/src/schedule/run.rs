//! One schedule, run and judged.

use super::slow::Slow;
use super::{History, Path, Schedule, Stack};
use buttress::FailureKind;
use buttress::time::now;
use buttress_testkit::{Delivered, End, Origin, Original, Rules, Run, check, collect};
use http::{HeaderMap, HeaderValue, Request};
use http_body_util::Full;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt;

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Outcome {
    /// It came through whole, and took more than one request.
    pub recovered: bool,
    /// The promise that was broken.
    pub broken: Option<String>,
    /// What happened.
    pub history: History,
}

/// An hour of virtual time is longer than every limit of a stack together: a hang.
const HANG: Duration = Duration::from_secs(3_600);

/// Runs one schedule against a stack that `make` builds over an origin. `exact` judges time and
/// concurrency too, which sockets leave to the kernel.
pub async fn run(
    schedule: &Schedule,
    exact: bool,
    make: impl FnOnce(&Arc<Origin>) -> Stack,
) -> Outcome {
    let mut origin = Origin::builder()
        .content(schedule.content())
        .events(schedule.events())
        .piece(schedule.piece)
        .script(schedule.faults.clone());
    if schedule.trailers {
        origin = origin.trailers(trailers());
    }
    let origin = Arc::new(match exact {
        true => origin.start_unbound(),
        false => origin.start().await,
    });
    let service = make(&origin);
    let path = schedule.path;
    let url = match exact {
        true => format!("http://origin{path}"),
        false => origin.url(&path.to_string()),
    };
    let start = now();
    #[allow(
        clippy::disallowed_methods,
        reason = "the watchdog of the test, not a wait of a layer"
    )]
    let delivered = tokio::time::timeout(HANG, call(schedule, &url, service)).await;
    let elapsed = now() - start;
    let (delivered, broken) = match delivered {
        Err(_) => (None, Some(format!("S4: still going after {HANG:?}"))),
        Ok(Err(broken)) => (None, Some(broken)),
        // The origin's own answer, such as the last 503: honest as it is.
        Ok(Ok(None)) => (None, judge(schedule, &origin, None, elapsed, exact)),
        Ok(Ok(Some(delivered))) => {
            let broken = judge(schedule, &origin, Some(&delivered), elapsed, exact);
            (Some(delivered), broken)
        }
    };
    let whole = delivered.as_ref().is_some_and(|d| d.end == End::Clean);
    Outcome {
        recovered: whole && broken.is_none() && origin.log().len() > 1,
        broken,
        history: History::of(&origin, elapsed, delivered.as_ref()),
    }
}

/// What the consumer got: nothing to judge when it was an answer that is no success.
async fn call(schedule: &Schedule, url: &str, service: Stack) -> Result<Option<Delivered>, String> {
    let mut request = Request::get(url);
    if let Path::Echo { keyed } = schedule.path {
        request = request.method("POST");
        if keyed {
            request = request.header("idempotency-key", "k-1");
        }
    }
    let request = request.body(Full::new(schedule.body())).unwrap();
    let response = match service.oneshot(request).await {
        Ok(response) if response.status().is_success() => response,
        Ok(_) => return Ok(None),
        Err(failure) => return Ok(Some(Delivered::failed("", failure.kind()))),
    };
    let collected = collect(Slow::new(response.into_body(), schedule.pause)).await;
    if let Some(lie) = collected.lies.first() {
        return Err(format!("the body lied: it {lie}"));
    }
    Ok(Some(Delivered::from(collected)))
}

fn judge(
    schedule: &Schedule,
    origin: &Origin,
    delivered: Option<&Delivered>,
    elapsed: Duration,
    exact: bool,
) -> Option<String> {
    let original = |version| match schedule.path {
        Path::Bytes => Original::content(schedule.content().with_version(version)),
        Path::Events => Original::events(&schedule.events().with_version(version)),
        Path::Echo { .. } => Original::bytes(schedule.body()),
    };
    let known = |kind: &FailureKind| *kind != FailureKind::Unknown;
    let mut rules = Rules::of(original(1))
        .or(original(2))
        .may_fail_with(FailureKind::ALL.iter().copied().filter(known))
        .max_attempts(60);
    if schedule.trailers {
        // Whether there are any hangs on the framing of the last answer.
        rules = rules.or(original(1).trailers(trailers()));
        rules = rules.or(original(2).trailers(trailers()));
    }
    if schedule.path == Path::Events {
        rules = rules.whole_events();
    }
    if schedule.heals() {
        rules = rules.must_succeed();
    }
    if exact {
        rules = rules.deadline(HANG);
    }
    let mut run = match delivered {
        Some(delivered) => Run::of(delivered.clone()),
        None => Run::of(Delivered::new("", End::Abandoned)),
    };
    run = run.tries(&origin.log());
    if !(exact && remembers_hints(schedule.order)) {
        run.tries.iter_mut().for_each(|attempt| attempt.hint = None);
    }
    if exact {
        run = run.elapsed(elapsed).peak_in_flight(origin.peak_in_flight());
    }
    if delivered.is_none() && schedule.heals() {
        return Some("L1: not recovered: the answer is no success".to_owned());
    }
    let problem = check(&rules, &run).err()?;
    Some(problem.to_string())
}

/// Whether a layer that sends again knows what the server asked for. Not so when a timeout below it
/// ends the wait of a layer that is further below.
fn remembers_hints(order: usize) -> bool {
    let order = super::name(order).replace('H', "");
    !matches!(&*order, "STR" | "RTS")
}

fn trailers() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checked", HeaderValue::from_static("yes"));
    trailers
}
