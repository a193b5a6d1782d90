//! Shell: comments, and the commands whose arguments are images.
//!
//! Words are read as a shell reads them (quotes, escapes, substitutions, continuation lines); control structures are not,
//! they only separate commands. Invariant: quoting that never closes costs at most the rest of the range.

use std::collections::HashMap;

use super::builder::Builder;
use super::command;
use super::token::hole_end;
use crate::text::TextRange;

/// How deep substitutions and quoted scripts are followed.
const MAX_NESTING: usize = 24;

/// Reads `range` as a script.
pub(super) fn scan(builder: &mut Builder<'_>, range: TextRange) {
    Lexer::new(builder, range).commands(Until::End, 0);
}

/// Reads `range` as one command whose line breaks are only white space (a folded block, an inline code span).
pub(super) fn scan_folded(builder: &mut Builder<'_>, range: TextRange) {
    let mut lexer = Lexer::new(builder, range);
    lexer.folds_lines = true;
    lexer.commands(Until::End, 0);
}

/// Reads each line of `range` as a script of its own, so that a stray quote costs one line: for text that only looks
/// like shell.
pub(super) fn scan_lines(builder: &mut Builder<'_>, range: TextRange) {
    let mut at = range.start as usize;
    let mut from = at;
    for line in builder.slice(range).split_inclusive('\n') {
        at += line.len();
        if !line.trim_end().ends_with('\\') {
            scan(builder, TextRange::new(from, at));
            from = at;
        }
    }
    if from < at {
        scan(builder, TextRange::new(from, at));
    }
}

/// What ends a list of commands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Until {
    End,
    Parenthesis,
    Backtick,
}

/// A here-document whose body starts on the next line.
struct Heredoc<'t> {
    delimiter: &'t str,
    /// Whether the command that reads it runs it (`bash <<EOF`, `ssh host <<EOF`).
    is_script: bool,
}

struct Lexer<'b, 't> {
    builder: &'b mut Builder<'t>,
    text: &'t str,
    at: usize,
    end: usize,
    folds_lines: bool,
    heredocs: Vec<Heredoc<'t>>,
    /// Where each line, trimmed, stands last: made when the first here-document comes.
    last_lines: Option<HashMap<&'t str, usize>>,
}

impl<'b, 't> Lexer<'b, 't> {
    fn new(builder: &'b mut Builder<'t>, range: TextRange) -> Self {
        let text = builder.text;
        let (at, end) = (range.start as usize, range.end as usize);
        Self { builder, text, at, end, folds_lines: false, heredocs: Vec::new(), last_lines: None }
    }

    fn peek(&self) -> Option<u8> {
        self.peek_at(0)
    }

    fn peek_at(&self, ahead: usize) -> Option<u8> {
        let at = self.at + ahead;
        (at < self.end).then(|| self.text.as_bytes()[at])
    }

    /// Where the hole here ends. One that reaches past the range is none, for every reader alike: a word that one of them
    /// began and another refused would never be got past.
    fn hole(&self) -> Option<usize> {
        hole_end(self.text, self.at).filter(|end| *end <= self.end)
    }

