//! Blocks of a small economy, the same for every run: a third of the requests fail.

use kuneiform::engine::{Block, By, Request};
use serde_json::json;

use super::node::{block, request};

/// Numbers that look random and never change.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// `count` blocks of `size` requests.
pub fn blocks(count: i64, size: u64) -> Vec<Block> {
    let mut dice = Dice::new(7);
    let one = |height| block(height, (0..size).map(|number| any(height, number, &mut dice)).collect());
    (1..=count).map(one).collect()
}

fn any(height: i64, number: u64, dice: &mut Dice) -> Request {
    // Names whose order depends on who sorts them.
    let names = ["ann", "Bob", "ähre", "Zoë", "zoe", "éa", "a b", "a-b", "10", "9", "ß", "ss"];
    let mut name = |most| format!("{}{}", names[dice.roll(12) as usize], dice.roll(most));
    let (fresh, first, second) = (name(40), name(2), name(2));
    let amount = dice.roll(30) as i64;
    let (action, arguments, by) = match dice.roll(12) {
        0..=3 => (
            "open_account",
            json!([if number.is_multiple_of(2) { &fresh } else { &first }, amount]),
            By::User,
        ),
        4 | 5 => ("transfer", json!([first, height * 1000 + number as i64, second, amount]), By::User),
        6 => ("divide", json!([first, amount % 4]), By::User),
        7 => ("refuse", json!([first]), By::User),
        8 => ("deposit", json!([first, amount]), By::Oracle),
        9 if dice.roll(4) == 0 => ("close_account", json!([first]), By::User),
        9 => ("deposit", json!([first, amount]), By::User),
        _ => ("accounts_of", json!([amount + 18]), By::User),
    };
    Request { by, caller: first, ..request(&format!("{height}/{number}"), action, arguments) }
}
