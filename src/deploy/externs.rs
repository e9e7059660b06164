//! What hosts have to install before a dataset is deployed.

use std::collections::BTreeMap;

use tokio_postgres::{GenericClient, Row};

use super::connect::ask;
use super::{DeployError, problems};
use crate::interface::Package;
use crate::language::Name;
use crate::lower::installed;
use crate::pg::{Header, Parameter, Result as Gives, print};

const LOOK_UP: &str = include_str!("registry/externs.sql");

/// A function that has to be there.
struct Wanted<'p> {
    /// Who calls it.
    dataset: &'p Name,
    /// `math.divide`
    path: &'p str,
    header: Header,
}

/// What is not as `packages` need it.
pub async fn missing(
    client: &impl GenericClient,
    packages: &[&Package],
) -> Result<Vec<DeployError>, DeployError> {
    let wanted = wanted(packages);
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let each = |text: fn(&Header) -> String| wanted.iter().map(|it| text(&it.header)).collect::<Vec<_>>();
    let schemas = each(|header| header.name.schema.as_str().to_owned());
    let names = each(|header| header.name.name.as_str().to_owned());
    let parameters = each(|header| types(&header.parameters));
    let columns = each(|header| columns(&header.result));
    let many: Vec<bool> = wanted.iter().map(|it| matches!(it.header.result, Gives::Table(_))).collect();
    let roles = each(|header| print::caller(header).to_owned());
    let rows = ask::rows(client, LOOK_UP, &[&schemas, &names, &parameters, &many, &columns, &roles]).await;
    let rows = rows.map_err(|error| problems::database(&error))?;
    Ok(wanted.iter().zip(&rows).flat_map(|(wanted, found)| complaints(wanted, found)).collect())
}

/// Each function once, by the first dataset that calls it.
fn wanted<'p>(packages: &[&'p Package]) -> Vec<Wanted<'p>> {
    let mut wanted: BTreeMap<(String, &str), Wanted<'p>> = BTreeMap::new();
    for package in packages {
        for (path, function) in &package.manifest.externs {
            let header = installed(function);
            let key = (print::create(&header), path.as_str());
            wanted.entry(key).or_insert(Wanted { dataset: &package.interface.name, path, header });
        }
    }
    wanted.into_values().collect()
}

fn complaints(wanted: &Wanted<'_>, found: &Row) -> Vec<DeployError> {
    let Wanted { dataset, path, header } = wanted;
    if !found.get::<_, bool>("found") {
        let others: Vec<String> = found.get("called_so");
        return vec![problems::extern_missing(dataset, path, header, found.get("has_schema"), &others)];
    }
    let role: &str = found.get("role");
    let mut complaints = Vec::new();
    if !found.get::<_, bool>("result_fits") {
        let gives: Option<String> = found.get("gives");
        complaints.push(problems::extern_result(path, header, &gives.unwrap_or_default()));
    }
    if found.get("is_volatile") && header.is_view {
        complaints.push(problems::extern_volatile(path, header));
    }
    if !found.get::<_, bool>("may_use") {
        complaints.push(problems::extern_right(
            path,
            header,
            role,
            "use the schema of",
            &print::grant_usage(header, role),
        ));
    }
    if !found.get::<_, bool>("may_execute") {
        let grant = print::grant_execute(header, role);
        complaints.push(problems::extern_right(path, header, role, "execute", &grant));
    }
    complaints
}

/// `text,numeric`
fn types(parameters: &[Parameter]) -> String {
    let types: Vec<String> = parameters.iter().map(|parameter| parameter.ty.to_string()).collect();
    types.join(",")
}

fn columns(result: &Gives) -> String {
    match result {
        Gives::Void => String::new(),
        Gives::Value(ty) | Gives::Set(ty) => ty.to_string(),
        Gives::Row(columns) | Gives::Table(columns) => types(columns),
    }
}
