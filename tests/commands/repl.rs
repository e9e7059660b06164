//! `kf repl` through a pipe and at a terminal: calls, looks, transactions, errors, completion, history, a server that dies.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::here::Here;
use crate::support::{block_on, session};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

const BANK: &str = "database bank;

table accounts { id text primary, owner text not_null, amount int not_null }

action open($id, $amount int default 0) public {
    INSERT INTO accounts (id, owner, amount) VALUES ($id, @caller, $amount);
    notice('opened ' || $id);
}

action pay($from, $to, $amount int) public {
    UPDATE accounts SET amount = amount - $amount WHERE id = $from;
    UPDATE accounts SET amount = amount + $amount WHERE id = $to;
    for $row in SELECT amount FROM accounts WHERE id = $from {
        if $row.amount < 0 { error('not enough'); }
    }
}

action balance($id) public view returns (amount int) {
    for $row in SELECT amount FROM accounts WHERE id = $id { return $row.amount; }
    error('no such account');
}
";

fn deployed() -> Here {
    let here = Here::new();
    here.write("x/bank.kf", BANK);
    here.fine("x", "deploy --db DB");
    here
}

fn repl(here: &Here) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    command.arg("repl").current_dir(here.folder.path().join("x")).env_remove("KF_CALLER");
    command.env("KF_DATABASE_URL", &here.url).env("NO_COLOR", "1").env("TERM", "xterm");
    command.env("XDG_STATE_HOME", here.folder.path().join("state"));
    command
}

/// Exit code, stdout and stderr of a run that is given `input`.
fn piped(here: &Here, input: &str) -> (i32, String, String) {
    let mut command = repl(here);
    let mut child =
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn fine(here: &Here, input: &str) -> String {
    let (code, out, errors) = piped(here, input);
    assert_eq!(code, 0, "{input}\n{out}\n{errors}");
    out
}

#[test]
fn a_pipe_runs_calls_looks_and_commands() {
    let here = deployed();
    let out = fine(
        &here,
        "-- what a script says\n@caller := '0xab'\nbank.open('a', 100)\nbank.open($id := 'b')\n\
         bank.pay('a',\n  $amount := 30,\n  $to := 'b')\nbank.balance('b')\n\
         SELECT a.id, a.owner, a.amount\nFROM bank.accounts AS a\nORDER BY a.id;\n.tables\n.actions bank\n.describe bank.accounts\n.context\n",
    );
    for part in [
        "│ 30     │",
        "│ a  ┆ 0xab  ┆ 70     │",
        "2 rows",
        "bank.accounts ┆ id, owner, amount",
        "$amount int",
        "│ owner  ┆ text   │",
        "0xab\n@height",
    ] {
        assert!(out.contains(part), "no `{part}` in\n{out}");
    }
    // What has no end is run at the end.
    assert!(fine(&here, "SELECT count(*) AS n FROM bank.accounts").contains("│ 2 │"));
    assert!(fine(&here, ".analyze bank.balance('a')").contains("bank.kf:19 in bank.balance"));
    assert!(fine(&here, ".help\n.quit\nnonsense").contains(".analyze CALL"));
}

#[test]
fn the_first_error_ends_a_pipe_with_its_code() {
    let here = deployed();
    for (input, code, told) in [
        (
            "bank.open('a')\nbank.pay('a', 'a', 1)\nbank.pay('a', 'b', 5)\nbank.open('never')\n",
            5,
            "error[KF001]: not enough",
        ),
        ("bank.opne('x')", 2, "did you mean `open`?"),
        ("bnak.open('x')", 2, "did you mean `bank`?"),
        ("bank.open(x)", 2, "a text is written `'x'`"),
        ("bank.open('a', 'b')", 2, "is not an int"),
        ("bank.pay($to := 'a', $amount := 1)", 2, "`$from` is missing"),
        ("bank.open($nope := 1)", 2, "has no parameter `$nope`"),
        ("SELECT x FROM bank.accounts;", 2, "SQLSTATE 42703"),
        ("SELECT 1; DROP TABLE bank.accounts;", 2, "syntax error"),
        ("WITH gone AS (DELETE FROM bank.accounts RETURNING 1) SELECT 1;", 2, "SQLSTATE"),
        (
            "SELECT nextval('s') FROM (SELECT set_config('transaction_read_only', 'off', true)) AS x;",
            2,
            "SQLSTATE",
        ),
        (".comit", 2, "did you mean `.commit`?"),
        (".commit", 2, "no transaction is open"),
        (".read nowhere", 2, "cannot read `nowhere`"),
        ("@me := 'x'", 2, "what can be set"),
    ] {
        let (found, out, errors) = piped(&here, input);
        let errors = errors.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(found == code && errors.contains(told), "{input}: {found}\n{out}\n{errors}");
    }
    let out = fine(&here, "SELECT a.id FROM bank.accounts AS a;");
    assert!(out.contains("│ a  │") && !out.contains("never"), "{out}");
    let (_, _, errors) = piped(&here, "bank.pay('a', 'b', 5)");
    assert!(errors.contains("bank.kf:14:30") && errors.contains("in bank.pay"), "{errors}");
}

#[test]
fn several_lines_are_one_transaction_if_asked() {
    let here = deployed();
    fine(
        &here,
        "bank.open('a', 10)\n.begin\nbank.open('b', 5)\nSELECT 1 AS one FROM bank.accounts;\n.rollback\n",
    );
    assert!(fine(&here, "SELECT count(*) AS n FROM bank.accounts;").contains("│ 1 │"));
    here.write("x/more.txt", "bank.open('c')\nbank.pay('a', 'c', 4)\n");
    let out = fine(&here, ".begin\n.read more.txt\nbank.balance('c')\n.commit\nbank.balance('a')\n");
    assert!(out.contains("│ 4      │") && out.contains("│ 6      │"), "{out}");
    // Whoever leaves without an end has done nothing.
    fine(&here, ".begin\nbank.open('d')\n");
    assert!(fine(&here, "SELECT count(*) AS n FROM bank.accounts;").contains("│ 2 │"));
}

/// `kf repl` at the other end of a pseudoterminal.
struct Terminal {
    child: Child,
    file: File,
    shown: String,
}

impl Terminal {
    fn new(here: &Here) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let name = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        let end = || Stdio::from(File::options().read(true).write(true).open(&name).unwrap());
        let mut command = repl(here);
        let child = command.stdin(end()).stdout(end()).stderr(end()).spawn().unwrap();
        drop(command);
        rustix::io::ioctl_fionbio(&master, true).unwrap();
        let mut terminal = Terminal { child, file: File::from(master), shown: String::new() };
        terminal.until("kf> ");
        terminal
    }

    fn type_in(&mut self, text: &str) {
        self.shown.clear();
        self.file.write_all(text.as_bytes()).unwrap();
    }

    /// Waits until `text` is shown, and gives all that was since something was typed.
    fn until(&mut self, text: &str) -> String {
        let begun = Instant::now();
        let mut bytes = [0; 4096];
        while !self.shown.contains(text) {
            assert!(begun.elapsed() < Duration::from_secs(20), "no `{text}` in\n{}", self.shown);
            match self.file.read(&mut bytes) {
                Ok(count) => self.shown += &String::from_utf8_lossy(&bytes[..count]),
                Err(_) => std::thread::sleep(Duration::from_millis(10)),
            }
        }
        self.shown.clone()
    }

    /// Ctrl-D.
    fn leave(mut self) {
        self.type_in("\u{4}");
        assert!(self.child.wait().unwrap().success());
    }
}

