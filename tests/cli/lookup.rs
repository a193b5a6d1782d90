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

#[test]
fn a_line_is_explained_for_all_rules_or_for_one() {
    let page = "Vault rotates passwords every week. MySQL: wiki, forum.\n";
    let repo = Repo::new(&[
        ("tautline.hcl", "packs {\n  docs = \"always\"\n}\n"),
        ("docs/architecture/databases.md", page),
    ]);
    let at = ["explain", "--at", "docs/architecture/databases.md:1"];
    let about = |rule| repo.run_in("", &[at.as_slice(), &[rule]].concat());
    let all = repo.run_in("", &at).stdout;
    assert!(all.contains("\ndocs/unknown-rotated-user D03: reported\n"), "{all}");
    assert!(all.contains("\nNo other rule looks at anything here"), "{all}");
    let one = about("docs/unknown-rotated-user").stdout;
    let beginning = "docs/architecture/databases.md:1\n\ndocs/unknown-rotated-user D03: reported\n";
    assert!(one.starts_with(beginning), "{one}");
    assert_eq!(one.matches("\ndocs/un").count(), 1, "{one}");
    let none = about("docs/unknown-alert").stdout;
    assert!(none.ends_with("\ndocs/unknown-alert looks at nothing here\n"), "{none}");
    let slip = about("docs/unknown-rotated-usr");
    assert_eq!(slip.code, 2, "{slip:?}");
    let help = "did you mean `tautline explain docs/unknown-rotated-user`?";
    assert!(slip.stderr.contains(help), "{slip:?}");
}

#[test]
fn a_pack_or_a_convention_leads_to_its_rules() {
    let listed = run(&["explain", "scaling"]).stdout;
    assert!(
        listed.starts_with("scaling: ") && listed.contains("  scaling/must-not-park "),
        "{listed}"
    );
    assert!(!listed.contains("kyverno/"), "{listed}");
    assert_eq!(run(&["rules", "list", "scaling"]).stdout, listed);
    let convention = run(&["explain", "c17"]).stdout;
    assert!(convention.contains("  scaling/must-not-park ") && convention.contains(" C17 "));
    assert_eq!(run(&["rules", "list", "scaling/must-not-park"]).stdout.matches(" C17 ").count(), 1);
    assert!(
        run(&["explain", "scalin"]).stderr.contains("did you mean `tautline explain scaling`?")
    );
    let slip = run(&["rules", "list", "scalin"]);
    assert_eq!(slip.code, 2, "{slip:?}");
    assert!(slip.stderr.contains("did you mean `tautline rules list scaling`?"), "{slip:?}");
}

#[test]
fn a_page_has_its_cases_where_they_are_wanted() {
    let page = run(&["explain", "image/floating-tag"]).stdout;
    assert!(page.contains("\n## Why\n") && !page.contains("\n## Cases\n"), "{page}");
    assert!(page.ends_with("\n`tautline explain --cases image/floating-tag` shows its examples\n"));
    let whole = run(&["explain", "--cases", "image/floating-tag"]).stdout;
    assert!(whole.contains("\n## Cases\n") && whole.contains("```hcl path="), "{whole}");
}

#[test]
fn a_rule_is_recognised_without_its_pack_wherever_one_is_named() {
    let repo = Repo::new(&[("main.tf", "locals {}\n")]);
    let slip = repo.check(&["--rule", "floating-tag"]);
    assert_eq!(slip.code, 2, "{slip:?}");
    assert!(slip.stderr.contains("image/floating-tag"), "{slip:?}");
}
