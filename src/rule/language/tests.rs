//! Entries that are wrong: each mistake is an error at its exact place that says what to type.

use crate::config::Settings;
use crate::config::testing::{assert_errors, marked};
use crate::rule::load;

const PACK: &str = "\
summary = \"tests\"
params {
  kinds = [\"Service\"]
}
selector \"pod\" {
  select \"object\" { kinds = [\"Pod\"] }
}
gather \"names\" {
  select \"object\" { kinds = [\"Service\"] }
  let \"named\" { path = \"metadata.name\" }
}
";

/// Asserts that an entry whose body is `body` has the errors marked in it, with `words`.
fn entry(body: &str, words: &[&str]) {
    let head = "summary  = \"x\"\nseverity = \"error\"\n";
    let (text, ranges) = marked(&format!("{head}{body}"));
    let files = [("t/pack.hcl", PACK), ("t/rule.hcl", text.as_str())];
    let errors = load(&files, &[], &Settings::default()).unwrap_err();
    let marks: Vec<_> = ranges.into_iter().map(|range| ("rules/t/rule.hcl", range)).collect();
    assert_errors(&errors, &marks, words, body);
}

/// Asserts that a pack whose gathers are `gathers` has the errors marked in them, with `words`.
fn pack(gathers: &str, words: &[&str]) {
    let (text, ranges) = marked(&format!("summary = \"tests\"\n{gathers}"));
    let errors = load(&[("t/pack.hcl", text.as_str())], &[], &Settings::default()).unwrap_err();
    let marks: Vec<_> = ranges.into_iter().map(|range| ("rules/t/pack.hcl", range)).collect();
    assert_errors(&errors, &marks, words, gathers);
}

#[test]
fn a_misspelt_word_is_an_error_at_the_word() {
    entry(
        "select \"object\" { ⟦kind⟧ = [\"Service\"] }\n\
         require \"a\" {\n  ⟦paht⟧ = \"spec\"\n  present = true\n}\n\
         case \"a\" { message = \"m\" }\n",
        &[
            "unknown key `kind` | did you mean `kinds`?",
            "unknown key `paht` | did you mean `path`?",
        ],
    );
    entry(
        "select ⟦\"objekt\"⟧ { }\nrequire \"a\" { present = true }\ncase \"a\" { message = \"m\" }\n",
        &["unknown subject `objekt` | did you mean `object`?"],
    );
    entry(
        "select \"stack\" {}\nforbid \"a\" {\n  path = \"x\"\n  above = 1\n  as = ⟦\"quantitty\"⟧\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["unknown unit `quantitty` | did you mean `quantity`?"],
    );
    entry(
        "select \"stack\" {}\nforbid \"a\" {\n  path = \"x\"\n  in = ⟦\"nmes.named\"⟧\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["unknown gather `nmes` | did you mean `names`?"],
    );
    entry(
        "select \"stack\" {}\nforbid \"a\" {\n  exists {\n    in = \"names\"\n    match = { ⟦nam⟧ = \"x\" }\n  }\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["unknown column `nam` | did you mean `name`?"],
    );
}

#[test]
fn a_language_that_is_not_known_or_has_nothing_to_read_is_an_error() {
    let rest = "require \"a\" { present = true }\ncase \"a\" { message = \"m\" }\n";
    entry(
        &format!("select \"file\" {{\n  files = [\"x\"]\n  reads = ⟦\"yml\"⟧\n}}\n{rest}"),
        &["unknown language `yml` | did you mean `yaml`?"],
    );
    for clause in [
        "let \"x\" {\n  text = \"y\"\n  ⟦reads⟧ = \"yaml\"\n}",
        "each \"x\" {\n  texts = [\"y\"]\n  ⟦reads⟧ = \"yaml\"\n}",
        "each \"x\" {\n  path = \"y\"\n  split = \",\"\n  ⟦reads⟧ = \"yaml\"\n}",
    ] {
        entry(
            &format!("select \"stack\" {{}}\n{clause}\n{rest}"),
            &["`reads` goes with `path` alone: what stands there is read"],
        );
    }
}

