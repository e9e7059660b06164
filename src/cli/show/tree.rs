use std::collections::{BTreeMap, BTreeSet};

use crate::deploy::registry::Graph;
use crate::diagnostics::render::{Ink, Style};
use crate::diagnostics::visible;
use crate::interface::Dbid;

/// What `dbid` imports and who imports it, each as a tree:
///
/// ```text
/// imports of social
/// └── ens
///     └── base
/// ```
///
/// A dataset that was shown with what is below it is only named again, so that the text is as long as there are edges.
pub(super) fn text(dbid: &Dbid, graph: &Graph, style: Style) -> String {
    let name = name(graph, dbid.as_str());
    let mut text = String::new();
    for (title, edges) in [("imports of", &graph.imports), ("importers of", &graph.importers)] {
        let heading = format!("{title} {}", visible(name));
        text.push_str(&format!("{}\n", style.paint(Ink::Strong, &heading)));
        if !edges.contains_key(dbid.as_str()) {
            text.push_str("none\n");
        }
        Walk { graph, edges, style, seen: BTreeSet::new(), text: &mut text }.below(dbid.as_str());
    }
    text
}

/// How a dataset is called.
pub(super) fn name<'g>(graph: &'g Graph, dbid: &'g str) -> &'g str {
    graph.names.get(dbid).map_or(dbid, String::as_str)
}

struct Walk<'g> {
    graph: &'g Graph,
    edges: &'g BTreeMap<String, Vec<String>>,
    style: Style,
    seen: BTreeSet<&'g str>,
    text: &'g mut String,
}

impl<'g> Walk<'g> {
    /// With a stack of its own: a chain of imports may be long.
    fn below(mut self, root: &'g str) {
        let children = |dbid: &str| self.edges.get(dbid).map_or(&[][..], Vec::as_slice).iter();
        let mut open = vec![(String::new(), children(root))];
        while let Some((indent, rest)) = open.last_mut() {
            let Some(dbid) = rest.next() else {
                open.pop();
                continue;
            };
            let (indent, is_last) = (indent.clone(), rest.len() == 0);
            let is_new = self.seen.insert(dbid);
            let below = if is_new { children(dbid) } else { [].iter() };
            let again = !is_new && children(dbid).len() > 0;
            self.line(&indent, is_last, dbid, again);
            let bar = match (is_last, self.style.unicode) {
                (true, _) => "    ",
                (false, true) => "│   ",
                (false, false) => "|   ",
            };
            open.push((indent + bar, below));
        }
    }

    fn line(&mut self, indent: &str, is_last: bool, dbid: &str, again: bool) {
        let branch = match (is_last, self.style.unicode) {
            (true, true) => "└── ",
            (false, true) => "├── ",
            (true, false) => "`-- ",
            (false, false) => "|-- ",
        };
        let name = visible(name(self.graph, dbid));
        let note = if again { self.style.paint(Ink::Quiet, " (as above)") } else { String::new() };
        self.text.push_str(&format!("{indent}{branch}{name}{note}\n"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_diamond_is_shown_once() {
        let mut graph = Graph::default();
        for (from, to) in
            [("top", "left"), ("top", "right"), ("left", "base"), ("right", "base"), ("base", "root")]
        {
            graph.imports.entry(from.into()).or_default().push(to.into());
            graph.importers.entry(to.into()).or_default().push(from.into());
        }
        insta::assert_snapshot!(text(&Dbid::recorded("top"), &graph, Style::PLAIN), @r"
        imports of top
        ├── left
        │   └── base
        │       └── root
        └── right
            └── base (as above)
        importers of top
        none
        ");
        let ascii = Style { unicode: false, ..Style::PLAIN };
        insta::assert_snapshot!(text(&Dbid::recorded("base"), &graph, ascii), @r"
        imports of base
        `-- root
        importers of base
        |-- left
        |   `-- top
        `-- right
            `-- top
        ");
    }
}
