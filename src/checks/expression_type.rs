//! Which type an expression has, where that can be told without its value.
//!
//! Invariant: an expression has a type only where Terraform gives it that one whatever the values are.

use crate::model::Module;
use crate::syntax::hcl::{
    BinaryOp, Expr, ExprKind, Step, StepKind, TemplatePart, Traversal, UnaryOp,
};

/// The kinds of type that Terraform tells apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Type {
    Text,
    Number,
    Bool,
    List,
    Set,
    Map,
    Tuple,
    Object,
}

impl Type {
    /// Whether Terraform makes no `wanted` of it, whatever its value is.
    pub(super) fn never_becomes(self, wanted: Type) -> bool {
        let is_one = |it: Type| matches!(it, Type::Text | Type::Number | Type::Bool);
        let is_row = |it: Type| matches!(it, Type::List | Type::Set | Type::Tuple);
        match (self, wanted) {
            (Type::Number, Type::Bool) | (Type::Bool, Type::Number) => true,
            _ if is_one(self) && is_one(wanted) || is_row(self) && is_row(wanted) => false,
            (Type::Map | Type::Object, Type::Map | Type::Object) => false,
            _ => true,
        }
    }

    /// In words.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Type::Text => "a string",
            Type::Number => "a number",
            Type::Bool => "a bool",
            Type::List => "a list",
            Type::Set => "a set",
            Type::Map => "a map",
            Type::Tuple => "a tuple (`[…]`)",
            Type::Object => "an object (`{…}`)",
        }
    }
}

/// The type that `expr` surely has.
pub(super) fn of(module: &Module<'_>, expr: &Expr) -> Option<Type> {
    of_named(module, expr, MOST_LOCALS)
}

/// So many locals that are others are gone through.
const MOST_LOCALS: usize = 16;

fn of_named(module: &Module<'_>, expr: &Expr, left: usize) -> Option<Type> {
    Some(match &expr.unparenthesised().kind {
        ExprKind::Bool(_) | ExprKind::Unary(UnaryOp::Not, _) => Type::Bool,
        ExprKind::Number(_) | ExprKind::Unary(UnaryOp::Negate, _) => Type::Number,
        // One that is nothing but `${…}` is what stands in it.
        ExprKind::Template(template) => match template.parts.as_slice() {
            [TemplatePart::Interpolation(only)] => return of_named(module, &only.expr, left),
            _ => Type::Text,
        },
        ExprKind::For(each) if each.key.is_none() => Type::Tuple,
        ExprKind::Tuple(_) => Type::Tuple,
        ExprKind::Object(_) | ExprKind::For(_) => Type::Object,
        ExprKind::Binary(binary) => match binary.op {
            BinaryOp::Add
            | BinaryOp::Subtract
            | BinaryOp::Multiply
            | BinaryOp::Divide
            | BinaryOp::Modulo => Type::Number,
            _ => Type::Bool,
        },
        ExprKind::Call(call) => returned(&call.name.name)?,
        ExprKind::Traversal(traversal) => match local(module, traversal) {
            Some(expr) => return of_named(module, expr, left.checked_sub(1)?),
            None => return declared(module, traversal),
        },
        _ => return None,
    })
}

/// What the local is that `traversal` is nothing but the name of.
fn local<'s>(module: &Module<'s>, traversal: &Traversal) -> Option<&'s Expr> {
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let [Step { kind: StepKind::Attribute(name), .. }] = traversal.steps.as_slice() else {
        return None;
    };
    (root == "local").then(|| module.names.locals.get(name).map(|it| it.expr)).flatten()
}

/// What a function gives, whatever it is given.
fn returned(function: &str) -> Option<Type> {
    Some(match function {
        "tolist" | "split" | "compact" | "sort" | "distinct" | "regexall" => Type::List,
        "toset" | "setunion" | "setintersection" | "setsubtract" | "fileset" => Type::Set,
        "tomap" => Type::Map,
        "tostring" | "format" | "join" | "lower" | "upper" | "trimspace" | "replace" | "file"
        | "substr" | "jsonencode" | "yamlencode" | "basename" | "dirname" => Type::Text,
        "tonumber" | "length" | "parseint" => Type::Number,
        "tobool" | "can" | "contains" | "startswith" | "endswith" | "strcontains" | "alltrue"
        | "anytrue" | "fileexists" => Type::Bool,
        _ => return None,
    })
}

/// The type that a variable declares for what `traversal` leads to in it.
fn declared(module: &Module<'_>, traversal: &Traversal) -> Option<Type> {
    match led(module, traversal) {
        Led::To(kind) => kind_of(kind),
        Led::Nowhere { .. } | Led::Unknown => None,
    }
}

/// Where a path into a variable leads, by the type that it declares.
pub(super) enum Led<'e> {
    /// To this type.
    To(&'e Expr),
    /// Nowhere: what the first steps lead to, `at` in number, has not what the next one asks for.
    Nowhere {
        /// How many steps lead somewhere.
        at: usize,
        /// The type of what they lead to.
        of: Type,
        /// The names of what an object has.
        names: Vec<String>,
        /// Whether it is asked of each of some elements, of which there may be none.
        of_each: bool,
    },
    /// It cannot be told.
    Unknown,
}

/// Where `traversal` leads, if it is one into a variable with a type.
pub(super) fn led<'e>(module: &'e Module<'_>, traversal: &Traversal) -> Led<'e> {
    follow(module, traversal).unwrap_or(Led::Unknown)
}

