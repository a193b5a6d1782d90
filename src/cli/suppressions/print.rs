//! The list of suppressions, for people and for programs.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;

use super::delta::Delta;
use super::inventory::Item;
use crate::report::{harmless, json_line, plural};

/// The list, version 1; fields are only ever added.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    suppressions: &'a [Item],
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Since<'a>>,
}

#[derive(Serialize)]
struct Since<'a> {
    name: &'a str,
    added: &'a [Item],
    removed: &'a [Item],
}

pub(super) fn json(items: &[Item], delta: Option<&Delta>) -> String {
    let since = delta.map(|it| Since { name: &it.name, added: &it.added, removed: &it.removed });
    let document = Document { version: 1, suppressions: items, since };
    json_line(&document)
}

pub(super) fn text(items: &[Item], delta: Option<&Delta>) -> String {
    let mut out = String::new();
    if let Some(Delta { name, added, removed }) = delta {
        for (sign, items) in [('-', removed), ('+', added)] {
            for item in items {
                let _ = writeln!(out, "{sign} {}", line(item));
            }
        }
        let counts = format!("{} added, {} removed", added.len(), removed.len());
        let _ = writeln!(out, "{counts} since {}, {} in all", harmless(name), items.len());
        return out;
    }
    for item in items {
        let _ = writeln!(out, "{}", line(item));
    }
    let mut states: BTreeMap<&str, usize> = BTreeMap::new();
    for state in items.iter().filter_map(|item| item.state) {
        *states.entry(state).or_default() += 1;
    }
    let states: Vec<String> =
        states.iter().map(|(state, count)| format!("{count} {state}")).collect();
    out.push_str(&plural(items.len(), "suppression"));
    if !states.is_empty() {
        let _ = write!(out, ": {}", states.join(", "));
    }
    out.push('\n');
    out
}

/// `stacks/a/main.tf:3: used image/untrusted-registry until=2027-01-31 owner=ops -- mirrored soon`
fn line(item: &Item) -> String {
    let mut line = format!("{}:{}:", item.path, item.line);
    if let Some(state) = item.state {
        let _ = write!(line, " {state}");
    }
    let _ = write!(line, " {}", item.rule);
    if !item.paths.is_empty() {
        let _ = write!(line, " in {}", item.paths.join(", "));
    }
    if let Some(until) = &item.until {
        let _ = write!(line, " until={until}");
    }
    if let Some(owner) = &item.owner {
        let _ = write!(line, " owner={owner}");
    }
    // A comment may have several lines, and this is one.
    let reason: Vec<&str> = item.reason.split_whitespace().collect();
    let _ = write!(line, " -- {}", reason.join(" "));
    harmless(&line).into_owned()
}
