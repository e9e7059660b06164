use super::Failure;
use crate::deploy::connect::Session;
use crate::deploy::registry;
use crate::interface::Dbid;

/// Deployed datasets on a command line.
#[derive(clap::Args, Debug)]
pub(super) struct Named {
    /// Name, OWNER.NAME or DBID
    #[arg(value_name = "DATASET", required = true)]
    pub datasets: Vec<String>,
}

impl Named {
    /// Which they are.
    ///
    /// # Errors
    /// If nothing is deployed, or one of them is not, or several are called so.
    pub(super) async fn find(&self, session: &Session) -> Result<Vec<Dbid>, Failure> {
        if !registry::check(session).await? {
            return Err(registry::nothing_deployed().into());
        }
        let mut dbids = Vec::new();
        for name in &self.datasets {
            dbids.push(registry::find(&session.client, name).await?);
        }
        Ok(dbids)
    }
}
