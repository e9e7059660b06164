//! Everything a program can have, by name: every kind of statement, expression, clause, type, and every function. The
//! matches are exhaustive: what is added to the checked program does not compile here until it has a name.

use std::collections::BTreeSet;

use kuneiform::hir::{
    Check, CteSource, ExprKind, FrameBound, Literal, RelationSource, StatementKind, UnaryOp, ViewCall,
};
use kuneiform::language::functions::{self, Function, Kind};
use kuneiform::language::{ContextValue, Type};
use kuneiform::syntax::ast::{FrameUnit, JoinKind, ReferentialAction, SetOperator};

use crate::generator::literal::{scalars, types};

/// A function that names the variants of an enum, and the list of the names.
macro_rules! names {
    ($function:ident, $all:ident, $of:ty, $($pattern:pat => $name:literal,)*) => {
        pub fn $function(value: &$of) -> &'static str {
            match value { $($pattern => $name,)* }
        }
        const $all: &[&str] = &[$($name,)*];
    };
}

names! { statement, STATEMENTS, StatementKind,
    StatementKind::Query(_) => "SELECT",
    StatementKind::Insert(_) => "INSERT",
    StatementKind::Update(_) => "UPDATE",
    StatementKind::Delete(_) => "DELETE",
    StatementKind::Call { .. } => "call",
    StatementKind::Guard { .. } => "guard",
    StatementKind::Raise(_) => "ERROR as a statement",
    // What only `kf test` knows is not in programs.
    StatementKind::Notice(_) | StatementKind::Test(_) => "NOTICE",
    StatementKind::Assign { .. } => "assignment",
    StatementKind::AssignElement { .. } => "assignment of an element",
    StatementKind::Receive { .. } => "receivers of a row",
    StatementKind::ReceiveQuery { .. } => "receivers of a table",
    StatementKind::If { .. } => "if",
    StatementKind::ForRange { .. } => "for over a range",
    StatementKind::ForEach { .. } => "for over an array",
    StatementKind::ForQuery { .. } => "for over a query",
    StatementKind::Break => "break",
    StatementKind::Continue => "continue",
    StatementKind::Return => "return",
    StatementKind::ReturnRow(_) => "return of values",
    StatementKind::ReturnNext(_) => "return next",
}

names! { expression, EXPRESSIONS, ExprKind,
    ExprKind::Literal(Literal::Number(_)) => "number",
    ExprKind::Literal(Literal::Text(_)) => "text literal",
    ExprKind::Literal(Literal::Blob(_)) => "blob literal",
    ExprKind::Literal(Literal::Bool(_)) => "bool literal",
    ExprKind::Literal(Literal::Null) => "null",
    ExprKind::Local(_) => "variable",
    ExprKind::Context(ContextValue::Caller) => "@caller",
    ExprKind::Context(ContextValue::Signer) => "@signer",
    ExprKind::Context(ContextValue::Txid) => "@txid",
    ExprKind::Context(ContextValue::Height) => "@height",
    ExprKind::Context(ContextValue::BlockTimestamp) => "@block_timestamp",
    ExprKind::Context(ContextValue::Authenticator) => "@authenticator",
    ExprKind::Context(ContextValue::ForeignCaller) => "@foreign_caller",
    ExprKind::Column { .. } => "column",
    ExprKind::Unary { operator: UnaryOp::Minus, .. } => "minus",
    ExprKind::Unary { operator: UnaryOp::Plus, .. } => "plus",
    ExprKind::Unary { operator: UnaryOp::Not, .. } => "NOT",
    ExprKind::Binary { .. } => "operator",
    ExprKind::And(_) => "AND",
    ExprKind::Or(_) => "OR",
    ExprKind::IsNull { negated: false, .. } => "IS NULL",
    ExprKind::IsNull { negated: true, .. } => "IS NOT NULL",
    ExprKind::IsTruth { truth: false, negated: false, .. } => "IS FALSE",
    ExprKind::IsTruth { truth: false, negated: true, .. } => "IS NOT FALSE",
    ExprKind::IsTruth { truth: true, negated: false, .. } => "IS TRUE",
    ExprKind::IsTruth { truth: true, negated: true, .. } => "IS NOT TRUE",
    ExprKind::IsDistinct { negated: false, .. } => "IS DISTINCT FROM",
    ExprKind::IsDistinct { negated: true, .. } => "IS NOT DISTINCT FROM",
    ExprKind::Between { negated: false, .. } => "BETWEEN",
    ExprKind::Between { negated: true, .. } => "NOT BETWEEN",
    ExprKind::Like { negated: false, escape: None, .. } => "LIKE",
    ExprKind::Like { negated: true, escape: None, .. } => "NOT LIKE",
    ExprKind::Like { negated: false, escape: Some(_), .. } => "LIKE ESCAPE",
    ExprKind::Like { negated: true, escape: Some(_), .. } => "NOT LIKE ESCAPE",
    ExprKind::InList { negated: false, .. } => "IN list",
    ExprKind::InList { negated: true, .. } => "NOT IN list",
    ExprKind::InQuery { negated: false, .. } => "IN query",
    ExprKind::InQuery { negated: true, .. } => "NOT IN query",
    ExprKind::Quantified { all: false, .. } => "ANY",
    ExprKind::Quantified { all: true, .. } => "ALL",
    ExprKind::Exists { negated: false, .. } => "EXISTS",
    ExprKind::Exists { negated: true, .. } => "NOT EXISTS",
    ExprKind::Subquery(_) => "scalar subquery",
    ExprKind::Case { operand: None, otherwise: None, .. } => "CASE",
    ExprKind::Case { operand: None, otherwise: Some(_), .. } => "CASE ELSE",
    ExprKind::Case { operand: Some(_), otherwise: None, .. } => "CASE value",
    ExprKind::Case { operand: Some(_), otherwise: Some(_), .. } => "CASE value ELSE",
    ExprKind::Cast(_) => "cast",
    ExprKind::Array(_) => "array",
    ExprKind::Index { .. } => "element",
    ExprKind::Slice { low: None, high: None, .. } => "slice of all",
    ExprKind::Slice { low: Some(_), high: None, .. } => "slice from",
    ExprKind::Slice { low: None, high: Some(_), .. } => "slice to",
    ExprKind::Slice { low: Some(_), high: Some(_), .. } => "slice from to",
    ExprKind::Function(_) => "function",
    ExprKind::Error(_) => "ERROR as a value",
    ExprKind::Call { .. } => "call as a value",
}

