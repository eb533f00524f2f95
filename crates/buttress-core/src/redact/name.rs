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
    "passwort",
    "kennwort",
    "motdepasse",
    "contrasena",
    "senha",
    "wachtwoord",
    "salasana",
    "parola",
    "heslo",
    "haslo",
    "lozinka",
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

/// Names of passwords and keys that other languages write with other letters.
const FOREIGN: &[&str] = &[
    "contraseña",
    "lösenord",
    "hasło",
    "jelszó",
    "şifre",
    "mật khẩu",
    "api-schlüssel",
    "пароль",
    "密码",
    "密碼",
    "口令",
    "密钥",
    "密鑰",
    "令牌",
    "パスワード",
    "apiキー",
    "비밀번호",
    "암호",
    "κωδικός",
    "סיסמה",
    "كلمة المرور",
];
/// What means a key of an API behind `API`.
const KEYS: &[&str] = &["schlüssel", "キー", "키"];

/// How long the name in another script is that `text` begins with.
pub(super) fn foreign(text: &str, before: &str) -> Option<usize> {
    if before.ends_with(|c: char| c.is_alphabetic() && c.is_ascii()) {
        return None;
    }
    let at = before.len().checked_sub("api ".len());
    let api = at.and_then(|at| before.get(at..));
    let keys = match api {
        Some(api) if api.eq_ignore_ascii_case("api ") => KEYS,
        _ => &[],
    };
    FOREIGN
        .iter()
        .chain(keys)
        .find_map(|name| same_letters(text, name))
}

/// How long what `text` begins with is if it is this name in either case.
fn same_letters(text: &str, name: &str) -> Option<usize> {
    let mut chars = text.chars();
    let mut len = 0;
    for want in name.chars() {
        let c = chars.next()?;
        if !c.to_lowercase().eq([want]) {
            return None;
        }
        len += c.len_utf8();
    }
    Some(len)
}

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
