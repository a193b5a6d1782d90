//! The canonical layout of every valid case is the one that `terraform fmt` gives it.
//!
//! The record has one line for a family: the checksum of its members, and that of what terraform makes of them.

use std::fs;

use tautline::syntax::hcl::{self, Body, Document, Item};

use super::corpus::{self, Family, checksum};
use super::terraform;

/// What is asked: the families of all other tests, and files with other white space.
fn families() -> Vec<Family> {
    corpus::families().into_iter().chain(corpus::disturbed()).collect()
}

/// The members of `family` that have a layout to compare.
fn members(family: &Family) -> Vec<(&str, Document)> {
    let members = family.members.iter().map(|text| (text.as_str(), hcl::parse(text)));
    members
        .filter(|(text, it)| it.errors.is_empty() && !has_strange_label(text, &it.body))
        .collect()
}

/// Whether a label has `$` or `%` in it: terraform takes it away, and we do not.
fn has_strange_label(text: &str, body: &Body) -> bool {
    body.items.iter().any(|item| match item {
        Item::Attribute(_) => false,
        Item::Block(block) => {
            let mut labels = block.labels.iter();
            labels.any(|label| text[label.range.indices()].contains(['$', '%']))
                || has_strange_label(text, &block.body)
        }
    })
}

fn laid_out(text: &str, document: &Document) -> String {
    applied(&hcl::layout(text, document), text)
}

/// `text` with the edits of `layout`.
fn applied(layout: &hcl::Layout, text: &str) -> String {
    let mut result = String::with_capacity(text.len());
    let mut kept = 0;
    for (range, replacement) in &layout.edits {
        result.push_str(&text[kept..range.start as usize]);
        result.push_str(replacement);
        kept = range.end as usize;
    }
    result + &text[kept..]
}

/// What differs between ours and `theirs` of the members of `family`.
fn differences(family: &Family, theirs: &[String]) -> Vec<String> {
    let members = members(family).into_iter().zip(theirs);
    let wrong = members.filter_map(|((text, document), theirs)| {
        let ours = laid_out(text, &document);
        let name = &family.name;
        (ours != *theirs)
            .then(|| format!("{name}: {text:?}\n  ours   {ours:?}\n  theirs {theirs:?}"))
    });
    wrong.collect()
}

fn ask(family: &Family) -> Vec<String> {
    let members = members(family);
    let texts: Vec<&str> = members.iter().map(|(text, _)| *text).collect();
    terraform::formatted(&texts)
}

#[test]
fn lays_out_what_was_recorded() {
    let families = families();
    let path = corpus::directory().join("layouts.txt");
    if std::env::var("TAUTLINE_RECORD").is_ok() {
        let lines = families.iter().map(|family| {
            let theirs = checksum(ask(family).iter().map(String::as_str));
            format!("{:016x} {theirs:016x}\n", family.checksum())
        });
        fs::write(&path, lines.collect::<String>()).unwrap();
    }
    let record = fs::read_to_string(path).unwrap();
    assert_eq!(record.lines().count(), families.len(), "{}", terraform::STALE);
    let mut wrong = Vec::new();
    let mut compared = 0;
    for (family, line) in families.iter().zip(record.lines()) {
        let members = members(family);
        compared += members.len();
        let ours: Vec<String> = members.iter().map(|(text, it)| laid_out(text, it)).collect();
        let ours = checksum(ours.iter().map(String::as_str));
        if line == format!("{:016x} {ours:016x}", family.checksum()) {
            continue;
        }
        let stale = !line.starts_with(&format!("{:016x}", family.checksum()));
        assert!(!stale, "{}: {}", family.name, terraform::STALE);
        wrong.push(format!("{}: not what was recorded", family.name));
        if terraform::present() {
            wrong.extend(differences(family, &ask(family)));
        }
    }
    super::assert_no_disagreement(&wrong);
    assert!(compared > 1000, "only {compared} cases compared");
}

#[test]
fn lays_out_as_the_terraform_on_this_machine_does() {
    if !terraform::present() {
        eprintln!("skipped: no terraform on this machine");
        return;
    }
    let wrong: Vec<String> =
        corpus::disturbed().iter().flat_map(|family| differences(family, &ask(family))).collect();
    super::assert_no_disagreement(&wrong);
}

/// The files that were written for it, with the layout in plain sight: `layout/` becomes `laid-out/`.
#[test]
fn lays_out_the_examples() {
    for (name, text) in corpus::texts("layout") {
        let path = corpus::directory().join(name.replace("layout/", "laid-out/"));
        if std::env::var("TAUTLINE_RECORD").is_ok() {
            fs::write(&path, &terraform::formatted(&[&text])[0]).unwrap();
        }
        let document = hcl::parse(&text);
        assert_eq!(document.errors, [], "{name}");
        assert_eq!(laid_out(&text, &document), fs::read_to_string(&path).unwrap(), "{name}");
    }
}

#[test]
fn a_layout_is_final_and_keeps_its_lines() {
    for family in families() {
        for (text, document) in members(&family) {
            let layout = hcl::layout(text, &document);
            let once = applied(&layout, text);
            let again = hcl::parse(&once);
            // Terraform writes a `"${value}"` that begins with a comment so that the file is broken afterwards.
            if !again.errors.is_empty() {
                assert!(layout.rewrites, "{}: {text:?}", family.name);
                continue;
            }
            if !layout.rewrites {
                assert_eq!(text.lines().count(), once.lines().count(), "{text:?}");
                assert_eq!(hcl::layout(&once, &again).edits, [], "{}: {text:?}", family.name);
            }
        }
    }
}
