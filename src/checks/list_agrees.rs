//! A list that a repo keeps in several places says the same in each of them. Compared as sets.

use std::collections::BTreeSet;

use crate::diagnostic::Applicability;
use crate::rule::{
    Check, CheckDef, Context, Finding, Findings, Interest, OptionError, Options, Outcome, Subject,
};

use super::written_list::{Written, WrittenList};
use crate::text::Globs;

pub(super) const CHECK: CheckDef = CheckDef {
    name: "list_agrees",
    outcomes: &[
        Outcome { name: "copy", placeholders: &["difference", "file"] },
        Outcome { name: "files", placeholders: &["difference", "files"] },
    ],
    build,
};

struct ListAgrees {
    list: Option<WrittenList>,
    copies: Vec<WrittenList>,
    files: Vec<Files>,
}

/// Files of which there is one for each element: the `*` in their path is its name.
struct Files {
    pattern: String,
    before: String,
    after: String,
    matcher: Globs,
}

fn build(options: &mut Options<'_>) -> Result<Box<dyn Check>, OptionError> {
    let range = options.place();
    let files = options.strings("files")?.into_iter().map(|pattern| {
        let error = |message: String| OptionError { message, range };
        let (before, after) = pattern
            .split_once('*')
            .ok_or_else(|| error(format!("`{pattern}` has no `*` for the name")))?;
        let (before, after) = (before.to_owned(), after.to_owned());
        let glob = Globs::read(&pattern, false).map_err(error)?;
        Ok(Files { pattern, before, after, matcher: Globs::new(vec![glob]) })
    });
    Ok(Box::new(ListAgrees {
        files: files.collect::<Result<_, OptionError>>()?,
        list: WrittenList::read(options, "list")?,
        copies: WrittenList::read_all(options, "copies")?,
    }))
}

impl Check for ListAgrees {
    fn interests(&self) -> Vec<Interest> {
        vec![Interest::Repo]
    }

    fn judge(&self, context: &Context<'_>, _: Subject<'_>, out: &mut Findings) {
        let repo = context.repo;
        let Some(list) = &self.list else { return };
        // The list may be made in a long file, and then it takes long to find.
        let mut lists = std::iter::once(list).chain(&self.copies);
        if !lists.any(|it| context.wants(it.file())) {
            return;
        }
        let written = match list.find(repo) {
            None => return,
            Some(Ok(written)) => written,
            Some(Err((span, reason))) => {
                out.site_in(context, list.file());
                return out.unknown(span, reason.to_string());
            }
        };
        for copy in &self.copies {
            judge_copy(context, copy, list, &written, out);
        }
        for files in &self.files {
            files.judge(context, list, &written, out);
        }
    }
}

fn judge_copy(
    context: &Context<'_>,
    copy: &WrittenList,
    list: &WrittenList,
    written: &Written,
    out: &mut Findings,
) {
    let repo = context.repo;
    let Some(found) = copy.find(repo) else { return };
    out.site_in(context, copy.file());
    match found {
        Err((span, reason)) => out.unknown(span, reason.to_string()),
        Ok(found) if found.words != written.words => {
            let finding = Finding::new("copy", found.span)
                .arg("difference", difference(&written.words, &found.words))
                .arg("file", list.file())
                .fix(
                    Applicability::Unsafe,
                    "write the names of the list",
                    found.rewritten(repo, &written.words),
                );
            out.report(finding.related(written.span, "the list itself"));
        }
        Ok(_) => {}
    }
}

impl Files {
    fn judge(
        &self,
        context: &Context<'_>,
        list: &WrittenList,
        written: &Written,
        out: &mut Findings,
    ) {
        let repo = context.repo;
        let sources = repo.sources.iter().map(|file| &*file.path);
        let paths = sources.chain(repo.skipped.iter().map(|file| &*file.path));
        let name = |path: &str| {
            let rest = path.strip_prefix(self.before.as_str())?;
            let name = rest.strip_suffix(self.after.as_str())?;
            (self.matcher.is_match(path) && !name.contains('/')).then(|| name.to_owned())
        };
        let names: BTreeSet<String> = paths.filter_map(name).collect();
        if names.is_empty() {
            return;
        }
        out.site_in(context, list.file());
        if names != written.words {
            let finding = Finding::new("files", written.span)
                .arg("difference", difference(&written.words, &names))
                .arg("files", self.pattern.clone());
            out.report(finding);
        }
    }
}

/// What the other list has besides and what it lacks: `+a −b`.
fn difference(list: &BTreeSet<String>, other: &BTreeSet<String>) -> String {
    let added = other.difference(list).map(|word| format!("+{word}"));
    let lacking = list.difference(other).map(|word| format!("−{word}"));
    added.chain(lacking).collect::<Vec<_>>().join(" ")
}
