use crate::future::First;
use crate::plan::Rights;
use crate::story::Begun;
use crate::{Cursors, NoCursor, ResumeBody, ResumeConfig, ResumeFuture};
use buttress_core::time;
use buttress_core::{BoxError, Deadline, Failure, Guard, Phase, ReplayableBody, Snapshot};
use http::{Method, Request, Response};
use http_body::Body;
use std::fmt;
use std::task::{Context, Poll};
use tower_service::Service;

/// The service of a [`ResumeLayer`](crate::ResumeLayer).
#[derive(Clone)]
pub struct Resume<S, C = NoCursor> {
    inner: S,
    config: ResumeConfig,
    cursors: C,
}

impl<S> Resume<S> {
    /// Wraps `inner`.
    #[must_use]
    pub const fn new(inner: S, config: ResumeConfig) -> Self {
        Resume {
            inner,
            config,
            cursors: NoCursor,
        }
    }
}

impl<S, C> Resume<S, C> {
    /// Asks these [`Cursors`] first how a stream goes on: see [`cursor`](crate::cursor).
    #[must_use]
    pub fn with_cursor<D>(self, cursors: D) -> Resume<S, D> {
        Resume {
            inner: self.inner,
            config: self.config,
            cursors,
        }
    }
}

impl<S: fmt::Debug, C> fmt::Debug for Resume<S, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Resume")
            .field("inner", &self.inner)
            .field("config", &self.config)
            .finish_non_exhaustive()
    }
}

impl<S, B, RB, C> Service<Request<B>> for Resume<S, C>
where
    S: Service<Request<B>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    B: ReplayableBody,
    RB: Body,
    RB::Error: Into<BoxError>,
    C: Cursors<B>,
{
    type Response = Response<ResumeBody<S, B, RB, C::Cursor>>;
    type Error = Failure;
    type Future = ResumeFuture<S, B, C::Cursor>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Failure>> {
        self.inner
            .poll_ready(cx)
            .map_err(|error| Failure::from_error(error.into(), Phase::Connect))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let bodiless = *request.method() == Method::HEAD || *request.method() == Method::CONNECT;
        let guard = Guard::of(request.extensions());
        let own = request.extensions().get::<ResumeConfig>();
        let config = own.unwrap_or(&self.config);
        let rights = Rights::of(request.method(), request.headers(), config);
        let cursor = self.cursors.begin(&request);
        let may_be_kept = cursor.is_some() || !rights.is_none();
        if bodiless || !(may_be_kept || config.terminal().is_some()) {
            return ResumeFuture {
                inner: self.inner.call(request),
                bodiless,
                guard,
                first: None,
            };
        }
        let config = match own {
            Some(own) => own.within(&self.config),
            None => self.config.clone(),
        };
        let deadline = Deadline::of(request.extensions());
        let snapshot = if may_be_kept {
            Snapshot::take(&request)
        } else {
            None
        };
        // Not ready, as it has to be polled before it is called.
        let service = snapshot.is_some().then(|| self.inner.clone());
        ResumeFuture {
            inner: self.inner.call(request),
            bodiless,
            guard,
            first: Some(First {
                snapshot,
                service,
                cursor,
                rights,
                begun: Begun {
                    config,
                    deadline,
                    started: time::now(),
                },
            }),
        }
    }
}
