//! Tower layers that keep HTTP calls and streams alive over a bad network, and say in plain words
//! what happened when they can't.
//!
//! | layer | what it does | page |
//! |---|---|---|
//! | `HumanizeLayer` | explains a failure to a person, as an error or as a response | [`humanize`] |
//! | `TimeoutLayer` | limits every wait: head, first frame, silence, total | [`timeout`] |
//! | `ResumeLayer` | lets a body that broke go on where it stopped | [`resume`] |
//! | `RetryLayer` | sends a request again where that is safe | [`retry`] |
//!
//! They stack in any order on anything that is a `tower` service of `http` requests: hyper-util's
//! client, axum, reqwest. [`client()`] has them in the recommended order:
//!
//! ```
//! use buttress::prelude::*;
//! # use bytes::Bytes;
//! # use http::{Request, Response};
//! # use http_body_util::{Empty, Full};
//! # use tower::{Layer, ServiceExt, service_fn};
//! # tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(async {
//! # let transport = service_fn(|_: Request<Empty<Bytes>>| async {
//! #     Ok::<_, std::io::Error>(Response::new(Full::new(Bytes::from("hello"))))
//! # });
//!
//! let client = buttress::client().layer(transport);
//! let response = client.oneshot(Request::new(Empty::new())).await?;
//! # assert_eq!(response.status(), 200);
//! # Ok::<(), Failure>(())
//! # }).map_err(|failure| failure.to_string())?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! For the APIs of language models it is `client().llm()`, with the feature `llm`; for the handlers of
//! a server [`server()`]; for gRPC channels there is [`grpc`].
//!
//! Whatever fails, fails with a [`Failure`]: what kind it was, how far the call had come, what
//! was tried. Request bodies must be [`ReplayableBody`]; [`ReplayBodyLayer`] makes any body one.
//!
//! # Features
//!
//! | feature | what it adds |
//! |---|---|
//! | `humanize`, `resume`, `retry`, `timeout` | one layer each; on by default. All four make [`client()`], `humanize` and `timeout` [`server()`] |
//! | `hyper`, `hyper-util`, `h2`, `rustls`, `tower`, `tower-http` | the typed errors of these libraries, which say more than their texts: turn on those that are below you |
//! | `reqwest` | its client as a service, and its typed errors |
//! | `reqwest-middleware` | tower layers as a middleware of that crate |
//! | `llm` | what only the APIs of language models have |
//! | `axum` | a [`Failure`] as what a handler may answer with |
//! | `languages` | explanations in more than English |
//! | `serde` | configurations read from files and written, with times in words; `settings` has the rules |
//! | `metrics` | `Metrics`: what happens to calls, as counters of the `metrics` facade |
//! | `full` | everything |
//!
//! No feature changes how anything else behaves.
//!
//! # Order
//!
//! Outermost first: humanize > total timeout > resume > retry > attempt timeout > transport. Any
//! other order is safe; it changes what is covered:
//!
//! | outer > inner | meaning |
//! |---|---|
//! | timeout > retry | one limit over all attempts; becomes a [`Deadline`] below, so retry never sleeps past it |
//! | retry > timeout | a limit per attempt |
//! | timeout > resume | silence limits include the time it takes to re-open |
//! | resume > timeout | silence becomes a reason to resume |
//! | resume > retry | each re-open is retried like a first call |
//! | retry > resume | only heads are retried; bodies are re-opened straight through what is below |
//! | humanize > X | the last word |
//! | X > humanize | X still sees the same `Failure` and acts on it |

#[cfg(all(
    feature = "humanize",
    feature = "resume",
    feature = "retry",
    feature = "timeout"
))]
mod client;

#[cfg(all(
    feature = "humanize",
    feature = "resume",
    feature = "retry",
    feature = "timeout"
))]
pub use self::client::{ClientBuilder, ClientLayer, client};
#[cfg(all(
    feature = "humanize",
    feature = "llm",
    feature = "resume",
    feature = "retry",
    feature = "timeout"
))]
pub use self::client::{Consenting, LlmClientLayer};

#[cfg(all(feature = "humanize", feature = "timeout"))]
mod server;

#[cfg(all(feature = "humanize", feature = "timeout"))]
pub use self::server::{ServerLayer, server};

#[cfg(feature = "metrics")]
mod metrics;

#[cfg(feature = "metrics")]
pub use self::metrics::Metrics;

pub use buttress_core::*;

#[cfg(feature = "humanize")]
pub use buttress_humanize as humanize;
#[cfg(feature = "llm")]
pub use buttress_llm as llm;
#[cfg(feature = "reqwest")]
pub use buttress_reqwest as reqwest;
#[cfg(feature = "resume")]
pub use buttress_resume as resume;
#[cfg(feature = "retry")]
pub use buttress_retry as retry;
#[cfg(feature = "timeout")]
pub use buttress_timeout as timeout;

/// What most programs need: the layers, their configurations, and the failure.
pub mod prelude {
    #[cfg(all(feature = "humanize", feature = "timeout"))]
    pub use crate::ServerLayer;
    #[cfg(all(
        feature = "humanize",
        feature = "resume",
        feature = "retry",
        feature = "timeout"
    ))]
    pub use crate::{ClientBuilder, ClientLayer};

    pub use buttress_core::{
        Backoff, Deadline, Delivery, Failure, FailureKind, Phase, ReplayBody, ReplayBodyLayer,
        ReplayableBody, RetryBudget, StopReason, grpc::GrpcLayer,
    };
    #[cfg(feature = "humanize")]
    pub use buttress_humanize::{Explanation, HumanizeLayer};
    #[cfg(feature = "reqwest")]
    pub use buttress_reqwest::ReqwestService;
    #[cfg(feature = "reqwest-middleware")]
    pub use buttress_reqwest::middleware::TowerMiddleware;
    #[cfg(feature = "resume")]
    pub use buttress_resume::{ResumeConfig, ResumeLayer, ResumeReport, event::EventStream};
    #[cfg(feature = "retry")]
    pub use buttress_retry::{Consent, RetryConfig, RetryLayer, RetryReport};
    #[cfg(feature = "timeout")]
    pub use buttress_timeout::{TimeoutConfig, TimeoutLayer};
}
