use std::collections::BTreeSet;

use super::Names;
use crate::hir::{Cte, CteId, CteSource, Query};
use crate::interface::RowColumn;
use crate::language::{Ident, Name, Type};
use crate::syntax::ast::{self, CteBody, QueryBody, With};
use crate::types::action::Checker;
use crate::types::problems;
use crate::types::result::name_nulls;
use crate::types::scope::{At, Place, Scope};

impl Checker<'_, '_> {
    /// Types the CTEs of a WITH clause and makes them visible in `scope`, each to those after it; under RECURSIVE
    /// also to itself.
    pub fn with(&mut self, with: Option<&With>, scope: &mut Scope<'_>) -> (Vec<CteId>, bool) {
        let Some(with) = with else { return (Vec::new(), false) };
        let mut ids = Vec::new();
        let mut names: BTreeSet<&Name> = BTreeSet::new();
        for cte in &with.ctes {
            if !names.insert(&cte.name.name) {
                self.sink.report(problems::duplicate_cte(&cte.name));
                continue;
            }
            if let Some(table) = self.env.table(&cte.name.name) {
                self.sink.report(problems::cte_hides_table(&cte.name, table.span));
            }
            let id = match &cte.body {
                CteBody::Call(call) => self.view_cte(cte, call, scope),
                CteBody::Query(query) if with.recursive && refers_to(query, &cte.name.name) => {
                    self.recursive_cte(cte, query, scope)
                }
                CteBody::Query(query) => {
                    let mut query = self.query_with(query, scope, names_of(cte));
                    name_nulls(&mut query);
                    Some(self.add_query_cte(cte, query, false))
                }
            };
            let id = id.unwrap_or_else(|| self.broken_cte(cte));
            scope.ctes.push((cte.name.name.clone(), id));
            ids.push(id);
        }
        (ids, with.recursive)
    }

    fn view_cte(&mut self, cte: &ast::Cte, call: &ast::Call, scope: &Scope<'_>) -> Option<CteId> {
        let (view, columns) = self.view_call(call, At::new(scope, Place::ViewArgument))?;
        let columns = self.renamed(columns, &cte.columns, &cte.name);
        let made = Cte {
            name: cte.name.name.clone(),
            columns,
            source: CteSource::View(view),
            recursive: false,
            span: cte.name.span,
        };
        Some(self.add_cte(made))
    }

    fn add_query_cte(&mut self, cte: &ast::Cte, query: Query, recursive: bool) -> CteId {
        let columns = self.renamed(query.columns.clone(), &cte.columns, &cte.name);
        let name = cte.name.name.clone();
        let source = CteSource::Query(Box::new(query));
        self.add_cte(Cte { name, columns, source, recursive, span: cte.name.span })
    }

    /// Something to refer to where a CTE was reported as wrong: no columns, so that nothing more is said.
    fn broken_cte(&mut self, cte: &ast::Cte) -> CteId {
        let query = Query {
            ctes: Vec::new(),
            recursive: false,
            body: crate::hir::Body::Select(Box::new(crate::hir::Select {
                distinct: false,
                items: Vec::new(),
                from: None,
                filter: None,
                group_by: Vec::new(),
                having: None,
                grouped: false,
                span: cte.name.span,
            })),
            order_by: Vec::new(),
            limit: None,
            offset: None,
            columns: Vec::new(),
            span: cte.name.span,
        };
        self.add_query_cte(&ast::Cte { columns: Vec::new(), ..cte.clone() }, query, false)
    }

    /// `left UNION [ALL] right` where only the right side refers to the CTE, whose columns the left side decides.
    fn recursive_cte(&mut self, cte: &ast::Cte, query: &ast::Query, scope: &Scope<'_>) -> Option<CteId> {
        let name = &cte.name.name;
        let union = match &query.body {
            QueryBody::Operation { operator: ast::SetOperator::Union, left, right, .. }
                if !refers_to(left, name) && query.order_by.is_empty() && query.limit.is_none() =>
            {
                (left, right)
            }
            _ => {
                self.sink.report(problems::recursive_shape(&cte.name));
                return None;
            }
        };
        let mut first = self.query_with(union.0, scope, names_of(cte));
        name_nulls(&mut first);
        let columns = self.renamed(first.columns.clone(), &cte.columns, &cte.name);
        let nullable = columns.into_iter().map(|column| RowColumn { nullable: true, ..column }).collect();
        let placeholder = Cte {
            name: name.clone(),
            columns: nullable,
            source: CteSource::Query(Box::new(first)),
            recursive: true,
            span: cte.name.span,
        };
        let id = self.add_cte(placeholder);
        let mut inner = Scope::inside(scope);
        inner.ctes.push((name.clone(), id));
        let mut whole = self.query_with(query, &inner, Names::Unsaid);
        let declared: Vec<Type> = self
            .made
            .cte(id)
            .map(|cte| cte.columns.iter().map(|column| column.ty.clone()).collect())
            .unwrap_or_default();
        for (position, ty) in declared.iter().enumerate() {
            self.keep_decimal(&mut whole, position, ty);
        }
        for (ty, column) in declared.iter().zip(&whole.columns) {
            if *ty != column.ty && !ty.is_open() && !column.ty.is_open() {
                self.sink.report(problems::recursive_type(&cte.name, ty, &column.ty));
            }
        }
        if let Some(made) = self.made.ctes.get_mut(id.0 as usize) {
            made.source = CteSource::Query(Box::new(whole));
        }
        Some(id)
    }

    /// A recursive CTE's decimal keeps the type its first side gives it, though each step may make it larger.
    fn keep_decimal(&mut self, whole: &mut Query, position: usize, first: &Type) {
        let found = whole.columns.get(position).map(|column| column.ty.clone());
        if let (Type::Decimal(first), Some(Type::Decimal(found))) = (first, found)
            && *first != found
            && first.scale == found.scale
        {
            self.fit_column(whole, position, &Type::Decimal(*first));
        }
    }

    /// The columns under new names, if there are new names.
    pub fn renamed(&mut self, columns: Vec<RowColumn>, names: &[Ident], of: &Ident) -> Vec<RowColumn> {
        if names.is_empty() {
            return columns;
        }
        if names.len() > columns.len() && !columns.is_empty() {
            self.sink.report(problems::too_many_names(of, names.len(), columns.len()));
        }
        let mut named = columns;
        for (column, name) in named.iter_mut().zip(names) {
            column.name = name.name.clone();
        }
        named
    }
}

/// True if the query names a relation `name` anywhere in it.
fn refers_to(query: &ast::Query, name: &Name) -> bool {
    let mut found = false;
    crate::syntax::walk::relations(query, &mut |relation| found |= relation == name);
    found
}

/// What the columns are called inside is said by nobody where they are renamed.
fn names_of(cte: &ast::Cte) -> Names {
    if cte.columns.is_empty() { Names::Said } else { Names::Unsaid }
}
