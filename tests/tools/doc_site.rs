//! `kf doc`: pages that are whole, lead somewhere, ask nothing of a network, and do nothing a comment says.

mod pages;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use kuneiform::doc::site;
use kuneiform::{Checked, Options, Sources, check};
use pages::Page;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(paths: &[&str]) -> (Sources, Checked) {
    let mut sources = Sources::new();
    for path in paths {
        sources.add(*path, std::fs::read_to_string(root().join(path)).unwrap());
    }
    let checked = check(&sources, &Options::default());
    (sources, checked)
}

/// The files of the site of `paths`, by path.
fn built(paths: &[&str]) -> BTreeMap<String, String> {
    let (sources, checked) = read(paths);
    assert!(!checked.has_errors(), "{:?}", checked.diagnostics());
    let files = site("a <b> & c", checked.program().unwrap(), &sources);
    files.into_iter().map(|file| (file.path, file.text)).collect()
}

const SHOP: &[&str] = &["tests/tools/doc_site/bank.kf", "tests/tools/doc_site/shop.kf"];
const EVIL: &[&str] = &["tests/tools/doc_site/evil.kf"];
const NETWORK: &[&str] = &[
    "examples/network/accounts.kf",
    "examples/network/ens.kf",
    "examples/network/near_accounts.kf",
    "examples/network/social_network.kf",
];

fn pages(files: &BTreeMap<String, String>) -> BTreeMap<String, Page> {
    let html = files.iter().filter(|(path, _)| path.ends_with(".html"));
    html.map(|(path, text)| (path.clone(), Page::read(path, text))).collect()
}

/// Where `address` on the page at `path` leads: a page, and an anchor.
fn target(path: &str, address: &str) -> (String, Option<String>) {
    let (page, anchor) =
        address.split_once('#').map_or((address, None), |(page, it)| (page, Some(it.to_owned())));
    let page = match page {
        "" => path.to_owned(),
        page => match (page.strip_prefix("../"), path.rsplit_once('/')) {
            (Some(page), Some(_)) => page.to_owned(),
            (None, Some((folder, _))) => format!("{folder}/{page}"),
            _ => page.to_owned(),
        },
    };
    (page, anchor)
}

/// Every link of the site leads to a page and an anchor that are there, or to a place on the web.
fn hold_together(files: &BTreeMap<String, String>) {
    let pages = pages(files);
    for (path, page) in &pages {
        for (tag, address) in &page.addresses {
            if tag == "a" && (address.starts_with("https://") || address.starts_with("http://"))
                || address == "data:,"
            {
                continue;
            }
            let (to, anchor) = target(path, address);
            assert!(files.contains_key(&to), "{path}: <{tag}> leads to `{address}`");
            if let Some(anchor) = anchor {
                assert!(pages[&to].ids.contains(&anchor), "{path}: no `{anchor}` for `{address}`");
            }
        }
        for id in &page.refers {
            assert!(page.ids.contains(id), "{path}: no `{id}` to refer to");
        }
    }
}

#[test]
fn sites_hold_together() {
    for sources in [SHOP, EVIL, NETWORK] {
        hold_together(&built(sources));
    }
}

/// Every schema of the corpus that needs no other is a site with all it has.
#[test]
fn all_of_every_schema_is_there() {
    let mut whole = 0;
    for folder in
        ["tables", "actions", "control", "functions", "select", "write", "foreign", "types", "order"]
    {
        let folder = root().join("tests/corpus").join(folder);
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_none_or(|extension| extension != "kf") {
                continue;
            }
            let (sources, checked) = read(&[path.to_str().unwrap()]);
            if checked.has_errors() {
                continue;
            }
            let program = checked.program().unwrap();
            let files: BTreeMap<_, _> =
                site("corpus", program, &sources).into_iter().map(|file| (file.path, file.text)).collect();
            hold_together(&files);
            let pages = pages(&files);
            for schema in &program.schemas {
                let page = &pages[&format!("datasets/{}.html", schema.name)];
                for table in &schema.tables {
                    assert!(page.ids.contains(&format!("table-{}", table.name)), "{}", path.display());
                    let column = |name| page.ids.contains(&format!("column-{}-{name}", table.name));
                    assert!(table.columns.iter().all(|it| column(&it.name)), "{}", path.display());
                }
                for action in schema.actions.iter().filter(|action| action.is_written()) {
                    assert!(page.ids.contains(&format!("action-{}", action.name)), "{}", path.display());
                }
            }
            whole += 1;
        }
    }
    assert!(whole > 40, "{whole} schemas");
}

