use crate::cli::Failure;
use crate::interface::Test;

/// The tests that `asked` holds for and that the filter, if there is one, lets through.
pub(super) fn select(
    tests: Vec<Test>,
    asked: impl Fn(&Test) -> bool,
    filter: Option<&str>,
) -> Result<Vec<Test>, Failure> {
    let mut tests: Vec<Test> = tests.into_iter().filter(asked).collect();
    if tests.is_empty() {
        let failure = Failure::usage("no tests");
        return Err(
            failure.help("a test is written in a file beside the schemas: `kf init` makes one to begin with")
        );
    }
    let Some(text) = filter else { return Ok(tests) };
    let wanted = text.to_lowercase();
    let count = tests.len();
    tests.retain(|test| shown(test).to_lowercase().contains(&wanted));
    if tests.is_empty() {
        let failure = Failure::usage(format!("none of {count} tests has `{text}` in it"));
        return Err(failure.help("`--filter` looks into `schema: title`"));
    }
    Ok(tests)
}

/// `notes: a note is there once it was added`
pub(super) fn shown(test: &Test) -> String {
    format!("{}: {}", test.schema, test.title)
}

/// What the names of this process's databases begin with.
pub(super) fn scratch_name() -> String {
    format!("kf_test_{}", std::process::id())
}

/// True for a database whose name is that of a process that is gone.
pub(super) fn is_left(name: &str) -> bool {
    let number = name.strip_prefix("kf_test_").and_then(|rest| rest.split('_').next());
    let pid = number.and_then(|number| number.parse().ok()).and_then(rustix::process::Pid::from_raw);
    pid.is_some_and(|pid| rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH))
}
