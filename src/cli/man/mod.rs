//! `kf man`: manual pages, one for each command, made of what the commands say of themselves.

mod page;

use std::path::{Path, PathBuf};

use clap::CommandFactory;

use super::project::reason;
use super::saved::{replace, unwritable};
use super::{Cli, Exit, Failure, Outcome, terminal};

/// Manual pages: the main one to stdout, or one for each command into a folder
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf man | man -l -                  the main page
  kf man --output ~/.local/share/man/man1
  man kf-check                       once they are there")]
pub(super) struct Args {
    /// Folder for the pages, made if it is not there
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    match &args.output {
        None => terminal::print(&String::from_utf8_lossy(&page::write(&command))),
        Some(folder) => {
            std::fs::create_dir_all(folder).map_err(|error| {
                Failure::usage(format!("cannot make `{}`: {}", folder.display(), reason(&error)))
            })?;
            save(&command, folder)?;
        }
    }
    Ok(Exit::Fine)
}

/// The page of `command`, and those of the commands below it.
fn save(command: &clap::Command, folder: &Path) -> Result<(), Failure> {
    let path = folder.join(page::file_name(command));
    replace(&path, &page::write(command)).map_err(|error| unwritable(&path, &error))?;
    command.get_subcommands().filter(|below| !below.is_hide_set()).try_for_each(|below| save(below, folder))
}
