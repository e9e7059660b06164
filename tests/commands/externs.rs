//! Functions a host installs: what a deploy asks of them, who may call them, what is recorded of them.

use crate::support::programs::{call_of, function, login, packages, state};
use crate::support::{block_on, database, empty_database, session};
use kuneiform::Package;
use kuneiform::deploy::call::{CallError, Cell, call};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::{DeployError, Done, deploy_packages};

const MATH: &str = "extern math in tools;
    config places int default 2;
    function divide($a decimal(20,5), $b decimal(20,5)) view returns (decimal(20,5));
    function ranks($of text) view returns table(rank int, name text);
    function names($of text) view returns table(name text);
    function next($step int) returns (int);
    function ends($n int) view returns (low int, high int);
    function log($message text);
    function unused($message text);";

const SHOP: &str = "database shop;
    use math {places: 3} as m;
    table sales { id int primary, size decimal(20,5) not_null }
    action sell($size) public { $id := m.next(1); INSERT INTO sales (id, size) VALUES ($id, $size); m.log('sold'); }
    action third($of) public view returns (decimal(20,5)) { return m.divide($of, 3.0); }
    action ranked() public view {
        SELECT r.rank, r.name, n.name AS other FROM m.ranks('all') AS r JOIN m.names('all') AS n ON n.name = r.name;
    }
    action spread() public view returns (int) { $low, $high := m.ends(1); return $high - $low; }
    action thirds() public view { SELECT s.id, m.divide(s.size, 3.0) AS third FROM sales AS s; }";

const INSTALLED: &str = "CREATE SCHEMA tools;
    GRANT USAGE ON SCHEMA tools TO kf_reader;
    CREATE FUNCTION tools.divide(places int8, a numeric, b numeric) RETURNS numeric
      LANGUAGE sql STABLE AS 'SELECT round(a / b, places::int4)';
    CREATE FUNCTION tools.ranks(places int8, kind text) RETURNS TABLE (r int8, n text)
      LANGUAGE sql IMMUTABLE AS $$ VALUES (1, 'ann'), (2, 'bob') $$;
    CREATE FUNCTION tools.names(places int8, kind text) RETURNS SETOF text
      LANGUAGE sql IMMUTABLE AS $$ VALUES ('bob'), ('cat') $$;
    CREATE SEQUENCE tools.ids;
    CREATE FUNCTION tools.next(places int8, step int8) RETURNS int8
      LANGUAGE sql SECURITY DEFINER AS $$ SELECT nextval('tools.ids') $$;
    CREATE FUNCTION tools.ends(places int8, n int8, OUT low int8, OUT high int8) LANGUAGE sql STABLE AS 'SELECT n, n * 10';
    CREATE FUNCTION tools.log(places int8, message text) RETURNS void
      LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE USING ERRCODE = 'KF000', MESSAGE = message; END $$;";

fn shop() -> Vec<Package> {
    packages(&[MATH, SHOP], None)
}

/// What a deploy into `db` complains of; nothing if it succeeds.
async fn complaints(db: &mut Session) -> Vec<DeployError> {
    deploy_packages(db, &shop(), &mut |_| {}).await.err().unwrap_or_default()
}

/// The same, each as its message and help on a line, after `sql` was run.
async fn told_after(db: &mut Session, sql: &str) -> Vec<String> {
    db.client.batch_execute(sql).await.unwrap();
    let told = |error: DeployError| {
        assert_eq!(error.code.id(), "KF0719");
        format!("{} | {} | {}", error.message, error.notes.join("; "), error.help.unwrap_or_default())
    };
    complaints(db).await.into_iter().map(told).collect()
}

async fn schemas(db: &Session) -> i64 {
    let sql = "SELECT count(*) FROM pg_catalog.pg_namespace AS n WHERE n.nspname LIKE 'ds\\_%'";
    db.client.query_one(sql, &[]).await.unwrap().get(0)
}

