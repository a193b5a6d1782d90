//! The JSON of `drift predict`, `state`, `inventory`, `host` and `history`, from the program itself, against the schemas in
//! `docs`: nothing is printed that they do not name, and they name nothing that is never printed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use tautline::drift::history::{Moment, Record, Run, encode, header};
use tautline::drift::host::sha256;
use tautline::report::drift::CLASSES;

/// Two policies, so that two of the mutators are at work and the others are not; and an entry for what nobody writes any more.
const CLUSTER: &str = r#"resource "kubernetes_namespace" "shop" {
  metadata {
    name   = "shop"
    labels = { "keel.sh/enrolled" = "true" }
  }
  lifecycle {
    ignore_changes = [metadata[0].labels["goldilocks.fairwinds.com/vpa-update-mode"]]
  }
}

resource "kubectl_manifest" "policies" {
  for_each = { "inject-ndots" = "kube-system", "inject-keel-annotations" = "dbaas" }
  yaml_body = yamlencode({
    kind     = "ClusterPolicy"
    metadata = { name = each.key }
    spec = { rules = [{
      match   = { any = [{ resources = { kinds = ["Pod"] } }] }
      exclude = { any = [{ resources = { namespaces = [each.value] } }] }
      mutate  = { patchStrategicMerge = {} }
    }] }
  })
}
"#;

/// What will drift, with an entry of each other kind that is no good.
const WEB: &str = r#"resource "kubernetes_deployment" "web" {
  metadata {
    name        = "web"
    namespace   = "shop"
    annotations = { "keel.sh/match-tag" = "true" }
  }
  spec {
    template {
      metadata {
        labels = { app = "web" }
      }
      spec {
        container {
          name  = "web"
          image = "redis:7.4.1"
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [
      spec[0].template[0].spec[0].dns_config[0].option,
      metadata[0].labels.tier,
      metadata[0].generation,
      metadata[0].annotations["deployment.kubernetes.io/revision"],
      metadata[0].annotations["keel.sh/match-tag"],
    ]
  }
}
"#;

/// A namespace that nobody knows, so that it cannot be told whether the policy is about it.
const FAR: &str = r#"variable "where" {}

resource "kubernetes_job" "far" {
  metadata {
    name      = "far"
    namespace = var.where
  }
  spec {
    template {
      spec {
      }
    }
  }
}
"#;

/// Code that differs from the state beside it in every way there is.
const APP: &str = r#"terraform {
  required_providers {
    a = { source = "me/a" }
  }
}

variable "size" {
  default = "big"
}

variable "unknown" {}

resource "a_a" "constants" {
  size     = var.size
  settings = { api_token = "canary" }
  left     = "x"
  lifecycle {
    ignore_changes = [left]
  }
}

resource "b_service_v1" "other" {
}

resource "c_c" "missing" {
}

resource "c_c" "perhaps" {
  count = var.unknown
}

resource "c_c" "several" {
  count = 2
}

resource "c_c" "tainted" {
}

resource "c_c" "moved" {
}

resource "c_c" "imported" {
}

resource "c_c" "importing" {
}

moved {
  from = c_c.before
  to   = c_c.moved
}

moved {
  from = c_c.long_gone
  to   = c_c.missing
}

removed {
  from = c_c.kept
  lifecycle {
    destroy = false
  }
}

removed {
  from = c_c.never
}

import {
  to = c_c.imported
  id = "i"
}

import {
  to = c_c.importing
  id = "i"
}

module "far" {
  source = "x/y/z"
}
"#;

/// A name that nobody knows, and a kind that the dump does not have.
const SHOP: &str = r#"variable "name" {}

resource "kubernetes_config_map" "vague" {
  metadata {
    name      = var.name
    namespace = "shop"
  }
}

resource "kubernetes_service" "unseen" {
  metadata {
    name      = "unseen"
    namespace = "shop"
  }
}
"#;

const HOST_FILES: &str = r#"params "inventory" {
  host_files = [
    { host = "nas", files = ["bin/*"], path = "/usr/local/bin/{stem}" },
    { host = "nas", files = ["etc/far"], path = "/etc/far" },
    { host = "nas", files = ["etc/*.service"], path = "/usr/local/lib/{file}" },
  ]
}
"#;

