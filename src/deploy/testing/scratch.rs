use super::{OWNER, Script, install};
use crate::deploy::apply::deploy_packages;
use crate::deploy::connect::{Session, Settings, ask, connect_to};
use crate::deploy::registry::{become_owner, ensure};
use crate::deploy::{DeployError, problems};
use crate::interface::{Package, Test};
use crate::pg::{Ident, print};

/// What databases for tests are made with, in this order.
#[derive(Clone, Copy, Debug)]
pub struct Contents<'a> {
    /// What is there before anything is deployed.
    pub scripts: &'a [Script],
    /// What is deployed.
    pub packages: &'a [Package],
    /// Whose functions are made.
    pub tests: &'a [Test],
}

/// Databases that are made for tests, all alike.
pub struct Scratch {
    server: Settings,
    names: Vec<Ident>,
}

impl Scratch {
    /// Makes `count` databases on the server of `server`. `name` begins their names.
    ///
    /// # Errors
    /// Every reason why that cannot be done. Nothing is left behind.
    pub async fn make(
        server: &Settings,
        name: &str,
        contents: Contents<'_>,
        count: usize,
    ) -> Result<Scratch, Vec<DeployError>> {
        let mut scratch = Scratch { server: server.clone(), names: Vec::new() };
        let made = scratch.fill(name, contents, count).await;
        match made {
            Ok(()) => Ok(scratch),
            Err(errors) => {
                let _ = scratch.remove().await;
                Err(errors)
            }
        }
    }

    async fn fill(
        &mut self,
        name: &str,
        contents: Contents<'_>,
        count: usize,
    ) -> Result<(), Vec<DeployError>> {
        let one = |error: DeployError| vec![error];
        let server = connect_to(&self.server).await.map_err(one)?;
        let first = Ident::new(format!("{name}_0"));
        create(&server, &first, None).await.map_err(one)?;
        self.names.push(first.clone());
        let mut session = self.session(0).await.map_err(one)?;
        ensure(&mut session).await.map_err(one)?;
        install(&self.settings(0), contents.scripts).await.map_err(one)?;
        deploy_packages(&mut session, contents.packages, &mut |_| {}).await?;
        prepare(&mut session, contents.tests).await.map_err(|error| one(problems::database(&error)))?;
        // A database with sessions cannot be copied.
        session.close().await;
        for number in 1..count {
            let copy = Ident::new(format!("{name}_{number}"));
            create(&server, &copy, Some(&first)).await.map_err(one)?;
            self.names.push(copy);
        }
        server.close().await;
        Ok(())
    }

    /// How many databases there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// True if there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// A session in one of them.
    pub async fn session(&self, number: usize) -> Result<Session, DeployError> {
        connect_to(&self.settings(number)).await
    }

    /// The way to one of them.
    fn settings(&self, number: usize) -> Settings {
        let database = self.names.get(number).or(self.names.first());
        let database = database.map_or_else(String::new, |name| name.as_str().to_owned());
        Settings { database, ..self.server.clone() }
    }

    /// Removes the databases, with whoever is in them.
    pub async fn remove(self) -> Result<(), DeployError> {
        let server = connect_to(&self.server).await?;
        for name in &self.names {
            drop_database(&server, name).await?;
        }
        server.close().await;
        Ok(())
    }
}

/// Removes databases of an earlier run that was killed: those whose name says so, and that nobody is in.
pub async fn sweep(server: &Settings, is_left: &dyn Fn(&str) -> bool) -> Result<(), DeployError> {
    const ALL: &str = "SELECT d.datname::text FROM pg_catalog.pg_database AS d WHERE d.datname LIKE 'kf\\_test\\_%' \
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_stat_activity AS a WHERE a.datname = d.datname) ORDER BY 1";
    let session = connect_to(server).await?;
    let rows = ask::rows(&session.client, ALL, &[]).await.map_err(|error| problems::database(&error))?;
    for name in rows.iter().map(|row| row.get::<_, String>(0)).filter(|name| is_left(name)) {
        drop_database(&session, &Ident::new(name)).await?;
    }
    session.close().await;
    Ok(())
}

async fn create(server: &Session, name: &Ident, template: Option<&Ident>) -> Result<(), DeployError> {
    let made = ask::batch(&server.client, &print::create_database(name, template)).await;
    made.map_err(|error| problems::database(&error))
}

async fn drop_database(server: &Session, name: &Ident) -> Result<(), DeployError> {
    let dropped = ask::batch(&server.client, &print::drop_database(name)).await;
    dropped.map_err(|error| problems::database(&error))
}

/// Makes the functions of the tests, and everything [`OWNER`]'s.
async fn prepare(session: &mut Session, tests: &[Test]) -> Result<(), tokio_postgres::Error> {
    let transaction = session.client.transaction().await?;
    become_owner(&transaction).await?;
    ask::run(&transaction, "UPDATE kf.dataset SET owner = $1 WHERE owner IS NULL", &[&OWNER]).await?;
    for test in tests {
        ask::batch(&transaction, &test.sql).await?;
    }
    ask::commit(transaction).await
}
