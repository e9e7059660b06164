//! What a server must be set to before it may run blocks.

use tokio_postgres::GenericClient;

use super::EngineError;

/// What a setting must be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// This value.
    Is(&'static str),
    /// Any value but this one.
    Not(&'static str),
    /// A number at least as large, in the setting's unit.
    AtLeast(i64),
}

/// A setting that is looked at. Those that a transaction may set for itself are pinned instead, in `pin.sql`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Setting {
    /// Its name; a server whose version does not have it yet is fine.
    pub name: &'static str,
    /// What it must be.
    pub wanted: Wanted,
    /// What would differ.
    pub why: &'static str,
    /// True if only what survives a power cut depends on it.
    pub durability: bool,
}

/// Every setting that is looked at.
pub const SETTINGS: &[Setting] = &[
    must("server_encoding", Wanted::Is("UTF8"), "texts and their lengths"),
    must("integer_datetimes", Wanted::Is("on"), "the form of times on the wire"),
    must("session_replication_role", Wanted::Is("origin"), "foreign keys and triggers would not fire"),
    must("max_stack_depth", Wanted::AtLeast(2048), "calls that others can make would end in 54001"),
    must("zero_damaged_pages", Wanted::Is("off"), "damaged rows would vanish silently"),
    must("ignore_checksum_failure", Wanted::Is("off"), "damaged rows would be read"),
    must("ignore_system_indexes", Wanted::Is("off"), "the catalog would be read another way"),
    must("ignore_invalid_pages", Wanted::Is("off"), "damaged pages would be skipped in recovery"),
    must("allow_system_table_mods", Wanted::Is("off"), "the catalog could be changed"),
    must("plpgsql.extra_errors", Wanted::Is("none"), "functions would raise what they do not elsewhere"),
    must("plpgsql.check_asserts", Wanted::Is("on"), "assertions of externs would be skipped"),
    must("gin_fuzzy_search_limit", Wanted::Is("0"), "searches would leave rows out"),
    must("track_counts", Wanted::Is("on"), "tables that were written to would not be hashed anew"),
    must("in_hot_standby", Wanted::Is("off"), "a standby cannot write"),
    durable("fsync", Wanted::Is("on")),
    durable("full_page_writes", Wanted::Is("on")),
    durable("synchronous_commit", Wanted::Not("off")),
];

const fn must(name: &'static str, wanted: Wanted, why: &'static str) -> Setting {
    Setting { name, wanted, why, durability: false }
}

const fn durable(name: &'static str, wanted: Wanted) -> Setting {
    Setting {
        name,
        wanted,
        why: "a block that was acknowledged could be lost in a power cut",
        durability: true,
    }
}

impl Wanted {
    fn holds(self, found: &str) -> bool {
        match self {
            Wanted::Is(value) => found == value,
            Wanted::Not(value) => found != value,
            Wanted::AtLeast(least) => found.parse::<i64>().is_ok_and(|found| found >= least),
        }
    }

    fn shown(self) -> String {
        match self {
            Wanted::Is(value) => format!("`{value}`"),
            Wanted::Not(value) => format!("anything but `{value}`"),
            Wanted::AtLeast(least) => format!("at least {least}"),
        }
    }
}

/// Looks at the settings of a session; those of durability only if `durable`.
///
/// # Errors
/// [`EngineError::Setting`] with the first that is wrong.
pub(super) async fn check(client: &impl GenericClient, durable: bool) -> Result<(), EngineError> {
    let names: Vec<&str> = SETTINGS.iter().map(|setting| setting.name).collect();
    let sql = "SELECT s.name, s.setting FROM pg_catalog.pg_settings AS s WHERE s.name = ANY ($1)";
    let rows =
        client.query(sql, &[&names]).await.map_err(|error| EngineError::halt("its settings", &error))?;
    for setting in SETTINGS.iter().filter(|setting| durable || !setting.durability) {
        let row = rows.iter().find(|row| row.get::<_, &str>(0) == setting.name);
        let Some(found) = row.map(|row| row.get::<_, String>(1)) else { continue };
        if !setting.wanted.holds(&found) {
            return Err(refusal(setting, found));
        }
    }
    Ok(())
}

fn refusal(setting: &Setting, found: String) -> EngineError {
    let (name, why) = (setting.name.to_owned(), setting.why.to_owned());
    EngineError::Setting { name, found, wanted: setting.wanted.shown(), why }
}
