use super::connect::Session;
use super::consent::{Consent, allow};
use super::groups::group;
use super::outcome::come_back;
use super::patience::{Manner, Waiting, is_busy};
use super::plan::{Change, DatasetPlan};
use super::prepare::{Prepared, prepare, read};
use super::switch::{Chosen, switch};
use super::{DeployError, online, problems, registry};
use crate::diagnostics::Code;
use crate::interface::{Dbid, Package};
use crate::language::Name;
use crate::migrate::When;

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
    match rest(session, prepared).await {
        // What is deployed is deployed: with another connection, what is left can be looked for again.
        Err(errors) if has_failed(&errors) && come_back(session).await => rest(session, prepared).await?,
        done => done?,
    }
    Ok(outcomes)
}

fn has_failed(errors: &[DeployError]) -> bool {
    errors.iter().any(|error| error.code == Code::DatabaseFailed)
}

/// Does what is planned for datasets that go together: first what the new versions rely on and takes long, then the switch,
/// as soon as nobody holds what it needs.
async fn deploy_group(
    session: &mut Session,
    chosen: &Chosen<'_>,
    prepared: &Prepared,
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    let updated: Vec<&DatasetPlan> =
        chosen.iter().map(|(_, plan)| *plan).filter(|plan| plan.change == Change::Update).collect();
    let mut outcome = ahead(session, &updated, prepared.manner).await;
    if outcome.is_ok() {
        outcome = patiently(session, chosen, prepared).await;
    }
    match outcome {
        Err(errors) if is_busy(&errors) => {
            let made = updated.iter().any(|plan| !plan.works(prepared.manner, When::Before).is_empty());
            let imports = chosen.iter().flat_map(|(package, _)| package.manifest.imports.keys());
            let datasets: Vec<&Dbid> = chosen.iter().map(|(_, plan)| &plan.dbid).chain(imports).collect();
            let errors = blocked(session, &datasets, errors).await;
            Err(errors.into_iter().map(|it| if made { problems::kept_ahead(it) } else { it }).collect())
        }
        Ok(outcomes) if outcomes.iter().any(|it| it.done != Done::Unchanged) => Ok(outcomes),
        // Nothing was switched, or somebody else did it.
        outcome => {
            for plan in updated {
                online::undo(&mut session.client, plan, prepared.manner).await;
            }
            outcome
        }
    }
}

/// Does what deploys before left to do, and what has to be there before the switch.
async fn ahead(
    session: &mut Session,
    updated: &[&DatasetPlan],
    manner: Manner,
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    if updated.is_empty() {
        return Ok(Vec::new());
    }
    let one = |error: DeployError| vec![error];
    let client = &mut session.client;
    let dbids: Vec<&str> = updated.iter().map(|plan| plan.dbid.as_str()).collect();
    let pending = registry::pending(client, Some(&dbids)).await.map_err(one)?;
    for plan in updated {
        let dataset = (&plan.dbid, &plan.name);
        if pending.iter().any(|it| it.dbid == plan.dbid) {
            online::clear(client, dataset, Some(plan), manner).await.map_err(one)?;
            // Rows that do not fit may be what the new version mends.
            let left = online::finish(client, dataset, manner).await.err().unwrap_or_default();
            let stops: Vec<DeployError> =
                left.into_iter().filter(|error| error.code != Code::DataRefused).collect();
            if !stops.is_empty() {
                return Err(stops);
            }
        }
        online::prepare(client, plan, manner).await.map_err(one)?;
        online::ask(client, plan, manner).await.map_err(one)?;
    }
    Ok(Vec::new())
}

/// Tries to switch until nobody holds what it needs, or patience ends.
async fn patiently(
    session: &mut Session,
    chosen: &Chosen<'_>,
    prepared: &Prepared,
) -> Result<Vec<Outcome>, Vec<DeployError>> {
    let mut waiting = Waiting::new(prepared.manner);
    loop {
        match switch(session, chosen, prepared).await {
            Err(errors) if is_busy(&errors) && waiting.pause().await => {}
            done => return done,
        }
    }
}

/// What this deploy and those before it left to do, for all datasets it is about, changed or not.
async fn rest(session: &mut Session, prepared: &Prepared) -> Result<(), Vec<DeployError>> {
    let client = &mut session.client;
    let interfaces = || prepared.packages.iter().map(|package| &package.interface);
    let dbids: Vec<&str> = interfaces().map(|it| it.dbid.as_str()).collect();
    let pending = registry::pending(client, Some(&dbids)).await.map_err(|error| vec![error])?;
    let mut errors = Vec::new();
    for it in interfaces().filter(|it| pending.iter().any(|pending| pending.dbid == it.dbid)) {
        // If somebody is just at it, it is theirs to clear.
        let _ = online::clear(client, (&it.dbid, &it.name), None, prepared.manner).await;
        let done = online::finish(client, (&it.dbid, &it.name), prepared.manner).await;
        errors.extend(done.err().unwrap_or_default());
    }
    match errors.iter().any(|error| error.code == Code::DeployBusy) {
        true => {
            let datasets: Vec<&Dbid> = interfaces().map(|it| &it.dbid).collect();
            Err(blocked(session, &datasets, errors).await)
        }
        false if errors.is_empty() => Ok(()),
        false => Err(errors),
    }
}

/// The errors with who is in the way.
async fn blocked(session: &Session, datasets: &[&Dbid], mut errors: Vec<DeployError>) -> Vec<DeployError> {
    let found = registry::blockers(&session.client, datasets).await;
    if let Some(error) = errors.iter_mut().find(|error| error.code == Code::DeployBusy) {
        error.notes.extend(found);
    }
    errors
}
