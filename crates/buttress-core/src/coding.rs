use http::header::CONTENT_ENCODING;
use http::{HeaderMap, HeaderValue};

/// Whether the body that these headers announce is coded, so that its bytes can't be read as they are.
///
/// `identity` is no coding (RFC 9110, section 8.4.1). Neither is `none`, which is none that is
/// registered: servers send it with event streams to keep whoever is on the way from compressing them.
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
}

/// The same of one value of `Content-Encoding`.
#[must_use]
pub fn is_coding(value: &HeaderValue) -> bool {
    let mut codings = value.as_bytes().split(|byte| *byte == b',');
    codings.any(|coding| {
        let coding = coding.trim_ascii();
        let none: [&[u8]; 3] = [b"", b"identity", b"none"];
        !none.iter().any(|name| coding.eq_ignore_ascii_case(name))
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
}
