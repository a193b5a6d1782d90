//! Which labels the result of a query has: what templates of an alert can name.
//!
//! Invariant: a label is said to be lost only where no series of the result can have it, whatever is measured.

use std::collections::BTreeSet;

use smol_str::SmolStr;

use super::functions::Signature;
use super::tree::{Expr, ExprKind, Labels, Matching, Operator, Selector, Word};
use crate::syntax::language::HOLE;
use crate::text::TextRange;

/// The labels that a series may have.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Kept {
    /// No others than these; none where any may be there.
    pub(super) only: Option<BTreeSet<SmolStr>>,
    /// None of these.
    pub(super) lost: BTreeSet<SmolStr>,
}

impl Kept {
    fn nothing() -> Self {
        Self { only: Some(BTreeSet::new()), ..Self::default() }
    }

    /// Those among `names`.
    fn among(mut self, names: &[Word]) -> Self {
        // More of them may be filled in.
        if names.iter().any(|name| name.text.contains(HOLE)) {
            return Self { only: None, lost: BTreeSet::new() };
        }
        let has = |name: &SmolStr| !self.lost.contains(name) && self.may_have(name);
        let names = names.iter().map(|name| name.text.clone());
        self.only = Some(names.filter(has).collect());
        self
    }

    /// Those that are not among `names`.
    fn without(mut self, names: &[Word]) -> Self {
        for name in names {
            if let Some(only) = &mut self.only {
                only.remove(&name.text);
            }
            self.lost.insert(name.text.clone());
        }
        self
    }

    /// And `name`.
    fn and(mut self, name: &SmolStr) -> Self {
        if name.contains(HOLE) {
            return Self::default();
        }
        self.lost.remove(name);
        if let Some(only) = &mut self.only {
            only.insert(name.clone());
        }
        self
    }

    fn by(self, labels: &Labels) -> Self {
        if labels.are_meant { self.among(&labels.names) } else { self.without(&labels.names) }
    }

    /// Those of a series that is of this kind or of the other.
    fn or(self, other: &Kept) -> Self {
        let only = match (&self.only, &other.only) {
            (Some(only), Some(others)) => Some(only.union(others).cloned().collect()),
            _ => None,
        };
        let is_lost = |name: &&SmolStr| !other.may_have(name);
        let lost = self.lost.iter().filter(is_lost).cloned();
        let others = other.lost.iter().filter(|name| !self.may_have(name)).cloned();
        let lost = lost.chain(others).collect();
        Self { only, lost }
    }

    fn may_have(&self, name: &SmolStr) -> bool {
        !self.lost.contains(name) && self.only.as_ref().is_none_or(|only| only.contains(name))
    }
}

/// The labels that the result of `expr` may have.
pub(super) fn kept(expr: &Expr) -> Kept {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Text(_) => Kept::nothing(),
        ExprKind::Selector(selector) => selected(selector),
        ExprKind::Same(inner) | ExprKind::Minus(inner) | ExprKind::Subquery(inner) => kept(inner),
        ExprKind::Call { name, arguments, grouping } => called(name, arguments, grouping.as_ref()),
        ExprKind::Binary { operator, matching, left, right } => {
            joined(*operator, matching, left, right)
        }
    }
}

/// An operator whose sides have different labels, so that no series of the one is that of the other.
pub(super) struct Mismatch {
    /// The operator.
    pub(super) at: TextRange,
    /// The labels that are compared and that only the left side has.
    pub(super) left: BTreeSet<SmolStr>,
    /// Those that only the right side has.
    pub(super) right: BTreeSet<SmolStr>,
}

/// Every such operator in `expr`.
pub(super) fn mismatches(expr: &Expr) -> Vec<Mismatch> {
    expr.all().into_iter().filter_map(mismatch).collect()
}

fn mismatch(expr: &Expr) -> Option<Mismatch> {
    let ExprKind::Binary { operator, matching, left, right } = &expr.kind else { return None };
    let are_series = is_number(left) == Some(false) && is_number(right) == Some(false);
    if *operator == Operator::Or || matching.fills || !are_series {
        return None;
    }
    let sides = [kept(left), kept(right)];
    let [left, right] = match &matching.labels {
        // One side may have them all and the other lack one.
        Some(Labels { are_meant: true, names, .. }) => {
            let names = || names.iter().map(|name| name.text.clone());
            if names().any(|name| name.contains(HOLE)) {
                return None;
            }
            sides.map(|side| Some(names().filter(|name| side.may_have(name)).collect()))
        }
        Some(Labels { are_meant: false, names, .. }) => sides.map(|side| side.without(names).only),
        None => sides.map(|side| side.only),
    };
    let (left, right): (BTreeSet<_>, BTreeSet<_>) = (left?, right?);
    let [left, right] = [&left - &right, &right - &left];
    let is_mismatch = !left.is_empty() || !right.is_empty();
    is_mismatch.then_some(Mismatch { at: matching.at, left, right })
}

