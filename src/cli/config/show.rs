//! Settings, for people and for programs.

use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

use super::origin::{Origin, Setting};
use crate::report::{harmless, json_line, plural};

/// The settings, version 1; fields are only ever added.
#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    settings: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    key: &'a str,
    value: &'a Value,
    /// `default`, `file` or `command_line`.
    source: &'static str,
    /// The line, the option, or why it is the default.
    from: &'a str,
}

pub(super) fn json(settings: &[Setting]) -> String {
    let entry = |setting: &'_ Setting| -> (&'static str, String) {
        match &setting.origin {
            Origin::Default(why) => ("default", why.clone()),
            Origin::File(place) => ("file", place.clone()),
            Origin::CommandLine(option) => ("command_line", (*option).to_owned()),
        }
    };
    let origins: Vec<(&'static str, String)> = settings.iter().map(entry).collect();
    let entries = settings.iter().zip(&origins).map(|(setting, (source, from))| Entry {
        key: &setting.key,
        value: &setting.value,
        source,
        from,
    });
    let document = Document { version: 1, settings: entries.collect() };
    json_line(&document)
}

pub(super) fn text(settings: &[Setting], all: bool) -> String {
    let mut out = String::new();
    for setting in settings.iter().filter(|setting| all || !setting.is_detail) {
        let from = match &setting.origin {
            Origin::Default(why) => format!("default: {why}"),
            Origin::File(place) => place.clone(),
            Origin::CommandLine(option) => format!("command line: {option}"),
        };
        let value: Vec<_> = setting.text.lines().map(harmless).collect();
        let (key, value, from) = (harmless(&setting.key), value.join("\n"), harmless(&from));
        let _ = writeln!(out, "{key} = {value}  # {from}");
    }
    let hidden = settings.iter().filter(|setting| setting.is_detail).count();
    if !all && hidden > 0 {
        let _ = writeln!(out, "{} not shown: `--all`", plural(hidden, "default"));
    }
    out
}
