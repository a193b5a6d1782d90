//! What a query and its parts are: Prometheus and Loki refuse a query whose parts do not fit.
//!
//! Invariant: what is not known (a name that is filled in, a function of a later version) fits everywhere.

use std::ops::Range;

use regex::Regex;

use super::functions::{self, Signature};
use super::parse::{Dialect, Parsed};
use super::token::{error, helped};
use super::tree::{Expr, ExprKind, Labels, Matcher, Matching, Operator, Selector, Word};
use crate::syntax::language::HOLE;
use crate::syntax::yaml::Node;
use crate::text::refusal;

/// What a part of a query is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    /// One value for each series.
    Vector,
    /// The values of some time for each series.
    Range,
    /// A number.
    Scalar,
    /// A text in quotes.
    Text,
    /// Lines of a log.
    Lines,
    /// What it is cannot be told.
    Unknown,
}

impl Type {
    /// The word for it in trees.
    pub(super) fn word(self) -> Option<&'static str> {
        Some(match self {
            Type::Vector => "vector",
            Type::Range => "range",
            Type::Scalar => "scalar",
            Type::Text => "string",
            Type::Lines => "lines",
            Type::Unknown => return None,
        })
    }

    fn noun(self) -> &'static str {
        match self {
            Type::Vector => "one value for each series",
            Type::Range => "a range of values",
            Type::Scalar => "a number",
            Type::Text => "a text",
            Type::Lines => "lines of a log",
            Type::Unknown => "something else",
        }
    }

    fn of_letter(letter: char) -> Type {
        match letter {
            'v' => Type::Vector,
            'r' => Type::Range,
            'n' => Type::Scalar,
            't' => Type::Text,
            _ => Type::Unknown,
        }
    }
}

/// What the query `expr` is; an error where its parts do not fit.
pub(super) fn check(expr: &Expr, dialect: Dialect) -> Parsed<Type> {
    match &expr.kind {
        ExprKind::Number(_) => Ok(Type::Scalar),
        ExprKind::Text(_) => Ok(Type::Text),
        ExprKind::Selector(it) => selector(it, dialect),
        ExprKind::Same(inner) => check(inner, dialect),
        ExprKind::Minus(inner) => {
            let found = check(inner, dialect)?;
            only(inner, found, &[Type::Vector, Type::Scalar], "what a sign stands before is")?;
            Ok(found)
        }
        ExprKind::Subquery(inner) => {
            let found = check(inner, dialect)?;
            only(inner, found, &[Type::Vector], "what a subquery asks again is")?;
            Ok(Type::Range)
        }
        ExprKind::Call { name, arguments, grouping } => {
            call(name, arguments, grouping.as_ref(), dialect)
        }
        ExprKind::Binary { operator, matching, left, right } => {
            binary(*operator, matching, [left, right], dialect)
        }
    }
}

fn selector(selector: &Selector, dialect: Dialect) -> Parsed<Type> {
    let name = selector.name.as_ref();
    let may_be_anything = name.is_some_and(|name| name.text.contains(HOLE));
    let mut matchers = selector.matchers.iter();
    if name.is_none() && matchers.all(takes_nothing) {
        let help = "name a metric, or a label with a value that it has";
        return Err(helped("it asks for nothing that must be there", selector.range, help));
    }
    // In braces, a name is a matcher among others.
    let outside = name.filter(|name| name.range.start == selector.range.start);
    let is_name = |it: &&Matcher| it.label.text == "__name__";
    if let (Some(name), Some(other)) = (outside, selector.matchers.iter().find(is_name)) {
        return Err(error(format!("the metric is `{}` already", name.text), other.range));
    }
    let is_regex = |it: &&Matcher| matches!(&*it.operator.text, "=~" | "!~");
    for regex in selector.matchers.iter().filter(is_regex) {
        check_regex(&regex.value)?;
    }
    Ok(match dialect {
        _ if selector.window.is_some() => Type::Range,
        _ if may_be_anything => Type::Unknown,
        Dialect::PromQl => Type::Vector,
        Dialect::LogQl => Type::Lines,
    })
}

