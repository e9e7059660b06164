//! `kf init`: a project to begin with.

mod templates;

use std::fs;
use std::path::{Path, PathBuf};

use templates::{LEFT_ALONE, Template};

use super::project::reason;
use super::{Exit, Failure, Outcome, config, terminal};
use crate::diagnostics::visible;
use crate::language::Name;

/// Begin a project: kf.toml, two schemas, one importing the other, and tests
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf init notes                      in a new folder `notes`
  kf init                            in the current folder
  kf init shop --template app        accounts, notes and an owner, with tests and a workflow for CI

Nothing that exists is overwritten.")]
pub(super) struct Args {
    /// The project's folder, made if need be; its last part is the project's name [default: the current folder]
    #[arg(value_name = "NAME|DIR")]
    folder: Option<PathBuf>,
    /// What to begin with [default: two schemas and their tests]
    #[arg(long, value_name = "NAME", value_enum)]
    template: Option<Template>,
}

pub(super) fn run(args: &Args) -> Outcome {
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let config = format!(
        "name = \"{}\"\n\n# replicas must agree; \"app\" drops the rules about order\nprofile = \"node\"\n",
        name(&folder)
    );
    let files = templates::files(args.template).iter().map(|(path, text)| (*path, versioned(text)));
    let there = |path: &str| folder.join(path).symlink_metadata().is_ok();
    let wanted: Vec<(&str, String)> = [(config::FILE, config)]
        .into_iter()
        .chain(files)
        .filter(|(path, _)| !(LEFT_ALONE.contains(path) && there(path)))
        .collect();
    if let Some((path, _)) = wanted.iter().find(|(path, _)| there(path)) {
        let failure = Failure::usage(format!("`{}` exists already", shown(&folder, path)));
        return Err(failure.help("nothing was written; choose another folder"));
    }
    let mut text = String::new();
    for (path, content) in &wanted {
        write(&folder.join(path), content).map_err(|error| {
            Failure::usage(format!("cannot write `{}`: {}", shown(&folder, path), reason(&error)))
        })?;
        text.push_str(&format!("wrote {}\n", shown(&folder, path)));
    }
    terminal::print(&(text + &next_steps(&folder)));
    Ok(Exit::Fine)
}

/// With the version of this `kf`, which is the one that CI has to bring.
fn versioned(text: &str) -> String {
    text.replace("@VERSION@", env!("CARGO_PKG_VERSION"))
}

fn write(path: &Path, content: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let mut file = fs::File::create_new(path)?;
    std::io::Write::write_all(&mut file, content.as_bytes())
}

fn next_steps(folder: &Path) -> String {
    let enter = if folder == Path::new(".") {
        String::new()
    } else {
        format!("  cd {}\n", visible(&folder.to_string_lossy()))
    };
    format!("\nnext:\n{enter}  kf check\n  kf test\n  kf deploy\n")
}

fn shown(folder: &Path, path: &str) -> String {
    let whole = if folder == Path::new(".") { PathBuf::from(path) } else { folder.join(path) };
    visible(&whole.to_string_lossy()).into_owned()
}

/// The project's name: the folder's, with what a name cannot hold as `_`.
fn name(folder: &Path) -> String {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_path_buf());
    let last = whole.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain: String =
        last.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
    if Name::is_well_formed(&plain) { plain } else { "project".to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_gives_the_project_its_name() {
        assert_eq!(name(Path::new("/x/My-Notes")), "my_notes");
        assert_eq!(name(Path::new("/x/1st")), "project");
        assert_eq!(name(Path::new("/")), "project");
    }
}
