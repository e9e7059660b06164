//! Statements that are asked without naming them. A pooler that gives every transaction another server connection does not
//! keep prepared statements, so each statement travels with its values and their types in one go.

use tokio_postgres::types::{ToSql, Type as Wire};
use tokio_postgres::{Error, GenericClient, Row, Transaction};

use super::listen::{Values, told};

/// A type of values that has a type in PostgreSQL.
pub trait Typed {
    /// The type of one.
    const WIRE: Wire;
    /// The type of several.
    const MANY: Wire;
}

macro_rules! typed {
    ($($rust:ty: $one:ident $many:ident,)*) => {
        $(impl Typed for $rust { const WIRE: Wire = Wire::$one; const MANY: Wire = Wire::$many; })*
    };
}

typed! {
    str: TEXT TEXT_ARRAY,
    String: TEXT TEXT_ARRAY,
    bool: BOOL BOOL_ARRAY,
    i32: INT4 INT4_ARRAY,
    i64: INT8 INT8_ARRAY,
    u32: OID OID_ARRAY,
    [u8]: BYTEA BYTEA_ARRAY,
    Vec<u8>: BYTEA BYTEA_ARRAY,
}

impl<T: Typed + ?Sized> Typed for &T {
    const WIRE: Wire = T::WIRE;
    const MANY: Wire = T::MANY;
}

impl<T: Typed> Typed for Option<T> {
    const WIRE: Wire = T::WIRE;
    const MANY: Wire = T::MANY;
}

impl<T: Typed> Typed for Vec<T> {
    const WIRE: Wire = T::MANY;
    const MANY: Wire = T::MANY;
}

impl<T: Typed> Typed for [T] {
    const WIRE: Wire = T::MANY;
    const MANY: Wire = T::MANY;
}

/// A value that can be bound.
pub trait Bound: ToSql + Sync {
    /// The type it is sent as.
    fn wire(&self) -> Wire;
}

impl<T: Typed + ToSql + Sync> Bound for T {
    fn wire(&self) -> Wire {
        T::WIRE
    }
}

fn bound<'v>(values: &[&'v dyn Bound]) -> Vec<(&'v (dyn ToSql + Sync), Wire)> {
    values.iter().map(|value| (*value as &(dyn ToSql + Sync), value.wire())).collect()
}

/// All rows.
pub async fn rows(client: &impl GenericClient, sql: &str, values: &[&dyn Bound]) -> Result<Vec<Row>, Error> {
    typed(client, sql, &bound(values)).await
}

/// All rows, of values whose types are known only now.
pub async fn typed(client: &impl GenericClient, sql: &str, values: &Values<'_>) -> Result<Vec<Row>, Error> {
    let count = |rows: &Vec<Row>| u64::try_from(rows.len()).ok();
    told(sql, values, count, client.query_typed(sql, values)).await
}

/// The one row; an error if there are more or none.
pub async fn row(client: &impl GenericClient, sql: &str, values: &[&dyn Bound]) -> Result<Row, Error> {
    let values = bound(values);
    told(sql, &values, |_| Some(1), client.query_typed_one(sql, &values)).await
}

/// The row if there is one; an error if there are more.
pub async fn perhaps(
    client: &impl GenericClient,
    sql: &str,
    values: &[&dyn Bound],
) -> Result<Option<Row>, Error> {
    let values = bound(values);
    let count = |row: &Option<Row>| Some(u64::from(row.is_some()));
    told(sql, &values, count, client.query_typed_opt(sql, &values)).await
}

/// Runs a statement whose rows are of no interest, and gives how many there were.
pub async fn run(client: &impl GenericClient, sql: &str, values: &[&dyn Bound]) -> Result<u64, Error> {
    let values = bound(values);
    told(sql, &values, |count| Some(*count), client.execute_typed(sql, &values)).await
}

/// Runs statements that take no values and give no rows.
pub async fn batch(client: &impl GenericClient, sql: &str) -> Result<(), Error> {
    told(sql, &[], |()| None, client.batch_execute(sql)).await
}

/// Ends a transaction for good.
pub async fn commit(transaction: Transaction<'_>) -> Result<(), Error> {
    told("COMMIT", &[], |()| None, transaction.commit()).await
}
