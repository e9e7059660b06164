//! `@caller`: bound byte for byte, never left over from another call, never missing, and who can make it up.

use kuneiform::deploy::call::{Call, CallError, Cell, Context, call};
use kuneiform::deploy::connect::Session;

use crate::support::programs::{call_of, context, deployed, function, login, packages, state};
use crate::support::{block_on, session, with_user};

const ECHO: &str = "database echo;
    table seen { id text primary, who text not_null }
    action who() public view { SELECT @caller AS who, @signer AS signer; }
    action note($id text) public { INSERT INTO seen (id, who) VALUES ($id, @caller); }
    action noted($id text) public view { SELECT s.who FROM seen AS s WHERE s.id = $id AND s.who = @caller; }
    action mine() public view { SELECT count(*) AS n FROM seen AS s WHERE s.who = @caller; }
    action refuse($why text) public { NOTICE(@caller); ERROR($why); }
    action inner() private { NOTICE(@caller); }
    action feed() oracle { inner(); }
    action offered() system { inner(); }
    action deep($n int) public { SELECT CASE WHEN $n = 0 THEN ERROR('the bottom') END; deep($n - 1); }
    action through() public view { SELECT @foreign_caller AS via; }";

async fn who(db: &mut Session, caller: &str) -> Cell {
    call(db, &call_of("echo.who", caller, &[])).await.unwrap().rows[0][0].clone()
}

#[test]
fn any_text_is_the_same_text_inside() {
    block_on(async {
        let mut db = session(&deployed(&packages(&[ECHO], None)).await).await;
        let long = "0xab'\\\"".repeat(150_000);
        let callers = [
            "'",
            "''",
            "'; DROP TABLE ds_echo.seen; --",
            "\\",
            "\\'",
            "\\000",
            "E'\\x'",
            "$$",
            "$kf$",
            "$1",
            "%s%I%n",
            "a\nb\r\n\tc",
            " 0xa ",
            "0xA",
            "\u{1b}[31m",
            "\u{202e}\u{200b}",
            "😀 café é",
            "\"@ctx\"",
            "(\"@ctx\").caller",
            "NULL",
            "null",
            "0x",
            "{}",
            ",",
            "(a,b)",
            "\u{7f}\u{1}",
            "\u{10ffff}",
            &long,
        ];
        for (number, caller) in (0..).zip(callers) {
            assert_eq!(who(&mut db, caller).await, Cell::One(caller.to_owned()));
            let id: i32 = number;
            call(&mut db, &call_of("echo.note", caller, &[&id.to_string()])).await.unwrap();
            let noted = call(&mut db, &call_of("echo.noted", caller, &[&id.to_string()])).await.unwrap();
            assert_eq!(noted.rows, [[Cell::One(caller.to_owned())]]);
            assert_eq!(
                db.client
                    .query_one_scalar::<String, _>(
                        "SELECT who FROM ds_echo.seen WHERE id = $1",
                        &[&id.to_string()]
                    )
                    .await
                    .unwrap(),
                caller
            );
        }
        for caller in callers {
            let mine = call(&mut db, &call_of("echo.mine", caller, &[])).await.unwrap();
            assert_eq!(mine.rows, [[Cell::One("1".into())]], "{caller:.40} is not confused with another");
        }
    });
}

/// PostgreSQL has no NUL in texts: nothing is cut off there, the call is refused.
#[test]
fn a_caller_with_nul_is_refused() {
    block_on(async {
        let mut db = session(&deployed(&packages(&[ECHO], None)).await).await;
        for caller in ["0xa\0", "\0", "a\0b"] {
            assert!(call(&mut db, &call_of("echo.who", caller, &[])).await.is_err(), "{caller:?}");
        }
        assert_eq!(who(&mut db, "0xa").await, Cell::One("0xa".into()));
    });
}

