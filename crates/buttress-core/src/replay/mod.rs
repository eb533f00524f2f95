//! Request bodies that can be sent again.
//!
//! A layer that sends a request a second time needs its body a second time. [`ReplayableBody`]
//! marks the bodies that can start over: those that lie in memory can by nature, and any other one
//! can while it is wrapped into a [`ReplayBody`], which [`ReplayBodyLayer`] does for all requests
//! that pass.
//!
//! `ReplayBody` does not read ahead. It streams the first attempt and keeps, up to a limit, what
//! was read; a clone begins with what was kept and goes on with the rest.
//!
//! ```
//! use buttress_core::{ReplayBody, ReplayableBody};
//! use bytes::Bytes;
//! use http_body::Frame;
//! use http_body_util::{BodyExt, StreamBody};
//! use std::convert::Infallible;
//!
//! # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
//! let chunks = ["to be sent, ", "whatever ", "happens"]
//!     .map(|text| Ok::<_, Infallible>(Frame::data(Bytes::from_static(text.as_bytes()))));
//! let mut first = ReplayBody::new(StreamBody::new(futures_util::stream::iter(chunks)));
//! let second = first.try_clone().expect("nothing was read yet");
//!
//! // The first attempt breaks off after one piece, the second one starts over.
//! let piece = first.frame().await.expect("a frame")?.into_data();
//! assert_eq!(piece.expect("data"), "to be sent, ");
//! drop(first);
//! let whole = second.collect().await?.to_bytes();
//! assert_eq!(whole, "to be sent, whatever happens");
//! # Ok::<(), buttress_core::Failure>(())
//! # })?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What it never does
//!
//! - It never shows a reader a gap or a piece twice. What cannot be had whole is refused with an
//!   error.
//! - It never fails the attempt in flight because the limit is passed: the body just stops being
//!   replayable, which [`try_clone`](ReplayableBody::try_clone) then says.
//! - It never buffers a body that says beforehand that it is longer than the limit.
//!
//! # Readers
//!
//! All clones share one inner body. It is read by the newest reader: the clone that was polled for
//! the first time last. An older one whose attempt is still alive is woken and fails when it is
//! polled next, so that it cannot take away what the newer one needs. A clone that comes too late,
//! after the limit was passed, is refused and stops nobody.
//!
//! Clones may be read on different threads. A lock is held while the inner body is polled.
//!
//! # Defaults
//!
//! | what | default |
//! |---|---|
//! | limit on what is kept of one body | 1 MiB ([`DEFAULT_LIMIT`](ReplayBody::DEFAULT_LIMIT)) |
//! | limit on what is kept of all bodies | none |
//!
//! # Errors
//!
//! A [`ReplayBody`] fails with a [`Failure`](crate::Failure) of kind
//! [`Cancelled`](crate::FailureKind::Cancelled) in phase [`Send`](crate::Phase::Send), which is not
//! transient: the trouble is on this side. When the inner body failed, its error is the failure's
//! source, and every clone meets the same failure in the same place.
//!
//! # Cancel safety
//!
//! A reader may be dropped at any moment, in the midst of the body too. The others do not notice.
//!
//! # Memory bound
//!
//! The bytes of the kept pieces, trailers included, are at most the limit. Beside them stands an
//! entry of 32 bytes for each piece, of which there are at most `limit / 32 + 64`: a body that
//! comes in pieces smaller than that stops being replayable earlier. A piece that is part of a
//! larger buffer keeps that whole buffer alive, as [`Bytes`](bytes::Bytes) does. An empty body
//! allocates nothing.
//!
//! What was kept is let go once the limit is passed, and when the last clone is dropped.
//!
//! A [`ReplayMemory`] bounds what all bodies together may keep, entries included.

mod body;
mod layer;
mod log;
mod memory;
mod refusal;
mod replayable;
mod service;
mod shared;

pub use self::body::ReplayBody;
pub use self::layer::ReplayBodyLayer;
pub use self::memory::ReplayMemory;
pub use self::replayable::ReplayableBody;
pub use self::service::ReplayBodyService;

#[cfg(test)]
mod model;
#[cfg(test)]
mod tests;
