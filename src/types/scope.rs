use std::cell::Cell;

use crate::hir::{CteId, RelationId};
use crate::language::{Ident, Name};

/// A relation that expressions may name.
#[derive(Clone, Debug)]
pub(super) struct Visible {
    pub id: RelationId,
    /// Its alias or name.
    pub name: Name,
    /// True on the nullable side of an outer join.
    pub outer: bool,
}

/// A column that `JOIN .. USING` made one: an unqualified name means the left one, or the right one of a RIGHT JOIN.
#[derive(Clone, Debug)]
pub(super) struct Merged {
    pub column: Name,
    /// Whose columns of this name are not shown by `*` nor by an unqualified name.
    pub hidden: RelationId,
}

/// What names mean at one level of a query. A value with a parent, not a stack of flags.
#[derive(Clone, Debug, Default)]
pub(super) struct Scope<'p> {
    pub parent: Option<&'p Scope<'p>>,
    pub relations: Vec<Visible>,
    pub merged: Vec<Merged>,
    pub ctes: Vec<(Name, CteId)>,
    /// True if a relation of this level was reported as wrong and is missing, so that no name is known to be wrong.
    pub broken: bool,
    /// True once a column was reported that there is no relation to have it: that the query lacks its FROM is said once.
    pub without_from: Cell<bool>,
}

impl<'p> Scope<'p> {
    /// An empty level inside `parent`.
    pub fn inside(parent: &'p Scope<'p>) -> Scope<'p> {
        Scope { parent: Some(parent), ..Scope::default() }
    }

    /// This level, then those around it.
    pub fn levels(&self) -> impl Iterator<Item = &Scope<'p>> {
        std::iter::successors(Some(self), |scope| scope.parent)
    }

    /// The nearest CTE of that name.
    pub fn cte(&self, name: &Name) -> Option<CteId> {
        self.levels()
            .find_map(|scope| scope.ctes.iter().rev().find(|(known, _)| known == name))
            .map(|(_, id)| *id)
    }

    /// The nearest relation of that name.
    pub fn relation(&self, name: &Ident) -> Option<&Visible> {
        self.levels().find_map(|scope| scope.relations.iter().find(|relation| relation.name == name.name))
    }

    /// True if the relation belongs to this very level.
    pub fn is_local(&self, id: RelationId) -> bool {
        self.relations.iter().any(|relation| relation.id == id)
    }
}

/// Where an expression stands, which decides what may stand in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Place {
    /// An argument of a call statement, or another value outside a query.
    Value,
    SelectList,
    Where,
    JoinOn,
    GroupBy,
    Having,
    OrderBy,
    Limit,
    Values,
    Set,
    Returning,
    AggregateArgument,
    WindowArgument,
    Filter,
    ViewArgument,
    Unnest,
}

impl Place {
    /// As messages name it.
    pub fn words(self) -> &'static str {
        match self {
            Place::Value => "a value outside a query",
            Place::SelectList => "the select list",
            Place::Where => "WHERE",
            Place::JoinOn => "a join condition",
            Place::GroupBy => "GROUP BY",
            Place::Having => "HAVING",
            Place::OrderBy => "ORDER BY",
            Place::Limit => "LIMIT and OFFSET",
            Place::Values => "VALUES",
            Place::Set => "SET",
            Place::Returning => "RETURNING",
            Place::AggregateArgument => "an aggregate's arguments",
            Place::WindowArgument => "a window function's arguments",
            Place::Filter => "FILTER",
            Place::ViewArgument => "an imported view's arguments",
            Place::Unnest => "the arrays of unnest",
        }
    }

    pub fn takes_aggregates(self) -> bool {
        matches!(self, Place::SelectList | Place::Having | Place::OrderBy | Place::WindowArgument)
    }

    pub fn takes_windows(self) -> bool {
        matches!(self, Place::SelectList | Place::OrderBy)
    }
}

/// Scope and place of an expression.
#[derive(Clone, Copy)]
pub(super) struct At<'s> {
    pub scope: &'s Scope<'s>,
    pub place: Place,
}

impl<'s> At<'s> {
    pub fn new(scope: &'s Scope<'s>, place: Place) -> At<'s> {
        At { scope, place }
    }

    /// The same scope, another place.
    pub fn in_place(self, place: Place) -> At<'s> {
        At { place, ..self }
    }
}
