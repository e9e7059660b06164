//! What `--expose` and `[expose]` ask for, held against the schemas.

use super::Failure;
use super::config::Config;
use crate::deploy::DeployError;
use crate::diagnostics::{Code, nearest};
use crate::interface::{Expose, Exposure, Package};
use crate::language::{Name, Visibility};

/// `--expose NAME`: what kf.toml says, in this schema; everything where it says nothing.
pub(super) fn in_schema(schema: &str, config: &Config) -> Result<Exposure, Failure> {
    let name = schema.to_ascii_lowercase();
    if !Name::is_well_formed(&name) {
        let failure = Failure::usage(format!("`{schema}` is not a name for a schema"));
        return Err(failure.help("letters, digits and `_`, as `--expose api`"));
    }
    let Some(mut exposure) = config.expose.clone() else {
        return Ok(Exposure { others: Some(Expose::in_schema(&name)), ..Exposure::default() });
    };
    let listed = exposure.datasets.values_mut().chain(exposure.others.as_mut());
    listed.filter(|it| !it.is_nothing()).for_each(|it| it.schema.clone_from(&name));
    Ok(exposure)
}

/// That the actions that are listed can be exposed.
pub(super) fn check(packages: &[Package], exposure: Option<&Exposure>) -> Result<(), Failure> {
    let Some(exposure) = exposure else { return Ok(()) };
    for package in packages {
        let expose = exposure.of(&package.interface.name);
        for action in expose.actions.iter().flatten() {
            one(package, action, &expose)?;
        }
    }
    Ok(())
}

fn one(package: &Package, action: &Name, expose: &Expose) -> Result<(), Failure> {
    let name = &package.interface.name;
    let refuse = |message: String, help: String| {
        Err(Failure::from(DeployError::new(Code::NotExposable, message).help(help)))
    };
    let actions = &package.interface.actions;
    let Some(signature) = actions.get(action) else {
        let near = nearest(action.as_str(), actions.keys().map(Name::as_str));
        let help =
            near.map_or_else(|| "`kf.toml` lists it".to_owned(), |near| format!("did you mean `{near}`?"));
        return refuse(format!("`{name}` has no action `{action}` to expose"), help);
    };
    let modifiers = signature.modifiers;
    if modifiers.visibility != Visibility::Public {
        let word = modifiers.visibility.word();
        let message = format!("`{name}.{action}` is `{word}`: only public actions can be exposed");
        return refuse(message, format!("make it `public`, or leave it out of `[expose.datasets]` {name}"));
    }
    if modifiers.owner && expose.roles.owner.is_empty() {
        let message = format!("`{name}.{action}` is for the owner only, and no role may call such actions");
        return refuse(message, "say which: `[expose.roles] owner = [\"authenticated\"]`".to_owned());
    }
    Ok(())
}
