//! What an action gives back: what it declares, or what its last statement gives.

use super::action::Checker;
use super::{guard, problems};
use crate::diagnostics::Sink;
use crate::hir::{Body, Expr, ExprKind, Literal, OutputItem, Query, Statement, StatementKind};
use crate::interface::{Returns, RowColumn};
use crate::language::{Ident, Name, Type};
use crate::syntax::ast::{self, ReturnsClause};

/// What an action declares to give back.
pub(super) fn declared(ast: &ast::Action) -> Option<Returns> {
    let clause = ast.returns.as_ref()?;
    let columns = declared_columns(clause);
    Some(if clause.table { Returns::Table(columns) } else { Returns::Row(columns) })
}

/// What the action gives back: what its return statements give; without one, the rows of its last statement, which is
/// marked and fitted to what is declared.
pub(super) fn of(checker: &mut Checker<'_, '_>, statements: &mut Vec<Statement>) -> Returns {
    let ends = checker.flow.ends;
    let clause = checker.ast.returns.clone();
    let by_statements = checker.returned.any || checker.returned.next;
    match (&clause, ends || checker.returned.next) {
        (Some(clause), true) if by_statements || !clause.table => return said(checker),
        (None, true) if by_statements => return said(checker),
        (_, false) if by_statements => {
            if ends_in_returning_loop(statements) {
                checker.sink.report(problems::loop_may_not_return(checker.ast, clause.as_ref()));
                statements.push(no_result_raised(checker));
            } else if !checker.ast.incomplete {
                checker.sink.report(problems::missing_return(checker.ast, clause.as_ref()));
            }
            return said(checker);
        }
        // An action that only raises gives what it declares.
        (Some(_), true) => return said(checker),
        _ => {}
    }
    of_last(checker, statements, clause)
}

/// True if the last statement is a loop whose first pass returns: the family's way to return a first row.
fn ends_in_returning_loop(statements: &[Statement]) -> bool {
    let Some(last) = statements.last() else { return false };
    let (StatementKind::ForQuery { body, .. }
    | StatementKind::ForEach { body, .. }
    | StatementKind::ForRange { body, .. }) = &last.kind
    else {
        return false;
    };
    body.last().is_some_and(|last| matches!(last.kind, StatementKind::ReturnRow(_)))
}

/// `ERROR('..')` where such a loop makes no pass: a result that is not there is never null by itself.
fn no_result_raised(checker: &mut Checker<'_, '_>) -> Statement {
    checker.traits.may_raise = true;
    let span = checker.ast.name.span;
    let message = Literal::Text(format!("`{}` ended without a result", checker.ast.name.name));
    let kind = ExprKind::Literal(message);
    let message = Expr { kind, ty: Type::Text, nullable: false, span };
    Statement { kind: StatementKind::Raise(message), is_result: false, span }
}

/// What the return statements gave, whose nulls are known only if there are any.
fn said(checker: &Checker<'_, '_>) -> Returns {
    checker.returned.returns()
}

fn of_last(
    checker: &mut Checker<'_, '_>,
    statements: &mut [Statement],
    declared: Option<ReturnsClause>,
) -> Returns {
    let last = statements.last_mut().filter(|last| gives_rows(last, checker));
    let Some(last) = last else {
        if let Some(declared) = &declared
            && !checker.ast.incomplete
        {
            checker.sink.report(problems::no_result(declared, checker.ast));
        }
        return checker.returned.returns();
    };
    last.is_result = true;
    match &mut last.kind {
        StatementKind::Query(query) => result_of_query(checker, query, declared.as_ref()),
        StatementKind::Insert(insert) => result_of_items(checker, &mut insert.returning, declared.as_ref()),
        StatementKind::Update(update) => result_of_items(checker, &mut update.returning, declared.as_ref()),
        StatementKind::Delete(delete) => result_of_items(checker, &mut delete.returning, declared.as_ref()),
        _ => Returns::Nothing,
    }
}

fn gives_rows(statement: &Statement, checker: &Checker<'_, '_>) -> bool {
    match &statement.kind {
        StatementKind::Query(query) => !guard::only_guards(query, &checker.made),
        StatementKind::Insert(insert) => !insert.returning.is_empty(),
        StatementKind::Update(update) => !update.returning.is_empty(),
        StatementKind::Delete(delete) => !delete.returning.is_empty(),
        _ => false,
    }
}

