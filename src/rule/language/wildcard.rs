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

/// Stands for a part that is not known: only `*` covers it.
const HOLE: &str = "\0";

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
    let known = text.pieces.iter().map(|piece| piece.text.as_deref().unwrap_or(HOLE));
    // Of which not even the beginning is known, nobody can say what it is.
    if pattern == "*" || !prefix.is_empty() && covers(pattern, &known.collect::<String>()) {
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
            Some(&byte)
                if byte == text[t] || byte == b'?' && !HOLE.as_bytes().contains(&text[t]) =>
            {
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
    use std::sync::Arc;

    use smol_str::SmolStr;

    use super::*;
    use crate::model::{Piece, Text};
    use crate::text::{FileId, Span, TextRange};

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
    fn what_is_not_known_is_covered_by_a_star_alone() {
        let span = Span { file: FileId(0), range: TextRange::new(0, 0) };
        let piece = |text: Option<&str>| Piece {
            text: text.map(SmolStr::new).ok_or_else(|| Reason::new("who knows")),
            span,
        };
        let pieces = [Some("--include=*/\n"), None, Some("/\n--exclude=/a/")].map(piece);
        let text = Text { pieces: pieces.into_iter().collect() };
        let value = Value { data: Data::Text(Arc::new(text)), span };
        assert_eq!(matches("*--include=*/\n*--exclude=/a*", &value), Match::Always);
        assert_eq!(matches("--include=*", &value), Match::Always);
        assert_eq!(matches("x*", &value), Match::Never);
        let Data::Text(text) = &value.data else { panic!("it is a text") };
        let rest = Text { pieces: text.pieces[1..].iter().cloned().collect() };
        let rest = Value { data: Data::Text(Arc::new(rest)), span };
        assert!(matches!(matches("*/a/", &rest), Match::Maybe(_)));
        assert_eq!(matches("*", &rest), Match::Always);
        assert!(matches!(matches("--include=*/\n?/\n--exclude=/a/", &value), Match::Maybe(_)));
    }

    #[test]
    fn directories_at_the_start_may_be_none() {
        assert!(covers("**/CHANGELOG*", "CHANGELOG.md"));
        assert!(covers("**/CHANGELOG*", "docs/old/CHANGELOG.md"));
        assert!(!covers("**/CHANGELOG*", "docs/MY-CHANGELOG.md"));
    }
}
