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
