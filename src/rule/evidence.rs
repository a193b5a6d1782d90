//! What a pack takes as a sign that a repo lives by its conventions: files that exist, and words in them.

use std::fmt;
use std::sync::Arc;

use memchr::memmem::Finder;

use super::pack::Pack;
use crate::text::Globs;

/// Conditions that must all hold.
#[derive(Clone, Debug)]
pub struct Evidence {
    pub(super) conditions: Vec<Condition>,
    /// The document that the settings name for its rules: it is there, or nothing runs.
    pub(super) document: Option<Arc<str>>,
}

/// Some file whose path matches contains some text.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The glob, as it is written.
    written: String,
    path: Globs,
    contains: Option<Text>,
}

#[derive(Clone, Debug)]
struct Text {
    written: String,
    finder: Finder<'static>,
}

impl Evidence {
    /// What must all hold.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }
}

impl Condition {
    /// Whether the file at `path` is one to look into.
    pub fn is_about(&self, path: &str) -> bool {
        self.path.is_match(path)
    }

    /// Whether a file that this is about, with `text`, is the evidence.
    pub fn is_met_by(&self, text: &str) -> bool {
        self.contains.as_ref().is_none_or(|wanted| wanted.finder.find(text.as_bytes()).is_some())
    }

    pub(super) fn new(path: &str, contains: Option<&str>) -> Result<Self, String> {
        let contains = contains
            .map(|text| Text { written: text.to_owned(), finder: Finder::new(text).into_owned() });
        let glob = Globs::read(path, true)?;
        Ok(Self { written: path.to_owned(), path: Globs::new(vec![glob]), contains })
    }

    /// What the first file that satisfies this shows, in words.
    fn met_by(&self, files: &[(&str, &str)]) -> Option<String> {
        let (path, _) =
            files.iter().find(|(path, text)| self.is_about(path) && self.is_met_by(text))?;
        Some(match &self.contains {
            None => format!("`{path}` exists"),
            Some(wanted) => format!("`{path}` contains `{}`", wanted.written),
        })
    }
}

impl fmt::Display for Evidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(document) = &self.document {
            return write!(f, "rules in `{document}`");
        }
        for (at, condition) in self.conditions.iter().enumerate() {
            let before = if at > 0 { " beside " } else { "" };
            match condition.written.as_str() {
                "**" => write!(f, "{before}any file")?,
                written => write!(f, "{before}`{written}`")?,
            }
            if let Some(text) = &condition.contains {
                write!(f, " with `{}`", text.written)?;
            }
        }
        Ok(())
    }
}

/// The first evidence for `pack` in `files` (path relative to the root, text), in words. Files that cannot be read
/// have an empty text. The answer is as stable as the order of `files`.
pub fn evidence(pack: &Pack, files: &[(&str, &str)]) -> Option<String> {
    pack.evidence.iter().find_map(|evidence| {
        if let Some(document) = &evidence.document {
            return Some(format!("its rules stand in `{document}`"));
        }
        let met: Option<Vec<String>> =
            evidence.conditions.iter().map(|condition| condition.met_by(files)).collect();
        Some(met?.join(", "))
    })
}
