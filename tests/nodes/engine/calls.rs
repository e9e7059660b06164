//! Single calls in a transaction of the node's.

use kuneiform::deploy::call::{Call, CallError, Cell};
use kuneiform::engine::{Value, begin};

use super::node::Node;
use crate::support::block_on;
use crate::support::programs::call_of;

#[test]
fn a_call_is_undone_with_its_transaction_and_alone_if_it_fails() {
    block_on(async {
        let mut node = Node::new().await;
        let notices = node.session.notices();
        let transaction = begin(&mut node.session.client).await.unwrap();
        let open = call_of("bank.open_account", "0xa", &["ann", "5"]);
        node.engine.call(&transaction, &open, &notices).await.unwrap();
        let refused = call_of("bank.refuse", "0xa", &["no such luck"]);
        let Err(CallError::Fault(fault)) = node.engine.call(&transaction, &refused, &notices).await else {
            panic!("it was not refused")
        };
        assert_eq!((fault.code.as_str(), fault.message.as_str()), ("KF001", "no such luck"));
        assert_eq!(fault.notices, ["refusing"]);
        assert_eq!(fault.trace[0].action, "refuse");
        let view = call_of("bank.accounts_of", "0xa", &["0"]);
        let answer = node.engine.call(&transaction, &view, &notices).await.unwrap();
        let row = [Cell::One("ann".into()), Cell::One("5".into()), Cell::One("0.500".into())];
        assert_eq!(answer.rows[0][..3], row);
        transaction.rollback().await.unwrap();
        assert_eq!(node.number("SELECT count(*) FROM ds_bank.accounts").await, 0);
    });
}

#[test]
fn rows_are_streamed_and_values_are_typed() {
    block_on(async {
        let mut node = Node::new().await;
        let transaction = begin(&mut node.session.client).await.unwrap();
        let arguments = vec![Value::Int(50_000)].into();
        let many = Call { arguments, ..call_of("bank.many", "0xa", &[]) };
        let mut rows = node.engine.rows(&transaction, &many).await.unwrap();
        assert_eq!(rows.columns().len(), 1);
        let mut count = 0;
        while let Some(row) = rows.next(&transaction).await.unwrap() {
            count += 1;
            assert_eq!(row, [Cell::One(count.to_string())]);
        }
        assert_eq!(count, 50_000);
        let arguments = vec![Value::Bool(true)].into();
        let wrong = Call { arguments, ..call_of("bank.many", "0xa", &[]) };
        let refused = node.engine.rows(&transaction, &wrong).await;
        assert!(matches!(refused, Err(CallError::Refused(_))));
    });
}
