//! What the XML formats share: quick-xml writes, and escapes.

use std::io;

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, Event};

/// Writes to memory.
pub(crate) type Xml = Writer<Vec<u8>>;

/// A document with its declaration, as `body` writes it.
pub(crate) fn document(body: impl FnOnce(&mut Xml) -> io::Result<()>) -> String {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    let begin = xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
    // Memory takes everything.
    let _ = begin.and_then(|()| body(&mut xml));
    let mut text = String::from_utf8(xml.into_inner()).unwrap_or_default();
    text.push('\n');
    text
}

/// `text` without what XML 1.0 cannot hold.
pub(crate) fn sayable(text: &str) -> String {
    let legal = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{fffd}' | '\u{10000}'..);
    text.chars().map(|c| if legal(c) { c } else { '\u{fffd}' }).collect()
}
