//! What projects can begin with: files by their path in the project.

use clap::ValueEnum;

/// Path in the project and text.
pub(super) type File = (&'static str, &'static str);

/// What a project begins with.
#[derive(Clone, Copy, PartialEq, Eq, Debug, ValueEnum)]
pub(super) enum Template {
    /// Accounts and notes, and what only the owner may do
    App,
    /// Balances, payments and deposits that an oracle brings
    Token,
    /// Three schemas that import each other and join each other's views
    Network,
}

/// Where files of the same name may be there already: they are left as they are.
pub(super) const LEFT_ALONE: &[&str] = &[".gitignore", "README.md"];

const IGNORED: File = (".gitignore", ".kf/\n");
const WORKFLOW: File = (".github/workflows/schemas.yml", include_str!("workflow.yml"));

const START: &[File] = &[
    ("schemas/people.kf", include_str!("start/people.kf")),
    ("schemas/guestbook.kf", include_str!("start/guestbook.kf")),
    ("schemas/guestbook.kft", include_str!("start/guestbook.kft")),
    IGNORED,
];

const APP: &[File] = &[
    ("README.md", include_str!("app/README.md")),
    ("schemas/users.kf", include_str!("app/users.kf")),
    ("schemas/users.kft", include_str!("app/users.kft")),
    ("schemas/notes.kf", include_str!("app/notes.kf")),
    ("schemas/notes.kft", include_str!("app/notes.kft")),
    WORKFLOW,
    IGNORED,
];

const TOKEN: &[File] = &[
    ("README.md", include_str!("token/README.md")),
    ("schemas/token.kf", include_str!("token/token.kf")),
    ("schemas/token.kft", include_str!("token/token.kft")),
    WORKFLOW,
    IGNORED,
];

const NETWORK: &[File] = &[
    ("README.md", include_str!("network/README.md")),
    ("schemas/names.kf", include_str!("network/names.kf")),
    ("schemas/names.kft", include_str!("network/names.kft")),
    ("schemas/tips.kf", include_str!("network/tips.kf")),
    ("schemas/tips.kft", include_str!("network/tips.kft")),
    ("schemas/posts.kf", include_str!("network/posts.kf")),
    ("schemas/posts.kft", include_str!("network/posts.kft")),
    WORKFLOW,
    IGNORED,
];

/// The files of a template; without one, those of a first project.
pub(super) fn files(template: Option<Template>) -> &'static [File] {
    match template {
        None => START,
        Some(Template::App) => APP,
        Some(Template::Token) => TOKEN,
        Some(Template::Network) => NETWORK,
    }
}
