//! The inventory for programs, version 1: `docs/drift-inventory.md` says what each field means.
//!
//! Invariant: the structs here are the wire format and nothing else; fields are only ever added, at the end of their struct.

use std::collections::BTreeMap;

use serde::Serialize;
use smol_str::SmolStr;

use super::super::drift::words::confidence_word;
use super::super::json::TOOL;
use super::super::json_line;
use super::InventoryView;
use crate::drift::inventory::{
    Counts, Difference, Dump, Missing, ObjectName, OnPurpose, Place, Topic, Unmanaged,
    UnmanagedRelease, Untrusted, UnusedPattern,
};
use crate::drift::{Shown, Unread};

/// The version of the contract.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    tool: &'static str,
    verdict: &'static str,
    dumps: Vec<DumpEntry<'a>>,
    unread: &'a [Unread],
    missing: Vec<MissingEntry<'a>>,
    unmanaged: Vec<UnmanagedEntry<'a>>,
    releases: Vec<ReleaseEntry<'a>>,
    on_purpose: Vec<OnPurposeEntry<'a>>,
    idle_entries: &'a [String],
    differences: Vec<DifferenceEntry<'a>>,
    untrusted: Vec<UntrustedEntry<'a>>,
    unused_patterns: Vec<PatternEntry<'a>>,
    images_not_judged: Option<&'static str>,
    counts: CountsEntry<'a>,
}

#[derive(Serialize)]
struct DumpEntry<'a> {
    file: &'a str,
    objects: usize,
    has_managed_fields: bool,
}

#[derive(Serialize)]
struct ObjectEntry<'a> {
    kind: &'a str,
    namespace: Option<&'a str>,
    name: &'a str,
}

#[derive(Serialize)]
struct PlaceEntry<'a> {
    stack: Option<&'a str>,
    address: &'a str,
    path: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct MissingEntry<'a> {
    object: ObjectEntry<'a>,
    place: PlaceEntry<'a>,
}

#[derive(Serialize)]
struct UnmanagedEntry<'a> {
    object: ObjectEntry<'a>,
    created: Option<&'a str>,
    written_by: Option<&'a str>,
    may_be: Option<PlaceEntry<'a>>,
    stack: Option<&'a str>,
    adoption: &'a str,
}

#[derive(Serialize)]
struct ReleaseEntry<'a> {
    namespace: &'a str,
    name: &'a str,
    objects: usize,
}

#[derive(Serialize)]
struct OnPurposeEntry<'a> {
    object: ObjectEntry<'a>,
    reason: &'a str,
}

#[derive(Serialize)]
struct DifferenceEntry<'a> {
    object: ObjectEntry<'a>,
    place: PlaceEntry<'a>,
    path: String,
    topic: &'static str,
    container: Option<&'a str>,
    code: &'a Shown,
    live: &'a Shown,
    ignored: bool,
    settled: bool,
    cause: CauseEntry<'a>,
    dangers: Vec<DangerEntry<'a>>,
    never_ignore: Option<&'a str>,
}

#[derive(Serialize)]
struct CauseEntry<'a> {
    actor: Option<&'a str>,
    summary: &'a str,
    confidence: &'static str,
    evidence: &'a [String],
    advice: Option<&'a str>,
}

#[derive(Serialize)]
struct DangerEntry<'a> {
    risk: &'static str,
    message: &'a str,
}

#[derive(Serialize)]
struct UntrustedEntry<'a> {
    image: &'a str,
    exempt: bool,
    uses: Vec<UseEntry<'a>>,
}

#[derive(Serialize)]
struct UseEntry<'a> {
    object: ObjectEntry<'a>,
    role: &'static str,
}

#[derive(Serialize)]
struct PatternEntry<'a> {
    pattern: &'a str,
    path: &'a str,
    line: u32,
    column: u32,
}

#[derive(Serialize)]
struct CountsEntry<'a> {
    live: usize,
    declared: usize,
    found: usize,
    unknown: usize,
    perhaps: usize,
    not_covered: &'a BTreeMap<SmolStr, usize>,
    made_by_others: &'a BTreeMap<String, usize>,
    images_of_code: usize,
    images_of_others: &'a BTreeMap<String, usize>,
    values: usize,
    values_unknown: usize,
}

