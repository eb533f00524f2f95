//! Downloads a file through broken connections, byte for byte, or says why it can't.
//!
//! ```sh
//! reqwest-download https://example.com/big.iso big.iso
//! ```
//!
//! What arrives is written to `FILE.part`, which gets its name when it is whole. Its SHA-256 goes to
//! standard output as `sha256sum` prints it; progress and what happens on the way to standard error.
//!
//! Exit status: 0 when the file is there and whole; 1 when it is not, and then nothing is left; 2
//! when the arguments are wrong.

mod part;
mod progress;

use crate::part::Part;
use crate::progress::{Progress, say};
use buttress::humanize::{Call, Catalog, English, Explanation};
use buttress::observe::Event;
use buttress::prelude::*;
use clap::Parser;
use http::{Request, StatusCode, Uri, header};
use http_body::Body;
use http_body_util::BodyExt;
use ring::digest::{Context, SHA256};
use std::error::Error;
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use tower::{Layer, ServiceExt};

/// Downloads a file through broken connections.
#[derive(Debug, Parser)]
struct Args {
    /// What to download
    #[arg(value_parser = url)]
    url: Uri,
    /// Where to
    file: PathBuf,
    /// Replace FILE, and what an earlier download left of it
    #[arg(long)]
    force: bool,
    /// How often to try in a row without getting any further
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u32).range(1..=100))]
    tries: u32,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match download(Args::parse()).await {
        Ok(line) => {
            println!("{line}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            // `:#` is the whole explanation of a failure: what happened, what was tried, what to do.
            say(format_args!("reqwest-download: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn download(args: Args) -> Result<String, Box<dyn Error>> {
    let host = args.url.authority().map(ToString::to_string);
    let host = host.unwrap_or_default();
    if args.file.exists() && !args.force {
        let file = args.file.display();
        return Err(format!("{file} exists already; --force replaces it").into());
    }
    let client = client(args.tries, &host)?.layer(transport()?);

    let request = Request::get(args.url)
        .header(header::ACCEPT_ENCODING, "identity")
        .body(reqwest::Body::default())?;
    let response = client.oneshot(request).await?;
    if let Some(failure) = Failure::of_response(&response) {
        return Err(format!("{:#}", explain(&failure, &host)).into());
    }
    if response.status() != StatusCode::OK {
        let status = response.status();
        return Err(format!("{host} answered with {status}, which is no file").into());
    }

    let mut body = pin!(response.into_body());
    let mut part = Part::create(&args.file, args.force)?;
    let mut progress = Progress::new(body.size_hint().exact());
    let mut sum = Context::new(&SHA256);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|failure| format!("{failure:#} Nothing was written."))?;
        if let Ok(data) = frame.into_data() {
            part.write(&data)?;
            sum.update(&data);
            progress.add(data.len());
        }
    }
    part.finish()?;
    let sum = sum.finish();
    let hex: String = sum.as_ref().iter().map(|b| format!("{b:02x}")).collect();
    Ok(format!("{hex}  {}", args.file.display()))
}

/// TLS is rustls with ring, which needs no other compiler than C's.
fn transport() -> Result<ReqwestService, reqwest::Error> {
    // Fails only when there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Ok(ReqwestService::new(reqwest::Client::builder().build()?))
}

/// The recommended layers, patient, and telling what they do.
fn client(tries: u32, host: &str) -> Result<ClientLayer, buttress::ConfigError> {
    let host = host.to_owned();
    let tell = move |event: &Event<'_>| {
        if let Event::Again { failure, wait, .. } = event {
            let happened = explain(failure, &host);
            say(format_args!("{happened} Trying again in {wait:.1?}."));
        }
    };
    let retry = RetryConfig::builder().attempts(tries);
    let resume = ResumeConfig::builder().tries(tries).total(10_000);
    ClientLayer::builder()
        .retry(retry.observer(tell.clone()).build()?)
        .resume(resume.observer(tell).build()?)
        .build()
}

fn url(text: &str) -> Result<Uri, String> {
    match text.parse::<Uri>() {
        Ok(url) if matches!(url.scheme_str(), Some("http" | "https")) => Ok(url),
        Ok(_) => Err("it must begin with http:// or https://".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn explain(failure: &Failure, host: &str) -> Explanation {
    English.explain(failure, &Call::to(host))
}
