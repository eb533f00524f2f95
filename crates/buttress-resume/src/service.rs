use crate::future::First;
use crate::plan::Rights;
use crate::story::Begun;
use crate::{Cursors, NoCursor, ResumeBody, ResumeConfig, ResumeFuture};
use buttress_core::time;
use buttress_core::{BoxError, Deadline, Failure, Guard, ReplayableBody, Snapshot};
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
        self.inner.poll_ready(cx).map_err(Failure::unready)
    }

    #[inline(always)] // else the request, and the future of the layer below, are moved
    fn call(&mut self, request: Request<B>) -> Self::Future {
        let cursor = self.cursors.begin(&request);
        // Nearly every call whose answer can't be continued, told without taking the address of the
        // request: then it would be copied when it is passed on.
        let is_plain = matches!(*request.method(), Method::POST)
            && request.extensions().is_empty()
            && !self.config.any_method()
            && self.config.terminal().is_none();
        if cursor.is_some() || !is_plain {
            return self.call_unusual(request, cursor).0;
        }
        ResumeFuture {
            guard: Guard::of(request.extensions()),
            inner: self.inner.call(request),
            bodiless: false,
            first: None,
        }
    }
}

impl<S, C> Resume<S, C> {
    /// The same for a request whose answer may be continued or watched, or has no body, and whether
    /// that is so. With a second value the future is made apart and moved: in the place of the plain
    /// one, that would have to lie in memory too, and be copied.
    #[inline(never)]
    fn call_unusual<B, K>(
        &mut self,
        request: Request<B>,
        cursor: Option<K>,
    ) -> (ResumeFuture<S, B, K>, bool)
    where
        S: Service<Request<B>> + Clone,
        B: ReplayableBody,
    {
        let bodiless = *request.method() == Method::HEAD || *request.method() == Method::CONNECT;
        let guard = Guard::of(request.extensions());
        let first = if bodiless {
            None
        } else {
            self.keep(&request, cursor)
        };
        let future = ResumeFuture {
            inner: self.inner.call(request),
            bodiless,
            guard,
            first,
        };
        (future, bodiless)
    }

    /// What is to be kept of the request, if anything.
    #[inline]
    fn keep<B, K>(&self, request: &Request<B>, cursor: Option<K>) -> Option<First<S, B, K>>
    where
        S: Clone,
        B: ReplayableBody,
    {
        let own = request.extensions().get::<ResumeConfig>();
        let config = own.unwrap_or(&self.config);
        let rights = Rights::of(request.method(), request.headers(), config);
        let may_be_kept = cursor.is_some() || !rights.is_none();
        if !(may_be_kept || config.terminal().is_some()) {
            return None;
        }
        let config = match own {
            Some(own) => own.within(&self.config),
            None => self.config.clone(),
        };
        let snapshot = if may_be_kept {
            Snapshot::take(request)
        } else {
            None
        };
        Some(First {
            // Not ready, as it has to be polled before it is called.
            service: snapshot.is_some().then(|| self.inner.clone()),
            snapshot,
            cursor,
            rights,
            begun: Begun {
                config,
                deadline: Deadline::of(request.extensions()),
                started: time::now(),
            },
        })
    }
}
