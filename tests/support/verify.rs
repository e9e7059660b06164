//! The catalog held against the registry: every dataset is made anew from its recorded statements, in a transaction that is
//! rolled back, and what PostgreSQL then says of its schema must be what it says of the one that is there.

use kuneiform::deploy::connect::Session;

const CATALOG: &str = include_str!("catalog.sql");

async fn described(db: &Session, schema: &str) -> Vec<String> {
    let rows = db.client.query(CATALOG, &[&schema]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Everything in which the catalog is not what the registry says.
pub async fn differences(db: &Session) -> Vec<String> {
    let mut found = strays(db).await;
    for row in db.client.query("SELECT dbid FROM kf.dataset ORDER BY 1", &[]).await.unwrap() {
        let dbid: String = row.get(0);
        found.extend(of_dataset(db, &dbid).await);
    }
    found
}

async fn of_dataset(db: &Session, dbid: &str) -> Vec<String> {
    let schema = kuneiform::interface::Dbid::recorded(dbid).pg_schema();
    let statements = "SELECT sql FROM kf.statement WHERE dbid = $1 ORDER BY position";
    let statements = db.client.query(statements, &[&dbid]).await.unwrap();
    db.client.batch_execute("BEGIN; SET LOCAL ROLE kf_owner").await.unwrap();
    let there = described(db, &schema).await;
    let aside = format!("ALTER SCHEMA \"{schema}\" RENAME TO \"kf_verified\"");
    db.client.batch_execute(&aside).await.unwrap();
    let mut all = String::new();
    statements.iter().for_each(|row| all.push_str(&(row.get::<_, String>(0) + "\n")));
    db.client.batch_execute(&all).await.unwrap();
    let recorded = described(db, &schema).await;
    db.client.batch_execute("ROLLBACK").await.unwrap();
    let only = |these: &[String], those: &[String], where_: &str| -> Vec<String> {
        let lines = these.iter().filter(|line| !those.contains(line));
        lines.map(|line| format!("{dbid}: only in the {where_}: {line}")).collect()
    };
    let mut found = only(&there, &recorded, "catalog");
    found.extend(only(&recorded, &there, "registry"));
    found
}

/// Schemas without a dataset, and actions without a function.
async fn strays(db: &Session) -> Vec<String> {
    let sql = "SELECT 'schema ' || n.nspname FROM pg_namespace AS n WHERE n.nspname ~ '^ds_' AND NOT EXISTS ( \
                 SELECT FROM kf.statement AS s WHERE s.kind = 'schema' AND to_regnamespace(s.object) = n.oid) \
               UNION ALL SELECT 'action ' || a.object FROM kf.action AS a WHERE to_regprocedure(a.object) IS NULL \
               UNION ALL SELECT 'import ' || i.importer || ' of ' || i.importee FROM kf.import AS i \
                 JOIN kf.dataset AS d ON d.dbid = i.importee WHERE d.interface_hash <> i.interface_hash";
    db.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}
