//! Control comments, waivers and overrides: what they silence, what is said about them, and the inventory.

use std::process::Command;

use crate::repo::{Repo, Run};

const BAD: &str = "variable \"unused\" {}\n";

fn repo(settings: &str) -> Repo {
    Repo::new(&[("stacks/a/main.tf", BAD), ("stacks/b/main.tf", BAD), ("tautline.hcl", settings)])
}

fn check(repo: &Repo, arguments: &[&str]) -> Run {
    let rule = ["--rule", "hygiene/unused-variable,tautline", "--format", "concise"];
    repo.check(&[&rule, arguments].concat())
}

fn waiver(paths: &str, until: &str) -> String {
    format!(
        "waiver \"hygiene/unused-variable\" {{\n  paths  = [\"{paths}\"]\n  reason = \"read elsewhere\"\n  until  = \"{until}\"\n  owner  = \"ops\"\n}}\n"
    )
}

#[test]
fn a_waiver_excuses_its_paths() {
    let repo = repo(&waiver("stacks/a/**", "2999-01-01"));
    let run = check(&repo, &[]);
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    assert!(run.stdout.starts_with("stacks/b/main.tf:1:"), "{run:?}");
    let all = check(&repo, &["--no-suppressions"]);
    assert_eq!(all.stdout.lines().count(), 2, "{all:?}");
    let json = repo.check(&["--rule", "hygiene/unused-variable", "--format", "json"]);
    assert!(json.stdout.contains("\"diagnostics\":1,\"unknown\":0,\"suppressed\":1"), "{json:?}");
}

#[test]
fn a_waiver_that_is_pointless_is_said_in_the_settings() {
    let unused = check(&repo(&waiver("stacks/c/**", "2999-01-01")), &[]);
    assert!(
        unused.stdout.contains(
            "tautline.hcl:1:8: warning tautline/unused-suppression `hygiene/unused-variable` has nothing to report in these paths"
        ),
        "{unused:?}"
    );
    let expired = repo(&waiver("stacks/a/**", "2026-01-31"));
    let run = check(&expired, &[]);
    assert!(
        run.stdout.contains(
            "tautline.hcl:4:12: error tautline/expired-suppression this waiver ended on 2026-01-31"
        ),
        "{run:?}"
    );
    assert_eq!(run.stdout.lines().count(), 3, "{run:?}");
    // Whoever looks at one stack is not told about the settings.
    let stack = check(&expired, &["--stack", "b"]);
    assert_eq!(stack.stdout.lines().count(), 1, "{stack:?}");
}

#[test]
fn waivers_in_settings_from_elsewhere_are_judged_too() {
    let repo = repo("");
    let other = Repo::new(&[("other.hcl", &waiver("stacks/c/**", "2999-01-01"))]);
    let path = other.path().join("other.hcl");
    let run = check(&repo, &["--config", path.to_str().unwrap()]);
    assert!(run.stdout.contains("other.hcl:1:8: warning tautline/unused-suppression"), "{run:?}");
}

#[test]
fn a_waiver_names_a_rule_that_can_be_waived() {
    for (rule, words) in [
        ("hygiene/unused-varable", "did you mean `hygiene/unused-variable`?"),
        ("tautline/syntax-error", "rule `tautline/syntax-error` is locked: it cannot be waived"),
    ] {
        let run =
            check(&repo(&waiver("a", "2999-01-01").replace("hygiene/unused-variable", rule)), &[]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(words), "{run:?}");
    }
}

fn part(paths: &str, severity: &str) -> String {
    format!(
        "override {{\n  paths = [\"{paths}\"]\n  rule \"hygiene/unused-variable\" {{\n    severity = \"{severity}\"\n  }}\n}}\n"
    )
}

#[test]
fn an_override_sets_severities_for_its_paths() {
    let severities = |settings: &str| {
        let run = check(&repo(settings), &[]);
        let lines = run.stdout.lines();
        let words = lines.map(|line| line.split(' ').nth(1).unwrap().to_owned());
        (words.collect::<Vec<_>>().join(" "), run.code)
    };
    // The rule is off by default, and on for these paths alone.
    assert_eq!(severities(&part("stacks/a", "error")), ("error".to_owned(), 1));
    assert_eq!(severities(&part("stacks/a/**", "off")), ("info".to_owned(), 0));
    // The last one decides.
    let two = part("stacks/**", "off") + &part("stacks/b", "error");
    assert_eq!(severities(&two), ("error".to_owned(), 1));
}

#[test]
fn a_rule_may_be_on_for_some_paths_alone() {
    let off = "rule \"hygiene/unused-variable\" {\n  severity = \"off\"\n}\n";
    let repo = repo(&format!("packs {{\n  hygiene = true\n}}\n{off}{}", part("stacks/b", "error")));
    repo.write("scripts/tg", "TIER0_STACKS=()\n");
    let run = repo.check(&["--format", "concise"]);
    let lines: Vec<&str> =
        run.stdout.lines().filter(|line| line.contains("unused-variable")).collect();
    assert_eq!(lines.len(), 1, "{run:?}");
    assert!(lines[0].starts_with("stacks/b/main.tf:1:"), "{run:?}");
}

