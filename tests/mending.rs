//! What the edits of rules make of a file: in each language, where the thing stands alone, first or last; and what is not
//! made of it.

#![expect(clippy::unwrap_used, reason = "a pack that does not load is a failed test")]

use tautline::analysis::{self, Fixed, History, Input, Reach, Request, Wish};
use tautline::checks;
use tautline::config::Settings;
use tautline::engine::Left;
use tautline::rule;
use tautline::syntax::language::Language;
use tautline::syntax::yaml::{Node, NodeKind};
use tautline::syntax::{Date, Format};
use tautline::workspace::{Content, FileSet, LoadedFile, Past};

/// Everything that a rule with `body` would mend in the file at `path`, mended.
fn fix(body: &str, path: &str, text: &str) -> Fixed {
    fix_asked(&Request::default(), body, path, text)
}

/// The same of what is reported to `request`.
fn fix_asked(request: &Request, body: &str, path: &str, text: &str) -> Fixed {
    let settings = Settings::parse("tautline.hcl", "packs {\n  t = true\n}\n").unwrap();
    let entry = format!("summary = \"x\"\nseverity = \"error\"\nfacts = \"repo\"\n{body}");
    let packs = [("t/pack.hcl", "summary = \"tests\"\n"), ("t/rule.hcl", entry.as_str())];
    let rules = rule::load(&packs, checks::ALL, &settings).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    let files = vec![LoadedFile { path: path.into(), content: Content::Text(text.into()) }];
    let files = FileSet { files, ..FileSet::default() };
    let input = Input { files, settings, rules, today: Date::new(2026, 1, 1).unwrap() };
    let history = History { past: &Past::default, base: None, plans: None };
    let wish = Wish { is_unsafe: true, only: Vec::new(), reach: Reach::Repo };
    analysis::fix(input, &history, request, &wish).unwrap()
}

/// What the file says then.
fn mended(body: &str, path: &str, text: &str) -> String {
    let fixed = fix(body, path, text);
    let refused = &fixed.outcome.report.summary.fixes.as_ref().unwrap().refused;
    assert_eq!(*refused, [""; 0], "of:\n{text}");
    fixed.files.first().map_or_else(|| text.to_owned(), |file| file.after.to_string())
}

/// Asserts that the fix is refused, in these words, and the file left as it is.
fn refused(body: &str, path: &str, text: &str, why: &str) {
    let fixed = fix(body, path, text);
    let told = &fixed.outcome.report.summary.fixes.as_ref().unwrap().refused;
    assert!(matches!(told.as_slice(), [it] if it.contains(why)), "{told:?}");
    assert_eq!(fixed.files, []);
}

fn file_rule(files: &str, question: &str) -> String {
    format!(
        "select \"file\" {{ files = [\"{files}\"] }}\n{question}\ncase \"a\" {{ message = \"m\" }}\n"
    )
}

fn resource_rule(question: &str) -> String {
    format!(
        "select \"resource\" {{ types = [\"x\"] }}\n{question}\ncase \"a\" {{ message = \"m\" }}\n"
    )
}

const NO_B: &str = "forbid \"a\" {\n  path    = \"m.b\"\n  present = true\n}";

