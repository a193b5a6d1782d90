//! Runs that are made by hand.

use serde_json::json;

use super::*;
use crate::drift::address::Address;
use crate::drift::change::{Action, Class};
use crate::drift::measured::{InputKind, Problem, ProblemKind, StackRef, Status};
use crate::drift::path::{Path, Step};
use crate::drift::report::{Cause, Confidence, RunNoteKind};
use crate::drift::shown::Shown;

fn measured(name: &str, status: Status, at: &str) -> Measured {
    Measured {
        stack: StackRef { name: name.to_owned(), dir: None },
        planned_at: (!at.is_empty()).then(|| at.to_owned()),
        status,
        ..Measured::new(&format!("{name}.json"), InputKind::Plan)
    }
}

fn failed(name: &str, at: &str, summary: &str, detail: &str) -> Measured {
    let problem = Problem {
        is_error: true,
        kind: ProblemKind::Other,
        summary: summary.to_owned(),
        detail: detail.to_owned(),
        address: None,
        place: None,
    };
    Measured { problems: vec![problem], ..measured(name, Status::Error, at) }
}

fn finding(stack: usize, class: Class, address: &str, name: &str, actor: Option<&str>) -> Finding {
    Finding {
        stack,
        address: Address::parse(address).unwrap(),
        deposed: None,
        action: Action::Update,
        reason: None,
        class,
        path: Some(Path(vec![Step::Name("spec".into()), Step::Index(0), Step::Name(name.into())])),
        base: Shown::Absent,
        live: Shown::Value(json!("1")),
        want: Shown::Absent,
        forces_replacement: false,
        dangers: Vec::new(),
        cause: Cause {
            actor: actor.map(Into::into),
            summary: String::new(),
            confidence: Confidence::Likely,
            evidence: Vec::new(),
            related: Vec::new(),
            advice: None,
        },
        place: None,
        fix: None,
        advice: String::new(),
        fingerprint: String::new(),
        seen: None,
    }
}

fn commit(id: &str) -> Commit {
    Commit { id: id.to_owned(), time: Some("2026-11-01T00:01:00Z".to_owned()) }
}

/// The kinds, messages and stacks of the notes.
fn told(notes: &[RunNote]) -> Vec<(RunNoteKind, &str, usize)> {
    notes.iter().map(|it| (it.kind, it.message.as_str(), it.stacks.len())).collect()
}

#[test]
fn one_certificate_in_many_stacks_is_an_old_checkout() {
    let tls = "module.tls_secret.kubernetes_secret.tls_secret";
    let mut all: Vec<Measured> = (0..79)
        .map(|at| measured(&format!("s{at:02}"), Status::Pending, "2026-11-01T00:02:00Z"))
        .collect();
    for it in &mut all {
        it.commit = Some(commit("0123456789"));
    }
    let findings: Vec<Finding> =
        (0..79).map(|at| finding(at, Class::Unapplied, tls, "crt", None)).collect();
    let head = commit("fedcba9876");
    let around = Surroundings { head: Some(&head), ..Surroundings::default() };
    let notes = notes(&all, &findings, &around);
    let message = "79 stacks were planned from an older checkout than what was applied";
    assert_eq!(told(&notes), [(RunNoteKind::StaleCheckout, message, 79)]);
    let evidence = notes[0].evidence.join("\n");
    assert!(
        evidence.contains(&format!("`spec[0].crt` of `{tls}` differs in 79 stacks")),
        "{evidence}"
    );
    assert!(evidence.contains("planned at commit 01234567 of 2026-11-01T00:01:00Z"), "{evidence}");
    // Planned at the very commit of this checkout, they are only not applied yet.
    let around = Surroundings { head: all[0].commit.as_ref(), ..Surroundings::default() };
    let same = super::notes(&all, &findings, &around);
    assert!(same[0].message.contains("or a shared change that was not applied"), "{same:?}");
}

