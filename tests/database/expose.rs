//! What gateways see: functions in a schema of their own, called as PostgREST calls them, by roles that may call nothing
//! else and cannot say who they are.

mod openapi;
mod plans;
mod postgrest;

use std::sync::OnceLock;

use crate::support::here::Here;
use crate::support::{block_on, server, session, with_user};
use kuneiform::deploy::connect::{Session, connect};
use postgrest::{Request, answer, routines};
use serde_json::{Value, json};

const SHOP: &str = "database shop;
table items {
    id int primary,
    owner text not_null,
    name text not_null,
    price decimal(10,2) not_null,
    supply uint256 not_null,
    tag blob
}
// What is for sale.
// The cheapest comes first.
action list_items($name text, $max decimal(10,2) default 100.00) public view {
    SELECT i.id, i.name, i.price, i.supply, i.tag FROM items AS i
    WHERE i.name LIKE $name AND i.price <= $max ORDER BY i.price, i.id;
}
// Puts something up for sale.
action add_item($id int, $name text, $price decimal(10,2), $supply uint256) public {
    if $price < 0.01 { ERROR('too cheap'); }
    INSERT INTO items (id, owner, name, price, supply, tag) VALUES ($id, @caller, $name, $price, $supply, @signer);
}
action first_item($id int) public view returns (id int, prices decimal(10,2)[]) {
    for $row in SELECT i.id, i.price FROM items AS i WHERE i.id >= $id ORDER BY i.id {
        return $row.id, [$row.price];
    }
    ERROR('nothing is for sale');
}
action whoami() public view returns (who text) { return @caller || ' by ' || @authenticator; }
action wipe() public owner { DELETE FROM items WHERE id > 0; }
action feed($id int) oracle { DELETE FROM items WHERE id = $id; }
action hidden($id int) private { DELETE FROM items WHERE id = $id; }
";

const TOML: &str = "[expose]\nschema = \"rest\"\n[expose.roles]\nview = [\"anon\", \"authenticated\"]\n\
                    action = [\"authenticated\"]\nowner = [\"authenticated\"]\n";

/// The roles of a gateway, which belong to the whole server.
fn roles() {
    static MADE: OnceLock<()> = OnceLock::new();
    MADE.get_or_init(|| {
        std::thread::spawn(|| {
            block_on(async {
                let db = connect(server()).await.unwrap();
                db.client
                    .batch_execute(
                        "CREATE ROLE anon NOLOGIN; CREATE ROLE authenticated NOLOGIN; CREATE ROLE mallory LOGIN; \
                         CREATE ROLE authenticator LOGIN NOINHERIT; GRANT anon, authenticated TO authenticator; \
                         GRANT authenticated TO mallory",
                    )
                    .await
                    .unwrap();
                db.close().await;
            });
        })
        .join()
        .unwrap();
    });
}

/// A status, and the body as text; of a fault the message alone, or the gateway's own code.
async fn request(session: &mut Session, request: &Request<'_>) -> (u16, String) {
    let (status, answer) = answer(session, request).await;
    let said = |fault: Value| {
        let word = |key: &str| fault[key].as_str().unwrap().to_owned();
        if word("code").starts_with("PGRST") { word("code") } else { word("message") }
    };
    (status, answer.unwrap_or_else(said))
}

/// The shop, exposed in `rest` and owned by 0xaa.
fn shop() -> Here {
    roles();
    let here = Here::new();
    here.write("shop/shop.kf", SHOP);
    here.write("shop/kf.toml", TOML);
    here.fine("shop", "deploy --db DB --owner 0xaa");
    here
}

async fn gateway(here: &Here) -> Session {
    connect(&with_user(&here.url, "authenticator")).await.unwrap()
}

/// POST as somebody.
async fn post(db: &mut Session, who: &str, function: &str, arguments: &str) -> (u16, String) {
    let claims = if who.is_empty() { json!({}) } else { json!({ "sub": who }) };
    let role = if who.is_empty() { "anon" } else { "authenticated" };
    request(db, &Request { schema: "rest", function, method: "POST", role, claims, arguments }).await
}

async fn get(db: &mut Session, role: &str, claims: Value, function: &str, arguments: &str) -> (u16, String) {
    request(db, &Request { schema: "rest", function, method: "GET", role, claims, arguments }).await
}

async fn text(db: &Session, sql: &str) -> String {
    db.client.query_one_scalar::<Option<String>, _>(sql, &[]).await.unwrap().unwrap_or_default()
}

