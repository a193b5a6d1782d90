//! What the code says literally, held against the live object.
//!
//! Invariant: only what the code says and what is certain is compared; what the cluster fills in is no difference. Where
//! blocks and live elements cannot be paired for certain, nothing is said about them.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::super::path::{Path, Step};
use super::super::shown::{Json, Shown};
use super::declared::{Declared, Form};
use super::fields;
use super::pairs::{self, Pair, text_of};
use crate::model::{BlockRef, Data, Entry, ExprRef, Map, Repo, Scope, Value};
use crate::rule::quantity;
use crate::syntax::hcl::{Attribute, Block, Body, Item};
use crate::syntax::names_a_secret;
use crate::text::Span;

/// Fields whose values are amounts: `1Gi` and `1024Mi` are the same.
const AMOUNTS: [&str; 6] = ["capacity", "default", "hard", "limits", "requests", "sizeLimit"];

/// Fields in which an application's secrets may lie: that they differ is told, and not how.
const CLOSED: [&str; 6] = ["args", "binaryData", "command", "data", "parameters", "stringData"];

/// Lists of which the code is meant to say every element. Others are filled up by the cluster.
const WHOLE: [&str; 3] = ["containers", "env", "initContainers"];

/// A value that differs.
#[derive(Clone, Debug)]
pub(super) struct Difference {
    /// Where, as the provider calls it.
    pub(super) path: Path,
    /// Where the code says it.
    pub(super) span: Span,
    pub(super) want: Shown,
    pub(super) live: Shown,
}

/// What a comparison came to.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) differences: Vec<Difference>,
    /// How many values were compared.
    pub(super) values: usize,
    /// How many the code does not tell, or could not be paired with a live one.
    pub(super) unknown: usize,
    /// How many images of containers run as the code says.
    pub(super) images: usize,
    /// The names of containers, by where the code has them.
    pub(super) names: Vec<(Path, String)>,
}

/// Compares what the code says of `declared` with the live object.
pub(super) fn compare(repo: &Repo<'_>, declared: &Declared<'_>, live: &Json) -> Compared {
    let mut comparison = Comparison {
        repo,
        block: declared.block,
        path: Vec::new(),
        fields: Vec::new(),
        out: Compared::default(),
    };
    match &declared.form {
        Form::Typed(scope) => comparison.resource(&declared.block.block.body, scope, live),
        Form::Manifest(attribute, value) => {
            comparison.path.push(Step::Name(SmolStr::new_static(attribute)));
            comparison.manifest(value, live);
        }
    }
    comparison.out
}

/// A body of HCL in the eyes of one scope, and the block it is in.
type Inner<'s> = (&'s Body, Scope<'s>, &'s Block);

struct Comparison<'r, 's> {
    repo: &'r Repo<'s>,
    block: BlockRef<'s>,
    /// Where we are, as the provider calls it.
    path: Vec<Step>,
    /// The names on the way there, as Kubernetes calls them.
    fields: Vec<String>,
    out: Compared,
}

