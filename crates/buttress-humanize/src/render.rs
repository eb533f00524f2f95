//! How an API's own clients expect an error.

use crate::Explanation;
use buttress_core::{Failure, Told};
use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue};
use http::{Extensions, StatusCode};
use memchr::memchr2_iter;
use std::cell::Cell;
use std::fmt;
use std::sync::Arc;

/// The shape that one API gives its errors, in a response and in a stream that has begun.
///
/// Without one, a response is in the [`Format`](crate::Format) that the request prefers, and an
/// event stream ends in an `error` event with a problem document. Set one for a layer with
/// [`HumanizeLayer::render`](crate::HumanizeLayer::render), or for one request with [`Rendering`].
/// It is called only in response mode, and only when a call or a body has failed.
///
/// What it returns is sent as it is: escaping is its own affair. Texts of an [`Explanation`] are on
/// one line and free of control characters, but may contain quotes and markup.
///
/// ```
/// use buttress_core::Failure;
/// use buttress_humanize::{Explanation, Render, Rendered};
/// use bytes::Bytes;
///
/// /// `{"error": {"message": ..., "code": ...}}`, in responses and in events.
/// struct Plain;
///
/// impl Plain {
///     fn json(failure: &Failure, told: &Explanation) -> String {
///         let message = format!("{told:#}").replace('\\', "\\\\").replace('"', "\\\"");
///         format!(r#"{{"error":{{"message":"{message}","code":"{}"}}}}"#, failure.kind())
///     }
/// }
///
/// impl Render for Plain {
///     fn document(&self, failure: &Failure, told: &Explanation) -> Rendered {
///         Rendered::json(Plain::json(failure, told))
///     }
///
///     fn event(&self, failure: &Failure, told: &Explanation) -> Bytes {
///         format!("data: {}\n\n", Plain::json(failure, told)).into()
///     }
/// }
/// ```
pub trait Render: Send + Sync + 'static {
    /// The whole body of the response that stands for this failure.
    fn document(&self, failure: &Failure, told: &Explanation) -> Rendered;

    /// What ends a stream that has begun: whole events or lines, ends of lines included.
    ///
    /// Empty, when nothing is to be said. Before it, an event or a line that was cut off is
    /// finished as the [framing](Render::framing) asks. It is not asked for where that was an event of a
    /// stream with ids.
    fn event(&self, failure: &Failure, told: &Explanation) -> Bytes;

    /// How a stream of this API is made up, by the head of its response; `None` if nothing can be
    /// said in it.
    ///
    /// The default knows event streams only.
    fn framing(&self, headers: &HeaderMap) -> Option<Framing> {
        Framing::of(headers)
    }

    /// The status of the response. The default is [`Failure::response_status`].
    fn status(&self, failure: &Failure) -> StatusCode {
        failure.response_status()
    }
}

/// In a request's extensions, or in the [scope](Rendering::enter) that the call is made in: the shape
/// that errors of this one call are to have.
///
/// It counts for more than the layer's own.
///
/// ```
/// # use buttress_core::Failure;
/// # use buttress_humanize::{Explanation, Render, Rendered};
/// # use bytes::Bytes;
/// # struct Plain;
/// # impl Render for Plain {
/// #     fn document(&self, _: &Failure, told: &Explanation) -> Rendered {
/// #         Rendered::text(told.to_string())
/// #     }
/// #     fn event(&self, _: &Failure, _: &Explanation) -> Bytes { Bytes::new() }
/// # }
/// use buttress_humanize::Rendering;
///
/// let mut request = http::Request::new("{}");
/// request.extensions_mut().insert(Rendering::by(Plain));
/// ```
#[derive(Clone)]
#[allow(clippy::exhaustive_structs, reason = "a name for one shared value")]
pub struct Rendering(pub Arc<dyn Render>);

impl Rendering {
    /// Errors of this call in this shape. Clone it where it is needed often.
    #[must_use]
    pub fn by(render: impl Render) -> Self {
        Rendering(Arc::new(render))
    }

    /// Tells the humanize layer that is called next, until what is returned is dropped: an extension
    /// would allocate.
    pub fn enter(self) -> Told<Self> {
        Told::enter(&SCOPE, self)
    }

    /// The shape of the call with these request extensions, if it has one of its own.
    pub(crate) fn of(extensions: &Extensions) -> Option<Self> {
        let own = extensions.get::<Rendering>();
        own.cloned().or_else(|| Told::current(&SCOPE))
    }
}

thread_local! {
    static SCOPE: Cell<Option<Rendering>> = const { Cell::new(None) };
}

impl fmt::Debug for Rendering {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rendering").finish_non_exhaustive()
    }
}

/// The body of a response and its type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rendered {
    content_type: HeaderValue,
    body: Bytes,
}

impl Rendered {
    /// A body of this type.
    #[must_use]
    pub fn new(content_type: HeaderValue, body: impl Into<Bytes>) -> Self {
        Rendered {
            content_type,
            body: body.into(),
        }
    }

    /// `application/json`.
    #[must_use]
    pub fn json(body: impl Into<Bytes>) -> Self {
        Rendered::new(HeaderValue::from_static("application/json"), body)
    }

    /// `text/plain` in UTF-8.
    #[must_use]
    pub fn text(body: impl Into<Bytes>) -> Self {
        Rendered::new(HeaderValue::from_static("text/plain; charset=utf-8"), body)
    }