fn json_of(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

const LARGEST: &str = "115792089237316195423570985008687907853269984665640564039457584007913129639935";

#[test]
fn gateways_find_functions_and_call_them() {
    let here = shop();
    block_on(async {
        let mut db = gateway(&here).await;
        let found = routines(&db, "rest").await;
        let names: Vec<&str> = found.iter().map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["add_item", "first_item", "list_items", "whoami", "wipe"]);
        let list = &found[2];
        let argument = |name: &str, required| (name.to_owned(), "text".to_owned(), required);
        assert_eq!(list.arguments, [argument("name", true), argument("max", false)]);
        assert_eq!((list.volatility.as_str(), list.is_set, list.is_composite), ("s", true, true));
        assert_eq!(list.comment.as_deref(), Some("What is for sale.\nThe cheapest comes first."));
        assert_eq!((found[0].volatility.as_str(), found[0].is_set), ("v", false));
        let body =
            format!("{{\"id\": 1, \"name\": \"hat\", \"price\": \"1.50\", \"supply\": \"{LARGEST}\"}}");
        assert_eq!(post(&mut db, "0xab", "add_item", &body).await, (204, String::new()));
        // A number of any length survives too: PostgreSQL keeps the digits of JSON text.
        let body = format!("{{\"id\": 2, \"name\": \"cap\", \"price\": 0.10, \"supply\": {LARGEST}}}");
        assert_eq!(post(&mut db, "0xab", "add_item", &body).await, (204, String::new()));
        let claims = json!({ "sub": "somebody" });
        let (status, rows) =
            get(&mut db, "anon", claims.clone(), "list_items", "{\"name\": \"%\", \"max\": \"1.5\"}").await;
        let item = |id: i32, name: &str, price: &str| json!({ "id": id, "name": name, "price": price, "supply": LARGEST, "tag": "\\xab" });
        assert_eq!((status, json_of(&rows)), (200, json!([item(2, "cap", "0.10"), item(1, "hat", "1.50")])));
        let (status, rows) = get(&mut db, "anon", claims.clone(), "list_items", "{\"name\": \"x\"}").await;
        assert_eq!((status, rows.as_str()), (200, "[]"));
        let (status, row) = get(&mut db, "anon", claims.clone(), "first_item", "{\"id\": 0}").await;
        assert_eq!((status, json_of(&row)), (200, json!({ "id": 1, "prices": ["1.50"] })));
        let who = get(&mut db, "anon", claims, "whoami", "{}").await;
        assert_eq!(who, (200, "\"somebody by gateway\"".to_owned()));
    });
}

#[test]
fn faults_become_statuses_with_their_messages() {
    let here = shop();
    block_on(async {
        let mut db = gateway(&here).await;
        let add = |id: &str, price: &str| {
            format!("{{\"id\": {id}, \"name\": \"hat\", \"price\": \"{price}\", \"supply\": \"1\"}}")
        };
        let wants = [
            ("add_item", add("1", "0.001"), 400, "`$price` is not a decimal(10,2)"),
            ("add_item", add("1", "0.00"), 400, "too cheap"),
            ("add_item", add("1", "NaN"), 400, "`$price` is not a decimal(10,2)"),
            ("add_item", add("1", "a"), 400, "invalid input syntax for type numeric"),
            ("add_item", "{\"id\": 1}".to_owned(), 404, "PGRST202"),
            ("first_item", "{\"id\": 7}".to_owned(), 400, "nothing is for sale"),
            ("feed", "{\"id\": 7}".to_owned(), 404, ""),
            ("hidden", "{\"id\": 7}".to_owned(), 404, ""),
            ("wipe", "{}".to_owned(), 403, "only the owner may call this"),
        ];
        for (function, arguments, status, message) in wants {
            let (found, said) = post(&mut db, "0xab", function, &arguments).await;
            assert!(found == status && said.contains(message), "{function} {arguments}: {found} {said}");
        }
        assert_eq!(post(&mut db, "0xab", "add_item", &add("1", "1.00")).await.0, 204);
        assert_eq!(post(&mut db, "0xab", "add_item", &add("1", "1.00")).await.0, 409);
        // A link is followed without asking: what may write is not to be had by GET.
        let by_get =
            get(&mut db, "authenticated", json!({ "sub": "0xab" }), "add_item", &add("2", "1.00")).await;
        assert_eq!(by_get.0, 405);
        assert_eq!(post(&mut db, "0xaa", "wipe", "{}").await, (204, String::new()));
    });
}

