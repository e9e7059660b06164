//! Texts made to break out of a quote are stored, compared, raised and read back byte for byte.

use kuneiform::deploy::call::{CallError, Cell, call};
use kuneiform::deploy::deploy_packages;

use crate::support::programs::{call_of, compilation, deployed, errors, packages};
use crate::support::{block_on, database, session};

const HOSTILE: &[&str] = &[
    "",
    "'",
    "''",
    "'''",
    "'); DROP TABLE t; --",
    "\\",
    "\\'",
    "\\\\'",
    "\\'); DROP TABLE t; --",
    "$kf$",
    "$kf$; CREATE TABLE pwned(); $kf$",
    "$$",
    "$kf1$ $kf2$ $kf$",
    "$kf",
    "kf$",
    "$1",
    "%",
    "%%",
    "%s %I %L %n",
    "\"",
    "\"\"",
    "--",
    "/*",
    "*/",
    "//",
    ";",
    "\\000",
    "\\x00",
    "E'\\x27'",
    "U&'\\0027'",
    "\n",
    "\r\n",
    "\t",
    "a\nEND;\n$kf$\nb",
    "\u{7f}\u{9b}31m",
    "\u{202e}\u{2066}\u{200b}\u{feff}",
    "\u{85}\u{2028}",
    "😀",
    "é e\u{301} ﬁ ß ǅ",
    "\u{10ffff}\u{e000}\u{fffd}",
    "{{}}",
    "{}",
    ":name",
    "@caller",
    "$p",
    "?",
    "\\gexec",
    "\\!",
    "null",
    "NULL",
    "''''''''''''",
    "\\u0027",
    "&#39;",
    "％",
    "＇",
    "\u{2bc}",
    "\u{5c}n",
];

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    /// Quotes, dollars and backslashes more often than the rest of Unicode.
    fn text(&mut self) -> String {
        let length = self.below(24);
        (0..length).map(|_| self.char()).collect()
    }

    fn char(&mut self) -> char {
        let special: Vec<char> = "'\"\\$%;-/*()kf12 \n\r\t\u{7f}{}".chars().collect();
        loop {
            let number = match self.below(6) {
                0 | 1 => return special[usize::try_from(self.below(special.len() as u64)).unwrap()],
                2 => self.below(0x80),
                3 => self.below(0x800),
                4 => self.below(0x1_0000),
                _ => self.below(0x11_0000),
            };
            match char::from_u32(u32::try_from(number).unwrap()) {
                // No string of the language holds other control characters of ASCII.
                Some('\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}') | None => {}
                Some(char) => return char,
            }
        }
    }
}

