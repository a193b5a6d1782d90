//! Literal values with their places: what configuration and packs are made of. No functions, and nothing interpolated but params.

use smol_str::SmolStr;

use crate::syntax::hcl::{Expr, ExprKind, Step, StepKind, Template, TemplatePart};
use crate::text::TextRange;

/// A literal and where it is written.
#[derive(Clone, Debug)]
pub struct Literal {
    /// The value.
    pub kind: LiteralKind,
    /// Its bytes in its file.
    pub range: TextRange,
}

/// The kinds of literal.
#[derive(Clone, Debug)]
pub enum LiteralKind {
    /// `null`
    Null,
    /// `true`, `false`
    Bool(bool),
    /// A number.
    Number(f64),
    /// A string.
    String(SmolStr),
    /// A list.
    List(Vec<Literal>),
    /// An object, in source order: key, the key's range, value.
    Object(Vec<(SmolStr, TextRange, Literal)>),
    /// `param.NAME`, or `param.PACK.NAME` for another pack's (then `PACK.NAME`): filled in from the pack's params, which a repo may override.
    Param(SmolStr),
    /// A string with params in it (`"${param.NAME}x"`), in parts: strings and params.
    Joined(Vec<Literal>),
}

impl LiteralKind {
    /// What it is, for messages.
    pub fn noun(&self) -> &'static str {
        match self {
            LiteralKind::Null => "null",
            LiteralKind::Bool(_) => "a boolean",
            LiteralKind::Number(_) => "a number",
            LiteralKind::String(_) | LiteralKind::Joined(_) => "a string",
            LiteralKind::List(_) => "a list",
            LiteralKind::Object(_) => "an object",
            LiteralKind::Param(_) => "a param",
        }
    }

    /// What to type where it is what is `wanted` but for its quotes.
    pub fn unquoted(&self, wanted: &str) -> Option<String> {
        let LiteralKind::String(word) = self else { return None };
        let is_meant = match wanted {
            "true or false" => matches!(&**word, "true" | "false"),
            "a number" => word.parse::<f64>().is_ok(),
            _ => false,
        };
        is_meant.then(|| format!("write it without quotes: `{word}`"))
    }

    /// Why it cannot be a part of a string.
    pub fn inside_a_string(&self) -> String {
        format!("a param inside of a string must be a string, not {}", self.noun())
    }
}

impl Literal {
    /// Where the first `param.NAME` in it stands, if it holds one.
    pub fn first_param(&self) -> Option<TextRange> {
        match &self.kind {
            LiteralKind::Param(_) => Some(self.range),
            LiteralKind::List(items) | LiteralKind::Joined(items) => {
                items.iter().find_map(Literal::first_param)
            }
            LiteralKind::Object(entries) => {
                entries.iter().find_map(|(_, _, value)| value.first_param())
            }
            _ => None,
        }
    }

    /// The string that `parts` are together, whose params are filled in; or the part that is none.
    pub fn joined(parts: &[Literal]) -> Result<LiteralKind, &Literal> {
        let text = |part: &'_ Literal| match &part.kind {
            LiteralKind::String(text) => Some(text.clone()),
            _ => None,
        };
        let texts: Result<Vec<_>, _> = parts.iter().map(|part| text(part).ok_or(part)).collect();
        Ok(LiteralKind::String(texts?.concat().into()))
    }

    /// The same value as if all of it were written at `range`: a value that stands in for another keeps errors about
    /// it in the file of the reader.
    #[must_use]
    pub fn placed_at(&self, range: TextRange) -> Literal {
        let kind = match &self.kind {
            LiteralKind::List(items) => {
                LiteralKind::List(items.iter().map(|item| item.placed_at(range)).collect())
            }
            LiteralKind::Object(entries) => LiteralKind::Object(
                entries
                    .iter()
                    .map(|(key, _, value)| (key.clone(), range, value.placed_at(range)))
                    .collect(),
            ),
            other => other.clone(),
        };
        Literal { kind, range }
    }
}

/// An expression that is no literal.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LiteralError {
    /// What is wrong: one line.
    pub message: String,
    /// Where.
    pub range: TextRange,
    /// What to type instead, where that can be told.
    pub help: Option<String>,
}

/// Whose file a literal stands in: that says what else may stand there, and so what is said about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Dialect {
    /// A pack's, which has params, and texts that take names.
    Pack,
    /// That of the settings, which have neither.
    Settings,
}

impl Dialect {
    /// What is said of an expression.
    fn no_literal(self) -> &'static str {
        match self {
            Dialect::Pack => "only literals and `param.NAME` can stand here",
            Dialect::Settings => "only literals can stand here",
        }
    }

    /// What to do about a string with a hole.
    fn no_hole(self) -> &'static str {
        match self {
            Dialect::Pack => {
                "write what it stands for; where a text of a rule takes names, one is written `{name}`"
            }
            Dialect::Settings => "write what it stands for: nothing is filled in here",
        }
    }

    /// Whether `expr` is a param: `param.…`.
    fn is_param(self, expr: &Expr) -> bool {
        self == Dialect::Pack && is_param(expr)
    }
}