/// The words of the statuses, as the file of the history has them too.
const STATUSES: [&str; 9] = [
    "clean",
    "masked",
    "pending",
    "drift",
    "not-measured",
    "blocked-by-lint",
    "locked",
    "timeout",
    "error",
];

/// A repo, and what is held against it.
struct Repo(tempfile::TempDir);

impl Repo {
    fn new(files: &[(&str, &str)]) -> Repo {
        let repo = Repo(tempfile::tempdir().unwrap());
        for (path, text) in files {
            repo.write(path, text);
        }
        repo
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn drift(&self, code: i32, arguments: &[&str]) -> Value {
        drift_in(self.0.path(), code, arguments)
    }

    fn git(&self, arguments: &[&str]) {
        let name = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let mut command = Command::new("git");
        let made = command.args(name).args(arguments).current_dir(self.0.path()).output().unwrap();
        assert!(made.status.success(), "{made:?}");
    }
}

/// What `tautline drift … --format json` prints in `directory`; it must end with `code`.
fn drift_in(directory: &Path, code: i32, arguments: &[&str]) -> Value {
    let output = Command::new(env!("CARGO_BIN_EXE_tautline"))
        .arg("drift")
        .args(arguments)
        .args(["--format", "json"])
        .current_dir(directory)
        .env_remove("TG_CTX_TERRAGRUNT_DIR")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(code), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
}

/// Fails unless each of `documents` is what `schema` says, and together they have all that it names, but for what is `hard` to
/// bring about: where the schema has it, and why.
fn holds(schema: &str, documents: &[Value], hard: &[(&str, &str)]) {
    let schema: Value = serde_json::from_str(schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for document in documents {
        let errors: Vec<String> = validator
            .iter_errors(document)
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert!(errors.is_empty(), "{errors:#?}\n{document:#}");
    }
    let hard: BTreeSet<String> = hard.iter().map(|(at, _)| (*at).to_owned()).collect();
    // What is not hard any more fails too, so that the list stays short.
    assert_eq!(silent(&schema, documents), hard, "what the schema names and no document has");
}

/// What `schema` names and none of `documents` has.
fn silent(schema: &Value, documents: &[Value]) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    named(schema, "", &mut names);
    let mut found = BTreeSet::new();
    for document in documents {
        shown(schema, "", document, &mut found);
    }
    names.difference(&found).cloned().collect()
}

/// Adds where `schema`, which stands at `at`, names something: a property; or a word of a list, behind `=`.
fn named(schema: &Value, at: &str, names: &mut BTreeSet<String>) {
    if !schema.is_object() {
        return;
    }
    if let Some(properties) = schema["properties"].as_object() {
        assert_eq!(schema["additionalProperties"], false, "{at} is not strict");
        for (key, property) in properties {
            let at = format!("{at}/properties/{key}");
            assert!(property["description"].is_string(), "{at} is not described");
            named(property, &at, names);
            names.insert(at);
        }
    }
    let words = schema["enum"].as_array().into_iter().flatten();
    names.extend(words.map(|word| format!("{at}={}", word.as_str().unwrap())));
    for part in ["items", "additionalProperties", "propertyNames"] {
        named(&schema[part], &format!("{at}/{part}"), names);
    }
    for (index, one) in schema["oneOf"].as_array().into_iter().flatten().enumerate() {
        named(one, &format!("{at}/oneOf/{index}"), names);
    }
    for (key, definition) in schema["$defs"].as_object().into_iter().flatten() {
        named(definition, &format!("{at}/$defs/{key}"), names);
    }
}

/// Adds what of `root` there is in `value`, which is what `root` describes at `at`. Null, and what is empty, shows nothing.
fn shown(root: &Value, at: &str, value: &Value, found: &mut BTreeSet<String>) {
    let Some(schema) = root.pointer(at) else { return };
    let is_nothing = match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.is_empty(),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    if is_nothing {
        return;
    }
    found.insert(at.to_owned());
    if let Some(reference) = schema["$ref"].as_str() {
        shown(root, reference.trim_start_matches('#'), value, found);
    }
    if let (true, Some(word)) = (schema["enum"].is_array(), value.as_str()) {
        found.insert(format!("{at}={word}"));
    }
    for index in 0..schema["oneOf"].as_array().map_or(0, Vec::len) {
        shown(root, &format!("{at}/oneOf/{index}"), value, found);
    }
    match value {
        Value::Array(items) => {
            for item in items {
                shown(root, &format!("{at}/items"), item, found);
            }
        }
        Value::Object(fields) => {
            for (key, field) in fields {
                shown(root, &format!("{at}/propertyNames"), &Value::from(key.as_str()), found);
                let own = format!("{at}/properties/{key}");
                let is_own = root.pointer(&own).is_some();
                let at = if is_own { own } else { format!("{at}/additionalProperties") };
                shown(root, &at, field, found);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[test]
fn what_a_schema_says_too_much_is_noticed() {
    let schema = json!({
        "properties": {
            "word": { "enum": ["said", "never said"], "description": "one of two" },
            "list": { "$ref": "#/$defs/list", "description": "a list of nothing" },
            "none": { "description": "what is always null" },
            "all": { "additionalProperties": { "type": "integer" }, "description": "any keys" }
        },
        "additionalProperties": false,
        "$defs": {
            "list": { "items": {
                "properties": { "x": { "description": "in no item" } },
                "additionalProperties": false
            } }
        }
    });
    let document = json!({ "word": "said", "list": [], "none": null, "all": { "a/b": 1 } });
    let silent = silent(&schema, &[document]);
    let expected = [
        "/$defs/list/items/properties/x",
        "/properties/list",
        "/properties/none",
        "/properties/word=never said",
    ];
    assert_eq!(silent, BTreeSet::from(expected.map(str::to_owned)));
}

#[test]
fn a_forecast_is_what_its_schema_says() {
    let files = [
        ("stacks/cluster/main.tf", CLUSTER),
        ("stacks/web/main.tf", WEB),
        ("stacks/far/main.tf", FAR),
    ];
    let repo = Repo::new(&files);
    let documents =
        [repo.drift(2, &["predict"]), repo.drift(0, &["predict", "--stack", "cluster"])];
    let hard = [("/properties/verdict=error", "only an error inside of tautline makes it so")];
    holds(include_str!("../../../docs/drift-predict.schema.json"), &documents, &hard);
}

/// A state with `resources`: module, type, name and instances of each.
fn state(resources: &[(&str, &str, &str, Value)]) -> String {
    let resources = resources.iter().map(|(module, kind, name, instances)| {
        json!({
            "module": module, "mode": "managed", "type": kind, "name": name,
            "provider": "provider[\"registry.terraform.io/hashicorp/c\"]",
            "instances": instances
        })
    });
    let resources: Vec<Value> = resources.collect();
    json!({
        "version": 4, "terraform_version": "1.11.4", "serial": 3, "lineage": "l", "outputs": {},
        "resources": resources
    })
    .to_string()
}

#[test]
fn states_against_code_are_what_their_schema_says() {
    let annex = "resource \"c_c\" \"only\" {\n}\n";
    let repo = Repo::new(&[("stacks/app/main.tf", APP), ("stacks/annex/main.tf", annex)]);
    let plain = || json!([{ "attributes": {} }]);
    let constants = json!([{ "attributes": { "size": "small", "settings": {}, "left": "y" } }]);
    let tainted = json!([
        { "status": "tainted", "attributes": {} },
        { "deposed": "00ab12cd", "attributes": {} },
    ]);
    // The code of the leftover is in no repo, which the place says.
    let far = json!([{ "attributes": {} }, { "deposed": "00ab12ce", "attributes": {} }]);
    let app = state(&[
        ("", "a_a", "constants", constants),
        ("", "b_service", "other", plain()),
        ("", "c_c", "gone", plain()),
        ("", "c_c", "tainted", tainted),
        ("", "c_c", "before", plain()),
        ("", "c_c", "kept", plain()),
        ("", "c_c", "imported", plain()),
        ("module.far", "c_c", "in", far),
    ]);
    repo.write("states/app.tfstate", app);
    repo.write("states/cut.tfstate", "{\"version\": 4, \"resources\": [");
    repo.write("annex.tfstate", state(&[("", "c_c", "only", plain())]));
    let documents = [
        repo.drift(3, &["state", "--state", "states"]),
        repo.drift(2, &["state", "--state", "states/app.tfstate"]),
        repo.drift(0, &["state", "--state", "annex.tfstate"]),
    ];
    assert!(!documents[0].to_string().contains("canary"), "{:#}", documents[0]);
    holds(include_str!("../../../docs/drift-state.schema.json"), &documents, &[]);
}

/// A list, as `kubectl get -o json` prints it.
fn list(items: &[Value]) -> String {
    json!({ "apiVersion": "v1", "kind": "List", "items": items }).to_string()
}

/// A deployment in the namespace of the fixture, with one container of its own name.
fn deployment(name: &str, image: &str, managers: &[Value]) -> Value {
    let container = json!({ "name": name, "image": image });
    let metadata = json!({ "name": name, "namespace": "blog", "managedFields": managers });
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
        "spec": { "template": { "spec": { "containers": [container] } } }
    })
}

/// What the dump of the fixture does not have: causes that are less sure, a variable that is not in the code, a container that
/// runs before the others.
fn unsure() -> String {
    let image = json!({ "k:{\"name\":\"idle\"}": { "f:image": {} } });
    let against_it = json!({
        "manager": "kubectl-set", "operation": "Update", "apiVersion": "apps/v1",
        "time": "2026-02-03T10:00:00Z", "fieldsType": "FieldsV1",
        "fieldsV1": { "f:spec": { "f:template": { "f:spec": { "f:containers": image } } } }
    });
    let mut proxy = deployment("proxy", "docker.io/nginx:1.27.0", &[]);
    proxy["spec"]["template"]["spec"]["containers"][0]["env"] =
        json!([{ "name": "UPSTREAM", "value": "http://web" }, { "name": "EXTRA", "value": "1" }]);
    let before = json!({ "name": "before", "image": "quay.io/tools/before:1" });
    let pod = json!({
        "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "bare", "namespace": "blog" },
        "spec": { "containers": [], "initContainers": [before] }
    });
    list(&[
        deployment("web", "ghcr.io/team/web:1.11.0", &[]),
        deployment("idle", "ghcr.io/team/idle:1.11.0", &[against_it]),
        proxy,
        pod,
    ])
}

#[test]
fn an_inventory_is_what_its_schema_says() {
    let found = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": "found", "namespace": "shop" }
    });
    let shop = Repo::new(&[("stacks/shop/main.tf", SHOP), ("table.txt", "NAME  READY\n")]);
    shop.write("shop.json", list(&[found]));
    shop.write("unsure.json", unsure());
    let unsure = shop.path("unsure.json");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drift/inventory/repo");
    let taken = |code: i32, dump: &str| drift_in(&fixture, code, &["inventory", "--kubectl", dump]);
    let documents = [
        taken(2, "../live.json"),
        taken(0, "../bare.json"),
        taken(2, unsure.to_str().unwrap()),
        shop.drift(3, &["inventory", "--kubectl", "shop.json", "table.txt"]),
    ];
    let at_once = "an inventory is held against no plan: nothing in it is destroyed or replaced";
    let hard = [
        ("/$defs/danger/properties/risk=destroys", at_once),
        ("/$defs/danger/properties/risk=runs-job-again", at_once),
        (
            "/$defs/danger/properties/risk=reverts-live",
            "what was changed outside cannot be told from what was not applied without a plan",
        ),
        (
            "/$defs/shown/oneOf/0/properties/is=unknown",
            "what the code does not tell is counted, and not compared",
        ),
    ];
    holds(include_str!("../../../docs/drift-inventory.schema.json"), &documents, &hard);
}

#[test]
fn a_host_is_what_its_schema_says() {
    let unit = "[Service]\nExecStart=/usr/local/bin/nowhere\n";
    let repo = Repo::new(&[
        ("tautline.hcl", HOST_FILES),
        ("bin/older.sh", "old\n"),
        ("bin/edited.sh", "new\n"),
        ("bin/same.sh", "same\n"),
        ("bin/there.sh", "there\n"),
        ("bin/missing.sh", "missing\n"),
        ("etc/far", "far\n"),
        ("etc/nightly.service", unit),
    ]);
    repo.write("bin/sealed.sh", [0_u8, 1]);
    let digest = |text: &str| {
        let bytes = sha256(text.as_bytes());
        bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
    };
    let listing = [
        format!("{}  /usr/local/bin/older", digest("old\n")),
        format!("{}  /usr/local/bin/edited", digest("by hand\n")),
        format!("{}  /usr/local/bin/same", digest("same\n")),
        "/usr/local/bin/there".to_owned(),
        "9 /usr/local/bin/sealed".to_owned(),
        "ls: cannot access".to_owned(),
    ];
    repo.write("nas.txt", listing.join("\n"));
    let names = ["older", "edited", "same", "there", "sealed"];
    let mut names: Vec<String> = names.iter().map(|it| format!("/usr/local/bin/{it}")).collect();
    names.extend(["/etc/far", "/usr/local/lib/nightly.service"].map(str::to_owned));
    repo.write("lacks.txt", names.join("\n"));
    names.push("/usr/local/bin/missing".to_owned());
    repo.write("names.txt", names.join("\n"));
    let judged = |code: i32, listing: &str| repo.drift(code, &["host", "--listing", listing]);

    // Before there is a history, nobody can tell what is older from what was edited.
    let mut documents = vec![judged(3, "nas.txt"), judged(2, "lacks.txt"), judged(0, "names.txt")];
    repo.git(&["init", "-q"]);
    repo.git(&["add", "-A"]);
    repo.git(&["commit", "-q", "-m", "x"]);
    repo.write("bin/older.sh", "new\n");
    repo.git(&["commit", "-q", "-a", "-m", "x"]);
    documents.push(judged(3, "nas.txt"));
    holds(include_str!("../../../docs/drift-host.schema.json"), &documents, &[]);
}

/// The record of a run over a stack of each status; the one that drifts has a difference of each class.
fn night(at: &str) -> String {
    let finding = |class: &str| {
        json!({
            "fingerprint": class, "address": "a_a.b", "path": "x[0].y", "class": class,
            "cause": "keel-image"
        })
    };
    let findings = CLASSES.map(|class| finding(class.word()));
    let stack = |status: &str| match status {
        "drift" => json!({ "status": status, "findings": findings }),
        _ => json!({ "status": status }),
    };
    let stacks: BTreeMap<&str, Value> =
        STATUSES.iter().map(|status| (*status, stack(status))).collect();
    let run = json!({ "at": at, "is_whole": true, "stacks": stacks });
    let run: Run = serde_json::from_value(run).unwrap();
    encode(&Record::Run(run)).unwrap()
}

#[test]
fn a_history_is_what_its_schema_says() {
    let since = Moment::parse("2026-11-08").unwrap();
    let imported = Record::Imported(BTreeMap::from([("wiki".to_owned(), since)]));
    let records = [
        header(),
        night("2026-11-20T04:00:00Z"),
        night("2026-11-21T04:00:00Z"),
        encode(&imported).unwrap(),
    ];
    let repo = Repo::new(&[]);
    repo.write("drift.history", records.concat());
    repo.write("new.history", header());
    let documents = [
        repo.drift(0, &["history", "show", "--history", "drift.history"]),
        repo.drift(0, &["history", "show", "--history", "drift.history", "--stack", "wiki"]),
        repo.drift(0, &["history", "show", "--history", "new.history"]),
    ];
    holds(include_str!("../../../docs/drift-history.schema.json"), &documents, &[]);
}
