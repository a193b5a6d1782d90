//! Texts read as another language, also with holes in them (`yamldecode`, `jsondecode`, what a rule reads), with the place
//! of every value kept.
//!
//! Invariant: however often an alias stands for an alias, what comes of a text is bounded.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use super::assembled::Assembled;
use super::trees::Trees;
use crate::model::value::{Data, Entry, Map, Piece, Pieces, Reason, Text, Value};
use crate::syntax::language::{HOLE, Language};
use crate::syntax::yaml::{self, MAX_DEPTH, Node, NodeKind, ScalarStyle, TextPiece};
use crate::text::{Span, TextRange};

/// All aliases of a text together stand for at most so many nodes; a few lines could stand for billions.
const MOST_ALIASED: usize = 10_000;

/// The value that `text` encodes as `language`; `trees` knows what was read before. JSON that `jsondecode` gets is read as the
/// YAML it also is.
pub(super) fn text(text: &Value, language: Language, span: Span, trees: &Trees) -> Value {
    let results = text.possibilities().iter().map(|option| one(option, language, span, trees));
    Value::one_of(results, span)
}

fn one(value: &Value, language: Language, span: Span, trees: &Trees) -> Value {
    match &value.data {
        Data::Encoded(inner) => (**inner).clone(),
        Data::Text(text) => as_one(&documents(text, language, span, trees), span),
        Data::Unknown(reason) => Value { data: Data::Unknown(reason.clone()), span },
        _ => Value::unknown("it decodes something that is no string", span),
    }
}

/// One document gives its value, several a list of them (as the `kubectl` provider reads them).
pub(super) fn as_one(documents: &[Value], span: Span) -> Value {
    match documents {
        [document] => document.clone(),
        documents => Value::list(documents.to_vec(), span),
    }
}

/// The value of each document in `text`; one that is not known where the text is not of the language.
pub(super) fn documents(text: &Text, language: Language, span: Span, trees: &Trees) -> Vec<Value> {
    let mut whole = Assembled::new(text);
    if language.is_template() {
        whole = whole.with_holes();
    }
    // What stands in one piece is written out, once.
    let nodes = match &*text.pieces {
        [_] => language.parse(&whole.text).map(Into::into),
        _ => trees.of(&whole.text, span, language),
    };
    let nodes = match nodes {
        Ok(nodes) => nodes,
        Err(error) => {
            let noun = language.noun();
            let before = whole.text.get(..error.range.start as usize).unwrap_or_default();
            let line = before.matches('\n').count() + 1;
            let has_lines = whole.text.trim_end().contains('\n');
            let place = if has_lines { format!(" (line {line} of it)") } else { String::new() };
            let reason = format!("it is no {noun}: {}{place}", error.message);
            return vec![Value::unknown(reason, span)];
        }
    };
    if whole.has_lines() {
        let texts: Vec<TextRange> = nodes.iter().flat_map(block_texts).collect();
        whole.forget_lines_in(&texts);
    }
    let is_written_here = text.pieces.iter().any(|piece| span.contains(piece.span));
    let reading = Reading {
        whole: &whole,
        home: is_written_here.then_some(span),
        documents: &nodes,
        anchored: OnceCell::new(),
        left: Cell::new(MOST_ALIASED),
    };
    let depth = Depth { levels: 0, in_alias: false };
    nodes.iter().map(|node| reading.value(node, span, depth)).collect()
}

/// Where the texts of several lines below `node` are.
fn block_texts(node: &Node) -> Vec<TextRange> {
    let mut found = Vec::new();
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        match &node.kind {
            NodeKind::Scalar { style, .. } if style.is_block() => found.push(node.range),
            NodeKind::Scalar { .. } | NodeKind::Pieces(_) | NodeKind::Alias { .. } => {}
            NodeKind::Sequence(items) => waiting.extend(items),
            NodeKind::Mapping(entries) => waiting.extend(entries.iter().map(|entry| &entry.value)),
        }
    }
    found
}

