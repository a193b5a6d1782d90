//! Files of sections with keys: units of systemd, and INI files.
//!
//! Invariant: every value is in a list, so that a path need not know how often a key is given. What stands before the first
//! section is at the top.

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::build::{self, Object};
use crate::syntax::SyntaxError;
use crate::syntax::yaml::{Node, NodeKind, TextPiece};
use crate::text::TextRange;

/// Reads a unit of systemd: a line goes on after a backslash, and an empty value takes back what the key had before.
pub(super) fn parse_systemd(text: &str) -> Result<Node, SyntaxError> {
    read(text, true)
}

/// Reads an INI file.
pub(super) fn parse_ini(text: &str) -> Result<Node, SyntaxError> {
    read(text, false)
}

struct Section {
    name: Option<Node>,
    range: TextRange,
    keys: Vec<(Node, Vec<Node>)>,
}

/// The sections so far, with where each section and each of its keys is.
struct Sections<'t> {
    all: Vec<Section>,
    places: FxHashMap<&'t str, usize>,
    keys: FxHashMap<(usize, &'t str), usize>,
}

fn read(text: &str, is_unit: bool) -> Result<Node, SyntaxError> {
    let whole = TextRange::new(0, text.len());
    let top = Section { name: None, range: whole, keys: Vec::new() };
    let mut sections =
        Sections { all: vec![top], places: FxHashMap::default(), keys: FxHashMap::default() };
    let mut current = 0;
    for line in logical_lines(text, is_unit) {
        let written = &text[line[0].indices()];
        if let Some(name) = written.strip_prefix('[') {
            let Some(length) = name.find(']') else {
                return Err(refused("the name of this section does not close", line[0]));
            };
            current = sections.open(text, line[0].slice(1, length));
            continue;
        }
        let Some(equals) = written.find('=') else {
            return Err(refused("this is no section, and no key with a value", line[0]));
        };
        let key = line[0].slice(0, written[..equals].trim_end().len());
        let value = value(text, &line, equals + 1);
        let values = sections.values(current, text, key, line[line.len() - 1]);
        if is_unit && value.as_str() == Some("") {
            values.clear();
        } else {
            values.push(value);
        }
    }
    Ok(tree(sections.all, whole))
}

impl<'t> Sections<'t> {
    /// The section `name`: one that is there already, or a new one.
    fn open(&mut self, text: &'t str, name: TextRange) -> usize {
        let next = self.all.len();
        let place = *self.places.entry(&text[name.indices()]).or_insert(next);
        if place == next {
            let written = build::verbatim(text, name);
            self.all.push(Section { name: Some(written), range: name, keys: Vec::new() });
        }
        place
    }

    /// The values that `key` has in a section, one of which stands on a line that ends with `end`.
    fn values(
        &mut self,
        section: usize,
        text: &'t str,
        key: TextRange,
        end: TextRange,
    ) -> &mut Vec<Node> {
        let Section { range, keys, .. } = &mut self.all[section];
        *range = range.cover(end);
        let next = keys.len();
        let place = *self.keys.entry((section, &text[key.indices()])).or_insert(next);
        if place == next {
            keys.push((build::verbatim(text, key), Vec::new()));
        }
        &mut keys[place].1
    }
}

/// The lines that say something, each with those that it goes on in: without the white space and backslash at their ends.
fn logical_lines(text: &str, is_unit: bool) -> Vec<Vec<TextRange>> {
    let mut lines: Vec<Vec<TextRange>> = Vec::new();
    let mut goes_on = false;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let indent = line.len() - line.trim_start_matches('\u{feff}').trim_start().len();
        let content = line[indent.min(line.len())..].trim_end();
        if content.starts_with(['#', ';']) || (content.is_empty() && !goes_on) {
            continue;
        }
        let continues = is_unit && content.ends_with('\\');
        let said = content.strip_suffix('\\').filter(|_| continues).unwrap_or(content).trim_end();
        let range = TextRange::new(start + indent, start + indent + said.len());
        match lines.last_mut() {
            Some(last) if goes_on => last.push(range),
            _ => lines.push(vec![range]),
        }
        goes_on = continues;
    }
    lines
}

/// What stands after the equals sign at `from` of the first line, and on the lines that follow it.
fn value(text: &str, line: &[TextRange], from: usize) -> Node {
    let written = &text[line[0].indices()][from..];
    let indent = written.len() - written.trim_start().len();
    let first = line[0].slice(from + indent, written.trim().len());
    let parts: Vec<_> = std::iter::once(first).chain(line[1..].iter().copied()).collect();
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let [rest @ .., last] = parts.as_slice() else {
        return build::text("", first);
    };
    if rest.is_empty() {
        return build::verbatim(text, *last);
    }
    let mut pieces = Vec::new();
    for part in &parts {
        if !pieces.is_empty() {
            let range = TextRange::empty(part.start as usize);
            pieces.push(TextPiece { text: Some(SmolStr::new_static(" ")), range });
        }
        pieces.push(TextPiece { text: Some(SmolStr::new(&text[part.indices()])), range: *part });
    }
    Node { kind: NodeKind::Pieces(pieces), range: parts[0].cover(*last) }
}

fn tree(sections: Vec<Section>, whole: TextRange) -> Node {
    let mut root = Object::new(whole);
    for section in sections {
        let mut object = Object::new(section.range);
        let is_top = section.name.is_none();
        for (key, values) in section.keys {
            let range = values.iter().fold(key.range, |range, value| range.cover(value.range));
            let list = build::list(values, range);
            if is_top {
                root = root.entry(key, list);
            } else {
                object = object.entry(key, list);
            }
        }
        if let Some(name) = section.name {
            root = root.entry(name, object.finish());
        }
    }
    root.finish()
}

fn refused(message: &str, range: TextRange) -> SyntaxError {
    SyntaxError { message: message.to_owned(), help: None, range }
}

#[cfg(test)]
mod tests {
    use super::{parse_ini, parse_systemd};
    use crate::syntax::language::testing::show;

    #[test]
    fn units() {
        let text = "\u{feff}# c\r\n[Unit]\r\nAfter = a b\r\n\n[Service]\nExecStart=/bin/a \\\n  # c\n  --x \\\n\n; c\nExecStartPre=a\nExecStartPre=\nExecStartPre=c=d\n[Unit]\nWants=\n";
        assert_eq!(
            show(text, &parse_systemd(text).unwrap()),
            "{Unit: {After: [a b], Wants: []}, Service: {ExecStart: [/bin/a --x], ExecStartPre: [c=d]}}"
        );
    }

    #[test]
    fn ini() {
        let text = "top = 1\n[a b]\nx=\nx = \\\n";
        assert_eq!(show(text, &parse_ini(text).unwrap()), "{top: [1], a b: {x: [, \\]}}");
    }

    #[test]
    fn what_is_neither_is_an_error() {
        for text in ["[a\n", "just text\n", "\u{0}\u{1}\n"] {
            assert!(parse_systemd(text).is_err(), "{text}");
        }
        assert!(parse_systemd("").is_ok());
        assert!(parse_ini(&"a=b\n".repeat(1_000)).is_ok());
    }
}
