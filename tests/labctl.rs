//! A house that shares nothing with the one that the built-in packs come from (`fixtures/repos/labctl`): with its own
//! packs and its own names, `tautline` reports what `fixtures/labctl-expected.md` lists, no more and no less.

#![expect(clippy::disallowed_methods, reason = "the test reads its page and starts the binary")]
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

mod planted;

use std::fs;
use std::process::Command;

use planted::{Row, fixture};
use serde_json::Value;

/// A diagnostic of the JSON report as a row of the page.
fn row(diagnostic: &Value) -> Row {
    let text = |name: &str| diagnostic[name].as_str().unwrap().to_owned();
    let number = |place: &str, name: &str| diagnostic[place][name].as_u64().unwrap();
    let byte = |place: &str| usize::try_from(number(place, "byte")).unwrap();
    let path = text("path");
    let source = fs::read_to_string(fixture("repos/labctl").join(&path)).unwrap();
    [
        text("rule"),
        text("severity"),
        format!("{path}:{}:{}", number("start", "line"), number("start", "column")),
        planted::underlined(&source[byte("start")..byte("end")]),
    ]
}

#[test]
fn exactly_the_planted_violations_are_reported() {
    let run = Command::new(env!("CARGO_BIN_EXE_tautline"))
        .args(["check", "--format", "json"])
        .current_dir(fixture("repos/labctl"))
        .output()
        .unwrap();
    assert_eq!(run.status.code(), Some(1), "{}", String::from_utf8_lossy(&run.stderr));
    let report: Value = serde_json::from_slice(&run.stdout).unwrap();
    assert_eq!(report["failures"], serde_json::json!([]));
    let diagnostics = report["diagnostics"].as_array().unwrap();
    planted::assert_planted("labctl-expected.md", diagnostics.iter().map(row));
}

#[test]
fn a_pack_is_on_for_mutants_that_lack_all_its_evidence() {
    let run = Command::new(env!("CARGO_BIN_EXE_tautline"))
        .args(["rules", "mutate", "--rule", "backups"])
        .current_dir(fixture("repos/labctl"))
        .output()
        .unwrap();
    let (out, err) = (String::from_utf8_lossy(&run.stdout), String::from_utf8_lossy(&run.stderr));
    assert_eq!(run.status.code(), Some(0), "{err}");
    assert!(out.lines().any(|line| line.starts_with("backups/missing-heartbeat ")), "{out}");
}
