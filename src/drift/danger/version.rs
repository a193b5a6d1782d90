//! Which of two versions is the older, as far as that is certain.
//!
//! Invariant: a name that moves (`latest`, `16` beside `16.1`), a hash, or a change of scheme has no order.

use std::cmp::Ordering;

/// A single number from here on is a date, a hash that happens to have no letter, or a counter nobody can place.
const LONGEST_COUNTER: u64 = 1_000_000;

/// Words for what comes before a release, the earliest first.
const BEFORE_RELEASE: [&[&str]; 4] =
    [&["dev", "snapshot"], &["a", "alpha"], &["b", "beta"], &["rc", "pre", "preview"]];

/// A version taken apart: `release-v1.2.3-rc1` is `release`, `[1, 2, 3]` and `rc1`.
struct Version<'t> {
    /// What stands before the number.
    lead: Vec<&'t str>,
    /// The number.
    number: Vec<u64>,
    /// What stands behind it.
    rest: Vec<&'t str>,
}

/// How `one` and `other` order.
pub(in crate::drift) fn compare(one: &str, other: &str) -> Option<Ordering> {
    if one == other {
        return Some(Ordering::Equal);
    }
    let (one, other) = (one.to_ascii_lowercase(), other.to_ascii_lowercase());
    let (one, other) = (Version::parse(&one)?, Version::parse(&other)?);
    if one.lead != other.lead {
        return None;
    }
    match numbers(&one.number, &other.number)? {
        Ordering::Equal => rests(&one.rest, &other.rest),
        decided => Some(decided),
    }
}

impl<'t> Version<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let parts: Vec<&str> = text.split(['-', '_', '+']).collect();
        let at = parts.iter().position(|part| main(part).is_some())?;
        let (number, behind) = main(parts[at])?;
        let rest = (!behind.is_empty()).then_some(behind);
        let rest = rest.into_iter().chain(parts[at + 1..].iter().copied()).collect();
        let is_said = |part: &&&str| !matches!(**part, "v" | "version" | "release");
        let lead = parts[..at].iter().filter(is_said).copied().collect();
        Some(Version { lead, number, rest })
    }
}

/// The number that `part` is or begins with, and what follows: `v1.2`, `1.2rc1`.
fn main(part: &str) -> Option<(Vec<u64>, &str)> {
    if is_hash(part) {
        return None;
    }
    let part = part.strip_prefix('v').unwrap_or(part);
    let end = part.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(part.len());
    let (number, behind) = part.split_at(end);
    Some((dotted(number.trim_end_matches('.'))?, behind))
}

/// `1.2.3`
fn dotted(text: &str) -> Option<Vec<u64>> {
    text.split('.').map(|part| part.parse().ok()).collect()
}

/// A part such as `rc1`, `alpine3.18` or `k3s2`: what it is without its numbers, and those.
fn shape_and_numbers(part: &str) -> Option<(String, Vec<u64>)> {
    let (mut shape, mut numbers) = (String::new(), Vec::new());
    let mut rest = part;
    while let Some(first) = rest.chars().next() {
        let is_number = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_number).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        if is_number {
            shape.push('#');
            numbers.push(run.parse().ok()?);
        } else {
            shape.push_str(run);
        }
        rest = after;
    }
    Some((shape, numbers))
}

