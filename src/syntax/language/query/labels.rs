//! Which labels the result of a query has: what templates of an alert can name.
//!
//! Invariant: a label is said to be lost only where no series of the result can have it, whatever is measured.

use std::collections::{BTreeMap, BTreeSet};

use smol_str::SmolStr;

use super::functions::{self, Signature};
use super::tree::{Expr, ExprKind, Labels, Matcher, Matching, Operator, Selector, Word};
use crate::syntax::language::HOLE;
use crate::text::TextRange;

/// The labels that a series may have.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub(super) struct Kept {
    /// No others than these; none where any may be there.
    pub(super) only: Option<BTreeSet<SmolStr>>,
    /// None of these.
    pub(super) lost: BTreeSet<SmolStr>,
    /// Those that one series may have and another one lack. Of all others that are asked for it is taken that they are there.
    unsure: BTreeSet<SmolStr>,
    /// Whether that may be so with any label.
    is_mixed: bool,
}

/// An operator whose sides have different labels, so that no series of the one is that of the other.
pub(super) struct Mismatch {
    pub(super) operator: Operator,
    /// Where it stands.
    pub(super) at: TextRange,
    /// The labels that are compared and that only the left side has.
    pub(super) left: BTreeSet<SmolStr>,
    /// Those that only the right side has.
    pub(super) right: BTreeSet<SmolStr>,
}

/// The labels that the result of `expr` may have, and the operators in it whose sides never match.
pub(super) fn known(expr: &Expr) -> (Kept, Vec<Mismatch>) {
    let mut mismatches = Vec::new();
    let kept = look(expr, &mut mismatches).kept;
    mismatches.sort_by_key(|it| it.at.start);
    (kept, mismatches)
}

/// What is known of a part of a query.
struct Side {
    kept: Kept,
    /// Whether it is a number and no series; none where it cannot be told.
    is_number: Option<bool>,
}

impl Kept {
    fn nothing() -> Self {
        Self { only: Some(BTreeSet::new()), ..Self::default() }
    }

    /// Those among `names`.
    fn among(mut self, names: &[Word]) -> Self {
        // More of them may be filled in.
        if has_hole(names) {
            return Self { is_mixed: true, ..Self::default() };
        }
        let names = names.iter().map(|name| name.text.clone());
        self.only = Some(names.filter(|name| self.may_have(name)).collect());
        self
    }

    /// Those that are not among `names`.
    fn without(mut self, names: &[Word]) -> Self {
        self.is_mixed |= has_hole(names);
        for name in names {
            if let Some(only) = &mut self.only {
                only.remove(&name.text);
            }
            self.lost.insert(name.text.clone());
        }
        self
    }

    /// And `name`, if `is_sure` in each series.
    fn and(mut self, name: &SmolStr, is_sure: bool) -> Self {
        if name.contains(HOLE) {
            return Self { is_mixed: true, ..Self::default() };
        }
        self.lost.remove(name);
        if let Some(only) = &mut self.only {
            only.insert(name.clone());
        }
        if is_sure {
            self.unsure.remove(name);
        } else {
            self.unsure.insert(name.clone());
        }
        self
    }

    fn by(self, labels: &Labels) -> Self {
        if labels.are_meant { self.among(&labels.names) } else { self.without(&labels.names) }
    }

    /// Those of a series that is of this kind or of the other.
    fn or(self, other: &Kept) -> Self {
        let lost = self.lost.iter().filter(|name| !other.may_have(name));
        let others = other.lost.iter().filter(|name| !self.may_have(name));
        let lost = lost.chain(others).cloned().collect();
        let mut unsure = &self.unsure | &other.unsure;
        let mut is_mixed = self.is_mixed || other.is_mixed;
        let only = if let (Some(only), Some(others)) = (&self.only, &other.only) {
            unsure.extend(only ^ others);
            Some(only | others)
        } else {
            is_mixed |= self != *other;
            None
        };
        Self { only, lost, unsure, is_mixed }
    }

