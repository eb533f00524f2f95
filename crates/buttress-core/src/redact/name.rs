//! Names of secrets.

/// How names of secrets end, whatever stands before and however their words are joined:
/// `x-goog-api-key`, `OPENAI_API_KEY` and `apiKey` all end in `apikey`.
const ENDINGS: &[&str] = &[
    "authorization",
    "authentication",
    "cookie",
    "apikey",
    "accesskey",
    "accesskeyid",
    "secretkey",
    "privatekey",
    "subscriptionkey",
    "functionskey",
    "masterkey",
    "authkey",
    "accountkey",
    "applicationkey",
    "appkey",
    "sharedkey",
    "licensekey",
    "signingkey",
    "encryptionkey",
    "accesstoken",
    "authtoken",
    "refreshtoken",
    "idtoken",
    "bearertoken",
    "sessiontoken",
    "securitytoken",
    "csrftoken",
    "xsrftoken",
    "apitoken",
    "secret",
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "assertion",
    "codeverifier",
    "phpsessid",
    "connectionstring",
    "sessionid",
    "bearer",
];

/// Names that are also words: they count in headers and where a value is plainly assigned.
const WORDS: &[&str] = &[
    "token",
    "signature",
    "credential",
    "credentials",
    "pwd",
    "jwt",
    "sig",
    "session",
    "sid",
    "pass",
    "auth",
    "otp",
    "creds",
];

/// Whether the value under this name is a secret.
pub(super) fn is_secret(name: &str) -> bool {
    is_certain(name) || is_word(name)
}

/// Whether it is one even where the name could be a word of prose.
pub(super) fn is_certain(name: &str) -> bool {
    // `passwords`, `apiKeys`: never `max_tokens`, which is among the words.
    let one = name.strip_suffix(['s', 'S']).unwrap_or(name);
    ENDINGS
        .iter()
        .any(|ending| ends_with(name, ending) || ends_with(one, ending))
        || (name.contains(['-', '_']) && is_word(name))
}

/// Whether the name is one of [`WORDS`], alone or after a mark: not `maxtoken`.
fn is_word(name: &str) -> bool {
    WORDS.iter().any(|word| {
        ends_with(name, word)
            && name
                .len()
                .checked_sub(word.len() + 1)
                .and_then(|at| name.as_bytes().get(at))
                .is_none_or(|before| matches!(before, b'-' | b'_'))
    })
}

/// Whether the value is a list of assignments: `a=1; b=2`.
pub(super) fn is_cookie(name: &str) -> bool {
    ends_with(name, "cookie")
}

/// Whether the value may begin with a scheme: `Digest username="ann", ...`.
pub(super) fn has_scheme(name: &str) -> bool {
    ends_with(name, "authorization") || ends_with(name, "authentication")
}

/// Whether the name ends so, in any case and with any joining marks.
fn ends_with(name: &str, ending: &str) -> bool {
    let mut left = name
        .bytes()
        .rev()
        .filter(|b| !matches!(b, b'-' | b'_'))
        .map(|b| b.to_ascii_lowercase());
    ending.bytes().rev().all(|b| left.next() == Some(b))
}
