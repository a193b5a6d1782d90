//! For programs: every rule that ran, and the few fields of a badge.

use serde::Serialize;
use serde_json::json;

use super::super::json_line;
use super::{Counts, CoverageView, percent};

/// Version 1; fields are only ever added.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    /// What `before` is about.
    since: Option<&'a str>,
    all: Numbers,
    all_before: Option<Numbers>,
    rules: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    convention: Option<&'a str>,
    severity: &'static str,
    summary: &'a str,
    now: Numbers,
    before: Option<Numbers>,
}

#[derive(Serialize)]
struct Numbers {
    sites: usize,
    kept: usize,
    open: usize,
    known: usize,
    silenced: usize,
    unknown: usize,
}

impl From<Counts> for Numbers {
    fn from(counts: Counts) -> Self {
        let kept = counts.kept();
        let Counts { sites, open, known, silenced, unknown } = counts;
        Numbers { sites, kept, open, known, silenced, unknown }
    }
}

/// Every rule that ran, also those that looked at nothing.
pub fn json(view: &CoverageView<'_>) -> String {
    let rules = view.coverage.rules.iter().map(|it| Entry {
        rule: &it.run.rule,
        convention: it.run.convention.as_deref(),
        severity: it.run.severity.word(),
        summary: &it.run.summary,
        now: it.now.into(),
        before: it.before.map(Numbers::from),
    });
    json_line(&Document {
        version: 1,
        since: view.coverage.since.as_deref(),
        all: view.now().into(),
        all_before: view.before().map(Numbers::from),
        rules: rules.collect(),
    })
}

/// What a service that draws badges from a URL takes: the schema of Shields' endpoint.
pub fn badge(view: &CoverageView<'_>) -> String {
    let now = view.now();
    let color = match now.per_mille() {
        _ if now.open == 0 => "brightgreen",
        Some(990..) => "green",
        Some(900..) => "yellow",
        _ => "orange",
    };
    let message = match now.per_mille() {
        Some(_) => format!("{} kept", percent(now)),
        None => "nothing to keep".to_owned(),
    };
    json_line(&json!({
        "schemaVersion": 1,
        "label": "conventions",
        "message": message,
        "color": color,
    }))
}