names! { relation, RELATIONS, RelationSource,
    RelationSource::Table(_) => "table",
    RelationSource::Cte(_) => "reference to a CTE",
    RelationSource::Query { lateral: false, .. } => "subquery",
    RelationSource::Query { lateral: true, .. } => "LATERAL",
    RelationSource::View(ViewCall { spliced: false, .. }) => "view called in FROM",
    RelationSource::View(ViewCall { spliced: true, .. }) => "view spliced in FROM",
    RelationSource::Unnest { ordinality: false, .. } => "unnest",
    RelationSource::Unnest { ordinality: true, .. } => "unnest WITH ORDINALITY",
    RelationSource::Excluded(_) => "EXCLUDED",
}

names! { common, COMMON, (&CteSource, bool),
    (CteSource::Query(_), false) => "CTE",
    (CteSource::Query(_), true) => "recursive CTE",
    (CteSource::View(_), _) => "view as a CTE",
}

names! { join, JOINS, JoinKind,
    JoinKind::Inner => "JOIN",
    JoinKind::Left => "LEFT JOIN",
    JoinKind::Right => "RIGHT JOIN",
    JoinKind::Full => "FULL JOIN",
    JoinKind::Cross => "CROSS JOIN",
}

names! { operation, OPERATIONS, (SetOperator, bool),
    (SetOperator::Union, false) => "UNION",
    (SetOperator::Union, true) => "UNION ALL",
    (SetOperator::Intersect, false) => "INTERSECT",
    (SetOperator::Intersect, true) => "INTERSECT ALL",
    (SetOperator::Except, false) => "EXCEPT",
    (SetOperator::Except, true) => "EXCEPT ALL",
}

names! { unit, UNITS, FrameUnit,
    FrameUnit::Rows => "ROWS",
    FrameUnit::Range => "RANGE",
    FrameUnit::Groups => "GROUPS",
}

names! { bound, BOUNDS, FrameBound,
    FrameBound::UnboundedPreceding => "UNBOUNDED PRECEDING",
    FrameBound::Preceding(_) => "PRECEDING",
    FrameBound::CurrentRow => "CURRENT ROW",
    FrameBound::Following(_) => "FOLLOWING",
    FrameBound::UnboundedFollowing => "UNBOUNDED FOLLOWING",
}

names! { check, CHECKS, Check,
    Check::Min(_) => "min",
    Check::Max(_) => "max",
    Check::MinLength(_) => "minlen",
    Check::MaxLength(_) => "maxlen",
    Check::Number => "decimal",
}

names! { referential, REFERENTIAL, ReferentialAction,
    ReferentialAction::NoAction => "no action",
    ReferentialAction::Restrict => "restrict",
    ReferentialAction::Cascade => "cascade",
    ReferentialAction::SetNull => "set null",
    ReferentialAction::SetDefault => "set default",
}

