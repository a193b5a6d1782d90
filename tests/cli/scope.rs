//! What is reported: paths, stacks, the working directory, a buffer.

use crate::repo::{Repo, Run};
use crate::since::git;

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
    expect("", &["--stack", "./stacks/a"], &A);
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

const LIST: &str = r#"
gather "listed" {
  label = "listed here"
  select "text" {
    files   = ["docs/**/*.md"]
    words   = ["- app:"]
    matches = "- app: (?<app>[a-z]+)"
    zones   = ["prose", "code"]
  }
}

gather "maps" {
  label = "declared here"
  select "resource" { types = ["kubernetes_config_map_v1"] }
}

gather "others" {
  label = "declared here"
  select "resource" { types = ["kubernetes_secret_v1"] }
}
"#;

const RULE: &str = r#"
summary  = "config map is not listed"
severity = "error"
reads    = ["docs/**/*.md", "shared/*.tf"]
select "object" { kinds = ["ConfigMap"] }
require "listed" {
  exists {
    in    = "listed"
    match = { app = "{name}" }
  }
}
case "listed" { message = "`{name}` is not listed" }
"#;

/// A repo with a rule that reads a list, in a pack that `settings` may switch on.
fn listing_repo(settings: &str) -> Repo {
    let map = |name: &str| {
        format!(
            "resource \"kubernetes_config_map_v1\" \"{name}\" {{\n  metadata {{ name = \"{name}\" }}\n}}\n"
        )
    };
    let pack = format!(
        "summary = \"lists\"\napplies_when {{\n  file {{ path = \"EVIDENCE\" }}\n}}\n{LIST}"
    );
    Repo::new(&[
        ("tautline.hcl", &format!("pack_dirs = [\"rules\"]\n{settings}")),
        ("rules/lists/pack.hcl", &pack),
        ("rules/lists/not-listed.hcl", RULE),
        ("EVIDENCE", ""),
        ("docs/apps/list.md", "- app: one\n"),
        ("docs/apps/other.md", "Nothing is listed here.\n"),
        ("docs/app.txt", "- app: two\n"),
        ("shared/names.tf", "locals {}\n"),
        ("shared/more.hcl", "a = 1\n"),
        (
            "stacks/a/main.tf",
            &format!("module \"m\" {{\n  source = \"../../modules/m\"\n}}\n{}", map("one")),
        ),
        (
            "stacks/a/terragrunt.hcl",
            "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\n",
        ),
        ("stacks/b/main.tf", &map("two")),
        ("modules/m/main.tf", "locals {}\n"),
        ("root.hcl", ""),
    ])
}