/// Everything that is missing is told at once, nothing is made, and what the messages ask for helps.
#[test]
fn a_deploy_says_what_has_to_be_installed() {
    block_on(async {
        let mut db = session(&empty_database().await).await;
        let told = told_after(&mut db, "").await;
        assert_eq!(told.len(), 6, "{told:#?}");
        assert_eq!(
            told[0],
            "`shop` calls `math.divide`, which is not installed | there is no schema \"tools\" | install it: CREATE \
             FUNCTION \"tools\".\"divide\"(\"places\" int8, \"a\" numeric, \"b\" numeric) RETURNS numeric STABLE .."
        );
        assert!(
            told[1].ends_with("(\"places\" int8, \"n\" int8, OUT \"low\" int8, OUT \"high\" int8) STABLE ..")
        );
        assert!(
            told[2].ends_with("\"log\"(\"places\" int8, \"message\" text) RETURNS void .."),
            "{}",
            told[2]
        );
        assert!(told[5].ends_with("RETURNS TABLE (\"rank\" int8, \"name\" text) STABLE .."), "{}", told[5]);
        assert_eq!(schemas(&db).await, 0);
        assert_eq!(told_after(&mut db, INSTALLED).await, [""; 0]);
        assert_eq!(schemas(&db).await, 1);
        let again = deploy_packages(&mut db, &shop(), &mut |_| {}).await.unwrap();
        assert_eq!(again[0].done, Done::Unchanged);
        db.close().await;
    });
}

/// Each way in which an installed function can be another than the declared one.
#[test]
fn a_function_that_is_not_as_declared_is_refused() {
    let cases: &[(&str, &[&str])] = &[
        (
            "DROP FUNCTION tools.divide; CREATE FUNCTION tools.divide(places int8, a numeric, b float8) RETURNS numeric \
             LANGUAGE sql STABLE AS 'SELECT a'",
            &[
                "`shop` calls `math.divide`, which is not installed with the parameters its interface file declares | \
               installed is tools.divide(bigint,numeric,double precision) |",
            ],
        ),
        (
            "DROP FUNCTION tools.divide; CREATE FUNCTION tools.divide(places int8, a numeric, b numeric) RETURNS float8 \
             LANGUAGE sql STABLE AS 'SELECT 1::float8'",
            &["`math.divide` does not give back what its interface file declares, but double precision |"],
        ),
        (
            "DROP FUNCTION tools.divide; CREATE FUNCTION tools.divide(places int8, a numeric, b numeric) RETURNS SETOF \
             numeric LANGUAGE sql STABLE AS 'SELECT a'",
            &["`math.divide` does not give back what its interface file declares, but SETOF numeric |"],
        ),
        (
            "DROP FUNCTION tools.divide; CREATE AGGREGATE tools.divide(int8, numeric, numeric) (SFUNC = tools.sum, STYPE = numeric)",
            &["`shop` calls `math.divide`, which is not installed with the parameters"],
        ),
        (
            "DROP FUNCTION tools.ranks; CREATE FUNCTION tools.ranks(places int8, kind text) RETURNS TABLE (n text, r int8) \
             LANGUAGE sql STABLE AS $$ VALUES ('a', 1) $$",
            &[
                "`math.ranks` does not give back what its interface file declares, but TABLE(n text, r bigint) |",
            ],
        ),
        (
            "DROP FUNCTION tools.ranks; CREATE FUNCTION tools.ranks(places int8, kind text, OUT r int8, OUT n text) \
             LANGUAGE sql STABLE AS $$ VALUES (1, 'a') $$",
            &["`math.ranks` does not give back what its interface file declares, but record |"],
        ),
        (
            "DROP FUNCTION tools.log; CREATE FUNCTION tools.log(places int8, message text) RETURNS text \
             LANGUAGE sql AS 'SELECT message'",
            &["`math.log` does not give back what its interface file declares, but text |"],
        ),
        (
            "ALTER FUNCTION tools.divide VOLATILE",
            &[
                "`math.divide` is declared `view`, and is installed as VOLATILE |  | if it only reads: ALTER FUNCTION \
               \"tools\".\"divide\"(int8, numeric, numeric) STABLE; else leave `view` out",
            ],
        ),
        (
            "REVOKE EXECUTE ON FUNCTION tools.divide, tools.log FROM PUBLIC; GRANT EXECUTE ON FUNCTION tools.log TO kf_reader",
            &[
                "the role `kf_reader`, which views run as, may not execute `math.divide` |  | run GRANT EXECUTE ON FUNCTION \
               \"tools\".\"divide\"(int8, numeric, numeric) TO kf_reader",
            ],
        ),
        (
            "REVOKE EXECUTE ON FUNCTION tools.log FROM PUBLIC",
            &[
                "the role `kf_owner`, which actions run as, may not execute `math.log` |  | run GRANT EXECUTE ON",
            ],
        ),
        (
            "REVOKE USAGE ON SCHEMA tools FROM kf_reader; GRANT USAGE ON SCHEMA tools TO kf_owner; \
             ALTER FUNCTION tools.ends VOLATILE",
            &[
                "the role `kf_reader`, which views run as, may not use the schema of `math.divide` |  | run GRANT USAGE ON \
               SCHEMA \"tools\" TO kf_reader",
                "`math.ends` is declared `view`",
                "the role `kf_reader`, which views run as, may not use the schema of `math.ends`",
                "the role `kf_reader`, which views run as, may not use the schema of `math.names`",
                "the role `kf_reader`, which views run as, may not use the schema of `math.ranks`",
            ],
        ),
    ];
    block_on(async {
        for (change, wanted) in cases {
            let mut db = session(&database().await).await;
            let sum = "CREATE FUNCTION tools.sum(state numeric, p int8, a numeric, b numeric) RETURNS numeric LANGUAGE sql \
                       IMMUTABLE AS 'SELECT state + a'";
            db.client.batch_execute(&format!("{INSTALLED}; {sum}")).await.unwrap();
            let told = told_after(&mut db, change).await;
            let fits = told.len() == wanted.len() && told.iter().zip(*wanted).all(|(a, b)| a.starts_with(b));
            assert!(fits, "{change}\nwanted {wanted:#?}\nfound {told:#?}");
            assert_eq!(schemas(&db).await, 0);
            db.close().await;
        }
    });
}

