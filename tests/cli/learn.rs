//! `rules learn`: what is told of a repo's habits is what their rules say of it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value;

use crate::repo::Repo;

const SOURCE: &str = "../../modules/ingress";

/// A stack with a deployment, a claim and a call, each of which says what `odd` does not take away.
fn stack(name: &str, odd: &str) -> String {
    let keeps = |what: &str, code: &'static str| if odd == what { "" } else { code };
    format!(
        r#"resource "kubernetes_deployment_v1" "{name}" {{
  metadata {{
    name   = "{name}"
    labels = {{
      app = "{name}"
      {tier}
    }}
  }}
  {priority}
  spec {{
    template {{
      spec {{
        container {{
          name = "one"
          {port}
        }}
        container {{
          name = "two"
          port {{
            container_port = 80
          }}
        }}
      }}
    }}
  }}
  lifecycle {{
    ignore_changes = [
      spec[0].replicas,{marker}
      {dns}
    ]
  }}
}}

resource "kubernetes_persistent_volume_claim_v1" "{name}" {{
  spec {{
    storage_class_name = "{class}"{noted}
  }}
}}

module "ingress" {{
  source = "{SOURCE}"
  host   = "{name}"
  {auth}
}}
"#,
        tier = keeps("tier", "tier = \"apps\""),
        priority =
            if odd == "wait" { "wait_for_rollout = true" } else { "wait_for_rollout = false" },
        port = keeps("port", "port {\n            container_port = 80\n          }"),
        marker = keeps("marker", " # SCALED_ELSEWHERE"),
        dns = keeps("dns", "spec[0].template[0].spec[0].dns_config,"),
        class = if odd == "class" { "slow" } else { "fast" },
        noted = keeps("noted", " # NO_BACKUP: made anew"),
        auth = keeps("auth", "auth = \"required\""),
    )
}

const ODD: [&str; 8] = ["tier", "wait", "port", "marker", "dns", "class", "noted", "auth"];

fn repo() -> Repo {
    let mut files: Vec<(String, String)> = (0..20)
        .map(|at| {
            let odd = ODD.get(at).copied().unwrap_or_default();
            (format!("stacks/s{at}/main.tf"), stack(&format!("s{at}"), odd))
        })
        .collect();
    let variables = "variable \"host\" {}\nvariable \"auth\" {\n  default = \"none\"\n}\n";
    files.push(("modules/ingress/main.tf".to_owned(), variables.to_owned()));
    files.push(("tautline.hcl".to_owned(), String::new()));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (&**path, &**text)).collect();
    Repo::new(&files)
}

fn learned(repo: &Repo, more: &[&str]) -> BTreeMap<String, Value> {
    let arguments = [&["rules", "learn", "--all", "--format", "json"], more].concat();
    let run = repo.run_in("", &arguments);
    assert_eq!(run.code, 0, "{run:?}");
    let document: Value = serde_json::from_str(&run.stdout).unwrap();
    let habits = document["habits"].as_array().unwrap().iter();
    habits.map(|it| (it["name"].as_str().unwrap().to_owned(), it.clone())).collect()
}

#[test]
fn what_nearly_all_do_is_told_with_who_does_not() {
    let habits = learned(&repo(), &[]);
    let mut told = String::new();
    for habit in habits.values() {
        let paths = habit["exceptions"].as_array().unwrap().iter();
        let paths: Vec<String> =
            paths.map(|it| format!("{}:{}", it["path"].as_str().unwrap(), it["line"])).collect();
        let (kept, sites) = (&habit["kept"], &habit["sites"]);
        let _ = writeln!(
            told,
            "{kept}/{sites} {} ({})",
            habit["says"].as_str().unwrap(),
            paths.join(" ")
        );
    }
    insta::assert_snapshot!(told);
}

#[test]
fn the_rules_that_are_written_say_the_same_and_their_cases_hold() {
    let repo = repo();
    let habits = learned(&repo, &[]);
    let names: Vec<&str> = habits.keys().map(String::as_str).collect();
    let written = repo.run_in("", &["rules", "learn", "--write", &names.join(",")]);
    assert_eq!(written.code, 0, "{written:?}");
    let tested = repo.run_in("", &["rules", "test", "./tautline/rules"]);
    let count = names.len();
    let hold = format!("{} cases of {count} rules hold, 0 do not", 2 * count);
    assert!(tested.stdout.contains(&hold), "{tested:?}");
    let run = repo.check(&["--packs", "tautline/rules", "--rule", "habits", "--format", "json"]);
    let report: Value = serde_json::from_str(&run.stdout).unwrap();
    let mut said: BTreeMap<&str, usize> = BTreeMap::new();
    for diagnostic in report["diagnostics"].as_array().unwrap() {
        let rule = diagnostic["rule"].as_str().unwrap();
        *said.entry(rule.strip_prefix("habits/").unwrap()).or_default() += 1;
    }
    for (name, habit) in &habits {
        let exceptions = habit["exceptions"].as_array().unwrap().len();
        assert_eq!(said.get(name.as_str()).copied(), Some(exceptions), "{name}");
    }
    // Nothing is written over.
    let again = repo.run_in("", &["rules", "learn", "--write", names[0]]);
    assert_eq!(again.code, 2, "{again:?}");
    assert!(again.stderr.contains("is there already"), "{again:?}");
}

#[test]
fn what_all_do_is_told_where_that_is_asked_for() {
    let habits = learned(&repo(), &["--share", "100"]);
    assert!(habits.contains_key("kubernetes-deployment-v1-without-container-name"), "{habits:?}");
    assert!(!habits.contains_key("kubernetes-deployment-v1-without-labels-tier"), "{habits:?}");
    assert!(habits.values().all(|habit| habit["exceptions"].as_array().unwrap().is_empty()));
}

#[test]
fn what_a_rule_that_is_on_says_already_is_left_out_unless_all_is_asked_for() {
    let repo = repo();
    let rule = "summary  = \"s\"\nseverity = \"warning\"\n\
                select \"resource\" { types = [\"kubernetes_persistent_volume_claim_v1\"] }\n\
                require \"x\" {\n  path   = \"spec.storage_class_name\"\n  equals = \"fast\"\n}\n\
                case \"x\" {\n  message = \"m\"\n  help    = \"h\"\n}\n";
    repo.write("own/storage2/pack.hcl", "summary = \"s\"\n");
    repo.write("own/storage2/other-class.hcl", rule);
    repo.write("tautline.hcl", "pack_dirs = [\"own\"]\npacks {\n  storage2 = true\n}\n");
    let name = "kubernetes-persistent-volume-claim-v1-with-other-spec-storage-class-name";
    assert_eq!(learned(&repo, &[])[name]["told_by"], "storage2/other-class");
    let run = repo.run_in("", &["rules", "learn", "storage_class_name"]);
    assert!(!run.stdout.contains("is `fast`") && run.stdout.contains("NO_BACKUP"), "{run:?}");
}

#[test]
fn a_repo_without_habits_and_a_name_that_is_none_are_told() {
    let small = Repo::new(&[("stacks/a/main.tf", "locals {}\n")]);
    let run = small.run_in("", &["rules", "learn"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(run.stdout.contains("nothing is nearly always so here"), "{run:?}");
    let run = small.run_in("", &["rules", "learn", "--write", "x"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("no habit here is called `x`"), "{run:?}");
    let run = small.run_in("", &["rules", "learn", "--share", "20"]);
    assert_eq!(run.code, 2, "{run:?}");
}
