//! Places and fixes, over small repos in memory.

use super::*;
use crate::diagnostic::{Fix, Label};
use crate::drift::path::Step;
use crate::drift::shown::{Json, Shown};
use crate::model::{AttributePath, IgnoreChanges};
use crate::syntax::Format;
use crate::text::{Edited, FileId, Span, TextEdit};

/// A repo's files: what a test writes down.
pub(super) struct Files(pub(super) Vec<SourceFile>);

impl Files {
    pub(super) fn new(files: &[(&str, &str)]) -> Self {
        let mut files = files.to_vec();
        files.sort_unstable();
        let source = |(index, (path, text)): (usize, (&str, &str))| {
            SourceFile::new(FileId(index as u32), path.into(), text.into(), Format::of(path))
        };
        let files: Vec<_> = files.into_iter().enumerate().map(source).collect();
        for file in &files {
            let errors = file.hcl.as_ref().map_or(&[][..], |document| &document.errors);
            assert!(errors.is_empty(), "{}: {errors:?}", file.path);
        }
        Self(files)
    }

    pub(super) fn text(&self, span: Span) -> &str {
        self.0[span.file.index()].slice(span.range)
    }

    /// The file that `fix` changes, and what it says then.
    pub(super) fn fixed(&self, fix: &Fix) -> (SourceFile, String) {
        let file = &self.0[fix.edits[0].span.file.index()];
        let edits: Vec<TextEdit> = fix
            .edits
            .iter()
            .map(|edit| TextEdit { range: edit.span.range, text: edit.text.clone() })
            .collect();
        (file.clone(), Edited::new(&file.text, &edits).unwrap().text)
    }
}

/// A path as a plan has it: names and positions, and keys only where a name cannot be.
pub(super) fn path(text: &str) -> Path {
    let expr = crate::syntax::hcl::parse_expression(text).unwrap();
    let mut steps = Vec::new();
    let crate::syntax::hcl::ExprKind::Traversal(traversal) = &expr.kind else {
        return Path(vec![Step::Name(text.into())]);
    };
    let crate::syntax::hcl::ExprKind::Variable(root) = &traversal.base.kind else { panic!() };
    steps.push(Step::Name(root.clone()));
    for step in &traversal.steps {
        use crate::syntax::hcl::{ExprKind, StepKind};
        steps.push(match &step.kind {
            StepKind::Attribute(name) => Step::Name(name.clone()),
            StepKind::Index(index) => match &index.kind {
                ExprKind::Number(number) => Step::Index(number.parse().unwrap()),
                _ => Step::Key(index.as_literal().unwrap()),
            },
            _ => panic!("{text}"),
        });
    }
    Path(steps)
}

const MAIN: &str = r#"resource "kubernetes_deployment" "web" {
  for_each = { "a b" = { image = "one:1" }, c = { image = "two:1" } }

  metadata {
    name   = "web"
    labels = { app = "web", "tier" = local.tier }
  }
  spec {
    replicas = 2
    template {
      metadata {
        labels = merge(local.labels, { app = "web" })
      }
      spec {
        container {
          image   = each.value.image
          command = ["run", "--fast"]
        }
        container {
          name  = "side"
          image = "side:${local.version}"
        }
        dynamic "init_container" {
          for_each = ["x", "y"]
          content {
            name = init_container.value
          }
        }
        init_container {
          name = "last"
        }
        dynamic "volume" {
          for_each = var.volumes
          content {
            name = volume.value
          }
        }
        volume {
          name = "after"
        }
      }
    }
  }
}

resource "kubernetes_config_map" "text" {
  count = 2
  data = {
    "a.yaml" = <<-EOT
      a: 1
    EOT
    json     = jsonencode({ a = count.index })
  }
}

locals {
  tier    = "aux"
  labels  = { managed = "yes" }
  version = "3"
}

variable "volumes" {}
"#;