#[test]
fn nobody_says_who_they_are() {
    let here = shop();
    block_on(async {
        let mut db = gateway(&here).await;
        let item = "{\"id\": 1, \"name\": \"hat\", \"price\": \"1\", \"supply\": \"1\"}";
        // Without a token, or with one that lacks the claim.
        let (status, said) = post(&mut db, "", "add_item", item).await;
        assert!(status == 401 && said.contains("permission denied"), "{said}");
        for claims in [json!({}), json!({ "sub": "" }), json!({ "sub": null }), json!({ "Sub": "0xaa" })] {
            let (status, said) = get(&mut db, "anon", claims, "whoami", "{}").await;
            assert_eq!((status, said.as_str()), (401, "no caller: there is no verified claim `sub`"));
        }
        // By an argument.
        for name in ["caller", "@caller", "@ctx", "hasura_session"] {
            let arguments = format!("{{\"{name}\": \"0xaa\"}}");
            assert_eq!(post(&mut db, "0xab", "whoami", &arguments).await.0, 404);
        }
        // Claims of the one before do not stay.
        assert_eq!(post(&mut db, "0xab", "whoami", "{}").await.1, "\"0xab by gateway\"");
        let after = "SELECT current_setting('request.jwt.claims', true)";
        assert_eq!(text(&db, after).await, "");
        db.client.batch_execute("SET ROLE authenticated").await.unwrap();
        for (sql, wants) in [
            ("SELECT rest.whoami()", "no caller: there is no verified claim `sub`"),
            (
                "SELECT kf.gateway('{\"sub\":\"x\"}', '{sub}', '{authenticator}', NULL, NULL, true)",
                "permission denied",
            ),
            ("SELECT ds_x.f()", "does not exist"),
            ("SELECT * FROM kf.dataset", "permission denied"),
            ("CREATE FUNCTION rest.f() RETURNS int LANGUAGE sql RETURN 1", "permission denied"),
            ("ALTER FUNCTION rest.whoami() RESET ALL", "must be owner"),
            ("SELECT ROW('x', NULL, '', 1, 1, '', '', 0)::kf.ctx", "permission denied"),
        ] {
            let said = db.client.batch_execute(sql).await.unwrap_err();
            let said = said.as_db_error().unwrap().message().to_owned();
            assert!(said.contains(wants), "{sql}: {said}");
        }
        // Neither a table nor an action of the dataset itself.
        let owner = session(&here.url).await;
        let reach = "SELECT coalesce(string_agg(has.what, ' '), '') FROM (
            SELECT p.oid::regprocedure::text AS what FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
            CROSS JOIN (VALUES ('anon'), ('authenticated'), ('authenticator')) AS r (role)
            WHERE (n.nspname ~ '^ds_' OR n.nspname = 'kf')
              AND has_schema_privilege(r.role, n.oid, 'USAGE') AND has_function_privilege(r.role, p.oid, 'EXECUTE')
            UNION ALL SELECT c.oid::regclass::text FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
            CROSS JOIN (VALUES ('anon'), ('authenticated'), ('authenticator')) AS r (role)
            WHERE (n.nspname ~ '^ds_' OR n.nspname = 'kf') AND c.relkind = 'r' AND has_table_privilege(r.role, c.oid, 'SELECT')
        ) AS has";
        assert_eq!(text(&owner, reach).await, "");
        // Another login may call as a role that it has, but what it says of itself does not count.
        owner
            .client
            .batch_execute("DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO mallory', current_database()); END $$")
            .await
            .unwrap();
        let mallory = connect(&with_user(&here.url, "mallory")).await.unwrap();
        mallory.client.batch_execute("SET \"request.jwt.claims\" = '{\"sub\":\"0xaa\"}'").await.unwrap();
        for sql in ["SELECT rest.whoami()", "SELECT rest.wipe()"] {
            let said = mallory.client.batch_execute(sql).await.unwrap_err();
            let said = said.as_db_error().unwrap().clone();
            assert_eq!(said.code().code(), "PT401");
            assert_eq!(said.message(), "no caller: `mallory` is not the login of a gateway");
        }
    });
}

/// Who a function for gateways belongs to, and that its path of search is pinned.
#[test]
fn views_stay_read_only() {
    let here = shop();
    block_on(async {
        let db = session(&here.url).await;
        let owners = "SELECT string_agg(p.proname || ':' || pg_get_userbyid(p.proowner), ' ' ORDER BY p.proname) FROM pg_proc AS p \
                      WHERE p.pronamespace = 'rest'::regnamespace AND p.prosecdef \
                      AND p.proconfig = '{\"search_path=pg_catalog, pg_temp\"}'";
        assert_eq!(
            text(&db, owners).await,
            "add_item:kf_owner first_item:kf_reader list_items:kf_reader whoami:kf_reader wipe:kf_owner"
        );
        let creators = "SELECT string_agg(r.rolname, ' ') FROM pg_roles AS r WHERE NOT r.rolsuper \
                        AND r.rolname !~ '^pg_' AND has_schema_privilege(r.oid, 'rest', 'CREATE') \
                        AND (r.rolname = 'kf_owner' OR NOT pg_has_role(r.oid, 'kf_owner', 'MEMBER'))";
        assert_eq!(text(&db, creators).await, "kf_owner");
        if std::env::var_os("KF_WITHOUT_PLPGSQL_CHECK").is_none() {
            db.client.batch_execute("CREATE EXTENSION IF NOT EXISTS plpgsql_check").await.unwrap();
            let findings = "SELECT string_agg(p.proname || ': ' || c.message, '; ') FROM pg_proc AS p CROSS JOIN LATERAL \
                plpgsql_check_function_tb(p.oid, performance_warnings => false, security_warnings => true) AS c \
                WHERE p.pronamespace IN ('rest'::regnamespace, 'kf'::regnamespace) AND p.prorettype <> 'trigger'::regtype \
                AND p.proname IN (SELECT proname FROM pg_proc WHERE pronamespace = 'rest'::regnamespace UNION SELECT 'gateway') \
                AND p.prolang = (SELECT oid FROM pg_language WHERE lanname = 'plpgsql')";
            assert_eq!(text(&db, findings).await, "");
        }
    });
}
