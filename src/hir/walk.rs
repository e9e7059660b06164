//! One way through the tree for rules and lowering. [`children`] makes one step, so that a rule may carry facts of its
//! own downwards; [`walk`] makes all of them, parents first, in source order. Both reach subqueries, and through the
//! action's arenas the queries of its CTEs (where they are declared) and of its relations (where they stand in FROM).
//! What a called view does is not part of the tree.

use super::{
    Action, Body, Callee, Conflict, ConflictAction, Cte, CteId, CteSource, Expr, ExprKind, Frame, FrameBound,
    From, FromKind, FunctionCall, Insert, InsertSource, OrderBy, OrderKey, OutputItem, Query, Relation,
    RelationId, RelationSource, Select, Statement, StatementKind, TestStep, ViewCall, Window,
};

/// A place in the tree of an action.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Node<'a> {
    /// A statement.
    Statement(&'a Statement),
    /// A query.
    Query(&'a Query),
    /// A SELECT of a query.
    Select(&'a Select),
    /// A leaf or join of a FROM.
    From(&'a From),
    /// A relation: of FROM, or the target of a write, or the EXCLUDED row.
    Relation(RelationId, &'a Relation),
    /// A CTE where it is declared.
    Cte(CteId, &'a Cte),
    /// A view whose rows are read.
    View(&'a ViewCall),
    /// An expression.
    Expr(&'a Expr),
}

impl<'a> Node<'a> {
    /// The action this very node calls.
    pub fn callee(self) -> Option<&'a Callee> {
        match self {
            Node::Statement(statement) => match &statement.kind {
                StatementKind::Call { callee, .. } | StatementKind::Receive { callee, .. } => Some(callee),
                _ => None,
            },
            Node::View(call) => Some(&call.callee),
            Node::Expr(Expr { kind: ExprKind::Call { callee, .. }, .. }) => Some(callee),
            _ => None,
        }
    }
}

/// Visits `node` and everything below it.
pub fn walk<'a>(action: &'a Action, node: Node<'a>, visit: &mut dyn FnMut(Node<'a>)) {
    visit(node);
    children(action, node, &mut |child| walk(action, child, visit));
}

/// Visits every statement of `action` and everything below it.
pub fn body<'a>(action: &'a Action, visit: &mut dyn FnMut(Node<'a>)) {
    for statement in &action.body {
        walk(action, Node::Statement(statement), visit);
    }
}

/// Every statement of `action`, those inside others too, in source order.
pub fn statements(action: &Action) -> Vec<&Statement> {
    let mut found = Vec::new();
    body(action, &mut |node| {
        if let Node::Statement(statement) = node {
            found.push(statement);
        }
    });
    found
}

/// Visits the expressions at and below `node`.
pub fn expressions<'a>(action: &'a Action, node: Node<'a>, visit: &mut dyn FnMut(&'a Expr)) {
    walk(action, node, &mut |node| {
        if let Node::Expr(expr) = node {
            visit(expr);
        }
    });
}

/// Visits the expressions of a statement.
pub fn expressions_of_statement<'a>(
    action: &'a Action,
    statement: &'a Statement,
    visit: &mut dyn FnMut(&'a Expr),
) {
    expressions(action, Node::Statement(statement), visit);
}

/// Visits what stands directly below `node`.
pub fn children<'a>(action: &'a Action, node: Node<'a>, visit: &mut dyn FnMut(Node<'a>)) {
    let mut step = Step { action, visit };
    match node {
        Node::Statement(statement) => step.statement(&statement.kind),
        Node::Query(query) => step.query(query),
        Node::Select(select) => step.select(select),
        Node::From(from) => step.from(from),
        Node::Relation(_, relation) => step.source(&relation.source),
        Node::Cte(_, cte) => match &cte.source {
            CteSource::Query(query) => step.visit(Node::Query(query)),
            CteSource::View(call) => step.visit(Node::View(call)),
        },
        Node::View(call) => step.expressions(&call.arguments),
        Node::Expr(expr) => step.expr(expr),
    }
}

/// One step down.
struct Step<'a, 'v> {
    action: &'a Action,
    visit: &'v mut dyn FnMut(Node<'a>),
}

