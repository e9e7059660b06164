use crate::deploy::connect::{Settings, ask, connect_to};
use crate::deploy::{DeployError, problems};

/// SQL that installs what a host would: the functions of externs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Script {
    /// How its file is called in reports.
    pub shown: String,
    /// Its statements.
    pub text: String,
}

/// Runs `scripts` one after another, in one transaction of a session of their own: what they set is gone with it.
///
/// # Errors
/// What the database says of the first that cannot be run, and on which line. Nothing of any is there then.
pub async fn install(database: &Settings, scripts: &[Script]) -> Result<(), DeployError> {
    if scripts.is_empty() {
        return Ok(());
    }
    let failed = |error| problems::database(&error);
    let mut session = connect_to(database).await?;
    let transaction = session.client.transaction().await.map_err(failed)?;
    for script in scripts {
        let ran = ask::batch(&transaction, &script.text).await;
        ran.map_err(|error| problems::script_refused(&script.shown, &script.text, &error))?;
    }
    ask::commit(transaction).await.map_err(failed)?;
    session.close().await;
    Ok(())
}
