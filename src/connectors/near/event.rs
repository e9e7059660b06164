//! What happened, as events.

use super::account::{Kind, implicit_account};
use super::read::{Happened, What};
use super::settings::{Handlers, Settings};
use super::wire::{Header, Permission};
use crate::connectors::template::Calls;
use crate::oracle::{Event, Input, Submission};

/// Events of one block are numbered below this.
const PER_BLOCK: u64 = 1_000_000;

/// What a template may ask for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Hole {
    AccountId,
    Kind,
    ImplicitAddress,
    PublicKey,
    Permission,
    ReceiverId,
    MethodNames,
    BlockHeight,
    BlockHash,
    BlockTimestamp,
    BlockTimestampNs,
    ReceiptId,
}

impl Hole {
    /// Reads what stands between braces. Only keys have a public key and a permission, and only added ones the latter.
    pub fn parse(kind: &str, text: &str) -> Option<Hole> {
        let has_key = !kind.starts_with("account_");
        let has_permission = kind == "key_added";
        Some(match text {
            "account_id" => Hole::AccountId,
            "kind" => Hole::Kind,
            "implicit_address" => Hole::ImplicitAddress,
            "public_key" if has_key => Hole::PublicKey,
            "permission" if has_permission => Hole::Permission,
            "receiver_id" if has_permission => Hole::ReceiverId,
            "method_names" if has_permission => Hole::MethodNames,
            "block_height" => Hole::BlockHeight,
            "block_hash" => Hole::BlockHash,
            "block_timestamp" => Hole::BlockTimestamp,
            "block_timestamp_ns" => Hole::BlockTimestampNs,
            "receipt_id" => Hole::ReceiptId,
            _ => return None,
        })
    }

    /// For messages.
    pub fn expected(kind: &str) -> &'static str {
        match kind {
            "key_added" => {
                "a text in which braces hold `account_id`, `kind`, `implicit_address`, `public_key`, `permission`, \
                 `receiver_id`, `method_names`, `receipt_id`, `block_height`, `block_hash`, `block_timestamp` or \
                 `block_timestamp_ns`"
            }
            "key_deleted" | "address_named" => {
                "a text in which braces hold `account_id`, `kind`, `implicit_address`, `public_key`, `receipt_id`, \
                 `block_height`, `block_hash`, `block_timestamp` or `block_timestamp_ns`"
            }
            _ => {
                "a text in which braces hold `account_id`, `kind`, `implicit_address`, `receipt_id`, `block_height`, \
                 `block_hash`, `block_timestamp` or `block_timestamp_ns`"
            }
        }
    }
}

/// The events of a block, and why some could not be made.
#[derive(Default)]
pub struct Made {
    pub events: Vec<Submission>,
    pub unfit: Vec<String>,
}

/// Makes the events of a block, each behind the one before, and moves `last`. What no event can say is left out, on every
/// node alike: whoever adds a key must not be able to stop it.
pub fn events(settings: &Settings, header: &Header, happened: &[Happened], last: &mut Option<i64>) -> Made {
    let mut made = Made::default();
    let calls = happened.iter().flat_map(|it| settings.on.of(it).map(move |calls| (it, calls)));
    for (index, (it, calls)) in (0_u64..).zip(calls) {
        match event(settings, header, it, calls, (*last, index)) {
            Ok((event, point)) => {
                made.events.push(event);
                *last = Some(point);
            }
            Err(why) => made.unfit.push(format!("{}: {why}", it.account)),
        }
    }
    made
}

/// An event and its point: its block's height, then its number in the block.
fn event(
    settings: &Settings,
    header: &Header,
    happened: &Happened,
    calls: &Calls<Hole>,
    (last, index): (Option<i64>, u64),
) -> Result<(Submission, i64), String> {
    let point = header.height.checked_mul(PER_BLOCK).and_then(|point| point.checked_add(index));
    let point = point.filter(|_| index < PER_BLOCK).and_then(|point| i64::try_from(point).ok());
    let point = point.ok_or("the block's number is too large")?;
    let targets = calls.fill(&|hole| fill(*hole, header, happened))?;
    let source = format!("near:{}:{}:{index}", settings.network, header.hash);
    let event = Submission { targets, source: Some(source), order: None };
    let event = event.after(settings.topic.as_str(), last, point);
    Event::new(event.clone()).map_err(|why| why.0)?;
    Ok((event, point))
}

impl Handlers {
    /// What is to be submitted, in order.
    fn of(&self, happened: &Happened) -> impl Iterator<Item = &Calls<Hole>> {
        let (first, second) = match &happened.what {
            What::AccountCreated => (&self.account_created, &None),
            What::AccountDeleted => (&self.account_deleted, &None),
            What::KeyDeleted(_) => (&self.key_deleted, &None),
            What::KeyAdded(_, permission) if names(&happened.account, permission) => {
                (&self.key_added, &self.address_named)
            }
            What::KeyAdded(..) => (&self.key_added, &None),
        };
        first.iter().chain(second)
    }
}

/// A name is given to who holds a key, by letting the key do everything with it.
fn names(account: &str, permission: &Permission) -> bool {
    permission.is_whole() && Kind::of(account) == Kind::Named
}

fn fill(hole: Hole, header: &Header, happened: &Happened) -> Result<Input, String> {
    let Happened { account, what, receipt } = happened;
    let (key, permission) = match what {
        What::KeyAdded(key, permission) => (Some(key), Some(permission)),
        What::KeyDeleted(key) => (Some(key), None),
        What::AccountCreated | What::AccountDeleted => (None, None),
    };
    let text = |text: &str| Input::One(text.to_owned());
    let perhaps = |found: Option<String>| found.map_or(Input::Null, Input::One);
    Ok(match hole {
        Hole::AccountId => text(account),
        Hole::Kind => text(Kind::of(account).word()),
        Hole::ImplicitAddress => match key {
            Some(key) => perhaps(implicit_account(key)),
            None => perhaps((Kind::of(account) == Kind::Implicit).then(|| account.clone())),
        },
        Hole::PublicKey => perhaps(key.cloned()),
        Hole::Permission => perhaps(permission.map(|it| it.word().to_owned())),
        Hole::ReceiverId => perhaps(permission.and_then(|it| it.part().receiver_id)),
        Hole::MethodNames => match permission.and_then(|it| it.part().method_names) {
            Some(names) => Input::Many(names.into_iter().map(Some).collect()),
            None => Input::Null,
        },
        Hole::BlockHeight => text(&header.height.to_string()),
        Hole::BlockHash => text(&header.hash),
        Hole::BlockTimestamp => text(&(nanoseconds(header)? / 1_000_000_000).to_string()),
        Hole::BlockTimestampNs => text(&nanoseconds(header)?.to_string()),
        Hole::ReceiptId => perhaps(receipt.clone()),
    })
}

fn nanoseconds(header: &Header) -> Result<u64, String> {
    header.timestamp_nanosec.parse().map_err(|_| "a block's time is no number".to_owned())
}
