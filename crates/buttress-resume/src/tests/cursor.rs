//! Streams that go on as a cursor says.

mod ends;
mod unseen;

use super::{Step as ScriptStep, *};
use crate::{Cursor, End, Ending, NoCursor, Step, Verdict};
use http::{HeaderValue, response};
use http_body_util::BodyExt;
use std::sync::{Arc, Mutex};
use std::task::Poll;

/// Reads one word from each event, and does what the word says; goes on with `GET /rest?after=`
/// and the number of events that were progress.
#[derive(Clone, Debug, Default)]
struct Words {
    notes: Arc<Mutex<Vec<String>>>,
    seen: u32,
    elsewhere: bool,
    refuses: bool,
}

impl Words {
    fn note(&self, note: impl Into<String>) {
        self.notes.lock().unwrap().push(note.into());
    }

    fn notes(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().unwrap())
    }
}

impl Cursor<Empty1> for Words {
    fn open(&mut self, response: &response::Parts) -> bool {
        self.note(format!("open {}", response.status.as_u16()));
        !self.refuses
    }

    fn event(&mut self, event: &Bytes) -> Step {
        let text = std::str::from_utf8(event).unwrap();
        let word = text.trim_end().strip_prefix("data: ").unwrap_or(text);
        self.note(word);
        let step = match word {
            "skip" => Step::skip(),
            "ping" => Step::pass().without_progress(),
            "end" => Step::pass().last(),
            "other" => Step::replace("data: another\n\n"),
            "overloaded" => Step::fail(Failure::new(FailureKind::Overloaded)),
            "differs" => Step::fail(
                Failure::new(FailureKind::ConnectionReset).with_stopped(StopReason::AnswerDiffers),
            ),
            "refused" => Step::fail(Failure::new(FailureKind::ContentFiltered)),
            _ => Step::pass(),
        };
        self.seen += u32::from(step.is_progress);
        step
    }

    fn end(&mut self, end: &End<'_>) -> Ending {
        let how = end
            .failure()
            .map_or("clean", |failure| failure.kind().code());
        let unfinished = String::from_utf8_lossy(end.unfinished()).into_owned();
        self.note(format!("end {how} {unfinished:?}"));
        match unfinished.as_str() {
            "data: end" => Ending::Complete("data: end\n\n".into()),
            "data: lost" => Ending::Stop(StopReason::NotResumable),
            _ => Ending::Reopen,
        }
    }

    fn reopen(&mut self, mut request: Req) -> Result<Req, StopReason> {
        let host = if self.elsewhere {
            "other.com"
        } else {
            "example.com"
        };
        let uri = format!("http://{host}/rest?after={}", self.seen);
        *request.uri_mut() = uri.parse().unwrap();
        *request.method_mut() = Method::GET;
        Ok(request)
    }

    fn verify(&mut self, response: &response::Parts) -> Verdict {
        self.note(format!("verify {}", response.status.as_u16()));
        Verdict::of_event_stream(response)
    }

    fn give_up(&mut self, failure: &Failure) -> Option<Bytes> {
        Some(format!("data: {}\n\n", failure.kind()).into())
    }
}

fn post() -> Req {
    let mut request = get();
    *request.method_mut() = Method::POST;
    request
}

/// Runs a `POST` past this cursor.
async fn run_past(words: &Words, inner: &Inner) -> Collected {
    let cursor = words.clone();
    let layer = ResumeLayer::new(config()).with_cursor(move |_: &Req| Some(cursor.clone()));
    let response = layer.layer(inner.clone()).oneshot(post()).await.unwrap();
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.lies, []);
    assert_eq!((inner.in_flight(), inner.bodies_alive()), (0, 0));
    collected
}

fn events(words: &str) -> ScriptedBody {
    let events: String = words
        .split_whitespace()
        .map(|word| format!("data: {word}\n\n"))
        .collect();
    ScriptedBody::new().data(events)
}

fn text(words: &str) -> String {
    words
        .split_whitespace()
        .map(|word| format!("data: {word}\n\n"))
        .collect()
}

