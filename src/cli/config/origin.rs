//! Every setting with its value and its origin.
//!
//! Invariant: a value is shown as the run uses it, so it is taken from what was loaded and not from what was written.

use std::path::Path;

use serde_json::{Value, json};

use crate::cli::args::GroundArgs;
use crate::cli::ground::Ground;
use crate::cli::packs::shown;
use crate::cli::rules;
use crate::cli::trouble::Trouble;
use crate::config::{ConfigSource, Level, Settings};
use crate::rule::{PackFile, Rule};
use crate::workspace::root_and_reason;

/// One setting.
#[derive(Debug)]
pub(super) struct Setting {
    /// `rule.image/untrusted-registry.severity`
    pub(super) key: String,
    /// Its value.
    pub(super) value: Value,
    /// The value as one would write it.
    pub(super) text: String,
    /// What says so.
    pub(super) origin: Origin,
    /// Whether it is shown only among all: there are hundreds of its kind.
    pub(super) is_detail: bool,
}

/// Where a value comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Origin {
    /// Nobody said anything; why it is so.
    Default(String),
    /// A line of the settings: `tautline.hcl:3`.
    File(String),
    /// An option.
    CommandLine(&'static str),
}

/// The settings of `ground`, which was found from the directory `here`.
pub(super) fn settings(
    ground: &Ground,
    here: &Path,
    typed: &GroundArgs,
) -> Result<Vec<Setting>, Trouble> {
    let mut all = vec![root(ground, here)?, file(ground, typed)];
    all.push(baseline(ground));
    all.extend(lists(ground, typed));
    all.extend(packs(ground)?);
    all.extend(params(ground));
    all.extend(severities(ground));
    all.extend(exceptions(&ground.settings));
    all.extend(drift(&ground.settings));
    Ok(all)
}

fn setting(key: impl Into<String>, value: impl Into<Value>, origin: Origin) -> Setting {
    let value = value.into();
    Setting { key: key.into(), text: value.to_string(), value, origin, is_detail: false }
}

fn root(ground: &Ground, here: &Path) -> Result<Setting, Trouble> {
    let (_, by) = root_and_reason(here)?;
    let root = ground.workspace.root().display().to_string();
    Ok(setting("root", root, Origin::Default(by.words().to_owned())))
}

fn file(ground: &Ground, typed: &GroundArgs) -> Setting {
    match (&ground.settings.source, &typed.config) {
        (Some(source), Some(_)) => {
            setting("settings", &*source.path, Origin::CommandLine("--config"))
        }
        (Some(source), None) => {
            setting("settings", &*source.path, Origin::Default("it is in the root".to_owned()))
        }
        (None, _) => setting("settings", Value::Null, Origin::Default("there is none".to_owned())),
    }
}

fn baseline(ground: &Ground) -> Setting {
    let file = &ground.baseline;
    let there = if file.exists() { "it is there" } else { "there is none" };
    let usual = || Origin::Default(there.to_owned());
    setting("baseline", file.path.as_str(), file.set_at.clone().map_or_else(usual, Origin::File))
}

fn lists(ground: &Ground, typed: &GroundArgs) -> Vec<Setting> {
    let settings = &ground.settings;
    let mut all = Vec::new();
    for glob in &settings.excluded {
        all.push(setting(
            "exclude[]",
            glob.value.as_str(),
            Origin::File(settings.place(glob.range)),
        ));
    }
    for dir in &settings.pack_dirs {
        all.push(setting(
            "pack_dirs[]",
            dir.value.as_str(),
            Origin::File(settings.place(dir.range)),
        ));
    }
    for document in &settings.pack_documents {
        let place = Origin::File(settings.place(document.range));
        all.push(setting("pack_documents[]", document.value.as_str(), place));
    }
    for dir in &typed.packs {
        all.push(setting("pack_dirs[]", shown(dir), Origin::CommandLine("--packs")));
    }
    all
}

/// Which packs are on.
fn packs(ground: &Ground) -> Result<Vec<Setting>, Trouble> {
    let Ground { settings, rules, .. } = ground;
    let on = ground.packs_on()?;
    let entry = |pack: &crate::rule::Pack| {
        let run = on.iter().find(|run| run.name == pack.name);
        let origin = match (settings.pack(&pack.name), run) {
            (Some(set), _) if !pack.locked => Origin::File(settings.place(set.range)),
            (_, Some(run)) => Origin::Default(run.evidence.clone()),
            (_, None) if settings.packs.is_some() => {
                Origin::Default("`packs` does not name it".to_owned())
            }
            (_, None) => Origin::Default("no evidence".to_owned()),
        };
        setting(format!("packs.{}", pack.name), run.is_some(), origin)
    };
    Ok(rules.packs.iter().map(entry).collect())
}

