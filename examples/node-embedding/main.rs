//! A node in fifty lines: it compiles a schema, deploys it, and runs blocks of calls in transactions of its own.
//!
//! `cargo run --example node-embedding [ADDRESS]`; without an address it starts a private PostgreSQL in `.kf`.
#![allow(dead_code, reason = "a test runs it as a module")]

use std::error::Error;

use kuneiform::deploy::{connect, deploy_packages, embedded::Embedded};
use kuneiform::engine::{
    Block, By, Engine, Genesis, Invocation, Local, Receipt, Request, Rules, Value, begin,
};
use kuneiform::{Options, Sources};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = match std::env::args().nth(1) {
        Some(address) => address,
        None => Embedded::at(".kf".as_ref()).start()?,
    };
    for receipt in run(&address, Local::default()).await? {
        println!("{} {} in {} steps", receipt.txid, receipt.status, receipt.steps);
    }
    Ok(())
}

/// Deploys the ledger into the database at `address`, runs a block of requests, and gives their receipts.
pub async fn run(address: &str, local: Local) -> Result<Vec<Receipt>, Box<dyn Error>> {
    let mut sources = Sources::new();
    sources.add("ledger.kf", include_str!("ledger.kf"));
    let compiled = kuneiform::compile(&sources, &Options::default());
    let mut session = connect::connect(address).await?;
    deploy_packages(&mut session, &compiled.packages, &mut |_| {})
        .await
        .map_err(|errors| format!("{errors:?}"))?;

    let mut engine = Engine::start(&session.client, local).await?;
    let transaction = begin(&mut session.client).await?;
    let genesis = Genesis { chain: "example".into(), initial_height: 1, rules: Rules::default() };
    engine.genesis(&transaction, &genesis).await?;
    transaction.commit().await?;

    let height = engine.head(&session.client).await?.map_or(1, |head| head.height + 1);
    let request = |number: u8, by, action: &str, arguments: Vec<Value>| Request {
        txid: format!("{height}-{number}"),
        caller: "alice".into(),
        signer: b"alice".to_vec(),
        authenticator: "example".into(),
        by,
        calls: vec![Invocation {
            dataset: "ledger".into(),
            action: action.into(),
            arguments: arguments.into(),
        }],
    };
    let requests = vec![
        request(1, By::Oracle, "deposit", vec![Value::Text("alice".into()), Value::Int(10)]),
        request(2, By::User, "send", vec![Value::Text("bob".into()), Value::Int(4)]),
        request(3, By::User, "send", vec![Value::Text("bob".into()), Value::Int(1_000_000)]),
    ];
    // What consensus decided on, applied as one transaction. After a crash the same block is simply run again.
    let block = Block { height, id: vec![1], timestamp: 1_700_000_000, requests };
    let transaction = begin(&mut session.client).await?;
    let outcome = engine.block(&transaction, &block).await?;
    transaction.commit().await?;
    Ok(outcome.receipts)
}
