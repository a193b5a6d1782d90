//! The type of a whole value, and which types Terraform brings together into one.
//!
//! Invariant: what clashes here, Terraform 1.11 refuses; of what is not known, nothing does.

use smol_str::SmolStr;

use crate::model::{Data, Entry, Value};
use crate::syntax::hcl::{Expr, ExprKind};

/// A type, as far as it is known.
#[derive(Clone, PartialEq, Debug)]
pub(super) enum Shape {
    /// Any: `null`, or it is not known.
    Any,
    /// A string, number or bool; which one is not known.
    Scalar,
    /// A string.
    Text,
    /// A number.
    Number,
    /// A bool.
    Bool,
    /// A list or set with elements of one type.
    List(Box<Shape>),
    /// A map with elements of one type.
    Map(Box<Shape>),
    /// A list that is written out.
    Tuple(Vec<Shape>),
    /// An object.
    Object(Vec<(SmolStr, Shape)>),
}

/// Two types that cannot become one.
#[derive(PartialEq, Debug)]
pub(super) enum Clash {
    /// They are of different kinds.
    Kinds { one: &'static str, other: &'static str },
    /// What cannot be one stands below them, and is to become the elements of a map or list: the keys differ, or the lengths.
    Members { one: String, other: String },
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    Plain,
    Sequence,
    Keyed,
}

impl Shape {
    /// In words.
    pub(super) fn noun(&self) -> &'static str {
        match self {
            Shape::Any => "something",
            Shape::Scalar => "a single value",
            Shape::Text => "a string",
            Shape::Number => "a number",
            Shape::Bool => "a bool",
            Shape::List(_) | Shape::Tuple(_) => "a list",
            Shape::Map(_) => "a map",
            Shape::Object(_) => "an object",
        }
    }

    /// The type of `value`. Which kind of single value it is, a provider may have changed on the way.
    pub(super) fn of_value(value: &Value) -> Shape {
        match &value.data {
            Data::Text(_) | Data::Number(_) | Data::Bool(_) | Data::Encoded(_) => Shape::Scalar,
            // What is of one kind throughout may be a list, and an object a map: only what is not is certainly none.
            Data::List(list) if list.open.is_none() => {
                let items: Vec<Shape> = list.items.iter().map(Shape::of_value).collect();
                match unified(&items.iter().collect::<Vec<_>>()) {
                    Ok(element) => Shape::List(Box::new(element)),
                    Err(_) => Shape::Tuple(items),
                }
            }
            Data::Map(map) if map.open.is_none() => {
                let entry = |it: &Entry| (it.key.clone(), Shape::of_value(&it.value));
                let attributes: Vec<_> = map.sorted().into_iter().map(entry).collect();
                match unified(&attributes.iter().map(|(_, it)| it).collect::<Vec<_>>()) {
                    Ok(element) => Shape::Map(Box::new(element)),
                    Err(_) => Shape::Object(attributes),
                }
            }
            Data::List(_) => Shape::List(Box::new(Shape::Any)),
            Data::Map(_) => Shape::Map(Box::new(Shape::Any)),
            Data::Null | Data::OneOf(_) | Data::Unknown(_) => Shape::Any,
        }
    }

    /// The type that `written` says, as the `type` of a variable does.
    pub(super) fn of_type(written: &Expr) -> Shape {
        match &written.unparenthesised().kind {
            ExprKind::Variable(name) => named(name),
            ExprKind::Template(template) => {
                template.as_literal().map_or(Shape::Any, |name| named(&name))
            }
            ExprKind::Call(call) => {
                let Some(inner) = call.args.first() else { return Shape::Any };
                match (call.name.name.as_str(), &inner.unparenthesised().kind) {
                    ("optional", _) => Shape::of_type(inner),
                    ("list" | "set", _) => Shape::List(Box::new(Shape::of_type(inner))),
                    ("map", _) => Shape::Map(Box::new(Shape::of_type(inner))),
                    ("tuple", ExprKind::Tuple(items)) => {
                        Shape::Tuple(items.iter().map(Shape::of_type).collect())
                    }
                    ("object", ExprKind::Object(entries)) => {
                        let mut found = Vec::with_capacity(entries.len());
                        for entry in entries {
                            let Some(key) = entry.literal_key() else { return Shape::Any };
                            found.push((key, Shape::of_type(&entry.value)));
                        }
                        Shape::object(found)
                    }
                    _ => Shape::Any,
                }
            }
            _ => Shape::Any,
        }
    }

    /// The object with these `attributes`.
    pub(super) fn object(mut attributes: Vec<(SmolStr, Shape)>) -> Shape {
        attributes.sort_by(|(a, _), (b, _)| a.cmp(b));
        Shape::Object(attributes)
    }

    fn class(&self) -> Option<Class> {
        Some(match self {
            Shape::Any => return None,
            Shape::Scalar | Shape::Text | Shape::Number | Shape::Bool => Class::Plain,
            Shape::List(_) | Shape::Tuple(_) => Class::Sequence,
            Shape::Map(_) | Shape::Object(_) => Class::Keyed,
        })
    }

    /// The types of what is in it, with a name for each.
    fn members(&self) -> Vec<(String, &Shape)> {
        match self {
            Shape::List(element) | Shape::Map(element) => {
                vec![("its elements".to_owned(), &**element)]
            }
            Shape::Tuple(items) => {
                let named = |(at, it)| (format!("element {at}"), it);
                items.iter().enumerate().map(named).collect()
            }
            Shape::Object(attributes) => {
                attributes.iter().map(|(name, it)| (format!("`{name}`"), it)).collect()
            }
            _ => Vec::new(),
        }
    }
}

