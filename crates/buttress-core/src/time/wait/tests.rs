use super::*;
use proptest::prelude::*;
use std::future::{Future, poll_fn};
use std::pin::pin;
use tokio::time::sleep;
use tokio_test::task::spawn;

const TICK: Duration = Duration::from_millis(1);

fn ticks(n: u64) -> Duration {
    Duration::from_millis(n)
}

/// What is waited for, and the wait while it is pending: what it was and how long it took.
async fn within<F: Future>(
    wait: &mut Wait,
    limit: Option<u64>,
    deadline: Option<Deadline>,
    work: F,
) -> Result<F::Output, Expired> {
    let limit = limit.map_or(Span::NONE, |limit| Span::of(ticks(limit)));
    let mut work = pin!(work);
    let outcome = poll_fn(|cx| {
        if let Poll::Ready(output) = work.as_mut().poll(cx) {
            return Poll::Ready(Ok(output));
        }
        wait.poll(limit, deadline, cx).map(Err)
    });
    let outcome = outcome.await;
    wait.over();
    outcome
}

#[tokio::test(start_paused = true)]
async fn the_earlier_end_counts_and_says_which_it_was() {
    // The limit, the deadline, how long the work takes, when it ends, and by what.
    for (limit, deadline, work, after, by_deadline) in [
        (Some(10), None, 9, 9, None),
        (Some(10), None, 10, 10, None), // what is there is never too late
        (Some(10), None, 11, 10, Some(false)),
        (None, Some(10), 10, 10, None),
        (None, Some(10), 11, 10, Some(true)),
        (Some(10), Some(9), 99, 9, Some(true)),
        (Some(10), Some(10), 99, 10, Some(false)),
        (Some(10), Some(11), 99, 10, Some(false)),
        (Some(10), Some(0), 99, 0, Some(true)),
        (None, None, 99, 99, None),
    ] {
        let start = now();
        let deadline_at = deadline.map(|deadline| Deadline::at(start + ticks(deadline)));
        let mut wait = Wait::new();
        let outcome = within(&mut wait, limit, deadline_at, sleep(ticks(work))).await;
        let case = format!("{limit:?}, {deadline:?}, {work}");
        assert_eq!(now() - start, ticks(after), "{case}");
        match outcome {
            Ok(()) => assert_eq!(by_deadline, None, "{case}"),
            Err(expired) => {
                assert_eq!(Some(expired.by_deadline), by_deadline, "{case}");
                let lasted = limit.map_or(Duration::ZERO, |_| ticks(after));
                assert_eq!(expired.after, lasted, "{case}");
            }
        }
    }
}

/// What one task does with one wait after the other.
#[derive(Clone, Debug)]
struct Step {
    /// First it does something else for so long.
    pause: u64,
    limit: Option<u64>,
    /// From the beginning of the step.
    deadline: Option<u64>,
    work: u64,
    /// The wait is a new one, with a timer that others have used.
    fresh: bool,
    /// The work wakes the task so often in between for nothing.
    wakes: u64,
}

fn steps() -> impl Strategy<Value = Vec<Vec<Step>>> {
    let end = || prop::option::weighted(0.8, 1..2000_u64);
    let step = (
        0..500_u64,
        end(),
        end(),
        1..2000_u64,
        any::<bool>(),
        0..4_u64,
    )
        .prop_map(|(pause, limit, deadline, work, fresh, wakes)| Step {
            pause,
            limit,
            deadline,
            work,
            fresh,
            wakes,
        });
    prop::collection::vec(prop::collection::vec(step, 1..12), 1..6)
}

async fn work(step: &Step) {
    for _ in 0..step.wakes {
        sleep(ticks(step.work / (step.wakes + 1))).await;
    }
    sleep(ticks(step.work - step.work / (step.wakes + 1) * step.wakes)).await;
}

async fn take(steps: Vec<Step>) {
    let mut wait = Wait::new();
    for step in steps {
        sleep(ticks(step.pause)).await;
        if step.fresh {
            wait = Wait::new();
        }
        let start = now();
        // A deadline is the same for all waits of one timer: another timer comes with it.
        if step.deadline.is_some() {
            wait = Wait::new();
        }
        let deadline = step
            .deadline
            .map(|after| Deadline::at(start + ticks(after)));
        let outcome = within(&mut wait, step.limit, deadline, work(&step)).await;
        let took = now() - start;
        let end = step.limit.into_iter().chain(step.deadline).min();
        match (outcome, end) {
            (Ok(()), _) => {
                assert_eq!(took, ticks(step.work), "{step:?}");
                assert!(end.is_none_or(|end| step.work <= end), "{step:?}");
            }
            (Err(expired), Some(end)) => {
                assert!(step.work > end, "{step:?}");
                assert!(
                    took >= ticks(end) && took <= ticks(end) + TICK,
                    "{step:?}: {took:?}"
                );
                let lasted = step.limit.map_or(Duration::ZERO, |_| took);
                assert_eq!(expired.after, lasted, "{step:?}");
                let by_deadline = step.limit.is_none_or(|limit| end < limit);
                assert_eq!(expired.by_deadline, by_deadline, "{step:?}");
            }
            (Err(_), None) => unreachable!("{step:?}"),
        }
    }
}

