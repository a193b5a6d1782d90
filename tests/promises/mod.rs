//! What every fix promises about the file that it changes. Tests hold fixes to it, and so does the fuzzer.

use std::collections::BTreeSet;

use tautline::analysis::FixedFile;
use tautline::engine::breaks;
use tautline::syntax::hcl::{Block, layout, parse};
use tautline::syntax::{Format, SourceFile};
use tautline::text::{FileId, LineIndex};

/// The lines of a file that `terraform fmt` would change, by what they say.
pub(crate) fn crooked(file: &str, text: &str) -> usize {
    let source = SourceFile::new(FileId(0), file.into(), text.into(), Format::of(file));
    let Some(document) = source.hcl.as_ref().filter(|it| it.errors.is_empty()) else { return 0 };
    let lines = LineIndex::new(text);
    let edits = layout(text, document).edits;
    edits.iter().map(|(range, _)| lines.line_of(range.start)).collect::<BTreeSet<_>>().len()
}

/// What the comments of a file say.
pub(crate) fn comments(file: &str, text: &str) -> Vec<String> {
    let source = SourceFile::new(FileId(0), file.into(), text.into(), Format::of(file));
    source.comments().all().iter().map(|it| it.content(text).to_owned()).collect()
}

/// What is wrong with the way in which `file` was fixed.
pub(crate) fn wrongs(file: &FixedFile) -> Vec<String> {
    let FixedFile { path, before, after } = file;
    let mut wrong = Vec::new();
    let is_hcl = matches!(Format::of(path), Format::Hcl(_));
    if is_hcl && parse(before).errors.is_empty() && !parse(after).errors.is_empty() {
        wrong.push(format!("does not parse:\n{after}"));
    }
    let source = SourceFile::new(FileId(0), path.clone(), before.clone(), Format::of(path));
    if let (false, Some(noun)) = (is_hcl, breaks(&source, after)) {
        wrong.push(format!("is no {noun} any more:\n{after}"));
    }
    if is_hcl && crooked(path, after) > crooked(path, before) {
        wrong.push(format!("more lines for terraform fmt:\n{after}"));
    }
    if before.contains("\r\n") && after.replace("\r\n", "").contains('\n') {
        wrong.push(format!("a line lost its end:\n{after:?}"));
    }
    let now = comments(path, after);
    // What was said about something that is gone may go with it.
    let is_said = |comment: &String| now.iter().any(|it| it.contains(comment.as_str()));
    let old = comments(path, before);
    // One that was misspelt says something else now.
    let is_less = now.len() < old.len();
    let gone = old.into_iter().filter(|it| is_less && !is_said(it)).filter(|comment| {
        if is_in_deleted_block(before, after, comment) {
            return false;
        }
        let line = before.lines().find(|line| line.contains(comment.as_str())).unwrap_or_default();
        let code = line.find(comment.as_str()).map_or(line, |at| &line[..at]);
        let code = code.trim_end_matches(['#', '/', ' ']).trim();
        after.contains(code) || code.is_empty()
    });
    wrong.extend(gone.map(|comment| format!("lost the comment `{comment}`:\n{after}")));
    wrong
}

/// Whether `comment` stands in a block of `before` that is not in `after` any more.
fn is_in_deleted_block(before: &str, after: &str, comment: &str) -> bool {
    let Some(at) = before.find(comment) else { return false };
    let (old, new) = (parse(before), parse(after));
    let is_around = |it: &&Block| it.range.indices().contains(&at);
    let Some(block) = old.body.blocks().find(is_around) else { return false };
    let header = &before[block.header.indices()];
    let Some(now) = new.body.blocks().find(|it| &after[it.header.indices()] == header) else {
        return true;
    };
    // Or in a block inside of it, of which there are fewer now.
    let inner = block.body.blocks().find(is_around);
    inner.is_some_and(|inner| {
        let count = |block: &Block| block.body.blocks_of(&inner.kind.name).count();
        count(now) < count(block)
    })
}