/// Renders `view`.
pub fn render(view: &InventoryView<'_>) -> String {
    let report = view.report;
    let document = Document {
        version: VERSION,
        tool: TOOL,
        verdict: view.verdict().word(),
        dumps: report.dumps.iter().map(dump).collect(),
        unread: &report.unread,
        missing: report.missing.iter().map(|it| missing(view, it)).collect(),
        unmanaged: report.unmanaged.iter().map(|it| unmanaged(view, it)).collect(),
        releases: report.releases.iter().map(release).collect(),
        on_purpose: report.on_purpose.iter().map(on_purpose).collect(),
        idle_entries: &report.idle_entries,
        differences: report.differences.iter().map(|it| difference(view, it)).collect(),
        untrusted: report.untrusted.iter().map(untrusted).collect(),
        unused_patterns: report.unused_patterns.iter().map(|it| pattern(view, it)).collect(),
        images_not_judged: report.no_trust,
        counts: counts(&report.counts),
    };
    json_line(&document)
}

fn dump(it: &Dump) -> DumpEntry<'_> {
    DumpEntry { file: &it.file, objects: it.objects, has_managed_fields: it.has_managers }
}

fn missing<'a>(view: &InventoryView<'a>, it: &'a Missing) -> MissingEntry<'a> {
    MissingEntry { object: object(&it.object), place: place(view, &it.place) }
}

fn unmanaged<'a>(view: &InventoryView<'a>, it: &'a Unmanaged) -> UnmanagedEntry<'a> {
    UnmanagedEntry {
        object: object(&it.object),
        created: it.created.as_deref(),
        written_by: it.written_by.as_deref(),
        may_be: it.may_be.as_ref().map(|it| place(view, it)),
        stack: it.stack.as_deref(),
        adoption: &it.adoption,
    }
}

fn release(it: &UnmanagedRelease) -> ReleaseEntry<'_> {
    ReleaseEntry { namespace: &it.namespace, name: &it.name, objects: it.objects }
}

fn on_purpose(it: &OnPurpose) -> OnPurposeEntry<'_> {
    OnPurposeEntry { object: object(&it.object), reason: &it.reason }
}

fn untrusted(it: &Untrusted) -> UntrustedEntry<'_> {
    let uses = it.uses.iter().map(|it| UseEntry { object: object(&it.object), role: it.role });
    UntrustedEntry { image: &it.image, exempt: it.is_exempt, uses: uses.collect() }
}

fn pattern<'a>(view: &InventoryView<'a>, it: &'a UnusedPattern) -> PatternEntry<'a> {
    let (start, _) = view.code.positions(it.span);
    let path = &view.code.source(it.span).path;
    PatternEntry { pattern: &it.pattern, path, line: start.line, column: start.column }
}

fn counts(counts: &Counts) -> CountsEntry<'_> {
    CountsEntry {
        live: counts.live,
        declared: counts.declared,
        found: counts.found,
        unknown: counts.unknown,
        perhaps: counts.perhaps,
        not_covered: &counts.not_covered,
        made_by_others: &counts.made,
        images_of_code: counts.images_of_code,
        images_of_others: &counts.images_of_others,
        values: counts.values,
        values_unknown: counts.values_unknown,
    }
}

fn object(object: &ObjectName) -> ObjectEntry<'_> {
    let ObjectName { kind, namespace, name } = object;
    ObjectEntry { kind, namespace: namespace.as_deref(), name }
}

fn place<'a>(view: &InventoryView<'a>, place: &'a Place) -> PlaceEntry<'a> {
    let (start, _) = view.code.positions(place.span);
    PlaceEntry {
        stack: place.stack.as_deref(),
        address: &place.address,
        path: &view.code.source(place.span).path,
        line: start.line,
        column: start.column,
    }
}

fn difference<'a>(view: &InventoryView<'a>, it: &'a Difference) -> DifferenceEntry<'a> {
    let (topic, container) = match &it.topic {
        Topic::Image(container) => ("image", Some(container.as_str())),
        Topic::Parked => ("parked", None),
        Topic::Other => ("value", None),
    };
    DifferenceEntry {
        object: object(&it.object),
        place: place(view, &it.place),
        path: it.path.to_string(),
        topic,
        container,
        code: &it.want,
        live: &it.live,
        ignored: it.is_ignored,
        settled: it.is_settled(),
        cause: CauseEntry {
            actor: it.cause.actor.as_deref(),
            summary: &it.cause.summary,
            confidence: confidence_word(it.cause.confidence),
            evidence: &it.cause.evidence,
            advice: it.cause.advice.as_deref(),
        },
        dangers: it
            .dangers
            .iter()
            .map(|it| DangerEntry { risk: it.risk.word(), message: &it.message })
            .collect(),
        never_ignore: it.never_ignore.as_deref(),
    }
}
