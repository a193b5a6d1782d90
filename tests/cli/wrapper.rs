//! A wrapper around Terragrunt with the check in it: `scripts/tg`, and one that `hook tg` has patched. Terragrunt is a stub
//! that writes down how it was called.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::repo::{Repo, Run};

const BROKEN: &str = "locals {\n  a = \n}\n";

const LOGGER: &str = "#!/bin/sh\nlog() { printf '%s' \"$1\"; shift; printf ' <%s>' \"$@\"; printf '\\n'; }\n\
                      log \"${0##*/}\" \"$@\" >> \"$TG_ROOT/log\"\n";

/// A wrapper of another house, before it is patched.
const OTHER: &str = r#"#!/bin/bash
set -euo pipefail
echo "state decrypted" >> "$TG_ROOT/log"
is_op=false
for a in "$@"; do case "$a" in plan|apply) is_op=true ;; esac; done
if $is_op; then
  if ! "$TG_ROOT/scripts/check-names.py" "$PWD"; then
    exit 1
  fi
fi

# Locks come last.
echo "locked" >> "$TG_ROOT/log"
args=("$@")
terragrunt "${args[@]}"
"#;

/// A repo with a sound stack and a broken one, the wrapper `text`, and stubs for what it calls.
fn house(text: &str) -> Repo {
    let repo = Repo::new(&[
        ("tautline.hcl", "packs {\n  ingress = \"always\"\n}\n"),
        ("stacks/good/main.tf", "locals {}\n"),
        ("stacks/bad/main.tf", BROKEN),
        ("stacks/calls/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\n"),
        ("modules/m/main.tf", BROKEN),
    ]);
    let stub = format!("{LOGGER}exit \"${{STUB_EXIT:-0}}\"\n");
    let tautline = format!("{LOGGER}exec \"$TG_ROOT/bin/real\" \"$@\"\n");
    let checker = format!("{LOGGER}exit \"${{CHECKER_EXIT:-0}}\"\n");
    for (path, text) in [
        ("scripts/tg", text),
        ("bin/terragrunt", &stub),
        ("bin/tautline", &tautline),
        ("scripts/check-names.py", &checker),
    ] {
        repo.write(path, text);
        fs::set_permissions(repo.path().join(path), Permissions::from_mode(0o755)).unwrap();
    }
    symlink(env!("CARGO_BIN_EXE_tautline"), repo.path().join("bin/real")).unwrap();
    repo
}

fn example() -> Repo {
    house(include_str!("../../scripts/tg"))
}

/// Runs the wrapper in `directory`; also what was called, in order.
fn tg(
    repo: &Repo,
    directory: &str,
    arguments: &[&str],
    env: &[(&str, &str)],
) -> (Run, Vec<String>) {
    let root = repo.path().canonicalize().unwrap();
    let log = root.join("log");
    let _ = fs::remove_file(&log);
    let mut command = Command::new(root.join("scripts/tg"));
    command
        .args(arguments)
        .current_dir(root.join(directory))
        .env("TG_ROOT", &root)
        .env("PATH", format!("{}:/usr/bin:/bin", root.join("bin").display()))
        .env("LC_ALL", "C")
        .envs(env.iter().copied());
    let run = command.output().unwrap().into();
    let called = fs::read_to_string(&log).unwrap_or_default();
    let root = root.display().to_string();
    (run, called.lines().map(|line| line.replace(&root, "ROOT")).collect())
}

/// The programs that were called, in order.
fn programs(called: &[String]) -> Vec<&str> {
    called.iter().map(|line| line.split(' ').next().unwrap()).collect()
}

