//! Comments are Markdown that anybody may have written: HTML in them is text, images are links at most, and links lead to
//! pages.

use maud::{Markup, PreEscaped, html};
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, Options, Parser, Tag, TagEnd, html::push_html,
};

use super::code::Text;

/// `text` as HTML. `link` says where a name in code leads.
pub(super) fn render(text: &str, link: &dyn Fn(&str) -> Option<String>) -> Markup {
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS;
    let mut setting = Setting { link, links: Vec::new(), code: None };
    let events: Vec<Event<'_>> =
        Parser::new_ext(text, options).flat_map(|event| setting.set(event)).collect();
    let mut page = String::new();
    push_html(&mut page, events.into_iter());
    PreEscaped(page)
}

/// The first paragraph of `text`, without marks.
pub(super) fn summary(text: &str) -> String {
    let mut line = String::new();
    for event in Parser::new(text) {
        match event {
            Event::Text(text) | Event::Code(text) | Event::InlineHtml(text) | Event::Html(text) => {
                line.push_str(&text)
            }
            Event::SoftBreak | Event::HardBreak => line.push(' '),
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => break,
            _ => {}
        }
    }
    line.trim().to_owned()
}

struct Setting<'l> {
    link: &'l dyn Fn(&str) -> Option<String>,
    /// Of the links around an event, whether each is kept.
    links: Vec<bool>,
    /// A block of code that is still being read, if it is one in the language.
    code: Option<String>,
}

impl Setting<'_> {
    /// What is written for `event`.
    fn set<'e>(&mut self, event: Event<'e>) -> Vec<Event<'e>> {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => vec![Event::Text(text)],
            Event::Text(text) if self.code.is_some() => {
                self.code.iter_mut().for_each(|code| code.push_str(&text));
                Vec::new()
            }
            Event::Code(word) => match (self.link)(&word).filter(|_| self.links.is_empty()) {
                Some(href) => linked(href, Event::Code(word)),
                None => vec![Event::Code(word)],
            },
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            other => vec![other],
        }
    }

    fn start<'e>(&mut self, tag: Tag<'e>) -> Vec<Event<'e>> {
        match tag {
            Tag::Link { link_type, dest_url, title, id } => {
                let kept = is_harmless(&dest_url) && self.links.is_empty();
                self.links.push(kept);
                let tag = Tag::Link { link_type, dest_url, title, id };
                if kept { vec![Event::Start(tag)] } else { Vec::new() }
            }
            // A picture would be fetched: what it shows is told instead.
            Tag::Image { .. } => Vec::new(),
            Tag::Heading { level, id: _, classes: _, attrs: _ } => vec![Event::Start(Tag::Heading {
                level: below(level),
                id: None,
                classes: Vec::new(),
                attrs: Vec::new(),
            })],
            Tag::CodeBlock(CodeBlockKind::Fenced(language)) if is_ours(&language) => {
                self.code = Some(String::new());
                Vec::new()
            }
            Tag::CodeBlock(_) => vec![Event::Start(Tag::CodeBlock(CodeBlockKind::Indented))],
            Tag::HtmlBlock => vec![Event::Start(Tag::Paragraph)],
            other => vec![Event::Start(other)],
        }
    }

    fn end<'e>(&mut self, tag: TagEnd) -> Vec<Event<'e>> {
        match tag {
            TagEnd::Link if self.links.pop() == Some(false) => Vec::new(),
            TagEnd::Image => Vec::new(),
            TagEnd::Heading(level) => vec![Event::End(TagEnd::Heading(below(level)))],
            TagEnd::CodeBlock => match self.code.take() {
                Some(code) => {
                    let block = html! { pre { code { (Text::of(&code).whole()) } } };
                    vec![Event::Html(CowStr::from(block.into_string()))]
                }
                None => vec![Event::End(tag)],
            },
            TagEnd::HtmlBlock => vec![Event::End(TagEnd::Paragraph)],
            other => vec![Event::End(other)],
        }
    }
}

fn linked(href: String, inner: Event<'_>) -> Vec<Event<'_>> {
    let link = Tag::Link {
        link_type: pulldown_cmark::LinkType::Inline,
        dest_url: href.into(),
        title: CowStr::Borrowed(""),
        id: CowStr::Borrowed(""),
    };
    vec![Event::Start(link), inner, Event::End(TagEnd::Link)]
}

fn is_ours(language: &str) -> bool {
    let word = language.split([',', ' ']).next().unwrap_or("");
    ["kf", "kuneiform"].contains(&word)
}

/// Headings of comments stand below those of pages.
fn below(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H4,
        HeadingLevel::H2 => HeadingLevel::H5,
        _ => HeadingLevel::H6,
    }
}

/// True for web pages, pages beside this one and anchors. Browsers leave out control characters and spaces before they look
/// for a scheme, and read `\` as `/`, so that nothing with any of them is harmless.
fn is_harmless(address: &str) -> bool {
    if address.is_empty() || address.chars().any(|it| it.is_control() || it.is_whitespace() || it == '\\') {
        return false;
    }
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("https://") || lower.starts_with("http://") {
        return true;
    }
    let path = lower.split(['/', '?', '#']).next().unwrap_or("");
    !lower.starts_with("//") && !path.contains(':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        render(text, &|word| (word == "known").then(|| "#known".to_owned())).into_string()
    }

    #[test]
    fn html_is_text() {
        assert_eq!(plain("a <b onclick=x>c</b>"), "<p>a &lt;b onclick=x&gt;c&lt;/b&gt;</p>\n");
        let block = plain("<script>\nalert(1)\n</script>\n\n</style>");
        assert!(!block.contains("<script") && !block.contains("</style"), "{block}");
    }

    #[test]
    fn links_lead_to_pages_only() {
        for address in [
            "javascript:x",
            "JaVaScript:x",
            "&#106;avascript:x",
            "data:text/html,x",
            "//evil.example",
            "vbscript:x",
            "java%0ascript:x:y",
        ] {
            let page = plain(&format!("[text]({address})"));
            assert_eq!(page, "<p>text</p>\n", "{address}");
        }
        assert!(
            plain("[a](https://example.com/?a=1&b='\"<)").contains("href=\"https://example.com/?a=1&amp;b=")
        );
        assert!(plain("[a](#action-f)").contains("<a href=\"#action-f\">"));
        assert!(plain("[a](ens.html)").contains("<a href=\"ens.html\">"));
        assert_eq!(plain("![shown](https://example.com/x.png)"), "<p>shown</p>\n");
        assert_eq!(plain("<javascript:alert(1)>"), "<p>javascript:alert(1)</p>\n");
    }

    #[test]
    fn code_is_linked_and_coloured() {
        assert_eq!(plain("`known`"), "<p><a href=\"#known\"><code>known</code></a></p>\n");
        assert_eq!(plain("[`known`](b.html)"), "<p><a href=\"b.html\"><code>known</code></a></p>\n");
        assert!(plain("```kf\ndatabase d;\n```").contains("<span class=\"k\">database</span>"));
        assert!(plain("```\"><script>\n<x>\n```").contains("<pre><code>&lt;x&gt;"));
        assert_eq!(plain("# One"), "<h4>One</h4>\n");
    }

    #[test]
    fn the_first_paragraph_is_the_summary() {
        assert_eq!(summary("One `two`\nthree.\n\nFour."), "One two three.");
    }
}
