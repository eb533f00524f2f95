//! What a representation is known by, and what proves that another response has the same one.

use crate::etag;
use crate::head::Head;
use http::header::{AGE, DATE, LAST_MODIFIED, VIA};
use http::{HeaderMap, HeaderName, HeaderValue};
use std::time::{Duration, SystemTime};

/// What proves that a range continues the same representation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proof {
    /// The strong entity tag (RFC 9110, section 8.8.3).
    Etag,
    /// The time of modification, where it is a strong validator (RFC 9110, section 8.8.2.2).
    LastModified,
    /// The overlap alone.
    Overlap,
}

impl Proof {
    /// The best one that the first head offers.
    #[inline]
    pub(crate) fn of(head: &Head<'_>, overlap_alone: bool) -> Option<Self> {
        let has_date = head.last_modified.is_some() && head.etag.first().is_none();
        if etag::strong(head.etag).is_some() {
            Some(Proof::Etag)
        } else if has_date && has_strong_date(head.headers) {
            Some(Proof::LastModified)
        } else {
            overlap_alone.then_some(Proof::Overlap)
        }
    }
}

/// What a representation is known by: its validators and its form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Likeness {
    pub(crate) etag: Option<HeaderValue>,
    pub(crate) last_modified: Option<HeaderValue>,
    encoding: Option<HeaderValue>,
    content_type: Option<HeaderValue>,
    digest: Option<HeaderValue>,
}

impl Likeness {
    #[inline]
    pub(crate) fn of(head: &Head<'_>) -> Self {
        Likeness {
            etag: head.etag.first().cloned(),
            last_modified: head.last_modified.cloned(),
            encoding: head.encoding.cloned(),
            content_type: head.content_type.cloned(),
            digest: head.digest.cloned(),
        }
    }

    /// What shows that this head is that of another representation.
    ///
    /// A server may ignore `If-Range`, so the validator is compared although the server was asked
    /// to. A part may leave out what was said of the whole before (`is_part`, RFC 9110, section
    /// 15.3.7), but for the validator.
    pub(crate) fn differs(
        &self,
        proof: Proof,
        is_part: bool,
        now: &Head<'_>,
    ) -> Option<&'static str> {
        let tag_differs = match proof {
            Proof::Etag => etag::strong(now.etag) != self.etag.as_ref(),
            Proof::LastModified => false,
            Proof::Overlap => conflict(self.etag.as_ref(), now.etag.first()),
        };
        if tag_differs {
            return Some("the entity tag is another one now");
        }
        let date_differs = match proof {
            Proof::Etag => false,
            Proof::LastModified => now.last_modified != self.last_modified.as_ref(),
            Proof::Overlap => conflict(self.last_modified.as_ref(), now.last_modified),
        };
        if date_differs {
            return Some("the time of modification is another one now");
        }
        let form_differs = |was: &Option<HeaderValue>, now: Option<&HeaderValue>| {
            was.as_ref() != now && !(is_part && now.is_none())
        };
        if form_differs(&self.encoding, now.encoding) {
            return Some("the content coding is another one now");
        }
        if form_differs(&self.content_type, now.content_type) {
            return Some("the content type is another one now");
        }
        if conflict(self.digest.as_ref(), now.digest) {
            return Some("the digest is another one now");
        }
        None
    }
}

/// Whether both are there and differ.
fn conflict(was: Option<&HeaderValue>, now: Option<&HeaderValue>) -> bool {
    matches!((was, now), (Some(was), Some(now)) if was != now)
}

/// Whether `Last-Modified` is a strong validator (RFC 9110, section 8.8.2.2): the response was made
/// at least a second later, by the same clock. What passed a proxy may have the proxy's `Date`:
/// then a minute makes up for two clocks.
fn has_strong_date(headers: &HeaderMap) -> bool {
    let Some(modified) = date(headers, LAST_MODIFIED) else {
        return false;
    };
    let passed_proxy = headers.contains_key(VIA) || headers.contains_key(AGE);
    let apart = Duration::from_secs(if passed_proxy { 60 } else { 1 });
    date(headers, DATE).is_some_and(|made| {
        made.duration_since(modified)
            .is_ok_and(|since| since >= apart)
    })
}

