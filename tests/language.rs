//! What the parts of the rule language mean, on small repos in memory.

#![expect(clippy::unwrap_used, reason = "a pack that does not load is a failed test")]

use tautline::analysis::{self, Input, Outcome, Request};
use tautline::checks;
use tautline::config::Settings;
use tautline::rule;
use tautline::syntax::Date;
use tautline::workspace::{Content, FileSet, LoadedFile};

/// What a rule with `body` (and the gathers in `gathers`) says about `files`: `line:column message`, and `?reason`.
fn run_with(gathers: &str, body: &str, files: &[(&str, &str)]) -> Vec<String> {
    let outcome = outcome(gathers, body, files);
    let mut lines: Vec<String> = Vec::new();
    for found in &outcome.report.diagnostics {
        let source = &outcome.sources[found.span.file.index()];
        let position = source.position(found.span.range.start);
        let text = source.slice(found.span.range);
        lines.push(format!("{} `{text}` {}", position.line, found.message));
    }
    lines.extend(outcome.report.unknown.iter().map(|site| format!("? {}", site.reason)));
    lines
}

/// A run of such a rule.
fn outcome(gathers: &str, body: &str, files: &[(&str, &str)]) -> Outcome {
    outcome_in(&Request::default(), gathers, body, files)
}

/// A run of such a rule, as `request` says.
fn outcome_in(request: &Request, gathers: &str, body: &str, files: &[(&str, &str)]) -> Outcome {
    let settings = Settings::parse("tautline.hcl", "packs {\n  t = true\n}\n").unwrap();
    let entry = format!("summary = \"x\"\nseverity = \"error\"\nfacts = \"repo\"\n{body}");
    let pack = format!("summary = \"tests\"\n{gathers}");
    let packs = [("t/pack.hcl", pack.as_str()), ("t/rule.hcl", entry.as_str())];
    let rules = rule::load(&packs, checks::ALL, &settings).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    let mut files: Vec<LoadedFile> = files
        .iter()
        .map(|(path, text)| LoadedFile {
            path: (*path).into(),
            content: Content::Text((*text).into()),
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let today = Date::new(2026, 1, 1).unwrap();
    let files = FileSet { files, ..FileSet::default() };
    let outcome = analysis::check(Input { files, settings, rules, today }, request).unwrap();
    assert_eq!(outcome.report.failures, []);
    outcome
}

fn run(body: &str, main: &str) -> Vec<String> {
    run_with("", body, &[("stacks/a/main.tf", main)])
}

const CASE: &str = "case \"a\" { message = \"{value}\" }\n";

#[test]
fn a_key_is_what_is_written_and_no_name_that_a_reader_gives() {
    let rule = |reads: &str, path: &str| {
        format!(
            "select \"file\" {{\n  files = [\"x.txt\"]\n  reads = \"{reads}\"\n}}
             each \"it\" {{ path = \"{path}\" }}
             forbid \"a\" {{
               text    = \"{{it_key}}\"
               matches = \".\"
             }}\ncase \"a\" {{ message = \"{{it_key}}\" }}\n"
        )
    };
    let keys = |reads, path, text| run_with("", &rule(reads, path), &[("x.txt", text)]);
    assert_eq!(keys("yaml", "[*]", "a: 1\n'b': c\n"), ["1 `1` a", "2 `c` b"]);
    assert_eq!(keys("systemd", "[*]", "[Unit]\nA=b\n"), ["1 `Unit]\nA=b` Unit"]);
    assert_eq!(keys("shell", "commands[0][*]", "a b\n"), [""; 0]);
}

#[test]
fn one_path_reads_typed_resources_and_manifests() {
    let rule = format!(
        "select \"object\" {{ kinds = [\"Deployment\"] }}
         each \"container\" {{ path = \"spec.template.spec.containers\" }}
         forbid \"a\" {{
           path   = \"container.imagePullPolicy\"
           equals = \"Never\"
         }}\n{CASE}"
    );
    let typed = "resource \"kubernetes_deployment_v1\" \"x\" {\n  spec {\n    template {\n      spec {\n        \
                 container {\n          image_pull_policy = \"Never\"\n        }\n        container {}\n      }\n    }\n  }\n}\n";
    assert_eq!(run(&rule, typed), ["6 `\"Never\"` Never"]);
    let manifest = "resource \"kubernetes_manifest\" \"x\" {\n  manifest = {\n    kind = \"Deployment\"\n    \
                    spec = { template = { spec = { containers = [{ imagePullPolicy = \"Never\" }] } } }\n  }\n}\n";
    assert_eq!(run(&rule, manifest), ["4 `\"Never\"` Never"]);
    let yaml = "resource \"kubectl_manifest\" \"x\" {\n  yaml_body = <<-EOT\n    kind: Deployment\n    spec:\n      \
                template:\n        spec:\n          containers:\n            - imagePullPolicy: Never\n  EOT\n}\n";
    assert_eq!(run(&rule, yaml), ["8 `Never` Never"]);
}

#[test]
fn either_arm_of_a_conditional_may_break_a_rule_and_what_is_unknown_is_not_judged() {
    let rule = format!(
        "select \"module\" {{ source = [\"**/factory\"] }}
         require \"a\" {{
           path   = \"auth\"
           one_of = [\"on\", \"public\"]
         }}\n{CASE}"
    );
    let call = |auth: &str| {
        format!(
            "variable \"x\" {{}}\nmodule \"m\" {{\n  source = \"./factory\"\n  auth   = {auth}\n}}\n"
        )
    };
    assert_eq!(run(&rule, &call("var.x ? \"on\" : \"off\"")), ["4 `\"off\"` off"]);
    assert_eq!(run(&rule, &call("\"public\"")), [""; 0]);
    let unknown = "? `var.x` has no default and nothing in the repo sets it";
    assert_eq!(run(&rule, &call("var.x")), [unknown]);
    // What is certain outweighs what is not: no text that begins like this is in the list.
    assert_eq!(run(&rule, &call("\"no-${var.x}\"")), ["4 `\"no-${var.x}\"` no-…"]);
}

#[test]
fn what_says_the_same_as_one_before_it_is_judged_on_its_own() {
    let rule = "select \"resource\" { types = [\"pod\"] }
         each \"port\" {
           path  = \"port\"
           again = \"number\"
         }
         forbid \"a\" {
           path    = \"port.number\"
           present = true
           related = { \"port_before.name\" = \"the first\" }
         }\ncase \"a\" { message = \"{port_index}\" }\n";
    let pod = |ports: &[(&str, &str)]| {
        let port = |(name, number): &(&str, &str)| {
            format!("  port {{\n    name = \"{name}\"\n    number = {number}\n  }}\n")
        };
        let ports: String = ports.iter().map(port).collect();
        format!("variable \"x\" {{}}\nresource \"pod\" \"p\" {{\n{ports}}}\n")
    };
    let said = |ports: &[(&str, &str)]| run(rule, &pod(ports));
    assert_eq!(said(&[("a", "1"), ("b", "2")]), [""; 0]);
    assert_eq!(
        said(&[("a", "1"), ("b", "2"), ("c", "\"1\""), ("d", "1")]),
        ["13 `\"1\"` 2", "17 `1` 3"],
        "as text: a number is written in two ways"
    );
    assert_eq!(said(&[("a", "var.x"), ("b", "var.x"), ("c", "null")]), [""; 0], "nobody knows");
    let files = [("stacks/a/main.tf", pod(&[("a", "1"), ("b", "1")]))];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, &**text)).collect();
    let outcome = outcome("", rule, &files);
    let related = &outcome.report.diagnostics[0].related[0];
    assert_eq!(outcome.sources[0].slice(related.span.range), "\"a\"");
}

#[test]
fn a_key_that_its_object_has_had_already_is_judged_on_its_own() {
    let rule = |select: &str, path: &str| {
        format!(
            "{select}
             each \"entry\" {{
               {path}
               twice = true
             }}
             forbid \"a\" {{
               path      = \"entry\"
               present   = true
               underline = \"key\"
               related   = {{ \"entry_before\" = \"the first\" }}
             }}\ncase \"a\" {{ message = \"{{entry_key}}\" }}\n"
        )
    };
    let of_file = rule("select \"file\" { files = [\"x.yaml\"] }", "");
    let yaml = |text| run_with("", &of_file, &[("x.yaml", text)]);
    assert_eq!(yaml("a: 1\nb: {c: 1, d: 2, c: 3}\n'a': 2\n"), ["2 `c` c", "3 `a` a"]);
    assert_eq!(yaml("- a: 1\n- a: 1\n---\na: 1\n"), [""; 0]);
    assert_eq!(
        yaml("x: &x\n  a: 1\ny:\n  <<: *x\n  <<: *x\n  a: 2\nt: |\n  a: 1\n  a: 2\n"),
        [""; 0]
    );
    let outcome = outcome("", &of_file, &[("x.yaml", "a: 1\na: 2\n")]);
    let related = &outcome.report.diagnostics[0].related[0];
    assert_eq!(outcome.sources[0].slice(related.span.range), "1");

    let of_values = rule("select \"resource\" { types = [\"r\"] }", "path = \"values[*]\"");
    let values = |values: &str| {
        run(&of_values, &format!("resource \"r\" \"r\" {{\n  values = [{values}]\n}}\n"))
    };
    assert_eq!(values("\"{a: {b: 1, b: 2}}\""), ["2 `b` b"]);
    assert_eq!(values("yamlencode({ a = 1, b = 2, a = 3 })"), ["2 `a` a"]);
    assert_eq!(values("\"a: 1\", \"a: 2\", yamlencode(merge({ a = 1 }, { a = 2 }))"), [""; 0]);
}

#[test]
fn what_a_chart_is_given_as_an_object_is_one() {
    let rule = |carriers: &str| {
        format!(
            "select \"object\" {{
               kinds = [\"Pod\"]
               {carriers}
             }}
             forbid \"a\" {{
               path    = \"metadata.name\"
               present = true
             }}\ncase \"a\" {{ message = \"{{value}} in {{kind}} of {{address}}\" }}\n"
        )
    };
    let pod = |name: &str| {
        format!("{{ apiVersion = \"v1\", kind = \"Pod\", metadata = {{ name = \"{name}\" }} }}")
    };
    let main = format!(
        "resource \"helm_release\" \"r\" {{\n  values = [yamlencode({{\n    extraObjects = [\n      {},\n      {},\n      \
         \"{{apiVersion: v1, kind: Pod, metadata: {{name: c}}}}\",\n    ]\n    pods = [{}]\n  }})]\n}}\n",
        pod("a"),
        pod("{{ .Release.Name }}"),
        pod("b")
    );
    let found = ["4 `\"a\"` a in Pod of helm_release.r", "6 `c` c in Pod of helm_release.r"];
    assert_eq!(run(&rule(""), &main), found);
    assert_eq!(run(&rule("carriers = [\"chart\"]"), &main), found);
    assert_eq!(run(&rule("carriers = [\"resource\", \"manifest\"]"), &main), [""; 0]);
}

