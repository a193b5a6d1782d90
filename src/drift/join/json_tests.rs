//! Places and fixes in Terraform's JSON syntax.

use super::tests::{Files, path};
use super::*;
use crate::drift::shown::{Json, Shown};

const MAIN: &str = r#"{
  "resource": {"kubernetes_deployment": {"web": {
    "metadata": {"name": "web", "labels": {"app": "web", "x.y/z": "${local.tier}"}},
    "spec": {
      "replicas": 2,
      "template": {"spec": {"container": [
        {"name": "a", "image": "a:1", "command": ["say", "\"hi\" \u00e9"]},
        {"name": "b", "image": "b:${local.tier}"}
      ]}}
    }
  }}},
  "locals": {"tier": "aux"}
}
"#;

#[test]
fn a_resource_in_json_is_found_and_only_its_values_are_edited() {
    let files = Files::new(&[("stacks/app/main.tf.json", MAIN)]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let address = Address::parse("kubernetes_deployment.web").unwrap();
    let found = joiner.find(StackId(0), &address).unwrap();
    let pod = "spec[0].template[0].spec[0]";
    for (at, text, told) in [
        ("spec[0].replicas", "\"replicas\": 2", "spec[0].replicas".to_owned()),
        ("metadata[0].labels.app", "\"app\": \"web\"", "metadata[0].labels[\"app\"]".to_owned()),
        (
            "metadata[0].labels[\"x.y/z\"]",
            "\"x.y/z\": \"${local.tier}\"",
            "metadata[0].labels[\"x.y/z\"]".to_owned(),
        ),
        (
            &format!("{pod}.container[0].command[1]"),
            r#""\"hi\" \u00e9""#,
            format!("{pod}.container[0].command[1]"),
        ),
        (
            &format!("{pod}.container[1].image"),
            "\"image\": \"b:${local.tier}\"",
            format!("{pod}.container[1].image"),
        ),
    ] {
        let placed = joiner.place(&found, &path(at));
        assert_eq!(
            (files.text(placed.place.span), placed.path.to_string(), placed.is_declared),
            (text, told, true)
        );
    }
    let live = |at: &str, want: Json, live: Json| {
        let placed = joiner.place(&found, &path(at));
        let (want, live) = (Shown::Value(want), Shown::Value(live));
        joiner.follow(&found, &placed, &want, &live).map(|fix| files.fixed(&fix).1)
    };
    assert_eq!(
        live("spec[0].replicas", Json::from("2"), Json::from(3)).unwrap(),
        MAIN.replace("\"replicas\": 2", "\"replicas\": 3")
    );
    assert_eq!(
        live("metadata[0].name", Json::from("web"), Json::from("a \"${x}\"")).unwrap(),
        MAIN.replace("\"name\": \"web\"", r#""name": "a \"$${x}\"""#)
    );
    // An entry of `ignore_changes` would be written otherwise.
    assert_eq!(joiner.ignore(&found, &[(&path("spec[0].replicas"), Some("WHY"))]), None);
}
