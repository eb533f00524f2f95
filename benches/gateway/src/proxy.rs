//! The proxies, as programs that are started and stopped.

use std::error::Error;
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::Stdio;
use std::time::{Duration, Instant};
use tokio::io::{AsyncReadExt, BufReader};
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::task::JoinHandle;

/// A proxy that can be started.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Gateway,
    Nginx,
}

impl Kind {
    /// All of them, what the others are compared with first.
    pub(crate) const ALL: [Kind; 3] = [Kind::Plain, Kind::Gateway, Kind::Nginx];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Kind::Plain => "hyper, plain",
            Kind::Gateway => "gateway",
            Kind::Nginx => "nginx",
        }
    }
}

/// One that runs.
pub(crate) struct Proxy {
    child: Child,
    /// What it writes to its standard error, read as it comes: a pipe that is full would hold up
    /// whoever writes a log.
    said: JoinHandle<String>,
    pub(crate) addr: SocketAddr,
    scratch: Option<PathBuf>,
}

impl Proxy {
    /// Starts a proxy, under another program if one is named, in front of `upstream`.
    pub(crate) async fn start(
        kind: Kind,
        under: &[&str],
        upstream: SocketAddr,
    ) -> Result<Self, Box<dyn Error>> {
        // Two programs can't share a port, so one that was free a moment ago is.
        let addr = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?;
        let upstream = format!("http://{upstream}");
        let mut scratch = None;
        let mut words: Vec<String> = under.iter().map(|word| (*word).to_owned()).collect();
        match kind {
            Kind::Plain => words.extend([beside("plain-proxy")?, addr.to_string(), upstream]),
            Kind::Gateway => words.extend([
                beside("gateway")?,
                format!("--listen={addr}"),
                format!("--upstream={upstream}"),
            ]),
            Kind::Nginx => {
                let folder = nginx_folder(addr, &upstream)?;
                let config = folder.join("nginx.conf").display().to_string();
                words.extend(["nginx".to_owned(), "-c".to_owned(), config]);
                words.extend(["-p".to_owned(), folder.display().to_string()]);
                scratch = Some(folder);
            }
        }
        let (program, args) = words.split_first().ok_or("a program")?;
        let mut child = Command::new(program)
            .args(args)
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let stderr = child.stderr.take().ok_or("no standard error")?;
        let said = tokio::spawn(async move {
            let mut text = Vec::new();
            // What could be read until it broke is all there is.
            let _ = BufReader::new(stderr).read_to_end(&mut text).await;
            String::from_utf8_lossy(&text).into_owned()
        });
        let began = Instant::now();
        while TcpStream::connect(addr).await.is_err() {
            if began.elapsed() > Duration::from_secs(60) || child.try_wait()?.is_some() {
                return Err(format!("{program} does not listen").into());
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(Proxy {
            child,
            said,
            addr,
            scratch,
        })
    }

    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
    }

    /// Asks it to stop, as Ctrl-C does, and returns what it wrote to its standard error.
    pub(crate) async fn stop(mut self) -> Result<String, Box<dyn Error>> {
        let id = self.child.id().ok_or("has stopped by itself")?;
        Command::new("kill")
            .args(["-INT", &id.to_string()])
            .status()
            .await?;
        self.child.wait().await?;
        let text = self.said.await?;
        if let Some(folder) = self.scratch {
            fs::remove_dir_all(folder)?;
        }
        Ok(text)
    }
}

/// A program that was built with this one.
fn beside(name: &str) -> Result<String, Box<dyn Error>> {
    let path = std::env::current_exe()?.with_file_name(name);
    if !path.exists() {
        let how = "cargo build --release -p gateway -p gateway-bench";
        return Err(format!("{} is not there: {how}", path.display()).into());
    }
    Ok(path.display().to_string())
}

fn nginx_folder(addr: SocketAddr, upstream: &str) -> Result<PathBuf, Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("gateway-bench-{}", addr.port()));
    fs::create_dir_all(folder.join("logs"))?;
    let upstream = upstream.trim_start_matches("http://");
    let here = folder.display();
    let config = format!(
        "daemon off;\nworker_processes 1;\nerror_log stderr error;\npid {here}/pid;\n\
         events {{ worker_connections 4096; }}\n\
         http {{\n  access_log {here}/logs/access.log combined buffer=64k flush=1s;\n  client_body_temp_path {here}/a;\n  \
         proxy_temp_path {here}/b;\n  fastcgi_temp_path {here}/c;\n  uwsgi_temp_path {here}/d;\n  \
         scgi_temp_path {here}/e;\n  keepalive_requests 10000000;\n  \
         upstream up {{ server {upstream}; keepalive 64; keepalive_requests 10000000; }}\n  \
         server {{\n    listen {addr};\n    location / {{\n      proxy_pass http://up;\n      \
         proxy_http_version 1.1;\n      proxy_set_header Connection \"\";\n      \
         proxy_buffering off;\n    }}\n  }}\n}}\n"
    );
    fs::write(folder.join("nginx.conf"), config)?;
    Ok(folder)
}
