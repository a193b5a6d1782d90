//! Reports in files, and the format that suits where tautline runs.

use std::fs;

use serde_json::Value;

use crate::repo::Repo;

const BROKEN: &str = "locals {\n  password = \"hunter2-hunter2\" b\n}\n";

fn repo() -> Repo {
    Repo::new(&[("stacks/a/main.tf", BROKEN), ("stacks/b/main.tf", "locals {}\n")])
}

fn json(repo: &Repo, path: &str) -> Value {
    serde_json::from_str(&fs::read_to_string(repo.path().join(path)).unwrap()).unwrap()
}

/// The names in a directory.
fn names(repo: &Repo, directory: &str) -> Vec<String> {
    let entries = fs::read_dir(repo.path().join(directory)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn one_run_writes_several_reports() {
    let repo = repo();
    repo.write("out/old.json", "an old one, and a longer one than the new one will be".repeat(99));
    let run = repo.check(&[
        "--format",
        "concise",
        "--output-file",
        "sarif=out/a b.sarif",
        "--output-file",
        "json=out/old.json",
        "--output-file",
        "junit=out/junit.xml",
    ]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("stacks/a/main.tf:2:"), "{run:?}");
    assert_eq!(run.stderr, "");
    let log = json(&repo, "out/a b.sarif");
    assert_eq!(log["runs"][0]["results"][0]["ruleId"], "tautline/syntax-error");
    assert_eq!(json(&repo, "out/old.json")["version"], 1);
    assert_eq!(names(&repo, "out"), ["a b.sarif", "junit.xml", "old.json"]);
}

#[test]
fn a_report_is_the_same_every_time_and_on_stdout() {
    let repo = repo();
    for format in
        ["text", "concise", "json", "jsonl", "sarif", "gitlab", "junit", "checkstyle", "rdjson"]
    {
        let file = format!("{format}=../{format}.out");
        let run = repo.check_in("stacks/b", &["--format", format, "--output-file", &file, "../.."]);
        assert_eq!(run.code, 1, "{run:?}");
        let written = fs::read_to_string(repo.path().join("stacks").join(format!("{format}.out")));
        assert_eq!(written.unwrap(), run.stdout);
        fs::remove_file(repo.path().join("stacks").join(format!("{format}.out"))).unwrap();
    }
}

#[test]
fn a_report_is_not_judged_by_the_run_that_writes_it_anew() {
    let repo = repo();
    repo.write("tautline.hcl", "packs {\n  hygiene = \"always\"\n}\n");
    let run = |file: &str| repo.check(&["--output-file", file]);
    let (first, second) = (run("text=report.yaml"), run("text=report.yaml"));
    assert_eq!((first.code, &first.stdout), (second.code, &second.stdout));
    // It is one file more without that.
    assert_ne!(repo.check(&[]).stdout, second.stdout);
    fs::create_dir(repo.path().join(".git")).unwrap();
    let baseline = "{\"tautline_baseline\":1}\n";
    repo.write("known.jsonl", baseline);
    repo.write("scripts/plan", "#!/bin/sh\nterragrunt plan\n");
    for (file, text) in [("pack.hcl", "summary = \"x\"\n"), ("bad.hcl", ""), ("bad.md", "# x\n")] {
        repo.write(&format!("tautline/rules/own/{file}"), text);
    }
    for precious in [
        "json=stacks/a/main.tf",
        "json=tautline.hcl",
        "json=.git/config",
        "jsonl=known.jsonl",
        "text=scripts/plan",
        "markdown=tautline/rules/own/bad.md",
    ] {
        let refused = run(precious);
        assert_eq!(refused.code, 2, "{refused:?}");
        assert!(refused.stderr.contains("is no place for a report"), "{refused:?}");
    }
    assert_eq!(fs::read_to_string(repo.path().join("stacks/a/main.tf")).unwrap(), BROKEN);
    assert_eq!(fs::read_to_string(repo.path().join("known.jsonl")).unwrap(), baseline);
}

#[test]
fn no_report_says_a_secret() {
    let repo = repo();
    for format in [
        "text",
        "concise",
        "json",
        "jsonl",
        "sarif",
        "github",
        "gitlab",
        "junit",
        "checkstyle",
        "rdjson",
        "markdown",
        "agent",
    ] {
        let run = repo.check(&["--format", format, "--show-unknown"]);
        assert!(run.stdout.contains("stacks/a/main.tf"), "{format}: {run:?}");
        assert!(!run.stdout.contains("hunter2"), "{format}: {run:?}");
    }
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let repo = repo();
    repo.write("taken/x", "");
    for (file, message) in [
        ("sarif=nowhere/a.sarif", "there is no directory `nowhere`"),
        ("sarif=taken", "it is a directory"),
        ("sarif=taken/x/a.sarif", "there is no directory `taken/x`"),
        ("sarif=no where/a.sarif", "`mkdir -p 'no where'`"),
        ("a.sarif", "write the format before the file: `sarif=a.sarif`"),
        ("sarf=a.sarif", "did you mean `sarif`?"),
    ] {
        let run = repo.check(&["--output-file", file]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        assert!(run.stderr.contains(message), "{file}: {run:?}");
    }
    let twice = repo.check(&["--output-file", "json=x", "--output-file", "sarif=./x"]);
    assert_eq!(twice.code, 2, "{twice:?}");
    assert!(twice.stderr.contains("two reports: json and sarif"), "{twice:?}");
    assert!(!repo.path().join("x").exists());
}

#[cfg(target_os = "linux")]
#[test]
fn devices_and_links_are_written_to() {
    let repo = repo();
    let full = repo.check(&["--output-file", "json=/dev/full"]);
    assert_eq!(full.code, 2, "{full:?}");
    assert!(full.stderr.contains("`/dev/full` cannot be written: "), "{full:?}");
    assert_eq!(repo.check(&["--output-file", "json=/dev/null"]).code, 1);
    let link = repo.path().join("link.json");
    repo.write("real.json", "");
    std::os::unix::fs::symlink("real.json", &link).unwrap();
    assert_eq!(repo.check(&["--output-file", "json=link.json"]).code, 1);
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(json(&repo, "real.json")["version"], 1);
}

#[test]
fn a_link_to_what_is_not_there_yet_is_written_through() {
    let repo = repo();
    repo.write("out/x", "");
    let link = |target: &str, path: &str| {
        let link = repo.path().join(path);
        std::os::unix::fs::symlink(target, &link).unwrap();
        link
    };
    let links = [link("out/real.json", "one.json"), link("../one.json", "out/two.json")];
    for path in ["out/two.json", "one.json"] {
        assert_eq!(repo.check(&["--output-file", &format!("json={path}")]).code, 1);
        assert!(links.iter().all(|link| fs::symlink_metadata(link).unwrap().is_symlink()));
        assert_eq!(json(&repo, "out/real.json")["version"], 1);
        fs::remove_file(repo.path().join("out/real.json")).unwrap();
    }
    link("nowhere/a.json", "lost.json");
    link("round.json", "round.json");
    for (path, says) in
        [("lost.json", "there is no directory `nowhere`"), ("round.json", "its links lead nowhere")]
    {
        let run = repo.check(&["--output-file", &format!("json={path}")]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(says), "{run:?}");
    }
}

#[test]
fn a_run_that_failed_leaves_no_old_report() {
    let repo = repo();
    repo.write("tautline.hcl", "exlude = []\n");
    repo.write("a.sarif", "old");
    repo.write("a.txt", "old");
    let run = repo.check(&["--output-file", "sarif=a.sarif", "--output-file", "text=a.txt"]);
    assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
    let log = json(&repo, "a.sarif");
    let invocation = &log["runs"][0]["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let message = invocation["toolExecutionNotifications"][0]["message"]["text"].as_str();
    assert!(message.unwrap().starts_with("tautline.hcl:1:1: "), "{log}");
    assert_eq!(fs::read_to_string(repo.path().join("a.txt")).unwrap(), "");
}

#[test]
fn github_actions_gets_annotations_and_a_summary() {
    let repo = repo();
    repo.write("summary.md", "# before\n");
    let summary = repo.path().join("summary.md");
    let summary = summary.to_str().unwrap();
    let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", summary)];
    let run = repo.check_with(&variables, &[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.starts_with("::error file=stacks/a/main.tf,line=2,"), "{run:?}");
    assert!(run.stderr.contains("`--format github`, because GITHUB_ACTIONS is set"), "{run:?}");
    let written = fs::read_to_string(summary).unwrap();
    assert!(written.starts_with("# before\n### tautline: 1 error"), "{written}");

    let asked = repo.check_with(&variables, &["--format", "concise"]);
    assert!(asked.stdout.starts_with("stacks/a/main.tf:2:"), "{asked:?}");
    assert_eq!(asked.stderr, "");
    assert_eq!(fs::read_to_string(summary).unwrap(), written);

    let nowhere = [("GITHUB_ACTIONS", "true"), ("GITHUB_STEP_SUMMARY", "/nowhere/summary.md")];
    let run = repo.check_with(&nowhere, &[]);
    assert_eq!(run.code, 1, "the log has it all: {run:?}");
    assert!(run.stderr.contains("`/nowhere/summary.md` cannot be written"), "{run:?}");
}

#[test]
fn a_failure_is_an_annotation_too() {
    let repo = repo();
    repo.write("tautline.hcl", "exlude = []\n");
    let run = repo.check_with(&[("GITHUB_ACTIONS", "true")], &[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stdout.starts_with("::error title=tautline::tautline.hcl:1:1: "), "{run:?}");
}

#[test]
fn agents_and_gitlab_are_known() {
    let repo = repo();
    let run = repo.check_with(&[("AI_AGENT", "x"), ("GITHUB_ACTIONS", "true")], &[]);
    assert!(run.stdout.starts_with("stacks/a/main.tf:2:"), "{run:?}");
    assert!(run.stderr.contains("`--format agent`, because AI_AGENT is set"), "{run:?}");
    let run = repo.check_with(&[("GITLAB_CI", "true")], &[]);
    assert!(run.stdout.contains(",-[stacks/a/main.tf:2:"), "{run:?}");
    assert!(run.stderr.contains("--output-file gitlab="), "{run:?}");
}

#[test]
fn paths_for_ci_start_at_the_top_of_the_work_tree() {
    let repo = repo();
    git2::Repository::init(repo.path()).unwrap();
    repo.write("live/tautline.hcl", "");
    repo.write("live/stacks/c/main.tf", BROKEN);
    let run = repo.check_in("live", &["--format", "github"]);
    assert!(run.stdout.starts_with("::error file=live/stacks/c/main.tf,"), "{run:?}");
    let run = repo.check_in("live", &["--format", "concise"]);
    assert!(run.stdout.starts_with("stacks/c/main.tf:"), "{run:?}");
}
