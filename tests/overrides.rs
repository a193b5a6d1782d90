//! Override files: what rules judge is what Terraform runs, the blocks with their overrides merged into them.

#![expect(clippy::unwrap_used, reason = "a pack that does not load is a failed test")]

use tautline::analysis::{self, Input, Request};
use tautline::checks;
use tautline::config::Settings;
use tautline::rule;
use tautline::syntax::Date;
use tautline::workspace::{Content, FileSet, LoadedFile};

/// What a rule with `body` says about `files`: `file:line text: message`.
fn run_in(request: &Request, body: &str, files: &[(&str, &str)]) -> Vec<String> {
    let settings = Settings::parse("tautline.hcl", "packs {\n  t = true\n}\n").unwrap();
    let entry = format!("summary = \"x\"\nseverity = \"error\"\nfacts = \"repo\"\n{body}");
    let packs = [("t/pack.hcl", "summary = \"tests\"\n"), ("t/rule.hcl", entry.as_str())];
    let rules = rule::load(&packs, checks::ALL, &settings).unwrap_or_else(|errors| {
        let lines: Vec<String> = errors.iter().map(ToString::to_string).collect();
        panic!("{}", lines.join("\n"))
    });
    let mut files: Vec<LoadedFile> = files
        .iter()
        .map(|(path, text)| LoadedFile {
            path: format!("stacks/a/{path}").into(),
            content: Content::Text((*text).into()),
        })
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let files = FileSet { files, ..FileSet::default() };
    let today = Date::new(2026, 1, 1).unwrap();
    let outcome = analysis::check(Input { files, settings, rules, today }, request).unwrap();
    assert_eq!(outcome.report.failures, []);
    let line = |found: &tautline::diagnostic::Diagnostic| {
        let source = &outcome.sources[found.span.file.index()];
        let line = source.position(found.span.range.start).line;
        let path = source.path.strip_prefix("stacks/a/").unwrap();
        format!("{path}:{line} {}: {}", source.slice(found.span.range), found.message)
    };
    let mut lines: Vec<String> = outcome.report.diagnostics.iter().map(line).collect();
    lines.extend(outcome.report.unknown.iter().map(|site| format!("? {}", site.reason)));
    lines
}

fn run(body: &str, files: &[(&str, &str)]) -> Vec<String> {
    run_in(&Request::default(), body, files)
}

/// A rule about what `path` of the resource says.
fn forbid(path: &str, value: &str) -> String {
    format!(
        "select \"block\" {{ type = \"resource\" }}
         forbid \"a\" {{
           path   = \"{path}\"
           equals = \"{value}\"
         }}
         case \"a\" {{ message = \"{{value}}\" }}\n"
    )
}

/// A rule that asks for `path`.
fn require(path: &str) -> String {
    format!(
        "select \"block\" {{ type = \"resource\" }}
         require \"a\" {{
           path    = \"{path}\"
           present = true
         }}
         case \"a\" {{ message = \"missing\" }}\n"
    )
}

const MAIN: &str = "resource \"x_y\" \"z\" {
  size = \"old\"
  disk {
    kind = \"old\"
  }
  disk {
    kind = \"older\"
  }
  lifecycle {
    prevent_destroy = \"old\"
    ignore_changes  = []
  }
}

output \"size\" {
  value = x_y.z.size
}
";

#[test]
fn an_argument_of_the_override_replaces_that_of_the_original() {
    let over = "resource \"x_y\" \"z\" {\n  size = \"new\"\n}\n";
    let files = [("main.tf", MAIN), ("override.tf", over)];
    assert_eq!(run(&forbid("size", "new"), &files), ["override.tf:2 \"new\": new"]);
    assert_eq!(run(&forbid("size", "old"), &files), [] as [&str; 0]);
    // The file is called so, or ends so; of two, the later one wins. Another file overrides nothing.
    let later = "resource \"x_y\" \"z\" {\n  size = \"newest\"\n}\n";
    let files = [("main.tf", MAIN), ("a_override.tf", over), ("b_override.tofu", later)];
    assert_eq!(run(&forbid("size", "newest"), &files), ["b_override.tofu:2 \"newest\": newest"]);
    assert_eq!(run(&forbid("size", "new"), &files), [] as [&str; 0]);
    let files = [("main.tf", MAIN), ("overrides.tf", over)];
    assert_eq!(run(&forbid("size", "old"), &files), ["main.tf:2 \"old\": old"]);
}

