//! The origin over HTTP/2, asked with the `h2` crate.

use buttress_testkit::{At, Canned, Code, Content, Cut, Fault, Origin};
use bytes::Bytes;
use h2::Reason;
use h2::client::SendRequest;
use http::{HeaderMap, Method, Request, StatusCode};
use std::time::Duration;
use tokio::task::JoinHandle;
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3_600);

type Connection = JoinHandle<Result<(), h2::Error>>;

async fn connect(origin: &Origin) -> (SendRequest<Bytes>, Connection) {
    let (send, connection) = h2::client::handshake(origin.connect()).await.unwrap();
    (send, tokio::spawn(connection))
}

/// What came of an answer.
#[derive(Debug)]
struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: Vec<u8>,
    trailers: Option<HeaderMap>,
    error: Option<h2::Error>,
}

async fn ask(send: &mut SendRequest<Bytes>, request: Request<()>) -> Result<Answer, h2::Error> {
    let (response, _) = send.clone().ready().await?.send_request(request, true)?;
    let (parts, mut body) = response.await?.into_parts();
    let mut answer = Answer {
        status: parts.status,
        headers: parts.headers,
        body: Vec::new(),
        trailers: None,
        error: None,
    };
    while let Some(data) = body.data().await {
        match data {
            Ok(data) => {
                answer.body.extend_from_slice(&data);
                body.flow_control().release_capacity(data.len()).unwrap();
            }
            Err(error) => {
                answer.error = Some(error);
                return Ok(answer);
            }
        }
    }
    answer.trailers = body.trailers().await?;
    Ok(answer)
}

fn get(path: &str) -> Request<()> {
    Request::get(format!("http://origin{path}"))
        .body(())
        .unwrap()
}

async fn origin(faults: impl IntoIterator<Item = Fault>) -> Origin {
    let faults: Vec<Fault> = faults.into_iter().collect();
    Origin::builder().script(faults).start().await
}

#[tokio::test(start_paused = true)]
async fn serves_the_same_over_http_2() {
    let trailers: HeaderMap = [("x-sum".parse().unwrap(), "1".parse().unwrap())]
        .into_iter()
        .collect();
    let origin = Origin::builder().trailers(trailers.clone()).start().await;
    let (mut send, connection) = connect(&origin).await;
    let answer = ask(&mut send, get("/bytes")).await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, origin.content().whole());
    assert_eq!(answer.headers["content-length"], "100000");
    assert_eq!(answer.headers["etag"], origin.content().etag());
    assert!(answer.trailers.is_none() && answer.error.is_none());

    let mut part = get("/bytes");
    part.headers_mut()
        .insert("range", "bytes=90000-".parse().unwrap());
    let answer = ask(&mut send, part).await.unwrap();
    assert_eq!(answer.status, 206);
    assert_eq!(answer.headers["content-range"], "bytes 90000-99999/100000");
    assert_eq!(answer.body, origin.content().bytes(90_000..100_000));

    let answer = ask(&mut send, get("/events")).await.unwrap();
    assert_eq!(answer.body, origin.events().whole());
    assert!(!answer.headers.contains_key("content-length"));
    assert_eq!(answer.trailers, Some(trailers));

    let mut head = get("/bytes");
    *head.method_mut() = Method::HEAD;
    let answer = ask(&mut send, head).await.unwrap();
    assert_eq!(answer.headers["content-length"], "100000");
    assert!(answer.body.is_empty());

    origin.until_idle().await;
    let log = origin.log();
    assert_eq!((log.len(), origin.connections()), (4, 1));
    assert!(log.iter().all(|seen| seen.answered && seen.whole));
    assert_eq!(log[0].sent, 100_000);
    drop(send);
    connection.await.unwrap().unwrap();
    origin.until_closed().await;
}

