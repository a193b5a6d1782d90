//! `tautline rules show RULE`: one rule as it is resolved: from its entry, its pack and the settings of the repo around.

use std::fmt::Write;

use serde::Serialize;
use serde_json::Value;

use crate::cli::args::ListFormat;
use crate::cli::explain::unknown_rule;
use crate::cli::ground::Ground;
use crate::cli::trouble::Trouble;
use crate::config::{ConfigSource, Literal, LiteralKind};
use crate::diagnostic::Severity;
use crate::report::{harmless, json_line};
use crate::rule::write::{key, quoted};
use crate::rule::{self, Origin, PackFile, Rule, named};
use crate::syntax::hcl::escaped;

/// From here on a list is shown with one element per line.
const LONG: usize = 80;

/// A rule, version 1; fields are only ever added.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    rule: &'a str,
    pack: &'a str,
    convention: Option<&'a str>,
    summary: &'a str,
    severity: &'static str,
    /// The severity in its entry.
    own_severity: &'static str,
    /// Where the settings say otherwise.
    severity_set_at: Option<String>,
    /// How bad it is at least where a change adds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    added: Option<&'static str>,
    /// Whether it runs, once its pack is on, without being asked for.
    enabled: bool,
    locked: bool,
    facts: &'static str,
    reads: Vec<&'a str>,
    yields_to: Vec<&'a str>,
    /// The native check that judges, if one does.
    check: Option<String>,
    /// How a declarative rule judges: the blocks of its entry, as written.
    judges: Option<String>,
    files: Files,
    params: Vec<Param>,
    outcomes: Vec<Case<'a>>,
}

#[derive(Serialize)]
struct Files {
    /// Whether they are part of the binary; the paths are those in tautline's own sources then.
    built_in: bool,
    entry: Option<String>,
    page: Option<String>,
    pack: Option<String>,
}

/// A param that the entry uses.
#[derive(Serialize)]
struct Param {
    pack: String,
    name: String,
    value: Value,
    set_at: String,
    /// As one would write it.
    #[serde(skip)]
    text: String,
}

#[derive(Serialize)]
struct Case<'a> {
    outcome: &'a str,
    severity: &'static str,
    message: String,
    help: Option<String>,
}

/// Shows the rule `id`.
pub(in crate::cli) fn show(
    ground: &Ground,
    id: &str,
    format: ListFormat,
) -> Result<String, Trouble> {
    let Some(rule) = ground.rules.rule(id) else {
        return Err(unknown_rule("rules show", id, ground));
    };
    let document = document(ground, rule);
    Ok(match format {
        ListFormat::Text => harmless_lines(&text(&document)),
        ListFormat::Json => json_line(&document),
    })
}

fn document<'a>(ground: &'a Ground, rule: &'a Rule) -> Document<'a> {
    let set = ground.settings.rule(&rule.id);
    let file = |name: String| ground.packs.files.iter().find(|file| file.name == name);
    let path = |file: Option<&PackFile>| file.map(PackFile::path);
    let entry = file(format!("{}.hcl", rule.id));
    let named = entry.map(|entry| named(&entry.text)).unwrap_or_default();
    let outcome = |case: &'a rule::Case| Case {
        outcome: &case.outcome,
        severity: rule.severity_of(case).word(),
        message: case.message.to_string(),
        help: case.help.as_ref().map(ToString::to_string),
    };
    Document {
        version: 1,
        rule: &rule.id,
        pack: &rule.pack,
        convention: rule.convention.as_deref(),
        summary: &rule.summary,
        severity: rule.usual_severity().word(),
        own_severity: rule.severity.word(),
        severity_set_at: set.map(|set| ground.settings.place(set.level.range)),
        added: rule.added.map(Severity::word),
        enabled: rule.enabled,
        locked: rule.locked,
        facts: rule.facts.word(),
        reads: rule.reads.iter().map(globset::Glob::glob).collect(),
        yields_to: rule.yields_to.iter().map(|id| &**id).collect(),
        check: named.check,
        judges: (!named.judges.is_empty()).then_some(named.judges),
        files: Files {
            built_in: entry.is_some_and(|entry| entry.home.origin == Origin::Builtin),
            entry: path(entry),
            page: path(file(format!("{}.md", rule.id))),
            pack: path(file(format!("{}/pack.hcl", rule.pack))),
        },
        params: named.params.iter().filter_map(|name| param(ground, &rule.pack, name)).collect(),
        outcomes: rule.cases.iter().map(outcome).collect(),
    }
}

/// The param that an entry of the pack `own` writes as `written`.
fn param(ground: &Ground, own: &str, written: &str) -> Option<Param> {
    let (pack, name) = written.split_once('.').unwrap_or((own, written));
    let params = &ground.rules.pack(pack)?.params;
    let (_, value) = params.iter().find(|(known, _)| known == name)?;
    let set = ground.settings.param(pack, name).map(|set| ground.settings.place(set.value.range));
    let set_at = set.or_else(|| {
        let file = format!("{pack}/pack.hcl");
        let file = ground.packs.files.iter().find(|it| it.name == file)?;
        Some(ConfigSource::new(file.path(), &*file.text).place(value.range))
    });
    let (pack, name, text) = (pack.to_owned(), name.to_owned(), hcl(value));
    Some(Param { pack, name, value: json(value), set_at: set_at?, text })
}

