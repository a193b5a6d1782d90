//! Paths to a value inside a resource instance, as plans write them.

use std::fmt;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::rule::write;

/// Attributes that hold objects and not maps, by the type of their resource; in any resource where that is empty.
const OBJECTS: [(&str, &str); 6] = [
    // The one block that is no list.
    ("", "timeouts"),
    ("kubernetes_manifest", "manifest"),
    ("kubernetes_manifest", "object"),
    ("terraform_data", "input"),
    ("terraform_data", "output"),
    ("terraform_data", "triggers_replace"),
];

/// Whether `attribute` of a resource of `kind` holds an object and not a map: what is in it has attributes and no keys.
pub(super) fn holds_object(kind: &str, attribute: &str) -> bool {
    OBJECTS.iter().any(|(of, name)| (of.is_empty() || *of == kind) && *name == attribute)
}

/// One step of a [`Path`].
///
/// JSON writes an attribute of an object and a key of a map alike. The reader decides by how providers write things: what
/// stands right below a named attribute, without a position between, is a key of a map (blocks are lists), but for the
/// attributes known to hold objects (`timeouts`, `kubernetes_manifest.manifest`, `terraform_data.input`, …); what cannot be
/// written as a name is a key in any case. The source may know better.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// An attribute or nested block.
    Name(SmolStr),
    /// A key of a map.
    Key(SmolStr),
    /// A position in a list.
    Index(u32),
}

impl Step {
    /// The name or key; `None` for a position.
    pub fn text(&self) -> Option<&str> {
        match self {
            Step::Name(text) | Step::Key(text) => Some(text),
            Step::Index(_) => None,
        }
    }
}

/// A path such as `spec[0].template[0].metadata[0].annotations["a/b"]`. Empty: the whole instance.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Path(pub Vec<Step>);

impl Path {
    /// The path in `text`, as Terraform writes it in `ignore_changes`; `None` where it is none. Positions in the legacy way
    /// (`spec.0.replicas`) are read too.
    pub fn parse(text: &str) -> Option<Path> {
        let mut steps = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(inner) = rest.strip_prefix('[') {
                let (step, behind) = bracketed(inner)?;
                steps.push(step);
                rest = behind;
                continue;
            }
            rest = match rest.strip_prefix('.') {
                Some(rest) if !steps.is_empty() => rest,
                None if steps.is_empty() => rest,
                _ => return None,
            };
            let (name, behind) = rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()));
            let is_position = !steps.is_empty() && name.bytes().all(|byte| byte.is_ascii_digit());
            steps.push(match name.parse() {
                Ok(index) if is_position => Step::Index(index),
                _ if write::is_name(name) => Step::Name(name.into()),
                _ => return None,
            });
            rest = behind;
        }
        Some(Path(steps))
    }

    /// Whether `self` is `other` or a part of it. A name and a key of the same text are the same step.
    pub fn is_within(&self, other: &Path) -> bool {
        let is_same =
            |(a, b): (&Step, &Step)| a == b || (a.text().is_some() && a.text() == b.text());
        self.0.len() >= other.0.len() && self.0.iter().zip(&other.0).all(is_same)
    }
}

/// `0]` or `"key"]`, and what follows.
fn bracketed(inner: &str) -> Option<(Step, &str)> {
    if !inner.starts_with('"') {
        let (digits, rest) = inner.split_once(']')?;
        return Some((Step::Index(digits.parse().ok()?), rest));
    }
    let (key, rest) = super::address::quoted(inner)?;
    Some((Step::Key(key), rest.strip_prefix(']')?))
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, step) in self.0.iter().enumerate() {
            match step {
                Step::Name(name) if at == 0 => f.write_str(name)?,
                Step::Name(name) => write!(f, ".{name}")?,
                Step::Key(key) => write!(f, "[{}]", write::quoted(key))?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_read_and_written_back() {
        for text in [
            "spec",
            "spec[0].template[12].metadata[0].annotations[\"a/b.c\"]",
            r#"a["x\"y ${z}"].b"#.replace("${", "$${").as_str(),
            "",
        ] {
            assert_eq!(Path::parse(text).unwrap().to_string(), text);
        }
        assert_eq!(Path::parse("spec.0.replicas").unwrap().to_string(), "spec[0].replicas");
        for text in [".a", "a.", "a[", "a[x]", "a b", "a[\"x]", "0.a", "a[*].b"] {
            assert_eq!(Path::parse(text), None, "{text}");
        }
    }

    #[test]
    fn parts_of_a_path() {
        let path = |text| Path::parse(text).unwrap();
        assert!(path("a[0].b").is_within(&path("a")));
        assert!(path("a.b").is_within(&path("a[\"b\"]")));
        assert!(path("a").is_within(&Path::default()));
        assert!(!path("a").is_within(&path("a[0]")));
        assert!(!path("ab").is_within(&path("a")));
    }
}
