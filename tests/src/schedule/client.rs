//! hyper-util's client, over connections in memory or on sockets, behind one type.

use super::{Http, Schedule};
use crate::connect::{InMemory, Secure};
use buttress::BoxError;
use buttress_testkit::Origin;
use bytes::Bytes;
use http::{Request, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{Connect, HttpConnector};
use hyper_util::rt::TokioExecutor;
use std::sync::Arc;
use tower::ServiceExt;
use tower::util::BoxCloneService;

/// What the layers wrap.
pub type Inner =
    BoxCloneService<Request<Full<Bytes>>, Response<UnsyncBoxBody<Bytes, BoxError>>, BoxError>;

/// A client whose connections lead to this origin, in memory.
#[must_use]
pub fn memory_client(origin: &Arc<Origin>, http: Http) -> Inner {
    client(InMemory::to(origin), http)
}

/// A client whose connections lead to this origin, in memory, encrypted where the schedule says so.
#[must_use]
pub fn memory_client_for(schedule: &Schedule, origin: &Arc<Origin>) -> Inner {
    match schedule.rough.tls {
        true => client(Secure::to(origin), schedule.http),
        false => memory_client(origin, schedule.http),
    }
}

/// A client whose connections are sockets.
#[must_use]
pub fn socket_client(http: Http) -> Inner {
    client(HttpConnector::new(), http)
}

/// A client over any connections.
pub fn client<C>(connector: C, http: Http) -> Inner
where
    C: Connect + Clone + Send + Sync + 'static,
{
    let client: Client<C, Full<Bytes>> = Client::builder(TokioExecutor::new())
        .http2_only(http == Http::Two)
        .build(connector);
    let client = client.map_err(BoxError::from).map_response(|response| {
        response.map(|body: hyper::body::Incoming| body.map_err(BoxError::from).boxed_unsync())
    });
    BoxCloneService::new(client)
}
