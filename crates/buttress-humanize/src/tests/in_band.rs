//! Streams that have begun and break, in response mode.

use super::reset;
use crate::{Explanation, Format, Framing, HumanizeLayer, Render, Rendered, Rendering};
use buttress_core::{BoxError, Failure, FailureKind, LastWords};
use bytes::Bytes;
use http::{HeaderMap, Request, Response, StatusCode};
use http_body::{Body, Frame};
use http_body_util::{BodyExt, StreamBody};
use serde_json::Value;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use tower::{Layer, ServiceExt, service_fn};

type Step = Result<Frame<Bytes>, BoxError>;

fn data(text: &'static str) -> Step {
    Ok(Frame::data(Bytes::from_static(text.as_bytes())))
}

fn stream(steps: Vec<Step>) -> impl Body<Data = Bytes, Error = BoxError> + Unpin {
    StreamBody::new(futures_util::stream::iter(steps))
}

/// What a client of this layer reads: the data until the body fails, and how it failed.
async fn read<B>(response: Response<B>) -> (String, Option<Failure>)
where
    B: Body<Data = Bytes, Error = Failure> + Unpin,
{
    let mut body = response.into_body();
    let mut all = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame {
            Ok(frame) => all.extend(frame.into_data().into_iter().flatten()),
            Err(failure) => {
                assert!(body.is_end_stream());
                assert!(body.frame().await.is_none());
                return (String::from_utf8(all).unwrap(), Some(failure));
            }
        }
    }
    (String::from_utf8(all).unwrap(), None)
}

/// An API that says `!` and the code of the failure, in event streams and in lines of its own kind.
struct Ours;

impl Render for Ours {
    fn document(&self, failure: &Failure, _: &Explanation) -> Rendered {
        Rendered::json(format!("!{}", failure.kind()))
    }

    fn event(&self, failure: &Failure, _: &Explanation) -> Bytes {
        format!("!{}\n", failure.kind()).into()
    }

    fn framing(&self, headers: &HeaderMap) -> Option<Framing> {
        match headers.get("content-type")?.as_bytes() {
            b"application/x-ndjson" => Some(Framing::Lines),
            _ => Framing::of(headers),
        }
    }

    fn status(&self, _: &Failure) -> StatusCode {
        StatusCode::IM_A_TEAPOT
    }
}

/// What is asked of the layer in one case.
#[derive(Default)]
struct Case {
    headers: Vec<(&'static str, &'static str)>,
    steps: Vec<Step>,
    layer: Option<Ours>,
    request: Option<Rendering>,
}

impl Case {
    fn events(steps: Vec<Step>) -> Self {
        Case {
            headers: vec![("content-type", "text/event-stream")],
            steps,
            ..Case::default()
        }
    }

    async fn respond(self) -> Response<impl Body<Data = Bytes, Error = Failure> + Unpin> {
        let mut response = Response::new(stream(self.steps));
        for (name, value) in self.headers {
            response.headers_mut().insert(name, value.parse().unwrap());
        }
        let response = Arc::new(Mutex::new(Some(response)));
        let below = service_fn(move |_: Request<()>| {
            std::future::ready(Ok::<_, Infallible>(
                response.lock().unwrap().take().unwrap(),
            ))
        });
        let layer = HumanizeLayer::new().into_responses();
        let layer = match self.layer {
            Some(ours) => layer.render(ours),
            None => layer,
        };
        let mut request = Request::get("http://api.example.com/").body(()).unwrap();
        if let Some(own) = self.request {
            request.extensions_mut().insert(own);
        }
        let Ok(response) = layer.layer(below).oneshot(request).await;
        response
    }
}

#[tokio::test]
async fn a_stream_that_says_it_is_not_encoded_ends_in_words_too() {
    for coding in ["identity", "none"] {
        let mut case = Case::events(vec![data("data: 1\n\n"), Err(reset())]);
        case.headers.push(("content-encoding", coding));
        let (said, failure) = read(case.respond().await).await;
        assert!(said.starts_with("data: 1\n\nevent: error\n"), "{said}");
        assert!(failure.is_some());
    }
}

#[tokio::test]
async fn a_broken_event_stream_ends_in_an_error_event() {
    for (before, end) in [
        ("data: 1\n\n", ""),
        ("data: 1\n\ndata: {\"half", "\n\n"),
        ("data: 1\n", "\n"),
    ] {
        let case = Case::events(vec![data(before), Err(reset())]);
        let (said, failure) = read(case.respond().await).await;
        let failure = failure.expect("a cut stream is never passed off as whole");
        assert_eq!(failure.kind(), FailureKind::ConnectionReset);
        let bytes = before.len() as u64;
        let partial = buttress_core::Delivery::Partial { bytes };
        assert_eq!(failure.delivery(), partial, "the words do not count");
        let event = said
            .strip_prefix(before)
            .unwrap()
            .strip_prefix(end)
            .unwrap();
        let json = event.strip_prefix("event: error\ndata: ").unwrap();
        let json = json.strip_suffix("\n\n").unwrap();
        assert!(!json.contains('\n'));
        let problem: Value = serde_json::from_str(json).unwrap();
        assert_eq!(problem["code"], "connection_reset");
        assert_eq!(problem["phase"], "body");
    }
}

