//! Wildcard patterns of admission policies: `*` is any text, `/` included, `?` is any one character. `**/` at the start is
//! any directories or none, as in a glob: lists of paths are asked both ways.

use crate::model::{Data, Reason, Value};

/// Whether a pattern matches a value that may be known only in part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) enum Match {
    /// Whatever the unknown parts are.
    Always,
    /// Whatever the unknown parts are, it does not.
    Never,
    /// It depends on what is not known.
    Maybe(Reason),
}

/// Whether `pattern` matches `value`.
pub(super) fn matches(pattern: &str, value: &Value) -> Match {
    if let Some(text) = value.as_str() {
        return if covers(pattern, &text) { Match::Always } else { Match::Never };
    }
    let Data::Text(text) = &value.data else {
        let reason = value.first_unknown().unwrap_or_else(|| Reason::new("it is no string"));
        return Match::Maybe(reason);
    };
    let prefix = text.known_prefix();
    let literal = pattern.find(['*', '?']).map_or(pattern, |at| &pattern[..at]);
    let rest = &pattern[literal.len()..];
    if rest == "*" && prefix.starts_with(literal) {
        Match::Always
    } else if !prefix.starts_with(literal) && !literal.starts_with(prefix.as_str()) {
        Match::Never
    } else {
        Match::Maybe(text.hole().unwrap_or_else(|| Reason::new("a part of it is not known")))
    }
}

/// Whether `pattern` matches `text`.
pub fn covers(pattern: &str, text: &str) -> bool {
    let inside = pattern.strip_prefix("**/");
    inside.is_some_and(|inside| is_like(inside, text)) || is_like(pattern, text)
}

/// Linear in the product of the lengths at worst, and without recursion: the last `*` is the only place to go back to.
fn is_like(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(&byte) if byte == b'?' || byte == text[t] => {
                p += 1;
                t += 1;
            }
            _ => match star {
                Some((star_p, star_t)) => {
                    (p, t) = (star_p + 1, star_t + 1);
                    star = Some((star_p, star_t + 1));
                }
                None => return false,
            },
        }
    }
    pattern[p..].iter().all(|&byte| byte == b'*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_crosses_slashes_and_is_anchored() {
        assert!(covers("alpine*", "alpine/socat:1"));
        assert!(covers("docker.io/*", "docker.io/library/redis:7"));
        assert!(covers("192.0.2.1*", "192.0.2.103/x"));
        assert!(!covers("docker.io/*", "redis:7-alpine"));
        assert!(!covers("alpine*", "x/alpine"));
        assert!(covers("*/a?c*e", "x/abcde"));
        assert!(!covers("", "x"));
    }

    #[test]
    fn directories_at_the_start_may_be_none() {
        assert!(covers("**/CHANGELOG*", "CHANGELOG.md"));
        assert!(covers("**/CHANGELOG*", "docs/old/CHANGELOG.md"));
        assert!(!covers("**/CHANGELOG*", "docs/MY-CHANGELOG.md"));
    }
}
