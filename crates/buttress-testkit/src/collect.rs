//! Reading a body to its end, and noticing everything a body can get wrong on the way.

use buttress_core::BoxError;
use bytes::{Buf, BufMut, Bytes, BytesMut};
use http::HeaderMap;
use http_body::Body;
use std::fmt;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// Everything that came out of a body.
#[derive(Debug)]
#[non_exhaustive]
pub struct Collected {
    /// The data.
    pub bytes: Bytes,
    /// The length of each data frame.
    pub frames: Vec<usize>,
    /// The trailers.
    pub trailers: Option<HeaderMap>,
    /// The error it ended with: none means that it ended cleanly.
    pub error: Option<BoxError>,
    /// What one more poll gave after the end.
    pub after_end: AfterEnd,
    /// Promises about itself that the body broke.
    pub lies: Vec<Lie>,
}

/// What a body that had ended gave when it was polled once more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AfterEnd {
    /// The end again.
    End,
    /// A frame.
    Frame,
    /// An error.
    Error,
    /// Nothing yet.
    Pending,
}

/// A promise that a body broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Lie {
    /// `is_end_stream` was true and a frame or an error followed.
    EndedTooSoon {
        /// Bytes that had come by then.
        at: u64,
    },
    /// `size_hint` promised more than came, and the body ended cleanly.
    HintTooHigh {
        /// Bytes that had come when it was asked.
        at: u64,
        /// The least it promised in all.
        promised: u64,
    },
    /// `size_hint` promised less than came.
    HintTooLow {
        /// Bytes that had come when it was asked.
        at: u64,
        /// The most it promised in all.
        promised: u64,
    },
    /// Data came after the trailers.
    DataAfterTrailers {
        /// Bytes that had come by then.
        at: u64,
    },
}

impl Collected {
    /// The error, as text with its sources, or `clean end`.
    #[must_use]
    pub fn end(&self) -> String {
        let Some(error) = &self.error else {
            return "clean end".to_owned();
        };
        let links = buttress_core::classify::Chain::new(&**error);
        let texts: Vec<String> = links.map(ToString::to_string).collect();
        texts.join(": ")
    }
}

/// Reads a body to its end and polls it once more after that.
///
/// ```
/// use buttress_testkit::{AfterEnd, ScriptedBody, collect};
///
/// # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
/// let body = ScriptedBody::new().data("ab").data("c").fail("cut");
/// let collected = collect(body).await;
/// assert_eq!(collected.bytes, "abc");
/// assert_eq!(collected.frames, [2, 1]);
/// assert_eq!(collected.end(), "cut");
/// assert_eq!(collected.after_end, AfterEnd::End);
/// assert_eq!(collected.lies, []);
/// # });
/// # Ok::<(), std::io::Error>(())
/// ```
pub async fn collect<B>(body: B) -> Collected
where
    B: Body,
    B::Error: Into<BoxError>,
{
    let mut body = pin!(body);
    let mut bytes = BytesMut::new();
    let mut frames = Vec::new();
    let mut trailers = None;
    let mut lies = Vec::new();
    let mut hints = Vec::new();
    let error = loop {
        let at = bytes.len() as u64;
        let hint = body.size_hint();
        hints.push((at, hint.lower(), hint.upper()));
        let said_end = body.is_end_stream();
        let next = poll_fn(|cx| body.as_mut().poll_frame(cx)).await;
        if said_end && next.is_some() {
            lies.push(Lie::EndedTooSoon { at });
        }
        let frame = match next {
            None => break None,
            Some(Err(error)) => break Some(error.into()),
            Some(Ok(frame)) => frame,
        };
        match frame.into_data() {
            Ok(mut data) => {
                if trailers.is_some() {
                    lies.push(Lie::DataAfterTrailers { at });
                }
                frames.push(data.remaining());
                while data.has_remaining() {
                    let chunk = data.chunk();
                    bytes.put_slice(chunk);
                    let len = chunk.len();
                    data.advance(len);
                }
            }
            Err(frame) => {
                if let Ok(map) = frame.into_trailers() {
                    trailers.get_or_insert_with(HeaderMap::new).extend(map);
                }
            }
        }
    };
    let after_end = poll_fn(|cx| {
        Poll::Ready(match body.as_mut().poll_frame(cx) {
            Poll::Ready(None) => AfterEnd::End,
            Poll::Ready(Some(Ok(_))) => AfterEnd::Frame,
            Poll::Ready(Some(Err(_))) => AfterEnd::Error,
            Poll::Pending => AfterEnd::Pending,
        })
    })
    .await;
    lies.extend(broken_hints(&hints, bytes.len() as u64, error.is_none()));
    Collected {
        bytes: bytes.freeze(),
        frames,
        trailers,
        error,
        after_end,
        lies,
    }
}

