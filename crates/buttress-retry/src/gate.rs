//! Holding the head of a response back until its body has proven itself.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

/// When a response is good enough to be passed on.
///
/// Without a gate a response is passed on with its head; what happens to its body afterwards is
/// the consumer's, or a resume's, business. A gate holds head and body back until the first
/// meaningful piece of the body is there: a body that fails before is a failed attempt like any
/// other, and is retried. Only responses with a status below 400 wait at a gate, and only where another
/// attempt may follow: not without [`Consent`](crate::Consent), and not on the last attempt.
///
/// The wait is bounded in bytes and in time. At either bound, and at the end of the body, the gate
/// opens; nothing is lost.
///
/// ```
/// use buttress_retry::{Gate, RetryConfig};
/// use std::time::Duration;
///
/// // Until the first event of an event stream that is more than a comment.
/// let gate = Gate::until(|so_far: &[u8]| so_far.windows(5).any(|at| at == b"data:"))
///     .max_bytes(16 * 1024)
///     .max_wait(Duration::from_secs(20));
/// let config = RetryConfig::builder().gate(gate).build()?;
/// # assert!(config.gate().is_some());
/// # Ok::<(), buttress_core::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct Gate {
    pub(crate) opens: Opens,
    pub(crate) max_bytes: usize,
    pub(crate) max_wait: Duration,
}

/// What opens a gate.
#[derive(Clone)]
pub(crate) enum Opens {
    FirstFrame,
    When(Arc<dyn BodyGate>),
}

/// As many as with the default of `max_bytes`.
const MAX_FRAMES: usize = Gate::DEFAULT_MAX_BYTES / 64 + 64;

/// Says when the first meaningful piece of a body has arrived.
///
/// Implemented by every `Fn(&[u8]) -> bool`.
pub trait BodyGate: Send + Sync {
    /// Whether what has come of the body so far is enough to pass it on. Asked after each frame.
    fn is_open(&self, so_far: &[u8]) -> bool;
}

impl<F> BodyGate for F
where
    F: Fn(&[u8]) -> bool + Send + Sync,
{
    fn is_open(&self, so_far: &[u8]) -> bool {
        self(so_far)
    }
}

impl Gate {
    /// Bytes that wait at a gate by default: 64 KiB.
    pub const DEFAULT_MAX_BYTES: usize = 64 << 10;
    /// How long a response waits at a gate by default.
    pub const DEFAULT_MAX_WAIT: Duration = Duration::from_secs(30);

    /// The most bytes that may wait at a gate that looks at them: 1 MiB.
    pub const MAX_BYTES_LOOKED_AT: usize = 1 << 20;

    /// Opens at the first frame of the body.
    pub const fn first_frame() -> Self {
        Gate {
            opens: Opens::FirstFrame,
            max_bytes: Self::DEFAULT_MAX_BYTES,
            max_wait: Self::DEFAULT_MAX_WAIT,
        }
    }

    /// Opens when `gate` says so. It is asked after each frame, with all data so far, so that what it
    /// looks at is bounded as the square of that: `max_bytes` may be no more than
    /// [`MAX_BYTES_LOOKED_AT`](Gate::MAX_BYTES_LOOKED_AT), and it is asked 1,088 times at most.
    ///
    /// A frame whose data lies in more than 16 pieces in memory opens it too: not all of that can be
    /// looked at.
    pub fn until(gate: impl BodyGate + 'static) -> Self {
        Gate {
            opens: Opens::When(Arc::new(gate)),
            ..Gate::first_frame()
        }
    }

    /// The most bytes that wait; with this many the gate opens. Default: 64 KiB. At most 16 MiB, or
    /// 1 MiB for a gate that looks at them.
    ///
    /// Frames are bounded too, for each takes room of its own, even an empty one: the gate opens
    /// when `bytes / 64 + 64` of them wait, or 1,088, and another comes.
    pub const fn max_bytes(mut self, bytes: usize) -> Self {
        self.max_bytes = bytes;
        self
    }

    /// What [`max_wait`](Gate::max_wait) has set.
    #[must_use]
    pub const fn longest_wait(&self) -> Duration {
        self.max_wait
    }

    /// The longest wait, counted from the head; then the gate opens. Default: 30 s.
    pub const fn max_wait(mut self, wait: Duration) -> Self {
        self.max_wait = wait;
        self
    }
}

impl Gate {
    /// The most frames that wait before the one that opens the gate.
    pub(crate) fn max_frames(&self) -> usize {
        (self.max_bytes / 64 + 64).min(MAX_FRAMES)
    }

    /// The most that `max_bytes` may be, and its name.
    pub(crate) const fn most_bytes(&self) -> (usize, &'static str) {
        match self.opens {
            Opens::FirstFrame => (16 << 20, "16 MiB"),
            Opens::When(_) => (
                Self::MAX_BYTES_LOOKED_AT,
                "1 MiB for a gate that looks at them",
            ),
        }
    }
}

impl fmt::Debug for Opens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Opens::FirstFrame => "FirstFrame",
            Opens::When(_) => "When(..)",
        })
    }
}
