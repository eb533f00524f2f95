//! The corpus, more strings of the same runtimes, and what must not change an answer.

mod agents;
mod corpus;
mod harmless;
mod metamorphic;
mod normal_form;
mod patterns;
mod runtimes;
mod websocket;

use super::*;
use crate::{Delivery, FailureKind, Phase};
use proptest::prelude::*;

/// A wrapper alone says that something broke, and not when.
#[test]
fn a_wrapper_does_not_know_where_it_happened() {
    for (text, is_known) in [
        ("Connection error.", false),
        ("TypeError: fetch failed", false),
        ("network error", false),
        ("Request failed", false),
        ("socket hang up", true),
        ("error sending request for url (http://a/)", true),
        ("fetch failed: connect ECONNREFUSED 127.0.0.1:1", true),
        ("terminated", true),
    ] {
        let class = super::text(text).expect(text);
        assert_eq!(class.is_phase_known, is_known, "{text}");
        let failure = crate::Failure::from(class);
        assert_eq!(failure.is_phase_known(), is_known, "{text}");
        // Who got it instead of an answer knows.
        let error: crate::BoxError = text.into();
        assert!(crate::Failure::from(error).is_phase_known(), "{text}");
    }
}

#[test]
fn what_was_tried_and_what_is_advised_did_not_happen() {
    use FailureKind::*;
    for (raw, kind) in [
        ("Authentication failed: fetch failed", ConnectionClosed),
        (
            "Login failed. connect ECONNREFUSED 127.0.0.1:1",
            ConnectionRefused,
        ),
        ("登录失败：getaddrinfo ENOTFOUND example.com", Dns),
        ("Failed to refresh token: read ECONNRESET", ConnectionReset),
        ("Unable to connect to the server: EOF", ConnectionClosed),
        (
            "failed to connect to websocket: unexpected EOF",
            ConnectionClosed,
        ),
        ("Could not connect: network error", ConnectionRefused),
        (
            "a failed: b failed: Login failed: Authentication failed: EOF",
            ConnectionClosed,
        ),
        // A server did speak.
        ("Authentication failed: invalid API key", Auth),
        ("Login failed with status code 401: connection closed", Auth),
        // aiohttp.
        (
            "ClientResponseError: 503, message='Attempt to decode JSON: ', url='http://x.example/'",
            BadGateway,
        ),
        (
            "TransferEncodingError: 400, message='Not enough data to satisfy transfer length header.'",
            StreamTruncated,
        ),
        ("stream disconnected: Rate limit exceeded", RateLimited),
        ("Rate limit exceeded: connection closed", RateLimited),
        ("fetch failed. Check your API key.", ConnectionClosed),
        (
            "fetch failed (please check your proxy, e.g. its port)",
            ConnectionClosed,
        ),
        (
            "read ECONNRESET - make sure that the certificate is valid",
            ConnectionReset,
        ),
        (
            "fetch failed Please check your DNS settings",
            ConnectionClosed,
        ),
        (
            "socket hang up\nPossible causes:\n- invalid API key\n2. no quota",
            ConnectionClosed,
        ),
        ("网络连接已中断，请检查代理服务器设置", ConnectionClosed),
        // Nothing else is known.
        ("Check why: connection refused", ConnectionRefused),
        (
            "Something odd. This may be a captive portal.",
            CaptivePortal,
        ),
        // Checked, not advised.
        (
            "checking certificate failed: certificate has expired",
            TlsExpired,
        ),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

#[test]
fn says_nothing_about_what_is_no_failure() {
    for harmless in [
        "",
        " ",
        "\u{0}",
        "ok",
        "200 OK",
        "Hello, world!",
        "the cat sat on the mat",
        "listening on 127.0.0.1:8080",
        "GET https://timeout.example.com/connection-reset?error=refused 200",
        "finished in 3.2 s",
        "user clicked the button",
        "req_011CSHoEeqs5C35K2UUqR7Fy",
        "index out of bounds: the len is 3 but the index is 3",
        "プリンターの用紙がありません",
    ] {
        assert_eq!(text(harmless), None, "{harmless}");
    }
}

#[test]
fn nothing_was_sent_only_where_the_text_leaves_no_doubt() {
    for certain in [
        "connect ECONNREFUSED 127.0.0.1:1",
        "dial tcp: lookup api.openai.com: no such host",
        "connect ETIMEDOUT 10.0.0.1:443",
        "net/http: TLS handshake timeout",
        "invalid peer certificate: UnknownIssuer",
        "tls handshake eof",
        "curl: (56) Received HTTP code 407 from proxy after CONNECT",
        "tcp connect error: Network is unreachable (os error 101)",
    ] {
        let class = text(certain).unwrap();
        assert_eq!(class.delivery, Delivery::NotSent, "{certain}");
        assert_eq!(class.phase, Phase::Connect, "{certain}");
    }
    for open in [
        "ECONNRESET",
        "socket hang up",
        // The wrapper says connect; the connection was there.
        "Cannot connect to API: The socket connection was closed unexpectedly.",
        "Unable to connect to API (UND_ERR_SOCKET)",
        "read ETIMEDOUT",
        "Connection timed out (os error 110)",
        "No route to host (os error 113)",
        "operation was canceled",
        "ssl.SSLEOFError: EOF occurred in violation of protocol (_ssl.c:2396)",
        "remote error: tls: bad certificate",
        "HTTP 502: dial tcp 10.0.0.3:8080: connect: connection refused",
        "upstream connect error or disconnect/reset before headers. reset reason: connection refused",
        // The last of several attempts.
        "Failed after 3 attempts. Last error: connect ECONNREFUSED 127.0.0.1:1",
        "terminated",
    ] {
        let class = text(open).unwrap();
        assert_eq!(class.delivery, Delivery::Unknown, "{open}");
        assert_ne!(class.phase, Phase::Connect, "{open}");
    }
    let refused = text("stream error: stream ID 221; REFUSED_STREAM").unwrap();
    assert_eq!(refused.delivery, Delivery::Refused);
}

#[test]
fn the_code_outweighs_the_words_beside_it() {
    use FailureKind::*;
    for (raw, kind) in [
        ("xyz (os error 10061)", ConnectionRefused),
        ("xyz (os error 104)", ConnectionReset),
        ("xyz (os error 54)", ConnectionReset),
        ("[Errno 61] xyz", ConnectionRefused),
        ("[WinError 1225] xyz", ConnectionRefused),
        ("[Errno -2] xyz", Dns),
        ("[Errno 11001] xyz", Dns),
        ("{ errno: -4078, syscall: 'connect' }", ConnectionRefused),
        ("{ errno: -3008, syscall: 'getaddrinfo' }", Dns),
        ("{ errno: -110, syscall: 'connect' }", TimeoutConnect),
        ("{ errno: -110, syscall: 'read' }", TimeoutHead),
        ("Os { code: 113, kind: Uncategorized }", Unreachable),
        ("NSURLErrorDomain Code=-1009 \"xyz\"", Unreachable),
        ("(NSURLErrorDomain error -1202.)", TlsUntrusted),
        ("kCFErrorDomainCFNetwork Code=-1005", ConnectionClosed),
        ("SocketException (10060): xyz connect", TimeoutConnect),
        ("handshake failed; returned -1, net_error -201", TlsExpired),
        ("WinHTTP failed with error 12007", Dns),
        ("xyz (0x80072EE7)", Dns),
        ("xyz 0x8007274D", ConnectionRefused),
        ("xyz (os error -2146893019)", TlsUntrusted),
        ("xyz (os error -2146762481)", TlsName),
        ("curl: (6) xyz", Dns),
        ("curl: (18) xyz", StreamTruncated),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
    // Numbers that are no codes.
    for raw in [
        "port 10061",
        "line 104",
        "(0x80004005): xyz",
        "os error",
        "errno 0",
        "error 104 of 200",
        "os error 104abc",
        "errno 99999999999999999999999999",
    ] {
        assert_eq!(text(raw), None, "{raw}");
    }
}

#[test]
fn systems_without_a_number_are_understood_in_many_languages() {
    use FailureKind::*;
    for (raw, kind) in [
        (
            "Eine vorhandene Verbindung wurde vom Remotehost geschlossen.",
            ConnectionReset,
        ),
        (
            "Se ha forzado la interrupción de una conexión existente por el host remoto.",
            ConnectionReset,
        ),
        (
            "Une connexion existante a dû être fermée par l’hôte distant.",
            ConnectionReset,
        ),
        (
            "既存の接続はリモート ホストに強制的に切断されました。",
            ConnectionReset,
        ),
        (
            "wsarecv: 远程主机强迫关闭了一个现有的连接。",
            ConnectionReset,
        ),
        (
            "Удаленный хост принудительно разорвал существующее подключение.",
            ConnectionReset,
        ),
        (
            "da der Zielcomputer die Verbindung verweigerte",
            ConnectionRefused,
        ),
        (
            "el equipo de destino denegó expresamente dicha conexión",
            ConnectionRefused,
        ),
        (
            "l’ordinateur cible l’a expressément refusée",
            ConnectionRefused,
        ),
        ("由于目标计算机积极拒绝，无法连接。", ConnectionRefused),
        (
            "Der angegebene Host ist unbekannt. (api.example.com:443)",
            Dns,
        ),
        ("不知道这样的主机。", Dns),
        ("そのようなホストは不明です。", Dns),
        ("由于连接方在一段时间后没有正确答复", TimeoutConnect),
        (
            "nach einer bestimmten Zeitspanne nicht richtig reagiert",
            TimeoutConnect,
        ),
        ("连接超时", TimeoutConnect),
        ("向一个无法连接的网络尝试了一个套接字操作。", Unreachable),
        ("Keine Route zum Zielrechner", Unreachable),
        ("Der Remotename konnte nicht aufgelöst werden", Dns),
        ("Échec temporaire dans la résolution du nom", Dns),
        (
            "Impossible de se connecter au serveur distant",
            ConnectionRefused,
        ),
        ("サーバに接続できませんでした。", ConnectionRefused),
        ("似乎已断开与互联网的连接。", Unreachable),
        ("Le certificat a expiré", TlsExpired),
        ("此服务器的证书无效。", TlsUntrusted),
        ("未能为 SSL/TLS 安全通道建立信任关系。", TlsUntrusted),
        (
            "Es konnte kein geschützter SSL/TLS-Kanal erstellt werden.",
            TlsOther,
        ),
        ("代理服务器连接失败", Proxy),
        ("요청 시간이 초과되었습니다", TimeoutHead),
        ("连接服务器超时", TimeoutConnect),
        ("响应完成前中断了", StreamTruncated),
        ("Ошибка сети", ConnectionClosed),
    ] {
        assert_eq!(text(raw).map(|class| class.kind), Some(kind), "{raw}");
    }
}

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

#[test]
fn a_stack_trace_does_not_speak() {
    let raw = "java.net.SocketException: Broken pipe\n\
               \tat okio.AsyncTimeout.newTimeoutException(AsyncTimeout.java:12)\n\
               \tat com.example.RateLimit.tooManyRequests(RateLimit.java:429)\n";
    assert_eq!(text(raw).unwrap().kind, FailureKind::ConnectionReset);
    let inner = raw.replace('\n', "\\n").replace('\t', "\\t");
    assert_eq!(text(&inner).unwrap().kind, FailureKind::ConnectionReset);
    let raw = "Traceback (most recent call last):\n  \
                 File \"/app/retry.py\", line 429, in connect_with_timeout\n    \
                   raise RateLimitError(\"certificate has expired\")\n\
               ConnectionRefusedError: [Errno 111] x\n";
    assert_eq!(text(raw).unwrap().kind, FailureKind::ConnectionRefused);
    // Code can be many lines long.
    let raw = "Traceback (most recent call last):\n  \
                 File \"/app/retry.py\", line 429, in connect\n    \
                   raise RateLimitError(\n        \
                       \"certificate has expired\",\n    \
                   )\n    \
                   ^\n\
               ConnectionRefusedError: [Errno 111] x\n";
    assert_eq!(text(raw).unwrap().kind, FailureKind::ConnectionRefused);
    // Below the frames of others stand causes.
    let raw = "TypeError: fetch failed\n      \
                     at fetch (node:internal/deps/undici/undici:11372:11)\n    \
                   cause: ConnectTimeoutError: Connect Timeout Error\n        \
                       at onConnectTimeout (node:internal/deps/undici/undici:6616:28)\n";
    assert_eq!(text(raw).unwrap().kind, FailureKind::TimeoutConnect);
}

#[test]
fn reads_the_beginning_and_the_end_of_a_long_text() {
    let filler = "lorem ipsum ".repeat(100_000);
    let kind = |raw: &str| text(raw).map(|class| class.kind);
    let reset = Some(FailureKind::ConnectionReset);
    assert_eq!(kind(&format!("read ECONNRESET {filler}")), reset);
    assert_eq!(kind(&format!("{filler} read ECONNRESET")), reset);
    assert_eq!(kind(&format!("{filler} read ECONNRESET {filler}")), None);
    // Cuts fall between characters.
    for shift in 0..4 {
        let wide = "長".repeat(400_000);
        let raw = format!("{}{wide} ECONNRESET", "x".repeat(shift));
        assert_eq!(kind(&raw), reset);
    }
}

#[test]
fn hostile_texts_cost_no_more_than_their_bounded_part() {
    // What a megabyte costs is what the bound costs: the normal form never grows beyond that.
    for unit in [
        "a",
        "A",
        "aA",
        "eof",
        " eof",
        "connect .. ",
        "://",
        "http://",
        "/",
        "a.",
        "1.",
        ":",
        "\\n",
        "\n\tat (",
        "_",
        "-",
        "0x8",
        "errno ",
        "errno 1 ",
        "certificate ",
        "status 999 ",
        "é",
        "\u{202e}",
    ] {
        let raw = unit.repeat((1 << 20) / unit.len());
        let normal = normal::normal(&raw);
        assert!(
            normal.len() <= 2 * (normal::HEAD + normal::TAIL),
            "{unit:?}"
        );
        let _ = text(&raw);
    }
}

proptest! {
    #[test]
    fn never_panics(raw in "\\PC{0,300}") {
        let _ = text(&raw);
    }

    #[test]
    fn never_panics_near_what_it_looks_for(parts in proptest::collection::vec(
        prop_oneof![
            Just("os error "), Just("://"), Just("errno"), Just("\\n"), Just("\\"), Just("0x8"),
            Just("http "), Just(" at ("), Just("é"), Just("-"), Just("["), Just("::"), Just("9"),
            Just("404"), Just("\n"), Just("\""), Just("curl: ("), Just("."), Just("/"), Just("@"),
        ], 0..40)) {
        let _ = text(&parts.concat());
    }
}
