use std::path::{Path, PathBuf};

use super::{Input, load_stdin, load_with_tests};
use crate::cli::Failure;

/// Which texts a command works on: those of files, or standard input in place of one.
#[derive(clap::Args, Clone, Debug, Default)]
pub struct Texts {
    #[command(flatten)]
    files: super::Paths,
    /// Read standard input as the text of P, a file that may not be saved; its saved neighbours serve its imports
    #[arg(long, value_name = "P")]
    stdin_filename: Option<PathBuf>,
}

impl Texts {
    /// The paths of files, as they were typed.
    pub fn paths(&self) -> &[PathBuf] {
        &self.files.paths
    }

    /// True if standard input takes a file's place.
    pub fn are_typed(&self) -> bool {
        self.stdin_filename.is_some()
    }

    /// The name standard input has, if it is to be read.
    ///
    /// # Errors
    /// A path beside standard input, `-` without a name.
    pub fn stdin(&self) -> Result<Option<&Path>, Failure> {
        let dash = |path: &PathBuf| path.as_os_str() == "-";
        match (self.paths(), self.stdin_filename.as_deref()) {
            ([], Some(name)) => Ok(Some(name)),
            ([only], Some(name)) if dash(only) => Ok(Some(name)),
            (_, Some(_)) => {
                Err(Failure::usage("`--stdin-filename` reads one source").help("write `-` as the only PATH"))
            }
            (paths, None) if paths.iter().any(dash) => {
                let failure = Failure::usage("`-` reads standard input, which has no name");
                Err(failure.help("say which file it is: `--stdin-filename notes.kf -`"))
            }
            (_, None) => Ok(None),
        }
    }

    /// The sources, with what they import from their project and their tests.
    ///
    /// # Errors
    /// As [`Texts::stdin`], and what cannot be read.
    pub fn load(&self) -> Result<Input, Failure> {
        match self.stdin()? {
            Some(name) => load_stdin(name),
            None => load_with_tests(self.paths()),
        }
    }
}
