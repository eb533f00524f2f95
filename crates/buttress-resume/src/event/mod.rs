//! Events of an event stream (`text/event-stream`), for those who want to look into them.
//!
//! Everything here follows the
//! [HTML standard, 9.2.5 and 9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).

pub(crate) mod line;
mod view;

pub use self::view::{EventView, Views};
