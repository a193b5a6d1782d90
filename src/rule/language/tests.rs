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
    // What is misspelt is not missing too.
    entry(
        "select \"stack\" {}\nforbid \"a\" {\n  ⟦paht⟧ = \"x\"\n}\ncase \"a\" { message = \"m\" }\n",
        &["unknown key `paht` | did you mean `path`?"],
    );
    entry(
        "select \"block\" { type = \"x\" }\nrequire \"a\" {\n  path = \"x\"\n  fix {\n    ⟦sett⟧ = { x = \"y\" }\n  }\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["unknown key `sett` | did you mean `set`?"],
    );
    let rest = "require \"a\" { path = \"x\" }\ncase \"a\" { message = \"m\" }\n";
    let select = "select \"object\" { kinds = [\"ClusterPolicy\", ⟦\"Deploymnet\"⟧] }\n";
    let meant = "Kubernetes has no kind `Deploymnet` | did you mean `Deployment`? a kind of another API is told by its `api`";
    entry(&format!("{select}{rest}"), &[meant]);
    entry(
        "select ⟦\"objekt\"⟧ { }\nrequire \"a\" { path = \"x\" }\ncase \"a\" { message = \"m\" }\n",
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
fn what_other_languages_write_is_recognised() {
    let asked = |test: &str| {
        format!(
            "select \"stack\" {{}}\nforbid \"a\" {{\n{test}\n}}\ncase \"a\" {{ message = \"m\" }}\n"
        )
    };
    entry(
        &asked("  path = \"x\"\n  ⟦or⟧ { path = \"y\" }"),
        &["unknown block `or` | write `any { … }`"],
    );
    entry(
        &asked("  path = \"x\"\n  ⟦greater_than⟧ = 2"),
        &["unknown key `greater_than` | write `above = …`"],
    );
    entry(
        &asked("  path = \"x\"\n  ⟦regex⟧ = \"y\""),
        &["unknown key `regex` | write `matches = \"…\"`"],
    );
    entry(
        &asked("  path = \"x\"\n  ⟦match⟧ = \"y\""),
        &["unknown key `match` | did you mean `matches`?"],
    );
    entry(
        "select \"stack\" {}\n⟦forbid⟧ { path = \"x\" }\n",
        &["`forbid` takes one label | write `forbid \"…\" { … }`"],
    );
    entry(
        "select \"stack\" {}\n⟦select \"repo\"⟧ {}\nforbid \"a\" { path = \"x\" }\n\
         case \"a\" { message = \"m\" }\n",
        &[
            "a second `select` | a rule is about one kind of thing: `kinds`, `types` and `files` take several names; \
             else write a second rule",
        ],
    );
    entry(
        &asked("  path = \"x\"\n  equals = ⟦upper(\"y\")⟧"),
        &["only literals and `param.NAME` can stand here \
             | write the value that it stands for: nothing is computed here"],
    );
    entry(
        &asked("  path = ⟦spec.backoffLimit⟧"),
        &[
            "only literals and `param.NAME` can stand here | write it in quotes: `\"spec.backoffLimit\"`",
        ],
    );
    entry(
        &asked("  path = ⟦\"$.spec\"⟧"),
        &["this is no path: it starts at the subject: leave `$.` out"],
    );
    entry(
        &asked("  path = ⟦\"a.keel.sh/policy\"⟧"),
        &[
            "this is no path: `sh/policy` is no name: steps are joined by `.`, and a key with `.` or `/` in it is written \
           `[\"…\"]`",
        ],
    );
    entry(
        &asked("  path = \"x\"\n  equals = ⟦\"${name}\"⟧"),
        &[
            "a string here cannot contain `${ … }` | write what it stands for; where a text of a rule takes names, one is \
           written `{name}`",
        ],
    );
    entry(
        "select \"object\" { kinds = [⟦\"kubernetes_job_v1\"⟧] }\nforbid \"a\" { path = \"x\" }\n\
         case \"a\" { message = \"m\" }\n",
        &[
            "this can never match: `kubernetes_job_v1` is a type of Terraform's, and no kind | write the kind \
           (`Deployment`), which finds typed resources and manifests alike, or \
           `select \"resource\" { types = [\"…\"] }`",
        ],
    );
}

#[test]
fn of_a_case_with_a_mistake_nothing_more_is_said() {
    entry(
        "select \"stack\" {}\nforbid \"a\" { path = \"x\" }\n⟦case \"a\"⟧ {}\n",
        &["`message` is missing | add `message = \"…\"`"],
    );
}

#[test]
fn a_language_that_is_not_known_or_has_nothing_to_read_is_an_error() {
    let rest = "require \"a\" { path = \"x\" }\ncase \"a\" { message = \"m\" }\n";
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
        "select \"stack\" {}\nforbid \"a\" {\n  path = \"x\"\n  matches = ⟦\"(?!a)\"⟧\n}\n\
         case \"a\" { message = \"m\" }\n",
        &["this is no regex: look-around, including look-ahead and look-behind, is not supported \
             | ask for that in a test of its own: `not { matches = … }`"],
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
fn what_is_written_in_the_wrong_form_or_place_is_said_how_it_is_right() {
    let around = |body: &str| {
        format!(
            "select \"stack\" {{}}\nrequire \"a\" {{\n  path = \"x\"\n{body}}}\ncase \"a\" {{ message = \"m\" }}\n"
        )
    };
    entry(
        &around("  present = ⟦\"true\"⟧\n"),
        &["`present` must be true or false, not a string | write it without quotes: `true`"],
    );
    entry(&around("  present = ⟦\"yes\"⟧\n"), &["`present` must be true or false, not a string"]);
    entry(
        &around("  at_least = 1\n  ⟦severity⟧ = \"info\"\n  ⟦message⟧ = \"m\"\n"),
        &[
            "`severity` does not belong here | \
             write it at the top of the file, or for this outcome alone in its `case`",
            "`message` does not belong here | write it in the `case` of this outcome",
        ],
    );
}

#[test]
fn a_name_is_one_that_can_be_asked_for() {
    let help = " | write letters, digits and `_`, and a letter first";
    let is_none = |name: &str| format!("`{name}` is no name{help}");
    let rest = "forbid \"a\" { path = \"x\" }\ncase \"a\" { message = \"m\" }\n";
    for name in ["Name Space", "1st", "a.b", "a[*]"] {
        for clause in ["let", "each"] {
            entry(
                &format!("select \"stack\" {{}}\n{clause} ⟦\"{name}\"⟧ {{ path = \"y\" }}\n{rest}"),
                &[&is_none(name)],
            );
        }
    }
    pack(
        "gather ⟦\"a b\"⟧ {\n  label = \"x\"\n  select \"repo\" {}\n}\nselector ⟦\"c d\"⟧ {\n  select \"stack\" {}\n}\n",
        &[&is_none("a b"), &is_none("c d")],
    );
}

#[test]
fn a_rule_is_whole() {
    entry(
        "select \"stack\" {}\n⟦forbid \"a\"⟧ { path = \"x\" }\n",
        &["outcome `a` has no case | add `case \"a\" { message = \"…\" }`"],
    );
    entry(
        "select \"stack\" {}\n⟦forbid \"a\"⟧ { path = \"x\" }\ncase \"a\" {\n  when { path = \"y\" }\n  message = \"m\"\n}\n",
        &["outcome `a` has no case | add `case \"a\" { message = \"…\" }`"],
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
    let missing =
        "`select` is missing: what this is about | add `select \"resource\" { types = [\"…\"] }`";
    pack("⟦gather \"a\"⟧ {\n  let \"x\" { path = \"y\" }\n}\n", &[missing]);
    pack("gather \"a\" {\n  ⟦from⟧ {\n    let \"x\" { path = \"y\" }\n  }\n}\n", &[missing]);
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
        &[
            "unknown block `require` | known here: `each`, `let`, `select`, `unknown`, `unless`, `where`",
        ],
    );
}

#[test]
fn of_what_asks_a_gather_or_selector_with_a_mistake_nothing_more_is_said() {
    let shared = "summary = \"tests\"\nselector \"near\" {\n  select ⟦\"resorce\"⟧ {}\n}\n\
                  gather \"said\" {\n  select ⟦\"tex\"⟧ {\n    words = [\"a\"]\n    \
                  matches = \"(?<found>a)\"\n  }\n}\n";
    let (pack, ranges) = marked(shared);
    let end = "case \"a\" { message = \"{found}\" }\n";
    let entries = [
        "select \"selector\" { of = \"near\" }\nforbid \"a\" { path = \"x\" }\n",
        "select \"row\" { of = \"said\" }\nrequire \"a\" {\n  path = \"found\"\n  equals = \"b\"\n}\n",
        "select \"stack\" {}\nrequire \"a\" {\n  exists {\n    in = \"said\"\n    \
         match = { found = \"{name}\" }\n  }\n}\n",
    ];
    for entry in entries {
        let entry = format!("summary  = \"x\"\nseverity = \"error\"\n{entry}{end}");
        let files = [("t/pack.hcl", pack.as_str()), ("t/rule.hcl", entry.as_str())];
        let errors = load(&files, &[], &Settings::default()).unwrap_err();
        let marks: Vec<_> = ranges.iter().map(|range| ("rules/t/pack.hcl", *range)).collect();
        let words = [
            "unknown subject `resorce` | did you mean `resource`?",
            "unknown subject `tex` | did you mean `text`?",
        ];
        assert_errors(&errors, &marks, &words, &entry);
    }
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
            "select \"resource\" {{}}\nforbid \"a\" {{\n  path = \"x\"\n  present = true\n  fix {{ copy = ⟦\"x\"⟧ }}\n}}\n{end}"
        ),
        &["paths are needed here, each with a text | write `{ \"path\" = \"text\" }`"],
    );
}

