//! The jobs for CI systems in `docs/ci`: what they call, in which situation, with which history. tautline is a stub that writes
//! down how it was called; that it understands such calls is tested where its arguments are defined.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use saphyr_parser::Parser;

use crate::repo::{Repo, Run};

const GITHUB: &str = include_str!("../../docs/ci/github-actions.yml");
const GITLAB: &str = include_str!("../../docs/ci/gitlab-ci.yml");

fn house() -> Repo {
    let repo =
        Repo::new(&[("bin/tautline", "#!/bin/sh\nprintf '%s\\n' \"$*\" >> called\nexit 1\n")]);
    let stub = repo.path().join("bin/tautline");
    fs::set_permissions(stub, Permissions::from_mode(0o755)).unwrap();
    repo
}

fn path_with(repo: &Repo) -> String {
    format!("{}:/usr/bin:/bin", repo.path().join("bin").display())
}

/// Runs `script` in a directory of the repo; what tautline was called with, and whether its exit code is that of the stub: 1.
#[track_caller]
fn called_and_failed(script: &str, env: &[(&str, &str)]) -> (String, bool) {
    let repo = house();
    let mut command = Command::new("sh");
    command.args(["-ec", script]).current_dir(repo.path()).env("PATH", path_with(&repo));
    let run = Run::from(command.envs(env.iter().copied()).output().unwrap());
    (fs::read_to_string(repo.path().join("called")).unwrap(), run.code == 1)
}

/// What tautline was called with by a script that gates on it.
#[track_caller]
fn called(script: &str, env: &[(&str, &str)]) -> String {
    let (told, failed) = called_and_failed(script, env);
    assert!(failed, "{told}");
    told
}

#[test]
fn the_jobs_are_yaml() {
    for text in [GITHUB, GITLAB, include_str!("../../.pre-commit-hooks.yaml")] {
        let wrong = Parser::new_from_str(text).find_map(Result::err);
        assert!(wrong.is_none(), "{wrong:?}");
    }
}

#[test]
fn a_job_of_github_compares_what_the_event_is_about() {
    assert!(GITHUB.contains("fetch-depth: 0"));
    let runs = GITHUB.lines().filter_map(|line| line.trim().strip_prefix("run: tautline "));
    let runs: Vec<String> = runs.map(|arguments| format!("tautline {arguments}")).collect();
    let env = [("BASE", "origin/main"), ("BEFORE", "aaa"), ("AFTER", "bbb")];
    let told: Vec<_> = runs.iter().map(|script| called_and_failed(script, &env)).collect();
    let told: Vec<_> = told.iter().map(|(told, failed)| (told.as_str(), *failed)).collect();
    assert_eq!(
        told,
        [
            ("check --require-config --since origin/main --format github\n", true),
            ("check --require-config --range aaa..bbb --format github\n", true),
            // Alerts that an upload does not name are closed: it is of everything, and gates nothing.
            ("check --require-config --format concise --output-file sarif=tautline.sarif\n", false),
        ]
    );
    for (name, value) in [
        ("BASE", "origin/${{ github.base_ref }}"),
        ("BEFORE", "${{ github.event.before }}"),
        ("AFTER", "${{ github.sha }}"),
    ] {
        assert!(GITHUB.contains(&format!("{name}: {value}\n")), "{name}");
    }
    // What somebody else may choose, such as the name of a branch, is no part of a script.
    assert!(!runs.iter().any(|script| script.contains("${{")), "{runs:?}");
}

#[test]
fn a_job_of_gitlab_compares_what_the_pipeline_is_about() {
    assert!(GITLAB.contains("GIT_DEPTH: \"0\""));
    let (_, script) = GITLAB.split_once("    - |\n").unwrap();
    let lines = script.lines().take_while(|line| line.starts_with("      "));
    let script = lines.collect::<Vec<_>>().join("\n");
    let reports = "--format text --output-file junit=tautline.xml";
    let push = [("CI_COMMIT_BEFORE_SHA", "aaa"), ("CI_COMMIT_SHA", "bbb")];
    assert_eq!(
        called(&script, &push),
        format!("check --require-config --range aaa..bbb {reports}\n")
    );
    let merge = [push[0], push[1], ("CI_MERGE_REQUEST_DIFF_BASE_SHA", "ccc")];
    assert_eq!(called(&script, &merge), format!("check --require-config --since ccc {reports}\n"));
    // The report for the merge request is of everything, as that of the target branch is, and gates nothing.
    let (_, whole) = GITLAB.split_once("    - tautline ").unwrap();
    let whole = format!("tautline {}", whole.lines().next().unwrap());
    let report = "--format concise --output-file gitlab=gl-code-quality-report.json";
    assert_eq!(
        called_and_failed(&whole, &[]),
        (format!("check --require-config {report}\n"), false)
    );
    for report in ["codequality: gl-code-quality-report.json", "junit: tautline.xml"] {
        assert!(GITLAB.contains(report), "{report}");
    }
}

#[test]
fn the_script_compares_what_it_is_told() {
    let repo = house();
    let clone = shallow_clone(&repo);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/ci/generic.sh");
    let told = |env: &[(&str, &str)]| -> String {
        let _ = fs::remove_file(clone.join("called"));
        let mut command = Command::new(&script);
        command.current_dir(&clone).env("PATH", path_with(&repo)).envs(env.iter().copied());
        let run = Run::from(command.output().unwrap());
        assert_eq!(run.code, 1, "{run:?}");
        fs::read_to_string(clone.join("called")).unwrap()
    };
    let reports =
        "--output-file sarif=reports/tautline.sarif --output-file junit=reports/tautline.xml\n";
    let first = told(&[("SINCE", "origin/main")]);
    assert_eq!(first, format!("check --require-config --since origin/main {reports}"));
    assert!(!clone.join(".git/shallow").exists(), "the rest of the history was fetched");
    assert!(clone.join("reports").is_dir());
    let range = told(&[("BEFORE", "aaa"), ("AFTER", "bbb")]);
    assert_eq!(range, format!("check --require-config --range aaa..bbb {reports}"));
    assert_eq!(told(&[]), format!("check --require-config {reports}"));
}

/// A clone of a repo with two commits, of which it has one.
fn shallow_clone(repo: &Repo) -> PathBuf {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(["-c", "user.name=a", "-c", "user.email=a@example.org"]).args(arguments);
        let output = command.current_dir(repo.path()).output().unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
    };
    let url = format!("file://{}", repo.path().join("origin").display());
    git(&["init", "--quiet", "--initial-branch", "main", "origin"]);
    for message in ["one", "two"] {
        git(&["-C", "origin", "commit", "--quiet", "--allow-empty", "-m", message]);
    }
    git(&["clone", "--quiet", "--depth", "1", &url, "clone"]);
    repo.path().join("clone")
}
