//! What differs only because it is made of something that is new on every run: it is as perpetual as that.
//!
//! Invariant: a difference follows only where everything else that it is made of is known to the plan. Where it may have
//! another cause, it keeps its class.

use std::collections::BTreeMap;

use super::configuration::{Configuration, Said};
use crate::drift::address::Address;
use crate::drift::change::{Action, CANNOT_UPDATE, Change, Class};
use crate::drift::shown::{Json, Shown};

/// What is known whenever a plan is made, in every module; and in the root, the variables too.
const KNOWN: [&str; 3] = ["count.", "path.", "terraform."];

/// Makes those of `changes` perpetual that follow one of them that is, directly or over others.
pub(super) fn follow(changes: &mut [Change], configuration: &Configuration) {
    loop {
        let restless = blocks(changes);
        let mut is_done = true;
        for change in changes.iter_mut().filter(|it| may_follow(it)) {
            is_done &= !one(change, configuration, &restless);
        }
        if is_done {
            return;
        }
    }
}

/// Whether a block is one of which all that changes is perpetual. Blocks that nothing happens to are not in it.
fn blocks(changes: &[Change]) -> BTreeMap<Address, bool> {
    let mut blocks = BTreeMap::new();
    for change in changes.iter().filter(|it| it.action != Action::NoOp) {
        let is_restless = change.class == Class::Perpetual && is_unasked(change);
        *blocks.entry(change.address.of_block()).or_insert(true) &= is_restless;
    }
    blocks
}

/// Whether the values alone are why it would be changed: nobody tainted it, or asked for a replacement.
fn is_unasked(change: &Change) -> bool {
    change.deposed.is_none() && matches!(change.reason.as_deref(), None | Some(CANNOT_UPDATE))
}

fn may_follow(change: &Change) -> bool {
    let changes = matches!(
        change.action,
        Action::Update | Action::DeleteThenCreate | Action::CreateThenDelete
    );
    change.class == Class::Unapplied && changes && is_unasked(change)
}

/// Whether some value of `change` was found to follow.
fn one(
    change: &mut Change,
    configuration: &Configuration,
    restless: &BTreeMap<Address, bool>,
) -> bool {
    let Some(expressions) = configuration.expressions(&change.address) else { return false };
    let mut has_followed = false;
    for attribute in &mut change.attributes {
        if attribute.class != Class::Unapplied || attribute.want != Shown::Unknown {
            continue;
        }
        let Said::References(references) = expressions.at(&attribute.path) else { continue };
        if let Some(source) = source(&change.address, references, restless) {
            attribute.class = Class::Perpetual;
            change.follows.get_or_insert(source);
            has_followed = true;
        }
    }
    if has_followed && let Some(class) = change.attributes.iter().map(|it| it.class).max() {
        change.class = class;
    }
    has_followed
}

/// The first perpetual block that `references`, written in the block of `address`, lead to; none where one of them leads to
/// something that may be unknown for another reason.
fn source(
    address: &Address,
    references: &[Json],
    restless: &BTreeMap<Address, bool>,
) -> Option<Address> {
    let mut source = None;
    for reference in references {
        let text = reference.as_str()?;
        let is_variable = address.modules.is_empty() && text.starts_with("var.");
        if is_variable || KNOWN.iter().any(|root| text.starts_with(root)) {
            continue;
        }
        let block = block(address, text)?;
        match restless.get(&block) {
            // Nothing happens to it, so all of it is known.
            None => {}
            Some(true) => drop(source.get_or_insert(block)),
            Some(false) => return None,
        }
    }
    source
}

/// The block that `reference` leads to, written in the block of `address`: `terraform_data.q[0].id`.
fn block(address: &Address, reference: &str) -> Option<Address> {
    let (is_data, rest) = match reference.strip_prefix("data.") {
        Some(rest) => (true, rest),
        None => (false, reference),
    };
    let (kind, rest) = rest.split_once('.')?;
    let name = rest.split(['.', '[']).next().filter(|name| !name.is_empty())?;
    // What these come from the plan does not say here.
    if matches!(kind, "local" | "module" | "each" | "var" | "self") {
        return None;
    }
    let (kind, name, key) = (kind.into(), name.into(), None);
    let modules = address.of_block().modules;
    Some(Address { modules, is_data, kind, name, key })
}
