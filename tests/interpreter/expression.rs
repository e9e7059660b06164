//! Expressions.

use kuneiform::hir::{BinaryOp, Branch, Expr, ExprKind, UnaryOp};

use super::decimal::Decimal;
use super::sort::Key;
use super::values::{Fault, Row, Value, overflow, same};
use super::{Frame, Machine, Scope, cast, functions, operators};

/// A row, or a group with a row of it.
pub struct Peer {
    pub scope: Scope,
    /// The rows of the group.
    pub group: Vec<Scope>,
    /// What tells it from the others.
    pub keys: Vec<Key>,
}

/// Where an expression stands: with which rows, in which group, at which row of a window.
#[derive(Clone, Copy)]
pub struct At<'e> {
    pub scope: &'e Scope,
    /// The rows of a group.
    pub group: Option<&'e [Scope]>,
    /// All rows, or all groups, and which of them this is.
    pub peers: Option<(&'e [Peer], usize)>,
}

impl<'e> At<'e> {
    pub fn row(scope: &'e Scope) -> At<'e> {
        At { scope, group: None, peers: None }
    }
}

fn not(value: Value) -> Value {
    match value {
        Value::Bool(truth) => Value::Bool(!truth),
        other => other,
    }
}

fn negated_if(negated: bool, value: Value) -> Value {
    if negated { not(value) } else { value }
}

impl<'p> Machine<'p> {
    /// The value of an expression.
    pub fn value(&mut self, frame: &Frame<'p>, at: At<'_>, expr: &'p Expr) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::Literal(literal) => cast::literal(literal, &expr.ty),
            ExprKind::Local(id) => Ok(frame.locals[id.0 as usize].clone()),
            ExprKind::Context(value) => Ok(self.context(frame, *value)),
            ExprKind::Column { relation, column } => Ok(at.scope.rows[relation][*column].clone()),
            ExprKind::Unary { operator, operand } => {
                let value = self.value(frame, at, operand)?;
                unary(*operator, value)
            }
            ExprKind::Binary { operator, left, right } => {
                let (left, right) = self.both(frame, at, left, right)?;
                match left.is_null() || right.is_null() {
                    true => Ok(Value::Null),
                    false => operators::binary(*operator, &left, &right, &expr.ty),
                }
            }
            ExprKind::Cast(operand) => {
                let value = self.value(frame, at, operand)?;
                cast::cast(value, &expr.ty)
            }
            ExprKind::Case { operand, branches, otherwise } => {
                self.case(frame, at, operand.as_deref(), branches, otherwise.as_deref())
            }
            ExprKind::Array(all) => self.values(frame, at, all).map(Value::Array),
            ExprKind::Index { array, index } => {
                let (array, index) = self.both(frame, at, array, index)?;
                Ok(element(&array, &index))
            }
            ExprKind::Slice { array, low, high } => {
                self.slice(frame, at, array, low.as_deref(), high.as_deref())
            }
            ExprKind::Function(call) if call.over.is_some() => self.window(frame, at, call, &expr.ty),
            ExprKind::Function(call)
                if matches!(call.function.kind, kuneiform::language::functions::Kind::Aggregate { .. }) =>
            {
                self.aggregate(frame, at.group.expect("a group"), call, &expr.ty)
            }
            ExprKind::Function(call) if call.function.name == "coalesce" => {
                for argument in &call.arguments {
                    let value = self.value(frame, at, argument)?;
                    if !value.is_null() {
                        return Ok(value);
                    }
                }
                Ok(Value::Null)
            }
            ExprKind::Function(call) => {
                let arguments = self.values(frame, at, &call.arguments)?;
                functions::call(call.function.name, &arguments)
            }
            ExprKind::Error(message) => Err(self.raised(frame, at, message)?),
            ExprKind::Call { callee, arguments } => {
                let arguments = self.values(frame, at, arguments)?;
                let rows = self.call(frame, callee, arguments)?;
                Ok(rows[0][0].clone())
            }
            _ => self.predicate(frame, at, expr),
        }
    }

