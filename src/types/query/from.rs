use crate::hir::{Expr, ExprKind, From, FromKind, Relation, RelationId, RelationSource};
use crate::interface::RowColumn;
use crate::language::{Ident, Name, Type};
use crate::source::Span;
use crate::syntax::ast::{self, BinaryOp, JoinCondition, JoinKind, RelationKind};
use crate::types::action::Checker;
use crate::types::problems;
use crate::types::result::name_nulls;
use crate::types::scope::{At, Merged, Place, Scope, Visible};

impl Checker<'_, '_> {
    /// Types a FROM clause and makes its relations visible in `scope`.
    pub fn from(&mut self, from: &ast::From, scope: &mut Scope<'_>) -> Option<From> {
        let start = scope.relations.len();
        let mut made = self.side(&from.first, scope);
        for join in &from.joins {
            let before = scope.relations.len();
            let right = self.side(&join.relation, scope);
            self.reads_left(join, start..before, right.as_ref(), scope);
            let on = self.join_condition(join, start, before, scope);
            mark_outer(join.kind, start, before, scope);
            made = match (made, right) {
                (Some(left), Some(right)) => {
                    let span = left.span.to(right.span).to(join.span);
                    let kind =
                        FromKind::Join { kind: join.kind, left: Box::new(left), right: Box::new(right), on };
                    Some(From { kind, span })
                }
                _ => None,
            };
        }
        made
    }

    fn side(&mut self, relation: &ast::Relation, scope: &mut Scope<'_>) -> Option<From> {
        if let RelationKind::Nested(inner) = &relation.kind {
            return self.from(inner, scope);
        }
        let id = self.leaf(relation, scope);
        scope.broken |= id.is_none();
        Some(From { kind: FromKind::Relation(id?), span: relation.span })
    }

    fn leaf(&mut self, relation: &ast::Relation, scope: &mut Scope<'_>) -> Option<RelationId> {
        let (own_name, columns, source) = match &relation.kind {
            RelationKind::Named(name) => self.named_relation(name, scope)?,
            RelationKind::Query { query, lateral } => {
                let mut query = if *lateral {
                    self.query(query, scope)
                } else {
                    let parent = scope.parent.cloned().unwrap_or_default();
                    let outer = Scope { ctes: scope.ctes.clone(), ..Scope::inside(&parent) };
                    self.query(query, &outer)
                };
                name_nulls(&mut query);
                let source = RelationSource::Query { query: Box::new(query.clone()), lateral: *lateral };
                (None, query.columns, source)
            }
            RelationKind::Call(call) => {
                let (view, columns) = self.relation_call(call, scope)?;
                (Some(call.name.name.clone()), columns, RelationSource::View(view))
            }
            RelationKind::Unnest { arrays, ordinality } => {
                let (name, columns) = self.unnested(relation, arrays.len(), *ordinality)?;
                let (arrays, columns) = self.arrays(arrays, columns, scope);
                (Some(name), columns, RelationSource::Unnest { arrays, ordinality: *ordinality })
            }
            RelationKind::Nested(_) => return None,
        };
        let name = relation.alias.as_ref().map(|alias| alias.name.clone()).or(own_name);
        let Some(name) = name else {
            self.sink.report(problems::unnamed_relation(relation.span));
            return None;
        };
        let shown = relation.alias.clone().unwrap_or(Ident { name: name.clone(), span: relation.span });
        let columns = self.renamed(columns, &relation.columns, &shown);
        self.add_visible(&shown, columns, source, relation.span, scope)
    }

    /// A table or CTE by name, with its columns.
    fn named_relation(
        &mut self,
        name: &Ident,
        scope: &Scope<'_>,
    ) -> Option<(Option<Name>, Vec<RowColumn>, RelationSource)> {
        if let Some(id) = scope.cte(&name.name) {
            let columns = self.made.cte(id).map(|cte| cte.columns.clone()).unwrap_or_default();
            return Some((Some(name.name.clone()), columns, RelationSource::Cte(id)));
        }
        let columns = self.table_columns(name, scope)?;
        Some((Some(name.name.clone()), columns, RelationSource::Table(name.name.clone())))
    }

    /// The columns of a table of this schema, or a report that there is none.
    pub fn table_columns(&mut self, name: &Ident, scope: &Scope<'_>) -> Option<Vec<RowColumn>> {
        let Some(table) = self.env.table(&name.name) else {
            let ctes: Vec<&str> =
                scope.levels().flat_map(|level| &level.ctes).map(|(name, _)| name.as_str()).collect();
            let tables = self.env.items.tables.iter().map(|table| table.name.as_str());
            let known: Vec<&str> = tables.chain(ctes).collect();
            let imports: Vec<&str> =
                self.env.items.imports.iter().map(|import| import.alias.as_str()).collect();
            self.sink.report(problems::unknown_table(name, &known, &imports));
            return None;
        };
        let column = |column: &crate::hir::Column| RowColumn {
            name: column.name.clone(),
            ty: column.ty.clone(),
            nullable: column.nullable,
        };
        Some(table.columns.iter().map(column).collect())
    }

