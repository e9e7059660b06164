//! `kf doc`: the project as a site of static pages.

mod folder;
mod kept;

use std::path::{Path, PathBuf};

use super::project::{self, Input, Paths, Reaching};
use super::report::{self, Reporting};
use super::{Exit, Outcome, terminal};
use crate::Sources;
use crate::doc::{File, site};
use folder::Folder;

/// Where the site is written if nobody says.
const FOLDER: &str = "site";

/// Write a site of static pages: what comments say, who may call what, what each action touches
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf doc                             the current project, into site/
  kf doc -o public schemas           a folder of schemas, into public/
  kf doc --check                     only say whether site/ is up to date, for CI

Comments right above `database`, tables, columns, parameters and actions are Markdown; docs/guide/docs-site.md says more.
The pages need no server: open index.html. The same sources give the same bytes. Files in the folder that kf doc
did not write are left alone; pages it wrote and no longer needs are removed.
Exit codes: 0 written, or up to date · 1 errors, nothing is written; with --check, not up to date · 2 a path is
wrong, or the folder cannot be written")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// Write into DIR [default: `site` beside kf.toml, or in the current folder]
    #[arg(short, long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Write nothing; name the files that are not up to date
    #[arg(long)]
    check: bool,
    #[command(flatten)]
    reaching: Reaching,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut input = project::load(&args.paths.paths)?;
    let checked = match args.reporting.made(&mut input, &args.reaching.reach(), report::checked)? {
        Ok(checked) => checked,
        Err(wrong) => return Ok(wrong),
    };
    let Some(program) = checked.program() else { return Ok(Exit::Source) };
    let files = site(&input.project.title(), program, &from_root(&input));
    let output = args.output.clone().unwrap_or_else(|| beside(&input));
    let folder = Folder::at(&output)?;
    if args.check {
        return check(&folder, &files);
    }
    let done = folder.write(&files)?;
    eprintln!("{}", done.line(&folder.index()));
    done.left
        .iter()
        .for_each(|path| eprintln!("`{path}` was changed since kf doc wrote it, and is left alone"));
    Ok(Exit::Fine)
}

/// The sources under their paths in the project, so that the pages are the same wherever the command is run.
fn from_root(input: &Input) -> Sources {
    let mut sources = Sources::new();
    for (_, source) in input.sources.iter() {
        let real = std::fs::canonicalize(&source.path).ok();
        let inside = real.as_deref().and_then(|real| real.strip_prefix(&input.project.root).ok());
        let path = inside.and_then(Path::to_str).unwrap_or(&source.path);
        sources.add(path, source.text.clone());
    }
    sources
}

/// The folder of the project, as the user would type it.
fn beside(input: &Input) -> PathBuf {
    let here = std::env::current_dir().ok();
    if !input.project.has_config || here.is_some_and(|here| here == input.project.root) {
        return PathBuf::from(FOLDER);
    }
    input.project.root.join(FOLDER)
}

fn check(folder: &Folder, files: &[File]) -> Outcome {
    let differing = folder.differing(files)?;
    for (path, how) in &differing {
        terminal::print(&format!("{path}: {how}\n"));
    }
    if differing.is_empty() {
        eprintln!("{} is up to date", folder.shown());
        return Ok(Exit::Fine);
    }
    let files = if differing.len() == 1 { "file is" } else { "files are" };
    eprintln!("{} {files} not up to date: `kf doc` writes them", differing.len());
    Ok(Exit::Source)
}
