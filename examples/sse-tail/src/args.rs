//! What the program is told.

use clap::{Parser, value_parser};
use http::{HeaderName, HeaderValue};
use reqwest::Url;

/// Follows an event stream through broken connections.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    /// The stream
    #[arg(value_parser = url)]
    pub(crate) url: Url,
    /// One line of JSON for each event: `event`, `id`, `data`
    #[arg(long)]
    pub(crate) json: bool,
    /// A header of the request
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE", value_parser = header)]
    pub(crate) headers: Vec<(HeaderName, HeaderValue)>,
    /// The data of the stream's last event, such as `[DONE]`: without it, any orderly end is the end
    #[arg(long, value_name = "DATA")]
    pub(crate) until: Option<String>,
    /// Connect anew when nothing has come for so many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 300, value_parser = value_parser!(u64).range(1..=86_400))]
    pub(crate) silence: u64,
    /// How often to try in a row without a new event
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = value_parser!(u32).range(1..=100))]
    pub(crate) tries: u32,
}

impl Args {
    /// The host and its port, without what else a URL has.
    pub(crate) fn host(&self) -> String {
        let host = self.url.host_str().unwrap_or_default();
        match self.url.port() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

fn url(text: &str) -> Result<Url, String> {
    match text.parse::<Url>() {
        Ok(url) if matches!(url.scheme(), "http" | "https") => Ok(url),
        Ok(_) => Err("it must begin with http:// or https://".to_owned()),
        Err(error) => Err(error.to_string()),
    }
}

fn header(text: &str) -> Result<(HeaderName, HeaderValue), String> {
    let (name, value) = text.split_once(':').ok_or("there is no colon")?;
    let name = name.trim().parse::<HeaderName>();
    let value = value.trim().parse::<HeaderValue>();
    let mut value = value.map_err(|error| error.to_string())?;
    value.set_sensitive(true);
    Ok((name.map_err(|error| error.to_string())?, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_name_and_value() {
        let parsed = |text| header(text).map(|(name, value)| (name.to_string(), value));
        for (text, name, value) in [
            ("Authorization: Bearer a:b", "authorization", "Bearer a:b"),
            ("x-a:1", "x-a", "1"),
            ("x-empty:", "x-empty", ""),
        ] {
            let (found, secret) = parsed(text).unwrap();
            assert_eq!((found.as_str(), secret.to_str().unwrap()), (name, value));
            assert!(secret.is_sensitive());
        }
        for text in ["x-a", ": b", "a b: c", "x-a: b\nc: d", ""] {
            assert!(parsed(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn urls_are_whole() {
        let host = |text| Args::parse_from(["", text]).host();
        assert_eq!(host("https://a:b@example.com/c?d"), "example.com");
        assert_eq!(host("http://[::1]:8080"), "[::1]:8080");
        for text in [
            "example.com",
            "/events",
            "ftp://example.com/",
            "http://",
            "http://example.com:99999/",
            "",
        ] {
            assert!(url(text).is_err(), "{text:?}");
        }
    }
}
