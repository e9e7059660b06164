//! Functions for gateways: plain names, values that JSON keeps, and a caller that the gateway verified.
//!
//! ```sql
//! CREATE FUNCTION "api"."get_posts"("address" text) RETURNS SETOF "api"."get_posts_row" ..
//!   RETURN QUERY SELECT "r"."c0", "r"."c1"::text FROM "ds_social"."get_posts@social"(
//!     kf.gateway(pg_catalog.current_setting('request.jwt.claims', true), ARRAY['sub'], ..), $1) AS "r" ("c0", "c1");
//! ```

mod body;
mod value;

use std::collections::BTreeSet;

use super::names::{self, Taken};
use crate::interface::{
    Expose, Exposed, Identity, Interface, Package, Returns, Rows, Statement, StatementKind,
};
use crate::language::Name;
use crate::pg::{
    self, Expr, Function, Ident, Item, Parameter, QualifiedName, RowType, SharedSchema, Type, Volatility,
    Wrapper, print,
};
use crate::source::{SourceId, Span};

/// Nobody wrote a function for gateways.
const NOWHERE: Span = Span { source: SourceId(u32::MAX), start: 0, end: 0 };

/// Gives a package the functions for gateways that its manifest asks for, in the place of those it has.
pub fn expose(package: &mut Package) {
    package.statements.retain(|statement| !statement.kind.is_api());
    let Some(expose) = package.manifest.expose.clone() else { return };
    let comment = |action: &Name| package.manifest.actions.get(action)?.doc.clone();
    let items = items(&expose, &package.interface, &comment);
    let made: Vec<Statement> = items.iter().map(|(item, action)| statement(package, item, *action)).collect();
    package.statements.extend(made);
}

fn statement(package: &Package, item: &Item, action: Option<&Name>) -> Statement {
    let (kind, name) = match item {
        Item::Wrapper(wrapper) => (StatementKind::ApiFunction, wrapper.function.name.name.as_str()),
        Item::SharedSchema(schema) => (StatementKind::ApiSchema, schema.name.as_str()),
        _ => (StatementKind::ApiSchema, ""),
    };
    let is_action = |it: &&Statement| {
        it.kind == StatementKind::Function && action.is_some_and(|action| it.name == action.as_str())
    };
    let line = package.statements.iter().find(is_action).map_or(0, |it| it.line);
    let printed = print::item(item);
    Statement {
        kind,
        name: name.to_owned(),
        object: printed.object,
        sql: printed.text,
        line,
        lines: Vec::new(),
    }
}

/// The schema, then a function for each action with that action.
fn items<'i>(
    expose: &'i Expose,
    interface: &'i Interface,
    comment: &dyn Fn(&Name) -> Option<String>,
) -> Vec<(Item, Option<&'i Name>)> {
    let exposed = expose.functions(interface);
    if exposed.is_empty() {
        return Vec::new();
    }
    let roles: BTreeSet<&str> = exposed.iter().flat_map(|it| it.roles).map(String::as_str).collect();
    let roles = roles.into_iter().map(names::role).collect();
    let schema = Item::SharedSchema(SharedSchema { name: names::role(&expose.schema), roles });
    let wrappers = exposed.iter().map(|it| {
        let wrapper = wrapper(expose, interface, it, comment(it.action));
        (Item::Wrapper(wrapper), Some(it.action))
    });
    std::iter::once((schema, None)).chain(wrappers).collect()
}

fn wrapper(
    expose: &Expose,
    interface: &Interface,
    exposed: &Exposed<'_>,
    comment: Option<String>,
) -> Wrapper {
    let signature = exposed.signature;
    let is_view = signature.modifiers.view;
    let schema = names::role(&expose.schema);
    let qualified = |name: Ident| QualifiedName { schema: schema.clone(), name };
    let rows = row_type(expose, exposed, &qualified);
    let (parameters, defaults) = parameters(expose, exposed);
    let result = result(expose, &signature.returns, rows.as_ref());
    let call = body::call(expose, interface, exposed, parameters.len() - signature.parameters.len());
    let (variables, body) = body::body(expose, &signature.returns, rows.as_ref(), call, NOWHERE);
    let function = Function {
        name: qualified(names::exposed(&exposed.name)),
        parameters,
        result,
        volatility: if is_view { Volatility::Stable } else { Volatility::Volatile },
        variables,
        body,
        span: NOWHERE,
    };
    let roles = exposed.roles.iter().map(|role| names::role(role)).collect();
    Wrapper { rows, function, defaults, is_view, comment, roles }
}

/// The arguments as gateways give them, with their defaults. Hasura's session comes first.
fn parameters(expose: &Expose, exposed: &Exposed<'_>) -> (Vec<Parameter>, Vec<Option<Expr>>) {
    let own = &exposed.signature.parameters;
    let mut taken = Taken::default();
    let mut all = Vec::new();
    for parameter in own {
        let name = taken.fresh(parameter.name.as_str());
        let default = parameter.default.as_deref().map(|text| value::default(expose, text, &parameter.ty));
        all.push((Parameter { name, ty: value::carrier(expose, &parameter.ty) }, default));
    }
    if let Identity::HasuraSession(_) = &expose.identity {
        all.insert(0, (Parameter { name: taken.fresh("hasura_session"), ty: Type::Json }, None));
    }
    all.into_iter().unzip()
}

/// What is given back: rows of `rows`, or one value.
fn result(expose: &Expose, returns: &Returns, rows: Option<&RowType>) -> pg::Result {
    let named = rows.map(|rows| Type::Named(rows.name.clone()));
    match (returns, named) {
        (Returns::Table(_), Some(named)) => pg::Result::Set(named),
        (_, Some(named)) => pg::Result::Value(named),
        (_, None) => match returns.columns() {
            [only] => pg::Result::Value(value::carrier(expose, &only.ty)),
            _ => pg::Result::Void,
        },
    }
}

/// The type of the rows; none for nothing and one value, unless gateways know rows alone.
fn row_type(
    expose: &Expose,
    exposed: &Exposed<'_>,
    qualified: &dyn Fn(Ident) -> QualifiedName,
) -> Option<RowType> {
    let (is_table, is_keyed) = (expose.rows != Rows::Type, expose.rows == Rows::Numbered);
    let columns = exposed.signature.returns.columns();
    let is_rows = matches!(exposed.signature.returns, Returns::Table(_)) || columns.len() > 1;
    if !is_rows && !is_table {
        return None;
    }
    let column = |name: Ident, ty: Type| pg::Column { name, ty, not_null: false, default: None };
    let mut made: Vec<pg::Column> = columns
        .iter()
        .map(|it| column(names::exposed(it.name.as_str()), value::carrier(expose, &it.ty)))
        .collect();
    if made.is_empty() {
        made.push(column(Ident::new(body::DONE), Type::Boolean));
    }
    if is_keyed {
        let mut taken = Taken::default();
        made.iter().for_each(|it| drop(taken.fresh(it.name.as_str())));
        made.insert(0, column(taken.fresh(body::POSITION), Type::Int8));
    }
    let name = qualified(names::exposed(&format!("{}_row", exposed.name)));
    Some(RowType { name, columns: made, is_table, is_keyed })
}
