//! Where an author's error may be raised: in the values a statement itself computes, once for each row it gives or
//! writes. Everywhere else PostgreSQL decides whether, how often and in which order a part is evaluated.

use std::collections::BTreeSet;

use super::facts::Here;
use super::{guard_unused, problems, references};
use crate::diagnostics::Sink;
use crate::hir::walk::{self, Node};
use crate::hir::{
    Conflict, ConflictAction, CteId, CteSource, Expr, ExprKind, IfBranch, InsertSource, Query, Relation,
    RelationSource, Select, Statement, StatementKind, ViewCall,
};
use crate::language::functions::Kind;

pub(super) fn check(here: &Here<'_>, sink: &mut Sink) {
    if !here.action.signature.may_raise {
        return;
    }
    let reached = references::of(here.action).reached;
    let mut search = Search { here, reached, sink };
    for statement in &here.action.body {
        search.statement(&statement.kind);
    }
}

/// What PostgreSQL may do to an expression.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The words for why it may be skipped; none where it is evaluated as written.
    skipped: Option<&'static str>,
    /// The words for a subquery around it of which perhaps not all rows are made.
    cut_short: Option<&'static str>,
}

impl Place {
    fn within(self, words: &'static str) -> Place {
        Place { skipped: Some(words), ..self }
    }

    fn below(self, words: &'static str) -> Place {
        Place { skipped: Some(words), cut_short: Some(words) }
    }
}

struct Search<'h, 's> {
    here: &'h Here<'h>,
    reached: BTreeSet<CteId>,
    sink: &'s mut Sink,
}

