//! Deploying as the owner of an empty database who is no superuser and may make no roles, as on many a managed service.

use crate::support::here::Here;
use crate::support::packages::ens;
use crate::support::{block_on, scratch, story, unique, with_database, with_user};
use kuneiform::deploy::connect::{Session, connect};
use kuneiform::deploy::embedded::ThrowAway;
use kuneiform::deploy::{deploy_packages, registry};
use kuneiform::diagnostics::Code;

/// A server on which nobody has deployed yet, so that it has no roles.
struct Fresh {
    server: ThrowAway,
    _folder: tempfile::TempDir,
}

impl Fresh {
    fn new() -> Fresh {
        let folder = scratch();
        let server = ThrowAway::start(&folder.path().join("server")).expect("tests need PostgreSQL");
        Fresh { server, _folder: folder }
    }

    async fn admin(&self) -> Session {
        connect(&self.server.url()).await.unwrap()
    }

    /// An empty database that belongs to a new login made with `options`.
    async fn owned(&self, options: &str) -> (String, String) {
        let (login, name) = (unique("owner"), unique("owned"));
        let admin = self.admin().await;
        let make = [
            format!("CREATE ROLE {login} LOGIN NOSUPERUSER {options}"),
            format!("CREATE DATABASE {name} OWNER {login} TEMPLATE template0"),
        ];
        for sql in make {
            admin.client.batch_execute(&sql).await.unwrap();
        }
        (with_user(&with_database(&self.server.url(), &name), &login), login)
    }
}

async fn text(session: &Session, sql: &str) -> String {
    let found = session.client.query_one_scalar::<Option<String>, _>(sql, &[]).await;
    found.unwrap().unwrap_or_default()
}

const WEAKER: &str = "everything belongs to";

#[test]
fn the_readmes_story_without_roles() {
    let fresh = Fresh::new();
    let (url, login) = block_on(fresh.owned("NOCREATEROLE"));
    let here = Here::at(url.clone());
    let told = story::tell(&here);
    assert!(told.contains(WEAKER) && told.contains(&login), "{told}");
    assert!(here.fine("network", "db status --db DB").contains(WEAKER));
    block_on(async {
        let db = connect(&url).await.unwrap();
        assert_eq!(
            text(&db, "SELECT string_agg(rolname, ' ') FROM pg_roles WHERE rolname ~ '^kf_'").await,
            ""
        );
        let owners = "SELECT string_agg(DISTINCT pg_get_userbyid(o), ' ') FROM ( \
                      SELECT proowner AS o FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace WHERE nspname ~ '^(ds_|kf$)' \
                      UNION SELECT relowner FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace WHERE nspname ~ '^(ds_|kf$)') AS t";
        assert_eq!(text(&db, owners).await, login);
        // A stranger has nothing: not even what PostgreSQL gives everybody with a new function.
        let open = "SELECT string_agg(p.oid::regprocedure::text, ' ') FROM pg_proc p JOIN pg_namespace n ON n.oid = pronamespace \
                    WHERE nspname ~ '^(ds_|kf$)' AND (p.proacl IS NULL OR p.proacl::text ~ '[{,]=X')";
        assert_eq!(text(&db, open).await, "");
    });
    who_does_not_own_the_database_is_refused(&fresh);
    roles_of_another_database_are_left_alone(&fresh);
}

/// Roles are the server's. Somebody else made them, and did not make this login a member.
fn roles_of_another_database_are_left_alone(fresh: &Fresh) {
    let (url, _) = block_on(fresh.owned("NOCREATEROLE"));
    block_on(async {
        let mut admin = fresh.admin().await;
        registry::ensure(&mut admin).await.unwrap();
    });
    assert!(story::tell(&Here::at(url)).contains(WEAKER));
}

/// The same with the roles that an administrator made and gave.
#[test]
fn roles_that_were_given_are_used() {
    let fresh = Fresh::new();
    let (url, login) = block_on(fresh.owned("NOCREATEROLE"));
    block_on(async {
        let page = std::fs::read_to_string(
            std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/guide/deploying.md"),
        );
        let page = page.unwrap();
        let (_, block) = page.split_once("```sql\nCREATE ROLE kf_owner").unwrap();
        let sql = format!("CREATE ROLE kf_owner{}", block.split("```").next().unwrap());
        fresh.admin().await.client.batch_execute(&sql.replace("deployer", &login)).await.unwrap();
    });
    assert!(!story::tell(&Here::at(url.clone())).contains(WEAKER));
    block_on(async {
        let db = connect(&url).await.unwrap();
        assert_eq!(
            text(&db, "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'ds_ens'").await,
            "kf_owner"
        );
    });
}

#[test]
fn a_login_that_may_make_roles_makes_them() {
    let fresh = Fresh::new();
    let (url, _) = block_on(fresh.owned("CREATEROLE"));
    assert!(!story::tell(&Here::at(url)).contains(WEAKER));
    // Of two databases on one server, the second finds the roles there, and up to 15 may still hand them out.
    let (second, _) = block_on(fresh.owned("CREATEROLE"));
    story::tell(&Here::at(second));
}

fn who_does_not_own_the_database_is_refused(fresh: &Fresh) {
    block_on(async {
        let (url, _) = fresh.owned("NOCREATEROLE").await;
        let stranger = unique("stranger");
        fresh.admin().await.client.batch_execute(&format!("CREATE ROLE {stranger} LOGIN")).await.unwrap();
        let mut db = connect(&with_user(&url, &stranger)).await.unwrap();
        let errors = deploy_packages(&mut db, &[ens()], &mut |_| {}).await.unwrap_err();
        assert_eq!(errors[0].code, Code::DatabaseRight, "{errors:?}");
        let mut owner = connect(&url).await.unwrap();
        deploy_packages(&mut owner, &[ens()], &mut |_| {}).await.unwrap();
        let errors = connect(&with_user(&url, &stranger)).await;
        // The database was closed to everybody else.
        assert!(errors.is_err());
    });
}
