//! Packs, right and wrong.

use super::*;
use crate::config::testing::{assert_errors, marked};
use crate::config::{ConfigError, Settings};
use crate::diagnostic::Severity;

/// A check that judges nothing: it only reads its options.
struct Silent;

impl Check for Silent {
    fn interests(&self) -> Vec<Interest> {
        Vec::new()
    }

    fn judge(&self, _: &Context<'_>, _: Subject<'_>, _: &mut Findings) {}
}

const CHECKS: &[CheckDef] = &[CheckDef {
    name: "pinned",
    outcomes: &[
        Outcome { name: "missing", placeholders: &["name", "value"] },
        Outcome { name: "wrong", placeholders: &["name"] },
    ],
    build: |options| {
        options.string("marker")?;
        options.strings("kinds")?;
        options.globs("files")?;
        Ok(Box::new(Silent))
    },
}];

const PACK: &str = "\
summary = \"pins\"
applies_when {
  file {
    path     = \"**/policies/*.tf\"
    contains = \"require-pins\"
  }
  file {
    path = \"README.md\"
  }
}
applies_when {
  file { path = \"pins.txt\" }
}
params {
  marker = \"PINNED\"
  kinds  = [\"a\"]
}
";

const ENTRY: &str = "\
summary  = \"a thing is not pinned\"
severity = \"error\"
check \"pinned\" {
  marker = param.marker
  kinds  = param.kinds
}
case \"missing\" {
  message = \"`{name}` is not pinned to {{{value}}}\"
  help    = \"pin `{name}`\"
}
case \"wrong\" {
  severity = \"info\"
  message  = \"`{name}` is pinned to something else\"
}
";

/// Loads files whose paths are under `rules/`, with `settings` as the text of `tautline.hcl`.
fn load_with(files: &[(&str, &str)], settings: &str) -> Result<RuleSet, Vec<ConfigError>> {
    let settings = Settings::parse("tautline.hcl", settings).unwrap();
    load(files, CHECKS, &settings)
}

/// Asserts that the files, whose texts are marked, are wrong at their marks, in these words. `tautline.hcl` among them
/// is the settings.
fn wrong(files: &[(&str, &str)], words: &[&str]) {
    let mut plain = Vec::new();
    let mut marks = Vec::new();
    let mut settings = String::new();
    let shown: Vec<_> = files.iter().map(|(path, _)| (*path, path_shown(path))).collect();
    for ((path, text), (_, shown)) in files.iter().zip(&shown) {
        let (text, ranges) = marked(text);
        marks.extend(ranges.into_iter().map(|range| (shown.as_str(), range)));
        if *path == "tautline.hcl" {
            settings = text;
        } else {
            plain.push((*path, text));
        }
    }
    let settings = Settings::parse("tautline.hcl", &settings).unwrap();
    let errors = load(&plain, CHECKS, &settings).expect_err("an error");
    let context: Vec<_> = files.iter().map(|(_, text)| *text).collect();
    assert_errors(&errors, &marks, words, &context.join("---\n"));
}

fn path_shown(path: &str) -> String {
    if path == "tautline.hcl" { path.to_owned() } else { format!("rules/{path}") }
}

/// Asserts what is wrong with an entry in an otherwise good pack.
fn wrong_entry(entry: &str, words: &[&str]) {
    wrong(&[("pins/not-pinned.hcl", entry), ("pins/pack.hcl", PACK)], words);
}

/// [`ENTRY`] with one text in it replaced.
fn entry(from: &str, to: &str) -> String {
    assert!(ENTRY.contains(from), "{from}");
    ENTRY.replace(from, to)
}