#[test]
fn a_rule_may_say_where_its_question_cannot_be_answered() {
    let rule = format!(
        "select \"module\" {{ source = [\"**/factory\"] }}
         unknown {{
           because = \"`{{name}}` is `{{asked}}` about it\"
           path    = \"kind\"
           equals  = \"foreign\"
         }}
         require \"a\" {{
           path   = \"auth\"
           equals = \"on\"
         }}\n{CASE}"
    )
    .replace("unknown {", "let \"asked\" { path = \"auth\" }\nunknown {");
    let call = |kind: &str, auth: &str| {
        format!(
            "variable \"x\" {{}}\nmodule \"m\" {{\n  source = \"./factory\"\n  kind   = {kind}\n  auth   = {auth}\n}}\n"
        )
    };
    let off = "\"off\"";
    assert_eq!(run(&rule, &call("\"own\"", off)), ["5 `\"off\"` off"]);
    assert_eq!(run(&rule, &call("\"foreign\"", off)), ["? `m` is `off` about it"]);
    let either = "var.x ? \"own\" : \"foreign\"";
    assert_eq!(run(&rule, &call(either, off)), ["? `m` is `off` about it"], "it may hold");
    let open = "? `var.x` has no default and nothing in the repo sets it";
    assert_eq!(run(&rule, &call("var.x", off)), [open], "its own reason is told");
    assert_eq!(run(&rule, &call("\"foreign\"", "var.x")), ["? `m` is `…` about it"]);
}

#[test]
fn a_module_call_has_the_defaults_and_locals_of_the_module() {
    let factory = "variable \"auth\" { default = \"off\" }\nvariable \"name\" {}\n\
                   locals { host = \"${var.name}.example\" }\n";
    let main = "module \"m\" {\n  source = \"./factory\"\n  name   = \"blog\"\n}\n";
    let files = [("stacks/a/main.tf", main), ("stacks/a/factory/main.tf", factory)];
    let rule = |test: &str| {
        format!(
            "select \"module\" {{ source = [\"**/factory\"] }}\nlet \"host\" {{ path = \"callee.host\" }}\n\
             forbid \"a\" {{\n{test}\n}}\ncase \"a\" {{ message = \"{{host}}\" }}\n"
        )
    };
    let effective = rule("path = \"auth\"\n equals = \"off\"");
    assert_eq!(run_with("", &effective, &files), ["1 `module \"m\"` blog.example"]);
    assert_eq!(run_with("", &rule("path = \"auth\"\n present = true"), &files), [""; 0]);
}

#[test]
fn a_value_from_elsewhere_is_reported_at_its_use() {
    let rule = format!(
        "select \"resource\" {{ types = [\"x\"] }}\nforbid \"a\" {{\n  path = \"size\"\n  above = \"1Gi\"\n  \
         as = \"quantity\"\n}}\n{CASE}"
    );
    let main = "locals {\n  big = \"2Gi\"\n}\nresource \"x\" \"y\" {\n  size = local.big\n}\n";
    assert_eq!(run(&rule, main), ["5 `local.big` 2Gi"]);
}

#[test]
fn an_element_is_reported_where_the_list_names_it() {
    let rule = |test: &str| {
        format!("select \"resource\" {{ types = [\"x\"] }}\nforbid \"a\" {{\n  {test}\n}}\n{CASE}")
    };
    let main = |list: &str| {
        format!(
            "locals {{\n  a = \"a\"\n  b = \"b\"\n}}\nresource \"x\" \"y\" {{\n  list = {list}\n}}\n"
        )
    };
    let list = main("[\"c\", local.b, (local.a), local.a]");
    let elements = rule("path = \"list[*]\"\n  equals = \"a\"");
    assert_eq!(run(&elements, &list), ["6 `(local.a)` a", "6 `local.a` a"]);
    assert_eq!(run(&rule("path = \"list[1]\"\n  equals = \"b\""), &list), ["6 `local.b` b"]);
    let contains = rule("path = \"list\"\n  contains = \"b\"");
    assert_eq!(run(&contains, &list), ["6 `local.b` b"]);
    // What is asked of an expression is asked of the element's own.
    let refers = rule("path = \"list[*]\"\n  refers_to = [\"local.b\"]");
    assert_eq!(run(&refers, &list), ["6 `local.b` b"]);
    let inside = main("jsonencode({ list = [local.b, local.a] })");
    let encoded = rule("path = \"list.list[*]\"\n  equals = \"a\"");
    assert_eq!(run(&encoded, &inside), ["6 `local.a` a"]);
    // A set is in another order than it is written in.
    let set = main("toset([local.b, local.a])");
    assert_eq!(run(&elements, &set), ["6 `toset([local.b, local.a])` a"]);
}

#[test]
fn comments_stand_beside_what_other_languages_say_too() {
    let rule = |on: &str| {
        format!(
            "select \"file\" {{ files = [\"*.yaml\"] }}\neach \"step\" {{ path = \"steps\" }}\nrequire \"a\" {{\n  comment {{\n    \
             path = \"step.uses\"\n    on = [\"{on}\"]\n    matches = \"^v\\\\d\"\n  }}\n}}\n\
             case \"a\" {{ message = \"{{value}}\" }}\n"
        )
    };
    let steps = "steps:\n  - uses: a # v1\n  - uses: \"b\" # v2\n    with: {}\n  # v3\n  - uses: c\n  - uses: d #v\n  - uses: e\n\
                 \x20   # v4\n    with: {}\n";
    let run = |on: &str| run_with("", &rule(on), &[("x.yaml", steps)]);
    assert_eq!(run("trailing"), ["6 `c` c", "7 `d` d", "8 `e` e"]);
    assert_eq!(run("above"), ["2 `a` a", "3 `b` b", "7 `d` d", "8 `e` e"]);
    let whole = "select \"file\" { files = [\"*.yaml\"] }\neach \"service\" { path = \"services[*]\" }\nrequire \"a\" {\n  comment {\n    \
                 path = \"service\"\n  }\n  underline = \"key\"\n}\ncase \"a\" { message = \"{service_key}\" }\n";
    let services =
        "services:\n  # why\n  a:\n    x: 1\n  b: # why\n    x: 1\n  c:\n    # inside\n    x: 1\n";
    assert_eq!(run_with("", whole, &[("x.yaml", services)]), ["7 `c` c"]);
}

#[test]
fn a_key_is_told_wherever_it_is_written() {
    let rule = "select \"resource\" { types = [\"x\"] }\neach \"tag\" { path = \"tags[*]\" }\nforbid \"a\" {\n  text = \"{tag_key}\"\n  \
                matches = \"^[a-z]\"\n}\ncase \"a\" { message = \"{tag_key} {tag_index}\" }\n";
    let main = "locals {\n  common = { owner = \"x\", Env = \"y\" }\n}\nresource \"x\" \"y\" {\n  tags = merge(local.common, { \"cost.center\" = \"z\" })\n}\n\
                resource \"x\" \"z\" {\n  tags = { for k, v in local.common : lower(k) => v }\n}\n";
    assert_eq!(
        run(rule, main),
        [
            "5 `merge(local.common, { \"cost.center\" = \"z\" })` owner 2",
            "5 `\"z\"` cost.center 1",
            "8 `{ for k, v in local.common : lower(k) => v }` env 0",
            "8 `{ for k, v in local.common : lower(k) => v }` owner 1",
        ]
    );
}

#[test]
fn what_is_left_out_is_looked_at_where_a_rule_says_so() {
    let rule = |left_out: bool| {
        format!(
            "select \"block\" {{\n  type = \"resource\"\n  labels = [\"x\"]\n  left_out = {left_out}\n}}\nforbid \"a\" {{ present = true }}\n\
             case \"a\" {{ message = \"{{address}} {{stack}}\" }}\n"
        )
    };
    let main = "resource \"x\" \"a\" {\n  count = 0\n}\nresource \"x\" \"b\" {\n  for_each = {}\n  a = each.key\n}\nresource \"x\" \"c\" {\n  count = 2\n}\n";
    let header = |line: u32, name: &str| format!("{line} `resource \"x\" \"{name}\"` x.{name} a");
    assert_eq!(run(&rule(true), main), [header(1, "a"), header(4, "b"), header(8, "c")]);
    assert_eq!(run(&rule(false), main), [header(8, "c")]);
    // It is declared, and so may be moved to.
    let gather = "gather \"declared\" {\n  select \"block\" {\n    type = \"resource\"\n    left_out = true\n  }\n}\n";
    let moved = "select \"block\" { type = \"moved\" }\nlet \"to\" {\n  path = \"to\"\n  address = true\n}\nrequire \"a\" {\n  exists {\n    \
                 in = \"declared\"\n    match = { address = \"{to}\", module = \"{module}\" }\n  }\n}\ncase \"a\" { message = \"{to}\" }\n";
    let moves = format!("{main}moved {{\n  to = x.a\n}}\nmoved {{\n  to = x.q[0]\n}}\n");
    assert_eq!(run_with(gather, moved, &[("stacks/a/main.tf", &moves)]), ["14 `moved` x.q"]);
}

#[test]
fn a_text_that_is_no_yaml_has_no_parts() {
    let rule = format!(
        "select \"block\" {{ type = \"terraform\" }}\neach \"p\" {{ path = \"required_providers[*][*]\" }}\nrequire \"a\" {{\n  \
         path = \"p.source\"\n}}\n{CASE}"
    );
    let main =
        "terraform {\n  required_providers {\n    a = \">= 1.0\"\n    b = \"~> 1.0\"\n  }\n}\n";
    assert_eq!(run(&rule, main), ["3 `\">= 1.0\"` ", "4 `\"~> 1.0\"` "]);
}

#[test]
fn a_column_contains_elements_keys_and_parts() {
    let gather = "gather \"g\" {\n  select \"resource\" { types = [\"g\"] }\n  let \"it\" { path = \"it\" }\n}\n";
    let rule = "select \"resource\" { types = [\"x\"] }\nforbid \"a\" {\n  exists {\n    in = \"g\"\n    contains = { it = \"ab\" }\n  }\n}\n\
                case \"a\" { message = \"m\" }\n";
    let run = |it: &str| {
        let main = format!("resource \"g\" \"g\" {{\n  it = {it}\n}}\nresource \"x\" \"y\" {{}}\n");
        run_with(gather, rule, &[("stacks/a/main.tf", &main)])
    };
    for it in ["\"xaby\"", "[\"c\", \"ab\"]", "{ ab = 1 }", "[\"ab\", var.a]"] {
        assert_eq!(run(it), ["4 `resource \"x\" \"y\"` m"], "{it}");
    }
    for it in ["\"xay\"", "[\"xaby\"]", "{ xaby = \"ab\" }", "[]"] {
        assert_eq!(run(it), [""; 0], "{it}");
    }
    assert_eq!(run("[var.a]"), ["? `var.a` is not declared"]);
    assert_eq!(run("merge(var.a, {})"), ["? `var.a` is not declared"]);
}

#[test]
fn a_name_that_stands_alone_is_referred_to() {
    let rule = "select \"block\" { type = \"variable\" }\nforbid \"a\" {\n  path = \"type\"\n  refers_to = [\"any\"]\n}\n\
                case \"a\" { message = \"m\" }\n";
    let main = "variable \"a\" {\n  type = any\n}\nvariable \"b\" {\n  type = object({ x = optional(map(any)) })\n}\n\
                variable \"c\" {\n  type = object({ any = string })\n}\nvariable \"d\" {\n  type = any.x\n}\n";
    assert_eq!(run(rule, main), ["2 `any` m", "5 `object({ x = optional(map(any)) })` m"]);
}

#[test]
fn the_length_of_a_text_is_compared_with_a_number() {
    let rule = format!(
        "select \"resource\" {{ types = [\"x\"] }}\nforbid \"a\" {{\n  path = \"name\"\n  above = 10\n  \
         as = \"length\"\n}}\n{CASE}"
    );
    let main = |name: &str| format!("resource \"x\" \"y\" {{\n  name = \"{name}\"\n}}\n");
    assert_eq!(run(&rule, &main("0123456789")), [""; 0]);
    assert_eq!(run(&rule, &main("0123456789é")), ["2 `\"0123456789é\"` 0123456789é"]);
}

