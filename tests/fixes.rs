//! What holds for every fix, whichever rule brings it: over all cases of all pages, as they are and mutated.

#![expect(clippy::unwrap_used, reason = "a fixture that cannot be read is a failed test")]

use std::collections::{BTreeMap, BTreeSet};

use tautline::analysis::cases::{Bases, Suite};
use tautline::analysis::{Fixed, FixedFile};
use tautline::checks;
use tautline::rule::cases::{PageCase, cases};
use tautline::rule::{Home, PackFile};
use tautline::syntax::hcl::{layout, parse};
use tautline::syntax::{Format, SourceFile};
use tautline::text::{FileId, LineIndex};

fn suite() -> Suite {
    let bases = BTreeMap::from([(Home::builtin(), Bases::builtin())]);
    Suite::load(PackFile::builtin(), checks::ALL, bases).unwrap()
}

/// Every case in which something is reported, with its rule.
fn bad_cases() -> Vec<(String, PageCase)> {
    let only = std::env::var_os("TAUTLINE_RULE");
    let pages = PackFile::builtin().into_iter().filter(PackFile::is_page);
    let mut all = Vec::new();
    for page in pages {
        let Some(id) = page.rule().map(str::to_owned) else { continue };
        if only.as_ref().is_some_and(|only| *only != *id) {
            continue;
        }
        let cases = cases(&page.text).unwrap();
        all.extend(cases.into_iter().filter(PageCase::is_bad).map(|case| (id.clone(), case)));
    }
    all
}

/// The lines of a file that `terraform fmt` would change, by what they say.
fn crooked(file: &str, text: &str) -> usize {
    let source = SourceFile::new(FileId(0), file.into(), text.into(), Format::of(file));
    let Some(document) = source.hcl.as_ref().filter(|it| it.errors.is_empty()) else { return 0 };
    let lines = LineIndex::new(text);
    let edits = layout(text, document).edits;
    edits.iter().map(|(range, _)| lines.line_of(range.start)).collect::<BTreeSet<_>>().len()
}

fn comments(file: &str, text: &str) -> Vec<String> {
    let source = SourceFile::new(FileId(0), file.into(), text.into(), Format::of(file));
    source.comments().all().iter().map(|it| it.content(text).to_owned()).collect()
}

/// What is wrong with the way in which `file` was fixed.
fn wrongs(file: &FixedFile) -> Vec<String> {
    let FixedFile { path, before, after } = file;
    let mut wrong = Vec::new();
    let is_hcl = matches!(Format::of(path), Format::Hcl(_));
    if is_hcl && parse(before).errors.is_empty() && !parse(after).errors.is_empty() {
        wrong.push(format!("does not parse:\n{after}"));
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
        let line = before.lines().find(|line| line.contains(comment.as_str())).unwrap_or_default();
        let code = line.split(['#', '/']).next().unwrap_or_default().trim();
        after.contains(code) || code.is_empty()
    });
    wrong.extend(gone.map(|comment| format!("lost the comment `{comment}`:\n{after}")));
    wrong
}

/// The same case with CRLF line ends in its files.
fn with_crlf(case: &PageCase) -> PageCase {
    let mut case = case.clone();
    for file in &mut case.files {
        file.text = file.text.replace('\n', "\r\n");
    }
    case
}

/// What a second run would do, which is nothing.
fn again(suite: &Suite, id: &str, case: &PageCase, fixed: &Fixed) -> Vec<String> {
    let mut case = case.clone();
    for file in &fixed.files {
        if let Some(known) = case.files.iter_mut().find(|it| *it.path == *file.path) {
            known.text = file.after.to_string();
        }
    }
    let more = suite.fixed(&Home::builtin(), id, &case).unwrap();
    more.files.iter().map(|file| format!("changed again:\n{}", file.after)).collect()
}

#[test]
fn fixes_of_all_pages_keep_what_they_promise() {
    let suite = suite();
    let mut table: BTreeMap<String, (usize, usize, BTreeSet<String>)> = BTreeMap::new();
    let mut wrong = Vec::new();
    for (id, case) in bad_cases() {
        let fixed = suite.fixed(&Home::builtin(), &id, &case).unwrap();
        let account = fixed.outcome.report.summary.fixes.clone().unwrap();
        let row = table.entry(id.clone()).or_default();
        row.0 += account.fixed;
        row.1 += fixed.left.len();
        row.2.extend(account.refused.iter().cloned());
        row.2.extend(fixed.done.iter().map(|done| format!("+ {}", done.title)));
        let mut found: Vec<String> = fixed.files.iter().flat_map(wrongs).collect();
        found.extend(again(&suite, &id, &case, &fixed));
        let crlf = with_crlf(&case);
        let windows = suite.fixed(&Home::builtin(), &id, &crlf).unwrap();
        found.extend(windows.files.iter().flat_map(wrongs));
        // The same is done, line by line.
        for file in &windows.files {
            let plain = fixed.files.iter().find(|it| it.path == file.path);
            if plain.is_none_or(|it| *it.after != file.after.replace("\r\n", "\n")) {
                found.push(format!("another fix with CRLF:\n{}", file.after));
            }
        }
        wrong.extend(found.into_iter().map(|it| format!("{id}: {}: {it}", case.name)));
    }
    for (id, (done, left, refused)) in &table {
        println!("{id}: {done} fixed, {left} left");
        refused.iter().for_each(|it| println!("    {it}"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
