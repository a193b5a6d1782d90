//! Writing a rule of one's own: from `rules new` to a page that says what is wrong with it.

use std::fs;

use super::repo::Repo;

/// The last step that `rules new` names.
fn last_step(settings: &str, id: &str) -> String {
    let repo = Repo::new(&[("tautline.hcl", settings)]);
    let new = repo.run_in("", &["rules", "new", id]);
    assert_eq!(new.code, 0, "{new:?}");
    let last = new.stdout.lines().last().unwrap().to_owned();
    // What it names is all that is missing.
    let pack = id.split_once('/').unwrap().0;
    let list = "pack_dirs = [\"tautline/rules\"]";
    let mut settings = settings.to_owned();
    if last.contains(list) {
        settings = format!("{list}\n{settings}");
    }
    if last.contains(&format!("`{pack} = true` in the block `packs`")) {
        settings = settings.replace("packs {", &format!("packs {{\n  {pack} = true"));
    }
    repo.write("tautline.hcl", settings);
    repo.write("stacks/a/main.tf", "locals {}\n");
    let check = repo.check(&["--verbose"]);
    assert_eq!(check.code, 0, "{check:?}");
    assert!(!check.stdout.contains(&format!("`{pack}` is off")), "{check:?}");
    last
}

#[test]
fn the_steps_to_a_new_rule_lead_to_one_that_is_on() {
    let list = "  5. to check this repo by it: `pack_dirs = [\"tautline/rules\"]`";
    assert_eq!(last_step("", "jobs/unbounded"), format!("{list} in tautline.hcl"));
    let block = "packs {\n  hygiene = \"always\"\n}\n";
    let both = format!("{list} and `jobs = true` in the block `packs`, in tautline.hcl");
    assert_eq!(last_step(block, "jobs/unbounded"), both);
    let listed = format!("pack_dirs = [\"tautline/rules\"]\n{block}");
    let repo = Repo::new(&[("tautline.hcl", &listed)]);
    repo.write("tautline/rules/other/pack.hcl", "summary = \"x\"\n");
    let new = repo.run_in("", &["rules", "new", "jobs/unbounded"]).stdout;
    let switch =
        "  5. to check this repo by it: `jobs = true` in the block `packs` in tautline.hcl\n";
    assert!(new.ends_with(switch), "{new}");
}

#[test]
fn a_case_that_is_not_valid_does_not_hold() {
    let repo = Repo::new(&[("tautline.hcl", "pack_dirs = [\"tautline/rules\"]\n")]);
    repo.run_in("", &["rules", "new", "jobs/unbounded"]);
    let page = repo.path().join("tautline/rules/jobs/unbounded.md");
    let text = fs::read_to_string(&page).unwrap();
    let tested = |text: &str| {
        fs::write(&page, text).unwrap();
        repo.run_in("", &["rules", "test", "jobs"])
    };
    assert_eq!(tested(&text).code, 0);
    // What must not be reported is not, where nothing can be read.
    let broken = text.replacen("    type = \"ClusterIP\"\n  }\n", "    type = \"ClusterIP\"\n", 1);
    let run = tested(&broken);
    assert_eq!(run.code, 1, "{run:?}");
    let said = "not valid: stacks/blog/main.tf:1:1: expected `}` to close block `resource`";
    assert!(run.stdout.contains(said), "{run:?}");
    // Unless that is what the case is about.
    let meant = broken.replacen(
        "resource \"kubernetes_service_v1\" \"blog\" {\n",
        "resource \"kubernetes_service_v1\" \"blog\" {\n\
         ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error tautline/syntax-error\n",
        1,
    );
    let run = tested(&meant);
    assert!(!run.stdout.contains("not valid: "), "{run:?}");
}

#[test]
fn a_pack_that_nothing_names_yet_is_told_with_what_to_write() {
    let repo = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    repo.run_in("", &["rules", "new", "jobs/unbounded"]);
    let help = "error: there is no rule `jobs/unbounded`\n  help: nothing names the directory of \
                `tautline/rules/jobs`: write `pack_dirs = [\"tautline/rules\"]` into tautline.hcl\n";
    for command in [
        &["rules", "test", "jobs/unbounded"][..],
        &["rules", "show", "jobs/unbounded"],
        &["explain", "jobs/unbounded"],
        &["explain", "jobs/unbounded", "--at", "stacks/a/main.tf:1"],
        &["check", "--rule", "jobs/unbounded"],
    ] {
        let run = repo.run_in("", command);
        assert_eq!((run.code, run.stderr.as_str()), (2, help), "{command:?}");
    }
    assert_eq!(repo.run_in("", &["rules", "test", "./tautline/rules", "jobs"]).code, 0);
    repo.write(
        "tautline.hcl",
        "pack_dirs = [\"tautline/rules\"]\npacks { hygiene = \"always\" }\n",
    );
    let off = repo.check(&[]).stdout;
    let note = "note: the repo's own pack `jobs` is off: write `jobs = true` into `packs` in tautline.hcl\n";
    assert!(off.contains(note), "{off}");
}

#[test]
fn a_rule_without_a_page_is_no_rule_that_is_not_there() {
    let repo = Repo::new(&[("tautline.hcl", "pack_dirs = [\"tautline/rules\"]\n")]);
    repo.run_in("", &["rules", "new", "jobs/unbounded"]);
    fs::remove_file(repo.path().join("tautline/rules/jobs/unbounded.md")).unwrap();
    let run = repo.run_in("", &["explain", "jobs/unbounded"]);
    let said = "error: the rule `jobs/unbounded` has no page\n  help: write `tautline/rules/jobs/unbounded.md`; ";
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.starts_with(said), "{run:?}");
}

#[test]
fn what_is_not_known_is_told_where_something_else_was_expected_to_be() {
    let repo = Repo::new(&[("tautline.hcl", "pack_dirs = [\"tautline/rules\"]\n")]);
    repo.run_in("", &["rules", "new", "jobs/open"]);
    let page = repo.path().join("tautline/rules/jobs/open.md");
    let text = fs::read_to_string(&page).unwrap();
    let header = "resource \"kubernetes_service_v1\" \"blog\"";
    let case = format!(
        "### from outside\n\n```hcl path=stacks/blog/main.tf\nvariable \"type\" {{}}\n{header} {{\n  spec {{\n    \
         type = var.type\n           ^^^^^^^^ unknown: REASON\n  }}\n}}\n```\n"
    );
    let tested = |reason: &str| {
        fs::write(&page, format!("{text}\n{}", case.replace("REASON", reason))).unwrap();
        repo.run_in("", &["rules", "test", "jobs"])
    };
    assert_eq!(tested("has no default").code, 0);
    let run = tested("is encrypted");
    assert_eq!(run.code, 1, "{run:?}");
    let found = ": not known: stacks/blog/main.tf:4:12: `var.type`";
    assert!(run.stdout.contains(found), "{run:?}");
    assert!(run.stdout.contains("unknown: `var.type` has no default"), "{run:?}");
}
