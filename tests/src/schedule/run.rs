//! One schedule, run and judged.

use super::slow::Slow;
use super::{History, Path, Schedule, Stack, Way, tally};
use buttress::FailureKind;
use buttress::resume::ResumeReport;
use buttress::time::now;
use buttress_testkit::{Delivered, End, Origin, Original, Rules, Run, check, collect};
use http::{HeaderMap, HeaderValue, Request, StatusCode};
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
    /// What of the schedule it really met, each by its name.
    pub seen: Vec<String>,
    /// What happened.
    pub history: History,
}

/// What a call led to.
#[derive(Default)]
struct Got {
    /// What the consumer got; nothing when it was the origin's own answer, such as the last 503,
    /// which is honest as it is.
    delivered: Option<Delivered>,
    report: Option<ResumeReport>,
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
        .script(schedule.script());
    if schedule.way == Way::Date {
        origin = origin.last_modified();
    }
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
    let called = tokio::time::timeout(HANG, call(schedule, &url, service)).await;
    let elapsed = now() - start;
    let (got, broken) = match called {
        Err(_) => (
            Got::default(),
            Some(format!("S4: still going after {HANG:?}")),
        ),
        Ok(Err(broken)) => (Got::default(), Some(broken)),
        Ok(Ok(got)) => {
            let broken = judge(schedule, &origin, got.delivered.as_ref(), elapsed, exact);
            (got, broken)
        }
    };
    let Got { delivered, report } = got;
    let whole = delivered.as_ref().is_some_and(|d| d.end == End::Clean);
    Outcome {
        recovered: whole && broken.is_none() && origin.log().len() > 1,
        broken,
        seen: tally::seen(schedule, &origin, delivered.as_ref(), report.as_ref()),
        history: History::of(&origin, elapsed, delivered.as_ref()),
    }
}

async fn call(schedule: &Schedule, url: &str, service: Stack) -> Result<Got, String> {
    let mut request = Request::get(url);
    if let Path::Echo { .. } = schedule.path {
        request = request.method("POST");
    }
    if let Path::Echo { keyed: true } = schedule.path {
        request = request.header("idempotency-key", "k-1");
    }
    if schedule.way == (Way::Cursor { post: true }) {
        request = request.method("POST");
    }
    let request = request.body(Full::new(schedule.body())).unwrap();
    let response = match service.oneshot(request).await {
        Ok(response) => response,
        Err(failure) => {
            let delivered = Some(Delivered::failed("", failure.kind()));
            return Ok(Got {
                delivered,
                report: None,
            });
        }
    };
    // A 204 is an answer of its own as well.
    if !response.status().is_success() || response.status() == StatusCode::NO_CONTENT {
        return Ok(Got::default());
    }
    let report = ResumeReport::of(response.extensions()).cloned();
    let collected = collect(Slow::new(response.into_body(), schedule.pause)).await;
    if let Some(lie) = collected.lies.first() {
        return Err(format!("the body lied: it {lie}"));
    }
    Ok(Got {
        delivered: Some(Delivered::from(collected)),
        report,
    })
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
    if !exact {
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

fn trailers() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checked", HeaderValue::from_static("yes"));
    trailers
}
