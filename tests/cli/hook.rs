//! `hook install`, `hook uninstall`, and what is made from the definition of the arguments.

use std::fs::{self, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::repo::{Repo, Run, run_at};

fn git(directory: &Path, arguments: &[&str]) {
    let mut command = Command::new("git");
    command
        .args(arguments)
        .current_dir(directory)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .envs([("GIT_AUTHOR_NAME", "a"), ("GIT_AUTHOR_EMAIL", "a@example.org")])
        .envs([("GIT_COMMITTER_NAME", "a"), ("GIT_COMMITTER_EMAIL", "a@example.org")]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
}

fn repo() -> Repo {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    git(repo.path(), &["init", "--quiet", "--initial-branch", "main"]);
    repo
}

const INSTALL: [&str; 2] = ["hook", "install"];
const UNINSTALL: [&str; 2] = ["hook", "uninstall"];

fn text(repo: &Repo, path: &str) -> String {
    fs::read_to_string(repo.path().join(path)).unwrap_or_default()
}

#[test]
fn the_hook_is_written_once_and_taken_away() {
    let repo = repo();
    let run = repo.run_in("stacks/a", &INSTALL);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains(".git/hooks/pre-commit: `tautline check --staged`"), "{run:?}");
    let hook = text(&repo, ".git/hooks/pre-commit");
    assert!(hook.ends_with("\nexec tautline check --staged --quiet\n"), "{hook}");
    let mode =
        fs::metadata(repo.path().join(".git/hooks/pre-commit")).unwrap().permissions().mode();
    assert_eq!(mode & 0o111, 0o111, "git runs only what is executable");
    let again = repo.run_in("", &INSTALL);
    assert_eq!(again.code, 0, "{again:?}");
    assert!(again.stdout.contains("is in place already"), "{again:?}");
    let gone = repo.run_in("", &UNINSTALL);
    assert_eq!(gone.code, 0, "{gone:?}");
    assert!(!repo.path().join(".git/hooks/pre-commit").exists());
    assert_eq!(repo.run_in("", &UNINSTALL).code, 0);
}

/// What git does with it; tautline is a stub that says how it was called.
#[test]
fn git_runs_the_hook_and_heeds_it() {
    let repo = repo();
    assert_eq!(repo.run_in("", &INSTALL).code, 0);
    let stub = "#!/bin/sh\necho \"$@\" > called\nexit \"$(cat code)\"\n";
    repo.write("bin/tautline", stub);
    fs::set_permissions(repo.path().join("bin/tautline"), Permissions::from_mode(0o755)).unwrap();
    let commit = |code: &str| -> Run {
        repo.write("code", code);
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "--quiet"])
            .args(["--allow-empty", "-m", "x"])
            .current_dir(repo.path())
            .env("PATH", format!("{}:/usr/bin:/bin", repo.path().join("bin").display()));
        command.output().unwrap().into()
    };
    assert_ne!(commit("1").code, 0);
    assert_eq!(text(&repo, "called"), "check --staged --quiet\n");
    assert_ne!(commit("2").code, 0);
    assert_eq!(commit("0").code, 0);
}

