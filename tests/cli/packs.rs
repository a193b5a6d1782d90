//! Packs from directories: a repo's own, and those named on the command line; testing, showing and making rules.

use std::fs;
use std::path::Path;

use crate::repo::{Repo, Run, run_at};

const PACK: &str = "\
summary = \"registries of this repo\"
applies_when {
  file { path = \"stacks/a/main.tf\" }
}
params {
  retired = [{ host = \"old.example\", since = \"2025-01-31\", replacement = \"new.example\" }]
}
";

const ENTRY: &str = "\
summary    = \"image comes from a registry that we left\"
convention = \"Z01\"
severity   = \"error\"
check \"image_registry\" {
  registries = param.retired
}
case \"image\" {
  message = \"`{registry}` is gone since {since}\"
  help    = \"use `{replacement}`\"
}
case \"document\" {
  severity = \"warning\"
  message  = \"`{registry}` is gone\"
}
";

const PAGE: &str = "\
# own/old-registry

## Cases

### the new one

```hcl path=stacks/a/main.tf
resource \"kubernetes_pod\" \"a\" {
  spec {
    container { image = \"new.example/a:1\" }
  }
}
```

### the old one

base=mini

```hcl path=stacks/a/main.tf
resource \"kubernetes_pod\" \"a\" {
  spec {
    container { image = \"old.example/a:1\" }
                         ^^^^^^^^^^^ error: is gone since 2025-01-31
  }
}
```
";

const MAIN: &str = "\
resource \"kubernetes_pod\" \"a\" {
  spec {
    container { image = \"old.example/a:1\" }
  }
}
";

/// A repo with a pack of its own, with the settings in `more` too.
fn repo(more: &str) -> Repo {
    Repo::new(&[
        ("tautline.hcl", &format!("pack_dirs = [\"lint/rules\"]\n{more}")),
        ("lint/rules/own/pack.hcl", PACK),
        ("lint/rules/own/old-registry.hcl", ENTRY),
        ("lint/rules/own/old-registry.md", PAGE),
        ("lint/fixtures/bases/mini/stacks/b/main.tf", "locals {}\n"),
        ("stacks/a/main.tf", MAIN),
    ])
}

fn here(arguments: &[&str]) -> Run {
    run_at(Path::new(env!("CARGO_MANIFEST_DIR")), arguments)
}

#[track_caller]
fn fails(run: &Run, words: &[&str]) {
    assert_eq!(run.code, 2, "{run:?}");
    for word in words {
        assert!(run.stderr.contains(word), "{word}: {run:?}");
    }
}