#[test]
fn of_a_rule_that_is_off_in_a_file_comments_are_left_alone() {
    let repo = repo(&part("stacks/a", "off"));
    repo.write(
        "stacks/a/main.tf",
        format!("# tautline: ignore[hygiene/unused-variable] -- read elsewhere\n{BAD}"),
    );
    repo.write("stacks/b/main.tf", "locals {}\n");
    let run = check(&repo, &[]);
    assert_eq!(run.stdout, "", "{run:?}");
}

#[test]
fn what_is_locked_is_not_lowered_for_some_paths() {
    let settings =
        part("stacks/a", "off").replace("hygiene/unused-variable", "tautline/syntax-error");
    let run = check(&repo(&settings), &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("is locked: it cannot be switched off"), "{run:?}");
}

#[test]
fn two_comments_on_one_node_and_one_in_a_heredoc() {
    let repo = repo("");
    repo.write(
        "stacks/a/main.tf",
        "# tautline: ignore[hygiene/unused-variable] -- read elsewhere\n\
         # tautline: ignore[hygiene/unused-variable] -- and here once more\n\
         variable \"unused\" {\n  default = <<EOT\n# tautline: ignore[hygiene/unused-variable] -- this is text\nEOT\n}\n",
    );
    let run = check(&repo, &["--stack", "a"]);
    // One of the two is enough, and the text is none.
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    assert!(run.stdout.contains(" tautline/unused-suppression "), "{run:?}");
    let list = repo.run_in("", &["suppressions", "list"]);
    assert_eq!(
        list.stdout.lines().filter(|line| line.starts_with("stacks/a/")).count(),
        2,
        "{list:?}"
    );
}

#[test]
fn the_inventory_says_what_became_of_each() {
    let repo = repo(&waiver("stacks/b", "2026-01-31"));
    repo.write(
        "stacks/a/main.tf",
        format!("# tautline: ignore[image/untrusted-registry, no/rule] until=2999-01-01 owner=ops -- why\n{BAD}"),
    );
    repo.write(
        "notes.md",
        "<!-- tautline: ignore[tautline/syntax-error] -- why\n\n  not -->\n\nA page.\n",
    );
    repo.write("run.sh", "#!/bin/sh\n# tautline: ignore[no/rule] -- a script\nrun\n");
    repo.write("ci.yaml", "steps: []  # tautline: ignore[no/rule] -- a pipeline\n");
    let list = repo.run_in("", &["suppressions", "list"]);
    assert_eq!(
        list.stdout,
        "tautline.hcl:1: expired hygiene/unused-variable in stacks/b until=2026-01-31 owner=ops -- read elsewhere\n\
         stacks/a/main.tf:1: not judged image/untrusted-registry until=2999-01-01 owner=ops -- why\n\
         ci.yaml:1: unknown rule no/rule -- a pipeline\n\
         run.sh:2: unknown rule no/rule -- a script\n\
         stacks/a/main.tf:1: unknown rule no/rule until=2999-01-01 owner=ops -- why\n\
         notes.md:1: locked rule tautline/syntax-error -- why not\n\
         6 suppressions: 1 expired, 1 locked rule, 1 not judged, 3 unknown rule\n",
        "{list:?}"
    );
    let json = repo.run_in("", &["suppressions", "list", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(
        value["suppressions"][0],
        serde_json::json!({
            "rule": "hygiene/unused-variable", "path": "tautline.hcl", "line": 1, "kind": "waiver",
            "reason": "read elsewhere", "owner": "ops", "until": "2026-01-31",
            "paths": ["stacks/b"], "state": "expired"
        })
    );
}

fn git(repo: &Repo, arguments: &[&str]) {
    let identity = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
    let status =
        Command::new("git").args(identity).args(arguments).current_dir(repo.path()).output();
    assert!(status.unwrap().status.success(), "git {arguments:?}");
}

#[test]
fn of_two_that_say_the_same_the_one_that_is_gone_is_named() {
    let (repo, comment) =
        (repo(""), format!("# tautline: ignore[hygiene/unused-variable] -- why\n{BAD}"));
    let twice = format!("{comment}\n{}", comment.replace("variable \"", "variable \"x"));
    repo.write("stacks/a/main.tf", &twice);
    git(&repo, &["init", "-q", "-b", "main"]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "-qm", "before"]);
    let second = twice.find("\n# taut").unwrap();
    repo.write("stacks/a/main.tf", &twice[second + 1..]);
    let gone = |wanted: &str| {
        let list = repo.run_in("", &["suppressions", "list", "--since", "main"]);
        assert!(list.stdout.starts_with(wanted), "{list:?}");
        assert_eq!(list.stdout.lines().count(), 2, "{list:?}");
    };
    gone("- stacks/a/main.tf:1: ");
    repo.write("stacks/a/main.tf", &twice[..second]);
    let line = twice[..=second].lines().count() + 1;
    gone(&format!("- stacks/a/main.tf:{line}: "));
}

#[test]
fn a_comment_that_comes_to_cover_other_code_is_told() {
    let rule = "hygiene/unused-variable";
    let variable = |name: &str, more: &str| format!("variable \"{name}\" {{\n{more}}}\n");
    let comment = format!("# tautline: ignore[{rule}] -- why\n");
    let (a, b) = (variable("a", ""), variable("b", ""));
    let repo = repo("");
    repo.write("stacks/a/main.tf", format!("{comment}{a}\n{b}"));
    repo.write("stacks/a/c.yaml", format!("{comment}image: c\nimage: d\n"));
    git(&repo, &["init", "-q", "-b", "main"]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "-qm", "before"]);
    let told = || {
        let list = repo.run_in("", &["suppressions", "list", "--since", "main"]);
        let lines: Vec<String> = list.stdout.lines().map(str::to_owned).collect();
        let starts = lines.iter().filter_map(|it| it.split(": ").next().map(str::to_owned));
        let starts: Vec<String> = starts.filter(|it| it.starts_with(['+', '-'])).collect();
        starts.join(" ")
    };
    // What moves with its code, and what is edited where it stands, is the same.
    repo.write("stacks/a/main.tf", format!("{b}\n{comment}{a}"));
    assert_eq!(told(), "");
    repo.write("stacks/a/main.tf", format!("{comment}{}\n{b}", variable("a", "  default = 1\n")));
    repo.write("stacks/a/c.yaml", format!("{comment}image: e\nimage: d\n"));
    assert_eq!(told(), "");
    repo.write("stacks/a/c.yaml", format!("image: c\n{comment}image: d\n"));
    repo.write("stacks/a/main.tf", format!("{a}\n{comment}{b}"));
    let expected =
        "- stacks/a/c.yaml:1 - stacks/a/main.tf:1 + stacks/a/c.yaml:2 + stacks/a/main.tf:4";
    let mut lines: Vec<String> = told().split(" - ").map(str::to_owned).collect();
    lines.sort();
    let mut wanted: Vec<String> = expected.split(" - ").map(str::to_owned).collect();
    wanted.sort();
    assert_eq!(lines, wanted);
}

