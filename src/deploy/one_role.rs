//! Deploying where there is one role instead of several: nothing is handed over and nothing granted.

use tokio_postgres::Transaction;

use super::connect::ask;
use crate::interface::{Package, StatementKind};
use crate::pg::{Ident, Schema, print};

/// `CREATE SCHEMA "ds_ens";`, which grants nothing.
pub fn schema(package: &Package) -> String {
    print::private_schema(&Schema { name: Ident::new(package.interface.dbid.pg_schema()) })
}

/// Puts `alone` where `statements` make the dataset's schema.
pub fn replace<'s>(statements: &mut [&'s str], package: &'s Package, alone: &'s str) {
    let made =
        package.statements.iter().find(|it| it.kind == StatementKind::Schema).map(|it| it.sql.as_str());
    for statement in statements.iter_mut().filter(|statement| Some(**statement) == made) {
        *statement = alone;
    }
}

/// Takes away what PostgreSQL lets everybody do with new functions.
pub async fn close(transaction: &Transaction<'_>, package: &Package) -> Result<(), tokio_postgres::Error> {
    let schema = package.interface.dbid.pg_schema();
    ask::run(transaction, "SELECT kf.clear_grants($1)", &[&schema]).await.map(|_| ())
}
