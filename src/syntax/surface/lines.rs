//! YAML that does not parse: comments, `image:` lines and commands, line by line.
//!
//! Invariant: a line is judged by itself and by the keys above it that are indented less; nothing spans lines.

use super::builder::Builder;
use super::node::role_at;
use super::shell;
use crate::text::TextRange;

/// Reads `range` line by line.
pub(super) fn scan(builder: &mut Builder<'_>, range: TextRange) {
    let is_pipeline = builder
        .slice(range)
        .lines()
        .any(|line| ["steps:", "pipeline:", "jobs:"].iter().any(|key| line.trim_end() == *key));
    // The keys above a line, with their indentation.
    let mut above: Vec<(usize, &str)> = Vec::new();
    let mut at = range.start as usize;
    for line in builder.slice(range).split_inclusive('\n') {
        let start = at;
        at += line.len();
        let code = code_of(builder, line, start);
        let marks = code.len() - code.trim_start_matches([' ', '\t', '-', '\u{feff}']).len();
        let content = code[marks..].trim_end();
        if content.is_empty() || content.starts_with("{{") {
            continue;
        }
        let indent = code.len() - code.trim_start().len();
        while above.last().is_some_and(|(other, _)| *other >= indent.max(1) || indent == 0) {
            above.pop();
        }
        let Some((key, value)) = key_and_value(content) else {
            shell::scan(builder, TextRange::new(start + marks, start + marks + content.len()));
            continue;
        };
        let value_start = start + marks + content.len() - value.len();
        let value_range = TextRange::new(value_start, value_start + value.len());
        if key == "image" {
            let path: Vec<&str> = above.iter().map(|(_, key)| *key).collect();
            builder.image(value_range, role_at(&path, is_pipeline));
        } else if value.is_empty() {
            above.push((indent, key));
        } else if matches!(key, "run" | "command" | "script") {
            shell::scan(builder, value_range);
        }
    }
}

/// `line` up to its comment, which is reported.
fn code_of<'t>(builder: &mut Builder<'t>, line: &'t str, start: usize) -> &'t str {
    let bytes = line.as_bytes();
    let mut quote = None;
    for (at, &byte) in bytes.iter().enumerate() {
        match (quote, byte) {
            (None, b'#') if at == 0 || bytes[at - 1].is_ascii_whitespace() => {
                builder.comment(TextRange::new(start + at, start + line.len()), 1, 0);
                return &line[..at];
            }
            // Only a quote that is closed on the line is one.
            (None, b'"' | b'\'') if memchr::memchr(byte, &bytes[at + 1..]).is_some() => {
                quote = Some(byte);
            }
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    line
}

fn key_and_value(content: &str) -> Option<(&str, &str)> {
    let colon = content.find(": ").or_else(|| content.ends_with(':').then(|| content.len() - 1))?;
    let key = content[..colon].trim_matches(['"', '\'']);
    let is_key = !key.is_empty() && !key.contains(char::is_whitespace);
    is_key.then(|| (key, content[colon + 1..].trim()))
}
