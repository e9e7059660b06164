//! The clients that `kf.toml` lists, kept up to date from round to round.

use std::path::PathBuf;

use super::block::some;
use crate::cli::client::{Setting, folder_of, listed};
use crate::cli::project::{self, Input, Reach};
use crate::cli::{Exit, Failure, report};
use crate::{Compilation, Workspace};

/// What clients are made of, as far as it was made before.
#[derive(Default)]
pub(super) struct Clients {
    made: Vec<(Setting, Workspace)>,
}

/// What bringing clients up to date came to.
#[derive(Default)]
pub(super) struct Written {
    /// Files that were written.
    pub written: Vec<String>,
    /// Files that are of no schema any more.
    pub removed: Vec<String>,
}

impl Clients {
    /// Generates every client of the project that `input` read at `paths`, and writes those files that are to be others.
    /// Nothing is written if one of them cannot be generated.
    ///
    /// # Errors
    /// A client that cannot be generated, a folder that cannot be read or written.
    pub fn write(&mut self, input: &Input, paths: &[PathBuf]) -> Result<Written, Failure> {
        let clients = listed(input)?;
        let mut folders = Vec::new();
        for client in &clients {
            let setting = Setting::of(client, input)?;
            let own = seen_by(input, paths, &setting)?;
            let compilation = self.compile(&setting, &own);
            if report::exit(&compilation.diagnostics) != Exit::Fine {
                return Err(faulty(&setting));
            }
            folders.push(folder_of(client, &own, &compilation.packages, &setting)?);
        }
        let mut done = Written::default();
        for folder in folders {
            folder.write()?;
            let (written, removed) = folder.changed();
            done.written.extend(written);
            done.removed.extend(removed);
        }
        Ok(done)
    }

    fn compile(&mut self, setting: &Setting, own: &Input) -> Compilation {
        let options = own.options(setting.owner.as_ref());
        if let Some((_, workspace)) = self.made.iter_mut().find(|it| it.0 == *setting) {
            return workspace.compile(&own.sources, &options);
        }
        let mut workspace = Workspace::new();
        let compilation = workspace.compile(&own.sources, &options);
        self.made.push((setting.clone(), workspace));
        compilation
    }
}

/// The project as `setting` has it. Whose the schemas are decides what imports are found.
fn seen_by(input: &Input, paths: &[PathBuf], setting: &Setting) -> Result<Input, Failure> {
    let mut own = input.clone();
    if setting.owner.is_some() {
        own = project::load(paths)?;
        own.reach(&Reach { owner: setting.owner.clone(), ..Reach::default() })?;
    }
    own.project.config.expose.clone_from(&setting.exposure);
    Ok(own)
}

/// Schemas that are fine only while they belong to nobody.
fn faulty(setting: &Setting) -> Failure {
    let owner = setting.owner.as_ref().map_or("nobody", |owner| owner.0.as_str());
    let failure =
        Failure::new(Exit::Source, format!("there are errors in the schemas as those of `{owner}`"));
    failure.help(format!("`kf check --owner {owner}` shows them"))
}

impl Written {
    /// `wrote src/kf/notes.ts; removed src/kf/old.ts`, or `up to date`.
    pub fn summary(&self) -> String {
        let part = |verb: &str, paths: &[String]| {
            let names: Vec<&str> = paths.iter().map(String::as_str).collect();
            (!names.is_empty()).then(|| format!("{verb} {}", some(&names)))
        };
        let parts: Vec<String> =
            [part("wrote", &self.written), part("removed", &self.removed)].into_iter().flatten().collect();
        if parts.is_empty() { "up to date".to_owned() } else { parts.join("; ") }
    }
}
