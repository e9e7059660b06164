/// What a character that is not plain ASCII text means outside a string.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Class {
    /// Invisible, or it changes what the reader sees: refused everywhere but in a string.
    Control,
    /// Looks like a letter or joins to one: part of a word, which is then not a name.
    Letter,
    /// Anything else.
    Other,
}

/// Classifies `c` as it counts outside strings; tab, LF and CR are space and never asked about.
pub fn class(c: char) -> Class {
    if is_control(c) {
        Class::Control
    } else if c == '_' || c.is_alphanumeric() || is_mark(c) {
        Class::Letter
    } else {
        Class::Other
    }
}

/// True for a character that not even a string may hold: C0 controls apart from tab, LF and CR.
pub fn is_refused_in_strings(c: char) -> bool {
    c < ' ' && !matches!(c, '\t' | '\n' | '\r')
}

/// Unicode categories Cc (apart from tab, LF, CR), Cf, Zl and Zp.
pub fn is_control(c: char) -> bool {
    match c {
        '\t' | '\n' | '\r' => false,
        '\0'..='\x1f' | '\x7f'..='\u{9f}' => true,
        _ if c.is_ascii() => false,
        _ => is_format(c),
    }
}

fn is_format(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{600}'..='\u{605}' | '\u{61C}' | '\u{6DD}' | '\u{70F}' | '\u{890}' | '\u{891}' | '\u{8E2}'
        | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
        | '\u{FFF9}'..='\u{FFFB}' | '\u{110BD}' | '\u{110CD}' | '\u{13430}'..='\u{1343F}'
        | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}' | '\u{E0001}' | '\u{E0020}'..='\u{E007F}')
}

/// The blocks of combining marks, which turn a letter into another one.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36F}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FE20}'..='\u{FE2F}')
}

/// A name for a character that cannot be shown.
pub fn describe(c: char) -> String {
    let name = match c {
        '\0' => " (NUL)",
        '\x1b' => " (escape)",
        '\u{A0}' => " (no-break space)",
        '\u{AD}' => " (soft hyphen)",
        '\u{200B}' => " (zero-width space)",
        '\u{200C}' | '\u{200D}' => " (zero-width joiner)",
        '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => {
            " (changes the direction of text)"
        }
        '\u{2028}' => " (line separator)",
        '\u{2029}' => " (paragraph separator)",
        '\u{FEFF}' => " (byte order mark)",
        _ => "",
    };
    format!("U+{:04X}{name}", u32::from(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_of_other_scripts_are_letters_and_invisible_characters_are_controls() {
        assert_eq!(class('о'), Class::Letter);
        assert_eq!(class('ı'), Class::Letter);
        assert_eq!(class('\u{301}'), Class::Letter);
        assert_eq!(class('\u{202E}'), Class::Control);
        assert_eq!(class('\u{2028}'), Class::Control);
        assert_eq!(class('\u{A0}'), Class::Other);
        assert_eq!(class('😀'), Class::Other);
    }

    #[test]
    fn strings_hold_everything_but_controls() {
        assert!(is_refused_in_strings('\0') && is_refused_in_strings('\x1b'));
        assert!(!is_refused_in_strings('\n') && !is_refused_in_strings('\u{202E}'));
    }

    #[test]
    fn a_description_shows_no_character() {
        assert_eq!(describe('\u{202E}'), "U+202E (changes the direction of text)");
        assert!(describe('\u{7}').is_ascii());
    }
}