#[test]
fn a_change_is_told_by_what_it_adds_and_removes() {
    let comment =
        |reason: &str| format!("# tautline: ignore[hygiene/unused-variable] -- {reason}\n{BAD}");
    let repo = repo("");
    repo.write("stacks/a/main.tf", comment("stays"));
    repo.write("stacks/b/main.tf", comment("goes"));
    git(&repo, &["init", "-q", "-b", "main"]);
    git(&repo, &["add", "."]);
    git(&repo, &["commit", "-qm", "before"]);
    git(&repo, &["checkout", "-qb", "topic"]);
    repo.write("stacks/a/main.tf", format!("# moved down\n\n{}", comment("stays")));
    repo.write("stacks/b/main.tf", comment("comes"));
    repo.write("tautline.hcl", waiver("stacks/c", "2999-01-01"));
    let list = repo.run_in("", &["suppressions", "list", "--since", "main"]);
    let lines: Vec<&str> = list.stdout.lines().collect();
    assert_eq!(lines.len(), 4, "{list:?}");
    assert_eq!(lines[0], "- stacks/b/main.tf:1: hygiene/unused-variable -- goes");
    assert!(
        lines[1].starts_with("+ stacks/b/main.tf:1: ") && lines[1].ends_with(" -- comes"),
        "{list:?}"
    );
    assert!(
        lines[2].starts_with("+ tautline.hcl:1: ") && lines[2].contains(" in stacks/c "),
        "{list:?}"
    );
    assert!(lines[3].starts_with("2 added, 1 removed since `main`"), "{list:?}");
    let nowhere = repo.run_in("", &["suppressions", "list", "--since", "nowhere"]);
    assert_eq!(nowhere.code, 2, "{nowhere:?}");
}

#[test]
fn a_control_comment_in_capitals_is_no_silence() {
    let comment = "# Tautline: ignore[image/floating-tag] -- x\n";
    let repo = Repo::new(&[("stacks/a/main.tf", comment), ("a.sh", comment)]);
    let run = repo.check(&["--format", "concise"]);
    let said = "error tautline/malformed-suppression a control comment starts with `tautline:`\n";
    assert_eq!(run.stdout.matches(said).count(), 2, "{run:?}");
}
