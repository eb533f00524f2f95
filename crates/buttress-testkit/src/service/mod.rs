//! A service that follows a script, in memory: for tests in paused time.

mod body;
mod step;

pub use self::body::{BodyProbe, ScriptedBody};
pub use self::step::{Readiness, Step};

use self::body::Alive;
use self::step::Outcome;
use crate::collect::Collected;
use buttress_core::BoxError;
use buttress_core::time::{Instant, now};
use http::request::Parts;
use http::{Request, Response};
use std::collections::VecDeque;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::time::{Sleep, sleep};
use tower_service::Service;

/// Answers requests by script, and insists on the contract of [`Service`].
///
/// It panics when it is called without having been polled ready on that very clone: readiness
/// is neither inherited by clones nor good for two calls. It panics when a request comes for
/// which the script has no step. Clones share the script and the log.
///
/// ```
/// use buttress_testkit::{ScriptedService, Step, collect};
/// use std::{future::poll_fn, io, time::Duration};
/// use tower_service::Service;
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
/// let mut service = ScriptedService::<String>::new([
///     Step::io(io::ErrorKind::ConnectionReset),
///     Step::ok("hello").after(Duration::from_secs(1)),
/// ]);
/// for expected in [None, Some("hello")] {
///     poll_fn(|cx| service.poll_ready(cx)).await?;
///     match service.call(http::Request::new("body".to_owned())).await {
///         Ok(response) => assert_eq!(collect(response.into_body()).await.bytes, expected.unwrap()),
///         Err(_) => assert_eq!(expected, None),
///     }
/// }
/// assert_eq!(service.calls().len(), 2);
/// assert_eq!(service.in_flight(), 0);
/// # Ok::<(), buttress_core::BoxError>(())
/// # })?;
/// # Ok::<(), buttress_core::BoxError>(())
/// ```
pub struct ScriptedService<B> {
    shared: Arc<Mutex<Shared<B>>>,
    alive: Alive,
    bodies: Alive,
    state: State,
}

/// One request as it arrived.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Call {
    /// When it arrived, counted from the making of the service.
    pub at: Duration,
    /// Method, URI, headers and extensions.
    pub parts: Parts,
    /// What became of it.
    pub end: CallEnd,
}

/// What became of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CallEnd {
    /// It is under way.
    Open,
    /// A response was given.
    Answered,
    /// An error was given.
    Failed,
    /// Its future was dropped before.
    Dropped,
}

enum State {
    Unready,
    Waiting(Pin<Box<Sleep>>),
    Never,
    /// It broke, and must not be used again.
    Broken,
    Ready,
}

struct Shared<B> {
    started: Instant,
    steps: VecDeque<Step<B>>,
    then: Option<Then<B>>,
    readiness: VecDeque<Readiness>,
    calls: Vec<Call>,
    bodies: Vec<Option<B>>,
    collected: Vec<Option<Collected>>,
}

type Then<B> = Box<dyn FnMut(&Parts) -> Step<B> + Send>;

impl<B> ScriptedService<B> {
    /// A service that is always ready and answers with these steps, one a request.
    #[must_use]
    pub fn new(steps: impl IntoIterator<Item = Step<B>>) -> Self {
        let shared = Shared {
            started: now(),
            steps: steps.into_iter().collect(),
            then: None,
            readiness: VecDeque::new(),
            calls: Vec::new(),
            bodies: Vec::new(),
            collected: Vec::new(),
        };
        ScriptedService {
            shared: Arc::new(Mutex::new(shared)),
            alive: Alive::default(),
            bodies: Alive::default(),
            state: State::Unready,
        }
    }

    /// What answers once the steps are used up.
    #[must_use]
    pub fn then(self, step: impl FnMut(&Parts) -> Step<B> + Send + 'static) -> Self {
        self.lock().then = Some(Box::new(step));
        self
    }

    /// What happens each time a clone is to become ready; ready at once when used up.
    #[must_use]
    pub fn readiness(self, readiness: impl IntoIterator<Item = Readiness>) -> Self {
        self.lock().readiness = readiness.into_iter().collect();
        self
    }

    /// Every request so far, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.lock().calls.clone()
    }

    /// When each request arrived, counted from the making of the service.
    #[must_use]
    pub fn times(&self) -> Vec<Duration> {
        self.lock().calls.iter().map(|call| call.at).collect()
    }

    /// How many steps nobody asked for yet.
    #[must_use]
    pub fn left(&self) -> usize {
        self.lock().steps.len()
    }

    /// How many response futures are alive.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.alive.count()
    }

    /// How many bodies of responses are alive.
    #[must_use]
    pub fn bodies_alive(&self) -> usize {
        self.bodies.count()
    }

    /// The body of request `index`, from 0, unless its step read it or it was taken before.
    #[must_use]
    pub fn take_body(&self, index: usize) -> Option<B> {
        self.lock().bodies.get_mut(index)?.take()
    }

    /// What the step of request `index` read of its body, if it [did](Step::reading).
    #[must_use]
    pub fn take_collected(&self, index: usize) -> Option<Collected> {
        self.lock().collected.get_mut(index)?.take()
    }

    fn lock(&self) -> MutexGuard<'_, Shared<B>> {
        self.shared.lock().expect("no holder panics")
    }
}

