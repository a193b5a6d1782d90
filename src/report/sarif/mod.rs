//! SARIF 2.1.0, for code scanning and the editors that read it. `docs/formats.md` says what stands where.
//!
//! Invariant: the log is valid by the standard's schema, says nothing of the machine or the time, and holds no secret.

pub(super) mod places;
mod rules;
pub(super) mod wire;

use std::collections::{BTreeMap, BTreeSet};

use super::excerpt::REDACTED;
use super::names::Names;
use super::{View, harmless, harmless_lines, json_lines, shown};
use crate::diagnostic::{
    Diagnostic, Failure, Label, RuleRun, Severity, Silenced, SilencedBy, UnknownSite,
};
use crate::text::FileId;
use places::{BASE, Places};
use wire::{
    Base, Driver, Finding, FindingProperties, Invocation, Log, Notification, RelatedLocation, Rule,
    RuleReference, Run, Suppression, Text, Tool,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// The key of our names among the fingerprints of a result.
const FINGERPRINT: &str = "tautline/v1";

/// Renders `view`.
pub fn render(view: &View<'_>) -> String {
    let names = Names::of(view);
    let writer = Writer::new(view);
    let report = view.report;
    let reported = report.diagnostics.iter().zip(names.reported);
    let suppressed = report.suppressed.iter().zip(names.silenced);
    let results = reported
        .filter(|(diagnostic, _)| diagnostic.severity >= view.severity)
        .map(|(diagnostic, name)| writer.finding(diagnostic, name))
        .chain(
            suppressed
                .filter(|(silenced, _)| silenced.diagnostic.severity >= view.severity)
                .map(|(silenced, name)| writer.silenced(silenced, name)),
        )
        .chain(view.unknown().iter().map(|site| writer.open(site)));
    let rules = writer.rules.iter().map(|run| rules::rule(view, run)).collect();
    let invocation = Invocation {
        execution_successful: report.failures.is_empty(),
        tool_execution_notifications: writer.notifications(),
    };
    log(rules, invocation, &writer.places, results.collect())
}

/// The log of one run: what `rules` say, how it went, and its `results` in files that `places` knows.
pub(super) fn log(
    rules: Vec<Rule<'_>>,
    invocation: Invocation<'_>,
    places: &Places<'_>,
    results: Vec<Finding<'_>>,
) -> String {
    let (name, semantic_version) = (env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"));
    let top = Base { description: "The top of the work tree.".into() };
    json_lines(&Log {
        schema: SCHEMA,
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name, semantic_version, rules } },
            invocations: [invocation],
            original_uri_base_ids: BTreeMap::from([(BASE, top)]),
            artifacts: places.artifacts(),
            default_encoding: "utf-8",
            // A column counts Unicode scalar values, as in every report of ours.
            column_kind: "unicodeCodePoints",
            redaction_tokens: [REDACTED],
            results,
        }],
    })
}

/// What explains a result, in order.
pub(super) fn related<'l>(
    places: &Places<'_>,
    labels: impl Iterator<Item = &'l Label>,
) -> Vec<RelatedLocation> {
    let location = |(at, label): (usize, &Label)| RelatedLocation {
        id: at + 1,
        physical_location: places.physical(label.span),
        message: said(&harmless_lines(&label.message)),
    };
    labels.enumerate().map(location).collect()
}

/// How bad what a rule finds is, in the words of code scanning.
pub(super) fn problem_severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "recommendation",
    }
}

/// How bad, in SARIF's words.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Info => "note",
    }
}

/// Knows which rules the log speaks of, and under which number.
struct Writer<'v, 'a> {
    view: &'v View<'a>,
    /// Sorted by id.
    rules: Vec<&'a RuleRun>,
    places: Places<'a>,
}

