//! Looks closely at one body: which frames are progress, how many bytes they bring, and for how
//! long they were waited for.

use crate::bell::Bell;
use crate::progress::{Judge, Progress};
use crate::rate::{Allowance, MinRate};
use buttress_core::time::Span;
use bytes::Buf;
use std::fmt;
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
        if let Some(watched) = self.0.take() {
            end(watched);
        }
    }
}

#[cold]
#[inline(never)]
fn end(watched: Arc<Watched>) {
    drop(watched);
}

impl Watch {
    pub(crate) fn new(watched: &Watched) -> Self {
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
