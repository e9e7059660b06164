//! The contract of `examples/evm/Escrow.sol`.

use serde::Deserialize;
use serde_json::{Value, json};

use super::anvil::{Anvil, number};
use super::book::Wei;
use super::problems;
use crate::cli::Failure;

const COMPILED: &str = include_str!("../../../examples/evm/Escrow.json");

#[derive(Deserialize)]
struct Compiled {
    bytecode: String,
    methods: Methods,
}

/// The first four bytes of the data of a call.
#[derive(Deserialize)]
struct Methods {
    #[serde(rename = "deposit()")]
    deposit: String,
    #[serde(rename = "depositTwice()")]
    deposit_twice: String,
    #[serde(rename = "balanceOf(address)")]
    balance_of: String,
}

pub(super) struct Escrow {
    pub(super) address: String,
    methods: Methods,
}

/// More than any transaction here uses.
const GAS: &str = "0x7a120";

impl Escrow {
    /// Puts it on the chain.
    pub(super) async fn deploy(anvil: &Anvil, from: &str) -> Result<Escrow, Failure> {
        let Compiled { bytecode, methods } =
            serde_json::from_str(COMPILED).map_err(|_| problems::unexpected("contract"))?;
        let hash = anvil.send(json!({"from": from, "data": bytecode, "gas": GAS})).await?;
        anvil.mine(1).await?;
        let receipt = anvil.ask("eth_getTransactionReceipt", json!([hash])).await?;
        let address = receipt.get("contractAddress").and_then(Value::as_str);
        let address = address.ok_or_else(|| problems::unexpected("contract"))?.to_owned();
        Ok(Escrow { address, methods })
    }

    /// Deposits into the next block.
    pub(super) async fn deposit(&self, anvil: &Anvil, from: &str, amount: Wei) -> Result<(), Failure> {
        self.pay(anvil, from, amount, &self.methods.deposit).await
    }

    /// Two equal deposits of `amount` each, by one transaction.
    pub(super) async fn deposit_twice(&self, anvil: &Anvil, from: &str, amount: Wei) -> Result<(), Failure> {
        self.pay(anvil, from, 2 * amount, &self.methods.deposit_twice).await
    }

    async fn pay(&self, anvil: &Anvil, from: &str, amount: Wei, method: &str) -> Result<(), Failure> {
        let (value, data) = (format!("{amount:#x}"), format!("0x{method}"));
        let call = json!({"from": from, "to": self.address, "value": value, "data": data, "gas": GAS});
        anvil.send(call).await.map(drop)
    }

    /// What the contract owes `account`, in its last block.
    pub(super) async fn balance_of(&self, anvil: &Anvil, account: &str) -> Result<Wei, Failure> {
        let data = format!("0x{}{:0>64}", self.methods.balance_of, account.trim_start_matches("0x"));
        number(&anvil.ask("eth_call", json!([{"to": self.address, "data": data}, "latest"])).await?)
    }
}
