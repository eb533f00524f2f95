//! One schedule, run and judged.

use super::restless::Restless;
use super::slow::Slow;
use super::{History, Path, Schedule, Stack, Way, tally};
use buttress::FailureKind;
use buttress::resume::ResumeReport;
use buttress::time::now;
use buttress_testkit::{AfterEnd, Delivered, End, Origin, Original, Rules, Run, check, collect};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode};
use http_body_util::Full;
use std::ops::Range;
use std::sync::Arc;
use std::time::Duration;
use tokio::task::JoinSet;
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
    /// The part of the content that the head said it is.
    part: Option<Range<u64>>,
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
    let called = tokio::time::timeout(
        hang(schedule),
        Restless {
            call: Box::pin(call(schedule, &url, service)),
            twice: schedule.rough.restless,
            leaves: schedule.rough.leaves,
        },
    );
    let sleeper = schedule.rough.jump.map(|(after, by)| sleeper(after, by));
    let called = called.await;
    drop(sleeper);
    let elapsed = now() - start;
    let (got, broken) = match called {
        Err(_) => (
            Got::default(),
            Some(format!("S4: still going after {elapsed:?}")),
        ),
        Ok(Some(Err(broken))) => (Got::default(), Some(broken)),
        Ok(Some(Ok(got))) => {
            let broken = judge(schedule, &origin, Some(&got), elapsed, exact);
            (got, broken)
        }
        // Of what it got before nobody knows.
        Ok(None) => (
            Got::default(),
            judge(schedule, &origin, None, elapsed, exact),
        ),
    };
    let Got {
        delivered, report, ..
    } = got;
    let history = History::of(&origin, elapsed, delivered.as_ref());
    let seen = tally::seen(schedule, &origin, delivered.as_ref(), report.as_ref());
    let broken = match broken {
        None if exact => quiet(&origin).await,
        broken => broken,
    };
    let whole = delivered.as_ref().is_some_and(|d| d.end == End::Clean);
    Outcome {
        recovered: whole && broken.is_none() && origin.log().len() > 1,
        broken,
        seen,
        history,
    }
}

/// How long the call may take: what the caller and the clock do comes on top.
fn hang(schedule: &Schedule) -> Duration {
    let pause = schedule.pause.map_or(Duration::ZERO, |(_, lasts)| lasts);
    let jump = schedule.rough.jump.map_or(Duration::ZERO, |(_, by)| by);
    HANG + pause + jump
}

/// Lets the clock jump ahead while the call waits for whatever it is.
#[allow(
    clippy::disallowed_methods,
    reason = "the machine that sleeps, not a wait of a layer"
)]
fn sleeper(after: Duration, by: Duration) -> JoinSet<()> {
    let mut sleeper = JoinSet::new();
    sleeper.spawn(async move {
        tokio::time::sleep(after).await;
        tokio::time::advance(by).await;
    });
    sleeper
}

/// S7: nothing goes on once the caller has what it wanted, or has left.
#[allow(clippy::disallowed_methods, reason = "the test waits, not a layer")]
async fn quiet(origin: &Origin) -> Option<String> {
    // What was on its way arrives.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let requests = origin.log().len();
    tokio::time::sleep(HANG).await;
    let more = origin.log().len() - requests;
    let (left, open) = (origin.in_flight(), origin.open());
    let quiet = (more, left, open) == (0, 0, 0);
    (!quiet).then(|| {
        format!("S7: {more} requests follow the end, {left} go on, {open} connections are open")
    })
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
    if let Some(range) = schedule.rough.range {
        request = request.header("range", range.to_string());
    }
    let request = request.body(Full::new(schedule.body())).unwrap();
    let response = match service.oneshot(request).await {
        Ok(response) => response,
        Err(failure) => {
            let delivered = Some(Delivered::failed("", failure.kind()));
            return Ok(Got {
                delivered,
                ..Got::default()
            });
        }
    };
    // A 204 is an answer of its own as well.
    if !response.status().is_success() || response.status() == StatusCode::NO_CONTENT {
        return Ok(Got::default());
    }
    let report = ResumeReport::of(response.extensions()).cloned();
    let part = part(schedule, &response);
    let collected = collect(Slow::new(response.into_body(), schedule.pause)).await;
    if let Some(lie) = collected.lies.first() {
        return Err(format!("the body lied: it {lie}"));
    }
    if collected.after_end != AfterEnd::End {
        let what = collected.after_end;
        return Err(format!("the body goes on after its end: {what:?}"));
    }
    Ok(Got {
        delivered: Some(Delivered::from(collected)),
        report,
        part,
    })
}

