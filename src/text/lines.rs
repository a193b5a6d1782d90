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

/// Where the lines of one text start. `\n` ends a line; a `\r` before it belongs to the line's end.
#[derive(Clone, Debug)]
pub struct LineIndex {
    starts: Vec<u32>,
}

impl LineIndex {
    /// Indexes `text`.
    pub fn new(text: &str) -> Self {
        let newlines = memchr::memchr_iter(b'\n', text.as_bytes()).map(|at| at as u32 + 1);
        Self { starts: std::iter::once(0).chain(newlines).collect() }
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
    fn an_offset_past_the_end_is_the_end() {
        let index = LineIndex::new("ab\n");
        assert_eq!(index.position("ab\n", 99), Position { line: 2, column: 1 });
    }
}
