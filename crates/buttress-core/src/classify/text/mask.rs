//! What differs from one occurrence of an error to the next: addresses, hosts, ids.

/// Endings of host names, beside all of two letters.
const DOMAINS: &[&str] = &[
    "app",
    "arpa",
    "cloud",
    "com",
    "corp",
    "dev",
    "edu",
    "example",
    "gov",
    "home",
    "host",
    "internal",
    "invalid",
    "lan",
    "land",
    "local",
    "localdomain",
    "net",
    "org",
    "svc",
    "test",
    "tech",
    "xyz",
];

/// Vendors of filters whose block pages are known by the hosts they link to.
const FILTERS: &[&str] = &[
    "fortinet",
    "forcepoint",
    "netskope",
    "opendns",
    "radware",
    "websense",
    "zscaler",
    "zscloud",
    "zscalerone",
    "zscalertwo",
    "zscalerthree",
];

/// Hosts with a dot, addresses of both versions, with or without a port, and times of day.
pub(super) fn is_address(run: &str) -> bool {
    let (first, _) = run.split_once('/').unwrap_or((run, ""));
    let (host, port) = match first.rsplit_once(':') {
        Some((host, port)) if is_number(port) && !host.contains(':') => (host, true),
        _ => (first, false),
    };
    is_v4(host) || is_v6(first) || is_host(host, port)
}

/// The name of a limit of Google's: `service.googleapis.com/requests_per_minute` is no address.
pub(super) fn metric(run: &str) -> Option<&str> {
    let (host, name) = run.split_once(".googleapis.com/")?;
    let is_name = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    (!host.contains('/') && name.contains('_') && name.bytes().all(is_name)).then_some(name)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_v4(text: &str) -> bool {
    text.split('.').count() == 4
        && text
            .split('.')
            .all(|part| part.len() <= 3 && is_number(part))
}

fn is_v6(text: &str) -> bool {
    text.matches(':').count() >= 2
        && text
            .split(':')
            .all(|part| part.len() <= 5 && part.bytes().all(|b| b.is_ascii_hexdigit() || b == b'.'))
}

fn is_host(text: &str, port: bool) -> bool {
    if text == "localhost" {
        return true;
    }
    let label = |label: &str| {
        !label.is_empty()
            && !label.starts_with('-')
            && label
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    let Some((_, last)) = text.rsplit_once('.') else {
        return false;
    };
    let letters = last.bytes().all(|b| b.is_ascii_lowercase());
    text.split('.').all(label) && letters && (last.len() == 2 || port || DOMAINS.contains(&last))
}

/// Whether letters and digits change places so often that it is no name that somebody gave.
pub(super) fn is_id(name: &str) -> bool {
    if name.len() < 12 || name.starts_with("0x") {
        return false;
    }
    let flips = name
        .as_bytes()
        .windows(2)
        .filter(|pair| match pair {
            [a, b] => {
                (a.is_ascii_digit() && b.is_ascii_alphabetic())
                    || (a.is_ascii_alphabetic() && b.is_ascii_digit())
            }
            _ => false,
        })
        .count();
    flips >= 4
}

/// Whether it is written as variables of the environment are: advice to set one is no error.
pub(super) fn is_setting(run: &str) -> bool {
    run.contains('_')
        && run
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

pub(super) fn points_to_filter(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, _) = host.split_once(['/', '?']).unwrap_or((host, ""));
    host.split(['.', '@', ':'])
        .any(|label| FILTERS.contains(&label))
}
