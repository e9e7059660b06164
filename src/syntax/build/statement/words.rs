//! Words that a statement begins with.

/// Statements of SQL that the language has.
pub(super) const SQL: &[&str] = &["select", "insert", "update", "delete", "with"];

/// Words that only go on with an `if`.
pub(super) const ELSES: &[&str] = &["else", "elseif", "elsif", "elif"];

/// Words that only end what a foreign statement began, which was reported.
pub(super) const TAILS: &[&str] = &["end", "exception", "else", "elseif", "elsif", "elif", "when"];

/// Foreign statements that go on past their first `;`.
pub(super) const FOREIGN_BLOCKS: &[&str] = &["begin", "loop", "while", "foreach", "case"];

/// Statements of SQL, PL/pgSQL and other languages that this one does not have.
pub(super) const FOREIGN: &[&str] = &[
    "abort",
    "alter",
    "analyze",
    "begin",
    "call",
    "case",
    "checkpoint",
    "close",
    "cluster",
    "comment",
    "commit",
    "copy",
    "create",
    "deallocate",
    "declare",
    "discard",
    "do",
    "drop",
    "end",
    "exception",
    "execute",
    "exit",
    "explain",
    "fetch",
    "foreach",
    "grant",
    "import",
    "listen",
    "load",
    "let",
    "lock",
    "loop",
    "match",
    "merge",
    "move",
    "notify",
    "perform",
    "prepare",
    "raise",
    "reassign",
    "refresh",
    "reindex",
    "release",
    "repeat",
    "replace",
    "reset",
    "revoke",
    "rollback",
    "savepoint",
    "security",
    "set",
    "show",
    "start",
    "switch",
    "table",
    "throw",
    "truncate",
    "try",
    "unlisten",
    "until",
    "vacuum",
    "values",
    "var",
    "while",
];