/// Reports names that a clause declares twice.
pub(super) fn check_names(declared: &ReturnsClause, sink: &mut Sink) {
    let mut names: Vec<&Ident> = Vec::new();
    for name in declared.columns.iter().filter_map(|column| column.name.as_ref()) {
        match names.iter().find(|known| known.name == name.name) {
            Some(earlier) => sink.report(problems::duplicate_result(&name.name, name.span, earlier.span)),
            None => names.push(name),
        }
    }
}

/// The columns a clause declares; unnamed ones are called `col0`, `col1`, ..
pub(super) fn declared_columns(declared: &ReturnsClause) -> Vec<RowColumn> {
    let name = |position: usize, name: Option<&Name>| {
        name.cloned().unwrap_or_else(|| Name::new(&format!("col{position}")))
    };
    let columns = declared.columns.iter().enumerate();
    columns
        .map(|(position, column)| RowColumn {
            name: name(position, column.name.as_ref().map(|name| &name.name)),
            ty: column.ty.ty.clone(),
            nullable: true,
        })
        .collect()
}

fn result_of_query(
    checker: &mut Checker<'_, '_>,
    query: &mut Query,
    declared: Option<&ReturnsClause>,
) -> Returns {
    if let Some(clause) = declared {
        let Some(declared) = check_clause(checker, clause, query.columns.len()) else {
            return Returns::Table(declared_columns(clause));
        };
        fit_query(checker, query, &declared);
    }
    name_nulls(query);
    Returns::Table(query.columns.clone())
}

/// The declared columns if they are as many as the statement gives.
fn check_clause(
    checker: &mut Checker<'_, '_>,
    clause: &ReturnsClause,
    given: usize,
) -> Option<Vec<RowColumn>> {
    if !clause.table {
        checker.sink.report(problems::row_result(clause));
        return None;
    }
    let declared = declared_columns(clause);
    if declared.len() != given {
        checker.sink.report(problems::result_count(clause, given));
        return None;
    }
    Some(declared)
}

/// Fits every operand of the query to the declared columns and gives its rows the declared names.
pub(super) fn fit_query(checker: &mut Checker<'_, '_>, query: &mut Query, declared: &[RowColumn]) {
    for (column, declared) in query.columns.iter_mut().zip(declared) {
        column.name = declared.name.clone();
        column.ty = declared.ty.clone();
    }
    match &mut query.body {
        Body::Select(select) => fit_items(checker, &mut select.items, declared),
        Body::Operation { left, right, .. } => {
            fit_query(checker, left, declared);
            fit_query(checker, right, declared);
        }
    }
}

fn fit_items(checker: &mut Checker<'_, '_>, items: &mut [OutputItem], declared: &[RowColumn]) {
    for (item, declared) in items.iter_mut().zip(declared) {
        let mark = checker.sink.mark();
        item.expr = checker.coerce(item.expr.clone(), &declared.ty, None);
        checker.sink.note_since(mark, &format!("the result declares `{} {}`", declared.name, declared.ty));
        item.name = declared.name.clone();
    }
}

fn result_of_items(
    checker: &mut Checker<'_, '_>,
    items: &mut [OutputItem],
    declared: Option<&ReturnsClause>,
) -> Returns {
    if let Some(clause) = declared {
        let Some(declared) = check_clause(checker, clause, items.len()) else {
            return Returns::Table(declared_columns(clause));
        };
        fit_items(checker, items, &declared);
    }
    let column = |item: &OutputItem| RowColumn {
        name: item.name.clone(),
        ty: item.expr.ty.clone(),
        nullable: item.expr.nullable,
    };
    Returns::Table(items.iter().map(column).collect())
}

/// A result column that is a bare null is text.
pub(super) fn name_nulls(query: &mut Query) {
    for (position, column) in query.columns.iter_mut().enumerate() {
        if column.ty == Type::Null {
            column.ty = Type::Text;
            set_null_type(&mut query.body, position);
        }
    }
}

fn set_null_type(body: &mut Body, position: usize) {
    match body {
        Body::Select(select) => {
            if let Some(item) = select.items.get_mut(position)
                && item.expr.ty == Type::Null
            {
                item.expr.ty = Type::Text;
            }
        }
        Body::Operation { left, right, .. } => {
            for operand in [left, right] {
                if let Some(column) = operand.columns.get_mut(position) {
                    column.ty = Type::Text;
                }
                set_null_type(&mut operand.body, position);
            }
        }
    }
}
