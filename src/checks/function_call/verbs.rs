//! The verbs in the first argument of `format`.

use std::ops::Range;

/// How many arguments `text` asks for; or where a verb stands that there is not.
pub(super) fn read(text: &str) -> Result<usize, Range<usize>> {
    let bytes = text.as_bytes();
    let digits = |at: usize| bytes[at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
    let (mut at, mut next, mut most) = (0, 0, 0);
    while let Some(found) = text[at..].find('%') {
        let start = at + found;
        at = start + 1;
        if bytes.get(at) == Some(&b'%') {
            at += 1;
            continue;
        }
        at += bytes[at..].iter().take_while(|byte| b" +-0#".contains(byte)).count();
        at += digits(at);
        if bytes.get(at) == Some(&b'.') {
            at += 1;
            at += digits(at);
        }
        if bytes.get(at) == Some(&b'[') {
            let length = digits(at + 1);
            if let Ok(index @ 1..) = text[at + 1..at + 1 + length].parse::<usize>() {
                next = index - 1;
            }
            at += 1 + length + usize::from(bytes.get(at + 1 + length) == Some(&b']'));
        }
        let Some(verb) = text[at..].chars().next() else { return Err(start..text.len()) };
        at += verb.len_utf8();
        if !"vtbdoxXeEfgGsq".contains(verb) {
            return Err(start..at);
        }
        next += 1;
        most = most.max(next);
    }
    Ok(most)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `terraform console` 1.11 has it.
    #[test]
    fn verbs_are_counted_and_unknown_ones_found() {
        for (text, expected) in [
            ("", Ok(0)),
            ("100 %% of %s", Ok(1)),
            ("%s %[1]s", Ok(1)),
            ("%[1]s %s", Ok(2)),
            ("%[3]d", Ok(3)),
            ("%-5s|%05d|%+d|%#v|% d", Ok(5)),
            ("%.2f %5.1f", Ok(2)),
            ("%", Err("%")),
            // A number with a blank before it.
            ("100% of it", Ok(1)),
            ("a %i", Err("%i")),
            ("%*d", Err("%*")),
        ] {
            let found = read(text).map_err(|range| &text[range]);
            assert_eq!(found, expected, "{text}");
        }
    }
}
