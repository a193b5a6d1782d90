//! Dockerfiles: what stages are built from, and the shell of `RUN`.
//!
//! Invariant: the name of an earlier stage is no image, and `scratch` is none either.

use std::collections::{HashMap, HashSet, VecDeque};

use super::ImageRole;
use super::builder::Builder;
use super::shell;
use crate::text::TextRange;

/// Reads `range` as a Dockerfile.
pub(super) fn scan(builder: &mut Builder<'_>, range: TextRange) {
    let mut stages = Stages::default();
    let text = builder.text;
    let mut comments = Vec::new();
    let instructions = instructions(text, range, &mut comments);
    for comment in comments {
        builder.comment(comment, 1, 0);
    }
    for instruction in instructions {
        judge(builder, &mut stages, instruction);
    }
}

/// What earlier instructions named.
#[derive(Default)]
struct Stages<'t> {
    /// In lower case: Docker does not tell them apart by it.
    names: HashSet<String>,
    /// The ranges of the values of `ARG NAME=value`.
    arguments: HashMap<&'t str, TextRange>,
}

/// The instructions of `range`, continuation lines and here-documents included; and the comments between them.
pub(super) fn instructions(
    text: &str,
    range: TextRange,
    comments: &mut Vec<TextRange>,
) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut open: Option<usize> = None;
    let mut waiting: VecDeque<&str> = VecDeque::new();
    let mut at = range.start as usize;
    for line in text[range.indices()].split_inclusive('\n') {
        let start = at;
        at += line.len();
        let content = line.trim_start_matches('\u{feff}').trim();
        if let Some(delimiter) = waiting.front() {
            // In another language the whole Dockerfile may be indented.
            if content == *delimiter {
                waiting.pop_front();
                if waiting.is_empty() {
                    found.extend(open.take().map(|from| TextRange::new(from, at)));
                }
            }
            continue;
        }
        if content.starts_with('#') {
            let indent = line.find('#').unwrap_or(0);
            comments.push(TextRange::new(start + indent, at));
            continue;
        }
        if content.is_empty() {
            continue;
        }
        let from = *open.get_or_insert(start);
        if content.ends_with('\\') {
            continue;
        }
        waiting = heredocs(text, TextRange::new(from, at));
        if waiting.is_empty() {
            found.push(TextRange::new(from, at));
            open = None;
        }
    }
    found.extend(open.map(|from| TextRange::new(from, at)));
    found
}

/// Whether the instruction `range` has a here-document.
pub(super) fn has_heredoc(text: &str, range: TextRange) -> bool {
    !heredocs(text, range).is_empty()
}

/// What ends each of the here-documents that the instruction `range` begins, in the order in which their texts follow.
fn heredocs(text: &str, range: TextRange) -> VecDeque<&str> {
    let words = quoted_words(text, range);
    let has_heredocs = words.first().is_some_and(|keyword| {
        let keyword = &text[keyword.indices()];
        ["RUN", "COPY", "ADD"].iter().any(|it| keyword.eq_ignore_ascii_case(it))
    });
    let words = words.iter().filter(|_| has_heredocs);
    words.filter_map(|word| heredoc_delimiter(&text[word.indices()])).collect()
}

fn heredoc_delimiter(word: &str) -> Option<&str> {
    let after = word.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix("<<")?;
    let name = after.strip_prefix('-').unwrap_or(after).trim_start_matches(['"', '\'']);
    let length = name.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(name.len());
    (length > 0 && !name.starts_with(|c: char| c.is_ascii_digit())).then_some(&name[..length])
}

fn judge<'t>(builder: &mut Builder<'t>, stages: &mut Stages<'t>, range: TextRange) {
    let words = words(builder.text, range);
    let Some((keyword, rest)) = words.split_first() else {
        return;
    };
    match builder.slice(*keyword).to_ascii_uppercase().as_str() {
        "FROM" => from(builder, stages, rest),
        "ARG" => {
            for word in rest {
                if let Some((name, value)) = builder.slice(*word).split_once('=') {
                    stages.arguments.insert(name, word.slice(name.len() + 1, value.len()));
                }
            }
        }
        "COPY" | "ADD" => {
            for word in rest {
                if let Some(value) = builder.slice(*word).strip_prefix("--from=") {
                    image(builder, stages, word.slice("--from=".len(), value.len()));
                }
            }
        }
        "RUN" => run(builder, stages, rest, range),
        _ => {}
    }
}

fn from<'t>(builder: &mut Builder<'t>, stages: &mut Stages<'t>, words: &[TextRange]) {
    let mut operands = words.iter().filter(|word| !builder.slice(**word).starts_with("--"));
    let Some(base) = operands.next() else {
        return;
    };
    let name = operands.nth(1);
    image(builder, stages, *base);
    if let Some(name) = name {
        stages.names.insert(builder.slice(*name).to_ascii_lowercase());
    }
}

