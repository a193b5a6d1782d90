//! What keeps rules quiet, for those who want to know whether a rule would notice if it were gone.

use rayon::prelude::*;

use super::run::{Alone, Plan};
use super::{Verdicts, guarded};
use crate::model::Repo;
use crate::rule::{Gather, Rule, Subject};
use crate::text::Span;

/// For each of `rules`, the places without which it may report what it does not report now, each with the block around it;
/// sorted.
pub fn upheld(repo: &Repo<'_>, rules: &[&Rule], gathers: &[Gather]) -> Vec<Vec<(Span, Span)>> {
    let mut verdicts = Verdicts::of(rules);
    let alone = Alone::default();
    let given = alone.given(repo);
    let Plan { tasks, gathered } = Plan::new(given, rules, gathers, None, &mut verdicts);
    let context = given.context(&gathered, &|_| true, &|_| true);
    let found: Vec<(usize, Span, Span)> = tasks
        .par_iter()
        .flat_map_iter(|task| task.viewers.iter().map(|&rule| (task.subject, rule)))
        .flat_map_iter(|(subject, rule)| {
            let check = rules[rule].check.as_deref();
            let block = block_of(subject);
            let spans = check.zip(block).and_then(|(check, block)| {
                let spans = guarded(|| check.upheld(&context, subject)).ok()?;
                Some(spans.into_iter().map(move |span| (rule, span, block)).collect::<Vec<_>>())
            });
            spans.unwrap_or_default()
        })
        .collect();
    let mut upheld: Vec<Vec<(Span, Span)>> = rules.iter().map(|_| Vec::new()).collect();
    for (rule, span, block) in found {
        if block.contains(span) {
            upheld[rule].push((span, block));
        }
    }
    for spans in &mut upheld {
        spans.sort_unstable();
        spans.dedup();
    }
    upheld
}

/// The block that the subject is, or stands in.
fn block_of(subject: Subject<'_>) -> Option<Span> {
    let block = match subject {
        Subject::Block(block) => block,
        Subject::Image(image) => image.block,
        Subject::Object(object) => object.block,
        Subject::File(_) | Subject::Change(_) | Subject::Repo => return None,
    };
    Some(block.file.span(block.block.range))
}
