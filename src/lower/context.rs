use super::frame::{ForeignCaller, Frame};
use super::names;
use crate::hir::Callee;
use crate::interface::Signature;
use crate::language::ContextValue;
use crate::pg::{Expr, Ident, Type};

/// The field of `kf.ctx` that counts calls of recursive actions.
pub(super) const DEPTH: &str = "depth";

/// `("@ctx").field`
pub(super) fn field(name: &str) -> Expr {
    Expr::Field { variable: names::context(), field: Ident::new(name) }
}

/// `@name`. Taken into another schema's query, a view's foreign caller is that schema.
pub(super) fn value(frame: &Frame<'_>, value: ContextValue) -> Expr {
    match (value, &frame.foreign_caller) {
        (ContextValue::ForeignCaller, ForeignCaller::Schema(dbid)) => {
            Expr::Cast(Box::new(Expr::Text(dbid.as_str().to_owned())), Type::Text)
        }
        _ => field(value.word()),
    }
}

/// The context a call passes on: the function's own, or one that differs in who calls and how deep.
pub(super) fn passed(frame: &Frame<'_>, callee: &Callee) -> Expr {
    let foreign_caller = foreign_caller_for(frame, callee);
    let deeper = is_recursion(frame, callee);
    if foreign_caller.is_none() && !deeper {
        return Expr::Variable(names::context());
    }
    let mut fields: Vec<Expr> = ContextValue::ALL.iter().map(|value| field(value.word())).collect();
    if let (Some(foreign_caller), Some(last)) = (foreign_caller, fields.last_mut()) {
        *last = foreign_caller;
    }
    fields.push(if deeper { one_more(field(DEPTH)) } else { field(DEPTH) });
    Expr::Cast(Box::new(Expr::Row(fields)), Type::Context)
}

pub(super) fn one_more(depth: Expr) -> Expr {
    let one = Box::new(Expr::Number("1".to_owned()));
    Expr::Binary { operator: "+", left: Box::new(depth), right: one }
}

/// Who the callee is told its caller is, where that is not what the context says already and it would look.
fn foreign_caller_for(frame: &Frame<'_>, callee: &Callee) -> Option<Expr> {
    let looks = signature(frame, callee).is_none_or(|signature| signature.reads_foreign_caller);
    if !looks {
        return None;
    }
    match (&frame.foreign_caller, callee.dbid == frame.schema.dbid) {
        (_, false) => Some(Expr::Text(frame.schema.dbid.as_str().to_owned())),
        (ForeignCaller::Schema(dbid), true) => Some(Expr::Text(dbid.as_str().to_owned())),
        (ForeignCaller::Context, true) => None,
    }
}

/// True for a call that may lead back: recursion never leaves a schema, because imports make no cycles.
fn is_recursion(frame: &Frame<'_>, callee: &Callee) -> bool {
    let is_recursive = |action: &crate::hir::Action| action.recursive;
    callee.dbid == frame.schema.dbid
        && frame.action.recursive
        && frame.schema.action(&callee.action).is_some_and(is_recursive)
}

/// The signature of a callee, if its schema is part of the compilation.
pub(super) fn signature<'f>(frame: &Frame<'f>, callee: &Callee) -> Option<&'f Signature> {
    frame.unit.program.action(&callee.dbid, &callee.action).map(|action| &action.signature)
}
