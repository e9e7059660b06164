//! Deploying hand-written packages: fresh, again, changed, refused, by several at once, through failures.

use crate::support::packages::{Action, Draft, NAMES, OWNERSHIP, WALLETS, ens, ens_with, social, table};
use crate::support::{block_on, database, empty_database, session};
use kuneiform::deploy::connect::{Session, connect};
use kuneiform::deploy::{DeployError, Done, deploy_packages, registry};
use kuneiform::diagnostics::Code;
use kuneiform::interface::{Package, Profile, Returns, StatementKind};

async fn deploy(session: &mut Session, packages: &[Package]) -> Result<Vec<(Done, i32)>, Vec<DeployError>> {
    let outcomes = deploy_packages(session, packages, &mut |_| {}).await?;
    Ok(outcomes.into_iter().map(|outcome| (outcome.done, outcome.version)).collect())
}

async fn refused(session: &mut Session, packages: &[Package]) -> Vec<Code> {
    deploy(session, packages).await.unwrap_err().into_iter().map(|error| error.code).collect()
}

async fn text(session: &Session, sql: &str) -> String {
    session.client.query_one_scalar::<Option<String>, _>(sql, &[]).await.unwrap().unwrap_or_default()
}

const FUNCTIONS: &str = "SELECT string_agg(replace(p.oid::regprocedure::text, '(kf.ctx', '(ctx'), ' ' ORDER BY p.proname, p.oid) FROM pg_proc p \
                         JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'ds_ens'";

#[test]
fn fresh_unchanged_and_source_only() {
    block_on(async {
        let mut db = session(&empty_database().await).await;
        let ens = ens();
        let social = social(&ens);
        let both = [ens.clone(), social.clone()];
        assert_eq!(deploy(&mut db, &both).await.unwrap(), [(Done::Created, 1), (Done::Created, 1)]);
        assert_eq!(deploy(&mut db, &both).await.unwrap(), [(Done::Unchanged, 1), (Done::Unchanged, 1)]);
        let mut commented = ens.clone();
        commented.source.push_str("// a remark\n");
        assert_eq!(deploy(&mut db, &[commented]).await.unwrap(), [(Done::Unchanged, 2)]);
        assert!(
            text(&db, "SELECT source FROM kf.dataset WHERE dbid = 'ens'").await.ends_with("// a remark\n")
        );
        let owners = "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ' ') FROM pg_class c \
                      JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname IN ('ds_ens', 'kf') AND relkind = 'r'";
        assert_eq!(text(&db, owners).await, "kf_owner");
        assert_eq!(
            text(&db, "SELECT string_agg(importer || '>' || importee, ' ') FROM kf.import").await,
            "social_network>ens"
        );
    });
}

/// A registry of version 3 has neither tables nor versions; it is brought up to date, and its datasets can be deployed.
#[test]
fn a_registry_without_tables_is_upgraded() {
    block_on(async {
        let mut db = session(&database().await).await;
        deploy(&mut db, &[ens()]).await.unwrap();
        db.client
            .batch_execute(
                "UPDATE kf.meta SET version = 3; DROP TABLE kf.version; \
                 ALTER TABLE kf.dataset DROP COLUMN tables, DROP COLUMN profile",
            )
            .await
            .unwrap();
        assert_eq!(deploy(&mut db, &[ens()]).await.unwrap(), [(Done::Unchanged, 1)]);
        assert_eq!(text(&db, "SELECT tables::text FROM kf.dataset").await, "");
        let changed = ens_with("  RETURN QUERY SELECT 'a'::text, 'b'::text;").package();
        assert_eq!(deploy(&mut db, &[changed]).await.unwrap(), [(Done::Updated, 2)]);
        assert_eq!(text(&db, "SELECT tables::text || profile FROM kf.dataset").await, "[]node");
    });
}

