use serde_json::Value;
use tokio_postgres::Client;

use super::argument::{self, Argument};
use super::problems;
use crate::deploy::{DeployError, problems as database};
use crate::diagnostics::nearest;
use crate::interface::{Dbid, Interface, Parameter, Signature};
use crate::language::Name;

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
}

/// The DBID of the dataset called `dataset`, which is a DBID or a name only one owner uses.
pub async fn find(client: &Client, dataset: &str) -> Result<Dbid, DeployError> {
    let sql = "SELECT d.dbid FROM kf.dataset AS d WHERE d.dbid = $1 OR d.name = $2 ORDER BY d.dbid = $1 DESC, d.dbid";
    let name = Name::new(dataset);
    let rows =
        client.query(sql, &[&dataset, &name.as_str()]).await.map_err(|error| database::database(&error))?;
    let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    match found.as_slice() {
        [] => Err(unknown_dataset(client, dataset).await?),
        [one] => Ok(Dbid::recorded(one)),
        // A network schema's DBID is its name, which says what is meant.
        [exact, ..] if exact == dataset || exact == name.as_str() => Ok(Dbid::recorded(exact)),
        several => Err(problems::several_datasets(dataset, several)),
    }
}

async fn unknown_dataset(client: &Client, dataset: &str) -> Result<DeployError, DeployError> {
    let rows = client.query("SELECT d.name FROM kf.dataset AS d ORDER BY 1", &[]).await;
    let names: Vec<String> =
        rows.map_err(|error| database::database(&error))?.iter().map(|row| row.get(0)).collect();
    Ok(problems::unknown_dataset(dataset, nearest(dataset, names.iter().map(String::as_str))))
}

/// Reads what the registry knows about an action.
pub async fn read(client: &Client, dbid: &Dbid, action: &str) -> Result<Target, DeployError> {
    let sql = "SELECT d.name, d.owner, d.interface::text, a.function FROM kf.dataset AS d \
               LEFT JOIN kf.action AS a ON a.dbid = d.dbid AND a.name = $2 WHERE d.dbid = $1";
    let name = Name::new(action);
    let row = client
        .query_opt(sql, &[&dbid.as_str(), &name.as_str()])
        .await
        .map_err(|error| database::database(&error))?;
    let row = row.ok_or_else(|| problems::unknown_dataset(dbid.as_str(), None))?;
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
        }),
        None => {
            let near = nearest(action, interface.actions.keys().map(Name::as_str));
            Err(problems::unknown_action(&dataset, action, near))
        }
    }
}

impl Target {
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