#[test]
fn a_repo_is_checked_by_its_own_packs() {
    let repo = repo("");
    let run = repo.check(&[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("error[own/old-registry] Z01\n"), "{run:?}");
    assert!(run.stdout.contains("`old.example` is gone since 2025-01-31"), "{run:?}");
    // The pack's files and its fixtures are no part of what is judged.
    assert!(run.stdout.contains(" in 1 stack, 2 files: 2 parsed"), "{run:?}");
    assert!(run.stdout.contains("packs: objects, own, terraform\n"), "{run:?}");
    let stack = repo.check(&["--stack", "a", "--facts", "stack", "--format", "concise"]);
    assert_eq!(stack.stdout, repo.check(&["--format", "concise"]).stdout);
    assert!(!stack.stdout.is_empty());
}

#[test]
fn the_settings_are_about_a_repos_own_packs_too() {
    assert_eq!(repo("packs {\n  own = false\n}\n").check(&[]).code, 0);
    let off = "rule \"own/old-registry\" {\n  severity = \"off\"\n}\n";
    assert_eq!(repo(off).check(&[]).code, 0);
    let params =
        "params \"own\" {\n  retired = [{ host = \"x.y\", since = \"\", replacement = \"\" }]\n}\n";
    assert_eq!(repo(params).check(&[]).code, 0);
    let wrong = repo("rule \"own/old-registri\" {\n  severity = \"off\"\n}\n").check(&[]);
    fails(&wrong, &["did you mean `own/old-registry`?"]);
}

#[test]
fn an_own_pack_that_is_excluded_is_still_used() {
    assert_eq!(repo("exclude = [\"lint/**\"]\n").check(&[]).code, 1);
}

#[test]
fn own_rules_are_listed_and_explained() {
    let repo = repo("");
    assert!(repo.run_in("", &["rules", "list"]).stdout.contains("  own/old-registry"));
    let page = repo.run_in("stacks/a", &["explain", "--cases", "own/old-registry"]);
    assert_eq!((page.code, &*page.stdout), (0, PAGE), "{page:?}");
    let slip = repo.run_in("", &["explain", "old-registry"]);
    fails(&slip, &["did you mean `tautline explain own/old-registry`?"]);
}

#[test]
fn a_directory_of_packs_that_is_none_is_an_error_in_the_settings() {
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"nowhere\", \"empty\", \"tautline.hcl\", \"../out\"]\n"),
        ("empty/notes.md", "# no pack\n"),
    ]);
    fails(&repo.check(&[]), &["`../out` is not below the root", ",-[tautline.hcl:1:50]"]);
    repo.write("tautline.hcl", "pack_dirs = [\"nowhere\", \"empty\", \"tautline.hcl\"]\n");
    let all = [
        "`nowhere` does not exist",
        ",-[tautline.hcl:1:14]",
        "there is no pack in `empty`",
        ",-[tautline.hcl:1:25]",
        "`tautline.hcl` is not a directory",
        "`tautline rules new PACK/NAME --dir empty`",
    ];
    fails(&repo.check(&[]), &all);
    fails(&repo.run_in("", &["rules", "list"]), &all);
    repo.write("rules/own/pack.hcl", "summary = \"x\"\n");
    repo.write("tautline.hcl", "pack_dirs = [\"rules/own\"]\n");
    fails(&repo.check(&[]), &["there is no pack in `rules/own`", "it is a pack: write `rules`"]);
}

#[cfg(unix)]
#[test]
fn a_directory_of_packs_behind_a_link_is_refused() {
    let repo = repo("");
    fs::rename(repo.path().join("lint"), repo.path().join("real")).unwrap();
    std::os::unix::fs::symlink("real", repo.path().join("lint")).unwrap();
    fails(&repo.check(&[]), &["behind a symbolic link", ",-[tautline.hcl:1:14]"]);
}

#[test]
fn everything_that_is_wrong_in_a_pack_is_said_at_its_place() {
    let repo = repo("");
    repo.write("lint/rules/own/pack.hcl", format!("locked = true\n{PACK}"));
    repo.write("lint/rules/own/old-registry.hcl", ENTRY.replace("param.retired", "param.retird"));
    repo.write("lint/rules/own/other.hcl", "summary = \"x\"\nseverity = \"fatal\"\n");
    repo.write("lint/rules/image/pack.hcl", "summary = \"images\"\n");
    let all = [
        "`locked` is for the pack that comes with tautline",
        ",-[lint/rules/own/pack.hcl:1:10]",
        "did you mean `retired`?",
        ",-[lint/rules/own/old-registry.hcl:5:16]",
        "unknown severity `fatal`",
        ",-[lint/rules/own/other.hcl:2:12]",
        "a pack `image` comes with tautline",
        ",-[lint/rules/image/pack.hcl:1:1]",
    ];
    for arguments in [&["check"][..], &["rules", "list"], &["rules", "test"]] {
        fails(&repo.run_in("", arguments), &all);
    }
}

#[test]
fn a_pack_lies_in_one_directory() {
    let repo = repo("");
    repo.write("tautline.hcl", "pack_dirs = [\"lint/rules\", \"more\"]\n");
    repo.write("more/own/pack.hcl", PACK);
    let told = ["there is a pack `own` in `lint/rules` already", ",-[more/own/pack.hcl:1:1]"];
    fails(&repo.check(&[]), &told);
}

#[test]
fn a_pack_file_that_is_no_text_is_an_error() {
    let repo = repo("");
    repo.write("lint/rules/own/odd.hcl", b"\xff\xfe");
    let told = ["`lint/rules/own/odd.hcl` cannot be used", ",-[tautline.hcl:1:14]"];
    fails(&repo.check(&[]), &told);
    let told = ["`lint/rules/own/odd.hcl` cannot be used"];
    fails(&repo.run_in("", &["rules", "test", "./lint/rules"]), &told);
}

