//! One call, from the client's request to the last byte of its answer.

use crate::hop;
use crate::log::{AccessLog, Entry, Watched};
use crate::refuse::{self, Refusal};
use crate::stack::{self, Limits, RepeatPosts, Tries};
use crate::target::Target;
use buttress_core::{BoxError, Failure, ReplayBody};
use buttress_retry::RetryConfig;
use bytes::Bytes;
use http::header::{HOST, HeaderName, HeaderValue};
use http::{Request, Response, Version};
use http_body::Body;
use http_body_util::{Either, Full};
use std::convert::Infallible;
use tower::{Service, ServiceExt};

const X_SHOULD_RETRY: HeaderName = HeaderName::from_static("x-should-retry");

/// What answers requests: everything between the sockets.
#[derive(Clone, Debug)]
pub struct Gateway<S> {
    target: Target,
    stack: S,
    repeat: RepeatPosts,
    consenting: RetryConfig,
    log: AccessLog,
}

/// The body of an answer: the upstream's, or a refusal.
pub type GatewayBody<RB> = Either<Full<Bytes>, Watched<RB>>;

impl Gateway<()> {
    /// Passes requests with a body `B` on to `target` over `transport`.
    pub fn new<T, B, RB>(
        target: Target,
        transport: T,
        limits: Limits,
        log: AccessLog,
    ) -> Gateway<
        impl Service<
            Request<B>,
            Response = Response<impl Body<Data = Bytes, Error = Failure> + Send + use<T, B, RB>>,
            Error = Infallible,
            Future: Send,
        > + Clone
        + Send
        + use<T, B, RB>,
    >
    where
        T: Service<
                Request<ReplayBody<B>>,
                Response = Response<RB>,
                Error: Into<BoxError>,
                Future: Send,
            > + Clone
            + Send,
        B: Body<Error: Into<BoxError>> + Send,
        RB: Body<Data: Send, Error: Into<BoxError>> + Send,
    {
        Gateway {
            target,
            repeat: limits.repeat,
            consenting: stack::with_consent(&limits.retry),
            stack: stack::stack(transport, limits),
            log,
        }
    }
}

impl<S> Gateway<S> {
    /// Answers one request. Dropping the future, or the answer's body, ends the call upstream.
    pub async fn answer<B, RB>(self, request: Request<B>) -> Response<GatewayBody<RB>>
    where
        S: Service<Request<B>, Response = Response<RB>, Error = Infallible>,
        RB: Body<Data = Bytes, Error = Failure>,
    {
        let tries = Tries::default();
        let mut entry = Entry::new(self.log.clone(), &request, tries.clone());
        let request = match self.forward(request, tries) {
            Ok(request) => request,
            Err(refusal) => {
                let response = refusal.response();
                entry.refused(response.status());
                return response.map(|body| Either::Left(Full::new(body)));
            }
        };
        let Ok(mut response) = self.stack.oneshot(request).await;
        back(&mut response);
        entry.answered(&response);
        response.map(|body| Either::Right(Watched::new(body, entry)))
    }

    /// The request as the upstream is to get it.
    fn forward<B>(&self, request: Request<B>, tries: Tries) -> Result<Request<B>, Refusal> {
        let uri = refuse::address(&request, &self.target)?;
        let (mut head, body) = request.into_parts();
        // What hangs on the client's connection is of no use on another.
        head.extensions.clear();
        head.extensions.insert(tries);
        if self.repeat.allows(&head.method, uri.path()) {
            head.extensions.insert(self.consenting.clone());
        }
        head.uri = uri;
        head.version = Version::HTTP_11;
        hop::strip(&mut head.headers);
        // The client of the upstream sets it to the upstream's.
        head.headers.remove(HOST);
        Ok(Request::from_parts(head, body))
    }
}

/// Makes the upstream's answer one for the client.
fn back<B>(response: &mut Response<B>) {
    *response.version_mut() = Version::HTTP_11;
    hop::strip(response.headers_mut());
    let exhausted = Failure::of(response.extensions()).is_some_and(Failure::is_exhausted);
    if exhausted && !response.headers().contains_key(X_SHOULD_RETRY) {
        let no = HeaderValue::from_static("false");
        response.headers_mut().insert(X_SHOULD_RETRY, no);
    }
}