#[test]
fn an_update_adds_changes_and_leaves_nothing_old() {
    block_on(async {
        let mut db = session(&database().await).await;
        let first = ens();
        deploy(&mut db, &[first]).await.unwrap();
        db.client.batch_execute("INSERT INTO ds_ens.wallets VALUES ('w', '0xa')").await.unwrap();
        let second = Draft::new("ens")
            .table("wallets", WALLETS)
            .table("names", NAMES)
            .table("extra", "\"id\" int8 PRIMARY KEY")
            .index("wallets_address_2", "wallets (address, id)", false)
            .action(Action {
                name: "create_name",
                parameters: &[("id", "int")],
                modifiers: "public",
                returns: table(&[("id", "int")]),
                body: "  RETURN QUERY SELECT \"$id\";",
                spliced: &[],
            })
            .action(Action {
                name: "create_wallet",
                parameters: &[("id", "text"), ("address", "text")],
                modifiers: "private",
                returns: Returns::Nothing,
                body: "  INSERT INTO {}.wallets (id, address) VALUES (\"$id\", \"$address\");",
                spliced: &[],
            })
            .package();
        assert_eq!(deploy(&mut db, &[second]).await.unwrap(), [(Done::Updated, 2)]);
        assert_eq!(
            text(&db, FUNCTIONS).await,
            "ds_ens.\"create_name@ens\"(ctx,bigint) ds_ens.\"create_wallet@ens\"(ctx,text,text)"
        );
        assert_eq!(
            text(
                &db,
                "SELECT string_agg(relname, ' ' ORDER BY relname) FROM pg_class c JOIN pg_namespace n \
             ON n.oid = relnamespace WHERE nspname = 'ds_ens' AND relkind = 'i' AND relname !~ '_key|_pkey'"
            )
            .await,
            "wallets_address_2"
        );
        assert_eq!(text(&db, "SELECT count(*)::text FROM pg_constraint WHERE contype = 'f' AND connamespace = 'ds_ens'::regnamespace").await, "0");
        assert_eq!(text(&db, "SELECT address FROM ds_ens.wallets").await, "0xa");
        // What was the oracle's is private now, though the function is the same.
        assert_eq!(text(&db, "SELECT string_agg(r || has_function_privilege(r, p.oid, 'EXECUTE')::text, ' ' ORDER BY proname, r) \
             FROM pg_proc p, unnest(ARRAY['kf_oracle', 'kf_public']) r WHERE pronamespace = 'ds_ens'::regnamespace").await,
            "kf_oraclefalse kf_publictrue kf_oraclefalse kf_publicfalse");
    });
}

#[test]
fn old_overloads_and_strangers_are_dropped() {
    block_on(async {
        let mut db = session(&database().await).await;
        deploy(&mut db, &[ens()]).await.unwrap();
        db.client.batch_execute("CREATE FUNCTION ds_ens.\"get_ownership@ens\"(ctx, text) RETURNS int LANGUAGE sql AS 'SELECT 1'").await.unwrap();
        deploy(&mut db, &[ens_with("  RETURN QUERY SELECT 'a'::text, 'b'::text;").package()]).await.unwrap();
        let functions = text(&db, FUNCTIONS).await;
        assert_eq!(functions.matches("get_ownership").count(), 1, "{functions}");
        assert!(functions.contains("\"get_ownership@ens\"(ctx)"));
    });
}

#[test]
fn tables_that_exist_are_not_touched() {
    block_on(async {
        let mut db = session(&database().await).await;
        deploy(&mut db, &[ens()]).await.unwrap();
        let changed =
            Draft::new("ens").table("wallets", WALLETS).table("names", "\"id\" int8 PRIMARY KEY").package();
        assert_eq!(refused(&mut db, &[changed]).await, [Code::TableChanged]);
        let dropped = Draft::new("ens").table("wallets", WALLETS).package();
        let errors = deploy(&mut db, &[dropped]).await.unwrap_err();
        assert!(errors[0].message.contains("`names`") && errors[0].message.contains("dropped"), "{errors:?}");
        assert_eq!(text(&db, "SELECT version::text FROM kf.dataset").await, "1");
    });
}

