use sha2::{Digest, Sha256};
use tokio_postgres::Transaction;

use super::connect::ask;
use super::plan::DatasetPlan;
use crate::interface::{Package, Profile, Signature, StatementKind};
use crate::language::Name;

const DATASET: &str = "INSERT INTO kf.dataset (dbid, name, owner, path, source, interface, manifest, interface_hash, \
     sql_hash, compiler_version, version, tables, profile) \
     VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7::text::jsonb, $8, $9, $10, $11, $12::text::jsonb, $13) \
     ON CONFLICT (dbid) DO UPDATE SET path = excluded.path, source = excluded.source, interface = excluded.interface, \
     manifest = excluded.manifest, interface_hash = excluded.interface_hash, sql_hash = excluded.sql_hash, \
     compiler_version = excluded.compiler_version, version = excluded.version, deployed_at = excluded.deployed_at, \
     tables = excluded.tables, profile = excluded.profile";
const STATEMENTS: &str = "INSERT INTO kf.statement (dbid, position, kind, name, object, sql, hash) \
     SELECT $1, s.* FROM unnest($2::int4[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS s";
const ACTIONS: &str = "INSERT INTO kf.action (dbid, name, function, object, lines, signature) \
     SELECT $1, a.name, a.function, a.object, a.lines::jsonb, a.signature \
     FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) \
     AS a (name, function, object, lines, signature)";
const IMPORTS: &str = "INSERT INTO kf.import (importer, importee, interface_hash) \
     SELECT $1, i.* FROM unnest($2::text[], $3::text[]) AS i";
const RELIANCES: &str = "INSERT INTO kf.reliance (importer, importee, action, signature) \
     SELECT $1, r.* FROM unnest($2::text[], $3::text[], $4::text[]) AS r";

const VERSION: &str = "INSERT INTO kf.version (dbid, version, content, package, destroyed, height) \
     VALUES ($1, $2, $3, $4, $5, (SELECT max(b.height) FROM kf.block AS b))";

/// Writes everything about a package into the registry, as the version that `plan` makes; `destroyed` says that rows or values
/// went on the way.
pub async fn write(
    transaction: &Transaction<'_>,
    package: &Package,
    plan: &DatasetPlan,
    destroyed: bool,
) -> Result<(), tokio_postgres::Error> {
    let dbid = package.interface.dbid.as_str();
    write_dataset(transaction, package, plan.version).await?;
    let kept = serde_json::to_string(package).unwrap_or_else(|_| "null".to_owned());
    ask::run(transaction, VERSION, &[&dbid, &plan.version, &plan.content, &kept, &destroyed]).await?;
    for table in [
        "DELETE FROM kf.statement WHERE dbid = $1",
        "DELETE FROM kf.action WHERE dbid = $1",
        "DELETE FROM kf.import WHERE importer = $1",
    ] {
        ask::run(transaction, table, &[&dbid]).await?;
    }
    write_statements(transaction, package).await?;
    write_actions(transaction, package).await?;
    let importees: Vec<&str> = package.manifest.imports.keys().map(|importee| importee.as_str()).collect();
    let hashes: Vec<&String> = package.manifest.imports.values().collect();
    ask::run(transaction, IMPORTS, &[&dbid, &importees, &hashes]).await?;
    write_reliances(transaction, package).await
}

/// After its imports: what it relies on in them.
async fn write_reliances(
    transaction: &Transaction<'_>,
    package: &Package,
) -> Result<(), tokio_postgres::Error> {
    let relies = package.manifest.relies.iter();
    let rows: Vec<(&str, &str, &String)> = relies
        .flat_map(|(importee, actions)| {
            actions.iter().map(|(action, hash)| (importee.as_str(), action.as_str(), hash))
        })
        .collect();
    let importees: Vec<&str> = rows.iter().map(|row| row.0).collect();
    let actions: Vec<&str> = rows.iter().map(|row| row.1).collect();
    let hashes: Vec<&String> = rows.iter().map(|row| row.2).collect();
    let dbid = package.interface.dbid.as_str();
    ask::run(transaction, RELIANCES, &[&dbid, &importees, &actions, &hashes]).await?;
    Ok(())
}

