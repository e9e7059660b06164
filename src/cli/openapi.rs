//! `kf openapi`: what a gateway serves of the project, as a document.

use std::path::PathBuf;

use super::exposing;
use super::project::{self, Paths, Reaching};
use super::report::{self, Reporting};
use super::{Exit, Failure, Outcome, saved};
use crate::interface::{Exposure, Identity, Package};
use crate::openapi::document;

/// Describe what gateways see as an OpenAPI 3.1 document
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf openapi                           what `[expose]` in kf.toml says
  kf openapi --expose api -o api.json  all public actions, into a file

Functions are at /rpc/NAME, as PostgREST and what is built on it serve them. The same sources give the same bytes.
Exit codes: 0 written · 1 errors, nothing is written · 2 a path or kf.toml is wrong, or nothing is exposed")]
pub(super) struct Args {
    #[command(flatten)]
    paths: Paths,
    /// Write to FILE instead of stdout
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Expose every public action in this PostgreSQL schema, if kf.toml does not say what is exposed
    #[arg(long, value_name = "NAME")]
    expose: Option<String>,
    #[command(flatten)]
    reaching: Reaching,
    #[command(flatten)]
    reporting: Reporting,
}

pub(super) fn run(args: &Args) -> Outcome {
    let mut input = project::load(&args.paths.paths)?;
    let exposure = exposure(args, &input.project)?;
    input.project.config.expose = Some(exposure.clone());
    let packages = match args.reporting.made(&mut input, &args.reaching.reach(), report::packages)? {
        Ok(packages) => packages,
        Err(wrong) => return Ok(wrong),
    };
    exposing::check(&packages, Some(&exposure))?;
    served(&packages)?;
    let document = document(&input.project.title(), &packages);
    let json = serde_json::to_string_pretty(&document).unwrap_or_default() + "\n";
    saved::output(args.output.as_deref(), &json)?;
    Ok(Exit::Fine)
}

fn exposure(args: &Args, project: &project::Project) -> Result<Exposure, Failure> {
    match &args.expose {
        Some(schema) => exposing::in_schema(schema, &project.config),
        None => project.config.expose.clone().ok_or_else(|| {
            Failure::usage("nothing is exposed").help("say `--expose api`, or write `[expose]` into kf.toml")
        }),
    }
}

/// That what is exposed is at paths, and one thing at each.
fn served(packages: &[Package]) -> Result<(), Failure> {
    let exposed = packages.iter().filter_map(|it| Some((it, it.manifest.expose.as_ref()?)));
    let mut taken = std::collections::BTreeMap::new();
    for (package, expose) in exposed {
        if !matches!(expose.identity, Identity::Claim(_)) {
            let failure = Failure::usage("kf.toml exposes to Hasura, which has no paths to describe");
            return Err(failure.help("Hasura describes its own GraphQL schema"));
        }
        for function in expose.functions(&package.interface) {
            if let Some(other) = taken.insert((expose.schema.clone(), function.name.clone()), package) {
                let (one, other) = (&package.interface.name, &other.interface.name);
                return Err(crate::deploy::two_of_a_name((&expose.schema, &function.name), one, other).into());
            }
        }
    }
    Ok(())
}
