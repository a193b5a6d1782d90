//! The parts of a run → one, with what is missing.
//!
//! Invariant: a stack that any part knows of is in the whole: as it was measured, or with the reason why it was not.

use std::collections::{BTreeMap, BTreeSet};

use super::results::{Kept, Loaded, Manifest, Wanted};
use super::work::short;
use crate::drift::Shards;

/// Parts that were put together.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Merged {
    /// The whole.
    pub manifest: Manifest,
    /// What was measured, sorted by the name of the stack.
    pub kept: Vec<Kept>,
    /// What is missing, one line each. The next merge may have it.
    pub lacking: Vec<String>,
}

/// Puts `parts`, each with the name to call it by, together.
pub fn merge(parts: &[(String, Loaded)]) -> Merged {
    let mut notes: Vec<String> = Vec::new();
    let (merged, missing) = shards(parts, &mut notes);
    commits(parts, &mut notes);
    let kept = newest(parts, &mut notes);
    let mut stacks = wanted(parts, &kept);
    for wanted in stacks.values_mut() {
        if !kept.contains_key(&wanted.stack.name) && wanted.left_out.is_none() {
            let shard = wanted.shard;
            let why = if missing.contains(&shard) {
                format!("shard {shard} is missing")
            } else {
                "no part planned it".to_owned()
            };
            wanted.missing.get_or_insert(why);
        }
    }
    let mut lacking = Vec::new();
    if let Some((_, of)) = merged.as_ref().filter(|_| !missing.is_empty()) {
        let numbers: Vec<String> = missing.iter().map(u32::to_string).collect();
        lacking.push(format!("of {of} shards these are missing: {}", numbers.join(", ")));
    }
    let gaps = stacks.values().filter(|it| it.missing.is_some());
    let gaps: Vec<&str> = gaps.map(|it| it.stack.name.as_str()).collect();
    if !gaps.is_empty() {
        lacking.push(format!("not measured: {}", gaps.join(", ")));
    }
    let own = parts.iter().flat_map(|(_, part)| part.manifest.notes.iter().cloned());
    let mut all: Vec<String> = own.collect();
    all.extend(notes);
    let mut seen = BTreeSet::new();
    all.retain(|note| seen.insert(note.clone()));
    let stacks = stacks.into_values().collect();
    let manifest = Manifest { notes: all, stacks, merged, ..whole(parts) };
    Merged { manifest, kept: kept.into_values().collect(), lacking }
}

/// What was measured, by stack; of what several parts have, the newest.
fn newest(parts: &[(String, Loaded)], notes: &mut Vec<String>) -> BTreeMap<String, Kept> {
    let mut kept: BTreeMap<String, Kept> = BTreeMap::new();
    let mut twice: BTreeSet<&str> = BTreeSet::new();
    for one in parts.iter().flat_map(|(_, part)| &part.kept) {
        let name = &one.measured.stack.name;
        let known = kept.get(name);
        if known.is_some() {
            twice.insert(name);
        }
        if known.is_none_or(|it| it.measured.planned_at < one.measured.planned_at) {
            kept.insert(name.clone(), one.clone());
        }
    }
    if !twice.is_empty() {
        let names: Vec<&str> = twice.into_iter().collect();
        notes.push(format!("in more than one part, and the newest counts: {}", names.join(", ")));
    }
    kept
}

/// What was to be measured, by stack; what is not among the `kept` with the reason, where the part that had it knows one.
fn wanted(parts: &[(String, Loaded)], kept: &BTreeMap<String, Kept>) -> BTreeMap<String, Wanted> {
    let mut stacks: BTreeMap<String, Wanted> = BTreeMap::new();
    for (name, part) in parts {
        for wanted in &part.manifest.stacks {
            let entry = stacks
                .entry(wanted.stack.name.clone())
                .or_insert_with(|| Wanted { missing: None, ..wanted.clone() });
            let is_own = own(&part.manifest).is_none_or(|(own, _)| own.contains(&wanted.shard));
            if is_own && !kept.contains_key(&wanted.stack.name) && entry.left_out.is_none() {
                // Where the part was put together itself, it knows whose run ended.
                let known = || wanted.missing.clone();
                let why = || format!("the run of `{name}` ended before it was planned");
                entry.missing = entry.missing.take().or_else(known).or_else(|| Some(why()));
            }
        }
    }
    stacks
}

