//! `tautline explain RULE`: the rule's page, as it stands in its pack; of a pack or a convention, the rules that it has.

use std::path::{Path, PathBuf};

use super::args::GroundArgs;
use super::ground::{Ground, Unloaded};
use super::trouble::Trouble;
use super::{rules, unlisted};
use crate::config::meant;
use crate::rule::{PackFile, Rule, RuleSet, explanation, find_page, page};
use crate::text::typed;

/// The command that takes packs too.
const EXPLAIN: &str = "explain";

/// Takes packs too.
pub(super) const RULES_TEST: &str = "rules test";

/// The page of the rule `id`, of the repo around `here` or of what `args` name, with its cases if they are wanted; or the
/// rules of the pack or convention that is called so.
pub(super) fn run(
    id: &str,
    here: impl FnOnce() -> Result<PathBuf, Trouble>,
    args: &GroundArgs,
    cases: bool,
) -> Result<String, Trouble> {
    // No repo can replace a built-in page, and whatever is broken in one, this can be read.
    if let (true, Some(page)) = (args.packs.is_empty(), page(id)) {
        return Ok(shown(page, id, cases));
    }
    let around = Unloaded::of(&here()?, args)?;
    if let Some(page) = find_page(&around.packs.files, id) {
        return Ok(shown(&page.text, id, cases));
    }
    let ground = around.load()?;
    if let Some(rule) = ground.rules.rule(id) {
        let entry = ground.packs.files.iter().find(|file| file.rule() == Some(&*rule.id));
        let page = entry.map_or_else(String::new, PackFile::path).replace(".hcl", ".md");
        return Err(Trouble::new(format!("the rule `{id}` has no page"))
            .help(format!("write `{page}`; `tautline rules show {id}` tells what it judges")));
    }
    rules::of(&ground, id).ok_or_else(|| match id.rsplit_once(':') {
        Some((path, line)) if !path.is_empty() && line.parse::<u32>().is_ok() => Trouble::new(
            format!("there is no rule `{id}`"),
        )
        .help(format!("`tautline explain --at {}` says what rules make of a line", typed(id))),
        _ => unknown_rule(EXPLAIN, id, &ground),
    })
}

/// `page`, with or without its cases.
fn shown(page: &str, id: &str, cases: bool) -> String {
    let told = explanation(page);
    if cases || told == page.trim_end() {
        return page.to_owned();
    }
    format!("{told}\n\n`tautline explain --cases {id}` shows its examples\n")
}

/// There is no rule `id` in `ground`, nor anything else of that name: what was meant by `tautline COMMAND ID`?
pub(super) fn unknown_rule(command: &str, id: &str, ground: &Ground) -> Trouble {
    unknown_at(command, id, &ground.rules, ground.workspace.root())
}

/// The same of the repo at `root`.
pub(super) fn unknown_at(command: &str, id: &str, rules: &RuleSet, root: &Path) -> Trouble {
    if let Err(trouble) = unlisted::check(&[id.to_owned()], root, rules) {
        return trouble;
    }
    let is_group = |rule: &Rule| *rule.pack == *id || rule.is_of_convention(id);
    if command != EXPLAIN && rules.rules.iter().any(is_group) {
        return Trouble::new(format!("there is no rule `{id}`"))
            .help(format!("`tautline rules list {id}` shows the rules that are called so"));
    }
    let takes_packs = [EXPLAIN, RULES_TEST].contains(&command);
    let packs = rules.packs.iter().map(|pack| &*pack.name).filter(|_| takes_packs);
    let help = match meant(id, packs.chain(rules.rules.iter().map(|rule| &*rule.id))) {
        Some(rule) => format!("did you mean `tautline {command} {rule}`?"),
        None => "`tautline rules list` shows every rule".to_owned(),
    };
    Trouble::new(format!("there is no rule `{id}`")).help(help)
}
