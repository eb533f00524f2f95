//! Layers in an order of one's own around hyper-util's client.
//!
//! ```sh
//! cargo run -p hyper-client -- https://example.com/ > page.html
//! ```
//!
//! `buttress::client()` would be one line; this shows what is in it, and how to leave something out
//! or to put something else in between.

use buttress::prelude::*;
use buttress::timeout::ConnectTimeoutLayer;
use bytes::Bytes;
use http::{Request, Uri};
use http_body_util::{BodyExt, Full};
use hyper_rustls::{ConfigBuilderExt, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::error::Error;
use std::io::{self, Write};
use std::pin::pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;
use tower::{Layer, ServiceBuilder, ServiceExt};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let uri = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let Some(uri) = uri.filter(|uri: &Uri| matches!(uri.scheme_str(), Some("http" | "https")))
    else {
        eprintln!("usage: hyper-client URL");
        return ExitCode::from(2);
    };
    match fetch(uri).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("hyper-client: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn fetch(uri: Uri) -> Result<(), Box<dyn Error>> {
    // TLS is rustls with ring, and trusts what this machine trusts.
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let tls = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_native_roots()?
        .with_no_client_auth();
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_all_versions()
        .build();
    let connector = ConnectTimeoutLayer::new(Duration::from_secs(10))?.layer(connector);
    let transport = Client::builder(TokioExecutor::new()).build(connector);

    // One budget, so that a server that is down is not asked ever more often.
    let budget = RetryBudget::default();
    let total = TimeoutConfig::builder().total(Duration::from_secs(600));
    let resume = ResumeConfig::builder().budget(budget.clone()).report(true);
    let retry = RetryConfig::builder()
        .attempts(4)
        .elapsed(Duration::from_secs(60))
        .budget(budget);
    let attempt = TimeoutConfig::builder()
        .head(Duration::from_secs(30))
        .idle(Duration::from_secs(20));
    let client = ServiceBuilder::new()
        .layer(HumanizeLayer::new())
        .layer(TimeoutLayer::new(total.build()?))
        .layer(ResumeLayer::new(resume.build()?))
        .layer(RetryLayer::new(retry.build()?))
        .layer(TimeoutLayer::new(attempt.build()?))
        .service(transport);

    let request = Request::get(uri).body(Full::<Bytes>::default())?;
    let response = client.oneshot(request).await?;
    eprintln!("{}", response.status());
    if let Some(report) = RetryReport::of(response.extensions()) {
        eprintln!("It took {} attempts.", report.attempts());
    }
    let resumed = ResumeReport::of(response.extensions()).cloned();

    let mut body = pin!(response.into_body());
    let mut out = io::stdout().lock();
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            out.write_all(&data)?;
        }
    }
    out.flush()?;
    if let Some(report) = resumed.filter(|report| report.reopened() > 0) {
        eprintln!("Its body went on {} times.", report.reopened());
    }
    Ok(())
}
