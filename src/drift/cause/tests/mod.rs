//! Causes of differences that are written by hand.

mod groups;
mod rows;
mod verdicts;

use std::sync::{Arc, LazyLock};

use serde_json::json;

use super::*;
use crate::checks;
use crate::config::Settings;
use crate::drift::address::Address;
use crate::drift::change::Action;
use crate::drift::path::Path;
use crate::rule::{FieldPath, PackFile, RuleSet, load_files};
use crate::syntax::{Format, Parsed, SourceFile};
use crate::text::FileId;

/// The tables that come with tautline.
static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| load_files(&PackFile::builtin(), checks::ALL, &Settings::default()).unwrap());

/// A cluster in which the policies of the tables are at work.
const CLUSTER: &str = r#"
resource "kubernetes_namespace" "shop" {
  metadata {
    name   = "shop"
    labels = { "keel.sh/enrolled" = "true", tier = "3-edge" }
  }
}
resource "kubernetes_namespace" "plain" {
  metadata { name = "plain" }
}
resource "kubernetes_namespace" "dbaas" {
  metadata {
    name   = "dbaas"
    labels = { "keel.sh/enrolled" = "true", tier = "1-cluster" }
  }
}
resource "kubernetes_namespace" "kube_system" {
  metadata {
    name   = "kube-system"
    labels = { tier = "0-core" }
  }
}
resource "kubectl_manifest" "ndots" {
  yaml_body = yamlencode({
    kind     = "ClusterPolicy"
    metadata = { name = "inject-ndots" }
    spec = { rules = [{
      name          = "inject-ndots-2"
      match         = { any = [{ resources = { kinds = ["Pod"], operations = ["CREATE"] } }] }
      exclude       = { any = [{ resources = { namespaces = ["kube-system"] } }] }
      preconditions = { all = [{ key = "{{ x }}", operator = "Equals", value = "0" }] }
      mutate = { patchStrategicMerge = { spec = { dnsConfig = { options = [{ name = "ndots", value = "2" }] } } } }
    }] }
  })
}
resource "kubectl_manifest" "tier" {
  yaml_body = yamlencode({
    kind     = "ClusterPolicy"
    metadata = { name = "sync-tier-label-from-namespace" }
    spec = { rules = [for tier in ["1-cluster", "3-edge"] : {
      name    = "sync-${tier}"
      match   = { any = [{ resources = { kinds = ["Deployment", "StatefulSet", "DaemonSet"], namespaceSelector = { matchLabels = { tier = tier } } } }] }
      exclude = { any = [{ resources = { namespaces = ["kube-system"] } }] }
      mutate  = { patchStrategicMerge = { metadata = { labels = { "+(tier)" = tier } } } }
    }] }
  })
}
resource "kubectl_manifest" "keel" {
  yaml_body = yamlencode({
    kind     = "ClusterPolicy"
    metadata = { name = "inject-keel-annotations" }
    spec = { rules = [{
      name    = "add-keel-annotations"
      match   = { any = [{ resources = { kinds = ["Deployment", "StatefulSet", "DaemonSet"], namespaceSelector = { matchLabels = { "keel.sh/enrolled" = "true" } } } }] }
      exclude = { any = [{ resources = { namespaces = ["dbaas"] } }, { resources = { annotations = { "keel.sh/policy" = "never" } } }] }
      mutate  = { patchStrategicMerge = { metadata = { annotations = { "+(keel.sh/policy)" = "patch", "keel.sh/match-tag" = null } } } }
    }] }
  })
}
resource "kubectl_manifest" "pull" {
  yaml_body = yamlencode({
    kind     = "ClusterPolicy"
    metadata = { name = "set-image-pull-policy" }
    spec = { rules = [{
      name   = "set-always"
      match  = { any = [{ resources = { kinds = ["Pod"] } }] }
      mutate = { foreach = [{ list = "x", patchStrategicMerge = { spec = { containers = [{ name = "{{ element.name }}", imagePullPolicy = "Always" }] } } }] }
    }] }
  })
}
resource "kubectl_manifest" "pods" {
  for_each = toset(["inject-priority-class-from-tier", "inject-dependency-init-containers", "crowdsec-agent-idempotent-register"])
  yaml_body = yamlencode({
    kind     = "ClusterPolicy"
    metadata = { name = each.key }
    spec = { rules = [{
      name    = "pods"
      match   = { any = [{ resources = { kinds = ["Pod"] } }] }
      exclude = { any = [{ resources = { namespaces = ["kube-system"] } }] }
      mutate  = { patchStrategicMerge = { metadata = { labels = { seen = "{{ request.uid }}" } } } }
    }] }
  })
}
resource "kubectl_manifest" "strip" {
  yaml_body = yamlencode({
    kind     = "ClusterPolicy"
    metadata = { name = "strip-cpu-limits" }
    spec = { rules = [{
      name    = "strip"
      match   = { any = [{ resources = { kinds = ["Pod"] } }] }
      exclude = { any = [{ resources = { namespaces = ["kube-system"] } }] }
      mutate  = { foreach = [{ list = "x", patchesJson6902 = yamlencode([{ op = "remove", path = "/spec/containers/{{ elementIndex }}/resources/limits/cpu" }]) }] }
    }] }
  })
}
resource "kubernetes_manifest" "zone" {
  manifest = {
    apiVersion = "kyverno.io/v1"
    kind       = "ClusterPolicy"
    metadata   = { name = "label-zone" }
    spec = { rules = [{
      name   = "zone"
      match  = { any = [{ resources = { kinds = ["apps/v1/Deployment"], namespaces = ["shop"] } }] }
      mutate = { patchStrategicMerge = { metadata = { labels = { zone = "north" } } } }
    }] }
  }
}
"#;

