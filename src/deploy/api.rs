//! Functions for gateways: what is to become of them, whether that can be, and what is done beside their statements.

use std::collections::{BTreeMap, BTreeSet};

use tokio_postgres::{GenericClient, Transaction};

use super::connect::ask;
use super::plan::DatasetPlan;
use super::registry::{Dataset, Installed, become_owner};
use super::{DeployError, problems};
use crate::interface::{Package, Statement, StatementKind};
use crate::lower;
use crate::migrate::{self, Api, Function, Step};

/// Gives each package whose exposure nobody spoke of that of its deployed dataset.
pub fn settle(packages: &mut [Package], installed: &Installed) {
    for package in packages {
        match &package.manifest.expose {
            Some(expose) if expose.is_nothing() => package.manifest.expose = None,
            Some(_) => {}
            None => {
                let dataset = installed.datasets.get(&package.interface.dbid);
                package.manifest.expose = dataset.and_then(|dataset| dataset.manifest.expose.clone());
                lower::expose(package);
            }
        }
    }
}

/// What happens to the functions for gateways of a dataset.
#[derive(Default)]
pub struct Changed {
    /// In the order a reader looks for them.
    pub steps: Vec<Step>,
    /// Functions that stay, by signature.
    pub kept: Vec<String>,
    /// The schemas in which something changes.
    pub schemas: Vec<String>,
}

/// Compares what gateways see of a dataset with what they are to see.
pub fn change(package: &Package, dataset: Option<&Dataset>) -> Changed {
    let new: Vec<Function<'_>> =
        package.statements.iter().filter(|it| it.kind.is_api()).map(function).collect();
    let old: Vec<Function<'_>> = dataset.map_or(Vec::new(), |dataset| {
        let recorded = dataset.statements.iter().filter(|it| it.kind.is_api());
        recorded.map(|it| Function { name: &it.name, object: &it.object, sql: &it.sql, line: 0 }).collect()
    });
    let after =
        Api { interface: &package.interface, expose: package.manifest.expose.as_ref(), statements: &new };
    let before = dataset.map(|dataset| Api {
        interface: &dataset.interface,
        expose: dataset.manifest.expose.as_ref(),
        statements: &old,
    });
    let mut steps = migrate::api(before.as_ref(), &after);
    steps.iter_mut().for_each(|step| step.locate(&package.path));
    let is_kept = |it: &&Function<'_>| old.iter().any(|was| was.object == it.object && was.sql == it.sql);
    let kept = new.iter().filter(is_kept).map(|it| it.object.to_owned()).collect();
    let exposed = [after.expose, before.and_then(|before| before.expose)];
    let schemas: BTreeSet<String> = exposed.into_iter().flatten().map(|it| it.schema.clone()).collect();
    let schemas = if steps.is_empty() { Vec::new() } else { schemas.into_iter().collect() };
    Changed { steps, kept, schemas }
}

fn function(statement: &Statement) -> Function<'_> {
    let Statement { name, object, sql, line, .. } = statement;
    Function { name, object, sql, line: *line }
}

/// What is locked besides datasets: several of them share a schema.
pub fn locks(chosen: &[(&Package, &DatasetPlan)]) -> Vec<String> {
    chosen.iter().flat_map(|(_, plan)| locks_of(plan)).collect()
}

/// The same for one dataset.
pub fn locks_of(plan: &DatasetPlan) -> Vec<String> {
    plan.api_schemas.iter().map(|schema| format!("api schema {schema}")).collect()
}

/// That what was prepared can be exposed still, now that nobody else can change it.
///
/// # Errors
/// As [`check`].
pub async fn check_again(
    transaction: &Transaction<'_>,
    chosen: &[(&Package, &DatasetPlan)],
) -> Result<(), Vec<DeployError>> {
    let changing = chosen.iter().filter(|(_, plan)| !plan.api_schemas.is_empty());
    let packages: Vec<Package> = changing.map(|(package, _)| (*package).clone()).collect();
    check(transaction, &packages, true).await
}

/// Drops what does not stay.
pub async fn drop(transaction: &Transaction<'_>, plan: &DatasetPlan) -> Result<(), tokio_postgres::Error> {
    if !plan.api_schemas.is_empty() {
        let (dbid, kept) = (plan.dbid.as_str(), &plan.kept_api);
        ask::run(transaction, "SELECT kf.drop_api($1, $2)", &[&dbid, kept]).await?;
    }
    Ok(())
}

/// After the statements: tidies the schemas, and lets the gateway in where the database is closed.
pub async fn finish(
    transaction: &Transaction<'_>,
    package: &Package,
    plan: &DatasetPlan,
) -> Result<(), tokio_postgres::Error> {
    if plan.api_schemas.is_empty() {
        return Ok(());
    }
    ask::run(transaction, "SELECT kf.tidy_api($1)", &[&plan.api_schemas]).await?;
    let Some(expose) = &package.manifest.expose else { return Ok(()) };
    let is_open: bool =
        ask::row(transaction, "SELECT kf.is_open_to_gateways($1)", &[&expose.logins]).await?.get(0);
    if !is_open {
        // The database is not kf_owner's.
        ask::batch(transaction, "RESET ROLE").await?;
        ask::run(transaction, "SELECT kf.open_to_gateways($1)", &[&expose.logins]).await?;
        become_owner(transaction).await?;
    }
    Ok(())
}

