//! JSON in pieces: the members of an object and the elements of an array, one by one, each as the bytes that it is
//! written in. What is passed over is only counted through, so a file far larger than memory can be read.
//!
//! Invariant: never more than one piece is in memory; what is handed out is whole, but only whoever parses it knows
//! whether it is JSON.

use std::io::{self, Read};

use memchr::memchr2;

/// How much is asked of the reader at once.
const CHUNK: usize = 256 * 1024;

/// Why JSON cannot be read on. Offsets are bytes from the start, counted from 0.
#[derive(Debug)]
pub(super) enum Broken {
    /// It ends in the middle.
    Truncated(u64),
    /// Something else stands where a value, a key or a comma was due.
    Syntax(u64),
    /// The reader failed.
    Reader(io::Error),
}

/// Finds the end of one value.
#[derive(Default)]
struct Scanner {
    depth: usize,
    in_text: bool,
    is_escaped: bool,
    is_bare: bool,
}

impl Scanner {
    /// How far the value reaches into `bytes`, where it ends there. A bare value (a number, `true`) ends before what
    /// follows it.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        while at < bytes.len() {
            if self.is_escaped {
                self.is_escaped = false;
                at += 1;
                continue;
            }
            if self.in_text {
                at += end_of_text(&bytes[at..])?;
                if bytes[at] == b'\\' {
                    self.is_escaped = true;
                } else {
                    self.in_text = false;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                at += 1;
                continue;
            }
            match bytes[at] {
                b'"' if self.is_bare => return Some(at),
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                b'}' | b']' if self.depth == 0 => return Some(at),
                b'}' | b']' => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at + 1);
                    }
                }
                byte if self.depth == 0 => {
                    if byte == b',' || byte == b':' || byte.is_ascii_whitespace() {
                        return Some(at);
                    }
                    self.is_bare = true;
                }
                _ => {}
            }
            at += 1;
        }
        None
    }
}

/// Where a text ends, or something in it is escaped.
fn end_of_text(bytes: &[u8]) -> Option<usize> {
    // Most texts are short: to look at each byte costs less than to set up a search.
    const NEAR: usize = 24;
    let is_end = |byte: &u8| *byte == b'"' || *byte == b'\\';
    let near = bytes.len().min(NEAR);
    match bytes[..near].iter().position(is_end) {
        Some(at) => Some(at),
        None => Some(near + memchr2(b'"', b'\\', &bytes[near..])?),
    }
}

/// JSON that comes from a reader.
pub(super) struct Stream<R> {
    reader: R,
    buffer: Vec<u8>,
    /// Where in the buffer the next byte is.
    at: usize,
    /// How many bytes there were before the buffer.
    dropped: u64,
    is_done: bool,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(reader: R) -> Self {
        Stream { reader, buffer: Vec::new(), at: 0, dropped: 0, is_done: false }
    }

    /// Enters the object or array that `open` begins; `false` where something else stands here, which stays unread.
    pub(super) fn enter(&mut self, open: u8) -> Result<bool, Broken> {
        let is_there = self.peek()? == open;
        self.at += usize::from(is_there);
        Ok(is_there)
    }

    /// The next key of the object that was entered, and the colon behind it; `None` at the end of the object, which is
    /// thereby left.
    pub(super) fn key(&mut self, is_first: bool) -> Result<Option<String>, Broken> {
        if self.leaves(b'}', is_first)? {
            return Ok(None);
        }
        let place = self.offset();
        let key = serde_json::from_slice(self.value()?).map_err(|_| Broken::Syntax(place))?;
        if self.peek()? != b':' {
            return Err(Broken::Syntax(self.offset()));
        }
        self.at += 1;
        Ok(Some(key))
    }

    /// Whether the array that was entered has another element; else it is thereby left.
    pub(super) fn has_element(&mut self, is_first: bool) -> Result<bool, Broken> {
        Ok(!self.leaves(b']', is_first)?)
    }

    /// Calls `f` with each element of the array that stands here; passes over anything else.
    pub(super) fn each<E: From<Broken>>(
        &mut self,
        mut f: impl FnMut(&[u8], u64) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.enter(b'[')? {
            return Ok(self.skip()?);
        }
        let mut is_first = true;
        while self.has_element(is_first)? {
            is_first = false;
            self.peek()?;
            let place = self.offset();
            f(self.value()?, place)?;
        }
        Ok(())
    }

