//! Statements as S-expressions, every operator with its operands in brackets, so that precedence can be read off; and the
//! list of all expressions met on the way, for checking where each stands.

use kuneiform::language::Ident;
use kuneiform::source::Span;
use kuneiform::syntax::ast::{
    Assignment, BinaryOp, Call, Conflict, ConflictAction, Cte, CteBody, Expr, ExprKind, Frame, FrameBound,
    From, FunctionCall, InsertSource, JoinCondition, LiteralKind, OrderBy, Over, Query, QueryBody, Relation,
    RelationKind, SelectItem, Statement, StatementKind, UnaryOp, WindowSpec, With,
};

/// Renders, and keeps every expression and the place of everything else.
#[derive(Default)]
pub struct Render {
    pub met: Vec<Expr>,
    pub places: Vec<(&'static str, Span)>,
}

fn list(head: &str, parts: impl IntoIterator<Item = String>) -> String {
    let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { format!("({head})") } else { format!("({head} {})", parts.join(" ")) }
}

fn name(ident: &Ident) -> String {
    ident.name.to_string()
}

fn names(idents: &[Ident]) -> String {
    if idents.is_empty() {
        String::new()
    } else {
        format!("[{}]", idents.iter().map(name).collect::<Vec<_>>().join(" "))
    }
}

impl Render {
    pub fn statement(&mut self, statement: &Statement) -> String {
        self.places.push(("statement", statement.span));
        match &statement.kind {
            StatementKind::Call(call) => self.call(call),
            StatementKind::Query(query) => self.query(query),
            StatementKind::Insert(insert) => {
                let source = match &insert.source {
                    InsertSource::Values(rows) => list(
                        "values",
                        rows.iter().map(|row| format!("[{}]", self.exprs(row))).collect::<Vec<_>>(),
                    ),
                    InsertSource::Query(query) => self.query(query),
                };
                let parts = [
                    self.with(insert.with.as_ref()),
                    name(&insert.table),
                    self.alias(insert.alias.as_ref()),
                    names(&insert.columns),
                    source,
                    insert.conflict.as_ref().map_or(String::new(), |conflict| self.conflict(conflict)),
                    self.items("returning", &insert.returning),
                ];
                list("insert", parts)
            }
            StatementKind::Update(update) => {
                let parts = [
                    self.with(update.with.as_ref()),
                    name(&update.table),
                    self.alias(update.alias.as_ref()),
                    self.assignments(&update.assignments),
                    update.from.as_ref().map_or(String::new(), |from| self.from(from)),
                    self.clause("where", update.filter.as_ref()),
                    self.items("returning", &update.returning),
                ];
                list("update", parts)
            }
            StatementKind::Delete(delete) => {
                let parts = [
                    self.with(delete.with.as_ref()),
                    name(&delete.table),
                    self.alias(delete.alias.as_ref()),
                    self.clause("where", delete.filter.as_ref()),
                    self.items("returning", &delete.returning),
                ];
                list("delete", parts)
            }
            other => panic!("not a statement of SQL: {other:?}"),
        }
    }

    fn alias(&mut self, alias: Option<&Ident>) -> String {
        alias.map_or(String::new(), |alias| format!("as {}", name(alias)))
    }

    fn assignments(&mut self, assignments: &[Assignment]) -> String {
        let set = |this: &mut Self, set: &Assignment| {
            format!("({} := {})", name(&set.column), this.expr(&set.value))
        };
        list("set", assignments.iter().map(|assignment| set(self, assignment)).collect::<Vec<_>>())
    }

    fn conflict(&mut self, conflict: &Conflict) -> String {
        self.places.push(("conflict", conflict.span));
        self.places.extend(conflict.arbiter.as_ref().map(|arbiter| ("arbiter", arbiter.span)));
        let arbiter = conflict.arbiter.as_ref().map_or(String::new(), |arbiter| names(&arbiter.columns));
        let action = match &conflict.action {
            ConflictAction::Nothing => "nothing".to_owned(),
            ConflictAction::Update { assignments, filter } => {
                format!("{} {}", self.assignments(assignments), self.clause("where", filter.as_ref()))
                    .trim()
                    .to_owned()
            }
        };
        list("conflict", [arbiter, action])
    }

