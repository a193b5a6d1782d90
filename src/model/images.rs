//! Container images wherever a pod is described: in the nested blocks of typed resources, in manifest objects, those that are
//! texts in a config map too, and in Helm values. On the way, the Kubernetes objects that manifests and charts declare.

use std::borrow::Cow;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use smol_str::SmolStr;

use super::chart_settings::settings;
use super::declarations::Form;
use super::path::{AttributePath, Declared, declared};
use super::pods::pod_template;
use super::repo::{BlockRef, ExprRef, Repo};
use super::value::{Data, Entry, Map, Piece, Text, Value};
use super::{Scope, Which};
use crate::syntax::hcl::{Block, Body};
use crate::text::Span;

/// What runs the image.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum ImageRole {
    /// An ordinary container of a pod.
    Container,
    /// An init container.
    InitContainer,
    /// A Helm chart, through its values.
    HelmValues,
}

/// A container image where it stands.
#[derive(Clone, Copy, Debug)]
pub struct ImageSite<'r> {
    /// The expression or text at the use.
    pub site: Span,
    /// What runs it.
    pub role: ImageRole,
    /// The block it stands in.
    pub block: BlockRef<'r>,
    /// Its values: one for each instance of the block's module in which they differ.
    pub uses: &'r [ImageUse],
}

/// An image in one instance.
#[derive(Clone, Debug)]
pub struct ImageUse {
    /// The image.
    pub image: Value,
    /// The namespace its pod runs in; `None` where none is written (Kubernetes' `default`).
    pub namespace: Option<Value>,
}

/// A Kubernetes object that a manifest declares, or that a chart is given as a whole.
#[derive(Clone, Copy, Debug)]
pub struct ObjectSite<'r> {
    /// The block that declares it.
    pub block: BlockRef<'r>,
    /// The object.
    pub value: &'r Value,
    /// Which instance of the block declares it.
    pub which: &'r Which,
}

impl<'r> ObjectSite<'r> {
    /// Whether it stands in the values of a chart.
    pub fn is_in_chart(&self) -> bool {
        self.block.block.label(0) == Some(CHART)
    }

    /// Its kind and name, where both are certain.
    pub fn kind_and_name(&self) -> Option<(Cow<'r, str>, Cow<'r, str>)> {
        let kind = self.value.at(&["kind"])?.as_str()?;
        Some((kind, self.value.at(&["metadata", "name"])?.as_str()?))
    }
}

/// What one block declares.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// In the order of path and place.
    pub(super) images: Vec<FoundImage>,
    /// In the order of the instances of its module.
    pub(super) objects: Vec<(Value, Which)>,
}

/// An image in a block: see [`ImageSite`].
#[derive(Debug)]
pub(super) struct FoundImage {
    pub(super) site: Span,
    pub(super) role: ImageRole,
    pub(super) uses: Vec<ImageUse>,
}

/// The resource that installs a chart.
pub(super) const CHART: &str = "helm_release";

/// What charts call the objects in their values that they add as they are.
const CHART_OBJECTS: [&str; 6] = [
    "additionalManifests",
    "additionalResources",
    "extraDeploy",
    "extraManifests",
    "extraObjects",
    "extraResources",
];

/// Whether charts call the objects so in their values that they add as they are.
pub fn holds_objects(key: &str) -> bool {
    CHART_OBJECTS.contains(&key)
}

/// What `block` of `repo` declares, which has it in this `form`.
pub(super) fn collect<'s>(repo: &Repo<'s>, block: BlockRef<'s>, form: Form<'s>) -> Found {
    let found = Found::default();
    let mut collector = Collector { repo, block, found, seen: FxHashSet::default() };
    collector.resource(form);
    let mut found = collector.found;
    found.images.sort_by_key(|image| image.site);
    found
}

/// Where the texts are written that `image` is made of.
pub(super) fn texts_of(image: &Value) -> Vec<Span> {
    let pieces = |option: &Value| match &option.data {
        Data::Text(text) => text.pieces.iter().map(|piece| piece.span).collect(),
        _ => Vec::new(),
    };
    image.possibilities().iter().flat_map(pieces).collect()
}