/// Reports `range` unless it names a stage; an argument that is the whole of it is reported where its default stands.
fn image(builder: &mut Builder<'_>, stages: &Stages<'_>, range: TextRange) {
    let written = builder.slice(range).trim_matches('"');
    let is_stage = stages.names.contains(&written.to_ascii_lowercase());
    let is_index = written.bytes().all(|byte| byte.is_ascii_digit());
    if is_stage || is_index || written == "scratch" {
        return;
    }
    let variable = written
        .strip_prefix("${")
        .and_then(|rest| rest.strip_suffix('}'))
        .or_else(|| written.strip_prefix('$'));
    if let Some(value) = variable.and_then(|name| stages.arguments.get(name)) {
        builder.image(*value, ImageRole::From);
    }
    builder.image(range, ImageRole::From);
}

/// The shell of a `RUN`, after its flags; `--mount=from=` may name an image.
fn run(builder: &mut Builder<'_>, stages: &Stages<'_>, words: &[TextRange], range: TextRange) {
    for word in words {
        let flag = builder.slice(*word);
        if !flag.starts_with("--") {
            builder.embed(|builder| {
                shell::scan(builder, TextRange::new(word.start as usize, range.end as usize));
            });
            return;
        }
        if let Some(at) = flag.starts_with("--mount=").then(|| flag.find("from=")).flatten() {
            let value = flag[at + "from=".len()..].split(',').next().unwrap_or_default();
            image(builder, stages, word.slice(at + "from=".len(), value.len()));
        }
    }
}

/// The words of an instruction, without continuation marks. Lines of comment between its lines are not among them.
pub(super) fn words(text: &str, range: TextRange) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut at = range.start as usize;
    for line in text[range.indices()].split_inclusive('\n') {
        let is_comment = line.trim_start().starts_with('#');
        let mut from = at;
        for word in line.split_inclusive(char::is_whitespace) {
            let content = word.trim().trim_start_matches('\u{feff}');
            if !content.is_empty() && content != "\\" && !is_comment {
                let start = from + word.find(content).unwrap_or(0);
                found.push(TextRange::new(start, start + content.len()));
            }
            from += word.len();
        }
        at += line.len();
    }
    found
}

/// The words of an instruction, white space between quotes being part of them.
pub(super) fn quoted_words(text: &str, range: TextRange) -> Vec<TextRange> {
    let mut found: Vec<TextRange> = Vec::new();
    let mut quote = None;
    let mut opened = 0;
    let words = words(text, range);
    for (at, word) in words.iter().enumerate() {
        if let Some(last) = found.last_mut().filter(|_| quote.is_some()) {
            *last = last.cover(*word);
        } else {
            found.push(*word);
            opened = at;
        }
        let mut is_escaped = false;
        for c in text[word.indices()].chars() {
            match quote {
                _ if is_escaped => is_escaped = false,
                Some('"') | None if c == '\\' => is_escaped = true,
                Some(open) if c == open => quote = None,
                None if matches!(c, '"' | '\'') => quote = Some(c),
                _ => {}
            }
        }
    }
    if quote.is_some() {
        // It closes nowhere, and is none.
        found.pop();
        found.extend(&words[opened..]);
    }
    found
}

#[cfg(test)]
mod tests {
    use crate::syntax::Format;
    use crate::syntax::surface::testing::check;

    #[test]
    fn stages_and_images() {
        check(
            Format::Dockerfile,
            r#"
# docker push h.io/a:1
^^^^^^^^^^^^^^^^^^^^^^ comment
ARG BASE=h.io/base:1
         ^^^^^^^^^^^ From
FROM --platform=$BUILDPLATFORM h.io/go:1 AS build
                               ^^^^^^^^^ From
FROM ${BASE} AS final
     ^^^^^^^ From?
from Build
FROM scratch
COPY --from=build /a /a
COPY --from=h.io/tool:2 /b /b
            ^^^^^^^^^^^ From
COPY --from=0 /c /c
RUN --mount=type=bind,from=h.io/m:1,target=/x apt-get update && \
                           ^^^^^^^^ From
    # between
    ^^^^^^^^^ comment
    docker pull h.io/r:1 # trailing
                ^^^^^^^^ Command
                         ^^^^^^^^^^ comment
LABEL x="docker pull h.io/a:1"
RUN <<EOF
FROM h.io/not:1
EOF
RUN cat <<-"A" && \
  cat <<B
FROM h.io/not:2
	A
FROM h.io/not:3
B
RUN echo "<<EOF" it\'s
FROM h.io/is:1
     ^^^^^^^^^ From
FROM \
  h.io/last:${V:-1}
  ^^^^^^^^^^^^^^^^^ From?
"#,
        );
    }
}
