use super::layout::Doc;
use super::{literal, query};
use crate::pg::{Branch, Call, Expr, Frame, FrameBound, FrameUnit, Ident, Namespace, SortKey, Window};

/// How strongly an expression holds together, weakest first: PostgreSQL's table of precedence. `Case` is ours, so that
/// no cast hangs on an END.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Level {
    Or,
    And,
    Not,
    Is,
    Comparison,
    Membership,
    Operator,
    Sum,
    Product,
    Power,
    Collate,
    Sign,
    Case,
    Cast,
    Primary,
}

fn level(expr: &Expr) -> Level {
    match expr {
        Expr::Or(all) | Expr::And(all) => match (all.as_slice(), expr) {
            ([], _) => Level::Primary,
            ([only], _) => level(only),
            (_, Expr::Or(_)) => Level::Or,
            _ => Level::And,
        },
        Expr::Unary { operator: "NOT", .. } | Expr::Exists { negated: true, .. } => Level::Not,
        Expr::Is { .. } | Expr::IsDistinct { .. } => Level::Is,
        Expr::Binary { operator, .. } => operator_level(operator),
        Expr::Quantified { .. } => Level::Comparison,
        Expr::InList { list, .. } if is_one_subquery(list) => Level::Comparison,
        Expr::Between { .. } | Expr::Like { .. } | Expr::InList { .. } | Expr::InQuery { .. } => {
            Level::Membership
        }
        Expr::CollateC(_) => Level::Collate,
        Expr::Number(digits) if digits.starts_with('-') => Level::Sign,
        Expr::Unary { .. } => Level::Sign,
        Expr::Case { .. } => Level::Case,
        Expr::Cast(..) | Expr::Bytes(_) => Level::Cast,
        _ => Level::Primary,
    }
}

fn operator_level(operator: &str) -> Level {
    match operator {
        "=" | "<>" | "!=" | "<" | ">" | "<=" | ">=" => Level::Comparison,
        "+" | "-" => Level::Sum,
        "*" | "/" | "%" => Level::Product,
        "^" => Level::Power,
        _ => Level::Operator,
    }
}

/// `expr`, in parentheses if it does not hold together at least as strongly as `least`.
pub(super) fn at_least(expr: &Expr, least: Level) -> Doc {
    let doc = expression(expr);
    if level(expr) < least { doc.parenthesised() } else { doc }
}

/// An operand of a word (IS, IN, LIKE, BETWEEN, ..) or comparison: these do not chain, and read badly where they may.
fn operand(expr: &Expr) -> Doc {
    at_least(expr, Level::Operator)
}

/// Where the grammar takes only a restricted expression: the lower bound of BETWEEN, a column's default.
pub(super) fn restricted(expr: &Expr) -> Doc {
    at_least(expr, Level::Sign)
}

/// An expression without parentheses around it.
pub(super) fn expression(expr: &Expr) -> Doc {
    match expr {
        Expr::Number(digits) => digits.clone().into(),
        Expr::Text(value) => literal::text(value).into(),
        Expr::Bytes(value) => literal::bytes(value).into(),
        Expr::Bool(value) => if *value { "true" } else { "false" }.into(),
        Expr::Null => "NULL".into(),
        Expr::Variable(name) | Expr::Output(name) => name.to_string().into(),
        Expr::Field { variable, field } => format!("({variable}).{field}").into(),
        Expr::Column { relation, column } => format!("{relation}.{column}").into(),
        Expr::Star => "*".into(),
        Expr::Argument(place) => format!("${place}").into(),
        Expr::Found => "FOUND".into(),
        Expr::Unary { operator: sign, operand } => unary(sign, operand),
        Expr::Binary { operator, left, right } => binary(operator, left, right),
        Expr::And(all) => chain(all, "AND ", "true", Level::And),
        Expr::Or(all) => chain(all, "OR ", "false", Level::Or),
        Expr::Is { operand: of, what } => operand(of) + " IS " + *what,
        Expr::IsDistinct { left, right, negated } => {
            let word = if *negated { "IS NOT DISTINCT FROM " } else { "IS DISTINCT FROM " };
            infix(operand(left), word, operand(right))
        }
        Expr::Between { operand: of, low, high, negated } => {
            let range = restricted(low) + " AND " + operand(high);
            infix(operand(of), if *negated { "NOT BETWEEN " } else { "BETWEEN " }, range)
        }
        Expr::Like { operand: of, pattern, escape, negated } => {
            let like = infix(operand(of), if *negated { "NOT LIKE " } else { "LIKE " }, operand(pattern));
            match escape {
                Some(escape) => like + " ESCAPE " + literal::text(escape),
                None => like,
            }
        }
        Expr::InList { operand: of, list, negated } => in_list(of, list, *negated),
        Expr::InQuery { operand: of, query, negated } => {
            operand(of) + if *negated { " NOT IN " } else { " IN " } + query::subquery(query)
        }
        Expr::Quantified { operator, all, left, array } => {
            let quantifier = if *all { "ALL " } else { "ANY " };
            infix(operand(left), operator, Doc::from(" ") + quantifier + array_operand(array))
        }
        Expr::Exists { query, negated } => {
            Doc::from(if *negated { "NOT EXISTS " } else { "EXISTS " }) + query::subquery(query)
        }
        Expr::Subquery(query) => query::subquery(query),
        Expr::Case { operand, branches, otherwise } => {
            case(operand.as_deref(), branches, otherwise.as_deref())
        }
        Expr::Cast(of, ty) => at_least(of, Level::Cast) + format!("::{ty}"),
        Expr::CollateC(of) => at_least(of, Level::Cast) + " COLLATE \"C\"",
        Expr::Array(elements) => {
            (Doc::from("ARRAY[") + (Doc::Soft + list(elements)).nest() + Doc::Soft + "]").group()
        }
        Expr::Index { array, index } => subscripted(array) + "[" + expression(index) + "]",
        Expr::Slice { array, low, high } => slice(array, low.as_deref(), high.as_deref()),
        Expr::Row(fields) => Doc::from("ROW") + list(fields).parenthesised(),
        Expr::Call(of) => call(of),
    }
}

