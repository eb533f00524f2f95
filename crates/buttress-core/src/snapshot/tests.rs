use super::*;
use crate::{Deadline, ReplayBody};
use bytes::Bytes;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use http::uri::PathAndQuery;
use http::{HeaderMap, Uri, Version};
use http_body::Body;
use http_body_util::{BodyExt, Full};
use proptest::prelude::*;
use std::pin::Pin;
use std::task::{Context, Waker};

#[derive(Clone, Debug, PartialEq)]
struct Note(u32);

/// Everything of a request that can be told apart.
fn told<B>(request: &Request<B>) -> impl PartialEq + std::fmt::Debug {
    let uri = request.uri();
    let headers = request.headers().iter();
    (
        (request.method().clone(), request.version()),
        uri.clone(),
        uri.to_string(),
        uri.scheme_str().map(str::to_owned),
        uri.authority().map(ToString::to_string),
        // Whether there is a character in it at all is part of its equality.
        uri.path_and_query().cloned(),
        headers
            .map(|(name, value)| (name.clone(), value.clone(), value.is_sensitive()))
            .collect::<Vec<_>>(),
        request.extensions().get::<Note>().cloned(),
        request.extensions().len(),
    )
}

fn is_packed<B>(snapshot: &Snapshot<B>) -> bool {
    snapshot.head.get().is_some_and(Head::is_packed)
}

/// Takes a snapshot, which must give the same request as often as it is asked.
fn check(request: &Request<String>) -> Snapshot<String> {
    let snapshot = Snapshot::take(request).expect("replayable");
    for _ in 0..2 {
        let rebuilt = snapshot.rebuild().expect("replayable");
        assert_eq!(told(&rebuilt), told(request));
        assert_eq!(rebuilt.body(), request.body());
    }
    let last = Snapshot::take(request).and_then(Snapshot::into_request);
    let last = last.expect("replayable");
    assert_eq!(told(&last), told(request));
    assert_eq!(last.body(), request.body());
    for name in request.headers().keys() {
        let shouted = name.as_str().to_ascii_uppercase();
        let first = request.headers().get(name).map(HeaderValue::as_bytes);
        assert_eq!(snapshot.header(name), first);
        assert_eq!(snapshot.header(shouted), first);
    }
    assert_eq!(snapshot.header("x-not-there"), None);
    assert_eq!(snapshot.header("not a name"), None);
    assert_eq!(snapshot.method(), request.method());
    assert_eq!(snapshot.body(), request.body());
    snapshot
}

fn request(uri: Uri) -> Request<String> {
    let mut request = Request::new("body".to_owned());
    *request.uri_mut() = uri;
    request
}

#[test]
fn every_form_of_address_is_rebuilt() {
    let packed = [
        "https://example.com/a/b?c=d&e",
        "HTTP://user:secret@EXAMPLE.com:8080",
        "http://[::1]:80?q",
        "https://h/?",
        "/origin/form?x=%20",
        "/",
        "*",
        "example.com:443",
        "a",
    ];
    for uri in packed {
        assert!(is_packed(&check(&request(uri.parse().unwrap()))), "{uri}");
    }
    // Scheme, or path, that would not come back as they are.
    let plain = ["ftp://example.com/file", "http://example.com#fragment"];
    for uri in plain {
        assert!(!is_packed(&check(&request(uri.parse().unwrap()))), "{uri}");
    }
    let nothing = Uri::from_parts(http::uri::Parts::default()).unwrap();
    check(&request(nothing));
    check(&request("#f".parse::<PathAndQuery>().unwrap().into()));
}