const ONE_ROLE: &str = "SELECT EXISTS (SELECT FROM pg_catalog.pg_namespace AS n \
     WHERE n.nspname = 'kf' AND pg_catalog.pg_get_userbyid(n.nspowner) <> 'kf_owner')";
const ROLES: &str = "SELECT w.name FROM unnest($1::text[]) AS w (name) \
     WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.rolname = w.name) ORDER BY 1";
const SCHEMAS: &str = "SELECT n.nspname::text FROM pg_catalog.pg_namespace AS n WHERE n.nspname = ANY ($1::text[]) \
     AND pg_catalog.pg_get_userbyid(n.nspowner) <> 'kf_owner'";
const TAKEN: &str = "SELECT n.nspname::text, p.proname::text, d.dbid, d.name \
     FROM unnest($1::text[], $2::text[]) AS w (schema, name) \
     JOIN pg_catalog.pg_namespace AS n ON n.nspname = w.schema \
     JOIN pg_catalog.pg_proc AS p ON p.pronamespace = n.oid AND p.proname = w.name \
     LEFT JOIN kf.statement AS s ON s.kind = 'api_function' AND s.name = p.proname::text \
       AND to_regprocedure(s.object) = p.oid \
     LEFT JOIN kf.dataset AS d ON d.dbid = s.dbid ORDER BY 1, 2, 3";

/// That what is to be exposed can be: no two functions have one name, schemas are ours, roles are there.
///
/// # Errors
/// Every reason why not.
pub async fn check(
    client: &impl GenericClient,
    packages: &[Package],
    has_registry: bool,
) -> Result<(), Vec<DeployError>> {
    let exposed: Vec<&Package> = packages.iter().filter(|it| it.manifest.expose.is_some()).collect();
    if exposed.is_empty() {
        return Ok(());
    }
    let failed = |error: tokio_postgres::Error| vec![problems::database(&error)];
    if ask::row(client, ONE_ROLE, &[]).await.map_err(failed)?.get(0) {
        return Err(vec![problems::api_without_roles()]);
    }
    let mut refusals = doubles(&exposed);
    let settings = exposed.iter().filter_map(|it| it.manifest.expose.as_ref());
    let roles: BTreeSet<&str> = settings.clone().flat_map(|it| it.roles.all()).collect();
    let roles: Vec<&str> = roles.into_iter().collect();
    for row in ask::rows(client, ROLES, &[&roles]).await.map_err(failed)? {
        refusals.push(problems::api_role_missing(row.get(0)));
    }
    let schemas: BTreeSet<&str> = settings.map(|it| it.schema.as_str()).collect();
    let schemas: Vec<&str> = schemas.into_iter().collect();
    refusals.extend(schemas.iter().filter(|it| is_reserved(it)).map(|it| problems::api_schema_taken(it)));
    for row in ask::rows(client, SCHEMAS, &[&schemas]).await.map_err(failed)? {
        refusals.push(problems::api_schema_taken(row.get(0)));
    }
    if has_registry && refusals.is_empty() {
        refusals = taken(client, &exposed).await.map_err(failed)?;
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

fn is_reserved(schema: &str) -> bool {
    ["kf", "information_schema"].contains(&schema) || schema.starts_with("pg_") || schema.starts_with("ds_")
}

/// The functions for gateways of a package, with their schema.
fn functions(package: &Package) -> impl Iterator<Item = (&str, &str)> {
    let schema = package.manifest.expose.as_ref().map_or("", |expose| expose.schema.as_str());
    let made = package.statements.iter().filter(|it| it.kind == StatementKind::ApiFunction);
    made.map(move |it| (schema, it.name.as_str()))
}

/// Functions that two of the packages would make.
fn doubles(packages: &[&Package]) -> Vec<DeployError> {
    let mut made: BTreeMap<(&str, &str), Vec<&Package>> = BTreeMap::new();
    for package in packages {
        for function in functions(package) {
            made.entry(function).or_default().push(package);
        }
    }
    let double = |(name, makers): (&(&str, &str), &Vec<&Package>)| {
        let [first, second, ..] = makers.as_slice() else { return None };
        Some(problems::api_name_taken(*name, &second.interface.name, Some(&first.interface.name)))
    };
    made.iter().filter_map(double).collect()
}

/// Functions that another dataset, or somebody else, has made.
async fn taken(
    client: &impl GenericClient,
    packages: &[&Package],
) -> Result<Vec<DeployError>, tokio_postgres::Error> {
    let makers: BTreeMap<(&str, &str), &Package> =
        packages.iter().flat_map(|package| functions(package).map(move |it| (it, *package))).collect();
    let schemas: Vec<&str> = makers.keys().map(|it| it.0).collect();
    let names: Vec<&str> = makers.keys().map(|it| it.1).collect();
    let mut refusals = Vec::new();
    for row in ask::rows(client, TAKEN, &[&schemas, &names]).await? {
        let (schema, name): (String, String) = (row.get(0), row.get(1));
        let (dbid, of): (Option<String>, Option<String>) = (row.get(2), row.get(3));
        let Some(package) = makers.get(&(schema.as_str(), name.as_str())) else { continue };
        if dbid.as_deref() != Some(package.interface.dbid.as_str()) {
            let of = of.map(|of| crate::language::Name::new(&of));
            refusals.push(problems::api_name_taken((&schema, &name), &package.interface.name, of.as_ref()));
        }
    }
    Ok(refusals)
}
