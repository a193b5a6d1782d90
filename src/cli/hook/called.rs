//! What a call of Terragrunt, Terraform or `OpenTofu` is about to do, by its arguments.
//!
//! Invariant: the arguments are read, never changed. In doubt it is checked: where an option that is not known here may
//! take the next word as its value, that word may be the command and may be none, and both are looked into.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

/// Reads or writes infrastructure.
const CHECKED: [&str; 7] =
    ["plan", "apply", "destroy", "refresh", "plan-all", "apply-all", "destroy-all"];

/// What Terragrunt is started as, and what it starts.
pub(super) const PROGRAMS: [&str; 3] = ["terragrunt", "terraform", "tofu"];

/// The other commands. What comes after one of them is its own affair: `output plan`. Those that only stand in front of
/// another (`run`, `run-all`, `stack`, `graph`, `exec -- terraform`) are left out.
const OTHERS: [&str; 42] = [
    "aws-provider-patch",
    "backend",
    "catalog",
    "clean",
    "console",
    "dag",
    "find",
    "fmt",
    "force-unlock",
    "generate",
    "get",
    "graph-dependencies",
    "hcl",
    "hclfmt",
    "hclvalidate",
    "help",
    "import",
    "info",
    "init",
    "list",
    "login",
    "logout",
    "metadata",
    "modules",
    "output",
    "output-all",
    "output-module-groups",
    "providers",
    "render",
    "render-json",
    "scaffold",
    "show",
    "state",
    "taint",
    "terragrunt-info",
    "test",
    "untaint",
    "validate",
    "validate-all",
    "validate-inputs",
    "version",
    "workspace",
];

/// Options in front of the command that take the next word as their value, without dashes and the old prefix
/// `terragrunt-`.
const WITH_VALUE: [&str; 60] = [
    "as",
    "auth-provider-cmd",
    "config",
    "download-dir",
    "engine-cache-path",
    "engine-log-level",
    "exclude-dir",
    "excludes-file",
    "experiment",
    "feature",
    "filter",
    "filters-file",
    "graph-root",
    "hclfmt-exclude-dir",
    "hclfmt-file",
    "iam-assume-role",
    "iam-assume-role-duration",
    "iam-assume-role-session-name",
    "iam-role",
    "iam-role-session-name",
    "iam-web-identity-token",
    "include-dir",
    "inputs",
    "inputs-debug-file",
    "json-out",
    "json-out-dir",
    "log-custom-format",
    "log-format",
    "log-level",
    "modules-that-include",
    "no-tip",
    "out",
    "out-dir",
    "output-folder",
    "override-attr",
    "parallelism",
    "provider-cache-dir",
    "provider-cache-hostname",
    "provider-cache-port",
    "provider-cache-registry-names",
    "provider-cache-token",
    "queue-construct-as",
    "queue-exclude-dir",
    "queue-excludes-file",
    "queue-include-dir",
    "queue-include-units-reading",
    "report-file",
    "report-format",
    "report-schema-file",
    "root-file-name",
    "source",
    "source-map",
    "strict-control",
    "tf-path",
    "tfpath",
    "trace-parent",
    "units-that-include",
    "var",
    "var-file",
    "version-manager-file-name",
];

/// Options in front of the command that stand alone, likewise. Of one that is in neither list nobody knows.
const ALONE: [&str; 69] = [
    "a",
    "all",
    "auto-approve",
    "backend-bootstrap",
    "backend-require-bootstrap",
    "cas",
    "check",
    "debug",
    "dependency-fetch-output-from-state",
    "destroy-dependencies-check",
    "diff",
    "disable-bucket-update",
    "disable-command-validation",
    "disable-dependent-modules",
    "disable-log-formatting",
    "engine-skip-check",
    "experiment-mode",
    "experimental-engine",
    "fail-fast",
    "fail-on-state-bucket-creation",
    "fetch-dependency-output-from-state",
    "filter-affected",
    "filter-allow-destroy",
    "forward-tf-stdout",
    "graph",
    "ignore-dependency-errors",
    "ignore-dependency-order",
    "ignore-external-dependencies",
    "include-external-dependencies",
    "include-module-prefix",
    "inputs-debug",
    "json",
    "json-log",
    "log-disable",
    "log-show-abs-paths",
    "no-auto-approve",
    "no-auto-init",
    "no-auto-provider-cache-dir",
    "no-auto-retry",
    "no-color",
    "no-dependency-fetch-output-from-state",
    "no-dependency-prompt",
    "no-destroy-dependencies-check",
    "no-discovery-auth-provider-cmd",
    "no-engine",
    "no-filters-file",
    "no-hooks",
    "no-include-root",
    "no-shell",
    "no-stack-generate",
    "no-stack-validate",
    "no-tips",
    "non-interactive",
    "provider-cache",
    "queue-exclude-external",
    "queue-ignore-dag-order",
    "queue-ignore-errors",
    "queue-include-external",
    "queue-strict-include",
    "source-update",
    "strict-include",
    "strict-mode",
    "strict-validate",
    "summary-disable",
    "summary-per-unit",
    "summary-unit-duration",
    "tf-forward-stdout",
    "tf-logs-to-json",
    "use-partial-parse-config-cache",
];

