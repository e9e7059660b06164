use std::collections::BTreeMap;

use super::super::Failure;
use super::{Config, File, Value};
use crate::diagnostics::{Code, Diagnostic, Severity, nearest};

/// What is made of a warning or a remark.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// Not told.
    Allow,
    /// A warning.
    Warn,
    /// An error.
    Deny,
}

/// `[lints]`: what the project thinks of warnings and remarks, by code.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Lints(BTreeMap<Code, Level>);

impl Lints {
    /// Gives each of `diagnostics` the severity that was asked for, and drops what is allowed. Errors stay errors.
    pub fn apply(&self, diagnostics: &mut Vec<Diagnostic>) {
        let level = |diagnostic: &Diagnostic| {
            let level = self.0.get(&diagnostic.code);
            level.copied().filter(|_| diagnostic.severity != Severity::Error)
        };
        diagnostics.retain(|diagnostic| level(diagnostic) != Some(Level::Allow));
        for diagnostic in diagnostics {
            match level(diagnostic) {
                Some(Level::Warn) => diagnostic.severity = Severity::Warning,
                Some(Level::Deny) => diagnostic.severity = Severity::Error,
                Some(Level::Allow) | None => {}
            }
        }
    }
}

impl File<'_> {
    /// `[lints]`: `KF0406 = "allow"`, `"warn"` or `"deny"`.
    pub(super) fn lints(&self, value: &Value<'_>, config: &mut Config) -> Result<(), Failure> {
        let table = value.get_ref().as_table().ok_or_else(|| self.wrong("lints", value, "a table"))?;
        for (key, value) in table {
            let id = key.get_ref().as_ref();
            let Some(code) = Code::ALL.iter().copied().find(|code| code.id() == id) else {
                return Err(self.unknown_code(id, key.span()));
            };
            if code.severity() == Severity::Error {
                let message = format!("`{id}` is an error and has no level");
                let failure = self.fault(key.span(), &message, code.title());
                return Err(failure.help("only warnings and remarks have levels"));
            }
            config.lints.0.insert(code, self.level(id, value)?);
        }
        Ok(())
    }

    fn unknown_code(&self, id: &str, span: std::ops::Range<usize>) -> Failure {
        let failure = self.fault(span, &format!("unknown code `{id}`"), "no diagnostic has this code");
        let known = || Code::ALL.iter().filter(|code| code.severity() != Severity::Error);
        match nearest(id, known().map(|code| code.id())) {
            Some(near) => failure.help(format!("did you mean `{near}`?")),
            None => {
                let list: Vec<String> = known().map(|code| format!("`{code}`")).collect();
                failure.help(format!("codes that have levels: {}", list.join(", ")))
            }
        }
    }

    fn level(&self, id: &str, value: &Value<'_>) -> Result<Level, Failure> {
        match self.text(id, value)?.as_ref() {
            "allow" => Ok(Level::Allow),
            "warn" => Ok(Level::Warn),
            "deny" => Ok(Level::Deny),
            other => {
                let known = "`allow`, `warn` or `deny`";
                Err(self.fault(value.span(), &format!("unknown level `{other}`"), known))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::render::Style;
    use crate::source::{SourceId, Span};

    fn parsed(lines: &str) -> Result<Config, Failure> {
        Config::parse(&format!("[lints]\n{lines}\n"), "kf.toml")
    }

    #[test]
    fn levels_change_what_is_told() {
        let lints = parsed("KF0406 = \"allow\"\nKF0407 = \"deny\"\nKF0409 = \"warn\"").unwrap().lints;
        let at = Span::new(SourceId(0), 0, 0);
        let codes =
            [Code::Tautology, Code::MissingWhere, Code::MissingIndex, Code::UnusedImport, Code::Syntax];
        let mut told: Vec<_> = codes.iter().map(|code| Diagnostic::new(*code, at, "m")).collect();
        lints.apply(&mut told);
        let severities: Vec<_> = told.iter().map(|one| (one.code.id(), one.severity.word())).collect();
        let expected =
            [("KF0407", "error"), ("KF0409", "warning"), ("KF0291", "warning"), ("KF0106", "error")];
        assert_eq!(severities, expected);
    }

    #[test]
    fn slips_are_named_and_placed() {
        for (line, told) in [
            ("KF0106 = \"allow\"", "`KF0106` is an error and has no level"),
            ("KF0460 = \"allow\"", "did you mean `KF0406`?"),
            ("unused = \"allow\"", "codes that have levels: `KF0290`, "),
            ("KF0406 = \"ignore\"", "`allow`, `warn` or `deny`"),
            ("KF0406 = 1", "`KF0406` must be a string"),
        ] {
            let shown = parsed(line).unwrap_err().render(Style::PLAIN);
            assert!(shown.contains(told) && shown.contains("kf.toml:2:"), "{line}: {shown}");
        }
    }
}
