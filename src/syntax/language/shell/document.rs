//! Here-documents: which command reads one, what is in it, and where it ends.
//!
//! The parser gets a script without them: it loses its way where a line goes on behind one (`<<A; b`, `if cat <<A; then`).

use std::ops::Range;

/// Words behind which a command begins.
const OPENING: [&str; 9] = ["then", "do", "else", "elif", "if", "while", "until", "{", "!"];

/// A here-document.
#[derive(Debug)]
pub(super) struct HereDocument {
    /// From `<<` to the end of the word behind it.
    pub(super) operator: Range<usize>,
    /// That word, as it is written.
    pub(super) delimiter: Range<usize>,
    /// The line that ends it.
    pub(super) last_line: String,
    /// Whether `$NAME` and `$(…)` in it are expanded: no part of its word is quoted.
    pub(super) expands: bool,
    /// Whether tabs in front of its lines are left out: `<<-`.
    pub(super) strips_tabs: bool,
    /// Its lines.
    pub(super) body: Range<usize>,
    /// Where the line behind its last one begins.
    pub(super) end: usize,
}

/// What has no end.
pub(super) enum Endless {
    /// A here-document: its operator.
    Document(Range<usize>),
    /// A `$(` or `${` in one: where it begins.
    Expansion(usize),
}

/// The here-documents of a script, in the order in which they begin.
pub(super) fn of_script(text: &str) -> Result<Vec<HereDocument>, Endless> {
    // The parser tells what else has no end.
    Ok(Scanner::new(text, 0..text.len(), Frame::commands(0)).scan()?.found)
}

/// What is expanded in the body of a here-document.
#[derive(Default)]
pub(super) struct Expanded {
    /// `$NAME`, `${…}`, `$(…)`, in order.
    pub(super) all: Vec<Range<usize>>,
    /// The commands in them.
    pub(super) commands: Vec<Range<usize>>,
    /// The here-documents that those read.
    pub(super) documents: Vec<HereDocument>,
}

/// What is expanded in `document`.
pub(super) fn expanded(text: &str, document: &HereDocument) -> Result<Expanded, Endless> {
    if !document.expands || !text[document.body.clone()].contains(['$', '`']) {
        return Ok(Expanded::default());
    }
    let scanner = Scanner::new(text, document.body.clone(), Frame::Document).scan()?;
    match scanner.frames.get(1) {
        Some((start, _)) => Err(Endless::Expansion(*start)),
        None => Ok(Expanded { documents: scanner.found, ..scanner.expanded }),
    }
}

/// `text` with each of `documents` as a file that is read, and blanks for its lines: as long, so that everything else stands
/// where it stood.
pub(super) fn without(text: &str, documents: &[HereDocument]) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for document in documents {
        let HereDocument { operator, delimiter, body, .. } = document;
        bytes[operator.start + 1..delimiter.start].fill(b' ');
        bytes[delimiter.clone()].fill(b'x');
        for byte in bytes[body.start..document.end].iter_mut().filter(|byte| **byte != b'\n') {
            *byte = b' ';
        }
    }
    String::from_utf8(bytes).unwrap_or_default()
}

/// What is open at a place of a script.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Frame {
    /// Commands, until `closing`; the script itself has no end but the last. `cases` counts the `case` without an `esac`.
    Commands { closing: u8, cases: usize },
    /// `"…"`.
    Quoted,
    /// `${…}`.
    Braces,
    /// `((…))`, with so many parentheses open in it.
    Sum { open: usize },
    /// The body of a here-document.
    Document,
}

impl Frame {
    fn commands(closing: u8) -> Frame {
        Frame::Commands { closing, cases: 0 }
    }
}

