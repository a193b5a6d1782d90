//! The nodes that rules see, made of a query's parts.

use smol_str::{SmolStr, format_smolstr};

use super::super::HOLE;
use super::tree::{Expr, ExprKind, Matcher, Selector, Word};
use crate::syntax::yaml::{Entry, Node, NodeKind, ScalarStyle};
use crate::text::TextRange;

/// What a rule is shown of the query `expr`: its selectors, its comparisons with a number, and what it calls.
pub(super) fn query(expr: &Expr) -> Node {
    let all = expr.all();
    let selectors = all.iter().filter_map(|it| it.as_selector()).map(selector);
    let comparisons = all.iter().filter_map(|it| comparison(it));
    let calls = all.iter().filter_map(|it| match &it.kind {
        ExprKind::Call { name, .. } => Some(text(name)),
        _ => None,
    });
    mapping(
        vec![
            entry("selectors", sequence(selectors.collect(), expr.range)),
            entry("comparisons", sequence(comparisons.collect(), expr.range)),
            entry("calls", sequence(calls.collect(), expr.range)),
        ],
        expr.range,
    )
}

/// What is compared with a number, and how, as if the number stood on the right. The threshold of an age is in seconds.
fn comparison(expr: &Expr) -> Option<Node> {
    let ExprKind::Binary { operator, left, right } = &expr.kind else { return None };
    let exchanged = operator.exchanged()?;
    // A number that is filled in later is one all the same.
    let bound = |side: &Expr| side.constant().map(Some).or(side.is_filled_in().then_some(None));
    let (side, operator, range, number) = match (bound(left), bound(right)) {
        (None, Some(number)) => (left, *operator, right.range, number),
        (Some(number), None) => (right, exchanged, left.range, number),
        _ => return None,
    };
    let age = side.age_of();
    let unit = age.map_or(1.0, |(unit, _)| unit);
    let threshold = match number {
        Some(number) => plain(&format_smolstr!("{}", number * unit), range),
        None => plain(HOLE, range),
    };
    let mut parts =
        vec![entry("operator", plain(operator.word(), expr.range)), entry("threshold", threshold)];
    parts.extend(age.map(|(_, of)| entry("age_of", selectors_of(of))));
    parts.push(entry("selectors", selectors_of(side)));
    Some(mapping(parts, expr.range))
}

fn selectors_of(expr: &Expr) -> Node {
    let all = expr.all();
    let selectors = all.iter().filter_map(|it| it.as_selector()).map(selector).collect();
    sequence(selectors, expr.range)
}

fn selector(selector: &Selector) -> Node {
    let mut parts = Vec::new();
    if let Some(name) = &selector.name {
        parts.push(entry("name", text(name)));
    }
    let equal = selector.matchers.iter().filter(|it| it.operator.text == "=");
    let labels = equal.map(|it| Entry { key: text(&it.label), value: text(&it.value) });
    parts.push(entry("labels", mapping(labels.collect(), selector.range)));
    let matchers = selector.matchers.iter().map(matcher).collect();
    parts.push(entry("matchers", sequence(matchers, selector.range)));
    if let Some(window) = &selector.window {
        parts.push(entry("window", text(window)));
    }
    if !selector.stages.is_empty() {
        parts.push(entry("stages", sequence(selector.stages.clone(), selector.range)));
    }
    mapping(parts, selector.range)
}

/// A matcher; with the words that its value may be, where they can be told.
pub(super) fn matcher(matcher: &Matcher) -> Node {
    let value = &matcher.value;
    let written = if matcher.is_text { text(value) } else { plain(&value.text, value.range) };
    let mut parts = vec![
        entry("label", text(&matcher.label)),
        entry("operator", text(&matcher.operator)),
        entry("value", written),
    ];
    if let Some(words) = words(matcher) {
        parts.push(entry("words", sequence(words, value.range)));
    }
    mapping(parts, matcher.range)
}

/// The texts that the label may have, or of a negation may not have: of a regex, the words between its bars, where there
/// is nothing else to it.
fn words(matcher: &Matcher) -> Option<Vec<Node>> {
    let Word { text: value, range } = &matcher.value;
    if matches!(matcher.operator.text.as_str(), "=" | "!=") {
        return matcher.is_text.then(|| vec![text(&matcher.value)]);
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
        let word = literal(part)?;
        let here = if is_verbatim { range.slice(at, part.len()) } else { *range };
        words.push(text(&Word { text: word, range: here }));
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

/// A text of the query. It is in quotes, so that it stays one: a label may be `0`.
pub(super) fn text(word: &Word) -> Node {
    let kind = NodeKind::Scalar { value: word.text.clone(), style: ScalarStyle::DoubleQuoted };
    Node { kind, range: word.range }
}

/// A word that stands for the bytes `range`.
pub(super) fn plain(word: &str, range: TextRange) -> Node {
    Node { kind: NodeKind::Scalar { value: word.into(), style: ScalarStyle::Plain }, range }
}

pub(super) fn sequence(items: Vec<Node>, range: TextRange) -> Node {
    Node { kind: NodeKind::Sequence(items), range }
}

pub(super) fn mapping(entries: Vec<Entry>, range: TextRange) -> Node {
    Node { kind: NodeKind::Mapping(entries), range }
}

/// `value` under a key that nobody wrote: it stands where the value does.
pub(super) fn entry(key: &str, value: Node) -> Entry {
    Entry { key: plain(key, value.range), value }
}

impl Expr {
    fn as_selector(&self) -> Option<&Selector> {
        match &self.kind {
            ExprKind::Selector(selector) => Some(selector),
            _ => None,
        }
    }
}
