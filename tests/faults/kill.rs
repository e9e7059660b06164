use kuneiform::deploy::connect::{Session, connect};
use kuneiform::diagnostics::Code;
use kuneiform::interface::Package;

use crate::schemas::{deploy, fill, groups, hashes, schemas};
use crate::support::proxy::{Fault, Proxy};
use crate::support::{block_on, database, verify};

const FAULTS: [Fault; 4] = [Fault::Cut, Fault::Unheard, Fault::Deaf, Fault::Terminated];

/// One deploy with a fault, and the one after it. True if the fault came.
async fn point(proxy: &Proxy, db: &mut Session, packages: [&[Package]; 2], at: usize, fault: Fault) -> bool {
    let [old, new] = packages;
    let mut through = connect(&proxy.url()).await.unwrap();
    proxy.arm(at, fault);
    let outcome = deploy(&mut through, new).await;
    let (_, fired) = proxy.disarm();
    drop(through);
    let found = groups(&hashes(db).await, old, new);
    match outcome {
        Ok(_) => assert!(found.iter().all(|is_new| *is_new), "{at} {fault:?}: acknowledged, {found:?}"),
        Err(errors) => {
            assert!(fired, "{at} {fault:?}: {errors:?}");
            let known = [Code::DatabaseFailed, Code::DeployBusy, Code::OutcomeUnknown];
            assert!(errors.iter().all(|error| known.contains(&error.code)), "{at} {fault:?}: {errors:?}");
        }
    }
    let differences = verify::differences(db).await;
    assert!(differences.is_empty(), "{at} {fault:?}: {differences:#?}");
    deploy(db, new).await.unwrap_or_else(|errors| panic!("after {at} {fault:?}: {errors:?}"));
    assert!(groups(&hashes(db).await, old, new).iter().all(|is_new| *is_new));
    fired
}

/// Between versions, back and forth, with rows in every table.
#[test]
fn whatever_dies_a_deploy_is_all_or_nothing() {
    block_on(async {
        let url = database().await;
        let proxy = Proxy::before(&url);
        let (old, new) = (schemas(false), schemas(true));
        let mut db = connect(&url).await.unwrap();
        deploy(&mut db, &old).await.unwrap();
        fill(&db).await;
        let mut through = connect(&proxy.url()).await.unwrap();
        proxy.arm(usize::MAX, Fault::Cut);
        deploy(&mut through, &new).await.unwrap();
        let (requests, _) = proxy.disarm();
        drop(through);
        let all = std::env::var_os("KF_FAULTS").is_some();
        let step = if all { 1 } else { requests / 24 };
        let (mut from, mut to) = (&new, &old);
        let mut fired = 0;
        for at in (1..=requests).step_by(step) {
            // In a run of samples, each point is broken in another way.
            let chosen = FAULTS.iter().enumerate().filter(|(turn, _)| all || (at / step) % 4 == *turn);
            for (_, fault) in chosen {
                fired += usize::from(point(&proxy, &mut db, [from, to], at, *fault).await);
                std::mem::swap(&mut from, &mut to);
            }
        }
        eprintln!("{requests} requests, {fired} faults");
        assert!(fired >= 20, "{fired} of {requests}");
        let rows: i64 = db.client.query_one_scalar("SELECT count(*) FROM ds_a1.items", &[]).await.unwrap();
        assert_eq!(rows, 50);
    });
}

/// The first deploy into an empty database, which makes the registry too.
#[test]
fn whatever_dies_a_first_deploy_can_be_run_again() {
    block_on(async {
        let all = std::env::var_os("KF_FAULTS").is_some();
        let new = schemas(false);
        for (turn, at) in (1..=if all { 400 } else { 24 }).step_by(if all { 1 } else { 4 }).enumerate() {
            let url = crate::support::empty_database().await;
            let proxy = Proxy::before(&url);
            let mut through = connect(&proxy.url()).await.unwrap();
            proxy.arm(at, FAULTS[turn % 4]);
            let outcome = deploy(&mut through, &new).await;
            let (_, fired) = proxy.disarm();
            assert!(fired || outcome.is_ok());
            let mut db = connect(&url).await.unwrap();
            deploy(&mut db, &new).await.unwrap_or_else(|errors| panic!("after {at}: {errors:?}"));
            let differences = verify::differences(&db).await;
            assert!(differences.is_empty(), "{at}: {differences:#?}");
            if !fired {
                break;
            }
        }
    });
}