fn params(ground: &Ground) -> Vec<Setting> {
    let mut all = Vec::new();
    for pack in &ground.rules.packs {
        let name = format!("{}/pack.hcl", pack.name);
        let source = ground.packs.files.iter().find(|file| file.name == name);
        for (param, value) in &pack.params {
            let set = ground.settings.param(&pack.name, param);
            let origin = match (set, source) {
                (Some(set), _) => Origin::File(ground.settings.place(set.value.range)),
                (None, Some(file)) => Origin::Default(default_place(file, value.range)),
                (None, None) => Origin::Default("its pack".to_owned()),
            };
            all.push(Setting {
                key: format!("params.{}.{param}", pack.name),
                value: rules::json(value),
                text: rules::hcl(value),
                is_detail: set.is_none(),
                origin,
            });
        }
    }
    all
}

/// The line of a pack's file.
fn default_place(file: &PackFile, range: crate::text::TextRange) -> String {
    let built_in =
        if file.home.origin == crate::rule::Origin::Builtin { " (built in)" } else { "" };
    format!("{}{built_in}", ConfigSource::new(file.path(), &*file.text).place(range))
}

fn severities(ground: &Ground) -> Vec<Setting> {
    let settings = &ground.settings;
    let entry = |rule: &Rule| {
        let set = settings.rule(&rule.id);
        let (word, origin) = match set {
            Some(set) => (level(set.level.value), Origin::File(settings.place(set.level.range))),
            None if rule.enabled && !rule.only_in_paths => {
                (rule.severity.word(), Origin::Default("its entry".to_owned()))
            }
            None => ("off", Origin::Default("info rules are off unless they are set".to_owned())),
        };
        let key = format!("rule.{}.severity", rule.id);
        Setting { is_detail: set.is_none(), ..setting(key, word, origin) }
    };
    ground.rules.rules.iter().map(entry).collect()
}

fn level(level: Level) -> &'static str {
    match level {
        Level::Off => "off",
        Level::At(severity) => severity.word(),
    }
}

fn exceptions(settings: &Settings) -> Vec<Setting> {
    let mut all = Vec::new();
    for part in &settings.overrides {
        let paths = part.paths.globs.join(", ");
        for rule in &part.rules {
            let key = format!("override[{paths}].rule.{}.severity", rule.id.value);
            let origin = Origin::File(settings.place(rule.level.range));
            all.push(setting(key, level(rule.level.value), origin));
        }
    }
    for waiver in &settings.waivers {
        let globs: Vec<&str> = waiver.paths.globs.iter().map(smol_str::SmolStr::as_str).collect();
        let value = json!({
            "paths": globs,
            "reason": waiver.reason,
            "until": waiver.until.value.to_string(),
            "owner": waiver.owner,
        });
        let origin = Origin::File(settings.place(waiver.range));
        all.push(setting(format!("waiver.{}", waiver.rule.value), value, origin));
    }
    all
}

/// What is set for planning stacks; what is not set is for `drift run` to find.
fn drift(settings: &Settings) -> Vec<Setting> {
    let drift = &settings.drift;
    let place = |range| Origin::File(settings.place(range));
    let mut all = Vec::new();
    if let Some(runner) = &drift.runner {
        all.push(setting("drift.runner", runner.value.as_str(), place(runner.range)));
    }
    for (key, number) in [
        ("jobs", &drift.jobs),
        ("retries", &drift.retries),
        ("stale_from", &drift.stale_from),
        ("aborted_from", &drift.aborted_from),
        ("wave_from", &drift.wave_from),
    ] {
        all.extend(
            number.as_ref().map(|it| setting(format!("drift.{key}"), it.value, place(it.range))),
        );
    }
    for (key, length) in [("timeout", &drift.timeout), ("lock_timeout", &drift.lock_timeout)] {
        all.extend(length.as_ref().map(|it| {
            setting(format!("drift.{key}"), crate::runner::shown(it.value), place(it.range))
        }));
    }
    for text in &drift.refusals {
        all.push(setting("drift.refusals[]", text.value.as_str(), place(text.range)));
    }
    for own in &drift.acknowledgements {
        let glob = |glob: &Option<crate::config::Glob>| glob.as_ref().map(|it| it.text.clone());
        let value = json!({
            "stack": glob(&own.stack),
            "address": glob(&own.address),
            "attribute": own.attribute.as_ref().map(|it| it.text.clone()),
            "reason": own.reason,
            "until": own.until.value.to_string(),
            "owner": own.owner,
        });
        let key = format!("drift.acknowledge.{}", own.name.value);
        all.push(setting(key, value, place(own.range)));
    }
    for skip in &drift.skips {
        let value = json!({ "reason": skip.reason, "until": skip.until.value.to_string() });
        let key = format!("drift.skip.{}", skip.stack.value);
        all.push(setting(key, value, place(skip.range)));
    }
    all
}
