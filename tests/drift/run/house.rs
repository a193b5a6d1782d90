//! A repo of stacks on disk, planners for it, and the binary run in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

/// Variables of the surroundings that would change what is tested.
const UNSET: [&str; 10] = [
    "GITHUB_ACTIONS",
    "GITLAB_CI",
    "TAUTLINE_SKIP",
    "TF_CLI_ARGS",
    "TF_CLI_ARGS_plan",
    "TF_DATA_DIR",
    "TF_LOG",
    "TF_PLUGIN_CACHE_DIR",
    "TF_WORKSPACE",
    "TG_LOG_FORMAT",
];

/// A planner that plays its part by files in the stack's directory: `wait` (seconds), `first` (what happens the first time
/// only), `act` (shell), `plan.json`, `fails` (what is said when there is no plan). Who plans what is logged.
const STUB: &str = r#"#!/bin/sh
# Plays Terraform. By this it is known as a wrapper:
real() {
  terraform "$@"
}
case "$1" in
init)
  if [ -e ../../init-alone ]; then
    mkdir ../../initialising || { echo "Error: two at once" >&2; exit 1; }
    sleep 0.05
    rmdir ../../initialising
  fi
  mkdir -p .terraform
  ;;
plan)
  echo "${PWD##*/}" >> ../../planned
  echo '{"@level":"info","@message":"Terraform 1.11.4","type":"version","terraform":"1.11.4","ui":"1.2"}'
  [ -e wait ] && sleep "$(cat wait)"
  [ -e act ] && . ./act
  if [ -e first ]; then
    mv first second
    cat second >&2
    exit 1
  fi
  if [ -e fails ]; then
    cat fails
    exit 1
  fi
  for word; do
    case "$word" in -out=*) echo secret > "${word#-out=}" ;; esac
  done
  if grep -q resource_drift plan.json; then exit 2; fi
  ;;
show)
  cat plan.json
  ;;
esac
"#;