struct Collector<'r, 's> {
    repo: &'r Repo<'s>,
    block: BlockRef<'s>,
    found: Found,
    /// The uses found so far of which the names are known.
    seen: FxHashSet<(Span, ImageRole, Names)>,
}

impl<'s> Collector<'_, 's> {
    fn resource(&mut self, form: Form<'s>) {
        let file = self.block.file;
        if let Form::Manifest(manifest) = form {
            // What is not there today is no object, and its image has to be right once it is there.
            for scope in self.repo.live_scopes(&self.block) {
                let value = self.repo.eval(ExprRef { file, expr: &manifest.value }, &scope);
                let manifest = self.repo.decoded(&value);
                let declared = objects_in(&manifest).map(|object| (object.clone(), scope.which()));
                self.found.objects.extend(declared);
            }
        }
        if let Form::Chart(Some(values)) = form {
            for scope in self.repo.live_scopes(&self.block) {
                let value = self.repo.eval(ExprRef { file, expr: &values.value }, &scope);
                for layer in value.items() {
                    self.chart_objects(&self.repo.decoded(layer), &scope);
                }
            }
        }
        for scope in self.repo.scopes(&self.block) {
            match form {
                Form::Manifest(manifest) => {
                    let value = self.repo.eval(ExprRef { file, expr: &manifest.value }, &scope);
                    objects_in(&self.repo.decoded(&value)).for_each(|object| self.pod(object));
                }
                Form::Chart(values) => {
                    if let Some(values) = values {
                        let value = self.repo.eval(ExprRef { file, expr: &values.value }, &scope);
                        for layer in value.items() {
                            self.helm_values(&self.repo.decoded(layer));
                        }
                    }
                    self.helm_values(&settings(self.repo, &self.block, &scope));
                }
                Form::Texts(data) => {
                    self.texts(&self.repo.eval(ExprRef { file, expr: &data.value }, &scope));
                }
                Form::Containers => {
                    let namespace = self.namespace(&scope);
                    self.pod_blocks(&self.block.block.body, &scope, namespace.as_ref());
                }
            }
        }
    }

    /// The objects that a chart is given in its `values`: as objects or as texts, in a list or by names.
    fn chart_objects(&mut self, values: &Value, scope: &Scope<'s>) {
        for key in CHART_OBJECTS {
            let Some(given) = values.at(&[key]) else { continue };
            let given: Vec<&Value> = match &given.data {
                Data::Map(map) => map.entries.iter().map(|entry| &entry.value).collect(),
                _ => given.items().iter().collect(),
            };
            for given in given {
                let given = self.repo.decoded(given);
                for object in objects_in(&given) {
                    let says = |key: &str| object.at(&[key]).and_then(Value::as_str).is_some();
                    // What the chart still fills in is not known.
                    if says("apiVersion") && says("kind") && !has_template(object) {
                        let object = self.in_release(object, scope);
                        self.found.objects.push((object, scope.which()));
                    }
                }
            }
        }
    }

    /// `object` with the namespace that Helm puts it into, where it names none.
    fn in_release(&self, object: &Value, scope: &Scope<'s>) -> Value {
        let (Data::Map(map), None) = (&object.data, object.at(&["metadata", "namespace"])) else {
            return object.clone();
        };
        let namespace = match self.block.block.body.attribute("namespace") {
            Some(it) => self.repo.eval(ExprRef { file: self.block.file, expr: &it.value }, scope),
            None => Value::text("default", object.span),
        };
        let namespace =
            Entry { key: "namespace".into(), key_span: namespace.span, value: namespace };
        let mut map = Map::clone(map);
        match map.entries.iter_mut().find(|entry| entry.key == "metadata") {
            Some(Entry { value: Value { data: Data::Map(metadata), .. }, .. }) => {
                Arc::make_mut(metadata).entries.push(namespace);
            }
            Some(_) => {}
            None => {
                let value = Value::map(vec![namespace], object.span);
                map.entries.push(Entry { key: "metadata".into(), key_span: object.span, value });
            }
        }
        Value { data: Data::Map(Arc::new(map)), span: object.span }
    }

    fn namespace(&self, scope: &Scope<'s>) -> Option<Value> {
        let path = AttributePath::parse("metadata[0].namespace")?;
        match declared(&self.block.block.body, &path) {
            Declared::Attribute(attribute) => Some(
                self.repo.eval(ExprRef { file: self.block.file, expr: &attribute.value }, scope),
            ),
            Declared::Block(_) | Declared::Absent(_) => None,
        }
    }

    /// `container` and `init_container` blocks at any depth.
    fn pod_blocks(&mut self, body: &'s Body, scope: &Scope<'s>, namespace: Option<&Value>) {
        for block in body.blocks() {
            match block.kind.name.as_str() {
                "container" => self.container(block, ImageRole::Container, scope, namespace),
                "init_container" => {
                    self.container(block, ImageRole::InitContainer, scope, namespace);
                }
                "dynamic" => self.dynamic(block, scope, namespace),
                _ => self.pod_blocks(&block.body, scope, namespace),
            }
        }
    }

    fn dynamic(&mut self, block: &'s Block, scope: &Scope<'s>, namespace: Option<&Value>) {
        let (Some(kind), Some(iterator)) = (block.label(0), block.iterator()) else { return };
        let (Some(content), Some(for_each)) =
            (block.body.block("content"), block.body.attribute("for_each"))
        else {
            return;
        };
        let for_each = ExprRef { file: self.block.file, expr: &for_each.value };
        let inner = self.repo.dynamic_scope(scope, iterator, for_each);
        match kind {
            "container" => self.container(content, ImageRole::Container, &inner, namespace),
            "init_container" => {
                self.container(content, ImageRole::InitContainer, &inner, namespace);
            }
            _ => self.pod_blocks(&content.body, &inner, namespace),
        }
    }

    fn container(
        &mut self,
        block: &'s Block,
        role: ImageRole,
        scope: &Scope<'s>,
        namespace: Option<&Value>,
    ) {
        let Some(image) = block.body.attribute("image") else { return };
        let expr = ExprRef { file: self.block.file, expr: &image.value };
        let value = self.repo.eval(expr, scope);
        self.add(expr.span(), role, value, namespace.cloned());
    }

    /// The containers of the pods that `object` makes, or has the texts for. A policy that merely mentions containers makes none.
    fn pod(&mut self, object: &Value) {
        if object.at(&["kind"]).and_then(Value::as_str).is_some_and(|kind| kind == "ConfigMap") {
            object.at(&["data"]).iter().for_each(|data| self.texts(data));
        }
        self.containers(object, object.at(&["metadata", "namespace"]));
    }

    /// The containers in the manifests that are texts in the `data` of a config map. Who reads them makes the pods.
    fn texts(&mut self, data: &Value) {
        for data in data.possibilities() {
            let Data::Map(map) = &data.data else { continue };
            for entry in map.entries.iter().filter(|entry| may_have_containers(&entry.value)) {
                for object in objects_in(&self.repo.decoded(&entry.value)) {
                    if object.at(&["apiVersion"]).is_none() {
                        continue;
                    }
                    let unknown = Value::unknown(
                        "whoever reads the config map chooses the namespace",
                        object.span,
                    );
                    let namespace = object.at(&["metadata", "namespace"]).unwrap_or(&unknown);
                    self.containers(object, Some(namespace));
                }
            }
        }
    }

    fn containers(&mut self, object: &Value, namespace: Option<&Value>) {
        let Some(pod) = pod_spec(object) else { return };
        for (key, role) in
            [("containers", ImageRole::Container), ("initContainers", ImageRole::InitContainer)]
        {
            let containers = pod.at(&[key]).map_or(&[][..], Value::items);
            for image in containers.iter().filter_map(|container| container.at(&["image"])) {
                self.add(image.span, role, image.clone(), namespace.cloned());
            }
        }
    }

    /// `image: { registry, repository, tag }` and `image: name` at any depth.
    fn helm_values(&mut self, value: &Value) {
        match &value.data {
            Data::Map(map) => {
                for entry in &map.entries {
                    if (entry.key == "image" || entry.key.ends_with("Image"))
                        && let Some(image) = helm_image(&entry.value)
                    {
                        self.add(image.span, ImageRole::HelmValues, image, None);
                        continue;
                    }
                    self.helm_values(&entry.value);
                }
            }
            Data::List(list) => list.items.iter().for_each(|item| self.helm_values(item)),
            _ => {}
        }
    }

    fn add(&mut self, site: Span, role: ImageRole, image: Value, namespace: Option<Value>) {
        let new_use = ImageUse { image, namespace };
        let known =
            self.found.images.iter_mut().find(|known| known.site == site && known.role == role);
        let Some(known) = known else {
            self.seen.extend(new_use.names().map(|names| (site, role, names)));
            self.found.images.push(FoundImage { site, role, uses: vec![new_use] });
            return;
        };
        // A shared module is called hundreds of times: comparing every use with every other would be the cost of the model.
        let is_new = match new_use.names() {
            Some(names) => self.seen.insert((site, role, names)),
            None => !known.uses.iter().any(|other| other.same_as(&new_use)),
        };
        if is_new {
            known.uses.push(new_use);
        }
    }
}

