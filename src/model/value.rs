//! What an expression evaluates to.
//!
//! Invariant: a value is never a guess. What is not known is [`Data::Unknown`] with its reason, at the place in the
//! value where it belongs: a string may be known but for one piece, an object but for one key.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use smallvec::{SmallVec, smallvec};
use smol_str::SmolStr;

use crate::text::Span;

/// A value and where it is written.
#[derive(Clone, Debug)]
pub struct Value {
    /// What it is.
    pub data: Data,
    /// The expression that wrote it: the literal itself, not the reference that led to it.
    pub span: Span,
}

/// The kinds of value.
#[derive(Clone, Debug)]
pub enum Data {
    /// `null`
    Null,
    /// A boolean.
    Bool(bool),
    /// A number as written or computed.
    Number(SmolStr),
    /// A string, known wholly or in part.
    Text(Arc<Text>),
    /// A list, tuple or set.
    List(Arc<List>),
    /// An object or map.
    Map(Arc<Map>),
    /// The YAML or JSON form of a value: a string of which only the meaning is known.
    Encoded(Arc<Value>),
    /// One of several: the arms of a conditional, the callers of a module.
    OneOf(Arc<[Value]>),
    /// Not known.
    Unknown(Reason),
}

/// The pieces of a string: mostly one.
pub(super) type Pieces = SmallVec<[Piece; 1]>;

/// A string as pieces, each with the place it came from.
#[derive(Clone, Debug, Default)]
pub struct Text {
    /// The pieces in order.
    pub pieces: Pieces,
}

/// A piece of a string.
#[derive(Clone, Debug)]
pub struct Piece {
    /// The text, or why it is not known.
    pub text: Result<SmolStr, Reason>,
    /// Where it is written.
    pub span: Span,
}

impl Piece {
    /// Whether the source bytes at `span` are the text itself, so that offsets in one are offsets in the other.
    pub fn is_verbatim(&self) -> bool {
        matches!(&self.text, Ok(text) if text.len() == self.span.range.len())
    }
}

/// A list, perhaps with more elements than are known.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// The known elements.
    pub items: Vec<Value>,
    /// Why there may be more, where there may be.
    pub open: Option<Reason>,
    /// Whether it is a set: its elements have no position, and each is its own key.
    pub is_set: bool,
}

/// An object, perhaps with more keys than are known.
#[derive(Clone, Debug, Default)]
pub struct Map {
    /// The known entries in order; the last of two equal keys counts.
    pub entries: Vec<Entry>,
    /// Why there may be more, where there may be.
    pub open: Option<Reason>,
}

/// One entry of an object.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The key.
    pub key: SmolStr,
    /// Where the key is written.
    pub key_span: Span,
    /// The value.
    pub value: Value,
}

/// Why a value is not known: one phrase, e.g. `` `var.host` has no default and comes from `config.tfvars` (git-crypt) ``.
///
/// Some reasons say more: that Terraform refuses the expression, as it does where an object lacks the key. That is what
/// `try` and `can` ask.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reason(Arc<Stated>);

/// One word, so that the values that are known are no larger for it.
#[derive(PartialEq, Eq, Debug)]
struct Stated {
    text: Box<str>,
    /// The expression that Terraform refuses, where it does.
    refused: Option<Span>,
}

impl Reason {
    /// The reason that `text` states.
    pub fn new(text: impl Into<Box<str>>) -> Self {
        Self(Arc::new(Stated { text: text.into(), refused: None }))
    }

    /// What it states.
    pub fn as_str(&self) -> &str {
        &self.0.text
    }

    /// The reason that `text` states, for which Terraform certainly refuses the expression at `span`.
    pub(super) fn failure(text: impl Into<Box<str>>, span: Span) -> Self {
        Self(Arc::new(Stated { text: text.into(), refused: Some(span) }))
    }

    /// The expression that Terraform refuses for this reason; nothing where it is only not known.
    pub fn refused(&self) -> Option<Span> {
        self.0.refused
    }

    fn is_refusal(&self) -> bool {
        self.0.refused.is_some()
    }

    fn fails(&self) -> Option<bool> {
        self.is_refusal().then_some(true)
    }