/// Reads `expr` as a literal of a pack.
pub fn literal(expr: &Expr) -> Result<Literal, LiteralError> {
    literal_of(expr, Dialect::Pack)
}

/// Reads `expr` as a literal of `dialect`.
pub(super) fn literal_of(expr: &Expr, dialect: Dialect) -> Result<Literal, LiteralError> {
    let range = expr.range;
    let wrong = |message: &str, help: Option<String>| {
        Err(LiteralError { message: message.to_owned(), range, help })
    };
    let fail = |message: &str| wrong(message, None);
    let kind = match &expr.unparenthesised().kind {
        ExprKind::Null => LiteralKind::Null,
        ExprKind::Bool(value) => LiteralKind::Bool(*value),
        ExprKind::Number(text) => match text.parse() {
            Ok(number) => LiteralKind::Number(number),
            Err(_) => return fail("this number cannot be read"),
        },
        ExprKind::Template(template) => match template.as_literal() {
            Some(text) => LiteralKind::String(text),
            None => match joined(template, dialect)? {
                Some(parts) => LiteralKind::Joined(parts),
                None => return wrong(HOLE, Some(dialect.no_hole().to_owned())),
            },
        },
        ExprKind::Tuple(items) => {
            let items = items.iter().map(|item| literal_of(item, dialect));
            LiteralKind::List(items.collect::<Result<_, _>>()?)
        }
        ExprKind::Object(entries) => {
            let mut object = Vec::with_capacity(entries.len());
            for entry in entries {
                let Some(key) = entry.literal_key() else {
                    return Err(LiteralError {
                        message: "a key here must be a name or a plain string".to_owned(),
                        range: entry.key.range,
                        help: None,
                    });
                };
                object.push((key, entry.key.range, literal_of(&entry.value, dialect)?));
            }
            LiteralKind::Object(object)
        }
        ExprKind::Traversal(traversal) if dialect.is_param(expr) => {
            match param_name(&traversal.steps) {
                Some(name) => LiteralKind::Param(name),
                None => return fail("write `param.NAME`, or `param.PACK.NAME` for another pack's"),
            }
        }
        _ => return wrong(dialect.no_literal(), Some(instead(expr))),
    };
    Ok(Literal { kind, range })
}

/// The parts of a string that holds nothing but text and params.
fn joined(template: &Template, dialect: Dialect) -> Result<Option<Vec<Literal>>, LiteralError> {
    let mut parts = Vec::with_capacity(template.parts.len());
    for part in &template.parts {
        parts.push(match part {
            TemplatePart::Literal(text) => {
                Literal { kind: LiteralKind::String(text.value.clone()), range: text.range }
            }
            TemplatePart::Interpolation(hole) if dialect.is_param(&hole.expr) => {
                literal_of(&hole.expr, dialect)?
            }
            TemplatePart::Interpolation(_) | TemplatePart::Directive(_) => return Ok(None),
        });
    }
    Ok(Some(parts))
}

/// Whether it is `param.…`.
fn is_param(expr: &Expr) -> bool {
    let ExprKind::Traversal(traversal) = &expr.kind else { return false };
    matches!(&traversal.base.kind, ExprKind::Variable(root) if root == "param")
}

/// What is said of a string with a hole.
const HOLE: &str = "a string here cannot contain `${ … }`";

/// What to type where an expression stands: of a word or a path, it with its quotes. A param stands for a value, in any file.
fn instead(expr: &Expr) -> String {
    match quoted(&expr.kind).filter(|_| !is_param(expr)) {
        Some(text) => format!("write it in quotes: `\"{text}\"`"),
        None => "write the value that it stands for: nothing is computed here".to_owned(),
    }
}

/// A word or a path as a text.
fn quoted(kind: &ExprKind) -> Option<String> {
    let text = match kind {
        ExprKind::Variable(name) => name.to_string(),
        ExprKind::Traversal(traversal) => {
            let ExprKind::Variable(root) = &traversal.base.kind else { return None };
            let mut text = root.to_string();
            for step in &traversal.steps {
                let StepKind::Attribute(name) = &step.kind else { return None };
                text.push('.');
                text.push_str(name);
            }
            text
        }
        _ => return None,
    };
    Some(text)
}

/// The name after `param`: of the pack's own param, or of another pack's with the pack's name before it.
fn param_name(steps: &[Step]) -> Option<SmolStr> {
    let name = |step: &Step| match &step.kind {
        StepKind::Attribute(name) => Some(name.clone()),
        _ => None,
    };
    match steps {
        [own] => name(own),
        [pack, other] => Some(format!("{}.{}", name(pack)?, name(other)?).into()),
        _ => None,
    }
}
