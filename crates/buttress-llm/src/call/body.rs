use super::Call;
use buttress_core::ReplayableBody;
use bytes::{Buf, Bytes};
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;
use std::fmt;
use std::io::IoSlice;
use std::pin::Pin;
use std::task::{Context, Poll};

pin_project! {
    /// A request's body, read along while it is sent, so that its [`Call`] knows what it asks for.
    ///
    /// Its frames are those of the body within.
    pub struct CallBody<B> {
        #[pin]
        inner: B,
        call: Option<Call>,
        bytes: u64,
    }
}

impl<B> CallBody<B> {
    pub(crate) const fn new(inner: B, call: Option<Call>) -> Self {
        CallBody {
            inner,
            call,
            bytes: 0,
        }
    }
}

impl<B: Body> Body for CallBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let polled = this.inner.poll_frame(cx);
        if let (Poll::Ready(Some(Ok(frame))), Some(call)) = (&polled, &this.call) {
            if let Some(data) = frame.data_ref() {
                let mut pieces = [IoSlice::new(&[]); 16];
                let count = data.chunks_vectored(&mut pieces);
                for piece in pieces.iter().take(count) {
                    call.read(*this.bytes, piece);
                    *this.bytes += piece.len() as u64;
                }
            }
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B: ReplayableBody> ReplayableBody for CallBody<B> {
    fn try_clone(&self) -> Option<Self> {
        let inner = self.inner.try_clone()?;
        Some(CallBody::new(inner, self.call.clone()))
    }

    fn is_replayable(&self) -> bool {
        self.inner.is_replayable()
    }

    fn in_memory(&self) -> Option<Bytes> {
        self.inner.in_memory()
    }
}

/// A body in memory, which nobody reads along.
impl<B: From<Bytes>> From<Bytes> for CallBody<B> {
    fn from(bytes: Bytes) -> Self {
        CallBody::new(B::from(bytes), None)
    }
}

/// For a client of that name below. A body in memory is read at once, and stays one, so that reqwest
/// can send it again after a redirect.
#[cfg(feature = "reqwest")]
impl From<CallBody<reqwest::Body>> for reqwest::Body {
    fn from(body: CallBody<reqwest::Body>) -> Self {
        match (&body.call, body.inner.as_bytes()) {
            (None, _) => body.inner,
            (Some(call), Some(bytes)) => {
                call.read(body.bytes, bytes);
                body.inner
            }
            (Some(_), None) => reqwest::Body::wrap(body),
        }
    }
}

impl<B> fmt::Debug for CallBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CallBody")
            .field("call", &self.call)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::{HeaderMap, Method, Uri};
    use http_body_util::{BodyExt, Full};

    #[tokio::test]
    async fn a_body_that_is_sent_again_is_read_once() {
        let uri = Uri::from_static("/v1/chat/completions");
        let call = Call::recognise(&Method::POST, &uri, &HeaderMap::new()).unwrap();
        let body = Full::new(Bytes::from_static(br#"{"messages":[],"stream":true}"#));
        let body = CallBody::new(body, Some(call.clone()));
        let again = body.try_clone().unwrap();
        drop(body);
        assert_eq!(call.is_streaming(), None);
        for body in [again.try_clone().unwrap(), again] {
            body.collect().await.unwrap();
            assert_eq!(call.is_streaming(), Some(true));
            assert!(!call.facts().odd);
        }
    }

    #[cfg(feature = "reqwest")]
    #[tokio::test]
    async fn one_of_reqwest_is_read_along_too() {
        use reqwest::Body;
        let uri = Uri::from_static("/v1/chat/completions");
        let doc = r#"{"messages":[],"stream":true}"#;
        for (body, in_memory) in [(Body::from(doc), true), (Body::wrap(doc.to_owned()), false)] {
            let call = Call::recognise(&Method::POST, &uri, &http::HeaderMap::new()).unwrap();
            let sent = Body::from(CallBody::new(body, Some(call.clone())));
            assert_eq!(sent.as_bytes().is_some(), in_memory);
            assert_eq!(sent.collect().await.unwrap().to_bytes(), doc);
            assert_eq!(call.is_streaming(), Some(true));
        }
    }

    #[test]
    fn pieces_that_overlap_are_read_once() {
        let uri = Uri::from_static("/v1/chat/completions");
        let call = Call::recognise(&Method::POST, &uri, &HeaderMap::new()).unwrap();
        let doc = br#"{"messages":[],"stream":true}"#;
        call.read(0, &doc[..10]);
        call.read(0, &doc[..5]);
        call.read(5, &doc[5..20]);
        // A gap: nobody knows what is in it.
        call.read(25, &doc[25..]);
        assert_eq!(call.is_streaming(), None);
        call.read(20, &doc[20..]);
        assert_eq!(call.is_streaming(), Some(true));
        assert!(call.facts().whole);
    }
}
