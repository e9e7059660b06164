//! Which steps are done online: those that look through a table of some size.

use tokio_postgres::Client;

use crate::deploy::Manner;
use crate::deploy::connect::ask;
use crate::deploy::plan::{DatasetPlan, Plan};
use crate::language::Name;
use crate::migrate::{Move, Online, Step, When, Work};

/// Sizes of the tables of a schema; none for a login that has not all rights of their owner outside of a transaction too.
const SIZES: &str = "SELECT c.relname::text, pg_relation_size(c.oid) FROM pg_catalog.pg_class AS c \
     JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace \
     WHERE n.nspname = $1 AND c.relkind = 'r' AND pg_has_role(current_user, c.relowner, 'USAGE')";

/// Asks how large the tables are that steps look through.
///
/// # Errors
/// The database's.
pub async fn measure(client: &Client, plan: &mut Plan) -> Result<(), tokio_postgres::Error> {
    for dataset in &mut plan.datasets {
        let looked: Vec<Name> = onlines(dataset).map(|online| online.table.clone()).collect();
        if looked.is_empty() {
            continue;
        }
        for row in ask::rows(client, SIZES, &[&dataset.dbid.pg_schema()]).await? {
            let (table, bytes) = (Name::new(row.get(0)), row.get::<_, i64>(1));
            if looked.contains(&table) {
                dataset.sizes.insert(table, bytes.unsigned_abs());
            }
        }
    }
    Ok(())
}

fn onlines(dataset: &DatasetPlan) -> impl Iterator<Item = &Online> {
    dataset.steps.iter().flat_map(|step| &step.sql).filter_map(|it| it.online.as_ref())
}

impl DatasetPlan {
    /// What is done instead of a statement, if its table is large.
    pub fn online<'p>(&self, it: &'p Move, manner: Manner) -> Option<&'p Online> {
        let is_large =
            |online: &&Online| self.sizes.get(&online.table).is_some_and(|size| *size >= manner.large);
        it.online.as_ref().filter(is_large)
    }

    /// The statements of the transaction, in the order they run.
    pub(in crate::deploy) fn within(&self, manner: Manner) -> Vec<&str> {
        let mut moves: Vec<&Move> = self.steps.iter().flat_map(|step| &step.sql).collect();
        moves.sort_by_key(|it| it.phase);
        moves
            .into_iter()
            .flat_map(|it| match self.online(it, manner) {
                Some(online) => online.within.iter().map(String::as_str).collect::<Vec<&str>>(),
                None => vec![it.sql.as_str()],
            })
            .collect()
    }

    /// What is done outside of the transaction.
    pub(in crate::deploy) fn works(&self, manner: Manner, when: When) -> Vec<&Work> {
        let moves = self.steps.iter().flat_map(|step| &step.sql);
        let onlines = moves.filter_map(|it| self.online(it, manner));
        onlines.filter(|online| online.when == when).map(|online| &online.work).collect()
    }

    /// True if a step is done online, at least in part.
    pub(in crate::deploy) fn is_online(&self, step: &Step, manner: Manner) -> bool {
        step.sql.iter().any(|it| self.online(it, manner).is_some())
    }
}