impl<'h> Search<'h, '_> {
    fn statement(&mut self, kind: &'h StatementKind) {
        let place = Place::default();
        match kind {
            StatementKind::Query(query) => self.query(query, place),
            StatementKind::Insert(insert) => {
                self.ctes(&insert.ctes);
                match &insert.source {
                    InsertSource::Values(rows) => self.all(rows.iter().flatten(), place),
                    InsertSource::Query(query) => self.query(query, place),
                }
                if let Some(Conflict { arbiter: _, action }) = &insert.conflict
                    && let ConflictAction::Update { excluded: _, assignments, filter } = action
                {
                    self.all(assignments.iter().map(|assignment| &assignment.value), place);
                    self.all(filter, place.within("WHERE"));
                }
                self.all(insert.returning.iter().map(|item| &item.expr), place);
            }
            StatementKind::Update(update) => {
                self.ctes(&update.ctes);
                self.all(update.assignments.iter().map(|assignment| &assignment.value), place);
                update.from.iter().for_each(|from| self.relations(Node::From(from), place));
                self.all(&update.filter, place.within("WHERE"));
                self.all(update.returning.iter().map(|item| &item.expr), place);
            }
            StatementKind::Delete(delete) => {
                self.ctes(&delete.ctes);
                self.all(&delete.filter, place.within("WHERE"));
                self.all(delete.returning.iter().map(|item| &item.expr), place);
            }
            StatementKind::Call { callee: _, arguments } => self.all(arguments, place),
            StatementKind::Guard { condition, message } => self.all([condition, message], place),
            StatementKind::Raise(message) | StatementKind::Notice(message) => self.all([message], place),
            StatementKind::Assign { target: _, value } => self.all([value], place),
            StatementKind::AssignElement { array: _, index, value } => self.all([index, value], place),
            StatementKind::Receive { targets: _, callee: _, arguments } => self.all(arguments, place),
            StatementKind::ReceiveQuery { targets: _, query } => self.query(query, place),
            StatementKind::If { branches, otherwise } => self.branches(branches, otherwise),
            StatementKind::ForRange { variable: _, low, high, body } => {
                self.all([low, high], place);
                self.statements(body);
            }
            StatementKind::ForEach { variable: _, array, body } => {
                self.all([array], place);
                self.statements(body);
            }
            StatementKind::ForQuery { targets: _, query, body } => {
                self.query(query, place);
                self.statements(body);
            }
            StatementKind::Test(_)
            | StatementKind::Break
            | StatementKind::Continue
            | StatementKind::Return => {}
            StatementKind::ReturnRow(values) | StatementKind::ReturnNext(values) => self.all(values, place),
        }
    }

    fn branches(&mut self, branches: &'h [IfBranch], otherwise: &'h [Statement]) {
        for branch in branches {
            self.all([&branch.condition], Place::default());
            self.statements(&branch.body);
        }
        self.statements(otherwise);
    }

    fn statements(&mut self, statements: &'h [Statement]) {
        statements.iter().for_each(|statement| self.statement(&statement.kind));
    }

    fn ctes(&mut self, ctes: &'h [CteId]) {
        for id in ctes {
            let Some(cte) = self.here.action.cte(*id) else { continue };
            // that one is the business of the rule for guards that never run
            if !self.reached.contains(id) && guard_unused::raises(self.here, *id, cte) {
                continue;
            }
            let place = Place::default().within("a common table expression");
            match &cte.source {
                CteSource::Query(query) => self.query(query, place),
                CteSource::View(call) => self.view(call, place),
            }
        }
    }

    fn query(&mut self, query: &'h Query, place: Place) {
        self.ctes(&query.ctes);
        match &query.body {
            crate::hir::Body::Select(select) => self.select(select, place),
            crate::hir::Body::Operation { operator: _, all: _, left, right } => {
                self.query(left, place);
                self.query(right, place);
            }
        }
        for key in &query.order_by {
            if let crate::hir::OrderKey::Expr(expr) = &key.key {
                self.expr(expr, place.within("ORDER BY"));
            }
        }
        self.all(query.limit.iter().chain(&query.offset), place.within("LIMIT and OFFSET"));
    }

    fn select(&mut self, select: &'h Select, place: Place) {
        self.all(select.items.iter().map(|item| &item.expr), place);
        select.from.iter().for_each(|from| self.relations(Node::From(from), place));
        self.all(&select.filter, place.within("WHERE"));
        self.all(&select.group_by, place.within("GROUP BY"));
        self.all(&select.having, place.within("HAVING"));
    }

    /// A FROM and what stands in it.
    fn relations(&mut self, node: Node<'h>, place: Place) {
        match node {
            Node::Expr(on) => self.expr(on, place.within("a join condition")),
            Node::Query(query) => self.query(query, place.within("a subquery")),
            Node::View(call) => self.view(call, place),
            Node::Relation(_, Relation { source: RelationSource::Unnest { arrays, .. }, .. }) => {
                self.all(arrays, place.within("an array of unnest"));
            }
            Node::Relation(_, relation) => {
                if let RelationSource::Cte(id) = relation.source {
                    self.cte_read(id, place);
                }
                walk::children(self.here.action, node, &mut |child| self.relations(child, place));
            }
            _ => walk::children(self.here.action, node, &mut |child| self.relations(child, place)),
        }
    }

    fn view(&mut self, call: &'h ViewCall, place: Place) {
        self.all(&call.arguments, place.within("an argument of a view"));
        if place.cut_short.is_some() {
            self.guard_cut_short(call, place);
        }
    }

    /// A CTE that is a guarding view runs only as far as its reader asks.
    fn cte_read(&mut self, id: CteId, place: Place) {
        let source = self.here.action.cte(id).map(|cte| &cte.source);
        if let Some(CteSource::View(call)) = source {
            self.guard_cut_short(call, place);
        }
    }

    fn guard_cut_short(&mut self, call: &ViewCall, place: Place) {
        let guards = self.here.signature(&call.callee).is_some_and(|signature| signature.may_raise);
        if let Some(words) = place.cut_short.filter(|_| guards) {
            self.sink.report(problems::view_may_be_skipped(
                &self.here.name_of(&call.callee),
                call.span,
                words,
            ));
        }
    }

    fn all(&mut self, expressions: impl IntoIterator<Item = &'h Expr>, place: Place) {
        for expr in expressions {
            self.expr(expr, place);
        }
    }

    fn expr(&mut self, expr: &'h Expr, place: Place) {
        let below = match &expr.kind {
            ExprKind::Error(_) => {
                if let Some(words) = place.skipped {
                    self.sink.report(problems::error_may_be_skipped(expr.span, words));
                }
                place
            }
            ExprKind::And(_) => place.within("an operand of AND"),
            ExprKind::Or(_) => place.within("an operand of OR"),
            ExprKind::Exists { .. } => place.below("EXISTS"),
            ExprKind::InQuery { .. } => place.below("IN"),
            ExprKind::Subquery(_) => place.below("a subquery"),
            ExprKind::Function(call) => match call.function.kind {
                Kind::Scalar | Kind::Rows => place,
                Kind::Aggregate { .. } => place.within("the argument of an aggregate"),
                Kind::Window { .. } => place.within("the argument of a window function"),
            },
            _ => place,
        };
        walk::children(self.here.action, Node::Expr(expr), &mut |child| match child {
            Node::Query(query) => self.query(query, below),
            Node::Expr(child) => self.expr(child, below),
            _ => {}
        });
    }
}
