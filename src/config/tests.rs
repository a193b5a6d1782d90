//! Settings, right and wrong.

use super::testing::{assert_errors, marked};
use super::{Level, LiteralKind, Settings};
use crate::diagnostic::Severity;

/// Asserts that the settings in `text` are wrong at its marks, in these words.
fn wrong(text: &str, words: &[&str]) {
    let (plain, ranges) = marked(text);
    let errors = Settings::parse("tautline.hcl", &plain).expect_err(text);
    let marks: Vec<_> = ranges.into_iter().map(|range| ("tautline.hcl", range)).collect();
    assert_errors(&errors, &marks, words, text);
}

#[test]
fn every_setting_is_read_with_its_place() {
    let text = "\
# how this repo is checked
exclude = [\"vendor/**\", \"*.bak\", \"old/\"]
packs {
  ingress = true
  registry = false
  image = \"always\"
}
params \"registry\" {
  hosts = [\"a\"]
}
rule \"kyverno/missing-marker\" { severity = \"warning\" }
rule \"image/frozen-registry\" {
  severity = \"off\"
}
";
    let settings = Settings::parse("tautline.hcl", text).unwrap();
    assert!(settings.exclude.is_match("vendor/a/b.tf") && settings.exclude.is_match("a.bak"));
    assert!(!settings.exclude.is_match("a/b.bak"));
    assert!(settings.exclude.is_match("old"));
    let pack = settings.pack("ingress").unwrap();
    assert_eq!(pack.switch, crate::config::Switch::Guarded);
    assert_eq!(settings.place(pack.range), "tautline.hcl:4");
    assert!(!settings.pack("registry").unwrap().is_on());
    assert_eq!(settings.pack("image").unwrap().switch, crate::config::Switch::Always);
    assert!(settings.pack("policy").is_none());
    let param = settings.param("registry", "hosts").unwrap();
    assert!(matches!(&param.value.kind, LiteralKind::List(items) if items.len() == 1));
    assert_eq!(settings.place(param.value.range), "tautline.hcl:9");
    let rule = settings.rule("kyverno/missing-marker").unwrap();
    assert_eq!(rule.level.value, Level::At(Severity::Warning));
    assert_eq!(settings.place(rule.level.range), "tautline.hcl:11");
    assert_eq!(settings.rule("image/frozen-registry").unwrap().level.value, Level::Off);
}

#[test]
fn an_empty_file_sets_nothing() {
    let settings = Settings::parse("tautline.hcl", "# nothing\n").unwrap();
    assert!(settings.packs.is_none() && settings.rules.is_empty() && settings.params.is_empty());
    assert!(settings.exclude.is_empty());
    assert!(settings.source.is_some() && Settings::default().source.is_none());
}

#[test]
fn a_path_from_the_root_of_the_disk_is_an_error() {
    let said = "paths are relative to the root, without a `/` before them | write `vendor`";
    wrong("exclude = [⟦\"/vendor\"⟧]\n", &[said]);
    let settings = Settings::parse("tautline.hcl", "exclude = [\".//vendor/./a/\"]\n").unwrap();
    assert!(settings.exclude.is_match("vendor/a"));
}

#[test]
fn a_path_that_matches_nothing_is_an_error() {
    let said = "the root is no path below it \
                | write `**` for everything, or what is below it, as in `vendor/`";
    wrong("exclude = [⟦\"./\"⟧, ⟦\".\"⟧, ⟦\"/\"⟧, ⟦\"\"⟧, \"./*\"]\n", &[said; 4]);
    wrong(
        "override {\n  paths = [⟦\".\"⟧]\n  rule \"a/b\" {\n    severity = \"off\"\n  }\n}\n",
        &[said],
    );
    let said = "paths are below the root, without `..` | write them relative to the root";
    wrong("exclude = [⟦\"../vendor\"⟧, ⟦\"a/../b\"⟧, \"a..b\"]\n", &[said; 2]);
}

#[test]
fn unknown_keys_are_errors_that_offer_the_nearest() {
    wrong("⟦exlude⟧ = []\n", &["unknown key `exlude` in tautline.hcl | did you mean `exclude`?"]);
    wrong("⟦rules⟧ \"a/b\" {}\n", &["unknown key `rules` in tautline.hcl | did you mean `rule`?"]);
    wrong(
        "⟦colour⟧ = 1\n",
        &["unknown key `colour` in tautline.hcl \
         | known here: `baseline`, `drift`, `exclude`, `override`, `pack_dirs`, `pack_documents`, `packs`, `params`, `rule`, `waiver`"],
    );
    wrong(
        "rule \"a/b\" {\n  severity = \"error\"\n  ⟦sevreity⟧ = \"off\"\n}\n",
        &["unknown key `sevreity` in a `rule` block | did you mean `severity`?"],
    );
}

