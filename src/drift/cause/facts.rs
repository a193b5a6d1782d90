//! What an object says about itself: the words that conditions ask for.

use smol_str::SmolStr;

use super::field;
use crate::drift::change::Change;
use crate::drift::danger::kind_of_type;
use crate::drift::path::Step;
use crate::drift::shown::{Json, Shown};
use crate::rule::Selector;

/// An instance, as far as it is known.
pub(super) struct Facts<'a> {
    pub(super) change: &'a Change,
    /// The object as Kubernetes has it, inside of what Terraform says about it.
    object: &'a Json,
}

impl<'a> Facts<'a> {
    pub(super) fn of(change: &'a Change) -> Self {
        let inner = ["object", "manifest"].into_iter().find_map(|name| change.object.get(name));
        let object = inner.filter(|inner| inner.is_object()).unwrap_or(&change.object);
        Facts { change, object }
    }

    /// The kind of object: what it says, else what its type of resource makes.
    pub(super) fn kind(&self) -> SmolStr {
        match self.object.get("kind") {
            Some(Json::String(kind)) => kind.into(),
            _ => kind_of_type(&self.change.address.kind).unwrap_or_default().into(),
        }
    }

    /// Its name.
    pub(super) fn name(&self) -> Option<&'a str> {
        self.metadata("name").or_else(|| self.object.get("name"))?.as_str()
    }

    /// Its namespace, with what Kubernetes takes where none is said; `None` where the object is not known.
    pub(super) fn namespace(&self) -> Option<&'a str> {
        let metadata = self.object.get("metadata");
        let said = self.metadata("namespace").or_else(|| self.object.get("namespace"));
        match said {
            Some(Json::String(namespace)) if namespace == Shown::MASK => None,
            Some(Json::String(namespace)) if !namespace.is_empty() => Some(namespace),
            _ => metadata.map(|_| "default"),
        }
    }

    fn metadata(&self, name: &str) -> Option<&'a Json> {
        self.at(&["metadata", name])
    }

    fn at(&self, names: &[&str]) -> Option<&'a Json> {
        let steps: Vec<Step> = names.iter().map(|name| Step::Name((*name).into())).collect();
        field::at(self.object, &steps)
    }

    /// Whether anything is known of its labels and annotations.
    pub(super) fn is_known(&self) -> bool {
        self.at(&["metadata"]).is_some()
    }

    /// Its labels.
    pub(super) fn labels(&self) -> impl Iterator<Item = (&'a str, &'a Json)> {
        self.entries(&["metadata", "labels"])
    }

    /// Its annotations.
    pub(super) fn annotations(&self) -> impl Iterator<Item = (&'a str, &'a Json)> {
        self.entries(&["metadata", "annotations"])
    }

    /// The annotations of its pods.
    pub(super) fn pod_annotations(&self) -> impl Iterator<Item = (&'a str, &'a Json)> {
        let own = self.entries(&["spec", "template", "metadata", "annotations"]);
        let jobs = ["spec", "job_template", "spec", "template", "metadata", "annotations"];
        own.chain(self.entries(&jobs))
    }

    fn entries(&self, names: &[&str]) -> impl Iterator<Item = (&'a str, &'a Json)> + use<'a> {
        let map = self.at(names).and_then(Json::as_object);
        map.into_iter().flatten().map(|(key, value)| (key.as_str(), value))
    }

    /// The value of the first label or annotation with that key.
    pub(super) fn value_of(&self, key: &str) -> Option<&'a Json> {
        let mut all = self.labels().chain(self.annotations());
        all.find(|(known, _)| *known == key).map(|(_, value)| value)
    }
}

/// Whether one of `entries` is what `selector` selects.
pub(super) fn selected<'a>(
    selector: &Selector,
    mut entries: impl Iterator<Item = (&'a str, &'a Json)>,
) -> bool {
    entries.any(|(key, value)| {
        let is_there = !value.is_null();
        let fits = selector.value.as_ref().is_none_or(|wanted| field::text(value) == *wanted);
        is_there && fits && selector.selects(key)
    })
}
