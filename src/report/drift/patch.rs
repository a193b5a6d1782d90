//! The edit that settles a finding, as the lines to write.
//!
//! Invariant: no secret is in it; a fix whose text cannot be shown is none.

use super::super::{Code, diff::diff_without, shown};
use crate::diagnostic::Fix;
use crate::engine;

/// A fix as it is shown.
pub(super) struct ShownFix<'a> {
    /// What applying it does.
    pub(super) title: &'a str,
    /// The patch, file by file.
    pub(super) patch: String,
}

/// `fix` as a patch of the files in `code`; `None` where a part of it cannot be shown or made.
pub(super) fn shown_fix<'a>(code: Code<'_>, fix: Option<&'a Fix>) -> Option<ShownFix<'a>> {
    let fix = shown::fix(code, fix)?;
    let mut patch = String::new();
    for (file, after) in engine::texts(code.sources, &fix.edits).ok()? {
        let source = code.sources.get(file.index())?;
        // What the plan hides is hidden where the code says it, too.
        let hidden = code.redacted_in(file);
        patch.push_str(&diff_without(&source.path, &source.text, &after, &hidden).0);
    }
    (!patch.is_empty()).then_some(ShownFix { title: &fix.title, patch })
}

impl ShownFix<'_> {
    /// The lines of the patch from its first place on: what a reader needs beside a title that names the file.
    pub(super) fn hunks(&self) -> impl Iterator<Item = &str> {
        let is_head = |line: &&str| {
            // One that stands for something is a comment.
            let line = line.strip_prefix("# ").unwrap_or(line);
            line.starts_with("diff --git ")
                || line.starts_with("--- a/")
                || line.starts_with("+++ b/")
        };
        self.patch.lines().filter(move |line| !is_head(line))
    }
}