impl<B> Clone for ScriptedService<B> {
    /// A clone that is not ready.
    fn clone(&self) -> Self {
        ScriptedService {
            shared: self.shared.clone(),
            alive: self.alive.clone(),
            bodies: self.bodies.clone(),
            state: State::Unready,
        }
    }
}

impl<B> Service<Request<B>> for ScriptedService<B> {
    type Response = Response<ScriptedBody>;
    type Error = BoxError;
    type Future = Answer<B>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        loop {
            match &mut self.state {
                State::Ready => return Poll::Ready(Ok(())),
                State::Never => return Poll::Pending,
                State::Broken => panic!("asked again although it broke"),
                State::Waiting(sleep) => {
                    ready!(sleep.as_mut().poll(cx));
                    self.state = State::Ready;
                }
                State::Unready => {
                    let next = self.lock().readiness.pop_front();
                    self.state = match next {
                        None | Some(Readiness::Now) => State::Ready,
                        Some(Readiness::After(time)) => State::Waiting(Box::pin(sleep(time))),
                        Some(Readiness::Never) => State::Never,
                        Some(Readiness::Fails(error)) => {
                            return Poll::Ready(Err(error));
                        }
                        Some(Readiness::Breaks(error)) => {
                            self.state = State::Broken;
                            return Poll::Ready(Err(error));
                        }
                    };
                }
            }
        }
    }

    fn call(&mut self, request: Request<B>) -> Answer<B> {
        assert!(
            matches!(self.state, State::Ready),
            "called without having been polled ready on this very clone"
        );
        self.state = State::Unready;
        let (parts, body) = request.into_parts();
        let mut shared = self.lock();
        let index = shared.calls.len();
        let step = match (shared.steps.pop_front(), &mut shared.then) {
            (Some(step), _) => Some(step),
            (None, Some(then)) => Some(then(&parts)),
            (None, None) => None,
        };
        let Some(step) = step else {
            drop(shared);
            panic!("request {} came, but the script ends before it", index + 1);
        };
        let (reading, body) = match step.reader {
            Some(reader) => (Some(reader(body)), None),
            None => (None, Some(body)),
        };
        let at = now() - shared.started;
        let end = CallEnd::Open;
        shared.calls.push(Call { at, parts, end });
        shared.bodies.push(body);
        shared.collected.push(None);
        drop(shared);
        Answer {
            shared: self.shared.clone(),
            _alive: self.alive.one(),
            bodies: self.bodies.clone(),
            index,
            reading,
            delay: step.delay,
            sleep: None,
            outcome: Some(step.outcome),
        }
    }
}

/// The future of a [`ScriptedService`].
pub struct Answer<B> {
    shared: Arc<Mutex<Shared<B>>>,
    _alive: body::One,
    bodies: Alive,
    index: usize,
    reading: Option<step::Reading>,
    delay: Duration,
    sleep: Option<Pin<Box<Sleep>>>,
    outcome: Option<Outcome>,
}

impl<B> Future for Answer<B> {
    type Output = Result<Response<ScriptedBody>, BoxError>;

    /// Panics when polled after it was ready.
    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = &mut *self;
        if let Some(reading) = &mut this.reading {
            let collected = ready!(reading.as_mut().poll(cx));
            this.reading = None;
            let mut shared = this.shared.lock().expect("no holder panics");
            shared.collected[this.index] = Some(collected);
        }
        if !this.delay.is_zero() {
            let delay = this.delay;
            let sleep = this.sleep.get_or_insert_with(|| Box::pin(sleep(delay)));
            ready!(sleep.as_mut().poll(cx));
            this.delay = Duration::ZERO;
        }
        if let Some(Outcome::Hang) = this.outcome {
            return Poll::Pending;
        }
        let outcome = this.outcome.take().expect("polled after it was ready");
        let (result, end) = match outcome {
            Outcome::Respond(response) => {
                let alive = this.bodies.one();
                (
                    Ok(response.map(|body| body.counted(alive))),
                    CallEnd::Answered,
                )
            }
            Outcome::Fail(error) => (Err(error), CallEnd::Failed),
            Outcome::Hang => unreachable!("handled above"),
        };
        let mut shared = this.shared.lock().expect("no holder panics");
        shared.calls[this.index].end = end;
        Poll::Ready(result)
    }
}

impl<B> Drop for Answer<B> {
    fn drop(&mut self) {
        if let Ok(mut shared) = self.shared.lock() {
            let end = &mut shared.calls[self.index].end;
            if *end == CallEnd::Open {
                *end = CallEnd::Dropped;
            }
        }
    }
}

impl<B> fmt::Debug for ScriptedService<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shared = self.lock();
        f.debug_struct("ScriptedService")
            .field("calls", &shared.calls.len())
            .field("left", &shared.steps.len())
            .field("ready", &matches!(self.state, State::Ready))
            .finish_non_exhaustive()
    }
}

impl<B> fmt::Debug for Answer<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
            .field("index", &self.index)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