#[test]
fn the_closure_is_told_with_the_reason_for_each_file() {
    let repo = listing_repo("packs { lists = true }\n");
    let run = repo.check(&["--stack", "a", "--facts", "stack", "--verbose"]);
    assert_eq!(run.code, 0, "{run:?}");
    let (told, _) = run.stderr.split_once("checked in ").unwrap();
    insta::assert_snapshot!(told, @r"
    loaded 7 files:
      docs/apps/list.md        read by lists/not-listed
      modules/m/main.tf        module called in stacks/a/main.tf
      root.hcl                 configuration above the stack
      shared/names.tf          read by lists/not-listed
      stacks/a/main.tf         in the stack
      stacks/a/terragrunt.hcl  in the stack
      tautline.hcl             configuration above the stack
    1 pack on:
      lists  tautline.hcl:2
    ");
}

#[test]
fn lists_of_rules_that_do_not_run_are_not_loaded() {
    let loaded = |settings: &str, more: &[&str]| -> Vec<String> {
        let stack = ["--stack", "a", "--facts", "stack", "--verbose"];
        let run = listing_repo(settings).check(&[&stack[..], more].concat());
        assert_eq!(run.code, 0, "{run:?}");
        let lines = run.stderr.lines().filter_map(|line| line.strip_prefix("  "));
        let paths = lines.map(|line| line.split(' ').next().unwrap().to_owned());
        paths
            .filter(|path| {
                path.starts_with("docs/") || path.starts_with("shared/") || path == "EVIDENCE"
            })
            .collect()
    };
    let lists = ["docs/apps/list.md", "shared/names.tf"];
    assert_eq!(loaded("packs { lists = true }\n", &[]), lists);
    assert_eq!(loaded("packs {}\n", &[]), [""; 0]);
    assert_eq!(loaded("packs {}\n", &["--rule", "lists"]), lists);
    assert_eq!(
        loaded("packs { lists = true }\nrule \"lists/not-listed\" { severity = \"off\" }\n", &[]),
        [""; 0]
    );
    assert_eq!(loaded("", &[]), ["EVIDENCE", "docs/apps/list.md", "shared/names.tf"]);
    assert_eq!(loaded("", &["--rule", "tautline"]), [""; 0]);
}

#[test]
fn lists_are_read_only_for_rules_that_have_something_to_judge() {
    let reads_list = |subject: &str| {
        let rule = RULE.replace("select \"object\" { kinds = [\"ConfigMap\"] }", subject);
        assert_ne!(rule, RULE);
        let repo = listing_repo("packs { lists = true }\n");
        repo.write("rules/lists/not-listed.hcl", rule.replace("{name}", "{file}"));
        repo.write("stacks/a/more.tf", "# resource \"kubernetes_secret_v1\" \"gone\" {}\n");
        let run = repo.check(&["--stack", "a", "--facts", "stack", "--verbose"]);
        assert!(run.stderr.starts_with("loaded "), "{run:?}");
        run.stderr.contains("docs/apps/list.md")
    };
    let maps = "select \"resource\" { types = [\"kubernetes_config_map_v1\"] }";
    assert!(reads_list(maps));
    assert!(!reads_list(&maps.replace("config_map", "secret")), "a comment is no resource");
    assert!(reads_list("select \"file\" { files = [\"stacks/**/more.tf\"] }"));
    assert!(!reads_list("select \"file\" { files = [\"stacks/b/*\"] }"));
    let text = |word: &str| {
        format!("select \"text\" {{\n  words   = [\"{word}\"]\n  matches = \"{word}\"\n}}")
    };
    assert!(reads_list(&text("gone")));
    assert!(!reads_list(&text("two")));
    assert!(reads_list("select \"row\" { of = \"maps\" }"));
    assert!(!reads_list("select \"row\" { of = \"others\" }"));
}

#[test]
fn with_the_whole_repo_there_is_no_reason_to_tell() {
    let run = repo().check(&["--stack", "b", "--verbose"]);
    assert!(run.stderr.starts_with("loaded 6 files: the whole repo\n"), "{run:?}");
    let both = repo().check(&["--verbose", "--quiet"]);
    assert_eq!(both.code, 2, "{both:?}");
}

#[test]
fn what_is_found_in_a_module_that_the_stack_calls_is_noted() {
    let repo = Repo::new(&[
        ("stacks/a/main.tf", "module \"m\" {\n  source = \"../../modules/m\"\n}\n"),
        ("stacks/b/main.tf", "locals {}\n"),
        ("stacks/unit/terragrunt.hcl", "terraform {\n  source = \"../../modules/m\"\n}\n"),
        ("modules/m/main.tf", "module \"i\" {\n  source = \"../inner\"\n}\n"),
        ("modules/inner/main.tf", BROKEN),
        ("modules/other/main.tf", BROKEN),
        ("terragrunt.hcl", ""),
    ]);
    let note = "note: 1 error in a module that is called, which does not gate: `tautline check modules/inner`\n";
    for facts in ["repo", "stack"] {
        for (directory, more) in [
            ("", &["--stack", "a"][..]),
            ("stacks/a", &[]),
            ("", &["stacks/a"]),
            ("", &["--stack", "unit"]),
        ] {
            let run = repo.check_in(directory, &[&["--facts", facts], more].concat());
            assert_eq!(run.code, 0, "{run:?}");
            assert!(run.stdout.ends_with(note), "{facts} {more:?} {run:?}");
        }
    }
    for quiet in [&["--stack", "b"][..], &["stacks/a/main.tf"], &["--stack", "a", "--quiet"]] {
        let run = repo.check(quiet);
        assert!(run.code == 0 && !run.stdout.contains("note:"), "{run:?}");
    }
    let json = repo.check(&["--stack", "a", "--format", "json"]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), 0);
    let called =
        serde_json::json!([{"path": "modules/inner", "errors": 1, "warnings": 0, "infos": 0}]);
    assert_eq!(json["summary"]["called_modules"], called);
}

