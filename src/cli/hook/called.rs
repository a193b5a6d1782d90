//! What a call of Terragrunt, Terraform or `OpenTofu` is about to do, by its arguments.
//!
//! Invariant: the arguments are read, never changed. What cannot be told from them is not guessed: words that are no
//! command are passed over, so an option that is not known here costs nothing.

use std::ffi::OsString;
use std::path::PathBuf;

/// Reads or writes infrastructure.
const CHECKED: [&str; 7] =
    ["plan", "apply", "destroy", "refresh", "plan-all", "apply-all", "destroy-all"];

/// The other commands. What comes after one of them is its own affair: `output plan`. Those that only stand in front of
/// another (`run`, `run-all`, `stack`, `graph`) are left out.
const OTHERS: [&str; 43] = [
    "aws-provider-patch",
    "backend",
    "catalog",
    "clean",
    "console",
    "dag",
    "exec",
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
const WITH_VALUE: [&str; 34] = [
    "auth-provider-cmd",
    "config",
    "download-dir",
    "experiment",
    "feature",
    "filter",
    "filters-file",
    "graph-root",
    "hclfmt-file",
    "iam-assume-role",
    "iam-assume-role-duration",
    "iam-assume-role-session-name",
    "iam-role",
    "iam-web-identity-token",
    "inputs-debug-file",
    "json-out-dir",
    "log-custom-format",
    "log-format",
    "log-level",
    "modules-that-include",
    "out-dir",
    "parallelism",
    "provider-cache-dir",
    "queue-exclude-dir",
    "queue-excludes-file",
    "queue-include-dir",
    "queue-include-units-reading",
    "report-file",
    "report-format",
    "source",
    "source-map",
    "strict-control",
    "tf-path",
    "units-that-include",
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
    let mut command: Option<String> = None;
    let mut directory = None;
    let mut words = words.iter();
    while let Some(word) = words.next() {
        let text = word.to_string_lossy();
        let Some(option) = option_name(&text) else {
            let is_command = |known: &[&str]| known.contains(&&*text);
            if command.is_none() && (is_command(&CHECKED) || is_command(&OTHERS)) {
                command = Some(text.into_owned());
            }
            continue;
        };
        let (name, value) = option.split_once('=').map_or((option, None), |it| (it.0, Some(it.1)));
        match name {
            "help" | "h" | "version" => return None,
            "chdir" | "working-dir" => {
                directory = value.map(PathBuf::from).or_else(|| words.next().map(PathBuf::from));
            }
            _ if value.is_none() && command.is_none() && WITH_VALUE.contains(&name) => {
                words.next();
            }
            _ => {}
        }
    }
    let command = command.filter(|command| CHECKED.contains(&command.as_str()))?;
    Some(Called { command, directory })
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
                     hcl fmt|providers lock|force-unlock apply";
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
    }
}
