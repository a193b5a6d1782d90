//! What files said some days before the commit that is checked out.
//!
//! Invariant: what the history does not show is unknown, never absent: a shallow clone knows less and claims nothing.

use std::collections::BTreeMap;

use git2::{Odb, Oid};

use super::head;

const SECONDS_A_DAY: i64 = 86_400;

/// The bytes of an object's name in a tree.
const NAME_LENGTH: usize = 20;

/// Earlier texts of some files.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Past {
    texts: BTreeMap<(u32, Box<str>), Option<String>>,
}

/// What a file said at some time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Earlier<'p> {
    /// This.
    Text(&'p str),
    /// Nothing: it was not there.
    Absent,
    /// Nobody knows: there is no history, or it does not go back so far.
    Unknown,
}

impl Past {
    /// What the file at `path` (relative to the root) said `days` before the commit.
    pub fn earlier(&self, days: u32, path: &str) -> Earlier<'_> {
        match self.texts.get(&(days, path.into())) {
            Some(Some(text)) => Earlier::Text(text),
            Some(None) => Earlier::Absent,
            None => Earlier::Unknown,
        }
    }

    /// Says what the file at `path` said `days` before the commit; `None` where it was not there.
    pub fn add(&mut self, days: u32, path: &str, text: Option<String>) {
        self.texts.insert((days, path.into()), text);
    }
}

/// What a file said at some commit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Revision {
    /// The commit that brought it.
    pub commit: String,
    /// When that was made: seconds since 1970.
    pub time: i64,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// Commits are followed for so long: more than a busy repo makes in years.
const MOST_COMMITS: usize = 50_000;

/// The history does not show it.
pub(super) struct NotShown;

/// What the files at `paths` said at `commit` and before it, on the way of first parents, each newest first; none of those
/// of which the history breaks off before it is told.
pub(super) fn revisions(
    odb: &Odb,
    commit: Oid,
    paths: &[String],
) -> Result<BTreeMap<String, Vec<Revision>>, NotShown> {
    let mut found: BTreeMap<String, Vec<Revision>> =
        paths.iter().map(|path| (path.clone(), Vec::new())).collect();
    // What each file was at the commit that came after: the one that brought it is the last that had it.
    let mut after: Vec<Option<(Oid, String, i64)>> = vec![None; paths.len()];
    // What the first step of each path led to there: where that is the same, nothing below it differs.
    let mut above: Vec<Option<Oid>> = vec![None; paths.len()];
    let mut next = Some(commit);
    for _ in 0..MOST_COMMITS {
        let Some(commit) = next else { break };
        let object = odb.read(commit).map_err(|_| NotShown)?;
        let text = String::from_utf8_lossy(object.data()).into_owned();
        let time = head::committer_time(&text).ok_or(NotShown)?;
        let tree = header(&text, "tree ").ok_or(NotShown)?;
        let root = odb.read(tree).map_err(|_| NotShown)?;
        for ((path, after), above) in paths.iter().zip(&mut after).zip(&mut above) {
            let first = entry(root.data(), path.split('/').next().unwrap_or(path));
            let now = if *above == first {
                after.as_ref().map(|it| it.0)
            } else {
                blob_in(odb, tree, path)?
            };
            *above = first;
            let is_same = after.as_ref().map(|it| it.0) == now;
            if !is_same && let Some(revision) = after.take() {
                keep(odb, &mut found, path, revision)?;
            }
            // It stood so already: an older commit brought it.
            *after = now.map(|blob| (blob, commit.to_string(), time));
        }
        next = header(&text, "parent ");
    }
    for (path, after) in paths.iter().zip(after) {
        if let Some(revision) = after {
            keep(odb, &mut found, path, revision)?;
        }
    }
    Ok(found)
}

fn keep(
    odb: &Odb,
    found: &mut BTreeMap<String, Vec<Revision>>,
    path: &str,
    (blob, commit, time): (Oid, String, i64),
) -> Result<(), NotShown> {
    let bytes = odb.read(blob).map_err(|_| NotShown)?.data().to_vec();
    found.entry(path.to_owned()).or_default().push(Revision { commit, time, bytes });
    Ok(())
}

/// The object that the header `key` of a commit names.
fn header(commit: &str, key: &str) -> Option<Oid> {
    let mut header = commit.lines().take_while(|line| !line.is_empty());
    header.find_map(|line| Oid::from_str(line.strip_prefix(key)?.trim()).ok())
}

/// The tree of the newest commit that is `days` older than `commit`, on the way of first parents; `None` where the history
/// is complete and does not go back so far.
pub(super) fn tree_before(odb: &Odb, commit: Oid, days: u32) -> Result<Option<Oid>, NotShown> {
    let mut commit = commit;
    let mut latest = None;
    loop {
        let object = odb.read(commit).map_err(|_| NotShown)?;
        let text = String::from_utf8_lossy(object.data());
        let time = head::committer_time(&text).ok_or(NotShown)?;
        let latest = *latest.get_or_insert(time - i64::from(days) * SECONDS_A_DAY);
        if time <= latest {
            return header(&text, "tree ").map(Some).ok_or(NotShown);
        }
        match header(&text, "parent ") {
            Some(parent) => commit = parent,
            None => return Ok(None),
        }
    }
}

/// The text of the file at `path` below `tree`; `None` where there is none.
pub(super) fn text_in(odb: &Odb, tree: Oid, path: &str) -> Result<Option<String>, NotShown> {
    let Some(blob) = blob_in(odb, tree, path)? else { return Ok(None) };
    let object = odb.read(blob).map_err(|_| NotShown)?;
    Ok(Some(String::from_utf8_lossy(object.data()).into_owned()))
}

/// What stands at `path` below `tree`; `None` where nothing does.
fn blob_in(odb: &Odb, tree: Oid, path: &str) -> Result<Option<Oid>, NotShown> {
    let mut at = tree;
    for name in path.split('/') {
        match entry(odb.read(at).map_err(|_| NotShown)?.data(), name) {
            Some(found) => at = found,
            None => return Ok(None),
        }
    }
    Ok(Some(at))
}

/// The entry `name` of a tree, which is a run of `MODE NAME\0` and the object's name.
fn entry(tree: &[u8], name: &str) -> Option<Oid> {
    let mut rest = tree;
    loop {
        let end = memchr::memchr(0, rest)?;
        let (head, after) = (&rest[..end], rest.get(end + 1..)?);
        let (object, next) = (after.get(..NAME_LENGTH)?, after.get(NAME_LENGTH..)?);
        let found = head.split(|byte| *byte == b' ').skip(1).collect::<Vec<_>>().join(&b' ');
        if found == name.as_bytes() {
            return Oid::from_bytes(object).ok();
        }
        rest = next;
    }
}
