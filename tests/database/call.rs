//! Calling actions of hand-written packages: values in and out, roles, errors with their places, an untrusted login.

use crate::support::packages::{Action, Draft, column, ens, social, table};
use crate::support::programs::call_of;
use crate::support::{block_on, database, session};
use kuneiform::deploy::call::{Answer, Call, CallError, Cell, Context, Fault, Given, Kind, Role, call};
use kuneiform::deploy::connect::{Session, connect};
use kuneiform::deploy::{DeployError, deploy_packages};
use kuneiform::diagnostics::Code;
use kuneiform::interface::{Package, Returns};

fn of(target: &str, words: &[&str]) -> Call {
    call_of(target, "0xa", words)
}

async fn ok(db: &mut Session, target: &str, words: &[&str]) -> Answer {
    call(db, &of(target, words)).await.unwrap()
}

async fn refusal(db: &mut Session, wanted: &Call) -> DeployError {
    match call(db, wanted).await {
        Err(CallError::Refused(error)) => *error,
        other => panic!("{other:?}"),
    }
}

async fn fault(db: &mut Session, wanted: &Call) -> Fault {
    match call(db, wanted).await {
        Err(CallError::Fault(fault)) => *fault,
        other => panic!("{other:?}"),
    }
}

async fn deployed(packages: &[Package]) -> Session {
    let mut db = session(&database().await).await;
    deploy_packages(&mut db, packages, &mut |_| {}).await.unwrap();
    db
}

fn one(text: &str) -> Cell {
    Cell::One(text.into())
}

fn as_oracle(target: &str, words: &[&str]) -> Call {
    Call { role: Role::Oracle, ..of(target, words) }
}

fn action<'a>(
    name: &'a str,
    parameters: &'a [(&'a str, &'a str)],
    modifiers: &'a str,
    returns: Returns,
    body: &'a str,
) -> Action<'a> {
    Action { name, parameters, modifiers, returns, body, spliced: &[] }
}

#[test]
fn the_example_network_works() {
    block_on(async {
        let ens = ens();
        let mut db = deployed(&[ens.clone(), social(&ens)]).await;
        call(&mut db, &as_oracle("ens.create_wallet", &["w1", "0xa"])).await.unwrap();
        assert_eq!(ok(&mut db, "ens.create_name", &["n1", "satoshi", "w1"]).await, Answer::default());
        ok(&mut db, "Social_Network.MAKE_POST", &["p1", "it's a \"post\"\n$1 \\", "satoshi"]).await;
        let answer = ok(&mut db, "social_network.get_author_posts", &["0xa"]).await;
        assert_eq!(answer.rows, [[one("it's a \"post\"\n$1 \\"), one("satoshi")]]);
        assert_eq!(answer.columns, [column("text", "text"), column("author", "text")]);
        assert!(ok(&mut db, "social_network.get_author_posts", &["0xb"]).await.rows.is_empty());
    });
}

#[test]
fn an_error_names_the_line_and_the_calls_that_led_to_it() {
    block_on(async {
        let ens = ens();
        let mut db = deployed(&[ens.clone(), social(&ens)]).await;
        let fault = fault(&mut db, &of("social_network.make_post", &["p1", "x", "nobodys"])).await;
        assert_eq!(
            (fault.kind, fault.code.as_str(), fault.message.as_str()),
            (Kind::Raised, "KF001", "the name is not your own")
        );
        let places: Vec<String> = fault
            .trace
            .iter()
            .map(|place| {
                let at = place.at.unwrap();
                let text = &place.source[at.start as usize..at.end as usize];
                format!("{}:{}:{} {}.{} {text}", place.path, at.line, at.column, place.dataset, place.action)
            })
            .collect();
        assert_eq!(places.len(), 2, "{places:?}");
        assert!(places[0].starts_with("ens.kf:9:3 ens.assert_owns_name RAISE EXCEPTION"), "{places:?}");
        assert!(
            places[1].starts_with("social_network.kf:4:3 social_network.make_post PERFORM"),
            "{places:?}"
        );
        assert_eq!(
            db.client
                .query_one_scalar::<i64, _>("SELECT count(*) FROM ds_social_network.posts", &[])
                .await
                .unwrap(),
            0
        );
    });
}