/// The sources of a repo: a stack `cluster` with [`CLUSTER`], and the stack `web` with `code`.
fn sources(code: &str) -> Vec<SourceFile> {
    let files = [("stacks/cluster/main.tf", CLUSTER), ("stacks/web/main.tf", code)];
    let source = |(id, (path, text)): (u32, (&str, &str))| {
        let parsed = Parsed::new((*path).into(), (*text).into(), Format::of(path));
        assert!(parsed.hcl.as_ref().is_some_and(|it| it.errors.is_empty()), "{path}");
        SourceFile::of(FileId(id), Arc::new(parsed))
    };
    (0..).zip(files).map(source).collect()
}

fn path(text: &str) -> Path {
    Path(steps(&FieldPath::parse(text).unwrap()))
}

/// A side of a difference: `null` for nothing.
fn side(value: Json) -> Shown {
    if value.is_null() { Shown::Absent } else { Shown::Value(value) }
}

/// A difference of one value: what was last applied, what runs, what the code says.
fn differs(at: &str, class: Class, [base, live, want]: [Json; 3]) -> AttributeChange {
    AttributeChange {
        path: path(at),
        class,
        base: side(base),
        live: side(live),
        want: side(want),
        forces_replacement: false,
        dangers: Vec::new(),
    }
}

fn change(address: &str, attribute: AttributeChange, object: Json) -> Change {
    Change {
        address: Address::parse(address).unwrap(),
        deposed: None,
        action: Action::Update,
        reason: None,
        class: attribute.class,
        previous: None,
        import_id: None,
        follows: None,
        attributes: vec![attribute],
        dangers: Vec::new(),
        noise: 0,
        object,
    }
}

fn stack(name: &str) -> StackRef {
    StackRef { name: name.to_owned(), dir: Some(format!("stacks/{name}")) }
}

/// Who changed `change` in the stack `name` of a repo in which that stack says `code`.
fn cause_in(name: &str, code: &str, change: &Change) -> Cause {
    let sources = sources(code);
    let repo = Repo::build(&sources, &[]);
    let causes = Causes::new(&RULES.mutators, &RULES.managers, Some(&repo));
    let stack = stack(name);
    let attribute = change.attributes.first();
    causes.attribute(&Asked { stack: &stack, change, attribute, live: None })
}

/// An object with the metadata and the rest of `more`.
fn object(namespace: &str, more: Json) -> Json {
    let mut object = json!({"metadata": [{"name": "web", "namespace": namespace, "labels": {}, "annotations": {}}]});
    merge(&mut object, more);
    object
}

/// Lays `more` over `object`.
fn merge(object: &mut Json, more: Json) {
    match (object, more) {
        (Json::Object(object), Json::Object(more)) => {
            for (key, value) in more {
                merge(object.entry(key).or_insert(Json::Null), value);
            }
        }
        (Json::Array(items), Json::Array(more)) if items.len() == more.len() => {
            items.iter_mut().zip(more).for_each(|(item, more)| merge(item, more));
        }
        (object, more) => *object = more,
    }
}