#[test]
fn resources_are_joined_by_what_they_refer_to() {
    let gathers = "gather \"blocks\" {\n  select \"resource\" { types = [\"bucket_block\"] }\n  let \"of\" {\n    \
                   path    = \"bucket\"\n    address = true\n  }\n}\n";
    let rule = "select \"resource\" { types = [\"bucket\"] }\nrequire \"a\" {\n  exists {\n    in    = \"blocks\"\n    \
                match = { of = \"{address}\", stack = \"{stack}\" }\n  }\n}\ncase \"a\" { message = \"{address}\" }\n";
    let main = "resource \"bucket\" \"logs\" {}\nresource \"bucket\" \"raw\" {}\n\
                resource \"bucket\" \"media\" {}\n\
                resource \"bucket_block\" \"a\" {\n  bucket = bucket.logs.id\n}\n\
                resource \"bucket_block\" \"b\" {\n  bucket = \"x-${bucket.media.name}\"\n}\n";
    let files = [("stacks/a/main.tf", main)];
    assert_eq!(run_with(gathers, rule, &files), ["2 `resource \"bucket\" \"raw\"` bucket.raw"]);
}

#[test]
fn the_groups_of_a_regex_that_a_param_brings_are_columns() {
    let gathers = "params {\n  version = \"v(?P<major>[0-9]+)\"\n}\n\
                   gather \"pins\" {\n  select \"text\" {\n    words   = [\"pin: \"]\n    \
                   matches = \"pin: (?P<at>${param.version})\"\n  }\n}\n";
    let rule = "select \"row\" { of = \"pins\" }\nforbid \"a\" {\n  path   = \"major\"\n  equals = \"1\"\n}\n\
                case \"a\" { message = \"{major}\" }\n";
    let files = [("stacks/a/main.tf", "locals {\n  a = \"pin: v1\"\n  b = \"pin: v2\"\n}\n")];
    assert_eq!(run_with(gathers, rule, &files), ["2 `v1` 1"]);
}

#[test]
fn what_stands_in_a_block_of_a_row_is_not_known() {
    let gathers = "gather \"pods\" {\n  select \"resource\" { types = [\"pod\"] }\n  \
                   let \"spec\" { path = \"spec\" }\n}\n";
    let rule = |path: &str, question: &str| {
        format!(
            "select \"row\" {{ of = \"pods\" }}\nforbid \"a\" {{\n  path = \"{path}\"\n  {question}\n}}\n\
             case \"a\" {{ message = \"is\" }}\n"
        )
    };
    let files =
        [("stacks/a/main.tf", "resource \"pod\" \"x\" {\n  spec {\n    host = true\n  }\n}\n")];
    let run = |path: &str, question: &str| run_with(gathers, &rule(path, question), &files);
    let unknown = ["? a row keeps nothing of what stands in a block: ask in the gather"];
    assert_eq!(run("spec.host", "equals = true"), unknown);
    assert_eq!(run("spec.host", "present = true"), unknown);
    assert_eq!(run("spec", "present = true"), ["2 `spec` is"]);
}

#[test]
fn a_list_of_objects_is_judged_as_repeated_blocks_are() {
    let rule = "select \"object\" { kinds = [\"Deployment\"] }
         each \"container\" { path = \"spec.template.spec.containers\" }
         require \"a\" {
           path    = \"container.image\"
           matches = \"^ok\"
         }
         case \"a\" { message = \"{container_index}\" }\n";
    let of = |list: &str| {
        format!(
            "resource \"kubernetes_manifest\" \"x\" {{\n  manifest = {{\n    kind = \"Deployment\"\n    \
             spec = {{ template = {{ spec = {{ containers = {list} }} }} }}\n  }}\n}}\n"
        )
    };
    let two = "[{ image = \"ok/a\" }, { image = \"bad/b\" }]";
    assert_eq!(run(rule, &of(two)), ["4 `\"bad/b\"` 1"]);
    // Each of them must say it, not one of them.
    let missing = "[{ image = \"ok/a\" }, { name = \"b\" }]";
    assert_eq!(run(rule, &of(missing)), ["4 `{ name = \"b\" }` 1"]);
    let yaml = "resource \"kubectl_manifest\" \"x\" {\n  yaml_body = <<-EOT\n    kind: Deployment\n    spec:\n      \
                template:\n        spec:\n          containers:\n            - image: ok/a\n            - image: bad\n  EOT\n}\n";
    assert_eq!(run(rule, yaml), ["9 `bad` 1"]);
    // Of nothing there is none.
    assert_eq!(run(rule, &of("[]")), [""; 0]);
    // What asks for the list has it.
    let whole = rule
        .replace("each \"container\"", "let \"container\"")
        .replace("container.image", "container[0].image");
    let whole = whole.replace("{container_index}", "list");
    assert_eq!(run(&whole, &of(two)), [""; 0]);
}

#[test]
fn every_place_that_decides_is_reported() {
    let main = r#"resource "t" "x" {
  list = ["a", "b", "bad", "worse"]
  part {
    odd = true
  }
  part {}
  part {
    odd = true
  }
}
"#;
    let rule =
        |question: &str| format!("select \"resource\" {{ types = [\"t\"] }}\n{question}\n{CASE}");
    let bad = "path = \"list[*]\"\nmatches = \"^.{3,}$\"";
    let reported = run(&rule(&format!("forbid \"a\" {{\n{bad}\n}}")), main);
    assert_eq!(reported, ["2 `\"bad\"` bad", "2 `\"worse\"` worse"]);
    let good = "path = \"list[*]\"\nmatches = \"^.$\"";
    let reported = run(&rule(&format!("require \"a\" {{\n{good}\nevery = true\n}}")), main);
    assert_eq!(reported, ["2 `\"bad\"` bad", "2 `\"worse\"` worse"]);
    // One of them would be enough, so it is the list that is wrong, once.
    let none = "path = \"list[*]\"\nequals = \"c\"";
    assert_eq!(run(&rule(&format!("require \"a\" {{\n{none}\n}}")), main).len(), 1);
    let odd = "forbid \"a\" {\npath = \"part[*].odd\"\npresent = true\nunderline = \"key\"\n}";
    assert_eq!(run(&rule(odd), main), ["4 `odd` true", "8 `odd` true"]);
}

#[test]
fn what_is_compared_with_several_places_may_be_any_of_them() {
    let rule = format!(
        "select \"resource\" {{ types = [\"x\"] }}\nrequire \"a\" {{\n  path = \"uses\"\n  \
         one_of = {{ path = \"stage[*].name\" }}\n}}\n{CASE}"
    );
    let main = |uses: &str| {
        format!(
            "resource \"x\" \"y\" {{\n  uses = \"{uses}\"\n  stage {{\n    name = \"one\"\n  }}\n  \
             stage {{\n    name = \"two\"\n  }}\n}}\n"
        )
    };
    assert_eq!(run(&rule, &main("two")), [""; 0]);
    assert_eq!(run(&rule, &main("three")), ["2 `\"three\"` three"]);
}

#[test]
fn amounts_are_equal_however_they_are_written() {
    let rule = format!(
        "select \"resource\" {{ types = [\"x\"] }}\nrequire \"a\" {{\n  path = \"size\"\n  \
         equals = \"1Gi\"\n  as = \"quantity\"\n}}\n{CASE}"
    );
    let main = |size: &str| format!("resource \"x\" \"y\" {{\n  size = \"{size}\"\n}}\n");
    assert_eq!(run(&rule, &main("1024Mi")), [""; 0]);
    assert_eq!(run(&rule, &main("1Mi")), ["2 `\"1Mi\"` 1Mi"]);
    assert_eq!(run(&rule, &main("big")), ["? it cannot be read as an amount"]);
    let several = rule.replace("equals = \"1Gi\"", "one_of = [\"1Gi\", \"2Gi\"]");
    assert_eq!(run(&several, &main("2048Mi")), [""; 0]);
}

#[test]
fn another_instance_of_the_same_block_is_another_row() {
    let gathers = "gather \"taken\" {\n  select \"resource\" { types = [\"address\"] }\n  let \"ip\" { path = \"ip\" }\n}\n";
    let rule = "select \"resource\" { types = [\"address\"] }\nlet \"ip\" { path = \"ip\" }\n\
                forbid \"a\" {\n  at = \"ip\"\n  exists {\n    in    = \"taken\"\n    match = { ip = \"{ip}\" }\n    \
                other = true\n  }\n}\ncase \"a\" { message = \"{ip}\" }\n";
    let main = |repeated: &str, ip: &str| {
        let text = format!("resource \"address\" \"x\" {{\n  {repeated}\n  ip = {ip}\n}}\n");
        run_with(gathers, rule, &[("stacks/a/main.tf", &text)])
    };
    let both = "for_each = { a = \"10.0.0.1\", b = \"10.0.0.1\" }";
    assert_eq!(main(both, "each.value"), ["3 `each.value` 10.0.0.1"]);
    let different = "for_each = { a = \"10.0.0.1\", b = \"10.0.0.2\" }";
    assert_eq!(main(different, "each.value"), [""; 0]);
    assert_eq!(main("count = 2", "\"10.0.0.1\""), ["3 `\"10.0.0.1\"` 10.0.0.1"]);
    assert_eq!(main("count = 1", "\"10.0.0.1\""), [""; 0]);
    assert_eq!(main("", "\"10.0.0.1\""), [""; 0]);
}

#[test]
fn what_a_call_of_a_module_multiplies_is_another_row_too() {
    let gathers = |select: &str| {
        format!("gather \"taken\" {{\n  select {select}\n  let \"ip\" {{ path = \"ip\" }}\n}}\n")
    };
    let rule = |select: &str| {
        format!(
            "select {select}\nlet \"ip\" {{ path = \"ip\" }}\nforbid \"a\" {{\n  at = \"ip\"\n  exists {{\n    \
             in    = \"taken\"\n    match = {{ ip = \"{{ip}}\" }}\n    other = true\n  }}\n}}\n\
             case \"a\" {{ message = \"{{ip}}\" }}\n"
        )
    };
    let inner = "variable \"ip\" {}\nlocals {\n  ip = var.ip\n}\nresource \"address\" \"x\" {\n  ip = local.ip\n}\n";
    let outer =
        "variable \"ip\" {}\nmodule \"inner\" {\n  source = \"../inner\"\n  ip = var.ip\n}\n";
    let main = |select: &str, repeated: &str, ip: &str| {
        let main = format!(
            "variable \"n\" {{}}\nmodule \"m\" {{\n  source = \"../../modules/outer\"\n  {repeated}\n  ip = {ip}\n}}\n"
        );
        let files = [
            ("modules/inner/main.tf", inner),
            ("modules/outer/main.tf", outer),
            ("stacks/a/main.tf", &main),
        ];
        run_with(&gathers(select), &rule(select), &files)
    };
    let resource = "\"resource\" { types = [\"address\"] }";
    let call = "\"module\" { source = [\"**/outer\"] }";
    let both = "for_each = { a = \"10.0.0.1\", b = \"10.0.0.1\" }";
    assert_eq!(main(resource, both, "each.value"), ["6 `local.ip` 10.0.0.1"]);
    assert_eq!(main(call, both, "each.value"), ["5 `each.value` 10.0.0.1"]);
    // Of three that say two things, two say the same.
    let three = "for_each = { a = \"10.0.0.1\", b = \"10.0.0.2\", c = \"10.0.0.2\" }";
    assert_eq!(main(resource, three, "each.value"), ["6 `local.ip` 10.0.0.2"]);
    let different = "for_each = { a = \"10.0.0.1\", b = \"10.0.0.2\" }";
    for select in [resource, call] {
        assert_eq!(main(select, different, "each.value"), [""; 0]);
        assert_eq!(main(select, "count = 1", "\"10.0.0.1\""), [""; 0]);
        assert_eq!(main(select, "count = 0", "\"10.0.0.1\""), [""; 0]);
        assert_eq!(main(select, "", "\"10.0.0.1\""), [""; 0]);
        assert_eq!(main(select, "count = 2", "\"10.0.0.1\"").len(), 1);
        let unknown = main(select, "count = var.n", "\"10.0.0.1\"");
        assert!(matches!(unknown.as_slice(), [it] if it.starts_with("? `var.n`")), "{unknown:?}");
    }
}

