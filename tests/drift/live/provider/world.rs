//! The running world, as a JSON file that a person can read: objects by type and id, and the calls that it refuses.
//!
//! ```json
//! { "objects": { "kubernetes_config_map": { "shop/settings": { "metadata": [], "data": {} } } },
//!   "refuses": { "read kubernetes_config_map shop/settings": "connection refused" },
//!   "hangs": ["read kubernetes_secret shop/key"],
//!   "numbered": 0 }
//! ```

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value as Json, json};

#[derive(Clone)]
pub(crate) struct World {
    file: PathBuf,
    /// Held while the file is rewritten.
    lock: Arc<Mutex<()>>,
    /// Whether a call was made that takes forever.
    is_hanging: Arc<AtomicBool>,
}

impl World {
    /// An empty world in `file`.
    pub(crate) fn new(file: PathBuf) -> World {
        let world = World { file, lock: Arc::default(), is_hanging: Arc::default() };
        world.write(&json!({ "objects": {}, "refuses": {}, "hangs": [], "numbered": 0 }));
        world
    }

    /// The object `id` of the type `kind`.
    pub(crate) fn get(&self, kind: &str, id: &str) -> Option<Json> {
        self.change(|world| world["objects"][kind].get(id).cloned())
    }

    pub(crate) fn put(&self, kind: &str, id: &str, object: Json) {
        self.change(|world| world["objects"][kind][id] = object);
    }

    /// Deletes it, as somebody does from outside.
    pub(crate) fn remove(&self, kind: &str, id: &str) {
        self.change(|world| {
            let objects = world["objects"][kind].as_object_mut().expect("such objects exist");
            objects.remove(id).expect("what is deleted exists");
        });
    }

    /// Edits it as a controller or a person does: the API server counts the edit.
    pub(crate) fn edit(&self, kind: &str, id: &str, edit: impl FnOnce(&mut Json)) {
        let mut object = self.get(kind, id).expect("what is edited exists");
        let before = object.clone();
        edit(&mut object);
        assert_ne!(object, before, "an edit changes something");
        count(&before, &mut object);
        self.put(kind, id, object);
    }

    /// Sets the value at `pointer`, which is a JSON pointer, as [`World::edit`].
    pub(crate) fn set(&self, kind: &str, id: &str, pointer: &str, value: Json) {
        self.edit(kind, id, |object| {
            let (parent, last) = pointer.rsplit_once('/').expect("a pointer begins with a slash");
            let parent = object.pointer_mut(parent).expect("the parent exists");
            match parent {
                Json::Array(items) => items[last.parse::<usize>().expect("an index")] = value,
                _ => parent[last.replace("~1", "/")] = value,
            }
        });
    }

    /// Lets `call`, such as `read TYPE ID`, fail.
    pub(crate) fn refuse(&self, call: &str, message: &str) {
        self.change(|world| world["refuses"][call] = message.into());
    }

    /// Lets `call` take forever.
    pub(crate) fn hang(&self, call: &str) {
        self.change(|world| world["hangs"].as_array_mut().expect("a list").push(call.into()));
    }

    /// Why `call` fails, if it does.
    pub(crate) fn refusal(&self, call: &str) -> Option<String> {
        self.change(|world| world["refuses"][call].as_str().map(str::to_owned))
    }

    pub(crate) fn hangs(&self, call: &str) -> bool {
        let is_it = |other: &Json| other == call;
        let hangs = self
            .change(|world| world["hangs"].as_array().is_some_and(|calls| calls.iter().any(is_it)));
        self.is_hanging.fetch_or(hangs, Ordering::SeqCst);
        hangs
    }

    /// Whether somebody has made a call that takes forever.
    pub(crate) fn is_hanging(&self) -> bool {
        self.is_hanging.load(Ordering::SeqCst)
    }

    /// A number that no object has had.
    pub(crate) fn number(&self) -> String {
        self.change(|world| {
            let number = world["numbered"].as_u64().unwrap_or(0) + 1;
            world["numbered"] = number.into();
            number.to_string()
        })
    }

    fn change<T>(&self, change: impl FnOnce(&mut Json) -> T) -> T {
        let _held = self.lock.lock().unwrap_or_else(PoisonError::into_inner);
        let text = fs::read_to_string(&self.file).expect("the world is a file");
        let mut world: Json = serde_json::from_str(&text).expect("the world is JSON");
        let before = world.clone();
        let said = change(&mut world);
        if world != before {
            self.write(&world);
        }
        said
    }

    fn write(&self, world: &Json) {
        let text = serde_json::to_string_pretty(world).expect("JSON can be written");
        fs::write(&self.file, text + "\n").expect("the world can be written");
    }
}

/// What an API server counts when `before` becomes `after`.
pub(crate) fn count(before: &Json, after: &mut Json) {
    let is_other = before["spec"] != after["spec"];
    let Some(metadata) = after.pointer_mut("/metadata/0") else { return };
    let version = metadata["resource_version"].as_str().and_then(|text| text.parse::<u64>().ok());
    metadata["resource_version"] = (version.unwrap_or(0) + 1).to_string().into();
    if is_other {
        metadata["generation"] = (metadata["generation"].as_u64().unwrap_or(0) + 1).into();
    }
}