#[test]
fn what_a_block_finds_in_a_file_that_it_reads_is_reported_there() {
    let values = "persistence:\n  storageClass: fast\n";
    let chart = "resource \"helm_release\" \"db\" {\n  chart  = \"db\"\n  values = [file(\"${path.module}/values.yaml\")]\n}\n";
    let repo = Repo::new(&[
        (
            "tautline.hcl",
            "packs { storage = \"always\" }\nparams \"storage\" { autoresized_classes = [\"fast\"] }\n",
        ),
        ("stacks/a/main.tf", chart),
        ("stacks/a/values.yaml", values),
        ("stacks/b/main.tf", "locals {}\n"),
    ]);
    let rule = ["--rule", "storage/missing-autoresizer-annotations", "--format", "concise"];
    let found = |scope: &[&str]| repo.check(&[&rule, scope].concat()).stdout;
    let whole = found(&[]);
    assert!(whole.starts_with("stacks/a/values.yaml:2:17: info"), "{whole}");
    for scope in [&["stacks/a/values.yaml"][..], &["--stack", "a"]] {
        assert_eq!(found(scope), whole, "{scope:?}");
    }
    for scope in [&["stacks/a/main.tf"][..], &["--stack", "b"]] {
        assert_eq!(found(scope), "", "{scope:?}");
    }
}

#[test]
fn a_quiet_check_speaks_only_where_something_gates() {
    let quiet = |stack: &str| repo().check(&["--quiet", "--stack", stack]);
    let bad = quiet("b");
    assert_eq!((bad.code, &*bad.stderr), (1, ""), "{bad:?}");
    assert!(bad.stdout.contains("[stacks/b/main.tf:2:7]"), "{bad:?}");
    assert!(!bad.stdout.contains("packs:"), "{bad:?}");
    let good = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]).check(&["--quiet"]);
    assert_eq!((good.code, &*good.stdout, &*good.stderr), (0, "", ""));
}