/// The one date of this name.
fn date(headers: &HeaderMap, name: HeaderName) -> Option<SystemTime> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    httpdate::parse_http_date(value.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            let name = HeaderName::from_static(name);
            headers.append(name, HeaderValue::from_static(value));
        }
        headers
    }

    const TAG: (&str, &str) = ("etag", "\"v1\"");
    const WEAK: (&str, &str) = ("etag", "W/\"v1\"");
    const AT_37: (&str, &str) = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    const AT_38: (&str, &str) = ("last-modified", "Sun, 06 Nov 1994 08:49:38 GMT");
    const DATE_37: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:37 GMT");
    const DATE_38: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:49:38 GMT");
    const DATE_49: (&str, &str) = ("date", "Sun, 06 Nov 1994 08:50:37 GMT");
    const VIA_1: (&str, &str) = ("via", "1.1 cache");
    const AGE_1: (&str, &str) = ("age", "5");

    #[test]
    fn the_best_proof_that_a_head_offers() {
        use Proof::{Etag, LastModified, Overlap};
        for (lines, expected) in [
            (&[TAG][..], Some(Etag)),
            (&[TAG, AT_37, DATE_38], Some(Etag)),
            (&[AT_37, DATE_38], Some(LastModified)),
            (&[AT_37, DATE_49], Some(LastModified)),
            // Within the second of the change, and before it.
            (&[AT_37, DATE_37], None),
            (&[AT_38, DATE_37], None),
            (&[AT_37], None),
            (&[DATE_38], None),
            // Never a date where there is a tag, weak or not.
            (&[WEAK, AT_37, DATE_49], None),
            // Two clocks.
            (&[AT_37, DATE_38, VIA_1], None),
            (&[AT_37, DATE_38, AGE_1], None),
            (&[AT_37, DATE_49, VIA_1], Some(LastModified)),
            (&[AT_37, AT_37, DATE_38], None),
            (&[AT_37, ("date", "yesterday")], None),
            (&[], None),
        ] {
            let headers = headers(lines);
            assert_eq!(Proof::of(&Head::of(&headers), false), expected, "{lines:?}");
            assert_eq!(
                Proof::of(&Head::of(&headers), true),
                expected.or(Some(Overlap)),
                "{lines:?}"
            );
        }
    }

    #[test]
    fn what_shows_another_representation() {
        use Proof::{Etag, LastModified, Overlap};
        const GZIP: (&str, &str) = ("content-encoding", "gzip");
        const TEXT: (&str, &str) = ("content-type", "text/plain");
        const HTML: (&str, &str) = ("content-type", "text/html");
        const SUM: (&str, &str) = ("repr-digest", "sha-256=:AAAA:");
        const OTHER_SUM: (&str, &str) = ("repr-digest", "sha-256=:BBBB:");
        // What it was, what it is, whether a part and a whole may continue it.
        for (proof, was, is, part, whole) in [
            (Etag, &[TAG, TEXT][..], &[TAG, TEXT][..], true, true),
            (Etag, &[TAG, TEXT], &[TAG], true, false),
            (Etag, &[TAG, TEXT], &[TAG, HTML], false, false),
            (Etag, &[TAG, GZIP], &[TAG, GZIP], true, true),
            (Etag, &[TAG, GZIP], &[TAG], true, false),
            (Etag, &[TAG], &[TAG, GZIP], false, false),
            (Etag, &[TAG], &[], false, false),
            (Etag, &[TAG], &[WEAK], false, false),
            (Etag, &[TAG], &[TAG, TAG], false, false),
            (Etag, &[TAG], &[("etag", "\"v2\"")], false, false),
            (Etag, &[TAG, AT_37], &[TAG, AT_38], true, true),
            (Etag, &[TAG, SUM], &[TAG, SUM], true, true),
            (Etag, &[TAG, SUM], &[TAG], true, true),
            (Etag, &[TAG, SUM], &[TAG, OTHER_SUM], false, false),
            (LastModified, &[AT_37], &[AT_37], true, true),
            (LastModified, &[AT_37], &[AT_37, TAG], true, true),
            (LastModified, &[AT_37], &[AT_38], false, false),
            (LastModified, &[AT_37], &[], false, false),
            (Overlap, &[WEAK, AT_37], &[], true, true),
            (Overlap, &[WEAK], &[WEAK], true, true),
            (Overlap, &[WEAK], &[TAG], false, false),
            (Overlap, &[AT_37], &[AT_38], false, false),
            (Overlap, &[], &[TAG, AT_37], true, true),
            (Overlap, &[TEXT], &[HTML], false, false),
        ] {
            let (was_headers, headers) = (headers(was), headers(is));
            let like = Likeness::of(&Head::of(&was_headers));
            let now = Head::of(&headers);
            let is_same = |is_part| like.differs(proof, is_part, &now).is_none();
            assert_eq!(
                (is_same(true), is_same(false)),
                (part, whole),
                "{was:?} {is:?}"
            );
        }
    }
}
