//! Conditions that narrow a rule to some resources: an attribute has one of some values.

use crate::model::{AttributePath, BlockRef, Reason, Repo, Scope, Value};
use crate::rule::{OptionError, Options};

/// `{ path = "spec[0].storage_class_name", one_of = ["…"] }`
pub(super) struct Condition {
    path: AttributePath,
    one_of: Vec<String>,
}

/// Whether a condition holds.
pub(super) enum Holds {
    Yes,
    No,
    Unknown(Reason),
}

impl Condition {
    /// The conditions in the option `name`: a list of objects.
    pub(super) fn read(
        options: &mut Options<'_>,
        name: &str,
    ) -> Result<Vec<Condition>, OptionError> {
        options.each_object(name, |entry| {
            let path = path_option(entry, "path")?;
            Ok(Condition { path, one_of: entry.strings("one_of")? })
        })
    }

    /// Whether the condition holds in at least one of `scopes`.
    pub(super) fn holds<'s>(
        &self,
        repo: &Repo<'s>,
        block: &BlockRef<'s>,
        scopes: &[Scope<'s>],
    ) -> Holds {
        let mut result = Holds::No;
        for scope in scopes {
            let Some(value) = repo.value_at(block, &self.path, scope) else { continue };
            for option in value.possibilities() {
                match self.matches(option) {
                    Holds::Yes => return Holds::Yes,
                    Holds::Unknown(reason) => result = Holds::Unknown(reason),
                    Holds::No => {}
                }
            }
        }
        result
    }

    fn matches(&self, value: &Value) -> Holds {
        match (value.as_str(), value.first_unknown()) {
            (Some(text), _) if self.one_of.iter().any(|wanted| *wanted == text) => Holds::Yes,
            (None, Some(reason)) => Holds::Unknown(reason),
            _ => Holds::No,
        }
    }
}

/// Whether all of `conditions` hold.
pub(super) fn all_hold<'s>(
    conditions: &[Condition],
    repo: &Repo<'s>,
    block: &BlockRef<'s>,
    scopes: &[Scope<'s>],
) -> Holds {
    let mut result = Holds::Yes;
    for condition in conditions {
        match condition.holds(repo, block, scopes) {
            Holds::Yes => {}
            Holds::No => return Holds::No,
            Holds::Unknown(reason) => result = Holds::Unknown(reason),
        }
    }
    result
}

/// The attribute path in the option `name`.
pub(super) fn path_option(
    options: &mut Options<'_>,
    name: &str,
) -> Result<AttributePath, OptionError> {
    let text = options.string(name)?;
    let range = options.place();
    parse_path(&text, range)
}

/// Reads `text` as an attribute path, for an option at `range`.
pub(super) fn parse_path(
    text: &str,
    range: crate::text::TextRange,
) -> Result<AttributePath, OptionError> {
    AttributePath::parse(text).ok_or_else(|| OptionError {
        message: format!("`{text}` is no attribute path such as `spec[0].a`"),
        range,
    })
}
