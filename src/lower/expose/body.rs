//! What a function for gateways does: one call.

use super::value;
use crate::interface::{Expose, Exposed, Identity, Interface, Returns, Rows};
use crate::lower::names;
use crate::lower::query::plain;
use crate::pg::{
    Call, Expr, From, Ident, Namespace, OutputItem, Parameter, PlStatement, PlStatementKind, Query, RowType,
    Type, Window,
};
use crate::source::Span;

/// The only column of what gives nothing, where gateways know rows alone.
pub const DONE: &str = "done";
/// The first column where rows are numbered.
pub const POSITION: &str = "position";

/// The call of the action; `skipped` parameters come before its own.
///
/// ```sql
/// "ds_ens"."f@ens"(kf.gateway(..), $1, $2::kf.uint256)
/// ```
pub fn call(expose: &Expose, interface: &Interface, exposed: &Exposed<'_>, skipped: usize) -> Call {
    let dbid = &interface.dbid;
    let places = skipped + 1..;
    let own = places.zip(&exposed.signature.parameters);
    let own = own.map(|(place, it)| value::received(expose, Expr::Argument(place), &it.ty));
    let arguments = std::iter::once(context(expose, interface, exposed)).chain(own).collect();
    let function = names::qualified_function(dbid, exposed.action);
    let plain = Call::plain(Namespace::Schema(function.schema), "", arguments);
    Call { name: function.name, ..plain }
}

/// `kf.gateway(claims, path, logins, anonymous, owned, writes)`
fn context(expose: &Expose, interface: &Interface, exposed: &Exposed<'_>) -> Expr {
    let text = |value: &str| Expr::Text(value.to_owned());
    let typed = |value: Expr| Expr::Cast(Box::new(value), Type::Text);
    let listed = |all: &[String]| {
        let array = Expr::Array(all.iter().map(|it| text(it)).collect());
        Expr::Cast(Box::new(array), Type::Array(Box::new(Type::Text)))
    };
    let (claims, path) = match &expose.identity {
        Identity::Claim(path) => {
            let setting = vec![text("request.jwt.claims"), Expr::Bool(true)];
            let setting = Call::plain(Namespace::Catalog, "current_setting", setting);
            (Expr::Call(Box::new(setting)), listed(path))
        }
        Identity::HasuraSession(variable) => {
            (typed(Expr::Argument(1)), listed(std::slice::from_ref(variable)))
        }
    };
    let modifiers = exposed.signature.modifiers;
    let owned = if modifiers.owner { text(interface.dbid.as_str()) } else { Expr::Null };
    let anonymous = expose.anonymous.as_deref().map_or(Expr::Null, text);
    let arguments = vec![
        claims,
        path,
        listed(&expose.logins),
        typed(anonymous),
        typed(owned),
        Expr::Bool(!modifiers.view),
    ];
    Expr::Call(Box::new(Call::plain(Namespace::Kf, "gateway", arguments)))
}

/// The variables and the body.
pub fn body(
    expose: &Expose,
    returns: &Returns,
    rows: Option<&RowType>,
    call: Call,
    span: Span,
) -> (Vec<Parameter>, Vec<PlStatement>) {
    let row = Parameter {
        name: Ident::new("@row"),
        ty: rows.map_or(Type::Void, |rows| Type::Named(rows.name.clone())),
    };
    let back = PlStatementKind::ReturnValue(Expr::Variable(row.name.clone()));
    let (variables, kinds) = match (returns, returns.columns(), rows) {
        (Returns::Table(_), _, _) => {
            (Vec::new(), vec![PlStatementKind::ReturnQuery(query(expose, returns, call))])
        }
        (_, [], None) => (Vec::new(), vec![PlStatementKind::PerformCall(call)]),
        (_, [], Some(_)) => {
            let position = is_numbered(expose).then(|| Expr::Number("1".to_owned()));
            let done = Expr::Row(position.into_iter().chain([Expr::Bool(true)]).collect());
            let done = PlStatementKind::Assign { target: row.name.clone(), value: done };
            (vec![row], vec![PlStatementKind::PerformCall(call), done, back])
        }
        (_, [only], None) => {
            let value = value::sent(expose, Expr::Call(Box::new(call)), &only.ty);
            (Vec::new(), vec![PlStatementKind::ReturnValue(value)])
        }
        (_, _, _) => {
            let targets = vec![row.name.clone()];
            let query = query(expose, returns, call);
            (vec![row], vec![PlStatementKind::SelectInto { targets, query }, back])
        }
    };
    (variables, kinds.into_iter().map(|kind| PlStatement { kind, span }).collect())
}

/// `SELECT "r"."c0", "r"."c1"::text FROM f(..) AS "r" ("c0", "c1")`
fn query(expose: &Expose, returns: &Returns, call: Call) -> Query {
    let alias = Ident::new("r");
    let columns: Vec<Ident> =
        (0..returns.columns().len()).map(|index| Ident::new(format!("c{index}"))).collect();
    let item = |(name, column): (&Ident, &crate::interface::RowColumn)| {
        let value = Expr::Column { relation: alias.clone(), column: name.clone() };
        OutputItem { expr: value::sent(expose, value, &column.ty), name: None }
    };
    let position = is_numbered(expose).then(row_number).map(|expr| OutputItem { expr, name: None });
    let items = position.into_iter().chain(columns.iter().zip(returns.columns()).map(item)).collect();
    plain(items, Some(From::Function { call: Box::new(call), alias: alias.clone(), columns }))
}

fn is_numbered(expose: &Expose) -> bool {
    expose.rows == Rows::Numbered
}

/// `pg_catalog.row_number() OVER ()`: rows come in the order the action gives them.
fn row_number() -> Expr {
    let over = Window { partition_by: Vec::new(), order_by: Vec::new(), frame: None };
    let call = Call::plain(Namespace::Catalog, "row_number", Vec::new());
    Expr::Call(Box::new(Call { over: Some(over), ..call }))
}
