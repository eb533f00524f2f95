//! What a caller sees of reqwest does not change by layers that have nothing to do.

use super::*;
use buttress_testkit::At;
use bytes::Bytes;
use reqwest::Version;
use reqwest_middleware::RequestBuilder;

type Ask = fn(&ClientWithMiddleware, &str) -> RequestBuilder;

fn layers() -> ClientWithMiddleware {
    let once = RetryConfig::builder().attempts(1).build().unwrap();
    let minute = Duration::from_secs(60);
    let limits = TimeoutConfig::builder().total(minute).idle(minute).build();
    with(
        ServiceBuilder::new()
            .layer(RetryLayer::new(once))
            .layer(TimeoutLayer::new(limits.unwrap())),
    )
}

/// All that a caller can ask an error of reqwest.
fn of_error(error: &reqwest::Error) -> String {
    let kinds = [
        ("builder", error.is_builder()),
        ("redirect", error.is_redirect()),
        ("status", error.is_status()),
        ("timeout", error.is_timeout()),
        ("request", error.is_request()),
        ("connect", error.is_connect()),
        ("body", error.is_body()),
        ("decode", error.is_decode()),
        ("upgrade", error.is_upgrade()),
    ];
    let kinds = kinds.iter().filter(|(_, is)| *is).map(|(kind, _)| *kind);
    let kinds = kinds.collect::<Vec<_>>().join("+");
    let url = error.url().map(reqwest::Url::as_str);
    format!("{kinds}: {error}, {:?}, {url:?}", error.status())
}

/// All that a caller can ask a response of reqwest, and then its body.
async fn of_response(mut response: reqwest::Response) -> String {
    let mut headers = response.headers().clone();
    headers.remove("date");
    let head = format!(
        "{:?} {} {headers:?} {:?} from {} at {:?}",
        response.version(),
        response.status(),
        response.content_length(),
        response.url(),
        response.remote_addr(),
    );
    let status = response.error_for_status_ref().err();
    let status = status.map(|error| of_error(&error));
    let mut bytes = Vec::new();
    let end = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
            Ok(None) => break "whole".to_owned(),
            Err(error) => break of_error(&error),
        }
    };
    format!("{head} {status:?} {} {end}", bytes.len())
}

/// What a caller sees, and what the origin did.
async fn seen(client: &ClientWithMiddleware, fault: &Fault, ask: Ask) -> String {
    let origin = origin([fault.clone()]).await;
    let said = match ask(client, &origin.url("")).send().await {
        Ok(response) => of_response(response).await,
        Err(Error::Reqwest(error)) => of_error(&error),
        Err(Error::Middleware(error)) => format!("{error:#}"),
    };
    let asked = origin.log().into_iter().map(|seen| {
        format!(
            "{} {} {:?} {:?}",
            seen.method, seen.path, seen.headers, seen.body
        )
    });
    let asked = asked.collect::<Vec<_>>().join("\n");
    format!("{said}\n{asked}").replace(&origin.addr().to_string(), "origin")
}

#[tokio::test]
async fn layers_with_nothing_to_do_change_nothing() {
    let table: [(&str, Fault, Ask); 17] = [
        ("whole", Fault::None, |client, base| {
            client.get(format!("{base}/bytes"))
        }),
        ("a query and a fragment", Fault::None, |client, base| {
            client.get(format!("{base}/a%20b|c?q=%7B1&q=2#part"))
        }),
        ("a name and a password", Fault::None, |client, base| {
            let base = base.replace("http://", "http://me:se%20cret@");
            client.get(format!("{base}/hello"))
        }),
        ("no length", Fault::Chunked, |client, base| {
            client.get(format!("{base}/bytes"))
        }),
        ("no body", Fault::None, |client, base| {
            client.head(format!("{base}/bytes"))
        }),
        ("an old version", Fault::None, |client, base| {
            client
                .get(format!("{base}/bytes"))
                .version(Version::HTTP_10)
        }),
        ("an error's status", Fault::status(503), |client, base| {
            client.get(format!("{base}/bytes#part"))
        }),
        (
            "a redirect",
            Fault::Answer(Canned::new(302).header("location", "/hello?x")),
            |client, base| client.get(format!("{base}/bytes#part")),
        ),
        (
            "a redirect that sends once more",
            Fault::Answer(Canned::new(307).header("location", "/echo")),
            |client, base| client.post(format!("{base}/old")).body("hello"),
        ),
        (
            "a redirect that leads nowhere",
            Fault::Answer(Canned::new(302).header("location", "nowhere://")),
            |client, base| client.get(format!("{base}/bytes")),
        ),
        ("a body that is a stream", Fault::None, |client, base| {
            let body = reqwest::Body::wrap(http_body_util::Full::new(Bytes::from("hello")));
            client.post(format!("{base}/echo")).body(body)
        }),
        ("nothing to post", Fault::None, |client, base| {
            client.post(format!("{base}/echo"))
        }),
        (
            "a cut",
            Fault::cut_after_bytes(20_000, Cut::Rst),
            |client, base| client.get(format!("{base}/bytes")),
        ),
        (
            "no answer",
            Fault::CutBeforeHead(Cut::Fin),
            |client, base| client.get(format!("{base}/bytes")),
        ),
        (
            "no answer in time",
            Fault::StallBeforeHead,
            |client, base| client.get(format!("{base}/bytes")).timeout(SHORT),
        ),
        (
            "no body in time",
            Fault::StallAfter(At::Bytes(20_000)),
            |client, base| client.get(format!("{base}/bytes")).timeout(SHORT),
        ),
        ("no URL", Fault::None, |client, _| client.get("nowhere")),
    ];
    let (plain, layers) = (ClientBuilder::new(client()).build(), layers());
    for (name, fault, ask) in table {
        let plain = seen(&plain, &fault, ask).await;
        let layers = seen(&layers, &fault, ask).await;
        assert_eq!(layers, plain, "{name}");
    }
}