/// How deep a node lies.
#[derive(Clone, Copy)]
struct Depth {
    levels: usize,
    in_alias: bool,
}

impl Depth {
    fn inner(self) -> Depth {
        Depth { levels: self.levels + 1, ..self }
    }
}

/// A text on its way from trees to values.
struct Reading<'w> {
    whole: &'w Assembled,
    /// Where the text is written, if that is where it is read. What is filled in may be written further down in the same file.
    home: Option<Span>,
    documents: &'w [Node],
    /// The nodes by their ranges, for aliases.
    anchored: OnceCell<FxHashMap<TextRange, &'w Node>>,
    /// How many nodes aliases may still stand for.
    left: Cell<usize>,
}

impl<'w> Reading<'w> {
    fn value(&self, node: &Node, span: Span, depth: Depth) -> Value {
        let own = self.whole.span_of(node.range);
        let is_at_home = |own: &Span| self.home.is_none_or(|home| home.contains(*own));
        let span = own.filter(is_at_home).unwrap_or(span);
        if depth.levels > MAX_DEPTH {
            return Value::unknown("its aliases are nested too deeply to follow", span);
        }
        if depth.in_alias {
            let Some(left) = self.left.get().checked_sub(1) else {
                return Value::unknown("its aliases stand for too much to follow", span);
            };
            self.left.set(left);
        }
        match &node.kind {
            NodeKind::Scalar { is_tagged: true, .. } => {
                Value::unknown("only who reads the YAML knows what its tag makes of it", span)
            }
            NodeKind::Scalar { value, style, .. } => self.scalar(node, value, *style, span),
            NodeKind::Sequence(items) => {
                let items = items.iter().map(|item| self.value(item, span, depth.inner()));
                Value::open_list(items.collect(), self.whole.open(node.range), span)
            }
            NodeKind::Pieces(pieces) => self.joined(pieces, span),
            NodeKind::Mapping(entries) => self.mapping(node, entries, span, depth.inner()),
            NodeKind::Alias { target } => match target.and_then(|target| self.node_at(target)) {
                Some(node) => self.value(node, span, Depth { in_alias: true, ..depth.inner() }),
                None => Value::unknown("an alias that leads nowhere", span),
            },
        }
    }

    fn mapping(&self, node: &Node, entries: &[yaml::Entry], span: Span, depth: Depth) -> Value {
        let mut map =
            Map { entries: Vec::with_capacity(entries.len()), open: self.whole.open(node.range) };
        let is_decided = map.open.is_some();
        let mut merged = Vec::new();
        for entry in entries {
            let Some(key) = entry.key.as_str().filter(|key| !key.contains(HOLE)) else {
                map.open = Some(Reason::new("a key of the YAML is not known"));
                continue;
            };
            let key_span = self.whole.span_of(entry.key.range).unwrap_or(span);
            let value = self.value(&entry.value, key_span, depth);
            if key == "<<" && is_plain(&entry.key) {
                merged.push(value);
                continue;
            }
            // Of the arms of a template, one is there.
            let other = map.entries.iter_mut().find(|known| is_decided && known.key == key);
            match other {
                Some(other) => {
                    let arms = vec![other.value.clone(), value];
                    other.value = Value::one_of(arms, other.value.span);
                }
                None => map.entries.push(Entry { key: key.into(), key_span, value }),
            }
        }
        if !merged.is_empty() {
            merge(&mut map, &merged);
        }
        Value { data: Data::Map(Arc::new(map)), span }
    }

