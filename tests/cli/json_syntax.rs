//! A repo whose code is in Terraform's JSON syntax, on the command line.

use std::fs;

use crate::repo::Repo;
use crate::since::git;

const SETTINGS: &str = "pack_dirs = [\"rules\"]\npacks {\n  t = true\n}\n";

const PACK: &str = "summary = \"tests\"\n";

/// A comment, a value with an edit, a field that is to be ignored, and what stands at the top.
const RULES: [(&str, &str); 4] = [
    (
        "rules/t/owner.hcl",
        "summary = \"x\"\nseverity = \"error\"\nselect \"resource\" { types = [\"x_y\"] }\n\
         require \"it\" {\n  path = \"labels.owner\"\n  present = true\n  fix { set = { \"labels.owner\" = \"me\" } }\n}\n\
         case \"it\" {\n  message = \"`{address}` has no owner\"\n  help = \"write `# OWNER` above it\"\n}\n",
    ),
    (
        "rules/t/size.hcl",
        "summary = \"x\"\nseverity = \"error\"\nselect \"resource\" { types = [\"x_y\"] }\n\
         forbid \"it\" {\n  path = \"disk[*].size\"\n  equals = \"old\\\" é\"\n  fix { replace = \"new\\\"\\n ü\" }\n}\n\
         case \"it\" { message = \"{value}\" }\n",
    ),
    (
        "rules/t/ignored.hcl",
        "summary = \"x\"\nseverity = \"warning\"\nselect \"resource\" { types = [\"x_y\"] }\n\
         where {\n  path = \"disk\"\n  present = true\n}\n\
         require \"it\" {\n  ignored { field = \"disk\" }\n}\n\
         case \"it\" { message = \"`{address}` does not ignore `disk`\" }\n",
    ),
    (
        "rules/t/call.hcl",
        "summary = \"x\"\nseverity = \"error\"\nselect \"module\" { source = \"../../modules/m\" }\n\
         require \"it\" {\n  comment {\n    path = \"open\"\n    on = [\"above\"]\n    matches = \"^open: \\\\S\"\n  }\n}\n\
         case \"it\" { message = \"`{name}` does not say why it is open\" }\n",
    ),
];

fn repo(files: &[(&str, &str)]) -> Repo {
    let mut all = vec![("tautline.hcl", SETTINGS), ("rules/t/pack.hcl", PACK)];
    all.extend(RULES);
    all.extend(files);
    Repo::new(&all)
}

/// What is found, one line each.
fn found(repo: &Repo, arguments: &[&str]) -> Vec<String> {
    let run = repo.check(&[&["--format", "concise"], arguments].concat());
    assert!(run.code < 2, "{run:?}");
    run.stdout.lines().map(str::to_owned).collect()
}

const MAIN: &str = r#"{
  "//": "The stack a.",
  "resource": {
    "x_y": {
      "plain": {"disk": [{"size": "ok"}, {"size": "old\" \u00e9"}]},
      "told": {
        "//": "tautline: ignore[t/owner, t/ignored] -- \"nobody\" owns it",
        "disk": {"size": "ok"}
      },
      "good": {"labels": {"owner": "me"}, "lifecycle": {"ignore_changes": ["disk"]}, "disk": {}}
    }
  },
  "module": {
    "m": {"source": "../../modules/m", "//": "open: it is public", "open": true},
    "n": {"source": "../../modules/m", "open": true}
  }
}
"#;

const MODULE: &str =
    r#"{"variable": {"open": {"type": "bool"}}, "resource": {"x_y": {"inner": {"labels": {}}}}}"#;

#[test]
fn a_stack_in_json_is_judged_with_exact_places() {
    let repo = repo(&[("stacks/a/main.tf.json", MAIN), ("modules/m/main.tf.json", MODULE)]);
    let expected = [
        "stacks/a/main.tf.json:5:7: warning t/ignored `x_y.plain` does not ignore `disk`",
        "stacks/a/main.tf.json:5:7: error t/owner `x_y.plain` has no owner",
        "stacks/a/main.tf.json:5:51: error t/size old\" é",
        "stacks/a/main.tf.json:15:48: error t/call `n` does not say why it is open",
    ];
    assert_eq!(found(&repo, &["--stack", "a"]), expected);
    let closed = found(&repo, &["--stack", "a", "--facts", "stack"]);
    assert_eq!(closed, expected);
    assert_eq!(
        found(&repo, &[])[0],
        "modules/m/main.tf.json:1:83: error t/owner `x_y.inner` has no owner"
    );
    let text = repo.check(&["--stack", "a"]).stdout;
    assert!(text.contains("; in JSON, as the text of a `\"//\"` in its block"), "{text}");
    let explained = repo.run_in("", &["explain", "--at", "stacks/a/main.tf.json:8"]).stdout;
    assert!(
        explained.contains("silenced by the comment at stacks/a/main.tf.json:7:"),
        "{explained}"
    );
    let listed = repo.run_in("", &["suppressions", "list"]).stdout;
    assert!(listed.contains("used t/owner -- \"nobody\" owns it"), "{listed}");
}

