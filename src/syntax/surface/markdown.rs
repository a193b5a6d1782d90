//! Markdown: prose, code blocks, inline code and HTML comments.
//!
//! A fence is read in the language it names, in place. Invariant: zones follow `CommonMark`'s blocks except where only
//! the full grammar would tell: inside lists an indented block counts as prose.

use std::collections::HashMap;

use super::builder::Builder;
use super::reference::is_complete;
use super::token::token_at;
use super::{ImageRole, Zone, scan as scan_as, shell};
use crate::syntax::Format;
use crate::text::TextRange;

/// Reads `range` as Markdown.
pub(super) fn scan(builder: &mut Builder<'_>, range: TextRange) {
    let mut blocks = Blocks {
        builder,
        paragraph: None,
        fence: None,
        indented: None,
        in_list: false,
        after_blank: true,
        comment_end: 0,
        end: range.end as usize,
    };
    let mut at = range.start as usize;
    for line in blocks.builder.slice(range).split_inclusive('\n') {
        blocks.line(TextRange::new(at, at + line.len()), line);
        at += line.len();
    }
    blocks.finish(at);
    mentions(builder, range);
}

/// Languages of pictures.
const DIAGRAMS: [&str; 5] = ["mermaid", "plantuml", "dot", "graphviz", "d2"];

/// An open code fence.
struct Fence<'t> {
    marker: char,
    length: usize,
    info: &'t str,
    body: usize,
}

struct Blocks<'b, 't> {
    builder: &'b mut Builder<'t>,
    paragraph: Option<TextRange>,
    fence: Option<Fence<'t>>,
    indented: Option<TextRange>,
    in_list: bool,
    after_blank: bool,
    /// Where the HTML comment ends that a paragraph opened: what stands in it is not Markdown.
    comment_end: usize,
    /// Where the range that is read ends.
    end: usize,
}

impl<'t> Blocks<'_, 't> {
    fn line(&mut self, range: TextRange, line: &'t str) {
        if (range.start as usize) < self.comment_end {
            return;
        }
        let content = line.trim_start_matches([' ', '\t', '>']);
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        if let Some(fence) = &self.fence {
            let trimmed = content.trim_end();
            let is_close =
                trimmed.len() >= fence.length && trimmed.chars().all(|c| c == fence.marker);
            if is_close {
                self.close_fence(range.start as usize);
            }
            return;
        }
        if let Some((marker, length, info)) = opening(content) {
            self.flush();
            self.fence = Some(Fence { marker, length, info, body: range.end as usize });
            return;
        }
        if content.trim().is_empty() {
            self.flush_paragraph();
            self.after_blank = true;
            return;
        }
        let is_indented = indent >= 4 || line.starts_with('\t');
        if is_indented
            && !self.in_list
            && self.paragraph.is_none()
            && (self.after_blank || self.indented.is_some())
        {
            self.indented = Some(self.indented.map_or(range, |block| block.cover(range)));
            self.after_blank = false;
            return;
        }
        self.flush_indented();
        let is_item = is_list_item(content);
        if is_item || (indent == 0 && self.after_blank) {
            self.in_list = is_item;
        }
        self.after_blank = false;
        self.paragraph = Some(self.paragraph.map_or(range, |paragraph| paragraph.cover(range)));
        self.html_comment(range, line);
    }

    /// Takes an HTML comment whole that begins on this line and ends on a later one, over blank lines too.
    fn html_comment(&mut self, range: TextRange, line: &str) {
        let Some(open) = unclosed_comment(line) else {
            return;
        };
        let start = range.start as usize + open;
        let rest = &self.builder.text[start..self.end];
        let close = rest.find("-->").map(|close| start + close + "-->".len());
        let end = close.unwrap_or(self.end);
        let markers = if close.is_some() { 3 } else { 0 };
        self.builder.comment(TextRange::new(start, end), 4, markers);
        self.paragraph =
            self.paragraph.map(|paragraph| TextRange::new(paragraph.start as usize, start));
        self.flush_paragraph();
        let after = &self.builder.text[end..self.end];
        self.comment_end = after.find('\n').map_or(self.end, |newline| end + newline + 1);
    }

    fn close_fence(&mut self, end: usize) {
        let Some(fence) = self.fence.take() else {
            return;
        };
        let body = TextRange::new(fence.body, end);
        let info = fence.info;
        // What is drawn is said, and nobody runs it.
        if DIAGRAMS.contains(&language(info).as_str()) {
            return;
        }
        self.builder.zone(body, Zone::Fence);
        self.builder.embed(|builder| fenced(builder, info, body));
    }

    fn flush(&mut self) {
        self.flush_paragraph();
        self.flush_indented();
    }

    fn flush_paragraph(&mut self) {
        if let Some(paragraph) = self.paragraph.take() {
            inline(self.builder, paragraph);
        }
    }

    fn flush_indented(&mut self) {
        if let Some(block) = self.indented.take() {
            self.builder.zone(block, Zone::Fence);
            shell::scan_lines(self.builder, block);
        }
    }

    fn finish(mut self, end: usize) {
        self.flush();
        self.close_fence(end);
    }
}

