//! What differs from one occurrence of an error to the next: addresses, hosts, ids, and names that
//! somebody gave to a piece of a program.

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

/// Endings of files of code.
const CODE: &[&str] = &[
    "c", "cc", "cjs", "cpp", "cs", "dart", "ex", "go", "java", "js", "kt", "lua", "mjs", "php",
    "pl", "pm", "py", "rb", "rs", "scala", "swift", "ts", "tsx",
];

/// What the names of parts of a program end with that no name of an error ends with.
const PARTS: &[&str] = &[
    "adapter",
    "checker",
    "controller",
    "detector",
    "dispatcher",
    "executor",
    "guard",
    "handler",
    "helper",
    "interceptor",
    "limiter",
    "manager",
    "middleware",
    "monitor",
    "plugin",
    "resolver",
    "scheduler",
    "tracker",
    "utils",
    "validator",
    "watcher",
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

/// Where in the run the name of a file of code begins, with or without a place in it:
/// `ERROR:src/timeout.rs:17`.
pub(super) fn file(run: &str) -> Option<usize> {
    let name = run.trim_end_matches(|c: char| c.is_ascii_digit() || c == ':');
    let (before, ending) = name.rsplit_once('.')?;
    let at = before.rfind(':').map_or(0, |at| at + 1);
    (at < before.len() && CODE.contains(&ending)).then_some(at)
}

/// Whether somebody called a part of a program so: `rateLimiter`, `overload_manager`.
pub(super) fn is_part(name: &str) -> bool {
    PARTS.iter().any(|part| {
        let Some((before, last)) = name.split_at_checked(name.len().wrapping_sub(part.len()))
        else {
            return false;
        };
        let begins = before.ends_with(['_', '-']) || last.starts_with(|c: char| c.is_uppercase());
        begins && !before.is_empty() && last.eq_ignore_ascii_case(part)
    })
}

/// Whether it is written as variables of the environment are: advice to set one is no error.
pub(super) fn is_setting(run: &str) -> bool {
    run.contains('_')
        && run
            .bytes()
            .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
}

/// What the names of members end with whose numbers tell what happened.
const TELLING: &[&str] = &["code", "errno", "error", "no", "param", "status", "type"];

/// Whether the name between quotes is that of a setting or of an amount: `"timeout":60000`,
/// `"proxyUrl":"http://..."`, `"rateLimit":false`. What it is called happened to nobody. `after` is
/// what stands behind it.
pub(super) fn is_setting_of(name: &str, quote: char, after: &str) -> bool {
    let unescaped = after.strip_prefix('\\').unwrap_or(after);
    let Some(value) = unescaped
        .strip_prefix(quote)
        .and_then(|rest| rest.trim_start().strip_prefix(':'))
    else {
        return false;
    };
    let value = value.trim_start_matches([' ', '\\', '"', '\'']);
    let url = ["http://", "https://", "ws://", "wss://", "socks"]
        .iter()
        .any(|scheme| value.starts_with(scheme));
    let nothing = ["false", "False", "null", "None"]
        .iter()
        .any(|nothing| value.starts_with(nothing));
    let number = value
        .trim_start_matches('-')
        .starts_with(|c: char| c.is_ascii_digit());
    let name = name.to_ascii_lowercase();
    url || nothing || (number && !TELLING.iter().any(|end| name.ends_with(end)))
}

pub(super) fn points_to_filter(address: &str) -> bool {
    let host = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (host, _) = host.split_once(['/', '?']).unwrap_or((host, ""));
    host.split(['.', '@', ':'])
        .any(|label| FILTERS.contains(&label))
}
