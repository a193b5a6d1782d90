//! YAML: a whole text into trees, one per document.
//!
//! Invariant: every range is of bytes of the text given, whatever the parser counts in. The parser's own positions
//! (characters, properties such as `&anchor` included) do not leave this file. A text nested deeper than
//! [`MAX_DEPTH`] is an error, so that whoever walks a tree may do so recursively.

mod nodes;
mod relaxed;
mod runs;

use saphyr_parser::{Event, Parser, ScanError, Tag};
use smol_str::SmolStr;

pub use nodes::{Entry, Node, NodeKind, ScalarStyle, TextPiece};
use relaxed::{Complaint, Padded};

use crate::syntax::SyntaxError;
use crate::text::TextRange;

/// How deep a text may be nested.
pub const MAX_DEPTH: usize = 256;

/// Whether `text` without quotes is a truth value in YAML 1.1, and a text in 1.2.
pub fn is_disputed_truth(text: &str) -> bool {
    ["y", "yes", "on", "n", "no", "off"].iter().any(|word| text.eq_ignore_ascii_case(word))
}

/// Parses `text`, or says where it stops being YAML.
pub fn parse(text: &str) -> Result<Vec<Node>, SyntaxError> {
    let mut padded = Padded::new(text);
    let mut first = None;
    loop {
        let (error, complaint) = match parse_padded(text, &padded) {
            Ok(documents) => return Ok(documents),
            Err(broken) => broken,
        };
        match complaint {
            Some(complaint) if padded.indent(complaint) => drop(first.get_or_insert(error)),
            // Where no indentation helps, the first thing that is wrong is wrong.
            Some(_) => return Err(first.unwrap_or(error)),
            None => return Err(error),
        }
    }
}

/// Parses what the parser is given of `text`; or says what is wrong, and whether it is only where a line begins.
fn parse_padded(
    text: &str,
    padded: &Padded<'_>,
) -> Result<Vec<Node>, (SyntaxError, Option<Complaint>)> {
    let given = padded.text();
    let offsets = Offsets::new(&given);
    let byte = |index| padded.original(offsets.byte(index));
    let mut builder =
        Builder { text, open: Vec::new(), documents: Vec::new(), anchors: Vec::new() };
    let mut parser = Parser::new_from_str(&given);
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| {
            let start = byte(error.marker().index());
            (broken(&error, text, start), complaint(&error, start))
        })?;
        let range = TextRange::new(byte(span.start.index()), byte(span.end.index()));
        builder.event(event, range).map_err(|error| (error, None))?;
    }
    Ok(builder.documents)
}

fn complaint(error: &ScanError, start: usize) -> Option<Complaint> {
    match error.info() {
        "invalid indentation" | "invalid indentation in flow construct" => {
            Some(Complaint::Line(start))
        }
        "invalid indentation in quoted scalar" => Some(Complaint::Quoted(start)),
        _ => None,
    }
}

fn broken(error: &ScanError, text: &str, start: usize) -> SyntaxError {
    let rest = &text[start..];
    let length = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let range = TextRange::new(start, start + length);
    let info = error.info();
    if info == "recursion limit exceeded" {
        return too_deep(range);
    }
    let what = info.rsplit_once(", ").map_or(info, |(_, what)| what);
    SyntaxError { message: format!("not valid YAML: {what}"), help: None, range }
}

fn too_deep(range: TextRange) -> SyntaxError {
    SyntaxError { message: format!("nested deeper than {MAX_DEPTH} levels"), help: None, range }
}

/// Byte offsets of characters. One entry for each [`Offsets::STEP`] characters keeps it small and lookups constant.
struct Offsets<'t> {
    text: &'t str,
    /// Empty for a text of ASCII only, where the two counts agree.
    steps: Vec<u32>,
}

impl<'t> Offsets<'t> {
    const STEP: usize = 64;

    fn new(text: &'t str) -> Self {
        let steps = if text.is_ascii() {
            Vec::new()
        } else {
            text.char_indices().step_by(Self::STEP).map(|(at, _)| at as u32).collect()
        };
        Self { text, steps }
    }

