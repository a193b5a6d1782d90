//! Regexes that Go refuses, and with it Terraform, Prometheus and Loki. They are close to those of Rust, and not the same.
//!
//! Invariant: what is told is refused by both; what only one of them takes is not told.

use std::ops::Range;

use regex_syntax::ast::{Error, ErrorKind, parse::Parser};

/// What is wrong with a regex.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Refusal {
    /// What was found: lower case, no full stop.
    pub message: String,
    /// What to type instead, where that is clear.
    pub help: Option<&'static str>,
    /// The bytes of the regex that are wrong.
    pub range: Range<usize>,
}

/// Why `regex` cannot be read as one.
pub fn refusal(regex: &str) -> Option<Refusal> {
    if is_other_in_rust(regex) {
        return None;
    }
    let refused = Parser::new().parse(regex).err()?;
    let (message, help) = told(&refused)?;
    Some(Refusal { message, help, range: place(&refused) })
}

/// Whether there is something in it that the two read differently: sets of classes, and texts between `\Q` and `\E`.
fn is_other_in_rust(regex: &str) -> bool {
    let mut in_class = false;
    let mut letters = regex.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' if letters.next().is_some_and(|(_, escaped)| matches!(escaped, 'Q' | 'C')) => {
                return true;
            }
            '[' if in_class && !regex[at..].starts_with("[:") => return true,
            '[' => in_class = true,
            ']' => in_class = false,
            '&' | '-' | '~' if in_class && regex[at + 1..].starts_with(letter) => return true,
            _ => {}
        }
    }
    false
}

/// The bytes that are wrong: where there is nothing before it, the sign itself.
fn place(refused: &Error) -> Range<usize> {
    let span = refused.span();
    let is_sign = span.start == span.end && matches!(refused.kind(), ErrorKind::RepetitionMissing);
    span.start.offset..span.end.offset + usize::from(is_sign)
}

/// What is said of what Go refuses, too, and what to type.
fn told(refused: &Error) -> Option<(String, Option<&'static str>)> {
    let written = refused.pattern().get(place(refused)).unwrap_or_default();
    let plain = |message: &str| Some((message.to_owned(), None));
    match refused.kind() {
        ErrorKind::GroupUnclosed => plain("`(` is not closed"),
        ErrorKind::GroupUnopened => plain("`)` closes nothing"),
        ErrorKind::ClassUnclosed => plain("`[` is not closed"),
        ErrorKind::ClassRangeInvalid => Some((format!("`{written}` runs backwards"), None)),
        ErrorKind::EscapeUnexpectedEof => plain("nothing stands behind the last `\\`"),
        ErrorKind::RepetitionMissing => {
            let message = format!("nothing stands before `{written}` that could be repeated");
            Some((message, Some("write `.*` for anything")))
        }
        ErrorKind::UnsupportedLookAround => {
            let message = "no regex can look around here";
            Some((
                message.to_owned(),
                Some("say what is meant, or ask a second time for what is not"),
            ))
        }
        ErrorKind::UnsupportedBackreference => plain("no regex can refer back to a group here"),
        ErrorKind::EscapeUnrecognized
            if written.ends_with(|it: char| it.is_ascii_alphanumeric()) =>
        {
            Some((format!("`{written}` means nothing in a regex"), None))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(regex: &str) -> Option<(String, String)> {
        let Refusal { message, range, .. } = refusal(regex)?;
        Some((regex[range].to_owned(), message))
    }

    #[test]
    fn what_go_refuses_is_told_where_it_is() {
        for (regex, at, expected) in [
            ("a(b|c", "(", "`(` is not closed"),
            ("ab)|c", ")", "`)` closes nothing"),
            ("a[b", "[", "`[` is not closed"),
            ("[z-a]", "z-a", "`z-a` runs backwards"),
            ("a\\", "\\", "nothing stands behind the last `\\`"),
            ("*a", "*", "nothing stands before `*` that could be repeated"),
            ("a|+b", "+", "nothing stands before `+` that could be repeated"),
            ("(?!a).*", "(?!", "no regex can look around here"),
            ("(a)\\1", "\\1", "no regex can refer back to a group here"),
            ("a\\y", "\\y", "`\\y` means nothing in a regex"),
        ] {
            let found = fault(regex);
            assert_eq!(found, Some((at.to_owned(), expected.to_owned())), "{regex}");
        }
    }

    #[test]
    fn what_go_takes_is_no_fault() {
        for regex in [
            "",
            ".*",
            "^*a",
            "a{",
            "a{x}",
            "a{,5}",
            "[a[b]",
            "[[:alpha:]]",
            "\\Qa(\\E",
            "[a--z]",
            "\\pN\\z",
            "(?i)a|(?P<x>b)",
            "\\-\\_\\/",
            "$pod",
        ] {
            assert_eq!(fault(regex), None, "{regex}");
        }
    }
}