/// Asserts that `question`, asked of each `subject`, has the errors marked in it, with `words`.
fn question(subject: &str, question: &str, words: &[&str]) {
    entry(&format!("select {subject}\n{question}\ncase \"a\" {{ message = \"m\" }}\n"), words);
}

#[test]
fn what_is_no_text_is_an_error_that_shows_the_text() {
    let stack = |test: &str, words: &str| {
        question("\"stack\" {}", &format!("forbid \"a\" {{\n{test}\n}}"), &[words]);
    };
    stack("path = ⟦3⟧", "`path` must be a string, not a number | write `\"3\"`");
    stack("path = [\"a\", ⟦true⟧]", "`path` must be a string, not a boolean | write `\"true\"`");
    stack(
        "path = \"x\"\n matches = ⟦3⟧",
        "`matches` must be a string, not a number | write `\"3\"`",
    );
    stack("path = \"x\"\n is_a = ⟦{}⟧", "`is_a` must be a string, not an object");
    question(
        "\"object\" { kinds = [⟦1⟧] }",
        "forbid \"a\" { path = \"x\" }",
        &["`kinds` must be a string, not a number | write `\"1\"`"],
    );
}

#[test]
fn what_contradicts_itself_or_always_holds_is_an_error() {
    let stack = |test: &str, words: &str| {
        question("\"stack\" {}", &format!("forbid \"a\" {{\n{test}\n}}"), &[words]);
    };
    stack(
        "path = \"x\"\n equals = ⟦\"a\"⟧\n one_of = [\"b\", \"c\"]",
        "this can never hold: `one_of` does not list it | leave one of the two out",
    );
    stack("path = \"x\"\n at_least = ⟦3⟧\n at_most = 2", "this can never hold beside `at_most`");
    stack(
        "path = \"x\"\n as = \"quantity\"\n above = ⟦\"1Gi\"⟧\n at_most = \"1024Mi\"",
        "this can never hold beside `at_most`",
    );
    stack("path = \"x\"\n at_least = ⟦3⟧\n below = 3", "this can never hold beside `below`");
    stack(
        "path = \"x\"\n items_at_least = ⟦0⟧",
        "this always holds: no collection has fewer elements",
    );
    question(
        "\"stack\" {}",
        "require \"a\" {\n  when { path = \"x\" }\n  present = ⟦true⟧\n}",
        &["this always holds: what is selected is there | name what must be there: `path = \"…\"`"],
    );
    stack(
        "exists {\n in = \"names\"\n at_least = ⟦0⟧\n}",
        "this always holds: there are never fewer rows than none | write `at_most = 0` for none, or leave it out for one or \
         more",
    );
    stack(
        "exists {\n in = \"names\"\n ⟦at_least⟧ = 1\n at_most = 2\n}",
        "`at_least` and `at_most` are two questions | ask each in a block of its own",
    );
    stack(
        "path = \"x\"\n ⟦text⟧ = \"y\"",
        "`text` beside `path`: one of them says what is meant | leave one of the two out",
    );
    stack(
        "path = \"x\"\n ⟦through⟧ = true",
        "`through` goes with `refers_to` | add `refers_to = …`",
    );
    stack("path = \"x\"\n ⟦asked⟧ = false", "`asked` goes with `refers_to` | add `refers_to = …`");
}

