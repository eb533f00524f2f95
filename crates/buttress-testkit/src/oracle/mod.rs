//! The judge: what a call may deliver, and what it did.
//!
//! [`check`] is a pure function that is simpler than anything it judges. The promises, by the
//! names that failures of tests refer to:
//!
//! | | promise |
//! |---|---|
//! | S1 | what was delivered is a prefix of exactly one version: no gap, duplicate or splice |
//! | S2 | a clean end means that it is all of that version, trailers included |
//! | S3 | never more than was announced |
//! | S4 | else the end is a classified failure, of a kind that the faults allow |
//! | S5 | attempts, waits, time, concurrency and bytes sent again stay within their bounds |
//! | S6 | no effect twice without consent |
//! | L1 | what can be recovered is |
//!
//! ```
//! use buttress_core::FailureKind;
//! use buttress_testkit::{Content, Delivered, Original, Rules, Run, Violation, check};
//!
//! let content = Content::new(1, 1, 1_000);
//! let rules = Rules::of(Original::content(content))
//!     .or(Original::content(content.with_version(2)))
//!     .may_fail_with([FailureKind::StreamTruncated]);
//!
//! let whole = Delivered::clean(content.whole());
//! assert_eq!(check(&rules, &Run::of(whole)), Ok(()));
//!
//! let cut = Delivered::failed(content.bytes(0..500), FailureKind::StreamTruncated);
//! assert_eq!(check(&rules, &Run::of(cut)), Ok(()));
//!
//! let torso = Delivered::clean(content.bytes(0..500));
//! let violation = Violation::Incomplete { delivered: 500, whole: 1_000 };
//! assert_eq!(check(&rules, &Run::of(torso)), Err(violation));
//!
//! let (start, rest) = (content.bytes(0..500), content.with_version(2).bytes(500..1_000));
//! let spliced = Delivered::clean([start, rest].concat());
//! let violation = Violation::Splice { at: 500, from: 0, to: 1 };
//! assert_eq!(check(&rules, &Run::of(spliced)), Err(violation));
//! ```

mod judge;
mod original;
mod rules;
mod run;
mod violation;

pub use self::judge::check;
pub use self::original::Original;
pub use self::rules::Rules;
pub use self::run::{Delivered, End, Run, Try};
pub use self::violation::Violation;

#[cfg(test)]
mod tests;
