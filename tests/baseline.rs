//! The story of a repo that adopts tautline with old findings in it, and what must and must not bring them back.

#![expect(clippy::unwrap_used, reason = "what a helper cannot make is a failed test")]
#![expect(
    clippy::disallowed_methods,
    reason = "the tests make the repos and start the binary that checks them"
)]

#[path = "cli/repo.rs"]
#[expect(dead_code, reason = "what the tests of the command line need besides")]
mod repo;

use std::fs;

use repo::{Repo, Run};

const FILE: &str = "tautline.baseline.jsonl";

const RULES: [(&str, &str); 5] = [
    ("tautline.hcl", "pack_dirs = [\"rules\"]\n"),
    (
        "rules/debt/pack.hcl",
        "summary = \"old debt\"\napplies_when {\n  file { path = \"stacks/**\" }\n}\n",
    ),
    (
        "rules/debt/open-port.hcl",
        "summary = \"open port\"\nseverity = \"error\"\nselect \"object\" { kinds = [\"Service\"] }\n\
         forbid \"open\" {\n  path = \"spec.type\"\n  equals = \"NodePort\"\n}\n\
         case \"open\" { message = \"service `{name}` is open\" }\n",
    ),
    (
        "rules/debt/floating-tag.hcl",
        "summary = \"floating tag\"\nseverity = \"error\"\nselect \"object\" { kinds = [\"Deployment\"] }\n\
         each \"container\" { path = \"spec.template.spec.containers\" }\n\
         forbid \"floats\" {\n  path = \"container.image\"\n  matches = \":latest$\"\n}\n\
         case \"floats\" { message = \"`{value}` floats\" }\n",
    ),
    (
        "rules/debt/not-atomic.hcl",
        "summary = \"not atomic\"\nseverity = \"error\"\nselect \"resource\" { types = [\"helm_release\"] }\n\
         require \"atomic\" {\n  path = \"atomic\"\n  equals = true\n  underline = \"subject\"\n}\n\
         case \"atomic\" { message = \"this release is not atomic\" }\n",
    ),
];

/// A stack with four findings.
fn stack(name: &str) -> String {
    format!(
        r#"resource "kubernetes_service" "web" {{
  metadata {{
    name = "{name}"
  }}
  spec {{
    type = "NodePort"
  }}
}}

resource "kubernetes_deployment" "web" {{
  metadata {{
    name      = "{name}"
    namespace = kubernetes_namespace.{name}.metadata[0].name
  }}
  spec {{
    template {{
      spec {{
        container {{
          name  = "app"
          image = "docker.io/{name}/app:latest"
        }}
        container {{
          name  = "proxy"
          image = "docker.io/{name}/proxy:latest"
        }}
      }}
    }}
  }}
}}

resource "helm_release" "cache" {{
  name      = "{name}-cache"
  chart     = "redis"
  namespace = kubernetes_namespace.{name}.metadata[0].name
}}

resource "kubernetes_namespace" "{name}" {{
  metadata {{
    name = "{name}"
  }}
}}
"#
    )
}

/// Ten stacks with forty findings.
fn forty() -> Repo {
    let repo = Repo::new(&RULES);
    for number in 0..10 {
        let name = format!("s{number}");
        repo.write(&format!("stacks/{name}/main.tf"), stack(&name));
    }
    repo
}

/// [`forty`], with all of them known.
fn adopted() -> Repo {
    let repo = forty();
    let run = baseline(&repo, &["create"]);
    assert!(
        run.stdout.starts_with("wrote tautline.baseline.jsonl: 40 known findings\n"),
        "{run:?}"
    );
    repo
}

fn baseline(repo: &Repo, arguments: &[&str]) -> Run {
    repo.run_in("", &[&["baseline"], arguments].concat())
}

fn text(repo: &Repo, path: &str) -> String {
    fs::read_to_string(repo.path().join(path)).unwrap()
}

fn change(repo: &Repo, path: &str, from: &str, to: &str) {
    let before = text(repo, path);
    let after = before.replace(from, to);
    assert_ne!(before, after, "`{from}` is not in {path}");
    repo.write(path, after);
}

fn rename(repo: &Repo, from: &str, to: &str) {
    let to = repo.path().join(to);
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    fs::rename(repo.path().join(from), to).unwrap();
}

