//! Comparisons of two states, on real git repositories: what a change brings, and what is said where nothing can be compared.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::repo::{Repo, Run};

const SETTINGS: &str = "pack_dirs = [\"rules\"]\npacks {\n  story = true\n}\n";

const OWNER: &str = r#"
summary  = "namespace without an owner"
severity = "error"

select "resource" { types = ["kubernetes_namespace"] }

require "owner" {
  path    = "metadata.labels.owner"
  present = true
}

case "owner" {
  message = "namespace `{name}` has no owner"
}
"#;

const REGION: &str = r#"
summary  = "region that nobody knows"
severity = "info"
added    = "warning"

select "data" { types = ["region"] }

forbid "any" {
  path    = "name"
  present = true
}

case "any" {
  message = "a region"
}
"#;

/// Git, with no configuration but its own.
pub(crate) fn git(directory: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "protocol.file.allow=always", "-c", "init.defaultBranch=main"])
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(directory)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .expect("these tests need git");
    assert!(output.status.success(), "git {arguments:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl Repo {
    fn git(&self, arguments: &[&str]) -> String {
        git(self.path(), arguments)
    }

    /// Commits whatever the work tree has; the commit.
    fn commit(&self) -> String {
        self.git(&["add", "--all"]);
        self.git(&["commit", "--quiet", "--allow-empty", "--message", "a change"]);
        self.git(&["rev-parse", "HEAD"])
    }

    fn remove(&self, path: &str) {
        fs::remove_file(self.path().join(path)).unwrap();
    }
}

fn namespace(name: &str) -> String {
    format!(
        "resource \"kubernetes_namespace\" \"{name}\" {{\n  metadata {{\n    name = \"{name}\"\n  }}\n}}\n"
    )
}

/// A repo with 40 namespaces without an owner, committed.
fn with_debt() -> Repo {
    let repo = Repo::new(&[
        ("tautline.hcl", SETTINGS),
        ("rules/story/pack.hcl", "summary = \"a story\"\n"),
        ("rules/story/missing-owner.hcl", OWNER),
        ("rules/story/region.hcl", REGION),
    ]);
    for stack in 0..20 {
        let second = namespace("b")
            .replace("  metadata", "  depends_on = [kubernetes_namespace.a]\n  metadata");
        let text = format!("{}\n# the second one\n{second}", namespace("a"));
        repo.write(&format!("stacks/s{stack:02}/main.tf"), text);
    }
    repo.git(&["init", "--quiet"]);
    repo.commit();
    repo
}

fn read(repo: &Repo, path: &str) -> String {
    String::from_utf8(fs::read(repo.path().join(path)).unwrap()).unwrap()
}

/// `PATH:LINE MESSAGE` of what `check` reports.
fn reported(run: &Run) -> Vec<String> {
    let short = |line: &str| {
        let (place, rest) = line.split_once(": ").unwrap();
        let (path, line) = place.rsplit_once(':').unwrap().0.rsplit_once(':').unwrap();
        let message = rest.splitn(3, ' ').nth(2).unwrap();
        format!("{path}:{line} {message}")
    };
    run.stdout.lines().map(short).collect()
}

#[track_caller]
fn expect(repo: &Repo, arguments: &[&str], wanted: &[&str]) {
    let run = repo.check(&[&["--format", "concise"], arguments].concat());
    assert_eq!(reported(&run), wanted, "{run:?}");
    assert_eq!(run.code, i32::from(!wanted.is_empty()), "{run:?}");
}

#[track_caller]
fn fails(run: &Run, words: &[&str]) {
    assert_eq!(run.code, 2, "{run:?}");
    for word in words {
        assert!(run.stderr.contains(word), "{word}: {run:?}");
    }
    assert_eq!(run.stdout, "", "{run:?}");
}

#[test]
fn only_the_new_violation_is_reported() {
    let repo = with_debt();
    assert_eq!(repo.check(&["--format", "concise"]).stdout.lines().count(), 40);

    let mended = "  metadata {\n    labels = { owner = \"me\" }\n";
    let first = read(&repo, "stacks/s00/main.tf").replacen("  metadata {\n", mended, 1);
    repo.write("stacks/s00/main.tf", format!("{first}\n{}", namespace("c")));

    let moved = read(&repo, "stacks/s01/main.tf");
    repo.write("stacks/s01/namespaces.tf", moved);
    repo.remove("stacks/s01/main.tf");

    let renamed = read(&repo, "stacks/s02/main.tf")
        .replace("\"kubernetes_namespace\" \"a\"", "\"kubernetes_namespace\" \"first\"")
        .replace("kubernetes_namespace.a]", "kubernetes_namespace.first]");
    repo.write("stacks/s02/main.tf", renamed);

    let indented = read(&repo, "stacks/s03/main.tf").replace("\n  ", "\n      ");
    repo.write("stacks/s03/main.tf", format!("\n\n{indented}"));

    let text = read(&repo, "stacks/s04/main.tf");
    let (one, other) = text.split_once("\n# the second one\n").unwrap();
    repo.write("stacks/s04/main.tf", format!("# the second one\n{other}\n{one}"));

    let new = ["stacks/s00/main.tf:17 namespace `c` has no owner"];
    expect(&repo, &["--since", "main"], &new);
    expect(&repo, &["--since", "main", "--changed-lines"], &new);
    expect(&repo, &["--since", "main", "--stack", "s00"], &new);
    expect(&repo, &["--since", "main", "--stack", "s01"], &[]);
    // Nothing is staged yet.
    expect(&repo, &["--staged"], &[]);

    repo.git(&["add", "--all"]);
    expect(&repo, &["--staged"], &new);
    // What is staged counts, and not what came after.
    repo.write("stacks/s00/main.tf", "locals {\n");
    expect(&repo, &["--staged"], &new);
    repo.git(&["checkout", "--quiet", "--", "."]);

    let before = repo.git(&["rev-parse", "HEAD"]);
    let after = repo.commit();
    let range = format!("{before}..{after}");
    expect(&repo, &["--range", &range], &new);
    // The files are judged as they were in the commit.
    repo.write("stacks/s00/main.tf", "locals {\n");
    expect(&repo, &["--range", &range], &new);
    repo.git(&["checkout", "--quiet", "--", "."]);
    repo.git(&["tag", "--annotate", "--message", "x", "before", &before]);
    expect(&repo, &["--since", "before"], &new);
    expect(&repo, &["--range", "before...HEAD"], &new);
}

