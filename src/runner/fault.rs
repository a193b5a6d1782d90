//! What kind of failure the words of a planner tell of.
//!
//! Invariant: words are only looked at where there is no plan, so they never decide whether a stack differs.

use super::said::{Said, last_lines};
use crate::drift::{Problem, read};

/// What the check of tautline's own hook says when it refuses, whatever it is about.
pub const HOOK_REFUSES: &str = "is BLOCKED";

/// Why there is no plan.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Fault {
    /// Somebody else holds the lock of the state.
    Lock,
    /// A server did not answer, or not now.
    Connection,
    /// `init` was not run, or not with this code.
    NeedsInit,
    /// The planning command checks first, and refused.
    Refused,
    /// Anything else: it will be so the next time too.
    Other,
}

/// What errors say that pass by themselves, in lower case.
const PASSING: [&str; 20] = [
    "bad gateway",
    "connection refused",
    "connection reset by peer",
    "connection timed out",
    "context deadline exceeded",
    "could not connect to registry",
    "database system is shutting down",
    "database system is starting up",
    "gateway timeout",
    "gateway time-out",
    "i/o timeout",
    "network is unreachable",
    "no route to host",
    "server misbehaving",
    "service unavailable",
    "temporary failure in name resolution",
    "tls handshake timeout",
    "too many requests",
    "unexpected eof",
    "server closed the connection unexpectedly",
];

/// What Terraform and its relatives say when `init` is due.
const DUE: [&str; 3] = ["terraform init", "tofu init", "required plugins are not installed"];

impl Fault {
    /// What `said` and `stderr` tell, with the words by which the planning command refuses.
    pub(super) fn of<'a>(
        said: &Said,
        stderr: &str,
        mut refusals: impl Iterator<Item = &'a str>,
    ) -> Fault {
        let is_said = |words: &str| stderr.contains(words) || said.others.contains(words);
        let is_ours = stderr.contains("tautline: ") && stderr.contains(HOOK_REFUSES);
        if !said.started && (is_ours || refusals.any(is_said)) {
            return Fault::Refused;
        }
        let mut texts: Vec<String> =
            said.errors().map(|it| format!("{}\n{}", it.summary, it.detail)).collect();
        if texts.is_empty() {
            texts = vec![stderr.to_owned(), said.others.clone()];
        }
        let kinds: Vec<Fault> = texts.iter().map(|text| kind(&text.to_lowercase())).collect();
        let order = [Fault::Lock, Fault::Connection, Fault::NeedsInit];
        order.into_iter().find(|fault| kinds.contains(fault)).unwrap_or(Fault::Other)
    }

    /// Whether it is worth while to try once more.
    pub(super) fn passes(self) -> bool {
        matches!(self, Fault::Lock | Fault::Connection)
    }
}

fn kind(text: &str) -> Fault {
    let passes = PASSING.iter().any(|words| text.contains(words));
    // That the lock was not got is also said where the server that keeps it does not answer.
    let is_held = text.contains("lock info:") || text.contains("already locked");
    if text.contains("state lock") && (is_held || !passes) {
        return Fault::Lock;
    }
    if passes {
        return Fault::Connection;
    }
    if DUE.iter().any(|words| text.contains(words)) { Fault::NeedsInit } else { Fault::Other }
}

/// What is told of a failure: what Terraform complained of, or else the last that was said at all.
pub(super) fn problems(said: Said, stderr: &str, exit: &str) -> Vec<Problem> {
    if said.errors().next().is_some() {
        return said.problems;
    }
    let mut lines = last_lines(stderr, 12);
    if lines.is_empty() {
        lines = last_lines(&said.others, 12);
    }
    let mut problems = said.problems;
    let says = |words: &str| lines.iter().rfind(|line| line.to_lowercase().contains(words));
    let best = says(&HOOK_REFUSES.to_lowercase()).or_else(|| says("error"));
    let summary = best.or(lines.last()).map(|line| line.trim());
    let summary = summary.unwrap_or(exit).to_owned();
    let detail = if lines.len() > 1 { lines.join("\n") } else { String::new() };
    problems.push(Problem {
        kind: read::problem_kind(&summary, &detail),
        is_error: true,
        summary,
        detail,
        address: None,
        place: None,
    });
    problems
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(summary: &str, detail: &str) -> Said {
        let problem = Problem {
            kind: crate::drift::ProblemKind::Other,
            is_error: true,
            summary: summary.to_owned(),
            detail: detail.to_owned(),
            address: None,
            place: None,
        };
        Said { started: true, problems: vec![problem], others: String::new() }
    }

    #[track_caller]
    fn expect(said: &Said, stderr: &str, fault: Fault) {
        assert_eq!(Fault::of(said, stderr, ["names no owner"].into_iter()), fault, "{said:?}");
    }

    #[test]
    fn the_lock_and_the_server_that_keeps_it_are_two_things() {
        let summary = "Error acquiring the state lock";
        let held = "Error message: resource temporarily unavailable\nLock Info:\n  ID: 1";
        expect(&error(summary, held), "", Fault::Lock);
        let down = "Error message: dial tcp 10.0.0.1:5432: connect: connection refused";
        expect(&error(summary, down), "", Fault::Connection);
        expect(&error(summary, "Error message: permission denied"), "", Fault::Lock);
        let both = "Error message: dial tcp: i/o timeout\nLock Info:\n  ID: 1";
        expect(&error(summary, both), "", Fault::Lock);
    }

    #[test]
    fn what_passes_is_told_from_what_does_not() {
        expect(&error("Failed", "unexpected EOF"), "", Fault::Connection);
        expect(&error("Failed", "403 Forbidden"), "connection refused", Fault::Other);
        expect(&error("Module not installed", "Run \"terraform init\""), "", Fault::NeedsInit);
        expect(
            &Said::default(),
            "\u{1b}[31mError: read: connection reset by peer",
            Fault::Connection,
        );
        assert!(Fault::Lock.passes() && !Fault::Other.passes());
    }

    #[test]
    fn a_check_refuses_only_before_terraform_starts() {
        let ours = "tautline: `plan` in `/r/stacks/a` is BLOCKED by what is reported above\n";
        expect(&Said::default(), ours, Fault::Refused);
        expect(&Said::default(), "check: it names no owner\n", Fault::Refused);
        let started = Said { started: true, ..Said::default() };
        expect(&started, "check: it names no owner\n", Fault::Other);
        expect(&Said::default(), "vault: permission denied\n", Fault::Other);
    }

    #[test]
    fn something_is_always_said() {
        let told = problems(Said::default(), "", "exit status 1");
        assert_eq!(told[0].summary, "exit status 1");
        let told = problems(Said::default(), "ERROR: no credentials\nHint: log in\n", "exit 1");
        assert_eq!(told[0].summary, "ERROR: no credentials");
        assert_eq!(told[0].detail, "ERROR: no credentials\nHint: log in");
    }
}
