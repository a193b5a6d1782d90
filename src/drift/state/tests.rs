//! States against code, over small repos in memory.

use serde_json::json;

use super::*;
use crate::drift::join::Joiner;
use crate::drift::read::{Input, read};
use crate::drift::shown::Json;
use crate::model::{Repo, StackId};
use crate::syntax::{Format, SourceFile};
use crate::text::FileId;

/// A resource of a state with one instance.
#[expect(
    clippy::needless_pass_by_value,
    reason = "what `json!` makes reads best where it is passed"
)]
fn instance(module: &str, kind: &str, name: &str, key: Json, attributes: Json) -> Json {
    json!({
        "module": module, "mode": "managed", "type": kind, "name": name,
        "provider": "provider[\"registry.terraform.io/hashicorp/kubernetes\"]",
        "instances": [{ "index_key": key, "schema_version": 0, "attributes": attributes }]
    })
}

fn plain(kind: &str, name: &str) -> Json {
    instance("", kind, name, Json::Null, json!({}))
}

/// The code in `files` (the stack is `stacks/app`) against a state with `resources`.
fn compared(files: &[(&str, &str)], resources: &[Json]) -> ComparedState {
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
    let repo = Repo::build(&files, &[]);
    let joiner = Joiner::new(&repo);
    let text = json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 7, "lineage": "x", "outputs": {},
        "resources": resources, "check_results": null
    });
    let Input::State(state) = read("app.tfstate", text.to_string().as_bytes()) else {
        panic!("no state")
    };
    let app = repo.stacks.iter().position(|stack| &*stack.name == "app").unwrap();
    compare(&joiner, StackId(app as u32), &state)
}

/// The differences: kind, address (and path), certainty.
fn told(files: &[(&str, &str)], resources: &[Json]) -> Vec<String> {
    let line = |it: &StateDifference| {
        let path = it.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
        let many = if it.instances.len() > 1 {
            format!(" x{}", it.instances.len())
        } else {
            String::new()
        };
        let perhaps = if it.is_certain { "" } else { " perhaps" };
        format!("{:?} {}{path}{many}{perhaps}", it.kind, it.address)
    };
    compared(files, resources).differences.iter().map(line).collect()
}

fn in_app(main: &str, resources: &[Json]) -> Vec<String> {
    told(&[("stacks/app/main.tf", main)], resources)
}

#[test]
fn what_is_on_one_side_alone() {
    let main =
        "resource \"a_a\" \"both\" {\n}\nresource \"a_b\" \"new\" {\n}\ndata \"a_d\" \"x\" {\n}\n";
    let state = [plain("a_a", "both"), plain("a_c", "gone")];
    assert_eq!(in_app(main, &state), ["Undeclared a_c.gone", "Missing a_b.new"]);
    let compared = compared(&[("stacks/app/main.tf", main)], &state);
    assert_eq!((compared.instances, compared.matched, compared.unknown), (2, 1, 0));
    assert_eq!((compared.serial, compared.stack.name.as_str()), (Some(7), "app"));
    let place = compared.differences[1].place.as_ref().unwrap();
    assert_eq!(place.stacks, 1);
}

#[test]
fn instances_are_told_where_their_number_is_known() {
    let main = "resource \"a_a\" \"two\" {\n  count = 2\n}\nresource \"a_a\" \"each\" {\n  for_each = toset([\"x y\", \"z\"])\n}\n\
                resource \"a_a\" \"off\" {\n  count = 0\n}\nresource \"a_a\" \"who\" {\n  count = var.unknown\n}\n\
                resource \"a_a\" \"whom\" {\n  for_each = var.unknown\n}\nvariable \"unknown\" {}\n";
    let key = |name: &str, key: Json| instance("", "a_a", name, key, json!({}));
    let state = [
        key("two", json!(0)),
        key("two", json!(2)),
        key("each", json!("x y")),
        key("off", json!(0)),
        key("off", json!(1)),
        key("whom", json!("k")),
    ];
    assert_eq!(
        in_app(main, &state),
        [
            "Undeclared a_a.off x2",
            "Undeclared a_a.two[2]",
            "Missing a_a.each[\"z\"]",
            "Missing a_a.two[1]",
            "Missing a_a.who perhaps",
        ]
    );
    // Terraform moves an instance to the first of a count, and back, by itself.
    let main = "resource \"a_a\" \"now\" {\n  count = 1\n}\nresource \"a_a\" \"then\" {\n}\n";
    assert_eq!(in_app(main, &[plain("a_a", "now"), key("then", json!(0))]), [""; 0]);
}

