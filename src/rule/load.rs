//! Pack files → [`RuleSet`]. Everything wrong is found at once, each error with its place.

use std::collections::BTreeSet;
use std::sync::Arc;

use rayon::prelude::*;
use smol_str::SmolStr;

use super::audience::Audiences;
use super::check::CheckDef;
use super::entry::{self, Ground, Param, Params};
use super::evidence::{Condition, Evidence};
use super::files::{self, Home, MUTATORS, Origin, PackFile};
use super::mutators::{self, Manager, Mutator};
use super::overrides;
use super::pack::{Pack, Rule};
use super::raw::{self, RawEntry, RawGather, RawManager, RawMutator, RawMutators};
use super::ruleset::RuleSet;
use super::shared::{Offer, Offered};
use crate::config::{ConfigError, ConfigSource, Settings, Spanned};
use crate::syntax::hcl::Block;
use crate::text::TextRange;

/// Loads packs from `files`: path under `rules/` and text; pages (`.md`) are passed over. `checks` are what entries may
/// call, `settings` what the repo sets on top. Nothing is taken for proven.
pub fn load<P: AsRef<str>, T: AsRef<str>>(
    files: &[(P, T)],
    checks: &[CheckDef],
    settings: &Settings,
) -> Result<RuleSet, Vec<ConfigError>> {
    let file = |(name, text): &(P, T)| PackFile {
        home: Home::builtin(),
        name: name.as_ref().to_owned().into(),
        text: text.as_ref().to_owned().into(),
        is_proven: false,
        document: None,
    };
    let files: Vec<PackFile> = files.iter().map(file).collect();
    load_files(&files, checks, settings)
}

/// [`load`], from any directories. A pack lies in one of them.
pub fn load_files(
    files: &[PackFile],
    checks: &[CheckDef],
    settings: &Settings,
) -> Result<RuleSet, Vec<ConfigError>> {
    load_wanted(files, checks, settings, None)
}

/// Whether a run may ask a rule for its judgement, told from the head of its entry.
pub type MayAsk<'a> = &'a (dyn Fn(&Rule) -> bool + Sync);

/// [`load_files`], for a run that asks no rule but those of which `may_ask` says that it may. Of the others, and of the
/// gathers that only they need, nothing more than that is read where they are proven: they judge nothing.
pub fn load_wanted(
    files: &[PackFile],
    checks: &[CheckDef],
    settings: &Settings,
    may_ask: Option<MayAsk<'_>>,
) -> Result<RuleSet, Vec<ConfigError>> {
    let mut errors = Vec::new();
    let layout = Layout::of(files, &mut errors);
    let (mutators, managers) = layout.mutators(&mut errors);
    let packs: Vec<_> = layout
        .packs
        .par_iter()
        .map(|folder| {
            let mut errors = Vec::new();
            (folder, load_pack(folder, settings, &mut errors), errors)
        })
        .collect();
    let mut loaded = Vec::with_capacity(packs.len());
    for (folder, pack, wrong) in packs {
        errors.extend(wrong);
        loaded.extend(pack.map(|pack| (folder, pack)));
    }
    let shared = shared_params(loaded.iter().map(|(_, pack)| pack));
    let offers: Vec<Offer<'_>> =
        loaded.iter().filter_map(|(folder, pack)| offer(folder, pack)).collect();
    let offered = Offered::of(&offers, &shared, &mutators, &mut errors);
    let language = offered.shared(&mutators);
    // Hundreds of small files that know nothing of each other.
    let files: Vec<_> = loaded
        .iter()
        .flat_map(|(folder, pack)| folder.entries.iter().map(move |entry| (*folder, pack, entry)))
        .collect();
    let entries: Vec<LoadedEntry<'_>> = files
        .into_par_iter()
        .map(|(folder, loaded, (stem, source))| {
            let params = Params { own: &loaded.params, shared: &shared };
            let ground = Ground { pack: &loaded.pack, params, language, checks, settings };
            let id: Arc<str> = format!("{}/{stem}", folder.name).into();
            LoadedEntry::read(id, source, &ground, may_ask)
        })
        .collect();
    let needs = |entry: &LoadedEntry<'_>| {
        let check = entry.rule.as_ref().and_then(|rule| rule.check.as_deref());
        check.map(|check| check.needs().to_vec()).unwrap_or_default()
    };
    let wanted =
        may_ask.map(|_| entries.iter().flat_map(needs).chain(offered.unproven()).collect());
    let mut gathers = offered.compile(wanted, &shared, &mutators, &mut errors);
    for (gather, name) in gathers.iter_mut().zip(&offered.gathers) {
        gather.expect(name.asked());
    }
    let mut rules = Vec::new();
    let mut yields = Vec::new();
    for LoadedEntry { id, source, rule, winners, errors: wrong } in entries {
        let yielding = winners.into_iter();
        yields.extend(yielding.map(|winner| Yield { source, id: Arc::clone(&id), winner }));
        errors.extend(wrong);
        rules.extend(rule);
    }
    drop(offered);
    drop(offers);
    let packs = loaded.into_iter().map(|(_, loaded)| loaded.pack).collect();
    rules.sort_by(|a: &Rule, b| a.id.cmp(&b.id));
    let set =
        RuleSet { packs, rules, gathers, mutators, managers, audiences: Audiences::default() };
    if errors.is_empty() {
        check_yields(&yields, &set, &mut errors);
        overrides::check(settings, &set, &mut errors);
    }
    if errors.is_empty() {
        return Ok(set);
    }
    errors.sort_by(|a, b| (&a.path, a.range).cmp(&(&b.path, b.range)));
    // A param that several rules use is wrong for each of them.
    let mut said = BTreeSet::new();
    errors.retain(|error| said.insert((error.path.clone(), error.range, error.message.clone())));
    Err(errors)
}

