//! What a shell knows and the parser does not, in words that it knows: as long, so that everything stands where it stood.

/// `text` in other words, if the parser does not know some of those in it.
pub(super) fn in_known_words(text: &str) -> Option<String> {
    let mut bytes = text.as_bytes().to_vec();
    // A file that is read and written: `3<>f`. A text that is read, where something else is redirected before: `>f <<<"$x"`.
    replace(&mut bytes, text, "<>", "< ");
    replace(&mut bytes, text, "<<<", "<  ");
    for (at, _) in text.match_indices("for") {
        replace_in_loop(&mut bytes, text, at);
    }
    let mut line = Line { bytes: &mut bytes, open: Vec::new(), is_computed: false };
    for (at, byte) in text.bytes().enumerate() {
        line.read(at, byte, text);
    }
    let known = String::from_utf8(bytes).ok()?;
    (known != text).then_some(known)
}

/// How many more bytes an operator has, of which the parser has seen `length`: `behind` is what follows.
pub(super) fn more_of(length: usize, behind: &str) -> u32 {
    match length {
        1 if behind.starts_with("<<") => 2,
        1 if behind.starts_with('>') => 1,
        _ => 0,
    }
}

fn replace(bytes: &mut [u8], text: &str, from: &str, to: &str) {
    for (at, _) in text.match_indices(from) {
        bytes[at..at + to.len()].copy_from_slice(to.as_bytes());
    }
}

/// What the parser does not know in the loop whose `for` stands at the byte `at`, if one does: that it is over the arguments
/// without a mark behind the name, `for x do`, and that it is over nothing, `for x in; do`.
fn replace_in_loop(bytes: &mut [u8], text: &str, at: usize) {
    let is_blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
    let blanks = |from: usize| text.as_bytes()[from..].iter().take_while(is_blank).count();
    let name = at + 3 + blanks(at + 3);
    let behind = name + length_of_name(&text.as_bytes()[name..]);
    let word = behind + blanks(behind);
    if name == at + 3 || behind == name || word == behind || !begins_command(&text[..at]) {
        return;
    }
    let rest = &text.as_bytes()[word..];
    if rest.starts_with(b"do") && rest.get(2).is_some_and(u8::is_ascii_whitespace) {
        bytes[behind] = b';';
    }
    if rest.starts_with(b"in") && matches!(rest.get(2 + blanks(word + 2)), Some(b';' | b'\n')) {
        bytes[word..word + 2].fill(b' ');
    }
}

/// Whether a word behind `before` is where a command begins.
fn begins_command(before: &str) -> bool {
    let shown = before.trim_end_matches([' ', '\t']);
    let between = |c: char| c == '\n' || ";&|()`".contains(c);
    if shown.is_empty() || shown.ends_with(between) {
        return true;
    }
    let word = shown.rsplit(|c: char| c.is_whitespace() || between(c)).next();
    shown.len() < before.len() && matches!(word, Some("do" | "then" | "else" | "{" | "!" | "time"))
}

/// What is open on a line.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    /// `${…`: whether it has an operator that says what stands there instead, `${x:+…`.
    Expansion { instead: bool },
    /// `$(…`, or `(…` where commands stand.
    Commands,
    /// `(…` that is text.
    Text,
}

/// A line that is read from its begin to its end.
struct Line<'b> {
    bytes: &'b mut [u8],
    open: Vec<Open>,
    /// Whether it is between `((` and `))`.
    is_computed: bool,
}

impl Line<'_> {
    fn read(&mut self, at: usize, byte: u8, text: &str) {
        let behind = &text.as_bytes()[at..];
        match byte {
            b'\n' => {
                self.open.clear();
                self.is_computed = false;
            }
            b'$' if behind.starts_with(b"${") => {
                self.open.push(Open::Expansion { instead: says_instead(&behind[2..]) });
            }
            // A dollar that is text: `/proc/$/io`.
            b'$' if matches!(behind.get(1), Some(b'/' | b'.' | b',' | b':' | b'%' | b'=')) => {
                self.bytes[at] = b'_';
            }
            b'}' if matches!(self.open.last(), Some(Open::Expansion { .. })) => {
                self.open.pop();
            }
            b'(' => {
                self.is_computed |= behind.starts_with(b"((");
                let is_text = matches!(
                    self.open.last(),
                    Some(Open::Expansion { instead: true } | Open::Text)
                );
                let begins_commands =
                    at > 0 && matches!(text.as_bytes()[at - 1], b'$' | b'<' | b'>');
                if is_text && !begins_commands {
                    // The parser takes it for commands if something is filled in behind it: `${x:+ (now $x)}`.
                    self.bytes[at] = b'_';
                    self.open.push(Open::Text);
                } else {
                    self.open.push(Open::Commands);
                }
            }
            b')' => {
                self.is_computed &= !behind.starts_with(b"))");
                match self.open.last() {
                    Some(Open::Text) => {
                        self.bytes[at] = b'_';
                        self.open.pop();
                    }
                    Some(Open::Commands) => {
                        self.open.pop();
                    }
                    _ => {}
                }
            }
            // A number whose base is said, and that is filled in: `10#$n`.
            b'1' if self.is_computed && behind.starts_with(b"10#$") => {
                self.bytes[at..at + 3].fill(b' ');
            }
            _ => {}
        }
    }
}

/// Whether what follows `${` has an operator before what stands there instead of the variable: `x:-y`.
fn says_instead(rest: &[u8]) -> bool {
    let behind = &rest[length_of_name(rest)..];
    matches!(behind.strip_prefix(b":").unwrap_or(behind).first(), Some(b'-' | b'+' | b'=' | b'?'))
}

fn length_of_name(rest: &[u8]) -> usize {
    rest.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_').count()
}