/// A label that is asked to be empty is not there.
fn selected(selector: &Selector) -> Kept {
    let is_empty = |operator: &str, value: &str| operator == "=" && value.is_empty();
    let empty = selector.matchers.iter().filter(|it| is_empty(&it.operator.text, &it.value.text));
    // A stage may make it anew.
    let empty = empty.filter(|_| selector.stages.is_empty());
    Kept { only: None, lost: empty.map(|it| it.label.text.clone()).collect() }
}

fn called(name: &Word, arguments: &[Expr], grouping: Option<&Labels>) -> Kept {
    let first = || arguments.first().map(kept).unwrap_or_default();
    let last = || arguments.last().map(kept).unwrap_or_default();
    let lower = name.text.to_ascii_lowercase();
    let Some(signature) = Signature::of(&name.text) else { return Kept::default() };
    match lower.as_str() {
        "topk" | "bottomk" | "limitk" | "limit_ratio" | "approx_topk" => return last(),
        "absent" | "absent_over_time" => return arguments.first().map(asked).unwrap_or_default(),
        "vector" | "time" | "pi" | "scalar" => return Kept::nothing(),
        "info" => return Kept::default(),
        "histogram_quantile" | "histogram_fraction" => {
            let bucket = last();
            let only = bucket.only.map(|only| only.into_iter().filter(|it| it != "le").collect());
            let lost = bucket.lost.into_iter().chain(["le".into()]).collect();
            return Kept { only, lost };
        }
        "label_replace" | "label_join" => {
            let target = arguments.get(1).map(|argument| &argument.kind);
            let Some(ExprKind::Text(target)) = target else { return Kept::default() };
            return first().and(target);
        }
        "count_values" => {
            let target = arguments.first().map(|argument| &argument.kind);
            let Some(ExprKind::Text(target)) = target else { return Kept::default() };
            return grouped(last(), grouping).and(target);
        }
        _ => {}
    }
    if signature.aggregates {
        return grouped(last(), grouping);
    }
    // Of the functions, each has one argument that is no number and no text; without any they are of the time alone.
    let series = arguments.iter().enumerate().find(|(index, _)| {
        signature.argument(*index).is_some_and(|letter| matches!(letter, 'v' | 'r'))
    });
    let of = series.map_or_else(Kept::nothing, |(_, argument)| kept(argument));
    match grouping {
        Some(labels) => of.by(labels),
        None => of,
    }
}

/// What an aggregation keeps.
fn grouped(of: Kept, grouping: Option<&Labels>) -> Kept {
    match grouping {
        Some(labels) => of.by(labels),
        None => Kept::nothing(),
    }
}

/// What `absent` says of what it asks for: the labels that must have one value.
fn asked(argument: &Expr) -> Kept {
    let mut inner = argument;
    while let ExprKind::Same(next) = &inner.kind {
        inner = next;
    }
    let ExprKind::Selector(selector) = &inner.kind else { return Kept::nothing() };
    let equal = selector.matchers.iter().filter(|it| it.operator.text == "=");
    let names: Vec<Word> = equal.map(|it| it.label.clone()).collect();
    Kept::default().among(&names)
}

fn joined(operator: Operator, matching: &Matching, left: &Expr, right: &Expr) -> Kept {
    match operator {
        Operator::Or => return kept(left).or(&kept(right)),
        Operator::And | Operator::Unless => return kept(left),
        _ => {}
    }
    match (is_number(left), is_number(right)) {
        (Some(true), _) => return kept(right),
        (_, Some(true)) => return kept(left),
        (Some(false), Some(false)) => {}
        _ => return Kept::default(),
    }
    // What has no partner keeps its own.
    if matching.fills {
        return Kept::default();
    }
    let (left, right) = (kept(left), kept(right));
    if let Some(grouped) = &matching.grouped {
        let many = if grouped.is_left { left } else { right };
        return grouped.names.iter().fold(many, |kept, name| kept.and(&name.text));
    }
    if let Some(labels) = &matching.labels {
        return left.by(labels);
    }
    // Both sides have the same ones.
    let lost = left.lost.union(&right.lost).cloned().collect();
    let only = match (left.only, right.only) {
        (Some(only), Some(others)) => Some(only.intersection(&others).cloned().collect()),
        (only, others) => only.or(others),
    };
    Kept { only, lost }
}