#[test]
fn a_terminal_completes_and_remembers() {
    let here = deployed();
    let mut terminal = Terminal::new(&here);
    terminal.type_in("ba\t");
    terminal.until("bank");
    terminal.type_in(".op\t");
    terminal.until("bank.open(");
    terminal.type_in("'a', 7)\n");
    terminal.until("notice: opened a");
    terminal.until("kf> ");
    // Columns and keywords where a query is typed, over two lines.
    terminal.type_in("SELECT amo\t");
    terminal.until("amount");
    terminal.type_in(" FROM bank.acc\t\n");
    terminal.until("bank.accounts");
    terminal.type_in(";\n");
    terminal.until("1 row");
    terminal.type_in("bank.balance('nobody')\n");
    let shown = terminal.until("bank.kf:20");
    assert!(shown.contains("error[KF001]: no such account"), "{shown}");
    terminal.type_in(" bank.open('hidden')\n");
    terminal.until("opened hidden");
    terminal.leave();
    let file = here.folder.path().join("state/kf/history");
    let kept = fs::read_to_string(&file).unwrap();
    assert!(kept.contains("bank.open('a', 7)") && !kept.contains("hidden"), "{kept}");
    let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
    // The arrow brings back what was typed the last time.
    let mut terminal = Terminal::new(&here);
    terminal.type_in("\u{1b}[A");
    terminal.until("bank.balance('nobody')");
    terminal.type_in("\u{3}");
    terminal.until("kf> ");
    terminal.leave();
}

#[test]
fn a_statement_is_stopped_and_a_lost_server_is_no_end() {
    let here = deployed();
    let mut terminal = Terminal::new(&here);
    terminal.type_in("SELECT 1 AS slow FROM pg_sleep(60);\n");
    std::thread::sleep(Duration::from_millis(700));
    // To the program, as the terminal would send it in its own session.
    let program = rustix::process::Pid::from_child(&terminal.child);
    rustix::process::kill_process(program, rustix::process::Signal::INT).unwrap();
    terminal.until("error: stopped");
    terminal.until("kf> ");
    terminal.type_in(".begin\n");
    terminal.until("kf*> ");
    let kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    block_on(async { session(&here.url).await.client.batch_execute(kill).await.unwrap() });
    terminal.type_in("bank.open('lost')\n");
    let shown = terminal.until("help: ");
    assert!(shown.contains("error"), "{shown}");
    terminal.until("kf> ");
    terminal.type_in("SELECT count(*) AS n FROM bank.accounts;\n");
    terminal.until("│ 0 │");
    terminal.leave();
}