#[test]
fn a_check_that_gates_can_ask_for_settings() {
    let files = [("stacks/a/main.tf", "locals {}\n")];
    for settings in [None, Some("exclude = []\n")] {
        let repo = Repo::new(&files);
        if let Some(text) = settings {
            repo.write("tautline.hcl", text);
        }
        let run = repo.check(&["--require-config"]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        assert!(run.stderr.contains("no `packs` block in a tautline.hcl"), "{run:?}");
        let offers_init = run.stderr.contains("help: `tautline init` writes one");
        assert_eq!(offers_init, settings.is_none(), "{run:?}");
        assert!(run.stderr.contains("switches one pack on"), "{run:?}");
    }
    let repo = Repo::new(&files);
    for nothing in ["packs {}\n", "packs {\n  ingress = false\n}\n"] {
        repo.write("tautline.hcl", nothing);
        let run = repo.check(&["--require-config"]);
        assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
        assert!(run.stderr.contains("the `packs` block names no packs"), "{run:?}");
        assert_eq!(repo.check(&[]).code, 0);
    }
    repo.write("tautline.hcl", "packs {\n  ingress = \"always\"\n}\n");
    assert_eq!(repo.check(&["--require-config"]).code, 0);
    repo.write("other.hcl", "");
    assert_eq!(repo.check(&["--require-config", "--config", "other.hcl"]).code, 2);
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
fn a_pack_stays_on_while_a_buffer_lacks_its_evidence() {
    let pack = "summary = \"buckets\"\napplies_when {\n  file {\n    path     = \"**/*.tf\"\n    contains = \"\\\"bucket\\\"\"\n  }\n}\n";
    let rule = "summary  = \"bin\"\nseverity = \"error\"\nselect \"resource\" { types = [\"bin\"] }\n\
                require \"it\" { path = \"owner\" }\ncase \"it\" { message = \"bin without an owner\" }\n";
    let saved = "resource \"bucket\" \"b\" {}\n";
    for settings in
        ["pack_dirs = [\"rules\"]\n", "pack_dirs = [\"rules\"]\npacks {\n  own = true\n}\n"]
    {
        let repo = Repo::new(&[
            ("tautline.hcl", settings),
            ("rules/own/pack.hcl", pack),
            ("rules/own/owner.hcl", rule),
            ("stacks/a/main.tf", saved),
        ]);
        let file = ["--stdin-filename", "stacks/a/main.tf", "--format", "concise"];
        let run = repo.check_stdin(&file, b"resource \"bin\" \"b\" {}\n");
        assert_eq!(run.code, 1, "{run:?}");
        assert!(run.stdout.contains("bin without an owner"), "{run:?}");
    }
}

#[test]
fn a_buffer_that_is_no_text_is_a_failure() {
    let run = repo().check_stdin(&["--stdin-filename", "stacks/a/main.tf"], b"\xff\xfe");
    assert_eq!(run.code, 2, "{run:?}");
}

#[test]
fn a_link_means_the_directory_that_it_leads_to() {
    let repo = repo();
    std::os::unix::fs::symlink("stacks/b", repo.path().join("linkb")).unwrap();
    std::os::unix::fs::symlink("b", repo.path().join("stacks/link")).unwrap();
    for path in ["linkb", "stacks/link", "./linkb/."] {
        let run = repo.check(&["--format", "concise", path]);
        assert_eq!((run.code, reported(&run.stdout)), (1, vec!["stacks/b/main.tf"]), "{run:?}");
    }
}

#[test]
fn a_stack_whose_name_begins_with_a_dash() {
    let repo = repo();
    repo.write("stacks/-dash/main.tf", "locals { b = }\n");
    for arguments in [["--stack=-dash"].as_slice(), &["--", "stacks/-dash"]] {
        let run = repo.check(&[&["--format", "concise"], arguments].concat());
        assert_eq!(reported(&run.stdout), ["stacks/-dash/main.tf"], "{run:?}");
    }
    // Whoever forgets the name is told so, and not that there is no stack called like the next option.
    let run = repo.check(&["--stack", "--format", "json"]);
    assert!(run.code == 2 && run.stderr.contains("a value is required for '--stack"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn the_whole_machine_is_no_repo() {
    if ["tautline.hcl", "stacks", "terragrunt.hcl", ".git"]
        .iter()
        .any(|it| std::path::Path::new("/").join(it).exists())
    {
        eprintln!("skipped: something marks `/` as a repo");
        return;
    }
    let run = repo().check(&["/"]);
    assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
    assert!(run.stderr.contains("`/` is no repo"), "{run:?}");
    assert!(run.stderr.contains("`tautline check PATH`"), "{run:?}");
}

#[cfg(unix)]
#[test]
fn the_home_of_a_person_is_no_repo() {
    let repo = Repo::new(&[("notes/main.tf", "locals {}\n")]);
    let at = |path: &str| {
        let mut command = repo.command(path, &["check"]);
        Run::from(command.env("HOME", repo.path()).output().unwrap())
    };
    let run = at("");
    assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
    assert!(run.stderr.contains("is no repo: all files below your home would be read"), "{run:?}");
    // What lies in it may be one, and so may all of it.
    assert_eq!(at("notes").code, 0);
    repo.write("tautline.hcl", "");
    assert_eq!(at("").code, 0);
}

#[test]
fn where_nothing_is_read_it_is_said_why() {
    let repo = repo();
    repo.write("tautline.hcl", "exclude = [\"stacks/out\"]\n");
    repo.write(".gitignore", "stacks/ignored/\n*.gen.tf\n");
    for path in ["ignored/main.tf", "out/main.tf", "gen/a.gen.tf", "readme/README.md"] {
        repo.write(&format!("stacks/{path}"), "locals {}\n");
    }
    std::fs::create_dir(repo.path().join("stacks/empty")).unwrap();
    std::os::unix::fs::symlink("b/main.tf", repo.path().join("stacks/link.tf")).unwrap();
    let init = std::process::Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(repo.path())
        .status();
    assert!(init.unwrap().success());
    for (path, says) in [
        ("stacks/empty", "nothing is judged in `stacks/empty`: no file in it is read"),
        ("stacks/ignored", "git ignores it, and tracks nothing there"),
        ("stacks/ignored/main.tf", "git ignores it, and tracks nothing there"),
        ("stacks/gen", "no file in it is read"),
        ("stacks/link.tf", "nothing is judged in `stacks/link.tf`: it is a symbolic link"),
        ("stacks/out", "`exclude` in tautline.hcl leaves it out"),
        ("stacks/readme", "no Terraform, Terragrunt, YAML file or Dockerfile is in it"),
    ] {
        let run = repo.check(&[path]);
        assert_eq!((run.code, &*run.stdout), (3, ""), "{run:?}");
        assert!(run.stderr.contains(says) && run.stderr.contains("help: "), "{run:?}");
    }
    // Also where a rule looks at the repo as a whole, wherever it is asked.
    repo.write("tautline.hcl", "packs {\n  secrets = \"always\"\n}\n");
    repo.write("secrets/tls.key", "\0GITCRYPT\0");
    assert_eq!(repo.check(&["stacks/empty"]).code, 3);
    assert_eq!(repo.check(&["stacks/readme"]).code, 3);
    assert_eq!(repo.check(&["secrets"]).code, 0);
    // A file that is named is meant, whatever it is; and one directory of several is enough.
    assert_eq!(repo.check(&["stacks/readme/README.md"]).code, 0);
    assert_eq!(repo.check(&["stacks/empty", "stacks/b"]).code, 1);
}

/// What git ignores may be made before Terraform runs, whichever of the repo's ignore files says so. What the user's own says is
/// another thing on every machine.
#[test]
fn ignore_files_above_the_root_and_in_git_s_directory_count() {
    let call = |name: &str| format!("module \"{name}\" {{\n  source = \"../../{name}\"\n}}\n");
    let calls = ["listed", "excluded", "own", "back", "gone"].map(call).concat();
    let code = format!("terraform {{\n  backend \"local\" {{}}\n}}\n\n{calls}");
    let repo = Repo::new(&[
        (".gitignore", "/infra/listed/\nback\n"),
        ("infra/tautline.hcl", ""),
        ("infra/stacks/a/main.tf", &code),
        ("infra/excluded/main.tf", ""),
        ("own", "/infra/own/\n"),
    ]);
    git(repo.path(), &["init", "--quiet"]);
    repo.write(".git/info/exclude", "/infra/excluded/\n!/infra/back\n");
    git(repo.path(), &["config", "core.excludesFile", "own"]);
    let rule = ["--rule", "terraform/missing-module", "--format", "concise"];
    let run = repo.check_in("infra", &rule);
    let told: Vec<&str> = run.stdout.lines().filter_map(|line| line.split('`').nth(1)).collect();
    // Of two files, the one in the work tree counts.
    assert_eq!(told, ["module.own", "module.gone"], "{run:?}");
}

#[test]
fn who_asks_for_rules_about_plans_hears_that_they_need_some() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let run = repo.check(&["--rule", "plans"]);
    assert_eq!(run.code, 0, "{run:?}");
    let said = "note: not run, they need plans (`--plan DIR`): plans/destroys-data, ";
    assert!(run.stderr.contains(said), "{run:?}");
    assert!(!repo.check(&[]).stderr.contains("they need plans"));
    assert_eq!(repo.check(&["--rule", "plans", "--quiet"]).stderr, "");
}