/// The message of a commit is judged as the commit would have it, before it is made; by git itself.
#[test]
fn the_message_of_a_commit_is_judged_before_it_is_made() {
    let rule = "summary = \"no ticket\"\nseverity = \"error\"\nselect \"commit\" {}\n\
                let \"who\" { path = \"author.email\" }\n\
                forbid \"a\" {\n  path    = \"message\"\n  matches = \"WIP\"\n}\n\
                case \"a\" { message = \"`{who}` is not done\" }\n";
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\n"),
        ("rules/own/pack.hcl", "summary = \"own\"\n"),
        ("rules/own/done.hcl", rule),
        // What is wrong with the files is not this hook's business.
        ("stacks/a/main.tf", "locals {\n  a = \n}\n"),
    ]);
    git(repo.path(), &["init", "--quiet", "--initial-branch", "main"]);
    git(repo.path(), &["add", "."]);
    let written = repo.run_in("", &["hook", "install", "--commit-msg"]);
    assert_eq!(written.code, 0, "{written:?}");
    assert!(
        written.stdout.contains(".git/hooks/commit-msg: `tautline check --message"),
        "{written:?}"
    );
    assert!(!repo.path().join(".git/hooks/pre-commit").exists());
    let again = repo.run_in("", &["hook", "install", "--commit-msg"]);
    assert!(again.stdout.contains("is in place already"), "{again:?}");
    let bin = Repo::new(&[]);
    symlink(env!("CARGO_BIN_EXE_tautline"), bin.path().join("tautline")).unwrap();
    // An editor that writes what it is told to above what git has written there.
    let editor = "#!/bin/sh\n{ printf '%b' \"$WRITTEN\"; cat \"$1\"; } > x && mv x \"$1\"\n";
    bin.write("editor", editor);
    fs::set_permissions(bin.path().join("editor"), Permissions::from_mode(0o755)).unwrap();
    let commit = |written: &str, words: &[&str]| -> Run {
        let mut command = Command::new("git");
        command
            .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.org"])
            .args(words)
            .current_dir(repo.path())
            .env("PATH", format!("{}:/usr/bin:/bin:/usr/local/bin", bin.path().display()))
            .env("WRITTEN", written)
            .env("GIT_EDITOR", bin.path().join("editor"))
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")]);
        command.output().unwrap().into()
    };
    let empty = ["commit", "--allow-empty"];
    let is_made = |written: &str, words: &[&str]| commit(written, words).code == 0;
    let stopped = commit("", &[&empty[..], &["-m", "one: WIP"]].concat());
    assert_eq!(stopped.code, 1, "{stopped:?}");
    let all = format!("{}{}", stopped.stdout, stopped.stderr);
    assert!(all.contains(".git/commits/message:6:1") && all.contains("`ann@example.org`"), "{all}");
    assert!(!all.contains("main.tf"), "{all}");
    let by = ["--author", "Bob <bob@example.org>", "-m", "WIP"];
    let stopped = commit("", &[&empty[..], &by].concat());
    assert!(format!("{stopped:?}").contains("`bob@example.org`"), "{stopped:?}");
    assert!(is_made("", &[&empty[..], &["-m", "one"]].concat()));
    // Comments are not part of it, unless they are: nobody edits what `-m` says.
    assert!(!is_made("", &[&empty[..], &["-m", "one\n\n# WIP"]].concat()));
    assert!(is_made("two\n# WIP\n", &empty));
    assert!(!is_made("two\nWIP\n", &empty));
    assert!(is_made("#1 three\n; WIP\n", &[&["-c", "core.commentChar=;"], &empty[..]].concat()));
    assert!(!is_made("three\n# WIP\n", &[&["-c", "core.commentChar=;"], &empty[..]].concat()));
    assert!(!is_made(
        "three\n# WIP\n",
        &[&["-c", "commit.cleanup=whitespace"], &empty[..]].concat()
    ));
    assert!(is_made("four\n# WIP\n", &[&["-c", "core.commentChar=auto"], &empty[..]].concat()));
    // Below the scissors stands what changes.
    repo.write("stacks/a/main.tf", "# WIP\n");
    git(repo.path(), &["add", "."]);
    let verbose = commit("five\n", &["commit", "-v"]);
    assert_eq!(verbose.code, 0, "{verbose:?}");
    // What says nothing is refused by git.
    let nothing = commit("", &empty);
    assert!(nothing.stderr.contains("empty commit message"), "{nothing:?}");
    // What cannot be judged stops too.
    repo.write("tautline.hcl", "nope = 1\n");
    git(repo.path(), &["add", "."]);
    assert!(!is_made("", &["commit", "-m", "six"]));
    let gone = repo.run_in("", &UNINSTALL);
    assert!(gone.stdout.contains("removed") && gone.stdout.contains("commit-msg"), "{gone:?}");
    assert!(is_made("", &["commit", "-m", "WIP"]));
}

