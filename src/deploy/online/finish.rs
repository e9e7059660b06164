//! What is left to do after the transaction that switched.

use tokio_postgres::{Client, Error, Transaction};

use super::make::{begin, make};
use crate::deploy::connect::ask;
use crate::deploy::patience::Manner;
use crate::deploy::plan::DatasetPlan;
use crate::deploy::registry::{self, Pending, word};
use crate::deploy::{DeployError, explain};
use crate::interface::{Dbid, Package};
use crate::language::Name;
use crate::migrate::{self, When, Work};

/// What the catalog knows to be unfinished, with the table it belongs to.
const UNFINISHED: &str = "SELECT 'constraint', c.conname::text, r.relname::text FROM pg_catalog.pg_constraint AS c \
       JOIN pg_catalog.pg_class AS r ON r.oid = c.conrelid JOIN pg_catalog.pg_namespace AS n ON n.oid = c.connamespace \
       WHERE n.nspname = $1 AND c.contype IN ('c', 'f') AND NOT c.convalidated AND c.conname !~ '^~' \
     UNION ALL SELECT 'index', c.relname::text, r.relname::text FROM pg_catalog.pg_index AS i \
       JOIN pg_catalog.pg_class AS c ON c.oid = i.indexrelid JOIN pg_catalog.pg_class AS r ON r.oid = i.indrelid \
       JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
       WHERE n.nspname = $1 AND NOT i.indisvalid AND c.relname !~ '^~'";
const FORGET: &str = "DELETE FROM kf.pending AS p WHERE p.dbid = $1 AND NOT p.ahead";
const NOTE: &str = "INSERT INTO kf.pending (dbid, name, kind, ahead, sql) \
     SELECT $1, w.name, w.kind, false, w.sql FROM unnest($2, $3, $4) AS w (name, kind, sql) \
     ON CONFLICT (dbid, name) DO UPDATE SET kind = excluded.kind, ahead = false, sql = excluded.sql";
/// Another deploy may have made something else of the same name since.
const DONE: &str = "DELETE FROM kf.pending AS p WHERE p.dbid = $1 AND p.name = $2 AND p.sql = $3 AND NOT p.ahead \
     AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint AS c JOIN pg_catalog.pg_namespace AS n ON n.oid = c.connamespace \
       WHERE n.nspname = $4 AND c.conname = p.name AND NOT c.convalidated)";

/// In the transaction that switches: writes down what is left to do then, of this deploy and of those before.
///
/// # Errors
/// The database's.
pub async fn note(
    transaction: &Transaction<'_>,
    package: &Package,
    plan: &DatasetPlan,
    manner: Manner,
) -> Result<(), Error> {
    let dbid = &plan.dbid;
    let mut works: Vec<Work> = plan.works(manner, When::After).into_iter().cloned().collect();
    let rows = ask::rows(transaction, UNFINISHED, &[&dbid.pg_schema()]).await?;
    for row in &rows {
        let (kind, name, table): (&str, &str, &str) = (row.get(0), row.get(1), row.get(2));
        if works.iter().any(|work| work.name == name) {
            continue;
        }
        works.extend(match kind {
            "index" => migrate::build(dbid, &package.tables, name),
            _ => Some(migrate::validation(dbid, &Name::new(table), name)),
        });
    }
    ask::run(transaction, FORGET, &[&dbid.as_str()]).await?;
    let names: Vec<&str> = works.iter().map(|work| work.name.as_str()).collect();
    let kinds: Vec<&str> = works.iter().map(|work| word(work.kind)).collect();
    let texts: Vec<&str> = works.iter().map(|work| work.sql.as_str()).collect();
    ask::run(transaction, NOTE, &[&dbid.as_str(), &names, &kinds, &texts]).await?;
    Ok(())
}

/// Does what deploys of the dataset left to do. What rows do not allow stays pending.
///
/// # Errors
/// One for each piece that is not done.
pub async fn finish(
    client: &mut Client,
    (dbid, name): (&Dbid, &Name),
    manner: Manner,
) -> Result<(), Vec<DeployError>> {
    let pending = registry::pending(client, Some(&[dbid.as_str()])).await.map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    for it in pending.iter().filter(|it| !it.ahead) {
        if let Err(error) = piece(client, dbid, it, manner).await {
            // Somebody deployed meanwhile, and it is not wanted any more.
            let left = registry::pending(client, Some(&[dbid.as_str()])).await.unwrap_or_default();
            if error.is_closed() || left.contains(it) {
                errors.push(explain::left(name, &it.work, &error));
            }
        }
    }
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

async fn piece(client: &mut Client, dbid: &Dbid, it: &Pending, manner: Manner) -> Result<(), Error> {
    make(client, &dbid.pg_schema(), &it.work, manner).await?;
    let transaction = begin(client).await?;
    let values: [&dyn ask::Bound; 4] = [&dbid.as_str(), &it.work.name, &it.work.sql, &dbid.pg_schema()];
    ask::run(&transaction, DONE, &values).await?;
    ask::commit(transaction).await
}