#[test]
fn constraints_that_do_not_hold_are_refused_and_nothing_is_changed() {
    block_on(async {
        let mut db = session(&database().await).await;
        let base = || Draft::new("ens").table("wallets", WALLETS).table("names", NAMES);
        deploy(&mut db, &[base().package()]).await.unwrap();
        db.client
            .batch_execute("INSERT INTO ds_ens.names VALUES ('1', 'a', 'none'), ('2', 'b', 'none')")
            .await
            .unwrap();
        let unique =
            base().table("more", "id int8 PRIMARY KEY").index("one_wallet", "names (wallet_id)", true);
        assert_eq!(refused(&mut db, &[unique.package()]).await, [Code::DataRefused]);
        let key = base().foreign_key("names_fk", "names", "(wallet_id) REFERENCES {}.wallets (id)");
        assert_eq!(refused(&mut db, &[key.package()]).await, [Code::DataRefused]);
        assert_eq!(text(&db, "SELECT to_regclass('ds_ens.more')::text").await, "");
        assert_eq!(text(&db, "SELECT version::text FROM kf.dataset").await, "1");
    });
}

#[test]
fn importers_are_not_left_behind() {
    block_on(async {
        let mut db = session(&database().await).await;
        let before = ens();
        deploy(&mut db, &[before.clone(), social(&before)]).await.unwrap();
        // The query of a spliced view: the importer carries a copy.
        let requeried = ens_with("  RETURN QUERY SELECT n.name, n.wallet_id FROM {}.names AS n;").package();
        assert_eq!(requeried.interface.hash(), before.interface.hash());
        let errors = deploy(&mut db, std::slice::from_ref(&requeried)).await.unwrap_err();
        assert_eq!(errors[0].code, Code::ImportersLeft);
        assert!(errors[0].message.contains("`social_network`"), "{}", errors[0].message);
        // Together they go, in one transaction.
        let mut importer = social(&requeried);
        let view = importer
            .statements
            .iter_mut()
            .find(|it| it.name == "get_author_posts" && it.kind == StatementKind::Function);
        view.unwrap().sql.push('\n');
        let xids = "SELECT count(DISTINCT xmin::text)::text FROM kf.dataset";
        assert_eq!(text(&db, xids).await, "2");
        let both = [requeried.clone(), importer];
        assert_eq!(deploy(&mut db, &both).await.unwrap(), [(Done::Updated, 2), (Done::Updated, 2)]);
        assert_eq!(text(&db, xids).await, "1");
        // A signature.
        let wider = ens_with(OWNERSHIP)
            .action(Action {
                name: "more",
                parameters: &[],
                modifiers: "public",
                returns: Returns::Nothing,
                body: "  NULL;",
                spliced: &[],
            })
            .package();
        assert_eq!(refused(&mut db, std::slice::from_ref(&wider)).await, [Code::ImportersLeft]);
        let both = [wider.clone(), social(&wider)];
        assert_eq!(deploy(&mut db, &both).await.unwrap()[0], (Done::Updated, 3));
        assert_eq!(text(&db, "SELECT interface_hash FROM kf.import").await, wider.interface.hash());
        // A body nobody carries may change alone.
        let mut private = wider.clone();
        let function = private.statements.iter_mut().find(|it| it.name == "create_wallet").unwrap();
        function.sql.push('\n');
        assert_eq!(deploy(&mut db, &[private]).await.unwrap(), [(Done::Updated, 4)]);
    });
}

#[test]
fn imports_must_be_there_and_as_compiled_against() {
    block_on(async {
        let mut db = session(&database().await).await;
        let ens = ens();
        assert_eq!(refused(&mut db, &[social(&ens)]).await, [Code::ImportMoved]);
        deploy(&mut db, std::slice::from_ref(&ens)).await.unwrap();
        let other = Draft::new("ens").package();
        let drifted = Draft::new("social_network").import(&other).package();
        assert_eq!(refused(&mut db, &[drifted]).await, [Code::ImportMoved]);
        assert_eq!(deploy(&mut db, &[social(&ens)]).await.unwrap(), [(Done::Created, 1)]);
    });
}

#[test]
fn what_replicas_agree_on_rests_on_nothing_else() {
    block_on(async {
        let mut db = session(&database().await).await;
        let app = |mut package: Package| {
            package.profile = Profile::App;
            package
        };
        let (node_ens, app_ens) = (ens(), app(ens()));
        assert_eq!(refused(&mut db, &[app_ens.clone(), social(&app_ens)]).await, [Code::ImportProfile]);
        deploy(&mut db, std::slice::from_ref(&app_ens)).await.unwrap();
        assert_eq!(refused(&mut db, &[social(&app_ens)]).await, [Code::ImportProfile]);
        deploy(&mut db, &[app(social(&app_ens))]).await.unwrap();
        deploy(&mut db, &[node_ens.clone(), social(&node_ens)]).await.unwrap();
        // An importer that is not given keeps its profile.
        let mut changed = app_ens.clone();
        changed.source.push('\n');
        assert_eq!(refused(&mut db, &[changed]).await, [Code::ImportProfile]);
    });
}

