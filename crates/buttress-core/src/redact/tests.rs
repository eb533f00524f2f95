mod places;
mod taken;

use super::*;
use proptest::prelude::*;

/// A secret without looks of its own, so that only its place can give it away.
const PLAIN: &str = "canary";

#[test]
fn leaves_what_is_no_secret_and_borrows_it() {
    for raw in [
        "",
        "connection reset by peer (os error 104)",
        "dial tcp [::1]:11434: connectex: refused",
        "https://api.example.com:8443/v1/chat/completions failed",
        "claude-3-5-sonnet-20241022 and anthropic.claude-3-5-sonnet-20241022-v2:0",
        "https://registry.npmjs.org/@types/node failed",
        "meta-llama/Llama-3.3-70B-Instruct-Turbo-Free",
        "GenerateRequestsPerDayPerProjectPerModel-FreeTier",
        "TLS13_AES_256_GCM_SHA384",
        "a1b2c3d4e5f6g7h8i9j",
        "ioErrorKindIsNotFoundYet",
        "/v1/A1b/C3d/e5F/g6H/i7",
        "request id: req_011CSHoEeqs5C35K2UUqR7Fy",
        "{\"request_id\":\"550e8400-e29b-41d4-a716-446655440000\"}",
        "x-request-id=550e8400-e29b-41d4-a716-446655440000",
        "cf-ray: 9c84b52ce87fbe62f1a2-SJC",
        "trace id 4bf92f3577b34da6a3ce929d0e0e4736",
        "resp_68a1b2c3d4e5f60718293a4b5c6d7e8f",
        "is it Bearer",
        "Missing bearer or basic authentication in header",
        "unexpected token: <",
        "missing key: model",
        "no value provided: x",
        "max_tokens: 100000 > 8192",
        "the authorization header is missing",
        "keyboard: us",
        "远程主机强迫关闭了一个现有的连接。",
        "at /usr/lib/python3.11/site-packages/httpx/_transports/default.py:72",
        "GET /v1/models?",
        "really? yes",
        "really?yes",
        // A name in quotes is assigned to when the quotes are around it alone.
        "{\"invalid token\": \"<\"}",
        "[\"/v1/token\", \"/v1/models\"]",
        "wrong password, try again",
        "{\"password\": \"\", \"user\": \"ann\"}",
        "idempotency-key: 12",
        // A name that is a value has none of its own.
        r#"{"param":"authorization","code":"missing"}"#,
        "invalid token: <",
        "max_tokens: 5, stop_tokens: x",
        "redirect_uri=https%3A%2F%2Fexample.com%2Fcb",
        "password authentication failed for user \"ann\"",
        "Access denied for user 'ann'@'localhost' (using password: YES)",
        "unknown option --password",
        "the --token flag is missing",
        "--password is required",
        "--password --verbose",
        // What is behind the name was taken out before.
        "--user ann:[redacted]",
        "ssh -p 2222 ann@db failed",
        "docker login: run -p 8080:80",
        "docker run --user 1000:1000 x",
        "mkdir -p a/b",
        "curl -u ann https://a",
        "Falsches Passwort",
        "пароль неверный",
        "密码错误：请重试",
        "contraseña incorrecta",
        "Schlüssel: a",
        "api: a",
    ] {
        assert!(
            matches!(text(raw), Cow::Borrowed(same) if same == raw),
            "{raw} became {}",
            text(raw)
        );
    }
}

#[test]
fn one_line_stays_one_line() {
    assert_eq!(text("a\nb\tc\r\nd\u{2028}e"), "a b c  d e");
    assert_eq!(
        text("a\u{0}b\u{1b}[31mc\u{7f}\u{9b}"),
        "a\u{fffd}b\u{fffd}[31mc\u{fffd}\u{fffd}"
    );
    assert_eq!(
        text("a\u{202e}b\u{2066}c\u{200f}"),
        "a\u{fffd}b\u{fffd}c\u{fffd}"
    );
}

#[test]
fn long_texts_are_cut_between_units() {
    let exact = "word ".repeat(LIMIT / 5) + "x";
    assert_eq!(exact.len(), LIMIT);
    assert!(matches!(text(&exact), Cow::Borrowed(_)));
    let long = exact + " and more";
    let cut = text(&long);
    let as_far_as_words_go = LIMIT - "word ".len() - MORE.len()..=LIMIT;
    assert!(as_far_as_words_go.contains(&cut.len()), "{}", cut.len());
    assert!(cut.ends_with(MORE));
    let longest = "a".repeat(LIMIT);
    assert_eq!(text(&longest), longest);
    // What is longer than that without a gap is no word, and hides what follows.
    let endless = "a".repeat(LIMIT + 1) + " api_key=canary";
    assert_eq!(text(&endless), MARK);
    // A secret on the cut does not show its beginning.
    for shift in 0..40 {
        let raw = format!("{} api_key=canary", "x".repeat(LIMIT - shift));
        assert!(!text(&raw).contains("can"), "{shift}");
    }
}

#[test]
fn urls_keep_what_a_person_needs() {
    for (raw, want) in [
        ("https://u:p@h.example:1/a/b?c=d", "https://h.example:1/a/b"),
        ("http://h.example", "http://h.example/"),
        ("http://[::1]:80/?q", "http://[::1]:80/"),
        ("/v1/models?key=k", "/v1/models"),
        ("*", "*"),
        (
            "https://h.example/sk-canary/x",
            "https://h.example/[redacted]/x",
        ),
    ] {
        assert_eq!(url(&raw.parse().unwrap()), want);
    }
}

#[test]
fn the_headers_that_carry_credentials_are_known() {
    for name in [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "x-auth-token",
        "x-amz-security-token",
        "ocp-apim-subscription-key",
        "x-functions-key",
        "x-csrf-token",
    ] {
        assert!(is_secret_header(&HeaderName::from_static(name)), "{name}");
    }
    for name in [
        "accept",
        "content-type",
        "idempotency-key",
        "www-authenticate",
        "x-request-id",
        "cf-ray",
        "retry-after",
        "sec-websocket-key",
        "anthropic-ratelimit-tokens-remaining",
        "host",
    ] {
        assert!(!is_secret_header(&HeaderName::from_static(name)), "{name}");
    }
}

#[test]
fn a_megabyte_costs_one_pass() {
    // Each unit begins something that a careless reader would look for the end of, again and again.
    for unit in [
        "a",
        " ",
        "é",
        "\"",
        "'",
        "api_key=",
        "cookie:\"",
        "authorization: [",
        "-----BEGIN ",
        "https://",
        "https://a@",
        "Bearer ",
        "a:b@",
        "?a=",
        "{\"cookie\":",
        "\\",
        "\n",
        "eyJ.",
        "password='",
        "cookie: a=1; ",
        "authorization: x=1, ",
    ] {
        let raw = unit.repeat((1 << 20) / unit.len());
        assert!(text(&raw).len() <= LIMIT, "{unit:?}");
    }
}