    /// The bytes of the next value.
    pub(super) fn value(&mut self) -> Result<&[u8], Broken> {
        self.peek()?;
        let mut scanner = Scanner::default();
        let mut scanned = 0;
        loop {
            if let Some(length) = scanner.end(&self.buffer[self.at + scanned..]) {
                let start = self.at;
                self.at = start + scanned + length;
                return if scanned + length == 0 {
                    Err(Broken::Syntax(self.offset()))
                } else {
                    Ok(&self.buffer[start..self.at])
                };
            }
            scanned = self.buffer.len() - self.at;
            if !self.fill()? {
                return Err(Broken::Truncated(self.dropped + self.buffer.len() as u64));
            }
        }
    }

    /// Passes over the next value.
    pub(super) fn skip(&mut self) -> Result<(), Broken> {
        self.peek()?;
        let place = self.offset();
        let mut scanner = Scanner::default();
        loop {
            if let Some(length) = scanner.end(&self.buffer[self.at..]) {
                self.at += length;
                return if self.offset() == place { Err(Broken::Syntax(place)) } else { Ok(()) };
            }
            self.at = self.buffer.len();
            if !self.fill()? {
                return Err(Broken::Truncated(self.offset()));
            }
        }
    }

    /// Where the next byte is.
    pub(super) fn offset(&self) -> u64 {
        self.dropped + self.at as u64
    }

    /// The next byte that is no white space.
    pub(super) fn peek(&mut self) -> Result<u8, Broken> {
        loop {
            while let Some(&byte) = self.buffer.get(self.at) {
                if !byte.is_ascii_whitespace() {
                    return Ok(byte);
                }
                self.at += 1;
            }
            if !self.fill()? {
                return Err(Broken::Truncated(self.offset()));
            }
        }
    }

    /// Leaves the object or array where it ends, or passes over the comma before its next part.
    fn leaves(&mut self, close: u8, is_first: bool) -> Result<bool, Broken> {
        let next = self.peek()?;
        if next == close {
            self.at += 1;
            return Ok(true);
        }
        if !is_first {
            if next != b',' {
                return Err(Broken::Syntax(self.offset()));
            }
            self.at += 1;
        }
        Ok(false)
    }

    /// Reads on, and lets go of what has been read; `false` where there is no more.
    fn fill(&mut self) -> Result<bool, Broken> {
        if self.is_done {
            return Ok(false);
        }
        self.buffer.drain(..self.at);
        self.dropped += self.at as u64;
        self.at = 0;
        let length = self.buffer.len();
        // A long value doubles the buffer, so that it is not moved for every chunk of it.
        let wanted = CHUNK.max(length) as u64;
        let got = self.reader.by_ref().take(wanted).read_to_end(&mut self.buffer);
        let got = got.map_err(Broken::Reader)?;
        self.is_done = got == 0;
        Ok(got > 0)
    }
}

/// The members of the object that `bytes` are, each as its key and its value; an error where that cannot be told. Keys stand
/// as written: between quotes, with escapes.
pub(super) fn members(bytes: &[u8]) -> impl Iterator<Item = Result<(&[u8], &[u8]), Broken>> {
    let mut parts = Parts { bytes, at: 0, is_first: true, is_done: false };
    std::iter::from_fn(move || {
        parts.next(b'{', b'}', |parts| {
            let key = parts.piece()?;
            if parts.next_byte()? != b':' {
                return None;
            }
            parts.at += 1;
            Some((key, parts.piece()?))
        })
    })
}

/// The elements of the array that `bytes` are; an error where that cannot be told.
pub(super) fn elements(bytes: &[u8]) -> impl Iterator<Item = Result<&[u8], Broken>> {
    let mut parts = Parts { bytes, at: 0, is_first: true, is_done: false };
    std::iter::from_fn(move || parts.next(b'[', b']', Parts::piece))
}

/// See [`members`] and [`elements`].
struct Parts<'a> {
    bytes: &'a [u8],
    at: usize,
    is_first: bool,
    is_done: bool,
}

