//! Whose habits are counted, and the way to a place inside of them.

use std::fmt;

use crate::model::{BlockRef, Data, Value, resolve_path};
use crate::text::{dir_of, name_of};

/// Blocks of one kind.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Of {
    /// Resources of a type.
    Resource(String),
    /// Data sources of a type.
    Data(String),
    /// Calls of a module, by a glob on its source.
    Module(String),
}

impl Of {
    /// What `block` is one of.
    pub(super) fn block(block: &BlockRef<'_>) -> Option<Of> {
        match block.block.kind.name.as_str() {
            "resource" => Some(Of::Resource(block.block.label(0)?.to_owned())),
            "data" => Some(Of::Data(block.block.label(0)?.to_owned())),
            "module" => {
                let source = block.block.body.attribute("source")?.value.as_literal()?;
                Some(Of::Module(glob_of(&source)?))
            }
            _ => None,
        }
    }

    /// What one of them is called.
    pub(super) fn noun(&self) -> String {
        match self {
            Of::Resource(kind) => kind.clone(),
            Of::Data(kind) => format!("data.{kind}"),
            Of::Module(glob) => format!("module {}", glob.trim_start_matches("**/")),
        }
    }

    /// The name that rules about them begin with.
    pub(super) fn stem(&self) -> &str {
        match self {
            Of::Resource(kind) | Of::Data(kind) => kind,
            Of::Module(glob) => name_of(glob),
        }
    }
}

/// The directory of the module that `call` calls; none for one that is not in the repo.
pub(super) fn called_from(call: &BlockRef<'_>) -> Option<String> {
    let source = call.block.body.attribute("source")?.value.as_literal()?;
    let is_relative = source.starts_with("./") || source.starts_with("../");
    if is_relative { resolve_path(dir_of(&call.file.path), &source) } else { None }
}

/// The glob that a module's source matches wherever it is called from; none for one with an address of its own, which has a
/// version in it.
fn glob_of(source: &str) -> Option<String> {
    if source.contains(['?', ':', '*', '[', '{', '\\']) {
        return None;
    }
    let source = source.trim_end_matches('/');
    let mut rest = source;
    while let Some(inner) = rest.strip_prefix("../").or_else(|| rest.strip_prefix("./")) {
        rest = inner;
    }
    if rest == source { Some(source.to_owned()) } else { Some(format!("**/{rest}")) }
}

/// What stands at a place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Shape {
    Block,
    /// Blocks that are judged one by one.
    Blocks,
    Object,
    List,
    Text,
    Number,
    Bool,
    /// Not known.
    Some,
}

impl Shape {
    pub(super) fn of(value: &Value) -> Shape {
        match &value.data {
            Data::Map(_) => Shape::Object,
            Data::List(_) => Shape::List,
            Data::Text(_) => Shape::Text,
            Data::Number(_) => Shape::Number,
            Data::Bool(_) => Shape::Bool,
            _ => Shape::Some,
        }
    }
}

/// A name on a way.
#[derive(Clone, Debug)]
pub(super) struct Step {
    pub(super) name: String,
    /// Whether it is a key of an object.
    pub(super) is_key: bool,
    /// What stood there first.
    pub(super) shape: Shape,
}

impl Step {
    /// What makes it the same step as another one: not what stands there, which differs from one place to the next.
    fn identity(&self) -> (&str, bool, bool) {
        (&self.name, self.is_key, self.shape == Shape::Blocks)
    }
}

/// The way from a block to a place inside.
#[derive(Clone, Default, Debug)]
pub(super) struct Way(Vec<Step>);

impl Way {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn steps(&self) -> &[Step] {
        &self.0
    }

    pub(super) fn last(&self) -> Option<&Step> {
        self.0.last()
    }

    /// The way on to the attribute or block `name`.
    pub(super) fn then(&self, name: &str, shape: Shape) -> Way {
        self.on(Step { name: name.to_owned(), is_key: false, shape })
    }

    /// The way on to the entry `key`.
    pub(super) fn then_key(&self, key: &str, shape: Shape) -> Way {
        self.on(Step { name: key.to_owned(), is_key: true, shape })
    }

    fn on(&self, step: Step) -> Way {
        Way(self.0.iter().cloned().chain([step]).collect())
    }

    /// The way to what `way` leads to from where this one ends.
    pub(super) fn with(&self, way: &Way) -> Way {
        Way(self.0.iter().chain(&way.0).cloned().collect())
    }

    /// The way to what this place stands in; none where that is the block.
    pub(super) fn parent(&self) -> Option<Way> {
        let (_, before) = self.0.split_last()?;
        (!before.is_empty()).then(|| Way(before.to_vec()))
    }

    /// The way to each of the blocks that stand there.
    pub(super) fn every(&self) -> Way {
        let mut way = self.clone();
        if let Some(last) = way.0.last_mut() {
            last.shape = Shape::Blocks;
        }
        way
    }

    /// The same, whether or not the blocks on it are judged one by one.
    pub(super) fn plain(&self) -> Way {
        let step = |step: &Step| match step.shape {
            Shape::Blocks => Step { shape: Shape::Block, ..step.clone() },
            _ => step.clone(),
        };
        Way(self.0.iter().map(step).collect())
    }
}

impl PartialEq for Way {
    fn eq(&self, other: &Way) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Way {}

impl PartialOrd for Way {
    fn partial_cmp(&self, other: &Way) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Way {
    fn cmp(&self, other: &Way) -> std::cmp::Ordering {
        self.0.iter().map(Step::identity).cmp(other.0.iter().map(Step::identity))
    }
}

/// As a path of the rule language.
impl fmt::Display for Way {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, Step { name, is_key, shape }) in self.0.iter().enumerate() {
            match is_key {
                true => write!(f, "[\"{name}\"]")?,
                false if at == 0 => f.write_str(name)?,
                false => write!(f, ".{name}")?,
            }
            if *shape == Shape::Blocks {
                f.write_str("[*]")?;
            }
        }
        Ok(())
    }
}
