//! What nobody should hand to a linter: a clear message, the right exit code, no panic, and the rest still checked.

use std::fs;

use crate::repo::{Repo, Run};

const BROKEN: &str = "locals {\n  a = \n}\n";

/// A repo with one good and one broken stack, to see that they are checked whatever lies beside them.
fn repo() -> Repo {
    Repo::new(&[("stacks/a/main.tf", BROKEN), ("stacks/b/main.tf", "locals {}\n")])
}

#[track_caller]
fn checked(repo: &Repo, code: i32) -> Run {
    let run = repo.check(&["--format", "concise", "--statistics"]);
    assert_eq!(run.code, code, "{run:?}");
    assert!(!run.stderr.contains("panicked"), "{run:?}");
    assert!(run.stdout.contains("stacks/a/main.tf:2:7: error tautline/syntax-error"), "{run:?}");
    run
}

#[test]
fn an_empty_directory() {
    let run = Repo::new(&[]).check(&[]);
    assert_eq!((run.code, &*run.stdout), (3, ""), "{run:?}");
    assert!(run.stderr.contains("nothing to check"), "{run:?}");
    assert!(run.stderr.contains("tautline check PATH"), "{run:?}");
    let stacks = Repo::new(&[]).run_in("", &["stacks"]);
    assert_eq!((stacks.code, &*stacks.stdout), (0, ""), "{stacks:?}");
    assert!(stacks.stderr.starts_with("note: there is no stack here"), "{stacks:?}");
}

#[test]
fn an_empty_name() {
    for option in ["--stack", "--rule"] {
        let run = repo().check(&[option, ""]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("if that is a variable, it is empty"), "{run:?}");
    }
}

#[test]
fn a_repo_without_a_commit() {
    let repo = repo();
    git2::Repository::init(repo.path()).unwrap();
    let said = "there is no commit yet, so there is nothing to compare with\n  help: make one first; `tautline check --staged`";
    for command in [
        ["check", "--since", "HEAD"].as_slice(),
        &["stacks", "--affected-by", "HEAD"],
        &["suppressions", "list", "--since", "HEAD"],
    ] {
        let run = repo.run_in("", command);
        assert!(run.stderr.contains(said), "{run:?}");
    }
}

#[test]
fn a_single_file_with_a_slip_in_it() {
    let code = "variable \"region\" {\n  type = string\n}\n\noutput \"region\" {\n  value = var.regoin\n}\n";
    let run = Repo::new(&[("main.tf", code)]).check(&["--format", "concise"]);
    assert_eq!(run.code, 1, "{run:?}");
    let said = "main.tf:6:11: error terraform/undeclared-reference `var.regoin` is not declared in this module";
    assert!(run.stdout.starts_with(said), "{run:?}");
}

#[test]
fn only_files_that_no_rule_is_about() {
    let run = Repo::new(&[("README.md", "# x\n"), ("tautline.hcl", "")]).check(&[]);
    assert_eq!(run.code, 3, "{run:?}");
}

#[test]
fn only_files_that_no_rule_but_the_repo_s_own_is_about() {
    let rule = "summary  = \"x\"\nseverity = \"error\"\nselect \"file\" {\n  files = [\"*.sh\"]\n}\n\
                forbid \"a\" {\n  text    = \"{file}\"\n  matches = \"^bad\"\n}\ncase \"a\" { message = \"{file}\" }\n";
    let own = [
        ("tautline.hcl", "pack_dirs = [\"lint\"]\npacks {\n  own = true\n}\n"),
        ("lint/own/pack.hcl", "summary = \"x\"\n"),
        ("lint/own/named.hcl", rule),
        ("lint/own/named.md", "# named\n"),
    ];
    for (script, code) in [("good.sh", 0), ("bad.sh", 1)] {
        let mut files = own.to_vec();
        files.push((script, "true\n"));
        let run = Repo::new(&files).check(&["--format", "concise"]);
        assert_eq!(run.code, code, "{run:?}");
        assert!(!run.stderr.contains("nothing to check"), "{run:?}");
    }
}

#[test]
fn no_stacks() {
    let run = Repo::new(&[("terragrunt.hcl", "inputs = {}\n")]).check(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("in 0 stacks, 1 file"), "{run:?}");
}