    fn with(&mut self, with: Option<&With>) -> String {
        let Some(with) = with else { return String::new() };
        self.places.push(("with", with.span));
        let head = if with.recursive { "with recursive" } else { "with" };
        list(head, with.ctes.iter().map(|cte| self.cte(cte)).collect::<Vec<_>>())
    }

    fn cte(&mut self, cte: &Cte) -> String {
        let body = match &cte.body {
            CteBody::Query(query) => self.query(query),
            CteBody::Call(call) => self.call(call),
        };
        list(&name(&cte.name), [names(&cte.columns), body])
    }

    pub fn query(&mut self, query: &Query) -> String {
        self.places.push(("query", query.span));
        let body = match &query.body {
            QueryBody::Select(select) => {
                self.places.push(("select", select.span));
                let head = if select.distinct { "select distinct" } else { "select" };
                let group_by = self.exprs(&select.group_by);
                let windows: Vec<String> = select
                    .windows
                    .iter()
                    .map(|window| list("window", [name(&window.name), self.window(&window.spec)]))
                    .collect();
                let mut parts = vec![
                    self.items("", &select.items),
                    select.from.as_ref().map_or(String::new(), |from| self.from(from)),
                    self.clause("where", select.filter.as_ref()),
                    if group_by.is_empty() { String::new() } else { format!("(group {group_by})") },
                    self.clause("having", select.having.as_ref()),
                ];
                parts.extend(windows);
                list(head, parts)
            }
            QueryBody::Operation { operator, all, left, right } => {
                let head = format!("{operator:?}{}", if *all { " all" } else { "" }).to_lowercase();
                list(&head, [self.query(left), self.query(right)])
            }
        };
        let around = [
            self.with(query.with.as_ref()),
            self.order("order", &query.order_by),
            self.clause("limit", query.limit.as_ref()),
            self.clause("offset", query.offset.as_ref()),
        ];
        if around.iter().all(String::is_empty) {
            return body;
        }
        list("query", std::iter::once(body).chain(around))
    }

    fn items(&mut self, head: &str, items: &[SelectItem]) -> String {
        let items: Vec<String> = items
            .iter()
            .map(|item| match item {
                SelectItem::Expr { expr, alias: None } => self.expr(expr),
                SelectItem::Expr { expr, alias: Some(alias) } => {
                    format!("{} as {}", self.expr(expr), name(alias))
                }
                SelectItem::Star(span) => {
                    self.places.push(("star", *span));
                    "*".to_owned()
                }
                SelectItem::TableStar { table, span } => {
                    self.places.push(("star", *span));
                    format!("{}.*", name(table))
                }
            })
            .collect();
        match (items.is_empty(), head) {
            (true, _) => String::new(),
            (false, "") => format!("[{}]", items.join(", ")),
            (false, head) => format!("({head} {})", items.join(", ")),
        }
    }

    fn from(&mut self, from: &From) -> String {
        let first = self.relation(&from.first);
        let joins: Vec<String> = from
            .joins
            .iter()
            .map(|join| {
                let relation = self.relation(&join.relation);
                self.places.push(("join", join.span));
                let condition = match &join.condition {
                    JoinCondition::On(on) => self.expr(on),
                    JoinCondition::Using(columns) => format!("using {}", names(columns)),
                    JoinCondition::None => String::new(),
                };
                list(&format!("{:?}", join.kind).to_lowercase(), [relation, condition])
            })
            .collect();
        list("from", std::iter::once(first).chain(joins))
    }

    fn relation(&mut self, relation: &Relation) -> String {
        self.places.push(("relation", relation.span));
        let kind = match &relation.kind {
            RelationKind::Named(table) => name(table),
            RelationKind::Query { query, lateral } => {
                format!("{}{}", if *lateral { "lateral " } else { "" }, self.query(query))
            }
            RelationKind::Call(call) => self.call(call),
            RelationKind::Unnest { arrays, ordinality } => {
                format!("unnest({}){}", self.exprs(arrays), if *ordinality { " with ordinality" } else { "" })
            }
            RelationKind::Nested(from) => self.from(from),
        };
        match &relation.alias {
            None => kind,
            Some(alias) => format!("{kind} as {}{}", name(alias), names(&relation.columns)),
        }
    }

