//! Page → cases.

use super::{CaseFile, CasePlan, Expected, ExpectedKind, FixedCase, PageCase, PageError};
use crate::diagnostic::Severity;
use crate::text::TextRange;

/// The cases below the heading `## Cases` of `page`.
pub fn cases(page: &str) -> Result<Vec<PageCase>, Vec<PageError>> {
    let mut walk = Walk::default();
    for (index, line) in page.lines().enumerate() {
        walk.line(index as u32 + 1, line);
    }
    if let Some(fence) = &walk.fence {
        walk.errors
            .push(PageError { line: fence.line, message: "this fence is not closed".into() });
    }
    if walk.errors.is_empty() { Ok(walk.cases) } else { Err(walk.errors) }
}

/// The state between two lines.
#[derive(Default)]
struct Walk {
    in_cases: bool,
    fence: Option<Fence>,
    cases: Vec<PageCase>,
    errors: Vec<PageError>,
}

/// An open fence.
struct Fence {
    /// Its backticks: as many close it.
    ticks: usize,
    line: u32,
    /// The file, where it is one of a case.
    file: Option<CaseFile>,
    /// Which state of the repo the file is in.
    state: State,
    /// Where the last line of the file starts.
    last_line: usize,
}

/// A fence may say when the repo has its file.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// In both states, or in the one there is.
    Same,
    /// `before`: so it was.
    Before,
    /// `new`: it was not there.
    New,
    /// `fixed`: so it is after fixes.
    Fixed,
    /// `plan=STACK`: it is no file, but a plan of that stack.
    Plan,
}

impl Walk {
    fn line(&mut self, number: u32, line: &str) {
        let ticks = line.bytes().take_while(|byte| *byte == b'`').count();
        match &mut self.fence {
            Some(fence) if ticks >= fence.ticks && line[ticks..].trim().is_empty() => self.close(),
            Some(_) => self.inside(number, line),
            None if ticks >= 3 => self.open(number, ticks, &line[ticks..]),
            None => self.outside(number, line),
        }
    }

    fn outside(&mut self, number: u32, line: &str) {
        if let Some(heading) = line.strip_prefix("## ") {
            self.in_cases = heading.trim() == "Cases";
        } else if let (true, Some(name)) = (self.in_cases, line.strip_prefix("### ")) {
            self.begin(number, name.trim());
        } else if let (true, Some(base)) = (self.in_cases, line.strip_prefix("base=")) {
            match self.cases.last_mut() {
                Some(case) if case.files.is_empty() => case.base = Some(base.trim().to_owned()),
                _ => self.error(number, "`base=` stands right below the heading of its case"),
            }
        }
    }

    fn begin(&mut self, line: u32, name: &str) {
        if self.cases.iter().any(|case| case.name == name) {
            self.error(line, format!("a second case `{name}`"));
        }
        self.cases.push(PageCase {
            name: name.to_owned(),
            line,
            base: None,
            files: Vec::new(),
            older: Vec::new(),
            plans: Vec::new(),
            fixed: Vec::new(),
        });
    }

    fn open(&mut self, line: u32, ticks: usize, info: &str) {
        let file = if self.in_cases { self.file(line, info) } else { None };
        let (file, state) = file.map_or((None, State::Same), |(file, state)| (Some(file), state));
        self.fence = Some(Fence { ticks, line, file, state, last_line: 0 });
    }

    /// The file that a fence with this info string starts. One with `case=NAME` begins that case, where it is not the last.
    fn file(&mut self, line: u32, info: &str) -> Option<(CaseFile, State)> {
        let (cases, words): (Vec<&str>, Vec<&str>) =
            info.split_whitespace().partition(|word| word.starts_with("case="));
        if let Some(name) = cases.first().and_then(|word| named(word, "case="))
            && self.cases.last().is_none_or(|last| last.name != name)
        {
            self.begin(line, name);
        }
        let mut link = None;
        let (path, state) = match words.as_slice() {
            ["link", path, target, rest @ ..] => {
                link = named(target, "target=");
                let state = match rest {
                    [] => link.map(|_| State::Same),
                    ["fixed"] => link.map(|_| State::Fixed),
                    _ => None,
                };
                (named(path, "path="), state)
            }
            [language, plan] if !language.contains('=') && plan.starts_with("plan=") => {
                (named(plan, "plan="), Some(State::Plan))
            }
            [language, path, rest @ ..] if !language.contains('=') && *language != "link" => {
                let state = match rest {
                    [] => Some(State::Same),
                    ["before"] => Some(State::Before),
                    ["new"] => Some(State::New),
                    ["fixed"] => Some(State::Fixed),
                    _ => None,
                };
                (named(path, "path="), state)
            }
            _ => (None, None),
        };
        let (Some(path), Some(state)) = (path, state) else {
            self.error(
                line,
                "a fence here opens with a language and `path=…`, and may end in `before`, `new` or `fixed`; or with `link`, `path=…`, `target=…` and perhaps `fixed`; or with `json` and `plan=STACK`",
            );
            return None;
        };
        let Some(case) = self.cases.last() else {
            self.error(line, "a fence without a case: put a `### ` heading above it");
            return None;
        };
        let is_known = match state {
            State::Before => case.older.iter().any(|(known, _)| known == path),
            State::Same | State::New => case.files.iter().any(|file| file.path == path),
            State::Fixed => case.fixed.iter().any(|file| file.path == path),
            State::Plan => case.plans.iter().any(|plan| plan.stack == path),
        };
        if is_known {
            self.error(line, format!("a second file `{path}` in this case"));
        }
        let file = CaseFile {
            path: path.to_owned(),
            link: link.map(str::to_owned),
            text: String::new(),
            expected: Vec::new(),
        };
        Some((file, state))
    }