/// The part that a 206 is: as it says itself, unless it says what cannot be.
fn part<B>(schedule: &Schedule, response: &Response<B>) -> Option<Range<u64>> {
    let asked = schedule.rough.range?.of(schedule.len);
    if response.status() != StatusCode::PARTIAL_CONTENT {
        return None;
    }
    let said = || {
        let said = response.headers().get("content-range")?.to_str().ok()?;
        let (part, all) = said.strip_prefix("bytes ")?.split_once('/')?;
        let (first, last) = part.split_once('-')?;
        let [first, last, all] = [first, last, all].map(|text| text.parse::<u64>().ok());
        let part = first?..last? + 1;
        (all? == schedule.len && part.end <= schedule.len).then_some(part)
    };
    Some(said().unwrap_or(asked))
}

fn judge(
    schedule: &Schedule,
    origin: &Origin,
    got: Option<&Got>,
    elapsed: Duration,
    exact: bool,
) -> Option<String> {
    let delivered = got.and_then(|got| got.delivered.as_ref());
    let part = got.and_then(|got| got.part.clone());
    let part = part.unwrap_or(0..schedule.len);
    let original = |version| match schedule.path {
        Path::Bytes => Original::part(schedule.content().with_version(version), part.clone()),
        Path::Events => Original::events(&schedule.events().with_version(version)),
        Path::Echo { .. } => Original::bytes(schedule.body()),
    };
    let unmarked = |version| {
        let events = schedule.events().with_version(version).marked(false);
        Original::events(&events)
    };
    let known = |kind: &FailureKind| *kind != FailureKind::Unknown;
    let mut rules = Rules::of(original(1))
        .or(original(2))
        .may_fail_with(FailureKind::ALL.iter().copied().filter(known))
        .max_attempts(60);
    if schedule.rough.ragged {
        // The mark goes with the connection that brought it.
        rules = rules.or(unmarked(1)).or(unmarked(2));
    }
    if schedule.trailers {
        // Whether there are any hangs on the framing of the last answer.
        rules = rules.or(original(1).trailers(trailers()));
        rules = rules.or(original(2).trailers(trailers()));
        rules = rules.or(unmarked(1).trailers(trailers()));
        rules = rules.or(unmarked(2).trailers(trailers()));
    }
    if schedule.path == Path::Events && schedule.rough.max_event.is_none() {
        rules = rules.whole_events();
    }
    if schedule.heals() {
        rules = rules.must_succeed();
    }
    if exact {
        rules = rules.deadline(hang(schedule));
    }
    let mut run = match delivered {
        Some(delivered) => Run::of(delivered.clone()),
        None => Run::of(Delivered::new("", End::Abandoned)),
    };
    if run.delivered.end == End::Clean && may_have_missed_the_end(schedule, &run.delivered.bytes) {
        run.delivered.end = End::Abandoned;
    }
    run = run.tries(&origin.log());
    if !exact {
        run.tries.iter_mut().for_each(|attempt| attempt.hint = None);
    }
    if exact {
        run = run.elapsed(elapsed).peak_in_flight(origin.peak_in_flight());
    }
    if got.is_some() && delivered.is_none() && schedule.heals() {
        return Some("L1: not recovered: the answer is no success".to_owned());
    }
    let problem = check(&rules, &run).err()?;
    Some(problem.to_string())
}

/// Whether the last of these events was too long to be looked at: it may have been the one that says
/// that the stream is complete, and a clean end behind it is believed.
fn may_have_missed_the_end(schedule: &Schedule, delivered: &[u8]) -> bool {
    let Some(max) = schedule
        .rough
        .max_event
        .filter(|_| schedule.way.knows_the_end())
    else {
        return false;
    };
    let events = schedule.events();
    let unmarked = delivered.strip_prefix(events.mark()).unwrap_or(delivered);
    let mut end = 0;
    let lens = (0..events.count).map(|n| events.event(n).len());
    lens.into_iter().any(|len| {
        end += len;
        end == unmarked.len() && len > max
    })
}

fn trailers() -> HeaderMap {
    let mut trailers = HeaderMap::new();
    trailers.insert("x-checked", HeaderValue::from_static("yes"));
    trailers
}
