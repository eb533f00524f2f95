//! A directory of our own, and programs that end with it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::net::UnixStream;

/// A directory that is removed when it is dropped. Its path is short enough for a socket's name.
#[derive(Debug)]
pub(crate) struct Place(PathBuf);

impl Place {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("buttress-peers-{}-{count}", std::process::id());
        let dir = std::env::temp_dir().join(name);
        fs::create_dir_all(&dir).expect("a directory for temporary files");
        Place(dir)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        let dir = path.parent().expect("a file has a directory");
        fs::create_dir_all(dir).expect("a directory");
        fs::write(path, bytes).expect("room for a file");
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // What stays is a directory of temporary files.
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A program that is ended when this is dropped.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Running {
    /// Starts it, and waits until it listens at the socket.
    pub(crate) async fn start(mut command: Command, socket: &Path) -> Result<Self, String> {
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let child = command
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let mut running = Running(child);
        for _ in 0..500 {
            if UnixStream::connect(socket).await.is_ok() {
                return Ok(running);
            }
            if let Ok(Some(status)) = running.0.try_wait() {
                return Err(format!("{command:?} ended: {status}"));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Err(format!("{command:?} does not listen"))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // Fails only when it has ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