/// What `check` reports that is no word about the baseline itself.
fn new_ones(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let run = repo.check(&[&["--format", "concise"], arguments].concat());
    let lines: Vec<String> = run.stdout.lines().map(str::to_owned).collect();
    let new: Vec<String> =
        lines.into_iter().filter(|line| !line.contains(" tautline/stale-baseline ")).collect();
    assert_eq!(run.code, i32::from(!new.is_empty()), "{run:?}");
    new
}

/// What `check` says about the baseline.
fn stale(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let run = repo.check(&[&["--format", "concise"], arguments].concat());
    let lines = run.stdout.lines().filter(|line| line.contains(" tautline/stale-baseline "));
    lines.map(str::to_owned).collect()
}

const EXTRA: &str = "\nresource \"helm_release\" \"extra\" {\n  chart = \"nats\"\n}\n";

#[test]
fn a_repo_adopts_pays_back_and_moves_on() {
    let repo = forty();
    assert_eq!(repo.check(&[]).code, 1);
    assert_eq!(baseline(&repo, &["create"]).code, 0);
    let run = repo.check(&[]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(
        run.stdout.starts_with("0 errors, 0 warnings, 0 infos, 40 known in 10 stacks"),
        "{run:?}"
    );

    // One stack gains one and loses one.
    change(&repo, "stacks/s0/main.tf", "NodePort", "ClusterIP");
    repo.write("stacks/s0/main.tf", text(&repo, "stacks/s0/main.tf") + EXTRA);
    // A file moves, with a new one beside it.
    rename(&repo, "stacks/s1/main.tf", "stacks/s1/web.tf");
    repo.write("stacks/s1/main.tf", "locals {}\n");
    // A resource gets another name, and so does one that others refer to.
    change(
        &repo,
        "stacks/s2/main.tf",
        "\"kubernetes_deployment\" \"web\"",
        "\"kubernetes_deployment\" \"site\"",
    );
    change(&repo, "stacks/s2/main.tf", "kubernetes_namespace.s2", "kubernetes_namespace.own");
    change(
        &repo,
        "stacks/s2/main.tf",
        "\"kubernetes_namespace\" \"s2\"",
        "\"kubernetes_namespace\" \"own\"",
    );
    // Another stack is indented anew and explained.
    let wide =
        text(&repo, "stacks/s3/main.tf").replace("  ", "\t\t").replace("{\n", "{\n\n  # why\n");
    repo.write("stacks/s3/main.tf", format!("# s3\n\n{wide}"));

    let new = new_ones(&repo, &[]);
    assert_eq!(new, ["stacks/s0/main.tf:43:1: error debt/not-atomic this release is not atomic"]);
    let gone = stale(&repo, &[]);
    assert_eq!(gone.len(), 1, "{gone:#?}");
    assert!(
        gone[0].contains(
            "warning tautline/stale-baseline `debt/open-port` has nothing to report any more at \
             `spec type` of `kubernetes_service.web` in `stacks/s0/main.tf`"
        ),
        "{gone:?}"
    );

    let before = text(&repo, FILE);
    let pruned = baseline(&repo, &["prune"]);
    assert_eq!(
        pruned.stdout,
        "gone: debt/open-port at `spec type` of `kubernetes_service.web` in `stacks/s0/main.tf`\n\
         wrote tautline.baseline.jsonl: 1 gone, 39 known findings left\n",
        "{pruned:?}"
    );
    assert_eq!(new_ones(&repo, &[]), new);
    assert!(stale(&repo, &[]).is_empty());
    let again = baseline(&repo, &["prune"]);
    assert_eq!(
        again.stdout,
        "nothing to prune in tautline.baseline.jsonl: 39 known findings left\n"
    );
    // Of the other lines, only those of what has moved have changed.
    let after = text(&repo, FILE);
    let changed: Vec<&str> =
        before.lines().filter(|line| !after.lines().any(|other| other == *line)).collect();
    assert!(
        changed.iter().all(|line| ["s0", "s1", "s2"].iter().any(|it| line.contains(it))),
        "{changed:#?}"
    );
}

#[test]
fn a_second_finding_in_the_same_block_is_new() {
    let repo = adopted();
    let third = "container {\n          name  = \"third\"\n          image = \"docker.io/s5/app:latest\"\n        }\n        container {";
    let path = "stacks/s5/main.tf";
    repo.write(path, text(&repo, path).replacen("container {", third, 1));
    let new = new_ones(&repo, &[]);
    assert_eq!(
        new,
        ["stacks/s5/main.tf:20:19: error debt/floating-tag `docker.io/s5/app:latest` floats"]
    );
    assert!(stale(&repo, &[]).is_empty());
}

#[test]
fn one_that_is_mended_does_not_excuse_another_in_the_same_block() {
    let repo = adopted();
    let path = "stacks/s5/main.tf";
    change(&repo, path, "s5/app:latest", "s5/app:1.2.3");
    change(&repo, path, "          name  = \"proxy\"", "          name  = \"other\"");
    change(&repo, path, "s5/proxy:latest", "s5/other:latest");
    let new = new_ones(&repo, &[]);
    assert_eq!(new.len(), 1, "{new:?}");
    assert!(new[0].contains("`docker.io/s5/other:latest` floats"), "{new:?}");
    assert_eq!(stale(&repo, &[]).len(), 2);
}

#[test]
fn one_that_is_mended_does_not_excuse_its_like_under_another_name() {
    let repo = adopted();
    let path = "stacks/s6/main.tf";
    // The block is mended where it is, and an old copy of it comes in beside it.
    let release = "resource \"helm_release\" \"cache\" {\n";
    let copy =
        text(&repo, path).split_once(release).unwrap().1.split_once("}\n").unwrap().0.to_owned();
    change(&repo, path, release, &format!("{release}  atomic    = true\n"));
    repo.write(
        path,
        text(&repo, path) + &format!("resource \"helm_release\" \"copy\" {{\n{copy}}}\n"),
    );
    let new = new_ones(&repo, &[]);
    assert_eq!(new.len(), 1, "{new:?}");
    assert!(new[0].contains("error debt/not-atomic"), "{new:?}");
}

#[test]
fn a_copy_of_a_known_one_is_new() {
    let repo = adopted();
    repo.write("stacks/copy/main.tf", stack("s7"));
    assert_eq!(new_ones(&repo, &[]).len(), 4);
}

#[test]
fn a_stack_may_be_renamed() {
    let repo = adopted();
    rename(&repo, "stacks/s8", "stacks/renamed");
    assert!(new_ones(&repo, &[]).is_empty());
    assert!(stale(&repo, &[]).is_empty());
    baseline(&repo, &["prune"]);
    assert!(
        text(&repo, FILE).contains("\"stack\":\"renamed\",\"path\":\"stacks/renamed/main.tf\"")
    );
    // From now on it is known where it is, even without the rest of the repo.
    assert!(new_ones(&repo, &["--stack", "renamed", "--facts", "stack"]).is_empty());
}

#[test]
fn a_local_may_be_renamed_and_moved_between_blocks() {
    let repo = Repo::new(&RULES);
    repo.write(
        "rules/debt/old-host.hcl",
        "summary = \"old host\"\nseverity = \"error\"\nselect \"text\" {\n  words = [\"old.example\"]\n  matches = \"(?P<host>old[.]example)\"\n}\n\
         forbid \"named\" {\n  text = \"{host}\"\n  matches = \".\"\n}\n\
         case \"named\" { message = \"the host is gone\" }\n",
    );
    let path = "stacks/a/main.tf";
    let before = "locals {\n  ports = [80]\n  hosts = [\"a.example\", \"old.example\"]\n}\n";
    repo.write(path, before);
    baseline(&repo, &["create"]);
    assert_eq!(new_ones(&repo, &["--no-baseline"]).len(), 1);
    change(&repo, path, "hosts", "probed");
    change(&repo, path, "[80]", "[80, 81]");
    assert!(new_ones(&repo, &[]).is_empty() && stale(&repo, &[]).is_empty());
    // A copy under another name is new, whether the first one is mended or not.
    repo.write(path, before.to_owned() + &before.replace("hosts", "others").replace("ports", "p"));
    assert_eq!(new_ones(&repo, &[]).len(), 1);
    change(&repo, path, "  hosts = [\"a.example\", \"old.example\"]", "  hosts = []");
    assert_eq!((new_ones(&repo, &[]).len(), stale(&repo, &[]).len()), (1, 1));
}

#[test]
fn edits_around_a_known_one_do_not_bring_it_back() {
    let repo = adopted();
    let path = "stacks/s9/main.tf";
    change(
        &repo,
        path,
        "  name      = \"s9-cache\"\n",
        "  name      = \"s9-store\"\n  timeout   = 600\n",
    );
    change(&repo, path, "      spec {\n", "      spec {\n        host_network = false\n");
    change(&repo, path, "name = \"s9\"", "name = \"nine\"");
    assert!(new_ones(&repo, &[]).is_empty());
    // Whoever touches what is wrong owns it.
    change(&repo, path, "s9/app:latest", "s9/web:latest");
    assert_eq!(new_ones(&repo, &[]).len(), 1);
}

#[test]
fn what_a_run_does_not_look_at_is_neither_gone_nor_lost() {
    let repo = adopted();
    change(&repo, "stacks/s0/main.tf", "NodePort", "ClusterIP");
    change(&repo, "stacks/s1/main.tf", "NodePort", "ClusterIP");
    assert_eq!(stale(&repo, &["--stack", "s1"]).len(), 1);
    assert_eq!(stale(&repo, &["--stack", "s1", "--facts", "stack"]).len(), 1);
    assert!(stale(&repo, &["--stack", "s2"]).is_empty());
    assert!(stale(&repo, &["--rule", "debt/floating-tag,tautline"]).is_empty());
    assert!(new_ones(&repo, &["--stack", "s2", "--facts", "stack"]).is_empty());
    // A rule that is off keeps its entries.
    let settings = text(&repo, "tautline.hcl");
    repo.write(
        "tautline.hcl",
        format!("{settings}rule \"debt/open-port\" {{\n  severity = \"off\"\n}}\n"),
    );
    let pruned = baseline(&repo, &["prune"]);
    assert!(pruned.stdout.starts_with("nothing to prune"), "{pruned:?}");
    repo.write("tautline.hcl", settings);
    let pruned = baseline(&repo, &["prune"]);
    assert!(pruned.stdout.ends_with("2 gone, 38 known findings left\n"), "{pruned:?}");
}

#[test]
fn where_a_file_is_broken_nothing_is_gone() {
    let repo = adopted();
    repo.write("stacks/s0/main.tf", "locals {\n");
    let run = repo.check(&["--format", "concise"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert_eq!(run.stdout.lines().count(), 1, "{run:?}");
    let pruned = baseline(&repo, &["prune"]);
    assert_eq!(pruned.code, 2, "{pruned:?}");
    assert!(pruned.stderr.contains("`stacks/s0/main.tf` is not valid"), "{pruned:?}");
    // Nor is what is broken ever known.
    let created = baseline(&repo, &["create", "--force"]);
    assert!(
        created.stdout.contains("36 known findings\n1 finding of the pack tautline not recorded"),
        "{created:?}"
    );
    assert_eq!(repo.check(&[]).code, 1);
}

#[test]
fn the_burn_down_is_counted_by_rule_and_stack() {
    let repo = adopted();
    change(&repo, "stacks/s0/main.tf", "NodePort", "ClusterIP");
    let shown = baseline(&repo, &["show"]);
    assert!(
        shown.stdout.starts_with("tautline.baseline.jsonl: 40 known findings, 1 of them gone\n"),
        "{shown:?}"
    );
    assert!(shown.stdout.contains("\ndebt/open-port        10      1\n"), "{shown:?}");
    assert!(shown.stdout.contains("\ns0         4      1\n"), "{shown:?}");
    let json = baseline(&repo, &["show", "--format", "json"]);
    let value: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((&value["total"], &value["gone"]), (&40.into(), &1.into()));
    assert_eq!(
        value["rules"][0],
        serde_json::json!({ "name": "debt/floating-tag", "total": 20, "gone": 0 })
    );
    assert_eq!(value["stacks"].as_array().unwrap().len(), 10);
}

#[test]
fn two_branches_merge_line_by_line() {
    let repo = adopted();
    let base = text(&repo, FILE);
    assert!(base.lines().skip(1).is_sorted(), "{base}");
    // Both sides recorded the same finding: it is there twice, and once too often.
    let line = base.lines().nth(1).unwrap();
    repo.write(FILE, format!("{base}{line}\n"));
    assert!(new_ones(&repo, &[]).is_empty());
    assert_eq!(stale(&repo, &[]).len(), 1);
    baseline(&repo, &["prune"]);
    assert_eq!(text(&repo, FILE), base);
}

#[test]
fn the_baseline_is_no_part_of_what_is_judged() {
    let repo = forty();
    let count = |run: &Run| {
        let counts = run.stdout.split(" stacks, ").nth(1);
        counts.and_then(|it| it.lines().next()).map(str::to_owned)
    };
    let before = count(&repo.check(&[]));
    baseline(&repo, &["create"]);
    assert_eq!(count(&repo.check(&[])), before);
    assert_eq!(count(&repo.check(&["--no-baseline"])), before);
    assert!(repo.check(&["--no-baseline"]).stdout.contains("\n40 errors, "));
}
