//! `tautline rules list`: every rule with what the settings of the repo around make of it.

use std::fmt::Write;

use serde::Serialize;

use crate::cli::args::ListFormat;
use crate::rule::{Facts, Rule, RuleSet};

/// The list, version 1; fields are only ever added.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    rules: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    rule: &'a str,
    pack: &'a str,
    convention: Option<&'a str>,
    severity: &'static str,
    enabled: bool,
    facts: &'static str,
    locked: bool,
    summary: &'a str,
}

/// Lists `rules`.
pub(in crate::cli) fn list(rules: &RuleSet, format: ListFormat) -> String {
    match format {
        ListFormat::Text => text(rules),
        ListFormat::Json => json(rules),
    }
}

fn severity(rule: &Rule) -> &'static str {
    rule.override_severity.unwrap_or(rule.severity).word()
}

fn text(rules: &RuleSet) -> String {
    let widest = rules.rules.iter().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    for pack in &rules.packs {
        let _ = writeln!(out, "{}: {}", pack.name, pack.summary);
        for rule in rules.rules.iter().filter(|rule| rule.pack == pack.name) {
            let level = if rule.enabled { severity(rule) } else { "off" };
            let convention = rule.convention.as_deref().unwrap_or("");
            let _ =
                writeln!(out, "  {:widest$}  {level:7}  {convention:3}  {}", rule.id, rule.summary);
        }
        out.push('\n');
    }
    out.push_str("`tautline explain RULE` prints a rule's page\n");
    out
}

fn json(rules: &RuleSet) -> String {
    let entries = rules.rules.iter().map(|rule| Entry {
        rule: &rule.id,
        pack: &rule.pack,
        convention: rule.convention.as_deref(),
        severity: severity(rule),
        enabled: rule.enabled,
        facts: match rule.facts {
            Facts::Stack => "stack",
            Facts::Repo => "repo",
        },
        locked: rule.locked,
        summary: &rule.summary,
    });
    let document = Document { version: 1, rules: entries.collect() };
    // Every key is a string and every value a plain one, so serialising cannot fail.
    let mut out = serde_json::to_string(&document).unwrap_or_default();
    out.push('\n');
    out
}
