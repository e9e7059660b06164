//! What becomes of functions for gateways from deploy to deploy: kept, changed, dropped, refused, and nothing left behind.

use super::{connect, get, json, post, roles, text};
use crate::support::here::Here;
use crate::support::{block_on, empty_database, session, with_user};

const NOTES: &str = "database notes;
table notes { id int primary, body text not_null }
action add($id int, $body text) public { INSERT INTO notes (id, body) VALUES ($id, $body); }
action all_notes() public view { SELECT n.id, n.body FROM notes AS n ORDER BY n.id; }
";
const READER: &str = "database reader;
use notes as notes;
action longest() public view {
    WITH n AS notes.all_notes()
    SELECT n.id, n.body FROM n ORDER BY length(n.body) DESC, n.id LIMIT 1;
}
";
const LEFT: &str = "SELECT coalesce(string_agg(what, ' ' ORDER BY what), '') FROM (
    SELECT p.oid::regprocedure::text FROM pg_proc AS p WHERE p.pronamespace = to_regnamespace('api')
    UNION ALL SELECT c.oid::regclass::text FROM pg_class AS c WHERE c.relnamespace = to_regnamespace('api')
    UNION ALL SELECT 'schema ' || n.nspname FROM pg_namespace AS n WHERE n.nspname = 'api') AS l (what)";

fn project(files: &[(&str, &str)]) -> Here {
    roles();
    let here = Here::new();
    files.iter().for_each(|(name, text)| here.write(&format!("p/{name}"), text));
    here
}

fn left(here: &Here) -> String {
    block_on(async { text(&session(&here.url).await, LEFT).await })
}

/// Without a word about it a dataset stays exposed as it was, new actions too; what goes needs consent, and all of it can.
#[test]
fn what_is_exposed_stays_so_until_it_is_said() {
    let here = project(&[("notes.kf", NOTES)]);
    let plan = here.fine("p", "plan --db DB --expose api");
    let plan = plan.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [
        "API schema `api` opened to roles",
        "API function `api.add` added notes.kf:3",
        "API function `api.all_notes` added notes.kf:4",
    ] {
        assert!(plan.contains(said), "{plan}");
    }
    here.fine("p", "deploy --db DB --expose api");
    let all = "api.add(bigint,text) api.all_notes() api.all_notes_row schema api";
    assert_eq!(left(&here), all);
    assert!(here.fine("p", "plan --db DB").contains("nothing to do"));
    assert!(here.fine("p", "plan --db DB --expose api").contains("nothing to do"));
    // The body of an action is not in the function that calls it.
    let count = "action number() public view returns (n int) { for $r in SELECT count(*) AS n FROM notes AS n { return $r.n; } return 0; }\n";
    here.write("p/notes.kf", &(NOTES.replace("ORDER BY n.id;", "ORDER BY n.id DESC;") + count));
    let plan = here.fine("p", "plan --db DB");
    assert!(plan.contains("API function `api.number` added"), "{plan}");
    assert!(!plan.contains("API function `api.all_notes`"), "{plan}");
    here.fine("p", "deploy --db DB");
    assert!(left(&here).contains("api.number()"));
    // Going back takes along what the earlier version did not have, and brings it again.
    here.fine("p", "rollback --db DB notes --yes=breaking");
    assert_eq!(left(&here), all);
    here.fine("p", "deploy --db DB");
    assert!(left(&here).contains("api.number()"));
    // What those who call see of it changes.
    here.write("p/notes.kf", &NOTES.replace("SELECT n.id, n.body", "SELECT n.id"));
    let told =
        ["API function `api.number` dropped", "API function `api.all_notes` made anew", "--yes=breaking"];
    here.wrong(
        "p",
        "plan --db DB",
        3,
        &[told[0], told[1], "its arguments or its result are others", told[2]],
    );
    here.fine("p", "deploy --db DB --yes=breaking");
    assert_eq!(left(&here), all);
    here.write(
        "p/kf.toml",
        "[expose]\nanonymous = \"nobody\"\n[expose.roles]\nview = \"anon\"\naction = []\n",
    );
    here.wrong(
        "p",
        "plan --db DB",
        3,
        &["`authenticated` may not call it any more", "calls without a claim are by somebody else"],
    );
    here.fine("p", "deploy --db DB --yes=breaking");
    block_on(async {
        let mut db = connect(&with_user(&here.url, "authenticator")).await.unwrap();
        let all = super::Request {
            schema: "api",
            function: "all_notes",
            method: "GET",
            role: "anon",
            claims: json!({}),
            arguments: "{}",
        };
        assert_eq!(super::request(&mut db, &all).await, (200, "[]".to_owned()));
        let db = session(&here.url).await;
        let usage = "SELECT has_schema_privilege('anon', 'api', 'USAGE')::text || has_schema_privilege('authenticated', 'api', 'USAGE')";
        assert_eq!(text(&db, usage).await, "truefalse");
    });
    here.wrong("p", "deploy --db DB --no-expose", 3, &["KF0723", "API function `api.add` dropped"]);
    here.fine("p", "deploy --db DB --no-expose --yes=breaking");
    assert_eq!(left(&here), "");
    here.write("p/kf.toml", "");
    assert!(here.fine("p", "plan --db DB").contains("nothing to do"));
}

