//! Where output goes, and what the other end can show.
//!
//! Invariant: nothing else in tautline prints. A reader that went away (`tautline check | head`) ends the printing, not
//! the run.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Read, Write};

use crate::report::Style;

/// Where messages are broken on a terminal: wide enough for a sentence, narrow enough for a split window.
const WIDTH: usize = 100;

/// Prints `text` on stdout; whether that worked. Where it did not, stderr says why.
pub(super) fn print_or_complain(text: &str) -> bool {
    print_bytes(text.as_bytes())
}

/// The same of what need not be text.
pub(super) fn print_bytes(bytes: &[u8]) -> bool {
    let mut out = io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Err(error) if !is_gone(&error) => {
            complain(&format!("error: the output cannot be written: {error}\n"));
            false
        }
        _ => true,
    }
}

/// Whether an error of printing only says that the reader has seen enough.
pub(super) fn is_gone(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// Prints `text` on stderr. There is nowhere left to complain if that fails.
pub(super) fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Everything on stdin.
pub(super) fn read_stdin() -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    io::stdin().lock().read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// The text of stderr's one-line notes, which are no problem: `note: …`.
pub(super) fn note(text: &str) {
    complain(&format!("note: {text}\n"));
}

/// How stdout wants its text.
pub(super) fn stdout_style() -> Style {
    style(io::stdout().is_terminal())
}

/// How stderr wants its text.
pub(super) fn stderr_style() -> Style {
    style(io::stderr().is_terminal())
}

/// Whether somebody may be watching stderr, where a line can be written over.
pub(super) fn has_watcher() -> bool {
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    io::stderr().is_terminal() && !is_dumb
}

fn style(is_terminal: bool) -> Style {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let dumb = variable("TERM").is_some_and(|term| term == "dumb");
    let locale = variable("LC_ALL").or_else(|| variable("LC_CTYPE")).or_else(|| variable("LANG"));
    Style {
        colour: is_terminal && !dumb && variable("NO_COLOR").is_none(),
        unicode: is_terminal && !dumb && locale.as_deref().is_some_and(is_utf8),
        width: is_terminal.then_some(WIDTH),
    }
}

fn is_utf8(locale: &OsStr) -> bool {
    let locale = locale.to_string_lossy().to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}
