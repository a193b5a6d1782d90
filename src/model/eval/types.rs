//! Types: what a variable's type makes of a value, and which expressions are surely of the type that their value has.
//!
//! Invariant: a value that its type does not fit is not converted; Terraform refuses it.

use std::sync::Arc;

use super::collection::{ordered, set_of};
use super::scope::Names;
use super::{Evaluator, Scope, number};
use crate::model::value::{Data, Entry, Map, Value};
use crate::syntax::SourceFile;
use crate::syntax::hcl::{Call, Expr, ExprKind, ObjectEntry, StepKind, Traversal};

/// Functions that give a string, a number or a boolean, whatever they are given.
const OF_ONE_TYPE: &[&str] = &[
    "abs",
    "abspath",
    "alltrue",
    "anytrue",
    "base64decode",
    "base64encode",
    "basename",
    "can",
    "ceil",
    "chomp",
    "cidrhost",
    "cidrnetmask",
    "cidrsubnet",
    "contains",
    "dirname",
    "endswith",
    "file",
    "filebase64",
    "fileexists",
    "floor",
    "format",
    "indent",
    "index",
    "join",
    "jsonencode",
    "length",
    "lower",
    "max",
    "min",
    "parseint",
    "pow",
    "replace",
    "signum",
    "startswith",
    "strcontains",
    "strrev",
    "substr",
    "sum",
    "templatefile",
    "title",
    "tobool",
    "tonumber",
    "tostring",
    "trim",
    "trimprefix",
    "trimspace",
    "trimsuffix",
    "upper",
    "urlencode",
    "yamlencode",
];

/// Expressions are followed so far to tell their type.
const MAX_HOPS: usize = 8;

