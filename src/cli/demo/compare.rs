//! The end: every balance and their sum.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use tokio::time::sleep;

use super::anvil::FINAL;
use super::book::{Balances, Book, Wei};
use super::script::Script;
use super::stage::Cast;
use super::{problems, show};
use crate::cli::{Failure, terminal};

/// How long nothing may change in `accounts` while it is not what it should be.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long it must stay as it should be: whatever came twice would have come by then.
const STILL: Duration = Duration::from_millis(1500);

/// An account here and there.
pub(super) struct Line {
    pub(super) account: String,
    pub(super) on_chain: Wei,
    pub(super) in_accounts: Wei,
}

/// Makes everything final, waits, and shows both sides.
///
/// # Errors
/// Everything that differs.
pub(super) async fn all(cast: &mut Cast, book: &Book, script: &Script) -> Result<(), Failure> {
    cast.anvil.mine(FINAL + 1).await?;
    let on_chain = on_chain(cast).await?;
    let escrow = cast.anvil.balance(&cast.escrow.address, "finalized").await?;
    let in_accounts = {
        let _spinner = terminal::spinner("waiting until the node has applied all");
        settled(cast, &on_chain).await?
    };
    let lines = lines(&on_chain, &in_accounts);
    terminal::print(&show::table(&lines, escrow, terminal::style_of_stdout()));
    let differences = differences(&lines, escrow, &on_chain, book);
    if !differences.is_empty() {
        return Err(problems::differs(differences));
    }
    terminal::print(&show::equal(script, book, terminal::style_of_stdout()));
    Ok(())
}

/// What the contract owes to whom, without zeros: `accounts` has no row for who never deposited.
async fn on_chain(cast: &mut Cast) -> Result<Balances, Failure> {
    cast.anvil.runs()?;
    let mut balances = Balances::new();
    for account in &cast.accounts {
        let owed = cast.escrow.balance_of(&cast.anvil, account).await?;
        if owed > 0 {
            balances.insert(account.to_ascii_lowercase(), owed);
        }
    }
    Ok(balances)
}

/// What `accounts` has when it is as it should be and stays so, or has not changed for long.
async fn settled(cast: &mut Cast, wanted: &Balances) -> Result<Balances, Failure> {
    let mut last = cast.node.balances().await?;
    let mut since = Instant::now();
    while since.elapsed() < if last == *wanted { STILL } else { PATIENCE } {
        sleep(Duration::from_millis(100)).await;
        let now = cast.node.balances().await?;
        if now != last {
            (last, since) = (now, Instant::now());
        }
    }
    Ok(last)
}

fn lines(on_chain: &Balances, in_accounts: &Balances) -> Vec<Line> {
    let accounts: BTreeSet<&String> = on_chain.keys().chain(in_accounts.keys()).collect();
    let of = |balances: &Balances, account: &String| balances.get(account).copied().unwrap_or(0);
    let line = |account: &String| Line {
        account: account.clone(),
        on_chain: of(on_chain, account),
        in_accounts: of(in_accounts, account),
    };
    accounts.into_iter().map(line).collect()
}

fn differences(lines: &[Line], escrow: Wei, on_chain: &Balances, book: &Book) -> Vec<String> {
    let unequal = lines.iter().filter(|line| line.on_chain != line.in_accounts);
    let mut told: Vec<String> = unequal
        .map(|Line { account, on_chain, in_accounts }| {
            format!("{account} has {on_chain} on the chain and {in_accounts} in `accounts`")
        })
        .collect();
    let sum: Wei = lines.iter().map(|line| line.in_accounts).sum();
    if sum != escrow {
        told.push(format!("the escrow has {escrow}, all of `accounts` {sum}"));
    }
    if on_chain != book.balances() {
        told.push("the chain has not what was deposited: the demo itself is wrong".to_owned());
    }
    told
}

#[cfg(test)]
mod tests {
    use super::*;

    fn balances(of: &[(&str, Wei)]) -> Balances {
        of.iter().map(|(account, amount)| ((*account).to_owned(), *amount)).collect()
    }

    #[test]
    fn whatever_differs_is_told() {
        let chain = balances(&[("a", 5), ("b", 7)]);
        let found = |accounts: &[(&str, Wei)], escrow| {
            differences(&lines(&chain, &balances(accounts)), escrow, &chain, &Book::default()).len()
        };
        // The book is empty, which is the one that is always told.
        assert_eq!(found(&[("a", 5), ("b", 7)], 12), 1);
        assert_eq!(found(&[("a", 5)], 12), 3);
        assert_eq!(found(&[("a", 7), ("b", 5)], 12), 3);
        assert_eq!(found(&[("a", 5), ("b", 7), ("c", 1)], 12), 3);
        assert_eq!(found(&[("a", 5), ("b", 7)], 13), 2);
    }
}