#[tokio::test(start_paused = true)]
async fn a_post_goes_on_as_its_cursor_says() {
    let words = Words::default();
    let inner = Inner::new([
        stream(reset(events("a b ping").data("data: c"))),
        stream(events("c end")),
    ]);
    let collected = run_past(&words, &inner).await;
    assert_eq!(collected.end(), "clean end");
    assert_eq!(collected.bytes, text("a b ping c end"));
    let again = &inner.calls()[1].parts;
    assert_eq!(
        (again.method.as_str(), again.uri.query()),
        ("GET", Some("after=2"))
    );
    assert_eq!(
        words.notes(),
        [
            "open 200",
            "a",
            "b",
            "ping",
            "end connection_reset \"data: c\"",
            "verify 200",
            "c",
            "end"
        ]
    );
}

#[tokio::test(start_paused = true)]
async fn events_are_shown_and_handled_one_by_one_whatever_the_chunks() {
    let each = [
        "\u{feff}data: a\n\n",
        ": hi\n\n",
        "data: skip\r\n\r\n",
        "data: other\r\r",
        "data: b\n\n",
        "\n",
        "\n",
        "data: skip\n\n",
        "data: end\n\n",
    ];
    let whole = each.concat();
    let in_chunks_of = |size| whole.as_bytes().chunks(size).collect::<Vec<_>>();
    let cuts = (1..=whole.len()).map(in_chunks_of);
    let alone = each.map(str::as_bytes).to_vec();
    for chunks in cuts.chain([alone]) {
        let words = Words::default();
        // A frame without data is no event.
        let mut body = ScriptedBody::new().data("");
        for chunk in &chunks {
            body = body.data(Bytes::copy_from_slice(chunk)).data("");
        }
        let collected = run_past(&words, &Inner::new([stream(body)])).await;
        assert_eq!(collected.end(), "clean end");
        let text = String::from_utf8(collected.bytes.to_vec()).unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        assert_eq!(
            lines,
            [
                "\u{feff}data: a",
                ": hi",
                "data: another",
                "data: b",
                "data: end"
            ],
            "{chunks:?}"
        );
        let notes = words.notes();
        assert_eq!(
            notes[1..],
            ["a", ": hi\n\n", "skip", "other", "b", "skip", "end"]
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_byte_order_mark_is_passed_on_only_at_the_very_beginning() {
    let marked = |words: &str| ScriptedBody::new().data(format!("\u{feff}{}", text(words)));
    let words = Words::default();
    // Anywhere else it is part of a line.
    let late = marked("b").data(format!("\u{feff}{}", text("c end")));
    let inner = Inner::new([stream(reset(marked("a"))), stream(late)]);
    let collected = run_past(&words, &inner).await;
    let [first, rest] = ["a b", "c end"].map(|words| format!("\u{feff}{}", text(words)));
    assert_eq!(collected.bytes, first + &rest);
    let notes = words.notes();
    assert!(notes.contains(&"b".to_owned()));
    assert!(notes.contains(&"\u{feff}data: c\n\n".to_owned()));
}

/// Who is told of the end asks for nothing more.
#[tokio::test(start_paused = true)]
async fn what_comes_instead_of_an_event_is_owed_behind_the_last_one() {
    for word in ["other", "refused"] {
        let body = events(&format!("end {word}")).exact();
        let layer = ResumeLayer::new(config()).with_cursor(|_: &Req| Some(Words::default()));
        let service = layer.layer(Inner::new([stream(body)]));
        let mut body = service.oneshot(post()).await.unwrap().into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        assert_eq!(first, text("end"));
        assert!(!body.is_end_stream(), "{word}");
        assert!(body.frame().await.is_some(), "{word}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_does_not_fit_is_not_joined() {
    for (step, kind) in [
        (
            ScriptStep::ok("html").header("content-type", "text/html"),
            FailureKind::RepresentationChanged,
        ),
        (ScriptStep::status(404), FailureKind::NotFound),
    ] {
        let inner = Inner::new([stream(reset(events("a"))), step]);
        let failure = failure(run_past(&Words::default(), &inner).await);
        assert_eq!(failure.kind(), kind);
    }
    // A 204 means that there is nothing more.
    let inner = Inner::new([stream(reset(events("a"))), ScriptStep::status(204)]);
    assert_eq!(run_past(&Words::default(), &inner).await.end(), "clean end");
}

#[tokio::test(start_paused = true)]
async fn no_request_goes_to_another_origin() {
    let words = Words {
        elsewhere: true,
        ..Words::default()
    };
    let inner = Inner::new([stream(reset(events("a")))]);
    let failure = failure(run_past(&words, &inner).await);
    assert_eq!(failure.kind(), FailureKind::ConnectionReset);
    assert_eq!(failure.stopped(), Some(StopReason::NotResumable));
    assert_eq!(inner.calls().len(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_cursor_that_does_not_want_the_body_is_not_asked_again() {
    let words = Words {
        refuses: true,
        ..Words::default()
    };
    let collected = run_past(&words, &Inner::new([stream(reset(events("a")))])).await;
    assert_eq!(collected.bytes, text("a"));
    assert_eq!(failure(collected).stopped(), Some(StopReason::NotResumable));
    assert_eq!(words.notes(), ["open 200"]);
    // What is no event stream is not even offered.
    for step in [
        ScriptStep::ok("a"),
        stream(events("a")).header("content-encoding", "gzip"),
        ScriptStep::status(404),
    ] {
        run_past(&words, &Inner::new([step])).await;
        assert_eq!(words.notes(), [""; 0]);
    }
}

#[tokio::test(start_paused = true)]
async fn the_length_of_a_connection_is_held_against_it_and_not_promised() {
    let length = |words: &str, length: usize| {
        stream(events(words)).header("content-length", length.to_string())
    };
    let words = Words::default();
    let inner = Inner::new([length("a b", 30), length("end", 11)]);
    let cursor = words.clone();
    let layer = ResumeLayer::new(config()).with_cursor(move |_: &Req| Some(cursor.clone()));
    let response = layer.layer(inner.clone()).oneshot(post()).await.unwrap();
    assert_eq!(response.headers().get("content-length"), None);
    assert_eq!(response.body().size_hint().exact(), None);
    let collected = collect(response.into_body()).await;
    assert_eq!(collected.bytes, text("a b end"));
    assert!(
        words
            .notes()
            .contains(&"end stream_truncated \"\"".to_owned())
    );

    // So is that of a later one.
    let words = Words::default();
    let inner = Inner::new([stream(events("a")), length("b", 30), stream(events("end"))]);
    run_past(&words, &inner).await;
    let ends = words
        .notes()
        .into_iter()
        .filter(|note| note.starts_with("end "));
    let ends: Vec<_> = ends.collect();
    assert_eq!(ends, ["end clean \"\"", "end stream_truncated \"\""]);

    // Broken after its last byte, a connection ended well.
    let body = reset(events("a"));
    let whole = stream(body).header("content-length", "9");
    run_past(&words, &Inner::new([whole, stream(events("end"))])).await;
    assert!(words.notes().contains(&"end clean \"\"".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_request_without_a_cursor_is_as_without_the_layer() {
    let layer = ResumeLayer::new(config()).with_cursor(|_: &Req| None::<Words>);
    let inner = Inner::new([stream(reset(events("a")))]);
    let response = layer.layer(inner).oneshot(post()).await.unwrap();
    assert!(collect(response.into_body()).await.error.is_some());
    // And the layer's own plans still hold for a GET.
    let inner = Inner::new([first(reset), part(400, 1000)]);
    let response = layer.layer(inner).oneshot(get()).await.unwrap();
    assert_eq!(collect(response.into_body()).await.bytes, CONTENT.whole());
    let _: ResumeLayer<NoCursor> = ResumeLayer::default();
}

#[tokio::test(start_paused = true)]
async fn headers_of_a_connection_are_not_sent_again() {
    let words = Words::default();
    let cursor = words.clone();
    let layer = ResumeLayer::new(config()).with_cursor(move |_: &Req| Some(cursor.clone()));
    let inner = Inner::new([stream(reset(events("a"))), stream(events("end"))]);
    let mut request = post();
    for (name, value) in [
        ("content-length", "12"),
        ("connection", "x-hop, keep-alive"),
        ("x-hop", "1"),
        ("keep-alive", "5"),
        ("te", "trailers"),
        ("authorization", "Bearer t"),
        ("accept-encoding", "identity"),
    ] {
        let value = HeaderValue::from_static(value);
        request.headers_mut().insert(name, value);
    }
    let response = layer.layer(inner.clone()).oneshot(request).await.unwrap();
    collect(response.into_body()).await;
    let headers = &inner.calls()[1].parts.headers;
    let mut names: Vec<&str> = headers.keys().map(http::HeaderName::as_str).collect();
    names.sort_unstable();
    assert_eq!(names, ["accept", "accept-encoding", "authorization"]);
}
