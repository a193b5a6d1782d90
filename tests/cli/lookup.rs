//! `rules list`, `explain`, `--help`, `--version` and slips at the keyboard.

use crate::repo::{Repo, Run};

fn run(arguments: &[&str]) -> Run {
    Repo::new(&[]).run_in("", arguments)
}

#[test]
fn rules_are_listed_and_explained() {
    let text = run(&["rules", "list"]);
    assert_eq!(text.code, 0, "{text:?}");
    let json = run(&["rules", "list", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(list["version"], 1);
    let rules = list["rules"].as_array().unwrap();
    assert!(!rules.is_empty());
    for rule in rules {
        let id = rule["rule"].as_str().unwrap();
        assert!(text.stdout.contains(id), "{id}");
        // That every rule of every pack has a page is held elsewhere; here one pack is enough.
        if rule["pack"] != "tautline" {
            continue;
        }
        let page = run(&["explain", id]);
        assert_eq!(page.code, 0, "{page:?}");
        assert!(page.stdout.starts_with('#'), "{page:?}");
    }
}

#[test]
fn the_list_shows_what_the_settings_make_of_a_rule() {
    let repo = Repo::new(&[(
        "tautline.hcl",
        "rule \"tautline/unused-suppression\" {\n  severity = \"error\"\n}\n",
    )]);
    let list = repo.run_in("", &["rules", "list"]).stdout;
    let line = list.lines().find(|line| line.contains("unused-suppression")).unwrap();
    assert!(line.contains(" error "), "{line}");
}

#[test]
fn a_slip_in_a_rules_name_is_recognised() {
    for slip in ["tautline/syntax-eror", "syntax-error"] {
        let run = run(&["explain", slip]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("did you mean `tautline explain tautline/syntax-error`?"));
    }
    let lost = run(&["explain", "nothing-like-it"]);
    assert!(lost.stderr.contains("`tautline rules list`"), "{lost:?}");
}

#[test]
fn help_teaches() {
    let help = run(&["check", "--help"]);
    assert_eq!(help.code, 0);
    for part in ["Examples:", "Exit codes:", "--stack", "--fail-on", "3  nothing to check"] {
        assert!(help.stdout.contains(part), "{part}");
    }
    let version = run(&["--version"]);
    assert_eq!(version.stdout, concat!("tautline ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn wrong_arguments_are_a_failure_not_a_finding() {
    for arguments in [
        &["check", "--fial-on", "error"][..],
        &["check", "--fail-on", "fatal"],
        &["check", "--stdin"],
        &["chekc"],
        &[],
    ] {
        let run = run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert_eq!(run.stdout, "");
        assert_ne!(run.stderr, "");
    }
}
