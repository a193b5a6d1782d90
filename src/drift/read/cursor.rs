//! A place in JSON that is all in memory, from which it is walked in one pass: into what matters, past what does not.
//!
//! Invariant: nothing is parsed or copied; what is passed over is only counted through.

use super::split::{Broken, Scanner, leaves};

/// A place in JSON.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    bytes: &'a [u8],
    at: usize,
    /// Whether an object or array has just been entered.
    is_first: bool,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Cursor { bytes, at: 0, is_first: false }
    }

    /// Enters the object or array that `open` begins; `false` where something else stands here, which stays unread.
    pub(super) fn enter(&mut self, open: u8) -> Result<bool, Broken> {
        let is_there = self.peek()? == open;
        self.at += usize::from(is_there);
        self.is_first |= is_there;
        Ok(is_there)
    }

    /// The next key of the object that was entered, as written between its quotes; `None` at the end of the object, which is
    /// thereby left.
    pub(super) fn key(&mut self) -> Result<Option<&'a [u8]>, Broken> {
        if self.leaves(b'}')? {
            return Ok(None);
        }
        let key = self.value()?;
        let key = key.strip_prefix(b"\"").and_then(|key| key.strip_suffix(b"\""));
        if self.peek()? != b':' {
            return Err(self.broken());
        }
        self.at += 1;
        key.map(Some).ok_or_else(|| self.broken())
    }

    /// Whether the array that was entered has another element; else it is thereby left.
    pub(super) fn has_element(&mut self) -> Result<bool, Broken> {
        Ok(!self.leaves(b']')?)
    }

    /// The next value, as written.
    pub(super) fn value(&mut self) -> Result<&'a [u8], Broken> {
        self.peek()?;
        self.is_first = false;
        let rest = &self.bytes[self.at..];
        // A bare value may end where the text does.
        let length = Scanner::default().end(rest).unwrap_or(rest.len());
        if length == 0 {
            return Err(self.broken());
        }
        self.at += length;
        Ok(&rest[..length])
    }

    /// Passes over the rest of the object or array that was entered.
    pub(super) fn leave(&mut self) -> Result<(), Broken> {
        self.is_first = false;
        let Some(length) = Scanner::inside().end(&self.bytes[self.at..]) else {
            return Err(Broken::Truncated(self.bytes.len() as u64));
        };
        self.at += length;
        Ok(())
    }

    /// Calls `f` with each key of the object that stands here, at its value, which `f` must take. Null has none;
    /// anything else is an error.
    pub(super) fn each_member<E: From<Broken>>(
        &mut self,
        mut f: impl FnMut(&'a [u8], &mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.enter(b'{')? {
            return self.nothing();
        }
        while let Some(key) = self.key()? {
            f(key, self)?;
        }
        Ok(())
    }

    /// The same with each element of an array.
    pub(super) fn each_element<E: From<Broken>>(
        &mut self,
        mut f: impl FnMut(&mut Self) -> Result<(), E>,
    ) -> Result<(), E> {
        if !self.enter(b'[')? {
            return self.nothing();
        }
        while self.has_element()? {
            f(self)?;
        }
        Ok(())
    }

    /// Takes null, and nothing else.
    fn nothing<E: From<Broken>>(&mut self) -> Result<(), E> {
        if self.value()? == b"null" { Ok(()) } else { Err(self.broken().into()) }
    }

    /// The next byte that is no white space.
    pub(super) fn peek(&mut self) -> Result<u8, Broken> {
        while let Some(&byte) = self.bytes.get(self.at) {
            if !byte.is_ascii_whitespace() {
                return Ok(byte);
            }
            self.at += 1;
        }
        Err(Broken::Truncated(self.at as u64))
    }

    /// Leaves the object or array where it ends, or passes over the comma before its next part.
    fn leaves(&mut self, close: u8) -> Result<bool, Broken> {
        let next = self.peek()?;
        let (is_left, length) =
            leaves(next, close, std::mem::take(&mut self.is_first)).ok_or_else(|| self.broken())?;
        self.at += length;
        Ok(is_left)
    }

    fn broken(&self) -> Broken {
        Broken::Syntax(self.at as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn into_what_matters_and_past_the_rest() {
        let text = br#" { "a" : [ 1 , [] , {"x":[{}]}, "y]" ] ,"b\"":{"c":2,"d":{"e":3},"f":4}, "g":-5 } "#;
        let mut cursor = Cursor::new(text);
        let mut found = Vec::new();
        let note = |found: &mut Vec<String>, bytes: &[u8]| {
            found.push(String::from_utf8_lossy(bytes).into_owned());
        };
        cursor
            .each_member::<Broken>(|key, cursor| {
                note(&mut found, key);
                match key {
                    b"a" => cursor.each_element(|cursor| {
                        note(&mut found, cursor.value()?);
                        Ok(())
                    }),
                    b"b\\\"" => {
                        assert!(cursor.enter(b'{')?);
                        assert_eq!(cursor.key()?, Some(&b"c"[..]));
                        note(&mut found, cursor.value()?);
                        cursor.leave()
                    }
                    _ => {
                        note(&mut found, cursor.value()?);
                        Ok(())
                    }
                }
            })
            .unwrap();
        assert_eq!(found, ["a", "1", "[]", r#"{"x":[{}]}"#, r#""y]""#, r#"b\""#, "2", "g", "-5"]);
        assert!(cursor.peek().is_err());
    }

    #[test]
    fn null_holds_nothing() {
        let never = |_: &mut Cursor<'_>| -> Result<(), Broken> { panic!() };
        Cursor::new(b"null").each_element(never).unwrap();
        Cursor::new(b"null").each_member(|_, cursor| never(cursor)).unwrap();
    }

    #[test]
    fn what_is_broken_is_an_error() {
        for broken in
            ["", "[]", "{", r#"{"a"}"#, r#"{"a":}"#, r#"{"a":1"#, r"{a:1}", r#"{"a":1 "b":2}"#]
        {
            let mut cursor = Cursor::new(broken.as_bytes());
            let read = cursor.each_member::<Broken>(|_, cursor| cursor.value().map(drop));
            assert!(read.is_err(), "{broken}");
        }
        for broken in ["", "{}", "[", "[,]", "[1"] {
            let mut cursor = Cursor::new(broken.as_bytes());
            let read = cursor.each_element::<Broken>(|cursor| cursor.value().map(drop));
            assert!(read.is_err(), "{broken}");
        }
    }
}
