use super::context::{DEPTH, field};
use super::frame::Unit;
use super::names;
use super::statement::{self, raise, when};
use super::ty::{cast_type, value_type};
use crate::hir::{Action, Local, Schema};
use crate::interface::{Dbid, Returns};
use crate::language::{ContextValue, Type, Visibility, limits};
use crate::pg::{
    self, Expr, Function, Grant, Grantee, Ident, Parameter, PlStatement, PlStatementKind, QualifiedName,
    Readers, Severity, Volatility,
};

/// Raised when the transaction's caller does not own the dataset.
const NOT_OWNER: &str = "KF002";
/// Raised when nobody said who calls: a connection that forgot the context fails instead of acting for nobody.
const NO_CALLER: &str = "KF005";
/// Raised when recursion is too deep: before PostgreSQL's stack ends, which differs between machines.
pub(super) const TOO_DEEP: &str = "KF007";

/// Raised when a decimal from outside is not of its parameter's type: PostgreSQL's numeric_value_out_of_range.
const NOT_OF_TYPE: &str = "22003";
const NAN: &str = "NaN";

/// A check that waits for its place in the source.
type Check = Box<dyn FnOnce(crate::source::Span) -> PlStatementKind>;

/// The function of an action.
pub(super) fn function(unit: &Unit<'_>, schema: &Schema, action: &Action) -> Function {
    let mut body = entry(schema, action);
    body.extend(statement::statements(statement::Scope::of(unit, schema, action), &action.body));
    Function {
        name: names::qualified_function(&schema.dbid, &action.name),
        parameters: parameters(action),
        result: result(&action.signature.returns),
        volatility: volatility(action),
        variables: unit.locals.declared(action),
        body,
        span: action.span,
    }
}

pub(super) fn parameters(action: &Action) -> Vec<Parameter> {
    let context = Parameter { name: names::context(), ty: pg::Type::Context };
    let own = action.locals.iter().take(action.parameters);
    let own = own.map(|local| Parameter { name: names::variable(&local.name), ty: value_type(&local.ty) });
    std::iter::once(context).chain(own).collect()
}

pub(super) fn result(returns: &Returns) -> pg::Result {
    let columns = returns.columns();
    let named = names::result(columns).into_iter().zip(columns);
    let named = named.map(|(name, column)| Parameter { name, ty: value_type(&column.ty) });
    match (returns, columns) {
        (_, []) => pg::Result::Void,
        (Returns::Row(_), [only]) => pg::Result::Value(value_type(&only.ty)),
        (Returns::Row(_), _) => pg::Result::Row(named.collect()),
        _ => pg::Result::Table(named.collect()),
    }
}

/// A view is STABLE, so that it sees what the query around it sees, unless it may raise: PostgreSQL skips what it may.
fn volatility(action: &Action) -> Volatility {
    let modifiers = action.signature.modifiers;
    match modifiers.view && !modifiers.owner && !action.signature.may_raise {
        true => Volatility::Stable,
        false => Volatility::Volatile,
    }
}

/// What every function checks before anything else.
fn entry(schema: &Schema, action: &Action) -> Vec<PlStatement> {
    let mut checks = vec![refuse(NO_CALLER, no_caller(), "no caller")];
    if action.signature.modifiers.owner {
        let message = format!("only the owner of `{}` may call `{}`", schema.name, action.name);
        checks.push(refuse(NOT_OWNER, not_owner(&schema.dbid), &message));
    }
    if action.recursive {
        let message = format!("`{}` calls itself more than {} times", action.name, limits::CALL_DEPTH);
        checks.push(refuse(TOO_DEEP, too_deep(), &message));
    }
    checks.extend(decimals(action));
    let span = action.name_span;
    checks.into_iter().map(|kind| PlStatement { kind: kind(span), span }).collect()
}