#[test]
fn a_rule_is_read_whole() {
    let files =
        [("pins/not-pinned.hcl", ENTRY), ("pins/pack.hcl", PACK), ("pins/not-pinned.md", "")];
    let set = load_with(&files, "").unwrap();
    let rule = set.rule("pins/not-pinned").unwrap();
    assert_eq!((&*rule.pack, rule.summary.as_str()), ("pins", "a thing is not pinned"));
    assert_eq!((rule.severity, rule.facts, rule.enabled), (Severity::Error, Facts::Stack, true));
    assert!(!rule.locked && rule.check.is_some() && rule.convention.is_none());
    let missing = rule.case("missing").unwrap();
    let args = [("name", "web".to_owned()), ("value", "1".to_owned())];
    assert_eq!(missing.message.render(&args), "`web` is not pinned to {1}");
    assert_eq!(missing.help.as_ref().unwrap().render(&args), "pin `web`");
    assert_eq!(rule.severity_of(missing), Severity::Error);
    assert_eq!(rule.severity_of(rule.case("wrong").unwrap()), Severity::Info);
    assert!(set.rule("pins/other").is_none() && set.pack("pins").is_some());
}

#[test]
fn settings_change_severities_but_not_what_is_info_by_case() {
    let files = [("pins/not-pinned.hcl", ENTRY), ("pins/pack.hcl", PACK)];
    let set =
        load_with(&files, "rule \"pins/not-pinned\" {\n  severity = \"warning\"\n}\n").unwrap();
    let rule = &set.rules[0];
    assert_eq!(rule.severity_of(rule.case("missing").unwrap()), Severity::Warning);
    assert_eq!(rule.severity_of(rule.case("wrong").unwrap()), Severity::Info);
    let set = load_with(&files, "rule \"pins/not-pinned\" {\n  severity = \"off\"\n}\n").unwrap();
    assert!(!set.rules[0].enabled);
}

#[test]
fn an_info_rule_runs_only_where_the_settings_name_it() {
    let info = entry("\"error\"", "\"info\"");
    let files = [("pins/not-pinned.hcl", info.as_str()), ("pins/pack.hcl", PACK)];
    assert!(!load_with(&files, "").unwrap().rules[0].enabled);
    let set = load_with(&files, "rule \"pins/not-pinned\" {\n  severity = \"info\"\n}\n").unwrap();
    assert!(set.rules[0].enabled);
}

#[test]
fn evidence_switches_a_pack_on_and_says_what_it_is() {
    let set = load_with(&[("pins/pack.hcl", PACK)], "").unwrap();
    let pack = &set.packs[0];
    let policy = ("stacks/policies/main.tf", "x require-pins y");
    assert_eq!(
        evidence(pack, &[("README.md", ""), policy]).unwrap(),
        "`stacks/policies/main.tf` contains `require-pins`, `README.md` exists"
    );
    assert_eq!(evidence(pack, &[policy]), None);
    assert_eq!(evidence(pack, &[("README.md", ""), ("policies/sub/main.tf", policy.1)]), None);
    assert_eq!(evidence(pack, &[("README.md", ""), ("policies/main.tf", "nothing")]), None);
    assert!(evidence(pack, &[("README.md", ""), ("policies/main.tf", policy.1)]).is_some());
    assert_eq!(evidence(pack, &[("pins.txt", "")]).unwrap(), "`pins.txt` exists");
}

