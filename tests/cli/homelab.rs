//! The command line on the fixture repo. What each rule finds there is held elsewhere, rule by rule.

use std::path::Path;

use crate::repo::{Repo, Run, run_at};

fn homelab(directory: &str, arguments: &[&str]) -> Run {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos/homelab");
    run_at(&root.join(directory), &[&["check"], arguments].concat())
}

#[test]
fn the_example_in_the_readme_is_what_is_printed() {
    let readme = include_str!("../../README.md");
    let (_, example) =
        readme.split_once("$ tautline check --stack homepage --rule ingress\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let ascii = [("×", "x"), ("╭─", ",-"), ("╰────", "`----"), ("│", "|"), ("·", ":"), ("─", "^")];
    let example =
        ascii.iter().fold(example.to_owned(), |text, (fancy, plain)| text.replace(fancy, plain));
    let run = homelab("", &["--stack", "homepage", "--rule", "ingress"]);
    assert!(run.stdout.starts_with(&example), "{example}\n{}", run.stdout);
    assert_eq!(run.code, 1);
}

#[test]
fn the_counts_in_the_page_of_the_baseline_are_those_of_the_fixture() {
    let page = include_str!("../../docs/baseline.md");
    let run = homelab("", &["--quiet", "--fail-on", "info"]).stdout;
    let last = run.lines().find(|line| line.contains(" infos in ")).unwrap();
    let (found, where_) = last.split_once(" in ").unwrap();
    let counts =
        found.split(", ").map(|it| it.split_once(' ').unwrap().0.parse::<usize>().unwrap());
    let known = counts.sum::<usize>();
    for line in [
        format!("wrote tautline.baseline.jsonl: {known} known findings\n"),
        format!("0 errors, 0 warnings, 0 infos, {known} known in {where_}\n"),
        format!("(`{known} known`, "),
    ] {
        assert!(page.contains(&line), "docs/baseline.md: {line}");
    }
}

#[test]
fn of_many_rules_that_do_not_apply_the_names_are_told() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos/homelab");
    let at = ["explain", "--at", "stacks/homepage/main.tf:59"];
    let all = run_at(&root, &at).stdout;
    assert!(all.contains("image/decommissioned-registry A07: reported"), "{all}");
    let (count, idle) = all.split_once(" rules do not apply: ").unwrap();
    let count: usize = count.rsplit('\n').next().unwrap().parse().unwrap();
    let idle: Vec<&str> = idle.lines().next().unwrap().split(", ").collect();
    assert!(count > 10 && idle.len() == count, "{all}");
    assert!(!all.contains(": does not apply"), "{all}");
    let one = run_at(&root, &[at.as_slice(), &[idle[0]]].concat()).stdout;
    assert!(one.contains(idle[0]) && one.contains(": does not apply"), "{one}");
}

#[test]
fn the_settings_in_the_documentation_are_valid() {
    let pages = [include_str!("../../README.md"), include_str!("../../docs/configuration.md")];
    let fences = pages.into_iter().flat_map(|page| page.split("\n```hcl\n").skip(1));
    let examples = fences.map(|fence| fence.split_once("\n```").unwrap().0);
    let settings: Vec<&str> = examples.filter(|text| !text.starts_with("# tautline:")).collect();
    assert!(settings.len() > 3, "{settings:?}");
    for text in settings {
        let repo = Repo::new(&[("settings.hcl", text)]);
        let path = repo.path().join("settings.hcl");
        let run = homelab("", &["--config", path.to_str().unwrap()]);
        assert_eq!(run.code, 1, "{text}\n{}", run.stderr);
    }
}

#[test]
fn the_report_says_which_packs_are_on_and_why() {
    let run = homelab("", &["--severity", "error", "--verbose"]);
    assert!(run.stdout.contains(" are on, `--verbose` says which and why\n"), "{}", run.stdout);
    assert!(run.stderr.contains("`modules/kubernetes/ingress_factory/main.tf` contains"));
}

#[test]
fn what_could_not_be_judged_is_listed_where_asked() {
    let hint = "not judged, their value is not known: `--show-unknown`";
    let quiet = homelab("", &[]);
    assert!(quiet.stdout.contains(hint), "{}", quiet.stdout);
    assert!(!quiet.stdout.contains("\nunknown["));
    let text = homelab("", &["--show-unknown"]);
    assert!(text.stdout.contains("\nunknown[image/untrusted-registry]\n"), "{}", text.stdout);
    let json = homelab("", &["--show-unknown", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert!(value["unknown"].as_array().is_some_and(|sites| !sites.is_empty()));
}

/// With the facts of one stack a rule says what it says with those of the whole repo, or the report says that it did not
/// run.
#[test]
fn facts_of_a_stack_are_enough_for_every_rule_that_runs() {
    let stack = ["--stack", "wiki", "--facts", "stack"];
    let told = homelab("", &[&stack[..], &["--verbose"]].concat());
    let (_, count) = told.stdout.split_once("\nnot run, they need the whole repo: ").unwrap();
    let (count, _) = count.split_once(" rules, `--verbose` names them\n").unwrap();
    let (_, not_run) = told.stderr.split_once(" did not run, they need the whole repo:\n").unwrap();
    let not_run: Vec<&str> = not_run.lines().map_while(|line| line.strip_prefix("  ")).collect();
    assert_eq!(not_run.len().to_string(), count);
    let whole = homelab("", &["--stack", "wiki", "--format", "concise"]).stdout;
    let expected: Vec<&str> =
        whole.lines().filter(|line| !not_run.contains(&line.split(' ').nth(2).unwrap())).collect();
    assert!(expected.len() > 5, "{whole}");
    let before_a_plan = homelab("", &[&stack[..], &["--format", "concise"]].concat()).stdout;
    assert_eq!(before_a_plan.lines().collect::<Vec<_>>(), expected);
}