/// Where on `line` an HTML comment begins that does not end there. One in a code span does not count.
fn unclosed_comment(line: &str) -> Option<usize> {
    let mut from = 0;
    loop {
        let open = from + line[from..].find("<!--")?;
        let is_in_code = line[..open].matches('`').count() % 2 == 1;
        match line[open + 4..].find("-->") {
            Some(close) => from = open + 4 + close + 3,
            None if is_in_code => return None,
            None => return Some(open),
        }
    }
}

/// The fence that `content` opens: its character, its length and what it says about the language.
fn opening(content: &str) -> Option<(char, usize, &str)> {
    let item = content.trim_start_matches(['-', '*', '+']).trim_start();
    let content =
        if item.len() < content.len() && !content.starts_with("---") { item } else { content };
    let marker = content.chars().next().filter(|c| matches!(c, '`' | '~'))?;
    let info = content.trim_start_matches(marker);
    let length = content.len() - info.len();
    let info = info.trim();
    (length >= 3 && !(marker == '`' && info.contains('`'))).then_some((marker, length, info))
}

fn is_list_item(content: &str) -> bool {
    let digits = content.trim_start_matches(|c: char| c.is_ascii_digit());
    ["- ", "* ", "+ "].iter().any(|bullet| content.starts_with(bullet))
        || (digits.len() < content.len() && (digits.starts_with(". ") || digits.starts_with(") ")))
}

/// The language that an info string names.
fn language(info: &str) -> String {
    info.split([' ', ',', '{', ':']).next().unwrap_or(info).to_ascii_lowercase()
}

/// Reads a fence in the language its info string names; one without a name like a transcript, line by line.
fn fenced(builder: &mut Builder<'_>, info: &str, body: TextRange) {
    let language = language(info);
    match language.as_str() {
        "sh" | "bash" | "shell" | "zsh" => shell::scan(builder, body),
        "" | "text" | "txt" | "console" | "shell-session" | "terminal" => {
            shell::scan_lines(builder, body);
        }
        "dockerfile" | "docker" | "containerfile" => scan_as(builder, Format::Dockerfile, body),
        "nginx" | "python" | "hcl" | "terraform" | "tf" | "make" | "makefile" | "conf"
        | "systemd" | "properties" => {
            scan_as(builder, Format::HashCommented, body);
        }
        "javascript" | "typescript" | "golang" | "rust" => {
            scan_as(builder, Format::SlashCommented, body);
        }
        "markdown" | "md" | "diff" | "mermaid" => {}
        other => match Format::of(&format!("fence.{other}")) {
            Format::Hcl(_) => scan_as(builder, Format::HashCommented, body),
            format => scan_as(builder, format, body),
        },
    }
}

/// The code spans and comments of one paragraph.
fn inline(builder: &mut Builder<'_>, paragraph: TextRange) {
    let text = builder.text;
    let (start, end) = (paragraph.start as usize, paragraph.end as usize);
    let mut runs: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut at = start;
    while let Some(found) = text[at..end].find('`') {
        at += found;
        let length = backticks(&text[at..end]);
        runs.entry(length).or_default().push(at);
        at += length;
    }
    let mut at = start;
    while let Some(found) = text[at..end].find(['`', '<', '\\']) {
        at += found;
        let rest = &text[at..end];
        if rest.starts_with("<!--") {
            let close = rest.find("-->");
            let length = close.map_or(rest.len(), |close| close + 3);
            builder.comment(
                TextRange::new(at, at + length),
                4,
                if close.is_some() { 3 } else { 0 },
            );
            at += length;
        } else if rest.starts_with('`') {
            let length = backticks(rest);
            let later =
                runs.get(&length).map(|runs| (runs, runs.partition_point(|run| *run <= at)));
            at += length;
            if let Some(&close) = later.and_then(|(runs, next)| runs.get(next)) {
                let code = TextRange::new(at, close);
                builder.zone(code, Zone::InlineCode);
                builder.embed(|builder| inline_code(builder, code));
                at = close + length;
            }
        } else {
            at += if rest.starts_with("\\`") { 2 } else { 1 };
        }
    }
}

