//! `rules list`, `explain`, `--help`, `--version` and slips at the keyboard.

use crate::repo::{Repo, Run};

fn run(arguments: &[&str]) -> Run {
    Repo::new(&[]).run_in("", arguments)
}

#[test]
fn rules_are_listed_and_explained() {
    let text = run(&["rules", "list"]);
    assert_eq!(text.code, 0, "{text:?}");
    let json = run(&["rules", "list", "--format", "json"]);
    let list: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!(list["version"], 1);
    let rules = list["rules"].as_array().unwrap();
    assert!(!rules.is_empty());
    for rule in rules {
        let id = rule["rule"].as_str().unwrap();
        assert!(text.stdout.contains(id), "{id}");
        // That every rule of every pack has a page is held elsewhere; here one pack is enough.
        if rule["pack"] != "tautline" {
            continue;
        }
        let page = run(&["explain", id]);
        assert_eq!(page.code, 0, "{page:?}");
        assert!(page.stdout.starts_with('#'), "{page:?}");
    }
}

#[test]
fn the_list_shows_what_the_settings_make_of_a_rule() {
    let repo = Repo::new(&[(
        "tautline.hcl",
        "rule \"tautline/unused-suppression\" {\n  severity = \"error\"\n}\n",
    )]);
    let list = repo.run_in("", &["rules", "list"]).stdout;
    let line = list.lines().find(|line| line.contains("unused-suppression")).unwrap();
    assert!(line.contains(" error "), "{line}");
}

#[test]
fn a_slip_in_a_rules_name_is_recognised() {
    for slip in ["tautline/syntax-eror", "syntax-error"] {
        let run = run(&["explain", slip]);
        assert_eq!(run.code, 2, "{run:?}");
        assert!(run.stderr.contains("did you mean `tautline explain tautline/syntax-error`?"));
    }
    let lost = run(&["explain", "nothing-like-it"]);
    assert!(lost.stderr.contains("`tautline rules list`"), "{lost:?}");
}

#[test]
fn a_rule_that_is_named_without_its_pack_in_a_comment_is_recognised() {
    for (named, help) in [
        ("floating-tag", "help: did you mean `image/floating-tag`?"),
        ("image", "help: name each rule as `group/rule`"),
        ("image/*", "help: name each rule as `group/rule`"),
    ] {
        let text = format!("# tautline: ignore[{named}] -- built by hand\nlocals {{}}\n");
        let run = Repo::new(&[("stacks/a/main.tf", &text)]).run_in("", &["check"]);
        assert!(run.stdout.contains(&format!("`{named}` is no rule id")), "{run:?}");
        assert!(run.stdout.contains(help), "{run:?}");
    }
}

#[test]
fn a_pack_or_a_convention_where_a_rule_is_wanted_leads_to_its_rules() {
    for name in ["image", "B40"] {
        let shown = run(&["rules", "show", name]);
        assert_eq!(shown.code, 2, "{shown:?}");
        let help = format!("`tautline rules list {name}` shows the rules that are called so");
        assert!(shown.stderr.contains(&help), "{shown:?}");
    }
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let ids = [
        "resources/limit-above-tier",
        "resources/missing-memory-limit",
        "resources/no-room-to-roll",
        "resources/over-quota",
        "resources/step-above-tier",
    ];
    let ids = ids.join(",");
    for option in ["--rule", "--fix-only"] {
        let code = repo.run_in("", &["check", "--diff", option, "B40"]);
        assert_eq!(code.code, 2, "{code:?}");
        let said = "`B40` is the code of a convention, not the name of a rule";
        assert!(code.stderr.contains(said), "{code:?}");
        let help = format!("write its rules, `{ids}`; codes work in `tautline explain B40`");
        assert!(code.stderr.contains(&help), "{code:?}");
    }
    assert_eq!(repo.run_in("", &["check", "--rule", &ids]).code, 0);
}

#[test]
fn rules_that_have_nothing_to_take_away_are_counted_and_named_where_that_is_wanted() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let mutate = ["rules", "mutate", "--rule", "storage"];
    let short = repo.run_in("", &mutate);
    assert!(short.stdout.contains(" rules, `--verbose` names them\n"), "{short:?}");
    assert!(!short.stdout.contains("storage/"), "{short:?}");
    let long = repo.run_in("", &[&mutate[..], &["--verbose"]].concat());
    assert!(long.stdout.contains("nothing to look at here: storage/"), "{long:?}");
}

#[test]
fn help_teaches() {
    let help = run(&["check", "--help"]);
    assert_eq!(help.code, 0);
    for part in ["Examples:", "Exit codes:", "--stack", "--fail-on", "3  nothing to check"] {
        assert!(help.stdout.contains(part), "{part}");
    }
    let version = run(&["--version"]);
    assert_eq!(version.stdout, concat!("tautline ", env!("CARGO_PKG_VERSION"), "\n"));
}

