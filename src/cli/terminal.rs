//! What the terminal can do, asked once at the edge.

use std::env;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::diagnostics::render::Style;

/// Widest report; longer lines are hard to read.
const WIDEST: usize = 100;

/// Where the pages of codes are, once the project has said so.
static PAGES: OnceLock<String> = OnceLock::new();

/// Makes codes in reports on terminals links to pages at `address`. The first address stays: one run has one project.
pub fn link_codes(address: &str) {
    let _ = PAGES.set(address.to_owned());
}

/// How reports on stdout look.
pub fn style_of_stdout() -> Style {
    style(&io::stdout())
}

/// How failures and progress on stderr look.
pub fn style_of_stderr() -> Style {
    style(&io::stderr())
}

fn style(stream: &(impl IsTerminal + AsFd)) -> Style {
    let terminal = stream.is_terminal();
    let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    Style {
        unicode: !terminal || (!dumb && locale_is_utf8()),
        colour: terminal && !dumb && !set("NO_COLOR"),
        width: if terminal { columns(stream).clamp(40, WIDEST) } else { WIDEST },
        pages: PAGES.get().filter(|_| terminal && !dumb).map(String::as_str),
    }
}

/// True unless the locale says otherwise: containers often set none, and their terminals read UTF-8.
fn locale_is_utf8() -> bool {
    let value =
        ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
    value.is_none_or(|locale| {
        let locale = locale.to_ascii_lowercase();
        locale.contains("utf-8") || locale.contains("utf8")
    })
}

fn columns(stream: &impl AsFd) -> usize {
    rustix::termios::tcgetwinsize(stream).map_or(0, |size| usize::from(size.ws_col)).max(1)
}

/// Writes a report to stdout. A reader that has gone away (`kf check | head`) is no fault of the report.
pub fn print(report: &str) {
    let _ = tell(report);
}

/// As [`print`](fn@print), for what goes on only while somebody reads it.
///
/// # Errors
/// A reader that has gone away, a file that cannot be written.
pub fn tell(report: &str) -> io::Result<()> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(report.as_bytes()).and_then(|()| stdout.flush())
}

/// What makes a terminal on stdout empty; nothing if stdout is none.
pub fn clear() -> &'static str {
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    if io::stdout().is_terminal() && !dumb { "\x1b[H\x1b[2J\x1b[3J" } else { "" }
}

/// True where other lines go to stderr, which a turning one would run into.
static CALM: AtomicBool = AtomicBool::new(false);

/// Turns no line from now on.
pub fn be_calm() {
    CALM.store(true, Ordering::Relaxed);
}

/// A line on stderr that turns until it is dropped, if stderr is a terminal.
pub fn spinner(what: &'static str) -> Spinner {
    let bar = indicatif::ProgressBar::new_spinner().with_message(what);
    if io::stderr().is_terminal() && !CALM.load(Ordering::Relaxed) {
        bar.enable_steady_tick(std::time::Duration::from_millis(100));
    } else {
        bar.set_draw_target(indicatif::ProgressDrawTarget::hidden());
    }
    Spinner(bar)
}

/// See [`spinner`].
#[derive(Debug)]
pub struct Spinner(indicatif::ProgressBar);

impl Spinner {
    /// Says what is being done now.
    pub fn say(&self, what: String) {
        self.0.set_message(what);
    }
}

impl Drop for Spinner {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
