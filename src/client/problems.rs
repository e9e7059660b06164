use crate::diagnostics::nearest;
use crate::language::Name;

/// Why no client can be generated.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{message}")]
pub struct ClientError {
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
}

fn error(message: String, help: &str) -> ClientError {
    ClientError { message, help: Some(help.to_owned()) }
}

/// `--only` of something else.
pub fn unknown_dataset(name: &Name, known: &[&Name]) -> ClientError {
    let near = nearest(name.as_str(), known.iter().map(|it| it.as_str()));
    let help = near.map(|near| format!("did you mean `{near}`?"));
    ClientError { message: format!("no schema `{name}` is among the sources"), help }
}

/// Two schemas would be one module.
pub fn two_of_a_name(name: &Name) -> ClientError {
    error(format!("two schemas are called `{name}`"), "say which by its path")
}

/// No public action anywhere.
pub fn nothing_to_call() -> ClientError {
    error("there is no public action to call".to_owned(), "make an action `public`")
}

/// Over RPC, of a schema that gateways do not see.
pub fn not_exposed(name: &Name) -> ClientError {
    let help = "say `--expose api`, write `[expose]` into kf.toml, or name the exposed ones with `--only`";
    error(format!("`{name}` is not exposed"), help)
}

/// Hasura has no paths to post to.
pub fn hasura(name: &Name) -> ClientError {
    error(
        format!("`{name}` is exposed to Hasura, which serves no `/rpc/..`"),
        "use a GraphQL client, or `--over sql`",
    )
}