/// Datasets that share a schema keep out of each other's way, and one that is compiled anew stays exposed.
#[test]
fn datasets_share_a_schema() {
    let here = project(&[("notes.kf", NOTES), ("reader.kf", READER)]);
    here.write(
        "p/kf.toml",
        "[expose]\n[expose.datasets]\nnotes = [\"all_notes\"]\nreader = { prefix = \"r\" }\n",
    );
    here.fine("p", "deploy --db DB");
    let both = "api.all_notes() api.all_notes_row api.r_longest() api.r_longest_row schema api";
    assert_eq!(left(&here), both);
    here.write(
        "p/notes.kf",
        &NOTES.replace("FROM notes AS n ORDER BY", "FROM notes AS n WHERE n.id > 0 ORDER BY"),
    );
    here.write("q/notes.kf", &here.read("p/notes.kf"));
    assert!(here.fine("q", "deploy --db DB").contains("updated   reader"));
    assert_eq!(left(&here), both);
    here.write("p/kf.toml", "[expose]\n[expose.datasets]\nreader = { prefix = \"r\" }\n");
    here.fine("p", "deploy --db DB --yes=breaking");
    assert_eq!(left(&here), "api.r_longest() api.r_longest_row schema api");
    // A name that is taken: by another dataset of the deploy, by a deployed one, by somebody else.
    here.write("p/kf.toml", "[expose]\n[expose.datasets]\nreader = [\"longest\"]\n");
    here.fine("p", "deploy --db DB --yes=breaking");
    let other = "database other; action longest() public view returns (n int) { return 1; }";
    here.write("o/other.kf", other);
    let taken = "error[KF0730]: `other` exposes `api.longest`, which is taken by `reader`";
    here.wrong("o", "plan --db DB --expose api", 4, &[taken, "other = { prefix = \"other\" }"]);
    here.write("o/reader.kf", READER);
    here.write("o/notes.kf", &here.read("p/notes.kf"));
    here.wrong("o", "deploy --db DB --expose api", 4, &["error[KF0730]", "taken by `other`"]);
    here.write("z/zero.kf", &other.replace("longest", "zero").replace("other", "zero"));
    block_on(async {
        let db = session(&here.url).await;
        let foreign = "CREATE FUNCTION api.zero(a int) RETURNS int LANGUAGE sql RETURN 1";
        db.client.batch_execute(foreign).await.unwrap();
    });
    here.wrong(
        "z",
        "deploy --db DB --expose api",
        4,
        &["error[KF0730]", "taken by a function of somebody else"],
    );
}