#[test]
fn a_construct_that_changed_answers_for_all_of_it() {
    let repo = with_debt();
    let text = read(&repo, "stacks/s00/main.tf");
    repo.write("stacks/s00/main.tf", text.replacen("name = \"a\"", "name = \"z\"", 1));
    expect(&repo, &["--since", "main"], &["stacks/s00/main.tf:2 namespace `a` has no owner"]);
    // The header is not on the line that changed.
    expect(&repo, &["--since", "main", "--changed-lines"], &[]);
    // A comment that belongs to it is part of it.
    repo.write("stacks/s00/main.tf", text.replacen("the second one", "another word", 1));
    expect(&repo, &["--since", "main"], &["stacks/s00/main.tf:10 namespace `b` has no owner"]);
}

#[test]
fn a_file_that_breaks_is_reported_where_no_line_is_new() {
    let repo = with_debt();
    repo.write("stacks/s01/main.tf", "locals {\n");
    repo.commit();
    let text = read(&repo, "stacks/s00/main.tf");
    repo.write("stacks/s00/main.tf", text.replacen("  }\n}\n", "  }\n", 1));
    let run = repo.check(&["--since", "HEAD", "--changed-lines", "--format", "concise"]);
    assert_eq!(run.code, 1, "{run:?}");
    let broken = |path: &str| run.stdout.matches(&format!("{path}:")).count();
    assert!(run.stdout.contains(" tautline/syntax-error "), "{run:?}");
    assert_eq!((broken("stacks/s00/main.tf"), broken("stacks/s01/main.tf")), (1, 0), "{run:?}");
}

#[test]
fn what_a_change_does_elsewhere_is_reported() {
    let repo = with_debt();
    repo.write("stacks/t/names.tf", "locals {\n  labels = { owner = \"me\" }\n  other = 1\n}\n");
    let labelled =
        namespace("t").replacen("  metadata {", "  metadata {\n    labels = local.labels", 1);
    repo.write("stacks/t/main.tf", labelled);
    repo.commit();
    repo.write("stacks/t/names.tf", "locals {\n  labels = { team = \"us\" }\n  other = 1\n}\n");
    let run = repo.check(&["--format", "concise", "--since", "HEAD"]);
    let reported = reported(&run);
    assert_eq!(reported.len(), 1, "{run:?}");
    assert!(reported[0].starts_with("stacks/t/"), "{run:?}");
    assert!(reported[0].ends_with("namespace `t` has no owner"), "{run:?}");
}

#[test]
fn what_a_change_adds_may_be_worse_than_what_was_there() {
    let repo = with_debt();
    repo.write("stacks/s05/old.tf", "data \"region\" \"old\" {\n  name = \"x\"\n}\n");
    repo.commit();
    let both = "data \"region\" \"old\" {\n  name = \"x\"\n}\n\ndata \"region\" \"new\" {\n  name = \"y\"\n}\n";
    repo.write("stacks/s05/old.tf", both);
    let run = repo.check(&["--format", "concise", "--since", "HEAD"]);
    assert_eq!(reported(&run), ["stacks/s05/old.tf:6 a region"], "{run:?}");
    assert!(run.stdout.contains("warning story/region"), "{run:?}");
    // Nobody asked for it over the whole repo.
    assert!(!repo.check(&["--format", "concise"]).stdout.contains("story/region"));
}

#[test]
fn stacks_are_affected_by_what_they_read() {
    let repo = Repo::new(&[
        ("terragrunt.hcl", "inputs = { a = 1 }\n"),
        ("modules/outer/main.tf", "module \"i\" {\n  source = \"../inner\"\n}\n"),
        ("modules/inner/main.tf", "locals { a = file(\"${path.module}/text.txt\") }\n"),
        ("modules/inner/text.txt", "text\n"),
        ("shared/all.tfvars", "a = 1\n"),
        ("stacks/calls/main.tf", "module \"o\" {\n  source = \"../../modules/outer\"\n}\n"),
        ("stacks/own/main.tf", "locals {}\n"),
        (
            "stacks/included/terragrunt.hcl",
            "include \"root\" {\n  path = find_in_parent_folders()\n}\n",
        ),
        (
            "stacks/variables/terragrunt.hcl",
            "terraform {\n  extra_arguments \"x\" {\n    required_var_files = [\"${get_repo_root()}/shared/all.tfvars\"]\n  }\n}\n",
        ),
    ]);
    repo.git(&["init", "--quiet"]);
    let base = repo.commit();
    let all = repo.run_in("", &["stacks"]);
    assert_eq!(all.stdout, "calls\nincluded\nown\nvariables\n", "{all:?}");
    let affected = |wanted: &str| {
        let run = repo.run_in("stacks/own", &["stacks", "--affected-by", "main"]);
        assert_eq!((run.code, run.stdout.as_str()), (0, wanted), "{run:?}");
        repo.git(&["checkout", "--quiet", "--", "."]);
    };
    repo.write("modules/inner/main.tf", "locals { a = 2 }\n");
    affected("calls\n");
    repo.write("modules/inner/text.txt", "other\n");
    affected("calls\n");
    repo.write("shared/all.tfvars", "a = 2\n");
    affected("variables\n");
    repo.write("terragrunt.hcl", "inputs = { a = 2 }\n");
    affected("included\n");
    repo.remove("terragrunt.hcl");
    affected("included\n");
    repo.write("stacks/own/main.tf", "locals {\n}\n");
    affected("");
    repo.write("stacks/own/main.tf", "locals { a = 1 }\n");
    repo.remove("stacks/variables/terragrunt.hcl");
    let json = repo.run_in(
        "",
        &["stacks", "--affected-by", &format!("{base}..{}", repo.commit()), "--format", "json"],
    );
    let wanted = "\"stacks\":[{\"stack\":\"own\",\"directory\":\"stacks/own\",\"because\":\
                  [{\"kind\":\"stack\",\"path\":\"stacks/own\"}]}],\"removed\":[\"variables\"],\"called\":[]}\n";
    assert!(json.stdout.ends_with(wanted), "{json:?}");
}