#[test]
fn blocks_and_attributes_are_not_mixed_up() {
    wrong("⟦packs⟧ = {}\n", &["`packs` is a block | write `packs { … }`"]);
    wrong("⟦exclude⟧ {\n}\n", &["`exclude` takes a value | write `exclude = …`"]);
    wrong("packs {\n  ⟦image⟧ {\n  }\n}\n", &["`image` takes a value | write `image = true`"]);
    wrong("params \"a\" {\n  ⟦b \"c\"⟧ {\n  }\n}\n", &["`b` takes a value"]);
    wrong("⟦packs \"a\"⟧ {\n}\n", &["`packs` takes no label"]);
    wrong("⟦rule⟧ {\n}\n", &["`rule` takes one label | write `rule \"…\" { … }`"]);
    wrong(
        "⟦params \"a\" \"b\"⟧ {\n}\n",
        &["`params` takes one label | write `params \"…\" { … }`"],
    );
}

#[test]
fn values_are_of_their_kind() {
    wrong(
        "exclude = ⟦\"vendor\"⟧\n",
        &["`exclude` must be a list of strings, not a string | write `[\"vendor\"]`"],
    );
    wrong("exclude = [⟦1⟧]\n", &["`exclude` must be a string, not a number"]);
    wrong(
        "exclude = [⟦\"!a\"⟧, \"\\\\!a\"]\n",
        &["no glob takes back what another one names \
         | write what is meant, and no more; before a `!` that begins a name stands `\\\\`"],
    );
    wrong("rule a⟦/⟧b {}\n", &["expected `{` or a label, found `/` | write the label in quotes"]);
    wrong("exclude = [⟦\"a[\"⟧]\n", &["this is no glob: unclosed character class; missing ']'"]);
    wrong(
        "packs {\n  image = ⟦\"yes\"⟧\n}\n",
        &["`image` must be true, false or \"always\", not \"yes\""],
    );
    wrong(
        "rule \"a/b\" {\n  severity = ⟦true⟧\n}\n",
        &["`severity` must be a string, not a boolean"],
    );
    wrong(
        "rule \"a/b\" {\n  severity = ⟦\"warn\"⟧\n}\n",
        &["unknown severity `warn` | did you mean `warning`?"],
    );
    wrong(
        "rule \"a/b\" {\n  severity = ⟦off⟧\n}\n",
        &["only literals can stand here | write it in quotes: `\"off\"`"],
    );
    wrong("⟦rule \"a/b\"⟧ {\n}\n", &["`severity` is missing | add `severity = \"…\"`"]);
    wrong(
        "params \"a\" {\n  b = ⟦upper(\"c\")⟧\n}\n",
        &["only literals can stand here \
             | write the value that it stands for: nothing is computed here"],
    );
    wrong(
        "params \"a\" {\n  b = [⟦param.c⟧]\n}\n",
        &["only literals can stand here \
             | write the value that it stands for: nothing is computed here"],
    );
    wrong(
        "exclude = [⟦\"${param.c}\"⟧]\n",
        &[
            "a string here cannot contain `${ … }` | write what it stands for: nothing is filled in here",
        ],
    );
    wrong(
        "exclude = [⟦\"${a}\"⟧]\n",
        &[
            "a string here cannot contain `${ … }` | write what it stands for: nothing is filled in here",
        ],
    );
}

#[test]
fn directories_of_packs_are_below_the_root_and_not_judged() {
    let text = "pack_dirs = [\"./tautline/rules/\", \"own\"]\nexclude = [\"old\"]\n";
    let settings = Settings::parse("tautline.hcl", text).unwrap();
    let dirs: Vec<&str> = settings.pack_dirs.iter().map(|dir| &*dir.value).collect();
    assert_eq!(dirs, ["tautline/rules", "own"]);
    for path in ["tautline/rules", "tautline/fixtures/bases", "own", "fixtures/bases", "old"] {
        assert!(settings.exclude.is_match(path), "{path}");
    }
    assert!(!settings.exclude.is_match("tautline"));
    let outside = "is not below the root | \
                   write a path relative to the root, with `/` and without `..`";
    wrong(
        "pack_dirs = [⟦\"../rules\"⟧, ⟦\"/etc\"⟧, ⟦\"a/../../b\"⟧, ⟦\".\"⟧, \"a\", ⟦\"a/\"⟧]\n",
        &[
            &format!("`../rules` {outside}"),
            &format!("`/etc` {outside}"),
            &format!("`a/../../b` {outside}"),
            "the root is no directory of packs \
             | write the directory that holds the packs, e.g. `tautline/rules`",
            "`a` is listed twice",
        ],
    );
    wrong(
        "pack_dirs = ⟦\"rules\"⟧\n",
        &["`pack_dirs` must be a list of strings, not a string | write `[\"rules\"]`"],
    );
}

