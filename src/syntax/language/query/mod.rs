//! `PromQL`, `LogQL` and the matchers of Alertmanager, as trees that rules can go into.
//!
//! A query is shown by what rules ask about it, and not by its grammar: `selectors`, `comparisons` and `calls`. Each
//! selector has `name`, `labels` (those that must be equal), `matchers`, `window` and `stages`; each comparison
//! `operator`, `threshold` (evaluated), `alone` (it is the whole query, or an alternative in it), `selectors` and, where it is
//! about an age (`time() - x`, however it is turned), `age_of` and `unit` (the seconds of one that the threshold counts). A matcher
//! has `label`, `operator`, `value` and, where they can be told, the `words` that it names.
//!
//! Its own reader, because the well-known parser of `PromQL` keeps no positions, and because one grammar serves both
//! languages; the tests hold it against that parser.

mod age;
mod facts;
mod matchers;
mod parse;
mod pipeline;
mod token;
mod tree;

use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;

pub(super) use matchers::parse as matchers;
use parse::Dialect;

/// Reads a query of Prometheus, or else of Loki: what is both makes the same tree. An error is that of the one which took it
/// further.
pub(super) fn query(text: &str) -> Result<Node, SyntaxError> {
    let read = |dialect| parse::parse(text, dialect).map(|expr| facts::query(&expr));
    read(Dialect::PromQl).or_else(|error| {
        read(Dialect::LogQl)
            .map_err(|other| if other.range.start > error.range.start { other } else { error })
    })
}

#[cfg(test)]
mod tests;
