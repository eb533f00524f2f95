use http::header::{CONTENT_ENCODING, TRANSFER_ENCODING};
use http::{HeaderMap, HeaderValue};

/// Whether the body that these headers announce is coded, so that its bytes can't be read as they are.
///
/// `identity` is no coding (RFC 9110, section 8.4.1). Neither is `none`, which is none that is
/// registered: servers send it with event streams to keep whoever is on the way from compressing them.
/// A [transfer coding](is_transfer_coding) is one too.
///
/// ```
/// use buttress_core::is_coded;
/// use http::{HeaderMap, HeaderValue, header};
///
/// let mut headers = HeaderMap::new();
/// assert!(!is_coded(&headers));
/// headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("none"));
/// assert!(!is_coded(&headers));
/// headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
/// assert!(is_coded(&headers));
/// ```
#[must_use]
pub fn is_coded(headers: &HeaderMap) -> bool {
    headers.get_all(CONTENT_ENCODING).iter().any(is_coding)
        || headers
            .get_all(TRANSFER_ENCODING)
            .iter()
            .any(is_transfer_coding)
}

/// The same of one value of `Content-Encoding`.
#[must_use]
pub fn is_coding(value: &HeaderValue) -> bool {
    names_other_than(["", "identity", "none"], value)
}

/// Whether one value of `Transfer-Encoding` names a coding that the body is still in: any but
/// `chunked`, which whoever reads the connection takes off (RFC 9112, section 6.1).
///
/// Such bytes are the same on no other connection, so that a body can't be continued with them.
#[must_use]
pub fn is_transfer_coding(value: &HeaderValue) -> bool {
    names_other_than(["", "identity", "chunked"], value)
}

fn names_other_than(none: [&str; 3], value: &HeaderValue) -> bool {
    let mut codings = value.as_bytes().split(|byte| *byte == b',');
    codings.any(|coding| {
        let coding = coding.trim_ascii();
        let is = |name: &&str| coding.eq_ignore_ascii_case(name.as_bytes());
        !none.iter().any(is)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_none_leaves_a_body_as_it_is() {
        for (values, expected) in [
            (&[][..], false),
            (&[""], false),
            (&["identity"], false),
            (&["Identity "], false),
            (&["none"], false),
            (&["identity, none,"], false),
            (&["gzip"], true),
            (&["identity, gzip"], true),
            (&["identity", "br"], true),
            (&["unheard-of"], true),
            (&["aws-chunked"], true),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(CONTENT_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(is_coded(&headers), expected, "{values:?}");
        }
    }

    #[test]
    fn a_transfer_coding_is_one_unless_it_is_read_off_the_connection() {
        for (values, expected) in [
            (&["chunked"][..], false),
            (&["Chunked"], false),
            (&["identity, chunked,"], false),
            (&["gzip, chunked"], true),
            (&["GZip;q=1", "chunked"], true),
            (&["chunked", "deflate"], true),
        ] {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(TRANSFER_ENCODING, HeaderValue::from_static(value));
            }
            assert_eq!(is_coded(&headers), expected, "{values:?}");
        }
    }
}