/// The first hint that was too high and the first that was too low.
fn broken_hints(hints: &[(u64, u64, Option<u64>)], total: u64, clean: bool) -> Vec<Lie> {
    let too_high = hints.iter().find_map(|&(at, lower, _)| {
        let promised = at.saturating_add(lower);
        (clean && promised > total).then_some(Lie::HintTooHigh { at, promised })
    });
    let too_low = hints.iter().find_map(|&(at, _, upper)| {
        let promised = at.saturating_add(upper?);
        (promised < total).then_some(Lie::HintTooLow { at, promised })
    });
    too_high.into_iter().chain(too_low).collect()
}

impl fmt::Display for Lie {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Lie::EndedTooSoon { at } => write!(f, "said at byte {at} that it had ended"),
            Lie::HintTooHigh { at, promised } => {
                write!(f, "promised at byte {at} at least {promised} bytes")
            }
            Lie::HintTooLow { at, promised } => {
                write!(f, "promised at byte {at} at most {promised} bytes")
            }
            Lie::DataAfterTrailers { at } => write!(f, "data after trailers at byte {at}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body::{Frame, SizeHint};
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::Context;

    /// A body that breaks promises: plays frames, then goes on after its end.
    struct Liar {
        frames: Vec<Option<Frame<Bytes>>>,
        exact: Option<u64>,
        ended: bool,
    }

    impl Body for Liar {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            if self.frames.is_empty() {
                return Poll::Pending;
            }
            Poll::Ready(self.frames.remove(0).map(Ok))
        }

        fn is_end_stream(&self) -> bool {
            self.ended
        }

        fn size_hint(&self) -> SizeHint {
            self.exact.map_or_else(SizeHint::new, SizeHint::with_exact)
        }
    }

    fn data(text: &'static str) -> Option<Frame<Bytes>> {
        Some(Frame::data(Bytes::from(text)))
    }

    #[tokio::test]
    async fn broken_promises_are_listed() {
        let body = Liar {
            frames: vec![data("abc"), None],
            exact: Some(2),
            ended: true,
        };
        let collected = collect(body).await;
        assert_eq!(collected.bytes, "abc");
        assert_eq!(collected.after_end, AfterEnd::Pending);
        let (at, promised) = (3, 5);
        let expected = [
            Lie::EndedTooSoon { at: 0 },
            Lie::HintTooHigh { at, promised },
            Lie::HintTooLow { at: 0, promised: 2 },
        ];
        assert_eq!(collected.lies, expected);
    }

    #[tokio::test]
    async fn a_body_that_fails_need_not_keep_its_promise() {
        let body = crate::ScriptedBody::new().data("abcdef").exact();
        let hint = body.size_hint();
        let cut = crate::ScriptedBody::new()
            .data("abc")
            .fail("cut")
            .hint(&hint);
        assert_eq!(collect(cut).await.lies, []);
        let short = crate::ScriptedBody::new().data("abc").hint(&hint);
        let (at, promised) = (0, 6);
        assert_eq!(
            collect(short).await.lies,
            [Lie::HintTooHigh { at, promised }]
        );
    }

    #[tokio::test]
    async fn data_after_trailers_and_after_the_end_is_noticed() {
        let trailers = Some(Frame::trailers(HeaderMap::new()));
        let body = Liar {
            frames: vec![data("a"), trailers, data("b"), None, data("c")],
            exact: None,
            ended: false,
        };
        let collected = collect(body).await;
        assert_eq!(collected.lies, [Lie::DataAfterTrailers { at: 1 }]);
        assert_eq!(collected.after_end, AfterEnd::Frame);
        assert_eq!(collected.trailers, Some(HeaderMap::new()));
    }
}