/// A deployed dataset whose functions went away is not deployed again, and stays as it is.
#[test]
fn what_went_away_is_told_when_deploying_again() {
    block_on(async {
        let mut db = session(&database().await).await;
        assert_eq!(told_after(&mut db, INSTALLED).await, [""; 0]);
        let told = told_after(&mut db, "DROP FUNCTION tools.ends").await;
        assert_eq!(told.len(), 1, "{told:#?}");
        assert!(told[0].starts_with("`shop` calls `math.ends`, which is not installed |  | install it:"));
        call(&mut db, &call_of("shop.third", "bob", &["1"])).await.unwrap();
        let Err(CallError::Fault(fault)) = call(&mut db, &call_of("shop.spread", "bob", &[])).await else {
            panic!("a function that is not there was called")
        };
        assert_eq!((fault.code.as_str(), fault.sqlstate.as_str()), ("KF0719", "42883"));
        assert_eq!(
            fault.message,
            "the extern function `math.ends` cannot be called: function tools.ends(bigint, bigint) does not exist"
        );
        for (change, path) in [
            ("REVOKE EXECUTE ON FUNCTION tools.divide FROM PUBLIC", "math.divide"),
            ("REVOKE ALL ON SCHEMA tools FROM kf_reader", "math.divide"),
            ("DROP SCHEMA tools CASCADE", "math.divide"),
        ] {
            db.client.batch_execute(change).await.unwrap();
            let Err(CallError::Fault(fault)) = call(&mut db, &call_of("shop.third", "bob", &["1"])).await
            else {
                panic!("{change}")
            };
            assert_eq!(fault.code, "KF0719", "{change}: {}", fault.message);
            assert!(fault.message.contains(path) && fault.trace.len() == 1, "{fault:?}");
        }
        db.close().await;
    });
}

/// Callers reach an installed function through actions alone, and need no right to it.
#[test]
fn callers_need_no_right_to_what_an_action_calls() {
    block_on(async {
        let url = database().await;
        let mut admin = session(&url).await;
        let closed = "REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA tools FROM PUBLIC;
                      GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA tools TO kf_reader";
        assert_eq!(told_after(&mut admin, &format!("{INSTALLED} {closed}")).await, [""; 0]);
        call(&mut admin, &call_of("shop.sell", "bob", &["10"])).await.unwrap();
        admin.close().await;
        let mut mallory = login(&url, &["kf_public", "kf_engine"]).await;
        let sold = call(&mut mallory, &call_of("shop.sell", "mallory", &["20"])).await.unwrap();
        assert_eq!(sold.notices, ["sold"]);
        let thirds = call(&mut mallory, &call_of("shop.thirds", "mallory", &[])).await.unwrap();
        let row = |id: &str, third: &str| vec![Cell::One(id.into()), Cell::One(third.into())];
        assert_eq!(thirds.rows, [row("1", "3.33300"), row("2", "6.66700")]);
        for sql in ["SELECT tools.divide(2, 1, 3)", "SELECT tools.next(2, 1)", "SELECT nextval('tools.ids')"]
        {
            let error = mallory.client.query(sql, &[]).await.unwrap_err();
            assert_eq!(state(&error), "42501", "{sql}");
        }
        mallory.close().await;
    });
}

