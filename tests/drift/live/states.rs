//! States, as files and as `terraform show -json` has them, the messages of a plan with changes of every kind, and a plan in
//! binary: recorded for the readers.

use std::fs;

use serde_json::Value as Json;

use tautline::drift::read::{self, Input};
use tautline::drift::{InputKind, Status};

use super::golden;
use super::reads::measured;
use super::stage::{self, Stage};

const MAIN: &str = "\
variable \"password\" {
  sensitive = true
  default   = \"canary-state\"
}

resource \"terraform_data\" \"plain\" {
  input = { password = var.password, size = 12345678901234567890123 }
}

resource \"terraform_data\" \"counted\" {
  count      = 2
  depends_on = [terraform_data.plain]
}

resource \"terraform_data\" \"leftover\" {
  triggers_replace = \"one\"
  lifecycle {
    create_before_destroy = true
  }
}

resource \"kubernetes_secret\" \"key\" {
  metadata {
    name      = \"key\"
    namespace = \"shop\"
  }
  data = { password = var.password }
}

module \"notes\" {
  for_each = toset([\"y z\"])
  source   = \"./notes\"
}

data \"terraform_remote_state\" \"platform\" {
  backend = \"local\"
  config  = { path = \"../platform/terraform.tfstate\" }
}

output \"password\" {
  value     = var.password
  sensitive = true
}
";

/// What the states hold.
const INSTANCES: [&str; 8] = [
    "data.terraform_remote_state.platform",
    "kubernetes_secret.key",
    "module.notes[\"y z\"].terraform_data.note",
    "terraform_data.counted[0]",
    "terraform_data.counted[1] tainted",
    "terraform_data.leftover deposed",
    "terraform_data.leftover tainted",
    "terraform_data.plain",
];

#[test]
fn states_and_plans_in_other_forms() {
    let Some(version) = stage::terraform("states") else { return };
    let stage = Stage::new();
    stage.stack("platform").apply("output \"address\" {\n  value = \"10.0.0.1\"\n}\n");
    let stack = stage.stack("stack");
    stage.stack("stack/notes").write("main.tf", "resource \"terraform_data\" \"note\" {}\n");
    stack.apply(MAIN);
    let failing = "  provisioner \"local-exec\" {\n    command = \"false\"\n  }\n  lifecycle";
    let second = MAIN.replace("\"one\"\n  lifecycle", &format!("\"two\"\n{failing}"));
    stack.write("main.tf", &second);
    let run = stack.terraform(&["apply", "-auto-approve", "-input=false", "-no-color"]);
    assert!(!run.status.success(), "the provisioner fails");
    stack.must(&["taint", "terraform_data.counted[1]"]);

    let raw = golden::stable(&stack.read("terraform.tfstate"), stage.root());
    let state: Json = serde_json::from_str(&raw).expect("a state is JSON");
    assert_eq!(state["version"], 4);
    for part in ["\"tainted\"", "\"deposed\"", "\"index_key\"", "\"module\"", "\"dependencies\""] {
        assert!(raw.contains(part), "{part}: {raw}");
    }
    golden::hold("golden/states/everything.tfstate", &raw, version);
    let shown = golden::stable(&stack.must(&["show", "-json"]), stage.root());
    assert!(shown.starts_with("{\"format_version\":\"1.0\""), "{shown}");
    golden::hold("golden/states/everything.json", &shown, version);

    let planned = stack.stream(&["-parallelism=1"]);
    assert_eq!(planned.exit, 2, "{}", planned.text);
    assert!(!planned.text.contains("canary"), "the messages hold no value");
    let stream = golden::stable_stream(&planned.text, stage.root());
    let plan = golden::stable(&planned.plan.expect("there is a plan"), stage.root());
    golden::hold("golden/states/plan.json", &plan, version);
    let kinds = |text: &str| {
        let messages = text.lines().map(|line| serde_json::from_str::<Json>(line).expect("JSON"));
        let mut kinds: Vec<String> = messages
            .map(|it| {
                format!(
                    "{} {} {}",
                    it["type"], it["change"]["resource"]["addr"], it["change"]["action"]
                )
            })
            .collect();
        kinds.sort();
        kinds
    };
    // Terraform says it in the order in which it comes to it.
    let recorded = golden::find("golden/states/plan.jsonl");
    if recorded.is_none() || golden::is_recording() {
        golden::hold("golden/states/plan.jsonl", &stream, version);
    } else if recorded.as_ref().is_some_and(|it| it.contains(&format!("\"{version}\""))) {
        assert_eq!(kinds(&stream), kinds(&recorded.unwrap_or_default()));
    }

    // Its bytes differ from one run to the next, so it is recorded once.
    let binary = fs::read(stack.dir.join("plan")).expect("there is a plan");
    assert!(binary.starts_with(b"PK\x03\x04"), "a plan is an archive");
    let record = golden::fixtures().join("golden/states/plan.tfplan");
    if golden::is_recording() && !record.exists() {
        fs::write(&record, &binary).expect("a record can be written");
    }
    assert!(record.exists());
}

#[test]
fn records_in_other_forms_are_read() {
    let file = |name: &str| {
        let path = golden::fixtures().join("golden/states").join(name);
        fs::read(path).expect("it was recorded")
    };
    for name in ["everything.tfstate", "everything.json"] {
        let Input::State(state) = read::read(name, file(name).as_slice()) else {
            panic!("{name} is a state");
        };
        let mut found: Vec<String> = state
            .instances
            .iter()
            .map(|instance| {
                let tainted = if instance.is_tainted { " tainted" } else { "" };
                let deposed = if instance.deposed.is_some() { " deposed" } else { "" };
                format!("{}{tainted}{deposed}", instance.address)
            })
            .collect();
        found.sort();
        assert_eq!(found, INSTANCES, "{name}");
        assert!(!format!("{state:?}").contains("canary"), "{name}");
    }
    for (name, kind) in [
        ("plan.json", InputKind::Plan),
        ("plan.jsonl", InputKind::UiStream),
        ("plan.tfplan", InputKind::BinaryPlan),
    ] {
        let measured = measured(name, &file(name));
        assert_eq!(
            (measured.kind, measured.terraform.as_deref()),
            (kind, Some("1.11.4")),
            "{name}"
        );
        let kept = serde_json::to_string(&measured).expect("it can be kept");
        assert!(!kept.contains("canary"), "{name}: {kept}");
        if kind != InputKind::BinaryPlan {
            let found: Vec<String> =
                measured.changes.iter().map(|it| it.address.to_string()).collect();
            let leftover = "terraform_data.leftover";
            let expected = ["terraform_data.counted[1]", leftover, leftover];
            assert_eq!(found, expected, "{name}");
            assert_eq!(measured.status, Status::Pending, "{name}");
        }
    }
}