    /// What is true, false or null.
    fn predicate(&mut self, frame: &Frame<'p>, at: At<'_>, expr: &'p Expr) -> Result<Value, Fault> {
        match &expr.kind {
            ExprKind::And(all) => self.logical(frame, at, all, false),
            ExprKind::Or(all) => self.logical(frame, at, all, true),
            ExprKind::IsNull { operand, negated } => {
                let value = self.value(frame, at, operand)?;
                Ok(Value::Bool(value.is_null() != *negated))
            }
            ExprKind::IsTruth { operand, truth, negated } => {
                let value = self.value(frame, at, operand)?;
                Ok(Value::Bool((value == Value::Bool(*truth)) != *negated))
            }
            ExprKind::IsDistinct { left, right, negated } => {
                let (left, right) = self.both(frame, at, left, right)?;
                Ok(Value::Bool(same(&left, &right) == *negated))
            }
            ExprKind::Between { operand, low, high, negated } => {
                let value = self.value(frame, at, operand)?;
                let (low, high) = self.both(frame, at, low, high)?;
                let compared = [(BinaryOp::GreaterEqual, low), (BinaryOp::LessEqual, high)]
                    .map(|(operator, bound)| compared(operator, &value, &bound));
                Ok(negated_if(*negated, together(&compared, false)))
            }
            ExprKind::Like { operand, pattern, escape, negated } => {
                let (text, pattern) = self.both(frame, at, operand, pattern)?;
                if text.is_null() || pattern.is_null() {
                    return Ok(Value::Null);
                }
                let escape = escape.as_ref().map_or(Some('\\'), |escape| escape.chars().next());
                let letters = |value: &Value| value.text().chars().collect::<Vec<_>>();
                let like = operators::like(&letters(&text), &letters(&pattern), escape);
                Ok(Value::Bool(like != *negated))
            }
            ExprKind::InList { operand, list, negated } => {
                let value = self.value(frame, at, operand)?;
                let list = self.values(frame, at, list)?;
                Ok(negated_if(*negated, any_or_all(BinaryOp::Equal, false, &value, &list)))
            }
            ExprKind::InQuery { operand, query, negated } => {
                let value = self.value(frame, at, operand)?;
                let rows = self.query(frame, at.scope, query)?;
                let list: Vec<Value> = rows.into_iter().map(|row| row[0].clone()).collect();
                Ok(negated_if(*negated, any_or_all(BinaryOp::Equal, false, &value, &list)))
            }
            ExprKind::Quantified { operator, all, left, array } => {
                let (value, array) = self.both(frame, at, left, array)?;
                match array {
                    Value::Null => Ok(Value::Null),
                    array => Ok(any_or_all(*operator, *all, &value, array.array())),
                }
            }
            ExprKind::Exists { query, negated } => {
                let rows = self.query(frame, at.scope, query)?;
                Ok(Value::Bool(rows.is_empty() == *negated))
            }
            ExprKind::Subquery(query) => {
                let rows = self.query(frame, at.scope, query)?;
                match rows.as_slice() {
                    [] => Ok(Value::Null),
                    [row] => Ok(row[0].clone()),
                    _ => Err(super::values::fault("21000")),
                }
            }
            other => panic!("no predicate: {other:?}"),
        }
    }

    /// Values in order.
    pub fn values(&mut self, frame: &Frame<'p>, at: At<'_>, all: &'p [Expr]) -> Result<Row, Fault> {
        let all: Vec<&Expr> = all.iter().collect();
        self.each(frame, at, &all)
    }

    fn both(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        left: &'p Expr,
        right: &'p Expr,
    ) -> Result<(Value, Value), Fault> {
        let mut values = self.each(frame, at, &[left, right])?.into_iter();
        Ok((values.next().unwrap(), values.next().unwrap()))
    }

