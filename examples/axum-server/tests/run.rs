//! The program as a user runs it.
#![allow(
    clippy::unwrap_used,
    reason = "a test that finds something else stops there"
)]

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

struct Running(Child, String);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Running {
    fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_axum-server"))
            .args(["--listen", "127.0.0.1:0", "--limit", "50"])
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        out.read_line(&mut line).unwrap();
        let address = line.trim_end().strip_prefix("http://").unwrap().to_owned();
        Running(child, address)
    }

    /// Everything that comes for this path until the server hangs up.
    fn get(&self, path: &str) -> String {
        let mut socket = TcpStream::connect(&self.1).unwrap();
        let head = "Host: a\r\nAccept: text/plain\r\nConnection: close";
        write!(socket, "GET {path} HTTP/1.1\r\n{head}\r\n\r\n").unwrap();
        let mut answer = Vec::new();
        let _ = socket.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }
}

#[test]
fn both_ways_answer_for_a_handler_that_is_stuck() {
    let server = Running::start();
    for way in ["/humane", "/own"] {
        let hello = server.get(&format!("{way}/hello"));
        assert!(
            hello.starts_with("HTTP/1.1 200 ") && hello.ends_with("hello\n"),
            "{hello}"
        );
        let stuck = server.get(&format!("{way}/stuck"));
        assert!(stuck.starts_with("HTTP/1.1 504 "), "{stuck}");
    }
    let own = server.get("/own/stuck");
    assert!(
        own.ends_with("\r\n\r\nThat did not work: timeout_head.\n"),
        "{own}"
    );
    let humane = server.get("/humane/stuck");
    assert!(
        humane.contains("text/plain") && humane.contains("What to do"),
        "{humane}"
    );
}

#[test]
fn a_stream_that_has_begun_ends_in_words_only_with_humanize() {
    let server = Running::start();
    let own = server.get("/own/events");
    assert!(
        own.contains("data: one") && !own.contains("event: error"),
        "{own}"
    );
    let humane = server.get("/humane/events");
    assert!(
        humane.contains("data: one") && humane.contains("event: error"),
        "{humane}"
    );
    for cut in [own, humane] {
        assert!(!cut.ends_with("0\r\n\r\n"), "cut, not ended: {cut}");
    }
}
