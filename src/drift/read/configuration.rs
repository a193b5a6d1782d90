//! What a plan says about the code: literals, references and module calls. It knows no positions and no `lifecycle`.
//!
//! Invariant: what is said of an expression is only what the plan proves of it.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::Deserialize;

use super::change_json::Unusable;
use super::cursor::Cursor;
use super::secrets::Secrets;
use crate::drift::address::Address;
use crate::drift::measured::ModuleCall;
use crate::drift::path::{Path, Step};
use crate::drift::shown::Json;

/// References that are known whenever a plan is made, in the root module.
const ALWAYS_KNOWN: [&str; 5] = ["var.", "each.", "count.", "path.", "terraform."];

/// How deep modules may be nested.
pub(super) const DEEPEST: usize = 100;

/// The `configuration` of a plan.
#[derive(Debug, Default)]
pub(super) struct Configuration {
    /// Whether the plan has one.
    pub(super) is_known: bool,
    pub(super) modules: Vec<ModuleCall>,
    sensitive: FxHashSet<String>,
    /// The expressions of a block by its address without keys, as text.
    blocks: FxHashMap<String, Vec<u8>>,
}

#[derive(Deserialize)]
struct Variable {
    #[serde(default)]
    sensitive: bool,
    #[serde(default)]
    default: Json,
}

impl Configuration {
    /// Reads `bytes`; constants with the names of secrets go to `secrets`.
    pub(super) fn parse(bytes: &[u8], secrets: &mut Secrets) -> Result<Self, Unusable> {
        let mut into = Configuration::default();
        if bytes == b"null" {
            return Ok(into);
        }
        into.is_known = true;
        Cursor::new(bytes).each_member(|key, cursor| {
            match key {
                b"provider_config" => {
                    let mut providers = serde_json::from_slice(cursor.value()?)?;
                    constants(&mut providers);
                    secrets.add_named("", &providers);
                }
                b"root_module" => {
                    into.sensitive = into.module(cursor, "", "", secrets)?.into_iter().collect();
                }
                _ => drop(cursor.value()?),
            }
            Ok::<(), Unusable>(())
        })?;
        Ok(into)
    }

    /// Reads one module: its blocks and calls; gives the names of its sensitive variables. `prefix` is `module.a.`, and `call`
    /// is `a.`.
    fn module(
        &mut self,
        cursor: &mut Cursor<'_>,
        prefix: &str,
        call: &str,
        secrets: &mut Secrets,
    ) -> Result<Vec<String>, Unusable> {
        let mut sensitive = Vec::new();
        if call.matches('.').count() > DEEPEST {
            return Err(Unusable);
        }
        cursor.each_member(|key, cursor| {
            match key {
                b"variables" => {
                    let variables: FxHashMap<String, Variable> =
                        serde_json::from_slice(cursor.value()?)?;
                    let marked = variables.into_iter().filter(|(_, variable)| variable.sensitive);
                    for (name, variable) in marked {
                        secrets.add(&variable.default);
                        sensitive.push(name);
                    }
                }
                b"resources" => return cursor.each_element(|cursor| self.block(cursor, prefix)),
                b"module_calls" => {
                    return cursor.each_member(|name, cursor| {
                        let name = String::from_utf8_lossy(name);
                        self.call(cursor, (&name, prefix, call), secrets)
                    });
                }
                _ => drop(cursor.value()?),
            }
            Ok::<(), Unusable>(())
        })?;
        Ok(sensitive)
    }

