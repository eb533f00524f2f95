//! A proxy of bytes that cuts connections.

use buttress_testkit::Cut;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::task::JoinHandle;

/// What happens to one connection: nothing, or a cut after this many bytes of answers.
pub(crate) type Fate = Option<(usize, Cut)>;

/// Listens on a free port, passes bytes on to a socket in the file system, and cuts connections as
/// told: one fate each, then none.
#[derive(Debug)]
pub(crate) struct Proxy {
    addr: SocketAddr,
    state: Arc<State>,
    task: JoinHandle<()>,
}

struct State {
    upstream: PathBuf,
    fates: Mutex<VecDeque<Fate>>,
    on_cut: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    connections: Mutex<usize>,
}

impl std::fmt::Debug for State {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

impl Proxy {
    pub(crate) async fn new(upstream: PathBuf, fates: impl IntoIterator<Item = Fate>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0))
            .await
            .expect("a free port");
        let addr = listener.local_addr().expect("a bound socket's address");
        let state = Arc::new(State {
            upstream,
            fates: Mutex::new(fates.into_iter().collect()),
            on_cut: Mutex::new(None),
            connections: Mutex::new(0),
        });
        let task = tokio::spawn(accept(listener, state.clone()));
        Proxy { addr, state, task }
    }

    /// Runs this before the first cut.
    pub(crate) fn on_cut(&self, run: impl FnOnce() + Send + 'static) {
        *self.state.on_cut.lock().unwrap() = Some(Box::new(run));
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.addr)
    }

    /// How many connections there were.
    pub(crate) fn connections(&self) -> usize {
        *self.state.connections.lock().unwrap()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn accept(listener: TcpListener, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        *state.connections.lock().unwrap() += 1;
        let fate = state.fates.lock().unwrap().pop_front().flatten();
        let state = state.clone();
        // A connection that breaks is what this is for.
        tokio::spawn(async move { pass(client, fate, &state).await.ok() });
    }
}

async fn pass(mut client: TcpStream, fate: Fate, state: &State) -> io::Result<()> {
    let mut server = UnixStream::connect(&state.upstream).await?;
    let Some((mut left, how)) = fate else {
        tokio::io::copy_bidirectional(&mut client, &mut server).await?;
        return Ok(());
    };
    let (mut asked, mut answered) = ([0; 8 * 1024], [0; 16 * 1024]);
    while left > 0 {
        let room = left.min(answered.len());
        tokio::select! {
            n = client.read(&mut asked) => match n? {
                0 => return Ok(()),
                n => server.write_all(&asked[..n]).await?,
            },
            n = server.read(&mut answered[..room]) => match n? {
                0 => return Ok(()),
                n => {
                    client.write_all(&answered[..n]).await?;
                    left -= n;
                }
            },
        }
    }
    let run = state.on_cut.lock().unwrap().take();
    if let Some(run) = run {
        run();
    }
    match how {
        Cut::Rst => reset(&client),
        _ => client.shutdown().await,
    }
}

#[allow(
    deprecated,
    reason = "a linger time of zero does not block; its own function is younger than the tokio we allow"
)]
fn reset(client: &TcpStream) -> io::Result<()> {
    client.set_linger(Some(Duration::ZERO))
}
