//! Datasets that replicas agree on may only rest on datasets that replicas agree on.

use std::collections::BTreeMap;

use super::registry::Installed;
use super::{DeployError, problems};
use crate::interface::{Dbid, Package, Profile};

/// Imports of packages, and importers of packages, between which the profiles do not fit once `packages` are deployed.
pub fn unfit(packages: &[&Package], installed: &Installed) -> Vec<DeployError> {
    let given: BTreeMap<&Dbid, Profile> =
        packages.iter().map(|package| (&package.interface.dbid, package.profile)).collect();
    let of = |dbid: &Dbid| {
        given.get(dbid).copied().or_else(|| installed.datasets.get(dbid).map(|dataset| dataset.profile))
    };
    let imports = packages.iter().flat_map(|package| {
        let imports = package.manifest.imports.keys();
        imports.map(|import| (&package.interface.dbid, &package.interface.name, import))
    });
    let left = installed.imports.iter().filter(|(importer, _)| !given.contains_key(importer));
    let left = left.filter_map(|(importer, importee)| {
        let dataset = installed.datasets.get(importer)?;
        given.contains_key(importee).then_some((importer, &dataset.name, importee))
    });
    let pairs = imports.chain(left);
    let unfit = pairs.filter(|(importer, _, importee)| {
        of(importer).is_some_and(|profile| profile != Profile::App) && of(importee) == Some(Profile::App)
    });
    unfit.map(|(_, name, importee)| problems::import_of_app(name, importee)).collect()
}
