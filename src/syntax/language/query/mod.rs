//! `PromQL`, `LogQL` and the matchers of Alertmanager, as trees that rules can go into.
//!
//! A query is shown by what rules ask about it, and not by its grammar: `selectors`, `comparisons`, `calls`, what its `result`
//! is and which labels that has. Each selector has `name`, `labels` (those that must be equal), `matchers`, `window` and `stages`; each comparison
//! `operator`, `threshold` (evaluated), `alone` (it is the whole query, or an alternative in it), `call` (the function whose result is compared), `least` (it is never below that), `selectors` and, where it is
//! about an age (`time() - x`, however it is turned), `age_of` and `unit` (the seconds of one that the threshold counts). A matcher
//! has `label`, `operator`, `value` and, where they can be told, the `words` that it names. A query that is refused has a `fault`
//! and nothing else that is known.
//!
//! Its own reader, because the well-known parser of `PromQL` keeps no positions, and because one grammar serves both
//! languages; the tests hold it against that parser.

mod age;
mod facts;
mod functions;
mod labels;
mod matchers;
mod matching;
mod parse;
mod pipeline;
mod times;
mod token;
mod tree;
mod types;

use super::HOLE;
use crate::syntax::SyntaxError;
use crate::syntax::yaml::Node;

pub(super) use matchers::parse as matchers;
use parse::{Dialect, Parsed};
use tree::Expr;
use types::Type;

/// How a text says that it becomes a query only when something is filled in. No query has these outside of its strings.
const FILLED_IN: [&str; 10] = [HOLE, "{{", "${", "$_", "$(", "[[", "%{", "%(", "{%", "<%"];

/// Reads a query of Prometheus, or else of Loki: what is both makes the same tree. What both would refuse is a tree too, with
/// the reason; an error is what cannot be judged: something is filled in first, or there is too much of it.
pub(super) fn query(text: &str) -> Result<Node, SyntaxError> {
    match read(text) {
        Ok((expr, result)) => Ok(facts::query(&expr, result)),
        Err(error) if token::is_too_much(&error) => Err(error),
        Err(error) if is_filled_in(text) => Err(error),
        Err(error) => Ok(facts::refused(text, error)),
    }
}

/// Whether `text` is to become a query, or says only what stands there: `<query>`; `$LIMIT` is for `envsubst`.
fn is_filled_in(text: &str) -> bool {
    let mut shell = text.split('$').skip(1);
    if shell.any(|rest| rest.starts_with(|first: char| first.is_ascii_uppercase())) {
        return true;
    }
    let is_word = |it: &str| it.starts_with(char::is_alphabetic) && !it.contains(['(', '{', '"']);
    let mut opened = text.split('<').skip(1).filter_map(|rest| rest.split_once('>'));
    FILLED_IN.iter().any(|it| text.contains(it)) || opened.any(|(inner, _)| is_word(inner))
}

/// The tree of the query `text`, and what its result is.
fn read(text: &str) -> Parsed<(Expr, Type)> {
    let check = |expr: Expr, dialect| types::check(&expr, dialect).map(|result| (expr, result));
    let lines = || parse::parse(text, Dialect::LogQl);
    match parse::parse(text, Dialect::PromQl) {
        Ok(expr) => check(expr, Dialect::PromQl).or_else(|error| {
            lines().and_then(|expr| check(expr, Dialect::LogQl)).map_err(|_| error)
        }),
        Err(error) => match lines() {
            Ok(expr) => check(expr, Dialect::LogQl),
            // Of the language which takes it further.
            Err(other) if other.range.start > error.range.start => Err(other),
            Err(_) => Err(error),
        },
    }
}

#[cfg(test)]
mod tests;
