//! Error numbers and the names they go by: they outweigh the words, which systems localise.
//!
//! A text can come from any system, so a number is read by what stands before it, and where two
//! systems give it two meanings the one is taken that a socket can have.

use super::find::Words;
use super::rule::{
    AUTH, CANCELLED, CLOSED, DNS, PROTOCOL, PROXY, REFUSED, RESET, TIMEOUT_HEAD, TLS_EXPIRED,
    TLS_NAME, TLS_OTHER, TLS_UNTRUSTED, TRUNCATED, UNREACHABLE, connect, passing,
};
use super::{connect as connecting, timeout};
use crate::FailureKind;
use crate::classify::Classification;

/// The names of `errno.h`, and what a socket means by them.
pub(super) fn named(words: Words<'_>) -> Option<Classification> {
    // Of several the first: it names the whole, and the others its parts.
    NAMES
        .iter()
        .flat_map(|(names, trouble)| names.iter().map(move |name| (name, trouble)))
        .filter_map(|(name, trouble)| Some((words.place(name)?, trouble)))
        .min_by_key(|(at, _)| *at)
        .map(|(_, trouble)| trouble.class(words))
}

/// The numbers behind the labels that runtimes put before them.
pub(super) fn numbered(words: Words<'_>) -> Option<Classification> {
    let find = |labels: &[&'static str], of: fn(i64) -> Option<Trouble>| {
        labels
            .iter()
            .find_map(|label| words.numbers(label).find_map(of))
            .map(|trouble| trouble.class(words))
    };
    find(OF_DARWIN, of_darwin)
        .or_else(|| find(OF_SYSTEM, of_errno))
        .or_else(|| find(OF_APPLE, of_apple))
        .or_else(|| find(OF_CHROMIUM, of_chromium))
        .or_else(|| find(OF_WINDOWS, of_windows))
        .or_else(|| hexadecimal(words))
        // Whoever's time was up had the system cancel the rest.
        .filter(|class| class.kind != FailureKind::Cancelled || !words.has_any(timeout::TIMED_OUT))
}

#[derive(Clone, Copy, Debug)]
enum Trouble {
    Is(Classification),
    /// No way to the host; whether nothing was sent depends on when.
    NoRoute,
    /// The system gave up waiting; for what depends on when.
    TimedOut,
}

impl Trouble {
    fn class(self, words: Words<'_>) -> Classification {
        match self {
            Trouble::Is(class) => class,
            Trouble::NoRoute if words.has_any(connecting::CONNECTING) => connect(UNREACHABLE),
            Trouble::NoRoute => UNREACHABLE,
            Trouble::TimedOut => timeout::of_system(words),
        }
    }
}

use Trouble::{Is, NoRoute, TimedOut};

const NAMES: &[(&[&str], Trouble)] = &[
    (
        &[
            "econnreset",
            "epipe",
            "enotconn",
            "eshutdown",
            "enetreset",
            "enotsock",
            "wsaeconnreset",
            "wsaeconnaborted",
            "wsaenetreset",
            "wsaenotconn",
            "wsaenotsock",
            "wsaeshutdown",
        ],
        Is(RESET),
    ),
    (&["econnrefused", "wsaeconnrefused"], Is(REFUSED)),
    (
        &[
            "ehostunreach",
            "enetunreach",
            "ehostdown",
            "enetdown",
            "eaddrnotavail",
            "wsaenetunreach",
            "wsaehostunreach",
            "wsaehostdown",
            "wsaenetdown",
            "wsaeaddrnotavail",
        ],
        NoRoute,
    ),
    (&["etimedout", "wsaetimedout"], TimedOut),
    (&["eproto"], Is(passing(PROTOCOL))),
    (&["ecanceled", "ecancelled"], Is(CANCELLED)),
];

const OF_SYSTEM: &[&str] = &[
    "os error",
    "os { code",
    "errno",
    "[errno",
    "win error",
    "winerror",
    "socket exception",
    "socket error",
    "socket error code",
    "system error",
    "native error code",
    "connection refused error",
    "connection reset error",
    "timeout error",
    "broken pipe error",
    "connect() failed",
];

/// Numbers of Linux, of macOS and the BSDs, of Windows, and of libuv, which negates them.
fn of_errno(code: i64) -> Option<Trouble> {
    Some(match code {
        // Windows: system errors, then sockets.
        64 | 1236 | 10052..=10054 | 10057 | 10058 => Is(RESET),
        1225 | 10061 => Is(REFUSED),
        1231 | 1232 | 10049..=10051 | 10064 | 10065 => NoRoute,
        121 | 1460 | 10060 => TimedOut,
        11001..=11004 => Is(DNS),
        995 => Is(CANCELLED),
        // Linux first, then macOS and the BSDs.
        32 | 102..=104 | 107 | 108 | 52..=54 | 57 | 58 => Is(RESET),
        111 | 61 => Is(REFUSED),
        99..=101 | 112 | 113 | 49..=51 | 65 => NoRoute,
        110 | 60 => TimedOut,
        71 => Is(passing(PROTOCOL)),
        125 | 89 => Is(CANCELLED),
        // getaddrinfo of glibc.
        -11..=-1 => Is(DNS),
        // libuv: names, then Windows.
        -3014..=-3000 => Is(DNS),
        -4077 | -4079 | -4047 | -4053 | -4042 => Is(RESET),
        -4078 => Is(REFUSED),
        -4090 | -4073 | -4063 | -4062 | -4031 => NoRoute,
        -4039 => TimedOut,
        -4095 => Is(CLOSED),
        -4046 => Is(passing(PROTOCOL)),
        -4081 => Is(CANCELLED),
        -125..=-32 => return of_errno(-code),
        _ => return of_hresult(code),
    })
}