    fn call(&mut self, call: &Call) -> String {
        self.places.push(("call", call.span));
        let alias = call.alias.as_ref().map_or(String::new(), |alias| format!("{}.", name(alias)));
        format!("{alias}{}({})", name(&call.name), self.exprs(&call.arguments))
    }

    fn clause(&mut self, head: &str, expr: Option<&Expr>) -> String {
        expr.map_or(String::new(), |expr| format!("({head} {})", self.expr(expr)))
    }

    fn order(&mut self, head: &str, keys: &[OrderBy]) -> String {
        if keys.is_empty() {
            return String::new();
        }
        let key = |this: &mut Self, key: &OrderBy| {
            let nulls =
                key.nulls_first.map_or("", |first| if first { " nulls first" } else { " nulls last" });
            format!("{}{}{nulls}", this.expr(&key.expr), if key.descending { " desc" } else { "" })
        };
        format!("({head} {})", keys.iter().map(|one| key(self, one)).collect::<Vec<_>>().join(", "))
    }

    fn window(&mut self, window: &WindowSpec) -> String {
        self.places.push(("window", window.span));
        let base = window.base.as_ref().map_or(String::new(), name);
        let partition = self.exprs(&window.partition_by);
        let partition = if partition.is_empty() { partition } else { format!("(partition {partition})") };
        let order = self.order("order", &window.order_by);
        let frame = window.frame.as_ref().map_or(String::new(), |frame| self.frame(frame));
        list("over", [base, partition, order, frame])
    }

    fn frame(&mut self, frame: &Frame) -> String {
        let start = self.bound(&frame.start);
        let end = frame.end.as_ref().map_or(String::new(), |end| self.bound(end));
        list(&format!("{:?}", frame.unit).to_lowercase(), [start, end])
    }

    fn bound(&mut self, bound: &FrameBound) -> String {
        match bound {
            FrameBound::UnboundedPreceding => "first".to_owned(),
            FrameBound::Preceding(rows) => format!("(back {})", self.expr(rows)),
            FrameBound::CurrentRow => "current".to_owned(),
            FrameBound::Following(rows) => format!("(ahead {})", self.expr(rows)),
            FrameBound::UnboundedFollowing => "last".to_owned(),
        }
    }

    fn exprs(&mut self, exprs: &[Expr]) -> String {
        exprs.iter().map(|expr| self.expr(expr)).collect::<Vec<_>>().join(" ")
    }

