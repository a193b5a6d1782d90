//! Where to go on after a broken item.
//!
//! Invariant: the cursor ends up behind the item's first line break at least, so the file's loop always advances, and
//! the comments of what is passed over are recorded as everywhere.

use super::cursor::{Cursor, Newlines};

/// What the scan is inside of.
#[derive(Clone, Copy)]
enum Inside<'t> {
    /// The bracket that is closed by this byte.
    Bracket(u8),
    /// `${` or `%{`.
    Hole,
    /// A quoted string.
    String,
    /// A heredoc with this marker.
    Heredoc(&'t str),
}

/// As often as that, all in all, the text is passed over in search of what closes. Whoever leaves a hundred blocks open gets
/// a hundred errors, and each search goes on to the end.
const MOST_PASSES: usize = 8;

impl<'t> Cursor<'t> {
    /// From the broken item at `start` to where the next item may begin: the first such line after all its brackets,
    /// strings and heredocs are closed; or, where they never are, the first line that looks like another item.
    pub(super) fn resync(&mut self, start: usize) {
        self.forget_comments_after(start);
        self.newlines = Newlines::Significant;
        self.pos = start;
        let is_enough = self.passed > MOST_PASSES * self.bytes.len();
        let limit = if is_enough { self.next_item_line() } else { None };
        self.pos = start;
        let candidate = self.pass_item(limit.unwrap_or(self.bytes.len()));
        self.passed += self.pos - start;
        let Err(candidate) = candidate else { return };
        self.pos = start;
        let next = limit.or(candidate).or_else(|| self.next_item_line());
        self.pos = next.unwrap_or(self.bytes.len());
        self.forget_comments_after(self.pos);
    }

    /// Passes over what begins here until all of it is closed, or up to `limit`: then the first line before it that looks like
    /// another item is the error.
    fn pass_item(&mut self, limit: usize) -> Result<(), Option<usize>> {
        let start = self.pos;
        let mut stack: Vec<Inside<'t>> = Vec::new();
        let mut candidate = None;
        while self.pos < limit {
            let at_line_start = self.pos > start && self.bytes[self.pos - 1] == b'\n';
            match stack.last() {
                Some(Inside::String) => self.pass_string(&mut stack),
                Some(Inside::Heredoc(marker)) => {
                    let marker = *marker;
                    self.pass_heredoc(&mut stack, marker, at_line_start);
                }
                _ => {
                    if at_line_start && stack.is_empty() && self.may_begin_item() {
                        return Ok(());
                    }
                    if at_line_start && candidate.is_none() && self.looks_like_item() {
                        candidate = Some(self.pos);
                    }
                    self.pass_code(&mut stack);
                }
            }
        }
        if stack.is_empty() && limit == self.bytes.len() { Ok(()) } else { Err(candidate) }
    }

    fn forget_comments_after(&mut self, offset: usize) {
        let kept = self.comments.partition_point(|comment| comment.range.end as usize <= offset);
        self.comments.truncate(kept);
    }

    fn pass_code(&mut self, stack: &mut Vec<Inside<'t>>) {
        let before = self.pos;
        self.skip_trivia();
        if self.pos > before {
            return;
        }
        let byte = self.byte(0);
        match byte {
            b'{' => stack.push(Inside::Bracket(b'}')),
            b'[' => stack.push(Inside::Bracket(b']')),
            b'(' => stack.push(Inside::Bracket(b')')),
            b'"' => stack.push(Inside::String),
            b'}' | b']' | b')' => close(stack, byte),
            b'<' if self.byte(1) == b'<' => {
                if let Some(marker) = self.heredoc_opening() {
                    stack.push(Inside::Heredoc(marker));
                    return;
                }
            }
            _ => {}
        }
        self.pass_char();
    }

    fn pass_char(&mut self) {
        self.pos += 1;
        while !self.text.is_char_boundary(self.pos) {
            self.pos += 1;
        }
    }

