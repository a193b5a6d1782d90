//! Byte offsets to lines and columns.

use super::TextRange;

/// A place as people and editors count: from 1, in characters (Unicode scalar values).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

/// What an editor counts columns in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Unit {
    /// Bytes.
    Utf8,
    /// UTF-16 code units: a character outside the first 65,536 counts twice.
    Utf16,
    /// Characters.
    Utf32,
}

impl Unit {
    fn length(self, character: char) -> u32 {
        match self {
            Unit::Utf8 => character.len_utf8() as u32,
            Unit::Utf16 => character.len_utf16() as u32,
            Unit::Utf32 => 1,
        }
    }
}

/// Where the lines of one text start. `\n` ends a line; a `\r` before it belongs to the line's end. A `\r` alone ends none:
/// the protocol of editors says it does, but those that keep one in a document (Neovim, Emacs, Helix) count as we do, and
/// the others turn it into `\n` before they send the text.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`.
    pub fn new(text: &str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        let mut starts: Vec<u32> = std::iter::once(0).chain(newlines).collect();
        starts.shrink_to_fit();
        Self { starts }
    }

    /// Number of lines; a text that ends in a newline has an empty last line.
    pub fn count(&self) -> usize {
        self.starts.len()
    }

    /// The 0-based line that holds `offset`.
    pub fn line_of(&self, offset: u32) -> usize {
        self.starts.partition_point(|&start| start <= offset) - 1
    }

    /// Offset of the first byte of the 0-based `line`; past the last line, of the last one.
    pub fn start_of(&self, line: usize) -> u32 {
        self.starts[line.min(self.starts.len() - 1)]
    }

    /// The 0-based `line` of `text`, without its line break.
    pub fn range_of(&self, text: &str, line: usize) -> TextRange {
        let start = self.start_of(line) as usize;
        let end = self.starts.get(line + 1).map_or(text.len(), |&next| next as usize);
        let content = text[start..end].trim_end_matches('\n').trim_end_matches('\r');
        TextRange::new(start, start + content.len())
    }

    /// Line and column of `offset` in `text`; an offset inside a character counts as that character's.
    pub fn position(&self, text: &str, offset: u32) -> Position {
        let offset = (offset as usize).min(text.len());
        let line = self.line_of(offset as u32);
        let start = self.starts[line] as usize;
        let mut end = offset;
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let column = text[start..end].chars().count() as u32 + 1;
        Position { line: line as u32 + 1, column }
    }

    /// The place of `offset` in `text` as editors count, in `unit`: line and column, both from 0.
    pub fn place(&self, text: &str, offset: u32, unit: Unit) -> (u32, u32) {
        let line = self.line_of(offset.min(text.len() as u32));
        let start = self.starts[line] as usize;
        let before = text.get(start..).unwrap_or_default().char_indices();
        let before = before.take_while(|(at, it)| start + at + it.len_utf8() <= offset as usize);
        (line as u32, before.map(|(_, character)| unit.length(character)).sum())
    }

    /// The offset of a place as editors count, in `unit`. Past the end of a line it is the line's end, past the last line
    /// that of the text, and inside a character its start.
    pub fn offset(&self, text: &str, (line, column): (u32, u32), unit: Unit) -> u32 {
        if line as usize >= self.count() {
            return text.len() as u32;
        }
        let range = self.range_of(text, line as usize);
        let mut left = column;
        for (at, character) in text[range.indices()].char_indices() {
            let length = unit.length(character);
            if left < length {
                return range.start + at as u32;
            }
            left -= length;
        }
        range.end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters() {
        let text = "a = \"é→\" # x\r\nb";
        let index = LineIndex::new(text);
        let hash = text.find('#').unwrap() as u32;
        assert_eq!(index.position(text, hash), Position { line: 1, column: 10 });
        assert_eq!(index.position(text, text.len() as u32), Position { line: 2, column: 2 });
        assert_eq!(&text[index.range_of(text, 0).indices()], "a = \"é→\" # x");
    }

    #[test]
    fn editors_count_in_units_of_their_own() {
        let text = "é😀x\r\n😀";
        let index = LineIndex::new(text);
        let x = text.find('x').unwrap() as u32;
        for (unit, column) in [(Unit::Utf8, 6), (Unit::Utf16, 3), (Unit::Utf32, 2)] {
            assert_eq!(index.place(text, x, unit), (0, column));
            assert_eq!(index.offset(text, (0, column), unit), x);
            assert_eq!(index.offset(text, (0, 99), unit), x + 1, "the end of the line");
            assert_eq!(index.offset(text, (9, 0), unit), text.len() as u32);
            let end = text.len() as u32;
            assert_eq!(index.offset(text, index.place(text, end, unit), unit), end);
        }
        assert_eq!(index.offset(text, (0, 2), Unit::Utf16), 2, "inside a pair");
    }

    #[test]
    fn an_offset_past_the_end_is_the_end() {
        let index = LineIndex::new("ab\n");
        assert_eq!(index.position("ab\n", 99), Position { line: 2, column: 1 });
    }
}
