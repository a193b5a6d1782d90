//! Forecasts of small repos.

use std::sync::{Arc, LazyLock};

use super::*;
use crate::checks;
use crate::config::Settings;
use crate::rule::{PackFile, RuleSet, load_files};
use crate::syntax::{Format, Parsed, SourceFile};
use crate::text::FileId;

static RULES: LazyLock<RuleSet> =
    LazyLock::new(|| load_files(&PackFile::builtin(), checks::ALL, &Settings::default()).unwrap());

const CLUSTER: &str = r#"
resource "kubernetes_namespace" "shop" {
  metadata {
    name   = "shop"
    labels = { "keel.sh/enrolled" = "true", tier = "3-edge" }
  }
}
resource "kubernetes_namespace" "dbaas" {
  metadata {
    name   = "dbaas"
    labels = { "keel.sh/enrolled" = "true" }
  }
}
resource "kubectl_manifest" "policies" {
  for_each = { "inject-ndots" = "kube-system", "inject-keel-annotations" = "dbaas", "set-image-pull-policy" = "none" }
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

fn forecast(code: &str) -> (Forecast, Vec<SourceFile>) {
    let files = [("stacks/cluster/main.tf", CLUSTER), ("stacks/web/main.tf", code)];
    let source = |(id, (path, text)): (u32, (&str, &str))| {
        let parsed = Parsed::new((*path).into(), (*text).into(), Format::of(path));
        assert!(parsed.hcl.as_ref().is_some_and(|it| it.errors.is_empty()), "{text}");
        SourceFile::of(FileId(id), Arc::new(parsed))
    };
    let sources: Vec<SourceFile> = (0..).zip(files).map(source).collect();
    let repo = Repo::build(&sources, &[]);
    let forecast = predict(&repo, &RULES.mutators, &|stack| stack == "web");
    (forecast, sources)
}

/// Who will change which field.
fn drifts(code: &str) -> Vec<String> {
    let (forecast, _) = forecast(code);
    forecast.drifts.iter().map(|it| format!("{} {}", it.actor, it.field)).collect()
}

/// What is the matter with which entry.
fn flaws(code: &str) -> Vec<String> {
    let (forecast, sources) = forecast(code);
    let entry = |it: &Entry| {
        let text = &sources[it.span.file.index()].text[it.span.range.indices()];
        format!("{} {text}", it.flaw.word())
    };
    forecast.entries.iter().map(entry).collect()
}

/// A deployment in the namespace, with more in its `metadata`, its pod and its `lifecycle`.
fn deployment(namespace: &str, metadata: &str, pod: &str, ignored: &str) -> String {
    format!(
        "resource \"kubernetes_deployment\" \"web\" {{\n  metadata {{\n    name = \"web\"\n    namespace = {namespace}\n{metadata}\n  }}\n  spec {{\n    replicas = 2\n    template {{\n      metadata {{\n        labels = {{ app = \"web\" }}\n      }}\n      spec {{\n{pod}\n      }}\n    }}\n  }}\n  lifecycle {{\n    ignore_changes = [{ignored}]\n  }}\n}}\n"
    )
}

const POD: &str = "container {\n  image = \"redis:7.4.1\"\n}\ninit_container {\n  image = \"redis@sha256:0123\"\n}";
const DNS: &str = "spec[0].template[0].spec[0].dns_config";
const KEEL: [&str; 5] = [
    "inject-keel-annotations metadata[0].annotations[\"keel.sh/policy\"]",
    "inject-keel-annotations metadata[0].annotations[\"keel.sh/pollSchedule\"]",
    "inject-keel-annotations metadata[0].annotations[\"keel.sh/trigger\"]",
    "keel-image spec[0].template[0].spec[0].container[0].image",
    "keel-update-time spec[0].template[0].metadata[0].annotations[\"keel.sh/update-time\"]",
];

#[test]
fn what_is_not_ignored_drifts_where_the_condition_holds() {
    let mut all = drifts(&deployment("\"shop\"", "", POD, ""));
    all.sort();
    let mut wanted: Vec<String> = KEEL.iter().map(|it| (*it).to_owned()).collect();
    wanted.push(format!("inject-ndots {DNS}"));
    wanted.sort();
    assert_eq!(all, wanted);
    // The policy leaves the namespace alone.
    assert_eq!(drifts(&deployment("\"dbaas\"", "", POD, "")), [format!("inject-ndots {DNS}")]);
    // Each opts out.
    let never = "annotations = { \"keel.sh/policy\" = \"never\" }";
    assert_eq!(drifts(&deployment("\"shop\"", never, POD, DNS)), Vec::<String>::new());
    // Whatever leads to the field covers it.
    let ignored = "spec[0].template[0], metadata[0].annotations";
    assert_eq!(drifts(&deployment("\"shop\"", "", POD, ignored)), Vec::<String>::new());
}

#[test]
fn what_the_code_says_itself_does_not_drift() {
    let dns = format!(
        "{POD}\ndns_config {{\n  option {{\n    name = \"a\"\n  }}\n  option {{\n    name = \"ndots\"\n  }}\n}}"
    );
    assert_eq!(drifts(&deployment("\"dbaas\"", "", &dns, "")), Vec::<String>::new());
    let declared =
        "annotations = { \"keel.sh/policy\" = \"patch\", \"keel.sh/match-tag\" = \"true\" }";
    let all = drifts(&deployment("\"shop\"", declared, POD, "spec"));
    assert_eq!(all, [KEEL[2].to_owned(), KEEL[1].to_owned(),]);
    let pull = |image: &str, policy: &str| {
        let pod =
            format!("container {{\n  image = \"{image}\"\n  image_pull_policy = \"{policy}\"\n}}");
        drifts(&deployment("\"dbaas\"", "", &pod, DNS)).len()
    };
    assert_eq!((pull("a/b:1", "IfNotPresent"), pull("a/b:1", "Always")), (0, 1));
    assert_eq!((pull("a/b:latest", "IfNotPresent"), pull("a/b", "Always")), (1, 0));
}

#[test]
fn what_is_not_known_is_listed_and_not_guessed() {
    let code = deployment("var.where", "", POD, "spec") + "variable \"where\" {}\n";
    let (forecast, _) = forecast(&code);
    assert_eq!(forecast.drifts, []);
    assert_eq!(forecast.unsure.len(), 3, "{:#?}", forecast.unsure);
    assert!(forecast.unsure[0].reason.starts_with("its namespace: "), "{:#?}", forecast.unsure);
    let dynamic = "dynamic \"container\" {\n  for_each = var.all\n  content {\n    image = container.value\n  }\n}";
    let code = deployment("\"shop\"", "", dynamic, DNS) + "variable \"all\" {}\n";
    let (forecast, _) = self::forecast(&code);
    let reasons = forecast.unsure.iter().filter(|it| it.actor == "keel-image");
    assert_eq!(reasons.count(), 1, "{:#?}", forecast.unsure);
    let off = deployment("\"shop\"", "", POD, "")
        .replace("  metadata {\n    name", "  count = 0\n  metadata {\n    name");
    assert_eq!(drifts(&off), Vec::<String>::new());
}

#[test]
fn a_mutator_without_its_policy_is_idle_and_one_that_waits_for_an_event_is_silent() {
    let (forecast, _) = forecast(&deployment("\"shop\"", "", POD, "spec, metadata"));
    let idle: Vec<&str> = forecast.idle.iter().map(|(name, _)| name.as_str()).collect();
    assert!(idle.contains(&"sync-tier-label"), "{idle:?}");
    assert!(!idle.contains(&"inject-ndots"), "{idle:?}");
    assert_eq!(forecast.drifts, []);
    let job = "resource \"kubernetes_job\" \"j\" {\n  metadata {\n    namespace = \"shop\"\n  }\n  spec {\n    template {\n      spec {\n      }\n    }\n  }\n}\n";
    let (forecast, _) = self::forecast(job);
    assert!(forecast.drifts[0].replaces, "{forecast:#?}");
}

#[test]
fn what_the_code_asks_anew_on_each_run_drifts() {
    let code = "locals {\n  now = timestamp()\n}\nresource \"null_resource\" \"a\" {\n  triggers = { at = local.now }\n}\nresource \"null_resource\" \"b\" {\n  triggers = { at = \"1\" }\n}\n";
    assert_eq!(drifts(code), ["perpetual-triggers triggers[\"at\"]"]);
    let salted = |ignored: &str| {
        let code = "resource \"kubernetes_secret\" \"s\" {\n  data = { fixed = \"1\", hash = bcrypt(\"x\") }\n  lifecycle {\n    ignore_changes = [IGNORED]\n  }\n}\n";
        drifts(&code.replace("IGNORED", ignored))
    };
    assert_eq!(salted("data[\"fixed\"]"), ["salted-hash data[\"hash\"]"]);
    assert_eq!(salted("data[\"hash\"]"), Vec::<String>::new());
}

#[test]
fn scalers_and_controllers_are_told_by_what_the_object_says() {
    let sablier = "labels = { \"sablier.enable\" = \"true\" }";
    let ignored = "spec[0].template[0], metadata[0].annotations";
    let all = drifts(&deployment("\"dbaas\"", sablier, POD, ignored));
    assert_eq!(all, ["sablier spec[0].replicas"]);
    let service = |kind: &str| {
        format!(
            "resource \"kubernetes_service\" \"s\" {{\n  metadata {{\n    name = \"s\"\n  }}\n  spec {{\n    type = \"{kind}\"\n  }}\n}}\n"
        )
    };
    assert_eq!(drifts(&service("ClusterIP")), Vec::<String>::new());
    assert_eq!(
        drifts(&service("LoadBalancer")),
        ["metallb-pool metadata[0].annotations[\"metallb.io/ip-allocated-from-pool\"]"]
    );
}

#[test]
fn an_entry_for_one_element_is_heeded_and_one_for_none_says_which() {
    let pod = "container {\n  image = \"redis:7.4.1\"\n  args = [\"a\"]\n  port {\n    container_port = 1\n  }\n}";
    let container = "spec[0].template[0].spec[0].container";
    let ignored = ["[0].args[0]", "[7].image", "[0].port[0].protocol"];
    let ignored = ignored.map(|rest| format!("{container}{rest}")).join(", ");
    let (forecast, _) = forecast(&deployment("\"dbaas\"", "", pod, &ignored));
    let whys: Vec<&str> = forecast.entries.iter().map(|it| it.why.as_str()).collect();
    assert_eq!(
        whys,
        [
            format!("Terraform ignores nothing: the code has no `{container}[7]`"),
            format!("Terraform refuses it: `{container}[0].port` is a set, and has no positions"),
        ]
    );
}

#[test]
fn entries_that_do_nothing_or_hide_something_are_told_apart() {
    let declared = "annotations = { \"keel.sh/match-tag\" = \"true\" }";
    let ignored = "spec[0].template[0].spec[0].dns_config[0].option, metadata[0].labels.tier, spec[0].template[0].spec[0].container[7].image, metadata[0].generation, metadata[0].annotations[\"deployment.kubernetes.io/revision\"], metadata[0].annotations[\"keel.sh/match-tag\"], metadata[0].annotations[\"app.kubernetes.io/x\"], spec[0].replicas";
    assert_eq!(
        flaws(&deployment("\"shop\"", declared, POD, ignored)),
        [
            "no-such-block spec[0].template[0].spec[0].dns_config[0].option",
            "dotted-key metadata[0].labels.tier",
            "no-such-block spec[0].template[0].spec[0].container[7].image",
            "computed metadata[0].generation",
            "dropped-by-provider metadata[0].annotations[\"deployment.kubernetes.io/revision\"]",
            "hides metadata[0].annotations[\"keel.sh/match-tag\"]",
        ]
    );
    let goldilocks = "resource \"kubernetes_namespace\" \"n\" {\n  metadata {\n    name = \"n\"\n  }\n  lifecycle {\n    ignore_changes = [metadata[0].labels[\"goldilocks.fairwinds.com/vpa-update-mode\"]]\n  }\n}\n";
    assert_eq!(
        flaws(goldilocks),
        ["retired metadata[0].labels[\"goldilocks.fairwinds.com/vpa-update-mode\"]"]
    );
    // An entry for what the template has no block for leaves the field open.
    let (forecast, _) = forecast(&deployment(
        "\"dbaas\"",
        "",
        POD,
        "spec[0].template[0].spec[0].dns_config[0].option",
    ));
    assert!(forecast.drifts[0].near.is_some(), "{forecast:#?}");
}
