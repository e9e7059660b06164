//! What happened to accounts in a block, from the changes of its state.
//!
//! A change says what a value is afterwards, not what was done. A key is written when it is added, but also when it signs,
//! when it is used by somebody who pays for it, and when what it may spend is given back; an account with every transfer.
//! So what was there before the block decides, and that has to be asked for.

use std::collections::{BTreeMap, BTreeSet};

use super::wire::{Cause, Change, Permission};

/// An account, or one of its keys.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Thing {
    pub account: String,
    /// None for the account itself.
    pub key: Option<String>,
}

/// Something that happened.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Happened {
    pub account: String,
    pub what: What,
    /// Hash of the receipt that did it, where one did.
    pub receipt: Option<String>,
}

/// What may happen.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    AccountCreated,
    AccountDeleted,
    KeyAdded(String, Permission),
    KeyDeleted(String),
}

/// The changes of one account in a block.
#[derive(Default)]
struct Changes {
    /// Of the account itself, in order.
    own: Vec<Change>,
    /// Of each key, in order.
    keys: BTreeMap<String, Vec<Change>>,
}

/// The changes of a block, by account.
pub struct BlockChanges(BTreeMap<String, Changes>);

impl BlockChanges {
    /// Sorts the two lists that a node gives for accounts and for keys. Within a place, order is kept.
    pub fn new(accounts: Vec<Change>, keys: Vec<Change>) -> BlockChanges {
        let mut all: BTreeMap<String, Changes> = BTreeMap::new();
        for change in accounts {
            all.entry(change.change.account_id.clone()).or_default().own.push(change);
        }
        for change in keys {
            if let Some(key) = change.change.public_key.clone() {
                let of_account = all.entry(change.change.account_id.clone()).or_default();
                of_account.keys.entry(key).or_default().push(change);
            }
        }
        BlockChanges(all)
    }

    /// Of which things one has to know whether they were there before the block: what was changed by more than signing.
    /// Accounts come before their keys.
    pub fn questions(&self) -> Vec<Thing> {
        let mut asked = Vec::new();
        for (account, changes) in &self.0 {
            if needs_asking(&changes.own) {
                asked.push(Thing { account: account.clone(), key: None });
            }
            for (key, changes) in &changes.keys {
                if needs_asking(changes) {
                    asked.push(Thing { account: account.clone(), key: Some(key.clone()) });
                }
            }
        }
        asked
    }

    /// What happened, in order: accounts by their names, each account's as its receipts were processed. `before` are the
    /// things that were there before the block, of those that were asked for.
    pub fn happened(&self, before: &BTreeSet<Thing>) -> Vec<Happened> {
        self.0.iter().flat_map(|(account, changes)| changes.happened(account, before)).collect()
    }
}

/// What a signer pays and counts, it pays and counts of something that is there.
fn needs_asking(changes: &[Change]) -> bool {
    changes.first().is_some_and(|first| !is_signing(&first.cause))
        && changes.iter().any(|it| !is_signing(&it.cause))
}

fn is_signing(cause: &Cause) -> bool {
    cause.kind == "transaction_processing"
}

fn is_deletion(change: &Change) -> bool {
    change.kind.ends_with("_deletion")
}

impl Changes {
    fn happened(&self, account: &str, before: &BTreeSet<Thing>) -> Vec<Happened> {
        let was_there = |key: Option<&String>, changes: &[Change]| {
            let thing = Thing { account: account.to_owned(), key: key.cloned() };
            !needs_asking(changes) || before.contains(&thing)
        };
        let mut steps: BTreeMap<(usize, u8), Vec<Happened>> = BTreeMap::new();
        let happened = |what, cause: &Cause| Happened {
            account: account.to_owned(),
            what,
            receipt: cause.receipt_hash.clone(),
        };
        let mut is_there = was_there(None, &self.own);
        for (step, change) in self.own.iter().enumerate() {
            // What a receipt makes comes before its keys, what it removes after them.
            let (what, place) = match (is_there, is_deletion(change)) {
                (false, false) => (What::AccountCreated, 0),
                (true, true) => (What::AccountDeleted, 2),
                _ => continue,
            };
            is_there = !is_deletion(change);
            steps.entry((step, place)).or_default().push(happened(what, &change.cause));
        }
        for (key, changes) in &self.keys {
            let mut is_there = was_there(Some(key), changes);
            let mut step = 0;
            for change in changes {
                step = self.step_of(&change.cause, step);
                let what = match (is_there, &change.change.access_key) {
                    (false, Some(added)) => What::KeyAdded(key.clone(), added.permission.clone()),
                    (true, None) => What::KeyDeleted(key.clone()),
                    _ => continue,
                };
                is_there = change.change.access_key.is_some();
                steps.entry((step, 1)).or_default().push(happened(what, &change.cause));
            }
        }
        steps.into_values().flatten().collect()
    }

