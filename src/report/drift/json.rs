//! The JSON report, version 1: `docs/drift.md` says what each field means, `docs/drift.schema.json` what may stand where.
//!
//! Invariant: the structs here are the wire format and nothing else. They are apart from the internal types so that
//! those can change; fields are only ever added, at the end of their struct.

use serde::Serialize;

use super::super::json::TOOL;
use super::super::{json_line, shown};
use super::words::{confidence_word, input_word, note_word, status_word};
use super::{DriftView, severity};
use crate::diagnostic::{Fix, Label};
use crate::drift::{
    Cause, Danger, Finding, OutputChange, Problem, RunNote, Seen, Shards, Shown, StackReport,
    TrendPoint, Unread,
};
use crate::text::Span;

/// The version of the contract in `docs/drift.schema.json`.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: &'static str,
    verdict: &'static str,
    summary: Summary,
    notes: Vec<NoteEntry<'a>>,
    unread: &'a [Unread],
    stacks: Vec<StackEntry<'a>>,
    causes: Vec<GroupEntry<'a>>,
    findings: Vec<FindingEntry<'a>>,
    trend: Vec<TrendEntry<'a>>,
    shards: Option<&'a Shards>,
}

#[derive(Serialize)]
struct Summary {
    stacks: usize,
    findings: usize,
    by_status: Vec<Count>,
    by_class: Vec<Count>,
}

#[derive(Serialize)]
struct Count {
    name: &'static str,
    count: usize,
}

#[derive(Serialize)]
struct NoteEntry<'a> {
    kind: &'static str,
    message: &'a str,
    evidence: &'a [String],
    help: Option<&'a str>,
    stacks: Vec<&'a str>,
}

#[derive(Serialize)]
struct StackEntry<'a> {
    stack: &'a str,
    dir: Option<&'a str>,
    file: &'a str,
    kind: &'static str,
    status: &'static str,
    verdict: &'static str,
    evidence: &'a [String],
    terraform: Option<&'a str>,
    commit: Option<&'a crate::drift::Commit>,
    planned_at: Option<&'a str>,
    instances: usize,
    outputs: &'a [OutputChange],
    checks: &'a [crate::drift::FailedCheck],
    problems: Vec<ProblemEntry<'a>>,
    findings: Vec<&'a str>,
    seen: Option<SeenEntry<'a>>,
}

#[derive(Serialize)]
struct ProblemEntry<'a> {
    severity: &'static str,
    summary: &'a str,
    detail: &'a str,
    address: Option<&'a str>,
    file: Option<&'a str>,
    line: Option<u32>,
}

#[derive(Serialize)]
struct GroupEntry<'a> {
    title: &'a str,
    class: &'static str,
    cause: CauseEntry<'a>,
    stacks: Vec<&'a str>,
    findings: Vec<&'a str>,
}

#[derive(Serialize)]
struct CauseEntry<'a> {
    actor: Option<&'a str>,
    summary: &'a str,
    confidence: &'static str,
    evidence: &'a [String],
    related: Vec<RelatedEntry<'a>>,
    advice: Option<&'a str>,
}

#[derive(Serialize)]
struct RelatedEntry<'a> {
    message: &'a str,
    #[serde(flatten)]
    range: Range<'a>,
}

#[derive(Serialize)]
struct FindingEntry<'a> {
    fingerprint: &'a str,
    stack: &'a str,
    address: String,
    deposed: Option<&'a str>,
    action: &'static str,
    reason: Option<&'a str>,
    class: &'static str,
    severity: &'static str,
    path: Option<String>,
    base: &'a Shown,
    live: &'a Shown,
    want: &'a Shown,
    forces_replacement: bool,
    dangers: Vec<DangerEntry<'a>>,
    cause: CauseEntry<'a>,
    place: Option<PlaceEntry<'a>>,
    fix: Option<FixEntry<'a>>,
    advice: &'a str,
    seen: Option<SeenEntry<'a>>,
}