#[test]
fn settings_decide_over_evidence_and_vanished_evidence_is_an_error() {
    let files = [("other/pack.hcl", "summary = \"no evidence\"\n"), ("pins/pack.hcl", PACK)];
    let there = [("pins.txt", "")];
    let on = |settings: &str, paths: &[(&str, &str)]| {
        let settings = Settings::parse("tautline.hcl", settings).unwrap();
        let set = load(&files, CHECKS, &settings).unwrap();
        let (runs, errors) = set.packs_on(&settings, paths);
        let runs: Vec<_> =
            runs.iter().map(|run| format!("{}: {}", run.name, run.evidence)).collect();
        (runs, errors)
    };
    assert_eq!(on("", &there).0, ["pins: `pins.txt` exists"]);
    assert!(on("", &[]).0.is_empty());
    assert!(on("packs {\n  pins = false\n}\n", &there).0.is_empty());
    assert!(on("packs {\n}\n", &there).0.is_empty());
    let both = "packs {\n  pins = true\n  other = true\n}\n";
    let (runs, errors) = on(both, &there);
    assert_eq!(runs, ["other: tautline.hcl:3", "pins: tautline.hcl:2, and `pins.txt` exists"]);
    assert!(errors.is_empty());
    let (runs, errors) = on(both, &[]);
    assert_eq!(runs, ["other: tautline.hcl:3"]);
    assert_eq!(&both[errors[0].range.indices()], "pins = true");
    let help = "it looks for `**/policies/*.tf` with `require-pins` beside `README.md`, or `pins.txt`; `pins = \"always\"` has it on without that, and `false` off";
    assert_eq!(errors[0].help.as_deref(), Some(help));
    let (runs, errors) = on("packs {\n  pins = \"always\"\n}\n", &[]);
    assert_eq!((runs, errors.len()), (vec!["pins: tautline.hcl:2".to_owned()], 0));
    let (_, errors) = on(both, &[]);
    assert_eq!(errors[0].message, "pack `pins` is on, but what it looks for is not there");
}

#[test]
fn the_files_of_a_pack_have_their_places() {
    let place = "a pack file is `rules/<pack>/<rule>.hcl`, its names in kebab-case";
    wrong(&[("Pins/pack.hcl", "⟦⟧summary = \"x\"\n")], &[place]);
    wrong(&[("pins/pack.hcl", PACK), ("pins/sub/a.hcl", "⟦⟧")], &[place]);
    wrong(&[("pins/not_pinned.hcl", "⟦⟧"), ("pins/pack.hcl", PACK)], &[place]);
    wrong(
        &[("pins/not-pinned.hcl", &format!("⟦⟧{ENTRY}"))],
        &["pack `pins` has no `pack.hcl` | add one with a `summary` next to this entry"],
    );
}

#[test]
fn a_pack_file_is_checked() {
    let pack = |text: &str, words: &str| wrong(&[("pins/pack.hcl", text)], &[words]);
    pack("⟦⟧locked = true\n", "`summary` is missing | add `summary = \"…\"`");
    pack("⟦sumary⟧ = \"x\"\n", "unknown key `sumary` in a pack | did you mean `summary`?");
    pack(
        "summary = \"x\"\n⟦sumary⟧ = \"x\"\n",
        "unknown key `sumary` in a pack | did you mean `summary`?",
    );
    pack("summary = \"x\"\nlocked = ⟦1⟧\n", "`locked` must be true or false, not a number");
    pack(
        "summary = \"x\"\n⟦applies_when⟧ {\n}\n",
        "`applies_when` without a condition | write `file { path = \"…\" }` inside it",
    );
    pack(
        "summary = \"x\"\napplies_when {\n  ⟦file⟧ {\n  }\n}\n",
        "`path` is missing | add `path = \"…\"`",
    );
    pack(
        "summary = \"x\"\napplies_when {\n  file {\n    path = ⟦\"a{\"⟧\n  }\n}\n",
        "this is no glob: unclosed alternate group; missing '}' (maybe escape '{' with '[{]'?)",
    );
    pack(
        "summary = \"x\"\napplies_when {\n  file {\n    path = \"a\"\n    ⟦contain⟧ = \"a\"\n  }\n}\n",
        "unknown key `contain` in `file` | did you mean `contains`?",
    );
    pack(
        "summary = \"x\"\nparams {\n  a = 1\n}\n⟦params⟧ {\n}\n",
        "a second `params` block | write one `params` block, with what both say",
    );
    pack(
        "summary = \"x\"\nparams {\n  a = [⟦param.b⟧]\n}\n",
        "`param.NAME` cannot stand here: write the value",
    );
    pack("summary = \"x\"\nparams {\n  ⟦a⟧ {\n  }\n}\n", "`a` takes a value | write `a = …`");
}