#[test]
fn an_argument_of_the_override_alone_counts_as_set() {
    let over = "resource \"x_y\" \"z\" {\n  name = \"new\"\n}\n";
    let missing = "main.tf:1 resource \"x_y\" \"z\": missing";
    assert_eq!(run(&require("name"), &[("main.tf", MAIN)]), [missing]);
    assert_eq!(run(&require("name"), &[("main.tf", MAIN), ("override.tf", over)]), [] as [&str; 0]);
}

#[test]
fn what_terraform_refuses_to_override_stays() {
    let says = |word: &str| {
        format!(
            "resource \"x_y\" \"z\" {{\n  depends_on = [{word}]\n  lifecycle {{\n    precondition {{\n      \
             error_message = \"{word}\"\n    }}\n  }}\n}}\n"
        )
    };
    let (first, over) = (says("old"), says("new"));
    let files = [("main.tf", &*first), ("override.tf", &*over)];
    let path = "lifecycle.precondition.error_message";
    assert_eq!(run(&forbid(path, "old"), &files), ["main.tf:5 \"old\": old"]);
    assert_eq!(run(&forbid(path, "new"), &files), [] as [&str; 0]);
}

#[test]
fn blocks_of_a_type_replace_all_of_that_type_and_a_lifecycle_is_merged() {
    let over = "resource \"x_y\" \"z\" {\n  disk {\n    kind = \"new\"\n  }\n  lifecycle {\n    \
                prevent_destroy = \"new\"\n  }\n}\n";
    let files = [("main.tf", MAIN), ("override.tf", over)];
    assert_eq!(run(&forbid("disk[*].kind", "older"), &files), [] as [&str; 0]);
    assert_eq!(run(&forbid("disk[*].kind", "new"), &files), ["override.tf:3 \"new\": new"]);
    assert_eq!(run(&require("lifecycle.ignore_changes"), &files), [] as [&str; 0]);
    let prevent = "lifecycle.prevent_destroy";
    assert_eq!(run(&forbid(prevent, "new"), &files), ["override.tf:6 \"new\": new"]);
    assert_eq!(run(&forbid(prevent, "old"), &files), [] as [&str; 0]);
    // What `dynamic` makes is of that type too.
    let made = "resource \"x_y\" \"z\" {\n  dynamic \"disk\" {\n    for_each = [\"made\"]\n    content {\n      \
                kind = disk.value\n    }\n  }\n}\n";
    let files = [("main.tf", MAIN), ("override.tf", made)];
    assert_eq!(run(&forbid("disk[*].kind", "old"), &files), [] as [&str; 0]);
    assert_eq!(run(&forbid("disk[*].kind", "made"), &files), ["override.tf:5 disk.value: made"]);
}

#[test]
fn values_go_through_overridden_locals_variables_and_module_inputs() {
    let main = "variable \"v\" {\n  default = \"old\"\n}\nlocals {\n  l = \"old\"\n  m = \"kept\"\n}\n\
                resource \"x_y\" \"z\" {\n  a = var.v\n  b = local.l\n  c = local.m\n  d = module.i.o\n}\n\
                module \"i\" {\n  source = \"./i\"\n  in = \"old\"\n}\n";
    let over = "variable \"v\" {\n  default = \"new\"\n}\nlocals {\n  l = \"new\"\n}\nmodule \"i\" {\n  in = \"new\"\n}\n";
    let callee = "variable \"in\" {}\noutput \"o\" {\n  value = \"nothing\"\n}\n";
    let output = "output \"o\" {\n  value = var.in\n}\n";
    let files = [
        ("main.tf", main),
        ("override.tf", over),
        ("i/main.tf", callee),
        ("i/override.tf", output),
    ];
    for (path, value) in [("a", "new"), ("b", "new"), ("c", "kept"), ("d", "new")] {
        assert_eq!(run(&forbid(path, value), &files).len(), 1, "{path}");
        assert_eq!(run(&forbid(path, "old"), &files), [] as [&str; 0], "{path}");
    }
}

