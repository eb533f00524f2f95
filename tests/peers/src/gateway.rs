//! The gateway as a program, and curl as its client.

use crate::programs;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::{Child, ChildStderr, Command};

/// How long it may take to listen.
const PATIENCE: Duration = Duration::from_secs(20);

/// A gateway that is running. It ends when this is dropped.
pub(crate) struct Gateway {
    _child: Child,
    /// Where its log goes, which must not break while it runs.
    _log: BufReader<ChildStderr>,
    url: String,
}

impl Gateway {
    /// In front of this server.
    pub(crate) async fn start(upstream: &str) -> Result<Self, String> {
        let mut command = Command::new(programs::gateway()?);
        command
            // Ten tries take more than half a minute.
            .args([
                "--listen=127.0.0.1:0",
                "--attempts=5",
                "--upstream",
                upstream,
            ])
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let mut log = BufReader::new(child.stderr.take().ok_or("no log")?);
        // `http://127.0.0.1:4711/ passes on to ..`, a line for each route.
        let found = async {
            let mut line = String::new();
            while log.read_line(&mut line).await? > 0 {
                match line.trim_end().split_once(" passes on to ") {
                    Some((url, to)) if to.trim_end_matches('/') == upstream => {
                        return Ok(Some(url.to_owned()));
                    }
                    _ => line.clear(),
                }
            }
            Ok::<_, std::io::Error>(None)
        };
        let found = tokio::time::timeout(PATIENCE, found).await;
        let url = found.map_err(|_| "the gateway names no route to it")?;
        let url = url.map_err(|error| error.to_string())?;
        let url = url.ok_or("the gateway ended")?;
        Ok(Gateway {
            _child: child,
            _log: log,
            url: url.trim_end_matches('/').to_owned(),
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

/// What curl writes when it is called with these arguments.
pub(crate) async fn curl(arguments: &[&str]) -> Result<Vec<u8>, String> {
    let program = programs::find("curl").ok_or("no curl")?;
    let output = Command::new(program)
        .args([
            "--silent",
            "--show-error",
            "--noproxy",
            "*",
            "--max-time",
            "50",
        ])
        .args(arguments)
        .output()
        .await
        .map_err(|error| error.to_string())?;
    match output.status.success() {
        true => Ok(output.stdout),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}
