use serde::{Deserialize, Serialize};

use super::{Parameter, Returns, RowColumn};
use crate::language::Name;

/// A function that a host installs in PostgreSQL and the compiler never sees.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ExternFunction {
    /// The PostgreSQL schema it is in.
    pub schema: Name,
    /// Its name there.
    pub function: Name,
    /// What the extern is configured with: its first parameters.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub config: Vec<Parameter>,
    /// What calls pass: the parameters behind those.
    pub parameters: Vec<Parameter>,
    /// What it gives back.
    pub returns: Returns,
    /// True if it only reads.
    pub view: bool,
}

impl ExternFunction {
    /// All parameters, in PostgreSQL's order.
    pub fn all_parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.config.iter().chain(&self.parameters)
    }

    /// The columns of what it gives back; none for nothing.
    pub fn columns(&self) -> &[RowColumn] {
        self.returns.columns()
    }
}
