use std::os::unix::fs::MetadataExt;

use kuneiform::deploy::connect::connect;
use kuneiform::deploy::embedded::Embedded;
use kuneiform::diagnostics::Code;

use crate::schemas::deploy;
use crate::support::programs::packages;
use crate::support::{block_on, empty_database, scratch};

const ONE: &str =
    "database one;\ntable t { id int primary }\naction f() public { INSERT INTO t (id) VALUES (1); }";

/// Each is refused by its name, and nothing is made.
#[test]
fn settings_that_do_not_suit_are_refused_by_name() {
    block_on(async {
        for (setting, value) in [
            ("standard_conforming_strings", "off"),
            ("transform_null_equals", "on"),
            ("session_replication_role", "replica"),
            ("default_transaction_read_only", "on"),
        ] {
            let url = empty_database().await;
            let name = url.rsplit('/').next().unwrap();
            let sql = format!("ALTER DATABASE {name} SET {setting} = {value}");
            connect(&url).await.unwrap().client.batch_execute(&sql).await.unwrap();
            let mut db = connect(&url).await.unwrap();
            let errors = deploy(&mut db, &packages(&[ONE], None)).await.unwrap_err();
            assert_eq!(errors[0].code, Code::DatabaseUnsuitable, "{errors:?}");
            assert!(errors[0].message.contains(setting), "{errors:?}");
            let made = "SELECT to_regnamespace('kf') IS NOT NULL";
            assert!(!db.client.query_one_scalar::<bool, _>(made, &[]).await.unwrap(), "{setting}");
        }
    });
}

/// Whatever the transactions of a login are by default, a deploy sees what others did while it waited.
#[test]
fn transactions_that_are_serializable_by_default_do_not_matter() {
    block_on(async {
        let url = empty_database().await;
        let name = url.rsplit('/').next().unwrap();
        let sql = format!("ALTER DATABASE {name} SET default_transaction_isolation = 'serializable'");
        connect(&url).await.unwrap().client.batch_execute(&sql).await.unwrap();
        let mut db = connect(&url).await.unwrap();
        deploy(&mut db, &packages(&[ONE], None)).await.unwrap();
        deploy(&mut db, &packages(&[&ONE.replace("VALUES (1)", "VALUES (2)")], None)).await.unwrap();
    });
}

#[test]
fn a_standby_is_refused_as_one() {
    let folder = scratch();
    let server = Embedded::at(&folder.path().join(".kf"));
    let url = server.start().unwrap();
    block_on(async { deploy(&mut connect(&url).await.unwrap(), &packages(&[ONE], None)).await.unwrap() });
    server.stop().unwrap();
    let data = server.status().place.unwrap().root.join("data");
    let owner = std::fs::metadata(&data).unwrap();
    let signal = data.join("standby.signal");
    std::fs::write(&signal, "").unwrap();
    std::os::unix::fs::chown(&signal, Some(owner.uid()), Some(owner.gid())).unwrap();
    server.start().unwrap();
    block_on(async {
        let mut db = connect(&url).await.unwrap();
        let changed = packages(&[&ONE.replace("VALUES (1)", "VALUES (2)")], None);
        let errors = deploy(&mut db, &changed).await.unwrap_err();
        assert_eq!(errors[0].code, Code::DatabaseUnsuitable, "{errors:?}");
        assert!(errors[0].message.contains("standby"), "{errors:?}");
    });
    server.reset().unwrap();
}
