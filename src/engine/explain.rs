//! Why a rule said something about a line, or nothing.

use super::run::{Alone, Plan};
use super::{Verdicts, guarded};
use crate::model::{BlockRef, Repo};
use crate::rule::{Explanation, Findings, Gather, Rule, Shown, Subject};
use crate::text::Span;

/// What one rule made of the things around a place.
#[derive(Debug)]
pub struct Explained<'r> {
    /// The rule.
    pub rule: &'r Rule,
    /// The ways it took; none for a native check, which tells only its result.
    pub ways: Vec<Explanation>,
    /// What it found around the place.
    pub findings: Findings,
}

/// What `rules` make of the subjects around `place`; those that look at none of them are left out.
pub fn explain<'r>(
    repo: &Repo<'_>,
    rules: &[&'r Rule],
    gathers: &[Gather],
    place: Span,
) -> Vec<Explained<'r>> {
    let mut verdicts = Verdicts::of(rules);
    // What an override file says was merged into a block of another file.
    let source = repo.sources.get(place.file.index());
    let merged = source.and_then(|source| repo.block_around(source, place.range));
    let is_merged = |block: BlockRef<'_>| {
        let start = |it: BlockRef<'_>| (it.file.id, it.block.range.start);
        merged.is_some_and(|merged| start(merged) == start(block))
    };
    let included = |subject: Subject<'_>| {
        is_around(subject, place)
            || match subject {
                Subject::Block(block) => is_merged(block),
                Subject::Object(object) => is_merged(object.block),
                Subject::Image(_) | Subject::File(_) | Subject::Change(_) | Subject::Repo => false,
            }
    };
    let alone = Alone::default();
    let given = alone.given(repo);
    let Plan { tasks, gathered } = Plan::new(given, rules, gathers, Some(&included), &mut verdicts);
    let context = given.context(&gathered, &|_| true, &|_| true);
    let mut explained: Vec<Explained<'r>> = Vec::new();
    let calls = tasks.iter().flat_map(|task| task.viewers.iter().map(|&rule| (task.subject, rule)));
    for (subject, rule) in calls {
        let Some(check) = rules[rule].check.as_deref() else { continue };
        let judged = guarded(|| {
            let mut findings = Findings::default();
            check.judge_shown(&context, &Shown::new(subject), &mut findings);
            (check.explain(&context, subject), findings)
        });
        let Ok((mut ways, mut findings)) = judged else { continue };
        let near = |span: Span| span.file == place.file && touches(span, place);
        // A check that finds things elsewhere is shown what lies elsewhere too.
        if matches!(subject, Subject::File(_) | Subject::Repo) || !included(subject) {
            ways.retain(|way| near(way.subject));
            findings.found.retain(|finding| near(finding.span));
            findings.unknown.retain(|it| near(it.site) || near(it.place));
            if ways.is_empty() && findings.found.is_empty() && findings.unknown.is_empty() {
                continue;
            }
        } else if ways.iter().any(|way| near(way.subject)) {
            ways.retain(|way| near(way.subject));
        }
        let is_silent = findings.sites == 0 && findings.found.is_empty() && ways.is_empty();
        if is_silent {
            continue;
        }
        explained.push(Explained { rule: rules[rule], ways, findings });
    }
    explained
}

fn touches(span: Span, place: Span) -> bool {
    span.range.overlaps(place.range) || place.contains(span)
}

fn is_around(subject: Subject<'_>, place: Span) -> bool {
    match subject {
        Subject::Block(block) => {
            block.file.id == place.file && block.block.range.overlaps(place.range)
        }
        Subject::Image(image) => image.site.file == place.file && touches(image.site, place),
        Subject::Object(object) => {
            object.block.file.id == place.file && object.block.block.range.overlaps(place.range)
        }
        Subject::File(file) => file.id == place.file,
        Subject::Change(change) => change.site.file == place.file && touches(change.site, place),
        Subject::Repo => true,
    }
}