/// What became of one entry.
struct LoadedEntry<'a> {
    id: Arc<str>,
    source: &'a ConfigSource,
    rule: Option<Rule>,
    /// The rules that it yields to.
    winners: Vec<Spanned<SmolStr>>,
    errors: Vec<ConfigError>,
}

impl<'a> LoadedEntry<'a> {
    /// Reads the entry of the rule `id` in `source`; only its head, where that is enough.
    fn read(
        id: Arc<str>,
        source: &'a ConfigSource,
        ground: &Ground<'_>,
        may_ask: Option<MayAsk<'_>>,
    ) -> Self {
        if let (true, Some(may_ask)) = (source.is_proven, may_ask)
            && let Some(head) = raw::read_entry_head(source)
            && let Some(rule) = entry::load_head(&head, Arc::clone(&id), source, ground)
            && !may_ask(&rule)
        {
            let (winners, errors) = (head.yields_to, Vec::new());
            return LoadedEntry { id, source, rule: Some(rule), winners, errors };
        }
        let mut errors = Vec::new();
        let raw = raw::read_entry(source, &mut errors);
        let load = |raw: &RawEntry| entry::load(raw, Arc::clone(&id), source, ground, &mut errors);
        let rule = raw.as_ref().and_then(load);
        let winners = raw.map(|raw| raw.head.yields_to).unwrap_or_default();
        LoadedEntry { id, source, rule, winners, errors }
    }
}

/// The files by what they are.
#[derive(Default)]
struct Layout {
    packs: Vec<Folder>,
    mutators: Vec<ConfigSource>,
}

/// A pack's files.
struct Folder {
    name: Arc<str>,
    home: Home,
    pack: Option<ConfigSource>,
    /// File stem and text, in order.
    entries: Vec<(String, ConfigSource)>,
}

impl Layout {
    fn of(files: &[PackFile], errors: &mut Vec<ConfigError>) -> Self {
        let mut layout = Layout::default();
        for file in files::distinct(files, errors) {
            let Some(stem) = file.name.strip_suffix(".hcl") else { continue };
            let source = file.source();
            match stem.split_once('/') {
                Some((folder, name)) if is_name(folder) && is_name(name) => {
                    layout.add(&file.home, folder, name, source);
                }
                _ => {
                    let message = format!(
                        "a pack file is `{}/<pack>/<rule>.hcl`, its names in kebab-case",
                        file.home.dir
                    );
                    errors.push(source.error(TextRange::empty(0), message));
                }
            }
        }
        for folder in layout.packs.iter().filter(|folder| folder.pack.is_none()) {
            if let Some((_, entry)) = folder.entries.first() {
                let message = format!("pack `{}` has no `pack.hcl`", folder.name);
                let help = "add one with a `summary` next to this entry";
                errors.push(entry.error(TextRange::empty(0), message).help(help));
            }
        }
        layout
    }

    fn add(&mut self, home: &Home, folder: &str, name: &str, source: ConfigSource) {
        if folder == MUTATORS {
            self.mutators.push(source);
            return;
        }
        if self.packs.last().is_none_or(|last| &*last.name != folder) {
            self.packs.push(Folder {
                name: folder.into(),
                home: home.clone(),
                pack: None,
                entries: Vec::new(),
            });
        }
        let Some(pack) = self.packs.last_mut() else { return };
        if name == "pack" {
            pack.pack = Some(source);
        } else {
            pack.entries.push((name.to_owned(), source));
        }
    }

