//! Which literals do not fit a type, and what a type has no place for.
//!
//! Only what is written out is judged: the type of anything else is known when Terraform runs. Conversions are those of
//! Terraform: a number or a boolean can be a string, a string can be either where it reads like one, a tuple can be a list or a
//! set, an object a map.

use std::fmt::Write as _;

use smol_str::SmolStr;

use crate::model::text_as_bool;
use crate::syntax::hcl::{
    BinaryOp, Expr, ExprKind, ObjectEntry, TemplatePart, UnaryOp, parse_expression,
};
use crate::text::TextRange;

/// What is wrong with one part of a value.
pub(super) struct Misfit {
    pub(super) range: TextRange,
    /// The way to the part, as Terraform writes it: `rules[0].port`.
    pub(super) path: String,
    pub(super) fault: Fault,
}

pub(super) enum Fault {
    /// It is one thing, and its type another.
    Wrong { given: String, wanted: String },
    /// The type has an attribute that is not optional.
    Missing { attribute: SmolStr },
    /// The type has no such attribute, but these: Terraform takes the value without it.
    Dropped { attribute: SmolStr, known: Vec<SmolStr> },
}

/// What is wrong with `value` by the type `kind`; `path` is what leads to the value.
pub(super) fn misfits(kind: &Expr, value: &Expr, path: &str) -> Vec<Misfit> {
    let mut found = Vec::new();
    judge(kind, value, path, &mut found);
    found
}

/// The same of a value that reaches Terraform in the environment: as text if it is plain, else as JSON. What the type says is a
/// string, a number or a boolean is read from that text as it stands, everything else as an expression.
pub(super) fn misfits_in_environment(kind: &Expr, value: &Expr, path: &str) -> Vec<Misfit> {
    let (Some((name, _)), Some(given)) = (named(kind), Given::of(value.unparenthesised())) else {
        return Vec::new();
    };
    let literal = value.as_literal();
    let fits = match (name.as_str(), given) {
        // The text of a list is a string.
        ("string" | "any", _) => true,
        ("bool", Given::Number) => {
            matches!(&value.unparenthesised().kind, ExprKind::Number(it) if text_as_bool(it).is_some())
        }
        ("number" | "bool", _) => false,
        (_, Given::Text) => literal.as_ref().is_none_or(|text| {
            parse_expression(text).is_ok_and(|read| {
                matches!(read.kind, ExprKind::Null)
                    || Given::of(&read).is_some() && misfits(kind, &read, path).is_empty()
            })
        }),
        _ => false,
    };
    if fits { Vec::new() } else { misfits(kind, value, path) }
}

/// The name of a type, and what it is of.
fn named(kind: &Expr) -> Option<(SmolStr, Option<&Expr>)> {
    match &kind.unparenthesised().kind {
        ExprKind::Variable(name) => Some((name.clone(), None)),
        ExprKind::Call(call) => Some((call.name.name.clone(), call.args.first())),
        // As in Terraform 0.11.
        ExprKind::Template(template) => Some((template.as_literal()?, None)),
        _ => None,
    }
}

fn judge(kind: &Expr, value: &Expr, path: &str, found: &mut Vec<Misfit>) {
    let value = value.unparenthesised();
    let (Some((name, of)), Some(given)) = (named(kind), Given::of(value)) else { return };
    let wrong = match (name.as_str(), given) {
        ("string", Given::List | Given::Object) => "a string",
        ("number", Given::List | Given::Object | Given::Bool) => "a number",
        ("number", Given::Text) if value.as_literal().is_some_and(|it| !is_number(&it)) => {
            "a number"
        }
        ("bool", Given::List | Given::Object | Given::Number) => "a boolean",
        ("bool", Given::Text)
            if value.as_literal().is_some_and(|it| text_as_bool(&it).is_none()) =>
        {
            "a boolean"
        }
        ("list" | "set", Given::List) => return elements(of, value, path, found),
        ("tuple", Given::List) => return in_tuple(of, value, path, found),
        ("map", Given::Object) => return entries(of, value, path, found),
        ("object", Given::Object) => return attributes(of, value, path, found),
        ("list", _) => "a list",
        ("set", _) => "a set",
        ("tuple", _) => "a tuple",
        ("map", _) => "a map",
        ("object", _) => "an object",
        _ => return,
    };
    found.push(wrong_at(value, path, given.words().to_owned(), wrong.to_owned()));
}

fn wrong_at(value: &Expr, path: &str, given: String, wanted: String) -> Misfit {
    // Of what is long, where it begins is enough.
    let is_long = matches!(value.kind, ExprKind::Object(_) | ExprKind::Tuple(_) | ExprKind::For(_));
    let range = if is_long { first_byte(value.range) } else { value.range };
    Misfit { range, path: path.to_owned(), fault: Fault::Wrong { given, wanted } }
}

fn first_byte(range: TextRange) -> TextRange {
    TextRange { end: range.start + 1, ..range }
}

fn elements(of: Option<&Expr>, value: &Expr, path: &str, found: &mut Vec<Misfit>) {
    let (Some(of), ExprKind::Tuple(items)) = (of, &value.kind) else { return };
    for (at, item) in items.iter().enumerate() {
        judge(of, item, &format!("{path}[{at}]"), found);
    }
}