fn follow<'e>(module: &'e Module<'_>, traversal: &Traversal) -> Option<Led<'e>> {
    let ExprKind::Variable(root) = &traversal.base.kind else { return None };
    let (first, _) = traversal.steps.split_first()?;
    let StepKind::Attribute(name) = &first.kind else { return None };
    if root != "var" {
        return None;
    }
    let kind = &module.names.variables.get(name)?.block.body.attribute("type")?.value;
    led_from(kind, &traversal.steps, 1)
}

/// Where `steps` lead, of which the first `at` lead to something of the type `kind`.
pub(super) fn led_from<'e>(mut kind: &'e Expr, steps: &[Step], at: usize) -> Option<Led<'e>> {
    let mut is_of_each = false;
    for (at, step) in steps.iter().enumerate().skip(at) {
        let own = without_optional(kind);
        let of = argument_of(own);
        let nowhere =
            |names| Some(Led::Nowhere { at, of: kind_of(own)?, names, of_each: is_of_each });
        let key = match &step.kind {
            StepKind::Attribute(name) => Some(name.clone()),
            StepKind::Index(index) => index.as_literal(),
            _ => None,
        };
        kind = match (kind_of(own)?, &step.kind) {
            (Type::Object, StepKind::Attribute(_) | StepKind::Index(_)) => {
                match attribute_of(of?, &key?)? {
                    Ok(kind) => kind,
                    Err(names) => return nowhere(names),
                }
            }
            (Type::Map, StepKind::Attribute(_) | StepKind::Index(_))
            | (Type::List, StepKind::LegacyIndex(_) | StepKind::Index(_)) => of?,
            // What follows is asked of each element, but for an index behind `.*`.
            (Type::List | Type::Set, StepKind::FullSplat) if !is_of_each => {
                is_of_each = true;
                of?
            }
            (
                Type::Text | Type::Number | Type::Bool | Type::List | Type::Set,
                StepKind::Attribute(_),
            ) => return nowhere(Vec::new()),
            _ => return None,
        };
    }
    (!is_of_each).then_some(Led::To(kind))
}

/// The type of the elements of `collection`, where that is a variable or a part of one.
pub(super) fn element_of<'e>(module: &'e Module<'_>, collection: &Expr) -> Option<&'e Expr> {
    element_of_named(module, collection, MOST_LOCALS)
}

fn element_of_named<'e>(
    module: &'e Module<'_>,
    collection: &Expr,
    left: usize,
) -> Option<&'e Expr> {
    let kind = match &collection.unparenthesised().kind {
        ExprKind::Traversal(traversal) => match local(module, traversal) {
            Some(expr) => return element_of_named(module, expr, left.checked_sub(1)?),
            None => match led(module, traversal) {
                Led::To(kind) => kind,
                Led::Nowhere { .. } | Led::Unknown => return None,
            },
        },
        ExprKind::Call(call) if KEEPS_ELEMENTS.contains(&call.name.name.as_str()) => {
            return element_of_named(module, call.args.first()?, left);
        }
        _ => return None,
    };
    let kind = without_optional(kind);
    let is_collection = matches!(kind_of(kind)?, Type::List | Type::Set | Type::Map);
    is_collection.then(|| argument_of(kind)).flatten()
}

/// Functions that give the elements that they are given.
const KEEPS_ELEMENTS: [&str; 5] = ["tolist", "toset", "distinct", "reverse", "values"];

fn argument_of(kind: &Expr) -> Option<&Expr> {
    match &kind.kind {
        ExprKind::Call(call) => call.args.first(),
        _ => None,
    }
}

/// The kind of the type that `kind` writes down.
pub(super) fn kind_of(kind: &Expr) -> Option<Type> {
    match &without_optional(kind).kind {
        ExprKind::Variable(name) => named(name),
        // As Terraform 0.11 had it.
        ExprKind::Template(template) => named(&template.as_literal()?),
        ExprKind::Call(call) => Some(match call.name.name.as_str() {
            "list" => Type::List,
            "set" => Type::Set,
            "map" => Type::Map,
            "object" => Type::Object,
            "tuple" => Type::Tuple,
            _ => return None,
        }),
        _ => None,
    }
}

fn named(kind: &str) -> Option<Type> {
    Some(match kind {
        "string" => Type::Text,
        "number" => Type::Number,
        "bool" => Type::Bool,
        "list" => Type::List,
        "set" => Type::Set,
        "map" => Type::Map,
        _ => return None,
    })
}

/// The type in `optional(TYPE, DEFAULT)`.
fn without_optional(kind: &Expr) -> &Expr {
    match &kind.unparenthesised().kind {
        ExprKind::Call(call) if call.name.name == "optional" => {
            call.args.first().map_or(kind, Expr::unparenthesised)
        }
        _ => kind.unparenthesised(),
    }
}

/// What `object` says of the attribute `key`, or the names of all that it has.
fn attribute_of<'e>(object: &'e Expr, key: &str) -> Option<Result<&'e Expr, Vec<String>>> {
    let ExprKind::Object(entries) = &object.unparenthesised().kind else { return None };
    let mut names = Vec::with_capacity(entries.len());
    for entry in entries {
        let name = entry.literal_key()?;
        if name == key {
            return Some(Ok(&entry.value));
        }
        names.push(name.to_string());
    }
    Some(Err(names))
}