fn in_main(address: &str, at: &str) -> (String, String, Option<String>, bool) {
    let files = Files::new(&[("stacks/app/main.tf", MAIN)]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let found = joiner.find(StackId(0), &Address::parse(address).unwrap()).unwrap();
    let placed = joiner.place(&found, &path(at));
    let text = files.text(placed.place.span).to_owned();
    assert!(!placed.place.is_shared && placed.place.stacks == 1);
    (text, placed.path.to_string(), placed.place.caveat, placed.is_declared)
}

#[test]
fn the_smallest_thing_is_the_place() {
    let web = r#"kubernetes_deployment.web["a b"]"#;
    let pod = "spec[0].template[0].spec[0]";
    for (at, text, told) in [
        ("spec[0].replicas", "replicas = 2", "spec[0].replicas"),
        ("metadata[0].labels.app", "app = \"web\"", "metadata[0].labels[\"app\"]"),
        ("metadata[0].labels.tier", "\"tier\" = local.tier", "metadata[0].labels[\"tier\"]"),
        ("metadata[0].name", "name   = \"web\"", "metadata[0].name"),
        ("spec[0].template", "template", "spec[0].template"),
        (
            "spec[0].template[0].metadata[0].labels.app",
            "app = \"web\"",
            "spec[0].template[0].metadata[0].labels[\"app\"]",
        ),
        (
            "spec[0].template[0].metadata[0].labels.managed",
            "labels = merge(local.labels, { app = \"web\" })",
            "spec[0].template[0].metadata[0].labels[\"managed\"]",
        ),
    ] {
        assert_eq!(in_main(web, at), (text.into(), told.into(), None, true), "{at}");
    }
    let in_pod = |rest: &str| in_main(web, &format!("{pod}.{rest}"));
    assert_eq!(in_pod("container[1].name").0, "name  = \"side\"");
    assert_eq!(in_pod("container[0].command[1]").0, "\"--fast\"");
    assert_eq!(in_pod("container[1].image").0, "image = \"side:${local.version}\"");
    let (text, _, caveat, _) = in_pod("init_container[1].name");
    assert_eq!(text, "name = init_container.value");
    assert_eq!(caveat.as_deref(), Some("the `dynamic` block around it makes others like it"));
    let (text, _, caveat, _) = in_pod("init_container[2].name");
    assert_eq!((text.as_str(), caveat), ("name = \"last\"", None));
    let (text, _, caveat, _) = in_pod("volume[3].name");
    assert_eq!(text, "dynamic \"volume\"");
    assert!(caveat.unwrap().starts_with("cannot be placed exactly"));
    let map = "kubernetes_config_map.text[1]";
    let (text, told, ..) = in_main(map, "data[\"a.yaml\"]");
    assert_eq!(text, "\"a.yaml\" = <<-EOT\n      a: 1\n    EOT");
    assert_eq!(told, "data[\"a.yaml\"]");
    let (text, told, ..) = in_main(map, "data.json");
    assert_eq!(text, "json     = jsonencode({ a = count.index })");
    assert_eq!(told, "data[\"json\"]");
}

#[test]
fn what_the_code_does_not_say_is_placed_at_the_block_around_it() {
    let web = "kubernetes_deployment.web[\"c\"]";
    for (at, text, told) in [
        ("spec[0].paused", "spec", "spec[0].paused"),
        ("metadata[0].annotations.note", "metadata", "metadata[0].annotations[\"note\"]"),
        (
            "spec[0].template[0].spec[0].dns_config[0].option[0].value",
            "spec",
            "spec[0].template[0].spec[0].dns_config[0].option[0].value",
        ),
        ("timeouts.create", "resource \"kubernetes_deployment\" \"web\"", "timeouts.create"),
        (
            "spec[0].template[0].spec[0].container[7].image",
            "spec",
            "spec[0].template[0].spec[0].container[7].image",
        ),
    ] {
        assert_eq!(in_main(web, at), (text.into(), told.into(), None, false), "{at}");
    }
    assert_eq!(
        in_main(web, "metadata[0].labels.other").0,
        "labels = { app = \"web\", \"tier\" = local.tier }"
    );
}

const MODULE: &str = r#"variable "image" {}
variable "replicas" { default = 1 }
variable "labels" { default = {} }
variable "tag" { default = "1" }
resource "kubernetes_deployment" "this" {
  metadata {
    labels = var.labels
  }
  spec {
    replicas = var.replicas
    template {
      spec {
        container {
          image = var.image
        }
        init_container {
          image = "init:${var.tag}"
        }
      }
    }
  }
}
"#;

const CALL: &str = r#"module "web" {
  source = "../../modules/app"
  image  = local.images["web"]
  labels = { tier = "aux" }
}
module "far" {
  source = "hashicorp/consul/aws"
}
locals {
  images = { web = "nginx:1", other = "x" }
}
"#;