#[test]
fn a_missing_path() {
    let run = repo().check(&["stacks/nowhere"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`stacks/nowhere` does not exist"), "{run:?}");
    let pasted = repo().check(&["stacks/a/main.tf:2:7"]);
    let help = "help: leave the line out; `tautline explain --at stacks/a/main.tf:2:7` says";
    assert!(pasted.code == 2 && pasted.stderr.contains(help), "{pasted:?}");
}

#[test]
fn a_directory_is_no_buffer() {
    for directory in ["stacks/b", "."] {
        let run = repo().check(&["--stdin", "--stdin-filename", directory]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        assert!(run.stderr.contains("is a directory, and stdin one file's text"), "{run:?}");
        assert!(run.stderr.contains("main.tf`"), "{run:?}");
    }
}

#[test]
fn a_directory_named_like_a_file() {
    let repo = repo();
    repo.write("stacks/b/x.tf/main.tf", BROKEN);
    let run = checked(&repo, 1);
    assert!(run.stdout.contains("stacks/b/x.tf/main.tf:2:7"), "{run:?}");
}

#[test]
fn a_line_of_fifty_megabytes() {
    let repo = repo();
    let long = "x".repeat(50 << 20);
    repo.write("stacks/b/long.tf", format!("locals {{ a = \"{long}\" b }}\n"));
    let run = checked(&repo, 1);
    assert!(run.stdout.contains("stacks/b/long.tf:1:"), "{}", run.stdout.len());
    let text = repo.check(&["stacks/b"]);
    assert_eq!(text.code, 1);
    assert!(text.stdout.len() < 4096, "{}", text.stdout.len());
    assert!(text.stdout.contains("…xxx"), "{}", text.stdout);
}

#[test]
fn ten_thousand_brackets() {
    let repo = repo();
    let (open, close) = ("[".repeat(10_000), "]".repeat(10_000));
    repo.write("stacks/b/deep.tf", format!("locals {{ a = {open}{close} }}\n"));
    let blocks = format!("{}{}", "a {\n".repeat(10_000), "}\n".repeat(10_000));
    repo.write("stacks/b/blocks.tf", blocks);
    let run = checked(&repo, 1);
    assert!(run.stdout.contains("stacks/b/deep.tf:1:"), "{run:?}");
    assert!(run.stdout.contains("stacks/b/blocks.tf:"), "{run:?}");
}

#[test]
fn chains_of_twenty_thousand_operators() {
    let repo = repo();
    for (link, name) in [(" + \"a\"", "name"), (" ? 1 : 1", "password"), (" && true", "cidr")] {
        let chain = link.repeat(20_000);
        let block = format!("resource \"x_{name}\" \"x\" {{\n  {name} = 1{chain}\n}}\n");
        repo.write(&format!("stacks/b/{name}.tf"), block);
    }
    let chain = " + \"a\"".repeat(20_000);
    let output = format!(
        "terraform {{\n  backend \"s3\" {{}}\n}}\noutput \"x\" {{\n  value = 1{chain}\n}}\n"
    );
    repo.write("stacks/b/output.tf", output);
    let unit = "unit \"u\" {\n  source = \"../u\"\n  path = \"u\"\n  values = { a = 1 }\n}\n";
    repo.write("live/s/terragrunt.stack.hcl", unit);
    repo.write("live/u/terragrunt.hcl", format!("inputs = {{\n  x = values.a{chain}\n}}\n"));
    checked(&repo, 1);
}

#[test]
fn nul_bytes() {
    let repo = repo();
    repo.write("stacks/b/nul.tf", b"locals {}\n\0\0\n");
    repo.write("stacks/b/picture.png", b"\x89PNG\0");
    let run = checked(&repo, 1);
    assert!(run.stdout.contains("stacks/b/nul.tf:1:1: error tautline/syntax-error"), "{run:?}");
    assert!(!run.stdout.contains("picture"), "{run:?}");
}

#[test]
fn utf16_and_latin1() {
    let repo = repo();
    repo.write("stacks/b/wide.tf", b"\xff\xfel\0o\0c\0");
    repo.write("stacks/b/latin.tf", b"# caf\xe9\n");
    let run = checked(&repo, 1);
    for file in ["wide", "latin"] {
        let start = format!("stacks/b/{file}.tf:1:1: error tautline/syntax-error ");
        let line = run.stdout.lines().find(|line| line.starts_with(&start));
        assert!(line.is_some_and(|line| line.contains("not UTF-8")), "{run:?}");
    }
}

#[test]
fn a_heredoc_without_an_end() {
    let repo = repo();
    repo.write("stacks/b/here.tf", "locals {\n  a = <<EOT\nnever\n");
    let run = checked(&repo, 1);
    assert!(run.stdout.contains("stacks/b/here.tf:"), "{run:?}");
}

#[test]
fn broken_settings() {
    let repo = repo();
    repo.write("tautline.hcl", "# settings\n  pakcs {}\n");
    let run = repo.check(&[]);
    assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
    assert!(run.stderr.contains(",-[tautline.hcl:2:3]"), "{run:?}");
    assert!(run.stderr.contains("did you mean `packs`?"), "{run:?}");
    repo.write("tautline.hcl", "packs {\n");
    let run = repo.check(&[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains(",-[tautline.hcl:"), "{run:?}");
    repo.write("tautline.hcl", b"\xff\xfe");
    let run = repo.check(&[]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("not UTF-8"), "{run:?}");
}

#[test]
fn git_crypt() {
    let repo = repo();
    repo.write("stacks/b/secrets.tfvars", b"\0GITCRYPT\0\x01\x02\x03");
    checked(&repo, 1);
    let run = repo.check(&["stacks/b"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("1 skipped (1 git-crypt)"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_circle_of_symbolic_links() {
    use std::os::unix::fs::symlink;

    let repo = repo();
    symlink("..", repo.path().join("stacks/b/up")).unwrap();
    symlink("self.tf", repo.path().join("stacks/b/self.tf")).unwrap();
    symlink("nowhere.tf", repo.path().join("stacks/b/dangling.tf")).unwrap();
    let run = checked(&repo, 1);
    assert_eq!(run.stdout.matches("stacks/a/main.tf:2:7").count(), 1, "{run:?}");
    for file in ["self.tf", "dangling.tf"] {
        assert_eq!(run.stdout.matches(&format!("stacks/b/{file}:1:1")).count(), 1, "{run:?}");
    }
}

#[cfg(unix)]
#[test]
fn code_that_is_a_link_to_nothing_is_no_silence() {
    use std::os::unix::fs::symlink;

    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n"), ("shared/all.tf", "locals {}\n")]);
    let link = |target: &str, path: &str| symlink(target, repo.path().join(path)).unwrap();
    link("../../shared/all.tf", "stacks/a/all.tf");
    link("/nowhere/on/this/machine.tf", "stacks/a/others.tf");
    link("nowhere.txt", "stacks/a/notes.txt");
    let good = repo.check(&["--format", "concise"]);
    assert_eq!((good.code, &*good.stdout), (0, ""), "{good:?}");
    link("nowhere.tf", "stacks/a/l.tf");
    let bad = repo.check(&["--format", "concise", "stacks/a"]);
    let said = "stacks/a/l.tf:1:1: error tautline/syntax-error this file is not read: a symbolic link to `nowhere.tf`";
    assert_eq!((bad.code, bad.stdout.lines().count()), (1, 1), "{bad:?}");
    assert!(bad.stdout.starts_with(said), "{bad:?}");
    let named = repo.check(&["stacks/a/l.tf"]);
    let said =
        "error: `stacks/a/l.tf` is a symbolic link to `nowhere.tf`, where nothing is\n  help: ";
    assert!(named.code == 2 && named.stderr.starts_with(said), "{named:?}");
}

#[cfg(unix)]
#[test]
fn a_file_and_a_directory_that_may_not_be_read() {
    use std::os::unix::fs::PermissionsExt;

    let repo = repo();
    repo.write("stacks/b/shut.tf", "locals {}\n");
    repo.write("stacks/b/closed/main.tf", "locals {}\n");
    let closed = repo.path().join("stacks/b/closed");
    let shut = repo.path().join("stacks/b/shut.tf");
    let set = |path: &std::path::Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    set(&shut, 0);
    set(&closed, 0);
    if fs::read(&shut).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let run = checked(&repo, 2);
    set(&closed, 0o755);
    assert!(run.stderr.contains("stacks/b/shut.tf: "), "{run:?}");
    assert!(run.stderr.contains("stacks/b/closed: "), "{run:?}");
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_text() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let repo = repo();
    let name = OsStr::from_bytes(b"caf\xe9.tf");
    if fs::write(repo.path().join("stacks/b").join(name), "locals {}\n").is_err() {
        eprintln!("skipped: this file system has no such names");
        return;
    }
    let run = checked(&repo, 2);
    assert!(run.stderr.contains("its name is not UTF-8"), "{run:?}");
    fs::remove_file(repo.path().join("stacks/b").join(name)).unwrap();
    fs::create_dir(repo.path().join("stacks").join(OsStr::from_bytes(b"caf\xe9"))).unwrap();
    let run = checked(&repo, 2);
    assert!(run.stderr.contains("its name is not UTF-8; rename it, or leave it out"), "{run:?}");
    repo.write("tautline.hcl", "exclude = [\"stacks/caf*\"]\n");
    checked(&repo, 1);
}
