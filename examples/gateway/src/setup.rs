//! What to paste where, so that a client calls through the gateway.

use clap::ValueEnum;
use std::fmt;
use std::net::SocketAddr;

/// A client that can be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Client {
    /// OpenCode.
    Opencode,
    /// Codex CLI.
    Codex,
    /// Claude Code.
    ClaudeCode,
    /// pi.
    Pi,
    /// Qwen Code.
    QwenCode,
    /// The OpenAI SDKs and what is built on them.
    Openai,
    /// The Anthropic SDKs and what is built on them.
    Anthropic,
    /// Vercel's AI SDK.
    VercelAi,
}

/// The text that sets a client up for a gateway at an address.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// Which client.
    pub client: Client,
    /// Where the gateway listens.
    pub gateway: SocketAddr,
}

impl fmt::Display for Setup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base = format!("http://{}", self.gateway);
        match self.client {
            // The gateway has limits of its own; OpenCode's would cut a call that it still saves.
            Client::Opencode => write!(
                f,
                r#"Put this into opencode.json in your project, or into ~/.config/opencode/opencode.json:

{{
  "$schema": "https://opencode.ai/config.json",
  "provider": {{
    "anthropic": {{
      "options": {{ "baseURL": "{base}/anthropic/v1", "timeout": false }}
    }},
    "openai": {{
      "options": {{ "baseURL": "{base}/openai/v1", "timeout": false }}
    }}
  }}
}}
"#
            ),
            Client::Codex => write!(
                f,
                r#"Put this at the top of ~/.codex/config.toml, and your key into OPENAI_API_KEY:

model_provider = "buttress"

[model_providers.buttress]
name = "OpenAI through Buttress"
base_url = "{base}/openai/v1"
env_key = "OPENAI_API_KEY"
wire_api = "responses"
supports_websockets = false
"#
            ),
            Client::ClaudeCode => write!(
                f,
                r#"Set this in the shell in which you start claude:

export ANTHROPIC_BASE_URL={base}/anthropic
"#
            ),
            Client::Pi => write!(
                f,
                r#"Put this into ~/.pi/agent/models.json:

{{
  "providers": {{
    "anthropic": {{ "baseUrl": "{base}/anthropic" }},
    "openai": {{ "baseUrl": "{base}/openai/v1" }}
  }}
}}
"#
            ),
            Client::QwenCode => write!(
                f,
                r#"Set this in the shell in which you start qwen, with the name of a model, and your key in OPENAI_API_KEY:

export OPENAI_BASE_URL={base}/openai/v1
export OPENAI_MODEL=gpt-5.1

and start it with: qwen --auth-type openai
"#
            ),
            Client::VercelAi => write!(
                f,
                r#"Give each provider its address in code:

const openai = createOpenAI({{ baseURL: "{base}/openai/v1" }});
const anthropic = createAnthropic({{ baseURL: "{base}/anthropic/v1" }});
const other = createOpenAICompatible({{ name: "other", baseURL: "{base}/v1" }});  // gateway --upstream
"#
            ),
            Client::Openai => write!(
                f,
                r#"Set this in the environment of the program, and its API key as before:

export OPENAI_BASE_URL={base}/openai/v1

or in code:

client = OpenAI(base_url="{base}/openai/v1")              # Python
const client = new OpenAI({{ baseURL: "{base}/openai/v1" }});  // JavaScript
"#
            ),
            Client::Anthropic => write!(
                f,
                r#"Set this in the environment of the program, and its API key as before:

export ANTHROPIC_BASE_URL={base}/anthropic

or in code:

client = Anthropic(base_url="{base}/anthropic")             # Python
const client = new Anthropic({{ baseURL: "{base}/anthropic" }});  // JavaScript
"#
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn setup(client: Client) -> String {
        let gateway = "127.0.0.1:4100".parse().unwrap();
        Setup { client, gateway }.to_string()
    }

    #[test]
    fn opencode_gets_json() {
        let text = setup(Client::Opencode);
        let (_, json) = text.split_once("\n\n").unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(
            json["provider"]["openai"]["options"]["baseURL"],
            "http://127.0.0.1:4100/openai/v1"
        );
        assert_eq!(json["provider"]["anthropic"]["options"]["timeout"], false);
    }

    #[test]
    fn pi_gets_json() {
        let text = setup(Client::Pi);
        let (_, json) = text.split_once("\n\n").unwrap();
        let json: serde_json::Value = serde_json::from_str(json).unwrap();
        assert_eq!(
            json["providers"]["anthropic"]["baseUrl"],
            "http://127.0.0.1:4100/anthropic"
        );
    }

    #[test]
    fn codex_gets_toml() {
        let text = setup(Client::Codex);
        let (_, text) = text.split_once("\n\n").unwrap();
        let table: toml::Table = toml::from_str(text).unwrap();
        let provider = &table["model_providers"]["buttress"];
        assert_eq!(table["model_provider"].as_str(), Some("buttress"));
        assert_eq!(
            provider["base_url"].as_str(),
            Some("http://127.0.0.1:4100/openai/v1")
        );
    }

    /// What stands behind the gateway's address, each time it is named.
    fn paths(text: &str) -> Vec<&str> {
        let named = text.split("http://127.0.0.1:4100").skip(1);
        let ends = |c: char| c == '"' || c.is_whitespace();
        named.filter_map(|rest| rest.split(ends).next()).collect()
    }

    #[test]
    fn every_client_is_told_the_addresses_that_it_adds_its_paths_to() {
        let (openai, claude) = ("/openai/v1", "/anthropic");
        for client in Client::value_variants() {
            let expected: &[&str] = match client {
                Client::Opencode => &["/anthropic/v1", openai],
                Client::Codex | Client::QwenCode => &[openai],
                Client::ClaudeCode => &[claude],
                Client::Pi => &[claude, openai],
                Client::Openai => &[openai, openai, openai],
                Client::Anthropic => &[claude, claude, claude],
                Client::VercelAi => &[openai, "/anthropic/v1", "/v1"],
            };
            assert_eq!(paths(&setup(*client)), expected, "{client:?}");
        }
    }

    #[test]
    fn sdks_are_told_where_they_look_for_it() {
        for (client, lines) in [
            (
                Client::Openai,
                &[
                    "export OPENAI_BASE_URL=h",
                    "OpenAI(base_url=\"h",
                    "new OpenAI({ baseURL: \"h",
                ][..],
            ),
            (
                Client::Anthropic,
                &[
                    "export ANTHROPIC_BASE_URL=h",
                    "Anthropic(base_url=\"h",
                    "new Anthropic({ baseURL: \"h",
                ],
            ),
            (
                Client::VercelAi,
                &[
                    "createOpenAI({ baseURL: \"h",
                    "createAnthropic({ baseURL: \"h",
                    "createOpenAICompatible({ name: \"other\", baseURL: \"h",
                ],
            ),
            (Client::ClaudeCode, &["export ANTHROPIC_BASE_URL=h"]),
            (Client::QwenCode, &["export OPENAI_BASE_URL=h"]),
        ] {
            let text = setup(client);
            for line in lines {
                assert_eq!(text.matches(line).count(), 1, "{client:?}: {line}");
            }
        }
    }
}
