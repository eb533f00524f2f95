//! What goes wrong, and what should come of it.

use buttress_testkit::{At, Canned, Cut, Fault, Origin, Script};
use bytes::Bytes;
use http::Method;

/// How many bytes a download has.
pub(super) const LENGTH: u64 = 1_000_000;
/// How many events a stream has.
pub(super) const EVENTS: usize = 20;

const HALF: u64 = LENGTH / 2;
const SOME: At = At::Events(EVENTS / 2);

/// One thing that goes wrong.
pub(super) struct Case {
    pub(super) name: &'static str,
    pub(super) ask: Ask,
    pub(super) expect: Expect,
    pub(super) script: fn() -> Script,
    /// Whether nobody listens at first.
    pub(super) late: bool,
}

/// What is asked for.
#[derive(Clone, Copy)]
pub(super) enum Ask {
    /// A download.
    Download,
    /// An event stream.
    Events,
    /// An event stream by `POST`, which may be had twice, like a call to a language model.
    Model,
    /// A `POST` with an effect that nobody wants twice.
    Order,
}

/// What should come of it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Expect {
    /// The whole answer.
    Whole,
    /// It cannot be saved, so an error, and nothing wrong before it.
    Error,
    /// The same, and the request must not have been sent twice.
    ErrorAfterOne,
}

impl Ask {
    pub(super) fn method(self) -> Method {
        match self {
            Ask::Download | Ask::Events => Method::GET,
            Ask::Model | Ask::Order => Method::POST,
        }
    }

    pub(super) fn path(self) -> &'static str {
        match self {
            Ask::Download => "/bytes",
            Ask::Events | Ask::Model => "/events",
            Ask::Order => "/orders",
        }
    }

    pub(super) fn has_consent(self) -> bool {
        matches!(self, Ask::Model)
    }

    pub(super) fn expected(self, origin: &Origin) -> Bytes {
        match self {
            Ask::Download => origin.content().whole(),
            Ask::Events | Ask::Model => origin.events().whole(),
            Ask::Order => Bytes::from_static(b"POST /orders 0 bytes\n"),
        }
    }
}

const fn case(name: &'static str, ask: Ask, expect: Expect, script: fn() -> Script) -> Case {
    Case {
        name,
        ask,
        expect,
        script,
        late: false,
    }
}

/// Every case, in the order in which they are shown.
pub(super) static CASES: &[Case] = {
    use Ask::*;
    use Expect::*;
    &[
        case("nothing", Download, Whole, Script::honest),
        // Before the answer
        Case {
            late: true,
            ..case("refused while it restarts", Events, Whole, Script::honest)
        },
        case("closed when connected", Download, Whole, || {
            Fault::CloseOnAccept(Cut::Fin).into()
        }),
        case("closed before the answer", Events, Whole, || {
            Fault::CutBeforeHead(Cut::Fin).into()
        }),
        case("reset before the answer", Download, Whole, || {
            Fault::CutBeforeHead(Cut::Rst).into()
        }),
        case("reset, model call by POST", Model, Whole, || {
            Fault::CutBeforeHead(Cut::Rst).into()
        }),
        case("503, Retry-After: 1", Events, Whole, || {
            Fault::retry_after(503, 1).into()
        }),
        case("429, retry-after-ms: 200", Model, Whole, || {
            Fault::from(Canned::new(429).header("retry-after-ms", "200")).into()
        }),
        case("502 with a page of HTML", Events, Whole, || {
            Fault::from(Canned::html(502, "Bad Gateway")).into()
        }),
        case("no answer", Model, Whole, || Fault::StallBeforeHead.into()),
        // Within it
        case("download reset half-way", Download, Whole, || {
            Fault::cut_after_bytes(HALF, Cut::Rst).into()
        }),
        case("download closed half-way", Download, Whole, || {
            Fault::cut_after_bytes(HALF, Cut::Fin).into()
        }),
        case("download reset four times", Download, Whole, || {
            let cut = Fault::cut_after_bytes(LENGTH / 5, Cut::Rst);
            Script::of(vec![cut; 4])
        }),
        case("download falls silent", Download, Whole, || {
            Fault::StallAfter(At::Bytes(HALF)).into()
        }),
        case("events closed half-way", Events, Whole, || {
            Fault::CutAfter {
                at: SOME,
                how: Cut::Fin,
            }
            .into()
        }),
        case("events reset within one", Events, Whole, || {
            Fault::cut_after_bytes(1_000, Cut::Rst).into()
        }),
        case("events fall silent", Events, Whole, || {
            Fault::StallAfter(SOME).into()
        }),
        // What cannot be saved
        case("shorter than it says", Download, Error, || {
            Script::always(Fault::LengthOver(1_000))
        }),
        case("cut, then a new version", Download, Error, || {
            Script::of([Fault::cut_after_bytes(HALF, Cut::Fin), Fault::Version(2)])
        }),
        case("cut, then a wrong part", Download, Error, || {
            let moved = Fault::MoveRange { first: 8, last: 0 };
            Script::of([Fault::cut_after_bytes(HALF, Cut::Fin), moved])
        }),
        case("cut, then two ranges said", Download, Error, || {
            Script::of([
                Fault::cut_after_bytes(HALF, Cut::Fin),
                Fault::TwoContentRanges,
            ])
        }),
        case("garbage instead of HTTP", Events, Error, || {
            Script::always(Fault::Garbage)
        }),
        case("503 every time", Events, Error, || {
            Script::always(Fault::status(503))
        }),
        case("reset, order by POST", Order, ErrorAfterOne, || {
            Script::always(Fault::CutBeforeHead(Cut::Rst))
        }),
    ]
};