    fn scalar(&self, node: &Node, value: &SmolStr, style: ScalarStyle, span: Span) -> Value {
        if style == ScalarStyle::Plain
            && let Some(data) = plain_data(value)
        {
            return match self.whole.open(node.range) {
                // Its lines may stand for a value.
                Some(reason) if value.is_empty() => Value { data: Data::Unknown(reason), span },
                _ => Value { data, span },
            };
        }
        let mut pieces = Pieces::new();
        for run in node.runs(&self.whole.text) {
            if run.is_verbatim {
                pieces.extend(self.whole.slice(run.outer));
                continue;
            }
            let text = &value[run.inner.indices()];
            let hole = || Reason::new("it holds an unknown part");
            let text = if text.contains(HOLE) {
                Err(self.whole.first_hole(run.outer).unwrap_or_else(hole))
            } else {
                Ok(text.into())
            };
            pieces.push(Piece { text, span: self.whole.span_of(run.outer).unwrap_or(span) });
        }
        match pieces.as_slice() {
            [Piece { text: Err(reason), .. }] => {
                Value { data: Data::Unknown(reason.clone()), span }
            }
            _ => Value { data: Data::Text(Arc::new(Text { pieces })), span },
        }
    }

    /// A text of which the language itself leaves parts open.
    fn joined(&self, parts: &[TextPiece], span: Span) -> Value {
        let mut pieces = Pieces::with_capacity(parts.len());
        for part in parts {
            let span = self.whole.span_of(part.range).unwrap_or(span);
            let written = &self.whole.text[part.range.indices()];
            let text = match &part.text {
                Some(text) if text == written => {
                    pieces.extend(self.whole.slice(part.range));
                    continue;
                }
                Some(text) if !text.contains(HOLE) => Ok(text.clone()),
                Some(_) => Err(Reason::new("it holds an unknown part")),
                None => {
                    let line = written.lines().next().unwrap_or_default();
                    Err(Reason::new(format!("`{line}` is known only when it runs")))
                }
            };
            pieces.push(Piece { text, span });
        }
        Value { data: Data::Text(Arc::new(Text { pieces })), span }
    }

    /// The node at exactly `range`.
    fn node_at(&self, range: TextRange) -> Option<&'w Node> {
        let index = || {
            let mut found = FxHashMap::default();
            self.documents.iter().for_each(|document| collect(document, &mut found));
            found
        };
        self.anchored.get_or_init(index).get(&range).copied()
    }
}

/// Adds `node` and the nodes below it; of two with the same bytes the outer one has the anchor.
fn collect<'n>(node: &'n Node, found: &mut FxHashMap<TextRange, &'n Node>) {
    found.entry(node.range).or_insert(node);
    node.items().iter().for_each(|item| collect(item, found));
    node.entries().iter().for_each(|entry| collect(&entry.value, found));
}

fn is_plain(node: &Node) -> bool {
    matches!(node.kind, NodeKind::Scalar { style: ScalarStyle::Plain, .. })
}

/// What `<<` adds: the entries of these objects, the first of them first, that the object does not have itself.
fn merge(map: &mut Map, values: &[Value]) {
    let mut known: FxHashSet<SmolStr> = map.entries.iter().map(|entry| entry.key.clone()).collect();
    let listed = values.iter().flat_map(|value| match &value.data {
        Data::List(list) => list.items.as_slice(),
        _ => std::slice::from_ref(value),
    });
    for value in listed {
        let Data::Map(inner) = &value.data else {
            let reason = value.first_unknown();
            map.open =
                reason.or_else(|| Some(Reason::new("`<<` merges something that is no object")));
            continue;
        };
        map.open = map.open.take().or_else(|| inner.open.clone());
        for entry in inner.sorted() {
            if known.insert(entry.key.clone()) {
                map.entries.push(entry.clone());
            }
        }
    }
}

/// What a scalar without quotes means, unless it is a string.
fn plain_data(value: &SmolStr) -> Option<Data> {
    match value.as_str() {
        "" | "~" | "null" | "Null" | "NULL" => Some(Data::Null),
        "true" | "True" | "TRUE" => Some(Data::Bool(true)),
        "false" | "False" | "FALSE" => Some(Data::Bool(false)),
        text if is_disputed(text) => {
            let reason = format!("`{text}` without quotes is not the same for all readers of YAML");
            Some(Data::Unknown(Reason::new(reason)))
        }
        text if is_decimal(text) => Some(Data::Number(text.trim_start_matches('+').into())),
        _ => None,
    }
}

