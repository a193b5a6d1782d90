//! Entries of `ignore_changes` that are not what they seem.

use super::object::Ground;
use super::{Entry, Flaw, Looked, provider};
use crate::drift::cause::is_map;
use crate::drift::condition::{Object, Truth};
use crate::drift::path::{Path, Step};
use crate::model::{AttributePath, Effective, IgnoreChanges};
use crate::rule::FieldPath;
use crate::text::TextRange;

/// What is the matter with the entries of a block.
pub(super) fn entries(looked: &Looked<'_, '_, '_>) -> Vec<Entry> {
    let block = looked.block;
    let Some(ignored) = IgnoreChanges::of(block.block) else { return Vec::new() };
    let mut found = Vec::new();
    let mut add = |path: String, range: TextRange, flaw: Flaw, why: String| {
        let span = block.file.span(range);
        let subject = looked.subject(looked.all.iter());
        found.push(Entry { subject, path, span, flaw, why });
    };
    for (path, range) in ignored.entries() {
        let text = path.to_string();
        if let Some((flaw, why)) = flaw(looked, &path, &text) {
            add(text, range, flaw, why);
        }
    }
    for (range, field, why) in hidden(looked, &ignored) {
        add(field, range, Flaw::Hides, why);
    }
    found.sort_by_key(|it| (it.span, it.flaw));
    found
}

fn flaw(looked: &Looked<'_, '_, '_>, path: &AttributePath, text: &str) -> Option<(Flaw, String)> {
    let kind = looked.block.block.label(0).unwrap_or_default();
    let parsed = Path::parse(text)?;
    // A manifest is a value and has no blocks.
    let is_manifest = kind.ends_with("_manifest");
    if let Some((map, key)) = dotted(&parsed).filter(|_| !is_manifest) {
        let why =
            format!("Terraform ignores nothing: the key of a map is written `{map}[\"{key}\"]`");
        return Some((Flaw::DottedKey, why));
    }
    let Effective { path: effective, is_wider, is_element, is_set } =
        path.effective_in(looked.block.block);
    if is_set {
        let why = format!("Terraform refuses it: `{effective}` is a set, and has no positions");
        return Some((Flaw::NoSuchBlock, why));
    }
    if effective != *path && !is_manifest && !is_element {
        // Where there are some of that name, there is none at this position.
        let position = text.strip_prefix(&*effective.to_string()).and_then(|it| it.split_once(']'));
        let position = position.filter(|_| is_wider).map(|(position, _)| format!("{position}]"));
        let missing = format!("{effective}{}", position.unwrap_or_default());
        let why = format!("Terraform ignores nothing: the code has no `{missing}`");
        return Some((Flaw::NoSuchBlock, why));
    }
    if provider::computes(text) {
        return Some((Flaw::Computed, "the provider computes it, whatever is ignored".to_owned()));
    }
    let field = FieldPath::parse(text)?;
    let retired =
        looked.mutators.iter().find(|it| it.retired.is_some() && it.fields(kind).contains(&field));
    if let Some(since) = retired.and_then(|it| it.retired.as_deref()) {
        return Some((Flaw::Retired, format!("nobody writes it since {since}")));
    }
    if provider::drops(looked.world.repo, &looked.all[0], &field) {
        let why = "the provider leaves it out of plans by itself, unless the code declares it";
        return Some((Flaw::Dropped, why.to_owned()));
    }
    None
}

/// The map and the key where `path` writes one as an attribute.
fn dotted(path: &Path) -> Option<(String, &str)> {
    path.0.windows(2).enumerate().find_map(|(at, steps)| match steps {
        [Step::Name(map), Step::Name(key)] if is_map(map) => {
            Some((Path(path.0[..=at].to_vec()).to_string(), key.as_str()))
        }
        _ => None,
    })
}

/// The entries that hide a field of which the tables say that the plan must show it where the code declares it.
fn hidden(
    looked: &Looked<'_, '_, '_>,
    ignored: &IgnoreChanges<'_>,
) -> Vec<(TextRange, String, String)> {
    let kind = looked.block.block.label(0).unwrap_or_default();
    let mut hidden = Vec::new();
    for mutator in looked.mutators {
        let Some(never) = mutator.never_ignore.as_ref().filter(|it| it.when_declared) else {
            continue;
        };
        for field in mutator.fields(kind) {
            let text = field.to_string();
            let entry = AttributePath::parse(&text).and_then(|it| ignored.covering(&it));
            let Some(range) = entry else { continue };
            let is_declared = looked.all.iter().any(|resource| {
                let ground = Ground { world: looked.world, mutators: looked.mutators, resource };
                ground.declares(field) == Truth::Yes
                    && !matches!(ground.object(mutator), Truth::No(_))
            });
            if is_declared {
                hidden.push((range, text, never.reason.clone()));
            }
        }
    }
    hidden
}
