//! What the settings of a repo change in packs: params, and what is said about packs and rules.

use smol_str::SmolStr;

use super::entry::{Param, SetAt};
use super::raw::Attributes;
use super::ruleset::RuleSet;
use crate::config::{
    ConfigError, ConfigSource, Level, Literal, LiteralKind, PackSetting, ParamSetting, Paths,
    RuleSetting, Settings, Spanned,
};
use crate::text::TextRange;

/// The pack's params, with what the settings replace replaced.
pub(super) fn params(
    pack: &str,
    own: &Attributes,
    settings: &Settings,
    errors: &mut Vec<ConfigError>,
) -> Vec<Param> {
    let mut params = Vec::with_capacity(own.len());
    for (name, _, own) in own {
        let name = SmolStr::from(name.as_str());
        let Some(set) = settings.param(pack, &name) else {
            params.push(Param { name, value: own.clone(), set_at: None });
            continue;
        };
        if let (Err(wrong), Some(source)) = (same_kind(own, &set.value), &settings.source) {
            let message = format!("`{name}` holds {}, not {}", wrong.wanted, wrong.found);
            errors.push(source.error(wrong.range, message));
            params.push(Param { name, value: own.clone(), set_at: None });
            continue;
        }
        let source = settings.source.clone();
        let set_at = source.map(|source| SetAt { source, range: set.value.range });
        params.push(Param { name, value: set.value.clone(), set_at });
    }
    params
}

/// A value of another kind than the one it replaces.
struct KindMismatch {
    wanted: &'static str,
    found: &'static str,
    range: TextRange,
}

/// Whether `value` is of the kind of `model`, and the elements of a list of the kind of the model's.
fn same_kind(model: &Literal, value: &Literal) -> Result<(), KindMismatch> {
    if std::mem::discriminant(&model.kind) != std::mem::discriminant(&value.kind) {
        let (wanted, found) = (model.kind.noun(), value.kind.noun());
        return Err(KindMismatch { wanted, found, range: value.range });
    }
    if let (LiteralKind::List(models), LiteralKind::List(values)) = (&model.kind, &value.kind)
        && let Some(model) = models.first()
    {
        return values.iter().try_for_each(|value| same_kind(model, value));
    }
    Ok(())
}

/// Every pack, param and rule that the settings name exists, and nothing locked is weakened.
pub(super) fn check(settings: &Settings, set: &RuleSet, errors: &mut Vec<ConfigError>) {
    let Some(source) = &settings.source else { return };
    for setting in settings.packs.iter().flatten() {
        check_pack(setting, source, set, errors);
    }
    for setting in &settings.params {
        check_param(setting, source, set, errors);
    }
    let in_paths = settings.overrides.iter().flat_map(|it| &it.rules);
    for setting in settings.rules.iter().chain(in_paths) {
        check_rule(setting, source, set, errors);
    }
    for waiver in &settings.waivers {
        check_waiver(&waiver.rule, source, set, errors);
    }
}

/// What the settings say of the rule `id` for some paths, in order.
pub(super) fn in_paths(id: &str, settings: &Settings) -> Vec<(Paths, Level)> {
    let of_rule = settings.overrides.iter().filter_map(|it| {
        let setting = it.rules.iter().find(|rule| rule.id.value == id)?;
        Some((it.paths.clone(), setting.level.value))
    });
    of_rule.collect()
}

fn check_waiver(
    rule: &Spanned<SmolStr>,
    source: &ConfigSource,
    set: &RuleSet,
    errors: &mut Vec<ConfigError>,
) {
    match set.rule(&rule.value) {
        None => errors.push(unknown_rule(rule, source, set)),
        Some(known) if known.locked => {
            let message = format!("rule `{}` is locked: it cannot be waived", rule.value);
            errors.push(source.error(rule.range, message));
        }
        Some(_) => {}
    }
}

fn unknown_rule(rule: &Spanned<SmolStr>, source: &ConfigSource, set: &RuleSet) -> ConfigError {
    let known = set.rules.iter().map(|rule| &*rule.id);
    let message = format!("unknown rule `{}`", rule.value);
    if set.pack(&rule.value).is_some() {
        let help = "it is a pack: name a rule of it, one in each block; `packs` switches all of them on or off";
        return source.error(rule.range, message).help(help);
    }
    let mut error = source.error(rule.range, message).offer(&rule.value, known);
    error.help.get_or_insert_with(|| "`tautline rules list` shows every rule".to_owned());
    error
}

fn check_pack(
    setting: &PackSetting,
    source: &ConfigSource,
    set: &RuleSet,
    errors: &mut Vec<ConfigError>,
) {
    let name = &setting.name;
    match set.pack(name) {
        None => errors.push(unknown_pack(name, setting.range, source, set)),
        Some(pack) if pack.locked && !setting.is_on() => {
            let message = format!("pack `{name}` is locked: it is always on");
            errors.push(source.error(setting.range, message));
        }
        Some(_) => {}
    }
}

fn check_param(
    setting: &ParamSetting,
    source: &ConfigSource,
    set: &RuleSet,
    errors: &mut Vec<ConfigError>,
) {
    let Some(pack) = set.pack(&setting.pack.value) else {
        errors.push(unknown_pack(&setting.pack.value, setting.pack.range, source, set));
        return;
    };
    let name = &setting.name.value;
    if !pack.params.iter().any(|(known, _)| known == name) {
        let message = format!("pack `{}` has no param `{name}`", pack.name);
        let known = pack.params.iter().map(|(known, _)| known.as_str());
        errors.push(source.error(setting.name.range, message).offer(name, known));
    }
}

fn check_rule(
    setting: &RuleSetting,
    source: &ConfigSource,
    set: &RuleSet,
    errors: &mut Vec<ConfigError>,
) {
    let id = setting.id.value.as_str();
    let Some(rule) = set.rule(id) else {
        errors.push(unknown_rule(&setting.id, source, set));
        return;
    };
    let weakened = match setting.level.value {
        Level::Off => "switched off",
        Level::At(level) if level < rule.severity => "lowered",
        Level::At(_) => return,
    };
    if rule.locked {
        let message = format!("rule `{id}` is locked: it cannot be {weakened}");
        errors.push(source.error(setting.level.range, message));
    }
}

fn unknown_pack(name: &str, range: TextRange, source: &ConfigSource, set: &RuleSet) -> ConfigError {
    let known = set.packs.iter().map(|pack| &*pack.name);
    source.error(range, format!("unknown pack `{name}`")).offer(name, known)
}
