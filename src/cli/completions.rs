//! `kf completions`: what makes a shell complete the words of `kf`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::{Cli, Exit, Outcome, terminal};

/// Print what makes a shell complete kf's commands and options
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf completions bash > ~/.local/share/bash-completion/completions/kf
  kf completions zsh > ~/.zfunc/_kf      with ~/.zfunc in $fpath before compinit
  kf completions fish > ~/.config/fish/completions/kf.fish
  kf completions elvish > ~/.config/elvish/lib/kf.elv      and `use kf` in rc.elv
  kf completions powershell >> $PROFILE")]
pub(super) struct Args {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "kf", &mut script);
    terminal::print(&String::from_utf8_lossy(&script));
    Ok(Exit::Fine)
}
