use super::{Cte, CteId, ExternTarget, Literal, Relation, RelationId, Statement};
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
    /// What it was made of.
    pub origin: Origin,
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
    /// True if somebody wrote it as an action.
    pub fn is_written(&self) -> bool {
        self.origin == Origin::Written
    }

    /// The installed function it stands for, if it does.
    pub fn extern_target(&self) -> Option<&ExternTarget> {
        match &self.origin {
            Origin::Extern(target) => Some(target),
            Origin::Written | Origin::Foreign => None,
        }
    }

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

/// What an action was made of. Those that nobody wrote have no body, and names that nobody can write.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Origin {
    /// An `action` item.
    Written,
    /// A foreign procedure: it looks for the action that a call names and calls it. Its first two parameters are the
    /// DBID and the action.
    Foreign,
    /// A function of an extern, by one of its aliases: calls of it are calls of the installed function.
    Extern(ExternTarget),
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
