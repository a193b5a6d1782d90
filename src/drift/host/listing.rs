//! What somebody listed on a host: digests, sizes, or names alone.
//!
//! Invariant: a line that cannot be read is counted and told, never taken for the absence of a file.

use std::collections::{BTreeMap, BTreeSet};

use super::super::read::{from_utf16, without_mark};

/// The bytes of a digest.
pub const DIGEST: usize = 32;

/// What is known of a file on a host.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Listed {
    /// Its SHA-256.
    Digest([u8; DIGEST]),
    /// Its size in bytes.
    Size(u64),
    /// That it is there.
    Name,
}

impl Listed {
    /// How much it says: of what is listed twice, the more counts.
    fn worth(self) -> u8 {
        match self {
            Listed::Name => 0,
            Listed::Size(_) => 1,
            Listed::Digest(_) => 2,
        }
    }
}

/// A listing.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    files: BTreeMap<String, Listed>,
    /// The directories in which files were listed.
    directories: BTreeSet<String>,
    /// The numbers of the lines that could not be read, counted from 1.
    pub unread: Vec<usize>,
}

impl Listing {
    /// Reads the bytes of a listing: a shell on Windows writes UTF-16, and others a mark in front.
    pub fn of_bytes(bytes: &[u8]) -> Listing {
        let wide = from_utf16(bytes);
        Listing::read(
            &wide.map_or_else(|| String::from_utf8_lossy(without_mark(bytes)), Into::into),
        )
    }

    /// Reads what `sha256sum` prints; `SIZE PATH` as of `find -printf '%s %p\n'`; or paths alone. Lines may be mixed.
    pub fn read(text: &str) -> Listing {
        let mut listing = Listing::default();
        for (number, line) in text.lines().enumerate() {
            let line = line.trim_end_matches('\r');
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            match file(line) {
                Some((path, listed)) => listing.add(path, listed),
                None => listing.unread.push(number + 1),
            }
        }
        listing
    }

    fn add(&mut self, path: String, listed: Listed) {
        self.directories.insert(parent(&path).to_owned());
        let known = self.files.entry(path).or_insert(listed);
        if listed.worth() >= known.worth() {
            *known = listed;
        }
    }

    /// How many files there are in it.
    pub fn files(&self) -> usize {
        self.files.len()
    }

    pub(super) fn get(&self, path: &str) -> Option<Listed> {
        self.files.get(path).copied()
    }

    /// Whether the directory of `path` was listed, so that a file that is not in the listing is not there.
    pub(super) fn covers(&self, path: &str) -> bool {
        self.directories.contains(parent(path))
    }
}

/// The directory that the file at `path` lies in.
pub(super) fn parent(path: &str) -> &str {
    match path.rsplit_once('/') {
        None => "",
        Some(("", _)) => "/",
        Some((parent, _)) => parent,
    }
}

fn file(line: &str) -> Option<(String, Listed)> {
    if line.starts_with('/') {
        return Some((line.to_owned(), Listed::Name));
    }
    let is_escaped = line.starts_with('\\');
    let line = line.strip_prefix('\\').unwrap_or(line);
    let (first, rest) = line.split_once(' ')?;
    // `sha256sum` marks what it read in binary mode.
    let path = rest.strip_prefix([' ', '*']).unwrap_or(rest);
    let path = if is_escaped { unescaped(path) } else { path.to_owned() };
    if !path.starts_with('/') {
        return None;
    }
    if let Some(digest) = digest(first) {
        return Some((path, Listed::Digest(digest)));
    }
    // So many digits are another kind of digest.
    let size = (first.len() < DIGEST).then(|| first.parse().ok()).flatten()?;
    Some((path, Listed::Size(size)))
}

fn digest(text: &str) -> Option<[u8; DIGEST]> {
    let mut digest = [0; DIGEST];
    if text.len() != 2 * DIGEST || !text.is_ascii() {
        return None;
    }
    for (at, byte) in digest.iter_mut().enumerate() {
        *byte = u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()?;
    }
    Some(digest)
}

/// `sha256sum` writes a line break in a name as `\n`, and marks the line.
fn unescaped(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    let mut letters = path.chars();
    while let Some(letter) = letters.next() {
        match (letter, letter == '\\') {
            (_, false) => out.push(letter),
            (_, true) => match letters.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_encodings_are_read() {
        const MARK: char = '\u{feff}';
        let text = "12 /etc/size\r\n/etc/name\r\n";
        let wide: Vec<u8> =
            format!("{MARK}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [wide, format!("{MARK}{text}").into_bytes()] {
            let listing = Listing::of_bytes(&bytes);
            assert_eq!((listing.files(), listing.unread.len()), (2, 0));
            assert_eq!(listing.get("/etc/size"), Some(Listed::Size(12)));
        }
    }

    #[test]
    fn every_form_of_line_is_read() {
        let digest = "ab".repeat(32);
        let text = format!(
            "# pve\n\n{digest}  /usr/local/bin/a b\r\n{digest} */etc/c\n\\{digest}  /etc/d\\ne\\\\f\n\
             12 /etc/size\n/etc/name\n"
        );
        let listing = Listing::read(&text);
        assert_eq!(listing.unread, [] as [usize; 0]);
        let known = Listed::Digest([0xab; DIGEST]);
        for path in ["/usr/local/bin/a b", "/etc/c", "/etc/d\ne\\f"] {
            assert_eq!(listing.get(path), Some(known), "{path:?}");
        }
        assert_eq!(listing.get("/etc/size"), Some(Listed::Size(12)));
        assert_eq!(listing.get("/etc/name"), Some(Listed::Name));
        // What says more counts, whichever comes first.
        for lines in [format!("{digest}  /a\n1 /a\n/a"), format!("/a\n1 /a\n{digest}  /a")] {
            assert_eq!(Listing::read(&lines).get("/a"), Some(known));
        }
        for lines in ["1 /a\n/a", "/a\n1 /a"] {
            assert_eq!(Listing::read(lines).get("/a"), Some(Listed::Size(1)));
        }
        assert!(listing.covers("/etc/other") && !listing.covers("/opt/other"));
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let md5 = "0".repeat(31) + "x";
        let text =
            format!("{md5}  /etc/a\nls: cannot access\n12 relative\n{}  /etc/é\n", "é".repeat(32));
        assert_eq!(Listing::read(&text).unread, [1, 2, 3, 4]);
        let sha1 = "0".repeat(40);
        // Forty digits are no size.
        assert_eq!(Listing::read(&format!("{sha1}  /etc/a")).unread, [1]);
    }
}