    /// Those of a series that is of this kind and of the other.
    fn and_also(self, other: &Kept) -> Self {
        let lost = &self.lost | &other.lost;
        let is_unsure = |name: &&SmolStr| !self.has(name) && !other.has(name);
        let unsure = (&self.unsure | &other.unsure).iter().filter(is_unsure).cloned().collect();
        let is_mixed = self.is_mixed && other.is_mixed;
        let only = match (self.only, &other.only) {
            (Some(only), Some(others)) => Some(&only & others),
            (only, others) => only.or_else(|| others.clone()),
        };
        Self { only, lost, unsure, is_mixed }
    }

    /// Whether a series may have the label `name`.
    fn may_have(&self, name: &SmolStr) -> bool {
        !self.lost.contains(name) && self.only.as_ref().is_none_or(|only| only.contains(name))
    }

    /// Whether each series has the label `name`, if anybody asks for it.
    fn has(&self, name: &SmolStr) -> bool {
        self.may_have(name) && !self.is_mixed && !self.unsure.contains(name)
    }
}

fn has_hole(names: &[Word]) -> bool {
    names.iter().any(|name| name.text.contains(HOLE))
}

/// Everything below is looked at once: a query may have a thousand operators, each above the one before.
fn look(expr: &Expr, found: &mut Vec<Mismatch>) -> Side {
    match &expr.kind {
        ExprKind::Number(_) | ExprKind::Text(_) => {
            Side { kept: Kept::nothing(), is_number: Some(true) }
        }
        ExprKind::Selector(selector) => {
            let is_number = (!selector.is_filled_in()).then_some(false);
            Side { kept: selected(selector), is_number }
        }
        ExprKind::Same(inner) | ExprKind::Minus(inner) => look(inner, found),
        ExprKind::Subquery(inner) => Side { kept: look(inner, found).kept, is_number: Some(false) },
        ExprKind::Call { name, arguments, grouping } => {
            let kept = arguments.iter().map(|it| look(it, found).kept).collect();
            let kept = called(&name.text, arguments, kept, grouping.as_ref());
            Side { kept, is_number: Some(functions::is_number(&name.text)) }
        }
        ExprKind::Binary { operator, matching, left, right } => {
            let sides = [look(left, found), look(right, found)];
            found.extend(mismatch(*operator, matching, &sides));
            joined(*operator, matching, sides)
        }
    }
}

fn mismatch(operator: Operator, matching: &Matching, sides: &[Side; 2]) -> Option<Mismatch> {
    let are_series = sides.iter().all(|side| side.is_number == Some(false));
    if operator == Operator::Or || matching.fills || !are_series {
        return None;
    }
    let [left, right] = [&sides[0].kept, &sides[1].kept];
    let compared: BTreeSet<SmolStr> = match &matching.labels {
        Some(Labels { names, .. }) if has_hole(names) => return None,
        Some(Labels { are_meant: true, names, .. }) => {
            names.iter().map(|name| name.text.clone()).collect()
        }
        ignored => {
            let all = [left, right].into_iter().filter_map(|side| side.only.as_ref()).flatten();
            let mut all: BTreeSet<SmolStr> = all.cloned().collect();
            all.remove("__name__");
            for name in ignored.iter().flat_map(|labels| &labels.names) {
                all.remove(&name.text);
            }
            all
        }
    };
    // Of a side that may have any label it is not known that it has one.
    let are_meant = matching.labels.as_ref().is_some_and(|labels| labels.are_meant);
    let only_in = |side: &Kept, other: &Kept| -> BTreeSet<SmolStr> {
        let is_known = are_meant || side.only.is_some();
        let here = compared.iter().filter(|name| is_known && side.has(name));
        here.filter(|name| !other.may_have(name)).cloned().collect()
    };
    let (left, right) = (only_in(left, right), only_in(right, left));
    let is_mismatch = !left.is_empty() || !right.is_empty();
    is_mismatch.then_some(Mismatch { operator, at: matching.at, left, right })
}

