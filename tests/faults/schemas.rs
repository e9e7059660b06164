use std::collections::BTreeMap;

use kuneiform::deploy::connect::Session;
use kuneiform::deploy::{Consent, DeployError, Outcome, apply, ensure, prepare};
use kuneiform::interface::Package;

use crate::support::programs::packages;

/// Datasets that are deployed in one transaction, because they import each other and change.
pub const TOGETHER: [&[&str]; 4] = [&["a1", "a2", "a3"], &["b1", "b2", "b3", "b4"], &["c1", "c2"], &["d1"]];

/// A chain, a diamond, a pair and one alone, in two versions: tables with rows change in each, and so do views that others
/// carry in their queries.
pub fn schemas(new: bool) -> Vec<Package> {
    let text = |old: &str, changed: &str| if new { changed.to_owned() } else { old.to_owned() };
    let base = |name: &str| {
        let column = text("", ", size int default(5), #by_size index(size)");
        let order = text("i.id > 0", "i.id > 1");
        format!(
            "database {name};\ntable items {{ id int primary, note text not_null{column} }}\n\
             action put($id int, $note text) public {{ INSERT INTO items (id, note) VALUES ($id, $note); }}\n\
             action all() public view {{ SELECT i.id, i.note FROM items AS i WHERE {order}; }}"
        )
    };
    let over = |name: &str, below: &[&str]| {
        let uses: String = below.iter().map(|it| format!("use {it} as {it};\n")).collect();
        let calls: Vec<String> = below
            .iter()
            .map(|it| format!("action of_{it}() public view {{ SELECT x.id FROM {it}.all() AS x; }}\n"))
            .collect();
        let first = below[0];
        format!(
            "database {name};\n{uses}table seen {{ id int primary, note text{} }}\n{}\
             action all() public view {{ SELECT x.id, x.note FROM {first}.all() AS x; }}\n{}",
            text("", " maxlen(100)"),
            calls.concat(),
            text("", "action more() public { INSERT INTO seen (id) VALUES (7); }\n"),
        )
    };
    let texts = [
        base("a1"),
        over("a2", &["a1"]),
        over("a3", &["a2"]),
        base("b1"),
        over("b2", &["b1"]),
        over("b3", &["b1"]),
        over("b4", &["b2", "b3"]),
        base("c1"),
        over("c2", &["c1"]),
        base("d1"),
    ];
    packages(&texts.iter().map(String::as_str).collect::<Vec<_>>(), None)
}

/// Deploys, whatever is lost by it.
pub async fn deploy(db: &mut Session, packages: &[Package]) -> Result<Vec<Outcome>, Vec<DeployError>> {
    ensure(db).await.map_err(|error| vec![error])?;
    let prepared = prepare(db, packages).await?;
    apply(db, &prepared, Consent::ALL, &mut |_| {}).await
}

/// Rows for every table there is.
pub async fn fill(db: &Session) {
    for name in ["a1", "b1", "c1", "d1"] {
        let sql =
            format!("INSERT INTO ds_{name}.items (id, note) SELECT g, 'n' FROM generate_series(1, 50) AS g");
        db.client.batch_execute(&sql).await.unwrap();
    }
    for name in ["a2", "a3", "b2", "b3", "b4", "c2"] {
        db.client.batch_execute(&format!("INSERT INTO ds_{name}.seen VALUES (1, 'n')")).await.unwrap();
    }
}

/// What the registry has of each dataset, once nobody deploys any more.
pub async fn hashes(db: &Session) -> BTreeMap<String, String> {
    let names: Vec<&str> = TOGETHER.iter().flat_map(|group| group.iter().copied()).collect();
    db.client.batch_execute("BEGIN").await.unwrap();
    db.client
        .execute("SELECT pg_advisory_xact_lock(27494, hashtext(d)) FROM unnest($1::text[]) AS d", &[&names])
        .await
        .unwrap();
    db.client.batch_execute("COMMIT").await.unwrap();
    let rows = db.client.query("SELECT dbid, sql_hash FROM kf.dataset", &[]).await.unwrap();
    rows.iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Whether all is `new`, of each group; it must be all or nothing.
pub fn groups(hashes: &BTreeMap<String, String>, old: &[Package], new: &[Package]) -> Vec<bool> {
    let of = |packages: &[Package], name: &str| {
        packages.iter().find(|it| it.interface.name.as_str() == name).unwrap().hash()
    };
    let is_new = |name: &&str| {
        let (found, old, new) = (&hashes[*name], of(old, name), of(new, name));
        assert!(*found == old || *found == new, "{name} is neither old nor new");
        assert_ne!(old, new);
        *found == new
    };
    let group = |group: &&[&str]| {
        let states: Vec<bool> = group.iter().map(is_new).collect();
        assert!(states.iter().all(|state| *state == states[0]), "{group:?} {states:?}");
        states[0]
    };
    TOGETHER.iter().map(group).collect()
}