#[test]
fn a_name_is_given_to_one_thing() {
    let clause = |clause: &str, words: &str| {
        question("\"stack\" {}", &format!("{clause}\nforbid \"a\" {{ path = \"x\" }}"), &[words]);
    };
    let beside = |one: &str, other: &str| {
        format!(
            "`{one}` beside `{other}`: one of them says what is meant | leave one of the two out"
        )
    };
    clause("let \"x\" {\n path = \"y\"\n ⟦text⟧ = \"z\"\n}", &beside("text", "path"));
    clause(
        "let \"x\" {\n path = \"y\"\n address = true\n ⟦capture⟧ = \"z\"\n}",
        &beside("capture", "address"),
    );
    clause(
        "let \"x\" {\n path = \"y\"\n ⟦match⟧ = { named = \"z\" }\n}",
        "`match` goes with `in` | add `in = …`",
    );
    clause("⟦let \"x\"⟧ { default = \"y\" }", "`path` is missing: what the name is given to");
    clause("each \"x\" {\n path = \"y\"\n ⟦texts⟧ = [\"z\"]\n}", &beside("texts", "path"));
    clause(
        "each \"x\" {\n texts = [\"z\"]\n ⟦split⟧ = \",\"\n}",
        "`split` goes with `path` | add `path = …`",
    );
}