#[test]
fn the_check_comes_after_the_checkers_and_before_terragrunt() {
    let repo = example();
    let words = ["apply", "-var", "x=$y \"z\"", "a  b", "", "*", "--", "'"];
    let (run, called) = tg(&repo, "stacks/good", &words, &[]);
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""), "{called:?}");
    let handed_on = "<apply> <-var> <x=$y \"z\"> <a  b> <> <*> <--> <'>";
    let expected = [
        "check-names.py <ROOT/stacks/good>".to_owned(),
        format!("tautline <hook> <run> <--> {handed_on}"),
        format!("terragrunt {handed_on}"),
    ];
    assert_eq!(called, expected);
    let (run, _) = tg(&repo, "stacks/good", &["apply"], &[("STUB_EXIT", "7")]);
    assert_eq!(run.code, 7, "the exit code is Terragrunt's own");
    let (run, called) = tg(&repo, "stacks/good", &["apply"], &[("CHECKER_EXIT", "1")]);
    assert_eq!((run.code, programs(&called)), (1, vec!["check-names.py"]));
}

#[test]
fn what_is_found_blocks_before_anything_is_locked() {
    let repo = example();
    for command in ["plan", "apply", "destroy", "refresh"] {
        let (run, called) = tg(&repo, "stacks/bad", &[command, "--non-interactive"], &[]);
        assert_eq!(run.code, 1, "{run:?}");
        assert_eq!(run.stdout, "", "stdout belongs to Terragrunt");
        assert!(run.stderr.contains("[stacks/bad/main.tf:2:7]"), "{run:?}");
        assert!(run.stderr.contains(&format!("tautline: `{command}` in `")), "{run:?}");
        assert!(run.stderr.contains("is BLOCKED by what is reported above"), "{run:?}");
        assert!(!run.stderr.contains("COULD NOT"), "{run:?}");
        assert_eq!(programs(&called), ["check-names.py", "tautline"]);
    }
    assert!(!repo.path().join(".tg-lock").exists());
}

#[test]
fn a_check_that_cannot_be_made_blocks_and_is_told_apart() {
    let repo = example();
    for (settings, says) in [
        ("", "no `packs` block in a tautline.hcl"),
        ("packs {}\n", "the `packs` block names no packs that are on"),
        ("packs {\n  ingress = false\n}\n", "the `packs` block names no packs that are on"),
        ("packs { nope = true }\n", "unknown pack `nope`"),
    ] {
        repo.write("tautline.hcl", settings);
        let (run, called) = tg(&repo, "stacks/good", &["plan"], &[]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(says), "{run:?}");
        assert!(run.stderr.contains("BLOCKED because it COULD NOT BE CHECKED"), "{run:?}");
        assert_eq!(programs(&called), ["check-names.py", "tautline"]);
    }
}

#[test]
fn a_reason_goes_on_without_and_is_logged() {
    let repo = example();
    let reason = [("TAUTLINE_SKIP", "  the ingress is down\u{1b}[2J ")];
    let (run, called) = tg(&repo, "stacks/bad", &["apply"], &reason);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stderr.contains("tautline: skipped before `apply` in `"), "{run:?}");
    assert!(run.stderr.ends_with(": the ingress is down\u{fffd}[2J\n"), "{run:?}");
    assert_eq!(programs(&called), ["check-names.py", "tautline", "terragrunt"]);
    for empty in ["", "  "] {
        let (run, _) = tg(&repo, "stacks/bad", &["apply"], &[("TAUTLINE_SKIP", empty)]);
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stderr.contains("TAUTLINE_SKIP gives no reason, so nothing is skipped"));
    }
    let (run, _) = tg(&repo, "stacks/bad", &["output"], &reason);
    assert_eq!(run.stderr, "", "what is not checked is not skipped either");
}

#[test]
fn what_only_looks_is_let_through() {
    let repo = example();
    for words in [
        &["state", "list"][..],
        &["state", "rm", "plan"],
        &["output", "-json", "apply"],
        &["init"],
        &["validate"],
        &["plan", "-help"],
        &["--version"],
        &[],
    ] {
        let (run, called) = tg(&repo, "stacks/bad", words, &[]);
        assert_eq!((run.code, &*run.stderr), (0, ""), "{words:?} {called:?}");
        assert!(called.last().unwrap().starts_with("terragrunt"), "{words:?} {called:?}");
    }
}