    fn call(
        &mut self,
        cursor: &mut Cursor<'_>,
        (name, prefix, call): (&str, &str, &str),
        secrets: &mut Secrets,
    ) -> Result<(), Unusable> {
        let (mut source, mut arguments, mut sensitive) = (String::new(), Json::Null, Vec::new());
        let at = self.modules.len();
        cursor.each_member(|key, cursor| {
            match key {
                b"source" => source = serde_json::from_slice(cursor.value()?)?,
                b"expressions" => arguments = serde_json::from_slice(cursor.value()?)?,
                b"module" => {
                    let (prefix, call) =
                        (format!("{prefix}module.{name}."), format!("{call}{name}."));
                    sensitive = self.module(cursor, &prefix, &call, secrets)?;
                }
                _ => drop(cursor.value()?),
            }
            Ok::<(), Unusable>(())
        })?;
        constants(&mut arguments);
        sensitive
            .iter()
            .filter_map(|name| arguments.get(name))
            .for_each(|value| secrets.add(value));
        secrets.add_named("", &arguments);
        self.modules.insert(at, ModuleCall { name: format!("{call}{name}"), source });
        Ok(())
    }

    fn block(&mut self, cursor: &mut Cursor<'_>, prefix: &str) -> Result<(), Unusable> {
        let (mut address, mut expressions) = (String::new(), &b"{}"[..]);
        cursor.each_member(|key, cursor| {
            let value = cursor.value()?;
            match key {
                b"address" => address = serde_json::from_slice(value)?,
                b"expressions" => expressions = value,
                _ => {}
            }
            Ok::<(), Unusable>(())
        })?;
        self.blocks.insert(format!("{prefix}{address}"), expressions.to_vec());
        Ok(())
    }

    /// The expressions of the block of `address`, as text.
    pub(super) fn text(&self, address: &Address) -> Option<&[u8]> {
        self.blocks.get(&address.of_block().to_string()).map(Vec::as_slice)
    }

    /// Whether the root module says that its variable `name` is sensitive.
    pub(super) fn is_sensitive(&self, name: &str) -> bool {
        self.sensitive.contains(name)
    }

    /// What the block of `address` says; `None` where the plan does not tell.
    pub(super) fn expressions(&self, address: &Address) -> Option<Expressions> {
        let tree = serde_json::from_slice(self.text(address)?).ok()?;
        Some(Expressions { tree, is_root: address.modules.is_empty() })
    }
}

/// Replaces expressions by their constant values, and by null where they have none.
fn constants(tree: &mut Json) {
    match tree {
        Json::Object(map) if map.contains_key("references") => *tree = Json::Null,
        Json::Object(map) => match map.remove("constant_value") {
            Some(value) => *tree = value,
            None => map.values_mut().for_each(constants),
        },
        Json::Array(list) => list.iter_mut().for_each(constants),
        _ => {}
    }
}

/// The expressions of one block.
#[derive(Debug)]
pub(super) struct Expressions {
    pub(super) tree: Json,
    is_root: bool,
}

/// What the code says at a path.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Said<'a> {
    /// Nothing.
    Nothing,
    /// A literal.
    Literal(&'a Json),
    /// Blocks, of which the path leads to one or all.
    Blocks,
    /// Something without any reference that is no literal: a call.
    Call,
    /// Something with these references; more may be hidden behind them.
    References(&'a [Json]),
}

impl Expressions {
    /// What is said at `path`.
    pub(super) fn at(&self, path: &Path) -> Said<'_> {
        let mut node = &self.tree;
        let mut steps = path.0.iter();
        loop {
            // A `{}` at the root is a block that says nothing.
            if !std::ptr::eq(node, &self.tree)
                && let Some(said) = attribute(node)
            {
                return match said {
                    Said::Literal(value) => within(value, steps.as_slice()),
                    said => said,
                };
            }
            let Some(step) = steps.next() else { return Said::Blocks };
            let next = match step {
                Step::Name(name) | Step::Key(name) => node.get(name.as_str()),
                Step::Index(index) => node.get(*index as usize),
            };
            match next {
                Some(next) => node = next,
                None => return Said::Nothing,
            }
        }
    }

    /// Whether `references` are all known whenever a plan is made, so that what is unknown comes from a call.
    pub(super) fn are_always_known(&self, references: &[Json]) -> bool {
        let is_known = |reference: &Json| {
            let is_known = |text: &str| ALWAYS_KNOWN.iter().any(|root| text.starts_with(root));
            reference.as_str().is_some_and(is_known)
        };
        self.is_root && references.iter().all(is_known)
    }
}

