//! The first argument of `formatdate`.

use std::ops::Range;

/// What a run of letters may be.
const KNOWN: [&str; 23] = [
    "YYYY", "YY", "MMMM", "MMM", "MM", "M", "DD", "D", "EEEE", "EEE", "hh", "h", "HH", "H", "AA",
    "aa", "mm", "m", "ss", "s", "ZZZZZ", "ZZZZ", "ZZZ",
];

/// Where `text` has letters that mean nothing, or a text that is not closed.
pub(super) fn fault(text: &str) -> Option<Range<usize>> {
    let mut at = 0;
    while let Some(letter) = text[at..].chars().next() {
        let start = at;
        if letter == '\'' {
            // Two of them inside are one.
            let inside = &text[at + 1..];
            at += 2 + inside.find('\'').unwrap_or(inside.len());
            if at > text.len() {
                return Some(start..text.len());
            }
            continue;
        }
        let same = |it: &char| *it == letter;
        at += text[at..].chars().take_while(same).map(char::len_utf8).sum::<usize>();
        let run = &text[start..at];
        if letter.is_ascii_alphabetic() && !KNOWN.contains(&run) && run != "Z" {
            return Some(start..at);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `terraform console` 1.11 has it.
    #[test]
    fn letters_that_mean_nothing_are_found() {
        for (text, expected) in [
            ("YYYY-MM-DD'T'hh:mm:ssZ", None),
            ("YYYYMMDDhhmmss", None),
            ("h_m 'o''clock' aa ZZZ EEE", None),
            ("YYYY-mm-dd", Some("dd")),
            ("YYY", Some("YYY")),
            ("hhh", Some("hhh")),
            ("q", Some("q")),
            ("hh'x", Some("'x")),
        ] {
            assert_eq!(fault(text).map(|range| &text[range]), expected, "{text}");
        }
    }
}
