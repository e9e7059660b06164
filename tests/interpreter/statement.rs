//! Statements.

use std::cmp::Ordering;

use kuneiform::hir::{Expr, LocalId, Statement, StatementKind};

use super::cast::cast;
use super::expression::{At, said};
use super::values::{Fault, Row, Value, fault, total};
use super::{Frame, Machine, Scope};

/// How a statement ends.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Flow {
    Next,
    Break,
    Continue,
    Return,
}

impl<'p> Machine<'p> {
    /// Statements in order.
    pub fn statements(&mut self, frame: &mut Frame<'p>, body: &'p [Statement]) -> Result<Flow, Fault> {
        for statement in body {
            let flow = self.statement(frame, statement)?;
            if flow != Flow::Next {
                return Ok(flow);
            }
        }
        Ok(Flow::Next)
    }

    fn statement(&mut self, frame: &mut Frame<'p>, statement: &'p Statement) -> Result<Flow, Fault> {
        let scope = Scope::default();
        let at = At::row(&scope);
        match &statement.kind {
            StatementKind::Query(query) => {
                let rows = self.query(frame, &scope, query)?;
                Ok(gave(frame, statement, rows))
            }
            StatementKind::Insert(insert) => {
                let rows = self.insert(frame, insert)?;
                Ok(gave(frame, statement, in_order(rows)))
            }
            StatementKind::Update(update) => {
                let rows = self.update(frame, update)?;
                Ok(gave(frame, statement, in_order(rows)))
            }
            StatementKind::Delete(delete) => {
                let rows = self.delete(frame, delete)?;
                Ok(gave(frame, statement, in_order(rows)))
            }
            StatementKind::Call { callee, arguments } => {
                let arguments = self.values(frame, at, arguments)?;
                self.call(frame, callee, arguments).map(|_| Flow::Next)
            }
            StatementKind::Guard { condition, message } => match self.holds(frame, at, condition)? {
                true => Err(self.raised(frame, at, message)?),
                false => Ok(Flow::Next),
            },
            StatementKind::Raise(message) => Err(self.raised(frame, at, message)?),
            StatementKind::Notice(message) => {
                let message = self.value(frame, at, message)?;
                self.notices.push(said(&message));
                Ok(Flow::Next)
            }
            _ => self.control(frame, statement),
        }
    }

    fn control(&mut self, frame: &mut Frame<'p>, statement: &'p Statement) -> Result<Flow, Fault> {
        let scope = Scope::default();
        let at = At::row(&scope);
        match &statement.kind {
            StatementKind::Assign { target, value } => {
                let value = self.value(frame, at, value)?;
                let value = cast(value, &frame.action.locals[target.0 as usize].ty)?;
                set(frame, *target, value);
            }
            StatementKind::AssignElement { array, index, value } => {
                self.assign_element(frame, *array, index, value)?;
            }
            StatementKind::Receive { targets, callee, arguments } => {
                let arguments = self.values(frame, at, arguments)?;
                let rows = self.call(frame, callee, arguments)?;
                receive(frame, targets, rows.into_iter().next().expect("a row"));
            }
            StatementKind::ReceiveQuery { targets, query } => {
                let mut rows = self.query(frame, &scope, query)?;
                if rows.len() > 1 {
                    let message = "an action gave more than one row where one was received".to_owned();
                    return Err(Fault { message, ..fault("KF013") });
                }
                receive(frame, targets, rows.pop().unwrap_or_else(|| vec![Value::Null; targets.len()]));
            }
            StatementKind::If { branches, otherwise } => {
                for branch in branches {
                    if self.holds(frame, at, &branch.condition)? {
                        return self.statements(frame, &branch.body);
                    }
                }
                return self.statements(frame, otherwise);
            }
            StatementKind::Break => return Ok(Flow::Break),
            StatementKind::Continue => return Ok(Flow::Continue),
            StatementKind::Return => return Ok(Flow::Return),
            StatementKind::ReturnRow(values) => {
                let row = self.values(frame, at, values)?;
                frame.rows = vec![fitted(frame, row)?];
                return Ok(Flow::Return);
            }
            StatementKind::ReturnNext(values) => {
                let row = self.values(frame, at, values)?;
                let row = fitted(frame, row)?;
                frame.rows.push(row);
            }
            _ => return self.each_pass(frame, statement),
        }
        Ok(Flow::Next)
    }