    /// The same for one of several alternatives: whether it comes to that is not known.
    pub(super) fn perhaps(self) -> Self {
        if self.is_refusal() { Self::new(self.as_str()) } else { self }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a lookup in an object found.
#[derive(Clone, Debug)]
pub enum Lookup<'a> {
    /// The entry.
    Found(&'a Entry),
    /// The key is certainly not there.
    Absent,
    /// The object is not known well enough.
    Unknown(Reason),
}

impl Value {
    /// A wholly known string written at `span`.
    pub fn text(text: impl Into<SmolStr>, span: Span) -> Self {
        let pieces = smallvec![Piece { text: Ok(text.into()), span }];
        Self { data: Data::Text(Arc::new(Text { pieces })), span }
    }

    /// A value that is not known, for `reason`.
    pub fn unknown(reason: impl Into<Box<str>>, span: Span) -> Self {
        Self { data: Data::Unknown(Reason::new(reason)), span }
    }

    /// What comes of an expression that Terraform refuses, for `reason`.
    pub(super) fn failure(reason: impl Into<Box<str>>, span: Span) -> Self {
        Self { data: Data::Unknown(Reason::failure(reason, span)), span }
    }

    /// A value that is not known, for a reason that was found elsewhere.
    pub(super) fn for_reason(reason: Reason, span: Span) -> Self {
        Self { data: Data::Unknown(reason), span }
    }

    /// Nothing.
    pub fn null(span: Span) -> Self {
        Self { data: Data::Null, span }
    }

    /// A truth value.
    pub fn bool(value: bool, span: Span) -> Self {
        Self { data: Data::Bool(value), span }
    }

    /// The number that `digits` write.
    pub fn number(digits: impl Into<SmolStr>, span: Span) -> Self {
        Self { data: Data::Number(digits.into()), span }
    }

    /// A list.
    pub fn list(items: Vec<Value>, span: Span) -> Self {
        Self::open_list(items, None, span)
    }

    /// A list that may go on, where `open` says why.
    pub(super) fn open_list(items: Vec<Value>, open: Option<Reason>, span: Span) -> Self {
        Self { data: Data::List(Arc::new(List { items, open, is_set: false })), span }
    }

    /// An object.
    pub fn map(entries: Vec<Entry>, span: Span) -> Self {
        Self { data: Data::Map(Arc::new(Map { entries, open: None })), span }
    }

    /// One of `options`; flattened, and just the one where there is one.
    pub fn one_of(options: impl IntoIterator<Item = Value>, span: Span) -> Self {
        let mut flat: SmallVec<[Value; 1]> = SmallVec::new();
        for option in options {
            match option.data {
                Data::OneOf(inner) => flat.extend(inner.iter().cloned()),
                _ => flat.push(option),
            }
        }
        if flat.len() == 1 {
            return flat.remove(0);
        }
        Self { data: Data::OneOf(flat.into_vec().into()), span }
    }

    /// Every value this may be: itself, or the arms.
    pub fn possibilities(&self) -> &[Value] {
        match &self.data {
            Data::OneOf(options) => options,
            _ => std::slice::from_ref(self),
        }
    }

    /// The string form of a known string, number or boolean, as Terraform would convert it.
    pub fn as_str(&self) -> Option<Cow<'_, str>> {
        match &self.data {
            Data::Text(text) => text.as_str(),
            Data::Number(number) => Some(Cow::Borrowed(number)),
            Data::Bool(value) => Some(Cow::Borrowed(if *value { "true" } else { "false" })),
            _ => None,
        }
    }

    /// Whether nothing in this value is unknown. A `OneOf` of known values is known.
    pub fn is_known(&self) -> bool {
        self.first_unknown().is_none()
    }

    /// The first reason found why some part of this value is not known.
    pub fn first_unknown(&self) -> Option<Reason> {
        match &self.data {
            Data::Unknown(reason) => Some(reason.clone()),
            Data::Text(text) => text.hole(),
            Data::List(list) => {
                list.open.clone().or_else(|| list.items.iter().find_map(Value::first_unknown))
            }
            Data::Map(map) => map
                .open
                .clone()
                .or_else(|| map.entries.iter().find_map(|entry| entry.value.first_unknown())),
            Data::OneOf(options) => {
                options.iter().find_map(Value::first_unknown).map(Reason::perhaps)
            }
            Data::Encoded(inner) => inner.first_unknown(),
            Data::Null | Data::Bool(_) | Data::Number(_) => None,
        }
    }

    /// Why Terraform refuses the expression that this is the value of, where that is certain.
    pub(super) fn refusal(&self) -> Option<Reason> {
        match &self.data {
            Data::Unknown(reason) => Some(reason.clone()).filter(Reason::is_refusal),
            Data::Null | Data::Bool(_) | Data::Number(_) => None,
            Data::Text(text) => text.hole().filter(Reason::is_refusal),
            Data::List(list) => list.items.iter().find_map(Value::refusal),
            Data::Map(map) => map.entries.iter().find_map(|entry| entry.value.refusal()),
            Data::Encoded(inner) => inner.refusal(),
            Data::OneOf(options) => {
                let first = options.first()?.refusal()?;
                options.iter().all(|option| option.refusal().is_some()).then_some(first)
            }
        }
    }

    /// The same, where it is not known whether it comes to that.
    pub(super) fn perhaps(self) -> Self {
        match self.data {
            Data::Unknown(reason) => Self::for_reason(reason.perhaps(), self.span),
            _ => self,
        }
    }

    /// Whether Terraform refuses the expression that this is the value of, where that is certain.
    pub(super) fn fails(&self) -> Option<bool> {
        match &self.data {
            Data::Unknown(reason) if reason.is_refusal() => Some(true),
            Data::Unknown(_) => None,
            Data::Null | Data::Bool(_) | Data::Number(_) => Some(false),
            Data::Text(text) => any_fails(text.hole().iter().map(Reason::fails)),
            Data::List(list) => any_fails(
                list.open.iter().map(Reason::fails).chain(list.items.iter().map(Value::fails)),
            ),
            Data::Map(map) => {
                let entries = map.entries.iter().map(|entry| entry.value.fails());
                any_fails(map.open.iter().map(Reason::fails).chain(entries))
            }
            Data::Encoded(inner) => inner.fails(),
            Data::OneOf(options) => {
                let first = options.first()?.fails()?;
                options.iter().all(|option| option.fails() == Some(first)).then_some(first)
            }
        }
    }

    /// Whether both are certainly the same value, wherever they are written.
    pub fn same_as(&self, other: &Value) -> bool {
        match (&self.data, &other.data) {
            (Data::Null, Data::Null) => true,
            (Data::List(a), Data::List(b)) => {
                let same_items = a.items.iter().zip(&b.items).all(|(a, b)| a.same_as(b));
                a.items.len() == b.items.len() && a.open == b.open && same_items
            }
            (Data::Map(a), Data::Map(b)) => {
                let same = |(a, b): (&Entry, &Entry)| a.key == b.key && a.value.same_as(&b.value);
                a.entries.len() == b.entries.len()
                    && a.open == b.open
                    && a.entries.iter().zip(&b.entries).all(same)
            }
            (Data::Text(a), Data::Text(b)) if self.span == other.span => {
                a.as_str() == b.as_str() && a.hole() == b.hole()
            }
            (Data::Text(_) | Data::Number(_) | Data::Bool(_), _) => {
                let text = self.as_str();
                text.is_some() && text == other.as_str()
            }
            (Data::Encoded(a), Data::Encoded(b)) => a.same_as(b),
            (Data::Unknown(a), Data::Unknown(b)) => a == b,
            _ => false,
        }
    }

    /// The entry `key` of an object. Of one of several, what they all say of the key; [`Value::get_each`] has what each
    /// of them says.
    pub fn get(&self, key: &str) -> Lookup<'_> {
        match &self.data {
            Data::Map(map) => map.get(key),
            Data::Unknown(reason) => Lookup::Unknown(reason.clone()),
            Data::OneOf(_) => self.get_of_all(key),
            _ => Lookup::Absent,
        }
    }

