//! A word of a command, as far as it can be said what it will hand on.
//!
//! Invariant: what is listed is what the word names; that nothing is listed means that it says the same in every run.

use smol_str::SmolStr;
use tree_sitter::Node as Syntax;

use super::{Outline, each_below};
use crate::syntax::language::shell::words;
use crate::syntax::yaml::NodeKind;
use crate::text::name_of;

/// A word.
pub struct Word<'o> {
    /// As it is written.
    pub source: &'o str,
    /// What it says, where that is the same in every run.
    pub text: Option<SmolStr>,
    /// The variables that it names. Of the script's own arguments that is `@`, `*`, `#` or a number.
    pub variables: Vec<&'o str>,
    /// Whether it stands for all of the script's arguments, or for all that is in an array.
    pub is_list: bool,
    /// The part of it that runs a program or calculates.
    pub computes: Option<&'o str>,
}

impl<'o> Word<'o> {
    pub(super) fn of(outline: &'o Outline<'_>, syntax: Syntax<'o>) -> Self {
        let text = match words::word(&outline.source, syntax).kind {
            NodeKind::Scalar { value, .. } => Some(value),
            _ => None,
        };
        let mut word = Word {
            source: outline.text(syntax),
            text,
            variables: Vec::new(),
            is_list: false,
            computes: None,
        };
        each_below(syntax, &mut |node| {
            let kind = node.kind();
            match kind {
                "command_substitution" | "process_substitution" | "arithmetic_expansion" => {
                    word.computes.get_or_insert(outline.text(node));
                }
                "special_variable_name" | "variable_name" => {
                    let name = outline.text(node);
                    word.is_list |= matches!(name, "@" | "*");
                    word.variables.push(name);
                }
                "subscript" => {
                    let index = node.child_by_field_name("index").map(|it| outline.text(it));
                    word.is_list |= matches!(index, Some("@" | "*"));
                }
                _ => {}
            }
            true
        });
        word
    }

    /// The last part of the path that it is, where it is the path of a program: of `"${TG:-terragrunt}"` that of the default.
    pub fn program(&self) -> &str {
        let path = self.source.trim_matches(['"', '\'']);
        let default = path.strip_suffix('}').and_then(|it| it.split_once(":-"));
        let path = default.map_or(path, |(_, default)| default);
        name_of(path)
    }

    /// Whether it names one of the script's own arguments, or all of them.
    pub fn names_arguments(&self) -> bool {
        self.variables.iter().any(|name| is_argument(name))
    }
}

/// Whether the variable `name` is one of the script's own arguments, or all of them.
fn is_argument(name: &str) -> bool {
    matches!(name, "@" | "*" | "#") || name.starts_with(|c: char| c.is_ascii_digit() && c != '0')
}
