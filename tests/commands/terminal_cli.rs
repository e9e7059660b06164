//! What is asked where somebody can answer, and how a plan looks there: `kf` at the other end of a pseudoterminal.

use std::fs::File;
use std::io::{Read, Write};
use std::process::{Command, Stdio};

use crate::support::here::Here;
use crate::support::{block_on, session};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

const ENS: &str = "database ens;\n\ntable names { id text primary, note text }\n\n\
    action get_notes() public view { SELECT n.id, n.note FROM names AS n; }\n";
const CLUB: &str = "database club;\nuse ens as ens;\n\n\
    action all_the_notes_there_are() public view {\n  SELECT e.note FROM ens.get_notes() AS e;\n}\n";

/// Ctrl-D: no answer.
const END: &str = "\u{4}";
const QUESTION: &str = "[y/N] ";

/// Exit code and all that a terminal of so many columns showed. Each question gets the next of `answers`.
fn typed(here: &Here, line: &str, columns: u16, answers: &[&str]) -> (i32, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    tcsetwinsize(&master, Winsize { ws_row: 50, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
    let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let end = || Stdio::from(File::options().read(true).write(true).open(&name).unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    command.args(line.split(' ')).current_dir(here.folder.path().join("x"));
    command.env("KF_DATABASE_URL", &here.url).env("NO_COLOR", "1").env("TERM", "xterm");
    let mut child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
    // The command holds ends of its own, and the last closed end ends the reading.
    drop(command);
    let mut terminal = File::from(master);
    let (mut shown, mut answers) = (String::new(), answers.iter());
    let mut asked = 0;
    let mut bytes = [0; 4096];
    while let Ok(count @ 1..) = terminal.read(&mut bytes) {
        shown += &String::from_utf8_lossy(&bytes[..count]);
        if shown.matches(QUESTION).count() > asked {
            asked += 1;
            terminal.write_all(answers.next().expect("one question more").as_bytes()).unwrap();
        }
    }
    let code = child.wait().unwrap().code().unwrap();
    assert_eq!(answers.next(), None, "not asked as often\n{shown}");
    (code, shown.replace('\r', ""))
}

fn notes(here: &Here) -> String {
    let sql = "SELECT string_agg(attname, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'ds_ens.names'::regclass \
               AND attnum > 0 AND NOT attisdropped";
    block_on(async { session(&here.url).await.client.query_one_scalar::<String, _>(sql, &[]).await.unwrap() })
}

fn deployed() -> Here {
    let here = Here::new();
    here.write("x/ens.kf", ENS);
    here.fine("x", "deploy --db DB");
    let row = "INSERT INTO ds_ens.names VALUES ('a', 'b')";
    block_on(async { session(&here.url).await.client.batch_execute(row).await.unwrap() });
    here
}

#[test]
fn deploy_shows_its_plan_and_asks_for_each_loss() {
    let here = deployed();
    let without = ENS.replace(", note text", "").replace("n.id, n.note", "n.id");
    here.write("x/ens.kf", &without);
    let no: [&[&str]; 4] = [&["n\n"], &[END], &["\n"], &["y\n", "no\n"]];
    for answers in no {
        let (code, shown) = typed(&here, "deploy", 80, answers);
        assert_eq!(code, 3, "{shown}");
        for part in [
            "ens  version 1 to 2\n",
            "− data lost column `names.note` dropped ",
            "1 row has a value in it\n",
            "! breaking  action `get_notes`: no longer returns `note`",
            "callers may be refused what they were given. go on? [y/N] ",
            "error[KF0723]",
        ] {
            assert!(shown.contains(part), "no `{part}` in\n{shown}");
        }
        assert_eq!(shown.contains("rows or values go for good. go on?"), answers.len() == 2, "{shown}");
        assert_eq!(notes(&here), "id note");
    }
    // What was said already is not asked.
    let (code, shown) = typed(&here, "deploy --yes=breaking", 80, &[END]);
    assert_eq!((code, shown.contains("callers may be refused")), (3, false), "{shown}");
    let (code, shown) = typed(&here, "deploy", 120, &["y\n", "YES\n"]);
    assert_eq!((code, shown.contains("updated   ens, version 2")), (0, true), "{shown}");
    assert_eq!(notes(&here), "id");
    // Nothing to agree to.
    here.write("x/ens.kf", &without.replace("id text primary", "id text primary, more int"));
    let (code, shown) = typed(&here, "deploy", 80, &[]);
    assert_eq!(code, 0, "{shown}");
}

#[test]
fn what_cannot_be_done_is_not_asked_for() {
    let here = deployed();
    here.write("x/ens.kf", &ENS.replace("note text", "note int"));
    let (code, shown) = typed(&here, "deploy", 80, &[]);
    assert_eq!((code, shown.contains("error[KF0715]")), (4, true), "{shown}");
}

#[test]
fn rollback_and_drop_ask_too() {
    let here = deployed();
    here.write("x/ens.kf", &ENS.replace("note text", "note text, more text default('x')"));
    here.fine("x", "deploy --db DB");
    let (code, shown) = typed(&here, "rollback ens", 80, &["n\n"]);
    assert_eq!((code, notes(&here)), (3, "id note more".to_owned()), "{shown}");
    assert!(
        shown.contains("version 2 to 3, as version 1 was\n") && shown.contains("`names.more` dropped"),
        "{shown}"
    );
    let (code, shown) = typed(&here, "rollback ens", 80, &["y\n"]);
    assert_eq!((code, notes(&here)), (0, "id note".to_owned()), "{shown}");
    let (code, shown) = typed(&here, "drop ens", 80, &[END]);
    assert_eq!((code, notes(&here)), (3, "id note".to_owned()), "{shown}");
    let (code, shown) = typed(&here, "drop ens", 80, &["yes\n"]);
    assert_eq!((code, shown.contains("dropped   ens, which had version 3")), (0, true), "{shown}");
}

/// The plan as it stands between the prompt and the end, at a width.
fn plan(here: &Here, columns: u16) -> Vec<String> {
    let (code, shown) = typed(here, "plan ens.kf", columns, &[]);
    assert_eq!(code, 4, "{shown}");
    // What turned while it was waited for has been cleared away.
    let plan = shown.rsplit("\u{1b}[2K").next().unwrap();
    plan.lines().map(str::to_owned).collect()
}

#[test]
fn places_stand_below_each_other_whatever_the_width() {
    let here = deployed();
    here.write("x/club.kf", CLUB);
    here.fine("x", "deploy --db DB");
    let more = "note int, a_very_long_name_of_a_column text unique references names(id)";
    here.write("x/ens.kf", &ENS.replace("note text", more).replace("n.id, n.note", "n.id"));
    for columns in [60, 80, 120] {
        let lines = plan(&here, columns);
        let width = usize::from(columns.min(100));
        assert!(lines.iter().all(|line| line.chars().count() <= width), "{columns}\n{}", lines.join("\n"));
        let place = |line: &String| {
            line.find(" ens.kf:").or(line.find(" club.kf:")).map(|at| line[..at].chars().count())
        };
        let places: Vec<usize> = lines.iter().filter_map(place).collect();
        assert!(
            places.len() >= 6 && places.iter().all(|at| *at == places[0]),
            "{columns} {places:?}\n{}",
            lines.join("\n")
        );
        let broken = lines
            .iter()
            .position(|line| line.contains("× refused   `club.all_the_notes_there_are`"))
            .unwrap();
        assert!(lines[broken].contains("club.kf:5"), "{}", lines.join("\n"));
    }
    let lines = plan(&here, 80).join("\n");
    let wanted = "  × refused   `club.all_the_notes_there_are` would break               club.kf:5\n";
    assert!(lines.contains(wanted), "{lines}");
}

#[test]
fn codes_are_links_in_a_terminal_where_the_project_says_where_to() {
    let here = Here::new();
    here.write("x/ens.kf", "database ens;\naction a() public view { SELECT n.id FROM nowhere AS n; }\n");
    let link = "error[\u{1b}]8;;https://example.org/KF0201.html\u{1b}\\KF0201\u{1b}]8;;\u{1b}\\]";
    assert!(!typed(&here, "check", 80, &[]).1.contains("\u{1b}]8"));
    here.write("x/kf.toml", "[links]\nerrors = \"https://example.org/{code}.html\"\n");
    let (code, shown) = typed(&here, "check", 80, &[]);
    assert!(code == 1 && shown.contains(link), "{shown:?}");
    // A pipe gets none, and no other format either.
    assert!(!here.kf("x", "check").1.contains("\u{1b}]8"));
    assert!(!typed(&here, "check --format short", 80, &[]).1.contains("example.org"));
}

#[test]
fn verbose_shows_what_runs_and_no_password() {
    let here = deployed();
    let (code, text) = here.kf("x", "call ens.get_notes -v --db DB");
    assert_eq!(code, 0, "{text}");
    for part in
        ["ms: SET LOCAL", "SELECT kf.hold($1)", "$1 text \"ens\"", "1 row: SELECT r.c0::text", "ms: COMMIT"]
    {
        assert!(
            text.replace("ms:\n  ", "ms: ").contains(part) || text.contains(part),
            "no `{part}` in\n{text}"
        );
    }
    assert!(!here.kf("x", "call ens.get_notes --db DB").1.contains("sql "));
    // What is refused is told beside its statement, and the password nowhere.
    here.write("x/club.kf", CLUB);
    let deploy = Command::new(env!("CARGO_BIN_EXE_kf"))
        .args(["deploy", "-vv", "--db", &here.url])
        .env("PGPASSWORD", "hidden")
        .current_dir(here.folder.path().join("x"))
        .output()
        .unwrap();
    let said = String::from_utf8(deploy.stderr).unwrap();
    assert!(deploy.status.success() && said.contains("CREATE FUNCTION"), "{said}");
    assert!(!said.contains("hidden"), "{said}");
}