    /// The entry `key` in each of what this may be.
    pub fn get_each<'v>(&'v self, key: &str) -> impl Iterator<Item = Lookup<'v>> {
        self.possibilities().iter().map(move |option| option.get(key))
    }

    fn get_of_all(&self, key: &str) -> Lookup<'_> {
        let depends = || Lookup::Unknown(Reason::new("it depends on a condition"));
        let mut all: Option<Lookup<'_>> = None;
        for one in self.get_each(key) {
            all = match (all, one) {
                (_, Lookup::Unknown(reason)) => return Lookup::Unknown(reason.perhaps()),
                (None, first) => Some(first),
                (Some(Lookup::Absent), Lookup::Absent) => Some(Lookup::Absent),
                (Some(Lookup::Found(entry)), Lookup::Found(other))
                    if entry.value.same_as(&other.value) =>
                {
                    Some(Lookup::Found(entry))
                }
                _ => return depends(),
            };
        }
        all.unwrap_or_else(depends)
    }

    /// The entry at the end of a path of keys, where every step is certain.
    pub fn at(&self, path: &[&str]) -> Option<&Value> {
        let mut value = self;
        for key in path {
            match value.get(key) {
                Lookup::Found(entry) => value = &entry.value,
                Lookup::Absent | Lookup::Unknown(_) => return None,
            }
        }
        Some(value)
    }

    /// The known elements of a list; none where it is no list.
    pub fn items(&self) -> &[Value] {
        match &self.data {
            Data::List(list) => &list.items,
            _ => &[],
        }
    }
}