/// A label that is asked to be empty is not there.
fn selected(selector: &Selector) -> Kept {
    let is_empty = |operator: &str, value: &str| operator == "=" && value.is_empty();
    let empty = selector.matchers.iter().filter(|it| is_empty(&it.operator.text, &it.value.text));
    // A stage may make it anew.
    let empty = empty.filter(|_| selector.stages.is_empty());
    Kept { lost: empty.map(|it| it.label.text.clone()).collect(), ..Kept::default() }
}

/// What `name` makes of what is `kept` of each of its arguments.
fn called(name: &str, arguments: &[Expr], mut kept: Vec<Kept>, grouping: Option<&Labels>) -> Kept {
    let unknown = Kept { is_mixed: true, ..Kept::default() };
    let Some(signature) = Signature::of(name) else { return unknown };
    let series = (0..arguments.len())
        .find(|index| signature.argument(*index).is_some_and(|it| matches!(it, 'v' | 'r')));
    // Without one it is of the time alone.
    let of = series.map_or_else(Kept::nothing, |index| kept.swap_remove(index));
    let text = |index: usize| match arguments.get(index).map(|argument| &argument.kind) {
        Some(ExprKind::Text(text)) => Some(text),
        _ => None,
    };
    let grouped = |of: Kept| grouping.map_or_else(Kept::nothing, |labels| of.by(labels));
    match name.to_ascii_lowercase().as_str() {
        "topk" | "bottomk" | "limitk" | "limit_ratio" | "approx_topk" => of,
        "absent" | "absent_over_time" => arguments.first().map_or(unknown, asked),
        "scalar" => Kept::nothing(),
        "info" => unknown,
        "histogram_quantile" | "histogram_fraction" | "histogram_quantiles" => {
            let mut of = of;
            if let Some(only) = &mut of.only {
                only.remove("le");
            }
            of.lost.insert("le".into());
            match text(1) {
                Some(name) => of.and(name, true),
                None => of,
            }
        }
        // Where nothing fits it is as it was, and what is replaced by nothing is gone.
        "label_replace" | "label_join" => text(1).map_or(unknown, |name| of.and(name, false)),
        "count_values" => text(0).map_or(unknown, |name| grouped(of).and(name, true)),
        _ if signature.aggregates => grouped(of),
        // Loki groups what is unwrapped.
        _ => match grouping {
            Some(labels) => of.by(labels),
            None => of,
        },
    }
}

/// What `absent` says of what it asks for: the labels that must have one value, which is told once.
fn asked(argument: &Expr) -> Kept {
    let mut inner = argument;
    while let ExprKind::Same(next) = &inner.kind {
        inner = next;
    }
    let ExprKind::Selector(selector) = &inner.kind else { return Kept::nothing() };
    if selector.is_filled_in() {
        return Kept { is_mixed: true, ..Kept::default() };
    }
    let mut matchers: BTreeMap<&str, Vec<&Matcher>> = BTreeMap::new();
    for matcher in &selector.matchers {
        matchers.entry(&matcher.label.text).or_default().push(matcher);
    }
    let told = matchers.into_values().filter_map(|all| match all.as_slice() {
        [one] if one.operator.text == "=" && !one.value.text.is_empty() => Some(one.label.clone()),
        _ => None,
    });
    Kept::default().among(&told.collect::<Vec<_>>())
}

fn joined(operator: Operator, matching: &Matching, [left, right]: [Side; 2]) -> Side {
    let is_number = match (left.is_number, right.is_number) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    };
    let has_no_matching = matching.labels.is_none() && !matching.fills;
    let kept = match operator {
        Operator::Or => left.kept.or(&right.kept),
        Operator::And | Operator::Unless => left.kept,
        _ => match (left.is_number, right.is_number) {
            (Some(true), _) => right.kept,
            (_, Some(true)) => left.kept,
            (Some(false), Some(false)) => matched(matching, left.kept, right.kept),
            // What is filled in is a number, or has the labels of the other side.
            (None, Some(false)) if has_no_matching => right.kept,
            (Some(false), None) if has_no_matching => left.kept,
            _ => Kept { is_mixed: true, ..Kept::default() },
        },
    };
    Side { kept, is_number }
}

