//! Packs that stay on while files are fixed.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::load::Loaded;
use super::{Request, RequestError};
use crate::config::{PackSetting, Settings, Switch};
use crate::diagnostic::PackRun;
use crate::rule::{Evidence, RuleSet};
use crate::text::TextRange;
use crate::workspace::FileSet;

/// What switches packs on where the settings do not say it: a fix may take the last evidence of one away, and what else the
/// pack has to say would go unsaid; so a pack that was on stays on.
pub(super) struct Pins {
    /// That of each pack, in their order.
    of: Vec<Vec<Evidence>>,
    /// The packs that were on, by name.
    on: BTreeSet<Arc<str>>,
}

impl Pins {
    /// That of `rules`; none where the settings say which packs are on.
    pub(super) fn take(settings: &Settings, rules: &mut RuleSet) -> Option<Pins> {
        if settings.packs.is_some() {
            return None;
        }
        let of = rules.packs.iter_mut().map(|pack| std::mem::take(&mut pack.evidence));
        Some(Pins { of: of.collect(), on: BTreeSet::new() })
    }

    /// The packs for which there is evidence in the files as they are.
    fn found(
        &self,
        settings: &mut Settings,
        rules: &mut RuleSet,
        files: &FileSet,
        request: &Request,
    ) -> Result<Vec<PackRun>, RequestError> {
        for (pack, evidence) in rules.packs.iter_mut().zip(&self.of) {
            pack.evidence.clone_from(evidence);
        }
        let pinned = settings.packs.take();
        let packs = request.packs_on(rules, settings, &Loaded::read(files.clone()), None);
        settings.packs = pinned;
        for pack in &mut rules.packs {
            pack.evidence.clear();
        }
        packs
    }

    /// Switches those on for which there is evidence, and those that were on; and gives the former.
    pub(super) fn pin(
        &mut self,
        settings: &mut Settings,
        rules: &mut RuleSet,
        files: &FileSet,
        request: &Request,
    ) -> Result<Vec<PackRun>, RequestError> {
        let packs = self.found(settings, rules, files, request)?;
        self.on.extend(packs.iter().map(|pack| Arc::clone(&pack.name)));
        let on = |name: &Arc<str>| PackSetting {
            name: name.clone(),
            switch: Switch::Guarded,
            range: TextRange::default(),
        };
        settings.packs = Some(self.on.iter().map(on).collect());
        Ok(packs)
    }

    /// Whether there is evidence for packs now that are not on.
    pub(super) fn has_more(
        &self,
        settings: &mut Settings,
        rules: &mut RuleSet,
        files: &FileSet,
        request: &Request,
    ) -> Result<bool, RequestError> {
        let packs = self.found(settings, rules, files, request)?;
        Ok(packs.iter().any(|pack| !self.on.contains(&*pack.name)))
    }
}