#[test]
fn a_suppression_that_does_nothing_is_said() {
    let main = r#"{"//": "tautline: ignore[t/size] -- y", "resource": {"x_y": {"a": {"//": ["tautline: ignore[t/owner]", "x"]}}}}"#;
    let repo = repo(&[("stacks/a/main.tf.json", main)]);
    let found = found(&repo, &[]);
    assert!(found[0].contains(":1:26: warning tautline/unused-suppression"), "{found:?}");
    assert!(found.iter().any(|it| it.contains("t/owner `x_y.a` has no owner")), "{found:?}");
    assert!(found.iter().any(|it| it.contains("tautline/malformed-suppression")), "{found:?}");
}

#[test]
fn overrides_are_merged_across_the_two_syntaxes() {
    let native = "resource \"x_y\" \"a\" {\n  labels = {}\n  disk {\n    size = \"ok\"\n  }\n}\n";
    let json = r#"{"resource": {"x_y": {"a": {"labels": {}, "disk": {"size": "ok"}}}}}"#;
    let over_native = "resource \"x_y\" \"a\" {\n  labels = {\n    owner = \"me\"\n  }\n  lifecycle {\n    ignore_changes = [disk]\n  }\n}\n";
    let over_json = r#"{"resource": {"x_y": {
  "a": {
    "labels": {"owner": "me"},
    "disk": {"size": "old\" \u00e9"},
    "lifecycle": {"ignore_changes": ["disk"]}
  }
}}}"#;
    for (main, text) in [("main.tf", native), ("main.tf.json", json)] {
        let main = format!("stacks/a/{main}");
        let files = [(main.as_str(), text), ("stacks/a/override.tf", over_native)];
        assert_eq!(found(&repo(&files), &[]), Vec::<String>::new());
        let files = [(main.as_str(), text), ("stacks/a/z_override.tf.json", over_json)];
        let repo = repo(&files);
        assert_eq!(found(&repo, &[]), ["stacks/a/z_override.tf.json:4:22: error t/size old\" é"]);
        let at = repo.run_in("", &["explain", "--at", "stacks/a/z_override.tf.json:4"]).stdout;
        assert!(at.contains("is in `x_y.a`"), "{at}");
    }
}