#[test]
fn objects_and_rows_of_rows_know_which_instance_they_are_of() {
    let gathers = "gather \"taken\" {\n  select \"object\" { kinds = [\"ConfigMap\"] }\n  let \"named\" { path = \"metadata.name\" }\n}\n";
    let rule = "select \"row\" { of = \"taken\" }\nforbid \"a\" {\n  exists {\n    in    = \"taken\"\n    \
                match = { named = \"{named}\" }\n    other = true\n  }\n}\ncase \"a\" { message = \"{named}\" }\n";
    let manifest = |repeated: &str, name: &str| {
        let text = format!(
            "resource \"kubernetes_manifest\" \"x\" {{\n  {repeated}\n  manifest = {{\n    kind = \"ConfigMap\"\n    \
             metadata = {{ name = {name} }}\n  }}\n}}\n"
        );
        run_with(gathers, rule, &[("stacks/a/main.tf", &text)]).len()
    };
    assert_eq!(manifest("count = 2", "\"x\""), 1);
    assert_eq!(manifest("count = 2", "\"x${count.index}\""), 0);
    assert_eq!(manifest("count = 1", "\"x\""), 0);
}

#[test]
fn a_check_is_asked_where_its_conditions_on_the_repo_hold() {
    let gathers = "gather \"modes\" {\n  select \"resource\" { types = [\"mode\"] }\n  let \"said\" { path = \"said\" }\n}\n";
    let rule = "where {\n  exists {\n    in    = \"modes\"\n    match = { said = \"strict\" }\n  }\n}\n\
                check \"unused_local\" {}\ncase \"unused\" { message = \"{name}\" }\n";
    let run = |mode: &str| {
        let main = format!(
            "locals {{\n  a = 1\n}}\nvariable \"x\" {{}}\nresource \"mode\" \"m\" {{\n  said = {mode}\n}}\n"
        );
        run_with(gathers, rule, &[("stacks/a/main.tf", &main)])
    };
    assert_eq!(run("\"strict\""), ["2 `a` a"]);
    assert_eq!(run("\"lax\""), [""; 0]);
    assert_eq!(run("var.x"), ["? `var.x` has no default and nothing in the repo sets it"]);
}

#[test]
fn a_list_of_one_is_not_its_element() {
    let run = |test: &str, own: &str, other: &str| {
        let rule = format!(
            "select \"resource\" {{ types = [\"x\"] }}\nlet \"named\" {{ path = \"other\" }}\nforbid \"a\" {{\n  {test}\n}}\n\
             case \"a\" {{ message = \"{{value}}\" }}\n"
        );
        let main = format!("resource \"x\" \"y\" {{\n  own = {own}\n  other = {other}\n}}\n");
        run(&rule, &main).len() == 1
    };
    let whole = "path = \"own\"\n  equals = { path = \"other\" }";
    for test in [whole, "path = \"own\"\n  equals = \"{named}\""] {
        assert!(run(test, "\"a\"", "\"a\""));
        assert!(run(test, "[\"a\", 1]", "[\"a\", \"1\"]"));
        for (own, other) in [
            ("\"a\"", "[\"a\"]"),
            ("[\"a\"]", "\"a\""),
            ("[\"a\", \"b\"]", "[\"a, b\"]"),
            ("\"a, b\"", "[\"a\", \"b\"]"),
            ("[\"a\"]", "[\"a\", \"b\"]"),
        ] {
            assert!(!run(test, own, other), "{own} {other}");
        }
    }
    let literal = "path = \"own\"\n  one_of = [\"a\", \"b\"]";
    assert!(run(literal, "\"a\"", "1") && !run(literal, "[\"a\"]", "1"));
    let element = "path = \"own\"\n  one_of = { path = \"other[*]\" }";
    assert!(run(element, "\"a\"", "[\"a\", \"b\"]") && !run(element, "\"c\"", "[\"a\", \"b\"]"));
    let each = "path = \"own[*]\"\n  equals = { path = \"other\" }";
    assert!(run(each, "[\"a\", \"b\"]", "\"b\""));
    for test in ["matches = \"a\"", "like = \"a*\"", "is_a = \"number\"", "at_least = 1"] {
        let test = format!("path = \"own\"\n  {test}");
        assert!(run(&test, "\"a\"", "1") || run(&test, "1", "1"), "{test}");
        assert!(!run(&test, "[\"a\"]", "1") && !run(&test, "[1]", "1"), "{test}");
    }
}

#[test]
fn each_row_that_matches_is_judged_on_its_own() {
    let gathers = "gather \"made\" {\n  select \"resource\" { types = [\"user\"] }\n  let \"named\" { path = \"name\" }\n  \
                   let \"of\" { path = \"of\" }\n}\n";
    let rule = "select \"resource\" { types = [\"list\"] }\nlet \"text\" { path = \"text\" }\neach \"missing\" {\n  in = \"made\"\n  \
                match = { of = \"{name}\" }\n  missing_from = { named = \"{text}\" }\n  column = \"named\"\n}\n\
                forbid \"a\" {\n  text = \"{missing}\"\n  present = true\n  at = \"text\"\n}\n\
                case \"a\" { message = \"{missing}\" }\n";
    let user = |name: &str, of: &str| {
        format!("resource \"user\" {name} {{\n  name = {name}\n  of = {of}\n}}\n")
    };
    let users = user("\"ann\"", "\"a\"") + &user("\"bob\"", "\"a\"") + &user("\"cid\"", "\"b\"");
    let main = format!("resource \"list\" \"a\" {{\n  text = \"x, y\"\n}}\n{users}");
    let said = ["2 `\"x, y\"` ann", "2 `\"x, y\"` bob"];
    assert_eq!(run_with(gathers, rule, &[("stacks/a/main.tf", &main)]), said);
    let all = main.replace("x, y", "ann, bob");
    assert_eq!(run_with(gathers, rule, &[("stacks/a/main.tf", &all)]), [""; 0]);
    // Of a row that does not know its name nobody can say that the list lacks it.
    let unknown = main.replace("name = \"bob\"", "name = var.x") + "variable \"x\" {}\n";
    let lines = run_with(gathers, rule, &[("stacks/a/main.tf", &unknown)]);
    assert_eq!((lines.len(), &*lines[0]), (2, said[0]));
    assert!(lines[1].starts_with("? `var.x` "), "{lines:?}");
}

#[test]
fn an_address_is_followed_through_names() {
    let gathers = "gather \"blocks\" {\n  select \"resource\" { types = [\"bucket_block\"] }\n  let \"of\" {\n    \
                   path    = \"bucket\"\n    address = true\n  }\n}\n";
    let rule = "select \"resource\" { types = [\"bucket\"] }\nrequire \"a\" {\n  exists {\n    in    = \"blocks\"\n    \
                match = { of = \"{address}\" }\n  }\n}\ncase \"a\" { message = \"{address}\" }\n";
    let judged = |block: &str| {
        let main = format!(
            "variable \"x\" {{}}\nlocals {{\n  log = bucket.a.id\n  both = {{ a = bucket.a.id, b = bucket.b.id }}\n  big = false\n  either = local.big ? bucket.b.id : bucket.a.id\n}}\n\
             resource \"bucket\" \"a\" {{}}\nresource \"bucket\" \"b\" {{}}\n\
             resource \"bucket_block\" \"x\" {{\n{block}\n}}\n"
        );
        run_with(gathers, rule, &[("stacks/a/main.tf", &main)])
    };
    let only_b = ["9 `resource \"bucket\" \"b\"` bucket.b"];
    assert_eq!(judged("bucket = local.log"), only_b);
    assert_eq!(judged("bucket = local.both.a"), only_b);
    assert_eq!(judged("for_each = toset([bucket.a.id])\nbucket = each.value"), only_b);
    assert_eq!(judged("bucket = var.x ? bucket.a.id : bucket.b.id"), [""; 0]);
    assert_eq!(judged("bucket = true ? bucket.a.id : bucket.b.id"), only_b);
    assert_eq!(
        judged("bucket = local.big ? bucket.b.id : (local.big ? bucket.b.id : bucket.a.id)"),
        only_b
    );
    let each =
        "for_each = { x = 1, y = 2 }\nbucket = each.key == \"z\" ? bucket.b.id : bucket.a.id";
    assert_eq!(judged(each), only_b);
    assert_eq!(judged("bucket = local.either"), only_b);
    assert_eq!(judged("bucket = local.both[\"a\"]"), only_b);
    assert_eq!(judged("for_each = local.both\nbucket = each.value"), [""; 0]);
    let outside = "? `var.x` does not say what it refers to";
    assert_eq!(judged("bucket = var.x"), [outside; 2]);
}

#[test]
fn a_block_refers_to_and_calls_what_an_expression_in_it_does() {
    let rule = |test: &str| {
        format!(
            "select \"block\" {{ type = \"locals\" }}\nforbid \"a\" {{\n  {test}\n}}\ncase \"a\" {{ message = \"told\" }}\n"
        )
    };
    let (refers, calls) = (rule("refers_to = [\"data.vault.*\"]"), rule("calls = [\"file\"]"));
    let vault = "locals {\n  a = 1\n  b = [{ c = data.vault.x.data }]\n}\n";
    let file = "locals {\n  a = upper(file(\"x\"))\n}\n";
    assert_eq!(run(&refers, vault), ["1 `locals` told"]);
    assert_eq!(run(&calls, file), ["1 `locals` told"]);
    assert_eq!(run(&refers, file), [""; 0]);
    assert_eq!(run(&calls, vault), [""; 0]);
    let inside = "select \"resource\" { types = [\"x\"] }\nforbid \"a\" {\n  path = \"spec\"\n  refers_to = [\"data.vault.*\"]\n}\n\
                  case \"a\" { message = \"told\" }\n";
    let nested = "resource \"x\" \"y\" {\n  name = data.vault.x.name\n  spec {\n    inner {\n      a = data.vault.x.data\n    }\n  }\n}\n";
    assert_eq!(run(inside, nested), ["3 `spec` told"]);
    assert_eq!(run(inside, &nested.replace("a = data", "a = var")), [""; 0]);
}

#[test]
fn what_an_expression_comes_from_is_found_through_repetitions() {
    let rule = format!(
        "select \"resource\" {{ types = [\"env\"] }}\nforbid \"a\" {{\n  path = \"value\"\n  \
         refers_to = [\"data.vault.*\"]\n  through = true\n}}\n{}",
        "case \"a\" { message = \"secret\" }\n"
    );
    let main = |for_each: &str| {
        format!("resource \"env\" \"x\" {{\n  for_each = {for_each}\n  value = each.value\n}}\n")
    };
    assert_eq!(run(&rule, &main("data.vault.x.data")), ["3 `each.value` secret"]);
    assert_eq!(run(&rule, &main("toset([\"a\"])")), [""; 0]);
    assert_eq!(run(&rule, &main("false ? data.vault.x.data : {a = 1}")), [""; 0]);
    let called = |given: &str, value: &str| {
        let main = format!("module \"m\" {{\n  source = \"../../modules/m\"\n  on = {given}\n}}\n");
        let inner = format!(
            "variable \"on\" {{}}\nlocals {{\n  x = var.on ? data.vault.x.data : 1\n}}\nresource \"env\" \"x\" {{\n  value = {value}\n}}\n"
        );
        run_with("", &rule, &[("modules/m/main.tf", &inner), ("stacks/a/main.tf", &main)]).len()
    };
    for value in ["local.x", "var.on ? data.vault.x.data : 1", "[var.on ? local.x : 1]"] {
        assert_eq!((called("true", value), called("false", value)), (1, 0), "{value}");
    }
    assert_eq!(called("var.unknown", "local.x"), 1);
    let rule = rule.replace("\"value\"", "\"set.value\"");
    let main = "resource \"env\" \"x\" {\n  dynamic \"set\" {\n    for_each = data.vault.x.data\n    \
                content {\n      value = set.value\n    }\n  }\n}\n";
    assert_eq!(run(&rule, main), ["5 `set.value` secret"]);
}