async fn write_dataset(
    transaction: &Transaction<'_>,
    package: &Package,
    version: i32,
) -> Result<(), tokio_postgres::Error> {
    let json = |value: serde_json::Result<String>| value.unwrap_or_else(|_| "null".to_owned());
    let (interface, manifest) =
        (json(serde_json::to_string(&package.interface)), json(serde_json::to_string(&package.manifest)));
    let tables = json(serde_json::to_string(&package.tables));
    let profile = match package.profile {
        Profile::Node => "node",
        Profile::Metered => "metered",
        Profile::App => "app",
    };
    let owner = package.owner.as_ref().map(|owner| owner.0.as_str());
    ask::run(
        transaction,
        DATASET,
        &[
            &package.interface.dbid.as_str(),
            &package.interface.name.as_str(),
            &owner,
            &package.path,
            &package.source,
            &interface,
            &manifest,
            &package.interface.hash(),
            &package.hash(),
            &env!("CARGO_PKG_VERSION"),
            &version,
            &tables,
            &profile,
        ],
    )
    .await?;
    Ok(())
}

async fn write_statements(
    transaction: &Transaction<'_>,
    package: &Package,
) -> Result<(), tokio_postgres::Error> {
    let statements = &package.statements;
    let positions: Vec<i32> = (1..).take(statements.len()).collect();
    let kinds: Vec<&str> = statements.iter().map(|statement| kind(statement.kind)).collect();
    let names: Vec<&str> = statements.iter().map(|statement| statement.name.as_str()).collect();
    let objects: Vec<&str> = statements.iter().map(|statement| statement.object.as_str()).collect();
    let texts: Vec<&str> = statements.iter().map(|statement| statement.sql.as_str()).collect();
    let hashes: Vec<String> = texts.iter().map(|sql| hex::encode(Sha256::digest(sql))).collect();
    let dbid = package.interface.dbid.as_str();
    ask::run(transaction, STATEMENTS, &[&dbid, &positions, &kinds, &names, &objects, &texts, &hashes])
        .await?;
    Ok(())
}

async fn write_actions(
    transaction: &Transaction<'_>,
    package: &Package,
) -> Result<(), tokio_postgres::Error> {
    let functions =
        || package.statements.iter().filter(|statement| statement.kind == StatementKind::Function);
    let names: Vec<&str> = functions().map(|function| function.name.as_str()).collect();
    let objects: Vec<&str> = functions().map(|function| function.object.as_str()).collect();
    let called: Vec<&str> = objects.iter().map(|object| without_arguments(object)).collect();
    let lines: Vec<String> = functions()
        .map(|function| serde_json::to_string(&function.lines).unwrap_or_else(|_| "[]".to_owned()))
        .collect();
    let signature = |name: &&str| package.interface.actions.get(&Name::new(name)).map(Signature::hash);
    let signatures: Vec<Option<String>> = names.iter().map(signature).collect();
    let dbid = package.interface.dbid.as_str();
    ask::run(transaction, ACTIONS, &[&dbid, &names, &called, &objects, &lines, &signatures]).await?;
    Ok(())
}

/// `"ds_ens"."f@ens"` of `"ds_ens"."f@ens"(kf.ctx, text)`.
fn without_arguments(object: &str) -> &str {
    let mut quoted = false;
    let end = object.find(|letter: char| {
        quoted ^= letter == '"';
        letter == '(' && !quoted
    });
    end.and_then(|end| object.get(..end)).unwrap_or(object)
}

/// As `StatementKind` is written in JSON.
fn kind(kind: StatementKind) -> &'static str {
    match kind {
        StatementKind::Schema => "schema",
        StatementKind::Table => "table",
        StatementKind::Index => "index",
        StatementKind::ForeignKey => "foreign_key",
        StatementKind::Function => "function",
        StatementKind::Owner => "owner",
        StatementKind::Grant => "grant",
        StatementKind::ApiSchema => "api_schema",
        StatementKind::ApiFunction => "api_function",
    }
}

#[cfg(test)]
mod tests {
    use super::without_arguments;

    #[test]
    fn a_function_is_called_by_its_name() {
        assert_eq!(without_arguments("\"ds_ens\".\"f@ens\"(kf.ctx, text)"), "\"ds_ens\".\"f@ens\"");
        assert_eq!(without_arguments("\"a(\".\"b\"\"(\"(x)"), "\"a(\".\"b\"\"(\"");
    }
}
