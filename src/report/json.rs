//! The JSON report, version 1: `docs/json.md` says what each field means, `docs/report.schema.json` what may stand where.
//!
//! Invariant: the structs here are the wire format and nothing else. They are apart from the internal types so that
//! those can change; fields are only ever added, at the end of their struct.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{View, comparison, json_line_of};
use crate::diagnostic::{Diagnostic, Failure, Label, Severity, Silenced, SilencedBy, UnknownSite};
use crate::text::Span;

/// A diagnostic has fewer bytes than this, with its share of all else; mostly.
const LENGTH: usize = 800;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: &'static str,
    summary: Summary<'a>,
    failures: Vec<FailureEntry<'a>>,
    diagnostics: Vec<DiagnosticEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unknown: Option<Vec<UnknownEntry<'a>>>,
    suppressed: Vec<SuppressedEntry<'a>>,
}

#[derive(Serialize)]
pub(super) struct Summary<'a> {
    stacks: usize,
    files: Files<'a>,
    packs: Vec<Pack<'a>>,
    rules: Vec<Rule<'a>>,
    errors: usize,
    warnings: usize,
    infos: usize,
    not_run: Vec<&'a str>,
    known: usize,
    needs_base: Vec<&'a str>,
    needs_plans: Vec<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    comparison: Option<comparison::Entry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixes: Option<Fixes<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    called_modules: Vec<CalledModule<'a>>,
}

#[derive(Serialize)]
struct Fixes<'a> {
    fixed: usize,
    files: usize,
    along: usize,
    left: BTreeMap<&'a str, usize>,
    refused: &'a [String],
}

#[derive(Serialize)]
struct CalledModule<'a> {
    path: &'a str,
    errors: usize,
    warnings: usize,
    infos: usize,
}

#[derive(Serialize)]
struct Files<'a> {
    seen: usize,
    parsed: usize,
    text: usize,
    skipped: &'a BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
struct Pack<'a> {
    name: &'a str,
    evidence: &'a str,
}

#[derive(Serialize)]
struct Rule<'a> {
    #[serde(rename = "rule")]
    id: &'a str,
    convention: Option<&'a str>,
    sites: usize,
    diagnostics: usize,
    unknown: usize,
    suppressed: usize,
    known: usize,
}

#[derive(Serialize)]
pub(super) struct FailureEntry<'a> {
    subject: Option<&'a str>,
    message: &'a str,
}

#[derive(Serialize)]
pub(super) struct DiagnosticEntry<'a> {
    rule: &'a str,
    convention: Option<&'a str>,
    severity: &'static str,
    message: &'a str,
    help: Option<&'a str>,
    path: &'a str,
    stack: Option<&'a str>,
    address: Option<&'a str>,
    start: Place,
    end: Place,
    related: Vec<RelatedEntry<'a>>,
}

#[derive(Serialize)]
struct RelatedEntry<'a> {
    message: &'a str,
    path: &'a str,
    start: Place,
    end: Place,
}

#[derive(Serialize)]
pub(super) struct UnknownEntry<'a> {
    rule: &'a str,
    reason: &'a str,
    path: &'a str,
    start: Place,
    end: Place,
}

#[derive(Serialize)]
pub(super) struct SuppressedEntry<'a> {
    #[serde(flatten)]
    diagnostic: DiagnosticEntry<'a>,
    suppression: Suppression<'a>,
}

#[derive(Serialize)]
struct Suppression<'a> {
    kind: &'static str,
    reason: Option<&'a str>,
}

#[derive(Serialize)]
struct Place {
    line: u32,
    column: u32,
    byte: u32,
}

/// The version of the contract in `docs/json.md`.
pub(super) const VERSION: u32 = 1;

/// The tool and its version.
pub(super) const TOOL: &str = concat!("tautline ", env!("CARGO_PKG_VERSION"));

/// Renders `view` as one line of JSON.
pub fn render(view: &View<'_>) -> String {
    let report = view.report;
    let document = Document {
        version: VERSION,
        tool: TOOL,
        summary: summary(view),
        failures: report.failures.iter().map(failure).collect(),
        diagnostics: view.diagnostics().map(|entry| diagnostic(view, entry)).collect(),
        unknown: view
            .show_unknown
            .then(|| view.unknown().iter().map(|site| unknown(view, site)).collect()),
        suppressed: view.silenced().map(|silenced| suppressed(view, silenced)).collect(),
    };
    json_line_of(&document, LENGTH * document.diagnostics.len())
}

