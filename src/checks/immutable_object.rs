//! Fields of objects in manifests that cannot be changed once they are applied: in the block of Terraform that declares them, or in a
//! file of YAML. An object is the one with its kind, namespace and name in the same block or file of the older state.

use std::borrow::Cow;
use std::sync::Arc;

use smol_str::SmolStr;

use super::immutable_value::{outcome, shown};
use crate::model::{
    AttributePath, BlockRef, Change, Data, IgnoreChanges, ObjectSite, Repo, Value, objects_in,
};
use crate::rule::{Finding, Findings, OptionError, Options};
use crate::syntax::SourceFile;
use crate::syntax::language::Language;
use crate::text::Globs;

/// Fields that are fixed, and the files of YAML in which objects with them stand.
pub(super) struct Fields {
    all: Vec<Field>,
    pub(super) files: Globs,
}

/// A field that is fixed.
struct Field {
    /// The kinds that have it.
    kinds: Vec<String>,
    /// As Kubernetes writes it.
    path: String,
    /// Whether it may grow.
    grows: bool,
}

impl Fields {
    pub(super) fn read(options: &mut Options<'_>) -> Result<Fields, OptionError> {
        let all = options.each_object("fields", |field| {
            Ok(Field {
                kinds: field.strings("kinds")?,
                path: field.string("path")?,
                grows: field.flag_or("grows", false)?,
            })
        })?;
        Ok(Fields { all, files: options.globs("files")? })
    }

    /// The kinds of all of them.
    pub(super) fn kinds(&self) -> Vec<String> {
        self.all.iter().flat_map(|field| field.kinds.clone()).collect()
    }

    /// Judges an object that a block declares, unless it is read from a file that is judged by itself.
    pub(super) fn judge_object<'s>(
        &self,
        repo: &Repo<'s>,
        change: &Change<'s>,
        object: &ObjectSite<'_>,
        out: &mut Findings,
    ) {
        let file = &repo.sources[object.value.span.file.index()];
        if file.id != object.block.file.id && self.files.is_match(&file.path) {
            return;
        }
        let Some(was) = change.was(&object.block) else { return };
        if object.block.block.label(0) != was.block.label(0) || is_ignored(&object.block) {
            return;
        }
        let is_it = |block: BlockRef<'_>, _: Option<&str>| {
            block.file.id == was.file.id && block.block.range == was.block.range
        };
        let older: Vec<Value> =
            change.older.objects(is_it).map(|older| older.value.clone()).collect();
        let sides = Sides { repo, older: change.older };
        let address = object.block.address();
        sides.judge(&self.all, (object.value, &older), &address, out);
    }

    /// Judges the objects in a file of YAML.
    pub(super) fn judge_file<'s>(
        &self,
        repo: &Repo<'s>,
        change: &Change<'s>,
        file: &SourceFile,
        out: &mut Findings,
    ) {
        let Some(was) = change.older.source(&file.path) else { return };
        let kinds = self.all.iter().flat_map(|field| &field.kinds);
        let mut named = kinds.filter(|kind| file.text.contains(kind.as_str()));
        if was.text == file.text || named.next().is_none() {
            return;
        }
        let newer = repo.read_file(file, Language::YamlTemplate);
        let older: Arc<[Value]> = change.older.read_file(was, Language::YamlTemplate);
        let older: Vec<Value> = older.iter().flat_map(objects).cloned().collect();
        let sides = Sides { repo, older: change.older };
        for object in newer.iter().flat_map(objects) {
            let Some([kind, _, name]) = name_of(object) else { continue };
            sides.judge(&self.all, (object, &older), &format!("{kind}/{name}"), out);
        }
    }
}

/// The states that are compared.
struct Sides<'r, 's> {
    repo: &'r Repo<'s>,
    older: &'r Repo<'s>,
}

impl Sides<'_, '_> {
    /// Judges an object by those that there were, of which it is one.
    fn judge(
        &self,
        fields: &[Field],
        (now, older): (&Value, &[Value]),
        address: &str,
        out: &mut Findings,
    ) {
        let Some(name) = name_of(now) else { return };
        let same: Vec<&Value> =
            older.iter().filter(|it| name_of(it).as_ref() == Some(&name)).collect();
        if same.is_empty() {
            return;
        }
        for field in fields.iter().filter(|it| it.kinds.iter().any(|kind| *kind == name[0])) {
            let path: Vec<&str> = field.path.split('.').collect();
            let then: Vec<&Value> = same.iter().filter_map(|it| it.at(&path)).collect();
            let Some(newer) = now.at(&path) else { continue };
            // One for each instance of a module may be called alike: as long as one of them is the same, nothing is told.
            let Some(first) = then.first() else { continue };
            out.site();
            let unknown = newer.first_unknown();
            let unknown = unknown.or_else(|| then.iter().find_map(|it| it.first_unknown()));
            if let Some(reason) = unknown {
                let is_as_written =
                    then.iter().any(|it| written(self.older, it) == written(self.repo, newer));
                if !is_as_written {
                    out.unknown(newer.span, reason.to_string());
                }
                continue;
            }
            if then.iter().any(|it| it.same_as(newer)) {
                continue;
            }
            let Some(outcome) = outcome(field.grows, first, newer) else { continue };
            let finding = Finding::new(outcome, newer.span)
                .address(address.to_owned())
                .arg("address", address)
                .arg("field", field.path.as_str())
                .arg("from", shown(first, written(self.older, first)))
                .arg("to", shown(newer, written(self.repo, newer)));
            out.found.push(finding);
        }
    }
}

/// The objects in a document: itself, or the items of a `List`.
fn objects(document: &Value) -> Vec<&Value> {
    let is_list = document.at(&["kind"]).and_then(Value::as_str).is_some_and(|it| it == "List");
    match document.at(&["items"]) {
        Some(items) if is_list => items.items().iter().collect(),
        _ => objects_in(document).collect(),
    }
}

/// Kind, namespace and name, where all of them are certain.
fn name_of(object: &Value) -> Option<[SmolStr; 3]> {
    let text = |path: &[&str]| object.at(path)?.as_str().map(|it: Cow<'_, str>| SmolStr::new(it));
    let namespace = match object.at(&["metadata", "namespace"]) {
        Some(value) if !matches!(value.data, Data::Null) => value.as_str()?.into(),
        _ => SmolStr::default(),
    };
    Some([text(&["kind"])?, namespace, text(&["metadata", "name"])?])
}

/// What stands at the place that a value is from.
fn written<'r>(repo: &'r Repo<'_>, value: &Value) -> &'r str {
    repo.sources[value.span.file.index()].slice(value.span.range)
}

/// Whether Terraform does not look at the manifest of `block`.
fn is_ignored(block: &BlockRef<'_>) -> bool {
    let Some(ignored) = IgnoreChanges::of(block.block) else { return false };
    ["manifest", "yaml_body"].iter().any(|name| {
        AttributePath::parse(name).is_some_and(|path| ignored.covering(&path).is_some())
    })
}
