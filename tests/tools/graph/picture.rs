//! An SVG as it is drawn: its boxes, and what is written in them.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

#[derive(Clone, Debug)]
pub struct Box {
    pub class: String,
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
    /// Class, text, left and right end of each line.
    pub texts: Vec<(String, String, f64, f64, f64)>,
}

impl Box {
    pub fn is_frame(&self) -> bool {
        self.class.starts_with("frame")
    }

    pub fn is_node(&self) -> bool {
        ["box", "action", "dataset"].iter().any(|word| self.class.starts_with(word))
    }

    pub fn meets(&self, other: &Box) -> bool {
        self.x < other.x + other.width
            && other.x < self.x + self.width
            && self.y < other.y + other.height
            && other.y < self.y + self.height
    }

    pub fn holds(&self, other: &Box) -> bool {
        self.x <= other.x
            && self.y <= other.y
            && self.x + self.width >= other.x + other.width
            && self.y + self.height >= other.y + other.height
    }
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().map(Result::unwrap).find(|it| it.key.as_ref() == name);
    found.map(|it| it.value.to_string())
}

fn number(element: &BytesStart<'_>, name: &str) -> f64 {
    attribute(element, name).map_or(0.0, |text| text.parse().unwrap())
}

/// The boxes of the drawing, without the legend. Panics where it is no XML.
pub fn boxes(svg: &str) -> Vec<Box> {
    let mut reader = Reader::from_str(svg);
    reader.config_mut().check_end_names = true;
    let mut boxes: Vec<Box> = Vec::new();
    let (mut in_drawing, mut text, mut depth) = (false, None, 0);
    loop {
        let event = reader.read_event().unwrap_or_else(|error| panic!("{error}: {svg}"));
        match event {
            Event::Eof => break,
            Event::Start(element) | Event::Empty(element)
                if element.name().as_ref() == "g" && group(&element).is_some() =>
            {
                in_drawing = group(&element).as_deref() == Some("drawing");
                depth += 1;
            }
            Event::Start(element) if in_drawing && element.name().as_ref() == "rect" => {
                boxes.push(rect(&element))
            }
            Event::Start(element) if in_drawing && element.name().as_ref() == "text" => {
                text = Some((element.into_owned(), String::new()));
            }
            Event::Text(said) => {
                if let Some((_, all)) = &mut text {
                    all.push_str(&said);
                }
            }
            Event::GeneralRef(_) => {
                if let Some((_, all)) = &mut text {
                    all.push('&');
                }
            }
            Event::End(element) if element.name().as_ref() == "text" => {
                if let Some((element, said)) = text.take() {
                    boxes.last_mut().unwrap().texts.push(line(&element, said));
                }
            }
            _ => {}
        }
    }
    assert_eq!(depth, 2, "a drawing and a legend");
    boxes
}

fn group(element: &BytesStart<'_>) -> Option<String> {
    attribute(element, "class").filter(|class| class == "drawing" || class == "legend")
}

fn rect(element: &BytesStart<'_>) -> Box {
    Box {
        class: attribute(element, "class").unwrap(),
        x: number(element, "x"),
        y: number(element, "y"),
        width: number(element, "width"),
        height: number(element, "height"),
        texts: Vec::new(),
    }
}

/// As wide as the widest font for code that is common: DejaVu Sans Mono, 0.602 of its size for each column.
fn line(element: &BytesStart<'_>, said: String) -> (String, String, f64, f64, f64) {
    let class = attribute(element, "class").unwrap_or_default();
    let words: Vec<&str> = class.split(' ').collect();
    let has = |word: &str| words.contains(&word);
    let font = match () {
        () if has("name") || has("head-name") || has("frame-name") => 13.0,
        () if has("small") => 10.5,
        () => 12.0,
    };
    let columns = unicode_width::UnicodeWidthStr::width(said.as_str());
    let width = f64::from(u32::try_from(columns).unwrap()) * font * 0.602;
    let (x, y) = (number(element, "x"), number(element, "y"));
    let left = match () {
        () if has("middle") => x - width / 2.0,
        () if has("type") => x - width,
        () => x,
    };
    (class, said, left, left + width, y)
}