/// `a, b, c`
pub(super) fn list(expressions: &[Expr]) -> Doc {
    Doc::list(expressions.iter().map(expression))
}

/// `NOT e`, `-e`: a sign never meets another, for `--` begins a comment.
fn unary(sign: &'static str, operand: &Expr) -> Doc {
    match sign {
        "NOT" => Doc::from("NOT ") + at_least(operand, Level::Case),
        _ => Doc::from(sign) + at_least(operand, Level::Case),
    }
}

/// `left operator right`, broken before the operator.
fn infix(left: Doc, operator: &'static str, right: Doc) -> Doc {
    (left + (Doc::Line + operator + right).nest()).group()
}

fn binary(operator: &'static str, left: &Expr, right: &Expr) -> Doc {
    let own = operator_level(operator);
    let (left, right) = match own {
        Level::Comparison => (operand(left), operand(right)),
        // -5 ^ 2 is 25 in PostgreSQL; parentheses spare the reader the question
        Level::Power => (at_least(left, Level::Case), at_least(right, Level::Case)),
        // these associate to the left
        Level::Sum => (at_least(left, own), at_least(right, Level::Product)),
        Level::Product => (at_least(left, own), at_least(right, Level::Power)),
        _ => (at_least(left, own), at_least(right, Level::Sum)),
    };
    infix(left, operator, Doc::from(" ") + right)
}

/// `a AND b AND c`; of one, itself; of none, what the empty chain means.
fn chain(all: &[Expr], word: &'static str, none: &'static str, own: Level) -> Doc {
    match all {
        [] => none.into(),
        [only] => expression(only),
        [first, rest @ ..] => {
            let rest = rest.iter().map(|expr| Doc::Line + word + at_least(expr, own));
            (at_least(first, own) + Doc::Many(rest.collect()).nest()).group()
        }
    }
}

fn is_one_subquery(list: &[Expr]) -> bool {
    matches!(list, [Expr::Subquery(_)])
}

fn in_list(of: &Expr, all: &[Expr], negated: bool) -> Doc {
    match all {
        // IN ((SELECT ..)) would be read as IN (SELECT ..), which takes many rows
        [Expr::Subquery(query)] => {
            operand(of) + if negated { " <> " } else { " = " } + query::subquery(query)
        }
        _ => operand(of) + if negated { " NOT IN " } else { " IN " } + list(all).parenthesised(),
    }
}

/// The array of ANY: `ANY ((SELECT ..))` would take rows. `COALESCE` of one argument is that argument.
fn array_operand(array: &Expr) -> Doc {
    match array {
        Expr::Subquery(_) => coalesced(array).parenthesised(),
        _ => expression(array).parenthesised(),
    }
}

/// A key of ORDER BY or GROUP BY, where PostgreSQL takes a constant for a position.
pub(super) fn key(expr: &Expr) -> Doc {
    let inner = match expr {
        Expr::Unary { operator: _, operand } => operand,
        _ => expr,
    };
    match inner {
        Expr::Number(_) | Expr::Text(_) | Expr::Bool(_) | Expr::Null => coalesced(expr),
        _ => expression(expr),
    }
}

fn coalesced(expr: &Expr) -> Doc {
    Doc::from("COALESCE") + expression(expr).parenthesised()
}