    fn inside(&mut self, number: u32, line: &str) {
        let Some(fence) = &mut self.fence else { return };
        let Some(file) = &mut fence.file else { return };
        if file.link.is_some() {
            return self.error(number, "a link has no text: close the fence on the next line");
        }
        if !line.trim_start_matches(' ').starts_with('^') {
            fence.last_line = file.text.len();
            file.text.push_str(line);
            file.text.push('\n');
            return;
        }
        if matches!(fence.state, State::Before | State::Fixed | State::Plan) {
            self.error(
                number,
                "nothing is reported in a plan, in what was before, or is after fixes",
            );
            return;
        }
        match carets(number, line, &file.text, fence.last_line) {
            Ok(expected) => file.expected.push(expected),
            Err(message) => self.error(number, message),
        }
    }

    fn close(&mut self) {
        let Some(Fence { file: Some(file), state, line, .. }) = self.fence.take() else { return };
        let Some(case) = self.cases.last_mut() else { return };
        match state {
            State::Before => case.older.push((file.path, Some(file.text))),
            State::Same => case.files.push(file),
            State::Plan => case.plans.push(CasePlan { line, stack: file.path, text: file.text }),
            State::Fixed => {
                let CaseFile { path, link, text, .. } = file;
                case.fixed.push(FixedCase { line, path, link, text });
            }
            State::New => {
                case.older.push((file.path.clone(), None));
                case.files.push(file);
            }
        }
    }

    fn error(&mut self, line: u32, message: impl Into<String>) {
        self.errors.push(PageError { line, message: message.into() });
    }
}

/// The value in the `word` of an info string that begins with `name`.
fn named<'w>(word: &'w str, name: &str) -> Option<&'w str> {
    word.strip_prefix(name).filter(|value| !value.is_empty())
}

/// Reads a caret line about the line of `text` that starts at `last_line`.
fn carets(number: u32, line: &str, text: &str, last_line: usize) -> Result<Expected, String> {
    let column = line.len() - line.trim_start_matches(' ').len();
    let marked = &line[column..];
    let count = marked.bytes().take_while(|byte| *byte == b'^').count();
    let rest = &marked[count..];
    let (open, words) = match rest.strip_prefix('~') {
        Some(words) => (true, words),
        None => (false, rest),
    };
    let above = text[last_line..].trim_end_matches('\n');
    let offset = |column: usize| {
        let mut starts = above.char_indices().map(|(at, _)| at).chain([above.len()]);
        starts.nth(column).map(|at| last_line + at)
    };
    let (Some(start), Some(end)) = (offset(column), offset(column + count)) else {
        return Err("these carets reach past the end of the line above".to_owned());
    };
    let (head, message) = match words.split_once(": ").or_else(|| words.trim_end().split_once(':'))
    {
        Some((head, message)) => (head, message.trim()),
        None => (words, ""),
    };
    let kind = kind(head)?;
    Ok(Expected {
        line: number,
        range: TextRange::new(start, end),
        open,
        kind,
        message: message.to_owned(),
    })
}

