//! Languages of which only the comments matter: those with `#`, those with `//` and `/* */`, those with `--`, and markup.
//!
//! Invariant: an apostrophe that is not closed on its line is no quote, so prose in a unit file or a Rust lifetime costs
//! nothing.

use super::builder::Builder;
use super::shell;
use crate::text::TextRange;

/// Python, TOML, INI, systemd units, nginx and their like.
pub(super) fn scan_hash(builder: &mut Builder<'_>, range: TextRange) {
    unit_commands(builder, range);
    let mut cursor = Cursor::new(builder.text, range);
    while let Some(byte) = cursor.byte() {
        match byte {
            b'#' if cursor.after_blank() => {
                let end = cursor.line_end();
                builder.comment(TextRange::new(cursor.at, end), 1, 0);
                cursor.at = end;
            }
            b';' if cursor.starts_line() => {
                let end = cursor.line_end();
                builder.comment(TextRange::new(cursor.at, end), 1, 0);
                cursor.at = end;
            }
            b'"' | b'\'' => cursor.string(byte, Triple::Allowed),
            _ => cursor.at += 1,
        }
    }
}

/// Go, JavaScript, Rust, C and their like.
pub(super) fn scan_slash(builder: &mut Builder<'_>, range: TextRange) {
    let mut cursor = Cursor::new(builder.text, range);
    while let Some(byte) = cursor.byte() {
        match byte {
            b'/' if cursor.next_is(b'/') && !cursor.follows(b':') => {
                let end = cursor.line_end();
                builder.comment(TextRange::new(cursor.at, end), 2, 0);
                cursor.at = end;
            }
            b'/' if cursor.next_is(b'*') => block_comment(builder, &mut cursor),
            b'`' => cursor.raw_string(),
            b'"' | b'\'' => cursor.string(byte, Triple::Unknown),
            _ => cursor.at += 1,
        }
    }
}

/// SQL, Lua, Haskell and their like.
pub(super) fn scan_dash(builder: &mut Builder<'_>, range: TextRange) {
    let mut cursor = Cursor::new(builder.text, range);
    while let Some(byte) = cursor.byte() {
        match byte {
            b'-' if cursor.next_is(b'-') && cursor.after_blank() => {
                let end = cursor.line_end();
                builder.comment(TextRange::new(cursor.at, end), 2, 0);
                cursor.at = end;
            }
            b'/' if cursor.next_is(b'*') => block_comment(builder, &mut cursor),
            b'"' | b'\'' => cursor.string(byte, Triple::Unknown),
            _ => cursor.at += 1,
        }
    }
}

/// XML and HTML. What another language says in one of their elements is not looked at.
pub(super) fn scan_markup(builder: &mut Builder<'_>, range: TextRange) {
    let (text, end) = (builder.text, range.end as usize);
    let mut at = range.start as usize;
    while let Some(open) = memchr::memmem::find(&text.as_bytes()[at..end], b"<!--") {
        let start = at + open;
        let body = start + 4;
        let close = memchr::memmem::find(&text.as_bytes()[body..end], b"-->");
        at = close.map_or(end, |close| body + close + 3);
        builder.comment(TextRange::new(start, at), 4, if close.is_some() { 3 } else { 0 });
    }
}

/// A comment from `/*` to `*/`, or to the end.
fn block_comment(builder: &mut Builder<'_>, cursor: &mut Cursor<'_>) {
    let body = &cursor.text[cursor.at + 2..cursor.end];
    let close = body.find("*/");
    let end = close.map_or(cursor.end, |close| cursor.at + 2 + close + 2);
    builder.comment(TextRange::new(cursor.at, end), 2, if close.is_some() { 2 } else { 0 });
    cursor.at = end;
}

/// The commands of a systemd unit: `ExecStart=-/usr/bin/docker run …`.
fn unit_commands(builder: &mut Builder<'_>, range: TextRange) {
    let mut at = range.start as usize;
    for line in builder.slice(range).split_inclusive('\n') {
        if let Some((key, command)) = line.split_once('=')
            && key.starts_with("Exec")
            && key.bytes().all(|byte| byte.is_ascii_alphanumeric())
        {
            let skipped =
                command.len() - command.trim_start_matches(['-', '@', '+', '!', ':']).len();
            let start = at + key.len() + 1 + skipped;
            shell::scan_lines(builder, TextRange::new(start, at + line.len()));
        }
        at += line.len();
    }
}

/// Whether three quotes open a string that spans lines.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Triple {
    Allowed,
    Unknown,
}

