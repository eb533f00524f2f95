//! nginx, serving files.

use crate::place::{Place, Running};
use crate::programs;
use std::fs::File;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, SystemTime};

/// An nginx that is running, and the files it serves.
pub(crate) struct Nginx {
    pub(crate) files: Files,
    _running: Running,
    place: Place,
}

/// The files of an nginx. Each writing gives them another date, and so another tag: nginx makes
/// tags of date and length.
#[derive(Clone, Debug)]
pub(crate) struct Files(PathBuf);

impl Nginx {
    pub(crate) async fn start() -> Result<Self, String> {
        let place = Place::new();
        let socket = place.path("nginx.sock");
        let dir = place.path("");
        let dir = dir.display();
        let config = format!(
            "daemon off;\n\
             master_process off;\n\
             pid {dir}/pid;\n\
             error_log {dir}/error.log;\n\
             events {{ worker_connections 256; }}\n\
             http {{\n\
             access_log off;\n\
             client_body_temp_path {dir}/t1;\n\
             proxy_temp_path {dir}/t2;\n\
             fastcgi_temp_path {dir}/t3;\n\
             uwsgi_temp_path {dir}/t4;\n\
             scgi_temp_path {dir}/t5;\n\
             types {{ text/plain txt; application/octet-stream bin; }}\n\
             gzip on;\n\
             gzip_types text/plain;\n\
             gzip_min_length 1;\n\
             server {{ listen unix:{}; root {dir}/www; }}\n\
             }}\n",
            socket.display()
        );
        place.write("nginx.conf", config.as_bytes());
        place.write("www/index.html", b"");
        let program = programs::find("nginx").ok_or("no nginx")?;
        let mut command = Command::new(program);
        command.arg("-e").arg(place.path("start.log"));
        command.arg("-c").arg(place.path("nginx.conf"));
        let running = Running::start(command, &socket).await?;
        Ok(Nginx {
            files: Files(place.path("www")),
            _running: running,
            place,
        })
    }

    pub(crate) fn socket(&self) -> PathBuf {
        self.place.path("nginx.sock")
    }
}

impl Files {
    /// Writes a file, in a way that no reader sees half of it, with the date of a version.
    pub(crate) fn write(&self, name: &str, bytes: &[u8], version: u64) {
        let new = self.0.join(format!("{name}.new"));
        std::fs::write(&new, bytes).expect("room for a file");
        let date = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000 + version);
        let file = File::options()
            .write(true)
            .open(&new)
            .expect("just written");
        file.set_modified(date).expect("a date");
        std::fs::rename(new, self.0.join(name)).expect("the same directory");
    }
}