    /// Reads commands until what ends them has been read.
    fn commands(&mut self, until: Until, depth: usize) {
        let mut words: Vec<TextRange> = Vec::new();
        let mut parentheses = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'\n' if !self.folds_lines => {
                    self.finish_command(&mut words);
                    self.at += 1;
                    self.skip_heredocs();
                }
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                b'\\' if self.continues_line() => {}
                b'#' => self.comment(),
                b')' if until == Until::Parenthesis && parentheses == 0 => {
                    self.at += 1;
                    break;
                }
                b'`' if until == Until::Backtick => {
                    self.at += 1;
                    break;
                }
                b';' | b'|' | b'&' | b'(' | b')' => {
                    match byte {
                        b'(' => parentheses += 1,
                        b')' => parentheses = parentheses.saturating_sub(1),
                        _ => {}
                    }
                    // `2>&1` and `&>file` are redirections, not the end of the command.
                    let redirects = byte == b'&'
                        && (self.text[..self.at].ends_with('>') || self.peek_at(1) == Some(b'>'));
                    if !redirects {
                        self.finish_command(&mut words);
                    }
                    self.at += 1;
                }
                b'<' | b'>' if self.hole().is_none() => {
                    self.redirection(&mut words, depth);
                }
                _ => {
                    let word = self.word(until, depth);
                    words.push(word);
                }
            }
        }
        self.finish_command(&mut words);
    }

    /// Steps over a backslash and line break.
    fn continues_line(&mut self) -> bool {
        let rest = &self.text[self.at + 1..self.end];
        let length = if rest.starts_with("\r\n") { 2 } else { usize::from(rest.starts_with('\n')) };
        if length > 0 {
            self.at += 1 + length;
        }
        length > 0
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..self.end];
        let length = rest.find('\n').unwrap_or(rest.len());
        self.builder.comment(TextRange::new(self.at, self.at + length), 1, 0);
        self.at += length;
    }

    fn redirection(&mut self, words: &mut Vec<TextRange>, depth: usize) {
        // The number of a file descriptor before it is not an argument.
        let is_descriptor = words.last().is_some_and(|word| {
            word.end as usize == self.at
                && self.builder.slice(*word).bytes().all(|byte| byte.is_ascii_digit())
        });
        if is_descriptor {
            words.pop();
        }
        let rest = &self.text[self.at..self.end];
        if rest.starts_with("<<<") {
            self.at += 3;
        } else if rest.starts_with("<<") {
            self.at += if rest.starts_with("<<-") { 3 } else { 2 };
            self.heredoc(words);
            return;
        } else if rest.starts_with("<(") || rest.starts_with(">(") {
            self.at += 1;
            return;
        } else {
            self.at += rest.len() - rest.trim_start_matches(['<', '>', '|']).len();
        }
        while matches!(self.peek(), Some(b' ' | b'\t' | b'&')) {
            self.at += 1;
        }
        if !matches!(
            self.peek(),
            None | Some(b'\n' | b';' | b'|' | b')' | b'(' | b'<' | b'>' | b'`')
        ) {
            self.word(Until::End, depth);
        }
    }

    /// Reads the delimiter of a here-document, just after its `<<`.
    fn heredoc(&mut self, words: &[TextRange]) {
        let rest = &self.text[self.at..self.end];
        let gap = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = &rest[gap..];
        let open = rest.len() - rest.trim_start_matches(['"', '\'', '\\']).len();
        let is_name = |c: char| c.is_alphanumeric() || c == '_';
        let length = rest[open..].find(|c| !is_name(c)).unwrap_or(rest.len() - open);
        let delimiter = &rest[open..open + length];
        if delimiter.is_empty() || delimiter.starts_with(|c: char| c.is_ascii_digit()) {
            return;
        }
        let close = rest[open + length..].len()
            - rest[open + length..].trim_start_matches(['"', '\'']).len();
        self.at += gap + open + length + close.min(open);
        let is_script = command::runs_its_input(self.builder, words);
        self.heredocs.push(Heredoc { delimiter, is_script });
    }

    /// Steps over the bodies of the here-documents announced on the line before. One that never ends is none.
    fn skip_heredocs(&mut self) {
        for heredoc in std::mem::take(&mut self.heredocs) {
            let (text, end, from) = (self.text, self.end, self.at);
            let last = self.last_lines.get_or_insert_with(|| {
                lines(text, from, end).map(|(at, line)| (line, at)).collect()
            });
            if last.get(heredoc.delimiter).is_none_or(|&at| at < from) {
                continue;
            }
            let terminator = lines(text, from, end).find(|(_, line)| *line == heredoc.delimiter);
            let Some((body_end, _)) = terminator else {
                continue;
            };
            self.at = body_end
                + text[body_end..end].find('\n').map_or(end - body_end, |newline| newline + 1);
            if heredoc.is_script {
                self.builder.embed(|builder| scan(builder, TextRange::new(from, body_end)));
            }
        }
    }

    /// Reads one word, quotes included.
    fn word(&mut self, until: Until, depth: usize) -> TextRange {
        let start = self.at;
        while let Some(byte) = self.peek() {
            match byte {
                b' ' | b'\t' | b'\r' | b'\n' | b';' | b'|' | b'&' | b'(' | b')' => break,
                b'`' if until == Until::Backtick => break,
                b'<' | b'>' => match self.hole() {
                    Some(end) => self.at = end,
                    None => break,
                },
                b'{' if self.peek_at(1) == Some(b'{') => self.braces(),
                _ => self.piece(until, depth),
            }
        }
        TextRange::new(start, self.at)
    }

    /// Steps over `{{ … }}`, white space included.
    fn braces(&mut self) {
        self.at = self.hole().unwrap_or(self.at + 1);
    }

    /// Reads one piece of a word: a quoted string, an escape, an expansion, or a character.
    fn piece(&mut self, until: Until, depth: usize) {
        match self.peek() {
            Some(b'\'') => {
                let rest = &self.text[self.at + 1..self.end];
                self.at += rest.find('\'').map_or(rest.len() + 1, |close| close + 2);
            }
            Some(b'"') => self.double_quoted(depth),
            Some(b'\\') => {
                self.at += 1;
                self.character();
            }
            Some(b'$') if self.peek_at(1) == Some(b'(') => {
                self.substitution(2, Until::Parenthesis, depth);
            }
            Some(b'$') if self.peek_at(1) == Some(b'{') => {
                self.at = self.hole().unwrap_or(self.at + 2);
            }
            Some(b'`') if until != Until::Backtick => self.substitution(1, Until::Backtick, depth),
            _ => self.character(),
        }
    }

    fn character(&mut self) {
        let length = self.text[self.at..self.end].chars().next().map_or(0, char::len_utf8);
        self.at += length;
    }

    fn substitution(&mut self, open: usize, until: Until, depth: usize) {
        self.at += open;
        if depth < MAX_NESTING {
            let heredocs = std::mem::take(&mut self.heredocs);
            self.commands(until, depth + 1);
            self.heredocs.splice(0..0, heredocs);
        }
    }

    fn double_quoted(&mut self, depth: usize) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            match byte {
                b'"' => {
                    self.at += 1;
                    return;
                }
                b'\\' | b'$' | b'`' => self.piece(Until::End, depth),
                _ => self.character(),
            }
        }
    }

    fn finish_command(&mut self, words: &mut Vec<TextRange>) {
        if !words.is_empty() {
            command::judge(self.builder, words);
            words.clear();
        }
    }
}