#[test]
fn an_entry_is_checked() {
    wrong_entry(
        &entry("severity = \"error\"\n", "⟦severty⟧ = \"error\"\n"),
        &["unknown key `severty` in a rule | did you mean `severity`?"],
    );
    wrong_entry(
        &entry("\"error\"", "⟦\"eror\"⟧"),
        &["unknown severity `eror` | did you mean `error`?"],
    );
    wrong_entry(
        &entry("check", "facts = ⟦\"repos\"⟧\ncheck"),
        &["unknown facts `repos` | did you mean `repo`?"],
    );
    wrong_entry(
        &entry("check", "convention = ⟦\"A1\"⟧\ncheck"),
        &["a convention is a letter and two digits, e.g. `A01`"],
    );
    wrong_entry("⟦⟧summary = \"x\"\nseverity = \"error\"\n", &["`check` is missing"]);
    wrong_entry(
        "summary = ⟦1⟧\nseverity = \"error\"\ncheck \"pinned\" {\n  marker = \"a\"\n}\n",
        &["`summary` must be a string, not a number"],
    );
}

#[test]
fn a_check_and_its_options_are_checked() {
    wrong_entry(
        &entry("check \"pinned\"", "check ⟦\"pined\"⟧"),
        &["unknown check `pined` | did you mean `pinned`?"],
    );
    wrong_entry(
        &entry("  marker = param.marker\n", "").replace("check \"pinned\"", "⟦check \"pinned\"⟧"),
        &["option `marker` is missing"],
    );
    wrong_entry(
        &entry("check \"pinned\"", "⟦let \"x\"⟧ { text = \"x\" }\ncheck \"pinned\""),
        &[
            "`let` beside a check: nothing is judged one by one here | leave it out; `where` and `unless` may ask about the repo",
        ],
    );
    wrong_entry(
        &entry("check \"pinned\"", "where {\n  exists { in = ⟦\"none\"⟧ }\n}\ncheck \"pinned\""),
        &[
            "unknown gather `none` | a gather is a block of `pack.hcl`; another pack's is named `PACK.GATHER`",
        ],
    );
    wrong_entry(
        &entry("kinds  =", "⟦kind⟧  ="),
        &["unknown option `kind` | did you mean `kinds`?"],
    );
    wrong_entry(
        &entry("param.kinds", "⟦param.kind⟧"),
        &["unknown param `kind` | did you mean `kinds`?"],
    );
    wrong_entry(
        &entry("param.kinds", "⟦param.marker⟧"),
        &["`kinds` must be a list of strings, not a string"],
    );
    wrong_entry(
        &entry("param.kinds", "[\"${⟦param.kinds⟧}\"]"),
        &["a param inside of a string must be a string, not a list"],
    );
    wrong_entry(
        &entry("param.kinds", "[\"a${⟦param.kind⟧}\"]"),
        &["unknown param `kind` | did you mean `kinds`?"],
    );
    wrong_entry(
        &entry("param.kinds", "[⟦\"${1 + 1}\"⟧]"),
        &[
            "a string here cannot contain `${ … }` | write what it stands for; where a text of a rule takes names, one is \
           written `{name}`",
        ],
    );
    wrong_entry(
        &entry("param.kinds", "⟦var.kinds⟧"),
        &["only literals and `param.NAME` can stand here | write it in quotes: `\"var.kinds\"`"],
    );
    wrong_entry(
        &entry("param.kinds", "[param.marker, ⟦2⟧]"),
        &["`kinds` must be a string, not a number"],
    );
    wrong_entry(
        &entry("case \"missing\"", "⟦check \"pinned\"⟧ {\n}\ncase \"missing\""),
        &["a second `check` block | write one `check` block, with what both say"],
    );
}