#[derive(Serialize)]
struct DangerEntry<'a> {
    risk: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct PlaceEntry<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    block: Range<'a>,
    is_shared: bool,
    stacks: usize,
    source: Option<RelatedEntry<'a>>,
    caveat: Option<&'a str>,
}

#[derive(Serialize)]
struct FixEntry<'a> {
    title: &'a str,
    applicability: &'static str,
    edits: Vec<EditEntry<'a>>,
}

#[derive(Serialize)]
struct EditEntry<'a> {
    #[serde(flatten)]
    range: Range<'a>,
    text: &'a str,
}

/// Bytes of a file: `path`, from the root, and where they start and end.
#[derive(Serialize)]
struct Range<'a> {
    #[serde(rename = "file")]
    path: &'a str,
    start: Position,
    end: Position,
}

#[derive(Serialize)]
struct Position {
    line: u32,
    column: u32,
    byte: u32,
}

#[derive(Serialize)]
struct SeenEntry<'a> {
    first: &'a str,
    days: u32,
    times: u32,
    acknowledged: Option<AcknowledgedEntry<'a>>,
}

#[derive(Serialize)]
struct AcknowledgedEntry<'a> {
    reason: &'a str,
    until: &'a str,
}

#[derive(Serialize)]
struct TrendEntry<'a> {
    at: &'a str,
    by_status: Vec<Count>,
    findings: usize,
}

/// Renders `view` as one line of JSON.
pub fn render(view: &DriftView<'_>) -> String {
    let report = view.report;
    let counts = &report.counts;
    let class_counts = counts.classes.iter();
    let document = Document {
        version: VERSION,
        tool: TOOL,
        verdict: report.verdict().word(),
        summary: Summary {
            stacks: report.stacks.len(),
            findings: report.findings.len(),
            by_status: by_status(&counts.stacks),
            by_class: class_counts
                .map(|&(class, count)| Count { name: class.word(), count })
                .collect(),
        },
        notes: report.notes.iter().map(|it| note(view, it)).collect(),
        unread: &report.unread,
        stacks: report.stacks.iter().map(|it| stack(view, it)).collect(),
        causes: view
            .groups()
            .iter()
            .map(|shown| GroupEntry {
                title: &shown.group.title,
                class: shown.group.class.word(),
                cause: cause(view, &shown.group.cause),
                stacks: shown.stacks().into_iter().map(|at| view.stack_name(at)).collect(),
                findings: shown.findings.iter().map(|it| it.fingerprint.as_str()).collect(),
            })
            .collect(),
        findings: view.findings().map(|it| finding(view, it)).collect(),
        trend: report.trend.iter().map(trend).collect(),
        shards: report.shards.as_ref(),
    };
    json_line(&document)
}

fn by_status(counts: &[(crate::drift::Status, usize)]) -> Vec<Count> {
    counts.iter().map(|&(status, count)| Count { name: status_word(status), count }).collect()
}

fn note<'a>(view: &DriftView<'a>, note: &'a RunNote) -> NoteEntry<'a> {
    NoteEntry {
        kind: note_word(note.kind),
        message: &note.message,
        evidence: &note.evidence,
        help: note.help.as_deref(),
        stacks: note.stacks.iter().map(|&at| view.stack_name(at)).collect(),
    }
}

fn stack<'a>(view: &DriftView<'a>, stack: &'a StackReport) -> StackEntry<'a> {
    let findings = view.findings_of(stack);
    StackEntry {
        stack: &stack.stack.name,
        dir: stack.stack.dir.as_deref(),
        file: &stack.file,
        kind: input_word(stack.kind),
        status: status_word(stack.status),
        verdict: view.report.verdict_of(stack).word(),
        evidence: &stack.evidence,
        terraform: stack.terraform.as_deref(),
        commit: stack.commit.as_ref(),
        planned_at: stack.planned_at.as_deref(),
        instances: stack.instances,
        outputs: &stack.outputs,
        checks: &stack.checks,
        problems: stack.problems.iter().map(problem).collect(),
        findings: findings.iter().map(|(_, it)| it.fingerprint.as_str()).collect(),
        seen: stack.seen.as_ref().map(seen),
    }
}