const OF_DARWIN: &[&str] = &["nsposix error domain code", "nsposix error domain error"];

/// Where it is certain that the number is Darwin's: its `EHOSTDOWN` and `EPROTO` are numbers of
/// something else elsewhere.
fn of_darwin(code: i64) -> Option<Trouble> {
    match code {
        64 => Some(NoRoute),
        100 => Some(Is(passing(PROTOCOL))),
        32..=99 => of_errno(code),
        _ => None,
    }
}

const OF_APPLE: &[&str] = &[
    "nsurl error domain code",
    "nsurl error domain error",
    "nsurl error domain:*",
    "nsurlerrordomain",
    "finished with error",
    "finished with error - code",
    "cf network code",
    "cf network error",
    "cfnetwork code",
    "cfnetwork error",
];

/// `NSURLError.h`, and the proxies of `CFNetworkErrors.h`.
fn of_apple(code: i64) -> Option<Trouble> {
    Some(match code {
        -999 => Is(CANCELLED),
        -1001 => Is(TIMEOUT_HEAD),
        -1003 | -1006 => Is(DNS),
        -1004 => Is(REFUSED),
        -1005 => Is(CLOSED),
        -1009 | -1020..=-1018 => Is(connect(UNREACHABLE)),
        -1007 | -1011 | -1017 => Is(PROTOCOL),
        306..=311 => Is(PROXY),
        -1012 | -1013 | -1205 | -1206 => Is(AUTH),
        -1200 => Is(TLS_OTHER),
        -1201 | -1204 => Is(TLS_EXPIRED),
        -1202 | -1203 => Is(TLS_UNTRUSTED),
        _ => return None,
    })
}

const OF_CHROMIUM: &[&str] = &["net error"];

/// `net_error_list.h`.
fn of_chromium(code: i64) -> Option<Trouble> {
    Some(match code {
        -3 => Is(CANCELLED),
        -7 => Is(TIMEOUT_HEAD),
        -21 | -100 | -324 => Is(CLOSED),
        -101 | -103 => Is(RESET),
        -102 | -104 => Is(REFUSED),
        -105 | -137 => Is(DNS),
        -106 | -109 => NoRoute,
        -118 => TimedOut,
        -107 | -113 => Is(TLS_OTHER),
        -200 => Is(TLS_NAME),
        -201 => Is(TLS_EXPIRED),
        -202 | -206 | -207 => Is(TLS_UNTRUSTED),
        -354 | -355 => Is(TRUNCATED),
        _ => return None,
    })
}

const OF_WINDOWS: &[&str] = &[
    "receive response",
    "send request",
    "error",
    "error code",
    "code",
    "winsock error",
    "winhttp error",
    "failed with",
    "returned",
];

/// Numbers so high that nothing but Windows means them: sockets and HTTP.
fn of_windows(code: i64) -> Option<Trouble> {
    Some(match code {
        10050..=10065 | 11001..=11004 => return of_errno(code),
        12002 => Is(TIMEOUT_HEAD),
        12007 => Is(DNS),
        12017 => Is(CANCELLED),
        12029 => Is(REFUSED),
        12030 | 12031 => Is(RESET),
        12037 => Is(TLS_EXPIRED),
        12038 => Is(TLS_NAME),
        12044 => Is(AUTH),
        12045 | 12057 | 12169 | 12170 => Is(TLS_UNTRUSTED),
        12152 | 12156 => Is(PROTOCOL),
        12157 | 12175 => Is(TLS_OTHER),
        12163 | 12164 => NoRoute,
        -2_147_483_648..=-2_146_000_000 => return of_hresult(code),
        _ => return None,
    })
}

/// `0x80072EE7` and its like, anywhere, and `0x00002EE7`, which is the same without its facility.
fn hexadecimal(words: Words<'_>) -> Option<Classification> {
    words
        .text
        .match_indices("0x")
        .take(64)
        .find_map(|(at, _)| {
            let (digits, behind) = words.text.get(at + 2..)?.split_at_checked(8)?;
            if behind.starts_with(|c: char| c.is_ascii_hexdigit()) {
                return None;
            }
            let code = u32::from_str_radix(digits, 16).ok().map(i64::from)?;
            match code {
                10_000..=13_000 => of_windows(code),
                0x8000_0000.. => of_hresult(code),
                _ => None,
            }
        })
        .map(|trouble| trouble.class(words))
}

/// `winerror.h`: sockets and HTTP in facility 7, Schannel in 9, certificates in 11.
fn of_hresult(code: i64) -> Option<Trouble> {
    // The same number is printed with and without a sign.
    let code = u32::try_from(code & 0xFFFF_FFFF).ok()?;
    Some(match code {
        0x8007_2714..=0x8007_2AFC | 0x8007_2EE0..=0x8007_2F9F => {
            let low = i64::from(code & 0xFFFF);
            return match low {
                12000.. => of_windows(low),
                _ => of_errno(low),
            };
        }
        0x800B_0101 | 0x8009_0328 => Is(TLS_EXPIRED),
        0x800B_010F | 0x8009_0322 => Is(TLS_NAME),
        0x800B_0109 | 0x800B_010A | 0x800B_010C | 0x800B_0112 | 0x8009_0325 | 0x8009_0327
        | 0x8009_2010 | 0x8009_2012 | 0x8009_2013 => Is(TLS_UNTRUSTED),
        0x8009_0300..=0x8009_03FF => Is(TLS_OTHER),
        _ => return None,
    })
}