#[test]
fn every_type_goes_in_and_out() {
    block_on(async {
        let types = [
            "int",
            "text",
            "bool",
            "blob",
            "uuid",
            "decimal(10,2)",
            "uint256",
            "int[]",
            "text[]",
            "blob[]",
            "uint256[]",
            "decimal(5,1)[]",
            "bool[]",
        ];
        let names: Vec<String> = (0..types.len()).map(|index| format!("v{index}")).collect();
        let parameters: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(types).collect();
        let listed = names.iter().map(|name| format!("\"${name}\"")).collect::<Vec<_>>().join(", ");
        let body = format!("  RETURN QUERY SELECT {listed};");
        let echo = action("echo", &parameters, "public view", table(&parameters), &body);
        let mut db = deployed(&[Draft::new("all").action(echo).package()]).await;
        let largest = "115792089237316195423570985008687907853269984665640564039457584007913129639935";
        let uuid = "67e55044-10b1-426f-9247-bb680e5fe0c8";
        let numbers = format!("[\"{largest}\",0,null]");
        let words = [
            "-9223372036854775808",
            "ß'\"\\{}",
            "false",
            "0x00ff",
            uuid,
            "-12345678.90",
            largest,
            "[1,null,-3]",
            "[\"a,b\",\"{\\\"\",null,\"\",\"null\"]",
            "[\"0x\",\"0xab\"]",
            &numbers,
            "[1.5,\"-0.1\"]",
            "[true,null]",
        ];
        let answer = ok(&mut db, "all.echo", &words).await;
        let many = |elements: &[Option<&str>]| {
            Cell::Many(elements.iter().map(|element| element.map(str::to_owned)).collect())
        };
        let expected = [
            one(words[0]),
            one(words[1]),
            one("false"),
            one("\\x00ff"),
            one(uuid),
            one(words[5]),
            one(largest),
            many(&[Some("1"), None, Some("-3")]),
            many(&[Some("a,b"), Some("{\""), None, Some(""), Some("null")]),
            many(&[Some("\\x"), Some("\\xab")]),
            many(&[Some(largest), Some("0"), None]),
            many(&[Some("1.5"), Some("-0.1")]),
            many(&[Some("true"), None]),
        ];
        assert_eq!(answer.rows, [expected.to_vec()]);
        let nothing = Call {
            arguments: Given::Json(vec![serde_json::Value::Null; types.len()]),
            ..of("all.echo", &[])
        };
        assert_eq!(call(&mut db, &nothing).await.unwrap().rows, [vec![Cell::Null; types.len()]]);
    });
}

#[test]
fn context_notices_rows_and_defaults() {
    block_on(async {
        let context = "  PERFORM kf.notice('one'), kf.notice(NULL);\n  RAISE WARNING 'not the author''s';\n  RETURN QUERY SELECT \
                       (\"@ctx\").caller, (\"@ctx\").signer, (\"@ctx\").txid, (\"@ctx\").height, (\"@ctx\").block_timestamp, \
                       (\"@ctx\").authenticator, (\"@ctx\").foreign_caller, \"$n\", current_setting('TimeZone');";
        let columns = [
            ("a", "text"),
            ("b", "blob"),
            ("c", "text"),
            ("d", "int"),
            ("e", "int"),
            ("f", "text"),
            ("g", "text"),
            ("h", "text"),
            ("i", "text"),
        ];
        let row = Returns::Row(table(&columns).columns().to_vec());
        let shown = action("show", &[("n", "text = 'it''s'")], "public", row, context);
        let mut db = deployed(&[Draft::new("ctx").action(shown).package()]).await;
        db.client.batch_execute("SET TimeZone = 'Asia/Tokyo'").await.unwrap();
        let answer = ok(&mut db, "ctx.show", &[]).await;
        assert_eq!(
            answer.rows,
            [["0xa", "\\x307861", "t1", "7", "1700000000", "test", "", "it's", "UTC"].map(one)]
        );
        assert_eq!(answer.notices, ["one", "(null)"]);
        assert_eq!(ok(&mut db, "ctx.show", &["null"]).await.rows[0][7], one("null"));
        let nobody = Call {
            context: Context { caller: String::new(), ..of("ctx.show", &[]).context },
            ..of("ctx.show", &[])
        };
        assert_eq!(refusal(&mut db, &nobody).await.code, Code::TypeMismatch);
    });
}

