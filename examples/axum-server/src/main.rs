//! Limits and explanations for the handlers of an axum server, in two ways, side by side.
//!
//! ```sh
//! cargo run -p axum-server
//! curl http://127.0.0.1:4300/humane/stuck
//! curl http://127.0.0.1:4300/own/stuck
//! ```
//!
//! A layer that can fail makes a `Router` that can, and axum wants one that can't. Either
//! `buttress::server()` answers, in words and in the format that the caller prefers (`/humane`), or
//! a function of yours does, through axum's own `HandleErrorLayer` (`/own`). A body that breaks
//! after its head has gone out is beyond what such a function can see; humanize ends it with an
//! event that says why.

use axum::Router;
use axum::body::{Body, Bytes};
use axum::error_handling::HandleErrorLayer;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use buttress::ConfigError;
use buttress::prelude::*;
use clap::Parser;
use futures_util::{StreamExt, stream};
use http::{StatusCode, header};
use std::convert::Infallible;
use std::error::Error;
use std::future::pending;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;
use tower::ServiceBuilder;

/// Serves handlers that misbehave.
#[derive(Debug, Parser)]
struct Args {
    /// The address to listen at
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:4300")]
    listen: SocketAddr,
    /// How long a handler may take, and its body be silent
    #[arg(long, value_name = "MILLISECONDS", default_value_t = 2_000)]
    limit: u64,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let args = Args::parse();
    let app = app(Duration::from_millis(args.limit))?;
    let listener = TcpListener::bind(args.listen).await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, app).await?;
    Ok(())
}

fn app(limit: Duration) -> Result<Router, ConfigError> {
    let limits = TimeoutConfig::builder().head(limit).idle(limit).build()?;

    let humane = handlers().layer(buttress::server().limits(limits.clone()));

    let own = ServiceBuilder::new()
        .layer(HandleErrorLayer::new(answer))
        .layer(TimeoutLayer::new(limits));
    let own = handlers().layer(own);

    Ok(Router::new().nest("/humane", humane).nest("/own", own))
}

/// Words of one's own for a failure. `code()` is stable, and for programs.
async fn answer(failure: Failure) -> (StatusCode, String) {
    let code = failure.kind().code();
    (
        failure.response_status(),
        format!("That did not work: {code}.\n"),
    )
}

fn handlers() -> Router {
    Router::new()
        .route("/hello", get(async || "hello\n"))
        .route("/stuck", get(pending::<Response>))
        .route("/events", get(events))
}

/// An event stream that falls silent within its second event.
async fn events() -> impl IntoResponse {
    let said = ["data: one\n\n", "data: tw"].map(|text| Ok::<_, Infallible>(Bytes::from(text)));
    let body = Body::from_stream(stream::iter(said).chain(stream::pending()));
    ([(header::CONTENT_TYPE, "text/event-stream")], body)
}