#[tokio::test]
async fn no_half_of_an_event_is_finished_where_its_id_says_that_it_was_delivered() {
    for (before, speaks) in [
        ("id: 1\ndata: 1\n\n", true),
        ("id: 1\ndata: 1\n\nid: 2\ndata: ha", false),
        ("id: 1\ndata: 1\n\ndata: ha", false),
        ("data: 1\r\nid\r\n\r\ndata: 2\r\n", false),
        ("data: 1\n\ni", false),
        ("data: id: 1\n\ndata: ha", true),
        (": id\n\nhid: 1", true),
        ("\u{feff}id: 1\ndata: ha", false),
        ("\u{feff}data: ha", true),
    ] {
        for cut in (0..=before.len()).filter(|cut| before.is_char_boundary(*cut)) {
            let (one, two) = before.split_at(cut);
            let case = Case::events(vec![data(one), data(two), Err(reset())]);
            let (said, failure) = read(case.respond().await).await;
            assert!(failure.is_some());
            let words = said.strip_prefix(before).unwrap();
            assert_eq!(!words.is_empty(), speaks, "{before:?} in two at {cut}");
        }
    }
}

#[tokio::test]
async fn a_stream_that_broke_before_its_first_byte_says_so_too() {
    let (said, failure) = read(Case::events(vec![Err(reset())]).respond().await).await;
    assert!(said.starts_with("event: error\n"), "{said}");
    assert!(failure.is_some());
}

#[tokio::test]
async fn a_stream_that_ends_well_is_left_alone() {
    let (said, failure) = read(Case::events(vec![data("data: 1\n\n")]).respond().await).await;
    assert_eq!(said, "data: 1\n\n");
    assert!(failure.is_none());
}

#[tokio::test]
async fn nothing_is_put_into_what_it_would_damage() {
    let json = ("content-type", "application/json");
    let events = ("content-type", "text/event-stream");
    for headers in [
        vec![],
        vec![json],
        vec![("content-type", "application/x-ndjson")],
        vec![events, ("content-length", "100")],
        vec![events, ("content-encoding", "gzip")],
        vec![events, ("content-range", "bytes 1-2/3")],
    ] {
        let case = Case {
            headers: headers.clone(),
            steps: vec![data("half"), Err(reset())],
            ..Case::default()
        };
        let (said, failure) = read(case.respond().await).await;
        assert_eq!(said, "half", "{headers:?}");
        assert!(failure.is_some());
    }
    let trailers = Ok(Frame::trailers(HeaderMap::new()));
    let case = Case::events(vec![data("data: 1\n\n"), trailers, Err(reset())]);
    let (said, _) = read(case.respond().await).await;
    assert_eq!(said, "data: 1\n\n", "nothing may follow trailers");
}

#[tokio::test]
async fn an_api_says_it_in_its_own_way() {
    let lines = || Case {
        headers: vec![("content-type", "application/x-ndjson")],
        steps: vec![data("{\"a\":"), Err(reset())],
        ..Case::default()
    };
    let by_layer = Case {
        layer: Some(Ours),
        ..lines()
    };
    let by_request = Case {
        request: Some(Rendering::by(Ours)),
        ..lines()
    };
    for case in [by_layer, by_request] {
        let (said, failure) = read(case.respond().await).await;
        assert_eq!(said, "{\"a\":\n!connection_reset\n");
        assert!(failure.is_some());
    }
}

#[tokio::test]
async fn the_shape_of_the_request_counts_for_more_than_the_layers() {
    let layer = HumanizeLayer::new().into_responses().render(Format::Text);
    let below = service_fn(async |_: Request<()>| Err::<Response<String>, BoxError>(reset()));
    let service = layer.layer(below);
    let Ok(by_layer) = service.clone().oneshot(Request::new(())).await;
    assert_eq!(by_layer.status(), 502);
    assert_eq!(
        by_layer.headers()["content-type"],
        "text/plain; charset=utf-8"
    );

    let mut request = Request::new(());
    request.extensions_mut().insert(Rendering::by(Ours));
    let Ok(response) = service.oneshot(request).await;
    assert_eq!(response.status(), StatusCode::IM_A_TEAPOT);
    assert_eq!(response.headers()["content-type"], "application/json");
    assert_eq!(response.headers()["content-length"], "17");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert!(Failure::of(response.extensions()).is_some());
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "!connection_reset");
}

#[tokio::test]
async fn who_mends_the_stream_can_keep_the_words_back() {
    let response = Case::events(vec![data("data: 1\n"), Err(reset())])
        .respond()
        .await;
    LastWords::hold_back(response.extensions());
    let (said, failure) = read(response).await;
    assert_eq!(said, "data: 1\n");
    assert!(Explanation::of(&failure.unwrap()).is_some());
}

#[tokio::test]
async fn of_two_layers_only_the_outer_one_speaks() {
    let below = service_fn(async |_: Request<()>| {
        let mut response = Response::new(stream(vec![data("data: 1\n\n"), Err(reset())]));
        let events = "text/event-stream".parse().unwrap();
        response.headers_mut().insert("content-type", events);
        Ok::<_, BoxError>(response)
    });
    let layer = HumanizeLayer::new().into_responses();
    let Ok(response) = layer
        .layer(layer.layer(below))
        .oneshot(Request::new(()))
        .await;
    let (said, _) = read(response).await;
    assert_eq!(said.matches("event: error").count(), 1, "{said}");
}
