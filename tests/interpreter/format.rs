//! `format` and the functions of time.

use super::decimal::{Decimal, ten_to};
use super::values::{Fault, Value, fault};

/// `format(pattern, values..)`, but for `%I`.
pub fn format(pattern: &str, values: &[Value]) -> Result<Value, Fault> {
    let (mut written, mut next) = (String::new(), 0);
    let mut letters = pattern.chars().peekable();
    while let Some(letter) = letters.next() {
        if letter != '%' {
            written.push(letter);
            continue;
        }
        let mut asked = String::new();
        while let Some(letter) = letters.next_if(|letter| !letter.is_alphabetic() && *letter != '%') {
            asked.push(letter);
        }
        let kind = letters.next().expect("a kind");
        if kind == '%' {
            written.push('%');
            continue;
        }
        if let Some((place, width)) = asked.split_once('$').map(|(a, b)| (a.to_owned(), b.to_owned())) {
            next = place.parse::<usize>().unwrap() - 1;
            asked = width;
        }
        let value = filled(kind, &values[next]);
        next += 1;
        written.push_str(&padded(&value, &asked));
    }
    Ok(Value::Text(written))
}

fn filled(kind: char, value: &Value) -> String {
    match (kind, value.shown()) {
        ('s', text) => text.unwrap_or_default(),
        ('L', None) => "NULL".to_owned(),
        ('L', Some(text)) if text.contains('\\') => {
            format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
        }
        ('L', Some(text)) => format!("'{}'", text.replace('\'', "''")),
        (other, _) => panic!("%{other} is not known"),
    }
}

/// `-5` stands for five letters at least, the value to the left.
fn padded(value: &str, width: &str) -> String {
    let (left, width) = width.strip_prefix('-').map_or((false, width), |width| (true, width));
    let fill = " ".repeat(width.parse::<usize>().unwrap_or(0).saturating_sub(value.chars().count()));
    if left { format!("{value}{fill}") } else { format!("{fill}{value}") }
}

const PLAIN: &str = "YYYY-MM-DD HH24:MI:SS";
const EXACT: &str = "YYYY-MM-DD HH24:MI:SS.US";

/// Days since 1970 of a date (H. Hinnant's algorithm).
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + day_of_year - 719_468
}

fn date_of(days: i64) -> (i64, i64, i64) {
    let shifted = days + 719_468;
    let (era, of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let years = (of_era - of_era / 1460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * years + years / 4 - years / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (years + era * 400 + i64::from(month <= 2), month, day)
}

/// `format_unix_timestamp(seconds, pattern)`
pub fn written_time(seconds: &Decimal, pattern: &str) -> Value {
    let micros = i64::try_from(&seconds.at_scale(6).digits).unwrap();
    let (whole, part) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (year, month, day) = date_of(whole.div_euclid(86_400));
    let second = whole.rem_euclid(86_400);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let plain = format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}");
    match pattern {
        PLAIN => Value::Text(plain),
        EXACT => Value::Text(format!("{plain}.{part:06}")),
        other => panic!("the pattern {other} is not known"),
    }
}

/// `parse_unix_timestamp(text, pattern)` of what [`written_time`] wrote.
pub fn read_time(text: &str, pattern: &str) -> Result<Value, Fault> {
    assert!([PLAIN, EXACT].contains(&pattern), "the pattern {pattern} is not known");
    let numbers: Option<Vec<i64>> =
        text.split(|letter: char| !letter.is_ascii_digit()).map(|part| part.parse().ok()).collect();
    let numbers = numbers.filter(|numbers| numbers.len() >= 6).ok_or_else(|| fault("22007"))?;
    let seconds = days_of(numbers[0], numbers[1], numbers[2]) * 86_400
        + numbers[3] * 3600
        + numbers[4] * 60
        + numbers[5];
    let digits = seconds * ten_to(6) + numbers.get(6).copied().unwrap_or(0);
    Ok(Value::Decimal(Decimal { digits, scale: 6 }))
}