pub(super) fn summary<'a>(view: &View<'a>) -> Summary<'a> {
    let summary = &view.report.summary;
    let packs = summary.packs.iter();
    let rules = summary.rules.iter();
    Summary {
        stacks: summary.stacks,
        files: Files {
            seen: summary.files.seen,
            parsed: summary.files.parsed,
            text: summary.files.text,
            skipped: &summary.files.skipped,
        },
        packs: packs.map(|pack| Pack { name: &pack.name, evidence: &pack.evidence }).collect(),
        rules: rules
            .map(|run| Rule {
                id: &run.rule,
                convention: run.convention.as_deref(),
                sites: run.sites,
                diagnostics: run.diagnostics,
                unknown: run.unknown,
                suppressed: run.suppressed,
                known: run.known,
            })
            .collect(),
        errors: view.report.count(Severity::Error),
        warnings: view.report.count(Severity::Warning),
        infos: view.report.count(Severity::Info),
        not_run: summary.not_run.iter().map(AsRef::as_ref).collect(),
        known: view.report.known(),
        needs_base: summary.needs_base.iter().map(AsRef::as_ref).collect(),
        needs_plans: summary.needs_plans.iter().map(AsRef::as_ref).collect(),
        comparison: summary.comparison.as_ref().map(comparison::Entry::of),
        fixes: summary.fixes.as_ref().map(|account| Fixes {
            fixed: account.fixed,
            along: account.along,
            files: account.files,
            left: account.left.iter().copied().collect(),
            refused: &account.refused,
        }),
        called_modules: summary
            .called_modules
            .iter()
            .map(|module| CalledModule {
                path: &module.dir,
                errors: module.errors,
                warnings: module.warnings,
                infos: module.infos,
            })
            .collect(),
    }
}

pub(super) fn failure(failure: &Failure) -> FailureEntry<'_> {
    FailureEntry { subject: failure.subject.as_deref(), message: &failure.message }
}

pub(super) fn diagnostic<'a>(view: &View<'a>, diagnostic: &'a Diagnostic) -> DiagnosticEntry<'a> {
    let (path, start, end) = place(view, diagnostic.span);
    DiagnosticEntry {
        rule: &diagnostic.rule,
        convention: diagnostic.convention.as_deref(),
        severity: diagnostic.severity.word(),
        message: &diagnostic.message,
        help: diagnostic.help.as_deref(),
        path,
        stack: diagnostic.stack.as_deref(),
        address: diagnostic.address.as_deref(),
        start,
        end,
        related: diagnostic.related.iter().map(|label| related(view, label)).collect(),
    }
}

fn related<'a>(view: &View<'a>, label: &'a Label) -> RelatedEntry<'a> {
    let (path, start, end) = place(view, label.span);
    RelatedEntry { message: &label.message, path, start, end }
}

pub(super) fn unknown<'a>(view: &View<'a>, site: &'a UnknownSite) -> UnknownEntry<'a> {
    let (path, start, end) = place(view, site.span);
    UnknownEntry { rule: &site.rule, reason: &site.reason, path, start, end }
}

pub(super) fn suppressed<'a>(view: &View<'a>, silenced: &'a Silenced) -> SuppressedEntry<'a> {
    let kind = match silenced.by {
        SilencedBy::Comment(_) => "comment",
        SilencedBy::Waiver => "waiver",
        SilencedBy::Baseline => "baseline",
    };
    SuppressedEntry {
        diagnostic: diagnostic(view, &silenced.diagnostic),
        suppression: Suppression { kind, reason: silenced.reason.as_deref() },
    }
}

fn place<'a>(view: &View<'a>, span: Span) -> (&'a str, Place, Place) {
    let file = view.code.source(span);
    let at = |byte| {
        let position = file.position(byte);
        Place { line: position.line, column: position.column, byte }
    };
    (&file.path, at(span.range.start), at(span.range.end))
}