/// A call that is checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Called {
    /// The command.
    pub(super) command: String,
    /// The directory that it was told to work in.
    pub(super) directory: Option<PathBuf>,
}

/// What the arguments `words` call, if that is checked.
pub(super) fn called(words: &[OsString]) -> Option<Called> {
    let read = Read::of(words);
    Some(Called { command: read.checked?, directory: read.directory })
}

/// Whether arguments that begin with `words` call something that is not checked, whatever comes behind.
pub(super) fn is_other(words: &[OsString]) -> bool {
    let read = Read::of(words);
    read.is_over && read.checked.is_none()
}

/// Whether the argument `word` has Terragrunt work in another directory.
pub(super) fn names_directory(word: &str) -> bool {
    option_name(word).is_some_and(|name| DIRECTORY.contains(&split(name).0))
}

/// Options that name the directory to work in.
const DIRECTORY: [&str; 2] = ["chdir", "working-dir"];

/// What was read of a call.
#[derive(Default)]
struct Read {
    /// The command that is checked, or may be.
    checked: Option<String>,
    directory: Option<PathBuf>,
    /// Whether nothing that follows can be a command any more.
    is_over: bool,
}

impl Read {
    fn of(words: &[OsString]) -> Read {
        let mut read = Read::default();
        // Whether the word may be the value of the option before it.
        let mut in_doubt = false;
        let mut words = words.iter();
        while let Some(word) = words.next() {
            let text = word.to_string_lossy();
            let doubt = std::mem::take(&mut in_doubt);
            let Some(option) = option_name(&text) else {
                if text == "exec" && !read.is_over && runs_anything(words.as_slice()) {
                    read.checked.get_or_insert_with(|| text.into_owned());
                    read.is_over = true;
                    continue;
                }
                read.word(&text, doubt);
                continue;
            };
            let (name, value) = split(option);
            match name {
                "help" | "h" | "version" => return Read { is_over: true, ..Read::default() },
                _ if DIRECTORY.contains(&name) => {
                    let next = || words.next().map(PathBuf::from);
                    read.directory = value.map(PathBuf::from).or_else(next);
                }
                _ if value.is_some() || read.is_over || name.is_empty() => {}
                _ if WITH_VALUE.contains(&name) => {
                    words.next();
                }
                _ => in_doubt = !ALONE.contains(&name),
            }
        }
        read
    }

    /// Takes in a word that is no option.
    fn word(&mut self, text: &str, in_doubt: bool) {
        let is_checked = CHECKED.contains(&text);
        if self.is_over || !(is_checked || OTHERS.contains(&text)) {
            return;
        }
        if is_checked && self.checked.is_none() {
            self.checked = Some(text.to_owned());
        }
        self.is_over = !in_doubt;
    }
}

/// Whether the program behind `exec … --` is none whose arguments say what it does.
fn runs_anything(words: &[OsString]) -> bool {
    let program = words.iter().skip_while(|word| *word != "--").nth(1);
    program.is_some_and(|program| {
        let name = Path::new(program).file_name().and_then(OsStr::to_str);
        !name.is_some_and(|name| PROGRAMS.contains(&name))
    })
}

/// The name of an option and the value that is written to it.
fn split(option: &str) -> (&str, Option<&str>) {
    option.split_once('=').map_or((option, None), |(name, value)| (name, Some(value)))
}

