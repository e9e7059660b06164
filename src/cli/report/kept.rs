use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;

use super::super::{Failure, saved};
use super::{ColumnUnit, Format};
use crate::diagnostics::render::Style;
use crate::diagnostics::{Report, nearest};

/// A report that goes to a file.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Kept {
    /// What it looks like.
    pub format: Format,
    /// Where it goes; replaced as a whole.
    pub file: PathBuf,
}

impl FromStr for Kept {
    type Err = String;

    fn from_str(text: &str) -> Result<Kept, String> {
        let (format, file) = text.split_once('=').ok_or("expected FORMAT=FILE, as in `sarif=kf.sarif`")?;
        if file.is_empty() {
            return Err(format!("no file after `{format}=`"));
        }
        let format = Format::from_str(format, false).map_err(|_| unknown(format))?;
        Ok(Kept { format, file: PathBuf::from(file) })
    }
}

fn unknown(format: &str) -> String {
    let values: Vec<_> = Format::value_variants().iter().filter_map(ValueEnum::to_possible_value).collect();
    let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
    let near = nearest(format, names.iter().copied());
    let near = near.map(|near| format!("; did you mean `{near}`?")).unwrap_or_default();
    format!("unknown format `{format}`{near} [possible values: {}]", names.join(", "))
}

impl Kept {
    pub(super) fn write(&self, found: &Report<'_>, unit: ColumnUnit) -> Result<(), Failure> {
        let text = self.format.text(found, unit, Style::PLAIN);
        saved::replace(&self.file, text.as_bytes()).map_err(|error| saved::unwritable(&self.file, &error))
    }
}