    /// Loops.
    fn each_pass(&mut self, frame: &mut Frame<'p>, statement: &'p Statement) -> Result<Flow, Fault> {
        let scope = Scope::default();
        let at = At::row(&scope);
        let (targets, passes, body): (Vec<LocalId>, Vec<Row>, _) = match &statement.kind {
            StatementKind::ForRange { variable, low, high, body } => {
                let bounds = (self.value(frame, at, low)?, self.value(frame, at, high)?);
                let passes = match bounds {
                    (Value::Int(low), Value::Int(high)) => {
                        (low..=high).map(|number| vec![Value::Int(number)]).collect()
                    }
                    _ => Vec::new(),
                };
                (vec![*variable], passes, body)
            }
            StatementKind::ForEach { variable, array, body } => {
                let passes = match self.value(frame, at, array)? {
                    Value::Array(all) => all.into_iter().map(|one| vec![one]).collect(),
                    _ => Vec::new(),
                };
                (vec![*variable], passes, body)
            }
            StatementKind::ForQuery { targets, query, body } => {
                (targets.clone(), self.query(frame, &scope, query)?, body)
            }
            other => panic!("no loop: {other:?}"),
        };
        for pass in passes {
            targets.iter().zip(pass).for_each(|(target, value)| set(frame, *target, value));
            match self.statements(frame, body)? {
                Flow::Break => break,
                Flow::Return => return Ok(Flow::Return),
                Flow::Next | Flow::Continue => {}
            }
        }
        Ok(Flow::Next)
    }

    /// An element past the end extends the array with nulls.
    fn assign_element(
        &mut self,
        frame: &mut Frame<'p>,
        array: LocalId,
        index: &'p Expr,
        value: &'p Expr,
    ) -> Result<(), Fault> {
        let scope = Scope::default();
        let index = self.value(frame, At::row(&scope), index)?;
        let value = self.value(frame, At::row(&scope), value)?;
        let mut elements = match &frame.locals[array.0 as usize] {
            Value::Array(elements) => elements.clone(),
            _ => Vec::new(),
        };
        let place = match index {
            Value::Int(index) => usize::try_from(index).ok().and_then(|place| place.checked_sub(1)),
            _ => None,
        };
        let no_element = "the index of an array element must be at least 1".to_owned();
        let place = place.ok_or_else(|| Fault { message: no_element, ..fault("KF014") })?;
        if place >= elements.len() {
            elements.resize(place + 1, Value::Null);
        }
        elements[place] = value;
        set(frame, array, Value::Array(elements));
        Ok(())
    }
}

/// Rows of RETURNING come by their values.
fn in_order(mut rows: Vec<Row>) -> Vec<Row> {
    let order = |left: &Row, right: &Row| {
        left.iter().zip(right).map(|(left, right)| total(left, right)).fold(Ordering::Equal, Ordering::then)
    };
    rows.sort_by(order);
    rows
}

fn gave(frame: &mut Frame<'_>, statement: &Statement, rows: Vec<Row>) -> Flow {
    if statement.is_result {
        frame.rows.extend(rows);
    }
    Flow::Next
}

/// A row in the types of the action's result: what does not fit raises.
fn fitted(frame: &Frame<'_>, row: Row) -> Result<Row, Fault> {
    let columns = frame.action.signature.returns.columns();
    row.into_iter().zip(columns).map(|(value, column)| cast(value, &column.ty)).collect()
}

fn set(frame: &mut Frame<'_>, target: LocalId, value: Value) {
    frame.locals[target.0 as usize] = value;
}

fn receive(frame: &mut Frame<'_>, targets: &[Option<LocalId>], row: Row) {
    for (target, value) in targets.iter().zip(row) {
        if let Some(target) = target {
            set(frame, *target, value);
        }
    }
}
