//! Bodies: objects → arguments and blocks; and what the comments in them are about.
//!
//! Invariant: a block's range begins with its last label, or with its type where it has none, or, where several stand in a
//! list, with its own brace: so blocks that share a type stand behind each other, and hold what is theirs alone.

use std::ops::Range;

use rustc_hash::FxHashSet;

use super::string::quoted;
use super::words::{COMMENT, INNER, Kind, Means, ROOT, Reading, UNIT, VALUES, is_bare, is_block};
use super::{Reader, whole};
use crate::syntax::hcl::{Attribute, Block, Body, Ident, Item};
use crate::syntax::yaml::{Entry, Node, NodeKind, ScalarStyle};
use crate::syntax::{About, Comment};
use crate::text::TextRange;

/// A block whose body is read.
#[derive(Clone, Copy)]
struct Head<'n> {
    /// Its type.
    name: &'n str,
    /// What Terraform knows of its body.
    kind: &'static Kind,
    /// The key that it stands under.
    key: &'n Node,
}

/// Where a body stands: the block's whole range and its header; none for the file.
type Around = Option<(TextRange, TextRange)>;

impl Reader<'_> {
    /// What a file that sets variables says: an object.
    pub(super) fn values(&mut self, root: &Node) -> Vec<Item> {
        let message = "a file that sets variables is an object";
        self.one(root, &VALUES, message, "write `{ \"NAME\": … }`")
    }

    /// What a file of Terragrunt's says: an object.
    pub(super) fn unit(&mut self, root: &Node) -> Vec<Item> {
        let message = "a file of Terragrunt's is an object";
        self.one(root, &UNIT, message, "write `{ \"inputs\": { … } }`")
    }

    fn one(&mut self, root: &Node, kind: &'static Kind, message: &str, help: &str) -> Vec<Item> {
        let mut items = Vec::new();
        if let NodeKind::Mapping(entries) = &root.kind {
            self.body(entries, kind, None, &mut items);
        } else {
            self.wrong_shape(root, message.to_owned(), help);
        }
        items
    }

    /// What a file of a module says: an object, or a list of them.
    pub(super) fn file(&mut self, root: &Node) -> Vec<Item> {
        let mut items = Vec::new();
        let objects = match &root.kind {
            NodeKind::Sequence(objects) => objects.as_slice(),
            _ => std::slice::from_ref(root),
        };
        for object in objects {
            if let NodeKind::Mapping(entries) = &object.kind {
                self.body(entries, &ROOT, None, &mut items);
            } else {
                let message = "a file of Terraform's is an object, or a list of objects";
                let help = "write `{ \"resource\": { … } }`";
                self.wrong_shape(object, message.to_owned(), help);
            }
        }
        items
    }

    /// What `entries`, the object of a body, says.
    fn body(
        &mut self,
        entries: &[Entry],
        kind: &'static Kind,
        around: Around,
        items: &mut Vec<Item>,
    ) {
        let first_item = items.len();
        let mut seen = FxHashSet::default();
        let repeated = repeated(entries);
        let mut head: Option<Range<usize>> = None;
        let mut run = self.comments.len();
        for entry in entries {
            let Some(name) = entry.key.as_str() else { continue };
            if name == COMMENT {
                self.comment(entry);
                continue;
            }
            let said = run..self.comments.len();
            if head.is_none() {
                head = Some(said);
            } else if !said.is_empty() {
                let property = TextRange {
                    start: quoted(entry.key.range).start,
                    end: whole(&entry.value).end,
                };
                self.attached.owners[said.clone()].fill(About::Node(property));
                self.lead(property.start, said);
            }
            let labels = &mut Vec::new();
            match kind.means(name) {
                Means::Block(count, kind) => {
                    let count = if is_bare(name, &entry.value) { 0 } else { count };
                    let head = Head { name, kind, key: &entry.key };
                    self.blocks(head, count, labels, &entry.value, items);
                }
                Means::Either if is_block(name, &entry.value, repeated.contains(name)) => {
                    let head = Head { name, kind: &INNER, key: &entry.key };
                    self.blocks(head, 0, labels, &entry.value, items);
                }
                Means::Argument(reading) => self.argument(entry, name, reading, &mut seen, items),
                Means::Either => self.argument(entry, name, Reading::Template, &mut seen, items),
            }
            run = self.comments.len();
        }
        let left = run..self.comments.len();
        let about = around.map_or(About::File, |(block, _)| About::Node(block));
        let head = head.unwrap_or_else(|| left.clone());
        self.attached.owners[left].fill(about);
        self.attached.owners[head.clone()].fill(about);
        if head.is_empty() {
            return;
        }
        match around {
            Some((_, header)) => self.lead(header.start, head.clone()),
            None if head.start == 0 => self.attached.header = head.end,
            None => {}
        }
        if around.is_some() {
            self.lead_named(&items[first_item..], &head);
        }
    }

    /// What is said at the head of a block is also about the arguments that it names: tools that sort keys leave no other
    /// place for it.
    fn lead_named(&mut self, items: &[Item], head: &Range<usize>) {
        let said = &self.comments[head.clone()];
        let said: Vec<&str> = said.iter().map(|comment| comment.content(self.text)).collect();
        let named = items.iter().filter_map(|item| match item {
            Item::Attribute(Attribute { key, range, .. }) => {
                said.iter().any(|text| names(text, &key.name)).then_some(range.start)
            }
            Item::Block(_) => None,
        });
        let named: Vec<u32> = named.collect();
        self.attached.leading.extend(named.into_iter().map(|start| (start, head.clone())));
    }

    /// The comments `said` are about what starts at `start`.
    fn lead(&mut self, start: u32, said: Range<usize>) {
        self.attached.leading.push((start, said));
    }

    fn argument<'n>(
        &mut self,
        entry: &'n Entry,
        name: &'n str,
        reading: Reading,
        seen: &mut FxHashSet<&'n str>,
        items: &mut Vec<Item>,
    ) {
        if !seen.insert(name) {
            self.set_twice(name, entry.key.range);
            return;
        }
        let value = self.value(&entry.value, reading);
        let start = quoted(entry.key.range).start;
        let range = TextRange { start, end: whole(&entry.value).end };
        let key = Ident { name: name.into(), range: entry.key.range };
        items.push(Item::Attribute(Attribute { key, value, range }));
    }

    /// The blocks that `value` makes, which still lacks so many labels.
    fn blocks<'n>(
        &mut self,
        head: Head<'n>,
        count: usize,
        labels: &mut Vec<&'n Node>,
        value: &'n Node,
        items: &mut Vec<Item>,
    ) {
        if count == 0 {
            self.bodies(head, labels, value, items);
            return;
        }
        let objects = match &value.kind {
            NodeKind::Sequence(objects) => objects.as_slice(),
            _ => std::slice::from_ref(value),
        };
        for object in objects {
            let NodeKind::Mapping(entries) = &object.kind else {
                let message = format!("`{}` needs an object here: its keys are names", head.name);
                self.wrong_shape(object, message, "write `{ \"name\": { … } }`");
                continue;
            };
            for Entry { key, value } in entries {
                let Some(label) = key.as_str() else { continue };
                let kind = if labels.is_empty() { head.kind.labelled(label) } else { head.kind };
                labels.push(key);
                self.blocks(Head { kind, key, ..head }, count - 1, labels, value, items);
                labels.pop();
            }
        }
    }

    /// The blocks whose bodies are in `value`.
    fn bodies(&mut self, head: Head<'_>, labels: &[&Node], value: &Node, items: &mut Vec<Item>) {
        let key = quoted(head.key.range);
        match &value.kind {
            NodeKind::Mapping(entries) => {
                let range = TextRange { start: key.start, end: value.range.end };
                self.block(head, labels, (range, key), (entries, value.range), items);
            }
            NodeKind::Sequence(bodies) => {
                for body in bodies {
                    let NodeKind::Mapping(entries) = &body.kind else {
                        self.no_body(head.name, body);
                        continue;
                    };
                    let around = match bodies.len() {
                        1 => (TextRange { start: key.start, end: value.range.end }, key),
                        _ => (body.range, body.range.slice(0, 1)),
                    };
                    self.block(head, labels, around, (entries, body.range), items);
                }
            }
            NodeKind::Scalar { value: word, style: ScalarStyle::Plain, .. } if word == "null" => {}
            _ => self.no_body(head.name, value),
        }
    }

    fn no_body(&mut self, name: &str, value: &Node) {
        let message = format!("`{name}` is a block: it needs an object, or a list of objects");
        self.wrong_shape(value, message, "write `{ … }`");
    }

    fn block(
        &mut self,
        head: Head<'_>,
        labels: &[&Node],
        (range, header): (TextRange, TextRange),
        (entries, braces): (&[Entry], TextRange),
        items: &mut Vec<Item>,
    ) {
        let mut inside = Vec::new();
        self.body(entries, head.kind, Some((range, header)), &mut inside);
        let ident = |name: &str| Ident { name: name.into(), range: header };
        let labels = labels.iter().filter_map(|label| label.as_str()).map(ident).collect();
        let body = Body { items: inside, range: braces.slice(1, braces.len() - 2) };
        items.push(Item::Block(Block { kind: ident(head.name), labels, body, header, range }));
    }

    /// What `entry` says that is ignored: a text, or several. What a program has written there is no comment.
    pub(super) fn comment(&mut self, entry: &Entry) {
        let texts = match &entry.value.kind {
            NodeKind::Sequence(texts) => texts.as_slice(),
            _ => std::slice::from_ref(&entry.value),
        };
        let mut start = Some(quoted(entry.key.range).start);
        for node in texts {
            let NodeKind::Scalar { value, style: ScalarStyle::DoubleQuoted, .. } = &node.kind
            else {
                continue;
            };
            let text = node.range;
            let mut range = quoted(text);
            range.start = start.take().unwrap_or(range.start);
            let said = (value.len() != text.len()).then(|| value.as_str().into());
            self.comments.push(Comment { range, text, own_line: false, said });
            self.attached.owners.push(About::default());
        }
    }
}

/// The names that stand there more than once: no argument does.
fn repeated(entries: &[Entry]) -> FxHashSet<&str> {
    let mut seen = FxHashSet::default();
    entries
        .iter()
        .filter_map(|entry| entry.key.as_str())
        .filter(|name| !seen.insert(*name))
        .collect()
}

/// Whether `text` has the word `name`.
fn names(text: &str, name: &str) -> bool {
    let is_inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    text.match_indices(name).any(|(at, _)| {
        !text[..at].ends_with(is_inside) && !text[at + name.len()..].starts_with(is_inside)
    })
}
