//! A fix that Terraform accepts and does not heed is a wrong fix: for every shape that the code can have, what drifted is
//! planned, read, ignored by the edit that is suggested, and planned again. Then there is nothing to do.

use std::fs;

use serde_json::{Value as Json, json};
use tautline::drift::join::Joiner;
use tautline::drift::{Class, StackRef};
use tautline::model::Repo;
use tautline::syntax::{Format, SourceFile};
use tautline::text::FileId;

use super::reads::measured;
use super::rows;
use super::stage::{self, Stage};

/// The word behind each entry.
const MARKER: &str = "OWNED_BY_SOMEBODY";
/// The file that holds the workload.
const STACK: &str = "stacks/app/main.tf";
const MODULE: &str = "modules/app/main.tf";
const CALL: &str = "module \"app\" {\n  source = \"../../modules/app\"\n}\n";

struct Shape {
    name: &'static str,
    /// Where the workload is declared: the stack itself, or a module that it calls.
    file: &'static str,
    metadata: &'static str,
    template: &'static str,
    rest: &'static str,
    /// What somebody else does.
    edit: fn(&mut Json),
    /// The entries that the code has afterwards.
    entries: &'static [&'static str],
}

const PLAIN: Shape = Shape {
    name: "",
    file: STACK,
    metadata: "",
    template: "",
    rest: "",
    edit: raise_image,
    entries: &[IMAGE],
};
const IMAGE: &str = "spec[0].template[0].spec[0].container[0].image";
const DNS: &str = "spec[0].template[0].spec[0].dns_config";
const ANNOTATION: &str = "metadata[0].annotations[\"keel.sh/policy\"]";

const SHAPES: &[Shape] = &[
    Shape { name: "no lifecycle block", ..PLAIN },
    Shape { name: "an empty lifecycle block", rest: "\n  lifecycle {}\n", ..PLAIN },
    Shape {
        name: "a lifecycle block without a list",
        rest: "
  lifecycle {
    create_before_destroy = true
  }
",
        ..PLAIN
    },
    Shape {
        name: "a list in one line",
        rest: "\n  lifecycle {\n    ignore_changes = [metadata[0].labels]\n  }\n",
        entries: &["metadata[0].labels", IMAGE],
        ..PLAIN
    },
    Shape {
        name: "a list over lines, and a block that the code has not",
        rest: "
  lifecycle {
    ignore_changes = [
      metadata[0].labels # another's
    ]
  }
",
        edit: inject_dns,
        entries: &["metadata[0].labels", DNS],
        ..PLAIN
    },
    Shape { name: "a block that the code has not", edit: inject_dns, entries: &[DNS], ..PLAIN },
    Shape {
        name: "a key of a map that the code has not",
        edit: |web| web["metadata"][0]["annotations"] = json!({ "keel.sh/policy": "patch" }),
        entries: &[ANNOTATION],
        ..PLAIN
    },
    Shape {
        name: "a key beside others",
        metadata: "\n\n    annotations = { team = \"web\" }",
        edit: |web| web["metadata"][0]["annotations"]["keel.sh/policy"] = json!("patch"),
        entries: &[ANNOTATION],
        ..PLAIN
    },
    Shape {
        name: "a key that is a name",
        metadata: "\n    labels    = { app = \"web\" }",
        edit: |web| web["metadata"][0]["labels"]["tier"] = json!("apps"),
        entries: &["metadata[0].labels[\"tier\"]"],
        ..PLAIN
    },
    Shape {
        name: "a key in a block that the code has not",
        edit: stamp,
        entries: &["spec[0].template[0].metadata"],
        ..PLAIN
    },
    Shape {
        name: "a key in a block that the code has",
        template: "
      metadata {
        labels = { app = \"web\" }
      }",
        edit: |web| {
            let metadata = &mut web["spec"][0]["template"][0]["metadata"][0];
            metadata["annotations"] = json!({ "keel.sh/update-time": "2026-10-01" });
        },
        entries: &["spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]"],
        ..PLAIN
    },
    Shape {
        name: "a value in a set of blocks",
        edit: |web| pod(web)["container"][0]["port"][0]["protocol"] = json!("UDP"),
        entries: &["spec[0].template[0].spec[0].container[0].port"],
        ..PLAIN
    },
    Shape { name: "a module", file: MODULE, ..PLAIN },
    Shape {
        name: "two owners at once",
        edit: |web| {
            raise_image(web);
            inject_dns(web);
        },
        entries: &[IMAGE, DNS],
        ..PLAIN
    },
];

fn pod(object: &mut Json) -> &mut Json {
    &mut object["spec"][0]["template"][0]["spec"][0]
}

fn raise_image(web: &mut Json) {
    pod(web)["container"][0]["image"] = json!("ghcr.io/shop/web:1.4.1");
}

fn inject_dns(web: &mut Json) {
    pod(web)["dns_config"] =
        json!([{ "nameservers": [], "option": [{ "name": "ndots", "value": "2" }] }]);
}

fn stamp(web: &mut Json) {
    web["spec"][0]["template"][0]["metadata"] =
        json!([{ "annotations": { "keel.sh/update-time": "2026-10-01" }, "labels": null }]);
}

fn web(shape: &Shape) -> String {
    let Shape { metadata, template, rest, .. } = shape;
    format!(
        "resource \"kubernetes_deployment\" \"web\" {{
  metadata {{
    name      = \"web\"
    namespace = \"shop\"{metadata}
  }}
  spec {{
    template {{{template}
      spec {{
        container {{
          name  = \"web\"
          image = \"ghcr.io/shop/web:1.4.0\"
          port {{
            container_port = 8080
            protocol       = \"TCP\"
          }}
        }}
      }}
    }}
  }}
{rest}}}
"
    )
}

