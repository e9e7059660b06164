use std::borrow::Cow;

/// True for characters that move the cursor, reorder or hide what stands beside them. Tabs and line ends count;
/// the joiners inside emoji and many scripts do not.
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// How a hidden character is shown: `<U+202E>`.
pub fn spelled(character: char) -> String {
    format!("<U+{:04X}>", u32::from(character))
}

/// `text` on one line, with nothing in it that a terminal or a log reader would act on.
pub fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut line = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' | '\t' => line.push(' '),
            '\r' => {}
            hidden if is_hidden(hidden) => line.push_str(&spelled(hidden)),
            plain => line.push(plain),
        }
    }
    Cow::Owned(line)
}

#[cfg(test)]
mod tests {
    use super::visible;

    #[test]
    fn nothing_reaches_a_terminal_raw() {
        assert_eq!(visible("a `\u{1b}[31m` b\r\nc"), "a `<U+001B>[31m` b c");
        assert_eq!(visible("Ä 日本 👩\u{200d}🚀"), "Ä 日本 👩\u{200d}🚀");
        assert_eq!(visible("\u{202e}x\u{0}"), "<U+202E>x<U+0000>");
    }
}
