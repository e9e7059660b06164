use crate::interface::Dbid;
use crate::language::{Name, Visibility};

/// What a picture shows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Tables with their columns, and foreign keys.
    Tables,
    /// Actions, what they call, and the tables they read and write.
    Calls,
    /// Datasets and externs, and who imports which.
    Imports,
}

/// A picture before it is drawn. Indexes point into its lists; the order of all of them is that of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Graph {
    /// What it shows.
    pub kind: Kind,
    /// Frames around boxes.
    pub clusters: Vec<Cluster>,
    /// The boxes.
    pub nodes: Vec<Node>,
    /// The lines between them.
    pub edges: Vec<Edge>,
}

/// A dataset that holds boxes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cluster {
    /// What is written on it.
    pub label: String,
    /// The dataset.
    pub target: Target,
    /// True if it is deployed elsewhere, and here only to be imported.
    pub imported: bool,
    /// Where a click leads.
    pub link: Option<String>,
}

/// A box.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Node {
    /// What is written on it.
    pub label: String,
    /// What it stands for.
    pub target: Target,
    /// Index of the frame around it.
    pub cluster: Option<usize>,
    /// How it looks.
    pub shape: Shape,
    /// What its author says about it.
    pub doc: Option<String>,
    /// Where a click leads.
    pub link: Option<String>,
}

/// What a box or frame stands for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Target {
    /// A dataset.
    Dataset(Dbid),
    /// A table of a dataset.
    Table(Dbid, Name),
    /// An action or a foreign procedure of a dataset.
    Action(Dbid, Name),
    /// An extern.
    Extern(Name),
    /// A function of an extern.
    ExternFunction(Name, Name),
}

/// How a box looks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Shape {
    /// A table with its columns.
    Columns(Vec<Row>),
    /// A table whose columns are not shown.
    Table,
    /// An action.
    Action(Role),
    /// A dataset with so many tables and actions.
    Dataset {
        /// How many tables it has.
        tables: usize,
        /// How many actions somebody wrote in it.
        actions: usize,
        /// True if it is deployed elsewhere.
        imported: bool,
    },
    /// An extern, or a function of one.
    Extern,
}

/// What kind of action.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Role {
    /// Who may call it.
    pub visibility: Visibility,
    /// Its dataset's owner only.
    pub owner: bool,
    /// Reads only.
    pub view: bool,
    /// True for a foreign procedure, which calls what it is told to.
    pub foreign: bool,
}

/// A column of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Its name.
    pub name: String,
    /// Its type.
    pub ty: String,
    /// True if it may be null.
    pub nullable: bool,
    /// In the primary key.
    pub primary: bool,
    /// In a foreign key.
    pub foreign: bool,
    /// Unique by itself.
    pub unique: bool,
}

/// A line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Edge {
    /// Index of the box it begins at: who refers, calls, touches or imports.
    pub from: usize,
    /// Index of the box it ends at.
    pub to: usize,
    /// What it says.
    pub kind: EdgeKind,
}

/// What a line says.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum EdgeKind {
    /// A foreign key, from the child.
    ForeignKey {
        /// Indexes of the child's columns.
        columns: Vec<usize>,
        /// Indexes of the parent's columns.
        parent_columns: Vec<usize>,
        /// True if a child may be without a parent: one of its columns may be null.
        optional: bool,
        /// True if a parent has at most one child: a key of the child is among the columns.
        single: bool,
    },
    /// A call at run time.
    Call,
    /// A view whose query is put into the caller's, as a CTE.
    Splice,
    /// Rows of a table are read.
    Read,
    /// Rows of a table are written, and perhaps read.
    Write,
    /// An import, by this alias where it is another word.
    Import(Option<String>),
}

impl Kind {
    /// The word for it, as `kf graph --kind` takes it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Tables => "tables",
            Kind::Calls => "calls",
            Kind::Imports => "imports",
        }
    }
}

impl Graph {
    /// Without anything to draw.
    pub fn new(kind: Kind) -> Graph {
        Graph { kind, clusters: Vec::new(), nodes: Vec::new(), edges: Vec::new() }
    }

    /// Says where clicks lead: `link` is asked about every box and frame.
    pub fn link(&mut self, link: impl Fn(&Target) -> Option<String>) {
        for node in &mut self.nodes {
            node.link = link(&node.target);
        }
        for cluster in &mut self.clusters {
            cluster.link = link(&cluster.target);
        }
    }

    /// True if all of it can be laid out in one picture.
    pub fn fits(&self) -> bool {
        self.nodes.len() <= super::MOST_BOXES && self.edges.len() <= super::MOST_LINES
    }

    /// What the picture is called: `Tables of ens and names`.
    pub fn title(&self) -> String {
        let what = match self.kind {
            Kind::Tables => "Tables",
            Kind::Calls => "Calls",
            Kind::Imports => "Imports",
        };
        let is_dataset = |node: &&Node| matches!(node.target, Target::Dataset(_));
        let boxes = self.nodes.iter().filter(is_dataset).map(|node| node.label.as_str());
        let names: Vec<&str> = self.clusters.iter().map(|it| it.label.as_str()).chain(boxes).collect();
        match names.as_slice() {
            [] => what.to_owned(),
            [one] => format!("{what} of {one}"),
            [all @ .., last] if all.len() < 5 => format!("{what} of {} and {last}", all.join(", ")),
            all => format!("{what} of {} datasets", all.len()),
        }
    }

    /// What is in the picture: `7 tables, 3 foreign keys`.
    pub fn summary(&self) -> String {
        let count = |number: usize, one: &str, many: &str| match number {
            1 => format!("1 {one}"),
            _ => format!("{number} {many}"),
        };
        let of = |wanted: fn(&Target) -> bool| self.nodes.iter().filter(|node| wanted(&node.target)).count();
        let tables = count(of(|it| matches!(it, Target::Table(..))), "table", "tables");
        let actions = count(of(|it| matches!(it, Target::Action(..))), "action", "actions");
        let datasets = count(of(|it| matches!(it, Target::Dataset(_))), "dataset", "datasets");
        let lines = self.edges.len();
        match self.kind {
            Kind::Tables => format!("{tables}, {}", count(lines, "foreign key", "foreign keys")),
            Kind::Calls => format!("{actions}, {tables}, {}", count(lines, "connection", "connections")),
            Kind::Imports => format!("{datasets}, {}", count(lines, "import", "imports")),
        }
    }
}

impl Role {
    /// `public view · owner`, as the author wrote it.
    pub fn words(self) -> String {
        if self.foreign {
            return "foreign procedure".to_owned();
        }
        let mut words = self.visibility.word().to_owned();
        for (word, holds) in [(" owner", self.owner), (" view", self.view)] {
            if holds {
                words.push_str(word);
            }
        }
        words
    }
}