/// A position in the bytes of a range. It only ever stops at ASCII bytes or steps over single bytes, and ranges are cut
/// at ASCII bytes only, so they stay on character boundaries.
struct Cursor<'t> {
    text: &'t str,
    at: usize,
    start: usize,
    end: usize,
    /// From where on no `"""`, `'''` or backtick is left: keeps the search for them linear.
    exhausted: [bool; 3],
}

impl<'t> Cursor<'t> {
    fn new(text: &'t str, range: TextRange) -> Self {
        let (start, end) = (range.start as usize, range.end as usize);
        Self { text, at: start, start, end, exhausted: [false; 3] }
    }

    fn bytes(&self) -> &'t [u8] {
        self.text.as_bytes()
    }

    fn byte(&self) -> Option<u8> {
        (self.at < self.end).then(|| self.bytes()[self.at])
    }

    fn next_is(&self, byte: u8) -> bool {
        self.at + 1 < self.end && self.bytes()[self.at + 1] == byte
    }

    fn follows(&self, byte: u8) -> bool {
        self.at > self.start && self.bytes()[self.at - 1] == byte
    }

    fn after_blank(&self) -> bool {
        self.at == self.start
            || self.bytes()[self.at - 1].is_ascii_whitespace()
            || self.follows(b';')
            || self.follows(b'\xbf')
    }

    fn starts_line(&self) -> bool {
        self.at == self.start || self.follows(b'\n')
    }

    fn line_end(&self) -> usize {
        memchr::memchr(b'\n', &self.bytes()[self.at..self.end])
            .map_or(self.end, |newline| self.at + newline)
    }

    /// Steps over a string, or over its quote where it does not close.
    fn string(&mut self, quote: u8, triple: Triple) {
        let opening = [quote; 3];
        if triple == Triple::Allowed && self.bytes()[self.at..self.end].starts_with(&opening) {
            let which = usize::from(quote == b'\'');
            let close = if self.exhausted[which] {
                None
            } else {
                memchr::memmem::find(&self.bytes()[self.at + 3..self.end], &opening)
            };
            self.exhausted[which] = close.is_none();
            self.at += close.map_or(3, |close| 3 + close + 3);
            return;
        }
        let mut at = self.at + 1;
        while at < self.end {
            match self.bytes()[at] {
                b'\n' => break,
                b'\\' => at += 2,
                byte if byte == quote => {
                    self.at = at + 1;
                    return;
                }
                _ => at += 1,
            }
        }
        self.at += 1;
    }

    /// Steps over a string between backticks, which may span lines.
    fn raw_string(&mut self) {
        let close = if self.exhausted[2] {
            None
        } else {
            memchr::memchr(b'`', &self.bytes()[self.at + 1..self.end])
        };
        self.exhausted[2] = close.is_none();
        self.at += close.map_or(1, |close| close + 2);
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::Format;
    use crate::syntax::surface::testing::check;

    #[test]
    fn hash_comments() {
        check(
            Format::HashCommented,
            r##"
# é first
^^^^^^^^^ comment
Description=Don't stop # here
                       ^^^^^^ comment
x = "# no" + '# no' # yes
                    ^^^^^ comment
d = """
# inside
"""
url = "http://a/#b" #c
                    ^^ comment
ExecStart=-/usr/bin/docker run --rm --name x h.io/a:1 serve
                                             ^^^^^^^^ Command
; old style
^^^^^^^^^^^ comment
"##,
        );
    }

    #[test]
    fn dash_comments() {
        check(
            Format::DashCommented,
            r"
-- é first
^^^^^^^^^^ comment
SELECT a --b
         ^^^ comment
FROM c /* d */ WHERE e = '-- no' AND f-1;
       ^^^^^^^ comment
/* open
^^^^^^^ comment
",
        );
    }

    #[test]
    fn markup_comments() {
        check(
            Format::Markup,
            r#"
<a b="c"> <!-- é d --> e <!-- f -->
          ^^^^^^^^^^^^ comment
                         ^^^^^^^^^^ comment
<!-- open
^^^^^^^^^ comment
"#,
        );
    }

    #[test]
    fn nginx_comments() {
        check(
            Format::Nginx,
            r"
upstream x { # cache
             ^^^^^^^ comment
  server h.io:5000;# old
                   ^^^^^ comment
  set $a '#';
}
",
        );
    }

    #[test]
    fn slash_comments() {
        check(
            Format::SlashCommented,
            r#"
fn f<'a>(x: &'a str) {} // ż
                        ^^^^ comment
const u = "https://h.io//x"; /* a */
                             ^^^^^^^ comment
const v = `// no
// no`; // yes
        ^^^^^^ comment
<a href=https://h.io>
/* open
^^^^^^^ comment
"#,
        );
    }
}
