//! Follows an event stream through broken connections, and says what happens on the way.
//!
//! ```sh
//! cargo run -p sse-tail -- https://stream.wikimedia.org/v2/stream/recentchange
//! cargo run -p sse-tail -- --json -H 'Authorization: Bearer ...' https://api.example.com/events
//! ```
//!
//! Events go to standard output: the data of each, after the event's name if it has one; or one line
//! of JSON each. What happens to the connection goes to standard error.
//!
//! Exit status: 0 at the end of the stream; 1 when it could not be followed to its end, or nobody
//! reads the output any more; 2 when the arguments are wrong.

mod args;
mod print;

use crate::args::Args;
use buttress::humanize::{Call, Catalog, English, Explanation};
use buttress::observe::Event;
use buttress::prelude::*;
use buttress::resume::event::EventView;
use clap::Parser;
use futures_util::StreamExt;
use http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use std::error::Error;
use std::fmt;
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;
use tower::{Layer, ServiceExt};

type BoxError = Box<dyn Error>;

/// The longest event that is read. Bytes.
const LONGEST: usize = 16 << 20;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match follow(Args::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let io = error.downcast_ref::<io::Error>();
            // Whoever reads the output has seen enough.
            if io.is_none_or(|error| error.kind() != io::ErrorKind::BrokenPipe) {
                say(format_args!("sse-tail: {error:#}"));
            }
            ExitCode::FAILURE
        }
    }
}

async fn follow(args: Args) -> Result<(), BoxError> {
    let host = args.host();
    let transport = transport()?;
    let client = client(&args, &host)?.layer(ReqwestService::new(transport.clone()));

    let mut headers = HeaderMap::new();
    let accept = HeaderValue::from_static("text/event-stream");
    headers.insert(header::ACCEPT, accept);
    for (name, value) in args.headers {
        headers.append(name, value);
    }
    // reqwest's own builder, because it knows what to do with names and passwords in a URL.
    let request = transport.get(args.url).headers(headers).build()?;
    let request = request.try_into()?;
    let response = client.oneshot(request).await?;
    if let Some(failure) = Failure::of_response(&response) {
        return Err(format!("{:#}", explain(&failure, &host)).into());
    }
    if response.status() == StatusCode::NO_CONTENT {
        return Ok(()); // How an event stream says that it is over (HTML standard, 9.2).
    }
    if !is_stream(&response) {
        return Err(format!("{host} answered with something that is no event stream").into());
    }

    let mut events = EventStream::new(response.into_body()).with_max_event(LONGEST);
    while let Some(event) = events.next().await {
        let event = event.map_err(|failure| match Explanation::of(&failure) {
            Some(_) => BoxError::from(failure),
            // Of what the body fails with the layers have said why. This is the reader's own limit.
            None => format!("{host} sent an event of more than {LONGEST} bytes").into(),
        })?;
        print::event(&event, args.json)?;
    }
    Ok(())
}

/// A stream does not end because nobody reads about it.
fn say(words: fmt::Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{words}");
}

fn is_stream<B>(response: &Response<B>) -> bool {
    let value = response.headers().get(header::CONTENT_TYPE);
    let text = value.and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = text.split(';').next().unwrap_or("").trim();
    response.status() == StatusCode::OK && essence.eq_ignore_ascii_case("text/event-stream")
}

/// TLS is rustls with ring, which needs no other compiler than C's.
fn transport() -> Result<reqwest::Client, reqwest::Error> {
    // Fails only when there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().build()
}

/// The recommended layers, for a stream without end, and telling what they do.
fn client(args: &Args, host: &str) -> Result<ClientLayer, buttress::ConfigError> {
    let host = host.to_owned();
    let tell = move |event: &Event<'_>| match event {
        Event::Again { failure, wait, .. } => {
            let happened = explain(failure, &host);
            match wait.is_zero() {
                true => say(format_args!("{happened} Trying again.")),
                false => say(format_args!("{happened} Trying again in {wait:.1?}.")),
            }
        }
        Event::Recovered { .. } => say(format_args!("The connection to {host} is back.")),
        // The error that follows says it.
        _ => {}
    };
    let retry = RetryConfig::builder().attempts(args.tries);
    let mut resume = ResumeConfig::builder()
        .tries(args.tries)
        .total(1_000_000)
        .max_event(LONGEST);
    if let Some(last) = args.until.clone() {
        resume = resume.terminal(move |event: &EventView<'_>| *event.data() == *last.as_bytes());
    }
    let attempt = TimeoutConfig::builder()
        .head(TimeoutConfig::DEFAULT_HEAD)
        .idle(Duration::from_secs(args.silence));
    ClientLayer::builder()
        .retry(retry.observer(tell.clone()).build()?)
        .resume(resume.observer(tell).build()?)
        .attempt(attempt.build()?)
        .build()
}

fn explain(failure: &Failure, host: &str) -> Explanation {
    English.explain(failure, &Call::to(host))
}
