use crate::client::{End, ask, get, get_with, send};
use buttress_testkit::{At, Cut, Fault, Origin};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;

async fn answer_to(fault: Fault, request: &str) -> (Origin, crate::client::Received) {
    let origin = Origin::builder().script([fault]).start().await;
    let received = send(origin.addr(), request).await;
    (origin, received)
}

#[tokio::test]
async fn a_chunked_body_is_cut_before_its_last_chunk() {
    for at in [At::Bytes(20_000), At::Bytes(u64::MAX)] {
        let cut = Fault::CutAfter { at, how: Cut::Fin };
        let (origin, received) = answer_to(Fault::Chunked.and(cut), &get("/bytes")).await;
        let answer = received.answer();
        assert_eq!(answer.header("transfer-encoding"), Some("chunked"));
        assert_eq!(answer.header("content-length"), None);
        let len = match at {
            At::Bytes(20_000) => 20_000,
            _ => 100_000,
        };
        assert_eq!(answer.body, origin.content().bytes(0..len));
        assert!(!answer.whole);
    }
}

#[tokio::test]
async fn an_early_clean_end_looks_whole() {
    let close = [("Connection", "close")];
    for framing in [Fault::None, Fault::Chunked] {
        let fault = framing.and(Fault::EndAfter(At::Bytes(20_000)));
        let (origin, received) = answer_to(fault, &get_with("/bytes", &close)).await;
        let answer = received.answer();
        assert!(answer.whole && answer.rest.is_empty());
        assert_eq!(answer.body, origin.content().bytes(0..20_000));
    }
    let range = [("Connection", "close"), ("Range", "bytes=100-199")];
    let (origin, received) =
        answer_to(Fault::EndAfter(At::Bytes(10)), &get_with("/bytes", &range)).await;
    let answer = received.answer();
    assert_eq!(answer.header("content-range"), Some("bytes 100-199/100000"));
    assert_eq!(answer.header("content-length"), Some("10"));
    assert_eq!(answer.body, origin.content().bytes(100..110));
}

#[tokio::test]
async fn a_body_without_length_ends_with_the_connection() {
    let (origin, received) = answer_to(Fault::UntilClose, &get("/bytes")).await;
    let answer = received.answer();
    assert_eq!(answer.header("content-length"), None);
    assert_eq!(answer.header("transfer-encoding"), None);
    assert_eq!(answer.body, origin.content().whole());
    assert_eq!(received.end, End::Fin);
}

#[tokio::test]
async fn lengths_lie_both_ways() {
    let (origin, received) = answer_to(Fault::LengthOver(5), &get("/bytes")).await;
    let answer = received.answer();
    assert_eq!(answer.header("content-length"), Some("100005"));
    assert_eq!(answer.body, origin.content().whole());
    assert!(!answer.whole);
    assert_eq!(received.end, End::Fin);

    let close = get_with("/bytes", &[("Connection", "close")]);
    let (origin, received) = answer_to(Fault::LengthUnder(5), &close).await;
    let answer = received.answer();
    assert_eq!(answer.header("content-length"), Some("99995"));
    assert_eq!(
        [answer.body, answer.rest].concat(),
        origin.content().whole()
    );
}

#[tokio::test]
async fn a_trickle_comes_whole_in_small_pieces() {
    let origin = Origin::builder().script([Fault::Trickle(3)]).start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let answer = ask(&mut io, &get_with("/bytes", &[("Range", "bytes=0-99")])).await;
    assert_eq!(answer.body, origin.content().bytes(0..100));
}

#[tokio::test]
async fn a_client_that_leaves_in_a_pause_is_noticed() {
    let hour = std::time::Duration::from_secs(3_600);
    for (fault, reads) in [
        (Fault::Delay(hour), 0),
        (
            Fault::Pause {
                at: At::Bytes(7),
                lasts: hour,
            },
            1,
        ),
    ] {
        let origin = Origin::builder().script([fault]).start().await;
        let mut io = TcpStream::connect(origin.addr()).await.unwrap();
        tokio::io::AsyncWriteExt::write_all(&mut io, get("/bytes").as_bytes())
            .await
            .unwrap();
        for _ in 0..reads {
            assert!(io.read_u8().await.is_ok());
        }
        origin.until_requests(1).await;
        drop(io);
        origin.until_closed().await;
        assert!(origin.log()[0].client_left);
    }
}

#[tokio::test]
async fn headers_are_set_and_removed() {
    let fault = Fault::Header("content-encoding", Some("gzip".to_owned()))
        .and(Fault::Header("accept-ranges", None))
        .and(Fault::Header("content-type", Some("text/plain".to_owned())));
    let origin = Origin::builder().script([fault]).start().await;
    let mut io = TcpStream::connect(origin.addr()).await.unwrap();
    let answer = ask(&mut io, &get("/bytes")).await;
    assert_eq!(answer.header("content-encoding"), Some("gzip"));
    assert_eq!(answer.header("accept-ranges"), None);
    assert_eq!(answer.header("content-type"), Some("text/plain"));
}
