//! `yamldecode` and `jsondecode`, also of text with holes, with the place of every value kept.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::model::value::{Data, Entry, Map, Piece, Reason, Text, Value};
use crate::syntax::yaml::{self, Node, NodeKind, ScalarStyle, TextPiece};
use crate::text::{Span, TextRange};

/// Stands for a hole while the text around it is parsed. A plain word to YAML and JSON alike, that nobody writes.
const HOLE: &str = "tautline0hole0";

/// The value that the YAML or JSON text `text` encodes. JSON is read as the YAML it also is.
pub(super) fn text(text: &Value, span: Span) -> Value {
    let results = text.possibilities().iter().map(|option| one(option, span));
    Value::one_of(results.collect(), span)
}

fn one(value: &Value, span: Span) -> Value {
    match &value.data {
        Data::Encoded(inner) => (**inner).clone(),
        Data::Text(text) => documents(text, span)
            .unwrap_or_else(|reason| Value { data: Data::Unknown(reason), span }),
        Data::Unknown(reason) => Value { data: Data::Unknown(reason.clone()), span },
        _ => Value::unknown("it decodes something that is no string", span),
    }
}

/// One document gives its value, several a list of them (as the `kubectl` provider reads them).
fn documents(text: &Text, span: Span) -> Result<Value, Reason> {
    let whole = Assembled::new(text);
    let nodes = yaml::parse(&whole.text)
        .map_err(|error| Reason::new(format!("it is no YAML: {}", error.message)))?;
    let mut values: Vec<Value> = nodes.iter().map(|node| whole.value(node, &nodes, span)).collect();
    Ok(if values.len() == 1 { values.remove(0) } else { Value::list(values, span) })
}

/// The pieces of a string put together, holes as [`HOLE`].
struct Assembled<'t> {
    text: String,
    pieces: Vec<(TextRange, &'t Piece)>,
}

impl<'t> Assembled<'t> {
    fn new(source: &'t Text) -> Self {
        let mut text = String::new();
        let mut pieces = Vec::with_capacity(source.pieces.len());
        for piece in &source.pieces {
            let start = text.len();
            text.push_str(piece.text.as_deref().unwrap_or(HOLE));
            pieces.push((TextRange::new(start, text.len()), piece));
        }
        Self { text, pieces }
    }

    fn value(&self, node: &Node, documents: &[Node], span: Span) -> Value {
        let span = self.span_of(node.range).unwrap_or(span);
        match &node.kind {
            NodeKind::Scalar { value, style } => self.scalar(node, value, *style, span),
            NodeKind::Sequence(items) => Value::list(
                items.iter().map(|item| self.value(item, documents, span)).collect(),
                span,
            ),
            NodeKind::Pieces(pieces) => self.joined(pieces, span),
            NodeKind::Mapping(entries) => self.mapping(entries, documents, span),
            NodeKind::Alias { target } => {
                match target
                    .and_then(|target| documents.iter().find_map(|node| anchored(node, target)))
                {
                    Some(node) => self.value(node, documents, span),
                    None => Value::unknown("an alias that leads nowhere", span),
                }
            }
        }
    }

    fn mapping(&self, entries: &[yaml::Entry], documents: &[Node], span: Span) -> Value {
        let mut map = Map::default();
        for entry in entries {
            let Some(key) = entry.key.as_str().filter(|key| !key.contains(HOLE)) else {
                map.open = Some(Reason::new("a key of the YAML is not known"));
                continue;
            };
            let key_span = self.span_of(entry.key.range).unwrap_or(span);
            let value = self.value(&entry.value, documents, key_span);
            map.entries.push(Entry { key: key.into(), key_span, value });
        }
        Value { data: Data::Map(Arc::new(map)), span }
    }

