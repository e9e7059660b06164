use super::Target;
use crate::deploy::DeployError;
use crate::diagnostics::Code;
use crate::interface::Parameter;

/// Nothing was ever deployed to the database.
pub fn nothing_deployed() -> DeployError {
    DeployError::new(Code::DatasetUnknown, "no dataset is deployed in this database")
        .help("deploy with `kf deploy`; `kf db url` shows which database is asked")
}

/// The dataset went away.
pub fn unknown_dataset(dataset: &str) -> DeployError {
    DeployError::new(Code::DatasetUnknown, format!("no dataset `{dataset}` is deployed in this database"))
        .help("deploy it with `kf deploy`; `kf db url` shows which database is asked")
}

/// The dataset has no such action.
pub fn unknown_action(dataset: &str, action: &str, near: Option<&str>) -> DeployError {
    let error =
        DeployError::new(Code::UnknownAction, format!("dataset `{dataset}` has no action `{action}`"));
    match near {
        Some(near) => error.help(format!("did you mean `{near}`?")),
        None => error,
    }
}

/// Too many arguments or too few.
pub fn argument_count(target: &Target, found: usize) -> DeployError {
    let parameters = &target.signature.parameters;
    let needed = parameters.iter().take_while(|parameter| parameter.default.is_none()).count();
    let expected = match needed == parameters.len() {
        true => format!("{needed}"),
        false => format!("{needed} to {}", parameters.len()),
    };
    let plural = if parameters.len() == 1 { "" } else { "s" };
    let message = format!("`{}` takes {expected} argument{plural}, and {found} were given", target.shown);
    DeployError::new(Code::ArgumentCount, message).note(target.usage())
}

/// An argument is not of its parameter's type.
pub fn argument(target: &Target, parameter: &Parameter, found: &str, expected: &str) -> DeployError {
    let shown: String = found.chars().take(60).collect();
    let message =
        format!("argument `${}` of `{}`: `{shown}` is not {expected}", parameter.name, target.shown);
    DeployError::new(Code::TypeMismatch, message).note(target.usage())
}

/// `--as owner` of a dataset without one.
pub fn no_owner(target: &Target) -> DeployError {
    DeployError::new(
        Code::DatasetUnknown,
        format!("the dataset of `{}` is a network schema and has no owner", target.shown),
    )
    .help("deploy with `--owner ID` to give it one")
}

/// An empty caller would pass for nobody.
pub fn empty_caller() -> DeployError {
    DeployError::new(Code::TypeMismatch, "the caller is empty").help("name one with `--caller` or KF_CALLER")
}
