//! What a change does to the suppressions: those it adds, and those it takes away.
//!
//! Invariant: a suppression that moves with its code is neither, and one whose code is edited is not. One that comes to cover other
//! code is both: it silences something else.

use super::inventory::{Item, controls, listed};
use crate::config::{ConfigSource, Settings};
use crate::syntax::{Format, SourceFile};
use crate::text::FileId;
use crate::workspace::{Base, Content};

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

/// Whether a suppression may be another one as it was.
type MayBe<'a> = dyn Fn(&Item, &Item) -> bool + 'a;

/// What became of the suppressions in `base`, now that there are `items`, in the files `sources`.
pub(super) fn between(base: &Base, items: &[Item], sources: &[SourceFile]) -> Delta {
    let mut removed: Vec<Item> = Vec::new();
    for (path, content) in &base.files {
        if let Some(text) = content.as_ref().and_then(Content::text) {
            removed.extend(before(path, text));
        }
    }
    removed.sort();
    let is_touched = |item: &&Item| base.files.contains_key(item.path.as_str());
    let mut added: Vec<Item> = items.iter().filter(is_touched).cloned().collect();
    let text_before = |path: &str| base.files.get(path)?.as_ref()?.text();
    let text_now = |path: &str| Some(&*sources.iter().find(|it| *it.path == *path)?.text);
    // Whether it is the same place, whose code was edited: neither is the old one left elsewhere, nor was the new one there.
    let is_edited = |new: &Item, old: &Item| {
        (&new.path, &new.place) == (&old.path, &old.place)
            && !text_now(&new.path).is_some_and(|text| stands_in(&old.covers, text))
            && !text_before(&old.path).is_some_and(|text| stands_in(&new.covers, text))
    };
    // First what stayed with its code, then what stayed where its code was edited, then what moved with its code.
    let may_be: [&MayBe<'_>; 3] = [
        &|new, old| (&new.path, &new.covers) == (&old.path, &old.covers),
        &|new, old| new.covers.is_empty() && new.path == old.path || is_edited(new, old),
        &|new, old| new.covers == old.covers,
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

/// Whether `code` makes up whole lines of `text`, but for comments behind it.
fn stands_in(code: &str, text: &str) -> bool {
    text.match_indices(code).any(|(at, _)| {
        let before = text[..at].rsplit('\n').next().unwrap_or_default();
        let behind = text[at + code.len()..].chars().next();
        before.trim().is_empty() && behind.is_none_or(|c| c.is_whitespace() || c == ',')
    })
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
    if path == Settings::FILE {
        // Settings that were broken waived nothing.
        let waivers = Settings::parse(path, text).map(|settings| settings.waivers);
        let source = ConfigSource::new(path, text);
        items.extend(listed(&source, &waivers.unwrap_or_default()));
    }
    items
}
