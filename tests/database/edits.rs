//! Edits of a deployed schema: what the plan says of each, held against what PostgreSQL then does with rows in the
//! tables, and what is left afterwards against a fresh deploy of the new version.

pub mod catalog;
pub mod table;

use crate::support::{block_on, database, session};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::{Consent, DeployError, apply, deploy_packages, prepare, registry};
use kuneiform::interface::Package;
use kuneiform::migrate::{Lineage, Verdict};
use kuneiform::{Options, Sources, compile};
use table::{EDITS, Edit};

fn package(text: &str) -> Package {
    let mut sources = Sources::new();
    sources.add("shop.kf", format!("database shop;\n{text}"));
    let mut compiled = compile(&sources, &Options::default());
    assert_eq!(compiled.packages.len(), 1, "{text}\n{:#?}", compiled.diagnostics);
    compiled.packages.remove(0)
}

/// A database with the version before and its rows.
async fn before(edit: &Edit) -> Session {
    let mut db = session(&database().await).await;
    deploy_packages(&mut db, &[package(edit.before)], &mut |_| {}).await.unwrap();
    if !edit.rows.is_empty() {
        db.client.batch_execute(&format!("SET search_path = ds_shop; {}", edit.rows)).await.unwrap();
        db.client.batch_execute("RESET search_path").await.unwrap();
    }
    db
}

async fn fresh(edit: &Edit) -> String {
    let mut db = session(&database().await).await;
    deploy_packages(&mut db, &[package(edit.after)], &mut |_| {}).await.unwrap();
    catalog::of(&db).await
}

/// What is wrong with how an edit went, if anything.
async fn played(edit: &Edit, large: u64) -> Result<(), String> {
    let mut db = before(edit).await;
    let mut prepared = prepare(&db, &[package(edit.after)]).await.map_err(|errors| format!("{errors:#?}"))?;
    prepared.manner.large = large;
    let steps = || prepared.plan.datasets.iter().flat_map(|dataset| &dataset.steps);
    let told: Vec<String> = steps().map(|step| format!("{:?} {}", step.settled(), step.what)).collect();
    if prepared.plan.verdict() != edit.verdict {
        return Err(format!("wanted {:?}, said {told:#?}", edit.verdict));
    }
    for wanted in edit.says {
        let notes = |step: &kuneiform::migrate::Step| {
            let probes: Vec<String> = step.probes.iter().filter_map(|probe| probe.told()).collect();
            format!("{} {:?} {:?} {:?}", step.what, probes, step.notes, step.help)
        };
        let all: Vec<String> = steps().map(notes).collect();
        if !all.iter().any(|step| step.contains(wanted)) {
            return Err(format!("nothing says `{wanted}`: {all:#?}"));
        }
    }
    let unwilling = consent_but(edit.verdict);
    if let Some(unwilling) = unwilling {
        let refused: Vec<DeployError> = apply(&mut db, &prepared, unwilling, &mut |_| {}).await.unwrap_err();
        if edit.verdict != Verdict::Refused && refused[0].code.id() != "KF0723" {
            return Err(format!("without consent: {refused:#?}"));
        }
    }
    let stood = catalog::of(&db).await;
    match (edit.verdict, apply(&mut db, &prepared, Consent::ALL, &mut |_| {}).await) {
        (Verdict::Refused, Ok(_)) => Err("was refused and went".to_owned()),
        (Verdict::Refused, Err(_)) if catalog::of(&db).await != stood => {
            Err("refused, and changed".to_owned())
        }
        (Verdict::Refused, Err(_)) => forced(&mut db, &prepared).await,
        (_, Err(errors)) => Err(format!("{told:#?} failed: {errors:#?}")),
        (_, Ok(_)) => settled(&mut db, edit).await,
    }
}

/// A consent that does not do for a verdict.
fn consent_but(verdict: Verdict) -> Option<Consent> {
    match verdict {
        Verdict::Safe => None,
        Verdict::Breaking => Some(Consent { breaking: false, delete_data: true }),
        Verdict::Destructive | Verdict::Refused => Some(Consent { breaking: true, delete_data: false }),
    }
}

/// What was refused PostgreSQL refuses too, if there is SQL for it at all.
async fn forced(db: &mut Session, prepared: &kuneiform::deploy::Prepared) -> Result<(), String> {
    let transaction = db.client.transaction().await.unwrap();
    let all: Vec<&str> = prepared.plan.datasets.iter().flat_map(|dataset| dataset.sql()).collect();
    let impossible = prepared
        .plan
        .datasets
        .iter()
        .flat_map(|dataset| &dataset.steps)
        .any(|step| step.verdict == Verdict::Refused);
    for sql in all.iter().filter(|sql| !sql.starts_with("CREATE FUNCTION")) {
        if transaction.batch_execute(sql).await.is_err() {
            return Ok(());
        }
    }
    let narrows = all.iter().any(|sql| sql.contains(" TYPE "));
    // A narrower type rounds what it cannot hold, without a word.
    if impossible || narrows { Ok(()) } else { Err(format!("PostgreSQL takes {all:#?}")) }
}

/// Everything is as if the new version had been deployed into an empty database, and deploying again does nothing.
async fn settled(db: &mut Session, edit: &Edit) -> Result<(), String> {
    let (found, wanted) = (catalog::of(db).await, fresh(edit).await);
    if found != wanted {
        return Err(format!("catalog\n{}", catalog::difference(&found, &wanted)));
    }
    if !edit.left.is_empty() {
        let left: Option<String> = db.client.query_one_scalar(edit.left, &[]).await.unwrap();
        if left.as_deref() != Some("t") {
            return Err(format!("`{}` is {left:?}", edit.left));
        }
    }
    let pending = registry::pending(&db.client, None).await.unwrap();
    if !pending.is_empty() {
        return Err(format!("{pending:#?}"));
    }
    let again = prepare(db, &[package(edit.after)]).await.map_err(|errors| format!("{errors:#?}"))?;
    if again.plan.is_empty() { Ok(()) } else { Err(format!("again: {:#?}", again.plan)) }
}

async fn all_played(edits: &[&Edit], large: u64) {
    let mut wrong = Vec::new();
    for edit in edits {
        if let Err(why) = played(edit, large).await {
            wrong.push(format!("## {}\n{why}", edit.name));
        }
    }
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), edits.len(), wrong.join("\n\n"));
}

#[test]
fn every_edit_goes_as_its_plan_says() {
    block_on(all_played(&EDITS.iter().collect::<Vec<_>>(), u64::MAX));
}

/// True if a step of an edit looks through a table that stays.
fn looks_through(edit: &Edit) -> bool {
    let (old, new) = (package(edit.before), package(edit.after));
    let lineage = Lineage::told(&old.tables, &new.tables);
    let steps = kuneiform::migrate::tables(&old.interface.dbid, &old.tables, &new.tables, &lineage);
    edit.verdict != Verdict::Refused && steps.iter().flat_map(|step| &step.sql).any(|it| it.online.is_some())
}

/// With every table taken for a large one, what looks through tables is done before and after the switch, and comes to the
/// same.
#[test]
fn edits_that_look_through_tables_go_online() {
    let edits: Vec<&Edit> = EDITS.iter().filter(|edit| looks_through(edit)).collect();
    assert!(edits.len() > 15, "{}", edits.len());
    block_on(all_played(&edits, 0));
}
