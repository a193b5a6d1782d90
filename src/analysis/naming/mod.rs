//! What Terraform code gives a name to, and every place that says it: for whoever looks for it, or calls it something else.
//!
//! Invariant: a place is exactly the bytes of the name, or says that they are written in another way.

mod code;
mod rename;
#[cfg(test)]
mod tests;

use std::fmt;

use smol_str::SmolStr;

use crate::text::TextRange;

pub use code::Code;
pub use rename::rename;

/// Something with a name, in the module in a directory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Named {
    /// The directory of the module, relative to the root.
    pub dir: String,
    /// What it is.
    pub what: What,
    /// Its name.
    pub name: SmolStr,
}

/// What can have a name.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum What {
    /// `variable "name"`
    Variable,
    /// An attribute of `locals`.
    Local,
    /// `output "name"`
    Output,
    /// `module "name"`: a call.
    Call,
    /// `resource "type" "name"`
    Resource(SmolStr),
    /// `data "type" "name"`
    Data(SmolStr),
    /// `ephemeral "type" "name"`
    Ephemeral(SmolStr),
}

/// A place where a name stands.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Place {
    /// What is named.
    pub of: Named,
    /// The bytes of the name; more where it is written in a way of its own.
    pub range: TextRange,
    /// Whether it is given there.
    pub is_declaration: bool,
    /// Whether exactly the name stands there.
    pub is_plain: bool,
}

impl fmt::Display for Named {
    /// As its own module refers to it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = &self.name;
        match &self.what {
            What::Variable => write!(f, "var.{name}"),
            What::Local => write!(f, "local.{name}"),
            What::Output => write!(f, "output.{name}"),
            What::Call => write!(f, "module.{name}"),
            What::Resource(kind) => write!(f, "{kind}.{name}"),
            What::Data(kind) => write!(f, "data.{kind}.{name}"),
            What::Ephemeral(kind) => write!(f, "ephemeral.{kind}.{name}"),
        }
    }
}