    /// The offset of the `index`th character; past the end, the end.
    fn byte(&self, index: usize) -> usize {
        if self.steps.is_empty() {
            return index.min(self.text.len());
        }
        let Some(&step) = self.steps.get(index / Self::STEP) else {
            return self.text.len();
        };
        let rest = &self.text[step as usize..];
        rest.char_indices()
            .nth(index % Self::STEP)
            .map_or(self.text.len(), |(at, _)| step as usize + at)
    }
}

/// A sequence or mapping whose end has not come yet. The children of a mapping are its keys and values in turn.
struct Open {
    is_mapping: bool,
    range: TextRange,
    anchor: usize,
    children: Vec<Node>,
}

struct Builder<'t> {
    text: &'t str,
    open: Vec<Open>,
    documents: Vec<Node>,
    /// The range of the node that carries each anchor; the parser numbers them from 1.
    anchors: Vec<Option<TextRange>>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, range: TextRange) -> Result<(), SyntaxError> {
        match event {
            Event::Scalar(value, style, anchor, tag) => {
                let style = style_of(style);
                let range = self.content(range, style, anchor > 0 || tag.is_some());
                let (value, is_tagged) = (SmolStr::new(value), tag.is_some_and(|it| is_own(&it)));
                let kind = NodeKind::Scalar { value, style, is_tagged };
                self.close_node(Node { kind, range }, anchor);
            }
            Event::Alias(anchor) => {
                let target = self.anchors.get(anchor).copied().flatten();
                self.close_node(Node { kind: NodeKind::Alias { target }, range }, 0);
            }
            Event::SequenceStart(anchor, _) => self.open(range, anchor, false)?,
            Event::MappingStart(anchor, _) => self.open(range, anchor, true)?,
            Event::SequenceEnd | Event::MappingEnd => self.end(range),
            Event::Nothing
            | Event::StreamStart
            | Event::StreamEnd
            | Event::DocumentStart(_)
            | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn open(
        &mut self,
        range: TextRange,
        anchor: usize,
        is_mapping: bool,
    ) -> Result<(), SyntaxError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(range));
        }
        self.open.push(Open { is_mapping, range, anchor, children: Vec::new() });
        Ok(())
    }

    fn end(&mut self, end: TextRange) {
        let Some(open) = self.open.pop() else {
            return;
        };
        let start = skip_properties(self.text, open.range.start as usize);
        let is_flow = matches!(self.text.as_bytes().get(start), Some(b'[' | b'{'))
            && matches!(self.text[end.indices()].as_bytes(), [b']' | b'}', ..]);
        let last = open.children.last().map_or(start, |child| child.end() as usize);
        // Behind what closes it, the parser counts the comment that follows as well.
        let closed = end.start as usize + 1;
        let range = TextRange::new(start, if is_flow { closed } else { last });
        let kind = if open.is_mapping {
            let mut entries = Vec::with_capacity(open.children.len() / 2);
            let mut children = open.children.into_iter();
            while let (Some(key), Some(value)) = (children.next(), children.next()) {
                entries.push(Entry { key, value });
            }
            NodeKind::Mapping(entries)
        } else {
            NodeKind::Sequence(open.children)
        };
        self.close_node(Node { kind, range }, open.anchor);
    }

    fn close_node(&mut self, node: Node, anchor: usize) {
        if anchor > 0 {
            if self.anchors.len() <= anchor {
                self.anchors.resize(anchor + 1, None);
            }
            self.anchors[anchor] = Some(node.range);
        }
        match self.open.last_mut() {
            Some(open) => open.children.push(node),
            None => self.documents.push(node),
        }
    }

    /// The bytes of a scalar's content, out of the parser's span: that one begins at the node's properties, includes
    /// quotes and the comment behind them, and of a block runs on over blank lines and the next line's indentation.
    fn content(&self, span: TextRange, style: ScalarStyle, has_properties: bool) -> TextRange {
        let (start, end) = (span.start as usize, span.end as usize);
        let start = if has_properties { skip_properties(self.text, start).min(end) } else { start };
        let inside = &self.text[start..end];
        match style {
            ScalarStyle::Plain => TextRange::new(start, start + inside.trim_end().len()),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => {
                match closing_quote(inside.as_bytes()) {
                    Some(closing) => TextRange::new(start + 1, start + closing),
                    None => TextRange::empty(start),
                }
            }
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let has_header = start > span.start as usize;
                let header = if has_header {
                    inside.find('\n').map_or(inside.len(), |at| at + 1)
                } else {
                    0
                };
                let body = &inside[header..];
                let first = if has_header { body.len() - body.trim_start().len() } else { 0 };
                let from = start + header + first;
                TextRange::new(from, from + body[first..].trim_end().len())
            }
        }
    }
}

