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

/// The history does not show it.
pub(super) struct NotShown;

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
        let name = |key: &str| {
            let mut header = text.lines().take_while(|line| !line.is_empty());
            header.find_map(|line| Oid::from_str(line.strip_prefix(key)?.trim()).ok())
        };
        if time <= latest {
            return name("tree ").map(Some).ok_or(NotShown);
        }
        match name("parent ") {
            Some(parent) => commit = parent,
            None => return Ok(None),
        }
    }
}

/// The text of the file at `path` below `tree`; `None` where there is none.
pub(super) fn text_in(odb: &Odb, tree: Oid, path: &str) -> Result<Option<String>, NotShown> {
    let read = |name| odb.read(name).map_err(|_| NotShown);
    let mut at = tree;
    for name in path.split('/') {
        match entry(read(at)?.data(), name) {
            Some(found) => at = found,
            None => return Ok(None),
        }
    }
    Ok(Some(String::from_utf8_lossy(read(at)?.data()).into_owned()))
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
