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
    use buttress_core::ReplayBody;
    use bytes::buf::Chain;
    use http::{HeaderMap, Method, Uri};
    use http_body_util::{BodyExt, Full};
    use std::collections::VecDeque;
    use std::convert::Infallible;

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

    /// Two pieces in each frame.
    struct Pairs(VecDeque<Chain<Bytes, Bytes>>);

    impl Body for Pairs {
        type Data = Chain<Bytes, Bytes>;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Self::Data>, Infallible>>> {
            Poll::Ready(self.0.pop_front().map(|pair| Ok(Frame::data(pair))))
        }
    }

    #[tokio::test]
    async fn a_body_in_any_pieces_is_read() {
        let uri = Uri::from_static("/v1/chat/completions");
        let doc = Bytes::from_static(br#"{"messages":[],"stream":true}"#);
        for size in [1, 3, 8, doc.len()] {
            let call = Call::recognise(&Method::POST, &uri, &HeaderMap::new()).unwrap();
            let pairs = doc.chunks(size).map(|piece| {
                let (first, second) = piece.split_at(piece.len() / 2);
                Bytes::copy_from_slice(first).chain(Bytes::copy_from_slice(second))
            });
            let body = CallBody::new(Pairs(pairs.collect()), Some(call.clone()));
            assert_eq!(body.collect().await.unwrap().to_bytes(), doc);
            assert_eq!(call.is_streaming(), Some(true), "{size}");
        }
    }

    #[test]
    fn it_is_what_the_body_within_is() {
        let kept = |doc: &'static str| ReplayBody::<String>::from(Bytes::from(doc));
        for (inner, in_memory) in [
            (kept("{}"), Some("{}")),
            (kept(""), Some("")),
            (ReplayBody::new("{}".to_owned()), None),
        ] {
            let (is_end, hint) = (inner.is_end_stream(), inner.size_hint().exact());
            let body = CallBody::new(inner, None);
            assert_eq!(
                (body.is_end_stream(), body.size_hint().exact()),
                (is_end, hint)
            );
            assert!(body.is_replayable());
            assert_eq!(body.in_memory().as_deref(), in_memory.map(str::as_bytes));
        }
        assert!(!CallBody::new(Once, None).is_replayable());
    }

    /// Can't be sent again.
    struct Once;

    impl Body for Once {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            Poll::Ready(None)
        }
    }

    impl ReplayableBody for Once {
        fn try_clone(&self) -> Option<Self> {
            None
        }

        fn is_replayable(&self) -> bool {
            false
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
