//! SARIF 2.1.0 on the lines of the code, for code scanning: a result for each finding that has a place, a rule for each
//! class.
//!
//! Invariant: as for the linter's log: valid by the standard's schema, the same for the same input, without secrets. What has
//! no place in the code is told as a notification, so that it is not lost.

use std::collections::{BTreeMap, BTreeSet};

use super::super::sarif::places::Places;
use super::super::sarif::wire::{
    Configuration, Finding as Entry, FindingProperties, Help, Invocation, Notification, Rule,
    RuleProperties,
};
use super::super::sarif::{self, level, log, problem_severity, said};
use super::super::{one_line, shown};
use super::value::difference;
use super::words::{CLASSES, class_meaning, status_word};
use super::{DriftView, severity, severity_of, why};
use crate::diagnostic::Label;
use crate::drift::{Class, Finding, Verdict};
use crate::text::FileId;

/// The key of our names among the fingerprints of a result.
const FINGERPRINT: &str = "tautline/drift/v1";
/// Characters of a value.
const LONGEST: usize = 200;

/// Renders `view`.
pub fn render(view: &DriftView<'_>) -> String {
    let placed: Vec<&Finding> = view.findings().filter(|it| it.place.is_some()).collect();
    let classes: Vec<Class> =
        CLASSES.into_iter().filter(|class| placed.iter().any(|it| it.class == *class)).collect();
    let ids: Vec<String> = classes.iter().map(|class| format!("drift/{}", class.word())).collect();
    let mut files: BTreeSet<FileId> = BTreeSet::new();
    for finding in &placed {
        files.extend(finding.place.iter().map(|place| place.span.file));
        files.extend(related(finding).map(|label| label.span.file));
        let fix = shown::fix(view.code, finding.fix.as_ref());
        files.extend(fix.into_iter().flat_map(|fix| &fix.edits).map(|edit| edit.span.file));
    }
    let places = Places::new(view.code, files);
    let addresses: Vec<String> = placed.iter().map(|it| it.address.to_string()).collect();
    let results = placed.iter().zip(&addresses).filter_map(|(finding, address)| {
        let rule = classes.iter().position(|class| *class == finding.class)?;
        entry(view, &places, finding, address, (ids.get(rule)?, rule))
    });
    let invocation = Invocation {
        execution_successful: view.report.verdict() != Verdict::Error,
        tool_execution_notifications: notifications(view),
    };
    let rules = classes.iter().zip(&ids).map(|(class, id)| rule(*class, id)).collect();
    log(rules, invocation, &places, results.collect())
}

fn entry<'a>(
    view: &DriftView<'a>,
    places: &Places<'_>,
    finding: &'a Finding,
    address: &'a str,
    (rule_id, rule_index): (&'a str, usize),
) -> Option<Entry<'a>> {
    let place = finding.place.as_ref()?;
    let fix = shown::fix(view.code, finding.fix.as_ref());
    Some(Entry {
        rule_id,
        rule_index: Some(rule_index),
        kind: None,
        level: level(severity(finding)),
        message: said(&message(view, finding, address)),
        locations: [places.location(place.span, Some(address))],
        related_locations: sarif::related(places, related(finding)),
        fixes: fix.map(|fix| places.fix(fix)).into_iter().collect(),
        partial_fingerprints: Some(BTreeMap::from([(FINGERPRINT, finding.fingerprint.clone())])),
        suppressions: None,
        properties: Some(FindingProperties { stack: view.stack_name(finding.stack) }),
    })
}

/// Where the value comes from, and where the repo says who changes it.
fn related(finding: &Finding) -> impl Iterator<Item = &Label> {
    let source = finding.place.iter().filter_map(|place| place.source.as_ref());
    source.chain(&finding.cause.related)
}

fn message(view: &DriftView<'_>, finding: &Finding, address: &str) -> String {
    let stack = view.stack_name(finding.stack);
    let path = finding.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
    let mut lines = vec![one_line(&format!("{stack}: {address}{path}: {}", finding.cause.summary))];
    if finding.path.is_some() {
        lines.push(difference(finding, LONGEST));
    }
    lines.extend(finding.dangers.iter().map(|danger| one_line(&danger.message)));
    if !finding.advice.is_empty() {
        lines.push(format!("help: {}", one_line(&finding.advice)));
    }
    lines.join("\n")
}

fn rule(class: Class, id: &str) -> Rule<'_> {
    let meaning = class_meaning(class);
    let severity = severity_of(class);
    Rule {
        id,
        short_description: meaning.into(),
        full_description: meaning.into(),
        default_configuration: Configuration { level: level(severity) },
        help: Help { text: format!("{meaning}: docs/drift.md says what to do"), markdown: None },
        properties: RuleProperties {
            tags: vec!["drift"],
            problem_severity: problem_severity(severity),
        },
    }
}

/// What has no line: stacks that could not be measured, files that could not be read, and findings without a place.
fn notifications<'a>(view: &DriftView<'a>) -> Vec<Notification<'a>> {
    let note =
        |level, text: String| Notification { level, message: said(&text), associated_rule: None };
    let mut all: Vec<Notification<'a>> =
        view.report.notes.iter().map(|it| note("note", one_line(&it.message))).collect();
    for stack in &view.report.stacks {
        let level = match view.report.verdict_of(stack) {
            Verdict::Error => "error",
            Verdict::Incomplete => "warning",
            _ => continue,
        };
        let (name, status) = (&stack.stack.name, status_word(stack.status));
        all.push(note(level, one_line(&format!("{name}: {status}: {}", why(stack)))));
    }
    for unread in &view.report.unread {
        let level = if unread.is_missing { "warning" } else { "note" };
        all.push(note(level, one_line(&format!("{}: {}", unread.file, unread.why))));
    }
    for finding in view.findings().filter(|it| it.place.is_none()) {
        let text = message(view, finding, &finding.address.to_string());
        all.push(note(level(severity(finding)), text));
    }
    all
}