    /// The step of the account that `cause` made: whoever adds or removes a key changes what its account stores. Never
    /// before `earliest`, so that what happens to one key stays in order.
    fn step_of(&self, cause: &Cause, earliest: usize) -> usize {
        let own = self.own.iter().enumerate().skip(earliest);
        let mut found = own.filter(|(_, change)| &change.cause == cause).map(|(step, _)| step);
        found.next().unwrap_or(earliest.max(self.own.len()))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    const SIGNED: &str = "signed";

    fn cause(receipt: &str) -> Value {
        match receipt {
            SIGNED => json!({"type": "transaction_processing", "tx_hash": "T"}),
            receipt => json!({"type": "receipt_processing", "receipt_hash": receipt}),
        }
    }

    fn account(receipt: &str, id: &str, is_there: bool) -> Change {
        let kind = if is_there { "account_update" } else { "account_deletion" };
        let rest = json!({"account_id": id, "amount": "1", "storage_usage": 182});
        serde_json::from_value(json!({"cause": cause(receipt), "type": kind, "change": rest})).unwrap()
    }

    fn key(receipt: &str, id: &str, key: &str, permission: Option<Value>) -> Change {
        let mut change = json!({"account_id": id, "public_key": key});
        if let Some(permission) = &permission {
            change["access_key"] = json!({"nonce": 1, "permission": permission});
        }
        let kind = if permission.is_some() { "access_key_update" } else { "access_key_deletion" };
        serde_json::from_value(json!({"cause": cause(receipt), "type": kind, "change": change})).unwrap()
    }

    fn full() -> Option<Value> {
        Some(json!("FullAccess"))
    }

    /// In one line each; `before` is `account` or `account/key`.
    fn happened(accounts: Vec<Change>, keys: Vec<Change>, before: &[&str]) -> Vec<String> {
        let before = before.iter().map(|text| match text.split_once('/') {
            Some((account, key)) => Thing { account: account.into(), key: Some(key.into()) },
            None => Thing { account: (*text).into(), key: None },
        });
        let happened = BlockChanges::new(accounts, keys).happened(&before.collect());
        let word = |it: Happened| {
            let what = match it.what {
                What::AccountCreated => "created".to_owned(),
                What::AccountDeleted => "deleted".to_owned(),
                What::KeyAdded(key, permission) => format!("+{key} {}", permission.word()),
                What::KeyDeleted(key) => format!("-{key}"),
            };
            format!("{} {what} by {}", it.account, it.receipt.unwrap_or_default())
        };
        happened.into_iter().map(word).collect()
    }

    #[test]
    fn an_account_is_created_with_its_keys_and_goes_with_them() {
        let accounts = vec![account("R1", "a.near", true), account("R2", "a.near", false)];
        let keys = vec![
            key("R1", "a.near", "k1", full()),
            key("R2", "a.near", "k1", None),
            key("R1", "a.near", "k2", full()),
            key("R2", "a.near", "k2", None),
        ];
        let all = [
            "a.near created by R1",
            "a.near +k1 FullAccess by R1",
            "a.near +k2 FullAccess by R1",
            "a.near -k1 by R2",
            "a.near -k2 by R2",
            "a.near deleted by R2",
        ];
        assert_eq!(happened(accounts.clone(), keys.clone(), &[]), all);
        // What was there before is not created, and is removed all the same.
        assert_eq!(happened(accounts, keys, &["a.near", "a.near/k1", "a.near/k2"]), all[3..]);
    }

    #[test]
    fn what_was_there_is_neither_created_nor_added() {
        let transfer = || vec![account(SIGNED, "a.near", true), account("R1", "b.near", true)];
        // The signer's key counts; somebody else's key is used in a receipt, or gets back what it may spend.
        let used = || vec![key(SIGNED, "a.near", "k1", full()), key("R1", "b.near", "k2", full())];
        let none: [&str; 0] = [];
        assert_eq!(happened(transfer(), used(), &["b.near", "b.near/k2"]), none);
        let added = ["b.near created by R1", "b.near +k2 FullAccess by R1"];
        assert_eq!(happened(transfer(), used(), &[]), added);
        let questions = BlockChanges::new(transfer(), used()).questions();
        let asked: Vec<_> = questions.iter().map(|it| (it.account.as_str(), it.key.as_deref())).collect();
        assert_eq!(asked, [("b.near", None), ("b.near", Some("k2"))]);
    }

    #[test]
    fn a_key_that_signs_its_own_removal_was_there() {
        let accounts = vec![
            account(SIGNED, "a.near", true),
            account("R1", "a.near", true),
            account("R2", "a.near", true),
        ];
        let keys = vec![
            key(SIGNED, "a.near", "k1", full()),
            key("R1", "a.near", "k1", None),
            key(
                "R2",
                "a.near",
                "k1",
                Some(
                    json!({"FunctionCall": {"allowance": null, "receiver_id": "c.near", "method_names": []}}),
                ),
            ),
        ];
        assert!(BlockChanges::new(accounts.clone(), keys.clone()).questions().is_empty());
        assert_eq!(happened(accounts, keys, &[]), ["a.near -k1 by R1", "a.near +k1 FunctionCall by R2"]);
    }

    #[test]
    fn receipts_of_an_account_stay_in_order_over_its_keys() {
        let accounts = vec![account("R1", "a.near", true), account("R2", "a.near", true)];
        let keys = vec![key("R2", "a.near", "a", full()), key("R1", "a.near", "z", full())];
        let before = ["a.near"];
        assert_eq!(
            happened(accounts, keys, &before),
            ["a.near +z FullAccess by R1", "a.near +a FullAccess by R2"]
        );
    }

    #[test]
    fn what_came_and_went_in_one_receipt_did_not_happen() {
        let accounts = vec![account("R1", "a.near", false)];
        let keys = vec![key("R1", "a.near", "k", None)];
        let none: [&str; 0] = [];
        assert_eq!(happened(accounts, keys, &[]), none);
    }
}