#[test]
fn what_cannot_be_exposed_is_refused_before_anything_is_done() {
    let here = project(&[(
        "notes.kf",
        &(NOTES.to_owned()
            + "action gone($id int) private { DELETE FROM notes WHERE id = $id; }\naction clear() public owner { DELETE FROM notes WHERE id > 0; }\n"),
    )]);
    here.wrong("p", "deploy --db DB --expose public", 4, &["error[KF0717]", "used for something else"]);
    here.wrong("p", "deploy --db DB --expose ds_notes", 4, &["error[KF0717]"]);
    here.wrong("p", "deploy --db DB --expose a-b", 2, &["`a-b` is not a name for a schema"]);
    here.write("p/kf.toml", "[expose.roles]\nview = [\"nobody_here\"]\n");
    here.wrong("p", "deploy --db DB", 4, &["error[KF0731]", "CREATE ROLE nobody_here NOLOGIN"]);
    for (listed, told) in [
        ("ad", "did you mean `add`?"),
        ("gone", "`notes.gone` is `private`: only public actions can be exposed"),
        ("clear", "`[expose.roles] owner = [\"authenticated\"]`"),
    ] {
        here.write("p/kf.toml", &format!("[expose.datasets]\nnotes = [\"{listed}\"]\n"));
        here.wrong("p", "plan --db DB", 4, &["error[KF0732]", told]);
    }
    block_on(async {
        let db = session(&here.url).await;
        assert_eq!(text(&db, "SELECT count(*)::text FROM kf.dataset").await, "0");
    });
}

/// Hasura gives its session's variables as an argument, and knows rows by tables alone.
#[test]
fn hasura_says_who_calls_in_an_argument() {
    let here = project(&[(
        "notes.kf",
        &(NOTES.to_owned() + "action who() public view returns (who text) { return @caller; }\n"),
    )]);
    let toml = "[expose]\nhasura = \"x-hasura-user-id\"\nlogin = \"hasura_login\"\nintegers = \"text\"\n\
                [expose.roles]\nview = \"hasura_login\"\naction = \"hasura_login\"\n";
    here.write("p/kf.toml", toml);
    block_on(async {
        let db = session(&here.url).await;
        db.client.batch_execute("CREATE ROLE hasura_login LOGIN").await.unwrap();
    });
    here.fine("p", "deploy --db DB");
    block_on(async {
        let db = connect(&with_user(&here.url, "hasura_login")).await.unwrap();
        let call = "SELECT string_agg(t::text, ' ') FROM api.";
        let session_of = |who: &str| format!("hasura_session => '{{\"x-hasura-user-id\": \"{who}\"}}'");
        let add = format!("{call}add({}, id => '9007199254740993', body => 'b') AS t", session_of("7"));
        assert_eq!(text(&db, &add).await, "(t)");
        let all = format!("{call}all_notes({}) AS t", session_of("7"));
        assert_eq!(text(&db, &all).await, "(9007199254740993,b)");
        assert_eq!(text(&db, &format!("{call}who({}) AS t", session_of("7"))).await, "(7)");
        let said = db.client.batch_execute("SELECT api.who(hasura_session => '{}')").await.unwrap_err();
        assert_eq!(
            said.as_db_error().unwrap().message(),
            "no caller: there is no verified claim `x-hasura-user-id`"
        );
        let kinds = "SELECT string_agg(DISTINCT c.relkind::text, '') FROM pg_proc AS p JOIN pg_type AS t ON t.oid = p.prorettype \
                     JOIN pg_class AS c ON c.oid = t.typrelid WHERE p.pronamespace = 'api'::regnamespace";
        assert_eq!(text(&db, kinds).await, "r");
    });
    here.write("p/kf.toml", &(toml.replace("[expose.roles]", "rows = \"numbered\"\n[expose.roles]")));
    here.wrong("p", "plan --db DB", 3, &["its values look different"]);
    here.fine("p", "deploy --db DB --yes=breaking");
    block_on(async {
        let db = connect(&with_user(&here.url, "hasura_login")).await.unwrap();
        let all = "SELECT string_agg(t::text, ' ') FROM api.";
        let argument = "hasura_session => '{\"x-hasura-user-id\": \"7\"}'";
        db.client
            .batch_execute(&format!("SELECT api.add({argument}, id => '1', body => 'a')"))
            .await
            .unwrap();
        let rows = text(&db, &format!("{all}all_notes({argument}) AS t")).await;
        assert_eq!(rows, "(1,1,a) (2,9007199254740993,b)");
        assert_eq!(text(&db, &format!("{all}who({argument}) AS t")).await, "(1,7)");
        let keys = "SELECT count(*)::text FROM pg_constraint WHERE connamespace = 'api'::regnamespace AND contype = 'p'";
        assert_eq!(text(&session(&here.url).await, keys).await, "3");
    });
    here.fine("p", "deploy --db DB --no-expose --yes=breaking");
    assert_eq!(left(&here), "");
}

