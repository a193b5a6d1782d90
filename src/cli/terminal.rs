//! Where output goes, and what the other end can show.
//!
//! Invariant: nothing else in tautline prints. A reader that went away (`tautline check | head`) ends the printing, not
//! the run.

use std::ffi::OsStr;
use std::io::{self, IsTerminal, Read, Write};
use std::ops::RangeInclusive;
use std::sync::atomic::{AtomicBool, Ordering};

use terminal_size::{Height, Width, terminal_size_of};

use crate::report::{Style, harmless};

/// Where messages are broken on a terminal that does not say how wide it is.
const WIDTH: usize = 100;

/// Narrower than that a sentence is hard to read, and so is one that runs across a whole screen.
const WIDTHS: RangeInclusive<usize> = 60..=120;

/// Whether a reader of stdout has gone away.
static IS_UNREAD: AtomicBool = AtomicBool::new(false);

/// Whether whoever read stdout was seen to have gone away.
pub(super) fn is_unread() -> bool {
    IS_UNREAD.load(Ordering::Relaxed)
}

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
        Err(_) => {
            IS_UNREAD.store(true, Ordering::Relaxed);
            true
        }
        Ok(()) => true,
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

/// Prints a note on stderr, which is no problem: `note: …`. Names of files and stacks may be in it.
pub(super) fn note(text: &str) {
    complain(&format!("note: {}\n", harmless(text)));
}

/// How stdout wants its text.
pub(super) fn stdout_style() -> Style {
    style(io::stdout().is_terminal(), terminal_size_of(io::stdout()))
}

/// How stderr wants its text.
pub(super) fn stderr_style() -> Style {
    style(io::stderr().is_terminal(), terminal_size_of(io::stderr()))
}

/// Whether somebody may be watching stderr, where a line can be written over.
pub(super) fn has_watcher() -> bool {
    let is_dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
    io::stderr().is_terminal() && !is_dumb
}

fn style(is_terminal: bool, size: Option<(Width, Height)>) -> Style {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    let dumb = variable("TERM").is_some_and(|term| term == "dumb");
    let locale = variable("LC_ALL").or_else(|| variable("LC_CTYPE")).or_else(|| variable("LANG"));
    Style {
        colour: is_terminal && !dumb && variable("NO_COLOR").is_none(),
        unicode: is_terminal && !dumb && locale.as_deref().is_some_and(is_utf8),
        width: is_terminal.then(|| width(variable("COLUMNS").as_deref(), size)),
    }
}

/// The width that the user wants, else the one that the terminal has.
fn width(columns: Option<&OsStr>, size: Option<(Width, Height)>) -> usize {
    let wanted = columns.and_then(OsStr::to_str).and_then(|it| it.parse().ok());
    let has = size.map(|(Width(columns), _)| usize::from(columns));
    // A terminal that knows no size says it is 0 wide.
    let width = wanted.or(has).filter(|width| *width > 0).unwrap_or(WIDTH);
    width.clamp(*WIDTHS.start(), *WIDTHS.end())
}

fn is_utf8(locale: &OsStr) -> bool {
    let locale = locale.to_string_lossy().to_ascii_lowercase();
    locale.contains("utf-8") || locale.contains("utf8")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_as_wide_as_the_terminal_within_reason() {
        let of = |columns: Option<&str>, has: Option<u16>| {
            width(columns.map(OsStr::new), has.map(|it| (Width(it), Height(24))))
        };
        assert_eq!(of(None, Some(80)), 80);
        assert_eq!(of(Some("72"), Some(80)), 72);
        assert_eq!((of(None, Some(20)), of(None, Some(300))), (60, 120));
        assert_eq!((of(None, None), of(None, Some(0)), of(Some("wide"), None)), (100, 100, 100));
    }
}