#[test]
fn a_fix_changes_a_value_and_writes_no_hcl() {
    let repo = repo(&[("stacks/a/main.tf.json", MAIN), ("modules/m/main.tf.json", MODULE)]);
    let read = || fs::read_to_string(repo.path().join("stacks/a/main.tf.json")).unwrap();
    let diff = repo.check(&["--diff", "--unsafe-fixes"]).stdout;
    let added: Vec<&str> = diff.lines().filter(|line| line.starts_with("+ ")).collect();
    let line = r#"      "plain": {"disk": [{"size": "ok"}, {"size": "new\"\n ü"}]},"#;
    assert_eq!(added, [format!("+{line}")]);
    assert_eq!(read(), MAIN);
    repo.check(&["--fix", "--unsafe-fixes"]);
    let expected = MAIN.replace(r#""old\" \u00e9""#, r#""new\"\n ü""#);
    assert_eq!(read(), expected);
    // There is nothing else that a fix could do.
    let json = repo.check(&["--format", "json"]).stdout;
    assert!(!json.contains("\"edits\": [{"), "{json}");
    let mutated = repo.run_in("", &["rules", "mutate"]);
    assert!(mutated.code < 2, "{mutated:?}");
}

#[test]
fn what_is_broken_is_one_diagnostic_with_its_place() {
    for (text, line) in [
        (
            "{\"locals\": {\"a\": 1,}}",
            ":1:20: error tautline/syntax-error not valid JSON: expected a key in quotes",
        ),
        (
            "{\n  \"resource\": {\"x_y\": \"a\"}\n}",
            ":2:23: error tautline/syntax-error `resource` needs an object here: its keys are names",
        ),
        (
            "{\"locals\": {\"a\": \"\\u00e9 ${f(\"}}",
            ":1:29: error tautline/syntax-error unclosed `(`",
        ),
        (
            "{\"locals\": {\"a\": \"\\u00e9 ${f(\\\"x\\\" y)}\"}}",
            ":1:36: error tautline/syntax-error expected `,` or `)` after an argument, found `y`",
        ),
    ] {
        let repo = repo(&[("stacks/a/main.tf.json", text)]);
        assert_eq!(found(&repo, &[]), [format!("stacks/a/main.tf.json{line}")]);
        assert_eq!(repo.check(&[]).code, 1);
    }
}

#[test]
fn a_change_of_layout_brings_nothing() {
    let wide = "{\n  \"resource\": {\n    \"x_y\": {\n      \"a\": {}\n    }\n  }\n}\n";
    let narrow = "{\"resource\":{\"x_y\":{\"a\":{}}}}\n";
    let two = "{\"resource\":{\"x_y\":{\"a\":{}, \"b\":{\"n\": \"${x_y.a.id}\"}}}}\n";
    let repo = repo(&[("stacks/a/main.tf.json", wide)]);
    let git = |arguments: &[&str]| git(repo.path(), arguments);
    git(&["init", "-q"]);
    git(&["add", "."]);
    git(&["commit", "-qm", "one"]);
    repo.write("stacks/a/main.tf.json", narrow);
    assert_eq!(found(&repo, &["--since", "HEAD"]), Vec::<String>::new());
    repo.write("stacks/a/main.tf.json", two);
    let new = ["stacks/a/main.tf.json:1:29: error t/owner `x_y.b` has no owner"];
    assert_eq!(found(&repo, &["--since", "HEAD"]), new);
    git(&["add", "."]);
    assert_eq!(found(&repo, &["--staged"]), new);
    let affected = repo.run_in("", &["stacks", "--affected-by", "HEAD"]).stdout;
    assert_eq!(affected.trim(), "a");
    repo.write("stacks/a/main.tf.json", wide);
    assert_eq!(repo.run_in("", &["baseline", "create"]).code, 0);
    repo.write("stacks/a/main.tf.json", two);
    assert_eq!(found(&repo, &[]), new);
}

#[test]
fn a_directory_with_nothing_but_json_is_a_stack() {
    let text = r#"{"variable": {"unused": {"type": "string"}}}"#;
    let plain = Repo::new(&[("tautline.hcl", ""), ("a/main.tf.json", text), ("b/x.json", "{}")]);
    assert_eq!(plain.run_in("", &["stacks"]).stdout, "a\n");
    let rule = ["--rule", "hygiene/unused-variable", "--format", "concise"];
    let run = plain.check(&[&rule[..], &["--stack", "a"]].concat());
    assert!(run.stdout.starts_with("a/main.tf.json:1:15: "), "{run:?}");
    let unit = "include \"root\" {\n  path = find_in_parent_folders(\"root.hcl\")\n}\ninputs = {\n  unused = 1\n}\n";
    let units = Repo::new(&[
        ("tautline.hcl", ""),
        ("root.hcl", ""),
        ("live/a/terragrunt.hcl", unit),
        ("live/a/main.tf.json", text),
    ]);
    assert_eq!(units.run_in("", &["stacks"]).stdout, "live/a\n");
    let run = units.check(&[&rule[..], &["--stack", "live/a", "--facts", "stack"]].concat());
    assert!(run.stdout.starts_with("live/a/main.tf.json:1:15: "), "{run:?}");
    // Without settings a repo of nothing else is one to check.
    let bare = Repo::new(&[("main.tf.json", text)]);
    assert_eq!(bare.check(&[]).code, 0, "{:?}", bare.check(&[]));
}

#[test]
fn the_example_in_the_documentation_is_sound() {
    let page = include_str!("../../docs/json-syntax.md");
    let (_, example) = page.split_once("\n```json\n").unwrap();
    let (example, _) = example.split_once("```").unwrap();
    let repo = Repo::new(&[("stacks/web/main.tf.json", example)]);
    let run = repo.check(&["--fail-on", "warning"]);
    assert_eq!(run.code, 0, "{run:?}");
}
