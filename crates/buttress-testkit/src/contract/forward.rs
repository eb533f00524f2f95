//! What a response and an error must bring along.

use super::{Breach, Inner, Rule};
use crate::collect::collect;
use crate::service::{ScriptedBody, Step};
use buttress_core::classify::Chain;
use buttress_core::{BoxError, Failure};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Body;
use std::error::Error;
use std::future::poll_fn;
use std::io;
use tower_service::Service;

pub(super) async fn check<S, RB>(make: &impl Fn(Inner) -> S) -> Result<(), Breach>
where
    S: Service<Request<String>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
    RB: Body<Data = Bytes>,
    RB::Error: Into<BoxError>,
{
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", HeaderValue::from_static("5"));
    let trailing = ScriptedBody::new().data("he").yields().data("llo");
    let inner = Inner::new([
        Step::status(404).header("x-one", "1").header("x-one", "2"),
        Step::ok(ScriptedBody::new().data("he").data("llo").exact()),
        Step::ok(trailing.trailers(trailers.clone())),
        Step::ok(""),
        Step::ok(
            ScriptedBody::new()
                .data("he")
                .io(io::ErrorKind::ConnectionReset),
        ),
        Step::io(io::ErrorKind::ConnectionReset),
    ]);
    let service = make(inner.clone());

    let answer = ask(&service).await?;
    let headers: Vec<_> = answer.headers().get_all("x-one").iter().collect();
    owed(
        answer.status() == 404 && headers == ["1", "2"],
        "status and headers",
    )?;

    let body = ask(&service).await?.into_body();
    let hint = body.size_hint();
    owed(
        hint.exact() == Some(5),
        format!("the exact length, not {hint:?}"),
    )?;
    let collected = collect(body).await;
    owed(collected.bytes == "hello", "the bytes")?;
    owed(collected.frames == [2, 3], "the frames as they came")?;
    let lies = &collected.lies;
    owed(lies.is_empty(), format!("no lies such as {lies:?}"))?;

    let collected = collect(ask(&service).await?.into_body()).await;
    owed(collected.trailers == Some(trailers), "the trailers")?;
    let lies = &collected.lies;
    owed(lies.is_empty(), format!("no lies such as {lies:?}"))?;

    let body = ask(&service).await?.into_body();
    owed(body.is_end_stream(), "the end of an empty body")?;
    owed(
        body.size_hint().exact() == Some(0),
        "the length of an empty body",
    )?;

    let collected = collect(ask(&service).await?.into_body()).await;
    owed(collected.bytes == "he", "what came before an error")?;
    let error = collected.error.as_deref();
    owed(
        error.is_some_and(|error| is_reset(error)),
        "the cause of an error in a body",
    )?;

    // A layer may turn an error into a response that tells it.
    let told = match call(&service).await {
        Err(error) => is_reset(&*error),
        Ok(answer) => Failure::of(answer.extensions()).is_some_and(|failure| is_reset(failure)),
    };
    owed(told, "the cause of an error")?;
    owed(inner.left() == 0, "every request")
}

fn owed(is_there: bool, what: impl Into<String>) -> Result<(), Breach> {
    let what = what.into();
    is_there.then_some(()).ok_or(Breach {
        rule: Rule::Forwarding,
        what: format!("owes {what}"),
    })
}

fn is_reset(error: &(dyn Error + 'static)) -> bool {
    let find = |error: &(dyn Error + 'static)| {
        let io = error.downcast_ref::<io::Error>();
        io.is_some_and(|io| io.kind() == io::ErrorKind::ConnectionReset)
    };
    Chain::new(error).any(find)
}

async fn ask<S, RB>(service: &S) -> Result<Response<RB>, Breach>
where
    S: Service<Request<String>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
{
    let failed = |error: BoxError| Breach::new(Rule::Forwarding, format!("failed: {error}"));
    call(service).await.map_err(failed)
}

/// A request that nobody may repeat.
async fn call<S, RB>(service: &S) -> Result<Response<RB>, BoxError>
where
    S: Service<Request<String>, Response = Response<RB>> + Clone,
    S::Error: Into<BoxError>,
{
    let mut service = service.clone();
    let request = Request::post("http://origin/").body("x".to_owned())?;
    poll_fn(|cx| service.poll_ready(cx))
        .await
        .map_err(Into::into)?;
    service.call(request).await.map_err(Into::into)
}
