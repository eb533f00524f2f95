//! The program as a user runs it, with a server that cuts, changes and dies.
#![allow(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "a test that finds something else stops there"
)]

use buttress_testkit::{At, Content, Cut, Fault, Origin, Refused, Script};
use ring::digest::{SHA256, digest};
use std::path::PathBuf;
use std::process::{Output, Stdio};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

/// A directory of its own for each test, gone with it.
struct Place(PathBuf);

impl Place {
    fn new(test: &str) -> Self {
        let place = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = std::fs::remove_dir_all(&place);
        std::fs::create_dir_all(&place).unwrap();
        Place(place)
    }

    fn file(&self) -> PathBuf {
        self.0.join("file")
    }

    fn names(&self) -> Vec<String> {
        let entries = std::fs::read_dir(&self.0).unwrap();
        let name = |e: std::io::Result<std::fs::DirEntry>| e.unwrap().file_name().into_string();
        let mut names: Vec<String> = entries.map(|e| name(e).unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn download(url: &str, place: &Place, more: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_reqwest-download"))
        .args([url, place.file().to_str().unwrap()])
        .args(more)
        .env("NO_PROXY", "*")
        .output()
        .await
        .unwrap()
}

fn words(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn cut(bytes: u64, how: Cut) -> Fault {
    Fault::cut_after_bytes(bytes, how)
}

#[tokio::test]
async fn a_file_arrives_whole_through_cuts() {
    let place = Place::new("cuts");
    let content = Content::new(7, 1, 3_000_000);
    let faults = [
        Fault::CutBeforeHead(Cut::Rst),
        cut(700_001, Cut::Rst),
        cut(0, Cut::Fin),
        Fault::status(503),
        cut(1_200_000, Cut::Fin),
    ];
    let origin = Origin::builder()
        .content(content)
        .script(Script::of(faults));
    let origin = origin.start().await;
    let output = download(&origin.url("/bytes?key=secret"), &place, &[]).await;

    let words = words(&output);
    assert!(output.status.success(), "{words}");
    let expected = digest(&SHA256, &content.whole());
    let hex: String = expected
        .as_ref()
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect();
    let line = format!("{hex}  {}\n", place.file().display());
    assert_eq!(String::from_utf8(output.stdout).unwrap(), line);
    assert!(std::fs::read(place.file()).unwrap() == content.whole());
    assert_eq!(place.names(), ["file"]);
    // Each trouble was told, and no bar was drawn where there is no terminal.
    assert_eq!(words.matches("Trying again in").count(), 5, "{words}");
    assert!(
        !words.contains(['\r', '\x1b']) && !words.contains("secret"),
        "{words}"
    );
    let ranges: Vec<_> = origin
        .log()
        .iter()
        .filter_map(|seen| seen.header("range").map(str::to_owned))
        .collect();
    assert_eq!(
        ranges,
        [
            "bytes=695905-",
            "bytes=695905-",
            "bytes=695905-",
            "bytes=1895905-"
        ]
    );
}

#[tokio::test]
async fn a_file_that_changed_under_way_is_refused() {
    let place = Place::new("changed");
    let faults = [cut(40_000, Cut::Rst)];
    let origin = Origin::builder().start().await;
    // Also where the server does not admit it.
    for changed in [Fault::Version(2), Fault::DisguisedVersion(2)] {
        origin.set_script(Script::of(faults.clone()).then(changed));
        let output = download(&origin.url("/bytes"), &place, &[]).await;

        assert_eq!(output.status.code(), Some(1));
        assert!(output.stdout.is_empty());
        assert_eq!(place.names(), [""; 0]);
        let words = words(&output);
        let version = "the content was replaced by another version";
        assert!(
            words.contains(version) && words.ends_with("Nothing was written.\n"),
            "{words}"
        );
    }
}

#[tokio::test]
async fn a_server_that_is_dead_or_has_no_such_file_is_named() {
    let place = Place::new("dead");
    let dead = Refused::new();
    let output = download(&dead.url("/bytes"), &place, &["--tries", "2"]).await;
    assert_eq!(output.status.code(), Some(1));
    let text = words(&output);
    assert!(
        text.contains(&format!("{} does not accept connections", dead.addr())),
        "{text}"
    );

    let origin = Origin::builder()
        .script(Script::always(Fault::status(404)))
        .start()
        .await;
    let output = download(&origin.url("/bytes"), &place, &[]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).contains(&origin.addr().to_string()),
        "{}",
        words(&output)
    );

    // It comes and goes until there is no hope left: nothing half stays behind.
    origin.set_script(Script::of([cut(10, Cut::Fin)]).then(Fault::CutBeforeHead(Cut::Fin)));
    let output = download(&origin.url("/bytes"), &place, &["--tries", "2"]).await;
    assert_eq!(output.status.code(), Some(1), "{}", words(&output));
    assert_eq!(place.names(), [""; 0]);
}

#[tokio::test]
async fn what_is_there_is_replaced_only_by_force() {
    let place = Place::new("force");
    let origin = Origin::builder().start().await;
    let url = origin.url("/bytes");
    for (there, named) in [("file", "file exists"), ("file.part", "file.part exists")] {
        std::fs::write(place.0.join(there), "precious").unwrap();
        let output = download(&url, &place, &[]).await;
        assert_eq!(output.status.code(), Some(1));
        assert!(words(&output).contains(named), "{}", words(&output));
        assert_eq!(std::fs::read(place.0.join(there)).unwrap(), b"precious");

        let output = download(&url, &place, &["--force"]).await;
        assert!(output.status.success(), "{}", words(&output));
        assert!(std::fs::read(place.file()).unwrap() == origin.content().whole());
        assert_eq!(place.names(), ["file"]);
        std::fs::remove_file(place.file()).unwrap();
    }
}

#[tokio::test]
async fn arguments_that_make_no_sense_are_another_status() {
    let place = Place::new("arguments");
    let output = download("http://example.com/", &place, &["--tries", "0"]).await;
    assert_eq!(output.status.code(), Some(2));
    for url in ["example.com", "http://example.com:99999/"] {
        let output = download(url, &place, &[]).await;
        assert_eq!(output.status.code(), Some(2), "{}", words(&output));
    }
}

#[tokio::test]
async fn a_file_that_nothing_vouches_for_is_compared_with_itself() {
    let place = Place::new("unproven");
    let weak = |bytes| cut(bytes, Cut::Rst).and(Fault::WeakEtag);
    let none = |bytes| cut(bytes, Cut::Fin).and(Fault::NoEtag);
    let script = Script::of([none(10_000), none(90_000)]).then(Fault::NoEtag);
    let origin = Origin::builder().script(script).start().await;
    let url = origin.url("/bytes");
    let output = download(&url, &place, &[]).await;
    assert!(output.status.success(), "{}", words(&output));
    assert!(std::fs::read(place.file()).unwrap() == origin.content().whole());

    std::fs::remove_file(place.file()).unwrap();
    let other = Fault::Version(2).and(Fault::WeakEtag);
    origin.set_script(Script::of([weak(10_000)]).then(other));
    let output = download(&url, &place, &[]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).contains("another version"),
        "{}",
        words(&output)
    );
    assert_eq!(place.names(), [""; 0]);
}

#[tokio::test]
async fn what_can_t_be_written_is_not_asked_for() {
    let place = Place::new("unwritable");
    let origin = Origin::builder().start().await;
    let url = origin.url("/bytes");
    std::fs::create_dir(place.file()).unwrap();
    let output = download(&url, &place, &["--force"]).await;
    assert_eq!(output.status.code(), Some(1));
    assert!(
        words(&output).ends_with("file is a directory\n"),
        "{}",
        words(&output)
    );
    let output = download(&url, &Place(place.0.join("missing")), &[]).await;
    assert!(
        words(&output).contains("file.part can't be written"),
        "{}",
        words(&output)
    );
    assert!(origin.log().is_empty());
    assert_eq!(place.names(), ["file"]);
}

#[cfg(unix)]
#[tokio::test]
async fn whoever_stops_it_finds_nothing_left() {
    let place = Place::new("stopped");
    let script = Script::of([cut(10, Cut::Rst)]).then(Fault::StallAfter(At::Bytes(10)));
    let origin = Origin::builder().script(script).start().await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_reqwest-download"))
        .args([&origin.url("/bytes"), place.file().to_str().unwrap()])
        .env("NO_PROXY", "*")
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut told = BufReader::new(program.stderr.take().unwrap()).lines();
    let first = told.next_line().await.unwrap().unwrap();
    assert!(first.contains("Trying again"), "{first}");
    assert_eq!(place.names(), ["file.part"]);

    let id = program.id().unwrap().to_string();
    let sent = Command::new("kill").args(["-INT", &id]).status().await;
    assert!(sent.unwrap().success());
    let last = told.next_line().await.unwrap().unwrap();
    assert!(last.ends_with("stopped. Nothing was written."), "{last}");
    assert_eq!(program.wait().await.unwrap().code(), Some(1));
    assert_eq!(place.names(), [""; 0]);
}

#[tokio::test]
async fn nobody_has_to_read_what_it_says() {
    let place = Place::new("unread");
    let faults = [cut(10, Cut::Rst)];
    let origin = Origin::builder().script(Script::of(faults)).start().await;
    let mut program = Command::new(env!("CARGO_BIN_EXE_reqwest-download"))
        .args([&origin.url("/bytes"), place.file().to_str().unwrap()])
        .env("NO_PROXY", "*")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop((program.stdout.take(), program.stderr.take()));
    assert!(program.wait().await.unwrap().success());
    assert!(std::fs::read(place.file()).unwrap() == origin.content().whole());
}

#[tokio::test]
async fn a_password_in_the_url_is_sent_and_not_shown() {
    let place = Place::new("password");
    let origin = Origin::builder().script(Fault::status(403)).start().await;
    let url = origin.url("/bytes").replace("//", "//me:secret@");
    let output = download(&url, &place, &[]).await;
    assert_eq!(
        origin.log()[0].header("authorization"),
        Some("Basic bWU6c2VjcmV0")
    );
    assert!(!words(&output).contains("secret"), "{}", words(&output));
}
