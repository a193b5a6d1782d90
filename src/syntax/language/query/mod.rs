//! PromQL, LogQL and the matchers of Alertmanager, as trees that rules can go into.
//!
//! A query is shown by what rules ask about it, and not by its grammar: `selectors`, `comparisons` and `calls`. Each
//! selector has `name`, `labels` (those that must be equal), `matchers`, `window` and `stages`; each comparison
//! `operator`, `threshold` (evaluated), `selectors` and, where it is about an age (`time() - x`), `age_of`. A matcher has
//! `label`, `operator`, `value` and, where they can be told, the `words` that it names.
//!
//! Its own reader, because the well-known parser of PromQL keeps no positions, and because one grammar serves both
//! languages; the tests hold it against that parser.

mod build;
mod matchers;
mod parse;
mod pipeline;
mod token;
mod tree;

use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;

pub(super) use matchers::parse as matchers;

/// Reads a query of Prometheus.
pub(super) fn promql(text: &str) -> Result<Node, SyntaxError> {
    parse::parse(text, parse::Dialect::PromQl).map(|expr| build::query(&expr))
}

/// Reads a query of Loki.
pub(super) fn logql(text: &str) -> Result<Node, SyntaxError> {
    parse::parse(text, parse::Dialect::LogQl).map(|expr| build::query(&expr))
}

#[cfg(test)]
mod tests;