impl<'s> Evaluator<'_, 's> {
    /// `value` as the type `kind` has it; `None` where the type cannot be read, or does not fit.
    pub(super) fn converted(
        &mut self,
        file: &'s SourceFile,
        kind: &'s Expr,
        value: &Value,
    ) -> Option<Value> {
        match &value.data {
            Data::OneOf(options) => {
                let options = options.iter().map(|option| self.converted(file, kind, option));
                return Some(Value::one_of(options.collect::<Option<Vec<_>>>()?, value.span));
            }
            Data::Unknown(_) | Data::Null => return Some(value.clone()),
            _ => {}
        }
        match &kind.unparenthesised().kind {
            ExprKind::Variable(name) => as_named(name, value),
            // As in Terraform 0.11.
            ExprKind::Template(template) => as_named(&template.as_literal()?, value),
            ExprKind::Call(call) => self.as_compound(file, call, value),
            _ => None,
        }
    }

    fn as_compound(
        &mut self,
        file: &'s SourceFile,
        call: &'s Call,
        value: &Value,
    ) -> Option<Value> {
        let [of] = call.args.as_slice() else { return None };
        match (call.name.name.as_str(), &value.data) {
            ("list", Data::List(list)) => {
                let (items, open) = ordered(list);
                Some(Value::open_list(self.all_converted(file, of, &items)?, open, value.span))
            }
            ("set", Data::List(list)) => {
                let items = self.all_converted(file, of, &list.items)?;
                Some(set_of(&items, list.open.clone(), value.span))
            }
            ("map", Data::Map(map)) => {
                let mut map = (**map).clone();
                for entry in &mut map.entries {
                    entry.value = self.converted(file, of, &entry.value)?;
                }
                Some(Value { data: Data::Map(Arc::new(map)), span: value.span })
            }
            ("object", Data::Map(map)) => match &of.unparenthesised().kind {
                ExprKind::Object(attributes) => self.as_object(file, attributes, map, value),
                _ => None,
            },
            ("tuple", Data::List(list)) => {
                let ExprKind::Tuple(kinds) = &of.unparenthesised().kind else { return None };
                if list.open.is_some() || list.items.len() != kinds.len() {
                    return None;
                }
                let items = list.items.iter().zip(kinds);
                let items = items.map(|(item, kind)| self.converted(file, kind, item));
                Some(Value::list(items.collect::<Option<_>>()?, value.span))
            }
            _ => None,
        }
    }

    fn all_converted(
        &mut self,
        file: &'s SourceFile,
        kind: &'s Expr,
        items: &[Value],
    ) -> Option<Vec<Value>> {
        items.iter().map(|item| self.converted(file, kind, item)).collect()
    }

    /// The declared attributes, no others; those that are optional and not given have their default, else are null.
    fn as_object(
        &mut self,
        file: &'s SourceFile,
        attributes: &'s [ObjectEntry],
        map: &Map,
        value: &Value,
    ) -> Option<Value> {
        let mut entries = Vec::with_capacity(attributes.len());
        for attribute in attributes {
            let key = attribute.literal_key()?;
            let declared = Declared::read(&attribute.value);
            let key_span = file.span(attribute.key.range);
            let given = map.entries.iter().rev().find(|entry| entry.key == key);
            let (key_span, options) = match (given, &map.open) {
                (Some(entry), _) => (entry.key_span, entry.value.possibilities().to_vec()),
                (None, Some(reason)) => {
                    let absent = Value { data: Data::Null, span: key_span };
                    let perhaps = Value::for_reason(reason.clone(), value.span);
                    let options =
                        if declared.optional { vec![perhaps, absent] } else { vec![perhaps] };
                    (value.span, options)
                }
                (None, None) if declared.optional => {
                    (key_span, vec![Value { data: Data::Null, span: key_span }])
                }
                // Terraform refuses an object that lacks the attribute.
                (None, None) => return None,
            };
            let options = options.into_iter().map(|option| match option.data {
                Data::Null => self.default_of(file, declared.default, &option),
                _ => option,
            });
            let span = given.map_or(key_span, |entry| entry.value.span);
            let chosen = Value::one_of(options, span);
            let value = self.converted(file, declared.kind, &chosen)?;
            entries.push(Entry { key, key_span, value });
        }
        Some(Value::map(entries, value.span))
    }

    fn default_of(
        &mut self,
        file: &'s SourceFile,
        default: Option<&'s Expr>,
        absent: &Value,
    ) -> Value {
        match default {
            // A default is a constant: in whose eyes it is read makes no difference.
            Some(default) => self.expr(file, default, &Scope::constant()),
            None => Value { data: Data::Null, span: absent.span },
        }
    }

    /// Whether the value of `expr` has the type in Terraform that it has here: what a provider or an untyped variable
    /// hands on may have been converted, a literal was not.
    pub(super) fn is_of_its_type(&self, expr: &'s Expr, scope: &Scope<'s>) -> bool {
        let mut expr = expr;
        for _ in 0..MAX_HOPS {
            expr = match &expr.unparenthesised().kind {
                ExprKind::Number(_)
                | ExprKind::Bool(_)
                | ExprKind::Binary(_)
                | ExprKind::Unary(..) => return true,
                ExprKind::Template(template) => match template.parts.as_slice() {
                    [crate::syntax::hcl::TemplatePart::Interpolation(only)] => &only.expr,
                    _ => return true,
                },
                ExprKind::Call(call) => return OF_ONE_TYPE.contains(&call.name.name.as_str()),
                ExprKind::Traversal(traversal) => match self.named_expr(traversal, scope) {
                    Known::Typed => return true,
                    Known::Written(expr) => expr,
                    Known::Nothing => return false,
                },
                _ => return false,
            };
        }
        false
    }

    fn named_expr(&self, traversal: &'s Traversal, scope: &Scope<'s>) -> Known<'s> {
        let (ExprKind::Variable(root), [step]) = (&traversal.base.kind, traversal.steps.as_slice())
        else {
            return Known::Nothing;
        };
        let (StepKind::Attribute(name), Names::Module(id)) = (&step.kind, &scope.names) else {
            return Known::Nothing;
        };
        let names = &self.repo.module(self.repo.instance(*id).module).names;
        match root.as_str() {
            "local" => names.locals.get(name).map_or(Known::Nothing, |it| Known::Written(it.expr)),
            "var" => {
                let variable = names.variables.get(name);
                let kind = variable.and_then(|variable| variable.block.body.attribute("type"));
                let name = kind.and_then(|kind| match &kind.value.kind {
                    ExprKind::Variable(name) => Some(name.clone()),
                    // As in Terraform 0.11.
                    _ => kind.value.as_literal(),
                });
                let is_typed = name.is_some_and(|name| name != "any");
                if is_typed { Known::Typed } else { Known::Nothing }
            }
            "each" if name == "key" => Known::Typed,
            "count" => Known::Typed,
            _ => Known::Nothing,
        }
    }
}

/// What is known of the type of a reference.
enum Known<'s> {
    /// Its value has it.
    Typed,
    /// It is that of this expression.
    Written(&'s Expr),
    Nothing,
}

/// Whether it is a string, a number or a boolean.
pub(super) fn is_simple(value: &Value) -> bool {
    matches!(value.data, Data::Text(_) | Data::Number(_) | Data::Bool(_))
}

/// An attribute of an object's type: `type`, `optional(type)` or `optional(type, default)`.
struct Declared<'s> {
    kind: &'s Expr,
    optional: bool,
    default: Option<&'s Expr>,
}