/// An error where `regex` cannot be read as one.
pub(super) fn check_regex(regex: &Word) -> Parsed<()> {
    let Word { text, range } = regex;
    let Some(refusal) = refusal(text).filter(|_| !text.contains(HOLE)) else {
        return Ok(());
    };
    let Range { start, end } = refusal.range;
    // With escapes in it, it is longer where it is written.
    let is_verbatim = text.len() == range.len() && start < end;
    let at = if is_verbatim { range.slice(start, end - start) } else { *range };
    Err(match refusal.help {
        Some(help) => helped(refusal.message, at, help),
        None => error(refusal.message, at),
    })
}

fn call(
    name: &Word,
    arguments: &[Expr],
    grouping: Option<&Labels>,
    dialect: Dialect,
) -> Parsed<Type> {
    // What `info` adds may be chosen by labels that nothing must have.
    let is_choice = |index: usize, argument: &Expr| {
        let is_selector = matches!(&argument.kind, ExprKind::Selector(it) if it.window.is_none());
        is_selector && index == 1 && name.text == "info"
    };
    let found = arguments.iter().enumerate().map(|(index, it)| {
        if is_choice(index, it) { Ok(Type::Vector) } else { check(it, dialect) }
    });
    let found: Vec<Type> = found.collect::<Parsed<_>>()?;
    let Some(signature) = Signature::of(&name.text) else {
        let Some(near) = functions::near(&name.text) else { return Ok(Type::Unknown) };
        let message = format!("there is no function `{}`", name.text);
        return Err(helped(message, name.range, &format!("write `{near}`")));
    };
    if dialect == Dialect::LogQl && !functions::is_of_loki(&name.text) {
        return Err(error(format!("Loki has no function `{}`", name.text), name.range));
    }
    let (least, most) = (signature.least(), signature.most());
    if found.len() < least || most.is_some_and(|most| found.len() > most) {
        let wanted = match most {
            Some(most) if most == least => least.to_string(),
            Some(most) => format!("{least} or {most}"),
            None => format!("{least} or more"),
        };
        let many = if wanted == "1" { "argument" } else { "arguments" };
        let message = format!("`{}` takes {wanted} {many}, not {}", name.text, found.len());
        return Err(error(message, name.range));
    }
    for (index, (argument, found)) in arguments.iter().zip(found).enumerate() {
        let wanted = signature.argument(index).map_or(Type::Unknown, Type::of_letter);
        only(argument, found, &[wanted], &format!("`{}` takes", name.text))?;
    }
    if dialect == Dialect::LogQl {
        check_unwrapped(name, arguments)?;
    }
    let makes_groups =
        signature.aggregates || dialect == Dialect::LogQl && functions::groups_numbers(&name.text);
    if let (Some(grouping), false) = (grouping, makes_groups) {
        let message = format!("`{}` makes no groups", name.text);
        let help = "put an aggregation such as `sum` around it, and the labels there";
        return Err(helped(message, grouping.range, help));
    }
    Ok(if functions::is_number(&name.text) { Type::Scalar } else { Type::Vector })
}

/// Loki reads numbers out of lines where `unwrap` says which ones; it counts them where nothing does.
fn check_unwrapped(name: &Word, arguments: &[Expr]) -> Parsed<()> {
    let Some((ExprKind::Selector(selector), range)) =
        arguments.last().map(|it| (&it.kind, it.range))
    else {
        return Ok(());
    };
    let is_unwrap = |stage: &Node| stage.get("kind").and_then(Node::as_str) == Some("unwrap");
    let unwrap = selector.stages.iter().find(|it| is_unwrap(it));
    match (functions::reads_numbers(&name.text), unwrap) {
        (Some(true), None) => {
            let message =
                format!("`{}` takes numbers, and nothing says where they are in a line", name.text);
            Err(helped(message, range, "write `| unwrap LABEL` in front of the brackets"))
        }
        (Some(false), Some(unwrap)) => {
            let message = format!("`{}` takes lines, and no numbers out of them", name.text);
            Err(helped(message, unwrap.range, "leave `unwrap` out"))
        }
        _ => Ok(()),
    }
}

