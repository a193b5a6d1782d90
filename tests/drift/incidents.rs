//! Seven nights that really were, with other names (`fixtures/drift/incidents/`): what `tautline drift report` says of the
//! plans of each is the verdict in its `expected.md`, the whole verdict and nothing else.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value as Json;

/// Where the verdict stands in `expected.md`.
const FENCE: &str = "```verdict\n";

fn incident(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drift/incidents").join(name)
}

/// What the program prints of the plans of `directory`, in `format`, and its exit code.
fn report(directory: &Path, format: &str) -> (Option<i32>, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_tautline"))
        .args(["drift", "report", "plans", "--repo", "repo", "--format", format])
        .current_dir(directory)
        .env_clear()
        .env("PATH", env::var_os("PATH").unwrap_or_default())
        .output()
        .expect("the program can be started");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(!errors.contains("error"), "{errors}");
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The verdict of a report, line by line: everything that somebody would act on.
fn verdict(exit: Option<i32>, report: &Json) -> Vec<String> {
    let mut lines = vec![format!("exit {}", exit.expect("the program ends by itself"))];
    for stack in list(&report["stacks"]) {
        lines.push(format!("stack {}: {}", text(&stack["stack"]), text(&stack["status"])));
    }
    for note in list(&report["notes"]) {
        let stacks: Vec<&str> = list(&note["stacks"]).iter().map(text).collect();
        lines.push(format!("note {}: {}", text(&note["kind"]), stacks.join(", ")));
    }
    for group in list(&report["causes"]) {
        lines.push(format!(
            "cause {}: {}, {} stacks, {} findings",
            actor(&group["cause"]),
            text(&group["class"]),
            list(&group["stacks"]).len(),
            list(&group["findings"]).len(),
        ));
    }
    lines.extend(list(&report["findings"]).iter().flat_map(finding));
    lines.extend(edits(report).iter().map(|((file, line, _), text)| {
        let words: Vec<&str> = text.split_whitespace().collect();
        format!("edit {file}:{line}: `{}`", words.join(" "))
    }));
    for unread in list(&report["unread"]) {
        lines.push(format!("unread {}", text(&unread["file"])));
    }
    lines
}

/// What it is, and below it who did it and what to write.
fn finding(finding: &Json) -> [String; 2] {
    let path = finding["path"].as_str().unwrap_or("as a whole");
    let mut what = format!(
        "finding {} {} {path}: {}",
        text(&finding["stack"]),
        text(&finding["address"]),
        text(&finding["class"]),
    );
    for danger in list(&finding["dangers"]) {
        let _ = write!(what, ", {}", text(&danger["risk"]));
    }
    let place = &finding["place"];
    if place.is_object() {
        let _ = write!(what, ", {}:{}", text(&place["file"]), place["start"]["line"]);
    }
    let mut who = format!("by {}", actor(&finding["cause"]));
    for edit in list(&finding["fix"]["edits"]) {
        let _ = write!(who, ", edit at {}:{}", text(&edit["file"]), edit["start"]["line"]);
    }
    [what, who]
}

/// What is to be written where: file, line, and the bytes that are replaced. Findings share edits, but no two edits touch
/// each other: whoever makes them all has what he wants.
fn edits(report: &Json) -> BTreeMap<(&str, u64, [u64; 2]), &str> {
    let mut edits = BTreeMap::new();
    for finding in list(&report["findings"]) {
        for edit in list(&finding["fix"]["edits"]) {
            let number = |value: &Json| value.as_u64().expect("a number");
            let bytes = [number(&edit["start"]["byte"]), number(&edit["end"]["byte"])];
            let place = (text(&edit["file"]), number(&edit["start"]["line"]), bytes);
            let known = edits.insert(place, text(&edit["text"]));
            assert!(known.is_none_or(|known| known == text(&edit["text"])), "{finding}");
        }
    }
    let places: Vec<_> = edits.keys().collect();
    for (one, next) in places.iter().zip(places.iter().skip(1)) {
        assert!(one.0 != next.0 || one.2[1] < next.2[0], "{one:?} and {next:?}");
    }
    edits
}

fn actor(cause: &Json) -> &str {
    cause["actor"].as_str().unwrap_or("nobody known")
}

fn list(value: &Json) -> &[Json] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

fn text(value: &Json) -> &str {
    value.as_str().unwrap_or_default()
}

/// Holds the verdict on `name` against `expected.md`. A kind of line that it does not mention is not compared.
fn hold(name: &str) {
    let directory = incident(name);
    let page = fs::read_to_string(directory.join("expected.md")).expect("there is a verdict");
    let (_, rest) = page.split_once(FENCE).expect("the verdict is in a fence");
    let (expected, _) = rest.split_once("```").expect("the fence ends");
    let word = |line: &str| line.split(' ').next().unwrap_or_default().to_owned();
    let words: BTreeSet<String> = expected.lines().map(word).collect();
    let (exit, printed) = report(&directory, "json");
    let report: Json = serde_json::from_str(&printed).expect("the report is JSON");
    let found: Vec<String> = verdict(exit, &report)
        .into_iter()
        .filter(|line| words.contains(&word(line)) || matches!(&*word(line), "note" | "unread"))
        .collect();
    let found = found.join("\n") + "\n";
    assert!(found == expected, "{name}: found\n{found}\nand not\n{expected}");
}

#[test]
fn renewed_certificate() {
    hold("renewed-certificate");
}

#[test]
fn dead_backend() {
    hold("dead-backend");
}

#[test]
fn controllers() {
    hold("controllers");
}

#[test]
fn second_container() {
    hold("second-container");
}

#[test]
fn swapped_images() {
    hold("swapped-images");
}

#[test]
fn tunnel_fix() {
    hold("tunnel-fix");
}

#[test]
fn standing_noise() {
    hold("standing-noise");
}

/// The certificates, keys and passwords of the fixtures hold a word that no format may print.
#[test]
fn no_format_prints_a_secret() {
    for name in ["renewed-certificate", "standing-noise"] {
        for format in ["text", "json", "markdown", "slack", "sarif", "openmetrics", "html"] {
            let (_, printed) = report(&incident(name), format);
            assert!(!printed.is_empty(), "{name} as {format}");
            assert!(!printed.contains("canary"), "{name} as {format}");
        }
    }
}

/// The plans of some nights, held against the rules about plans as a gate would.
#[test]
fn rules_judge_what_plans_would_change() {
    let check = |name: &str, more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tautline"))
            .args(["check", "--plan", "../plans", "--format", "concise"])
            .args(more)
            .current_dir(incident(name).join("repo"))
            .env_clear()
            .output()
            .expect("the program can be started");
        let said = [&*output.stdout, &*output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    let (exit, said) = check("controllers", &["--rule", "plans"]);
    assert_eq!(exit, Some(1), "{said}");
    for line in [
        "stacks/jobs/main.tf:7:1: error plans/reruns-job ",
        "stacks/media/main.tf:22:9: error plans/storage-refuses ",
        "stacks/shop/main.tf:21:11: error plans/downgrade ",
    ] {
        assert!(said.contains(line), "{line}\n{said}");
    }
    let (exit, said) = check("tunnel-fix", &["--rule", "plans/undoes-live-change"]);
    assert_eq!(
        (exit, said.matches("warning plans/undoes-live-change").count()),
        (Some(0), 2),
        "{said}"
    );
    // A gate that nobody keeps says so.
    let (exit, said) = check("tunnel-fix", &[]);
    assert_eq!(exit, Some(2), "{said}");
    assert!(said.contains("no rule that is on judges plans"), "{said}");
}

/// A plan that neither its name nor its content tells the stack of.
#[test]
fn a_gate_with_one_plan_and_one_stack_takes_them_together() {
    let plan =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drift/golden/truth/out-of-band.json");
    let check = |more: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_tautline"))
            .args(["check", "--rule", "plans", "--format", "concise", "--plan"])
            .arg(&plan)
            .args(more)
            .current_dir(incident("controllers").join("repo"))
            .env_clear()
            .output()
            .expect("the program can be started");
        let said = [&*output.stdout, &*output.stderr].concat();
        (output.status.code(), String::from_utf8_lossy(&said).into_owned())
    };
    let (exit, said) = check(&["--stack", "shop"]);
    assert_eq!(exit, Some(0), "{said}");
    assert!(said.contains("warning plans/undoes-live-change"), "{said}");
    let (exit, said) = check(&[]);
    assert_eq!(exit, Some(2), "{said}");
    assert!(said.contains("`--stack NAME` says which stack one file is about"), "{said}");
}
