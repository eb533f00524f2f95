//! One thing, and what many libraries call it.

use super::*;

#[test]
fn the_same_thing_in_the_words_of_many_libraries() {
    use FailureKind::*;
    for (raw, kind) in [
        // Alerts, by whoever prints them.
        ("received fatal alert: AccessDenied", TlsOther),
        (
            "client error (Connect): received fatal alert: IllegalParameter",
            TlsOther,
        ),
        ("remote error: tls: illegal parameter", TlsOther),
        (
            "[SSL: TLSV1_ALERT_ACCESS_DENIED] tlsv1 alert access denied",
            TlsOther,
        ),
        ("received SERVER ALERT: Fatal - Decode Error", TlsOther),
        ("SSL_ERROR_BAD_CERT_ALERT", Auth),
        // Roots and names that are missing.
        ("no native root CA certificates found", TlsUntrusted),
        ("SSL server verification failed", TlsUntrusted),
        ("{bad_cert,hostname_check_failed}", TlsName),
        (
            "HTTP spoken where TLS was: [SSL: HTTP_REQUEST] http request",
            Proxy,
        ),
        ("HandshakeFailed Error_EOF", ConnectionReset),
        // What is said beside the status of a gateway says whose trouble it is.
        (
            "litellm.ServiceUnavailableError: OpenAIException - Too many connections",
            Overloaded,
        ),
        ("503 Too many connections", Overloaded),
        ("503 Service Unavailable: too many connections", Overloaded),
        ("429 Too many connections", RateLimited),
        (
            "connection refused: too many connections",
            ConnectionRefused,
        ),
        // Java names the wait behind the exception, if at all.
        ("java.net.SocketTimeoutException: connect", TimeoutConnect),
        ("SocketTimeoutException: connect", TimeoutConnect),
        ("SocketTimeoutException: Read timed out", TimeoutHead),
        // Names of waits outweigh what the client did then.
        (
            "TimeoutError: Connection closed after 15 seconds",
            TimeoutHead,
        ),
        (
            "litellm.Timeout: Connection timed out after 600.0 seconds.",
            TimeoutHead,
        ),
        ("Error(Timeout(Connect))", TimeoutConnect),
        (
            "QUIC connection timed out after max idle timeout",
            TimeoutIdle,
        ),
        (
            "failed to download any data for `x` within 30s",
            TimeoutIdle,
        ),
        ("checkout_timeout", TimeoutConnect),
        ("Streaming setup timeout after 45s", TimeoutHead),
        // Not a cancelled call: the name of a function, and a body that broke.
        (
            "[handleAbortError] aborting request: Connection error.",
            ConnectionClosed,
        ),
        (
            "error decoding response body: operation canceled",
            StreamTruncated,
        ),
        // What Connect calls its errors, and what it calls them with.
        (
            "ConnectError: [unknown] Network disconnected",
            ConnectionClosed,
        ),
        ("connect_to localhost port 3128: failed.", ConnectionRefused),
        (
            "the resolution lifetime expired; the DNS operation timed out",
            Dns,
        ),
        ("(Mint.TransportError) non-existing domain", Dns),
        ("Host api.example.com not found", Dns),
        ("host node-7 app[812]: manifest not found", NotFound),
        ("kCFErrorDomainCFNetwork Code=310", Proxy),
        (
            "google.api_core.exceptions.ServiceUnavailable: 503 recvmsg:Connection reset by peer",
            ConnectionReset,
        ),
        (
            "error sending request for url (http://a/).\n\nPlease retry.",
            ConnectionClosed,
        ),
        ("parse \"http://localhost:port/\": invalid port", BadRequest),
        (
            "connection shut down by transport: Protocol Violation (QUIC)",
            Protocol,
        ),
        ("your firewall appears to be blocking access", Proxy),
        (
            "Connection refused \u{2014} a firewall or proxy may be blocking it (ECONNREFUSED)",
            ConnectionRefused,
        ),
        (
            "Failed to reach the API. Check that your proxy is reachable.",
            ConnectionRefused,
        ),
        (
            "Sorry, there was a network error. Please try again later. Error Code: net::ERR_FAILED.",
            ConnectionClosed,
        ),
        (
            "litellm.ServiceUnavailableError: AException - Cannot connect to host a.example:443 [Could not contact DNS servers]",
            Dns,
        ),
        ("API Error: Unexpected line format in response: ,", Decode),
        (
            "An existing connection was forced to be canceled by the remote host.",
            ConnectionReset,
        ),
        (
            "Only one usage of each socket address is normally permitted",
            Unreachable,
        ),
        ("NSURLConnection finished with error - code -1003", Dns),
        (
            "The SSL connection could not be established. Unable to read data from the transport \
             connection: A connection attempt failed because the party did not respond",
            TimeoutConnect,
        ),
        ("<urlopen error timed out>", TimeoutConnect),
        (
            "gave up waiting for the TCP handshake after 15 s",
            TimeoutConnect,
        ),
        ("nothing is listening on 127.0.0.1:11434", ConnectionRefused),
        (
            "There was a network issue, please try again.",
            ConnectionClosed,
        ),
        ("503 - 当前分组 default 下对于模型 a 无可用渠道", Overloaded),
        (
            "MODEL_CAPACITY_EXHAUSTED\nHTTP 429 RESOURCE_EXHAUSTED",
            Overloaded,
        ),
        (
            "stream disconnected before completion: Encrypted content could not be decrypted.",
            BadRequest,
        ),
        (
            "websocket closed by server before response completed.",
            StreamTruncated,
        ),
        ("garbled gzip stream from server", Decode),
        (
            "the wifi login page was returned instead of the API",
            CaptivePortal,
        ),
        (
            "lost connection to the server mid-generation",
            StreamTruncated,
        ),
        ("the max input characters is 20000", ContextLength),
        (
            "Failed to connect to GCS within 60 seconds.",
            TimeoutConnect,
        ),
        (
            "turn timed out after 600000ms with no activity",
            TimeoutIdle,
        ),
        (
            "HTTP 502: Provider error: Cloud API error 410: Gone",
            NotFound,
        ),
        (
            "'max_tokens' must be less than the 'context_window' of this model",
            BadRequest,
        ),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}