#[test]
fn wrong_arguments_are_a_failure_not_a_finding() {
    for arguments in [
        &["check", "--fial-on", "error"][..],
        &["check", "--fail-on", "fatal"],
        &["check", "--stdin"],
        &["chekc"],
        &[],
    ] {
        let run = run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert_eq!(run.stdout, "");
        assert_ne!(run.stderr, "");
    }
}

#[test]
fn a_line_is_explained_for_all_rules_or_for_one() {
    let page = "Vault rotates passwords every week. MySQL: wiki, forum.\n";
    let repo = Repo::new(&[
        ("tautline.hcl", "packs {\n  docs = \"always\"\n}\n"),
        ("docs/architecture/databases.md", page),
    ]);
    let at = ["explain", "--at", "docs/architecture/databases.md:1"];
    let about = |rule| repo.run_in("", &[at.as_slice(), &[rule]].concat());
    let all = repo.run_in("", &at).stdout;
    assert!(all.contains("\ndocs/unknown-rotated-user D03: reported\n"), "{all}");
    assert!(all.contains("\nNo other rule looks at anything here"), "{all}");
    let one = about("docs/unknown-rotated-user").stdout;
    let beginning = "docs/architecture/databases.md:1\n\ndocs/unknown-rotated-user D03: reported\n";
    assert!(one.starts_with(beginning), "{one}");
    assert_eq!(one.matches("\ndocs/un").count(), 1, "{one}");
    let none = about("docs/unknown-alert").stdout;
    assert!(none.ends_with("\ndocs/unknown-alert looks at nothing here\n"), "{none}");
    repo.write("notes.txt", "x\n");
    let silent = repo.run_in("", &["explain", "--at", "notes.txt:1"]).stdout;
    assert!(silent.contains("\nNo rule looks at anything here, of "), "{silent}");
    assert!(!silent.contains(" others in the packs"), "{silent}");
    let slip = about("docs/unknown-rotated-usr");
    assert_eq!(slip.code, 2, "{slip:?}");
    let help = "did you mean `tautline explain --at docs/architecture/databases.md:1 docs/unknown-rotated-user`?";
    assert!(slip.stderr.contains(help), "{slip:?}");
}

#[test]
fn of_a_native_check_it_is_told_that_it_has_no_clauses() {
    let repo = Repo::new(&[
        ("tautline.hcl", "packs {\n  hygiene = \"always\"\n}\n"),
        ("stacks/a/main.tf", "locals {\na = 1\n}\n"),
    ]);
    let told = repo.run_in("", &["explain", "--at", "stacks/a/main.tf:2", "hygiene/unformatted"]);
    let help = "a native check judges this: it has no clauses to show; its options: `tautline rules show hygiene/unformatted`";
    assert!(told.stdout.contains(help), "{told:?}");
}

#[test]
fn of_a_file_that_is_not_valid_it_is_told_so() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n\nbad(\n")]);
    let told = repo.run_in("", &["explain", "--at", "stacks/a/main.tf:3"]);
    let broken = "\nthis file is not valid, so what stands here may not be judged: `tautline check stacks/a/main.tf` says where\n";
    assert!(told.stdout.contains(broken), "{told:?}");
    repo.write("stacks/a/main.tf", b"locals { a = \"\xff\" }\n");
    let told = repo.run_in("", &["explain", "--at", "stacks/a/main.tf:1"]);
    let why =
        "error: nothing is read in `stacks/a/main.tf`: it is not UTF-8: byte 0xff at offset 14\n";
    assert!(told.stderr.starts_with(why), "{told:?}");
}

#[test]
fn of_a_file_that_is_not_read_it_is_told_why() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    repo.write("config.tfvars", "\0GITCRYPT\0x\n");
    let told = repo.run_in("", &["explain", "--at", "config.tfvars:1"]);
    assert_eq!(told.code, 2, "{told:?}");
    let why = "error: nothing is read in `config.tfvars`: it is locked by git-crypt\n";
    assert!(told.stderr.starts_with(why), "{told:?}");
    let past = repo.run_in("", &["explain", "--at", "stacks/a/main.tf:9"]);
    assert!(past.stderr.contains("has no line 9 that tautline reads"), "{past:?}");
    assert!(past.stderr.contains("  help: lines count from 1, and it has 1\n"), "{past:?}");
    let gone = repo.run_in("", &["explain", "--at", "stacks/b/main.tf:9"]);
    assert!(gone.stderr.contains("`stacks/b/main.tf` is no file\n  help: "), "{gone:?}");
}