#[test]
fn a_root_below_the_top_is_named_for_messages_too() {
    let repo = deep("infra");
    let install = repo.run_in("infra", &["hook", "install", "--commit-msg"]);
    assert_eq!(install.code, 0, "{install:?}");
    let hook = text(&repo, ".git/hooks/commit-msg");
    assert!(hook.ends_with("exec tautline check --quiet --message \"$1\" './infra'\n"), "{hook}");
    repo.write("infra/tautline.hcl", "packs {\n  ci = \"always\"\n}\n");
    git(repo.path(), &["add", "."]);
    repo.write("message", "one [ci skip]\n");
    let judge = ["check", "--message", "message", "./infra", "--format", "concise"];
    let run = repo.run_in("", &[&judge[..], &["--fail-on", "warning"]].concat());
    assert_eq!((run.code, run.stdout.lines().count()), (1, 1), "{run:?}");
    assert!(run.stdout.contains("ci/commit-hidden-from-pipeline"), "{run:?}");
    // In the report stands nothing about files, packs and comparisons, and there is nothing to amend yet.
    let told = repo.run_in("", &["check", "--message", "message", "./infra", "--format", "text"]);
    assert!(told.stdout.ends_with("\n0 errors, 1 warning, 0 infos in the message\n"), "{told:?}");
    assert!(!told.stdout.contains("--amend"), "{told:?}");
    let missing = repo.run_in("", &["check", "--message", "nowhere", "./infra"]);
    assert_eq!(missing.code, 2, "{missing:?}");
}

#[test]
fn a_hook_that_is_there_is_left_alone() {
    let repo = repo();
    let own = "#!/bin/sh\nmake lint\n";
    repo.write(".git/hooks/pre-commit", own);
    for command in [INSTALL, UNINSTALL] {
        let run = repo.run_in("", &command);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        assert!(run.stderr.contains("tautline check --staged"), "{run:?}");
        assert_eq!(text(&repo, ".git/hooks/pre-commit"), own);
    }
    let calls = format!("{own}tautline check --staged --quiet || exit $?\n");
    repo.write(".git/hooks/pre-commit", &calls);
    let run = repo.run_in("", &INSTALL);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("calls tautline already"), "{run:?}");
    assert_eq!(repo.run_in("", &UNINSTALL).code, 2);
    assert_eq!(text(&repo, ".git/hooks/pre-commit"), calls);
}

#[test]
fn a_hook_that_somebody_has_added_to_is_theirs() {
    for edit in [
        |hook: &str| hook.replace("exec ", "./lint.sh\nexec "),
        |hook: &str| hook.replace("exec ", "").replace("--quiet", "") + "./lint.sh\n",
    ] {
        let repo = repo();
        assert_eq!(repo.run_in("", &["hook", "install"]).code, 0);
        let edited = edit(&text(&repo, ".git/hooks/pre-commit"));
        repo.write(".git/hooks/pre-commit", &edited);
        let again = repo.run_in("", &["hook", "install"]);
        assert!(again.stdout.contains("calls tautline already"), "{again:?}");
        let gone = repo.run_in("", &["hook", "uninstall"]);
        assert_eq!(gone.code, 2, "{gone:?}");
        assert!(gone.stderr.contains("it was left alone"), "{gone:?}");
        assert_eq!(text(&repo, ".git/hooks/pre-commit"), edited);
    }
}

#[test]
fn the_directory_that_git_is_told_to_use_counts() {
    let repo = repo();
    git(repo.path(), &["config", "core.hooksPath", "tools/hooks"]);
    let run = repo.run_in("stacks/a", &INSTALL);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(text(&repo, "tools/hooks/pre-commit").contains("tautline check --staged"));
    assert!(!repo.path().join(".git/hooks/pre-commit").exists());

    let others = Repo::new(&[]);
    git(repo.path(), &["config", "core.hooksPath", others.path().to_str().unwrap()]);
    let run = repo.run_in("", &INSTALL);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("which other repos use too: nothing was written"), "{run:?}");
    assert!(!others.path().join("pre-commit").exists());
}

#[test]
fn a_directory_of_hooks_that_a_tool_makes_is_named() {
    let repo = repo();
    git(repo.path(), &["config", "core.hooksPath", ".made/_"]);
    repo.write(".made/_/.gitignore", "*");
    let run = repo.run_in("", &INSTALL);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("git ignores it"), "{run:?}");
    repo.write(".made/_/pre-commit", "#!/bin/sh\n. \"$(dirname \"$0\")/h\"\n");
    let run = repo.run_in("", &INSTALL);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("add this line to the hook that it calls"), "{run:?}");
    // Hooks are switched off.
    git(repo.path(), &["config", "core.hooksPath", "/dev/null"]);
    let run = repo.run_in("", &INSTALL);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("is `/dev/null`, no directory: git runs no hooks"), "{run:?}");
}