#[test]
fn what_overrides_a_block_is_no_block_of_its_own_and_what_overrides_nothing_is() {
    let over = "resource \"x_y\" \"z\" {\n  size = \"new\"\n}\nresource \"x_y\" \"other\" {\n}\n";
    let all = "select \"block\" { type = \"resource\" }
               require \"a\" {
                 path    = \"nothing\"
                 present = true
               }
               case \"a\" { message = \"{name}\" }\n";
    let found = run(all, &[("main.tf", MAIN), ("override.tf", over)]);
    let expected =
        ["main.tf:1 resource \"x_y\" \"z\": z", "override.tf:4 resource \"x_y\" \"other\": other"];
    assert_eq!(found, expected);
}

#[test]
fn a_control_comment_and_a_path_mean_the_override_file() {
    let over = "resource \"x_y\" \"z\" {\n  size = \"new\"\n}\n";
    let files = [("main.tf", MAIN), ("override.tf", over)];
    let rule = forbid("size", "new");
    let of = |path: &str| Request { paths: vec![format!("stacks/a/{path}")], ..Request::default() };
    assert_eq!(run_in(&of("override.tf"), &rule, &files), ["override.tf:2 \"new\": new"]);
    assert_eq!(run_in(&of("main.tf"), &rule, &files), [] as [&str; 0]);
    let silent = "resource \"x_y\" \"z\" {\n  # tautline: ignore[t/rule] -- it is meant\n  size = \"new\"\n}\n";
    assert_eq!(run(&rule, &[("main.tf", MAIN), ("override.tf", silent)]), [] as [&str; 0]);
}

#[test]
fn a_comment_leads_what_stands_below_it_in_the_override_file() {
    let rule = "select \"block\" { type = \"resource\" }
                require \"a\" {
                  comment {
                    path    = \"size\"
                    matches = \"why\"
                  }
                }
                case \"a\" { message = \"no reason\" }\n";
    let over = "resource \"x_y\" \"z\" {\n  # why\n  size = \"new\"\n}\n";
    let bare = "resource \"x_y\" \"z\" {\n  size = \"new\"\n}\n";
    let main = MAIN.replace("  size", "  # why\n  size");
    assert_eq!(run(rule, &[("main.tf", MAIN), ("override.tf", over)]), [] as [&str; 0]);
    let found = run(rule, &[("main.tf", &main), ("override.tf", bare)]);
    assert_eq!(found, ["override.tf:2 \"new\": no reason"]);
}

#[test]
fn a_finding_of_a_check_quotes_the_override_file() {
    let rule = "check \"undeclared_reference\" {}\ncase \"local\" { message = \"{reference}\" }\n";
    let rest = [
        "variable",
        "module",
        "output",
        "data",
        "resource",
        "name",
        "unrepeated",
        "unexpanded",
        "in_default",
        "built_in",
        "self",
    ];
    let rest = rest.map(|it| format!("case \"{it}\" {{ message = \"no\" }}\n")).concat();
    let over = "# A longer text than there is in the other file, so that no range of it lies there too.\n\
                resource \"x_y\" \"z\" {\n  size = local.nothing\n}\n";
    let main = "terraform {}\nresource \"x_y\" \"z\" {}\n";
    let found = run(&format!("{rule}{rest}"), &[("main.tf", main), ("override.tf", over)]);
    assert_eq!(found, ["override.tf:3 local.nothing: local.nothing"]);
}

#[test]
fn a_marker_stands_in_the_lifecycle_of_the_override() {
    let rule = "select \"block\" { type = \"resource\" }
         require \"a\" {
           marker { word = \"MARK\" }
         }
         case \"a\" { message = \"none\" }\n";
    let main = "resource \"a\" \"b\" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n";
    let over = |inside: &str| {
        format!("resource \"a\" \"b\" {{\n  lifecycle {{\n{inside}  }}\n  # MARK\n}}\n")
    };
    let said =
        |inside: &str| run(rule, &[("main.tf", main), ("main_override.tf", &over(inside))]).len();
    assert_eq!(said("    ignore_changes = [c]\n"), 1, "beside the block is not in it");
    for inside in [
        "    # MARK: who\n    ignore_changes = [c]\n",
        "    ignore_changes = [c] # MARK: who\n",
        "    ignore_changes = [\n      c, # MARK: who\n    ]\n",
    ] {
        assert_eq!(said(inside), 0, "{inside}");
    }
}