/// What holds for all parts.
fn whole(parts: &[(String, Loaded)]) -> Manifest {
    let all = || parts.iter().map(|(_, part)| &part.manifest);
    let Some(first) = all().next() else { return Manifest::default() };
    let id = first.commit.as_ref().map(|it| &it.id);
    let is_same = |other: &Manifest| other.commit.as_ref().map(|it| &it.id) == id;
    let has_ended = all().all(|part| part.ended.is_some());
    Manifest {
        commit: first.commit.clone().filter(|_| all().all(is_same)),
        is_dirty: all().any(|it| it.is_dirty),
        is_partial: all().any(|it| it.is_partial),
        started: all().map(|it| it.started.clone()).min().unwrap_or_default(),
        ended: all().filter_map(|it| it.ended.clone()).max().filter(|_| has_ended),
        shard: None,
        ..first.clone()
    }
}

impl Manifest {
    /// Which parts of a run the results are; none where it was not divided.
    pub fn shards(&self) -> Option<Shards> {
        let (there, of) = own(self)?;
        let missing = (1..=of).filter(|shard| !there.contains(shard)).collect();
        Some(Shards { of, measured: there.into_iter().collect(), missing })
    }
}

/// The shards that are in a part, of how many; none where it was not divided.
fn own(part: &Manifest) -> Option<(BTreeSet<u32>, u32)> {
    let shard = part.shard.map(|(at, of)| (BTreeSet::from([at]), of));
    shard.or_else(|| part.merged.clone())
}

/// The shards that were brought, of how many, and those that nobody brought; what is odd is noted.
fn shards(
    parts: &[(String, Loaded)],
    notes: &mut Vec<String>,
) -> (Option<(BTreeSet<u32>, u32)>, BTreeSet<u32>) {
    let shards = parts.iter().filter_map(|(_, part)| own(&part.manifest));
    let (there, of): (Vec<BTreeSet<u32>>, BTreeSet<u32>) = shards.unzip();
    let there: BTreeSet<u32> = there.into_iter().flatten().collect();
    if of.len() > 1 {
        let numbers: Vec<String> = of.iter().map(u32::to_string).collect();
        notes.push(format!("the parts are of different runs: of {} shards", numbers.join(" and ")));
    }
    let Some(&most) = of.last() else { return (None, BTreeSet::new()) };
    let missing = (1..=most).filter(|shard| !there.contains(shard)).collect();
    (Some((there, most)), missing)
}

