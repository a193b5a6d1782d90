//! Places that must change together: where one did and the other did not, somebody forgot it.
//!
//! Both sides are data: files, and words that tell which of their lines count.

use crate::model::Change;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::syntax::SourceFile;
use crate::text::{Globs, Span, TextRange};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "change_together",
    outcomes: &[Outcome { name: "alone", placeholders: &["what", "other", "reason"] }],
    build,
};

struct ChangeTogether {
    links: Vec<Link>,
}

/// If `what` changes, so must `other`.
struct Link {
    what: Side,
    other: Side,
    reason: String,
}

struct Side {
    /// In words, for the message.
    name: String,
    files: Globs,
    /// A changed line counts where it holds one of these; every line where there are none.
    words: Vec<String>,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let links = options.each_object("links", |link| {
        let what = side(link, ["what", "files", "words"])?;
        let other = side(link, ["other", "other_files", "other_words"])?;
        Ok(Link { what, other, reason: link.string("reason")? })
    })?;
    Ok(Box::new(ChangeTogether { links }))
}

fn side(link: &mut Options<'_>, keys: [&str; 3]) -> Result<Side, OptionError> {
    let [name, files, words] = keys;
    Ok(Side { name: link.string(name)?, files: link.globs(files)?, words: link.strings(words)? })
}

impl Check for ChangeTogether {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn compares(&self) -> bool {
        true
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let Some(change) = context.change else { return };
        for link in &self.links {
            let Some(place) = link.what.first_change(change) else { continue };
            // What the repo has not, or no longer, nobody can change along.
            if !link.other.is_there(change) {
                continue;
            }
            out.site();
            if !link.other.changes(change) {
                let finding = Finding::new("alone", place)
                    .arg("what", &*link.what.name)
                    .arg("other", &*link.other.name)
                    .arg("reason", &*link.reason);
                out.report(finding);
            }
        }
    }
}

impl Side {
    fn counts(&self, line: &str) -> bool {
        self.words.is_empty() || self.words.iter().any(|word| line.contains(word.as_str()))
    }

    /// Whether either state has a file of this side.
    fn is_there(&self, change: &Change<'_>) -> bool {
        change.newer.sources.iter().any(|file| self.files.is_match(&file.path))
            || change.paths().iter().any(|path| self.files.is_match(path))
    }

    /// The first line that changed; where lines are only gone, the first of the file they are gone from.
    fn first_change(&self, change: &Change<'_>) -> Option<Span> {
        let files = || change.newer.sources.iter().filter(|file| self.files.is_match(&file.path));
        let new = files().find_map(|file| {
            let range = self.new_line(change, file)?;
            Some(file.span(range))
        });
        new.or_else(|| {
            let file = files().find(|file| self.has_lost(change, &file.path))?;
            Some(file.span(file.lines().range_of(&file.text, 0)))
        })
    }

    fn changes(&self, change: &Change<'_>) -> bool {
        change.paths().iter().filter(|path| self.files.is_match(path)).any(|path| {
            let newer = change.newer.source(path);
            newer.is_some_and(|file| self.new_line(change, file).is_some())
                || self.has_lost(change, path)
        })
    }

    fn new_line(&self, change: &Change<'_>, file: &SourceFile) -> Option<TextRange> {
        let mut lines = change.new_lines(file).into_iter();
        lines.find(|range| self.counts(file.slice(*range)))
    }

    fn has_lost(&self, change: &Change<'_>, path: &str) -> bool {
        change.lost_lines(path).iter().any(|line| self.counts(line))
    }
}
