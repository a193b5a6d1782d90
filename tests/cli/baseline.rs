//! A baseline that cannot be used, and the account of it. What is recognised is tested in `tests/baseline.rs`.

use std::fs;

use crate::repo::{Repo, Run};
use crate::since::git;

const FILE: &str = "tautline.baseline.jsonl";
const HEADER: &str = "{\"tautline_baseline\":1}\n";

/// A stack with one finding.
fn repo() -> Repo {
    Repo::new(&[("stacks/a/main.tf", "variable \"unused\" {}\n"), ("tautline.hcl", "")])
}

const RULE: [&str; 2] = ["--rule", "hygiene/unused-variable,tautline"];

fn check(repo: &Repo, arguments: &[&str]) -> Run {
    repo.check(&[&RULE, arguments].concat())
}

fn create(repo: &Repo, arguments: &[&str]) -> Run {
    repo.run_in(
        "",
        &[&["baseline", "create", "--rule", "hygiene/unused-variable"], arguments].concat(),
    )
}

#[track_caller]
fn refused(run: &Run, words: &[&str]) {
    assert_eq!(run.code, 2, "{run:?}");
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is not in {run:?}");
    }
}

#[test]
fn what_a_broken_file_hides_is_told_when_the_rest_is_recorded() {
    let repo = repo();
    repo.write("stacks/a/broken.tf", "x\n");
    repo.write("stacks/b/broken.tf", "x\n");
    let run = repo.run_in("", &["baseline", "create"]);
    let said = "`stacks/a/broken.tf` and 1 more are not valid, and what they hide is not recorded: mend it first, and record again";
    assert!(run.code == 0 && run.stdout.contains(said), "{run:?}");
}

#[test]
fn a_damaged_baseline_is_an_error_with_its_place() {
    let repo = repo();
    for (text, words) in [
        (String::new(), ["tautline.baseline.jsonl:1:1", "a baseline starts with the line"]),
        (
            format!("{HEADER}{{\"rule\":\"a/b\"\n"),
            ["tautline.baseline.jsonl:2:", "this entry cannot be read"],
        ),
        (
            format!("{HEADER}\n<<<<<<< HEAD\n"),
            ["tautline.baseline.jsonl:3:1", "left over from a merge"],
        ),
        (
            "{\"tautline_baseline\":7}\n".to_owned(),
            ["this baseline is of version 7, and this tautline reads version 1", "or a newer one"],
        ),
        (
            "{\"tautline_baseline\":7,\"sealed\":true}\n{}\n".to_owned(),
            ["this baseline is of version 7", "or a newer one"],
        ),
        (
            format!("{HEADER}{}\n", "[".repeat(1_000_000)),
            ["tautline.baseline.jsonl:2:1", "this line is no entry"],
        ),
        (
            format!("{HEADER}{{\"rule\":{}\n", "[".repeat(1_000_000)),
            ["tautline.baseline.jsonl:2:8", "this entry cannot be read"],
        ),
    ] {
        repo.write(FILE, &text);
        refused(&check(&repo, &[]), &words);
        refused(&repo.run_in("", &["baseline", "prune"]), &words);
        assert_eq!(fs::read_to_string(repo.path().join(FILE)).unwrap(), text);
        let json = check(&repo, &["--format", "json"]);
        assert!(
            json.stdout.contains("\"failures\":[{\"subject\":\"tautline.baseline.jsonl:"),
            "{json:?}"
        );
        // Whoever does not want it does not need it.
        assert_eq!(check(&repo, &["--no-baseline", "--fail-on", "info"]).code, 1);
    }
}

#[test]
fn what_editors_and_merges_make_of_it_is_read() {
    let repo = repo();
    repo.write(
        "tautline.hcl",
        "packs {\n  hygiene = \"always\"\n}\n\nrule \"hygiene/unused-variable\" {\n  severity = \"warning\"\n}\n",
    );
    assert_eq!(create(&repo, &[]).code, 0);
    let good = fs::read_to_string(repo.path().join(FILE)).unwrap();
    for text in [
        format!("\u{feff}{good}"),
        good.replace('\n', "\r\n"),
        format!("{good}\n\n"),
        good.trim_end().to_owned(),
    ] {
        repo.write(FILE, &text);
        let run = check(&repo, &["--fail-on", "info"]);
        assert_eq!(run.code, 0, "{text:?}: {run:?}");
    }
    // One that stands there twice has nothing to report the second time.
    repo.write(FILE, format!("{good}{}\n", good.lines().nth(1).unwrap()));
    let run = check(&repo, &["--format", "concise"]);
    assert!(run.stdout.contains(":3:1: warning tautline/stale-baseline"), "{run:?}");
    assert_eq!(repo.run_in("", &["baseline", "prune"]).code, 0);
    assert_eq!(fs::read_to_string(repo.path().join(FILE)).unwrap(), good);
}

