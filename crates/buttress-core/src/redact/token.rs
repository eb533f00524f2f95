//! What a secret looks like when nothing announces it.

/// The shortest token that is taken for a secret by its looks alone. Characters.
const SHORTEST: usize = 20;

/// The shortest piece of a JSON Web Token that tells anything. Characters.
const SHORTEST_JWT: usize = 12;

/// Prefixes that issuers give their keys, and the least that must follow.
const PREFIXES: &[(&str, usize)] = &[
    ("sk-", 6),
    ("sk_", 12),
    ("pk_", 12),
    ("rk_", 12),
    ("AIza", 8),
    ("AKIA", 12),
    ("ASIA", 12),
    ("ya29.", 8),
    ("GOCSPX-", 8),
    ("ghp_", 8),
    ("gho_", 8),
    ("ghu_", 8),
    ("ghs_", 8),
    ("ghr_", 8),
    ("github_pat_", 8),
    ("glpat-", 8),
    ("xoxa-", 8),
    ("xoxb-", 8),
    ("xoxe-", 8),
    ("xoxp-", 8),
    ("xoxr-", 8),
    ("xoxs-", 8),
    ("xapp-", 8),
    ("xai-", 12),
    ("hf_", 12),
    ("gsk_", 12),
    ("pplx-", 12),
    ("nvapi-", 12),
    ("r8_", 12),
    ("npm_", 12),
    ("pypi-", 12),
    ("dop_v1_", 12),
    ("whsec_", 12),
    // A private key, or a certificate, cut out of its block: what DER begins with.
    ("MII", 20),
    ("SG.", 12),
    ("AGE-SECRET-KEY-", 8),
    ("AQ.", 16),
    ("ABSK", 16),
    ("csk-", 16),
    ("tgp_v1_", 8),
    ("tvly-", 12),
    ("pcsk_", 12),
    ("lsv2_", 12),
    ("jina_", 16),
    ("e2b_", 16),
    ("esecret_", 8),
    ("hvs.", 12),
    ("hvb.", 12),
    ("glrt-", 12),
    ("gldt-", 12),
    ("glptt-", 12),
    ("glcbt-", 12),
    ("glsa_", 12),
    ("dckr_pat_", 8),
    ("doo_v1_", 12),
    ("dor_v1_", 12),
    ("shpat_", 12),
    ("shpss_", 12),
    ("figd_", 12),
    ("ntn_", 16),
    ("lin_api_", 12),
    ("sntrys_", 12),
    ("sntryu_", 12),
    ("sbp_", 16),
    ("sb_secret_", 8),
    ("ATATT3", 12),
    ("NRAK-", 12),
    ("PMAK-", 12),
    ("xoxc-", 8),
    ("xoxd-", 8),
    ("xoxe.", 8),
];

/// Prefixes of ids, which say which call it was and open nothing.
const IDS: &[&str] = &[
    "req_",
    "req-",
    "resp_",
    "msg_",
    "chatcmpl-",
    "cmpl-",
    "call_",
    "toolu_",
    "run_",
    "thread_",
    "asst_",
    "batch_",
    "gen-",
    "org-",
    "proj_",
    "cf-ray",
];

/// What stands before an id.
const ANNOUNCEMENTS: &[&str] = &[
    "request id",
    "request_id",
    "request-id",
    "requestid",
    "trace id",
    "trace_id",
    "trace-id",
    "traceid",
    "traceparent",
    "correlation id",
    "correlation-id",
    "correlation_id",
    "correlationid",
    "span id",
    "span_id",
    "activity id",
    "activityid",
    "cf-ray",
    "ray id",
    "cf_ray",
    "response id",
    "response_id",
    "generation id",
    "generation-id",
    "event id",
];

/// Whether `token` is a secret by its looks; `before` is the text that leads to it.
pub(super) fn is_secret(token: &str, before: &str) -> bool {
    let random = ends_in_uuid(token) || is_random(token) || has_long_hex(token);
    is_known(token) || (random && !is_id(token) && !is_announced(before))
}

/// Whether somebody issues tokens of this form.
pub(super) fn is_known(token: &str) -> bool {
    has_prefix(token) || is_jwt(token)
}

fn has_prefix(token: &str) -> bool {
    PREFIXES.iter().any(|(prefix, least)| {
        token
            .strip_prefix(prefix)
            .is_some_and(|rest| rest.len() >= *least)
    })
}

fn is_id(token: &str) -> bool {
    IDS.iter().any(|prefix| token.starts_with(prefix))
}

/// Parts of base64url, of which the first begins with `{"` (RFC 7519), or what was left of them.
fn is_jwt(token: &str) -> bool {
    token.starts_with("eyJ") && token.len() >= SHORTEST_JWT
}

/// 8-4-4-4-12 hexadecimal digits, alone or behind a prefix.
fn ends_in_uuid(token: &str) -> bool {
    let bytes = token.as_bytes();
    let Some((prefix, uuid)) = bytes.len().checked_sub(36).map(|at| bytes.split_at(at)) else {
        return false;
    };
    let alone = prefix.last().is_none_or(|b| !b.is_ascii_alphanumeric());
    alone
        && uuid.iter().enumerate().all(|(i, b)| match i {
            8 | 13 | 18 | 23 => *b == b'-',
            _ => b.is_ascii_hexdigit(),
        })
}

/// Whether a part of the token is 16 or more hexadecimal digits, letters among them.
fn has_long_hex(token: &str) -> bool {
    token.split(['-', '_']).any(|part| {
        part.len() >= 16
            && part.bytes().all(|b| b.is_ascii_hexdigit())
            && part.bytes().any(|b| b.is_ascii_digit())
            && part.bytes().any(|b| b.is_ascii_alphabetic())
    })
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Lower,
    Upper,
    Digit,
    Other,
}

/// Whether letters, capitals and digits change places so often that nobody named it so.
fn is_random(token: &str) -> bool {
    if token.len() < SHORTEST {
        return false;
    }
    let (mut changes, mut digits, mut letters, mut last) = (0, false, false, Class::Other);
    for b in token.bytes() {
        let class = match b {
            b'a'..=b'z' => Class::Lower,
            b'A'..=b'Z' => Class::Upper,
            b'0'..=b'9' => Class::Digit,
            _ => Class::Other,
        };
        digits |= class == Class::Digit;
        letters |= matches!(class, Class::Lower | Class::Upper);
        // A capital begins a word as a rule, and a mark joins two.
        let word = matches!((last, class), (Class::Upper, Class::Lower));
        if class != last && !word && class != Class::Other && last != Class::Other {
            changes += 1;
        }
        last = class;
    }
    digits && letters && changes >= 4 && changes * 5 >= token.len()
}

/// Whether the text before a token ends in a word for an id and nothing but marks.
fn is_announced(before: &str) -> bool {
    let before = before.trim_end_matches([' ', ':', '=', '"', '\'', '\\', '(', '[', ',', '<']);
    let at = before.len().saturating_sub(16);
    let near = before.as_bytes().get(at..).unwrap_or_default();
    ANNOUNCEMENTS.iter().any(|words| {
        near.len() >= words.len()
            && near
                .get(near.len() - words.len()..)
                .is_some_and(|end| end.eq_ignore_ascii_case(words.as_bytes()))
    })
}