#[test]
fn the_place_is_where_terragrunt_will_work() {
    let repo = example();
    let code = |directory: &str, words: &[&str], env: &[(&str, &str)]| {
        let (run, called) = tg(&repo, directory, words, env);
        let went_on = programs(&called).contains(&"terragrunt");
        assert_eq!(went_on, run.code == 0, "{run:?}");
        run.code
    };
    assert_eq!(code("stacks", &["run", "--all", "plan"], &[]), 1);
    assert_eq!(code("stacks/good", &["run-all", "plan"], &[]), 0);
    assert_eq!(code("stacks/bad", &["run", "--all", "--", "apply"], &[]), 1);
    assert_eq!(code("stacks/good", &["-chdir=../bad", "plan"], &[]), 1);
    assert_eq!(code("stacks/bad", &["--working-dir", "../good", "plan"], &[]), 0);
    assert_eq!(code("", &["plan", "--working-dir=stacks/bad"], &[]), 1);
    assert_eq!(code("stacks/good", &["plan"], &[("TG_WORKING_DIR", "../bad")]), 1);
    assert_eq!(code("stacks/good", &["--working-dir", "../nowhere", "plan"], &[]), 2);
    assert_eq!(code("stacks/calls", &["plan"], &[]), 0, "a shared module does not block");
}

/// A directory that is about to be planned and of which nothing is read is not one that was checked.
#[test]
fn where_nothing_is_read_nothing_is_let_through() {
    let repo = example();
    repo.write(".gitignore", "stacks/ignored/\n");
    repo.write("tautline.hcl", "exclude = [\"stacks/out\"]\npacks {\n  ingress = \"always\"\n}\n");
    for path in ["ignored/main.tf", "out/main.tf", "readme/README.md", "yaml/values.yaml"] {
        repo.write(&format!("stacks/{path}"), "locals {}\n");
    }
    fs::create_dir(repo.path().join("stacks/empty")).unwrap();
    symlink("stacks/bad", repo.path().join("linkb")).unwrap();
    symlink("bad", repo.path().join("stacks/link")).unwrap();
    let init = Command::new("git").args(["init", "--quiet"]).current_dir(repo.path()).status();
    assert!(init.unwrap().success());
    for (directory, says) in [
        ("ignored", "git ignores it"),
        ("out", "`exclude` in tautline.hcl leaves it out"),
        ("empty", "no file in it is read"),
        ("readme", "no Terraform or Terragrunt file is in it"),
        ("yaml", "no Terraform or Terragrunt file is in it"),
    ] {
        let chdir = format!("-chdir=stacks/{directory}");
        for (place, words) in
            [(format!("stacks/{directory}"), &["plan"][..]), (String::new(), &[&chdir, "plan"])]
        {
            let run = repo.run_in(&place, &[&["hook", "run", "--"], words].concat());
            assert_eq!(run.code, 2, "{directory}: {run:?}");
            assert!(run.stderr.contains(says), "{directory}: {run:?}");
            assert!(run.stderr.contains("BLOCKED because it COULD NOT BE CHECKED"), "{run:?}");
        }
    }
    repo.write("stacks/set/terragrunt.stack.hcl", "locals {}\n");
    assert_eq!(repo.run_in("stacks/set", &["hook", "run", "--", "stack", "run", "plan"]).code, 0);
    for words in [&["-chdir=linkb", "plan"][..], &["--working-dir", "stacks/link", "apply"]] {
        let run = repo.run_in("", &[&["hook", "run", "--"], words].concat());
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.contains("[stacks/bad/main.tf:2:7]"), "{run:?}");
    }
}

