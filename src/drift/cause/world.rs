//! What the repo says about the cluster: its namespaces with their labels, and its policies that change objects.
//!
//! Invariant: what the repo does not tell is unknown, and never taken for "no".

use std::collections::BTreeMap;

use super::policy::Policy;
use crate::model::{AttributePath, BlockRef, Lookup, Repo, Value};

/// The repo, as causes see it.
#[derive(Debug)]
pub(in crate::drift) struct World<'r, 's> {
    /// The model.
    pub(in crate::drift) repo: &'r Repo<'s>,
    namespaces: BTreeMap<String, Vec<Namespace<'r>>>,
    policies: Vec<Policy>,
}

/// A namespace where it is declared.
#[derive(Debug)]
struct Namespace<'r> {
    labels: Option<Value>,
    block: BlockRef<'r>,
}

/// What a namespace says of one label.
pub(in crate::drift) enum Label<'w, 's> {
    /// Its value, and where the namespace is declared.
    Is(String, &'w BlockRef<'s>),
    /// It has no such label.
    None,
    /// Nobody knows, for this reason.
    Unknown(String),
}

impl<'r, 's> World<'r, 's> {
    /// What `repo` says.
    pub(in crate::drift) fn of(repo: &'r Repo<'s>) -> Self {
        let mut world = World { repo, namespaces: BTreeMap::new(), policies: Vec::new() };
        for block in repo.blocks() {
            world.typed_namespace(block);
        }
        for object in repo.objects(|_, _| true) {
            if object.kind_and_name().is_some_and(|(kind, _)| kind == "Namespace") {
                let name = object.value.at(&["metadata", "name"]).and_then(Value::as_str);
                let labels = object.value.at(&["metadata", "labels"]).cloned();
                if let Some(name) = name {
                    world.add_namespace(&name, labels, object.block);
                }
            }
            world.policies.extend(Policy::of(repo, object));
        }
        world
    }

    fn typed_namespace(&mut self, block: BlockRef<'s>) {
        let is_one = block.block.kind.name == "resource"
            && matches!(
                block.block.label(0),
                Some("kubernetes_namespace" | "kubernetes_namespace_v1")
            );
        let paths = AttributePath::parse("metadata[0].name")
            .zip(AttributePath::parse("metadata[0].labels"));
        let (true, Some((name, labels))) = (is_one, paths) else { return };
        for scope in self.repo.live_scopes(&block) {
            let Some(named) = self.repo.value_at(&block, &name, &scope) else { continue };
            for name in named.possibilities().iter().filter_map(Value::as_str) {
                let labels = self.repo.value_at(&block, &labels, &scope);
                self.add_namespace(&name, labels, block);
            }
        }
    }

    fn add_namespace(&mut self, name: &str, labels: Option<Value>, block: BlockRef<'r>) {
        self.namespaces.entry(name.to_owned()).or_default().push(Namespace { labels, block });
    }

    /// What the namespace says of its label `key`.
    pub(in crate::drift) fn label(&self, namespace: &str, key: &str) -> Label<'_, 'r> {
        let Some(declared) = self.namespaces.get(namespace) else {
            return Label::Unknown(format!("no code declares the namespace `{namespace}`"));
        };
        let mut unknown = None;
        for Namespace { labels, block } in declared {
            let Some(labels) = labels else { continue };
            match labels.get(key) {
                Lookup::Found(entry) => match entry.value.as_str() {
                    Some(value) => return Label::Is(value.into_owned(), block),
                    None => unknown = entry.value.first_unknown().or(unknown),
                },
                Lookup::Unknown(reason) => unknown = Some(reason),
                Lookup::Absent => {}
            }
        }
        match unknown {
            Some(reason) => {
                Label::Unknown(format!("the labels of namespace `{namespace}`: {reason}"))
            }
            None => Label::None,
        }
    }

    /// Whether some file of the repo has this text.
    pub(in crate::drift) fn has_text(&self, text: &str) -> bool {
        self.repo
            .sources
            .iter()
            .any(|file| memchr::memmem::find(file.text.as_bytes(), text.as_bytes()).is_some())
    }

    /// The policies that change objects, in the order of path and place.
    pub(in crate::drift) fn policies(&self) -> &[Policy] {
        &self.policies
    }

    /// The policy `name`.
    pub(in crate::drift) fn policy(&self, name: &str) -> Option<&Policy> {
        self.policies.iter().find(|policy| policy.name == name)
    }
}
