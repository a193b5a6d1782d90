//! What a repo is held against: its settings, packs and baseline, read once and kept until one of them says something else.
//!
//! Invariant: everything wrong in these files is found at once, each with its place; then there is no setup.

use std::sync::Arc;

use crate::analysis::own_packs;
use crate::checks;
use crate::config::{ConfigError, ConfigSource, Settings};
use crate::engine::Baseline;
use crate::model::KeptTexts;
use crate::rule::{self, PackFile, RuleSet};
use crate::text::TextRange;
use crate::workspace::{Content, Workspace};

/// Settings, packs and baseline.
#[derive(Debug)]
pub struct Setup {
    /// What the settings say.
    pub settings: Settings,
    /// The files of the packs.
    pub packs: Vec<PackFile>,
    /// The rules.
    pub rules: RuleSet,
    /// What is known to be wrong.
    pub baseline: Option<Arc<Baseline>>,
    /// What looks at single files have read in texts.
    pub(super) kept: Arc<KeptTexts>,
}

impl Setup {
    /// Reads that of `workspace`, from which nothing is excluded yet; the one that is `known` where it still holds.
    pub(super) fn read(
        workspace: &Workspace,
        known: Option<&Arc<Setup>>,
    ) -> Result<Arc<Setup>, Vec<ConfigError>> {
        let settings = match workspace.read(Settings::FILE) {
            None => Settings::default(),
            Some(Content::Text(text)) => Settings::parse(Settings::FILE, &text)?,
            Some(Content::Skipped(why)) => {
                let message = format!("the settings cannot be used: they are {why}");
                return Err(vec![whole_file(Settings::FILE, message)]);
            }
        };
        let own = own_packs(workspace, &settings)?;
        let own: Vec<PackFile> = own.into_iter().flat_map(|(_, files)| files).collect();
        let baseline = baseline(workspace, &settings).map_err(|error| vec![error])?;
        if let Some(known) = known.filter(|known| known.says(&settings, &own, baseline.as_ref())) {
            return Ok(Arc::clone(known));
        }
        let mut packs = PackFile::builtin();
        packs.extend(own);
        let rules = rule::load_files(&packs, checks::ALL, &settings)?;
        let baseline = baseline.map(Arc::new);
        Ok(Arc::new(Setup { settings, packs, rules, baseline, kept: Arc::default() }))
    }

    /// Whether it is what is made of these.
    fn says(&self, settings: &Settings, own: &[PackFile], baseline: Option<&Baseline>) -> bool {
        let builtin = self.packs.len().checked_sub(own.len());
        let same = |(a, b): (&PackFile, &PackFile)| {
            a.home == b.home && a.name == b.name && a.text == b.text
        };
        self.settings.source == settings.source
            && self.baseline.as_deref().map(|it| &it.source) == baseline.map(|it| &it.source)
            && builtin.is_some_and(|from| self.packs[from..].iter().zip(own).all(same))
            && builtin == Some(rule::builtin_files().len())
    }
}

fn baseline(workspace: &Workspace, settings: &Settings) -> Result<Option<Baseline>, ConfigError> {
    let path = settings.baseline_path();
    match (workspace.read(path), &settings.baseline, &settings.source) {
        (Some(Content::Text(text)), ..) => {
            Baseline::parse(ConfigSource::new(path, &*text)).map(Some)
        }
        (Some(Content::Skipped(why)), ..) => {
            let why = why.clause();
            Err(whole_file(path, format!("this cannot be used as a baseline: it {why}")))
        }
        (None, Some(set), Some(source)) => {
            let error = source.error(set.range, format!("the baseline `{path}` does not exist"));
            Err(error.help("`tautline baseline create` makes it"))
        }
        (None, ..) => Ok(None),
    }
}

/// Something wrong with the file at `path` whatever it says.
fn whole_file(path: &str, message: String) -> ConfigError {
    ConfigSource::new(path, "").error(TextRange::empty(0), message)
}
