//! Live objects held against a small repo.

use serde_json::json;

use super::*;
use crate::drift::Shown;
use crate::drift::change::Risk;
use crate::drift::report::Confidence;
use crate::syntax::{Format, SourceFile};
use crate::text::{FileId, TextRange};

fn sources(files: &[(&str, &str)]) -> Vec<SourceFile> {
    let mut files = files.to_vec();
    files.sort_unstable();
    let source = |(at, (path, text)): (usize, &(&str, &str))| {
        SourceFile::new(FileId(at as u32), (*path).into(), (*text).into(), Format::of(path))
    };
    files.iter().enumerate().map(source).collect()
}

fn unknown() -> Attributed {
    let cause = Cause {
        actor: None,
        summary: String::new(),
        confidence: Confidence::Unknown,
        evidence: Vec::new(),
        related: Vec::new(),
        advice: None,
    };
    Attributed { cause, never_ignore: None }
}

/// The report about `dumps` in a repo with one stack, or several.
fn report(files: &[(&str, &str)], dumps: &[Json], trust: Option<&Trust>) -> InventoryReport {
    report_by(files, dumps, trust, Policy::default(), |_| unknown())
}

fn report_by(
    files: &[(&str, &str)],
    dumps: &[Json],
    trust: Option<&Trust>,
    policy: Policy,
    attribute: impl Fn(&Suspect<'_>) -> Attributed,
) -> InventoryReport {
    let sources = sources(files);
    let repo = Repo::build(&sources, &[]);
    let mut inventory = Inventory::new(&repo, policy);
    for (at, dump) in dumps.iter().enumerate() {
        inventory.read(&format!("dump-{at}.json"), dump.to_string().as_bytes());
    }
    inventory.finish(trust, attribute)
}

fn object(kind: &str, namespace: &str, name: &str, rest: Json) -> Json {
    let version = match kind {
        "Deployment" | "StatefulSet" => "apps/v1",
        "CronJob" | "Job" => "batch/v1",
        _ => "v1",
    };
    let mut object = json!({ "apiVersion": version, "kind": kind, "metadata": { "name": name } });
    if !namespace.is_empty() {
        object["metadata"]["namespace"] = json!(namespace);
    }
    merge(&mut object, rest);
    object
}

fn merge(into: &mut Json, from: Json) {
    match from {
        Json::Object(from) if into.is_object() => {
            from.into_iter().for_each(|(key, value)| merge(&mut into[key], value));
        }
        other => *into = other,
    }
}

fn list(items: &[Json]) -> Json {
    json!({ "apiVersion": "v1", "kind": "List", "items": items, "metadata": {} })
}

fn names(objects: impl IntoIterator<Item = ObjectName>) -> Vec<String> {
    let name = |it: ObjectName| {
        let namespace = it.namespace.map(|it| format!("{it}/")).unwrap_or_default();
        format!("{} {namespace}{}", it.kind, it.name)
    };
    objects.into_iter().map(name).collect()
}

fn missing(report: &InventoryReport) -> Vec<String> {
    names(report.missing.iter().map(|it| it.object.clone()))
}

fn unmanaged(report: &InventoryReport) -> Vec<String> {
    names(report.unmanaged.iter().map(|it| it.object.clone()))
}

/// `PATH: WANT -> LIVE`
fn differences(report: &InventoryReport) -> Vec<String> {
    let shown = |shown: &Shown| match shown {
        Shown::Value(Json::String(text)) => text.clone(),
        Shown::Value(json) => json.to_string(),
        other => format!("{other:?}"),
    };
    let line = |it: &Difference| {
        let ignored = if it.is_ignored { " (ignored)" } else { "" };
        format!("{}: {} -> {}{ignored}", it.path, shown(&it.want), shown(&it.live))
    };
    report.differences.iter().map(line).collect()
}

const WEB: &str = r#"
locals {
  names = { app = "web", ns = "blog" }
}

resource "kubernetes_namespace" "blog" {
  metadata { name = local.names.ns }
}

resource "kubernetes_deployment" "web" {
  metadata {
    name      = local.names.app
    namespace = kubernetes_namespace.blog.metadata[0].name
    labels    = { app = "web" }
  }

  spec {
    replicas = 2

    template {
      spec {
        host_network = false

        container {
          name  = "web"
          image = "ghcr.io/team/web:1.9.0"

          resources {
            requests = { cpu = "1000m", memory = "1Gi" }
          }

          env {
            name  = "MODE"
            value = "fast"
          }

          env {
            name = "TOKEN"
            value_from {
              secret_key_ref {
                name = "web"
                key  = "token"
              }
            }
          }

          volume_mount {
            name       = "data"
            mount_path = "/data"
          }

          security_context {
            run_as_user = "1000"
          }
        }

        container {
          name  = "sidecar"
          image = "nginx:1.27"
        }
      }
    }
  }

  lifecycle {
    ignore_changes = [
      spec[0].template[0].spec[0].container[0].image,
    ]
  }
}
"#;

/// The deployment as the cluster has it when nobody has touched it.
fn web() -> Json {
    let containers = json!([
        {
            "name": "web", "image": "ghcr.io/team/web:1.9.0", "imagePullPolicy": "IfNotPresent",
            "resources": { "requests": { "cpu": "1", "memory": "1024Mi" } },
            "env": [
                { "name": "TOKEN", "valueFrom": { "secretKeyRef": { "name": "web", "key": "token" } } },
                { "name": "MODE", "value": "fast" },
            ],
            "volumeMounts": [{ "name": "data", "mountPath": "/data" }],
            "securityContext": { "runAsUser": 1000 },
        },
        { "name": "sidecar", "image": "nginx:1.27" },
    ]);
    object(
        "Deployment",
        "blog",
        "web",
        json!({
            "metadata": { "labels": { "app": "web", "added": "by somebody" } },
            "spec": { "replicas": 2, "template": { "spec": { "containers": containers } } },
        }),
    )
}

fn blog() -> Json {
    object("Namespace", "", "blog", json!({}))
}

#[test]
fn what_is_as_the_code_says_is_no_difference() {
    let report = report(&[("stacks/blog/main.tf", WEB)], &[list(&[web(), blog()])], None);
    assert_eq!(differences(&report), [] as [String; 0]);
    assert_eq!((missing(&report), unmanaged(&report)), (Vec::new(), Vec::new()));
    assert_eq!((report.counts.declared, report.counts.found, report.counts.live), (2, 2, 2));
    assert_eq!(report.counts.images_of_code, 2);
    assert!(!report.has_drift());
}

#[test]
fn what_differs_is_told_where_the_provider_has_it() {
    let mut live = web();
    let pod = live.pointer_mut("/spec/template/spec").unwrap();
    pod["hostNetwork"] = json!(true);
    pod["containers"][0]["image"] = json!("ghcr.io/team/web:1.10.0");
    pod["containers"][0]["resources"]["requests"]["memory"] = json!("2Gi");
    pod["containers"][0]["env"] = json!([
        { "name": "MODE", "value": "canary" },
        { "name": "INJECTED", "value": "canary" },
    ]);
    pod["containers"][1]["image"] = json!("nginx:1.28");
    pod["containers"][0]["securityContext"]["runAsUser"] = json!(0);
    let report = report(&[("stacks/blog/main.tf", WEB)], &[list(&[live, blog()])], None);
    let pod = "spec[0].template[0].spec[0]";
    let expected = [
        format!("{pod}.container[0].env: Absent -> INJECTED"),
        format!("{pod}.container[0].env[0].value: Hidden -> Hidden"),
        format!("{pod}.container[0].env[1]: TOKEN -> Absent"),
        format!(
            "{pod}.container[0].image: ghcr.io/team/web:1.9.0 -> ghcr.io/team/web:1.10.0 (ignored)"
        ),
        format!("{pod}.container[0].resources[0].requests[\"memory\"]: 1Gi -> 2Gi"),
        format!("{pod}.container[0].security_context[0].run_as_user: 1000 -> 0"),
        format!("{pod}.container[1].image: nginx:1.27 -> nginx:1.28"),
        format!("{pod}.host_network: false -> true"),
    ];
    let mut found = differences(&report);
    found.sort_unstable();
    assert_eq!(found, expected);
    let images: Vec<_> = report.differences.iter().filter(|it| it.topic != Topic::Other).collect();
    let containers: Vec<_> = images.iter().map(|it| it.topic.clone()).collect();
    assert_eq!(containers, [Topic::Image("web".into()), Topic::Image("sidecar".into())]);
    // The one is left to somebody else; the other would be put back.
    assert_eq!(images[0].dangers, []);
    assert_eq!(images[1].dangers[0].risk, Risk::Downgrade);
    assert!(!format!("{report:?}").contains("canary"));
    let source = &WEB[images[1].place.span.range.indices()];
    assert_eq!(source, "\"nginx:1.27\"");
}

#[test]
fn a_swap_of_images_is_seen_where_they_are_ignored() {
    let code = WEB.replace(
        "spec[0].template[0].spec[0].container[0].image,",
        "spec[0].template[0].spec[0].container[0].image,\n      spec[0].template[0].spec[0].container[1].image,",
    );
    let mut live = web();
    let containers = live.pointer_mut("/spec/template/spec/containers").unwrap();
    containers[0]["image"] = json!("nginx:1.27");
    containers[1]["image"] = json!("ghcr.io/team/web:1.9.0");
    let report = report(&[("stacks/blog/main.tf", &code)], &[list(&[live, blog()])], None);
    assert_eq!(report.differences.len(), 2);
    for difference in &report.differences {
        assert!(difference.is_ignored);
        let text = "`web` and `sidecar` run each other's image; an apply leaves it so";
        assert_eq!(difference.dangers[0].message, text);
    }
}

const NAMED: &str = r#"
resource "kubernetes_config_map" "here" {
  metadata {
    name      = "here"
    namespace = "blog"
  }
}
resource "kubernetes_config_map_v1" "gone" {
  metadata {
    name      = "gone"
    namespace = "blog"
  }
}
resource "kubernetes_config_map" "elsewhere" {
  metadata {
    name      = "elsewhere"
    namespace = "other"
  }
}
resource "kubernetes_service" "web" {
  metadata {
    name      = "web"
    namespace = "blog"
  }
}
resource "kubernetes_config_map" "off" {
  count = 0
  metadata {
    name      = "off"
    namespace = "blog"
  }
}
resource "kubernetes_config_map" "perhaps" {
  count = var.on ? 1 : 0
  metadata {
    name      = "perhaps"
    namespace = "blog"
  }
}
resource "kubernetes_config_map" "named" {
  metadata {
    name      = "x-${var.suffix}"
    namespace = "blog"
  }
}
resource "kubernetes_config_map" "each" {
  for_each = toset(["a", "b"])
  metadata {
    name      = "each-${each.key}"
    namespace = "blog"
  }
}
variable "on" {}
variable "suffix" {}
"#;

#[test]
fn a_dump_that_covers_nothing_is_no_clean_one() {
    let files = [("stacks/blog/main.tf", NAMED)];
    assert!(report(&files, &[list(&[])], None).is_blind());
    let pod = object("Pod", "blog", "here", json!({}));
    assert!(report(&files, &[list(&[pod])], None).is_blind());
    let here = object("ConfigMap", "blog", "here", json!({}));
    assert!(!report(&files, &[list(&[here])], None).is_blind());
    // Where some are missed, they were looked for; and where nothing is declared, there is nothing to look for.
    let other = object("ConfigMap", "blog", "other", json!({}));
    assert!(!report(&files, &[list(&[other])], None).is_blind());
    assert!(!report(&[("stacks/blog/main.tf", "locals {}\n")], &[list(&[])], None).is_blind());
}

#[test]
fn only_what_a_dump_covers_is_missing() {
    let files = [("stacks/blog/main.tf", NAMED)];
    let here = object("ConfigMap", "blog", "here", json!({}));
    let each = object("ConfigMap", "blog", "each-a", json!({}));
    let one = report(&files, &[list(&[here.clone(), each.clone()])], None);
    assert_eq!(missing(&one), ["ConfigMap blog/each-b", "ConfigMap blog/gone"]);
    let not_covered: Vec<_> = one.counts.not_covered.into_iter().collect();
    assert_eq!(not_covered, [("ConfigMap".into(), 1), ("Service".into(), 1)]);
    assert_eq!(one.counts.unknown, 2);
    // A list of several namespaces is one of all.
    let pod = object(
        "Pod",
        "third",
        "x",
        json!({ "metadata": { "ownerReferences": [{ "kind": "Job", "name": "j" }] } }),
    );
    let all = report(&files, &[list(&[here.clone(), each.clone(), pod.clone()])], None);
    assert_eq!(
        missing(&all),
        ["ConfigMap blog/each-b", "ConfigMap blog/gone", "ConfigMap other/elsewhere"]
    );
    // One object is no list.
    let single = report(&files, &[object("ConfigMap", "blog", "here", json!({}))], None);
    assert_eq!(missing(&single), [] as [String; 0]);
    // Two lists of one namespace each are not.
    let two = report(&files, &[list(&[here, each]), list(&[pod])], None);
    assert_eq!(missing(&two), ["ConfigMap blog/each-b", "ConfigMap blog/gone"]);
}

const CARRIED: &str = r#"
module "app" {
  source    = "../../modules/app"
  namespace = "blog"
  name      = "web"
}
resource "kubernetes_manifest" "cert" {
  manifest = {
    apiVersion = "cert-manager.io/v1"
    kind       = "Certificate"
    metadata   = { name = "web", namespace = "blog" }
    spec       = { secretName = "web-tls", dnsNames = ["a", "b"] }
  }
}
resource "kubectl_manifest" "cron" {
  yaml_body = <<-YAML
    apiVersion: batch/v1
    kind: CronJob
    metadata:
      name: nightly
      namespace: blog
    spec:
      schedule: "0 1 * * *"
      jobTemplate:
        spec:
          template:
            spec:
              containers:
                - name: job
                  image: busybox:1.36
  YAML
}
"#;

const CALLED: &str = r#"
variable "name" {}
variable "namespace" {}
resource "kubernetes_service" "this" {
  metadata {
    name      = var.name
    namespace = var.namespace
  }
  spec {
    selector = { app = var.name }
    port {
      port        = 80
      target_port = "http"
    }
  }
}
"#;

#[test]
fn names_come_through_modules_and_manifests() {
    let files = [("stacks/blog/main.tf", CARRIED), ("modules/app/main.tf", CALLED)];
    let ports = json!([{ "port": 8080, "targetPort": "http", "protocol": "TCP" }]);
    let service = object(
        "Service",
        "blog",
        "web",
        json!({ "spec": { "selector": { "app": "web" }, "ports": ports } }),
    );
    let mut certificate = object(
        "Certificate",
        "blog",
        "web",
        json!({
            "spec": { "secretName": "other", "dnsNames": ["b", "a"], "filled": "in" },
        }),
    );
    certificate["apiVersion"] = json!("cert-manager.io/v1");
    let containers = json!([{ "name": "job", "image": "busybox:1.37" }]);
    let pod = json!({ "spec": { "template": { "spec": { "containers": containers } } } });
    let cron = object(
        "CronJob",
        "blog",
        "nightly",
        json!({ "spec": { "schedule": "0 1 * * *", "jobTemplate": pod } }),
    );
    let report = report(&files, &[list(&[service, certificate, cron])], None);
    let job = "yaml_body.spec[\"jobTemplate\"][\"spec\"][\"template\"][\"spec\"][\"containers\"]";
    assert_eq!(
        differences(&report),
        [
            "manifest.spec[\"secretName\"]: web-tls -> other".to_owned(),
            format!("{job}[0][\"image\"]: busybox:1.36 -> busybox:1.37"),
            "spec[0].port[0].port: 80 -> 8080".to_owned(),
        ]
    );
    let service = report.differences.iter().find(|it| it.object.kind == "Service").unwrap();
    assert_eq!(service.place.address, "module.app.kubernetes_service.this");
    assert_eq!(service.place.stack.as_deref(), Some("blog"));
    let cron = report.differences.iter().find(|it| it.object.kind == "CronJob").unwrap();
    assert_eq!(cron.topic, Topic::Image("job".into()));
    assert_eq!(cron.dangers[0].risk, Risk::Downgrade);
    assert_eq!(missing(&report), [] as [String; 0]);
}

#[test]
fn a_release_is_known_by_its_record_too() {
    let record = |name: &str, status: &str| {
        let more = json!({
            "type": "helm.sh/release.v1",
            "metadata": { "labels": { "owner": "helm", "status": status } },
        });
        object("Secret", "blog", name, more)
    };
    let items = [
        record("sh.helm.release.v1.lone.v1", "superseded"),
        record("sh.helm.release.v1.lone.v2", "deployed"),
        record("sh.helm.release.v1.gone.v7", "uninstalled"),
        record("sh.helm.release.v1.own.v1", "deployed"),
        blog(),
    ];
    let code =
        "resource \"helm_release\" \"own\" {\n  name      = \"own\"\n  namespace = \"blog\"\n}\n";
    let report = report(&[("stacks/blog/main.tf", code)], &[list(&items)], None);
    let found: Vec<_> = report.releases.iter().map(|it| (it.name.as_str(), it.objects)).collect();
    assert_eq!(found, [("lone", 0)]);
}

#[test]
fn a_switch_that_is_called_after_a_token_is_no_secret() {
    let code = "resource \"kubernetes_deployment\" \"web\" {\n  metadata {\n    name      = \"web\"\n    namespace = \"blog\"\n  }\n  \
                spec {\n    template {\n      spec {\n        automount_service_account_token = false\n      }\n    }\n  }\n}\n";
    let pod =
        json!({ "spec": { "template": { "spec": { "automountServiceAccountToken": true } } } });
    let items = [object("Deployment", "blog", "web", pod), blog()];
    let report = report(&[("stacks/blog/main.tf", code)], &[list(&items)], None);
    let [difference] = report.differences.as_slice() else { panic!("{report:#?}") };
    assert_eq!(difference.live, Shown::Value(json!(true)));
}

#[test]
fn what_others_make_is_left_out_and_the_rest_is_unmanaged() {
    let owned =
        json!({ "metadata": { "ownerReferences": [{ "kind": "ReplicaSet", "name": "r" }] } });
    let helm = json!({ "metadata": {
        "labels": { "app.kubernetes.io/managed-by": "Helm" },
        "annotations": { "meta.helm.sh/release-name": "chart", "meta.helm.sh/release-namespace": "blog" },
    } });
    let items = [
        object("Pod", "blog", "web-1", owned),
        object("ConfigMap", "blog", "kube-root-ca.crt", json!({})),
        object("ServiceAccount", "blog", "default", json!({})),
        object(
            "Secret",
            "blog",
            "sh.helm.release.v1.chart.v1",
            json!({ "type": "helm.sh/release.v1" }),
        ),
        object("Service", "blog", "chart", helm),
        object("ConfigMap", "blog", "x-generated", json!({})),
        object("ConfigMap", "blog", "by-hand", json!({ "data": { "a.b": "canary" } })),
        object("Deployment", "blog", "web", json!({})),
        blog(),
    ];
    let code = r#"
variable "suffix" {}
variable "any" {}
resource "kubernetes_namespace" "blog" {
  metadata { name = "blog" }
}
resource "kubernetes_config_map" "generated" {
  metadata {
    name      = "x-${var.suffix}"
    namespace = "blog"
  }
}
resource "kubernetes_deployment" "any" {
  metadata {
    name      = var.any
    namespace = "blog"
  }
}
"#;
    let report = report(&[("stacks/blog/main.tf", code)], &[list(&items)], None);
    assert_eq!(unmanaged(&report), ["ConfigMap blog/by-hand", "Deployment blog/web"]);
    let made: Vec<_> =
        report.counts.made.iter().map(|(who, count)| (who.as_str(), *count)).collect();
    assert_eq!(made, [("Helm", 2), ("Kubernetes itself", 2), ("a ReplicaSet that owns it", 1)]);
    assert_eq!(report.counts.perhaps, 1);
    assert_eq!(report.releases.len(), 1);
    assert_eq!((report.releases[0].name.as_str(), report.releases[0].objects), ("chart", 1));
    let map = &report.unmanaged[0];
    assert_eq!(map.stack.as_deref(), Some("blog"));
    assert!(map.adoption.contains("to = kubernetes_config_map.by-hand\n  id = \"blog/by-hand\""));
    assert!(!map.adoption.contains("canary"));
    let deployment = &report.unmanaged[1];
    assert_eq!(deployment.may_be.as_ref().unwrap().address, "kubernetes_deployment.any");
}

#[test]
fn what_is_written_to_adopt_parses_and_is_laid_out() {
    let workload = json!({
        "spec": {
            "replicas": 1,
            "serviceName": "db",
            "selector": { "matchLabels": { "app": "db", "app.kubernetes.io/name": "db" } },
            "template": {
                "metadata": { "labels": { "app": "db" } },
                "spec": {
                    "volumes": [{}],
                    "containers": [{ "name": "db", "image": "a${b}:1", "resources": {}, "env": [] }],
                },
            },
        },
    });
    let port = json!({ "name": "http", "port": 80, "targetPort": 8080, "protocol": "TCP" });
    let mut custom = object("Certificate", "blog", "0.web", json!({ "spec": {} }));
    custom["apiVersion"] = json!("cert-manager.io/v1");
    let items = [
        object("StatefulSet", "blog", "db", workload),
        object(
            "Service",
            "blog",
            "0web",
            json!({ "spec": { "type": "NodePort", "selector": { "a": "b" }, "ports": [port] } }),
        ),
        object(
            "PersistentVolumeClaim",
            "blog",
            "data",
            json!({ "spec": {
            "accessModes": ["ReadWriteOnce"], "storageClassName": "fast",
            "resources": { "requests": { "storage": "1Gi" } },
        } }),
        ),
        object("Secret", "blog", "token", json!({ "data": { "x": "Y2FuYXJ5" } })),
        object("ClusterRole", "", "reader", json!({ "rules": [] })),
        object("ConfigMap", "blog", "files", json!({ "data": { "a": "1", "b/c": "2" } })),
        object("Namespace", "", "third", json!({})),
        custom,
    ];
    let code =
        "resource \"kubernetes_service_v1\" \"a\" {\n  metadata {\n    name = \"a\"\n  }\n}\n";
    let report = report(&[("stacks/blog/main.tf", code)], &[list(&items)], None);
    assert_eq!(report.unmanaged.len(), items.len());
    for unmanaged in &report.unmanaged {
        let text = &unmanaged.adoption;
        let document = crate::syntax::hcl::parse(text);
        assert!(document.errors.is_empty(), "{text}");
        assert_eq!(document.body.blocks_of("import").count(), 1, "{text}");
        assert!(!text.contains("Y2FuYXJ5"));
    }
    let all: Vec<&str> = report.unmanaged.iter().map(|it| it.adoption.as_str()).collect();
    let all = all.join("\n");
    for part in [
        "to = kubernetes_service_v1._0web\n  id = \"blog/0web\"",
        "id = \"apiVersion=cert-manager.io/v1,kind=Certificate,namespace=blog,name=0.web\"",
        "to = kubernetes_cluster_role_v1.reader\n  id = \"reader\"",
        "image = \"a$${b}:1\"\n          # fill in: env\n",
        "\"b/c\"",
    ] {
        assert!(all.contains(part), "{part}\n{all}");
    }
}

#[test]
fn a_list_says_what_is_unmanaged_on_purpose_and_what_others_make() {
    use crate::config::{LiteralKind, literal};
    let policy = |text: &str| {
        let document = crate::syntax::hcl::parse(text);
        let params = document
            .body
            .attributes()
            .map(|attribute| (attribute.key.name.clone(), literal(&attribute.value).unwrap()));
        let params: Vec<_> = params.collect();
        assert!(params.iter().all(|(_, it)| matches!(it.kind, LiteralKind::List(_))));
        let pack = crate::rule::Pack {
            name: PACK.into(),
            summary: String::new(),
            evidence: Vec::new(),
            locked: false,
            is_given: false,
            is_own: false,
            params,
        };
        Policy::read(&pack)
    };
    let good = policy(
        r#"
        made_elsewhere = [{ labels = ["x.io/made=yes*"], by = "a robot" }]
        unmanaged = [
          { kinds = ["Secret"], namespaces = ["blog"], names = ["root-*"], reason = "bootstrap" },
          { names = ["nobody"], reason = "gone" },
          { kinds = ["HelmRelease"], names = ["chart"], reason = "installed by hand" },
        ]
        "#,
    );
    let helm = json!({ "metadata": { "annotations": { "meta.helm.sh/release-name": "chart" } } });
    let items = [
        object("Secret", "blog", "root-key", json!({})),
        object("Secret", "other", "root-key", json!({})),
        object(
            "ConfigMap",
            "blog",
            "a",
            json!({ "metadata": { "labels": { "x.io/made": "yes!" } } }),
        ),
        object(
            "ConfigMap",
            "blog",
            "b",
            json!({ "metadata": { "labels": { "x.io/made": "no" } } }),
        ),
        object("Service", "blog", "c", helm),
    ];
    let report = report_by(&[], &[list(&items)], None, good.unwrap(), |_| unknown());
    assert_eq!(unmanaged(&report), ["ConfigMap blog/b", "Secret other/root-key"]);
    assert_eq!(report.on_purpose.len(), 1);
    assert_eq!(report.on_purpose[0].reason, "bootstrap");
    assert_eq!(report.idle_entries, ["nobody"]);
    assert_eq!(report.counts.made.get("a robot"), Some(&1));
    assert_eq!(report.releases, []);
    for (text, why) in [
        ("unmanaged = [{ names = [\"a\"] }]", "option `reason` is missing"),
        ("unmanaged = [{ names = [\"a\"], reason = \" \" }]", "`reason` says nothing"),
        ("unmanaged = [{ reason = \"a\" }]", "this means every object"),
        ("unmanaged = [{ name = \"a\", names = [\"b\"], reason = \"a\" }]", "unknown key `name`"),
    ] {
        let error = policy(text).unwrap_err();
        assert!(error.message.starts_with(why), "{}", error.message);
    }
}

#[test]
fn replicas_parked_by_hand_are_told_from_those_that_somebody_scales() {
    let mut live = web();
    live["spec"]["replicas"] = json!(0);
    let files = [("stacks/blog/main.tf", WEB)];
    let parked = report(&files, &[list(&[live.clone(), blog()])], None);
    assert_eq!(differences(&parked), ["spec[0].replicas: 2 -> 0"]);
    assert_eq!(parked.differences[0].topic, Topic::Parked);
    assert_eq!(parked.differences[0].cause.actor, None);
    assert!(parked.has_drift());
    // It is worked out from the number, however the code writes it.
    let quoted = [("stacks/blog/main.tf", &*WEB.replace("replicas = 2", "replicas = \"2\""))];
    let again = report(&quoted, &[list(&[live.clone(), blog()])], None);
    assert_eq!(again.differences[0].topic, Topic::Parked);
    let scaler = object(
        "HorizontalPodAutoscaler",
        "blog",
        "web",
        json!({
            "spec": { "scaleTargetRef": { "kind": "Deployment", "name": "web" } },
        }),
    );
    let scaled = report(&files, &[list(&[scaler, live.clone(), blog()])], None);
    assert_eq!(scaled.differences[0].cause.actor.as_deref(), Some("autoscaler"));
    // More than the code says is no parking.
    live["spec"]["replicas"] = json!(3);
    let more = report(&files, &[list(&[live, blog()])], None);
    assert_eq!(more.differences[0].topic, Topic::Other);
}

#[test]
fn whoever_finds_causes_is_told_what_is_known() {
    let mut live = web();
    live["spec"]["replicas"] = json!(1);
    live["metadata"]["managedFields"] = json!([
        { "manager": "kubectl-scale", "time": "2026-02-01T00:00:00Z",
          "fieldsV1": { "f:spec": { "f:replicas": {} } } },
    ]);
    let namespace =
        object("Namespace", "", "blog", json!({ "metadata": { "labels": { "tier": "1" } } }));
    let files = [("stacks/blog/main.tf", WEB)];
    let dumps = [list(&[live, namespace])];
    let report = report_by(&files, &dumps, None, Policy::default(), |suspect| {
        assert_eq!(suspect.live["metadata"]["managedFields"][0]["manager"], "kubectl-scale");
        assert_eq!(suspect.stack, Some(StackId(0)));
        assert_eq!(suspect.change.address.to_string(), "kubernetes_deployment.web");
        assert_eq!(suspect.change.object["metadata"][0]["namespace"], "blog");
        assert_eq!(suspect.change.attributes[suspect.at].path.to_string(), "spec[0].replicas");
        unknown()
    });
    assert!(report.dumps[0].has_managers);
    assert_eq!(report.differences.len(), 1);
}

#[test]
fn live_images_are_held_against_the_list_both_ways() {
    let span = crate::text::Span { file: FileId(0), range: TextRange::new(1, 2) };
    let trust = Trust {
        patterns: vec![
            ("docker.io/*".into(), span),
            ("ghcr.io/team/*".into(), span),
            ("alpine*".into(), span),
        ],
        exempt: vec!["kube-*".into()],
        is_open: false,
    };
    let pod = |namespace: &str, name: &str, spec: Json| {
        object("Pod", namespace, name, json!({ "spec": spec }))
    };
    let items = [
        pod(
            "blog",
            "a",
            json!({ "containers": [{ "image": "ghcr.io/team/a:1" }], "initContainers": [{ "image": "busybox" }] }),
        ),
        pod(
            "blog",
            "b",
            json!({ "containers": [{ "image": "docker.io/redis:7" }], "ephemeralContainers": [{ "image": "evil.io/x" }] }),
        ),
        pod("kube-system", "c", json!({ "containers": [{ "image": "registry.k8s.io/pause:3" }] })),
    ];
    let report = report(&[], &[list(&items)], Some(&trust));
    let found: Vec<_> = report
        .untrusted
        .iter()
        .map(|it| (it.image.as_str(), it.uses[0].role, it.is_exempt))
        .collect();
    assert_eq!(
        found,
        [
            ("busybox", "init container", false),
            ("evil.io/x", "ephemeral container", false),
            ("registry.k8s.io/pause:3", "container", true),
        ]
    );
    let unused: Vec<_> = report.unused_patterns.iter().map(|it| it.pattern.as_str()).collect();
    assert_eq!(unused, ["alpine*"]);
    // Without pods nobody knows what charts run.
    let only = object("Deployment", "blog", "web", json!({}));
    assert_eq!(self::report(&[], &[list(&[only])], Some(&trust)).unused_patterns, []);
    assert!(self::report(&[], &[list(&items)], None).no_trust.is_some());
}

#[test]
fn bad_dumps_are_listed_and_the_rest_is_read() {
    let sources = sources(&[("stacks/blog/main.tf", WEB)]);
    let repo = Repo::build(&sources, &[]);
    let mut inventory = Inventory::new(&repo, Policy::default());
    inventory.read("table.txt", &b"NAME   READY\nweb 1/1"[..]);
    inventory.read("plan.json", &b"{\"format_version\":\"1.2\"}"[..]);
    inventory.read("good.json", list(&[web(), blog()]).to_string().as_bytes());
    inventory.read("again.json", list(&[web(), blog()]).to_string().as_bytes());
    let report = inventory.finish(None, |_| unknown());
    let unread: Vec<_> = report.unread.iter().map(|it| it.file.as_str()).collect();
    assert_eq!(unread, ["table.txt", "plan.json"]);
    assert!(report.unread.iter().all(|it| it.is_missing && it.help.is_some()));
    assert_eq!((report.dumps.len(), report.counts.live), (2, 2));
}

#[test]
fn odd_objects_are_borne() {
    let odd = [
        json!({ "apiVersion": 3, "kind": "Pod", "metadata": { "name": "a" } }),
        json!({ "apiVersion": "v1", "kind": "Pod", "metadata": [] }),
        json!({ "apiVersion": "v1", "kind": "Pod", "metadata": { "name": "a", "ownerReferences": {} } }),
        object("Deployment", "blog", "web", json!({ "spec": [] })),
        object(
            "Deployment",
            "blog",
            "web",
            json!({ "spec": { "template": { "spec": { "containers": {} } } } }),
        ),
        object(
            "Deployment",
            "blog",
            "web",
            json!({ "metadata": { "labels": 3, "managedFields": {} } }),
        ),
        object("Namespace", "", "blog", json!({ "metadata": { "labels": null } })),
    ];
    for object in odd {
        report(&[("stacks/blog/main.tf", WEB)], &[list(&[object])], None);
    }
}

/// Objects of the namespace that is meant where none is written, and of two kinds by one name.
const DEFAULT: &str = r#"
resource "kubernetes_config_map" "plain" {
  metadata { name = "plain" }
}
resource "kubernetes_cluster_role" "all" {
  metadata { name = "all" }
}
resource "kubernetes_manifest" "new" {
  manifest = {
    apiVersion = "new.example.com/v1"
    kind       = "Route"
    metadata   = { name = "web", namespace = "blog" }
  }
}
"#;

#[test]
fn what_is_in_no_namespace_by_name_is_in_the_default_one() {
    let files = [("stacks/blog/main.tf", DEFAULT)];
    let map = |namespace: &str| object("ConfigMap", namespace, "other", json!({}));
    let role = object("ClusterRole", "", "other", json!({}));
    // One namespace was dumped, and it is not that one. What is in none of them is in every dump of its kind.
    let blog = report(&files, &[list(&[map("blog"), role.clone()])], None);
    assert_eq!(missing(&blog), ["ClusterRole all"]);
    assert_eq!(blog.counts.not_covered.get("ConfigMap"), Some(&1));
    let default = report(&files, &[list(&[map("default"), role])], None);
    assert_eq!(missing(&default), ["ClusterRole all", "ConfigMap plain"]);
    let all = report(&files, &[list(&[map("blog"), map("shop")])], None);
    assert_eq!(missing(&all), ["ConfigMap plain"]);
}

#[test]
fn kinds_of_one_name_in_two_groups_are_two() {
    let files = [("stacks/blog/main.tf", DEFAULT)];
    let route = |group: &str| {
        object("Route", "blog", "web", json!({ "apiVersion": format!("{group}.example.com/v1") }))
    };
    let old = report(&files, &[list(&[route("old")])], None);
    assert_eq!((missing(&old), unmanaged(&old)), (vec![], vec!["Route blog/web".to_owned()]));
    assert_eq!(old.counts.not_covered.get("Route"), Some(&1));
    let both = report(&files, &[list(&[route("old"), route("new")])], None);
    assert_eq!((both.counts.found, both.counts.live, unmanaged(&both).len()), (1, 2, 1));
    // One object that is served under both is one.
    let one = |group: &str| {
        let mut route = route(group);
        route["metadata"]["uid"] = json!("u");
        route
    };
    for order in [["new", "old"], ["old", "new"]] {
        let once = report(&files, &[list(&order.map(one))], None);
        assert_eq!((once.counts.live, once.counts.found, unmanaged(&once).len()), (1, 1, 0));
    }
}

#[test]
fn a_list_that_ends_in_the_middle_shows_no_absence() {
    let sources = sources(&[("stacks/blog/main.tf", NAMED)]);
    let repo = Repo::build(&sources, &[]);
    let mut inventory = Inventory::new(&repo, Policy::default());
    let here = object("ConfigMap", "blog", "here", json!({}));
    let text = list(&[here, object("ConfigMap", "blog", "each-a", json!({}))]).to_string();
    let cut = text.rfind("each-a").unwrap();
    inventory.read("cut.json", &text.as_bytes()[..cut]);
    // What comes after it is another list.
    let third = list(&[object("ConfigMap", "third", "x", json!({}))]);
    inventory.read("third.json", third.to_string().as_bytes());
    let report = inventory.finish(None, |_| unknown());
    assert_eq!(missing(&report), [] as [String; 0]);
    assert_eq!((report.counts.found, report.unread.len()), (1, 1));
}

#[test]
fn two_clusters_are_told_apart_by_what_has_one_name_in_both() {
    let files = [("stacks/blog/main.tf", WEB)];
    let of = |uid: &str, replicas: u32| {
        let mut web = web();
        web["metadata"]["uid"] = json!(uid);
        web["spec"]["replicas"] = json!(replicas);
        list(&[web, blog()])
    };
    let same = report(&files, &[of("a", 2), of("a", 2)], None);
    assert_eq!((same.unread.len(), same.counts.live), (0, 2));
    let other = report(&files, &[of("a", 2), of("b", 5)], None);
    assert_eq!(other.unread.len(), 1, "{:?}", other.unread);
    let unread = &other.unread[0];
    assert_eq!((unread.file.as_str(), unread.is_missing), ("dump-1.json", true));
    assert!(unread.why.contains("another one by the same name in `dump-0.json`"), "{}", unread.why);
}
