//! The checked settings of a repo.
//!
//! Invariant: every setting keeps its range, so that a message can say which line decided. What only the packs can
//! tell (whether a pack, rule or param exists) is checked where they are loaded.

use std::sync::Arc;

use globset::{GlobSet, GlobSetBuilder};
use smol_str::SmolStr;

use super::drift::DriftSettings;
use super::error::{ConfigError, ConfigSource};
use super::exceptions::{Override, Waiver};
use super::literal::Literal;
use super::pack_dirs;
use super::paths;
use super::raw::{self, RawRule, RawSettings};
use super::reader::Spanned;
use crate::diagnostic::Severity;
use crate::text::TextRange;

/// Where the baseline is if the settings do not say: beside them.
const USUAL_BASELINE: &str = "tautline.baseline.jsonl";

/// What `tautline.hcl` says; the default is what holds without one.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// The file, where there is one.
    pub source: Option<Arc<ConfigSource>>,
    /// The packs named in the `packs` block; none where there is no such block and evidence decides.
    pub packs: Option<Vec<PackSetting>>,
    /// Params that replace those of packs.
    pub params: Vec<ParamSetting>,
    /// What is set for single rules.
    pub rules: Vec<RuleSetting>,
    /// Directories with packs of the repo's own, relative to the root, with `/`.
    pub pack_dirs: Vec<Spanned<SmolStr>>,
    /// Documents with packs of the repo's own in them, relative to the root, with `/`.
    pub pack_documents: Vec<Spanned<SmolStr>>,
    /// What is set for parts of the repo; where several hold, the last one does.
    pub overrides: Vec<Override>,
    /// What is excused.
    pub waivers: Vec<Waiver>,
    /// The file of the baseline, relative to the root, with `/`, where one is named.
    pub baseline: Option<Spanned<SmolStr>>,
    /// The globs of `exclude`, as they are written.
    pub excluded: Vec<Spanned<SmolStr>>,
    /// Paths (relative to the root, with `/`) that are not looked at: those that are written, and the directories of
    /// packs with their fixtures.
    pub exclude: GlobSet,
    /// How stacks are planned, and which are left out.
    pub drift: DriftSettings,
}

/// What a pack is set to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Switch {
    /// `false`
    Off,
    /// `true`: on, and an error where the repo shows no evidence of it any more.
    Guarded,
    /// `"always"`: on whatever the repo shows.
    Always,
}

/// `image = true`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PackSetting {
    /// The pack.
    pub name: Arc<str>,
    /// Whether it is on.
    pub switch: Switch,
    /// The whole setting.
    pub range: TextRange,
}

/// One attribute of `params "image" { … }`
#[derive(Clone, Debug)]
pub struct ParamSetting {
    /// The pack it belongs to.
    pub pack: Spanned<SmolStr>,
    /// The param.
    pub name: Spanned<SmolStr>,
    /// The value that replaces the pack's.
    pub value: Literal,
}

/// `rule "image/untrusted-registry" { severity = … }`
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RuleSetting {
    /// The rule's id.
    pub id: Spanned<SmolStr>,
    /// What its severity is set to.
    pub level: Spanned<Level>,
}

/// What a rule can be set to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    /// The rule does not run.
    Off,
    /// It runs and reports at this severity.
    At(Severity),
}

impl PackSetting {
    /// Whether the pack is on.
    pub fn is_on(&self) -> bool {
        self.switch != Switch::Off
    }
}

impl Settings {
    /// Leaves the packs in `dirs` out as well, which somebody named on the command line, relative to the root.
    pub fn leave_out_packs(&mut self, dirs: &[String]) {
        let own = self.pack_dirs.iter().map(|dir| dir.value.as_str());
        let dirs = own.chain(dirs.iter().map(String::as_str)).flat_map(pack_dirs::excluded);
        let globs = self.excluded.iter().filter_map(|glob| paths::glob(&glob.value));
        let mut set = GlobSetBuilder::new();
        for glob in dirs.chain(globs) {
            set.add(glob);
        }
        // These globs compile together with those that did.
        self.exclude = set.build().unwrap_or_else(|_| self.exclude.clone());
    }

    /// The name of the file that they are in, at the root.
    pub const FILE: &str = "tautline.hcl";

