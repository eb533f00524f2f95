use super::*;
use crate::Config;
use buttress_timeout::TimeoutConfig;

/// The limits of the route for everything.
fn rest(config: &Config) -> &crate::route::Route {
    config
        .routes
        .iter()
        .find(|route| route.prefix.is_empty())
        .unwrap()
}

/// What these flags of `serve` come to, or what is said about them.
fn serve(flags: &[&str]) -> Result<Config, String> {
    let args = ["gateway", "serve"].iter().chain(flags);
    let cli = Cli::try_parse_from(args).map_err(|error| error.to_string())?;
    match cli.command() {
        Command::Serve(args) => args
            .config()
            .and_then(Checked::build)
            .map_err(|error| error.to_string()),
        _ => panic!("asked for serve"),
    }
}

#[test]
fn what_is_not_said_has_the_default() {
    let config = serve(&["--upstream", "http://a"]).unwrap();
    let default = Draft::default().build().unwrap();
    assert_eq!(config.listen, default.listen);
    assert_eq!(config.connect, default.connect);
    assert_eq!(config.shutdown, default.shutdown);
    assert_eq!(rest(&config).upstream.to_string(), "http://a");
    assert_eq!(config.routes.len(), default.routes.len() + 1);
    let (now, then) = (&rest(&config).limits, &default.routes[0].limits);
    assert_eq!(now.retry.attempts(), then.retry.attempts());
    for limit in [
        TimeoutConfig::head,
        TimeoutConfig::first_frame,
        TimeoutConfig::idle,
    ] {
        assert_eq!(limit(&now.attempt), limit(&then.attempt));
    }
    assert_eq!(now.total, then.total);
    assert_eq!(now.repeat, RepeatPosts::ToModels);
}

#[test]
fn every_flag_arrives_where_it_belongs() {
    let settings = serve(&[
        "--listen=[::1]:0",
        "--upstream=https://a/v1",
        "--attempts=3",
        "--elapsed=1m 30s",
        "--connect-timeout=500ms",
        "--head-timeout=5m",
        "--idle-timeout=45s",
        "--total-timeout=1h",
        "--retry-post",
        "--shutdown-timeout=0s",
    ])
    .unwrap();
    let secs = Duration::from_secs;
    assert_eq!(settings.listen, "[::1]:0".parse().unwrap());
    assert_eq!(settings.connect, Duration::from_millis(500));
    assert_eq!(settings.shutdown, Duration::ZERO);
    let limits = &rest(&settings).limits;
    assert_eq!(limits.retry.attempts(), 3);
    assert_eq!(limits.retry.elapsed(), secs(90));
    assert_eq!(limits.attempt.head(), Some(secs(300)));
    assert_eq!(limits.attempt.idle(), Some(secs(45)));
    assert_eq!(limits.total.total(), Some(secs(3600)));
    assert_eq!(limits.repeat, RepeatPosts::All);
}

#[test]
fn consent_has_three_values() {
    for (flag, expected) in [
        ("--retry-post", RepeatPosts::All),
        ("--retry-post=always", RepeatPosts::All),
        ("--retry-post=llm", RepeatPosts::ToModels),
        ("--retry-post=never", RepeatPosts::None),
    ] {
        let settings = serve(&["--upstream=http://a", flag]).unwrap();
        assert_eq!(rest(&settings).limits.repeat, expected, "{flag}");
    }
}

#[test]
fn what_cannot_be_names_its_flag() {
    for (flags, told) in [
        (&["--upstream="][..], &["--upstream"][..]),
        (
            &["--config=/nowhere/at/all.toml"],
            &["/nowhere/at/all.toml: "],
        ),
        (&["--upstream=a:80"], &["--upstream: ", "http://"]),
        (
            &["--upstream=http://u:sk-secret@a"],
            &["--upstream: ", "password"],
        ),
        (&["--listen=here"], &["--listen <ADDR>"]),
        (&["--attempts=0"], &["--attempts: ", "is 0", "1 to 100"]),
        (&["--attempts=many"], &["--attempts <N>"]),
        (&["--elapsed=0s"], &["--elapsed: ", "more than zero"]),
        (&["--elapsed=30"], &["--elapsed <TIME>", "time unit needed"]),
        (
            &["--elapsed=3 parsecs"],
            &["--elapsed <TIME>", "unknown time unit"],
        ),
        (&["--elapsed=99999999999999999999s"], &["--elapsed <TIME>"]),
        (&["--elapsed=-1s"], &["--elapsed <TIME>"]),
        (&["--connect-timeout=0s"], &["--connect-timeout: "]),
        (&["--head-timeout=0ms"], &["--head-timeout: "]),
        (&["--idle-timeout=0s"], &["--idle-timeout: "]),
        (&["--total-timeout=0s"], &["--total-timeout: "]),
        (&["--retry-post=sometimes"], &["--retry-post", "llm"]),
        (&["--nonsense"], &["--nonsense"]),
    ] {
        let error = serve(flags).expect_err(&flags.join(" "));
        for part in told {
            assert!(error.contains(part), "{flags:?}: {error}");
        }
        assert!(!error.contains("secret"), "{error}");
    }
}