/// What is kept of series that are matched with others.
fn matched(matching: &Matching, left: Kept, right: Kept) -> Kept {
    // What has no partner keeps its own.
    if matching.fills {
        return Kept { is_mixed: true, ..Kept::default() };
    }
    if let Some(grouped) = &matching.grouped {
        let (many, one) = if grouped.is_left { (left, right) } else { (right, left) };
        let with = |many: Kept, name: &Word| {
            // Where the partner has none, there is none.
            let may_be_there = name.text.contains(HOLE) || one.may_have(&name.text);
            if may_be_there {
                many.and(&name.text, one.has(&name.text))
            } else {
                many.without(std::slice::from_ref(name))
            }
        };
        return grouped.names.iter().fold(many, with);
    }
    // Both sides have the same ones.
    match &matching.labels {
        Some(labels) => left.by(labels).and_also(&right.by(labels)),
        None => left.and_also(&right),
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse::{Dialect, parse};
    use super::*;

    fn shown(text: &str, dialect: Dialect) -> String {
        let Kept { only, lost, .. } = known(&parse(text, dialect).unwrap()).0;
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
            ("sum by (\"service.name\", job) (up)", "job service.name"),
            ("SUM(up{pod=\"\"}) BY (job, pod)", "job - pod"),
            ("sum without (pod) (up)", "* - pod"),
            ("sum without (pod) (sum by (job, pod) (up))", "job - pod"),
            ("topk(3, sum by (a) (up))", "a"),
            ("topk by (b) (3, sum by (a) (up))", "a"),
            ("quantile by (a) (0.9, up)", "a"),
            ("count_values(\"version\", build) > 1", "version"),
            ("count_values by (a) (\"a\", build)", "a"),
            ("count_values without (a) (\"a\", build)", "*"),
            ("absent(up{job=\"a\", pod=~\"x\"})", "job"),
            ("absent(up{job=\"a\", job=\"b\", x=\"y\", z=\"\"} offset 5m)", "x"),
            ("absent(up{job=\"a\", job!~\"b\", x=\"y\"})", "x"),
            ("absent(tautline0hole0)", "*"),
            ("absent(tautline0hole0{a=\"b\"})", "a"),
            ("absent_over_time(up{job=\"a\"}[5m])", "job"),
            ("absent(sum(up))", ""),
            ("histogram_quantile(0.9, sum by (le, job) (rate(x_bucket[5m]))) > 1", "job - le"),
            ("histogram_quantile(0.9, rate(x_bucket[5m]))", "* - le"),
            ("histogram_quantiles(sum by (le, job) (x), \"q\", 0.5, 0.9)", "job q - le"),
            ("label_replace(sum by (a) (up), \"b\", \"$1\", \"a\", \"(.*)\")", "a b"),
            ("label_join(up{b=\"\"}, \"b\", \"-\", \"a\", \"c\")", "*"),
            ("vector(1)", ""),
            ("hour() > 5", ""),
            ("hour(sum by (a) (x)) > 5", "a"),
            ("time() - max by (job) (done) > 60", "job"),
            ("scalar(x) * sum by (a) (y)", "a"),
            ("round(sum by (a) (x), 5)", "a"),
            ("sort_by_label(sum by (a) (x), \"b\")", "a"),
            // One partner for each: what both have.
            ("sum by (a) (x) / sum by (a, b) (y)", "a"),
            ("x / y", "*"),
            ("x / on (a) y", "a"),
            ("x > on (a) y", "a"),
            ("x / on (a, b) sum by (a) (y)", "a"),
            ("x / on (a) y{a=\"\"}", " - a"),
            ("x / ignoring (b) y", "* - b"),
            ("x / ignoring (b) sum by (a, b, c) (y{c=\"\"})", "a - b c"),
            ("sum by (a, b) (x) / on (a) group_left (c) y", "a b c"),
            ("sum by (a, b) (x) / on (a) group_left (c) sum by (a) (y)", "a b - c"),
            ("x * on (a) group_right () sum by (a, b) (y)", "a b"),
            ("x{c=\"\"} * on (a) group_left (c) y", "*"),
            ("sum by (a) (x) and y", "a"),
            ("sum by (a) (x) or sum by (b) (y)", "a b"),
            ("sum by (a) (x) or y", "*"),
            ("x{a=\"\"} or sum by (b) (y)", "* - a"),
            ("sum by (a) (x{b=\"\"}) or y{b=\"\"}", "* - b"),
            // What is not known is not said.
            ("rollup_rate(x[5m])", "*"),
            ("info(x)", "*"),
            ("x > tautline0hole0", "*"),
            ("sum by (a) (x) > tautline0hole0 * 5", "a"),
            ("tautline0hole0 - sum by (a) (x)", "a"),
            ("sum by (a) (x) * on (a) group_left (b) tautline0hole0", "*"),
            ("sum by (a) (x) or tautline0hole0", "*"),
            ("sum by (a) (x) / on (a) group_left (tautline0hole0) y", "*"),
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
            ("sum(x) / sum by (a) (y) > 5 and sum by (a) (z)", "/:|a and:|a"),
            // A label that the other side cannot have.
            ("sum by (a) (x) / sum without (a) (y)", "/:a|"),
            ("sum by (a, b) (x) - y{b=\"\"}", "-:b|"),
            ("sum by (a) (x) / absent(y)", "/:a|"),
            ("count by (__name__) (x) - sum(y)", ""),
            // One of several kinds of series may be the same.
            ("(sum by (a) (x) or vector(0)) / sum(y)", ""),
            ("sum by (a) (y) - (sum by (a) (x) or vector(0))", ""),
            ("(sum by (a) (x) or sum by (b) (y)) / sum by (c) (z)", "/:|c"),
            ("(x or sum by (a) (y)) * on (b) sum by (a) (z)", ""),
            ("sum by (b) (x or sum by (a) (y)) * on (b) sum by (a) (z)", ""),
            ("(x or vector(0)) * on (b) sum by (b) (z)", ""),
            // What is replaced by nothing is gone.
            ("label_replace(sum by (a, b) (x), \"b\", \"\", \"\", \"\") / sum by (a) (y)", ""),
            (
                "label_replace(sum by (a) (x), \"b\", \"$1\", \"a\", \"(.*)\") / sum by (b) (y)",
                "/:a|",
            ),
            ("absent(x{a=\"b\", a=\"c\"}) / sum(y)", ""),
            // Only what the partner may have is taken from it.
            ("(x * on (a) group_left (c) sum by (a) (y)) / on (c) sum by (c) (z)", "/:|c"),
            ("(x / on (a, b) sum by (a) (y)) / sum by (a) (z)", "/:b|"),
            // What is filled in may be any of them.
            ("sum by (a, b) (x) / ignoring (tautline0hole0) sum by (a) (y)", ""),
            ("sum without (tautline0hole0) (sum by (a, b) (x)) / sum by (a) (y)", ""),
            ("sum by (a, b) (x) / on (tautline0hole0) sum by (a) (y)", ""),
            ("sum by (a) (x) / tautline0hole0", ""),
            ("absent(tautline0hole0) and sum by (a) (y)", ""),
        ] {
            let parsed = parse(text, Dialect::PromQl).unwrap();
            let list =
                |names: &BTreeSet<SmolStr>| names.iter().cloned().collect::<Vec<_>>().join(" ");
            let one = |it: &Mismatch| {
                format!("{}:{}|{}", &text[it.at.indices()], list(&it.left), list(&it.right))
            };
            let found: Vec<String> = known(&parsed).1.iter().map(one).collect();
            assert_eq!(found.join(" "), expected, "{text}");
        }
    }
}
