//! The Kubernetes objects that the code declares, whatever carries them.
//!
//! Invariant: what is listed is called by some stack; what may not be there (a `count` nobody knows) is said to be so.

use std::collections::BTreeMap;

use smol_str::SmolStr;

use super::super::danger::kind_of_type;
use super::named::Names;
use crate::model::{
    AttributePath, BlockRef, Data, Declared as Written, ExprRef, InstanceId, Repo, Scope, StackId,
    Value, declared, objects_in,
};

/// Attributes that hold a whole object, or its text.
const CARRIERS: [&str; 3] = ["manifest", "yaml_body", "object"];

/// An object that the code declares.
#[derive(Debug)]
pub(super) struct Declared<'s> {
    pub(super) kind: SmolStr,
    /// The group of its kind, where a manifest says it.
    pub(super) group: Option<SmolStr>,
    /// Empty for none and for `default`.
    pub(super) namespace: Names,
    pub(super) name: Names,
    pub(super) block: BlockRef<'s>,
    /// The stack that declares it, by itself or through a module.
    pub(super) stack: Option<StackId>,
    /// The module calls on the way: `module.a.module.b.`
    pub(super) through: String,
    pub(super) form: Form<'s>,
    /// Whether it is certainly there.
    pub(super) is_certain: bool,
}

/// How an object is written.
#[derive(Debug)]
pub(super) enum Form<'s> {
    /// By the attributes of a typed resource, in the eyes of one scope.
    Typed(Scope<'s>),
    /// As a value, in the attribute of that name.
    Manifest(&'static str, Value),
}

/// A release of a Helm chart that the code declares.
#[derive(Debug)]
pub(super) struct Release {
    pub(super) namespace: Names,
    pub(super) name: Names,
}

/// Everything that the code declares.
#[derive(Debug, Default)]
pub(super) struct Code<'s> {
    pub(super) objects: Vec<Declared<'s>>,
    pub(super) releases: Vec<Release>,
    /// How often each resource type is used, to write new ones as the repo does.
    pub(super) types: BTreeMap<SmolStr, usize>,
    /// Manifests of which the kind is not known.
    pub(super) unknown_kinds: usize,
}

/// A namespace as objects are compared by it: the one that is meant where none is written is `default`.
pub(super) fn plain_namespace(namespace: Option<&str>) -> &str {
    match namespace {
        None | Some("default") => "",
        Some(namespace) => namespace,
    }
}

impl<'s> Code<'s> {
    /// What `repo` declares.
    pub(super) fn of(repo: &Repo<'s>) -> Self {
        let mut code = Code::default();
        let resources = repo.blocks().filter(|block| block.block.kind.name == "resource");
        for block in resources.filter(|block| repo.module(block.module).runs()) {
            let Some(kind) = block.block.label(0) else { continue };
            let typed = kind_of_type(kind);
            let carrier = CARRIERS
                .into_iter()
                .find_map(|name| Some((name, block.block.body.attribute(name)?)));
            if typed.is_some() || carrier.is_some() {
                *code.types.entry(kind.into()).or_default() += 1;
            }
            for scope in repo.live_scopes(&block) {
                let there = There::of(repo, &block, &scope);
                if let Some(kind) = &typed {
                    code.typed(repo, block, kind, scope, there);
                } else if let Some((name, attribute)) = carrier {
                    let expr = ExprRef { file: block.file, expr: &attribute.value };
                    let value = repo.decoded(&repo.eval(expr, &scope));
                    code.manifest(block, name, &value, &there);
                } else if kind == "helm_release" {
                    let names = |name| names_at(repo, &block, name, &scope);
                    code.releases.push(Release {
                        namespace: plain(names("namespace")),
                        name: names("name").unwrap_or_else(Names::unknown),
                    });
                }
            }
        }
        code
    }

    fn typed(
        &mut self,
        repo: &Repo<'s>,
        block: BlockRef<'s>,
        kind: &str,
        scope: Scope<'s>,
        there: There,
    ) {
        let names = |path| names_at(repo, &block, path, &scope);
        let generated = || match names("metadata[0].generate_name")?.certain() {
            Some(start) => Some(Names::starting(start.clone())),
            None => Some(Names::unknown()),
        };
        let name = names("metadata[0].name").or_else(generated).unwrap_or_else(Names::unknown);
        let namespace = plain(names("metadata[0].namespace"));
        self.objects.push(Declared {
            kind: kind.into(),
            group: None,
            namespace,
            name,
            block,
            stack: there.stack,
            through: there.through,
            form: Form::Typed(scope),
            is_certain: there.is_certain,
        });
    }

