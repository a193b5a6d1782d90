//! Runs the cases of every rule's page. `TAUTLINE_RULE=<id>` runs those of one.

#![expect(clippy::disallowed_methods, reason = "the tests read fixtures and the name of a rule")]
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::path::Path;

use tautline::analysis::{self, Input, Request};
use tautline::checks;
use tautline::config::Settings;
use tautline::rule::cases::{PageCase, cases, differences};
use tautline::rule::{self, RuleSet, builtin_files};
use tautline::syntax::Date;
use tautline::workspace::{Content, FileSet, LoadedFile};

/// The built-in packs, with those of `case` and no others on, whatever their evidence.
fn rules_for(own: &str, case: &PageCase) -> (Settings, RuleSet) {
    let packs: BTreeSet<&str> =
        case.rules(own).iter().map(|id| id.split_once('/').unwrap().0).collect();
    let lines: Vec<String> = packs.iter().map(|pack| format!("  {pack} = true\n")).collect();
    let text = format!("packs {{\n{}}}\n", lines.concat());
    let settings = Settings::parse("tautline.hcl", &text).unwrap();
    let mut rules = rule::load(builtin_files(), checks::ALL, &settings).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("the packs are broken:\n{}", lines.join("\n"))
    });
    for pack in &mut rules.packs {
        pack.evidence.clear();
    }
    (settings, rules)
}

/// The files of `case` over those of its base, sorted by path.
fn files(case: &PageCase) -> FileSet {
    let mut texts = BTreeMap::new();
    if let Some(base) = &case.base {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/bases").join(base);
        assert!(root.is_dir(), "no base fixture `{base}`");
        gather(&root, "", &mut texts);
    }
    for file in &case.files {
        texts.insert(file.path.clone(), file.text.clone());
    }
    let files = texts
        .into_iter()
        .map(|(path, text)| LoadedFile { path: path.into(), content: Content::Text(text.into()) })
        .collect();
    FileSet { files, ..FileSet::default() }
}

fn gather(directory: &Path, prefix: &str, texts: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            gather(&path, &format!("{prefix}{name}/"), texts);
        } else {
            texts.insert(format!("{prefix}{name}"), fs::read_to_string(&path).unwrap());
        }
    }
}

/// How a run over `case` differs from what the page of the rule `own` says.
fn run(own: &str, case: &PageCase) -> Vec<String> {
    let (settings, rules) = rules_for(own, case);
    let today = Date::new(2026, 1, 1).unwrap();
    let input = Input { files: files(case), settings, rules, today };
    let wanted = case.rules(own).into_iter().map(str::to_owned).collect();
    let request = Request { rules: wanted, ..Request::default() };
    let outcome = analysis::check(input, &request).unwrap();
    let mut wrong = differences(own, case, &outcome.sources, &outcome.report.diagnostics);
    wrong.extend(
        outcome
            .report
            .failures
            .iter()
            .map(|failure| format!("line {}: the run failed: {}", case.line, failure.message)),
    );
    wrong
}

#[test]
fn pages_hold() {
    let only = env::var("TAUTLINE_RULE").ok();
    let mut wrong = Vec::new();
    let mut ran = 0;
    for (path, page) in builtin_files() {
        let Some(id) = path.strip_suffix(".md") else { continue };
        if only.as_deref().is_some_and(|only| only != id) {
            continue;
        }
        match cases(page) {
            Err(errors) => wrong.extend(
                errors
                    .iter()
                    .map(|error| format!("rules/{path}:{}: {}", error.line, error.message)),
            ),
            Ok(cases) => {
                for case in &cases {
                    ran += 1;
                    let lines = run(id, case);
                    if !lines.is_empty() {
                        wrong.push(format!(
                            "rules/{path}: {}\n  {}",
                            case.name,
                            lines.join("\n  ")
                        ));
                    }
                }
            }
        }
    }
    assert!(only.is_none() || ran > 0 || !wrong.is_empty(), "no such rule, or no case on its page");
    assert!(wrong.is_empty(), "{ran} cases ran, these do not hold:\n{}", wrong.join("\n"));
}

/// The harness itself: what is missing, misplaced or too much is a difference that names its line.
#[test]
fn a_page_that_does_not_hold_says_where() {
    let page = "\
## Cases
### one of each
```hcl path=stacks/a/main.tf
# tautline: ignore[image/untrusted-registy] -- mirrored by hand
                  ^^^ error: unknown rule
locals {
^^^^^^ warning
  a = 1
}
^ related: required here
```
";
    let cases = cases(page).unwrap();
    assert_eq!(
        run("tautline/unknown-rule", &cases[0]),
        [
            "line 5: not reported: stacks/a/main.tf: `[im` error: unknown rule",
            "line 7: not reported: stacks/a/main.tf: `locals` warning: ",
            "line 10: not reported: stacks/a/main.tf: `}` related: required here",
            "line 2: not expected: stacks/a/main.tf:1:20: `image/untrusted-registy` error \
             tautline/unknown-rule: unknown rule `image/untrusted-registy`",
        ]
    );
}
