//! haproxy, which cuts connections that are silent for too long.

use crate::place::{Place, Running};
use crate::programs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

/// A haproxy that is running in front of a server.
pub(crate) struct Haproxy {
    _running: Running,
    place: Place,
}

/// How long the server may be silent, in milliseconds.
pub(crate) const PATIENCE: u64 = 300;

impl Haproxy {
    pub(crate) async fn start(server: SocketAddr) -> Result<Self, String> {
        let place = Place::new();
        let socket = place.path("haproxy.sock");
        let config = format!(
            "defaults\n\
             \x20 mode http\n\
             \x20 retries 0\n\
             \x20 timeout connect 5s\n\
             \x20 timeout client 20s\n\
             \x20 timeout server {PATIENCE}ms\n\
             frontend in\n\
             \x20 bind unix@{}\n\
             \x20 default_backend out\n\
             backend out\n\
             \x20 server origin {server}\n",
            socket.display()
        );
        place.write("haproxy.cfg", config.as_bytes());
        let program = programs::find("haproxy").ok_or("no haproxy")?;
        let mut command = Command::new(program);
        command
            .arg("-q")
            .arg("-db")
            .arg("-f")
            .arg(place.path("haproxy.cfg"));
        let running = Running::start(command, &socket).await?;
        Ok(Haproxy {
            _running: running,
            place,
        })
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.place.path("haproxy.sock")
    }
}