#[test]
fn a_page_says_what_is_known() {
    let files = built(SHOP);
    let text = &pages(&files)["datasets/shop.html"].text;
    for words in [
        "A shop that sells things to anybody, and says so in Markdown.",
        "What is sold.",
        "Its number on the shelf.",
        "as on the label",
        "Who makes it.",
        "which good",
        "how many",
        "length ≤ 40",
        "≥ 0",
        "default 1.50",
        "on delete cascade",
        "on update set null",
        "part of the key",
        "#by_maker",
        "nothing to buy",
        "unless the owner of the dataset calls",
        "@kgw(authn = 'true')",
        "kf call shop.buy ID COUNT --caller ID",
        "kf call shop.remove ID --as owner",
        "kf call shop.stock ID NAME --as oracle",
        "$count int default 1",
        "returns table(\n    id int,\n    name text,\n    maker text\n)",
        "anybody, by a signed call",
        "anybody, without a signature",
        "oracles, once the network agrees",
        "insert, update",
        "tests/tools/doc_site/shop.kf:14",
    ] {
        assert!(text.contains(words), "no `{words}` in {text}");
    }
    let page = &files["datasets/shop.html"];
    for part in [
        // Errors of what is called, with who raises them.
        "<q>a bank gives no money</q> <span class=\"by\">by <a class=\"to\" href=\"bank.html#action-pay\">",
        "<code>'no such good: ' || $id::text</code> <span class=\"by\">by <a class=\"to\" href=\"#action-assert_known\">",
        // Names in comments, and calls in sources.
        "<a href=\"#table-goods\"><code>goods</code></a>",
        "<a href=\"bank.html#action-pay\"><code>money.pay</code></a>",
        "<a class=\"m\" href=\"#action-assert_known\">assert_known</a>",
        "<a class=\"m\" href=\"bank.html#action-pay\">pay</a>",
        "<a href=\"https://example.com/?a=1&amp;b=2\">",
        "href=\"#column-makers-id\"",
    ] {
        assert!(page.contains(part), "no `{part}`");
    }
    assert!(pages(&files)["datasets/bank.html"].text.contains("Imported by"));
    assert!(files["index.html"].contains("<h1>a &lt;b&gt; &amp; c</h1>"));
}

/// Who may call: a row of the matrix for each action.
#[test]
fn the_matrix_is_right() {
    let files = built(SHOP);
    let matrix = pages::rows(&files["datasets/shop.html"], "matrix");
    let row = |name: &str| matrix.iter().find(|row| row[0].starts_with(name)).unwrap()[1..].join("|");
    assert_eq!(row("buy"), "yes|yes|yes|–no|yes");
    assert_eq!(row("assert_known"), "–no|–no|–no|–no|yes");
    assert_eq!(row("remove"), "–no|yes|for the owner|–no|for the owner");
    assert_eq!(row("stock"), "–no|–no|–no|yes|oracle actions");
    assert_eq!(row("restock"), "–no|–no|yes|–no|yes");
}

#[test]
fn comments_and_literals_do_nothing() {
    let files = built(EVIL);
    for (path, page) in pages(&files) {
        // What a page is made of, and where its links lead, is ours.
        let elements: BTreeSet<&str> = page.elements.iter().map(String::as_str).collect();
        for element in ["img", "iframe", "textarea", "object", "embed", "form", "base"] {
            assert!(!elements.contains(element), "<{element}> in {path}");
        }
        assert_eq!(page.elements.iter().filter(|it| *it == "script").count(), 3, "{path}");
        // Each picture has a description, a title and a style of ours.
        let count = |name: &str| page.elements.iter().filter(|it| *it == name).count();
        assert_eq!((count("title"), count("style")), (1 + count("desc"), count("desc")), "{path}");
        assert!(
            page.attributes.iter().all(|it| !it.starts_with("on") && it != "style"),
            "{:?}",
            page.attributes
        );
        for (_, address) in &page.addresses {
            let kept = address.starts_with("https://ok.example/?%22%3E");
            assert!(kept || !address.contains(':') || address == "data:,", "{path}: {address}");
            assert!(!address.contains("evil.example"), "{path}: {address}");
        }
    }
    let page = pages(&files).remove("datasets/evil.html").unwrap().text;
    for number in 1..=10 {
        assert!(
            page.contains(&format!("alert({number})")) || [2, 3, 4].contains(&number),
            "alert({number}) is not shown"
        );
    }
    for (path, text) in &files {
        assert!(!text.contains('\u{202e}'), "{path} has a character that turns text around");
    }
    assert!(page.contains("U+202Etxt.exe"));
    let script = &files["assets/search.js"];
    assert!(!script.contains('<'), "{script}");
}