    /// Passes `<<EOT` and its line break.
    fn heredoc_opening(&mut self) -> Option<&'t str> {
        let rest = &self.text[self.pos + 2..];
        let rest = rest.strip_prefix('-').unwrap_or(rest);
        let marker = &rest[..name_length(rest)];
        let after = &rest[marker.len()..];
        let line_break =
            ["\n", "\r\n"].into_iter().find(|line_break| after.starts_with(line_break))?;
        if marker.is_empty() {
            return None;
        }
        self.pos = self.text.len() - after.len() + line_break.len();
        Some(marker)
    }

    fn pass_string(&mut self, stack: &mut Vec<Inside<'t>>) {
        match (self.byte(0), self.byte(1)) {
            (b'"', _) => {
                stack.pop();
            }
            // The string is not closed on its line: what is broken is most likely just that.
            (b'\n', _) => {
                stack.pop();
                return;
            }
            (b'\\', next) if next.is_ascii() && next != b'\n' && next != b'\r' => self.pos += 1,
            _ => return self.pass_text(stack),
        }
        self.pos = (self.pos + 1).min(self.bytes.len());
    }

    fn pass_heredoc(&mut self, stack: &mut Vec<Inside<'t>>, marker: &str, at_line_start: bool) {
        if at_line_start {
            let rest = &self.bytes[self.pos..];
            let length = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
            if self.text[self.pos..self.pos + length].trim() == marker {
                stack.pop();
                self.pos += length;
                return;
            }
        }
        self.pass_text(stack);
    }

    /// Passes one step of a template's text.
    fn pass_text(&mut self, stack: &mut Vec<Inside<'t>>) {
        match (self.byte(0), self.byte(1), self.byte(2)) {
            (b'$', b'$', b'{') | (b'%', b'%', b'{') => self.pos += 3,
            (b'$' | b'%', b'{', _) => {
                stack.push(Inside::Hole);
                self.pos += 2;
            }
            _ => self.pass_char(),
        }
    }

    fn next_item_line(&mut self) -> Option<usize> {
        while let Some(length) = memchr::memchr(b'\n', &self.bytes[self.pos..]) {
            self.pos += length + 1;
            if self.looks_like_item() {
                return Some(self.pos);
            }
        }
        None
    }

    /// Whether an item may begin on the line that begins here; what does not is still debris of the broken one.
    fn may_begin_item(&self) -> bool {
        let rest = &self.text[self.pos..];
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = rest[..length].trim();
        let name = name_length(line);
        name > 0 && (assigns(line[name..].trim_start()) || line.contains('{'))
    }

    /// Whether the line that begins here reads like `name = …` or `type "label" {`.
    fn looks_like_item(&self) -> bool {
        let rest = &self.text[self.pos..];
        let length = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        let line = rest[..length].trim_end();
        let name = name_length(line);
        if !self.at_ident() {
            return false;
        }
        let after = line[name..].trim_start();
        let labels = after.split('{').next().unwrap_or_default();
        let opens = after.contains('{')
            && labels.chars().all(|c| {
                c.is_alphanumeric() || matches!(c, ' ' | '\t' | '"' | '_' | '-' | '.' | '/')
            });
        assigns(after) || opens
    }
}

/// How much of `text` is a name, roughly.
fn name_length(text: &str) -> usize {
    text.find(|c: char| !c.is_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(text.len())
}

fn assigns(after_name: &str) -> bool {
    after_name.starts_with('=') && !after_name.starts_with("==") && !after_name.starts_with("=>")
}

/// Leaves the innermost bracket that `byte` closes, and what is open inside it; nothing where there is none before the
/// innermost string or heredoc.
fn close(stack: &mut Vec<Inside<'_>>, byte: u8) {
    for (at, inside) in stack.iter().enumerate().rev() {
        match inside {
            Inside::Bracket(close) if *close == byte => return stack.truncate(at),
            Inside::Bracket(_) => {}
            Inside::Hole if byte == b'}' => return stack.truncate(at),
            Inside::Hole | Inside::String | Inside::Heredoc(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many bytes are passed over in search of what closes the first hundred broken items of `text`, and where they begin.
    fn passed(text: &str) -> (usize, Vec<usize>) {
        let mut cursor = Cursor::new(text, Newlines::Significant);
        let mut starts = Vec::new();
        while starts.len() < 100 {
            cursor.eat_line_breaks();
            if cursor.peek().is_none() {
                break;
            }
            let start = cursor.pos;
            if cursor.item().is_err() {
                starts.push(start);
                cursor.resync(start);
            }
        }
        (cursor.passed, starts)
    }

    #[test]
    fn blocks_that_are_never_closed_are_not_each_searched_to_the_end() {
        for piece in ["a {\n", "gather \"a\" {\n", "a = {\n", "a = [\n# b\n", "a = <<X\n", "a \"\n"]
        {
            let text = piece.repeat(2_000);
            let (passed, starts) = passed(&text);
            assert!(passed <= (MOST_PASSES + 2) * text.len(), "{piece}: {passed}");
            assert!(starts.windows(2).all(|pair| pair[0] < pair[1]), "{piece}: {starts:?}");
        }
    }

    #[test]
    fn each_of_many_open_blocks_has_its_error_and_what_follows_is_read() {
        let text = "a {\n".repeat(40) + &"# c\n".repeat(9) + "b = 1\n";
        let document = crate::syntax::hcl::parse(&text);
        assert_eq!(document.errors.len(), 40);
        assert!(document.body.attribute("b").is_some());
    }
}