fn case(operand: Option<&Expr>, branches: &[Branch], otherwise: Option<&Expr>) -> Doc {
    let mut arms = Doc::empty();
    for Branch { condition, value } in branches {
        let condition = Doc::from("WHEN ") + expression(condition);
        arms = arms + Doc::Line + (condition + (Doc::Line + "THEN " + expression(value)).nest()).group();
    }
    if let Some(otherwise) = otherwise {
        arms = arms + Doc::Line + "ELSE " + expression(otherwise);
    }
    let head = match operand {
        Some(operand) => Doc::from("CASE ") + expression(operand),
        None => "CASE".into(),
    };
    (head + arms.nest() + Doc::Line + "END").group()
}

/// Only names and subqueries take a subscript without parentheses, and `a[1][2]` is one subscript of two dimensions.
fn subscripted(array: &Expr) -> Doc {
    match array {
        Expr::Column { .. } | Expr::Variable(_) | Expr::Output(_) | Expr::Subquery(_) => expression(array),
        _ => expression(array).parenthesised(),
    }
}

/// `a[low : high]`; psql would take `:"name"` for one of its variables, hence the spaces.
fn slice(array: &Expr, low: Option<&Expr>, high: Option<&Expr>) -> Doc {
    let low = low.map_or_else(Doc::empty, |low| expression(low) + " ");
    let high = high.map_or_else(Doc::empty, |high| Doc::from(" ") + expression(high));
    subscripted(array) + "[" + low + ":" + high + "]"
}

/// A call with everything it carries.
pub(super) fn call(call: &Call) -> Doc {
    let Call { namespace, name, arguments, distinct, order_by, filter, over } = call;
    let mut inside = list(arguments);
    if *distinct {
        inside = Doc::from("DISTINCT ") + inside;
    }
    if !order_by.is_empty() {
        inside = inside + Doc::Line + "ORDER BY " + sort_keys(order_by);
    }
    let mut doc = Doc::from(function_name(namespace, name));
    doc = doc + if arguments.is_empty() { "()".into() } else { inside.parenthesised() };
    if let Some(filter) = filter {
        doc = doc + " FILTER " + (Doc::from("WHERE ") + expression(filter)).parenthesised();
    }
    if let Some(over) = over {
        doc = doc + " OVER " + window(over);
    }
    doc
}

fn function_name(namespace: &Namespace, name: &Ident) -> String {
    match namespace {
        Namespace::Catalog => format!("pg_catalog.{}", bare(name)),
        Namespace::Kf => format!("kf.{}", bare(name)),
        Namespace::Grammar => name.as_str().to_ascii_uppercase(),
        Namespace::Schema(schema) => format!("{schema}.{name}"),
    }
}

/// Names after a qualifier of ours need quotes only if they are not plain words.
fn bare(name: &Ident) -> String {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let text = name.as_str();
    let is_word = text.bytes().all(plain) && text.bytes().next().is_some_and(|first| !first.is_ascii_digit());
    if is_word { text.to_owned() } else { name.to_string() }
}

fn sort_keys(keys: &[SortKey]) -> Doc {
    Doc::list(keys.iter().map(|key| sort_key(key, expression)))
}

/// `e DESC NULLS LAST`, the expression printed by `print`.
pub(super) fn sort_key(key: &SortKey, print: fn(&Expr) -> Doc) -> Doc {
    let SortKey { expr, descending, nulls_first } = key;
    let nulls = match nulls_first {
        Some(true) => " NULLS FIRST",
        Some(false) => " NULLS LAST",
        None => "",
    };
    print(expr) + if *descending { " DESC" } else { "" } + nulls
}

fn window(window: &Window) -> Doc {
    let Window { partition_by, order_by, frame } = window;
    let mut parts = Vec::new();
    if !partition_by.is_empty() {
        parts.push((Doc::from("PARTITION BY ") + list(partition_by).nest()).group());
    }
    if !order_by.is_empty() {
        parts.push((Doc::from("ORDER BY ") + sort_keys(order_by).nest()).group());
    }
    parts.extend(frame.as_ref().map(window_frame));
    if parts.is_empty() {
        return "()".into();
    }
    Doc::join(parts, &Doc::Line).parenthesised()
}

fn window_frame(frame: &Frame) -> Doc {
    let Frame { unit, start, end } = frame;
    let unit = match unit {
        FrameUnit::Rows => "ROWS ",
        FrameUnit::Range => "RANGE ",
        FrameUnit::Groups => "GROUPS ",
    };
    match end {
        Some(end) => Doc::from(unit) + "BETWEEN " + bound(start) + " AND " + bound(end),
        None => Doc::from(unit) + bound(start),
    }
}

fn bound(bound: &FrameBound) -> Doc {
    match bound {
        FrameBound::UnboundedPreceding => "UNBOUNDED PRECEDING".into(),
        FrameBound::Preceding(offset) => operand(offset) + " PRECEDING",
        FrameBound::CurrentRow => "CURRENT ROW".into(),
        FrameBound::Following(offset) => operand(offset) + " FOLLOWING",
        FrameBound::UnboundedFollowing => "UNBOUNDED FOLLOWING".into(),
    }
}
