//! A page as a browser would read it, and nothing let pass that it would have to guess.

use std::collections::BTreeSet;

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

const VOID: &[&str] = &["meta", "link", "input", "br", "hr", "img"];

#[derive(Default)]
pub struct Page {
    pub elements: Vec<String>,
    pub attributes: BTreeSet<String>,
    pub ids: BTreeSet<String>,
    /// What `href` and `src` say, with the element's name.
    pub addresses: Vec<(String, String)>,
    /// Ids that attributes for assistive technology name.
    pub refers: BTreeSet<String>,
    pub text: String,
}

impl Page {
    /// Reads `html`, or says what is wrong with the page at `path`.
    pub fn read(path: &str, html: &str) -> Page {
        let mut page = Page::default();
        let mut open: Vec<String> = Vec::new();
        let mut reader = Reader::from_str(html);
        reader.config_mut().check_end_names = false;
        loop {
            match reader.read_event().unwrap_or_else(|error| panic!("{path}: {error}")) {
                Event::Start(start) => {
                    let name = page.element(path, &start);
                    if !VOID.contains(&name.as_str()) {
                        open.push(name);
                    }
                }
                Event::Empty(start) => drop(page.element(path, &start)),
                Event::End(end) => {
                    let name = end.name().as_ref().to_owned();
                    assert_eq!(open.pop(), Some(name), "{path}");
                }
                Event::Text(text) => page.text.push_str(&text),
                Event::GeneralRef(entity) => page.text.push(match &*entity {
                    "lt" => '<',
                    "gt" => '>',
                    "amp" => '&',
                    "quot" => '"',
                    other => panic!("{path}: &{other};"),
                }),
                Event::Eof => break,
                Event::DocType(_) => {}
                other => panic!("{path}: {other:?}"),
            }
        }
        assert_eq!(open, Vec::<String>::new(), "{path}");
        page
    }

    fn element(&mut self, path: &str, start: &BytesStart<'_>) -> String {
        let name = start.name().as_ref().to_owned();
        for attribute in start.html_attributes() {
            let attribute = attribute.unwrap_or_else(|error| panic!("{path}: <{name}>: {error}"));
            let key = attribute.key.as_ref().to_owned();
            let value = attribute.value.to_string();
            let value =
                value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            match key.as_str() {
                "id" => assert!(self.ids.insert(value), "{path}: two elements of one id"),
                "href" | "src" => self.addresses.push((name.clone(), value)),
                "aria-labelledby" | "aria-controls" => drop(self.refers.insert(value)),
                _ => {}
            }
            self.attributes.insert(key);
        }
        self.elements.push(name.clone());
        name
    }
}

/// The texts of the cells of the table of `class`, by rows of its body.
pub fn rows(html: &str, class: &str) -> Vec<Vec<String>> {
    let table = html.split_once(&format!("<table class=\"{class}\">")).unwrap().1;
    let body = table.split_once("<tbody>").unwrap().1.split_once("</tbody>").unwrap().0;
    let cell = |cell: &str| Page::read("a cell", cell.split_once('>').unwrap().1).text.trim().to_owned();
    let cells = |row: &str| {
        row.split("</t")
            .filter(|it| it.contains("<t"))
            .map(|it| cell(&it[it.find("<t").unwrap()..]))
            .collect()
    };
    body.split("</tr>")
        .filter(|row| row.contains("<tr"))
        .map(|row| cells(row.split_once("<tr>").unwrap().1))
        .collect()
}