const OTHERS: &[&str] = &[
    "FROM-less SELECT",
    "WHERE",
    "DISTINCT",
    "GROUP BY",
    "HAVING",
    "aggregate without GROUP BY",
    "WITH",
    "WITH RECURSIVE",
    "ORDER BY ASC",
    "ORDER BY DESC",
    "NULLS FIRST",
    "NULLS LAST",
    "ORDER BY output",
    "ORDER BY expression",
    "LIMIT",
    "OFFSET",
    "several rows of VALUES",
    "INSERT of a query",
    "ON CONFLICT DO NOTHING",
    "ON CONFLICT (key) DO NOTHING",
    "ON CONFLICT DO UPDATE",
    "ON CONFLICT DO UPDATE WHERE",
    "RETURNING of INSERT",
    "RETURNING of UPDATE",
    "RETURNING of DELETE",
    "rows of RETURNING as a result",
    "UPDATE FROM",
    "WITH of a write",
    "PARTITION BY",
    "window ORDER BY",
    "window frame",
    "composite key",
    "foreign key of two columns",
    "foreign key to its own table",
    "unique",
    "unique of two columns",
    "index",
    "default",
    "not null",
    "recursive action",
    "default of a parameter",
    "call of an import",
    "call of a foreign procedure",
];

/// All there is to see.
pub fn all() -> BTreeSet<String> {
    let lists =
        [STATEMENTS, EXPRESSIONS, RELATIONS, COMMON, JOINS, OPERATIONS, UNITS, BOUNDS, CHECKS, OTHERS];
    let mut all: BTreeSet<String> =
        lists.iter().flat_map(|list| list.iter().map(|name| (*name).to_owned())).collect();
    for action in REFERENTIAL {
        all.insert(format!("on delete {action}"));
        all.insert(format!("on update {action}"));
    }
    all.extend(functions::all().flat_map(calls_of));
    all.extend(
        types()
            .iter()
            .flat_map(|ty| ["column", "parameter", "result"].map(|it| format!("{it} of type {ty}"))),
    );
    all.extend(operators());
    all.extend(casts());
    for visibility in ["public", "private", "system", "oracle"] {
        for rest in ["", " view", " owner", " owner view"] {
            all.insert(format!("action {visibility}{rest}"));
        }
    }
    all
}

pub fn shown(function: &Function) -> String {
    let arguments: Vec<String> = function.arguments.iter().map(|accepts| format!("{accepts:?}")).collect();
    format!("{}({})", function.name, arguments.join(", "))
}

/// A function with every number of arguments, and what may stand behind it.
fn calls_of(function: &'static Function) -> Vec<String> {
    let (least, most) = function.arity();
    let least = if function.name == "count" { 0 } else { least };
    let most = most.unwrap_or(function.arguments.len() + 1);
    let shown = shown(function);
    let mut all: Vec<String> = (least..=most).map(|count| format!("{shown} with {count}")).collect();
    if let Kind::Aggregate { ordered } = function.kind {
        all.extend(["DISTINCT", "FILTER", "OVER", "FILTER OVER"].map(|word| format!("{shown} {word}")));
        all.extend(ordered.then(|| format!("{shown} ORDER BY")));
    }
    all
}

/// A type without its digits.
pub fn class(ty: &Type) -> String {
    match ty {
        Type::Decimal(_) => "decimal".to_owned(),
        Type::Array(element) => format!("{}[]", class(element)),
        other => other.to_string(),
    }
}

fn operators() -> Vec<String> {
    let mut all = Vec::new();
    for ty in ["int", "decimal", "uint256"] {
        all.extend(["+", "-", "*", "/", "%"].map(|sign| format!("{ty} {sign}")));
    }
    all.extend(["decimal ^", "text ||", "blob ||"].map(str::to_owned));
    for ty in types() {
        let orders = !matches!(ty, Type::Bool | Type::Array(_));
        let signs: &[&str] = if orders { &["=", "<>", "<", "<=", ">", ">="] } else { &["=", "<>"] };
        all.extend(signs.iter().map(|sign| format!("{} {sign}", class(&ty))));
    }
    all
}

/// What docs/language/types.md says of casts.
fn casts() -> Vec<String> {
    let can_cast = |from: &Type, to: &Type| match (from, to) {
        (Type::Text, to) => !matches!(to, Type::Text | Type::Blob),
        (from, Type::Text) => *from != Type::Blob,
        (Type::Int, Type::Bool) | (Type::Bool, Type::Int) => true,
        (from, to) => from.is_numeric() && to.is_numeric() && class(from) != class(to),
    };
    let pairs =
        scalars().into_iter().flat_map(|from| scalars().into_iter().map(move |to| (from.clone(), to)));
    let named = |(from, to): (Type, Type)| {
        let (from, to) = (class(&from), class(&to));
        [format!("cast of {from} to {to}"), format!("cast of {from}[] to {to}[]")]
    };
    let mut all: Vec<String> = pairs.filter(|(from, to)| can_cast(from, to)).flat_map(named).collect();
    all.retain(|name| name != "cast of int[] to bool[]");
    all
}