/// Whether some readers take it for a truth value or a number of another base, as YAML 1.1 has it, and others do not.
fn is_disputed(text: &str) -> bool {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text);
    let is_of = |rest: &str, base: u32| {
        let mut digits = rest.chars().filter(|c| *c != '_').peekable();
        digits.peek().is_some() && digits.all(|c| c.is_digit(base))
    };
    let based = |prefix: &str, base| number.strip_prefix(prefix).is_some_and(|it| is_of(it, base));
    let is_grouped = number.contains('_')
        && number.starts_with(|c: char| c.is_ascii_digit())
        && is_decimal(&number.replace('_', ""));
    yaml::is_disputed_truth(text)
        || based("0x", 16)
        || based("0o", 8)
        || based("0b", 2)
        || based("0", 8)
        || is_grouped
}

fn is_decimal(text: &str) -> bool {
    let is_part =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E');
    text.bytes().all(is_part) && text.parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::FileId;

    /// The documents of `text`, as if it were a file.
    fn read(text: &str, language: Language) -> Vec<Value> {
        let span = TextRange::new(0, text.len()).in_file(FileId(0));
        let piece = Piece { text: Ok(text.into()), span };
        documents(&Text { pieces: smallvec::smallvec![piece] }, language, span, &Trees::default())
    }

    fn only(text: &str) -> Value {
        read(text, Language::Yaml).remove(0)
    }

    fn at<'v>(value: &'v Value, path: &[&str]) -> &'v Value {
        value.at(path).unwrap_or_else(|| panic!("nothing at {path:?}"))
    }

    fn why(value: &Value) -> String {
        value.first_unknown().map(|reason| reason.to_string()).unwrap_or_default()
    }

    #[test]
    fn a_word_in_a_block_has_its_own_bytes() {
        for (text, style) in [
            ("run: |\n  one\n  two ${X}\n", "literal"),
            ("run: |\r\n  one\r\n  two ${X}\r\n", "carriage returns"),
            ("run: >-\n  one\n  two ${X}\n", "folded"),
            ("run: \"one\\ttwo ${X}\"\n", "escapes"),
            ("run: 'it''s two ${X}'\n", "quotes"),
        ] {
            let value = only(text);
            let Data::Text(run) = &at(&value, &["run"]).data else { panic!("{style}") };
            let start = run.as_str().unwrap().find("two").unwrap();
            let span = run.source_of(start, start + 8).unwrap();
            assert_eq!(&text[span.range.indices()], "two ${X}", "{style}");
        }
    }

    #[test]
    fn aliases_of_aliases_are_bounded() {
        let level = |level: usize| {
            let before = format!("*a{}", level - 1);
            format!("a{level}: &a{level} [{}]\n", [before.as_str(); 9].join(", "))
        };
        let levels: String = (1..30).map(level).collect();
        let bomb = format!("a0: &a0 [x, x, x, x, x, x, x, x, x]\n{levels}");
        let value = only(&bomb);
        assert_eq!(at(&value, &["a1"]).items().len(), 9);
        assert_eq!(why(&value), "its aliases stand for too much to follow");
        let nested = |inner: &str| format!("{}{inner}{}", "[".repeat(200), "]".repeat(200));
        let deep = format!("a: &a {}\nb: {}\n", nested("x"), nested("*a"));
        assert_eq!(why(&only(&deep)), "its aliases are nested too deeply to follow");
        assert_eq!(why(&only("a: &a [*a]\n")), "an alias that leads nowhere");
    }

    #[test]
    fn merged_objects_give_what_is_not_written() {
        let value = only(
            "base: &base {image: old, ports: [1]}\nmore: &more {user: me, image: other}\n\
             web:\n  <<: [*base, *more]\n  image: new\nbad:\n  <<: 1\n",
        );
        let web = at(&value, &["web"]);
        assert_eq!(at(web, &["image"]).as_str().as_deref(), Some("new"));
        assert_eq!(at(web, &["ports"]).items().len(), 1);
        assert_eq!(at(web, &["user"]).as_str().as_deref(), Some("me"));
        assert_eq!(why(at(&value, &["bad"])), "`<<` merges something that is no object");
    }

    #[test]
    fn what_is_odd_is_read_as_readers_of_yaml_do_or_not_at_all() {
        assert_eq!(at(&only("a: 1\na: 2\n"), &["a"]).as_str().as_deref(), Some("2"));
        assert!(why(&only("a:\n\tb: 1\n")).starts_with("it is no YAML: "));
        assert!(why(&only("\u{0}\u{1}PNG: [")).starts_with("it is no YAML: "));
        assert!(read("", Language::Yaml).is_empty());
        let many = "- {name: x, value: \"some more words\", list: [1, 2, 3]}\n".repeat(100_000);
        assert!(many.len() > 5_000_000);
        assert_eq!(only(&many).items().len(), 100_000);
    }

    #[test]
    fn what_readers_of_yaml_disagree_about_is_not_known() {
        for text in ["yes", "No", "ON", "y", "0644", "-0x1F", "0o17", "0b1", "1_000"] {
            let expected =
                format!("`{text}` without quotes is not the same for all readers of YAML");
            assert_eq!(why(&only(&format!("a: {text}\n"))), expected, "{text}");
            let quoted = only(&format!("a: '{text}'\n"));
            assert_eq!(at(&quoted, &["a"]).as_str().as_deref(), Some(text));
        }
        for tag in ["!secret", "!Ref", "!!binary", "!<tag:a,b:c>"] {
            let value = only(&format!("a: {tag} b\nb: 1\n"));
            assert_eq!(
                why(at(&value, &["a"])),
                "only who reads the YAML knows what its tag makes of it"
            );
            assert_eq!(at(&value, &["b"]).as_str().as_deref(), Some("1"));
        }
        for (text, said) in [
            ("!!str 1", "1"),
            ("! a", "a"),
            ("-inf", "-inf"),
            ("+12", "12"),
            ("0", "0"),
            ("0.5", "0.5"),
        ] {
            assert_eq!(at(&only(&format!("a: {text}\n")), &["a"]).as_str().as_deref(), Some(said));
        }
        assert!(matches!(at(&only("a: -inf\n"), &["a"]).data, Data::Text(_)));
    }

    #[test]
    fn what_is_not_understood_is_told_with_its_line() {
        let text = "echo a\nb 'c\n";
        let why = why(&read(text, Language::Shell).remove(0));
        assert!(why.ends_with("or one that is not understood (line 2 of it)"), "{why}");
    }

    #[test]
    fn a_template_is_known_but_for_its_holes() {
        let text = "{{- if .x }}\nname: web\n{{- end }}\nimage: \"nginx:${tag}\"\n\
                    labels:\n  {{- include \"labels\" . | nindent 2 }}\nrun: |\n  one\n  ${steps}\n\
                    {{ if .y }}\nport: 1\n{{ else }}\nport: 2\n{{ end }}\n";
        let value = read(text, Language::YamlTemplate).remove(0);
        assert_eq!(at(&value, &["name"]).as_str().as_deref(), Some("web"));
        let Data::Text(image) = &at(&value, &["image"]).data else { panic!("no text") };
        assert_eq!(image.known_prefix(), "nginx:");
        assert_eq!(why(at(&value, &["labels"])), "a template fills it in");
        let Data::Text(run) = &at(&value, &["run"]).data else { panic!("no text") };
        assert_eq!(run.known_prefix(), "one\n");
        assert_eq!(at(&value, &["port"]).possibilities().len(), 2);
        assert!(matches!(value.get("other"), crate::model::value::Lookup::Unknown(_)));
        // What is alone on its line and no entry may be one anyhow.
        let plain = read("a: b\n${more}\nc: d\n", Language::YamlTemplate).remove(0);
        assert_eq!(at(&plain, &["a"]).as_str().as_deref(), Some("b"));
        assert!(
            why(&read("a: [${x}\n", Language::YamlTemplate).remove(0)).starts_with("it is no YAML")
        );
    }
}
