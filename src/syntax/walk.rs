//! Finds the calls in an action, wherever they stand.

use super::ast::{
    Action, Call, ConflictAction, CteBody, Expect, Expr, ExprKind, ForSource, Frame, FrameBound, From,
    InsertSource, JoinCondition, OrderBy, Over, Query, QueryBody, Relation, RelationKind, SelectItem,
    SetContext, Statement, StatementKind, Subject, WindowSpec, With,
};
use crate::language::Name;

/// Names called without an alias, each once, in the order they are first called: actions of the same schema, and
/// functions.
pub fn own_callees(action: &Action) -> Vec<&Name> {
    let mut found: Vec<&Name> = Vec::new();
    calls(action, &mut |call| {
        if call.alias.is_none() && !found.contains(&&call.name.name) {
            found.push(&call.name.name);
        }
    });
    found
}

/// Visits every call of an action's body.
pub fn calls<'a>(action: &'a Action, visit: &mut impl FnMut(&'a Call)) {
    let mut found = |found: Found<'a>| {
        if let Found::Call(call) = found {
            visit(call);
        }
    };
    let mut walker = Walker { visit: &mut found };
    for statement in &action.body {
        walker.statement(&statement.kind);
    }
}

/// True if a statement of the action, inside others too, changes rows.
pub fn writes(action: &Action) -> bool {
    let mut writes = false;
    let mut found = |found: Found<'_>| writes |= matches!(found, Found::Write);
    let mut walker = Walker { visit: &mut found };
    action.body.iter().for_each(|statement| walker.statement(&statement.kind));
    writes
}

/// Visits the name of every table or CTE a query reads, in its subqueries too.
pub fn relations<'a>(query: &'a Query, visit: &mut impl FnMut(&'a Name)) {
    let mut found = |found: Found<'a>| {
        if let Found::Relation(name) = found {
            visit(name);
        }
    };
    Walker { visit: &mut found }.query(query);
}

/// What the walk comes across.
enum Found<'a> {
    Call(&'a Call),
    Relation(&'a Name),
    Write,
}

struct Walker<'v, F> {
    visit: &'v mut F,
}