#[test]
fn wrong_calls_print_the_signature_or_a_suggestion() {
    block_on(async {
        let mut db = deployed(&[ens()]).await;
        let error = refusal(&mut db, &of("ens.create_name", &["1"])).await;
        assert_eq!(error.code, Code::ArgumentCount);
        assert!(error.message.contains("takes 3 arguments, and 1 were given"), "{}", error.message);
        assert_eq!(error.notes, ["ens.create_name($id text, $name text, $wallet_id text) public"]);
        let error = refusal(&mut db, &of("ens.create_nam", &[])).await;
        assert_eq!(
            (error.code, error.help.as_deref()),
            (Code::UnknownAction, Some("did you mean `create_name`?"))
        );
        let error = refusal(&mut db, &of("esn.create_name", &[])).await;
        assert_eq!((error.code, error.help.as_deref()), (Code::DatasetUnknown, Some("did you mean `ens`?")));
        let f = action("f", &[("n", "int")], "public", Returns::Nothing, "  NULL;");
        deploy_packages(&mut db, &[Draft::new("g").action(f).package()], &mut |_| {}).await.unwrap();
        let error = refusal(&mut db, &of("g.f", &["x"])).await;
        assert_eq!(error.code, Code::TypeMismatch);
        assert!(
            error.message.contains("`x` is not an int") && error.notes == ["g.f($n int) public"],
            "{error:?}"
        );
        let mut empty = session(&crate::support::empty_database().await).await;
        assert_eq!(refusal(&mut empty, &of("ens.f", &[])).await.code, Code::DatasetUnknown);
    });
}

#[test]
fn roles_are_kept_apart_by_grants() {
    block_on(async {
        let own = |name, modifiers| action(name, &[], modifiers, Returns::Nothing, "  NULL;");
        let draft =
            Draft::owned("bank", Some("0xa")).action(own("open", "public")).action(own("hidden", "private"));
        let draft = draft
            .action(own("fed", "oracle"))
            .action(own("inner", "system"))
            .action(own("mine", "public owner"));
        let network = Draft::new("net").action(own("mine", "public owner"));
        let mut db = deployed(&[draft.package(), network.package()]).await;
        ok(&mut db, "bank.open", &[]).await;
        for name in ["bank.hidden", "bank.fed", "bank.inner"] {
            let fault = fault(&mut db, &of(name, &[])).await;
            assert_eq!(fault.kind, Kind::NotCallable, "{fault:?}");
            assert!(fault.message.contains("not callable"), "{}", fault.message);
        }
        for name in ["bank.hidden", "bank.open", "bank.inner"] {
            assert_eq!(fault(&mut db, &as_oracle(name, &[])).await.kind, Kind::NotCallable, "{name}");
        }
        call(&mut db, &as_oracle("bank.fed", &[])).await.unwrap();
        ok(&mut db, "bank.mine", &[]).await;
        let stranger = Context { caller: "0xb".into(), ..of("bank.mine", &[]).context };
        let by_stranger = Call { context: stranger, ..of("bank.mine", &[]) };
        let refused = fault(&mut db, &by_stranger).await;
        assert_eq!((refused.kind, refused.code.as_str()), (Kind::Raised, "KF002"));
        call(&mut db, &Call { role: Role::Owner, ..by_stranger }).await.unwrap();
        assert_eq!(fault(&mut db, &of("net.mine", &[])).await.code, "KF002");
        assert!(
            refusal(&mut db, &Call { role: Role::Owner, ..of("net.mine", &[]) })
                .await
                .message
                .contains("no owner")
        );
    });
}

