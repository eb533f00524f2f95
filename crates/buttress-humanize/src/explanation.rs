//! What is said about a failure, and how it is kept fit to be shown anywhere.

use crate::Language;
use buttress_core::{Failure, Reference};
use std::fmt;

/// What happened to a call, told to the person who has to deal with it.
///
/// A [`Catalog`](crate::Catalog) makes one from a [`Failure`]; [`Explanation::of`] finds the one
/// a failure carries. `{}` prints one sentence, `{:#}` a paragraph.
///
/// ```
/// use buttress_core::{Failure, FailureKind};
/// use buttress_humanize::{Call, Catalog, English};
///
/// let failure = Failure::new(FailureKind::Overloaded);
/// let explanation = English.explain(&failure, &Call::to("api.example.com"));
///
/// assert_eq!(explanation.title(), "The server is overloaded");
/// assert_eq!(
///     explanation.to_string(),
///     "api.example.com has more work than it can take on right now."
/// );
/// assert!(format!("{explanation:#}").contains("Try again"));
/// assert!(!explanation.next_steps().is_empty());
/// ```
///
/// # What it keeps out
///
/// Every text that is put in is made plain: control characters and the invisible ones that turn
/// the direction of writing become spaces, and what is longer than [`TEXT_CAP`] characters is cut.
/// At most [`STEPS_CAP`] steps are kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    title: String,
    happened: String,
    side: Option<String>,
    tried: Option<String>,
    come_back: Option<String>,
    steps: Vec<String>,
    reference: Option<Reference>,
    language: &'static str,
}

/// How many characters a text of an explanation may have.
pub const TEXT_CAP: usize = 1_000;

/// How many steps an explanation may have.
pub const STEPS_CAP: usize = 8;

impl Explanation {
    /// An explanation with a title, a few words without a full stop, and one whole sentence that
    /// says what happened.
    #[must_use]
    pub fn new(title: &str, happened: &str) -> Self {
        Explanation {
            title: plain(title),
            happened: plain(happened),
            side: None,
            tried: None,
            come_back: None,
            steps: Vec::new(),
            reference: None,
            language: "en",
        }
    }

    /// Sets the sentences that say whose side it is.
    #[must_use]
    pub fn with_side(mut self, side: &str) -> Self {
        self.side = Some(plain(side));
        self
    }

    /// Sets the sentences that say what was tried.
    #[must_use]
    pub fn with_tried(mut self, tried: &str) -> Self {
        self.tried = Some(plain(tried));
        self
    }

    /// Sets the sentence that says when to come back.
    #[must_use]
    pub fn with_come_back(mut self, come_back: &str) -> Self {
        self.come_back = Some(plain(come_back));
        self
    }

    /// Adds the step to take after those that are already here.
    #[must_use]
    pub fn with_step(mut self, step: &str) -> Self {
        if self.steps.len() < STEPS_CAP {
            self.steps.push(plain(step));
        }
        self
    }

    /// Sets the reference by which the operators of the server can find the call.
    #[must_use]
    pub fn with_reference(mut self, reference: Reference) -> Self {
        self.reference = Some(reference);
        self
    }

    /// Sets the language it is written in, as a language tag (RFC 5646). The default is `en`.
    #[must_use]
    pub fn with_language(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// The explanation that a [`HumanizeLayer`](crate::HumanizeLayer) left in this failure.
    #[must_use]
    pub fn of(failure: &Failure) -> Option<&Self> {
        failure
            .details()
            .get::<std::sync::Arc<Explanation>>()
            .map(AsRef::as_ref)
    }

    /// A few words, without a full stop.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// What happened, in one sentence.
    #[must_use]
    pub fn happened(&self) -> &str {
        &self.happened
    }

    /// Whose side it is.
    #[must_use]
    pub fn side(&self) -> Option<&str> {
        self.side.as_deref()
    }

    /// What was tried: attempts, waits, continuations, and what became of the part that arrived.
    #[must_use]
    pub fn tried(&self) -> Option<&str> {
        self.tried.as_deref()
    }

    /// When to come back, if that is known.
    #[must_use]
    pub fn come_back(&self) -> Option<&str> {
        self.come_back.as_deref()
    }

    /// What to do next, first things first; each step is made of whole sentences.
    #[must_use]
    pub fn next_steps(&self) -> &[String] {
        &self.steps
    }

    /// What the operators of the server need to find the call.
    #[must_use]
    pub fn reference(&self) -> Option<&Reference> {
        self.reference.as_ref()
    }

    /// The language it is written in.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.language
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.happened)?;
        if f.alternate() {
            let about = [&self.side, &self.tried, &self.come_back];
            let about = about.into_iter().filter_map(Option::as_deref);
            let gap = Language::of_tag(self.language).gap();
            for sentence in about.chain(self.steps.iter().map(String::as_str)) {
                write!(f, "{gap}{sentence}")?;
            }
        }
        Ok(())
    }
}

/// The text on one line, without what a terminal obeys or a reader cannot see, and not too long.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(TEXT_CAP));
    for (n, c) in text.chars().enumerate() {
        if n == TEXT_CAP {
            out.push('…');
            break;
        }
        out.push(if is_unsafe(c) { ' ' } else { c });
    }
    out
}

/// Control characters, line and paragraph separators, and everything that turns or hides text
/// (Unicode Bidirectional Algorithm, UAX #9, section 2; zero-width and tag characters).
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{061c}'
                | '\u{200b}'..='\u{200f}'
                | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}'
                | '\u{feff}'
                | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e007f}'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sentence_or_a_paragraph() {
        let explanation = Explanation::new("Title", "It broke.")
            .with_side("Ours.")
            .with_tried("Twice.")
            .with_come_back("Tomorrow.")
            .with_step("Sleep.")
            .with_step("Repeat.");
        assert_eq!(explanation.to_string(), "It broke.");
        assert_eq!(
            format!("{explanation:#}"),
            "It broke. Ours. Twice. Tomorrow. Sleep. Repeat."
        );
    }

    #[test]
    fn every_text_is_made_plain() {
        let hostile = "a\r\nb\u{1b}[2Jc\u{202e}d\u{200b}e\u{7f}f\u{85}g\u{e0041}h";
        let explanation = Explanation::new(hostile, hostile)
            .with_side(hostile)
            .with_tried(hostile)
            .with_come_back(hostile)
            .with_step(hostile);
        let all = [
            explanation.title(),
            explanation.happened(),
            explanation.side().unwrap(),
            explanation.tried().unwrap(),
            explanation.come_back().unwrap(),
            &explanation.next_steps()[0],
        ];
        for text in all {
            assert_eq!(text, "a  b [2Jc d e f g h");
        }
    }

    #[test]
    fn texts_and_steps_are_bounded() {
        let long = "é".repeat(TEXT_CAP + 1);
        let mut explanation = Explanation::new(&long, "x");
        assert_eq!(explanation.title().chars().count(), TEXT_CAP + 1);
        assert!(explanation.title().ends_with('…'));
        for _ in 0..2 * STEPS_CAP {
            explanation = explanation.with_step("x");
        }
        assert_eq!(explanation.next_steps().len(), STEPS_CAP);
    }
}