/// PostgreSQL keeps no precision for parameters, and takes NaN for a number: whoever calls from outside may give a
/// decimal what its type does not hold. `IF "$d" = 'NaN' OR "$d" <> "$d"::numeric(10,2) THEN RAISE ..`
fn decimals(action: &Action) -> impl Iterator<Item = Check> {
    let is_outside = matches!(action.signature.modifiers.visibility, Visibility::Public | Visibility::Oracle);
    let parameters = action.locals.iter().take(if is_outside { action.parameters } else { 0 });
    let check = |local: &Local| {
        let message = format!("`${}` is not a {}", local.name, local.ty);
        let given = || Expr::Variable(names::variable(&local.name));
        let not_a_number = match &local.ty {
            Type::Decimal(_) => equal(given(), NAN),
            Type::Array(element) if matches!(**element, Type::Decimal(_)) => Expr::Quantified {
                operator: "=",
                all: false,
                left: Box::new(Expr::Cast(Box::new(Expr::Text(NAN.to_owned())), pg::Type::Numeric(None))),
                array: Box::new(given()),
            },
            _ => return None,
        };
        let cast = Box::new(Expr::Cast(Box::new(given()), cast_type(&local.ty)));
        let is_other = Expr::Binary { operator: "<>", left: Box::new(given()), right: cast };
        Some(refuse(NOT_OF_TYPE, Expr::Or(vec![not_a_number, is_other]), &message))
    };
    parameters.filter_map(check)
}

fn equal(value: Expr, text: &str) -> Expr {
    Expr::Binary { operator: "=", left: Box::new(value), right: Box::new(Expr::Text(text.to_owned())) }
}

fn refuse(sqlstate: &'static str, condition: Expr, message: &str) -> Check {
    let message = Expr::Text(message.to_owned());
    Box::new(move |span| when(condition, raise(Severity::Exception, sqlstate, message), span))
}

/// `("@ctx").caller IS NULL OR ("@ctx").caller = ''`
fn no_caller() -> Expr {
    let caller = || Box::new(field(ContextValue::Caller.word()));
    let is_empty = equal(*caller(), "");
    Expr::Or(vec![Expr::Is { operand: caller(), what: "NULL" }, is_empty])
}

/// `NOT EXISTS (SELECT FROM kf.dataset AS d WHERE d.dbid = 'ens' AND d.owner = ("@ctx").caller)`
fn not_owner(dbid: &Dbid) -> Expr {
    let alias = Ident::new("d");
    let equal = |column: &str, value: Expr| Expr::Binary {
        operator: "=",
        left: Box::new(Expr::Column { relation: alias.clone(), column: Ident::new(column) }),
        right: Box::new(value),
    };
    let is_dataset = equal("dbid", Expr::Text(dbid.as_str().to_owned()));
    let is_owner = equal("owner", field(ContextValue::Caller.word()));
    let table = QualifiedName { schema: Ident::new("kf"), name: Ident::new("dataset") };
    let mut query = super::query::plain(Vec::new(), Some(pg::From::Table { table, alias: alias.clone() }));
    if let pg::Body::Select(select) = &mut query.body {
        select.filter = Some(Expr::And(vec![is_dataset, is_owner]));
    }
    Expr::Exists { query: Box::new(query), negated: true }
}

/// `("@ctx").depth >= 200`
pub(super) fn too_deep() -> Expr {
    let limit = Box::new(Expr::Number(limits::CALL_DEPTH.to_string()));
    Expr::Binary { operator: ">=", left: Box::new(field(DEPTH)), right: limit }
}

/// Views belong to a role that may only read; none if there are none.
pub(super) fn readers<'f>(schema: &Schema, views: impl Iterator<Item = &'f Function>) -> Option<Readers> {
    let dbid = &schema.dbid;
    let tables = schema.tables.iter().map(|table| names::table(dbid, &table.name)).collect();
    let types = |view: &Function| view.parameters.iter().map(|parameter| parameter.ty.clone()).collect();
    let functions: Vec<_> = views.map(|view| (view.name.clone(), types(view))).collect();
    (!functions.is_empty()).then(|| Readers { schema: names::schema(dbid), tables, functions })
}

/// The right to call an action from outside, if anybody has it.
pub(super) fn grant(schema: &Schema, action: &Action) -> Option<Grant> {
    let to = match action.signature.modifiers.visibility {
        Visibility::Public => Grantee::Public,
        Visibility::Oracle => Grantee::Oracle,
        Visibility::Private | Visibility::System => return None,
    };
    let arguments = parameters(action).into_iter().map(|parameter| parameter.ty).collect();
    Some(Grant { function: names::qualified_function(&schema.dbid, &action.name), arguments, to })
}
