//! `tautline drift predict`, end to end, on a repo that is made for it.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const CLUSTER: &str = r#"resource "kubectl_manifest" "ndots" {
  yaml_body = yamlencode({
    kind     = "ClusterPolicy"
    metadata = { name = "inject-ndots" }
    spec = { rules = [{
      match   = { any = [{ resources = { kinds = ["Pod"] } }] }
      exclude = { any = [{ resources = { namespaces = ["kube-system"] } }] }
      mutate  = { patchStrategicMerge = { spec = { dnsConfig = { options = [{ name = "ndots", value = "2" }] } } } }
    }] }
  })
}
"#;

const WEB: &str = r#"resource "kubernetes_job" "migrate" {
  metadata {
    name      = "migrate"
    namespace = "web"
    labels    = { team = "shop" }
  }
  spec {
    template {
      spec {
        container {
          image = "migrate:1"
        }
      }
    }
  }
  lifecycle {
    ignore_changes = [metadata[0].labels.team]
  }
}
"#;

/// A mutator of the repo's own.
const OWN: &str = r#"mutator "stamper" {
  summary = "our bot stamps every job"
  marker  = "STAMPED"
  paths   = { kubernetes_job = "metadata[0].annotations[\"shop/stamp\"]" }

  condition = {
    labels = ["team=shop"]
  }
}
"#;

/// A repo of two stacks.
fn repo(more: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let files = [("stacks/cluster/main.tf", CLUSTER), ("stacks/web/main.tf", WEB)];
    for (path, text) in files.iter().chain(more) {
        let path = directory.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

/// Exit code, stdout and stderr of `tautline drift predict …`.
fn predict(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tautline"));
    let command = command.args(["drift", "predict"]).args(arguments).current_dir(directory);
    let output = command.output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[test]
fn what_will_drift_is_told_with_the_line_to_write() {
    let repo = repo(&[]);
    let (code, out, error) = predict(repo.path(), &[]);
    assert_eq!((code, error.as_str()), (2, ""), "{out}");
    let field = "spec[0].template[0].spec[0].dns_config";
    for line in [
        &format!(
            "  stacks/web/main.tf:1 kubernetes_job.migrate `{field}`, which replaces it (web)"
        ),
        &format!("    help: add `{field}, # KYVERNO_LIFECYCLE_V1` to `ignore_changes`"),
        "dotted-key: 1 entry that writes a map's key as an attribute",
        "1 field in 2 resources will drift, 1 entry of `ignore_changes` is no good, 0 cannot be told",
    ] {
        assert!(out.contains(line), "{line}\n{out}");
    }
    assert!(out.contains("not at work here: ") && !out.contains("inject-keel"), "{out}");
    let (_, all, _) = predict(repo.path(), &["--all"]);
    assert!(all.contains("not at work here: inject-keel-annotations"), "{all}");
    // A stack is named by its directory too, as everywhere.
    for (stack, expected) in [("cluster", 0), ("stacks/cluster", 0), ("stacks/web/", 2)] {
        let (code, _, error) = predict(repo.path(), &["--stack", stack]);
        assert_eq!((code, error.as_str()), (expected, ""), "{stack}");
    }
}

#[test]
fn programs_get_the_same() {
    let repo = repo(&[]);
    let (code, out, _) = predict(repo.path(), &["--format", "json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &document["version"]), (2, &1.into()));
    let drift = &document["drifts"][0];
    assert_eq!(drift["actor"], "inject-ndots");
    assert_eq!(drift["address"], "kubernetes_job.migrate");
    assert_eq!((&drift["path"], &drift["line"]), (&"stacks/web/main.tf".into(), &1.into()));
    assert_eq!((&drift["replaces"], &drift["stacks"][0]), (&true.into(), &"web".into()));
    let entry = &document["entries"][0];
    assert_eq!((&entry["flaw"], &entry["entry_line"]), (&"dotted-key".into(), &17.into()));
}

#[test]
fn a_repo_adds_mutators_of_its_own() {
    let settings = ("tautline.hcl", "pack_dirs = [\"lint\"]\n");
    let with_own = repo(&[settings, ("lint/mutators/ours.hcl", OWN)]);
    let (_, out, error) = predict(with_own.path(), &[]);
    assert!(out.contains("stamper: our bot stamps every job"), "{out}{error}");
    let field = "metadata[0].annotations[\"shop/stamp\"]";
    assert!(out.contains(&format!("help: add `{field}, # STAMPED` to `ignore_changes`")), "{out}");
    // Of two values of one label, one is enough.
    let enrolled =
        OWN.replace("labels = [\"team=shop\"]", "namespace_labels = [\"tier=1\", \"tier=2\"]");
    for (tier, expected) in [("1", true), ("2", true), ("3", false)] {
        let namespace = format!(
            "resource \"kubernetes_namespace\" \"web\" {{\n  metadata {{\n    name   = \"web\"\n    \
             labels = {{ tier = \"{tier}\" }}\n  }}\n}}\n"
        );
        let files =
            [settings, ("lint/mutators/ours.hcl", &enrolled), ("stacks/ns/main.tf", &namespace)];
        let (_, out, error) = predict(repo(&files).path(), &[]);
        assert_eq!(out.contains("stamper: our bot"), expected, "{tier}: {out}{error}");
    }
    let broken = OWN.replace("labels =", "label =");
    let broken = repo(&[settings, ("lint/mutators/ours.hcl", &broken)]);
    let (code, _, error) = predict(broken.path(), &[]);
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("unknown key `label` in a condition"), "{error}");
    assert!(error.contains("lint/mutators/ours.hcl"), "{error}");
}

#[test]
fn what_is_asked_for_wrongly_says_what_to_type() {
    let repo = repo(&[]);
    let (code, _, error) = predict(repo.path(), &["--stack", "nowhere"]);
    assert_eq!(code, 1, "{error}");
    assert!(error.contains("there is no stack `nowhere`"), "{error}");
    assert!(error.contains("`tautline stacks` lists them"), "{error}");
    let (code, _, error) = predict(repo.path(), &["--stack", "web,nowhere"]);
    assert!(code == 1 && error.contains("there is no stack `nowhere`"), "{error}");
    let (code, out, error) = predict(tempfile::tempdir().unwrap().path(), &[]);
    assert_eq!((code, out.as_str()), (1, ""), "{error}");
    assert!(error.contains("no stack has Terraform files"), "{error}");
}

#[test]
fn what_cannot_be_understood_is_an_error_whatever_is_foreseen() {
    let repo = repo(&[]);
    // Nothing is on the disk: only the length is.
    let large = fs::File::create(repo.path().join("stacks/web/large.tf")).unwrap();
    large.set_len((64 << 20) + 1).unwrap();
    let (code, out, error) = predict(repo.path(), &["--format", "json"]);
    let document: Value = serde_json::from_str(&out).unwrap();
    assert_eq!((code, &document["verdict"]), (1, &"error".into()), "{out}{error}");
    assert!(error.contains("this file has to be understood and is not read"), "{error}");
}