impl<'a> Parts<'a> {
    fn next<T>(
        &mut self,
        open: u8,
        close: u8,
        part: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Result<T, Broken>> {
        if self.is_done {
            return None;
        }
        let next = self.step(open, close, part);
        self.is_done = !matches!(next, Some(Some(_)));
        match next {
            Some(part) => part.map(Ok),
            None => Some(Err(Broken::Syntax(self.at as u64))),
        }
    }

    /// The next part; nothing inside where there is no more, nothing at all where it is broken.
    fn step<T>(
        &mut self,
        open: u8,
        close: u8,
        part: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Option<Option<T>> {
        let due = if self.is_first { open } else { b',' };
        match self.next_byte()? {
            byte if byte == close && !self.is_first => return Some(None),
            byte if byte != due => return None,
            _ => self.at += 1,
        }
        if self.is_first && self.next_byte()? == close {
            return Some(None);
        }
        self.is_first = false;
        part(self).map(Some)
    }

    fn next_byte(&mut self) -> Option<u8> {
        let rest = self.bytes.get(self.at..)?;
        self.at += rest.iter().position(|byte| !byte.is_ascii_whitespace())?;
        self.bytes.get(self.at).copied()
    }

    fn piece(&mut self) -> Option<&'a [u8]> {
        self.next_byte()?;
        let rest = &self.bytes[self.at..];
        let length = Scanner::default().end(rest)?;
        self.at += length;
        (length > 0).then(|| &rest[..length])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One byte at a time: every border between chunks is tried.
    struct Slow<'a>(&'a [u8]);

    impl Read for Slow<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            let length = self.0.len().min(buffer.len()).min(1);
            buffer[..length].copy_from_slice(&self.0[..length]);
            self.0 = &self.0[length..];
            Ok(length)
        }
    }

    const TEXT: &str = r#" { "a\"}" : [ 1 , "x]\\" , {"k":[{}]} , true ] ,
        "skipped": {"deep": ["}\"", -1.5e9]}, "n": null,"last":"\u00e9" } "#;

    fn pieces(reader: impl Read) -> Result<Vec<String>, Broken> {
        let mut stream = Stream::new(reader);
        let mut found = Vec::new();
        assert!(stream.enter(b'{')?);
        let mut is_first = true;
        while let Some(key) = stream.key(is_first)? {
            is_first = false;
            match key.as_str() {
                "skipped" => stream.skip()?,
                "a\"}" => stream.each::<Broken>(|element, _| {
                    found.push(String::from_utf8_lossy(element).into_owned());
                    Ok(())
                })?,
                _ => found.push(String::from_utf8_lossy(stream.value()?).into_owned()),
            }
        }
        Ok(found)
    }

    #[test]
    fn pieces_are_whole_whatever_the_chunks() {
        let expected = ["1", r#""x]\\""#, r#"{"k":[{}]}"#, "true", "null", r#""\u00e9""#];
        assert_eq!(pieces(TEXT.as_bytes()).unwrap(), expected);
        assert_eq!(pieces(Slow(TEXT.as_bytes())).unwrap(), expected);
    }

    #[test]
    fn what_ends_too_early_is_said_with_its_place() {
        for length in 3..TEXT.trim_end().len() {
            let text = &TEXT.as_bytes()[..length];
            let Err(Broken::Truncated(at)) = pieces(text) else { panic!("{length}") };
            assert_eq!(at, length as u64);
        }
        assert!(matches!(pieces(&b"{\"a\" 1}"[..]), Err(Broken::Syntax(5))));
        assert!(matches!(pieces(&b"{\"n\": }"[..]), Err(Broken::Syntax(6))));
        assert!(matches!(pieces(&b"{\"n\":1 2}"[..]), Err(Broken::Syntax(7))));
    }

    #[test]
    fn members_of_a_piece() {
        let list = |text: &'static str| -> Vec<Option<(String, String)>> {
            let text_of = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            members(text.as_bytes())
                .map(|member| member.ok().map(|(key, value)| (text_of(key), text_of(value))))
                .collect()
        };
        let pair = |key: &str, value: &str| Some((key.to_owned(), value.to_owned()));
        assert_eq!(list("{}"), []);
        assert_eq!(
            list(r#"{ "a" : {"b":1} ,"c":2 }"#),
            [pair(r#""a""#, r#"{"b":1}"#), pair(r#""c""#, "2")]
        );
        assert_eq!(list(r#"{"a":"1""#), [pair(r#""a""#, r#""1""#), None]);
        for broken in ["", "[]", "{", r#"{"a"}"#, r#"{"a":}"#] {
            assert_eq!(list(broken), [None], "{broken}");
        }
        let list = |text: &'static str| -> Vec<Option<&'static [u8]>> {
            elements(text.as_bytes()).map(Result::ok).collect()
        };
        assert_eq!(list("[]"), []);
        assert_eq!(
            list(r#"[ 1,{"a":[]} , "x" ]"#),
            [&b"1"[..], br#"{"a":[]}"#, br#""x""#].map(Some)
        );
        for broken in ["", "{}", "[", "[,]"] {
            assert_eq!(list(broken), [None], "{broken}");
        }
    }
}
