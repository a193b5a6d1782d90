//! Terraform's JSON syntax: a stack that is written in it is judged as one in the native syntax.

#![expect(clippy::unwrap_used, reason = "a pack that does not load is a failed test")]

mod twin;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tautline::analysis::{self, Input, Outcome, Request};
use tautline::checks;
use tautline::config::Settings;
use tautline::rule::{self, builtin_files};
use tautline::syntax::Date;
use tautline::workspace::{Content, FileSet, LoadedFile, Workspace};
use twin::{Bodies, twin};

/// A run with every pack: what shows that a repo lives by one may be the name of a file.
fn check(files: FileSet) -> Outcome {
    let packs = builtin_files().iter().filter_map(|(path, _)| path.strip_suffix("/pack.hcl"));
    let packs: Vec<String> = packs.map(|pack| format!("  {pack} = \"always\"")).collect();
    let settings = format!("packs {{\n{}\n}}\n", packs.join("\n"));
    let settings = Settings::parse("tautline.hcl", &settings).unwrap();
    let rules = rule::load(builtin_files(), checks::ALL, &settings).unwrap();
    let today = Date::new(2026, 11, 21).unwrap();
    let input = Input { files, settings, rules, today };
    let outcome = analysis::check(input, &Request::default()).unwrap();
    assert_eq!(outcome.report.failures, []);
    outcome
}

/// How often something is said: rule, file without its endings, address, message.
fn said(outcome: &Outcome) -> BTreeMap<String, usize> {
    let mut said = BTreeMap::new();
    for it in &outcome.report.diagnostics {
        let path = &outcome.sources[it.span.file.index()].path;
        let path = path.strip_suffix(".json").unwrap_or(path);
        let address = it.address.as_deref().unwrap_or_default();
        *said.entry(format!("{} {path} {address}: {}", it.rule, it.message)).or_default() += 1;
    }
    said
}

/// The homelab, of whose files those that are `wanted`, by number, are in JSON.
fn homelab(bodies: Bodies, wanted: impl Fn(usize) -> bool) -> FileSet {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/repos/homelab");
    let mut files = Workspace::open(root).unwrap().load().unwrap();
    for (number, LoadedFile { path, content }) in files.files.iter_mut().enumerate() {
        let Content::Text(text) = content else { continue };
        if path.ends_with(".tf") && wanted(number) {
            *content = Content::Text(twin(text, bodies).into());
            *path = format!("{path}.json").into();
        }
    }
    files.files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// What `files` are judged by is what the native syntax is judged by.
#[track_caller]
fn is_judged_alike(files: FileSet) {
    let (native, json) = (said(&check(homelab(Bodies::Alone, |_| false))), said(&check(files)));
    let lost = native.iter().filter(|(line, count)| json.get(*line) != Some(count));
    let new = json.iter().filter(|(line, count)| native.get(*line) != Some(count));
    let is_due = |line: &str| DUE.iter().any(|(rule, _)| line.starts_with(rule));
    let odd: Vec<&String> =
        lost.chain(new).map(|(line, _)| line).filter(|line| !is_due(line)).collect();
    assert!(odd.is_empty(), "{odd:#?}");
    let same = native.keys().filter(|line| json.contains_key(*line)).map(|it| rule_of(it));
    let same: Vec<&str> = same.collect();
    let rules: BTreeSet<&str> = same.iter().copied().collect();
    assert!(same.len() > 225 && rules.len() > 90, "{} of {} rules", same.len(), rules.len());
}

#[test]
fn a_repo_in_the_json_syntax_is_judged_as_its_twin() {
    is_judged_alike(homelab(Bodies::Alone, |_| true));
}

#[test]
fn a_body_in_a_list_is_one_too() {
    is_judged_alike(homelab(Bodies::InLists, |_| true));
}

#[test]
fn the_two_syntaxes_go_together() {
    is_judged_alike(homelab(Bodies::Alone, |number| number % 2 == 0));
    is_judged_alike(homelab(Bodies::Alone, |number| number % 2 == 1));
}

fn rule_of(line: &str) -> &str {
    line.split_once(' ').map_or(line, |(rule, _)| rule)
}

/// The rules that say something else of the twin, and why.
const DUE: [(&str, &str); 7] = [
    ("hygiene/unformatted", "nobody lays JSON out"),
    ("style/outdated-form", "in JSON, every expression stands between quotes"),
    ("style/slash-comment", "in JSON, a comment is a key"),
    ("provider/hand-written-generated-local", "the generated files are known by their names"),
    ("lifecycle/unreviewed-workaround", "the comment is looked for as text, with its `#`"),
    ("ingress/missing-auth-comment", "a comment is about its block wherever it stands in it"),
    ("kyverno/missing-marker", "what stood above the block stands in it"),
];
