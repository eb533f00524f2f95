//! A task that wakes itself goes on in the same turn.
//!
//! To take a piece of a body that hyper reads wakes the task of its connection, which may be the one that
//! takes it. The runtime would put that task behind all others, and wake a thread to look after it.

use futures_util::task::AtomicWaker;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, Wake, Waker};

/// How often a task is polled in one turn: then it is others' turn.
const POLLS: usize = 2;

/// The turns of one task.
pub(crate) struct Turns {
    line: Arc<Line>,
    waker: Waker,
}

/// Whom to wake, and whether that is to be done at once.
#[derive(Default)]
struct Line {
    state: AtomicU8,
    task: AtomicWaker,
}

/// The task is polled: who wakes it need only say so.
const POLLED: u8 = 1;
/// It was woken.
const WOKEN: u8 = 2;

impl Turns {
    pub(crate) fn new() -> Self {
        let line = Arc::new(Line::default());
        Turns {
            waker: Waker::from(Arc::clone(&line)),
            line,
        }
    }

    /// Polls, and once more if the task was woken meanwhile.
    pub(crate) fn poll<T>(
        &self,
        cx: &mut Context<'_>,
        mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>,
    ) -> Poll<T> {
        self.line.task.register(cx.waker());
        for _ in 0..POLLS {
            self.line.state.swap(POLLED, Ordering::AcqRel);
            let polled = poll(&mut Context::from_waker(&self.waker));
            let state = self.line.state.swap(0, Ordering::AcqRel);
            if polled.is_ready() || state & WOKEN == 0 {
                return polled;
            }
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    }
}

impl Wake for Line {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        // Always written, so that whoever polls next sees what was done before.
        let before = self.state.fetch_or(WOKEN, Ordering::AcqRel);
        if before & POLLED == 0 {
            self.task.wake();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::sync::atomic::{AtomicBool, AtomicUsize};
    use std::thread;

    #[derive(Default)]
    struct Count(AtomicUsize);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn it_is_polled_again_at_once_but_not_for_ever() {
        // How often it wakes itself; how often it is polled in one turn; how often its task is woken.
        for (wakes, polls, woken) in [(0, 1, 0), (1, 2, 0), (2, 2, 1), (9, 2, 1)] {
            let count = Arc::new(Count::default());
            let waker = Waker::from(Arc::clone(&count));
            let cx = &mut Context::from_waker(&waker);
            let mut polled = 0;
            let turns = Turns::new();
            let poll = turns.poll(cx, |cx| {
                polled += 1;
                if polled <= wakes {
                    cx.waker().wake_by_ref();
                }
                Poll::<()>::Pending
            });
            assert!(poll.is_pending());
            assert_eq!((polled, count.0.load(Ordering::Relaxed)), (polls, woken));
        }
    }

    #[test]
    fn who_wakes_it_between_two_turns_wakes_its_last_task() {
        let counts = [(); 2].map(|()| Arc::new(Count::default()));
        let turns = Turns::new();
        let mut inner = None;
        for count in &counts {
            let waker = Waker::from(Arc::clone(count));
            let polled = turns.poll(&mut Context::from_waker(&waker), |cx| {
                inner = Some(cx.waker().clone());
                Poll::<()>::Pending
            });
            assert!(polled.is_pending());
        }
        inner.unwrap().wake();
        assert_eq!(counts.map(|count| count.0.load(Ordering::Relaxed)), [0, 1]);
    }

    #[tokio::test]
    async fn no_wake_of_another_thread_is_lost() {
        for _ in 0..2_000 {
            let is_set = Arc::new(AtomicBool::new(false));
            let turns = Turns::new();
            let mut other = None;
            poll_fn(|cx| {
                turns.poll(cx, |cx| {
                    if is_set.load(Ordering::Relaxed) {
                        return Poll::Ready(());
                    }
                    other.get_or_insert_with(|| {
                        let (is_set, waker) = (Arc::clone(&is_set), cx.waker().clone());
                        thread::spawn(move || {
                            is_set.store(true, Ordering::Relaxed);
                            waker.wake();
                        })
                    });
                    Poll::Pending
                })
            })
            .await;
            other.unwrap().join().unwrap();
        }
    }
}
