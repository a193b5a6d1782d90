//! The params that an entry may use, each with its provenance.

use std::sync::Arc;

use smol_str::SmolStr;

use crate::config::{ConfigSource, Literal};
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