/// Whether `expr` is a number and no series; none where it cannot be told.
fn is_number(expr: &Expr) -> Option<bool> {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Text(_) => Some(true),
        _ if expr.is_filled_in() => None,
        ExprKind::Selector(_) | ExprKind::Subquery(_) => Some(false),
        ExprKind::Minus(inner) | ExprKind::Same(inner) => is_number(inner),
        ExprKind::Call { name, .. } => Some(matches!(&*name.text, "time" | "pi" | "scalar")),
        ExprKind::Binary { left, right, .. } => match (is_number(left), is_number(right)) {
            (Some(left), Some(right)) => Some(left && right),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::{Dialect, parse};
    use super::*;

    fn shown(text: &str, dialect: Dialect) -> String {
        let Kept { only, lost } = kept(&parse(text, dialect).unwrap());
        let list = |names: BTreeSet<SmolStr>| names.into_iter().collect::<Vec<_>>().join(" ");
        let only = only.map_or_else(|| "*".to_owned(), list);
        format!("{only} - {}", list(lost)).trim_end_matches([' ', '-']).to_owned()
    }

    #[test]
    fn labels_of_queries() {
        for (text, expected) in [
            ("up", "*"),
            ("up{job=\"a\", pod=\"\"} == 0", "* - pod"),
            ("sum(up)", ""),
            ("sum by (job, pod) (up) > 5", "job pod"),
            ("SUM(up{pod=\"\"}) BY (job, pod)", "job - pod"),
            ("sum without (pod) (up)", "* - pod"),
            ("sum without (pod) (sum by (job, pod) (up))", "job - pod"),
            ("topk(3, sum by (a) (up))", "a"),
            ("count_values(\"version\", build) > 1", "version"),
            ("absent(up{job=\"a\", pod=~\"x\"})", "job"),
            ("absent_over_time(up{job=\"a\"}[5m])", "job"),
            ("absent(sum(up))", ""),
            ("histogram_quantile(0.9, sum by (le, job) (rate(x_bucket[5m]))) > 1", "job - le"),
            ("histogram_quantile(0.9, rate(x_bucket[5m]))", "* - le"),
            ("label_replace(sum by (a) (up), \"b\", \"$1\", \"a\", \"(.*)\")", "a b"),
            ("vector(1)", ""),
            ("time() - max by (job) (done) > 60", "job"),
            ("scalar(x) * sum by (a) (y)", "a"),
            // One partner for each: what both have.
            ("sum by (a) (x) / sum by (a, b) (y)", "a"),
            ("x / y", "*"),
            ("x / on (a) y", "a"),
            ("x / ignoring (b) y", "* - b"),
            ("sum by (a, b) (x) / on (a) group_left (c) y", "a b c"),
            ("x * on (a) group_right () sum by (a, b) (y)", "a b"),
            ("x{c=\"\"} * on (a) group_left (c) y", "*"),
            ("sum by (a) (x) and y", "a"),
            ("sum by (a) (x) or sum by (b) (y)", "a b"),
            ("sum by (a) (x) or y", "*"),
            ("x{a=\"\"} or sum by (b) (y)", "* - a"),
            // What is not known is not said.
            ("rollup_rate(x[5m])", "*"),
            ("info(x)", "*"),
            ("x > tautline0hole0", "*"),
            ("sum by (tautline0hole0) (x)", "*"),
            ("max_over_time(sum by (a) (x)[1h:5m])", "a"),
        ] {
            assert_eq!(shown(text, Dialect::PromQl), expected, "{text}");
        }
        for (text, expected) in [
            ("sum by (a) (count_over_time({x=\"y\"} | json [5m]))", "a"),
            ("count_over_time({x=\"y\", a=\"\"} | json [5m])", "*"),
            ("max_over_time({x=\"y\"} | unwrap n [5m]) by (a)", "a"),
        ] {
            assert_eq!(shown(text, Dialect::LogQl), expected, "{text}");
        }
    }

    #[test]
    fn sides_whose_labels_differ() {
        for (text, expected) in [
            ("sum(x) / sum by (a) (y)", "/:|a"),
            ("sum by (a, b) (x) and sum by (b, c) (y) > 1", "and:a|c"),
            ("sum by (a) (x) * on (a, b) group_left () sum by (b) (y)", "*:a|b"),
            ("x * on (b) sum by (a) (y)", "*:b|"),
            ("sum by (a, b) (x) / ignoring (b) sum by (a) (y)", ""),
            ("sum by (a, b) (x) unless ignoring (b) sum by (c) (y)", "unless:a|c"),
            ("sum by (a) (x) > sum by (a) (y)", ""),
            ("sum by (a) (x) or sum by (b) (y)", ""),
            ("x / sum by (a) (y)", ""),
            ("sum(x) + fill (0) sum by (a) (y)", ""),
            ("sum by (a) (x) / on () sum(y)", ""),
            ("sum by (a) (x) / scalar(sum(y))", ""),
            ("sum(x) / sum by (tautline0hole0) (y)", ""),
            ("sum(x) / sum by (a) (y) > 5 and sum by (a) (z)", "and:|a /:|a"),
        ] {
            let parsed = parse(text, Dialect::PromQl).unwrap();
            let list =
                |names: &BTreeSet<SmolStr>| names.iter().cloned().collect::<Vec<_>>().join(" ");
            let one = |it: &Mismatch| {
                format!("{}:{}|{}", &text[it.at.indices()], list(&it.left), list(&it.right))
            };
            let found: Vec<String> = mismatches(&parsed).iter().map(one).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
