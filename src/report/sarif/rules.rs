//! The rules that a log speaks of, described as their packs and pages do.
//!
//! Invariant: only the pages of those rules are looked at.

use super::wire::{Configuration, Help, Rule, RuleProperties, Text};
use super::{level, problem_severity};
use crate::diagnostic::RuleRun;
use crate::report::View;
use crate::rule::{explanation, find_page};

/// What a page opens with, after its title.
const WHAT: &str = "## What it does";

/// Describes the rule of `run`.
pub(super) fn rule<'a>(view: &View<'a>, run: &'a RuleRun) -> Rule<'a> {
    let page = find_page(view.packs, &run.rule).map(|page| explanation(&page.text));
    let full = page.and_then(what).unwrap_or_else(|| run.summary.to_string());
    let mut tags = Vec::new();
    tags.extend(run.rule.split_once('/').map(|(pack, _)| pack));
    tags.extend(run.convention.as_deref());
    Rule {
        id: &run.rule,
        short_description: (&*run.summary).into(),
        full_description: Text::from(full),
        default_configuration: Configuration { level: level(run.severity) },
        help: Help {
            text: format!("{}: `tautline explain {}`", run.summary, run.rule),
            markdown: page.map(str::to_owned),
        },
        properties: RuleProperties { tags, problem_severity: problem_severity(run.severity) },
    }
}

/// What the rule does, in one paragraph.
fn what(page: &str) -> Option<String> {
    let (_, after) = page.split_once(WHAT)?;
    let paragraph = after.trim_start().split("\n\n").next()?;
    let words: Vec<&str> = paragraph.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_its_explanation_and_not_its_cases() {
        let page = "# a/b\n\n## What it does\n\nLooks at\nthings.\n\nMore.\n\n## Cases\n\n```hcl\n";
        assert_eq!(explanation(page), "# a/b\n\n## What it does\n\nLooks at\nthings.\n\nMore.");
        assert_eq!(what(page).as_deref(), Some("Looks at things."));
        assert_eq!(what("# a/b\n"), None);
    }
}
