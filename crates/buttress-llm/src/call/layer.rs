use super::{Call, CallBody};
use buttress_core::ReplayableBody;
use http::header::ACCEPT_ENCODING;
use http::{HeaderValue, Request};
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// Finds the calls to language models among requests, for the layers below, which are told what to
/// do about one by the [`Call`] in its extensions. Their errors get the shape of their API: see
/// [`ErrorShape`](crate::ErrorShape).
///
/// A call that asks for a coded answer asks for the plain one instead (`Accept-Encoding: identity`, RFC
/// 9110, section 12.5.3): in a compressed one the layers could read neither an error nor the end of a
/// stream. A client below that codes and decodes by itself is not touched by that.
///
/// Place it outside of everything that is to know: humanize first of all; and a
/// [`ReplayBodyLayer`](buttress_core::ReplayBodyLayer) outside of it, where one is needed. See [`Call`]
/// for an example.
#[derive(Clone, Copy, Debug)]
#[must_use = "a layer does nothing until it wraps a service"]
pub struct CallLayer {
    in_scope: bool,
}

impl CallLayer {
    /// Finds calls of every [`Dialect`](crate::Dialect).
    pub const fn new() -> Self {
        CallLayer { in_scope: false }
    }

    /// Tells the layers below of a call by the [scope](buttress_core::About) that it is made in, and
    /// leaves nothing in its extensions: with them every layer would have more to look at, and every
    /// copy of the request more to copy.
    ///
    /// For stacks that are called on one task from here down to [`AnswerLayer`](crate::AnswerLayer), and
    /// a transport that does not ask for the `Call`.
    pub const fn in_scope(mut self) -> Self {
        self.in_scope = true;
        self
    }
}

impl Default for CallLayer {
    fn default() -> Self {
        CallLayer::new()
    }
}

impl<S> Layer<S> for CallLayer {
    type Service = Calls<S>;

    fn layer(&self, inner: S) -> Calls<S> {
        Calls {
            inner,
            in_scope: self.in_scope,
        }
    }
}

/// The service of a [`CallLayer`].
#[derive(Clone, Debug)]
pub struct Calls<S> {
    inner: S,
    in_scope: bool,
}

