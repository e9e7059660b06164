//! `kf init`: a project to begin with.

use std::fs;
use std::path::{Path, PathBuf};

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

Nothing that exists is overwritten.")]
pub(super) struct Args {
    /// The project's folder, made if need be; its last part is the project's name [default: the current folder]
    #[arg(value_name = "NAME|DIR")]
    folder: Option<PathBuf>,
}

/// Path in the project and text.
const FILES: &[(&str, &str)] = &[
    ("schemas/people.kf", include_str!("init/people.kf")),
    ("schemas/guestbook.kf", include_str!("init/guestbook.kf")),
    ("schemas/guestbook.kft", include_str!("init/guestbook.kft")),
    (".gitignore", ".kf/\n"),
];

pub(super) fn run(args: &Args) -> Outcome {
    let folder = args.folder.clone().unwrap_or_else(|| PathBuf::from("."));
    let config = format!(
        "name = \"{}\"\n\n# replicas must agree; \"app\" drops the rules about order\nprofile = \"node\"\n",
        name(&folder)
    );
    let files: Vec<(&str, &str)> =
        [(config::FILE, config.as_str())].into_iter().chain(FILES.iter().copied()).collect();
    // A .gitignore of one's own is left as it is.
    let wanted = files.iter().filter(|(path, _)| *path != ".gitignore" || !folder.join(path).exists());
    if let Some((path, _)) = wanted.clone().find(|(path, _)| folder.join(path).symlink_metadata().is_ok()) {
        let failure = Failure::usage(format!("`{}` exists already", shown(&folder, path)));
        return Err(failure.help("nothing was written; choose another folder"));
    }
    let mut text = String::new();
    for (path, content) in wanted {
        write(&folder.join(path), content).map_err(|error| {
            Failure::usage(format!("cannot write `{}`: {}", shown(&folder, path), reason(&error)))
        })?;
        text.push_str(&format!("wrote {}\n", shown(&folder, path)));
    }
    terminal::print(&(text + &next_steps(&folder)));
    Ok(Exit::Fine)
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
