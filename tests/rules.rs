//! Runs the cases of every built-in rule's page. `TAUTLINE_RULE=<id>` runs those of one.

#![expect(clippy::disallowed_methods, reason = "the test reads the name of a rule")]

use std::collections::BTreeMap;
use std::env;

use tautline::analysis::cases::{Bases, Suite};
use tautline::checks;
use tautline::rule::cases::cases;
use tautline::rule::{Home, PackFile};

fn suite() -> Suite {
    let bases = BTreeMap::from([(Home::builtin(), Bases::builtin())]);
    Suite::load(PackFile::builtin(), checks::ALL, bases).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("the packs are broken:\n{}", lines.join("\n"))
    })
}

#[test]
fn pages_hold() {
    let only = env::var("TAUTLINE_RULE").ok();
    let tested = suite().run(&|file| only.as_deref().is_none_or(|only| file.rule() == Some(only)));
    let ran = tested.hold + tested.broken.len();
    assert!(ran > 0, "no such rule, or no case on its page");
    let lines = tested.broken.iter().map(|broken| {
        let heading = format!("{}:{}: {}", broken.path, broken.line, broken.title);
        [vec![heading], broken.differences.clone()].concat().join("\n  ")
    });
    let lines: Vec<String> = lines.collect();
    assert!(lines.is_empty(), "{ran} cases ran, these do not hold:\n{}", lines.join("\n"));
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
        suite().differences(&Home::builtin(), "tautline/unknown-rule", &cases[0]),
        [
            "line 5: not reported: stacks/a/main.tf: `[im` error: unknown rule",
            "line 7: not reported: stacks/a/main.tf: `locals` warning: ",
            "line 10: not reported: stacks/a/main.tf: `}` related: required here",
            "line 2: not expected: stacks/a/main.tf:1:20: `image/untrusted-registy` error \
             tautline/unknown-rule: unknown rule `image/untrusted-registy`",
        ]
    );
}

#[test]
fn a_case_that_names_what_is_not_there_says_so() {
    let page = "\
## Cases
### no such base
base=nowhere
### no such rule
```hcl path=a.tf
a
^ image/nothing
```
";
    let suite = suite();
    let told: Vec<_> = cases(page)
        .unwrap()
        .iter()
        .flat_map(|case| suite.differences(&Home::builtin(), "tautline/unknown-rule", case))
        .collect();
    assert_eq!(
        told,
        [
            "line 2: no base `nowhere` in `fixtures/bases`: there are `kyverno-policies`",
            "line 4: there is no rule `image/nothing`",
        ]
    );
}