/// Reads what stands between the carets and the colon.
fn kind(head: &str) -> Result<ExpectedKind, String> {
    let words: Vec<&str> = head.split_whitespace().collect();
    match words.as_slice() {
        ["related"] => return Ok(ExpectedKind::Related),
        ["unknown"] => return Ok(ExpectedKind::Unknown),
        _ => {}
    }
    let (severity, rest) = match words.split_first() {
        Some((first, rest)) if Severity::parse(first).is_some() => (Severity::parse(first), rest),
        _ => (None, words.as_slice()),
    };
    let rule = match rest {
        [] => None,
        [id] if id.contains('/') => Some((*id).to_owned()),
        _ => return Err(format!("`{}` is no severity and no rule id", head.trim())),
    };
    Ok(ExpectedKind::Diagnostic { severity, rule })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_caret_line_may_say_what_is_not_judged() {
        let page = "## Cases\n### a\n```hcl path=a.tf\na = b\n    ^ unknown: nobody says\n```\n";
        let case = &cases(page).unwrap()[0];
        let expected = &case.files[0].expected[0];
        assert_eq!((&expected.kind, &*expected.message), (&ExpectedKind::Unknown, "nobody says"));
        assert!(!case.is_bad(), "it shows what is left alone");
    }

    const PAGE: &str = "# image/x\n```hcl\nnot = \"a case\"\n```\n## Cases\nProse.\n\
        ### bad\nbase=mini\n```hcl path=a.tf\né = \"x\"\n    ^^^ error: a: b \n^\nb = [\n    ^~ warning other/rule\n]\n```\n\
        ### good\n````md path=b.md\n```\ntext\n```\n````\n";

    #[test]
    fn carets_name_bytes_of_the_line_above() {
        let cases = cases(PAGE).unwrap();
        assert_eq!(cases.len(), 2);
        let bad = &cases[0];
        assert_eq!((bad.name.as_str(), bad.line, bad.base.as_deref()), ("bad", 7, Some("mini")));
        let file = &bad.files[0];
        assert_eq!(file.text, "é = \"x\"\nb = [\n]\n");
        let texts: Vec<_> =
            file.expected.iter().map(|expected| &file.text[expected.range.indices()]).collect();
        assert_eq!(texts, ["\"x\"", "é", "["]);
        assert_eq!(file.expected[0].message, "a: b");
        assert_eq!(file.expected[0].line, 11);
        let kind = |severity, rule: Option<&str>| ExpectedKind::Diagnostic {
            severity,
            rule: rule.map(str::to_owned),
        };
        assert_eq!(file.expected[0].kind, kind(Some(Severity::Error), None));
        assert_eq!(file.expected[1].kind, kind(None, None));
        assert_eq!(file.expected[2].kind, kind(Some(Severity::Warning), Some("other/rule")));
        assert!(file.expected[2].open && !file.expected[0].open);
        assert_eq!(bad.rules("image/x"), ["image/x", "other/rule"]);
        assert!(bad.is_bad() && !cases[1].is_bad());
        assert_eq!(cases[1].files[0].text, "```\ntext\n```\n");
    }

    #[test]
    fn a_case_about_a_change_says_what_was_before() {
        let page = "## Cases\n### a\n```hcl path=a.tf before\nold\n```\n```hcl path=a.tf\nnow\n```\n\
            ```hcl path=b.tf new\nnow\n```\n```hcl path=c.tf before\ngone\n```\n";
        let case = &cases(page).unwrap()[0];
        let files: Vec<_> = case.files.iter().map(|file| (&*file.path, &*file.text)).collect();
        assert_eq!(files, [("a.tf", "now\n"), ("b.tf", "now\n")]);
        let older: Vec<_> =
            case.older.iter().map(|(path, text)| (path.as_str(), text.as_deref())).collect();
        assert_eq!(older, [("a.tf", Some("old\n")), ("b.tf", None), ("c.tf", Some("gone\n"))]);
    }

    #[test]
    fn a_page_that_is_wrong_says_where() {
        for (page, line, words) in [
            ("## Cases\n```hcl path=a.tf\n```", 2, "without a case"),
            ("## Cases\n### a\n```hcl\n```", 3, "`path=…`"),
            ("## Cases\n### a\n```link path=a\n```", 3, "`target=…`"),
            ("## Cases\n### a\n```hcl path=a target=b\n```", 3, "`path=…`"),
            ("## Cases\n### a\n```link path=a target=b\nx\n```", 4, "no text"),
            ("## Cases\n### a\n```hcl path=a\n", 3, "not closed"),
            ("## Cases\n### a\n```hcl path=a\nab\n  ^\n```", 5, "past the end"),
            ("## Cases\n### a\n```hcl path=a\nab\n^ eror: x\n```", 5, "no severity"),
            ("## Cases\n### a\n```hcl path=a after\n```", 3, "`before`, `new` or `fixed`"),
            ("## Cases\n### a\n```hcl path=a before\nab\n^\n```", 5, "what was before"),
            ("## Cases\n### a\n### a\n", 3, "second case"),
            ("## Cases\nbase=x\n", 2, "below the heading"),
            ("## Cases\n### a\n```b path=a\n```\n```b path=a\n```\n", 5, "second file"),
        ] {
            let errors = cases(page).unwrap_err();
            assert_eq!(errors[0].line, line, "{page}");
            assert!(errors[0].message.contains(words), "{page}: {}", errors[0].message);
        }
    }
}