#[test]
fn headers_keep_order_duplicates_marks_and_odd_bytes() {
    let mut request = request(Uri::from_static("/"));
    let headers = request.headers_mut();
    let mut secret = HeaderValue::from_static("Bearer sk-1");
    secret.set_sensitive(true);
    headers.append("x-twice", HeaderValue::from_static("1"));
    headers.append(AUTHORIZATION, secret.clone());
    headers.append("x-twice", HeaderValue::from_static(""));
    headers.append("x-twice", secret);
    headers.append("x-bytes", HeaderValue::from_bytes(b"\xff\t\x80").unwrap());
    let snapshot = check(&request);
    assert!(is_packed(&snapshot));
    assert_eq!(snapshot.header("X-Twice"), Some(&b"1"[..]));
    assert_eq!(snapshot.header("x-bytes"), Some(&b"\xff\t\x80"[..]));
    let debug = format!("{snapshot:?}");
    assert!(!debug.contains("sk-1"), "{debug}");
}

#[test]
fn every_name_that_can_be_is_rebuilt() {
    let mut request = request(Uri::from_static("/"));
    for byte in 0..=255_u8 {
        if let Ok(name) = HeaderName::from_bytes(&[byte]) {
            request
                .headers_mut()
                .insert(name, HeaderValue::from(u16::from(byte)));
        }
    }
    assert!(request.headers().len() > 40);
    let longest = "n".repeat(0xffff);
    let value = HeaderValue::from_str(&"v".repeat(100_000)).unwrap();
    let longest = HeaderName::from_bytes(longest.as_bytes()).unwrap();
    request.headers_mut().insert(longest, value);
    assert!(is_packed(&check(&request)));
}

#[test]
fn method_version_and_extensions_are_rebuilt() {
    for method in ["POST", "QUERY", "A-METHOD-WITH-A-RATHER-LONG-NAME"] {
        for version in [Version::HTTP_10, Version::HTTP_2] {
            let mut request = request(Uri::from_static("/"));
            *request.method_mut() = method.parse().unwrap();
            *request.version_mut() = version;
            request.extensions_mut().insert(Note(7));
            let again = check(&request).rebuild().unwrap();
            assert_eq!(again.extensions().get(), Some(&Note(7)));
        }
    }
}

#[test]
fn a_body_that_cannot_be_sent_again_is_not_kept() {
    let body = ReplayBody::with_limit("too long".to_owned(), 3);
    assert!(Snapshot::take(&Request::new(body)).is_none());
}

#[test]
fn a_body_that_grew_too_long_ends_what_was_kept() {
    // Of unknown length, so that the limit is met on the way.
    let pieces = ["ab", "cd"]
        .map(|text| Ok::<_, std::convert::Infallible>(http_body::Frame::data(Bytes::from(text))));
    let body = http_body_util::StreamBody::new(futures_util::stream::iter(pieces));
    let mut request = Request::new(ReplayBody::with_limit(body, 3));
    let snapshot = Snapshot::take(&request).expect("nothing was read yet");
    let mut cx = Context::from_waker(Waker::noop());
    for still_kept in [true, false] {
        assert!(Pin::new(request.body_mut()).poll_frame(&mut cx).is_ready());
        assert_eq!(snapshot.rebuild().is_some(), still_kept);
    }
    assert!(snapshot.into_request().is_none());
}

#[tokio::test]
async fn what_is_rebuilt_sends_the_whole_body() {
    let body = ReplayBody::new(Full::new(Bytes::from_static(b"hello")));
    let mut request = Request::new(body);
    let snapshot = Snapshot::take(&request).unwrap();
    let first = request.body_mut().frame().await.unwrap().unwrap();
    assert_eq!(first.into_data().unwrap(), "hello");
    for again in [snapshot.rebuild(), snapshot.into_request()] {
        let whole = again.unwrap().into_body().collect().await.unwrap();
        assert_eq!(whole.to_bytes(), "hello");
    }
}

