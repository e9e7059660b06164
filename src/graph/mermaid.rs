//! Mermaid. What is called how stands in quotes beside ids of ours, so that no name can be one of its words.

use std::fmt::Write as _;

use super::{Edge, EdgeKind, Graph, Kind, Node, Row, Shape};

/// `graph` as a Mermaid diagram: `erDiagram` for tables, else `flowchart`.
pub fn mermaid(graph: &Graph) -> String {
    let mut text = String::new();
    match graph.kind {
        Kind::Tables => entities(graph, &mut text),
        Kind::Calls | Kind::Imports => flowchart(graph, &mut text),
    }
    text
}

fn entities(graph: &Graph, text: &mut String) {
    text.push_str("erDiagram\n");
    for (index, node) in graph.nodes.iter().enumerate() {
        let cluster = node.cluster.and_then(|cluster| graph.clusters.get(cluster));
        let dataset = cluster.map(|cluster| format!("{}.", cluster.label)).unwrap_or_default();
        let _ = writeln!(text, "    t{index}[\"{}\"] {{", quoted(&format!("{dataset}{}", node.label)));
        if let Shape::Columns(rows) = &node.shape {
            rows.iter().for_each(|row| column(row, text));
        }
        text.push_str("    }\n");
    }
    for edge in &graph.edges {
        if let EdgeKind::ForeignKey { columns, optional, single, .. } = &edge.kind {
            let many = if *single { "|o" } else { "}o" };
            let one = if *optional { "o|" } else { "||" };
            let names = column_names(graph, edge.from, columns);
            let _ = writeln!(text, "    t{} {many}--{one} t{} : \"{}\"", edge.from, edge.to, quoted(&names));
        }
    }
}

/// The names of a table's columns, with commas.
fn column_names(graph: &Graph, node: usize, columns: &[usize]) -> String {
    let Some(Shape::Columns(rows)) = graph.nodes.get(node).map(|node| &node.shape) else {
        return String::new();
    };
    let names = columns.iter().filter_map(|column| rows.get(*column)).map(|row| row.name.as_str());
    names.collect::<Vec<_>>().join(", ")
}

/// Mermaid knows `pk`, `fk` and `uk` as its own words wherever they stand: columns of these names get a `_` before them.
fn column(row: &Row, text: &mut String) {
    let is_word = ["pk", "fk", "uk"].contains(&row.name.as_str());
    let keys = [(row.primary, "PK"), (row.foreign, "FK"), (row.unique && !row.primary, "UK")];
    let keys: Vec<&str> = keys.iter().filter(|(holds, _)| *holds).map(|(_, word)| *word).collect();
    let named = format!("named {}", row.name);
    let says = [(is_word, named.as_str()), (row.nullable, "may be null")];
    let says: Vec<&str> = says.iter().filter(|(holds, _)| *holds).map(|(_, words)| *words).collect();
    let _ = write!(text, "        {} {}{}", row.ty, if is_word { "_" } else { "" }, row.name);
    if !keys.is_empty() {
        let _ = write!(text, " {}", keys.join(", "));
    }
    if !says.is_empty() {
        let _ = write!(text, " \"{}\"", says.join(", "));
    }
    text.push('\n');
}

fn flowchart(graph: &Graph, text: &mut String) {
    text.push_str("flowchart LR\n");
    for (index, cluster) in graph.clusters.iter().enumerate() {
        let _ = writeln!(text, "    subgraph d{index}[\"{}\"]", quoted(&cluster.label));
        for (at, node) in inside(graph, Some(index)) {
            let _ = writeln!(text, "        {}", shape(at, node));
        }
        text.push_str("    end\n");
    }
    for (at, node) in inside(graph, None) {
        let _ = writeln!(text, "    {}", shape(at, node));
    }
    for edge in &graph.edges {
        let _ = writeln!(text, "    n{} {} n{}", edge.from, arrow(edge), edge.to);
    }
    classes(graph, text);
    for (index, node) in graph.nodes.iter().enumerate() {
        if let Some(link) = &node.link {
            let _ = writeln!(text, "    click n{index} href \"{}\"", quoted(link));
        }
    }
}

fn inside(graph: &Graph, cluster: Option<usize>) -> impl Iterator<Item = (usize, &Node)> {
    graph.nodes.iter().enumerate().filter(move |(_, node)| node.cluster == cluster)
}

fn shape(index: usize, node: &Node) -> String {
    let label = quoted(&node.label);
    match &node.shape {
        Shape::Table | Shape::Columns(_) => format!("n{index}[(\"{label}\")]"),
        Shape::Action(role) => format!("n{index}(\"{label}<br>{}\")", role.words()),
        Shape::Dataset { .. } => format!("n{index}[\"{label}<br>{}\"]", node.shape.second_line()),
        Shape::Extern => format!("n{index}{{{{\"{label}\"}}}}"),
    }
}

fn arrow(edge: &Edge) -> String {
    match &edge.kind {
        EdgeKind::Call | EdgeKind::Import(None) | EdgeKind::ForeignKey { .. } => "-->".to_owned(),
        EdgeKind::Import(Some(alias)) => format!("-->|\"as {}\"|", quoted(alias)),
        EdgeKind::Splice => "-->|spliced|".to_owned(),
        EdgeKind::Read => "-.->".to_owned(),
        EdgeKind::Write => "==>".to_owned(),
    }
}

/// The colours of actions, as the SVG has them: light enough for dark ink in either of Mermaid's themes.
const CLASSES: [(&str, &str); 5] = [
    ("public", "fill:#e1edff,stroke:#2563eb,color:#1b2430"),
    ("private", "fill:#e9edf2,stroke:#64748b,color:#1b2430"),
    ("oracle", "fill:#fff0d6,stroke:#c2700a,color:#1b2430"),
    ("system", "fill:#efe7fe,stroke:#7c3aed,color:#1b2430"),
    ("outside", "fill:#fdeaf3,stroke:#be185d,color:#1b2430,stroke-dasharray:5 4"),
];

fn classes(graph: &Graph, text: &mut String) {
    for (class, style) in CLASSES {
        let of_class = |node: &Node| match &node.shape {
            Shape::Action(role) if !role.foreign => role.visibility.word() == class,
            Shape::Action(_) | Shape::Extern => class == "outside",
            _ => false,
        };
        let members: Vec<String> = graph
            .nodes
            .iter()
            .enumerate()
            .filter(|(_, node)| of_class(node))
            .map(|(index, _)| format!("n{index}"))
            .collect();
        if !members.is_empty() {
            let _ = writeln!(
                text,
                "    classDef {class}Action {style}\n    class {} {class}Action",
                members.join(",")
            );
        }
    }
}

/// Text between double quotes, in which Mermaid reads entities.
fn quoted(text: &str) -> String {
    let mut quoted = String::new();
    for char in text.chars() {
        match char {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '_' | '.' | ' ' | '(' | ')' | '/' | '-' | ',' | ':' | '#' => {
                quoted.push(char)
            }
            char if char.is_alphanumeric() => quoted.push(char),
            char if char.is_control() => quoted.push(' '),
            other => {
                let _ = write!(quoted, "#{};", u32::from(other));
            }
        }
    }
    quoted
}