fn backticks(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// A command between backticks. `#` starts no comment there: it is a heading, an issue, an anchor.
fn inline_code(builder: &mut Builder<'_>, code: TextRange) {
    if !builder.slice(code).contains('#') && builder.slice(code).contains(char::is_whitespace) {
        shell::scan_folded(builder, code);
    }
}

/// Reports words that are images beyond doubt wherever they stand: in prose, tables, inline code and fences.
fn mentions(builder: &mut Builder<'_>, range: TextRange) {
    let bytes = builder.text.as_bytes();
    let (mut from, end) = (range.start as usize, range.end as usize);
    while let Some(slash) = memchr::memchr(b'/', &bytes[from.min(end)..end]) {
        let at = from + slash;
        let token = token_at(builder.text, TextRange::new(at, at + 1));
        let word = builder.slice(token);
        let scheme = word.find("://").map_or("", |end| &word[..end]);
        let name = word.strip_prefix("docker://").unwrap_or(word);
        if range.contains(token) && matches!(scheme, "" | "docker") && is_complete(name) {
            builder.image(token, ImageRole::Document);
        }
        from = (token.end as usize).max(at + 1);
    }
}

#[cfg(test)]
mod tests {
    use crate::syntax::Format;
    use crate::syntax::surface::testing::check;
    use crate::syntax::surface::{Zone, surface};
    use crate::text::TextRange;

    #[test]
    fn zones() {
        check(
            Format::Markdown,
            r"
Żółw `code ż` and ``a ` b`` text
      ^^^^^^ InlineCode
^ Prose
| table | `x` | <!-- c -->
  ^^^^^ Prose
                ^^^^^^^^^^ comment
a stray ` backtick

and `one
     ^^^ InlineCode
more` too
      ^^^ Prose

    indented # c
             ^^^ comment
    ^^^^^^^^ Fence

- item

    still the item
    ^^^^^ Prose
",
        );
    }

    #[test]
    fn html_comments_span_blank_lines() {
        let text = "a\n<!-- `one\n\n```sh\ntwo --> \nb `<!-- no` c\n";
        let surface = surface(Format::Markdown, text);
        let [comment] = surface.comments().all() else { panic!("{:?}", surface.comments()) };
        assert_eq!(&text[comment.range.indices()], "<!-- `one\n\n```sh\ntwo -->");
        let at = text.find("no`").unwrap();
        assert_eq!(surface.zone(TextRange::new(at, at + 1)), Zone::InlineCode);
    }

    #[test]
    fn fences_speak_their_language() {
        check(
            Format::Markdown,
            r"
```sh title=x
# a comment
^^^^^^^^^^^ comment
docker push h.io/a/b
            ^^^^^^^^ Command
^^^^^^ Fence
```
- list
  ~~~yaml
  image: h.io/a:1 # c
         ^^^^^^^^ HelmValues
                  ^^^ comment
  ~~~

```
it's $ docker pull h.io/a:1
                   ^^^^^^^^ Document
$ docker pull a:1
              ^^^ Command
```
text
^^^^ Prose
```mermaid
graph LR; a[docker push h.io/a/b] --> c
            ^^^^^^^^^^^ Prose
```
````md
```sh
docker push a:1
^^^^^^ Fence
```
````
",
        );
    }

    #[test]
    fn mentions_of_images() {
        check(
            Format::Markdown,
            r"
Run `docker build -t h.io/a .`, see main.tf:28 and stacks/x/main.tf:28.
                     ^^^^^^ Command
| Image | `h.io/team/app:latest` (built on push) |
           ^^^^^^^^^^^^^^^^^^^^ Document
It was h.io/team/app:<sha>, or **h.io/team/app:${SHA}**.
       ^^^^^^^^^^^^^^^^^^^ Document?
                                 ^^^^^^^^^^^^^^^^^^^^ Document?
Not https://h.io/team/app:1 nor h.io/team/app nor root@h.io:/opt/x:1
[x](https://h.io/team/app) 10.0.0.1:5000/5010/5020 git clone h.io/a/b.git
",
        );
    }
}
