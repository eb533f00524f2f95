//! The bell of a watched body: who rings is another thread than who waits.

use crate::bell::Bell;
use loom::future::block_on;
use loom::sync::Arc;
use loom::sync::atomic::{AtomicBool, Ordering};
use loom::thread;
use std::future::poll_fn;
use std::task::{Poll, Waker};

/// A body that has something once its connection's thread says so, and what it is to wake.
struct Body {
    has_come: AtomicBool,
    waker: loom::sync::Mutex<Option<Waker>>,
}

impl Body {
    fn new() -> Arc<Self> {
        Arc::new(Body {
            has_come: AtomicBool::new(false),
            waker: loom::sync::Mutex::new(None),
        })
    }

    fn poll(&self, waker: &Waker) -> Poll<()> {
        *self.waker.lock().unwrap() = Some(waker.clone());
        match self.has_come.load(Ordering::Acquire) {
            true => Poll::Ready(()),
            false => Poll::Pending,
        }
    }

    /// What the connection's thread does.
    fn comes(&self) {
        self.has_come.store(true, Ordering::Release);
        let waker = self.waker.lock().unwrap().take();
        if let Some(waker) = waker {
            waker.wake();
        }
    }
}

/// As a watched body asks: first whether the bell was rung, then, with the bell as the waker, the body.
#[test]
fn who_waits_is_woken() {
    loom::model(|| {
        let bell = Bell::new();
        let body = Body::new();
        let connection = body.clone();
        let connection = thread::spawn(move || connection.comes());
        // Loom fails where this sleeps and nobody is left to wake it.
        block_on(poll_fn(|cx| {
            let _ = bell.heard(cx.waker());
            body.poll(bell.waker())
        }));
        connection.join().unwrap();
    });
}

/// The bell is laid at one task's poll and the body polled on by another task's: the ring reaches the one
/// that asked last.
#[test]
fn the_task_that_asked_last_is_woken() {
    loom::model(|| {
        let bell = Bell::new();
        let body = Body::new();
        let _ = bell.heard(Waker::noop());
        let is_there = body.poll(bell.waker()).is_ready();
        assert!(!is_there);
        let connection = body.clone();
        let connection = thread::spawn(move || connection.comes());
        block_on(poll_fn(|cx| {
            let _ = bell.heard(cx.waker());
            body.poll(bell.waker())
        }));
        connection.join().unwrap();
    });
}

/// A ring is told once: by who asks after it, or by who asks next.
#[test]
fn a_ring_is_heard_once() {
    loom::model(|| {
        let bell = Bell::new();
        let waker = bell.waker().clone();
        let ringing = thread::spawn(move || {
            waker.wake_by_ref();
            waker.wake();
        });
        let before = bell.heard(Waker::noop()).is_some();
        ringing.join().unwrap();
        let after = bell.heard(Waker::noop()).is_some();
        let at_last = bell.heard(Waker::noop()).is_some();
        assert!(before || after);
        assert!(!at_last);
    });
}