    fn scalar(&self, node: &Node, value: &SmolStr, style: ScalarStyle, span: Span) -> Value {
        if style == ScalarStyle::Plain
            && let Some(data) = plain_data(value)
        {
            return Value { data, span };
        }
        let verbatim = self.text[node.range.indices()] == **value;
        let pieces = if verbatim {
            self.slice(node.range)
        } else if value.contains(HOLE) {
            let reason = self
                .first_hole(node.range)
                .unwrap_or_else(|| Reason::new("it holds an unknown part"));
            vec![Piece { text: Err(reason), span }]
        } else {
            vec![Piece { text: Ok(value.clone()), span }]
        };
        match pieces.as_slice() {
            [Piece { text: Err(reason), .. }] => {
                Value { data: Data::Unknown(reason.clone()), span }
            }
            _ => Value { data: Data::Text(Arc::new(Text { pieces })), span },
        }
    }

    /// A text of which the language itself leaves parts open.
    fn joined(&self, parts: &[TextPiece], span: Span) -> Value {
        let mut pieces = Vec::with_capacity(parts.len());
        for part in parts {
            let span = self.span_of(part.range).unwrap_or(span);
            let written = &self.text[part.range.indices()];
            let text = match &part.text {
                Some(text) if text == written => {
                    pieces.extend(self.slice(part.range));
                    continue;
                }
                Some(text) if !text.contains(HOLE) => Ok(text.clone()),
                Some(_) => Err(Reason::new("it holds an unknown part")),
                None => {
                    Err(Reason::new(format!("what `{written}` stands for is known when it runs")))
                }
            };
            pieces.push(Piece { text, span });
        }
        Value { data: Data::Text(Arc::new(Text { pieces })), span }
    }

    /// The pieces that make up the bytes `range` of the assembled text.
    fn slice(&self, range: TextRange) -> Vec<Piece> {
        let mut out = Vec::new();
        for (at, piece) in self.overlapping(range) {
            let (start, end) = (range.start.max(at.start), range.end.min(at.end));
            let span = if piece.is_verbatim() {
                Span {
                    file: piece.span.file,
                    range: piece
                        .span
                        .range
                        .slice((start - at.start) as usize, (end - start) as usize),
                }
            } else {
                piece.span
            };
            let text = match &piece.text {
                Ok(_) => Ok(SmolStr::new(&self.text[start as usize..end as usize])),
                Err(reason) => Err(reason.clone()),
            };
            out.push(Piece { text, span });
        }
        out
    }

    fn first_hole(&self, range: TextRange) -> Option<Reason> {
        self.overlapping(range).find_map(|(_, piece)| piece.text.as_ref().err().cloned())
    }

    fn overlapping(&self, range: TextRange) -> impl Iterator<Item = (TextRange, &'t Piece)> + '_ {
        let from = self.pieces.partition_point(|(at, _)| at.end <= range.start);
        self.pieces[from..].iter().copied().take_while(move |(at, _)| at.start < range.end)
    }

    /// Where the bytes `range` of the assembled text are written, where that is one file.
    fn span_of(&self, range: TextRange) -> Option<Span> {
        let pieces = self.slice(range);
        let (first, last) = (pieces.first()?, pieces.last()?);
        let same_file =
            first.span.file == last.span.file && first.span.range.start <= last.span.range.start;
        same_file
            .then(|| Span { file: first.span.file, range: first.span.range.cover(last.span.range) })
    }
}

/// The node at exactly `range`, below `node`.
fn anchored(node: &Node, range: TextRange) -> Option<&Node> {
    if node.range == range {
        return Some(node);
    }
    let in_items = node.items().iter().find_map(|item| anchored(item, range));
    in_items.or_else(|| node.entries().iter().find_map(|entry| anchored(&entry.value, range)))
}

/// What a scalar without quotes means, unless it is a string.
fn plain_data(value: &SmolStr) -> Option<Data> {
    match value.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Some(Data::Null),
        "true" | "True" | "TRUE" => Some(Data::Bool(true)),
        "false" | "False" | "FALSE" => Some(Data::Bool(false)),
        text => {
            let numeric =
                text.bytes().next().is_some_and(|b| b.is_ascii_digit() || b == b'-' || b == b'.');
            (numeric && text.parse::<f64>().is_ok()).then(|| Data::Number(value.clone()))
        }
    }
}
