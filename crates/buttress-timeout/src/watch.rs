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
    watched: Arc<Watched>,
    allowance: Option<Allowance>,
    /// How long was waited since the last progress, before the wait that is under way.
    silent: Span,
    /// Made once more follows than one frame: a document most often is no more than that.
    post: Option<Post>,
}

/// What the watch needs as long as it lasts.
struct Post {
    judge: Judge,
    /// Only what a consumer waits for counts. One that asked and then went elsewhere waits until
    /// there is something, not until it comes back.
    bell: Bell,
}

/// The watch over a body that is watched. Dropping none is not worth a function call.
#[derive(Debug)]
pub(crate) struct MaybeWatch(pub(crate) Option<Box<Watch>>);

impl MaybeWatch {
    #[inline(always)]
    pub(crate) fn new(watched: Option<&Arc<Watched>>) -> Self {
        MaybeWatch(watched.map(Watch::new))
    }

    #[inline(always)]
    pub(crate) fn take(&mut self) -> Self {
        MaybeWatch(self.0.take())
    }
}

impl Drop for MaybeWatch {
    #[inline(always)]
    fn drop(&mut self) {
        if let Some(watch) = self.0.take() {
            end(watch);
        }
    }
}

#[cold]
#[inline(never)]
fn end(watch: Box<Watch>) {
    drop(watch);
}

impl Watch {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(watched: &Arc<Watched>) -> Box<Self> {
        Box::new(Watch {
            allowance: watched.min_rate.map(Allowance::new),
            watched: Arc::clone(watched),
            silent: Span::ZERO,
            post: None,
        })
    }

    /// Whether nothing has been asked of it.
    pub(crate) const fn is_new(&self) -> bool {
        self.post.is_none()
    }

    /// The bell that the body is to ring.
    pub(crate) fn bell(&mut self) -> &Bell {
        &self.post().bell
    }

    fn post(&mut self) -> &mut Post {
        self.post.get_or_insert_with(|| Post {
            judge: self.watched.progress.judge(),
            bell: Bell::new(),
        })
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
        self.post().judge.is_progress(data)
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
