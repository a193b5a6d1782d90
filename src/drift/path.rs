//! Paths to a value inside a resource instance, as plans write them.

use std::fmt;

use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use crate::rule::write;

/// One step of a [`Path`]. Plans do not tell an attribute from a key of a map: a step is a name where it can be written as
/// one, until the source says that it is a key.
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

/// A path such as `spec[0].template[0].metadata[0].annotations["a/b"]`. Empty: the whole instance.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
pub struct Path(pub Vec<Step>);

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
