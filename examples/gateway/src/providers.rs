//! The public APIs that have a route without being configured.

use crate::route::Route;
use crate::stack::Limits;

/// The prefix of each and the address behind it, as the vendors' references name it in 2026.
///
/// A client's base URL is the gateway's address, the prefix, and what the API's own base URL has
/// after the address here: `http://127.0.0.1:4100/openai/v1`.
pub const PROVIDERS: &[(&str, &str)] = &[
    ("/anthropic", "https://api.anthropic.com"),
    ("/cerebras", "https://api.cerebras.ai"),
    ("/deepseek", "https://api.deepseek.com"),
    ("/fireworks", "https://api.fireworks.ai/inference"),
    ("/gemini", "https://generativelanguage.googleapis.com"),
    ("/groq", "https://api.groq.com/openai"),
    ("/mistral", "https://api.mistral.ai"),
    ("/openai", "https://api.openai.com"),
    ("/openrouter", "https://openrouter.ai/api"),
    ("/together", "https://api.together.xyz"),
    ("/xai", "https://api.x.ai"),
];

/// A route for each, under these limits.
pub fn routes(limits: &Limits) -> impl Iterator<Item = Route> {
    PROVIDERS.iter().filter_map(|(prefix, upstream)| {
        // A test parses them all.
        Some(Route {
            prefix: prefix.parse().ok()?,
            upstream: upstream.parse().ok()?,
            limits: limits.clone(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_has_a_route_over_tls() {
        let routes: Vec<_> = routes(&Limits::default()).collect();
        assert_eq!(routes.len(), PROVIDERS.len());
        for (route, (prefix, upstream)) in routes.iter().zip(PROVIDERS) {
            assert_eq!(route.prefix.to_string(), *prefix);
            assert_eq!(route.upstream.to_string(), *upstream);
            assert!(route.upstream.is_tls());
        }
    }
}
