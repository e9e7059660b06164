use kuneiform::deploy::connect::connect;
use kuneiform::deploy::registry;
use kuneiform::diagnostics::Code;

use crate::schemas::deploy;
use crate::support::programs::packages;
use crate::support::proxy::{Fault, Proxy};
use crate::support::{block_on, database};

const ONE: &str =
    "database one;\ntable t { id int primary }\naction f() public { INSERT INTO t (id) VALUES (1); }";

/// How many requests a deploy of `ONE` into a prepared database takes; the last but one is its COMMIT, and the last asks
/// whether anything is left to do.
async fn requests() -> usize {
    let url = database().await;
    let proxy = Proxy::before(&url);
    let mut db = connect(&proxy.url()).await.unwrap();
    proxy.arm(usize::MAX, Fault::Cut);
    deploy(&mut db, &packages(&[ONE], None)).await.unwrap();
    proxy.disarm().0
}

/// Committed, and the answer lost: it is looked up, and what is told is what there is.
#[test]
fn an_answer_that_is_lost_is_looked_up() {
    block_on(async {
        let last = requests().await;
        let commit = last - 1;
        for (at, fault, committed) in [
            (commit, Fault::Unheard, true),
            (commit, Fault::Terminated, false),
            (commit - 1, Fault::Cut, false),
            (last, Fault::Unheard, true),
            (last, Fault::Terminated, true),
            (last, Fault::Cut, true),
        ] {
            let url = database().await;
            let proxy = Proxy::before(&url);
            let mut through = connect(&proxy.url()).await.unwrap();
            proxy.arm(at, fault);
            let outcome = deploy(&mut through, &packages(&[ONE], None)).await;
            assert!(proxy.disarm().1);
            let db = connect(&url).await.unwrap();
            let found = registry::list(&db).await.unwrap().len();
            assert_eq!(
                (outcome.is_ok(), found),
                (committed, usize::from(committed)),
                "{fault:?} {outcome:?}"
            );
            if let Err(errors) = outcome {
                assert_eq!(errors[0].code, Code::DatabaseFailed, "{errors:?}");
                assert!(errors[0].message.contains("nothing was changed"), "{errors:?}");
            }
        }
    });
}