fn in_tuple(of: Option<&Expr>, value: &Expr, path: &str, found: &mut Vec<Misfit>) {
    let Some(ExprKind::Tuple(kinds)) = of.map(|of| &of.unparenthesised().kind) else { return };
    let ExprKind::Tuple(items) = &value.kind else { return };
    if items.len() != kinds.len() {
        let given = format!("a tuple of {}", items.len());
        found.push(wrong_at(value, path, given, format!("a tuple of {}", kinds.len())));
        return;
    }
    for (at, (kind, item)) in kinds.iter().zip(items).enumerate() {
        judge(kind, item, &format!("{path}[{at}]"), found);
    }
}

fn entries(of: Option<&Expr>, value: &Expr, path: &str, found: &mut Vec<Misfit>) {
    let (Some(of), ExprKind::Object(entries)) = (of, &value.kind) else { return };
    for entry in entries {
        judge(of, &entry.value, &below(path, entry), found);
    }
}

fn attributes(of: Option<&Expr>, value: &Expr, path: &str, found: &mut Vec<Misfit>) {
    let Some(ExprKind::Object(declared)) = of.map(|of| &of.unparenthesised().kind) else { return };
    let ExprKind::Object(given) = &value.kind else { return };
    let find = |entries: &'_ [ObjectEntry], key: &SmolStr| {
        entries.iter().rposition(|it| it.literal_key().as_ref() == Some(key))
    };
    let Some(known) = declared.iter().map(ObjectEntry::literal_key).collect::<Option<Vec<_>>>()
    else {
        return;
    };
    for entry in given {
        let Some(key) = entry.literal_key() else { continue };
        match find(declared, &key) {
            Some(at) => {
                let kind = declared[at].value.unparenthesised();
                judge(optional(kind).unwrap_or(kind), &entry.value, &below(path, entry), found);
            }
            None if known.is_empty() => {}
            None => {
                let fault = Fault::Dropped { attribute: key, known: known.clone() };
                found.push(Misfit { range: entry.key.range, path: path.to_owned(), fault });
            }
        }
    }
    // A key that is computed may be any.
    if given.iter().any(|entry| entry.literal_key().is_none()) {
        return;
    }
    for (entry, key) in declared.iter().zip(&known) {
        if optional(entry.value.unparenthesised()).is_none() && find(given, key).is_none() {
            let fault = Fault::Missing { attribute: key.clone() };
            found.push(Misfit { range: first_byte(value.range), path: path.to_owned(), fault });
        }
    }
}

/// The type inside of `optional(…)`.
fn optional(kind: &Expr) -> Option<&Expr> {
    match &kind.kind {
        ExprKind::Call(call) if call.name.name == "optional" => call.args.first(),
        _ => None,
    }
}

/// What attributes in the type `kind` are where they are left out: the name of each, its type, and its default.
pub(super) fn optional_defaults(kind: &Expr) -> impl Iterator<Item = (SmolStr, &Expr, &Expr)> {
    let objects = kind.descendants().filter_map(|it| match &it.kind {
        ExprKind::Object(entries) => Some(entries),
        _ => None,
    });
    objects.flatten().filter_map(|entry| match &entry.value.unparenthesised().kind {
        ExprKind::Call(call) if call.name.name == "optional" => match call.args.as_slice() {
            [kind, default] => Some((entry.literal_key()?, kind, default)),
            _ => None,
        },
        _ => None,
    })
}

fn below(path: &str, entry: &ObjectEntry) -> String {
    let mut path = path.to_owned();
    let is_name = |key: &str| key.bytes().all(|it| it.is_ascii_alphanumeric() || it == b'_');
    // Writing to a string cannot fail.
    let _ = match entry.literal_key() {
        Some(key) if is_name(&key) => write!(path, ".{key}"),
        Some(key) => write!(path, "[\"{key}\"]"),
        None => write!(path, "[…]"),
    };
    path
}

/// What kind of literal something is.
#[derive(Clone, Copy)]
enum Given {
    Text,
    Number,
    Bool,
    List,
    Object,
}

impl Given {
    /// None where only Terraform knows, and for `null`, which fits every type.
    fn of(value: &Expr) -> Option<Given> {
        Some(match &value.kind {
            ExprKind::Bool(_) | ExprKind::Unary(UnaryOp::Not, _) => Given::Bool,
            ExprKind::Number(_) | ExprKind::Unary(UnaryOp::Negate, _) => Given::Number,
            ExprKind::Binary(binary) => match binary.op {
                BinaryOp::Add
                | BinaryOp::Subtract
                | BinaryOp::Multiply
                | BinaryOp::Divide
                | BinaryOp::Modulo => Given::Number,
                _ => Given::Bool,
            },
            ExprKind::Template(template) => match template.parts.as_slice() {
                // It has the type of what it holds.
                [TemplatePart::Interpolation(_)] => return None,
                _ => Given::Text,
            },
            ExprKind::For(made) if made.key.is_some() => Given::Object,
            ExprKind::Tuple(_) | ExprKind::For(_) => Given::List,
            ExprKind::Object(_) => Given::Object,
            _ => return None,
        })
    }

    fn words(self) -> &'static str {
        match self {
            Given::Text => "a string",
            Given::Number => "a number",
            Given::Bool => "a boolean",
            Given::List => "a list",
            Given::Object => "an object",
        }
    }
}

/// Whether Terraform can make a number of `text`.
fn is_number(text: &str) -> bool {
    text.parse::<f64>().is_ok_and(|number| !number.is_nan())
}
