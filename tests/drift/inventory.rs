//! `drift inventory` and `drift host`, end to end, on the cluster and the host of `fixtures/drift/inventory`.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/drift/inventory")
}

/// Exit code, stdout and stderr of `tautline drift …` in `directory`.
fn drift_in(directory: &Path, arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tautline"));
    let output = command.arg("drift").args(arguments).current_dir(directory).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

fn drift(arguments: &[&str]) -> (i32, String, String) {
    drift_in(&fixtures().join("repo"), arguments)
}

fn inventory() -> Value {
    let (code, stdout, stderr) =
        drift(&["inventory", "--kubectl", "../live.json", "--format", "json"]);
    assert_eq!(code, 2, "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

/// The entries of `list`, each as `KIND NAMESPACE/NAME`.
fn named(document: &Value, list: &str) -> Vec<String> {
    let objects = document[list].as_array().unwrap().iter().map(|it| &it["object"]);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    objects
        .map(|it| format!("{} {}/{}", text(&it["kind"]), text(&it["namespace"]), text(&it["name"])))
        .collect()
}

/// The difference of the object `name`, at a path that ends in `end`.
fn difference<'d>(document: &'d Value, name: &str, end: &str) -> &'d Value {
    let all = document["differences"].as_array().unwrap();
    let is_it =
        |it: &&Value| it["object"]["name"] == name && it["path"].as_str().unwrap().ends_with(end);
    all.iter().find(is_it).unwrap_or_else(|| panic!("{name} {end}: {all:#?}"))
}

fn risks(difference: &Value) -> Vec<&str> {
    let dangers = difference["dangers"].as_array().unwrap().iter();
    dangers.map(|danger| danger["risk"].as_str().unwrap()).collect()
}

#[test]
fn what_is_missing_and_what_is_unmanaged() {
    let document = inventory();
    assert_eq!(named(&document, "missing"), ["ConfigMap blog/queue-config"]);
    let unmanaged = ["ConfigMap blog/by-hand", "Ingress blog/old", "Namespace /mail"];
    assert_eq!(named(&document, "unmanaged"), unmanaged);
    assert_eq!(document["releases"][0]["name"], "chart");
    assert_eq!(named(&document, "on_purpose"), ["Secret blog/root-token"]);
    assert_eq!(document["idle_entries"][0], "long-gone");
    let by_hand = &document["unmanaged"][0];
    assert_eq!(by_hand["written_by"], "kubectl-create");
    assert_eq!(by_hand["stack"], "blog");
    let place = &document["missing"][0]["place"];
    assert_eq!(place["path"], "stacks/blog/main.tf");
    assert_eq!(place["address"], "kubernetes_config_map.queue");
}

#[test]
fn whose_image_it_is() {
    let document = inventory();
    let web = difference(&document, "web", ".image");
    assert_eq!(web["container"], "web");
    assert_eq!(web["ignored"], true);
    assert_eq!(web["cause"]["actor"], "keel-image", "{web:#}");
    assert_eq!(web["settled"], true);
    assert_eq!(web["place"]["path"], "modules/web/main.tf");
    let proxy = difference(&document, "proxy", ".image");
    assert_eq!(risks(proxy), ["downgrade"]);
    assert_eq!(proxy["settled"], false);
    for end in ["container[0].image", "container[1].image"] {
        assert_eq!(risks(difference(&document, "mail", end)), ["image-swap"]);
    }
    assert_eq!(document["counts"]["images_of_code"], 3);
    assert_eq!(document["counts"]["images_of_others"]["keel-image"], 1);
}

#[test]
fn who_parked_a_workload() {
    let document = inventory();
    let worker = difference(&document, "worker", "spec[0].replicas");
    assert_eq!(worker["topic"], "parked");
    assert_eq!(worker["live"]["value"], 0);
    assert!(worker["never_ignore"].as_str().unwrap().contains("replicas = 0"));
    let idle = difference(&document, "idle", "spec[0].replicas");
    assert_eq!(idle["cause"]["actor"], "autoscaler");
}

#[test]
fn storage_that_grew_cannot_shrink() {
    let document = inventory();
    let data = difference(&document, "data", "[\"storage\"]");
    assert_eq!(risks(data), ["storage-refuses"]);
}

#[test]
fn images_against_the_policy_both_ways() {
    let document = inventory();
    let untrusted = document["untrusted"].as_array().unwrap();
    let images: Vec<_> = untrusted.iter().map(|it| (&it["image"], &it["exempt"])).collect();
    let expected = [("quay.io/tools/debug:1", false), ("registry.k8s.io/kube-proxy:v1.34.0", true)];
    assert_eq!(images.len(), expected.len());
    for ((image, exempt), expected) in images.into_iter().zip(expected) {
        assert_eq!((image.as_str(), exempt.as_bool()), (Some(expected.0), Some(expected.1)));
    }
    assert_eq!(untrusted[0]["uses"][0]["role"], "ephemeral container");
    let unused = &document["unused_patterns"][0];
    assert_eq!(unused["pattern"], "alpine*");
    assert_eq!(unused["path"], "stacks/policy/main.tf");
}

#[test]
fn no_format_shows_what_may_be_secret() {
    for format in ["text", "json", "hcl"] {
        let (_, stdout, stderr) =
            drift(&["inventory", "--kubectl", "../live.json", "--format", format]);
        for canary in ["canary-value", "Y2FuYXJ5", "canary-secret"] {
            assert!(!stdout.contains(canary) && !stderr.contains(canary), "{format}: {canary}");
        }
    }
}

#[test]
fn the_text_says_what_to_type() {
    let (code, stdout, _) = drift(&["inventory", "--kubectl", "../bare.json"]);
    assert_eq!(code, 0, "{stdout}");
    for part in [
        "note: ../bare.json has no managed fields",
        "add `--show-managed-fields` to `kubectl get`",
        "1 object live: 1 in the code",
    ] {
        assert!(stdout.contains(part), "{part}\n{stdout}");
    }
    let (_, stdout, _) = drift(&["inventory", "--kubectl", "../live.json"]);
    for part in [
        "danger: `relay` and `filter` run each other's image; an apply leaves it so",
        "left to keel-image: 1 value that Terraform ignores",
        "missing: ConfigMap blog/queue-config is declared and not live: stacks/blog/main.tf:",
        "unused trust: `alpine*` admits no live image: stacks/policy/main.tf:",
    ] {
        assert!(stdout.contains(part), "{part}\n{stdout}");
    }
}

#[test]
fn what_adopts_is_valid_code_on_stdout_alone() {
    let (_, stdout, stderr) = drift(&["inventory", "--kubectl", "../live.json", "--format", "hcl"]);
    let document = tautline::syntax::hcl::parse(&stdout);
    assert!(document.errors.is_empty(), "{stdout}");
    assert_eq!(document.body.blocks_of("import").count(), 3);
    assert_eq!(document.body.blocks_of("resource").count(), 3);
    assert!(stdout.contains("  to = kubernetes_config_map.by-hand\n  id = \"blog/by-hand\"\n"));
    assert!(stderr.contains("unmanaged release"), "{stderr}");
}

#[test]
fn bad_dumps_leave_it_incomplete() {
    let top = tempfile::tempdir().unwrap();
    let dump = top.path().join("table.txt");
    fs::write(&dump, "NAME  READY\nweb   1/1\n").unwrap();
    let dump = dump.to_str().unwrap();
    let (code, stdout, _) = drift(&["inventory", "--kubectl", "../live.json", "--kubectl", dump]);
    assert_eq!(code, 3, "{stdout}");
    assert!(stdout.contains("not read") && stdout.contains("-o json"), "{stdout}");
    let (code, _, stderr) = drift(&["inventory", "--kubectl", "nowhere.json"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("`nowhere.json` does not exist"), "{stderr}");
}

#[test]
fn a_list_that_cannot_be_right_is_shown_in_its_place() {
    let top = tempfile::tempdir().unwrap();
    let settings = "params \"inventory\" {\n  unmanaged = [{ names = [\"x\"] }]\n}\n";
    fs::write(top.path().join("tautline.hcl"), settings).unwrap();
    let dump = fixtures().join("bare.json");
    let (code, _, stderr) =
        drift_in(top.path(), &["inventory", "--kubectl", dump.to_str().unwrap()]);
    assert_eq!(code, 1);
    assert!(stderr.contains("option `reason` is missing"), "{stderr}");
    assert!(stderr.contains("tautline.hcl:2:"), "{stderr}");
}

/// A repo with a script that was another at its first commit.
fn with_history() -> tempfile::TempDir {
    let top = tempfile::tempdir().unwrap();
    let settings = "params \"inventory\" {\n  host_files = [{ host = \"nas\", files = [\"bin/*.sh\"], \
                    path = \"/usr/local/bin/{stem}\" }]\n}\n";
    fs::write(top.path().join("tautline.hcl"), settings).unwrap();
    fs::create_dir(top.path().join("bin")).unwrap();
    let git = |arguments: &[&str]| {
        let name = ["-c", "user.name=a", "-c", "user.email=a@example.com"];
        let mut command = Command::new("git");
        let made = command.args(name).args(arguments).current_dir(top.path()).output().unwrap();
        assert!(made.status.success(), "{made:?}");
    };
    git(&["init", "-q"]);
    for (at, text) in ["old\n", "other\n", "new\n"].iter().enumerate() {
        fs::write(top.path().join("bin/copy.sh"), text).unwrap();
        fs::write(top.path().join("bin/same.sh"), "same\n").unwrap();
        fs::write(top.path().join("README"), format!("{at}\n")).unwrap();
        git(&["add", "-A"]);
        git(&["commit", "-q", "-m", "x"]);
    }
    top
}

fn sha256(text: &str) -> String {
    let bytes = tautline::drift::host::sha256(text.as_bytes());
    bytes.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"))
}

#[test]
fn an_older_file_is_told_from_one_that_was_edited() {
    let repo = with_history();
    let judge = |copy: &str, arguments: &[&str]| {
        let listing = format!(
            "{}  /usr/local/bin/copy\n{}  /usr/local/bin/same\n",
            sha256(copy),
            sha256("same\n")
        );
        fs::write(repo.path().join("nas.txt"), listing).unwrap();
        drift_in(repo.path(), &[&["host", "--listing", "nas.txt"], arguments].concat())
    };
    let (code, stdout, _) = judge("new\n", &[]);
    assert_eq!(code, 0, "{stdout}");
    let (code, stdout, _) = judge("old\n", &["--format", "json"]);
    assert_eq!(code, 2);
    let document: Value = serde_json::from_str(&stdout).unwrap();
    let copy = &document["files"][0];
    assert_eq!((&copy["standing"], &copy["source"]), (&"older".into(), &"bin/copy.sh".into()));
    assert_eq!(copy["commit"].as_str().unwrap().len(), 40);
    assert_eq!(document["files"][1]["standing"], "same");
    let (code, stdout, _) = judge("edited\n", &[]);
    assert_eq!(code, 2);
    assert!(stdout.contains("edited: /usr/local/bin/copy"), "{stdout}");
    assert!(stdout.contains("`scp bin/copy.sh nas:/usr/local/bin/copy`"), "{stdout}");
    assert!(stdout.contains("`ssh nas cat /usr/local/bin/copy | diff bin/copy.sh -`"), "{stdout}");
    // What is not there cannot be looked at.
    let rest = format!("{}  /usr/local/bin/same\n", sha256("same\n"));
    fs::write(repo.path().join("nas.txt"), rest).unwrap();
    let (code, stdout, _) = drift_in(repo.path(), &["host", "--listing", "nas.txt"]);
    assert_eq!(code, 2, "{stdout}");
    assert!(
        stdout.contains("missing: /usr/local/bin/copy") && !stdout.contains("edited"),
        "{stdout}"
    );
}

#[test]
fn the_host_of_the_fixture() {
    let (code, stdout, stderr) = drift(&["host", "--listing", "../backup.txt", "--format", "json"]);
    assert_eq!(code, 2, "{stderr}");
    let document: Value = serde_json::from_str(&stdout).unwrap();
    let files = document["files"].as_array().unwrap();
    let at = |target: &str| {
        let found = files.iter().find(|it| it["target"] == target);
        found.unwrap()["standing"].as_str().unwrap().to_owned()
    };
    assert_eq!(at("/etc/systemd/system/nightly.service"), "same");
    assert_eq!(at("/etc/systemd/system/nightly.timer"), "missing");
    assert_eq!(at("/usr/local/bin/prune"), "missing");
    assert_ne!(at("/usr/local/bin/nightly"), "same");
    assert_eq!(document["unsourced"][0]["program"], "/usr/local/bin/report");
}

#[test]
fn a_listing_that_is_none_says_what_to_type() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_tautline"));
    command.args(["drift", "host", "--listing", "-"]).current_dir(fixtures().join("repo"));
    let mut child = command
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(b"ls: cannot access\n").unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8(output.stderr).unwrap().contains("sha256sum"));
    let (code, _, stderr) = drift(&["host", "--listing", "../backup.txt", "--host", "elsewhere"]);
    assert_eq!(code, 1);
    assert!(stderr.contains("--host backup"), "{stderr}");
}
