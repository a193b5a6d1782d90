//! What a resource type looks like, and what follows from that: its form on the wire, the plan of a change, the values that
//! the world fills in.
//!
//! Invariant: attributes and blocks stand under their names in an object, blocks as arrays, and nothing is left out: what
//! Terraform has typed is complete.

use serde_json::{Map, Value as Json, json};

use super::proto;
use super::value::UNKNOWN;

/// The type of an attribute: a scalar, or a collection of texts.
#[derive(Clone, Copy)]
pub(crate) enum Kind {
    Text,
    Number,
    Flag,
    Map,
    List,
    Set,
}

/// Whether the code says what it is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Given {
    Always,
    Maybe,
    Never,
}

pub(crate) struct Attribute {
    name: &'static str,
    kind: Kind,
    given: Given,
    /// What the world fills in where the code says nothing; names of the world's own are made by [`Names`].
    computed: Option<Json>,
    is_sensitive: bool,
    forces_replacement: bool,
}

pub(crate) struct Nested {
    name: &'static str,
    is_set: bool,
    /// 0: any number.
    most: i64,
    forces_replacement: bool,
    block: Block,
}

pub(crate) struct Block {
    pub(crate) attributes: Vec<Attribute>,
    pub(crate) blocks: Vec<Nested>,
}

pub(crate) fn required(name: &'static str, kind: Kind) -> Attribute {
    Attribute { given: Given::Always, ..optional(name, kind) }
}

pub(crate) fn optional(name: &'static str, kind: Kind) -> Attribute {
    Attribute {
        name,
        kind,
        given: Given::Maybe,
        computed: None,
        is_sensitive: false,
        forces_replacement: false,
    }
}

/// The world decides.
pub(crate) fn computed(name: &'static str, kind: Kind, first: Json) -> Attribute {
    Attribute { given: Given::Never, computed: Some(first), ..optional(name, kind) }
}

impl Attribute {
    /// The world decides where the code does not.
    pub(crate) fn or(self, default: Json) -> Attribute {
        Attribute { computed: Some(default), ..self }
    }

    pub(crate) fn sensitive(self) -> Attribute {
        Attribute { is_sensitive: true, ..self }
    }

    pub(crate) fn fixed(self) -> Attribute {
        Attribute { forces_replacement: true, ..self }
    }
}

/// A block of which there is one.
pub(crate) fn one(name: &'static str, block: Block) -> Nested {
    Nested { name, is_set: false, most: 1, forces_replacement: false, block }
}

/// Blocks in order.
pub(crate) fn many(name: &'static str, block: Block) -> Nested {
    Nested { most: 0, ..one(name, block) }
}

/// Blocks without an order.
pub(crate) fn set(name: &'static str, block: Block) -> Nested {
    Nested { is_set: true, ..many(name, block) }
}

impl Nested {
    pub(crate) fn fixed(self) -> Nested {
        Nested { forces_replacement: true, ..self }
    }
}

pub(crate) fn block(attributes: Vec<Attribute>, blocks: Vec<Nested>) -> Block {
    Block { attributes, blocks }
}

/// What the world calls a new object.
pub(crate) struct Names {
    pub(crate) id: String,
    pub(crate) uid: String,
}

/// What changes, step by step from the resource down.
pub(crate) type Path = Vec<proto::Selector>;

impl Block {
    pub(crate) fn wire(&self) -> proto::Block {
        let attributes = self.attributes.iter().map(|attribute| proto::Attribute {
            name: attribute.name.to_owned(),
            kind: match attribute.kind {
                Kind::Text => json!("string"),
                Kind::Number => json!("number"),
                Kind::Flag => json!("bool"),
                Kind::Map => json!(["map", "string"]),
                Kind::List => json!(["list", "string"]),
                Kind::Set => json!(["set", "string"]),
            }
            .to_string()
            .into_bytes(),
            required: attribute.given == Given::Always,
            optional: attribute.given == Given::Maybe,
            computed: attribute.computed.is_some(),
            sensitive: attribute.is_sensitive,
        });
        let blocks = self.blocks.iter().map(|nested| {
            let nesting =
                if nested.is_set { proto::NestingMode::Set } else { proto::NestingMode::List };
            proto::NestedBlock {
                type_name: nested.name.to_owned(),
                block: Some(nested.block.wire()),
                nesting: nesting.into(),
                min_items: 0,
                max_items: nested.most,
            }
        });
        proto::Block { attributes: attributes.collect(), block_types: blocks.collect() }
    }

