//! DOT, for Graphviz.

use std::fmt::Write as _;

use super::{Edge, EdgeKind, Graph, Node, Role, Row, Shape};
use crate::language::Visibility;

/// `graph` in Graphviz's language. Tables are HTML-like labels with a port for each column.
pub fn dot(graph: &Graph) -> String {
    let mut text = format!("digraph {} {{\n", graph.kind.word());
    text.push_str(
        "    graph [rankdir=LR, fontname=\"Helvetica\", nodesep=0.3, ranksep=0.8, compound=true]\n",
    );
    text.push_str("    node [fontname=\"Helvetica\", fontsize=11, shape=box, style=\"rounded,filled\", fillcolor=\"#ffffff\", color=\"#64748b\"]\n");
    text.push_str("    edge [fontname=\"Helvetica\", fontsize=9, color=\"#5f6f84\"]\n");
    for (index, cluster) in graph.clusters.iter().enumerate() {
        let _ = writeln!(text, "    subgraph cluster_{index} {{");
        let link = link(cluster.link.as_deref());
        let _ = writeln!(
            text,
            "        graph [label={}, style=\"rounded,filled\", color=\"#d3dbe5\", fillcolor=\"#f4f6f9\"{link}]",
            quoted(&cluster.label)
        );
        nodes(graph, Some(index), "        ", &mut text);
        text.push_str("    }\n");
    }
    nodes(graph, None, "    ", &mut text);
    for edge in &graph.edges {
        let _ = writeln!(text, "    {}", line(edge));
    }
    text.push_str("}\n");
    text
}

fn nodes(graph: &Graph, cluster: Option<usize>, indent: &str, text: &mut String) {
    for (index, node) in graph.nodes.iter().enumerate().filter(|(_, node)| node.cluster == cluster) {
        let link = link(node.link.as_deref());
        let _ = writeln!(text, "{indent}n{index} [{}{link}]", attributes(node));
    }
}

fn attributes(node: &Node) -> String {
    let two_lines = |second: &str| quoted(&format!("{}\n{second}", node.label));
    match &node.shape {
        Shape::Columns(rows) => format!("shape=plain, style=\"\", label={}", table(&node.label, rows)),
        Shape::Table => format!("shape=cylinder, style=filled, label={}", quoted(&node.label)),
        Shape::Action(role) => {
            let (fill, edge) = colours(*role);
            format!("label={}, fillcolor=\"{fill}\", color=\"{edge}\"", two_lines(&role.words()))
        }
        Shape::Dataset { imported, .. } => {
            let style = if *imported { "rounded,filled,dashed" } else { "rounded,filled" };
            let label = two_lines(&node.shape.second_line());
            format!("label={label}, style=\"{style}\", fillcolor=\"#e1edff\", color=\"#35618e\"")
        }
        Shape::Extern => {
            let label = two_lines("extern");
            format!(
                "label={label}, style=\"rounded,filled,dashed\", fillcolor=\"#fdeaf3\", color=\"#be185d\""
            )
        }
    }
}

/// What a box is filled with, and its border.
fn colours(role: Role) -> (&'static str, &'static str) {
    if role.foreign {
        return ("#fdeaf3", "#be185d");
    }
    let (fill, edge) = match role.visibility {
        Visibility::Public => ("#e1edff", "#2563eb"),
        Visibility::Private => ("#e9edf2", "#64748b"),
        Visibility::Oracle => ("#fff0d6", "#c2700a"),
        Visibility::System => ("#efe7fe", "#7c3aed"),
    };
    (if role.view { "#ffffff" } else { fill }, edge)
}

fn table(name: &str, rows: &[Row]) -> String {
    let head = format!(
        "<tr><td bgcolor=\"#35618e\" colspan=\"3\"><font color=\"#ffffff\"><b>{}</b></font></td></tr>",
        escaped(name)
    );
    let row = |(index, row): (usize, &Row)| {
        let keys = [(row.primary, "PK"), (row.foreign, "FK"), (row.unique && !row.primary, "UK")];
        let keys: Vec<&str> = keys.iter().filter(|(holds, _)| *holds).map(|(_, word)| *word).collect();
        // Graphviz takes no empty font.
        let keys = match keys.is_empty() {
            true => String::new(),
            false => format!("<font color=\"#b0740e\">{}</font>", keys.join(" ")),
        };
        format!(
            "<tr><td align=\"left\" port=\"l{index}\">{keys}</td><td align=\"left\">{}</td>\
             <td align=\"right\" port=\"r{index}\">{}</td></tr>",
            escaped(&row.name),
            escaped(&row.shown_type())
        )
    };
    let rows: String = rows.iter().enumerate().map(row).collect();
    format!(
        "<<table border=\"1\" cellborder=\"0\" cellspacing=\"0\" cellpadding=\"4\" bgcolor=\"#ffffff\" color=\"#b4c0cf\">{head}{rows}</table>>"
    )
}

fn line(edge: &Edge) -> String {
    let (from, to) = (edge.from, edge.to);
    match &edge.kind {
        EdgeKind::ForeignKey { columns, parent_columns, optional, single } => {
            let port = |side: char, columns: &[usize]| {
                columns.first().map(|column| format!(":{side}{column}")).unwrap_or_default()
            };
            let tail = if *single { "teeodot" } else { "crowodot" };
            let head = if *optional { "teeodot" } else { "teetee" };
            let (from_port, to_port) = (port('r', columns), port('l', parent_columns));
            format!("n{from}{from_port} -> n{to}{to_port} [dir=both, arrowtail={tail}, arrowhead={head}]")
        }
        EdgeKind::Call | EdgeKind::Import(None) => format!("n{from} -> n{to}"),
        EdgeKind::Import(Some(alias)) => {
            format!("n{from} -> n{to} [label={}]", quoted(&format!("as {alias}")))
        }
        EdgeKind::Splice => {
            format!(
                "n{from} -> n{to} [style=dashed, color=\"#7c3aed\", label=\"spliced\", fontcolor=\"#7c3aed\"]"
            )
        }
        EdgeKind::Read => format!("n{from} -> n{to} [color=\"#0f8a7e\", arrowhead=vee]"),
        EdgeKind::Write => format!("n{from} -> n{to} [color=\"#d2600a\", penwidth=1.8]"),
    }
}

fn link(link: Option<&str>) -> String {
    link.map(|link| format!(", URL={}", quoted(link))).unwrap_or_default()
}

/// A string of DOT. A line feed stays one, a backslash means nothing.
fn quoted(text: &str) -> String {
    let mut quoted = String::from('"');
    for char in text.chars() {
        match char {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            char if char.is_control() => {}
            '&' => quoted.push_str("&amp;"),
            char => quoted.push(char),
        }
    }
    quoted.push('"');
    quoted
}

/// Text of an HTML-like label.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            char if char.is_control() => {}
            char => escaped.push(char),
        }
    }
    escaped
}
