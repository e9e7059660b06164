use super::{Builder, Node};
use crate::language::{Ident, Name, limits};
use crate::source::Span;
use crate::syntax::problems;

/// What a name is for; it decides which names are taken.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// `database NAME;`
    Database,
    /// `table NAME`
    Table,
    /// `action NAME`
    Action,
    /// `as ALIAS`
    Alias,
    /// `extern NAME`, `in NAME`: a PostgreSQL schema that somebody else fills.
    ExternSchema,
    /// `#NAME`
    Index,
    /// A column of a table.
    Column,
    /// `$NAME` after an action's name.
    Parameter,
    /// Says what something declared elsewhere is called, or names what nothing else can be mixed up with.
    Other,
}

const SYSTEM_COLUMNS: &[&str] = &["ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid"];

/// Words a statement begins with: an action so called could not be told from it.
const STATEMENTS: &[&str] = &[
    "select", "insert", "update", "delete", "with", "values", "if", "else", "elseif", "for", "return",
    "break", "continue",
];

impl<'t> Builder<'t, '_, '_> {
    /// The name in `node`, which may carry a sigil or quotes. What is wrong with it is reported; a name comes back all
    /// the same, so that its uses are not reported too.
    pub(super) fn name(&mut self, node: &Node<'t>, role: Role) -> Ident {
        let span = node.span();
        let text = node.text();
        if let Some(inside) = text.strip_prefix('"').map(|rest| rest.strip_suffix('"').unwrap_or(rest)) {
            self.reporter.report(problems::quoted_name(span, inside));
            return Ident::new(inside, span);
        }
        let bare = text.trim_start_matches(['$', '@', '#']);
        self.check_name(bare, span, role);
        Ident::new(bare, span)
    }

    /// The variable at `index`, without its `$`. What is wrong with its name is reported.
    pub(super) fn variable(&mut self, index: usize) -> Ident {
        let span = self.tokens.span(index);
        let bare = self.tokens.text(index).trim_start_matches('$');
        self.check_name(bare, span, Role::Parameter);
        Ident::new(bare, span)
    }

    fn check_name(&mut self, text: &str, span: Span, role: Role) {
        let most = if role == Role::Parameter { limits::PARAMETER_BYTES } else { limits::NAME_BYTES };
        let folded = text.to_ascii_lowercase();
        if !Name::is_well_formed(text) {
            self.reporter.report(problems::leading_underscore(span, text));
        } else if text.len() > most {
            self.reporter.report(problems::name_too_long(span, text.len(), most));
        } else if let Some((what, why)) = taken(&folded, role) {
            self.reporter.report(problems::reserved(span, text, what, why));
        }
    }
}

/// What cannot have the name and who has it.
fn taken(name: &str, role: Role) -> Option<(&'static str, &'static str)> {
    let engine = ["pg_", "kf_"].iter().any(|prefix| name.starts_with(prefix));
    match role {
        Role::Database if is_database_taken(name) => Some(("a schema", "used by PostgreSQL or the engine")),
        Role::ExternSchema if is_database_taken(name) => {
            Some(("the schema of an extern", "used by PostgreSQL or the engine, or open to everybody"))
        }
        Role::Column if SYSTEM_COLUMNS.contains(&name) => {
            Some(("a column", "every PostgreSQL table has one"))
        }
        Role::Table if engine => Some(("a table", "used by PostgreSQL or the engine")),
        Role::Action if engine => Some(("an action", "used by PostgreSQL or the engine")),
        Role::Alias if engine => Some(("an import", "used by PostgreSQL or the engine")),
        Role::Index if engine => Some(("an index", "used by PostgreSQL or the engine")),
        Role::Table if matches!(name, "error" | "notice") => Some(("a table", "a built-in function")),
        Role::Action if matches!(name, "error" | "notice") => Some(("an action", "a built-in function")),
        Role::Action if STATEMENTS.contains(&name) => {
            Some(("an action", "a statement begins with this word"))
        }
        _ => None,
    }
}

fn is_database_taken(name: &str) -> bool {
    matches!(name, "information_schema" | "public" | "kf" | "postgres")
        || ["pg_", "kf_", "ds_", "kwil", "template"].iter().any(|prefix| name.starts_with(prefix))
}