#[test]
fn stacks_are_affected_by_what_they_are_made_of() {
    let stack = "unit \"a\" {\n  source = \"../units/a\"\n  path = \"a\"\n}\n";
    let nested = "stack \"web\" {\n  source = find_in_parent_folders(\"blueprints/web\")\n  path = \"web\"\n}\n";
    let unit = "terraform {\n  source = \"${get_repo_root()}/modules/a\"\n}\n";
    let repo = Repo::new(&[
        ("live/dev/terragrunt.stack.hcl", nested),
        ("live/other/terragrunt.hcl", ""),
        ("live/other/main.tf", "locals {}\n"),
        ("blueprints/web/terragrunt.stack.hcl", &stack.replace("../units", "../../units")),
        ("units/a/terragrunt.hcl", unit),
        ("modules/a/main.tf", "locals {\n  a = 1\n}\n"),
    ]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    let affected = |path: &str, from: &str, to: &str, wanted: &str| {
        let text = fs::read_to_string(repo.path().join(path)).unwrap();
        repo.write(path, text.replace(from, to));
        let run = repo.run_in("", &["stacks", "--affected-by", "main"]);
        assert_eq!((run.code, run.stdout.as_str()), (0, wanted), "{path}: {run:?}");
        repo.git(&["checkout", "--quiet", "--", "."]);
    };
    affected("modules/a/main.tf", "1", "2", "blueprints/web\nlive/dev\nunits/a\n");
    affected(
        "units/a/terragrunt.hcl",
        "{\n",
        "{\n  a = 1\n",
        "blueprints/web\nlive/dev\nunits/a\n",
    );
    affected(
        "blueprints/web/terragrunt.stack.hcl",
        "\"a\"\n}",
        "\"b\"\n}",
        "blueprints/web\nlive/dev\n",
    );
    affected("live/dev/terragrunt.stack.hcl", "= \"web\"", "= \"w\"", "live/dev\n");
    affected("live/other/main.tf", "{}", "{ a = 1 }", "live/other\n");
}

/// What a unit runs is seen from where a stack puts it.
#[test]
fn stacks_are_affected_by_what_their_units_run() {
    let stack = "unit \"a\" {\n  source = \"../units/a\"\n  path = \"a\"\n}\n";
    let repo = Repo::new(&[
        ("live/terragrunt.stack.hcl", stack),
        ("units/a/terragrunt.hcl", "terraform {\n  source = \"../../../modules/a\"\n}\n"),
        ("modules/a/main.tf", "locals {}\n"),
    ]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    repo.write("modules/a/main.tf", "locals {\n  a = 1\n}\n");
    let run = repo.run_in("", &["stacks", "--affected-by", "main"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "live\nunits/a\n"), "{run:?}");
}

#[test]
fn stacks_are_affected_by_what_their_configuration_reads() {
    let unit = "locals {\n  common = read_terragrunt_config(\"${get_repo_root()}/env/common.hcl\")\n  \
                region = read_terragrunt_config(find_in_parent_folders(\"region.hcl\"))\n  \
                table  = yamldecode(file(\"${get_terragrunt_dir()}/../../env/table.yaml\"))\n}\n";
    let repo = Repo::new(&[
        ("env/common.hcl", "locals {\n  a = 1\n}\n"),
        ("env/table.yaml", "a: 1\n"),
        ("env/other.yaml", "a: 1\n"),
        ("stacks/region.hcl", "locals {\n  a = 1\n}\n"),
        ("stacks/dns/terragrunt.hcl", unit),
        ("stacks/dns/main.tf", "locals {}\n"),
        ("stacks/web/main.tf", "locals {}\n"),
    ]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    let affected = |path: &str, wanted: &str| {
        let text = fs::read_to_string(repo.path().join(path)).unwrap();
        repo.write(path, text.replace('1', "2"));
        let run = repo.run_in("", &["stacks", "--affected-by", "main"]);
        assert_eq!((run.code, run.stdout.as_str()), (0, wanted), "{path}: {run:?}");
        repo.git(&["checkout", "--quiet", "--", "."]);
    };
    affected("env/common.hcl", "dns\n");
    affected("env/table.yaml", "dns\n");
    affected("stacks/region.hcl", "dns\n");
    affected("env/other.yaml", "");
}

#[test]
fn settings_and_debt_that_come_with_a_change_are_judged() {
    let ugly = "resource \"a\" \"b\" {\nx = 1\n}\n";
    let packs = "packs {\n  hygiene = \"always\"\n}\n";
    let repo = Repo::new(&[("tautline.hcl", packs), ("stacks/a/main.tf", ugly)]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    repo.write("stacks/b/main.tf", ugly);
    let waiver = "waiver \"hygiene/unformatted\" {\n  paths  = [\"stacks/b\"]\n  reason = \"x\"\n  until  = \"2999-01-01\"\n}\n";
    repo.write("tautline.hcl", format!("{packs}{waiver}"));
    let waived = repo.check(&["--since", "HEAD", "--format", "concise"]);
    assert_eq!((waived.code, &*waived.stdout), (0, ""), "{waived:?}");
    // A baseline that is new, and has more than there is.
    repo.write("tautline.hcl", packs);
    repo.run_in("", &["baseline", "create"]);
    repo.write("stacks/b/main.tf", "locals {}\n");
    let stale = repo.check(&["--since", "HEAD", "--format", "concise"]);
    assert!(stale.code < 2 && stale.stdout.contains("tautline/stale-baseline"), "{stale:?}");
}

#[test]
fn a_link_that_leads_elsewhere_affects_its_stack() {
    if cfg!(windows) {
        return;
    }
    let repo = Repo::new(&[
        ("shared/a.tfvars", "x = 1\n"),
        ("shared/b.tfvars", "x = 2\n"),
        ("stacks/one/main.tf", "locals {}\n"),
        ("stacks/two/main.tf", "locals {}\n"),
    ]);
    let link = |target: &str| {
        let args = ["-sfn", target, "stacks/one/terraform.tfvars"];
        let status = Command::new("ln").args(args).current_dir(repo.path()).status();
        assert!(status.unwrap().success());
    };
    link("../../shared/a.tfvars");
    repo.git(&["init", "--quiet"]);
    repo.commit();
    link("../../shared/b.tfvars");
    let run = repo.run_in("", &["stacks", "--affected-by", "main"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "one\n"), "{run:?}");
}

#[test]
fn a_submodule_at_another_commit_affects_who_calls_what_is_in_it() {
    let call = "module \"m\" {\n  source = \"../../modules/sub/m\"\n}\n";
    let repo = Repo::new(&[("stacks/one/main.tf", call), ("stacks/two/main.tf", "locals {}\n")]);
    let sub = Repo::new(&[("m/main.tf", "locals {}\n")]);
    sub.git(&["init", "--quiet"]);
    sub.commit();
    repo.git(&["init", "--quiet"]);
    let url = sub.path().display().to_string();
    let allow = ["-c", "protocol.file.allow=always"];
    repo.git(&[&allow[..], &["submodule", "--quiet", "add", &url, "modules/sub"]].concat());
    let base = repo.commit();
    sub.write("m/main.tf", "variable \"y\" {}\n");
    sub.commit();
    repo.git(&["-C", "modules/sub", "pull", "--quiet"]);
    let affected = |what: &str| repo.run_in("", &["stacks", "--affected-by", what]);
    let run = affected("HEAD");
    assert_eq!((run.code, run.stdout.as_str()), (0, "one\n"), "nothing is staged: {run:?}");
    let newer = repo.commit();
    let run = affected(&format!("{base}..{newer}"));
    assert_eq!((run.code, run.stdout.as_str()), (0, "one\n"), "{run:?}");
    let run = affected(&base);
    assert_eq!((run.code, run.stdout.as_str()), (0, "one\n"), "{run:?}");
    // What is checked out counts, also where it is what it was.
    repo.git(&["-C", "modules/sub", "checkout", "--quiet", "HEAD~"]);
    let run = affected(&base);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""), "{run:?}");
}

#[test]
fn commits_that_the_other_side_has_are_not_judged_and_those_that_are_cut_off_are_missed() {
    let repo = Repo::new(&[
        ("tautline.hcl", "packs {\n  ci = \"always\"\n}\n"),
        ("stacks/one/main.tf", "locals {}\n"),
    ]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    let commit = |message: &str| repo.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    commit("one");
    repo.git(&["checkout", "--quiet", "main"]);
    commit("main [ci skip]");
    repo.git(&["tag", "early"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "topic into main", "topic"]);
    repo.git(&["checkout", "--quiet", "topic"]);
    repo.git(&["merge", "--quiet", "--no-ff", "-m", "main into topic", "early"]);
    commit("last [skip ci]");
    let check = |at: &str, compare: &[&str]| {
        let rule = ["--rule", "ci/commit-hidden-from-pipeline", "--format", "concise"];
        repo.run_in(at, &[&["check"], compare, &rule].concat())
    };
    let found = check("", &["--since", "main"]);
    assert!(
        found.stdout.contains("`[skip ci]`") && !found.stdout.contains("`[ci skip]`"),
        "{found:?}"
    );
    let narrowed = repo.run_in("stacks/one", &["check", "--since", "main", "--rule", "ci"]);
    assert!(narrowed.stdout.contains("ci/commit-hidden-from-pipeline"), "{narrowed:?}");
    let url = format!("file://{}", repo.path().display());
    repo.git(&["clone", "--quiet", "--depth", "3", "--branch", "topic", &url, "shallow"]);
    let whole = check("shallow", &["--range", "HEAD~1..HEAD"]);
    assert_eq!((whole.code, whole.stdout.lines().count()), (0, 1), "{whole:?}");
    let cut = check("shallow", &["--range", "HEAD~2..HEAD"]);
    assert_eq!(cut.code, 2, "{cut:?}");
    assert!(cut.stderr.contains("git fetch --unshallow"), "{cut:?}");
}

#[test]
fn commits_that_a_comparison_adds_are_judged_by_their_messages() {
    let repo = Repo::new(&[
        ("tautline.hcl", "packs {\n  ci = \"always\"\n}\n"),
        ("stacks/one/main.tf", "locals {}\n"),
    ]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    let commit = |message: &str| {
        repo.git(&["commit", "--quiet", "--allow-empty", "-m", message]);
    };
    commit("one: before [ci skip]");
    repo.git(&["tag", "middle"]);
    commit("one: after");
    commit("one: at the end\n\n[skip ci]");
    let check = |compare: &[&str]| {
        let rule = ["--rule", "ci/commit-hidden-from-pipeline", "--format", "concise"];
        repo.check(&[compare, &rule].concat())
    };
    let both = check(&["--since", "main"]);
    let lines: Vec<&str> = both.stdout.lines().collect();
    assert_eq!((both.code, lines.len()), (0, 2), "{both:?}");
    assert!(lines.iter().all(|line| line.starts_with(".git/commits/")), "{both:?}");
    assert!(
        both.stdout.contains(":6:13: warning ci/commit-hidden-from-pipeline `[ci skip]` by `"),
        "{both:?}"
    );
    let last = check(&["--range", "middle..topic"]);
    assert!(last.stdout.contains(":8:1: warning") && last.stdout.lines().count() == 1, "{last:?}");
    // Text shows the message, and the file counts are those of the tree.
    let text = repo.check(&["--since", "main", "--rule", "ci/commit-hidden-from-pipeline"]);
    assert!(text.stdout.contains(" 6 | one: before [ci skip]\n"), "{text:?}");
    let whole = repo.check(&["--rule", "ci/commit-hidden-from-pipeline"]);
    let files = |run: &Run| {
        run.stdout.split(" files").next().and_then(|it| it.rsplit(' ').next()).map(str::to_owned)
    };
    assert_eq!(files(&text), files(&whole), "{whole:?}");
    assert!(whole.stdout.contains("something to compare with"), "{whole:?}");
}

/// What is staged is no commit yet, and where a commit is judged no comment can stand.
#[test]
fn rules_about_commits_are_named_where_there_are_none() {
    let settings = "packs {\n  ci = \"always\"\n}\n";
    let repo = Repo::new(&[("tautline.hcl", settings), ("stacks/one/main.tf", "locals {}\n")]);
    repo.git(&["init", "--quiet"]);
    let first = repo.commit();
    repo.write("stacks/one/main.tf", "locals {\n  a = 1\n}\n");
    repo.git(&["add", "."]);
    let id = "ci/commit-hidden-from-pipeline";
    let staged = repo.check(&["--staged", "--format", "json"]);
    assert!(staged.stdout.contains(&format!("\"not_run\":[\"{id}\"")), "{staged:?}");
    let staged = repo.check(&["--staged", "--format", "text"]);
    let line =
        format!("not run, they judge commits (`--since` or `--range`, in the whole repo): {id}");
    assert!(staged.stdout.contains(&line), "{staged:?}");
    repo.git(&["commit", "--quiet", "-m", "one [ci skip]"]);
    let check = |format: &str| repo.check(&["--since", &first, "--rule", id, "--format", format]);
    let agent = check("agent");
    assert!(agent.stdout.contains("an exception for a commit"), "{agent:?}");
    assert!(!agent.stdout.contains("on the line above"), "{agent:?}");
    // What it says holds.
    let waiver = format!(
        "waiver \"{id}\" {{\n  paths  = [\".git/commits/*\"]\n  reason = \"once\"\n  until  = \"2999-01-01\"\n}}\n"
    );
    repo.write("tautline.hcl", format!("{settings}{waiver}"));
    let waived = check("concise");
    assert_eq!((waived.code, &*waived.stdout), (0, ""), "{waived:?}");
}

/// Days that git keeps and calendars have trouble with.
#[test]
fn a_commit_may_be_of_any_day() {
    let rule = "summary = \"old\"\nseverity = \"error\"\nselect \"commit\" {}\nlet \"day\" { path = \"date\" }\n\
                forbid \"a\" {\n  path    = \"subject\"\n  present = true\n}\n\
                case \"a\" { message = \"made on {day}\" }\n";
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\n"),
        ("rules/own/pack.hcl", "summary = \"own\"\n"),
        ("rules/own/day.hcl", rule),
        ("stacks/one/main.tf", "locals {}\n"),
    ]);
    repo.git(&["init", "--quiet"]);
    let first = repo.commit();
    let tree = repo.git(&["rev-parse", "HEAD^{tree}"]);
    for (time, day) in [
        ("0 +0000", "1970-01-01"),
        ("0 -0100", "1969-12-31"),
        ("-1 +0000", "1969-12-31"),
        ("-86400 -1200", "1969-12-30"),
        ("4107542399 +0000", "2100-02-28"),
        ("4107542399 +0100", "2100-03-01"),
        ("253402300800 +0000", "10000-01-01"),
        ("9223372036854775807 +1400", "65535-12-31"),
    ] {
        let person = format!("a <a@example.org> {time}");
        let text =
            format!("tree {tree}\nparent {first}\nauthor {person}\ncommitter {person}\n\none\n");
        repo.write(".git/odd", text);
        let odd = repo.git(&["hash-object", "-t", "commit", "--literally", "-w", ".git/odd"]);
        let range = format!("{first}..{odd}");
        let run = repo.check(&["--range", &range, "--rule", "own", "--format", "concise"]);
        assert!(run.stdout.contains(&format!("made on {day}")), "{time}: {run:?}");
    }
}

#[test]
fn what_is_new_to_a_plan_affects_its_stack_and_what_is_not_does_not() {
    let call = "module \"m\" {\n  source = \"../../modules/m\"\n}\n";
    let resource = |name: &str| format!("resource \"x\" \"{name}\" {{\n  a = 1\n}}\n");
    let repo = Repo::new(&[
        ("modules/m/main.tf", "variable \"a\" {}\noutput \"b\" {\n  value = 1\n}\n"),
        ("shared/all.tfvars", "a = 1\n"),
        ("stacks/calls/main.tf", call),
        ("stacks/one/main.tf", &resource("kept")),
        ("stacks/one/more.tf", &resource("a")),
        ("stacks/two/main.tf", "locals {}\n"),
        (
            "stacks/variables/terragrunt.hcl",
            "terraform {\n  extra_arguments \"x\" {\n    required_var_files = [\"${get_repo_root()}/shared/all.tfvars\"]\n  }\n}\n",
        ),
    ]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    let affected = |what: &str, wanted: &str| {
        repo.git(&["add", "-A"]);
        let run = repo.run_in("", &["stacks", "--affected-by", "main"]);
        assert_eq!((run.code, run.stdout.as_str()), (0, wanted), "{what}: {run:?}");
        repo.git(&["reset", "--quiet", "--hard"]);
    };
    repo.write("stacks/one/more.tf", resource("b"));
    affected("a resource has another name", "one\n");
    repo.git(&["mv", "stacks/one/more.tf", "stacks/two/more.tf"]);
    affected("a resource is in another stack", "one\ntwo\n");
    repo.git(&["mv", "stacks/one/more.tf", "stacks/one/more.tf.example"]);
    affected("a resource is an example", "one\n");
    repo.git(&["mv", "stacks/one/more.tf", "stacks/one/other.tf"]);
    affected("a file of a stack has another name", "");
    repo.write("stacks/one/main.tf", resource("kept") + &resource("a"));
    repo.remove("stacks/one/more.tf");
    affected("a resource is in another file of its stack", "");
    repo.write("shared/all.tfvars", "b = 1\n");
    affected("another variable is given", "variables\n");
    repo.write("modules/m/main.tf", "variable \"a\" {}\noutput \"c\" {\n  value = 1\n}\n");
    affected("an output has another name", "calls\n");
    repo.git(&["mv", "modules/m", "modules/n"]);
    affected("a module is gone", "calls\n");
}

#[test]
fn a_stack_under_another_name_is_a_new_one() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals { a = 1 }\n")]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    repo.git(&["mv", "stacks/a", "stacks/b"]);
    let run = repo.run_in("", &["stacks", "--affected-by", "main"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "b\n"), "{run:?}");
}

#[test]
fn one_question_of_a_rule_does_not_answer_for_another() {
    let workflow = |with: &str| {
        format!(
            "on: workflow_dispatch\npermissions:\n  packages: write\njobs:\n  build:\n    runs-on: ubuntu-latest\n    \
             steps:\n      - uses: docker/build-push-action@v6\n        with:\n{with}          \
             tags: ghcr.io/a/b:latest,ghcr.io/a/b:${{{{ github.sha }}}}\n"
        )
    };
    let path = ".github/workflows/build.yml";
    let repo = Repo::new(&[
        ("tautline.hcl", "packs {\n  ci = \"always\"\n}\n"),
        (path, &workflow("          platforms: linux/amd64\n")),
    ]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    // The one that was there is mended, and at the same place another one comes.
    repo.write(path, workflow("          provenance: false\n"));
    let run = repo.check(&["--since", "main", "--rule", "ci/image-build-shape"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("the cluster runs `linux/amd64` alone"), "{run:?}");
}

#[test]
fn a_name_that_cannot_be_one_is_told_so() {
    let repo = with_debt();
    for (name, help) in [
        ("", "if it is a variable, it is empty"),
        ("main..other", "`--range main..other`"),
        ("HEAD^{/x}", "`git branch --all`"),
        (&"0a".repeat(20), "`git fetch origin 0a0a"),
    ] {
        let run = repo.check(&["--since", name]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains(help), "{name}: {run:?}");
    }
}

#[test]
fn the_report_says_what_was_compared() {
    let repo = with_debt();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("stacks/s00/more.tf", namespace("c"));
    let run = repo.check(&["--since", "main"]);
    assert!(run.stdout.contains("\ncompared with `main` ("), "{run:?}");
    assert!(
        run.stdout.contains("1 file differs, 1 place changed or added\n1 stack affected: s00\n"),
        "{run:?}"
    );
    let json = repo.check(&["--since", "main", "--format", "json"]);
    let comparison = &crate::formats::valid(&json.stdout)["summary"]["comparison"];
    assert_eq!((&comparison["files"], &comparison["changes"]), (&1.into(), &1.into()), "{json:?}");
    let way = serde_json::json!({ "kind": "stack", "path": "stacks/s00" });
    let stack = serde_json::json!({ "stack": "s00", "directory": "stacks/s00", "because": [way] });
    assert_eq!(comparison["affected"], serde_json::json!([stack]));
    assert_eq!(comparison["commit"], repo.git(&["rev-parse", "main"]));
}

#[test]
fn a_comparison_with_itself_is_no_green() {
    let repo = with_debt();
    let head = repo.git(&["rev-parse", "HEAD"]);
    let zero = "0".repeat(40);
    fails(
        &repo.check(&["--since", "main"]),
        &["`main` (", "there is nothing to compare", "--range BEFORE..AFTER"],
    );
    fails(
        &repo.check(&["--range", "main..HEAD"]),
        &["compares commit", "with itself", "BEFORE..AFTER"],
    );
    fails(
        &repo.check(&["--range", &format!("{zero}..{head}")]),
        &["all-zero", "--since origin/main"],
    );
    fails(
        &repo.check(&["--range", &format!("..{head}")]),
        &["is no range", "one of them is empty"],
    );
    fails(
        &repo.check(&["--range", "main"]),
        &["`main` is no range", "`main..HEAD`", "`--since main`"],
    );
    fails(&repo.check(&["--changed-lines"]), &["there is none", "--since REF"]);
    let facts = ["--since", "HEAD~0", "--stack", "s00", "--facts", "stack"];
    fails(&repo.check(&facts), &["whole repo", "leave out `--facts stack`"]);
    fails(&repo.run_in("", &["stacks", "--affected-by", "main"]), &["there is nothing to compare"]);
    // Who names `HEAD` asks for what is not committed, and that may be nothing.
    let none = repo.run_in("", &["stacks", "--affected-by", "HEAD"]);
    assert_eq!((none.code, &*none.stdout), (0, ""), "{none:?}");
    assert_eq!(none.stderr, "note: everything is committed, so no stack is affected\n");
    let none = repo.run_in("", &["stacks", "--affected-by", "HEAD", "--format", "json"]).stdout;
    assert!(none.contains("\"stacks\":[]") || none.contains("\"stacks\": []"), "{none}");
    fails(&repo.check(&["--since", "HEAD"]), &["there is nothing to compare"]);
    // Nothing is staged, and that may be.
    let staged = repo.check(&["--staged"]);
    assert_eq!(staged.code, 0, "{staged:?}");
    assert!(staged.stdout.contains("0 files differ"), "{staged:?}");
    assert!(staged.stderr.contains("note: nothing is staged, so nothing was judged"), "{staged:?}");
    let quiet = repo.check(&["--staged", "--quiet"]);
    assert_eq!((quiet.code, quiet.stdout, quiet.stderr), (0, String::new(), String::new()));
}

#[test]
fn names_that_are_no_commits_are_told_apart() {
    let repo = with_debt();
    repo.git(&["branch", "topic"]);
    repo.git(&["tag", "directory", "HEAD^{tree}"]);
    repo.git(&["tag", "--annotate", "--message", "x", "file", "HEAD:tautline.hcl"]);
    fails(
        &repo.check(&["--since", "topik"]),
        &["no branch, tag or commit `topik`", "did you mean `topic`?"],
    );
    fails(
        &repo.check(&["--since", "origin/release"]),
        &["git fetch origin release:refs/remotes/origin/release"],
    );
    fails(
        &repo.check(&["--since", "directory"]),
        &["`directory` is a directory tree, not a commit"],
    );
    fails(&repo.check(&["--since", "file"]), &["`file` is a file, not a commit"]);
    fails(&repo.check(&["--since", "main:stacks"]), &["is a directory tree"]);
    fails(&repo.check(&["--range", "HEAD..nowhere"]), &["no branch, tag or commit `nowhere`"]);
}

#[test]
fn a_shallow_clone_says_how_much_to_fetch() {
    let repo = with_debt();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("stacks/s00/more.tf", namespace("c"));
    let topic = repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("stacks/s01/more.tf", "locals {}\n");
    let main = repo.commit();
    let clones = tempfile::tempdir().unwrap();
    let source = format!("file://{}", repo.path().display());
    let arguments = [
        "clone",
        "--quiet",
        "--depth",
        "1",
        "--no-single-branch",
        "--branch",
        "topic",
        &source,
        "clone",
    ];
    git(clones.path(), &arguments);
    let clone = clones.path().join("clone");
    let check = |arguments: &[&str]| {
        crate::repo::run_at(&clone, &[&["check", "--format", "concise"], arguments].concat())
    };
    fails(
        &check(&["--since", "origin/main"]),
        &["no commit in common", "git fetch --unshallow", "fetch-depth: 0"],
    );
    fails(&check(&["--since", &format!("{main}~1")]), &["in this clone", "shallow"]);
    // Two commits that are there can be compared as they are.
    let range = check(&["--range", &format!("origin/main..{topic}")]);
    assert_eq!(reported(&range), ["stacks/s00/more.tf:2 namespace `c` has no owner"], "{range:?}");
    git(&clone, &["fetch", "--quiet", "--unshallow"]);
    let since = check(&["--since", "origin/main"]);
    assert_eq!(reported(&since), ["stacks/s00/more.tf:2 namespace `c` has no owner"], "{since:?}");
    // A detached head is a head.
    git(&clone, &["checkout", "--quiet", "--detach"]);
    assert_eq!(check(&["--since", "origin/main"]).stdout, since.stdout);
}

#[test]
fn histories_that_never_met_have_nothing_in_common() {
    let repo = with_debt();
    repo.git(&["checkout", "--quiet", "--orphan", "other"]);
    repo.write("stacks/s00/more.tf", "locals {}\n");
    repo.commit();
    let run = repo.check(&["--since", "main"]);
    fails(&run, &["`main` and `HEAD` have no commit in common", "--range main..HEAD"]);
}

#[test]
fn a_linked_work_tree_compares_its_own_files() {
    let repo = with_debt();
    let other = tempfile::tempdir().unwrap();
    let tree = other.path().join("tree");
    repo.git(&["worktree", "add", "--quiet", "-b", "topic", &tree.to_string_lossy()]);
    fs::write(tree.join("stacks/s00/more.tf"), namespace("c")).unwrap();
    let new = ["stacks/s00/more.tf:2 namespace `c` has no owner"];
    let run = crate::repo::run_at(&tree, &["check", "--since", "main", "--format", "concise"]);
    assert_eq!(reported(&run), new, "{run:?}");
    git(&tree, &["add", "--all"]);
    let run = crate::repo::run_at(&tree, &["check", "--staged", "--format", "concise"]);
    assert_eq!(reported(&run), new, "{run:?}");
}

#[test]
fn a_submodule_is_another_repo() {
    let inner = Repo::new(&[("main.tf", &namespace("x"))]);
    inner.git(&["init", "--quiet"]);
    inner.commit();
    let repo = with_debt();
    repo.git(&["submodule", "--quiet", "add", &inner.path().to_string_lossy(), "stacks/sub"]);
    let run = repo.check(&["--format", "concise", "--since", "main"]);
    assert_eq!((run.code, &*run.stdout), (0, ""), "{run:?}");
    let staged = repo.check(&["--format", "concise", "--staged"]);
    assert_eq!((staged.code, &*staged.stdout), (0, ""), "{staged:?}");
    // Inside, it has its own history.
    let own = repo.check_in("stacks/sub", &["--since", "HEAD"]);
    fails(&own, &["there is nothing to compare"]);
}

#[test]
fn a_repo_without_a_commit_has_only_what_is_staged() {
    let repo = Repo::new(&[
        ("tautline.hcl", SETTINGS),
        ("rules/story/pack.hcl", "summary = \"a story\"\n"),
        ("rules/story/missing-owner.hcl", OWNER),
        ("stacks/a/main.tf", &namespace("a")),
    ]);
    fails(&repo.check(&["--since", "main"]), &["no git work tree"]);
    repo.git(&["init", "--quiet"]);
    // Which packs are on is not the question where there is nothing to judge.
    let staged = repo.check(&["--staged"]);
    assert!(staged.code == 0 && !staged.stdout.contains("no pack is on"), "{staged:?}");
    assert!(staged.stderr.contains("note: nothing is staged"), "{staged:?}");
    fails(&repo.check(&["--since", "main"]), &["there is no commit yet", "--staged"]);
    fails(&repo.check(&["--range", "main..HEAD"]), &["no branch, tag or commit `main`"]);
    repo.git(&["add", "--all"]);
    expect(&repo, &["--staged"], &["stacks/a/main.tf:2 namespace `a` has no owner"]);
}

#[test]
fn a_bare_repository_has_nothing_to_check() {
    let repo = with_debt();
    let bare = tempfile::tempdir().unwrap();
    git(bare.path(), &["clone", "--quiet", "--bare", &repo.path().to_string_lossy(), "bare"]);
    let run = crate::repo::run_at(&bare.path().join("bare"), &["check", "--range", "main~0..main"]);
    fails(&run, &["is a bare repository", "git worktree add"]);
    for args in [&["check"][..], &["stacks"], &["rules", "mutate"]] {
        let run = crate::repo::run_at(&bare.path().join("bare"), args);
        assert!(run.code > 1, "{run:?}");
        assert!(run.stderr.contains("is a bare repository"), "{run:?}");
        assert!(run.stderr.contains("git worktree add"), "{run:?}");
    }
}

#[test]
fn what_others_call_as_a_module_is_no_stack() {
    let call = "module \"m\" {\n  source = \"../modules/m\"\n}\n";
    let repo = Repo::new(&[
        ("a/main.tf", call),
        ("b/main.tf", call),
        ("modules/m/main.tf", "locals {}\n"),
    ]);
    let run = repo.run_in("", &["stacks"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, "a\nb\n"), "{run:?}");
    assert!(run.stderr.contains("calls them as modules: modules/m\n"), "{run:?}");
    repo.git(&["init", "--quiet"]);
    repo.commit();
    repo.write("modules/m/main.tf", "locals {\n  x = 1\n}\n");
    let json = repo.run_in("", &["stacks", "--affected-by", "HEAD", "--format", "json"]).stdout;
    let list: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(list["stacks"].as_array().unwrap().len(), 2, "{json}");
    assert_eq!(list["called"], serde_json::json!(["modules/m"]), "{json}");
}

#[test]
fn a_merge_that_is_not_done_cannot_be_staged() {
    let repo = with_debt();
    repo.git(&["checkout", "--quiet", "-b", "topic"]);
    repo.write("stacks/s00/main.tf", "locals { a = 1 }\n");
    repo.commit();
    repo.git(&["checkout", "--quiet", "main"]);
    repo.write("stacks/s00/main.tf", "locals { a = 2 }\n");
    repo.commit();
    let merge = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com", "merge", "topic"])
        .current_dir(repo.path())
        .output()
        .unwrap();
    assert!(!merge.status.success(), "{merge:?}");
    fails(
        &repo.check(&["--staged"]),
        &["`stacks/s00/main.tf` is in conflict in the index", "git add"],
    );
}

#[test]
fn the_index_of_the_commit_is_the_one_that_counts() {
    let repo = with_debt();
    repo.write("stacks/s00/main.tf", namespace("z"));
    // What `git commit -a` does before it runs the hook.
    fs::copy(repo.path().join(".git/index"), repo.path().join(".git/next")).unwrap();
    let add = Command::new("git")
        .args(["add", "--all"])
        .env("GIT_INDEX_FILE", ".git/next")
        .current_dir(repo.path())
        .output()
        .unwrap();
    assert!(add.status.success(), "{add:?}");
    let run: Run = Command::new(env!("CARGO_BIN_EXE_tautline"))
        .args(["check", "--staged", "--format", "concise"])
        .env("GIT_INDEX_FILE", ".git/next")
        .current_dir(repo.path())
        .output()
        .unwrap()
        .into();
    assert_eq!(reported(&run), ["stacks/s00/main.tf:2 namespace `z` has no owner"], "{run:?}");
    expect(&repo, &["--staged"], &[]);
}

#[cfg(unix)]
#[test]
fn a_checkout_of_somebody_else_is_told_how_to_be_trusted() {
    use std::os::unix::fs::chown;

    let repo = with_debt();
    repo.write("stacks/s00/more.tf", namespace("c"));
    let home = tempfile::tempdir().unwrap();
    // Only root can give a directory away; to anybody else the directory of root is one of another user.
    if chown(repo.path(), Some(12_345), None).is_err() {
        return;
    }
    chown(repo.path().join(".git"), Some(12_345), None).unwrap();
    let run = || -> Run {
        Command::new(env!("CARGO_BIN_EXE_tautline"))
            .args(["check", "--since", "main", "--format", "concise"])
            .env("HOME", home.path())
            .env_remove("XDG_CONFIG_HOME")
            .env_remove("SUDO_UID")
            .current_dir(repo.path())
            .output()
            .unwrap()
            .into()
    };
    let refused = run();
    fails(&refused, &["belongs to another user", "git config --global --add safe.directory "]);
    let path = repo.path().canonicalize().unwrap();
    fs::write(
        home.path().join(".gitconfig"),
        format!("[safe]\n\tdirectory = {}\n", path.display()),
    )
    .unwrap();
    let trusted = run();
    assert_eq!(
        reported(&trusted),
        ["stacks/s00/more.tf:2 namespace `c` has no owner"],
        "{trusted:?}"
    );
}

#[cfg(unix)]
#[test]
fn nothing_is_written() {
    let repo = with_debt();
    repo.write("stacks/s00/main.tf", namespace("z"));
    let state = || {
        let mut all = Vec::new();
        let mut waiting = vec![repo.path().join(".git")];
        while let Some(directory) = waiting.pop() {
            for entry in fs::read_dir(directory).unwrap() {
                let entry = entry.unwrap();
                let modified = entry.metadata().unwrap().modified().unwrap();
                all.push((entry.path(), modified));
                if entry.path().is_dir() {
                    waiting.push(entry.path());
                }
            }
        }
        all.sort();
        all
    };
    let before = state();
    expect(&repo, &["--since", "main"], &["stacks/s00/main.tf:2 namespace `z` has no owner"]);
    expect(&repo, &["--staged"], &[]);
    // A checkout that cannot be written is read all the same.
    assert_eq!(state(), before);
}

#[cfg(unix)]
#[test]
fn links_are_those_of_the_state_that_is_checked() {
    let call = |namespace: &str| {
        format!(
            "module \"tls\" {{\n  source    = \"../../modules/setup_tls_secret\"\n  namespace = \"{namespace}\"\n}}\n"
        )
    };
    let repo = Repo::new(&[
        ("modules/setup_tls_secret/main.tf", "variable \"namespace\" {}\n"),
        ("stacks/a/main.tf", &call("a")),
    ]);
    repo.git(&["init", "--quiet"]);
    let link = repo.path().join("stacks/a/secrets");
    std::os::unix::fs::symlink("../../secrets", &link).unwrap();
    repo.commit();
    repo.write("stacks/a/main.tf", call("b"));
    repo.commit();
    let rule = ["--rule", "secrets/unlinked-certificates", "--format", "concise"];
    let check = |comparison: &[&str]| repo.check(&[comparison, &rule].concat());
    // The link is in both commits, and no longer in the work tree.
    fs::remove_file(&link).unwrap();
    assert_eq!(check(&["--range", "HEAD~1..HEAD"]).stdout, "");
    assert!(check(&["--since", "HEAD~1"]).stdout.contains("which is not there"));
    repo.git(&["add", "--all"]);
    repo.write("stacks/a/main.tf", call("c"));
    repo.git(&["add", "stacks/a/main.tf"]);
    assert!(check(&["--staged"]).stdout.contains("which is not there"));
    // A change that takes nothing but the link away answers for what that does to the call.
    repo.git(&["reset", "--quiet", "--hard"]);
    fs::remove_file(&link).unwrap();
    assert!(check(&["--since", "HEAD"]).stdout.contains("which is not there"));
}

#[test]
fn a_change_of_what_is_not_looked_at_is_a_change() {
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\nexclude = [\"vendor\"]\n"),
        ("rules/own/pack.hcl", "summary = \"x\"\n"),
        ("vendor/main.tf", "locals {}\n"),
        ("stacks/one/main.tf", "locals {}\n"),
    ]);
    repo.git(&["init", "--quiet"]);
    repo.commit();
    for (path, text) in [("rules/own/pack.hcl", "summary = \"y\"\n"), ("vendor/main.tf", "\n")] {
        repo.write(path, text);
        let run = repo.check(&["--since", "HEAD"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(run.stdout.contains(": 0 files differ"), "{run:?}");
        repo.git(&["add", path]);
        let staged = repo.check(&["--staged"]);
        assert_eq!(staged.code, 0, "{staged:?}");
        assert!(staged.stderr.contains("note: nothing that is staged is judged"), "{staged:?}");
        repo.commit();
    }
    let run = repo.run_in("", &["stacks", "--affected-by", "HEAD..HEAD"]);
    assert!(run.stderr.contains("`--affected-by BEFORE..AFTER`"), "{run:?}");
}