    /// `value` with everything that is missing in it, and nothing that is unknown here.
    pub(crate) fn complete(&self, value: &Json) -> Json {
        let mut whole = Map::new();
        for attribute in &self.attributes {
            whole.insert(attribute.name.to_owned(), value[attribute.name].clone());
        }
        for nested in &self.blocks {
            let items = value[nested.name].as_array().map(Vec::as_slice).unwrap_or_default();
            let items: Json = items.iter().map(|item| nested.block.complete(item)).collect();
            whole.insert(nested.name.to_owned(), items);
        }
        whole.into()
    }

    /// Marks in `planned` what only the world will know, and lists what cannot be changed in place.
    pub(crate) fn plan(&self, prior: &Json, planned: &mut Json) -> Vec<Path> {
        let mut fixed = Vec::new();
        self.mark(prior, planned);
        if !prior.is_null() {
            self.compare(prior, planned, false, &mut Vec::new(), &mut fixed);
        }
        fixed
    }

    fn mark(&self, prior: &Json, planned: &mut Json) {
        for attribute in &self.attributes {
            let (old, new) = (&prior[attribute.name], &mut planned[attribute.name]);
            if attribute.computed.is_some() && prior.is_null() && new.is_null() {
                *new = UNKNOWN.into();
            }
            // The well-known providers do not tell nothing from an empty collection.
            if is_empty(old) && is_empty(new) {
                *new = old.clone();
            }
        }
        for nested in self.blocks.iter().filter(|nested| !nested.is_set) {
            let Some(items) = planned[nested.name].as_array_mut() else { continue };
            for (at, item) in items.iter_mut().enumerate() {
                nested.block.mark(&prior[nested.name][at], item);
            }
        }
    }

    fn compare(
        &self,
        prior: &Json,
        planned: &Json,
        is_fixed: bool,
        path: &mut Path,
        fixed: &mut Vec<Path>,
    ) {
        let at = |path: &Path, name: &str| {
            let mut path = path.clone();
            path.push(proto::Selector::Attribute(name.to_owned()));
            path
        };
        for attribute in &self.attributes {
            let is_fixed = is_fixed || attribute.forces_replacement;
            if is_fixed && prior[attribute.name] != planned[attribute.name] {
                fixed.push(at(path, attribute.name));
            }
        }
        for nested in &self.blocks {
            let is_fixed = is_fixed || nested.forces_replacement;
            let (old, new) = (&prior[nested.name], &planned[nested.name]);
            let (Some(olds), Some(news)) = (old.as_array(), new.as_array()) else { continue };
            if nested.is_set || olds.len() != news.len() {
                if is_fixed && old != new {
                    fixed.push(at(path, nested.name));
                }
                continue;
            }
            for (index, (old, new)) in olds.iter().zip(news).enumerate() {
                let mut path = at(path, nested.name);
                path.push(proto::Selector::Index(i64::try_from(index).expect("lists are short")));
                nested.block.compare(old, new, is_fixed, &mut path, fixed);
            }
        }
    }

    /// What the world says of a new object where the plan did not know.
    pub(crate) fn fill(&self, value: &mut Json, names: &Names) {
        for attribute in &self.attributes {
            if value[attribute.name] == UNKNOWN {
                value[attribute.name] = match attribute.name {
                    "id" => names.id.clone().into(),
                    "uid" => names.uid.clone().into(),
                    _ => attribute.computed.clone().unwrap_or_default(),
                };
            }
        }
        for nested in &self.blocks {
            let items = value[nested.name].as_array_mut();
            items.into_iter().flatten().for_each(|item| nested.block.fill(item, names));
        }
    }
}

fn is_empty(value: &Json) -> bool {
    match value {
        Json::Null => true,
        Json::Array(items) => items.is_empty(),
        Json::Object(entries) => entries.is_empty(),
        _ => false,
    }
}
