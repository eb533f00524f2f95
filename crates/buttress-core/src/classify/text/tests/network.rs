//! Around the network: proxies, tunnels, TLS, names and connections, in the words of agents.

use super::runtimes::says;
use super::*;

#[test]
fn the_network_around_a_sandbox_is_a_proxy() {
    use FailureKind::*;
    says(&[
        ("403 Connection blocked by network allowlist", Proxy, false),
        (
            "Request blocked by egress policy: host not in allowlist",
            Proxy,
            false,
        ),
        ("Connection blocked by sandbox network policy", Proxy, false),
        // The proxy itself was not reached.
        (
            "could not connect to the proxy 127.0.0.1:3128: connection refused",
            Proxy,
            true,
        ),
        (
            "cannot connect to the proxy at 10.0.0.1:8080: ECONNREFUSED",
            Proxy,
            true,
        ),
        ("Connection to the corporate proxy timed out", Proxy, true),
        (
            "proxy 10.0.0.1:3128 unreachable: connection reset by peer",
            Proxy,
            true,
        ),
    ]);
}

#[test]
fn alerts_are_of_the_side_that_sent_them() {
    use FailureKind::*;
    says(&[
        (
            "Custom { kind: InvalidData, error: AlertReceived(BadCertificate) }",
            Auth,
            false,
        ),
        ("tls: AlertReceived(CertificateRequired)", Auth, false),
        ("io error: AlertReceived(ProtocolVersion)", TlsOther, false),
        (
            "Sending fatal alert BadCertificate\nerror: invalid certificate: UnknownIssuer",
            TlsUntrusted,
            false,
        ),
        ("Error: no overlapping sigschemes", TlsOther, false),
        (
            "peer incompatible: NoSignatureSchemesInCommon",
            TlsOther,
            false,
        ),
        ("the two sides have no common ciphers", TlsOther, false),
    ]);
}

#[test]
fn keys_of_ones_own_are_no_fault_of_the_server() {
    use FailureKind::*;
    says(&[
        (
            "error:0b000074:X.509 certificate routines:OPENSSL_internal:KEY_VALUES_MISMATCH",
            TlsOther,
            false,
        ),
        (
            "error:0900006e:PEM routines:OPENSSL_internal:NO_START_LINE",
            TlsOther,
            false,
        ),
        ("[SSL] PEM lib (_ssl.c:4149)", TlsOther, false),
        (
            "digital envelope routines:EVP_DecryptFinal_ex:bad decrypt",
            TlsOther,
            false,
        ),
    ]);
}

#[test]
fn an_answer_that_is_too_long_breaks_the_rules() {
    use FailureKind::*;
    says(&[
        (
            "MessageSizeExceededError: Max decompressed message size exceeded",
            Protocol,
            false,
        ),
        (
            "response size exceeds maximum of 10485760 bytes",
            Protocol,
            false,
        ),
        ("response body size exceeded the limit", Protocol, false),
    ]);
}

#[test]
fn what_is_not_ready_was_closed() {
    use FailureKind::*;
    says(&[
        (
            "Error: ProcessTransport is not ready for writing",
            ConnectionClosed,
            true,
        ),
        ("WritableStream is not writable", ConnectionClosed, true),
        (
            "The socket is already bound to an Http2Session",
            ConnectionClosed,
            true,
        ),
        (
            "Query closed before response received",
            ConnectionClosed,
            true,
        ),
        (
            "The port closed before a reply was received",
            ConnectionClosed,
            true,
        ),
        (
            "Failed to reconnect SSE stream: Maximum reconnection attempts (2) exceeded.",
            ConnectionClosed,
            true,
        ),
        (
            "Gave up reconnecting after 5 attempts",
            ConnectionClosed,
            true,
        ),
        // What says more.
        (
            "Unable to reconnect: connect ECONNREFUSED 127.0.0.1:80",
            ConnectionRefused,
            true,
        ),
    ]);
}

#[test]
fn a_tunnel_is_of_a_proxy() {
    use FailureKind::*;
    says(&[
        (
            "Failed to establish tunnel to a.example:443 via http://b.example:8080: HTTP/1.1 403 Forbidden",
            Proxy,
            false,
        ),
        (
            "could not establish tunnel through 10.0.0.1:3128: 403 Forbidden",
            Proxy,
            false,
        ),
        (
            "Failed to establish tunnel: HTTP/1.1 502 Bad Gateway",
            Proxy,
            true,
        ),
        (
            "Connection to establish proxy tunnel timed out after 5000ms",
            Proxy,
            true,
        ),
        (
            "establishing tunnel via proxy failed: ETIMEDOUT",
            Proxy,
            true,
        ),
    ]);
}

#[test]
fn a_name_server_that_is_not_reached_names_nothing() {
    use FailureKind::*;
    says(&[
        (
            ";; connection timed out; no servers could be reached",
            Dns,
            true,
        ),
        ("lookup failed: no nameservers available", Dns, true),
        ("no name servers responded", Dns, true),
    ]);
}

#[test]
fn of_a_connection_with_something_the_matter_little_is_known() {
    use FailureKind::*;
    says(&[
        (
            "Premature connection close by upstream",
            ConnectionClosed,
            true,
        ),
        ("Failed to read connection", ConnectionClosed, true),
        (
            "Websocket failed, terminating session.",
            ConnectionClosed,
            true,
        ),
        ("http2: client conn not usable", ConnectionClosed, true),
        ("selector manager closed", ConnectionClosed, true),
        ("Error in MCP: Client closed", ConnectionClosed, true),
        (
            "your network appears to be unstable",
            ConnectionClosed,
            true,
        ),
        (
            "Reached maximum retries (0) for URL http://a.example/b",
            ConnectionClosed,
            true,
        ),
        // Whatever else is known says more.
        ("Reached maximum retries: 401 Unauthorized", Auth, false),
        (
            "trouble with the network: getaddrinfo ENOTFOUND a.example",
            Dns,
            true,
        ),
    ]);
    assert_eq!(text("the connection was made"), None);
    assert_eq!(text("the client opened"), None);
}
