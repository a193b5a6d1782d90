//! The bar of the HCL parser: it and `terraform fmt` agree on whether a text is HCL, and on its canonical layout.
//!
//! The cases are in `fixtures/syntax/`; most are mutations that this test makes of them. What terraform says of each is
//! recorded in `fixtures/syntax/verdicts.txt` and `layouts.txt`; `TAUTLINE_RECORD=1` asks it again.

#![expect(clippy::disallowed_methods, reason = "a test reads fixtures and asks the real terraform")]
#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

mod corpus;
mod layout;
mod terraform;

use hcl_edit::structure::{BlockLabel, Body as EditBody, Structure};
use tautline::syntax::hcl::{self, Body, Item};

/// How many cases are compared with the terraform on this machine.
const LIVE_CASES: usize = 200;

fn accepted(text: &str) -> bool {
    hcl::parse(text).errors.is_empty()
}

fn assert_no_disagreement(disagreements: &[String]) {
    assert!(
        disagreements.is_empty(),
        "{} disagreements:\n{}",
        disagreements.len(),
        disagreements.join("\n")
    );
}

fn disagreement(name: &str, text: &str, terraform: bool) -> Option<String> {
    let verdict = if terraform { "accepts" } else { "rejects" };
    let errors = hcl::parse(text).errors;
    (errors.is_empty() != terraform)
        .then(|| format!("{name}: terraform {verdict} {text:?}; here: {errors:?}"))
}

#[test]
fn agrees_with_the_recorded_verdicts() {
    let families = corpus::families();
    if std::env::var("TAUTLINE_RECORD").is_ok() {
        terraform::record(&families);
    }
    let verdicts = terraform::recorded(&families);
    let mut disagreements = Vec::new();
    for (family, verdicts) in families.iter().zip(&verdicts) {
        assert_eq!(family.members.len(), verdicts.len());
        let members = family.members.iter().zip(verdicts);
        disagreements.extend(
            members.filter_map(|(text, verdict)| disagreement(&family.name, text, *verdict)),
        );
    }
    assert_no_disagreement(&disagreements);
    let valid = verdicts.iter().flatten().filter(|verdict| **verdict).count();
    assert!(valid > 500, "only {valid} valid cases: the corpus does not test acceptance");
}

#[test]
fn agrees_with_the_terraform_on_this_machine() {
    if !terraform::present() {
        eprintln!("skipped: no terraform on this machine");
        return;
    }
    let families = corpus::families();
    let cases: Vec<(&str, &str)> = families
        .iter()
        .flat_map(|family| family.members.iter().map(|text| (family.name.as_str(), text.as_str())))
        .collect();
    let sample: Vec<(&str, &str)> =
        cases.iter().copied().step_by(cases.len() / LIVE_CASES).collect();
    let texts: Vec<&str> = sample.iter().map(|(_, text)| *text).collect();
    let verdicts = terraform::accepts(&texts);
    let disagreements: Vec<String> = sample
        .iter()
        .zip(verdicts)
        .filter_map(|((name, text), verdict)| disagreement(name, text, verdict))
        .collect();
    assert_no_disagreement(&disagreements);
}

#[test]
fn sees_the_structure_that_hcl_edit_sees() {
    let families = corpus::families();
    let mut compared = 0;
    for text in families.iter().flat_map(|family| &family.members).filter(|text| accepted(text)) {
        let Ok(Ok(theirs)) = std::panic::catch_unwind(|| hcl_edit::parser::parse_body(text)) else {
            continue;
        };
        assert_eq!(outline(&hcl::parse(text).body), edit_outline(&theirs), "{text:?}");
        compared += 1;
    }
    assert!(compared > 500, "only {compared} cases compared");
}

/// Types, labels and attribute names, with the nesting.
fn outline(body: &Body) -> String {
    let items = body.items.iter().map(|item| match item {
        Item::Attribute(attribute) => format!("{};", attribute.key.name),
        Item::Block(block) => {
            let labels: Vec<&str> = block.labels.iter().map(|label| label.name.as_str()).collect();
            format!("{} {labels:?} {{{}}}", block.kind.name, outline(&block.body))
        }
    });
    items.collect()
}

fn edit_outline(body: &EditBody) -> String {
    let items = body.iter().map(|structure| match structure {
        Structure::Attribute(attribute) => format!("{};", attribute.key.as_str()),
        Structure::Block(block) => {
            let labels: Vec<&str> = block.labels.iter().map(BlockLabel::as_str).collect();
            format!("{} {labels:?} {{{}}}", block.ident.as_str(), edit_outline(&block.body))
        }
    });
    items.collect()
}