/// An option without its dashes; `None` where `word` is none.
fn option_name(word: &str) -> Option<&str> {
    let name = word.strip_prefix("--").or_else(|| word.strip_prefix('-'))?;
    Some(name.strip_prefix("terragrunt-").unwrap_or(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The command that is checked and the directory, of a line split at spaces.
    fn told(line: &str) -> Option<(String, Option<String>)> {
        let words: Vec<OsString> =
            line.split(' ').filter(|it| !it.is_empty()).map(Into::into).collect();
        let Called { command, directory } = called(&words)?;
        Some((command, directory.map(|it| it.display().to_string())))
    }

    #[track_caller]
    fn expect(line: &str, command: &str, directory: Option<&str>) {
        assert_eq!(told(line), Some((command.to_owned(), directory.map(str::to_owned))), "{line}");
    }

    #[test]
    fn what_reads_or_writes_infrastructure_is_checked() {
        for command in ["plan", "apply", "destroy", "refresh"] {
            expect(command, command, None);
            expect(&format!("run --all {command}"), command, None);
            expect(&format!("run-all {command} --non-interactive"), command, None);
            expect(&format!("run --all -- {command} -out=x"), command, None);
        }
        expect("stack run apply", "apply", None);
        expect("graph destroy", "destroy", None);
        expect("apply-all", "apply-all", None);
        expect("apply -auto-approve plan.bin", "apply", None);
    }

    #[test]
    fn what_only_looks_is_not() {
        let lines = "|init|output|output -json plan|state list|state rm plan|validate|fmt|show apply|graph|run|stack|import a b|\
                     workspace select plan|stack output|run --all output|plan -help|--version|apply --help|console|\
                     hcl fmt|providers lock|force-unlock apply|output -lock plan|state mv -dry-run apply";
        for line in lines.split('|') {
            assert_eq!(told(line), None, "{line}");
        }
    }

    #[test]
    fn the_directory_is_followed_wherever_it_stands() {
        expect("-chdir=stacks/a plan", "plan", Some("stacks/a"));
        expect("--working-dir stacks/a plan", "plan", Some("stacks/a"));
        expect("plan --working-dir=stacks/a", "plan", Some("stacks/a"));
        expect("--terragrunt-working-dir output apply", "apply", Some("output"));
        expect("--working-dir=a=b plan", "plan", Some("a=b"));
    }

    #[test]
    fn the_value_of_an_option_is_no_command() {
        expect("--log-level debug plan", "plan", None);
        expect("--terragrunt-download-dir output apply", "apply", None);
        expect("--queue-include-dir state run --all plan", "plan", None);
        expect("--an-option-of-tomorrow 3 apply", "apply", None);
        assert_eq!(told("--tf-path plan init"), None);
        for option in [
            "--terragrunt-include-dir",
            "--terragrunt-exclude-dir",
            "--terragrunt-excludes-file",
            "--terragrunt-tfpath",
            "--report-schema-file",
            "--provider-cache-hostname",
            "--provider-cache-token",
            "--engine-cache-path",
            "--root-file-name",
            "--inputs",
        ] {
            expect(&format!("{option} output apply"), "apply", None);
            expect(&format!("{option} init --working-dir a run --all plan"), "plan", Some("a"));
            assert_eq!(told(&format!("{option} plan output")), None, "{option}");
        }
    }

    #[test]
    fn in_doubt_it_is_checked() {
        expect("--an-option-of-tomorrow output apply", "apply", None);
        expect("--an-option-of-tomorrow plan output", "plan", None);
        expect("--a-flag-of-tomorrow plan", "plan", None);
        assert_eq!(told("--a-flag-of-tomorrow output -json"), None);
        assert_eq!(told("--an-option-of-tomorrow=x output plan"), None);
        assert_eq!(told("--no-color output plan"), None);
        assert_eq!(told("--terragrunt-non-interactive state rm plan"), None);
    }

    #[test]
    fn a_program_that_terragrunt_is_to_run_is_looked_at() {
        expect("exec -- terraform apply", "apply", None);
        expect("exec --working-dir a -- tofu plan -out x", "plan", Some("a"));
        expect("exec -- terraform -chdir=b apply", "apply", Some("b"));
        expect("exec -- /opt/terraform apply", "apply", None);
        for program in ["make deploy", "sh -c terraform\u{a0}apply", "./apply.sh", "env"] {
            expect(&format!("exec --working-dir a -- {program}"), "exec", Some("a"));
        }
        assert_eq!(told("exec -- terraform output plan"), None);
        assert_eq!(told("exec"), None);
    }

    #[test]
    fn what_begins_like_a_look_stays_one() {
        let is_other =
            |line: &str| is_other(&line.split(' ').map(Into::into).collect::<Vec<OsString>>());
        assert!(is_other("output") && is_other("--no-color state") && is_other("plan -help"));
        assert!(!is_other("plan") && !is_other("run --all") && !is_other("--new output"));
        assert!(names_directory("-chdir=a") && names_directory("--terragrunt-working-dir"));
        assert!(!names_directory("-lock=false") && !names_directory("chdir"));
    }
}