#[test]
fn what_goes_wrong_inside_is_readable_and_placed() {
    block_on(async {
        let f = |name, modifiers, body| action(name, &[], modifiers, Returns::Nothing, body);
        let draft = Draft::new("bad")
            .table("t", "\"id\" int8 PRIMARY KEY CHECK (\"id\" < 10),\n  \"up\" int8 REFERENCES {}.t (id),\n  \"u\" kf.uint256,\n  \"n\" text NOT NULL")
            .action(f("twice", "public", "  INSERT INTO {}.t VALUES (1, NULL, 1, 'a');\n  INSERT INTO {}.t VALUES (1, NULL, 1, 'secret');"))
            .action(f("orphan", "public", "  INSERT INTO {}.t VALUES (1, 2, 1, 'a');"))
            .action(f("unnamed", "public", "  INSERT INTO {}.t VALUES (1, NULL, 1, NULL);"))
            .action(f("checked", "public", "  INSERT INTO {}.t VALUES (11, NULL, 1, 'a');"))
            .action(f("negative", "public", "  INSERT INTO {}.t VALUES (1, NULL, -1, 'a');"))
            .action(f("divided", "public", "  PERFORM 1 / (SELECT 0);"))
            .action(f("overflow", "public", "  PERFORM 9223372036854775807 + (SELECT 1);"))
            .action(f("peeks", "public view", "  INSERT INTO {}.t VALUES (1, NULL, 1, 'a');"))
            .action(f("endless", "public", "  PERFORM {}.\"endless@bad\"(\"@ctx\");"))
            .action(f("broken", "public", "  PERFORM nothing_of_the_kind();"))
            .action(f("raises", "public", "  PERFORM kf.error(E'a\\x1b[31m%\\n' || repeat('x', 3));"));
        let mut db = deployed(&[draft.package()]).await;
        let expected = [
            ("twice", Kind::Raised, "KF0801", "`t` has a row with this key already (`t_pkey`)"),
            (
                "orphan",
                Kind::Raised,
                "KF0801",
                "a row of `t` would refer to a row that is not there (`t_up_fkey`)",
            ),
            ("unnamed", Kind::Raised, "KF0801", "`n` of `t` must not be null"),
            ("checked", Kind::Raised, "KF0801", "a check of `t` does not hold (`t_id_check`)"),
            ("negative", Kind::Raised, "KF0801", "a uint256 must be from 0 to 2^256 - 1"),
            ("divided", Kind::Raised, "KF0802", "division by zero"),
            ("overflow", Kind::Raised, "KF0802", "bigint out of range"),
            ("peeks", Kind::Raised, "KF006", "a view attempted a write"),
            ("endless", Kind::Raised, "KF007", "calls are too deep"),
            (
                "broken",
                Kind::Bug,
                "KF0790",
                "SQL that the compiler wrote failed: function nothing_of_the_kind() does not exist",
            ),
            ("raises", Kind::Raised, "KF001", "a\u{1b}[31m%\nxxx"),
        ];
        for (name, kind, code, message) in expected {
            let fault = fault(&mut db, &of(&format!("bad.{name}"), &[])).await;
            assert_eq!(
                (fault.kind, fault.code.as_str(), fault.message.as_str()),
                (kind, code, message),
                "{name}"
            );
            assert!(!format!("{fault:?}").contains("(1)="), "no row's data: {fault:?}");
            let at = fault.trace[0].at.unwrap();
            let line = fault.trace[0].source.lines().nth(at.line as usize - 1).unwrap();
            assert!(line.contains("INSERT") || line.contains("PERFORM"), "{name}: {line}");
            if name == "twice" {
                assert!(line.contains("secret"), "the second of two lines: {line}");
            }
        }
        ok_after_errors(&mut db).await;
    });
}

/// Nothing of a failed call is left behind in the session.
async fn ok_after_errors(db: &mut Session) {
    let left = "SELECT current_user = session_user AND current_setting('transaction_isolation') = 'read committed' \
                AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())";
    assert!(db.client.query_one_scalar::<bool, _>(left, &[]).await.unwrap());
}

#[test]
fn collisions_are_tried_again() {
    block_on(async {
        let body = "  UPDATE {}.t SET n = n + 1 WHERE id = 1;\n  PERFORM pg_sleep(0.02);";
        let draft = Draft::new("counter").table("t", "\"id\" int8 PRIMARY KEY,\n  \"n\" int8 NOT NULL");
        let url = database().await;
        let mut db = session(&url).await;
        let package = draft.action(action("add", &[], "public", Returns::Nothing, body)).package();
        deploy_packages(&mut db, &[package], &mut |_| {}).await.unwrap();
        db.client.batch_execute("INSERT INTO ds_counter.t VALUES (1, 0); GRANT EXECUTE ON FUNCTION pg_sleep(float8) TO kf_owner").await.unwrap();
        let threads: Vec<_> = (0..4)
            .map(|_| {
                let url = url.clone();
                std::thread::spawn(move || {
                    block_on(async {
                        call(&mut connect(&url).await.unwrap(), &of("counter.add", &[])).await.unwrap()
                    })
                })
            })
            .collect();
        threads.into_iter().for_each(|thread| drop(thread.join().unwrap()));
        assert_eq!(db.client.query_one_scalar::<i64, _>("SELECT n FROM ds_counter.t", &[]).await.unwrap(), 4);
    });
}

