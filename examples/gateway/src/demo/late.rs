//! A server that is not there yet.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;

/// An address that refuses connections for a while, as during a restart, and then passes them on.
pub(super) struct Late {
    addr: Option<SocketAddr>,
    /// Dropped with this, and all they started.
    _tasks: JoinSet<()>,
}

impl Late {
    /// How long connections are refused.
    const WHILE: Duration = Duration::from_millis(120);

    /// Passes connections on to `origin` later.
    pub(super) fn new(origin: SocketAddr) -> Self {
        let mut tasks = JoinSet::new();
        let addr = bound().ok().map(|(socket, addr)| {
            tasks.spawn(async move {
                tokio::time::sleep(Late::WHILE).await;
                // A connection that cannot be passed on breaks, which the table will show.
                let _ = pass_on(socket, origin).await;
            });
            addr
        });
        Late {
            addr,
            _tasks: tasks,
        }
    }

    /// The URL of a path that begins with `/`; one without a host when there is no free port,
    /// which the table will show.
    pub(super) fn url(&self, path: &str) -> String {
        match self.addr {
            Some(addr) => format!("http://{addr}{path}"),
            None => path.to_owned(),
        }
    }
}

/// A port that is taken while nobody listens: connections to it are refused.
fn bound() -> io::Result<(TcpSocket, SocketAddr)> {
    let socket = TcpSocket::new_v4()?;
    socket.bind(SocketAddr::from(([127, 0, 0, 1], 0)))?;
    let addr = socket.local_addr()?;
    Ok((socket, addr))
}

async fn pass_on(socket: TcpSocket, origin: SocketAddr) -> io::Result<()> {
    let listener = socket.listen(16)?;
    let mut connections = JoinSet::new();
    loop {
        let (mut client, _) = listener.accept().await?;
        let mut server = TcpStream::connect(origin).await?;
        connections.spawn(async move {
            // However it ends, both sides see it end.
            let _ = copy_bidirectional(&mut client, &mut server).await;
        });
    }
}