#[test]
fn cases_fit_the_check() {
    wrong_entry(
        &entry("case \"wrong\"", "case ⟦\"worng\"⟧"),
        &["unknown outcome `worng` | did you mean `wrong`?"],
    );
    wrong_entry(
        &entry("case \"wrong\"", "case ⟦\"other\"⟧")
            .replace("check \"pinned\"", "⟦check \"pinned\"⟧"),
        &[
            "outcome `wrong` has no case | add `case \"wrong\" { message = \"…\" }`",
            "unknown outcome `other` | known here: `missing`, `wrong`",
        ],
    );
    // Of one that cannot be read, that is all that is said.
    wrong_entry(
        &entry("\"`{name}` is pinned to something else\"", "⟦5⟧"),
        &["`message` must be a string, not a number"],
    );
    wrong_entry(
        &format!("{ENTRY}case ⟦\"wrong\"⟧ {{\n  message = \"x\"\n}}\n"),
        &["a second case for `wrong`"],
    );
    wrong_entry(
        &entry("something else", "⟦{value}⟧"),
        &["unknown placeholder `value` | known here: `name`"],
    );
    wrong_entry(
        &entry("pin `{name}`\"", "pin \\\"a\\\" ⟦{nam}⟧\""),
        &["unknown placeholder `nam` | did you mean `name`?"],
    );
    wrong_entry(
        &entry("something else", "⟦{param.marker}⟧"),
        &[
            "unknown placeholder `param.marker` | a hole holds a name: write `let \"marker\" { text = param.marker }`, and `{marker}`",
        ],
    );
    wrong_entry(
        &entry("pin `{name}`\"", "pin ${⟦param.marker⟧}\""),
        &[
            "`param.NAME` cannot stand here: write the value | in a message, write `{marker}`, and in the rule `let \"marker\" { text = param.marker }`",
        ],
    );
    wrong_entry(
        &entry("something else", "⟦{⟧"),
        &["a brace without its counterpart | write `{{` or `}}` for a brace in the text"],
    );
    wrong_entry(&entry("\"pin `{name}`\"", "⟦\"\"⟧"), &["write something here"]);
    let message = "\"`{name}` is not pinned to {{{value}}}\"";
    wrong_entry(&entry(message, "⟦\"not\\npinned\"⟧"), &["write one line here"]);
    wrong_entry(
        &entry("severity = \"info\"", "severity = ⟦\"off\"⟧"),
        &["unknown severity `off` | known here: `error`, `info`, `warning`"],
    );
    let tool = [
        (
            "own/a.hcl",
            "summary = \"x\"\nseverity = \"error\"\ncase ⟦\"b\"⟧ {\n  message = \"x\"\n}\n",
        ),
        ("own/pack.hcl", "summary = \"x\"\nlocked = true\n"),
    ];
    wrong(&tool, &["a case without a check"]);
}

#[test]
fn a_rule_yields_to_one_that_exists() {
    wrong_entry(
        &entry("check", "yields_to = [⟦\"pins/pinned\"⟧]\ncheck"),
        &["unknown rule `pins/pinned` | known here: `pins/not-pinned`"],
    );
    wrong_entry(
        &entry("check", "yields_to = [⟦\"pins/not-pinned\"⟧]\ncheck"),
        &["a rule cannot yield to itself"],
    );
    let first = entry("check", "yields_to = [⟦\"pins/second\"⟧]\ncheck");
    let second = entry("check", "yields_to = [⟦\"pins/first\"⟧]\ncheck");
    wrong(
        &[("pins/first.hcl", &first), ("pins/pack.hcl", PACK), ("pins/second.hcl", &second)],
        &[
            "`pins/second` and this rule yield to each other",
            "`pins/first` and this rule yield to each other",
        ],
    );
}

