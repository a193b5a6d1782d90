//! `tautline explain RULE`: the rule's page, as it stands in its pack.

use super::trouble::Trouble;
use crate::config::nearest;
use crate::rule::{builtin_files, page};

/// The page of the rule `id`.
pub(super) fn run(id: &str) -> Result<String, Trouble> {
    page(id).map(str::to_owned).ok_or_else(|| unknown_rule(id))
}

fn unknown_rule(id: &str) -> Trouble {
    let known = || builtin_files().iter().filter_map(|(path, _)| path.strip_suffix(".md"));
    // Somebody may remember a rule without its pack.
    let by_name = known().find(|known| known.rsplit_once('/').is_some_and(|(_, name)| name == id));
    let help = match by_name.or_else(|| nearest(id, known())) {
        Some(rule) => format!("did you mean `tautline explain {rule}`?"),
        None => "`tautline rules list` shows every rule".to_owned(),
    };
    Trouble::new(format!("there is no rule `{id}`")).help(help)
}