fn named(name: &str) -> Shape {
    match name {
        "string" => Shape::Text,
        "number" => Shape::Number,
        "bool" => Shape::Bool,
        "list" | "set" => Shape::List(Box::new(Shape::Any)),
        "map" => Shape::Map(Box::new(Shape::Any)),
        _ => Shape::Any,
    }
}

/// The one type that Terraform makes of several, as it does of the results of a condition.
pub(super) fn unified(shapes: &[&Shape]) -> Result<Shape, Clash> {
    let Some((first, rest)) = shapes.split_first() else { return Ok(Shape::Any) };
    let Some(class) = first.class() else { return Ok(Shape::Any) };
    if rest.iter().any(|it| it.class().is_none()) {
        return Ok(Shape::Any);
    }
    if let Some(other) = rest.iter().find(|it| it.class() != Some(class)) {
        return Err(Clash::Kinds { one: first.noun(), other: other.noun() });
    }
    match class {
        Class::Plain => plain(shapes),
        Class::Sequence => sequence(shapes),
        Class::Keyed => keyed(shapes),
    }
}

fn plain(shapes: &[&Shape]) -> Result<Shape, Clash> {
    if shapes.contains(&&Shape::Text) {
        return Ok(Shape::Text);
    }
    if shapes.contains(&&Shape::Scalar) {
        return Ok(Shape::Scalar);
    }
    match shapes.iter().find(|it| **it != shapes[0]) {
        Some(other) => Err(Clash::Kinds { one: shapes[0].noun(), other: other.noun() }),
        None => Ok(shapes[0].clone()),
    }
}

fn sequence(shapes: &[&Shape]) -> Result<Shape, Clash> {
    let tuples: Option<Vec<&[Shape]>> = shapes
        .iter()
        .map(|it| if let Shape::Tuple(items) = it { Some(items.as_slice()) } else { None })
        .collect();
    match tuples {
        Some(tuples) if tuples.iter().all(|it| it.len() == tuples[0].len()) => {
            let at = |at| unified(&tuples.iter().map(|it| &it[at]).collect::<Vec<_>>());
            Ok(Shape::Tuple((0..tuples[0].len()).map(at).collect::<Result<_, _>>()?))
        }
        Some(_) => Ok(Shape::List(Box::new(element(shapes, unified)?))),
        None => Ok(Shape::List(Box::new(element(shapes, of_one_class)?))),
    }
}

fn keyed(shapes: &[&Shape]) -> Result<Shape, Clash> {
    let objects: Option<Vec<&[(SmolStr, Shape)]>> =
        shapes
            .iter()
            .map(|it| {
                if let Shape::Object(attributes) = it { Some(attributes.as_slice()) } else { None }
            })
            .collect();
    let has_names_of = |one: &[(SmolStr, Shape)], other: &[(SmolStr, Shape)]| {
        one.iter().map(|(name, _)| name).eq(other.iter().map(|(name, _)| name))
    };
    match objects {
        Some(objects) if objects.iter().all(|it| has_names_of(it, objects[0])) => {
            let at = |at: usize| {
                let each: Vec<&Shape> = objects.iter().map(|it| &it[at].1).collect();
                Ok((objects[0][at].0.clone(), unified(&each)?))
            };
            Ok(Shape::Object((0..objects[0].len()).map(at).collect::<Result<_, _>>()?))
        }
        Some(_) => Ok(Shape::Map(Box::new(element(shapes, unified)?))),
        None => Ok(Shape::Map(Box::new(element(shapes, of_one_class)?))),
    }
}

/// The type of the elements, where what is in all of them becomes elements of one list or map, as `bring_together` has it.
fn element(
    shapes: &[&Shape],
    bring_together: fn(&[&Shape]) -> Result<Shape, Clash>,
) -> Result<Shape, Clash> {
    let members: Vec<(String, &Shape)> = shapes.iter().flat_map(|it| it.members()).collect();
    let each: Vec<&Shape> = members.iter().map(|(_, it)| *it).collect();
    bring_together(&each).map_err(|clash| {
        let said = |(name, it): &(String, &Shape)| format!("{name} is {}", it.noun());
        let mut pairs = members
            .iter()
            .enumerate()
            .flat_map(|(at, one)| members[at + 1..].iter().map(move |other| (one, other)));
        let apart = pairs.find_map(|(one, other)| {
            let deeper = bring_together(&[one.1, other.1]).err()?;
            // Of two objects that do not go together, it is in them what does not.
            let is_here = one.1.class() != other.1.class() || one.1.class() == Some(Class::Plain);
            let here = || Clash::Members { one: said(one), other: said(other) };
            Some(if is_here { here() } else { deeper })
        });
        apart.unwrap_or(clash)
    })
}

/// What goes into a list or map that has a type of its own is converted to it, and may lose attributes on the way: only that
/// all of it is single values, or lists, or objects is asked.
fn of_one_class(shapes: &[&Shape]) -> Result<Shape, Clash> {
    if shapes.iter().any(|it| it.class().is_none()) {
        return Ok(Shape::Any);
    }
    let mut known = shapes.iter().filter_map(|it| Some((it, it.class()?)));
    let Some((one, class)) = known.next() else { return Ok(Shape::Any) };
    match known.find(|(_, other)| *other != class) {
        Some((other, _)) => Err(Clash::Kinds { one: one.noun(), other: other.noun() }),
        None => Ok(Shape::Any),
    }
}