impl<'a, F: FnMut(Found<'a>)> Walker<'_, F> {
    fn statement(&mut self, statement: &'a StatementKind) {
        match statement {
            StatementKind::Call(call) => self.call(call),
            StatementKind::Query(query) => self.query(query),
            StatementKind::Insert(insert) => {
                (self.visit)(Found::Write);
                self.with(insert.with.as_ref());
                match &insert.source {
                    InsertSource::Values(rows) => self.expressions(rows.iter().flatten()),
                    InsertSource::Query(query) => self.query(query),
                }
                if let Some(ConflictAction::Update { assignments, filter }) =
                    insert.conflict.as_ref().map(|conflict| &conflict.action)
                {
                    self.expressions(assignments.iter().map(|assignment| &assignment.value).chain(filter));
                }
                self.items(&insert.returning);
            }
            StatementKind::Update(update) => {
                (self.visit)(Found::Write);
                self.with(update.with.as_ref());
                self.expressions(update.assignments.iter().map(|assignment| &assignment.value));
                self.from(update.from.as_ref());
                self.expressions(&update.filter);
                self.items(&update.returning);
            }
            StatementKind::Delete(delete) => {
                (self.visit)(Found::Write);
                self.with(delete.with.as_ref());
                self.expressions(&delete.filter);
                self.items(&delete.returning);
            }
            StatementKind::Declare { variable: _, ty: _, value } => self.expressions(value),
            StatementKind::Assign { variable: _, value } => self.expressions([value]),
            StatementKind::Faulty { variables: _ } => {}
            StatementKind::AssignElement { array: _, index, value } => self.expressions([index, value]),
            StatementKind::Receive { receivers: _, call } => self.call(call),
            StatementKind::If { branches, otherwise } => {
                for branch in branches {
                    self.expressions([&branch.condition]);
                    self.statements(&branch.body);
                }
                otherwise.iter().for_each(|otherwise| self.statements(otherwise));
            }
            StatementKind::For { variable: _, source, body } => {
                match source {
                    ForSource::Range { low, high } => self.expressions([low, high]),
                    ForSource::Array(array) => self.expressions([array]),
                    ForSource::Query(query) => self.query(query),
                    ForSource::Call(call) => self.call(call),
                }
                self.statements(body);
            }
            StatementKind::Break | StatementKind::Continue => {}
            StatementKind::Return(values) | StatementKind::ReturnNext(values) => self.expressions(values),
            StatementKind::ReturnQuery(query) => self.query(query),
            StatementKind::SetContext(SetContext { value: _, to }) => self.expressions([to]),
            StatementKind::Expect(expect) => self.expect(expect),
        }
    }

    fn expect(&mut self, expect: &'a Expect) {
        match expect {
            Expect::Holds(condition) => self.expressions([condition]),
            Expect::Rows { subject, rows, unordered: _ } => {
                self.subject(subject);
                self.expressions(rows.iter().flatten());
            }
            Expect::Snapshot(subject) => self.subject(subject),
            Expect::Fails { statement, code: _, text: _ } => {
                statement.iter().for_each(|statement| self.statement(&statement.kind));
            }
        }
    }

    fn subject(&mut self, subject: &'a Subject) {
        match subject {
            Subject::Query(query) => self.query(query),
            Subject::Call(call) => self.call(call),
            Subject::Value(value) => self.expressions([value]),
        }
    }

    fn statements(&mut self, statements: &'a [Statement]) {
        statements.iter().for_each(|statement| self.statement(&statement.kind));
    }

    fn call(&mut self, call: &'a Call) {
        (self.visit)(Found::Call(call));
        self.expressions(&call.arguments);
    }

    fn with(&mut self, with: Option<&'a With>) {
        for cte in with.into_iter().flat_map(|with| &with.ctes) {
            match &cte.body {
                CteBody::Query(query) => self.query(query),
                CteBody::Call(call) => self.call(call),
            }
        }
    }

    fn query(&mut self, query: &'a Query) {
        self.with(query.with.as_ref());
        match &query.body {
            QueryBody::Select(select) => {
                self.items(&select.items);
                self.from(select.from.as_ref());
                self.expressions(select.filter.iter().chain(&select.group_by).chain(&select.having));
                for window in &select.windows {
                    self.window(&window.spec);
                }
            }
            QueryBody::Operation { left, right, .. } => {
                self.query(left);
                self.query(right);
            }
        }
        self.order(&query.order_by);
        self.expressions(query.limit.iter().chain(&query.offset));
    }

    fn from(&mut self, from: Option<&'a From>) {
        let Some(from) = from else { return };
        self.relation(&from.first);
        for join in &from.joins {
            self.relation(&join.relation);
            if let JoinCondition::On(condition) = &join.condition {
                self.expression(condition);
            }
        }
    }

    fn relation(&mut self, relation: &'a Relation) {
        match &relation.kind {
            RelationKind::Named(name) => (self.visit)(Found::Relation(&name.name)),
            RelationKind::Query { query, .. } => self.query(query),
            RelationKind::Call(call) => self.call(call),
            RelationKind::Unnest { arrays, .. } => self.expressions(arrays),
            RelationKind::Nested(from) => self.from(Some(from)),
        }
    }

    fn items(&mut self, items: &'a [SelectItem]) {
        for item in items {
            if let SelectItem::Expr { expr, .. } = item {
                self.expression(expr);
            }
        }
    }

    fn order(&mut self, keys: &'a [OrderBy]) {
        self.expressions(keys.iter().map(|key| &key.expr));
    }

    fn window(&mut self, spec: &'a WindowSpec) {
        self.expressions(&spec.partition_by);
        self.order(&spec.order_by);
        let Some(Frame { start, end, .. }) = &spec.frame else { return };
        for bound in std::iter::once(start).chain(end) {
            if let FrameBound::Preceding(offset) | FrameBound::Following(offset) = bound {
                self.expression(offset);
            }
        }
    }

    fn expressions(&mut self, expressions: impl IntoIterator<Item = &'a Expr>) {
        for expression in expressions {
            self.expression(expression);
        }
    }

    fn expression(&mut self, expression: &'a Expr) {
        match &expression.kind {
            ExprKind::Literal(_)
            | ExprKind::Variable(_)
            | ExprKind::Context(_)
            | ExprKind::Column { .. }
            | ExprKind::Field { .. } => {}
            ExprKind::Unary { operand, .. }
            | ExprKind::IsNull { operand, .. }
            | ExprKind::IsTruth { operand, .. }
            | ExprKind::Cast { operand, .. } => self.expression(operand),
            ExprKind::Binary { left, right, .. }
            | ExprKind::IsDistinct { left, right, .. }
            | ExprKind::Quantified { left, array: right, .. }
            | ExprKind::Like { operand: left, pattern: right, .. }
            | ExprKind::Index { array: left, index: right } => {
                self.expression(left);
                self.expression(right);
            }
            ExprKind::Between { operand, low, high, .. } => {
                self.expression(operand);
                self.expression(low);
                self.expression(high);
            }
            ExprKind::InList { operand, list, .. } => {
                self.expression(operand);
                self.expressions(list);
            }
            ExprKind::InQuery { operand, query, .. } => {
                self.expression(operand);
                self.query(query);
            }
            ExprKind::Exists { query, .. } | ExprKind::Subquery(query) => self.query(query),
            ExprKind::Case { operand, branches, otherwise } => {
                self.expressions(operand.as_deref());
                self.expressions(branches.iter().flat_map(|branch| [&branch.condition, &branch.value]));
                self.expressions(otherwise.as_deref());
            }
            ExprKind::Array(elements) => self.expressions(elements),
            ExprKind::Slice { array, low, high } => {
                self.expression(array);
                self.expressions(low.as_deref());
                self.expressions(high.as_deref());
            }
            ExprKind::Function(function) => {
                self.call(&function.call);
                self.order(&function.order_by);
                self.expressions(&function.filter);
                if let Some(Over::Spec(spec)) = &function.over {
                    self.window(spec);
                }
            }
        }
    }
}