#[test]
fn a_mutator_brings_its_attributes() {
    let uses = entry("marker = param.marker", "mutator = \"pinner\"");
    let mutators = "mutator \"pinner\" {\n  summary = \"pins\"\n  marker = \"PINNED\"\n  paths = { a = \"b\" }\n}\n";
    let files = [
        ("mutators/ci.hcl", mutators),
        ("pins/not-pinned.hcl", uses.as_str()),
        ("pins/pack.hcl", PACK),
    ];
    assert!(load_with(&files, "").is_ok());
    wrong_entry(
        &entry("marker = param.marker", "mutator = ⟦\"pinner\"⟧"),
        &["unknown mutator `pinner`"],
    );
    wrong_entry(
        &entry("marker = param.marker", "mutator = ⟦1⟧"),
        &["`mutator` must be the name of one"],
    );
    let slips = "mutator \"a\" {\n  ⟦sumary⟧ = \"x\"\n  paths = {}\n  never_ignore = {\n    ⟦raeson⟧ = \"x\"\n  }\n}\n";
    wrong(
        &[("mutators/ci.hcl", slips)],
        &[
            "unknown key `sumary` in a mutator | did you mean `summary`?",
            "unknown key `raeson` in `never_ignore` | did you mean `reason`?",
        ],
    );
    let two = "mutator \"a\" {\n  summary = \"\"\n  paths = {}\n}\n";
    let again = two.replace("\"a\"", "⟦\"a\"⟧");
    wrong(
        &[("mutators/ci.hcl", &format!("{two}{again}⟦mutators⟧ {{\n}}\n"))],
        &[
            "a second mutator `a`",
            "unknown key `mutators` in a file of mutators | did you mean `mutator`?",
        ],
    );
}

#[test]
fn settings_name_what_exists() {
    let good = [("pins/not-pinned.hcl", ENTRY), ("pins/pack.hcl", PACK)];
    let settings = |text: &str, words: &str| {
        wrong(&[good[0], good[1], ("tautline.hcl", text)], &[words]);
    };
    settings("packs {\n  ⟦pin = true⟧\n}\n", "unknown pack `pin` | did you mean `pins`?");
    settings("params ⟦\"pin\"⟧ {\n  a = 1\n}\n", "unknown pack `pin` | did you mean `pins`?");
    settings(
        "params \"pins\" {\n  ⟦kind⟧ = []\n}\n",
        "pack `pins` has no param `kind` | did you mean `kinds`?",
    );
    settings("params \"pins\" {\n  kinds = ⟦\"a\"⟧\n}\n", "`kinds` holds a list, not a string");
    settings(
        "params \"pins\" {\n  kinds = [\"a\", ⟦1⟧]\n}\n",
        "`kinds` holds a string, not a number",
    );
    settings(
        "rule ⟦\"pins\"⟧ {\n  severity = \"off\"\n}\n",
        "unknown rule `pins` | it is a pack: name a rule of it, one in each block; `packs` switches all of them on or off",
    );
    settings(
        "rule ⟦\"pins/not-pined\"⟧ {\n  severity = \"off\"\n}\n",
        "unknown rule `pins/not-pined` | did you mean `pins/not-pinned`?",
    );
}

#[test]
fn a_rule_may_use_another_packs_params() {
    let uses = |name: &str| entry("param.kinds", name).replace("param.marker", "\"x\"");
    let lists = "summary = \"lists\"\nparams {\n  kinds = [\"a\"]\n}\n";
    let pack = "summary = \"pins\"\n";
    let good = uses("param.lists.kinds");
    let files = [
        ("lists/pack.hcl", lists),
        ("pins/not-pinned.hcl", good.as_str()),
        ("pins/pack.hcl", pack),
    ];
    assert!(load_with(&files, "").is_ok());
    let wrong = |name: &str, words: &str| {
        let entry = uses(name);
        wrong(&[files[0], ("pins/not-pinned.hcl", &entry), files[2]], &[words]);
    };
    wrong("⟦param.lists.kind⟧", "unknown param `lists.kind` | did you mean `lists.kinds`?");
    wrong("⟦param.lists[0]⟧", "write `param.NAME`, or `param.PACK.NAME` for another pack's");
}

