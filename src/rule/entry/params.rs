//! The params that an entry may use, each with its provenance.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::config::{ConfigError, ConfigSource, Literal, LiteralKind};
use crate::text::TextRange;

/// The params that an entry may use: its pack's, and those of every pack by their qualified names.
#[derive(Clone, Copy)]
pub(in crate::rule) struct Params<'a> {
    pub(in crate::rule) own: &'a [Param],
    pub(in crate::rule) shared: &'a [Param],
}

impl<'a> Params<'a> {
    pub(in crate::rule) fn iter(self) -> impl Iterator<Item = &'a Param> {
        self.own.iter().chain(self.shared)
    }

    /// `literal` with its params replaced by their values, as if these were written where the params are. `used` is told
    /// each param and where: of one inside of a string, the whole string too, because what is wrong with it is so
    /// because of its param.
    pub(in crate::rule) fn fill(
        self,
        literal: &Literal,
        used: &mut dyn FnMut(&'a Param, TextRange),
    ) -> Result<Literal, Unfilled> {
        let range = literal.range;
        let kind = match &literal.kind {
            LiteralKind::Param(name) => {
                let Some(param) = self.iter().find(|param| param.name == *name) else {
                    return Err(Unfilled::Unknown { name: name.clone(), range });
                };
                used(param, range);
                return Ok(param.value.placed_at(range));
            }
            LiteralKind::List(items) => {
                let mut filled = Vec::with_capacity(items.len());
                for item in items {
                    let value = self.fill(item, used)?;
                    // A list inside a list is its elements: lists are put together from params.
                    match (&item.kind, value.kind) {
                        (LiteralKind::Param(_), LiteralKind::List(inner)) => filled.extend(inner),
                        (_, kind) => filled.push(Literal { kind, range: value.range }),
                    }
                }
                LiteralKind::List(filled)
            }
            LiteralKind::Object(entries) => {
                let mut object = Vec::with_capacity(entries.len());
                for (key, key_range, value) in entries {
                    object.push((key.clone(), *key_range, self.fill(value, used)?));
                }
                LiteralKind::Object(object)
            }
            LiteralKind::Joined(parts) => {
                let mut inside = |param: &'a Param, at| {
                    used(param, at);
                    used(param, range);
                };
                let parts: Vec<_> =
                    parts.iter().map(|it| self.fill(it, &mut inside)).collect::<Result<_, _>>()?;
                Literal::joined(&parts).map_err(|part| Unfilled::NoText(part.clone()))?
            }
            other => other.clone(),
        };
        Ok(Literal { kind, range })
    }
}

/// Why a literal cannot be filled in.
#[derive(Debug)]
pub(in crate::rule) enum Unfilled {
    /// It names a param that does not exist.
    Unknown { name: SmolStr, range: TextRange },
    /// What a param inside of a string says is none.
    NoText(Literal),
}

impl Unfilled {
    /// The error about it, in `source`, whose entry may use `params`.
    pub(in crate::rule) fn error(self, source: &ConfigSource, params: Params<'_>) -> ConfigError {
        match self {
            Unfilled::Unknown { name, range } => {
                let known = params.iter().map(|it| it.name.as_str());
                let error = source.error(range, format!("unknown param `{name}`"));
                let mut error = error.offer(&name, known);
                error.help.get_or_insert_with(|| {
                    "a param is an attribute of `params` in `pack.hcl`; another pack's is named \
                     `param.PACK.NAME`"
                        .to_owned()
                });
                error
            }
            Unfilled::NoText(part) => source.error(part.range, part.kind.inside_a_string()),
        }
    }
}

/// A param with its provenance.
#[derive(Clone)]
pub(in crate::rule) struct Param {
    pub(in crate::rule) name: SmolStr,
    pub(in crate::rule) value: Literal,
    /// Where the settings set it, if they do.
    pub(in crate::rule) set_at: Option<SetAt>,
}

/// Where the settings say something.
#[derive(Clone)]
pub(in crate::rule) struct SetAt {
    pub(in crate::rule) source: Arc<ConfigSource>,
    pub(in crate::rule) range: TextRange,
}
