//! The listening side: connections, and how they end.

use crate::early::Early;
use crate::gateway::Gateway;
use crate::quiet::Quiet;
use crate::refuse;
use crate::socket::{Breaking, Socket, Usage};
use crate::turn::Turns;
use buttress_core::{Failure, ReplayBody};
use bytes::Bytes;
use http::{Request, Response, Version};
use http_body::Body;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use std::convert::Infallible;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinSet, unconstrained};
use tokio::time::{Instant, sleep, timeout};
use tower::Service;

/// How long a connection may wait for its next request: longer than clients keep it, so that it is
/// they who close, and none of their requests meets a connection that is just closing.
const KEPT: Duration = Duration::from_secs(300);

/// How often is looked whether a connection is in use: it may wait that much longer.
const LOOK: Duration = Duration::from_secs(30);

/// A body as the layers get it.
type Kept = ReplayBody<Early<Incoming>>;

/// Serves HTTP/1.1 and HTTP/2 until `stop` is ready. Then no new connection is taken, and answers
/// that have begun may end, until `enough` is ready too.
///
/// Dropping the future ends everything at once.
pub async fn run<S, RB>(
    listener: TcpListener,
    gateway: Gateway<S>,
    stop: impl Future<Output = ()>,
    enough: impl Future<Output = ()>,
) where
    S: Service<Request<Kept>, Response = Response<RB>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
    RB: Body<Data = Bytes, Error = Failure> + Send + 'static,
{
    /// How long to wait when the system has no more sockets to give.
    const PAUSE: Duration = Duration::from_millis(100);

    let (stopping, stopped) = watch::channel(());
    let mut connections = JoinSet::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => accepted,
        };
        let Ok((socket, _)) = accepted else {
            sleep(PAUSE).await;
            continue;
        };
        connections.spawn(serve(socket, gateway.clone(), stopped.clone()));
    }
    drop(listener);
    // Nobody is left to be told.
    let _ = stopping.send(());
    let ended = async { while connections.join_next().await.is_some() {} };
    tokio::select! {
        () = ended => return,
        () = enough => {}
    }
    gateway.log().stop();
    connections.shutdown().await;
}

/// Serves one connection. How it ends is told by the log lines of its requests.
async fn serve<S, RB>(stream: TcpStream, gateway: Gateway<S>, mut stopped: watch::Receiver<()>)
where
    S: Service<Request<Kept>, Response = Response<RB>, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
    RB: Body<Data = Bytes, Error = Failure> + Send + 'static,
{
    let here = stream.local_addr().ok();
    let mut socket = Socket::new(stream);
    let begun = tokio::select! {
        _ = stopped.changed() => return,
        begun = timeout(KEPT, socket.speaks_http2()) => begun,
    };
    let Ok(Ok(is_http2)) = begun else {
        return;
    };
    let usage = socket.usage().clone();
    let used = usage.clone();
    let service = service_fn(move |mut request: Request<Incoming>| {
        if let Some(here) = here {
            refuse::own(&mut request, here);
        }
        let call = usage.begin();
        let resets = request.version() < Version::HTTP_11;
        let finish = move |body| Breaking::new(Quiet::new(body), call, resets);
        gateway.clone().answer(request, finish)
    });
    let socket = TokioIo::new(socket);
    if is_http2 {
        let connection = http2::Builder::new(TokioExecutor::new())
            .timer(TokioTimer::new())
            .serve_connection(socket, service);
        let shut_down = http2::Connection::graceful_shutdown;
        keep(connection, shut_down, &used, stopped).await;
    } else {
        // Without a timer, of which hyper would make one for every request: see `keep`.
        let connection = http1::Builder::new().serve_connection(socket, service);
        let shut_down = http1::Connection::graceful_shutdown;
        keep(connection, shut_down, &used, stopped).await;
    }
}

