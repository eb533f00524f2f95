//! Layers that are wrong on purpose: a checker that lets one of them pass is no checker.
//!
//! | wrong layer | what must catch it |
//! |---|---|
//! | [`Naive`] with each [`Flaw`] | schedules and the [oracle](crate::oracle) |
//! | [`DropSizeHint`], [`SpawnAndLeak`], [`CloneInCall`] | the [contract](crate::contract) |
//! | waits in whole seconds, one stream of random numbers for all | [`spread`](crate::spread) |
//!
//! [`Naive`] without a flaw is right: it must pass, or the oracle calls what is right wrong.
//! A key that is shared between tenants cannot be wrong here: no layer keeps anything of one call
//! for another.

mod engine;
mod events;
mod naive;
mod service;

pub use self::naive::{Naive, NaiveBody};
pub use self::service::{CloneInCall, DropSizeHint, Hintless, SpawnAndLeak};

/// What a [`Naive`] does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Flaw {
    /// The last byte comes again where a body goes on.
    DuplicateByte,
    /// A byte is left out where a body goes on.
    SkipByte,
    /// 200 is taken for 206.
    OkAsPartial,
    /// Any version will do.
    IgnoreEtag,
    /// A weak tag is taken for a strong one.
    AcceptWeakEtag,
    /// More comes than was announced.
    OverDeliver,
    /// A body that breaks looks whole.
    SwallowEnd,
    /// Data comes after the trailers.
    ResumeAfterTrailers,
    /// A `POST` is sent again without consent.
    ResendPost,
    /// An event stream goes on without `Last-Event-ID`.
    ForgetCursor,
    /// A part goes on behind its end, to that of the whole.
    PassPart,
    /// The half of an event that a cut leaves is given out as if it were whole, and its id believed.
    FinishHalf,
    /// A long event is lost where a stream goes on with it.
    LoseLong,
}

impl Flaw {
    /// All of them.
    pub const ALL: [Flaw; 13] = [
        Flaw::DuplicateByte,
        Flaw::SkipByte,
        Flaw::OkAsPartial,
        Flaw::IgnoreEtag,
        Flaw::AcceptWeakEtag,
        Flaw::OverDeliver,
        Flaw::SwallowEnd,
        Flaw::ResumeAfterTrailers,
        Flaw::ResendPost,
        Flaw::ForgetCursor,
        Flaw::PassPart,
        Flaw::FinishHalf,
        Flaw::LoseLong,
    ];
}
