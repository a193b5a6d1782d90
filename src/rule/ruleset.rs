//! Every pack and rule of a run.

use std::sync::Arc;

use super::audience::Audiences;
use super::check::Facts;
use super::evidence::evidence;
use super::language::Gather;
use super::mutators::{Manager, Mutator};
use super::pack::{Pack, Rule};
use crate::config::{ConfigError, Settings, Switch};
use crate::diagnostic::PackRun;

/// The packs and rules that were loaded.
#[derive(Debug, Default)]
pub struct RuleSet {
    /// The packs, sorted by name.
    pub packs: Vec<Pack>,
    /// The rules of all packs, sorted by id.
    pub rules: Vec<Rule>,
    /// The gathers of all packs; checks name them by number.
    pub gathers: Vec<Gather>,
    /// Who changes which field, in the order of their files.
    pub mutators: Vec<Mutator>,
    /// Who writes under which name, in the order of their files.
    pub managers: Vec<Manager>,
    /// What the rules that were run last look at.
    pub audiences: Audiences,
}

impl RuleSet {
    /// The rule `id`.
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        let at = self.rules.binary_search_by(|rule| (*rule.id).cmp(id)).ok()?;
        Some(&self.rules[at])
    }

    /// The pack `name`.
    pub fn pack(&self, name: &str) -> Option<&Pack> {
        let at = self.packs.binary_search_by(|pack| (*pack.name).cmp(name)).ok()?;
        Some(&self.packs[at])
    }

    /// The packs for which evidence decides whether they are on, and matters where only the facts of a stack are loaded.
    pub fn undecided<'a>(
        &'a self,
        settings: &Settings,
    ) -> impl Iterator<Item = &'a Pack> + use<'a> {
        let decided = settings.packs.is_some();
        let has_rule = |pack: &Pack| {
            self.rules.iter().any(|rule| rule.pack == pack.name && rule.facts == Facts::Stack)
        };
        self.packs.iter().filter(move |pack| !decided && !pack.locked && has_rule(pack))
    }

    /// Which packs are on, and why, sorted by name: the locked ones; those that `settings` set true; without a `packs`
    /// block those that `files` (path, text) give evidence for. Evidence that vanished for a pack set true is an error.
    pub fn packs_on(
        &self,
        settings: &Settings,
        files: &[(&str, &str)],
    ) -> (Vec<PackRun>, Vec<ConfigError>) {
        let mut on = Vec::new();
        let mut errors = Vec::new();
        for pack in &self.packs {
            match reason(pack, settings, files) {
                Ok(Some(evidence)) => {
                    on.push(PackRun { name: Arc::clone(&pack.name), evidence });
                }
                Ok(None) => {}
                Err(error) => errors.push(error),
            }
        }
        (on, errors)
    }

    /// The packs that the repo brings along and that are not among those `on`, though the settings do not switch them off;
    /// each with the reason, in words.
    pub fn idle(&self, settings: &Settings, on: &[PackRun]) -> Vec<PackRun> {
        let is_idle = |pack: &&Pack| {
            pack.is_own
                && settings.pack(&pack.name).is_none()
                && !on.iter().any(|run| run.name == pack.name)
        };
        let reason = |pack: &Pack| match (&settings.packs, pack.evidence.as_slice()) {
            (Some(_), _) => format!("write `{} = true` into `packs` in tautline.hcl", pack.name),
            (None, []) => "nothing is evidence of it, so `packs` has to name it".to_owned(),
            (None, _) => format!("it looks for {}, which is not there", pack.looks_for()),
        };
        let run = |pack: &Pack| PackRun { name: Arc::clone(&pack.name), evidence: reason(pack) };
        self.packs.iter().filter(is_idle).map(run).collect()
    }
}

/// Why `pack` is on, if it is.
fn reason(
    pack: &Pack,
    settings: &Settings,
    files: &[(&str, &str)],
) -> Result<Option<String>, ConfigError> {
    if pack.locked {
        return Ok(Some("always on".to_owned()));
    }
    let Some(setting) = settings.pack(&pack.name) else {
        if pack.is_given {
            return Ok(Some("named by `--packs`".to_owned()));
        }
        return Ok(if settings.packs.is_some() { None } else { evidence(pack, files) });
    };
    let place = settings.place(setting.range);
    match setting.switch {
        Switch::Off => return Ok(None),
        Switch::Always => return Ok(Some(place)),
        Switch::Guarded if pack.evidence.is_empty() => return Ok(Some(place)),
        Switch::Guarded => {}
    }
    match (evidence(pack, files), &settings.source) {
        (Some(found), _) => Ok(Some(format!("{place}, and {found}"))),
        (None, None) => Ok(None),
        // Whoever says what the pack is about here has replaced what its evidence looks for.
        (None, Some(_)) if settings.params.iter().any(|set| *set.pack.value == *pack.name) => {
            Ok(Some(place))
        }
        (None, Some(source)) => {
            let name = &pack.name;
            let message = format!("pack `{name}` is on, but what it looks for is not there");
            let help = format!(
                "it looks for {}; `{name} = \"always\"` has it on without that, and `false` off",
                pack.looks_for()
            );
            Err(source.error(setting.range, message).help(help))
        }
    }
}
