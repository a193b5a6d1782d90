//! The command that plans: `scripts/tg`, `terragrunt`, `terraform`, `tofu`, or another with words of its own.
//!
//! Invariant: no shell is between us and the command, so no name of a stack can be taken for anything else.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::Command;

/// What every program is told about its surroundings.
const ENVIRONMENT: [(&str, &str); 9] = [
    ("CHECKPOINT_DISABLE", "1"),
    ("TF_IN_AUTOMATION", "1"),
    ("TF_INPUT", "0"),
    // The linter's own hook is a check before a person's work, and this only looks.
    ("TAUTLINE_SKIP", "tautline drift run only plans"),
    // Each is a name that some versions of Terragrunt know.
    ("TG_NON_INTERACTIVE", "true"),
    ("TERRAGRUNT_NON_INTERACTIVE", "true"),
    ("TG_TF_FORWARD_STDOUT", "true"),
    ("TERRAGRUNT_FORWARD_TF_STDOUT", "true"),
    ("NO_COLOR", "1"),
];

/// A command that plans.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Planner {
    /// The command as it is shown.
    pub shown: String,
    program: PathBuf,
    words: Vec<String>,
}

/// Why a command cannot be used.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum PlannerError {
    /// It has no words.
    #[error("the command that plans is empty")]
    Empty,
    /// A quote is not closed.
    #[error("a quote is open in `{0}`")]
    OpenQuote(String),
    /// There is no such program.
    #[error("there is no program `{0}`")]
    Missing(String),
}

impl Planner {
    /// The command `text`: a program that is in one of the directories `path`, or a path relative to `root`, and words for it.
    /// `{stack}` and `{dir}` stand for a stack's name and its directory.
    pub fn new(text: &str, root: &Path, path: Option<&OsStr>) -> Result<Planner, PlannerError> {
        let mut words = split(text)?.into_iter();
        let name = words.next().ok_or(PlannerError::Empty)?;
        let program = find(&name, root, path).ok_or(PlannerError::Missing(name))?;
        Ok(Planner { shown: text.trim().to_owned(), program, words: words.collect() })
    }

    /// The command with `arguments`, for the stack `name` in the directory `dir`.
    #[expect(clippy::disallowed_methods, reason = "planning is what this layer is for")]
    pub(super) fn command(&self, name: &str, dir: &Path, arguments: &[OsString]) -> Command {
        let mut command = Command::new(&self.program);
        let place = dir.to_string_lossy();
        let filled =
            self.words.iter().map(|it| it.replace("{stack}", name).replace("{dir}", &place));
        command.args(filled).args(arguments).current_dir(dir).envs(ENVIRONMENT);
        command
    }
}

/// The program `name`: from the root where it is a path, else the first in the directories of `path`.
pub fn find(name: &str, root: &Path, path: Option<&OsStr>) -> Option<PathBuf> {
    let candidates: Vec<PathBuf> = if name.contains('/') {
        vec![root.join(name)]
    } else {
        std::env::split_paths(path?).map(|dir| root.join(dir).join(name)).collect()
    };
    candidates.into_iter().find(|path| is_program(path))
}

/// Whether the file can be run.
pub fn is_program(path: &Path) -> bool {
    let Ok(data) = path.metadata() else { return false };
    #[cfg(unix)]
    let may = std::os::unix::fs::PermissionsExt::mode(&data.permissions()) & 0o111 != 0;
    #[cfg(not(unix))]
    let may = true;
    data.is_file() && may
}

/// The words of a command line: quotes keep spaces, a backslash keeps what follows.
fn split(text: &str) -> Result<Vec<String>, PlannerError> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        match (letter, quote) {
            (_, Some(open)) if letter == open => quote = None,
            ('\\', Some('"') | None) => word.get_or_insert_default().extend(letters.next()),
            ('"' | '\'', None) => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (_, None) if letter.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(letter),
        }
    }
    if quote.is_some() {
        return Err(PlannerError::OpenQuote(text.to_owned()));
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_split_as_a_shell_does() {
        let words = |text: &str| split(text).unwrap();
        assert_eq!(words("  scripts/tg  -x "), ["scripts/tg", "-x"]);
        assert_eq!(words(r#"a "b c"d '' e\ f '\'"#), ["a", "b cd", "", "e f", "\\"]);
        assert!(matches!(split("a 'b"), Err(PlannerError::OpenQuote(_))));
        assert!(words(" ").is_empty());
    }

    #[test]
    fn a_program_is_found_or_missed_by_name() {
        let place = tempfile::tempdir().unwrap();
        let root = place.path();
        std::fs::create_dir_all(root.join("bin")).unwrap();
        let tool = root.join("bin/tg");
        std::fs::File::create(&tool).unwrap();
        let path = root.join("bin").into_os_string();
        assert_eq!(find("bin/tg", root, None), None, "it cannot be run");
        let mut mode = tool.metadata().unwrap().permissions();
        std::os::unix::fs::PermissionsExt::set_mode(&mut mode, 0o755);
        std::fs::set_permissions(&tool, mode).unwrap();
        assert_eq!(find("bin/tg", root, None), Some(tool.clone()));
        assert_eq!(find("tg", root, Some(&path)), Some(tool));
        let missing = Planner::new("nope -x", root, Some(&path)).unwrap_err();
        assert_eq!(missing.to_string(), "there is no program `nope`");
        let planner = Planner::new("bin/tg --in {dir} {stack}", root, None).unwrap();
        let command = planner.command("a b", root, &["plan".into()]);
        let words: Vec<_> = command.get_args().map(OsStr::to_owned).collect();
        assert_eq!(
            words,
            ["--in".into(), root.as_os_str().to_owned(), "a b".into(), "plan".into()]
        );
    }
}
