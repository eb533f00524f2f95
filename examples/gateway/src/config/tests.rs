use super::*;
use crate::providers::PROVIDERS;
use crate::stack::RepeatPosts;
use buttress_core::FailureKind;
use buttress_llm::{AnswerLayer, Streams};

fn build(text: &str) -> Result<Config, String> {
    let draft = Draft::default().read(text).map_err(|e| e.to_string())?;
    draft.build().map_err(|error| {
        FileError::field(text, &error).map_or_else(|| error.to_string(), |e| e.to_string())
    })
}

fn route_of<'c>(config: &'c Config, path: &str) -> &'c Route {
    let found = config.routes.iter().find(|r| r.prefix.to_string() == path);
    found.unwrap_or_else(|| panic!("no {path}"))
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn an_empty_file_is_the_defaults() {
    let config = build("").unwrap();
    assert_eq!(config.listen.to_string(), "127.0.0.1:4100");
    assert_eq!(config.routes.len(), PROVIDERS.len());
    assert_eq!(config.connect, 10 * SECOND);
    assert_eq!(config.shutdown, 30 * SECOND);
    assert_eq!(config.memory.left(), 256 << 20);
    let limits = &route_of(&config, "/openai").limits;
    assert_eq!(limits.retry.attempts(), 10);
    assert_eq!(limits.attempt.head(), Some(600 * SECOND));
    assert_eq!(limits.attempt.idle(), Some(300 * SECOND));
    assert_eq!(limits.attempt.total(), None);
    assert_eq!(limits.total.total(), None);
    assert_eq!(limits.replay, 64 << 20);
    assert!(limits.resume.budget().is_some());
    // A hundred calls at once may be tried as often as each may.
    let further = limits.retry.attempts() - 1;
    assert!(limits.retry.budget().unwrap().balance() >= f64::from(100 * further));
}

#[test]
fn the_example_of_the_documentation_is_one() {
    let docs = include_str!("mod.rs");
    let (_, rest) = docs.split_once("```toml\n").unwrap();
    let (toml, _) = rest.split_once("//! ```\n").unwrap();
    let toml: String = toml
        .lines()
        .map(|line| format!("{}\n", line.trim_start_matches("//!").trim_start()))
        .collect();
    let config = build(&toml).unwrap();
    let sglang = route_of(&config, "/sglang");
    assert_eq!(sglang.upstream.to_string(), "http://10.0.0.7:30000");
    assert_eq!(sglang.limits.repeat, RepeatPosts::All);
    assert_eq!(sglang.limits.attempt.idle(), Some(600 * SECOND));
    assert_eq!(
        route_of(&config, "/").upstream.to_string(),
        "http://127.0.0.1:30000"
    );
}

#[test]
fn the_file_of_the_guide_is_one_and_names_the_defaults() {
    let guide = include_str!("../../../../docs/gateway.md");
    let (_, rest) = guide.split_once("```toml\n").unwrap();
    let (toml, _) = rest.split_once("```\n").unwrap();
    let (told, default) = (build(toml).unwrap(), build("").unwrap());
    assert_eq!(
        (told.listen, told.connect),
        (default.listen, default.connect)
    );
    assert_eq!(told.shutdown, default.shutdown);
    assert_eq!(told.memory.left(), default.memory.left());
    let limits = |config: &Config| format!("{:?}", route_of(config, "/openai").limits);
    assert_eq!(limits(&told), limits(&default));
    assert_eq!(route_of(&told, "/sglang").limits.repeat, RepeatPosts::All);
}

#[test]
fn a_route_has_what_it_does_not_say_from_the_top() {
    let config = build(
        r#"
            providers = false
            retry_post = "never"
            [[route]]
            path = "/a"
            upstream = "http://a"
            retry = { attempts = 2 }
            [[route]]
            path = "/b"
            upstream = "http://b/v1"
            retry_post = "always"
            [route.timeout]
            total = "9s"
            [retry]
            attempts = 7
            elapsed = "30s"
            [timeout]
            head = "6s"
            first_frame = "4s"
            idle = "5s"
            min_rate = { bytes = 10, per = "3s" }
        "#,
    )
    .unwrap();
    assert_eq!(config.routes.len(), 2);
    let (a, b) = (
        &route_of(&config, "/a").limits,
        &route_of(&config, "/b").limits,
    );
    assert_eq!((a.retry.attempts(), b.retry.attempts()), (2, 7));
    assert_eq!(a.retry.elapsed(), 30 * SECOND);
    assert_eq!((a.repeat, b.repeat), (RepeatPosts::None, RepeatPosts::All));
    assert_eq!((a.total.total(), b.total.total()), (None, Some(9 * SECOND)));
    for limits in [a, b] {
        let attempt = &limits.attempt;
        let waits = [attempt.head(), attempt.first_frame(), attempt.idle()];
        assert_eq!(waits, [6, 4, 5].map(|seconds| Some(seconds * SECOND)));
        let least = attempt.min_rate().unwrap();
        assert_eq!((least.bytes(), least.per()), (10, 3 * SECOND));
        assert_eq!(limits.attempt.total(), None);
    }
}