#[test]
fn a_used_buffer_shows_nothing_of_its_past() {
    let mut long = request(Uri::from_static(
        "https://example.com/a/long/path?and=query",
    ));
    for n in 0..50 {
        let name = HeaderName::from_bytes(format!("x-{n}").as_bytes()).unwrap();
        long.headers_mut().insert(name, HeaderValue::from(n));
    }
    drop(check(&long));
    let short = check(&request(Uri::from_static("/")));
    assert_eq!(short.header("x-49"), None);
    assert_eq!(short.rebuild().unwrap().headers().len(), 0);
}

fn uris() -> impl Strategy<Value = Uri> {
    let path = "(/[a-z%0-9]{0,8}){1,3}(\\?[a-z=&]{0,8})?";
    let text = prop_oneof![
        ("[a-zA-Z]{2,6}", "[a-z0-9.@:-]{1,12}", path)
            .prop_map(|(scheme, host, path)| format!("{scheme}://{host}{path}")),
        ("https?", "[a-z]{1,8}(:[0-9]{1,5})?", "([/?#][a-z?#]{0,6})?")
            .prop_map(|(scheme, host, path)| format!("{scheme}://{host}{path}")),
        path,
        "[a-z]{1,8}:[0-9]{1,5}",
        "\\PC{1,12}",
        Just("*".to_owned()),
    ];
    text.prop_filter_map("not an address", |text| text.parse().ok())
}

fn headers() -> impl Strategy<Value = HeaderMap> {
    let name = prop_oneof![
        "[a-z]{1,2}",
        "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,70}",
        prop::sample::select(vec!["host", "accept", "authorization", "content-type"])
            .prop_map(str::to_owned),
    ];
    let value = prop::collection::vec(any::<u8>(), 0..90);
    prop::collection::vec((name, value, any::<bool>()), 0..20).prop_map(|entries| {
        let mut map = HeaderMap::new();
        for (name, value, sensitive) in entries {
            let name = HeaderName::from_bytes(name.as_bytes());
            if let (Ok(name), Ok(mut value)) = (name, HeaderValue::from_bytes(&value)) {
                value.set_sensitive(sensitive);
                map.append(name, value);
            }
        }
        map
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn what_is_rebuilt_is_what_was_taken(
        method in "[A-Z]{1,20}",
        uri in uris(),
        headers in headers(),
        note in prop::option::of(any::<u32>()),
        body in ".{0,20}",
    ) {
        let mut request = Request::new(body);
        *request.method_mut() = method.parse().unwrap();
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        if let Some(note) = note {
            request.extensions_mut().insert(Note(note));
        }
        check(&request);
    }
}

#[test]
fn a_deadline_alone_and_among_others_is_kept() {
    let deadline = Deadline::at(crate::time::now());
    for others in [false, true] {
        let mut request = Request::new(String::new());
        request.extensions_mut().insert(deadline);
        if others {
            request.extensions_mut().insert(Note(7));
        }
        let again = Snapshot::take(&request).unwrap().rebuild().unwrap();
        assert_eq!(Deadline::of(again.extensions()), Some(deadline));
        assert_eq!(again.extensions().get::<Note>().is_some(), others);
        assert_eq!(again.extensions().len(), request.extensions().len());
    }
}

#[test]
fn the_deadline_of_the_scope_goes_along() {
    let (now, second) = (crate::time::now(), std::time::Duration::from_secs(1));
    let [early, late] = [now, now + second].map(Deadline::at);
    for (own, scope) in [(None, early), (Some(late), early), (Some(early), late)] {
        for others in [false, true] {
            let mut request = Request::new(String::new());
            if let Some(own) = own {
                own.tighten(request.extensions_mut());
            }
            if others {
                request.extensions_mut().insert(Note(7));
            }
            let open = scope.enter();
            let snapshot = Snapshot::take(&request).unwrap();
            drop(open);
            let again = snapshot.rebuild().unwrap();
            assert_eq!(Deadline::of(again.extensions()), Some(early));
            assert_eq!(again.extensions().get::<Note>().is_some(), others);
            assert_eq!(again.extensions().len(), 1 + usize::from(others));
        }
    }
}
