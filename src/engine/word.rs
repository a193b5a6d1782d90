//! Findings → diagnostics: worded by the rule's cases, graded, in order, each said once.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::Arc;

use super::Verdicts;
use crate::diagnostic::{Applicability, Diagnostic, Edit, Failure, Fix, Severity};
use crate::model::{BlockRef, Repo};
use crate::rule::write::fits;
use crate::rule::{Case, Finding, Rule};
use crate::syntax::SourceFile;
use crate::text::{FileId, Span, TextRange, line_end, with_line_ends};

/// Words what `rules` found, which is taken out of `verdicts`. The result is in order, without repetitions, and without
/// what a rule leaves to another that reports the same bytes.
pub fn diagnostics(repo: &Repo<'_>, rules: &[&Rule], verdicts: &mut Verdicts) -> Vec<Diagnostic> {
    let mut worded = Vec::new();
    for (rule, findings) in rules.iter().zip(&mut verdicts.findings) {
        for finding in std::mem::take(&mut findings.found) {
            match rule.case(&finding.outcome) {
                Some(case) => worded.extend(word(repo, rule, case, finding)),
                None => verdicts.failures.push(Failure {
                    subject: Some(rule.id.to_string()),
                    message: format!("the rule has no case `{}`", finding.outcome),
                }),
            }
        }
    }
    sort(&mut worded);
    worded.dedup_by(|later, first| {
        later.rule == first.rule && later.span == first.span && later.message == first.message
    });
    without_yielded(rules, worded)
}

/// Sorts by path, place, rule and message: sources are sorted by path, and so are their numbers.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by(compare);
}

/// Which of two comes first.
pub fn compare(a: &Diagnostic, b: &Diagnostic) -> Ordering {
    key(a).cmp(&key(b))
}

fn key(diagnostic: &Diagnostic) -> impl Ord + '_ {
    let Span { file, range } = diagnostic.span;
    (file, range.start, range.end, &*diagnostic.rule, diagnostic.message.as_str())
}

/// `None` where the settings switch the rule off in the file.
fn word(repo: &Repo<'_>, rule: &Rule, case: &Case, finding: Finding) -> Option<Diagnostic> {
    let source = &repo.sources[finding.span.file.index()];
    let severity = rule.severity_in(&source.path, case)?;
    let block = block_at(repo, source, finding.span.range);
    let called = block.is_none_or(|block| repo.module(block.module).called);
    Some(Diagnostic {
        rule: Arc::clone(&rule.id),
        // A case for a situation is one of its outcome.
        outcome: finding.outcome.split('/').next().unwrap_or_default().into(),
        convention: rule.convention.clone(),
        // What nobody calls runs nowhere: it can wait.
        severity: if called { severity } else { Severity::Info },
        message: case.message.render(&finding.args),
        help: case.help.as_ref().map(|help| in_syntax_of(source, help.render(&finding.args))),
        span: finding.span,
        related: finding.related,
        stack: stack_of(repo, &source.path),
        address: finding.address.or_else(|| block.map(|block| block.address())),
        fix: finding
            .fix
            .filter(|fix| fits(repo.sources, fix))
            .map(|fix| in_line_ends_of(repo, fix))
            .map(|fix| lasting(repo, fix)),
    })
}

/// `help`, with how a comment that it asks for is written in `source`.
fn in_syntax_of(source: &SourceFile, mut help: String) -> String {
    if source.format.is_hcl_in_json() && help.contains("`# ") {
        help.push_str("; in JSON, as the text of a `\"//\"` in its block");
    }
    help
}

/// `fix`, with the line ends of the files that it changes.
fn in_line_ends_of(repo: &Repo<'_>, mut fix: Fix) -> Fix {
    for Edit { span, text } in fix.edits.iter_mut().filter(|edit| edit.text.contains('\n')) {
        *text = with_line_ends(text, line_end(&repo.sources[span.file.index()].text));
    }
    fix
}

/// `fix`, only to be shown where it changes a file that is written anew before each run: it would be gone by then.
fn lasting(repo: &Repo<'_>, mut fix: Fix) -> Fix {
    if fix.edits.iter().any(|edit| repo.sources[edit.span.file.index()].is_generated()) {
        fix.applicability = Applicability::DisplayOnly;
    }
    fix
}

/// The name of the stack that the file at `path` belongs to.
pub(super) fn stack_of(repo: &Repo<'_>, path: &str) -> Option<Arc<str>> {
    repo.stack_of(path).map(|stack| Arc::clone(&repo.stack(stack).name))
}

/// The top-level block of Terraform's around `range`.
fn block_at<'s>(repo: &Repo<'s>, source: &'s SourceFile, range: TextRange) -> Option<BlockRef<'s>> {
    repo.block_around(source, range)
}

/// Leaves out what a rule reports on bytes that overlap those of a rule it yields to.
fn without_yielded(rules: &[&Rule], diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    let winners: HashMap<&str, &[Arc<str>]> = rules
        .iter()
        .filter(|rule| !rule.yields_to.is_empty())
        .map(|rule| (&*rule.id, rule.yields_to.as_slice()))
        .collect();
    if winners.is_empty() {
        return diagnostics;
    }
    let mut places: HashMap<(&str, FileId), Vec<TextRange>> = HashMap::new();
    for diagnostic in &diagnostics {
        let Span { file, range } = diagnostic.span;
        places.entry((&*diagnostic.rule, file)).or_default().push(range);
    }
    let yields = |diagnostic: &Diagnostic| {
        let Span { file, range } = diagnostic.span;
        winners.get(&*diagnostic.rule).is_some_and(|winners| {
            let places = winners.iter().filter_map(|winner| places.get(&(&**winner, file)));
            places.flatten().any(|&place| place == range || place.overlaps(range))
        })
    };
    let yielded: Vec<bool> = diagnostics.iter().map(yields).collect();
    let kept = diagnostics.into_iter().zip(yielded).filter(|(_, yielded)| !yielded);
    kept.map(|(diagnostic, _)| diagnostic).collect()
}