/// Parts that planned different commits are noted.
fn commits(parts: &[(String, Loaded)], notes: &mut Vec<String>) {
    let mut all: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (name, part) in parts {
        let id = part.manifest.commit.as_ref().map_or("no commit", short);
        all.entry(id).or_default().push(name);
    }
    if all.len() > 1 {
        let told: Vec<String> =
            all.iter().map(|(id, names)| format!("{id} by {}", names.join(", "))).collect();
        notes.push(format!("the parts planned different commits: {}", told.join("; ")));
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::{LeftOut, empty};
    use super::*;
    use crate::drift::{Commit, StackRef, Status};

    fn stack(name: &str) -> StackRef {
        StackRef { name: name.to_owned(), dir: Some(name.to_owned()) }
    }

    fn part(shard: Option<(u32, u32)>, commit: &str, kept: &[(&str, &str)]) -> Loaded {
        let wanted = |(at, name): (usize, &str)| Wanted {
            stack: stack(name),
            shard: at as u32 % 2 + 1,
            left_out: (name == "out").then(|| LeftOut { reason: "x".to_owned(), until: None }),
            missing: None,
        };
        let kept = kept.iter().map(|(name, at)| {
            let mut measured = empty(stack(name), "", Status::Clean, String::new());
            measured.planned_at = Some((*at).to_owned());
            Kept::new(measured, 1)
        });
        let manifest = Manifest {
            shard,
            commit: Some(Commit { id: commit.repeat(40), time: None }),
            ended: Some("2026-11-26T05:00:00Z".to_owned()),
            stacks: ["a", "b", "c", "out"].into_iter().enumerate().map(wanted).collect(),
            ..Manifest::default()
        };
        Loaded::new(std::path::Path::new("part"), manifest, kept)
    }

    fn named(parts: Vec<Loaded>) -> Vec<(String, Loaded)> {
        parts.into_iter().enumerate().map(|(at, part)| (format!("part{at}"), part)).collect()
    }

    #[test]
    fn all_parts_make_the_whole() {
        let parts = named(vec![
            part(Some((1, 2)), "1", &[("a", "1"), ("c", "1")]),
            part(Some((2, 2)), "1", &[("b", "1")]),
        ]);
        let merged = merge(&parts);
        assert_eq!(merged.manifest.notes, [] as [&str; 0]);
        assert!(merged.manifest.stacks.iter().all(|it| it.missing.is_none()), "{merged:?}");
        assert_eq!(merged.kept.len(), 3);
        assert_eq!(merged.manifest.shard, None);
        assert!(merged.manifest.commit.is_some());
    }

    #[test]
    fn what_is_missing_is_named() {
        let merged = merge(&named(vec![part(Some((1, 2)), "1", &[("a", "1")])]));
        assert_eq!(merged.lacking, ["of 2 shards these are missing: 2", "not measured: b, c"]);
        let why: Vec<_> =
            merged.manifest.stacks.iter().map(|it| it.missing.as_deref().unwrap_or("")).collect();
        let ended = "the run of `part0` ended before it was planned";
        assert_eq!(why, ["", "shard 2 is missing", ended, ""]);
    }

    #[test]
    fn what_was_missing_in_a_whole_comes_with_the_next_part() {
        let first = merge(&named(vec![part(Some((1, 2)), "1", &[("a", "1"), ("c", "1")])]));
        assert_eq!(first.lacking, ["of 2 shards these are missing: 2", "not measured: b"]);
        let half = Loaded::new(std::path::Path::new("half"), first.manifest, first.kept);
        let again = merge(&named(vec![half.clone()]));
        assert_eq!(again.lacking, first.lacking);
        assert_eq!(again.manifest.stacks, half.manifest.stacks);
        let ended = merge(&named(vec![half.clone(), part(Some((2, 2)), "1", &[])]));
        assert_eq!(ended.lacking, ["not measured: b"]);
        let why: Vec<_> =
            ended.manifest.stacks.iter().filter_map(|it| it.missing.as_deref()).collect();
        assert_eq!(why, ["the run of `part1` ended before it was planned"]);
        let whole = merge(&named(vec![half, part(Some((2, 2)), "1", &[("b", "1")])]));
        assert_eq!((whole.lacking, whole.manifest.notes), (vec![], vec![]));
        assert!(whole.manifest.stacks.iter().all(|it| it.missing.is_none()));
    }

    #[test]
    fn what_does_not_fit_together_is_said() {
        let merged = merge(&named(vec![
            part(Some((1, 2)), "1", &[("a", "1"), ("b", "1"), ("c", "1")]),
            part(Some((2, 2)), "2", &[("b", "2")]),
        ]));
        assert!(merged.manifest.stacks.iter().all(|it| it.missing.is_none()));
        assert_eq!(merged.manifest.commit, None);
        assert_eq!(merged.kept[1].measured.planned_at.as_deref(), Some("2"));
        assert_eq!(
            merged.manifest.notes,
            [
                "the parts planned different commits: 1111111111 by part0; 2222222222 by part1",
                "in more than one part, and the newest counts: b",
            ]
        );
    }
}