#[test]
fn what_can_never_hold_is_an_error() {
    entry(
        "select \"stack\" {}\nrequire \"a\" {\n  path = \"x\"\n  one_of = ⟦[]⟧\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["this can never hold: the list is empty"],
    );
    entry(
        "select \"stack\" {}\nrequire \"a\" {\n  path = \"x\"\n  present = false\n  ⟦equals⟧ = 1\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["this can never hold: nothing that is absent has a value"],
    );
    entry(
        "select \"stack\" {}\nrequire \"a\" {\n  path = \"x\"\n  at_most = ⟦\"1d\"⟧\n}\n\
         case \"a\" { message = \"m\" }\n",
        &[
            "this can never hold: `1d` is no number | `as` says what it is: `quantity`, `duration`, `period`, `percent`, \
           `version`, `length`",
        ],
    );
    entry(
        "select \"stack\" {}\nrequire \"a\" {\n  ⟦any⟧ {}\n}\ncase \"a\" { message = \"m\" }\n",
        &["`any` of nothing never holds"],
    );
    entry(
        "select \"stack\" {}\n⟦require \"a\"⟧ {}\ncase \"a\" { message = \"m\" }\n",
        &["nothing is asked here | write `path = \"…\"` and what it must be"],
    );
}

#[test]
fn a_name_is_given_once() {
    entry(
        "select \"stack\" {}\neach \"a\" { path = \"x[*]\" }\nlet ⟦\"a\"⟧ { path = \"y\" }\n\
         forbid \"a\" { path = \"a\" }\ncase \"a\" { message = \"m\" }\n",
        &["`a` is given twice"],
    );
}

#[test]
fn paths_patterns_and_names_are_read_when_the_pack_is_loaded() {
    entry(
        "select \"stack\" {}\nforbid \"a\" { path = ⟦\"a[x]\"⟧ }\ncase \"a\" { message = \"m\" }\n",
        &["this is no path: `[x]` is no step: write `[0]`, `[*]` or `[\"key\"]`"],
    );
    entry(
        "select \"stack\" {}\nforbid \"a\" {\n  path = \"x\"\n  matches = ⟦\"(a\"⟧\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["this is no regex: unclosed group"],
    );
    // There are no such things in a regex that takes linear time.
    entry(
        "select \"stack\" {}\nforbid \"a\" {\n  path = \"x\"\n  matches = ⟦\"(a)\\\\1\"⟧\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["this is no regex: backreferences are not supported"],
    );
    entry(
        "select \"stack\" {}\nlet \"tier\" { path = \"x\" }\nforbid \"a\" {\n  path = \"x\"\n  equals = ⟦\"{teir}\"⟧\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["unknown name `teir` | did you mean `tier`?"],
    );
    entry(
        "select \"stack\" {}\nlet \"tier\" { path = \"x\" }\nforbid \"a\" { path = \"x\" }\n\
         case \"a\" { message = \"⟦{teir}⟧\" }\n",
        &["unknown placeholder `teir` | did you mean `tier`?"],
    );
}

#[test]
fn a_rule_is_whole() {
    entry(
        "select \"stack\" {}\n⟦forbid \"a\"⟧ { path = \"x\" }\n",
        &["outcome `a` has no case | add `case \"a\" { … }`"],
    );
    entry(
        "select \"stack\" {}\nforbid \"a\" { path = \"x\" }\ncase ⟦\"b\"⟧ { message = \"m\" }\n\
         case \"a\" { message = \"m\" }\n",
        &["unknown outcome `b` | did you mean `a`?"],
    );
    entry(
        "select \"stack\" {}\nforbid \"a\" { path = \"x\" }\n⟦check ⟦\"y\"⟧⟧ {}\ncase \"a\" { message = \"m\" }\n",
        &["a rule calls a check, or selects and requires: not both", "unknown check `y`"],
    );
    entry(
        "select \"text\" {\n  words = [\"a\"]\n  matches = ⟦\"a{\"⟧\n}\nforbid \"a\" { present = true }\ncase \"a\" { message = \"m\" }\n",
        &["this is no regex: unclosed counted repetition"],
    );
    entry(
        "⟦select \"text\"⟧ { matches = \"a\" }\nforbid \"a\" { present = true }\ncase \"a\" { message = \"m\" }\n",
        &["`words` is missing: texts of which one stands in every file that matches | \
           add `words = [\"…\"]`, so that other files are not searched"],
    );
}