/// Whether a whole fails: it does where one of its parts does, and surely does not where none of them can.
fn any_fails(parts: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(false);
    for part in parts {
        match part {
            Some(true) => return Some(true),
            Some(false) => {}
            None => result = None,
        }
    }
    result
}

impl Map {
    /// The entries as Terraform walks them: by key, the last of two equal ones.
    pub fn sorted(&self) -> Vec<&Entry> {
        let by_key: BTreeMap<&str, &Entry> =
            self.entries.iter().map(|entry| (entry.key.as_str(), entry)).collect();
        by_key.into_values().collect()
    }

    /// The entry `key`; the last one where it is written twice.
    pub fn get(&self, key: &str) -> Lookup<'_> {
        match (self.entries.iter().rev().find(|entry| entry.key == key), &self.open) {
            (Some(entry), _) => Lookup::Found(entry),
            (None, Some(reason)) => Lookup::Unknown(reason.clone()),
            (None, None) => Lookup::Absent,
        }
    }
}

impl Text {
    /// The whole string, where every piece is known.
    pub fn as_str(&self) -> Option<Cow<'_, str>> {
        match self.pieces.as_slice() {
            [] => Some(Cow::Borrowed("")),
            [Piece { text: Ok(text), .. }] => Some(Cow::Borrowed(text)),
            pieces => {
                let texts = pieces.iter().map(|piece| piece.text.as_deref().ok());
                let length =
                    texts.clone().try_fold(0, |so_far, text| Some(so_far + text?.len()))?;
                let mut whole = String::with_capacity(length);
                whole.extend(texts.flatten());
                Some(Cow::Owned(whole))
            }
        }
    }

    /// Why it is not wholly known.
    pub fn hole(&self) -> Option<Reason> {
        self.pieces.iter().find_map(|piece| piece.text.as_ref().err().cloned())
    }

    /// The known text before the first hole.
    pub fn known_prefix(&self) -> String {
        self.pieces
            .iter()
            .map_while(|piece| piece.text.as_ref().ok())
            .map(SmolStr::as_str)
            .collect()
    }

    /// What is known of the string, in order: each part with whether the string begins, and whether it ends, with it.
    pub fn known_parts(&self) -> Vec<(String, [bool; 2])> {
        let parts: Vec<&[Piece]> = self.pieces.split(|piece| piece.text.is_err()).collect();
        let last = parts.len() - 1;
        let text = |part: &[Piece]| part.iter().flat_map(|piece| piece.text.as_deref()).collect();
        let parts = parts.into_iter().enumerate();
        parts.map(|(at, part)| (text(part), [at == 0, at == last])).collect()
    }

    /// Where the bytes `start..end` of the string are written, where they lie in one verbatim piece.
    pub fn source_of(&self, start: usize, end: usize) -> Option<Span> {
        let mut at = 0;
        for piece in &self.pieces {
            let length = piece.text.as_ref().ok()?.len();
            if start >= at && end <= at + length && (length > 0 || start == end) {
                return piece.is_verbatim().then(|| Span {
                    file: piece.span.file,
                    range: piece.span.range.slice(start - at, end - start),
                });
            }
            at += length;
        }
        None
    }
}