/// Lets a connection go on until it ends by itself, is told to by `stopped`, or has not been used
/// for too long.
async fn keep<C: Future>(
    connection: C,
    shut_down: fn(Pin<&mut C>),
    usage: &Usage,
    stopped: watch::Receiver<()>,
) {
    let mut connection = pin!(connection);
    let mut told = stopped.clone();
    let mut told = pin!(told.changed());
    let mut look = pin!(sleep(LOOK));
    let mut is_set = false;
    let mut is_told = false;
    let mut calls = usage.idle_after();
    let mut idle = Duration::ZERO;
    let turns = Turns::new();
    poll_fn(|cx| {
        // To wake the task they need to be asked once, not at every turn; and without a budget, else
        // what is pending may be the task's turn.
        if !is_set {
            is_set = true;
            let _ = pin!(unconstrained(told.as_mut())).poll(cx);
            let _ = pin!(unconstrained(look.as_mut())).poll(cx);
        }
        if !is_told && !matches!(stopped.has_changed(), Ok(false)) {
            is_told = true;
            shut_down(connection.as_mut());
        }
        if look.is_elapsed() {
            let before = std::mem::replace(&mut calls, usage.idle_after());
            if calls.is_some() && calls == before {
                idle += LOOK;
            } else {
                idle = Duration::ZERO;
            }
            if idle > KEPT {
                return Poll::Ready(());
            }
            if idle == KEPT {
                shut_down(connection.as_mut());
            }
            look.as_mut().reset(Instant::now() + LOOK);
            let _ = pin!(unconstrained(look.as_mut())).poll(cx);
        }
        turns.poll(cx, |cx| connection.as_mut().poll(cx).map(drop))
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;
    use std::future::pending;
    use std::rc::Rc;

    /// Goes on until it is shut down.
    struct Connection {
        is_shut: Rc<Cell<bool>>,
        obeys: bool,
    }

    impl Future for Connection {
        type Output = ();

        fn poll(self: Pin<&mut Self>, _: &mut std::task::Context<'_>) -> Poll<()> {
            if self.is_shut.get() && self.obeys {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        }
    }

    fn shut(connection: Pin<&mut Connection>) {
        connection.get_mut().is_shut.set(true);
    }

    fn connection(obeys: bool) -> (Connection, Rc<Cell<bool>>) {
        let is_shut = Rc::<Cell<bool>>::default();
        let connection = Connection {
            is_shut: Rc::clone(&is_shut),
            obeys,
        };
        (connection, is_shut)
    }

    #[tokio::test(start_paused = true)]
    async fn it_ends_when_it_was_not_used_for_too_long() {
        for (obeys, expected) in [(true, KEPT), (false, KEPT + LOOK)] {
            let (_stopping, stopped) = watch::channel(());
            let (connection, is_shut) = connection(obeys);
            let began = Instant::now();
            keep(connection, shut, &Usage::default(), stopped).await;
            assert!(is_shut.get());
            assert_eq!(began.elapsed().as_secs(), expected.as_secs(), "{obeys}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn it_stays_while_it_is_used() {
        let (_stopping, stopped) = watch::channel(());
        let (connection, is_shut) = connection(true);
        let usage = Usage::default();
        let began = Instant::now();
        let using = async {
            let call = usage.begin();
            sleep(KEPT * 3).await;
            drop(call);
            for _ in 0..3 {
                sleep(KEPT - LOOK).await;
                drop(usage.begin());
                assert!(!is_shut.get());
            }
            pending::<()>().await;
        };
        tokio::select! {
            () = keep(connection, shut, &usage, stopped) => {}
            () = using => {}
        }
        let lasted = began.elapsed() - (KEPT * 3 + (KEPT - LOOK) * 3);
        assert!((KEPT..=KEPT + LOOK).contains(&lasted), "{lasted:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn it_is_told_to_end_at_once() {
        let (stopping, stopped) = watch::channel(());
        let (connection, _) = connection(true);
        let usage = Usage::default();
        let _call = usage.begin();
        let began = Instant::now();
        let telling = async {
            sleep(LOOK / 2).await;
            stopping.send(()).unwrap();
            pending::<()>().await;
        };
        tokio::select! {
            () = keep(connection, shut, &usage, stopped) => {}
            () = telling => {}
        }
        assert_eq!(began.elapsed().as_secs(), LOOK.as_secs() / 2);
    }
}