#[test]
fn gathers_that_need_each_other_are_an_error() {
    let gather = |name: &str, other: &str| {
        format!(
            "gather \"{name}\" {{\n  select \"stack\" {{}}\n  where {{\n    exists {{ in = \"{other}\" }}\n  }}\n}}\n"
        )
    };
    let both = gather("a", "b") + &gather("b", "a");
    let marked = both.replacen("gather \"b\"", "⟦gather \"b\"⟧", 1);
    pack(&marked, &["this gather needs itself"]);
    pack(
        "gather \"a\" {\n  select \"stack\" {}\n}\n⟦gather \"a\"⟧ {\n  select \"stack\" {}\n}\n",
        &["a second gather of that name"],
    );
}

#[test]
fn what_is_wrong_with_a_selector_is_said_where_it_stands() {
    entry(
        "select \"selector\" { of = ⟦\"pods\"⟧ }\nforbid \"a\" { path = \"x\" }\n\
         case \"a\" { message = \"m\" }\n",
        &["unknown selector `pods` | did you mean `pod`?"],
    );
    pack(
        "selector \"a\" {\n  select \"stack\" {}\n}\n⟦selector \"a\"⟧ {\n  select \"stack\" {}\n}\n",
        &["a second selector of that name"],
    );
    pack(
        "selector \"a\" {\n  select \"stack\" {}\n}\nselector \"b\" {\n  ⟦select \"selector\"⟧ { of = \"a\" }\n}\n",
        &["a selector does not start from another"],
    );
    pack(
        "selector \"a\" {\n  select \"stack\" {}\n  ⟦require⟧ \"b\" { path = \"x\" }\n}\n",
        &["unknown block `require` | known here: `each`, `let`, `select`, `unless`, `where`"],
    );
}

#[test]
fn what_stands_beside_from_is_said_of_all_and_wrong_once() {
    let sources = "  from {\n    select \"object\" { kinds = [\"Pod\"] }\n    let \"own\" { path = \"kind\" }\n  }\n  \
                   from {\n    select \"object\" { kinds = [\"Service\"] }\n  }\n";
    pack(
        &format!("gather \"g\" {{\n{sources}  let \"n\" {{ ⟦paht⟧ = \"a\" }}\n}}\n"),
        &["unknown key `paht` | did you mean `path`?"],
    );
    pack(
        &format!("gather \"g\" {{\n{sources}  ⟦select \"object\"⟧ {{ kinds = [\"Job\"] }}\n}}\n"),
        &[
            "a `select` beside `from`: rows come from one or the other | put it into a `from` of its own",
        ],
    );
}

#[test]
fn a_factor_is_of_an_amount_and_a_copy_of_a_place() {
    let end = "case \"a\" { message = \"m\" }\n";
    entry(
        &format!(
            "select \"stack\" {{}}\nlet \"x\" {{\n  path = \"y\"\n  ⟦times⟧ = 1.5\n}}\nforbid \"a\" {{ path = \"x\" }}\n{end}"
        ),
        &["`times` is of an amount | say what it is with `as`"],
    );
    entry(
        &format!(
            "select \"stack\" {{}}\nforbid \"a\" {{\n  path = \"x\"\n  present = true\n  fix {{ copy = ⟦\"x\"⟧ }}\n}}\n{end}"
        ),
        &["paths are needed here, each with a text | write `{ \"path\" = \"text\" }`"],
    );
}