impl<S, B> Service<Request<B>> for Calls<S>
where
    S: Service<Request<CallBody<B>>>,
    B: ReplayableBody,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<B>) -> S::Future {
        let mut call = Call::recognise(request.method(), request.uri(), request.headers());
        let mut is_read = false;
        if let Some(call) = &mut call {
            if let Some(bytes) = request.body().in_memory() {
                call.read_whole(&bytes);
                is_read = true;
            }
        }
        let Some(call) = call.filter(Call::is_one) else {
            let request = request.map(|body| CallBody::new(body, None));
            return self.inner.call(request);
        };
        let headers = request.headers_mut();
        let mut asked = headers.get_all(ACCEPT_ENCODING).iter();
        let is_plain = match (asked.next(), asked.next()) {
            (None, _) => true,
            (Some(only), None) => only == "identity",
            _ => false,
        };
        if !is_plain {
            headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        }
        let _scope = if self.in_scope {
            Some((call.about().enter(), call.shape().enter()))
        } else {
            let extensions = request.extensions_mut();
            extensions.insert(call.shape());
            extensions.insert(call.clone());
            None
        };
        let unread = Some(call).filter(|_| !is_read);
        self.inner
            .call(request.map(|body| CallBody::new(body, unread)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use buttress_core::{Failure, FailureKind, ReplayBody};
    use buttress_retry::{Consent, RetryConfig, RetryLayer};
    use buttress_testkit::{ScriptedBody, ScriptedService, Step, collect};
    use bytes::Bytes;
    use http::HeaderMap;
    use std::convert::Infallible;
    use std::future::ready;
    use tower::{ServiceBuilder, ServiceExt, service_fn};

    type Kept = ReplayBody<String>;

    #[tokio::test]
    async fn what_is_at_hand_is_read_before_it_is_sent() {
        let streaming = r#"{"max_tokens":9,"messages":[],"stream":true}"#;
        let document = r#"{"max_tokens":9,"messages":[]}"#;
        // Another API, with a path like that.
        let other = r#"{"to":"you","messages":["hi"]}"#;
        for (path, doc, expected, coding) in [
            ("/v1/messages", streaming, Some(Some(true)), "identity"),
            ("/v1/messages", document, Some(Some(false)), "identity"),
            ("/v1/messages", other, None, "gzip"),
            ("/v1/files", streaming, None, "gzip"),
        ] {
            for in_scope in [false, true] {
                let below = service_fn(|request: Request<CallBody<Kept>>| {
                    let call = Call::find(request.extensions());
                    let bare = request.extensions().is_empty();
                    let coding = request.headers()[ACCEPT_ENCODING].clone();
                    ready(Ok::<_, Infallible>((call, bare, coding)))
                });
                let layer = if in_scope {
                    CallLayer::new().in_scope()
                } else {
                    CallLayer::new()
                };
                let request = Request::post(path).header(ACCEPT_ENCODING, "gzip");
                let request = request.body(Kept::from(Bytes::from(doc))).unwrap();
                let (call, bare, asked) = layer.layer(below).oneshot(request).await.unwrap();
                assert_eq!(call.map(|call| call.is_streaming()), expected, "{doc}");
                assert_eq!(bare, in_scope || expected.is_none());
                assert_eq!(asked, coding, "{doc}");
            }
        }
        assert!(Call::find(&http::Extensions::new()).is_none());
    }

    /// The second attempt is sent when the scope of the call is long over.
    #[tokio::test(start_paused = true)]
    async fn further_attempts_know_of_the_call_without_extensions() {
        let torso = || {
            Step::ok(ScriptedBody::from("{\"id\":\"x\",\"choices\":["))
                .reading()
                .header("content-type", "application/json")
        };
        let server = ScriptedService::new([torso(), torso(), torso()]);
        let retry = RetryConfig::builder().attempts(3).consent(Consent::Always);
        let client = ServiceBuilder::new()
            .layer(CallLayer::new().in_scope())
            .layer(RetryLayer::new(retry.build().unwrap()))
            .layer(crate::AnswerLayer::new())
            .service(server.clone());
        let request = Request::post("/v1/chat/completions");
        let request = request.body(Kept::from(Bytes::from("{\"messages\":[]}")));
        let outcome = client.oneshot(request.unwrap()).await;
        let failure: Failure = match outcome {
            Err(failure) => failure,
            Ok(response) => panic!("{}", collect(response.into_body()).await.end()),
        };
        assert_eq!(failure.kind(), FailureKind::StreamTruncated);
        assert_eq!(server.calls().len(), 3);
    }

    #[tokio::test]
    async fn calls_are_answered_in_the_clear() {
        for (path, asked, expected) in [
            ("/v1/messages", &["gzip", "br"][..], &["identity"][..]),
            ("/v1/messages", &["identity"], &["identity"]),
            ("/v1/messages", &["identity", "gzip"], &["identity"]),
            ("/v1/messages", &["gzip"], &["identity"]),
            ("/v1/messages", &[], &[]),
            ("/v1/files", &["gzip", "br"], &["gzip", "br"]),
        ] {
            let mut request = Request::post(path);
            for value in asked {
                request = request.header(ACCEPT_ENCODING, *value);
            }
            let below = service_fn(|request: Request<CallBody<String>>| async move {
                Ok::<HeaderMap, Infallible>(request.headers().clone())
            });
            let service = CallLayer::new().layer(below);
            let headers = service
                .oneshot(request.body(String::new()).unwrap())
                .await
                .unwrap();
            let seen: Vec<_> = headers.get_all(ACCEPT_ENCODING).iter().collect();
            assert_eq!(seen, expected, "{path} {asked:?}");
        }
    }
}