#[test]
fn parts_of_the_repo_have_settings_of_their_own() {
    let text = "\
override {
  paths = [\"stacks/lab/**\", \"examples\"]
  rule \"image/frozen-registry\" { severity = \"off\" }
}
waiver \"image/untrusted-registry\" {
  paths  = [\"**/*.json\"]
  reason = \"exported\"
  until  = \"2027-06-30\"
  owner  = \"ops\"
}
baseline = \"./tautline//known.jsonl\"
";
    let settings = Settings::parse("tautline.hcl", text).unwrap();
    let part = &settings.overrides[0];
    assert!(part.paths.contains("stacks/lab/a/main.tf") && part.paths.contains("examples/a/b.tf"));
    assert!(!part.paths.contains("stacks/labs/main.tf"));
    assert_eq!(part.rules[0].level.value, Level::Off);
    let waiver = &settings.waivers[0];
    assert!(waiver.paths.contains("a/b.json") && !waiver.paths.contains("a/b.yaml"));
    assert_eq!(waiver.until.value.to_string(), "2027-06-30");
    assert_eq!((waiver.reason.as_str(), waiver.owner.as_deref()), ("exported", Some("ops")));
    assert_eq!(settings.place(waiver.range), "tautline.hcl:5");
    assert_eq!(settings.baseline_path(), "tautline/known.jsonl");
    assert_eq!(Settings::default().baseline_path(), "tautline.baseline.jsonl");
}

#[test]
fn what_parts_and_waivers_lack_is_said() {
    wrong(
        "⟦override⟧ {\n  paths = [⟦\"[\"⟧]\n}\n",
        &[
            "this `override` sets nothing | add `rule \"pack/name\" { severity = \"…\" }`",
            "this is no glob: unclosed character class; missing ']'",
        ],
    );
    wrong(
        "⟦params \"own\"⟧ {\n}\n",
        &[
            "this `params` block sets nothing | write `name = …` into it; `tautline config show --all` shows every param",
        ],
    );
    wrong(
        "⟦⟦⟦waiver \"a/b\"⟧⟧⟧ {\n  owner = \"ops\"\n}\n",
        &[
            "`paths` is missing | add `paths = [\"stacks/web/**\"]`",
            "`reason` is missing | add `reason = \"…\"`",
            "`until` is missing | add `until = \"…\"`",
        ],
    );
    wrong(
        "waiver \"a/b\" {\n  paths = []\n  reason = ⟦\" - \"⟧\n  until = ⟦\"soon\"⟧\n}\nbaseline = ⟦\"../b\"⟧\n",
        &[
            "this waiver gives no reason | say why the rule does not apply there",
            "`soon` is no date | write the date as `YYYY-MM-DD`",
            "`../b` is not below the root | write a path relative to the root, with `/` and without `..`",
        ],
    );
}

/// What `docs/tautline.schema.json` says of the keys is what is read.
#[test]
fn the_schema_has_every_key() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../docs/tautline.schema.json")).unwrap();
    let top = &schema["properties"];
    let keys = |object: &serde_json::Value| -> Vec<String> {
        object["properties"].as_object().unwrap().keys().cloned().collect()
    };
    let of_shape = |shape: &super::Shape| {
        let blocks = shape.blocks.iter().map(|(block, _)| *block);
        let mut keys: Vec<String> =
            shape.attributes.iter().copied().chain(blocks).map(str::to_owned).collect();
        keys.sort();
        keys
    };
    let waiver = &top["waiver"]["additionalProperties"]["items"];
    for (object, shape) in [
        (&schema, &super::raw::FILE),
        (&top["rule"]["additionalProperties"], &super::raw::RULE),
        (&top["override"]["items"], &super::exceptions::OVERRIDE),
        (waiver, &super::exceptions::WAIVER),
        (&top["drift"], &super::drift::DRIFT),
        (&top["drift"]["properties"]["skip"]["additionalProperties"], &super::drift::SKIP),
        (
            &top["drift"]["properties"]["acknowledge"]["additionalProperties"],
            &super::acknowledge::ACKNOWLEDGE,
        ),
    ] {
        assert_eq!(keys(object), of_shape(shape), "{}", shape.of);
    }
}

#[test]
fn nothing_is_set_twice() {
    wrong(
        "packs {\n}\n⟦packs⟧ {\n}\n",
        &["a second `packs` block | write one `packs` block, with what both say"],
    );
    wrong("params \"a\" {\n  b = 1\n}\nparams \"a\" {\n  ⟦b⟧ = 2\n}\n", &["`b` is set twice"]);
    wrong(
        "rule \"a/b\" {\n  severity = \"off\"\n}\nrule ⟦\"a/b\"⟧ {\n  severity = \"info\"\n}\n",
        &["a second `rule` block for `a/b`"],
    );
}

#[test]
fn everything_wrong_is_said_at_once() {
    wrong(
        "⟦exlude⟧ = []\nrule \"a/b\" {\n  severity = ⟦\"eror\"⟧\n}\npacks {\n  a = ⟦1⟧\n}\n",
        &[
            "unknown key `exlude` in tautline.hcl | did you mean `exclude`?",
            "unknown severity `eror` | did you mean `error`?",
            "`a` must be true, false or \"always\", not a number",
        ],
    );
}

#[test]
fn broken_syntax_is_an_error_with_its_place_and_nothing_else_is_said() {
    let errors = Settings::parse("tautline.hcl", "exlude = []\npacks {\n").unwrap_err();
    assert!(errors.iter().all(|error| !error.message.contains("exlude")), "{errors:?}");
    assert!(errors[0].range.start >= 12, "{errors:?}");
    assert!(errors[0].to_string().starts_with("tautline.hcl:"), "{}", errors[0]);
}
