//! Stacks in a temporary directory, a world beside them, and `terraform` over both.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::LazyLock;

use serde_json::Value as Json;
use tempfile::TempDir;

use super::provider::{self, World};

/// The version of the `terraform` that is installed, if there is one.
static VERSION: LazyLock<Option<String>> = LazyLock::new(|| {
    let output = Command::new("terraform")
        .args(["version", "-json"])
        .env("CHECKPOINT_DISABLE", "1")
        .output()
        .ok()?;
    let version: Json = serde_json::from_slice(&output.stdout).ok()?;
    Some(version["terraform_version"].as_str()?.to_owned())
});

/// The version of the `terraform` that is installed. Without one, says that `test` is skipped, past the harness, which shows
/// nothing of a test that passes.
pub(crate) fn terraform(test: &str) -> Option<&'static str> {
    use std::io::Write as _;
    if VERSION.is_none() {
        let notice = format!("skipped: {test}: there is no `terraform` here\n");
        let _ = std::io::stderr().write_all(notice.as_bytes());
    }
    VERSION.as_deref()
}

/// A directory of stacks that share one world.
pub(crate) struct Stage {
    root: TempDir,
    pub(crate) world: World,
    providers: String,
}

/// A stack on a stage.
pub(crate) struct Stack<'a> {
    pub(crate) stage: &'a Stage,
    pub(crate) dir: PathBuf,
}

/// What a plan came to.
pub(crate) struct Planned {
    pub(crate) exit: i32,
    /// What Terraform prints.
    pub(crate) text: String,
    /// What `terraform show -json` makes of the plan, where there is a plan.
    pub(crate) plan: Option<String>,
}

impl Stage {
    pub(crate) fn new() -> Stage {
        let root = tempfile::tempdir().expect("a temporary directory can be made");
        let world = World::new(root.path().join("world.json"));
        let providers = provider::serve(&world);
        fs::write(root.path().join("empty.tfrc"), "").expect("the stage can be written");
        Stage { root, world, providers }
    }

    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The stack in `path`, which is made if it is not there.
    pub(crate) fn stack(&self, path: &str) -> Stack<'_> {
        let dir = self.root().join(path);
        fs::create_dir_all(&dir).expect("the stage can be written");
        Stack { stage: self, dir }
    }
}

impl Stack<'_> {
    pub(crate) fn world(&self) -> &World {
        &self.stage.world
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        fs::write(self.dir.join(file), text).expect("the stage can be written");
    }

    pub(crate) fn read(&self, file: &str) -> String {
        fs::read_to_string(self.dir.join(file)).expect("the file is there")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("terraform");
        command
            .args(arguments)
            .current_dir(&self.dir)
            .env("TF_CLI_CONFIG_FILE", self.stage.root().join("empty.tfrc"))
            .env("CHECKPOINT_DISABLE", "1")
            .env("TF_IN_AUTOMATION", "1")
            .env("TF_HTTP_RETRY_MAX", "0")
            .env("TF_REATTACH_PROVIDERS", &self.stage.providers)
            .stdin(Stdio::null());
        command
    }

    pub(crate) fn terraform(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().expect("terraform can be started")
    }

    /// Terraform, going on by itself.
    pub(crate) fn start(&self, arguments: &[&str]) -> Child {
        let mut command = self.command(arguments);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command.spawn().expect("terraform can be started")
    }

    /// Runs terraform, which must succeed. Gives what it prints.
    pub(crate) fn must(&self, arguments: &[&str]) -> String {
        let output = self.terraform(arguments);
        let said = text(&output);
        assert!(
            output.status.success(),
            "terraform {arguments:?} in {}:\n{said}",
            self.dir.display()
        );
        said
    }

    /// Applies `config`, which becomes the stack's `main.tf`.
    pub(crate) fn apply(&self, config: &str) {
        self.write("main.tf", config);
        self.reapply();
    }

    /// Applies what is there.
    pub(crate) fn reapply(&self) {
        self.init();
        self.must(&["apply", "-auto-approve", "-input=false", "-no-color"]);
    }

    /// Terraform needs this where there are modules or a backend, and nowhere else.
    pub(crate) fn init(&self) {
        let files = fs::read_dir(&self.dir).expect("the stack is a directory");
        let is_needed = files.filter_map(Result::ok).any(|file| {
            let text = fs::read_to_string(file.path()).unwrap_or_default();
            text.lines().any(|line| line.starts_with("module ") || line.contains("backend \""))
        });
        if is_needed && !self.dir.join(".terraform").exists() {
            self.must(&["init", "-input=false", "-no-color"]);
        }
    }

    pub(crate) fn plan(&self, arguments: &[&str]) -> Planned {
        self.planned("-no-color", arguments)
    }

    /// A plan whose text is the stream of messages that `-json` gives.
    pub(crate) fn stream(&self, arguments: &[&str]) -> Planned {
        self.planned("-json", arguments)
    }

    fn planned(&self, form: &str, arguments: &[&str]) -> Planned {
        let always = ["plan", "-input=false", "-detailed-exitcode", "-out=plan", form];
        let output = self.terraform(&[&always, arguments].concat());
        let plan = self.dir.join("plan").exists();
        let plan = plan.then(|| self.must(&["show", "-json", "plan"]));
        let exit = output.status.code().expect("terraform ends by itself");
        Planned { exit, text: text(&output), plan }
    }
}

fn text(output: &Output) -> String {
    [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes)).concat()
}