/// An image and its namespace by name.
type Names = (SmolStr, Option<SmolStr>);

impl ImageUse {
    /// The names, where they are all there is to know of the use.
    fn names(&self) -> Option<Names> {
        let name = |value: &Value| value.as_str().map(SmolStr::from);
        let namespace = match &self.namespace {
            Some(namespace) => Some(name(namespace)?),
            None => None,
        };
        Some((name(&self.image)?, namespace))
    }

    fn same_as(&self, other: &ImageUse) -> bool {
        let same_namespace = match (&self.namespace, &other.namespace) {
            (Some(a), Some(b)) => a.same_as(b),
            (None, None) => true,
            _ => false,
        };
        same_namespace && self.image.same_as(&other.image)
    }
}

/// The objects that a manifest declares: it may be one of several, and a list of them.
pub fn objects_in(manifest: &Value) -> impl Iterator<Item = &Value> {
    manifest.possibilities().iter().flat_map(|option| match &option.data {
        Data::List(list) => list.items.as_slice(),
        _ => std::slice::from_ref(option),
    })
}

/// Whether a text in `value` is a template, which a chart fills in.
fn has_template(value: &Value) -> bool {
    match &value.data {
        Data::Text(text) => {
            let mut known = text.pieces.iter().filter_map(|piece| piece.text.as_ref().ok());
            known.any(|text| text.contains("{{"))
        }
        Data::Map(map) => {
            map.entries.iter().any(|it| it.key.contains("{{") || has_template(&it.value))
        }
        Data::List(list) => list.items.iter().any(has_template),
        Data::OneOf(options) => options.iter().any(has_template),
        _ => false,
    }
}

