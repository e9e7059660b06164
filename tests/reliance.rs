//! What importers rely on is held by foreign keys of the registry.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, missing_docs)]

mod support;

use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use kuneiform::{Options, Package, Sources, compile};
use support::{block_on, database, session};

const ENS: &str = "database ens;\ntable names { id text primary, owner text not_null }\n\
    action add($id text, $owner text) public { INSERT INTO names (id, owner) VALUES ($id, $owner); }\n\
    action owned() public view { SELECT n.id, n.owner FROM names AS n; }\n\
    action unused() public view { SELECT n.id FROM names AS n; }\n";
const SOCIAL: &str = "database social;\nuse ens as ens;\naction join($id text) public { ens.add($id, @caller); }\n\
    action mine() public view { SELECT o.id FROM ens.owned() AS o WHERE o.owner = @caller; }\n";
const CLUB: &str =
    "database club;\nuse social as s;\naction all_mine() public view { SELECT m.id FROM s.mine() AS m; }\n";

fn packages(texts: &[&str]) -> Vec<Package> {
    let mut sources = Sources::new();
    for (number, text) in texts.iter().enumerate() {
        sources.add(format!("{number}.kf"), *text);
    }
    let compilation = compile(&sources, &Options::default());
    assert_eq!(compilation.packages.len(), texts.len(), "{:?}", compilation.diagnostics);
    compilation.packages
}

async fn deploy(db: &mut Session, texts: &[&str]) {
    deploy_packages(db, &packages(texts), &mut |_| {}).await.unwrap();
}

async fn text(db: &Session, sql: &str) -> String {
    db.client.query_one_scalar::<Option<String>, _>(sql, &[]).await.unwrap().unwrap_or_default()
}

const RELIANCES: &str = "SELECT string_agg(importer || ' ' || importee || '.' || action, ', ' ORDER BY importer, action) \
                         FROM kf.reliance";

#[test]
fn a_signature_that_is_relied_on_cannot_go_away() {
    block_on(async {
        let mut db = session(&database().await).await;
        deploy(&mut db, &[ENS, SOCIAL, CLUB]).await;
        let relied = "club social.mine, social ens.add, social ens.owned";
        assert_eq!(text(&db, RELIANCES).await, relied, "what a spliced view splices is its own reliance");
        for statement in [
            "UPDATE kf.action SET signature = 'other' WHERE dbid = 'ens' AND name = 'owned'",
            "DELETE FROM kf.action WHERE dbid = 'social' AND name = 'mine'",
        ] {
            let error = db.client.batch_execute(statement).await.unwrap_err();
            assert_eq!(error.code().unwrap().code(), "23503", "{statement}");
        }
        let free = "UPDATE kf.action SET signature = 'other' WHERE dbid = 'ens' AND name = 'unused'";
        db.client.batch_execute(free).await.unwrap();
    });
}

#[test]
fn importees_and_importers_change_together() {
    block_on(async {
        let mut db = session(&database().await).await;
        deploy(&mut db, &[ENS, SOCIAL, CLUB]).await;
        let ens = ENS
            .replace("owned()", "owned($n int default 1)")
            .replace("n.owner FROM names AS n;", "n.owner FROM names AS n WHERE $n = 1;");
        deploy(&mut db, &[&ens, SOCIAL, CLUB]).await;
        let same = "SELECT bool_and(a.signature = r.signature)::text FROM kf.reliance AS r \
                    JOIN kf.action AS a ON a.dbid = r.importee AND a.name = r.action";
        assert_eq!(text(&db, same).await, "true");
        let social = SOCIAL.replace("ens.add($id, @caller)", "NOTICE($id)");
        deploy(&mut db, &[&ens, &social]).await;
        assert_eq!(text(&db, RELIANCES).await, "club social.mine, social ens.owned");
    });
}

/// A registry of version 5 has no signatures; what was deployed to it is imported as ever.
#[test]
fn a_registry_without_signatures_is_upgraded() {
    block_on(async {
        let mut db = session(&database().await).await;
        deploy(&mut db, &[ENS]).await;
        let hashes = "SELECT string_agg(signature, ' ' ORDER BY name) FROM kf.action";
        let before = text(&db, hashes).await;
        let old = "UPDATE kf.meta SET version = 5; DROP TABLE kf.reliance; ALTER TABLE kf.action DROP COLUMN signature";
        db.client.batch_execute(old).await.unwrap();
        deploy(&mut db, &[ENS, SOCIAL]).await;
        assert_eq!(text(&db, hashes).await.split(' ').count(), 5);
        assert_eq!(before.split(' ').count(), 3);
        assert_eq!(text(&db, RELIANCES).await, "social ens.add, social ens.owned");
    });
}