#[test]
fn a_new_dataset_between_two_that_change_goes_with_them() {
    block_on(async {
        let mut db = session(&database().await).await;
        let (low, top) = (Draft::new("low").package(), Draft::new("top"));
        deploy(&mut db, &[low.clone(), top.import(&low).package()]).await.unwrap();
        let low = Draft::new("low").table("t", "id int8 PRIMARY KEY").package();
        let middle = Draft::new("middle").import(&low).package();
        let top = Draft::new("top").import(&low).import(&middle).table("t", "id int8 PRIMARY KEY").package();
        let done = deploy(&mut db, &[low, middle, top]).await.unwrap();
        assert_eq!(done, [(Done::Updated, 2), (Done::Created, 1), (Done::Updated, 2)]);
        assert_eq!(text(&db, "SELECT count(DISTINCT xmin::text)::text FROM kf.dataset").await, "1");
    });
}

#[test]
fn our_own_bad_sql_is_called_a_bug_and_placed() {
    block_on(async {
        let mut db = session(&database().await).await;
        let bad = |body| {
            Draft::new("bad").action(Action {
                name: "f",
                parameters: &[],
                modifiers: "public",
                returns: Returns::Nothing,
                body,
                spliced: &[],
            })
        };
        let errors = deploy(&mut db, &[bad("  NULL;\n  PERFORM 1 +;").package()]).await.unwrap_err();
        assert_eq!(errors[0].code, Code::SqlRefused);
        assert!(errors[0].message.contains("bad.kf:4:3"), "{}", errors[0].message);
        let errors =
            deploy(&mut db, &[bad("  NULL;").table("t", "id nonsense").package()]).await.unwrap_err();
        assert_eq!(errors[0].code, Code::SqlRefused);
        assert_eq!(text(&db, "SELECT to_regnamespace('ds_bad')::text").await, "");
        db.client.batch_execute("CREATE SCHEMA ds_bad").await.unwrap();
        assert_eq!(refused(&mut db, &[bad("  NULL;").package()]).await, [Code::SchemaTaken]);
    });
}

/// Runs `work` in `count` threads at once.
fn at_once<T: Send + 'static>(count: usize, work: impl Fn(usize) -> T + Send + Clone + 'static) -> Vec<T> {
    let barrier = std::sync::Arc::new(std::sync::Barrier::new(count));
    let threads: Vec<_> = (0..count)
        .map(|number| {
            let (work, barrier) = (work.clone(), barrier.clone());
            std::thread::spawn(move || {
                barrier.wait();
                work(number)
            })
        })
        .collect();
    threads.into_iter().map(|thread| thread.join().unwrap()).collect()
}

#[test]
fn many_deployers_of_the_same_and_of_different_things() {
    let url = block_on(empty_database());
    let done = {
        let url = url.clone();
        at_once(6, move |_| {
            block_on(async {
                let mut db = connect(&url).await.unwrap();
                let ens = ens();
                deploy(&mut db, &[ens.clone(), social(&ens)]).await.unwrap()
            })
        })
    };
    let created = done.iter().flatten().filter(|(done, _)| *done == Done::Created).count();
    assert_eq!(created, 2, "{done:?}");
    // Everybody has another version; nobody may see anything but success or a conflict.
    let done = {
        let url = url.clone();
        at_once(6, move |number| {
            block_on(async {
                let mut db = connect(&url).await.unwrap();
                let ens = ens_with(&format!("  RETURN QUERY SELECT 'a'::text, '{number}'::text;")).package();
                deploy(&mut db, &[ens.clone(), social(&ens)]).await
            })
        })
    };
    let won = done.iter().filter(|outcome| outcome.is_ok()).count();
    assert!(won >= 1);
    for errors in done.into_iter().filter_map(Result::err) {
        assert_eq!(errors[0].code, Code::DeployConflict, "{errors:?}");
    }
    block_on(async {
        let db = connect(&url).await.unwrap();
        let version: i32 =
            text(&db, "SELECT version::text FROM kf.dataset WHERE dbid = 'ens'").await.parse().unwrap();
        assert_eq!(usize::try_from(version).unwrap(), 1 + won);
    });
}

