//! A foreign procedure stands in the program as two actions of its schema, one of which calls views only. What they are
//! called, and which of their parameters are not their author's, is said here and nowhere else.

use crate::language::Name;

/// How many parameters come before the author's own: they say what is called.
pub const TARGET: usize = 2;

/// What no name of the language contains.
const VIEW: &str = "/view";

/// The name of the action that stands for the foreign procedure `declared` where only views may be called.
pub fn view_name(declared: &Name) -> Name {
    Name::new(&format!("{declared}{VIEW}"))
}

/// What the author calls an action: for those of foreign procedures the name of the procedure.
pub fn declared_name(action: &Name) -> &str {
    action.as_str().strip_suffix(VIEW).unwrap_or(action.as_str())
}