struct Scanner<'t> {
    text: &'t str,
    at: usize,
    end: usize,
    /// What is open, outermost first, and where it began.
    frames: Vec<(usize, Frame)>,
    /// Those whose lines begin behind the next line break.
    pending: Vec<HereDocument>,
    found: Vec<HereDocument>,
    expanded: Expanded,
    /// Whether a command may begin here.
    is_command: bool,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, range: Range<usize>, frame: Frame) -> Self {
        Scanner {
            text,
            at: range.start,
            end: range.end,
            frames: vec![(range.start, frame)],
            pending: Vec::new(),
            found: Vec::new(),
            expanded: Expanded::default(),
            is_command: true,
        }
    }

    fn scan(mut self) -> Result<Self, Endless> {
        while let Some(byte) = self.byte(0) {
            let frame = self.frames.last().map_or(Frame::commands(0), |(_, frame)| *frame);
            match (byte, frame) {
                (b'\\', _) => self.at += if self.rest().starts_with("\\\r\n") { 3 } else { 2 },
                (b'$', Frame::Commands { .. }) if self.byte(1) == Some(b'\'') => {
                    self.at += 2;
                    self.behind_quote(true);
                }
                (b'$', _) => self.dollar(),
                (b'`', Frame::Commands { closing: b'`', .. })
                | (b'"', Frame::Quoted)
                | (b'}', Frame::Braces) => self.close(1),
                (b'`', _) => self.open(1, Frame::commands(b'`')),
                (b'"', Frame::Commands { .. } | Frame::Braces | Frame::Sum { .. }) => {
                    self.open(1, Frame::Quoted);
                }
                (b'\'', Frame::Braces) if !self.is_in_quotes() => {
                    self.at += 1;
                    self.behind_quote(false);
                }
                (_, Frame::Sum { open }) => self.sum(byte, open),
                (_, Frame::Commands { closing, cases }) => self.command(byte, closing, cases)?,
                _ => self.at += 1,
            }
        }
        if let Some(endless) = self.pending.pop() {
            return Err(Endless::Document(endless.operator));
        }
        self.found.sort_by_key(|document| document.operator.start);
        Ok(self)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..self.end).unwrap_or_default()
    }

    fn byte(&self, ahead: usize) -> Option<u8> {
        self.text.as_bytes()[..self.end].get(self.at + ahead).copied()
    }

    fn open(&mut self, length: usize, frame: Frame) {
        self.frames.push((self.at, frame));
        self.at += length;
        self.is_command = matches!(frame, Frame::Commands { .. });
    }

    fn close(&mut self, length: usize) {
        let end = self.at;
        self.at += length;
        self.is_command = false;
        let Some((start, frame)) = self.frames.pop() else { return };
        if !matches!(self.frames.first(), Some((_, Frame::Document))) {
            return;
        }
        let is_inside =
            self.frames.iter().any(|(_, frame)| matches!(frame, Frame::Commands { .. }));
        if let (false, Frame::Commands { closing, .. }) = (is_inside, frame) {
            let opening = if closing == b'`' { 1 } else { 2 };
            self.expanded.commands.push(start + opening..end);
        }
        if self.frames.len() == 1 {
            self.expanded.all.push(start..self.at);
        }
    }

    /// Whether the `${` that is open stands in quotes, where a `'` is text.
    fn is_in_quotes(&self) -> bool {
        let around = self.frames.iter().rev().find(|(_, frame)| *frame != Frame::Braces);
        matches!(around, Some((_, Frame::Quoted | Frame::Document)))
    }

    fn dollar(&mut self) {
        match (self.byte(1), self.byte(2)) {
            (Some(b'('), Some(b'(')) => self.open(3, Frame::Sum { open: 0 }),
            (Some(b'('), _) => self.open(2, Frame::commands(b')')),
            (Some(b'{'), _) => self.open(2, Frame::Braces),
            _ => {
                let length = name_length(&self.rest()[1..]);
                // `$#` begins no comment.
                let end = self.at + 1 + length;
                if length > 0 && self.frames.len() == 1 {
                    self.expanded.all.push(self.at..end);
                }
                self.at = end;
            }
        }
    }

    fn behind_quote(&mut self, has_escapes: bool) {
        while let Some(byte) = self.byte(0) {
            self.at += if has_escapes && byte == b'\\' { 2 } else { 1 };
            if byte == b'\'' {
                return;
            }
        }
    }

    fn sum(&mut self, byte: u8, open: usize) {
        let frame = match byte {
            b'(' => Frame::Sum { open: open + 1 },
            b')' if open > 0 => Frame::Sum { open: open - 1 },
            b')' if self.byte(1) == Some(b')') => return self.close(2),
            // `((a; b) | c)`: commands after all.
            b')' => Frame::commands(b')'),
            _ => Frame::Sum { open },
        };
        if let Some((_, last)) = self.frames.last_mut() {
            *last = frame;
        }
        self.at += 1;
    }

    fn command(&mut self, byte: u8, closing: u8, cases: usize) -> Result<(), Endless> {
        match byte {
            b'\'' => {
                self.at += 1;
                self.behind_quote(false);
                self.is_command = false;
            }
            b'#' if self.begins_word() => {
                self.at +=
                    memchr::memchr(b'\n', self.rest().as_bytes()).unwrap_or(self.rest().len());
            }
            b'(' if self.byte(1) == Some(b'(') && self.begins_word() => {
                self.open(2, Frame::Sum { open: 0 });
            }
            b'(' => self.open(1, Frame::commands(b')')),
            b')' if cases == 0 && closing == b')' => self.close(1),
            b'<' if self.rest().starts_with("<<<") => self.at += 3,
            b'<' if self.byte(1) == Some(b'<') => self.operator(),
            b'\n' => {
                self.at += 1;
                self.is_command = true;
                self.bodies()?;
            }
            b';' | b'&' | b'|' | b')' => {
                self.at += 1;
                self.is_command = true;
            }
            b' ' | b'\t' | b'\r' => self.at += 1,
            _ => self.word(cases),
        }
        Ok(())
    }

    fn begins_word(&self) -> bool {
        let before = self.text.as_bytes()[..self.at].last();
        before.is_none_or(|byte| byte.is_ascii_whitespace() || b";&|()".contains(byte))
    }

    /// Goes on behind a word, or behind a part of one.
    fn word(&mut self, cases: usize) {
        let rest = self.rest();
        let length = rest.find(|c: char| c.is_ascii_whitespace() || "\\$`\"'#()<>;&|".contains(c));
        let word = &rest[..length.unwrap_or(rest.len())];
        let is_whole = self.begins_word() && self.is_command;
        self.is_command = is_whole && OPENING.contains(&word);
        let frame = self.frames.last_mut();
        if let (true, Some((_, Frame::Commands { cases: open, .. }))) = (is_whole, frame) {
            match word {
                "case" => *open = cases + 1,
                "esac" => *open = cases.saturating_sub(1),
                _ => {}
            }
        }
        self.at += word.len().max(1);
    }

    fn operator(&mut self) {
        let start = self.at;
        let strips_tabs = self.byte(2) == Some(b'-');
        self.at += if strips_tabs { 3 } else { 2 };
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let from = self.at;
        let mut last_line = String::new();
        let mut quote = None;
        let mut rest = self.rest().chars();
        while let Some(c) = rest.next() {
            match (quote, c) {
                (None, '\'' | '"') => quote = Some(c),
                (Some(open), _) if open == c => quote = None,
                (None, '\\') => last_line.extend(rest.next()),
                (None, _) if c.is_ascii_whitespace() || "()<>;&|".contains(c) => break,
                (Some(_), '\n') => break,
                _ => last_line.push(c),
            }
            self.at = self.end - rest.as_str().len();
        }
        let delimiter = from..self.at;
        if delimiter.is_empty() {
            return;
        }
        self.pending.push(HereDocument {
            operator: start..self.at,
            expands: !self.text[delimiter.clone()].contains(['\'', '"', '\\']),
            delimiter,
            last_line,
            strips_tabs,
            body: 0..0,
            end: 0,
        });
    }

    /// Reads the lines of those that were announced on the line before.
    fn bodies(&mut self) -> Result<(), Endless> {
        for mut document in std::mem::take(&mut self.pending) {
            let start = self.at;
            loop {
                let rest = self.rest();
                if rest.is_empty() {
                    return Err(Endless::Document(document.operator));
                }
                let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
                let line = rest[..end].trim_end_matches('\r');
                let line = if document.strips_tabs { line.trim_start_matches('\t') } else { line };
                let from = self.at;
                self.at = (from + end + 1).min(self.end);
                if line == document.last_line {
                    document.body = start..from;
                    document.end = self.at;
                    break;
                }
            }
            self.found.push(document);
        }
        Ok(())
    }
}

/// How long the name of a variable is that `text` begins with.
fn name_length(text: &str) -> usize {
    let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    match text.as_bytes().first() {
        Some(byte) if b"0123456789@*#?$!-".contains(byte) => 1,
        _ => text.bytes().take_while(|byte| is_part(byte)).count(),
    }
}
