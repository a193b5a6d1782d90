//! A run that died: from one moment on, every stack fails for the same reason. The order that counts is that in time; stacks
//! that run beside each other know no alphabet.

use std::collections::BTreeMap;

use crate::drift::measured::{Measured, Status};
use crate::drift::report::{RunNote, RunNoteKind};
use crate::text::plural;

/// Of so many failures one may be interleaved with a stack that went well: with several workers, some still finish.
const INTERLEAVED: usize = 4;

pub(super) fn aborted(measured: &[Measured], threshold: usize) -> Vec<RunNote> {
    let mut by_signature: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, it) in measured.iter().enumerate() {
        if it.status == Status::Error {
            by_signature.entry(signature(it)).or_default().push(at);
        }
    }
    let mut notes = Vec::new();
    for (signature, stacks) in by_signature {
        if signature.is_empty() || stacks.len() < threshold {
            continue;
        }
        notes.extend(note(measured, &signature, stacks));
    }
    notes.sort_by_key(|note| std::cmp::Reverse(note.stacks.len()));
    notes
}

fn note(measured: &[Measured], signature: &str, stacks: Vec<usize>) -> Option<RunNote> {
    let time = |at: usize| measured[at].planned_at.as_deref();
    let times: Option<Vec<&str>> = stacks.iter().map(|at| time(*at)).collect();
    let count = plural(stacks.len(), "stack");
    let mut evidence = vec![format!("{count} say `{signature}`")];
    let Some(times) = times else {
        evidence.push("when they were planned is not known".to_owned());
        return Some(RunNote {
            kind: RunNoteKind::AbortedRun,
            message: format!(
                "{count} failed with the same error: it may be the run that failed, not the stacks"
            ),
            evidence,
            help: Some(HELP.to_owned()),
            stacks,
        });
    };
    let (first, last) = (times.iter().min()?, times.iter().max()?);
    let others = measured.iter().filter(|it| {
        let is_between = it.planned_at.as_deref().is_some_and(|at| (*first..=*last).contains(&at));
        is_between && it.status != Status::Error
    });
    let others = others.count();
    // Where stacks in between went well, it is the stacks that share a fault.
    if others * INTERLEAVED > stacks.len() {
        return None;
    }
    let later = measured.iter().filter(|it| {
        it.status != Status::Error && it.planned_at.as_deref().is_some_and(|at| at > *last)
    });
    let recovered = later.count();
    evidence.push(format!("one after the other, from {first} to {last}"));
    evidence.push(match (others, recovered) {
        (0, 0) => "no stack was planned well from then on".to_owned(),
        (0, _) => format!("{} were planned well after that", plural(recovered, "stack")),
        (_, _) => format!("{} went well meanwhile", plural(others, "stack")),
    });
    let message = if recovered == 0 {
        format!("the run died at {first}: {count} failed with the same error, and are not measured")
    } else {
        format!(
            "the run failed from {first} to {last}: {count} have the same error, and are not measured"
        )
    };
    Some(RunNote {
        kind: RunNoteKind::AbortedRun,
        message,
        evidence,
        help: Some(HELP.to_owned()),
        stacks,
    })
}

const HELP: &str = "look after what they all need (the state's backend, credentials, the network), then plan these stacks again";

/// What went wrong, without what differs from stack to stack: names in quotes, numbers, addresses.
fn signature(measured: &Measured) -> String {
    let Some(problem) = measured.problems.iter().find(|it| it.is_error) else {
        return String::new();
    };
    let detail = problem.detail.lines().map(str::trim).find(|line| !line.is_empty());
    let text = match detail {
        Some(detail) => format!("{}: {detail}", problem.summary),
        None => problem.summary.clone(),
    };
    let mut out = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' | '`' => {
                // Up to the next of its kind, which may be missing.
                let quoted: String = letters.clone().take_while(|it| *it != letter).collect();
                let is_closed = letters.clone().nth(quoted.chars().count()).is_some();
                if is_closed {
                    (0..=quoted.chars().count()).for_each(|_| {
                        letters.next();
                    });
                    out.push('…');
                } else {
                    out.push(letter);
                }
            }
            // An address: what follows the scheme, up to where it ends.
            ':' if letters.clone().take(2).eq("//".chars()) => {
                let ends = |it: &char| it.is_whitespace() || matches!(it, '"' | '`' | ')' | '>');
                while letters.next_if(|it| !ends(it)).is_some() {}
                out.push('…');
            }
            it if it.is_ascii_digit() => {
                while letters
                    .next_if(|it| it.is_ascii_hexdigit() || matches!(it, '.' | ':'))
                    .is_some()
                {}
                out.push('…');
            }
            it => out.push(it),
        }
    }
    let line: String = out.split_whitespace().collect::<Vec<_>>().join(" ");
    line.chars().take(160).collect()
}
