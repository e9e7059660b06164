use std::collections::BTreeSet;

use super::super::super::Failure;
use super::super::super::database::{Chosen, block_on};
use super::{Found, From};
use crate::deploy::registry::{self, Importable};
use crate::interface::Dbid;

/// Asks `database` for `wanted` and all that they import.
///
/// # Errors
/// A database that cannot be asked.
pub fn read(database: &Chosen, wanted: &BTreeSet<Dbid>) -> Result<Vec<Found>, Failure> {
    let wanted: Vec<&str> = wanted.iter().map(Dbid::as_str).collect();
    let deployed = block_on(async {
        let session = database.session().await?;
        Ok(registry::closure(&session, &wanted).await?)
    })?;
    Ok(deployed.into_iter().map(found).collect())
}

/// A deployed dataset as an import.
fn found(deployed: Importable) -> Found {
    Found {
        shown: format!("{}.kf (deployed, version {})", deployed.name, deployed.version),
        dbid: deployed.dbid,
        name: deployed.name,
        owner: deployed.owner,
        from: From::Registry,
        text: deployed.source,
        aliases: deployed.aliases,
        externs: deployed.externs,
        version: Some(deployed.version),
        interface: Some(deployed.interface),
    }
}
