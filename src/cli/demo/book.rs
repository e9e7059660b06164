//! What was deposited, as the one who deposits remembers it.

use std::collections::BTreeMap;

/// 10^18 of them are one ether.
pub(super) type Wei = u128;

/// Balances by account.
pub(super) type Balances = BTreeMap<String, Wei>;

/// One deposit, or several that are equal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Deposit {
    pub(super) account: String,
    pub(super) amount: Wei,
    pub(super) manner: Manner,
}

/// How a deposit is made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Manner {
    Once,
    /// By two transactions that differ in their hashes only.
    TwoTransactions,
    /// By one transaction: only the place in the log tells them apart.
    OneTransaction,
}

impl Deposit {
    /// How many deposits it is.
    pub(super) fn count(&self) -> u32 {
        if self.manner == Manner::Once { 1 } else { 2 }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Book {
    kept: Balances,
    pub(super) deposits: u32,
    /// How many of them have an equal one beside them.
    pub(super) equal: u32,
    /// Deposits that a reorganisation took away.
    pub(super) undone: u32,
    pub(super) reorganisations: u32,
}

impl Book {
    pub(super) fn keep(&mut self, deposit: &Deposit) {
        let count = deposit.count();
        *self.kept.entry(deposit.account.clone()).or_default() += deposit.amount * Wei::from(count);
        self.deposits += count;
        self.equal += if count == 2 { 2 } else { 0 };
    }

    pub(super) fn undo(&mut self, deposits: &[Deposit]) {
        self.undone += deposits.iter().map(Deposit::count).sum::<u32>();
        self.reorganisations += 1;
    }

    /// Who has deposited how much that stayed.
    pub(super) fn balances(&self) -> &Balances {
        &self.kept
    }
}
