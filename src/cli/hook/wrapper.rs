//! Where in a wrapper around Terragrunt the check belongs.
//!
//! Invariant: lines are only added, and only once. Text in, insertion out.

use super::diff::Insertion;

/// What a wrapper calls that has the lines, or does it in its own way.
const CALL: &str = "tautline hook run";

/// The lines. What they do is done by `tautline hook run`, so that they need not change; all they decide is that an
/// emergency does not depend on whether tautline is there.
pub(in crate::cli) const LINES: &str = "\
# tautline hook tg: checks the stack before plan, apply, destroy and refresh; TAUTLINE_SKIP=\"why\" goes on without
if command -v tautline >/dev/null || [ -z \"${TAUTLINE_SKIP:-}\" ]; then tautline hook run -- \"$@\" >&2 || exit $?
else echo \"tautline: is not installed; skipped: $TAUTLINE_SKIP\" >&2; fi
";

/// What to do with a wrapper.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Plan {
    /// It has the lines, or calls tautline in its own way.
    Nothing,
    /// Add the lines like this.
    Add(Insertion),
    /// There is no line in it that starts Terragrunt with the wrapper's arguments.
    NoPlace,
}

/// What to do with the wrapper `text`.
pub(super) fn plan(text: &str) -> Plan {
    let lines: Vec<&str> = text.lines().collect();
    let code = code_lines(&lines);
    let is_call = |at: &usize| lines[*at].contains(CALL);
    if code.iter().any(is_call) {
        return Plan::Nothing;
    }
    let Some(start) = code.iter().copied().find(|&at| starts_terragrunt(lines[at])) else {
        return Plan::NoPlace;
    };
    let mut checkers = code.iter().copied().filter(|&at| at < start && calls_checker(lines[at]));
    match checkers.next_back().and_then(|at| statement_end(&lines, at)) {
        Some(end) if end < start => {
            let mut added = indented("");
            added.insert(0, String::new());
            Plan::Add(Insertion { at: end + 1, added })
        }
        _ => {
            let at = first_of_statement(&lines, start);
            Plan::Add(Insertion { at, added: indented(indent_of(lines[at])) })
        }
    }
}

fn indented(indent: &str) -> Vec<String> {
    LINES.lines().map(|line| format!("{indent}{line}")).collect()
}

fn indent_of(line: &str) -> &str {
    &line[..line.len() - line.trim_start().len()]
}

/// The numbers of the lines that are code: no comments, no here-documents, not empty.
fn code_lines(lines: &[&str]) -> Vec<usize> {
    let mut code = Vec::new();
    let mut heredoc: Option<&str> = None;
    for (at, line) in lines.iter().enumerate() {
        if let Some(end) = heredoc {
            if line.trim() == end {
                heredoc = None;
            }
            continue;
        }
        if line.trim().is_empty() || line.trim_start().starts_with('#') {
            continue;
        }
        heredoc = heredoc_end(line);
        code.push(at);
    }
    code
}

/// The word that ends the here-document which the line begins; `<<<` begins none.
fn heredoc_end(line: &str) -> Option<&str> {
    let (before, rest) = line.split_once("<<")?;
    if rest.starts_with('<') || before.trim_end().ends_with("((") {
        return None;
    }
    let word = rest.trim_start_matches('-').trim_start().trim_start_matches(['\'', '"', '\\']);
    let end = word.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(word.len());
    (end > 0).then(|| &word[..end])
}

/// Whether the program in `text` is a wrapper around Terragrunt or Terraform: some line of it hands its arguments on to one.
pub(in crate::cli) fn is_wrapper(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().collect();
    code_lines(&lines).into_iter().any(|at| starts_terragrunt(lines[at]))
}

/// Whether a line starts Terragrunt (or what it wraps) with arguments handed on: `terragrunt "$@"`, `exec "$TF" "${args[@]}"`
/// is not told from any other program and does not count.
fn starts_terragrunt(line: &str) -> bool {
    let hands_on = ["$@", "[@]", "$*", "[*]"].iter().any(|it| line.contains(it));
    let prefixes = ["exec", "command", "time", "if", "!", "env", "nice", "then", "else", "do"];
    let mut words = line.split_whitespace().skip_while(|word| {
        let is_assignment = word.split_once('=').is_some_and(|(name, _)| is_name(name));
        prefixes.contains(word) || is_assignment
    });
    let program = words.next().unwrap_or_default().trim_matches(['"', '\'']);
    let name = program.rsplit('/').next().unwrap_or(program);
    hands_on && matches!(name, "terragrunt" | "terraform" | "tofu")
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a line calls a checker: a word like `scripts/check-ingress.py`.
fn calls_checker(line: &str) -> bool {
    let mut words = line.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ';' | ')'));
    words.any(|word| {
        let name = word.rsplit('/').next().unwrap_or(word);
        let is_python = name.strip_suffix(".py").is_some();
        is_python && ["check", "lint", "validate"].iter().any(|it| name.contains(it))
    })
}

