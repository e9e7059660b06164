//! Every edit of a deployed schema that can be made is gone back from: tables, names, constraints and rows are as they were,
//! or the way back is refused because data is gone.

use crate::edits::catalog;
use crate::edits::table::{EDITS, Edit};
use crate::support::{block_on, database, session};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::{Consent, DeployError, apply, deploy_packages, prepare, prepare_back};
use kuneiform::deploy::{prepare_removal, remove};
use kuneiform::interface::{Dbid, Package};
use kuneiform::language::Name;
use kuneiform::migrate::Verdict;
use kuneiform::{Options, Sources, compile};

fn package(text: &str) -> Package {
    let mut sources = Sources::new();
    sources.add("shop.kf", format!("database shop;\n{text}"));
    compile(&sources, &Options::default()).packages.remove(0)
}

/// All rows of all tables, columns by name.
async fn rows(db: &Session) -> String {
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'ds_shop'::regnamespace AND relkind = 'r' ORDER BY 1";
    let mut text = String::new();
    for row in db.client.query(tables, &[]).await.unwrap() {
        let table: String = row.get(0);
        let sql = format!(
            "SELECT string_agg(to_jsonb(t)::text, E'\n' ORDER BY t.*::text) FROM ds_shop.\"{table}\" AS t"
        );
        let rows: Option<String> = db.client.query_one_scalar(&sql, &[]).await.unwrap();
        text += &format!("{table}\n{}\n", rows.unwrap_or_default());
    }
    text
}

async fn state(db: &Session) -> String {
    catalog::of(db).await + "\n" + &rows(db).await
}

async fn back(db: &mut Session, to: Option<i32>) -> Result<(), Vec<DeployError>> {
    let prepared = prepare_back(db, &[Dbid::network(&Name::new("shop"))], to).await?;
    apply(db, &prepared, Consent::ALL, &mut |_| {}).await.map(|_| ())
}

async fn took_data_away(db: &Session) -> bool {
    let sql = "SELECT destroyed FROM kf.version ORDER BY version DESC LIMIT 1";
    db.client.query_one_scalar(sql, &[]).await.unwrap()
}

fn same(what: &str, found: &str, wanted: &str) -> Result<(), String> {
    match found == wanted {
        true => Ok(()),
        false => Err(format!("{what}\n{}", catalog::difference(found, wanted))),
    }
}

fn is(code: &str, outcome: &Result<(), Vec<DeployError>>) -> Result<(), String> {
    match outcome {
        Err(errors) if errors[0].code.id() == code => Ok(()),
        other => Err(format!("wanted {code}: {other:#?}")),
    }
}

/// Edits without a way back: PostgreSQL has no conversion there that could be asked first what it loses.
const ONE_WAY: &[&str] = &["an array's elements grow"];

/// There, back, and there again; then nothing is left.
async fn played(db: &mut Session, edit: &Edit) -> Result<(), String> {
    let outcome = gone_through(db, edit).await;
    let shop = [Dbid::network(&Name::new("shop"))];
    let removal = prepare_removal(db, &shop).await.unwrap();
    remove(db, &removal, Consent::ALL).await.unwrap();
    outcome
}

async fn gone_through(db: &mut Session, edit: &Edit) -> Result<(), String> {
    deploy_packages(db, &[package(edit.before)], &mut |_| {}).await.unwrap();
    if !edit.rows.is_empty() {
        db.client.batch_execute(&format!("SET search_path = ds_shop; {}", edit.rows)).await.unwrap();
        db.client.batch_execute("RESET search_path").await.unwrap();
    }
    let before = state(db).await;
    let prepared = prepare(db, &[package(edit.after)]).await.unwrap();
    if prepared.plan.is_empty() {
        return is("KF0721", &back(db, None).await);
    }
    apply(db, &prepared, Consent::ALL, &mut |_| {}).await.unwrap();
    let after = state(db).await;
    if took_data_away(db).await {
        is("KF0722", &back(db, None).await)?;
        return same("refused, and changed", &state(db).await, &after);
    }
    if ONE_WAY.contains(&edit.name) {
        is("KF0712", &back(db, None).await)?;
        return same("refused, and changed", &state(db).await, &after);
    }
    back(db, None).await.map_err(|errors| format!("no way back: {errors:#?}"))?;
    same("back", &state(db).await, &before)?;
    is("KF0721", &back(db, None).await)?;
    if took_data_away(db).await {
        return is("KF0722", &back(db, Some(2)).await);
    }
    back(db, Some(2)).await.map_err(|errors| format!("no way there again: {errors:#?}"))?;
    same("there again", &state(db).await, &after)
}

#[test]
fn every_edit_is_gone_back_from() {
    let mut wrong = Vec::new();
    block_on(async {
        let mut db = session(&database().await).await;
        for edit in EDITS.iter().filter(|edit| edit.verdict != Verdict::Refused) {
            if let Err(why) = played(&mut db, edit).await {
                wrong.push(format!("## {}\n{why}", edit.name));
            }
        }
    });
    assert!(wrong.is_empty(), "{} of {}\n{}", wrong.len(), EDITS.len(), wrong.join("\n\n"));
}
