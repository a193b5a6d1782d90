//! The model, over small repos in memory: what is a stack, who calls whom, and what expressions evaluate to.

use std::fmt::Write as _;

use tautline::model::{
    Data, ExprRef, ImageRole, ImageUse, Lookup, Repo, Scope, SkippedFile, Value,
};
use tautline::syntax::{Format, SourceFile};
use tautline::text::{FileId, Span};

/// A repo's files: what a test writes down.
struct Files(Vec<SourceFile>, Vec<SkippedFile>);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let mut files = files.to_vec();
        files.sort_unstable();
        let source = |(index, (path, text)): (usize, (&str, &str))| {
            SourceFile::new(FileId(index as u32), path.into(), text.into(), Format::of(path))
        };
        Self(files.into_iter().enumerate().map(source).collect(), Vec::new())
    }

    fn with_skipped(mut self, path: &str, why: &'static str) -> Self {
        self.1.push(SkippedFile { path: path.into(), why, keys: Vec::new() });
        self
    }

    fn repo(&self) -> Repo<'_> {
        for source in &self.0 {
            let errors = source.hcl.as_ref().map_or(&[][..], |document| &document.errors);
            assert!(errors.is_empty(), "{}: {errors:?}", source.path);
        }
        Repo::build(&self.0, &self.1)
    }

    fn text(&self, span: Span) -> &str {
        self.0[span.file.index()].slice(span.range)
    }
}

/// The value of `local.out` of the module in `dir`, in all its instances.
fn out(repo: &Repo<'_>, dir: &str) -> Value {
    let module = repo.module(repo.module_in(dir).expect("the module is there"));
    let local = module.names.locals["out"];
    let scopes: Vec<Scope<'_>> = module.instances.iter().map(|&id| Scope::instance(id)).collect();
    repo.eval_everywhere(ExprRef { file: local.file, expr: local.expr }, &scopes)
}

/// A value as a test writes it: `?reason` where it is not known.
fn show(value: &Value) -> String {
    match &value.data {
        Data::Null => "null".to_owned(),
        Data::Text(text) => {
            let pieces = text.pieces.iter().map(|piece| match &piece.text {
                Ok(text) => text.to_string(),
                Err(_) => "…".to_owned(),
            });
            format!("{:?}", pieces.collect::<String>())
        }
        Data::List(list) => {
            let mut items: Vec<String> = list.items.iter().map(show).collect();
            items.extend(list.open.as_ref().map(|_| "…".to_owned()));
            format!("[{}]", items.join(", "))
        }
        Data::Map(map) => {
            let mut entries: Vec<String> = map
                .entries
                .iter()
                .map(|entry| format!("{}={}", entry.key, show(&entry.value)))
                .collect();
            entries.extend(map.open.as_ref().map(|_| "…".to_owned()));
            format!("{{{}}}", entries.join(", "))
        }
        Data::Encoded(inner) => format!("encoded({})", show(inner)),
        Data::OneOf(options) => options.iter().map(show).collect::<Vec<_>>().join(" | "),
        Data::Unknown(reason) => format!("?{reason}"),
        Data::Bool(_) | Data::Number(_) => {
            value.as_str().expect("it has a string form").into_owned()
        }
    }
}

const BARE: &str = "?`var.bare` has no default and nothing in the repo sets it";

