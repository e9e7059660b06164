//! The last net: a panic in `kf` is our bug, said in a form that can be reported.

use std::io::Write;
use std::panic::{self, AssertUnwindSafe, PanicHookInfo};

/// What a process that met a bug of ours ends with.
pub(super) const EXIT_CODE: u8 = 101;

/// Runs `work`; `None` if it panicked, after saying so on stderr.
pub(super) fn caught<T>(work: impl FnOnce() -> T) -> Option<T> {
    panic::set_hook(Box::new(|info| {
        let _ = std::io::stderr().write_all(message(info).as_bytes());
    }));
    let result = panic::catch_unwind(AssertUnwindSafe(work)).ok();
    drop(panic::take_hook());
    result
}

fn message(info: &PanicHookInfo<'_>) -> String {
    let payload = info.payload();
    let what = payload.downcast_ref::<&str>().copied();
    let what = what.or_else(|| payload.downcast_ref::<String>().map(String::as_str)).unwrap_or("no message");
    let place = info.location().map(ToString::to_string).unwrap_or_default();
    format!(
        "this is a bug in kf, not in your schema\n\
         \n  {what}\n  at {place}\n  kf {} on {} {}\n\n\
         please report these lines with the command and the smallest schema that does it\n",
        env!("CARGO_PKG_VERSION"),
        std::env::consts::OS,
        std::env::consts::ARCH,
    )
}

#[cfg(test)]
mod tests {
    #[test]
    fn a_panic_is_caught_and_a_result_is_kept() {
        assert_eq!(super::caught(|| 7), Some(7));
        assert_eq!(super::caught(|| panic!("as a test")), None::<()>);
    }
}