    /// The `Content-Type`.
    #[must_use]
    pub fn content_type(&self) -> &HeaderValue {
        &self.content_type
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    pub(crate) fn into_parts(self) -> (HeaderValue, Bytes) {
        (self.content_type, self.body)
    }
}

/// What a stream is made up of, and with that, how a piece that was cut off is finished.
///
/// ```
/// use buttress_humanize::Framing;
/// use http::{HeaderMap, HeaderValue};
///
/// let mut headers = HeaderMap::new();
/// assert_eq!(Framing::of(&headers), None);
/// headers.insert("content-type", HeaderValue::from_static("text/event-stream; charset=utf-8"));
/// assert_eq!(Framing::of(&headers), Some(Framing::Events));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Framing {
    /// Server-sent events (WHATWG HTML, section 9.2), which an empty line ends.
    Events,
    /// Lines, as in newline-delimited JSON.
    Lines,
}

impl Framing {
    /// `Events` if these are the headers of a `text/event-stream`.
    #[must_use]
    pub fn of(headers: &HeaderMap) -> Option<Self> {
        let value = headers.get(CONTENT_TYPE)?.as_bytes();
        let essence = value.split(|b| *b == b';').next().unwrap_or_default();
        essence
            .trim_ascii()
            .eq_ignore_ascii_case(b"text/event-stream")
            .then_some(Framing::Events)
    }

    /// What has to follow these last bytes of a stream, so that something new can begin.
    ///
    /// Lines end in LF, CR or CRLF. Whether an event that a line ended has an empty line too many
    /// makes no difference: an event without data is none.
    pub(crate) fn finish(self, tail: Tail) -> &'static [u8] {
        match (self, tail.0) {
            (_, [.., None]) => b"",
            (Framing::Lines, [.., Some(b'\n')]) => b"",
            (Framing::Lines, _) => b"\n",
            (Framing::Events, [.., Some(b'\n'), Some(b'\n')]) => b"",
            (Framing::Events, [Some(b'\n'), Some(b'\r'), Some(b'\n')]) => b"",
            (Framing::Events, [.., Some(b'\n')]) => b"\n",
            // After a CR, one LF would only complete the pair.
            (Framing::Events, _) => b"\n\n",
        }
    }
}

/// The byte order mark that an event stream may begin with.
const MARK: &[u8] = "\u{feff}".as_bytes();

/// The last three bytes of a stream, the newest last.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tail([Option<u8>; 3]);

impl Tail {
    #[inline]
    pub(crate) fn saw(&mut self, data: &[u8]) {
        let new = data.get(data.len().saturating_sub(3)..).unwrap_or_default();
        for byte in new {
            let [_, b, c] = self.0;
            self.0 = [b, c, Some(*byte)];
        }
    }

    /// Whether a line that begins in what comes next is an `id` field. One that may be is one.
    pub(crate) fn has_id(self, data: &[u8]) -> bool {
        let begins = |rest: &[u8]| rest.starts_with(b"id") || rest == b"i";
        let [.., last] = self.0;
        let at_start = last.is_none_or(|last| matches!(last, b'\n' | b'\r'));
        // The first line may have a mark before it, which is no part of it (HTML standard, 9.2.5).
        let marked = match last {
            None => match data.strip_prefix(MARK) {
                Some(rest) => begins(rest),
                None => !data.is_empty() && MARK.starts_with(data),
            },
            Some(_) => self.0.iter().flatten().eq(MARK) && begins(data),
        };
        marked
            || (at_start && begins(data))
            // Not behind the line ends that nothing follows, with which nearly every frame ends.
            || memchr2_iter(b'\n', b'\r', data.trim_ascii_end())
                .any(|end| data.get(end + 1..).is_some_and(begins))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_streams_are_known_by_their_type() {
        for (value, expected) in [
            ("text/event-stream", true),
            ("Text/Event-Stream ; charset=utf-8", true),
            ("text/event-streams", false),
            ("text/plain; a=text/event-stream", false),
            ("application/x-ndjson", false),
            ("", false),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(value));
            assert_eq!(Framing::of(&headers).is_some(), expected, "{value}");
        }
    }

    #[test]
    fn an_id_behind_a_byte_order_mark_is_one() {
        for (seen, expected) in [
            ("\u{feff}id: 1\ndata", true),
            ("\u{feff}data: 1\nid", true),
            ("\u{feff}data: 1\n", false),
            ("data: \u{feff}: 1\n", false),
        ] {
            for cut in 0..=seen.len() {
                // Half a mark may be anything.
                if seen.starts_with('\u{feff}') && matches!(cut, 1 | 2) && !expected {
                    continue;
                }
                let (one, two) = seen.as_bytes().split_at(cut);
                let mut tail = Tail::default();
                let mut found = tail.has_id(one);
                tail.saw(one);
                found |= tail.has_id(two);
                assert_eq!(found, expected, "{seen:?} cut at {cut}");
            }
        }
    }

    #[test]
    fn what_was_cut_off_is_finished() {
        for (seen, events, lines) in [
            ("", "", ""),
            ("d", "\n\n", "\n"),
            ("\n", "\n", ""),
            ("data: 1", "\n\n", "\n"),
            ("data: 1\r", "\n\n", "\n"),
            ("data: 1\n", "\n", ""),
            ("data: 1\r\n", "\n", ""),
            ("data: 1\n\n", "", ""),
            ("data: 1\r\n\r", "\n\n", "\n"),
            ("data: 1\r\n\r\n", "", ""),
            ("data: 1\r\r", "\n\n", "\n"),
            ("data: 1\n\n:", "\n\n", "\n"),
        ] {
            for cut in 0..=seen.len() {
                let mut tail = Tail::default();
                let (one, two) = seen.as_bytes().split_at(cut);
                tail.saw(one);
                tail.saw(two);
                let what = format!("{seen:?} cut at {cut}");
                assert_eq!(Framing::Events.finish(tail), events.as_bytes(), "{what}");
                assert_eq!(Framing::Lines.finish(tail), lines.as_bytes(), "{what}");
            }
        }
    }
}
