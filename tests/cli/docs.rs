//! `docs check`: what documents say, held against the code.

use crate::repo::Repo;

const ALERTS: &str = "groups:\n  - name: backup\n    rules:\n      - alert: BackupStale\n        expr: time() - backup_last_success_timestamp > 3 * 86400\n";

fn repo(document: &str) -> Repo {
    Repo::new(&[
        ("docs/architecture/backup.md", document),
        ("stacks/monitoring/alerts.yaml", ALERTS),
        ("stacks/monitoring/main.tf", "locals {}\n"),
    ])
}

#[test]
fn what_is_wrong_gates_and_what_is_right_does_not() {
    let wrong =
        repo("It has the alert `BackupLost`, and **BackupStale**: >9d. See [it](gone.md).\n");
    let run = wrong.run_in("", &["docs", "check", "--format", "concise"]);
    assert_eq!(run.code, 1, "{run:?}");
    for expected in [
        "docs/architecture/backup.md:1:19: warning docs/unknown-alert ",
        "docs/architecture/backup.md:1:54: warning docs/other-threshold ",
        // Off in a check, and on here.
        "docs/architecture/backup.md:1:67: info docs/dead-path ",
    ] {
        assert!(run.stdout.contains(expected), "{expected} {run:?}");
    }
    let right = repo("It has the alert `BackupStale`, and **BackupStale**: >3d.\r\n");
    let run = right.run_in("", &["docs", "check", "docs"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("docs/unknown-alert"), "how many claims there were: {run:?}");
}

#[test]
fn what_cannot_be_told_is_listed_and_gates_nothing() {
    let repo = repo("It has the alert `BackupLost`.\n");
    repo.write("stacks/monitoring/alerts.yaml", "groups: [\n");
    let run = repo.run_in("", &["docs", "check", "--fail-on", "info"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("unknown[docs/unknown-alert]"), "{run:?}");
}

#[test]
fn what_is_only_worth_a_look_can_be_left_out() {
    let repo = repo("It has the alert `BackupLost`. See [it](gone.md).\n");
    let run = repo.run_in("", &["docs", "check", "--severity", "warning"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("warning[docs/unknown-alert]"), "{run:?}");
    assert!(!run.stdout.contains("info[docs/dead-path]"), "{run:?}");
    assert!(run.stdout.contains("1 warning, 1 info (1 not shown: `--severity`)"), "{run:?}");
}

#[test]
fn a_document_that_is_not_there_is_told() {
    let repo = repo("It has the alert `BackupStale`.\n");
    let nowhere = repo.run_in("", &["docs", "check", "doc"]);
    assert_eq!(nowhere.code, 2, "{nowhere:?}");
    assert!(nowhere.stderr.contains("`doc` does not exist\n  help: name documents"), "{nowhere:?}");
}

#[test]
fn fixes_can_be_taken_as_the_summary_says() {
    let repo = repo("It goes there with `vzdump-vms.timer` (daily).\n");
    repo.write("scripts/vzdump-vms.timer", "[Timer]\nOnCalendar=Sun *-*-* 01:00:00\n");
    let run = repo.run_in("", &["docs", "check"]);
    assert!(run.stdout.contains("can be fixed with `--fix --unsafe-fixes`"), "{run:?}");
    let shown = repo.run_in("", &["docs", "check", "--unsafe-fixes", "--diff"]);
    assert!(shown.stdout.contains("+It goes there with `vzdump-vms.timer` (weekly)."), "{shown:?}");
    let fixed = repo.run_in("", &["docs", "check", "--fix", "--unsafe-fixes", "docs"]);
    assert_eq!(fixed.code, 0, "{fixed:?}");
    assert_eq!(repo.run_in("", &["docs", "check"]).code, 0);
}

#[test]
fn where_no_document_is_there_is_no_table() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let run = repo.run_in("", &["docs", "check"]);
    assert!(run.stdout.contains(" rules ran, and found nothing to look at\n"), "{run:?}");
    assert!(!run.stdout.contains("suppressed"), "{run:?}");
}