#[test]
fn one_too_large_to_read_is_refused() {
    let repo = repo();
    repo.write(FILE, HEADER);
    let file = fs::OpenOptions::new().write(true).open(repo.path().join(FILE)).unwrap();
    // A line of a hundred megabytes, of which the disk keeps nothing.
    file.set_len(100 << 20).unwrap();
    for arguments in [["check"].as_slice(), &["baseline", "prune"], &["baseline", "show"]] {
        let run = repo.run_in("", arguments);
        refused(&run, &["cannot be used as a baseline: it is larger than 64 MiB"]);
    }
}

#[test]
fn what_is_no_file_of_text_is_refused() {
    let repo = repo();
    fs::create_dir(repo.path().join(FILE)).unwrap();
    refused(&check(&repo, &[]), &["cannot be used as a baseline: it is a directory"]);
    refused(&create(&repo, &["--force"]), &["cannot be used as a baseline: it is a directory"]);
    fs::remove_dir(repo.path().join(FILE)).unwrap();
    #[cfg(unix)]
    {
        repo.write("elsewhere", HEADER);
        std::os::unix::fs::symlink("elsewhere", repo.path().join(FILE)).unwrap();
        refused(&check(&repo, &[]), &["cannot be used as a baseline: it is a symbolic link"]);
        fs::remove_file(repo.path().join(FILE)).unwrap();
        // A link to itself, and by way of a directory that holds a link to itself.
        std::os::unix::fs::symlink(FILE, repo.path().join(FILE)).unwrap();
        refused(&check(&repo, &[]), &["cannot be used as a baseline: it is a symbolic link"]);
        refused(&create(&repo, &["--force"]), &["it is a symbolic link"]);
        fs::remove_file(repo.path().join(FILE)).unwrap();
        std::os::unix::fs::symlink("loop", repo.path().join("loop")).unwrap();
        repo.write("tautline.hcl", "baseline = \"loop/known.jsonl\"\n");
        refused(&check(&repo, &[]), &["loop/known.jsonl"]);
        refused(&create(&repo, &[]), &["loop/known.jsonl"]);
    }
}

