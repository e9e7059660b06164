use serde::Serialize;

use super::super::Code;
use super::level;

/// SARIF's `message`.
#[derive(Serialize)]
pub(super) struct Text {
    pub text: String,
}

#[derive(Serialize)]
struct Help {
    text: &'static str,
    markdown: &'static str,
}

#[derive(Serialize)]
struct Configuration {
    level: &'static str,
}

/// SARIF's `reportingDescriptor`: what a code means, with its page.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Rule {
    id: &'static str,
    name: String,
    short_description: Text,
    help: Help,
    default_configuration: Configuration,
}

/// The rules of `codes`, in their order.
pub(super) fn rules(codes: &[Code]) -> Vec<Rule> {
    let rule = |code: &Code| Rule {
        id: code.id(),
        name: format!("{code:?}"),
        short_description: Text { text: code.title().to_owned() },
        help: Help { text: code.explain(), markdown: code.explain() },
        default_configuration: Configuration { level: level(code.severity()) },
    };
    codes.iter().map(rule).collect()
}