impl<'s> Declared<'s> {
    fn read(expr: &'s Expr) -> Self {
        match &expr.unparenthesised().kind {
            ExprKind::Call(call) if call.name.name == "optional" => match call.args.as_slice() {
                [kind, rest @ ..] => Self { kind, optional: true, default: rest.first() },
                [] => Self { kind: expr, optional: true, default: None },
            },
            _ => Self { kind: expr, optional: false, default: None },
        }
    }
}

fn as_named(kind: &str, value: &Value) -> Option<Value> {
    match (kind, &value.data) {
        ("string", _) => to_string(value),
        ("number", _) => to_number(value),
        ("bool", _) => to_bool(value),
        ("any", _) | ("list", Data::List(_)) | ("map", Data::Map(_)) => Some(value.clone()),
        ("set", Data::List(list)) => Some(set_of(&list.items, list.open.clone(), value.span)),
        _ => None,
    }
}

/// As a string, where it can be one.
pub(super) fn to_string(value: &Value) -> Option<Value> {
    match &value.data {
        Data::Number(_) | Data::Bool(_) => Some(Value::text(value.as_str()?, value.span)),
        Data::List(_) | Data::Map(_) => None,
        _ => Some(value.clone()),
    }
}

/// As a number, where it can be one.
pub(super) fn to_number(value: &Value) -> Option<Value> {
    match &value.data {
        Data::Text(text) => {
            if let Some(reason) = text.hole() {
                return Some(Value::for_reason(reason, value.span));
            }
            let text = text.as_str()?;
            if matches!(text.trim_start_matches(['+', '-']), "inf" | "Inf") {
                return Some(Value::unknown("the number has no end", value.span));
            }
            let decimal =
                |b: u8| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E');
            let is_number = text.bytes().all(decimal) && text.parse::<f64>().is_ok();
            let data = Data::Number(number::normal(&text.as_ref().into()));
            is_number.then_some(Value { data, span: value.span })
        }
        Data::Number(_) | Data::Null | Data::Unknown(_) => Some(value.clone()),
        Data::Encoded(_) => Some(of_encoded(value)),
        _ => None,
    }
}

/// What Terraform makes of `text` where it wants a boolean; none where it refuses it.
pub fn text_as_bool(text: &str) -> Option<bool> {
    match text {
        "true" | "1" => Some(true),
        "false" | "0" => Some(false),
        _ => None,
    }
}

/// As a boolean, where it can be one.
pub(super) fn to_bool(value: &Value) -> Option<Value> {
    match &value.data {
        Data::Text(text) => {
            if let Some(reason) = text.hole() {
                return Some(Value::for_reason(reason, value.span));
            }
            let data = Data::Bool(text_as_bool(&text.as_str()?)?);
            Some(Value { data, span: value.span })
        }
        Data::Bool(_) | Data::Null | Data::Unknown(_) => Some(value.clone()),
        Data::Encoded(_) => Some(of_encoded(value)),
        _ => None,
    }
}

/// What may come of the text of an encoded value, which JSON and YAML write differently.
fn of_encoded(value: &Value) -> Value {
    Value::unknown("how a value is encoded is not followed", value.span)
}

/// The elements of a list, set or map, which are of one type: strings where strings are among simple values.
pub(super) fn unified(items: Vec<Value>) -> Vec<Value> {
    let is_text = |item: &Value| matches!(item.data, Data::Text(_));
    let may_be_text = |item: &Value| is_simple(item) || matches!(item.data, Data::Null);
    if !items.iter().any(is_text) || !items.iter().all(may_be_text) || items.iter().all(is_text) {
        return items;
    }
    items.iter().map(|item| to_string(item).unwrap_or_else(|| item.clone())).collect()
}

/// Whether `items` are certainly of no one type, as the elements of a list, set or map have to be.
pub(super) fn are_mixed(items: &[Value]) -> bool {
    let kind = |item: &Value| match &item.data {
        Data::Text(_) | Data::Encoded(_) => Some(Kind::Text),
        Data::Number(_) => Some(Kind::Number),
        Data::Bool(_) => Some(Kind::Bool),
        Data::List(_) => Some(Kind::List),
        Data::Map(_) => Some(Kind::Map),
        Data::Null | Data::OneOf(_) | Data::Unknown(_) => None,
    };
    let Some(kinds) = items.iter().map(kind).collect::<Option<Vec<_>>>() else { return false };
    let has = |kind: Kind| kinds.contains(&kind);
    let is_plain = has(Kind::Text) || has(Kind::Number) || has(Kind::Bool);
    let classes = [is_plain, has(Kind::List), has(Kind::Map)];
    let several = classes.into_iter().filter(|it| *it).count() > 1;
    several || (has(Kind::Number) && has(Kind::Bool) && !has(Kind::Text))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Number,
    Bool,
    List,
    Map,
}
