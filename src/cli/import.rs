//! `kf import`: imports from a database into the project, so that checking it needs no database.

use std::collections::{BTreeMap, BTreeSet};

use super::database::{Database, block_on};
use super::project::lock::{Entry, Lock};
use super::project::{self, Found, From, Input, Reach};
use super::{Exit, Failure, Outcome, terminal};
use crate::deploy::registry;
use crate::diagnostics::Code;
use crate::interface::{Dbid, Imported, Interface, Options, Owner};
use crate::language::Name;
use crate::source::Sources;

/// Take imports into the project: their sources into `imports`, what they are into kf.lock
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  kf import ens --db postgres://host/name  a network schema, with all that it imports
  kf import 0xab.bank                      one that 0xab owns
  kf import                                all that the project imports, as they are now

Afterwards `kf check` needs no database. Keep `imports` and kf.lock with the sources.
Exit codes: 0 taken · 1 an import does not compile · 2 no such dataset, or a file is wrong · 4 the database")]
pub(super) struct Args {
    /// `NAME`, `0xOWNER.NAME` or DBID of a dataset [default: everything the project imports]
    #[arg(value_name = "DATASET")]
    datasets: Vec<String>,
    #[command(flatten)]
    database: Database,
}

pub(super) fn run(args: &Args) -> Outcome {
    let input = project::load_current()?;
    let mut taking = Taking::of(&input, args)?;
    let found = taking.fetch(args)?;
    let interfaces = compiled(&input, &found)?;
    let written = taking.write(&found, &interfaces)?;
    if args.datasets.is_empty() {
        taking.drop_unused(&found)?;
    }
    taking.lock.write(&input.project.root)?;
    terminal::print(&(taking.report + &tally(written)));
    Ok(Exit::Fine)
}

/// What is to be taken, and what was.
struct Taking<'i> {
    input: &'i Input,
    /// Datasets to ask the database for.
    wanted: BTreeSet<Dbid>,
    /// Imports that are in another project.
    beside: Vec<Found>,
    lock: Lock,
    report: String,
}

