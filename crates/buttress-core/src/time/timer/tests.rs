use super::*;
use crate::time::now;
use std::future::poll_fn;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Wake;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio_test::task::spawn;

const SECOND: Duration = Duration::from_secs(1);

async fn look(timer: &mut Timer, deadline: Instant) -> bool {
    poll_fn(|cx| Poll::Ready(timer.poll_until(deadline, cx).is_ready())).await
}

async fn wait(timer: &mut Timer, deadline: Instant) {
    poll_fn(|cx| timer.poll_until(deadline, cx)).await;
}

fn runtime() -> Runtime {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().unwrap()
}

/// A waker that counts, and belongs to no runtime.
#[derive(Default)]
struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

#[tokio::test(start_paused = true)]
async fn fires_at_the_moment_asked_for_last() {
    for (first, then) in [(1, 3), (10, 2), (5, 5)] {
        let start = now();
        let mut timer = Timer::new();
        assert!(!look(&mut timer, start + first * SECOND).await);
        wait(&mut timer, start + then * SECOND).await;
        assert_eq!(now() - start, then * SECOND);
    }
}

#[tokio::test(start_paused = true)]
async fn a_borrowed_alarm_rings_for_its_new_owner() {
    // Left behind: set for later, set for earlier, rung already.
    for left in [100, 1, 0] {
        let start = now();
        let mut timer = Timer::new();
        let _ = look(&mut timer, start + left * SECOND).await;
        drop(timer);
        let mut next = Timer::new();
        wait(&mut next, start + 7 * SECOND).await;
        assert_eq!(now() - start, 7 * SECOND, "{left}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_timer_can_be_used_again_after_it_fired() {
    let start = now();
    let mut timer = Timer::new();
    for n in 1..5 {
        wait(&mut timer, start + n * SECOND).await;
        assert_eq!(now() - start, n * SECOND);
    }
    // A moment that has passed is there at once.
    wait(&mut timer, start).await;
}

#[tokio::test(start_paused = true)]
async fn the_task_that_polled_last_is_woken() {
    let end = now() + SECOND;
    let mut timer = Timer::new();
    let mut first = spawn(());
    let mut second = spawn(());
    for _ in 0..3 {
        assert!(first.enter(|cx, _| timer.poll_until(end, cx)).is_pending());
        assert!(second.enter(|cx, _| timer.poll_until(end, cx)).is_pending());
    }
    tokio::time::advance(SECOND).await;
    assert!(second.is_woken());
    assert!(!first.is_woken());
    assert!(second.enter(|cx, _| timer.poll_until(end, cx)).is_ready());
}

#[tokio::test(start_paused = true)]
async fn a_borrowed_alarm_that_is_set_for_the_same_task_is_left_as_it_is() {
    let start = now();
    let mut task = spawn(());
    for n in 1..=5 {
        let mut timer = Timer::new();
        let end = start + n * SECOND;
        assert!(task.enter(|cx, _| timer.poll_until(end, cx)).is_pending());
    }
    assert_eq!(pool::kept(), 1);
    // It is the first one's still: the latest is late only by looking again.
    let mut timer = Timer::new();
    let last = start + 9 * SECOND;
    for n in [1, 9] {
        assert!(task.enter(|cx, _| timer.poll_until(last, cx)).is_pending());
        tokio::time::advance(start + n * SECOND - now()).await;
        assert!(task.is_woken(), "{n}");
    }
    assert!(task.enter(|cx, _| timer.poll_until(last, cx)).is_ready());
}

/// An exhausted task may not be told that its alarm is set when it is not.
#[tokio::test(start_paused = true)]
async fn rings_for_a_task_that_had_no_budget_left_when_it_set_the_alarm() {
    let start = now();
    let task = tokio::spawn(async move {
        let mut timer = Timer::new();
        poll_fn(|cx| {
            while tokio::task::coop::has_budget_remaining() {
                let _ = std::pin::pin!(tokio::task::consume_budget()).poll(cx);
            }
            timer.poll_until(start + SECOND, cx)
        })
        .await;
        now() - start
    });
    let task = tokio::time::timeout(60 * SECOND, task).await;
    assert_eq!(task.unwrap().unwrap(), SECOND);
}

#[test]
fn an_alarm_of_a_runtime_that_is_gone_is_not_used() {
    for _ in 0..3 {
        runtime().block_on(async {
            let start = now();
            let mut timer = Timer::new();
            assert!(!look(&mut timer, start + SECOND).await);
            let mut other = Timer::new();
            wait(&mut other, start + 2 * SECOND).await;
            assert_eq!(now() - start, 2 * SECOND);
        });
    }
}

/// Nobody drives the first runtime: its alarms do not ring, whoever they are set for.
#[test]
fn an_alarm_of_another_runtime_is_not_used_for_the_same_task() {
    let woken = Arc::new(Count::default());
    let waker = Waker::from(woken.clone());
    let mut cx = Context::from_waker(&waker);
    let idle = runtime();
    {
        let _here = idle.enter();
        let mut wait = crate::time::Wait::new();
        let limit = Span::of(SECOND);
        assert!(wait.poll(limit, None, &mut cx).is_pending());
    }
    assert_eq!(pool::kept(), 1);
    let driven = runtime();
    driven.block_on(async {
        let mut wait = crate::time::Wait::new();
        let limit = Span::of(SECOND);
        assert!(wait.poll(limit, None, &mut cx).is_pending());
        tokio::time::sleep(2 * SECOND).await;
        assert_eq!(woken.0.load(Ordering::Relaxed), 1);
        assert!(
            wait.poll(limit, None, &mut cx).is_pending(),
            "late: once more"
        );
        assert!(wait.poll(limit, None, &mut cx).is_ready());
    });
}

/// A runtime that ends rings all its alarms, before their time.
#[test]
fn a_wait_goes_on_in_another_runtime_when_its_own_has_ended() {
    let mut timer = Timer::new();
    let first = runtime();
    first.block_on(look(&mut timer, first.block_on(async { now() }) + SECOND));
    drop(first);
    runtime().block_on(async {
        let start = now();
        wait(&mut timer, start + 3 * SECOND).await;
        assert_eq!(now() - start, 3 * SECOND);
    });
}

#[test]
fn what_a_thread_keeps_ends_with_it() {
    let runtime = runtime();
    for many in [1, 3] {
        let count = Arc::new(Count::default());
        let waker = Waker::from(count.clone());
        std::thread::scope(|threads| {
            let thread = threads.spawn(|| {
                let _here = runtime.enter();
                let mut timers: Vec<_> = (0..many).map(|_| Timer::new()).collect();
                for timer in &mut timers {
                    let cx = &mut Context::from_waker(&waker);
                    assert!(timer.poll_until(now() + SECOND, cx).is_pending());
                }
                drop(timers);
                assert_eq!(pool::kept(), many);
            });
            // Only who joins it waits until what was the thread's is gone.
            assert!(thread.join().is_ok());
        });
        drop(waker);
        assert_eq!(Arc::strong_count(&count), 1);
    }
}

#[tokio::test(start_paused = true)]
async fn the_pool_is_bounded() {
    let deadline = now() + SECOND;
    let mut timers: Vec<_> = (0..pool::POOL * 2).map(|_| Timer::new()).collect();
    for timer in &mut timers {
        assert!(!look(timer, deadline).await);
    }
    drop(timers);
    assert_eq!(pool::kept(), pool::POOL);
}
