//! Files that hold credentials by their nature go through the filter that encrypts them: `.gitattributes` says so for each.
//!
//! Invariant: what lies on the disk decides nothing, because where git-crypt is unlocked every file is readable there.

use globset::{GlobBuilder, GlobMatcher};

use crate::model::{Repo, SkippedFile};
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};
use crate::text::{Globs, TextRange, dir_of};

pub(super) const CHECK: CheckDef = CheckDef {
    name: "unfiltered_file",
    outcomes: &[Outcome { name: "unfiltered", placeholders: &["path", "filter"] }],
    build,
};

const ATTRIBUTES: &str = ".gitattributes";

struct UnfilteredFile {
    files: Globs,
    except: Globs,
    filter: String,
}

/// What a line of `.gitattributes` says about the filter.
#[derive(Clone, PartialEq, Eq)]
enum Filter {
    /// `filter=NAME`
    Named(String),
    /// `-filter`, `!filter`: somebody has thought of it.
    Off,
}

struct Line {
    pattern: GlobMatcher,
    /// The directory of the file it stands in.
    dir: String,
    filter: Filter,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    Ok(Box::new(UnfilteredFile {
        files: options.globs("files")?,
        except: options.globs("except")?,
        filter: options.string("filter")?,
    }))
}

impl Check for UnfilteredFile {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let lines = lines(context.repo);
        let is_ours = |line: &Line| matches!(&line.filter, Filter::Named(it) if *it == self.filter);
        let is_sealed = |file: &SkippedFile| file.why == self.filter;
        // A repo that keeps its secrets in another way has nothing to add a line to.
        if !lines.iter().any(is_ours) && !context.repo.skipped.iter().any(is_sealed) {
            return;
        }
        let is_meant = |path: &str| self.files.is_match(path) && !self.except.is_match(path);
        for file in context.wanted_files().filter(|file| is_meant(&file.path)) {
            out.site();
            let is_filtered = match filter_of(&lines, &file.path) {
                Some(Filter::Named(name)) => *name == self.filter,
                Some(Filter::Off) => true,
                None => false,
            };
            if !is_filtered {
                let end = file.text.find(['\r', '\n']).unwrap_or(file.text.len());
                let finding = Finding::new("unfiltered", file.span(TextRange::new(0, end)));
                out.report(finding.arg("path", &*file.path).arg("filter", &*self.filter));
            }
        }
        let sealed = context.repo.skipped.iter().filter(|file| self.files.is_match(&file.path));
        sealed.for_each(|file| out.site_in(context, &file.path));
    }
}

/// The lines about filters of every `.gitattributes`, those nearer to the root first: later ones win.
fn lines(repo: &Repo<'_>) -> Vec<Line> {
    let is_attributes = |path: &str| {
        path.strip_suffix(ATTRIBUTES).is_some_and(|dir| dir.is_empty() || dir.ends_with('/'))
    };
    let mut files: Vec<_> = repo.sources.iter().filter(|file| is_attributes(&file.path)).collect();
    files.sort_by_key(|file| file.path.matches('/').count());
    let lines = files.into_iter().flat_map(|file| {
        let dir = dir_of(&file.path).to_owned();
        file.text.lines().filter_map(move |line| line_of(line, &dir))
    });
    lines.collect()
}

fn line_of(line: &str, dir: &str) -> Option<Line> {
    let mut words = line.split_whitespace();
    let pattern = words.next().filter(|word| !word.starts_with('#'))?;
    let mut filter = words.filter_map(|word| match word {
        "-filter" | "!filter" => Some(Filter::Off),
        _ => word.strip_prefix("filter=").map(|name| Filter::Named(name.to_owned())),
    });
    let filter = filter.next_back()?;
    // Without a slash a pattern is about the name alone.
    let anchored = match pattern.strip_prefix('/') {
        Some(rest) => rest.to_owned(),
        None if pattern.contains('/') => pattern.to_owned(),
        None => format!("**/{pattern}"),
    };
    let glob = GlobBuilder::new(&anchored).literal_separator(true).build().ok()?;
    Some(Line { pattern: glob.compile_matcher(), dir: dir.to_owned(), filter })
}

fn filter_of<'l>(lines: &'l [Line], path: &str) -> Option<&'l Filter> {
    let says = |line: &&Line| {
        let below = match line.dir.as_str() {
            "" => Some(path),
            dir => path.strip_prefix(dir).and_then(|rest| rest.strip_prefix('/')),
        };
        below.is_some_and(|below| line.pattern.is_match(below))
    };
    lines.iter().rev().find(says).map(|line| &line.filter)
}
