//! What a change does to the suppressions: those it adds, and those it takes away.
//!
//! Invariant: a suppression that only moves is neither. What it says tells it from others, not where it stands.

use super::inventory::{Item, controls, listed};
use crate::config::{ConfigSource, Settings};
use crate::syntax::{Format, SourceFile};
use crate::text::FileId;
use crate::workspace::{Base, Content};

/// The name that settings have below the root.
const SETTINGS: &str = "tautline.hcl";

/// The difference.
#[derive(Debug)]
pub(super) struct Delta {
    /// How the older side is called.
    pub(super) name: String,
    /// In order.
    pub(super) added: Vec<Item>,
    /// As they were; in order.
    pub(super) removed: Vec<Item>,
}

/// What became of the suppressions in `base`, now that there are `items`.
pub(super) fn between(base: &Base, items: &[Item]) -> Delta {
    let mut removed: Vec<Item> = Vec::new();
    for (path, content) in &base.files {
        if let Some(text) = content.as_ref().and_then(Content::text) {
            removed.extend(before(path, text));
        }
    }
    removed.sort();
    let is_touched = |item: &&Item| base.files.contains_key(item.path.as_str());
    let mut added: Vec<Item> = items.iter().filter(is_touched).cloned().collect();
    // First what stayed with its code, then what stayed in its file, then what moved to another with its code.
    let may_be: [fn(&Item, &Item) -> bool; 3] = [
        |new, old| (&new.path, &new.covers) == (&old.path, &old.covers),
        |new, old| new.path == old.path,
        // Elsewhere it silences something else, unless its code has come along.
        |new, old| new.covers == old.covers,
    ];
    for may_be in may_be {
        added.retain(|item| {
            let is_it = |old: &Item| may_be(item, old) && says(item) == says(old);
            let was = removed.iter().position(is_it);
            was.map(|at| removed.remove(at)).is_none()
        });
    }
    Delta { name: base.name.clone(), added, removed }
}

/// What tells a suppression from others, wherever it stands.
fn says(item: &Item) -> impl PartialEq + '_ {
    let Item { kind, rule, reason, owner, until, paths, .. } = item;
    (kind, rule, reason, owner, until, paths)
}

/// The suppressions in the file at `path` when it said `text`.
fn before(path: &str, text: &str) -> Vec<Item> {
    let source = SourceFile::new(FileId(0), path.into(), text.into(), Format::of(path));
    let mut items: Vec<Item> = controls(&source).into_iter().map(|(_, item)| item).collect();
    if path == SETTINGS {
        // Settings that were broken waived nothing.
        let waivers = Settings::parse(path, text).map(|settings| settings.waivers);
        let source = ConfigSource::new(path, text);
        items.extend(listed(&source, &waivers.unwrap_or_default()));
    }
    items
}