const OTHER: &str = "module \"web\" {\n  source   = \"../../modules/app\"\n  image    = \"nginx:2\"\n  replicas = 3\n}\n";

fn called() -> Files {
    Files::new(&[
        ("modules/app/main.tf", MODULE),
        ("stacks/a/main.tf", CALL),
        ("stacks/b/main.tf", OTHER),
    ])
}

#[test]
fn a_value_that_comes_from_elsewhere_names_the_line_to_write() {
    let files = called();
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let place = |stack: u32, at: &str| {
        let address = Address::parse("module.web.kubernetes_deployment.this").unwrap();
        let found = joiner.find(StackId(stack), &address).unwrap();
        let Place { span, is_shared, stacks, source, .. } = joiner.place(&found, &path(at)).place;
        assert!(is_shared && stacks == 2);
        let source = source.map(|Label { span, message }| (files.text(span), message));
        (files.text(span), source)
    };
    let image = "spec[0].template[0].spec[0].container[0].image";
    assert_eq!(
        place(0, image),
        ("image = var.image", Some(("web = \"nginx:1\"", "`local.images` says it".to_owned())))
    );
    assert_eq!(
        place(1, image),
        (
            "image = var.image",
            Some(("image    = \"nginx:2\"", "`image` of `module.web` says it".to_owned()))
        )
    );
    let said = "the default of `var.replicas`, which `module.web` does not set, says it";
    assert_eq!(
        place(0, "spec[0].replicas"),
        ("replicas = var.replicas", Some(("default = 1", said.to_owned())))
    );
    assert_eq!(
        place(0, "metadata[0].labels.tier"),
        (
            "labels = var.labels",
            Some(("tier = \"aux\"", "`labels` of `module.web` says it".to_owned()))
        )
    );
    assert_eq!(
        place(0, "spec[0].template[0].spec[0].init_container[0].image"),
        ("image = \"init:${var.tag}\"", Some(("1", "the default of `var.tag` says it".to_owned())))
    );
}

#[test]
fn a_file_that_does_not_count_is_no_line_to_write() {
    let source = |arguments: &str| {
        let unit = format!(
            "terraform {{\n  extra_arguments \"a\" {{\n    commands  = [\"plan\"]\n    arguments = [{arguments}]\n  }}\n}}\n"
        );
        let files = Files::new(&[
            (
                "stacks/a/main.tf",
                "variable \"v\" { default = 1 }\nresource \"a\" \"b\" {\n  c = var.v\n}\n",
            ),
            ("stacks/a/terragrunt.hcl", &unit),
            ("stacks/a/terraform.tfvars.json", "{\"v\": 2}"),
        ]);
        let repo = Repo::build(&files.0, &[]);
        let joiner = Joiner::new(&repo);
        let found = joiner.find(StackId(0), &Address::parse("a.b").unwrap()).unwrap();
        let source = joiner.place(&found, &path("c")).place.source;
        source.map(|label| (files.text(label.span).to_owned(), label.message))
    };
    let said = "`v` in `stacks/a/terraform.tfvars.json` says it".to_owned();
    assert_eq!(source(""), Some(("\"v\": 2".to_owned(), said)));
    let argument = ("\"-var=v=3\"".to_owned(), "`stacks/a/terragrunt.hcl` says it".to_owned());
    assert_eq!(source("\"-var=v=3\""), Some(argument));
    assert_eq!(source("\"-var-file=${get_env(\"FILE\")}\""), None);
}

