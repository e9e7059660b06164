//! A login that has kf_public and nothing else, with a hand on the socket.

use kuneiform::deploy::connect::Session;
use kuneiform::language::Visibility;

use crate::support::programs::{context, deployed, function, login, network, state};
use crate::support::{block_on, session};

/// The refusals that are refusals: no right, no such role to become.
async fn refused(mallory: &Session, attack: &str) {
    let error = mallory.client.batch_execute(attack).await.expect_err(attack);
    assert!(["42501", "28000", "22023"].contains(&state(&error).as_str()), "{attack}: {error:?}");
    mallory.client.batch_execute("ROLLBACK").await.unwrap();
}

async fn column(db: &Session, sql: &str) -> Vec<String> {
    db.client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

#[test]
fn no_table_can_be_touched() {
    block_on(async {
        let url = deployed(&network()).await;
        let (admin, mallory) = (session(&url).await, login(&url, &["kf_public"]).await);
        let tables = column(
            &admin,
            "SELECT format('%I.%I', n.nspname, c.relname) FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
             WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f') AND (n.nspname = 'kf' OR n.nspname LIKE 'ds\\_%') ORDER BY 1",
        )
        .await;
        assert!(tables.len() >= 12, "{tables:?}");
        for table in &tables {
            for attack in [
                "SELECT * FROM {}",
                "SELECT count(*) FROM {}",
                "TABLE {}",
                "SELECT 1 FROM {} LIMIT 0",
                "INSERT INTO {} DEFAULT VALUES",
                "DELETE FROM {}",
                "TRUNCATE {}",
                "BEGIN; LOCK TABLE {}",
                "COPY {} TO STDOUT",
                "DROP TABLE {}",
                "ALTER TABLE {} DISABLE TRIGGER ALL",
                "CREATE INDEX ON {} ((1))",
                "COMMENT ON TABLE {} IS ''",
                "EXPLAIN ANALYZE SELECT * FROM {}",
                "GRANT SELECT ON {} TO PUBLIC",
                "SELECT * FROM {} FOR UPDATE",
                "DECLARE c CURSOR WITH HOLD FOR SELECT * FROM {}",
                "DEALLOCATE ALL; PREPARE p AS SELECT * FROM {}; EXECUTE p",
            ] {
                refused(&mallory, &attack.replace("{}", table)).await;
            }
        }
        let may = "SELECT DISTINCT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
                   WHERE (n.nspname = 'kf' OR n.nspname LIKE 'ds\\_%') AND c.relkind IN ('r', 'v', 'm', 'p', 'f')
                     AND (has_table_privilege(c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER')
                          OR has_any_column_privilege(c.oid, 'SELECT, INSERT, UPDATE, REFERENCES'))";
        assert_eq!(column(&mallory, may).await, [""; 0]);
    });
}

/// Public actions and only those; not one of the functions the registry has.
#[test]
fn the_functions_that_can_be_called_are_the_public_ones() {
    block_on(async {
        let network = network();
        let url = deployed(&network).await;
        let (admin, mallory, feeder) =
            (session(&url).await, login(&url, &["kf_public"]).await, login(&url, &["kf_oracle"]).await);
        let mut wanted: Vec<(String, Visibility)> = Vec::new();
        for package in &network {
            for (name, signature) in &package.interface.actions {
                let visibility = signature.modifiers.visibility;
                let function = function(package, name.as_str());
                let nulls = ", NULL".repeat(signature.parameters.len());
                let sql = format!("SELECT {function}({}{nulls})", context("'0xa'"));
                for (session, may) in [(&mallory, Visibility::Public), (&feeder, Visibility::Oracle)] {
                    let outcome = session.client.simple_query(&sql).await;
                    let denied = outcome.as_ref().is_err_and(|error| state(error) == "42501");
                    assert_eq!(denied, visibility != may, "{sql}: {outcome:?}");
                }
                wanted.push((format!("{}@{}", name, package.interface.name), visibility));
            }
        }
        let callable = "SELECT p.proname::text FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
                        WHERE (n.nspname = 'kf' OR n.nspname LIKE 'ds\\_%') AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1";
        for (session, may) in [(&mallory, Visibility::Public), (&feeder, Visibility::Oracle)] {
            let mut wanted: Vec<&String> =
                wanted.iter().filter(|(_, of)| *of == may).map(|(name, _)| name).collect();
            wanted.sort();
            assert_eq!(column(session, callable).await.iter().collect::<Vec<_>>(), wanted);
        }
        let all = column(
            &admin,
            "SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE p.pronamespace = 'kf'::regnamespace",
        )
        .await;
        assert!(all.len() >= 8, "{all:?}");
    });
}

#[test]
fn nothing_can_be_created() {
    block_on(async {
        let url = deployed(&network()).await;
        let mallory = login(&url, &["kf_public"]).await;
        for schema in ["ds_ens", "kf", "public", "pg_catalog", "pg_temp", "information_schema"] {
            for attack in [
                "CREATE TABLE {}.mine (id int)",
                "CREATE TABLE {}.mine AS SELECT 1",
                "SELECT 1 INTO {}.mine",
                "CREATE VIEW {}.mine AS SELECT 1",
                "CREATE SEQUENCE {}.mine",
                "CREATE TYPE {}.mine AS (a int)",
                "CREATE DOMAIN {}.mine AS int",
                "CREATE TYPE {}.mine AS ENUM ('a')",
                "CREATE MATERIALIZED VIEW {}.mine AS SELECT 1",
                "CREATE COLLATION {}.mine FROM \"C\"",
            ] {
                refused(&mallory, &attack.replace("{}", schema)).await;
            }
        }
        for attack in [
            "CREATE SCHEMA mine",
            "CREATE SCHEMA IF NOT EXISTS mine",
            "CREATE TEMP TABLE mine (id int)",
            "CREATE TEMP VIEW mine AS SELECT 1",
            "CREATE TEMP SEQUENCE mine",
            "SELECT 1 INTO TEMP mine",
            "DO 'BEGIN END'",
            "DO LANGUAGE plpgsql 'BEGIN END'",
            "CREATE FUNCTION pg_temp.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "CREATE FUNCTION ds_ens.mine() RETURNS int LANGUAGE sql RETURN 1",
            "CREATE PROCEDURE kf.mine() LANGUAGE plpgsql AS 'BEGIN END'",
            "CREATE OPERATOR kf.=== (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)",
            "CREATE EXTENSION plpgsql_check SCHEMA kf",
            "CREATE ROLE mine",
            "CREATE DATABASE mine",
            "CREATE EVENT TRIGGER mine ON ddl_command_start EXECUTE FUNCTION kf.x()",
            "CREATE CAST (text AS int) WITH INOUT AS IMPLICIT",
            "CREATE PUBLICATION mine FOR ALL TABLES",
            "CREATE FOREIGN DATA WRAPPER mine",
            "CREATE TABLESPACE mine LOCATION '/tmp'",
            "ALTER SYSTEM SET fsync = off",
            "COPY (SELECT 1) TO '/tmp/mine'",
            "COPY (SELECT 1) TO PROGRAM 'id'",
            "LOAD 'auto_explain'",
            "CHECKPOINT",
            "DROP SCHEMA ds_ens CASCADE",
            "DROP OWNED BY kf_owner",
            "REASSIGN OWNED BY kf_owner TO CURRENT_USER",
            "SET session_replication_role = replica",
            "ALTER FUNCTION ds_ens.\"get_ownership@ens\"(kf.ctx) RESET search_path",
            "ALTER DEFAULT PRIVILEGES FOR ROLE kf_owner GRANT ALL ON TABLES TO PUBLIC",
            "DROP FUNCTION ds_ens.\"get_ownership@ens\"(kf.ctx)",
            "ALTER ROLE kf_owner LOGIN",
            "GRANT kf_oracle TO CURRENT_USER",
            "SET log_statement = 'none'",
        ] {
            refused(&mallory, attack).await;
        }
    });
}

#[test]
fn no_other_role_can_be_taken() {
    block_on(async {
        let url = deployed(&network()).await;
        let mallory = login(&url, &["kf_public"]).await;
        for role in [
            "kf_owner",
            "kf_oracle",
            "kf_engine",
            "pg_read_all_data",
            "pg_write_all_data",
            "pg_execute_server_program",
            "kf",
        ] {
            for attack in [
                "SET ROLE {}",
                "SET LOCAL ROLE {}",
                "SET SESSION AUTHORIZATION {}",
                "SELECT set_config('role', '{}', false)",
            ] {
                refused(&mallory, &attack.replace("{}", role)).await;
            }
        }
        let me: bool =
            mallory.client.query_one_scalar("SELECT current_user = session_user", &[]).await.unwrap();
        assert!(me);
        // What it has it may be, which gives it nothing it did not have.
        mallory.client.batch_execute("SET ROLE kf_public").await.unwrap();
        refused(&mallory, "SET ROLE kf_oracle").await;
        refused(&mallory, "SELECT * FROM ds_ens.wallets").await;
    });
}

/// Functions of PostgreSQL that write, wait, lock, signal, read files, run SQL given as text or show what others wrote. Those that ask for
/// a superuser themselves are not among them.
const DANGEROUS: &str = "^(lo_.*|loread|lowrite|pg_sleep.*|pg_(try_)?advisory_.*|set_config|pg_notify|pg_(cancel|terminate)_backend|\
    .*_to_xml(schema|_and_xmlschema)?|ts_stat|ts_rewrite|pg_export_snapshot|pg_get_(functiondef|function_sqlbody|viewdef|triggerdef|ruledef)|\
    pg_logical_emit_message|nextval|setval|currval|lastval|pg_read_(binary_)?file|pg_ls_.*|pg_stat_file|pg_file_.*|pg_rotate_logfile|pg_reload_conf|\
    pg_promote|pg_switch_wal|pg_create_restore_point|pg_wal_replay_.*|pg_backup_.*|dblink.*|pg_stat_reset.*|pg_current_logfile|\
    pg_log_backend_memory_contexts)$";

#[test]
fn dangerous_functions_of_postgresql_are_taken_away() {
    block_on(async {
        let url = deployed(&network()).await;
        let mallory = login(&url, &["kf_public"]).await;
        let sql = format!(
            "SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE p.pronamespace = 'pg_catalog'::regnamespace AND p.proname ~ '{DANGEROUS}'
               AND has_function_privilege(p.oid, 'EXECUTE') AND p.prorettype <> 'trigger'::regtype ORDER BY 1"
        );
        assert_eq!(column(&mallory, &sql).await, [""; 0]);
        for attack in [
            "SELECT pg_sleep(1000)",
            "SELECT pg_advisory_lock(27494, 1)",
            "SELECT pg_advisory_xact_lock_shared(1)",
            "SELECT lo_create(0)",
            "SELECT query_to_xml('SELECT 1', true, true, '')",
            "SELECT pg_read_file('/etc/passwd')",
            "SELECT pg_ls_dir('/')",
            "SELECT pg_get_functiondef('kf.error'::regproc)",
            "SELECT pg_terminate_backend(1)",
            "SELECT set_config('kf.x', '1', false)",
            "SELECT pg_notify('a', 'b')",
            "SELECT ts_stat('SELECT 1')",
            "SELECT pg_logical_emit_message(false, 'a', 'b')",
            "SELECT pg_create_logical_replication_slot('a', 'pgoutput')",
            "SELECT pg_create_physical_replication_slot('a')",
            "SELECT pg_import_system_collations('pg_catalog')",
            "SELECT pg_read_file_old('PG_VERSION', 0, 1)",
            "SELECT pg_stop_making_pinned_objects()",
            "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')",
        ] {
            refused(&mallory, attack).await;
        }
    });
}
