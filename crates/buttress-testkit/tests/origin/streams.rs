use crate::client::{Answer, End, ask, get, get_with, send};
use buttress_testkit::{At, Cut, Events, Fault, Origin};
use tokio::net::TcpStream;

const RANGE: [(&str, &str); 1] = [("Range", "bytes=500-999")];

async fn part(fault: Fault) -> (Origin, Answer) {
    let origin = Origin::builder().script([fault]).start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let answer = ask(&mut io, &get_with("/bytes", &RANGE)).await;
    (origin, answer)
}

#[tokio::test]
async fn a_range_can_be_ignored() {
    let (origin, answer) = part(Fault::IgnoreRange).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-range"), None);
    assert_eq!(answer.header("etag"), Some(&*origin.content().etag()));
    assert_eq!(answer.body, origin.content().whole());
}

#[tokio::test]
async fn a_range_can_be_another_one() {
    for (first, last, range) in [
        (-100, 0, 400..1_000),
        (100, 0, 600..1_000),
        (0, 100, 500..1_100),
        (0, -100, 500..900),
        (-1_000, 1_000_000, 0..100_000),
        (10, -900, 510..511),
    ] {
        let (origin, answer) = part(Fault::MoveRange { first, last }).await;
        assert_eq!(answer.status, 206);
        let label = format!("bytes {}-{}/100000", range.start, range.end - 1);
        assert_eq!(answer.header("content-range"), Some(&*label));
        assert_eq!(answer.body, origin.content().bytes(range));
    }
}

#[tokio::test]
async fn content_ranges_can_lie_or_come_twice() {
    let (origin, answer) = part(Fault::ContentRange("bytes 0-499/*".to_owned())).await;
    assert_eq!(answer.header("content-range"), Some("bytes 0-499/*"));
    assert_eq!(answer.body, origin.content().bytes(500..1_000));

    let (_origin, answer) = part(Fault::TwoContentRanges).await;
    let both = ["bytes 500-999/100000", "bytes 501-1000/100000"];
    assert_eq!(answer.all("content-range"), both);
    let other = Fault::status(200).and(Fault::TwoContentRanges);
    assert!(part(other).await.1.all("content-range").is_empty());
}

#[tokio::test]
async fn any_range_can_be_unsatisfiable() {
    let (_origin, answer) = part(Fault::Unsatisfiable).await;
    assert_eq!(answer.status, 416);
    assert_eq!(answer.header("content-range"), Some("bytes */100000"));
    assert!(answer.body.is_empty());
}

#[tokio::test]
async fn a_part_is_cut_as_a_whole_is() {
    let fault = Fault::cut_after_bytes(77, Cut::Rst);
    let origin = Origin::builder().script([fault]).start().await;
    let received = send(origin.addr(), &get_with("/bytes", &RANGE)).await;
    let answer = received.answer();
    assert_eq!((answer.status, received.end), (206, End::Rst));
    assert_eq!(answer.body, origin.content().bytes(500..577));
}

#[tokio::test]
async fn versions_change_openly_or_in_disguise() {
    let (origin, answer) = part(Fault::Version(2)).await;
    let other = origin.content().with_version(2);
    assert_eq!(answer.header("etag"), Some(&*other.etag()));
    assert_eq!(answer.body, other.bytes(500..1_000));

    let (origin, answer) = part(Fault::DisguisedVersion(2)).await;
    assert_eq!(answer.header("etag"), Some(&*origin.content().etag()));
    assert_eq!(
        answer.body,
        origin.content().with_version(2).bytes(500..1_000)
    );

    let etag = origin.content().etag();
    let origin = Origin::builder().script([Fault::Version(2)]).start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let headers = [RANGE[0], ("If-Range", &*etag)];
    assert_eq!(
        ask(&mut io, &get_with("/bytes", &headers)).await.status,
        200
    );
    // The next request meets the first version again.
    assert_eq!(
        ask(&mut io, &get_with("/bytes", &headers)).await.status,
        206
    );
}

#[tokio::test]
async fn validators_can_be_weak_or_missing() {
    let (origin, answer) = part(Fault::WeakEtag).await;
    let weak = format!("W/{}", origin.content().etag());
    assert_eq!(answer.header("etag"), Some(&*weak));
    let (_origin, answer) = part(Fault::NoEtag).await;
    assert_eq!(answer.header("etag"), None);
    assert_eq!(answer.status, 206);
}

async fn after(fault: Fault, cursor: &str) -> (Events, Answer) {
    let origin = Origin::builder().script([fault]).start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let answer = ask(&mut io, &get_with("/events", &[("Last-Event-ID", cursor)])).await;
    (origin.events(), answer)
}

#[tokio::test]
async fn events_are_cut_between_and_within() {
    for (how, end) in [(Cut::Fin, End::Fin), (Cut::Rst, End::Rst)] {
        let events = Events::new(3, 1, 8);
        let whole = events.whole();
        let four = events.pieces(0)[..4].concat().len();
        for (at, len) in [
            (At::Events(0), 0),
            (At::Events(4), four),
            (At::Events(99), whole.len()),
            (At::Bytes(four as u64 + 5), four + 5),
        ] {
            let fault = Fault::CutAfter { at, how };
            let origin = Origin::builder()
                .events(events)
                .script([fault])
                .start()
                .await;
            let received = send(origin.addr(), &get("/events")).await;
            let answer = received.answer();
            assert_eq!(answer.body, whole[..len], "{at}");
            assert!(!answer.whole, "the last chunk is missing");
            assert_eq!(received.end, end);
        }
    }
}

#[tokio::test]
async fn an_error_comes_in_the_place_of_the_rest() {
    let (events, answer) = after(Fault::ErrorAfter(At::Events(2)), "1-4").await;
    assert!(answer.whole);
    let body = String::from_utf8(answer.body).unwrap();
    let two = events.pieces(5)[..2].concat();
    let error = body
        .strip_prefix(std::str::from_utf8(&two).unwrap())
        .unwrap();
    assert!(error.starts_with("event: error\ndata: {"), "{error}");
    assert!(error.ends_with("}}\n\n"), "{error}");
}

#[tokio::test]
async fn events_end_early_as_if_they_were_all() {
    let (events, answer) = after(Fault::EndAfter(At::Events(2)), "1-4").await;
    assert!(answer.whole);
    assert_eq!(answer.body, events.pieces(5)[..2].concat());
}

#[tokio::test]
async fn cursors_can_be_taken_wrongly() {
    let (events, answer) = after(Fault::IgnoreCursor, "1-4").await;
    assert_eq!(answer.body, events.whole());
    let (events, answer) = after(Fault::RepeatLast, "1-4").await;
    assert_eq!(answer.body, events.pieces(4).concat());
    let (events, answer) = after(Fault::SkipEvents(3), "1-4").await;
    assert_eq!(answer.body, events.pieces(8).concat());
    let (events, answer) = after(Fault::SkipEvents(3000), "1-4").await;
    assert_eq!(answer.body, events.terminal_event().unwrap());
    let (_, answer) = after(Fault::Version(2), "1-4").await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn event_streams_can_be_none() {
    let (_, answer) = after(Fault::NoContent, "1-4").await;
    assert_eq!(
        (answer.status, answer.header("content-length")),
        (204, None)
    );
    assert_eq!(answer.header("content-type"), None);
    let (events, answer) = after(Fault::WrongType, "1-4").await;
    assert_eq!(answer.header("content-type"), Some("text/html"));
    assert_eq!(answer.body, events.pieces(5).concat());
}