    fn mutators(&self, errors: &mut Vec<ConfigError>) -> (Vec<Mutator>, Vec<Manager>) {
        let mut all: Vec<(RawMutator, &ConfigSource)> = Vec::new();
        let mut managers: Vec<Manager> = Vec::new();
        for source in &self.mutators {
            let RawMutators { mutators, managers: more } = raw::read_mutators(source, errors);
            for mutator in mutators {
                if all.iter().any(|(known, _)| known.name.value == mutator.name.value) {
                    let message = format!("a second mutator `{}`", mutator.name.value);
                    errors.push(source.error(mutator.name.range, message));
                }
                all.push((mutator, source));
            }
            for RawManager { name, summary } in more {
                if managers.iter().any(|known| known.name.key == name.value) {
                    let message = format!("a second manager `{}`", name.value);
                    errors.push(source.error(name.range, message));
                }
                managers.push(Manager::new(name.value, &summary.value));
            }
        }
        (mutators::read(all, errors), managers)
    }
}

/// Whether `name` is kebab-case: what a pack or rule may be called.
pub fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && !name.ends_with('-')
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

/// A pack with its params' provenance.
struct LoadedPack {
    pack: Pack,
    params: Vec<Param>,
    gathers: Vec<RawGather>,
    selectors: Vec<Block>,
}

fn offer<'a>(folder: &'a Folder, loaded: &'a LoadedPack) -> Option<Offer<'a>> {
    let source = folder.pack.as_ref()?;
    Some(Offer {
        pack: &loaded.pack.name,
        source,
        params: &loaded.params,
        gathers: &loaded.gathers,
        selectors: &loaded.selectors,
    })
}

/// Every pack's params under the names by which other packs may use them: `PACK.NAME`.
fn shared_params<'a>(packs: impl Iterator<Item = &'a LoadedPack>) -> Vec<Param> {
    let qualified = |pack: &'a LoadedPack| {
        let name = &pack.pack.name;
        pack.params.iter().map(move |param| Param {
            name: format!("{name}.{}", param.name).into(),
            ..param.clone()
        })
    };
    packs.flat_map(qualified).collect()
}

fn load_pack(
    folder: &Folder,
    settings: &Settings,
    errors: &mut Vec<ConfigError>,
) -> Option<LoadedPack> {
    let source = folder.pack.as_ref()?;
    let raw = raw::read_pack(source, errors)?;
    let evidence = raw.evidence.iter().map(|conditions| {
        let conditions = compile(conditions, source, errors);
        Evidence { conditions, document: None }
    });
    let mut evidence: Vec<Evidence> = evidence.collect();
    if folder.home.is_document && evidence.is_empty() {
        let document = Some(Arc::clone(&folder.home.dir));
        evidence.push(Evidence { conditions: Vec::new(), document });
    }
    if let (Origin::Repo, Some(locked)) = (folder.home.origin, &raw.locked) {
        let message = "`locked` is for the pack that comes with tautline";
        errors.push(source.error(locked.range, message).help("leave it out"));
    }
    let params = overrides::params(&folder.name, &raw.params, settings, errors);
    let pack = Pack {
        name: Arc::clone(&folder.name),
        summary: raw.summary.value.to_string(),
        evidence,
        locked: raw.locked.is_some_and(|locked| locked.value),
        is_own: folder.home.origin == Origin::Repo,
        // One that stands in for a built-in pack is on where that one would be.
        is_given: folder.home.origin == Origin::Arguments && !super::builtin::has(&folder.name),
        params: params.iter().map(|param| (param.name.clone(), param.value.clone())).collect(),
    };
    Some(LoadedPack { pack, params, gathers: raw.gathers, selectors: raw.selectors })
}

fn compile(
    conditions: &[raw::RawCondition],
    source: &ConfigSource,
    errors: &mut Vec<ConfigError>,
) -> Vec<Condition> {
    let mut compiled = Vec::with_capacity(conditions.len());
    for condition in conditions {
        let contains = condition.contains.as_ref().map(|text| text.value.as_str());
        match Condition::new(&condition.path.value, contains) {
            Ok(condition) => compiled.push(condition),
            Err(wrong) => {
                let message = format!("this is no glob: {wrong}");
                errors.push(source.error(condition.path.range, message));
            }
        }
    }
    compiled
}

/// `yields_to` of one rule names another.
struct Yield<'a> {
    source: &'a ConfigSource,
    id: Arc<str>,
    winner: Spanned<SmolStr>,
}

/// Every rule that another yields to exists, and no two wait for each other.
fn check_yields(yields: &[Yield<'_>], set: &RuleSet, errors: &mut Vec<ConfigError>) {
    for Yield { source, id, winner } in yields {
        let message = match set.rule(&winner.value) {
            None => {
                let message = format!("unknown rule `{}`", winner.value);
                let known = set.rules.iter().map(|rule| &*rule.id);
                errors.push(source.error(winner.range, message).offer(&winner.value, known));
                continue;
            }
            Some(_) if *winner.value == **id => "a rule cannot yield to itself".to_owned(),
            Some(rule) if rule.yields_to.contains(id) => {
                format!("`{}` and this rule yield to each other", winner.value)
            }
            Some(_) => continue,
        };
        errors.push(source.error(winner.range, message));
    }
}