#[test]
fn a_wrong_value_from_the_settings_is_shown_there() {
    let globs = entry("kinds  = param.kinds", "files  = param.files");
    let pack = PACK.replace("kinds  = [\"a\"]", "files  = [\"a\"]");
    wrong(
        &[
            ("pins/not-pinned.hcl", &globs),
            ("pins/pack.hcl", &pack),
            ("tautline.hcl", "params \"pins\" {\n  files = ⟦[\"a[\"]⟧\n}\n"),
        ],
        &["`a[` is no glob: unclosed character class; missing ']'"],
    );
}

#[test]
fn a_wrong_glob_that_a_check_and_a_selection_read_is_told_once() {
    let of_check = entry("kinds  = param.kinds", "files  = param.files");
    let of_text = "summary = \"x\"\nseverity = \"error\"\nselect \"text\" {\n  files = param.files\n  words = [\"here\"]\n  \
                   matches = \"here\"\n}\nforbid \"a\" {\n  path    = \"\"\n  matches = \".\"\n}\n\
                   case \"a\" { message = \"m\" }\n";
    let pack = PACK.replace("kinds  = [\"a\"]", "files  = [\"a\"]");
    let settings = "params \"pins\" {\n  files = ⟦[\"a[\"]⟧\n}\n";
    wrong(
        &[
            ("pins/not-pinned.hcl", &of_check),
            ("pins/of-text.hcl", of_text),
            ("pins/pack.hcl", &pack),
            ("tautline.hcl", settings),
        ],
        &["`a[` is no glob: unclosed character class; missing ']'"],
    );
}

#[test]
fn a_regex_from_the_settings_is_shown_there() {
    let rule = "summary = \"x\"\nseverity = \"error\"\nselect \"stack\" {}\nforbid \"a\" {\n  path    = \"x\"\n  \
                matches = param.marker\n}\ncase \"a\" { message = \"m\" }\n";
    let settings = "params \"pins\" {\n  marker = ⟦\"(a\"⟧\n}\n";
    wrong(
        &[("pins/a.hcl", rule), ("pins/pack.hcl", PACK), ("tautline.hcl", settings)],
        &["this is no regex: unclosed group"],
    );
}

#[test]
fn what_is_locked_is_not_weakened() {
    let files = [
        ("own/a.hcl", "summary = \"x\"\nseverity = \"warning\"\n"),
        ("own/pack.hcl", "summary = \"x\"\nlocked = true\n"),
    ];
    let set = load_with(&files, "rule \"own/a\" {\n  severity = \"error\"\n}\n").unwrap();
    assert!(set.rules[0].locked && set.rules[0].check.is_none());
    assert_eq!(set.rules[0].override_severity, Some(Severity::Error));
    assert_eq!(set.packs_on(&Settings::default(), &[]).0[0].evidence, "always on");
    let wrong = |text: &str, words: &str| {
        wrong(&[files[0], files[1], ("tautline.hcl", text)], &[words]);
    };
    wrong("packs {\n  ⟦own = false⟧\n}\n", "pack `own` is locked: it is always on");
    wrong(
        "rule \"own/a\" {\n  severity = ⟦\"off\"⟧\n}\n",
        "rule `own/a` is locked: it cannot be switched off",
    );
    wrong(
        "rule \"own/a\" {\n  severity = ⟦\"info\"⟧\n}\n",
        "rule `own/a` is locked: it cannot be lowered",
    );
}

#[test]
fn broken_syntax_in_one_file_does_not_hide_what_is_wrong_in_another() {
    let errors = load_with(&[("a/pack.hcl", "summary = \n"), ("b/pack.hcl", "colour = 1\n")], "")
        .unwrap_err();
    assert_eq!(&*errors[0].path, "rules/a/pack.hcl");
    assert!(errors.iter().any(|error| error.message.contains("colour")), "{errors:?}");
}

#[test]
fn the_embedded_packs_are_sorted_and_have_their_pages() {
    assert!(builtin_files().is_sorted());
    assert!(page("tautline/syntax-error").unwrap().starts_with("# tautline/syntax-error"));
    assert_eq!(page("tautline/none"), None);
}