/// The shop with a token of somebody else's gateway: what one exposes in two places is told apart.
#[test]
fn a_gateway_counts_only_for_what_names_it() {
    let here = super::shop();
    here.write("n/notes.kf", NOTES);
    here.write("n/kf.toml", "[expose]\nschema = \"rest\"\nlogin = \"another_login\"\n");
    here.fine("n", "deploy --db DB");
    block_on(async {
        let mut db = connect(&with_user(&here.url, "authenticator")).await.unwrap();
        let (status, said) = get(&mut db, "anon", json!({ "sub": "0xab" }), "all_notes", "{}").await;
        assert!(status == 401 && said.contains("`authenticator` is not the login of a gateway"), "{said}");
        assert_eq!(post(&mut db, "0xab", "whoami", "{}").await.0, 200);
    });
}

/// `kf drop` takes the API along and leaves that of others.
#[test]
fn a_dropped_dataset_leaves_nothing_in_the_api() {
    let other = "database other; action one() public view returns (n int) { return 1; }";
    let here = project(&[("notes.kf", NOTES), ("other.kf", other)]);
    here.fine("p", "deploy --db DB --expose api");
    here.fine("p", "drop --db DB notes --yes=breaking");
    assert_eq!(left(&here), "api.one() schema api");
    here.fine("p", "drop --db DB other --yes=breaking");
    assert_eq!(left(&here), "");
}

/// Two deploys want one name at once: one has it, the other is told so.
#[test]
fn one_of_two_that_race_for_a_name_gets_it() {
    let here = project(&[]);
    for name in ["one", "two"] {
        let text =
            format!("database {name}; action same($n int) public view returns (n int) {{ return $n; }}");
        here.write(&format!("{name}/{name}.kf"), &text);
    }
    let outcomes: Vec<(i32, String)> = std::thread::scope(|scope| {
        let deploys: Vec<_> = ["one", "two"]
            .map(|name| {
                let here = &here;
                scope.spawn(move || here.kf(name, "deploy --db DB --expose api"))
            })
            .into_iter()
            .collect();
        deploys.into_iter().map(|deploy| deploy.join().unwrap()).collect()
    });
    let mut codes: Vec<i32> = outcomes.iter().map(|it| it.0).collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 4], "{outcomes:?}");
    assert!(outcomes.iter().any(|it| it.1.contains("error[KF0730]")), "{outcomes:?}");
    assert_eq!(left(&here), "api.same(bigint) schema api");
}

/// The owner of a fresh database who is no superuser can expose in it; one that a superuser closed needs one to open it.
#[test]
fn whoever_deploys_need_not_be_a_superuser() {
    let here = project(&[("notes.kf", NOTES)]);
    let fresh = block_on(empty_database());
    here.fine("p", "deploy --db DB");
    for url in [&here.url, &fresh] {
        let name = url.rsplit('/').next().unwrap().split('?').next().unwrap();
        block_on(async {
            let admin = session(&here.url).await;
            let made = format!(
                "DO $$ BEGIN CREATE ROLE exposer LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$; \
                 ALTER DATABASE {name} OWNER TO exposer; GRANT kf_owner, kf_public, kf_oracle TO exposer"
            );
            admin.client.batch_execute(&made).await.unwrap();
        });
    }
    let deploy = |url: &str| format!("deploy --db {} --expose api", with_user(url, "exposer"));
    let grant = "GRANT EXECUTE ON FUNCTION pg_catalog.set_config(text, text, boolean) TO authenticator";
    here.wrong("p", &deploy(&here.url), 4, &["error[KF0706]", grant]);
    here.fine("p", &deploy(&fresh));
    block_on(async {
        let db = connect(&with_user(&fresh, "authenticator")).await.unwrap();
        let claims = "SELECT set_config('role', 'authenticated', false), set_config('request.jwt.claims', '{\"sub\": \"7\"}', false)";
        db.client.batch_execute(claims).await.unwrap();
        db.client.batch_execute("SELECT api.add(1, 'a'); SELECT api.all_notes()").await.unwrap();
    });
}