#[test]
fn an_emergency_does_not_depend_on_tautline() {
    let repo = example();
    fs::remove_file(repo.path().join("bin/tautline")).unwrap();
    let (run, called) = tg(&repo, "stacks/good", &["plan"], &[]);
    assert_eq!(run.code, 127, "{run:?}");
    assert_eq!(programs(&called), ["check-names.py"]);
    let (run, called) = tg(&repo, "stacks/bad", &["plan"], &[("TAUTLINE_SKIP", "lost the binary")]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(run.stderr, "tautline: is not installed; skipped: lost the binary\n");
    assert_eq!(programs(&called), ["check-names.py", "terragrunt"]);
}

#[test]
fn a_wrapper_is_patched_where_its_checkers_are() {
    let repo = house(OTHER);
    let shown = repo.run_in("", &["hook", "tg", "--file", "scripts/tg"]);
    assert_eq!(shown.code, 0, "{shown:?}");
    let expected = r#"diff --git a/scripts/tg b/scripts/tg
--- a/scripts/tg
+++ b/scripts/tg
@@ -8,6 +8,10 @@
     exit 1
   fi
 fi
+
+# tautline hook tg: checks the stack before plan, apply, destroy and refresh; TAUTLINE_SKIP="why" goes on without
+if command -v tautline >/dev/null || [ -z "${TAUTLINE_SKIP:-}" ]; then tautline hook run -- "$@" >&2 || exit $?
+else echo "tautline: is not installed; skipped: $TAUTLINE_SKIP" >&2; fi
 
 # Locks come last.
 echo "locked" >> "$TG_ROOT/log"
"#;
    assert_eq!(shown.stdout, expected);
    assert!(shown.stderr.contains("`--write` changes it like this"), "{shown:?}");
    let text = |repo: &Repo| fs::read_to_string(repo.path().join("scripts/tg")).unwrap();
    assert_eq!(text(&repo), OTHER);

    let written = repo.run_in("scripts", &["hook", "tg", "--file", "tg", "--write"]);
    assert_eq!(written.code, 0, "{written:?}");
    let patched = text(&repo);
    assert_eq!(patched.lines().count(), OTHER.lines().count() + 4);
    let again = repo.run_in("", &["hook", "tg", "--file", "scripts/tg", "--write"]);
    assert_eq!((again.code, &*again.stdout), (0, ""), "{again:?}");
    assert!(again.stderr.contains("scripts/tg calls tautline already"), "{again:?}");
    assert_eq!(text(&repo), patched);

    // It is executable as before, and does what the example does.
    let (run, called) = tg(&repo, "stacks/good", &["apply", "a b"], &[]);
    assert_eq!(run.code, 0, "{run:?}");
    let expected = ["state", "check-names.py", "tautline", "locked", "terragrunt"];
    assert_eq!(programs(&called), expected);
    assert!(called.ends_with(&["terragrunt <apply> <a b>".to_owned()]), "{called:?}");
    let (run, called) = tg(&repo, "stacks/bad", &["plan"], &[]);
    assert_eq!((run.code, programs(&called)), (1, vec!["state", "check-names.py", "tautline"]));
}

#[test]
fn the_patch_is_one_that_git_applies() {
    let repo = house(OTHER);
    let patch = repo.run_in("scripts", &["hook", "tg", "--file", "tg"]).stdout;
    repo.write("the.patch", patch);
    let applied = Command::new("git")
        .args(["apply", "the.patch"])
        .current_dir(repo.path())
        .env("GIT_CEILING_DIRECTORIES", repo.path().parent().unwrap())
        .output()
        .unwrap();
    assert!(applied.status.success(), "{applied:?}");
    let again = repo.run_in("", &["hook", "tg", "--file", "scripts/tg"]);
    assert!(again.stderr.contains("calls tautline already"), "{again:?}");
}

/// Paths in a patch are those that git knows, also where tautline's root is further down.
#[test]
fn the_patch_is_made_from_the_top_of_the_work_tree() {
    let repo = Repo::new(&[("infra/tautline.hcl", ""), ("infra/bin/tg", OTHER), ("docs/a", "")]);
    let git = |directory: &str, arguments: &[&str]| {
        let mut command = Command::new("git");
        command.args(arguments).current_dir(repo.path().join(directory)).output().unwrap()
    };
    assert!(git("", &["init", "--quiet"]).status.success());
    for directory in ["", "infra", "infra/bin"] {
        repo.write("infra/bin/tg", OTHER);
        let file = repo.path().join("infra/bin/tg").display().to_string();
        let patch = repo.run_in("docs", &["hook", "tg", "--file", &file]).stdout;
        repo.write("the.patch", patch);
        let the_patch = repo.path().join("the.patch").display().to_string();
        let applied = git(directory, &["apply", &the_patch]);
        assert!(applied.status.success(), "{applied:?}");
        let text = fs::read_to_string(repo.path().join("infra/bin/tg")).unwrap();
        assert!(text.contains("tautline hook run"), "from `{directory}`: {applied:?}");
    }
}

#[test]
fn the_example_has_the_lines_that_are_handed_out() {
    let lines = Repo::new(&[]).run_in("", &["hook", "tg"]).stdout;
    assert_eq!(lines.lines().count(), 3);
    for text in [include_str!("../../scripts/tg"), include_str!("../../docs/terragrunt.md")] {
        assert!(text.contains(&lines), "{lines}");
    }
}

#[test]
fn a_wrapper_that_cannot_be_patched_is_left_alone() {
    let repo = Repo::new(&[
        ("empty", "#!/bin/sh\necho terragrunt\n"),
        ("python", "#!/usr/bin/env python3\nrun('terragrunt')\n"),
    ]);
    symlink("empty", repo.path().join("link")).unwrap();
    for (file, says) in [
        ("empty", "has no line that starts terragrunt with its own arguments"),
        ("python", "is no shell script"),
        ("link", "`link` is a symbolic link"),
        ("nowhere", "`nowhere` does not exist"),
    ] {
        let run = repo.run_in("", &["hook", "tg", "--file", file, "--write"]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        assert!(run.stderr.contains(says), "{run:?}");
        assert!(!run.stderr.contains('\u{fffd}'), "{run:?}");
    }
}

#[test]
fn whoever_patches_a_wrapper_hears_what_every_plan_will_need() {
    let repo =
        Repo::new(&[("tg", "#!/bin/sh\nexec terragrunt \"$@\"\n"), ("stacks/a/main.tf", "")]);
    for settings in [None, Some("packs {}\n")] {
        if let Some(settings) = settings {
            repo.write("tautline.hcl", settings);
        }
        let run = repo.run_in("", &["hook", "tg", "--file", "tg"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stderr.contains("every plan will stop until a tautline.hcl says"), "{run:?}");
    }
}

/// In a copy that Terragrunt makes of a unit with a `source`.
#[test]
fn a_hook_of_terragrunt_means_the_unit() {
    let repo = example();
    let copy = "stacks/bad/.terragrunt-cache/x1/y2/modules/m";
    repo.write(&format!("{copy}/main.tf"), "locals {\n\n\n  copied = \n}\n");
    let run = repo.run_in(copy, &["hook", "run", "--", "plan"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("[stacks/bad/main.tf:2:7]"), "{run:?}");
    let all = format!("{}{}", run.stdout, run.stderr);
    assert!(!all.contains(".terragrunt-cache"), "{all}");
    let run = repo.run_in("", &["hook", "run", "--", "--working-dir", copy, "plan"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(!format!("{run:?}").contains(".terragrunt-cache"), "{run:?}");
}

#[test]
fn a_check_in_a_copy_is_a_check_of_the_unit() {
    let repo = example();
    let copy = "stacks/bad/.terragrunt-cache/x1/y2";
    repo.write(&format!("{copy}/main.tf"), "locals {\n\n\n  copied = \n}\n");
    let absolute = repo.path().join(copy).display().to_string();
    let concise = ["--format", "concise"];
    for (directory, more) in
        [(copy, &[][..]), (copy, &["."]), ("", &[&*absolute]), ("stacks", &[&absolute])]
    {
        let run = repo.check_in(directory, &[&concise, more].concat());
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.starts_with("stacks/bad/main.tf:2:7: "), "{run:?}");
        assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    }
}

#[test]
fn copies_kept_elsewhere_are_known_by_what_terragrunt_says() {
    let repo = example();
    let elsewhere = Repo::new(&[("x1/y2/main.tf", BROKEN)]);
    let unit = |name: &str| repo.path().join("stacks").join(name);
    let check = |unit: &Path| -> Run {
        let mut command = elsewhere.command("x1/y2", &["check", "--format", "concise"]);
        command.env("TG_CTX_TERRAGRUNT_DIR", unit).output().unwrap().into()
    };
    let run = check(&unit("bad"));
    assert!(run.stdout.starts_with("stacks/bad/main.tf:2:7: "), "{run:?}");
    let run = check(&unit("good"));
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
}
