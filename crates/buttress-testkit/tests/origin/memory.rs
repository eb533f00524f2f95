use crate::client::{End, ask, get, read_to_end};
use buttress_testkit::{At, Cut, Fault, Origin};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::Instant;

const HOUR: Duration = Duration::from_secs(3_600);

#[tokio::test(start_paused = true)]
async fn serves_in_memory_and_in_paused_time() {
    let pause = Fault::Pause {
        at: At::Bytes(70_000),
        lasts: HOUR,
    };
    let script = [Fault::Delay(HOUR).and(pause)];
    let origin = Origin::builder().script(script).start().await;
    let start = Instant::now();
    let mut io = origin.connect();
    let slow = ask(&mut io, &get("/bytes")).await;
    assert_eq!(slow.body, origin.content().whole());
    assert_eq!(start.elapsed().as_secs(), 2 * HOUR.as_secs());
    assert_eq!(
        ask(&mut io, &get("/events")).await.body,
        origin.events().whole()
    );
    origin.until_idle().await;
    assert_eq!((origin.log().len(), origin.log()[0].sent), (2, 100_000));
    drop(io);
    origin.until_closed().await;
}

#[tokio::test(start_paused = true)]
async fn cuts_in_memory_as_on_sockets() {
    for (how, end) in [(Cut::Fin, End::Fin), (Cut::Rst, End::Rst)] {
        let origin = Origin::builder()
            .script([
                Fault::CloseOnAccept(how),
                Fault::CutBeforeHead(how),
                Fault::cut_after_bytes(30_000, how),
            ])
            .start()
            .await;
        for body in [None, None, Some(30_000)] {
            let mut io = origin.connect();
            // The first connection may be gone already.
            let _ = io.write_all(get("/bytes").as_bytes()).await;
            let received = read_to_end(&mut io).await;
            assert_eq!(received.end, end);
            match body {
                None => assert!(received.bytes.is_empty()),
                Some(len) => {
                    assert_eq!(received.answer().body, origin.content().bytes(0..len));
                }
            }
        }
        assert_eq!(origin.effects().total, 2);
    }
}

#[tokio::test(start_paused = true)]
async fn writing_after_a_reset_fails_as_on_sockets() {
    let script = [Fault::CutBeforeHead(Cut::Rst)];
    let origin = Origin::builder().script(script).start().await;
    let mut io = origin.connect();
    io.write_all(get("/x").as_bytes()).await.unwrap();
    let error = io.read_u8().await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    let error = io.write_all(b"x").await.unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
}

#[tokio::test(start_paused = true)]
async fn a_stall_is_silence_for_as_long_as_anybody_waits() {
    let stalls = [
        (Fault::StallBeforeHead, None),
        (Fault::StallAfter(At::Bytes(0)), Some(0)),
        (Fault::StallAfter(At::Bytes(300)), Some(300)),
    ];
    for (fault, body) in stalls {
        let origin = Origin::builder().script([fault]).start().await;
        let mut io = origin.connect();
        io.write_all(get("/bytes").as_bytes()).await.unwrap();
        let mut bytes = Vec::new();
        let reading = io.read_to_end(&mut bytes);
        assert!(tokio::time::timeout(HOUR, reading).await.is_err());
        match body {
            None => assert!(bytes.is_empty()),
            Some(len) => assert!(bytes.ends_with(&origin.content().bytes(0..len))),
        }
        assert_eq!(origin.in_flight(), 1);
        drop(io);
        origin.until_closed().await;
        let seen = &origin.log()[0];
        assert!(seen.client_left && !seen.answered);
        assert_eq!((origin.in_flight(), seen.sent), (0, body.unwrap_or(0)));
    }
}
