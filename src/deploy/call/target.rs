use serde_json::Value;
use tokio_postgres::GenericClient;

use super::argument::{self, Argument};
use super::{Role, problems};
use crate::deploy::connect::ask;
use crate::deploy::registry::Roles;
use crate::deploy::{DeployError, problems as database};
use crate::diagnostics::nearest;
use crate::interface::{Dbid, Interface, Parameter, Signature};
use crate::language::{Name, Visibility};

/// The arguments of a call before their types are known.
#[derive(Clone, PartialEq, Debug)]
pub enum Given {
    /// Words of a command line.
    Words(Vec<String>),
    /// A JSON array.
    Json(Vec<Value>),
}

/// What is called, as deployed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Target {
    /// `dataset.action`, for messages.
    pub shown: String,
    /// The dataset.
    pub dbid: Dbid,
    /// Who owns it.
    pub owner: Option<String>,
    /// What it takes and gives.
    pub signature: Signature,
    /// The function, quoted and qualified.
    pub function: String,
    /// Whom it belongs to.
    pub roles: Roles,
}

/// Reads what the registry knows about an action.
pub async fn read(client: &impl GenericClient, dbid: &Dbid, action: &str) -> Result<Target, DeployError> {
    let sql = "SELECT d.name, d.owner, d.interface::text, a.function, \
               (SELECT pg_get_userbyid(n.nspowner) = 'kf_owner' FROM pg_catalog.pg_namespace AS n WHERE n.nspname = 'kf') \
               FROM kf.dataset AS d \
               LEFT JOIN kf.action AS a ON a.dbid = d.dbid AND a.name = $2 WHERE d.dbid = $1";
    let name = Name::new(action);
    let row = ask::perhaps(client, sql, &[&dbid.as_str(), &name.as_str()]).await;
    let row = row.map_err(|error| database::database(&error))?;
    let row = row.ok_or_else(|| problems::unknown_dataset(dbid.as_str()))?;
    let dataset: String = row.get(0);
    let interface: Interface = serde_json::from_str(row.get(2))
        .map_err(|error| database::registry_unreadable(dbid.as_str(), &error.to_string()))?;
    let function: Option<String> = row.get(3);
    match interface.actions.get(&name).zip(function) {
        Some((signature, function)) => Ok(Target {
            shown: format!("{dataset}.{name}"),
            dbid: dbid.clone(),
            owner: row.get(1),
            signature: signature.clone(),
            function,
            roles: if row.get(4) { Roles::Apart } else { Roles::One },
        }),
        None => {
            let near = nearest(action, interface.actions.keys().map(Name::as_str));
            Err(problems::unknown_action(&dataset, action, near))
        }
    }
}

impl Target {
    /// True if somebody who comes in by `role` may call it, as grants say where there are roles.
    pub fn is_open_to(&self, role: Role) -> bool {
        let wanted = match role {
            Role::Public | Role::Owner => Visibility::Public,
            Role::Oracle => Visibility::Oracle,
        };
        self.signature.modifiers.visibility == wanted
    }

    /// The signature as it is shown: `ens.create_wallet($id text, $address text) oracle`.
    pub fn usage(&self) -> String {
        self.signature.render(&self.shown)
    }

    /// Reads the arguments by the types of the parameters; those left out take their defaults.
    pub fn arguments(&self, given: &Given) -> Result<Vec<Argument>, DeployError> {
        let parameters = &self.signature.parameters;
        let count = match given {
            Given::Words(words) => words.len(),
            Given::Json(values) => values.len(),
        };
        let needed = parameters.iter().take_while(|parameter| parameter.default.is_none()).count();
        if count < needed || count > parameters.len() {
            return Err(problems::argument_count(self, count));
        }
        (0..).zip(parameters).map(|(index, parameter)| self.one(index, parameter, given)).collect()
    }

    fn one(&self, index: usize, parameter: &Parameter, given: &Given) -> Result<Argument, DeployError> {
        let found = match given {
            Given::Words(words) => {
                words.get(index).map(|word| (word.clone(), argument::from_word(word, &parameter.ty)))
            }
            Given::Json(values) => {
                values.get(index).map(|value| (value.to_string(), argument::from_json(value, &parameter.ty)))
            }
        };
        let default = || {
            let text = parameter.default.clone().unwrap_or_else(|| "null".to_owned());
            let read = argument::from_literal(&text, &parameter.ty);
            (text, read)
        };
        let (text, read) = found.unwrap_or_else(default);
        read.map_err(|expected| problems::argument(self, parameter, &text, &expected))
    }
}
