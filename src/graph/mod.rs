//! Floor 4: pictures of a program: its tables, its calls, its imports. What is drawn is gathered from the checked program
//! into a [`Graph`], which is data in one order, and written as SVG, Mermaid or DOT. Nothing here knows of files.

mod condense;
mod curve;
mod dot;
mod gather;
mod layout;
mod measure;
mod mermaid;
mod model;
mod route;
mod svg;

pub use dot::dot;
pub use gather::{about, is_called, of};
pub use mermaid::mermaid;
pub use model::{Cluster, Edge, EdgeKind, Graph, Kind, Node, Role, Row, Shape, Target};
pub use svg::svg;

/// The most boxes that are laid out in one picture; of more only their datasets are drawn.
pub const MOST_BOXES: usize = 300;
/// The most lines that are laid out in one picture.
pub const MOST_LINES: usize = 400;
