//! How a demo looks: lines as they happen, and a table at the end.

use std::path::Path;

use super::anvil::FINAL;
use super::book::{Book, Wei};
use super::compare::Line;
use super::escrow::Escrow;
use super::killing::Killed;
use super::script::Script;
use crate::diagnostics::render::{Ink, Style};

pub(super) fn title(script: &Script, style: Style) -> String {
    let what = style.paint(Ink::Strong, "kf demo deposits");
    let (deposits, kills) = (count(script.deposits, "deposit"), count(script.kills, "kill"));
    format!("{what}  {deposits}, {kills}, seed {}\n", script.seed)
}

pub(super) fn stage(folder: &Path, escrow: &Escrow) -> String {
    format!(
        "  escrow {} on a local chain; a block is final under {FINAL} others\n  node in {}\n",
        escrow.address,
        folder.display()
    )
}

pub(super) fn kept(folder: &Path) -> String {
    format!("everything is stopped; the files are in {}\n", folder.display())
}

/// The lines of rounds.
pub(super) struct Sheet {
    style: Style,
}

impl Sheet {
    pub(super) fn new(style: Style) -> Sheet {
        Sheet { style }
    }

    pub(super) fn head(&self) -> String {
        let columns = ["kill", "lived", "deposits", "undone", "ETH in escrow", "final then", "in accounts"];
        let [kill, lived, deposits, undone, escrow, last, accounts] = columns;
        let line = format!(
            "  {kill:>4}  {lived:>8}  {deposits:>8}  {undone:>6}  {escrow:>13}  {last:>10}  {accounts:>11}"
        );
        format!("\n{}\n", self.style.paint(Ink::Quiet, &line))
    }

    /// A kill, and what was deposited meanwhile.
    pub(super) fn round(&self, round: u32, killed: &Killed, book: &Book, total: Wei) -> String {
        let lived = format!("{} ms", killed.after.as_millis());
        let (last, accounts) = match killed.seen {
            Some((sum, last)) => (ether(last), ether(sum)),
            None => ("starting".to_owned(), String::new()),
        };
        let (deposits, undone, total) = (book.deposits, book.undone, ether(total));
        let line = format!(
            "  {round:>4}  {lived:>8}  {deposits:>8}  {undone:>6}  {total:>13}  {last:>10}  {accounts:>11}"
        );
        format!("{}\n", line.trim_end())
    }
}

/// `12.345`
fn ether(wei: Wei) -> String {
    let thousandths = wei / 1_000_000_000_000_000;
    format!("{}.{:03}", thousandths / 1000, thousandths % 1000)
}

/// Every account on both sides, in wei.
pub(super) fn table(lines: &[Line], escrow: Wei, style: Style) -> String {
    let heads = format!("  {:14}  {:>23}  {:>23}", "account", "wei on the chain", "wei in accounts");
    let mut text = format!("\n{}\n", style.paint(Ink::Quiet, &heads));
    let sum: Wei = lines.iter().map(|line| line.in_accounts).sum();
    for Line { account, on_chain, in_accounts } in lines {
        text.push_str(&row(&short(account), *on_chain, *in_accounts, style));
    }
    text + &row("sum", escrow, sum, style)
}

/// `0x5fbdb2..0aa3`
fn short(account: &str) -> String {
    match (account.get(..8), account.get(account.len().saturating_sub(4)..)) {
        (Some(head), Some(end)) if account.len() > 14 => format!("{head}..{end}"),
        _ => account.to_owned(),
    }
}

fn row(name: &str, on_chain: Wei, in_accounts: Wei, style: Style) -> String {
    let sign = match on_chain == in_accounts {
        true => style.paint(Ink::Good, if style.unicode { "✓" } else { "=" }),
        false => style.paint(Ink::Error, if style.unicode { "×" } else { "x" }),
    };
    format!("  {name:14}  {on_chain:>23}  {in_accounts:>23}  {sign}\n")
}

pub(super) fn equal(script: &Script, book: &Book, style: Style) -> String {
    let Book { deposits, equal, undone, reorganisations, .. } = book;
    let word = style.paint(Ink::Good, "equal");
    let (kills, times) = (count(script.kills, "kill"), count(*reorganisations, "reorganisation"));
    format!(
        "\n{word} after {kills}: {deposits} deposits, {equal} of them beside an equal one;\n\
         {undone} more were undone by {times} before they were final, and never credited\n"
    )
}

/// `2 kills`
fn count(number: u32, word: &str) -> String {
    format!("{number} {word}{}", if number == 1 { "" } else { "s" })
}
