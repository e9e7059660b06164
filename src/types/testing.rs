//! Tests: the bodies of actions that nobody can call, with statements of their own.

use super::action::Checker;
use super::env::Env;
use super::problems;
use super::query::Names;
use super::result;
use super::scope::{At, Place, Scope};
use super::variable::Variables;
use crate::diagnostics::Sink;
use crate::hir::{
    self, Expectation, Expr, ExprKind, LocalId, Query, Statement, StatementKind, TestStep, ViewCall,
};
use crate::interface::{Expected, Returns, RowColumn};
use crate::language::{Ident, Name, Type};
use crate::source::Span;
use crate::syntax::ast::{self, Call, Expect, SetContext, Subject, TestFile};

/// Checks the tests of one file.
pub(super) fn check(file: &TestFile, env: &Env<'_>, sink: &mut Sink) -> Vec<hir::Test> {
    for setup in &file.setups {
        body(setup, env, sink);
    }
    let test = |test: &ast::Test| {
        let (action, expectations) = body(&test.action, env, sink);
        hir::Test { title: test.title.clone(), title_span: test.title_span, action, expectations }
    };
    file.tests.iter().map(test).collect()
}

/// Checks the statements of one block, and what they expect.
fn body(ast: &ast::Action, env: &Env<'_>, sink: &mut Sink) -> (hir::Action, Vec<Expectation>) {
    let mut checker = Checker::new(ast, env, sink, Variables::default());
    checker.testing = Some(Vec::new());
    // Nothing is its result: what a last SELECT gives is thrown away.
    checker.returned.columns = Some(Returns::Nothing);
    let body = checker.statements(&ast.body);
    let Checker { mut made, variables, testing, .. } = checker;
    made.locals = variables.locals;
    made.body = body;
    (made, testing.unwrap_or_default())
}

/// What was found to be compared: the statements that get there, and its columns.
struct Found {
    before: Vec<Statement>,
    columns: Vec<RowColumn>,
}

impl Checker<'_, '_> {
    /// `@caller := e;`
    pub(super) fn set_context(&mut self, set: &SetContext, span: Span) -> Vec<Statement> {
        let ty = set.value.ty();
        let to = self.test_value(&set.to, Some(&ty));
        let mark = self.sink.mark();
        let to = self.coerce(to, &ty, None);
        self.sink.note_since(mark, &format!("`@{}` is `{ty}`", set.value.word()));
        vec![step(TestStep::Set { value: set.value, to }, span)]
    }

    /// `expect ..;`
    pub(super) fn expect(&mut self, expect: &Expect, span: Span) -> Vec<Statement> {
        match expect {
            Expect::Holds(condition) => self.expect_condition(condition, span),
            Expect::Rows { subject, rows, unordered } => self.expect_rows(subject, rows, *unordered, span),
            Expect::Snapshot(subject) => {
                let Some(Found { mut before, columns }) = self.found(subject, span) else {
                    return Vec::new();
                };
                let expectation = self.note_expectation(Expected::Snapshot(columns), span);
                before.push(step(TestStep::Tell(expectation), span));
                before
            }
            Expect::Fails { statement, code, text } => {
                self.expect_failure(statement.as_deref(), code.as_ref(), text.clone(), span)
            }
        }
    }

    fn note_expectation(&mut self, kind: Expected, span: Span) -> usize {
        let all = self.testing.get_or_insert_default();
        all.push(Expectation { kind, span });
        all.len() - 1
    }

    /// A value that stands outside of a query.
    fn test_value(&mut self, value: &ast::Expr, hint: Option<&Type>) -> Expr {
        let scope = Scope::default();
        self.expression(value, hint, At::new(&scope, Place::Value))
    }

    /// The two sides of a comparison are computed once, to be shown.
    fn expect_condition(&mut self, condition: &ast::Expr, span: Span) -> Vec<Statement> {
        let scope = Scope::default();
        let mut condition = self.condition(condition, At::new(&scope, Place::Value));
        let (mut made, mut sides) = (Vec::new(), Vec::new());
        if let ExprKind::Binary { operator, left, right } = &mut condition.kind
            && operator.is_comparison()
            && [&*left, &*right].iter().all(|side| !side.ty.is_open() && side.ty != Type::Null)
        {
            for (side, name) in [(left, "_found"), (right, "_wanted")] {
                let local = self.keep(side, name, &mut made);
                **side = local.clone();
                sides.push(local);
            }
        }
        let types = sides.iter().map(|side| side.ty.clone()).collect();
        let expectation = self.note_expectation(Expected::Holds(types), span);
        self.flow.assume(&condition, true);
        made.push(step(TestStep::Holds { expectation, condition, sides }, span));
        made
    }

    /// A local that holds what `value` gives.
    fn keep(&mut self, value: &Expr, name: &str, made: &mut Vec<Statement>) -> Expr {
        let ident = Ident { name: Name::new(name), span: value.span };
        let local = self.variables.declare(&ident, value.ty.clone(), None);
        let kind = self.assign(local, value.clone());
        made.push(Statement { kind, is_result: false, span: value.span });
        Expr { kind: ExprKind::Local(local), ..value.clone() }
    }

