//! What runtimes and systems say with a number of their own.

use super::*;

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