/// Whether it looks like a commit: digits and letters up to `f`, of both at least one.
fn is_hash(part: &str) -> bool {
    let part = part.strip_prefix('g').unwrap_or(part);
    let has_digit = part.bytes().any(|byte| byte.is_ascii_digit());
    let has_letter = part.bytes().any(|byte| byte.is_ascii_alphabetic());
    part.len() >= 7 && has_digit && has_letter && part.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The order of two dotted numbers. Where one goes on (`16`, `16.1`), the shorter may be any of the longer ones.
fn numbers(one: &[u64], other: &[u64]) -> Option<Ordering> {
    let (first, other_first) = (*one.first()?, *other.first()?);
    if first.max(other_first) >= LONGEST_COUNTER && !(is_date(first) && is_date(other_first)) {
        return None;
    }
    // A year on one side only: another way of counting.
    if (first >= 1_000) != (other_first >= 1_000) && one.len().max(other.len()) > 1 {
        return None;
    }
    let decided = one.iter().zip(other).map(|(one, other)| one.cmp(other)).find(|it| it.is_ne());
    match decided {
        Some(decided) => Some(decided),
        None => (one.len() == other.len()).then_some(Ordering::Equal),
    }
}

/// `20240131`
fn is_date(number: u64) -> bool {
    let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
    (2_000..2_100).contains(&year) && (1..=12).contains(&month) && (1..=31).contains(&day)
}

/// The order by what stands behind equal numbers.
fn rests(one: &[&str], other: &[&str]) -> Option<Ordering> {
    for (one, other) in one.iter().zip(other) {
        if one == other {
            continue;
        }
        if is_hash(one) || is_hash(other) {
            return None;
        }
        let ((shape, number), (other_shape, other_number)) =
            (shape_and_numbers(one)?, shape_and_numbers(other)?);
        if shape != other_shape {
            return Some(stage(one)?.cmp(&stage(other)?)).filter(|it| it.is_ne());
        }
        // `r1` and `r01` are one number, written in two ways.
        return numbers(&number, &other_number).filter(|it| it.is_ne());
    }
    // `1.0-rc1` comes before `1.0`; of `1.0-alpine` and `1.0` nobody knows.
    let (shorter, longer, is_older) = if one.len() < other.len() {
        (one, other, Ordering::Greater)
    } else {
        (other, one, Ordering::Less)
    };
    match longer.get(shorter.len()) {
        None => Some(Ordering::Equal),
        Some(next) => {
            let is_before = stage(next).is_some() && !is_hash(next);
            (is_before && shorter.is_empty()).then_some(is_older)
        }
    }
}

/// How far before a release the part puts it.
fn stage(part: &str) -> Option<usize> {
    let end = part.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(part.len());
    let word = &part[..end];
    BEFORE_RELEASE.iter().position(|words| words.contains(&word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_order() {
        for (older, newer) in [
            ("1.9", "1.10"),
            ("v1.9.0", "1.10.0"),
            ("8.11.0", "8.11.1"),
            ("8.11.1-r0", "8.11.1-r1"),
            ("8.11.0-r4", "8.11.1-r0"),
            ("1.25-alpine", "1.26-alpine"),
            ("1.25-alpine3.9", "1.25-alpine3.18"),
            ("1.25-alpine", "1.26-bookworm"),
            ("15", "16"),
            ("15.4", "16.1"),
            ("2024.9.4", "2024.10.1"),
            ("2024.12.1", "2025.1.0"),
            ("20240131", "20250101"),
            ("2024-01-31", "2024-02-01"),
            ("1.0.0-rc1", "1.0.0"),
            ("1.0.0-rc.9", "1.0.0-rc.10"),
            ("1.0.0-alpha", "1.0.0-beta"),
            ("1.0rc1", "1.0"),
            ("1.1.1k-r0", "1.1.2a-r0"),
            ("v1.29.1+k3s1", "v1.29.1+k3s2"),
            ("v1.29.1-k3s1", "v1.30.0-k3s1"),
            ("release-1.2", "release-1.3"),
            ("version-v1.2", "1.3"),
            ("pg16-v0.2.0", "pg16-v0.3.0"),
            ("4.0.9-ls123", "4.0.9-ls124"),
            ("traefik-9.1.0", "traefik-10.0.0"),
            ("1041", "1042"),
        ] {
            assert_eq!(compare(older, newer), Some(Ordering::Less), "{older} {newer}");
            assert_eq!(compare(newer, older), Some(Ordering::Greater), "{newer} {older}");
        }
    }

    #[test]
    fn what_is_not_certain_has_no_order() {
        for (one, other) in [
            ("latest", "1.2"),
            ("latest", "stable"),
            ("main", "release"),
            ("16", "16.1"),
            ("1.2", "1.2.0"),
            ("3f2a1b9c", "9c1d2e3f"),
            ("1a2b3c4d", "2b3c4d5e"),
            ("30417265", "91827364"),
            ("30417265", "20240131"),
            ("2024.1.0", "1.0.0"),
            ("1.2.0-3f2a1b9", "1.2.0-9c1d2e3"),
            ("1.2.0-20240131-g3f2a1b9", "1.2.0-20240131-g9c1d2e3"),
            ("1.2-alpine", "1.2-bookworm"),
            ("1.2", "1.2-alpine"),
            ("8.11.1", "8.11.1-r0"),
            ("pg15-v0.2.0", "pg16-v0.2.0"),
            ("alpine3.17-1.5", "alpine3.18-1.4"),
            ("1..2", "1.3"),
            ("", "1"),
            ("v", "1"),
            ("99999999999999999999999", "1"),
            ("é1", "2"),
        ] {
            assert_eq!(compare(one, other), None, "{one} {other}");
            assert_eq!(compare(other, one), None, "{other} {one}");
        }
        assert_eq!(compare("v1.2", "1.2"), Some(Ordering::Equal));
        assert_eq!(compare("latest", "latest"), Some(Ordering::Equal));
    }
}