/// What the stack of [`evaluates`] declares; the expression is the next local.
const DECLARATIONS: &str = r#"
variable "plain" { default = "v" }
variable "bare" {}
variable "conf" {
  type    = object({ a = string, b = optional(string, "x") })
  default = { a = "1" }
}
variable "port" {
  type    = number
  default = "80"
}
variable "nested" {
  type = object({
    list = list(string)
    on   = bool
    sub  = optional(object({ k = optional(string), n = optional(number, 3) }), {})
    set  = set(string)
  })
  default = { list = [1, 2], on = "true", set = ["b", "a", "b"], more = 1 }
}
variable "partly" {
  type    = object({ b = optional(number, 1) })
  default = merge(var.bare, {})
}
resource "kubernetes_namespace" "main" {
  metadata {
    name   = "web"
    labels = { tier = "aux", n = 1 }
  }
}
resource "kubernetes_service" "counted" {
  count = 2
  metadata { name = "svc-${count.index}" }
}
resource "kubernetes_service" "maybe" {
  count = var.bare ? 1 : 0
  metadata { name = "maybe" }
}
resource "kubernetes_service" "off" {
  count = 0
  metadata { name = "off" }
}
resource "kubernetes_config_map" "keyed" {
  for_each = { a = "1", b = "2" }
  metadata { name = "cm-${each.key}" }
  data     = { n = each.value }
}
resource "kubernetes_config_map" "unset" {
  immutable = null
}
resource "kubernetes_pod" "pod" {
  spec {
    container { image = "a:1" }
    container { image = "b:2" }
    dynamic "volume" {
      for_each = ["x"]
      content { name = volume.key }
    }
  }
}
resource "kubernetes_namespace" "many" {
  for_each = toset(["a"])
  metadata { name = each.value }
}
data "x" "y" {}
data "kubernetes_secret" "key" {
  metadata {
    name      = "key-${var.plain}"
    namespace = kubernetes_namespace.main.metadata[0].name
  }
}
data "kubernetes_secret" "keyed" {
  for_each = { a = "1", b = "2" }
  metadata { name = "s-${each.key}" }
}
locals {
  name  = "immich"
  list  = ["a", "b"]
  map   = { k = "v", n = 2 }
  loop  = local.pool
  pool  = local.loop
  two   = 2
"#;

/// Checks what `expr` evaluates to in a stack with some declarations.
#[track_caller]
fn evaluates(expr: &str, expected: &str) {
    let main = format!("{DECLARATIONS}\n  out = {expr}\n}}\n");
    let files = Files::new(&[
        ("stacks/app/main.tf", &main),
        ("stacks/app/data.yaml", "kind: Pod\nspec: {n: 1, on: true}\nlist:\n  - x\n"),
        ("stacks/app/motd.tpl", "hello ${who}, %{ if x }a%{ else }b%{ endif }bye"),
        ("stacks/app/list.tpl", "%{ for k, v in all ~}\n${k}: ${v}\n%{ endfor ~}\n"),
        ("stacks/app/files/a.json", "{}"),
        ("stacks/app/files/b.yaml", "{}"),
        ("stacks/app/files/deep/c.json", "{}"),
        ("stacks/apple/d.json", "{}"),
    ])
    .with_skipped("stacks/app/files/secret.json", "git-crypt");
    assert_eq!(show(&out(&files.repo(), "stacks/app")), expected, "{expr}");
}

#[test]
fn literals_and_templates() {
    evaluates(r#""a${local.name}b""#, r#""aimmichb""#);
    evaluates(r#""${local.name}""#, r#""immich""#);
    evaluates("1 + 2 * 3", "7");
    evaluates("[local.name, 1, true, null]", r#"["immich", 1, true, null]"#);
    evaluates("{ (local.name) = 1, \"b c\" = 2, d = 3 }", "{immich=1, b c=2, d=3}");
    evaluates("<<-EOT\n    x\n      ${local.name}\n  EOT\n", r#""x\n  immich\n""#);
}

#[test]
fn what_moves_or_may_be_missing_is_no_known_element() {
    evaluates(r#"sort(["b", "a"])[0]"#, r#""a""#);
    evaluates("reverse(local.list)[0]", r#""b""#);
    evaluates(r#"compact(["", "a"])[0]"#, r#""a""#);
    evaluates(r#"try(one(compact([var.bare, "${var.bare}-x", "a"])), 0)"#, "0");
    evaluates(r#"can(one(compact([var.bare, "a"])))"#, BARE);
    evaluates("keys({ z = 1, a = 2 })[0]", r#""a""#);
    evaluates("one([local.name])", r#""immich""#);
    evaluates(
        r#"concat(var.bare, ["a"])[0]"#,
        "?`var.bare` has no default and nothing in the repo sets it",
    );
    evaluates(r#"sort([var.bare, "a"])[1]"#, "?`sort(…)` is not followed");
    evaluates("merge({ a = 1 }, { (var.bare) = 2 }).a", "1 | ?a key of the object is not known");
    evaluates(r#"flatten([var.bare == "x" ? ["a"] : []])"#, r#"["a", …]"#);
}

#[test]
fn a_number_and_its_text_are_equal_only_to_a_converting_type() {
    evaluates(r#"1 == "2""#, "false");
    evaluates(r#""1" == "1""#, "true");
    evaluates(r#"1 == "1""#, "false");
    evaluates(r#"true != "true""#, "true");
    evaluates("local.two == \"2\"", "false");
    evaluates("var.port == \"80\"", "false");
    evaluates("var.port == 80", "true");
    evaluates("var.port == 80.0", "true");
    evaluates(
        "kubernetes_namespace.main.metadata[0].labels.n == \"1\"",
        "?an operand depends on a condition",
    );
    evaluates("[1, \"1\"][0] == \"1\"", "?an operand depends on a condition");
    evaluates("0.1 + 0.2", "0.3");
    evaluates("1.50", "1.5");
    evaluates("(var.bare ? \"a\" : \"b\") == \"c\"", "false");
    evaluates("(var.bare ? 1 : 2) > 0", "true");
    evaluates("(var.bare ? 1 : 2) > 1", "?an operand depends on a condition");
    evaluates("(var.bare ? 1 : 2) + 1", "2 | 3");
}

#[test]
fn a_variable_has_the_type_that_it_declares() {
    evaluates("var.port", "80");
    evaluates("var.conf", r#"{a="1", b="x"}"#);
    evaluates("var.nested", r#"{list=["1", "2"], on=true, sub={k=null, n=3}, set=["a", "b"]}"#);
    evaluates("var.partly.b", "?`var.bare` has no default and nothing in the repo sets it | 1");
}

#[test]
fn calls_that_fork_at_every_level_end() {
    let names: Vec<String> = (0..30).map(|level| format!("m{level}/main.tf")).collect();
    let texts: Vec<String> = (1..31)
        .map(|next| {
            let source = format!("source = \"../m{next}\"");
            format!("module \"a\" {{\n  {source}\n}}\nmodule \"b\" {{\n  {source}\n}}\n")
        })
        .collect();
    let files: Vec<(&str, &str)> =
        names.iter().zip(&texts).map(|(name, text)| (name.as_str(), text.as_str())).collect();
    assert!(Files::new(&files).repo().instances.len() < 1 << 20);
}

#[test]
fn the_last_variable_file_that_terragrunt_passes_counts() {
    let unit = r#"
terraform {
  extra_arguments "vars" {
    commands           = ["plan"]
    required_var_files = ["a.tfvars", "b.tfvars"]
    optional_var_files = ["c.tfvars"]
  }
}
"#;
    let files = Files::new(&[
        ("stacks/app/terragrunt.hcl", unit),
        ("stacks/app/main.tf", "variable \"x\" {}\nlocals {\n  out = var.x\n}\n"),
        ("stacks/app/a.tfvars", "x = \"a\"\n"),
        ("stacks/app/b.tfvars", "x = \"b\"\n"),
        ("stacks/app/c.tfvars", "x = \"c\"\n"),
    ]);
    assert_eq!(show(&out(&files.repo(), "stacks/app")), r#""c""#);
}

#[test]
fn what_terragrunt_passes_besides_its_inputs_counts() {
    let unit = r#"
inputs = { a = "input", d = "input", e = "input" }
terraform {
  extra_arguments "vars" {
    commands           = ["plan"]
    arguments          = ["-lock=false", "-var", "a=first", "-var=b=x=y", "-var=c=${get_env("C")}"]
    required_var_files = ["v.tfvars"]
    env_vars           = { TF_VAR_d = "environment", TF_VAR_a = "environment", OTHER = "1" }
  }
}
"#;
    let main = "variable \"a\" {}\nvariable \"b\" { default = \"b\" }\nvariable \"c\" { default = \"c\" }\n\
                variable \"d\" {}\nvariable \"e\" {}\n\
                locals {\n  out = [var.a, var.b, var.c, var.d, var.e]\n}\n";
    let files = Files::new(&[
        ("stacks/app/terragrunt.hcl", unit),
        ("stacks/app/main.tf", main),
        ("stacks/app/v.tfvars", "a = \"file\"\n"),
    ]);
    let shown = show(&out(&files.repo(), "stacks/app"));
    let unknown = "?what Terragrunt passes as an argument is not known";
    // Terraform reads the command line from left to right, and files come behind arguments.
    assert_eq!(shown, format!(r#"["file", "x=y", {unknown}, "environment", "input"]"#));
}

#[test]
fn variable_files_among_arguments_count_in_their_order() {
    let passed = |arguments: &str, more: &str| {
        let unit = format!(
            "terraform {{\n  extra_arguments \"a\" {{\n    commands = [\"plan\"]\n    arguments = [{arguments}]\n  }}\n\
             {more}}}\n"
        );
        let main = "variable \"x\" { default = \"default\" }\nlocals { out = var.x }\n";
        let files = Files::new(&[
            ("config.tfvars", "x = \"root\"\n"),
            ("stacks/app/terragrunt.hcl", &unit),
            ("stacks/app/main.tf", main),
            ("stacks/app/near.tfvars", "x = \"near\"\n"),
        ]);
        show(&out(&files.repo(), "stacks/app"))
    };
    let root = r#""-var-file=${get_repo_root()}/config.tfvars""#;
    assert_eq!(passed(root, ""), r#""root""#);
    assert_eq!(passed(&format!("{root}, \"--var-file\", \"near.tfvars\""), ""), r#""near""#);
    assert_eq!(passed(&format!("{root}, \"-var\", \"x=said\""), ""), r#""said""#);
    assert_eq!(passed(&format!("\"-var\", \"x=said\", {root}"), ""), r#""root""#);
    let unknown = "?`var.x`: the unit passes a variable file that is not known";
    assert_eq!(passed("\"-var-file=${get_env(\"FILE\")}\"", ""), unknown);
    assert_eq!(passed("\"-var-file\", local.file", ""), unknown);
    // What is behind it counts more, whatever the file says.
    assert_eq!(passed("\"-var-file\", local.file, \"-var=x=said\"", ""), r#""said""#);
    let later = "  extra_arguments \"b\" {\n    commands = [\"plan\"]\n    arguments = [\"-var=x=later\"]\n  }\n";
    assert_eq!(passed(root, later), r#""later""#);
}

#[test]
fn variable_files_in_json_count() {
    let main = "variable \"x\" { default = \"default\" }\nlocals { out = var.x }\n";
    let shown = |more: &[(&str, &str)]| {
        let mut files = vec![("stacks/app/main.tf", main), ("stacks/app/terragrunt.hcl", "")];
        files.extend(more);
        show(&out(&Files::new(&files).repo(), "stacks/app"))
    };
    let plain = ("stacks/app/terraform.tfvars", "x = \"plain\"\n");
    let json = ("stacks/app/terraform.tfvars.json", r#"{"x": "json: ${x}"}"#);
    let auto = ("stacks/app/a.auto.tfvars", "x = \"auto\"\n");
    let auto_json = ("stacks/app/a.auto.tfvars.json", r#"{"//": "why", "x": {"k": [1, null]}}"#);
    // Strings are taken as they are.
    assert_eq!(shown(&[plain, json]), r#""json: ${x}""#);
    assert_eq!(shown(&[plain, json, auto]), r#""auto""#);
    assert_eq!(shown(&[plain, json, auto, auto_json]), "{k=[1, null]}");
    // Only what Terraform looks for, where it looks.
    assert_eq!(shown(&[("stacks/app/other.tfvars.json", r#"{"x": "other"}"#)]), r#""default""#);
}

#[test]
fn a_file_that_is_passed_and_holds_no_hcl_may_say_anything() {
    let unit = "terraform {\n  extra_arguments \"a\" {\n    commands = [\"plan\"]\n    \
                required_var_files = [\"vars.json\"]\n  }\n}\n";
    let files = Files::new(&[
        ("stacks/app/main.tf", "variable \"x\" { default = \"d\" }\nlocals { out = var.x }\n"),
        ("stacks/app/terragrunt.hcl", unit),
        ("stacks/app/vars.json", r#"{"x": "json"}"#),
    ]);
    let unknown = "?`var.x`: the unit passes a variable file that is not known";
    assert_eq!(show(&out(&files.repo(), "stacks/app")), unknown);
}

#[test]
fn references() {
    evaluates("var.plain", r#""v""#);
    evaluates("local.map.k", r#""v""#);
    evaluates("local.map[\"n\"]", "2");
    evaluates("local.list[1]", r#""b""#);
    evaluates("kubernetes_namespace.main.metadata[0].name", r#""web""#);
    evaluates("kubernetes_namespace.main.metadata.0.labels[\"tier\"]", r#""aux""#);
    evaluates("kubernetes_namespace.many[\"a\"].metadata[0].name", r#""a""#);
    evaluates("kubernetes_namespace.main.id", r#""web""#);
    evaluates(
        "kubernetes_namespace.main.wait",
        "?`kubernetes_namespace.main` does not set it: the provider computes it",
    );
    evaluates("data.x.y.z", "?`data.x.y` is read at plan time");
    evaluates("data.x.unknown.z", "?`data.x.unknown` is read at plan time");
    evaluates("data.x", "?`data.x` is read at plan time");
    evaluates("data.kubernetes_secret.key.metadata[0].name", r#""key-v""#);
    evaluates("data.kubernetes_secret.key.metadata.0.namespace", r#""web""#);
    evaluates("data.kubernetes_secret.keyed[\"b\"].metadata[0].name", r#""s-b""#);
    evaluates(
        "data.kubernetes_secret.key.data[\"token\"]",
        "?`data.kubernetes_secret.key` is read at plan time",
    );
    evaluates("local.nothing", "?`local.nothing` is not declared");
    evaluates("local.loop", "?it depends on itself");
    evaluates("var.bare", "?`var.bare` has no default and nothing in the repo sets it");
    evaluates("var.conf.a", r#""1""#);
}

#[test]
fn what_says_the_same_of_each_element_says_so_in_one_module_only() {
    let list =
        "{ for key in sort(keys(jsondecode(local.text))) : key => jsondecode(local.text)[key] }";
    evaluates(&list.replace("local.text", r#""{\"b\": 1, \"a\": 2}""#), "{a=2, b=1}");
    evaluates(r#"[for a in ["x", "y"] : [for b in [a] : upper(a)]]"#, r#"[["X"], ["Y"]]"#);
    evaluates(
        r#"[for a in ["x", "y"] : [for b in ["1", "2"] : "${a}${b}"]]"#,
        r#"[["x1", "x2"], ["y1", "y2"]]"#,
    );
    // The same `for`, while another instance of its module goes through it.
    let files = Files::new(&[
        (
            "stacks/app/main.tf",
            "module \"a\" {\n  source = \"../../modules/m\"\n  word   = \"x\"\n}\n\
             module \"b\" {\n  source = \"../../modules/m\"\n  word   = \"${module.a.all[0]}y\"\n}\n\
             locals {\n  out = [module.a.all, module.b.all]\n}\n",
        ),
        (
            "modules/m/main.tf",
            "variable \"word\" {}\noutput \"all\" {\n  value = [for at in [1, 2] : upper(var.word)]\n}\n",
        ),
    ]);
    let expected = r#"[["X", "X"], ["XY", "XY"]]"#;
    assert_eq!(show(&out(&files.repo(), "stacks/app")), expected);
}

#[test]
fn an_unknown_part_stays_where_it_belongs() {
    evaluates(r#""ghcr.io/${var.bare}:1""#, r#""ghcr.io/…:1""#);
    evaluates("{ a = var.bare, b = 1 }.b", "1");
    evaluates("merge(var.bare, { b = 1 }).b", "1");
    evaluates("concat([1], var.bare)", "[1, …]");
    evaluates(
        "merge({ a = 1 }, var.bare)",
        "{a=1 | ?`var.bare` has no default and nothing in the repo sets it, …}",
    );
}

#[test]
fn conditions_decide_where_they_are_known() {
    evaluates(r#"var.plain == "v" ? "yes" : "no""#, r#""yes""#);
    evaluates(r#"var.bare ? "yes" : "no""#, r#""yes" | "no""#);
    evaluates(r#""x-${var.bare ? "a" : "b"}""#, r#""x-a" | "x-b""#);
    evaluates("false && var.bare ? 1 : 2", "2");
    evaluates("local.nothing == null ? 1 : 2", "1 | 2");
    evaluates("length(local.list) > 1 ? 1 : 2", "1");
    evaluates("contains(local.list, \"b\") ? 1 : 2", "1");
}

#[test]
fn functions() {
    evaluates("merge({ a = 1, b = 1 }, { b = 2 }, null)", "{a=1, b=2}");
    evaluates("concat(local.list, [\"c\"])", r#"["a", "b", "c"]"#);
    evaluates("join(\"-\", local.list)", r#""a-b""#);
    evaluates("join(\"-\", [\"a\", var.bare])", r#""a-…""#);
    evaluates("format(\"%s:%d%%\", local.name, 3)", r#""immich:3%""#);
    evaluates("coalesce(null, \"\", \"x\")", r#""x""#);
    evaluates(
        "coalesce(var.bare, \"x\")",
        "?`var.bare` has no default and nothing in the repo sets it | \"x\"",
    );
    evaluates("try(local.map.k, \"d\")", r#""v""#);
    evaluates("lookup(local.map, \"k\", \"d\")", r#""v""#);
    evaluates("lookup(local.map, \"z\", \"d\")", r#""d""#);
    evaluates("toset([\"a\", \"a\"])", r#"["a"]"#);
    evaluates("flatten([[1], [[2]]])", "[1, 2]");
    evaluates("keys(local.map)", r#"["k", "n"]"#);
    evaluates("replace(local.name, \"im\", \"x\")", r#""xmich""#);
    evaluates("split(\",\", \"a,b\")", r#"["a", "b"]"#);
    evaluates("element(local.list, 3)", r#""b""#);
    evaluates("[for v in local.list : upper(v) if v != \"a\"]", r#"["B"]"#);
    evaluates("{ for k, v in local.map : v => k }", "{v=\"k\", 2=\"n\"}");
    evaluates("timestamp()", "?`timestamp(…)` differs at every run");
    evaluates("sha256(local.name)", "?`sha256(…)` is a digest, which is not computed");
    evaluates("provider::x::y(1)", "?`provider::x::y(…)` is not followed");
}

#[test]
fn functions_on_collections() {
    evaluates("range(3)", "[0, 1, 2]");
    evaluates("range(4, 0, -2)", "[4, 2]");
    evaluates("index(local.list, \"b\")", "1");
    evaluates("slice(local.list, 0, 1)", r#"["a"]"#);
    evaluates("slice(concat(var.bare, local.list), 0, 1)", BARE);
    evaluates("chunklist([1, 2, 3], 2)", "[[1, 2], [3]]");
    evaluates("zipmap(local.list, [1, 2])", "{a=1, b=2}");
    evaluates("transpose({ x = [\"a\", \"b\"], y = [\"a\"] })", r#"{a=["x", "y"], b=["x"]}"#);
    evaluates("coalescelist([], local.list)", r#"["a", "b"]"#);
    evaluates("setunion([\"b\"], [\"a\", \"b\"])", r#"["a", "b"]"#);
    evaluates("setintersection([\"b\", \"c\"], [\"a\", \"b\"])", r#"["b"]"#);
    evaluates("setintersection([\"b\", \"c\"], [var.bare, \"b\"])", r#"["b", …]"#);
    evaluates("setsubtract([\"b\", \"c\"], [\"b\"])", r#"["c"]"#);
    evaluates("setproduct([\"a\"], [1, 2])", r#"[["a", 1], ["a", 2]]"#);
    evaluates("tolist(toset([\"b\", \"a\", 1]))", r#"["1", "a", "b"]"#);
    evaluates("tolist(toset([\"b\", var.bare]))[0]", BARE);
    evaluates("length(toset([\"b\", var.bare]))", BARE);
    evaluates("distinct([var.bare, var.bare])[1]", BARE);
    evaluates("{ for k, v in toset([\"x\"]) : k => v }", r#"{x="x"}"#);
    evaluates(
        "{ for v in [\"ab\", \"ac\", \"b\"] : substr(v, 0, 1) => v... }",
        r#"{a=["ab", "ac"], b=["b"]}"#,
    );
    evaluates("alltrue([true, \"true\"])", "true");
    evaluates("anytrue([var.bare, true])", "true");
    evaluates("alltrue([var.bare, true])", BARE);
    evaluates("[for v in(var.bare ? [1] : [2, 3]) : v + 1]", "[2] | [3, 4]");
    evaluates("lookup(var.bare ? { a = 1 } : {}, \"a\", 2)", "1 | 2");
}

#[test]
fn functions_on_numbers_and_strings() {
    evaluates("sum([1, 2.5])", "3.5");
    evaluates("min(3, 1, 2)", "1");
    evaluates("max([3, \"4\"]...)", "4");
    evaluates("[abs(-2), ceil(1.2), floor(-1.2), signum(-3), pow(2, 10)]", "[2, 2, -2, -1, 1024]");
    evaluates("9007199254740993 + 1", "?`9007199254740993` is too large to compute with");
    evaluates("parseint(\"ff\", 16)", "255");
    evaluates("cidrsubnet(\"10.1.2.3/8\", 8, 2)", r#""10.2.0.0/16""#);
    evaluates("cidrsubnet(\"0.0.0.0/0\", 32, 4294967295)", r#""255.255.255.255/32""#);
    evaluates(
        "cidrsubnet(\"fd00:fd12:3456:7890::/56\", 16, 162)",
        r#""fd00:fd12:3456:7800:a200::/72""#,
    );
    evaluates("cidrhost(\"10.12.112.0/20\", 268)", r#""10.12.113.12""#);
    evaluates("cidrhost(\"10.0.0.0/24\", -1)", r#""10.0.0.255""#);
    evaluates("cidrhost(\"fd00:fd12:3456:7890:00a2::/72\", 34)", r#""fd00:fd12:3456:7890::22""#);
    evaluates("can(cidrsubnets(\"0.0.0.0/0\", 1, 1))", "true");
    evaluates(
        "cidrsubnets(\"0.0.0.0/0\", 1, 1, 1)",
        "?`0.0.0.0/0` has no room for what `cidrsubnets` is asked for",
    );
    evaluates("cidrnetmask(\"172.16.0.0/12\")", r#""255.240.0.0""#);
    evaluates(
        "join(\" \", cidrsubnets(\"10.1.0.0/16\", 4, 4, 8, 4))",
        r#""10.1.0.0/20 10.1.16.0/20 10.1.32.0/24 10.1.48.0/20""#,
    );
    evaluates("tonumber(\"1.0\")", "1");
    evaluates("can(tonumber(\"x\"))", "false");
    evaluates("formatlist(\"%s-%03d\", local.list, 7)", r#"["a-007", "b-007"]"#);
    evaluates(
        "format(\"%q %5s|%-4s|%.2f\", \"a\", \"b\", \"c\", 1.5)",
        r#""\"a\"     b|c   |1.50""#,
    );
    evaluates("regex(\"^([a-z]+)-([0-9]+)?$\", \"web-\")", r#"["web", null]"#);
    evaluates("regex(\"(?P<n>[0-9]+)\", \"a12\").n", r#""12""#);
    evaluates("regexall(\"[a-z]\", \"a1b\")", r#"["a", "b"]"#);
    evaluates("regex(\"[a[]\", \"a\")", "?`regex(…)` is not followed");
    evaluates("can(regex(\"^x\", local.name))", "false");
    evaluates("replace(\"a1b22\", \"/[0-9]+/\", \"-$0\")", r#""a-1b-22""#);
    evaluates("indent(2, \"a\\n${var.bare}\\nb\")", r#""a\n  …\n  b""#);
    evaluates("substr(\"héllo\", -4, 2)", r#""él""#);
    evaluates("base64encode(\"hello\")", r#""aGVsbG8=""#);
    evaluates("urlencode(\"a b/é\")", r#""a+b%2F%C3%A9""#);
    evaluates("dirname(\"a\")", r#"".""#);
    evaluates("trimsuffix(\"a.b\", \".b\")", r#""a""#);
    evaluates("upper(\"x-${var.bare}\")", r#""X-…""#);
}

#[test]
fn functions_that_look_at_files() {
    evaluates("fileset(\"${path.module}/files\", \"*.json\")", r#"["a.json", "secret.json"]"#);
    evaluates(
        "fileset(path.module, \"files/**/*.json\")",
        r#"["files/a.json", "files/deep/c.json", "files/secret.json"]"#,
    );
    evaluates("fileset(\"files\", \"{a,b}.*\")", r#"["a.json", "b.yaml"]"#);
    evaluates("fileset(\"../apple\", \"*\")", "?`stacks/apple` lies outside the stack");
    evaluates("fileexists(\"files/secret.json\")", "true");
    evaluates("fileexists(\"files/none\")", "false");
    evaluates("filebase64(\"files/a.json\")", r#""e30=""#);
    evaluates("fileexists(\"../apple/none\")", "?`stacks/apple/none` lies outside the stack");
    evaluates(
        "file(\"files/secret.json\")",
        "?`stacks/app/files/secret.json` cannot be read (git-crypt)",
    );
}

#[test]
fn what_terraform_refuses_is_told_from_what_is_not_known() {
    evaluates("try(local.map.z, \"d\")", r#""d""#);
    evaluates("try(cidrhost(\"10.0.0.0\", 1), 0)", "0");
    evaluates("try(cidrhost(\"10.0.0.0/33\", 1), 0)", "0");
    evaluates("try(cidrhost(\"10.0.0.0/30\", 4), 0)", "0");
    // Terraform reads zeros before a number, and we do not.
    evaluates("try(cidrhost(\"010.0.0.0/8\", 4), 0)", "?`cidrhost(…)` is not followed | 0");
    evaluates("try(jsondecode(\"{\"), 0)", "0");
    evaluates("try(base64decode(\"a*c=\"), 0)", "0");
    evaluates("can({ for v in [\"a\", \"a\"] : v => 1 })", "false");
    evaluates("can({ for v in [\"a\", \"a\"] : v => 1... })", "true");
    // The side that decides alone may be all that is looked at.
    evaluates("try((var.bare ? true : false) && null.x, 0)", "?`null` has no `x` | 0");
    evaluates("try(local.map.k.deeper, local.list[7], null.x, \"d\")", r#""d""#);
    evaluates(
        "try(var.bare.x, \"d\")",
        "?`var.bare` has no default and nothing in the repo sets it | \"d\"",
    );
    evaluates("try((var.bare ? {} : { a = 1 }).a, 2)", "2 | 1");
    evaluates("can(local.map.k)", "true");
    evaluates("can(local.map.z)", "false");
    evaluates("can([local.map.z])", "false");
    // What is given for a variable is judged where it is given.
    evaluates("can(var.bare)", "true");
    evaluates("try(var.bare, \"d\")", "?`var.bare` has no default and nothing in the repo sets it");
    evaluates("can(merge(var.bare ? local.map.z : {}, var.bare ? {} : {}))", "false | true");
}

#[test]
fn template_directives() {
    evaluates(r#""%{ if var.bare }a%{ endif }b""#, r#""ab" | "b""#);
    evaluates(r#""%{ if local.two == 2 }a%{ else }c%{ endif }b""#, r#""ab""#);
    evaluates(
        r#""%{ if false }a%{ if var.bare }x%{ else }y%{ endif }%{ else }c%{ endif }""#,
        r#""c""#,
    );
    evaluates(r#""%{ for v in local.list }<${v}>%{ endfor }""#, r#""<a><b>""#);
    evaluates(r#""%{ for v in concat(local.list, var.bare) }<${v}>%{ endfor }!""#, r#""<a><b>…!""#);
    evaluates(r#""%{ for v in var.bare }<${v}>%{ endfor }!""#, r#""…!""#);
    evaluates("templatefile(\"list.tpl\", { all = { x = 1, y = 2 } })", r#""x: 1\ny: 2\n""#);
    evaluates("yamldecode(templatefile(\"list.tpl\", { all = { x = 1, y = var.bare } })).x", "1");
}

#[test]
fn splats_and_instances() {
    evaluates("[{ a = 1 }, { a = 2 }][*].a", "[1, 2]");
    evaluates("[{ a = 1 }, { a = 2 }].*.a", "[1, 2]");
    evaluates("[{ a = [1] }].*.a[0]", "[1]");
    evaluates("[{ a = [{ b = 1 }, { b = 2 }] }][*].a[*].b", "[[1, 2]]");
    evaluates("local.map[*].k", r#"["v"]"#);
    evaluates("null[*]", "[]");
    evaluates("kubernetes_namespace.main[*].metadata[0].name", r#"["web"]"#);
    evaluates("kubernetes_service.counted[*].metadata[0].name", r#"["svc-0", "svc-1"]"#);
    evaluates(
        "kubernetes_service.counted.*.metadata.0.name",
        "?whether `metadata` is one block or a list of them is up to the provider",
    );
    evaluates("kubernetes_service.counted[1].metadata[0].name", r#""svc-1""#);
    // What a resource leaves to its provider is not nothing.
    evaluates(
        "kubernetes_config_map.unset.immutable == null",
        "?`kubernetes_config_map.unset` does not set it: the provider computes it",
    );
    evaluates("try(kubernetes_service.counted[2].metadata[0].name, 1)", "1");
    evaluates("one(kubernetes_service.maybe[*].metadata[0].name)", r#""maybe" | null"#);
    evaluates("one(kubernetes_service.off[*].metadata[0].name)", "null");
    evaluates("length(kubernetes_service.off)", "0");
    evaluates("kubernetes_config_map.keyed[\"b\"].metadata[0].name", r#""cm-b""#);
    evaluates("[for k, v in kubernetes_config_map.keyed : \"${k}${v.data.n}\"]", r#"["a1", "b2"]"#);
    evaluates("values(kubernetes_config_map.keyed)[*].metadata[0].name", r#"["cm-a", "cm-b"]"#);
    evaluates("kubernetes_pod.pod.spec[0].container[*].image", r#"["a:1", "b:2"]"#);
    evaluates(
        "kubernetes_pod.pod.spec[0].volume[0].name",
        "?`kubernetes_pod.pod` does not set it: the provider computes it",
    );
}

#[test]
fn an_object_says_what_all_its_alternatives_say() {
    let main = "variable \"bare\" {}\nlocals {\n  out = var.bare ? { a = 1, b = 2 } : { a = 1, c = 3 }\n}\n";
    let files = Files::new(&[("stacks/app/main.tf", main)]);
    let value = out(&files.repo(), "stacks/app");
    assert!(matches!(value.get("a"), Lookup::Found(entry) if show(&entry.value) == "1"));
    assert!(matches!(value.get("b"), Lookup::Unknown(_)));
    assert!(matches!(value.get("z"), Lookup::Absent));
    let each: Vec<bool> = value.get_each("b").map(|it| matches!(it, Lookup::Found(_))).collect();
    assert_eq!(each, [true, false]);
}

#[test]
fn a_block_that_is_not_there_is_in_no_live_scope() {
    let files = Files::new(&[
        (
            "stacks/a/main.tf",
            "variable \"on\" {}\nresource \"x\" \"off\" {\n  count = 0\n}\nresource \"x\" \"two\" {\n  count = 2\n}\n\
             resource \"x\" \"perhaps\" {\n  count = var.on ? 1 : 0\n}\nresource \"x\" \"none\" {\n  for_each = {}\n}\n\
             module \"m\" {\n  source = \"../../m\"\n  count = 0\n}\n",
        ),
        ("stacks/b/main.tf", "module \"m\" {\n  source = \"../../m\"\n}\n"),
        ("m/main.tf", "resource \"x\" \"inner\" {}\n"),
    ]);
    let repo = files.repo();
    let counts: Vec<String> = repo
        .blocks()
        .filter(|block| block.block.kind.name == "resource")
        .map(|it| {
            format!("{} {} {}", it.address(), repo.scopes(&it).len(), repo.live_scopes(&it).len())
        })
        .collect();
    assert_eq!(counts, ["x.inner 2 1", "x.off 1 0", "x.two 2 2", "x.perhaps 1 1", "x.none 1 0"]);
}

#[test]
fn text_in_a_template_file_points_into_the_file_that_holds_it() {
    let files = Files::new(&[
        ("stacks/a/pod.tpl", "%{ for v in tags ~}\n- image: x/y:${v}\n%{ endfor ~}\n"),
        (
            "stacks/a/main.tf",
            "locals {\n  out = yamldecode(\"a:\\n  ${indent(2, templatefile(\"pod.tpl\", { tags = [\"1\", \"2\"] }))}\").a[1].image\n}\n",
        ),
    ]);
    let repo = files.repo();
    let Data::Text(text) = out(&repo, "stacks/a").data else { panic!("a string") };
    assert_eq!(text.as_str().as_deref(), Some("x/y:2"));
    assert_eq!(files.text(text.source_of(0, 4).unwrap()), "x/y:");
    assert_eq!(files.text(text.source_of(4, 5).unwrap()), "2");
}

#[test]
fn resources_that_depend_on_each_other_in_a_circle_end() {
    let main = "resource \"x\" \"a\" {\n  v = \"${x.b.v}${x.b.v}${x.b.v}\"\n}\nresource \"x\" \"b\" {\n  \
                v = \"${x.a.v}${x.a.v}${x.a}\"\n}\nlocals {\n  out = x.a.v\n}\n";
    let files = Files::new(&[("stacks/a/main.tf", main)]);
    assert_eq!(show(&out(&files.repo(), "stacks/a")), "\"………………………\"");
}

#[test]
fn names_that_fork_at_every_level_end() {
    let mut main = "variable \"bare\" {}\nlocals {\n  l0 = \"${var.bare}-\"\n".to_owned();
    for level in 1..30 {
        let below = format!("local.l{}", level - 1);
        let forked = format!("length(\"${{{below}}}${{{below}}}\") > 1 ? {below} : {below}");
        writeln!(main, "  l{level} = {forked}").expect("a string takes all");
    }
    main.push_str("  out = length(local.l29)\n}\n");
    let files = Files::new(&[("stacks/a/main.tf", &main)]);
    out(&files.repo(), "stacks/a");
}

#[test]
fn encoded_values_keep_their_meaning() {
    evaluates("yamlencode({ a = [local.name] })", r#"encoded({a=["immich"]})"#);
    evaluates("yamldecode(yamlencode({ a = 1 })).a", "1");
    evaluates("jsondecode(\"{\\\"a\\\": [1, \\\"x\\\"]}\").a[1]", r#""x""#);
    evaluates("yamldecode(file(\"${path.module}/data.yaml\")).spec.on", "true");
    evaluates("yamldecode(file(\"data.yaml\")).list[0]", r#""x""#);
    evaluates("file(\"${path.module}/none.yaml\")", "?`stacks/app/none.yaml` is not in the repo");
    evaluates(
        "templatefile(\"motd.tpl\", { who = local.name, x = true })",
        r#""hello immich, abye""#,
    );
    evaluates("yamldecode(\"a: ${var.bare}\\nb: x-${var.bare}\").b", r#""x-…""#);
}

#[test]
fn a_value_remembers_where_it_is_written() {
    let files = Files::new(&[(
        "stacks/a/main.tf",
        "locals {\n  repo = \"ghcr.io/é\"\n  out = \"${local.repo}/app:1\"\n}\n",
    )]);
    let repo = files.repo();
    let Data::Text(text) = out(&repo, "stacks/a").data else { panic!("a string") };
    assert_eq!(text.as_str().as_deref(), Some("ghcr.io/é/app:1"));
    assert_eq!(files.text(text.source_of(0, 7).unwrap()), "ghcr.io");
    assert_eq!(
        files.text(text.source_of("ghcr.io/é".len(), "ghcr.io/é/app".len()).unwrap()),
        "/app"
    );
    assert_eq!(text.source_of(5, 14), None, "it crosses two pieces");
}

#[test]
fn what_a_module_hands_out_may_be_read_anywhere_and_the_rest_only_below() {
    let files = Files::new(&[
        ("modules/leaf/main.tf", "variable \"image\" {}\n"),
        (
            "modules/plain/main.tf",
            "module \"leaf\" {\n  source = \"../leaf\"\n  image  = \"a/b:1\"\n}\n",
        ),
        ("modules/telling/main.tf", "output \"image\" {\n  value = \"a/b:1\"\n}\n"),
        ("stacks/a/main.tf", "module \"plain\" {\n  source = \"../../modules/plain\"\n}\n"),
        ("stacks/a/values.yaml", "image: a/b:1\n"),
    ]);
    let repo = files.repo();
    let readers = |path: &str| {
        let ids = repo.readers(repo.source(path))?;
        let mut dirs: Vec<&str> = ids.iter().map(|id| &*repo.module(*id).dir).collect();
        dirs.sort_unstable();
        Some(dirs)
    };
    assert_eq!(readers("modules/leaf/main.tf").unwrap(), ["modules/leaf"]);
    assert_eq!(readers("modules/plain/main.tf").unwrap(), ["modules/leaf", "modules/plain"]);
    let below_a = ["modules/leaf", "modules/plain", "stacks/a"];
    assert_eq!(readers("stacks/a/main.tf").unwrap(), below_a);
    assert_eq!(readers("modules/telling/main.tf"), None);
    assert_eq!(readers("stacks/a/values.yaml"), None);
}

#[test]
fn an_object_is_asked_about_by_the_kind_that_is_written() {
    let manifest = |name: &str, object: &str| {
        format!("resource \"kubernetes_manifest\" \"{name}\" {{\n  manifest = {object}\n}}\n")
    };
    let main = [
        manifest("a", "{ kind = \"Service\", \"metadata\" = { name = \"a\" } }"),
        manifest("b", "{ kind = \"Secret\", metadata = { name = \"b\" } }"),
        manifest("c", "{ kind = local.kind, metadata = { name = \"c\" } }"),
        manifest("d", "merge({ kind = \"Secret\" }, { metadata = { name = \"d\" } })"),
        manifest("e", "{ (\"kind\") = \"Secret\", metadata = { name = \"e\" } }"),
        "locals {\n  kind = \"Service\"\n}\n".to_owned(),
    ];
    let files = Files::new(&[("stacks/a/main.tf", &main.concat())]);
    let repo = files.repo();
    let objects = repo.objects(|_, kind| kind.is_none_or(|kind| kind == "Service"));
    let names: Vec<String> = objects.map(|it| it.kind_and_name().unwrap().1.into_owned()).collect();
    assert_eq!(names, ["a", "c", "d", "e"]);
}

#[test]
fn text_inside_yaml_points_into_the_file_that_holds_it() {
    let files = Files::new(&[
        ("stacks/a/pod.yaml", "# é\nkind: Pod\nspec:\n  containers:\n    - image: \"x/y:1\"\n"),
        (
            "stacks/a/main.tf",
            "resource \"kubernetes_manifest\" \"p\" {\n  manifest = yamldecode(file(\"pod.yaml\"))\n}\n",
        ),
    ]);
    let repo = files.repo();
    let images: Vec<_> = repo.images(|_, _| true).collect();
    let [image] = images[..] else { panic!("one image") };
    assert_eq!(files.text(image.site), "x/y:1");
}

#[test]
fn text_filled_in_from_further_down_does_not_stretch_what_it_is_filled_into() {
    let main = "resource \"kubectl_manifest\" \"p\" {\n  yaml_body = <<-EOT\n    kind: Pod\n    spec:\n      \
                containers:\n      - image: a:${local.tag}\n  EOT\n}\nlocals {\n  tag = \"1\"\n}\n";
    let files = Files::new(&[("stacks/a/main.tf", main)]);
    let repo = files.repo();
    let images: Vec<_> = repo.images(|_, _| true).collect();
    assert_eq!(show(&images[0].uses[0].image), "\"a:1\"");
    assert_eq!(files.text(images[0].site), "image");
}

#[test]
fn manifests_in_config_maps_run_images() {
    let main = r#"resource "kubernetes_config_map" "c" {
  data = {
    "pod.yaml" = <<-EOT
      apiVersion: v1
      kind: Pod
      spec:
        containers:
          - image: "a:${local.tag}"
      ---
      apiVersion: batch/v1
      kind: Job
      metadata:
        namespace: jobs
      spec:
        template:
          spec:
            initContainers:
              - image: b:2
    EOT
    "policy.yaml" = "apiVersion: v1\nkind: Policy\nspec:\n  containers:\n    - image: x:1\n"
    "settings"    = "kind: Pod\nspec:\n  containers:\n    - image: x:2\n"
    "template"    = "{{ if .x }}\napiVersion: v1\nkind: Pod\nspec: {containers: [{image: x}]}\n{{ end }}"
    "json"        = jsonencode({ apiVersion = "v1", kind = "Pod", spec = { containers = [{ image = "c:3" }] } })
  }
}
resource "kubectl_manifest" "m" {
  yaml_body = <<-EOT
    apiVersion: v1
    kind: ConfigMap
    data:
      pod.yaml: |
        apiVersion: v1
        kind: Pod
        spec: {containers: [{image: "d:4"}]}
  EOT
}
locals {
  tag = "1"
}
"#;
    let files = Files::new(&[("stacks/a/main.tf", main)]);
    let repo = files.repo();
    let images = repo.images(|_, _| true).map(|image| {
        let ImageUse { image: value, namespace } = &image.uses[0];
        let namespace = namespace.as_ref().and_then(Value::as_str).unwrap_or("?".into());
        format!("{} {namespace} {}", show(value), files.text(image.site))
    });
    let expected = [r#""a:1" ? image"#, r#""b:2" jobs b:2"#, r#""c:3" ? "c:3""#, r#""d:4" ? d:4"#];
    assert_eq!(images.collect::<Vec<_>>(), expected);
}

#[test]
fn documents_and_tables_in_files_are_read() {
    let documents = "---\nkind: A\napiVersion: v1\nmetadata: {name: a}\n---\n# nothing\n---\nkind: B\napiVersion: x/v1\nmetadata: \
                     {name: b, namespace: shop}\n";
    let main = r#"data "kubectl_file_documents" "d" {
  content = file("${path.module}/d/all.yaml")
}
data "kubectl_path_documents" "p" {
  pattern = "${path.module}/d/*.yaml"
}
data "kubectl_path_documents" "filled" {
  pattern = "${path.module}/d/*.yaml"
  vars    = { a = 1 }
}
resource "kubernetes_namespace_v1" "n" {
  metadata { name = "n" }
}
locals {
  kinds = [for d in data.kubectl_file_documents.d.documents : yamldecode(d).kind]
  names = keys(data.kubectl_file_documents.d.manifests)
  paths = length(data.kubectl_path_documents.p.documents)
  multi = [for m in provider::kubernetes::manifest_decode_multi(file("${path.module}/d/all.yaml")) : m.metadata.name]
  rows  = csvdecode(file("${path.module}/t.csv"))
  out   = [local.kinds, local.names, local.paths, local.multi, local.rows, kubernetes_namespace_v1.n.id]
  open  = data.kubectl_path_documents.filled.documents
}
"#;
    let files = Files::new(&[
        ("stacks/a/main.tf", main),
        ("stacks/a/terragrunt.hcl", ""),
        ("stacks/a/d/all.yaml", documents),
        ("stacks/a/t.csv", "name,port\r\n\r\nweb,80\r\ndns,\r\n"),
    ]);
    let expected = r#"[["A", "B"], ["/api/v1/as/a", "/apis/x/v1/namespaces/shop/bs/b"], 2, ["a", "b"], [{name="web", port="80"}, {name="dns", port=""}], "n"]"#;
    assert_eq!(show(&out(&files.repo(), "stacks/a")), expected);
}

#[test]
fn variables_come_from_files_then_terragrunt_then_defaults() {
    let main = "variable \"v\" { default = \"default\" }\nlocals { out = var.v }\n";
    let root = "locals { env = \"prod\" }\ninputs = { v = \"root-${local.env}\" }\n";
    let unit = "include \"root\" {\n  path = find_in_parent_folders()\n}\n";
    let files = Files::new(&[
        ("stacks/a/main.tf", main),
        ("terragrunt.hcl", root),
        ("stacks/a/terragrunt.hcl", unit),
    ]);
    assert_eq!(show(&out(&files.repo(), "stacks/a")), r#""root-prod""#);

    let own = format!("{unit}inputs = {{ v = \"unit\" }}\n");
    let files = Files::new(&[
        ("stacks/a/main.tf", main),
        ("terragrunt.hcl", root),
        ("stacks/a/terragrunt.hcl", &own),
    ]);
    assert_eq!(show(&out(&files.repo(), "stacks/a")), r#""unit""#);

    let files = Files::new(&[
        ("stacks/a/main.tf", main),
        ("terragrunt.hcl", root),
        ("stacks/a/terragrunt.hcl", &own),
        ("stacks/a/terraform.tfvars", "v = \"tfvars\"\n"),
        ("stacks/a/b.auto.tfvars", "v = \"auto\"\n"),
        ("stacks/a/other.tfvars", "v = \"not read\"\n"),
    ]);
    assert_eq!(show(&out(&files.repo(), "stacks/a")), r#""auto""#);
}

/// What `local.out = var.v` is in `stacks/a`, whose unit says `unit`, with `others` beside it.
fn passed(unit: (&str, &str), others: &[(&str, &str)]) -> String {
    let main = "variable \"v\" { default = \"default\" }\nlocals { out = var.v }\n";
    let mut files = vec![("stacks/a/main.tf", main), unit];
    files.extend(others);
    show(&out(&Files::new(&files).repo(), "stacks/a"))
}

#[test]
fn a_unit_may_be_written_in_json() {
    let path = "stacks/a/terragrunt.hcl.json";
    let own = r#"{"locals": {"x": "json"}, "inputs": {"v": "${local.x}"}}"#;
    assert_eq!(passed((path, own), &[]), r#""json""#);
    let root = ("root.hcl.json", r#"{"inputs": {"v": "root"}}"#);
    let named =
        r#"{"include": {"root": {"path": "${find_in_parent_folders(\"root.hcl.json\")}"}}}"#;
    assert_eq!(passed((path, named), &[root]), r#""root""#);
    // Without a name, either is looked for.
    let bare = r#"{"include": {"path": "${find_in_parent_folders()}"}}"#;
    let above = ("terragrunt.hcl.json", r#"{"inputs": {"v": "above"}}"#);
    assert_eq!(passed((path, bare), &[above]), r#""above""#);
    // Of two, Terragrunt takes the one in its own syntax.
    let native = ("stacks/a/terragrunt.hcl", "inputs = { v = \"native\" }\n");
    assert_eq!(passed((path, own), &[native]), r#""native""#);
}

#[test]
fn what_is_included_counts_as_its_strategy_says() {
    let include = |name: &str, strategy: &str| {
        format!("include \"{name}\" {{\n  path = \"../../{name}.hcl\"\n{strategy}}}\n")
    };
    let unit = |text: &str| {
        let (one, two) = ("inputs = { v = { a = 1 } }\n", "inputs = { v = { b = 2 } }\n");
        passed(("stacks/a/terragrunt.hcl", text), &[("one.hcl", one), ("two.hcl", two)])
    };
    let both = include("one", "") + &include("two", "");
    assert_eq!(unit(&both), "{b=2}");
    let asked = include("one", "") + &include("two", "  merge_strategy = \"no_merge\"\n");
    assert_eq!(unit(&asked), "{a=1}");
    let deep = include("one", "") + &include("two", "  merge_strategy = \"deep\"\n");
    let why = "?`var.v`: what several files of the unit say of it is put together";
    assert_eq!(unit(&deep), why);
    assert_eq!(unit(&(deep + "inputs = { v = 3 }\n")), "3");
}

#[test]
fn generated_files_are_read_from_others_and_what_is_filled_in_is_not_known() {
    let generated = |contents: &str, others: &[(&str, &str)]| {
        let unit = format!("generate \"x\" {{\n  path = \"x.tf\"\n  contents = {contents}\n}}\n");
        let main = ("stacks/a/main.tf", "locals { out = local.x }\n");
        let mut files = vec![main, ("stacks/a/terragrunt.hcl", unit.as_str())];
        files.extend(others);
        show(&out(&Files::new(&files).repo(), "stacks/a"))
    };
    let x = "locals {\n  x = \"read\"\n}\n";
    assert_eq!(generated("file(\"../x.tpl\")", &[("stacks/x.tpl", x)]), r#""read""#);
    let from_root = "file(\"${get_repo_root()}/common/x.tf\")";
    assert_eq!(generated(from_root, &[("common/x.tf", x)]), r#""read""#);
    let holes = "locals {\n  x = \"a-${n}\"\n}\n";
    let template = "templatefile(\"x.tftpl\", { n = 1 })";
    assert_eq!(generated(template, &[("stacks/a/x.tftpl", holes)]), r#""a-…""#);
    let computed = "?`local.x`: a file that Terragrunt generates is computed";
    let directive = "%{ if n }\nlocals {\n  x = 1\n}\n%{ endif }\n";
    assert_eq!(generated(template, &[("stacks/a/x.tftpl", directive)]), computed);
    assert_eq!(generated("file(get_env(\"X\"))", &[]), computed);
    let filled = "<<EOF\nlocals {\n  x = \"a-${local.n}\"\n}\nEOF";
    assert_eq!(generated(filled, &[]), r#""a-…""#);
}

#[test]
fn a_unit_depends_on_what_its_files_list() {
    let depends = |unit: &str| {
        let env = "dependency \"dns\" {\n  config_path = \"../dns\"\n}\n\
                   dependencies {\n  paths = [\"../env\"]\n}\n";
        let files = Files::new(&[("live/a/terragrunt.hcl", unit), ("env.hcl", env)]);
        let repo = files.repo();
        let unit = repo.unit_in("live/a").unwrap();
        let told = |target: Result<String, _>| target.unwrap_or_else(|why| format!("?{why}"));
        let found: Vec<String> =
            repo.dependencies(unit).into_iter().map(|it| told(it.target)).collect();
        found.join(" ")
    };
    let listed = |paths: &str| {
        let locals = "locals { names = [\"x\", \"y\"] }\n";
        depends(&format!("{locals}dependencies {{\n  paths = {paths}\n}}\n"))
    };
    assert_eq!(listed("[\"../b\", \"../c/terragrunt.hcl\"]"), "live/b live/c");
    assert_eq!(listed("[for name in local.names : \"../${name}\"]"), "live/x live/y");
    assert_eq!(
        listed("concat([\"../b\"], formatlist(\"../%s\", local.names))"),
        "live/b live/x live/y"
    );
    assert_eq!(listed("local.none"), "?`local.none` is not declared in `live/a/terragrunt.hcl`");
    let include = "include \"env\" {\n  path = \"../../env.hcl\"\n";
    assert_eq!(depends(&format!("{include}}}\n")), "live/dns live/env");
    // A dependency of the same name takes its place; what is only asked is not merged.
    let own = "dependency \"dns\" {\n  config_path = \"../own\"\n}\n";
    assert_eq!(depends(&format!("{include}}}\n{own}")), "live/own live/env");
    let asked = format!("{include}  merge_strategy = \"no_merge\"\n}}\n{own}");
    assert_eq!(depends(&asked), "live/own");
}

#[test]
fn an_encrypted_variable_file_is_a_reason() {
    let root = "terraform {\n  extra_arguments \"v\" {\n    commands = [\"plan\"]\n    \
                required_var_files = [\"${get_repo_root()}/config.tfvars\"]\n  }\n}\n";
    let files = Files::new(&[
        ("stacks/a/main.tf", "variable \"v\" {}\nlocals { out = var.v }\n"),
        ("stacks/a/terragrunt.hcl", "include \"root\" {\n  path = find_in_parent_folders()\n}\n"),
        ("terragrunt.hcl", root),
    ])
    .with_skipped("config.tfvars", "git-crypt");
    let expected = "?`var.v` has no default, and `config.tfvars` cannot be read (git-crypt)";
    assert_eq!(show(&out(&files.repo(), "stacks/a")), expected);
}

#[test]
fn generated_files_declare_names_too() {
    let root = "generate \"tiers\" {\n  path = \"tiers.tf\"\n  if_exists = \"overwrite\"\n  contents = <<EOF\n\
                locals {\n  tiers = { aux = \"4-aux\" }\n}\nEOF\n}\n";
    let files = Files::new(&[
        ("stacks/a/main.tf", "locals { out = local.tiers.aux }\n"),
        ("stacks/a/terragrunt.hcl", "include \"root\" {\n  path = find_in_parent_folders()\n}\n"),
        ("terragrunt.hcl", root),
    ]);
    let repo = files.repo();
    let value = out(&repo, "stacks/a");
    assert_eq!(show(&value), r#""4-aux""#);
    assert_eq!(files.text(value.span), r#""4-aux""#);
}

#[test]
fn what_terragrunt_fills_into_a_generated_file_is_not_known_and_the_rest_of_it_is() {
    let root = "locals {\n  region = \"eu\"\n}\ngenerate \"x\" {\n  path = \"x.tf\"\n  contents = <<EOF\n\
                provider \"aws\" {\n  region = \"${local.region}\"\n}\n\
                locals {\n  fixed  = \"a\"\n  filled = \"${local.region}-a\"\n}\nEOF\n}\n";
    let shown = |main: &str| {
        let files = Files::new(&[
            ("stacks/a/main.tf", main),
            (
                "stacks/a/terragrunt.hcl",
                "include \"root\" {\n  path = find_in_parent_folders()\n}\n",
            ),
            ("terragrunt.hcl", root),
        ]);
        show(&out(&files.repo(), "stacks/a"))
    };
    assert_eq!(shown("locals { out = local.fixed }\n"), r#""a""#);
    assert_eq!(shown("locals { out = local.filled }\n"), "\"…-a\"");
    assert_eq!(shown("locals { out = local.other }\n"), "?`local.other` is not declared");
}

#[test]
fn a_module_is_seen_through_every_caller() {
    let files = Files::new(&[
        (
            "modules/web/main.tf",
            "variable \"auth\" { default = \"required\" }\nlocals { out = var.auth }\noutput \"port\" { value = 80 }\n",
        ),
        (
            "stacks/a/main.tf",
            "module \"w\" {\n  source = \"../../modules/web\"\n  auth = \"none\"\n}\nlocals { out = module.w.port }\n",
        ),
        (
            "stacks/b/main.tf",
            "module \"w\" {\n  source = \"../../modules/web\"\n}\nmodule \"v\" {\n  source = \"../../modules/web\"\n  auth = \"none\"\n}\n",
        ),
    ]);
    let repo = files.repo();
    assert_eq!(show(&out(&repo, "modules/web")), r#""none" | "required""#);
    assert_eq!(show(&out(&repo, "stacks/a")), "80");
    let module = repo.module(repo.module_in("modules/web").unwrap());
    assert_eq!((module.instances.len(), module.called), (3, true));
}

#[test]
fn each_instance_of_a_repeated_call_counts() {
    let files = Files::new(&[
        ("stacks/a/web/main.tf", "variable \"auth\" {}\nlocals { out = var.auth }\n"),
        (
            "stacks/a/main.tf",
            "module \"w\" {\n  source = \"./web\"\n  for_each = { x = { auth = \"app\" }, y = { auth = \"none\" } }\n  auth = each.value.auth\n}\n",
        ),
    ]);
    assert_eq!(show(&out(&files.repo(), "stacks/a/web")), r#""app" | "none""#);
}

#[test]
fn a_module_that_nobody_calls_is_marked() {
    let files = Files::new(&[
        ("modules/old/main.tf", "variable \"v\" { default = 1 }\nlocals { out = var.v }\n"),
        ("stacks/a/main.tf", "locals { out = 1 }\n"),
    ]);
    let repo = files.repo();
    assert!(!repo.module(repo.module_in("modules/old").unwrap()).called);
    assert!(repo.module(repo.module_in("stacks/a").unwrap()).called);
    assert_eq!(show(&out(&repo, "modules/old")), "1");
}

#[test]
fn modules_that_call_each_other_in_a_circle_end() {
    let files = Files::new(&[
        ("stacks/a/main.tf", "module \"b\" {\n  source = \"../b\"\n}\nlocals { out = 1 }\n"),
        ("stacks/b/main.tf", "module \"a\" {\n  source = \"../a\"\n}\nlocals { out = 2 }\n"),
    ]);
    let repo = files.repo();
    assert_eq!(repo.instances.len(), 4);
    assert_eq!(show(&out(&repo, "stacks/b")), "2");
}

fn stack_names(files: &[(&str, &str)]) -> Vec<String> {
    Files::new(files).repo().stacks.iter().map(|stack| stack.name.to_string()).collect()
}

#[test]
fn an_example_is_a_module_where_there_is_no_other() {
    let text = "locals {\n  out = \"<name>-tls\"\n}\n";
    let files = Files::new(&[
        ("stacks/_template/main.tf.example", text),
        ("stacks/_template/terragrunt.hcl", ""),
        ("stacks/blog/main.tf", "locals {\n  out = \"<name>\"\n}\n"),
        ("stacks/blog/main.tf.example", text),
        ("stacks/blog/terragrunt.hcl", ""),
    ]);
    let repo = files.repo();
    assert_eq!(show(&out(&repo, "stacks/_template")), "\"…-tls\"");
    assert_eq!(show(&out(&repo, "stacks/blog")), "\"<name>\"");
    assert!(repo.module_of("stacks/_template/main.tf.example").is_some());
    assert!(repo.module_of("stacks/blog/main.tf.example").is_none());
    let module = |dir: &str| repo.module(repo.module_in(dir).unwrap());
    assert!(module("stacks/_template").called && !module("stacks/_template").runs());
    assert!(module("stacks/blog").runs());
}

#[test]
fn what_an_example_calls_is_judged_with_the_words_of_other_callers_only() {
    let call = |name: &str| {
        format!("module \"m\" {{\n  source = \"../../modules/m\"\n  name = \"{name}\"\n}}\n")
    };
    let (example, blog) = (call("<name>"), call("blog"));
    let out = "variable \"name\" {}\nlocals {\n  out = var.name\n}\n";
    let files = Files::new(&[
        ("modules/m/main.tf", out),
        ("stacks/_template/main.tf.example", &example),
        ("stacks/_template/terragrunt.hcl", ""),
        ("stacks/blog/main.tf", &blog),
        ("stacks/blog/terragrunt.hcl", ""),
    ]);
    let repo = files.repo();
    let module = repo.module(repo.module_in("modules/m").unwrap());
    let callers = module
        .instances
        .iter()
        .map(|&it| repo.instance(it).stack.map(|it| repo.stack(it).name.to_string()));
    assert_eq!(callers.collect::<Vec<_>>(), [Some("blog".to_owned())]);
}

#[test]
fn what_no_stack_runs_is_no_caller_of_what_stacks_call() {
    let call = |source: &str, name: &str| {
        format!("module \"m\" {{\n  source = \"{source}\"\n  name = \"{name}\"\n}}\n")
    };
    let code = "variable \"name\" {}\nlocals {\n  out = var.name\n}\n";
    let (blog, old) = (call("../../modules/m", "blog"), call("../../../../modules/m", "old"));
    let only_old = call("../only_old", "old");
    let files = Files::new(&[
        ("modules/m/main.tf", code),
        ("modules/only_old/main.tf", code),
        ("modules/old/main.tf", &only_old),
        ("stacks/blog/main.tf", &blog),
        ("stacks/blog/terragrunt.hcl", ""),
        ("stacks/web/modules/old/main.tf", &old),
        ("stacks/web/main.tf", ""),
        ("stacks/web/terragrunt.hcl", ""),
    ]);
    let repo = files.repo();
    assert_eq!(show(&out(&repo, "modules/m")), "\"blog\"");
    let called = |dir: &str| repo.module(repo.module_in(dir).unwrap()).called;
    assert!(called("modules/m") && !called("modules/only_old"));
    let instances = |dir: &str| repo.module(repo.module_in(dir).unwrap()).instances.len();
    assert_eq!((instances("modules/m"), instances("stacks/web/modules/old")), (1, 1));
    assert!(instances("modules/only_old") > 0);
}

#[test]
fn what_is_a_stack() {
    let include = "include \"root\" {\n  path = find_in_parent_folders()\n}\n";
    assert_eq!(
        stack_names(&[
            ("stacks/a/main.tf", ""),
            ("stacks/_template/main.tf.example", ""),
            ("stacks/a/modules/x/main.tf", ""),
            ("stacks/README.md", ""),
            ("modules/m/main.tf", ""),
            ("terragrunt.hcl", "locals {}\n"),
        ]),
        ["_template", "a"]
    );
    assert_eq!(
        stack_names(&[
            ("live/prod/vpc/terragrunt.hcl", include),
            ("live/prod/db/terragrunt.hcl", include),
            ("live/terragrunt.hcl", "locals {}\n"),
            ("modules/m/main.tf", ""),
        ]),
        ["live/prod/db", "live/prod/vpc"]
    );
    assert_eq!(
        stack_names(&[("main.tf", ""), ("modules/m/main.tf", ""), ("docs/x.md", "")]),
        [".", "modules/m"]
    );
}

#[test]
fn a_file_belongs_to_the_innermost_stack() {
    let files = Files::new(&[
        ("stacks/a/main.tf", ""),
        ("stacks/a/modules/x/main.tf", ""),
        ("modules/m/main.tf", ""),
    ]);
    let repo = files.repo();
    let stack = |path: &str| repo.stack_of(path).map(|id| repo.stack(id).name.to_string());
    assert_eq!(stack("stacks/a/modules/x/main.tf").as_deref(), Some("a"));
    assert_eq!(stack("modules/m/main.tf"), None);
    assert_eq!(stack("stacks/ab/main.tf"), None);
}

#[test]
fn images_are_found_wherever_a_pod_is_described() {
    let main = r#"
locals { tag = "2" }
resource "kubernetes_cron_job_v1" "c" {
  metadata { namespace = "jobs" }
  spec {
    job_template {
      spec {
        template {
          spec {
            init_container { image = "a:1" }
            container { image = "b:${local.tag}" }
            dynamic "container" {
              for_each = ["c:3"]
              content { image = container.value }
            }
          }
        }
      }
    }
  }
}
resource "kubectl_manifest" "d" {
  yaml_body = <<-EOT
    kind: Deployment
    metadata: {namespace: web}
    spec:
      template:
        spec:
          initContainers:
            - image: d:4
    ---
    kind: ClusterPolicy
    spec: {template: {spec: {containers: [{image: "not/*"}]}}}
  EOT
}
resource "helm_release" "h" {
  values = [yamlencode({ web = { image = { registry = "r.io", repository = "e", tag = "5" } } })]
}
resource "helm_release" "s" {
  dynamic "set" {
    for_each = { "image.repository" = "f", "image.tag" = "6" }
    content {
      name  = set.key
      value = set.value
    }
  }
}
"#;
    let files = Files::new(&[("stacks/a/main.tf", main)]);
    let repo = files.repo();
    let found: Vec<String> = repo
        .images(|_, _| true)
        .map(|image| {
            let role = match image.role {
                ImageRole::Container => "container",
                ImageRole::InitContainer => "init",
                ImageRole::HelmValues => "helm",
            };
            let namespace = image.uses[0].namespace.as_ref().map_or("-".to_owned(), show);
            format!("{role} {} {namespace} {}", show(&image.uses[0].image), files.text(image.site))
        })
        .collect();
    assert_eq!(
        found,
        [
            r#"init "a:1" "jobs" "a:1""#,
            r#"container "b:2" "jobs" "b:${local.tag}""#,
            r#"container "c:3" "jobs" container.value"#,
            r#"init "d:4" "web" d:4"#,
            r#"helm "r.io/e" - "e""#,
            r#"helm "f" - "f""#,
        ]
    );
}

#[test]
fn calls_that_fork_at_every_level_are_not_followed_without_end() {
    const LEVELS: usize = 16;
    let mut files = vec![(
        "stacks/a/main.tf".to_owned(),
        "module \"m\" {\n  source = \"../../m0\"\n  v = \"x\"\n}\nlocals {\n  out = module.m.o\n}\n".to_owned(),
    )];
    for level in 0..=LEVELS {
        let mut text = "variable \"v\" {}\nlocals {\n  out = var.v\n}\n".to_owned();
        if level < LEVELS {
            for name in ["a", "b"] {
                let source = level + 1;
                let value = format!("${{var.v}}{name}");
                writeln!(
                    text,
                    "module \"{name}\" {{\n  source = \"../m{source}\"\n  v = \"{value}\"\n}}"
                )
                .unwrap();
            }
        }
        let below = if level < LEVELS { "module.b.o" } else { "var.v" };
        writeln!(text, "output \"o\" {{\n  value = {below}\n}}").unwrap();
        files.push((format!("m{level}/main.tf"), text));
    }
    let files: Vec<(&str, &str)> =
        files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let files = Files::new(&files);
    let repo = files.repo();
    // 512 paths to each module, and one for the rest.
    assert!(repo.instances.len() <= 1 + (LEVELS + 1) * 513, "{}", repo.instances.len());
    let known = "m9";
    assert!(!show(&out(&repo, known)).contains('?'));
    let unknown = "too many paths of calls lead to the module in `m16` to tell them apart";
    assert!(show(&out(&repo, "m16")).contains(unknown));
    assert!(show(&out(&repo, "stacks/a")).contains("too many paths of calls lead to the module"));
}