#[test]
fn databases_of_one_server_are_bootstrapped_at_once() {
    let urls = block_on(async {
        let mut urls = Vec::new();
        for _ in 0..4 {
            urls.push(empty_database().await);
        }
        urls
    });
    at_once(8, move |number| {
        block_on(async {
            let mut db = connect(&urls[number % 4]).await.unwrap();
            registry::ensure(&mut db).await.unwrap();
        })
    });
}

#[test]
fn a_server_that_does_not_suit_is_refused_by_the_setting() {
    block_on(async {
        let url = empty_database().await;
        let name = url.rsplit('/').next().unwrap().to_owned();
        let mut db = session(&url).await;
        db.client
            .batch_execute(&format!("ALTER DATABASE {name} SET transform_null_equals = on"))
            .await
            .unwrap();
        db.close().await;
        db = session(&url).await;
        let errors = deploy(&mut db, &[ens()]).await.unwrap_err();
        assert_eq!(errors[0].code, Code::DatabaseUnsuitable);
        assert!(errors[0].message.contains("transform_null_equals"));
        assert_eq!(text(&db, "SELECT to_regnamespace('kf')::text").await, "");
        let name = crate::support::unique("kf_test");
        db.client
            .batch_execute(&format!("CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII'"))
            .await
            .unwrap();
        let mut ascii = session(&crate::support::with_database(crate::support::server(), &name)).await;
        assert_eq!(refused(&mut ascii, &[ens()]).await, [Code::DatabaseUnsuitable]);
    });
}

#[test]
fn somebody_elses_database_keeps_its_rights() {
    block_on(async {
        let mut db = session(&empty_database().await).await;
        db.client.batch_execute("CREATE TABLE public.theirs (id serial PRIMARY KEY)").await.unwrap();
        deploy(&mut db, &[ens()]).await.unwrap();
        let nextval = "SELECT has_function_privilege('kf_public', 'nextval(regclass)', 'EXECUTE')::text";
        assert_eq!(text(&db, nextval).await, "true");
        let mut own = session(&database().await).await;
        deploy(&mut own, &[ens()]).await.unwrap();
        assert_eq!(text(&own, nextval).await, "false");
    });
}

#[test]
fn a_deployer_need_not_be_a_superuser() {
    block_on(async {
        let url = empty_database().await;
        let (role, name) = (crate::support::unique("deployer"), url.rsplit('/').next().unwrap().to_owned());
        let admin = session(&url).await;
        admin
            .client
            .batch_execute(&format!(
                "CREATE ROLE {role} LOGIN CREATEROLE; ALTER DATABASE {name} OWNER TO {role};"
            ))
            .await
            .unwrap();
        // Roles are the server's; another test may have made them as superuser.
        registry::ensure(&mut session(&empty_database().await).await).await.unwrap();
        let mut db = session(&crate::support::with_user(&url, &role)).await;
        if admin.client.query_one_scalar::<String, _>("SHOW server_version_num", &[]).await.unwrap().as_str()
            >= "160000"
        {
            admin
                .client
                .batch_execute(&format!("GRANT kf_owner, kf_public, kf_oracle TO {role}"))
                .await
                .unwrap();
        }
        assert_eq!(deploy(&mut db, &[ens()]).await.unwrap(), [(Done::Created, 1)]);
        let stranger = crate::support::unique("stranger");
        admin
            .client
            .batch_execute(&format!(
                "CREATE ROLE {stranger} LOGIN; GRANT CONNECT ON DATABASE {name} TO {stranger}"
            ))
            .await
            .unwrap();
        let mut db = session(&crate::support::with_user(&url, &stranger)).await;
        assert_eq!(refused(&mut db, &[ens()]).await, [Code::DatabaseRight]);
    });
}
