//! A client without generated code: messages by prost's derive, the call by tonic's `Grpc`.

use buttress::grpc::{Grpc, GrpcLayer};
use buttress::humanize::Humanize;
use buttress::prelude::*;
use buttress::replay::ReplayBodyService;
use buttress::retry::Retry;
use buttress::timeout::Timeout;
use http::uri::PathAndQuery;
use std::error::Error;
use std::time::Duration;
use tonic::body::Body;
use tonic::client;
use tonic::transport::{Channel, Endpoint};
use tonic::{Request, Status};
use tonic_prost::ProstCodec;
use tower::ServiceBuilder;
use tower::util::MapRequest;

/// `helloworld.HelloRequest`.
#[derive(Clone, PartialEq, prost::Message)]
#[allow(clippy::exhaustive_structs, reason = "its .proto says what it is")]
pub struct HelloRequest {
    /// Whom to greet.
    #[prost(string, tag = "1")]
    pub name: String,
}

/// `helloworld.HelloReply`.
#[derive(Clone, PartialEq, prost::Message)]
#[allow(clippy::exhaustive_structs, reason = "its .proto says what it is")]
pub struct HelloReply {
    /// The greeting.
    #[prost(string, tag = "1")]
    pub message: String,
}

/// The layers, outermost first.
type Stack = ReplayBodyService<Humanize<Timeout<Retry<Grpc<MapRequest<Channel, Boxes>>>>>>;

/// The channel takes bodies of tonic's own.
type Boxes = fn(http::Request<ReplayBody<Body>>) -> http::Request<Body>;

/// A client of `helloworld.Greeter`.
#[derive(Clone, Debug)]
pub struct Greeter {
    grpc: client::Grpc<Stack>,
}

impl Greeter {
    /// The path of its one method.
    pub const HELLO: &str = "/helloworld.Greeter/SayHello";
    /// How long a call may take, all attempts together.
    pub const TOTAL: Duration = Duration::from_secs(10);

    /// A client for the server at `url`, which is connected to at the first call.
    ///
    /// # Errors
    ///
    /// When `url` is none.
    pub fn connect(url: String) -> Result<Self, Box<dyn Error>> {
        let origin = url.parse()?;
        let endpoint = Endpoint::from_shared(url)?.connect_timeout(Duration::from_secs(5));
        let total = TimeoutConfig::builder().total(Self::TOTAL);
        // A greeting does no harm twice. Methods that do need the standard consent, which repeats
        // what was certainly not processed; a request can bring another in its extensions.
        let retry = RetryConfig::builder().consent(Consent::Always);
        let service = ServiceBuilder::new()
            .layer(ReplayBodyLayer::new())
            .layer(HumanizeLayer::new())
            .layer(TimeoutLayer::new(total.build()?))
            .layer(RetryLayer::new(retry.build()?))
            .layer(GrpcLayer::new())
            .map_request((|request| request.map(Body::new)) as Boxes)
            .service(endpoint.connect_lazy());
        // With the origin, so that explanations name the host.
        Ok(Greeter {
            grpc: client::Grpc::with_origin(service, origin),
        })
    }

    /// Greets somebody.
    ///
    /// # Errors
    ///
    /// The status of the last attempt. Where no answer came it has the [`Failure`] as its source.
    pub async fn hello(&mut self, name: String) -> Result<String, Status> {
        let ready = self.grpc.ready().await;
        ready.map_err(|failure| Status::from_error(failure.into()))?;
        let path = PathAndQuery::from_static(Self::HELLO);
        let codec = ProstCodec::<HelloRequest, HelloReply>::default();
        let request = Request::new(HelloRequest { name });
        let reply = self.grpc.unary(request, path, codec).await?;
        Ok(reply.into_inner().message)
    }
}
