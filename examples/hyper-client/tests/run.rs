//! The program as a user runs it.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something else stops there"
)]

use buttress_testkit::{Cut, Fault, Origin, Refused, Script};
use std::process::Output;
use tokio::process::Command;

async fn run(args: &[&str]) -> (Output, String) {
    let program = env!("CARGO_BIN_EXE_hyper-client");
    let output = Command::new(program).args(args).output().await.unwrap();
    let words = String::from_utf8(output.stderr.clone()).unwrap();
    (output, words)
}

#[tokio::test]
async fn a_page_arrives_whole_and_it_says_what_that_took() {
    let faults = [Fault::status(503), Fault::cut_after_bytes(70_000, Cut::Rst)];
    let origin = Origin::builder().script(Script::of(faults)).start().await;
    let (output, words) = run(&[&origin.url("/bytes")]).await;
    assert!(output.status.success(), "{words}");
    assert!(output.stdout == origin.content().whole());
    assert_eq!(
        words,
        "200 OK\nIt took 2 attempts.\nIts body went on 1 times.\n"
    );
}

#[tokio::test]
async fn a_failure_is_explained() {
    let nobody = Refused::new();
    let (output, words) = run(&[&nobody.url("/")]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(words.contains("does not accept connections"), "{words}");
    assert!(
        words.contains("4 times") || words.contains("four times"),
        "{words}"
    );

    for args in [&[][..], &["nonsense"], &["ftp://example.com/"]] {
        let (output, _) = run(args).await;
        assert_eq!(output.status.code(), Some(2), "{args:?}");
    }
}
