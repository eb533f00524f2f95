//! What the layers cost together, in the recommended order.

use super::layers::{head_limit, total_limit};
use super::{Case, calls, origin, slow_origin};
use crate::service::post;
use buttress_humanize::{Humanize, HumanizeLayer};
use buttress_resume::{Resume, ResumeLayer};
use buttress_retry::{Retry, RetryLayer};
use buttress_timeout::{Timeout, TimeoutLayer};
use tower::{Layer, ServiceBuilder};

pub(super) const CASES: &[Case] = &[
    Case::call("retry > timeout", "bare", |n| {
        calls(
            n,
            RetryLayer::default().layer(head_limit().layer(origin())),
            post,
        );
    }),
    Case::call("retry > timeout, pending once", "bare, pending once", |n| {
        calls(
            n,
            RetryLayer::default().layer(head_limit().layer(slow_origin())),
            post,
        );
    }),
    Case::call("four", "bare", |n| calls(n, four(origin()), post)),
    Case::call("four, pending once", "bare, pending once", |n| {
        calls(n, four(slow_origin()), post);
    }),
    Case::call("five", "bare", |n| calls(n, five(origin()), post)),
    Case::call("five, pending once", "bare, pending once", |n| {
        calls(n, five(slow_origin()), post);
    }),
];

type Four<S> = Humanize<Resume<Retry<Timeout<S>>>>;

/// With limits for the head and for the silence of each attempt.
fn four<S>(inner: S) -> Four<S> {
    ServiceBuilder::new()
        .layer(HumanizeLayer::new())
        .layer(ResumeLayer::default())
        .layer(RetryLayer::default())
        .layer(TimeoutLayer::default())
        .service(inner)
}

type Five<S> = Humanize<Timeout<Resume<Retry<Timeout<S>>>>>;

/// The four, and a limit for the whole.
pub(super) fn five<S>(inner: S) -> Five<S> {
    ServiceBuilder::new()
        .layer(HumanizeLayer::new())
        .layer(total_limit())
        .layer(ResumeLayer::default())
        .layer(RetryLayer::default())
        .layer(TimeoutLayer::default())
        .service(inner)
}
