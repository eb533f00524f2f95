//! Answers that the overlap, a date or a hash of what was delivered has to prove.

use super::*;

#[test]
fn answers_to_a_range_with_an_overlap_of_10() {
    let tag = ("etag", "\"v1\"");
    // Of a length that nobody said, so that nothing but the overlap decides about a 416.
    let plan = Plan::Range(RangePlan {
        complete: None,
        ..range()
    });
    let asked = Asked {
        overlap: 10,
        ..asked(&plan, 40)
    };
    for (status, lines, expected) in [
        (
            206,
            &[tag, ("content-range", "bytes 30-99/100")][..],
            Some((10, Some(100))),
        ),
        (
            206,
            &[tag, ("content-range", "bytes 30-34/100")],
            Some((10, Some(35))),
        ),
        // Without the overlap that was asked for nothing is shown.
        (206, &[tag, ("content-range", "bytes 40-99/100")], None),
        (206, &[tag, ("content-range", "bytes 20-99/100")], None),
        (
            200,
            &[tag, ("content-type", "text/plain")],
            Some((40, None)),
        ),
        // There must be ten bytes that were delivered before.
        (416, &[("content-range", "bytes */40")], None),
        (416, &[("content-range", "bytes */30")], None),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let verdict = match verify(asked, status, &headers(lines)) {
            Verdict::Continue(how) => Some((how.again, how.end)),
            Verdict::Stop(_) => None,
            other => panic!("{other:?}"),
        };
        assert_eq!(verdict, expected, "{status} {lines:?}");
    }
}

#[test]
fn answers_that_are_proven_by_a_date_or_by_the_overlap_alone() {
    let fits = ("content-range", "bytes 40-99/100");
    let date = ("last-modified", "Sun, 06 Nov 1994 08:49:37 GMT");
    let later = ("last-modified", "Sun, 06 Nov 1994 08:49:38 GMT");
    for (proof, lines, expected) in [
        (Proof::LastModified, &[fits, date][..], "continue"),
        (Proof::LastModified, &[fits, later], "stop"),
        (Proof::LastModified, &[fits], "stop"),
        (Proof::Overlap, &[fits, date], "continue"),
        (Proof::Overlap, &[fits, later], "stop"),
        (Proof::Overlap, &[fits], "continue"),
    ] {
        let plan = Plan::Range(RangePlan {
            proof,
            like: likeness(&headers(&[date])),
            ..range()
        });
        let verdict = verify(
            asked(&plan, 40),
            StatusCode::PARTIAL_CONTENT,
            &headers(lines),
        );
        assert_eq!(word(&verdict).0, expected, "{proof:?} {lines:?}");
    }
}

#[test]
fn answers_to_the_same_request_again() {
    let text = ("content-type", "text/plain");
    let length = ("content-length", "100");
    let part = ("content-range", "bytes 100-199/1000");
    for (was, status, lines, expected) in [
        (200, 200, &[text, length][..], "skip"),
        (200, 200, &[text], "skip"),
        (200, 200, &[text, ("etag", "\"new\"")], "skip"),
        (200, 200, &[text, ("content-length", "101")], "stop"),
        // A whole has to say what it is.
        (200, 200, &[length], "stop"),
        (200, 200, &[("content-type", "text/html"), length], "stop"),
        (200, 200, &[text, ("content-encoding", "gzip")], "stop"),
        (200, 206, &[text, part], "stop"),
        (200, 204, &[], "stop"),
        (200, 304, &[], "stop"),
        (200, 302, &[], "stop"),
        (200, 404, &[], "stop"),
        (200, 503, &[], "again"),
        (206, 206, &[text, part], "skip"),
        (
            206,
            206,
            &[text, ("content-range", "bytes 100-198/1000")],
            "stop",
        ),
        (206, 206, &[text], "stop"),
        (206, 200, &[text], "stop"),
    ] {
        let status = StatusCode::from_u16(status).unwrap();
        let was = StatusCode::from_u16(was).unwrap();
        let plan = Plan::Prefix(PrefixPlan {
            like: likeness(&headers(&[text])),
            status: was,
            range: (was == StatusCode::PARTIAL_CONTENT)
                .then(|| ContentRange::of(&headers(&[part])).unwrap()),
            length: (was == StatusCode::OK).then_some(100),
        });
        let verdict = verify(asked(&plan, 40), status, &headers(lines));
        assert_eq!(word(&verdict).0, expected, "{was} {status} {lines:?}");
        if let Verdict::Continue(how) = verdict {
            assert_eq!((how.again, how.end, how.has_more), (40, None, false));
        }
    }
}