#[test]
fn nothing_is_asked_of_a_network() {
    let files = built(NETWORK);
    for (path, page) in pages(&files) {
        let asks = |(tag, address): &&(String, String)| tag != "a" && address.contains("//");
        assert_eq!(page.addresses.iter().find(asks), None, "{path}");
        assert!(files[&path].contains("content=\"default-src 'none'; script-src 'self' file:;"), "{path}");
    }
    for (path, text) in files.iter().filter(|(path, _)| path.starts_with("assets/")) {
        for word in [
            "http:",
            "https:",
            "url(",
            "@import",
            "fetch(",
            "XMLHttpRequest",
            "innerHTML",
            "eval(",
            "import(",
        ] {
            assert!(!text.contains(word), "{path} has `{word}`");
        }
    }
}

#[test]
fn the_same_program_is_the_same_site() {
    let backwards: Vec<&str> = NETWORK.iter().rev().copied().collect();
    assert_eq!(built(NETWORK), built(NETWORK));
    assert_eq!(built(NETWORK), built(&backwards));
}

/// `[kind, name, dataset, address, text]`
fn entries(files: &BTreeMap<String, String>) -> Vec<[String; 5]> {
    let script = &files["assets/search.js"];
    let json = script.split_once('=').unwrap().1.trim().trim_end_matches(';');
    serde_json::from_str(json).unwrap()
}

#[test]
fn everything_can_be_searched_for() {
    let files = built(SHOP);
    let entries = entries(&files);
    let has = |kind: &str, name: &str| entries.iter().any(|entry| entry[0] == kind && entry[1] == name);
    let (_, checked) = read(SHOP);
    for schema in &checked.program().unwrap().schemas {
        assert!(has("dataset", schema.name.as_str()));
        for table in &schema.tables {
            assert!(has("table", table.name.as_str()));
            assert!(
                table.columns.iter().all(|column| has("column", &format!("{}.{}", table.name, column.name)))
            );
        }
        for action in schema.actions.iter().filter(|action| action.is_written()) {
            let kind = if action.signature.modifiers.view { "view" } else { "action" };
            assert!(has(kind, action.name.as_str()), "{}", action.name);
        }
    }
    assert!(has("foreign", "price_of") && has("error", "a bank gives no money") && has("error", "gone"));
    let pages = pages(&files);
    for [_, name, _, address, _] in &entries {
        let (page, anchor) = target("index.html", address);
        assert!(anchor.is_none_or(|anchor| pages[&page].ids.contains(&anchor)), "{name}: {address}");
    }
}

/// The search script in node, with as much of a browser as it uses.
fn searched(query: &str, keys: &[&str]) -> serde_json::Value {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in built(SHOP) {
        let file = folder.path().join(path);
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, text).unwrap();
    }
    let stand_in = root().join("tests/tools/doc_site/browser.js");
    let output = Command::new("node").arg(stand_in).arg(folder.path()).arg(query).args(keys).output();
    let output = output.expect("tests need node");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn search_finds_by_name_by_words_and_by_errors() {
    let first = |query: &str| searched(query, &[])["hits"][0]["href"].as_str().unwrap().to_owned();
    assert_eq!(first("buy"), "../datasets/shop.html#action-buy");
    assert_eq!(first("GOODS"), "../datasets/shop.html#table-goods");
    assert_eq!(first("bank.pay"), "../datasets/bank.html#action-pay");
    assert_eq!(first("gives no money"), "../datasets/bank.html#action-pay");
    assert_eq!(first("orders buyer"), "../datasets/shop.html#column-orders-buyer");
    assert_eq!(first("label"), "../datasets/shop.html#column-goods-name");
    let none = searched("<img src=x>", &[]);
    assert_eq!(none["told"], "0 found");
    assert_eq!(none["hidden"], false);
}

#[test]
fn search_is_driven_by_keys() {
    let hits = searched("goods", &[]);
    assert_eq!(hits["chosen"], 0);
    let second = searched("goods", &["ArrowDown"]);
    assert_eq!(second["chosen"], 1);
    assert_eq!(searched("goods", &["ArrowDown", "Enter"])["went"], hits["hits"][1]["href"]);
    assert_eq!(searched("goods", &["ArrowUp"])["chosen"], hits["hits"].as_array().unwrap().len() - 1);
    assert_eq!(searched("goods", &["Escape"])["hidden"], true);
    assert_eq!(searched("", &["/"])["focused"], true);
    assert_eq!(searched("", &["theme"])["theme"], "dark");
    assert_eq!(searched("", &["theme", "theme"])["theme"], "light");
}

fn kf(folder: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_kf"));
    command.args(arguments).current_dir(folder).env_remove("KF_FORMAT").env("NO_COLOR", "1");
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}
