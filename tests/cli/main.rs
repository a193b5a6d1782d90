//! End to end: the binary on repos made for the purpose.

#![expect(
    clippy::disallowed_methods,
    reason = "the tests make the repos and start the binary that checks them"
)]
#![expect(clippy::unwrap_used, reason = "what a helper cannot make is a failed test")]

mod bad_input;
mod baseline;
mod ci;
mod coverage;
mod docs;
mod document;
mod drift_state;
mod exceptions;
mod fixing;
mod formats;
mod homelab;
mod hook;
mod json_syntax;
mod learn;
mod lookup;
mod output;
mod packs;
mod patched;
mod repo;
mod scope;
mod settings;
mod since;
mod wrapper;
mod writing;

use repo::Repo;

#[test]
fn a_repo_without_a_fault_is_clean() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let run = repo.check(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("0 errors, 0 warnings, 0 infos in 1 stack, 1 file"), "{run:?}");
    assert!(run.stderr.starts_with("checked in "), "{run:?}");
}

#[test]
fn a_fault_gates() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {\n  a = \n}\n")]);
    let run = repo.check(&["--format", "concise"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(
        run.stdout.starts_with("stacks/a/main.tf:2:7: error tautline/syntax-error "),
        "{run:?}"
    );
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    assert_eq!(run.stderr, "");
}

#[test]
fn that_nothing_but_syntax_was_judged_is_said_of_broken_files_too() {
    let files = [("tautline.hcl", "packs {}\n"), ("stacks/a/main.tf", "locals {\n  a = \n}\n")];
    let broken = Repo::new(&files);
    let said = "\nno pack is on, so only syntax was judged: ";
    let run = broken.check(&[]);
    assert!(run.stdout.contains(said), "{run:?}");
    let asked = broken.check(&["--rule", "image"]);
    assert!(!asked.stdout.contains(said), "{asked:?}");
}

#[test]
fn hiding_a_diagnostic_does_not_open_the_gate() {
    let repo = Repo::new(&[("stacks/a/main.tf", "# tautline: ignore[] -- x\nlocals {}\n")]);
    assert_eq!(repo.check(&["--format", "concise"]).code, 1);
    let hidden = repo.check(&["--severity", "error", "--fail-on", "info"]);
    assert_eq!(hidden.code, 1, "{hidden:?}");
}

#[test]
fn settings_switch_and_exclude() {
    let broken = "locals {";
    let repo = Repo::new(&[
        ("stacks/a/main.tf", "locals {}\n"),
        ("stacks/b/main.tf", broken),
        ("tautline.hcl", "exclude = [\"stacks/b/**\"]\n"),
        ("other.hcl", "exclude = []\n"),
    ]);
    assert_eq!(repo.check(&[]).code, 0);
    assert_eq!(repo.check(&["--config", "other.hcl"]).code, 1);
    let missing = repo.check(&["--config", "nowhere.hcl"]);
    assert_eq!(missing.code, 2, "{missing:?}");
    assert!(missing.stderr.contains("`nowhere.hcl` does not exist"), "{missing:?}");
}

#[test]
fn a_reader_that_leaves_early_is_no_failure() {
    let broken: Vec<(String, &str)> =
        (0..300).map(|n| (format!("stacks/s{n}/main.tf"), "locals {\n  a = \n}\n")).collect();
    let files: Vec<(&str, &str)> = broken.iter().map(|(path, text)| (&**path, *text)).collect();
    let run = Repo::new(&files).check_unread(&[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(!run.stderr.contains("panic"), "{run:?}");
}

#[test]
fn colour_is_for_terminals() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {\n")]);
    let run = repo.check(&[]);
    assert!(!run.stdout.contains('\u{1b}'), "{run:?}");
}