#[test]
fn the_packs_in_a_directory_are_tested_without_compiling() {
    let all = here(&["rules", "test", "./rules"]);
    assert_eq!(all.code, 0, "{all:?}");
    assert!(all.stdout.ends_with(" rules hold, 0 do not\n"), "{all:?}");
    let page = here(&["rules", "test", "rules/ingress/missing-auth-comment.md"]);
    assert_eq!(page.code, 0, "{page:?}");
    assert!(page.stdout.ends_with(" cases of 1 rule hold, 0 do not\n"), "{page:?}");
    for same in [
        &["rules", "test", "ingress/missing-auth-comment"][..],
        &["rules", "test", "./rules", "ingress/missing-auth-comment"],
    ] {
        assert_eq!(here(same).stdout, page.stdout, "{same:?}");
    }
    // Of the one rule that can have none, that is said.
    let none = here(&["rules", "test", "tautline/stale-baseline"]);
    let said = "tautline/stale-baseline has no cases: what it judges can stand in none\n0 cases of 0 rules hold, 0 do not\n";
    assert_eq!((none.code, &*none.stdout), (0, said), "{none:?}");
    assert_eq!(all.stdout.lines().count(), 2, "{all:?}");
    let pack = here(&["rules", "test", "ingress"]);
    assert_eq!(pack.code, 0, "{pack:?}");
    assert_ne!(pack.stdout, page.stdout);
    assert_eq!(here(&["rules", "test", "rules/ingress"]).stdout, pack.stdout);
}

/// `fixtures/repos/labctl` lists `tautline/rules` in its settings: without an argument all packs are tested, its own too.
#[test]
fn the_second_house_tests_its_own_packs() {
    let house = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos/labctl");
    let own = run_at(&house, &["rules", "test", "./tautline/rules"]);
    assert_eq!(own.code, 0, "{own:?}");
    assert!(own.stdout.ends_with(" cases of 5 rules hold, 0 do not\n"), "{own:?}");
    for pack in ["addresses", "alerts", "backups"] {
        let run = run_at(&house, &["rules", "test", pack]);
        assert_eq!(run.code, 0, "{pack}: {run:?}");
    }
    let all = run_at(&house, &["rules", "test"]);
    assert_eq!(all.code, 0, "{all:?}");
    assert_ne!(all.stdout, own.stdout);
}

#[test]
fn own_packs_are_tested_with_the_fixtures_beside_them() {
    let repo = repo("params \"own\" {\n  retired = []\n}\n");
    for arguments in [
        &["rules", "test", "own"][..],
        &["rules", "test", "own/old-registry"],
        &["rules", "test", "lint/rules/own/old-registry.hcl"],
        &["rules", "test", "./lint/rules"],
    ] {
        let run = repo.run_in("", arguments);
        assert_eq!((run.code, &*run.stdout), (0, "2 cases of 1 rule hold, 0 do not\n"), "{run:?}");
    }
    for target in [".", "./", "old-registry.hcl", "./old-registry.md", "pack.hcl", "../own", ".."] {
        let run = repo.run_in("lint/rules/own", &["rules", "test", target]);
        assert_eq!((run.code, &*run.stdout), (0, "2 cases of 1 rule hold, 0 do not\n"), "{run:?}");
    }
    let all = repo.run_in("stacks", &["rules", "test"]);
    assert_eq!(all.code, 0, "{all:?}");
    fs::remove_dir_all(repo.path().join("lint/fixtures")).unwrap();
    let run = repo.run_in("", &["rules", "test", "own"]);
    assert_eq!(run.code, 1, "{run:?}");
    let told = "no base `mini`: there is no directory `fixtures/bases` beside `lint/rules`";
    assert!(run.stdout.contains(told), "{run:?}");
}

