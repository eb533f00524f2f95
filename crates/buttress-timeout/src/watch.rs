//! Looks closely at one body: which frames are progress, how many bytes they bring, and for how
//! long they were waited for.

use crate::bell::Bell;
use crate::progress::{Judge, Progress};
use crate::rate::{Allowance, MinRate};
use buttress_core::time::Span;
use bytes::Buf;
use std::fmt;
use std::mem::{self, ManuallyDrop};
use std::sync::Arc;

/// What a body is watched for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Watched {
    pub(crate) min_rate: Option<MinRate>,
    pub(crate) progress: Progress,
}

/// The watch over one body.
pub(crate) struct Watch {
    allowance: Option<Allowance>,
    /// How long was waited since the last progress, before the wait that is under way.
    silent: Span,
    judge: Judge,
    /// Only what a consumer waits for counts. One that asked and then went elsewhere waits until
    /// there is something, not until it comes back.
    bell: Bell,
}

/// What a body is watched for, if it is. Dropping none is not worth a function call.
#[derive(Debug)]
pub(crate) struct MaybeWatched(pub(crate) Option<Arc<Watched>>);

impl MaybeWatched {
    #[inline(always)]
    pub(crate) fn new(watched: Option<&Arc<Watched>>) -> Self {
        MaybeWatched(watched.map(Arc::clone))
    }

    #[inline(always)]
    pub(crate) fn take(&mut self) -> Self {
        MaybeWatched(self.0.take())
    }
}

impl Drop for MaybeWatched {
    #[inline(always)]
    fn drop(&mut self) {
        if self.0.is_some() {
            end(self.0.take());
        }
    }
}

#[cold]
#[inline(never)]
fn end<T>(watched: T) {
    drop(watched);
}

/// The watch over a body, if there is to be one. Here too dropping none is one look.
#[derive(Debug)]
pub(crate) struct Watching(ManuallyDrop<Look>);

#[derive(Debug)]
enum Look {
    Never,
    /// Once it is worth it.
    Soon(Arc<Watched>),
    Begun(Box<Watch>),
}

impl Watching {
    #[inline(always)]
    pub(crate) fn new(mut watched: MaybeWatched) -> Self {
        Watching(ManuallyDrop::new(match watched.0.take() {
            None => Look::Never,
            Some(watched) => Look::Soon(watched),
        }))
    }

    pub(crate) fn has_begun(&self) -> bool {
        matches!(*self.0, Look::Begun(_))
    }

    /// The watch, which begins now if it has not yet.
    pub(crate) fn begin(&mut self) -> Option<&mut Watch> {
        if let Look::Soon(watched) = &*self.0 {
            *self.0 = Look::Begun(Box::new(Watch::new(watched)));
        }
        match &mut *self.0 {
            Look::Begun(watch) => Some(watch),
            Look::Never | Look::Soon(_) => None,
        }
    }
}

impl Drop for Watching {
    #[inline(always)]
    fn drop(&mut self) {
        if !matches!(*self.0, Look::Never) {
            end(mem::replace(&mut *self.0, Look::Never));
        }
    }
}

impl Watch {
    fn new(watched: &Watched) -> Self {
        Watch {
            allowance: watched.min_rate.map(Allowance::new),
            silent: Span::ZERO,
            judge: watched.progress.judge(),
            bell: Bell::new(),
        }
    }

    /// The bell that the body is to ring.
    pub(crate) const fn bell(&self) -> &Bell {
        &self.bell
    }

    /// So long was waited.
    pub(crate) fn waited(&mut self, time: Span) {
        self.silent = self.silent.more(time);
        if let Some(allowance) = &mut self.allowance {
            allowance.waited(time);
        }
    }

    /// Data came. Whether it is progress.
    pub(crate) fn came(&mut self, data: &impl Buf) -> bool {
        if let Some(allowance) = &mut self.allowance {
            allowance.came(data.remaining() as u64);
        }
        self.judge.is_progress(data)
    }

    pub(crate) fn progress(&mut self) {
        self.silent = Span::ZERO;
    }

    pub(crate) fn silent(&self) -> Span {
        self.silent
    }

    pub(crate) fn allowance(&self) -> Option<Allowance> {
        self.allowance
    }
}

impl fmt::Debug for Watch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch")
            .field("allowance", &self.allowance)
            .field("silent", &self.silent)
            .finish_non_exhaustive()
    }
}
