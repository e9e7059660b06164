//! Programs from source text to a database, and logins that are allowed little.

use kuneiform::deploy::call::{Call, Context, Given, Role};
use kuneiform::deploy::connect::Session;
use kuneiform::deploy::deploy_packages;
use kuneiform::diagnostics::Severity;
use kuneiform::{Compilation, Options, Owner, Package, Sources};

use super::{session, unique, with_user};

/// Compiles texts as one program, for `owner` if there is one.
pub fn compilation(texts: &[&str], owner: Option<&str>) -> Compilation {
    let mut sources = Sources::new();
    for (number, text) in texts.iter().enumerate() {
        sources.add(format!("{number}.kf"), *text);
    }
    let owner = owner.map(|owner| Owner(owner.to_owned()));
    kuneiform::compile(&sources, &Options { owner, ..Options::default() })
}

/// The codes of a compilation's errors, in source order.
pub fn errors(compilation: &Compilation) -> Vec<&'static str> {
    let errors = compilation.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|diagnostic| diagnostic.code.id()).collect()
}

/// The packages of texts that must compile.
pub fn packages(texts: &[&str], owner: Option<&str>) -> Vec<Package> {
    let compilation = compilation(texts, owner);
    assert_eq!(errors(&compilation), [""; 0], "{:#?}", compilation.diagnostics);
    assert!(!compilation.packages.is_empty());
    compilation.packages
}

/// A database of its own with these packages, by its address.
pub async fn deployed(packages: &[Package]) -> String {
    let url = super::database().await;
    let mut db = session(&url).await;
    deploy_packages(&mut db, packages, &mut |_| {}).await.unwrap();
    db.close().await;
    url
}

/// A session of a new login that may connect and has the rights of `roles`, no more.
pub async fn login(url: &str, roles: &[&str]) -> Session {
    let (admin, name) = (session(url).await, unique("mallory"));
    let mut sql = format!(
        "CREATE ROLE {name} LOGIN;
         DO $$ BEGIN EXECUTE format('GRANT CONNECT ON DATABASE %I TO {name}', current_database()); END $$;"
    );
    for role in roles {
        sql.push_str(&format!("GRANT {role} TO {name};"));
    }
    admin.client.batch_execute(&sql).await.unwrap();
    admin.close().await;
    session(&with_user(url, &name)).await
}

/// `dataset.action` called by `caller`.
pub fn call_of(target: &str, caller: &str, words: &[&str]) -> Call {
    let (dataset, action) = target.rsplit_once('.').unwrap();
    let context = Context {
        caller: caller.to_owned(),
        txid: "t1".into(),
        height: 7,
        block_timestamp: 1_700_000_000,
        authenticator: "test".into(),
    };
    let arguments = Given::Words(words.iter().map(|word| (*word).to_owned()).collect());
    Call { dataset: dataset.into(), action: action.into(), arguments, context, role: Role::Public }
}

/// A context as hand-written SQL, with nothing quoted.
pub fn context(caller: &str) -> String {
    format!("ROW({caller}, '', 't1', 1, 1, '', '', 0)::kf.ctx")
}

/// An action's function with its schema, as it is called: `"ds_ens"."f@ens"`.
pub fn function(package: &Package, action: &str) -> String {
    let kind = kuneiform::interface::StatementKind::Function;
    let found = package.statements.iter().find(|it| it.kind == kind && it.name == action);
    found.expect(action).object.split_once('(').unwrap().0.to_owned()
}

/// The SQLSTATE of a refusal by the server, or the error.
pub fn state(error: &tokio_postgres::Error) -> String {
    error.code().map_or_else(|| format!("{error:?}"), |code| code.code().to_owned())
}

/// Every text below a folder of the repository whose name ends in `.kf`, in name order, with its path.
pub fn texts(folder: &str) -> Vec<(String, String)> {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let (mut folders, mut found) = (vec![root.join(folder)], Vec::new());
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "kf") {
                let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
                found.push((path.strip_prefix(root).unwrap().to_str().unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "{folder}");
    found
}

/// The example network, compiled.
pub fn network() -> Vec<Package> {
    let texts = texts("examples/network");
    packages(&texts.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), None)
}