#[test]
fn the_element_of_a_for_each_names_its_own_line() {
    let files = Files::new(&[("stacks/app/main.tf", MAIN)]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let address = Address::parse(r#"kubernetes_deployment.web["c"]"#).unwrap();
    let found = joiner.find(StackId(0), &address).unwrap();
    let placed = joiner.place(&found, &path("spec[0].template[0].spec[0].container[0].image"));
    let source = placed.place.source.unwrap();
    assert_eq!(files.text(source.span), "two:1");
}

#[test]
fn an_address_in_no_file_has_a_reason() {
    let files = called();
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let why = |address: &str| joiner.find(StackId(0), &Address::parse(address).unwrap());
    assert_eq!(why("a.b").unwrap_err(), "no file in `stacks/a` declares `a.b`");
    assert_eq!(
        why("module.web[0].data.a.b").unwrap_err(),
        "no file in `modules/app` declares `data.a.b`"
    );
    assert_eq!(why("module.no.a.b").unwrap_err(), "no file in `stacks/a` declares `module.no`");
    let found = why("module.far.module.deep.a.b[\"k\"]").unwrap();
    assert_eq!(found.block.address(), "module.far");
    let placed = joiner.place(&found, &path("spec[0].x"));
    assert_eq!(files.text(placed.place.span), "module \"far\"");
    let caveat = placed.place.caveat.unwrap();
    assert!(caveat.contains("`hashicorp/consul/aws`"), "{caveat}");
    assert_eq!(joiner.ignore(&found, &[(&path("spec[0].x"), None)]), None);
}

#[test]
fn a_stack_is_known_by_name_directory_or_what_it_has() {
    let files = called();
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let named = |name: &str, dir: Option<&str>| {
        joiner.stack(&StackRef { name: name.into(), dir: dir.map(str::to_owned) })
    };
    assert_eq!(named("a", None), Some(StackId(0)));
    assert_eq!(named("x", Some("./stacks/b/")), Some(StackId(1)));
    assert_eq!(named("stacks/b", None), Some(StackId(1)));
    assert_eq!(named("", None), None);
    let call = |name: &str, source: &str| ModuleCall { name: name.into(), source: source.into() };
    let far = call("far", "hashicorp/consul/aws");
    let web = call("web", "../../modules/app");
    assert_eq!(joiner.stack_with(&[], &[far.clone(), web.clone()]), Some(StackId(0)));
    // Both have it, and neither has most of it.
    assert_eq!(joiner.stack_with(&[], std::slice::from_ref(&web)), None);
    let foreign = Address::parse("x.y").unwrap();
    assert_eq!(joiner.stack_with(&[&foreign, &foreign], &[far]), None);
    assert_eq!(joiner.stack_with(&[], &[]), None);
    assert_eq!(joiner.stack_ref(StackId(1)).dir.as_deref(), Some("stacks/b"));
}

#[test]
fn a_stack_answers_for_what_its_blocks_take_away() {
    let files = Files::new(&[
        (
            "stacks/a/main.tf",
            "moved {\n  from = a.old\n  to   = a.new\n}\nresource \"a\" \"new\" {}\nmodule \"m\" {\n  \
             source = \"../../modules/m\"\n}\n",
        ),
        ("stacks/b/main.tf", "removed {\n  from = module.gone\n}\nresource \"b\" \"c\" {}\n"),
        ("modules/m/main.tf", "removed {\n  from = a.past\n}\n"),
    ]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let stack = |address: &str| joiner.stack_with(&[&Address::parse(address).unwrap()], &[]);
    for (address, found) in [
        ("a.old", Some(0)),
        ("a.old[0]", Some(0)),
        ("module.m[\"k\"].a.past", Some(0)),
        ("module.gone[0].x.y", Some(1)),
        ("module.gone.module.n.x.y", Some(1)),
        ("a.past", None),
        ("a.older", None),
    ] {
        assert_eq!(stack(address), found.map(StackId), "{address}");
    }
}

const POD: &str = "spec[0].template[0].spec[0]";

/// What the fix for `paths` writes into a deployment with `lifecycle`, once and again.
fn ignored(lifecycle: &str, paths: &[(&str, Option<&str>)]) -> Option<(String, String)> {
    let body = "  metadata {\n    labels = { app = \"web\" }\n  }\n  spec {\n    template {\n      spec {\n        \
                container {\n          image = \"a:1\"\n          command = [\"a\"]\n        }\n      }\n    }\n  }\n";
    let text =
        format!("resource \"kubernetes_deployment\" \"web\" {{\n{body}{lifecycle}}}\n# end\n");
    let files = Files::new(&[("main.tf", &text)]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let address = Address::parse("kubernetes_deployment.web").unwrap();
    let found = joiner.find(StackId(0), &address).unwrap();
    let paths: Vec<(Path, Option<&str>)> =
        paths.iter().map(|(at, note)| (path(at), *note)).collect();
    let wanted: Vec<_> = paths.iter().map(|(path, note)| (path, *note)).collect();
    let fix = joiner.ignore(&found, &wanted)?;
    let (_, after) = files.fixed(&fix);

    // What is written is heeded, and there is nothing left to write.
    let files = Files::new(&[("main.tf", &after)]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let found = joiner.find(StackId(0), &address).unwrap();
    let list = IgnoreChanges::of(found.block.block).unwrap();
    for (path, _) in &wanted {
        let told = told::told(found.block.block, path).to_string();
        let told = AttributePath::parse(&told).unwrap();
        assert!(list.covering(&told).is_some(), "{told}\n{after}");
        let heeded = told.effective_in(found.block.block).path;
        assert!(list.covering(&heeded).is_some(), "{heeded}\n{after}");
    }
    assert_eq!(joiner.ignore(&found, &wanted), None, "{after}");
    let start = text.find(body).unwrap() + body.len();
    let end = after.len() - "}\n# end\n".len();
    Some((fix.title, after[start..end].to_owned()))
}

#[test]
fn each_row_of_what_terraform_heeds_gets_its_entry() {
    let dns = format!("{POD}.dns_config[0].option[0].value");
    let port = format!("{POD}.container[0].port[0].protocol");
    let image = format!("{POD}.container[0].image");
    for (at, entry) in [
        (dns.as_str(), format!("{POD}.dns_config")),
        (
            "metadata[0].annotations[\"keel.sh/policy\"]",
            "metadata[0].annotations[\"keel.sh/policy\"]".to_owned(),
        ),
        ("metadata[0].labels.tier", "metadata[0].labels[\"tier\"]".to_owned()),
        (
            "spec[0].template[0].metadata[0].annotations.x",
            "spec[0].template[0].metadata".to_owned(),
        ),
        (port.as_str(), format!("{POD}.container[0].port")),
        (image.as_str(), image.clone()),
        ("spec[0].replicas", "spec[0].replicas".to_owned()),
        ("metadata[0].labels[\"${x}\\\"\"]", "metadata[0].labels[\"$${x}\\\"\"]".to_owned()),
    ] {
        let at = at.replace("[\"${x}", "[\"$${x}");
        let (title, lifecycle) = ignored("", &[(&at, Some("MARK"))]).unwrap();
        assert_eq!(title, format!("ignore `{entry}`"));
        assert_eq!(
            lifecycle,
            format!("  lifecycle {{\n    ignore_changes = [{entry}] # MARK\n  }}\n")
        );
    }
    let (title, _) = ignored("", &[(&format!("{POD}.container[3].image"), None)]).unwrap();
    assert_eq!(title, format!("ignore all of `{POD}.container`"));
}

#[test]
fn an_entry_joins_the_list_in_its_style() {
    let lifecycle = |inner: &str| format!("  lifecycle {{\n    {inner}\n  }}\n");
    let replicas = [("spec[0].replicas", Some("M"))];
    for (before, after) in [
        ("ignore_changes = [id]", "ignore_changes = [id, spec[0].replicas] # M"),
        ("ignore_changes = []", "ignore_changes = [spec[0].replicas] # M"),
        (
            "ignore_changes = [\n      id, # why\n    ]",
            "ignore_changes = [\n      id, # why\n      spec[0].replicas, # M\n    ]",
        ),
        (
            "ignore_changes = [id] # why",
            "ignore_changes = [\n      id, # why\n      spec[0].replicas, # M\n    ]",
        ),
        (
            "create_before_destroy = true",
            "create_before_destroy = true\n    ignore_changes = [spec[0].replicas] # M",
        ),
    ] {
        let (_, written) = ignored(&lifecycle(before), &replicas).unwrap();
        assert_eq!(written, lifecycle(after));
    }
    assert_eq!(ignored(&lifecycle("ignore_changes = all"), &replicas), None);
    assert_eq!(ignored(&lifecycle("ignore_changes = [spec]"), &replicas), None);
    assert_eq!(ignored(&lifecycle("ignore_changes = [\"spec[0].replicas\"]"), &replicas), None);
}

#[test]
fn an_entry_without_effect_is_repaired() {
    let lifecycle = |inner: &str| format!("  lifecycle {{\n    ignore_changes = [{inner}]\n  }}\n");
    for (entry, at, repaired) in [
        ("metadata[0].labels.tier", "metadata[0].labels.tier", "metadata[0].labels[\"tier\"]"),
        (
            &*format!("{POD}.dns_config[0].option"),
            &*format!("{POD}.dns_config[0].option[0].value"),
            &*format!("{POD}.dns_config"),
        ),
        (
            "spec[0].template[0].metadata[0].annotations[\"x\"]",
            "spec[0].template[0].metadata[0].annotations.x",
            "spec[0].template[0].metadata",
        ),
    ] {
        let (_, written) = ignored(&lifecycle(entry), &[(at, None)]).unwrap();
        assert_eq!(written, lifecycle(repaired));
    }
    // What ignores a part of it has an effect.
    let element = format!("{POD}.container[0].command[0]");
    let (_, written) =
        ignored(&lifecycle(&element), &[(&format!("{POD}.container[0].command[1]"), None)])
            .unwrap();
    let both = format!("\n      {element},\n      {POD}.container[0].command,\n    ");
    assert_eq!(written, lifecycle(&both));
    let part = format!("{POD}.container[0].image");
    let (_, written) =
        ignored(&lifecycle(&part), &[(&format!("{POD}.container[4].image"), None)]).unwrap();
    assert_eq!(written, lifecycle(&format!("{part}, {POD}.container")));
}

#[test]
fn several_entries_are_one_edit() {
    let dns = |rest: &str| format!("{POD}.dns_config[0].{rest}");
    let paths = [
        (&*dns("option[0].name"), Some("A")),
        ("metadata[0].labels.tier", Some("B")),
        (&*dns("option[0].value"), Some("A")),
        ("metadata[0].annotations[\"a/b\"]", Some("B")),
    ];
    let (title, written) = ignored("", &paths).unwrap();
    assert_eq!(title, format!("ignore `{POD}.dns_config` and 2 more"));
    assert_eq!(
        written,
        format!(
            "  lifecycle {{\n    ignore_changes = [\n      {POD}.dns_config, # A\n      \
             metadata[0].labels[\"tier\"], # B\n      metadata[0].annotations[\"a/b\"], # B\n    ]\n  }}\n"
        )
    );
    let repairs = [("metadata[0].labels.tier", None), ("spec[0].replicas", None)];
    let before = "  lifecycle {\n    ignore_changes = [metadata[0].labels.tier] # why\n  }\n";
    let (_, written) = ignored(before, &repairs).unwrap();
    assert_eq!(
        written,
        "  lifecycle {\n    ignore_changes = [\n      metadata[0].labels[\"tier\"], # why\n      spec[0].replicas,\n    ]\n  }\n"
    );
    // A marker stays with its own entry.
    let mixed = [("metadata[0].labels.tier", None), ("spec[0].replicas", Some("A"))];
    let (_, written) = ignored("", &mixed).unwrap();
    assert_eq!(
        written,
        "  lifecycle {\n    ignore_changes = [\n      spec[0].replicas, # A\n      metadata[0].labels[\"tier\"],\n    ]\n  }\n"
    );
}

#[test]
fn some_things_are_not_ignored_here() {
    let main = "resource \"kubernetes_manifest\" \"m\" {\n  manifest = { spec = { a = 1 } }\n}\n\
                data \"a\" \"b\" {\n}\n";
    let files = Files::new(&[("main.tf", main)]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    for (address, at) in [("kubernetes_manifest.m", "object.spec.a"), ("data.a.b", "x")] {
        let found = joiner.find(StackId(0), &Address::parse(address).unwrap()).unwrap();
        assert_eq!(joiner.ignore(&found, &[(&path(at), None)]), None);
        assert_eq!(joiner.ignore(&found, &[(&Path::default(), None)]), None);
        assert_eq!(joiner.ignore(&found, &[]), None);
    }
    let found = joiner.find(StackId(0), &Address::parse("kubernetes_manifest.m").unwrap()).unwrap();
    let placed = joiner.place(&found, &path("manifest.spec.a"));
    assert_eq!(
        (placed.path.to_string().as_str(), files.text(placed.place.span)),
        ("manifest.spec.a", "a = 1")
    );
}

#[test]
fn one_edit_in_a_module_is_one_for_all_its_stacks() {
    let files = called();
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let address = Address::parse("module.web.kubernetes_deployment.this").unwrap();
    let found = joiner.find(StackId(0), &address).unwrap();
    let fix = joiner.ignore(&found, &[(&path("spec[0].replicas"), None)]).unwrap();
    assert_eq!(fix.title, "ignore `spec[0].replicas`, in all 2 stacks that have its module");
    assert_eq!(&*files.fixed(&fix).0.path, "modules/app/main.tf");
}

#[test]
fn a_block_without_a_position_is_no_map() {
    let main = "resource \"a_b\" \"c\" {\n  single {\n    size = 1\n    deep {\n      x = 1\n    }\n  }\n  map = { size = 1 }\n}\n";
    let files = Files::new(&[("main.tf", main)]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let found = joiner.find(StackId(0), &Address::parse("a_b.c").unwrap()).unwrap();
    let keys = |text: &str| Path(text.split('.').map(|it| Step::Key(it.into())).collect());
    for (at, told, text) in [
        (path("single.size"), "single.size", "size = 1"),
        (keys("single.deep.x"), "single.deep.x", "x = 1"),
        (keys("single.other"), "single.other", "single"),
        (path("map.size"), "map[\"size\"]", "size = 1"),
    ] {
        let placed = joiner.place(&found, &at);
        assert_eq!((placed.path.to_string().as_str(), files.text(placed.place.span)), (told, text));
    }
}

#[test]
fn the_code_can_follow_the_world() {
    let main = "resource \"kubernetes_deployment\" \"web\" {\n  metadata {\n    name = \"web\"\n    labels = { a = \"1\" }\n  }\n  \
                spec {\n    replicas = 2\n    paused = false\n    image = local.image\n  }\n}\n\
                resource \"x\" \"many\" {\n  count = 2\n  size = 1\n}\nlocals {\n  image = \"a\"\n}\n";
    let files = Files::new(&[
        ("stacks/app/main.tf", main),
        ("modules/app/main.tf", MODULE),
        ("stacks/a/main.tf", CALL),
        ("stacks/b/main.tf", OTHER),
    ]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let follow = |stack: &str, address: &str, at: &str, want: &str, live: Shown| {
        let stack = joiner.stack(&StackRef { name: stack.into(), dir: None }).unwrap();
        let found = joiner.find(stack, &Address::parse(address).unwrap()).unwrap();
        let want = Shown::Value(serde_json::from_str::<Json>(want).unwrap());
        let fix = joiner.follow(&found, &joiner.place(&found, &path(at)), &want, &live)?;
        let edit = &fix.edits[0];
        Some((fix.title.clone(), files.text(edit.span).to_owned(), edit.text.clone()))
    };
    let value = |text: &str| Shown::Value(serde_json::from_str::<Json>(text).unwrap());
    let web = "kubernetes_deployment.web";
    let some = |title: &str, old: &str, new: &str| {
        Some((format!("write `{title}`, which is what runs"), old.to_owned(), new.to_owned()))
    };
    // The provider has numbers as strings.
    assert_eq!(
        follow("app", web, "spec[0].replicas", "\"2\"", value("\"0\"")),
        some("0", "2", "0")
    );
    assert_eq!(
        follow("app", web, "spec[0].paused", "false", value("true")),
        some("true", "false", "true")
    );
    assert_eq!(
        follow("app", web, "metadata[0].labels.a", "\"1\"", value("\"${x}\"")),
        some("${x}", "\"1\"", "\"$${x}\"")
    );
    let as_input = Some((
        "write `5` as `replicas` of `module.web`, which is what runs".to_owned(),
        "3".to_owned(),
        "5".to_owned(),
    ));
    let shared = "module.web.kubernetes_deployment.this";
    assert_eq!(follow("b", shared, "spec[0].replicas", "3", value("5")), as_input);
    // The default is for others too, a local may be, and all of a `count` say the same.
    assert_eq!(follow("a", shared, "spec[0].replicas", "1", value("5")), None);
    assert_eq!(follow("app", web, "spec[0].image", "\"a\"", value("\"b\"")), None);
    assert_eq!(follow("app", "x.many[0]", "size", "1", value("5")), None);
    // Nothing that is hidden, no text for a number, and no structure.
    assert_eq!(follow("app", web, "metadata[0].name", "\"web\"", Shown::Hidden), None);
    assert_eq!(follow("app", web, "metadata[0].name", "\"web\"", value("\"a (sensitive)\"")), None);
    assert_eq!(follow("app", web, "metadata[0].name", "\"web\"", value("\"a\\nb\"")), None);
    assert_eq!(follow("app", web, "metadata[0].name", "\"web\"", value("[1]")), None);
    assert_eq!(follow("app", web, "spec[0].replicas", "2", value("\"many\"")), None);
    assert_eq!(follow("app", web, "spec[0].replicas", "2", value("2")), None);
    // What stands there is not what the plan wants: the place is another, or the plan had another value for it.
    assert_eq!(follow("app", web, "spec[0].replicas", "3", value("5")), None);
    assert_eq!(follow("b", shared, "spec[0].replicas", "4", value("5")), None);
}

#[test]
fn what_the_code_does_not_have_stands_beside_what_it_has() {
    let main = "resource \"a_b\" \"c\" {\n  args = [\"a\", \"b\"]\n  pod {\n    box {\n      args = [\"c\"]\n    }\n  }\n}\n";
    let files = Files::new(&[("main.tf", main)]);
    let repo = Repo::build(&files.0, &[]);
    let joiner = Joiner::new(&repo);
    let found = joiner.find(StackId(0), &Address::parse("a_b.c").unwrap()).unwrap();
    for (at, text) in [
        ("args[0]", "args = [\"a\", \"b\"]"),
        ("pod[0].box[0]", "pod"),
        ("pod[0].box[0].args[0]", "args = [\"c\"]"),
        ("pod[0].box[0].new", "box"),
    ] {
        let placed = joiner.place_of_extra(&found, &path(at));
        assert_eq!((files.text(placed.place.span), placed.path.to_string().as_str()), (text, at));
        let live = Shown::Value(Json::from("new"));
        for want in [Shown::Absent, Shown::Value(Json::from("a"))] {
            assert_eq!(joiner.follow(&found, &placed, &want, &live), None, "{at}");
        }
    }
}