    /// The first error is the outcome, unless a null beside it makes its place moot.
    fn each(&mut self, frame: &Frame<'p>, at: At<'_>, all: &[&'p Expr]) -> Result<Row, Fault> {
        let outcomes: Vec<Result<Value, Fault>> =
            all.iter().map(|expr| self.value(frame, at, expr)).collect();
        let has_null = outcomes.contains(&Ok(Value::Null));
        let outcome: Result<Row, Fault> = outcomes.into_iter().collect();
        self.open |= has_null && outcome.is_err();
        outcome
    }

    fn logical(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        all: &'p [Expr],
        decides: bool,
    ) -> Result<Value, Fault> {
        let mut outcome = Value::Bool(!decides);
        for expr in all {
            match self.value(frame, at, expr)? {
                Value::Bool(truth) if truth == decides => return Ok(Value::Bool(decides)),
                Value::Null => outcome = Value::Null,
                _ => {}
            }
        }
        Ok(outcome)
    }

    fn case(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        operand: Option<&'p Expr>,
        branches: &'p [Branch],
        otherwise: Option<&'p Expr>,
    ) -> Result<Value, Fault> {
        let operand = operand.map(|operand| self.value(frame, at, operand)).transpose()?;
        for Branch { condition, value } in branches {
            let condition = self.value(frame, at, condition)?;
            let holds = match &operand {
                Some(operand) => compared(BinaryOp::Equal, operand, &condition).is_true(),
                None => condition.is_true(),
            };
            if holds {
                return self.value(frame, at, value);
            }
        }
        otherwise.map_or(Ok(Value::Null), |otherwise| self.value(frame, at, otherwise))
    }

    fn slice(
        &mut self,
        frame: &Frame<'p>,
        at: At<'_>,
        array: &'p Expr,
        low: Option<&'p Expr>,
        high: Option<&'p Expr>,
    ) -> Result<Value, Fault> {
        let array = self.value(frame, at, array)?;
        let low = low.map_or(Ok(Value::Int(1)), |low| self.value(frame, at, low))?;
        let high = high.map_or(Ok(Value::Int(i64::MAX)), |high| self.value(frame, at, high))?;
        if [&array, &low, &high].iter().any(|value| value.is_null()) {
            return Ok(Value::Null);
        }
        let kept = (1..).zip(array.array()).filter(|(place, _)| (low.int()..=high.int()).contains(place));
        Ok(Value::Array(kept.map(|(_, value)| value.clone()).collect()))
    }

    /// What `ERROR(message)` raises.
    pub fn raised(&mut self, frame: &Frame<'p>, at: At<'_>, message: &'p Expr) -> Result<Fault, Fault> {
        let message = self.value(frame, at, message)?;
        Ok(Fault { state: "KF001", message: said(&message) })
    }
}

/// A message as a caller sees it.
pub fn said(message: &Value) -> String {
    message.shown().unwrap_or_else(|| "(null)".to_owned())
}

fn unary(operator: UnaryOp, value: Value) -> Result<Value, Fault> {
    Ok(match (operator, value) {
        (UnaryOp::Not, value) => not(value),
        (UnaryOp::Minus, Value::Int(number)) => Value::Int(number.checked_neg().ok_or_else(overflow)?),
        (UnaryOp::Minus, Value::Decimal(number)) => {
            Value::Decimal(Decimal { digits: -number.digits, scale: number.scale })
        }
        (_, value) => value,
    })
}

/// Null where nothing stands.
fn element(array: &Value, index: &Value) -> Value {
    if array.is_null() || index.is_null() {
        return Value::Null;
    }
    let place = index.int().checked_sub(1).and_then(|place| usize::try_from(place).ok());
    place.and_then(|place| array.array().get(place)).cloned().unwrap_or(Value::Null)
}

/// A comparison in three values.
pub fn compared(operator: BinaryOp, left: &Value, right: &Value) -> Value {
    match left.is_null() || right.is_null() {
        true => Value::Null,
        false => Value::Bool(operators::compares(operator, left, right)),
    }
}

/// AND, or OR if true decides.
fn together(all: &[Value], decides: bool) -> Value {
    if all.contains(&Value::Bool(decides)) {
        Value::Bool(decides)
    } else if all.contains(&Value::Null) {
        Value::Null
    } else {
        Value::Bool(!decides)
    }
}

fn any_or_all(operator: BinaryOp, all: bool, value: &Value, list: &[Value]) -> Value {
    let compared: Vec<Value> = list.iter().map(|other| compared(operator, value, other)).collect();
    together(&compared, !all)
}
