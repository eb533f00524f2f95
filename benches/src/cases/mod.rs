//! The table of what is measured, and how a case is run.

mod bodies;
mod layers;
mod peers;
mod reqwest;
mod stacks;
mod streams;

use crate::body::Stream;
use crate::service::{Origin, Other, Plain, Sent, Tagged, When, get, post};
use buttress_core::Snapshot;
use bytes::Bytes;
use http::{Request, Response};
use http_body::{Body, Frame};
use std::fmt::Debug;
use std::future::Future;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use tower::Service;

/// One row of the table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) unit: Unit,
    /// The case that does the same without what is measured; `None` for such a case itself.
    pub(crate) bare: Option<&'static str>,
    /// Whose it is, when it is not ours: the package. Shown, not checked.
    pub(crate) peer: Option<&'static str>,
    /// Does it this many times: calls, or frames of one body.
    pub(crate) run: fn(u64),
}

/// What is counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Call,
    Frame,
    /// A byte, of frames of this length.
    Byte {
        chunk: usize,
    },
}

/// All cases, in the order of the table.
pub(crate) fn all() -> Vec<Case> {
    [
        BARE,
        peers::CASES,
        reqwest::CASES,
        layers::CASES,
        stacks::CASES,
        bodies::CASES,
        streams::CASES,
    ]
    .concat()
}

const BARE: &[Case] = &[
    Case::bare("bare", |n| calls(n, origin(), post)),
    Case::bare("bare, pending once", |n| calls(n, slow_origin(), post)),
    Case::bare("bare, GET", |n| calls(n, origin(), get)),
    Case::bare("bare, GET, tagged", |n| calls(n, tagged_origin(), get)),
    Case::call("Request::clone", "bare", |n| {
        calls(n, origin(), || {
            let request = post();
            drop(black_box(black_box(&request).clone()));
            request
        });
    })
    .by("http"),
    Case::call("Snapshot", "bare", |n| {
        calls(n, origin(), || {
            let request = post();
            drop(black_box(Snapshot::take(black_box(&request))));
            request
        });
    }),
    // What a resume has to keep of a call at the least.
    Case::call("Snapshot, GET", "bare, GET", |n| {
        calls(n, origin(), || {
            let request = get();
            drop(black_box(Snapshot::take(black_box(&request))));
            request
        });
    }),
];

impl Case {
    const fn bare(name: &'static str, run: fn(u64)) -> Self {
        Case {
            name,
            unit: Unit::Call,
            bare: None,
            peer: None,
            run,
        }
    }

    const fn call(name: &'static str, bare: &'static str, run: fn(u64)) -> Self {
        Case {
            name,
            unit: Unit::Call,
            bare: Some(bare),
            peer: None,
            run,
        }
    }

    const fn by(self, package: &'static str) -> Self {
        let peer = Some(package);
        Case { peer, ..self }
    }
}

/// Answers at once.
fn origin() -> Origin<Plain> {
    Origin {
        when: When::Ready,
        answer: Plain,
    }
}

/// Answers at once, with a body of another type: what is compiled for it is for no other row.
fn other_origin() -> Origin<Other> {
    Origin {
        when: When::Ready,
        answer: Other,
    }
}

/// Answers at the second poll.
fn slow_origin() -> Origin<Plain> {
    Origin {
        when: When::PendingOnce,
        answer: Plain,
    }
}

/// Answers at once with what could be continued.
fn tagged_origin() -> Origin<Tagged> {
    Origin {
        when: When::Ready,
        answer: Tagged,
    }
}

/// Makes `n` calls, one after the other, and drops the responses.
fn calls<S, RB>(n: u64, mut service: S, request: impl Fn() -> Request<Sent>)
where
    S: Service<Request<Sent>, Response = Response<RB>, Error: Debug>,
{
    for _ in 0..n {
        let request = black_box(request());
        drop(black_box(call(&mut service, request)));
    }
}

/// Takes all frames of one body, poll by poll.
fn frames<S, RB>(stream: Stream, wrap: impl FnOnce(Origin<Stream>) -> S)
where
    S: Service<Request<Sent>, Response = Response<RB>, Error: Debug>,
    RB: Body<Data = Bytes, Error: Debug>,
{
    let origin = Origin {
        when: When::Ready,
        answer: stream,
    };
    let response = call(&mut wrap(origin), get());
    let mut body = pin!(response.into_body());
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        match poll(body.as_mut(), &mut cx) {
            Poll::Ready(Some(frame)) => drop(black_box(frame).expect("nothing fails here")),
            Poll::Ready(None) => break,
            // Has been woken already.
            Poll::Pending => {}
        }
    }
}

type Polled<RB> = Poll<Option<Result<Frame<<RB as Body>::Data>, <RB as Body>::Error>>>;

/// One poll, as it reaches a body that is boxed, which those of axum and reqwest are: by a call that
/// is not inlined and brings its context. With the loop around it in one function, what is counted
/// is also how that loop is compiled.
#[inline(never)]
fn poll<RB: Body>(body: Pin<&mut RB>, cx: &mut Context<'_>) -> Polled<RB> {
    body.poll_frame(cx)
}

/// One call, as a program makes it: one that is not inlined.
#[inline(never)]
fn call<S>(service: &mut S, request: Request<Sent>) -> S::Response
where
    S: Service<Request<Sent>, Error: Debug>,
{
    wait(|cx| service.poll_ready(cx)).expect("nothing fails here");
    let mut future = pin!(service.call(request));
    wait(|cx| future.as_mut().poll(cx)).expect("nothing fails here")
}

/// The least an executor can be: what is pending has been woken already.
fn wait<T>(mut poll: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
    let mut cx = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(output) = poll(&mut cx) {
            return output;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_case_runs_beside_a_bare_one_of_its_kind() {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .build();
        let runtime = runtime.unwrap();
        let _runtime = runtime.enter();
        let cases = all();
        let names: HashSet<_> = cases.iter().map(|case| case.name).collect();
        assert_eq!(names.len(), cases.len());
        for case in &cases {
            let bare = cases.iter().find(|bare| Some(bare.name) == case.bare);
            assert_eq!(bare.is_some(), case.bare.is_some(), "{case:?}");
            assert!(bare.is_none_or(|bare| bare.unit == case.unit), "{case:?}");
            (case.run)(3);
        }
    }
}