#[test]
fn what_an_expression_only_asks_is_no_part_of_it() {
    let rule = |asked: &str| {
        format!(
            "select \"resource\" {{ types = [\"env\"] }}\nforbid \"a\" {{\n  path = \"value\"\n  refers_to = [\"data.vault.*\"]\n  \
             through = true\n{asked}}}\ncase \"a\" {{ message = \"secret\" }}\n"
        )
    };
    let main = |value: &str| {
        format!(
            "locals {{\n  all = {{ host = \"h\", login = {{ key = data.vault.x.data }} }}\n  more = merge(local.all, {{}})\n  \
             on = data.vault.x.data != \"\"\n}}\nresource \"env\" \"x\" {{\n  value = {value}\n}}\n"
        )
    };
    let given = rule("  asked = false\n");
    for value in [
        "data.vault.x.data",
        "format(\"%s\", data.vault.x.data)",
        "var.on ? data.vault.x.data : \"\"",
        "\"%{ if var.on }${data.vault.x.data}%{ endif }\"",
        "[for key in [data.vault.x.data] : key if var.on]",
        "{ a = data.vault.x.data }[var.on]",
        "local.all.login[\"key\"]",
        "local.all[var.on]",
        "local.more.host",
    ] {
        assert_eq!(run(&given, &main(value)), [format!("7 `{value}` secret")], "{value}");
        assert_eq!(run(&rule(""), &main(value)).len(), 1, "{value}");
    }
    for value in [
        "data.vault.x.data == \"\" ? 1 : 2",
        "!data.vault.x.data",
        "sha256(data.vault.x.data)",
        "local.on ? 1 : 2",
        "var.all[data.vault.x.data]",
        "\"%{ if data.vault.x.data != 1 }on%{ endif }\"",
        "[for key in var.keys : key if key != data.vault.x.data]",
    ] {
        assert_eq!(run(&given, &main(value)), [""; 0], "{value}");
        assert_eq!(run(&rule(""), &main(value)).len(), 1, "{value}");
    }
    // An object leads on by the entry that is asked for, in either case.
    for value in ["local.all.host", "local.all.none", "local.all.login.none"] {
        assert_eq!(run(&given, &main(value)), [""; 0], "{value}");
        assert_eq!(run(&rule(""), &main(value)), [""; 0], "{value}");
    }
    let each = |value: &str| {
        let main = format!(
            "resource \"env\" \"x\" {{\n  for_each = {{ a = {{ host = \"h\", key = data.vault.x.data }}, b = local.none }}\n  value = {value}\n}}\n"
        );
        run(&given, &main).len()
    };
    assert_eq!((each("each.value.key"), each("each.value")), (1, 1));
    assert_eq!((each("each.value.host"), each("each.key")), (0, 0));
    let circle = "resource \"env\" \"x\" {\n  dynamic \"set\" {\n    for_each = set.value\n    content {}\n  }\n  value = set.value\n}\n";
    assert_eq!(run(&given, circle), [""; 0]);
    let module = "output \"out\" {\n  value = { host = \"h\", key = data.vault.x.data }\n}\n";
    let called = |value: &str| {
        let main = format!(
            "module \"out\" {{\n  source = \"../../modules/m\"\n}}\nresource \"env\" \"x\" {{\n  value = {value}\n}}\n"
        );
        let files = [("modules/m/main.tf", module), ("stacks/a/main.tf", main.as_str())];
        run_with("", &given, &files).len()
    };
    assert_eq!((called("module.out.out.key"), called("module.out.out.host")), (1, 0));
}

#[test]
fn what_names_stand_for_is_asked_for_calls_where_the_rule_says_so() {
    let rule = |through: &str| {
        format!(
            "select \"resource\" {{ types = [\"env\"] }}\nforbid \"a\" {{\n  path = \"value\"\n  \
             calls = [\"now\", \"timestamp\"]\n{through}}}\ncase \"a\" {{ message = \"moves\" }}\n"
        )
    };
    let main = |value: &str| {
        format!(
            "locals {{\n  at = timestamp()\n  day = \"d-${{local.at}}\"\n  round = local.round\n}}\n\
             resource \"env\" \"x\" {{\n  value = {value}\n}}\n"
        )
    };
    let through = rule("  through = true\n");
    for value in ["timestamp()", "local.at", "local.day", "upper(local.day)", "[local.day]"] {
        assert_eq!(run(&through, &main(value)), [format!("7 `{value}` moves")], "{value}");
    }
    for value in ["\"timestamp()\"", "local.round", "local.none", "false ? local.at : 1"] {
        assert_eq!(run(&through, &main(value)), [""; 0], "{value}");
    }
    assert_eq!(run(&rule(""), &main("local.at")), [""; 0]);
    assert_eq!(run(&rule(""), &main("timestamp()")).len(), 1);
    let main = "module \"m\" {\n  source = \"../../modules/m\"\n  given = timestamp()\n}\n";
    let inner = "variable \"given\" {}\nresource \"env\" \"x\" {\n  value = var.given\n}\n";
    let files = [("modules/m/main.tf", inner), ("stacks/a/main.tf", main)];
    assert_eq!(run_with("", &through, &files).len(), 1);
}

#[test]
fn rows_join_across_the_repo() {
    let gathers = "gather \"taken\" {\n  select \"resource\" { types = [\"address\"] }\n  let \"ip\" { path = \"ip\" }\n}\n";
    let rule = "select \"resource\" { types = [\"address\"] }\nlet \"ip\" { path = \"ip\" }\n\
                forbid \"a\" {\n  at = \"ip\"\n  exists {\n    in      = \"taken\"\n    match   = { ip = \"{ip}\" }\n    \
                earlier = true\n  }\n}\ncase \"a\" { message = \"{ip}\" }\n";
    let address =
        |name: &str, ip: &str| format!("resource \"address\" \"{name}\" {{\n  ip = {ip}\n}}\n");
    let (a, b) = (address("a", "\"10.0.0.1\""), address("b", "\"10.0.0.1\""));
    let other = address("c", "\"10.0.0.2\"");
    let files = [
        ("stacks/a/main.tf", a.as_str()),
        ("stacks/b/main.tf", b.as_str()),
        ("stacks/c/main.tf", other.as_str()),
    ];
    assert_eq!(run_with(gathers, rule, &files), ["2 `\"10.0.0.1\"` 10.0.0.1"]);
    // A row that does not know its address may be the same one: nobody can say.
    let unknown = "variable \"x\" {}\n".to_owned() + &address("a", "var.x");
    let files = [("stacks/a/main.tf", unknown.as_str()), ("stacks/b/main.tf", b.as_str())];
    let lines = run_with(gathers, rule, &files);
    assert!(
        lines.iter().all(|line| line.starts_with("? `var.x`")) && !lines.is_empty(),
        "{lines:?}"
    );
}

#[test]
fn what_doubles_with_each_name_is_not_followed_for_ever() {
    let doubled = |at: usize| {
        let before = at - 1;
        [
            format!("  a{at} = \"${{local.a{before}}}${{local.a{before}}}\"\n"),
            format!("  b{at} = concat(local.b{before}, local.b{before})\n"),
            format!("  c{at} = join(\"\", [local.a{before}, local.a{before}])\n"),
        ]
        .concat()
    };
    let mut text = "locals {\n  a0 = \"xxxxxxxxxx\"\n  b0 = [1]\n".to_owned();
    text.extend((1..=40).map(doubled));
    text += "}\n";
    let rule = format!(
        "select \"resource\" {{ types = [\"t\"] }}\nforbid \"a\" {{\npath = \"v\"\nmatches = \"y\"\n}}\n{CASE}"
    );
    for long in ["local.a40", "join(\"\", local.b40)", "local.c40", "indent(999999999, \"a\\nb\")"]
    {
        let main = format!("{text}resource \"t\" \"x\" {{\n  v = {long}\n}}\n");
        let said = run(&rule, &main);
        assert!(said.len() == 1 && said[0].starts_with("? "), "{long}: {said:?}");
    }
}

#[test]
fn rows_are_judged_in_scope_and_those_elsewhere_are_not_even_gathered() {
    let gathers = r#"
        gather "names" {
          label = "a name"
          select "resource" { types = ["thing"] }
          let "called" { path = "name" }
        }
        gather "short" {
          label = "a short name"
          select "row" { of = "names" }
          let "called" { path = "called" }
          where {
            path    = "called"
            matches = "^.$"
          }
        }
        gather "known" {
          label = "a known name"
          select "resource" { types = ["known"] }
          let "called" { path = "name" }
        }
    "#;
    let body = r#"
        select "row" { of = "short" }
        require "known" {
          exists {
            in    = "known"
            match = { called = "{called}" }
          }
        }
        case "known" { message = "`{called}` is not known" }
    "#;
    let thing = |name: &str| format!("resource \"thing\" \"x\" {{\n  name = \"{name}\"\n}}\n");
    let (a, b) = (thing("a") + "resource \"known\" \"b\" {\n  name = \"b\"\n}\n", thing("c"));
    let (d, e) = (thing("long"), thing("e"));
    let files = [
        ("modules/e/main.tf", e.as_str()),
        ("stacks/a/main.tf", a.as_str()),
        ("stacks/c/main.tf", b.as_str()),
        ("stacks/d/main.tf", d.as_str()),
        ("stacks/f/main.tf", "module \"e\" {\n  source = \"../../modules/e\"\n}\n"),
    ];
    let run = |path: &str| {
        let paths = vec![path.to_owned()];
        let outcome = outcome_in(&Request { paths, ..Request::default() }, gathers, body, &files);
        let said = outcome.report.diagnostics.iter().map(|it| it.message.clone());
        let gathered = outcome.timings.gathers.iter().map(|(name, _)| name.clone());
        (said.collect::<Vec<_>>().join(";"), gathered.collect::<Vec<_>>().join(" "))
    };
    let all = "t.names t.short t.known".to_owned();
    assert_eq!(run(""), ("`e` is not known;`a` is not known;`c` is not known".into(), all.clone()));
    assert_eq!(run("stacks/a"), ("`a` is not known".into(), all.clone()));
    assert_eq!(run("stacks/c/main.tf"), ("`c` is not known".into(), all.clone()));
    // It has a name: whether that is a short one is only known when all names are.
    assert_eq!(run("stacks/d"), (String::new(), all.clone()));
    // What a module that is called says is noted, and the module is no row of its caller.
    assert_eq!(run("stacks/f"), (String::new(), all));
    assert_eq!(run("stacks/nobody"), (String::new(), String::new()));
}

