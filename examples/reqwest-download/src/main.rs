//! Downloads a file through broken connections, byte for byte, or says why it can't.
//!
//! ```sh
//! cargo run -p reqwest-download -- https://example.com/big.iso big.iso
//! ```
//!
//! What arrives is written to `FILE.part`, which gets its name when it is whole. Its SHA-256 goes to
//! standard output as `sha256sum` prints it; progress and what happens on the way to standard error.
//!
//! From a server that has ranges and says which version of the file it sends, only what is missing
//! is fetched again after a cut. From any other the file is read again from its beginning, and what
//! comes is compared with what has come.
//!
//! Exit status: 0 when the file is there and whole; 1 when it is not, also after Ctrl-C, and then
//! nothing is left, or when its sum can't be printed; 2 when the arguments are wrong.

mod part;
mod progress;
mod sum;

use crate::part::Part;
use crate::progress::{Progress, say};
use buttress::humanize::{Call, Catalog, English, Explanation};
use buttress::observe::Event;
use buttress::prelude::*;
use clap::Parser;
use http::{Response, StatusCode, Version, header};
use http_body::Body;
use http_body_util::BodyExt;
use reqwest::Url;
use ring::digest::{Context, SHA256};
use std::error::Error;
use std::io::{self, Write};
use std::path::PathBuf;
use std::pin::pin;
use std::process::ExitCode;
use tokio::signal::ctrl_c;
use tower::{Layer, ServiceExt};

/// Downloads a file through broken connections.
#[derive(Debug, Parser)]
struct Args {
    /// What to download
    #[arg(value_parser = url)]
    url: Url,
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
    let done = tokio::select! {
        done = download(Args::parse()) => done,
        Ok(()) = ctrl_c() => {
            say(format_args!("reqwest-download: stopped. Nothing was written."));
            // At once: a look-up of a name that hangs would be waited for otherwise.
            std::process::exit(1)
        }
    };
    let printed = done.and_then(|line| match io::stdout().write_all(&line) {
        // Nobody reads it: the file is there all the same.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        printed => printed.map_err(|error| format!("the sum can't be printed: {error}").into()),
    });
    match printed {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // `:#` is the whole explanation of a failure: what happened, what was tried, what to do.
            say(format_args!("reqwest-download: {error:#}"));
            ExitCode::FAILURE
        }
    }
}

async fn download(args: Args) -> Result<Vec<u8>, Box<dyn Error>> {
    let host = host(&args.url);
    let mut part = Part::create(&args.file, args.force)?;
    let transport = transport()?;

    // reqwest's own builder, because it knows what to do with names and passwords in a URL.
    let request = transport
        .get(args.url)
        .header(header::ACCEPT_ENCODING, "identity")
        .build()?
        .try_into()?;
    let client = client(args.tries, &host)?.layer(ReqwestService::new(transport));
    let response = client.oneshot(request).await?;
    if let Some(failure) = Failure::of_response(&response) {
        return Err(format!("{:#}", explain(&failure, &host)).into());
    }
    if response.status() != StatusCode::OK {
        let status = response.status();
        return Err(format!("{host} answered with {status}, which is no file").into());
    }
    if let Some(doubt) = doubt(&response) {
        say(format_args!("{host} {doubt}"));
    }

    let mut body = pin!(response.into_body());
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
    Ok(sum::line(sum.finish().as_ref(), &args.file))
}

/// What is not as it should be with an answer that is no failure.
fn doubt<B: Body>(response: &Response<B>) -> Option<&'static str> {
    let has = |name| response.headers().contains_key(name);
    let ends_by_closing = response.version() < Version::HTTP_2
        && !has(header::CONTENT_LENGTH)
        && !has(header::TRANSFER_ENCODING);
    if has(header::CONTENT_ENCODING) {
        Some("sends the file encoded, though it was asked not to. So it is written.")
    } else if ends_by_closing {
        Some("does not say how long the file is. Nobody can tell whether all of it arrives.")
    } else {
        None
    }
}

/// TLS is rustls with ring, which needs no other compiler than C's.
fn transport() -> Result<reqwest::Client, reqwest::Error> {
    // Fails only when there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().build()
}

/// The recommended layers, patient, and telling what they do.
fn client(tries: u32, host: &str) -> Result<ClientLayer, buttress::ConfigError> {
    let host = host.to_owned();
    let tell = move |event: &Event<'_>| {
        if let Event::Again { failure, wait, .. } = event {
            let happened = explain(failure, &host);
            match wait.is_zero() {
                true => say(format_args!("{happened} Trying again.")),
                false => say(format_args!("{happened} Trying again in {wait:.1?}.")),
            }
        }
    };
    let retry = RetryConfig::builder().attempts(tries);
    // A file is the same bytes each time, or has changed, which a comparison finds out: of all that
    // has come, or of its last bytes, since some servers give two versions the same tag.
    let resume = ResumeConfig::builder()
        .tries(tries)
        .total(10_000)
        .overlap(4096)
        .prefix_replay(true)
        .max_reread(u64::MAX);
    ClientLayer::builder()
        .retry(retry.observer(tell.clone()).build()?)
        .resume(resume.observer(tell).build()?)
        .build()
}

fn url(text: &str) -> Result<Url, String> {
    match text.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err("it must begin with http:// or https://".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

/// The host and its port, without what else a URL has.
fn host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}

fn explain(failure: &Failure, host: &str) -> Explanation {
    English.explain(failure, &Call::to(host))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_of_an_answer_is_true() {
        let doubt = |version, name: &'static str| {
            let response = Response::builder().version(version).header(name, "1");
            doubt(&response.body(String::new()).unwrap())
        };
        let (old, new) = (Version::HTTP_11, Version::HTTP_2);
        assert_eq!(doubt(old, "content-length"), None);
        assert_eq!(doubt(old, "transfer-encoding"), None);
        assert_eq!(doubt(new, "etag"), None);
        assert!(doubt(old, "etag").is_some_and(|words| words.contains("how long")));
        assert!(doubt(new, "content-encoding").is_some_and(|words| words.contains("encoded")));
    }

    #[test]
    fn a_host_is_named_without_secrets() {
        let named = |text| url(text).map(|url| host(&url));
        assert_eq!(
            named("https://a:b@example.com:443/c?d#e").unwrap(),
            "example.com"
        );
        assert_eq!(named("http://[::1]:8080").unwrap(), "[::1]:8080");
        for text in [
            "example.com",
            "ftp://example.com/",
            "http://",
            "http://a:99999/",
            "",
        ] {
            assert!(named(text).is_err(), "{text:?}");
        }
    }
}