impl<'s> Comparison<'_, 's> {
    /// At the top stand the provider's own arguments too (`wait_for_rollout`): only what has a live side is compared.
    fn resource(&mut self, body: &'s Body, scope: &Scope<'s>, live: &Json) {
        for attribute in body.attributes() {
            if fields::find(live, &attribute.key.name).is_some() {
                self.attribute(attribute, scope, live);
            }
        }
        self.blocks(body, scope, live);
    }

    fn inside(&mut self, body: &'s Body, scope: &Scope<'s>, live: &Json) {
        let is_metadata = self.fields() == ["metadata"];
        for attribute in body.attributes() {
            // By these it was found.
            let names_it =
                matches!(attribute.key.name.as_str(), "name" | "namespace" | "generate_name");
            if !(is_metadata && names_it) {
                self.attribute(attribute, scope, live);
            }
        }
        self.blocks(body, scope, live);
    }

    fn attribute(&mut self, attribute: &'s Attribute, scope: &Scope<'s>, live: &Json) {
        let name = &attribute.key.name;
        let value = ExprRef { file: self.block.file, expr: &attribute.value };
        let value = self.repo.eval(value, scope);
        let span = self.block.file.span(attribute.range);
        let found = fields::find(live, name);
        let field = found.map_or(name.as_str(), |(field, _)| field).to_owned();
        self.step(Step::Name(name.clone()), field, |it| {
            it.value(&value, found.map(|(_, live)| live), span);
        });
    }

    fn step(&mut self, step: Step, field: impl Into<String>, inside: impl FnOnce(&mut Self)) {
        let field = field.into();
        let depth = self.fields.len();
        // A group of fields is none of its own.
        self.fields.extend((!field.is_empty()).then_some(field));
        self.path.push(step);
        inside(self);
        self.path.pop();
        self.fields.truncate(depth);
    }

    fn item(&mut self, at: usize, inside: impl FnOnce(&mut Self)) {
        self.path.push(Step::Index(at as u32));
        inside(self);
        self.path.pop();
    }

    fn fields(&self) -> Vec<&str> {
        self.fields.iter().map(String::as_str).collect()
    }

    /// The blocks in `body`, by type.
    fn blocks(&mut self, body: &'s Body, scope: &Scope<'s>, live: &Json) {
        let mut kinds: Vec<&'s str> = Vec::new();
        for block in body.blocks() {
            let kind = match block.kind.name.as_str() {
                "dynamic" => block.label(0).unwrap_or_default(),
                kind => kind,
            };
            let is_own = self.path.is_empty() && fields::NOT_LIVE.contains(&kind);
            if !kinds.contains(&kind) && !is_own {
                kinds.push(kind);
            }
        }
        for kind in kinds {
            let Some((field, live)) = fields::find(live, kind) else {
                self.out.unknown += 1;
                continue;
            };
            let Some(blocks) = self.blocks_of(body, scope, kind) else {
                self.out.unknown += 1;
                continue;
            };
            let field = field.to_owned();
            self.step(Step::Name(kind.into()), field, |it| match (live, blocks.as_slice()) {
                (Json::Array(items), _) => it.list(&blocks, items),
                (Json::Object(_), [(body, scope, _)]) => {
                    it.path.push(Step::Index(0));
                    it.inside(body, scope, live);
                    it.path.pop();
                }
                _ => it.out.unknown += 1,
            });
        }
    }

    /// The blocks `kind` in `body`, with those that `dynamic` makes; `None` where it is not known which those are.
    fn blocks_of(&self, body: &'s Body, scope: &Scope<'s>, kind: &str) -> Option<Vec<Inner<'s>>> {
        let mut found = Vec::new();
        for block in body.blocks() {
            if block.kind.name == kind {
                found.push((&block.body, scope.clone(), block));
            } else if block.kind.name == "dynamic" && block.label(0) == Some(kind) {
                let content = block.body.block("content")?;
                let for_each = &block.body.attribute("for_each")?.value;
                let iterator = block.iterator()?;
                let for_each = ExprRef { file: self.block.file, expr: for_each };
                let scopes = self.repo.dynamic_scopes(scope, iterator, for_each)?;
                found.extend(scopes.into_iter().map(|scope| (&content.body, scope, content)));
            }
        }
        Some(found)
    }

    /// Repeated blocks and live elements.
    fn list(&mut self, blocks: &[Inner<'s>], items: &[Json]) {
        let key_of = |at: usize, key: &str| self.key_of(&blocks[at], key);
        let pairs = pairs::of(blocks.len(), items, key_of);
        let file = self.block.file;
        let span = |at: usize| file.span(blocks[at].2.header);
        self.pairs(pairs, items, span, |it, at, live| {
            let (body, scope, _) = &blocks[at];
            it.inside(body, scope, live);
        });
    }

    /// Elements of the code, each of which `holds` what it says against its live one in `items`; one without is missing at its
    /// `span`.
    fn pairs(
        &mut self,
        pairs: Option<Vec<Pair>>,
        items: &[Json],
        span: impl Fn(usize) -> Span,
        mut holds: impl FnMut(&mut Self, usize, &Json),
    ) {
        let Some(pairs) = pairs else {
            self.out.unknown += 1;
            return;
        };
        let mut paired = vec![false; items.len()];
        for (at, (key, live)) in pairs.into_iter().enumerate() {
            self.name_container(at, key.as_deref());
            self.item(at, |it| {
                if let Some(live) = live {
                    paired[live] = true;
                    holds(it, at, &items[live]);
                } else {
                    let want = Shown::Value(Json::String(key.unwrap_or_default()));
                    it.differs(span(at), want, Shown::Absent);
                }
            });
        }
        self.surplus(items, &paired);
    }

    fn name_container(&mut self, at: usize, name: Option<&str>) {
        let is_list = matches!(self.fields().last(), Some(&("containers" | "initContainers")));
        if let (true, Some(name)) = (is_list, name) {
            let mut path = self.path.clone();
            path.push(Step::Index(at as u32));
            self.out.names.push((Path(path), name.to_owned()));
        }
    }

    fn key_of(&self, (body, scope, _): &Inner<'s>, key: &str) -> Option<String> {
        let named = body.items.iter().find_map(|item| match item {
            Item::Attribute(attribute) => {
                let name: String = attribute.key.name.split('_').collect();
                name.eq_ignore_ascii_case(key).then_some(attribute)
            }
            Item::Block(_) => None,
        });
        let value = ExprRef { file: self.block.file, expr: &named?.value };
        self.repo.eval(value, scope).as_str().map(Cow::into_owned)
    }

    /// Live elements that the code does not say, of lists of which it is meant to say all.
    fn surplus(&mut self, items: &[Json], paired: &[bool]) {
        if !self.fields().last().is_some_and(|field| WHOLE.contains(field)) {
            return;
        }
        let surplus = items.iter().zip(paired).filter(|(_, paired)| !**paired);
        for name in surplus.filter_map(|(item, _)| item.get("name")) {
            let span = self.block.header();
            self.differs(span, Shown::Absent, Shown::Value(name.clone()));
        }
    }

    /// The object of a manifest, without what names it and what the cluster says about it.
    fn manifest(&mut self, value: &Value, live: &Json) {
        let Data::Map(map) = &value.data else { return };
        for entry in &map.entries {
            match entry.key.as_str() {
                "apiVersion" | "kind" | "status" => continue,
                _ => {}
            }
            let field = entry.key.to_string();
            self.step(Step::Name(entry.key.clone()), field, |it| {
                let live = live.get(entry.key.as_str());
                match &entry.value.data {
                    Data::Map(metadata) if entry.key == "metadata" => it.metadata(metadata, live),
                    _ => it.value(&entry.value, live, entry.key_span),
                }
            });
        }
    }

    /// Of what names an object only what people put there.
    fn metadata(&mut self, metadata: &Map, live: Option<&Json>) {
        let is_ours = |entry: &&Entry| matches!(entry.key.as_str(), "labels" | "annotations");
        for entry in metadata.entries.iter().filter(is_ours) {
            let live = live.and_then(|live| live.get(entry.key.as_str()));
            self.step(Step::Name(entry.key.clone()), entry.key.to_string(), |it| {
                it.value(&entry.value, live, entry.key_span);
            });
        }
    }

    fn value(&mut self, value: &Value, live: Option<&Json>, span: Span) {
        // Where the value itself stands in this file, that is the smallest thing to point at.
        let span = if value.span.file == span.file && span.contains(value.span) {
            value.span
        } else {
            span
        };
        match &value.data {
            Data::Map(map) if map.open.is_none() && live.is_none_or(Json::is_object) => {
                for entry in map.sorted() {
                    let live = live.and_then(|live| live.get(entry.key.as_str()));
                    self.step(Step::Key(entry.key.clone()), entry.key.to_string(), |it| {
                        it.value(&entry.value, live, entry.key_span);
                    });
                }
                self.surplus_keys(map, live, span);
            }
            Data::List(list) if list.open.is_none() => self.elements(&list.items, live, span),
            _ => self.leaf(value, live, span),
        }
    }

    /// Keys of data that the code does not say: an apply would take them out.
    fn surplus_keys(&mut self, map: &Map, live: Option<&Json>, span: Span) {
        if !matches!(self.fields()[..], ["data" | "binaryData"]) {
            return;
        }
        let live = live.and_then(Json::as_object).into_iter().flatten();
        let surplus: Vec<&String> = live
            .map(|it| it.0)
            .filter(|key| !map.entries.iter().any(|it| it.key == **key))
            .collect();
        for key in surplus {
            self.step(Step::Key(key.into()), key, |it| {
                it.differs(span, Shown::Absent, Shown::Hidden);
            });
        }
    }

    fn elements(&mut self, wanted: &[Value], live: Option<&Json>, span: Span) {
        let items = match live {
            None | Some(Json::Null) => &[][..],
            Some(Json::Array(items)) => items,
            Some(_) => {
                self.out.unknown += 1;
                return;
            }
        };
        if wanted.iter().any(|value| matches!(value.data, Data::Map(_))) {
            self.objects(wanted, items, span);
            return;
        }
        let texts: Option<Vec<String>> =
            wanted.iter().map(|value| value.as_str().map(Cow::into_owned)).collect();
        let Some(texts) = texts else {
            self.out.unknown += 1;
            return;
        };
        self.out.values += 1;
        let live_texts: Vec<String> = items.iter().map(text_of).collect();
        let sorted = |texts: &[String]| {
            let mut texts = texts.to_vec();
            texts.sort_unstable();
            texts
        };
        // What is a set for the provider is a list for Kubernetes, in an order of its own; a command is never one.
        let is_set = !CLOSED.contains(self.fields().last().unwrap_or(&""));
        let is_same = texts == live_texts || (is_set && sorted(&texts) == sorted(&live_texts));
        if !is_same {
            let list = |texts: Vec<String>| Shown::Value(texts.into());
            self.differs(
                span,
                list(texts),
                if live_texts.is_empty() { Shown::Absent } else { list(live_texts) },
            );
        }
    }

    fn objects(&mut self, wanted: &[Value], items: &[Json], span: Span) {
        let key_of = |at: usize, key: &str| wanted[at].at(&[key])?.as_str().map(Cow::into_owned);
        let pairs = pairs::of(wanted.len(), items, key_of);
        self.pairs(pairs, items, |_| span, |it, at, live| it.value(&wanted[at], Some(live), span));
    }

    fn leaf(&mut self, value: &Value, live: Option<&Json>, span: Span) {
        let options = value.possibilities();
        if options.iter().any(|option| {
            !option.is_known()
                || matches!(option.data, Data::Encoded(_) | Data::Map(_) | Data::List(_))
        }) {
            self.out.unknown += 1;
            return;
        }
        self.out.values += 1;
        if options.iter().any(|option| self.is_same(option, live)) {
            let is_image =
                matches!(self.fields()[..], [.., "containers" | "initContainers", "image"]);
            self.out.images += usize::from(is_image);
            return;
        }
        let want = shown(&options[0]);
        let live = match live {
            None | Some(Json::Null) => Shown::Absent,
            Some(live) => Shown::Value(live.clone()),
        };
        self.differs(span, want, live);
    }

    fn is_same(&self, value: &Value, live: Option<&Json>) -> bool {
        let Some(text) = value.as_str() else {
            // `null` leaves it to the cluster.
            return matches!(value.data, Data::Null);
        };
        let Some(live) = live.filter(|live| !live.is_null()) else {
            // The cluster leaves out what is not set.
            return matches!(&*text, "" | "false" | "0");
        };
        if !(live.is_string() || live.is_number() || live.is_boolean()) {
            return false;
        }
        // `1.10` and `1.1` are one number, and two texts.
        let is_number = live.is_number();
        let live = text_of(live);
        let number = |text: &str| text.parse::<f64>().ok();
        if *text == live || (is_number && number(&text).is_some() && number(&text) == number(&live))
        {
            return true;
        }
        let is_amount = self.fields().iter().any(|field| AMOUNTS.contains(field));
        let amounts = (quantity(&text), quantity(&live));
        is_amount && matches!(amounts, (Some(one), Some(other)) if same_amount(one, other))
    }

    fn differs(&mut self, span: Span, want: Shown, live: Shown) {
        // A switch may be called after a token, and is none.
        let is_switch =
            |shown: &Shown| matches!(shown, Shown::Absent | Shown::Value(Json::Bool(_)));
        let (want, live) = if self.is_closed() && !(is_switch(&want) && is_switch(&live)) {
            let hide = |shown: Shown| if shown == Shown::Absent { shown } else { Shown::Hidden };
            (hide(want), hide(live))
        } else {
            (want, live)
        };
        let path = Path(self.path.clone());
        self.out.differences.push(Difference { path, span, want, live });
    }

    /// Whether a secret may stand here.
    fn is_closed(&self) -> bool {
        let fields = self.fields();
        let names_secret = fields.last().is_some_and(|field| names_a_secret(field));
        let is_of_variable = matches!(fields[..], [.., "env", "value"]);
        names_secret || is_of_variable || fields.iter().any(|field| CLOSED.contains(field))
    }
}

/// A scalar as it may be shown: a number as one.
fn shown(value: &Value) -> Shown {
    let text = value.as_str().map(Cow::into_owned).unwrap_or_default();
    Shown::Value(match &value.data {
        Data::Null => return Shown::Absent,
        Data::Bool(value) => Json::Bool(*value),
        Data::Number(number) => number.parse().map_or(Json::String(text), Json::Number),
        _ => Json::String(text),
    })
}

/// Whether two amounts are the same but for how a float writes a thousandth.
fn same_amount(one: f64, other: f64) -> bool {
    (one - other).abs() <= one.abs().max(other.abs()) * 1e-9
}