#[test]
fn what_stands_beside_a_file_answers_where_the_file_alone_is_asked_about() {
    let gathers = r#"
        gather "known" {
          label = "it is known here"
          select "resource" { types = ["known"] }
          let "place" { text = "{module}" }
        }
        gather "things" {
          select "resource" { types = ["thing"] }
          let "called" { path = "name" }
          where {
            exists {
              in    = "known"
              match = { place = "{module}" }
            }
          }
        }
    "#;
    let body = r#"
        select "row" { of = "things" }
        forbid "known" {
          path    = "called"
          present = true
        }
        case "known" { message = "`{called}` stands beside something known" }
    "#;
    let thing = |name: &str| format!("resource \"thing\" \"x\" {{\n  name = \"{name}\"\n}}\n");
    let (a, b, known) = (thing("a"), thing("b"), "resource \"known\" \"x\" {}\n");
    let files = [
        ("stacks/a/main.tf", a.as_str()),
        ("stacks/a/more.tf", known),
        ("stacks/b/main.tf", b.as_str()),
    ];
    let run = |path: &str| {
        let request = Request { paths: vec![path.to_owned()], ..Request::default() };
        let diagnostics = outcome_in(&request, gathers, body, &files).report.diagnostics;
        diagnostics.into_iter().map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(run("stacks/a/main.tf"), ["`a` stands beside something known"]);
    assert_eq!(run(""), run("stacks/a"));
    assert_eq!(run("stacks/b/main.tf"), [""; 0]);
}

#[test]
fn nothing_is_gathered_for_a_subject_that_does_not_belong() {
    let gathers = r#"
        gather "known" {
          label = "a known name"
          select "resource" { types = ["known"] }
          let "called" { path = "name" }
        }
    "#;
    let body = r#"
        select "resource" { types = ["thing"] }
        let "called" { path = "name" }
        where {
          path    = "checked"
          equals  = true
        }
        where {
          exists {
            in    = "known"
            match = { called = "{called}" }
          }
        }
        forbid "known" {
          path    = "called"
          present = true
        }
        case "known" { message = "`{called}` is known" }
    "#;
    let thing = |checked: &str| {
        format!("resource \"thing\" \"x\" {{\n  name    = \"a\"\n  checked = {checked}\n}}\n")
    };
    let known = "resource \"known\" \"a\" {\n  name = \"a\"\n}\n";
    let (yes, no) = (thing("true"), thing("false"));
    let unknown = thing("var.checked") + "variable \"checked\" {}\n";
    let files = [
        ("stacks/known/main.tf", known),
        ("stacks/no/main.tf", no.as_str()),
        ("stacks/unknown/main.tf", unknown.as_str()),
        ("stacks/yes/main.tf", yes.as_str()),
    ];
    let run = |path: &str| {
        let paths = vec![path.to_owned()];
        let outcome = outcome_in(&Request { paths, ..Request::default() }, gathers, body, &files);
        let Outcome { report, timings, .. } = outcome;
        (report.diagnostics.len(), report.unknown.len(), timings.gathers.len())
    };
    assert_eq!(run(""), (1, 1, 1));
    assert_eq!(run("stacks/yes"), (1, 0, 1));
    assert_eq!(run("stacks/unknown"), (0, 1, 1));
    assert_eq!(run("stacks/no"), (0, 0, 0));
}

#[test]
fn membership_in_a_list_that_is_nowhere_is_not_judged() {
    let gathers = "gather \"known\" {\n  label = \"the known names\"\n  select \"resource\" { types = [\"group\"] }\n  \
                   let \"named\" { path = \"name\" }\n}\n";
    let rule = "select \"resource\" { types = [\"user\"] }\neach \"group\" { path = \"groups[*]\" }\n\
                require \"a\" {\n  path = \"group\"\n  in   = \"known.named\"\n}\n\
                case \"a\" { message = \"{group} {near}\" }\n";
    let user = "resource \"user\" \"u\" {\n  groups = [\"admins\", \"editrs\"]\n}\n";
    let groups = "resource \"group\" \"g\" {\n  for_each = toset([\"admins\", \"editors\"])\n  name = each.key\n}\n";
    let both = format!("{groups}{user}");
    let files = [("stacks/a/main.tf", both.as_str())];
    assert_eq!(run_with(gathers, rule, &files), ["6 `\"editrs\"` editrs editors"]);
    let lines = run_with(gathers, rule, &[("stacks/a/main.tf", user)]);
    let reason = "? nothing in the repo that can be read gives `the known names`";
    assert_eq!(lines, [reason, reason]);
}

#[test]
fn what_is_certainly_not_there_is_not_judged() {
    let rule = format!(
        "select \"resource\" {{ types = [\"x\"] }}\nrequire \"a\" {{\n  path = \"y\"\n  present = true\n}}\n{CASE}"
    );
    assert_eq!(run(&rule, "resource \"x\" \"a\" {}\n"), ["1 `resource \"x\" \"a\"` "]);
    assert_eq!(run(&rule, "resource \"x\" \"a\" {\n  count = 0\n}\n"), [""; 0]);
    assert_eq!(run(&rule, "resource \"x\" \"a\" {\n  y = null\n}\n"), ["2 `null` "]);
}

#[test]
fn a_case_words_a_situation() {
    let rule = "select \"resource\" { types = [\"x\"] }\nforbid \"a\" {\n  path = \"y\"\n  equals = 1\n}\n\
                case \"a\" {\n  when {\n    path = \"z\"\n    equals = true\n  }\n  message = \"with z\"\n}\n\
                case \"a\" { message = \"alone\" }\n";
    assert_eq!(run(rule, "resource \"x\" \"a\" {\n  y = 1\n  z = true\n}\n"), ["2 `1` with z"]);
    assert_eq!(run(rule, "resource \"x\" \"a\" {\n  y = 1\n}\n"), ["2 `1` alone"]);
}

#[test]
fn text_is_found_where_it_counts() {
    let rule = "select \"text\" {\n  words = [\"old.example\"]\n  matches = \"(?<at>(?<sub>[a-z]+)\\\\.old\\\\.example)\"\n  \
                zones = [\"string\"]\n}\nforbid \"a\" { present = true }\ncase \"a\" { message = \"{sub} {keys}\" }\n";
    let main =
        "# at web.old.example\nlocals {\n  hosts = { api = \"https://api.old.example/\" }\n}\n";
    assert_eq!(run(rule, main), ["3 `api.old.example` api hosts.api"]);
}

/// `main` after the fixes of everything that a rule with `body` says about it.
fn fixed(body: &str, main: &str) -> String {
    let outcome = outcome("", body, &[("stacks/a/main.tf", main)]);
    let mut edits: Vec<_> = outcome
        .report
        .diagnostics
        .iter()
        .filter_map(|it| it.fix.as_ref())
        .flat_map(|fix| &fix.edits)
        .collect();
    edits.sort_by_key(|edit| std::cmp::Reverse(edit.span.range.start));
    let mut text = main.to_owned();
    for edit in edits {
        text.replace_range(edit.span.range.indices(), &edit.text);
    }
    assert_eq!(run(body, &text), [""; 0], "the fix does not hold:\n{text}");
    text
}

#[test]
fn a_requirement_brings_the_edit_that_meets_it() {
    let rule = |test: &str| {
        format!(
            "select \"resource\" {{ types = [\"x\"] }}\n{test}\ncase \"a\" {{ message = \"m\" }}\n"
        )
    };
    let wait = rule("require \"a\" {\n  path   = \"wait\"\n  equals = false\n}");
    assert_eq!(
        fixed(&wait, "resource \"x\" \"a\" {\n  b = 1\n}\n"),
        "resource \"x\" \"a\" {\n  b = 1\n  wait = false\n}\n"
    );
    assert_eq!(
        fixed(&wait, "resource \"x\" \"a\" {\n  wait = true # why\n}\n"),
        "resource \"x\" \"a\" {\n  wait = false # why\n}\n"
    );
    let tier =
        rule("require \"a\" {\n  path   = \"tier\"\n  one_of = [\"required\", \"public\"]\n}");
    assert_eq!(
        fixed(&tier, "resource \"x\" \"a\" {\n  tier = \"requierd\"\n}\n"),
        "resource \"x\" \"a\" {\n  tier = \"required\"\n}\n"
    );
    let no_cpu = rule("forbid \"a\" {\n  path    = \"limits.cpu\"\n  present = true\n}");
    assert_eq!(
        fixed(
            &no_cpu,
            "resource \"x\" \"a\" {\n  limits {\n    cpu = 1 # no\n    b   = 2\n  }\n}\n"
        ),
        "resource \"x\" \"a\" {\n  limits {\n    b   = 2\n  }\n}\n"
    );
}

#[test]
fn an_ignored_field_is_added_in_the_style_of_the_list() {
    let rule = "select \"resource\" { types = [\"x\"] }\nrequire \"a\" {\n  ignored { field = \"spec[0].size\" }\n}\n\
                case \"a\" { message = \"m\" }\n";
    assert_eq!(
        fixed(rule, "resource \"x\" \"a\" {\n  b = 1\n}\n"),
        "resource \"x\" \"a\" {\n  b = 1\n  lifecycle {\n    ignore_changes = [spec[0].size]\n  }\n}\n"
    );
    let list = |inner: &str| {
        format!("resource \"x\" \"a\" {{\n  lifecycle {{\n    ignore_changes = {inner}\n  }}\n}}\n")
    };
    assert_eq!(fixed(rule, &list("[b]")), list("[b, spec[0].size]"));
    assert_eq!(
        fixed(rule, &list("[\n      b # why\n    ]")),
        list("[\n      b, # why\n      spec[0].size,\n    ]")
    );
    // What is said about an element stays with it.
    assert_eq!(fixed(rule, &list("[/* b, c */ b]")), list("[/* b, c */ b, spec[0].size]"));
    assert_eq!(fixed(rule, &list("[ /* none */ ]")), list("[/* none */ spec[0].size]"));
    let long = "tags[\"a very long name of a tag that fills the line, and then some more of it\"]";
    assert_eq!(
        fixed(rule, &list(&format!("[/* 1, */ b /* 2 */, /* 3 */ {long} /* 4 */] # 5"))),
        list(&format!(
            "[\n      /* 1, */ b /* 2 */,\n      /* 3 */ {long} /* 4 */, # 5\n      spec[0].size,\n    ]"
        ))
    );
    assert_eq!(
        fixed(rule, "resource \"x\" \"a\" {\n  lifecycle { /* on purpose */ }\n}\n"),
        "resource \"x\" \"a\" {\n  lifecycle {\n    /* on purpose */\n    ignore_changes = [spec[0].size]\n  }\n}\n"
    );
}

#[test]
fn what_is_said_behind_an_entry_goes_with_it() {
    let rule = "select \"resource\" { types = [\"x\"] }\nforbid \"a\" {\n  path    = \"limits.cpu\"\n  present = true\n}\n\
                case \"a\" { message = \"m\" }\n";
    let limits = |inner: &str| format!("resource \"x\" \"a\" {{\n  limits = {{ {inner} }}\n}}\n");
    for (before, after) in [
        ("memory = 1, cpu = 2 /* why */", "memory = 1"),
        ("cpu = 2 /* why */, memory = 1", "memory = 1"),
        ("memory = 1, /* of memory */ cpu = 2", "memory = 1, /* of memory */"),
    ] {
        assert_eq!(fixed(rule, &limits(before)), limits(after));
    }
}

#[test]
fn a_key_keeps_its_quotes_and_gets_those_that_it_needs() {
    let rule = "select \"resource\" { types = [\"x\"] }\neach \"label\" { path = \"labels.*\" }\n\
                forbid \"a\" {\n  path      = \"label_key\"\n  like      = \"old*\"\n  underline = \"key\"\n  \
                at        = \"label\"\n  fix { replace = \"new/name\" }\n}\ncase \"a\" { message = \"m\" }\n";
    for key in ["old", "\"old\"", "\"old/name\""] {
        assert_eq!(
            fixed(
                rule,
                &format!("resource \"x\" \"a\" {{\n  labels = {{\n    {key} = 1\n  }}\n}}\n")
            ),
            "resource \"x\" \"a\" {\n  labels = {\n    \"new/name\" = 1\n  }\n}\n"
        );
    }
}

#[test]
fn rows_that_were_cut_off_are_not_taken_for_absent() {
    let gathers = "gather \"known\" {\n  select \"resource\" { types = [\"list\"] }\n  each \"item\" {\n    path  = \"all\"\n    \
                   split = \",\"\n  }\n}\n";
    let rule = "select \"resource\" { types = [\"user\"] }\nrequire \"a\" {\n  path = \"item\"\n  in   = \"known.item\"\n}\n\
                case \"a\" { message = \"{value}\" }\n";
    let repo = |items: usize| {
        let all: Vec<String> = (0..items).map(|item| format!("i{item}")).collect();
        let all = all.join(",");
        format!(
            "resource \"list\" \"l\" {{\n  all = \"{all}\"\n}}\nresource \"user\" \"u\" {{\n  item = \"i600\"\n}}\n"
        )
    };
    let run = |text: &str| run_with(gathers, rule, &[("stacks/a/main.tf", text)]);
    assert_eq!(run(&repo(500)), ["5 `\"i600\"` i600"]);
    assert_eq!(run(&repo(700)), ["? only the first 512 of them are judged"]);
}

#[test]
fn rules_and_gathers_start_from_a_selector_and_have_its_names() {
    let pack = "selector \"service\" {
           select \"object\" { kinds = [\"Service\"] }
           let \"named\" { path = \"metadata.name\" }
           unless {
             path   = \"spec.type\"
             equals = \"ExternalName\"
           }
         }
         gather \"services\" {
           select \"selector\" { of = \"t.service\" }
           let \"port\" { path = \"spec.port[0].port\" }
         }\n";
    let rule = "select \"selector\" { of = \"service\" }
         forbid \"a\" {
           exists {
             in    = \"services\"
             match = { named = \"{named}\", port = { path = \"spec.port[0].port\" } }
             other = true
           }
         }
         case \"a\" { message = \"a second {named}\" }\n";
    let service = |label: &str, kind: &str, port: u16| {
        format!(
            "resource \"kubernetes_service\" \"{label}\" {{\n  metadata {{ name = \"web\" }}\n  spec {{\n    \
             type = {kind}\n    port {{ port = {port} }}\n  }}\n}}\n"
        )
    };
    let run = |others: &str| {
        let main = service("one", "\"ClusterIP\"", 80) + others;
        run_with(pack, rule, &[("stacks/a/main.tf", &main)])
    };
    assert_eq!(run(&service("two", "\"ClusterIP\"", 81)), [""; 0]);
    assert_eq!(run(&service("two", "\"ExternalName\"", 80)), [""; 0]);
    let both = [
        "1 `resource \"kubernetes_service\" \"one\"` a second web",
        "8 `resource \"kubernetes_service\" \"two\"` a second web",
    ];
    assert_eq!(run(&service("two", "\"ClusterIP\"", 80)), both);
    // Whether it belongs is not known: it is not judged, and the row that it may be is no answer.
    let unknown = run(&("variable \"x\" {}\n".to_owned() + &service("two", "var.x", 80)));
    assert_eq!(unknown.len(), 2, "{unknown:?}");
    assert!(unknown.iter().all(|line| line.starts_with("? ")), "{unknown:?}");
}

