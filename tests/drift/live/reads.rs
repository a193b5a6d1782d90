//! What tautline makes of a record: the status of the stack, and the class of everything that differs.

use std::fmt::Write as _;

use tautline::drift::read::{self, Input};
use tautline::drift::{Measured, Shown};

/// ```text
/// drift
/// out_of_band update kubernetes_config_map.settings
///   out_of_band data.mode: "slow", live "fast", wanted "slow"
/// ```
pub(crate) fn reads(name: &str, text: &str) -> Vec<String> {
    let measured = measured(name, text.as_bytes());
    let mut lines = vec![word(&measured.status)];
    for change in &measured.changes {
        let mut line =
            format!("{} {} {}", word(&change.class), word(&change.action), change.address);
        if change.deposed.is_some() {
            line.push_str(" deposed");
        }
        if let Some(previous) = &change.previous {
            let _ = write!(line, " from {previous}");
        }
        if let Some(id) = &change.import_id {
            let _ = write!(line, " importing {id}");
        }
        lines.push(line);
        for value in &change.attributes {
            let forces = if value.forces_replacement { ", which replaces it" } else { "" };
            lines.push(format!(
                "  {} {}: {}, live {}, wanted {}{forces}",
                word(&value.class),
                value.path,
                shown(&value.base),
                shown(&value.live),
                shown(&value.want),
            ));
        }
    }
    lines.extend(measured.outputs.iter().map(|output| format!("output {}", output.name)));
    lines.extend(measured.checks.iter().map(|check| format!("check {}", check.address)));
    lines.extend(measured.problems.iter().map(|problem| {
        let place = problem.place.as_ref().map(|(file, line)| format!(" at {file}:{line}"));
        format!("problem {}{}", problem.summary, place.unwrap_or_default())
    }));
    lines
}

pub(crate) fn measured(name: &str, bytes: &[u8]) -> Measured {
    match read::read(name, bytes) {
        Input::Measured(measured) => *measured,
        other => panic!("{name}: {other:?}"),
    }
}

fn word(value: &impl serde::Serialize) -> String {
    let value = serde_json::to_value(value).expect("a word can be written");
    value.as_str().expect("a word is a text").to_owned()
}

fn shown(value: &Shown) -> String {
    match value {
        Shown::Absent => "absent".to_owned(),
        Shown::Unknown => "unknown".to_owned(),
        Shown::Hidden => "hidden".to_owned(),
        Shown::Value(value) => value.to_string(),
    }
}
