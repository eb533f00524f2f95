//! [`reqwest::Client`] as a tower service of `http` requests, so that layers stack on it.
//!
//! ```no_run
//! use buttress_reqwest::ReqwestService;
//! use buttress_retry::RetryLayer;
//! use tower::{Layer, ServiceExt};
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let client = reqwest::Client::builder().retry(reqwest::retry::never()).build()?;
//! let client = RetryLayer::default().layer(ReqwestService::new(client));
//! let request = http::Request::get("https://example.com/").body(reqwest::Body::from(""))?;
//! let response = client.oneshot(request).await?;
//! assert_eq!(response.status(), 200);
//! # Ok(())
//! # }
//! ```
//!
//! # What reqwest does by itself
//!
//! A reqwest client follows redirects, decodes bodies if told to, and sends again by itself what a server
//! refused unread, such as an HTTP/2 stream. Below these layers that is mostly unwanted: build it with
//! `redirect(Policy::none())` if you want to see redirects, with `retry(reqwest::retry::never())`, so that
//! every attempt is counted and taken from the budget, without the `gzip` and similar features if
//! bodies are to be resumed (ranges count coded bytes), and leave its own timeouts out. Its errors are kept, untouched, as the source of the failures above.
//!
//! A request that must not have its effect twice needs `redirect(Policy::none())`: when a redirect was
//! followed and its target cannot be reached, reqwest's error is that of a connection that was never
//! made, and a retry sends the first request again, although it was answered. Follow redirects above
//! the retry instead, where each hop is a call of its own.
//!
//! # TLS
//!
//! reqwest's own choice is rustls with aws-lc. For rustls with ring, which needs no other compiler
//! than C's, turn on its feature `rustls-no-provider`, and install the provider before the first
//! client is built: `rustls::crypto::ring::default_provider().install_default()`.
//!
//! # reqwest-middleware
//!
//! With the feature `middleware`, the module of that name makes a middleware for a
//! `reqwest_middleware::ClientWithMiddleware` of any tower layers, and a service of such a client.
//!
//! # Errors
//!
//! [`ServiceError`]: reqwest's own error, or that the request could not be turned into one of
//! reqwest's, for example because its URI is not absolute.

mod error;
mod future;
#[cfg(feature = "middleware")]
pub mod middleware;
mod service;
mod url;

pub use self::error::ServiceError;
pub use self::future::ReqwestFuture;
pub use self::service::ReqwestService;

#[cfg(test)]
mod tests;