/// Whether it is worth reading: most of what config maps hold are settings and scripts.
fn may_have_containers(value: &Value) -> bool {
    value.possibilities().iter().any(|option| match &option.data {
        Data::Text(text) => {
            let mut known = text.pieces.iter().filter_map(|piece| piece.text.as_ref().ok());
            known.any(|text| text.contains("containers"))
        }
        data => matches!(data, Data::Encoded(_)),
    })
}

/// What a Kubernetes object says of its pods.
fn pod_spec(object: &Value) -> Option<&Value> {
    let kind = object.at(&["kind"])?.as_str()?;
    object.at(pod_template(&kind)?)?.at(&["spec"])
}

/// The image that a Helm value names; its place is that of the repository.
fn helm_image(value: &Value) -> Option<Value> {
    if let Data::Text(_) = value.data {
        return Some(value.clone());
    }
    let repository = value.at(&["repository"])?;
    let pieces = |part: &Value| match &part.data {
        Data::Text(text) if text.as_str().is_some_and(|text| !text.is_empty()) => {
            Some(text.pieces.clone())
        }
        _ => None,
    };
    let Some(mut whole) = value.at(&["registry"]).and_then(pieces) else {
        return Some(repository.clone());
    };
    whole.push(Piece { text: Ok("/".into()), span: repository.span });
    whole.extend(pieces(repository)?);
    Some(Value { data: Data::Text(Arc::new(Text { pieces: whole })), span: repository.span })
}
