use super::plan::{DatasetPlan, Plan};
use super::{DeployError, problems};
use crate::diagnostics::Code;
use crate::migrate::{Step, StepKind, Verdict};

/// What whoever deploys agrees to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Consent {
    /// Callers may be refused what they were given.
    pub breaking: bool,
    /// Rows and values may go for good.
    pub delete_data: bool,
}

impl Consent {
    /// To everything that can be done.
    pub const ALL: Consent = Consent { breaking: true, delete_data: true };
    /// To what breaks callers, not to losing data.
    pub const BREAKING: Consent = Consent { breaking: true, delete_data: false };

    /// The words of `--yes` that `plan` still needs.
    pub fn missing(self, plan: &Plan) -> Vec<&'static str> {
        let needs = |verdict| plan.datasets.iter().flat_map(|it| &it.steps).any(|it| it.verdict == verdict);
        let mut words = Vec::new();
        if needs(Verdict::Breaking) && !self.breaking {
            words.push("breaking");
        }
        if needs(Verdict::Destructive) && !self.delete_data {
            words.push("delete-data");
        }
        words
    }
}

/// Every reason not to do what `plan` says.
///
/// # Errors
/// Steps that cannot be done, importers that would be left broken, and consent that is missing.
pub fn allow(plan: &Plan, consent: Consent) -> Result<(), Vec<DeployError>> {
    let mut refusals: Vec<DeployError> = Vec::new();
    for dataset in &plan.datasets {
        let refused = dataset.steps.iter().filter(|step| step.settled() == Verdict::Refused);
        refusals.extend(refused.map(|step| refusal(dataset, step)));
    }
    refusals.extend(problems::broken(&plan.breaks));
    let missing = consent.missing(plan);
    if refusals.is_empty() && !missing.is_empty() {
        refusals.push(problems::consent(plan, &missing));
    }
    if refusals.is_empty() { Ok(()) } else { Err(refusals) }
}

fn refusal(dataset: &DatasetPlan, step: &Step) -> DeployError {
    let told = step.probes.iter().filter(|probe| probe.refuses).filter_map(|probe| probe.told());
    let told: Vec<String> = told.collect();
    let code = match (step.kind, told.is_empty()) {
        (StepKind::TablesUnknown | StepKind::TypeChanged, true) => Code::TableChanged,
        _ => Code::DataRefused,
    };
    problems::step_refused(code, &dataset.name, step, told)
}
