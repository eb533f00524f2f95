//! The form that rules are written against.

use crate::classify::text::normal::{self, normal};

#[test]
fn spellings_of_one_thing_become_one() {
    for raw in [
        "ReadTimeout",
        "READ_TIMEOUT",
        "read-timeout",
        "Read\n  timeout",
        "read\u{a0}Timeout",
    ] {
        assert_eq!(normal(raw).trim(), "read timeout", "{raw}");
    }
    for (raw, want) in [
        ("ECONNRESET", "econnreset"),
        ("SSLError", "ssl error"),
        ("HTTPSConnectionPool", "https connection pool"),
        (
            "requests.exceptions.ConnectTimeout:",
            "requests.exceptions.connect timeout:",
        ),
        ("IP SANs", "ip sans"),
        ("HTTP/2", "http/2"),
        ("net::ERR_TIMED_OUT", "net::err timed out"),
        ("errno: -104", "errno: -104"),
        ("Code=-1001", "code=-1001"),
        ("isn\u{2019}t", "isn't"),
        ("{\\\"error\\\":\\\"a\\nb\\\"}", "{\"error\":\"a b\"}"),
        ("GPT-4o", "gpt-4o"),
        // Escapes of JSON that some writers put where none is needed, and what is no escape.
        ("character '\\u003c' \\u62d2\\u7d55", "character '<' 拒絕"),
        ("C:\\users\\udead", "c:\\users\\udead"),
        ("cut \\u00", "cut \\u00"),
        // What a terminal draws around a text.
        (
            "╭──╮\n│ connection reset │\n│ by peer          │\n╰──╯",
            "connection reset by peer",
        ),
        (
            "│ Error: socket hang up    │\n│     at badGateway (x:1:1) │",
            "error: socket hang up",
        ),
    ] {
        assert_eq!(normal(raw).trim(), want, "{raw}");
    }
}

#[test]
fn the_names_of_settings_and_amounts_tell_nothing() {
    for (raw, want) in [
        (
            r#"{"timeout":60000,"maxRedirects": 5}"#,
            r#"{"@":60000,"@": 5}"#,
        ),
        (
            r#"{"proxy":false,"rateLimit":null}"#,
            r#"{"@":false,"@":null}"#,
        ),
        (r#"{"proxyUrl":"http://10.0.0.1:3128"}"#, r#"{"@":"@"}"#),
        ("{'idle_timeout': 30.5}", "{'@': 30.5}"),
        (r#"{\"timeoutMs\":30000}"#, r#"{"@":30000}"#),
        (r#"{"timeout":"30s"}"#, r#"{"@":"30s"}"#),
        // What numbers a failure, what is so, and what is said of it.
        (r#"{"errorCode":-104}"#, r#"{"error code":-104}"#),
        (r#"{"status":429}"#, r#"{"status":429}"#),
        (r#"{"timedOut":true}"#, r#"{"timed out":true}"#),
        (r#"{"timeout":"reached"}"#, r#"{"timeout":"reached"}"#),
        (r#""timeout": it was"#, r#""timeout": it was"#),
        ("timeout: 60000", "timeout: 60000"),
    ] {
        assert_eq!(normal(raw).trim(), want, "{raw}");
    }
}

#[test]
fn what_differs_between_occurrences_is_masked() {
    for (raw, want) in [
        (
            "Post \"https://timeout.example.com:1/reset?a=b\": EOF",
            "post \"@\": eof",
        ),
        ("url=http://a/b, then", "url=@ then"),
        ("connect ETIMEDOUT 10.0.0.1:443", "connect etimedout @"),
        ("to 10.0.0.1:502: broken", "to @: broken"),
        ("[2001:db8::1]:443", "[@]:443"),
        ("at 12:34:56", "at @"),
        (
            "lookup proxy.corp on 127.0.0.53:53: no",
            "lookup @ on @: no",
        ),
        ("localhost/127.0.0.1:8080", "@"),
        (
            "metric: a.googleapis.com/b_requests_per_minute, limit",
            "metric: @ b requests per minute, limit",
        ),
        ("a.googleapis.com/v1/b_c", "@"),
        ("url: /v1/timeout (", "url: @ ("),
        ("</title>", "</title>"),
        ("read/write", "read/write"),
        ("socket.timeout", "socket.timeout"),
        ("java.net.SocketException", "java.net.socket exception"),
        ("nginx/1.27.0", "nginx/1.27.0"),
        ("req_a1EOF2b3EOF4c5d", "@"),
        ("id 9c84b52ce87fbe62-SJC", "id @"),
        ("error:0A000086:SSL", "error:0a000086:ssl"),
        ("SEC_E (0x80090325)", "sec e (0x80090325)"),
        // Files of code, with a place in them or without.
        ("openai/_base_client.py: odd", "@: odd"),
        ("(rate-limit.mjs:42)", "(@)"),
        (
            "while reading:ssl/record/rec_layer_s3.c:316:",
            "while reading:@:",
        ),
        ("proxy.go:12: x", "@: x"),
        ("requests.get", "requests.get"),
        (".rs", ".rs"),
        // Frames of a trace whose lines were joined.
        (
            "aborted at TLSSocket.socketCloseListener (node:_http_client:460:19) { x",
            "aborted @ { x",
        ),
        ("boom at async rateLimit (file:///a/b.mjs:3:1)", "boom @"),
        ("boom at QuotaFilter.check", "boom @"),
        (
            "x at com.a.RateLimitFilter.<init>(RateLimitFilter.java:3) y",
            "x @ y",
        ),
        ("at capacity (100/100)", "at capacity (100/100)"),
        ("at capacity (since 12:04)", "at capacity (since 12:04)"),
        // Who speaks.
        ("rateLimiter: lost", "@: lost"),
        ("[rate-limit-handler] lost", "[@] lost"),
        ("ERROR:app.overload_manager:lost", "error:app.@:lost"),
        ("c.e.TimeoutHandler - lost", "c.e.@ - lost"),
        ("thread 'dns-resolver' panicked", "thread '@' panicked"),
        ("by the rate-limiter", "by the rate limiter"),
        ("RateLimiter 'a' is full", "rate limiter 'a' is full"),
        (
            "[ECONNRESET] InvalidToken: x",
            "[econnreset] invalid token: x",
        ),
        ("handler: lost", "handler: lost"),
        ("see https://login.zscloud.net/x", "see @blockpage"),
    ] {
        assert_eq!(normal(raw).trim(), want, "{raw}");
    }
}

#[test]
fn what_is_left_out_joins_no_messages() {
    for (raw, facts) in [
        (
            "Forbidden. See the docs | Rate limit | ",
            "forbidden. | rate limit | ",
        ),
        (
            "Forbidden | See the docs | Rate limit",
            "forbidden | | rate limit ",
        ),
        ("Forbidden | Check it | ", "forbidden | | "),
        ("See the docs | | Rate limit", " | | rate limit "),
    ] {
        assert_eq!(normal::facts(raw).as_deref(), Some(facts), "{raw}");
    }
}