/// The last line of the statement without indentation that line `at` is part of. `None` where that is a function: what is in it
/// runs where it is called.
fn statement_end(lines: &[&str], at: usize) -> Option<usize> {
    let is_outermost = |line: &str| indent_of(line).is_empty() && !line.is_empty();
    let opens = |at: &usize| is_outermost(lines[*at]) && !lines[*at].starts_with('#');
    let first = (0..=at).rev().find(opens)?;
    let first = first_of_statement(lines, first);
    let closing = match lines[first].split_whitespace().next()? {
        "if" => "fi",
        "for" | "while" | "until" => "done",
        "case" => "esac",
        _ if first == at => {
            return (at..lines.len()).find(|&it| !lines[it].trim_end().ends_with('\\'));
        }
        _ => return None,
    };
    let is_closing = |line: &str| {
        let rest = line.strip_prefix(closing);
        rest.is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'))
    };
    // All of it may stand on one line: `if ! check.py; then exit 1; fi`.
    if lines[first].trim_end().ends_with(closing) && first == at {
        return Some(first);
    }
    (first + 1..lines.len()).find(|&it| is_closing(lines[it]))
}

/// The line that a statement continued by backslashes begins on.
fn first_of_statement(lines: &[&str], at: usize) -> usize {
    let is_continued = |&it: &usize| it > 0 && lines[it - 1].trim_end().ends_with('\\');
    std::iter::successors(Some(at), |it| is_continued(it).then(|| it - 1)).last().unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    const CHECKED: &str = r#"#!/usr/bin/env bash
set -euo pipefail
usage() {
  cat <<EOF
terragrunt "$@"
check-nothing.py
EOF
}
# terragrunt "$@"
if $is_plan; then
  if ! "$root/scripts/check-names.py" "$root/stacks/$stack"; then
    exit 1
  fi
  python3 "$root/scripts/check-groups.py"
fi

lock
terragrunt "${args[@]}"
scripts/check-afterwards.py
"#;

    #[track_caller]
    fn patched(text: &str) -> String {
        match plan(text) {
            Plan::Add(insertion) => insertion.apply(text),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_lines_come_behind_the_checkers() {
        let after = patched(CHECKED);
        let expected = format!("check-groups.py\"\nfi\n\n{LINES}\nlock\n");
        assert!(after.contains(&expected), "{after}");
        assert_eq!(plan(&after), Plan::Nothing);
    }

    #[test]
    fn without_checkers_they_come_before_terragrunt() {
        let start = "exec terragrunt \"$@\"\n";
        let after = patched(&format!("#!/bin/sh\nterragrunt --version\n{start}"));
        assert_eq!(after, format!("#!/bin/sh\nterragrunt --version\n{LINES}{start}"));
        let continued = "TF_LOG=x \\\n  terragrunt \\\n    \"$@\"\n";
        assert_eq!(plan(continued), Plan::NoPlace, "its first line does not hand anything on");
        let inside = "main() {\n  terragrunt \"$@\"\n}\nmain \"$@\"\n";
        assert!(patched(inside).starts_with("main() {\n  # tautline hook tg:"));
    }

    #[test]
    fn a_checker_in_a_function_is_not_where_it_runs() {
        let text = "check() {\n  scripts/check-names.py\n}\ncheck\nterragrunt \"$@\"\n";
        assert!(patched(text).contains(&format!("check\n{LINES}terragrunt")));
    }

    #[test]
    fn a_checker_on_one_line() {
        for line in ["scripts/check-a.py || exit 1", "if ! ./lint.py; then exit 1; fi"] {
            let after = patched(&format!("{line}\nlock\nterragrunt \"$@\"\n"));
            assert!(after.starts_with(&format!("{line}\n\n{LINES}")), "{after}");
        }
    }

    #[test]
    fn what_calls_tautline_already_is_left_alone() {
        let own = "tautline hook run --facts stack -- \"$@\" || exit\nterragrunt \"$@\"\n";
        assert_eq!(plan(own), Plan::Nothing);
        assert!(matches!(plan("# tautline hook run\nterragrunt \"$@\"\n"), Plan::Add(_)));
    }

    #[test]
    fn a_script_that_starts_nothing_has_no_place() {
        for text in ["", "echo terragrunt \"$@\"\n", "#!/bin/sh\n# terragrunt \"$@\"\n"] {
            assert_eq!(plan(text), Plan::NoPlace, "{text}");
        }
    }
}
