//! docs/reference/cli.md is what the commands say of themselves. `KF_UPDATE=1 cargo test --test commands cli_reference` writes
//! it anew.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;

const BEGIN: &str =
    "# Commands\n\nEach as its `--help` says it. Reports go to stdout, progress and failures to stderr.\n";

/// The text of `kf .. --help` where nothing of this machine or terminal shows.
fn help(words: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_kf"))
        .args(words)
        .arg("--help")
        .env_clear()
        .env("COLUMNS", "100")
        .output()
        .unwrap();
    assert!(output.status.success(), "kf {words:?} --help");
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

/// The commands a help lists, in its order: the first words of lines that are indented by two.
fn commands(help: &str) -> Vec<String> {
    let lines = help.lines().take_while(|line| *line != "Options:");
    let listed =
        lines.filter_map(|line| line.strip_prefix("  ").filter(|rest| !rest.starts_with([' ', '-'])));
    let names = listed.filter_map(|line| line.split_whitespace().next());
    names.filter(|name| *name != "help").map(str::to_owned).collect()
}

fn section(page: &mut String, words: &[&str]) {
    let said = help(words);
    let heading = "#".repeat(words.len().clamp(1, 2) + 1);
    let shown = ["kf"].iter().chain(words).copied().collect::<Vec<_>>().join(" ");
    write!(page, "\n{heading} `{shown}`\n\n```text\n{said}\n```\n").unwrap();
    let has_commands = words.is_empty() || said.contains("\nCommands:\n");
    for command in if has_commands { commands(&said) } else { Vec::new() } {
        section(page, &[words, &[command.as_str()]].concat());
    }
}

#[test]
fn the_reference_of_commands_is_their_help() {
    let mut made = BEGIN.to_owned();
    section(&mut made, &[]);
    assert!(made.contains("## `kf check`") && made.contains("### `kf db psql`"), "{made}");
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/cli.md");
    if std::env::var_os("KF_UPDATE").is_some() {
        std::fs::write(&page, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&page).unwrap(), made, "run with KF_UPDATE=1");
}