impl<'v, 'a> Writer<'v, 'a> {
    fn new(view: &'v View<'a>) -> Self {
        let silenced = view.silenced().map(|silenced| &silenced.diagnostic);
        let mut rules: BTreeSet<&str> = BTreeSet::new();
        let mut files: BTreeSet<FileId> = BTreeSet::new();
        for diagnostic in view.diagnostics().chain(silenced) {
            rules.insert(&diagnostic.rule);
            files.insert(diagnostic.span.file);
        }
        for site in view.unknown() {
            rules.insert(&site.rule);
            files.insert(site.span.file);
        }
        let runs = view.report.summary.rules.iter();
        Writer {
            view,
            rules: runs.filter(|run| rules.contains(&*run.rule)).collect(),
            places: Places::new(view.code, files),
        }
    }

    fn finding(&self, diagnostic: &'a Diagnostic, name: String) -> Finding<'a> {
        let mut message = harmless(&diagnostic.message).into_owned();
        if let Some(help) = &diagnostic.help {
            message = format!("{message}\nhelp: {}", harmless_lines(help));
        }
        let address = diagnostic.address.as_deref();
        Finding {
            rule_id: &diagnostic.rule,
            rule_index: self.rule_index(&diagnostic.rule),
            kind: None,
            level: level(diagnostic.severity),
            message: said(&message),
            locations: [self.places.location(diagnostic.span, address)],
            related_locations: related(&self.places, diagnostic.related.iter()),
            fixes: shown::fix(self.view.code, diagnostic.fix.as_ref())
                .map(|fix| self.places.fix(fix))
                .into_iter()
                .collect(),
            partial_fingerprints: Some(BTreeMap::from([(FINGERPRINT, name)])),
            suppressions: None,
            properties: diagnostic.stack.as_deref().map(|stack| FindingProperties { stack }),
        }
    }

    fn silenced(&self, silenced: &'a Silenced, name: String) -> Finding<'a> {
        let (kind, location) = match silenced.by {
            SilencedBy::Comment(span) => ("inSource", Some(self.places.location(span, None))),
            SilencedBy::Waiver | SilencedBy::Baseline => ("external", None),
        };
        let justification = silenced.reason.as_deref();
        let mut finding = self.finding(&silenced.diagnostic, name);
        finding.suppressions = Some(vec![Suppression { kind, justification, location }]);
        finding
    }

    /// A site that was not judged.
    fn open(&self, site: &'a UnknownSite) -> Finding<'a> {
        Finding {
            rule_id: &site.rule,
            rule_index: self.rule_index(&site.rule),
            kind: Some("open"),
            level: "none",
            message: said(&format!("not judged: {}", harmless_lines(&site.reason))),
            locations: [self.places.location(site.span, None)],
            related_locations: Vec::new(),
            fixes: Vec::new(),
            partial_fingerprints: None,
            suppressions: None,
            properties: None,
        }
    }

    fn rule_index(&self, id: &str) -> Option<usize> {
        self.rules.binary_search_by(|run| (*run.rule).cmp(id)).ok()
    }

    /// What the tool has to say about the run itself.
    fn notifications(&self) -> Vec<Notification<'a>> {
        let report = self.view.report;
        let is_rule = |id: &str| report.summary.rules.iter().any(|run| &*run.rule == id);
        let failed = report.failures.iter().map(|failure: &Failure| Notification {
            level: "error",
            message: said(&harmless_lines(&failure.to_string())),
            associated_rule: failure
                .subject
                .as_deref()
                .filter(|subject| is_rule(subject))
                .map(|id| RuleReference { id }),
        });
        let not_run = report.summary.not_run.iter().map(|id| Notification {
            level: "note",
            message: match report.summary.comparison {
                Some(_) => "not run: the rule judges commits".into(),
                None => "not run: the rule needs the whole repo".into(),
            },
            associated_rule: Some(RuleReference { id }),
        });
        failed.chain(not_run).collect()
    }
}

/// `text` as a message. What looks like a link would be one: the standard asks for a backslash before its brackets.
pub(super) fn said(text: &str) -> Text {
    // Without `arguments`, readers leave braces alone, so they are not doubled.
    if text.contains("](") {
        Text::from(text.replace('\\', "\\\\").replace('[', "\\[").replace(']', "\\]"))
    } else {
        Text::from(text)
    }
}
