//! What is started for a demo, and ended after it.

use std::path::Path;

use super::anvil::Anvil;
use super::escrow::Escrow;
use super::folder::Folder;
use super::node::Node;
use super::problems;
use crate::cli::{Failure, terminal};
use crate::deploy::embedded::Embedded;

/// The folder and the database in it, which would outlive this process.
pub(super) struct Stage {
    folder: Folder,
    database: Embedded,
}

/// Programs that run until they are dropped, and who they are.
pub(super) struct Cast {
    pub(super) anvil: Anvil,
    pub(super) escrow: Escrow,
    pub(super) node: Node,
    /// Who deposits.
    pub(super) accounts: Vec<String>,
}

impl Stage {
    pub(super) fn new() -> Result<Stage, Failure> {
        let folder = Folder::new()?;
        // Where `kf node run` looks for it.
        let database = Embedded::at(&folder.path().join(".kf"));
        Ok(Stage { folder, database })
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Starts everything but the node; the escrow is final.
    pub(super) async fn set(&self, program: &Path) -> Result<Cast, Failure> {
        let anvil = Anvil::start(program, self.path()).await?;
        let database = self.database.clone();
        let started = tokio::task::spawn_blocking(move || database.start()).await;
        started.map_err(|error| Failure::usage(format!("cannot start PostgreSQL: {error}")))??;
        let accounts = anvil.ask("eth_accounts", serde_json::json!([])).await?;
        let accounts: Vec<String> =
            serde_json::from_value(accounts).map_err(|_| problems::unexpected("list of accounts"))?;
        let first = accounts.first().ok_or_else(|| problems::unexpected("list of accounts"))?;
        let escrow = Escrow::deploy(&anvil, first).await?;
        anvil.mine(super::anvil::FINAL).await?;
        let node = Node::new(self.path(), &anvil.url, &escrow.address)?;
        Ok(Cast { anvil, escrow, node, accounts })
    }

    /// Stops the database, and deletes the folder unless it is wanted.
    pub(super) fn clear(self, keep: bool) -> Result<(), Failure> {
        if keep {
            self.database.stop()?;
            terminal::print(&super::show::kept(self.path()));
            return Ok(());
        }
        self.database.reset()?;
        self.folder.remove()
    }
}
