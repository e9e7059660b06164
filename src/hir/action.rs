use super::{Cte, CteId, Literal, Relation, RelationId, Statement};
use crate::interface::Signature;
use crate::language::{Name, Type};
use crate::source::Span;

/// An action. The arenas hold everything its queries introduce, so that an id is unique in the whole body.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Action {
    /// Its name.
    pub name: Name,
    /// As callers see it.
    pub signature: Signature,
    /// Parameters first, in order.
    pub locals: Vec<Local>,
    /// How many of `locals` are parameters.
    pub parameters: usize,
    /// Relations of all its queries.
    pub relations: Vec<Relation>,
    /// CTEs of all its queries.
    pub ctes: Vec<Cte>,
    /// In order.
    pub body: Vec<Statement>,
    /// True for what stands for a foreign procedure: it looks for the action that a call names and calls it. It has no
    /// body and its first two parameters are the DBID and the action.
    pub foreign: bool,
    /// True if a chain of calls inside its schema leads back to it: its depth is counted at run time.
    pub recursive: bool,
    /// The comment above it.
    pub doc: Option<String>,
    /// Its name in the source.
    pub name_span: Span,
    /// The whole item.
    pub span: Span,
}

impl Action {
    /// The local behind an id of this action.
    pub fn local(&self, id: LocalId) -> Option<&Local> {
        self.locals.get(id.0 as usize)
    }

    /// The relation behind an id of this action.
    pub fn relation(&self, id: RelationId) -> Option<&Relation> {
        self.relations.get(id.0 as usize)
    }

    /// The CTE behind an id of this action.
    pub fn cte(&self, id: CteId) -> Option<&Cte> {
        self.ctes.get(id.0 as usize)
    }
}

/// Index into [`Action::locals`].
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct LocalId(pub u32);

/// A parameter or variable.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Local {
    /// Without the `$`.
    pub name: Name,
    /// Declared or inferred.
    pub ty: Type,
    /// Default of a parameter.
    pub default: Option<Literal>,
    /// Where it is declared.
    pub span: Span,
}