/// The lines of `text` from `from` to `end`: where each starts, and what it says without indentation.
fn lines(text: &str, from: usize, end: usize) -> impl Iterator<Item = (usize, &str)> {
    let mut at = from;
    text[from..end].split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim())
    })
}

#[cfg(test)]
mod tests {
    use crate::syntax::Format;
    use crate::syntax::surface::surface_within;
    use crate::syntax::surface::testing::check;
    use crate::text::TextRange;

    #[test]
    fn comments_are_what_a_shell_takes_for_one() {
        check(
            Format::Shell,
            r##"
#!/bin/sh
^^^^^^^^^ comment
n=${x#y} # żółw
         ^^^^^^ comment
echo $# a#b "# no" '# no' \# no # yes
                                ^^^^^ comment
case $x in # c
           ^^^ comment
  a) echo;; # d
            ^^^ comment
esac
"##,
        );
    }

    #[test]
    fn arguments_of_container_commands() {
        check(
            Format::Shell,
            r#"
docker pull h.io/a/b:1
            ^^^^^^^^^^ Command
sudo docker tag "$SRC" h.io/a/b:${SHA}
                 ^^^^  ^^^^^^^^^^^^^^^ Command?
docker build --push -t "h.io/a/b:1" --tag=h.io/a/b:2 -f x/Dockerfile .
                        ^^^^^^^^^^        ^^^^^^^^^^ Command
docker run -it --rm -v a:/b -e X=y --network host h.io/a/b:1 sh -c 'docker push h.io/q:1'
                                                  ^^^^^^^^^^                    ^^^^^^^^ Command
if ! docker pull "$src" 2>&1 | tee /tmp/x; then
                  ^^^^ Command?
ssh wizard@node sudo crictl pull h.io/a/b:1
                                 ^^^^^^^^^^ Command
skopeo inspect --creds "$U:$P" docker://h.io/a/b | jq .
                                        ^^^^^^^^ Command
for d in $(skopeo inspect --raw "docker://$REG/i:$TAG" | jq x); do :; done
                                          ^^^^^^^^^^^ Command?
echo docker push h.io/a/b:1
echo "docker push h.io/a/b:1"
docker compose pull
docker login h.io
docker push h.io/a/<name>:<tag> > log
            ^^^^^^^^^^^^^^^^^^^ Command?
/kaniko/executor --context . --destination=h.io/a/b:1
                                           ^^^^^^^^^^ Command
kubectl set image deploy/x app=h.io/a/b:2
                               ^^^^^^^^^^ Command
helm pull oci://h.io/charts/x --version 1
                ^^^^^^^^^^^^^ Command
"#,
        );
    }

    #[test]
    fn lines_continue() {
        check(
            Format::Shell,
            r#"
docker build \
  --platform linux/amd64 \
  -t h.io/a/b:1 \
     ^^^^^^^^^^ Command
  -t "h.io/a/b:2" .
      ^^^^^^^^^^ Command
"#,
        );
        check(
            Format::Shell,
            "docker tag a:1 \\\r\n           ^^^ Command\n  h.io/a:1\r\n  ^^^^^^^^ Command\n:; # c\r\n   ^^^ comment\n",
        );
    }

    #[test]
    fn here_documents_are_code_unless_run() {
        check(
            Format::Shell,
            r#"
cat > f <<-'EOF'
# not a comment
docker pull h.io/a:1
	EOF
echo $((1 << two)) # yes
                   ^^^^^ comment
ssh host bash <<EOF
docker pull h.io/a:1
            ^^^^^^^^ Command
EOF
ssh host "
  # inner
  ^^^^^^^ comment
  docker pull \$IMAGE
              ^^^^^^^ Command?
"
"#,
        );
    }

    #[test]
    fn a_placeholder_cut_off_by_the_range_is_none() {
        let text = "docker push h.io/a <b>";
        let surface = surface_within(Format::Shell, text, TextRange::new(0, text.len() - 1));
        assert_eq!(surface.images[0].name, "h.io/a");
    }
}
