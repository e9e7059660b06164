//! What metered actions count, and what stops them.

use kuneiform::engine::{Request, Rules};
use kuneiform::{Options, Profile, Sources};
use serde_json::{Value, json};

use super::node::{Node, block, request};
use crate::support::block_on;
use crate::support::programs::deployed;

/// The packages of a text whose actions count.
pub fn metered(text: &str) -> Vec<kuneiform::Package> {
    let mut sources = Sources::new();
    sources.add("metered.kf", text);
    let options = Options { profile: Profile::Metered, ..Options::default() };
    let compiled = kuneiform::compile(&sources, &options);
    assert!(!compiled.packages.is_empty(), "{:#?}", compiled.diagnostics);
    compiled.packages
}

fn busy(action: &str, arguments: Value) -> Request {
    let txid: String = format!("{action}{arguments}").chars().take(256).collect();
    let mut request = request(&txid, action, arguments);
    request.calls[0].dataset = "busy".into();
    request
}

#[test]
fn calls_passes_and_rows_are_counted_and_what_is_too_much_is_stopped() {
    block_on(async {
        let url = deployed(&metered(include_str!("busy.kf"))).await;
        let mut node = Node::of(url, Rules { budget: 5_000, ..Rules::default() }).await;
        // In steps: the call, the function, and what it does; then the rows it gives. A range whose end is known when it runs
        // is counted in blocks of 2^31, each a pass.
        let wanted = [
            (busy("spin", json!([0])), Some(1 + 1 + 1)),
            (busy("spin", json!([250])), Some(1 + 1 + 1 + 250 + 1)),
            (busy("spin", json!([4_996])), Some(5_000)),
            (busy("spin", json!([4_997])), None),
            (busy("spin", json!([9_000_000_000_000_i64])), None),
            (busy("nested", json!([10, 5])), Some(1 + 1 + 1 + 10 * (1 + 1 + 2))),
            (busy("nested", json!([9_000_000_000_000_i64, 9_000_000_000_000_i64])), None),
            (busy("fill", json!([[1, 2, 3]])), Some(1 + 1 + 3 + 3)),
            (busy("fill", json!([(10..3_000).collect::<Vec<i64>>()])), None),
            (busy("all", json!([])), Some(1 + 1 + 3 + 3)),
            (busy("down", json!([20])), Some(1 + 21)),
            (busy("each", json!([[5, 7]])), Some(1 + 1 + 2 + (2 + 5) + (2 + 7) + 3 + 3 * 2)),
        ];
        let requests = wanted.iter().map(|(request, _)| request.clone()).collect();
        let outcome = node.run(&block(1, requests)).await.unwrap();
        for ((request, wanted), receipt) in wanted.iter().zip(&outcome.receipts) {
            let status = if wanted.is_some() { "OK" } else { "KF009" };
            assert_eq!(
                (receipt.status.as_str(), receipt.steps),
                (status, wanted.unwrap_or(0)),
                "{}",
                request.txid
            );
        }
        assert_eq!(node.number("SELECT count(*) FROM ds_busy.rows").await, 3);
        // Called without an engine, nothing stops them.
        let call = crate::support::programs::call_of("busy.spin", "0xa", &["6000"]);
        kuneiform::deploy::call::call(&mut node.session, &call).await.unwrap();
    });
}

#[test]
fn a_deploy_remembers_that_a_dataset_is_metered() {
    block_on(async {
        let url = deployed(&metered(include_str!("busy.kf"))).await;
        let node = Node::of(url, Rules::default()).await;
        let sql = "SELECT count(*) FROM kf.dataset WHERE profile = 'metered'";
        assert_eq!(node.number(sql).await, 1);
    });
}