impl<'i> Taking<'i> {
    fn of(input: &'i Input, args: &Args) -> Result<Taking<'i>, Failure> {
        let outside = input.look(&Reach { anew: true, ..Reach::default() })?;
        let mut wanted: BTreeSet<Dbid> = args.datasets.iter().map(|text| named(input, text)).collect();
        if args.datasets.is_empty() {
            wanted.extend(outside.missing);
        }
        if let Some(own) = input.own().find(|name| wanted.contains(&Dbid::network(name))) {
            return Err(Failure::usage(format!("`{own}` is a schema of this project"))
                .help("its own files come before imports"));
        }
        let beside = outside.found.into_values().collect();
        Ok(Taking { input, wanted, beside, lock: input.lock.clone(), report: String::new() })
    }

    /// Everything to be taken, with what that imports.
    fn fetch(&mut self, args: &Args) -> Result<Vec<Found>, Failure> {
        let mut found = std::mem::take(&mut self.beside);
        if self.wanted.is_empty() {
            return Ok(found);
        }
        let deployed = project::deployed(&args.database.choose()?, &self.wanted)?;
        if let Some(dbid) = self.wanted.iter().find(|dbid| deployed.iter().all(|it| it.dbid != **dbid)) {
            return Err(unknown(dbid, args));
        }
        let known: BTreeSet<Dbid> = found.iter().map(|found| found.dbid.clone()).collect();
        let own: Vec<Dbid> = self.input.own().map(|name| Dbid::network(&name)).collect();
        let is_new = |it: &Found| !known.contains(&it.dbid) && !own.contains(&it.dbid);
        found.extend(deployed.into_iter().filter(is_new));
        Ok(found)
    }

    /// Writes sources and entries. Gives how many were added, updated and left as they are.
    fn write(
        &mut self,
        found: &[Found],
        interfaces: &BTreeMap<Dbid, Interface>,
    ) -> Result<[usize; 3], Failure> {
        let mut counts = [0; 3];
        for found in found {
            let Some(interface) = interfaces.get(&found.dbid) else { continue };
            let mut entry = found.entry(interface);
            if found.from != From::Path {
                project::vendor(&self.input.project, found, &self.lock, &mut entry)?;
            }
            let before = self.lock.entry(&found.dbid);
            if let Some(before) = before {
                let mut gone = Entry { file: None, ..before.clone() };
                gone.externs.retain(|name, _| !entry.externs.contains_key(name));
                project::unvendor(&self.input.project, &gone)?;
            }
            let (done, what) = match before {
                None => (0, "added"),
                Some(before) if *before != entry => (1, "updated"),
                Some(_) => (2, "unchanged"),
            };
            let differences = before.filter(|before| before.interface != entry.interface);
            let differences = differences.map(|before| interface.differences(&before.pinned().actions));
            self.report.push_str(&line(what, found, &entry));
            for difference in differences.into_iter().flatten() {
                self.report.push_str(&format!("          {difference}\n"));
            }
            counts.iter_mut().skip(done).take(1).for_each(|count| *count += 1);
            self.lock.put(entry);
        }
        Ok(counts)
    }

    /// Takes out what nothing imports any more.
    fn drop_unused(&mut self, found: &[Found]) -> Result<(), Failure> {
        let used: BTreeSet<&Dbid> = found.iter().map(|found| &found.dbid).collect();
        for entry in self.lock.retain(|entry| used.contains(&entry.dbid)) {
            project::unvendor(&self.input.project, &entry)?;
            self.report.push_str(&format!("{:<10}{}\n", "dropped", entry.name));
        }
        Ok(())
    }
}

/// The dataset that `text` means where a `use` of the project would.
fn named(input: &Input, text: &str) -> Dbid {
    if let Some((owner, name)) = text.split_once('.')
        && let Some(owner) = Owner::spelled(owner)
    {
        return Dbid::owned(&Name::new(name), &owner);
    }
    let name = Name::new(text);
    input.project.config.names.get(&name).cloned().unwrap_or_else(|| Dbid::network(&name))
}

/// `added     ens, version 3, in imports/ens.kf`
fn line(what: &str, found: &Found, entry: &Entry) -> String {
    let owner = found.owner.as_ref().map_or_else(String::new, |owner| format!(" of {}", owner.0));
    let place = match &entry.file {
        Some(file) => format!(", version {}, in {}", entry.version.unwrap_or_default(), file.path),
        None => format!(", from {}", found.shown),
    };
    format!("{what:<10}{}{owner}{place}\n", found.name)
}

/// `3 imports: 1 added, 2 unchanged`
fn tally(counts: [usize; 3]) -> String {
    let total: usize = counts.iter().sum();
    let words = ["added", "updated", "unchanged"];
    let parts = counts.iter().zip(words).filter(|(count, _)| **count > 0);
    let parts: Vec<String> = parts.map(|(count, word)| format!("{count} {word}")).collect();
    match total {
        0 => "no imports\n".to_owned(),
        _ => format!("{total} import{}: {}\n", if total == 1 { "" } else { "s" }, parts.join(", ")),
    }
}

/// The interfaces of what was found, compiled here; they must be what they were deployed with.
fn compiled(input: &Input, found: &[Found]) -> Result<BTreeMap<Dbid, Interface>, Failure> {
    let mut sources = Sources::new();
    let mut options = Options { profile: input.project.config.profile, ..Options::default() };
    for (_, source) in input.sources.iter() {
        let id = sources.add(source.path.clone(), source.text.clone());
        options.imported.insert(id, Imported::default());
    }
    for found in found {
        let id = sources.add(found.shown.clone(), found.text.clone());
        let imported = Imported { owner: found.owner.clone(), aliases: found.aliases.clone(), pinned: None };
        options.imported.insert(id, imported);
    }
    for (name, text) in project::externs(found.iter(), &input.own().collect()) {
        let id = sources.add(format!("{name}.kf"), text);
        options.imported.insert(id, Imported::default());
    }
    let checked = crate::check(&sources, &options);
    let schemas = checked.program().map_or(&[][..], |program| &program.schemas);
    let interfaces: BTreeMap<Dbid, Interface> =
        schemas.iter().map(|schema| (schema.dbid.clone(), schema.interface.clone())).collect();
    for found in found {
        let made = interfaces.get(&found.dbid);
        let deployed = found.interface.as_ref();
        if made.is_none() || deployed.is_some_and(|it| made.is_some_and(|made| made.hash() != it.hash())) {
            return Err(differs(found, made));
        }
    }
    Ok(interfaces)
}

fn differs(found: &Found, made: Option<&Interface>) -> Failure {
    let message = format!("`{}` does not compile to the interface it was deployed with", found.name);
    let mut failure = Failure::new(Exit::Source, message)
        .help("use the version of `kf` that deployed it, or deploy it again with this one");
    failure.code = Some(Code::ImportChanged.id().to_owned());
    let deployed = found.interface.as_ref().map(Interface::rendered).unwrap_or_default();
    failure.notes = made.map(|made| made.differences(&deployed)).unwrap_or_default();
    failure
}

/// Says which datasets have the name that was asked for.
fn unknown(dbid: &Dbid, args: &Args) -> Failure {
    let asked = async {
        let session = args.database.choose()?.session().await?;
        Ok(registry::named(&session, dbid.as_str()).await?)
    };
    let named = block_on(asked).unwrap_or_default();
    let message = format!("`{dbid}` is not deployed in the database");
    let mut failure = Failure::usage(message);
    failure.code = Some(Code::DatasetUnknown.id().to_owned());
    match named.first() {
        None => failure.help("`kf list` shows what is"),
        Some(first) => {
            let owner = |it: &registry::Listed| it.owner.clone().unwrap_or_default();
            failure.notes =
                named.iter().map(|it| format!("`{}` of {} is {}", it.name, owner(it), it.dbid)).collect();
            failure.help(format!("write `use {}.{dbid} as {dbid};`, and import that", owner(first)))
        }
    }
}
