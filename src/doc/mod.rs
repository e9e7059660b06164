//! Floor 8: a project as a site of static pages: what its comments say, who may call what, and what each action
//! touches. A pure function of the checked program and its sources; `cli/doc` writes the files.

mod access;
mod action;
mod book;
mod code;
mod comments;
mod dataset;
mod diagram;
mod facts;
mod fields;
mod index;
mod markdown;
mod page;
mod raises;
mod search;
mod table;

use crate::hir::Program;
use crate::source::{Sources, roomy};
use book::Book;

/// A file of the site.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// Below the site's folder, with `/`.
    pub path: String,
    /// UTF-8.
    pub text: String,
}

/// The site of `program`, which has no errors, in the order of paths. `title` is the project's name. Links between pages
/// are relative, nothing is asked of a network, and the same program gives the same bytes.
pub fn site(title: &str, program: &Program, sources: &Sources) -> Vec<File> {
    let mut files = roomy(|| {
        let book = Book::of(title, program, sources);
        let page = |path: String, text: String| File { path, text: shown(&text) };
        let mut files = vec![page("index.html".to_owned(), index::page(&book).into_string())];
        for chapter in &book.chapters {
            files.push(page(
                format!("datasets/{}.html", chapter.file),
                dataset::page(&book, chapter).into_string(),
            ));
        }
        files.push(page("assets/search.js".to_owned(), search::script(&book)));
        files
    });
    let assets = [
        ("assets/kf.css", include_str!("assets/kf.css")),
        ("assets/kf.js", include_str!("assets/kf.js")),
        ("assets/theme.js", include_str!("assets/theme.js")),
    ];
    files.extend(assets.map(|(path, text)| File { path: path.to_owned(), text: text.to_owned() }));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// `text` without characters that hide or reorder what stands beside them; they are spelled out.
fn shown(text: &str) -> String {
    use crate::diagnostics::{is_hidden, spelled};
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            '\r' => {}
            // `<` would begin a tag.
            hidden if is_hidden(hidden) => shown.push_str(spelled(hidden).trim_matches(['<', '>'])),
            plain => shown.push(plain),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::shown;

    #[test]
    fn what_hides_is_spelled_out() {
        assert_eq!(shown("a\u{202e}b\u{0}\n\tc"), "aU+202EbU+0000\n\tc");
    }
}
