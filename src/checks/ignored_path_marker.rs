//! An entry of `ignore_changes` that a convention asks for carries the convention's marker, so that it can be found.

use crate::model::IgnoreChanges;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::{Comment, SourceFile};

use super::ignored_path::Target;

const PLACEHOLDERS: &[&str] = &["marker", "path", "found"];

pub(super) const CHECK: CheckDef = CheckDef {
    name: "ignored_path_marker",
    summary: "an ignored path carries its marker in the same `lifecycle` block",
    outcomes: &[
        Outcome { name: "missing", placeholders: PLACEHOLDERS },
        Outcome { name: "misspelt", placeholders: PLACEHOLDERS },
    ],
    build,
};

struct IgnoredPathMarker {
    target: Target,
    marker: String,
    /// Markers that look alike and mean something else.
    others: Vec<String>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let target = Target::read(options)?;
    let marker = options.string("marker")?;
    Ok(Box::new(IgnoredPathMarker { target, marker, others: options.strings("other_markers")? }))
}

impl Check for IgnoredPathMarker {
    fn interests(&self) -> Vec<Interest> {
        vec![self.target.interest()]
    }

    fn judge(&self, context: &Context<'_>, subject: Subject<'_>, out: &mut Findings) {
        let Subject::Block(block) = subject else { return };
        let Some(ignored) = IgnoreChanges::of(block.block) else { return };
        let mut ours = Findings::default();
        let Some(site) = self.target.site(context.repo, &block, &mut ours) else { return };
        let Some(entry) = ignored.covering(site.path) else { return };
        out.site();
        let comments = block.file.comments().inside(ignored.lifecycle.range);
        // A comment on the line of the closing brace is outside the range, and still about the block.
        let after = block.file.trailing(ignored.lifecycle.range);
        let mut words =
            comments.iter().chain(after).map(|comment| (first_word(block.file, comment), comment));
        if words.clone().any(|(word, _)| word == self.marker) {
            return;
        }
        let misspelt = words.find(|(word, _)| self.looks_like(word));
        let outcome = if misspelt.is_some() { "misspelt" } else { "missing" };
        let mut finding = Finding::new(outcome, block.file.span(entry))
            .arg("marker", self.marker.clone())
            .arg("path", site.path_text)
            .arg("found", misspelt.map_or("", |(word, _)| word))
            .address(block.address());
        if let Some((_, comment)) = misspelt {
            finding =
                finding.related(block.file.span(comment.range), "this comment may have been meant");
        }
        out.report(finding);
    }
}

impl IgnoredPathMarker {
    fn looks_like(&self, word: &str) -> bool {
        let known = self.others.iter().any(|other| other == word);
        !known && word.len() > 3 && strsim::osa_distance(word, &self.marker) <= 2
    }
}

/// The first word of a comment: a marker is one, and prose that merely mentions a marker does not count.
fn first_word<'t>(file: &'t SourceFile, comment: &Comment) -> &'t str {
    let content = comment.content(&file.text).trim_start_matches(['#', '/', '*', ' ']);
    let end =
        content.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(content.len());
    &content[..end]
}