#[test]
fn serve_is_what_is_meant_without_a_subcommand() {
    let parse = |args: &[&str]| Cli::try_parse_from(["gateway"].iter().chain(args));
    let cli = parse(&["--upstream=http://a", "--attempts=2"]).unwrap();
    let Command::Serve(args) = cli.command() else {
        panic!("not serve");
    };
    assert_eq!(args.attempts, Some(2));
    assert!(matches!(parse(&["demo"]).unwrap().command(), Command::Demo));
    assert!(matches!(parse(&[]).unwrap().command(), Command::Serve(_)));
    assert!(parse(&["--attempts=2", "demo"]).is_err());
}

#[test]
fn a_flag_outweighs_the_file_in_every_route() {
    let mut draft = Draft::default()
        .read("[[route]]\npath = \"/a\"\nupstream = \"http://a\"\nretry = { attempts = 9 }")
        .unwrap();
    let args = ServeArgs {
        attempts: Some(2),
        ..ServeArgs::default()
    };
    args.apply(&mut draft).unwrap();
    let config = draft.build().unwrap();
    assert!(
        config
            .routes
            .iter()
            .all(|route| route.limits.retry.attempts() == 2)
    );
}

/// A file that is gone with this.
struct Written(PathBuf);

impl Written {
    fn new(name: &str, text: &str) -> Self {
        let name = format!("gateway-{}-{name}.toml", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::write(&path, text).unwrap();
        Written(path)
    }

    /// What it and these flags come to, or what is said about them.
    fn with(&self, flags: &[&str]) -> Result<Config, String> {
        let file = format!("--config={}", self.0.display());
        serve(&[&[file.as_str()], flags].concat())
    }
}

impl Drop for Written {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}

#[test]
fn who_is_wrong_is_named_the_file_or_the_flag() {
    for (index, (file, flags, told)) in [
        (
            "retry = { elapsed = \"5m\" }",
            "--attempts=0",
            Ok("--attempts: "),
        ),
        (
            "connect = \"5s\"",
            "--connect-timeout=0s",
            Ok("--connect-timeout: "),
        ),
        (
            "timeout = { idle = \"0s\" }",
            "--attempts=2",
            Err("line 1: [timeout] `idle`"),
        ),
        ("connect = \"0s\"", "--attempts=0", Err("line 1: `connect`")),
        (
            "retry = { attempts = 0 }",
            "--elapsed=0s",
            Err("line 1: [retry] `attempts`"),
        ),
        (
            "providers = false",
            "--attempts=2",
            Err("line 1: `providers`"),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let written = Written::new(&format!("wrong-{index}"), file);
        let error = written.with(&[flags]).expect_err(file);
        let expected = match told {
            Ok(flag) => flag.to_owned(),
            Err(line) => format!("{}: {line}", written.0.display()),
        };
        assert!(error.starts_with(&expected), "{file} {flags}: {error}");
    }
    // What the flag mends was never in force.
    for (index, (file, flag)) in [
        ("retry = { attempts = 0 }", "--attempts=2"),
        ("providers = false", "--upstream=http://a"),
    ]
    .into_iter()
    .enumerate()
    {
        let written = Written::new(&format!("mended-{index}"), file);
        let config = written.with(&[flag]);
        assert!(config.is_ok(), "{file} {flag}: {config:?}");
    }
}

#[test]
fn the_flag_for_the_upstream_outweighs_each_way_to_name_it_in_the_file() {
    for (index, (file, attempts)) in [
        ("upstream = \"http://a\"", 10),
        (
            "[[route]]\npath = \"/\"\nupstream = \"http://a\"\nretry = { attempts = 9 }",
            9,
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let written = Written::new(&format!("upstream-{index}"), file);
        let config = written.with(&["--upstream=http://b"]).unwrap();
        let all = config.routes.iter().filter(|route| route.prefix.is_empty());
        assert_eq!(all.count(), 1, "{file}");
        assert_eq!(rest(&config).upstream.to_string(), "http://b", "{file}");
        assert_eq!(rest(&config).limits.retry.attempts(), attempts, "{file}");
    }
}
