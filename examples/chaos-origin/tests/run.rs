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

fn run(args: &[&str]) -> Running {
    let mut child = Command::new(env!("CARGO_BIN_EXE_chaos-origin"))
        .args(["--listen", "127.0.0.1:0"])
        .args(args)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    out.read_line(&mut line).unwrap();
    let (address, _) = line.trim_start_matches("http://").split_once(' ').unwrap();
    let address = address.to_owned();
    Running(child, address)
}

fn ask(to: &Running, path: &str) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(&to.1)?;
    write!(
        socket,
        "GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

#[test]
fn faults_come_in_order_and_then_all_is_well() {
    let origin = run(&["status=503", "cut-events=2"]);
    assert!(ask(&origin, "/bytes").unwrap().starts_with("HTTP/1.1 503 "));
    assert!(ask(&origin, "/events").is_err());
    let events = ask(&origin, "/events").unwrap();
    assert!(events.contains("data: [DONE]"));
}

#[test]
fn the_last_fault_can_stay() {
    let origin = run(&["--forever", "ok", "status=500"]);
    assert!(ask(&origin, "/bytes").unwrap().starts_with("HTTP/1.1 200 "));
    for _ in 0..3 {
        assert!(ask(&origin, "/bytes").unwrap().starts_with("HTTP/1.1 500 "));
    }
}

#[test]
fn a_word_that_is_no_fault_ends_it_at_once() {
    let done = Command::new(env!("CARGO_BIN_EXE_chaos-origin"))
        .arg("explode")
        .output()
        .unwrap();
    assert_eq!(done.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&done.stderr).contains("no such fault"));
}

#[cfg(unix)]
#[test]
fn it_serves_and_ends_well_where_nobody_reads_what_it_says() {
    let mut origin = run(&[]); // and its output is closed
    for _ in 0..9 {
        assert!(ask(&origin, "/bytes").unwrap().starts_with("HTTP/1.1 200 "));
    }
    let id = origin.0.id().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status();
    assert!(sent.unwrap().success());
    assert_eq!(origin.0.wait().unwrap().code(), Some(0));
}
