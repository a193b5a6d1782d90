//! Paths as URIs (RFC 3986).

use std::fmt::Write;

/// `path`, which has `/` between its parts, as a URI reference that names it and nothing else, if it is relative.
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for &byte in path.as_bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            // A `:` in the first part would make it a scheme, so it goes the way of all the others.
            _ => {
                let _ = write!(out, "%{byte:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_means_nothing_else_stands_for_itself() {
        assert_eq!(uri("stacks/a-b/main.tf"), "stacks/a-b/main.tf");
        assert_eq!(uri("a:b/c d/é%#?.tf"), "a%3Ab/c%20d/%C3%A9%25%23%3F.tf");
    }
}
