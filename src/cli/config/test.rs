use super::super::Failure;
use super::{Config, File, Value};

const KEYS: &[&str] = &["install"];

impl File<'_> {
    /// `[test]`: `install = ["functions.sql"]`, what databases for tests have before the schemas.
    pub(super) fn test(&self, value: &Value<'_>, config: &mut Config) -> Result<(), Failure> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong("test", value, "a table"))?;
        self.known(table, KEYS)?;
        for value in table.values() {
            config.installed = self.texts("install", value)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::render::Style;

    #[test]
    fn files_are_read_in_their_order_and_slips_are_placed() {
        let installed = |text: &str| Config::parse(text, "kf.toml").map(|config| config.installed);
        assert_eq!(installed("[test]\ninstall = [\"b.sql\", \"a/c.sql\"]\n").unwrap(), ["b.sql", "a/c.sql"]);
        assert_eq!(installed("[test]\ninstall = \"b.sql\"\n").unwrap(), ["b.sql"]);
        for (text, told) in [
            ("test = 1", "`test` must be a table"),
            ("[test]\ninstal = \"x\"", "did you mean `install`?"),
            ("[test]\ninstall = [1]", "`install` must be"),
            ("[test]\ninstall = \"\"", "`install` has an empty name"),
        ] {
            let shown = installed(text).unwrap_err().render(Style::PLAIN);
            assert!(shown.contains(told) && shown.contains("kf.toml:"), "{shown}");
        }
    }
}