#[test]
fn a_pack_or_a_convention_leads_to_its_rules() {
    let listed = run(&["explain", "scaling"]).stdout;
    assert!(
        listed.starts_with("scaling: ") && listed.contains("  scaling/must-not-park "),
        "{listed}"
    );
    assert!(!listed.contains("kyverno/"), "{listed}");
    assert_eq!(run(&["rules", "list", "scaling"]).stdout, listed);
    let convention = run(&["explain", "c17"]).stdout;
    assert!(convention.contains("  scaling/must-not-park ") && convention.contains(" C17 "));
    assert_eq!(run(&["rules", "list", "scaling/must-not-park"]).stdout.matches(" C17 ").count(), 1);
    assert!(
        run(&["explain", "scalin"]).stderr.contains("did you mean `tautline explain scaling`?")
    );
    assert!(
        run(&["explain", "SCALING"]).stderr.contains("did you mean `tautline explain scaling`?")
    );
    let slip = run(&["rules", "list", "scalin"]);
    assert_eq!(slip.code, 2, "{slip:?}");
    assert!(slip.stderr.contains("did you mean `tautline rules list scaling`?"), "{slip:?}");
}

#[test]
fn a_page_has_its_cases_where_they_are_wanted() {
    let page = run(&["explain", "image/floating-tag"]).stdout;
    assert!(page.contains("\n## Why\n") && !page.contains("\n## Cases\n"), "{page}");
    assert!(page.ends_with("\n`tautline explain --cases image/floating-tag` shows its examples\n"));
    let whole = run(&["explain", "--cases", "image/floating-tag"]).stdout;
    assert!(whole.contains("\n## Cases\n") && whole.contains("```hcl path="), "{whole}");
}

#[test]
fn a_rule_is_recognised_without_its_pack_wherever_one_is_named() {
    let repo = Repo::new(&[("main.tf", "locals {}\n")]);
    let slip = repo.check(&["--rule", "floating-tag"]);
    assert_eq!(slip.code, 2, "{slip:?}");
    assert!(slip.stderr.contains("image/floating-tag"), "{slip:?}");
}

/// A pack of the repo's own, with one rule that quotes what it finds, and an exception.
const QUOTING: [(&str, &str); 3] = [
    ("tautline.hcl", "pack_dirs = [\"rules\"]\n\npacks {\n  own = \"always\"\n}\n"),
    ("rules/own/pack.hcl", "summary = \"what secrets say\"\n"),
    (
        "rules/own/short.hcl",
        "summary  = \"secret is short\"\nseverity = \"error\"\n\nselect \"resource\" {\n  types = \
         [\"kubernetes_secret\"]\n}\n\nunless {\n  path   = \"metadata.name\"\n  equals = \"spare\"\n}\n\n\
         forbid \"short\" {\n  path    = \"data.password\"\n  matches = \"^.{1,20}$\"\n}\n\n\
         case \"short\" {\n  message = \"the value `{value}` is short\"\n}\n",
    ),
];

fn secret(name: &str, above: &str) -> String {
    format!(
        "resource \"kubernetes_secret\" \"db\" {{\n  metadata {{\n    name = \"{name}\"\n  }}\n  data = {{\n\
         {above}    password = \"hunter2hunter2\"\n  }}\n}}\n"
    )
}

#[test]
fn what_check_is_silent_about_is_told_so() {
    let explained = |text: &str, before: &[&[&str]]| {
        let repo = Repo::new(&QUOTING);
        repo.write("stacks/a/main.tf", text);
        for arguments in before {
            assert_eq!(repo.run_in("", arguments).code, 0);
        }
        let told = repo.run_in("", &["explain", "--at", "stacks/a/main.tf:6"]);
        assert_eq!(told.code, 0, "{told:?}");
        assert!(!told.stdout.contains("hunter2"), "{}", told.stdout);
        told.stdout
    };
    let found = explained(&secret("db", ""), &[]);
    let finding = "\n  error at stacks/a/main.tf:6:16: the value `(redacted)` is short\n";
    assert!(found.contains(&format!("\nown/short: reported{finding}     unless ")), "{found}");
    let comment = "    # tautline: ignore[own/short] -- only for tests\n";
    let by_comment = explained(&secret("db", comment), &[]);
    let by = "  silenced by the comment at stacks/a/main.tf:6:7: only for tests\n";
    assert!(by_comment.contains("\nown/short: found, and silenced\n"), "{by_comment}");
    assert!(by_comment.contains(by), "{by_comment}");
    let known = explained(&secret("db", ""), &[&["baseline", "create"]]);
    let by = format!("own/short: found, and silenced{finding}  silenced by the baseline, ");
    assert!(known.contains(&by), "{known}");
}

