//! Packs that lie where a repo usually keeps its own, and that its settings do not name.
//!
//! Invariant: nothing is read from such a pack; that it is there is all that is told.

use std::path::Path;

use super::trouble::Trouble;
use crate::rule::{RuleSet, is_name};

/// Where a repo keeps its packs if it does not say.
pub(super) const USUAL_DIR: &str = "tautline/rules";

/// Says what to do where a rule or pack in `names` is none of `rules`, and the repo at `root` has a pack of that name which
/// nothing names: so it is after `rules new`.
pub(super) fn check(names: &[String], root: &Path, rules: &RuleSet) -> Result<(), Trouble> {
    let help = names.iter().find_map(|name| Some((name, help(name, root, rules)?)));
    help.map_or(Ok(()), |(name, help)| {
        Err(Trouble::new(format!("there is no rule `{name}`")).help(help))
    })
}

/// What to do about the rule or pack `id`, if the repo at `root` has such a pack and `rules` has not.
pub(super) fn help(id: &str, root: &Path, rules: &RuleSet) -> Option<String> {
    let pack = id.split('/').next().filter(|pack| is_name(pack))?;
    let lies_there = root.join(USUAL_DIR).join(pack).join("pack.hcl").is_file();
    (lies_there && rules.pack(pack).is_none()).then(|| {
        format!("nothing names the directory of `{USUAL_DIR}/{pack}`: write `pack_dirs = [\"{USUAL_DIR}\"]` into tautline.hcl")
    })
}