#[test]
fn what_the_subject_has_not_is_not_asked_of_it() {
    let yaml = "\"file\" { files = [\"**/*.yaml\", \"x.yml\"] }";
    question(
        "\"repo\" {}",
        "require \"a\" {\n ⟦comment⟧ { path = \"x\" }\n}",
        &[
            "`comment` says nothing about `select \"repo\"`: comments stand in files | select what has it, or leave it out",
        ],
    );
    question(
        "\"file\" { files = [\"*.json\"] }",
        "require \"a\" {\n comment { path = ⟦\"x\"⟧ }\n}",
        &["this can never hold: JSON has no comments | ask for a key that says it"],
    );
    let block = "only a resource has `ignore_changes` | select what has it, or leave it out";
    question(
        yaml,
        "require \"a\" {\n not {\n ⟦marker⟧ { word = \"X\" }\n}\n}",
        &[&format!("`marker` says nothing about `select \"file\"`: {block}")],
    );
    question(
        "\"stack\" {}",
        "require \"a\" {\n ⟦ignored⟧ { field = \"x\" }\n}",
        &[&format!("`ignored` says nothing about `select \"stack\"`: {block}")],
    );
    question(
        yaml,
        "require \"a\" {\n path = \"x\"\n ⟦calls⟧ = [\"file\"]\n}",
        &[
            "`calls` says nothing about `select \"file\"`: only what stands in a block of Terraform has expressions | select \
           what has it, or leave it out",
        ],
    );
    question(
        "\"text\" {\n words = [\"a\"]\n matches = \"a\"\n}",
        "forbid \"a\" {\n present = true\n fix { ⟦set⟧ = { file = \"y\" } }\n}",
        &[
            "`set` says nothing about `select \"text\"`: nothing is written below it | select what has it, or leave it out",
        ],
    );
    question(
        "\"stack\" {}",
        "forbid \"a\" {\n present = true\n fix {\n replace = \"x\"\n ⟦note⟧ = \"y\"\n}\n}",
        &["`note` is the comment behind an ignored field | add `ignore = \"…\"`"],
    );
    question(
        "\"block\" {\n type = \"locals\"\n ⟦labels⟧ = [\"x\"]\n}",
        "forbid \"a\" { path = \"x\" }",
        &["this can never match: a `locals` block has no label | leave `labels` out"],
    );
    question(
        "\"object\" {\n kinds = [\"Pod\"]\n api = [\"v1\"]\n carriers = [⟦\"resource\"⟧]\n}",
        "forbid \"a\" { path = \"x\" }",
        &["this can never match: a typed resource has no `apiVersion` | leave `api` out, or this"],
    );
}

#[test]
fn a_path_of_a_text_begins_with_a_group() {
    let text = "\"text\" {\n  words = [\"abcdef\"]\n  matches = \"(?<at>(?<found>abcdef))\"\n}";
    question(
        text,
        "forbid \"a\" {\n  path = ⟦\"foudn\"⟧\n  present = true\n}",
        &["unknown group `foudn` | did you mean `found`?"],
    );
}