    pub fn expr(&mut self, expr: &Expr) -> String {
        self.met.push(expr.clone());
        let not = |negated: bool, word: &str| if negated { format!("not-{word}") } else { word.to_owned() };
        match &expr.kind {
            ExprKind::Literal(literal) => render_literal(literal),
            ExprKind::Variable(ident) => format!("${}", name(ident)),
            ExprKind::Context(ident) => format!("@{}", name(ident)),
            ExprKind::Column { table: None, column } => name(column),
            ExprKind::Column { table: Some(table), column } => format!("{}.{}", name(table), name(column)),
            ExprKind::Field { variable, field } => format!("${}.{}", name(variable), name(field)),
            ExprKind::Unary { operator, operand } => {
                let sign = match operator {
                    UnaryOp::Minus => "-",
                    UnaryOp::Plus => "+",
                    UnaryOp::Not => "not",
                };
                list(sign, [self.expr(operand)])
            }
            ExprKind::Binary { operator, at, left, right } => {
                self.places.push(("operator", *at));
                self.infix(*operator, left, right)
            }
            ExprKind::IsNull { operand, negated } => list(&not(*negated, "null"), [self.expr(operand)]),
            ExprKind::IsTruth { operand, truth, negated } => {
                list(&not(*negated, if *truth { "true" } else { "false" }), [self.expr(operand)])
            }
            ExprKind::IsDistinct { left, right, negated } => {
                list(&not(*negated, "distinct"), [self.expr(left), self.expr(right)])
            }
            ExprKind::Between { operand, low, high, negated } => {
                list(&not(*negated, "between"), [self.expr(operand), self.expr(low), self.expr(high)])
            }
            ExprKind::Like { operand, pattern, escape, negated } => {
                let escape = escape.as_ref().map_or(String::new(), |escape| format!("escape {escape:?}"));
                list(&not(*negated, "like"), [self.expr(operand), self.expr(pattern), escape])
            }
            ExprKind::InList { operand, list: elements, negated } => {
                list(&not(*negated, "in"), [self.expr(operand), format!("[{}]", self.exprs(elements))])
            }
            ExprKind::InQuery { operand, query, negated } => {
                list(&not(*negated, "in"), [self.expr(operand), self.query(query)])
            }
            ExprKind::Quantified { operator, all, left, array } => {
                let head = format!("{} {}", operator.sign(), if *all { "all" } else { "any" });
                list(&head, [self.expr(left), self.expr(array)])
            }
            ExprKind::Exists { query, negated } => list(&not(*negated, "exists"), [self.query(query)]),
            ExprKind::Subquery(query) => self.query(query),
            ExprKind::Case { operand, branches, otherwise } => {
                let operand = operand.as_ref().map_or(String::new(), |operand| self.expr(operand));
                let branches: Vec<String> = branches
                    .iter()
                    .map(|branch| {
                        format!("({} => {})", self.expr(&branch.condition), self.expr(&branch.value))
                    })
                    .collect();
                let otherwise =
                    otherwise.as_ref().map_or(String::new(), |value| format!("else {}", self.expr(value)));
                list("case", [operand, branches.join(" "), otherwise])
            }
            ExprKind::Cast { operand, ty } => {
                self.places.push(("type", ty.span));
                format!("{}::{}", self.expr(operand), ty.ty)
            }
            ExprKind::Array(elements) => format!("[{}]", self.exprs(elements)),
            ExprKind::Index { array, index } => list("at", [self.expr(array), self.expr(index)]),
            ExprKind::Slice { array, low, high } => {
                let low = low.as_ref().map_or("_".to_owned(), |low| self.expr(low));
                let high = high.as_ref().map_or("_".to_owned(), |high| self.expr(high));
                list("slice", [self.expr(array), low, high])
            }
            ExprKind::Function(function) => self.function(function),
        }
    }

    fn infix(&mut self, operator: BinaryOp, left: &Expr, right: &Expr) -> String {
        format!("({} {} {})", self.expr(left), operator.sign(), self.expr(right))
    }

    fn function(&mut self, function: &FunctionCall) -> String {
        self.places.push(("function", function.call.span));
        let arguments = format!(
            "{}{}{}",
            if function.star { "*" } else { "" },
            if function.distinct { "distinct " } else { "" },
            self.exprs(&function.call.arguments)
        );
        let over = match &function.over {
            None => String::new(),
            Some(Over::Named(window)) => format!("over {}", name(window)),
            Some(Over::Spec(window)) => self.window(window),
        };
        let parts = [
            arguments,
            self.order("order", &function.order_by),
            self.clause("filter", function.filter.as_ref()),
            over,
        ];
        let alias = function.call.alias.as_ref().map_or(String::new(), |alias| format!("{}.", name(alias)));
        let inside = parts.iter().filter(|part| !part.is_empty()).cloned().collect::<Vec<_>>().join(" ");
        format!("{alias}{}({inside})", name(&function.call.name))
    }
}

fn render_literal(literal: &LiteralKind) -> String {
    match literal {
        LiteralKind::Integer(text) | LiteralKind::Decimal(text) => text.clone(),
        LiteralKind::Text(text) => format!("{text:?}"),
        LiteralKind::Blob(bytes) => {
            format!("0x{}", bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>())
        }
        LiteralKind::Bool(value) => value.to_string(),
        LiteralKind::Null => "null".to_owned(),
    }
}
