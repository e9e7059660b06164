use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use super::settings::Host;

/// The password for a host from a password file: lines of `host:port:database:user:password` with `*` for any and `\`
/// before `:` and `\`. A file others may read is not used, as in libpq.
pub fn find(path: &Path, host: &Host, database: &str, user: &str) -> Option<String> {
    let meta = path.metadata().ok()?;
    if !meta.is_file() || meta.permissions().mode() & 0o077 != 0 {
        return None;
    }
    let text = std::fs::read_to_string(path).ok()?;
    let default_socket = host.name == "/var/run/postgresql" || host.name == "/tmp";
    let name = if default_socket { "localhost" } else { host.name.as_str() };
    look_up(&text, &[name, &host.port.to_string(), database, user])
}

fn look_up(text: &str, wanted: &[&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut fields = split(line).into_iter();
        let fits =
            wanted.iter().all(|want| fields.next().is_some_and(|field| field == "*" || field == *want));
        if fits { fields.next() } else { None }
    })
}

/// The fields of a line without their escapes.
fn split(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        let taken = if letter == '\\' { letters.next() } else { Some(letter) };
        match (letter, fields.last_mut()) {
            (':', _) => fields.push(String::new()),
            (_, Some(field)) => field.extend(taken),
            (_, None) => {}
        }
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::look_up;

    #[test]
    fn the_first_line_that_fits_counts() {
        let text = "# a remark\nh:5432:shop:me:first\n*:*:*:me:a\\:b\\\\c\n*:*:*:*:any\n";
        let find = |host, user| look_up(text, &[host, "5432", "shop", user]);
        assert_eq!(find("h", "me").as_deref(), Some("first"));
        assert_eq!(find("other", "me").as_deref(), Some("a:b\\c"));
        assert_eq!(find("other", "you").as_deref(), Some("any"));
        assert_eq!(look_up("h:1:d:u:p", &["h", "2", "d", "u"]), None);
    }
}