/// What fails inside an installed function is that function's fault.
#[test]
fn a_function_that_fails_is_named() {
    let bodies = [
        ("LANGUAGE sql STABLE AS 'SELECT ''NaN''::numeric'", "KF0802", "a decimal must be a number"),
        (
            "LANGUAGE plpgsql STABLE AS 'BEGIN RETURN (SELECT n FROM nowhere); END'",
            "KF0803",
            "`math.divide` failed: relation",
        ),
        ("LANGUAGE sql STABLE AS 'SELECT pg_catalog.to_number(''x'', b::text)'", "KF0802", ""),
        (
            "LANGUAGE plpgsql STABLE AS 'BEGIN RAISE ''not today''; END'",
            "KF0803",
            "not today (SQLSTATE P0001)",
        ),
        ("LANGUAGE plpgsql STABLE AS 'BEGIN RETURN 10 ^ 40; END'", "KF0802", "numeric field overflow"),
    ];
    block_on(async {
        let mut db = session(&database().await).await;
        assert_eq!(told_after(&mut db, INSTALLED).await, [""; 0]);
        for (body, code, message) in bodies {
            let sql = format!(
                "CREATE OR REPLACE FUNCTION tools.divide(places int8, a numeric, b numeric) RETURNS numeric {body}"
            );
            db.client.batch_execute(&sql).await.unwrap();
            let Err(CallError::Fault(fault)) = call(&mut db, &call_of("shop.third", "bob", &["1"])).await
            else {
                panic!("{body}")
            };
            assert_eq!(fault.code, code, "{}", fault.message);
            assert!(fault.message.contains(message), "{}", fault.message);
        }
        db.close().await;
    });
}

/// A view stays unable to write, whatever a host installs in its place without rights of its own.
#[test]
fn a_function_without_rights_of_its_own_writes_nothing_for_a_view() {
    block_on(async {
        let mut db = session(&database().await).await;
        assert_eq!(told_after(&mut db, INSTALLED).await, [""; 0]);
        db.client
            .batch_execute(
                "CREATE OR REPLACE FUNCTION tools.divide(places int8, a numeric, b numeric) RETURNS numeric
                 LANGUAGE plpgsql VOLATILE AS $$ BEGIN INSERT INTO ds_shop.sales (id, size) VALUES (9, a); RETURN a; END $$",
            )
            .await
            .unwrap();
        let Err(CallError::Fault(fault)) = call(&mut db, &call_of("shop.third", "bob", &["1"])).await else {
            panic!("a view wrote")
        };
        assert_eq!(fault.code, "KF006");
        db.close().await;
    });
}

/// What is called is part of the interface and of its hash; what is only declared is not, nor how a `use` configures it.
#[test]
fn the_interface_says_what_is_called() {
    let [package] = shop().try_into().unwrap();
    let paths = ["math.divide", "math.ends", "math.log", "math.names", "math.next", "math.ranks"];
    assert!(package.interface.externs.keys().eq(paths), "{:?}", package.interface.externs);
    assert!(package.manifest.externs.keys().eq(paths));
    let of = |action: &str| &package.manifest.actions[action].externs;
    assert!(of("sell").iter().eq(["math.log", "math.next"]) && of("third").iter().eq(["math.divide"]));
    assert!(package.statements.iter().all(|statement| !statement.object.contains("tools")));
    assert_eq!(function(&package, "third"), "\"ds_shop\".\"third@shop\"");

    let hash = |math: &str, shop: &str| {
        let [package] = packages(&[math, shop], None).try_into().unwrap();
        package.interface.hash()
    };
    let same = hash(MATH, SHOP);
    assert_eq!(hash(&MATH.replace("unused($message text)", "unused()"), SHOP), same);
    assert_eq!(hash(MATH, &SHOP.replace("places: 3", "places: 4")), same);
    assert_ne!(hash(&MATH.replace("log($message text)", "log($message text, $n int default 1)"), SHOP), same);
    assert_ne!(hash(&MATH.replace("in tools", "in other_tools"), SHOP), same);
}
