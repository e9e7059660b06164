use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::join;
use tokio_postgres::types::Type as Wire;
use tokio_postgres::{Statement, Transaction};

use super::EngineError;
use crate::deploy::call::{self, Context, Target};
use crate::deploy::connect::ask;
use crate::deploy::registry::follow::importees;
use crate::interface::{Dbid, Signature};
use crate::language::{Name, Type};

/// An action that was looked up, with its statement.
#[derive(Clone)]
pub(super) struct Ready {
    pub(super) target: Arc<Target>,
    pub(super) statement: Statement,
}

/// What is known of the datasets of one connection, so that each call need not ask.
#[derive(Default)]
pub(super) struct Targets {
    /// The server's process: statements are prepared in one connection.
    backend: i32,
    datasets: BTreeMap<String, Known>,
    rest: Option<Statement>,
}

struct Known {
    /// How often it was deployed; none if it is not, or not for replicas.
    version: Option<i32>,
    actions: BTreeMap<Name, Option<Ready>>,
    /// True if it was locked in this transaction.
    held: bool,
}

/// Locks a dataset and what it imports until the end of the transaction. What is read afterwards was committed before.
const HOLD: &str = concat!(
    "WITH RECURSIVE ",
    importees!("reached"),
    " SELECT kf.lock_datasets('{}', array_agg(r.dbid)) FROM reached AS r"
);
/// What is left of the budget.
const REST: &str = "SELECT current_setting('kf.rest')::int8";
const VERSION: &str = "SELECT d.version FROM kf.dataset AS d WHERE d.dbid = $1 AND d.profile <> 'app'";

impl Targets {
    /// A new transaction of the connection that `backend` serves: what was locked is free again.
    pub(super) fn begin(&mut self, backend: i32) {
        if self.backend != backend {
            *self = Targets { backend, ..Targets::default() };
        }
        self.datasets.values_mut().for_each(|known| known.held = false);
    }

    /// True if [`Targets::find`] need not ask.
    pub(super) fn knows(&self, dataset: &str, action: &str) -> bool {
        let known = self.datasets.get(dataset).filter(|known| known.held);
        known.is_some_and(|known| known.actions.contains_key(&Name::new(action)))
    }

    /// The statement that asks what is left of the budget.
    pub(super) async fn rest(&mut self, transaction: &Transaction<'_>) -> Result<Statement, EngineError> {
        if let Some(rest) = &self.rest {
            return Ok(rest.clone());
        }
        let rest = transaction.prepare(REST).await.map_err(|error| EngineError::halt("the steps", &error))?;
        Ok(self.rest.insert(rest).clone())
    }

    /// The action, if there is one.
    pub(super) async fn find(
        &mut self,
        transaction: &Transaction<'_>,
        dataset: &str,
        action: &str,
    ) -> Result<Option<Ready>, EngineError> {
        let failed = |error: &tokio_postgres::Error| EngineError::halt(format!("dataset `{dataset}`"), error);
        let known = self.datasets.entry(dataset.to_owned()).or_insert_with(Known::nothing);
        if !known.held {
            // Sent together; the second is run, and looks, after the first.
            let (hold, row) = join(
                ask::run(transaction, HOLD, &[&[dataset].as_slice()]),
                ask::perhaps(transaction, VERSION, &[&dataset]),
            )
            .await;
            hold.map_err(|error| failed(&error))?;
            let version = row.map_err(|error| failed(&error))?.map(|row| row.get::<_, i32>(0));
            if known.version != version {
                *known = Known { version, ..Known::nothing() };
            }
            known.held = true;
        }
        let name = Name::new(action);
        if let Some(ready) = known.actions.get(&name) {
            return Ok(ready.clone());
        }
        let ready = match known.version {
            Some(_) => prepare(transaction, dataset, action).await?,
            None => None,
        };
        known.actions.insert(name, ready.clone());
        Ok(ready)
    }
}

impl Known {
    fn nothing() -> Known {
        Known { version: None, actions: BTreeMap::new(), held: false }
    }
}

async fn prepare(
    transaction: &Transaction<'_>,
    dataset: &str,
    action: &str,
) -> Result<Option<Ready>, EngineError> {
    let target = match call::read(transaction, &Dbid::recorded(dataset), action).await {
        Ok(target) => target,
        Err(error) if error.code == crate::diagnostics::Code::UnknownAction => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let (sql, types) = (call::text(&target), wires(&target.signature));
    let statement = transaction.prepare_typed(&sql, &types).await;
    let statement = statement.map_err(|error| EngineError::halt(&target.shown, &error))?;
    Ok(Some(Ready { target: Arc::new(target), statement }))
}

/// How the context and the arguments are sent.
fn wires(signature: &Signature) -> Vec<Wire> {
    let argument = |ty: &Type| match ty {
        Type::Array(_) => Wire::TEXT_ARRAY,
        _ => Wire::TEXT,
    };
    let arguments = signature.parameters.iter().map(|parameter| argument(&parameter.ty));
    Context::WIRES.into_iter().chain(arguments).collect()
}
