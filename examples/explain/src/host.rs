//! Which host an error speaks of.

use buttress_core::FailureKind;

/// What stands before the host that was called, in the errors of common clients.
const CALLED: &[&str] = &[
    "for url (",
    "for url: ",
    "request to ",
    "Get \"",
    "Post \"",
    "host='",
];

/// What stands before the host that was tried: that of a proxy, where there is one.
const TRIED: &[&str] = &[
    "ECONNREFUSED ",
    "ETIMEDOUT ",
    "EHOSTUNREACH ",
    "ENETUNREACH ",
    "ENOTFOUND ",
    "EAI_AGAIN ",
    "lookup ",
    "resolve host: ",
    "resolve host ",
    "dial tcp ",
    "Failed to connect to ",
    "connect to host ",
    "SSL_connect in connection to ",
];

/// The host that was called, with its port if there is one, without credentials.
///
/// Only what stands where clients put it: errors also link to their documentation, and name the
/// proxy when it is the proxy that failed.
pub(crate) fn in_text(text: &str, kind: FailureKind) -> Option<&str> {
    let tried = match kind {
        FailureKind::Proxy => &[],
        _ => TRIED,
    };
    CALLED.iter().chain(tried).find_map(|before| {
        let (_, rest) = text.split_once(before)?;
        host_at_start(rest)
    })
}

fn host_at_start(text: &str) -> Option<&str> {
    let end = text.find(|c: char| c.is_whitespace() || "\"'()<>,;".contains(c));
    let (word, _) = text.split_at_checked(end.unwrap_or(text.len()))?;
    let (scheme, rest) = word.split_once("://").unwrap_or(("", word));
    let (authority, _) = rest.split_once(['/', '?', '#']).unwrap_or((rest, ""));
    let (_, host) = authority.rsplit_once('@').unwrap_or(("", authority));
    let host = host.trim_end_matches([':', '.']);
    let named = host.contains('.') || host.contains(':') || host.starts_with("localhost");
    ((named || !scheme.is_empty()) && !host.is_empty()).then_some(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_host_that_was_called() {
        for (text, host) in [
            (
                "error sending request for url (https://api.example.com/v1?key=s)",
                Some("api.example.com"),
            ),
            (
                "request to http://u:p@localhost:4000/x failed, reason: socket hang up",
                Some("localhost:4000"),
            ),
            (
                "connect ECONNREFUSED 127.0.0.1:11434",
                Some("127.0.0.1:11434"),
            ),
            (
                "getaddrinfo ENOTFOUND api.example.com",
                Some("api.example.com"),
            ),
            (
                "Post \"https://api.example.com/v1/messages\": EOF",
                Some("api.example.com"),
            ),
            (
                "dial tcp [::1]:80: connect: connection refused",
                Some("[::1]:80"),
            ),
            (
                "HTTPSConnectionPool(host='packages.example.org', port=443): Read timed out",
                Some("packages.example.org"),
            ),
            ("dial tcp: lookup x", None),
            ("see https://docs.example.com/errors", None),
            ("read ECONNRESET", None),
            ("", None),
        ] {
            let found = in_text(text, FailureKind::ConnectionRefused);
            assert_eq!(found, host, "{text}");
        }
    }

    #[test]
    fn takes_no_proxy_for_the_host_that_was_called() {
        let refused = "proxyconnect tcp: dial tcp 10.0.0.1:3128: connect: connection refused";
        assert_eq!(in_text(refused, FailureKind::Proxy), None);
        let named = format!("Get \"https://api.example.com/\": {refused}");
        let found = in_text(&named, FailureKind::Proxy);
        assert_eq!(found, Some("api.example.com"));
    }
}