#[test]
fn a_member_of_json_goes_with_its_key_and_a_comma() {
    let rule = file_rule("*.json", NO_B);
    for (before, after) in [
        (r#"{"m": {"a": 1, "b": 2}}"#, r#"{"m": {"a": 1}}"#),
        (r#"{"m": {"b": 2, "c": 3}}"#, r#"{"m": {"c": 3}}"#),
        (r#"{"m": {"a": 1, "b": "x,}", "c": 3}}"#, r#"{"m": {"a": 1, "c": 3}}"#),
        (r#"{"m": { "b" : 2 }}"#, r#"{"m": {}}"#),
        (
            "{\n  \"m\": {\n    \"a\": 1,\n    \"b\": {\n      \"x\": [1]\n    }\n  }\n}\n",
            "{\n  \"m\": {\n    \"a\": 1\n  }\n}\n",
        ),
        (
            "{\r\n  \"m\": {\r\n    \"b\": \"\",\r\n    \"c\": 3\r\n  }\r\n}\r\n",
            "{\r\n  \"m\": {\r\n    \"c\": 3\r\n  }\r\n}\r\n",
        ),
    ] {
        assert_eq!(mended(&rule, "x.json", before), after);
    }
}

#[test]
fn an_entry_of_yaml_goes_with_its_key() {
    let rule = file_rule("*.yaml", NO_B);
    for (before, after) in [
        // In braces.
        ("m: {a: 1, b: 2}\n", "m: {a: 1}\n"),
        ("m: {b: 'x', c: 3}\n", "m: {c: 3}\n"),
        ("m: { b: 2 } # why\n", "m: {} # why\n"),
        ("m: {\n  a: 1, # one\n  b: 2 # two\n}\n", "m: {\n  a: 1 # one\n}\n"),
        ("m: {\n  a: 1,\n  b: 2, # two\n  c: 3,\n}\n", "m: {\n  a: 1,\n  c: 3,\n}\n"),
        // On lines.
        ("m:\n  a: 1\n  b: 2\n", "m:\n  a: 1\n"),
        ("m:\n  b: 2 # two\n  # of c\n  c: 3\n", "m:\n  # of c\n  c: 3\n"),
        ("m:\n  b:\n    - x\n\n    - y: 1\n      z: 2\n  c: 3\n", "m:\n  c: 3\n"),
        ("m:\n  b:\n  - x\n  c: 3\n", "m:\n  c: 3\n"),
        ("m:\n  a:\n  - x\n  b: 2\n", "m:\n  a:\n  - x\n"),
        ("m:\n  a: 1\n  b: |\n    x\n\n    y\nn: 1\n", "m:\n  a: 1\nn: 1\n"),
        ("m:\n  b: 2\nn: 1\n", "m: {}\nn: 1\n"),
        ("x: &x {y: 1}\nm:\n  a: 1\n  b: *x\n", "x: &x {y: 1}\nm:\n  a: 1\n"),
    ] {
        assert_eq!(mended(&rule, "x.yaml", before), after);
    }
}

#[test]
fn elements_of_yaml_go_whole_and_the_first_key_of_one_leaves_its_dash() {
    let rule = file_rule(
        "*.yaml",
        "each \"it\" { path = \"l[*]\" }\nforbid \"a\" {\n  path   = \"it.a\"\n  equals = \"x\"\n  fix { delete = \"it\" }\n}",
    );
    for (before, after) in [
        ("l:\n  - a: x\n    b: 1\n  - a: y\n", "l:\n  - a: y\n"),
        ("l:\n- a: y\n- a: x # why\n", "l:\n- a: y\n"),
        ("l:\n  - a: x\nm: 1\n", "l: []\nm: 1\n"),
        ("l: [{a: y}, {a: x}]\n", "l: [{a: y}]\n"),
        ("l: [{a: x}]\n", "l: []\n"),
    ] {
        assert_eq!(mended(&rule, "x.yaml", before), after);
    }
    let rule = file_rule(
        "*.yaml",
        "each \"it\" { path = \"l[*]\" }\nforbid \"a\" {\n  path    = \"it.a\"\n  present = true\n}",
    );
    for (before, after) in [
        ("l:\n  - a: x\n    b: 1\n", "l:\n  - b: 1\n"),
        ("l:\n  - b: 1\n    a: x\n  - b: 2\n", "l:\n  - b: 1\n  - b: 2\n"),
        ("l:\n  - a: x\n  - b: 2\n", "l:\n  - {}\n  - b: 2\n"),
    ] {
        assert_eq!(mended(&rule, "x.yaml", before), after);
    }
}

#[test]
fn yaml_inside_of_a_heredoc_loses_lines_too() {
    let rule = resource_rule("forbid \"a\" {\n  path    = \"values[*].m.b\"\n  present = true\n}");
    let main = |yaml: &str| {
        format!("resource \"x\" \"a\" {{\n  values = [<<-EOT\n    m:\n{yaml}    EOT\n  ]\n}}\n")
    };
    assert_eq!(
        mended(&rule, "stacks/a/main.tf", &main("      a: 1\n      b: 2\n")),
        main("      a: 1\n")
    );
}

#[test]
fn what_would_no_longer_be_read_is_not_written() {
    let breaking = |files: &str, text: &str| {
        let fix = format!("fix {{ after = {{ \"m.b\" = \"{text}\" }} }}");
        file_rule(files, &format!("forbid \"a\" {{\n  path   = \"m.b\"\n  equals = 2\n  {fix}\n}}"))
    };
    refused(
        &breaking("*.json", "]"),
        "x.json",
        "{\"m\": {\"b\": 2}}\n",
        "x.json would be no JSON any more",
    );
    refused(&breaking("*.yaml", "]"), "x.yaml", "m: {b: 2}\n", "x.yaml would be no YAML any more");
    // A file that is read as something else than its name says.
    let rule = file_rule("*.txt", "").replace(
        "{ files = [\"*.txt\"] }",
        "{\n  files = [\"*.txt\"]\n  reads = \"json\"\n}\nforbid \"a\" {\n  path   = \"m.b\"\n  equals = 2\n  fix { after = { \"m.b\" = \"]\" } }\n}",
    );
    refused(
        &rule,
        "x.txt",
        "{\"m\": {\"b\": 2}}\n",
        "`t/rule` could no longer tell what is in x.txt",
    );
    // In a heredoc, the file itself stays what it is.
    let rule = resource_rule(
        "forbid \"a\" {\n  path   = \"y.m.b\"\n  equals = 2\n  fix { replace = \"}}\" }\n}",
    );
    let main = "resource \"x\" \"a\" {\n  y = <<-EOT\n    m: {b: 2}\n  EOT\n}\n";
    refused(&rule, "stacks/a/main.tf", main, "`t/rule` could no longer tell what is in");
    // What is escaped is no hole that may say anything.
    let rule = resource_rule(
        "forbid \"a\" {\n  path   = \"y.m.b\"\n  equals = 2\n  fix { replace = \"c: $${{d}} }}\" }\n}",
    );
    refused(&rule, "stacks/a/main.tf", main, "`t/rule` could no longer tell what is in");
}

#[test]
fn what_a_dynamic_block_makes_is_left_alone() {
    let rule = resource_rule("forbid \"a\" {\n  path    = \"old\"\n  present = true\n}");
    let main = |block: &str| format!("resource \"x\" \"a\" {{\n  b = 1\n{block}}}\n");
    let dynamic =
        main("  dynamic \"old\" {\n    for_each = [1]\n    content {\n      c = 1\n    }\n  }\n");
    assert_eq!(mended(&rule, "stacks/a/main.tf", &dynamic), dynamic);
    let plain = main("  old {\n    c = 1\n  }\n");
    assert_eq!(mended(&rule, "stacks/a/main.tf", &plain), main(""));
}

#[test]
fn a_part_of_a_string_is_escaped() {
    let rule = |text: &str| {
        resource_rule(&format!(
            "let \"at\" {{\n  path    = \"y\"\n  capture = \"old\"\n}}\nforbid \"a\" {{\n  path    = \"y\"\n  contains = \"old\"\n  \
             at      = \"at\"\n  fix {{ replace = \"{text}\" }}\n}}"
        ))
    };
    let main = |string: &str| format!("resource \"x\" \"a\" {{\n  y = {string}\n}}\n");
    assert_eq!(
        mended(&rule("a\\\"b\\\\c$${{d}}%%{{e}}"), "stacks/a/main.tf", &main("\"an old one\"")),
        main("\"an a\\\"b\\\\c$${d}%%{e} one\"")
    );
    assert_eq!(
        mended(&rule("a\\\"b$${{d}}"), "stacks/a/main.tf", &main("<<-EOT\n    an old one\n  EOT")),
        main("<<-EOT\n    an a\"b$${d} one\n  EOT")
    );
}

#[test]
fn a_scalar_of_yaml_or_json_keeps_its_quotes_and_gets_those_that_it_needs() {
    let rule = |text: &str| {
        let question = format!(
            "forbid \"a\" {{\n  path   = \"m\"\n  equals = \"old\"\n  fix {{ replace = \"{text}\" }}\n}}"
        );
        file_rule("x.*", &question)
    };
    for (text, before, after) in [
        ("new", "m: old # c\n", "m: new # c\n"),
        ("a: b", "m: old\n", "m: \"a: b\"\n"),
        ("a, b", "m: old\n", "m: a, b\n"),
        ("a, b", "{m: old}\n", "{m: \"a, b\"}\n"),
        ("no", "m: old\n", "m: \"no\"\n"),
        ("it's", "m: 'old'\n", "m: 'it''s'\n"),
        ("a\\\"b\\\\c", "m: \"old\"\n", "m: \"a\\\"b\\\\c\"\n"),
        ("{{x}}", "m: old\n", "m: \"{x}\"\n"),
    ] {
        assert_eq!(mended(&rule(text), "x.yaml", before), after);
    }
    let json = "{\"m\": \"a\\\"b\"}\n";
    assert_eq!(mended(&rule("a\\\"b"), "x.json", "{\"m\": \"old\"}\n"), json);
}

#[test]
fn the_one_value_that_is_right_is_written_in_yaml_and_json_too() {
    let rule = |value: &str| {
        file_rule("x.*", &format!("require \"a\" {{\n  path   = \"m.b\"\n  equals = {value}\n}}"))
    };
    for (value, before, after) in [
        ("\"Always\"", "m:\n  b: IfNotPresent # c\n", "m:\n  b: Always # c\n"),
        ("\"Always\"", "m: {b: \"Never\"}\n", "m: {b: \"Always\"}\n"),
        ("false", "m:\n  b: true\n", "m:\n  b: false\n"),
        ("true", "m:\n  b: \"false\"\n", "m:\n  b: \"true\"\n"),
        ("30", "m:\n  b: 5\n", "m:\n  b: 30\n"),
        ("\"a: b\"", "m:\n  b: c\n", "m:\n  b: \"a: b\"\n"),
    ] {
        assert_eq!(mended(&rule(value), "x.yaml", before), after);
    }
    for (value, before, after) in [
        ("\"Always\"", "{\"m\": {\"b\": \"Never\"}}\n", "{\"m\": {\"b\": \"Always\"}}\n"),
        ("false", "{\"m\": {\"b\": true}}\n", "{\"m\": {\"b\": false}}\n"),
        ("\"Always\"", "{\"m\": {\"b\": true}}\n", "{\"m\": {\"b\": \"Always\"}}\n"),
    ] {
        assert_eq!(mended(&rule(value), "x.json", before), after);
    }
    // What an alias says is said elsewhere too.
    let alias = "x: &x no\ny: *x\nm:\n  b: *x\n";
    assert_eq!(mended(&rule("\"yes\""), "x.yaml", alias), alias);
}

#[test]
fn a_name_is_changed_by_a_copy_and_a_deletion() {
    let rule = resource_rule(
        "forbid \"a\" {\n  path    = \"old\"\n  present = true\n  fix {\n    copy   = { new = \"old\" }\n    delete = \"old\"\n  }\n}",
    );
    let main = |inner: &str| format!("resource \"x\" \"a\" {{\n{inner}}}\n");
    for (before, after) in [
        ("  old = [1, 2]\n", "  new = [1, 2]\n"),
        ("  b = 1\n\n  old = {\n    c = 1\n  }\n", "  b = 1\n\n  new = {\n    c = 1\n  }\n"),
        ("  b   = 1\n  old = 2 # why\n  c {}\n", "  b   = 1\n  new = 2\n  c {}\n"),
        ("  old = 2\n  b   = 1\n", "  b   = 1\n  new = 2\n"),
    ] {
        assert_eq!(mended(&rule, "stacks/a/main.tf", &main(before)), main(after));
        let windows = |text: &str| main(text).replace('\n', "\r\n");
        assert_eq!(mended(&rule, "stacks/a/main.tf", &windows(before)), windows(after));
    }
}

#[test]
fn a_line_beneath_a_file_ends_it() {
    let rule = file_rule(
        "*.yaml",
        "require \"a\" {\n  path    = \"new\"\n  present = true\n  fix { beneath = { \"\" = \"new: 1\" } }\n}",
    );
    for (before, after) in [
        ("a: 1\n", "a: 1\nnew: 1\n"),
        ("a: 1\n\n", "a: 1\nnew: 1\n\n"),
        ("# c\na:\n  - 1", "# c\na:\n  - 1\nnew: 1"),
    ] {
        assert_eq!(mended(&rule, "x.yaml", before), after);
    }
}

#[test]
fn what_must_not_be_there_besides_is_not_what_was_found() {
    let rule = "select \"resource\" { types = [\"x\"] }\nforbid \"a\" {\n  path    = \"b\"\n  matches = \"^o\"\n  not {\n    \
                path   = \"c\"\n    equals = 2\n  }\n}\ncase \"a\" { message = \"{value}\" }\n";
    let fixed =
        fix(rule, "stacks/a/main.tf", "resource \"x\" \"a\" {\n  b = \"one\"\n  c = 3\n}\n");
    let [found] = fixed.outcome.report.diagnostics.as_slice() else { panic!("one is found") };
    let source = &fixed.outcome.sources[found.span.file.index()];
    assert_eq!((found.message.as_str(), source.slice(found.span.range)), ("one", "\"one\""));
}

#[test]
fn beside_a_fix_that_works_one_that_does_not_is_refused_also_for_a_rule_asked_for_by_name() {
    let question = "each \"s\" { path = \"all[*]\" }\nrequire \"a\" {\n  path = \"s\"\n  matches = \"^zw$\"\n  fix {\n    \
                    after = { s = \"w\" }\n    title = \"x\"\n  }\n}";
    let rule = file_rule("*.yaml", question);
    for rules in [vec![], vec!["t/rule".to_owned()]] {
        let request = Request { rules, ..Request::default() };
        let fixed = fix_asked(&request, &rule, "x.yaml", "all:\n  - x\n  - z\n");
        assert_eq!(&*fixed.files[0].after, "all:\n  - x\n  - zw\n");
    }
}

#[test]
fn a_fix_that_is_refused_is_so_at_its_place_only() {
    let question = "each \"s\" { path = [\"one\", \"two\"] }\nlet \"text\" { path = \"s\" }\nrequire \"a\" {\n  path = \"s\"\n  \
                    matches = \"^zw$\"\n  fix { replace = \"{text}w\" }\n}";
    let text = "resource \"x\" \"a\" {\n  one = \"x\"\n  two = \"z\"\n}\n";
    let fixed = fix(&resource_rule(question), "stacks/a/main.tf", text);
    assert_eq!(&*fixed.files[0].after, text.replace("\"z\"", "\"zw\""));
    assert_eq!(fixed.left, [Left::Refused]);
}

/// Whether something is found and not mended.
fn is_left_alone(body: &str, path: &str, text: &str) -> bool {
    !fix(body, path, text).outcome.report.diagnostics.is_empty()
}

/// What a tree says, without where.
fn said(node: &Node) -> String {
    match &node.kind {
        NodeKind::Scalar { value, .. } => value.to_string(),
        NodeKind::Sequence(items) => {
            format!("[{}]", items.iter().map(said).collect::<Vec<_>>().join(", "))
        }
        NodeKind::Mapping(entries) => {
            let entries =
                entries.iter().map(|it| format!("{}: {}", said(&it.key), said(&it.value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        NodeKind::Pieces(_) | NodeKind::Alias { .. } => "*".to_owned(),
    }
}

/// Every entry below `node`: its path, and the tree without it.
fn entries(root: &Node, node: &Node, path: &str, found: &mut Vec<(String, Node)>) {
    for (at, entry) in node.entries().iter().enumerate() {
        let below = format!("{path}[\"{}\"]", said(&entry.key));
        let mut without = root.clone();
        take_out(&mut without, node, at);
        found.push((below.clone(), without));
        entries(root, &entry.value, &below, found);
    }
    for (at, item) in node.items().iter().enumerate() {
        entries(root, item, &format!("{path}[{at}]"), found);
    }
}

fn take_out(tree: &mut Node, from: &Node, at: usize) {
    let is_it = tree.range == from.range;
    match &mut tree.kind {
        NodeKind::Mapping(all) if is_it => drop(all.remove(at)),
        NodeKind::Mapping(all) => all.iter_mut().for_each(|it| take_out(&mut it.value, from, at)),
        NodeKind::Sequence(all) => all.iter_mut().for_each(|it| take_out(it, from, at)),
        _ => {}
    }
}

#[test]
fn whichever_entry_goes_the_others_stay() {
    let texts = [
        "# about\na: 1 # one\nb:\n  c: {d: 1, e: [1, {f: 2, g: \"}\"}], h: 'it''s'}\n  i:\n  - j: 1\n    k:\n      - l\n    # m\n    m: |\n      n: 1\n\n      # o\n\n  - p: >-\n      q\n    r:\n  s: \"a: b, #c\"\nt: {\n  u: 1, # v\n  v: 2,\n  w: [\n    {x: 1}\n  ] # w\n}\n",
        "a:\n    b:\n\n        c: 1\n\n        d: 2\n    # e\n    e: &e\n        f: x #y\n    g: 'h\n      i'\nj:\n- - k: 1\n    l: 2\n- m: \"n\"\n",
        "---\na: !t\n  b: 1\nc: |+\n  d\n\ne: ? f\n",
        "a: 1\r\nb:\r\n  c: \"2\"\r\n  d:\r\n    - e: 1\r\n      f: 2\r\n",
        "{a: 1,\n b: {c: 2\n }, d: [1,\n  {e: 2, f: 3}]}\n",
        "{\n  \"a\": {\"b\": [1, {\"c\": \"{,\"}], \"d\": null},\n  \"e\": \"\",\n  \"f\": [\n    {\"g\": 1},\n    {\"h\": 1, \"i\": 2}\n  ]\n}",
    ];
    for (text, name) in texts.into_iter().flat_map(|text| [(text, "x.yaml"), (text, "x.json")]) {
        let language = Language::of(Format::of(name));
        let Ok(documents) = language.parse(text) else { continue };
        let mut all = Vec::new();
        entries(&documents[0], &documents[0], "", &mut all);
        for (path, without) in all {
            let path = path.trim_start_matches('.').replace('"', "\\\"");
            let rule = file_rule(
                "x.*",
                &format!("forbid \"a\" {{\n  path    = \"{path}\"\n  present = true\n}}"),
            );
            let after = mended(&rule, name, text);
            let read = language.parse(&after).unwrap();
            let now = read.first().map(said).unwrap_or_default();
            // What is null is not there.
            let is_left = after == text && !is_left_alone(&rule, name, text);
            assert!(is_left || now == said(&without), "{path} of {name}:\n{text}\n=>\n{after}");
        }
    }
}

#[test]
fn a_fix_that_only_changes_what_is_said_is_none() {
    let growing = "let \"name\" { path = \"name\" }\nforbid \"a\" {\n  path    = \"name\"\n  present = true\n  fix { replace = \"ab{name}\" }\n}";
    let list = "let \"list\" { path = \"list\" }\nforbid \"a\" {\n  path           = \"list\"\n  items_at_least = 1\n  fix {\n    append = { list = \"c\" }\n  }\n}";
    let wrapped = growing.replace("ab{name}", "f({name})");
    let said = |body: &str, name: &str| {
        resource_rule(body).replace("\"m\"", &format!("\"is {{{name}}}\""))
    };
    for (rule, text) in [
        (said(growing, "name"), "resource \"x\" \"a\" {\n  name = \"b\"\n}\n"),
        (said(&wrapped, "name"), "resource \"x\" \"a\" {\n  name = \"b\"\n}\n"),
        (said(list, "list"), "resource \"x\" \"a\" {\n  list = [\"b\"]\n}\n"),
    ] {
        refused(&rule, "stacks/a/main.tf", text, "the rule would ask for the same once more");
    }
}