#[test]
fn memory_and_streams_are_as_the_file_says() {
    for (file, total, request, streams) in [
        ("", 256, 64, Streams::new()),
        ("[memory]\ntotal = 9", 9, 64, Streams::new()),
        ("[memory]\nrequest = 7", 256, 7, Streams::new()),
        (
            "[llm]\nreplay = false",
            256,
            64,
            Streams::new().replay(false),
        ),
        (
            "[llm]\nprefill = true",
            256,
            64,
            Streams::new().prefill(true),
        ),
        (
            "[llm]\nmax_kept = 4096",
            256,
            64,
            Streams::new().max_kept(4096),
        ),
    ] {
        let config = build(file).unwrap();
        assert_eq!(config.memory.left(), total << 20, "{file}");
        let limits = &route_of(&config, "/openai").limits;
        assert_eq!(limits.replay, request << 20, "{file}");
        let (found, expected) = (format!("{:?}", limits.streams), format!("{streams:?}"));
        assert_eq!(found, expected, "{file}");
    }
}

#[test]
fn answers_are_held_as_the_file_says() {
    for (file, expected) in [
        ("", AnswerLayer::new()),
        (
            "[llm]\nmax_events = 2048",
            AnswerLayer::new().max_events(2048),
        ),
        (
            "[llm]\nmax_document = 9",
            AnswerLayer::new().max_document(9),
        ),
        (
            "[llm]\nmax_wait = \"7s\"",
            AnswerLayer::new().max_wait(7 * SECOND),
        ),
    ] {
        let config = build(file).unwrap();
        let found = format!("{:?}", route_of(&config, "/openai").limits);
        assert!(found.contains(&format!("{expected:?}")), "{file}: {found}");
    }
}

#[test]
fn each_upstream_has_one_budget() {
    let file = "[budget]\nreserve = 3\n[[route]]\npath = \"/a\"\nupstream = \"http://a\"";
    let config = build(file).unwrap();
    let openai = &route_of(&config, "/openai").limits;
    let budget = openai.retry.budget().unwrap();
    assert_eq!(budget.reserve(), 3);
    let resumes = openai.resume.budget().unwrap();
    let permit = resumes.withdraw(FailureKind::ConnectionReset).unwrap();
    assert!(budget.balance() < 3.0);
    for other in ["/groq", "/a"] {
        let other = route_of(&config, other).limits.retry.budget().unwrap();
        assert_eq!((other.reserve(), other.balance()), (3, 3.0));
    }
    drop(permit);
}

#[test]
fn routes_to_one_upstream_share_its_budget() {
    let route =
        |path, upstream| format!("[[route]]\npath = \"{path}\"\nupstream = \"{upstream}\"\n");
    let file = [
        "[budget]\nreserve = 3\n",
        &route("/v1", "http://a/v1"),
        &route("/v2", "HTTP://A:80/v2"),
        &route("/tls", "https://a"),
        &route("/port", "http://a:8000"),
        &route("/again", "https://api.OpenAI.com/v1"),
    ];
    let config = build(&file.concat()).unwrap();
    let left = |path| {
        route_of(&config, path)
            .limits
            .retry
            .budget()
            .unwrap()
            .balance()
    };
    let withdraw = |path| {
        let resumes = route_of(&config, path).limits.resume.budget().unwrap();
        resumes.withdraw(FailureKind::ConnectionReset).unwrap()
    };
    let permits = (withdraw("/v1"), withdraw("/openai"));
    for (path, shares) in [
        ("/v2", true),
        ("/again", true),
        ("/tls", false),
        ("/port", false),
        ("/groq", false),
    ] {
        assert_eq!(left(path) < 3.0, shares, "{path}");
    }
    drop(permits);
}

#[test]
fn this_machine_may_be_named() {
    for (told, expected) in [
        ("localhost:80", Some("127.0.0.1:80")),
        ("[::1]:80", Some("[::1]:80")),
        ("localhost", None),
        ("localhost:http", None),
        ("example.com:80", None),
    ] {
        let read = address(told).ok().map(|addr| addr.to_string());
        assert_eq!(read.as_deref(), expected, "{told}");
    }
}