    fn expect_rows(
        &mut self,
        subject: &Subject,
        rows: &[Vec<ast::Expr>],
        unordered: bool,
        span: Span,
    ) -> Vec<Statement> {
        let Some(Found { before: mut made, columns }) = self.found(subject, span) else {
            rows.iter().flatten().for_each(|value| {
                self.test_value(value, None);
            });
            return Vec::new();
        };
        for row in rows {
            made.extend(self.wanted(row, &columns, span));
        }
        let expectation = self.note_expectation(Expected::Rows { columns, unordered }, span);
        made.push(step(TestStep::Tell(expectation), span));
        made
    }

    /// One row of values, fitted to the columns that are found.
    fn wanted(&mut self, row: &[ast::Expr], columns: &[RowColumn], span: Span) -> Option<Statement> {
        if row.len() != columns.len() {
            let at = row.first().zip(row.last()).map_or(span, |(first, last)| first.span.to(last.span));
            self.sink.report(problems::expected_row_width(at, columns, row.len()));
        }
        let mut made = Vec::new();
        for (position, value) in row.iter().enumerate() {
            let Some(column) = columns.get(position) else {
                self.test_value(value, None);
                continue;
            };
            let value = self.test_value(value, Some(&column.ty));
            let mark = self.sink.mark();
            made.push(self.coerce(value, &column.ty, None));
            self.sink.note_since(mark, &format!("the column found is `{} {}`", column.name, column.ty));
        }
        (row.len() == columns.len()).then(|| step(TestStep::Wanted(made), span))
    }

    /// What a subject gives; none if it was reported.
    fn found(&mut self, subject: &Subject, span: Span) -> Option<Found> {
        match subject {
            Subject::Query(query) => {
                let scope = Scope::default();
                let mut query = self.own_query(|checker| checker.query_with(query, &scope, Names::Unsaid));
                result::name_nulls(&mut query);
                Some(self.found_rows(query, span))
            }
            Subject::Call(call) if self.is_action(call) => self.found_by_call(call, span),
            Subject::Call(call) => {
                let value = self.value_of_call(call);
                Some(self.found_value(value, span))
            }
            Subject::Value(value) => {
                let value = self.test_value(value, None);
                Some(self.found_value(value, span))
            }
        }
    }

    fn found_by_call(&mut self, call: &Call, span: Span) -> Option<Found> {
        let scope = Scope::default();
        let returns = self.returns_of(call);
        if let Some(Returns::Row(columns)) = &returns {
            let columns = columns.clone();
            let ids = self.row_locals(&columns, span);
            let targets: Vec<Option<LocalId>> = ids.iter().copied().map(Some).collect();
            let kind = self.receive(&targets, call)?;
            let receive = Statement { kind, is_result: false, span };
            let found = step(TestStep::Found(read(&ids, &columns, span)), span);
            return Some(Found { before: vec![step(TestStep::Begin, span), receive, found], columns });
        }
        let (callee, arguments) = self.call_statement(call, At::new(&scope, Place::Value))?;
        let Returns::Table(columns) = returns? else {
            self.sink.report(problems::gives_nothing(call));
            return None;
        };
        let spliced = self.is_composable(call);
        let query = self.rows_of(ViewCall { callee, arguments, spliced, span: call.span }, columns);
        Some(self.found_rows(query, span))
    }

    fn found_rows(&mut self, query: Query, span: Span) -> Found {
        let columns = query.columns.clone();
        let targets = self.row_locals(&columns, span);
        let body = vec![step(TestStep::Found(read(&targets, &columns, span)), span)];
        let rows = StatementKind::ForQuery { targets, query, body };
        let rows = Statement { kind: rows, is_result: false, span };
        Found { before: vec![step(TestStep::Begin, span), rows], columns }
    }

    fn found_value(&mut self, mut value: Expr, span: Span) -> Found {
        if value.ty == Type::Null {
            value.ty = Type::Text;
        }
        let (ty, nullable) = (value.ty.clone(), value.nullable);
        let columns = vec![RowColumn { name: Name::new("value"), ty, nullable }];
        let found = step(TestStep::Found(vec![value]), span);
        Found { before: vec![step(TestStep::Begin, span), found], columns }
    }

    /// A local for every column, which nobody can name.
    fn row_locals(&mut self, columns: &[RowColumn], span: Span) -> Vec<LocalId> {
        let row = Ident { name: Name::new("_row"), span };
        let columns: Vec<_> = columns.iter().map(|column| (column.name.clone(), column.ty.clone())).collect();
        self.variables.declare_row(&row, &columns)
    }

    /// `expect STATEMENT fails ..;`: what it does is undone, so that nothing is known of it afterwards.
    fn expect_failure(
        &mut self,
        statement: Option<&ast::Statement>,
        code: Option<&Ident>,
        text: Option<String>,
        span: Span,
    ) -> Vec<Statement> {
        let before = self.flow.clone();
        let body = statement.map(|statement| self.statement(statement)).unwrap_or_default();
        self.flow = before;
        let code = code.map(|code| code.name.as_str().to_ascii_uppercase());
        let expectation = self.note_expectation(Expected::Fails { code, text }, span);
        vec![step(TestStep::Fails { expectation, body }, span)]
    }
}

fn step(step: TestStep, span: Span) -> Statement {
    Statement { kind: StatementKind::Test(step), is_result: false, span }
}

/// The values of locals.
fn read(locals: &[LocalId], columns: &[RowColumn], span: Span) -> Vec<Expr> {
    let value = |(local, column): (&LocalId, &RowColumn)| Expr {
        kind: ExprKind::Local(*local),
        ty: column.ty.clone(),
        nullable: column.nullable,
        span,
    };
    locals.iter().zip(columns).map(value).collect()
}
