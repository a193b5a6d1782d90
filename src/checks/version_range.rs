//! The versions that a constraint allows.
//!
//! Invariant: a range may have more versions than are meant (those that `!=` leaves out), and never fewer.

use std::cmp::Ordering;

use smallvec::SmallVec;

/// The versions between two: more than are meant, never fewer.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Range {
    least: End,
    most: Option<End>,
}

/// A version, and whether it is itself one of those.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct End {
    version: [u64; 3],
    counts: bool,
}

impl Range {
    /// Any version.
    const ALL: Range = Range::from([0; 3]);

    /// The versions from `version` on.
    pub(super) const fn from(version: [u64; 3]) -> Range {
        Range { least: End { version, counts: true }, most: None }
    }

    /// What the constraints in `text` allow; none where one cannot be read, or speaks of what is released before a release.
    pub(super) fn of(text: &str) -> Option<Range> {
        text.split(',').try_fold(Range::ALL, |all, one| Some(all.and(Range::of_one(one.trim())?)))
    }

    fn of_one(text: &str) -> Option<Range> {
        let at = text.find(|c: char| c.is_ascii_digit())?;
        let (operator, version) = text.split_at(at);
        let parts = version.split('.').map(|it| it.parse().ok());
        let parts: SmallVec<[u64; 4]> = parts.collect::<Option<_>>()?;
        let mut full = [0; 3];
        if parts.len() > full.len() {
            return None;
        }
        full[..parts.len()].copy_from_slice(&parts);
        let (from, beyond) =
            (End { version: full, counts: true }, End { version: full, counts: false });
        Some(match operator.trim_end_matches('v').trim() {
            "" | "=" => Range { least: from, most: Some(from) },
            ">=" => Range { least: from, most: None },
            ">" => Range { least: beyond, most: None },
            "<" => Range { most: Some(beyond), ..Range::ALL },
            "<=" => Range { most: Some(from), ..Range::ALL },
            "!=" => Range::ALL,
            "~>" => Range { least: from, most: next(&parts) },
            _ => return None,
        })
    }

    pub(super) fn and(self, other: Range) -> Range {
        let least = if self.least.starts_after(other.least) { self.least } else { other.least };
        let most = match (self.most, other.most) {
            (Some(one), Some(another)) if !another.ends_before(one) => Some(one),
            (one, another) => another.or(one),
        };
        Range { least, most }
    }

    pub(super) fn is_empty(self) -> bool {
        let Some(most) = self.most else { return false };
        match self.least.version.cmp(&most.version) {
            Ordering::Less => false,
            Ordering::Equal => !(self.least.counts && most.counts),
            Ordering::Greater => true,
        }
    }
}

impl End {
    fn starts_after(self, other: End) -> bool {
        (self.version, !self.counts) > (other.version, !other.counts)
    }

    fn ends_before(self, other: End) -> bool {
        (self.version, self.counts) < (other.version, other.counts)
    }
}

/// Where `~>` ends: before the next of the part in front of the last one. One part alone has no such end.
fn next(parts: &[u64]) -> Option<End> {
    let [before @ .., _] = parts else { return None };
    let (last, start) = before.split_last()?;
    let mut version = [0; 3];
    version[..start.len()].copy_from_slice(start);
    version[start.len()] = last.checked_add(1)?;
    Some(End { version, counts: false })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meet(one: &str, other: &str) -> bool {
        let range = |text| Range::of(text).unwrap();
        let both = range(one).and(range(other));
        assert_eq!(both.is_empty(), range(other).and(range(one)).is_empty());
        !both.is_empty()
    }

    #[test]
    fn ranges_meet_where_some_version_is_in_both() {
        for (one, other) in [
            ("~> 5.0", ">= 5.31"),
            ("~> 5.0", "< 6"),
            ("~> 5.1.2", "5.1.9"),
            (">= 1.3, < 2", "~> 1.9"),
            ("> 1.2.3", "1.2.4"),
            ("<= 4.0", ">= 4"),
            ("!= 4.0.0", "4.0.1"),
            ("~> 1", "3.0.0"),
        ] {
            assert!(meet(one, other), "{one} {other}");
        }
        for (one, other) in [
            ("~> 5.0", "~> 4.0"),
            ("~> 5.1.2", "5.2.0"),
            ("~> 5.1.2", "< 5.1.2"),
            ("> 1.2.3", "<= 1.2.3"),
            ("= 1.2", "1.2.1"),
            ("< 4", ">= 4.0.0"),
            (">= 5, < 4", ">= 0"),
        ] {
            assert!(!meet(one, other), "{one} {other}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_none() {
        for text in ["", "latest", "~> 5.0-beta", "1.2.3.4", ">= x", "=> 1", "5.x"] {
            assert_eq!(Range::of(text), None, "{text}");
        }
    }
}
