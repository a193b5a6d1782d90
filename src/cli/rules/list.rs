//! `tautline rules list`: every rule with what the settings of the repo around make of it.

use std::fmt::Write;

use serde::Serialize;

use crate::cli::args::ListFormat;
use crate::cli::ground::Ground;
use crate::cli::trouble::Trouble;
use crate::config::meant;
use crate::report::json_line;
use crate::rule::{Pack, Rule, RuleSet};

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

/// Lists the rules of `ground`: all of them, or those that `wanted` names by their pack, their convention, or their id.
pub(in crate::cli) fn list(
    ground: &Ground,
    wanted: Option<&str>,
    format: ListFormat,
) -> Result<String, Trouble> {
    let rules = &ground.rules;
    refuse_unknown(rules, wanted)?;
    let is_wanted = |rule: &Rule| wanted.is_none_or(|wanted| is_called(rule, wanted));
    Ok(match format {
        ListFormat::Text => text(ground, &is_wanted),
        ListFormat::Json => json(rules, &is_wanted),
    })
}

/// Fails where `wanted` names no rule of `rules`.
pub(super) fn refuse_unknown(rules: &RuleSet, wanted: Option<&str>) -> Result<(), Trouble> {
    let Some(wanted) = wanted else { return Ok(()) };
    if rules.rules.iter().any(|rule| is_called(rule, wanted)) {
        return Ok(());
    }
    let packs = rules.packs.iter().map(|pack| &*pack.name);
    let known = packs.chain(rules.rules.iter().map(|rule| &*rule.id));
    let help = match meant(wanted, known) {
        Some(near) => format!("did you mean `tautline rules list {near}`?"),
        None => "`tautline rules list` shows every rule".to_owned(),
    };
    let message = format!("there is no pack, convention or rule `{wanted}`");
    Err(Trouble::new(message).help(help))
}

/// The rules of the pack or convention `name`, listed; none where there is neither.
pub(in crate::cli) fn of(ground: &Ground, name: &str) -> Option<String> {
    let is_of = |rule: &Rule| *rule.id != *name && is_called(rule, name);
    ground.rules.rules.iter().any(is_of).then(|| text(ground, &is_of))
}

/// Whether `rule` is meant by `name`: that of its pack or its convention, or its id.
pub(super) fn is_called(rule: &Rule, name: &str) -> bool {
    *rule.pack == *name || *rule.id == *name || rule.is_of_convention(name)
}

fn severity(rule: &Rule) -> &'static str {
    rule.usual_severity().word()
}

fn text(ground: &Ground, is_wanted: &dyn Fn(&Rule) -> bool) -> String {
    let rules = &ground.rules;
    // What is wrong with the settings is no reason not to list rules; and where nothing is on, that is said elsewhere.
    let on = ground.packs_on().unwrap_or_default();
    let is_off = |pack: &Pack| on.len() > 1 && !on.iter().any(|run| run.name == pack.name);
    let shown = || rules.rules.iter().filter(|rule| is_wanted(rule));
    let widest = shown().map(|rule| rule.id.len()).max().unwrap_or(0);
    let mut out = String::new();
    let is_whole = shown().count() == rules.rules.len();
    let has_one = |pack: &&Pack| is_whole || shown().any(|rule| rule.pack == pack.name);
    for pack in rules.packs.iter().filter(has_one) {
        let off = if is_off(pack) { " (off here)" } else { "" };
        let _ = writeln!(out, "{}{off}: {}", pack.name, pack.summary);
        for rule in shown().filter(|rule| rule.pack == pack.name) {
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

fn json(rules: &RuleSet, is_wanted: &dyn Fn(&Rule) -> bool) -> String {
    let entries = rules.rules.iter().filter(|rule| is_wanted(rule)).map(|rule| Entry {
        rule: &rule.id,
        pack: &rule.pack,
        convention: rule.convention.as_deref(),
        severity: severity(rule),
        enabled: rule.enabled,
        facts: rule.facts.word(),
        locked: rule.locked,
        summary: &rule.summary,
    });
    let document = Document { version: 1, rules: entries.collect() };
    json_line(&document)
}