fn text(shown: &Document<'_>) -> String {
    let mut out = String::new();
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(out, "  {key:11} {value}");
    };
    line("pack", shown.pack);
    line("convention", shown.convention.unwrap_or("none"));
    line("severity", &severity(shown));
    if let Some(added) = shown.added {
        line("added", &format!("{added}, at least, where a change adds it"));
    }
    line("facts", shown.facts);
    for glob in &shown.reads {
        line("reads", glob);
    }
    for winner in &shown.yields_to {
        line("yields to", winner);
    }
    if shown.locked {
        line("locked", "it cannot be suppressed or lowered");
    }
    if let Some(check) = &shown.check {
        line("check", check);
    }
    let built_in = if shown.files.built_in { " (built in)" } else { "" };
    let files = [("entry", &shown.files.entry), ("page", &shown.files.page)];
    for (key, path) in files.into_iter().chain([("pack file", &shown.files.pack)]) {
        line(key, &path.as_ref().map_or("none".to_owned(), |path| format!("{path}{built_in}")));
    }
    if let Some(judges) = &shown.judges {
        let _ = writeln!(out, "\njudges");
        let _ = writeln!(out, "  {}", judges.replace('\n', "\n  ").replace("\n  \n", "\n\n"));
    }
    for param in &shown.params {
        let _ = writeln!(out, "\nparam {}.{}: {}", param.pack, param.name, param.set_at);
        let _ = writeln!(out, "  {}", param.text.replace('\n', "\n  "));
    }
    for outcome in &shown.outcomes {
        let _ = writeln!(out, "\n{}[{}]", outcome.severity, outcome.outcome);
        let _ = writeln!(out, "  {}", typed(&outcome.message));
        if let Some(help) = &outcome.help {
            let _ = writeln!(out, "  help: {}", typed(help));
        }
    }
    format!("{}: {}\n{out}", shown.rule, shown.summary)
}

/// `template` as it stands in a heredoc of an entry: `"` and `\` are themselves there.
fn typed(template: &str) -> String {
    template.replace("${", "$${").replace("%{", "%%{")
}

/// `warning: tautline.hcl:3, error in its entry`
fn severity(shown: &Document<'_>) -> String {
    let level = if shown.enabled { shown.severity } else { "off" };
    match &shown.severity_set_at {
        Some(place) => format!("{level}: {place}, {} in its entry", shown.own_severity),
        None if shown.enabled => level.to_owned(),
        None => format!("off by default: {}", shown.severity),
    }
}

/// `literal` as one would write it.
pub(in crate::cli) fn hcl(literal: &Literal) -> String {
    match &literal.kind {
        LiteralKind::List(items) => {
            let items: Vec<String> = items.iter().map(hcl).collect();
            let line = format!("[{}]", items.join(", "));
            if line.chars().count() <= LONG {
                return line;
            }
            format!("[\n  {},\n]", items.join(",\n").replace('\n', "\n  "))
        }
        LiteralKind::Object(entries) => {
            let entries =
                entries.iter().map(|(name, _, it)| format!("{} = {}", key(name), hcl(it)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        LiteralKind::Param(name) => format!("param.{name}"),
        LiteralKind::Joined(parts) => format!("\"{}\"", joined(parts, escaped)),
        LiteralKind::String(text) => quoted(text),
        LiteralKind::Null | LiteralKind::Bool(_) | LiteralKind::Number(_) => {
            json(literal).to_string()
        }
    }
}

/// A string in `parts`, its texts written as `text` says.
fn joined(parts: &[Literal], text: impl Fn(&str) -> String) -> String {
    let shown = |part: &Literal| match &part.kind {
        LiteralKind::Param(name) => format!("${{param.{name}}}"),
        LiteralKind::String(part) => text(part),
        _ => String::new(),
    };
    parts.iter().map(shown).collect()
}

pub(in crate::cli) fn json(literal: &Literal) -> Value {
    match &literal.kind {
        LiteralKind::Null => Value::Null,
        LiteralKind::Bool(value) => Value::from(*value),
        LiteralKind::Number(value) if value.fract() == 0.0 && value.abs() < 1e15 => {
            Value::from(*value as i64)
        }
        LiteralKind::Number(value) => Value::from(*value),
        LiteralKind::String(text) | LiteralKind::Param(text) => Value::from(text.as_str()),
        LiteralKind::List(items) => items.iter().map(json).collect(),
        LiteralKind::Joined(parts) => Value::from(joined(parts, str::to_owned)),
        LiteralKind::Object(entries) => {
            entries.iter().map(|(key, _, value)| (key.to_string(), json(value))).collect()
        }
    }
}

/// The lines of `text`, each fit for a terminal.
fn harmless_lines(text: &str) -> String {
    let lines: Vec<_> = text.lines().map(harmless).collect();
    lines.join("\n") + "\n"
}