    fn manifest(
        &mut self,
        block: BlockRef<'s>,
        attribute: &'static str,
        value: &Value,
        there: &There,
    ) {
        let options = value.possibilities();
        let is_certain = there.is_certain && options.len() == 1;
        for object in objects_in(value) {
            let Some(kind) = object.at(&["kind"]).and_then(Value::as_str) else {
                self.unknown_kinds += 1;
                continue;
            };
            let version = object.at(&["apiVersion"]).and_then(Value::as_str);
            let group = version.map(|it| SmolStr::new(it.rsplit_once('/').map_or("", |it| it.0)));
            let names = |key| match object.at(&["metadata", key]) {
                Some(value) => Some(Names::of(value)),
                None if object.first_unknown().is_some() && !says(object, key) => {
                    Some(Names::unknown())
                }
                None => None,
            };
            self.objects.push(Declared {
                kind: SmolStr::new(kind),
                group,
                namespace: plain(names("namespace")),
                name: names("name").unwrap_or_else(Names::unknown),
                block,
                stack: there.stack,
                through: there.through.clone(),
                form: Form::Manifest(attribute, object.clone()),
                is_certain,
            });
        }
    }
}

/// Whether it is certain that the metadata of `object` has no `key`, or has it.
fn says(object: &Value, key: &str) -> bool {
    use crate::model::Lookup;
    match object.get("metadata") {
        Lookup::Found(metadata) => !matches!(metadata.value.get(key), Lookup::Unknown(_)),
        Lookup::Absent => true,
        Lookup::Unknown(_) => false,
    }
}

fn names_at<'s>(
    repo: &Repo<'s>,
    block: &BlockRef<'s>,
    path: &str,
    scope: &Scope<'s>,
) -> Option<Names> {
    let path = AttributePath::parse(path)?;
    match declared(&block.block.body, &path) {
        Written::Attribute(_) => {
            let value = repo.value_at(block, &path, scope)?;
            // `null` is how an attribute is left out.
            (!matches!(value.data, Data::Null)).then(|| Names::of(&value))
        }
        // A `dynamic` block may say it.
        Written::Absent(body) if body.blocks_of("dynamic").next().is_some() => {
            Some(Names::unknown())
        }
        Written::Block(_) | Written::Absent(_) => None,
    }
}

fn plain(namespace: Option<Names>) -> Names {
    match namespace {
        None => Names::exactly(""),
        Some(names) if names.certain().is_some_and(|name| name == "default") => Names::exactly(""),
        Some(names) => names,
    }
}

/// In which stack something is, and whether it certainly is.
struct There {
    stack: Option<StackId>,
    through: String,
    is_certain: bool,
}

impl There {
    fn of<'s>(repo: &Repo<'s>, block: &BlockRef<'s>, scope: &Scope<'s>) -> Self {
        let mut there = There { stack: None, through: String::new(), is_certain: true };
        let Some(mut id) = scope.instance_id() else { return there };
        there.is_certain = is_repeated_for_certain(repo, block, id);
        loop {
            let instance = repo.instance(id);
            match instance.parent {
                None => {
                    there.stack = repo.module(instance.module).stack;
                    return there;
                }
                Some((caller, call)) => {
                    there.is_certain &= is_repeated_for_certain(repo, &call, caller);
                    let name = call.block.label(0).unwrap_or_default();
                    there.through.insert_str(0, &format!("module.{name}."));
                    id = caller;
                }
            }
        }
    }
}

/// Whether the block is certainly there at least once, in the instance `id` of its module.
fn is_repeated_for_certain<'s>(repo: &Repo<'s>, block: &BlockRef<'s>, id: InstanceId) -> bool {
    ["count", "for_each"].into_iter().all(|name| {
        let Some(attribute) = block.block.body.attribute(name) else { return true };
        let expr = ExprRef { file: block.file, expr: &attribute.value };
        let value = repo.eval(expr, &Scope::instance(id));
        value.possibilities().iter().all(|option| match &option.data {
            Data::List(list) => list.open.is_none() && !list.items.is_empty(),
            Data::Map(map) => map.open.is_none() && !map.entries.is_empty(),
            _ => option.as_str().and_then(|it| it.parse::<u32>().ok()).is_some_and(|it| it > 0),
        })
    })
}