proptest! {
    /// Many waits of several tasks in one thread hand their alarms to each other in every order;
    /// each ends at its own moment.
    #[test]
    fn every_wait_ends_at_its_own_moment(tasks in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let tasks: Vec<_> = tasks.into_iter().map(|steps| tokio::spawn(take(steps))).collect();
            // None hangs: a wake that is lost would leave time to pass until this.
            let all = tokio::time::timeout(Duration::from_secs(3600), async {
                for task in tasks {
                    task.await.unwrap();
                }
            });
            all.await.unwrap();
        });
    }
}

#[tokio::test(start_paused = true)]
async fn a_limit_that_comes_later_counts_from_then() {
    let deadline = Some(Deadline::after(ticks(100)));
    let mut wait = Wait::new();
    for _ in 0..2 {
        let pending = poll_fn(|cx| Poll::Ready(wait.poll(Span::NONE, deadline, cx).is_pending()));
        assert!(pending.await);
        sleep(ticks(3)).await;
    }
    let start = now();
    let expired = poll_fn(|cx| wait.poll(Span::of(ticks(10)), deadline, cx)).await;
    assert_eq!((now() - start, expired.after), (ticks(10), ticks(10)));
    assert!(!expired.by_deadline);
}

#[tokio::test(start_paused = true)]
async fn a_wait_that_moves_to_another_task_wakes_that_one() {
    let limit = Span::of(ticks(10));
    let mut wait = Wait::new();
    let mut first = spawn(());
    assert!(first.enter(|cx, _| wait.poll(limit, None, cx)).is_pending());
    let start = now();
    let second = tokio::spawn(async move { poll_fn(|cx| wait.poll(limit, None, cx)).await });
    assert_eq!(second.await.unwrap().after, ticks(10));
    assert_eq!(now() - start, ticks(10));
    assert!(!first.is_woken());
}

#[tokio::test(start_paused = true)]
async fn a_limit_may_become_shorter_and_longer() {
    let limit = |n| Span::of(ticks(n));
    for (then, woken_at) in [(5, vec![5]), (10, vec![10]), (20, vec![10, 20])] {
        let start = now();
        let mut wait = Wait::new();
        let mut task = spawn(());
        assert!(
            task.enter(|cx, _| wait.poll(limit(10), None, cx))
                .is_pending()
        );
        assert!(
            task.enter(|cx, _| wait.poll(limit(then), None, cx))
                .is_pending()
        );
        for at in woken_at {
            tokio::time::advance(start + ticks(at - 1) - now()).await;
            assert!(!task.is_woken(), "{then}");
            tokio::time::advance(TICK).await;
            assert!(task.is_woken(), "{then}");
            let ready = task
                .enter(|cx, _| wait.poll(limit(then), None, cx))
                .is_ready();
            assert_eq!(ready, at == then);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn what_is_noticed_late_has_one_more_turn() {
    let limit = Span::of(ticks(100));
    for (late, turns) in [(0, 0), (10, 0), (11, 1), (100_000, 1)] {
        let mut wait = Wait::new();
        // Twice, to see that each wait has its own turn.
        for _ in 0..2 {
            let mut task = spawn(());
            assert!(task.enter(|cx, _| wait.poll(limit, None, cx)).is_pending());
            tokio::time::advance(ticks(100 + late)).await;
            for _ in 0..turns {
                assert!(task.is_woken());
                assert!(task.enter(|cx, _| wait.poll(limit, None, cx)).is_pending());
            }
            assert!(task.is_woken());
            let Poll::Ready(expired) = task.enter(|cx, _| wait.poll(limit, None, cx)) else {
                unreachable!("{late}");
            };
            assert_eq!(expired.after, ticks(100 + late));
            wait.over();
        }
        // A deadline is one.
        let mut wait = Wait::new();
        let deadline = Some(Deadline::after(ticks(100)));
        let mut task = spawn(());
        assert!(
            task.enter(|cx, _| wait.poll(limit, deadline, cx))
                .is_pending()
        );
        wait.over();
        tokio::time::advance(ticks(100 + late)).await;
        assert!(
            task.enter(|cx, _| wait.poll(limit, deadline, cx))
                .is_ready()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn how_long_was_waited() {
    let limit = Span::of(ticks(100));
    let mut wait = Wait::new();
    let mut task = spawn(());
    assert_eq!(wait.over_at(None), Span::ZERO);
    assert!(task.enter(|cx, _| wait.poll(limit, None, cx)).is_pending());
    tokio::time::advance(ticks(30)).await;
    assert_eq!(wait.over_at(None), Span::of(ticks(30)));
    assert!(task.enter(|cx, _| wait.poll(limit, None, cx)).is_pending());
    let since = now();
    tokio::time::advance(ticks(30)).await;
    assert_eq!(wait.over_at(Some(since + ticks(20))), Span::of(ticks(20)));
    // Before it began: not at all.
    assert!(task.enter(|cx, _| wait.poll(limit, None, cx)).is_pending());
    assert_eq!(wait.over_at(Some(since)), Span::ZERO);
}

#[tokio::test(start_paused = true)]
async fn without_an_end_there_is_no_timer() {
    let mut wait = Wait::new();
    let mut task = spawn(());
    assert!(
        task.enter(|cx, _| wait.poll(Span::NONE, None, cx))
            .is_pending()
    );
    assert_eq!(format!("{wait:?}"), format!("{:?}", Wait::new()));
}