#[test]
fn few_stacks_different_changes_and_live_ones_are_no_old_checkout() {
    let all: Vec<Measured> =
        (0..5).map(|at| measured(&format!("s{at}"), Status::Drift, "")).collect();
    let around = Surroundings::default();
    let two: Vec<Finding> =
        (0..2).map(|at| finding(at, Class::Unapplied, "a.b", "x", None)).collect();
    assert_eq!(notes(&all, &two, &around), []);
    let others: Vec<Finding> =
        (0..5).map(|at| finding(at, Class::Unapplied, &format!("a.b{at}"), "x", None)).collect();
    assert_eq!(notes(&all, &others, &around), []);
    let live: Vec<Finding> =
        (0..5).map(|at| finding(at, Class::OutOfBand, "a.b", "x", None)).collect();
    assert_eq!(notes(&all, &live, &around), []);
    let tainted = |at| Finding {
        path: None,
        reason: Some("replace_because_tainted".into()),
        ..finding(at, Class::Unapplied, "a.b", "x", None)
    };
    assert_eq!(notes(&all, &(0..5).map(tainted).collect::<Vec<_>>(), &around), []);
    let proven = [finding(0, Class::Unapplied, "a.b", "x", Some("stale-checkout"))];
    let message = "1 stack was planned from an older checkout than what was applied";
    let expected = [(RunNoteKind::StaleCheckout, message, 1)];
    assert_eq!(told(&notes(&all, &proven, &around)), expected);
}

/// Stacks in the order of time, which is not that of their names: those from `from` on fail.
fn dying(from: usize, until: usize) -> Vec<Measured> {
    let at = |minute: usize| format!("2026-11-01T00:{minute:02}:00Z");
    let one = |minute: usize| {
        let name = format!("{}{minute}", (b'z' - (minute % 26) as u8) as char);
        if (from..until).contains(&minute) {
            let detail =
                format!("Error: dial tcp 10.0.0.{minute}:5432: connect: connection refused");
            failed(&name, &at(minute), "Failed to read the state", &detail)
        } else {
            measured(&name, Status::Clean, &at(minute))
        }
    };
    (0..50).map(one).collect()
}

#[test]
fn a_run_that_died_is_told_by_time_and_signature() {
    let all = dying(21, 50);
    let notes = notes(&all, &[], &Surroundings::default());
    let message = "the run died at 2026-11-01T00:21:00Z: 29 stacks failed with the same error, and are not measured";
    assert_eq!(told(&notes), [(RunNoteKind::AbortedRun, message, 29)]);
    assert!(notes[0].evidence[0].contains("Failed to read the state"), "{notes:?}");
    // It came back.
    let notes = super::notes(&dying(10, 20), &[], &Surroundings::default());
    assert!(notes[0].message.starts_with("the run failed from"), "{notes:?}");
    // A stack that another worker finished meanwhile changes nothing.
    let mut parallel = dying(21, 50);
    parallel[25] = measured("z", Status::Clean, "2026-11-01T00:25:00Z");
    assert_eq!(super::notes(&parallel, &[], &Surroundings::default()).len(), 1);
}

#[test]
fn errors_here_and_there_are_no_dead_run() {
    let mut all = dying(50, 50);
    for at in [3, 17, 40] {
        all[at] = failed("x", &format!("2026-11-01T00:{at}:00Z"), "Invalid value", "for `a`");
    }
    assert_eq!(notes(&all, &[], &Surroundings::default()), []);
    // Different errors one after the other.
    let mut all = dying(50, 50);
    for (at, summary) in [(47, "one"), (48, "another"), (49, "a third")] {
        all[at] = failed("x", &format!("2026-11-01T00:{at}:00Z"), summary, "");
    }
    assert_eq!(notes(&all, &[], &Surroundings::default()), []);
}

#[test]
fn the_same_live_change_in_many_stacks_is_a_wave() {
    let all: Vec<Measured> = (0..12)
        .map(|at| measured(&format!("s{at:02}"), Status::Drift, "2026-11-01T00:00:00Z"))
        .collect();
    let wave = |count: usize| -> Vec<Finding> {
        let one = |at| {
            finding(
                at,
                Class::OutOfBand,
                &format!("kubernetes_deployment.d{at}"),
                "image",
                Some("keel-image"),
            )
        };
        (0..count).map(one).collect()
    };
    assert_eq!(notes(&all, &wave(9), &Surroundings::default()), []);
    let notes = notes(&all, &wave(12), &Surroundings::default());
    let message = "a wave: `spec.image` of `kubernetes_deployment` changed in 12 stacks";
    assert_eq!(told(&notes), [(RunNoteKind::Wave, message, 12)]);
    assert_eq!(notes[0].evidence[0], "by keel-image (12)");
}
