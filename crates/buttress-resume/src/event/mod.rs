//! Events of an event stream (`text/event-stream`), for those who want events instead of bytes.
//!
//! [`EventStream`] reads them off any body, that of a [`ResumeBody`](crate::ResumeBody) too.
//! [`EventView`] looks into the bytes of a single one.
//!
//! Everything here follows the
//! [HTML standard, 9.2.5 and 9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).

pub(crate) mod line;
mod owned;
mod reader;
mod stream;
mod view;

pub use self::owned::Event;
pub use self::stream::EventStream;
pub use self::view::{EventView, Views};
