//! What is taken out.

use super::*;

#[test]
fn takes_out_what_stands_in_a_secret_place() {
    for (raw, want) in [
        // URLs
        ("https://u:p@h.example/", "https://[redacted]@h.example/"),
        (
            "see https://h.example/a?k=v#f, then",
            "see https://h.example/a?[redacted], then",
        ),
        (
            "(https://h.example/a?k=v)",
            "(https://h.example/a?[redacted])",
        ),
        (
            "(https://h.example/a?k=v)x",
            "(https://h.example/a?[redacted])x",
        ),
        (
            "[https://h.example/a?k=v]x",
            "[https://h.example/a?[redacted]]x",
        ),
        (
            "{https://h.example/a?k=v}x",
            "{https://h.example/a?[redacted]}x",
        ),
        (
            "'https://h.example/a?k=v'x",
            "'https://h.example/a?[redacted]'x",
        ),
        (
            "|https://h.example/a?k=v|x",
            "|https://h.example/a?[redacted]|x",
        ),
        ("api_key=https://canary/", "api_key=[redacted]"),
        ("https://h.example/a#f", "https://h.example/a#[redacted]"),
        ("https://h.example/a?", "https://h.example/a?"),
        (
            "https://[::1]:8443/a?x=y z",
            "https://[::1]:8443/a?[redacted] z",
        ),
        // Brackets around an address hide no space behind it.
        ("https://[::1]?k=v z", "https://[::1]?[redacted] z"),
        ("postgres://ann:pa/ss@db/x", "postgres://[redacted]"),
        (
            "proxy ann:pw@proxy.corp:3128 refused",
            "proxy [redacted]@proxy.corp:3128 refused",
        ),
        (
            "with url: /v1beta/models?key=abc (Caused by",
            "with url: /v1beta/models?[redacted] (Caused by",
        ),
        // A query without a name behind a path, or with one behind less than that.
        ("GET /v1/models?canary", "GET /v1/models?[redacted]"),
        ("GET models?k=canary", "GET models?[redacted]"),
        (
            "\"POST /v1/chat?k=abc HTTP/1.1\" 502",
            "\"POST /v1/chat?[redacted] HTTP/1.1\" 502",
        ),
        (
            "https://api.telegram.org/bot1234567:AAF-x9Kq2mZp7LtR4vWs8YbN1cDg5HjE3fU/getMe",
            "https://api.telegram.org/bot1234567:[redacted]/getMe",
        ),
        (
            "https://h.example/keys/550e8400-e29b-41d4-a716-446655440000/x",
            "https://h.example/keys/[redacted]/x",
        ),
        // Headers and assignments
        ("Authorization: Bearer canary", "Authorization: [redacted]"),
        (
            "authorization: canary1; retry",
            "authorization: [redacted]; retry",
        ),
        (
            "Proxy-Authorization: Basic Y2E=\r\nHost: h",
            "Proxy-Authorization: [redacted]  Host: h",
        ),
        (
            "Authorization: Digest username=\"ann\", response=\"canary\" x",
            "Authorization: [redacted] x",
        ),
        ("Cookie: a=1; b=canary; c=3 done", "Cookie: [redacted] done"),
        ("set-cookie=canary, x", "set-cookie=[redacted], x"),
        ("x-api-key:canary", "x-api-key:[redacted]"),
        // Neither more words than the value, nor what is listed behind it.
        (
            "authorization: canary1 retry",
            "authorization: [redacted] retry",
        ),
        (
            "authorization: canary \"retry\"",
            "authorization: [redacted] \"retry\"",
        ),
        ("password: canary, x=1", "password: [redacted], x=1"),
        ("(api_key=canary)", "(api_key=[redacted])"),
        (
            "OPENAI_API_KEY=canary cargo run",
            "OPENAI_API_KEY=[redacted] cargo run",
        ),
        ("a=1&client_secret=canary", "a=1&client_secret=[redacted]"),
        ("password: ca,na)ry!", "password: [redacted]"),
        ("X-Vault-Token: canary", "X-Vault-Token: [redacted]"),
        ("API key: canary", "API key: [redacted]"),
        // The word ends with what it stands in, and at no mark of its own.
        (
            r#"{"error":"bad password: canary"}"#,
            r#"{"error":"bad password: [redacted]"}"#,
        ),
        (
            r#"\"bad password: canary\", x"#,
            r#"\"bad password: [redacted]\", x"#,
        ),
        ("<b>api_key=canary</b>", "<b>api_key=[redacted]</b>"),
        (r"password: can\ary x", "password: [redacted] x"),
        // Somebody took out a part before.
        (
            "map[Cookie:[[redacted]] X-Api-Key:[canary]]",
            "map[Cookie:[[redacted]] X-Api-Key:[[redacted]]]",
        ),
        // Names of two words, and of many
        ("Access token: canary", "Access token: [redacted]"),
        ("Secret Access Key: canary", "Secret Access Key: [redacted]"),
        ("session id: canary", "session id: [redacted]"),
        (
            "The API key 'canary' is invalid",
            "The API key '[redacted]' is invalid",
        ),
        ("passwords: [canary] x", "passwords: [[redacted]] x"),
        ("apiKeys=canary x", "apiKeys=[redacted] x"),
        (
            "DD-APPLICATION-KEY: canary",
            "DD-APPLICATION-KEY: [redacted]",
        ),
        ("AccountKey=canary;Suffix=x", "AccountKey=[redacted]"),
        ("x-auth: canary x", "x-auth: [redacted] x"),
        ("got Bearer 'canary' x", "got Bearer '[redacted]' x"),
        // A date has a comma and spaces, and some attributes have no value.
        (
            "set-cookie: a=1; Expires=Wed, 21 Oct 2015 07:28:00 GMT; Secure, b=canary x",
            "set-cookie: [redacted] x",
        ),
        // A block that something is joined to.
        (
            "key=-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY----- x",
            "key=[redacted] x",
        ),
        (
            r"a\n-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----\n",
            r"a\n[redacted]\n",
        ),
        // Parameters of a path
        (
            "https://h.example/a;jsessionid=canary/b",
            "https://h.example/a;jsessionid=[redacted]/b",
        ),
        // In other escapes
        ("a=1&b=password%3Dcanary x", "a=1&b=password%3D[redacted] x"),
        (
            "%7B%22password%22%3a%22canary%22%7D x",
            "%7B%22password%22%3a[redacted] x",
        ),
        (
            "{&quot;password&quot;:&quot;canary&quot;} x",
            "{&quot;password&quot;:[redacted];} x",
        ),
        (
            "to=https%3A%2F%2Fann%3Acanary%40h%2Fa%3Fk%3Dcanary&x=1",
            "to=https%3A%2F%2F[redacted]%40h%2Fa%3F[redacted]&x=1",
        ),
        ("to=https%3a%2f%2fh%2fa x", "to=https%3a%2f%2fh%2fa x"),
        (
            "<password>canary</password>",
            "<password>[redacted]</password>",
        ),
        // An id in the form of a key
        (
            "see tok_550e8400-e29b-41d4-a716-446655440000",
            "see [redacted]",
        ),
        ("hvs.canarycanarycanary", "[redacted]"),
        ("AQ.canarycanarycanary", "[redacted]"),
        // JSON and Debug
        (
            r#"{"cookies": {"a": {"b": "canary"}, "c": "}canary"}, "x": 1}"#,
            r#"{"cookies": {[redacted]}, "x": 1}"#,
        ),
        (
            "{'cookies': {'a': 'canary', 'b': \"it's canary\"}, 'x': 1}",
            "{'cookies': {[redacted]}, 'x': 1}",
        ),
        (
            r#""authorization": [["a", "canary"], ["b", "canary"]], x"#,
            r#""authorization": [[redacted]], x"#,
        ),
        (
            r#"[{"name": "Authorization", "value": "Bearer canary"}]"#,
            r#"[{"name": "Authorization", "value": "[redacted]"}]"#,
        ),
        (
            r#"{"x-api-key":"ca\"nary","a":1}"#,
            r#"{"x-api-key":"[redacted]","a":1}"#,
        ),
        (
            r#""{\"cookie\":\"canary\",\"a\":1}""#,
            r#""{\"cookie\":\"[redacted]\",\"a\":1}""#,
        ),
        (
            "{'Authorization': 'Bearer canary', 'a': 1}",
            "{'Authorization': '[redacted]', 'a': 1}",
        ),
        (
            "{'Authorization': b'Bearer canary'}",
            "{'Authorization': b'[redacted]'}",
        ),
        (
            r#"("authorization", "canary")"#,
            r#"("authorization", "[redacted]")"#,
        ),
        (
            r#"Config { api_key: Some("canary"), a: 1 }"#,
            r#"Config { api_key: Some("[redacted]"), a: 1 }"#,
        ),
        (
            "map[Authorization:[Bearer canary] Host:[h]]",
            "map[Authorization:[[redacted]] Host:[h]]",
        ),
        (
            r#""set-cookie": ["a=canary", "b=]canary"], x"#,
            r#""set-cookie": [[redacted]], x"#,
        ),
        (r#"{"password"=>"canary"}"#, r#"{"password"=>"[redacted]"}"#),
        (r#"{"token": "canary"}"#, r#"{"token": "[redacted]"}"#),
        (r#"api_key: "canary"#, r#"api_key: "[redacted]"#),
        // Announced, and known by their looks
        ("got Bearer canary.", "got Bearer [redacted]."),
        ("got Bearer   canary", "got Bearer   [redacted]"),
        ("got Basic Y2FuYXJ5", "got Basic [redacted]"),
        // Base64 may have no digit, or no capital.
        ("got Basic YWJjOmRl", "got Basic [redacted]"),
        ("got Basic ab1cde", "got Basic [redacted]"),
        (
            "Incorrect API key provided: sk-abc***xyz.",
            "Incorrect API key provided: [redacted]",
        ),
        ("sk-ant-api03-canary", "[redacted]"),
        ("key AIzaSyCanary12 refused", "key [redacted] refused"),
        ("ghp_canarycanary", "[redacted]"),
        ("xoxb-123-456-canary", "[redacted]"),
        ("AKIAIOSFODNN7EXAMPLE", "[redacted]"),
        ("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "[redacted]"),
        (
            "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.canary_-x",
            "[redacted]",
        ),
        (
            "-----BEGIN PRIVATE KEY-----\nMIIcanary\n-----END PRIVATE KEY----- left",
            "[redacted] left",
        ),
        ("-----BEGIN PRIVATE KEY-----\nMIIcanary", "[redacted]"),
        // Twenty characters are enough.
        ("a1b2c3d4e5f6g7h8i9j0", "[redacted]"),
        ("hash 9f86d081884c7d659a2feaa0c55ad015", "hash [redacted]"),
        ("see canary_0123456789abcdef there", "see [redacted] there"),
        ("/v1/canary-00000000000000ff/x", "/v1/[redacted]/x"),
        ("API key provided: canary", "API key provided: [redacted]"),
        ("Invalid key: canary", "Invalid key: [redacted]"),
        // Command lines.
        (
            "login --password canary -v",
            "login --password [redacted] -v",
        ),
        ("--api-key 'can ary' x", "--api-key '[redacted]' x"),
        (
            "curl -u ann:canary https://a",
            "curl -u [redacted] https://a",
        ),
        ("--proxy-user ann:canary", "--proxy-user [redacted]"),
        (
            "docker login -u ann -p canary r",
            "docker login -u ann -p [redacted] r",
        ),
        ("tool -p canary -u ann", "tool -p [redacted] -u ann"),
        (
            "mysql -u root -pcanary -h db",
            "mysql -u root -p[redacted] -h db",
        ),
        (
            r#"["a","login","-p","canary","r"]"#,
            r#"["a","login","-p","[redacted]","r"]"#,
        ),
        (
            "machine a login b password canary",
            "machine a login b password [redacted]",
        ),
        ("using password 'canary'", "using password '[redacted]'"),
        // Other languages.
        ("Passwort: canary", "Passwort: [redacted]"),
        ("Mot de passe : canary", "Mot de passe : [redacted]"),
        ("Contraseña = canary", "Contraseña = [redacted]"),
        (
            r#"{"contraseña":"canary"}"#,
            r#"{"contraseña":"[redacted]"}"#,
        ),
        ("пароль: canary, x", "пароль: [redacted], x"),
        ("ПАРОЛЬ=canary", "ПАРОЛЬ=[redacted]"),
        ("密码：canary", "密码：[redacted]"),
        ("API-Schlüssel: canary", "API-Schlüssel: [redacted]"),
        ("API キー: canary", "API キー: [redacted]"),
        ("clé API : canary", "clé API : [redacted]"),
        ("clave API: canary", "clave API: [redacted]"),
        // What was cut out of its block.
        (
            "MIIEvQIBADANBgkqhkiG9w0BAQEF\n-----END",
            "[redacted] -----END",
        ),
        ("jwt eyJhbGciOiJIUzI", "jwt [redacted]"),
    ] {
        assert_eq!(text(raw), want, "{raw}");
        assert_eq!(text(want), want, "again: {want}");
    }
}
