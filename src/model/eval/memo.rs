//! Values of named things, kept per instance, because many expressions ask for the same local.

use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use crate::model::repo::InstanceId;
use crate::model::value::{Text, Value};
use crate::syntax::hcl::Expr;
use crate::syntax::language::Language;
use crate::text::{FileId, Span};

/// What has a name and a value.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) enum Named {
    Variable(SmolStr),
    Local(SmolStr),
    Output(SmolStr),
    /// What a resource says after the steps that are written so: `.metadata[0].name`, or nothing for all of it.
    Resource {
        kind: SmolStr,
        name: SmolStr,
        steps: SmolStr,
    },
}

/// A named thing of one instance.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(super) struct Key {
    pub(super) instance: InstanceId,
    pub(super) named: Named,
}

impl Key {
    /// Whether both are the same to Terraform, which orders whole resources.
    pub(super) fn is_same_node(&self, other: &Key) -> bool {
        if self.instance != other.instance {
            return false;
        }
        match (&self.named, &other.named) {
            (
                Named::Resource { kind, name, .. },
                Named::Resource { kind: other_kind, name: other_name, .. },
            ) => kind == other_kind && name == other_name,
            (named, other) => named == other,
        }
    }
}

/// The values computed so far. Evaluation is pure, so two threads that compute the same one agree.
#[derive(Debug, Default)]
pub(in crate::model) struct Memo {
    shards: Vec<Mutex<FxHashMap<Named, Value>>>,
}

impl Memo {
    /// Empty, for `count` instances.
    pub(in crate::model) fn new(count: usize) -> Self {
        Self { shards: (0..count).map(|_| Mutex::default()).collect() }
    }

    pub(super) fn get(&self, key: &Key) -> Option<Value> {
        let shard = self.shards.get(key.instance.0 as usize)?;
        shard.lock().unwrap_or_else(PoisonError::into_inner).get(&key.named).cloned()
    }

    pub(super) fn put(&self, key: Key, value: &Value) {
        if let Some(shard) = self.shards.get(key.instance.0 as usize) {
            shard.lock().unwrap_or_else(PoisonError::into_inner).insert(key.named, value.clone());
        }
    }
}

/// Whole expressions, and texts and files that were read, because many rules ask for the same attribute of the same block.
#[derive(Debug, Default)]
pub(in crate::model) struct Asked {
    exprs: [Mutex<FxHashMap<(usize, InstanceId), Value>>; SHARDS],
    texts: [Mutex<FxHashMap<TextKey, Decoded>>; SHARDS],
    files: Mutex<FxHashMap<(FileId, Language), Documents>>,
}

/// The documents of a file.
type Documents = Arc<[Value]>;

/// The address of a text, where it is written, and what it is read as.
type TextKey = (usize, Span, Language);

/// Threads that ask for different things rarely wait for each other.
const SHARDS: usize = 16;

/// A text, kept so that no other one can take its address, and what it encodes.
#[derive(Debug)]
struct Decoded {
    _text: Arc<Text>,
    value: Value,
}

impl Asked {
    /// The value of `expr` in `instance`, where nothing else is bound.
    pub(super) fn expr(
        &self,
        expr: &Expr,
        instance: InstanceId,
        eval: impl FnOnce() -> Value,
    ) -> Value {
        let key = (std::ptr::from_ref(expr) as usize, instance);
        let shard = &self.exprs[(key.0 >> 5) % SHARDS];
        let known = shard.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let value = eval();
            shard.lock().unwrap_or_else(PoisonError::into_inner).insert(key, value.clone());
            value
        })
    }

    /// What `text`, written at `span`, says as `language`.
    pub(super) fn text(
        &self,
        text: &Arc<Text>,
        span: Span,
        language: Language,
        decode: impl FnOnce() -> Value,
    ) -> Value {
        let key = (Arc::as_ptr(text) as usize, span, language);
        let shard = &self.texts[(key.0 >> 5) % SHARDS];
        let known = shard.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(decoded) = known.get(&key) {
            return decoded.value.clone();
        }
        drop(known);
        let value = decode();
        let decoded = Decoded { _text: Arc::clone(text), value: value.clone() };
        shard.lock().unwrap_or_else(PoisonError::into_inner).insert(key, decoded);
        value
    }

    /// The documents of the file `id` as `language`.
    pub(super) fn file(
        &self,
        id: FileId,
        language: Language,
        read: impl FnOnce() -> Vec<Value>,
    ) -> Documents {
        let key = (id, language);
        let known = self.files.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        known.unwrap_or_else(|| {
            let documents: Documents = read().into();
            let mut files = self.files.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(files.entry(key).or_insert(documents))
        })
    }
}