#[test]
fn a_work_tree_shares_the_hooks_of_its_repo() {
    let repo = repo();
    git(repo.path(), &["commit", "--quiet", "--allow-empty", "-m", "x"]);
    let other = Repo::new(&[]);
    let place = other.path().join("tree");
    git(repo.path(), &["worktree", "add", "--quiet", place.to_str().unwrap()]);
    let run = run_at(&place, &INSTALL);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(text(&repo, ".git/hooks/pre-commit").contains("tautline check --staged"));
}

#[test]
fn without_a_repo_there_is_no_place_for_a_hook() {
    let run = Repo::new(&[]).run_in("", &INSTALL);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("lies in no git repository"), "{run:?}");
    let bare = Repo::new(&[]);
    git(bare.path(), &["init", "--quiet", "--bare"]);
    let run = bare.run_in("", &INSTALL);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("bare repository"), "{run:?}");
}

/// A repo whose settings lie below the top of the work tree, with a stack that is broken.
fn deep(directory: &str) -> Repo {
    let repo = Repo::new(&[
        (&format!("{directory}/tautline.hcl"), ""),
        (&format!("{directory}/stacks/a/main.tf"), "locals {\n  a = \n}\n"),
        ("other/tautline.hcl", ""),
    ]);
    git(repo.path(), &["init", "--quiet", "--initial-branch", "main"]);
    git(repo.path(), &["add", "."]);
    repo
}

#[test]
fn a_root_below_the_top_is_named_in_the_hook() {
    for directory in ["infra", "it's/in here"] {
        let repo = deep(directory);
        let top = repo.run_in("", &INSTALL);
        assert_eq!((top.code, &*top.stdout), (2, ""), "{top:?}");
        assert!(top.stderr.contains("tautline.hcl`: nothing was written"), "{top:?}");
        assert!(top.stderr.contains("run `tautline hook install` there"), "{top:?}");
        let run = repo.run_in(&format!("{directory}/stacks/a"), &INSTALL);
        assert_eq!(run.code, 0, "{run:?}");
        let again = repo.run_in(directory, &INSTALL);
        assert!(again.stdout.contains("is in place already"), "{again:?}");
        let other = repo.run_in("other", &INSTALL);
        assert_eq!(other.code, 2, "{other:?}");
        assert!(
            other.stderr.contains("checks another directory of this repo already"),
            "{other:?}"
        );
        assert!(other.stderr.contains("`tautline check --staged --quiet './other'`"), "{other:?}");

        // Git says relative to the top which index it commits.
        let bin = Repo::new(&[]);
        symlink(env!("CARGO_BIN_EXE_tautline"), bin.path().join("tautline")).unwrap();
        for more in [&[][..], &["-a"]] {
            let mut command = Command::new("git");
            command
                .args(["-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-m", "x"])
                .args(more)
                .current_dir(repo.path())
                .env("PATH", format!("{}:/usr/bin:/bin:/usr/local/bin", bin.path().display()));
            let run = Run::from(command.output().unwrap());
            assert_ne!(run.code, 0, "{run:?}");
            let all = format!("{}{}", run.stdout, run.stderr);
            assert!(all.contains("stacks/a/main.tf:2:7"), "{all}");
        }
        assert_eq!(repo.run_in("other", &UNINSTALL).code, 0);
    }
}

#[test]
fn hooks_that_others_share_are_left_alone() {
    let repo = repo();
    let others = Repo::new(&[]);
    fs::remove_dir_all(repo.path().join(".git/hooks")).unwrap();
    symlink(others.path(), repo.path().join(".git/hooks")).unwrap();
    let run = repo.run_in("", &INSTALL);
    assert_eq!(run.code, 2, "{run:?}");
    let real = others.path().canonicalize().unwrap();
    assert!(
        run.stderr.contains(&format!("looks for hooks in `{}`, which", real.display())),
        "{run:?}"
    );
    assert!(!others.path().join("pre-commit").exists());
}