#[test]
fn each_document_of_a_file_is_judged() {
    let rule = format!(
        "select \"file\" {{ files = [\"**/*.yaml\"] }}
         require \"a\" {{
           path    = \"kind\"
           present = true
         }}\n{CASE}"
    );
    let files = |text| [("stacks/a/x.yaml", text)];
    let several = "kind: A\n---\n# nothing\n---\nname: b\n---\nkind: C\n";
    assert_eq!(run_with("", &rule, &files(several)), ["5 `name: b` "]);
    assert_eq!(run_with("", &rule, &files("a: b\r\nname: b\r\n")), ["1 `a: b` "]);
    let broken = run_with("", &rule, &files("kind: A\n---\n\ta: [\n"));
    assert!(matches!(broken.as_slice(), [it] if it.starts_with("? it is no YAML: ")), "{broken:?}");
}

#[test]
fn a_text_is_read_as_the_language_that_the_rule_names() {
    let rule = format!(
        "select \"resource\" {{ types = [\"kubernetes_config_map\"] }}
         let \"job\" {{
           path  = \"data[\\\"job.yaml\\\"].job.run\"
           reads = \"json\"
         }}
         forbid \"a\" {{
           path   = \"job.**.image\"
           equals = \"nginx:1\"
         }}\n{CASE}"
    );
    let main = |run: &str| {
        format!(
            "variable \"tag\" {{}}\nresource \"kubernetes_config_map\" \"x\" {{\n  data = {{\n    \"job.yaml\" = <<-EOT\n      \
             job:\n        run: |\n{run}\n    EOT\n  }}\n}}\n"
        )
    };
    let known = main("          {\n            \"pods\": [{\"image\": \"nginx:1\"}]\n          }");
    assert_eq!(run(&rule, &known), ["8 `nginx:1` nginx:1"]);
    let hole = "? `var.tag` has no default and nothing in the repo sets it";
    assert_eq!(run(&rule, &main("          [{\"image\": \"nginx:${var.tag}\"}]")), [hole]);
    let broken = run(&rule, &main("          {\"image\": "));
    assert!(matches!(broken.as_slice(), [it] if it.starts_with("? it is no JSON: ")), "{broken:?}");
}

#[test]
fn files_are_read_as_templates_where_a_rule_says_so() {
    let rule = format!(
        "select \"file\" {{
           files = [\"**/*.tpl\"]
           reads = \"yaml_template\"
         }}
         each \"service\" {{ path = \"services.*\" }}
         require \"a\" {{
           path    = \"service.image\"
           matches = \":1$\"
         }}\n{CASE}"
    );
    let text = "services:\n  web:\n    image: web:2\n%{ if debug ~}\n  shell:\n    image: sh:1\n%{ endif ~}\n  \
                api:\n    image: ${api}:2\n";
    let found = run_with("", &rule, &[("stacks/a/x.tpl", text)]);
    // Which services there are besides, and what image one of them has.
    let unknown = "? a template fills it in";
    assert_eq!(found, ["3 `web:2` web:2", unknown, unknown]);
}

#[test]
fn a_line_of_a_template_inside_a_text_is_about_that_text_alone() {
    let rule = format!(
        "select \"file\" {{
           files = [\"**/*.tpl\"]
           reads = \"yaml_template\"
         }}
         require \"a\" {{
           path    = [\"image\", \"script\"]
           matches = \":1$\"
           every   = true
         }}\n{CASE}"
    );
    let text = "script: |\n  jobs:\n%{ for job in jobs ~}\n    - ${job}:1\n%{ endfor ~}\n  end\nimage: web:2\n";
    let found = run_with("", &rule, &[("stacks/a/x.tpl", text)]);
    assert_eq!(found, ["7 `web:2` web:2"]);
}

#[test]
fn a_schedule_has_a_period_and_an_amount_can_be_added() {
    let gathers = "gather \"jobs\" {
      select \"object\" { kinds = [\"CronJob\"] }
      let \"schedule\" { path = \"spec.schedule\" }
      let \"named\" { path = \"metadata.name\" }
    }\n";
    let rule = "select \"file\" { files = [\"**/*.yaml\"] }
         each \"watch\" { path = \"watches[*]\" }
         let \"job\" { path = \"watch.job\" }
         let \"wait\" {
           path    = \"watch.for\"
           default = \"0s\"
         }
         let \"due\" {
           in     = \"jobs\"
           match  = { named = \"{job}\" }
           column = \"schedule\"
           as     = \"period\"
         }
         require \"a\" {
           path     = \"watch.limit\"
           plus     = \"{wait}\"
           at_least = \"{due}\"
           as       = \"duration\"
         }
         case \"a\" { message = \"{value} {due}\" }\n";
    let job = |name: &str, schedule: &str| {
        format!(
            "resource \"kubernetes_cron_job_v1\" \"{name}\" {{\n  metadata {{ name = \"{name}\" }}\n  \
             spec {{ schedule = \"{schedule}\" }}\n}}\n"
        )
    };
    let jobs = job("daily", "0 3 * * *") + &job("boot", "@reboot");
    let watches = "watches:\n  - {job: daily, limit: 23h}\n  - {job: daily, limit: 23h, for: 1h}\n  \
                   - {job: daily, limit: 2d}\n  - {job: boot, limit: 1s}\n";
    let files = [("stacks/a/main.tf", &*jobs), ("stacks/a/watches.yaml", watches)];
    assert_eq!(
        run_with(gathers, rule, &files),
        ["2 `23h` 23h 86400", "? it cannot be read as an amount"]
    );
}

#[test]
fn rows_match_in_any_case_where_a_rule_says_so() {
    let gathers = "gather \"words\" {
      select \"file\" { files = [\"**/words.yaml\"] }
      each \"word\" { path = \"words[*]\" }
    }\n";
    let rule = |how: &str| {
        format!(
            "select \"file\" {{ files = [\"**/asked.yaml\"] }}
             each \"word\" {{ path = \"words[*]\" }}
             require \"a\" {{
               exists {{
                 in       = \"words\"
                 {how}    = {{ word = \"{{word}}\" }}
                 any_case = true
               }}
             }}\ncase \"a\" {{ message = \"{{word}}\" }}\n"
        )
    };
    let files = [
        ("stacks/a/words.yaml", "words: [Alpha, bETA]\n"),
        ("stacks/a/asked.yaml", "words: [ALPHA, eta, x]\n"),
    ];
    assert_eq!(run_with(gathers, &rule("match"), &files), ["1 `eta` eta", "1 `x` x"]);
    assert_eq!(run_with(gathers, &rule("contains"), &files), ["1 `x` x"]);
}

#[test]
fn only_files_with_one_of_the_words_are_read() {
    let body = |words: &str| {
        format!(
            "select \"file\" {{
               files = [\"*.yaml\"]
               {words}
             }}
             forbid \"a\" {{
               path    = \"name\"
               present = true
             }}\n{CASE}"
        )
    };
    let files = [
        ("a.yaml", "name: plain\n"),
        ("b.yaml", "name: marked\n"),
        ("c.yml", "name: marked\n"),
        ("d.yaml", "name: [broken, marked\n"),
    ];
    let with = run_with("", &body("words = [\"mark\"]"), &files);
    assert_eq!(with.first().map(String::as_str), Some("1 `marked` marked"));
    assert!(with.len() == 2 && with[1].starts_with("? it is no YAML"), "{with:?}");
    let without = run_with("", &body(""), &files);
    assert_eq!(without[..2], ["1 `plain` plain", "1 `marked` marked"]);
}

