//! Floor 2: from text to [`ast::Ast`]. Knows no types and resolves nothing.

pub mod ast;
pub mod sql;
pub mod walk;