#[test]
fn a_path_of_a_row_begins_with_a_column() {
    question(
        "\"row\" { of = \"names\" }",
        "forbid \"a\" {\n  path = ⟦\"namedd\"⟧\n  at = \"named\"\n}",
        &["unknown column `namedd` | did you mean `named`?"],
    );
    // What stands beside several `from` is asked of all, of which one may have the column.
    let from =
        |gather: &str| format!("  from {{\n    select \"row\" {{ of = \"{gather}\" }}\n  }}\n");
    let gather = |name: &str, column: &str| {
        format!(
            "gather \"{name}\" {{\n  select \"stack\" {{}}\n  let \"{column}\" {{ text = \"x\" }}\n}}\n"
        )
    };
    let both = format!(
        "gather \"both\" {{\n{}{}  let \"c\" {{ path = \"b\" }}\n}}\n",
        from("a"),
        from("b")
    );
    let text = format!("summary = \"tests\"\n{}{}{both}", gather("a", "a"), gather("b", "b"));
    assert!(load(&[("t/pack.hcl", text.as_str())], &[], &Settings::default()).is_ok());
}

#[test]
fn a_regex_that_cannot_be_compiled_is_an_error() {
    question(
        "\"stack\" {}",
        "forbid \"a\" {\n  text = \"{name}\"\n  matches = ⟦\"(a{1,1000}){1,1000}\"⟧\n}",
        &["this is no regex: it is too large: what it repeats stands in it as often as that"],
    );
}

#[test]
fn a_list_of_none_matches_nothing() {
    for select in [
        "\"object\" { carriers = ⟦[]⟧ }",
        "\"image\" { roles = ⟦[]⟧ }",
        "\"text\" {\n words = [\"a\"]\n matches = \"a\"\n zones = ⟦[]⟧\n}",
    ] {
        let wrong = "this can never match: the list is empty";
        question(select, "forbid \"a\" { present = true }", &[wrong]);
    }
}

#[test]
fn a_misspelt_word_to_search_for_is_an_error() {
    question(
        "\"text\" {\n words = [\"beside\", ⟦\"old.exmaple\"⟧]\n matches = \"[a-z]+\\\\.old\\\\.example\"\n}",
        "forbid \"a\" { present = true }",
        &["nothing that `matches` finds has `old.exmaple` in it | did you mean `old.example`?"],
    );
}

#[test]
fn what_is_near_is_told_only_where_something_is_compared() {
    let told = "`{near}` is of `one_of` and `in`, where `require` finds none of them";
    entry(
        "select \"stack\" {}\nrequire \"a\" { path = \"x\" }\ncase \"a\" { message = \"⟦{near}⟧\" }\n",
        &[&format!("unknown placeholder `near` | {told}")],
    );
    question(
        "\"stack\" {}",
        "forbid \"a\" {\n path = \"x\"\n one_of = [\"b\"]\n fix { replace = ⟦\"{near}\"⟧ }\n}",
        &[&format!("unknown name `near` | {told}")],
    );
}

/// The reference says which attributes are needed; this is what becomes of a block without them.
#[test]
fn what_the_reference_calls_needed_is_missed() {
    for form in super::subjects::SUBJECTS {
        let rule = format!(
            "summary = \"x\"\nseverity = \"error\"\nselect \"{}\" {{}}\nforbid \"a\" {{ path = \"x\" }}\ncase \"a\" {{ \
             message = \"m\" }}\n",
            form.block
        );
        let loaded =
            load(&[("t/pack.hcl", PACK), ("t/rule.hcl", &*rule)], &[], &Settings::default());
        let is_needed = form.attributes.iter().any(|word| word.required);
        assert_eq!(loaded.is_err(), is_needed, "{}", form.block);
    }
    entry(
        "select \"resource\" {}\n⟦unknown⟧ { path = \"x\" }\nforbid \"a\" { path = \"x\" }\ncase \"a\" { message = \"m\" }\n",
        &["`because` is missing: why it is not known"],
    );
    let needing = ["exists", "ignored", "marker", "sum"];
    for form in super::vocabulary::BLOCKS {
        let is_needed = form.attributes.iter().any(|word| word.required);
        let is_known = needing.contains(&form.block) || form.block == "unknown";
        assert_eq!(is_needed, is_known, "{}", form.block);
    }
    for block in needing {
        let rule = format!(
            "summary = \"x\"\nseverity = \"error\"\nselect \"resource\" {{}}\nforbid \"a\" {{\n  {block} {{}}\n}}\ncase \"a\" \
             {{ message = \"m\" }}\n"
        );
        let files = [("t/pack.hcl", PACK), ("t/rule.hcl", &*rule)];
        assert!(load(&files, &[], &Settings::default()).is_err(), "{block}");
    }
}
