use super::super::Failure;
use super::{Config, File, Value};

const KEYS: &[&str] = &["errors"];

impl File<'_> {
    /// `[links]`: `errors = "https://.."`, where the pages of codes are.
    pub(super) fn links(&self, value: &Value<'_>, config: &mut Config) -> Result<(), Failure> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong("links", value, "a table"))?;
        self.known(table, KEYS)?;
        for value in table.values() {
            let url = self.text("errors", value)?;
            let scheme = ["https://", "http://", "file://"].iter().any(|scheme| url.starts_with(scheme));
            if !scheme || !url.bytes().all(|byte| byte.is_ascii_graphic()) {
                let failure = self.fault(value.span(), "`errors` is not an address", "of no page");
                return Err(failure.help("as `https://example.org/errors/{code}.md`"));
            }
            config.error_pages = Some(url.into_owned());
        }
        Ok(())
    }
}
