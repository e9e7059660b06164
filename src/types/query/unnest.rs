//! `FROM unnest(..)`, and what a relation may read of those on its left.

use std::ops::Range;

use crate::hir::walk::{self, Node};
use crate::hir::{Expr, ExprKind, From, RelationId};
use crate::interface::RowColumn;
use crate::language::{Ident, Name, Type};
use crate::syntax::ast::{self, JoinKind};
use crate::types::action::Checker;
use crate::types::problems;
use crate::types::scope::{At, Place, Scope};

impl Checker<'_, '_> {
    /// The name of `unnest(..)` as a relation, and its columns, whose types are not known yet. A single column is called
    /// what the relation is called, as in PostgreSQL.
    pub fn unnested(
        &mut self,
        relation: &ast::Relation,
        arrays: usize,
        ordinality: bool,
    ) -> Option<(Name, Vec<RowColumn>)> {
        let unnest = Name::new("unnest");
        if arrays == 0 {
            let name = Ident { name: unnest, span: relation.span };
            self.sink.report(problems::argument_count(&name, (1, None), 0, None));
            return None;
        }
        if arrays > 1 && relation.columns.len() < arrays {
            self.sink.report(problems::unnamed_arrays(arrays, relation.span));
            return None;
        }
        let name = relation.alias.as_ref().map_or(unnest, |alias| alias.name.clone());
        let column = |name: Name, ty, nullable| RowColumn { name, ty, nullable };
        let mut columns = vec![column(name.clone(), Type::Unknown, true); arrays];
        if ordinality {
            columns.push(column(Name::new("ordinality"), Type::Int, false));
        }
        Some((name, columns))
    }

    /// The arrays of `unnest(..)`, and its columns with the types of their elements.
    pub fn arrays(
        &mut self,
        arrays: &[ast::Expr],
        mut columns: Vec<RowColumn>,
        scope: &Scope<'_>,
    ) -> (Vec<Expr>, Vec<RowColumn>) {
        let at = At::new(scope, Place::Unnest);
        let mut made = Vec::new();
        for (array, column) in arrays.iter().zip(&mut columns) {
            let (array, element) = self.array_operand(array, at);
            column.ty = element;
            made.push(array);
        }
        (made, columns)
    }

    /// Reports a right side that reads relations on its left where the join keeps rows that have no left side.
    pub fn reads_left(
        &mut self,
        join: &ast::Join,
        left: Range<usize>,
        right: Option<&From>,
        scope: &Scope<'_>,
    ) {
        let (Some(right), JoinKind::Right | JoinKind::Full) = (right, join.kind) else { return };
        let left: Vec<RelationId> =
            scope.relations.get(left).unwrap_or_default().iter().map(|visible| visible.id).collect();
        let mut read = None;
        walk::expressions(&self.made, Node::From(right), &mut |expr| match expr.kind {
            ExprKind::Column { relation, .. } if left.contains(&relation) => read = read.or(Some(expr.span)),
            _ => {}
        });
        if let Some(read) = read {
            self.sink.report(problems::reads_left(read));
        }
    }
}
