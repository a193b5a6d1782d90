//! `rules coverage` and `rules list --for`: how many places rules look at, and what is wrong in how many of them.

use serde_json::Value;

use crate::repo::Repo;
use crate::since::git;

const RULE: &str = "summary  = \"namespace without an owner\"\nseverity = \"error\"\n\
    select \"resource\" { types = [\"kubernetes_namespace\"] }\n\
    require \"owner\" {\n  path    = \"metadata.labels.owner\"\n  present = true\n}\n\
    case \"owner\" {\n  message = \"m\"\n  help    = \"h\"\n}\n";

const IDLE: &str = "summary  = \"record without a name\"\nseverity = \"warning\"\n\
    select \"resource\" { types = [\"dns_record\"] }\n\
    require \"name\" {\n  path    = \"name\"\n  present = true\n}\n\
    case \"name\" {\n  message = \"m\"\n  help    = \"h\"\n}\n";

const IGNORED: &str = "# tautline: ignore[story/ownerless] -- nobody wants it\n";

fn namespace(name: &str, labels: &str) -> String {
    format!("resource \"kubernetes_namespace\" \"{name}\" {{\n  metadata {{\n{labels}  }}\n}}\n")
}

/// Four stacks of one namespace each: one is kept, one open, one silenced, and of one nobody knows.
fn repo() -> Repo {
    let owned = "    labels = {\n      owner = \"me\"\n    }\n";
    let unknown = "variable \"labels\" {}\n\n".to_owned();
    let repo = Repo::new(&[
        ("tautline.hcl", "pack_dirs = [\"own\"]\npacks {\n  story = true\n}\n"),
        ("own/story/pack.hcl", "summary = \"s\"\n"),
        ("own/story/ownerless.hcl", RULE),
        ("own/story/nameless.hcl", IDLE),
        ("stacks/kept/main.tf", &namespace("kept", owned)),
        ("stacks/open/main.tf", &namespace("open", "")),
        ("stacks/silenced/main.tf", &format!("{IGNORED}{}", namespace("silenced", ""))),
        ("stacks/unknown/main.tf", &(unknown + &namespace("unknown", "    labels = var.labels\n"))),
    ]);
    git(repo.path(), &["init", "--quiet"]);
    git(repo.path(), &["add", "."]);
    git(repo.path(), &["commit", "--quiet", "--message", "one"]);
    repo
}

fn told(repo: &Repo, arguments: &[&str]) -> String {
    let run = repo.run_in("", &[&["rules"], arguments].concat());
    assert_eq!((run.code, &*run.stderr), (0, ""), "{run:?}");
    run.stdout
}

fn coverage(repo: &Repo, arguments: &[&str]) -> Value {
    let text = told(repo, &[&["coverage", "--format", "json"], arguments].concat());
    let document: Value = serde_json::from_str(&text).unwrap();
    let rules = document["rules"].as_array().unwrap();
    assert!(rules.iter().any(|it| it["rule"] == "story/nameless"), "{document}");
    rules.iter().find(|it| it["rule"] == "story/ownerless").unwrap().clone()
}

#[test]
fn what_programs_read_is_as_its_schema_says() {
    let schema = include_str!("../../docs/rules-coverage.schema.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let repo = repo();
    for more in [&[][..], &["--since", "HEAD"]] {
        let text = told(&repo, &[&["coverage", "--format", "json"], more].concat());
        let value: Value = serde_json::from_str(&text).unwrap();
        let errors: Vec<_> = schema.iter_errors(&value).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{more:?}: {errors:#?}");
    }
}

#[test]
fn a_place_is_in_one_state() {
    let repo = repo();
    let now = &coverage(&repo, &[])["now"];
    let expected = r#"{"kept":1,"known":0,"open":1,"silenced":1,"sites":4,"unknown":1}"#;
    assert_eq!(now.to_string(), expected);
    let run = repo.run_in("", &["baseline", "create"]);
    assert_eq!(run.code, 0, "{run:?}");
    let now = &coverage(&repo, &[])["now"];
    let expected = r#"{"kept":1,"known":1,"open":0,"silenced":1,"sites":4,"unknown":1}"#;
    assert_eq!(now.to_string(), expected);
}

#[test]
fn tables_leave_out_what_is_kept_everywhere() {
    let repo = repo();
    repo.write("stacks/kept/dns.tf", "resource \"dns_record\" \"a\" {\n  name = \"a\"\n}\n");
    insta::assert_snapshot!(told(&repo, &["coverage", "story"]));
    insta::assert_snapshot!(told(&repo, &["coverage", "--all", "story", "--format", "markdown"]));
}

#[test]
fn what_was_before_is_judged_by_the_same_rules() {
    let repo = repo();
    let same = coverage(&repo, &["--since", "HEAD"]);
    assert_eq!(same["now"], same["before"]);
    repo.write("stacks/more/main.tf", namespace("more", ""));
    git(repo.path(), &["add", "."]);
    git(repo.path(), &["commit", "--quiet", "--message", "two"]);
    git(repo.path(), &["rm", "--quiet", "-r", "stacks/silenced"]);
    let told_since = told(&repo, &["coverage", "story", "--since", "HEAD~1"]);
    let base = git(repo.path(), &["rev-parse", "--short=10", "HEAD~1"]);
    insta::assert_snapshot!(told_since.replace(&base, "[commit]"));
    let run = repo.run_in("", &["rules", "coverage", "--since", "nowhere"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("`nowhere`"), "{run:?}");
}

#[test]
fn programs_get_every_rule_that_ran() {
    let repo = repo();
    insta::assert_snapshot!(told(&repo, &["coverage", "story", "--format", "openmetrics"]));
    insta::assert_snapshot!(told(&repo, &["coverage", "story", "--format", "badge"]));
}

#[test]
fn a_rule_that_is_none_is_told() {
    let run = repo().run_in("", &["rules", "coverage", "storys"]);
    assert_eq!((run.code, &*run.stdout), (2, ""), "{run:?}");
    assert!(run.stderr.contains("did you mean `story`?"), "{run:?}");
}

#[test]
fn before_a_file_is_written_files_like_it_say_what_to_keep() {
    let repo = repo();
    insta::assert_snapshot!(told(&repo, &["list", "story", "--for", "stacks/new/main.tf"]));
    let json = told(&repo, &["list", "story", "--for", "stacks/open/main.tf", "--format", "json"]);
    let document: Value = serde_json::from_str(&json).unwrap();
    assert_eq!((&document["like"], &document["files"]), (&Value::Null, &Value::from(1)));
    assert_eq!(document["rules"][0]["rule"], "story/ownerless");
    let none = told(&repo, &["list", "story", "--for", "stacks/open/dns.tf"]);
    assert!(none.contains("4 files, `stacks/*/*.tf`"), "{none}");
    let directory = told(&repo, &["list", "story", "--for", "stacks/new"]);
    assert!(directory.contains("4 files, `stacks/**`"), "{directory}");
    let run = repo.run_in("", &["rules", "list", "--for", "a.unlike"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("no file here is like `a.unlike`"), "{run:?}");
}
