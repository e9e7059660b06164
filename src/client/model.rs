//! What is to be generated, for every language alike.

use super::problems::{self, ClientError};
use super::{Over, words};
use crate::interface::{
    Expose, Identity, Package, Parameter, Returns, RowColumn, Rows, Signature, StatementKind,
};
use crate::language::{Name, Type, Visibility};
use crate::lower::cast_type;
use crate::pg;

/// A dataset with what may be called from outside.
pub struct Module<'p> {
    /// Its name.
    pub dataset: &'p Name,
    /// By name of the action.
    pub calls: Vec<Call<'p>>,
}

/// A public action.
pub struct Call<'p> {
    /// The action.
    pub action: &'p Name,
    /// In order.
    pub parameters: &'p [Parameter],
    /// What comes back.
    pub gives: Gives<'p>,
    /// The lines of its comment, and its signature.
    pub words: Vec<String>,
    /// What the runtime has to know to send it: keys and values.
    pub target: Vec<(&'static str, Literal)>,
}

/// What a call gives back.
#[derive(Clone, Copy)]
pub enum Gives<'p> {
    /// Nothing.
    Nothing,
    /// One value.
    Value(&'p RowColumn),
    /// One row of several.
    Row(&'p [RowColumn]),
    /// Any number of rows.
    Rows(&'p [RowColumn]),
}

impl<'p> Gives<'p> {
    fn of(returns: &'p Returns) -> Gives<'p> {
        match returns {
            Returns::Nothing => Gives::Nothing,
            Returns::Table(columns) => Gives::Rows(columns),
            Returns::Row(columns) => match columns.as_slice() {
                [] => Gives::Nothing,
                [only] => Gives::Value(only),
                _ => Gives::Row(columns),
            },
        }
    }

    /// The columns of a type of rows, if there is one.
    pub fn row(self) -> Option<&'p [RowColumn]> {
        match self {
            Gives::Row(columns) | Gives::Rows(columns) => Some(columns),
            Gives::Nothing | Gives::Value(_) => None,
        }
    }
}

/// A constant of a generated file.
pub enum Literal {
    /// A text.
    Text(String),
    /// A boolean.
    Bool(bool),
    /// Texts, or null.
    List(Vec<Option<String>>),
}

/// What is to be generated of a dataset.
///
/// # Errors
/// Over RPC, a dataset that is not exposed or is not served at paths.
pub fn module(package: &Package, over: Over) -> Result<Module<'_>, ClientError> {
    let calls = match over {
        Over::Sql => of_database(package),
        Over::Rpc => of_gateway(package)?,
    };
    Ok(Module { dataset: &package.interface.name, calls })
}

fn of_database(package: &Package) -> Vec<Call<'_>> {
    let actions = package.interface.actions.iter();
    let public = actions.filter(|(_, it)| it.modifiers.visibility == Visibility::Public);
    let call =
        |(action, signature)| call(package, action, signature, in_database(package, action, signature));
    public.map(call).collect()
}

fn of_gateway(package: &Package) -> Result<Vec<Call<'_>>, ClientError> {
    let name = &package.interface.name;
    let expose = package.manifest.expose.as_ref().filter(|it| !it.is_nothing());
    let expose = expose.ok_or_else(|| problems::not_exposed(name))?;
    if !matches!(expose.identity, Identity::Claim(_)) {
        return Err(problems::hasura(name));
    }
    let exposed = expose.functions(&package.interface).into_iter();
    let call = |it: crate::interface::Exposed<'_>| {
        let function = crate::lower::exposed_name(&it.name);
        let (action, signature) = package.interface.actions.get_key_value(it.action)?;
        Some(call(package, action, signature, at_gateway(package, expose, function, action, signature)))
    };
    Ok(exposed.filter_map(call).collect())
}

fn call<'p>(
    package: &'p Package,
    action: &'p Name,
    signature: &'p Signature,
    target: Vec<(&'static str, Literal)>,
) -> Call<'p> {
    let comment = package.manifest.actions.get(action).and_then(|it| it.doc.as_deref());
    Call {
        action,
        parameters: &signature.parameters,
        gives: Gives::of(&signature.returns),
        words: words::of(comment, &signature.render(action.as_str())),
        target,
    }
}

/// The statement of a call, as `kf call` sends it, and what stands in for arguments that are left out.
fn in_database(package: &Package, action: &Name, signature: &Signature) -> Vec<(&'static str, Literal)> {
    let is_its = |name: &str, kind| kind == StatementKind::Function && name == action.as_str();
    let made = package.statements.iter().find(|it| is_its(&it.name, it.kind));
    let function = made.and_then(|it| it.object.split_once('(')).map_or("", |(function, _)| function);
    let parameters: Vec<pg::Type> = signature.parameters.iter().map(|it| taken(&it.ty)).collect();
    let columns: Vec<pg::Type> = signature.returns.columns().iter().map(|it| cast_type(&it.ty)).collect();
    let default = |it: &Parameter| it.default.as_deref().and_then(|text| words::value(text, &it.ty));
    vec![
        ("name", Literal::Text(format!("{}.{action}", package.interface.name))),
        ("dataset", Literal::Text(package.interface.dbid.to_string())),
        ("reads", Literal::Bool(signature.modifiers.view)),
        ("sql", Literal::Text(pg::print::call(function, &parameters, &columns))),
        ("defaults", Literal::List(signature.parameters.iter().map(default).collect())),
    ]
}

/// The type an argument is cast to. A cast to `numeric(p,s)` would round what does not fit, and the action refuses it.
fn taken(ty: &Type) -> pg::Type {
    match ty {
        Type::Decimal(_) => pg::Type::Numeric(None),
        Type::Array(element) => pg::Type::Array(Box::new(taken(element))),
        ty => cast_type(ty),
    }
}

/// Where a gateway serves it, and what the body of its answer is.
fn at_gateway(
    package: &Package,
    expose: &Expose,
    function: String,
    action: &Name,
    signature: &Signature,
) -> Vec<(&'static str, Literal)> {
    let texts = |names: Vec<&Name>| Literal::List(names.iter().map(|it| Some(it.to_string())).collect());
    let shape = match Gives::of(&signature.returns) {
        Gives::Nothing => "nothing",
        Gives::Value(_) if expose.rows == Rows::Type => "value",
        Gives::Value(_) | Gives::Row(_) => "row",
        Gives::Rows(_) => "rows",
    };
    vec![
        ("name", Literal::Text(format!("{}.{action}", package.interface.name))),
        ("schema", Literal::Text(expose.schema.clone())),
        ("function", Literal::Text(function)),
        ("parameters", texts(signature.parameters.iter().map(|it| &it.name).collect())),
        ("columns", texts(signature.returns.columns().iter().map(|it| &it.name).collect())),
        ("shape", Literal::Text(shape.to_owned())),
    ]
}