#[test]
fn the_settings_may_name_another_file() {
    let repo = repo();
    repo.write("tautline.hcl", "baseline = \"tautline/known.jsonl\"\nexclude = [\"tautline\"]\n");
    refused(
        &check(&repo, &[]),
        &[
            "the baseline `tautline/known.jsonl` that tautline.hcl:1 names does not exist",
            "baseline create",
        ],
    );
    let created = create(&repo, &[]);
    assert!(
        created.stdout.starts_with("wrote tautline/known.jsonl: 1 known finding\n"),
        "{created:?}"
    );
    let run = check(&repo, &["--fail-on", "info"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains(", 1 known in 1 stack"), "{run:?}");
}

#[test]
fn what_a_sparse_checkout_leaves_out_is_there() {
    let repo = repo();
    repo.write("stacks/b/main.tf", "variable \"unused\" {}\n");
    assert_eq!(create(&repo, &[]).code, 0);
    git(repo.path(), &["init", "--quiet"]);
    git(repo.path(), &["add", "--all"]);
    git(repo.path(), &["commit", "--quiet", "--message", "a"]);
    let before = fs::read_to_string(repo.path().join(FILE)).unwrap();
    git(repo.path(), &["sparse-checkout", "set", "stacks/a"]);
    assert!(!repo.path().join("stacks/b").exists());
    let run = check(&repo, &["--fail-on", "info"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains(", 1 skipped (1 sparse)"), "{run:?}");
    let brings_back = "`git sparse-checkout add stacks/b` brings it back";
    for args in [&["--stack", "b"][..], &["--stack", "b", "--facts", "stack"], &["stacks/b"]] {
        refused(&check(&repo, args), &["this sparse checkout leaves", brings_back]);
    }
    assert_eq!(repo.run_in("", &["baseline", "prune"]).code, 0);
    assert_eq!(fs::read_to_string(repo.path().join(FILE)).unwrap(), before);
    let doctor = repo.run_in("", &["doctor"]);
    assert!(doctor.stdout.contains("this sparse checkout leaves 1 file out"), "{doctor:?}");
    refused(&create(&repo, &["--force"]), &["this sparse checkout leaves files out"]);
    // Packs may be out of sight, and are not made anew for that.
    let settings = fs::read_to_string(repo.path().join("tautline.hcl")).unwrap_or_default();
    repo.write(
        "tautline.hcl",
        "pack_dirs = [\"stacks/b\"]\npack_documents = [\"stacks/b/main.tf\"]\n",
    );
    let brings_back = ["`stacks/b` is left out of this sparse checkout", brings_back];
    refused(&check(&repo, &[]), &brings_back);
    refused(&check(&repo, &[]), &["`git sparse-checkout add stacks/b/main.tf` brings it back"]);
    repo.write("tautline.hcl", settings);
    // The evidence of a pack may lie there too, and so may what a rule about the whole repo misses.
    repo.write("tautline.hcl", "packs {\n  hygiene = true\n}\n");
    assert!(!repo.run_in("", &["doctor"]).stdout.contains("is not there"));
    assert_eq!(repo.run_in("", &["config", "show"]).code, 0);
    let run = repo.check(&["--rule", "hygiene/dead-module,hygiene/unused-variable"]);
    assert!(
        run.stdout.contains("not run, they need the whole repo: hygiene/dead-module"),
        "{run:?}"
    );
}

#[test]
fn nothing_is_recorded_where_there_is_nothing_to_check() {
    let repo = Repo::new(&[("notes.txt", "x\n")]);
    refused(&create(&repo, &[]), &["there is nothing to check here", "go to a repo's directory"]);
    assert!(!repo.path().join("tautline.baseline.jsonl").exists());
}

#[test]
fn where_nothing_can_be_written_that_is_said() {
    let repo = repo();
    repo.write("tautline.hcl", "baseline = \"stacks/a/main.tf/known.jsonl\"\n");
    refused(
        &create(&repo, &[]),
        &["`stacks/a/main.tf/known.jsonl` cannot be written: ", "can be written to"],
    );
}

/// Nobody is kept from writing who may do everything, so this holds nothing there.
#[cfg(unix)]
#[test]
fn a_read_only_checkout_keeps_what_it_has() {
    use std::os::unix::fs::PermissionsExt;

    let repo = repo();
    create(&repo, &[]);
    let before = fs::read_to_string(repo.path().join(FILE)).unwrap();
    fs::set_permissions(repo.path(), fs::Permissions::from_mode(0o555)).unwrap();
    let may_write_anyway = fs::write(repo.path().join("probe"), "").is_ok();
    let run = create(&repo, &["--force"]);
    fs::set_permissions(repo.path(), fs::Permissions::from_mode(0o755)).unwrap();
    if !may_write_anyway {
        refused(&run, &["`tautline.baseline.jsonl` cannot be written: "]);
    }
    assert_eq!(fs::read_to_string(repo.path().join(FILE)).unwrap(), before);
}

#[test]
fn a_baseline_is_not_overwritten_unasked() {
    let repo = repo();
    assert_eq!(create(&repo, &[]).code, 0);
    refused(
        &repo.run_in("", &["baseline", "create"]),
        &["is there already, nothing was written", "--force", "prune"],
    );
    refused(&create(&repo, &[]), &["has entries of `hygiene/unused-variable` already", "--force"]);
    assert_eq!(create(&repo, &["--force"]).code, 0);
}

#[test]
fn a_rule_that_is_switched_on_later_is_taken_in_alone() {
    let repo = repo();
    create(&repo, &[]);
    repo.write("stacks/a/more.tf", "variable \"new\" {}\nlocals {\n  unused = 1\n}\n");
    let added = repo.run_in("", &["baseline", "create", "--rule", "hygiene/unused-local"]);
    assert!(
        added.stdout.starts_with(
            "wrote tautline.baseline.jsonl: 1 known finding, and 1 of other rules as before\n"
        ),
        "{added:?}"
    );
    let run = repo.check(&[
        "--rule",
        "hygiene/unused-variable,hygiene/unused-local",
        "--format",
        "concise",
    ]);
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    assert!(run.stdout.starts_with("stacks/a/more.tf:1:"), "{run:?}");
}

#[test]
fn an_empty_one_is_shown_without_tables() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    assert_eq!(repo.run_in("", &["baseline", "create"]).code, 0);
    let shown = repo.run_in("", &["baseline", "show"]).stdout;
    assert_eq!(shown, "tautline.baseline.jsonl: 0 known findings, 0 of them gone\n");
}

#[test]
fn there_has_to_be_one_to_show_or_prune() {
    let repo = repo();
    for command in ["show", "prune"] {
        refused(
            &repo.run_in("", &["baseline", command]),
            &["there is no baseline `tautline.baseline.jsonl`", "baseline create"],
        );
    }
}

#[test]
fn an_entry_of_a_rule_that_is_no_more_is_stale() {
    let repo = repo();
    let line = "{\"rule\":\"no/such\",\"path\":\"a\",\"key\":\"0000000000000000-00000000-00000000-0000000000000000\"}\n";
    repo.write(FILE, format!("{HEADER}{line}"));
    let run = repo.check(&["--format", "concise"]);
    assert!(
        run.stdout.contains("tautline.baseline.jsonl:2:1: warning tautline/stale-baseline there is no rule `no/such` any more"),
        "{run:?}"
    );
    let frame = repo.check(&[]);
    assert!(frame.stdout.contains(" 2 | {\"rule\":\"no/such\","), "{frame:?}");
}