#[test]
fn what_is_wrong_is_named_with_its_line() {
    for (text, line, told) in [
        (
            "listen = 1",
            1,
            "`listen`: invalid type: integer `1`, expected a string",
        ),
        ("\n\nlisten = \"here\"", 3, "as in 127.0.0.1:4100"),
        ("listen = \"localhost\"", 1, "as in 127.0.0.1:4100"),
        ("upstream = \"api.example.com\"", 1, "http://"),
        ("upstream = \"http://u:sk-secret@a\"", 1, "password"),
        (
            "connect = 10",
            1,
            "`connect`: invalid type: integer `10`, expected a time",
        ),
        ("connect = \"0s\"", 1, "`connect` is 0s"),
        ("retry_post = \"sometimes\"", 1, "\"llm\""),
        ("[retry]\natempts = 5", 2, "unknown field `atempts`"),
        (
            "[retry]\nelapsed = \"2m\"\nattempts = 0",
            3,
            "[retry] `attempts` is 0",
        ),
        (
            "[retry]\nattempts = \"5\"",
            2,
            "[retry] `attempts`: invalid type: string \"5\", expected a whole number of attempts, 1 to 100",
        ),
        ("[retry]\nconsent = \"never\"", 2, "retry_post"),
        (
            "[[route]]\npath = \"/a\"\nupstream = \"http://a\"\nretry = { consent = \"always\" }",
            4,
            "retry_post",
        ),
        ("[retry]\nbudget = { reserve = 3 }", 2, "[budget]"),
        ("[resume]\nbudget = { reserve = 3 }", 2, "[budget]"),
        ("[resume]\nreport = true", 2, "the log"),
        (
            "[[route]]\npath = \"/a\"\nupstream = \"http://a\"\nresume = { report = true }",
            4,
            "the log",
        ),
        (
            "[resume]\nmax_event = 1.5",
            2,
            "[resume] `max_event`: invalid type: floating point `1.5`, expected a whole number of bytes, \
             1 KiB to 1 GiB",
        ),
        (
            "[timeout]\nmin_rate = { bytes = -1, per = \"9s\" }",
            2,
            "[timeout] `min_rate`: `bytes`: invalid value: integer `-1`, expected a whole number of bytes",
        ),
        (
            "[timeout]\nidle = 30",
            2,
            "[timeout] `idle`: invalid type: integer `30`, expected a time with its unit",
        ),
        (
            "[budget]\nratio = \"20%\"",
            2,
            "[budget] `ratio`: invalid type: string \"20%\", expected a number of tries for each call, \
             0 to 10",
        ),
        (
            "[memory]\ntotal = \"1GiB\"",
            2,
            "[memory] `total`: invalid type: string \"1GiB\", expected a whole number of MiB",
        ),
        (
            "[memory]\nrequest = -1",
            2,
            "[memory] `request`: invalid value: integer `-1`, expected a whole number of MiB",
        ),
        (
            "[llm]\nreplay = \"yes\"",
            2,
            "[llm] `replay`: invalid type: string \"yes\", expected true or false",
        ),
        (
            "[llm]\nkeep_alive = 15",
            2,
            "[llm] `keep_alive`: invalid type: integer `15`, expected a time with its unit",
        ),
        (
            "providers = \"no\"",
            1,
            "`providers`: invalid type: string \"no\", expected true or false",
        ),
        (
            "shutdown = 30",
            1,
            "`shutdown`: invalid type: integer `30`, expected a time",
        ),
        ("[timeout]\n# none\nidle = \"0s\"", 3, "[timeout] `idle`"),
        ("[budget]\nratio = -1.0", 2, "[budget] `ratio`"),
        ("[llm]\nprefil = true", 2, "[llm] unknown field `prefil`"),
        ("[llm]\nkeep_alive = \"0s\"", 2, "[llm] `keep_alive`"),
        ("[memory]\nrequests = 1", 2, "unknown field `requests`"),
        ("memory = 1", 1, "expected fields `request`, `total`"),
        ("timeouts = 5", 1, "there is no field `timeouts`"),
        ("route = 5", 1, "[[route]]"),
        ("[[route]]\npath = \"/a\"", 1, "no `upstream`"),
        ("[[route]]\nupstream = \"http://a\"", 1, "no `path`"),
        (
            "[[route]]\npath = \"a\"\nupstream = \"http://a\"",
            2,
            "`path`: the path does not begin with a slash",
        ),
        (
            "[[route]]\npath = \"/a\"\nupstream = \"http://a\"\nattempts = 3",
            4,
            "there is no field `attempts`, only path",
        ),
        (
            "[[route]]\npath = \"/a\"\nupstream = \"http://a\"\n[route.resume]\ntries = 0",
            5,
            "route 1: [resume] `tries`",
        ),
        (
            "[[route]]\npath = \"/a\"\nupstream = \"http://a\"\n[[route]]\npath = \"/a/\"\nupstream = \"http://b\"",
            5,
            "route 2: `path` is that of another route",
        ),
        ("a = 1\na = 2", 2, "duplicate key"),
        ("listen = ", 1, ""),
        (
            "listen = \"[::1]:1\"\nproviders = false",
            2,
            "`providers` is false, and there is neither",
        ),
        (
            "upstream = \"http://a\"\n[[route]]\nupstream = \"http://b\"\npath = \"/\"",
            4,
            "route 1: `path` is \"/\", where `upstream` leads already",
        ),
    ] {
        let error = build(text).expect_err(text);
        let place = format!("line {line}: ");
        assert!(error.starts_with(&place), "{text}: {error}");
        assert!(error.contains(told), "{text}: {error}");
        assert!(!error.contains("secret"), "{error}");
    }
}