/// What the attribute is that `node` describes; `None` where it describes blocks.
pub(super) fn attribute(node: &Json) -> Option<Said<'_>> {
    let map = node.as_object()?;
    if let Some(value) = map.get("constant_value") {
        return Some(Said::Literal(value));
    }
    match map.get("references") {
        Some(Json::Array(references)) => Some(Said::References(references)),
        _ if map.is_empty() => Some(Said::Call),
        _ => None,
    }
}

/// What a literal says at the steps below it.
fn within<'a>(value: &'a Json, steps: &[Step]) -> Said<'a> {
    let mut value = value;
    for step in steps {
        let next = match step {
            Step::Name(name) | Step::Key(name) => value.get(name.as_str()),
            Step::Index(index) => value.get(*index as usize),
        };
        match next {
            Some(next) => value = next,
            None => return Said::Nothing,
        }
    }
    Said::Literal(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"provider_config":{"x":{"expressions":{"password":{"constant_value":"provider-pw"}}}},
        "root_module":{"variables":{"pw":{"sensitive":true},"n":{}},
        "resources":[{"address":"a.b","mode":"managed","expressions":{
            "spec":[{"n":{"constant_value":1},"l":{"constant_value":{"k":"v"}}}],
            "t":{},"r":{"references":["var.n"]},"q":{"references":["a.c.id","a.c"]},"s":[{}]}}],
        "module_calls":{"m":{"source":"./m","expressions":{"pw":{"constant_value":"module-pw"}},
            "module":{"variables":{"pw":{"sensitive":true}},"resources":[{"address":"x.y","expressions":{"z":{"constant_value":2}}}],
                "module_calls":{"n":{"source":"./n","module":{}}}}}}}}"#;

    #[test]
    fn expressions_by_address_and_path() {
        let mut secrets = Secrets::default();
        let configuration = Configuration::parse(TEXT.as_bytes(), &mut secrets).unwrap();
        assert!(configuration.is_sensitive("pw") && !configuration.is_sensitive("n"));
        let modules: Vec<_> = configuration
            .modules
            .iter()
            .map(|call| (call.name.as_str(), call.source.as_str()))
            .collect();
        assert_eq!(modules, [("m", "./m"), ("m.n", "./n")]);

        let at = |address: &str, path: &str| {
            let expressions = configuration.expressions(&Address::parse(address).unwrap()).unwrap();
            format!("{:?}", expressions.at(&Path::parse(path).unwrap()))
        };
        assert_eq!(at("a.b[\"k\"]", "spec[0].n"), "Literal(Number(1))");
        assert_eq!(at("a.b", "spec[0].l[\"k\"]"), "Literal(String(\"v\"))");
        assert_eq!(at("a.b", "spec[0].l[\"x\"]"), "Nothing");
        assert_eq!(at("a.b", "spec[1].n"), "Nothing");
        assert_eq!(at("a.b", "spec[0]"), "Blocks");
        assert_eq!(at("a.b", "t[\"always\"]"), "Call");
        assert_eq!(at("a.b", ""), "Blocks");
        assert_eq!(at("module.m[\"i\"].x.y", "z"), "Literal(Number(2))");

        let expressions = configuration.expressions(&Address::parse("a.b").unwrap()).unwrap();
        let is_known = |path: &str| match expressions.at(&Path::parse(path).unwrap()) {
            Said::References(references) => expressions.are_always_known(references),
            _ => panic!(),
        };
        assert!(is_known("r") && !is_known("q"));

        let filter = secrets.filter();
        assert!(filter.is_secret("provider-pw") && filter.is_secret("module-pw"));
    }
}
