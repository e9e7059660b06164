//! Every modifier against every way to call: each cell of `matrix.txt` is compiled, deployed and called.

use std::fmt::Write;

use kuneiform::Package;
use kuneiform::deploy::connect::Session;

use crate::support::programs::{compilation, context, deployed, errors, function, login, packages, state};
use crate::support::{block_on, session};

const OWNER: &str = "0xa11ce0";
const USER: &str = "0xb0b0";

/// How an action is reached.
#[derive(Clone, Copy, PartialEq)]
enum Path {
    Direct,
    OwnSchema,
    Importer,
    ImportersQuery,
}

const PATHS: [(Path, &str); 4] = [
    (Path::Direct, "called directly"),
    (Path::OwnSchema, "by an action of its schema"),
    (Path::Importer, "by an action of an importer"),
    (Path::ImportersQuery, "in a query of an importer"),
];

/// Who comes in: a name, the role of the login, who it says it is.
const COMERS: [(&str, Option<&str>, &str); 4] = [
    ("user", Some("kf_public"), USER),
    ("owner", Some("kf_public"), OWNER),
    ("oracle", Some("kf_oracle"), "0xfeed"),
    ("stranger", None, OWNER),
];

/// The modifiers of each row.
fn rows() -> Vec<String> {
    let mut rows = Vec::new();
    for visibility in ["public", "private", "oracle", "system"] {
        for rest in ["", " owner", " view", " owner view"] {
            rows.push(format!("{visibility}{rest}"));
        }
    }
    rows
}

fn name(row: usize) -> String {
    format!("target_{row}")
}

/// The imported schema; `more` is one more action of it.
fn bank(more: &str) -> String {
    let mut text = "database bank;\ntable log { id text primary }\n".to_owned();
    for (row, modifiers) in rows().iter().enumerate() {
        let body = match modifiers.contains("view") {
            true => "SELECT @caller AS who;",
            false => "INSERT INTO log (id) VALUES (@txid); SELECT @caller AS who;",
        };
        writeln!(text, "action {}() {modifiers} {{ {body} }}", name(row)).unwrap();
    }
    text + more
}

fn shop(more: &str) -> String {
    format!("database shop;\nuse bank as bank;\n{more}")
}

/// The action that calls row `row`, which is what the comer calls.
fn caller_of(row: usize, path: Path, oracle: bool) -> String {
    let (target, modifier) = (name(row), if oracle { "oracle" } else { "public" });
    match path {
        Path::Direct => String::new(),
        Path::OwnSchema => format!("action {modifier}_own_{row}() {modifier} {{ {target}(); }}\n"),
        Path::Importer => format!("action {modifier}_import_{row}() {modifier} {{ bank.{target}(); }}\n"),
        Path::ImportersQuery => format!(
            "action {modifier}_query_{row}() {modifier} view {{ SELECT r.who FROM bank.{target}() AS r; }}\n"
        ),
    }
}

/// The compiler's verdict on a caller: the codes of its errors, if it has any.
fn compiled(path: Path, caller: &str) -> Option<String> {
    let (bank, shop) = match path {
        Path::Direct => return None,
        Path::OwnSchema => (bank(caller), shop("")),
        Path::Importer | Path::ImportersQuery => (bank(""), shop(caller)),
    };
    let errors = errors(&compilation(&[&bank, &shop], Some(OWNER)));
    (!errors.is_empty()).then(|| errors.join("+"))
}

/// Every caller that compiles, in one program.
fn program() -> Vec<Package> {
    let (mut own, mut importing) = (String::new(), String::new());
    for row in 0..rows().len() {
        for (path, _) in PATHS {
            for oracle in [false, true] {
                let caller = caller_of(row, path, oracle);
                match (path, compiled(path, &caller)) {
                    (Path::OwnSchema, None) => own.push_str(&caller),
                    (Path::Importer | Path::ImportersQuery, None) => importing.push_str(&caller),
                    _ => {}
                }
            }
        }
    }
    packages(&[&bank(&own), &shop(&importing)], Some(OWNER))
}

struct Matrix {
    program: Vec<Package>,
    admin: Session,
    sessions: Vec<Session>,
}

impl Matrix {
    async fn verdict(&self, row: usize, path: Path, comer: usize) -> String {
        let (who, role, caller) = COMERS[comer];
        let oracle = role == Some("kf_oracle");
        if let Some(codes) = compiled(path, &caller_of(row, path, oracle)) {
            return codes;
        }
        let modifier = if oracle { "oracle" } else { "public" };
        let (schema, action) = match path {
            Path::Direct => ("bank", name(row)),
            Path::OwnSchema => ("bank", format!("{modifier}_own_{row}")),
            Path::Importer => ("shop", format!("{modifier}_import_{row}")),
            Path::ImportersQuery => ("shop", format!("{modifier}_query_{row}")),
        };
        let package = self.program.iter().find(|it| it.interface.name.as_str() == schema).unwrap();
        let sql =
            format!("SELECT * FROM {}({})", function(package, &action), context(&format!("'{caller}'")));
        let written = self.written().await;
        let outcome = self.sessions[comer].client.simple_query(&sql).await;
        let is_new = self.written().await - written;
        self.admin.client.batch_execute(&format!("DELETE FROM {}.log", self.bank())).await.unwrap();
        match outcome {
            Ok(_) => {
                let writes = !rows()[row].contains("view");
                assert_eq!(
                    is_new,
                    i64::from(writes),
                    "what runs has an effect: {who} {} {action}",
                    rows()[row]
                );
                "runs".to_owned()
            }
            Err(error) => {
                assert_eq!(is_new, 0, "what is refused has none: {who} {} {action}", rows()[row]);
                state(&error)
            }
        }
    }

    fn bank(&self) -> String {
        let package = self.program.iter().find(|it| it.interface.name.as_str() == "bank").unwrap();
        format!("\"{}\"", package.interface.dbid.pg_schema())
    }

    async fn written(&self) -> i64 {
        let sql = format!("SELECT count(*) FROM {}.log", self.bank());
        self.admin.client.query_one_scalar(&sql, &[]).await.unwrap()
    }

    async fn table(&self) -> String {
        let mut text = String::new();
        for (path, title) in PATHS {
            write!(text, "{title}\n  {:20}", "").unwrap();
            COMERS.iter().for_each(|(who, ..)| write!(text, "{who:10}").unwrap());
            for (row, modifiers) in rows().iter().enumerate() {
                write!(text, "\n  {modifiers:20}").unwrap();
                for comer in 0..COMERS.len() {
                    write!(text, "{:10}", self.verdict(row, path, comer).await).unwrap();
                }
            }
            text.push_str("\n\n");
        }
        text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }
}

#[test]
fn every_cell_of_the_table_is_what_happens() {
    block_on(async {
        let program = program();
        let url = deployed(&program).await;
        let mut sessions = Vec::new();
        for (_, role, _) in COMERS {
            sessions.push(login(&url, &Vec::from_iter(role)).await);
        }
        let matrix = Matrix { program, admin: session(&url).await, sessions };
        let found = matrix.table().await;
        let wanted = include_str!("matrix.txt");
        let wanted: String = wanted
            .lines()
            .skip_while(|line| line.starts_with('#') || line.is_empty())
            .map(|line| format!("{line}\n"))
            .collect();
        assert_eq!(found.trim_end(), wanted.trim_end(), "\n{found}");
    });
}
