//! What rules are shown of a query: the nodes made of its parts.

use std::collections::BTreeSet;

use smol_str::{SmolStr, format_smolstr};

use super::super::HOLE;
use super::super::build::{Object, list, text};
use super::age;
use super::labels::{self, Kept, Mismatch};
use super::tree::{Expr, ExprKind, Matcher, Operator, Selector, Word};
use super::types::Type;
use crate::syntax::SyntaxError;
use crate::syntax::yaml::{Node, NodeKind, ScalarStyle};
use crate::text::TextRange;

/// The selectors of the query `expr`, its comparisons with a number, what it calls, and what is known of its `result`.
pub(super) fn query(expr: &Expr, result: Type) -> Node {
    let (Kept { only, lost, .. }, mismatches) = labels::known(expr);
    let names = |names: BTreeSet<SmolStr>| {
        list(names.into_iter().map(|name| text(name, expr.range)).collect(), expr.range)
    };
    let all = expr.all();
    let mut alone = Vec::new();
    standing_alone(expr, &mut alone);
    let is_alone = |it: &Expr| alone.iter().any(|other| std::ptr::eq(*other, it));
    let comparisons = all.iter().filter_map(|it| comparison(it, is_alone(it)));
    let calls = all.iter().filter_map(|it| match &it.kind {
        ExprKind::Call { name, .. } => Some(word(name)),
        _ => None,
    });
    let mismatches: Vec<Node> = mismatches.iter().map(mismatch).collect();
    Object::new(expr.range)
        .with("selectors", selectors_of(expr))
        .with("comparisons", list(comparisons.collect(), expr.range))
        .with("calls", list(calls.collect(), expr.range))
        .with_some("result", result.word().map(|word| plain(word, expr.range)))
        .with_some("kept", only.map(names))
        .with_some("lost", (!lost.is_empty()).then(|| names(lost)))
        .with_some("mismatches", (!mismatches.is_empty()).then(|| list(mismatches, expr.range)))
        .finish()
}

/// An operator whose sides never match.
fn mismatch(mismatch: &Mismatch) -> Node {
    let at = mismatch.at;
    let names = |names: &BTreeSet<SmolStr>| {
        list(names.iter().map(|name| text(name.clone(), at)).collect(), at)
    };
    Object::new(at)
        .with("operator", plain(mismatch.operator.word(), at))
        .with("left", names(&mismatch.left))
        .with("right", names(&mismatch.right))
        .finish()
}

/// Why the query that is `written` is refused. What else it asks is not known.
pub(super) fn refused(written: &str, error: SyntaxError) -> Node {
    let SyntaxError { message, help, range } = error;
    // What is missing at the end is shown behind the last letter.
    let inked = written.trim_end();
    let last = inked.chars().next_back().map_or(0, char::len_utf8);
    let is_behind = range.is_empty() || range.indices().start >= inked.len();
    let range = if is_behind { TextRange::new(inked.len() - last, inked.len()) } else { range };
    let whole = TextRange::new(0, written.len());
    let unknown = || plain(HOLE, whole);
    Object::new(whole)
        .with("selectors", unknown())
        .with("comparisons", unknown())
        .with("calls", unknown())
        .with("result", unknown())
        .with("kept", unknown())
        .with("lost", unknown())
        .with("mismatches", unknown())
        .with("fault", text(message, range))
        .with_some("help", help.map(|help| text(help, range)))
        .finish()
}

/// The parts of which each is enough for the query to have a result: the query itself, or the sides of `or`.
fn standing_alone<'e>(expr: &'e Expr, found: &mut Vec<&'e Expr>) {
    match &expr.kind {
        ExprKind::Same(inner) => standing_alone(inner, found),
        ExprKind::Binary { operator: Operator::Or, left, right, .. } => {
            standing_alone(left, found);
            standing_alone(right, found);
        }
        // It has a result either way.
        ExprKind::Binary { matching, .. } if matching.counts.is_some() => {}
        _ => found.push(expr),
    }
}

/// What is compared with a number, and how, as if the number stood on the right. The threshold of an age is in seconds.
fn comparison(expr: &Expr, is_alone: bool) -> Option<Node> {
    let ExprKind::Binary { operator, matching, left, right } = &expr.kind else { return None };
    let exchanged = operator.exchanged()?;
    let alone = plain(if is_alone { "true" } else { "false" }, expr.range);
    if let Some(age) = age::compared(expr, *operator, left, right) {
        let unit = age.unit.map(|unit| plain(&format_smolstr!("{unit}"), age.range));
        let comparison = Object::new(expr.range)
            .with("operator", plain(age.operator.word(), expr.range))
            .with("threshold", threshold(age.threshold, age.range))
            .with_some("unit", unit)
            .with("alone", alone)
            .with("selectors", selectors_of(age.of))
            .with("age_of", selectors_of(age.of));
        return Some(comparison.finish());
    }
    // A number that is filled in later is one all the same.
    let bound = |side: &Expr| side.constant().map(Some).or(side.is_filled_in().then_some(None));
    let (side, operator, range, number) = match (bound(left), bound(right)) {
        (None, Some(number)) => (left, *operator, right.range, number),
        (Some(number), None) => (right, exchanged, left.range, number),
        _ => return None,
    };
    // With `bool`, there is a result whatever is compared.
    let is_bounded = matching.counts.is_none() && is_one_or_more(side);
    let comparison = Object::new(expr.range)
        .with("operator", plain(operator.word(), expr.range))
        .with("threshold", threshold(number, range))
        .with("alone", alone)
        .with_some("call", call(side))
        .with_some("least", is_bounded.then(|| plain("1", side.range)))
        .with("selectors", selectors_of(side));
    Some(comparison.finish())
}