#[test]
fn what_does_not_hold_is_told_case_by_case() {
    let repo = repo("");
    repo.write("lint/rules/own/old-registry.md", PAGE.replace("is gone since", "is here since"));
    repo.write("lint/rules/own/pageless.hcl", ENTRY);
    repo.write("lint/rules/own/good.hcl", ENTRY);
    repo.write("lint/rules/own/good.md", "# own/good\n\n## Cases\n\n### a\n");
    repo.write("lint/rules/own/stray.md", "# own/stray\n\n## Cases\n\n### a\n");
    repo.write("lint/rules/own/broken.hcl", ENTRY);
    repo.write("lint/rules/own/broken.md", "## Cases\n```hcl\n");
    let run = repo.run_in("", &["rules", "test", "own"]);
    assert_eq!(run.code, 1, "{run:?}");
    let expected = "\
lint/rules/own/broken.md:2: a fence here opens with a language and `path=…`, and may end in `before`, `new` or `fixed`; or with `link`, `path=…`, `target=…` and perhaps `fixed`; or with `json` and `plan=STACK`
lint/rules/own/broken.md:2: this fence is not closed
lint/rules/own/good.md:1: 0 bad and 1 good cases: a page needs at least one of each
lint/rules/own/old-registry.md:15: the old one
  line 23: not reported: stacks/a/main.tf: `old.example` error: is here since 2025-01-31
  line 15: not expected: stacks/a/main.tf:3:26: `old.example` error own/old-registry: `old.example` is gone since 2025-01-31
lint/rules/own/pageless.hcl:1: there is no page `own/pageless.md` with cases for this rule
lint/rules/own/stray.md:1: a page of no rule: there is no `own/stray.hcl`
2 cases of 2 rules hold, 6 do not
";
    assert_eq!(run.stdout, expected);
}

#[test]
fn a_test_of_nothing_is_a_failure() {
    let repo = repo("");
    let test = |target| repo.run_in("", &["rules", "test", target]);
    fails(&test("own/old-registri"), &["did you mean `tautline rules test own/old-registry`?"]);
    fails(&test("kyvern"), &["did you mean `tautline rules test kyverno`?"]);
    fails(&test("./nowhere"), &["there is no directory `nowhere`", "tautline rules new"]);
    fails(&test("stacks"), &["there is no pack in `stacks`", "holds a `pack.hcl`"]);
}

#[test]
fn a_directory_too_high_is_told_once() {
    let repo = repo("");
    for args in [&["check", "--packs", "lint"][..], &["rules", "test", "./lint"]] {
        let run = repo.run_in("", args);
        fails(&run, &["there is no pack in `lint`", "packs are in `lint/rules`"]);
        assert_eq!(run.stderr.matches("error").count(), 1, "{run:?}");
    }
    repo.write("tautline.hcl", "pack_dirs = [\"lint\"]\n");
    fails(&repo.check(&[]), &["there is no pack in `lint`", "packs are in `lint/rules`"]);
}

