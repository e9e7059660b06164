use super::Literal;
use crate::interface::{ExternFunction, Parameter, Signature};
use crate::language::{Name, Type};
use crate::source::Span;

/// An extern made visible under an alias.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternUse {
    /// Its name here.
    pub alias: Name,
    /// Which extern.
    pub name: Name,
    /// What it is configured with, in the order the extern declares.
    pub config: Vec<ConfigValue>,
    /// The `use` item.
    pub span: Span,
}

/// A value an extern is configured with.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ConfigValue {
    /// What it is called.
    pub name: Name,
    /// Declared.
    pub ty: Type,
    /// Chosen by the `use`, or the default.
    pub value: Literal,
}

/// The installed function that calls through an alias mean.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ExternTarget {
    /// The extern.
    pub name: Name,
    /// The PostgreSQL schema.
    pub schema: Name,
    /// The function.
    pub function: Name,
    /// Its first arguments.
    pub config: Vec<ConfigValue>,
}

impl ExternTarget {
    /// `math.divide`, whatever the alias is.
    pub fn path(&self) -> String {
        format!("{}.{}", self.name, self.function)
    }

    /// What has to be installed, if calls have this signature.
    pub fn declaration(&self, signature: &Signature) -> ExternFunction {
        let parameter = |config: &ConfigValue| Parameter {
            name: config.name.clone(),
            ty: config.ty.clone(),
            default: None,
        };
        ExternFunction {
            schema: self.schema.clone(),
            function: self.function.clone(),
            config: self.config.iter().map(parameter).collect(),
            parameters: signature.parameters.clone(),
            returns: signature.returns.clone(),
            view: signature.modifiers.view,
        }
    }
}
