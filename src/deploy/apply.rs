use super::connect::Session;
use super::consent::{Consent, allow};
use super::groups::group;
use super::patience::{Waiting, is_busy};
use super::plan::DatasetPlan;
use super::prepare::{Prepared, prepare, read};
use super::switch::{Chosen, switch};
use super::{DeployError, registry};
use crate::interface::{Dbid, Package};
use crate::language::Name;

/// What was done for a dataset.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Done {
    /// It was not there before.
    Created,
    /// Its SQL changed.
    Updated,
    /// Nothing, or the registry's copy of its source alone.
    Unchanged,
}

/// The outcome for one dataset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Outcome {
    /// Its identity.
    pub dbid: Dbid,
    /// Its schema's name.
    pub name: Name,
    /// What was done.
    pub done: Done,
    /// The dataset's version now.
    pub version: i32,
}

/// Deploys `packages`, which come in dependency order, with the dependents that have to be compiled anew, into the database
/// of `session`, making the registry if there is none. Agrees to what breaks callers and never to losing data;
/// [`prepare`] and [`apply`] let somebody look in between.
///
/// # Errors
/// Every reason why nothing was begun, or the one that stopped it. What `tell` heard of stays.
pub async fn deploy_packages(
    session: &mut Session,
    packages: &[Package],
    tell: &mut dyn FnMut(&Outcome),
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    registry::ensure(session).await.map_err(|error| vec![error])?;
    let prepared = prepare(session, packages).await?;
    apply(session, &prepared, Consent::BREAKING, tell).await
}

/// Does what was prepared, if it is agreed to and still what would be done. Each dataset is one transaction (deployed
/// datasets that import each other and change are one together, and so are those that go back); `tell` hears of each when
/// it is committed.
///
/// # Errors
/// Every reason why nothing was begun, or the one that stopped it. What `tell` heard of stays.
pub async fn apply(
    session: &mut Session,
    prepared: &Prepared,
    consent: Consent,
    tell: &mut dyn FnMut(&Outcome),
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    allow(&prepared.plan, consent)?;
    registry::ensure(session).await.map_err(|error| vec![error])?;
    let (packages, plans) = (&prepared.packages, &prepared.plan.datasets);
    let installed = read(&session.client, packages).await.map_err(|error| vec![error])?;
    let mut outcomes = Vec::new();
    let groups = match prepared.back.is_empty() {
        true => group(packages, plans, &installed),
        false => vec![(0..packages.len()).collect()],
    };
    for members in groups {
        let chosen: Vec<(&Package, &DatasetPlan)> =
            members.iter().filter_map(|index| packages.get(*index).zip(plans.get(*index))).collect();
        for outcome in deploy_group(session, &chosen, prepared).await? {
            tell(&outcome);
            outcomes.push(outcome);
        }
    }
    Ok(outcomes)
}

/// Does what is planned for datasets that go together, as soon as nobody holds what it needs.
async fn deploy_group(
    session: &mut Session,
    chosen: &Chosen<'_>,
    prepared: &Prepared,
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    let mut waiting = Waiting::new(prepared.manner);
    loop {
        match switch(session, chosen, prepared).await {
            Err(errors) if is_busy(&errors) => {
                if !waiting.pause().await {
                    return Err(blocked(session, chosen, errors).await);
                }
            }
            done => return done,
        }
    }
}

/// The errors with who is in the way.
async fn blocked(session: &Session, chosen: &Chosen<'_>, mut errors: Vec<DeployError>) -> Vec<DeployError> {
    let imports = chosen.iter().flat_map(|(package, _)| package.manifest.imports.keys());
    let datasets: Vec<&Dbid> =
        chosen.iter().map(|(package, _)| &package.interface.dbid).chain(imports).collect();
    let found = registry::blockers(&session.client, &datasets).await;
    if let Some(error) = errors.first_mut() {
        error.notes.extend(found);
    }
    errors
}
