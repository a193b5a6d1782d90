//! Findings with one cause, over all stacks: what one night's report is about.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::UNTOUCHED;
use crate::diagnostic::Label;
use crate::drift::change::{Action, Class, Risk, is_request};
use crate::drift::report::{Cause, Confidence, Finding, Group};
use crate::model::Repo;
use crate::text::{Span, dir_of, plural};

/// The name of the cause of changes in a module that have not reached those who call it.
const SHARED_MODULE: &str = "shared-module";

/// What findings have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Common {
    /// Who did it.
    Actor(Arc<str>),
    /// The module that the code stands in, which several stacks call.
    Module(String),
    /// The place in such a module, and what happens there.
    Place(Span, What),
    /// The address without keys, and what happens there.
    Alike(String, What),
}

/// What differs. Names like `app` and `this` are everywhere: what happens to instances as a whole is one thing only where it
/// is the same, for the same reason.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum What {
    /// The value at a path; at none where the two sides of a swap are one story.
    Value(String),
    /// The instance.
    Whole(Action, Option<Arc<str>>),
}

/// `findings` by cause, gravest first; each is in exactly one group. With `repo`, modules are named by their directory.
pub(in crate::drift) fn group(findings: &[Finding], repo: Option<&Repo<'_>>) -> Vec<Group> {
    let mut by_common: BTreeMap<(Class, Common), Vec<usize>> = BTreeMap::new();
    for (at, finding) in findings.iter().enumerate() {
        by_common.entry((finding.class, common(finding, repo))).or_default().push(at);
    }
    let groups = by_common.into_iter().map(|((class, common), indices)| {
        let mut stacks: Vec<usize> = indices.iter().map(|at| findings[*at].stack).collect();
        stacks.sort_unstable();
        stacks.dedup();
        let cause = match &common {
            Common::Module(module) if stacks.len() > 1 => {
                shared(module, stacks.len(), &findings[indices[0]])
            }
            _ => surest(findings, &indices),
        };
        let title = title(&cause, &common, indices.len(), stacks.len());
        Group { title, cause, class, findings: indices, stacks }
    });
    let mut groups: Vec<Group> = groups.collect();
    let is_dangerous =
        |group: &Group| group.findings.iter().any(|at| !findings[*at].dangers.is_empty());
    groups.sort_by_cached_key(|group| {
        let gravity = (is_dangerous(group), group.class, group.stacks.len(), group.findings.len());
        (std::cmp::Reverse(gravity), group.title.clone())
    });
    groups
}

fn common(finding: &Finding, repo: Option<&Repo<'_>>) -> Common {
    if let Some(actor) = &finding.cause.actor {
        return Common::Actor(actor.clone());
    }
    // The two sides of a swap are one story.
    let is_swap = finding.dangers.iter().any(|it| it.risk == Risk::ImageSwap);
    let what = match &finding.path {
        _ if is_swap => What::Value(String::new()),
        Some(path) => What::Value(path.to_string()),
        None => What::Whole(finding.action, finding.reason.clone()),
    };
    let address = finding.address.of_block().to_string();
    let is_asked = finding.path.is_none() && is_request(finding.reason.as_deref());
    match finding.place.as_ref().filter(|place| place.is_shared) {
        Some(place) if finding.class == Class::Unapplied && !is_asked => {
            let file = repo.and_then(|repo| repo.sources.get(place.block.file.0 as usize));
            let module = file.map(|file| dir_of(&file.path).to_owned());
            let called = || {
                let names = finding.address.modules.iter().map(|it| format!("module.{}", it.name));
                names.collect::<Vec<_>>().join(".")
            };
            Common::Module(module.unwrap_or_else(called))
        }
        Some(place) => Common::Place(place.block, what),
        None => Common::Alike(address, what),
    }
}

/// The cause of several, as the surest of them has it.
fn surest(findings: &[Finding], indices: &[usize]) -> Cause {
    let causes = indices.iter().map(|at| &findings[*at].cause);
    // The first of those that are as sure.
    let best = causes.reduce(|best, it| if it.confidence > best.confidence { it } else { best });
    let mut cause = best.cloned().unwrap_or_else(Cause::unknown);
    let least = indices.iter().map(|at| findings[*at].cause.confidence).min();
    if let Some(least) = least.filter(|least| *least < cause.confidence) {
        let count = indices.iter().filter(|at| findings[**at].cause.confidence == least).count();
        cause.evidence.push(format!("of {count} of them it is less sure"));
    }
    cause
}

fn shared(module: &str, stacks: usize, first: &Finding) -> Cause {
    let of_all = first.place.as_ref().map(|it| format!(" of {}", it.stacks)).unwrap_or_default();
    let related = first.place.iter().map(|place| Label {
        span: place.block,
        message: "changed here, for all who call the module".to_owned(),
    });
    Cause {
        actor: Some(SHARED_MODULE.into()),
        summary: format!(
            "unapplied change in module `{module}`: {stacks}{of_all} consumers differ"
        ),
        confidence: Confidence::Likely,
        evidence: vec![
            UNTOUCHED.to_owned(),
            format!("the code stands in a module that {stacks} of these stacks call"),
        ],
        related: related.collect(),
        advice: Some(format!(
            "plan again on the current revision, and apply the stacks that call `{module}`"
        )),
    }
}

fn title(cause: &Cause, common: &Common, findings: usize, stacks: usize) -> String {
    let about = match common {
        Common::Alike(address, What::Value(path)) if !path.is_empty() => {
            format!("`{path}` of `{address}`: ")
        }
        Common::Alike(address, _) => format!("`{address}`: "),
        Common::Place(_, What::Value(path)) if !path.is_empty() => format!("`{path}`: "),
        Common::Place(..) | Common::Actor(_) | Common::Module(_) => String::new(),
    };
    let (findings, stacks) = (plural(findings, "difference"), plural(stacks, "stack"));
    let perhaps = match (&cause.actor, cause.confidence) {
        (Some(_), Confidence::Possible) => "perhaps: ",
        _ => "",
    };
    format!("{about}{perhaps}{} ({findings} in {stacks})", cause.summary)
}