#[test]
fn an_exception_says_which_way_it_went() {
    let answer = |name: &str| {
        let repo = Repo::new(&QUOTING);
        repo.write("stacks/a/main.tf", secret(name, ""));
        repo.run_in("", &["explain", "--at", "stacks/a/main.tf:6"]).stdout
    };
    let clause = |name: &str| format!("equals = \"spare\" }}\n       {name}");
    let judged = answer("db");
    assert!(judged.contains(&clause("does not hold: goes on")), "{judged}");
    let excepted = answer("spare");
    assert!(excepted.contains(&clause("holds: stops")), "{excepted}");
}

#[test]
fn a_line_of_an_override_file_is_explained_by_the_block_that_it_overrides() {
    let rule = "summary = \"waits\"\nseverity = \"error\"\nselect \"block\" { type = \"resource\" }\nforbid \"wait\" {\n  path   \
                = \"wait\"\n  equals = false\n}\ncase \"wait\" { message = \"waits for nothing\" }\n";
    let block = |wait: &str| format!("resource \"x_y\" \"z\" {{\n  wait = {wait}\n}}\n");
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks { own = true }\n"),
        ("rules/own/pack.hcl", "summary = \"own\"\n"),
        ("rules/own/waits.hcl", rule),
        ("stacks/a/main.tf", &block("true")),
        ("stacks/a/override.tf", &block("false")),
    ]);
    for line in ["stacks/a/override.tf:2", "stacks/a/main.tf:2"] {
        let told = repo.run_in("", &["explain", "--at", line]).stdout;
        assert!(told.contains("own/waits: reported"), "{told}");
        assert!(told.contains("error at stacks/a/override.tf:2:10: waits for nothing"), "{told}");
    }
}

#[test]
fn of_many_rules_those_that_are_silent_tell_only_what_decided() {
    let rule = |at: &str| {
        format!(
            "summary = \"long\"\nseverity = \"error\"\nselect \"resource\" {{ types = [\"x_y\"] }}\nlet \"named\" {{ path = \
             \"name\" }}\neach \"part\" {{ path = \"parts[*]\" }}\nforbid \"long\" {{\n  path = \"part\"\n  \
             at_least = {at}\n}}\ncase \"long\" {{ message = \"`{{part}}` is long\" }}\n"
        )
    };
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"rules\"]\npacks { own = true }\n"),
        ("rules/own/pack.hcl", "summary = \"own\"\n"),
        ("rules/own/long.hcl", &rule("3")),
        ("rules/own/longer.hcl", &rule("9")),
        ("stacks/a/main.tf", "resource \"x_y\" \"z\" {\n  name  = \"n\"\n  parts = [1, 2, 3]\n}\n"),
    ]);
    let at = ["explain", "--at", "stacks/a/main.tf:1"];
    let all = repo.run_in("", &at).stdout;
    let (long, longer) = all.split_once("own/longer: fine\n").unwrap();
    for part in ["let \"named\"", "each \"part\"", "  … and 2 more ways\n"] {
        assert!(long.contains(part), "{part}: {all}");
    }
    assert!(longer.contains("forbid \"long\"") && !longer.contains("let \"named\""), "{all}");
    let help =
        "`tautline explain --at stacks/a/main.tf:1 RULE` shows all that one of them looked at\n";
    assert!(longer.contains("  … and 2 more ways\n") && longer.ends_with(help), "{all}");
    let one = repo.run_in("", &[&at[..], &["own/longer"]].concat()).stdout;
    assert_eq!(one.matches("let \"named\"").count(), 3, "{one}");
    assert!(!one.contains("more ways") && !one.contains(" RULE`"), "{one}");
}

#[test]
fn what_is_found_elsewhere_is_not_told_of_a_line() {
    let claim = |name: &str| {
        format!(
            "resource \"kubernetes_persistent_volume_claim\" \"{name}\" {{\n  metadata {{ name = \"{name}\" }}\n  spec \
             {{ storage_class_name = \"proxmox-lvm\" }}\n}}\n"
        )
    };
    let repo = Repo::new(&[
        ("tautline.hcl", "packs { storage = \"always\" }\n"),
        ("stacks/a/main.tf", &claim("a")),
        ("stacks/b/main.tf", &claim("b")),
        ("stacks/c/main.tf", "resource \"kubernetes_config_map\" \"c\" {\n  data = {}\n}\n"),
    ]);
    let told = |at: &str| repo.run_in("", &["explain", "--at", at]).stdout;
    let claims = told("stacks/a/main.tf:1");
    let found =
        "storage/missing-autoresizer-annotations A04: reported\n  error at stacks/a/main.tf:";
    assert!(claims.contains(found) && !claims.contains("stacks/b/"), "{claims}");
    let other = told("stacks/c/main.tf:1");
    assert!(!other.contains("missing-autoresizer-annotations"), "{other}");
}

#[test]
fn a_line_in_the_place_of_a_rule_is_known_for_one() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let run = repo.run_in("", &["explain", "stacks/a/main.tf:1"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`tautline explain --at stacks/a/main.tf:1` says"), "{run:?}");
}