/// Whether only the program that reads the text knows what `tag` makes of what is written behind it: `!secret name`.
fn is_own(tag: &Tag) -> bool {
    let is_of_yaml = tag.is_yaml_core_schema()
        && matches!(&*tag.suffix, "str" | "int" | "float" | "bool" | "null" | "timestamp");
    let is_for_a_text = tag.handle.is_empty() && tag.suffix == "!";
    !is_of_yaml && !is_for_a_text
}

fn style_of(style: saphyr_parser::ScalarStyle) -> ScalarStyle {
    match style {
        saphyr_parser::ScalarStyle::Plain => ScalarStyle::Plain,
        saphyr_parser::ScalarStyle::SingleQuoted => ScalarStyle::SingleQuoted,
        saphyr_parser::ScalarStyle::DoubleQuoted => ScalarStyle::DoubleQuoted,
        saphyr_parser::ScalarStyle::Literal => ScalarStyle::Literal,
        saphyr_parser::ScalarStyle::Folded => ScalarStyle::Folded,
    }
}

/// Where the quote stands that closes the one `text` begins with.
fn closing_quote(text: &[u8]) -> Option<usize> {
    let (&quote, _) = text.split_first()?;
    let mut at = 1;
    loop {
        match (*text.get(at)?, text.get(at + 1)) {
            (b'\\', _) if quote == b'"' => at += 2,
            (b'\'', Some(b'\'')) if quote == b'\'' => at += 2,
            (letter, _) if letter == quote => return Some(at),
            _ => at += 1,
        }
    }
}