fn binary(
    operator: Operator,
    matching: &Matching,
    sides: [&Expr; 2],
    dialect: Dialect,
) -> Parsed<Type> {
    let [left, right] = sides.map(|side| check(side, dialect));
    let found = [left?, right?];
    let word = operator.word();
    let is_set = matches!(operator, Operator::And | Operator::Or | Operator::Unless);
    for (side, found) in sides.into_iter().zip(found) {
        let wanted = if is_set { &[Type::Vector][..] } else { &[Type::Vector, Type::Scalar] };
        only(side, found, wanted, &format!("each side of `{word}` is"))?;
    }
    let is_comparison = operator.exchanged().is_some();
    let whole = sides[0].range.cover(sides[1].range);
    let are_numbers = found == [Type::Scalar; 2];
    // Loki compares them at once.
    if is_comparison && are_numbers && matching.counts.is_none() && dialect == Dialect::PromQl {
        let help = format!("write `{word} bool`, or ask for a series");
        return Err(helped("two numbers are compared", whole, &help));
    }
    if let (Some(range), false) = (matching.counts, is_comparison) {
        return Err(error(format!("`bool` goes with a comparison, not with `{word}`"), range));
    }
    if let (Some(grouped), true) = (&matching.grouped, is_set) {
        return Err(error(format!("`{word}` makes no groups"), grouped.range));
    }
    // Without labels in its parentheses it matches nothing, and may be there.
    let labels = matching.labels.as_ref().filter(|labels| !labels.names.is_empty());
    if let (Some(labels), true) = (labels, found.contains(&Type::Scalar)) {
        return Err(error("a number has no labels to match".to_owned(), labels.range));
    }
    if let (Some(Labels { are_meant: true, names, .. }), Some(grouped)) =
        (&matching.labels, &matching.grouped)
        && let Some(twice) =
            grouped.names.iter().find(|it| names.iter().any(|on| on.text == it.text))
        && dialect == Dialect::PromQl
    {
        let message = format!(
            "both sides have the same `{}`, so that it cannot be taken from one",
            twice.text
        );
        return Err(helped(message, twice.range, "leave it out, here or in `on (…)`"));
    }
    Ok(match found {
        [Type::Scalar, Type::Scalar] => Type::Scalar,
        [Type::Vector, _] | [_, Type::Vector] => Type::Vector,
        _ => Type::Unknown,
    })
}

/// An error where `expr`, which is `found`, is none of what is `wanted`.
fn only(expr: &Expr, found: Type, wanted: &[Type], what: &str) -> Parsed<()> {
    let fits = |wanted: &Type| *wanted == found || *wanted == Type::Unknown;
    if found == Type::Unknown || wanted.iter().any(fits) {
        return Ok(());
    }
    let nouns: Vec<&str> = wanted.iter().map(|it| it.noun()).collect();
    let message = format!("{what} {}, and this is {}", nouns.join(" or "), found.noun());
    let help = match (wanted, found) {
        ([Type::Range], Type::Vector | Type::Lines) => "say behind it how far to look back: `[5m]`",
        ([Type::Vector, ..], Type::Range) => {
            "leave the brackets out, or put a function such as `rate` around it"
        }
        ([Type::Vector, ..], Type::Lines) => "count the lines: `count_over_time(… [5m])`",
        _ => return Err(error(message, expr.range)),
    };
    Err(helped(message, expr.range, help))
}

/// Whether the matcher takes a series that does not have its label. Where a value is filled in it is not known to.
fn takes_nothing(matcher: &Matcher) -> bool {
    let Matcher { label, operator, value, .. } = matcher;
    if label.text.contains(HOLE) || value.text.contains(HOLE) {
        return false;
    }
    let matches_nothing =
        || Regex::new(&format!("^(?s:{})$", value.text)).ok().map(|it| it.is_match(""));
    match &*operator.text {
        "=" => value.text.is_empty(),
        "!=" => !value.text.is_empty(),
        "=~" => matches_nothing() == Some(true),
        _ => matches_nothing() == Some(false),
    }
}
