//! Live objects, held against the code of the repo.

use std::collections::BTreeSet;

use super::examined::Examined;
use super::secrets;
use crate::config::{ConfigError, ConfigSource, Settings};
use crate::drift::inventory::{
    self, Attributed, Inventory, InventoryReport, Policy, Suspect, Trust,
};
use crate::drift::{Asked, Causes, Class, Ignoring, StackRef};
use crate::model::Repo;
use crate::rule::{OptionError, RuleSet, Tables};
use crate::text::FileId;
use crate::workspace::FileSet;

/// Takes stock of what `read` shows the inventory, against the repo that is made of `files`.
pub fn inventory(
    files: FileSet,
    settings: &Settings,
    rules: &RuleSet,
    read: impl FnOnce(&mut Inventory<'_, '_>),
) -> Result<Examined<InventoryReport>, Vec<ConfigError>> {
    let policy = policy(settings, rules)?;
    let mut taken = Examined::of(files, settings, "the inventory cannot be taken", |repo| {
        let trust = trust(repo, rules);
        let mut inventory = Inventory::new(repo, policy);
        read(&mut inventory);
        let causes = Causes::new(&rules.mutators, &rules.managers, Some(repo));
        inventory.finish(trust.as_ref(), |suspect| attributed(repo, &causes, suspect))
    });
    taken.redacted = secrets::in_files(&taken.sources, &files_of(&taken.report));
    Ok(taken)
}

/// What the params of the pack say, or what is wrong with them where the settings replace them.
fn policy(settings: &Settings, rules: &RuleSet) -> Result<Policy, Vec<ConfigError>> {
    let Some(pack) = rules.pack(inventory::PACK) else { return Ok(Policy::default()) };
    Policy::read(pack).map_err(|error| vec![misconfigured(settings, &error)])
}

/// An error in a param of the pack: in the settings, where they set the param, else in the pack.
pub(super) fn misconfigured(settings: &Settings, error: &OptionError) -> ConfigError {
    let is_set = |it: &&crate::config::ParamSetting| {
        *it.pack.value == *inventory::PACK && it.value.range.contains(error.range)
    };
    let source = settings.source.as_ref();
    let set = source.filter(|_| settings.params.iter().any(|it| is_set(&it)));
    if let Some(source) = set {
        return source.error(error.range, error.message.clone());
    }
    let source = ConfigSource::new(format!("{}/pack.hcl", inventory::PACK), "");
    source.error(crate::text::TextRange::empty(0), error.message.clone())
}

/// Which images the repo's own policy trusts.
fn trust(repo: &Repo<'_>, rules: &RuleSet) -> Option<Trust> {
    let (patterns, exempt) = ("inventory.trusted_images", "inventory.untrusting_namespaces");
    let tables = Tables::gather(repo, &rules.gathers, &[patterns, exempt]);
    let patterns = tables.table(patterns, &["pattern"])?;
    let exempt = tables.table(exempt, &["namespace"]).unwrap_or_default();
    let is_open = patterns.is_open || exempt.is_open;
    let texts = |table: crate::rule::Table| table.rows.into_iter().flatten().flatten();
    Some(Trust {
        patterns: texts(patterns).map(|(text, span)| (text.into(), span)).collect(),
        exempt: texts(exempt).map(|(text, _)| text.into()).collect(),
        is_open,
    })
}

/// Who made the value another: of what Terraform does not ignore, as if it had been applied once.
fn attributed(repo: &Repo<'_>, causes: &Causes<'_, '_>, suspect: &Suspect<'_>) -> Attributed {
    let mut attribute = suspect.change.attributes[suspect.at].clone();
    let is_open = attribute.class == Class::Unapplied;
    if is_open {
        attribute.class = Class::OutOfBand;
    }
    let stack = suspect.stack.map(|id| repo.stack(id));
    let stack = stack.map_or_else(StackRef::default, |stack| StackRef {
        name: stack.name.to_string(),
        dir: Some(stack.dir.to_string()),
    });
    let asked = Asked {
        stack: &stack,
        change: suspect.change,
        attribute: Some(&attribute),
        live: Some(suspect.live),
    };
    let mut cause = causes.attribute(&asked);
    let never_ignore = match causes.ignoring(&asked, &cause) {
        Ignoring::Never(reason) => Some(reason),
        Ignoring::May { .. } | Ignoring::Unowned => None,
    };
    if cause.actor.is_none() && is_open {
        let advice =
            "plan the stack: it tells what was changed outside from what is not applied yet";
        cause.advice.get_or_insert_with(|| advice.to_owned());
    }
    Attributed { cause, never_ignore }
}

/// The files that `report` points into.
fn files_of(report: &InventoryReport) -> BTreeSet<FileId> {
    let missing = report.missing.iter().map(|it| it.place.span);
    let vague = report.unmanaged.iter().filter_map(|it| it.may_be.as_ref()).map(|it| it.span);
    let differing = report.differences.iter().map(|it| it.place.span);
    let unused = report.unused_patterns.iter().map(|it| it.span);
    missing.chain(vague).chain(differing).chain(unused).map(|span| span.file).collect()
}