impl<'a> Step<'a, '_> {
    fn visit(&mut self, node: Node<'a>) {
        (self.visit)(node);
    }

    fn expressions(&mut self, expressions: impl IntoIterator<Item = &'a Expr>) {
        for expr in expressions {
            self.visit(Node::Expr(expr));
        }
    }

    fn relation(&mut self, id: RelationId) {
        if let Some(relation) = self.action.relation(id) {
            self.visit(Node::Relation(id, relation));
        }
    }

    fn ctes(&mut self, ctes: &'a [CteId]) {
        for id in ctes {
            if let Some(cte) = self.action.cte(*id) {
                self.visit(Node::Cte(*id, cte));
            }
        }
    }

    fn items(&mut self, items: &'a [OutputItem]) {
        self.expressions(items.iter().map(|item| &item.expr));
    }

    fn statement(&mut self, kind: &'a StatementKind) {
        match kind {
            StatementKind::Query(query) => self.visit(Node::Query(query)),
            StatementKind::Insert(insert) => self.insert(insert),
            StatementKind::Update(update) => {
                self.ctes(&update.ctes);
                self.relation(update.target);
                self.expressions(update.assignments.iter().map(|assignment| &assignment.value));
                update.from.iter().for_each(|from| self.visit(Node::From(from)));
                self.expressions(&update.filter);
                self.items(&update.returning);
            }
            StatementKind::Delete(delete) => {
                self.ctes(&delete.ctes);
                self.relation(delete.target);
                self.expressions(&delete.filter);
                self.items(&delete.returning);
            }
            StatementKind::Call { callee: _, arguments } => self.expressions(arguments),
            StatementKind::Guard { condition, message } => self.expressions([condition, message]),
            StatementKind::Raise(message) | StatementKind::Notice(message) => self.expressions([message]),
            StatementKind::Assign { target: _, value } => self.expressions([value]),
            StatementKind::AssignElement { array: _, index, value } => self.expressions([index, value]),
            StatementKind::Receive { targets: _, callee: _, arguments } => self.expressions(arguments),
            StatementKind::ReceiveQuery { targets: _, query } => self.visit(Node::Query(query)),
            StatementKind::If { branches, otherwise } => {
                for branch in branches {
                    self.visit(Node::Expr(&branch.condition));
                    self.statements(&branch.body);
                }
                self.statements(otherwise);
            }
            StatementKind::ForRange { variable: _, low, high, body } => {
                self.expressions([low, high]);
                self.statements(body);
            }
            StatementKind::ForEach { variable: _, array, body } => {
                self.visit(Node::Expr(array));
                self.statements(body);
            }
            StatementKind::ForQuery { targets: _, query, body } => {
                self.visit(Node::Query(query));
                self.statements(body);
            }
            StatementKind::Break | StatementKind::Continue | StatementKind::Return => {}
            StatementKind::ReturnRow(values) | StatementKind::ReturnNext(values) => self.expressions(values),
            StatementKind::Test(step) => self.test_step(step),
        }
    }

    fn test_step(&mut self, step: &'a TestStep) {
        match step {
            TestStep::Begin | TestStep::Tell(_) => {}
            TestStep::Set { value: _, to } => self.expressions([to]),
            TestStep::Found(values) | TestStep::Wanted(values) => self.expressions(values),
            TestStep::Holds { expectation: _, condition, sides } => {
                self.expressions(std::iter::once(condition).chain(sides));
            }
            TestStep::Fails { expectation: _, body } => self.statements(body),
        }
    }

    fn statements(&mut self, statements: &'a [Statement]) {
        for statement in statements {
            self.visit(Node::Statement(statement));
        }
    }

    fn insert(&mut self, insert: &'a Insert) {
        self.ctes(&insert.ctes);
        self.relation(insert.target);
        match &insert.source {
            InsertSource::Values(rows) => self.expressions(rows.iter().flatten()),
            InsertSource::Query(query) => self.visit(Node::Query(query)),
        }
        if let Some(Conflict { arbiter: _, action }) = &insert.conflict
            && let ConflictAction::Update { excluded, assignments, filter } = action
        {
            self.relation(*excluded);
            self.expressions(assignments.iter().map(|assignment| &assignment.value));
            self.expressions(filter);
        }
        self.items(&insert.returning);
    }

    fn query(&mut self, query: &'a Query) {
        let Query { ctes, recursive: _, body, order_by, limit, offset, columns: _, span: _ } = query;
        self.ctes(ctes);
        match body {
            Body::Select(select) => self.visit(Node::Select(select)),
            Body::Operation { operator: _, all: _, left, right } => {
                self.visit(Node::Query(left));
                self.visit(Node::Query(right));
            }
        }
        self.order_by(order_by);
        self.expressions(limit.iter().chain(offset));
    }

    fn order_by(&mut self, keys: &'a [OrderBy]) {
        for key in keys {
            if let OrderKey::Expr(expr) = &key.key {
                self.visit(Node::Expr(expr));
            }
        }
    }

    fn select(&mut self, select: &'a Select) {
        let Select { distinct: _, items, from, filter, group_by, having, grouped: _, span: _ } = select;
        self.items(items);
        from.iter().for_each(|from| self.visit(Node::From(from)));
        self.expressions(filter.iter().chain(group_by).chain(having));
    }

    fn from(&mut self, from: &'a From) {
        match &from.kind {
            FromKind::Relation(id) => self.relation(*id),
            FromKind::Join { kind: _, left, right, on } => {
                self.visit(Node::From(left));
                self.visit(Node::From(right));
                self.expressions(on);
            }
        }
    }

    fn source(&mut self, source: &'a RelationSource) {
        match source {
            RelationSource::Table(_) | RelationSource::Cte(_) | RelationSource::Excluded(_) => {}
            RelationSource::Query { query, lateral: _ } => self.visit(Node::Query(query)),
            RelationSource::View(call) => self.visit(Node::View(call)),
            RelationSource::Unnest { arrays, ordinality: _ } => self.expressions(arrays),
        }
    }

    fn expr(&mut self, expr: &'a Expr) {
        match &expr.kind {
            ExprKind::Literal(_) | ExprKind::Local(_) | ExprKind::Context(_) | ExprKind::Column { .. } => {}
            ExprKind::Unary { operator: _, operand }
            | ExprKind::IsNull { operand, negated: _ }
            | ExprKind::IsTruth { operand, truth: _, negated: _ }
            | ExprKind::Cast(operand)
            | ExprKind::Error(operand) => self.expressions([&**operand]),
            ExprKind::Binary { operator: _, left, right }
            | ExprKind::IsDistinct { left, right, negated: _ } => self.expressions([&**left, right]),
            ExprKind::And(list) | ExprKind::Or(list) | ExprKind::Array(list) => self.expressions(list),
            ExprKind::Between { operand, low, high, negated: _ } => {
                self.expressions([&**operand, low, high]);
            }
            ExprKind::Like { operand, pattern, escape: _, negated: _ } => {
                self.expressions([&**operand, pattern]);
            }
            ExprKind::InList { operand, list, negated: _ } => {
                self.expressions(std::iter::once(&**operand).chain(list));
            }
            ExprKind::InQuery { operand, query, negated: _ } => {
                self.visit(Node::Expr(operand));
                self.visit(Node::Query(query));
            }
            ExprKind::Quantified { operator: _, all: _, left, array } => self.expressions([&**left, array]),
            ExprKind::Exists { query, negated: _ } | ExprKind::Subquery(query) => {
                self.visit(Node::Query(query));
            }
            ExprKind::Call { callee: _, arguments } => self.expressions(arguments),
            ExprKind::Case { operand, branches, otherwise } => {
                self.expressions(operand.as_deref());
                self.expressions(branches.iter().flat_map(|branch| [&branch.condition, &branch.value]));
                self.expressions(otherwise.as_deref());
            }
            ExprKind::Index { array, index } => self.expressions([&**array, index]),
            ExprKind::Slice { array, low, high } => {
                self.visit(Node::Expr(array));
                self.expressions(low.as_deref().into_iter().chain(high.as_deref()));
            }
            ExprKind::Function(call) => self.call(call),
        }
    }

    fn call(&mut self, call: &'a FunctionCall) {
        let FunctionCall { function: _, arguments, distinct: _, order_by, filter, over } = call;
        self.expressions(arguments);
        self.order_by(order_by);
        self.expressions(filter);
        if let Some(Window { partition_by, order_by, frame }) = over {
            self.expressions(partition_by);
            self.order_by(order_by);
            frame.iter().for_each(|frame| self.frame(frame));
        }
    }

    fn frame(&mut self, frame: &'a Frame) {
        for bound in std::iter::once(&frame.start).chain(&frame.end) {
            match bound {
                FrameBound::Preceding(offset) | FrameBound::Following(offset) => {
                    self.visit(Node::Expr(offset));
                }
                FrameBound::UnboundedPreceding | FrameBound::CurrentRow | FrameBound::UnboundedFollowing => {}
            }
        }
    }
}
