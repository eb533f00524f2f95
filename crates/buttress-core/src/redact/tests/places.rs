//! No secret is left wherever it stands, and what is redacted stays as it is.

use super::*;

/// Places from which nothing may come through, whatever it is.
fn places() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "Authorization",
        "authorization",
        "Proxy-Authorization",
        "Cookie",
        "Set-Cookie",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "API_KEY",
        "password",
        "client_secret",
        "refreshToken",
    ]);
    let frame = prop::sample::select(vec![
        "{n}: {c}",
        "{n}:{c}",
        "{n}={c}",
        "{n} = {c}",
        "\"{n}\":\"{c}\"",
        "\"{n}\": \"{c}\"",
        "'{n}': '{c}'",
        "\\\"{n}\\\":\\\"{c}\\\"",
        "\"{n}\": [\"x\", \"{c}\"]",
        "(\"{n}\", \"{c}\")",
        "{n}: \"{c}\"",
        "{n}: Some(\"{c}\")",
        "{n}:[{c}]",
        "\"{n}\"=>\"{c}\"",
        "{n}: Bearer {c}",
        "{n}:\n{c}",
        "\"{n}\": b\"{c}\"",
        "{n}%3D{c}",
        "%22{n}%22%3A%22{c}%22",
        "&quot;{n}&quot;:&quot;{c}&quot;",
        "<{n}>{c}</{n}>",
        "\"{n}\": {\"a\": [\"{c}\"]}",
        "\"name\":\"{n}\",\"value\":\"{c}\"",
    ]);
    let named = (name, frame)
        .prop_filter(
            "a scheme has its place in authorizations",
            |(name, frame)| {
                !frame.contains("Bearer") || name.to_lowercase().contains("authorization")
            },
        )
        .prop_map(|(name, frame)| frame.replace("{n}", name));
    let other = prop::sample::select(vec![
        "https://{c}@h.example/a",
        "https://u:{c}@h.example",
        "https://{c}:p@h.example:1/",
        "https://h.example/a?{c}",
        "https://h.example/?a=b&k={c}",
        "https://h.example/a#{c}",
        "https://h.example?k={c}",
        "socks5://u:{c}@h:1080",
        "/v1/models?key={c}",
        "u:{c}@h:3128",
        "Bearer {c}",
        "bearer\t{c}",
        "Authorization: Basic {c}",
        "sk-{c}{c}",
        "sk-ant-{c}{c}",
        "AIza{c}{c}",
        "ghp_{c}{c}",
        "xoxb-{c}{c}",
        "eyJhbGciOiJIUzI1NiJ9.{c}.{c}",
        "-----BEGIN RSA PRIVATE KEY-----\n{c}\n-----END RSA PRIVATE KEY-----",
        "Cookie: a=1; b={c}",
        "cookie: {c}; a=1; b={c}",
        "--password {c} -v",
        "--token '{c}'",
        "curl -u ann:{c} x",
        "\"--password\",\"{c}\"",
        "login -p {c} r",
        "passwort: {c}",
        "contraseña = {c}",
        "密码：{c}",
        "\"пароль\":\"{c}\"",
    ])
    .prop_map(str::to_owned);
    prop_oneof![named, other]
}

/// What may stand around a place.
fn surroundings() -> impl Strategy<Value = String> {
    prop::sample::select(vec![
        "",
        " ",
        "error: ",
        "GET ",
        "(",
        ") ",
        "\n",
        "{\"a\":1,",
        "} ",
        "request failed, ",
        "; ",
        "\u{1b}",
        "远程 ",
        " status 502 ",
    ])
    .prop_map(str::to_owned)
}

/// What the random places below have met.
#[test]
fn what_is_redacted_behind_a_name_stays_as_it_is() {
    for raw in [
        "-u 密码://",
        "-u 密码:hunter2",
        "--user ann:[redacted]",
        "basic \\authorization%3A%2F%2FExpires= GMTauthorization",
    ] {
        let once = text(raw).into_owned();
        assert!(
            once.contains("[redacted]") && !once.contains("hunter2"),
            "{once}"
        );
        assert_eq!(text(&once), once);
    }
}

proptest! {
    #[test]
    fn no_canary_comes_through(
        place in places(),
        before in surroundings(),
        after in surroundings(),
        canary in "[a-zA-Z][a-zA-Z0-9]{5,24}",
    ) {
        prop_assume!(!PROSE.iter().any(|word| canary.eq_ignore_ascii_case(word)));
        let secret = format!("QZ{canary}");
        let raw = format!("{before}{}{after}", place.replace("{c}", &secret));
        let clean = text(&raw);
        prop_assert!(!clean.contains(&secret), "{raw:?} became {clean:?}");
        prop_assert_eq!(text(&clean).into_owned(), clean.into_owned());
    }

    #[test]
    fn again_changes_nothing(parts in prop::collection::vec(fragments(), 0..24)) {
        let raw = parts.concat();
        let once = text(&raw).into_owned();
        let twice = text(&once).into_owned();
        prop_assert_eq!(&twice, &once, "from {:?}", raw);
        prop_assert!(once.len() <= LIMIT);
        prop_assert!(!once.chars().any(char::is_control));
    }

    #[test]
    fn any_text_will_do(raw in any::<String>()) {
        let once = text(&raw).into_owned();
        prop_assert_eq!(text(&once).into_owned(), once);
    }
}

const PROSE: &[&str] = &["header", "format", "scheme", "string"];

/// Pieces of everything the module looks for.
fn fragments() -> impl Strategy<Value = String> {
    prop_oneof![
        40 => prop::sample::select(vec![
            "authorization", "cookie", "api_key", "password", "token", "Bearer ", "basic ", ":", "=", " ",
            "\"", "'", "\\", "[", "]", "(", ")", "{", "}", ",", ";", "://", "https://", "/", "?", "#", "@",
            "&", "[redacted]", "…", "\n", "Some(", "b", "=>", "sk-canary1", "eyJa.b.cdefghijklmnopqrst",
            "-----BEGIN ", "-----END X-----", "a1b2c3d4e5f6a7b8c9d0", PLAIN, ".", "-", "%", "request id ",
            "api key", "access", "key", "%3A%2F%2F", "%40", "%3f", "%22", "&quot;", "value", "Expires=", " GMT",
            "-p", "--password ", "-u ", "login ", "密码", "：", "pass",
            "secure", "550e8400-e29b-41d4-a716-446655440000", "\u{0}", "é", "*", "+", "|", "<", "`",
        ]).prop_map(str::to_owned),
        10 => "[a-zA-Z0-9]{1,8}",
        1 => Just("x ".repeat(2040)),
    ]
}
