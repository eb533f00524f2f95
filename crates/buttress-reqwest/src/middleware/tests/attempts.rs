//! Attempts that are many at once, or made on other tasks.

use super::lane::{Job, Work};
use super::*;
use futures_util::future::{BoxFuture, select_all};
use std::task::{Context, Poll, Wake, Waker};

/// Makes so many attempts at once, each on its own task if told to, and answers as the first one
/// does.
#[derive(Clone)]
struct Race<S> {
    inner: S,
    attempts: usize,
    spawned: bool,
}

impl<S> Service<Request<reqwest::Body>> for Race<S>
where
    S: Service<Request<reqwest::Body>> + Clone + Send + 'static,
    S::Response: Send,
    S::Error: Into<BoxError> + Send,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<S::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.inner.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: Request<reqwest::Body>) -> Self::Future {
        let (head, _) = request.into_parts();
        let spawned = self.spawned;
        let attempts = (0..self.attempts).map(|_| {
            let request = Request::from_parts(head.clone(), reqwest::Body::default());
            let mut inner = self.inner.clone();
            // Of layers that need not be made ready.
            let attempt = async move { inner.call(request).await.map_err(Into::into) };
            let attempt: Self::Future = if spawned {
                #[allow(clippy::disallowed_methods, reason = "some layers do")]
                let attempt = tokio::spawn(attempt);
                Box::pin(async move { attempt.await.unwrap() })
            } else {
                Box::pin(attempt)
            };
            attempt
        });
        let first = select_all(attempts.collect::<Vec<_>>());
        Box::pin(async move { first.await.0 })
    }
}

fn race<S>(attempts: usize, spawned: bool) -> impl Layer<S, Service = Race<S>> {
    tower::layer::layer_fn(move |inner| Race {
        inner,
        attempts,
        spawned,
    })
}

/// The losers stop as the first one is done.
#[tokio::test]
async fn attempts_may_run_at_once() {
    for attempts in 1..5 {
        let origin = origin([]).await;
        // Whoever comes last is answered first.
        origin.set_script(Script::by(move |seen| match seen.request {
            last if last == attempts => Fault::None,
            _ => Fault::StallBeforeHead,
        }));
        let alive = Alive::default();
        let client = ClientBuilder::new(client())
            .with(TowerMiddleware::new(race(attempts, false), client()))
            .with(alive.clone())
            .build();
        let response = client.get(origin.url("/bytes")).send().await.unwrap();
        assert_eq!(response.url().as_str(), origin.url("/bytes"));
        assert_eq!(response.bytes().await.unwrap(), origin.content().whole());
        assert_eq!(alive.most.load(Ordering::Relaxed), attempts);
        assert_eq!(alive.now.load(Ordering::Relaxed), 0);
        assert_eq!(origin.log().len(), attempts);
    }
}

/// They wake the call, and it wakes them.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn attempts_may_be_made_on_other_tasks() {
    for round in 0..200 {
        let attempts = 1 + round % 3;
        let origin = origin([]).await;
        let below = Counter::default();
        let client = ClientBuilder::new(client())
            .with(TowerMiddleware::new(race(attempts, true), client()))
            .with(below.clone())
            .build();
        let response = client.get(origin.url("/hello")).send().await.unwrap();
        assert_eq!(response.status(), 200);
        assert!((1..=attempts).contains(&below.count()), "{round}");
    }
}

/// What is left of a call that is over fails, or goes through the client that was given.
#[tokio::test]
async fn nothing_waits_for_a_call_that_is_over() {
    let origin = origin([]).await;
    let beyond = Counter::default();
    let lane = Lane::new(origin.url("/hello").parse().unwrap());
    let handle = ClientBuilder::new(client()).with(beyond.clone()).build();
    let mut service = MiddlewareService::new(handle);
    let request = || {
        let mut request = Request::get(origin.url("/hello")).body(reqwest::Body::default());
        let extensions = request.as_mut().unwrap().extensions_mut();
        extensions.insert(lane.clone());
        request.unwrap()
    };
    let waits = service.call(request());
    drop(lane.closing());
    let error = waits.await.unwrap_err();
    assert_eq!(
        Failure::from(BoxError::from(error)).kind(),
        FailureKind::Cancelled
    );
    assert_eq!(service.call(request()).await.unwrap().status(), 200);
    assert_eq!((beyond.count(), origin.log().len()), (1, 1));
}

/// Counts.
#[derive(Default)]
struct Wakes(AtomicUsize);

impl Wake for Wakes {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Wakes {
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

/// An attempt may be given up between any two steps, and whoever sleeps learns of it.
#[test]
fn a_place_is_free_again_whenever_an_attempt_is_given_up() {
    let (wakes, others) = (Arc::new(Wakes::default()), Arc::new(Wakes::default()));
    let (waker, other) = (Waker::from(wakes.clone()), Waker::from(others.clone()));
    let (cx, other) = (&Context::from_waker(&waker), &Context::from_waker(&other));
    let lane = Lane::new("http://origin/".parse().unwrap());
    let job = || Job {
        request: reqwest::Request::new(http::Method::GET, lane.url().unwrap().clone()),
        extensions: Extensions::new(),
    };
    let ask = || lane.clone().ask(job()).ok().unwrap();
    let begun = |number| matches!(lane.next(cx), Some(Work::Begin(found)) if found == number);
    let given_up = |number| matches!(lane.next(cx), Some(Work::GiveUp(found)) if found == number);
    let sleeps = || lane.next(cx).is_none();
    let answer = |number| lane.answer(number, Err(ThroughError::abandoned()), cx);

    // Before the call knew of it.
    assert!(sleeps());
    drop(ask());
    assert_eq!(wakes.take(), 1);
    assert!(sleeps());
    // When it knew.
    let ticket = ask();
    assert!(begun(0) && sleeps());
    wakes.take();
    drop(ticket);
    assert_eq!(wakes.take(), 1);
    assert!(lane.take(0).is_none());
    assert!(given_up(0) && sleeps());
    // Under way, beside another one.
    let (mut first, second) = (ask(), ask());
    assert!(begun(0) && begun(1));
    assert!(lane.take(0).is_some() && lane.take(1).is_some());
    assert!(first.poll(cx).is_pending());
    drop(second);
    assert!(given_up(1) && sleeps());
    // Done, and not asked for. The stack, which is polled next, need not be woken.
    wakes.take();
    answer(0);
    drop(first);
    assert_eq!(wakes.take(), 0);
    // Under way, and done before the call knew that nobody waits.
    let ticket = ask();
    assert!(begun(0) && lane.take(0).is_some());
    drop(ticket);
    answer(0);
    assert!(sleeps());
    // The place is as good as new.
    let mut ticket = ask();
    assert!(begun(0) && lane.take(0).is_some() && ticket.poll(other).is_pending());
    answer(0);
    assert_eq!(others.take(), 1);
    assert!(ticket.poll(other).is_ready());
    // The call is over.
    let mut ticket = ask();
    assert!(ticket.poll(other).is_pending());
    drop(lane.closing());
    assert_eq!(others.take(), 1);
    assert!(ticket.poll(other).is_ready());
    assert!(lane.clone().ask(job()).is_err());
}
