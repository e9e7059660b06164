//! What happens, and when.

use std::time::Duration;

use tokio::time::sleep;

use super::anvil::{Anvil, FINAL};
use super::book::{Book, Deposit, Manner, Wei};
use super::chance::Chance;
use super::escrow::Escrow;
use super::stage::Cast;
use super::{compare, killing, show};
use crate::cli::{Failure, terminal};

/// A block can be seen by the node for so long, at least, before it is taken away: two of its looks.
const SEEN: Duration = Duration::from_millis(450);
/// At most two ether.
const MOST: u64 = 2_000_000_000_000_000_000;

/// What was asked for.
#[derive(Clone, Debug)]
pub(super) struct Script {
    pub(super) kills: u32,
    pub(super) deposits: u32,
    pub(super) seed: u64,
}

impl Script {
    /// Plays all of it and compares.
    ///
    /// # Errors
    /// What could not be run, or what is not equal.
    pub(super) async fn play(&self, cast: &mut Cast) -> Result<(), Failure> {
        let mut chance = Chance::new(self.seed);
        let mut killing = chance.apart();
        let sheet = show::Sheet::new(terminal::style_of_stdout());
        let Cast { anvil, escrow, node, accounts } = cast;
        let mut depositor = Depositor { anvil, escrow, accounts, chance, book: Book::default() };
        terminal::print(&sheet.head());
        node.start()?;
        for round in 1..=self.kills {
            let share = self.share(round);
            let (deposited, killed) =
                tokio::join!(depositor.work(share, round), killing::kill(node, anvil, escrow, &mut killing));
            deposited?;
            let killed = killed?;
            let total = anvil.balance(&escrow.address, "latest").await?;
            terminal::print(&sheet.round(round, &killed, &depositor.book, total));
        }
        depositor.work(self.share(self.kills + 1), 0).await?;
        let book = depositor.book;
        node.listens().await?;
        compare::all(cast, &book, self).await
    }

    /// How many deposits there are up to a round, from 1 to one more than there are kills.
    fn share(&self, round: u32) -> u32 {
        let share = u64::from(self.deposits) * u64::from(round) / u64::from(self.kills + 1);
        u32::try_from(share).unwrap_or(self.deposits)
    }
}

struct Depositor<'a> {
    anvil: &'a Anvil,
    escrow: &'a Escrow,
    accounts: &'a [String],
    chance: Chance,
    book: Book,
}

impl Depositor<'_> {
    /// Deposits until there are `share` deposits that stay. Every third round has some that do not.
    async fn work(&mut self, share: u32, round: u32) -> Result<(), Failure> {
        if round % 3 == 1 {
            self.deposit_for_nothing().await?;
        }
        while self.book.deposits < share {
            let left = share - self.book.deposits;
            let count = u32::try_from(self.chance.between(1, 4)).unwrap_or(1).min(left);
            let mut made = 0;
            while made < count {
                let deposit = self.think(count - made);
                self.make(&deposit).await?;
                self.book.keep(&deposit);
                made += deposit.count();
            }
            self.end_block().await?;
        }
        Ok(())
    }

    /// Deposits in some blocks; they can be seen, and then other blocks are there instead. Half of the deposits are made
    /// again.
    async fn deposit_for_nothing(&mut self) -> Result<(), Failure> {
        let depth = self.chance.between(1, FINAL - 2);
        let mut deposits = Vec::new();
        for _ in 0..depth {
            for _ in 0..self.chance.between(1, 3) {
                let deposit = self.think(2);
                self.make(&deposit).await?;
                deposits.push(deposit);
            }
            self.end_block().await?;
        }
        sleep(SEEN).await;
        self.anvil.reorganise(depth).await?;
        self.book.undo(&deposits);
        for deposit in deposits.iter().step_by(2) {
            self.make(deposit).await?;
            self.book.keep(deposit);
        }
        self.end_block().await
    }

    /// One deposit, or two equal ones if `most` is not less.
    fn think(&mut self, most: u32) -> Deposit {
        let at = self.chance.between(0, self.accounts.len().saturating_sub(1) as u64);
        let account =
            usize::try_from(at).ok().and_then(|at| self.accounts.get(at)).cloned().unwrap_or_default();
        let amount = Wei::from(self.chance.between(1, MOST));
        let manner = match most >= 2 && (self.book.equal == 0 || self.chance.once_in(6)) {
            true if self.chance.once_in(2) => Manner::OneTransaction,
            true => Manner::TwoTransactions,
            false => Manner::Once,
        };
        Deposit { account, amount, manner }
    }

    async fn make(&self, Deposit { account, amount, manner }: &Deposit) -> Result<(), Failure> {
        match manner {
            Manner::Once => self.escrow.deposit(self.anvil, account, *amount).await,
            Manner::OneTransaction => self.escrow.deposit_twice(self.anvil, account, *amount).await,
            Manner::TwoTransactions => {
                self.escrow.deposit(self.anvil, account, *amount).await?;
                self.escrow.deposit(self.anvil, account, *amount).await
            }
        }
    }

    async fn end_block(&mut self) -> Result<(), Failure> {
        self.anvil.mine(1).await?;
        sleep(Duration::from_millis(self.chance.between(20, 120))).await;
        Ok(())
    }
}
