//! The client stack as a middleware of reqwest-middleware: calls look as they always did.
//!
//! ```sh
//! cargo run -p reqwest-client -- https://example.com/ > page.html
//! ```

use buttress::prelude::*;
use reqwest::Url;
use reqwest_middleware::{ClientBuilder, ClientWithMiddleware, Error};
use std::io::Write;
use std::process::ExitCode;

type BoxError = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let url = std::env::args().nth(1).and_then(|text| text.parse().ok());
    let Some(url) = url.filter(|url: &Url| matches!(url.scheme(), "http" | "https")) else {
        eprintln!("usage: reqwest-client URL");
        return ExitCode::from(2);
    };
    let body = match fetch(url).await {
        Ok(body) => body,
        Err(error) => {
            eprintln!("reqwest-client: {:#}", failure(error));
            return ExitCode::FAILURE;
        }
    };
    match std::io::stdout().write_all(&body) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("reqwest-client: the page could not be printed: {error}");
            ExitCode::FAILURE
        }
    }
}

fn client() -> Result<ClientWithMiddleware, reqwest::Error> {
    // reqwest with rustls and ring; fails only when there is a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // What is sent again is the layers' business alone.
    let never = reqwest::retry::never();
    let client = reqwest::Client::builder().retry(never).build()?;

    let layers = TowerMiddleware::new(buttress::client(), client.clone()).failures();
    Ok(ClientBuilder::new(client).with(layers).build())
}

async fn fetch(url: Url) -> Result<Vec<u8>, BoxError> {
    let response = client()?.get(url).send().await?;
    eprintln!("{}", response.status());
    if let Some(report) = RetryReport::of(response.extensions()) {
        eprintln!("It took {} attempts.", report.attempts());
    }
    // A body that breaks goes on here, long after `send` has returned.
    Ok(response.bytes().await?.into())
}

/// The failure of a call, which is the middleware's error, or of a body, in the chain of reqwest's.
fn failure(error: BoxError) -> Failure {
    match error.downcast::<Error>().map(|error| *error) {
        Ok(Error::Middleware(error)) => match error.downcast() {
            Ok(failure) => failure,
            Err(other) => Failure::from(BoxError::from(other)),
        },
        Ok(Error::Reqwest(error)) => Failure::from(BoxError::from(error)),
        Err(error) => Failure::from(error),
    }
}
