//! What is reported: paths, stacks, the working directory, a buffer.

use crate::repo::Repo;

const BROKEN: &str = "locals {\n  a = \n}\n";

/// Three stacks and a module, each with one fault.
fn repo() -> Repo {
    Repo::new(&[
        ("stacks/a/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\nlocals { a = }\n"),
        ("stacks/a/deep/er/extra.tf", BROKEN),
        ("stacks/b/main.tf", BROKEN),
        ("stacks/long-name/main.tf", BROKEN),
        ("modules/m/main.tf", BROKEN),
        ("terragrunt.hcl", "inputs = {}\n"),
    ])
}

fn reported(stdout: &str) -> Vec<&str> {
    let mut paths: Vec<&str> = stdout.lines().map(|line| line.split(':').next().unwrap()).collect();
    paths.dedup();
    paths
}

#[track_caller]
fn expect(directory: &str, arguments: &[&str], paths: &[&str]) {
    let run = repo().check_in(directory, &[&["--format", "concise"], arguments].concat());
    assert_eq!(reported(&run.stdout), paths, "{run:?}");
    assert_eq!(run.code, i32::from(!paths.is_empty()), "{run:?}");
}

const A: [&str; 2] = ["stacks/a/deep/er/extra.tf", "stacks/a/main.tf"];

#[test]
fn the_root_means_everything() {
    let all = [
        "modules/m/main.tf",
        "stacks/a/deep/er/extra.tf",
        "stacks/a/main.tf",
        "stacks/b/main.tf",
        "stacks/long-name/main.tf",
    ];
    expect("", &[], &all);
    expect("", &["."], &all);
    expect("stacks/a", &["../.."], &all);
}

#[test]
fn anywhere_inside_a_stack_means_the_stack() {
    expect("stacks/a", &[], &A);
    expect("stacks/a/deep/er", &[], &A);
}

#[test]
fn a_directory_between_root_and_stacks_means_what_is_below_it() {
    expect("modules", &[], &["modules/m/main.tf"]);
}

#[test]
fn a_typed_path_means_that_path() {
    expect("stacks/a", &["."], &A);
    expect("stacks/a/deep", &["."], &A[..1]);
    expect("", &["stacks/b", "modules/m/main.tf"], &["modules/m/main.tf", "stacks/b/main.tf"]);
    expect("", &["terragrunt.hcl"], &[]);
}

#[test]
fn a_stack_is_named_by_its_directory() {
    expect("", &["--stack", "a"], &A);
    expect("", &["--stack", "stacks/a/"], &A);
    expect("stacks/b", &["--stack", "a,long-name"], &[A[0], A[1], "stacks/long-name/main.tf"]);
}

#[test]
fn a_stack_that_is_not_there_is_a_failure_that_names_the_likely_one() {
    for facts in ["repo", "stack"] {
        let run = repo().check(&["--stack", "long-nam", "--facts", facts]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("there is no stack `long-nam`"), "{run:?}");
        assert!(run.stderr.contains("did you mean `long-name`?"), "{run:?}");
    }
}

#[test]
fn a_rule_that_is_not_there_is_a_failure_that_names_the_likely_one() {
    let run = repo().check(&["--rule", "tautline/sintax-error"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("did you mean `tautline/syntax-error`?"), "{run:?}");
}

#[test]
fn a_path_outside_the_root_is_a_failure() {
    let other = Repo::new(&[("main.tf", "")]);
    let outside = other.path().to_string_lossy();
    let run = repo().check(&["stacks/a", &outside]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("lies outside the root"), "{run:?}");
}

#[test]
fn facts_of_a_stack_are_loaded_without_the_rest() {
    let run = repo().check(&["--stack", "a", "--facts", "stack"]);
    assert_eq!(run.code, 1, "{run:?}");
    // The stack's two files, the module it calls, and the root's configuration.
    assert!(run.stdout.contains(" in 1 stack, 4 files"), "{run:?}");
    let here = repo().check_in("stacks/a/deep", &["--facts", "stack"]);
    assert_eq!(here.stdout, run.stdout);
}

#[test]
fn facts_of_a_stack_are_whatever_its_code_reaches() {
    let unit = r#"
include "root" { path = find_in_parent_folders() }
include "common" { path = "../common.hcl" }
terraform { source = "../../modules/outer" }
"#;
    let root = r#"
terraform {
  extra_arguments "shared" {
    required_var_files = ["${get_repo_root()}/shared/all.tfvars"]
  }
}
"#;
    let repo = Repo::new(&[
        ("terragrunt.hcl", root),
        ("shared/all.tfvars", "a = 1\n"),
        ("shared/other.tfvars", "b = 1\n"),
        ("stacks/common.hcl", "inputs = {}\n"),
        ("stacks/a/terragrunt.hcl", unit),
        ("stacks/b/main.tf", BROKEN),
        ("modules/outer/main.tf", "module \"i\" {\n  source = \"../inner\"\n}\n"),
        ("modules/inner/main.tf", "module \"o\" {\n  source = \"../outer\"\n}\n"),
        ("modules/unused/main.tf", BROKEN),
    ]);
    let run = repo.check(&["--stack", "a", "--facts", "stack"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains(" in 1 stack, 6 files: 6 parsed"), "{run:?}");
}

#[test]
fn facts_of_a_plain_directory() {
    let repo = Repo::new(&[("main.tf", BROKEN), ("sub/main.tf", "locals {}\n")]);
    let run = repo.check_in("sub", &["--facts", "stack"]);
    // Without git or a marker the directory is its own root.
    assert_eq!(run.code, 0, "{run:?}");
    let run = repo.check(&["sub", "--facts", "stack"]);
    assert_eq!(run.code, 0, "{run:?}");
}

#[test]
fn facts_of_a_stack_need_a_stack() {
    let run = repo().check(&["--facts", "stack"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("--stack NAME"), "{run:?}");
}

#[test]
fn a_buffer_stands_for_its_file() {
    let file = ["--stdin-filename", "stacks/b/main.tf", "--format", "concise"];
    let good = repo().check_stdin(&file, b"locals {}\n");
    assert_eq!((good.code, &*good.stdout), (0, ""), "{good:?}");
    let bad = repo().check_stdin(&file, b"\n\nlocals { b = }\n");
    assert_eq!(reported(&bad.stdout), ["stacks/b/main.tf"], "{bad:?}");
    assert!(bad.stdout.starts_with("stacks/b/main.tf:3:"), "{bad:?}");
    assert_eq!(bad.code, 1);
}

#[test]
fn a_buffer_may_stand_for_a_file_that_is_not_there_yet() {
    let run = repo().check_stdin(
        &["--stdin-filename", "stacks/new/main.tf", "--format", "concise"],
        b"locals { b = }\n",
    );
    assert_eq!(reported(&run.stdout), ["stacks/new/main.tf"], "{run:?}");
}

#[test]
fn a_buffer_that_is_no_text_is_a_failure() {
    let run = repo().check_stdin(&["--stdin-filename", "stacks/a/main.tf"], b"\xff\xfe");
    assert_eq!(run.code, 2, "{run:?}");
}
