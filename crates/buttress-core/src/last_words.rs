use http::Extensions;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// In the extensions of a response: should its body break, it first ends with words of its own.
///
/// A layer that writes an error into a stream that has begun attaches it to the response. A layer
/// further out that would rather mend the body, or send the request again, holds the words back:
/// then the body just fails, and the bytes up to there are the server's alone. What holds them back
/// for a while lets them out again when it has nothing more to do with the body.
///
/// ```
/// use buttress_core::LastWords;
/// use http::Response;
///
/// let mut response = Response::new("data: 1\n\n");
/// let words = LastWords::attach(response.extensions_mut());
/// assert!(!words.are_held_back());
///
/// LastWords::hold_back(response.extensions());
/// assert!(words.are_held_back());
/// LastWords::let_out(response.extensions());
/// assert!(!words.are_held_back());
/// ```
#[derive(Clone, Debug)]
pub struct LastWords(Arc<AtomicUsize>);

impl LastWords {
    /// How often a body yields between its last words and its failure: it wakes its task and is
    /// pending.
    ///
    /// A server that learns of a failure throws away what it has not written yet: hyper drops its
    /// buffer, and in HTTP/2 a reset overtakes the data before it. While the body yields, the
    /// connection writes.
    pub const YIELDS: u8 = 2;

    /// Says in a response's extensions that its body has last words, in place of those that a body
    /// below may have had: of two layers that explain, the outer one decides.
    pub fn attach(extensions: &mut Extensions) -> Self {
        LastWords::hold_back(extensions);
        let words = LastWords(Arc::new(AtomicUsize::new(0)));
        extensions.insert(words.clone());
        words
    }

    /// Asks the body of the response with these extensions to fail without a word.
    pub fn hold_back(extensions: &Extensions) {
        if let Some(LastWords(holders)) = extensions.get() {
            holders.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Takes back what one [`hold_back`](LastWords::hold_back) asked for.
    pub fn let_out(extensions: &Extensions) {
        if let Some(LastWords(holders)) = extensions.get() {
            // Without a holder there is nothing to take back.
            let _ =
                holders.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1));
        }
    }

    /// Whether a layer further out asked for silence.
    #[must_use]
    pub fn are_held_back(&self) -> bool {
        // It travels with the response and its body, which are handed over by other means.
        self.0.load(Ordering::Relaxed) > 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_words_are_the_ones_that_are_said() {
        let mut extensions = Extensions::new();
        LastWords::hold_back(&extensions);
        let inner = LastWords::attach(&mut extensions);
        let outer = LastWords::attach(&mut extensions);
        assert!(inner.are_held_back());
        assert!(!outer.are_held_back());
        LastWords::hold_back(&extensions.clone());
        assert!(outer.are_held_back());
        LastWords::hold_back(&extensions);
        LastWords::let_out(&extensions);
        assert!(outer.are_held_back(), "two held them, one let go");
        for _ in 0..3 {
            LastWords::let_out(&extensions);
        }
        assert!(inner.are_held_back(), "only the outermost come back");
        assert!(!outer.are_held_back());
        LastWords::hold_back(&extensions);
        assert!(outer.are_held_back(), "letting go too often is no licence");
    }
}