/// The function or aggregation whose result `expr` is.
fn call(expr: &Expr) -> Option<Node> {
    match &expr.kind {
        ExprKind::Call { name, .. } => Some(word(name)),
        ExprKind::Same(inner) => call(inner),
        _ => None,
    }
}

/// Whether `expr` is never less than one, where it has a result at all: what counts something, and what is made of such.
fn is_one_or_more(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Same(inner) => is_one_or_more(inner),
        ExprKind::Call { name, arguments, .. } => match name.text.to_ascii_lowercase().as_str() {
            "absent" | "absent_over_time" | "count" | "count_over_time" | "group"
            | "present_over_time" => true,
            "avg" | "max" | "min" | "sum" | "sort" | "sort_desc" | "topk" | "bottomk" => {
                arguments.last().is_some_and(is_one_or_more)
            }
            _ => false,
        },
        _ => false,
    }
}

fn threshold(number: Option<f64>, range: TextRange) -> Node {
    match number {
        Some(number) => plain(&format_smolstr!("{number}"), range),
        None => plain(HOLE, range),
    }
}

fn selectors_of(expr: &Expr) -> Node {
    let selectors = expr.all().into_iter().filter_map(|it| match &it.kind {
        ExprKind::Selector(it) => Some(selector(it)),
        _ => None,
    });
    list(selectors.collect(), expr.range)
}

fn selector(selector: &Selector) -> Node {
    let range = selector.range;
    let equal = selector.matchers.iter().filter(|it| it.operator.text == "=");
    let labels =
        equal.fold(Object::new(range), |labels, it| labels.entry(word(&it.label), word(&it.value)));
    let stages = (!selector.stages.is_empty()).then(|| list(selector.stages.clone(), range));
    Object::new(range)
        .with_some("name", selector.name.as_ref().map(word))
        .with("labels", labels.finish())
        .with("matchers", list(selector.matchers.iter().map(matcher).collect(), range))
        .with_some("window", selector.window.as_ref().map(word))
        .with_some("stages", stages)
        .finish()
}

/// A matcher; with the words that its value may be, where they can be told.
pub(super) fn matcher(matcher: &Matcher) -> Node {
    let value = &matcher.value;
    let written = if matcher.is_text { word(value) } else { plain(&value.text, value.range) };
    Object::new(matcher.range)
        .with("label", word(&matcher.label))
        .with("operator", word(&matcher.operator))
        .with("value", written)
        .with_some("words", words(matcher).map(|words| list(words, value.range)))
        .finish()
}

/// The texts that the label may have, or of a negation may not have: of a regex, the words between its bars, where there
/// is nothing else to it.
fn words(matcher: &Matcher) -> Option<Vec<Node>> {
    let Word { text: value, range } = &matcher.value;
    if matches!(matcher.operator.text.as_str(), "=" | "!=") {
        return matcher.is_text.then(|| vec![word(&matcher.value)]);
    }
    if !matches!(matcher.operator.text.as_str(), "=~" | "!~") {
        return None;
    }
    let inner = value.trim_start_matches('^').trim_end_matches('$');
    let grouped = inner.strip_prefix("(?:").or_else(|| inner.strip_prefix('('));
    let inner = grouped.and_then(|inner| inner.strip_suffix(')')).unwrap_or(inner);
    let is_verbatim = value.len() == range.len();
    let mut at = inner.as_ptr() as usize - value.as_ptr() as usize;
    let mut words = Vec::new();
    for part in inner.split('|') {
        let here = if is_verbatim { range.slice(at, part.len()) } else { *range };
        words.push(text(literal(part)?, here));
        at += part.len() + 1;
    }
    Some(words)
}

/// The only text that the regex `part` matches.
fn literal(part: &str) -> Option<SmolStr> {
    let mut word = String::with_capacity(part.len());
    let mut letters = part.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => word.push(letters.next().filter(char::is_ascii_punctuation)?),
            '.' | '*' | '+' | '?' | '[' | ']' | '(' | ')' | '{' | '}' | '^' | '$' => return None,
            _ => word.push(letter),
        }
    }
    (!word.is_empty()).then(|| word.into())
}

/// A text of the query.
pub(super) fn word(word: &Word) -> Node {
    text(word.text.clone(), word.range)
}

/// A word that stands for the bytes `range`, and means what it means in YAML.
pub(super) fn plain(word: &str, range: TextRange) -> Node {
    Node { kind: NodeKind::scalar(word, ScalarStyle::Plain), range }
}
