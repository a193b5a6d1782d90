//! Findings put together.

use super::*;
use crate::drift::change::{Danger, Risk};
use crate::drift::report::{Finding, Place};
use crate::text::{Span, TextRange};

fn finding(stack: usize, class: Class, address: &str, at: &str, actor: Option<&str>) -> Finding {
    let cause = Cause {
        actor: actor.map(Into::into),
        summary: actor.map_or("unknown actor", |_| "somebody does it").to_owned(),
        confidence: Confidence::Likely,
        evidence: Vec::new(),
        related: Vec::new(),
        advice: None,
    };
    Finding {
        stack,
        address: Address::parse(address).unwrap(),
        deposed: None,
        action: Action::Update,
        reason: None,
        class,
        path: Some(path(at)),
        base: Shown::Absent,
        live: Shown::Absent,
        want: Shown::Absent,
        forces_replacement: false,
        dangers: Vec::new(),
        cause,
        place: None,
        fix: None,
        advice: String::new(),
        fingerprint: String::new(),
        seen: None,
    }
}

fn in_module(mut finding: Finding) -> Finding {
    let span = Span { file: FileId(0), range: TextRange::new(0, 10) };
    finding.place =
        Some(Place { span, block: span, is_shared: true, stacks: 113, source: None, caveat: None });
    finding
}

#[test]
fn one_cause_over_many_stacks_is_one_group() {
    let tls = "module.tls_secret.kubernetes_secret.tls_secret";
    let mut findings: Vec<Finding> = (0..126)
        .map(|at| finding(at, Class::Unapplied, tls, "data[\"tls.crt\"]", Some("renew-tls")))
        .collect();
    findings.push(finding(3, Class::OutOfBand, "a.b", "c", None));
    findings.push(finding(4, Class::OutOfBand, "a.b[\"k\"]", "c", None));
    findings.push(finding(4, Class::OutOfBand, "a.b", "d", None));
    let groups = group(&findings, None);
    let told: Vec<(&str, usize)> =
        groups.iter().map(|it| (it.title.as_str(), it.stacks.len())).collect();
    assert_eq!(
        told,
        [
            ("`c` of `a.b`: unknown actor (2 differences in 2 stacks)", 2),
            ("`d` of `a.b`: unknown actor (1 difference in 1 stack)", 1),
            ("somebody does it (126 differences in 126 stacks)", 126),
        ]
    );
    let mut all: Vec<usize> = groups.iter().flat_map(|it| it.findings.clone()).collect();
    all.sort_unstable();
    assert_eq!(all, (0..129).collect::<Vec<_>>());
    // What is hardly more than a guess is no headline.
    let mut guess = finding(0, Class::OutOfBand, "a.b", "c", Some("keel"));
    guess.cause.confidence = Confidence::Possible;
    let groups = group(&[guess], None);
    assert_eq!(groups[0].title, "perhaps: somebody does it (1 difference in 1 stack)");
}

#[test]
fn an_edit_of_a_module_that_reached_nobody_is_one_cause() {
    let one = |stack: usize, name: &str| {
        in_module(finding(stack, Class::Unapplied, &format!("module.app.a.{name}"), "x", None))
    };
    let findings = [one(0, "b"), one(1, "b"), one(2, "c")];
    let groups = group(&findings, None);
    assert_eq!(groups.len(), 1, "{groups:#?}");
    assert_eq!(groups[0].cause.actor.as_deref(), Some("shared-module"));
    assert!(
        groups[0]
            .title
            .starts_with("unapplied change in module `module.app`: 3 of 113 consumers differ"),
        "{groups:#?}"
    );
    let alone = group(&findings[..1], None);
    assert_eq!(alone[0].cause.actor, None);
}

#[test]
fn instances_are_one_cause_where_the_same_happens_to_them() {
    let one = |stack: usize, action: Action, reason: Option<&str>| {
        let reason = reason.map(Into::into);
        let finding = finding(stack, Class::Unapplied, "a.this", "x", None);
        Finding { path: None, action, reason, ..finding }
    };
    let tainted = "replace_because_tainted";
    let findings = [
        one(0, Action::Create, None),
        one(1, Action::Delete, Some("delete_because_no_module")),
        one(2, Action::Create, None),
        one(3, Action::DeleteThenCreate, Some(tainted)),
        one(4, Action::DeleteThenCreate, Some("replace_by_request")),
    ];
    let groups = group(&findings, None);
    let mut all: Vec<_> = groups.iter().map(|it| it.findings.clone()).collect();
    all.sort();
    assert_eq!(all, [vec![0, 2], vec![1], vec![3], vec![4]]);
    // What somebody asked for is no change of a module, wherever it stands.
    let tainted = |stack| in_module(one(stack, Action::DeleteThenCreate, Some(tainted)));
    let groups = group(&[tainted(0), tainted(1)], None);
    assert_eq!(groups[0].cause.actor, None, "{groups:#?}");
}

#[test]
fn danger_comes_first() {
    let mut masked = finding(0, Class::Masked, "a.b", "x", None);
    let risk = Risk::ImageSwap;
    masked.dangers.push(Danger { risk, message: "two images are swapped".to_owned() });
    let findings = [finding(0, Class::DeletedOutside, "a.b", "y", None), masked];
    let groups = group(&findings, None);
    assert_eq!(groups[0].findings, [1]);
}
