//! An `owner` action asks who signed the transaction, however deep it is called: nobody's action lends its owner's rights.

use kuneiform::deploy::call::{Answer, Call, CallError, Cell, Role, call};
use kuneiform::deploy::connect::Session;

use crate::support::programs::{call_of, deployed, packages};
use crate::support::{block_on, session};

const ALICE: &str = "0xa11ce0";
const MALLORY: &str = "0x666666";

const BANK: &str = "database bank;
    table vault { id int primary, coins int not_null, taken_by text }
    action fill($coins int) public owner {
        INSERT INTO vault (id, coins) VALUES (1, $coins) ON CONFLICT (id) DO UPDATE SET coins = excluded.coins;
    }
    action sweep() public owner { UPDATE vault SET coins = 0, taken_by = @foreign_caller WHERE id = 1; }
    action hidden_sweep() private owner { UPDATE vault SET coins = 0, taken_by = @caller WHERE id = 1; }
    action system_sweep() system owner { UPDATE vault SET coins = 0, taken_by = @foreign_caller WHERE id = 1; }
    action tidy() public { hidden_sweep(); }
    action secrets() public owner view { SELECT v.coins FROM vault AS v; }
    action look() public view { SELECT v.coins, v.taken_by FROM vault AS v; }";

const SHOP: &str = "database shop;
    use bank as bank;
    table sales { id text primary }
    action buy() public { INSERT INTO sales (id) VALUES ('1'); bank.sweep(); }
    action order_and_buy() public { deliver(); }
    action deliver() private { bank.system_sweep(); }
    action clean() public { bank.tidy(); }
    action peek() public view { SELECT s.coins FROM bank.secrets() AS s; }
    action count_sales() public view { SELECT count(*) AS n FROM sales AS s; }";

const MALL: &str = "database mall;
    use shop as shop;
    action visit() public { shop.order_and_buy(); }";

async fn filled() -> Session {
    let url = deployed(&packages(&[BANK, SHOP, MALL], Some(ALICE))).await;
    let mut db = session(&url).await;
    call(&mut db, &call_of("bank.fill", ALICE, &["100"])).await.unwrap();
    db
}

async fn rows(db: &mut Session, target: &str) -> Vec<Vec<Cell>> {
    call(db, &call_of(target, MALLORY, &[])).await.unwrap().rows
}

async fn code(db: &mut Session, wanted: &Call) -> Result<Answer, String> {
    call(db, wanted).await.map_err(|error| match error {
        CallError::Fault(fault) => fault.code,
        CallError::Refused(error) => error.message,
    })
}

fn one(text: &str) -> Cell {
    Cell::One(text.to_owned())
}

/// All three schemas belong to Alice, and Mallory calls. Neither the importers' owner nor the way in helps.
#[test]
fn an_importer_of_the_same_owner_lends_nothing() {
    block_on(async {
        let mut db = filled().await;
        for target in [
            "bank.sweep",
            "bank.fill",
            "bank.tidy",
            "bank.secrets",
            "shop.buy",
            "shop.order_and_buy",
            "shop.clean",
            "shop.peek",
            "mall.visit",
        ] {
            let words: &[&str] = if target == "bank.fill" { &["0"] } else { &[] };
            assert_eq!(
                code(&mut db, &call_of(target, MALLORY, words)).await,
                Err("KF002".into()),
                "{target}"
            );
            assert_eq!(rows(&mut db, "bank.look").await, [[one("100"), Cell::Null]], "{target}");
        }
        assert_eq!(
            rows(&mut db, "shop.count_sales").await,
            [[one("0")]],
            "what was done before is undone too"
        );
    });
}

/// The owner may, from any depth, and the called schema can tell through whom.
#[test]
fn the_owner_may_through_importers_and_the_schema_knows_which() {
    block_on(async {
        let mut db = filled().await;
        let shop = packages(&[BANK, SHOP], Some(ALICE)).pop().unwrap().interface.dbid.to_string();
        for (target, by) in
            [("bank.sweep", ""), ("shop.buy", shop.as_str()), ("mall.visit", &shop), ("shop.clean", ALICE)]
        {
            call(&mut db, &call_of("bank.fill", ALICE, &["100"])).await.unwrap();
            code(&mut db, &call_of(target, ALICE, &[])).await.unwrap();
            assert_eq!(rows(&mut db, "bank.look").await, [[one("0"), one(by)]], "{target}");
        }
        assert_eq!(code(&mut db, &call_of("shop.peek", ALICE, &[])).await.unwrap().rows, [[one("0")]]);
    });
}

/// Names are compared to the letter: no spelling of the owner is the owner.
#[test]
fn a_spelling_of_the_owner_is_not_the_owner() {
    block_on(async {
        let mut db = filled().await;
        for caller in [
            "0XA11CE0",
            "0xA11CE0",
            " 0xa11ce0",
            "0xa11ce0 ",
            "0xa11ce0\n",
            "a11ce0",
            "%",
            "0xa11ce_",
            "0xa11ce0\u{200b}",
        ] {
            assert_eq!(
                code(&mut db, &call_of("bank.sweep", caller, &[])).await,
                Err("KF002".into()),
                "{caller:?}"
            );
        }
    });
}

#[test]
fn what_nobody_owns_has_no_owner() {
    block_on(async {
        let url = deployed(&packages(&[BANK], None)).await;
        let mut db = session(&url).await;
        for caller in [ALICE, "null", "kf", "kf_owner", "bank"] {
            assert_eq!(
                code(&mut db, &call_of("bank.sweep", caller, &[])).await,
                Err("KF002".into()),
                "{caller}"
            );
        }
        let as_owner = Call { role: Role::Owner, ..call_of("bank.sweep", ALICE, &[]) };
        assert!(code(&mut db, &as_owner).await.unwrap_err().contains("no owner"));
    });
}
