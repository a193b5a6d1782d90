//! Which construct of the newer state was which of the older one.
//!
//! Invariant: every construct has at most one counterpart. What is the same in its place comes first, then what was moved,
//! then what was renamed, and at last what was changed.

use std::collections::{HashMap, HashSet};

use super::construct::Construct;

/// The counterparts of the newer state's constructs, and of the older one's.
#[derive(Debug)]
pub(super) struct Pairs {
    /// By the newer construct's position: the older one's, and whether they say the same.
    newer: Vec<Option<(usize, bool)>>,
    /// By the older construct's position: whether it is still there, and says the same.
    stays: Vec<bool>,
    taken: Vec<bool>,
    /// By the older construct's position: whether names in it are others now.
    renamed: Vec<bool>,
}

/// Names that changed: where they are known, the old one and the new one.
type Renames<'s> = Vec<(&'s str, String, String)>;

/// Something that was renamed may refer to another thing that was: so often names are followed.
const ROUNDS: usize = 3;

impl Pairs {
    /// Pairs the constructs `newer` with those in `older`.
    pub(super) fn of(newer: &[Construct<'_>], older: &[Construct<'_>]) -> Pairs {
        let mut pairs = Pairs {
            newer: vec![None; newer.len()],
            stays: vec![false; older.len()],
            taken: vec![false; older.len()],
            renamed: vec![false; older.len()],
        };
        pairs.pair(newer, older, true, |it| Some((&*it.file.path, &*it.address, &*it.says)));
        pairs.pair(newer, older, true, |it| Some((it.home, &*it.address, &*it.says)));
        pairs.pair(newer, older, true, |it| Some(("", &*it.address, &*it.says)));
        pairs.follow_renames(newer, older);
        pairs.pair(newer, older, false, |it| Some((&*it.file.path, &*it.address, "")));
        pairs.pair(newer, older, false, |it| Some((it.home, &*it.address, "")));
        pairs
    }

    /// The older construct that the one at `newer` is or was.
    pub(super) fn counterpart(&self, newer: usize) -> Option<usize> {
        self.newer[newer].map(|(older, _)| older)
    }

    /// Whether the newer construct at `newer` says what its counterpart said.
    pub(super) fn is_same(&self, newer: usize) -> bool {
        self.newer[newer].is_some_and(|(_, same)| same)
    }

    /// Whether the older construct at `older` still says the same somewhere.
    pub(super) fn stays(&self, older: usize) -> bool {
        self.stays[older]
    }

    /// Whether the older construct at `older` is still there, and names in it are others now.
    pub(super) fn is_renamed(&self, older: usize) -> bool {
        self.renamed[older]
    }

    /// Pairs those that `key` gives the same, in order.
    fn pair<'c, K: std::hash::Hash + Eq>(
        &mut self,
        newer: &'c [Construct<'_>],
        older: &'c [Construct<'_>],
        same: bool,
        key: impl Fn(&'c Construct<'_>) -> Option<K>,
    ) {
        let mut free: HashMap<K, Vec<usize>> = HashMap::new();
        for (at, construct) in older.iter().enumerate().rev().filter(|(at, _)| !self.taken[*at]) {
            if let Some(key) = key(construct) {
                free.entry(key).or_default().push(at);
            }
        }
        for (at, construct) in newer.iter().enumerate() {
            if self.newer[at].is_none()
                && let Some(older) = key(construct).and_then(|key| free.get_mut(&key)?.pop())
            {
                self.take(at, older, same);
            }
        }
    }

    fn take(&mut self, newer: usize, older: usize, same: bool) {
        self.newer[newer] = Some((older, same));
        self.taken[older] = true;
        self.stays[older] = same;
    }

    /// Finds what was only renamed, and what says the same but for such names.
    fn follow_renames(&mut self, newer: &[Construct<'_>], older: &[Construct<'_>]) {
        let names = |all: &[Construct<'_>]| -> HashSet<(String, String)> {
            all.iter().map(|it| (it.home.to_owned(), it.address.clone())).collect()
        };
        let (new_names, old_names) = (names(newer), names(older));
        let mut renames = Renames::new();
        for _ in 0..ROUNDS {
            let mut found_any = false;
            for (at, construct) in newer.iter().enumerate() {
                if self.newer[at].is_some() {
                    continue;
                }
                let is_it = |other: &Construct<'_>| {
                    if other.address == construct.address {
                        let was = renamed(&other.says, construct.home, &renames);
                        return !renames.is_empty() && was == construct.says;
                    }
                    let key = |it: &Construct<'_>| (it.home.to_owned(), it.address.clone());
                    other.kind == construct.kind
                        && !old_names.contains(&key(construct))
                        && !new_names.contains(&key(other))
                        && renamed(&other.says_unnamed, construct.home, &renames)
                            == construct.says_unnamed
                };
                let mut candidates = older.iter().enumerate();
                let found = candidates.find(|(candidate, other)| {
                    !self.taken[*candidate] && other.home == construct.home && is_it(other)
                });
                let Some((candidate, other)) = found else { continue };
                if other.address != construct.address {
                    let (old, new) = (other.address.clone(), construct.address.clone());
                    renames.push((construct.home, old, new));
                }
                self.take(at, candidate, true);
                self.renamed[candidate] = true;
                found_any = true;
            }
            if !found_any {
                break;
            }
        }
    }
}

/// `text`, known in `home`, with the new names.
fn renamed(text: &str, home: &str, renames: &Renames<'_>) -> String {
    let mut text = text.to_owned();
    for (_, old, new) in renames.iter().filter(|(place, ..)| *place == home) {
        text = replaced(&text, old, new);
    }
    text
}

/// `text` with `old` replaced where it is no part of a longer name.
fn replaced(text: &str, old: &str, new: &str) -> String {
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    let mut out = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in text.match_indices(old) {
        let before = text[..at].chars().next_back().is_some_and(|c| goes_on(c) || c == '.');
        let after = text[at + old.len()..].starts_with(goes_on);
        if !before && !after {
            out.push_str(&text[from..at]);
            out.push_str(new);
            from = at + old.len();
        }
    }
    out.push_str(&text[from..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_replaced_as_a_whole() {
        assert_eq!(replaced("[a.b,a.bc,x.a.b,a.b.c]", "a.b", "a.z"), "[a.z,a.bc,x.a.b,a.z.c]");
    }
}
