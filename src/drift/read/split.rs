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
pub(super) struct Scanner {
    depth: usize,
    in_text: bool,
    is_escaped: bool,
    is_bare: bool,
}

impl Scanner {
    /// Finds the end of what has been entered.
    pub(super) fn inside() -> Self {
        Scanner { depth: 1, ..Scanner::default() }
    }

    /// How far the value reaches into `bytes`, where it ends there. A bare value (a number, `true`) ends before what
    /// follows it.
    pub(super) fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            if self.is_escaped {
                bytes.get(at)?;
                self.is_escaped = false;
                at += 1;
            }
            if self.in_text {
                at += end_of_text(bytes.get(at..)?)? + 1;
                if bytes[at - 1] == b'\\' {
                    self.is_escaped = true;
                    continue;
                }
                self.in_text = false;
                if self.depth == 0 {
                    return Some(at);
                }
            }
            if self.depth == 0 {
                match *bytes.get(at)? {
                    b'"' if !self.is_bare => self.in_text = true,
                    b'{' | b'[' if !self.is_bare => self.depth = 1,
                    b'"' | b'{' | b'[' | b'}' | b']' | b',' | b':' => return Some(at),
                    byte if byte.is_ascii_whitespace() => return Some(at),
                    _ => self.is_bare = true,
                }
                at += 1;
                continue;
            }
            let inside = bytes.get(at..)?;
            at += inside.iter().position(|byte| MATTERS[usize::from(*byte)])? + 1;
            match bytes[at - 1] {
                b'"' => self.in_text = true,
                b'{' | b'[' => self.depth += 1,
                _ => {
                    self.depth -= 1;
                    if self.depth == 0 {
                        return Some(at);
                    }
                }
            }
        }
    }
}

/// Whether the object or array that `close` ends is left where `next` stands, and how many bytes are to be passed over for that,
/// or before its next part; `None` where neither can begin. It `is_first` where the object or array has just been entered.
pub(super) fn leaves(next: u8, close: u8, is_first: bool) -> Option<(bool, usize)> {
    match next {
        next if next == close => Some((true, 1)),
        _ if is_first => Some((false, 0)),
        b',' => Some((false, 1)),
        _ => None,
    }
}

/// Which bytes matter inside of an object or array, outside of texts.
const MATTERS: [bool; 256] = {
    let mut matters = [false; 256];
    let all = b"\"{}[]";
    let mut at = 0;
    while at < all.len() {
        matters[all[at] as usize] = true;
        at += 1;
    }
    matters
};

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
    /// Whether an object or array has just been entered.
    is_first: bool,
}

impl<R: Read> Stream<R> {
    pub(super) fn new(reader: R) -> Self {
        Stream { reader, buffer: Vec::new(), at: 0, dropped: 0, is_done: false, is_first: false }
    }

    /// Enters the object or array that `open` begins; `false` where something else stands here, which stays unread.
    pub(super) fn enter(&mut self, open: u8) -> Result<bool, Broken> {
        let is_there = self.peek()? == open;
        self.at += usize::from(is_there);
        self.is_first |= is_there;
        Ok(is_there)
    }

    /// The next key of the object that was entered, and the colon behind it; `None` at the end of the object, which is
    /// thereby left.
    pub(super) fn key(&mut self) -> Result<Option<String>, Broken> {
        if self.leaves(b'}')? {
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
    pub(super) fn has_element(&mut self) -> Result<bool, Broken> {
        Ok(!self.leaves(b']')?)
    }

    /// Calls `f` with each element of the array that stands here; passes over anything else.
    pub(super) fn each<E: From<Broken>>(
        &mut self,
        mut f: impl FnMut(&[u8], u64) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.enter(b'[')? {
            return Ok(self.skip()?);
        }
        while self.has_element()? {
            self.peek()?;
            let place = self.offset();
            f(self.value()?, place)?;
        }
        Ok(())
    }

    /// The bytes of the next value.
    pub(super) fn value(&mut self) -> Result<&[u8], Broken> {
        self.peek()?;
        self.is_first = false;
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
        self.is_first = false;
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

    /// Where something stands behind what was read; none where only white space follows.
    pub(super) fn rest(&mut self) -> Result<Option<u64>, Broken> {
        match self.peek() {
            Ok(_) => Ok(Some(self.offset())),
            Err(Broken::Truncated(_)) => Ok(None),
            Err(other) => Err(other),
        }
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
    fn leaves(&mut self, close: u8) -> Result<bool, Broken> {
        let next = self.peek()?;
        let (is_left, length) = leaves(next, close, std::mem::take(&mut self.is_first))
            .ok_or_else(|| Broken::Syntax(self.offset()))?;
        self.at += length;
        Ok(is_left)
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
        while let Some(key) = stream.key()? {
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
}
