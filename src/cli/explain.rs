//! `tautline explain RULE`: the rule's page, as it stands in its pack.

use std::path::{Path, PathBuf};

use super::ground;
use super::trouble::Trouble;
use crate::config::nearest;
use crate::rule::{RuleSet, find_page, page};

/// The page of the rule `id`, of the repo around or in the directories `others`.
pub(super) fn run(id: &str, others: &[PathBuf]) -> Result<String, Trouble> {
    // No repo can replace a built-in page, and whatever is broken in one, this can be read.
    if let (true, Some(page)) = (others.is_empty(), page(id)) {
        return Ok(page.to_owned());
    }
    let packs = ground::packs_around(Path::new("."), others)?;
    if let Some(page) = find_page(&packs.files, id) {
        return Ok(page.text.clone().into_owned());
    }
    let known: Vec<&str> = packs.files.iter().filter_map(|file| file.rule()).collect();
    Err(unknown("explain", id, &known))
}

/// There is no rule or pack `id` in `rules`: what was meant by `tautline COMMAND ID`?
pub(super) fn unknown_rule(command: &str, id: &str, rules: &RuleSet) -> Trouble {
    let known = rules.rules.iter().map(|rule| &*rule.id);
    unknown(command, id, &known.collect::<Vec<_>>())
}

fn unknown(command: &str, id: &str, known: &[&str]) -> Trouble {
    // Somebody may remember a rule without its pack.
    let is_name = |known: &&&str| known.rsplit_once('/').is_some_and(|(_, name)| name == id);
    let by_name = known.iter().find(is_name).copied();
    let help = match by_name.or_else(|| nearest(id, known.iter().copied())) {
        Some(rule) => format!("did you mean `tautline {command} {rule}`?"),
        None => "`tautline rules list` shows every rule".to_owned(),
    };
    Trouble::new(format!("there is no rule `{id}`")).help(help)
}
