use crate::{ServiceError, url};
use http::Response;
use pin_project_lite::pin_project;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use tower_service::Service;

type Pending = <reqwest::Client as Service<reqwest::Request>>::Future;

pin_project! {
    /// The future of a [`ReqwestService`](crate::ReqwestService)'s call. Dropping it drops the call.
    pub struct ReqwestFuture {
        #[pin]
        pending: Option<Pending>,
        failed: Option<ServiceError>,
    }
}

impl ReqwestFuture {
    pub(crate) const fn new(pending: Pending) -> Self {
        ReqwestFuture {
            pending: Some(pending),
            failed: None,
        }
    }

    pub(crate) const fn failed(error: ServiceError) -> Self {
        ReqwestFuture {
            pending: None,
            failed: Some(error),
        }
    }
}

impl Future for ReqwestFuture {
    type Output = Result<Response<reqwest::Body>, ServiceError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        match this.pending.as_pin_mut() {
            Some(pending) => {
                let response = ready!(pending.poll(cx))?;
                Poll::Ready(Ok(url::kept(response)))
            }
            // A future that was ready may do as it likes when it is polled once more.
            None => this
                .failed
                .take()
                .map_or(Poll::Pending, |error| Poll::Ready(Err(error))),
        }
    }
}

impl fmt::Debug for ReqwestFuture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReqwestFuture").finish_non_exhaustive()
    }
}