/// Where the node itself starts that begins, with its anchor and tag, at `start`.
fn skip_properties(text: &str, start: usize) -> usize {
    let mut at = start;
    while matches!(text.as_bytes().get(at), Some(b'&' | b'!')) {
        let rest = &text[at..];
        let word = rest.find(char::is_whitespace).unwrap_or(rest.len());
        let gap = rest[word..].len() - rest[word..].trim_start().len();
        at += word + gap;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(text: &str) -> Node {
        parse(text).unwrap().remove(0)
    }

    fn written<'t>(text: &'t str, node: &Node) -> &'t str {
        &text[node.range.indices()]
    }

    #[test]
    fn scalars_cover_their_content() {
        let text = "\u{feff}plain: żółć one # c\r\nsingle: 'it''s'\r\ndouble: \"a\\nb\"\r\nanchored: &x foo\nempty:\nlist: [a, \"b\"]\n";
        let root = root(text);
        for (key, expected) in [
            ("plain", "żółć one"),
            ("single", "it''s"),
            ("double", "a\\nb"),
            ("anchored", "foo"),
            ("empty", ""),
            ("list", "[a, \"b\"]"),
        ] {
            assert_eq!(written(text, root.get(key).unwrap()), expected, "{key}");
        }
        assert_eq!(root.get("single").unwrap().as_str(), Some("it's"));
        let items: Vec<_> =
            root.get("list").unwrap().items().iter().map(|item| written(text, item)).collect();
        assert_eq!(items, ["a", "b"]);
    }

    #[test]
    fn comments_behind_a_value_are_no_part_of_it() {
        let text = "double: \"a\\\"b\" # c\nsingle: 'a''b' # 'c'\nlist: [a, 'b' ] # ]\n\
            map: {a: \"b\"} # }\nx: &x \"y\" # z\nlast: *x # c\n";
        let root = root(text);
        for (key, expected) in [
            ("double", "a\\\"b"),
            ("single", "a''b"),
            ("list", "[a, 'b' ]"),
            ("map", "{a: \"b\"}"),
            ("x", "y"),
            ("last", "*x"),
        ] {
            assert_eq!(written(text, root.get(key).unwrap()), expected, "{key}");
        }
    }

    #[test]
    fn block_scalars_point_at_their_lines() {
        let text = "é: |  # head\n  lig é\n\n    two\n\nfold: >-\n    x y\n    z\nlast: &a |\n  anchored\n # far\nend: 1\n";
        let root = root(text);
        let literal = root.get("é").unwrap();
        assert_eq!(written(text, literal), "lig é\n\n    two");
        let value = literal.as_str().unwrap();
        assert_eq!(value, "lig é\n\n  two\n");
        let at = value.find("two").unwrap();
        let outer = literal.outer(text, TextRange::new(at, at + 3)).unwrap();
        assert_eq!(outer.start as usize, text.find("two").unwrap());
        assert_eq!(literal.outer(text, TextRange::new(0, value.len())), None);
        let folded = root.get("fold").unwrap();
        assert_eq!(folded.as_str(), Some("x y z"));
        let outer = folded.outer(text, TextRange::new(4, 5)).unwrap();
        assert_eq!(&text[outer.indices()], "z");
        assert_eq!(written(text, root.get("last").unwrap()), "anchored");
        assert_eq!(written(text, root.get("end").unwrap()), "1");
    }

    #[test]
    fn a_block_that_begins_like_a_tag_is_all_text() {
        let text = "a: |-\n  !(x in y) && z\nb: &b >\n  &no anchor\nc: !!str |\n  !x y\n";
        let root = root(text);
        for (key, expected) in [("a", "!(x in y) && z"), ("b", "&no anchor"), ("c", "!x y")] {
            assert_eq!(written(text, root.get(key).unwrap()), expected, "{key}");
        }
    }

    #[test]
    fn what_ends_with_a_quote_ends_behind_it() {
        let text = "a:\n  b: \"x\"\nc:\n  - 'y' # z\nd: {e: \"f\"}\n";
        let root = root(text);
        for (key, expected) in [("a", "b: \"x\""), ("c", "- 'y'"), ("d", "{e: \"f\"}")] {
            assert_eq!(written(text, root.get(key).unwrap()), expected, "{key}");
        }
    }

    #[test]
    fn escapes_map_where_they_can() {
        let text = r#"a: "one\ttwo \"three\"""#;
        let root = root(text);
        let node = root.get("a").unwrap();
        let at = node.as_str().unwrap().find("three").unwrap();
        let outer = node.outer(text, TextRange::new(at, at + 5)).unwrap();
        assert_eq!(&text[outer.indices()], "three");
    }

    #[test]
    fn documents_and_aliases() {
        let text = "a: &x {b: c}\nd: *x\n---\ne\n";
        let documents = parse(text).unwrap();
        assert_eq!(documents.len(), 2);
        let NodeKind::Alias { target: Some(target) } = documents[0].get("d").unwrap().kind else {
            panic!("not an alias");
        };
        assert_eq!(&text[target.indices()], "{b: c}");
        assert_eq!(documents[1].as_str(), Some("e"));
    }

    #[test]
    fn broken_texts_say_where() {
        let error = parse("é: 1\n b: [x\n").unwrap_err();
        assert!(error.message.starts_with("not valid YAML: "), "{}", error.message);
        let deep = "[".repeat(100_000);
        assert_eq!(parse(&deep).unwrap_err().message, "nested deeper than 256 levels");
        assert_eq!(
            parse(&"- ".repeat(5_000)).unwrap_err().message,
            "nested deeper than 256 levels"
        );
    }
}