    /// Reads the text of the settings file at `path`; everything wrong with it at once.
    pub fn parse(path: &str, text: &str) -> Result<Settings, Vec<ConfigError>> {
        let source = Arc::new(ConfigSource::new(path, text));
        let mut errors = Vec::new();
        let raw = raw::read(&source, &mut errors);
        let settings = check(&source, raw, &mut errors);
        if errors.is_empty() {
            return Ok(settings);
        }
        errors.sort_by_key(|error| error.range);
        Err(errors)
    }

    /// `tautline.hcl:3` for a setting's range.
    pub fn place(&self, range: TextRange) -> String {
        self.source.as_ref().map_or_else(String::new, |source| source.place(range))
    }

    /// The file of the baseline, relative to the root: the one that is named, or the usual one.
    pub fn baseline_path(&self) -> &str {
        self.baseline.as_ref().map_or(USUAL_BASELINE, |set| &*set.value)
    }

    /// What is set for the pack `name`, where a `packs` block names it.
    pub fn pack(&self, name: &str) -> Option<&PackSetting> {
        self.packs.iter().flatten().find(|pack| &*pack.name == name)
    }

    /// What is set for the rule `id`.
    pub fn rule(&self, id: &str) -> Option<&RuleSetting> {
        self.rules.iter().find(|rule| rule.id.value == id)
    }

    /// What replaces the param `name` of `pack`.
    pub fn param(&self, pack: &str, name: &str) -> Option<&ParamSetting> {
        self.params.iter().find(|param| param.pack.value == pack && param.name.value == name)
    }
}

fn check(source: &Arc<ConfigSource>, raw: RawSettings, errors: &mut Vec<ConfigError>) -> Settings {
    let mut params: Vec<ParamSetting> = Vec::new();
    for block in raw.params {
        for (name, value) in block.values {
            let same = |param: &ParamSetting| {
                param.pack.value == block.pack.value && param.name.value == name.value
            };
            if params.iter().any(same) {
                errors.push(source.error(name.range, format!("`{}` is set twice", name.value)));
                continue;
            }
            params.push(ParamSetting { pack: block.pack.clone(), name, value });
        }
    }
    let rules = check_rules(source, raw.rules, errors);
    let pack_dirs = pack_dirs::check(source, &raw.pack_dirs, pack_dirs::DIRECTORY, errors);
    let documents = &raw.pack_documents;
    let pack_documents = pack_dirs::check(source, documents, pack_dirs::DOCUMENT, errors);
    let baseline = raw.baseline.and_then(|path| pack_dirs::below_root(source, &path, errors));
    if let Some(root) = baseline.as_ref().filter(|path| path.value.is_empty()) {
        errors.push(source.error(root.range, "the root is no file for a baseline"));
    }
    Settings {
        baseline,
        drift: raw.drift,
        overrides: raw.overrides,
        waivers: raw.waivers,
        excluded: raw.exclude.clone(),
        packs: raw.packs,
        params,
        rules,
        exclude: paths::set(
            source,
            &raw.exclude,
            pack_dirs.iter().flat_map(|dir| pack_dirs::excluded(&dir.value)),
            errors,
        ),
        pack_dirs,
        pack_documents,
        source: Some(Arc::clone(source)),
    }
}

/// Each rule is set once.
pub(super) fn check_rules(
    source: &ConfigSource,
    raw: Vec<RawRule>,
    errors: &mut Vec<ConfigError>,
) -> Vec<RuleSetting> {
    let mut rules: Vec<RuleSetting> = Vec::new();
    for rule in raw {
        if rules.iter().any(|known| known.id.value == rule.id.value) {
            let message = format!("a second `rule` block for `{}`", rule.id.value);
            errors.push(source.error(rule.id.range, message));
        }
        rules.extend(check_rule(source, rule, errors));
    }
    rules
}

fn check_rule(
    source: &ConfigSource,
    rule: RawRule,
    errors: &mut Vec<ConfigError>,
) -> Option<RuleSetting> {
    let severity = rule.severity?;
    let value = match severity.value.as_str() {
        "off" => Level::Off,
        word => {
            let Some(severity) = Severity::parse(word) else {
                let known = Severity::ALL.map(Severity::word).into_iter().chain(["off"]);
                let message = format!("unknown severity `{word}`");
                errors.push(source.error(severity.range, message).offer(word, known));
                return None;
            };
            Level::At(severity)
        }
    };
    Some(RuleSetting { id: rule.id, level: Spanned { value, range: severity.range } })
}