/// The hostile ones and a thousand random ones.
fn texts() -> Vec<String> {
    let mut numbers = Numbers(20_240_607);
    let random = (0..1000).map(|_| numbers.text());
    HOSTILE.iter().map(|text| (*text).to_owned()).chain(random).collect()
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// Every text in every place a text may stand: rows, a default, a comparison, a concatenation, an array, an IN list, a variable.
fn source(texts: &[String]) -> String {
    let rows: Vec<String> =
        texts.iter().enumerate().map(|(id, text)| format!("({id}, {})", quoted(text))).collect();
    let listed: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    let listed = listed.join(", ");
    let hostile = quoted("'); DROP TABLE t; -- $kf$ \\' %");
    format!(
        "database hostile;
        table t {{ id int primary, s text not_null }}
        table d {{ id int primary, s text not_null default({hostile}) }}
        action fill() public {{ INSERT INTO t (id, s) VALUES {}; }}
        action fill_default() public {{ INSERT INTO d (id) VALUES (1); }}
        action all_rows() public view {{ SELECT t.id, t.s FROM t ORDER BY t.id; }}
        action listed() public view {{ SELECT count(*) AS n FROM t WHERE t.s IN ({listed}); }}
        action array_of() public view {{ SELECT ARRAY[{listed}] AS a; }}
        action joined() public view {{ SELECT {hostile} || t.s AS s FROM t ORDER BY t.id; }}
        action found($s text default {hostile}) public view {{ SELECT d.id FROM d WHERE d.s = $s AND d.s = {hostile}; }}",
        rows.join(", ")
    )
}

#[test]
fn stored_and_read_back_byte_for_byte() {
    block_on(async {
        let texts = texts();
        let mut db = session(&deployed(&packages(&[&source(&texts)], None)).await).await;
        call(&mut db, &call_of("hostile.fill", "0xa", &[])).await.unwrap();
        call(&mut db, &call_of("hostile.fill_default", "0xa", &[])).await.unwrap();
        let one = |text: &str| Cell::One(text.to_owned());
        let found = call(&mut db, &call_of("hostile.all_rows", "0xa", &[])).await.unwrap().rows;
        let wanted: Vec<Vec<Cell>> =
            texts.iter().enumerate().map(|(id, text)| vec![one(&id.to_string()), one(text)]).collect();
        assert_eq!(found, wanted);
        for (row, text) in
            db.client.query("SELECT s FROM ds_hostile.t ORDER BY id", &[]).await.unwrap().iter().zip(&texts)
        {
            assert_eq!(row.get::<_, &str>(0).as_bytes(), text.as_bytes());
        }
        let listed = call(&mut db, &call_of("hostile.listed", "0xa", &[])).await.unwrap().rows;
        assert_eq!(listed, [[one(&texts.len().to_string())]]);
        let array = call(&mut db, &call_of("hostile.array_of", "0xa", &[])).await.unwrap().rows;
        assert_eq!(array, [[Cell::Many(texts.iter().cloned().map(Some).collect())]]);
        let joined = call(&mut db, &call_of("hostile.joined", "0xa", &[])).await.unwrap().rows;
        assert_eq!(joined[1], [one("'); DROP TABLE t; -- $kf$ \\' %'")]);
        assert_eq!(call(&mut db, &call_of("hostile.found", "0xa", &[])).await.unwrap().rows, [[one("1")]]);
        let tables: i64 = db
            .client
            .query_one_scalar(
                "SELECT count(*) FROM pg_tables WHERE schemaname !~ '^(pg_|information_schema|kf$)'",
                &[],
            )
            .await
            .unwrap();
        assert_eq!(tables, 2, "nothing was dropped and nothing made");
    });
}

/// What `kf compile` prints may be run by hand, whatever the session's setting is.
#[test]
fn the_printed_sql_means_the_same_under_both_settings() {
    block_on(async {
        let texts = texts();
        let package = packages(&[&source(&texts)], None).remove(0);
        for setting in ["on", "off"] {
            let mut db = session(&database().await).await;
            kuneiform::deploy::registry::ensure(&mut db).await.unwrap();
            db.client.batch_execute(&format!("SET standard_conforming_strings = {setting}; SET backslash_quote = off; SET escape_string_warning = off; SET ROLE kf_owner")).await.unwrap();
            db.client.batch_execute(&package.sql()).await.unwrap();
            db.client
                .batch_execute(
                    "SELECT ds_hostile.\"fill@hostile\"(ROW('0xa', '', '', 1, 1, '', '', 0)::kf.ctx)",
                )
                .await
                .unwrap();
            let rows = db.client.query("SELECT s FROM ds_hostile.t ORDER BY id", &[]).await.unwrap();
            let found: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            assert_eq!(found, texts, "{setting}");
        }
    });
}

#[test]
fn a_setting_of_the_database_is_refused_or_has_no_effect() {
    block_on(async {
        let texts = texts();
        let url = database().await;
        let admin = session(&url).await;
        admin.client.batch_execute("DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET standard_conforming_strings = off', current_database()); END $$").await.unwrap();
        let mut db = session(&url).await;
        match deploy_packages(&mut db, &packages(&[&source(&texts)], None), &mut |_| {}).await {
            Err(errors) => {
                assert!(errors[0].to_string().contains("standard_conforming_strings"), "{errors:?}")
            }
            Ok(_) => {
                call(&mut db, &call_of("hostile.fill", "0xa", &[])).await.unwrap();
                let rows = db.client.query("SELECT s FROM ds_hostile.t ORDER BY id", &[]).await.unwrap();
                assert_eq!(rows.iter().map(|row| row.get::<_, String>(0)).collect::<Vec<_>>(), texts);
            }
        }
    });
}

/// `ERROR(..)` and `NOTICE(..)` never read their text as a format, whether it is written in the source or handed in.
#[test]
fn raised_texts_arrive_as_they_are() {
    block_on(async {
        let texts = texts();
        let texts: Vec<&String> =
            texts[..HOSTILE.len() + 40].iter().filter(|text| !text.is_empty()).collect();
        let mut source = "database raising;
            action refuse($why text) public { NOTICE($why); ERROR($why); }
            action refuse_in_query($why text) public { SELECT CASE WHEN $why != '' THEN ERROR($why) END; }
            action refuse_joined($why text) public { SELECT CASE WHEN true THEN ERROR('100% ' || $why) END; }\n".to_owned();
        for (number, text) in texts.iter().enumerate() {
            source.push_str(&format!(
                "action refuse_{number}() public {{ NOTICE({0}); ERROR({0}); }}\n",
                quoted(text)
            ));
        }
        let mut db = session(&deployed(&packages(&[&source], None)).await).await;
        for (number, text) in texts.iter().enumerate() {
            let own = (format!("raising.refuse_{number}"), vec![]);
            let given = ["refuse", "refuse_in_query", "refuse_joined"]
                .map(|name| (format!("raising.{name}"), vec![text.as_str()]));
            for (target, words) in std::iter::once(own).chain(given) {
                let outcome = call(&mut db, &call_of(&target, "0xa", &words)).await;
                let Err(CallError::Fault(fault)) = outcome else { panic!("{target} {text:?}: {outcome:?}") };
                let prefix = if target.ends_with("joined") { "100% " } else { "" };
                assert_eq!(
                    (fault.code.as_str(), fault.message),
                    ("KF001", format!("{prefix}{text}")),
                    "{target}"
                );
                if !target.contains("refuse_in") && !target.contains("joined") {
                    assert_eq!(fault.notices, [text.as_str()], "{target}");
                }
            }
        }
    });
}

/// Tables, columns, indexes, parameters and actions named after every word PostgreSQL's grammar knows: what the language takes as a name works.
#[test]
fn names_that_are_words_of_sql_work() {
    block_on(async {
        let db = session(&database().await).await;
        let words = db.client.query("SELECT word FROM pg_get_keywords() ORDER BY word", &[]).await.unwrap();
        let words: Vec<String> = words.iter().map(|row| row.get(0)).collect();
        assert!(words.len() > 400);
        let alone = |word: &&String| {
            errors(&compilation(&[&format!("database words;\n{}", named(word))], None)).is_empty()
        };
        let accepted: Vec<&String> = words.iter().filter(alone).collect();
        // Only what the grammar itself cannot tell from a keyword is refused as a name.
        assert!(accepted.len() * 10 > words.len() * 7, "{} of {}", accepted.len(), words.len());
        let source = accepted.iter().map(|word| named(word)).collect::<String>();
        let program = packages(&[&format!("database words;\n{source}")], None);
        let mut db = session(&deployed(&program).await).await;
        for word in accepted.iter().step_by(6) {
            let value = format!("it is {word}");
            call(&mut db, &call_of(&format!("words.put_{word}"), "0xa", &[&value])).await.unwrap();
            let found =
                call(&mut db, &call_of(&format!("words.get_{word}"), "0xa", &[&value])).await.unwrap();
            assert_eq!(found.rows, [[Cell::One(value)]], "{word}");
        }
    });
}

/// A table whose column, index and parameter have the same name.
fn named(word: &str) -> String {
    format!(
        "table {word} {{ {word} text primary, other int, #{word}_index index(other) }}
        action put_{word}(${word} text) public {{ INSERT INTO {word} ({word}, other) VALUES (${word}, 1); }}
        action get_{word}(${word} text) public view {{ SELECT {word} AS found FROM {word} AS r WHERE r.{word} = ${word}; }}\n"
    )
}
