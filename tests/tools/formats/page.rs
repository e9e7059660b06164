//! docs/reference/diagnostic-formats.md shows what is said. `KF_UPDATE=1 cargo test --test tools formats` writes it anew.

use std::path::Path;

use super::Here;

/// What stands between the first fence after `## \`format\`` and the next.
fn block<'p>(page: &'p str, format: &str) -> (usize, &'p str) {
    let heading = format!("\n## `{format}`\n");
    let from = page.find(&heading).unwrap_or_else(|| panic!("no heading for {format}")) + heading.len();
    let fence = from + page[from..].find("\n```").unwrap() + 1;
    let start = fence + page[fence..].find('\n').unwrap() + 1;
    let end = start + page[start..].find("```\n").unwrap();
    (start, &page[start..end])
}

/// A sample as it is shown: the pages of codes and the second copy of the human form are cut.
fn shown(format: &str, said: &str) -> String {
    match format {
        "json" => {
            let cut = |line: &str| match line.split_once("\"rendered\":\"") {
                Some((before, _)) => format!("{before}\"rendered\":\"..\"}}\n"),
                None => format!("{line}\n"),
            };
            said.lines().map(cut).collect()
        }
        "sarif" => said
            .lines()
            .map(|line| match line.trim_start() {
                page if page.starts_with("\"text\": \"#") => {
                    line.split(": ").next().unwrap().to_owned() + ": \"..\",\n"
                }
                page if page.starts_with("\"markdown\": ") => {
                    line.split(": ").next().unwrap().to_owned() + ": \"..\"\n"
                }
                _ => format!("{line}\n"),
            })
            .collect(),
        _ => said.to_owned(),
    }
}

#[test]
fn the_page_shows_every_format_as_it_is() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/reference/diagnostic-formats.md");
    let page = std::fs::read_to_string(&path).unwrap();
    let sample = page.split("```kf\n").nth(1).unwrap().split("```").next().unwrap();
    let here = Here::new(&[("notes.kf", sample)]);
    let mut made = page.clone();
    for format in ["human", "short", "json", "sarif", "rdjsonl", "github", "gitlab", "checkstyle", "junit"] {
        let (code, stdout, stderr) = here.kf(&["check", "--format", format]);
        assert_eq!((code, stderr.as_str()), (1, ""), "{format}");
        let (start, old) = block(&made, format);
        let end = start + old.len();
        made.replace_range(start..end, &shown(format, &stdout));
    }
    if std::env::var_os("KF_UPDATE").is_some() {
        std::fs::write(&path, &made).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), made, "run with KF_UPDATE=1");
}
