//! Tables, right and wrong.

use super::*;
use crate::config::Settings;
use crate::config::testing::marked;
use crate::rule::{Home, Origin, PackFile, load, load_files};

/// Asserts what is wrong with the table `text`, all of it at the one place that is marked; of each message a part.
fn wrong(text: &str, words: &[&str]) {
    let (plain, ranges) = marked(text);
    let errors = load(&[("mutators/own.hcl", plain)], &[], &Settings::default()).expect_err(text);
    assert_eq!(errors.len(), words.len(), "{errors:?}");
    for (error, words) in errors.iter().zip(words) {
        assert_eq!(&*error.path, "rules/mutators/own.hcl", "{text}");
        let is_there = error.range.contains(ranges[0]) || ranges[0].contains(error.range);
        assert!(is_there, "{:?}\n{text}", error.range);
        let said = match &error.help {
            Some(help) => format!("{} | {help}", error.message),
            None => error.message.clone(),
        };
        assert!(said.contains(words), "{said}\nin:\n{text}");
    }
}

/// A mutator with these attributes on top of what it must have.
fn mutator(more: &str) -> String {
    format!("mutator \"own\" {{\n  summary = \"it\"\n  paths   = {{ a = \"b\" }}\n{more}\n}}\n")
}

#[test]
fn what_is_unknown_or_of_the_wrong_kind_is_an_error_at_its_place() {
    wrong("mutator ⟦⟦\"own\"⟧⟧ {\n}\n", &["`summary` is missing", "`paths` is missing"]);
    wrong(&mutator("⟦marks⟧ = \"X\""), &["unknown key `marks` in a mutator"]);
    wrong(&mutator("marker = ⟦1⟧"), &["`marker` must be a string, not a number"]);
    wrong(&mutator("dropped_by_provider = ⟦\"yes\"⟧"), &["must be true or false"]);
    wrong(&mutator("condition = { ⟦label⟧ = [\"a=b\"] }"), &["unknown key `label` in a condition"]);
    wrong(&mutator("condition = { labels = ⟦\"a\"⟧ }"), &["`labels` must be a list of strings"]);
    wrong(&mutator("condition = { attributes = [⟦\"a.b\"⟧] }"), &["must be a path and a value"]);
    wrong(&mutator("condition = { after = ⟦\"owm\"⟧ }"), &["unknown mutator `owm`"]);
    wrong(&mutator("signature = { action = ⟦\"add\"⟧ }"), &["unknown action `add`"]);
    wrong(&mutator("signature = { matches = ⟦\"(\"⟧ }"), &["this is no regex"]);
    wrong(&mutator("signature = { cases = [⟦{ beside = \"a\" }⟧] }"), &["a case has `beside`"]);
    wrong(&mutator("never_ignore = { ⟦why⟧ = \"x\", reason = \"y\" }"), &["unknown key `why`"]);
    wrong(
        "mutator \"own\" {\n  summary = \"it\"\n  paths   = { a = ⟦\"b[\"⟧ }\n}\n",
        &["`b[` is no path of a field"],
    );
    wrong("manager ⟦\"x\"⟧ {\n}\n", &["`summary` is missing"]);
    let manager = "manager \"x\" { summary = \"it\" }\n";
    wrong(&format!("{manager}manager ⟦\"x\"⟧ {{ summary = \"it\" }}\n"), &["a second manager `x`"]);
}

#[test]
fn a_mutator_is_read_whole() {
    let text = mutator(
        "  condition = {\n    labels = [\"a=b\", \"c\"]\n    after  = \"somebody does it\"\n    unless_values = [\"x[*].y=z\"]\n  }\n  signature = {\n    action  = \"removes\"\n    at_most = [\"code\", \"limit\"]\n  }\n  never_ignore = { reason = \"so\" }\n  managers = [\"m\"]",
    );
    let set = load(&[("mutators/own.hcl", text)], &[], &Settings::default()).unwrap();
    let own = &set.mutators[0];
    assert_eq!(own.fields("a"), [FieldPath::parse("b").unwrap()]);
    assert_eq!((own.event(), own.signature.action), (Some("somebody does it"), Action::Removes));
    let labels = &own.condition.labels;
    assert_eq!((labels[0].value.as_deref(), labels[1].value.as_deref()), (Some("b"), None));
    assert_eq!(own.signature.at_most, [Bound::Code, Bound::Key("limit".into())]);
    assert_eq!(own.condition.unless_values[0].0.to_string(), "x[*].y");
    assert_eq!(own.never_ignore.as_ref().unwrap().reason, "so");
    assert_eq!(&*own.file, "rules/mutators/own.hcl");
}

#[test]
fn a_repo_adds_mutators_of_its_own_and_cannot_take_the_name_of_one() {
    let file = |name: &'static str| {
        let home = Home::directory(Origin::Repo, "lint/packs");
        let text = format!(
            "mutator \"{name}\" {{\n  summary = \"ours\"\n  paths   = {{ a = \"b\" }}\n}}\n"
        );
        PackFile {
            home,
            name: "mutators/ours.hcl".into(),
            text: text.into(),
            is_proven: false,
            document: None,
        }
    };
    let mut files = PackFile::builtin();
    files.retain(|file| file.folder() == "mutators");
    files.push(file("ours"));
    let set = load_files(&files, &[], &Settings::default()).unwrap();
    let ours = set.mutators.iter().find(|it| it.name == "ours").unwrap();
    assert_eq!(&*ours.file, "lint/packs/mutators/ours.hcl");
    assert!(set.mutators.iter().any(|it| it.name == "keel-image"));
    files.pop();
    files.push(file("keel-image"));
    let errors = load_files(&files, &[], &Settings::default()).unwrap_err();
    assert_eq!(errors[0].message, "a second mutator `keel-image`");
    assert_eq!(&*errors[0].path, "lint/packs/mutators/ours.hcl");
}

#[test]
fn the_tables_that_come_along_say_what_they_own() {
    let mut files = PackFile::builtin();
    files.retain(|file| file.folder() == "mutators");
    let set = load_files(&files, &[], &Settings::default()).unwrap();
    let image = set.mutators.iter().find(|it| it.name == "keel-image").unwrap();
    assert_eq!(image.marker.as_deref(), Some("KEEL_IGNORE_IMAGE"));
    assert_eq!(image.fields("kubernetes_deployment").len(), 2);
    let stamp = set.mutators.iter().find(|it| it.name == "keel-update-time").unwrap();
    assert_eq!(stamp.condition.after, Some(After::Mutator("keel-image".into())));
    assert!(set.managers.iter().any(|it| it.name.selects("kubectl-annotate")));
}

#[test]
fn paths_are_written_as_they_are_read() {
    for text in [
        "spec[0].template[0].spec[0].container[*].image",
        "metadata[0].annotations[\"a.b/c\"]",
        "users",
    ] {
        assert_eq!(FieldPath::parse(text).unwrap().to_string(), text);
    }
    for text in ["", ".a", "a.", "a[", "a[x]", "a[\"x]", "[0]a", "a b", "a..b"] {
        assert_eq!(FieldPath::parse(text), None, "{text}");
    }
    let images = FieldPath::parse("spec[0].container[*].image").unwrap();
    let (list, rest) = images.split_each().unwrap();
    assert_eq!((list.to_string(), rest.to_string()), ("spec[0].container".into(), "image".into()));
    assert_eq!(images.of_element(2).to_string(), "spec[0].container[2].image");
    assert_eq!(images.sibling("name").to_string(), "spec[0].container[*].name");
}