#[test]
fn a_login_that_may_only_call_can_do_nothing_else() {
    block_on(async {
        let ens = ens();
        let url = database().await;
        let mut db = session(&url).await;
        deploy_packages(&mut db, &[ens.clone(), social(&ens)], &mut |_| {}).await.unwrap();
        let (role, name) = (crate::support::unique("mallory"), url.rsplit('/').next().unwrap().to_owned());
        db.client.batch_execute(&format!("CREATE ROLE {role} LOGIN; GRANT kf_public TO {role}; GRANT CONNECT ON DATABASE {name} TO {role}")).await.unwrap();
        let mut mallory = session(&crate::support::with_user(&url, &role)).await;
        let ctx = "ROW('0xa', '', '', 0, 0, '', '', 0)::kf.ctx";
        mallory
            .client
            .batch_execute(&format!("SELECT * FROM ds_ens.\"get_ownership@ens\"({ctx})"))
            .await
            .unwrap();
        let attacks = [
            "SELECT * FROM ds_ens.wallets".to_owned(),
            "INSERT INTO ds_ens.wallets VALUES ('x', 'y')".to_owned(),
            "SELECT * FROM kf.dataset".to_owned(),
            "SELECT * FROM kf.meta".to_owned(),
            "DELETE FROM kf.import".to_owned(),
            format!("SELECT ds_ens.\"create_wallet@ens\"({ctx}, 'x', 'y')"),
            "SELECT kf.error('x')".to_owned(),
            "SELECT kf.hold('ens')".to_owned(),
            "SELECT kf.drop_functions('ds_ens', '{}')".to_owned(),
            "CREATE TABLE ds_ens.mine (id int)".to_owned(),
            "CREATE TABLE public.mine (id int)".to_owned(),
            "CREATE TEMP TABLE mine (id int)".to_owned(),
            "CREATE SCHEMA mine".to_owned(),
            "DO 'BEGIN END'".to_owned(),
            "CREATE FUNCTION kf.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'".to_owned(),
            "SET ROLE kf_owner".to_owned(),
            "SET SESSION AUTHORIZATION kf".to_owned(),
            "SET ROLE kf_oracle".to_owned(),
            "SELECT pg_sleep(0)".to_owned(),
            "SELECT pg_advisory_lock(27494, 1)".to_owned(),
            "SELECT set_config('role', 'kf_owner', false)".to_owned(),
            "SELECT lo_create(0)".to_owned(),
            "SELECT query_to_xml('SELECT 1', true, true, '')".to_owned(),
            "SELECT pg_get_functiondef('kf.error'::regproc)".to_owned(),
            "COPY ds_ens.wallets TO STDOUT".to_owned(),
        ];
        for attack in attacks {
            let error = mallory.client.batch_execute(&attack).await.expect_err(&attack);
            let state = error.code().map(|state| state.code().to_owned()).unwrap_or_default();
            assert!(["42501", "28000", "22023"].contains(&state.as_str()), "{attack}: {error:?}");
        }
        assert_eq!(refusal(&mut mallory, &of("ens.get_ownership", &[])).await.code, Code::DatabaseRight);
        // The engine's login may call, as kf_public or kf_oracle, and read what it needs for that.
        let mut engine = session(&crate::support::with_user(&url, "kf_engine")).await;
        call(&mut engine, &as_oracle("ens.create_wallet", &["w", "0xa"])).await.unwrap();
        assert_eq!(fault(&mut engine, &of("ens.create_wallet", &["w", "0xa"])).await.kind, Kind::NotCallable);
        assert!(engine.client.batch_execute("SELECT * FROM ds_ens.wallets").await.is_err());
        assert!(engine.client.batch_execute("SELECT * FROM kf.statement").await.is_err());
    });
}
