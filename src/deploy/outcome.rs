use std::time::Duration;

use super::DeployError;
use super::connect::{Session, connect_to};
use super::plan::DatasetPlan;
use super::prepare::read;
use super::{problems, switch};
use crate::interface::Package;

/// How long the database is asked how a commit ended after the connection was lost.
const ASKING: Duration = Duration::from_secs(20);

/// Asks a new connection how a commit ended whose answer never came.
///
/// # Errors
/// If nothing was committed, or nobody can say.
pub async fn look_up(session: &mut Session, chosen: &[(&Package, &DatasetPlan)]) -> Result<(), DeployError> {
    let Some((first, _)) = chosen.first() else { return Ok(()) };
    let name = &first.interface.name;
    let asked = tokio::time::timeout(ASKING, ask(session, chosen)).await;
    match asked {
        Ok(Ok(true)) => Ok(()),
        Ok(Ok(false)) => Err(problems::connection_lost(name)),
        Ok(Err(_)) | Err(_) => Err(problems::outcome_unknown(name)),
    }
}

/// True if the registry has what was to be written. The lock is not to be had before the lost transaction has ended.
async fn ask(session: &mut Session, chosen: &[(&Package, &DatasetPlan)]) -> Result<bool, DeployError> {
    connect_again(session).await;
    let failed = |error: tokio_postgres::Error| problems::database(&error);
    let transaction = session.client.transaction().await.map_err(failed)?;
    switch::lock(&transaction, chosen, "SET LOCAL lock_timeout = '20s'").await.map_err(failed)?;
    let packages: Vec<Package> = chosen.iter().map(|(package, _)| (*package).clone()).collect();
    let installed = read(&transaction, &packages).await?;
    Ok(chosen.iter().all(|(package, plan)| {
        let dataset = installed.datasets.get(&package.interface.dbid);
        dataset.is_some_and(|dataset| dataset.version > plan.base && dataset.sql_hash == plan.sql_hash)
    }))
}

/// Takes a new connection in the place of one that was lost; false if there is none to be had.
pub async fn come_back(session: &mut Session) -> bool {
    tokio::time::timeout(ASKING, connect_again(session)).await.is_ok()
}

async fn connect_again(session: &mut Session) {
    loop {
        match connect_to(&session.settings).await {
            Ok(fresh) => return *session = fresh,
            Err(_) => tokio::time::sleep(Duration::from_millis(200)).await,
        }
    }
}
