//! The patterns of `format`: `%s`, `%I`, `%L`, each with a width (`%-10s`) or the number of its value (`%2$s`), and `%%`.

use std::iter::Peekable;
use std::str::Chars;

/// How many values a pattern takes: the number of the last one it asks for.
///
/// # Errors
/// The placeholder that is none, as it is written.
pub fn values(pattern: &str) -> Result<usize, String> {
    let mut letters = pattern.chars().peekable();
    let (mut next, mut most) = (0usize, 0usize);
    while let Some(letter) = letters.next() {
        if letter != '%' {
            continue;
        }
        if let Some(position) = placeholder(&mut letters)? {
            next = position.unwrap_or(next.saturating_add(1));
            most = most.max(next);
        }
    }
    Ok(most)
}

/// What follows a `%`: nothing for `%%`, else the number of its value if it names one.
fn placeholder(letters: &mut Peekable<Chars<'_>>) -> Result<Option<Option<usize>>, String> {
    if letters.next_if_eq(&'%').is_some() {
        return Ok(None);
    }
    let mut written = String::from("%");
    let mut position = None;
    let mut number = digits(letters, &mut written);
    if !number.is_empty() && letters.next_if_eq(&'$').is_some() {
        written.push('$');
        position = number.parse::<usize>().ok().filter(|position| *position > 0);
        if position.is_none() {
            return Err(written);
        }
        number.clear();
    }
    if number.is_empty() && letters.next_if_eq(&'-').is_some() {
        written.push('-');
        number = digits(letters, &mut written);
    } else if number.is_empty() {
        number = digits(letters, &mut written);
    }
    let kind = letters.next();
    written.extend(kind);
    let is_kind = matches!(kind, Some('s' | 'I' | 'L'));
    let is_width = number.is_empty() || number.parse::<i32>().is_ok();
    if is_kind && is_width { Ok(Some(position)) } else { Err(written) }
}

fn digits(letters: &mut Peekable<Chars<'_>>, written: &mut String) -> String {
    let mut digits = String::new();
    while let Some(digit) = letters.next_if(char::is_ascii_digit) {
        digits.push(digit);
    }
    written.push_str(&digits);
    digits
}

#[cfg(test)]
mod tests {
    use super::values;

    #[test]
    fn values_are_counted_as_postgresql_counts_them() {
        let counts =
            [("", 0), ("100%%", 0), ("%s and %L", 2), ("%2$s %1$s", 2), ("%2$s %s", 3), ("%-5s%3I", 2)];
        for (pattern, count) in counts {
            assert_eq!(values(pattern), Ok(count), "{pattern}");
        }
    }

    #[test]
    fn what_is_no_placeholder_is_told() {
        let faults = [
            ("%", "%"),
            ("5 % of", "% "),
            ("%d", "%d"),
            ("%0$s", "%0$"),
            ("%*s", "%*"),
            ("%99999999999s", "%99999999999s"),
        ];
        for (pattern, fault) in faults {
            assert_eq!(values(pattern), Err(fault.to_owned()), "{pattern}");
        }
    }
}