#[test]
fn what_the_environment_tells_git_counts() {
    let repo = repo();
    let global = Repo::new(&[("config", "[core]\n  hooksPath = tools/global\n")]);
    let global = global.path().join("config");
    let install = |variables: &[(&str, &str)]| -> Run {
        let mut command = repo.command("stacks/a", &INSTALL);
        command.envs(variables.iter().copied()).output().unwrap().into()
    };
    let run = install(&[("GIT_CONFIG_GLOBAL", global.to_str().unwrap())]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(text(&repo, "tools/global/pre-commit").contains("tautline check --staged"), "{run:?}");
    let run = install(&[
        ("GIT_CONFIG_COUNT", "1"),
        ("GIT_CONFIG_KEY_0", "core.hooksPath"),
        ("GIT_CONFIG_VALUE_0", "tools/counted"),
    ]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(text(&repo, "tools/counted/pre-commit").contains("tautline check --staged"));
    assert!(!repo.path().join(".git/hooks/pre-commit").exists());
}

#[test]
fn shells_learn_the_arguments() {
    let repo = Repo::new(&[("stacks/dns/main.tf", ""), ("stacks/mail/main.tf", "")]);
    for shell in ["bash", "zsh", "fish"] {
        let run = repo.run_in("", &["completions", shell]);
        assert!(run.stdout.contains("tautline stacks 2>/dev/null"), "{shell}");
        assert!(!run.stdout.contains("the-stacks"), "{shell}");
        assert_eq!((run.code, &*run.stderr), (0, ""));
        assert!(run.stdout.contains("require-config"), "{shell}");
        assert!(run.stdout.contains("ingress/missing-auth-comment"), "{shell}");
        assert!(shell != "fish" || !run.stdout.contains("${"), "fish knows no such variables");
    }
    let script = repo.run_in("", &["completions", "bash"]).stdout;
    repo.write("completions", script);
    let own = Path::new(env!("CARGO_BIN_EXE_tautline")).parent().unwrap();
    let path = format!("{}:{}", own.display(), std::env::var("PATH").unwrap());
    for (typed, before, completed) in [
        ("check --req", "check", "--require-config"),
        ("explain ingress/missing-a", "explain", "ingress/missing-auth-comment"),
        ("check --rule keel/image-n", "--rule", "keel/image-not-ignored"),
        ("check --stack d", "--stack", "dns"),
        ("drift predict --stack m", "--stack", "mail"),
    ] {
        let word = typed.rsplit(' ').next().unwrap();
        let count = typed.split(' ').count();
        let ask = format!(
            ". ./completions; COMP_WORDS=(tautline {typed}); COMP_CWORD={count}; \
             _tautline tautline {word} {before}; echo \"${{COMPREPLY[@]}}\""
        );
        let asked = Command::new("bash")
            .args(["-c", &ask])
            .env("PATH", &path)
            .current_dir(repo.path())
            .output()
            .unwrap();
        let asked = Run::from(asked);
        assert_eq!(asked.stdout.trim(), completed, "{asked:?}");
    }
}

#[test]
fn the_manual_has_a_page_for_every_command() {
    let repo = Repo::new(&[]);
    let page = |words: &[&str]| repo.run_in("", &[&["man"], words].concat());
    for (words, title) in [
        (&[][..], ".TH tautline 1"),
        (&["check"], ".TH tautline-check 1"),
        (&["rules", "new"], ".TH tautline-rules-new 1"),
        (&["hook", "run"], ".TH tautline-hook-run 1"),
    ] {
        let run = page(words);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains(title), "{words:?}: {}", run.stdout);
    }
    assert!(page(&["check"]).stdout.contains(".SH EXIT CODES"));
    // `man` would take what stands third for the date.
    let dated = format!(".TH tautline 1 \" \" \"tautline {}\"", env!("CARGO_PKG_VERSION"));
    assert!(page(&[]).stdout.contains(&dated), "{}", page(&[]).stdout);
    let wrong = page(&["rules", "nwe"]);
    assert_eq!(wrong.code, 2, "{wrong:?}");
    assert!(wrong.stderr.contains("has no command `nwe`"), "{wrong:?}");
}
