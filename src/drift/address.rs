//! Addresses of resource instances, as plans and states write them: `module.a["k"].data.type.name[0]`.

use std::fmt;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::rule::write;

/// Which instance of a `count` or `for_each`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Key {
    /// Of a `count`.
    Number(u64),
    /// Of a `for_each`.
    Text(SmolStr),
}

/// One `module.NAME[KEY]` of an address.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct ModuleStep {
    /// The label of the `module` block.
    pub name: SmolStr,
    /// Which instance of it.
    pub key: Option<Key>,
}

/// The address of one resource instance, from the root module down.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Address {
    /// The modules on the way, outermost first.
    pub modules: Vec<ModuleStep>,
    /// Whether it is a data source.
    pub is_data: bool,
    /// The resource type: `kubernetes_deployment`.
    pub kind: SmolStr,
    /// The resource's name.
    pub name: SmolStr,
    /// Which instance of the resource.
    pub key: Option<Key>,
}

impl Address {
    /// The address in `text`; `None` where it is none.
    pub fn parse(text: &str) -> Option<Address> {
        let mut steps = Steps { text };
        let mut modules = Vec::new();
        let mut is_data = false;
        loop {
            let (word, key) = steps.next()?;
            match (word.as_str(), key) {
                ("module", None) if !is_data => {
                    let (name, key) = steps.next()?;
                    modules.push(ModuleStep { name, key });
                }
                ("data", None) if !is_data => is_data = true,
                (_, None) => {
                    let (name, key) = steps.next()?;
                    let address = Address { modules, is_data, kind: word, name, key };
                    return steps.text.is_empty().then_some(address);
                }
                (_, Some(_)) => return None,
            }
        }
    }

    /// The modules in `text`, as states write them: `module.a["k"].module.b`; none where it is empty, `None` where it is no
    /// address of a module.
    pub fn parse_modules(text: &str) -> Option<Vec<ModuleStep>> {
        let mut steps = Steps { text };
        let mut modules = Vec::new();
        while !steps.text.is_empty() {
            if steps.next()? != ("module".into(), None) {
                return None;
            }
            let (name, key) = steps.next()?;
            modules.push(ModuleStep { name, key });
        }
        Some(modules)
    }

    /// The address of the block: without the keys of modules and of the instance.
    #[must_use]
    pub fn of_block(&self) -> Address {
        let strip = |step: &ModuleStep| ModuleStep { name: step.name.clone(), key: None };
        Address {
            modules: self.modules.iter().map(strip).collect(),
            is_data: self.is_data,
            kind: self.kind.clone(),
            name: self.name.clone(),
            key: None,
        }
    }
}

/// What is left of an address.
struct Steps<'a> {
    text: &'a str,
}

impl Steps<'_> {
    /// The next `NAME` or `NAME[KEY]`, and the dot behind it.
    fn next(&mut self) -> Option<(SmolStr, Option<Key>)> {
        let end = self.text.find(['.', '[']).unwrap_or(self.text.len());
        let (name, rest) = self.text.split_at(end);
        if name.is_empty() {
            return None;
        }
        self.text = rest;
        let key = if rest.starts_with('[') { Some(self.key()?) } else { None };
        if let Some(rest) = self.text.strip_prefix('.') {
            self.text = rest;
        } else if !self.text.is_empty() {
            return None;
        }
        Some((name.into(), key))
    }

    fn key(&mut self) -> Option<Key> {
        let inner = self.text.strip_prefix('[')?;
        if !inner.starts_with('"') {
            let (digits, rest) = inner.split_once(']')?;
            self.text = rest;
            return Some(Key::Number(digits.parse().ok()?));
        }
        let (key, rest) = quoted(inner)?;
        self.text = rest.strip_prefix(']')?;
        Some(Key::Text(key))
    }
}

/// The text between the quotes that `text` begins with, and what follows them.
pub(super) fn quoted(text: &str) -> Option<(SmolStr, &str)> {
    // The first quote that no backslash escapes ends it.
    let mut is_escaped = false;
    let end = text.char_indices().skip(1).find(|&(_, c)| {
        let ends = c == '"' && !is_escaped;
        is_escaped = c == '\\' && !is_escaped;
        ends
    });
    let (quoted, rest) = text.split_at(end?.0 + 1);
    let inner = &quoted[1..quoted.len() - 1];
    if !inner.contains(['\\', '$', '%']) {
        return Some((inner.into(), rest));
    }
    Some((crate::syntax::hcl::parse_expression(quoted).ok()?.as_literal()?, rest))
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Key::Number(number) => write!(f, "[{number}]"),
            Key::Text(text) => write!(f, "[{}]", write::quoted(text)),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for ModuleStep { name, key } in &self.modules {
            write!(f, "module.{name}")?;
            key.iter().try_for_each(|key| write!(f, "{key}"))?;
            f.write_str(".")?;
        }
        let data = if self.is_data { "data." } else { "" };
        write!(f, "{data}{}.{}", self.kind, self.name)?;
        self.key.iter().try_for_each(|key| write!(f, "{key}"))
    }
}

impl From<Address> for String {
    fn from(address: Address) -> String {
        address.to_string()
    }
}

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Address::parse(&text).ok_or_else(|| format!("`{text}` is no address of a resource"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_written_back() {
        for text in [
            "a.b",
            "data.a.b[0]",
            "module.m.a.b",
            r#"module.m["y z"].module.n[3].data.a.b["x.y/z\"q[1]"]"#,
            r#"a.b["$${x} %%{y}\n\t\\"]"#,
            "a.b[\"é — ü\"]",
            r#"a.b["a\u0007b\u00a0c\U000e0001"]"#,
            "a.b[\"e\u{301}\"]",
        ] {
            let address = Address::parse(text).unwrap();
            assert_eq!(address.to_string(), text);
        }
        let odd = Address::parse(r#"module.m["y z"].a.b["$${x}"]"#).unwrap();
        assert_eq!(odd.modules[0].key, Some(Key::Text("y z".into())));
        assert_eq!(odd.key, Some(Key::Text("${x}".into())));
        assert_eq!(odd.of_block().to_string(), "module.m.a.b");
        assert_eq!(Address::parse_modules(""), Some(Vec::new()));
        let modules = Address::parse_modules(r#"module.m["y z"].module.n[0]"#).unwrap();
        assert_eq!(modules[0], odd.modules[0]);
        assert_eq!(modules[1].key, Some(Key::Number(0)));
        assert_eq!(Address::parse_modules("a.b"), None);
        for text in ["", "a", "a.", "a.b.c", "a.b[", "a.b[x]", r#"a.b["x]"#, "a.b[0]c", "module.m"]
        {
            assert_eq!(Address::parse(text), None, "{text}");
        }
    }
}
