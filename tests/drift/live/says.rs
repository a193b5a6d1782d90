//! What Terraform says in a plan, line by line, so that a test can state it whole.
//!
//! ```text
//! drift update kubernetes_config_map.settings
//!   data.mode: "slow" -> "fast"
//! change update kubernetes_config_map.settings
//!   data.mode: "fast" -> "slow"
//! ```

use serde_json::Value as Json;
use std::fmt::Write as _;

/// Counters that an API server moves with each edit: in every drift, and never stated.
const COUNTERS: [&str; 2] = ["metadata[0].generation", "metadata[0].resource_version"];

pub(crate) fn says(plan: &Json) -> Vec<String> {
    let mut lines = Vec::new();
    if plan["errored"] == true {
        lines.push("errored".to_owned());
    }
    for entry in list(&plan["resource_drift"]) {
        resource("drift", entry, &mut lines);
    }
    for entry in list(&plan["resource_changes"]) {
        resource("change", entry, &mut lines);
    }
    for (name, change) in plan["output_changes"].as_object().into_iter().flatten() {
        let actions = actions(change);
        if actions != "no-op" {
            lines.push(format!("output {actions} {name}"));
        }
    }
    for check in list(&plan["checks"]) {
        if check["status"] != "pass" {
            lines.push(format!(
                "check {} {}",
                text(&check["status"]),
                text(&check["address"]["to_display"])
            ));
        }
    }
    lines
}

/// What Terraform says went wrong, in the messages of `-json`.
pub(crate) fn complains(stream: &str) -> Vec<String> {
    let messages = stream.lines().filter_map(|line| serde_json::from_str::<Json>(line).ok());
    messages
        .filter(|message| message["type"] == "diagnostic")
        .map(|message| {
            let said = &message["diagnostic"];
            let range = &said["range"];
            let place = match range["filename"].as_str() {
                Some(file) => format!(" at {file}:{}", range["start"]["line"]),
                None => String::new(),
            };
            format!("{} {}{place}", text(&said["severity"]), text(&said["summary"]))
        })
        .collect()
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}

fn actions(change: &Json) -> String {
    list(&change["actions"]).iter().map(text).collect::<Vec<_>>().join(",")
}

fn resource(word: &str, entry: &Json, lines: &mut Vec<String>) {
    let change = &entry["change"];
    let mut line = format!("{word} {} {}", actions(change), text(&entry["address"]));
    let plain = line.len();
    if let Some(key) = entry["deposed"].as_str() {
        assert_eq!(key.len(), 8);
        line.push_str(" deposed");
    }
    if let Some(previous) = entry["previous_address"].as_str() {
        let _ = write!(line, " from {previous}");
    }
    if let Some(id) = change["importing"]["id"].as_str() {
        let _ = write!(line, " importing {id}");
    }
    if change["generated_config"].is_string() {
        line.push_str(" generated");
    }
    if actions(change) == "no-op" && line.len() == plain {
        return;
    }
    if let Some(reason) = entry["action_reason"].as_str() {
        let _ = write!(line, " ({reason})");
    }
    lines.push(line);
    let mut path = String::new();
    if !change["before"].is_null() && !change["after"].is_null() {
        compare(&change["before"], &change["after"], &change["after_unknown"], &mut path, lines);
    }
    for path in list(&change["replace_paths"]) {
        let mut written = String::new();
        for step in list(path) {
            push(&mut written, step);
        }
        lines.push(format!("  replaced because of {written}"));
    }
}

fn push(path: &mut String, step: &Json) {
    let is_name = |name: &&str| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match step.as_str().filter(is_name) {
        Some(name) if path.is_empty() => path.push_str(name),
        Some(name) => path.extend([".", name]),
        None => path.extend(["[", &step.to_string(), "]"]),
    }
}

fn compare(
    before: &Json,
    after: &Json,
    unknown: &Json,
    path: &mut String,
    lines: &mut Vec<String>,
) {
    let whole = path.len();
    let mut at = |step: Json, before: &Json, after: &Json, unknown: &Json| {
        push(path, &step);
        compare(before, after, unknown, path, lines);
        path.truncate(whole);
    };
    match (before, after) {
        (Json::Object(old), Json::Object(new)) => {
            let mut names: Vec<&String> = old.keys().chain(new.keys()).collect();
            names.sort();
            names.dedup();
            for name in names {
                at(name.as_str().into(), &before[name], &after[name], &unknown[name]);
            }
        }
        (Json::Array(old), Json::Array(new)) if old.len() == new.len() => {
            for (index, (old, new)) in old.iter().zip(new).enumerate() {
                at(index.into(), old, new, &unknown[index]);
            }
        }
        _ if *unknown == true => lines.push(format!("  {path}: {before} -> unknown")),
        _ if before == after || COUNTERS.contains(&path.as_str()) => {}
        _ => lines.push(format!("  {path}: {before} -> {after}")),
    }
}