fn problem(problem: &Problem) -> ProblemEntry<'_> {
    ProblemEntry {
        severity: if problem.is_error { "error" } else { "warning" },
        summary: &problem.summary,
        detail: &problem.detail,
        address: problem.address.as_deref(),
        file: problem.place.as_ref().map(|(file, _)| file.as_str()),
        line: problem.place.as_ref().map(|&(_, line)| line),
    }
}

fn cause<'a>(view: &DriftView<'a>, cause: &'a Cause) -> CauseEntry<'a> {
    CauseEntry {
        actor: cause.actor.as_deref(),
        summary: &cause.summary,
        confidence: confidence_word(cause.confidence),
        evidence: &cause.evidence,
        related: cause.related.iter().map(|it| related(view, it)).collect(),
        advice: cause.advice.as_deref(),
    }
}

fn related<'a>(view: &DriftView<'a>, label: &'a Label) -> RelatedEntry<'a> {
    RelatedEntry { message: &label.message, range: range(view, label.span) }
}

fn finding<'a>(view: &DriftView<'a>, finding: &'a Finding) -> FindingEntry<'a> {
    let danger =
        |danger: &'a Danger| DangerEntry { risk: danger.risk.word(), message: &danger.message };
    FindingEntry {
        fingerprint: &finding.fingerprint,
        stack: view.stack_name(finding.stack),
        address: finding.address.to_string(),
        deposed: finding.deposed.as_deref(),
        action: finding.action.word(),
        reason: finding.reason.as_deref(),
        class: finding.class.word(),
        severity: severity(finding).word(),
        path: finding.path.as_ref().map(ToString::to_string),
        base: &finding.base,
        live: &finding.live,
        want: &finding.want,
        forces_replacement: finding.forces_replacement,
        dangers: finding.dangers.iter().map(danger).collect(),
        cause: cause(view, &finding.cause),
        place: finding.place.as_ref().map(|place| PlaceEntry {
            range: range(view, place.span),
            block: range(view, place.block),
            is_shared: place.is_shared,
            stacks: place.stacks,
            source: place.source.as_ref().map(|it| related(view, it)),
            caveat: place.caveat.as_deref(),
        }),
        fix: shown::fix(view.code, finding.fix.as_ref()).map(|it| fix(view, it)),
        advice: &finding.advice,
        seen: finding.seen.as_ref().map(seen),
    }
}

fn fix<'a>(view: &DriftView<'a>, fix: &'a Fix) -> FixEntry<'a> {
    let edits = fix.edits.iter();
    FixEntry {
        title: &fix.title,
        applicability: fix.applicability.word(),
        edits: edits
            .map(|edit| EditEntry { range: range(view, edit.span), text: &edit.text })
            .collect(),
    }
}

fn seen(seen: &Seen) -> SeenEntry<'_> {
    SeenEntry {
        first: &seen.first,
        days: seen.days,
        times: seen.times,
        acknowledged: seen
            .acknowledged
            .as_ref()
            .map(|it| AcknowledgedEntry { reason: &it.reason, until: &it.until }),
    }
}

fn trend(point: &TrendPoint) -> TrendEntry<'_> {
    TrendEntry { at: &point.at, by_status: by_status(&point.stacks), findings: point.findings }
}

fn range<'a>(view: &DriftView<'a>, span: Span) -> Range<'a> {
    let file = view.code.source(span);
    let at = |byte| {
        let position = file.position(byte);
        Position { line: position.line, column: position.column, byte }
    };
    Range { path: &file.path, start: at(span.range.start), end: at(span.range.end) }
}
