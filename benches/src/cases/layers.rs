//! What each layer of the suite costs alone.

use super::{Case, calls, origin, other_origin, slow_origin, tagged_origin};
use crate::service::{get, post};
use buttress_humanize::HumanizeLayer;
use buttress_resume::ResumeLayer;
use buttress_retry::RetryLayer;
use buttress_timeout::{TimeoutConfig, TimeoutLayer};
use std::time::Duration;
use tower::Layer;

pub(super) const CASES: &[Case] = &[
    Case::call("retry", "bare", |n| {
        calls(n, RetryLayer::default().layer(origin()), post);
    }),
    Case::call("retry, pending once", "bare, pending once", |n| {
        calls(n, RetryLayer::default().layer(slow_origin()), post);
    }),
    Case::call("retry, GET", "bare, GET", |n| {
        calls(n, RetryLayer::default().layer(origin()), get);
    }),
    Case::call("timeout, head", "bare", |n| {
        calls(n, head_limit().layer(origin()), post);
    }),
    Case::call("timeout, head, pending once", "bare, pending once", |n| {
        calls(n, head_limit().layer(slow_origin()), post);
    }),
    Case::call("timeout, total", "bare", |n| {
        calls(n, total_limit().layer(origin()), post);
    }),
    Case::call("timeout, total, pending once", "bare, pending once", |n| {
        calls(n, total_limit().layer(slow_origin()), post);
    }),
    Case::call("resume, POST", "bare", |n| {
        calls(n, ResumeLayer::default().layer(origin()), post);
    }),
    Case::call("resume, GET", "bare, GET", |n| {
        calls(n, ResumeLayer::default().layer(origin()), get);
    }),
    Case::call("resume, GET, tagged", "bare, GET, tagged", |n| {
        calls(n, ResumeLayer::default().layer(tagged_origin()), get);
    }),
    Case::call("humanize", "bare", |n| {
        calls(n, HumanizeLayer::new().layer(origin()), post);
    }),
    Case::call("humanize, pending once", "bare, pending once", |n| {
        calls(n, HumanizeLayer::new().layer(slow_origin()), post);
    }),
    Case::call("humanize, respond", "bare", |n| {
        let layer = HumanizeLayer::new().into_responses();
        calls(n, layer.layer(other_origin()), post);
    }),
];

/// 60 s for the head.
pub(super) fn head_limit() -> TimeoutLayer {
    let head = TimeoutConfig::builder().head(Duration::from_secs(60));
    TimeoutLayer::new(head.build().expect("is in range"))
}

/// 600 s for all.
pub(super) fn total_limit() -> TimeoutLayer {
    let total = TimeoutConfig::builder().total(Duration::from_secs(600));
    TimeoutLayer::new(total.build().expect("is in range"))
}