pub(crate) struct House {
    dir: TempDir,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl House {
    pub(crate) fn new() -> House {
        let house = House { dir: tempfile::tempdir().unwrap() };
        house.write("empty.tfrc", "");
        house.write("tautline.hcl", "");
        house
    }

    /// A repo whose stacks are planned by [`STUB`].
    pub(crate) fn with_stub() -> House {
        let house = House::new();
        house.program("scripts/plan", STUB);
        house
    }

    pub(crate) fn path(&self) -> &Path {
        self.dir.path()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn program(&self, path: &str, text: &str) {
        self.write(path, text);
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(self.path().join(path), mode).unwrap();
    }

    /// A stack for the stub, that is `drifted` or not.
    pub(crate) fn stack(&self, name: &str, drifted: bool) {
        self.write(&format!("stacks/{name}/main.tf"), "resource \"terraform_data\" \"a\" {}\n");
        self.write(&format!("stacks/{name}/plan.json"), &plan(drifted));
    }

    pub(crate) fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tautline"));
        command.args(words).current_dir(self.path());
        self.surround(&mut command);
        command
    }

    /// Gives `command` surroundings in which only the test decides.
    pub(crate) fn surround(&self, command: &mut Command) {
        for name in UNSET {
            command.env_remove(name);
        }
        command.env("HOME", self.path()).env("CHECKPOINT_DISABLE", "1");
        command.env("TF_CLI_CONFIG_FILE", self.path().join("empty.tfrc"));
    }

    pub(crate) fn run(&self, words: &[&str]) -> Run {
        self.command(words).output().unwrap().into()
    }

    /// Starts a run that the test means to disturb.
    pub(crate) fn start(&self, words: &[&str]) -> Child {
        let mut command = self.command(words);
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
    }

    /// How each stack stands in the results in `dir`.
    pub(crate) fn statuses(&self, dir: &str) -> BTreeMap<String, String> {
        let text = |kept: &Value| kept["measured"]["status"].as_str().unwrap().to_owned();
        self.kept(dir).iter().map(|(name, kept)| (name.clone(), text(kept))).collect()
    }

    /// The results in `dir`, by stack.
    pub(crate) fn kept(&self, dir: &str) -> BTreeMap<String, Value> {
        let entries = fs::read_dir(self.path().join(dir).join("stacks")).unwrap();
        let files = entries.map(|entry| entry.unwrap().path());
        let whole = files.filter(|path| path.extension().is_some_and(|it| it == "json"));
        whole
            .map(|path| {
                let kept: Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
                (kept["measured"]["stack"]["name"].as_str().unwrap().to_owned(), kept)
            })
            .collect()
    }

    /// How often each stack was planned by the stub.
    pub(crate) fn planned(&self) -> BTreeMap<String, usize> {
        let text = fs::read_to_string(self.path().join("planned")).unwrap_or_default();
        let mut counts = BTreeMap::new();
        for name in text.lines() {
            *counts.entry(name.to_owned()).or_default() += 1;
        }
        counts
    }

    /// Waits until the file at `path` is there.
    #[track_caller]
    pub(crate) fn wait_for(&self, path: &str) {
        let limit = Instant::now() + Duration::from_secs(30);
        while !self.path().join(path).exists() {
            assert!(Instant::now() < limit, "`{path}` does not appear");
            thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn git(&self, words: &[&str]) -> String {
        git(self.path(), words)
    }
}

pub(crate) fn git(dir: &Path, words: &[&str]) -> String {
    let names = ["AUTHOR", "COMMITTER"];
    let envs = names.iter().flat_map(|who| {
        [(format!("GIT_{who}_NAME"), "a"), (format!("GIT_{who}_EMAIL"), "a@example.com")]
    });
    let mut command = Command::new("git");
    let output = command.args(words).current_dir(dir).envs(envs).output().unwrap();
    assert!(output.status.success(), "git {words:?}: {output:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Run {
            code: output.status.code(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

/// The plan of one object that somebody `changed` outside, or nobody.
pub(crate) fn plan(changed: bool) -> String {
    let change = |actions: &str, before: &str, after: &str| {
        format!(
            r#"{{"address":"terraform_data.a","mode":"managed","type":"terraform_data","name":"a","provider_name":"terraform.io/builtin/terraform","change":{{"actions":["{actions}"],"before":{{"id":"i","input":"{before}"}},"after":{{"id":"i","input":"{after}"}},"after_unknown":{{}},"before_sensitive":{{}},"after_sensitive":{{}}}}}}"#
        )
    };
    let mut text = r#"{"format_version":"1.2","terraform_version":"1.11.4","#.to_owned();
    if changed {
        let _ = write!(text, r#""resource_drift":[{}],"#, change("update", "x", "y"));
        let _ = write!(text, r#""resource_changes":[{}],"#, change("update", "y", "x"));
    } else {
        let _ = write!(text, r#""resource_changes":[{}],"#, change("no-op", "x", "x"));
    }
    text.push_str(
        r#""planned_values":{"root_module":{}},"configuration":{"root_module":{}},"complete":true,"errored":false}"#,
    );
    text + "\n"
}

/// A state of Terraform's with one `terraform_data.a` and the outputs given.
pub(crate) fn state(input: &str, outputs: &[(&str, &str)]) -> String {
    let outputs: Vec<String> = outputs
        .iter()
        .map(|(name, value)| format!(r#""{name}":{{"value":"{value}","type":"string"}}"#))
        .collect();
    format!(
        r#"{{"version":4,"terraform_version":"1.11.4","serial":1,"lineage":"0a0a0a0a-0000-0000-0000-000000000000","outputs":{{{}}},"resources":[{{"mode":"managed","type":"terraform_data","name":"a","provider":"provider[\"terraform.io/builtin/terraform\"]","instances":[{{"schema_version":0,"attributes":{{"id":"i","input":{{"value":"{input}","type":"string"}},"output":{{"value":"{input}","type":"string"}},"triggers_replace":null}},"sensitive_attributes":[]}}]}}],"check_results":null}}"#,
        outputs.join(",")
    )
}

/// Whether there is a `terraform` to ask; says so where there is none.
pub(crate) fn has_terraform() -> bool {
    let is_there = Command::new("terraform").arg("version").output().is_ok();
    if !is_there {
        // Past the capture of the test's output, so that everybody sees what was not tested.
        let _ = writeln!(io::stderr(), "SKIPPED: there is no terraform to plan with");
    }
    is_there
}

/// A program that is killed where the test ends.
pub(crate) struct Killed(pub(crate) Child);

impl Drop for Killed {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Sends the signal `name` to the process.
pub(crate) fn send(name: &str, process: u32) {
    let status = Command::new("kill").args([&format!("-{name}"), &process.to_string()]).status();
    assert!(status.unwrap().success());
}
