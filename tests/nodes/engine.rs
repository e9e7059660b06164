//! The library as a node embeds it: calls and blocks in the node's own transactions, receipts, the chain, hashes.

mod blocks;
mod budget;
mod calls;
mod crashes;
#[path = "../../examples/node-embedding/main.rs"]
mod example;
mod life;
mod node;
mod settings;
mod state;
mod twins;

#[test]
fn the_example_runs() {
    crate::support::block_on(async {
        let url = crate::support::database().await;
        for _ in 0..2 {
            let receipts = example::run(&url, node::local()).await.unwrap();
            let told: Vec<&str> = receipts.iter().map(|receipt| receipt.status.as_str()).collect();
            assert_eq!(told, ["OK", "OK", "23"]);
        }
    });
}

/// What the guide says of errors and settings is what the tables in the code say.
#[test]
fn the_guide_names_every_class_and_setting() {
    use kuneiform::engine::{Class, SETTINGS, Verdict, verdict};
    let guide = include_str!("../../docs/guide/embedding.md");
    for class in Class::ALL {
        let row = format!("| `{}` | {} | ", class.prefix, class.name);
        let row = guide.lines().find(|line| line.starts_with(&row)).unwrap_or_else(|| panic!("{row}"));
        let example = format!("{:9<5}", class.prefix);
        match verdict(&example) {
            Verdict::Halt => assert!(row.contains("| halt |"), "{row}"),
            Verdict::Receipt(status) => {
                let told = if class.prefix == "KF" { "KFnnn" } else { status.as_str() };
                assert!(row.contains(&format!("| status `{told}` |")), "{row}");
            }
        }
    }
    for setting in SETTINGS {
        assert!(guide.contains(&format!("`{}`", setting.name)), "{}", setting.name);
    }
}