#[test]
fn what_is_ignored_by_the_fix_is_not_planned_again() {
    let Some(_) = stage::terraform("fixes") else { return };
    rows::each(SHAPES, one);
}

fn one(shape: &Shape) {
    let stage = Stage::new();
    let stack = stage.stack("stacks/app");
    stage.stack("modules/app");
    let is_module = shape.file == MODULE;
    stack.write("main.tf", CALL);
    fs::write(stage.root().join(shape.file), web(shape)).expect("the stage can be written");
    stack.reapply();
    stage.world.edit("kubernetes_deployment", "shop/web", shape.edit);
    let planned = stack.plan(&[]);
    assert_eq!(planned.exit, 2, "{}: {}", shape.name, planned.text);

    let plan = planned.plan.expect("there is a plan");
    let text = suggested(&stage, shape, &measured(shape.name, plan.as_bytes()), is_module);
    fs::write(stage.root().join(shape.file), &text).expect("the stage can be written");
    let planned = stack.plan(&[]);
    assert_eq!(planned.exit, 0, "{}: {}\n{text}", shape.name, planned.text);
    for entry in shape.entries {
        assert!(text.contains(entry), "{}: {entry}\n{text}", shape.name);
    }
    assert!(text.contains(MARKER), "{}: {text}", shape.name);
    let file = stage.root().join(shape.file);
    let laid_out = stack.terraform(&["fmt", "-check", "-diff", &file.display().to_string()]);
    let differs = String::from_utf8_lossy(&laid_out.stdout);
    assert!(laid_out.status.success(), "{}: {differs}", shape.name);
}

/// The text of the shape's file, once what `measured` has from outside is ignored.
fn suggested(
    stage: &Stage,
    shape: &Shape,
    measured: &tautline::drift::Measured,
    is_module: bool,
) -> String {
    let files = if is_module { vec![MODULE, STACK] } else { vec![STACK] };
    let sources: Vec<SourceFile> = files
        .into_iter()
        .enumerate()
        .map(|(number, path)| {
            let text = fs::read_to_string(stage.root().join(path)).expect("it was written");
            SourceFile::new(FileId(number as u32), path.into(), text.into(), Format::of(path))
        })
        .collect();
    let repo = Repo::build(&sources, &[]);
    let joiner = Joiner::new(&repo);
    let name = StackRef { name: "app".to_owned(), dir: Some("stacks/app".to_owned()) };
    let id = joiner.stack(&name).expect("the stack is there");
    let [change] = measured.changes.as_slice() else {
        panic!("{}: {:?}", shape.name, measured.changes);
    };
    let found = joiner.find(id, &change.address).expect("it is declared");
    let outside = change.attributes.iter().filter(|it| it.class == Class::OutOfBand);
    let paths: Vec<_> = outside.map(|it| (&it.path, Some(MARKER))).collect();
    let fix = joiner.ignore(&found, &paths).expect("it can be ignored");

    let source = sources.iter().find(|it| &*it.path == shape.file).expect("it is there");
    let texts = tautline::engine::texts(&sources, &fix.edits).expect("it can be applied");
    assert_eq!(texts.len(), 1, "{}: the edit is where the block is", shape.name);
    texts[&source.id].clone()
}