#[test]
fn positions_and_keys_have_names_wherever_they_are_asked_for() {
    let main = "locals {\n  one = { a = \"x\", b = \"y\" }\n}\n";
    let select = "select \"block\" { type = \"locals\" }\n";
    let require = "forbid \"a\" {\n  text   = \"{said}\"\n  equals = \"b-1\"\n}\ncase \"a\" { message = \"{said}\" }\n";
    // In the entry itself; in a param of its pack, and nowhere else; in a gather, by another.
    let own = format!(
        "{select}each \"it\" {{ path = \"one[*]\" }}\nlet \"said\" {{ text = \"{{it_key}}-{{it_index}}\" }}\n{require}"
    );
    let lent = own.replace("\"{it_key}-{it_index}\"", "param.said");
    let params = "params {\n  said = \"{it_key}-{it_index}\"\n}\n";
    assert_eq!(run(&own, main), ["2 `\"y\"` b-1"]);
    assert_eq!(run_with(params, &lent, &[("stacks/a/main.tf", main)]), ["2 `\"y\"` b-1"]);
    let gather = |said: &str| {
        format!(
            "gather \"g\" {{\n{select}each \"it\" {{ path = \"one[*]\" }}\nlet \"said\" {{ text = {said} }}\n}}\n"
        )
    };
    let rows = format!("select \"row\" {{ of = \"g\" }}\n{require}");
    let lent = format!("{params}{}", gather("param.said"));
    assert_eq!(run_with(&lent, &rows, &[("stacks/a/main.tf", main)]), ["2 `\"y\"` b-1"]);
    let joined = format!(
        "{select}require \"a\" {{\n  exists {{\n    in    = \"g\"\n    match = {{ it_key = \"c\" }}\n  }}\n}}\ncase \"a\" {{ message = \"no c\" }}\n"
    );
    let gather = gather("\"-\"");
    assert_eq!(run_with(&gather, &joined, &[("stacks/a/main.tf", main)]).len(), 1);
    let there = joined.replace("\"c\"", "\"b\"");
    assert!(run_with(&gather, &there, &[("stacks/a/main.tf", main)]).is_empty());
}

/// What is known of a text can be enough for a regex to match it, and is not enough for it not to.
#[test]
fn a_regex_is_answered_by_the_part_of_a_text_that_is_known() {
    let rule = |pattern: &str| {
        format!(
            "select \"resource\" {{ types = [\"thing\"] }}\nforbid \"a\" {{\n  path = \"image\"\n  matches = \"{pattern}\"\n}}\n{CASE}"
        )
    };
    let main =
        "variable \"v\" {}\nresource \"thing\" \"a\" {\n  image = \"postgres:${var.v}\"\n}\n";
    let found = "3 `\"postgres:${var.v}\"` postgres:…";
    for certain in ["^postgres[:@]", "gres:", "postgres"] {
        assert_eq!(run(&rule(certain), main), [found], "{certain}");
    }
    for open in ["postgres$", "^postgres:1", "postgres:.", "redis"] {
        let lines = run(&rule(open), main);
        assert!(matches!(lines.as_slice(), [it] if it.starts_with("? ")), "{open}: {lines:?}");
    }
}

/// An object's block and attribute may be named in brackets.
#[test]
fn what_a_resource_says_is_found_by_a_key_too() {
    let rule = format!(
        "select \"resource\" {{ types = [\"thing\"] }}\nforbid \"a\" {{\n  path = \"of\"\n  present = true\n}}\n{CASE}"
    );
    let main = |of: &str| {
        format!(
            "resource \"namespace\" \"n\" {{\n  metadata {{\n    name = \"notes\"\n  }}\n}}\nresource \"thing\" \"a\" {{\n  of = {of}\n}}\n"
        )
    };
    for of in ["metadata[0][\"name\"]", "metadata.0[\"name\"]", "metadata[0].name"] {
        let of = format!("namespace.n.{of}");
        assert_eq!(run(&rule, &main(&of)), [format!("7 `{of}` notes")]);
    }
}

#[test]
fn what_dynamic_makes_of_an_unknown_list_is_judged_by_what_each_of_them_says() {
    let main = |kind: &str| {
        format!(
            "variable \"l\" {{}}\nresource \"x\" \"y\" {{\n  dynamic \"b\" {{\n    for_each = var.l\n    content {{\n      \
             name = b.value\n      kind = \"{kind}\"\n    }}\n  }}\n}}\n"
        )
    };
    let select = "select \"resource\" { types = [\"x\"] }\n";
    let each = |key: &str| {
        format!(
            "{select}each \"it\" {{ path = \"b\" }}\nforbid \"a\" {{\n  path   = \"it.{key}\"\n  equals = \"K\"\n}}\n{CASE}"
        )
    };
    assert_eq!(run(&each("kind"), &main("K")), ["7 `\"K\"` K"]);
    assert_eq!(run(&each("kind"), &main("J")), [""; 0]);
    assert_eq!(run(&each("other"), &main("J")), [""; 0]);
    let unknown = "? `var.l` has no default and nothing in the repo sets it";
    assert_eq!(run(&each("name"), &main("J")), [unknown]);
    let asked = |question: &str| format!("{select}forbid \"a\" {{\n  {question}\n}}\n{CASE}");
    let of_kind = asked("path = \"b[*].kind\"\n  equals = \"K\"");
    assert_eq!(run(&of_kind, &main("K")), ["7 `\"K\"` K"]);
    assert_eq!(run(&of_kind, &main("J")), [""; 0]);
    // How many there are is another question.
    let number = "? a `dynamic` block makes some of them, nobody knows how many";
    assert_eq!(run(&asked("path = \"b\"\n  items_at_least = 2"), &main("J")), [number]);
    let gathers = format!(
        "gather \"bs\" {{\n  {select}  each \"it\" {{ path = \"b\" }}\n  let \"k\" {{ path = \"it.kind\" }}\n}}\n"
    );
    let exists = asked(
        "exists {\n    in       = \"bs\"\n    match    = { k = \"J\" }\n    at_least = 2\n  }",
    );
    let run = |kind| run_with(&gathers, &exists, &[("stacks/a/main.tf", &main(kind))]);
    assert_eq!(run("J"), [number]);
}

#[test]
fn what_has_no_parts_leaves_no_doubt_about_them() {
    let asked = |question: &str| {
        format!(
            "select \"resource\" {{ types = [\"x\"] }}\nforbid \"a\" {{\n  {question}\n}}\n{CASE}"
        )
    };
    let main = |list: &str| {
        format!(
            "variable \"v\" {{}}\nresource \"x\" \"y\" {{\n  list = {list}\n  text = \"t-${{var.v}}\"\n}}\n"
        )
    };
    // A script among the elements is no YAML: it has no entries.
    let script = "[\"sh\", \"-c\", \"if a; then\\n  b: [\\nfi ${var.v}\"]";
    let deep = asked("path    = \"**.value\"\n  present = true");
    assert_eq!(run(&deep, &main(script)), [""; 0]);
    assert_eq!(run(&deep, &main("[{ value = 1 }, \"\"]")), ["3 `1` 1"]);
    let unknown = "? `var.v` has no default and nothing in the repo sets it";
    assert_eq!(run(&deep, &main("[var.v]")), [unknown]);
    // Nor has a text elements, whatever it says.
    let count = |bound: &str| run(&asked(&format!("path = \"text\"\n  {bound}")), &main("[]"));
    assert_eq!(count("items_at_least = 1"), [""; 0]);
    assert_eq!(count("items_at_most = 1"), ["4 `\"t-${var.v}\"` t-…"]);
}

#[test]
fn what_is_said_of_another_place_has_placeholders_too() {
    let rule = |said: &str| {
        format!(
            "select \"resource\" {{ types = [\"x\"] }}\nlet \"size\" {{ path = \"size\" }}\nforbid \"a\" {{\n  path    = \"name\"\n  \
             equals  = \"big\"\n  related = {{ size = \"{said}\" }}\n}}\n{CASE}"
        )
    };
    let main = "resource \"x\" \"y\" {\n  name = \"big\"\n  size = 3\n}\n";
    let outcome = outcome("", &rule("{name} has {size}"), &[("stacks/a/main.tf", main)]);
    let [diagnostic] = outcome.report.diagnostics.as_slice() else { panic!("{outcome:?}") };
    let said: Vec<&str> = diagnostic.related.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(said, ["y has 3"]);
}

#[test]
fn what_is_not_known_is_told_where_it_stands() {
    let rule = format!(
        "select \"resource\" {{ types = [\"x\"] }}\nforbid \"a\" {{\n  path   = \"a.b\"\n  equals = \"K\"\n}}\n\
         forbid \"c\" {{\n  path   = \"c\"\n  equals = \"K\"\n}}\n{CASE}case \"c\" {{ message = \"m\" }}\n"
    );
    let main =
        "variable \"v\" {}\nresource \"x\" \"y\" {\n  a = { b = \"${var.v}-1\" }\n  c = var.v\n}\n";
    let outcome = outcome(
        "",
        &rule.replace("equals = \"K\"", "matches = \"K\""),
        &[("stacks/a/main.tf", main)],
    );
    let report = &outcome.report;
    let told = report.unknown.iter().map(|it| &main[it.span.range.indices()]);
    assert_eq!(told.collect::<Vec<_>>(), ["\"${var.v}-1\"", "var.v"]);
    // It is one site all the same.
    let [run] = report.summary.rules.as_slice() else { panic!("{:?}", report.summary) };
    assert_eq!((run.sites, run.unknown), (1, 1));
}

#[test]
fn in_a_module_that_nobody_calls_things_are_joined_with_each_other() {
    let gathers = "gather \"logs\" {\n  select \"resource\" { types = [\"log\"] }\n  let \"of\" { path = \"of\" }\n}\n";
    let rule = "select \"resource\" { types = [\"bucket\"] }\nlet \"n\" { path = \"name\" }\nrequire \"a\" {\n  exists {\n    in    = \"logs\"\n    \
                match = { of = \"{n}\", module = \"{module}\" }\n  }\n}\ncase \"a\" { message = \"{n}\" }\n";
    let bucket = "resource \"bucket\" \"b\" {\n  name = \"x\"\n}\n";
    let both = format!("{bucket}resource \"log\" \"l\" {{\n  of = \"x\"\n}}\n");
    let listed = rule.replace(
        "exists {\n    in    = \"logs\"\n    match = { of = \"{n}\", module = \"{module}\" }\n  }",
        "path = \"name\"\n  in   = \"logs.of\"",
    );
    let other = ("stacks/a/main.tf", "resource \"log\" \"l\" {\n  of = \"y\"\n}\n");
    for rule in [rule, &listed] {
        assert_eq!(run_with(gathers, rule, &[("modules/m/main.tf", &both), other]), [""; 0]);
        let alone = run_with(gathers, rule, &[("modules/m/main.tf", bucket), other]);
        assert!(matches!(alone.as_slice(), [it] if it.ends_with("` x")), "{alone:?}");
    }
    // Elsewhere they are not there.
    let file = rule.replace(", module = \"{module}\"", "");
    let away = [
        ("modules/m/main.tf", both.as_str()),
        ("modules/n/main.tf", bucket),
        ("stacks/a/main.tf", bucket),
    ];
    let found = run_with(gathers, &file, &away);
    assert_eq!(found, ["1 `resource \"bucket\" \"b\"` x"; 2]);
}

#[test]
fn lists_and_texts_are_joined_and_what_is_not_known_stays_so() {
    let body = "select \"resource\" { types = [\"a\"] }\n\
                let \"value\" {\n  path   = [\"list\", \"one\"]\n  joined = \"|\"\n}\n\
                forbid \"a\" {\n  path = \"value\"\n  like = [\"*b|*c*\"]\n}\n"
        .to_owned()
        + CASE;
    let resource = |list: &str| {
        format!("variable \"x\" {{}}\nresource \"a\" \"b\" {{\n  list = {list}\n  one = 1\n}}\n")
    };
    let found = |list: &str| run(&body, &resource(list)).join("\n");
    assert_eq!(found("[\"a\", \"b\", \"c\"]"), "3 `[\"a\", \"b\", \"c\"]` a|b|c|1");
    assert_eq!(found("[\"c\", \"b\"]"), "");
    // Whatever it is, a star covers it.
    assert_eq!(found("[\"b\", var.x, \"c\"]"), "3 `[\"b\", var.x, \"c\"]` b|…|c|1");
    assert!(found("[\"b\", var.x]").starts_with("? "));
    assert_eq!(found("[]"), "");
}
