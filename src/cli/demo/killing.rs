//! The node's end, again and again.

use std::time::Duration;

use tokio::time::sleep;

use super::anvil::Anvil;
use super::book::Wei;
use super::chance::Chance;
use super::escrow::Escrow;
use super::node::Node;
use super::problems;
use crate::cli::Failure;

/// How a life went.
pub(super) struct Killed {
    pub(super) after: Duration,
    /// The sum in `accounts` and what was final on the chain then; none if it did not come to listen.
    pub(super) seen: Option<(Wei, Wei)>,
}

/// Kills the node at some moment and starts it again: once in three times while it is still starting, else while it works.
pub(super) async fn kill(
    node: &mut Node,
    anvil: &Anvil,
    escrow: &Escrow,
    chance: &mut Chance,
) -> Result<Killed, Failure> {
    let mut seen = None;
    if chance.once_in(3) {
        sleep(Duration::from_millis(chance.between(0, 400))).await;
    } else {
        node.listens().await?;
        sleep(Duration::from_millis(chance.between(0, 900))).await;
        seen = Some(look(node, anvil, escrow).await?);
        sleep(Duration::from_millis(chance.between(0, 60))).await;
    }
    let after = node.kill().await?;
    node.start()?;
    Ok(Killed { after, seen })
}

/// What is in `accounts` was final before: it is never more than what is final afterwards.
async fn look(node: &mut Node, anvil: &Anvil, escrow: &Escrow) -> Result<(Wei, Wei), Failure> {
    let sum: Wei = node.balances().await?.values().sum();
    let last = anvil.balance(&escrow.address, "finalized").await?;
    match sum <= last {
        true => Ok((sum, last)),
        false => {
            Err(problems::differs(vec![format!("`accounts` has {sum}, and no more than {last} is final")]))
        }
    }
}
