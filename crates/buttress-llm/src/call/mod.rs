//! What is known of a call to a language model.

mod body;
pub(crate) mod facts;
mod layer;
pub(crate) mod scan;

pub use self::body::CallBody;
pub use self::layer::{CallLayer, Calls};

use self::facts::Facts;
use self::scan::Scan;
use crate::dialect::plain;
use crate::{Dialect, ErrorShape};
use buttress_core::{About, Failure};
use buttress_humanize::{Explanation, Render, Rendered, Rendering};
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_ENCODING};
use http::{Extensions, HeaderMap, HeaderValue, Method, Uri};
use memchr::memmem;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// A call to a language model: which API it speaks, and what it asks for.
///
/// A [`CallLayer`] recognises it by the end of its path and leaves it in the request's extensions.
/// What only the body says is read before it is sent where it is [at
/// hand](buttress_core::ReplayableBody::in_memory), and else while it is sent: nothing is held back, and nothing of it
/// is kept. A body that turns out to be something else makes it no call to a model after all.
///
/// ```
/// use buttress_llm::{Call, CallLayer, Dialect};
/// use bytes::Bytes;
/// use http::{Request, Response};
/// use http_body_util::{BodyExt, Full};
/// use tower::{Layer, ServiceExt, service_fn};
///
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let transport = service_fn(|request: Request<buttress_llm::CallBody<Full<Bytes>>>| async {
///     let call = Call::of(request.extensions()).cloned().expect("is one");
///     assert_eq!(call.is_streaming(), None); // not known yet
///     request.into_body().collect().await?;
///     assert_eq!(call.is_streaming(), Some(true));
///     assert_eq!(call.dialect(), Some(Dialect::Messages));
///     Ok::<_, std::convert::Infallible>(Response::new(Full::<Bytes>::default()))
/// });
/// let request = Request::post("https://api.example.com/v1/messages")
///     .body(Full::from(r#"{"max_tokens":9,"messages":[],"stream":true}"#))?;
/// CallLayer::new().layer(transport).oneshot(request).await?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// # })?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Call(Arc<Inner>);

struct Inner {
    dialect: Dialect,
    /// The address alone says that it streams.
    streams: bool,
    /// It streams one JSON array.
    array: bool,
    /// Its answer is one document, whatever it asks for, and that of no [`Dialect`]: only its errors are.
    plain: bool,
    /// It reads a response that was begun before, or what else is there already.
    reading: bool,
    /// There is no body that says more, or none that can be read.
    opaque: bool,
    /// What the body says, where all of it was at hand before the call was told of.
    known: Option<Facts>,
    seen: Mutex<Seen>,
    /// What an error at the end of the stream has to know of it.
    end: Mutex<StreamEnd>,
    /// The last event of the stream has come.
    over: AtomicBool,
}

#[derive(Default)]
struct StreamEnd {
    id: Option<String>,
    sequence: Option<u64>,
}

/// What has been read of the body, by whichever attempt came furthest.
#[derive(Default)]
struct Seen {
    bytes: u64,
    scan: Scan,
}

impl Call {
    /// The call that a request with this head is, if it is one.
    ///
    /// A body that is coded can't be read: then the address has to do, and `Accept` says whether an
    /// event stream is asked for.
    ///
    /// A `GET` for a document by which `application/xhtml+xml` is accepted is none: a program with models
    /// has pages at such addresses, and browsers, which alone ask so, expect no JSON.
    #[must_use]
    pub fn recognise(method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Self> {
        let (dialect, streams, plain) = Call::at(method, uri)?;
        let coded = headers.contains_key(CONTENT_ENCODING);
        let accepts = |kind: &str| {
            let accepted = headers.get(ACCEPT).map_or(&b""[..], HeaderValue::as_bytes);
            memmem::find(accepted, kind.as_bytes()).is_some()
        };
        if plain && *method == Method::GET && accepts("application/xhtml+xml") {
            return None;
        }
        Some(Call(Arc::new(Inner {
            dialect,
            streams: streams || (!plain && coded && accepts("text/event-stream")),
            array: !streams && uri.path().ends_with(":streamGenerateContent"),
            plain,
            reading: *method == Method::GET,
            opaque: plain || coded || *method == Method::GET,
            known: None,
            seen: Mutex::default(),
            end: Mutex::default(),
            over: AtomicBool::new(false),
        })))
    }

    /// Whether a request with this method and address is one, unless its body or what it
    /// [accepts](Call::recognise) says otherwise.
    ///
    /// All of them may be sent twice: that costs an answer more, and does no other harm. Beside those
    /// that speak a [`Dialect`] there are those whose answer is a document, and whose streams,
    /// where there are any, are passed on unwatched:
    ///
    /// | | paths that end with |
    /// |---|---|
    /// | `POST` | `/embeddings`, `/rerank`, `/v1/moderations` |
    /// | `POST` | `/images/generations`, `/images/edits`, `/images/variations` |
    /// | `POST` | `/audio/transcriptions`, `/audio/translations` |
    /// | `POST` | `/responses/compact`, `/responses/input_tokens`, `/messages/count_tokens` |
    /// | `POST` | `:countTokens`, `:embedContent`, `:batchEmbedContents` |
    /// | `GET` | `/models` and a name below it, `/responses` and `/interactions` with an id |
    ///
    /// Those of images and audio only below a version such as `/v1`, below `/openai`, or below one of
    /// `/deployments`: elsewhere they may be somebody's own.
    ///
    /// ```
    /// use buttress_llm::Call;
    /// use http::{Method, Uri};
    ///
    /// let post = |path| Call::is_at(&Method::POST, &Uri::from_static(path));
    /// assert!(post("/v1/messages") && post("/v1/embeddings"));
    /// assert!(!post("/v1/files"));
    /// ```
    #[must_use]
    pub fn is_at(method: &Method, uri: &Uri) -> bool {
        Call::at(method, uri).is_some()
    }

    /// The API that it speaks, or at least its errors; whether its address says that it streams; and
    /// whether it never does.
    fn at(method: &Method, uri: &Uri) -> Option<(Dialect, bool, bool)> {
        let path = uri.path();
        if let Some((dialect, streams)) = Dialect::recognise(method, path, uri.query()) {
            return Some((dialect, streams, false));
        }
        plain::shape(method, path).map(|dialect| (dialect, false, true))
    }

    /// The call that a [`CallLayer`] found a request to be.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// The same, told [without extensions](CallLayer::in_scope) too. Without a layer's help that works for
    /// as long as the call is passed down; later only in a request that a layer has made for another try.
    #[must_use]
    pub fn find(extensions: &Extensions) -> Option<Self> {
        Call::of(extensions)
            .cloned()
            .or_else(|| About::of(extensions)?.get().map(Call))
    }

    /// What is told of it without extensions.
    fn about(&self) -> About {
        About::new(self.0.clone())
    }

    /// The API that it speaks; `None` once the body has shown that it is none that is known, and for
    /// what [is never a stream](Call::is_at).
    #[must_use]
    pub fn dialect(&self) -> Option<Dialect> {
        if self.0.plain {
            return None;
        }
        let facts = self.facts();
        let fits = (!facts.odd && !facts.whole) || self.0.dialect.fits(&facts);
        fits.then_some(self.0.dialect)
    }

    /// Whether it asks for an event stream; `None` while that is not known.
    #[must_use]
    pub fn is_streaming(&self) -> Option<bool> {
        if self.0.plain {
            return Some(false);
        }
        let facts = self.facts();
        if self.0.streams || facts.stream {
            return Some(true);
        }
        (facts.whole || self.0.dialect == Dialect::Gemini).then_some(false)
    }

    /// Whether it has not turned out to be none.
    pub(crate) fn is_one(&self) -> bool {
        self.0.plain || self.dialect().is_some()
    }

    /// Whether it asks for something to be made: an error in the place of that is one. What was made
    /// before may be one itself.
    pub(crate) fn makes(&self) -> bool {
        !(self.0.plain && self.0.reading)
    }

    /// Whether it reads the events of a response that was begun before.
    pub(crate) fn is_reading(&self) -> bool {
        self.0.reading
    }

    /// Whether the answer is one JSON array that grows: Gemini's streams that are no event streams.
    pub(crate) fn is_growing_array(&self) -> bool {
        self.0.array
    }

    pub(crate) fn facts(&self) -> Facts {
        if let Some(known) = self.0.known {
            return known;
        }
        let seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.scan.facts()
    }

    /// The last event of the stream has come: nothing is to follow but its end.
    pub(crate) fn set_over(&self) {
        self.0.over.store(true, Ordering::Relaxed);
    }

    pub(crate) fn is_over(&self) -> bool {
        self.0.over.load(Ordering::Relaxed)
    }

    /// The stream with this id ends before it is whole, and this is the number of its next event.
    pub(crate) fn ends(&self, id: Option<&str>, sequence: Option<u64>) {
        *self.0.end.lock().unwrap_or_else(PoisonError::into_inner) = StreamEnd {
            id: id.map(ToOwned::to_owned),
            sequence,
        };
    }

    /// The shape of the errors of this very call.
    fn shape(&self) -> Rendering {
        Rendering(self.0.clone())
    }

    /// Reads the whole body, before anybody else is told of the call.
    fn read_whole(&mut self, body: &[u8]) {
        if let Some(inner) = Arc::get_mut(&mut self.0).filter(|inner| !inner.opaque) {
            let mut scan = Scan::default();
            scan.read(body);
            inner.known = Some(scan.facts());
        }
    }

    /// Reads a piece of the body that begins `at` so many bytes.
    fn read(&self, at: u64, piece: &[u8]) {
        if self.0.opaque {
            return;
        }
        let mut seen = self.0.seen.lock().unwrap_or_else(PoisonError::into_inner);
        // An earlier attempt has read it, or part of it.
        let Some(known) = seen.bytes.checked_sub(at) else {
            return;
        };
        let known = usize::try_from(known).unwrap_or(usize::MAX);
        if let Some(fresh) = piece.get(known..) {
            seen.scan.read(fresh);
            seen.bytes = seen.bytes.saturating_add(fresh.len() as u64);
        }
    }
}

impl Render for Inner {
    fn document(&self, failure: &Failure, told: &Explanation) -> Rendered {
        ErrorShape::of(self.dialect).document(failure, told)
    }

    fn event(&self, failure: &Failure, told: &Explanation) -> Bytes {
        let end = self.end.lock().unwrap_or_else(PoisonError::into_inner);
        let shape = ErrorShape::of(self.dialect);
        shape.last_events(failure, told, end.id.as_deref(), end.sequence)
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("dialect", &self.dialect())
            .field("is_streaming", &self.is_streaming())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_coded_body_leaves_it_to_the_head() {
        let uri = Uri::from_static("/v1/responses");
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("zstd"));
        let call = Call::recognise(&Method::POST, &uri, &headers).unwrap();
        call.read(0, b"\x28\xb5\x2f\xfd");
        assert_eq!(call.dialect(), Some(Dialect::Responses));
        assert_eq!(call.is_streaming(), None);
        headers.insert(ACCEPT, HeaderValue::from_static("text/event-stream"));
        let call = Call::recognise(&Method::POST, &uri, &headers).unwrap();
        assert_eq!(call.is_streaming(), Some(true));
    }

    #[test]
    fn what_the_body_shows_to_be_something_else_is_no_call() {
        let uri = Uri::from_static("/v1/messages");
        let call = Call::recognise(&Method::POST, &uri, &HeaderMap::new()).unwrap();
        assert_eq!(call.dialect(), Some(Dialect::Messages));
        call.read(0, br#"{"to":"you","messages":["hi"]}"#);
        assert_eq!(call.dialect(), None);
        assert_eq!(call.is_streaming(), Some(false));
        // No document: that is known before it ends.
        let call = Call::recognise(&Method::POST, &uri, &HeaderMap::new()).unwrap();
        call.read(0, b"to=you");
        assert_eq!(call.dialect(), None);
    }

    #[test]
    fn what_the_head_says_of_the_answer() {
        let events = HeaderValue::from_static("text/event-stream");
        let coded = HeaderValue::from_static("gzip");
        let post = Method::POST;
        let stream = "/v1beta/models/g:streamGenerateContent";
        // Whether it streams, as far as that is known, and whether that is an array.
        for (method, uri, headers, streams, is_array) in [
            (&post, "/v1/responses", &[][..], None, false),
            // What it accepts is not what it asks for.
            (&post, "/v1/responses", &[(ACCEPT, &events)], None, false),
            (
                &post,
                "/v1/responses",
                &[(CONTENT_ENCODING, &coded)],
                None,
                false,
            ),
            (
                &post,
                "/v1/responses",
                &[(CONTENT_ENCODING, &coded), (ACCEPT, &events)],
                Some(true),
                false,
            ),
            (
                &Method::GET,
                "/v1/responses/r?stream=true",
                &[],
                Some(true),
                false,
            ),
            (&post, stream, &[], Some(false), true),
            (&post, &format!("{stream}?alt=sse"), &[], Some(true), false),
            (
                &post,
                "/v1beta/models/g:generateContent",
                &[],
                Some(false),
                false,
            ),
        ] {
            let headers = headers
                .iter()
                .map(|(name, value)| (name.clone(), (*value).clone()));
            let headers: HeaderMap = headers.collect();
            let call = Call::recognise(method, &uri.parse().unwrap(), &headers).unwrap();
            assert_eq!(call.is_streaming(), streams, "{uri} {headers:?}");
            assert_eq!(call.is_growing_array(), is_array, "{uri} {headers:?}");
            assert_eq!(call.is_reading(), method == Method::GET);
        }
    }
}