#[test]
fn modules_are_followed_and_what_is_elsewhere_is_not_judged() {
    let main = "module \"m\" {\n  source   = \"../../modules/m\"\n  for_each = toset([\"a\", \"b\"])\n}\n\
                module \"far\" {\n  source = \"x/y/z\"\n}\n";
    let module = "resource \"a_a\" \"in\" {\n  count = 1\n}\n";
    let files = [("stacks/app/main.tf", main), ("modules/m/main.tf", module)];
    let state = [
        instance("module.m[\"a\"]", "a_a", "in", json!(0), json!({})),
        instance("module.m[\"c\"]", "a_a", "in", json!(0), json!({})),
        instance("module.far.module.n[0]", "a_a", "in", Json::Null, json!({})),
        instance("module.old", "a_a", "in", Json::Null, json!({})),
    ];
    assert_eq!(
        told(&files, &state),
        [
            "Undeclared module.m[\"c\"].a_a.in[0]",
            "Undeclared module.old.a_a.in",
            "Missing module.m[\"b\"].a_a.in[0]",
        ]
    );
    assert_eq!(compared(&files, &state).unknown, 1);
}

#[test]
#[expect(clippy::too_many_lines, reason = "one state, and all that is said of it")]
fn moves_removals_and_imports_are_applied_and_told_when_they_are_done() {
    let main = "\
resource \"a_a\" \"new\" {
}
resource \"a_a\" \"taken\" {
}
resource \"a_a\" \"imported\" {
}
resource \"a_a\" \"importing\" {
  for_each = toset([\"x\", \"y\"])
}
moved {
  from = a_a.old
  to   = a_a.new
}
moved {
  from = a_a.long_gone
  to   = a_a.taken
}
moved {
  from = module.a
  to   = module.b
}
module \"b\" {
  source = \"./b\"
}
removed {
  from = a_a.kept
  lifecycle {
    destroy = false
  }
}
removed {
  from = a_a.cut
}
removed {
  from = module.never
}
import {
  to = a_a.imported
  id = \"i\"
}
import {
  for_each = toset([\"x\", \"y\"])
  to       = a_a.importing[each.key]
  id       = each.key
}
";
    let inner = "resource \"a_a\" \"in\" {\n}\nmoved {\n  from = a_a.was\n  to = a_a.in\n}\n";
    let files = [("stacks/app/main.tf", main), ("stacks/app/b/main.tf", inner)];
    let state = [
        plain("a_a", "old"),
        plain("a_a", "taken"),
        plain("a_a", "kept"),
        instance("", "a_a", "cut", json!(0), json!({})),
        instance("", "a_a", "cut", json!(1), json!({})),
        plain("a_a", "imported"),
        instance("", "a_a", "importing", json!("x"), json!({})),
        instance("module.a", "a_a", "was", Json::Null, json!({})),
    ];
    assert_eq!(
        told(&files, &state),
        [
            "Undeclared a_a.cut x2",
            "Forgotten a_a.kept",
            "Moved a_a.old",
            "Moved module.a.a_a.was",
            "Imported a_a.importing[\"y\"]",
            "FinishedRemoval module.never",
            "FinishedMove a_a.long_gone",
            "FinishedMove a_a.was",
            "FinishedImport a_a.imported",
        ]
    );
    let clean = compared(
        &[(
            "stacks/app/main.tf",
            "resource \"a_a\" \"b\" {\n}\nimport {\n  to = a_a.b\n  id = \"i\"\n}\n",
        )],
        &[plain("a_a", "b")],
    );
    let report = StateReport { states: vec![clean], unread: Vec::new() };
    assert_eq!(report.verdict(), Verdict::Clean);
}

#[test]
fn tainted_deposed_and_another_type_or_provider() {
    let main = "terraform {\n  required_providers {\n    a = { source = \"me/a\" }\n  }\n}\n\
                resource \"a_a\" \"it\" {\n}\nresource \"b_service_v1\" \"web\" {\n}\n";
    let mut it = plain("a_a", "it");
    it["instances"] = json!([
        { "status": "tainted", "attributes": {} },
        { "deposed": "00ab12cd", "attributes": {} },
    ]);
    let compared = compared(&[("stacks/app/main.tf", main)], &[it, plain("b_service", "web")]);
    let lines: Vec<String> = compared
        .differences
        .iter()
        .map(|it| format!("{:?} {}: {}", it.kind, it.address, it.message))
        .collect();
    assert_eq!(
        lines,
        [
            "OtherType b_service.web: the code has `b_service_v1.web`: an apply destroys the one and creates the other",
            "Deposed a_a.it: a replacement left `00ab12cd` behind: an apply destroys it",
            "Tainted a_a.it: it is tainted: an apply destroys it and creates it again",
            "OtherProvider a_a.it: the state has it from the provider `hashicorp/kubernetes`, the code from `me/a`",
        ]
    );
    let help = compared.differences[3].help.as_deref().unwrap();
    assert_eq!(
        help,
        "`terraform state replace-provider registry.terraform.io/hashicorp/kubernetes registry.terraform.io/me/a`"
    );
}

#[test]
fn a_provider_without_a_namespace_is_of_the_usual_one() {
    for source in ["kubernetes", "hashicorp/kubernetes", "example.org/HashiCorp/kubernetes"] {
        let main = format!(
            "terraform {{\n  required_providers {{\n    a = {{ source = \"{source}\" }}\n  }}\n}}\n\
             resource \"a_a\" \"it\" {{\n}}\n"
        );
        assert_eq!(in_app(&main, &[plain("a_a", "it")]), [] as [&str; 0], "{source}");
    }
}

const WEB: &str = r#"variable "given" {}
resource "kubernetes_deployment" "web" {
  for_each = { a = "1", b = "2" }
  metadata {
    name   = "web"
    labels = { app = "web", n = each.value, id = random_id.x.hex }
  }
  spec {
    replicas = 2
    paused   = false
    given    = var.given
    template {
      spec {
        container {
          name  = "main"
          image = "a:1"
          args  = ["x", "y"]
          resources {
            requests = { cpu = "1500m", memory = "1Gi" }
          }
        }
        container {
          name  = "side"
          image = "b:1"
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [spec[0].template[0].spec[0].container[1].image]
  }
}
"#;

fn web(change: impl Fn(&mut Json)) -> Vec<String> {
    let mut attributes = json!({
        "id": "default/web",
        "metadata": [{
            "name": "web", "uid": "1",
            "labels": { "app": "web", "n": "1", "id": "computed" }
        }],
        "spec": [{
            "replicas": "2", "paused": false, "given": "what", "strategy": [{}],
            "template": [{ "spec": [{
                "container": [
                    { "name": "main", "image": "a:1", "args": ["x", "y"],
                      "resources": [{ "requests": { "cpu": "1.5", "memory": "1024Mi" }, "limits": {} }] },
                    { "name": "side", "image": "b:1", "args": null, "resources": [] },
                ]
            }] }]
        }]
    });
    change(&mut attributes);
    let key =
        |key: &str| instance("", "kubernetes_deployment", "web", json!(key), attributes.clone());
    let other = in_app(WEB, &[key("a"), key("b")]);
    // Of `b`, the label is another one than the state has.
    let is_own = |line: &String| line.contains("web[\"a\"]");
    assert!(
        other.iter().any(
            |line| line == "Literal kubernetes_deployment.web[\"b\"] metadata[0].labels[\"n\"]"
        )
    );
    other
        .into_iter()
        .filter(is_own)
        .map(|line| line.replace(" kubernetes_deployment.web[\"a\"]", ""))
        .collect()
}

#[test]
fn constants_are_held_against_attributes() {
    let none: [&str; 0] = [];
    assert_eq!(web(|_| ()), none);
    let container =
        |it: &mut Json, at: usize| it["spec"][0]["template"][0]["spec"][0]["container"][at].take();
    assert_eq!(web(|it| it["spec"][0]["replicas"] = json!("0")), ["Literal spec[0].replicas"]);
    assert_eq!(web(|it| it["spec"][0]["paused"] = json!("false")), none);
    assert_eq!(
        web(|it| it["metadata"][0]["labels"]["tier"] = json!("x")),
        ["Literal metadata[0].labels[\"tier\"]"]
    );
    assert_eq!(
        web(|it| it["metadata"][0]["labels"]["app"] = json!("x")),
        ["Literal metadata[0].labels[\"app\"]"]
    );
    assert_eq!(
        web(|it| it["spec"][0]["template"][0]["spec"][0]["container"][1]["image"] = json!("b:2")),
        ["Ignored spec[0].template[0].spec[0].container[1].image"]
    );
    assert_eq!(
        web(|it| it["spec"][0]["template"][0]["spec"][0]["container"][0]["args"] = json!(["x"])),
        ["Literal spec[0].template[0].spec[0].container[0].args"]
    );
    assert_eq!(
        web(|it| it["spec"][0]["template"][0]["spec"][0]["container"][0]["args"] =
            json!(["y", "x"])),
        none,
        "it may be a set"
    );
    assert_eq!(
        web(|it| {
            let (a, b) = (container(it, 0), container(it, 1));
            it["spec"][0]["template"][0]["spec"][0]["container"] = json!([b, a]);
        }),
        none,
        "they may be a set"
    );
    assert_eq!(
        web(|it| {
            let a = container(it, 0);
            it["spec"][0]["template"][0]["spec"][0]["container"] = json!([a]);
        }),
        ["Literal spec[0].template[0].spec[0].container"]
    );
    let big = "12345678901234567890123";
    assert_eq!(
        web(|it| it["spec"][0]["replicas"] = serde_json::from_str(big).unwrap()),
        ["Literal spec[0].replicas"]
    );
}

#[test]
fn an_encoded_constant_is_read_and_a_secret_is_not_shown() {
    let main = "resource \"x_y\" \"z\" {\n  policy = jsonencode({ a = 1, b = [\"c\"] })\n  password = \"canary\"\n  labels = { a = \"b\" }\n}\n";
    let with = |attributes: Json| {
        let file = [("stacks/app/main.tf", main)];
        compared(&file, &[instance("", "x_y", "z", Json::Null, attributes)]).differences
    };
    let same = with(
        json!({ "policy": "{\"b\":[\"c\"],\n\"a\":1}", "password": "canary", "labels": { "a": "b" } }),
    );
    assert_eq!(same, []);
    let other = with(
        json!({ "policy": "{\"a\":2}", "password": "bird", "labels": { "a": "b", "c": "d" } }),
    );
    let lines: Vec<String> = other.iter().map(|it| it.path.as_ref().unwrap().to_string()).collect();
    assert_eq!(lines, ["labels[\"c\"]", "password", "policy"]);
    assert_eq!(other[0].state, Shown::Value(json!("d")));
    assert_eq!((&other[1].state, &other[1].code), (&Shown::Hidden, &Shown::Hidden));
    let text = format!("{other:?}");
    assert!(!text.contains("canary") && !text.contains("bird"), "{text}");
}

#[test]
fn what_stands_beside_a_secret_is_compared() {
    let main =
        "resource \"x_y\" \"z\" {\n  input = { image = \"web:1\", password = \"canary\" }\n}\n";
    let file = [("stacks/app/main.tf", main)];
    let state = json!({ "input": { "image": "web:2", "password": "bird" } });
    let found = compared(&file, &[instance("", "x_y", "z", Json::Null, state)]).differences;
    let lines: Vec<String> = found.iter().map(|it| it.path.as_ref().unwrap().to_string()).collect();
    assert_eq!(lines, ["input[\"image\"]", "input[\"password\"]"]);
    let text = format!("{found:?}");
    assert!(!text.contains("canary") && !text.contains("bird"), "{text}");
}

#[test]
fn an_empty_state_and_a_stack_without_files() {
    assert_eq!(in_app("resource \"a_a\" \"b\" {\n}\n", &[]), ["Missing a_a.b"]);
    let gone = [("stacks/app/README.md", ""), ("stacks/other/main.tf", "")];
    assert_eq!(told(&gone, &[plain("a_a", "b")]), ["Undeclared a_a.b"]);
    assert_eq!(StateReport::default().verdict(), Verdict::Incomplete);
}

#[test]
fn an_instance_that_its_module_does_not_have_is_not_one_with_a_key_too_many() {
    let main = "module \"m\" {\n  source = \"./m\"\n  for_each = toset([\"x\"])\n}\n";
    let files =
        [("stacks/app/main.tf", main), ("stacks/app/m/main.tf", "resource \"a_a\" \"one\" {\n}\n")];
    let of = |module: &str, key: Json| instance(module, "a_a", "one", key, json!({}));
    let said = |state: &[Json]| {
        let compared = compared(&files, state);
        let is_it = |it: &&StateDifference| it.kind == StateKind::Undeclared;
        compared.differences.iter().find(is_it).unwrap().message.clone()
    };
    let gone = said(&[of("module.m[\"gone\"]", Json::Null)]);
    assert!(gone.starts_with("the code has no such instance"), "{gone}");
    let keyed = said(&[of("module.m[\"x\"]", Json::Null), of("module.m[\"x\"]", json!("k"))]);
    assert!(keyed.starts_with("the code has it once, without a key"), "{keyed}");
}
