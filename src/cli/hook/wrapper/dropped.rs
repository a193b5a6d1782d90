//! Calls of tautline in a wrapper that goes on whatever they find.
//!
//! Invariant: one is only said to be dropped where nothing in the wrapper can stop for it.

use super::{Refusal, by_hand};
use crate::syntax::language::outline::{Command, Lost, Outline};

/// Those of the wrapper's `calls` whose exit code is lost, each with its line, counted from 1, and how. Where that is so of all of
/// them, nothing is checked, and the wrapper is refused.
pub(super) fn called(
    outline: &Outline<'_>,
    calls: &[Command<'_>],
) -> Result<Vec<(usize, String)>, Refusal> {
    let lost: Vec<(usize, String)> = calls
        .iter()
        .filter_map(|call| Some((call.line + 1, said(outline.lost_status(call)?))))
        .collect();
    if lost.len() < calls.len() {
        return Ok(lost);
    }
    let places: Vec<String> =
        lost.iter().map(|(line, how)| format!("in line {line}: {how}")).collect();
    let words = calls.first().map(words).unwrap_or_default();
    Err(Refusal {
        message: format!(
            "calls tautline, and goes on whatever that finds, {}",
            places.join("; and ")
        ),
        help: by_hand(&words),
    })
}

/// What tautline is given behind `--`, as it is written.
fn words(call: &Command<'_>) -> String {
    let behind = call.words.iter().skip_while(|word| word.source != "--").skip(1);
    behind.map(|word| word.source).collect::<Vec<_>>().join(" ")
}

fn said(lost: Lost<'_>) -> String {
    match lost {
        Lost::Swallowed(what) => format!("`|| {what}` takes its exit code away"),
        Lost::Unread => "nothing looks at its exit code".to_owned(),
        Lost::Piped => "a pipe has the exit code of its last command".to_owned(),
        Lost::Background => "`&` does not wait for it".to_owned(),
        Lost::Undecided => "whichever way the `if` goes, the script goes on".to_owned(),
        Lost::Negated => "`!` takes its exit code away".to_owned(),
    }
}