#[tokio::test(start_paused = true)]
async fn speaks_http_2_on_sockets_too() {
    tokio::time::resume();
    let origin = origin([Fault::cut_after_bytes(70_000, Cut::Rst)]).await;
    let io = tokio::net::TcpStream::connect(origin.addr()).await.unwrap();
    let (mut send, connection) = h2::client::handshake(io).await.unwrap();
    let connection = tokio::spawn(connection);
    let answer = ask(&mut send, get("/bytes")).await.unwrap();
    assert_eq!(answer.body, origin.content().bytes(0..70_000));
    assert!(answer.error.unwrap().is_io());
    assert!(connection.await.unwrap().is_err());
}

#[tokio::test(start_paused = true)]
async fn what_came_before_a_cut_arrives() {
    for (how, bytes) in [
        (Cut::Fin, 0),
        (Cut::Rst, 1),
        (Cut::Fin, 65_000),
        (Cut::Rst, 99_999),
    ] {
        for fault in [
            Fault::cut_after_bytes(bytes, how),
            Fault::cut_after_bytes(bytes, how).and(Fault::Trickle(7_000)),
        ] {
            let origin = origin([fault.clone()]).await;
            let (mut send, _connection) = connect(&origin).await;
            let answer = ask(&mut send, get("/bytes")).await.unwrap();
            assert_eq!(answer.body, origin.content().bytes(0..bytes), "{fault}");
            assert!(answer.error.unwrap().is_io(), "{fault}");
            assert_eq!(origin.log()[0].sent, bytes, "{fault}");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_is_reset_alone() {
    let at = At::Bytes(50_000);
    let origin = origin([
        Fault::ResetBeforeHead(Code::Refused),
        Fault::ResetAfter {
            at,
            code: Code::Internal,
        },
        Fault::ResetAfter {
            at: At::Bytes(u64::MAX),
            code: Code::NoError,
        },
    ])
    .await;
    let (mut send, _connection) = connect(&origin).await;
    let error = ask(&mut send, get("/bytes")).await.unwrap_err();
    assert_eq!(error.reason(), Some(Reason::REFUSED_STREAM));
    for (len, reason) in [
        (50_000, Reason::INTERNAL_ERROR),
        (100_000, Reason::NO_ERROR),
    ] {
        let answer = ask(&mut send, get("/bytes")).await.unwrap();
        assert_eq!(answer.body.len(), len);
        assert_eq!(answer.error.unwrap().reason(), Some(reason));
    }
    let answer = ask(&mut send, get("/bytes")).await.unwrap();
    assert_eq!(answer.body, origin.content().whole());
    assert_eq!(origin.connections(), 1);
    let refused: Vec<bool> = origin.log().iter().map(|seen| seen.refused).collect();
    assert_eq!(refused, [true, false, false, false]);
}

#[tokio::test(start_paused = true)]
async fn a_connection_is_told_to_end() {
    let (code, at) = (Code::NoError, At::Bytes(30_000));
    for (fault, refused, body) in [
        (
            Fault::GoAwayBeforeHead {
                code,
                processed: false,
            },
            true,
            None,
        ),
        (
            Fault::GoAwayBeforeHead {
                code: Code::Calm,
                processed: true,
            },
            false,
            None,
        ),
        (Fault::GoAwayAfter { at, code }, false, Some(30_000)),
    ] {
        let origin = origin([fault.clone()]).await;
        let (mut send, _connection) = connect(&origin).await;
        let error = match (ask(&mut send, get("/bytes")).await, body) {
            (Err(error), None) => error,
            (Ok(answer), Some(len)) => {
                assert_eq!(answer.body.len(), len);
                answer.error.unwrap()
            }
            (other, _) => panic!("{fault}: {other:?}"),
        };
        assert!(error.is_go_away() || error.is_io(), "{fault}: {error:?}");
        assert_eq!(origin.log()[0].refused, refused, "{fault}");
        let again = ask(&mut send, get("/bytes")).await;
        assert!(again.is_err(), "{fault}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_drains_answers_first() {
    let origin = origin([Fault::Drain]).await;
    let (mut send, connection) = connect(&origin).await;
    let answer = ask(&mut send, get("/bytes")).await.unwrap();
    assert_eq!(answer.body, origin.content().whole());
    assert!(answer.error.is_none());
    connection.await.unwrap().unwrap();
    assert!(ask(&mut send, get("/bytes")).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn a_stream_ends_with_the_wrong_length() {
    let origin = origin([Fault::LengthOver(9), Fault::LengthUnder(9)]).await;
    let (mut send, _connection) = connect(&origin).await;
    for announced in ["100009", "99991"] {
        let answer = ask(&mut send, get("/bytes")).await.unwrap();
        assert_eq!(answer.headers["content-length"], announced);
        let reason = answer.error.unwrap().reason();
        assert_eq!(reason, Some(Reason::PROTOCOL_ERROR));
    }
}

#[tokio::test(start_paused = true)]
async fn an_early_hint_and_garbage_come_before_the_answer() {
    let origin = origin([
        Fault::EarlyHints,
        Fault::Answer(Canned::new(503).header("connection", "close")),
        Fault::Garbage,
    ])
    .await;
    let (mut send, _connection) = connect(&origin).await;
    let answer = ask(&mut send, get("/bytes")).await.unwrap();
    assert_eq!(answer.body, origin.content().whole());
    assert_eq!(ask(&mut send, get("/bytes")).await.unwrap().status, 503);
    let error = ask(&mut send, get("/bytes")).await.unwrap_err();
    assert!(error.is_go_away() || error.is_reset(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn time_passes_and_clients_leave() {
    let origin = origin([
        Fault::Delay(HOUR).and(Fault::Pause {
            at: At::Bytes(5),
            lasts: HOUR,
        }),
        Fault::StallBeforeHead,
        Fault::StallAfter(At::Bytes(10_000)),
        Fault::Delay(HOUR),
    ])
    .await;
    let start = Instant::now();
    let (mut send, connection) = connect(&origin).await;
    let answer = ask(&mut send, get("/bytes")).await.unwrap();
    assert_eq!(answer.body.len(), 100_000);
    assert_eq!(start.elapsed().as_secs(), 2 * HOUR.as_secs());
    for _ in 0..3 {
        let asked = ask(&mut send, get("/bytes"));
        let waited = tokio::time::timeout(Duration::from_secs(9), asked).await;
        assert!(waited.is_err());
        origin.until_idle().await;
        assert_eq!(origin.open(), 1);
    }
    let left: Vec<bool> = origin.log().iter().map(|seen| seen.client_left).collect();
    assert_eq!(left, [false, true, true, true]);
    drop(send);
    connection.abort();
    origin.until_closed().await;
}

#[tokio::test(start_paused = true)]
async fn a_window_that_never_opens_again_holds_the_request_up() {
    let origin = Origin::builder()
        .content(Content::new(1, 1, 10))
        .script([Fault::StallRequest(1_000)])
        .start()
        .await;
    let (mut send, _connection) = connect(&origin).await;
    let post = |len: usize| {
        let request = Request::post("http://origin/echo").body(()).unwrap();
        (request, Bytes::from(vec![b'x'; len]))
    };
    let (request, body) = post(200_000);
    let (response, mut stream) = send.send_request(request, false).unwrap();
    let sending = async {
        let mut rest = body;
        while !rest.is_empty() {
            stream.reserve_capacity(rest.len());
            let room = std::future::poll_fn(|cx| stream.poll_capacity(cx)).await;
            let room = room.unwrap().unwrap();
            stream.send_data(rest.split_to(room.min(rest.len())), false)?;
        }
        Ok::<(), h2::Error>(())
    };
    let limit = Duration::from_secs(9);
    assert!(tokio::time::timeout(limit, sending).await.is_err());
    drop((response, stream));
    origin.until_idle().await;
    let seen = &origin.log()[0];
    assert_eq!(
        (seen.body.len(), seen.whole, seen.client_left),
        (1_000, false, true)
    );

    let (request, body) = post(50_000);
    let (response, mut stream) = send.send_request(request, false).unwrap();
    stream.send_data(body.clone(), true).unwrap();
    let mut answer = response.await.unwrap().into_body();
    assert_eq!(answer.data().await.unwrap().unwrap()[..9], body[..9]);
}