#[test]
fn nothing_is_mutated_where_there_is_nothing() {
    let empty = Repo::new(&[]);
    fails(&empty.run_in("", &["rules", "mutate"]), &["there is nothing to check here"]);
    let bare = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let run = bare.run_in("", &["rules", "mutate", "--rule", "storage"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.starts_with("nothing here can be taken away\n"), "{run:?}");
}

#[test]
fn packs_in_the_making_stand_in_for_others() {
    let repo = repo("");
    repo.write("new/own/pack.hcl", PACK);
    repo.write("new/own/newer.hcl", ENTRY.replace("is gone since", "went away"));
    repo.write("new/backup/pack.hcl", "summary = \"claims\"\n");
    let run = repo.check(&["--packs", "new", "--format", "concise"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains(" error own/newer "), "{run:?}");
    assert!(!run.stdout.contains("old-registry"), "{run:?}");
    let list = repo.run_in("", &["rules", "list", "--packs", "./new/"]).stdout;
    assert!(list.contains("  own/newer") && list.contains("backup (off here): claims\n"), "{list}");
    assert!(!list.contains("  backup/") && list.contains("  kyverno/"), "{list}");
    repo.write("new/own/newer.hcl", "summary = \"x\"\n");
    fails(&repo.check(&["--packs", "./new"]), &[",-[new/own/newer.hcl:1:1]"]);
    fails(
        &repo.check(&["--packs", "nowhere"]),
        &["no directory `nowhere`", "`tautline rules new PACK/NAME`"],
    );
}

#[test]
fn a_rename_leaves_the_rule_alone_that_asks_for_it() {
    let rule = "summary  = \"s\"\nseverity = \"warning\"\n\
                select \"text\" {\n  words   = [\"SCALED_BY_HAND\"]\n  matches = \"(?<at>SCALED_BY_HAND)\\\\b\"\n\
                  zones   = [\"comment\", \"code\", \"string\", \"prose\"]\n}\n\
                forbid \"old\" {\n  path    = \"at\"\n  present = true\n\
                  fix {\n    replace = \"SCALED_ELSEWHERE\"\n    safety  = \"safe\"\n  }\n}\n\
                case \"old\" { message = \"m\" }\n";
    let repo = Repo::new(&[
        ("packs/names/pack.hcl", "summary = \"s\"\n"),
        ("packs/names/old.hcl", rule),
        ("stacks/a/main.tf", "locals {\n  a = 1 # SCALED_BY_HAND\n}\n"),
        ("docs/a.md", "# `SCALED_BY_HAND`\n"),
    ]);
    let run = repo.check(&["--packs", "packs", "--rule", "names", "--fix"]);
    assert_eq!(run.code, 0, "{run:?}");
    let text = |path: &str| fs::read_to_string(repo.path().join(path)).unwrap();
    assert_eq!(text("stacks/a/main.tf"), "locals {\n  a = 1 # SCALED_ELSEWHERE\n}\n");
    assert_eq!(text("docs/a.md"), "# `SCALED_ELSEWHERE`\n");
    assert_eq!(text("packs/names/old.hcl"), rule);
}

#[test]
fn a_rule_is_shown_as_it_is_resolved() {
    let repo = repo(
        "params \"own\" {\n  retired = [{ host = \"x.y\", since = \"1\", replacement = \"z\" }]\n}\n\
         rule \"own/old-registry\" {\n  severity = \"warning\"\n}\n",
    );
    let shown = repo.run_in("", &["rules", "show", "own/old-registry"]);
    let expected = "\
own/old-registry: image comes from a registry that we left
  pack        own
  convention  Z01
  severity    warning: tautline.hcl:6, error in its entry
  facts       stack
  check       image_registry
  entry       lint/rules/own/old-registry.hcl
  page        lint/rules/own/old-registry.md
  pack file   lint/rules/own/pack.hcl

param own.retired: tautline.hcl:3
  [{ host = \"x.y\", since = \"1\", replacement = \"z\" }]

warning[image]
  `{registry}` is gone since {since}
  help: use `{replacement}`

warning[document]
  `{registry}` is gone
";
    assert_eq!((shown.code, &*shown.stdout), (0, expected), "{shown:?}");
    let json = repo.run_in("", &["rules", "show", "own/old-registry", "--format", "json"]).stdout;
    let value: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(value["severity_set_at"], "tautline.hcl:6");
    assert_eq!(value["own_severity"], "error");
    assert_eq!(value["files"]["built_in"], false);
    assert_eq!(value["params"][0]["value"][0]["host"], "x.y");
    assert_eq!(value["outcomes"][0]["message"], "`{registry}` is gone since {since}");
    repo.write(
        "tautline.hcl",
        "pack_dirs = [\"lint/rules\"]\nparams \"own\" {\n  \
         retired = [{ host = \"$${x}\\\"\", since = \"%%{y}\", replacement = \"\" }]\n}\n",
    );
    let odd = ENTRY.replace("is gone since", "is $${{y}} since");
    repo.write("lint/rules/own/old-registry.hcl", odd);
    let shown = repo.run_in("", &["rules", "show", "own/old-registry"]).stdout;
    let param = "  [{ host = \"$${x}\\\"\", since = \"%%{y}\", replacement = \"\" }]\n";
    assert!(shown.contains(param), "{shown}");
    assert!(shown.contains("\n  `{registry}` is $${{y}} since {since}\n"), "{shown}");
    let own = repo.run_in("", &["rules", "show", "image/decommissioned-registry"]).stdout;
    assert!(own.contains("rules/image/decommissioned-registry.hcl (built in)\n"), "{own}");
    assert!(own.contains("\nparam image.retired_registries: rules/image/pack.hcl:"), "{own}");
    let slip = repo.run_in("", &["rules", "show", "own/old"]);
    fails(&slip, &["there is no rule `own/old`", "`tautline rules list`"]);
}

#[test]
fn how_a_declarative_rule_judges_is_shown() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let shown = repo.run_in("", &["rules", "show", "provider/duplicate-object"]).stdout;
    assert!(
        shown.contains("\njudges\n  select \"row\" { of = \"objects.named\" }\n\n  forbid"),
        "{shown}"
    );
    assert!(!shown.contains("\n  case "), "{shown}");
}

#[test]
fn what_programs_read_of_rules_is_as_its_schema_says() {
    let schema = serde_json::from_str(include_str!("../../docs/rules.schema.json")).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let valid = |args: &[&str]| {
        let json = repo.run_in("", &[args, &["--format", "json"]].concat()).stdout;
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        let errors: Vec<_> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{args:?}: {errors:#?}");
        value
    };
    let list = valid(&["rules", "list"]);
    assert!(list["rules"].as_array().is_some_and(|rules| rules.len() > 200));
    let path = "stacks/a/main.tf";
    let of_file = valid(&["rules", "list", "--for", path]);
    assert_eq!((&of_file["path"], of_file["like"].is_null()), (&path.into(), true));
    assert_eq!(valid(&["rules", "list", "--for", "stacks/b/main.tf"])["like"], "stacks/*/main.tf");
    // One declarative, one with a check and params, one with `added`, and one of the tool's own.
    for rule in [
        "provider/duplicate-object",
        "ingress/missing-auth-comment",
        "ci/cluster-change",
        "tautline/syntax-error",
    ] {
        assert_eq!(valid(&["rules", "show", rule])["rule"], rule);
    }
}

#[test]
fn a_new_rule_holds_as_it_stands() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n"), ("tautline.hcl", "")]);
    let new = repo.run_in("", &["rules", "new", "alerts/missing-severity"]);
    assert_eq!(new.code, 0, "{new:?}");
    for part in [
        "wrote tautline/rules/alerts/pack.hcl\n",
        "wrote tautline/rules/alerts/missing-severity.hcl\n",
        "wrote tautline/rules/alerts/missing-severity.md\n",
        "tautline rules test ./tautline/rules alerts/missing-severity\n",
        "`pack_dirs = [\"tautline/rules\"]` in tautline.hcl\n",
    ] {
        assert!(new.stdout.contains(part), "{part}: {new:?}");
    }
    let test = ["rules", "test", "./tautline/rules", "alerts/missing-severity"];
    let tested = repo.run_in("", &test);
    assert_eq!((tested.code, &*tested.stdout), (0, "2 cases of 1 rule hold, 0 do not\n"));
    repo.write("tautline.hcl", "pack_dirs = [\"tautline/rules\"]\n");
    let run = repo.check(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("packs: alerts, terraform\n"), "{run:?}");
}

#[test]
fn a_new_rule_goes_where_the_packs_are_and_over_nothing() {
    let repo = repo("");
    let pack = || fs::read_to_string(repo.path().join("lint/rules/own/pack.hcl")).unwrap();
    let new = repo.run_in("stacks/a", &["rules", "new", "own/second"]);
    assert_eq!(new.code, 0, "{new:?}");
    assert!(repo.path().join("lint/rules/own/second.md").is_file());
    assert_eq!(pack(), PACK);
    assert_eq!(repo.run_in("", &["rules", "test", "own/second"]).code, 0);
    let again = repo.run_in("", &["rules", "new", "own/second"]);
    fails(&again, &["`lint/rules/own/second.hcl` is there already, nothing was written"]);
    let dir = repo.run_in("", &["rules", "new", "b/c", "--dir", "./else/where"]);
    assert_eq!(dir.code, 0, "{dir:?}");
    assert!(dir.stdout.contains("rules test ./else/where b/c\n"), "{dir:?}");
}

#[test]
fn a_new_rule_needs_a_name_of_its_own() {
    let repo = repo("");
    for name in ["own", "own/Second", "own/a/b", "Own/a", "/a", "own/", "../own/a"] {
        fails(&repo.run_in("", &["rules", "new", name]), &["is no rule's id", "`PACK/NAME`"]);
    }
    for name in ["mutators/a", "own/pack"] {
        fails(&repo.run_in("", &["rules", "new", name]), &["something else than a rule"]);
    }
    fails(&repo.run_in("", &["rules", "new", "image/a"]), &["a pack `image` comes with tautline"]);
    let taken = repo.run_in("", &["rules", "new", "a/b", "--dir", "stacks/a/main.tf"]);
    fails(&taken, &["`stacks/a/main.tf/a` cannot be written"]);
}

#[test]
fn a_pack_named_on_the_command_line_is_on_without_evidence() {
    let repo = repo("packs {\n}\n");
    let pack = "summary = \"x\"\napplies_when {\n  file { path = \"nowhere.txt\" }\n}\n";
    repo.write("new/fresh/pack.hcl", pack);
    repo.write("new/fresh/old-registry.hcl", ENTRY.replace("param.", "param.own."));
    let run = repo.check(&["--packs", "new", "--format", "concise"]);
    assert!(run.stdout.contains(" error fresh/old-registry "), "{run:?}");
}

#[test]
fn an_own_pack_that_is_off_without_a_word_is_named() {
    let repo = repo("");
    let run = repo.check(&[]);
    assert!(!run.stdout.contains("is off"), "{run:?}");
    repo.write("lint/rules/own/pack.hcl", PACK.replace("stacks/a/main.tf", "nowhere.txt"));
    let run = repo.check(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    let note =
        "note: the repo's own pack `own` is off: it looks for `nowhere.txt`, which is not there\n";
    assert!(run.stdout.contains(note), "{run:?}");
    assert!(run.stdout.contains("packs: objects, terraform\n"), "{run:?}");
    assert!(repo.run_in("", &["doctor"]).stdout.contains("pack `own` is off"), "{run:?}");
    let off = "pack_dirs = [\"lint/rules\"]\npacks {\n  own = false\n}\n";
    repo.write("tautline.hcl", off);
    assert!(!repo.check(&[]).stdout.contains("is off"));
    repo.write("tautline.hcl", off.replace("false", "\"always\""));
    assert_eq!(repo.check(&[]).code, 1);
}

#[test]
fn code_of_a_shared_module_belongs_to_the_stack_that_calls_it() {
    let rule = "summary = \"x\"\nseverity = \"error\"\n\
        select \"resource\" { types = [\"kubernetes_config_map_v1\"] }\n\
        forbid \"foreign\" {\n  path = \"metadata.name\"\n  matches = \"^{stack}\"\n}\n\
        case \"foreign\" { message = \"begins with `{stack}`\" }\n";
    let call = "module \"m\" {\n  source = \"../../modules/m\"\n}\n";
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks { names = true }\n"),
        ("rules/names/pack.hcl", "summary = \"names\"\n"),
        ("rules/names/foreign.hcl", rule),
        ("stacks/web/main.tf", call),
        ("stacks/we/main.tf", call),
        ("stacks/shop/main.tf", call),
        (
            "modules/m/main.tf",
            "resource \"kubernetes_config_map_v1\" \"m\" {\n  metadata { name = \"web-config\" }\n}\n",
        ),
    ]);
    let found = repo.check(&["--format", "concise"]).stdout;
    let lines: Vec<&str> = found.lines().collect();
    assert_eq!(
        lines,
        [
            "modules/m/main.tf:2:21: error names/foreign begins with `we`",
            "modules/m/main.tf:2:21: error names/foreign begins with `web`"
        ]
    );
    let why = repo.run_in("", &["explain", "--at", "modules/m/main.tf:2", "names/foreign"]).stdout;
    for called in ["1. modules/m/main.tf:1:1, called from `shop`\n", ", called from `we`, `web`\n"]
    {
        assert!(why.contains(called), "{why}");
    }
}

#[test]
fn a_copy_that_terragrunt_made_has_the_packs_of_its_unit() {
    let (repo, elsewhere) = (repo(""), Repo::new(&[("x1/y2/main.tf", MAIN)]));
    let unit = repo.path().join("stacks/a");
    let rule = "own/old-registry";
    for arguments in [
        &["explain", rule][..],
        &["rules", "list", "own"],
        &["rules", "show", rule],
        &["rules", "test", rule],
        &["rules", "mutate", "--rule", rule],
    ] {
        let mut command = elsewhere.command("x1/y2", arguments);
        let run: Run = command.env("TG_CTX_TERRAGRUNT_DIR", &unit).output().unwrap().into();
        assert_eq!((run.code, &*run.stderr), (0, ""), "{arguments:?}: {run:?}");
        assert_eq!(run.stdout, repo.run_in("stacks/a", arguments).stdout, "{arguments:?}");
    }
}

#[test]
fn a_repo_that_says_nothing_is_judged_by_what_terraform_refuses() {
    let main = "terraform {}\n\noutput \"region\" {\n  value = var.region\n}\n";
    let repo = Repo::new(&[("main.tf", main)]);
    let run = repo.check(&[]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("error[terraform/undeclared-reference]"), "{run:?}");
    let said = "packs: terraform, and no other: `tautline init` writes a file that can name more\n";
    assert!(run.stdout.contains(said), "{run:?}");
    assert_eq!(repo.run_in("", &["init"]).code, 0);
    let run = repo.check(&[]);
    assert!(run.stdout.contains("packs: terraform\n"), "{run:?}");
    assert_eq!(run.code, 1, "{run:?}");
}

#[test]
fn what_is_wrong_anywhere_is_told_in_a_repo_of_strangers() {
    let script = "#!/bin/bash\nset -e\nfound=$(grep -c error log.txt)\necho \"$found\"\n";
    let deployment = "resource \"kubernetes_deployment\" \"web\" {\n  spec {\n    selector { match_labels = { app = \"web\" } }\n    \
                      template {\n      metadata { labels = { app = \"wbe\" } }\n    }\n  }\n}\n";
    let repo = Repo::new(&[("main.tf", deployment), ("count.sh", script)]);
    let run = repo.check(&["--format", "concise"]);
    for rule in [" objects/selector-without-pods ", " shell/miss-ends-script "] {
        assert!(run.stdout.contains(rule), "{rule}: {run:?}");
    }
    // Alerts are there without any Terraform; files of Kubernetes and of other programs with receivers are not about them.
    let rules = "groups:\n  - name: web\n    rules:\n      - alert: Down\n        expr: up == 0\n        annotations: It is down.\n";
    let route = "route:\n  receiver: chat\nreceivers:\n  - name: mail\n";
    let labelled = "apiVersion: v1\nkind: Service\nmetadata:\n  labels: { a: b }\n  name: web\n  labels: { c: d }\n";
    for (file, text, rule) in [
        ("monitoring/web.yml", rules, " prometheus/malformed-alert "),
        ("web.yaml", labelled, " yaml/repeated-key-in-manifest "),
        ("config/alertmanager.yml", route, " prometheus/unknown-receiver "),
    ] {
        let run = Repo::new(&[(file, text)]).check(&["--format", "concise"]);
        assert!(run.stdout.contains(rule), "{rule}: {run:?}");
    }
    let service =
        "apiVersion: v1\nkind: Service\nmetadata:\n  name: web\nspec:\n  ports:\n    - port: 80\n";
    let collector =
        "receivers:\n  otlp: {}\nservice:\n  pipelines:\n    traces:\n      receivers: [otlp]\n";
    let repo = Repo::new(&[("main.tf", ""), ("web.yaml", service), ("collector.yaml", collector)]);
    let run = repo.check(&[]);
    assert!(run.stdout.contains("packs: terraform, yaml, and no other"), "{run:?}");
    // Units alone are Terragrunt's, and scripts alone are nobody's.
    let unit = "dependency \"vpc\" {\n  config_path = \"../vpc\"\n}\n";
    let repo = Repo::new(&[("live/app/terragrunt.hcl", unit), ("count.sh", script)]);
    let run = repo.check(&["--format", "concise"]);
    assert!(run.stdout.contains(" terraform/broken-dependency "), "{run:?}");
    assert!(!run.stdout.contains("shell/"), "{run:?}");
}
