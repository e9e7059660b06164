use tokio_postgres::GenericClient;

use crate::deploy::connect::ask;
use crate::deploy::{DeployError, problems};
use crate::diagnostics::{Code, nearest};
use crate::interface::{Dbid, Owner};
use crate::language::Name;

const FIND: &str = "SELECT d.dbid, d.owner FROM kf.dataset AS d WHERE d.dbid = $1 OR d.dbid = $2 OR d.name = $2 \
     ORDER BY d.dbid = $1 OR d.dbid = $2 DESC, d.owner, d.dbid";

/// The DBID of the dataset called `text`, which is a DBID, a name only one owner uses, or `OWNER.NAME`. A network schema's
/// DBID is its name, so a bare name means that one first.
///
/// # Errors
/// If there is none, or several; then with what each of them is called.
pub async fn find(client: &impl GenericClient, text: &str) -> Result<Dbid, DeployError> {
    let owned =
        text.rsplit_once('.').map(|(owner, name)| Dbid::owned(&Name::new(name), &Owner(owner.to_owned())));
    let dbid = owned.as_ref().map_or(text, Dbid::as_str);
    let name = Name::new(text);
    let rows = ask::rows(client, FIND, &[&dbid, &name.as_str()]).await;
    let rows = rows.map_err(|error| problems::database(&error))?;
    let found: Vec<(String, Option<String>)> = rows.iter().map(|row| (row.get(0), row.get(1))).collect();
    match found.as_slice() {
        [] => Err(unknown(text, &names(client).await?)),
        [(one, _)] => Ok(Dbid::recorded(one)),
        [(exact, _), ..] if exact == dbid || exact == name.as_str() => Ok(Dbid::recorded(exact)),
        several => Err(ambiguous(text, several)),
    }
}

async fn names(client: &impl GenericClient) -> Result<Vec<String>, DeployError> {
    let rows = ask::rows(client, "SELECT d.name FROM kf.dataset AS d ORDER BY 1", &[]).await;
    Ok(rows.map_err(|error| problems::database(&error))?.iter().map(|row| row.get(0)).collect())
}

fn unknown(text: &str, names: &[String]) -> DeployError {
    let message = format!("no dataset `{text}` is deployed in this database");
    let error = DeployError::new(Code::DatasetUnknown, message);
    match nearest(text, names.iter().map(String::as_str)) {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error.help("deploy it with `kf deploy`; `kf db url` shows which database is asked"),
    }
}

fn ambiguous(text: &str, several: &[(String, Option<String>)]) -> DeployError {
    let error = DeployError::new(Code::DatasetUnknown, format!("several datasets are called `{text}`"));
    let called = |(dbid, owner): &(String, Option<String>)| match owner {
        Some(owner) => format!("`{owner}.{text}` is {dbid}"),
        None => format!("`{dbid}`"),
    };
    several.iter().map(called).fold(error, DeployError::note).help("name it as `OWNER.NAME` or by its DBID")
}
