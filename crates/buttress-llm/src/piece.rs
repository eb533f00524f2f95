//! What the events of all dialects are made of.

use crate::json::Str;
use std::ops::Range;

/// One thing that an event says, and where in its data it says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Piece<'a> {
    /// It only keeps the connection alive.
    KeepAlive,
    /// It opens the stream; it says nothing else.
    Start,
    /// A value that is the same all through a stream and another one in the next: ids, dates. The
    /// place of the whole value, quotes included.
    Fixed {
        slot: u32,
        at: Range<usize>,
        /// Other values of this kind lie within it.
        whole: bool,
    },
    /// The id of a call of a tool that is said piece by piece, with or without the call's name: some
    /// servers say it with every piece. It has to stay the one that the call began with.
    CallId {
        slot: u32,
        at: Range<usize>,
        begins: bool,
    },
    /// A value of the kind of [`Fixed`](Piece::Fixed) that stands elsewhere, to name what has it.
    Refers { at: Range<usize> },
    /// What the event says of the item whose id is here holds under this id only, unless all of the
    /// item has been delivered.
    Sealed {
        slot: u32,
        whole: u32,
        at: Range<usize>,
    },
    /// The id under which the server keeps what it says. It stays that of the stream at hand, because
    /// the caller's next request refers to it.
    Source { at: Range<usize> },
    /// The id of the event, behind which the stream can be read on.
    EventId { at: Range<usize> },
    /// The number of the event in its stream.
    Sequence { at: Range<usize> },
    /// More of a text.
    Text { lane: Lane, key: u64, text: Str<'a> },
    /// Something that is there whole or not at all.
    Mark(Mark<'a>),
    /// A value that is said once a stream, whatever else the event says.
    Once { key: u64, at: Range<usize> },
    /// The event can't be divided: it says more about its text than this crate understands.
    Indivisible,
    /// The reason why the model stopped: this one of its answers is whole, the only one mostly.
    Finish { choice: u64 },
    /// Nothing of any meaning follows.
    End,
    /// An error in the place of the rest. With an end, of what is streamed and not of the stream alone.
    Error,
}

/// See [`Piece::Mark`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mark<'a> {
    pub(crate) lane: Lane,
    pub(crate) key: u64,
    /// What it says, without what differs from stream to stream.
    pub(crate) says: [&'a [u8]; 2],
    /// What is put in its place when it was delivered before, but the rest of the event was not.
    pub(crate) erase: [Option<Range<usize>>; 2],
    pub(crate) erased: &'static str,
}

/// What a text or a mark belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    Text,
    Reasoning,
    Refusal,
    /// The arguments of a tool call, piece by piece.
    Arguments,
    /// The same of a tool that takes any text.
    Input,
    /// A tool call: its name, or all of it.
    Call,
    /// A block or item begins.
    Block,
    /// It ends.
    BlockEnd,
    /// Proves that reasoning is the model's own. Another stream's proof is as good for the same
    /// text, so it is not compared.
    Signature,
    /// Anything else that the model does.
    Other,
}

impl Piece<'_> {
    /// Whether this is what the caller waits for: the start of a stream need not be held back any
    /// longer.
    pub(crate) fn is_meaningful(&self) -> bool {
        match self {
            Piece::Text { text, .. } => !text.is_empty(),
            Piece::Mark(mark) => mark.lane != Lane::Block,
            Piece::Finish { .. } | Piece::End => true,
            _ => false,
        }
    }
}

impl<'a> Mark<'a> {
    pub(crate) const fn new(lane: Lane, key: u64, says: &'a [u8]) -> Self {
        Mark {
            lane,
            key,
            says: [says, &[]],
            erase: [None, None],
            erased: "null",
        }
    }
}