    fn relation_call(
        &mut self,
        call: &ast::Call,
        scope: &Scope<'_>,
    ) -> Option<(crate::hir::ViewCall, Vec<RowColumn>)> {
        let is_function =
            !call.foreign && !crate::language::functions::named(call.name.name.as_str()).is_empty();
        let is_action = self.env.items.action(&call.name.name).is_some();
        if call.alias.is_none() && is_function && !is_action {
            self.sink.report(problems::function_as_relation(&call.name));
            return None;
        }
        self.view_call(call, At::new(scope, Place::ViewArgument))
    }

    /// Adds a relation and makes it visible, unless its name is taken at this level.
    pub fn add_visible(
        &mut self,
        name: &Ident,
        columns: Vec<RowColumn>,
        source: RelationSource,
        span: Span,
        scope: &mut Scope<'_>,
    ) -> Option<RelationId> {
        if let Some(earlier) = scope.relations.iter().find(|visible| visible.name == name.name) {
            let earlier = self.made.relation(earlier.id).map_or(span, |relation| relation.span);
            self.sink.report(problems::duplicate_relation(name, earlier));
        }
        let id = self.add_relation(Relation { name: name.name.clone(), columns, source, span });
        scope.relations.push(Visible { id, name: name.name.clone(), outer: false });
        Some(id)
    }

    /// The condition sees the relations of its own join tree only, those from `start` on.
    fn join_condition(
        &mut self,
        join: &ast::Join,
        start: usize,
        before: usize,
        scope: &mut Scope<'_>,
    ) -> Option<Expr> {
        match &join.condition {
            JoinCondition::None => None,
            JoinCondition::On(condition) => {
                let relations = scope.relations.iter().skip(start).cloned().collect();
                let inner = Scope { relations, ..scope.clone() };
                Some(self.condition(condition, At::new(&inner, Place::JoinOn)))
            }
            JoinCondition::Using(columns) => self.using(join, columns, start..before, scope),
        }
    }

    /// `USING (a, b)` as `left.a = right.a AND left.b = right.b`.
    fn using(
        &mut self,
        join: &ast::Join,
        columns: &[Ident],
        left: std::ops::Range<usize>,
        scope: &mut Scope<'_>,
    ) -> Option<Expr> {
        let mut equalities = Vec::new();
        for column in columns {
            let of = |side: &[Visible]| Scope { relations: side.to_vec(), ..Scope::default() };
            let right = of(scope.relations.get(left.end..).unwrap_or_default());
            let mut left = of(scope.relations.get(left.clone()).unwrap_or_default());
            left.merged = scope.merged.clone();
            let one = self.column(None, column, column.span, &left);
            let other = self.column(None, column, column.span, &right);
            if let (ExprKind::Column { relation: left, .. }, ExprKind::Column { relation: right, .. }) =
                (&one.kind, &other.kind)
            {
                if join.kind == JoinKind::Full {
                    self.sink.report(problems::full_join_using(join.span));
                }
                let hidden = if join.kind == JoinKind::Right { *left } else { *right };
                scope.merged.push(Merged { column: column.name.clone(), hidden });
            }
            let (left, right) = self.meet(one, other);
            let nullable = left.nullable || right.nullable;
            let kind =
                ExprKind::Binary { operator: BinaryOp::Equal, left: Box::new(left), right: Box::new(right) };
            equalities.push(Expr { kind, ty: Type::Bool, nullable, span: column.span });
        }
        let span = equalities.first().map(|equality| equality.span)?;
        if equalities.len() == 1 {
            return equalities.pop();
        }
        Some(Expr { kind: ExprKind::And(equalities), ty: Type::Bool, nullable: true, span })
    }
}

/// An outer join makes the columns of the side it may fill with nulls nullable.
fn mark_outer(kind: JoinKind, start: usize, before: usize, scope: &mut Scope<'_>) {
    let (left, right) = match kind {
        JoinKind::Inner | JoinKind::Cross => (false, false),
        JoinKind::Left => (false, true),
        JoinKind::Right => (true, false),
        JoinKind::Full => (true, true),
    };
    for (position, visible) in scope.relations.iter_mut().enumerate().skip(start) {
        visible.outer |= if position < before { left } else { right };
    }
}