/// A pool hands the same connection to one caller after another, also after errors.
#[test]
fn a_reused_connection_forgets_who_called() {
    block_on(async {
        let url = deployed(&packages(&[ECHO], None)).await;
        let mut pooled = session(&with_user(&url, "kf_engine")).await;
        for turn in 0..150 {
            let (first, second) = (format!("0xaaaa{turn:04}"), format!("0xbbbb{turn:04}"));
            let refused = call(&mut pooled, &call_of("echo.refuse", &first, &["no"])).await;
            let Err(CallError::Fault(fault)) = refused else { panic!("{refused:?}") };
            assert_eq!(
                (fault.code.as_str(), fault.message.as_str(), fault.notices),
                ("KF001", "no", vec![first])
            );
            assert_eq!(who(&mut pooled, &second).await, Cell::One(second));
        }
        let left = "SELECT current_user = 'kf_engine' AND current_setting('role') = 'none' AND NOT EXISTS (SELECT FROM pg_settings \
                    WHERE source = 'session' AND name IN ('search_path', 'statement_timeout', 'role'))
                    AND current_setting('transaction_read_only') = 'off'
                    AND NOT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid())";
        assert!(pooled.client.query_one_scalar::<bool, _>(left, &[]).await.unwrap());
    });
}

/// Every function of the example network, public or not, refuses to act for nobody; it does so before anything else.
#[test]
fn nobody_is_refused_by_every_function() {
    block_on(async {
        let texts = ["accounts", "ens", "near_accounts", "social_network"].map(|name| {
            std::fs::read_to_string(format!("{}/examples/network/{name}.kf", env!("CARGO_MANIFEST_DIR")))
                .unwrap()
        });
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let network = packages(&texts, None);
        let db = session(&deployed(&network).await).await;
        let mut called = 0;
        for package in &network {
            for (action, signature) in &package.interface.actions {
                let nulls = ", NULL".repeat(signature.parameters.len());
                for context in [context("''"), context("NULL"), "NULL::kf.ctx".to_owned()] {
                    let sql =
                        format!("SELECT * FROM {}({context}{nulls})", function(package, action.as_str()));
                    let error = db.client.simple_query(&sql).await.expect_err(&sql);
                    assert_eq!(state(&error), "KF005", "{sql}");
                    called += 1;
                }
            }
        }
        assert!(called >= 3 * 15, "{called}");
        let mut db = db;
        let nobody = Call {
            context: Context { caller: String::new(), ..call_of("ens.get_ownership", "", &[]).context },
            ..call_of("ens.get_ownership", "", &[])
        };
        assert!(matches!(call(&mut db, &nobody).await, Err(CallError::Refused(_))));
    });
}

/// A login with a socket and kf_public may write any context: it is the engine, which vouches for its callers. That is why nobody else
/// is given such a login. A made-up context gives nothing else: no other function, no role, no end to recursion, no setting that another
/// call sees.
#[test]
fn a_made_up_context_names_a_caller_and_gives_no_other_right() {
    block_on(async {
        let program = packages(&[ECHO], None);
        let url = deployed(&program).await;
        let mallory = login(&url, &["kf_public"]).await;
        let call = |action: &str, context: &str, rest: &str| {
            format!("SELECT * FROM {}({context}{rest})", function(&program[0], action))
        };
        let forged = "ROW('0xvictim', '\\x00', 'forged', -1, -1, 'me', 'bank', -1000000)::kf.ctx";
        let row = mallory.client.query_one(&call("who", forged, ""), &[]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), "0xvictim", "by design: whoever holds the socket says who calls");
        let row = mallory.client.query_one(&call("through", forged, ""), &[]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), "bank");
        for action in ["inner", "feed", "offered"] {
            let error = mallory.client.simple_query(&call(action, forged, "")).await.unwrap_err();
            assert_eq!(state(&error), "42501", "{action}");
        }
        // A depth far below zero moves the limit of recursion, not the end of the stack; the session lives on.
        let error = mallory.client.simple_query(&call("deep", forged, ", 100000")).await.unwrap_err();
        assert!(["54001", "KF007"].contains(&state(&error).as_str()), "{error:?}");
        let error =
            mallory.client.simple_query(&call("deep", &context("'0xa'"), ", 100000")).await.unwrap_err();
        assert_eq!(state(&error), "KF007");
        // Settings are nothing to an action.
        for setting in ["kf.caller", "ctx.caller", "request.jwt.claims", "kf.ctx"] {
            mallory
                .client
                .batch_execute(&format!("SET \"{setting}\" = '0xvictim'"))
                .await
                .unwrap_or_default();
        }
        let row = mallory.client.query_one(&call("who", &context("'0xa'"), ""), &[]).await.unwrap();
        assert_eq!(row.get::<_, String>(0), "0xa");
    });
}
