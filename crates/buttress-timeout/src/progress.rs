//! What ends a silence.

mod lines;

use self::lines::Lines;
use bytes::Buf;
use std::fmt;
use std::io::IoSlice;
use std::sync::Arc;

/// What counts as progress of a body: the waits for its first frame and for the next one go on
/// until it is made.
///
/// Only data is asked about. Trailers, the end and errors always end a wait.
///
/// ```
/// use buttress_timeout::{Progress, TimeoutConfig};
/// use std::time::Duration;
///
/// // An API that sends `event: ping` to keep its connection alive.
/// let pings = Progress::custom(|| |data: &[u8]| !data.starts_with(b"event: ping\n"));
/// let config = TimeoutConfig::builder()
///     .idle(Duration::from_secs(60))
///     .progress(pings)
///     .build()?;
/// assert_eq!(format!("{:?}", config.progress()), "Custom");
/// # Ok::<(), buttress_core::ConfigError>(())
/// ```
#[derive(Clone, Default)]
#[non_exhaustive]
pub enum Progress {
    /// Every frame, an empty one too.
    #[default]
    EveryFrame,
    /// For event streams: every frame with something of a line that is neither blank nor a comment
    /// ([HTML, section 9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation)).
    /// Comments are how many servers keep a connection alive while they bring nothing. Lines may be
    /// cut by frames anywhere.
    Events,
    /// What this function says: see [`Progress::custom`].
    Custom(Rule),
}

/// The function of [`Progress::Custom`].
#[derive(Clone)]
pub struct Rule(Arc<dyn Fn() -> Box<JudgeFn> + Send + Sync>);

type JudgeFn = dyn FnMut(&[u8]) -> bool + Send + Sync;

impl Progress {
    /// What a function of yours says: `begin` is called once for each body that is watched, and what it
    /// returns for each piece of memory that the data of a frame lies in: most often it is one. A frame
    /// is progress if one of its pieces is. The function may remember what it has seen, for where
    /// pieces begin and end means nothing: what the server wrote at once can come in several. One
    /// that captures nothing costs no allocation.
    ///
    /// A body of one frame that says so is never watched, for nothing follows that could be waited for.
    /// Of data that lies in more than 16 pieces it is shown the first 16.
    pub fn custom<F, J>(begin: F) -> Self
    where
        F: Fn() -> J + Send + Sync + 'static,
        J: FnMut(&[u8]) -> bool + Send + Sync + 'static,
    {
        Progress::Custom(Rule(Arc::new(move || Box::new(begin()))))
    }

    /// What judges the frames of one body.
    pub(crate) fn judge(&self) -> Judge {
        match self {
            Progress::EveryFrame => Judge::EveryFrame,
            Progress::Events => Judge::Events(Lines::Start),
            Progress::Custom(Rule(begin)) => Judge::Custom(begin()),
        }
    }
}

impl PartialEq for Progress {
    /// Whether both are the same; of functions, whether one is a clone of the other.
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Progress::EveryFrame, Progress::EveryFrame) => true,
            (Progress::Events, Progress::Events) => true,
            (Progress::Custom(Rule(one)), Progress::Custom(Rule(other))) => Arc::ptr_eq(one, other),
            _ => false,
        }
    }
}

impl Eq for Progress {}

impl fmt::Debug for Progress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Progress::EveryFrame => "EveryFrame",
            Progress::Events => "Events",
            Progress::Custom(_) => "Custom",
        })
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Rule(..)")
    }
}

/// Judges the frames of one body.
pub(crate) enum Judge {
    EveryFrame,
    Events(Lines),
    Custom(Box<JudgeFn>),
}

impl Judge {
    pub(crate) fn is_progress(&mut self, data: &impl Buf) -> bool {
        match self {
            Judge::EveryFrame => true,
            Judge::Events(lines) => any_piece(data, |piece| lines.read(piece)),
            Judge::Custom(judge) => any_piece(data, judge),
        }
    }
}

/// Whether `judge` says yes to any piece of `data`. It is asked about all of them.
fn any_piece(data: &impl Buf, mut judge: impl FnMut(&[u8]) -> bool) -> bool {
    let first = data.chunk();
    if first.len() == data.remaining() {
        return judge(first);
    }
    let mut pieces = [IoSlice::new(&[]); 16];
    let count = data.chunks_vectored(&mut pieces);
    let mut rest = data.remaining();
    let mut progress = false;
    for piece in pieces.iter().take(count) {
        rest = rest.saturating_sub(piece.len());
        progress |= judge(piece);
    }
    // What cannot be seen may be anything.
    progress || rest > 0
}

#[cfg(test)]
mod tests;
